//! 单据: documents as PDF, and what a code confirms.

use super::body::{Params, PathOf};
use super::caller::{Caller, MaybeCaller};
use super::refused::Answer;
use crate::download;
use crate::services::paper::PdfOut;
use crate::services::{App, paper};
use axum::Json;
use axum::response::Response;
use serde::Deserialize;
use shared::api::paper::IssuedOut;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(print_acceptance))
        .routes(routes!(print_bill))
        .routes(routes!(print_income))
        .routes(routes!(print_certificate))
        .routes(routes!(show_document))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct YearAsked {
    /// The year; this one when left out.
    year: Option<i32>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct MonthAsked {
    /// The year; this one when left out.
    year: Option<i32>,
    /// Only this month, 1 to 12; needed when the year has more than 3,000 lines.
    #[param(minimum = 1, maximum = 12)]
    month: Option<u32>,
}

/// The acceptance slip as PDF
///
/// Once both have signed. A village and a town get the lines of their villages only, as a document of its own.
#[utoipa::path(get, path = "/acceptances/{id}/pdf", params(("id" = Uuid, Path, description = "The acceptance")),
    responses((status = 200, description = "The document, in Chinese", body = Vec<u8>, content_type = "application/pdf")))]
async fn print_acceptance(caller: Caller, PathOf(id): PathOf<Uuid>) -> Answer<Response> {
    Ok(file(paper::acceptance(&caller.app, caller.actor(), id).await?))
}

/// A bill as PDF
///
/// What is to be paid, for which acceptances, until when and where to; what is paid of it is not on it.
#[utoipa::path(get, path = "/bills/{id}/pdf", params(("id" = Uuid, Path, description = "The bill")),
    responses((status = 200, description = "The document, in Chinese", body = Vec<u8>, content_type = "application/pdf")))]
async fn print_bill(caller: Caller, PathOf(id): PathOf<Uuid>) -> Answer<Response> {
    Ok(file(paper::bill(&caller.app, caller.actor(), id).await?))
}

/// A village's collective income as PDF, every line of a year or month
#[utoipa::path(get, path = "/villages/{code}/income/pdf",
    params(("code" = String, Path, description = "The 12-digit code"), MonthAsked),
    responses((status = 200, description = "The document, in Chinese", body = Vec<u8>, content_type = "application/pdf")))]
async fn print_income(
    caller: Caller,
    PathOf(code): PathOf<String>,
    Params(asked): Params<MonthAsked>,
) -> Answer<Response> {
    let over = (asked.year, asked.month);
    Ok(file(
        paper::income(&caller.app, caller.actor(), &code, over).await?,
    ))
}

/// A unit's yearly purchase certificate as PDF
///
/// What was accepted in the year, by village and by produce, and how much of it is paid.
#[utoipa::path(get, path = "/units/{id}/certificate", params(("id" = Uuid, Path, description = "The unit"), YearAsked),
    responses((status = 200, description = "The document, in Chinese", body = Vec<u8>, content_type = "application/pdf")))]
async fn print_certificate(
    caller: Caller,
    PathOf(id): PathOf<Uuid>,
    Params(asked): Params<YearAsked>,
) -> Answer<Response> {
    Ok(file(
        paper::certificate(&caller.app, caller.actor(), id, asked.year).await?,
    ))
}

/// What the code on a document confirms
#[utoipa::path(get, path = "/documents/{code}",
    params(("code" = String, Path, description = "The 16 characters, with strokes between or without")),
    responses((status = 200, description = "Its number and sum, and whether another took its place", body = IssuedOut)))]
async fn show_document(caller: MaybeCaller, PathOf(code): PathOf<String>) -> Answer<Json<IssuedOut>> {
    Ok(Json(paper::show(&caller.app, &code).await?))
}

fn file(pdf: PdfOut) -> Response {
    download::attachment(download::PDF, &pdf.name, pdf.bytes)
}
