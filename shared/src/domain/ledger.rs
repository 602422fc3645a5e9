//! The ledger's words: accounts, entries that sum to zero, and reversals. What each event posts stands in
//! `posting` and `payment`, what makes a village's journal tamper-evident in `chain`.

mod chain;
mod payment;
mod posting;
mod public;

pub use chain::{ChainBreak, ChainEntry, ChainLink, GENESIS, chain_hash, verify_chain};
pub use payment::*;
pub use posting::*;
pub use public::{PUBLIC_FORM, PublicLink};

use super::money::{Fen, MoneyError};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

named! {
    /// A kind of account (the posting table of domain.md).
    pub enum AccountKind {
        /// What a unit owes.
        UnitReceivable = "unit_receivable",
        /// What a unit paid ahead.
        UnitDeposit = "unit_deposit",
        /// What a village is owed: its collective income, once credited.
        VillagePayable = "village_payable",
        /// What a household is owed.
        HouseholdPayable = "household_payable",
        /// What a co-op is owed.
        CoopPayable = "coop_payable",
        /// What the centre earned by its service.
        CentreFee = "centre_fee",
        /// The centre's bank account.
        Bank = "bank",
        /// Money of which nobody knows yet what it pays.
        Suspense = "suspense",
        /// Money that Stripe holds.
        StripeClearing = "stripe_clearing",
        /// What Stripe keeps.
        StripeFees = "stripe_fees",
        /// Settlements sent and not yet confirmed.
        InTransit = "in_transit",
        /// Goods that the centre bought back, at cost.
        CentreInventory = "centre_inventory",
        /// Gain or loss on goods that were bought back.
        BuybackResult = "buyback_result",
        /// Profit of projects, to be shared out.
        ProjectPool = "project_pool",
        /// A village's own books, as a memo.
        VillageOwnBooks = "village_own_books",
        /// Income that a village declared of its own, as a memo.
        DeclaredIncome = "declared_income",
    }
}

/// Whose account it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OwnerKind {
    /// An aid unit, by id.
    Unit,
    /// A village, by its 12-digit code.
    Village,
    /// A household, by id.
    Household,
    /// A co-op, by id.
    Coop,
    /// The centre itself; the owner is empty.
    Centre,
}

impl AccountKind {
    /// Whose account it is.
    #[must_use]
    pub const fn owner_kind(self) -> OwnerKind {
        match self {
            Self::UnitReceivable | Self::UnitDeposit => OwnerKind::Unit,
            Self::VillagePayable | Self::VillageOwnBooks | Self::DeclaredIncome => OwnerKind::Village,
            Self::HouseholdPayable => OwnerKind::Household,
            Self::CoopPayable => OwnerKind::Coop,
            Self::CentreFee
            | Self::Bank
            | Self::Suspense
            | Self::StripeClearing
            | Self::StripeFees
            | Self::InTransit
            | Self::CentreInventory
            | Self::BuybackResult
            | Self::ProjectPool => OwnerKind::Centre,
        }
    }
}

named! {
    /// What an event is to the books.
    pub enum TransactionKind {
        /// 验收入账: signed by both sides.
        Acceptance = "acceptance",
        /// A prepaid order was accepted.
        PrepaidApplied = "prepaid_applied",
        /// A bank receipt was imported.
        ReceiptImported = "receipt_imported",
        /// A receipt was matched to what it pays.
        ReceiptMatched = "receipt_matched",
        /// A payment through Stripe.
        StripePayment = "stripe_payment",
        /// A fee that Stripe took, or gave back.
        StripeFee = "stripe_fee",
        /// Stripe paid out to the bank.
        StripePayout = "stripe_payout",
        /// 售后冲减.
        Claim = "claim",
        /// Money given back to a unit.
        Refund = "refund",
        /// A settlement went to the bank.
        SettlementSent = "settlement_sent",
        /// The bank paid a settlement.
        SettlementConfirmed = "settlement_confirmed",
        /// A settlement bounced.
        SettlementBounced = "settlement_bounced",
        /// 保底收购.
        Buyback = "buyback",
        /// A bought-back lot was sold.
        BuybackResale = "buyback_resale",
        /// 分红.
        Dividend = "dividend",
        /// 自营收入申报.
        DeclaredIncome = "declared_income",
        /// A correction that takes another transaction back whole.
        Reversal = "reversal",
    }
}

named! {
    /// Where collective income comes from; a target counts the sources it names.
    pub enum IncomeSource {
        /// 销售.
        Sale = "sale",
        /// 保底收购.
        Buyback = "buyback",
        /// 分红.
        Dividend = "dividend",
        /// 租赁.
        Rent = "rent",
        /// 其他申报收入.
        OtherDeclared = "other_declared",
    }
}

/// An account: its kind and whose it is.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Account {
    /// The kind.
    pub kind: AccountKind,
    /// Unit id, village code, household id or co-op id; empty for the centre's own.
    pub owner: String,
}

impl Account {
    /// An account of somebody.
    #[must_use]
    pub fn of(kind: AccountKind, owner: impl Into<String>) -> Self {
        Self {
            kind,
            owner: owner.into(),
        }
    }

    /// An account of the centre's own.
    #[must_use]
    pub const fn centre(kind: AccountKind) -> Self {
        Self {
            kind,
            owner: String::new(),
        }
    }
}

/// One side of a transaction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The account it changes.
    pub account: Account,
    /// A debit is positive, a credit negative.
    pub amount_fen: Fen,
    /// The village whose chain it is a link of: set on what a village itself gains or loses.
    pub village: Option<String>,
    /// The kind of collective income it is; a settlement, for one, is none.
    pub income_source: Option<IncomeSource>,
    /// The order line behind it.
    pub line_ref: Option<Uuid>,
}

impl Entry {
    /// What the entry adds to the village's collective income: a credit adds, a debit takes away.
    ///
    /// # Errors
    /// The sum can't be held.
    pub fn income_fen(&self) -> Result<Fen, MoneyError> {
        if self.income_source.is_some() {
            self.amount_fen.checked_neg()
        } else {
            Ok(Fen::ZERO)
        }
    }
}

/// Why a transaction can't be posted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LedgerError {
    /// Nothing to post: an acceptance of nothing, for one, has no transaction.
    #[error("there is nothing to post")]
    Empty,
    /// An entry of zero says nothing.
    #[error("an entry of zero")]
    ZeroEntry,
    /// The entries don't sum to zero.
    #[error("the entries sum to {off_by_fen} fen, not to zero")]
    Unbalanced {
        /// By how much.
        off_by_fen: i64,
    },
    /// An account of somebody without an owner, or an owner on the centre's own account.
    #[error("the owner does not fit the kind of account `{0}`")]
    Owner(AccountKind),
    /// A sum below zero where the event only knows more than zero.
    #[error("a sum of this event must not be negative")]
    Negative,
    /// A supplier's share without a supplier.
    #[error("there is a supplier's share but no supplier")]
    NoSupplier,
    /// Declared income comes from rent or from elsewhere, never from what the market itself credits.
    #[error("income of the source `{0}` is credited by the market, not declared")]
    NotDeclared(IncomeSource),
    /// The sums don't fit.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// Entries that are known to sum to zero: there is no other way to make them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Entries(Vec<Entry>);

impl Entries {
    /// Proves that entries can be posted: some, none of zero, every owner fitting, and together nothing.
    ///
    /// # Errors
    /// Whichever of these fails first.
    pub fn balanced(entries: Vec<Entry>) -> Result<Self, LedgerError> {
        if entries.is_empty() {
            return Err(LedgerError::Empty);
        }
        for entry in &entries {
            let centre = entry.account.kind.owner_kind() == OwnerKind::Centre;
            if centre != entry.account.owner.is_empty() {
                return Err(LedgerError::Owner(entry.account.kind));
            }
            if entry.amount_fen.is_zero() {
                return Err(LedgerError::ZeroEntry);
            }
        }
        let sum = Fen::checked_sum(entries.iter().map(|e| e.amount_fen))?;
        if sum.is_zero() {
            Ok(Self(entries))
        } else {
            Err(LedgerError::Unbalanced { off_by_fen: sum.0 })
        }
    }

    /// The entries, in the order in which they are numbered.
    #[must_use]
    pub fn as_slice(&self) -> &[Entry] {
        &self.0
    }

    /// The entries, to be stored.
    #[must_use]
    pub fn into_vec(self) -> Vec<Entry> {
        self.0
    }

    /// The sum of what is debited, which is the sum of what is credited.
    ///
    /// # Errors
    /// The sum can't be held.
    pub fn volume_fen(&self) -> Result<Fen, MoneyError> {
        Fen::checked_sum(self.0.iter().map(|e| e.amount_fen).filter(|a| *a > Fen::ZERO))
    }
}

impl<'a> IntoIterator for &'a Entries {
    type Item = &'a Entry;
    type IntoIter = std::slice::Iter<'a, Entry>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

/// The entries that take a transaction back: the same accounts, villages and sources, with the other sign.
///
/// # Errors
/// A sum can't be held.
pub fn reversal(entries: &Entries) -> Result<Entries, LedgerError> {
    let negated = entries.into_iter().map(|entry| {
        Ok::<_, LedgerError>(Entry {
            amount_fen: entry.amount_fen.checked_neg()?,
            ..entry.clone()
        })
    });
    Entries::balanced(negated.collect::<Result<_, _>>()?)
}
