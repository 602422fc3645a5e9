//! What the bank answered: the payee has the money, or it came back and is owed again.

use super::super::idempotency::{Key, once};
use super::super::notice::{self, Notice, NoticeKind, To};
use super::super::{App, Error, fault, ledger, order, payable, period, right};
use super::release::sums;
use super::{entry, item, show_item, when};
use crate::ports::ids;
use crate::store::settlement::BatchRecord;
use crate::store::settlement_item::{Answer, ItemRecord};
use crate::store::{self, Tx};
use futures::FutureExt as _;
use shared::api::problem::{FieldCode, FieldProblem};
use shared::api::settlement::{ItemAnswerIn, ItemOut};
use shared::domain::calendar::{Day, Micros};
use shared::domain::identity::{Actor, Role};
use shared::domain::ledger::{
    Entries, TransactionKind, settlement_bounced_entries, settlement_confirmed_entries,
};
use shared::domain::money::Fen;
use shared::domain::rights::{Action, Place};
use shared::domain::settlement::{BatchStatus, PayeeKind, SettlementEvent, SettlementStatus};
use std::collections::BTreeSet;
use std::sync::Arc;
use uuid::Uuid;

/// Characters of a bank's reason.
const REASON: std::ops::RangeInclusive<usize> = 2..=100;

/// Keeps the bank's answer for one payee.
///
/// # Errors
/// `NotFound`, `Forbidden`; `Invalid`; `WrongState` when it was not sent, or answered before; `KeyReused`.
pub async fn answer(
    app: &App,
    actor: &Actor,
    key: &Key,
    id: Uuid,
    input: ItemAnswerIn,
) -> Result<ItemOut, Error> {
    right::require(actor, Action::SettlementWrite, Place::DISTRICT)?;
    let record = item::find(app, actor, id).await?;
    let batch = store::settlement::batch(app.db.read(), record.batch_id)
        .await?
        .ok_or_else(|| fault("an item's batch"))?;
    let reason = input.reason.trim().to_owned();
    let length = reason.chars().count();
    if !input.paid && length < *REASON.start() {
        return Err(Error::field("reason", FieldCode::ReasonNeeded));
    }
    if length > *REASON.end() {
        let problem = FieldProblem::bound("reason", FieldCode::TooLong, *REASON.end());
        return Err(Error::invalid(vec![problem]));
    }
    let body = (id, input.clone());
    let job = Arc::new((app.clone(), actor.clone(), batch, input, reason));
    let () = once(app, actor.person_id, "settlement.answer", key, &body, move |tx| {
        let job = Arc::clone(&job);
        async move {
            let (app, actor, batch, input, reason) = &*job;
            let record = store::settlement_item::find(tx, id)
                .await?
                .ok_or_else(Error::not_found)?;
            let event = if input.paid {
                SettlementEvent::Confirm
            } else {
                SettlementEvent::Bounce
            };
            let answers = [(record, reason.clone())];
            apply(tx, app, actor, batch, event, input.on, &answers).await
        }
        .boxed()
    })
    .await?;
    show_item(app, actor, id).await
}

/// Keeps the same answer for payees of one batch, with one transaction of the ledger.
///
/// # Errors
/// `WrongState` when one of them was not sent, or answered before; `Invalid` for a bad day.
pub(super) async fn apply(
    tx: &Tx,
    app: &App,
    actor: &Actor,
    batch: &BatchRecord,
    event: SettlementEvent,
    on: Option<Day>,
    answers: &[(ItemRecord, String)],
) -> Result<(), Error> {
    if answers.is_empty() {
        return Ok(());
    }
    let now = app.now();
    let wanted = when(now, on, batch.sent_at.unwrap_or_default())?;
    let (effective_at, _) = period::open_at(tx, wanted, now).await?;
    let status = stands(answers)?.next(event).map_err(|_| Error::wrong_state())?;
    let records: Vec<ItemRecord> = answers.iter().map(|(record, _)| record.clone()).collect();
    let total = Fen::checked_sum(records.iter().map(|item| Fen(item.amount_fen))).map_err(fault)?;
    let (kind, entries) = posted(status, &records, total)?;
    let transaction_id = ids::new_id(now);
    // Of one payee alone it names the payee's own number, of many the batch's.
    let number = match records.as_slice() {
        [only] => only.reference.clone(),
        _ => batch.number.clone(),
    };
    let posting = ledger::Posting {
        id: transaction_id,
        kind,
        document_kind: "settlement",
        document_id: batch.id,
        document_number: number,
        effective_at,
        actor: Some((actor.person_id, actor.person_name.clone())),
        reverses: None,
        entries,
    };
    ledger::post(tx, now, &posting).await?;
    keep(tx, now, actor, batch, status, answers, transaction_id, total).await
}

/// Where all of these stand.
fn stands(answers: &[(ItemRecord, String)]) -> Result<SettlementStatus, Error> {
    let states: BTreeSet<&str> = answers.iter().map(|(item, _)| item.status.as_str()).collect();
    match states.iter().collect::<Vec<_>>().as_slice() {
        [only] => SettlementStatus::from_name(only).ok_or_else(|| fault("stored state of a settlement")),
        _ => Err(Error::wrong_state()),
    }
}

fn posted(
    status: SettlementStatus,
    items: &[ItemRecord],
    total: Fen,
) -> Result<(TransactionKind, Entries), Error> {
    if status == SettlementStatus::Confirmed {
        let entries = settlement_confirmed_entries(total).map_err(fault)?;
        Ok((TransactionKind::SettlementConfirmed, entries))
    } else {
        let entries = settlement_bounced_entries(&sums(items)?).map_err(fault)?;
        Ok((TransactionKind::SettlementBounced, entries))
    }
}

#[expect(
    clippy::too_many_arguments,
    reason = "one step of one use case, told apart for its length"
)]
async fn keep(
    tx: &Tx,
    now: Micros,
    actor: &Actor,
    batch: &BatchRecord,
    status: SettlementStatus,
    answers: &[(ItemRecord, String)],
    transaction_id: Uuid,
    total: Fen,
) -> Result<(), Error> {
    let ids: Vec<Uuid> = answers.iter().map(|(item, _)| item.id).collect();
    let count = i64::try_from(ids.len()).map_err(fault)?;
    let kept: Vec<Answer> = answers
        .iter()
        .map(|(item, reason)| Answer {
            id: item.id,
            reason: if status == SettlementStatus::Bounced {
                reason.clone()
            } else {
                String::new()
            },
        })
        .collect();
    let by = &actor.person_name;
    let changed =
        store::settlement_item::answer(tx, status.as_str(), &kept, transaction_id, by, now.0).await?;
    if i64::try_from(changed).map_err(fault)? != count {
        return Err(Error::wrong_state());
    }
    let (confirmed, bounced) = if status == SettlementStatus::Confirmed {
        settle(tx, now, &ids).await?;
        ((count, total.0), (0, 0))
    } else {
        store::settlement_item::free(tx, &ids).await?;
        ((0, 0), (count, total.0))
    };
    store::settlement_item::count(tx, batch.id, confirmed, bounced, now.0).await?;
    record(tx, now, actor, batch, status, answers).await
}

/// The payees have the money: what stood behind it is settled, and village orders that owe nobody anything are done.
async fn settle(tx: &Tx, now: Micros, items: &[Uuid]) -> Result<(), Error> {
    let settled = store::settlement_item::settle(tx, items, now.0).await?;
    let months = payable::by_month(&settled, |sum, amount| sum.settled_fen += amount)?;
    store::payable::add_months(tx, &months).await?;
    let done = store::settlement_item::settled_orders(tx, items).await?;
    if done.is_empty() {
        return Ok(());
    }
    let orders: BTreeSet<Uuid> = done.iter().map(|row| row.order_id).collect();
    let orders: Vec<Uuid> = orders.into_iter().collect();
    store::order::touch(tx, &orders, now.0).await?;
    let village_orders: Vec<Uuid> = done.iter().map(|row| row.id).collect();
    store::settlement_item::close_village_orders(tx, &village_orders).await?;
    order::derive(tx, &orders, false).await
}

/// What stands on record, and who is told.
async fn record(
    tx: &Tx,
    now: Micros,
    actor: &Actor,
    batch: &BatchRecord,
    status: SettlementStatus,
    answers: &[(ItemRecord, String)],
) -> Result<(), Error> {
    let (action, kind) = if status == SettlementStatus::Confirmed {
        ("settlement.confirm", NoticeKind::SettlementPaid)
    } else {
        ("settlement.bounce", NoticeKind::SettlementBounced)
    };
    let mut entries = Vec::with_capacity(answers.len());
    let mut notices = Vec::with_capacity(answers.len());
    for (item, reason) in answers {
        let sum = Fen(item.amount_fen).format_cny();
        let mut one = entry(action, batch.id, format!("{} {sum} {reason}", item.reference));
        one.village_code = Some(item.village_code.clone());
        entries.push(one);
        notices.push(Notice {
            to: To::Village(item.village_code.clone()),
            kind,
            subject: format!("{} {sum}", item.reference),
            path: format!("/settlements/items/{}", item.id),
        });
        if status == SettlementStatus::Bounced && item.payee_kind == PayeeKind::Village.as_str() {
            notices.push(Notice {
                to: To::Role(Role::CentreFinance),
                kind,
                subject: format!("{} {sum}", item.reference),
                path: format!("/settlements/{}", batch.id),
            });
        }
    }
    store::audit::insert(tx, now, Some(actor), entries).await?;
    notice::tell(tx, now, notices).await
}

/// Whether the bank can answer for a batch.
pub(super) fn answers(batch: &BatchRecord) -> bool {
    [BatchStatus::Sent, BatchStatus::Done]
        .iter()
        .any(|status| batch.status == status.as_str())
}
