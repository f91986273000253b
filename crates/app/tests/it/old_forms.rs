//! Forms of pages that were open for too long: shown again with what was typed, and nothing is written.

use db::{ReadTx, Scope, db_test, testing::TestDb};
use kernel::Result;

use crate::{
    browser::{Answer, Browser, fields_in},
    guards::{Input, known, prepared},
    routes::{self, Route},
    targets::as_person,
    world::{OWNER, PASSWORD, World},
};

/// What a form says when it is shown again, and what is said where a button stood.
const FORM: &str = "so nothing was saved. Look at what you typed and send it again";
const BUTTON: &str = "so nothing was done. It is loaded anew: try again";
/// A token is good for a day.
const TOO_LONG_H: i64 = 25;

/// How many rows each table has.
async fn rows(world: &World) -> Vec<(String, i64)> {
    let count = |tx: &mut ReadTx<'_>| -> Result<Vec<(String, i64)>> {
        let tables = crate::migrations::tables(tx)?;
        let count = |tx: &mut ReadTx<'_>, table: &str| {
            tx.query_one(&format!("SELECT COUNT(*) FROM {table}"), &[], |row| row.get(0))
        };
        tables.into_iter().map(|table| Ok((table.clone(), count(tx, &table)?))).collect()
    };
    world.parts.app.db().read(Scope::Server, count).await.unwrap()
}

fn is_secret(field: &str) -> bool {
    ["password", "current", "token", "csrf_token", "idempotency_key"].contains(&field)
}

/// What is wrong with the answer to a form that was sent too late.
async fn look(browser: &Browser, action: &str, sent: &[(String, String)], answer: &Answer) -> Option<String> {
    let text = answer.text();
    let button = async || {
        let is_back = answer.status == 303 || answer.status == 204;
        // Some pages lead back by themselves and say what the form would have said.
        let said = is_back && {
            let text = browser.after(answer).await.text();
            text.contains(BUTTON) || text.contains(FORM)
        };
        (!said).then(|| format!("{} {}: no word of it", answer.status, answer.location))
    };
    let Some(again) = fields_in(&text, action).filter(|_| answer.status == 422) else {
        return button().await;
    };
    if !text.contains(FORM) {
        return Some("the form does not say why it is shown again".to_owned());
    }
    let lost: Vec<_> = sent
        .iter()
        .filter(|(name, value)| !is_secret(name) && !value.trim().is_empty())
        // A word that is none of the choices of its list.
        .filter(|(name, value)| (name.as_str(), value.as_str()) != ("role", "user"))
        .filter(|(name, value)| !again.iter().any(|field| field.name == *name && same(&field.value, value)))
        .collect();
    let fresh = again.iter().any(|field| field.name == "csrf_token" && !field.value.is_empty());
    (!lost.is_empty() || !fresh).then(|| format!("lost {lost:?} (a fresh token: {fresh})"))
}

/// An amount may be shown as amounts are.
fn same(shown: &str, typed: &str) -> bool {
    let plain = |text: &str| text.replace(['\u{a0}', ' ', ','], "");
    plain(shown) == plain(typed)
}

#[db_test]
async fn a_form_that_was_open_for_too_long_comes_back_with_what_was_typed_and_writes_nothing(db: &TestDb) {
    let world = World::new(db, "http://127.0.0.1:9").await;
    let ctx = as_person(&world.ctx, world.owner);
    let owner = Browser::stranger(&world.parts).signed_in(OWNER).await;
    let known = known(&world, &ctx).await;
    let mut open = Vec::new();
    let by_form = |route: &Route| !route.is_safe() && !route.path.starts_with("/webhook");
    for route in routes::pages().into_iter().filter(|route| by_form(route) && !route.is_for_others()) {
        let (path, input) = prepared(&world, &ctx, &owner, &route, &known).await;
        if let Input::Form(fields) = input {
            open.push((route, path, fields));
        }
    }
    world.clock.put_forward(TOO_LONG_H);
    let before = rows(&world).await;
    let (mut wrong, mut shown_again) = (Vec::new(), 0);
    for (route, path, fields) in &open {
        for by_script in [false, true] {
            let answer = if by_script {
                owner.form_by_script(path, fields).await
            } else {
                owner.form(path, fields).await
            };
            // A look at what a document comes to changes nothing: it is answered as ever.
            if route.path.ends_with("/totals") {
                continue;
            }
            shown_again += usize::from(answer.status == 422);
            if let Some(what) = look(&owner, path, fields, &answer).await {
                wrong.push(format!("{route} by_script={by_script}: {what}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(shown_again > 30, "forms were among them: {shown_again}");
    assert_eq!(rows(&world).await, before, "nothing was written");
}

#[db_test]
async fn who_signs_in_from_a_page_of_yesterday_is_asked_once_more(db: &TestDb) {
    let world = World::new(db, "http://127.0.0.1:9").await;
    let stranger = Browser::stranger(&world.parts).at("/sign-in").await;
    world.clock.put_forward(TOO_LONG_H);
    let before = rows(&world).await;
    let typed = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    };
    let sign_in = typed(&[("login", OWNER), ("password", PASSWORD), ("next", "/orders")]);
    let sign_up =
        typed(&[("workspace", "New"), ("name", "Ali"), ("email", "ali@new.example"), ("password", PASSWORD)]);
    for (path, fields) in [("/sign-in", &sign_in), ("/sign-up", &sign_up)] {
        for answer in [stranger.form(path, fields).await, stranger.form_by_script(path, fields).await] {
            assert_eq!(answer.status, 422, "{path}: {}", answer.text());
            assert_eq!(look(&stranger, path, fields, &answer).await, None, "{path}");
        }
    }
    assert_eq!(rows(&world).await, before, "nobody signed in and nothing was made");
    // The page as it is now has a fresh token.
    let answer = stranger.at("/sign-in").await.form("/sign-in", &sign_in).await;
    assert_eq!((answer.status.as_u16(), answer.location.as_str()), (303, "/orders"));
}
