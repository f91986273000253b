//! Labels of tickets, and canned replies with what stands in their variables.

use axum::http::StatusCode;
use db::{db_test, testing::TestDb};
use kernel::{Id, Kind};
use serde_json::{Value, json};
use web::testing::{Site, ctx};

use super::{agent, category, member, open, run, say, user};
use crate::{By, Deed, NewLabel, actions, module, reads};

/// What an agent who is no head may do.
const AGENT: &str = "1:tickets.read,tickets.create,tickets.edit";
/// The member of workspace 1 whom the site lets in.
const MEMBER: u128 = 1_001;

fn site(db: &TestDb) -> Site {
    Site::new(db, context::Services::default(), vec![contacts::module(), module()])
}

async fn labelled(site: &Site, name: &str) -> String {
    let made = site.post("/api/conversation-labels", json!({"name": name, "tone": "danger"})).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    made.json()["id"].as_str().unwrap().to_owned()
}

async fn text(site: &Site, path: &str) -> String {
    let answer = site.page(path).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text());
    answer.text()
}

#[db_test]
async fn labels_sort_tickets_that_the_agent_sees(db: &TestDb) {
    let ctx = ctx(1);
    let (payment, secret) = (category(db, &ctx, "Toʻlov"), category(db, &ctx, "Maxfiy"));
    agent(db, &ctx, MEMBER, &[&payment], false);
    open(db, &ctx, &user(db, &ctx, 77, None), &payment);
    open(db, &ctx, &user(db, &ctx, 78, None), &secret);
    let site = site(db);
    let agent = site.by(AGENT);
    let (complaint, bulk) = (labelled(&agent, "Shikoyat").await, labelled(&agent, "Ulgurji").await);
    let theirs = labelled(&site.by("2"), "Begona").await;

    let path = "/api/ticket/tickets/1/labels";
    let set = agent.put(path, json!({"labels": [bulk, complaint]})).await.json();
    let names: Vec<&str> = set.as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["Shikoyat", "Ulgurji"], "by name");
    for unknown in [theirs.as_str(), "00000000-0000-0000-0000-000000000005"] {
        let refused = agent.put(path, json!({"labels": [complaint, unknown]})).await;
        assert_eq!(refused.errors(), ["labels: tickets-label-unknown"]);
        let asked = agent.get(&format!("/api/ticket/tickets?label={unknown}")).await;
        assert_eq!(asked.errors(), ["label: tickets-label-unknown"]);
    }
    assert_eq!(
        agent.get("/api/ticket/tickets/1").await.json()["labels"],
        set,
        "what is refused changes nothing"
    );
    let hidden = agent.put("/api/ticket/tickets/2/labels", json!({"labels": [complaint]})).await;
    assert_eq!(hidden.status, StatusCode::NOT_FOUND);
    let reader = site.by("1:tickets.read").put(path, json!({"labels": []})).await;
    assert_eq!(reader.status, StatusCode::FORBIDDEN);
    assert_eq!(site.by("2").put(path, json!({"labels": []})).await.status, StatusCode::NOT_FOUND);

    site.put("/api/ticket/tickets/2/labels", json!({"labels": [complaint]})).await;
    let count = async |site: &Site, label: &str| {
        site.get(&format!("/api/ticket/tickets?label={label}")).await.json()["count"].clone()
    };
    assert_eq!((count(&site, &complaint).await, count(&agent, &complaint).await), (json!(2), json!(1)));
    assert_eq!(count(&agent, &bulk).await, 1);

    agent.put(path, json!({"labels": [complaint]})).await;
    agent.put(path, json!({"labels": [complaint, complaint]})).await;
    let acts = agent.get("/api/ticket/tickets/1/acts").await.json();
    let said: Vec<(&Value, &Value)> =
        acts.as_array().unwrap().iter().map(|act| (&act["kind"], &act["text"])).collect();
    assert_eq!(
        said,
        [(&json!("labelled"), &json!("+Shikoyat, +Ulgurji")), (&json!("labelled"), &json!("−Ulgurji"))],
        "what stays the same is no news"
    );
    let audited: i64 = run(db, &ctx, |ctx, tx| {
        tx.query_one(
            "SELECT COUNT(*) FROM context_audit_entry WHERE workspace_id = $1 AND action = 'ticket.label'",
            db::params![ctx.workspace()],
            |row| row.get(0),
        )
    })
    .unwrap();
    assert_eq!(audited, 3);

    assert_eq!(
        site.delete(&format!("/api/conversation-labels/{complaint}")).await.status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(agent.get("/api/ticket/tickets/1").await.json()["labels"], json!([]));
    let acts = agent.get("/api/ticket/tickets/1/acts").await.json();
    assert_eq!(acts[0]["text"], "+Shikoyat, +Ulgurji", "what was done keeps its names");
}

#[db_test]
async fn labels_are_put_on_a_ticket_by_its_page(db: &TestDb) {
    let ctx = ctx(1);
    let payment = category(db, &ctx, "Toʻlov");
    agent(db, &ctx, MEMBER, &[&payment], false);
    open(db, &ctx, &user(db, &ctx, 77, None), &payment);
    open(db, &ctx, &user(db, &ctx, 78, None), &payment);
    let site = site(db);
    let mut agent = site.by(AGENT);
    let complaint = labelled(&agent, "Shikoyat <b>").await;
    let theirs = labelled(&site.by("2"), "Begona").await;
    let done = agent.form("/desk/1/labels", &[("label", &complaint)]).await;
    assert_eq!((done.status, done.header("location")), (StatusCode::SEE_OTHER, Some("/desk/1")));
    let page = text(&agent, "/desk/1").await;
    assert!(page.contains("inbox-label is-danger\">Shikoyat &#60;b&#62;"), "{page}");
    assert!(page.contains("set labels: +Shikoyat"), "it stands among what was done");
    let queue = text(&agent, &format!("/desk?label={complaint}")).await;
    assert!(queue.contains("Kishi 77") && !queue.contains("Kishi 78"), "{queue}");
    assert!(queue.contains("inbox-label is-danger"), "a row shows its labels");
    assert!(
        text(&agent, &format!("/desk?label={theirs}")).await.contains("Kishi 78"),
        "nobody's label is no filter"
    );
    for wrong in [theirs.as_str(), "x"] {
        let refused = agent.form("/desk/1/labels", &[("label", &complaint), ("label", wrong)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let page = refused.text();
        assert!(page.contains("There is no such label any more"), "{page}");
    }
    agent.form("/desk/1/labels", &[]).await;
    assert!(!text(&agent, "/desk/1").await.contains("inbox-label is-danger"));
    for lang in kernel::Lang::ALL {
        let site = agent.in_lang(lang);
        for path in ["/desk/1", "/conversations/labels", "/conversations/canned", "/conversations/canned/new"]
        {
            assert!(!text(&site, path).await.contains(">tickets-"), "{lang:?} {path}: a key without a text");
        }
    }
}

#[db_test]
fn a_merged_ticket_s_labels_come_along_and_a_closed_one_can_be_sorted(db: &TestDb) {
    let ctx = ctx(1);
    let payment = category(db, &ctx, "Toʻlov");
    let (one, two) = (
        open(db, &ctx, &user(db, &ctx, 77, None), &payment).id,
        open(db, &ctx, &user(db, &ctx, 78, None), &payment).id,
    );
    let label = |name: &str| {
        let new = NewLabel { name: name.to_owned(), tone: "plain".to_owned() };
        run(db, &ctx, move |ctx, tx| actions::create_label(ctx, tx, new.clone())).unwrap().id
    };
    let (both, first) = (label("Ikkalasi"), label("Birinchi"));
    let set = |ticket, labels: Vec<Id<crate::Label>>| {
        run(db, &ctx, move |ctx, tx| actions::set_ticket_labels(ctx, tx, ticket, &labels)).unwrap()
    };
    set(one, vec![both, first]);
    set(two, vec![both]);
    let merged = run(db, &ctx, move |ctx, tx| actions::merge(ctx, tx, one, two)).unwrap();
    let labels = run(db, &ctx, move |ctx, tx| {
        reads::labels_of_tickets(ctx, tx, std::slice::from_ref(&merged)).map(|mut all| all.remove(&two))
    });
    let names: Vec<String> = labels.unwrap().unwrap().into_iter().map(|label| label.name).collect();
    assert_eq!(names, ["Birinchi", "Ikkalasi"]);
    run(db, &ctx, move |ctx, tx| actions::close(ctx, tx, two)).unwrap();
    set(two, Vec::new());
    let acts = run(db, &ctx, move |ctx, tx| reads::acts(ctx, tx, two, 0, i64::MAX)).unwrap();
    assert!(
        matches!(&acts.last().unwrap().deed, Deed::Labelled { added, removed } if added.is_empty() && removed.len() == 2)
    );
}

#[db_test]
fn a_workspace_has_so_many_labels_and_no_more(db: &TestDb) {
    let ctx = ctx(1);
    let new = |number: usize| NewLabel { name: format!("Belgi {number}"), tone: "plain".to_owned() };
    for number in 0..100 {
        let new = new(number);
        run(db, &ctx, move |ctx, tx| actions::create_label(ctx, tx, new.clone())).unwrap();
    }
    let full = new(100);
    let refused = run(db, &ctx, move |ctx, tx| actions::create_label(ctx, tx, full.clone())).unwrap_err();
    assert_eq!((refused.kind(), refused.text().key()), (Kind::Conflict, "tickets-labels-full"));
    let stranger = ctx.with(|ctx| ctx.permissions = [context::Permission::SalesRead].into_iter().collect());
    let refused = run(db, &stranger, |ctx, tx| reads::labels(ctx, tx).map(drop)).unwrap_err();
    assert_eq!(refused.kind(), Kind::Forbidden);
    let refused = run(db, &stranger, move |ctx, tx| actions::create_label(ctx, tx, new(1)).map(drop));
    assert_eq!(refused.unwrap_err().kind(), Kind::Forbidden);
}

#[db_test]
async fn a_canned_reply_is_filled_in_the_persons_language(db: &TestDb) {
    let ctx = ctx(1);
    let payment = category(db, &ctx, "Toʻlov");
    agent(db, &ctx, MEMBER, &[&payment], false);
    let secret = category(db, &ctx, "Maxfiy");
    open(db, &ctx, &user(db, &ctx, 77, None), &payment);
    let hidden = open(db, &ctx, &user(db, &ctx, 78, None), &secret).id;
    say(db, &ctx, hidden, By::Contact, "Salom").unwrap();
    run(db, &ctx, |ctx, tx| {
        tx.execute_one(
            "INSERT INTO auth_workspace (workspace_id, name, slug, lang, zone, address, created_at_ms)
             VALUES ($1, 'Chorsu Texno', 'chorsu', 'uz', 'Asia/Tashkent', '', 1)",
            db::params![ctx.workspace()],
        )
    })
    .unwrap();
    let site = site(db);
    let mut agent = site.by(AGENT);
    let form = [
        ("shortcut", "/salom"),
        ("uz", "{name}, salom! № {number} ({category}). {agent}, {business}"),
        ("ru", "Здравствуйте, {name}! {имя} {foo}"),
        ("en", ""),
    ];
    let refused = agent.form("/conversations/canned/new", &form).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("There is no variable “имя”"), "{}", refused.text());
    assert!(refused.text().contains("{name} – the person’s name"), "they are explained beside the form");
    let body = json!({"shortcut": "salom", "uz": "{ism}"});
    let refused = agent.post("/api/canned-replies", body).await;
    assert_eq!(refused.errors(), ["uz: tickets-canned-variable-unknown"]);
    let ok = [form[0], form[1], ("ru", "Здравствуйте, {name}!"), form[3]];
    assert_eq!(agent.form("/conversations/canned/new", &ok).await.status, StatusCode::SEE_OTHER);

    let path = "/api/ticket/tickets/1/canned-replies";
    let given = agent.get(path).await.json();
    let words = "Kishi 77, salom! № 1 (Toʻlov). Agent 1001, Chorsu Texno";
    assert_eq!((&given[0]["shortcut"], &given[0]["text"]), (&json!("salom"), &json!(words)));
    let page = text(&agent, "/desk/1").await;
    assert!(page.contains("data-canned=\"[{") && page.contains("Kishi 77, salom! № 1 (Toʻlov)"), "{page}");
    let russian = json!({"telegram_id": 77, "full_name": "Азиза", "language": "ru"});
    site.post("/api/user/users", russian).await;
    assert_eq!(agent.get(path).await.json()[0]["text"], "Здравствуйте, Азиза!");
    assert_eq!(agent.get("/api/ticket/tickets/2/canned-replies").await.status, StatusCode::NOT_FOUND);
    assert_eq!(site.by("2").get(path).await.status, StatusCode::NOT_FOUND);
    let reader = site.by("1:tickets.read");
    assert_eq!(reader.get("/api/canned-replies").await.status, StatusCode::FORBIDDEN);
    assert_eq!(reader.get("/api/conversation-labels").await.status, StatusCode::OK);
    let nobody = member(&ctx, 7);
    let unseen = run(db, &nobody, move |ctx, tx| reads::get(ctx, tx, hidden).map(drop)).unwrap_err();
    assert_eq!(unseen.kind(), Kind::NotFound);
}
