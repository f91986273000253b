//! `/api/sales-invoices/{id}/pdf`.

use axum::{extract::Path, response::Response};
use web::{Caller, ProblemBody, Query};

use crate::pages::papers::{PaperQuery, invoice_pdf};

/// An invoice or a credit note as a PDF.
#[utoipa::path(get, path = "/api/sales-invoices/{id}/pdf", tag = "sales",
    params(("id" = String, Path, description = "label or UUID of the invoice"), PaperQuery),
    responses((status = 200, description = "The PDF", content_type = "application/pdf"),
        (status = 404, body = ProblemBody)))]
pub(super) async fn sales_invoice_pdf(
    caller: Caller,
    path: Path<String>,
    query: Query<PaperQuery>,
) -> web::Result<Response> {
    invoice_pdf(caller, path, query).await
}
