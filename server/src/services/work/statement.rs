//! Taking a bank statement in: every row is looked at first; once somebody has said so, new ones are booked to suspense, a
//! batch a transaction, and what agrees with a bill in code and sum pays it.

use super::import::{begin, count, keep, with_cells};
use super::runner::{Ended, Held};
use crate::documents::sheet::Raw;
use crate::documents::sheet::Table;
use crate::services::receipt::{self, Arrival, Order, Seen};
use crate::services::register::BATCH;
use crate::services::{App, Error, fault, right};
use crate::store;
use futures::FutureExt as _;
use shared::api::work::{WorkStage, WorkState};
use shared::domain::rights::{Action, Place};
use std::sync::Arc;

/// Runs the stage that the work is in. `None` when it was left.
pub(super) async fn run(app: &App, held: &mut Held) -> Result<Option<Ended>, Error> {
    right::require(&held.actor, Action::ReceiptWrite, Place::DISTRICT)?;
    let order: Order = serde_json::from_str(&held.work.input).map_err(fault)?;
    let file = held.work.input_file.ok_or_else(Error::not_found)?;
    let bytes = app.files.get(file).await.map_err(fault)?;
    let bytes = bytes.ok_or_else(Error::not_found)?;
    let table = tokio::task::spawn_blocking(move || receipt::read_statement(&bytes)).await;
    let Table { heading, rows, .. } = table.map_err(fault)??;
    let total = i64::try_from(rows.len()).map_err(fault)?;
    let arrival = Arc::new(Arrival {
        account_id: order.account_id,
        layout: order.layout,
        heading,
        actor: held.actor.clone(),
        now: app.now(),
        limit_fen: receipt::limit(app)?,
    });
    let writing = held.work.stage == WorkStage::Write.as_str();
    if held.work.done == 0 && !begin(app, held, &arrival.heading, total).await? {
        return Ok(None);
    }
    let mut seen = Seen::default();
    let behind = usize::try_from(held.work.done).unwrap_or_default();
    for (at, rows) in rows.chunks(BATCH).enumerate() {
        // What was written before the program went down is known by its numbers; a check begins anew with what it said.
        if writing && at * BATCH < behind {
            continue;
        }
        if !writing && at * BATCH < behind {
            arrival.decide(app.db.read(), rows, &seen).await?.tell(&mut seen);
            continue;
        }
        if !held.step(app) {
            return Ok(None);
        }
        let ours = if writing {
            write(app, held, &arrival, rows).await?
        } else {
            let mut decided = arrival.decide(app.db.read(), rows, &seen).await?;
            decided.tell(&mut seen);
            let counts = decided.counts();
            count(
                app,
                held,
                counts,
                with_cells(std::mem::take(&mut decided.bad), rows),
            )
            .await?
        };
        if !ours {
            return Ok(None);
        }
    }
    if !writing {
        return Ok(Some(Ended {
            state: WorkState::Waiting,
            result: None,
            entry: None,
        }));
    }
    receipt::match_imported(app).await?;
    let entry = store::audit::Entry {
        action: "receipt.import",
        object_kind: "bank_account",
        object_id: order.account_id.to_string(),
        detail: format!("{} ({total} rows)", held.work.id),
        ..Default::default()
    };
    Ok(Some(Ended {
        state: WorkState::Done,
        result: None,
        entry: Some(entry),
    }))
}

/// Decides, writes and counts in one transaction: a batch is done once, however often the program dies. What agrees then
/// pays its bill, each by itself.
async fn write(app: &App, held: &Held, arrival: &Arc<Arrival>, rows: &[Raw]) -> Result<bool, Error> {
    let job = Arc::new((
        held.clone(),
        Arc::clone(arrival),
        rows.to_vec(),
        Held::lease_until(app),
    ));
    let ours = app
        .db
        .write(move |tx| {
            let job = Arc::clone(&job);
            async move {
                let (held, arrival, rows, until) = &*job;
                let mut decided = arrival.decide(tx, rows, &Seen::default()).await?;
                let counts = decided.counts();
                let refused = with_cells(std::mem::take(&mut decided.bad), rows);
                if !keep(tx, held, *until, counts, &refused).await? {
                    return Ok(false);
                }
                arrival.write(tx, &decided).await?;
                Ok(true)
            }
            .boxed()
        })
        .await?;
    if ours {
        receipt::match_imported(app).await?;
    }
    Ok(ours)
}
