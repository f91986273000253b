//! Replies of the conversation engine as calls of the Bot API. Pure: the same replies give the same calls.

use flow::{
    Asks, Attached, InlineAct, InlineButton, Keyboard, Message, Reply, ReplyButton, RichText, limits,
};

use super::{
    markup::opens,
    outgoing::{Act, Outgoing, Tap},
    split::split,
};

/// The calls for the replies to one input, in order. A tap is always answered, and first, for its button turns until then.
/// Long texts become several messages, and what can be pressed stands under the last.
pub fn render(chat: i64, tap: Option<&Tap>, replies: &[Reply]) -> Vec<Outgoing> {
    let mut calls = Vec::new();
    if let Some(tap) = tap {
        let toast = replies.iter().find_map(|reply| match reply {
            Reply::Toast(text) if !text.is_empty() => Some(toast(text)),
            _ => None,
        });
        calls.push(Act::Answer { query_id: tap.query_id.clone(), text: toast.unwrap_or_default() });
    }
    for reply in replies {
        match reply {
            Reply::Typing => calls.push(Act::Typing),
            // Without a tap there is nothing to show a notice on, and words are not to be lost.
            Reply::Toast(text) if tap.is_none() && !text.is_empty() => {
                calls.push(Act::Text { text: RichText::plain(text.as_str()), keyboard: Keyboard::Keep });
            }
            Reply::Toast(_) => {}
            Reply::Message(message) => calls.extend(of_message(chat, tap, message)),
        }
    }
    calls.into_iter().map(|act| Outgoing { chat, act }).collect()
}

fn toast(text: &str) -> String {
    split(&RichText::plain(text), limits::TOAST_UTF16_MAX, limits::TOAST_UTF16_MAX)
        .into_iter()
        .next()
        .map_or_else(String::new, |part| part.text)
}

fn of_message(chat: i64, tap: Option<&Tap>, message: &Message) -> Vec<Act> {
    let Message { text, picture, document, attached, keyboard, edit } = message;
    let keyboard = fitting(chat, keyboard);
    let has_file =
        picture.is_some() || document.is_some() || matches!(attached.as_deref(), Some(Attached::File { .. }));
    let first_max = if has_file { limits::CAPTION_UTF16_MAX } else { limits::TEXT_UTF16_MAX };
    let mut parts = split(text, first_max, limits::TEXT_UTF16_MAX);
    // Only buttons under the message can be set by an edit.
    let editable = *edit
        && document.is_none()
        && attached.is_none()
        && parts.len() <= 1
        && matches!(keyboard, Keyboard::Inline(_) | Keyboard::Keep);
    let edited =
        tap.filter(|tap| editable && tap.has_picture == picture.is_some()).and_then(|tap| tap.message_id);
    match (edited, picture) {
        (Some(message), Some(picture)) => {
            let caption = parts.pop().unwrap_or_default();
            return vec![Act::EditPhoto { message, picture: picture.clone(), caption, keyboard }];
        }
        (Some(message), None) => {
            let text = parts.pop().map(|text| Act::EditText { message, text, keyboard });
            return text.into_iter().collect();
        }
        (None, _) => {}
    }
    let mut acts: Vec<Act> = Vec::new();
    let mut parts = parts.into_iter();
    if let Some(picture) = picture {
        let caption = parts.next().unwrap_or_default();
        acts.push(Act::Photo { picture: picture.clone(), caption, keyboard: Keyboard::Keep });
    }
    if let Some(document) = document {
        let caption = parts.next().unwrap_or_default();
        acts.push(Act::Document { document: document.clone(), caption, keyboard: Keyboard::Keep });
    }
    match attached.as_deref() {
        Some(Attached::File { kind, file }) => {
            let (kind, file) = (*kind, file.strip_prefix("telegram:").unwrap_or(file).to_owned());
            let caption = parts.next().unwrap_or_default();
            acts.push(Act::File { kind, file, caption, keyboard: Keyboard::Keep });
        }
        Some(Attached::Place(place)) => acts.push(Act::Place { place: *place, keyboard: Keyboard::Keep }),
        None => {}
    }
    acts.extend(parts.map(|text| Act::Text { text, keyboard: Keyboard::Keep }));
    if let Some(
        Act::Text { keyboard: last, .. }
        | Act::Photo { keyboard: last, .. }
        | Act::Document { keyboard: last, .. }
        | Act::File { keyboard: last, .. }
        | Act::Place { keyboard: last, .. },
    ) = acts.last_mut()
    {
        *last = keyboard;
    }
    acts
}

/// What Telegram would refuse, and the whole message with it, is left out: pages that it does not open, and in groups the
/// keys that share a contact or a place.
fn fitting(chat: i64, keyboard: &Keyboard) -> Keyboard {
    let is_group = chat < 0;
    match keyboard {
        Keyboard::Keep => Keyboard::Keep,
        Keyboard::Remove => Keyboard::Remove,
        Keyboard::Inline(rows) => {
            let rows =
                rows.iter().map(|row| row.iter().filter_map(|button| inline(button, is_group)).collect());
            let rows: Vec<Vec<InlineButton>> =
                rows.filter(|row: &Vec<InlineButton>| !row.is_empty()).collect();
            if rows.is_empty() { Keyboard::Keep } else { Keyboard::Inline(rows) }
        }
        Keyboard::Reply { rows, once, placeholder } => {
            let key = |button: &ReplyButton| {
                let asks = if is_group { Asks::Nothing } else { button.asks };
                (!button.label.is_empty()).then(|| ReplyButton { label: button.label.clone(), asks })
            };
            let rows = rows.iter().map(|row| row.iter().filter_map(key).collect());
            let rows: Vec<Vec<ReplyButton>> = rows.filter(|row: &Vec<ReplyButton>| !row.is_empty()).collect();
            if rows.is_empty() {
                return Keyboard::Remove;
            }
            Keyboard::Reply { rows, once: *once, placeholder: placeholder.clone() }
        }
    }
}

fn inline(button: &InlineButton, is_group: bool) -> Option<InlineButton> {
    let InlineButton { label, act } = button;
    let act = match act {
        _ if label.is_empty() => return None,
        InlineAct::Key(key) if key.is_empty() || key.len() > limits::BUTTON_KEY_BYTES_MAX => return None,
        InlineAct::Key(key) => InlineAct::Key(key.clone()),
        InlineAct::WebApp(page) if page.starts_with("https://") && !is_group => {
            InlineAct::WebApp(page.clone())
        }
        InlineAct::Url(page) | InlineAct::WebApp(page) if opens(page) => InlineAct::Url(page.clone()),
        InlineAct::Url(_) | InlineAct::WebApp(_) => return None,
    };
    Some(InlineButton { label: label.clone(), act })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(text: &str) -> Message {
        Message::of(RichText::plain(text))
    }

    fn tap() -> Tap {
        Tap { query_id: "q".into(), message_id: Some(9), has_picture: false }
    }

    fn button(label: &str, act: InlineAct) -> InlineButton {
        InlineButton { label: label.into(), act }
    }

    fn acts(tap: Option<&Tap>, replies: Vec<Reply>) -> Vec<Act> {
        render(7, tap, &replies).into_iter().map(|outgoing| outgoing.act).collect()
    }

    #[test]
    fn a_tap_is_answered_once_first_and_always() {
        let silent = Act::Answer { query_id: "q".into(), text: String::new() };
        assert_eq!(acts(Some(&tap()), Vec::new()), [silent]);
        let replies = vec![
            Reply::Message(message("Savatda")),
            Reply::Toast("Qoʻshildi".into()),
            Reply::Toast("x".into()),
        ];
        let calls = acts(Some(&tap()), replies);
        assert_eq!(calls[0], Act::Answer { query_id: "q".into(), text: "Qoʻshildi".into() });
        assert_eq!(calls.len(), 2);
        let notice = acts(None, vec![Reply::Toast("Kech".into()), Reply::Toast(String::new())]);
        assert!(matches!(&notice[..], [Act::Text { text, .. }] if text.text == "Kech"));
    }

    #[test]
    fn a_long_message_has_its_buttons_under_the_last_part() {
        let keyboard = Keyboard::Inline(vec![vec![button("Ha", InlineAct::Key("y".into()))]]);
        let long = Message { keyboard: keyboard.clone(), ..message(&"soʻz ".repeat(1000)) };
        let calls = acts(None, vec![Reply::Message(long.clone())]);
        assert!(
            matches!(&calls[..], [Act::Text { keyboard: Keyboard::Keep, .. }, Act::Text { keyboard: last, .. }] if *last == keyboard)
        );
        let pictured = Message { picture: Some("https://shop.uz/a.jpg".into()), ..long };
        let calls = acts(None, vec![Reply::Message(pictured)]);
        assert!(
            matches!(&calls[..], [Act::Photo { caption, .. }, Act::Text { .. }] if caption.units() <= 1024)
        );
    }

    #[test]
    fn a_file_has_its_words_beside_it_and_is_never_an_edit() {
        let document = flow::Document {
            file: "f1".into(),
            name: "faktura.pdf".into(),
            size_bytes: 3,
            without: String::new(),
        };
        let keyboard = Keyboard::Inline(vec![vec![button("Ha", InlineAct::Key("y".into()))]]);
        let short = Message { document: Some(document), keyboard, edit: true, ..message("Hisob") };
        let calls = acts(Some(&tap()), vec![Reply::Message(short.clone())]);
        assert!(
            matches!(&calls[..], [Act::Answer { .. }, Act::Document { caption, keyboard: Keyboard::Inline(_), .. }] if caption.text == "Hisob")
        );
        let long = Message { text: RichText::plain("soʻz ".repeat(400)), ..short };
        let calls = acts(None, vec![Reply::Message(long)]);
        assert!(
            matches!(&calls[..], [Act::Document { caption, keyboard: Keyboard::Keep, .. }, Act::Text { keyboard: Keyboard::Inline(_), .. }] if caption.units() <= 1024)
        );
    }

    #[test]
    fn an_edit_is_made_only_where_telegram_can_edit() {
        let edit = Message { edit: true, ..message("yangi") };
        let edited = |message: &Message, tap: Option<&Tap>| {
            acts(tap, vec![Reply::Message(message.clone())]).pop().unwrap()
        };
        assert!(matches!(edited(&edit, Some(&tap())), Act::EditText { message: 9, .. }));
        assert!(matches!(edited(&edit, None), Act::Text { .. }));
        let unknown = Tap { message_id: None, ..tap() };
        assert!(matches!(edited(&edit, Some(&unknown)), Act::Text { .. }));
        let pictured = Tap { has_picture: true, ..tap() };
        assert!(matches!(edited(&edit, Some(&pictured)), Act::Text { .. }));
        let keys = Message { keyboard: Keyboard::Remove, ..edit.clone() };
        assert!(matches!(edited(&keys, Some(&tap())), Act::Text { .. }));
        let picture = Message { picture: Some("f1".into()), ..edit };
        assert!(matches!(edited(&picture, Some(&pictured)), Act::EditPhoto { message: 9, .. }));
    }

    #[test]
    fn buttons_that_telegram_would_refuse_are_left_out() {
        let keyboard = Keyboard::Inline(vec![
            vec![button("Ochish", InlineAct::WebApp("http://127.0.0.1:8000/".into()))],
            vec![button("Sayt", InlineAct::Url("http://localhost/".into()))],
            vec![button("Uzun", InlineAct::Key("x".repeat(65))), button("Ha", InlineAct::Key("y".into()))],
        ]);
        let shown = |chat: i64| fitting(chat, &keyboard);
        let link = vec![button("Ochish", InlineAct::Url("http://127.0.0.1:8000/".into()))];
        assert_eq!(shown(7), Keyboard::Inline(vec![link, vec![button("Ha", InlineAct::Key("y".into()))]]));
        let app =
            Keyboard::Inline(vec![vec![button("Ochish", InlineAct::WebApp("https://shop.uz/".into()))]]);
        assert_eq!(fitting(7, &app), app);
        assert!(
            matches!(fitting(-7, &app), Keyboard::Inline(rows) if matches!(rows[0][0].act, InlineAct::Url(_)))
        );
        let contact = ReplyButton { label: "Raqam".into(), asks: Asks::Contact };
        let keys = Keyboard::Reply { rows: vec![vec![contact]], once: true, placeholder: String::new() };
        assert!(
            matches!(fitting(-7, &keys), Keyboard::Reply { rows, .. } if rows[0][0].asks == Asks::Nothing)
        );
        assert_eq!(fitting(7, &keys), keys);
    }

    #[test]
    fn nothing_is_sent_for_no_words() {
        assert_eq!(acts(None, vec![Reply::Message(message(" \n "))]), []);
    }
}
