//! 村单: the village's answer, packing, collecting, delivering, and what expires.

use super::idempotency::{Key, once};
use super::notice::{self, Notice, NoticeKind, To};
use super::{App, Error, fault, filter, order, paging, right, shortfall};
use crate::store::audit::Entry;
use crate::store::order_line::{AnsweredLine, LineRecord};
use crate::store::stock::Change;
use crate::store::village_order::{Filter, Step, VillageOrderRecord};
use crate::store::{self, Tx};
use futures::FutureExt as _;
use shared::api::page::Page;
use shared::api::problem::{FieldCode, FieldProblem};
use shared::api::village_order::{
    AnswerIn, MoveIn, MoveOut, MoveRefusal, MoveStep, OrderLineOut, VillageOrderOut, VillageOrderQuery,
    VillageOrderRow,
};
use shared::domain::calendar::{Day, Micros};
use shared::domain::identity::{Actor, Role};
use shared::domain::money::Fen;
use shared::domain::price::{Price, PriceUnit, line_total};
use shared::domain::quantity::Qty;
use shared::domain::rights::{Action, Place, Scope};
use shared::domain::village_order::{VillageOrderEvent, VillageOrderStatus};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use uuid::Uuid;

/// Village orders that are moved together at the most.
const MOVE_MAX: usize = 200;
/// Goods at the door that are not weighed within this are late.
const DOOR_HOURS: i64 = 3;

/// Village orders that the actor may see, newest first.
///
/// # Errors
/// `Forbidden`; `Invalid` for a bad `after` or filter.
pub async fn list(
    app: &App,
    actor: &Actor,
    query: &VillageOrderQuery,
    after: Option<&str>,
    limit: i64,
) -> Result<Page<VillageOrderRow>, Error> {
    let scope = right::reach(actor, Action::VillageOrderRead)?;
    let only = |wanted: Scope| scope == wanted;
    let chosen = filter::read(
        query.from,
        query.until,
        query.village.as_deref(),
        query.number.as_deref(),
    )?;
    let filter = Filter {
        village_code: actor
            .grant
            .village_code
            .clone()
            .filter(|_| only(Scope::OwnVillage)),
        town_code: actor.grant.town_code.clone().filter(|_| only(Scope::OwnTown)),
        unit_id: actor.grant.unit_id.filter(|_| only(Scope::OwnUnit)),
        status: query.state.map(VillageOrderStatus::as_str),
        from: chosen.from,
        until: chosen.until,
        chosen_village: chosen.village,
        number: chosen.number,
        number_begins: chosen.number_begins,
        before: paging::read(after)?,
    };
    let limit = paging::limit(limit);
    let rows = store::village_order::list(app.db.read(), &filter, limit + 1).await?;
    let now = app.now();
    paging::page(
        rows,
        limit,
        |row| (row.offered_at, row.id),
        |row| row_of(row, now),
    )
}

/// A village order with everything in it.
///
/// # Errors
/// `NotFound` when there is none or it is not the actor's to see.
pub async fn show(app: &App, actor: &Actor, id: Uuid) -> Result<VillageOrderOut, Error> {
    let read = app.db.read();
    let record = find(read, id).await?;
    right::require(actor, Action::VillageOrderRead, place_of(&record))?;
    let lines = store::order_line::of_village_orders(read, &[id]).await?;
    let delivery = store::village_order::delivery(read, record.order_id)
        .await?
        .ok_or(Error::not_found())?;
    let names = BTreeMap::from([(record.village_code.as_str(), record.village_name.as_str())]);
    let mut timeline = order::timeline(app, record.order_id, &names).await?;
    timeline.retain(|step| step.village_name.is_some() || step.action.starts_with("order."));
    for step in timeline
        .iter_mut()
        .filter(|step| step.action.starts_with("order."))
    {
        // What the unit bought from other villages is not this village's to see.
        step.detail.clear();
    }
    Ok(VillageOrderOut {
        row: row_of(&record, app.now())?,
        lines: lines.iter().map(line_of).collect::<Result<_, _>>()?,
        address: delivery.address,
        contact: delivery.contact,
        note: delivery.note,
        acceptance_id: record.acceptance_id,
        timeline,
    })
}

/// The village's answer, before the deadline: all in full confirms, all nothing declines, anything else shorts. What
/// the village does not have leaves the lot, so that nobody is offered it again.
///
/// # Errors
/// `WrongState` when it was answered or has expired; `Invalid` naming lines; `NotFound` for another village's.
pub async fn answer(app: &App, actor: &Actor, key: &Key, id: Uuid, answer: AnswerIn) -> Result<(), Error> {
    let record = find(app.db.read(), id).await?;
    right::require(actor, Action::VillageOrderAnswer, place_of(&record))?;
    let job = Arc::new((app.clone(), actor.clone(), record, answer.clone()));
    once(
        app,
        actor.person_id,
        "village_order.answer",
        key,
        &(id, answer),
        move |tx| {
            let job = Arc::clone(&job);
            async move { answer_in(tx, &job.0, &job.1, &job.2, &job.3).await }.boxed()
        },
    )
    .await
}

async fn answer_in(
    tx: &Tx,
    app: &App,
    actor: &Actor,
    record: &VillageOrderRecord,
    answer: &AnswerIn,
) -> Result<(), Error> {
    let now = app.now();
    if now.0 > record.confirm_by {
        return Err(Error::wrong_state());
    }
    store::order::touch(tx, &[record.order_id], now.0).await?;
    let lines = store::order_line::of_village_orders(tx, &[record.id]).await?;
    let answered = answered_lines(&lines, answer)?;
    let pairs: Vec<(Qty, Qty)> = lines
        .iter()
        .zip(&answered)
        .map(|(l, a)| (Qty(l.qty), Qty(a.qty)))
        .collect();
    let event = VillageOrderStatus::answer(&pairs);
    let status = VillageOrderStatus::Offered.next(event).map_err(fault)?;
    let confirmed = Fen::checked_sum(answered.iter().map(|a| Fen(a.total_fen))).map_err(fault)?;
    if !store::village_order::answer(tx, record.id, status.as_str(), confirmed.0, now.0).await? {
        return Err(Error::wrong_state());
    }
    store::order_line::answer(tx, &answered).await?;
    order::derive(tx, &[record.order_id], false).await?;
    let action = match event {
        VillageOrderEvent::Confirm => "village_order.confirm",
        VillageOrderEvent::Decline => "village_order.decline",
        _ => "village_order.short",
    };
    let reasons: BTreeSet<&str> = answered.iter().filter_map(|a| a.reason.as_deref()).collect();
    let detail = reasons.into_iter().collect::<Vec<_>>().join("; ");
    store::audit::insert(
        tx,
        now,
        Some(actor),
        vec![entry(record, action, acted_for(actor, detail))],
    )
    .await?;
    let missing: Vec<Change> = lines
        .iter()
        .zip(&answered)
        .map(|(l, a)| Change {
            lot_id: l.lot_id,
            reserved: a.qty - l.qty,
            sold: 0,
            qty: a.qty - l.qty,
        })
        .collect();
    let kept: BTreeMap<Uuid, i64> = answered.iter().map(|a| (a.id, a.qty)).collect();
    let lost = |line: &LineRecord| line.qty - kept.get(&line.id).copied().unwrap_or(line.qty);
    shortfall::open(tx, app, NoticeKind::OrderShort, &[record], &lines, lost).await?;
    if store::stock::change(tx, &missing).await? {
        Ok(())
    } else {
        Err(fault("reserved stock was not there"))
    }
}

fn answered_lines(lines: &[LineRecord], answer: &AnswerIn) -> Result<Vec<AnsweredLine>, Error> {
    let mut problems = Vec::new();
    let mut answered = Vec::new();
    let known: BTreeSet<Uuid> = lines.iter().map(|line| line.id).collect();
    if let Some(stranger) = answer.lines.iter().find(|a| !known.contains(&a.line_id)) {
        problems.push(FieldProblem::new(
            format!("line.{}.qty", stranger.line_id),
            FieldCode::Unknown,
        ));
    }
    for line in lines {
        let field = |name: &str| format!("line.{}.{name}", line.id);
        let Some(given) = answer.lines.iter().find(|a| a.line_id == line.id) else {
            problems.push(FieldProblem::new(field("qty"), FieldCode::Required));
            continue;
        };
        let unit = price_unit_of(&line.price_unit)?;
        let reason = given
            .reason
            .as_deref()
            .map(str::trim)
            .filter(|r| !r.is_empty())
            .map(str::to_owned);
        if given.qty.0 < 0 {
            problems.push(FieldProblem::bound(field("qty"), FieldCode::TooSmall, 0));
        } else if given.qty.0 > line.qty {
            let ordered = unit.format_qty(Qty(line.qty), line.piece_name.as_deref());
            problems.push(FieldProblem::bound(field("qty"), FieldCode::TooLarge, ordered));
        } else if given.qty.0 < line.qty && reason.is_none() {
            problems.push(FieldProblem::new(field("reason"), FieldCode::ReasonNeeded));
        } else if reason.as_ref().is_some_and(|r| r.chars().count() > 100) {
            problems.push(FieldProblem::bound(field("reason"), FieldCode::TooLong, 100));
        } else {
            let total = total_of(line, given.qty)?;
            answered.push(AnsweredLine {
                id: line.id,
                qty: given.qty.0,
                total_fen: total.0,
                reason,
            });
        }
    }
    if problems.is_empty() {
        Ok(answered)
    } else {
        Err(Error::invalid(problems))
    }
}

/// Moves village orders on together: packed by the village (or the centre for it), collected and delivered by the
/// centre. Those that cannot move are named; the others do.
///
/// # Errors
/// `Forbidden`, `NotFound` when one is not the actor's; `Invalid` for an empty or too long list.
pub async fn advance(app: &App, actor: &Actor, key: &Key, step: MoveIn) -> Result<MoveOut, Error> {
    let mut ids = step.ids.clone();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Err(Error::field("ids", FieldCode::Required));
    }
    if ids.len() > MOVE_MAX {
        return Err(Error::invalid(vec![FieldProblem::bound(
            "ids",
            FieldCode::TooLarge,
            MOVE_MAX,
        )]));
    }
    if step.vehicle.as_ref().is_some_and(|v| v.chars().count() > 40) {
        return Err(Error::invalid(vec![FieldProblem::bound(
            "vehicle",
            FieldCode::TooLong,
            40,
        )]));
    }
    let records = store::village_order::by_ids(app.db.read(), &ids).await?;
    let action = match step.step {
        MoveStep::Pack => Action::VillageOrderAnswer,
        MoveStep::Collect | MoveStep::Deliver => Action::VillageOrderMove,
    };
    right::reach(actor, action)?;
    for record in &records {
        right::require(actor, action, place_of(record))?;
    }
    let job = Arc::new((app.clone(), actor.clone(), step.clone(), ids));
    once(
        app,
        actor.person_id,
        "village_order.move",
        key,
        &step,
        move |tx| {
            let job = Arc::clone(&job);
            async move { advance_in(tx, &job.0, &job.1, &job.2, &job.3).await }.boxed()
        },
    )
    .await
}

async fn advance_in(
    tx: &Tx,
    app: &App,
    actor: &Actor,
    step: &MoveIn,
    ids: &[Uuid],
) -> Result<MoveOut, Error> {
    let now = app.now();
    let (event, action) = match step.step {
        MoveStep::Pack => (VillageOrderEvent::Pack, "village_order.pack"),
        MoveStep::Collect => (VillageOrderEvent::Collect, "village_order.collect"),
        MoveStep::Deliver => (VillageOrderEvent::Deliver, "village_order.deliver"),
    };
    let before = store::village_order::by_ids(tx, ids).await?;
    let orders: Vec<Uuid> = before
        .iter()
        .map(|r| r.order_id)
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    store::order::touch(tx, &orders, now.0).await?;
    let records = store::village_order::by_ids(tx, ids).await?;
    // What is not harvested yet cannot be packed: the village says first what the harvest brought.
    let growing: BTreeSet<Uuid> = match step.step {
        MoveStep::Pack => store::order_line::unharvested(tx, ids)
            .await?
            .into_iter()
            .collect(),
        MoveStep::Collect | MoveStep::Deliver => BTreeSet::new(),
    };
    let known: BTreeMap<Uuid, &VillageOrderRecord> = records.iter().map(|r| (r.id, r)).collect();
    let mut out = MoveOut {
        moved: Vec::new(),
        refused: Vec::new(),
    };
    let (mut steps, mut entries) = (Vec::new(), Vec::new());
    for id in ids {
        let status = known.get(id).map(|r| status_of(&r.status)).transpose()?;
        match (
            known.get(id),
            status
                .filter(|_| !growing.contains(id))
                .and_then(|s| s.next(event).ok().map(|to| (s, to))),
        ) {
            (Some(record), Some((from, to))) => {
                steps.push(Step {
                    id: *id,
                    from: from.as_str(),
                    to: to.as_str(),
                });
                let detail = step.vehicle.clone().unwrap_or_default();
                // Packing is the village's work; collecting and delivering are the centre's own.
                let detail = if step.step == MoveStep::Pack {
                    acted_for(actor, detail)
                } else {
                    detail
                };
                entries.push(entry(record, action, detail));
                out.moved.push(*id);
            }
            _ => out.refused.push(MoveRefusal { id: *id, status }),
        }
    }
    if steps.is_empty() {
        return Ok(out);
    }
    let vehicle = step
        .vehicle
        .as_deref()
        .map(str::trim)
        .filter(|_| step.step == MoveStep::Collect);
    if !store::village_order::step(tx, &steps, vehicle, now.0).await? {
        return Err(Error::Again);
    }
    order::derive(tx, &orders, false).await?;
    store::audit::insert(tx, now, Some(actor), entries).await?;
    Ok(out)
}

/// Lets village orders expire whose deadline has passed, and frees their stock. Says how many it found; the program
/// runs it every minute.
///
/// # Errors
/// Whatever the database answers.
pub async fn expire_due(app: &App) -> Result<usize, Error> {
    let due = store::village_order::overdue(app.db.read(), app.now().0, 100).await?;
    if due.is_empty() {
        return Ok(0);
    }
    let count = due.len();
    let job = Arc::new((app.clone(), due));
    app.db
        .write(move |tx| {
            let job = Arc::clone(&job);
            async move { expire_in(tx, &job.0, &job.1).await }.boxed()
        })
        .await?;
    Ok(count)
}

async fn expire_in(tx: &Tx, app: &App, ids: &[Uuid]) -> Result<(), Error> {
    let now = app.now();
    let before = store::village_order::by_ids(tx, ids).await?;
    let orders: Vec<Uuid> = before
        .iter()
        .map(|r| r.order_id)
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    store::order::touch(tx, &orders, now.0).await?;
    let mut due = store::village_order::by_ids(tx, ids).await?;
    due.retain(|record| record.status == VillageOrderStatus::Offered.as_str());
    let to = VillageOrderStatus::Offered
        .next(VillageOrderEvent::Expire)
        .map_err(fault)?;
    let steps: Vec<Step> = due
        .iter()
        .map(|r| Step {
            id: r.id,
            from: VillageOrderStatus::Offered.as_str(),
            to: to.as_str(),
        })
        .collect();
    if steps.is_empty() {
        return Ok(());
    }
    if !store::village_order::step(tx, &steps, None, now.0).await? {
        return Err(Error::Again);
    }
    let expired: Vec<Uuid> = due.iter().map(|r| r.id).collect();
    let lines = store::order_line::of_village_orders(tx, &expired).await?;
    let freed = order::held(&lines);
    let records: Vec<&VillageOrderRecord> = due.iter().collect();
    shortfall::open(tx, app, NoticeKind::OrderShort, &records, &lines, |line| line.qty).await?;
    notice::tell(tx, now, due.iter().map(expired_notice).collect()).await?;
    order::derive(tx, &orders, false).await?;
    let entries = due
        .iter()
        .map(|r| entry(r, "village_order.expire", String::new()))
        .collect();
    store::audit::insert(tx, now, None, entries).await?;
    if store::stock::change(tx, &freed).await? {
        Ok(())
    } else {
        Err(fault("reserved stock was not there"))
    }
}

/// The village learns that its time is over.
fn expired_notice(record: &VillageOrderRecord) -> Notice {
    Notice {
        to: To::Village(record.village_code.clone()),
        kind: NoticeKind::VillageOrderExpired,
        subject: record.number.clone(),
        path: format!("/village-orders/{}", record.id),
    }
}

pub(super) async fn find(
    connection: &impl sea_orm::ConnectionTrait,
    id: Uuid,
) -> Result<VillageOrderRecord, Error> {
    let mut records = store::village_order::by_ids(connection, &[id]).await?;
    records.pop().ok_or(Error::not_found())
}

pub(super) fn place_of(record: &VillageOrderRecord) -> Place<'_> {
    Place::village(&record.village_code).and_unit(record.unit_id)
}

/// The audit detail of a step; when the centre acts for a village it says so first.
pub(super) fn acted_for(actor: &Actor, detail: String) -> String {
    if actor.grant.role == Role::CentreOperator {
        format!("代办 {detail}").trim().to_owned()
    } else {
        detail
    }
}

pub(super) fn entry(record: &VillageOrderRecord, action: &'static str, detail: String) -> Entry {
    Entry {
        action,
        object_kind: "village_order",
        object_id: record.id.to_string(),
        order_id: Some(record.order_id),
        village_code: Some(record.village_code.clone()),
        unit_id: Some(record.unit_id),
        detail,
    }
}

pub(super) fn status_of(stored: &str) -> Result<VillageOrderStatus, Error> {
    VillageOrderStatus::from_name(stored)
        .ok_or_else(|| fault(format!("stored village order state '{stored}'")))
}

pub(super) fn price_unit_of(stored: &str) -> Result<PriceUnit, Error> {
    PriceUnit::from_name(stored).ok_or_else(|| fault(format!("stored price unit '{stored}'")))
}

/// The sum of an amount of a line, at its frozen price.
pub(super) fn total_of(line: &LineRecord, qty: Qty) -> Result<Fen, Error> {
    let price = Price {
        fen: Fen(line.price_fen),
        unit: price_unit_of(&line.price_unit)?,
    };
    line_total(price, qty).map_err(|_| Error::field(&format!("line.{}.qty", line.id), FieldCode::TooLarge))
}

/// A stored village order as lists show it.
pub(super) fn row_of(record: &VillageOrderRecord, now: Micros) -> Result<VillageOrderRow, Error> {
    let status = status_of(&record.status)?;
    let late = match status {
        VillageOrderStatus::Offered => record.confirm_by < now.0,
        VillageOrderStatus::Confirmed
        | VillageOrderStatus::Shorted
        | VillageOrderStatus::Packed
        | VillageOrderStatus::Collected => record.wanted_on < now.day().0,
        VillageOrderStatus::Delivered => record.moved_at < lateness(now).door,
        _ => false,
    };
    Ok(VillageOrderRow {
        id: record.id,
        number: record.number.clone(),
        part: record.part,
        order_id: record.order_id,
        order_number: record.order_number.clone(),
        unit_id: record.unit_id,
        unit_name: record.unit_name.clone(),
        village_code: record.village_code.clone(),
        village_name: record.village_name.clone(),
        town_name: record.town_name.clone(),
        status,
        offered_at: Micros(record.offered_at),
        confirm_by: Micros(record.confirm_by),
        moved_at: Micros(record.moved_at),
        wanted_on: Day(record.wanted_on),
        goods: record.goods.clone(),
        weight_g: Qty(record.weight_g),
        total_fen: Fen(record.total_fen),
        confirmed_fen: Fen(record.confirmed_fen),
        accepted_fen: record.accepted_fen.map(Fen),
        late,
        vehicle: record.vehicle.clone(),
    })
}

/// What is late as of now.
pub(super) fn lateness(now: Micros) -> store::village_order::Lateness {
    let door = now.plus_hours(-DOOR_HOURS);
    store::village_order::Lateness {
        now: now.0,
        today: now.day().0,
        door: door.0,
    }
}

/// A stored line as it is shown.
pub(super) fn line_of(line: &LineRecord) -> Result<OrderLineOut, Error> {
    Ok(OrderLineOut {
        id: line.id,
        offer_id: line.offer_id,
        produce: line.produce.clone(),
        name: line.name.clone(),
        lot_code: line.lot_code.clone(),
        price_fen: Fen(line.price_fen),
        price_unit: price_unit_of(&line.price_unit)?,
        piece_name: line.piece_name.clone(),
        qty: Qty(line.qty),
        confirmed_qty: line.confirmed_qty.map(Qty),
        accepted_qty: line.accepted_qty.map(Qty),
        total_fen: Fen(line.total_fen),
        accepted_fen: line.accepted_fen.map(Fen),
        reason: line.reason.clone(),
        expected_on: line.expected_on.map(Day),
    })
}
