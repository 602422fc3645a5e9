//! The posting table of domain.md, the side of the money: receipts, Stripe, refunds and settlements.

use super::posting::{Posting, UnitSide, centre, refuse_negative};
use super::{Account, AccountKind, Entries, LedgerError};
use crate::domain::money::Fen;

/// Somebody to be paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Payee {
    /// A village, by code.
    Village(String),
    /// A household, by id.
    Household(String),
    /// A co-op, by id.
    Coop(String),
}

/// A sum for somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayeeSum {
    /// For whom.
    pub payee: Payee,
    /// How much.
    pub amount_fen: Fen,
}

/// Where money given back to a unit leaves from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefundFrom {
    /// By bank transfer.
    Bank,
    /// By Stripe, the way it came.
    Stripe,
}

/// One sum from one account to another.
fn transfer(debit: Account, credit: Account, amount_fen: Fen) -> Result<Entries, LedgerError> {
    refuse_negative([amount_fen])?;
    let mut posting = Posting::default();
    posting.debit(debit, amount_fen);
    posting.credit(credit, amount_fen)?;
    posting.finish()
}

/// Prepaid order accepted: the unit's deposit pays what it owes.
///
/// # Errors
/// A sum of zero or less.
pub fn prepaid_entries(unit: &str, amount_fen: Fen) -> Result<Entries, LedgerError> {
    transfer(
        UnitSide::Deposit.account(unit),
        UnitSide::Receivable.account(unit),
        amount_fen,
    )
}

/// Bank receipt imported: bank to suspense.
///
/// # Errors
/// A sum of zero or less.
pub fn receipt_imported_entries(amount_fen: Fen) -> Result<Entries, LedgerError> {
    transfer(
        centre(AccountKind::Bank),
        centre(AccountKind::Suspense),
        amount_fen,
    )
}

/// Receipt matched: suspense to what the unit owes; any surplus to its deposit.
///
/// # Errors
/// A negative sum, or nothing at all.
pub fn receipt_matched_entries(unit: &str, pays_fen: Fen, surplus_fen: Fen) -> Result<Entries, LedgerError> {
    refuse_negative([pays_fen, surplus_fen])?;
    let mut posting = Posting::default();
    posting.debit(centre(AccountKind::Suspense), pays_fen.checked_add(surplus_fen)?);
    posting.credit(UnitSide::Receivable.account(unit), pays_fen)?;
    posting.credit(UnitSide::Deposit.account(unit), surplus_fen)?;
    posting.finish()
}

/// Stripe payment: stripe clearing to what the unit owes, as far as it owes; the rest to its deposit.
///
/// # Errors
/// A negative sum, or nothing at all.
pub fn stripe_payment_entries(unit: &str, pays_fen: Fen, surplus_fen: Fen) -> Result<Entries, LedgerError> {
    refuse_negative([pays_fen, surplus_fen])?;
    let mut posting = Posting::default();
    posting.debit(
        centre(AccountKind::StripeClearing),
        pays_fen.checked_add(surplus_fen)?,
    );
    posting.credit(UnitSide::Receivable.account(unit), pays_fen)?;
    posting.credit(UnitSide::Deposit.account(unit), surplus_fen)?;
    posting.finish()
}

/// A fee that Stripe took out of what it holds; a negative one was given back.
///
/// # Errors
/// A sum of zero.
pub fn stripe_fee_entries(fee_fen: Fen) -> Result<Entries, LedgerError> {
    let mut posting = Posting::default();
    posting.debit(centre(AccountKind::StripeFees), fee_fen);
    posting.credit(centre(AccountKind::StripeClearing), fee_fen)?;
    posting.finish()
}

/// Stripe payout: bank and Stripe's fees from stripe clearing.
///
/// # Errors
/// A negative sum, or nothing at all.
pub fn stripe_payout_entries(to_bank_fen: Fen, fees_fen: Fen) -> Result<Entries, LedgerError> {
    refuse_negative([to_bank_fen, fees_fen])?;
    let mut posting = Posting::default();
    posting.debit(centre(AccountKind::Bank), to_bank_fen);
    posting.debit(centre(AccountKind::StripeFees), fees_fen);
    posting.credit(
        centre(AccountKind::StripeClearing),
        to_bank_fen.checked_add(fees_fen)?,
    )?;
    posting.finish()
}

/// Refund: the unit's deposit leaves by bank or by Stripe.
///
/// # Errors
/// A sum of zero or less.
pub fn refund_entries(unit: &str, from: RefundFrom, amount_fen: Fen) -> Result<Entries, LedgerError> {
    let way = match from {
        RefundFrom::Bank => AccountKind::Bank,
        RefundFrom::Stripe => AccountKind::StripeClearing,
    };
    transfer(UnitSide::Deposit.account(unit), centre(way), amount_fen)
}

/// Adds to (or, negative, takes from) what somebody is owed. Only a village's own is a link of its chain.
fn owe(posting: &mut Posting, payee: &Payee, amount_fen: Fen) -> Result<(), LedgerError> {
    match payee {
        Payee::Village(code) => posting.village_gains(code, amount_fen, None, None),
        Payee::Household(id) => posting.credit(
            Account::of(AccountKind::HouseholdPayable, id.as_str()),
            amount_fen,
        ),
        Payee::Coop(id) => posting.credit(Account::of(AccountKind::CoopPayable, id.as_str()), amount_fen),
    }
}

/// Settlement sent: payables to in transit, one entry a payee.
///
/// # Errors
/// A negative sum, or nothing at all.
pub fn settlement_sent_entries(sums: &[PayeeSum]) -> Result<Entries, LedgerError> {
    refuse_negative(sums.iter().map(|s| s.amount_fen))?;
    let mut posting = Posting::default();
    for sum in sums {
        owe(&mut posting, &sum.payee, sum.amount_fen.checked_neg()?)?;
    }
    posting.credit(
        centre(AccountKind::InTransit),
        Fen::checked_sum(sums.iter().map(|s| s.amount_fen))?,
    )?;
    posting.finish()
}

/// Settlement confirmed: in transit to bank.
///
/// # Errors
/// A sum of zero or less.
pub fn settlement_confirmed_entries(amount_fen: Fen) -> Result<Entries, LedgerError> {
    transfer(
        centre(AccountKind::InTransit),
        centre(AccountKind::Bank),
        amount_fen,
    )
}

/// Settlement bounced: in transit back to the payables.
///
/// # Errors
/// A negative sum, or nothing at all.
pub fn settlement_bounced_entries(sums: &[PayeeSum]) -> Result<Entries, LedgerError> {
    refuse_negative(sums.iter().map(|s| s.amount_fen))?;
    let mut posting = Posting::default();
    posting.debit(
        centre(AccountKind::InTransit),
        Fen::checked_sum(sums.iter().map(|s| s.amount_fen))?,
    );
    for sum in sums {
        owe(&mut posting, &sum.payee, sum.amount_fen)?;
    }
    posting.finish()
}
