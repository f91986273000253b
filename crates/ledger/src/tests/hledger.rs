//! The journal as another program reads it.

use std::process::Command;

use db::{db_test, testing::TestDb};

use super::{api::site, ctx, invoiced, posted, trial};

#[db_test]
async fn hledger_reads_the_journal_and_finds_the_same_balances(db: &TestDb) {
    let ctx = ctx(1);
    invoiced(db, &ctx, 1).unwrap();
    for (on, text) in [
        ("2026-08-01", "5010 1000000.05 | 8720 -1000000.05"),
        ("2026-09-11", "5010 168000 | 4010 -168000"),
        ("2026-09-12", "9120 70000.33 | 2910 -70000.33"),
        ("2026-09-13", "002 500"),
    ] {
        posted(db, &ctx, on, text).unwrap();
    }
    let journal = site(db).get("/api/v1/ledger/journal").await.text();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("karvon.journal");
    std::fs::write(&file, &journal).unwrap();
    let run = Command::new("hledger")
        .args(["-f", file.to_str().unwrap(), "balance", "--flat", "--no-total", "-O", "csv"])
        .env("LC_ALL", "C.UTF-8")
        .output();
    let output = run.expect("hledger runs; `scripts/setup.sh test` installs it");
    assert!(output.status.success(), "{}\n{journal}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let theirs: Vec<String> = text
        .lines()
        .skip(1)
        .map(|line| {
            let (account, amount) = line.trim_matches('"').split_once("\",\"").unwrap();
            let code = account.split(' ').next().unwrap();
            let amount = amount.trim_end_matches(" UZS").trim_end_matches(".00");
            format!("{code} {amount}")
        })
        .collect();
    let whole = trial(db, &ctx, "2026-01-01", "2026-12-31");
    let mut ours: Vec<String> = whole
        .split(" | ")
        .filter(|row| !row.ends_with("= 0"))
        .map(|row| {
            let (code, rest) = row.split_once(':').unwrap();
            format!("{code} {}", rest.rsplit("= ").next().unwrap())
        })
        .collect();
    ours.sort();
    assert_eq!(theirs, ours, "{journal}");
}
