//! `/api/bots/{id}/forms`: the forms of applications that a bot submits.

use axum::extract::Path;
use catalog::Names;
use context::Permission;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::{Caller, Json, ProblemBody, RowKey};

use crate::{
    actions::{self, CopyForm},
    reads,
};

/// A copy to make.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct FormCopyIn {
    /// Its code: `admissions-2027`.
    pub code: String,
    /// What people call it, in Uzbek.
    pub name_uz: String,
    /// In Russian; the Uzbek one unless said.
    #[serde(default)]
    pub name_ru: Option<String>,
    /// In English; the Uzbek one unless said.
    #[serde(default)]
    pub name_en: Option<String>,
    /// The revision of the bot's draft that you have read.
    pub revision: i64,
}

/// What became of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct FormCopiedOut {
    /// The draft's new revision.
    pub revision: i64,
}

/// Copies a form of applications, and in the bot's draft the flow that asks for it, with a button to the copy. The copy is closed until
/// somebody opens it, and people see it when the draft is published. 409 when the draft was changed since that revision, or has no flow
/// of the form.
#[utoipa::path(post, path = "/api/bots/{id}/forms/{form}/copy", tag = "bots", request_body = FormCopyIn,
    params(("id" = String, Path, description = "number or UUID"), ("form" = String, Path, description = "code of the form")),
    responses((status = 200, body = FormCopiedOut), (status = 404, body = ProblemBody),
        (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub(super) async fn copy_bot_form(
    caller: Caller,
    Path((key, form)): Path<(RowKey, String)>,
    Json(sent): Json<FormCopyIn>,
) -> web::Result<Json<FormCopiedOut>> {
    caller.ctx.require(Permission::BotsEdit)?;
    let revision = caller
        .once(move |ctx, tx| {
            let bot = reads::get_bot(ctx, tx, key)?;
            let FormCopyIn { code, name_uz, name_ru, name_en, revision } = sent.clone();
            let names = Names { uz: name_uz, ru: name_ru, en: name_en };
            actions::copy_form(ctx, tx, bot.id, CopyForm { form: form.clone(), code, names, revision })
        })
        .await?;
    Ok(Json(FormCopiedOut { revision }))
}
