//! One file that a form or a program sends as multipart, with the fields beside it.

use axum::{
    extract::{FromRequest, Multipart, Request, multipart::MultipartError},
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
        let malformed = || Error::invalid(Text::new("web-request-malformed"));
        let mut parts = Multipart::from_request(request, app)
            .await
            .map_err(|error| Problem(malformed().because(error.body_text())))?;
        let mut upload = Self::default();
        while let Some(part) = parts.next_field().await.map_err(problem)? {
            let name = part.name().unwrap_or_default().to_owned();
            match part.file_name().map(base_name) {
                Some(filename) if upload.bytes.is_empty() => {
                    upload.filename = filename;
                    upload.bytes = part.bytes().await.map_err(problem)?;
                }
                Some(_) => return Err(Problem(malformed())),
                None => {
                    let bytes = part.bytes().await.map_err(problem)?;
                    let value = String::from_utf8(bytes.to_vec())
                        .map_err(|error| Problem(malformed().because(error)))?;
                    if value.len() > FIELD_BYTES || value.contains('\0') {
                        return Err(Problem(malformed()));
                    }
                    upload.fields.push((name, value));
                }
            }
        }
        Ok(upload)
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
