//! Writing a broadcast: what is refused, who would get it, what may be done when.

use db::{db_test, testing::TestDb};
use kernel::{Kind, Lang};

use super::{House, words};
use crate::{
    Button, Content, Opens, People, State, Texts, actions,
    actions::{NewBroadcast, StoredFile},
    reads, store,
};

#[db_test]
async fn what_cannot_be_sent_is_refused_at_its_field(db: &TestDb) {
    let house = House::open(db).await;
    let button =
        |opens| Some(Button { labels: Texts { uz: "Ochish".to_owned(), ..Texts::default() }, opens });
    let cases: Vec<(Content, &str)> = vec![
        (Content::default(), "text_uz"),
        (Content { texts: Texts { ru: "Привет".to_owned(), ..Texts::default() }, ..words() }, "text_uz"),
        (Content { texts: Texts { uz: "a".repeat(4_097), ..Texts::default() }, ..words() }, "text_uz"),
        (Content { button: button(Opens::Url("javascript:alert(1)".to_owned())), ..words() }, "button_url"),
        (Content { button: button(Opens::Command("nothing".to_owned())), ..words() }, "button_command"),
        (
            Content {
                button: Some(Button {
                    labels: Texts::default(),
                    opens: Opens::Url("https://shop.uz".to_owned()),
                }),
                ..words()
            },
            "button_uz",
        ),
    ];
    for (content, field) in cases {
        let new = house.draft(content);
        let error = house
            .try_write(db, move |ctx, tx, bots| actions::create(ctx, tx, bots, new.clone()))
            .unwrap_err();
        assert_eq!(error.field_errors()[0].field, field);
    }
    let nowhere = NewBroadcast { channel: kernel::Id::from_uuid(uuid::Uuid::nil()), ..house.draft(words()) };
    let error = house
        .try_write(db, move |ctx, tx, bots| actions::create(ctx, tx, bots, nowhere.clone()))
        .unwrap_err();
    assert_eq!(error.field_errors()[0].field, "channel");
}

#[db_test]
async fn a_file_is_checked_and_words_must_fit_under_it(db: &TestDb) {
    let house = House::open(db).await;
    let jpeg = files::MediaType::Jpeg;
    assert!(StoredFile::kind(jpeg, 10 << 20).is_ok() && StoredFile::kind(jpeg, (10 << 20) + 1).is_err());
    assert!(StoredFile::kind(files::MediaType::Pdf, 3).is_err());
    let long = Content { texts: Texts { uz: "a".repeat(1_025), ..Texts::default() }, ..words() };
    let made = house.create(db, house.draft(long));
    let hash = house.blobs.put(b"\xff\xd8\xff picture".to_vec()).await.unwrap();
    let file = StoredFile { hash, name: "a.jpg".to_owned(), media_type: jpeg, size: 12 };
    let (id, own) = (made.id, file.clone());
    let error = house
        .try_write(db, move |ctx, tx, bots| actions::set_file(ctx, tx, bots, id, Some(&own)))
        .unwrap_err();
    assert_eq!(error.field_errors()[0].field, "file");
    let short = house.create(db, house.draft(words()));
    let id = short.id;
    let with = house.write(db, move |ctx, tx, bots| actions::set_file(ctx, tx, bots, id, Some(&file)));
    assert_eq!(with.content.media.unwrap().name, "a.jpg");
}

#[db_test]
async fn who_would_get_it_is_counted_before_it_is_sent(db: &TestDb) {
    let house = House::open(db).await;
    house.people(db, 1_000, 9);
    let made = house.create(db, house.draft(words()));
    let count = |people: People| {
        let (own, made) = (house.ctx.clone(), crate::Broadcast { people, ..made.clone() });
        db.read_now(&house.ctx, move |tx| reads::preview(&own, tx, &made)).unwrap()
    };
    let all = count(People::default());
    assert_eq!((all.audience.reachable, all.audience.blocked, all.unspoken), (9, 0, 3));
    assert_eq!(all.missing, []);
    // Who never chose a language speaks the bot's, which is Uzbek.
    assert_eq!(count(People { langs: vec![Lang::Uz], ..People::default() }).audience.reachable, 6);
    assert_eq!(count(People { langs: vec![Lang::Ru], ..People::default() }).audience.reachable, 3);
    assert_eq!(count(People { langs: vec![Lang::En], ..People::default() }).audience.reachable, 0);
    assert_eq!(count(People { wrote_within_days: Some(1), ..People::default() }).audience.reachable, 9);
    assert_eq!(count(People { silent_for_days: Some(1), ..People::default() }).audience.reachable, 0);
}

#[db_test]
async fn each_act_is_possible_in_its_states_only(db: &TestDb) {
    let house = House::open(db).await;
    let id = house.create(db, house.draft(words())).id;
    let nobody = house.try_write(db, move |ctx, tx, bots| actions::schedule(ctx, tx, bots, id, None));
    assert_eq!(nobody.unwrap_err().text().key(), "broadcast-nobody");
    house.people(db, 1_000, 3);
    let past = house.ctx.now().plus_seconds(-3_600);
    let past = house.try_write(db, move |ctx, tx, bots| actions::schedule(ctx, tx, bots, id, Some(past)));
    assert_eq!(past.unwrap_err().field_errors()[0].field, "at");
    let later = house.ctx.now().plus_seconds(3_600);
    let planned = house.write(db, move |ctx, tx, bots| actions::schedule(ctx, tx, bots, id, Some(later)));
    assert_eq!((planned.state, planned.due_at), (State::Scheduled, Some(later)));
    for act in [actions::pause, actions::resume] {
        let refused = house.try_write(db, move |ctx, tx, _| act(ctx, tx, id)).unwrap_err();
        assert_eq!(refused.kind(), Kind::Conflict);
    }
    assert_eq!(house.write(db, move |ctx, tx, _| actions::unschedule(ctx, tx, id)).state, State::Draft);
    let bot = house.bot.id;
    house.write(db, move |ctx, tx, _| bots::set_bot_state(ctx, tx, bot, bots::BotState::Paused));
    let refused = house.try_write(db, move |ctx, tx, bots| actions::schedule(ctx, tx, bots, id, None));
    assert_eq!(refused.unwrap_err().text().key(), "broadcast-bot-paused");
    house.write(db, move |ctx, tx, _| bots::set_bot_state(ctx, tx, bot, bots::BotState::Active));
    house.start(db, id);
    assert_eq!(house.write(db, move |ctx, tx, _| actions::cancel(ctx, tx, id)).state, State::Cancelled);
    let copied = house.write(db, move |ctx, tx, bots| actions::copy(ctx, tx, bots, id));
    assert_eq!((copied.state, copied.number, copied.content), (State::Draft, 2, words()));
    house.write(db, move |ctx, tx, _| actions::delete(ctx, tx, copied.id));
}

#[db_test]
async fn two_senders_never_take_the_same_person(db: &TestDb) {
    let house = House::open(db).await;
    house.people(db, 1_000, 50);
    let made = house.create(db, house.draft(words()));
    let segment = made.people.segment(made.channel, made.default_lang, house.ctx.now());
    let people = {
        let own = house.ctx.clone();
        db.read_now(&house.ctx, move |tx| bots::list_audience(&own, tx, &segment, None, 100)).unwrap()
    };
    let wanted: Vec<_> = people.iter().map(|one| one.conversation).collect();
    let (own, id, listed) = (house.ctx.clone(), made.id, made.clone());
    db.write_now(&house.ctx, move |tx| {
        store::recipient::insert(&own, tx, &listed, &people)?;
        // Who is written down is not written down again.
        store::recipient::insert(&own, tx, &listed, &people)
    })
    .unwrap();
    let takers: Vec<_> = (1..=4)
        .map(|fence| {
            let (db, own, wanted) = ((**db).clone(), house.ctx.clone(), wanted.clone());
            tokio::spawn(async move {
                let ctx = own.clone();
                let take = move |tx: &mut db::Tx<'_>| store::recipient::take(&ctx, tx, id, fence, &wanted);
                db.write(&own, db::Lane::People, take).await.unwrap().len()
            })
        })
        .collect();
    let mut taken = 0;
    for taker in takers {
        taken += taker.await.unwrap();
    }
    assert_eq!(taken, 50, "each exactly once");
}

#[db_test]
async fn a_late_truth_replaces_unknown_and_nothing_else(db: &TestDb) {
    let house = House::open(db).await;
    house.people(db, 1_000, 2);
    let made = house.create(db, house.draft(words()));
    let (own, segment) =
        (house.ctx.clone(), made.people.segment(made.channel, made.default_lang, house.ctx.now()));
    let (id, channel) = (made.id, made.channel);
    let fates = db
        .write_now(&house.ctx, move |tx| {
            use crate::Fate;
            let people = bots::list_audience(&own, tx, &segment, None, 100)?;
            store::recipient::insert(&own, tx, &made, &people)?;
            let both: Vec<_> = people.iter().map(|one| one.conversation).collect();
            store::recipient::take(&own, tx, id, 1, &both)?;
            let begun = crate::Broadcast { started_at: Some(own.now()), ..made.clone() };
            store::update(&own, tx, &begun)?;
            assert_eq!(store::recipient::give_up_before(&own, tx, channel, 1)?, 0, "the lease still holds");
            assert_eq!(store::recipient::give_up_before(&own, tx, channel, 2)?, 2);
            let again = store::recipient::take(&own, tx, id, 2, &both)?;
            assert_eq!(again, [], "what is unknown is never taken again");
            let one = both[0];
            let mut set = |fence| store::recipient::set_fate(&own, tx, id, one, fence, (Fate::Sent, None));
            Ok([set(2)?, set(1)?, set(1)?])
        })
        .unwrap();
    assert_eq!(fates, [false, true, false]);
    let (_, counts) = house.get(db, id);
    assert_eq!((counts.sent, counts.unknown), (1, 1));
}

#[db_test]
async fn with_a_bot_go_its_broadcasts(db: &TestDb) {
    let house = House::open(db).await;
    house.people(db, 1_000, 5);
    let made = house.create(db, house.draft(words()));
    let segment = made.people.segment(made.channel, made.default_lang, house.ctx.now());
    let (id, bot) = (made.id, made.bot);
    house.write(db, move |ctx, tx, _| {
        let people = bots::list_audience(ctx, tx, &segment, None, 10)?;
        store::recipient::insert(ctx, tx, &made, &people)
    });
    assert_eq!(house.get(db, id).1.waiting, 5);
    let left: Vec<bool> = (0..3)
        .map(|_| house.write(db, move |ctx, tx, _| crate::forgetting::forget_some(ctx, tx, bot)))
        .collect();
    assert_eq!(left, [false, false, true]);
    assert_eq!(house.site.get("/api/broadcasts").await.json()["count"], 0);
}
