//! Files: where a sent file comes from, what the server accepts, getFile and what people upload.

use std::hash::{Hash, Hasher};

use bytes::Bytes;
use serde_json::{Value, json};

use super::{
    error::ApiError,
    params::{Params, Upload},
    state::{State, StoredFile},
};

/// A bot uploads at most this.
const UPLOAD_LIMIT_BYTES: usize = 50 * 1024 * 1024;
/// A photo weighs at most this.
const PHOTO_LIMIT_BYTES: usize = 10 * 1024 * 1024;
/// A bot downloads at most this.
const DOWNLOAD_LIMIT_BYTES: u64 = 20 * 1024 * 1024;
/// Width plus height of a photo, and the ratio of the two.
const PHOTO_SIDES_LIMIT: u32 = 10_000;
const PHOTO_RATIO_LIMIT: u32 = 20;

/// Where a file to send comes from.
pub(super) enum Source {
    Upload(Upload),
    Url(String),
    Id(String),
}

impl Source {
    /// The file of a parameter: uploaded under its own name, `attach://`, a link or a file id.
    pub fn of_field(params: &Params, field: &str) -> Result<Option<Self>, ApiError> {
        match params.files.get(field) {
            Some(upload) => Ok(Some(Self::Upload(upload.clone()))),
            None => Self::of_text(params, &params.text(field), field),
        }
    }

    /// A file named by a text.
    pub fn of_text(params: &Params, text: &str, kind: &str) -> Result<Option<Self>, ApiError> {
        if text.is_empty() {
            return Ok(None);
        }
        if let Some(part) = text.strip_prefix("attach://") {
            return Ok(params.files.get(part).cloned().map(Self::Upload));
        }
        if text.starts_with("http://") || text.starts_with("https://") {
            check_link(text, kind)?;
            return Ok(Some(Self::Url(text.to_owned())));
        }
        Ok(Some(Self::Id(text.to_owned())))
    }
}

/// Telegram fetches links itself: nothing of this machine or of a private network is in its reach.
fn check_link(link: &str, kind: &str) -> Result<(), ApiError> {
    let url = reqwest::Url::parse(link).map_err(|_| ApiError::bad("wrong HTTP URL specified"))?;
    let host = url.host_str().unwrap_or_default();
    let private = host.parse::<std::net::IpAddr>().is_ok_and(|address| match address {
        std::net::IpAddr::V4(four) => four.is_loopback() || four.is_private() || four.is_link_local(),
        std::net::IpAddr::V6(six) => six.is_loopback(),
    });
    if private || !host.contains('.') {
        return Err(ApiError::bad("failed to get HTTP URL content"));
    }
    let path = url.path().to_lowercase();
    if kind == "document" && ![".gif", ".pdf", ".zip"].iter().any(|ending| path.ends_with(ending)) {
        return Err(ApiError::bad("wrong type of the web page content"));
    }
    Ok(())
}

impl State {
    /// The field of a message for a file that is sent: `photo`, `document`…
    pub(super) fn media(&mut self, token: &str, kind: &str, source: Source) -> Result<Value, ApiError> {
        let file = match source {
            Source::Upload(upload) => {
                check_upload(kind, &upload)?;
                let mime = upload.mime.unwrap_or_else(|| "application/octet-stream".into());
                self.keep_file(token, kind, &upload.name, &mime, upload.bytes, None)
            }
            Source::Url(link) => {
                let name = link.rsplit('/').next().unwrap_or_default().to_owned();
                self.keep_file(token, kind, &name, "application/octet-stream", Bytes::from(link), None)
            }
            Source::Id(id) => match self.files.get(&id) {
                Some(file) if file.token == token => id,
                _ => return Err(ApiError::bad("wrong file identifier/HTTP URL specified")),
            },
        };
        Ok(self.media_json(kind, &file))
    }

    /// The PhotoSize list, Document… of a kept file.
    pub(super) fn media_json(&self, kind: &str, id: &str) -> Value {
        let file = &self.files[id];
        let unique = unique_id(&file.bytes);
        let mut one = json!({"file_id": id, "file_unique_id": unique, "file_size": file.size});
        match kind {
            "photo" => {
                let (width, height) = image_size(&file.bytes).unwrap_or((1280, 960));
                one["width"] = width.into();
                one["height"] = height.into();
                let mut small = one.clone();
                small["width"] = width.min(90).into();
                small["height"] = height.min(90).into();
                json!([small, one])
            }
            "document" => {
                one["file_name"] = file.name.clone().into();
                one["mime_type"] = file.mime.clone().into();
                one
            }
            "sticker" => {
                one["width"] = 512.into();
                one["height"] = 512.into();
                one["type"] = "regular".into();
                one["is_animated"] = false.into();
                one["is_video"] = false.into();
                one
            }
            "video" | "animation" => {
                one["width"] = 640.into();
                one["height"] = 360.into();
                one["duration"] = 3.into();
                one["file_name"] = file.name.clone().into();
                one
            }
            _ => {
                one["duration"] = 3.into();
                one["mime_type"] = file.mime.clone().into();
                one
            }
        }
    }

    /// Keeps a file and gives its id. `size` only where it is larger than the bytes that are really kept.
    pub(super) fn keep_file(
        &mut self,
        token: &str,
        kind: &str,
        name: &str,
        mime: &str,
        bytes: Bytes,
        size: Option<u64>,
    ) -> String {
        let number = self.fresh();
        let id = format!("AgAC{kind}{number:08}");
        let ending = name.rsplit_once('.').map_or("bin", |(_, ending)| ending);
        let path = format!("{kind}s/file_{number}.{ending}");
        let size = size.unwrap_or(bytes.len() as u64);
        let (token, name, mime) = (token.to_owned(), name.to_owned(), mime.to_owned());
        self.files.insert(id.clone(), StoredFile { token, path, name, mime, bytes, size });
        id
    }

    /// getFile.
    pub fn get_file(&mut self, token: &str, params: &Params) -> Result<Value, ApiError> {
        let id = params.text("file_id");
        if id.is_empty() {
            return Err(ApiError::bad("file_id not specified"));
        }
        let file = self.files.get(&id).filter(|file| file.token == token);
        let file =
            file.ok_or_else(|| ApiError::bad("wrong file_id or the file is temporarily unavailable"))?;
        if file.size > DOWNLOAD_LIMIT_BYTES {
            return Err(ApiError::bad("file is too big"));
        }
        Ok(
            json!({"file_id": id, "file_unique_id": unique_id(&file.bytes), "file_size": file.size, "file_path": file.path}),
        )
    }

    /// The bytes at a `file_path`.
    pub fn download(&self, token: &str, path: &str) -> Option<Bytes> {
        let file = self.files.values().find(|file| file.token == token && file.path == path)?;
        Some(file.bytes.clone())
    }
}

/// The same for the same content, whoever sent it and however often.
fn unique_id(bytes: &[u8]) -> String {
    let mut hasher = std::hash::DefaultHasher::new();
    bytes.hash(&mut hasher);
    format!("u{:016x}", hasher.finish())
}

fn check_upload(kind: &str, upload: &Upload) -> Result<(), ApiError> {
    let size = upload.bytes.len();
    if size == 0 {
        return Err(ApiError::bad("file must be non-empty"));
    }
    if size > UPLOAD_LIMIT_BYTES {
        return Err(ApiError {
            code: 413,
            description: "Request Entity Too Large".into(),
            retry_after: None,
            migrate_to: None,
        });
    }
    if kind != "photo" {
        return Ok(());
    }
    if size > PHOTO_LIMIT_BYTES {
        return Err(ApiError::bad(format!(
            "file of size {size} bytes is too big for a photo; the maximum size is {PHOTO_LIMIT_BYTES} bytes"
        )));
    }
    let (width, height) = image_size(&upload.bytes).ok_or_else(|| ApiError::bad("IMAGE_PROCESS_FAILED"))?;
    let (long, short) = (width.max(height), width.min(height));
    if short == 0 || width + height > PHOTO_SIDES_LIMIT || long / short > PHOTO_RATIO_LIMIT {
        return Err(ApiError::bad("PHOTO_INVALID_DIMENSIONS"));
    }
    Ok(())
}

/// Width and height from the head of a PNG, JPEG, GIF or WebP file.
fn image_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let two = |at: usize| Some(u32::from(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?)));
    let two_little = |at: usize| Some(u32::from(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?)));
    let four = |at: usize| Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        return Some((four(16)?, four(20)?));
    }
    if bytes.starts_with(b"GIF8") {
        return Some((two_little(6)?, two_little(8)?));
    }
    if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        return Some((512, 512));
    }
    if !bytes.starts_with(&[0xff, 0xd8]) {
        return None;
    }
    let mut at = 2;
    loop {
        let marker = *bytes.get(at + 1)?;
        if *bytes.get(at)? != 0xff {
            return None;
        }
        let is_frame = (0xc0..=0xcf).contains(&marker) && ![0xc4, 0xc8, 0xcc].contains(&marker);
        if is_frame {
            return Some((two(at + 7)?, two(at + 5)?));
        }
        at += 2 + two(at + 2)? as usize;
    }
}
