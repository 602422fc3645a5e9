//! A payout of the provider stands in the bank's statement too. There it is known and not booked a second time: the bank's account is
//! debited when the provider says that the payout is there.

use crate::ports::ids;
use crate::ports::payment::CURRENCY;
use crate::services::ledger::{self, Posting};
use crate::services::{Error, fault};
use crate::store;
use crate::store::Tx;
use crate::store::audit::Entry;
use crate::store::provider::{AtBankRecord, PayoutRecord};
use sea_orm::ConnectionTrait;
use shared::domain::calendar::Micros;
use shared::domain::ledger::{TransactionKind, receipt_imported_entries, reversal};
use shared::domain::money::Fen;
use shared::domain::payment::is_payout;
use shared::domain::receipt::statement::Incoming;
use shared::domain::receipt::{ReceiptEvent, ReceiptStatus};
use uuid::Uuid;

/// Payouts that are looked at with one batch of rows; there is one a day.
const PAYOUTS_MAX: i64 = 500;

/// Payouts that rows of a statement can be.
#[derive(Debug, Default)]
pub(in crate::services) struct Payouts(Vec<AtBankRecord>);

/// What a row of a statement is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::services) enum Row {
    /// No payout.
    Other,
    /// A payout that was seen in a statement before.
    Known,
    /// This payout.
    Payout(Uuid),
}

impl Payouts {
    /// Those that may stand in rows of these numbers of the bank.
    ///
    /// # Errors
    /// Whatever the database answers.
    pub async fn of(connection: &impl ConnectionTrait, references: &[&str]) -> Result<Self, Error> {
        let rows = store::provider::at_bank(connection, CURRENCY, references, PAYOUTS_MAX).await?;
        Ok(Self(rows))
    }

    /// What a row is; a payout is taken by one row only.
    pub fn take(&mut self, row: &Incoming) -> Row {
        let known = |payout: &AtBankRecord| payout.bank_reference.as_ref() == Some(&row.reference);
        if self.0.iter().any(known) {
            return Row::Known;
        }
        let words = words(&row.payer_name, &row.remark);
        let here = (row.amount_fen, row.booked_at.day());
        let found = self.0.iter().position(|payout| {
            let there = (Fen(payout.amount_fen), Micros(payout.arrives_at).day());
            payout.bank_reference.is_none() && is_payout(&payout.provider, &words, here, there)
        });
        found.map_or(Row::Other, |at| Row::Payout(self.0.swap_remove(at).id))
    }
}

fn words(payer_name: &str, remark: &str) -> String {
    format!("{payer_name} {remark}")
}

/// Finds a payout that is told of among the receipts in suspense, where it lies when the bank's statement was taken in first.
/// It leaves suspense and the bank's account, which is debited when the provider says that the payout is there.
///
/// # Errors
/// `Again` when somebody says meanwhile what the receipt pays.
pub(super) async fn recognise(
    tx: &Tx,
    now: Micros,
    provider: &str,
    payout: &PayoutRecord,
    arrives_at: Micros,
) -> Result<(), Error> {
    let sum = Fen(payout.amount_fen);
    let in_suspense = store::receipt::in_suspense(tx, sum.0, PAYOUTS_MAX).await?;
    let Some(receipt) = in_suspense.into_iter().find(|receipt| {
        let words = words(&receipt.payer_name, &receipt.remark);
        let here = (sum, Micros(receipt.booked_at).day());
        is_payout(provider, &words, here, (sum, arrives_at.day()))
    }) else {
        return Ok(());
    };
    if !store::provider::seen_at_bank(tx, &[(payout.id, receipt.bank_reference.clone())]).await? {
        // It is another row of the bank's already.
        return Ok(());
    }
    let from = ReceiptStatus::Suspense;
    let to = from.next(ReceiptEvent::Recognise).map_err(fault)?;
    if !store::receipt::advance(tx, receipt.id, from.as_str(), to.as_str(), None).await? {
        return Err(Error::Again);
    }
    let posting = Posting {
        id: ids::derived(receipt.id, "payout"),
        kind: TransactionKind::Reversal,
        document_kind: "receipt",
        document_id: receipt.id,
        document_number: receipt.bank_reference.clone(),
        effective_at: now,
        actor: None,
        reverses: Some(receipt.transaction_id),
        entries: receipt_imported_entries(sum)
            .and_then(|entries| reversal(&entries))
            .map_err(fault)?,
    };
    ledger::post(tx, now, &posting).await?;
    let entry = Entry {
        action: "receipt.payout",
        object_kind: "receipt",
        object_id: receipt.id.to_string(),
        detail: format!(
            "{} {} {}",
            receipt.bank_reference,
            payout.reference,
            sum.format_cny()
        ),
        ..Entry::default()
    };
    Ok(store::audit::insert(tx, now, None, vec![entry]).await?)
}

/// Notes which rows of a bank's statement payouts are, each by the bank's number.
///
/// # Errors
/// `Again` when another statement had one of them meanwhile.
pub(in crate::services) async fn seen(tx: &Tx, payouts: &[(Uuid, String)]) -> Result<(), Error> {
    if payouts.is_empty() || store::provider::seen_at_bank(tx, payouts).await? {
        Ok(())
    } else {
        Err(Error::Again)
    }
}
