//! The pages of the books, opened and sent as a browser does.

use axum::http::StatusCode;
use db::{db_test, testing::TestDb};
use kernel::Lang;

use super::{api::site, assert_sound, ctx, invoiced, posted};

fn entry<'f>(debit: &'f str, credit: &'f str) -> Vec<(&'f str, &'f str)> {
    vec![
        ("date", "2026-09-20"),
        ("memo", "Boshlangʻich kassa"),
        ("line_account", "5010"),
        ("line_account_shown", "5010 Kassa"),
        ("line_debit", debit),
        ("line_credit", ""),
        ("line_note", ""),
        ("line_account", ""),
        ("line_account_shown", "8720"),
        ("line_debit", ""),
        ("line_credit", credit),
        ("line_note", "Taʼsischi"),
    ]
}

#[db_test]
async fn an_entry_is_written_and_taken_back_on_its_pages(db: &TestDb) {
    let mut site = site(db);
    assert!(site.page("/ledger/entries").await.text().contains("No entries yet"));
    assert!(
        site.page("/ledger/entries/new").await.text().contains("data-combobox=\"/ledger/accounts/options\"")
    );
    let totals = site.form("/ledger/entries/totals", &entry("1 000,5", "900")).await.text();
    assert!(totals.contains("100.5"), "{totals}");
    let wrong = site.form("/ledger/entries/new", &entry("1 000,5", "900")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text().contains("the difference is 100.5"), "{}", wrong.text());
    let sent = site.form("/ledger/entries/new", &entry("1 000,5", "1000.5")).await;
    assert_eq!(sent.header("location"), Some("/ledger/entries/1"), "{}", sent.text());
    let page = site.page("/ledger/entries/1").await.text();
    for words in ["Boshlangʻich kassa", "1,000.5", "Taʼsischi", "/ledger/entries/1/reverse"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let early = site.form("/ledger/entries/1/reverse", &[("date", "2026-09-01"), ("reason", "")]).await;
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY);
    let back = site.form("/ledger/entries/1/reverse", &[("date", "2026-09-21"), ("reason", "Xato")]).await;
    assert_eq!(back.header("location"), Some("/ledger/entries/2"), "{}", back.text());
    assert!(!site.page("/ledger/entries/1").await.text().contains("/ledger/entries/1/reverse"));
    assert_sound(db, &ctx(1));
}

#[db_test]
async fn every_page_opens_in_every_language_and_every_list_is_a_file(db: &TestDb) {
    let site = site(db);
    let ctx = ctx(1);
    invoiced(db, &ctx, 1).unwrap();
    posted(db, &ctx, "2026-08-01", "5010 100 | 9390 -100").unwrap();
    let pages = [
        "/ledger/entries",
        "/ledger/entries?from=2026-09-01&until=2026-09-30&account=4010&amount=168000&q=sotuv",
        "/ledger/entries?account=zzz&from=x&amount=y",
        "/ledger/entries/new",
        "/ledger/entries/1",
        "/ledger/entries/2/reverse",
        "/ledger/trial-balance",
        "/ledger/trial-balance?from=2026-08-05&until=2026-09-30",
        "/ledger/accounts",
        "/ledger/accounts?q=kassa&page=2",
        "/ledger/accounts/new",
        "/ledger/accounts/4010",
        "/ledger/accounts/4010/edit",
        "/ledger/periods",
        "/settings/ledger",
    ];
    for lang in [Lang::Uz, Lang::Ru, Lang::En] {
        for path in pages {
            let answer = site.in_lang(lang).page(path).await;
            assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text());
            assert!(!answer.text().contains(">ledger-"), "{path} shows a key: {}", answer.text());
        }
    }
    for (path, expected) in [
        ("/ledger/entries?format=csv", "Sotuv"),
        ("/ledger/trial-balance?format=csv&from=2026-09-01&until=2026-09-30", "4010,,,168000"),
        ("/ledger/accounts?format=csv", "5010"),
        ("/ledger/accounts/4010?format=csv&until=2026-09-30", "168000"),
        ("/ledger/journal", "(1) Sotuv"),
    ] {
        let text = site.page(path).await.text();
        assert!(text.contains(expected), "{path}: {text}");
    }
    assert_eq!(site.page("/ledger/entries?format=xlsx").await.status, StatusCode::OK);
    let found = site.page("/ledger/accounts/options?q=касса").await.text();
    assert!(found.contains("data-value=\"5010\""), "{found}");
    assert!(!found.contains("data-value=\"5000\""), "{found}");
}

#[db_test]
async fn months_accounts_and_settings_are_kept_on_their_pages(db: &TestDb) {
    let mut site = site(db);
    posted(db, &ctx(1), "2026-08-01", "5010 100 | 9390 -100").unwrap();
    let months = site.page("/ledger/periods").await.text();
    assert!(months.contains("/ledger/periods/close?month=2026-08"), "{months}");
    site.form("/ledger/periods/close?month=2026-08", &[]).await;
    assert!(site.page("/ledger/periods").await.text().contains("/ledger/periods/reopen?month=2026-08"));
    site.form("/ledger/periods/reopen?month=2026-08", &[]).await;
    let account = [("code", "5011"), ("kind", "active"), ("name_uz", "Ikkinchi kassa"), ("active", "true")];
    let made = site.form("/ledger/accounts/new", &account).await;
    assert_eq!(made.header("location"), Some("/ledger/accounts/5011"), "{}", made.text());
    let again = site.form("/ledger/accounts/new", &account).await;
    assert!(again.text().contains("There is an account with this code"), "{}", again.text());
    let renamed = [("name_uz", "Bosh kassa"), ("active", "true")];
    assert_eq!(site.form("/ledger/accounts/5010/edit", &renamed).await.status, StatusCode::SEE_OTHER);
    let page = site.page("/settings/ledger").await.text();
    assert!(page.contains("name=\"vat_output\" value=\"6410\""), "{page}");
    let mut roles: Vec<(&str, &str)> =
        crate::Role::ALL.iter().map(|role| (role.word(), role.default_code())).collect();
    roles[6] = ("cash", "5011");
    assert_eq!(site.form("/settings/ledger", &roles).await.status, StatusCode::SEE_OTHER);
    assert!(site.page("/settings/ledger").await.text().contains("name=\"cash\" value=\"5011\""));
    let refused = site.form("/ledger/accounts/5011/delete", &[]).await;
    assert_eq!(refused.header("location"), Some("/ledger/accounts/5011"));
    roles[6] = ("cash", "5010");
    site.form("/settings/ledger", &roles).await;
    let deleted = site.form("/ledger/accounts/5011/delete", &[]).await;
    assert_eq!(deleted.header("location"), Some("/ledger/accounts"));
}
