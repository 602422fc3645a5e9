//! What can be paid now, to whom, and who has to wait and why.

use super::super::{App, Error, fault, right};
use super::{ITEMS_MAX, due_of};
use crate::store;
use crate::store::payee_account::{AccountRecord, PayeeRow};
use crate::store::settlement::{Due, DueRecord};
use sea_orm::ConnectionTrait;
use shared::api::settlement::{DueRow, PayeeOut, PreviewOut, SettlementIn};
use shared::domain::bank_account::masked;
use shared::domain::calendar::Micros;
use shared::domain::identity::Actor;
use shared::domain::money::Fen;
use shared::domain::rights::{Action, Place};
use shared::domain::settlement::{LeftOut, PayeeKind, left_out};
use std::collections::BTreeMap;

/// A payee with what it is owed and where it would be paid.
#[derive(Clone, Debug)]
pub(super) struct Payable {
    pub(super) row: DueRow,
    pub(super) account: Option<AccountRecord>,
}

/// What a batch would pay now.
///
/// # Errors
/// `Forbidden`; `Invalid`.
pub async fn preview(app: &App, actor: &Actor, input: &SettlementIn) -> Result<PreviewOut, Error> {
    right::require(actor, Action::SettlementBatch, Place::DISTRICT)?;
    let due = due_of(app, input)?;
    // All sums from one state of the database.
    let seen = app.db.snapshot().await?;
    let found = payables(&seen, &due, input.min_fen).await?;
    let awaiting = store::settlement::awaiting(&seen, due.until).await?;
    seen.rollback().await?;
    let (pays, left_out): (Vec<Payable>, Vec<Payable>) = found
        .into_iter()
        .partition(|payable| payable.row.left_out.is_none());
    let rows = |payables: Vec<Payable>| {
        payables
            .into_iter()
            .map(|payable| payable.row)
            .collect::<Vec<_>>()
    };
    let pays = rows(pays);
    Ok(PreviewOut {
        total_fen: Fen::checked_sum(pays.iter().map(|row| row.amount_fen)).map_err(fault)?,
        pays,
        left_out: rows(left_out),
        unpaid_fen: Fen(awaiting.map_or(0, |row| row.amount_fen)),
        unpaid_lines: awaiting.map_or(0, |row| row.lines),
        may_advance: app.config.settle_advance,
    })
}

/// Everybody who is owed something, village by village, with the reason where they cannot be paid.
pub(super) async fn payables(
    connection: &impl ConnectionTrait,
    due: &Due,
    minimum: Fen,
) -> Result<Vec<Payable>, Error> {
    let records = store::settlement::due(connection, due).await?;
    let mut payees = BTreeMap::<(PayeeKind, String), PayeeRow>::new();
    let mut accounts = BTreeMap::<(PayeeKind, String), AccountRecord>::new();
    for kind in PayeeKind::ALL {
        let keys: Vec<&str> = records
            .iter()
            .filter(|record| record.payee_kind == kind.as_str())
            .map(|record| record.payee.as_str())
            .collect();
        for row in store::payee_account::payees(connection, kind, &keys).await? {
            payees.insert((kind, row.key()), row);
        }
        for row in store::payee_account::of_payees(connection, kind, &keys).await? {
            accounts.insert((kind, row.payee.clone()), row);
        }
    }
    let mut found = Vec::with_capacity(records.len());
    let mut paid = 0;
    for record in records {
        let kind = PayeeKind::from_name(&record.payee_kind).ok_or_else(|| fault("stored kind of payee"))?;
        let key = (kind, record.payee.clone());
        let payee = payees
            .get(&key)
            .ok_or_else(|| fault("a payee that is owed something"))?;
        let mut payable = payable(&record, kind, payee, accounts.remove(&key), minimum)?;
        if payable.row.left_out.is_none() {
            paid += 1;
            if paid > ITEMS_MAX {
                payable.row.left_out = Some(LeftOut::NoRoom);
            }
        }
        found.push(payable);
    }
    Ok(found)
}

fn payable(
    record: &DueRecord,
    kind: PayeeKind,
    payee: &PayeeRow,
    account: Option<AccountRecord>,
    minimum: Fen,
) -> Result<Payable, Error> {
    let gained = Fen(record.gained_fen);
    let back = Fen(record.back_fen);
    let amount = gained.checked_add(back).map_err(fault)?;
    let checked = account.as_ref().map(|account| account.checked_by_name.is_some());
    Ok(Payable {
        row: DueRow {
            payee: payee_of(kind, payee),
            lines: record.lines,
            gained_fen: gained,
            back_fen: back,
            amount_fen: amount,
            oldest_at: Micros(record.oldest_at),
            account: account
                .as_ref()
                .map(|account| masked(&account.account_no))
                .unwrap_or_default(),
            account_changed_at: account.as_ref().map(|account| Micros(account.changed_at)),
            left_out: left_out(amount, minimum, checked),
        },
        account,
    })
}

/// A payee as it crosses the wire.
pub(crate) fn payee_of(kind: PayeeKind, row: &PayeeRow) -> PayeeOut {
    PayeeOut {
        payee_kind: kind,
        payee: row.key(),
        name: row.name.clone(),
        village_code: row.village_code.clone(),
        village_name: row.village_name.clone(),
        town_name: row.town_name.clone(),
    }
}
