//! Tells whoever asked what the support desk says: its answers, and that their ticket is closed, open again or part of another. A chat that a ticket left is
//! the bot's again.

use context::{Ctx, StoredEvent};
use db::Tx;
use flow::{Attached, Location, MediaKind, Message, RichText};
use kernel::{Error, Id, Result};
use serde_json::json;
use tickets::{
    Kept, MessageKind, Place, Said,
    events::{Closed, Moved, Reopened, TICKET_MOVED, TICKET_REOPENED, TICKET_SAID},
    reads,
};

use super::audience::Audience;
use crate::{Conversation, inbox, store::message::Author, ticketing};

pub(super) fn tell(ctx: &Ctx, tx: &mut Tx, event: &StoredEvent) -> Result<()> {
    if event.name == TICKET_MOVED {
        let Moved { left } = serde_json::from_value(event.payload.clone()).map_err(Error::internal)?;
        return ticketing::asked_in(left.as_deref()).map_or(Ok(()), |left| give_back(ctx, tx, left));
    }
    if event.name == TICKET_SAID {
        return answer(ctx, tx, event);
    }
    let ticket = reads::get(ctx, tx, Id::from_uuid(event.subject))?;
    let Some(conversation) = ticketing::asked_in(ticket.chat_ref.as_deref()) else { return Ok(()) };
    if event.name == TICKET_REOPENED {
        let Reopened { by_contact } =
            serde_json::from_value(event.payload.clone()).map_err(Error::internal)?;
        return match by_contact {
            true => Ok(()),
            false => {
                once(ctx, tx, conversation, event, "ticket_reopened", &json!({ "number": ticket.number }))
            }
        };
    }
    let Closed { by_contact, merged_into } =
        serde_json::from_value(event.payload.clone()).map_err(Error::internal)?;
    // Who closed it knows it; a ticket that was merged into another goes on there.
    let told = if by_contact { "ticket_rating" } else { "ticket_closed" };
    if merged_into.is_none()
        && let Some(audience) = Audience::find(ctx, tx, conversation, None)?
        && (!by_contact || audience.has_own(told))
    {
        audience.tell(ctx, tx, told, &json!({ "number": ticket.number }))?;
    }
    if let Some(into) = merged_into {
        let args = json!({ "number": ticket.number, "into": into });
        once(ctx, tx, conversation, event, "ticket_merged", &args)?;
    }
    // The command that closed it has given the chat back, and what was asked for since is not undone.
    if by_contact {
        return Ok(());
    }
    give_back(ctx, tx, conversation)
}

/// Tells what an event of the desk says, once.
fn once(
    ctx: &Ctx,
    tx: &mut Tx,
    conversation: Id<Conversation>,
    event: &StoredEvent,
    notification: &str,
    args: &serde_json::Value,
) -> Result<()> {
    let Some(audience) = Audience::find(ctx, tx, conversation, None)? else { return Ok(()) };
    let Some(words) = audience.message(ctx, notification, args) else { return Ok(()) };
    audience.send(ctx, tx, words, Some(&format!("{notification}:{}", event.seq)), None)
}

/// Gives a conversation back that no ticket is asked in any more; one may have been opened there, or come back, since.
fn give_back(ctx: &Ctx, tx: &mut Tx, conversation: Id<Conversation>) -> Result<()> {
    match reads::open_anywhere_in(ctx, tx, &conversation.to_string())? {
        Some(_) => Ok(()),
        None => inbox::leave_desk(ctx, tx, conversation),
    }
}

fn answer(ctx: &Ctx, tx: &mut Tx, event: &StoredEvent) -> Result<()> {
    let told = ticketing::told(&event.payload)?;
    if told.has_arrived || !told.brief(ctx, tx)?.is_answer {
        return Ok(());
    }
    let ticket = reads::get(ctx, tx, Id::from_uuid(event.subject))?;
    let Some(conversation) = ticketing::asked_in(ticket.chat_ref.as_deref()) else { return Ok(()) };
    let message = reads::get_message(ctx, tx, told.message)?;
    let Some(audience) = Audience::of(ctx, tx, conversation, None)? else { return Ok(()) };
    let key = ticketing::answer_key(told.message);
    if audience.has(ctx, tx, &key)? {
        return Ok(());
    }
    let author = match message.agent {
        Some(agent) => reads::agent(ctx, tx, agent)?.as_ref().map(Author::agent),
        None => None,
    };
    let author = author.as_ref();
    let (words, is_whole) = match &message.said.kept {
        Some(kept) => (file_of_ours(ctx, tx, kept, &message.said.text)?, true),
        None => spoken(message.said, audience.is_telegram()),
    };
    if let Some(why) = audience.barrier() {
        tracing::warn!(ticket.number = ticket.number, message = %told.message, why, "an answer does not arrive");
        audience.lose(ctx, tx, words, &key, author, why)?;
        return ticketing::lost(ctx, tx, told.message, why);
    }
    if !is_whole {
        tracing::warn!(ticket.number = ticket.number, message = %told.message, "an answer's file cannot be shown in its chat");
        audience.lose_file(ctx, tx, author)?;
        ticketing::lost(ctx, tx, told.message, "file")?;
    }
    let is_something = words.attached.is_some() || words.document.is_some() || words.picture.is_some();
    if words.text.is_empty() && !is_something {
        return Ok(());
    }
    audience.send(ctx, tx, words, Some(&key), author)?;
    inbox::answered_at_desk(ctx, tx, conversation, author)
}

/// A file that we keep, with these words under it.
fn file_of_ours(ctx: &Ctx, tx: &mut Tx, kept: &Kept, text: &str) -> Result<Message> {
    let hash = kept.hash.parse()?;
    let file = files::find(ctx, tx, hash)?
        .ok_or_else(|| Error::internal("a message names a file that is not there"))?;
    let size = usize::try_from(file.size_bytes).map_err(Error::internal)?;
    let name = inbox::plain_name(&kept.name);
    Ok(inbox::Attachment { hash, name, media_type: file.media_type, size }.words(text))
}

/// What the desk says as a message, and whether its file can be shown: what Telegram knows it by means nothing elsewhere, and an
/// address is understood everywhere.
fn spoken(said: Said, is_telegram: bool) -> (Message, bool) {
    let Said { kind, text, file_id, file_url, place, chat_key: _, kept: _ } = said;
    let named = file_id.clone().filter(|_| is_telegram).map(|id| format!("telegram:{id}"));
    let file = file_url.or(named);
    let is_whole = file.is_some() || file_id.is_none();
    let kind = match kind {
        MessageKind::Image => MediaKind::Photo,
        MessageKind::Video => MediaKind::Video,
        MessageKind::Audio if file.as_deref().is_some_and(is_voice) => MediaKind::Voice,
        MessageKind::Audio => MediaKind::Audio,
        MessageKind::File | MessageKind::Text | MessageKind::Location => MediaKind::Document,
    };
    let place = place.map(|place| {
        let Place { latitude_e6, longitude_e6 } = place;
        Attached::Place(Location { latitude_e6, longitude_e6 })
    });
    let attached = place.or(file.map(|file| Attached::File { kind, file }));
    (Message { attached: attached.map(Box::new), ..Message::of(RichText::plain(text)) }, is_whole)
}

/// Whether a sound is a voice message: so its address ends, or so Telegram's names of them begin.
fn is_voice(file: &str) -> bool {
    let path = file.split(['?', '#']).next().unwrap_or_default();
    file.starts_with("telegram:AwAC") || path.ends_with(".ogg") || path.ends_with(".oga")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(kind: MessageKind, id: Option<&str>, url: Option<&str>) -> Said {
        Said { file_id: id.map(ToOwned::to_owned), file_url: url.map(ToOwned::to_owned), ..Said::blank(kind) }
    }

    #[track_caller]
    fn check(said: Said, is_telegram: bool, expected: Option<(MediaKind, &str)>) {
        let (message, is_whole) = spoken(said, is_telegram);
        let expected = expected.map(|(kind, file)| Attached::File { kind, file: file.to_owned() });
        assert_eq!((is_whole, message.attached.map(|attached| *attached)), (expected.is_some(), expected));
    }

    #[test]
    fn a_file_is_sent_as_what_it_is_by_what_its_chat_knows_it_by() {
        let url = "https://shop.uz/a.jpg";
        check(file(MessageKind::Image, None, Some(url)), true, Some((MediaKind::Photo, url)));
        check(file(MessageKind::Image, Some("AgAC"), Some(url)), false, Some((MediaKind::Photo, url)));
        check(file(MessageKind::Video, Some("BAAC"), None), true, Some((MediaKind::Video, "telegram:BAAC")));
        check(file(MessageKind::Audio, Some("AwAC"), None), true, Some((MediaKind::Voice, "telegram:AwAC")));
        check(file(MessageKind::Audio, Some("CQAC"), None), true, Some((MediaKind::Audio, "telegram:CQAC")));
        let voice = "https://shop.uz/a.ogg?1";
        check(file(MessageKind::Audio, None, Some(voice)), true, Some((MediaKind::Voice, voice)));
        check(
            file(MessageKind::File, Some("BQAC"), None),
            true,
            Some((MediaKind::Document, "telegram:BQAC")),
        );
        check(file(MessageKind::File, Some("BQAC"), None), false, None);
    }
}
