//! 订单: placing, reading and cancelling a unit's orders.

use super::idempotency::{Claim, Key};
use super::notice::{self, Notice, NoticeKind, To};
use super::{App, Error, fault, order_split, right, village_order};
use crate::ports::ids;
use crate::store::audit::Entry;
use crate::store::order::{Filter, NewOrder, NewState, OrderRecord};
use crate::store::stock::Change;
use crate::store::village_order::Step;
use crate::store::{self, Tx};
use futures::FutureExt as _;
use shared::api::order::{
    CancelIn, FundType, OrderIn, OrderOut, OrderRow, OrderVillage, PlacedOut, TimelineStep,
};
use shared::api::page::Page;
use shared::api::problem::{FieldCode, FieldProblem};
use shared::domain::calendar::{Day, Micros};
use shared::domain::identity::Actor;
use shared::domain::money::Fen;
use shared::domain::order::{OrderStatus, order_cancellable};
use shared::domain::rights::{Action, Place, Scope};
use shared::domain::village_order::{VillageOrderEvent, VillageOrderStatus};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use uuid::Uuid;

/// Lines of one order at the most.
const LINES_MAX: usize = 200;
/// A wanted day lies at most so far ahead.
const WANTED_DAYS_MAX: i32 = 180;

/// Places an order: reserves stock, splits by village, freezes prices and shares, in one transaction with a number of
/// statements that does not depend on its lines. `basket` is emptied with it.
///
/// # Errors
/// `Invalid` naming fields; `OutOfStock` naming what ran short and what is left; `Changed` when another version is on
/// sale than the one seen; `Forbidden`.
pub async fn place(
    app: &App,
    actor: &Actor,
    key: &Key,
    order: OrderIn,
    basket: Option<String>,
) -> Result<PlacedOut, Error> {
    let unit_id = actor
        .grant
        .unit_id
        .ok_or(Error::refused(shared::api::problem::Code::Forbidden))?;
    right::require(actor, Action::OrderWrite, Place::unit(unit_id))?;
    check(&order, app.today())?;
    let claim = Claim::new(actor.person_id, "order.place", key, &order)?;
    let job = Arc::new(Placement {
        app: app.clone(),
        actor: actor.clone(),
        unit_id,
        order,
        claim,
        basket,
    });
    app.db
        .write(move |tx| {
            let job = Arc::clone(&job);
            async move { job.run(tx).await }.boxed()
        })
        .await
}

struct Placement {
    app: App,
    actor: Actor,
    unit_id: Uuid,
    order: OrderIn,
    claim: Claim,
    basket: Option<String>,
}

impl Placement {
    async fn run(&self, tx: &Tx) -> Result<PlacedOut, Error> {
        if let Some(earlier) = self.claim.earlier(tx).await? {
            return Ok(earlier);
        }
        let now = self.app.now();
        let offers: Vec<Uuid> = self.order.lines.iter().map(|line| line.offer_id).collect();
        let rows = store::order::orderable(tx, &offers, now.day().0).await?;
        let head = order_split::Head {
            order_id: self.app.new_id(),
            number: ids::document_number('D', now.day()),
            unit_id: self.unit_id,
            now,
            confirm_by: now.plus_hours(self.app.config.confirm_hours),
            wanted_on: self.order.wanted_on,
            fee_bp: self.app.config.fee_bp,
        };
        let split = order_split::split(&head, &self.order.lines, &rows)?;
        let placed = PlacedOut {
            id: head.order_id,
            number: head.number.clone(),
            total_fen: split.total_fen,
            villages: i64::try_from(split.village_orders.len()).map_err(fault)?,
        };
        store::order::insert(tx, self.new_order(&head, &placed)?).await?;
        store::village_order::insert(tx, &head.common(), &split.village_orders).await?;
        store::order_line::insert(tx, &split.lines).await?;
        store::audit::insert(tx, now, Some(&self.actor), vec![self.audit_entry(&placed)]).await?;
        notice::tell(tx, now, notices(&split)).await?;
        if let Some(basket) = &self.basket {
            store::basket::clear(tx, basket).await?;
        }
        self.claim.record(tx, &placed, now).await?;
        // Stock last: a lot that everybody wants is held for this statement and the commit, no longer.
        if !store::stock::change(tx, &split.stock).await? {
            return Err(Error::Again);
        }
        Ok(placed)
    }

    fn new_order(&self, head: &order_split::Head, placed: &PlacedOut) -> Result<NewOrder, Error> {
        Ok(NewOrder {
            id: head.order_id,
            number: head.number.clone(),
            unit_id: self.unit_id,
            requested_by: self.actor.person_id,
            requested_by_name: self.actor.person_name.clone(),
            status: OrderStatus::first(false).as_str(),
            fund: self.order.fund.as_str(),
            address: self.order.address.trim().to_owned(),
            contact: self.order.contact.trim().to_owned(),
            wanted_on: self.order.wanted_on.0,
            note: self.order.note.trim().to_owned(),
            villages: i32::try_from(placed.villages).map_err(fault)?,
            total_fen: placed.total_fen.0,
            placed_at: head.now.0,
        })
    }

    fn audit_entry(&self, placed: &PlacedOut) -> Entry {
        Entry {
            action: "order.place",
            object_kind: "order",
            object_id: placed.id.to_string(),
            order_id: Some(placed.id),
            unit_id: Some(self.unit_id),
            detail: format!("{} {}", placed.number, placed.total_fen.format_cny()),
            ..Entry::default()
        }
    }
}

/// Every village learns of its village order with the order itself.
fn notices(split: &order_split::Split) -> Vec<Notice> {
    let offered = |v: &store::village_order::NewVillageOrder| Notice {
        to: To::Village(v.village_code.clone()),
        kind: NoticeKind::VillageOrderOffered,
        subject: v.number.clone(),
        path: format!("/village-orders/{}", v.id),
    };
    split.village_orders.iter().map(offered).collect()
}

fn check(order: &OrderIn, today: Day) -> Result<(), Error> {
    let mut problems = Vec::new();
    let mut text = |field: &str, value: &str, min: usize, max: usize| {
        let length = value.trim().chars().count();
        if length < min {
            let code = if length == 0 {
                FieldCode::Required
            } else {
                FieldCode::TooShort
            };
            problems.push(FieldProblem::bound(field, code, min));
        } else if length > max {
            problems.push(FieldProblem::bound(field, FieldCode::TooLong, max));
        }
    };
    text("address", &order.address, 4, 120);
    text("contact", &order.contact, 0, 60);
    text("note", &order.note, 0, 300);
    let latest = today.add_days(WANTED_DAYS_MAX);
    if order.wanted_on < today {
        problems.push(FieldProblem::bound("wanted_on", FieldCode::TooEarly, today));
    } else if order.wanted_on > latest {
        problems.push(FieldProblem::bound("wanted_on", FieldCode::TooLate, latest));
    }
    if order.lines.is_empty() {
        problems.push(FieldProblem::new("lines", FieldCode::Required));
    } else if order.lines.len() > LINES_MAX {
        problems.push(FieldProblem::bound("lines", FieldCode::TooLarge, LINES_MAX));
    }
    let mut seen = BTreeSet::new();
    for (at, line) in order.lines.iter().enumerate() {
        if !seen.insert(line.offer_id) {
            problems.push(FieldProblem::new(
                format!("lines.{at}.offer_id"),
                FieldCode::Taken,
            ));
        }
        if line.qty.0 < 1 {
            problems.push(FieldProblem::bound(
                format!("lines.{at}.qty"),
                FieldCode::TooSmall,
                1,
            ));
        }
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(Error::invalid(problems))
    }
}

/// Orders that the actor may see, newest first.
///
/// # Errors
/// `Forbidden`; `Invalid` for a bad `after`.
pub async fn list(
    app: &App,
    actor: &Actor,
    status: Option<OrderStatus>,
    after: Option<&str>,
    limit: i64,
) -> Result<Page<OrderRow>, Error> {
    let unit_id = match right::reach(actor, Action::OrderRead)? {
        Scope::OwnUnit => actor.grant.unit_id,
        _ => None,
    };
    let filter = Filter {
        unit_id,
        status: status.map(OrderStatus::as_str),
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
    let timeline = timeline(app, id, &names).await?;
    let statuses = village_orders
        .iter()
        .map(|v| village_order::status_of(&v.status))
        .collect::<Result<Vec<_>, _>>()?;
    let row = row_of(&order)?;
    let now = app.now();
    let villages = village_orders
        .iter()
        .map(|v| {
            let lines = lines.remove(&v.id).unwrap_or_default();
            Ok(OrderVillage {
                village_order: village_order::row_of(v, now)?,
                lines,
            })
        })
        .collect::<Result<Vec<_>, Error>>()?;
    Ok(OrderOut {
        cancellable: actor.may(Action::OrderWrite, Place::unit(order.unit_id))
            && order_cancellable(row.status, &statuses),
        acceptable: statuses.contains(&VillageOrderStatus::Delivered),
        acceptance_id: store::acceptance::latest_of_order(read, id).await?,
        fund: FundType::from_name(&order.fund).ok_or_else(|| fault("stored fund type is unknown"))?,
        address: order.address,
        contact: order.contact,
        note: order.note,
        requested_by: order.requested_by_name,
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
    let step = |row: store::audit::AuditRow| TimelineStep {
        at: Micros(row.at),
        action: row.action,
        who: row.person_name.unwrap_or_default(),
        village_name: row
            .village_code
            .and_then(|code| names.get(code.as_str()).map(|name| (*name).to_owned())),
        detail: row.detail,
    };
    Ok(rows.into_iter().map(step).collect())
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
    if !store::village_order::step(tx, &steps, None, now.0).await? {
        return Err(Error::Again);
    }
    let ids: Vec<Uuid> = open.iter().map(|(v, _)| v.id).collect();
    let freed = held(&store::order_line::of_village_orders(tx, &ids).await?);
    let state = NewState {
        id: order.id,
        status: OrderStatus::Cancelled.as_str(),
        accepted_fen: None,
    };
    store::order::set_states(tx, &[state]).await?;
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
    Ok(OrderRow {
        id: order.id,
        number: order.number.clone(),
        unit_id: order.unit_id,
        unit_name: order.unit_name.clone(),
        status: status_of(&order.status)?,
        placed_at: Micros(order.placed_at),
        wanted_on: Day(order.wanted_on),
        villages: i64::from(order.villages),
        total_fen: Fen(order.total_fen),
        accepted_fen: order.accepted_fen.map(Fen),
    })
}
