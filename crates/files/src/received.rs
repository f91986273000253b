//! One file that a form or a program sends as multipart, with the fields beside it. It goes to the disk as it comes.

use axum::extract::{FromRequest, Request};
use web::{App, FormPart, FormParts, Problem};

use crate::{Arrived, Blobs};

/// The file of a multipart body, which whoever gets it keeps or drops. The route says how large the body may be
/// (`DefaultBodyLimit`). Needs the service [`Blobs`].
#[derive(Debug, Default)]
pub struct Received {
    /// What the sender called the file, without folders; may be empty.
    pub filename: String,
    /// Its bytes; `None` when no file was chosen, or an empty one.
    pub file: Option<Arrived>,
    fields: Vec<(String, String)>,
}

impl Received {
    /// The field `name` beside the file; empty when there is none.
    pub fn get(&self, name: &str) -> &str {
        self.fields.iter().find(|(found, _)| found == name).map_or("", |(_, value)| value)
    }
}

impl FromRequest<App> for Received {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let blobs = app.service::<Blobs>()?;
        let mut form = FormParts::of(request, app).await?;
        let mut received = Self::default();
        while let Some(part) = form.next().await? {
            let mut file = match part {
                FormPart::Field(name, value) => {
                    received.fields.push((name, value));
                    continue;
                }
                FormPart::File(_) if received.file.is_some() => return Err(FormParts::malformed()),
                FormPart::File(file) => file,
            };
            received.filename = file.filename();
            let mut arriving = blobs.receive().await?;
            while let Some(piece) = file.next().await? {
                arriving.write(&piece).await?;
            }
            let arrived = arriving.end().await?;
            received.file = (arrived.size() > 0).then_some(arrived);
        }
        Ok(received)
    }
}
