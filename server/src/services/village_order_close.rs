//! Ending a village order short: the centre says that what is still to come will not come any more.

use super::idempotency::{Key, once};
use super::notice::{Notice, NoticeKind, To, tell};
use super::{App, Error, fault, order, right, shortfall, village_order};
use crate::store::order_line::LineRecord;
use crate::store::stock::Change;
use crate::store::village_order::{Step, VillageOrderRecord};
use crate::store::{self, Tx};
use futures::FutureExt as _;
use shared::api::problem::{FieldCode, FieldProblem};
use shared::api::village_order::CloseShortIn;
use shared::domain::identity::Actor;
use shared::domain::rights::Action;
use shared::domain::village_order::VillageOrderEvent;
use std::sync::Arc;
use uuid::Uuid;

/// Characters of a reason.
const REASON: std::ops::RangeInclusive<usize> = 2..=100;

/// Ends a village order that was confirmed but will not come: the goods leave the lot, the village and the unit are told.
///
/// # Errors
/// `WrongState` once the goods are on the way, before the village has answered, or when it has ended; `Invalid` for a
/// reason that is too short or too long; `NotFound`, `Forbidden`.
pub async fn close_short(
    app: &App,
    actor: &Actor,
    key: &Key,
    id: Uuid,
    input: CloseShortIn,
) -> Result<(), Error> {
    right::reach(actor, Action::VillageOrderMove)?;
    let record = village_order::find(app.db.read(), id).await?;
    right::require(actor, Action::VillageOrderMove, village_order::place_of(&record))?;
    let length = input.reason.trim().chars().count();
    if length < *REASON.start() {
        return Err(Error::field("reason", FieldCode::ReasonNeeded));
    }
    if length > *REASON.end() {
        let problem = FieldProblem::bound("reason", FieldCode::TooLong, *REASON.end());
        return Err(Error::invalid(vec![problem]));
    }
    let body = (id, input.clone());
    let job = Arc::new((app.clone(), actor.clone(), record, input));
    once(
        app,
        actor.person_id,
        "village_order.close_short",
        key,
        &body,
        move |tx| {
            let job = Arc::clone(&job);
            async move { close_in(tx, &job.0, &job.1, &job.2, job.3.reason.trim()).await }.boxed()
        },
    )
    .await
}

async fn close_in(
    tx: &Tx,
    app: &App,
    actor: &Actor,
    record: &VillageOrderRecord,
    reason: &str,
) -> Result<(), Error> {
    let now = app.now();
    store::order::touch(tx, &[record.order_id], now.0).await?;
    let current = village_order::find(tx, record.id).await?;
    let from = village_order::status_of(&current.status)?;
    // Before the village has answered it is the village's to decline.
    let to = from
        .next(VillageOrderEvent::Cancel)
        .ok()
        .filter(|_| from.can(VillageOrderEvent::Pack) || from.can(VillageOrderEvent::Collect))
        .ok_or_else(Error::wrong_state)?;
    let step = Step {
        id: record.id,
        from: from.as_str(),
        to: to.as_str(),
    };
    if !store::village_order::step(tx, &[step], None, now.0).await? {
        return Err(Error::Again);
    }
    let lines = store::order_line::of_village_orders(tx, &[record.id]).await?;
    let missing: Vec<Change> = order::held(&lines)
        .into_iter()
        .map(|held| Change {
            qty: held.reserved,
            ..held
        })
        .collect();
    order::derive(tx, &[record.order_id], true).await?;
    let detail = format!("{} {reason}", record.number);
    let entry = village_order::entry(record, "village_order.close_short", detail);
    store::audit::insert(tx, now, Some(actor), vec![entry]).await?;
    let to_village = Notice {
        to: To::Village(record.village_code.clone()),
        kind: NoticeKind::VillageOrderClosedShort,
        subject: format!("{} {}", record.number, record.goods),
        path: format!("/village-orders/{}", record.id),
    };
    tell(tx, now, vec![to_village]).await?;
    // The unit counted on the goods: it is told, and chooses what to do without them.
    let lost = |line: &LineRecord| line.confirmed_qty.unwrap_or(line.qty);
    let why = NoticeKind::VillageOrderClosedShort;
    shortfall::open(tx, app, why, &[&current], &lines, lost).await?;
    if store::stock::change(tx, &missing).await? {
        Ok(())
    } else {
        Err(fault("reserved stock was not there"))
    }
}
