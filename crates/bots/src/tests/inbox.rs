//! The inbox, as the staff and programs drive it; the person writes in the simulator.

mod joining;

use axum::http::{Method, Request, StatusCode};
use contacts::{NewContact, create_contact, find_by_number};
use db::{db_test, params, testing::TestDb};
use kernel::Phone;
use serde_json::{Value, json};
use web::testing::{Answer, Site};

use super::{
    Shop,
    simulator::{Chat, all, said},
};

/// Somebody who came in, and their conversation.
async fn met(shop: &Shop) -> (Chat<'_>, String) {
    let mut chat = Chat::new(&shop.site);
    chat.come_in().await;
    let list = shop.site.get("/api/conversations").await.json();
    (chat, list["results"][0]["id"].as_str().unwrap().to_owned())
}

/// The conversation, as the API tells it.
async fn standing(site: &Site, id: &str) -> Value {
    site.get(&format!("/api/conversations/{id}")).await.json()
}

async fn act(site: &Site, id: &str, what: &str, body: Value) -> Answer {
    site.post(&format!("/api/conversations/{id}/{what}"), body).await
}

/// `from: words` of the last messages that the staff sees.
async fn last_seen(site: &Site, id: &str, count: usize) -> Vec<String> {
    let told = site.get(&format!("/api/conversations/{id}/messages")).await.json();
    let lines: Vec<String> = all(&told["results"])
        .map(|one| {
            let words = one["text"].as_str().filter(|words| !words.is_empty()).or(one["act"].as_str());
            format!("{}: {}", one["from"].as_str().unwrap(), words.unwrap_or_default())
        })
        .collect();
    lines[lines.len() - count..].to_vec()
}

#[db_test]
async fn a_person_is_answered_by_the_staff_and_the_bot_keeps_silent_until_it_is_given_back(db: &TestDb) {
    let shop = Shop::open(db);
    let (mut chat, id) = met(&shop).await;
    let site = &shop.site;
    assert_eq!(standing(site, &id).await["state"], "bot");
    let taken = act(site, &id, "take-over", json!({})).await;
    assert_eq!((taken.status, &taken.json()["assignee"]), (StatusCode::OK, &json!("Tester")));

    chat.say("Telefon bormi?").await;
    chat.say("Narxi qancha?").await;
    let before = said(&chat.state().await);
    let found = standing(site, &id).await;
    assert_eq!((&found["state"], &found["unread"]), (&json!("person"), &json!(2)));
    assert!(found["waiting_since"].is_string());
    for (view, count) in [("waiting", 1), ("mine", 1), ("people", 1), ("bot", 0), ("all", 1)] {
        let list = site.get(&format!("/api/conversations?view={view}")).await.json();
        assert_eq!(list["count"], count, "{view}");
    }
    assert_eq!(
        site.by("1:bots.read,tickets.edit").get("/api/conversations?view=mine").await.json()["count"],
        1
    );

    assert_eq!(act(site, &id, "notes", json!({ "text": "Ulgurji mijoz" })).await.status, StatusCode::CREATED);
    let answered = act(site, &id, "messages", json!({ "text": "Bor, 2 199 000 soʻm" })).await;
    assert_eq!(answered.status, StatusCode::CREATED, "{}", answered.text());
    let after = said(&chat.state().await);
    let new = after.strip_prefix(before.as_str()).unwrap();
    assert!(
        new.contains("Bor, 2 199 000") && !new.contains("Ulgurji"),
        "a note is not for the person: {new}"
    );
    assert_eq!(
        last_seen(site, &id, 5).await,
        [
            "desk: taken",
            "person: Telefon bormi?",
            "person: Narxi qancha?",
            "note: Ulgurji mijoz",
            "staff: Bor, 2 199 000 soʻm"
        ]
    );
    let found = standing(site, &id).await;
    assert_eq!((&found["unread"], &found["waiting_since"]), (&json!(0), &Value::Null));

    assert_eq!(act(site, &id, "hand-back", json!({})).await.json()["state"], "bot");
    chat.say("salom").await;
    assert!(last_seen(site, &id, 1).await[0].starts_with("bot: "), "the bot answers again");
}

#[db_test]
async fn whoever_answers_takes_over_and_a_command_of_the_person_leads_back(db: &TestDb) {
    let shop = Shop::open(db);
    let (mut chat, id) = met(&shop).await;
    let answered = act(&shop.site, &id, "messages", json!({ "text": "Assalomu alaykum" })).await;
    assert_eq!(answered.status, StatusCode::CREATED);
    assert_eq!(standing(&shop.site, &id).await["assignee"], "Tester");
    chat.command("menu").await;
    let found = standing(&shop.site, &id).await;
    assert_eq!(
        (&found["state"], &found["assignee"], &found["unread"]),
        (&json!("bot"), &Value::Null, &json!(0))
    );
    let last = last_seen(&shop.site, &id, 2).await;
    assert!(last[0] == "desk: handed_back" || last[1] == "desk: handed_back", "{last:?}");
    let names: Vec<String> = {
        let workspace = shop.ctx.workspace();
        let sql = "SELECT name FROM context_event WHERE workspace_id = $1 AND name LIKE 'conversation.%' ORDER BY seq";
        db.read_now(&shop.ctx, move |tx| tx.query(sql, params![workspace], |row| row.get(0))).unwrap()
    };
    let turns: Vec<&str> = names.iter().map(String::as_str).filter(|name| *name != crate::SAID).collect();
    assert_eq!(turns, [crate::TAKEN, crate::HANDED_BACK]);
}

#[db_test]
async fn what_a_paused_bot_hears_waits_for_whoever_took_over(db: &TestDb) {
    let shop = Shop::open(db);
    let (mut chat, id) = met(&shop).await;
    act(&shop.site, &id, "take-over", json!({})).await;
    shop.site.patch("/api/bots/1", json!({ "state": "paused" })).await;
    chat.say("Kimdir bormi?").await;
    let found = standing(&shop.site, &id).await;
    assert_eq!((&found["state"], &found["unread"]), (&json!("person"), &json!(1)));
    assert_eq!(act(&shop.site, &id, "seen", json!({})).await.status, StatusCode::NO_CONTENT);
    let found = standing(&shop.site, &id).await;
    assert_eq!(found["unread"], 0);
    assert!(found["waiting_since"].is_string(), "who is read still waits for an answer");
}

#[db_test]
async fn the_same_answer_sent_again_is_one_message(db: &TestDb) {
    let shop = Shop::open(db);
    let (_chat, id) = met(&shop).await;
    let send = || {
        let request = Request::builder()
            .method(Method::POST)
            .uri(format!("/api/conversations/{id}/messages"))
            .header("content-type", "application/json")
            .header("idempotency-key", "9b1d")
            .header("x-api-key", "1");
        shop.site.ask(request, json!({ "text": "Bir marta" }).to_string())
    };
    let (one, two) = (send().await.json(), send().await.json());
    assert_eq!(one, two);
    let told = shop.site.get(&format!("/api/conversations/{id}/messages")).await.json();
    assert_eq!(all(&told["results"]).filter(|one| one["text"] == "Bir marta").count(), 1);
}

#[db_test]
async fn what_cannot_be_said_is_refused_beside_its_field(db: &TestDb) {
    let shop = Shop::open(db);
    let (_chat, id) = met(&shop).await;
    for (what, text, error) in [
        ("messages", " \n ".to_owned(), "text: kernel-text-missing"),
        ("messages", "ў".repeat(4_097), "text: kernel-text-too-long"),
        ("messages", "😀".repeat(2_049), "text: bots-reply-too-long"),
        ("notes", String::new(), "text: kernel-text-missing"),
        ("notes", "a".repeat(4_001), "text: kernel-text-too-long"),
    ] {
        let answer = act(&shop.site, &id, what, json!({ "text": text })).await;
        assert_eq!(
            (answer.status, answer.errors()),
            (StatusCode::UNPROCESSABLE_ENTITY, vec![error.to_owned()])
        );
    }
    let workspace = shop.ctx.workspace();
    db.write_now(&shop.ctx, move |tx| {
        tx.execute_one(
            "UPDATE bots_conversation SET blocked = $2 WHERE workspace_id = $1",
            params![workspace, true],
        )
    })
    .unwrap();
    let answer = act(&shop.site, &id, "messages", json!({ "text": "Salom" })).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(answer.text().contains("blocked"), "{}", answer.text());
}

#[db_test]
async fn only_who_may_answers_and_nobody_of_another_workspace(db: &TestDb) {
    let shop = Shop::open(db);
    let (_chat, id) = met(&shop).await;
    let text = || json!({ "text": "Salom" });
    let reader = shop.site.by("1:bots.read");
    for what in ["messages", "notes", "take-over", "hand-back", "seen"] {
        assert_eq!(act(&reader, &id, what, text()).await.status, StatusCode::FORBIDDEN, "{what}");
        let stranger = shop.site.by("2");
        assert_eq!(act(&stranger, &id, what, text()).await.status, StatusCode::NOT_FOUND, "{what}");
    }
    let agent = shop.site.by("1:bots.read,tickets.edit");
    assert_eq!(act(&agent, &id, "messages", text()).await.status, StatusCode::CREATED);
    assert!(!reader.page(&format!("/conversations/{id}")).await.text().contains("inbox-composer"));
    for path in ["", "/messages", "/log", "/events"] {
        let kind = if path == "/messages" { "/api" } else { "" };
        let answer = shop.site.by("2").page(&format!("{kind}/conversations/{id}{path}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[db_test]
async fn labels_sort_conversations_and_have_one_name_in_both_scripts(db: &TestDb) {
    let shop = Shop::open(db);
    let (_chat, id) = met(&shop).await;
    let site = &shop.site;
    let made = site.post("/api/conversation-labels", json!({ "name": "Shikoyat", "tone": "danger" })).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    let label = made.json()["id"].as_str().unwrap().to_owned();
    for (body, error) in [
        (json!({ "name": "шикоят" }), "name: tickets-label-taken"),
        (json!({ "name": " " }), "name: kernel-text-missing"),
        (json!({ "name": "Boshqa", "tone": "pink" }), "tone: tickets-label-tone-unknown"),
    ] {
        assert_eq!(site.post("/api/conversation-labels", body).await.errors(), [error]);
    }
    let labelled = format!("/api/conversations/{id}/labels");
    assert_eq!(site.put(&labelled, json!({ "labels": [label] })).await.json()[0]["name"], "Shikoyat");
    assert_eq!(standing(site, &id).await["labels"][0]["tone"], "danger");
    let count = async |label: &str| {
        site.get(&format!("/api/conversations?label={label}")).await.json()["count"].clone()
    };
    assert_eq!(count(&label).await, 1);
    let unknown = site.put(&labelled, json!({ "labels": [uuid::Uuid::from_u128(5)] })).await;
    assert_eq!(unknown.errors(), ["labels: tickets-label-unknown"]);
    assert_eq!(count(&label).await, 1, "what is refused changes nothing");
    let path = format!("/api/conversation-labels/{label}");
    assert_eq!(shop.site.by("2").delete(&path).await.status, StatusCode::NOT_FOUND);
    assert_eq!(site.put(&path, json!({ "name": "Shikoyatlar" })).await.json()["tone"], "plain");
    assert_eq!(site.delete(&path).await.status, StatusCode::NO_CONTENT);
    assert_eq!(standing(site, &id).await["labels"], json!([]));
}

/// The person of `chat` orders a case for the phone.
async fn order(chat: &mut Chat<'_>) {
    chat.say("gʻilof").await;
    for label in ["gʻilofi", "Add to cart", "Go to the cart", "Checkout"] {
        chat.press(label).await;
    }
    if said(&chat.state().await).contains("What is your name?") {
        chat.say("Dilnoza").await;
    }
    chat.press("pick it up").await;
    chat.say("⏭ Skip").await;
    chat.press("Place the order").await;
}

#[db_test]
async fn chats_of_one_person_are_led_to_one_contact(db: &TestDb) {
    let shop = Shop::open(db);
    let (mut chat, first) = met(&shop).await;
    let site = &shop.site;
    chat.restart("new").await;
    chat.command("start").await;
    let list = site.get("/api/conversations").await.json();
    let second =
        all(&list["results"]).map(|one| one["id"].as_str().unwrap()).find(|id| *id != first).unwrap();
    let contact_of = async |id: &str| standing(site, id).await["contact_id"].clone();
    assert_eq!((contact_of(&first).await, contact_of(second).await), (json!(1), json!(null)));
    let led = site.put(&format!("/api/conversations/{second}/contact"), json!({ "contact_id": 1 })).await;
    assert_eq!((led.status, &led.json()["contact_id"]), (StatusCode::OK, &json!(1)));

    let own = shop.ctx.clone();
    let known = NewContact::customer("Aziza Karimova", Some(Phone::parse("901112233").unwrap()));
    db.write_now(&shop.ctx, move |tx| create_contact(&own, tx, known.clone())).unwrap();
    let path = format!("/api/conversations/{first}/contact");
    for (body, error) in [
        (json!({ "contact_id": 99 }), "contact_id: bots-person-unknown"),
        (json!({ "contact_id": null, "join": true }), "contact_id: bots-person-choose"),
    ] {
        assert_eq!(site.put(&path, body).await.errors(), [error]);
    }
    // This conversation alone, and back.
    for (wanted, there) in [(json!(2), json!(2)), (json!(null), json!(null)), (json!(1), json!(1))] {
        let told = site.put(&path, json!({ "contact_id": wanted })).await;
        assert_eq!((told.status, &told.json()["contact_id"]), (StatusCode::OK, &there));
        assert_eq!(contact_of(second).await, 1);
    }
    let join = json!({ "contact_id": 2, "join": true });
    for (key, status) in [
        ("2", StatusCode::NOT_FOUND),
        ("1:bots.read,tickets.edit", StatusCode::FORBIDDEN),
        ("1:bots.read,tickets.edit,sales.read", StatusCode::FORBIDDEN),
    ] {
        assert_eq!(site.by(key).put(&path, join.clone()).await.status, status, "{key}");
    }
    for _ in 0..2 {
        assert_eq!(site.put(&path, join.clone()).await.status, StatusCode::OK);
    }
    assert_eq!((contact_of(&first).await, contact_of(second).await), (json!(2), json!(2)));
    let own = shop.ctx.clone();
    let (gone, stays) = db
        .read_now(&shop.ctx, move |tx| Ok((find_by_number(&own, tx, 1)?, find_by_number(&own, tx, 2)?)))
        .unwrap();
    let stays = stays.unwrap();
    assert_eq!(gone, None);
    assert_eq!(stays.phone, Some(Phone::parse("901112233").unwrap()), "what stands is kept");
    assert!(stays.note.is_some(), "the other phone is not lost");
}

#[db_test]
async fn a_contact_that_documents_name_is_not_joined_into_another(db: &TestDb) {
    let shop = Shop::open(db);
    let (mut chat, id) = met(&shop).await;
    order(&mut chat).await;
    let own = shop.ctx.clone();
    let known = NewContact::customer("Aziza Karimova", None);
    db.write_now(&shop.ctx, move |tx| create_contact(&own, tx, known.clone())).unwrap();
    let mut site = shop.site.clone();
    let refused =
        site.put(&format!("/api/conversations/{id}/contact"), json!({ "contact_id": 2, "join": true })).await;
    assert_eq!(refused.errors(), ["join: contacts-join-in-use"]);
    assert_eq!(standing(&site, &id).await["contact_id"], 1, "what is refused changes nothing");

    let path = format!("/conversations/{id}/contact");
    let typed = [("contact_id", ""), ("contact_id_shown", "Azi"), ("join", "")];
    let refused = site.form(&path, &typed).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("value=\"Azi\"") && refused.text().contains("Choose a contact"));
    let typed = [("contact_id", "2"), ("contact_id_shown", "Aziza Karimova"), ("join", "")];
    assert_eq!(site.form(&path, &typed).await.status, StatusCode::SEE_OTHER);
    assert_eq!(standing(&site, &id).await["contact_id"], 2);
    let page = site.page(&format!("/conversations/{id}")).await.text();
    assert!(page.contains("Aziza Karimova") && page.contains(&path));
    let clear = format!("{path}/clear");
    assert!(page.contains(&clear));
    assert_eq!(site.form(&clear, &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(standing(&site, &id).await["contact_id"], json!(null));
    let page = site.by("1:bots.read,tickets.edit").page(&format!("/conversations/{id}")).await.text();
    assert!(!page.contains(&path), "who may not see contacts chooses none");
}

#[db_test]
async fn canned_replies_are_kept_by_their_short_words(db: &TestDb) {
    let shop = Shop::open(db);
    let (_chat, id) = met(&shop).await;
    let mut site = shop.site.clone();
    let form = [("shortcut", "/Manzil"), ("uz", "Toshkent, Chorsu"), ("ru", ""), ("en", "Tashkent, Chorsu")];
    let made = site.form("/conversations/canned/new", &form).await;
    assert_eq!(
        (made.status, made.header("location")),
        (StatusCode::SEE_OTHER, Some("/conversations/canned"))
    );
    let again = site.form("/conversations/canned/new", &form).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.text().contains("There is /manzil already") && again.text().contains("Tashkent, Chorsu"));
    for (body, error) in [
        (json!({ "shortcut": "ikki soʻz", "uz": "a" }), "shortcut: tickets-canned-shortcut-malformed"),
        (json!({ "shortcut": "boʻsh" }), "uz: kernel-text-missing"),
        (json!({ "shortcut": "MANZIL", "uz": "a" }), "shortcut: tickets-canned-taken"),
    ] {
        assert_eq!(site.post("/api/canned-replies", body).await.errors(), [error]);
    }
    // The person speaks English.
    let page = site.page(&format!("/conversations/{id}")).await.text();
    assert!(page.contains("Tashkent, Chorsu"), "{page}");
    let hello =
        json!({ "shortcut": "salom", "uz": "a", "en": "Hello, {name}! № {number} ({category}), {business}" });
    site.post("/api/canned-replies", hello).await;
    let given = site.get(&format!("/api/conversations/{id}/canned-replies")).await.json();
    let text = given[1]["text"].as_str().unwrap();
    let name = standing(&site, &id).await["person"].as_str().unwrap().to_owned();
    assert_eq!(text, format!("Hello, {name}!"), "what is not known leaves no hole");
    assert!(site.page(&format!("/conversations/{id}")).await.text().contains(&format!("Hello, {name}!")));
    let elsewhere = shop.site.by("2").get(&format!("/api/conversations/{id}/canned-replies")).await;
    assert_eq!(elsewhere.status, StatusCode::NOT_FOUND);
    let reply = site.get("/api/canned-replies").await.json()["results"][0].clone();
    let path = format!("/api/canned-replies/{}", reply["id"].as_str().unwrap());
    let changed = json!({ "shortcut": "manzil", "ru": "Ташкент" });
    assert_eq!(site.put(&path, changed).await.json()["ru"], "Ташкент");
    assert_eq!(site.delete(&path).await.status, StatusCode::NO_CONTENT);
    assert_eq!(site.delete(&path).await.status, StatusCode::NOT_FOUND);
}

#[db_test]
async fn files_of_the_staff_reach_the_person_and_are_the_workspaces_own(db: &TestDb) {
    let shop = Shop::open(db);
    let (chat, id) = met(&shop).await;
    let path = format!("/api/conversations/{id}/files");
    let sent = shop.site.upload(&path, "file", "Шартнома 7.pdf", b"%PDF-1.7 hujjat").await;
    assert_eq!(sent.status, StatusCode::CREATED, "{}", sent.text());
    let told = shop.site.get(&format!("/api/conversations/{id}/messages")).await.json();
    let document = all(&told["results"]).last().unwrap()["document"].clone();
    assert_eq!(document["name"], "shartnoma-7.pdf");
    let address = document["url"].as_str().unwrap();
    let file = shop.site.page(address).await;
    assert_eq!((file.status, file.header("content-type")), (StatusCode::OK, Some("application/pdf")));
    assert_eq!(shop.site.by("2").page(address).await.status, StatusCode::NOT_FOUND);
    assert!(chat.state().await.to_string().contains("shartnoma-7.pdf"));

    let picture = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    assert_eq!(shop.site.upload(&path, "file", "rasm.png", &picture).await.status, StatusCode::CREATED);
    let told = shop.site.get(&format!("/api/conversations/{id}/messages")).await.json();
    assert!(all(&told["results"]).last().unwrap()["picture"].is_string());
    assert_eq!(shop.site.upload(&path, "file", "x", b"").await.errors(), ["file: bots-attachment-missing"]);
    assert_eq!(
        shop.site.by("1:bots.read").upload(&path, "file", "x", b"1").await.status,
        StatusCode::FORBIDDEN
    );
}

#[db_test]
async fn the_page_answers_without_a_script_and_keeps_what_was_refused(db: &TestDb) {
    let shop = Shop::open(db);
    let (_chat, id) = met(&shop).await;
    let mut site = shop.site.clone();
    let path = format!("/conversations/{id}");
    let said = site.form(&format!("{path}/say"), &[("mode", "reply"), ("text", "Assalomu alaykum")]).await;
    assert_eq!((said.status, said.header("location")), (StatusCode::SEE_OTHER, Some(path.as_str())));
    let noted = site.form(&format!("{path}/say"), &[("mode", "note"), ("text", "Doimiy mijoz")]).await;
    assert_eq!(noted.status, StatusCode::SEE_OTHER);
    let log = site.page(&format!("{path}/log")).await.text();
    assert!(
        log.contains("Assalomu alaykum") && log.contains("is-note") && log.contains("Doimiy mijoz"),
        "{log}"
    );
    let long = "a".repeat(4_097);
    let refused = site.form(&format!("{path}/say"), &[("mode", "reply"), ("text", &long)]).await;
    assert!(refused.text().contains(&long) && refused.text().contains("inbox-error"), "what was typed stays");
    for path in ["take-over", "hand-back"] {
        let done = site.form(&format!("/conversations/{id}/{path}"), &[]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER);
    }
    for lang in kernel::Lang::ALL {
        let site = shop.site.in_lang(lang);
        for path in [
            path.as_str(),
            "/conversations?view=mine",
            "/conversations/labels",
            "/conversations/labels?new=1",
            "/conversations/canned",
            "/conversations/canned/new",
        ] {
            let page = site.page(path).await;
            assert_eq!(page.status, StatusCode::OK, "{path}");
            assert!(!page.text().contains(">bots-"), "{lang:?} {path}: a key without a text");
        }
    }
}

#[db_test]
async fn conversations_are_found_by_what_was_said_in_both_scripts(db: &TestDb) {
    let shop = Shop::open(db);
    let (mut chat, id) = met(&shop).await;
    chat.say("Muzlatgichingiz shovqin chiqaryapti").await;
    act(&shop.site, &id, "notes", json!({ "text": "Ustani yuboramiz" })).await;
    for (q, count) in [
        ("muzlatgich", 1),
        ("%D0%BC%D1%83%D0%B7%D0%BB%D0%B0%D1%82%D0%B3%D0%B8%D1%87", 1),
        ("shovqin%20muzlatgich", 1),
        ("ustani", 1),
        ("shovqin%20ustani", 0),
        ("televizor", 0),
        ("%25", 0),
    ] {
        let found = shop.site.get(&format!("/api/conversations?q={q}")).await.json();
        assert_eq!(found["count"], count, "{q}");
        assert_eq!(shop.site.by("2").get(&format!("/api/conversations?q={q}")).await.json()["count"], 0);
    }
}
