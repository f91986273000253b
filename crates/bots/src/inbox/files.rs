//! Files that the staff sends, and files that people sent.

use std::sync::Arc;

use channels::telegram::{CallError, Download, FileRef};
use context::{Ctx, Permission};
use db::{Db, Lane, ReadTx, Tx};
use files::{Arrived, Blobs, Hash, MediaType, Received};
use flow::{Attached, Document, Input, MediaKind, Message as Words, RichText, limits};
use kernel::{Checks, Error, Id, Kind, Result, Text};

use super::answering::{require_answering, send};
use crate::{Body, Bots, Channel, ChannelKind, Conversation, Message, said::sent_here, store};

/// The longest file that one request brings: what a bot may send (Bot API, "Sending files").
pub(crate) const MAX_ATTACHMENT_BYTES: usize = 50 * 1024 * 1024;
/// Telegram shows pictures up to this length as pictures (Bot API, `sendPhoto`).
const MAX_PICTURE_BYTES: usize = 10 * 1024 * 1024;
/// Characters of a file's name.
const NAME_CHARS: usize = 80;

/// A file of the staff, stored already.
#[derive(Debug, Clone)]
pub(crate) struct Attachment {
    pub(crate) hash: Hash,
    pub(crate) name: String,
    pub(crate) media_type: MediaType,
    pub(crate) size: usize,
}

impl Attachment {
    /// Keeps what was received; a refusal is about the field `file`.
    pub(crate) async fn keep(received: Received) -> Result<Self> {
        let field = |key| Error::field("file", Text::new(key));
        let file = received.file.ok_or_else(|| field("bots-attachment-missing"))?;
        if file.size() > MAX_ATTACHMENT_BYTES {
            return Err(field("bots-attachment-too-large"));
        }
        let (media_type, size) = (file.media_type(), file.size());
        Ok(Self { hash: file.keep().await?, name: plain_name(&received.filename), media_type, size })
    }

    /// As a message: a picture is shown, anything else is kept.
    pub(crate) fn words(&self, caption: &str) -> Words {
        let words = Words::of(RichText::plain(caption));
        if self.media_type.is_picture() && self.size <= MAX_PICTURE_BYTES {
            return Words { picture: Some(self.hash.to_string()), ..words };
        }
        let document = Document {
            file: self.hash.to_string(),
            name: self.name.clone(),
            size_bytes: u64::try_from(self.size).unwrap_or(u64::MAX),
            without: self.name.clone(),
        };
        Words { document: Some(document), ..words }
    }
}

/// Sends the person a file with these words beside it, which may be none.
pub(crate) fn attach(
    ctx: &Ctx,
    tx: &mut Tx,
    id: Id<Conversation>,
    file: &Attachment,
    caption: &str,
) -> Result<Id<Message>> {
    let author = require_answering(ctx)?;
    let mut checks = Checks::new();
    let caption = checks.prose("text", caption, limits::CAPTION_UTF16_MAX);
    let is_short = caption.encode_utf16().count() <= limits::CAPTION_UTF16_MAX;
    checks.hold(is_short || checks.has("text"), "text", Text::new("bots-caption-too-long"));
    checks.done()?;
    files::record(ctx, tx, file.hash, file.media_type, file.size, Some(Permission::BotsRead))?;
    send(ctx, tx, id, &author, file.words(&caption))
}

/// The name in ASCII, which every platform takes, with its ending.
pub(crate) fn plain_name(name: &str) -> String {
    let (stem, ending) = match name.rsplit_once('.') {
        Some((stem, ending)) if !stem.is_empty() => (stem, ending),
        _ => (name, ""),
    };
    let plain = |text: &str, most: usize| -> String {
        let folded = if text.is_ascii() { text.to_owned() } else { uztext::fold(text) };
        let kept = folded.chars().map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' });
        kept.take(most).collect::<String>().trim_matches('-').to_owned()
    };
    let (stem, ending) = (plain(stem, NAME_CHARS), plain(ending, 10));
    let stem = if stem.is_empty() { "file".to_owned() } else { stem };
    if ending.is_empty() { stem } else { format!("{stem}.{ending}") }
}

/// What a message brought.
#[derive(Debug)]
pub(crate) enum Brought {
    /// A file of ours, by the name that it is saved as.
    Here(Hash, String),
    /// A file that is still with the platform.
    There(Box<Channel>, Id<Message>, FileRef),
}

/// What the message of the conversation brought.
pub(crate) fn brought(
    ctx: &Ctx,
    tx: &mut ReadTx,
    conversation: Id<Conversation>,
    message: Id<Message>,
) -> Result<Brought> {
    ctx.require(Permission::BotsRead)?;
    let row = store::summary::get(ctx, tx, conversation)?;
    let found = store::message::find(ctx, tx, conversation, message)?.ok_or_else(Error::not_found)?;
    match found.body {
        Body::Out(flow::Reply::Message(words)) => {
            if let Some(document) = words.document {
                return Ok(Brought::Here(document.file.parse()?, document.name));
            }
            let Some(Attached::File { kind, file }) = words.attached.map(|attached| *attached) else {
                return Err(Error::not_found());
            };
            outside(ctx, tx, row.channel, message, kind, &file)
        }
        Body::In(Input::Media(media)) => {
            if let Some((hash, name)) = sent_here(&media.file) {
                return Ok(Brought::Here(hash.parse()?, name.to_owned()));
            }
            outside(ctx, tx, row.channel, message, media.kind, &media.file)
        }
        _ => Err(Error::not_found()),
    }
}

/// A file that a platform has, or that was fetched from it before.
fn outside(
    ctx: &Ctx,
    tx: &mut ReadTx,
    channel: Id<Channel>,
    message: Id<Message>,
    kind: MediaKind,
    file: &str,
) -> Result<Brought> {
    if let Some(hash) = store::media::find(ctx, tx, message)? {
        return Ok(Brought::Here(hash.parse()?, kind.name().to_owned()));
    }
    let channel = store::channel::get(ctx, tx, channel)?;
    let id = file.strip_prefix("telegram:").ok_or_else(Error::not_found)?.to_owned();
    if channel.kind != ChannelKind::Telegram {
        return Err(Error::not_found());
    }
    let file = FileRef { id, unique_id: String::new(), name: None, mime: None, size: None };
    Ok(Brought::There(Box::new(channel), message, file))
}

/// A file of the platform, on our disk and not kept yet; the inner error is the platform's.
pub(crate) async fn received(blobs: &Blobs, mut download: Download) -> Result<Result<Arrived, CallError>> {
    let mut arriving = blobs.receive().await?;
    loop {
        match download.next().await {
            Ok(Some(piece)) => arriving.write(&piece).await?,
            Ok(None) => return arriving.end().await.map(Ok),
            Err(error) => return Ok(Err(error)),
        }
    }
}

/// Fetches a file from the platform and keeps it.
pub(crate) async fn fetch(
    ctx: &Ctx,
    db: &Db,
    bots: &Arc<Bots>,
    channel: &Channel,
    message: Id<Message>,
    file: &FileRef,
) -> Result<Hash> {
    let gone = |error| Error::new(Kind::Conflict, Text::new("bots-media-gone")).because(error);
    let download = bots.telegram_of(channel)?.download(file).await.map_err(gone)?;
    let file = received(bots.blobs(), download).await?.map_err(gone)?;
    let (media_type, size) = (file.media_type(), file.size());
    let hash = file.keep().await?;
    let own = ctx.clone();
    let keep = move |tx: &mut Tx<'_>| {
        files::record(&own, tx, hash, media_type, size, Some(Permission::BotsRead))?;
        store::media::insert(&own, tx, message, &hash.to_string())
    };
    db.write(ctx, Lane::People, keep).await?;
    Ok(hash)
}

#[cfg(test)]
mod tests {
    use super::plain_name;

    #[test]
    fn names_of_files_are_plain_and_keep_their_endings() {
        for (name, plain) in [
            ("narxlar 2026.xlsx", "narxlar-2026.xlsx"),
            ("Шартнома.pdf", "shartnoma.pdf"),
            ("...", "file"),
            ("../../etc/passwd", "file.-etc-passwd"),
            ("a\r\nb.txt", "a--b.txt"),
            ("", "file"),
        ] {
            let got = plain_name(name);
            assert!(got.is_ascii() && !got.contains(['/', '\n', '\r']), "{got}");
            if !name.contains("etc") {
                assert_eq!(got, plain);
            }
        }
    }
}
