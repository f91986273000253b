//! One file that a form or a program sends as multipart, with the fields beside it: whole, for what has to be read whole.

use std::error::Error as StdError;

use axum::{
    extract::{
        FromRequest, Multipart, Request,
        multipart::{Field, MultipartError},
    },
    http::StatusCode,
};
use bytes::Bytes;

use kernel::{Error, Kind, Text};

use crate::{App, Problem};

/// Bytes of a field beside the file, the longest message of a chat in Cyrillic among them; what is longer is no field of ours.
const FIELD_BYTES: usize = 16 * 1024;

/// The file of a multipart body. The route says how large the body may be (`DefaultBodyLimit`).
#[derive(Debug, Clone, Default)]
pub struct Upload {
    /// What the sender called the file, without folders; may be empty.
    pub filename: String,
    /// Its bytes; empty when no file was chosen.
    pub bytes: Bytes,
    fields: Vec<(String, String)>,
}

impl Upload {
    /// The field `name` beside the file; empty when there is none.
    pub fn get(&self, name: &str) -> &str {
        self.fields.iter().find(|(found, _)| found == name).map_or("", |(_, value)| value)
    }
}

impl FromRequest<App> for Upload {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let mut form = FormParts::of(request, app).await?;
        let mut upload = Self::default();
        while let Some(part) = form.next().await? {
            match part {
                FormPart::Field(name, value) => upload.fields.push((name, value)),
                FormPart::File(file) if upload.bytes.is_empty() => {
                    upload.filename = file.filename();
                    upload.bytes = file.bytes().await?;
                }
                FormPart::File(_) => return Err(FormParts::malformed()),
            }
        }
        Ok(upload)
    }
}

/// A multipart body as it comes.
#[derive(Debug)]
pub struct FormParts(Multipart);

/// A part of a multipart body.
#[derive(Debug)]
pub enum FormPart<'f> {
    /// A field: its name and its value.
    Field(String, String),
    /// A file.
    File(FilePart<'f>),
}

/// A file of a multipart body, not read yet.
#[derive(Debug)]
pub struct FilePart<'f>(Box<Field<'f>>);

impl FormParts {
    /// The parts of this request.
    pub async fn of(request: Request, app: &App) -> Result<Self, Problem> {
        let parts = Multipart::from_request(request, app).await;
        parts.map(Self).map_err(|error| because(error.body_text()))
    }

    /// The next part.
    pub async fn next(&mut self) -> Result<Option<FormPart<'_>>, Problem> {
        let Some(part) = self.0.next_field().await.map_err(problem)? else { return Ok(None) };
        if part.file_name().is_some() {
            return Ok(Some(FormPart::File(FilePart(Box::new(part)))));
        }
        let name = part.name().unwrap_or_default().to_owned();
        let bytes = part.bytes().await.map_err(problem)?;
        let value = String::from_utf8(bytes.to_vec()).map_err(because)?;
        if value.len() > FIELD_BYTES || value.contains('\0') {
            return Err(Self::malformed());
        }
        Ok(Some(FormPart::Field(name, value)))
    }

    /// What is said of a body that is none of ours.
    pub fn malformed() -> Problem {
        Problem(Error::invalid(Text::new("web-request-malformed")))
    }
}

fn because(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Problem {
    Problem(Error::invalid(Text::new("web-request-malformed")).because(source))
}

impl FilePart<'_> {
    /// What the sender called it, without folders; may be empty.
    pub fn filename(&self) -> String {
        self.0.file_name().map(base_name).unwrap_or_default()
    }

    /// The next bytes of it.
    pub async fn next(&mut self) -> Result<Option<Bytes>, Problem> {
        self.0.chunk().await.map_err(problem)
    }

    /// All of it in memory.
    pub async fn bytes(self) -> Result<Bytes, Problem> {
        (*self.0).bytes().await.map_err(problem)
    }
}

/// `C:\fakepath\prices.xlsx` and `../prices.xlsx` are `prices.xlsx`.
fn base_name(path: &str) -> String {
    path.rsplit(['/', '\\'])
        .next()
        .unwrap_or_default()
        .chars()
        .filter(|c| !c.is_control())
        .take(200)
        .collect()
}

fn problem(error: MultipartError) -> Problem {
    let error = if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        Error::new(Kind::TooMuch { retry_after_s: None }, Text::new("web-body-too-large")).because(error)
    } else {
        Error::invalid(Text::new("web-request-malformed")).because(error)
    };
    Problem(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_a_name_and_no_folder() {
        assert_eq!(base_name("C:\\fakepath\\narxlar 1.xlsx"), "narxlar 1.xlsx");
        assert_eq!(base_name("../../etc/passwd"), "passwd");
    }
}
