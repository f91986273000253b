//! Links by which people become agents: made on the page, by a program and in a head agent's chat.

use db::{db_test, params, testing::TestDb};
use kernel::Kind;
use serde_json::json;
use tickets::{InvitationKey, InvitationState, NewInvitation, actions, reads};
use web::testing::Site;

use super::{super::Shop, AZIZA, BOBUR, Desk, HEAD, StatusCode};

/// Who has opened no bot of the desk yet.
const ZARINA: i64 = 7_101;
const NODIR: i64 = 7_102;

/// What a link brings to the bot.
fn start_of(link: &str) -> String {
    let parameter = link.strip_prefix("https://t.me/desk_bot?start=").unwrap_or_else(|| panic!("{link}"));
    format!("/start {parameter}")
}

/// A new invitation of the API, as an agent of the first category who reads Russian.
async fn invited(site: &Site) -> String {
    let body = json!({ "role": "admin", "categories": [1], "lang": "ru" });
    let made = site.post("/api/admin/invitations", body).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    made.json()["link"].as_str().unwrap().to_owned()
}

#[db_test]
async fn whoever_opens_the_link_first_becomes_the_agent_and_others_are_told_why_not(db: &TestDb) {
    let mut desk = Desk::open(db).await;
    let link = invited(&desk.shop.site).await;
    let came = desk.say(ZARINA, &start_of(&link)).await;
    assert!(came.contains("Добро пожаловать, P7101") && came.contains("Открытых у меня: 0"), "{came}");
    let zarina = desk.agent(ZARINA);
    assert_eq!((zarina.is_head, zarina.is_active, zarina.full_name.as_str()), (false, true, "P7101"));
    assert_eq!(zarina.categories, [desk.payment.id]);
    // Once more by the same person, and by another.
    assert!(desk.say(ZARINA, &start_of(&link)).await.contains("Вы уже оператор"));
    let late = desk.say(NODIR, &start_of(&link)).await;
    assert!(late.contains("Эта ссылка уже использована"), "{late}");
    let listed = desk.shop.site.get("/api/admin/invitations").await.json();
    let one = &listed["results"][0];
    assert_eq!((&one["state"], &one["admin"]), (&json!("accepted"), &json!(zarina.number)));
    assert_eq!(one.get("link"), None, "the key is shown once");
    let kept = db.read_now(&desk.shop.ctx, |tx| {
        tx.query("SELECT key_hash FROM tickets_invitation", params![], |row| row.get::<Vec<u8>>(0))
    });
    assert_eq!(kept.unwrap()[0].len(), 32, "only its hash is kept");
    // What is taken back says so, to those who read English, too.
    let revoked = invited(&desk.shop.site).await;
    let id = desk.shop.site.get("/api/admin/invitations").await.json()["results"][0]["id"].clone();
    let path = format!("/api/admin/invitations/{}", id.as_str().unwrap());
    assert_eq!(desk.shop.site.delete(&path).await.status, StatusCode::NO_CONTENT);
    let told = desk.say(AZIZA, &start_of(&revoked)).await;
    assert!(told.contains("This invitation was revoked"), "{told}");
    // Other words of a start are a beginning.
    assert!(desk.say(AZIZA, "/start desk_nonsense").await.contains("Choose a language"));
    assert!(desk.say(AZIZA, "/start instagram").await.contains("Choose a language"));
}

#[db_test]
async fn an_invitation_ends_after_a_week_and_brings_back_who_was_put_away(db: &TestDb) {
    let mut desk = Desk::open(db).await;
    desk.rewrite(BOBUR, |agent| agent.is_active = false);
    let (ctx, delivery) = (desk.shop.ctx.clone(), desk.delivery.id);
    let make = move |tx: &mut db::Tx<'_>| {
        let key = InvitationKey::new(ctx.random());
        let new = NewInvitation { is_head: false, categories: vec![delivery], lang: kernel::Lang::En };
        let made = actions::invite_agent(&ctx, tx, new, &key)?;
        Ok((made, key.start_parameter()))
    };
    let (made, parameter) = db.write_now(&desk.shop.ctx, make).unwrap();
    let ended = made.expires_at.plus_millis(1);
    assert_eq!(made.state(ended), InvitationState::Expired);
    let late = desk.shop.ctx.with(|ctx| ctx.now = ended);
    let (again, key) = (late.clone(), parameter.clone());
    let coming = db.write_now(&late, move |tx| actions::accept_invitation(&again, tx, &key, BOBUR, "B"));
    assert_eq!(coming.unwrap(), tickets::Coming::Dead(InvitationState::Expired, kernel::Lang::En));
    assert!(desk.say(BOBUR, &format!("/start {parameter}")).await.contains("Welcome, Bobur"));
    assert_eq!((desk.agent(BOBUR).is_active, desk.agent(BOBUR).categories), (true, vec![delivery]));
    let ctx = desk.shop.ctx.clone();
    let revoke = move |tx: &mut db::Tx<'_>| actions::revoke_invitation(&ctx, tx, made.id);
    assert_eq!(db.write_now(&desk.shop.ctx, revoke).unwrap_err().kind(), Kind::Conflict);
}

#[db_test]
async fn two_who_open_a_link_at_once_make_one_agent(db: &TestDb) {
    let desk = Desk::open(db).await;
    let link = invited(&desk.shop.site).await;
    let parameter = link.rsplit('=').next().unwrap().to_owned();
    let come = |telegram_id: i64| {
        let (db, ctx, key) = ((**db).clone(), desk.shop.ctx.clone(), parameter.clone());
        async move {
            let own = ctx.with(|ctx| ctx.random = context::Random::from_seed(telegram_id.unsigned_abs()));
            let accept =
                move |tx: &mut db::Tx<'_>| actions::accept_invitation(&own, tx, &key, telegram_id, "Kimdir");
            db.write(&ctx, db::Lane::People, accept).await.unwrap()
        }
    };
    let (first, second) = tokio::join!(come(ZARINA), come(NODIR));
    let hired = |coming: &tickets::Coming| matches!(coming, tickets::Coming::Hired(..));
    assert!(hired(&first) != hired(&second), "{first:?} {second:?}");
    let ctx = desk.shop.ctx.clone();
    let agents = db.read_now(&desk.shop.ctx, move |tx| reads::agents(&ctx, tx)).unwrap();
    assert_eq!(agents.iter().filter(|agent| agent.full_name == "Kimdir").count(), 1);
}

#[db_test]
async fn a_head_agent_invites_in_their_chat(db: &TestDb) {
    let mut desk = Desk::open(db).await;
    desk.say(HEAD, "/admin").await;
    desk.press(HEAD, "Agents").await;
    desk.press(HEAD, "Invite by a link").await;
    desk.press(HEAD, "New link").await;
    assert!(desk.press(HEAD, "Make the link").await.contains("Tick at least one category"));
    desk.press(HEAD, "▫️ Delivery").await;
    let made = desk.press(HEAD, "Make the link").await;
    let link = made.split_whitespace().find(|word| word.starts_with("https://")).unwrap().to_owned();
    assert!(made.contains("⏳ waits") && made.contains("Delivery"), "{made}");
    assert!(desk.say(ZARINA, &start_of(&link)).await.contains("Welcome, P7101"));
    assert_eq!(desk.agent(ZARINA).categories, [desk.delivery.id]);
    // Another is taken back in the chat.
    desk.press(HEAD, "New link").await;
    desk.press(HEAD, "⭐️ Head agent").await;
    let made = desk.press(HEAD, "Make the link").await;
    let link = made.split_whitespace().find(|word| word.starts_with("https://")).unwrap().to_owned();
    desk.press(HEAD, "✖️ ⭐️").await;
    let shown = desk.press(HEAD, "Yes").await;
    assert!(shown.contains("✖️ revoked") && shown.contains("✅ accepted"), "{shown}");
    assert!(desk.say(NODIR, &start_of(&link)).await.contains("This invitation was revoked"));
    // Plain agents invite nobody.
    assert!(!desk.say(BOBUR, "/admin").await.contains("Agents"));
}

#[db_test]
async fn the_page_makes_a_link_once_and_says_where_no_bot_takes_agents_in(db: &TestDb) {
    let shop = Shop::reaching(db, "http://127.0.0.1:9");
    let page = shop.site.get("/desk/invitations").await;
    assert!(
        page.text().contains("No Telegram bot that takes agents in") || page.text().contains("ulanmagan")
    );
    let refused = shop.site.post("/api/admin/invitations", json!({ "role": "super_admin" })).await;
    assert_eq!(
        (refused.status, &refused.json()["code"]),
        (StatusCode::CONFLICT, &json!("bots-desk-no-door"))
    );
}

#[db_test]
async fn the_page_shows_the_link_and_refuses_beside_the_field(db: &TestDb) {
    let mut desk = Desk::open(db).await;
    let site = &mut desk.shop.site;
    let wrong = site.form("/desk/invitations/new", &[("role", "agent"), ("lang", "uz")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "answers nowhere");
    let foreign =
        site.form("/desk/invitations/new", &[("role", "agent"), ("lang", "uz"), ("category_99", "1")]).await;
    assert_eq!(foreign.status, StatusCode::UNPROCESSABLE_ENTITY);
    let fields = [("role", "agent"), ("lang", "uz"), ("category_1", "1")];
    let made = site.form("/desk/invitations/new", &fields).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.text());
    assert!(made.text().contains("https://t.me/desk_bot?start=desk_"), "{}", made.text());
    let listed = site.get("/api/admin/invitations").await.json();
    let id = listed["results"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(listed["results"][0]["state"], "pending");
    let page = site.get("/desk/invitations").await.text().to_owned();
    assert!(
        !page.contains("start=desk_") && page.contains(&format!("/desk/invitations/{id}/revoke")),
        "{page}"
    );
    assert_eq!(site.form(&format!("/desk/invitations/{id}/revoke"), &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(site.get("/api/admin/invitations").await.json()["results"][0]["state"], "revoked");
    let mut other = site.by("2");
    assert_eq!(
        other.form(&format!("/desk/invitations/{id}/revoke"), &[]).await.status,
        StatusCode::NOT_FOUND
    );
    let plain = site.by("1:tickets.read,tickets.edit");
    assert_eq!(plain.get("/desk/invitations").await.status, StatusCode::FORBIDDEN);
}
