//! Payouts to the bank, and what else moves the sum that the provider holds. Payments and refunds are booked when they are heard of;
//! here come the fees and the payouts, so that the clearing account comes to zero once everything was paid out.

use super::{DOCUMENT, at_bank};
use crate::ports::ids;
use crate::ports::payment::{CURRENCY, Movement, PayoutSeen};
use crate::services::ledger::{self, Posting};
use crate::services::notice::{Notice, NoticeKind, To, tell};
use crate::services::{App, Error, fault, period};
use crate::store::audit::Entry;
use crate::store::provider::{MovementRecord, NewPayout, PayoutRecord};
use crate::store::{self, Tx};
use futures::FutureExt as _;
use shared::domain::calendar::Micros;
use shared::domain::identity::Role;
use shared::domain::ledger::{Entries, TransactionKind, reversal, stripe_fee_entries, stripe_payout_entries};
use shared::domain::money::Fen;
use shared::domain::payment::{MovementKind, MovementOutcome, PayoutStatus};
use std::sync::Arc;
use uuid::Uuid;

/// For so long a movement may wait for what it belongs to; then people look at it.
const WAITS_US: i64 = 3 * 24 * 3_600_000_000;
/// Movements that are booked in one go.
const AT_ONCE: i64 = 200;
/// What a payout and a movement are in the ledger.
const PAYOUT: &str = "payout";

/// Takes over how a payout stands at the provider.
///
/// # Errors
/// Whatever the database answers.
pub async fn take_over(app: &App, provider: &'static str, seen: PayoutSeen) -> Result<&'static str, Error> {
    let (now, id, seen) = (app.now(), app.new_id(), Arc::new(seen));
    app.db
        .write(move |tx| {
            let seen = Arc::clone(&seen);
            async move { take_over_in(tx, now, id, provider, &seen).await }.boxed()
        })
        .await
}

async fn take_over_in(
    tx: &Tx,
    now: Micros,
    id: Uuid,
    provider: &str,
    seen: &PayoutSeen,
) -> Result<&'static str, Error> {
    let known = match store::provider::payout(tx, provider, &seen.reference).await? {
        Some(known) => known,
        None => {
            let new = NewPayout {
                id,
                provider,
                reference: &seen.reference,
                amount_fen: seen.amount_fen.0,
                currency: &seen.currency,
                arrives_at: seen.arrives_at.0,
            };
            store::provider::insert_payout(tx, &new).await?;
            if seen.currency != CURRENCY || seen.amount_fen.0 <= 0 {
                // The books know payouts in yuan from the provider to the bank and no others.
                trouble(tx, now, &seen.reference).await?;
            }
            let inserted = store::provider::payout(tx, provider, &seen.reference).await?;
            inserted.ok_or_else(|| fault("a payout that was just noted"))?
        }
    };
    let was = PayoutStatus::from_name(&known.status).ok_or_else(|| fault("stored state of a payout"))?;
    let ours = known.currency == CURRENCY && known.amount_fen > 0;
    if ours && was.may_arrive() && seen.status.may_arrive() {
        at_bank::recognise(tx, now, provider, &known, seen.arrives_at).await?;
    }
    let goes_on = match (was, seen.status) {
        (PayoutStatus::Failed | PayoutStatus::Canceled, _) => false,
        (PayoutStatus::Paid, next) => next == PayoutStatus::Failed,
        (PayoutStatus::InTransit, next) => !matches!(next, PayoutStatus::InTransit | PayoutStatus::Pending),
        (PayoutStatus::Pending, next) => next != PayoutStatus::Pending,
    };
    if !goes_on {
        return Ok("known");
    }
    let (mut transaction_id, mut reversal_id) = (known.transaction_id, known.reversal_id);
    match seen.status {
        PayoutStatus::Paid if ours => transaction_id = Some(post(tx, now, &known).await?),
        PayoutStatus::Failed if transaction_id.is_some() => {
            reversal_id = Some(take_back(tx, now, &known).await?);
        }
        _ => {}
    }
    let moved =
        store::provider::step_payout(tx, &known, seen.status.as_str(), transaction_id, reversal_id).await?;
    if !moved {
        return Err(Error::Again);
    }
    let action = match seen.status {
        PayoutStatus::Paid => "payment.payout",
        PayoutStatus::Failed => "payment.payout_failed",
        _ => return Ok(seen.status.as_str()),
    };
    let entry = Entry {
        action,
        object_kind: PAYOUT,
        object_id: known.id.to_string(),
        detail: format!("{} {}", known.reference, Fen(known.amount_fen).format_cny()),
        ..Entry::default()
    };
    store::audit::insert(tx, now, None, vec![entry]).await?;
    Ok(seen.status.as_str())
}

fn entries(payout: &PayoutRecord) -> Result<Entries, Error> {
    stripe_payout_entries(Fen(payout.amount_fen), Fen::ZERO).map_err(fault)
}

async fn post(tx: &Tx, now: Micros, payout: &PayoutRecord) -> Result<Uuid, Error> {
    let posting = Posting {
        id: payout.id,
        kind: TransactionKind::StripePayout,
        document_kind: PAYOUT,
        document_id: payout.id,
        document_number: payout.reference.clone(),
        effective_at: now,
        actor: None,
        reverses: None,
        entries: entries(payout)?,
    };
    ledger::post(tx, now, &posting).await?;
    Ok(posting.id)
}

async fn take_back(tx: &Tx, now: Micros, payout: &PayoutRecord) -> Result<Uuid, Error> {
    let posting = Posting {
        id: ids::derived(payout.id, "failed"),
        kind: TransactionKind::Reversal,
        document_kind: PAYOUT,
        document_id: payout.id,
        document_number: payout.reference.clone(),
        effective_at: now,
        actor: None,
        reverses: payout.transaction_id,
        entries: reversal(&entries(payout)?).map_err(fault)?,
    };
    ledger::post(tx, now, &posting).await?;
    Ok(posting.id)
}

/// Notes movements as the provider lists them; what is known already stays.
///
/// # Errors
/// Whatever the database answers.
pub async fn keep(app: &App, provider: &'static str, moved: Vec<Movement>) -> Result<(), Error> {
    let row = |m: Movement| MovementRecord {
        id: app.new_id(),
        reference: m.reference,
        kind: m.kind.as_str().to_owned(),
        source_ref: m.source,
        amount_fen: m.amount_fen.0,
        fee_fen: m.fee_fen.0,
        currency: m.currency,
        moved_at: m.at.0,
        outcome: MovementOutcome::Waiting.as_str().to_owned(),
    };
    let rows: Arc<Vec<MovementRecord>> = Arc::new(moved.into_iter().map(row).collect());
    app.db
        .write_quietly(move |tx| {
            let rows = Arc::clone(&rows);
            async move { Ok(store::provider::keep_movements(tx, provider, &rows).await?) }.boxed()
        })
        .await
}

/// Books the fees of every movement whose cause is known by now.
///
/// # Errors
/// Whatever the database answers.
pub async fn book_waiting(app: &App, provider: &'static str) -> Result<(), Error> {
    let mut after = None;
    loop {
        let waiting = store::provider::movements_waiting(app.db.read(), provider, after, AT_ONCE).await?;
        let Some(last) = waiting.last() else {
            return Ok(());
        };
        after = Some((last.moved_at, last.id));
        for movement in waiting {
            let (now, movement) = (app.now(), Arc::new(movement));
            app.db
                .write(move |tx| {
                    let movement = Arc::clone(&movement);
                    async move { book(tx, now, provider, &movement).await }.boxed()
                })
                .await?;
        }
    }
}

/// What the books make of a movement.
enum Made {
    /// Its fee belongs to this document.
    Fee(Uuid, String, Fen),
    /// Everything about it is booked.
    Known,
    /// What it belongs to is not known yet.
    Wait,
    /// People must look at it.
    Unclear,
}

async fn book(tx: &Tx, now: Micros, provider: &str, movement: &MovementRecord) -> Result<(), Error> {
    let made = if movement.currency == CURRENCY {
        made_of(tx, provider, movement).await?
    } else {
        Made::Unclear
    };
    let (outcome, fee) = match made {
        Made::Wait if now.0 - movement.moved_at < WAITS_US => return Ok(()),
        Made::Wait | Made::Unclear => (MovementOutcome::Unclear, None),
        Made::Known => (MovementOutcome::Known, None),
        Made::Fee(_, _, fee) if fee.is_zero() => (MovementOutcome::Known, None),
        Made::Fee(document, number, fee) => (MovementOutcome::Booked, Some((document, number, fee))),
    };
    let transaction_id = fee.as_ref().map(|_| movement.id);
    if !store::provider::movement_done(tx, movement.id, outcome.as_str(), transaction_id).await? {
        return Ok(());
    }
    if outcome == MovementOutcome::Unclear {
        trouble(tx, now, &movement.reference).await?;
    }
    let Some((document_id, document_number, fee)) = fee else {
        return Ok(());
    };
    // What the provider took in a month that is closed by now is booked in the open one.
    let (effective_at, _) = period::open_at(tx, Micros(movement.moved_at), now).await?;
    let posting = Posting {
        id: movement.id,
        kind: TransactionKind::StripeFee,
        document_kind: if document_id == movement.id {
            PAYOUT
        } else {
            DOCUMENT
        },
        document_id,
        document_number,
        effective_at,
        actor: None,
        reverses: None,
        entries: stripe_fee_entries(fee).map_err(fault)?,
    };
    ledger::post(tx, now, &posting).await
}

async fn made_of(tx: &Tx, provider: &str, movement: &MovementRecord) -> Result<Made, Error> {
    let kind = MovementKind::from_name(&movement.kind).ok_or_else(|| fault("stored kind of a movement"))?;
    let source = movement.source_ref.as_deref().unwrap_or_default();
    let fee = Fen(movement.fee_fen);
    let own = |fee: Fen| Made::Fee(movement.id, movement.reference.clone(), fee);
    Ok(match kind {
        MovementKind::Payment => match store::payment::by_source(tx, provider, source).await? {
            None => Made::Wait,
            Some(payment) if payment.amount_fen != movement.amount_fen => Made::Unclear,
            Some(payment) => {
                store::payment::fee(tx, payment.id, movement.fee_fen).await?;
                Made::Fee(payment.id, payment.number, fee)
            }
        },
        MovementKind::Refund | MovementKind::RefundFailure => {
            let sum = match kind {
                MovementKind::Refund => -movement.amount_fen,
                _ => movement.amount_fen,
            };
            match store::refund::by_reference(tx, provider, source).await? {
                None => Made::Wait,
                Some(refund) if refund.amount_fen != sum => Made::Unclear,
                Some(refund) => Made::Fee(refund.payment_id, refund.number, fee),
            }
        }
        MovementKind::Fee => {
            let taken = Fen(movement.amount_fen).checked_neg().map_err(fault)?;
            own(taken.checked_add(fee).map_err(fault)?)
        }
        MovementKind::Payout | MovementKind::PayoutFailure => {
            match store::provider::payout(tx, provider, source).await? {
                None => Made::Wait,
                Some(_) if fee.is_zero() => Made::Known,
                Some(_) => own(fee),
            }
        }
        MovementKind::Other => Made::Unclear,
    })
}

/// Finance is told of something at the provider that the books do not take.
async fn trouble(tx: &Tx, now: Micros, reference: &str) -> Result<(), Error> {
    let entry = Entry {
        action: "payment.trouble",
        object_kind: PAYOUT,
        object_id: reference.to_owned(),
        ..Entry::default()
    };
    store::audit::insert(tx, now, None, vec![entry]).await?;
    let told = Notice {
        to: To::Role(Role::CentreFinance),
        kind: NoticeKind::PaymentTrouble,
        subject: reference.to_owned(),
        path: "/payments".to_owned(),
    };
    tell(tx, now, vec![told]).await
}
