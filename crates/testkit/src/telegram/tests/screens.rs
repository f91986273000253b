//! What a person does and sees.

use super::*;
use crate::telegram::{Action, Answer};

#[tokio::test]
async fn a_person_sees_what_the_bot_writes_edits_and_deletes() {
    let (_, _, anna, api) = started().await;
    let first = api.call("sendMessage", json!({"chat_id": 1001, "text": "Salom"})).await;
    let second = api.call("sendMessage", json!({"chat_id": 1001, "text": "Yana"})).await;
    let id = &first["message_id"];
    let edited =
        api.call("editMessageText", json!({"chat_id": 1001, "message_id": id, "text": "Salom!"})).await;
    assert!(edited["edit_date"].is_number());
    api.call("deleteMessage", json!({"chat_id": 1001, "message_id": second["message_id"]})).await;
    let screen = anna.screen();
    assert_eq!(screen.bot_texts(), ["Salom!"]);
    assert!(screen.last().unwrap().edited);
    assert_eq!(screen.to_string(), "me>  /start\nbot> Salom!\n");
}

#[tokio::test]
async fn keys_send_their_text_a_contact_or_a_place() {
    let (_, _, anna, api) = started().await;
    let keyboard = json!({"one_time_keyboard": true, "keyboard": [
        ["Katalog", {"text": "Raqam", "request_contact": true}],
        [{"text": "Joy", "request_location": true}],
    ]});
    for key in ["Katalog", "Raqam", "Joy"] {
        api.call("sendMessage", json!({"chat_id": 1001, "text": key, "reply_markup": keyboard})).await;
        assert!(anna.screen().has_key(key));
        anna.tap_key(key);
        assert!(!anna.screen().has_key(key), "a one-time keyboard goes away");
    }
    let updates = api.call("getUpdates", json!({})).await;
    assert_eq!(updates[0]["message"]["entities"], json!([{"type": "bot_command", "offset": 0, "length": 6}]));
    assert_eq!(updates[1]["message"]["text"], "Katalog");
    assert_eq!(updates[2]["message"]["contact"]["user_id"], 1001);
    assert!(updates[3]["message"]["location"]["latitude"].is_number());
    anna.share_contact_of("Boshqa", "998900000000", Some(7));
    let offset = updates[3]["update_id"].as_i64().unwrap() + 1;
    let updates = api.call("getUpdates", json!({"offset": offset})).await;
    assert_eq!(updates[0]["message"]["contact"]["user_id"], 7);
}

#[tokio::test]
async fn a_tap_carries_the_message_and_takes_one_answer() {
    let (fake, _, anna, api) = started().await;
    let buttons = json!({"inline_keyboard": [[
        {"text": "Ha", "callback_data": "y"},
        {"text": "Sayt", "url": "https://shop.example"},
    ]]});
    api.call("sendMessage", json!({"chat_id": 1001, "text": "Tayyormi?", "reply_markup": buttons})).await;
    let shown = anna.screen();
    assert_eq!(shown.last().unwrap().buttons[0][1].action, Action::Url("https://shop.example".into()));
    let tap = anna.tap_button("Ha");
    assert_eq!(fake.counters().taps_unanswered, 1);
    let updates = api.call("getUpdates", json!({"offset": -1})).await;
    let query = &updates[0]["callback_query"];
    assert_eq!((&query["data"], &query["message"]["text"]), (&json!("y"), &json!("Tayyormi?")));
    let answer = json!({"callback_query_id": query["id"], "text": "Rahmat", "show_alert": true});
    api.call("answerCallbackQuery", answer.clone()).await;
    assert_eq!(tap.answer().await, Answer { text: "Rahmat".into(), alert: true, url: String::new() });
    assert_eq!(anna.screen().toasts.len(), 1);
    let old = "Bad Request: query is too old and response timeout expired or query ID is invalid";
    assert_eq!(api.refused("answerCallbackQuery", answer).await, old);
    let late = anna.tap_button("Ha");
    fake.skip(std::time::Duration::from_secs(3600));
    assert_eq!(api.refused("answerCallbackQuery", json!({"callback_query_id": late.id()})).await, old);
}

#[tokio::test]
async fn waiting_ends_when_the_message_comes() {
    let (_, _, anna, api) = started().await;
    let waiting = tokio::spawn(async move { anna.wait_for_text("tayyor").await });
    tokio::task::yield_now().await;
    api.call("sendMessage", json!({"chat_id": 1001, "text": "Buyurtma tayyor"})).await;
    assert_eq!(waiting.await.unwrap().last_text(), "Buyurtma tayyor");
}

#[tokio::test]
async fn photos_albums_and_documents_are_kept_and_can_be_downloaded() {
    let (fake, _, anna, api) = started().await;
    let picture = png(800, 600);
    let sent = Api::ok(
        api.upload(
            "sendPhoto",
            json!({"chat_id": 1001, "caption": "TV"}),
            &[("photo", "a.png", picture.clone())],
        )
        .await,
    );
    let file_id = sent["photo"][1]["file_id"].as_str().unwrap();
    assert_eq!(sent["photo"][1]["width"], 800);
    assert_eq!(anna.screen().last().unwrap().media.as_ref().unwrap().file_id, file_id);
    api.call("sendPhoto", json!({"chat_id": 1001, "photo": file_id})).await;
    let file = api.call("getFile", json!({"file_id": file_id})).await;
    let link = format!("{}/file/bot{TOKEN}/{}", fake.url(), file["file_path"].as_str().unwrap());
    assert_eq!(api.client.get(link).send().await.unwrap().bytes().await.unwrap(), picture);
    let media = json!([
        {"type": "photo", "media": "attach://one", "caption": "Ikkita"},
        {"type": "photo", "media": file_id},
    ]);
    let fields = json!({"chat_id": 1001, "media": media.to_string()});
    let album = Api::ok(api.upload("sendMediaGroup", fields, &[("one", "b.png", picture)]).await);
    assert_eq!(album[0]["media_group_id"], album[1]["media_group_id"]);
    assert_eq!(anna.screen().messages.len(), 5);
}

#[tokio::test]
async fn a_picture_is_replaced_by_an_edit() {
    let (_fake, _, anna, api) = started().await;
    let sent =
        Api::ok(api.upload("sendPhoto", json!({"chat_id": 1001}), &[("photo", "a.png", png(8, 8))]).await);
    let media = json!({"type": "photo", "media": "attach://b", "caption": "2-rasm"}).to_string();
    let fields = json!({"chat_id": 1001, "message_id": sent["message_id"], "media": media});
    Api::ok(api.upload("editMessageMedia", fields, &[("b", "b.png", png(9, 9))]).await);
    let screen = anna.screen();
    assert_eq!(screen.last_text(), "2-rasm");
    assert_ne!(screen.last().unwrap().media.as_ref().unwrap().file_id, sent["photo"][1]["file_id"]);
    let text = api.call("sendMessage", json!({"chat_id": 1001, "text": "x"})).await;
    let media = json!({"type": "photo", "media": sent["photo"][1]["file_id"]});
    let edit = json!({"chat_id": 1001, "message_id": text["message_id"], "media": media});
    assert_eq!(
        api.refused("editMessageMedia", edit).await,
        "Bad Request: there is no media in the message to edit"
    );
}

#[tokio::test]
async fn what_people_upload_is_downloadable_up_to_20_mb() {
    let (fake, _, anna, api) = started().await;
    anna.send_album(vec![png(10, 10).into(), png(20, 20).into()], "ikki rasm");
    anna.send_document("narx.xlsx", "application/vnd.ms-excel", &b"xlsx"[..]);
    anna.send_big_document("kino.mkv", 21 << 20);
    let updates = api.call("getUpdates", json!({})).await;
    assert_eq!(updates[1]["message"]["media_group_id"], updates[2]["message"]["media_group_id"]);
    assert_eq!(updates[1]["message"]["caption"], "ikki rasm");
    let document = &updates[3]["message"]["document"];
    assert_eq!(document["file_name"], "narx.xlsx");
    let file = api.call("getFile", json!({"file_id": document["file_id"]})).await;
    let link = format!("{}/file/bot{TOKEN}/{}", fake.url(), file["file_path"].as_str().unwrap());
    assert_eq!(api.client.get(link).send().await.unwrap().text().await.unwrap(), "xlsx");
    let big = &updates[4]["message"]["document"]["file_id"];
    assert_eq!(api.refused("getFile", json!({"file_id": big})).await, "Bad Request: file is too big");
}

#[tokio::test]
async fn edits_of_people_and_blocks_are_updates() {
    let (_, _, anna, api) = started().await;
    let id = anna.send_text("1 dona");
    anna.edit_text(id, "2 dona");
    anna.block();
    let text = json!({"chat_id": 1001, "text": "x"});
    assert_eq!(api.refused("sendMessage", text.clone()).await, "Forbidden: bot was blocked by the user");
    anna.unblock();
    api.call("sendMessage", text).await;
    let updates = api.call("getUpdates", json!({})).await;
    assert_eq!(updates[2]["edited_message"]["text"], "2 dona");
    assert_eq!(updates[3]["my_chat_member"]["new_chat_member"]["status"], "kicked");
    assert_eq!(updates[4]["my_chat_member"]["new_chat_member"]["status"], "member");
}

#[tokio::test]
async fn a_message_sent_twice_is_counted_as_doubled() {
    let (fake, _, anna, api) = started().await;
    let text = json!({"chat_id": 1001, "text": "Buyurtma №7"});
    api.call("sendMessage", text.clone()).await;
    anna.send_text("yana");
    api.call("sendMessage", text.clone()).await;
    assert_eq!(fake.counters().messages_doubled, 0, "the person asked again");
    api.call("sendMessage", text).await;
    assert_eq!(fake.counters().messages_doubled, 1);
    assert_eq!(fake.counters().messages_taken, 3);
}

#[tokio::test]
async fn entities_and_html_reach_the_screen_alike() {
    let (_, _, anna, api) = started().await;
    let bold = json!([{"type": "bold", "offset": 3, "length": 4}]);
    api.call("sendMessage", json!({"chat_id": 1001, "text": "📺 Narx: 5", "entities": bold})).await;
    assert_eq!(anna.screen().last().unwrap().text_of("bold").unwrap(), "Narx");
    let html = json!({"chat_id": 1001, "text": "<b>A &amp; <i>B</i></b>", "parse_mode": "HTML"});
    let sent = api.call("sendMessage", html).await;
    assert_eq!(sent["text"], "A & B");
    assert_eq!(sent["entities"][1], json!({"type": "italic", "offset": 4, "length": 1}));
}
