//! 银行回盘: the bank's result file, taken in, looked at row by row, and applied. The same rows a second time change nothing.

use super::super::idempotency::{Key, once};
use super::super::{App, Error, fault, right};
use super::answer::{answers, apply as apply_answers};
use super::entry;
use super::release::items_of;
use crate::documents::sheet::Table;
use crate::store;
use crate::store::settlement::BatchRecord;
use crate::store::settlement_file::UploadRecord;
use crate::store::settlement_item::ItemRecord;
use futures::FutureExt as _;
use sha2::{Digest as _, Sha256};
use shared::api::problem::{FieldCode, FieldProblem};
use shared::api::settlement::{ResultLayoutIn, ResultRow, UploadOut, UploadRow};
use shared::domain::calendar::Micros;
use shared::domain::identity::Actor;
use shared::domain::money::Fen;
use shared::domain::rights::{Action, Place};
use shared::domain::settlement::result::{Judged, Known, Layout, RowVerdict, judge};
use shared::domain::settlement::{SettlementEvent, SettlementStatus};
use std::collections::BTreeMap;
use std::sync::Arc;
use uuid::Uuid;

/// Rows of a result file at the most: a batch has at most 1,000 payees.
const ROWS_MAX: usize = 5000;
/// Rows shown.
const ROWS_SHOWN: usize = 500;
/// The longest name of a file that is kept.
const NAME_MAX: usize = 80;
/// Characters of a bank's reason that are kept.
const REASON_MAX: usize = 100;
/// Words for one outcome at the most, and characters of one.
const WORDS_MAX: usize = 20;
const WORD_MAX: usize = 30;

/// Takes in a result file of the bank for a batch that was sent. Nothing is applied before somebody has looked at it.
///
/// # Errors
/// `NotFound`, `Forbidden`; `WrongState` when the batch was not sent; `TooLarge`, `UnsupportedFile`, `Malformed`.
pub async fn upload(
    app: &App,
    actor: &Actor,
    key: &Key,
    batch_id: Uuid,
    name: &str,
    bytes: Vec<u8>,
) -> Result<UploadOut, Error> {
    right::require(actor, Action::SettlementWrite, Place::DISTRICT)?;
    let batch = batch_of(app, batch_id).await?;
    let reading = move || {
        let read = Table::read(&bytes, ROWS_MAX, |row| Layout::guessed(row).known());
        (Sha256::digest(&bytes).to_vec(), read)
    };
    let (hash, read) = tokio::task::spawn_blocking(reading).await.map_err(fault)?;
    let read = read?;
    let lines: Lines = read.rows.into_iter().map(|row| (row.line, row.cells)).collect();
    let record = UploadRecord {
        id: app.new_id(),
        batch_id,
        name: clean_name(name),
        heading: serde_json::to_string(&read.heading).map_err(fault)?,
        rows: i64::try_from(lines.len()).map_err(fault)?,
        by_name: actor.person_name.clone(),
        at: app.now().0,
        applied_at: None,
    };
    let cells = serde_json::to_string(&lines).map_err(fault)?;
    let body = (batch_id, hash.clone());
    let job = Arc::new((app.now(), actor.clone(), record, hash, cells, batch.number));
    let id = once(app, actor.person_id, "settlement.upload", key, &body, move |tx| {
        let job = Arc::clone(&job);
        async move {
            let (now, actor, record, hash, cells, number) = &*job;
            let id = store::settlement_file::put_upload(tx, record, hash.clone(), cells).await?;
            let detail = format!("{number} {} {} 行", record.name, record.rows);
            let entry = entry("settlement.upload", record.batch_id, detail);
            store::audit::insert(tx, *now, Some(actor), vec![entry]).await?;
            Ok(id)
        }
        .boxed()
    })
    .await?;
    show_upload(app, actor, batch_id, id).await
}

fn clean_name(name: &str) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    name.chars().filter(|c| !c.is_control()).take(NAME_MAX).collect()
}

async fn batch_of(app: &App, id: Uuid) -> Result<BatchRecord, Error> {
    let batch = store::settlement::batch(app.db.read(), id)
        .await?
        .ok_or_else(Error::not_found)?;
    if answers(&batch) {
        Ok(batch)
    } else {
        Err(Error::wrong_state())
    }
}

async fn upload_of(app: &App, batch_id: Uuid, id: Uuid) -> Result<UploadRecord, Error> {
    store::settlement_file::upload(app.db.read(), id)
        .await?
        .filter(|upload| upload.batch_id == batch_id)
        .ok_or_else(Error::not_found)
}

/// A result file as it would be applied now.
///
/// # Errors
/// `NotFound`, `Forbidden`.
pub async fn show_upload(app: &App, actor: &Actor, batch_id: Uuid, id: Uuid) -> Result<UploadOut, Error> {
    right::require(actor, Action::SettlementBatch, Place::DISTRICT)?;
    let record = upload_of(app, batch_id, id).await?;
    let heading = heading_of(&record)?;
    let remembered = store::settlement_file::layout(app.db.read(), &record.heading).await?;
    let layout = remembered
        .and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_else(|| Layout::guessed(&heading));
    looked_at(app, record, heading, layout).await
}

/// Says how files with these headings are read from now on, and looks at the file in that way.
///
/// # Errors
/// `NotFound`, `Forbidden`; `Invalid` for a column that the file does not have, or no words.
pub async fn read_as(
    app: &App,
    actor: &Actor,
    key: &Key,
    (batch_id, id): (Uuid, Uuid),
    input: ResultLayoutIn,
) -> Result<UploadOut, Error> {
    right::require(actor, Action::SettlementWrite, Place::DISTRICT)?;
    let record = upload_of(app, batch_id, id).await?;
    let layout = checked(&input.layout, heading_of(&record)?.len())?;
    let text = serde_json::to_string(&layout).map_err(fault)?;
    let job = Arc::new((app.now(), actor.clone(), record, text));
    let () = once(
        app,
        actor.person_id,
        "settlement.layout",
        key,
        &(id, layout),
        move |tx| {
            let job = Arc::clone(&job);
            async move {
                let (now, actor, record, text) = &*job;
                store::settlement_file::remember(tx, &record.heading, text, now.0).await?;
                let entry = entry("settlement.layout", record.batch_id, record.name.clone());
                Ok(store::audit::insert(tx, *now, Some(actor), vec![entry]).await?)
            }
            .boxed()
        },
    )
    .await?;
    show_upload(app, actor, batch_id, id).await
}

fn checked(layout: &Layout, columns: usize) -> Result<Layout, Error> {
    let mut problems = Vec::new();
    let named = [
        ("reference", layout.reference),
        ("account", layout.account),
        ("amount", layout.amount),
        ("outcome", layout.outcome),
        ("reason", layout.reason),
    ];
    for (name, column) in named {
        if column.is_some_and(|at| usize::from(at) >= columns) {
            problems.push(FieldProblem::new(name, FieldCode::NotAChoice));
        }
    }
    for (name, missing) in [
        ("account", layout.account.is_none() && layout.reference.is_none()),
        ("amount", layout.amount.is_none()),
        ("outcome", layout.outcome.is_none()),
    ] {
        if missing {
            problems.push(FieldProblem::new(name, FieldCode::Required));
        }
    }
    let clean = |words: &[String]| -> Vec<String> {
        let words = words.iter().map(|word| word.trim().to_owned());
        words.filter(|word| !word.is_empty()).collect()
    };
    let (paid, bounced) = (clean(&layout.paid_words), clean(&layout.bounced_words));
    for (name, words) in [("paid_words", &paid), ("bounced_words", &bounced)] {
        let long = words.iter().any(|word| word.chars().count() > WORD_MAX);
        if words.is_empty() {
            problems.push(FieldProblem::new(name, FieldCode::Required));
        } else if long || words.len() > WORDS_MAX {
            problems.push(FieldProblem::bound(name, FieldCode::TooLong, WORD_MAX));
        }
    }
    if let Some(word) = paid.iter().find(|word| bounced.contains(word)) {
        problems.push(FieldProblem::bound("bounced_words", FieldCode::Taken, word));
    }
    if problems.is_empty() {
        Ok(Layout {
            paid_words: paid,
            bounced_words: bounced,
            ..layout.clone()
        })
    } else {
        Err(Error::invalid(problems))
    }
}

fn heading_of(record: &UploadRecord) -> Result<Vec<String>, Error> {
    serde_json::from_str(&record.heading).map_err(fault)
}

type Lines = Vec<(u64, Vec<String>)>;

async fn lines_of(connection: &impl sea_orm::ConnectionTrait, id: Uuid) -> Result<Lines, Error> {
    let text = store::settlement_file::cells(connection, id)
        .await?
        .ok_or_else(Error::not_found)?;
    serde_json::from_str(&text).map_err(fault)
}

fn judged(layout: &Layout, items: &[ItemRecord], lines: &Lines) -> Result<Vec<Judged>, Error> {
    let known = items
        .iter()
        .map(|item| {
            Ok::<_, Error>(Known {
                id: item.id,
                reference: item.reference.clone(),
                account: item.account_no.clone(),
                amount: Fen(item.amount_fen),
                status: SettlementStatus::from_name(&item.status)
                    .ok_or_else(|| fault("stored state of a settlement"))?,
            })
        })
        .collect::<Result<Vec<_>, _>>()?;
    let cells: Vec<Vec<String>> = lines.iter().map(|(_, cells)| cells.clone()).collect();
    Ok(judge(layout, &known, &cells))
}

async fn looked_at(
    app: &App,
    record: UploadRecord,
    heading: Vec<String>,
    layout: Layout,
) -> Result<UploadOut, Error> {
    let read = app.db.read();
    let items = items_of(read, record.batch_id).await?;
    let lines = lines_of(read, record.id).await?;
    let verdicts = judged(&layout, &items, &lines)?;
    let names: BTreeMap<Uuid, &str> = items
        .iter()
        .map(|item| (item.id, item.payee_name.as_str()))
        .collect();
    let count = |is: &dyn Fn(RowVerdict) -> bool| {
        i64::try_from(verdicts.iter().filter(|row| is(row.verdict)).count()).unwrap_or(i64::MAX)
    };
    let mut rows: Vec<ResultRow> = lines
        .into_iter()
        .zip(&verdicts)
        .map(|((line, cells), judged)| ResultRow {
            line,
            cells,
            verdict: judged.verdict,
            payee_name: judged
                .item
                .and_then(|id| names.get(&id))
                .map(|name| (*name).to_owned())
                .unwrap_or_default(),
        })
        .collect();
    // What has to be looked at stands first, and then as in the file.
    rows.sort_by_key(|row| !row.verdict.is_refused());
    rows.truncate(ROWS_SHOWN);
    let number = items.first().map(|item| item.batch_number.clone());
    Ok(UploadOut {
        row: row_of(&record),
        batch_id: record.batch_id,
        batch_number: number.unwrap_or_default(),
        heading,
        layout,
        confirms: count(&|verdict| verdict == RowVerdict::Confirm),
        bounces: count(&|verdict| verdict == RowVerdict::Bounce),
        same: count(&|verdict| verdict == RowVerdict::Same),
        refused: count(&RowVerdict::is_refused),
        rows,
    })
}

/// Applies a result file: every row that names a payee, its sum and a known outcome counts, the others are left and can be
/// mended.
///
/// # Errors
/// `NotFound`, `Forbidden`; `WrongState` while it cannot be read at all; `KeyReused`.
pub async fn apply(
    app: &App,
    actor: &Actor,
    key: &Key,
    batch_id: Uuid,
    id: Uuid,
) -> Result<UploadOut, Error> {
    right::require(actor, Action::SettlementWrite, Place::DISTRICT)?;
    let shown = show_upload(app, actor, batch_id, id).await?;
    if !shown.layout.is_whole() {
        return Err(Error::wrong_state());
    }
    let batch = batch_of(app, batch_id).await?;
    let job = Arc::new((app.clone(), actor.clone(), batch, shown.layout, shown.row.name));
    let () = once(
        app,
        actor.person_id,
        "settlement.results",
        key,
        &(batch_id, id),
        move |tx| {
            let job = Arc::clone(&job);
            async move {
                let (app, actor, batch, layout, name) = &*job;
                let items = items_of(tx, batch.id).await?;
                let verdicts = judged(layout, &items, &lines_of(tx, id).await?)?;
                let mut counts = Vec::new();
                for (verdict, event) in [
                    (RowVerdict::Confirm, SettlementEvent::Confirm),
                    (RowVerdict::Bounce, SettlementEvent::Bounce),
                ] {
                    let found = chosen(&items, &verdicts, verdict);
                    counts.push(found.len().to_string());
                    apply_answers(tx, app, actor, batch, event, None, &found).await?;
                }
                let now = app.now();
                store::settlement_file::applied(tx, id, now.0).await?;
                let detail = format!("{} {name} {}", batch.number, counts.join("/"));
                let entry = entry("settlement.results", batch.id, detail);
                Ok(store::audit::insert(tx, now, Some(actor), vec![entry]).await?)
            }
            .boxed()
        },
    )
    .await?;
    show_upload(app, actor, batch_id, id).await
}

/// The payees of whom the file says this, with the bank's words.
fn chosen(items: &[ItemRecord], verdicts: &[Judged], verdict: RowVerdict) -> Vec<(ItemRecord, String)> {
    verdicts
        .iter()
        .filter(|judged| judged.verdict == verdict)
        .filter_map(|judged| {
            let item = items.iter().find(|item| Some(item.id) == judged.item)?;
            let reason = judged.reason.chars().filter(|c| !c.is_control()).take(REASON_MAX);
            Some((item.clone(), reason.collect()))
        })
        .collect()
}

/// A result file as it crosses the wire.
pub(super) fn row_of(record: &UploadRecord) -> UploadRow {
    UploadRow {
        id: record.id,
        name: record.name.clone(),
        rows: record.rows,
        by_name: record.by_name.clone(),
        at: Micros(record.at),
        applied_at: record.applied_at.map(Micros),
    }
}
