//! 账簿: the trial balance, what a closed month says of itself, and the files by which anybody can check a journal.

mod file;
mod head;

pub use file::{Flaw, JournalCheck, JournalWriter, LINE_BYTES_MAX, Private, What, Whole};
pub use head::{HeadFlaw, MonthHead, SignedHead, VillageHead};

use super::hex::hex;
use super::ledger::AccountKind;
use super::money::{Fen, MoneyError};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;

named! {
    /// Which time an instant of the books means.
    pub enum TrialBy {
        /// When it was written.
        Recorded = "recorded",
        /// When it took effect.
        Effective = "effective",
    }
}

/// Debits and credits, each summed by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Turnover {
    /// The sum of what is debited.
    pub debit_fen: Fen,
    /// The sum of what is credited, not negative.
    pub credit_fen: Fen,
}

impl Turnover {
    /// One entry more: a debit is positive, a credit negative.
    ///
    /// # Errors
    /// A sum can't be held.
    pub fn add_entry(&mut self, amount_fen: Fen) -> Result<(), MoneyError> {
        if amount_fen > Fen::ZERO {
            self.debit_fen = self.debit_fen.checked_add(amount_fen)?;
        } else {
            self.credit_fen = self.credit_fen.checked_sub(amount_fen)?;
        }
        Ok(())
    }

    /// The two together.
    ///
    /// # Errors
    /// A sum can't be held.
    pub fn plus(self, other: Self) -> Result<Self, MoneyError> {
        Ok(Self {
            debit_fen: self.debit_fen.checked_add(other.debit_fen)?,
            credit_fen: self.credit_fen.checked_add(other.credit_fen)?,
        })
    }

    /// What is left without the other.
    ///
    /// # Errors
    /// A sum can't be held.
    pub fn minus(self, other: Self) -> Result<Self, MoneyError> {
        Ok(Self {
            debit_fen: self.debit_fen.checked_sub(other.debit_fen)?,
            credit_fen: self.credit_fen.checked_sub(other.credit_fen)?,
        })
    }

    /// Debit without credit.
    ///
    /// # Errors
    /// The sum can't be held.
    pub fn balance_fen(self) -> Result<Fen, MoneyError> {
        self.debit_fen.checked_sub(self.credit_fen)
    }

    /// Whether nothing was ever entered.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.debit_fen.is_zero() && self.credit_fen.is_zero()
    }
}

/// The trial balance: every account that was ever touched, by kind and owner.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trial(BTreeMap<(AccountKind, String), Turnover>);

impl Trial {
    /// Adds to an account.
    ///
    /// # Errors
    /// A sum can't be held.
    pub fn add(&mut self, kind: AccountKind, owner: &str, turnover: Turnover) -> Result<(), MoneyError> {
        let sum = self.0.entry((kind, owner.to_owned())).or_default();
        *sum = sum.plus(turnover)?;
        Ok(())
    }

    /// Takes away from an account what came later.
    ///
    /// # Errors
    /// A sum can't be held.
    pub fn take(&mut self, kind: AccountKind, owner: &str, later: Turnover) -> Result<(), MoneyError> {
        let key = (kind, owner.to_owned());
        let sum = self.0.entry(key.clone()).or_default();
        *sum = sum.minus(later)?;
        if sum.is_empty() {
            self.0.remove(&key);
        }
        Ok(())
    }

    /// How many accounts there are.
    #[must_use]
    pub fn accounts(&self) -> usize {
        self.0.len()
    }

    /// The sums of every kind, those of nothing too, in the order of the kinds.
    ///
    /// # Errors
    /// A sum can't be held.
    pub fn kinds(&self) -> Result<Vec<(AccountKind, Turnover)>, MoneyError> {
        let mut sums: Vec<_> = AccountKind::ALL.map(|kind| (kind, Turnover::default())).into();
        for ((kind, _), turnover) in &self.0 {
            for (_, sum) in sums.iter_mut().filter(|(known, _)| known == kind) {
                *sum = sum.plus(*turnover)?;
            }
        }
        Ok(sums)
    }

    /// Everything debited and everything credited.
    ///
    /// # Errors
    /// A sum can't be held.
    pub fn total(&self) -> Result<Turnover, MoneyError> {
        self.0
            .values()
            .try_fold(Turnover::default(), |sum, one| sum.plus(*one))
    }

    /// The hash of the whole list: one line `kind owner debit credit` an account, in the order of the kinds' names and the
    /// owners' bytes.
    #[must_use]
    pub fn hash(&self) -> String {
        let mut lines: Vec<(&str, &str, &Turnover)> = (self.0.iter())
            .map(|((kind, owner), turnover)| (kind.as_str(), owner.as_str(), turnover))
            .collect();
        lines.sort_unstable_by_key(|(kind, owner, _)| (*kind, *owner));
        let mut hasher = Sha256::new();
        for (kind, owner, turnover) in lines {
            let (debit, credit) = (turnover.debit_fen.0, turnover.credit_fen.0);
            hasher.update(format!("{kind} {owner} {debit} {credit}\n"));
        }
        hex(&hasher.finalize())
    }
}
