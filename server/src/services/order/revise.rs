//! Changing a request and asking again: a new revision under the same number. What was held and what is asked for now
//! change the stock in one statement.

use super::super::idempotency::{Claim, Key};
use super::super::{App, Error, fault, notice, order_split, right, village_order};
use super::{place, status_of};
use crate::store::approval::{KeptRow, Revision};
use crate::store::audit::Entry;
use crate::store::order::{OrderRecord, OrderableRow};
use crate::store::request_line::RequestLine;
use crate::store::stock::Change;
use crate::store::{self, Tx};
use futures::FutureExt as _;
use shared::api::approval::DecisionOut;
use shared::api::order::{FundType, OrderIn, PlacedOut, RequestHead, RequestLineOut, RevisionOut};
use shared::api::problem::Code;
use shared::domain::calendar::{Day, Micros};
use shared::domain::identity::Actor;
use shared::domain::money::Fen;
use shared::domain::offer::OfferStatus;
use shared::domain::order::{OrderEvent, OrderStatus};
use shared::domain::quantity::Qty;
use shared::domain::rights::{Action, Place};
use std::collections::BTreeMap;
use std::sync::Arc;
use uuid::Uuid;

/// Lines of all revisions that are shown at the most.
const SHOWN_MAX: i64 = 600;
/// Earlier revisions that are shown at the most.
const REVISIONS_MAX: i64 = 200;

/// Asks again with other lines, day, address or note. A request that was once asked for is decided by an approver,
/// whatever it comes to now.
///
/// # Errors
/// As for placing; `WrongState` once it is placed or cancelled; `Forbidden` for somebody else's request.
pub async fn revise(
    app: &App,
    actor: &Actor,
    key: &Key,
    id: Uuid,
    asked: OrderIn,
) -> Result<PlacedOut, Error> {
    let order = store::order::find(app.db.read(), id)
        .await?
        .ok_or(Error::not_found())?;
    right::require(actor, Action::OrderWrite, Place::unit(order.unit_id))?;
    if order.requested_by != actor.person_id {
        return Err(Error::refused(Code::Forbidden));
    }
    place::check(&asked, app.today())?;
    let claim = Claim::new(actor.person_id, "order.revise", key, &(id, &asked))?;
    let job = Arc::new(Revising {
        app: app.clone(),
        actor: actor.clone(),
        order_id: id,
        asked,
        claim,
    });
    app.db
        .write(move |tx| {
            let job = Arc::clone(&job);
            async move { job.run(tx).await }.boxed()
        })
        .await
}

struct Revising {
    app: App,
    actor: Actor,
    order_id: Uuid,
    asked: OrderIn,
    claim: Claim,
}

impl Revising {
    async fn run(&self, tx: &Tx) -> Result<PlacedOut, Error> {
        if let Some(earlier) = self.claim.earlier(tx).await? {
            return Ok(earlier);
        }
        let now = self.app.now();
        let order = store::order::find(tx, self.order_id)
            .await?
            .ok_or(Error::not_found())?;
        status_of(&order.status)?
            .next(OrderEvent::Resubmit)
            .map_err(|_| Error::wrong_state())?;
        let held = held(tx, &order).await?;
        let offers: Vec<Uuid> = self.asked.lines.iter().map(|line| line.offer_id).collect();
        let lots: Vec<Uuid> = held.iter().map(|change| change.lot_id).collect();
        let mut rows = store::order::orderable(tx, order.unit_id, &offers, &lots, now.day().0).await?;
        give_back(&mut rows, &held);
        let head = order_split::Head {
            order_id: order.id,
            number: order.number.clone(),
            ..place::head(&self.app, order.unit_id, self.asked.wanted_on)
        };
        let split = order_split::split(&head, &self.asked.lines, &rows)?;
        let placed = PlacedOut {
            id: order.id,
            number: order.number.clone(),
            total_fen: split.total_fen,
            villages: i64::try_from(split.village_orders.len()).map_err(fault)?,
            requested: true,
        };
        if !store::approval::revise(tx, self.revision(&order, &placed)?).await? {
            return Err(Error::Again);
        }
        let lines = order_split::with_sellers(&split)?;
        store::request_line::insert(tx, order.id, order.revision + 1, &lines).await?;
        store::audit::insert(tx, now, Some(&self.actor), vec![entry(&order, &placed)]).await?;
        notice::tell(tx, now, vec![place::to_approve(order.unit_id, &placed)]).await?;
        self.claim.record(tx, &placed, now).await?;
        let changes: Vec<Change> = held.into_iter().chain(split.stock).collect();
        if !store::stock::change(tx, &changes).await? {
            return Err(Error::Again);
        }
        Ok(placed)
    }

    fn revision(&self, order: &OrderRecord, placed: &PlacedOut) -> Result<Revision, Error> {
        let now = self.app.now();
        Ok(Revision {
            order_id: order.id,
            from: order.revision,
            fund: self.asked.fund.as_str(),
            address: self.asked.address.trim().to_owned(),
            contact: self.asked.contact.trim().to_owned(),
            wanted_on: self.asked.wanted_on.0,
            note: self.asked.note.trim().to_owned(),
            villages: i32::try_from(placed.villages).map_err(fault)?,
            total_fen: placed.total_fen.0,
            hold_until: place::hold_until(&self.app, now).0,
            at: now.0,
        })
    }
}

fn entry(order: &OrderRecord, placed: &PlacedOut) -> Entry {
    let (from, to) = (Fen(order.total_fen), placed.total_fen);
    Entry {
        action: "order.revise",
        object_kind: "order",
        object_id: order.id.to_string(),
        order_id: Some(order.id),
        unit_id: Some(order.unit_id),
        detail: format!(
            "第 {} 版 {} → {}",
            order.revision + 1,
            from.format_cny(),
            to.format_cny()
        ),
        ..Entry::default()
    }
}

/// What a request holds, given back in the planning of its next revision.
fn give_back(rows: &mut [OrderableRow], held: &[Change]) {
    let mut by_lot = BTreeMap::<Uuid, i64>::new();
    for change in held {
        *by_lot.entry(change.lot_id).or_default() -= change.reserved;
    }
    for row in rows {
        let own = row.lot_id.and_then(|lot| by_lot.get(&lot)).copied().unwrap_or(0);
        row.free = row.free.map(|free| free + own);
    }
}

/// What an order holds while it is requested, as what frees it; nothing in any other state.
pub(super) async fn held(
    connection: &impl sea_orm::ConnectionTrait,
    order: &OrderRecord,
) -> Result<Vec<Change>, Error> {
    if status_of(&order.status)? != OrderStatus::Requested {
        return Ok(Vec::new());
    }
    let lines = store::request_line::of_revision(connection, order.id, order.revision).await?;
    Ok(freed(&lines))
}

/// What frees the stock of a request's lines.
pub(super) fn freed(lines: &[RequestLine]) -> Vec<Change> {
    lines
        .iter()
        .map(|line| Change {
            lot_id: line.lot_id,
            reserved: -line.qty,
            sold: 0,
            qty: 0,
        })
        .collect()
}

/// Whether a request's line could be placed today.
pub(super) fn on_sale(line: &RequestLine, today: Day) -> bool {
    OfferStatus::from_name(&line.offer_status).is_some_and(|status| status.on_sale())
        && line.good_until.is_none_or(|until| until >= today.0)
        && line.expected_on.is_none_or(|expected| expected >= today.0)
}

/// The revisions of a request, the newest first: all of them while it is not placed, afterwards only where there was
/// more than one.
pub(super) async fn revisions(
    app: &App,
    order: &OrderRecord,
    status: OrderStatus,
) -> Result<Vec<RevisionOut>, Error> {
    let asked = matches!(status, OrderStatus::Requested | OrderStatus::Rejected)
        || (status == OrderStatus::Cancelled && order.hold_until.is_some());
    if !asked && order.revision == 1 {
        return Ok(Vec::new());
    }
    let today = app.today();
    let mut revisions: Vec<RevisionOut> = Vec::new();
    for line in store::request_line::of_order(app.db.read(), order.id, SHOWN_MAX).await? {
        let out = line_out(&line, today)?;
        match revisions.last_mut().filter(|r| r.revision == line.revision) {
            Some(revision) => revision.lines.push(out),
            None => revisions.push(RevisionOut {
                revision: line.revision,
                total_fen: Fen::ZERO,
                asked_at: None,
                head: None,
                decision: None,
                lines: vec![out],
            }),
        }
    }
    let kept = store::approval::kept(app.db.read(), order.id, REVISIONS_MAX).await?;
    for revision in &mut revisions {
        revision.total_fen =
            Fen::checked_sum(revision.lines.iter().map(|line| line.total_fen)).map_err(fault)?;
        let own = kept.iter().find(|row| row.revision == revision.revision);
        revision.head = match own {
            Some(row) => Some(head_of_kept(row)?),
            None if revision.revision == order.revision => Some(head_of(order)?),
            None => None,
        };
        revision.decision = own.and_then(decision_of_kept);
        let before = kept.iter().find(|row| row.revision + 1 == revision.revision);
        revision.asked_at = match revision.revision {
            1 => Some(Micros(order.placed_at)),
            _ => before.map(|row| Micros(row.replaced_at)),
        };
    }
    Ok(revisions)
}

fn fund_of(stored: &str) -> Result<FundType, Error> {
    FundType::from_name(stored).ok_or_else(|| fault("stored fund type is unknown"))
}

fn head_of(order: &OrderRecord) -> Result<RequestHead, Error> {
    Ok(RequestHead {
        fund: fund_of(&order.fund)?,
        address: order.address.clone(),
        contact: order.contact.clone(),
        wanted_on: Day(order.wanted_on),
        note: order.note.clone(),
    })
}

fn head_of_kept(row: &KeptRow) -> Result<RequestHead, Error> {
    Ok(RequestHead {
        fund: fund_of(&row.fund)?,
        address: row.address.clone(),
        contact: row.contact.clone(),
        wanted_on: Day(row.wanted_on),
        note: row.note.clone(),
    })
}

/// Only what was sent back is changed after a decision.
fn decision_of_kept(row: &KeptRow) -> Option<DecisionOut> {
    Some(DecisionOut {
        approved: false,
        by: row.decided_by_name.clone()?,
        at: Micros(row.decided_at?),
        note: row.decision_note.clone().unwrap_or_default(),
    })
}

fn line_out(line: &RequestLine, today: Day) -> Result<RequestLineOut, Error> {
    Ok(RequestLineOut {
        offer_id: line.offer_id,
        village_code: line.village_code.clone(),
        village_name: line.village_name.clone(),
        produce: line.produce.clone(),
        name: line.name.clone(),
        lot_code: line.lot_code.clone(),
        price_fen: Fen(line.price_fen),
        price_unit: village_order::price_unit_of(&line.price_unit)?,
        piece_name: line.piece_name.clone(),
        qty: Qty(line.qty),
        total_fen: Fen(line.total_fen),
        on_sale: on_sale(line, today),
    })
}
