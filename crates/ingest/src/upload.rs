//! A file that a page or a program sends: read once to know its columns, kept, and taken in.

use context::Permission;
use files::{Blobs, MediaType};
use kernel::{Error, Kind, Result, Text};
use web::{Caller, Upload};

use crate::{
    ImportKind,
    actions::{NewImport, create_import, may},
    sheet::FILE_BYTES_AT_MOST,
    stage,
};

/// Bytes of a multipart body: the file, and the fields beside it.
pub(crate) const BODY_BYTES_AT_MOST: usize = FILE_BYTES_AT_MOST + 64 * 1_024;

/// Takes the file in; answers the import's number.
pub(crate) async fn take_in(caller: &Caller, kind: ImportKind, upload: Upload) -> Result<i64> {
    may(&caller.ctx, kind)?;
    if upload.bytes.is_empty() && upload.filename.is_empty() {
        return Err(Error::field("file", Text::new("ingest-file-missing")));
    }
    let bytes = upload.bytes;
    let sheet = stage::unpack(bytes.to_vec()).await?;
    let media_type = if bytes.starts_with(b"PK") { MediaType::Xlsx } else { MediaType::Csv };
    let size = bytes.len();
    let hash = caller.app.service::<Blobs>()?.put(bytes).await?;
    let new = NewImport::of(kind, &upload.filename, hash, true, &sheet);
    caller
        .once(move |ctx, tx| {
            files::record(ctx, tx, hash, media_type, size, Some(Permission::InventoryCreate))?;
            Ok(create_import(ctx, tx, new.clone())?.number)
        })
        .await
}

/// Whether an error is about the file, so that the form is shown again.
pub(crate) fn is_about_file(error: &Error) -> bool {
    matches!(error.kind(), Kind::Invalid | Kind::TooMuch { .. })
}
