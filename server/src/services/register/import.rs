//! Filling a register from a small file at once: good rows are written together, bad ones are named, known ones are left
//! alone. Large files go through long work (`services/work`), which decides row by row in the same way.

use super::fill::{Filling, Seen};
use super::sheet::Heading;
use crate::documents::sheet::{self, Raw};
use crate::services::idempotency::{self, Key};
use crate::services::{App, Error, right, search};
use crate::store::work::Counts;
use crate::store::{self, Tx};
use futures::FutureExt as _;
use sha2::{Digest as _, Sha256};
use shared::api::import::{BadRow, ImportOut, Register};
use shared::api::problem::Code;
use shared::domain::identity::Actor;
use shared::domain::rights::{Action, Place};
use std::ops::ControlFlow;
use std::sync::Arc;

/// How many rows are decided over at once.
pub const BATCH: usize = 500;

/// Fills a register from a CSV or XLSX file. Importing the same file twice changes nothing the second time.
///
/// # Errors
/// `Forbidden`; `TooLarge`; `UnsupportedFile` or `Malformed` when the file is no table; `WrongState` for people and
/// offers, which go through long work; `KeyReused`.
pub async fn import(
    app: &App,
    actor: &Actor,
    register: Register,
    bytes: impl AsRef<[u8]> + Send + 'static,
    key: &Key,
) -> Result<ImportOut, Error> {
    require(actor, register)?;
    if matches!(register, Register::Offers | Register::People) {
        return Err(Error::refused(Code::WrongState));
    }
    let reading = move || {
        let mut all = All::default();
        let read = sheet::read(bytes.as_ref(), &mut all).map(|()| all);
        (Sha256::digest(bytes.as_ref()).to_vec(), read)
    };
    let (hash, file) = tokio::task::spawn_blocking(reading)
        .await
        .map_err(crate::services::fault)?;
    let file = Arc::new(file?);
    let filling = Filling {
        register,
        heading: Arc::new(Heading::of(register.columns(), &file.heading)),
        now: app.now(),
        today: app.today(),
    };
    let by = actor.clone();
    let body = (register.as_str(), hash);
    let done = idempotency::once(app, actor.person_id, "register.import", key, &body, move |tx| {
        let (file, by, filling) = (Arc::clone(&file), by.clone(), filling.clone());
        async move {
            let done = write(tx, &filling, &file.rows, &by).await?;
            let entry = entry_of(register, &done);
            store::audit::insert(tx, filling.now, Some(&by), vec![entry]).await?;
            Ok(done)
        }
        .boxed()
    })
    .await?;
    search::renamed(app);
    Ok(done)
}

/// Refuses unless the actor may fill this register: people take the right over people, goods the right over goods.
///
/// # Errors
/// `Forbidden`.
pub fn require(actor: &Actor, register: Register) -> Result<(), Error> {
    right::require(actor, Action::RegisterWrite, Place::DISTRICT)?;
    match register {
        Register::People => right::require(actor, Action::PeopleWrite, Place::DISTRICT),
        Register::Households | Register::Offers => right::require(actor, Action::OfferWrite, Place::DISTRICT),
        Register::Towns
        | Register::Villages
        | Register::Units
        | Register::Pairings
        | Register::Sellers
        | Register::Produce => Ok(()),
    }
}

/// What stands on record of an import.
fn entry_of(register: Register, done: &ImportOut) -> store::audit::Entry {
    store::audit::Entry {
        action: "register.import",
        object_kind: "register",
        object_id: register.as_str().to_owned(),
        detail: format!(
            "{} rows: {} new, {} changed, {} unchanged, {} refused",
            done.rows,
            done.created,
            done.updated,
            done.unchanged,
            done.bad.len()
        ),
        ..Default::default()
    }
}

#[derive(Default)]
struct All {
    heading: Vec<String>,
    rows: Vec<Raw>,
}

impl sheet::Read for All {
    fn heading(&mut self, cells: Vec<String>) -> ControlFlow<()> {
        self.heading = cells;
        ControlFlow::Continue(())
    }

    fn row(&mut self, row: Raw) -> ControlFlow<()> {
        self.rows.push(row);
        ControlFlow::Continue(())
    }
}

async fn write(tx: &Tx, filling: &Filling, rows: &[Raw], by: &Actor) -> Result<ImportOut, Error> {
    if !filling.heading.missing.is_empty() {
        return Ok(out(Counts::default(), filling.heading.missing.clone()));
    }
    let (mut seen, mut all, mut bad) = (Seen::default(), Counts::default(), Vec::new());
    for rows in rows.chunks(BATCH) {
        filling.hold(tx, rows).await?;
        let mut batch = filling.decide(tx, rows, &seen).await?;
        seen.add(std::mem::take(&mut batch.seen));
        bad.append(&mut batch.bad);
        all.done += batch.counts.done;
        all.created += batch.counts.created;
        all.changed += batch.counts.changed;
        all.unchanged += batch.counts.unchanged;
        batch.write(tx, filling.now, by).await?;
    }
    Ok(out(all, bad))
}

fn out(counts: Counts, bad: Vec<BadRow>) -> ImportOut {
    let count = |rows: i64| u32::try_from(rows).unwrap_or(u32::MAX);
    ImportOut {
        rows: count(counts.done),
        created: count(counts.created),
        updated: count(counts.changed),
        unchanged: count(counts.unchanged),
        bad,
    }
}
