//! A village's journal for everybody: a second chain over what anybody may know. Each link carries the hash of the full entry
//! as its seal, so that the two chains stand and fall together; what the seal covers (ids among it that nobody outside
//! knows, each with 74 random bits) cannot be guessed from it.

use super::chain::Canonical;
use super::{ChainEntry, IncomeSource, TransactionKind, chain_hash};
use crate::domain::calendar::Day;
use crate::domain::money::{Fen, MoneyError};

/// Names the canonical form; another form would be another name.
pub const PUBLIC_FORM: &str = "jizhou public journal 1";

/// One entry of a village's journal, as far as everybody may know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublicLink {
    /// Its place: 1, 2, 3 …
    pub seq: i64,
    /// The day on which it took effect.
    pub day: Day,
    /// What kind of event.
    pub kind: TransactionKind,
    /// The kind of collective income, where it is income.
    pub source: Option<IncomeSource>,
    /// What the village gained by it, or (negative) gave.
    pub gain_fen: Fen,
    /// The hash of the full entry in the village's own chain.
    pub sealed: [u8; 32],
}

impl PublicLink {
    /// What everybody may know of an entry with this hash.
    ///
    /// # Errors
    /// The sum can't be held.
    pub fn of(entry: &ChainEntry, sealed: [u8; 32]) -> Result<Self, MoneyError> {
        Ok(Self {
            seq: entry.seq,
            day: entry.effective_at.day(),
            kind: entry.kind,
            source: entry.income_source,
            gain_fen: entry.amount_fen.checked_neg()?,
            sealed,
        })
    }

    /// The canonical form: its name, the village's code, then every field in the order of the struct, written as those of
    /// the full entry; the day as `YYYY-MM-DD`.
    #[must_use]
    pub fn canonical_bytes(&self, village_code: &str) -> Vec<u8> {
        let mut form = Canonical::of(PUBLIC_FORM.as_bytes());
        form.field(Some(village_code.as_bytes()));
        form.field(Some(&self.seq.to_be_bytes()));
        form.field(Some(self.day.to_string().as_bytes()));
        form.field(Some(self.kind.as_str().as_bytes()));
        form.field(self.source.map(|source| source.as_str().as_bytes()));
        form.field(Some(&self.gain_fen.0.to_be_bytes()));
        form.field(Some(&self.sealed));
        form.bytes()
    }

    /// Its hash behind the public link before it.
    #[must_use]
    pub fn hash(&self, village_code: &str, prev: [u8; 32]) -> [u8; 32] {
        chain_hash(prev, &self.canonical_bytes(village_code))
    }

    /// What it adds to the village's collective income.
    #[must_use]
    pub const fn income_fen(&self) -> Fen {
        if self.source.is_some() {
            self.gain_fen
        } else {
            Fen::ZERO
        }
    }

    /// What it adds to what the market owes the village: all but what the village earned by itself and only declared.
    #[must_use]
    pub const fn owed_fen(&self) -> Fen {
        match self.source {
            Some(IncomeSource::Rent | IncomeSource::OtherDeclared) => Fen::ZERO,
            _ => self.gain_fen,
        }
    }
}
