//! What a match posts, and what taking it back posts. Both within the transaction that decides.

use super::super::ledger::{self, Posting};
use super::super::notice::{self, Notice, NoticeKind, To};
use super::super::{Error, bill, fault};
use crate::ports::ids;
use crate::store::receipt::ReceiptRecord;
use crate::store::receipt_match::MatchRecord;
use crate::store::{self, Tx};
use shared::api::problem::Code;
use shared::domain::bill::PayWay;
use shared::domain::calendar::Micros;
use shared::domain::identity::{Actor, Role};
use shared::domain::ledger::{AccountKind, TransactionKind, receipt_matched_entries, reversal};
use shared::domain::money::Fen;
use uuid::Uuid;

/// What a receipt pays.
pub(super) struct Match<'r> {
    /// The match.
    pub id: Uuid,
    /// The receipt.
    pub receipt: &'r ReceiptRecord,
    /// The unit.
    pub unit_id: Uuid,
    /// Its bills, each with what is paid of it.
    pub bills: Vec<(Uuid, i64)>,
    /// What goes to its deposit.
    pub deposit_fen: i64,
}

/// Posts suspense to what the unit owes and to its deposit, pays the bills, remembers whose account it was, and tells
/// the unit. Answers the ledger transaction.
///
/// # Errors
/// `MoreThanOpen` when a bill no longer takes so much; `Again` when one changed meanwhile.
pub(super) async fn post(
    tx: &Tx,
    now: Micros,
    actor: Option<&Actor>,
    new: &Match<'_>,
) -> Result<Uuid, Error> {
    let transaction_id = ids::new_id(now);
    let paid = Fen::checked_sum(new.bills.iter().map(|(_, sum)| Fen(*sum))).map_err(fault)?;
    let unit = new.unit_id.to_string();
    let posting = Posting {
        id: transaction_id,
        kind: TransactionKind::ReceiptMatched,
        document_kind: "receipt",
        document_id: new.receipt.id,
        document_number: new.receipt.bank_reference.clone(),
        effective_at: now,
        actor: actor.map(|actor| (actor.person_id, actor.person_name.clone())),
        reverses: None,
        entries: receipt_matched_entries(&unit, paid, Fen(new.deposit_fen)).map_err(fault)?,
    };
    ledger::post(tx, now, &posting).await?;
    for (bill_id, amount) in &new.bills {
        let payment = bill::Payment {
            bill_id: *bill_id,
            amount_fen: Fen(*amount),
            way: PayWay::Bank,
            source_id: new.id,
            transaction_id,
        };
        bill::pay(tx, now, &payment).await?;
    }
    if !new.receipt.payer_account.is_empty() {
        store::receipt_bill::remember(tx, &new.receipt.payer_account, new.unit_id, now.0).await?;
    }
    let bills: Vec<Uuid> = new.bills.iter().map(|(id, _)| *id).collect();
    tell(tx, now, NoticeKind::BillPaid, new.unit_id, &bills).await?;
    Ok(transaction_id)
}

/// Takes a posted match back: the money lies in suspense again, and exactly what it paid is open again. The transaction
/// takes effect now, in the open month, and names the one it reverses.
///
/// # Errors
/// `DepositUsed` when the unit has used what would be taken from its deposit; `Again` when a bill changed meanwhile.
pub(super) async fn take_back(
    tx: &Tx,
    now: Micros,
    actor: &Actor,
    receipt: &ReceiptRecord,
    matched: &MatchRecord,
) -> Result<Uuid, Error> {
    let transaction_id = ids::new_id(now);
    let unit = matched.unit_id.to_string();
    let posted = receipt_matched_entries(&unit, Fen(matched.paid_fen), Fen(matched.deposit_fen));
    let posting = Posting {
        id: transaction_id,
        kind: TransactionKind::Reversal,
        document_kind: "receipt",
        document_id: receipt.id,
        document_number: receipt.bank_reference.clone(),
        effective_at: now,
        actor: Some((actor.person_id, actor.person_name.clone())),
        reverses: matched.transaction_id,
        entries: posted.and_then(|entries| reversal(&entries)).map_err(fault)?,
    };
    ledger::post(tx, now, &posting).await?;
    if matched.deposit_fen > 0 {
        // Posted first: whoever else takes from this deposit waits for its balance and then sees what is left.
        let balance = store::ledger::balance(tx, AccountKind::UnitDeposit.as_str(), &unit).await?;
        let held = store::prepayment::held(tx, matched.unit_id).await?;
        if -balance - held < 0 {
            return Err(Error::refused(Code::DepositUsed));
        }
    }
    let payments = store::bill_payment::of_source(tx, matched.id).await?;
    for payment in &payments {
        bill::take_back(tx, now, payment, transaction_id).await?;
    }
    let bills: Vec<Uuid> = payments.iter().map(|payment| payment.bill_id).collect();
    tell(tx, now, NoticeKind::BillUnpaid, matched.unit_id, &bills).await?;
    Ok(transaction_id)
}

/// Tells the unit's finance of its bills.
async fn tell(tx: &Tx, now: Micros, kind: NoticeKind, unit_id: Uuid, bills: &[Uuid]) -> Result<(), Error> {
    let numbers = store::receipt_bill::numbers(tx, bills).await?;
    let notices = numbers.into_iter().map(|(id, number)| Notice {
        to: To::Unit(unit_id, Role::UnitFinance),
        kind,
        subject: number,
        path: format!("/bills/{id}"),
    });
    notice::tell(tx, now, notices.collect()).await
}
