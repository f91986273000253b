//! One document.

use axum::{extract::Path, response::Response};
use context::Permission;
use kernel::{Page, Text};
use web::{
    Caller, RowKey,
    pages::{
        Action, Badge, Cell, Column, DetailPage, Facts, Go, ListQuery, Notice, Shell, Table, Tone,
        asked_page, render,
    },
};

use super::{address, tone, try_question::place, under_list};
use crate::{
    Content, Document, DocumentState, Passage, actions, delete_document as delete, get_document, passages_of,
    set_on,
};

/// `GET /knowledge/{id}`.
pub(super) async fn document_page(
    caller: Caller,
    Path(key): Path<RowKey>,
    query: ListQuery,
) -> web::Result<Response> {
    let asked = query.clone();
    let (document, passages, is_left) = caller
        .read(move |ctx, tx| {
            let document = get_document(ctx, tx, key)?;
            let passages = asked_page(&asked, |part| passages_of(ctx, tx, document.id, part))?;
            let is_left = actions::is_left(ctx, tx, &document)?;
            Ok((document, passages, is_left))
        })
        .await?;
    let p = under_list(caller.shell().named(document.content.title()));
    Ok(render(&page(p, &query, &document, &passages, is_left)))
}

fn page(
    p: Shell,
    query: &ListQuery,
    document: &Document,
    passages: &Page<Passage>,
    is_left: bool,
) -> DetailPage {
    let badge = if document.is_on || document.state != DocumentState::Ready {
        Badge::new(tone(document.state), p.t(document.state.text_key()))
    } else {
        Badge::new(Tone::Plain, p.t("knowledge-off"))
    };
    let mut page = DetailPage::new(p.clone()).badge(badge).facts(facts(&p, document));
    if p.can(Permission::BotsEdit) {
        for action in acts(&p, document) {
            page = page.action(action);
        }
    }
    if let Some(problem) = document.problem {
        page = page.notice(Notice::new(Tone::Error, p.t(problem.text_key())));
    } else if is_left {
        page = page.notice(Notice::new(Tone::Warning, p.t("knowledge-left-notice")));
    } else if document.state == DocumentState::Waiting {
        page = page.notice(Notice::new(Tone::Info, p.t("knowledge-waiting-notice")));
    }
    if !document.is_on {
        page = page.notice(Notice::new(Tone::Warning, p.t("knowledge-off-notice")));
    }
    page.table("knowledge-field-passages", &table(&p, query, passages))
}

fn acts(p: &Shell, document: &Document) -> Vec<Action> {
    let at = address(document.number);
    let mut acts = vec![Action::link(format!("{at}/edit"), p.t("knowledge-edit")).primary().icon("pencil")];
    acts.push(if document.is_on {
        Action::post(p, format!("{at}/off"), p.t("knowledge-switch-off")).icon("eye-slash")
    } else {
        Action::post(p, format!("{at}/on"), p.t("knowledge-switch-on")).icon("eye")
    });
    if matches!(document.content, Content::File { .. }) {
        acts.push(Action::post(p, format!("{at}/read"), p.t("knowledge-read-again")).icon("arrow-clockwise"));
    }
    let question = p.t1("knowledge-delete-question", "title", document.content.title());
    let delete = Action::post(p, format!("{at}/delete"), p.t("knowledge-delete"));
    acts.push(delete.danger().icon("trash").confirm(question));
    acts
}

fn facts(p: &Shell, document: &Document) -> Facts {
    let mut facts = Facts::new().text(p.t("knowledge-field-kind"), p.t(document.content.kind().text_key()));
    match &document.content {
        Content::Pair { wordings, .. } if !wordings.is_empty() => {
            facts = facts.text(p.t("knowledge-field-wordings"), wordings.join(" · "));
        }
        Content::File { filename, hash, .. } => {
            facts = facts.link(p.t("knowledge-field-file"), filename, files::path(hash));
        }
        Content::Pair { .. } | Content::Text { .. } => {}
    }
    facts
        .text(p.t("knowledge-field-passages"), p.number(document.passage_count))
        .text(p.t("knowledge-field-changed-by"), &document.changed_by)
        .text(p.t("knowledge-field-changed"), p.time(document.changed_at))
}

fn table(p: &Shell, query: &ListQuery, passages: &Page<Passage>) -> Table {
    let columns = vec![
        Column::figures("knowledge-field-number"),
        Column::main("knowledge-field-passage"),
        Column::new("knowledge-field-place"),
    ];
    Table::new(&p.words, "passages", query, columns, passages, |passage| {
        vec![
            Cell::Number(passage.position),
            Cell::text(&passage.text),
            Cell::text(place(p, passage.page, passage.heading.as_deref())),
        ]
    })
}

/// `POST /knowledge/{id}/on`.
pub(super) async fn switch_on(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Go> {
    switch(caller, key, true, "knowledge-switched-on").await
}

/// `POST /knowledge/{id}/off`.
pub(super) async fn switch_off(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Go> {
    switch(caller, key, false, "knowledge-switched-off").await
}

async fn switch(caller: Caller, key: RowKey, is_on: bool, done: &'static str) -> web::Result<Go> {
    let number = caller.write(move |ctx, tx| Ok(set_on(ctx, tx, key, is_on)?.number)).await?;
    Ok(Go::to(address(number)).done(&caller.words(), &Text::new(done)))
}

/// `POST /knowledge/{id}/read`.
pub(super) async fn read_again(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Go> {
    let number = caller.write(move |ctx, tx| Ok(actions::read_again(ctx, tx, key)?.number)).await?;
    Ok(Go::to(address(number)).done(&caller.words(), &Text::new("knowledge-reading")))
}

/// `POST /knowledge/{id}/delete`.
pub(super) async fn delete_document(caller: Caller, Path(key): Path<RowKey>) -> web::Result<Go> {
    caller.write(move |ctx, tx| delete(ctx, tx, key)).await?;
    Ok(Go::to("/knowledge").done(&caller.words(), &Text::new("knowledge-deleted")))
}
