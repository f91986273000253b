//! How rows look.

use flow::Mark;
use kernel::Timestamp;
use uuid::Uuid;

use super::*;

fn message(n: u128, body: Body, edits: Option<u128>) -> Message {
    Message {
        seq: i64::try_from(n).unwrap(),
        id: Id::from_uuid(Uuid::from_u128(n)),
        body,
        edits: edits.map(|n| Id::from_uuid(Uuid::from_u128(n))),
        update_key: None,
        at: Timestamp::from_millis(0),
        author: None,
        state: DeliveryState::Shown,
        platform_id: None,
    }
}

fn bot(text: &str, keyboard: Keyboard, edit: bool) -> Body {
    let text = RichText::plain(text);
    Body::Out(Reply::Message(flow::Message { keyboard, edit, ..flow::Message::of(text) }))
}

fn looks() -> Looks<'static> {
    Looks { picture: &|_, _| None, person: "Ali", file: &|_| None }
}

#[test]
fn a_text_is_cut_where_its_look_changes_whatever_its_letters_weigh() {
    let mark = |start, length, style| Mark { start, length, style };
    let marks = vec![mark(0, 7, Style::Bold), mark(3, 4, Style::Strike)];
    let found = spans(&RichText { text: "😀 narx 5".to_owned(), marks });
    let look: Vec<_> = found.iter().map(|span| (span.text.as_str(), span.bold, span.strike)).collect();
    assert_eq!(look, [("😀 ", true, false), ("narx", true, true), (" 5", false, false)]);
}

#[test]
fn an_edit_stands_in_the_place_of_what_it_replaces_and_a_tap_is_named_by_its_button() {
    let button = flow::InlineButton { label: "Savatga".to_owned(), act: InlineAct::Key("a1".to_owned()) };
    let rows = [
        message(1, bot("Choynak", Keyboard::Inline(vec![vec![button]]), false), None),
        message(2, Body::In(Input::Button("a1".to_owned())), None),
        message(3, Body::Out(Reply::Toast(String::new())), Some(1)),
        message(4, bot("Choynak: 1 dona", Keyboard::Keep, true), Some(1)),
    ];
    let chat = Chat::of(&rows, &looks(), true);
    let said: Vec<_> = chat.said.iter().map(|said| (said.text[0].text.as_str(), said.edited)).collect();
    assert_eq!(said, [("Choynak: 1 dona", true), ("Savatga", false)]);
    assert_eq!(Chat::of(&rows, &looks(), false).said.len(), 1);
}

#[test]
fn a_keyboard_for_one_tap_goes_with_the_answer_and_others_stay() {
    let reply = |once| Keyboard::Reply { rows: Vec::new(), once, placeholder: String::new() };
    let text = || Body::In(Input::Text("bir".to_owned()));
    let shown = |keyboard, answered: bool| {
        let mut rows = vec![message(1, bot("?", keyboard, false), None)];
        rows.extend(answered.then(|| message(2, text(), None)));
        Chat::of(&rows, &looks(), false).reply_keyboard.is_some()
    };
    assert!(shown(reply(false), true));
    assert!(shown(reply(true), false));
    assert!(!shown(reply(true), true));
}

#[test]
fn only_addresses_of_pages_are_followed() {
    let link = |link: &str| Span { link: Some(link.to_owned()), ..Span::default() };
    assert!(link("https://karvon.uz").safe_link().is_some());
    assert!(link("javascript:alert(1)").safe_link().is_none());
}

#[test]
fn what_a_person_changes_stands_changed_and_what_stood_there_first_is_kept() {
    let sent = |n: u128, text: &str| Message {
        platform_id: Some(i64::try_from(n).unwrap() + 100),
        ..message(n, Body::In(Input::Text(text.to_owned())), None)
    };
    // It is kept under the id of the message that it changes.
    let edit = |n: u128, of: i64, field: &str, text: &str| {
        let update = serde_json::json!({ "edited_message": { "message_id": of, field: text } });
        Message { platform_id: Some(of), ..message(n, Body::Other(update), None) }
    };
    let rows = [
        sent(1, "2 ta choy"),
        sent(2, "bugun"),
        edit(3, 101, "text", "3 ta choy"),
        edit(4, 101, "caption", "4 ta choy"),
        edit(5, 999, "text", "boshqa"),
        message(6, Body::Other(serde_json::json!({ "edited_message": { "message_id": 102 } })), None),
    ];
    let chat = Chat::of(&rows, &looks(), true);
    let said: Vec<_> =
        chat.said.iter().map(|said| (said.words(), said.before.clone(), said.edited)).collect();
    assert_eq!(
        said,
        [("4 ta choy".to_owned(), Some("2 ta choy".to_owned()), true), ("bugun".to_owned(), None, false)]
    );
}

#[test]
fn notes_are_for_the_staff_alone() {
    let rows = [
        message(1, Body::Note("Doimiy mijoz".to_owned()), None),
        message(2, Body::Desk(DeskAct::Taken), None),
    ];
    assert_eq!(Chat::of(&rows, &looks(), true).said.len(), 2);
    assert!(Chat::of(&rows, &looks(), false).said.is_empty());
}
