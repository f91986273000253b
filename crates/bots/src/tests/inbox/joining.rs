//! Two contacts turn out to be one person who asked the support desk as both.

use axum::http::StatusCode;
use catalog::Names;
use contacts::{NewContact, create_contact, find_by_number};
use db::{db_test, testing::TestDb};
use serde_json::json;
use tickets::{NewCategory, Opening, Telegram, actions, reads};

use super::{super::Shop, met};

#[db_test]
async fn tickets_come_along_where_two_contacts_are_one_person_and_nobody_has_two_open_ones(db: &TestDb) {
    let shop = Shop::open(db);
    let (_chat, id) = met(&shop).await;
    let own = shop.ctx.clone();
    let opened = db.write_now(&shop.ctx, move |tx| {
        let known = create_contact(&own, tx, NewContact::customer("Aziza Karimova", None))?;
        let name = Names { uz: "Toʻlov".to_owned(), ru: None, en: None };
        let category = actions::create_category(&own, tx, NewCategory::named(name))?.id;
        let before = find_by_number(&own, tx, 1)?.unwrap();
        for (contact, telegram_id) in [(before.id, 700), (known.id, 701)] {
            let telegram = Telegram { telegram_id, username: None };
            actions::put_telegram(&own, tx, contact, &telegram)?;
        }
        let mut open = |contact| match actions::open_ticket(&own, tx, contact, category, None)? {
            Opening::New(ticket) => Ok::<_, kernel::Error>(ticket.id),
            Opening::AlreadyOpen(ticket) => panic!("{ticket:?}"),
        };
        Ok((known.id, open(before.id)?, open(known.id)?))
    });
    let (known, first, second) = opened.unwrap();
    let mut site = shop.site.clone();
    let path = format!("/api/conversations/{id}/contact");
    let join = json!({ "contact_id": 2, "join": true });
    let refused = site.put(&path, join.clone()).await;
    assert_eq!(refused.errors(), ["join: tickets-join-both-open"]);
    let typed = [("contact_id", "2"), ("contact_id_shown", "Aziza Karimova"), ("join", "on")];
    let page = site.form(&format!("/conversations/{id}/contact"), &typed).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text().contains("Both have an open ticket: No. 1 and No. 2"), "{}", page.text());

    let own = shop.ctx.clone();
    db.write_now(&shop.ctx, move |tx| actions::close(&own, tx, second)).unwrap();
    assert_eq!(site.put(&path, join).await.status, StatusCode::OK);
    let own = shop.ctx.clone();
    let read = move |tx: &mut db::ReadTx<'_>| {
        let whose = |tx: &mut db::ReadTx<'_>, id| reads::get(&own, tx, id).map(|ticket| ticket.contact);
        let open = reads::open_of(&own, tx, known)?.map(|ticket| ticket.id);
        let mut telegram = Vec::new();
        for id in [700, 701] {
            telegram.push(reads::contact_of_telegram(&own, tx, id)?);
        }
        Ok((whose(tx, first)?, whose(tx, second)?, open, telegram))
    };
    let found = db.read_now(&shop.ctx, read).unwrap();
    assert_eq!(found, (known, known, Some(first), vec![None, Some(known)]));
}
