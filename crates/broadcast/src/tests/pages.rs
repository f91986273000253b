//! The pages, driven as a browser drives them.

use axum::http::StatusCode;
use db::{db_test, testing::TestDb};
use kernel::Lang;

use super::{House, words};
use crate::{Fate, State, store};

#[db_test]
async fn pages_are_drawn_in_every_language(db: &TestDb) {
    let house = House::open(db).await;
    house.people(db, 1_000, 4);
    house.create(db, house.draft(words()));
    let begun = house.create(db, house.draft(words()));
    house.start(db, begun.id);
    for lang in Lang::ALL {
        let site = house.site.in_lang(lang);
        for path in [
            "/broadcasts",
            "/broadcasts?state=running",
            "/broadcasts/new",
            "/broadcasts/1",
            "/broadcasts/1/edit",
            "/broadcasts/2",
            "/broadcasts/2/people",
            "/broadcasts/2/people?outcome=unknown",
        ] {
            let page = site.page(path).await;
            assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.text());
            assert!(!page.text().contains(">broadcast-"), "{lang:?} {path}: a key without a text");
        }
    }
    for path in ["/broadcasts/7", "/broadcasts/x", "/broadcasts/7/people"] {
        assert_eq!(house.site.page(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(house.site.by("1:bots.read").page("/broadcasts").await.status, StatusCode::FORBIDDEN);
    let reader = house.site.by("1:bots.read,broadcast.read").page("/broadcasts/1").await.text();
    assert!(!reader.contains("/broadcasts/1/start"), "who only reads has no buttons");
}

#[db_test]
async fn who_reads_broadcasts_needs_to_see_nothing_else_of_bots(db: &TestDb) {
    let house = House::open(db).await;
    house.people(db, 1_000, 3);
    house.create(db, house.draft(words()));
    let picture = b"\xff\xd8\xff x".as_slice();
    let saved = house.site.upload("/broadcasts/1/file", "file", "a.jpg", picture).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text());
    let reader = house.site.by("1:broadcast.read");
    for path in ["/broadcasts", "/broadcasts/1", "/broadcasts/1/people"] {
        let page = reader.page(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.text());
        let page = page.text();
        assert!(page.contains("href=\"/broadcasts\""), "{path}: it stands in the menu");
        for link in ["href=\"/bots", "href=\"/conversations", "/broadcasts/new", "/broadcasts/1/edit"] {
            assert!(!page.contains(link), "{path} leads to {link}");
        }
    }
    let page = reader.page("/broadcasts/1").await.text();
    assert!(page.contains("Yordamchi · @shop_bot"), "{page}");
    assert!(!page.contains("Person 100"), "to whom it could be tried is asked by who writes");
    let src = page.split("src=\"").find(|part| part.starts_with("/broadcasts/1/files/")).unwrap();
    let src = src.split('"').next().unwrap();
    let shown = reader.page(src).await;
    assert_eq!((shown.status, shown.bytes.as_slice()), (StatusCode::OK, picture));
    let other = format!("/broadcasts/1/files/{}", "0".repeat(64));
    assert_eq!(reader.page(&other).await.status, StatusCode::NOT_FOUND);
    assert_eq!(house.site.by("1:bots.read").page(src).await.status, StatusCode::FORBIDDEN);
    assert_eq!(house.site.by("2").page(src).await.status, StatusCode::NOT_FOUND);
    let bots = house.site.by("1:bots.read").page("/bots").await.text();
    assert!(!bots.contains("href=\"/broadcasts\""), "who may not read them does not see them");
}

#[db_test]
async fn a_broadcast_is_written_seen_and_planned_by_its_forms(db: &TestDb) {
    let house = House::open(db).await;
    house.people(db, 1_000, 6);
    let channel = house.channel.id.to_string();
    let form = [
        ("name", "Yozgi <chegirma>"),
        ("channel", channel.as_str()),
        ("activity", "within-30"),
        ("text_uz", "*Salom* <b>"),
        ("button_uz", "Katalog"),
        ("opens", "https://shop.uz"),
    ];
    let mut site = house.site.clone();
    let made = site.form("/broadcasts/new", &form).await;
    assert_eq!(made.header("location"), Some("/broadcasts/1"), "{}", made.text());
    let page = site.page("/broadcasts/1").await.text();
    assert!(page.contains("<b>Salom</b> &lt;b&gt;"), "words stay words: {page}");
    assert!(page.contains("Katalog") && page.contains("no text of its own"));
    let mut wrong = form;
    wrong[5] = ("opens", "ftp://x");
    let refused = site.form("/broadcasts/1/edit", &wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("ftp://x") && refused.text().contains("An address that begins with"));
    for (date, time, words) in [
        ("2020-01-01", "10:00", "This moment has passed"),
        ("2026-09-25", "25:00", "hours and minutes"),
        ("x", "10:00", "is-invalid"),
    ] {
        let refused = site.form("/broadcasts/1/schedule", &[("date", date), ("time", time)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{date} {time}");
        assert!(refused.text().contains(words), "{date} {time}: {}", refused.text());
    }
    let planned = site.form("/broadcasts/1/schedule", &[("date", "2026-09-25"), ("time", "9:30")]).await;
    assert_eq!(planned.status, StatusCode::SEE_OTHER, "{}", planned.text());
    let due = site.get("/api/broadcasts/1").await.json()["due_at"].clone();
    assert_eq!(due, "2026-09-25T04:30:00.000Z", "half past nine in Tashkent");
    assert_eq!(site.form("/broadcasts/1/cancel", &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(site.get("/api/broadcasts/1").await.json()["state"], "cancelled");
    let again = site.form("/broadcasts/1/pause", &[]).await;
    assert_eq!(again.header("location"), Some("/broadcasts/1"), "the page tells what is wrong");
}

#[db_test]
async fn a_file_is_added_by_its_form_and_a_trial_goes_to_one_conversation(db: &TestDb) {
    let house = House::open(db).await;
    house.people(db, 1_000, 2);
    house.create(db, house.draft(words()));
    let site = house.site.clone();
    let refused = site.upload("/broadcasts/1/file", "file", "a.pdf", b"%PDF-1.4").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text());
    assert!(refused.text().contains("Pictures as JPEG"));
    let saved = site.upload("/broadcasts/1/file", "file", "a.jpg", b"\xff\xd8\xff x").await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text());
    let page = site.page("/broadcasts/1").await.text();
    let conversation = page.split("<option value=\"").find(|part| part.contains("Person 1000")).unwrap();
    let conversation = conversation.split('"').next().unwrap().to_owned();
    let mut site = site;
    let tried = site.form("/broadcasts/1/try", &[("conversation", &conversation)]).await;
    assert_eq!(tried.status, StatusCode::SEE_OTHER, "{}", tried.text());
    let said = site.get(&format!("/api/conversations/{conversation}/messages")).await.json();
    // One in each language that has words.
    assert_eq!(said["results"].as_array().unwrap().len(), 2, "{said}");
    let nobody = site.form("/broadcasts/1/try", &[("conversation", "x")]).await;
    assert_eq!(nobody.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(site.form("/broadcasts/1/file/delete", &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(site.form("/broadcasts/1/delete", &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(site.page("/broadcasts/1").await.status, StatusCode::NOT_FOUND);
}

#[db_test]
async fn who_got_it_is_read_as_a_list_and_as_a_file(db: &TestDb) {
    let house = House::open(db).await;
    house.people(db, 1_000, 3);
    let made = house.create(db, house.draft(words()));
    house.start(db, made.id);
    let (id, segment) = (made.id, made.people.segment(made.channel, made.default_lang, house.ctx.now()));
    house.write(db, move |ctx, tx, _| {
        let people = bots::list_audience(ctx, tx, &segment, None, 10)?;
        let running = crate::Broadcast {
            state: State::Running,
            started_at: Some(ctx.now()),
            ..store::get(ctx, tx, id)?
        };
        store::update(ctx, tx, &running)?;
        store::recipient::insert(ctx, tx, &running, &people)?;
        let all: Vec<_> = people.iter().map(|one| one.conversation).collect();
        store::recipient::take(ctx, tx, id, 1, &all)?;
        store::recipient::set_fate(ctx, tx, id, all[0], 1, (Fate::Sent, None))?;
        store::recipient::set_fate(ctx, tx, id, all[1], 1, (Fate::Failed, Some("gone")))?;
        store::recipient::set_fate(ctx, tx, id, all[2], 1, (Fate::Unknown, None))
    });
    let page = house.site.page("/broadcasts/1").await.text();
    assert!(
        page.contains("value=\"100\"") && page.contains("/broadcasts/1/people?outcome=unknown"),
        "{page}"
    );
    assert!(page.contains("Of one person nobody knows"));
    let failed = house.site.page("/broadcasts/1/people?outcome=failed").await.text();
    assert!(failed.contains("The account is deleted") && !failed.contains("not sent again"));
    let file = house.site.page("/broadcasts/1/people?format=csv").await.text();
    assert_eq!(file.lines().count(), 4, "{file}");
}
