//! 在线付款: paying through a provider. The provider's page takes the money; what it tells of it is kept first, worked through
//! afterwards, and never believed: how a thing stands is asked.

mod about;
pub(super) mod at_bank;
mod begin;
pub mod event;
mod payout;
pub mod refund;
mod settle;
pub mod sweep;

pub use begin::{begin, check};

use super::{App, Error, fault, paging, right};
use crate::ports::payment::{PaymentProvider, ProviderError};
use crate::store;
use crate::store::payment::{Filter, PaymentRecord};
use crate::store::provider::MovementRecord;
use crate::store::refund::RefundRecord;
use shared::api::page::Page;
use shared::api::payment::{
    MovementKind, MovementOut, PayAheadOut, PayMethod, PaymentOut, PaymentQuery, PaymentRow,
    PaymentStandingOut, PaymentStatus, RefundOut, RefundStatus,
};
use shared::api::problem::Code;
use shared::domain::calendar::{Day, Micros};
use shared::domain::identity::Actor;
use shared::domain::money::Fen;
use shared::domain::rights::{Action, Place, Scope};
use std::sync::Arc;
use uuid::Uuid;

/// The kind of document in ledger and audit log.
const DOCUMENT: &str = "payment";

/// Movements that the standing names.
const UNCLEAR_SHOWN: i64 = 20;

/// The provider, where one is configured.
///
/// # Errors
/// `NotFound` where none is: nothing of it is offered then.
fn provider(app: &App) -> Result<Arc<dyn PaymentProvider>, Error> {
    app.payments.clone().ok_or(Error::not_found())
}

/// Whether units can pay through a provider at all.
#[must_use]
pub fn offered(app: &App) -> bool {
    app.payments.is_some()
}

/// A provider's refusal as ours. What it said goes to the log; a person is told what to do.
fn refused_by(error: ProviderError) -> Error {
    match error {
        ProviderError::Refused(said) => {
            tracing::warn!(said, "the provider of payments refused");
            Error::refused(Code::PaymentRefused)
        }
        ProviderError::Away(said) => {
            tracing::warn!(said, "the provider of payments does not answer");
            Error::refused(Code::PaymentAway)
        }
    }
}

/// Payments that the actor may see, newest first.
///
/// # Errors
/// `Forbidden`; `Invalid` for a bad `after`.
pub async fn list(
    app: &App,
    actor: &Actor,
    query: &PaymentQuery,
    after: Option<&str>,
    limit: i64,
) -> Result<Page<PaymentRow>, Error> {
    let scope = right::reach(actor, Action::PaymentRead)?;
    let filter = Filter {
        unit_id: actor.grant.unit_id.filter(|_| scope != Scope::District),
        status: query.state.map(PaymentStatus::as_str),
        method: query.method.map(PayMethod::as_str),
        from: query.from.map(|day| day.start().0),
        before: query.until.map(|day: Day| day.add_days(1).start().0),
        number: query.number.as_ref().map(|number| number.to_uppercase()),
        bill_id: query.bill_id,
        order_id: query.order_id,
        behind: paging::read(after)?,
    };
    let limit = paging::limit(limit);
    let rows = store::payment::list(app.db.read(), filter, limit + 1).await?;
    paging::page(rows, limit, |row| (row.created_at, row.id), row_of)
}

/// A payment with its refunds.
///
/// # Errors
/// `NotFound` when there is none or it is not the actor's to see.
pub async fn show(app: &App, actor: &Actor, id: Uuid) -> Result<PaymentOut, Error> {
    right::reach(actor, Action::PaymentRead)?;
    let read = app.db.read();
    let record = store::payment::find(read, id).await?.ok_or(Error::not_found())?;
    right::require(actor, Action::PaymentRead, Place::unit(record.unit_id))?;
    let refunds = store::refund::of_payment(read, id).await?;
    let status = status_of(&record)?;
    let refundable_fen = match actor.may(Action::RefundWrite, Place::DISTRICT) && status.has_come() {
        true => Some(Fen(refund::refundable(read, &record).await?)),
        false => None,
    };
    let payer = actor.may(Action::PaymentMake, Place::unit(record.unit_id))
        || (record.order_id.is_some() && actor.may(Action::PaymentPrepay, Place::unit(record.unit_id)));
    let payable = status == PaymentStatus::Open && app.now().0 < record.expires_at && payer;
    Ok(PaymentOut {
        url: record.url.clone().filter(|_| payable),
        expires_at: Micros(record.expires_at),
        transaction_id: record.transaction_id,
        refundable_fen,
        refunds: refunds.iter().map(refund_of).collect::<Result<_, _>>()?,
        row: row_of(&record)?,
    })
}

/// What of an order can be paid ahead by the actor; `None` where they may not, or nobody can.
///
/// # Errors
/// Whatever the database answers.
pub async fn ahead_of(app: &App, actor: &Actor, order_id: Uuid) -> Result<Option<PayAheadOut>, Error> {
    if !offered(app) {
        return Ok(None);
    }
    let about = about::About::Order(order_id);
    match about.allowed(app, actor).await {
        Ok(due) => Ok(Some(PayAheadOut {
            open_fen: Fen(due.open_fen.max(0)),
            paid_fen: Fen(due.paid_fen),
        })),
        Err(Error::Refused(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// How the books stand with the provider.
///
/// # Errors
/// `Forbidden`.
pub async fn standing(app: &App, actor: &Actor) -> Result<PaymentStandingOut, Error> {
    right::require(actor, Action::PaymentBooks, Place::DISTRICT)?;
    let read = app.db.read();
    let stands = store::provider::standing(read).await?;
    let unclear = store::provider::movements_unclear(read, UNCLEAR_SHOWN).await?;
    let name = app.payments.as_ref().map(|provider| provider.name());
    let swept = match name {
        Some(name) => store::provider::sweep(read, name).await?,
        None => None,
    };
    Ok(PaymentStandingOut {
        provider: name.map(str::to_owned),
        clearing_fen: Fen(stands.clearing_fen),
        fees_fen: Fen(stands.fees_fen),
        open: stands.open,
        refunds_open: stands.refunds_open,
        events_waiting: stands.events_waiting,
        movements_waiting: stands.movements_waiting,
        movements_unclear: stands.movements_unclear,
        unclear: unclear.iter().map(movement_of).collect::<Result<_, _>>()?,
        swept_at: swept.as_ref().and_then(|s| s.swept_at).map(Micros),
        sweeps_at: swept.as_ref().map(|s| Micros(s.next_at)),
    })
}

fn movement_of(record: &MovementRecord) -> Result<MovementOut, Error> {
    Ok(MovementOut {
        reference: record.reference.clone(),
        kind: MovementKind::from_name(&record.kind).ok_or_else(|| fault("stored kind of a movement"))?,
        amount_fen: Fen(record.amount_fen),
        fee_fen: Fen(record.fee_fen),
        currency: record.currency.clone(),
        moved_at: Micros(record.moved_at),
    })
}

fn status_of(record: &PaymentRecord) -> Result<PaymentStatus, Error> {
    PaymentStatus::from_name(&record.status).ok_or_else(|| fault("stored state of a payment"))
}

fn row_of(record: &PaymentRecord) -> Result<PaymentRow, Error> {
    Ok(PaymentRow {
        id: record.id,
        number: record.number.clone(),
        unit_id: record.unit_id,
        unit_name: record.unit_name.clone(),
        bill_id: record.bill_id,
        order_id: record.order_id,
        about_number: record.about_number.clone(),
        amount_fen: Fen(record.amount_fen),
        refunded_fen: Fen(record.refunded_fen),
        fee_fen: record.fee_fen.map(Fen),
        method: record.method.as_deref().and_then(PayMethod::from_name),
        status: status_of(record)?,
        trouble: record.trouble.clone(),
        asked_by_name: record.asked_by_name.clone(),
        created_at: Micros(record.created_at),
        paid_at: record.paid_at.map(Micros),
    })
}

/// A refund as it is shown.
pub(super) fn refund_of(record: &RefundRecord) -> Result<RefundOut, Error> {
    Ok(RefundOut {
        id: record.id,
        number: record.number.clone(),
        amount_fen: Fen(record.amount_fen),
        status: RefundStatus::from_name(&record.status).ok_or_else(|| fault("stored state of a refund"))?,
        reason: record.reason.clone(),
        trouble: record.trouble.clone(),
        asked_by_name: record.asked_by_name.clone(),
        asked_at: Micros(record.asked_at),
        ended_at: record.ended_at.map(Micros),
    })
}
