//! The second person's word over what the first one said. Yes posts, after having proven oneself; no leaves all as it was.

use super::super::idempotency::{Key, once};
use super::super::{App, Error, fault, right, step_up};
use super::post::{Match, post, take_back};
use super::propose::{bound_of, done, entry};
use super::{reason_of, status_of};
use crate::store::receipt::ReceiptRecord;
use crate::store::receipt_match::MatchRecord;
use crate::store::{self, Tx};
use futures::FutureExt as _;
use shared::api::problem::Code;
use shared::api::receipt::{ConfirmIn, ReceiptOut, RefuseIn};
use shared::domain::identity::Actor;
use shared::domain::money::Fen;
use shared::domain::receipt::{ReceiptEvent, ReceiptStatus};
use shared::domain::rights::{Action, Place};
use std::sync::Arc;
use uuid::Uuid;

/// Confirms what somebody else said a receipt pays, or that it is taken back: it is posted.
///
/// # Errors
/// `Forbidden`, `NotFound`; `StepUpNeeded`; `SamePerson` for whoever said it; `WrongState` when that no longer waits;
/// `MoreThanOpen` when a bill was paid meanwhile; `DepositUsed`; `KeyReused`.
pub async fn confirm(
    app: &App,
    actor: &Actor,
    key: &Key,
    id: Uuid,
    input: ConfirmIn,
) -> Result<ReceiptOut, Error> {
    right::require(actor, Action::ReceiptWrite, Place::DISTRICT)?;
    step_up::require_recent(app, actor)?;
    let body = (id, input.clone());
    let job = Arc::new((app.clone(), actor.clone(), input.match_id));
    let () = once(app, actor.person_id, "receipt.confirm", key, &body, move |tx| {
        let job = Arc::clone(&job);
        async move {
            let (app, actor, match_id) = &*job;
            let (receipt, matched) = read(tx, id, *match_id).await?;
            match status_of(&receipt)? {
                ReceiptStatus::MatchedByHand => agree(tx, app, actor, &receipt, &matched).await,
                ReceiptStatus::TakingBack => reverse(tx, app, actor, &receipt, &matched).await,
                _ => Err(Error::wrong_state()),
            }
        }
        .boxed()
    })
    .await?;
    super::show(app, actor, id).await
}

async fn read(tx: &Tx, id: Uuid, match_id: Uuid) -> Result<(ReceiptRecord, MatchRecord), Error> {
    let receipt = store::receipt::find(tx, id).await?.ok_or_else(Error::not_found)?;
    bound_of(&receipt, match_id)?;
    let matched = store::receipt_match::find(tx, match_id)
        .await?
        .ok_or_else(|| fault("a receipt's match"))?;
    Ok((receipt, matched))
}

async fn agree(
    tx: &Tx,
    app: &App,
    actor: &Actor,
    receipt: &ReceiptRecord,
    matched: &MatchRecord,
) -> Result<(), Error> {
    if matched.proposed_by == actor.person_id {
        return Err(Error::refused(Code::SamePerson));
    }
    let from = ReceiptStatus::MatchedByHand;
    let to = from
        .next(ReceiptEvent::Confirm)
        .and_then(|next| next.next(ReceiptEvent::Post))
        .map_err(fault)?;
    let bound = bound_of(receipt, matched.id)?;
    // The receipt's row first: of two who confirm at once the second waits here and finds it posted.
    if !store::receipt::advance(tx, receipt.id, from.as_str(), to.as_str(), Some(bound)).await? {
        return Err(Error::wrong_state());
    }
    let bills = store::receipt_match::bills(tx, &[matched.id]).await?;
    let now = app.now();
    let new = Match {
        id: matched.id,
        receipt,
        unit_id: matched.unit_id,
        bills: bills.iter().map(|bill| (bill.bill_id, bill.amount_fen)).collect(),
        deposit_fen: matched.deposit_fen,
    };
    let transaction_id = post(tx, now, Some(actor), &new).await?;
    if !store::receipt_match::confirm(tx, matched.id, &done(actor, now), transaction_id).await? {
        return Err(Error::wrong_state());
    }
    let detail = format!(
        "{} {}",
        receipt.bank_reference,
        Fen(receipt.amount_fen).format_cny()
    );
    let entry = entry("receipt.confirm", receipt.id, Some(matched.unit_id), detail);
    Ok(store::audit::insert(tx, now, Some(actor), vec![entry]).await?)
}

async fn reverse(
    tx: &Tx,
    app: &App,
    actor: &Actor,
    receipt: &ReceiptRecord,
    matched: &MatchRecord,
) -> Result<(), Error> {
    if matched.asked_back_by == Some(actor.person_id) {
        return Err(Error::refused(Code::SamePerson));
    }
    let from = ReceiptStatus::TakingBack;
    let to = from.next(ReceiptEvent::TakeBack).map_err(fault)?;
    if !store::receipt::advance(tx, receipt.id, from.as_str(), to.as_str(), None).await? {
        return Err(Error::wrong_state());
    }
    let now = app.now();
    let transaction_id = take_back(tx, now, actor, receipt, matched).await?;
    if !store::receipt_match::take_back(tx, matched.id, &done(actor, now), transaction_id).await? {
        return Err(Error::wrong_state());
    }
    let detail = format!(
        "{} {}",
        receipt.bank_reference,
        Fen(receipt.amount_fen).format_cny()
    );
    let entry = entry("receipt.take_back", receipt.id, Some(matched.unit_id), detail);
    Ok(store::audit::insert(tx, now, Some(actor), vec![entry]).await?)
}

/// Refuses what somebody said, with the reason: money that was matched lies in suspense again, what is posted stays.
/// Whoever said it may take it back in the same way.
///
/// # Errors
/// `Forbidden`, `NotFound`; `Invalid` without a reason; `WrongState` when that no longer waits; `KeyReused`.
pub async fn refuse(
    app: &App,
    actor: &Actor,
    key: &Key,
    id: Uuid,
    input: RefuseIn,
) -> Result<ReceiptOut, Error> {
    right::require(actor, Action::ReceiptWrite, Place::DISTRICT)?;
    let reason = reason_of(&input.reason)?;
    let body = (id, input.clone());
    let job = Arc::new((app.clone(), actor.clone(), input.match_id, reason));
    let () = once(app, actor.person_id, "receipt.refuse", key, &body, move |tx| {
        let job = Arc::clone(&job);
        async move {
            let (app, actor, match_id, reason) = &*job;
            let (receipt, matched) = read(tx, id, *match_id).await?;
            let from = status_of(&receipt)?;
            let now = app.now();
            let (event, bound, done) = match from {
                ReceiptStatus::MatchedByHand => {
                    let by = done(actor, now);
                    let done = store::receipt_match::refuse(tx, *match_id, &by, reason).await?;
                    (ReceiptEvent::Refuse, None, done)
                }
                ReceiptStatus::TakingBack => {
                    let done = store::receipt_match::keep(tx, *match_id).await?;
                    (ReceiptEvent::Keep, Some(bound_of(&receipt, *match_id)?), done)
                }
                _ => return Err(Error::wrong_state()),
            };
            let to = from.next(event).map_err(fault)?;
            if !done || !store::receipt::advance(tx, id, from.as_str(), to.as_str(), bound).await? {
                return Err(Error::wrong_state());
            }
            let entry = entry("receipt.refuse", id, Some(matched.unit_id), reason.clone());
            Ok(store::audit::insert(tx, now, Some(actor), vec![entry]).await?)
        }
        .boxed()
    })
    .await?;
    super::show(app, actor, id).await
}
