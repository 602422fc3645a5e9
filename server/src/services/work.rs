//! 后台任务: long work that one can leave and come back to. Asked for here, done by the runner.

mod export;
mod import;
mod people;
mod runner;
mod statement;

pub use runner::{Outcome, release, run, run_next, run_steps};

use super::export::{self as lists, Reader};
use super::idempotency::{Key, once};
use super::{App, Error, fault, paging, register, right};
use crate::documents::sheet::{Cell, Writer};
use crate::store;
use crate::store::work::WorkRow;
use futures::FutureExt as _;
use sha2::{Digest as _, Sha256};
use shared::api::import::Register;
use shared::api::page::Page;
use shared::api::problem::{Code, FieldCode, FieldProblem};
use shared::api::work::{ExportIn, FileFormat, WorkKind, WorkOut, WorkStage, WorkState};
use shared::domain::calendar::Micros;
use shared::domain::identity::{Actor, Grant};
use shared::domain::rights::{Action, Place};
use std::sync::Arc;
use tokio::io::AsyncReadExt as _;
use uuid::Uuid;

/// How long files of ended work are kept.
const KEPT_DAYS: i64 = 30;
/// How much of one person's work may wait or be under way at once.
const OPEN_MAX: i64 = 20;
/// Refused rows shown on the page; the file has all.
const BAD_SHOWN: i64 = 100;
/// The longest name of a file that is kept.
const NAME_MAX: usize = 80;
/// The longest filter of an export.
const QUERY_MAX: usize = 2000;

/// Takes a register's file in and queues its check. Nothing is written before somebody has seen what would be.
///
/// # Errors
/// `Forbidden`; `TooLarge`, `UnsupportedFile`; `TooManyTries` when too much of one's work is open; `KeyReused`.
pub async fn import(
    app: &App,
    actor: &Actor,
    register: Register,
    name: &str,
    bytes: Vec<u8>,
    key: &Key,
) -> Result<WorkOut, Error> {
    register::require(actor, register)?;
    let reading = move || {
        (
            Sha256::digest(&bytes).to_vec(),
            crate::documents::sheet::check(&bytes),
            bytes,
        )
    };
    let (hash, good, bytes) = tokio::task::spawn_blocking(reading).await.map_err(fault)?;
    good?;
    let (id, file) = (app.new_id(), app.new_id());
    // Stored first: work without its file could never be done, a file without its work is only thrown away late.
    app.files.put(file, bytes).await.map_err(fault)?;
    let name: String = name
        .rsplit(['/', '\\'])
        .next()
        .unwrap_or_default()
        .chars()
        .filter(|c| !c.is_control())
        .take(NAME_MAX)
        .collect();
    let work = WorkRow {
        input_name: name.clone(),
        input_file: Some(file),
        ..new_work(app, actor, id, WorkKind::Import, register.as_str())
    };
    queue(app, actor, key, "work.import", &(register.as_str(), hash), work).await
}

/// Queues a list to be written to a file, as far as the actor may read it.
///
/// # Errors
/// `Forbidden`; `Invalid` for a filter that is none; `TooManyTries`; `KeyReused`.
pub async fn export(app: &App, actor: &Actor, input: &ExportIn, key: &Key) -> Result<WorkOut, Error> {
    if input.query.len() > QUERY_MAX {
        return Err(Error::invalid(vec![FieldProblem::bound(
            "query",
            FieldCode::TooLong,
            QUERY_MAX,
        )]));
    }
    // Asked already here, so that what could never be done is refused at once.
    let asked = lists::asked(app, &Reader::of(actor), input).await?;
    asked.check(app).await?;
    let work = WorkRow {
        input: serde_json::to_string(input).map_err(fault)?,
        ..new_work(app, actor, app.new_id(), WorkKind::Export, input.list.as_str())
    };
    queue(app, actor, key, "work.export", input, work).await
}

fn new_work(app: &App, actor: &Actor, id: Uuid, kind: WorkKind, subject: &str) -> WorkRow {
    WorkRow {
        id,
        kind: kind.as_str().to_owned(),
        subject: subject.to_owned(),
        person_id: actor.person_id,
        person_name: actor.person_name.clone(),
        grant_id: actor.grant.id,
        state: WorkState::Queued.as_str().to_owned(),
        stage: WorkStage::Check.as_str().to_owned(),
        whole: false,
        input: String::new(),
        input_name: String::new(),
        input_file: None,
        heading: String::new(),
        result_file: None,
        result_name: None,
        done: 0,
        total: 0,
        created_rows: 0,
        changed_rows: 0,
        unchanged_rows: 0,
        refused_rows: 0,
        problem: None,
        created_at: app.now().0,
        started_at: None,
        ended_at: None,
    }
}

/// An import of a file that is stored, to be queued by its own room.
pub(super) fn new_import(app: &App, actor: &Actor, subject: &str, name: &str, file: Uuid) -> WorkRow {
    WorkRow {
        input_name: name.to_owned(),
        input_file: Some(file),
        ..new_work(app, actor, app.new_id(), WorkKind::Import, subject)
    }
}

/// Refuses when too much of one's work is open.
///
/// # Errors
/// `TooManyTries`.
pub(super) async fn refuse_too_many(tx: &store::Tx, actor: &Actor) -> Result<(), Error> {
    if store::work::open_of_person(tx, actor.person_id).await? >= OPEN_MAX {
        return Err(Error::refused(Code::TooManyTries));
    }
    Ok(())
}

async fn queue<B: serde::Serialize>(
    app: &App,
    actor: &Actor,
    key: &Key,
    operation: &'static str,
    body: &B,
    work: WorkRow,
) -> Result<WorkOut, Error> {
    let job = Arc::new((actor.clone(), work, app.now()));
    let id = once(app, actor.person_id, operation, key, body, move |tx| {
        let job = Arc::clone(&job);
        async move {
            let (actor, work, now) = &*job;
            refuse_too_many(tx, actor).await?;
            store::work::insert(tx, work).await?;
            let entry = store::audit::Entry {
                action: operation,
                object_kind: "work",
                object_id: work.id.to_string(),
                detail: work.subject.clone(),
                ..Default::default()
            };
            store::audit::insert(tx, *now, Some(actor), vec![entry]).await?;
            Ok(work.id)
        }
        .boxed()
    })
    .await?;
    app.bell.notify_one();
    show(app, actor, id).await
}

/// One's own long work, newest first.
///
/// # Errors
/// `Invalid` for a key that is none.
pub async fn list(app: &App, actor: &Actor, after: Option<&str>, limit: i64) -> Result<Page<WorkOut>, Error> {
    right::require(actor, Action::SelfRead, Place::DISTRICT)?;
    let limit = paging::limit(limit);
    let before = paging::read(after)?;
    let rows = store::work::of_person(app.db.read(), actor.person_id, before, limit + 1).await?;
    paging::page(rows, limit, |row| (row.created_at, row.id), out_of)
}

/// One piece of one's own long work, with its first refused rows.
///
/// # Errors
/// `NotFound` when there is none or it is another's.
pub async fn show(app: &App, actor: &Actor, id: Uuid) -> Result<WorkOut, Error> {
    let row = own(app, actor, id).await?;
    let refused = store::work::refused(app.db.read(), id, 0, BAD_SHOWN).await?;
    Ok(WorkOut {
        bad: refused.into_iter().map(|one| one.bad).collect(),
        ..out_of(&row)?
    })
}

async fn own(app: &App, actor: &Actor, id: Uuid) -> Result<WorkRow, Error> {
    store::work::find(app.db.read(), id)
        .await?
        .filter(|row| row.person_id == actor.person_id)
        .ok_or_else(Error::not_found)
}

/// Lets a checked import be written, or goes on with what was stopped or failed.
///
/// # Errors
/// `NotFound`; `Forbidden` when the right was lost; `StepUpNeeded` before people get roles; `WrongState` when it is not one that waits, or rows are refused and
/// all or none were asked for.
pub async fn go(app: &App, actor: &Actor, id: Uuid, whole: bool, key: &Key) -> Result<WorkOut, Error> {
    let row = own(app, actor, id).await?;
    let kind = kind_of(&row)?;
    if row.subject == super::receipt::SUBJECT && kind == WorkKind::Import {
        right::require(actor, Action::ReceiptWrite, Place::DISTRICT)?;
    }
    if let Some(register) = Register::from_name(&row.subject).filter(|_| kind == WorkKind::Import) {
        register::require(actor, register)?;
        if register == Register::People {
            super::step_up::require_recent(app, actor)?;
        }
    }
    let waiting = row.state == WorkState::Waiting.as_str();
    if waiting && whole && row.refused_rows > 0 {
        return Err(Error::wrong_state());
    }
    let checked = waiting || row.stage == WorkStage::Write.as_str();
    let stage = if checked && kind == WorkKind::Import {
        WorkStage::Write
    } else {
        WorkStage::Check
    };
    let fresh = waiting || stage == WorkStage::Check;
    let by = Arc::new((actor.clone(), app.now()));
    once(app, actor.person_id, "work.go", key, &(id, whole), move |tx| {
        let by = Arc::clone(&by);
        async move {
            if !store::work::go(tx, id, stage.as_str(), whole, fresh).await? {
                return Err(Error::wrong_state());
            }
            let entry = store::audit::Entry {
                action: "work.go",
                object_kind: "work",
                object_id: id.to_string(),
                ..Default::default()
            };
            Ok(store::audit::insert(tx, by.1, Some(&by.0), vec![entry]).await?)
        }
        .boxed()
    })
    .await?;
    app.bell.notify_one();
    show(app, actor, id).await
}

/// Stops one's own long work: what is written stays, the rest is left.
///
/// # Errors
/// `NotFound`; `WrongState` when it has ended.
pub async fn stop(app: &App, actor: &Actor, id: Uuid) -> Result<WorkOut, Error> {
    own(app, actor, id).await?;
    let by = Arc::new((actor.clone(), app.now()));
    app.db
        .write(move |tx| {
            let by = Arc::clone(&by);
            async move {
                if !store::work::stop(tx, id, by.1.0).await? {
                    return Err(Error::wrong_state());
                }
                let entry = store::audit::Entry {
                    action: "work.stop",
                    object_kind: "work",
                    object_id: id.to_string(),
                    ..Default::default()
                };
                Ok(store::audit::insert(tx, by.1, Some(&by.0), vec![entry]).await?)
            }
            .boxed()
        })
        .await?;
    show(app, actor, id).await
}

/// A file to hand over.
#[derive(Debug)]
pub struct FileOut {
    /// Its name.
    pub name: String,
    /// What stands in it.
    pub content: Content,
}

/// What stands in a file.
#[derive(Debug)]
pub enum Content {
    /// A small one, in memory.
    Bytes(Vec<u8>),
    /// A stored one, to be read one part after the other, and how many bytes it has.
    Stored(tokio::fs::File, u64),
}

impl FileOut {
    /// All of it at once: for small ones.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn read(self) -> std::io::Result<Vec<u8>> {
        match self.content {
            Content::Bytes(bytes) => Ok(bytes),
            Content::Stored(mut file, _) => {
                let mut bytes = Vec::new();
                file.read_to_end(&mut bytes).await?;
                Ok(bytes)
            }
        }
    }
}

/// The file that came of one's own work, while one still holds the role it was asked in.
///
/// # Errors
/// `NotFound` when there is none, it is another's, or the role was withdrawn.
pub async fn result(app: &App, actor: &Actor, id: Uuid) -> Result<FileOut, Error> {
    let row = own(app, actor, id).await?;
    grant_of(app, &row).await?;
    let (Some(file), Some(name)) = (row.result_file, row.result_name) else {
        return Err(Error::not_found());
    };
    let stored = app.files.open(file).await.map_err(fault)?;
    let (file, bytes) = stored.ok_or_else(Error::not_found)?;
    Ok(FileOut {
        name,
        content: Content::Stored(file, bytes),
    })
}

/// The refused rows of an import as a workbook with the reason in its last column: mended, it can be taken in again.
///
/// # Errors
/// `NotFound` when there are none or they are another's.
pub async fn refused(
    app: &App,
    actor: &Actor,
    id: Uuid,
    words: impl Fn(&shared::api::import::BadRow) -> String,
) -> Result<FileOut, Error> {
    let row = own(app, actor, id).await?;
    grant_of(app, &row).await?;
    let mut heading: Vec<String> = serde_json::from_str(&row.heading).unwrap_or_default();
    let columns = heading.len();
    // A file that was refused once has the column already.
    heading.retain(|name| name != REASON);
    let keep = heading.len();
    heading.push(REASON.to_owned());
    let names: Vec<&str> = heading.iter().map(String::as_str).collect();
    let mut writer = Writer::new(FileFormat::Xlsx, "退回的行", &names)?;
    let (mut after, mut any) = (0, false);
    loop {
        let rows = store::work::refused(app.db.read(), id, after, 1000).await?;
        let Some(last) = rows.last() else { break };
        after = i64::try_from(last.bad.line).map_err(fault)?;
        for one in rows {
            any = true;
            let mut cells: Vec<Cell> = one
                .cells
                .iter()
                .take(columns)
                .take(keep)
                .map(|cell| Cell::Text(cell.clone()))
                .collect();
            cells.resize(keep, Cell::Empty);
            cells.push(Cell::Text(words(&one.bad)));
            writer.row(&cells)?;
        }
    }
    if !any {
        return Err(Error::not_found());
    }
    Ok(FileOut {
        name: format!("{}-退回的行.xlsx", row.subject),
        content: Content::Bytes(writer.finish()?),
    })
}

/// The heading over the reasons.
const REASON: &str = "退回原因";

/// A workbook to fill in: the headings with an example row, and a sheet that explains them.
///
/// # Errors
/// `Forbidden`.
pub fn template(actor: &Actor, register: Register) -> Result<FileOut, Error> {
    register::require(actor, register)?;
    let mut book = rust_xlsxwriter::Workbook::new();
    let bold = rust_xlsxwriter::Format::new().set_bold();
    let text = rust_xlsxwriter::Format::new().set_num_format("@");
    let page = book.add_worksheet();
    page.set_name("填写").map_err(fault)?;
    for (column, one) in (0_u16..).zip(register.columns()) {
        page.set_column_width(column, 20).map_err(fault)?;
        // Codes are text: a spreadsheet would cut their noughts and their last digits.
        page.set_column_format(column, &text).map_err(fault)?;
        page.write_string_with_format(0, column, one.zh, &bold)
            .map_err(fault)?;
        page.write_string_with_format(1, column, one.example, &text)
            .map_err(fault)?;
    }
    let notes = book.add_worksheet();
    notes.set_name("说明").map_err(fault)?;
    for (column, (name, width)) in
        (0_u16..).zip([("列", 18.0), ("必填", 8.0), ("怎么填", 60.0), ("例", 24.0)])
    {
        notes.set_column_width(column, width).map_err(fault)?;
        notes
            .write_string_with_format(0, column, name, &bold)
            .map_err(fault)?;
    }
    for (row, one) in (1_u32..).zip(register.columns()) {
        let must = if one.needed { "是" } else { "" };
        for (column, words) in (0_u16..).zip([one.zh, must, one.note, one.example]) {
            notes.write_string(row, column, words).map_err(fault)?;
        }
    }
    Ok(FileOut {
        name: format!("{}.xlsx", register.as_str()),
        content: Content::Bytes(book.save_to_buffer().map_err(fault)?),
    })
}

/// Throws away the files of work that ended long ago. Called by the program itself.
///
/// # Errors
/// When the database cannot be reached.
pub async fn tidy(app: &App) -> Result<(), Error> {
    let before = app.now().plus_days(-KEPT_DAYS).0;
    for row in store::work::ended_before(app.db.read(), before, 50).await? {
        for file in [row.input_file, row.result_file].into_iter().flatten() {
            app.files.remove(file).await.map_err(fault)?;
        }
        let id = row.id;
        app.db
            .write(move |tx| async move { Ok(store::work::forget(tx, id).await?) }.boxed())
            .await?;
    }
    Ok(())
}

/// The role that work was asked in, while its person still holds it.
async fn grant_of(app: &App, row: &WorkRow) -> Result<Grant, Error> {
    let held = super::person::grants_of(app, &[row.person_id]).await?;
    held.into_iter()
        .map(|(_, grant)| grant)
        .find(|grant| grant.id == row.grant_id)
        .ok_or_else(Error::not_found)
}

fn kind_of(row: &WorkRow) -> Result<WorkKind, Error> {
    WorkKind::from_name(&row.kind)
        .ok_or_else(|| fault(format!("stored kind of work '{}' is unknown", row.kind)))
}

fn out_of(row: &WorkRow) -> Result<WorkOut, Error> {
    let state = WorkState::from_name(&row.state);
    let stage = WorkStage::from_name(&row.stage);
    let problem = row.problem.clone().map(serde_json::Value::String);
    Ok(WorkOut {
        id: row.id,
        kind: kind_of(row)?,
        subject: row.subject.clone(),
        state: state.ok_or_else(|| fault(format!("stored state of work '{}' is unknown", row.state)))?,
        stage: stage.ok_or_else(|| fault(format!("stored stage of work '{}' is unknown", row.stage)))?,
        whole: row.whole,
        input_name: row.input_name.clone(),
        done: row.done,
        total: row.total,
        created: row.created_rows,
        changed: row.changed_rows,
        unchanged: row.unchanged_rows,
        refused: row.refused_rows,
        problem: problem.and_then(|name| serde_json::from_value(name).ok()),
        result_name: row.result_name.clone(),
        person_name: row.person_name.clone(),
        created_at: Micros(row.created_at),
        started_at: row.started_at.map(Micros),
        ended_at: row.ended_at.map(Micros),
        bad: Vec::new(),
    })
}
