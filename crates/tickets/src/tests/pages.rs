//! The desk's pages and what programs ask of it, as agents and those who manage it use them.

use std::sync::Arc;

use axum::http::StatusCode;
use context::{Ctx, Services};
use db::{db_test, testing::TestDb};
use files::Blobs;
use kernel::Id;
use serde_json::{Value, json};
use web::testing::{Site, ctx};

use super::{agent, category, member, open, run, say, user};
use crate::{By, Category, MessageFilter, Ticket, actions, module, reads};

/// What an agent who is no head may do.
const AGENT: &str = "1:tickets.read,tickets.create,tickets.edit";
/// The member of workspace 1 whom the site lets in.
const MEMBER: u128 = 1_001;

/// A site with a folder for its files, which goes with the second.
fn site(db: &TestDb) -> (Site, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let services = Services::default().with(Arc::new(Blobs::open_volatile(folder.path()).unwrap()));
    let modules = vec![contacts::module(), files::module(), module()];
    (Site::new(db, services, modules), folder)
}

fn ticket(db: &TestDb, ctx: &Ctx, telegram_id: i64, about: &Category, words: &str) -> Ticket {
    let asks = user(db, ctx, telegram_id, None);
    let ticket = open(db, ctx, &asks, about);
    say(db, ctx, ticket.id, By::Contact, words).unwrap();
    ticket
}

async fn text(site: &Site, path: &str) -> String {
    let answer = site.page(path).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text());
    answer.text()
}

#[db_test]
async fn an_agent_works_through_the_queue(db: &TestDb) {
    let ctx = ctx(1);
    let (payment, secret) = (category(db, &ctx, "Toʻlov"), category(db, &ctx, "Maxfiy"));
    agent(db, &ctx, MEMBER, &[&payment], false);
    ticket(db, &ctx, 77, &payment, "Pul <b>yechildi</b>");
    ticket(db, &ctx, 78, &secret, "Hech kim bilmasin");
    let (site, _folder) = site(db);
    let mut agent = site.by(AGENT);

    let queue = text(&agent, "/desk").await;
    assert!(queue.contains("Kishi 77") && queue.contains("&#60;b&#62;yechildi"), "{queue}");
    assert!(!queue.contains("Kishi 78") && !queue.contains("Maxfiy"), "another category is not named");
    for path in ["/desk/2", "/desk/2/files/1", "/desk/99", "/desk/x"] {
        assert_eq!(agent.page(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    for view in ["mine", "mentions", "snoozed", "closed"] {
        assert!(!text(&agent, &format!("/desk?view={view}")).await.contains("Kishi 77"), "{view}");
    }
    for found in ["q=77", "q=%E2%84%961", "q=kishi", "view=unassigned", "view=waiting", "category=1"] {
        assert!(text(&agent, &format!("/desk?{found}")).await.contains("Kishi 77"), "{found}");
    }
    assert!(!text(&agent, "/desk?q=Botir").await.contains("Kishi 77"));

    let empty = agent.form("/desk/1/say", &[("text", " "), ("mode", "reply")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    let noted = agent.form("/desk/1/say", &[("text", "Bankdan soʻradim"), ("mode", "note")]).await;
    assert_eq!(noted.status, StatusCode::SEE_OTHER, "{}", noted.text());
    agent.form("/desk/1/say", &[("text", "Qaytaramiz"), ("mode", "reply"), ("seen", "1")]).await;
    let page = text(&agent, "/desk/1").await;
    for shown in ["Bankdan soʻradim", "Qaytaramiz", "Agent 1001"] {
        assert!(page.contains(shown), "{shown}");
    }
    assert!(text(&agent, "/desk?view=mine").await.contains("Kishi 77"), "who answers has it");
    agent.form("/desk/1/snooze?hours=4", &[]).await;
    assert!(text(&agent, "/desk?view=snoozed").await.contains("Kishi 77"));
    assert!(!text(&agent, "/desk").await.contains("Kishi 77"), "it sleeps");
    agent.form("/desk/1/wake", &[]).await;
    agent.form("/desk/1/say", &[("text", "Boʻldi"), ("mode", "reply"), ("then", "close")]).await;
    assert!(text(&agent, "/desk?view=closed").await.contains("Kishi 77"));
    agent.form("/desk/1/reopen", &[]).await;
    assert!(text(&agent, "/desk?view=open").await.contains("Kishi 77"));
    let gone = agent.form("/desk/1/category", &[("category", "2")]).await;
    assert_eq!(gone.header("location"), Some("/desk"), "who does not see it any more is led to the queue");
    assert_eq!(agent.page("/desk/1").await.status, StatusCode::NOT_FOUND);
}

#[db_test]
async fn nobody_is_answered_twice_without_knowing(db: &TestDb) {
    let ctx = ctx(1);
    let payment = category(db, &ctx, "Toʻlov");
    agent(db, &ctx, MEMBER, &[&payment], false);
    let other = agent(db, &ctx, 7, &[&payment], false);
    let asked = ticket(db, &ctx, 77, &payment, "Salom");
    let (site, _folder) = site(db);
    let mut agent = site.by(AGENT);
    say(db, &member(&ctx, 7), asked.id, By::Agent(other.id), "Salom!").unwrap();
    let fields = [("text", "Assalomu alaykum"), ("mode", "reply"), ("seen", "1")];
    let refused = agent.form("/desk/1/say", &fields).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    let page = refused.text();
    assert!(
        page.contains("Agent 7 answered meanwhile") && page.contains(">Assalomu alaykum</textarea>"),
        "{page}"
    );
    assert!(page.contains(r#"name="seen" value="2""#), "sent again, it is said");
    let fields = [("text", "Assalomu alaykum"), ("mode", "reply"), ("seen", "2")];
    assert_eq!(agent.form("/desk/1/say", &fields).await.status, StatusCode::SEE_OTHER);
    let here = agent.form("/desk/1/present", &[("writing", "true")]).await;
    assert_eq!((here.status, here.text().trim()), (StatusCode::OK, ""), "alone");
    let id = asked.id;
    run(db, &member(&ctx, 7), move |ctx, tx| actions::be_present(ctx, tx, id, true)).unwrap();
    assert!(agent.form("/desk/1/present", &[]).await.text().contains("is writing an answer"));
}

#[db_test]
async fn a_file_is_for_those_who_see_its_ticket(db: &TestDb) {
    let ctx = ctx(1);
    let (payment, secret) = (category(db, &ctx, "Toʻlov"), category(db, &ctx, "Maxfiy"));
    agent(db, &ctx, MEMBER, &[&payment], false);
    ticket(db, &ctx, 77, &payment, "Salom");
    let (site, _folder) = site(db);
    let agent = site.by(AGENT);
    let none = agent.upload("/desk/1/file", "file", "shartnoma.pdf", b"").await;
    assert_eq!(none.status, StatusCode::SEE_OTHER, "it is told on the page");
    let sent = agent.upload("/desk/1/file", "file", "shartnoma.pdf", b"%PDF-1.7 salom").await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text());
    assert!(text(&agent, "/desk/1").await.contains("shartnoma.pdf"));
    let file = agent.page("/desk/1/files/2").await;
    assert_eq!((file.status, file.bytes.as_slice()), (StatusCode::OK, b"%PDF-1.7 salom".as_slice()));
    assert_eq!(agent.get("/api/ticket/messages/2/file").await.status, StatusCode::OK);
    assert_eq!(site.get("/api/ticket/messages/2").await.json()["file_url"], "/api/ticket/messages/2/file");
    let hash = run(db, &ctx, |ctx, tx| {
        let message = reads::get_message_by_number(ctx, tx, 2)?;
        Ok(message.said.kept.map(|kept| kept.hash).unwrap_or_default())
    })
    .unwrap();
    assert_eq!(agent.page(&format!("/files/{hash}")).await.status, StatusCode::FORBIDDEN);
    let to = secret.id;
    run(db, &ctx, move |ctx, tx| {
        let ticket = reads::get_by_number(ctx, tx, 1)?.id;
        actions::move_to(ctx, tx, ticket, to).map(drop)
    })
    .unwrap();
    for path in ["/desk/1/files/2", "/desk/2/files/2"] {
        assert_eq!(agent.page(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(agent.get("/api/ticket/messages/2/file").await.status, StatusCode::NOT_FOUND);
    assert_eq!(site.by("2").get("/api/ticket/messages/2/file").await.status, StatusCode::NOT_FOUND);
}

#[db_test]
async fn the_desk_is_managed_by_pages(db: &TestDb) {
    let (site, _folder) = site(db);
    let mut agent = site.by(AGENT);
    for path in [
        "/desk/agents",
        "/desk/agents/new",
        "/desk/categories",
        "/desk/categories/new",
        "/desk/settings",
        "/desk/report",
    ] {
        assert_eq!(agent.page(path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    let settings = agent.form("/desk/settings", &[("reopen_days", "1")]).await;
    assert_eq!(settings.status, StatusCode::FORBIDDEN);
    let mut head = site.by("1");
    assert!(text(&head, "/desk").await.contains("/desk/categories/new"), "nothing can be asked yet");
    let fields = [
        ("name_uz", "Toʻlov"),
        ("name_ru", "Оплата"),
        ("answer_minutes", "30"),
        ("assigns", "by_load"),
        ("is_active", "true"),
    ];
    let made = head.form("/desk/categories/new", &fields).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text());
    let wrong = head.form("/desk/categories/new", &[("name_uz", "Tovar"), ("answer_minutes", "tez")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text().contains("value=\"tez\""), "what was typed stays");
    let hours = [("from_0", "9"), ("to_0", "18:00"), ("from_6", "26:00"), ("reopen_days", "3")];
    let wrong = head.form("/desk/settings", &hours).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let hours =
        [("from_0", "9"), ("to_0", "18:00"), ("holidays", "08.12.2026\n01.01.2027"), ("reopen_days", "3")];
    assert_eq!(head.form("/desk/settings", &hours).await.status, StatusCode::SEE_OTHER);
    assert!(text(&head, "/desk/settings").await.contains("01.01.2027"));
    let settings = head.get("/api/ticket/settings").await.json();
    assert_eq!(
        (&settings["week"][0], &settings["week"][1], &settings["reopen_days"]),
        (&json!({"from": 540, "to": 1080}), &Value::Null, &json!(3))
    );
    assert_eq!(head.put("/api/ticket/settings", settings.clone()).await.json(), settings);
    let short = json!({"week": [], "holidays": [], "reopen_days": 3});
    assert_eq!(head.put("/api/ticket/settings", short).await.errors(), ["week: tickets-week-malformed"]);

    assert_eq!(head.form("/desk/agents/me", &[]).await.status, StatusCode::SEE_OTHER);
    let nobody = [("full_name", "Bobur"), ("category_1", "true"), ("is_active", "true")];
    let wrong = head.form("/desk/agents/new", &nobody).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let bobur =
        [("full_name", "Bobur"), ("telegram_id", "501"), ("category_1", "true"), ("is_active", "true")];
    assert_eq!(head.form("/desk/agents/new", &bobur).await.status, StatusCode::SEE_OTHER);
    assert!(text(&head, "/desk/agents").await.contains("Bobur"));
    // Who asked in Telegram before is found by their phone.
    let by_phone = |phone| [("full_name", "Zarina"), ("telegram_id", phone), ("category_1", "true")];
    let nobody = head.form("/desk/agents/new", &by_phone("+998 90 111 00 99")).await;
    assert_eq!(nobody.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        nobody.text().contains("value=\"+998 90 111 00 99\"") && nobody.text().contains("invitation link")
    );
    let admin = json!({"full_name": "Zarina", "phone": "+998901110099"});
    let refused = head.post("/api/admin/admins", admin.clone()).await;
    assert_eq!(refused.errors(), ["phone: tickets-phone-not-in-telegram"]);
    user(db, &ctx(1), 601, Some("+998901110099"));
    assert_eq!(head.post("/api/admin/admins", admin).await.json()["telegram_id"], 601);
    head.form("/desk/agents/2/duty?on=no", &[]).await;
    assert_eq!(head.get("/api/admin/admins/2").await.json()["is_on_duty"], false);
    let on = head.put("/api/admin/admins/2/duty", json!({"is_on_duty": true})).await.json();
    assert_eq!(on["is_on_duty"], true);
    let edited = [("full_name", "Bobur K"), ("telegram_id", "501"), ("is_active", "true")];
    assert_eq!(head.form("/desk/agents/2", &edited).await.status, StatusCode::SEE_OTHER);
    assert_eq!(head.get("/api/admin/admins/2").await.json()["categories"], json!([]));
    assert_eq!(head.page("/desk/agents/9").await.status, StatusCode::NOT_FOUND);
}

#[db_test]
async fn programs_do_what_agents_do(db: &TestDb) {
    let ctx = ctx(1);
    let (payment, delivery) = (category(db, &ctx, "Toʻlov"), category(db, &ctx, "Yetkazish"));
    ticket(db, &ctx, 77, &payment, "Salom");
    ticket(db, &ctx, 78, &delivery, "Qachon?");
    let (site, _folder) = site(db);
    let path = "/api/ticket/tickets/1";
    let noted = site.post(&format!("{path}/notes"), json!({"text": "Eslatma"})).await;
    assert_eq!(noted.status, StatusCode::NO_CONTENT);
    for (act, body, expected) in [
        ("notes", json!({"text": ""}), "text: kernel-text-missing"),
        ("category", json!({}), "category: kernel-text-missing"),
        ("category", json!({"category": 9}), "category: tickets-category-unknown"),
        ("snooze", json!({"until": "2020-01-01T00:00:00Z"}), "until: tickets-snooze-malformed"),
        ("merge", json!({"into": 9}), "into: tickets-ticket-unknown"),
        ("merge", json!({"into": 1}), "into: tickets-merge-itself"),
        ("rate", json!({}), "stars: kernel-text-missing"),
        ("rate", json!({"stars": 6}), "stars: tickets-stars-malformed"),
    ] {
        let answer = site.post(&format!("{path}/{act}"), body.clone()).await;
        assert_eq!(answer.errors(), [expected], "{act} {body}");
    }
    assert_eq!(site.post(&format!("{path}/rate"), json!({"stars": 5})).await.status, StatusCode::CONFLICT);
    let moved = site.post(&format!("{path}/category"), json!({"category": 2})).await.json();
    assert_eq!(moved["category"], 2);
    site.post(&format!("{path}/close"), json!({})).await;
    let rated = site.post(&format!("{path}/rate"), json!({"stars": 5, "comment": "Zoʻr"})).await.json();
    assert_eq!((&rated["stars"], &rated["rating_comment"]), (&json!(5), &json!("Zoʻr")));
    assert_eq!(site.post(&format!("{path}/reopen"), json!({})).await.json()["status"], "open");
    let merged = site.post(&format!("{path}/merge"), json!({"into": 2})).await.json();
    assert_eq!(merged["id"], 2);
    let acts = site.get("/api/ticket/tickets/2/acts").await.json();
    let kinds: Vec<&str> = acts.as_array().unwrap().iter().map(|act| act["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["merged", "note", "moved", "closed", "rated", "reopened"]);
    let report = site.get("/api/ticket/report").await.json();
    assert_eq!(
        (&report["all"]["opened"], &report["all"]["closed"]),
        (&json!(1), &json!(0)),
        "what was merged is one"
    );
    assert_eq!(site.get("/api/ticket/report?from=x").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(site.by(AGENT).get("/api/ticket/report").await.status, StatusCode::FORBIDDEN);
    let filter = MessageFilter { ticket: None::<Id<Ticket>>, ..MessageFilter::default() };
    let all = run(db, &ctx, move |ctx, tx| reads::messages(ctx, tx, &filter, kernel::PageRequest::default()));
    assert_eq!(all.unwrap().count, 2, "notes are no messages");
    let paper = site.page("/desk/report?format=pdf").await;
    assert_eq!((paper.status, paper.header("content-type")), (StatusCode::OK, Some("application/pdf")));
    let wrong = site.page("/desk/report?format=pdf&from=x").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    for format in ["csv", "xlsx"] {
        for of in ["days", "agents", "categories"] {
            let file = site.page(&format!("/desk/report?of={of}&format={format}")).await;
            assert_eq!(file.status, StatusCode::OK, "{of} {format}");
        }
    }
    assert!(text(&site, "/desk/report").await.contains("Yetkazish"));
}
