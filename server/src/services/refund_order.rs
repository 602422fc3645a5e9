//! 退款单: what a unit has on deposit goes back to its bank account. One of the centre's finance prepares it, and the sum is held;
//! another releases it; it is booked when the bank has taken it, under the bank's own number.

mod claim_money;

pub(super) use claim_money::checked as claim_checked;
pub use claim_money::of_claim;

use super::idempotency::{Key, once};
use super::ledger::{self, Posting};
use super::notice::{Notice, NoticeKind, To, tell};
use super::{App, Error, fault, paging, right, step_up};
use crate::ports::ids;
use crate::store::audit::Entry;
use crate::store::refund_order::{By, Filter, NewRefundOrder, RefundOrderRecord};
use crate::store::{self, Tx};
use futures::FutureExt as _;
use sea_orm::ConnectionTrait;
use shared::api::page::Page;
use shared::api::problem::{Code, FieldCode, FieldProblem};
use shared::api::refund_order::{
    RefundCancelIn, RefundOrderIn, RefundOrderOut, RefundOrderQuery, RefundOrderRow, RefundSentIn,
};
use shared::domain::calendar::{Day, Micros};
use shared::domain::identity::{Actor, Role};
use shared::domain::ledger::{AccountKind, RefundFrom, TransactionKind, refund_entries};
use shared::domain::money::Fen;
use shared::domain::refund_order::{BANK_REFERENCE, NAME, RefundOrderStatus, account_no};
use shared::domain::rights::{Action, Place, Scope};
use std::ops::RangeInclusive;
use std::sync::Arc;
use uuid::Uuid;

/// The kind of document in ledger and audit log.
const DOCUMENT: &str = "refund_order";
/// Characters of a reason.
const REASON: RangeInclusive<usize> = 2..=200;

/// Refunds by bank that the actor may see, newest first.
///
/// # Errors
/// `Forbidden`; `Invalid` for a bad `after`.
pub async fn list(
    app: &App,
    actor: &Actor,
    query: &RefundOrderQuery,
    after: Option<&str>,
    limit: i64,
) -> Result<Page<RefundOrderRow>, Error> {
    let scope = right::reach(actor, Action::RefundRead)?;
    let own = actor.grant.unit_id.filter(|_| scope == Scope::OwnUnit);
    let filter = Filter {
        unit_id: own.or(query.unit_id),
        status: query.state.map(RefundOrderStatus::as_str),
        from: query.from.map(|day| day.start().0),
        before: query.until.map(|day: Day| day.add_days(1).start().0),
        number: query.number.as_ref().map(|number| number.to_uppercase()),
        behind: paging::read(after)?,
    };
    let limit = paging::limit(limit);
    let rows = store::refund_order::list(app.db.read(), filter, limit + 1).await?;
    paging::page(rows, limit, |row| (row.prepared_at, row.id), row_of)
}

/// A refund by bank.
///
/// # Errors
/// `NotFound` when there is none or it is not the actor's to see.
pub async fn show(app: &App, actor: &Actor, id: Uuid) -> Result<RefundOrderOut, Error> {
    right::reach(actor, Action::RefundRead)?;
    let record = found(app.db.read(), id).await?;
    right::require(actor, Action::RefundRead, Place::unit(record.unit_id))?;
    Ok(RefundOrderOut {
        row: row_of(&record)?,
        payee_account: if actor.may(Action::RefundWrite, Place::DISTRICT) {
            record.payee_account
        } else {
            masked(&record.payee_account)
        },
        payee_name: record.payee_name,
        payee_bank: record.payee_bank,
        prepared_by: record.prepared_by,
        released_by_name: record.released_by_name,
        released_at: record.released_at.map(Micros),
        bank_reference: record.bank_reference,
        sent_by_name: record.sent_by_name,
        cancel_reason: record.cancel_reason,
        cancelled_by_name: record.cancelled_by_name,
        cancelled_at: record.cancelled_at.map(Micros),
    })
}

/// An account of which only the last four digits are shown.
fn masked(account: &str) -> String {
    let hidden = account.chars().count().saturating_sub(4);
    format!("**** {}", account.chars().skip(hidden).collect::<String>())
}

async fn found(connection: &impl ConnectionTrait, id: Uuid) -> Result<RefundOrderRecord, Error> {
    let found = store::refund_order::find(connection, id).await?;
    found.ok_or(Error::not_found())
}

/// What a unit has on deposit, free of what waits for an order or for another refund; below zero when more was taken.
///
/// # Errors
/// Whatever the database answers.
pub(super) async fn free_deposit(connection: &impl ConnectionTrait, unit_id: Uuid) -> Result<i64, Error> {
    let owner = unit_id.to_string();
    let balance = store::ledger::balance(connection, AccountKind::UnitDeposit.as_str(), &owner).await?;
    // A deposit is what the market owes: a credit.
    Ok(-balance - store::prepayment::held(connection, unit_id).await?)
}

/// What of a unit's deposit can be given back by bank now, for whoever prepares it.
///
/// # Errors
/// `Forbidden`; whatever the database answers.
pub async fn returnable(app: &App, actor: &Actor, unit_id: Uuid) -> Result<Fen, Error> {
    right::require(actor, Action::RefundWrite, Place::DISTRICT)?;
    Ok(Fen(free_deposit(app.db.read(), unit_id).await?.max(0)))
}

/// Prepares a refund by bank; the sum is held from now on.
///
/// # Errors
/// `Invalid` naming fields, among them with the most that can be given back; `NotFound`, `Forbidden`.
pub async fn prepare(
    app: &App,
    actor: &Actor,
    key: &Key,
    input: RefundOrderIn,
) -> Result<RefundOrderOut, Error> {
    right::require(actor, Action::RefundWrite, Place::DISTRICT)?;
    let account = checked(&input)?;
    let job = Arc::new((app.clone(), actor.clone(), input.clone(), account));
    let id: Uuid = once(
        app,
        actor.person_id,
        "refund_order.prepare",
        key,
        &input,
        move |tx| {
            let job = Arc::clone(&job);
            async move { prepare_in(tx, &job.0, &job.1, &job.2, &job.3).await }.boxed()
        },
    )
    .await?;
    show(app, actor, id).await
}

/// The account's digits, when everything that was typed can be used.
fn checked(input: &RefundOrderIn) -> Result<String, Error> {
    let mut problems = Vec::new();
    let mut length = |field: &'static str, text: &str, range: &RangeInclusive<usize>| {
        problems.extend(length_problem(field, text, range));
    };
    length("payee_name", &input.payee_name, &NAME);
    length("payee_bank", &input.payee_bank, &NAME);
    length("reason", &input.reason, &REASON);
    if input.amount_fen <= Fen::ZERO {
        problems.push(FieldProblem::bound("amount_fen", FieldCode::TooSmall, "0.01"));
    }
    let account = account_no(&input.payee_account);
    if account.is_none() {
        let code = match input.payee_account.trim().is_empty() {
            true => FieldCode::Required,
            false => FieldCode::NotANumber,
        };
        problems.push(FieldProblem::new("payee_account", code));
    }
    match account {
        Some(account) if problems.is_empty() => Ok(account),
        _ => Err(Error::invalid(problems)),
    }
}

fn length_problem(field: &'static str, text: &str, range: &RangeInclusive<usize>) -> Option<FieldProblem> {
    let length = text.trim().chars().count();
    if length == 0 {
        Some(FieldProblem::new(field, FieldCode::Required))
    } else if length < *range.start() {
        Some(FieldProblem::bound(field, FieldCode::TooShort, range.start()))
    } else if length > *range.end() {
        Some(FieldProblem::bound(field, FieldCode::TooLong, range.end()))
    } else {
        None
    }
}

async fn prepare_in(
    tx: &Tx,
    app: &App,
    actor: &Actor,
    input: &RefundOrderIn,
    account: &str,
) -> Result<Uuid, Error> {
    let now = app.now();
    // Of two who take from one deposit the second waits here, and then sees what the first has left.
    store::refund_order::take_deposit(tx, input.unit_id).await?;
    let mut most = free_deposit(tx, input.unit_id).await?.max(0);
    if let Some(claim_id) = input.claim_id {
        let money = claim_money::open(tx, claim_id, input.unit_id).await?;
        most = most.min(money.bank_fen.0);
    }
    if input.amount_fen.0 > most {
        let bound = Fen(most).format_yuan();
        let problem = FieldProblem::bound("amount_fen", FieldCode::TooLarge, bound);
        return Err(Error::invalid(vec![problem]));
    }
    let id = app.new_id();
    let number = ids::document_number('K', now.day());
    let new = NewRefundOrder {
        id,
        number: number.clone(),
        unit_id: input.unit_id,
        claim_id: input.claim_id,
        amount_fen: input.amount_fen.0,
        payee_name: input.payee_name.trim().to_owned(),
        payee_account: account.to_owned(),
        payee_bank: input.payee_bank.trim().to_owned(),
        reason: input.reason.trim().to_owned(),
        prepared_by: (actor.person_id, actor.person_name.clone()),
        at: now.0,
    };
    store::refund_order::insert(tx, new).await?;
    let record = found(tx, id).await?;
    tell(
        tx,
        now,
        vec![notice(
            &record,
            To::Role(Role::CentreFinance),
            NoticeKind::RefundPrepared,
        )],
    )
    .await?;
    let detail = format!("{} {}", input.amount_fen.format_cny(), input.reason.trim());
    self::record(tx, now, actor, &record, "refund_order.prepare", detail).await?;
    Ok(id)
}

/// Releases a refund by bank: another person than who prepared it.
///
/// # Errors
/// `StepUpNeeded`; `SamePerson`; `WrongState`; `NotFound`, `Forbidden`.
pub async fn release(app: &App, actor: &Actor, key: &Key, id: Uuid) -> Result<RefundOrderOut, Error> {
    right::require(actor, Action::RefundRelease, Place::DISTRICT)?;
    step_up::require_recent(app, actor)?;
    let job = Arc::new((app.clone(), actor.clone()));
    let () = once(
        app,
        actor.person_id,
        "refund_order.release",
        key,
        &id,
        move |tx| {
            let job = Arc::clone(&job);
            async move {
                let (app, actor) = &*job;
                let (now, record) = (app.now(), found(tx, id).await?);
                if record.prepared_by == actor.person_id {
                    return Err(Error::refused(Code::SamePerson));
                }
                if !store::refund_order::release(tx, id, by(actor, now)).await? {
                    return Err(Error::wrong_state());
                }
                let detail = Fen(record.amount_fen).format_cny();
                self::record(tx, now, actor, &record, "refund_order.release", detail).await
            }
            .boxed()
        },
    )
    .await?;
    show(app, actor, id).await
}

/// The bank has taken a refund: it is booked.
///
/// # Errors
/// `Invalid` for a number of the bank that is another refund's; `WrongState`; `NotFound`, `Forbidden`.
pub async fn send(
    app: &App,
    actor: &Actor,
    key: &Key,
    id: Uuid,
    input: RefundSentIn,
) -> Result<RefundOrderOut, Error> {
    right::require(actor, Action::RefundWrite, Place::DISTRICT)?;
    if let Some(problem) = length_problem("bank_reference", &input.bank_reference, &BANK_REFERENCE) {
        return Err(Error::invalid(vec![problem]));
    }
    let body = (id, input.clone());
    let job = Arc::new((app.clone(), actor.clone(), input));
    let () = once(app, actor.person_id, "refund_order.send", key, &body, move |tx| {
        let job = Arc::clone(&job);
        async move { send_in(tx, &job.0, &job.1, id, job.2.bank_reference.trim()).await }.boxed()
    })
    .await?;
    show(app, actor, id).await
}

async fn send_in(tx: &Tx, app: &App, actor: &Actor, id: Uuid, reference: &str) -> Result<(), Error> {
    let (now, record) = (app.now(), found(tx, id).await?);
    if store::refund_order::reference_is_known(tx, id, reference).await? {
        return Err(Error::field("bank_reference", FieldCode::Taken));
    }
    let posting = Posting {
        id,
        kind: TransactionKind::Refund,
        document_kind: DOCUMENT,
        document_id: id,
        document_number: record.number.clone(),
        effective_at: now,
        actor: Some((actor.person_id, actor.person_name.clone())),
        reverses: None,
        entries: refund_entries(
            &record.unit_id.to_string(),
            RefundFrom::Bank,
            Fen(record.amount_fen),
        )
        .map_err(fault)?,
    };
    let status =
        RefundOrderStatus::from_name(&record.status).ok_or_else(|| fault("stored state of a refund"))?;
    if status != RefundOrderStatus::Released {
        return Err(Error::wrong_state());
    }
    ledger::post(tx, now, &posting).await?;
    if !store::refund_order::sent(tx, id, reference, id, by(actor, now)).await? {
        return Err(Error::Again);
    }
    let to = [
        To::Unit(record.unit_id, Role::UnitFinance),
        To::Unit(record.unit_id, Role::UnitRequester),
    ];
    let notices = to.map(|to| notice(&record, to, NoticeKind::RefundSent));
    tell(tx, now, notices.into()).await?;
    let detail = format!("{} {reference}", Fen(record.amount_fen).format_cny());
    self::record(tx, now, actor, &record, "refund_order.send", detail).await
}

/// Gives a refund up before it was sent; the sum is free again.
///
/// # Errors
/// `WrongState` when it was sent; `Invalid`; `NotFound`, `Forbidden`.
pub async fn cancel(
    app: &App,
    actor: &Actor,
    key: &Key,
    id: Uuid,
    input: RefundCancelIn,
) -> Result<RefundOrderOut, Error> {
    right::require(actor, Action::RefundWrite, Place::DISTRICT)?;
    if let Some(problem) = length_problem("reason", &input.reason, &REASON) {
        return Err(Error::invalid(vec![problem]));
    }
    let body = (id, input.clone());
    let job = Arc::new((app.clone(), actor.clone(), input));
    let () = once(
        app,
        actor.person_id,
        "refund_order.cancel",
        key,
        &body,
        move |tx| {
            let job = Arc::clone(&job);
            async move {
                let (app, actor, input) = &*job;
                let (now, record) = (app.now(), found(tx, id).await?);
                let reason = input.reason.trim();
                if !store::refund_order::cancel(tx, id, reason, by(actor, now)).await? {
                    return Err(Error::wrong_state());
                }
                let detail = format!("{} {reason}", Fen(record.amount_fen).format_cny());
                self::record(tx, now, actor, &record, "refund_order.cancel", detail).await
            }
            .boxed()
        },
    )
    .await?;
    show(app, actor, id).await
}

fn by(actor: &Actor, now: Micros) -> By {
    By {
        person_id: actor.person_id,
        name: actor.person_name.clone(),
        at: now.0,
    }
}

fn notice(record: &RefundOrderRecord, to: To, kind: NoticeKind) -> Notice {
    Notice {
        to,
        kind,
        subject: record.number.clone(),
        path: format!("/refunds/{}", record.id),
    }
}

async fn record(
    tx: &Tx,
    now: Micros,
    actor: &Actor,
    record: &RefundOrderRecord,
    action: &'static str,
    detail: String,
) -> Result<(), Error> {
    let entry = Entry {
        action,
        object_kind: DOCUMENT,
        object_id: record.id.to_string(),
        unit_id: Some(record.unit_id),
        detail: format!("{} {detail}", record.number),
        ..Entry::default()
    };
    Ok(store::audit::insert(tx, now, Some(actor), vec![entry]).await?)
}

fn row_of(record: &RefundOrderRecord) -> Result<RefundOrderRow, Error> {
    Ok(RefundOrderRow {
        id: record.id,
        number: record.number.clone(),
        unit_id: record.unit_id,
        unit_name: record.unit_name.clone(),
        claim_id: record.claim_id,
        claim_number: record.claim_number.clone(),
        amount_fen: Fen(record.amount_fen),
        status: RefundOrderStatus::from_name(&record.status)
            .ok_or_else(|| fault("stored state of a refund"))?,
        reason: record.reason.clone(),
        prepared_by_name: record.prepared_by_name.clone(),
        prepared_at: Micros(record.prepared_at),
        sent_at: record.sent_at.map(Micros),
    })
}
