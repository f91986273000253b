//! A workspace's row about a blob.

use context::{Ctx, Permission};
use db::Tx;
use kernel::{Error, Result, Timestamp};

use crate::{Hash, store};

/// What a blob is. A closed list: nothing that a browser would run is among it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MediaType {
    /// A JPEG picture.
    Jpeg,
    /// A PNG picture.
    Png,
    /// A WebP picture.
    Webp,
    /// A workbook.
    Xlsx,
    /// A table as text.
    Csv,
    /// A document on paper.
    Pdf,
    /// Speech or music, as messengers record it.
    Ogg,
    /// Music.
    Mp3,
    /// A film.
    Mp4,
    /// Anything else.
    Bytes,
}

impl MediaType {
    const ALL: [Self; 10] = [
        Self::Jpeg,
        Self::Png,
        Self::Webp,
        Self::Xlsx,
        Self::Csv,
        Self::Pdf,
        Self::Ogg,
        Self::Mp3,
        Self::Mp4,
        Self::Bytes,
    ];

    /// The name that is stored and sent (IANA).
    pub const fn name(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Csv => "text/csv; charset=utf-8",
            Self::Pdf => "application/pdf",
            Self::Ogg => "audio/ogg",
            Self::Mp3 => "audio/mpeg",
            Self::Mp4 => "video/mp4",
            Self::Bytes => "application/octet-stream",
        }
    }

    /// Reads the stored name.
    pub(crate) fn parse(name: &str) -> Self {
        Self::ALL.into_iter().find(|kind| kind.name() == name).unwrap_or(Self::Bytes)
    }

    /// What these bytes are, by how they begin (WHATWG, "MIME Sniffing"); what is unknown, and text, are
    /// [`Self::Bytes`].
    pub fn of(bytes: &[u8]) -> Self {
        let at = |place: usize, mark: &[u8]| bytes.get(place..).is_some_and(|rest| rest.starts_with(mark));
        match () {
            () if at(0, b"\xff\xd8\xff") => Self::Jpeg,
            () if at(0, b"\x89PNG\r\n\x1a\n") => Self::Png,
            () if at(0, b"RIFF") && at(8, b"WEBP") => Self::Webp,
            () if at(0, b"%PDF-") => Self::Pdf,
            () if at(0, b"OggS") => Self::Ogg,
            () if at(0, b"ID3") || at(0, b"\xff\xfb") => Self::Mp3,
            () if at(4, b"ftyp") => Self::Mp4,
            () => Self::Bytes,
        }
    }

    /// Whether a browser shows it instead of saving it.
    pub const fn is_picture(self) -> bool {
        matches!(self, Self::Jpeg | Self::Png | Self::Webp)
    }
}

/// A blob that a workspace has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its name in the store.
    pub hash: Hash,
    /// What it is.
    pub media_type: MediaType,
    /// Its length.
    pub size_bytes: i64,
    /// What a member must be allowed to see it; every member when there is none.
    pub permission: Option<Permission>,
    /// When the workspace got it.
    pub created_at: Timestamp,
}

/// Notes that the workspace has the blob, which lies in the store already. A file that it has already stays as it is.
/// Who may is the caller's question.
pub fn record(
    ctx: &Ctx,
    tx: &mut Tx,
    hash: Hash,
    media_type: MediaType,
    size_bytes: usize,
    permission: Option<Permission>,
) -> Result<()> {
    let size_bytes = i64::try_from(size_bytes).map_err(Error::internal)?;
    let file = File { hash, media_type, size_bytes, permission, created_at: ctx.now() };
    store::insert(ctx, tx, &file)
}
