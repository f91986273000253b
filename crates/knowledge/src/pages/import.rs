//! Pairs from a CSV file.

use axum::response::{IntoResponse, Response};
use context::Permission;
use kernel::{Error, Text};
use web::{
    Caller, Upload,
    pages::{Field, Form, FormPage, Go, Shell, form_again, render},
};

use super::under_list;
use crate::{Imported, upload::take_pairs_in};

fn page(p: Shell, error: Option<&Error>) -> FormPage {
    let p = under_list(p.titled("knowledge-import")).narrow();
    let file = Field::file("file", "knowledge-field-file", ".csv,.txt").required();
    let form = Form::new(&p, "/knowledge/pairs/import")
        .error(error)
        .field(file.help("knowledge-import-help"))
        .submit("knowledge-import")
        .submit_icon("upload")
        .cancel("/knowledge");
    FormPage::new(p, form)
}

/// `GET /knowledge/pairs/import`.
pub(super) async fn import_page(caller: Caller) -> web::Result<Response> {
    caller.ctx.require(Permission::BotsEdit)?;
    Ok(render(&page(caller.shell(), None)))
}

/// `POST /knowledge/pairs/import`.
pub(super) async fn import_pairs(caller: Caller, upload: Upload) -> web::Result<Response> {
    match take_pairs_in(&caller, upload).await {
        Ok(Imported { created, changed, same }) => {
            let done = Text::new("knowledge-imported").with("created", created);
            let done = done.with("changed", changed).with("same", same);
            Ok(Go::to("/knowledge").done(&caller.words(), &done).into_response())
        }
        Err(error) => Ok(form_again(error, |error| page(caller.shell(), Some(error)))?),
    }
}
