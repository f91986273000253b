//! A file that a page or a program sends: looked at, kept, and read by a job.

use context::Permission;
use files::{Blobs, MediaType};
use kernel::{Error, Kind, Result, Text};
use web::{Caller, Upload};

use crate::{
    Content, FileFormat, Imported, NewDocument, create_document, document::TITLE_CHARS, import_pairs, sheet,
};

/// Bytes of a file at most.
const FILE_BYTES: usize = 20 << 20;
/// Bytes of a multipart body: the file, and the fields beside it.
pub(crate) const BODY_BYTES: usize = FILE_BYTES + 64 * 1_024;

/// Takes the file in; answers its document's number.
pub(crate) async fn take_in(caller: &Caller, upload: Upload) -> Result<i64> {
    caller.ctx.require(Permission::BotsEdit)?;
    let format = looked_at(&upload)?;
    let title = match upload.get("title").trim() {
        "" => name_of(&upload.filename),
        title => title.to_owned(),
    };
    let bytes = upload.bytes;
    let size = bytes.len();
    let hash = caller.app.service::<Blobs>()?.put(bytes).await?;
    let media_type = if format == FileFormat::Pdf { MediaType::Pdf } else { MediaType::Bytes };
    let filename = upload.filename;
    caller
        .once(move |ctx, tx| {
            files::record(ctx, tx, hash, media_type, size, Some(Permission::BotsRead))?;
            let (title, filename) = (title.clone(), filename.clone());
            let content = Content::File { title, filename, format, hash: hash.to_string() };
            Ok(create_document(ctx, tx, NewDocument { content, is_on: true })?.number)
        })
        .await
}

/// Takes the pairs of a CSV file in.
pub(crate) async fn take_pairs_in(caller: &Caller, upload: Upload) -> Result<Imported> {
    caller.ctx.require(Permission::BotsEdit)?;
    if upload.bytes.is_empty() {
        return Err(Error::field("file", Text::new("knowledge-file-missing")));
    }
    let bytes = upload.bytes;
    let read = tokio::task::spawn_blocking(move || sheet::pairs(&bytes)).await;
    let pairs = read.map_err(Error::internal)??;
    caller.once(move |ctx, tx| import_pairs(ctx, tx, &pairs)).await
}

/// What the file is, by its name and its bytes.
fn looked_at(upload: &Upload) -> Result<FileFormat> {
    let refused = |key: &'static str| Err(Error::field("file", Text::new(key)));
    if upload.bytes.is_empty() {
        return refused("knowledge-file-missing");
    }
    if upload.bytes.len() > FILE_BYTES {
        return Err(Error::new(Kind::TooMuch { retry_after_s: None }, Text::new("web-body-too-large")));
    }
    let extension = upload.filename.rsplit_once('.').map(|(_, extension)| extension.to_lowercase());
    let format = match extension.as_deref() {
        Some("txt") => FileFormat::Plain,
        Some("md" | "markdown") => FileFormat::Markdown,
        Some("pdf") => FileFormat::Pdf,
        _ => return refused("knowledge-file-unknown"),
    };
    let is_pdf = upload.bytes.starts_with(b"%PDF-");
    match format {
        FileFormat::Pdf if !is_pdf => refused("knowledge-file-is-no-pdf"),
        FileFormat::Plain | FileFormat::Markdown if std::str::from_utf8(&upload.bytes).is_err() => {
            refused("knowledge-file-is-not-utf8")
        }
        format => Ok(format),
    }
}

/// `qoidalar 2026.pdf` → `qoidalar 2026`.
fn name_of(filename: &str) -> String {
    let name = filename.rsplit_once('.').map_or(filename, |(name, _)| name);
    name.chars().take(TITLE_CHARS).collect()
}
