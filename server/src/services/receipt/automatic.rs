//! What agrees with a bill in transfer code and sum pays it by itself, unless its sum takes a second person.

use super::super::{App, Error, fault};
use super::arrive::codes_in;
use super::post::{Match, post};
use super::propose::waits;
use crate::store::audit::Entry;
use crate::store::receipt::{Bound, ReceiptRecord};
use crate::store::receipt_bill::OpenBillRow;
use crate::store::receipt_match::NewMatch;
use crate::store::{self, Tx};
use futures::FutureExt as _;
use shared::domain::money::Fen;
use shared::domain::receipt::{MatchState, ReceiptEvent, ReceiptStatus};
use uuid::Uuid;

/// Receipts that are looked at between two looks at the list.
const AT_ONCE: i64 = 200;

/// The sum above which a second person is needed.
pub(in crate::services) fn limit(app: &App) -> Result<Fen, Error> {
    let fen = app.config.receipt_limit_yuan.checked_mul(100);
    fen.map(Fen)
        .ok_or_else(|| fault("the limit of receipts overflows"))
}

/// Looks at every receipt that was taken in and not looked at yet; the program calls it every round, whoever takes a
/// statement in behind every batch. Says how many found their bill.
///
/// # Errors
/// Whatever the database answers.
pub async fn match_imported(app: &App) -> Result<usize, Error> {
    let mut matched = 0;
    loop {
        let waiting = store::receipt::imported(app.db.read(), AT_ONCE).await?;
        if waiting.is_empty() {
            return Ok(matched);
        }
        for id in waiting {
            let app2 = app.clone();
            let done = app
                .db
                .write(move |tx| {
                    let app = app2.clone();
                    async move { look_at(tx, &app, id).await }.boxed()
                })
                .await?;
            matched += usize::from(done);
        }
    }
}

/// Looks at one receipt; whether it paid its bill.
async fn look_at(tx: &Tx, app: &App, id: Uuid) -> Result<bool, Error> {
    let receipt = store::receipt::find(tx, id)
        .await?
        .ok_or_else(|| fault("a receipt that was listed"))?;
    let imported = ReceiptStatus::Imported;
    // Somebody else was faster.
    if receipt.status != imported.as_str() {
        return Ok(false);
    }
    let fits = bill_of(tx, &receipt).await?;
    let Some(bill) = fits else {
        let suspense = imported.next(ReceiptEvent::Suspend).map_err(fault)?;
        if !store::receipt::advance(tx, id, imported.as_str(), suspense.as_str(), None).await? {
            return Err(Error::Again);
        }
        return Ok(false);
    };
    let over_limit = Fen(receipt.amount_fen) > limit(app)?;
    settle(tx, app, &receipt, &bill, over_limit).await?;
    Ok(!over_limit)
}

/// The one bill whose code stands in the remark and of which exactly this sum is open.
async fn bill_of(tx: &Tx, receipt: &ReceiptRecord) -> Result<Option<OpenBillRow>, Error> {
    let codes = codes_in(&receipt.remark);
    if codes.is_empty() {
        return Ok(None);
    }
    let mut found = store::receipt_bill::of_codes(tx, &codes).await?;
    let one = found.pop().filter(|_| found.is_empty());
    Ok(one.filter(|bill| bill.open_fen == receipt.amount_fen))
}

async fn settle(
    tx: &Tx,
    app: &App,
    receipt: &ReceiptRecord,
    bill: &OpenBillRow,
    over_limit: bool,
) -> Result<(), Error> {
    let now = app.now();
    let from = ReceiptStatus::Imported;
    let new = Match {
        id: app.new_id(),
        receipt,
        unit_id: bill.unit_id,
        bills: vec![(bill.id, bill.open_fen)],
        deposit_fen: 0,
    };
    let (to, state) = if over_limit {
        let waits = from
            .next(ReceiptEvent::Suspend)
            .and_then(|next| next.next(ReceiptEvent::MatchByHand));
        (waits, MatchState::Proposed)
    } else {
        let posted = from
            .next(ReceiptEvent::Match)
            .and_then(|next| next.next(ReceiptEvent::Post));
        (posted, MatchState::Posted)
    };
    let to = to.map_err(fault)?;
    let bound = Bound {
        match_id: new.id,
        unit_id: bill.unit_id,
    };
    if !store::receipt::advance(tx, receipt.id, from.as_str(), to.as_str(), Some(bound)).await? {
        return Err(Error::Again);
    }
    let transaction_id = if over_limit {
        None
    } else {
        Some(post(tx, now, None, &new).await?)
    };
    // Whoever took it in counts as the first of the two.
    let by = store::person::by_id(tx, receipt.imported_by).await?;
    let name = by.map(|person| person.name).unwrap_or_default();
    let row = NewMatch {
        id: new.id,
        receipt_id: receipt.id,
        unit_id: bill.unit_id,
        state: state.as_str(),
        automatic: true,
        over_limit,
        deposit_fen: 0,
        note: String::new(),
        by: (receipt.imported_by, name),
        at: now.0,
        bills: new.bills.clone(),
        transaction_id,
    };
    store::receipt_match::insert(tx, &row).await?;
    if over_limit {
        waits(tx, now, receipt).await?;
    }
    let entry = Entry {
        action: if over_limit {
            "receipt.propose"
        } else {
            "receipt.match"
        },
        object_kind: "receipt",
        object_id: receipt.id.to_string(),
        unit_id: Some(bill.unit_id),
        detail: format!("{} {}", bill.number, Fen(receipt.amount_fen).format_cny()),
        ..Entry::default()
    };
    Ok(store::audit::insert(tx, now, None, vec![entry]).await?)
}
