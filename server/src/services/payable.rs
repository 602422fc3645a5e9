//! 应付: what villages, households and co-ops gained from each village order. Written where it is credited, marked where the
//! unit pays and where the payee is settled; the sums of a village's own are kept by month beside it.

use super::{Error, fault};
use crate::store::payable::{Changed, MonthKey, MonthSums, NewPayable};
use crate::store::{self, Tx};
use shared::domain::calendar::Micros;
use shared::domain::ledger::Supplier;
use shared::domain::money::Fen;
use shared::domain::settlement::PayeeKind;
use shared::domain::share::Shares;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// The document that credits or takes back.
#[derive(Clone, Debug)]
pub struct Source {
    /// Its id.
    pub id: Uuid,
    /// Its kind, as the ledger names documents.
    pub kind: &'static str,
    /// Its number.
    pub number: String,
    /// The ledger transaction.
    pub transaction_id: Uuid,
    /// The order.
    pub order_id: Option<Uuid>,
    /// The buying unit.
    pub unit_id: Option<Uuid>,
}

/// What one line adds, for whom.
#[derive(Clone, Debug)]
pub struct Part<'l> {
    /// The village order.
    pub subject_id: Uuid,
    /// Its village.
    pub village_code: &'l str,
    /// Who gets the supplier's share.
    pub supplier: Option<&'l Supplier>,
    /// The shares; negative ones take back.
    pub shares: Shares,
}

/// Writes what lines add, summed by village order and payee. What is taken from a village order that the unit has paid for
/// counts as paid itself, so that 'paid' falls with it.
///
/// # Errors
/// A sum that can't be held; whatever the database answers.
pub async fn credit(tx: &Tx, now: Micros, source: &Source, parts: &[Part<'_>]) -> Result<(), Error> {
    let mut sums = BTreeMap::<(Uuid, &str, PayeeKind, &str), Fen>::new();
    for part in parts {
        let mut add = |kind, payee, sum: Fen| -> Result<(), Error> {
            let total = sums
                .entry((part.subject_id, part.village_code, kind, payee))
                .or_default();
            *total = total.checked_add(sum).map_err(fault)?;
            Ok(())
        };
        add(PayeeKind::Village, part.village_code, part.shares.village)?;
        match part.supplier {
            Some(Supplier::Household(id)) => add(PayeeKind::Household, id, part.shares.supplier)?,
            Some(Supplier::Coop(id)) => add(PayeeKind::Coop, id, part.shares.supplier)?,
            None => {}
        }
    }
    let is_correction = source.kind != "acceptance";
    let paid = if is_correction {
        let subjects: BTreeSet<Uuid> = parts.iter().map(|part| part.subject_id).collect();
        let subjects: Vec<Uuid> = subjects.into_iter().collect();
        store::payable::paid_at(tx, &subjects).await?
    } else {
        BTreeMap::new()
    };
    let mut months = BTreeMap::<MonthKey, MonthSums>::new();
    let mut rows = Vec::with_capacity(sums.len());
    let mut counted = BTreeSet::new();
    for ((subject_id, village, kind, payee), sum) in sums {
        if sum.is_zero() {
            continue;
        }
        let paid_at = paid.contains_key(&subject_id).then_some(now.0);
        if kind == PayeeKind::Village {
            let month = months.entry(month_of(village, now)?).or_default();
            month.acceptances += i64::from(!is_correction && counted.insert(village));
            if paid_at.is_some() {
                month.paid_fen += sum.0;
            }
        }
        rows.push(NewPayable {
            village_code: village.to_owned(),
            source_id: source.id,
            subject_id,
            payee_kind: kind.as_str(),
            payee: payee.to_owned(),
            source_kind: source.kind,
            source_number: source.number.clone(),
            transaction_id: source.transaction_id,
            order_id: source.order_id,
            unit_id: source.unit_id,
            amount_fen: sum.0,
            credited_at: now.0,
            paid_at,
        });
    }
    if rows.is_empty() {
        return Ok(());
    }
    store::payable::insert(tx, rows).await?;
    Ok(store::payable::add_months(tx, &months).await?)
}

/// The unit has paid for these village orders in full: what they gained is released to be settled.
///
/// # Errors
/// Whatever the database answers.
pub async fn release(tx: &Tx, now: Micros, subjects: &[Uuid]) -> Result<(), Error> {
    change(tx, subjects, Some(now)).await
}

/// A payment for these village orders was taken back.
///
/// # Errors
/// Whatever the database answers.
pub async fn withhold(tx: &Tx, subjects: &[Uuid]) -> Result<(), Error> {
    change(tx, subjects, None).await
}

async fn change(tx: &Tx, subjects: &[Uuid], at: Option<Micros>) -> Result<(), Error> {
    if subjects.is_empty() {
        return Ok(());
    }
    let rows = store::payable::of_subjects(tx, subjects, at.is_none()).await?;
    let changed = store::payable::set_paid(tx, subjects, at.map(|at| at.0)).await?;
    if usize::try_from(changed).map_err(fault)? != rows.len() {
        return Err(Error::Again);
    }
    let sign = if at.is_some() { 1 } else { -1 };
    let months = by_month(&rows, |sum, amount| sum.paid_fen += sign * amount)?;
    Ok(store::payable::add_months(tx, &months).await?)
}

/// Adds up what changes in villages' months; households' and co-ops' money is no village's.
///
/// # Errors
/// A month that is none.
pub fn by_month(
    rows: &[Changed],
    add: impl Fn(&mut MonthSums, i64),
) -> Result<BTreeMap<MonthKey, MonthSums>, Error> {
    let mut months = BTreeMap::<MonthKey, MonthSums>::new();
    let own = |row: &&Changed| row.payee_kind == PayeeKind::Village.as_str();
    for row in rows.iter().filter(own) {
        let key = month_of(&row.village_code, Micros(row.credited_at))?;
        add(months.entry(key).or_default(), row.amount_fen);
    }
    Ok(months)
}

fn month_of(village: &str, at: Micros) -> Result<MonthKey, Error> {
    let day = at.day();
    Ok(MonthKey {
        village_code: village.to_owned(),
        year: day.year(),
        month: i32::try_from(day.month()).map_err(fault)?,
    })
}
