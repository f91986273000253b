//! A file that a person sends over a channel of ours: a chat on a site, or the simulator. No platform keeps it, so we do.

use std::path::Path;

use context::{Ctx, Permission};
use db::{Db, Lane, Tx};
use files::{Arrived, MediaType, Received};
use flow::{Input, Media, MediaKind, limits};
use kernel::{Checks, Error, Result, Text};
use uuid::Uuid;

use crate::{
    inbox::plain_name,
    said::kept_here,
    simulator::{Sent, SentWhat},
};

/// The longest file of a person: a photograph of a phone, a price list.
pub(crate) const MAX_BYTES: usize = 10 * 1024 * 1024;
/// The longest request that brings one: the file, and the fields beside it.
pub(crate) const BODY_BYTES: usize = MAX_BYTES + (64 << 10);
/// Names of files end so; anything that a computer runs is not among them.
const ENDINGS: &[&str] = &[
    "jpg", "jpeg", "png", "webp", "heic", "pdf", "doc", "docx", "xls", "xlsx", "csv", "txt", "ods", "odt",
    "ogg", "oga", "mp3", "m4a", "mp4", "mov", "zip",
];

/// Keeps the file of a request with the fields `client_id` and `caption`, and makes of it what the person says. A file
/// that is sent again is kept once. What cannot be taken is refused beside its field.
pub(crate) async fn keep(ctx: &Ctx, db: &Db, received: Received) -> Result<Sent> {
    let mut checks = Checks::new();
    let client_id = Uuid::parse_str(received.get("client_id"));
    checks.hold(client_id.is_ok(), "client_id", Text::new("web-field-type"));
    let caption = checks.prose("caption", received.get("caption"), limits::CAPTION_UTF16_MAX);
    let Received { filename, file, .. } = received;
    let size = file.as_ref().map_or(0, Arrived::size);
    let media_type = file.as_ref().map_or(MediaType::Bytes, Arrived::media_type);
    checks.hold(file.is_some(), "file", Text::new("bots-attachment-missing"));
    checks.hold(size <= MAX_BYTES, "file", Text::new("bots-chat-too-large"));
    let is_taken = fits(&filename, media_type);
    checks.hold(is_taken || checks.has("file"), "file", Text::new("bots-web-file-kind"));
    checks.done()?;
    let file = file.ok_or_else(Error::not_found)?;
    let (kind, name) = (kind_of(media_type, file.head()), plain_name(&filename));
    let hash = file.keep().await?;
    let own = ctx.clone();
    let record =
        move |tx: &mut Tx<'_>| files::record(&own, tx, hash, media_type, size, Some(Permission::BotsRead));
    db.write(ctx, Lane::People, record).await?;
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

/// What a messenger would call it. Speech is what messengers record it as: Opus in Ogg (RFC 7845, section 5.1: the first
/// page's only packet begins with `OpusHead`, behind a header of 28 bytes); any other sound is music.
fn kind_of(media_type: MediaType, bytes: &[u8]) -> MediaKind {
    let at = |place: usize, mark: &[u8]| bytes.get(place..).is_some_and(|rest| rest.starts_with(mark));
    match media_type {
        MediaType::Jpeg | MediaType::Png | MediaType::Webp => MediaKind::Photo,
        MediaType::Ogg if at(28, b"OpusHead") => MediaKind::Voice,
        // The brand of a container without a film.
        MediaType::Mp4 if at(8, b"M4A ") => MediaKind::Audio,
        MediaType::Mp4 => MediaKind::Video,
        MediaType::Ogg | MediaType::Mp3 => MediaKind::Audio,
        MediaType::Xlsx | MediaType::Csv | MediaType::Pdf | MediaType::Bytes => MediaKind::Document,
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

    #[test]
    fn a_file_is_the_kind_that_a_messenger_would_call_it() {
        let ogg = |codec: &str| format!("OggS{}{codec}", "\0".repeat(24)).into_bytes();
        for (bytes, kind) in [
            (b"\xff\xd8\xff\xe0".to_vec(), MediaKind::Photo),
            (b"\0\0\0\x18ftypisom".to_vec(), MediaKind::Video),
            (b"\0\0\0\x18ftypM4A ".to_vec(), MediaKind::Audio),
            (b"ID3\x04".to_vec(), MediaKind::Audio),
            (ogg("OpusHead"), MediaKind::Voice),
            (ogg("\x01vorbis"), MediaKind::Audio),
            (b"OggS".to_vec(), MediaKind::Audio),
            (b"%PDF-1.7".to_vec(), MediaKind::Document),
            (b"salom".to_vec(), MediaKind::Document),
        ] {
            assert_eq!(kind_of(MediaType::of(&bytes), &bytes), kind, "{bytes:?}");
        }
    }
}
