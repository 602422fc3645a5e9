//! 确定采收: a lot that was sold ahead of its harvest becomes real. What orders hold beyond it is shorted, last come first.

use super::{HARVEST_DAYS_MAX, QTY_MAX, out_of};
use crate::services::idempotency::{Key, once};
use crate::services::notice::{self, Notice, NoticeKind, To};
use crate::services::village_order::{acted_for, entry, status_of, total_of};
use crate::services::{App, Error, catalogue, fault, offer, order, right, shortfall};
use crate::store::lot::{Harvest, LotRow, OverdueRow};
use crate::store::offer::OfferRecord;
use crate::store::order_line::{AnsweredLine, LineRecord};
use crate::store::village_order::{Reduced, VillageOrderRecord};
use crate::store::{self, Tx};
use futures::FutureExt as _;
use shared::api::lot::{HarvestIn, LotOut};
use shared::api::problem::{FieldCode, FieldProblem};
use shared::domain::calendar::Day;
use shared::domain::identity::{Actor, Role};
use shared::domain::lot::shorten;
use shared::domain::money::Fen;
use shared::domain::quantity::Qty;
use shared::domain::rights::{Action, Place};
use shared::domain::village_order::VillageOrderEvent;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Days after the promised one on which the centre is told that nobody confirmed the harvest.
const OVERDUE_DAYS: i32 = 3;
/// Why a line is shorted.
const REASON: &str = "预售采收不足";

/// Says what the harvest of a lot brought. Village orders that hold more than there is are shorted in the order in which
/// they were placed, the last to come first; one that had no answer yet is answered by it, its other lines in full.
///
/// # Errors
/// `Invalid` naming fields, among them `qty` when packed and sold goods already come to more; `WrongState` when the lot is
/// no pre-sale; `NotFound`, `Forbidden`.
pub async fn harvest(
    app: &App,
    actor: &Actor,
    key: &Key,
    offer_id: Uuid,
    lot_id: Uuid,
    harvest: HarvestIn,
) -> Result<LotOut, Error> {
    let record = store::offer::find(app.db.read(), offer_id)
        .await?
        .ok_or(Error::not_found())?;
    right::require(actor, Action::OfferWrite, Place::village(&record.village_code))?;
    check(&harvest, app.today())?;
    let (app2, actor2) = (app.clone(), actor.clone());
    let body = (offer_id, lot_id, harvest.clone());
    once(app, actor.person_id, "lot.harvest", key, &body, move |tx| {
        let (app, actor, record, harvest) = (app2.clone(), actor2.clone(), record.clone(), harvest.clone());
        async move { harvest_in(tx, &app, &actor, &record, lot_id, &harvest).await }.boxed()
    })
    .await
}

fn check(harvest: &HarvestIn, today: Day) -> Result<(), Error> {
    let mut problems = Vec::new();
    let first = today.add_days(-HARVEST_DAYS_MAX);
    if harvest.qty.0 < 0 {
        problems.push(FieldProblem::bound("qty", FieldCode::TooSmall, 0));
    } else if harvest.qty.0 > QTY_MAX {
        problems.push(FieldProblem::bound("qty", FieldCode::TooLarge, QTY_MAX));
    }
    if harvest.harvested_on < first {
        problems.push(FieldProblem::bound("harvested_on", FieldCode::TooEarly, first));
    } else if harvest.harvested_on > today {
        problems.push(FieldProblem::bound("harvested_on", FieldCode::TooLate, today));
    }
    if harvest
        .good_until
        .is_some_and(|until| until < harvest.harvested_on)
    {
        problems.push(FieldProblem::bound(
            "good_until",
            FieldCode::TooEarly,
            harvest.harvested_on,
        ));
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(Error::invalid(problems))
    }
}

async fn harvest_in(
    tx: &Tx,
    app: &App,
    actor: &Actor,
    record: &OfferRecord,
    lot_id: Uuid,
    harvest: &HarvestIn,
) -> Result<LotOut, Error> {
    let now = app.now();
    let find = || store::lot::find(tx, record.id, lot_id);
    let lot = find().await?.ok_or(Error::not_found())?;
    if !lot.presale() {
        return Err(Error::wrong_state());
    }
    // Their orders first, as everybody does who changes village orders; then what is decided on is read.
    let orders = orders_of(&store::order_line::held_of_lot(tx, lot_id).await?);
    store::order::touch(tx, &orders, now.0).await?;
    let lot = find().await?.ok_or(Error::not_found())?;
    let held = lot.reserved.saturating_add(lot.sold);
    let shortfall = held.saturating_sub(harvest.qty.0).max(0);
    if shortfall > 0 {
        let lost = lost(tx, record, &lot, shortfall, &orders).await?;
        reduce(tx, app, actor, &lost).await?;
        order::derive(tx, &orders, false).await?;
    }
    store::order_line::harvested(tx, lot_id).await?;
    store::offer::touch(tx, record.id, now.0).await?;
    let unit = catalogue::unit_of(&record.price_unit)?;
    let mut detail = format!(
        "{} {} {}",
        lot.code,
        record.name,
        unit.format_qty(harvest.qty, None)
    );
    if shortfall > 0 {
        detail.push_str(&format!(" 缺 {}", unit.format_qty(Qty(shortfall), None)));
    }
    let entry = offer::entry("lot.harvest", actor, record.id, &record.village_code, &detail);
    store::audit::insert(tx, now, Some(actor), vec![entry]).await?;
    let said = Harvest {
        harvested_on: harvest.harvested_on.0,
        good_until: harvest.good_until.map(|day| day.0),
        qty: harvest.qty.0,
        released: shortfall,
        at: now.0,
    };
    // Stock last; somebody who ordered meanwhile makes it all be decided again.
    if !store::lot::firm(tx, &lot, said).await? {
        return Err(Error::Again);
    }
    let row = find().await?;
    row.as_ref().map(out_of).ok_or(Error::not_found())
}

fn orders_of(held: &[store::order_line::HeldRow]) -> Vec<Uuid> {
    held.iter()
        .map(|row| row.order_id)
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect()
}

/// What each line loses.
async fn lost(
    tx: &Tx,
    record: &OfferRecord,
    lot: &LotRow,
    shortfall: i64,
    touched: &[Uuid],
) -> Result<BTreeMap<Uuid, (Uuid, i64)>, Error> {
    let held = store::order_line::held_of_lot(tx, lot.id).await?;
    if orders_of(&held).iter().any(|id| !touched.contains(id)) {
        return Err(Error::Again);
    }
    let amounts: Vec<Qty> = held.iter().map(|row| Qty(row.qty)).collect();
    let lost = shorten(&amounts, Qty(shortfall)).map_err(|missing| {
        // What is packed or sold, or waits for an approval, is there or promised to be: less than that cannot be.
        let least = lot
            .reserved
            .saturating_add(lot.sold)
            .saturating_sub(shortfall)
            .saturating_add(missing.0);
        match catalogue::unit_of(&record.price_unit) {
            Ok(unit) => Error::invalid(vec![FieldProblem::bound(
                "qty",
                FieldCode::TooSmall,
                unit.format_qty(Qty(least), None),
            )]),
            Err(error) => error,
        }
    })?;
    Ok(held
        .iter()
        .zip(lost)
        .filter(|(_, lost)| lost.0 > 0)
        .map(|(row, lost)| (row.id, (row.village_order_id, lost.0)))
        .collect())
}

/// Shorts the village orders that lose something.
async fn reduce(tx: &Tx, app: &App, actor: &Actor, lost: &BTreeMap<Uuid, (Uuid, i64)>) -> Result<(), Error> {
    let ids: Vec<Uuid> = lost
        .values()
        .map(|(village_order, _)| *village_order)
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    let village_orders = store::village_order::by_ids(tx, &ids).await?;
    let mut by_village_order = BTreeMap::<Uuid, Vec<LineRecord>>::new();
    for line in store::order_line::of_village_orders(tx, &ids).await? {
        by_village_order
            .entry(line.village_order_id)
            .or_default()
            .push(line);
    }
    let (mut answered, mut reduced, mut entries) = (Vec::new(), Vec::new(), Vec::new());
    let mut all_lines = Vec::new();
    for village_order in &village_orders {
        let lines = by_village_order.remove(&village_order.id).unwrap_or_default();
        let (one, left) = smaller(village_order, &lines, lost)?;
        all_lines.extend(lines);
        let action = if one.to == "declined" {
            "village_order.decline"
        } else {
            "village_order.short"
        };
        entries.push(entry(village_order, action, acted_for(actor, REASON.to_owned())));
        reduced.push(one);
        answered.extend(left);
    }
    store::order_line::answer(tx, &answered).await?;
    let now = app.now();
    if !store::village_order::reduce(tx, &reduced, now.0).await? {
        return Err(Error::Again);
    }
    // As after a village's own shorting, the unit is told and chooses.
    let records: Vec<&VillageOrderRecord> = village_orders.iter().collect();
    let lost_of = |line: &LineRecord| lost.get(&line.id).map_or(0, |(_, qty)| *qty);
    shortfall::open(tx, app, NoticeKind::HarvestShort, &records, &all_lines, lost_of).await?;
    Ok(store::audit::insert(tx, now, Some(actor), entries).await?)
}

/// A village order with what is left of its lines.
fn smaller(
    village_order: &VillageOrderRecord,
    lines: &[LineRecord],
    lost: &BTreeMap<Uuid, (Uuid, i64)>,
) -> Result<(Reduced, Vec<AnsweredLine>), Error> {
    let mut left = Vec::new();
    for line in lines {
        let loses = lost.get(&line.id).map_or(0, |(_, qty)| *qty);
        let qty = Qty(line.confirmed_qty.unwrap_or(line.qty) - loses);
        left.push(AnsweredLine {
            id: line.id,
            qty: qty.0,
            total_fen: total_of(line, qty)?.0,
            reason: if loses > 0 {
                Some(REASON.to_owned())
            } else {
                line.reason.clone()
            },
        });
    }
    let nothing = left.iter().all(|line| line.qty <= 0);
    let event = if nothing {
        VillageOrderEvent::Fail
    } else {
        VillageOrderEvent::Reduce
    };
    let from = status_of(&village_order.status)?;
    let confirmed = Fen::checked_sum(left.iter().map(|line| Fen(line.total_fen))).map_err(fault)?;
    let reduced = Reduced {
        id: village_order.id,
        from: from.as_str(),
        to: from.next(event).map_err(fault)?.as_str(),
        confirmed_fen: confirmed.0,
    };
    Ok((reduced, left))
}

/// Tells of lots whose promised day has passed for some days without a word about the harvest, each once. Says of how many.
///
/// # Errors
/// Whatever the database answers.
pub async fn tell_overdue(app: &App) -> Result<usize, Error> {
    const AT_ONCE: i64 = 100;
    let before = app.today().add_days(-OVERDUE_DAYS);
    let due = store::lot::overdue(app.db.read(), before.0, AT_ONCE).await?;
    if due.is_empty() {
        return Ok(0);
    }
    let (now, count) = (app.now(), due.len());
    app.db
        .write(move |tx| {
            let due = due.clone();
            async move {
                let ids: Vec<Uuid> = due.iter().map(|row| row.id).collect();
                if store::lot::told(tx, &ids, now.0).await? != ids.len() as u64 {
                    return Err(Error::Again);
                }
                let entries = due
                    .iter()
                    .map(|row| store::audit::Entry {
                        action: "lot.overdue",
                        object_kind: "offer",
                        object_id: row.offer_id.to_string(),
                        village_code: Some(row.village_code.clone()),
                        detail: format!("{} {} 预计 {}", row.code, row.name, Day(row.expected_on)),
                        ..store::audit::Entry::default()
                    })
                    .collect();
                notice::tell(tx, now, due.iter().flat_map(overdue_notices).collect()).await?;
                Ok(store::audit::insert(tx, now, None, entries).await?)
            }
            .boxed()
        })
        .await?;
    Ok(count)
}

/// The centre is told, and the village, which can mend it.
fn overdue_notices(row: &OverdueRow) -> [Notice; 2] {
    [
        To::Role(Role::CentreOperator),
        To::Village(row.village_code.clone()),
    ]
    .map(|to| Notice {
        to,
        kind: NoticeKind::HarvestOverdue,
        subject: format!("{} {} {}", row.village_name, row.name, Day(row.expected_on)),
        path: format!("/offers/{}/lots/{}", row.offer_id, row.id),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_harvest_lies_behind_and_may_have_failed() {
        let today = Day(20_000);
        let of = |qty, day: i32, until: Option<i32>| {
            let harvest = HarvestIn {
                harvested_on: today.add_days(day),
                good_until: until.map(|days| today.add_days(days)),
                qty: Qty(qty),
            };
            check(&harvest, today).is_ok()
        };
        assert!(of(0, 0, None) && of(500, -400, Some(3)) && of(QTY_MAX, -1, Some(-1)));
        assert!(!of(-1, 0, None) && !of(QTY_MAX + 1, 0, None));
        assert!(!of(1, 1, None) && !of(1, -401, None) && !of(1, 0, Some(-1)));
    }
}
