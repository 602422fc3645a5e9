//! 发票: invoices of bills.

use super::body::{Body, FILE_BYTES_MAX, Once, Params, PathOf, Upload, limit};
use super::caller::Caller;
use super::refused::Answer;
use crate::services::{App, invoice, paging};
use axum::Json;
use axum::extract::DefaultBodyLimit;
use axum::response::Response;
use serde::Deserialize;
use shared::api::invoice::{
    BillInvoicesOut, InvoiceAskIn, InvoiceCancelIn, InvoiceIssueIn, InvoiceOut, InvoiceQuery, InvoiceRow,
    RedLetterIn,
};
use shared::api::page::Page;
use shared::domain::invoice::InvoiceStatus;
use utoipa::IntoParams;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt as _};
use utoipa_axum::routes;
use uuid::Uuid;

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_invoices))
        .routes(routes!(show_invoice))
        .routes(routes!(show_bill_invoices, ask_for_invoices))
        .routes(routes!(issue_invoice))
        .routes(routes!(receive_invoice))
        .routes(routes!(cancel_invoice))
        .routes(routes!(red_letter_invoice))
        .routes(
            routes!(show_invoice_file, attach_invoice_file).layer(DefaultBodyLimit::max(FILE_BYTES_MAX + 1)),
        )
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct InvoicesAsked {
    /// Only invoices in this state.
    #[param(inline)]
    state: Option<InvoiceStatus>,
    /// Only of this unit; a unit's own people always get their own.
    unit: Option<Uuid>,
    /// Only of this bill.
    bill: Option<Uuid>,
    /// Only the invoice of this number.
    #[param(max_length = 30)]
    number: Option<String>,
    /// Only issued ones whose sum is no longer that of the bill.
    #[serde(default)]
    untied: bool,
    /// `next` of the page before.
    after: Option<String>,
    /// Rows; 50 when left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u16>,
}

/// Invoices, newest first
///
/// A unit sees its own, the centre's finance and the auditor all.
#[utoipa::path(get, path = "/invoices", params(InvoicesAsked),
    responses((status = 200, description = "A page of invoices", body = Page<InvoiceRow>)))]
async fn list_invoices(
    caller: Caller,
    Params(asked): Params<InvoicesAsked>,
) -> Answer<Json<Page<InvoiceRow>>> {
    let limit = limit(asked.limit, paging::ROWS)?;
    let query = InvoiceQuery {
        status: asked.state,
        unit_id: asked.unit,
        bill_id: asked.bill,
        number: asked.number,
        untied: asked.untied,
    };
    let after = asked.after.as_deref();
    Ok(Json(
        invoice::list(&caller.app, caller.actor(), &query, after, limit).await?,
    ))
}

/// One invoice
#[utoipa::path(get, path = "/invoices/{id}", params(("id" = Uuid, Path, description = "The invoice")),
    responses((status = 200, description = "The invoice", body = InvoiceOut)))]
async fn show_invoice(caller: Caller, PathOf(id): PathOf<Uuid>) -> Answer<Json<InvoiceOut>> {
    Ok(Json(invoice::show(&caller.app, caller.actor(), id).await?))
}

/// What a bill's sellers of record have to invoice, and have
#[utoipa::path(get, path = "/bills/{id}/invoices", params(("id" = Uuid, Path, description = "The bill")),
    responses((status = 200, description = "Sellers and invoices", body = BillInvoicesOut)))]
async fn show_bill_invoices(caller: Caller, PathOf(id): PathOf<Uuid>) -> Answer<Json<BillInvoicesOut>> {
    Ok(Json(invoice::of_bill(&caller.app, caller.actor(), id).await?))
}

/// Ask for the invoices of a bill
///
/// One of every seller of record that has none standing, over exactly its part of the bill.
#[utoipa::path(post, path = "/bills/{id}/invoices", params(("id" = Uuid, Path, description = "The bill"), Once),
    request_body = InvoiceAskIn, responses((status = 200, description = "Sellers and invoices", body = BillInvoicesOut)))]
async fn ask_for_invoices(
    caller: Caller,
    PathOf(id): PathOf<Uuid>,
    Once(key): Once,
    Body(input): Body<InvoiceAskIn>,
) -> Answer<Json<BillInvoicesOut>> {
    Ok(Json(
        invoice::ask(&caller.app, caller.actor(), &key, id, input).await?,
    ))
}

/// Note that an invoice was issued
#[utoipa::path(post, path = "/invoices/{id}/issue", params(("id" = Uuid, Path, description = "The invoice"), Once),
    request_body = InvoiceIssueIn, responses((status = 200, description = "The invoice", body = InvoiceOut)))]
async fn issue_invoice(
    caller: Caller,
    PathOf(id): PathOf<Uuid>,
    Once(key): Once,
    Body(input): Body<InvoiceIssueIn>,
) -> Answer<Json<InvoiceOut>> {
    Ok(Json(
        invoice::issue(&caller.app, caller.actor(), &key, id, input).await?,
    ))
}

/// Note that the unit has its invoice
#[utoipa::path(post, path = "/invoices/{id}/receive", params(("id" = Uuid, Path, description = "The invoice"), Once),
    responses((status = 200, description = "The invoice", body = InvoiceOut)))]
async fn receive_invoice(
    caller: Caller,
    PathOf(id): PathOf<Uuid>,
    Once(key): Once,
) -> Answer<Json<InvoiceOut>> {
    Ok(Json(
        invoice::receive(&caller.app, caller.actor(), &key, id).await?,
    ))
}

/// Cancel an invoice that is not issued yet
#[utoipa::path(post, path = "/invoices/{id}/cancel", params(("id" = Uuid, Path, description = "The invoice"), Once),
    request_body = InvoiceCancelIn, responses((status = 200, description = "The invoice", body = InvoiceOut)))]
async fn cancel_invoice(
    caller: Caller,
    PathOf(id): PathOf<Uuid>,
    Once(key): Once,
    Body(input): Body<InvoiceCancelIn>,
) -> Answer<Json<InvoiceOut>> {
    Ok(Json(
        invoice::cancel(&caller.app, caller.actor(), &key, id, input).await?,
    ))
}

/// Note that an issued invoice was taken back by a red-letter one
///
/// The red-letter invoice is over the same sum and names the one that it takes back; the seller then has to invoice anew.
#[utoipa::path(post, path = "/invoices/{id}/red-letter", params(("id" = Uuid, Path, description = "The invoice"), Once),
    request_body = RedLetterIn, responses((status = 200, description = "The invoice", body = InvoiceOut)))]
async fn red_letter_invoice(
    caller: Caller,
    PathOf(id): PathOf<Uuid>,
    Once(key): Once,
    Body(input): Body<RedLetterIn>,
) -> Answer<Json<InvoiceOut>> {
    Ok(Json(
        invoice::red_letter(&caller.app, caller.actor(), &key, id, input).await?,
    ))
}

/// The file of an invoice
#[utoipa::path(get, path = "/invoices/{id}/file", params(("id" = Uuid, Path, description = "The invoice")),
    responses((status = 200, description = "The file as it was issued, or a picture of it", content(
        (Vec<u8> = "application/pdf"), (Vec<u8> = "application/ofd"), (String = "application/xml"),
        (Vec<u8> = "image/jpeg")))))]
async fn show_invoice_file(caller: Caller, PathOf(id): PathOf<Uuid>) -> Answer<Response> {
    let (mime, file) = invoice::download(&caller.app, caller.actor(), id).await?;
    Ok(crate::download::file(&mime, file))
}

/// Keep the file of an issued invoice
///
/// PDF, OFD or XML as it was issued, or a picture; up to 8 MiB. Another one takes its place.
#[utoipa::path(post, path = "/invoices/{id}/file", params(("id" = Uuid, Path, description = "The invoice"), Once),
    request_body(content((Vec<u8> = "application/pdf"), (Vec<u8> = "application/ofd"), (String = "application/xml"),
        (Vec<u8> = "image/jpeg"), (Vec<u8> = "image/png"), (Vec<u8> = "image/webp"))),
    responses((status = 200, description = "The invoice", body = InvoiceOut)))]
async fn attach_invoice_file(
    caller: Caller,
    PathOf(id): PathOf<Uuid>,
    Once(key): Once,
    upload: Upload,
) -> Answer<Json<InvoiceOut>> {
    Ok(Json(
        invoice::attach(&caller.app, caller.actor(), &key, id, upload.bytes).await?,
    ))
}
