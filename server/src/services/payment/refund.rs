//! 退款: money given back the way it came. Noted and booked first, so that nobody spends it twice; sent afterwards, under the refund's
//! own name, so that sending it again changes nothing; taken back in the books when it could not be made.

use super::settle::{self, notice};
use super::{DOCUMENT, refund_of, refused_by, status_of};
use crate::ports::ids;
use crate::ports::payment::{CURRENCY, PaymentProvider, ProviderError, RefundAsked, RefundSeen};
use crate::services::idempotency::{Key, once};
use crate::services::ledger::{self, Posting};
use crate::services::notice::{NoticeKind, To, tell};
use crate::services::{App, Error, fault, refund_order, right, step_up};
use crate::store::audit::Entry;
use crate::store::payment::PaymentRecord;
use crate::store::refund::{NewRefund, RefundRecord, Step};
use crate::store::{self, Tx};
use futures::FutureExt as _;
use sea_orm::ConnectionTrait;
use shared::api::payment::{RefundIn, RefundOut};
use shared::api::problem::{FieldCode, FieldProblem};
use shared::domain::calendar::Micros;
use shared::domain::identity::{Actor, Role};
use shared::domain::ledger::{RefundFrom, TransactionKind, refund_entries, reversal};
use shared::domain::money::Fen;
use shared::domain::payment::{RefundEvent, RefundStatus};
use shared::domain::rights::{Action, Place};
use std::sync::Arc;
use uuid::Uuid;

/// Characters of a reason.
const REASON: std::ops::RangeInclusive<usize> = 2..=200;
/// Refunds that are sent in one go.
const AT_ONCE: i64 = 50;
/// How long after it was sent a refund is asked after.
const ASK_AFTER_US: i64 = 3_600_000_000;

/// The most that can be given back of a payment now: what is left of it, as far as the unit's deposit holds it and it is not
/// waiting for another order.
///
/// # Errors
/// Whatever the database answers.
pub(in crate::services) async fn refundable(
    connection: &impl ConnectionTrait,
    payment: &PaymentRecord,
) -> Result<i64, Error> {
    let own = match payment.order_id {
        Some(order_id) => store::prepayment::find(connection, order_id).await?,
        None => None,
    };
    let own = own.map_or(0, |ahead| ahead.held_fen());
    let left = payment.amount_fen - payment.refunded_fen;
    let free = refund_order::free_deposit(connection, payment.unit_id).await?;
    Ok(left.min(free + own).max(0))
}

/// Notes a refund; it is sent at once by the program itself.
///
/// # Errors
/// `WrongState` before the money came; `Invalid` with the most that can be given back; `StepUpNeeded`; `NotFound`, `Forbidden`.
pub async fn ask(
    app: &App,
    actor: &Actor,
    key: &Key,
    payment_id: Uuid,
    input: RefundIn,
) -> Result<RefundOut, Error> {
    right::require(actor, Action::RefundWrite, Place::DISTRICT)?;
    step_up::require_recent(app, actor)?;
    let length = input.reason.trim().chars().count();
    if !REASON.contains(&length) {
        let problem = if length > *REASON.end() {
            FieldProblem::bound("reason", FieldCode::TooLong, REASON.end())
        } else {
            FieldProblem::new("reason", FieldCode::ReasonNeeded)
        };
        return Err(Error::invalid(vec![problem]));
    }
    if input.amount_fen.0 <= 0 {
        let problem = FieldProblem::bound("amount_fen", FieldCode::TooSmall, "0.01");
        return Err(Error::invalid(vec![problem]));
    }
    let body = (payment_id, input.clone());
    let job = Arc::new((app.clone(), actor.clone(), input));
    let id: Uuid = once(app, actor.person_id, "refund.ask", key, &body, move |tx| {
        let job = Arc::clone(&job);
        async move { ask_in(tx, &job.0, &job.1, payment_id, &job.2).await }.boxed()
    })
    .await?;
    app.payment_bell.notify_one();
    let record = store::refund::find(app.db.read(), id).await?;
    refund_of(&record.ok_or(Error::not_found())?)
}

async fn ask_in(
    tx: &Tx,
    app: &App,
    actor: &Actor,
    payment_id: Uuid,
    input: &RefundIn,
) -> Result<Uuid, Error> {
    let now = app.now();
    let payment = store::payment::find(tx, payment_id)
        .await?
        .ok_or(Error::not_found())?;
    if !status_of(&payment)?.has_come() {
        return Err(Error::wrong_state());
    }
    let amount = input.amount_fen;
    let refund = NewRefund {
        id: app.new_id(),
        number: ids::document_number('T', now.day()),
        payment_id,
        provider: payment.provider.clone(),
        unit_id: payment.unit_id,
        amount_fen: amount.0,
        status: RefundStatus::Asked.as_str(),
        reason: input.reason.trim().to_owned(),
        claim_id: input.claim_id,
        reference: None,
        asked_by: Some((actor.person_id, actor.person_name.clone())),
        at: now.0,
    };
    let most = refundable(tx, &payment).await?;
    let too_much = || {
        let bound = Fen(most).format_yuan();
        Error::invalid(vec![FieldProblem::bound(
            "amount_fen",
            FieldCode::TooLarge,
            bound,
        )])
    };
    if amount.0 > most || !store::payment::take_back(tx, payment_id, amount.0).await? {
        return Err(too_much());
    }
    if let Some(claim_id) = input.claim_id {
        store::refund_order::take_deposit(tx, payment.unit_id).await?;
        refund_order::claim_checked(tx, claim_id, payment.unit_id, amount).await?;
    }
    let id = refund.id;
    let made = (refund.number.clone(), Some(actor));
    store::refund::insert(tx, refund).await?;
    post(tx, now, &payment, id, &made.0, amount, made.1).await?;
    // The balance's row is ours by now: of two refunds at once the second sees here what the first has left.
    if refund_order::free_deposit(tx, payment.unit_id).await? < 0 {
        return Err(too_much());
    }
    let entry = Entry {
        action: "refund.ask",
        object_kind: DOCUMENT,
        object_id: payment_id.to_string(),
        order_id: payment.order_id,
        unit_id: Some(payment.unit_id),
        detail: format!("{} {} {}", made.0, amount.format_cny(), input.reason.trim()),
        ..Entry::default()
    };
    store::audit::insert(tx, now, Some(actor), vec![entry]).await?;
    Ok(id)
}

/// Books a refund: it leaves the unit's deposit.
async fn post(
    tx: &Tx,
    now: Micros,
    payment: &PaymentRecord,
    id: Uuid,
    number: &str,
    amount: Fen,
    actor: Option<&Actor>,
) -> Result<(), Error> {
    let posting = Posting {
        id,
        kind: TransactionKind::Refund,
        document_kind: DOCUMENT,
        document_id: payment.id,
        document_number: number.to_owned(),
        effective_at: now,
        actor: actor.map(|a| (a.person_id, a.person_name.clone())),
        reverses: None,
        entries: refund_entries(&payment.unit_id.to_string(), RefundFrom::Stripe, amount).map_err(fault)?,
    };
    ledger::post(tx, now, &posting).await?;
    if let Some(order_id) = payment.order_id {
        store::prepayment::free(tx, order_id, amount.0).await?;
    }
    Ok(())
}

/// Sends the refunds that are noted.
///
/// # Errors
/// When the database cannot be reached.
pub async fn send_due(app: &App) -> Result<(), Error> {
    let Some(provider) = app.payments.clone() else {
        return Ok(());
    };
    let (read, name, now) = (app.db.read(), provider.name(), app.now().0);
    for refund in store::refund::due(read, name, RefundStatus::Asked.as_str(), now, AT_ONCE).await? {
        if app.stop.is_cancelled() {
            break;
        }
        send(app, &*provider, &refund).await?;
    }
    Ok(())
}

async fn send(app: &App, provider: &dyn PaymentProvider, refund: &RefundRecord) -> Result<(), Error> {
    let Some(charge) = refund.charge_ref.clone() else {
        return failed(app, refund.id, "no charge to take it from".to_owned()).await;
    };
    let asked = RefundAsked {
        refund_id: refund.id,
        charge,
        amount_fen: Fen(refund.amount_fen),
    };
    match provider.refund(&asked).await {
        Ok(seen) => take_over(app, provider.name(), seen).await.map(|_| ()),
        Err(ProviderError::Refused(said)) => failed(app, refund.id, said).await,
        Err(ProviderError::Away(said)) => {
            tracing::warn!(
                said,
                refund = refund.number,
                "a refund could not be sent; it is tried again"
            );
            let (id, at) = (refund.id, app.now().0 + super::event::pause_us(refund.tries));
            app.db
                .write_quietly(move |tx| {
                    async move { Ok(store::refund::later(tx, id, "", at).await?) }.boxed()
                })
                .await
        }
    }
}

/// Asks after the refunds that are under way.
///
/// # Errors
/// `PaymentAway`; whatever the database answers.
pub(super) async fn ask_after(app: &App, provider: &dyn PaymentProvider) -> Result<(), Error> {
    let pending = RefundStatus::Pending.as_str();
    let due = store::refund::due(app.db.read(), provider.name(), pending, i64::MAX, 1000).await?;
    for refund in due {
        let Some(reference) = &refund.reference else {
            continue;
        };
        if let Some(seen) = provider.refund_seen(reference).await.map_err(refused_by)? {
            take_over(app, provider.name(), seen).await?;
        }
    }
    Ok(())
}

async fn failed(app: &App, id: Uuid, said: String) -> Result<(), Error> {
    let now = app.now();
    app.db
        .write(move |tx| {
            let said = said.clone();
            async move {
                let refund = store::refund::find(tx, id).await?.ok_or(Error::not_found())?;
                move_on(tx, now, &refund, None, RefundStatus::Failed, &said)
                    .await
                    .map(|_| ())
            }
            .boxed()
        })
        .await
}

/// Takes over how a refund stands at the provider; one that was made there is noted and booked as it happened.
///
/// # Errors
/// Whatever the database answers.
pub async fn take_over(app: &App, provider: &'static str, seen: RefundSeen) -> Result<&'static str, Error> {
    let (app_, now) = (app.clone(), app.now());
    let seen = Arc::new(seen);
    app.db
        .write(move |tx| {
            let (app, seen) = (app_.clone(), Arc::clone(&seen));
            async move { take_over_in(tx, &app, now, provider, &seen).await }.boxed()
        })
        .await
}

async fn take_over_in(
    tx: &Tx,
    app: &App,
    now: Micros,
    provider: &str,
    seen: &RefundSeen,
) -> Result<&'static str, Error> {
    let known = match store::refund::by_reference(tx, provider, &seen.reference).await? {
        Some(refund) => Some(refund),
        None => match seen.refund_id {
            Some(id) => store::refund::find(tx, id).await?,
            None => None,
        },
    };
    let Some(refund) = known else {
        return made_there(tx, app, now, provider, seen).await;
    };
    if refund.amount_fen != seen.amount_fen.0 || seen.currency != CURRENCY {
        let payment = store::payment::find(tx, refund.payment_id).await?;
        let payment = payment.ok_or(Error::not_found())?;
        return settle::trouble(tx, now, &payment, "amount_differs").await;
    }
    move_on(
        tx,
        now,
        &refund,
        Some(&seen.reference),
        seen.status,
        &seen.trouble,
    )
    .await
}

/// Moves a refund on to where it stands; back it never goes.
async fn move_on(
    tx: &Tx,
    now: Micros,
    refund: &RefundRecord,
    reference: Option<&str>,
    to: RefundStatus,
    trouble: &str,
) -> Result<&'static str, Error> {
    let from = RefundStatus::from_name(&refund.status).ok_or_else(|| fault("stored state of a refund"))?;
    let event = match to {
        RefundStatus::Asked => return Ok("known"),
        RefundStatus::Pending => RefundEvent::Accept,
        RefundStatus::Succeeded => RefundEvent::Succeed,
        RefundStatus::Failed => RefundEvent::Fail,
    };
    let Ok(next) = from.next(event) else {
        return Ok("known");
    };
    let ended = next != RefundStatus::Pending;
    let reversal_id = (next == RefundStatus::Failed).then(|| ids::derived(refund.id, "failed"));
    let step = Step {
        id: refund.id,
        from: from.as_str(),
        to: next.as_str(),
        reference,
        trouble,
        ended_at: ended.then_some(now.0),
        reversal_id,
        next_try_at: now.0 + ASK_AFTER_US,
    };
    if !store::refund::step(tx, &step).await? {
        return Err(Error::Again);
    }
    let payment = store::payment::find(tx, refund.payment_id).await?;
    let payment = payment.ok_or(Error::not_found())?;
    let detail = format!("{} {}", refund.number, Fen(refund.amount_fen).format_cny());
    match (next, reversal_id) {
        (RefundStatus::Failed, Some(reversal_id)) => {
            take_back(tx, now, &payment, refund, reversal_id).await?;
            let detail = format!("{detail} {trouble}");
            settle::record(tx, now, &payment, "refund.failed", detail).await?;
            let to = To::Role(Role::CentreFinance);
            tell(tx, now, vec![notice(&payment, to, NoticeKind::RefundFailed)]).await?;
        }
        (RefundStatus::Succeeded, _) => {
            store::payment::refunded(tx, payment.id).await?;
            settle::record(tx, now, &payment, "refund.done", detail).await?;
        }
        _ => {}
    }
    Ok(next.as_str())
}

/// A refund that could not be made: its sum is on the deposit again.
async fn take_back(
    tx: &Tx,
    now: Micros,
    payment: &PaymentRecord,
    refund: &RefundRecord,
    reversal_id: Uuid,
) -> Result<(), Error> {
    let booked = refund_entries(
        &payment.unit_id.to_string(),
        RefundFrom::Stripe,
        Fen(refund.amount_fen),
    );
    let posting = Posting {
        id: reversal_id,
        kind: TransactionKind::Reversal,
        document_kind: DOCUMENT,
        document_id: payment.id,
        document_number: refund.number.clone(),
        effective_at: now,
        actor: None,
        reverses: Some(refund.transaction_id),
        entries: reversal(&booked.map_err(fault)?).map_err(fault)?,
    };
    ledger::post(tx, now, &posting).await?;
    Ok(store::payment::give_again(tx, payment.id, refund.amount_fen).await?)
}

/// A refund that was made at the provider itself.
async fn made_there(
    tx: &Tx,
    app: &App,
    now: Micros,
    provider: &str,
    seen: &RefundSeen,
) -> Result<&'static str, Error> {
    let Some(charge) = &seen.charge else {
        return Ok("not_ours");
    };
    let Some(payment) = store::payment::by_charge(tx, provider, charge).await? else {
        return Ok("not_ours");
    };
    if seen.status == RefundStatus::Failed {
        // It came to nothing before we heard of it.
        return Ok("known");
    }
    if seen.currency != CURRENCY || !store::payment::take_back(tx, payment.id, seen.amount_fen.0).await? {
        return settle::trouble(tx, now, &payment, "amount_differs").await;
    }
    let (id, number) = (app.new_id(), ids::document_number('T', now.day()));
    let refund = NewRefund {
        id,
        number: number.clone(),
        payment_id: payment.id,
        provider: provider.to_owned(),
        unit_id: payment.unit_id,
        amount_fen: seen.amount_fen.0,
        status: seen.status.as_str(),
        reason: "支付平台后台退款".to_owned(),
        claim_id: None,
        reference: Some(seen.reference.clone()),
        asked_by: None,
        at: now.0,
    };
    store::refund::insert(tx, refund).await?;
    post(tx, now, &payment, id, &number, seen.amount_fen, None).await?;
    if seen.status == RefundStatus::Succeeded {
        store::payment::refunded(tx, payment.id).await?;
    }
    let detail = format!("{number} {}", seen.amount_fen.format_cny());
    settle::record(tx, now, &payment, "refund.elsewhere", detail).await?;
    settle::trouble(tx, now, &payment, "refunded_elsewhere").await?;
    Ok("refunded_elsewhere")
}
