//! Releasing a batch, its files for the bank, and telling that the bank has it.

use super::super::idempotency::{Key, once};
use super::super::{App, Error, fault, ledger, paging, period, right, step_up};
use super::{entry, show, when};
use crate::documents::sheet::{Cell, Writer};
use crate::ports::ids;
use crate::store::settlement::BatchRecord;
use crate::store::settlement_file::NewFile;
use crate::store::settlement_item::{Filter, ItemRecord};
use crate::store::{self, Tx};
use futures::FutureExt as _;
use sha2::{Digest as _, Sha256};
use shared::api::problem::{Code, FieldCode};
use shared::api::settlement::{BatchOut, SendIn};
use shared::domain::calendar::Day;
use shared::domain::identity::Actor;
use shared::domain::ledger::{Payee, PayeeSum, TransactionKind, settlement_sent_entries};
use shared::domain::money::Fen;
use shared::domain::rights::{Action, Place};
use shared::domain::settlement::PayeeKind;
use shared::domain::work::FileFormat;
use std::sync::Arc;
use uuid::Uuid;

/// The columns of a batch file, as the banks' templates for paying many at once have them.
const HEADING: [&str; 8] = [
    "业务编号",
    "收款人户名",
    "收款账号",
    "开户行名称",
    "联行号",
    "金额(元)",
    "用途",
    "备注",
];

/// Releases a batch that somebody else has prepared, and makes its files for the bank.
///
/// # Errors
/// `NotFound`, `Forbidden`; `StepUpNeeded`; `SamePerson` for whoever prepared it; `WrongState` when it does not wait;
/// `Changed` when a unit's payment was taken back since, so that a part of it may not be paid any more.
pub async fn release(app: &App, actor: &Actor, key: &Key, id: Uuid) -> Result<BatchOut, Error> {
    right::require(actor, Action::SettlementWrite, Place::DISTRICT)?;
    let batch = found(app, id).await?;
    step_up::require_recent(app, actor)?;
    if batch.prepared_by == actor.person_id {
        return Err(Error::refused(Code::SamePerson));
    }
    let items = items_of(app.db.read(), id).await?;
    let making = batch.clone();
    let files = tokio::task::spawn_blocking(move || files(&making, &items))
        .await
        .map_err(fault)??;
    let job = Arc::new((app.clone(), actor.clone(), batch, files));
    let () = once(app, actor.person_id, "settlement.release", key, &id, move |tx| {
        let job = Arc::clone(&job);
        async move {
            let (app, actor, batch, files) = &*job;
            let now = app.now();
            let by = (actor.person_id, actor.person_name.as_str());
            if !store::settlement::release(tx, batch.id, by, now.0).await? {
                return Err(Error::wrong_state());
            }
            if !batch.advance && store::settlement::unpaid_lines(tx, batch.id).await? > 0 {
                return Err(Error::refused(Code::Changed));
            }
            store::settlement_file::keep(tx, batch.id, files).await?;
            let hash = files.first().map(|file| ledger::hex(&file.sha256));
            let detail = format!("{} SHA-256 {}", batch.number, hash.unwrap_or_default());
            let entry = entry("settlement.release", batch.id, detail);
            Ok(store::audit::insert(tx, now, Some(actor), vec![entry]).await?)
        }
        .boxed()
    })
    .await?;
    show(app, actor, id, None, paging::ROWS).await
}

async fn found(app: &App, id: Uuid) -> Result<BatchRecord, Error> {
    store::settlement::batch(app.db.read(), id)
        .await?
        .ok_or_else(Error::not_found)
}

/// All payees of a batch.
pub(super) async fn items_of(
    connection: &impl sea_orm::ConnectionTrait,
    batch: Uuid,
) -> Result<Vec<ItemRecord>, Error> {
    let filter = Filter {
        batch: Some(batch),
        ..Filter::default()
    };
    let most = i64::try_from(super::ITEMS_MAX).map_err(fault)?;
    Ok(store::settlement_item::of_batch(connection, &filter, 0, most).await?)
}

fn files(batch: &BatchRecord, items: &[ItemRecord]) -> Result<Vec<NewFile>, Error> {
    let day = Day(batch.until_day);
    FileFormat::ALL
        .into_iter()
        .map(|format| {
            let mut writer = Writer::new(format, "批量付款", &HEADING)?;
            for item in items {
                let back = if item.back_fen == 0 {
                    String::new()
                } else {
                    format!("已扣冲减 {} 元", Fen(-item.back_fen).format_plain())
                };
                writer.row(&[
                    Cell::Text(item.reference.clone()),
                    Cell::Text(item.account_name.clone()),
                    Cell::Text(item.account_no.clone()),
                    Cell::Text(item.bank_name.clone()),
                    Cell::Text(item.cnaps.clone()),
                    Cell::Fen(item.amount_fen),
                    Cell::Text(format!("消费帮扶货款 截至 {}", day.format_long())),
                    Cell::Text(back),
                ])?;
            }
            let content = writer.finish()?;
            Ok(NewFile {
                format: format.as_str(),
                name: format!("{}.{}", batch.number, format.as_str()),
                sha256: Sha256::digest(&content).to_vec(),
                content,
            })
        })
        .collect()
}

/// A file for the bank.
#[derive(Clone, Debug)]
pub struct BankFile {
    /// Its name.
    pub name: String,
    /// Its bytes, the same every time.
    pub bytes: Vec<u8>,
}

/// The file of a released batch for the bank.
///
/// # Errors
/// `NotFound` before it is released; `Forbidden` for whoever may not see accounts.
pub async fn file(app: &App, actor: &Actor, id: Uuid, format: FileFormat) -> Result<BankFile, Error> {
    right::require(actor, Action::SettlementWrite, Place::DISTRICT)?;
    let file = store::settlement_file::file(app.db.read(), id, format.as_str())
        .await?
        .ok_or_else(Error::not_found)?;
    if Sha256::digest(&file.content).as_slice() != file.sha256 {
        return Err(fault(format!("the file of batch {id} is not what was released")));
    }
    Ok(BankFile {
        name: file.name,
        bytes: file.content,
    })
}

/// Marks a released batch as sent: what it pays is on its way, and no payee is owed it any more.
///
/// # Errors
/// `NotFound`, `Forbidden`; `WrongState` when it is not released; `Invalid` for a bad day; `KeyReused`.
pub async fn send(app: &App, actor: &Actor, key: &Key, id: Uuid, input: SendIn) -> Result<BatchOut, Error> {
    right::require(actor, Action::SettlementWrite, Place::DISTRICT)?;
    let batch = found(app, id).await?;
    if batch.released_at.is_none() && batch.done_at.is_none() {
        return Err(Error::wrong_state());
    }
    when(app.now(), input.on, batch.released_at.unwrap_or_default())?;
    let body = (id, input.clone());
    let job = Arc::new((app.clone(), actor.clone(), batch, input.on));
    let () = once(app, actor.person_id, "settlement.send", key, &body, move |tx| {
        let job = Arc::clone(&job);
        async move { send_in(tx, &job.0, &job.1, &job.2, job.3).await }.boxed()
    })
    .await?;
    show(app, actor, id, None, paging::ROWS).await
}

async fn send_in(
    tx: &Tx,
    app: &App,
    actor: &Actor,
    batch: &BatchRecord,
    on: Option<Day>,
) -> Result<(), Error> {
    let now = app.now();
    let wanted = when(now, on, batch.released_at.unwrap_or_default())?;
    let (effective_at, closed) = period::open_at(tx, wanted, now).await?;
    let items = items_of(tx, batch.id).await?;
    let transaction_id = ids::new_id(now);
    let posting = ledger::Posting {
        id: transaction_id,
        kind: TransactionKind::SettlementSent,
        document_kind: "settlement",
        document_id: batch.id,
        document_number: batch.number.clone(),
        effective_at,
        actor: Some((actor.person_id, actor.person_name.clone())),
        reverses: None,
        entries: settlement_sent_entries(&sums(&items)?).map_err(fault)?,
    };
    ledger::post(tx, now, &posting).await?;
    if !store::settlement::send(tx, batch.id, transaction_id, now.0).await? {
        return Err(Error::wrong_state());
    }
    let total = Fen(batch.total_fen).format_cny();
    let late = closed.map_or_else(String::new, |month| format!(" {month} 已月结，记在今天"));
    let entry = entry(
        "settlement.send",
        batch.id,
        format!("{} {total}{late}", batch.number),
    );
    Ok(store::audit::insert(tx, now, Some(actor), vec![entry]).await?)
}

/// What payees get, as the ledger posts it.
pub(super) fn sums(items: &[ItemRecord]) -> Result<Vec<PayeeSum>, Error> {
    items
        .iter()
        .map(|item| {
            let payee = match PayeeKind::from_name(&item.payee_kind) {
                Some(PayeeKind::Village) => Payee::Village(item.payee.clone()),
                Some(PayeeKind::Household) => Payee::Household(item.payee.clone()),
                Some(PayeeKind::Coop) => Payee::Coop(item.payee.clone()),
                None => return Err(fault("stored kind of payee")),
            };
            Ok(PayeeSum {
                payee,
                amount_fen: Fen(item.amount_fen),
            })
        })
        .collect()
}

/// A form of file by its name in an address.
///
/// # Errors
/// `Invalid` when it is none.
pub fn format_of(name: &str) -> Result<FileFormat, Error> {
    FileFormat::from_name(name).ok_or_else(|| Error::field("format", FieldCode::NotAChoice))
}
