//! A unit's statement of account: every transaction that changed what it owes or what it has on deposit, with the balance
//! after each, out of the ledger itself.

use super::super::{App, Error, fault, paging, right};
use crate::store;
use crate::store::account::{AccountRow, Owed};
use shared::api::bill::{AccountLine, UnitAccountOut};
use shared::api::page::Page;
use shared::api::problem::FieldCode;
use shared::domain::calendar::Micros;
use shared::domain::identity::Actor;
use shared::domain::ledger::{AccountKind, TransactionKind};
use shared::domain::money::Fen;
use shared::domain::rights::{Action, Place};
use uuid::Uuid;

/// A unit's statement of account, newest first.
///
/// # Errors
/// `Invalid` for a bad `after`; `NotFound`, `Forbidden`.
pub async fn statement(
    app: &App,
    actor: &Actor,
    unit_id: Uuid,
    after: Option<&str>,
    limit: i64,
) -> Result<UnitAccountOut, Error> {
    right::require(actor, Action::BillRead, Place::unit(unit_id))?;
    let read = app.db.read();
    let unit = store::unit::billing(read, unit_id)
        .await?
        .ok_or(Error::not_found())?;
    let owner = unit_id.to_string();
    let before = read_key(after)?;
    let limit = paging::limit(limit);
    let mut rows = store::account::lines(read, &owner, before, limit + 1).await?;
    let take = usize::try_from(limit).map_err(fault)?;
    let more = rows.len() > take;
    rows.truncate(take);
    let next = rows
        .last()
        .filter(|_| more)
        .map(|row| format!("{}_{}_{}", row.recorded_at, row.transaction_id, row.seq));
    let begin = match rows.first() {
        Some(first) => store::account::balance_at(read, &owner, key_of(first)).await?,
        None => 0,
    };
    let Owed {
        owed_fen,
        deposit_fen,
        overdue_fen,
        unbilled_fen,
    } = store::account::owed(read, unit_id, app.today().0).await?;
    Ok(UnitAccountOut {
        unit_id,
        unit_name: unit.name,
        owed_fen: Fen(owed_fen),
        overdue_fen: Fen(overdue_fen),
        unbilled_fen: Fen(unbilled_fen),
        deposit_fen: Fen(deposit_fen),
        lines: Page {
            items: lines(&rows, begin)?,
            next,
        },
    })
}

/// Lines, newest first, each with the balance after it; `balance` is that after the newest.
fn lines(rows: &[AccountRow], mut balance: i64) -> Result<Vec<AccountLine>, Error> {
    let mut lines = Vec::with_capacity(rows.len());
    for row in rows {
        lines.push(AccountLine {
            transaction_id: row.transaction_id,
            kind: TransactionKind::from_name(&row.kind).ok_or_else(|| fault("stored transaction kind"))?,
            account: AccountKind::from_name(&row.account_kind).ok_or_else(|| fault("stored account kind"))?,
            at: Micros(row.effective_at),
            document_kind: row.document_kind.clone(),
            document_id: row.document_id,
            document_number: row.document_number.clone(),
            amount_fen: Fen(row.amount_fen),
            balance_fen: Fen(balance),
        });
        balance = balance
            .checked_sub(row.amount_fen)
            .ok_or_else(|| fault("a balance overflows"))?;
    }
    Ok(lines)
}

const fn key_of(row: &AccountRow) -> (i64, Uuid, i32) {
    (row.recorded_at, row.transaction_id, row.seq)
}

fn read_key(after: Option<&str>) -> Result<Option<(i64, Uuid, i32)>, Error> {
    let Some(text) = after.filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    let wrong = || Error::field("after", FieldCode::NotAChoice);
    let mut parts = text.split('_');
    let mut next = || parts.next().ok_or_else(wrong);
    let at = next()?.parse().map_err(|_| wrong())?;
    let id = next()?.parse().map_err(|_| wrong())?;
    let seq = next()?.parse().map_err(|_| wrong())?;
    Ok(Some((at, id, seq)))
}
