//! Updates of every shape. Whatever comes, the parser gives an update with an id or says that it is none.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

#[track_caller]
fn kind(update: Value) -> Kind {
    let incoming = parse(update.to_string().as_bytes()).unwrap();
    assert_eq!(incoming.update_id, 7);
    incoming.kind
}

fn message(content: Value) -> Value {
    let mut message = json!({
        "message_id": 1, "date": 1_800_000_000, "from": {"id": 5, "is_bot": false, "first_name": "A"},
        "chat": {"id": 5, "type": "private", "first_name": "A"},
    });
    message.as_object_mut().unwrap().extend(content.as_object().unwrap().clone());
    json!({"update_id": 7, "message": message})
}

#[test]
fn commands_are_read_as_people_write_them() {
    let command = |text: &str| match kind(message(json!({"text": text}))) {
        Kind::Command { name, payload, .. } => Some((name, payload)),
        _ => None,
    };
    let is = |name: &str, payload: &str| Some((name.to_owned(), payload.to_owned()));
    assert_eq!(command("/start"), is("start", ""));
    assert_eq!(command("/START  tv-55_qled"), is("start", "tv-55_qled"));
    assert_eq!(command("/search@our_bot samsung televizor"), is("search", "samsung televizor"));
    assert_eq!(command("/search\nsamsung"), is("search", "samsung"));
    assert_eq!(command("/"), None);
    assert_eq!(command("/буюртма"), None);
    assert_eq!(command(&format!("/{}", "a".repeat(33))), None);
    assert_eq!(command("salom /start"), None);
}

#[test]
fn a_contact_is_own_only_by_the_senders_id() {
    let own = |contact: Value| match kind(message(json!({"contact": contact}))) {
        Kind::Contact(contact) => contact.own,
        other => panic!("{other:?}"),
    };
    assert!(own(json!({"phone_number": "998901234567", "user_id": 5, "first_name": "A"})));
    assert!(!own(json!({"phone_number": "998901234567", "user_id": 6, "first_name": "A"})));
    assert!(!own(json!({"phone_number": "998901234567", "first_name": "A"})));
    assert!(!own(json!({"phone_number": "998901234567", "user_id": "5"})));
    let mut faceless = message(json!({"contact": {"phone_number": "1", "first_name": "A"}}));
    faceless["message"].as_object_mut().unwrap().remove("from");
    assert!(matches!(kind(faceless), Kind::Contact(contact) if !contact.own));
}

#[test]
fn a_tap_on_a_message_no_longer_shown_still_has_a_chat_and_an_answer() {
    let from = json!({"id": 5, "is_bot": false, "first_name": "A"});
    let inaccessible = json!({"chat": {"id": 5, "type": "private"}, "message_id": 3, "date": 0});
    let query = json!({"id": "99", "from": from, "message": inaccessible, "chat_instance": "1", "data": "k"});
    let incoming = parse(json!({"update_id": 7, "callback_query": query}).to_string().as_bytes()).unwrap();
    assert_eq!((incoming.date_s, incoming.message_id), (None, Some(3)));
    assert_eq!(
        incoming.tap().unwrap(),
        Tap { query_id: "99".into(), message_id: Some(3), has_picture: false }
    );
    let query =
        json!({"id": "99", "from": from, "inline_message_id": "x", "chat_instance": "1", "data": "k"});
    let incoming = parse(json!({"update_id": 7, "callback_query": query}).to_string().as_bytes()).unwrap();
    assert_eq!(incoming.chat.map(|chat| chat.id), Some(5));
    let game = json!({"update_id": 7, "callback_query": {"id": "99", "from": from, "game_short_name": "g"}});
    assert_eq!(kind(game), Kind::Unknown("callback_query".into()));
}

#[test]
fn what_is_not_known_is_kept_and_what_is_no_update_is_said_to_be_none() {
    assert_eq!(kind(json!({"update_id": 7})), Kind::Unknown(String::new()));
    assert_eq!(kind(json!({"update_id": 7, "quite_new": {"deep": [1]}})), Kind::Unknown("quite_new".into()));
    assert_eq!(kind(json!({"update_id": 7, "message": "not an object"})), Kind::Unknown("message".into()));
    assert_eq!(
        kind(message(json!({"location": {"latitude": 91.0, "longitude": 0.0}}))),
        Kind::Unknown("message".into())
    );
    assert_eq!(kind(message(json!({"migrate_to_chat_id": -1005}))), Kind::Moved(-1005));
    assert_eq!(kind(message(json!({"text": "a\0b"}))), Kind::Text("ab".into()));
    for body in ["", "[]", "7", "{}", "{\"update_id\": \"7\"}", "{\"update_id\": 7", "\u{feff}{}", "null"] {
        assert_eq!(parse(body.as_bytes()).unwrap_err(), NotAnUpdate, "{body}");
    }
    assert_eq!(parse(b"{\"update_id\": 7, \"message\": {\"text\": \"\xff\"}}").unwrap_err(), NotAnUpdate);
}

#[test]
fn an_update_nested_beyond_reason_is_acknowledged() {
    let deep = format!("{{\"update_id\": 7, \"message\": {}{}}}", "[".repeat(5_000), "]".repeat(5_000));
    let incoming = parse(deep.as_bytes()).unwrap();
    assert_eq!((incoming.update_id, incoming.kind), (7, Kind::Unknown(String::new())));
}

#[test]
fn a_list_with_a_stranger_in_it_gives_the_others() {
    let list = serde_json::value::to_raw_value(&json!([{"update_id": 1}, "x", {"id": 2}, {"update_id": 3}]))
        .unwrap();
    let ids: Vec<i64> = parse_many(&list).iter().map(|incoming| incoming.update_id).collect();
    assert_eq!(ids, [1, 3]);
}

/// Any JSON, with the Bot API's names for its fields more often than not.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        prop_oneof!["private", "kicked", "restricted", "/start x", "/@", "\0"].prop_map(Value::from),
    ];
    let name = prop_oneof![
        prop::sample::select(vec![
            "message",
            "edited_message",
            "callback_query",
            "my_chat_member",
            "chat",
            "from",
            "id",
            "text",
            "data",
            "contact",
            "phone_number",
            "user_id",
            "location",
            "latitude",
            "longitude",
            "photo",
            "document",
            "voice",
            "file_id",
            "caption",
            "new_chat_member",
            "status",
            "message_id",
            "date",
            "media_group_id",
            "type",
        ])
        .prop_map(str::to_owned),
        ".{0,8}",
    ];
    leaf.prop_recursive(5, 64, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((name.clone(), inner), 0..6)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn any_bytes_are_an_update_or_none(body in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = parse(&body);
    }

    #[test]
    fn any_json_is_an_update_or_none(body in any_json()) {
        let _ = parse(body.to_string().as_bytes());
        let list = serde_json::value::to_raw_value(&body).unwrap();
        let _ = parse_many(&list);
    }

    #[test]
    fn anything_with_an_id_is_an_update(id: i64, kind in "(message|edited_message|callback_query|my_chat_member)", body in any_json()) {
        let incoming = parse(json!({"update_id": id, kind: body}).to_string().as_bytes()).unwrap();
        prop_assert_eq!(incoming.update_id, id);
        let _ = (incoming.to_input("f"), incoming.tap());
        let text = format!("{:?}", incoming.kind);
        prop_assert!(!text.contains('\0'));
    }
}
