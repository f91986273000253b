//! What we send, as people see it.

use flow::{Asks, Attached, Location, Mark, MediaKind, ReplyButton, Style};
use kernel::Lang;
use serde_json::json;
use testkit::telegram::Action;

use super::*;

#[tokio::test]
async fn marks_become_entities_and_nothing_typed_becomes_markup() {
    let world = world().await;
    let mut text = RichText::plain("📺 <b>Narxi</b> 5 000 soʻm");
    text.marks.push(Mark { start: 3, length: 12, style: Style::Bold });
    text.marks.push(Mark { start: 16, length: 5, style: Style::Link("https://shop.uz/1".into()) });
    world.send(None, &[Reply::Message(Message { text, ..says("") })]).await;
    let screen = world.anna.screen();
    let shown = screen.last().unwrap();
    assert_eq!(shown.text, "📺 <b>Narxi</b> 5 000 soʻm");
    assert_eq!(shown.text_of("bold").unwrap(), "<b>Narxi</b>");
    assert_eq!(shown.text_of("text_link").unwrap(), "5 000");
}

#[tokio::test]
async fn keys_and_buttons_stand_where_they_belong() {
    let world = world().await;
    let keys = vec![
        vec![ReplyButton { label: "📱 Raqamim".into(), asks: Asks::Contact }],
        vec![ReplyButton { label: "Orqaga".into(), asks: Asks::Nothing }],
    ];
    let keyboard = Keyboard::Reply { rows: keys, once: true, placeholder: "Raqam".into() };
    world.send(None, &[Reply::Typing, Reply::Message(Message { keyboard, ..says("Raqamingiz?") })]).await;
    assert_eq!(world.anna.screen().keys, [["📱 Raqamim"], ["Orqaga"]]);
    world.anna.tap_key("📱 Raqamim");
    assert!(matches!(world.last_update().await.kind, Kind::Contact(flow::Contact { own: true, .. })));
    world.send(None, &[Reply::Message(Message { keyboard: Keyboard::Remove, ..says("Rahmat") })]).await;
    assert!(world.anna.screen().keys.is_empty());
    let act = InlineAct::WebApp("https://shop.uz/buy/1".into());
    let keyboard = Keyboard::Inline(vec![vec![InlineButton { label: "Sotib olish".into(), act }]]);
    world.send(None, &[Reply::Message(Message { keyboard, ..says("TV") })]).await;
    let button = world.anna.screen().last().unwrap().button("Sotib olish").unwrap().clone();
    assert_eq!(button.action, Action::WebApp("https://shop.uz/buy/1".into()));
}

#[tokio::test]
async fn a_tap_edits_its_message_and_is_answered() {
    let world = world().await;
    world
        .send(None, &[Reply::Message(Message { keyboard: one_button("Keyingi", "p2"), ..says("1-sahifa") })])
        .await;
    let tapped = world.anna.tap_button("Keyingi");
    let update = world.last_update().await;
    assert_eq!(update.to_input(""), Some(flow::Input::Button("p2".into())));
    let page = Message { keyboard: one_button("Oldingi", "p1"), edit: true, ..says("2-sahifa") };
    let replies = [Reply::Message(page), Reply::Toast("2 / 2".into())];
    world.send(update.tap().as_ref(), &replies).await;
    assert_eq!(tapped.answer().await.text, "2 / 2");
    let screen = world.anna.screen();
    assert_eq!(screen.bot_texts(), ["2-sahifa"]);
    assert!(screen.last().unwrap().button("Oldingi").is_some());
    // The same once more: nothing to change and a query already answered are both success.
    let sent = world.send(update.tap().as_ref(), &replies).await;
    assert_eq!(sent[1].message, update.message_id);
    assert_eq!(world.anna.screen().bot_texts(), ["2-sahifa"]);
}

#[tokio::test]
async fn an_edit_that_cannot_be_made_is_sent_anew() {
    let world = world().await;
    for (before, replaced) in [("deleted", false), ("with keys", false), ("plain", true)] {
        let keyboard = match before {
            "with keys" => Keyboard::Reply {
                rows: vec![vec![ReplyButton { label: "k".into(), asks: Asks::Nothing }]],
                once: false,
                placeholder: String::new(),
            },
            _ => Keyboard::Keep,
        };
        let sent = world.send(None, &[Reply::Message(Message { keyboard, ..says(before) })]).await;
        let message = sent[0].message.unwrap();
        if before == "deleted" {
            world.telegram.deliver(&to_anna(Act::Delete { message }), None).await.unwrap();
            world.telegram.deliver(&to_anna(Act::Delete { message }), None).await.unwrap();
        }
        let text = RichText::plain(format!("{before} → new"));
        let edit = to_anna(Act::EditText { message, text, keyboard: Keyboard::Keep });
        let edited = world.telegram.deliver(&edit, None).await.unwrap();
        assert_eq!(edited.message == Some(message), replaced, "{before}");
        assert!(world.anna.screen().says(&format!("{before} → new")), "{before}");
    }
}

#[tokio::test]
async fn a_picture_is_uploaded_once_and_then_named() {
    let world = world().await;
    let photo = |picture: &str| {
        to_anna(Act::Photo {
            picture: picture.into(),
            caption: RichText::plain("TV"),
            keyboard: one_button("Ol", "b"),
        })
    };
    assert_eq!(photo("stored-1").stored_file(), Some("stored-1"));
    assert_eq!(photo("https://shop.uz/a.jpg").stored_file(), None);
    let first = world.telegram.deliver(&photo("stored-1"), Some(&png())).await.unwrap();
    let file_id = first.file_id.clone().unwrap();
    let second =
        world.telegram.deliver(&photo("stored-1"), Some(&Upload::FileId(file_id.clone()))).await.unwrap();
    assert_eq!(second.file_id, Some(file_id.clone()));
    world.telegram.deliver(&photo("https://shop.uz/a.jpg"), None).await.unwrap();
    assert_eq!(world.anna.messages().iter().filter(|shown| shown.media.is_some()).count(), 3);
    let message = first.message.unwrap();
    let caption = RichText::plain("TV 2");
    let edit = Act::EditPhoto { message, picture: "stored-2".into(), caption, keyboard: Keyboard::Keep };
    let edited = world.telegram.deliver(&to_anna(edit), Some(&png())).await.unwrap();
    assert_eq!(edited.message, Some(message));
    assert_ne!(edited.file_id, Some(file_id));
}

#[tokio::test]
async fn a_document_is_uploaded_under_its_name_with_its_words_and_buttons_and_then_named() {
    let world = world().await;
    let caption = RichText::plain("Hisob");
    let act = Act::Document { document: invoice(), caption, keyboard: one_button("Ol", "b") };
    assert_eq!(to_anna(act.clone()).stored_file(), Some("stored-3"));
    let pdf = of_bytes(&invoice().name, "application/pdf", &b"%PDF-1.7"[..]);
    let sent = world.telegram.deliver(&to_anna(act.clone()), Some(&pdf)).await.unwrap();
    let again = Upload::FileId(sent.file_id.unwrap());
    world.telegram.deliver(&to_anna(act), Some(&again)).await.unwrap();
    let shown: Vec<_> = world.anna.messages().into_iter().filter(|shown| shown.by_bot).collect();
    assert_eq!(shown.len(), 2);
    for shown in shown {
        let media = shown.media.as_ref().unwrap();
        assert_eq!((shown.text.as_str(), shown.buttons.len()), ("Hisob", 1));
        assert_eq!(media.name.as_deref(), Some("faktura-2026-000001.pdf"));
        let kept = world.fake.file(&media.file_id).unwrap();
        assert_eq!((kept.mime.as_str(), &kept.bytes[..]), ("application/pdf", &b"%PDF-1.7"[..]));
    }
}

#[tokio::test]
async fn a_document_that_cannot_be_brought_is_told_with_its_words() {
    let world = world().await;
    let empty = of_bytes("x.pdf", "application/pdf", "");
    for upload in [None, Some(&empty), Some(&Upload::FileId("old".into()))] {
        let caption = RichText::plain("Hisob");
        let act = Act::Document { document: invoice(), caption, keyboard: one_button("Ol", "b") };
        world.telegram.deliver(&to_anna(act), upload).await.unwrap();
        let screen = world.anna.screen();
        let shown = screen.last().unwrap();
        assert_eq!((shown.text.as_str(), shown.buttons.len()), ("Hisob\n\nFayl kelmadi.", 1));
        assert!(shown.media.is_none());
    }
    let refusal = testkit::telegram::Fault::Refuse(413, "Request Entity Too Large".into());
    world.fake.fail_next("sendDocument", 1, refusal);
    let act = Act::Document { document: invoice(), caption: RichText::default(), keyboard: Keyboard::Keep };
    world.telegram.deliver(&to_anna(act), Some(&png())).await.unwrap();
    assert_eq!(world.anna.screen().last().unwrap().text, "Fayl kelmadi.");
}

#[tokio::test]
async fn a_picture_that_is_not_accepted_leaves_its_words() {
    let world = world().await;
    let broken = of_bytes("x", "image/png", "not a picture");
    for (picture, upload) in [
        ("gone", None),
        ("broken", Some(&broken)),
        ("http://10.0.0.1/a.jpg", None),
        ("old", Some(&Upload::FileId("x".into()))),
    ] {
        let caption = RichText::plain(picture);
        let act = Act::Photo { picture: picture.into(), caption, keyboard: one_button("Ol", "b") };
        world.telegram.deliver(&to_anna(act), upload).await.unwrap();
        let screen = world.anna.screen();
        let shown = screen.last().unwrap();
        assert_eq!((shown.text.as_str(), shown.buttons.len(), shown.media.is_none()), (picture, 1, true));
    }
    let wordless =
        Act::Photo { picture: "gone".into(), caption: RichText::default(), keyboard: Keyboard::Keep };
    assert!(matches!(world.telegram.deliver(&to_anna(wordless), None).await, Err(Outcome::BadFile(_))));
}

#[tokio::test]
async fn long_texts_come_in_parts_that_telegram_takes() {
    let world = world().await;
    let paragraph = "Oʻzbekiston 🇺🇿 doʻkoni. ".repeat(60);
    let long = vec![paragraph; 12].join("\n\n");
    let picture = Some("https://shop.uz/a.jpg".into());
    let message = Message { picture, keyboard: one_button("Ha", "y"), ..says(&long) };
    world.send(None, &[Reply::Message(message)]).await;
    let screen = world.anna.screen();
    assert!(screen.bot_texts().len() > 4);
    let squeeze = |text: &str| text.split_whitespace().collect::<String>();
    assert_eq!(squeeze(&screen.bot_texts().concat()), squeeze(&long));
    let with_buttons: Vec<bool> = screen.messages.iter().map(|shown| !shown.buttons.is_empty()).collect();
    assert_eq!(with_buttons.iter().filter(|has| **has).count(), 1);
    assert_eq!(with_buttons.last(), Some(&true));
}

#[tokio::test]
async fn the_bots_own_settings_are_set() {
    let world = world().await;
    let me = world.telegram.get_me().await.unwrap();
    assert_eq!((me.id, me.username.as_str()), (42, "bot42_bot"));
    let commands = [("start".to_owned(), "Boshlash".to_owned())];
    world.telegram.set_commands(Some(Lang::Uz), &commands).await.unwrap();
    world.telegram.set_commands(None, &commands).await.unwrap();
    let kept = world.fake.call(TOKEN, "getMyCommands", json!({"language_code": "uz"})).unwrap();
    assert_eq!(kept[0]["description"], "Boshlash");
    let page = MenuButton::WebApp { text: "Doʻkon".into(), url: "https://shop.uz/".into() };
    world.telegram.set_menu_button(Some(1001), &page).await.unwrap();
    world.telegram.set_menu_button(None, &MenuButton::Commands).await.unwrap();
    let menu = world.fake.call(TOKEN, "getChatMenuButton", json!({"chat_id": 1001})).unwrap();
    assert_eq!(menu["web_app"]["url"], "https://shop.uz/");
}

#[test]
fn what_goes_out_can_be_kept_in_an_outbox() {
    let message = Message { picture: Some("f".into()), keyboard: one_button("Ha", "y"), ..says("TV") };
    let tap = Tap { query_id: "1".into(), message_id: Some(5), has_picture: true };
    let with_file = Message { document: Some(invoice()), ..says("Hisob") };
    for outgoing in
        render(1001, Some(&tap), &[Reply::Message(message), Reply::Message(with_file), Reply::Typing])
    {
        let kept = serde_json::to_string(&outgoing).unwrap();
        assert_eq!(serde_json::from_str::<Outgoing>(&kept).unwrap(), outgoing);
    }
}

#[tokio::test]
async fn files_that_lie_elsewhere_are_sent_as_what_they_are_and_places_as_places() {
    let world = world().await;
    world.anna.send_photo(b"photo".to_vec(), "");
    let id = world.anna.screen().messages.last().unwrap().media.clone().unwrap().file_id;
    let file = |kind, file: &str, words: &str| {
        let attached = Some(Box::new(Attached::File { kind, file: file.to_owned() }));
        Reply::Message(Message { attached, ..says(words) })
    };
    let place = Location { latitude_e6: -41_000_001, longitude_e6: 69_240_562 };
    let replies = [
        file(MediaKind::Photo, "https://shop.uz/a.jpg", "Mana"),
        file(MediaKind::Photo, &format!("telegram:{id}"), ""),
        file(MediaKind::Video, "https://shop.uz/a.mp4", ""),
        file(MediaKind::Voice, "https://shop.uz/a.ogg", ""),
        file(MediaKind::Audio, "https://shop.uz/a.mp3", ""),
        file(MediaKind::Document, "https://shop.uz/a.pdf", "Akt"),
        Reply::Message(Message { attached: Some(Box::new(Attached::Place(place))), ..says("Ofis") }),
        // Telegram fetches no such document: the person does.
        file(MediaKind::Document, "https://shop.uz/a.xlsx", "Narxlar"),
    ];
    world.send(None, &replies).await;
    let screen = world.anna.screen();
    let shown: Vec<_> = screen.messages.iter().filter(|message| message.by_bot).collect();
    let kinds: Vec<_> = shown.iter().map(|one| one.media.as_ref().map_or("", |media| &media.kind)).collect();
    assert_eq!(kinds, ["photo", "photo", "video", "voice", "audio", "document", "", "", ""]);
    assert_eq!(shown[1].media.as_ref().unwrap().file_id, id);
    assert_eq!(shown[6].location, Some((-41.000_001, 69.240_562)));
    let words: Vec<_> = shown.iter().map(|one| one.text.as_str()).collect();
    assert_eq!(words, ["Mana", "", "", "", "", "Akt", "", "Ofis", "Narxlar\nhttps://shop.uz/a.xlsx"]);
}

#[tokio::test]
async fn a_file_that_the_bot_does_not_know_leaves_its_words_and_is_told_as_missing() {
    let world = world().await;
    let file = "telegram:AgACother".to_owned();
    let attached = Some(Box::new(Attached::File { kind: MediaKind::Photo, file }));
    let calls = render(1001, None, &[Reply::Message(Message { attached, ..says("Mana") })]);
    let refused = world.telegram.deliver(&calls[0], None).await;
    assert!(matches!(refused, Err(Outcome::BadFile(_))), "{refused:?}");
    assert_eq!(world.anna.screen().last_text(), "Mana");
}
