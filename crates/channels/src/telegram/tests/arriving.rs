//! What people do, as the conversation engine hears it.

use flow::{Contact, Input, Location, Media, MediaKind};

use super::*;

#[tokio::test]
async fn words_commands_contacts_and_places_arrive() {
    let world = world().await;
    let anna = &world.anna;
    anna.send_text("samsung televizor");
    anna.send_text("/order@bot42_bot 12 ");
    anna.share_contact();
    anna.share_contact_of("Ona", "998901112233", Some(5));
    anna.share_contact_of("Ona", "998901112233", None);
    anna.share_location(41.311_081, -0.000_001);
    anna.send_text("/ bu buyruq emas");
    let updates = world.telegram.get_updates(0, 0).await.unwrap();
    let inputs: Vec<Input> = updates.iter().filter_map(|update| update.to_input("")).collect();
    let contact = |phone: &str, own| Input::Contact(Contact { phone: phone.into(), own });
    let command = |name: &str, payload: &str| Input::Command { name: name.into(), payload: payload.into() };
    assert_eq!(
        inputs,
        [
            command("start", ""),
            Input::Text("samsung televizor".into()),
            command("order", "12"),
            contact(&anna.phone(), true),
            contact("998901112233", false),
            contact("998901112233", false),
            Input::Location(Location { latitude_e6: 41_311_081, longitude_e6: -1 }),
            Input::Text("/ bu buyruq emas".into()),
        ]
    );
    let last = updates.last().unwrap();
    assert_eq!(last.chat, Some(Chat { id: 1001, kind: ChatKind::Private, title: None }));
    let from = last.from.as_ref().unwrap();
    assert_eq!(
        (from.id, from.first_name.as_str(), from.language_code.as_deref()),
        (1001, "Person 1001", Some("uz"))
    );
    assert!(matches!(&updates[2].kind, Kind::Command { bot: Some(bot), .. } if bot == "bot42_bot"));
}

#[tokio::test]
async fn what_was_confirmed_does_not_come_again() {
    let world = world().await;
    world.anna.send_text("ikki");
    let updates = world.telegram.get_updates(0, 0).await.unwrap();
    assert_eq!(updates.len(), 2);
    let again = world.telegram.get_updates(updates[1].update_id, 0).await.unwrap();
    assert_eq!(again.len(), 1);
    assert!(world.telegram.get_updates(updates[1].update_id + 1, 0).await.unwrap().is_empty());
}

#[tokio::test]
async fn media_come_with_their_file_caption_and_album() {
    let world = world().await;
    let photo = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x09\0\0\0\x09".to_vec();
    world.anna.send_album(vec![photo.clone().into(), photo.clone().into()], "ikkita");
    world.anna.send_document("narx.xlsx", "application/vnd.ms-excel", &b"xlsx"[..]);
    world.anna.send_voice(&b"ogg"[..]);
    world.anna.send_big_document("kino.mkv", 21 << 20);
    let updates = world.telegram.get_updates(0, 0).await.unwrap();
    let album = |update: &Incoming| match &update.kind {
        Kind::Media { album, .. } => album.clone().unwrap(),
        other => panic!("{other:?}"),
    };
    assert_eq!(album(&updates[1]), album(&updates[2]));
    let expected = Media { kind: MediaKind::Photo, file: "f1".into(), caption: "ikkita".into() };
    assert_eq!(updates[1].to_input("f1"), Some(Input::Media(expected)));
    let files: Vec<(MediaKind, FileRef)> = updates
        .iter()
        .filter_map(|update| match &update.kind {
            Kind::Media { kind, file, .. } => Some((*kind, file.clone())),
            _ => None,
        })
        .collect();
    assert_eq!(downloaded(&world.telegram, &files[0].1).await.unwrap(), photo);
    assert_eq!(files[2].1.name.as_deref(), Some("narx.xlsx"));
    assert_eq!(downloaded(&world.telegram, &files[2].1).await.unwrap(), b"xlsx");
    assert_eq!(files[3].0, MediaKind::Voice);
    let big = world.telegram.download(&files[4].1).await.unwrap_err();
    assert!(matches!(classify(&big), Outcome::BadFile(_)));
    let unsized_big = FileRef { size: None, ..files[4].1.clone() };
    assert!(matches!(
        classify(&downloaded(&world.telegram, &unsized_big).await.unwrap_err()),
        Outcome::BadFile(_)
    ));
}

async fn downloaded(telegram: &Telegram, file: &FileRef) -> Result<Vec<u8>, CallError> {
    let mut download = telegram.download(file).await?;
    let mut bytes = Vec::new();
    while let Some(piece) = download.next().await? {
        bytes.extend_from_slice(&piece);
    }
    Ok(bytes)
}

#[tokio::test]
async fn edits_blocks_and_kinds_nobody_knows_are_told_apart() {
    let world = world().await;
    let id = world.anna.send_text("1 dona");
    world.anna.edit_text(id, "2 dona");
    let edited = world.last_update().await;
    assert_eq!(edited.kind, Kind::Edited { text: Some("2 dona".into()), caption: None });
    assert_eq!((edited.message_id, edited.to_input("")), (Some(id), None));
    world.anna.block();
    assert_eq!(world.last_update().await.kind, Kind::Blocked);
    world.anna.unblock();
    assert_eq!(world.last_update().await.kind, Kind::Unblocked);
    world.anna.send(serde_json::json!({"dice": {"emoji": "🎲", "value": 5}}));
    let dice = world.last_update().await;
    assert_eq!(dice.kind, Kind::Unknown("message".into()));
    assert!(dice.raw.get().contains("dice"), "what is not understood is kept whole");
}

#[tokio::test]
async fn a_poll_waits_and_a_webhook_is_set_seen_and_taken_back() {
    let world = world().await;
    let offset = world.last_update().await.update_id + 1;
    let (telegram, anna) = (world.telegram.clone(), world.anna.clone());
    let polling = tokio::spawn(async move { telegram.get_updates(offset, 30).await.unwrap() });
    tokio::task::yield_now().await;
    anna.send_text("keldi");
    assert_eq!(polling.await.unwrap()[0].kind, Kind::Text("keldi".into()));
    let unreachable = "https://shop.invalid/telegram/1";
    world.telegram.set_webhook(unreachable, "s3cret", 40).await.unwrap();
    assert_eq!(world.telegram.webhook_state().await.unwrap().url.as_deref(), Some(unreachable));
    let conflict = world.telegram.get_updates(0, 0).await.unwrap_err();
    assert!(matches!(classify(&conflict), Outcome::Conflict(_)));
    world.telegram.delete_webhook(true).await.unwrap();
    let state = world.telegram.webhook_state().await.unwrap();
    assert_eq!((state.url, state.pending), (None, 0));
    assert!(world.fake.counters().updates_dropped > 0);
}
