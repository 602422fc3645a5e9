//! What happens to an invoice: it is issued, received, cancelled before, or taken back by a red-letter one.

use super::super::idempotency::{Key, once};
use super::super::notice::{self, Notice, NoticeKind, To};
use super::super::{App, Error, fault};
use super::ask::sum_words;
use super::{find, show, status_of};
use crate::store::audit::Entry;
use crate::store::invoice::{InvoiceRecord, Issued, NewInvoice};
use crate::store::{self, Tx};
use futures::FutureExt as _;
use shared::api::invoice::{InvoiceCancelIn, InvoiceIssueIn, InvoiceOut, RedLetterIn};
use shared::api::problem::{FieldCode, FieldProblem};
use shared::domain::calendar::{Day, Micros};
use shared::domain::identity::{Actor, Role};
use shared::domain::invoice::{InvoiceEvent, InvoiceStatus, RATES_BP, invoice_number, tax_within};
use shared::domain::money::Fen;
use shared::domain::rights::Action;
use std::sync::Arc;
use uuid::Uuid;

/// The longest reason.
const REASON_MAX: usize = 200;
/// How many days back an invoice that is noted may lie.
const OLDEST_D: i32 = 400;

/// Notes that an invoice was issued, over exactly what its seller has to invoice of the bill.
///
/// # Errors
/// `Forbidden`, `NotFound`; `Invalid` for a number, day or rate that is none, or when the sum is no longer the bill's;
/// `WrongState`; `KeyReused`.
pub async fn issue(
    app: &App,
    actor: &Actor,
    key: &Key,
    id: Uuid,
    input: InvoiceIssueIn,
) -> Result<InvoiceOut, Error> {
    let record = find(app, actor, id, Action::InvoiceWrite).await?;
    let number = checked(&input.invoice_no, input.issued_on, app.today())?;
    if !RATES_BP.contains(&input.rate_bp) || (record.exempt && input.rate_bp != 0) {
        return Err(Error::field("rate_bp", FieldCode::NotAChoice));
    }
    let issued = Issued {
        invoice_no: number,
        issued_on: input.issued_on.0,
        rate_bp: input.rate_bp,
        tax_fen: tax_within(Fen(record.amount_fen), input.rate_bp)
            .map_err(fault)?
            .0,
        by_name: actor.person_name.clone(),
    };
    let body = (id, input);
    let job = Arc::new((actor.clone(), issued, app.now()));
    let () = once(app, actor.person_id, "invoice.issue", key, &body, move |tx| {
        let job = Arc::clone(&job);
        async move {
            let (actor, issued, now) = &*job;
            let record = standing(tx, id, InvoiceEvent::Issue).await?;
            free(tx, &issued.invoice_no).await?;
            if record.amount_fen != record.billed_fen {
                // A claim has lowered it since: it is cancelled and asked for anew.
                let wanted = sum_words(record.billed_fen);
                let wrong = FieldProblem::bound("amount_fen", FieldCode::TooLarge, wanted);
                return Err(Error::invalid(vec![wrong]));
            }
            if !store::invoice::issue(tx, id, issued).await? {
                return Err(Error::wrong_state());
            }
            tell(tx, *now, &record, NoticeKind::InvoiceIssued, &issued.invoice_no).await?;
            note(
                tx,
                *now,
                actor,
                "invoice.issue",
                &record,
                issued.invoice_no.clone(),
            )
            .await
        }
        .boxed()
    })
    .await?;
    show(app, actor, id).await
}

/// Notes that the unit has its invoice.
///
/// # Errors
/// `Forbidden`, `NotFound`; `WrongState` when it is not issued; `KeyReused`.
pub async fn receive(app: &App, actor: &Actor, key: &Key, id: Uuid) -> Result<InvoiceOut, Error> {
    find(app, actor, id, Action::InvoiceAsk).await?;
    let job = Arc::new((actor.clone(), app.now()));
    let () = once(app, actor.person_id, "invoice.receive", key, &id, move |tx| {
        let job = Arc::clone(&job);
        async move {
            let (actor, now) = &*job;
            let record = standing(tx, id, InvoiceEvent::Receive).await?;
            if !store::invoice::receive(tx, id, &actor.person_name, now.0).await? {
                return Err(Error::wrong_state());
            }
            let number = record.invoice_no.clone().unwrap_or_default();
            note(tx, *now, actor, "invoice.receive", &record, number).await
        }
        .boxed()
    })
    .await?;
    show(app, actor, id).await
}

/// Cancels an invoice that is not issued yet.
///
/// # Errors
/// `Forbidden`, `NotFound`; `Invalid` without a reason; `WrongState`; `KeyReused`.
pub async fn cancel(
    app: &App,
    actor: &Actor,
    key: &Key,
    id: Uuid,
    input: InvoiceCancelIn,
) -> Result<InvoiceOut, Error> {
    find(app, actor, id, Action::InvoiceAsk).await?;
    let reason = reason_of(&input.reason)?;
    let job = Arc::new((actor.clone(), reason, app.now()));
    let () = once(
        app,
        actor.person_id,
        "invoice.cancel",
        key,
        &(id, &input),
        move |tx| {
            let job = Arc::clone(&job);
            async move {
                let (actor, reason, now) = &*job;
                let record = standing(tx, id, InvoiceEvent::Cancel).await?;
                let (from, to) = (InvoiceStatus::Requested, InvoiceStatus::Cancelled);
                if !store::invoice::end(tx, id, from.as_str(), to.as_str(), reason).await? {
                    return Err(Error::wrong_state());
                }
                note(tx, *now, actor, "invoice.cancel", &record, reason.clone()).await
            }
            .boxed()
        },
    )
    .await?;
    show(app, actor, id).await
}

/// Notes that an issued invoice was taken back by a red-letter one over the same sum. Its seller then has to invoice anew.
///
/// # Errors
/// `Forbidden`, `NotFound`; `Invalid` for a number or day that is none, or without a reason; `WrongState`; `KeyReused`.
pub async fn red_letter(
    app: &App,
    actor: &Actor,
    key: &Key,
    id: Uuid,
    input: RedLetterIn,
) -> Result<InvoiceOut, Error> {
    find(app, actor, id, Action::InvoiceWrite).await?;
    let reason = reason_of(&input.reason)?;
    let number = checked(&input.invoice_no, input.issued_on, app.today())?;
    let body = (id, input.clone());
    let job = Arc::new((app.clone(), actor.clone(), number, input.issued_on, reason));
    let () = once(
        app,
        actor.person_id,
        "invoice.red_letter",
        key,
        &body,
        move |tx| {
            let job = Arc::clone(&job);
            async move {
                let (app, actor, number, day, reason) = &*job;
                let record = standing(tx, id, InvoiceEvent::RedLetter).await?;
                free(tx, number).await?;
                if record.issued_on.is_some_and(|issued| day.0 < issued) {
                    return Err(Error::field("issued_on", FieldCode::TooEarly));
                }
                let (now, to) = (app.now(), InvoiceStatus::RedLettered);
                if !store::invoice::end(tx, id, &record.status, to.as_str(), reason).await? {
                    return Err(Error::wrong_state());
                }
                let red = red_of(&record, app.new_id(), number, *day, reason, actor, now)?;
                store::invoice::insert(tx, vec![red]).await?;
                tell(tx, now, &record, NoticeKind::InvoiceTakenBack, number).await?;
                note(
                    tx,
                    now,
                    actor,
                    "invoice.red_letter",
                    &record,
                    format!("{number} {reason}"),
                )
                .await
            }
            .boxed()
        },
    )
    .await?;
    show(app, actor, id).await
}

fn red_of(
    record: &InvoiceRecord,
    id: Uuid,
    number: &str,
    day: Day,
    reason: &str,
    actor: &Actor,
    now: Micros,
) -> Result<NewInvoice, Error> {
    let minus = |sum: i64| Fen(sum).checked_neg().map(|sum| sum.0).map_err(fault);
    Ok(NewInvoice {
        id,
        bill_id: record.bill_id,
        unit_id: record.unit_id,
        seller_id: record.seller_id,
        status: InvoiceStatus::Issued.as_str(),
        kind: record.kind.clone(),
        exempt: record.exempt,
        title: record.title.clone(),
        tax_no: record.tax_no.clone(),
        amount_fen: minus(record.amount_fen)?,
        tax_fen: minus(record.tax_fen)?,
        rate_bp: record.rate_bp,
        issued: Some((number.to_owned(), day.0)),
        at: now.0,
        by: (actor.person_id, actor.person_name.clone()),
        reason: Some(reason.to_owned()),
        red_of: Some(record.id),
    })
}

/// An invoice to which this can still happen; nothing happens to a red-letter one.
async fn standing(tx: &Tx, id: Uuid, event: InvoiceEvent) -> Result<InvoiceRecord, Error> {
    let record = store::invoice::find(tx, id).await?.ok_or_else(Error::not_found)?;
    if record.red_of.is_some() || !status_of(&record)?.can(event) {
        return Err(Error::wrong_state());
    }
    Ok(record)
}

async fn free(tx: &Tx, number: &str) -> Result<(), Error> {
    if store::invoice::has_number(tx, number).await? {
        return Err(Error::field("invoice_no", FieldCode::Taken));
    }
    Ok(())
}

fn checked(number: &str, day: Day, today: Day) -> Result<String, Error> {
    let mut problems = Vec::new();
    let found = invoice_number(number);
    if found.is_none() {
        problems.push(FieldProblem::new("invoice_no", FieldCode::BadCharacters));
    }
    if day > today {
        problems.push(FieldProblem::bound("issued_on", FieldCode::TooLate, today));
    }
    let oldest = today.add_days(-OLDEST_D);
    if day < oldest {
        problems.push(FieldProblem::bound("issued_on", FieldCode::TooEarly, oldest));
    }
    match found {
        Some(number) if problems.is_empty() => Ok(number),
        _ => Err(Error::invalid(problems)),
    }
}

fn reason_of(text: &str) -> Result<String, Error> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Error::field("reason", FieldCode::ReasonNeeded));
    }
    if text.chars().count() > REASON_MAX {
        let long = FieldProblem::bound("reason", FieldCode::TooLong, REASON_MAX);
        return Err(Error::invalid(vec![long]));
    }
    if text.chars().any(char::is_control) {
        return Err(Error::field("reason", FieldCode::BadCharacters));
    }
    Ok(text.to_owned())
}

async fn tell(
    tx: &Tx,
    now: Micros,
    record: &InvoiceRecord,
    kind: NoticeKind,
    number: &str,
) -> Result<(), Error> {
    let told = Notice {
        to: To::Unit(record.unit_id, Role::UnitFinance),
        kind,
        subject: number.to_owned(),
        path: format!("/invoices/{}", record.id),
    };
    notice::tell(tx, now, vec![told]).await
}

async fn note(
    tx: &Tx,
    now: Micros,
    actor: &Actor,
    action: &'static str,
    record: &InvoiceRecord,
    detail: String,
) -> Result<(), Error> {
    let entry = Entry {
        action,
        object_kind: "invoice",
        object_id: record.id.to_string(),
        unit_id: Some(record.unit_id),
        detail,
        ..Entry::default()
    };
    Ok(store::audit::insert(tx, now, Some(actor), vec![entry]).await?)
}
