//! What the server refuses, in its own words.

use super::*;

async fn check(api: &Api, method: &str, params: Value, expected: &str) {
    let mut params = params;
    if params["chat_id"].is_null() {
        params["chat_id"] = json!(1001);
    }
    let refused = api.refused(method, params).await;
    assert!(refused.contains(expected), "wanted: {expected}\nfound: {refused}");
}

fn inline(button: Value) -> Value {
    json!({"text": "x", "reply_markup": {"inline_keyboard": [[button]]}})
}

#[tokio::test]
async fn texts_that_are_empty_long_or_wrongly_marked() {
    let (_, _, anna, api) = started().await;
    check(&api, "sendMessage", json!({}), "Bad Request: message text is empty").await;
    check(&api, "sendMessage", json!({"text": " \n "}), "text must be non-empty").await;
    let two_units = "😀".repeat(2048);
    api.call("sendMessage", json!({"chat_id": anna.chat(), "text": two_units})).await;
    check(&api, "sendMessage", json!({"text": two_units + "x"}), "Bad Request: message is too long").await;
    check(
        &api,
        "sendPhoto",
        json!({"photo": "x", "caption": "ў".repeat(1025)}),
        "message caption is too long",
    )
    .await;
    let entity = |offset: i64, length: i64| json!({"text": "😀ab", "entities": [{"type": "bold", "offset": offset, "length": length}]});
    check(&api, "sendMessage", entity(1, 1), "in a middle of a UTF-16 symbol").await;
    check(&api, "sendMessage", entity(2, 3), "ends after the end of the text").await;
    let html = |text: &str| json!({"text": text, "parse_mode": "HTML"});
    check(&api, "sendMessage", html("<b>x"), "can't parse entities: Can't find end tag").await;
    check(
        &api,
        "sendMessage",
        html("<x>x</x>"),
        "can't parse entities: Unsupported start tag \"x\" at byte offset 0",
    )
    .await;
    check(&api, "sendMessage", html("<b>x</i>"), "can't parse entities: Unmatched end tag").await;
}

#[tokio::test]
async fn keyboards_that_do_not_fit() {
    let (_, bot, _, api) = started().await;
    check(
        &api,
        "sendMessage",
        inline(json!({"text": "x"})),
        "Text buttons are unallowed in the inline keyboard",
    )
    .await;
    let long = "x".repeat(65);
    check(&api, "sendMessage", inline(json!({"text": "x", "callback_data": long})), "BUTTON_DATA_INVALID")
        .await;
    let local = json!({"text": "x", "url": "http://localhost:8000/"});
    check(&api, "sendMessage", inline(local), "is invalid: Wrong HTTP URL").await;
    let plain = json!({"text": "x", "web_app": {"url": "http://shop.example"}});
    check(&api, "sendMessage", inline(plain), "Only HTTPS links are allowed").await;
    let rows = |row: usize, rows: usize| {
        let button = json!({"text": "x", "callback_data": "x"});
        json!({"text": "x", "reply_markup": {"inline_keyboard": vec![vec![button; row]; rows]}})
    };
    api.call("sendMessage", {
        let mut fits = rows(8, 12);
        fits["chat_id"] = json!(1001);
        fits
    })
    .await;
    check(&api, "sendMessage", rows(9, 1), "reply markup is too long").await;
    check(&api, "sendMessage", rows(1, 101), "reply markup is too long").await;
    check(
        &api,
        "sendMessage",
        json!({"text": "x", "reply_markup": "{"}),
        "can't parse reply keyboard markup",
    )
    .await;
    let _group = bot.user_in_group(1001, -500, false);
    let contact = json!({"keyboard": [[{"text": "x", "request_contact": true}]]});
    let to_group = json!({"chat_id": -500, "text": "x", "reply_markup": contact});
    check(&api, "sendMessage", to_group, "phone number can be requested in private chats only").await;
}

#[tokio::test]
async fn chats_that_cannot_be_written_to() {
    let (_, bot, anna, api) = started().await;
    bot.user(2002);
    let text = |chat: Value| json!({"chat_id": chat, "text": "x"});
    check(&api, "sendMessage", text(json!("")), "chat_id is empty").await;
    check(&api, "sendMessage", text(json!(999)), "Bad Request: chat not found").await;
    check(&api, "sendMessage", text(json!("@nobody")), "Bad Request: chat not found").await;
    check(&api, "sendMessage", text(json!(2002)), "Forbidden: bot can't initiate conversation with a user")
        .await;
    anna.deactivate();
    check(&api, "sendMessage", text(json!(1001)), "Forbidden: user is deactivated").await;
    let member = bot.user_in_group(2002, -500, false);
    member.block();
    check(&api, "sendMessage", text(json!(-500)), "Forbidden: bot was kicked from the group chat").await;
    bot.user_in_group(2002, -501, false);
    bot.user_in_group(2002, -100501, true);
    bot.migrate_group(-501, -100501);
    let moved = api.raw("sendMessage", text(json!(-501))).await;
    assert_eq!(moved["parameters"]["migrate_to_chat_id"], -100501);
}

#[tokio::test]
async fn edits_and_deletions_that_are_not_possible() {
    let (fake, _, anna, api) = started().await;
    let theirs = anna.messages()[0].id;
    let edit = |id: Value, text: &str| json!({"message_id": id, "text": text});
    check(&api, "editMessageText", edit(json!(99_999), "y"), "message to edit not found").await;
    check(&api, "editMessageText", edit(json!(theirs), "y"), "message can't be edited").await;
    let mine = api.call("sendMessage", json!({"chat_id": 1001, "text": "x"})).await["message_id"].clone();
    check(
        &api,
        "editMessageText",
        edit(mine.clone(), "x"),
        "message is not modified: specified new message content",
    )
    .await;
    check(&api, "editMessageReplyMarkup", json!({"message_id": mine}), "message is not modified").await;
    let keys = json!({"chat_id": 1001, "text": "x", "reply_markup": {"keyboard": [["k"]]}});
    let with_keys = api.call("sendMessage", keys).await["message_id"].clone();
    check(&api, "editMessageText", edit(with_keys, "y"), "message can't be edited").await;
    let fields = json!({"chat_id": 1001});
    let photo = Api::ok(api.upload("sendPhoto", fields, &[("photo", "a.png", png(9, 9))]).await);
    check(
        &api,
        "editMessageText",
        edit(photo["message_id"].clone(), "y"),
        "there is no text in the message to edit",
    )
    .await;
    check(&api, "deleteMessage", json!({"message_id": 99_999}), "message to delete not found").await;
    fake.skip(std::time::Duration::from_secs(49 * 3600));
    check(&api, "deleteMessage", json!({"message_id": mine}), "message can't be deleted").await;
    let reply = json!({"text": "x", "reply_parameters": {"message_id": 99_999}});
    check(&api, "sendMessage", reply, "message to be replied not found").await;
}

#[tokio::test]
async fn files_that_are_not_accepted() {
    let (_fake, _, _, api) = started().await;
    check(&api, "sendPhoto", json!({}), "there is no photo in the request").await;
    check(&api, "sendPhoto", json!({"photo": "no-such-id"}), "wrong file identifier/HTTP URL specified")
        .await;
    check(&api, "sendPhoto", json!({"photo": "http://127.0.0.1/a.png"}), "failed to get HTTP URL content")
        .await;
    let upload = |bytes: Vec<u8>| {
        let api = &api;
        async move {
            let answer =
                api.upload("sendPhoto", json!({"chat_id": 1001}), &[("photo", "a.png", bytes)]).await;
            answer["description"].as_str().unwrap_or_default().to_owned()
        }
    };
    assert_eq!(upload(Vec::new()).await, "Bad Request: file must be non-empty");
    assert_eq!(upload(b"text".to_vec()).await, "Bad Request: IMAGE_PROCESS_FAILED");
    assert_eq!(upload(png(9_000, 1_001)).await, "Bad Request: PHOTO_INVALID_DIMENSIONS");
    assert_eq!(upload(png(2_100, 100)).await, "Bad Request: PHOTO_INVALID_DIMENSIONS");
    let mut heavy = png(100, 100);
    heavy.resize((10 << 20) + 1, 0);
    assert!(upload(heavy).await.contains("is too big for a photo"));
    let one = json!([{"type": "photo", "media": "https://shop.example/a.jpg"}]);
    check(&api, "sendMediaGroup", json!({"media": one}), "2-10").await;
    let mixed = json!([
        {"type": "photo", "media": "https://shop.example/a.jpg"},
        {"type": "document", "media": "https://shop.example/a.pdf"},
    ]);
    check(&api, "sendMediaGroup", json!({"media": mixed}), "document can't be mixed with other media types")
        .await;
}

#[tokio::test]
async fn too_many_messages_answer_429_with_the_seconds() {
    let fake = Fake::start().await;
    let bot = fake.bot(TOKEN);
    let api = Api::of(&fake, TOKEN);
    bot.user(1001).send_text("/start");
    let text = json!({"chat_id": 1001, "text": "x"});
    for _ in 0..5 {
        api.call("sendMessage", text.clone()).await;
    }
    let answer = api.raw("sendMessage", text.clone()).await;
    assert_eq!(answer["error_code"], 429);
    assert_eq!(answer["description"], "Too Many Requests: retry after 1");
    assert_eq!(answer["parameters"]["retry_after"], 1);
    fake.skip(std::time::Duration::from_secs(1));
    api.call("sendMessage", text).await;
    for person in 0..30 {
        bot.user(3000 + person).send_text("/start");
    }
    fake.skip(std::time::Duration::from_secs(1));
    let mut flooded = 0;
    for person in 0..40 {
        let text = json!({"chat_id": 3000 + person % 30, "text": "x"});
        flooded += u32::from(api.raw("sendMessage", text).await["error_code"] == 429);
    }
    assert!(flooded > 0, "forty at once are more than thirty a second");
    bot.user_in_group(1001, -500, true);
    fake.skip(std::time::Duration::from_secs(60));
    for _ in 0..20 {
        api.call("sendMessage", json!({"chat_id": -500, "text": "x"})).await;
    }
    let answer = api.raw("sendMessage", json!({"chat_id": -500, "text": "x"})).await;
    assert_eq!(answer["parameters"]["retry_after"], 3);
}
