//! 银行到账: taking bank statements in, saying what each receipt pays, and the second person's word over it.

mod account;
mod arrive;
mod automatic;
mod decide;
mod post;
mod propose;
mod statement;
mod suggest;

pub use account::{accounts, add_account};
pub use arrive::take_in;
pub(in crate::services) use arrive::{Arrival, Seen};
pub(in crate::services) use automatic::limit;
pub use automatic::match_imported;
pub use decide::{confirm, refuse};
pub use propose::{ask_back, propose};
pub(in crate::services) use statement::{Order, read as read_statement};
pub use statement::{check, show as statement, upload};
pub use suggest::open_bills;

use super::{App, Error, fault, paging, right};
use crate::store;
use crate::store::receipt::{Filter, ReceiptRecord};
use crate::store::receipt_match::{MatchRecord, MatchedBill};
use shared::api::page::Page;
use shared::api::problem::{FieldCode, FieldProblem};
use shared::api::receipt::{MatchBill, MatchOut, ReceiptOut, ReceiptQuery, ReceiptRow, ReceiptSums};
use shared::domain::calendar::{Day, Micros};
use shared::domain::identity::Actor;
use shared::domain::money::Fen;
use shared::domain::receipt::{MatchState, ReceiptStatus};
use shared::domain::rights::{Action, Place};
use uuid::Uuid;

/// The work that takes a statement in, as long work names its subject.
pub const SUBJECT: &str = "receipts";
/// Matches shown of a receipt.
const MATCHES_SHOWN: i64 = 50;
/// The longest text that is searched for.
const TEXT_MAX: usize = 60;
/// The longest reason or note.
const REASON_MAX: usize = 200;

/// Receipts, newest first.
///
/// # Errors
/// `Forbidden`; `Invalid` for what cannot be searched for.
pub async fn list(
    app: &App,
    actor: &Actor,
    query: &ReceiptQuery,
    after: Option<&str>,
    limit: i64,
) -> Result<Page<ReceiptRow>, Error> {
    right::require(actor, Action::ReceiptRead, Place::DISTRICT)?;
    let text = query
        .text
        .as_deref()
        .map(str::trim)
        .filter(|text| !text.is_empty());
    if let Some(text) = text {
        check_text("text", text, TEXT_MAX)?;
    }
    if let (Some(from), Some(until)) = (query.from, query.until)
        && until < from
    {
        let early = FieldProblem::bound("until", FieldCode::TooEarly, from);
        return Err(Error::invalid(vec![early]));
    }
    let filter = Filter {
        status: query.status.map(ReceiptStatus::as_str),
        waits: query.waits,
        account_id: query.account_id,
        unit_id: query.unit_id,
        from: query.from.map(|day| day.start().0),
        until: query.until.map(|day| day.add_days(1).start().0),
        text: text.map(str::to_owned),
        oldest_first: query.oldest_first,
    };
    let limit = paging::limit(limit);
    let rows = store::receipt::list(app.db.read(), &filter, paging::read(after)?, limit + 1).await?;
    let today = app.today();
    paging::page(
        rows,
        limit,
        |row| (row.booked_at, row.id),
        |row| row_of(row, today),
    )
}

/// What waits, and since when.
///
/// # Errors
/// `Forbidden`.
pub async fn sums(app: &App, actor: &Actor) -> Result<ReceiptSums, Error> {
    right::require(actor, Action::ReceiptRead, Place::DISTRICT)?;
    let sums = store::receipt::sums(app.db.read())
        .await?
        .ok_or_else(|| fault("sums of no rows are a row"))?;
    Ok(ReceiptSums {
        suspense: sums.suspense,
        suspense_fen: Fen(sums.suspense_fen),
        oldest_on: sums.oldest_at.map(|at| Micros(at).day()),
        waiting: sums.waiting,
        waiting_fen: Fen(sums.waiting_fen),
    })
}

/// One receipt: what it pays, or may pay.
///
/// # Errors
/// `Forbidden`, `NotFound`.
pub async fn show(app: &App, actor: &Actor, id: Uuid) -> Result<ReceiptOut, Error> {
    right::require(actor, Action::ReceiptRead, Place::DISTRICT)?;
    let read = app.db.read();
    let record = store::receipt::find(read, id)
        .await?
        .ok_or_else(Error::not_found)?;
    let matches = store::receipt_match::of_receipt(read, id, MATCHES_SHOWN).await?;
    let ids: Vec<Uuid> = matches.iter().map(|row| row.id).collect();
    let bills = store::receipt_match::bills(read, &ids).await?;
    let row = row_of(&record, app.today())?;
    let suggestions = if row.status == ReceiptStatus::Suspense {
        suggest::of(read, &record).await?
    } else {
        Vec::new()
    };
    Ok(ReceiptOut {
        row,
        transaction_id: record.transaction_id,
        matches: matches
            .iter()
            .map(|row| match_of(row, &bills))
            .collect::<Result<_, _>>()?,
        suggestions,
    })
}

fn status_of(record: &ReceiptRecord) -> Result<ReceiptStatus, Error> {
    ReceiptStatus::from_name(&record.status).ok_or_else(|| fault("stored state of a receipt"))
}

fn row_of(record: &ReceiptRecord, today: Day) -> Result<ReceiptRow, Error> {
    let status = status_of(record)?;
    let waits = status.is_open() || status.waits();
    Ok(ReceiptRow {
        id: record.id,
        bank_reference: record.bank_reference.clone(),
        account_id: record.account_id,
        account_name: record.account_name.clone(),
        booked_at: Micros(record.booked_at),
        payer_name: record.payer_name.clone(),
        payer_account: record.payer_account.clone(),
        remark: record.remark.clone(),
        amount_fen: Fen(record.amount_fen),
        status,
        age_days: if waits {
            today.days_since(Micros(record.booked_at).day())
        } else {
            0
        },
        unit_id: record.unit_id,
        unit_name: record.unit_name.clone(),
        imported_at: Micros(record.imported_at),
    })
}

fn match_of(record: &MatchRecord, bills: &[MatchedBill]) -> Result<MatchOut, Error> {
    let own = bills.iter().filter(|bill| bill.match_id == record.id);
    Ok(MatchOut {
        id: record.id,
        state: MatchState::from_name(&record.state).ok_or_else(|| fault("stored state of a match"))?,
        automatic: record.automatic,
        over_limit: record.over_limit,
        unit_id: record.unit_id,
        unit_name: record.unit_name.clone(),
        bills: own
            .map(|bill| MatchBill {
                bill_id: bill.bill_id,
                number: bill.number.clone(),
                amount_fen: Fen(bill.amount_fen),
                open_fen: Fen(bill.open_fen),
            })
            .collect(),
        deposit_fen: Fen(record.deposit_fen),
        note: record.note.clone(),
        proposed_by: record.proposed_by,
        proposed_by_name: record.proposed_by_name.clone(),
        proposed_at: Micros(record.proposed_at),
        decided_by_name: record.decided_by_name.clone(),
        decided_at: record.decided_at.map(Micros),
        reason: record.reason.clone(),
        transaction_id: record.transaction_id,
        asked_back_by: record.asked_back_by,
        asked_back_by_name: record.asked_back_by_name.clone(),
        asked_back_at: record.asked_back_at.map(Micros),
        asked_back_reason: record.asked_back_reason.clone(),
        taken_back_by_name: record.taken_back_by_name.clone(),
        taken_back_at: record.taken_back_at.map(Micros),
        reversed_by: record.reversed_by,
    })
}

/// Refuses a text that is too long or holds what nobody types.
fn check_text(field: &str, text: &str, most: usize) -> Result<(), Error> {
    if text.chars().count() > most {
        let long = FieldProblem::bound(field, FieldCode::TooLong, most);
        return Err(Error::invalid(vec![long]));
    }
    if text.chars().any(char::is_control) {
        return Err(Error::field(field, FieldCode::BadCharacters));
    }
    Ok(())
}

/// A reason as it was given.
fn reason_of(text: &str) -> Result<String, Error> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Error::field("reason", FieldCode::ReasonNeeded));
    }
    check_text("reason", text, REASON_MAX)?;
    Ok(text.to_owned())
}
