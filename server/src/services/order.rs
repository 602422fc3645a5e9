//! 订单: reading and cancelling a unit's orders, and deriving their states; the rest of their life beside it.

mod again;
mod approve;
mod place;
mod progress;
mod revise;

pub use again::{again, copy_to_basket};
pub use approve::{decide, expire_holds};
pub use place::place;
pub(in crate::services) use place::{Placement, check};
pub use revise::revise;

use super::filter;
use super::idempotency::Key;
use super::notice::{self, Notice, NoticeKind, To};
use super::{App, Error, fault, right, shortfall, village_order};
use crate::store::audit::Entry;
use crate::store::order::{Filter, NewState, OrderRecord};
use crate::store::stock::Change;
use crate::store::village_order::Step;
use crate::store::{self, Tx};
use futures::FutureExt as _;
use shared::api::order::{CancelIn, FundType, OrderOut, OrderQuery, OrderRow, OrderVillage, TimelineStep};
use shared::api::page::Page;
use shared::api::problem::{FieldCode, FieldProblem};
use shared::domain::approval::may_decide;
use shared::domain::calendar::{Day, Micros};
use shared::domain::identity::Actor;
use shared::domain::money::Fen;
use shared::domain::order::{OrderEvent, OrderStatus, order_cancellable};
use shared::domain::rights::{Action, Place, Scope};
use shared::domain::village_order::{VillageOrderEvent, VillageOrderStatus};
use std::collections::BTreeMap;
use std::sync::Arc;
use uuid::Uuid;

/// Orders that the actor may see, newest first.
///
/// # Errors
/// `Forbidden`; `Invalid` for a bad `after` or filter.
pub async fn list(
    app: &App,
    actor: &Actor,
    query: &OrderQuery,
    after: Option<&str>,
    limit: i64,
) -> Result<Page<OrderRow>, Error> {
    let unit_id = match right::reach(actor, Action::OrderRead)? {
        Scope::OwnUnit => actor.grant.unit_id,
        _ => None,
    };
    let chosen = filter::read(
        query.from,
        query.until,
        query.village.as_deref(),
        query.number.as_deref(),
    )?;
    let filter = Filter {
        unit_id,
        status: query.state.map(OrderStatus::as_str),
        from: chosen.from,
        until: chosen.until,
        village_code: chosen.village,
        number: chosen.number,
        number_begins: chosen.number_begins,
        before: super::paging::read(after)?,
    };
    let limit = super::paging::limit(limit);
    let rows = store::order::list(app.db.read(), &filter, limit + 1).await?;
    super::paging::page(rows, limit, |row| (row.placed_at, row.id), row_of)
}

/// An order with everything in it.
///
/// # Errors
/// `NotFound` when there is none or it is another unit's.
pub async fn show(app: &App, actor: &Actor, id: Uuid) -> Result<OrderOut, Error> {
    let read = app.db.read();
    let order = store::order::find(read, id).await?.ok_or(Error::not_found())?;
    right::require(actor, Action::OrderRead, Place::unit(order.unit_id))?;
    let village_orders = store::village_order::of_order(read, id).await?;
    let ids: Vec<Uuid> = village_orders.iter().map(|v| v.id).collect();
    let mut lines = BTreeMap::<Uuid, Vec<_>>::new();
    for line in store::order_line::of_village_orders(read, &ids).await? {
        lines
            .entry(line.village_order_id)
            .or_default()
            .push(village_order::line_of(&line)?);
    }
    let names: BTreeMap<&str, &str> = village_orders
        .iter()
        .map(|v| (v.village_code.as_str(), v.village_name.as_str()))
        .collect();
    let happened = store::audit::of_order(read, id).await?;
    let timeline = timeline_of(&happened, &names);
    let statuses = village_orders
        .iter()
        .map(|v| village_order::status_of(&v.status))
        .collect::<Result<Vec<_>, _>>()?;
    let row = row_of(&order)?;
    let now = app.now();
    let villages = village_orders
        .iter()
        .zip(&statuses)
        .map(|(v, status)| {
            let lines = lines.remove(&v.id).unwrap_or_default();
            Ok(OrderVillage {
                village_order: village_order::row_of(v, now)?,
                lines,
                progress: progress::of(v, *status, &happened),
                turn: status.turn(),
                due: progress::due(v, *status),
            })
        })
        .collect::<Result<Vec<_>, Error>>()?;
    let place = Place::unit(order.unit_id);
    let waits = row.status == OrderStatus::Requested;
    let asker = order.requested_by == actor.person_id;
    Ok(OrderOut {
        cancellable: actor.may(Action::OrderWrite, place) && order_cancellable(row.status, &statuses),
        acceptable: statuses.contains(&VillageOrderStatus::Delivered),
        acceptance_id: store::acceptance::latest_of_order(read, id).await?,
        editable: asker && actor.may(Action::OrderWrite, place) && row.status.can(OrderEvent::Resubmit),
        decidable: waits
            && actor.may(Action::OrderApprove, place)
            && may_decide(order.requested_by, actor.person_id),
        requests: revise::revisions(app, &order, row.status).await?,
        shortfalls: shortfall::of_order(app, actor, &order).await?,
        decision: approve::decision_of(&order, row.status),
        parts: super::acceptance::parts_of_order(app, id).await?,
        fund: FundType::from_name(&order.fund).ok_or_else(|| fault("stored fund type is unknown"))?,
        revision: order.revision,
        supplements: order.supplements,
        address: order.address,
        contact: order.contact,
        note: order.note,
        order: row,
        village_orders: villages,
        timeline,
    })
}

/// What happened to an order, oldest first.
pub(super) async fn timeline(
    app: &App,
    order_id: Uuid,
    names: &BTreeMap<&str, &str>,
) -> Result<Vec<TimelineStep>, Error> {
    let rows = store::audit::of_order(app.db.read(), order_id).await?;
    Ok(timeline_of(&rows, names))
}

fn timeline_of(rows: &[store::audit::AuditRow], names: &BTreeMap<&str, &str>) -> Vec<TimelineStep> {
    let step = |row: &store::audit::AuditRow| TimelineStep {
        at: Micros(row.at),
        action: row.action.clone(),
        who: row.person_name.clone().unwrap_or_default(),
        village_name: row
            .village_code
            .as_deref()
            .and_then(|code| names.get(code).map(|name| (*name).to_owned())),
        detail: row.detail.clone(),
    };
    rows.iter().map(step).collect()
}

/// Cancels an order before anything of it is on the way, and frees its stock.
///
/// # Errors
/// `WrongState` once goods are on the way; `NotFound` for another unit's; `Invalid` without a reason.
pub async fn cancel(app: &App, actor: &Actor, key: &Key, id: Uuid, cancel: CancelIn) -> Result<(), Error> {
    let reason = cancel.reason.trim().to_owned();
    if reason.is_empty() {
        return Err(Error::field("reason", FieldCode::ReasonNeeded));
    }
    if reason.chars().count() > 200 {
        return Err(Error::invalid(vec![FieldProblem::bound(
            "reason",
            FieldCode::TooLong,
            200,
        )]));
    }
    let order = store::order::find(app.db.read(), id)
        .await?
        .ok_or(Error::not_found())?;
    right::require(actor, Action::OrderWrite, Place::unit(order.unit_id))?;
    let job = Arc::new((app.clone(), actor.clone(), order, reason.clone()));
    super::idempotency::once(
        app,
        actor.person_id,
        "order.cancel",
        key,
        &(id, reason),
        move |tx| {
            let job = Arc::clone(&job);
            async move { cancel_in(tx, &job.0, &job.1, &job.2, &job.3).await }.boxed()
        },
    )
    .await
}

async fn cancel_in(
    tx: &Tx,
    app: &App,
    actor: &Actor,
    order: &OrderRecord,
    reason: &str,
) -> Result<(), Error> {
    let now = app.now();
    store::order::touch(tx, &[order.id], now.0).await?;
    let village_orders = store::village_order::of_order(tx, order.id).await?;
    let statuses = village_orders
        .iter()
        .map(|v| village_order::status_of(&v.status))
        .collect::<Result<Vec<_>, _>>()?;
    let current = store::order::find(tx, order.id)
        .await?
        .ok_or(Error::not_found())?;
    if !order_cancellable(status_of(&current.status)?, &statuses) {
        return Err(Error::wrong_state());
    }
    let open: Vec<_> = village_orders
        .iter()
        .zip(&statuses)
        .filter(|(_, s)| !s.is_gone())
        .collect();
    let steps = open
        .iter()
        .map(|(v, status)| {
            let to = status
                .next(VillageOrderEvent::Cancel)
                .map_err(|_| Error::wrong_state())?;
            Ok(Step {
                id: v.id,
                from: status.as_str(),
                to: to.as_str(),
            })
        })
        .collect::<Result<Vec<_>, Error>>()?;
    let freed = if steps.is_empty() {
        revise::held(tx, &current).await?
    } else {
        if !store::village_order::step(tx, &steps, None, now.0).await? {
            return Err(Error::Again);
        }
        let ids: Vec<Uuid> = open.iter().map(|(v, _)| v.id).collect();
        held(&store::order_line::of_village_orders(tx, &ids).await?)
    };
    let state = NewState {
        id: order.id,
        status: OrderStatus::Cancelled.as_str(),
        accepted_fen: None,
    };
    store::order::set_states(tx, &[state]).await?;
    let by = (actor.person_id, actor.person_name.clone());
    store::shortfall::end_of_order(tx, order.id, by, now.0).await?;
    // What was paid ahead waits for nothing any more.
    store::prepayment::free(tx, order.id, i64::MAX).await?;
    let entry = Entry {
        action: "order.cancel",
        object_kind: "order",
        object_id: order.id.to_string(),
        order_id: Some(order.id),
        unit_id: Some(order.unit_id),
        detail: reason.to_owned(),
        ..Entry::default()
    };
    store::audit::insert(tx, now, Some(actor), vec![entry]).await?;
    let told = open.iter().map(|(v, _)| Notice {
        to: To::Village(v.village_code.clone()),
        kind: NoticeKind::VillageOrderCancelled,
        subject: v.number.clone(),
        path: format!("/village-orders/{}", v.id),
    });
    notice::tell(tx, now, told.collect()).await?;
    if store::stock::change(tx, &freed).await? {
        Ok(())
    } else {
        Err(fault("reserved stock was not there to be freed"))
    }
}

/// What is held for lines, to be given back.
pub(super) fn held(lines: &[store::order_line::LineRecord]) -> Vec<Change> {
    lines
        .iter()
        .map(|line| Change {
            lot_id: line.lot_id,
            reserved: -line.confirmed_qty.unwrap_or(line.qty),
            sold: 0,
            qty: 0,
        })
        .collect()
}

/// Derives the states of orders from their village orders and writes them; the orders' rows must have been touched
/// in this transaction before their village orders were changed. `variance`: something accepted was not as expected.
pub(super) async fn derive(tx: &Tx, orders: &[Uuid], variance: bool) -> Result<(), Error> {
    let rows = store::order::states(tx, orders).await?;
    let mut by_order = BTreeMap::<Uuid, (OrderStatus, Vec<VillageOrderStatus>, Option<i64>)>::new();
    for row in &rows {
        let current = status_of(&row.order_status)?;
        let (_, statuses, accepted) = by_order
            .entry(row.order_id)
            .or_insert((current, Vec::new(), None));
        statuses.push(village_order::status_of(&row.status)?);
        if let Some(sum) = row.accepted_fen {
            *accepted = Some(
                accepted
                    .unwrap_or(0)
                    .checked_add(sum)
                    .ok_or_else(|| fault("accepted sum overflows"))?,
            );
        }
    }
    let states: Vec<NewState> = by_order
        .into_iter()
        .map(|(id, (current, statuses, accepted_fen))| {
            let status = match current.derived(&statuses) {
                OrderStatus::Accepted if variance => OrderStatus::AcceptedWithVariance,
                status => status,
            };
            NewState {
                id,
                status: status.as_str(),
                accepted_fen,
            }
        })
        .collect();
    store::order::set_states(tx, &states).await?;
    Ok(())
}

pub(super) fn status_of(stored: &str) -> Result<OrderStatus, Error> {
    OrderStatus::from_name(stored).ok_or_else(|| fault(format!("stored order state '{stored}' is unknown")))
}

fn row_of(order: &OrderRecord) -> Result<OrderRow, Error> {
    let status = status_of(&order.status)?;
    let waits = status == OrderStatus::Requested;
    Ok(OrderRow {
        id: order.id,
        number: order.number.clone(),
        unit_id: order.unit_id,
        unit_name: order.unit_name.clone(),
        status,
        placed_at: Micros(order.placed_at),
        wanted_on: Day(order.wanted_on),
        villages: i64::from(order.villages),
        total_fen: Fen(order.total_fen),
        accepted_fen: order.accepted_fen.map(Fen),
        requested_by: order.requested_by_name.clone(),
        hold_until: order.hold_until.filter(|_| waits).map(Micros),
    })
}
