//! A bank's statement: taken in as a file, its columns named once for each heading, then checked as long work.

use super::super::idempotency::{Key, once};
use super::super::{App, Error, fault, right, work};
use super::account;
use crate::documents::sheet::{self, Table};
use crate::store;
use crate::store::audit::Entry;
use crate::store::bank::StatementRow;
use futures::FutureExt as _;
use sha2::{Digest as _, Sha256};
use shared::api::problem::{FieldCode, FieldProblem};
use shared::api::receipt::{ColumnOf, StatementLayoutIn, StatementOut};
use shared::domain::hex::hex;
use shared::domain::identity::Actor;
use shared::domain::receipt::statement::Layout;
use shared::domain::rights::{Action, Place};
use std::sync::Arc;
use uuid::Uuid;

/// Rows shown below the heading.
const SAMPLES: usize = 5;

/// Reads a statement.
pub(in crate::services) fn read(bytes: &[u8]) -> Result<Table, Error> {
    Table::read(bytes, sheet::MAX_ROWS, |row| Layout::guess(row).known())
}

/// What a heading is known by.
fn fingerprint(heading: &[String]) -> String {
    let mut hasher = Sha256::new();
    for cell in heading {
        hasher.update(cell.trim().as_bytes());
        hasher.update([0x1f]);
    }
    hex(&hasher.finalize())
}

/// Takes a statement's file in. Nothing of it is read into the books before somebody has seen what would be.
///
/// # Errors
/// `Forbidden`; `NotFound` for no account; `TooLarge`, `UnsupportedFile`, `Malformed`; `KeyReused`.
pub async fn upload(
    app: &App,
    actor: &Actor,
    key: &Key,
    account_id: Uuid,
    bytes: Vec<u8>,
) -> Result<StatementOut, Error> {
    right::require(actor, Action::ReceiptWrite, Place::DISTRICT)?;
    let account = store::bank::account(app.db.read(), account_id)
        .await?
        .ok_or_else(Error::not_found)?;
    let reading = move || (read(&bytes), Sha256::digest(&bytes).to_vec(), bytes);
    let (table, hash, bytes) = tokio::task::spawn_blocking(reading).await.map_err(fault)?;
    let table = table?;
    let file_id = app.new_id();
    // Stored first: a statement without its file could never be read.
    app.files.put(file_id, bytes).await.map_err(fault)?;
    let samples: Vec<&Vec<String>> = table.rows.iter().take(SAMPLES).map(|row| &row.cells).collect();
    let row = StatementRow {
        id: app.new_id(),
        account_id,
        file_id,
        file_name: format!("{} {}", account.name, app.today()),
        fingerprint: fingerprint(&table.heading),
        heading_line: i64::try_from(table.heading_line).map_err(fault)?,
        heading: serde_json::to_string(&table.heading).map_err(fault)?,
        samples: serde_json::to_string(&samples).map_err(fault)?,
        total_rows: i64::try_from(table.rows.len()).map_err(fault)?,
        person_id: actor.person_id,
        person_name: actor.person_name.clone(),
        uploaded_at: app.now().0,
        work_id: None,
    };
    let job = Arc::new((actor.clone(), row, app.now()));
    let body = (account_id, hash);
    let id = once(app, actor.person_id, "receipt.upload", key, &body, move |tx| {
        let job = Arc::clone(&job);
        async move {
            let (actor, row, now) = &*job;
            store::bank::insert_statement(tx, row).await?;
            let entry = Entry {
                action: "receipt.upload",
                object_kind: "bank_statement",
                object_id: row.id.to_string(),
                detail: format!("{} ({} rows)", row.file_name, row.total_rows),
                ..Entry::default()
            };
            store::audit::insert(tx, *now, Some(actor), vec![entry]).await?;
            Ok(row.id)
        }
        .boxed()
    })
    .await?;
    show(app, actor, id).await
}

/// A statement: its heading, its first rows, and which column seems to be which.
///
/// # Errors
/// `Forbidden`, `NotFound`.
pub async fn show(app: &App, actor: &Actor, id: Uuid) -> Result<StatementOut, Error> {
    right::require(actor, Action::ReceiptWrite, Place::DISTRICT)?;
    let read = app.db.read();
    let row = store::bank::statement(read, id)
        .await?
        .ok_or_else(Error::not_found)?;
    let account = store::bank::account(read, row.account_id)
        .await?
        .ok_or_else(|| fault("a statement's account"))?;
    let heading: Vec<String> = serde_json::from_str(&row.heading).map_err(fault)?;
    let known = store::bank::layout(read, &row.fingerprint).await?;
    let layout = match &known {
        Some(text) => serde_json::from_str(text).map_err(fault)?,
        None => Layout::guess(&heading),
    };
    Ok(StatementOut {
        id,
        account: account::out(&account),
        file_name: row.file_name,
        heading_line: row.heading_line,
        heading,
        samples: serde_json::from_str(&row.samples).map_err(fault)?,
        total: row.total_rows,
        columns: (layout.0.into_iter())
            .map(|(field, column)| ColumnOf { field, column })
            .collect(),
        known: known.is_some(),
        work_id: row.work_id,
    })
}

/// What an import is asked to do.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub(in crate::services) struct Order {
    /// The account.
    pub account_id: Uuid,
    /// Which column is which.
    pub layout: Layout,
}

/// Says which column is which, remembers it for every file with this heading, and queues the check.
///
/// # Errors
/// `Forbidden`, `NotFound`; `Invalid` for a column that is none, named twice or missing; `TooManyTries`; `KeyReused`.
pub async fn check(
    app: &App,
    actor: &Actor,
    key: &Key,
    id: Uuid,
    input: &StatementLayoutIn,
) -> Result<StatementOut, Error> {
    right::require(actor, Action::ReceiptWrite, Place::DISTRICT)?;
    let row = store::bank::statement(app.db.read(), id)
        .await?
        .ok_or_else(Error::not_found)?;
    let heading: Vec<String> = serde_json::from_str(&row.heading).map_err(fault)?;
    let layout = layout_of(input, heading.len())?;
    let order = Order {
        account_id: row.account_id,
        layout: layout.clone(),
    };
    let queued = work::new_import(app, actor, super::SUBJECT, &row.file_name, row.file_id);
    let queued = store::work::WorkRow {
        input: serde_json::to_string(&order).map_err(fault)?,
        ..queued
    };
    let text = serde_json::to_string(&layout).map_err(fault)?;
    let job = Arc::new((actor.clone(), row, queued, text, app.now()));
    let () = once(
        app,
        actor.person_id,
        "receipt.check",
        key,
        &(id, input),
        move |tx| {
            let job = Arc::clone(&job);
            async move {
                let (actor, row, queued, text, now) = &*job;
                work::refuse_too_many(tx, actor).await?;
                store::bank::keep_layout(tx, &row.fingerprint, text, now.0).await?;
                store::work::insert(tx, queued).await?;
                store::bank::set_work(tx, row.id, queued.id).await?;
                let entry = Entry {
                    action: "receipt.check",
                    object_kind: "bank_statement",
                    object_id: row.id.to_string(),
                    detail: row.file_name.clone(),
                    ..Entry::default()
                };
                Ok(store::audit::insert(tx, *now, Some(actor), vec![entry]).await?)
            }
            .boxed()
        },
    )
    .await?;
    app.bell.notify_one();
    show(app, actor, id).await
}

pub(super) fn layout_of(input: &StatementLayoutIn, columns: usize) -> Result<Layout, Error> {
    let mut layout = Layout::default();
    let mut problems = Vec::new();
    for column in &input.columns {
        let name = column.field.as_str();
        if usize::from(column.column) >= columns {
            problems.push(FieldProblem::new(name, FieldCode::NotAChoice));
        } else if layout.0.insert(column.field, column.column).is_some() {
            problems.push(FieldProblem::new(name, FieldCode::Taken));
        }
    }
    let missing = layout.missing();
    problems.extend(missing.map(|field| FieldProblem::new(field.as_str(), FieldCode::Required)));
    if problems.is_empty() {
        Ok(layout)
    } else {
        Err(Error::invalid(problems))
    }
}
