//! A payee's part of a batch: for the centre, and for the village that wants to see what it was paid for.

use super::super::{App, Error, fault, paging, right};
use super::narrowed;
use crate::store;
use crate::store::settlement_item::{ItemRecord, LineRecord};
use shared::api::page::Page;
use shared::api::settlement::{ItemLine, ItemOut, ItemRow, PayeeOut};
use shared::domain::bank_account::masked;
use shared::domain::calendar::Micros;
use shared::domain::identity::Actor;
use shared::domain::money::Fen;
use shared::domain::rights::{Action, Place, Scope};
use shared::domain::settlement::{PayeeKind, SettlementStatus};
use uuid::Uuid;

/// Lines of one payee's part at the most.
pub(crate) const LINES_MAX: i64 = 3000;

/// Payees' parts as far as the actor may see them, newest first. A village sees its own, its households' and co-ops', a town
/// those of its villages and no household's.
///
/// # Errors
/// `Forbidden`; `Invalid` for a bad `after`.
pub async fn items(
    app: &App,
    actor: &Actor,
    status: Option<SettlementStatus>,
    after: Option<&str>,
    limit: i64,
) -> Result<Page<ItemRow>, Error> {
    let mut filter = narrowed(actor)?;
    filter.status = status.map(SettlementStatus::as_str);
    let limit = paging::limit(limit);
    let before = paging::read(after)?;
    let rows = store::settlement_item::newest(app.db.read(), &filter, before, limit + 1).await?;
    paging::page(
        rows,
        limit,
        |row| (row.prepared_at, row.id),
        |row| row_of(actor, row),
    )
}

/// One payee's part with every line behind it.
///
/// # Errors
/// `NotFound`, `Forbidden`.
pub async fn show_item(app: &App, actor: &Actor, id: Uuid) -> Result<ItemOut, Error> {
    let record = find(app, actor, id).await?;
    let lines = store::settlement_item::lines(app.db.read(), &record, LINES_MAX).await?;
    Ok(ItemOut {
        row: row_of(actor, &record)?,
        batch_number: record.batch_number.clone(),
        lines: lines.into_iter().map(line_of).collect(),
    })
}

/// A payee's part that the actor may see.
pub(super) async fn find(app: &App, actor: &Actor, id: Uuid) -> Result<ItemRecord, Error> {
    let scope = right::reach(actor, Action::SettlementRead)?;
    let record = store::settlement_item::find(app.db.read(), id)
        .await?
        .ok_or_else(Error::not_found)?;
    right::require(
        actor,
        Action::SettlementRead,
        Place::village(&record.village_code),
    )?;
    let household = record.payee_kind == PayeeKind::Household.as_str();
    let open = record.status == SettlementStatus::Open.as_str();
    if scope == Scope::OwnTown && household || scope != Scope::District && open {
        return Err(Error::not_found());
    }
    Ok(record)
}

/// A payee's part as it crosses the wire; the account in full for those alone who check accounts.
pub(super) fn row_of(actor: &Actor, record: &ItemRecord) -> Result<ItemRow, Error> {
    let whole = actor.may(Action::PayeeAccountCheck, Place::DISTRICT);
    Ok(ItemRow {
        id: record.id,
        batch_id: record.batch_id,
        reference: record.reference.clone(),
        payee: PayeeOut {
            payee_kind: PayeeKind::from_name(&record.payee_kind)
                .ok_or_else(|| fault("stored kind of payee"))?,
            payee: record.payee.clone(),
            name: record.payee_name.clone(),
            village_code: record.village_code.clone(),
            village_name: record.village_name.clone(),
            town_name: record.town_name.clone(),
        },
        amount_fen: Fen(record.amount_fen),
        back_fen: Fen(record.back_fen),
        lines: record.lines,
        status: SettlementStatus::from_name(&record.status)
            .ok_or_else(|| fault("stored state of a settlement"))?,
        reason: record.reason.clone(),
        account_name: record.account_name.clone(),
        account_no: if whole {
            record.account_no.clone()
        } else {
            masked(&record.account_no)
        },
        bank_name: record.bank_name.clone(),
        prepared_at: Micros(record.prepared_at),
        decided_at: record.decided_at.map(Micros),
    })
}

fn line_of(line: LineRecord) -> ItemLine {
    ItemLine {
        at: Micros(line.credited_at),
        source_kind: line.source_kind,
        source_id: line.source_id,
        source_number: line.source_number,
        village_name: line.village_name,
        goods: line.goods.unwrap_or_default(),
        unit_name: line.unit_name.unwrap_or_default(),
        why: line.why.unwrap_or_default(),
        paid_before: line.paid_before.unwrap_or_default(),
        amount_fen: Fen(line.amount_fen),
    }
}
