//! An import: every row is looked at first; once somebody has said so, the good ones are written, a batch a
//! transaction, with the place where it stands.

use super::people;
use super::runner::{Ended, Held};
use crate::documents::sheet::{self, Raw};
use crate::services::register::fill::{Batch, Filling, Seen};
use crate::services::register::sheet::Heading;
use crate::services::register::{BATCH, require};
use crate::services::{App, Error, fault, search};
use crate::store;
use crate::store::work::{Counts, Refused};
use futures::FutureExt as _;
use shared::api::import::{BadRow, Register};
use shared::api::problem::Code;
use shared::api::work::{WorkStage, WorkState};
use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::Arc;
use tokio::sync::mpsc;

/// Runs the stage that the work is in. `None` when it was left.
pub(super) async fn run(app: &App, held: &mut Held) -> Result<Option<Ended>, Error> {
    let register = Register::from_name(&held.work.subject).ok_or_else(|| fault("work names no register"))?;
    require(&held.actor, register)?;
    let file = held.work.input_file.ok_or_else(Error::not_found)?;
    let bytes = app
        .files
        .get(file)
        .await
        .map_err(fault)?
        .ok_or_else(Error::not_found)?;
    let bytes: Arc<[u8]> = bytes.into();
    let (heading, total) = measured(Arc::clone(&bytes)).await?;
    let filling = Filling {
        register,
        heading: Arc::new(Heading::of(register.columns(), &heading)),
        now: app.now(),
        today: app.today(),
    };
    let writing = held.work.stage == WorkStage::Write.as_str();
    if held.work.done == 0 && !begin(app, held, &heading, total).await? {
        return Ok(None);
    }
    if !filling.heading.missing.is_empty() {
        refuse(app, held, filling.heading.missing.clone()).await?;
        return Err(Error::refused(Code::Invalid));
    }
    let whole = writing && held.work.whole && register != Register::Offers;
    let finished = if whole {
        all_or_nothing(app, held, &filling, bytes).await?
    } else {
        batch_by_batch(app, held, &filling, bytes, writing).await?
    };
    if writing {
        // Also what was written of it before it was left.
        search::renamed(app);
    }
    if !finished {
        return Ok(None);
    }
    if !writing {
        return Ok(Some(Ended {
            state: WorkState::Waiting,
            result: None,
            entry: None,
        }));
    }
    let result = if register == Register::People {
        people::links(app, held, &filling.heading).await?
    } else {
        None
    };
    let entry = store::audit::Entry {
        action: "register.import",
        object_kind: "register",
        object_id: register.as_str().to_owned(),
        detail: format!("{} ({} rows)", held.work.id, total),
        ..Default::default()
    };
    Ok(Some(Ended {
        state: WorkState::Done,
        result,
        entry: Some(entry),
    }))
}

/// The heading and how many rows there are. Reads the whole file, so that nothing is begun that cannot be ended.
async fn measured(bytes: Arc<[u8]>) -> Result<(Vec<String>, i64), Error> {
    #[derive(Default)]
    struct Measure(Vec<String>, i64);
    impl sheet::Read for Measure {
        fn heading(&mut self, cells: Vec<String>) -> ControlFlow<()> {
            self.0 = cells;
            ControlFlow::Continue(())
        }

        fn row(&mut self, _: Raw) -> ControlFlow<()> {
            self.1 += 1;
            ControlFlow::Continue(())
        }
    }
    tokio::task::spawn_blocking(move || {
        let mut measure = Measure::default();
        sheet::read(&bytes, &mut measure).map(|()| (measure.0, measure.1))
    })
    .await
    .map_err(fault)?
}

/// The rows of a file in batches; at most two wait in memory.
pub(super) fn batches(bytes: Arc<[u8]>) -> mpsc::Receiver<Vec<Raw>> {
    struct Send(Vec<Raw>, mpsc::Sender<Vec<Raw>>);
    impl Send {
        fn flush(&mut self) -> ControlFlow<()> {
            let rows = std::mem::take(&mut self.0);
            match self.1.blocking_send(rows) {
                Ok(()) => ControlFlow::Continue(()),
                // Nobody wants more.
                Err(_) => ControlFlow::Break(()),
            }
        }
    }
    impl sheet::Read for Send {
        fn heading(&mut self, _: Vec<String>) -> ControlFlow<()> {
            ControlFlow::Continue(())
        }

        fn row(&mut self, row: Raw) -> ControlFlow<()> {
            self.0.push(row);
            if self.0.len() < BATCH {
                return ControlFlow::Continue(());
            }
            self.flush()
        }
    }
    let (sender, receiver) = mpsc::channel(2);
    tokio::task::spawn_blocking(move || {
        let mut send = Send(Vec::new(), sender);
        // It was read to its end before: what is wrong with it was said then.
        if sheet::read(&bytes, &mut send).is_ok() && !send.0.is_empty() {
            let _ = send.flush();
        }
    });
    receiver
}

pub(super) async fn begin(app: &App, held: &Held, heading: &[String], total: i64) -> Result<bool, Error> {
    let (id, holder) = (held.work.id, held.holder);
    let heading = serde_json::to_string(heading).map_err(fault)?;
    app.db
        .write(move |tx| {
            let heading = heading.clone();
            async move { Ok(store::work::begin_stage(tx, id, holder, total, &heading).await?) }.boxed()
        })
        .await
}

/// Keeps what is wrong with the file as a whole.
async fn refuse(app: &App, held: &Held, bad: Vec<BadRow>) -> Result<(), Error> {
    let id = held.work.id;
    let refused = Arc::new(with_cells(bad, &[]));
    app.db
        .write(move |tx| {
            let refused = Arc::clone(&refused);
            async move { Ok(store::work::refuse(tx, id, &refused).await?) }.boxed()
        })
        .await
}

pub(super) fn with_cells(bad: Vec<BadRow>, rows: &[Raw]) -> Vec<Refused> {
    let cells: HashMap<u64, &Raw> = rows.iter().map(|row| (row.line, row)).collect();
    bad.into_iter()
        .map(|bad| Refused {
            cells: cells
                .get(&bad.line)
                .map(|row| row.cells.clone())
                .unwrap_or_default(),
            bad,
        })
        .collect()
}

/// Looks at, or writes, one batch after the other. Says whether it came to the end.
async fn batch_by_batch(
    app: &App,
    held: &mut Held,
    filling: &Filling,
    bytes: Arc<[u8]>,
    writing: bool,
) -> Result<bool, Error> {
    let mut rows = batches(bytes);
    let mut seen = Arc::new(Seen::default());
    let mut behind = usize::try_from(held.work.done).unwrap_or_default();
    while let Some(batch) = rows.recv().await {
        // What was done before the program went down is only looked at again, for what it said.
        if behind > 0 {
            let decided = filling.decide(app.db.read(), &batch, &seen).await?;
            Arc::make_mut(&mut seen).add(decided.seen);
            behind = behind.saturating_sub(batch.len());
            continue;
        }
        if !held.step(app) {
            return Ok(false);
        }
        let batch = Arc::new(batch);
        let said = match (writing, filling.register) {
            (true, Register::Offers) => list(app, held, filling, &batch, &seen).await?,
            (true, _) => write(app, held, filling, &batch, &seen).await?,
            (false, _) => look(app, held, filling, &batch, &seen).await?,
        };
        let Some(said) = said else {
            return Ok(false);
        };
        Arc::make_mut(&mut seen).add(said);
    }
    Ok(true)
}

/// Counts a batch and keeps its refused rows. `false` when the work is no longer ours.
pub(super) async fn keep(
    tx: &store::Tx,
    held: &Held,
    until: i64,
    counts: Counts,
    refused: &[Refused],
) -> Result<bool, Error> {
    if !store::work::advance(tx, held.work.id, held.holder, until, counts).await? {
        return Ok(false);
    }
    if !refused.is_empty() {
        store::work::refuse(tx, held.work.id, refused).await?;
    }
    Ok(true)
}

async fn look(
    app: &App,
    held: &Held,
    filling: &Filling,
    rows: &Arc<Vec<Raw>>,
    seen: &Arc<Seen>,
) -> Result<Option<Seen>, Error> {
    let decided = filling.decide(app.db.read(), rows, seen).await?;
    let counts = decided.counts;
    count(app, held, counts, with_cells(decided.bad, rows))
        .await
        .map(|ours| ours.then_some(decided.seen))
}

pub(super) async fn count(
    app: &App,
    held: &Held,
    counts: Counts,
    refused: Vec<Refused>,
) -> Result<bool, Error> {
    let job = Arc::new((held.clone(), refused, Held::lease_until(app)));
    app.db
        .write(move |tx| {
            let job = Arc::clone(&job);
            async move { keep(tx, &job.0, job.2, counts, &job.1).await }.boxed()
        })
        .await
}

/// Decides, writes and counts in one transaction: a batch is done once, however often the program dies.
async fn write(
    app: &App,
    held: &Held,
    filling: &Filling,
    rows: &Arc<Vec<Raw>>,
    seen: &Arc<Seen>,
) -> Result<Option<Seen>, Error> {
    let job = Arc::new((
        held.clone(),
        filling.clone(),
        Arc::clone(rows),
        Arc::clone(seen),
        Held::lease_until(app),
    ));
    app.db
        .write(move |tx| {
            let job = Arc::clone(&job);
            async move {
                let (held, filling, rows, seen, until) = &*job;
                filling.hold(tx, rows).await?;
                let mut batch = filling.decide(tx, rows, seen).await?;
                let refused = with_cells(std::mem::take(&mut batch.bad), rows);
                if !keep(tx, held, *until, batch.counts, &refused).await? {
                    return Ok(None);
                }
                let said = std::mem::take(&mut batch.seen);
                batch.write(tx, filling.now, &held.actor).await?;
                Ok(Some(said))
            }
            .boxed()
        })
        .await
}

/// Lists a batch of offers: each by a key of its own, so that a batch done twice lists nothing twice.
async fn list(
    app: &App,
    held: &Held,
    filling: &Filling,
    rows: &Arc<Vec<Raw>>,
    seen: &Arc<Seen>,
) -> Result<Option<Seen>, Error> {
    let mut batch: Batch = filling.decide(app.db.read(), rows, seen).await?;
    let late = batch.list(app, &held.actor, held.work.id).await?;
    let more = i64::try_from(late.len()).map_err(fault)?;
    batch.counts.created -= more;
    batch.counts.refused += more;
    batch.bad.extend(late);
    let ours = count(app, held, batch.counts, with_cells(batch.bad, rows)).await?;
    Ok(ours.then_some(batch.seen))
}

/// Writes all rows in one transaction, or none when any is refused.
async fn all_or_nothing(
    app: &App,
    held: &mut Held,
    filling: &Filling,
    bytes: Arc<[u8]>,
) -> Result<bool, Error> {
    if !held.step(app) {
        return Ok(false);
    }
    let mut all = Vec::new();
    let mut rows = batches(bytes);
    while let Some(batch) = rows.recv().await {
        all.push(batch);
    }
    let job = Arc::new((held.clone(), filling.clone(), all, Held::lease_until(app)));
    let written = app
        .db
        .write(move |tx| {
            let job = Arc::clone(&job);
            async move {
                let (held, filling, all, until) = &*job;
                let (mut seen, mut bad) = (Seen::default(), Vec::new());
                for rows in all {
                    filling.hold(tx, rows).await?;
                    let mut batch = filling.decide(tx, rows, &seen).await?;
                    bad.extend(with_cells(std::mem::take(&mut batch.bad), rows));
                    if bad.is_empty() {
                        if !keep(tx, held, *until, batch.counts, &[]).await? {
                            return Ok(false);
                        }
                        seen.add(std::mem::take(&mut batch.seen));
                        batch.write(tx, filling.now, &held.actor).await?;
                    }
                }
                // Given up as a whole: the registers changed since they were looked at.
                if bad.is_empty() {
                    Ok(true)
                } else {
                    Err(Error::refused(Code::Changed))
                }
            }
            .boxed()
        })
        .await?;
    Ok(written)
}
