//! Letters for programs.
#![expect(unused_qualifications, reason = "utoipa writes the path of each query's type")]

use kernel::{Id, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use web::{App, Caller, Json, Listed, PageQuery, ProblemBody, Query};

use crate::{Posted, actions};

/// Every route of this crate that speaks JSON.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_letters))
}

/// A letter by e-mail. What it says is not shown: it may hold a link that opens doors.
#[derive(Debug, Serialize, ToSchema)]
struct LetterOut {
    #[schema(value_type = String, format = Uuid)]
    id: Id<Posted>,
    /// What it is for: `auth.invitation`.
    kind: String,
    /// To whom.
    recipient: String,
    /// What it is about, in the reader's language.
    subject: String,
    /// `queued`, `sent`, `logged` (there is no mail server) or `failed`.
    state: &'static str,
    /// How often it was tried.
    attempts: u32,
    /// What the mail server said last.
    error: String,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it was sent or given up.
    #[schema(value_type = Option<String>, format = DateTime)]
    ended_at: Option<Timestamp>,
}

impl From<Posted> for LetterOut {
    fn from(letter: Posted) -> Self {
        let Posted {
            id,
            kind,
            recipient,
            subject,
            state,
            attempts,
            error,
            created_at,
            expires_at: _,
            ended_at,
        } = letter;
        let state = state.word();
        Self { id, kind, recipient, subject, state, attempts, error, created_at, ended_at }
    }
}

/// Which letters are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct LettersQuery {
    /// `queued`, `sent`, `logged` or `failed`.
    #[serde(default)]
    state: String,
}

/// The letters that the workspace posted in the last thirty days, newest first.
#[utoipa::path(get, path = "/api/mail/letters", tag = "mail", params(LettersQuery, PageQuery),
    responses((status = 200, body = Listed<LetterOut>), (status = 403, body = ProblemBody)))]
async fn list_letters(
    caller: Caller,
    Query(asked): Query<LettersQuery>,
    Query(part): Query<PageQuery>,
) -> web::Result<Json<Listed<LetterOut>>> {
    let state = asked.state.parse().ok();
    let page = caller.read(move |ctx, tx| actions::letters(ctx, tx, state, part.request())).await?;
    Ok(Json(Listed::of(&caller, page.map(LetterOut::from))))
}
