//! A roster's file that a page or a program sends: kept, and taken in. What stands in it, the job finds out.

use bytes::Bytes;
use files::{Blobs, MediaType};
use kernel::{Error, Id, Result, Text};
use web::Caller;

use crate::{
    Import,
    actions::{NewImport, create_import, may_import},
    sheet::{FILE_BYTES_AT_MOST, must_fit},
};

/// Bytes of a multipart body: the file, and the fields beside it.
pub(crate) const BODY_BYTES_AT_MOST: usize = FILE_BYTES_AT_MOST + 64 * 1_024;

/// A file with what is said beside it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Brought {
    pub(crate) filename: String,
    pub(crate) bytes: Bytes,
    /// The campaign's code; the default one where it is empty.
    pub(crate) campaign: String,
    pub(crate) deactivates_missing: bool,
}

/// Takes the file in; answers the import's id.
pub(crate) async fn take_in(caller: &Caller, brought: Brought) -> Result<Id<Import>> {
    may_import(&caller.ctx)?;
    let Brought { filename, bytes, campaign, deactivates_missing } = brought;
    if bytes.iter().all(u8::is_ascii_whitespace) {
        let key = if filename.is_empty() { "surveys-file-missing" } else { "surveys-file-empty" };
        return Err(Error::field("file", Text::new(key)));
    }
    must_fit(bytes.len())?;
    let media_type = if bytes.starts_with(b"PK") { MediaType::Xlsx } else { MediaType::Bytes };
    let size = bytes.len();
    let hash = caller.app.service::<Blobs>()?.put(bytes).await?;
    let campaign = Some(campaign).filter(|code| !code.trim().is_empty());
    let filename = Some(filename).filter(|name| !name.is_empty()).unwrap_or_else(|| "roster".to_owned());
    let new = NewImport { campaign, filename, hash, deactivates_missing };
    caller
        .once(move |ctx, tx| {
            files::record(ctx, tx, hash, media_type, size, Some(context::Permission::SurveysEdit))?;
            Ok(create_import(ctx, tx, new.clone())?.id.uuid())
        })
        .await
        .map(Id::from_uuid)
}
