//! A letter in words, and the bytes that go over the wire. Pure: the clock and the ids are the caller's.

use askama::Template;
use kernel::{Error, Lang, Result, Timestamp};
use lettre::{
    Address, Message,
    message::{
        Mailbox, MultiPart, SinglePart,
        header::{ContentType, HeaderName, HeaderValue},
    },
};
use text::Texts;

use crate::{Letter, letter::Written};

/// A letter as HTML. Its attributes are those of old mail programs; nothing of it is ever a page of ours.
#[derive(Template)]
#[template(path = "letter.htm")]
struct Drawn<'l> {
    lang: &'static str,
    subject: &'l str,
    lines: &'l [String],
    link: Option<(&'l str, &'l str)>,
    small: &'l [String],
}

/// Puts a letter into its reader's words.
pub(crate) fn write(texts: &Texts, letter: &Letter) -> Result<Written> {
    let Letter { kind: _, to: _, lang, subject, lines, link, small, reply_to, expires_at: _ } = letter;
    let say = |text| on_one_line(&texts.say(*lang, text));
    let subject = say(subject);
    let [lines, small] = [lines, small].map(|all| all.iter().map(say).collect::<Vec<_>>());
    let link = link.as_ref().map(|(label, href)| (say(label), href.as_str()));
    let mut text = String::new();
    for line in &lines {
        text.push_str(&format!("{line}\n\n"));
    }
    if let Some((label, href)) = &link {
        text.push_str(&format!("{label}:\n{href}\n\n"));
    }
    for line in &small {
        text.push_str(&format!("{line}\n"));
    }
    let link = link.as_ref().map(|(label, href)| (label.as_str(), *href));
    let html = Drawn { lang: code(*lang), subject: &subject, lines: &lines, link, small: &small }
        .render()
        .map_err(Error::internal)?;
    Ok(Written { text, html, reply_to: reply_to.clone(), subject })
}

const fn code(lang: Lang) -> &'static str {
    lang.code()
}

/// What people typed may not begin a header or a line of its own.
fn on_one_line(text: &str) -> String {
    text.split(|c: char| c.is_control() || c.is_whitespace())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// The message for the wire. `id` makes its Message-ID, so that one which is sent twice is known again.
pub(crate) fn message(
    from: &Mailbox,
    to: &str,
    id: &str,
    at: Timestamp,
    written: &Written,
) -> Result<Message> {
    let Written { subject, text, html, reply_to } = written;
    let address = |text: &str| text.parse::<Address>().map_err(Error::internal);
    let mut message = Message::builder()
        .from(from.clone())
        .to(Mailbox::new(None, address(to)?))
        .subject(subject.as_str())
        .date(
            std::time::UNIX_EPOCH
                + std::time::Duration::from_millis(u64::try_from(at.as_millis()).unwrap_or(0)),
        )
        .message_id(Some(format!("<{id}@{}>", from.email.domain())));
    if let Some(reply_to) = reply_to {
        message = message.reply_to(Mailbox::new(None, address(reply_to)?));
    }
    // No machine answers a machine (RFC 3834, section 5).
    for (name, value) in [("Auto-Submitted", "auto-generated"), ("X-Auto-Response-Suppress", "All")] {
        let name = HeaderName::new_from_ascii(name.to_owned()).map_err(Error::internal)?;
        message = message.raw_header(HeaderValue::new(name, value.to_owned()));
    }
    let part = |kind, body: &str| SinglePart::builder().header(kind).body(body.to_owned());
    let body = MultiPart::alternative()
        .boundary(format!("karvon-{id}"))
        .singlepart(part(ContentType::TEXT_PLAIN, text))
        .singlepart(part(ContentType::TEXT_HTML, html));
    message.multipart(body).map_err(Error::internal)
}
