//! The first person's word: what a receipt pays, or that a match should be taken back. Nothing is posted by it.

use super::super::idempotency::{Key, once};
use super::super::notice::{self, Notice, NoticeKind, To};
use super::super::{App, Error, fault, right};
use super::{REASON_MAX, check_text, reason_of, status_of};
use crate::store::audit::Entry;
use crate::store::receipt::{Bound, ReceiptRecord};
use crate::store::receipt_match::{Done, NewMatch};
use crate::store::{self, Tx};
use futures::FutureExt as _;
use shared::api::problem::{FieldCode, FieldProblem};
use shared::api::receipt::{MatchIn, ReceiptOut, TakeBackIn};
use shared::domain::calendar::Micros;
use shared::domain::identity::{Actor, Role};
use shared::domain::money::Fen;
use shared::domain::receipt::{MatchState, ReceiptEvent};
use shared::domain::rights::{Action, Place};
use std::collections::BTreeSet;
use std::sync::Arc;
use uuid::Uuid;

/// Bills of one match at the most.
const BILLS_MAX: usize = 50;

/// Says what a receipt in suspense pays; a second person then confirms or refuses it.
///
/// # Errors
/// `Forbidden`, `NotFound`; `Invalid` when the sums do not come to the receipt's, or a bill is another unit's or takes
/// less; `WrongState` when it is not in suspense; `KeyReused`.
pub async fn propose(
    app: &App,
    actor: &Actor,
    key: &Key,
    id: Uuid,
    input: MatchIn,
) -> Result<ReceiptOut, Error> {
    right::require(actor, Action::ReceiptWrite, Place::DISTRICT)?;
    check_text("note", input.note.trim(), REASON_MAX)?;
    let body = (id, input.clone());
    let job = Arc::new((app.clone(), actor.clone(), input));
    let () = once(app, actor.person_id, "receipt.propose", key, &body, move |tx| {
        let job = Arc::clone(&job);
        async move {
            let (app, actor, input) = &*job;
            let receipt = store::receipt::find(tx, id).await?.ok_or_else(Error::not_found)?;
            let from = status_of(&receipt)?;
            let to = from
                .next(ReceiptEvent::MatchByHand)
                .map_err(|_| Error::wrong_state())?;
            check(tx, &receipt, input).await?;
            let (now, match_id) = (app.now(), app.new_id());
            let bound = Bound {
                match_id,
                unit_id: input.unit_id,
            };
            if !store::receipt::advance(tx, id, from.as_str(), to.as_str(), Some(bound)).await? {
                return Err(Error::wrong_state());
            }
            let new = NewMatch {
                id: match_id,
                receipt_id: id,
                unit_id: input.unit_id,
                state: MatchState::Proposed.as_str(),
                automatic: false,
                over_limit: false,
                deposit_fen: input.deposit_fen.0,
                note: input.note.trim().to_owned(),
                by: (actor.person_id, actor.person_name.clone()),
                at: now.0,
                bills: input.bills.iter().map(|b| (b.bill_id, b.amount_fen.0)).collect(),
                transaction_id: None,
            };
            store::receipt_match::insert(tx, &new).await?;
            waits(tx, now, &receipt).await?;
            let detail = format!(
                "{} {}",
                receipt.bank_reference,
                Fen(receipt.amount_fen).format_cny()
            );
            let entry = entry("receipt.propose", id, Some(input.unit_id), detail);
            Ok(store::audit::insert(tx, now, Some(actor), vec![entry]).await?)
        }
        .boxed()
    })
    .await?;
    super::show(app, actor, id).await
}

/// Refuses what does not go together: sums, bills, their unit.
async fn check(tx: &Tx, receipt: &ReceiptRecord, input: &MatchIn) -> Result<(), Error> {
    if store::unit::find(tx, input.unit_id).await?.is_none() {
        return Err(Error::field("unit_id", FieldCode::Unknown));
    }
    if input.bills.len() > BILLS_MAX {
        let many = FieldProblem::bound("bills", FieldCode::TooLarge, BILLS_MAX);
        return Err(Error::invalid(vec![many]));
    }
    if input.deposit_fen < Fen::ZERO {
        return Err(Error::field("deposit_fen", FieldCode::TooSmall));
    }
    let ids: Vec<Uuid> = input.bills.iter().map(|bill| bill.bill_id).collect();
    if ids.iter().collect::<BTreeSet<_>>().len() != ids.len() {
        return Err(Error::field("bills", FieldCode::Taken));
    }
    let open = store::receipt_bill::of_ids(tx, &ids).await?;
    let mut problems = Vec::new();
    for (at, bill) in input.bills.iter().enumerate() {
        let field = format!("bills.{at}.amount_fen");
        match open.iter().find(|row| row.id == bill.bill_id) {
            Some(row) if row.unit_id != input.unit_id => {
                problems.push(FieldProblem::new(field, FieldCode::NotYours));
            }
            Some(row) if bill.amount_fen.0 > row.open_fen => {
                let most = Fen(row.open_fen).format_yuan();
                problems.push(FieldProblem::bound(field, FieldCode::TooLarge, most));
            }
            Some(_) if bill.amount_fen <= Fen::ZERO => {
                problems.push(FieldProblem::bound(field, FieldCode::TooSmall, "0.01"));
            }
            Some(_) => {}
            None => problems.push(FieldProblem::new(field, FieldCode::Unknown)),
        }
    }
    if !problems.is_empty() {
        return Err(Error::invalid(problems));
    }
    let paid = Fen::checked_sum(input.bills.iter().map(|bill| bill.amount_fen)).map_err(fault)?;
    let rest = Fen(receipt.amount_fen).checked_sub(paid).map_err(fault)?;
    if input.deposit_fen != rest {
        let (code, bound) = if input.deposit_fen < rest {
            (FieldCode::TooSmall, rest)
        } else {
            (FieldCode::TooLarge, rest.max(Fen::ZERO))
        };
        let wrong = FieldProblem::bound("deposit_fen", code, bound.format_yuan());
        return Err(Error::invalid(vec![wrong]));
    }
    Ok(())
}

/// Asks that a posted match be taken back, with the reason; a second person then decides.
///
/// # Errors
/// `Forbidden`, `NotFound`; `Invalid` without a reason; `WrongState` when it is not what is posted; `KeyReused`.
pub async fn ask_back(
    app: &App,
    actor: &Actor,
    key: &Key,
    id: Uuid,
    input: TakeBackIn,
) -> Result<ReceiptOut, Error> {
    right::require(actor, Action::ReceiptWrite, Place::DISTRICT)?;
    let reason = reason_of(&input.reason)?;
    let body = (id, input.clone());
    let job = Arc::new((app.clone(), actor.clone(), input, reason));
    let () = once(app, actor.person_id, "receipt.ask_back", key, &body, move |tx| {
        let job = Arc::clone(&job);
        async move {
            let (app, actor, input, reason) = &*job;
            let receipt = store::receipt::find(tx, id).await?.ok_or_else(Error::not_found)?;
            let bound = bound_of(&receipt, input.match_id)?;
            let from = status_of(&receipt)?;
            let to = from
                .next(ReceiptEvent::AskBack)
                .map_err(|_| Error::wrong_state())?;
            let now = app.now();
            let done = done(actor, now);
            if !store::receipt::advance(tx, id, from.as_str(), to.as_str(), Some(bound)).await?
                || !store::receipt_match::ask_back(tx, input.match_id, &done, reason).await?
            {
                return Err(Error::wrong_state());
            }
            waits(tx, now, &receipt).await?;
            let entry = entry("receipt.ask_back", id, Some(bound.unit_id), reason.clone());
            Ok(store::audit::insert(tx, now, Some(actor), vec![entry]).await?)
        }
        .boxed()
    })
    .await?;
    super::show(app, actor, id).await
}

/// The match that stands at a receipt, when it is the one that was seen.
pub(super) fn bound_of(receipt: &ReceiptRecord, match_id: Uuid) -> Result<Bound, Error> {
    match (receipt.match_id, receipt.unit_id) {
        (Some(own), Some(unit_id)) if own == match_id => Ok(Bound { match_id, unit_id }),
        _ => Err(Error::wrong_state()),
    }
}

pub(super) fn done(actor: &Actor, now: Micros) -> Done {
    Done {
        by: actor.person_id,
        by_name: actor.person_name.clone(),
        at: now.0,
    }
}

pub(super) fn entry(action: &'static str, id: Uuid, unit_id: Option<Uuid>, detail: String) -> Entry {
    Entry {
        action,
        object_kind: "receipt",
        object_id: id.to_string(),
        unit_id,
        detail,
        ..Entry::default()
    }
}

/// Tells the centre's finance that a second person is needed.
pub(super) async fn waits(tx: &Tx, now: Micros, receipt: &ReceiptRecord) -> Result<(), Error> {
    let told = Notice {
        to: To::Role(Role::CentreFinance),
        kind: NoticeKind::ReceiptWaits,
        subject: receipt.bank_reference.clone(),
        path: format!("/receipts/{}", receipt.id),
    };
    notice::tell(tx, now, vec![told]).await
}
