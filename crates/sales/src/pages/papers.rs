//! The addresses of invoices and receipts as PDF. What stands on them is read in a transaction; they are printed after it.

use std::sync::Arc;

use axum::{
    extract::Path,
    http::header,
    response::{IntoResponse, Response},
};
use context::Ctx;
use db::ReadTx;
use kernel::{Error, Id, Lang, Money, Result, Text};
use serde::Deserialize;
use utoipa::IntoParams;
use web::{Caller, Query, RowKey};

use crate::{Invoice, InvoicePaper, Papers, get_invoice_by_label, invoice_paper, receipt_paper, seen::find};

/// How a paper is wanted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(crate) struct PaperQuery {
    /// `uz`, `ru` or `en`; the caller's language unless said.
    lang: Option<String>,
    /// Of a receipt: the cash that the customer handed over.
    #[param(value_type = Option<String>)]
    given: Option<String>,
}

impl PaperQuery {
    fn lang(&self, ctx: &Ctx) -> Result<Lang> {
        let said = self.lang.as_deref().filter(|said| !said.is_empty());
        let unknown = || Error::field("lang", Text::new("sales-print-lang-unknown"));
        said.map_or_else(|| Ok(ctx.lang()), |said| Lang::parse(said).ok_or_else(unknown))
    }

    fn given(&self) -> Result<Option<Money>> {
        let said = self.given.as_deref().map(str::trim).filter(|said| !said.is_empty());
        let read = said.map(Money::parse).transpose();
        read.map_err(|error| Error::field("given", error.text().clone()))
    }
}

/// `GET /invoices/{label}/pdf`.
pub(crate) async fn invoice_pdf(
    caller: Caller,
    Path(label): Path<String>,
    Query(asked): Query<PaperQuery>,
) -> web::Result<Response> {
    let lang = asked.lang(&caller.ctx)?;
    let paper = caller.read(move |ctx, tx| paper_of(ctx, tx, &label)).await?;
    let papers: Arc<Papers> = caller.app.service()?;
    let name = papers.invoice_name(lang, &paper);
    Ok(pdf(papers.invoice(lang, paper).await?, &name))
}

/// `GET /orders/{id}/receipt.pdf`.
pub(super) async fn receipt_pdf(
    caller: Caller,
    Path(key): Path<RowKey>,
    Query(asked): Query<PaperQuery>,
) -> web::Result<Response> {
    let (lang, given) = (asked.lang(&caller.ctx)?, asked.given()?);
    let read = caller.read(move |ctx, tx| {
        let order = find(ctx, tx, key)?;
        receipt_paper(ctx, tx, order.id, given)
    });
    let paper = read.await?;
    let papers: Arc<Papers> = caller.app.service()?;
    let name = papers.receipt_name(lang, &paper);
    Ok(pdf(papers.receipt(lang, paper).await?, &name))
}

/// The paper that a path names by label or id.
fn paper_of(ctx: &Ctx, tx: &mut ReadTx, key: &str) -> Result<InvoicePaper> {
    let id: Id<Invoice> = match Id::parse(key) {
        Ok(id) => id,
        Err(_) => get_invoice_by_label(ctx, tx, key)?.id,
    };
    invoice_paper(ctx, tx, id)
}

/// Shown by the browser; kept by nobody, since what is paid of an invoice changes.
fn pdf(bytes: Vec<u8>, name: &str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (header::CONTENT_DISPOSITION, format!("inline; filename=\"{name}\"")),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    (headers, bytes).into_response()
}
