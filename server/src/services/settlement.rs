//! 结算: paying villages, households and co-ops what they were credited, in batches. One person of the centre's finance prepares,
//! another releases, the bank pays, and what it answers is kept payee by payee. What stands behind a sum is a list of
//! lines that never changes; what the bank sends back is owed again.

mod answer;
mod due;
mod item;
mod release;
mod result;

pub use answer::answer;
pub(crate) use due::payee_of;
pub use due::preview;
pub use item::{items, show_item};
pub use release::{BankFile, file, format_of, release, send};
pub use result::{apply, read_as, show_upload, upload};

use super::idempotency::{Key, once};
use super::notice::{self, Notice, NoticeKind, To};
use super::{App, Error, fault, paging, right};
use crate::ports::ids;
use crate::store::audit::Entry;
use crate::store::settlement::{BatchRecord, Due, NewItem};
use crate::store::settlement_item::Filter;
use crate::store::{self, Tx};
use due::Payable;
use futures::FutureExt as _;
use shared::api::page::Page;
use shared::api::problem::{Code, FieldCode, FieldProblem};
use shared::api::settlement::{BatchFile, BatchOut, BatchRow, SettlementIn};
use shared::domain::calendar::{Day, Micros};
use shared::domain::identity::{Actor, Role};
use shared::domain::money::Fen;
use shared::domain::rights::{Action, Place, Scope};
use shared::domain::settlement::{BatchStatus, PayeeKind};
use shared::domain::work::FileFormat;
use std::sync::Arc;
use uuid::Uuid;

/// Payees of a batch at the most: what is sent is one transaction of the ledger.
pub const ITEMS_MAX: usize = 1000;
/// Result files shown with a batch.
const UPLOADS_SHOWN: i64 = 50;

/// Batches, newest first.
///
/// # Errors
/// `Forbidden`; `Invalid` for a bad `after`.
pub async fn list(
    app: &App,
    actor: &Actor,
    status: Option<BatchStatus>,
    after: Option<&str>,
    limit: i64,
) -> Result<Page<BatchRow>, Error> {
    right::require(actor, Action::SettlementBatch, Place::DISTRICT)?;
    let limit = paging::limit(limit);
    let status = status.map(BatchStatus::as_str);
    let rows = store::settlement::batches(app.db.read(), status, paging::read(after)?, limit + 1).await?;
    paging::page(rows, limit, |row| (row.prepared_at, row.id), row_of)
}

/// One batch with a page of its payees: `after` is the place in the batch behind which to begin.
///
/// # Errors
/// `NotFound`, `Forbidden`; `Invalid` for a bad `after`.
pub async fn show(
    app: &App,
    actor: &Actor,
    id: Uuid,
    after: Option<&str>,
    limit: i64,
) -> Result<BatchOut, Error> {
    right::require(actor, Action::SettlementBatch, Place::DISTRICT)?;
    let read = app.db.read();
    let batch = store::settlement::batch(read, id)
        .await?
        .ok_or_else(Error::not_found)?;
    let after: i32 = match after.filter(|text| !text.is_empty()) {
        Some(text) => text
            .parse()
            .map_err(|_| Error::field("after", FieldCode::NotAChoice))?,
        None => 0,
    };
    let limit = paging::limit(limit);
    let filter = Filter {
        batch: Some(id),
        ..Filter::default()
    };
    let mut rows = store::settlement_item::of_batch(read, &filter, after, limit + 1).await?;
    let more = i64::try_from(rows.len()).map_err(fault)? > limit;
    rows.truncate(usize::try_from(limit).map_err(fault)?);
    let next = rows.last().filter(|_| more).map(|row| row.seq.to_string());
    let items = rows
        .iter()
        .map(|row| item::row_of(actor, row))
        .collect::<Result<_, _>>()?;
    let files = store::settlement_file::files(read, id).await?;
    let uploads = store::settlement_file::uploads(read, id, UPLOADS_SHOWN).await?;
    Ok(BatchOut {
        row: row_of(&batch)?,
        filter: filter_of(&batch),
        items: Page { items, next },
        files: files
            .into_iter()
            .map(|file| {
                Ok::<_, Error>(BatchFile {
                    format: FileFormat::from_name(&file.format)
                        .ok_or_else(|| fault("stored form of a file"))?,
                    name: file.name,
                    sha256: super::ledger::hex(&file.sha256),
                    bytes: file.bytes,
                })
            })
            .collect::<Result<_, _>>()?,
        uploads: uploads.iter().map(result::row_of).collect(),
        transaction_id: batch.transaction_id,
        own: batch.prepared_by == actor.person_id,
    })
}

/// Prepares a batch: whoever is owed something and can be paid, with the lines behind it. It waits for a second person.
///
/// # Errors
/// `Forbidden`; `Invalid`; `Changed` when it is no longer what the preview said; `WrongState` when there is nothing to
/// pay; `KeyReused`.
pub async fn prepare(app: &App, actor: &Actor, key: &Key, input: SettlementIn) -> Result<BatchOut, Error> {
    right::require(actor, Action::SettlementWrite, Place::DISTRICT)?;
    due_of(app, &input)?;
    let job = Arc::new((app.clone(), actor.clone(), input.clone()));
    let id = once(
        app,
        actor.person_id,
        "settlement.prepare",
        key,
        &input,
        move |tx| {
            let job = Arc::clone(&job);
            async move { prepare_in(tx, &job.0, &job.1, &job.2).await }.boxed()
        },
    )
    .await?;
    show(app, actor, id, None, paging::ROWS).await
}

async fn prepare_in(tx: &Tx, app: &App, actor: &Actor, input: &SettlementIn) -> Result<Uuid, Error> {
    let now = app.now();
    let due = due_of(app, input)?;
    let pays: Vec<Payable> = due::payables(tx, &due, input.min_fen)
        .await?
        .into_iter()
        .filter(|payable| payable.row.left_out.is_none())
        .collect();
    let total = Fen::checked_sum(pays.iter().map(|payable| payable.row.amount_fen)).map_err(fault)?;
    if pays.is_empty() {
        return Err(Error::wrong_state());
    }
    if input.expect_fen.is_some_and(|expected| expected != total) {
        return Err(Error::refused(Code::Changed));
    }
    let batch = BatchRecord {
        id: ids::new_id(now),
        number: ids::document_number('J', now.day()),
        status: BatchStatus::Open.as_str().to_owned(),
        advance: input.advance,
        town_code: input.town_code.clone(),
        payee_kind: input.payee_kind.map(|kind| kind.as_str().to_owned()),
        until_day: input.until.unwrap_or_else(|| now.day()).0,
        min_fen: input.min_fen.0,
        items: i64::try_from(pays.len()).map_err(fault)?,
        total_fen: total.0,
        confirmed_items: 0,
        confirmed_fen: 0,
        bounced_items: 0,
        bounced_fen: 0,
        prepared_by: actor.person_id,
        prepared_by_name: actor.person_name.clone(),
        prepared_at: now.0,
        released_by_name: None,
        released_at: None,
        sent_at: None,
        transaction_id: None,
        done_at: None,
    };
    let items = pays
        .into_iter()
        .zip(1..)
        .map(|(payable, seq)| new_item(now, &batch, payable, seq))
        .collect::<Result<_, _>>()?;
    if !store::settlement::insert(tx, &batch, items, &due).await? {
        // Somebody was faster with a part of it, or more was credited meanwhile: what is left is looked at again.
        return Err(Error::Again);
    }
    let entry = entry(
        "settlement.prepare",
        batch.id,
        format!("{} {}", batch.number, total.format_cny()),
    );
    store::audit::insert(tx, now, Some(actor), vec![entry]).await?;
    let told = Notice {
        to: To::Role(Role::CentreFinance),
        kind: NoticeKind::SettlementWaits,
        subject: batch.number.clone(),
        path: format!("/settlements/{}", batch.id),
    };
    notice::tell(tx, now, vec![told]).await?;
    Ok(batch.id)
}

fn new_item(now: Micros, batch: &BatchRecord, payable: Payable, seq: i32) -> Result<NewItem, Error> {
    let account = payable
        .account
        .ok_or_else(|| fault("a payee that is paid has an account"))?;
    let row = payable.row;
    Ok(NewItem {
        id: ids::new_id(now),
        seq,
        reference: format!("{}-{seq:04}", batch.number),
        payee_kind: row.payee.payee_kind.as_str(),
        payee: row.payee.payee,
        payee_name: row.payee.name,
        village_code: row.payee.village_code,
        amount_fen: row.amount_fen.0,
        back_fen: row.back_fen.0,
        lines: row.lines,
        account_name: account.account_name,
        account_no: account.account_no,
        bank_name: account.bank_name,
        cnaps: account.cnaps,
    })
}

/// Discards a batch before it is released; what stood in it is free again.
///
/// # Errors
/// `NotFound`, `Forbidden`; `WrongState` once it is released.
pub async fn discard(app: &App, actor: &Actor, key: &Key, id: Uuid) -> Result<BatchOut, Error> {
    right::require(actor, Action::SettlementWrite, Place::DISTRICT)?;
    let batch = store::settlement::batch(app.db.read(), id)
        .await?
        .ok_or_else(Error::not_found)?;
    let job = Arc::new((app.clone(), actor.clone(), batch));
    let () = once(app, actor.person_id, "settlement.discard", key, &id, move |tx| {
        let job = Arc::clone(&job);
        async move {
            let (app, actor, batch) = &*job;
            if !store::settlement::discard(tx, batch.id, app.now().0).await? {
                return Err(Error::wrong_state());
            }
            let entry = entry("settlement.discard", batch.id, batch.number.clone());
            Ok(store::audit::insert(tx, app.now(), Some(actor), vec![entry]).await?)
        }
        .boxed()
    })
    .await?;
    show(app, actor, id, None, paging::ROWS).await
}

/// What a batch pays, as the store asks for it.
fn due_of(app: &App, input: &SettlementIn) -> Result<Due, Error> {
    let mut problems = Vec::new();
    let today = app.today();
    let until = input.until.unwrap_or(today);
    if until > today {
        problems.push(FieldProblem::bound("until", FieldCode::TooLate, today));
    }
    if input.min_fen < Fen::ZERO {
        problems.push(FieldProblem::bound("min_fen", FieldCode::TooSmall, "0"));
    }
    if input.advance && !app.config.settle_advance {
        problems.push(FieldProblem::new("advance", FieldCode::NotAChoice));
    }
    let town = input.town_code.as_deref();
    if town.is_some_and(|code| code.len() != 9 || !code.bytes().all(|b| b.is_ascii_digit())) {
        problems.push(FieldProblem::new("town_code", FieldCode::Unknown));
    }
    if problems.is_empty() {
        Ok(Due {
            town_code: input.town_code.clone(),
            payee_kind: input.payee_kind.map(PayeeKind::as_str),
            until: until.add_days(1).start().0,
            advance: input.advance,
        })
    } else {
        Err(Error::invalid(problems))
    }
}

fn filter_of(batch: &BatchRecord) -> SettlementIn {
    SettlementIn {
        town_code: batch.town_code.clone(),
        payee_kind: batch.payee_kind.as_deref().and_then(PayeeKind::from_name),
        until: Some(Day(batch.until_day)),
        min_fen: Fen(batch.min_fen),
        advance: batch.advance,
        expect_fen: None,
    }
}

fn row_of(batch: &BatchRecord) -> Result<BatchRow, Error> {
    Ok(BatchRow {
        id: batch.id,
        number: batch.number.clone(),
        status: BatchStatus::from_name(&batch.status).ok_or_else(|| fault("stored state of a batch"))?,
        advance: batch.advance,
        items: batch.items,
        total_fen: Fen(batch.total_fen),
        confirmed_fen: Fen(batch.confirmed_fen),
        confirmed_items: batch.confirmed_items,
        bounced_fen: Fen(batch.bounced_fen),
        bounced_items: batch.bounced_items,
        prepared_by_name: batch.prepared_by_name.clone(),
        prepared_at: Micros(batch.prepared_at),
        released_by_name: batch.released_by_name.clone(),
        released_at: batch.released_at.map(Micros),
        sent_at: batch.sent_at.map(Micros),
        done_at: batch.done_at.map(Micros),
    })
}

/// What stands on record of a batch.
fn entry(action: &'static str, id: Uuid, detail: String) -> Entry {
    Entry {
        action,
        object_kind: "settlement",
        object_id: id.to_string(),
        detail,
        ..Entry::default()
    }
}

/// When the bank did something: on the day that was typed, within the day on which it was told today.
fn when(now: Micros, on: Option<Day>, not_before: i64) -> Result<Micros, Error> {
    let Some(on) = on.filter(|on| *on != now.day()) else {
        return Ok(now);
    };
    if on > now.day() {
        let problem = FieldProblem::bound("on", FieldCode::TooLate, now.day());
        return Err(Error::invalid(vec![problem]));
    }
    let first = Micros(not_before).day();
    if on < first {
        return Err(Error::invalid(vec![FieldProblem::bound(
            "on",
            FieldCode::TooEarly,
            first,
        )]));
    }
    // At the end of that day: behind whatever it follows.
    Ok(Micros(on.add_days(1).start().0 - 1))
}

/// The village, or the town, that a reader's settlements are narrowed to.
fn narrowed(actor: &Actor) -> Result<Filter, Error> {
    let mut filter = Filter::default();
    match right::reach(actor, Action::SettlementRead)? {
        Scope::OwnVillage => filter.village.clone_from(&actor.grant.village_code),
        Scope::OwnTown => filter.town.clone_from(&actor.grant.town_code),
        Scope::OwnUnit => return Err(Error::refused(Code::Forbidden)),
        Scope::District => {}
    }
    Ok(filter)
}
