//! 单据: documents as PDF, and the page that their codes lead to.

use super::address::{Address, Asked};
use super::{Failure, Reply, Visitor, see_other};
use crate::download;
use crate::services::paper::PdfOut;
use crate::services::{App, Error, paper};
use axum::Router;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use frontend::text::status::Status as _;
use frontend::{Form, views};
use serde::Deserialize;
use shared::api::problem::Code;
use uuid::Uuid;

/// The routes of this room.
pub fn router() -> Router<App> {
    Router::new()
        .route("/acceptances/{id}/pdf", get(acceptance))
        .route("/bills/{id}/pdf", get(bill))
        .route("/income/{village}/pdf", get(income))
        .route("/units/{id}/certificate", get(certificate))
        .route("/d", get(check))
        .route("/d/{code}", get(show))
}

#[derive(Deserialize)]
struct Over {
    year: Option<i32>,
    month: Option<u32>,
}

async fn acceptance(visitor: Visitor, Address(id): Address<Uuid>) -> Result<Response, Failure> {
    let made = paper::acceptance(&visitor.app, visitor.actor()?, id).await;
    file(&visitor, made)
}

async fn bill(visitor: Visitor, Address(id): Address<Uuid>) -> Result<Response, Failure> {
    let made = paper::bill(&visitor.app, visitor.actor()?, id).await;
    file(&visitor, made)
}

async fn income(
    visitor: Visitor,
    Address(village): Address<String>,
    Asked(over): Asked<Over>,
) -> Result<Response, Failure> {
    let over = (over.year, over.month);
    let made = paper::income(&visitor.app, visitor.actor()?, &village, over).await;
    file(&visitor, made)
}

async fn certificate(
    visitor: Visitor,
    Address(id): Address<Uuid>,
    Asked(over): Asked<Over>,
) -> Result<Response, Failure> {
    let made = paper::certificate(&visitor.app, visitor.actor()?, id, over.year).await;
    file(&visitor, made)
}

fn file(visitor: &Visitor, made: Result<PdfOut, Error>) -> Result<Response, Failure> {
    let pdf = made.map_err(|e| visitor.fail(e))?;
    Ok(download::attachment(download::PDF, &pdf.name, pdf.bytes))
}

#[derive(Deserialize)]
struct Typed {
    code: Option<String>,
}

async fn check(visitor: Visitor, Asked(typed): Asked<Typed>) -> Result<Response, Failure> {
    let typed = typed.code.unwrap_or_default();
    if typed.trim().is_empty() {
        return Ok(check_page(&visitor, "", false).await?.into_response());
    }
    match paper::show(&visitor.app, &typed).await {
        Ok(out) => Ok(see_other(&format!("/d/{}", out.code))),
        Err(error) if error.code() == Code::NotFound => {
            Ok(check_page(&visitor, &typed, true).await?.into_response())
        }
        Err(error) => Err(visitor.fail(error)),
    }
}

async fn check_page(visitor: &Visitor, typed: &str, missing: bool) -> Result<Reply, Failure> {
    let form = Form::filled([("code", typed.to_owned())]);
    let title = visitor.look.lang.t("核对单据", "Check a document");
    visitor
        .page(title, |cx| views::paper::check(cx, &form, missing))
        .await
}

async fn show(visitor: Visitor, Address(code): Address<String>) -> Result<Reply, Failure> {
    match paper::show(&visitor.app, &code).await {
        Ok(out) => {
            let title = format!("{} {}", out.kind.word(visitor.look.lang), out.number);
            visitor.page(&title, |cx| views::paper::issued(cx, &out)).await
        }
        // Whoever scans a forged paper is told so in plain words.
        Err(error) if error.code() == Code::NotFound => {
            Ok(check_page(&visitor, &code, true).await?.status(Code::NotFound))
        }
        Err(error) => Err(visitor.fail(error)),
    }
}
