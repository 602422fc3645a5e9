//! Invoices: the list, those of a bill, one with what happens to it, its file.

use super::address::{Address, Asked};
use super::listing::ROWS;
use super::{Failure, Posted, Reply, Visitor};
use crate::services::{App, Error, invoice};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use frontend::{Flash, Form, views};
use serde::Deserialize;
use shared::api::invoice::{InvoiceAskIn, InvoiceCancelIn, InvoiceIssueIn, InvoiceQuery, RedLetterIn};
use shared::api::problem::{Code, FieldCode};
use shared::domain::calendar::Day;
use shared::domain::identity::Actor;
use shared::domain::invoice::{InvoiceKind, InvoiceStatus};
use uuid::Uuid;

/// A file of 8 MiB and the form around it.
const BODY_MAX_BYTES: usize = 8 * 1024 * 1024 + 64 * 1024;

/// The routes of this room.
pub fn router() -> Router<App> {
    Router::new()
        .route("/invoices", get(list))
        .route("/bills/{id}/invoices", get(of_bill).post(ask))
        .route("/invoices/{id}", get(show))
        .route("/invoices/{id}/issue", post(issue))
        .route("/invoices/{id}/receive", post(receive))
        .route("/invoices/{id}/cancel", post(cancel))
        .route("/invoices/{id}/red-letter", post(red_letter))
        .route(
            "/invoices/{id}/file",
            get(file)
                .post(attach)
                .layer(DefaultBodyLimit::max(BODY_MAX_BYTES)),
        )
}

#[derive(Deserialize)]
struct ListQuery {
    state: Option<String>,
    unit: Option<String>,
    number: Option<String>,
    untied: Option<String>,
    after: Option<String>,
}

async fn list(visitor: Visitor, Asked(query): Asked<ListQuery>) -> Result<Reply, Failure> {
    let asked = InvoiceQuery {
        status: query.state.as_deref().and_then(InvoiceStatus::from_name),
        unit_id: query.unit.and_then(|id| id.parse().ok()),
        bill_id: None,
        number: query
            .number
            .map(|t| t.trim().to_owned())
            .filter(|t| !t.is_empty()),
        untied: query.untied.is_some_and(|text| text == "1"),
    };
    let after = query.after.as_deref();
    let found = invoice::list(&visitor.app, visitor.actor()?, &asked, after, ROWS).await;
    let page = found.map_err(|e| visitor.fail(e))?;
    let title = visitor.look.lang.t("发票", "Invoices");
    visitor
        .page(title, |cx| views::invoice::invoices(cx, &page, &asked))
        .await
}

async fn of_bill(visitor: Visitor, Address(id): Address<Uuid>) -> Result<Reply, Failure> {
    bill_page(&visitor, id, &Form::default()).await
}

async fn bill_page(visitor: &Visitor, id: Uuid, form: &Form) -> Result<Reply, Failure> {
    let found = invoice::of_bill(&visitor.app, visitor.actor()?, id).await;
    let bill = found.map_err(|e| visitor.fail(e))?;
    let title = format!(
        "{} {}",
        visitor.look.lang.t("发票 · 账单", "Invoices · bill"),
        bill.bill_number
    );
    visitor
        .page(&title, |cx| views::invoice::of_bill(cx, &bill, form))
        .await
}

async fn ask(Address(id): Address<Uuid>, posted: Posted) -> Result<Response, Failure> {
    let actor = posted.visitor.actor()?.clone();
    let done = ask_it(&posted, &actor, id).await;
    let visitor = &posted.visitor;
    match done {
        Ok(()) => Ok(visitor.go(&format!("/bills/{id}/invoices"), Some(Flash::Saved))),
        Err(error) if error.code() == Code::Forbidden => Err(visitor.fail(error)),
        Err(error) => {
            let code = error.code();
            let form = visitor.form_of(&posted, error)?;
            Ok(bill_page(visitor, id, &form).await?.status(code).into_response())
        }
    }
}

async fn ask_it(posted: &Posted, actor: &Actor, id: Uuid) -> Result<(), Error> {
    let key = posted.key()?;
    let kind = InvoiceKind::from_name(&posted.text("kind"));
    let input = InvoiceAskIn {
        title: posted.text("title"),
        tax_no: posted.text("tax_no"),
        kind: kind.ok_or(Error::field("kind", FieldCode::NotAChoice))?,
    };
    invoice::ask(&posted.visitor.app, actor, &key, id, input)
        .await
        .map(drop)
}

async fn show(visitor: Visitor, Address(id): Address<Uuid>) -> Result<Reply, Failure> {
    show_page(&visitor, id, &Form::default()).await
}

async fn show_page(visitor: &Visitor, id: Uuid, form: &Form) -> Result<Reply, Failure> {
    let found = invoice::show(&visitor.app, visitor.actor()?, id).await;
    let invoice = found.map_err(|e| visitor.fail(e))?;
    let title = visitor.look.lang.t("发票", "Invoice");
    let number = invoice.row.invoice_no.clone();
    let title = format!(
        "{title} {}",
        number.unwrap_or_else(|| invoice.row.bill_number.clone())
    );
    visitor
        .page(&title, |cx| views::invoice::invoice(cx, &invoice, form))
        .await
}

/// Answers a posted form over an invoice: back to it, or the page again with what was wrong.
async fn answer(posted: &Posted, id: Uuid, done: Result<(), Error>) -> Result<Response, Failure> {
    let visitor = &posted.visitor;
    match done {
        Ok(()) => Ok(visitor.go(&format!("/invoices/{id}"), Some(Flash::Saved))),
        Err(error) if error.code() == Code::Forbidden => Err(visitor.fail(error)),
        Err(error) => {
            let code = error.code();
            let form = visitor.form_of(posted, error)?;
            Ok(show_page(visitor, id, &form).await?.status(code).into_response())
        }
    }
}

fn day_of(posted: &Posted) -> Result<Day, Error> {
    let text = posted
        .maybe("issued_on")
        .ok_or(Error::field("issued_on", FieldCode::Required))?;
    Day::parse(&text).map_err(|_| Error::field("issued_on", FieldCode::NotADay))
}

async fn issue(Address(id): Address<Uuid>, posted: Posted) -> Result<Response, Failure> {
    let actor = posted.visitor.actor()?.clone();
    let done = async {
        let key = posted.key()?;
        let rate = posted.maybe("rate_bp").unwrap_or_else(|| "0".to_owned()).parse();
        let input = InvoiceIssueIn {
            invoice_no: posted.text("invoice_no"),
            issued_on: day_of(&posted)?,
            rate_bp: rate.map_err(|_| Error::field("rate_bp", FieldCode::NotAChoice))?,
        };
        let done = invoice::issue(&posted.visitor.app, &actor, &key, id, input).await;
        done.map(drop)
    };
    let done = done.await;
    answer(&posted, id, done).await
}

async fn receive(Address(id): Address<Uuid>, posted: Posted) -> Result<Response, Failure> {
    let actor = posted.visitor.actor()?.clone();
    let done = async {
        let key = posted.key()?;
        invoice::receive(&posted.visitor.app, &actor, &key, id)
            .await
            .map(drop)
    };
    let done = done.await;
    answer(&posted, id, done).await
}

async fn cancel(Address(id): Address<Uuid>, posted: Posted) -> Result<Response, Failure> {
    let actor = posted.visitor.actor()?.clone();
    let done = async {
        let key = posted.key()?;
        let reason = posted.text("reason");
        let input = InvoiceCancelIn { reason };
        let done = invoice::cancel(&posted.visitor.app, &actor, &key, id, input).await;
        done.map(drop)
    };
    let done = done.await;
    answer(&posted, id, done).await
}

async fn red_letter(Address(id): Address<Uuid>, posted: Posted) -> Result<Response, Failure> {
    let actor = posted.visitor.actor()?.clone();
    let done = async {
        let key = posted.key()?;
        let input = RedLetterIn {
            invoice_no: posted.text("invoice_no"),
            issued_on: day_of(&posted)?,
            reason: posted.text("reason"),
        };
        let done = invoice::red_letter(&posted.visitor.app, &actor, &key, id, input).await;
        done.map(drop)
    };
    let done = done.await;
    answer(&posted, id, done).await
}

async fn attach(Address(id): Address<Uuid>, posted: Posted) -> Result<Response, Failure> {
    let actor = posted.visitor.actor()?.clone();
    let done = async {
        let key = posted.key()?;
        // Who may not keep a file is told so first, whatever was chosen.
        let file = posted.file("file").cloned().unwrap_or_default();
        let done = invoice::attach(&posted.visitor.app, &actor, &key, id, file).await;
        done.map(drop)
    };
    let done = done.await;
    answer(&posted, id, done).await
}

async fn file(visitor: Visitor, Address(id): Address<Uuid>) -> Result<Response, Failure> {
    let found = invoice::download(&visitor.app, visitor.actor()?, id).await;
    let (mime, file) = found.map_err(|e| visitor.fail(e))?;
    Ok(crate::download::file(&mime, file))
}
