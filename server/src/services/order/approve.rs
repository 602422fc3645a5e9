//! Deciding over requests: approved, split by village in one transaction; or rejected, their stock free again; or left
//! until the hold ends.

use super::super::idempotency::{Key, once};
use super::super::notice::{self, Notice, NoticeKind, To};
use super::super::{App, Error, fault, order_split, right, step_up};
use super::{place, revise, status_of};
use crate::store::approval::{Decision, HeldRow};
use crate::store::audit::Entry;
use crate::store::order::OrderRecord;
use crate::store::request_line::RequestLine;
use crate::store::{self, Tx};
use futures::FutureExt as _;
use shared::api::approval::{DecisionIn, DecisionOut};
use shared::api::problem::{Code, FieldCode, FieldProblem};
use shared::domain::approval::may_decide;
use shared::domain::calendar::{Day, Micros};
use shared::domain::identity::{Actor, Role};
use shared::domain::money::Fen;
use shared::domain::order::{OrderEvent, OrderStatus};
use shared::domain::rights::{Action, Place};
use std::sync::Arc;
use uuid::Uuid;

/// The longest reason.
const NOTE_CHARS_MAX: usize = 200;

/// Approves or rejects a request. An approval places the order as it was asked for, at the prices of that moment.
///
/// # Errors
/// `OwnRequest` for one's own; `Changed` when it was changed since it was seen; `WrongState` when nothing is to be
/// decided any more; `Invalid` naming lines that are no longer on sale, or a missing reason; `StepUpNeeded` to approve,
/// which spends the unit's money; `NotFound`, `Forbidden`.
pub async fn decide(
    app: &App,
    actor: &Actor,
    key: &Key,
    id: Uuid,
    decision: DecisionIn,
) -> Result<(), Error> {
    let note = decision.note.trim().to_owned();
    if !decision.approve && note.is_empty() {
        return Err(Error::field("note", FieldCode::ReasonNeeded));
    }
    if note.chars().count() > NOTE_CHARS_MAX {
        return Err(Error::invalid(vec![FieldProblem::bound(
            "note",
            FieldCode::TooLong,
            NOTE_CHARS_MAX,
        )]));
    }
    let order = store::order::find(app.db.read(), id)
        .await?
        .ok_or(Error::not_found())?;
    right::require(actor, Action::OrderApprove, Place::unit(order.unit_id))?;
    if !may_decide(order.requested_by, actor.person_id) {
        return Err(Error::refused(Code::OwnRequest));
    }
    if decision.approve {
        step_up::require_recent(app, actor)?;
    }
    let body = (id, decision.clone());
    let job = Arc::new(Deciding {
        app: app.clone(),
        actor: actor.clone(),
        order,
        approve: decision.approve,
        revision: decision.revision,
        note,
    });
    once(app, actor.person_id, "order.decide", key, &body, move |tx| {
        let job = Arc::clone(&job);
        async move { job.run(tx).await }.boxed()
    })
    .await
}

struct Deciding {
    app: App,
    actor: Actor,
    order: OrderRecord,
    approve: bool,
    revision: i32,
    note: String,
}

impl Deciding {
    async fn run(&self, tx: &Tx) -> Result<(), Error> {
        let now = self.app.now();
        let status = status_of(&self.order.status)?;
        let event = if self.approve {
            OrderEvent::Approve
        } else {
            OrderEvent::Reject
        };
        let decided = status.next(event).map_err(|_| Error::wrong_state())?;
        if self.revision != self.order.revision {
            return Err(Error::refused(Code::Changed));
        }
        if self.order.hold_until.is_none_or(|until| until < now.0) {
            return Err(Error::wrong_state());
        }
        let lines = store::request_line::of_revision(tx, self.order.id, self.revision).await?;
        let status = if self.approve {
            still_there(&lines, now.day())?;
            decided.next(OrderEvent::Place).map_err(fault)?
        } else {
            decided
        };
        // The order was read before this transaction: the update says whether it is still the same.
        if !store::approval::decide(tx, self.decision(status, now)).await? {
            return Err(Error::refused(Code::Changed));
        }
        let mut told = vec![self.told()];
        let entry = Entry {
            action: if self.approve {
                "order.approve"
            } else {
                "order.reject"
            },
            object_kind: "order",
            object_id: self.order.id.to_string(),
            order_id: Some(self.order.id),
            unit_id: Some(self.order.unit_id),
            detail: self.note.clone(),
            ..Entry::default()
        };
        store::audit::insert(tx, now, Some(&self.actor), vec![entry]).await?;
        if self.approve {
            told.extend(self.split(tx, &lines).await?);
            notice::tell(tx, now, told).await?;
            return Ok(());
        }
        notice::tell(tx, now, told).await?;
        if store::stock::change(tx, &revise::freed(&lines)).await? {
            Ok(())
        } else {
            Err(fault("held stock was not there to be freed"))
        }
    }

    /// Splits the request by village; the stock is held already and stays so.
    async fn split(&self, tx: &Tx, lines: &[RequestLine]) -> Result<Vec<Notice>, Error> {
        let head = order_split::Head {
            order_id: self.order.id,
            number: self.order.number.clone(),
            ..place::head(&self.app, self.order.unit_id, Day(self.order.wanted_on))
        };
        let split = order_split::regroup(&head, lines)?;
        if split.total_fen != Fen(self.order.total_fen) {
            return Err(fault("a request's lines do not add up to its sum"));
        }
        store::village_order::insert(tx, &head.common(), &split.village_orders).await?;
        store::order_line::insert(tx, &split.lines).await?;
        Ok(place::offered(&split))
    }

    fn decision(&self, status: OrderStatus, now: Micros) -> Decision {
        Decision {
            order_id: self.order.id,
            revision: self.revision,
            status: status.as_str(),
            by: self.actor.person_id,
            by_name: self.actor.person_name.clone(),
            at: now.0,
            note: self.note.clone(),
        }
    }

    fn told(&self) -> Notice {
        Notice {
            to: To::Person(self.order.requested_by),
            kind: if self.approve {
                NoticeKind::OrderApproved
            } else {
                NoticeKind::OrderRejected
            },
            subject: self.order.number.clone(),
            path: format!("/orders/{}", self.order.id),
        }
    }
}

/// Refuses when something that is held can no longer be bought, naming it.
fn still_there(lines: &[RequestLine], today: Day) -> Result<(), Error> {
    let gone: Vec<FieldProblem> = lines
        .iter()
        .filter(|line| !revise::on_sale(line, today))
        .map(|line| FieldProblem::bound(format!("lines.{}", line.position), FieldCode::Gone, &line.name))
        .collect();
    if gone.is_empty() {
        Ok(())
    } else {
        Err(Error::invalid(gone))
    }
}

/// What was decided over an order, if anything was.
pub(super) fn decision_of(order: &OrderRecord, status: OrderStatus) -> Option<DecisionOut> {
    Some(DecisionOut {
        approved: status != OrderStatus::Rejected,
        by: order.decided_by_name.clone()?,
        at: Micros(order.decided_at?),
        note: order.decision_note.clone().unwrap_or_default(),
    })
}

/// Cancels requests that nobody decided while their stock was held, and frees it. Says how many it found; the program
/// runs it every minute.
///
/// # Errors
/// Whatever the database answers.
pub async fn expire_holds(app: &App) -> Result<usize, Error> {
    let due = store::approval::overdue(app.db.read(), app.now().0, 100).await?;
    for held in &due {
        let job = Arc::new((app.clone(), held.clone()));
        app.db
            .write(move |tx| {
                let job = Arc::clone(&job);
                async move { expire_in(tx, &job.0, &job.1).await }.boxed()
            })
            .await?;
    }
    Ok(due.len())
}

async fn expire_in(tx: &Tx, app: &App, held: &HeldRow) -> Result<(), Error> {
    let now = app.now();
    OrderStatus::Requested
        .next(OrderEvent::ExpireHold)
        .map_err(fault)?;
    if !store::approval::expire(tx, held, now.0).await? {
        // Decided or changed meanwhile.
        return Ok(());
    }
    let lines = store::request_line::of_revision(tx, held.id, held.revision).await?;
    let entry = Entry {
        action: "order.expire_hold",
        object_kind: "order",
        object_id: held.id.to_string(),
        order_id: Some(held.id),
        unit_id: Some(held.unit_id),
        ..Entry::default()
    };
    store::audit::insert(tx, now, None, vec![entry]).await?;
    let told = |to| Notice {
        to,
        kind: NoticeKind::HoldEnded,
        subject: held.number.clone(),
        path: format!("/orders/{}", held.id),
    };
    let approvers = To::Unit(held.unit_id, Role::UnitApprover);
    notice::tell(
        tx,
        now,
        vec![told(To::Person(held.requested_by)), told(approvers)],
    )
    .await?;
    if store::stock::change(tx, &revise::freed(&lines)).await? {
        Ok(())
    } else {
        Err(fault("held stock was not there to be freed"))
    }
}
