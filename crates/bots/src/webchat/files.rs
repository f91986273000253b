//! Files both ways: what a visitor sends, and what was sent to them.

use std::path::Path;

use ::files::{Hash, MediaType};
use axum::{extract, http::HeaderMap, http::HeaderValue, http::StatusCode, http::header, response::Response};
use context::{Ctx, Permission};
use db::{Lane, ReadTx, Tx};
use flow::{Input, Media, MediaKind, limits};
use kernel::{Checks, Error, Id, Result, Text};
use uuid::Uuid;
use web::{RowKey, Upload};

use super::{Visitor, door::Guest, pace::Doing, watch, wire};
use crate::{
    Body, Message,
    inbox::plain_name,
    receive,
    said::{kept_here, sent_here},
    simulator::{Sent, SentWhat},
    store,
};

/// The longest file of a visitor: a photograph of a phone, a price list.
pub(super) const MAX_BYTES: usize = 10 * 1024 * 1024;
/// Names of files end so; anything that a computer runs is not among them.
const ENDINGS: &[&str] = &[
    "jpg", "jpeg", "png", "webp", "heic", "pdf", "doc", "docx", "xls", "xlsx", "csv", "txt", "ods", "odt",
    "ogg", "oga", "mp3", "m4a", "mp4", "mov", "zip",
];

/// `POST /chat/{key}/files`: a file with the fields `client_id` and `caption`.
pub(super) async fn send_file(guest: Guest, upload: Upload) -> web::Result<StatusCode> {
    let Guest { door, visitor } = &guest;
    door.bots.pace().count(Doing::Sending, &visitor.id.to_string(), door.meta.now)?;
    door.bots.pace().count(Doing::SendingFrom, &door.meta.address, door.meta.now)?;
    let sent = store_file(&guest, upload).await?;
    let (ctx, who) = (door.ctx.clone(), visitor.clone());
    let read = move |tx: &mut ReadTx<'_>| wire::update(&ctx, tx, &who, &sent);
    let update = door.app.db().read(&door.ctx, read).await?;
    receive(&door.ctx, door.app.db(), &door.bots, update).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Keeps the file and makes of it what the visitor says. A file that is sent again is kept once.
async fn store_file(guest: &Guest, upload: Upload) -> Result<Sent> {
    let Guest { door, visitor: _ } = guest;
    let mut checks = Checks::new();
    let client_id = Uuid::parse_str(upload.get("client_id"));
    checks.hold(client_id.is_ok(), "client_id", Text::new("web-field-type"));
    let caption = checks.prose("caption", upload.get("caption"), limits::CAPTION_UTF16_MAX);
    let media_type = MediaType::of(&upload.bytes);
    checks.hold(!upload.bytes.is_empty(), "file", Text::new("bots-attachment-missing"));
    checks.hold(upload.bytes.len() <= MAX_BYTES, "file", Text::new("bots-chat-too-large"));
    let is_taken = fits(&upload.filename, media_type);
    checks.hold(is_taken || checks.has("file"), "file", Text::new("bots-web-file-kind"));
    checks.done()?;
    let (name, size) = (plain_name(&upload.filename), upload.bytes.len());
    let hash = door.bots.blobs().put(upload.bytes.to_vec()).await?;
    let ctx = door.ctx.clone();
    let keep =
        move |tx: &mut Tx<'_>| ::files::record(&ctx, tx, hash, media_type, size, Some(Permission::BotsRead));
    door.app.db().write(&door.ctx, Lane::People, keep).await?;
    let kind = kind_of(media_type);
    let media = Media { kind, file: kept_here(&hash.to_string(), &name), caption };
    let what = SentWhat::Said(Input::Media(media));
    Ok(Sent { client_id: client_id.map_err(Error::internal)?, what })
}

/// Whether a file of this name may be what it is: a picture is called one, and nothing else is.
fn fits(name: &str, media_type: MediaType) -> bool {
    let ending = Path::new(name).extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    let ending = ending.to_ascii_lowercase();
    let says_picture = matches!(ending.as_str(), "jpg" | "jpeg" | "png" | "webp");
    ENDINGS.contains(&ending.as_str())
        && says_picture == media_type.is_picture()
        && (ending == "pdf") == (media_type == MediaType::Pdf)
}

const fn kind_of(media_type: MediaType) -> MediaKind {
    match media_type {
        MediaType::Jpeg | MediaType::Png | MediaType::Webp => MediaKind::Photo,
        MediaType::Mp4 => MediaKind::Video,
        MediaType::Ogg | MediaType::Mp3 => MediaKind::Audio,
        MediaType::Xlsx | MediaType::Csv | MediaType::Pdf | MediaType::Bytes => MediaKind::Document,
    }
}

/// `GET /chat/{key}/files/{message}`: the file that a message of the visitor's own conversation brought.
pub(super) async fn get_file(
    guest: Guest,
    extract::Path((_, message)): extract::Path<(String, RowKey)>,
    headers: HeaderMap,
) -> web::Result<Response> {
    let Guest { door, visitor } = guest;
    let message = message.id().ok_or_else(Error::not_found)?;
    let ctx = door.ctx.clone();
    let read = move |tx: &mut ReadTx<'_>| brought(&ctx, tx, &visitor, message);
    let (hash, name) = door.app.db().read(&door.ctx, read).await?;
    let mut answer = ::files::send_to(&door.app, &door.ctx, hash, &name, &headers).await?;
    // Whoever comes to this browser next has another token, or none.
    answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    Ok(answer)
}

fn brought(ctx: &Ctx, tx: &mut ReadTx, visitor: &Visitor, message: Id<Message>) -> Result<(Hash, String)> {
    let conversation = watch::conversation(ctx, tx, visitor)?;
    let found = store::message::find(ctx, tx, conversation.id, message)?.ok_or_else(Error::not_found)?;
    match found.body {
        Body::Out(flow::Reply::Message(words)) => match (words.document, words.picture) {
            (Some(document), _) => Ok((document.file.parse()?, document.name)),
            (None, Some(picture)) => Ok((picture.parse()?, "picture".to_owned())),
            (None, None) => Err(Error::not_found()),
        },
        Body::In(Input::Media(media)) => {
            let (hash, name) = sent_here(&media.file).ok_or_else(Error::not_found)?;
            Ok((hash.parse()?, name.to_owned()))
        }
        _ => Err(Error::not_found()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_what_they_are_called() {
        for (name, media_type, taken) in [
            ("rasm.JPG", MediaType::Jpeg, true),
            ("rasm.jpg", MediaType::Bytes, false),
            ("narxlar.xlsx", MediaType::Bytes, true),
            ("narxlar.pdf", MediaType::Pdf, true),
            ("narxlar.pdf", MediaType::Bytes, false),
            ("narxlar.txt", MediaType::Pdf, false),
            ("setup.exe", MediaType::Bytes, false),
            ("page.html", MediaType::Bytes, false),
            ("a.svg", MediaType::Bytes, false),
            ("zip", MediaType::Bytes, false),
            ("", MediaType::Bytes, false),
        ] {
            assert_eq!(fits(name, media_type), taken, "{name}");
        }
    }
}
