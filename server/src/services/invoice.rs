//! 发票: what units ask for, what sellers of record have issued, what was received and what was taken back. One standing
//! invoice for each seller of a bill, over exactly its part of it.

mod ask;
mod file;
mod register;

pub use ask::ask;
pub use file::{attach, download};
pub use register::{cancel, issue, receive, red_letter};

use super::{App, Error, fault, paging, right};
use crate::store;
use crate::store::invoice::{Filter, InvoiceRecord, SellerRecord};
use shared::api::invoice::{BillInvoicesOut, InvoiceOut, InvoiceQuery, InvoiceRow, SellerToInvoice};
use shared::api::page::Page;
use shared::api::problem::FieldCode;
use shared::api::seller::SellerKind;
use shared::domain::calendar::{Day, Micros};
use shared::domain::identity::Actor;
use shared::domain::invoice::{InvoiceKind, InvoiceStatus, invoice_number};
use shared::domain::money::Fen;
use shared::domain::rights::{Action, Place, Scope};
use uuid::Uuid;

/// Invoices shown of a bill.
const OF_BILL: i64 = 200;

/// Invoices that the actor may see, newest first.
///
/// # Errors
/// `Forbidden`; `Invalid` for a number that is none, or a bad `after`.
pub async fn list(
    app: &App,
    actor: &Actor,
    query: &InvoiceQuery,
    after: Option<&str>,
    limit: i64,
) -> Result<Page<InvoiceRow>, Error> {
    let scope = right::reach(actor, Action::InvoiceRead)?;
    let own = actor.grant.unit_id.filter(|_| scope == Scope::OwnUnit);
    let typed = query.number.as_deref().filter(|text| !text.trim().is_empty());
    let number =
        typed.map(|text| invoice_number(text).ok_or(Error::field("number", FieldCode::BadCharacters)));
    let filter = Filter {
        status: query.status.map(InvoiceStatus::as_str),
        unit_id: own.or(query.unit_id),
        bill_id: query.bill_id,
        number: number.transpose()?,
        untied: query.untied,
    };
    let limit = paging::limit(limit);
    let rows = store::invoice::list(app.db.read(), &filter, paging::read(after)?, limit + 1).await?;
    paging::page(rows, limit, |row| (row.requested_at, row.id), row_of)
}

/// One invoice.
///
/// # Errors
/// `Forbidden`, `NotFound`.
pub async fn show(app: &App, actor: &Actor, id: Uuid) -> Result<InvoiceOut, Error> {
    let record = find(app, actor, id, Action::InvoiceRead).await?;
    Ok(InvoiceOut {
        row: row_of(&record)?,
        title: record.title,
        tax_no: record.tax_no,
        requested_by_name: record.requested_by_name,
        issued_by_name: record.issued_by_name,
        received_by_name: record.received_by_name,
        received_at: record.received_at.map(Micros),
        reason: record.reason,
        red_id: record.red_id,
        other_no: record.other_no,
        file_mime: record.file_mime,
    })
}

/// An invoice over which the actor may do this.
async fn find(app: &App, actor: &Actor, id: Uuid, action: Action) -> Result<InvoiceRecord, Error> {
    right::reach(actor, action)?;
    let record = store::invoice::find(app.db.read(), id)
        .await?
        .ok_or_else(Error::not_found)?;
    right::require(actor, action, Place::unit(record.unit_id))?;
    Ok(record)
}

/// What a bill's sellers of record have to invoice, and have.
///
/// # Errors
/// `Forbidden`, `NotFound`.
pub async fn of_bill(app: &App, actor: &Actor, bill_id: Uuid) -> Result<BillInvoicesOut, Error> {
    right::reach(actor, Action::InvoiceRead)?;
    let read = app.db.read();
    let bill = store::bill::find(read, bill_id)
        .await?
        .ok_or_else(Error::not_found)?;
    right::require(actor, Action::InvoiceRead, Place::unit(bill.unit_id))?;
    let unit = store::unit::find(read, bill.unit_id)
        .await?
        .ok_or_else(|| fault("a bill's unit"))?;
    let filter = Filter {
        bill_id: Some(bill_id),
        ..Filter::default()
    };
    let invoices = store::invoice::list(read, &filter, None, OF_BILL).await?;
    let sellers = store::invoice::sellers(read, bill_id).await?;
    Ok(BillInvoicesOut {
        bill_id,
        bill_number: bill.number,
        unit_id: bill.unit_id,
        title: unit.name,
        tax_no: unit.code,
        sellers: sellers.iter().map(seller_of).collect::<Result<_, _>>()?,
        invoices: invoices.iter().map(row_of).collect::<Result<_, _>>()?,
    })
}

fn kind_of(seller_kind: &str) -> Result<SellerKind, Error> {
    SellerKind::from_name(seller_kind).ok_or_else(|| fault("stored kind of a seller"))
}

fn seller_of(record: &SellerRecord) -> Result<SellerToInvoice, Error> {
    let kind = kind_of(&record.seller_kind)?;
    Ok(SellerToInvoice {
        seller_id: record.seller_id,
        seller_kind: kind,
        seller_name: record.seller_name.clone(),
        exempt: kind.is_exempt(),
        billed_fen: Fen(record.billed_fen),
        invoiced_fen: Fen(record.invoiced_fen),
    })
}

fn row_of(record: &InvoiceRecord) -> Result<InvoiceRow, Error> {
    Ok(InvoiceRow {
        id: record.id,
        bill_id: record.bill_id,
        bill_number: record.bill_number.clone(),
        unit_id: record.unit_id,
        unit_name: record.unit_name.clone(),
        seller_id: record.seller_id,
        seller_kind: kind_of(&record.seller_kind)?,
        seller_name: record.seller_name.clone(),
        status: status_of(record)?,
        kind: InvoiceKind::from_name(&record.kind).ok_or_else(|| fault("stored kind of an invoice"))?,
        exempt: record.exempt,
        amount_fen: Fen(record.amount_fen),
        tax_fen: Fen(record.tax_fen),
        rate_bp: record.rate_bp,
        billed_fen: Fen(record.billed_fen),
        invoice_no: record.invoice_no.clone(),
        issued_on: record.issued_on.map(Day),
        requested_at: Micros(record.requested_at),
        red_of: record.red_of,
    })
}

fn status_of(record: &InvoiceRecord) -> Result<InvoiceStatus, Error> {
    InvoiceStatus::from_name(&record.status).ok_or_else(|| fault("stored state of an invoice"))
}
