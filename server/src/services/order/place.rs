//! Placing an order, or asking for it where the unit wants an approval: the stock is taken either way.

use super::super::idempotency::{Claim, Key};
use super::super::notice::{self, Notice, NoticeKind, To};
use super::super::{App, Error, fault, order_split, right};
use crate::ports::ids;
use crate::store::audit::Entry;
use crate::store::order::{NewOrder, OrderableRow};
use crate::store::stock::Change;
use crate::store::{self, Tx};
use futures::FutureExt as _;
use shared::api::order::{OrderIn, PlacedOut};
use shared::api::problem::{FieldCode, FieldProblem};
use shared::domain::approval::{ApprovalKind, ApprovalPolicy};
use shared::domain::calendar::{Day, Micros};
use shared::domain::identity::{Actor, Role};
use shared::domain::money::Fen;
use shared::domain::order::OrderStatus;
use shared::domain::rights::{Action, Place};
use std::collections::BTreeSet;
use std::sync::Arc;
use uuid::Uuid;

/// Lines of one order at the most.
const LINES_MAX: usize = 200;
/// A wanted day lies at most so far ahead.
const WANTED_DAYS_MAX: i32 = 180;

/// Places an order: reserves stock, splits by village, freezes prices and shares, in one transaction with a number of
/// statements that does not depend on its lines. Where the unit's policy wants an approval it is asked for instead, and
/// the stock is held. `basket` is emptied with it.
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
    let placement = Placement {
        app: app.clone(),
        actor: actor.clone(),
        unit_id,
        order,
        supplements: None,
    };
    let job = Arc::new((placement, claim, basket));
    app.db
        .write(move |tx| {
            let job = Arc::clone(&job);
            async move { run(tx, &job.0, &job.1, job.2.as_deref()).await }.boxed()
        })
        .await
}

async fn run(
    tx: &Tx,
    placement: &Placement,
    claim: &Claim,
    basket: Option<&str>,
) -> Result<PlacedOut, Error> {
    if let Some(earlier) = claim.earlier(tx).await? {
        return Ok(earlier);
    }
    let (placed, stock) = placement.effect(tx).await?;
    if let Some(basket) = basket {
        store::basket::clear(tx, basket).await?;
    }
    claim.record(tx, &placed, placement.app.now()).await?;
    // Stock last: a lot that everybody wants is held for this statement and the commit, no longer.
    if !store::stock::change(tx, &stock).await? {
        return Err(Error::Again);
    }
    Ok(placed)
}

/// An order about to be placed.
pub(in crate::services) struct Placement {
    pub app: App,
    pub actor: Actor,
    pub unit_id: Uuid,
    pub order: OrderIn,
    /// The order that it supplements.
    pub supplements: Option<Uuid>,
}

impl Placement {
    /// Writes everything but the stock, and says what is to be taken from it: the caller takes it last.
    pub async fn effect(&self, tx: &Tx) -> Result<(PlacedOut, Vec<Change>), Error> {
        let now = self.app.now();
        let offers: Vec<Uuid> = self.order.lines.iter().map(|line| line.offer_id).collect();
        let rows = store::order::orderable(tx, self.unit_id, &offers, &[], now.day().0).await?;
        let head = head(&self.app, self.unit_id, self.order.wanted_on);
        let split = order_split::split(&head, &self.order.lines, &rows)?;
        let placed = PlacedOut {
            id: head.order_id,
            number: head.number.clone(),
            total_fen: split.total_fen,
            villages: i64::try_from(split.village_orders.len()).map_err(fault)?,
            requested: policy_of(&rows)?.needs(split.total_fen),
        };
        store::order::insert(tx, self.new_order(&head, &placed)?).await?;
        if placed.requested {
            let lines = order_split::with_sellers(&split)?;
            store::request_line::insert(tx, head.order_id, 1, &lines).await?;
            notice::tell(tx, now, vec![to_approve(self.unit_id, &placed)]).await?;
        } else {
            store::village_order::insert(tx, &head.common(), &split.village_orders).await?;
            store::order_line::insert(tx, &split.lines).await?;
            notice::tell(tx, now, offered(&split)).await?;
        }
        store::audit::insert(tx, now, Some(&self.actor), vec![self.audit_entry(&placed)]).await?;
        Ok((placed, split.stock))
    }

    fn new_order(&self, head: &order_split::Head, placed: &PlacedOut) -> Result<NewOrder, Error> {
        Ok(NewOrder {
            id: head.order_id,
            number: head.number.clone(),
            unit_id: self.unit_id,
            requested_by: self.actor.person_id,
            requested_by_name: self.actor.person_name.clone(),
            status: OrderStatus::first(placed.requested).as_str(),
            fund: self.order.fund.as_str(),
            address: self.order.address.trim().to_owned(),
            contact: self.order.contact.trim().to_owned(),
            wanted_on: self.order.wanted_on.0,
            note: self.order.note.trim().to_owned(),
            villages: i32::try_from(placed.villages).map_err(fault)?,
            total_fen: placed.total_fen.0,
            placed_at: head.now.0,
            hold_until: placed.requested.then(|| hold_until(&self.app, head.now).0),
            supplements: self.supplements,
        })
    }

    fn audit_entry(&self, placed: &PlacedOut) -> Entry {
        Entry {
            action: if placed.requested {
                "order.request"
            } else {
                "order.place"
            },
            object_kind: "order",
            object_id: placed.id.to_string(),
            order_id: Some(placed.id),
            unit_id: Some(self.unit_id),
            detail: format!("{} {}", placed.number, placed.total_fen.format_cny()),
            ..Entry::default()
        }
    }
}

/// A new order's head.
pub(super) fn head(app: &App, unit_id: Uuid, wanted_on: Day) -> order_split::Head {
    let now = app.now();
    order_split::Head {
        order_id: app.new_id(),
        number: ids::document_number('D', now.day()),
        unit_id,
        now,
        confirm_by: now.plus_hours(app.config.confirm_hours),
        wanted_on,
        fee_bp: app.config.fee_bp,
    }
}

/// Until when a request made now holds its stock.
pub(super) fn hold_until(app: &App, now: Micros) -> Micros {
    now.plus_hours(app.config.approval_hold_hours)
}

/// The buying unit's policy, as it came with the offers.
pub(super) fn policy_of(rows: &[OrderableRow]) -> Result<ApprovalPolicy, Error> {
    let row = rows
        .first()
        .ok_or_else(|| fault("an order was split over no offers"))?;
    let kind = ApprovalKind::from_name(&row.approval).ok_or_else(|| fault("stored approval policy"))?;
    Ok(ApprovalPolicy {
        kind,
        above_fen: Fen(row.approval_above_fen),
    })
}

/// The unit's approvers learn of a request.
pub(super) fn to_approve(unit_id: Uuid, placed: &PlacedOut) -> Notice {
    Notice {
        to: To::Unit(unit_id, Role::UnitApprover),
        kind: NoticeKind::OrderRequested,
        subject: format!("{} {}", placed.number, placed.total_fen.format_cny()),
        path: format!("/orders/{}", placed.id),
    }
}

/// Every village learns of its village order with the order itself.
pub(super) fn offered(split: &order_split::Split) -> Vec<Notice> {
    let offered = |v: &store::village_order::NewVillageOrder| Notice {
        to: To::Village(v.village_code.clone()),
        kind: NoticeKind::VillageOrderOffered,
        subject: v.number.clone(),
        path: format!("/village-orders/{}", v.id),
    };
    split.village_orders.iter().map(offered).collect()
}

/// What is wrong with an order before anything is looked up.
pub(in crate::services) fn check(order: &OrderIn, today: Day) -> Result<(), Error> {
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
