//! Paying a bill, taking a payment back, taking off what a claim corrects: the oldest village orders first, each in full
//! before the next. Whoever calls has posted the ledger's transaction in the same database transaction.

use super::super::{Error, fault, payable};
use super::ITEMS_MAX;
use crate::ports::ids;
use crate::store::bill::{BillRecord, Change, ItemColumn, ItemRecord};
use crate::store::bill_payment::PaymentRecord;
use crate::store::{self, Tx};
use shared::api::problem::Code;
use shared::domain::bill::{AllocationError, BillStatus, PayWay, allocate};
use shared::domain::calendar::Micros;
use shared::domain::money::Fen;
use std::collections::BTreeMap;
use uuid::Uuid;

/// What pays a bill.
#[derive(Clone, Debug)]
pub struct Payment {
    /// The bill.
    pub bill_id: Uuid,
    /// The sum.
    pub amount_fen: Fen,
    /// How.
    pub way: PayWay,
    /// The match, online payment or deposit it comes from.
    pub source_id: Uuid,
    /// The ledger transaction that was posted for it.
    pub transaction_id: Uuid,
}

/// Pays a bill. Village orders that are paid in full by it are released to be settled.
///
/// # Errors
/// `MoreThanOpen` when the sum is more than is open; `NotFound`; `Again` when the bill changed meanwhile.
pub async fn pay(tx: &Tx, now: Micros, payment: &Payment) -> Result<(), Error> {
    let bill = store::bill::find(tx, payment.bill_id)
        .await?
        .ok_or(Error::not_found())?;
    let items = store::bill::items(tx, bill.id, ITEMS_MAX).await?;
    let open: Vec<Fen> = items.iter().map(|item| Fen(item.open_fen())).collect();
    let parts = allocate(&open, payment.amount_fen).map_err(|error| match error {
        AllocationError::TooMuch { .. } => Error::refused(Code::MoreThanOpen),
        other => fault(other),
    })?;
    change(tx, now, &bill, payment.amount_fen.0, 0).await?;
    let parts: Vec<(Uuid, i64)> = items
        .iter()
        .zip(&parts)
        .filter(|(_, part)| !part.is_zero())
        .map(|(item, part)| (item.village_order_id, part.0))
        .collect();
    store::bill::add_to_items(tx, ItemColumn::Paid, &parts).await?;
    let record = PaymentRecord {
        id: ids::new_id(now),
        bill_id: bill.id,
        unit_id: bill.unit_id,
        way: payment.way.as_str().to_owned(),
        source_id: payment.source_id,
        amount_fen: payment.amount_fen.0,
        transaction_id: payment.transaction_id,
        at: now.0,
        reversed_at: None,
        reversed_by: None,
    };
    store::bill_payment::insert(tx, &record, &parts).await?;
    payable::release(tx, now, &done_by(&items, &parts)).await
}

/// Village orders of which nothing is open once these parts are paid or taken off, and something was before.
fn done_by(items: &[ItemRecord], parts: &[(Uuid, i64)]) -> Vec<Uuid> {
    let parts: BTreeMap<Uuid, i64> = parts.iter().copied().collect();
    items
        .iter()
        .filter(|item| item.open_fen() > 0 && parts.get(&item.village_order_id) == Some(&item.open_fen()))
        .map(|item| item.village_order_id)
        .collect()
}

/// Takes a payment back: exactly what it paid is open again, and what it released is held again.
///
/// # Errors
/// `WrongState` when it was taken back before; `Again` when the bill changed meanwhile.
pub async fn take_back(
    tx: &Tx,
    now: Micros,
    payment: &PaymentRecord,
    transaction_id: Uuid,
) -> Result<(), Error> {
    if !store::bill_payment::reverse(tx, payment.id, now.0, transaction_id).await? {
        return Err(Error::wrong_state());
    }
    let bill = store::bill::find(tx, payment.bill_id)
        .await?
        .ok_or_else(|| fault("a payment's bill"))?;
    let items = store::bill::items(tx, bill.id, ITEMS_MAX).await?;
    let parts = store::bill_payment::parts(tx, payment.id).await?;
    change(tx, now, &bill, -payment.amount_fen, 0).await?;
    let paid: Vec<Uuid> = items
        .iter()
        .filter(|item| item.open_fen() == 0 && parts.iter().any(|(id, _)| *id == item.village_order_id))
        .map(|item| item.village_order_id)
        .collect();
    let negated: Vec<(Uuid, i64)> = parts.iter().map(|(id, sum)| (*id, -sum)).collect();
    store::bill::add_to_items(tx, ItemColumn::Paid, &negated).await?;
    payable::withhold(tx, &paid).await
}

/// How what a claim takes off village orders meets what the unit owes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Correction {
    /// What lowers what the unit owes.
    pub receivable_fen: Fen,
    /// What the unit had paid already: it goes to its deposit.
    pub deposit_fen: Fen,
}

/// Takes sums off village orders: off what is open of them first, the rest is the unit's to have back. Village orders that
/// stand on no bill yet are billed with the correction.
///
/// # Errors
/// `Again` when a bill changed meanwhile.
pub async fn correct(tx: &Tx, now: Micros, sums: &BTreeMap<Uuid, Fen>) -> Result<Correction, Error> {
    let ids: Vec<Uuid> = sums.keys().copied().collect();
    let billed = store::bill::take_items(tx, &ids).await?;
    let mut correction = Correction::default();
    let mut by_bill = BTreeMap::<Uuid, Vec<(Uuid, i64)>>::new();
    for (id, sum) in sums {
        let item = billed.iter().find(|item| item.village_order_id == *id);
        let open = item.map_or(*sum, |item| {
            Fen(item.amount_fen - item.corrected_fen - item.paid_fen)
        });
        let off = open.min(*sum);
        let back = sum.checked_sub(off).map_err(fault)?;
        correction.receivable_fen = correction.receivable_fen.checked_add(off).map_err(fault)?;
        correction.deposit_fen = correction.deposit_fen.checked_add(back).map_err(fault)?;
        if let Some(item) = item.filter(|_| !off.is_zero()) {
            by_bill.entry(item.bill_id).or_default().push((*id, off.0));
        }
    }
    for (bill_id, parts) in by_bill {
        let bill = store::bill::find(tx, bill_id)
            .await?
            .ok_or_else(|| fault("an item's bill"))?;
        let items = store::bill::items(tx, bill_id, ITEMS_MAX).await?;
        let off = Fen::checked_sum(parts.iter().map(|(_, sum)| Fen(*sum))).map_err(fault)?;
        change(tx, now, &bill, 0, off.0).await?;
        store::bill::add_to_items(tx, ItemColumn::Corrected, &parts).await?;
        payable::release(tx, now, &done_by(&items, &parts)).await?;
    }
    Ok(correction)
}

async fn change(tx: &Tx, now: Micros, bill: &BillRecord, paid: i64, corrected: i64) -> Result<(), Error> {
    let done = bill.paid_fen + paid + bill.corrected_fen + corrected;
    let status = BillStatus::of_sums(Fen(done), Fen(bill.total_fen - done));
    let change = Change {
        id: bill.id,
        paid_fen: paid,
        corrected_fen: corrected,
        status: status.as_str(),
        paid_at: (status == BillStatus::Paid).then_some(bill.paid_at.unwrap_or(now.0)),
        was: (bill.paid_fen, bill.corrected_fen),
    };
    if store::bill::change(tx, &change).await? {
        Ok(())
    } else {
        Err(Error::Again)
    }
}
