//! What a receipt in suspense may pay: the bills that could be meant are read, the rules rank them.

use super::super::{App, Error, right};
use super::arrive::codes_in;
use crate::store;
use crate::store::receipt::ReceiptRecord;
use crate::store::receipt_bill::OpenBillRow;
use sea_orm::ConnectionTrait;
use shared::api::receipt::{MatchBill, MatchSuggestionOut};
use shared::domain::identity::Actor;
use shared::domain::money::Fen;
use shared::domain::receipt::suggest::{OpenBill, Waiting, suggest};
use shared::domain::rights::{Action, Place};
use shared::domain::transfer_code::TransferCode;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Units of one name at the most.
const NAMESAKES: i64 = 5;
/// Open bills of the units that may have sent it.
const OF_UNITS: i64 = 50;
/// Open bills of the same sum.
const OF_SUM: i64 = 5;

/// What a receipt may pay, the likeliest first.
pub(super) async fn of(
    read: &impl ConnectionTrait,
    receipt: &ReceiptRecord,
) -> Result<Vec<MatchSuggestionOut>, Error> {
    let unit_of_account = if receipt.payer_account.is_empty() {
        None
    } else {
        store::receipt_bill::unit_of_account(read, &receipt.payer_account).await?
    };
    let units_of_name = if receipt.payer_name.is_empty() {
        Vec::new()
    } else {
        store::receipt_bill::units_of_name(read, &receipt.payer_name, NAMESAKES).await?
    };
    let mut codes = codes_in(&receipt.remark);
    let near = TransferCode::find_near(&receipt.remark).into_iter();
    codes.extend(near.map(|code| code.as_str().to_owned()));
    let mut rows: BTreeMap<(i32, Uuid), OpenBillRow> = BTreeMap::new();
    let mut keep =
        |found: Vec<OpenBillRow>| rows.extend(found.into_iter().map(|row| ((row.due_on, row.id), row)));
    if !codes.is_empty() {
        keep(store::receipt_bill::of_codes(read, &codes).await?);
    }
    let units: Vec<Uuid> = unit_of_account
        .into_iter()
        .chain(units_of_name.iter().copied())
        .collect();
    if !units.is_empty() {
        keep(store::receipt_bill::of_units(read, &units, OF_UNITS).await?);
    }
    keep(store::receipt_bill::of_sum(read, receipt.amount_fen, OF_SUM).await?);
    let bills: Vec<OpenBill> = rows
        .values()
        .map(|row| OpenBill {
            id: row.id,
            unit_id: row.unit_id,
            code: row.transfer_code.clone(),
            open_fen: Fen(row.open_fen),
        })
        .collect();
    let waiting = Waiting {
        remark: &receipt.remark,
        amount_fen: Fen(receipt.amount_fen),
        unit_of_account,
        units_of_name: &units_of_name,
    };
    let by_id: BTreeMap<Uuid, &OpenBillRow> = rows.values().map(|row| (row.id, row)).collect();
    let found = suggest(&waiting, &bills).into_iter();
    Ok(found
        .map(|one| {
            let own = one.bills.iter().filter_map(|(id, amount)| {
                let row = by_id.get(id)?;
                Some((row.unit_name.clone(), bill_of(row, *amount)))
            });
            let (names, bills): (Vec<String>, Vec<MatchBill>) = own.unzip();
            MatchSuggestionOut {
                unit_id: one.unit_id,
                unit_name: names.into_iter().next().unwrap_or_default(),
                bills,
                deposit_fen: one.deposit_fen,
                reasons: one.reasons,
            }
        })
        .collect())
}

fn bill_of(row: &OpenBillRow, amount_fen: Fen) -> MatchBill {
    MatchBill {
        bill_id: row.id,
        number: row.number.clone(),
        amount_fen,
        open_fen: Fen(row.open_fen),
    }
}

/// A unit's open bills in the order in which they are due, to be chosen from by hand: the sum pays the oldest first.
///
/// # Errors
/// `Forbidden`.
pub async fn open_bills(
    app: &App,
    actor: &Actor,
    unit_id: Uuid,
    amount_fen: Fen,
) -> Result<Vec<MatchBill>, Error> {
    right::require(actor, Action::ReceiptRead, Place::DISTRICT)?;
    let rows = store::receipt_bill::of_units(app.db.read(), &[unit_id], OF_UNITS).await?;
    let mut rest = amount_fen;
    let mut bills = Vec::with_capacity(rows.len());
    for row in &rows {
        let part = rest.min(Fen(row.open_fen));
        rest = rest.checked_sub(part).map_err(super::super::fault)?;
        bills.push(bill_of(row, part));
    }
    Ok(bills)
}
