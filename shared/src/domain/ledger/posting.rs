//! The posting table of domain.md, the side of the goods and the income, one function an event. Every one hands out
//! entries that are proven to sum to zero.

use super::{Account, AccountKind, Entries, Entry, IncomeSource, LedgerError};
use crate::domain::money::Fen;
use crate::domain::share::Shares;
use uuid::Uuid;

/// Who gets what of a line the village does not keep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Supplier {
    /// A registered household of the village, by id.
    Household(String),
    /// A co-op, by id.
    Coop(String),
}

impl Supplier {
    fn payable(&self) -> Account {
        match self {
            Self::Household(id) => Account::of(AccountKind::HouseholdPayable, id.as_str()),
            Self::Coop(id) => Account::of(AccountKind::CoopPayable, id.as_str()),
        }
    }
}

/// An accepted (or, in a claim, given back) line with its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AcceptedLine {
    /// The order line.
    pub line_ref: Option<Uuid>,
    /// The village that supplied.
    pub village: String,
    /// The household or co-op that gets the supplier's share, if there is one.
    pub supplier: Option<Supplier>,
    /// The parts of the line's total.
    pub shares: Shares,
}

/// What a unit's money is taken from or given to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnitSide {
    /// What it owes.
    Receivable,
    /// What it paid ahead.
    Deposit,
}

impl UnitSide {
    pub(super) fn account(self, unit: &str) -> Account {
        let kind = match self {
            Self::Receivable => AccountKind::UnitReceivable,
            Self::Deposit => AccountKind::UnitDeposit,
        };
        Account::of(kind, unit)
    }
}

/// Collects entries; sums of zero are left out, because they say nothing.
#[derive(Default)]
pub(super) struct Posting(Vec<Entry>);

impl Posting {
    pub(super) fn debit(&mut self, account: Account, amount_fen: Fen) {
        self.push(Entry {
            account,
            amount_fen,
            village: None,
            income_source: None,
            line_ref: None,
        });
    }

    pub(super) fn credit(&mut self, account: Account, amount_fen: Fen) -> Result<(), LedgerError> {
        self.debit(account, amount_fen.checked_neg()?);
        Ok(())
    }

    /// What a village itself gains (or, negative, loses): a link of its chain.
    pub(super) fn village_gains(
        &mut self,
        village: &str,
        amount_fen: Fen,
        income_source: Option<IncomeSource>,
        line_ref: Option<Uuid>,
    ) -> Result<(), LedgerError> {
        self.push(Entry {
            account: Account::of(AccountKind::VillagePayable, village),
            amount_fen: amount_fen.checked_neg()?,
            village: Some(village.to_owned()),
            income_source,
            line_ref,
        });
        Ok(())
    }

    pub(super) fn push(&mut self, entry: Entry) {
        if !entry.amount_fen.is_zero() {
            self.0.push(entry);
        }
    }

    pub(super) fn finish(self) -> Result<Entries, LedgerError> {
        Entries::balanced(self.0)
    }
}

pub(super) fn refuse_negative(sums: impl IntoIterator<Item = Fen>) -> Result<(), LedgerError> {
    if sums.into_iter().any(|sum| sum < Fen::ZERO) {
        Err(LedgerError::Negative)
    } else {
        Ok(())
    }
}

pub(super) fn centre(kind: AccountKind) -> Account {
    Account::centre(kind)
}

/// Acceptance: unit receivable to village, household and co-op payables and the centre's fee, line by line, so that
/// every entry leads to its goods. Lines of nothing post nothing.
///
/// # Errors
/// A negative share, a supplier's share without a supplier, or nothing accepted at all.
pub fn acceptance_entries(unit: &str, lines: &[AcceptedLine]) -> Result<Entries, LedgerError> {
    for line in lines {
        refuse_negative([line.shares.village, line.shares.supplier, line.shares.fee])?;
    }
    let totals = lines
        .iter()
        .map(|line| line.shares.total())
        .collect::<Result<Vec<_>, _>>()?;
    let mut posting = Posting::default();
    posting.debit(UnitSide::Receivable.account(unit), Fen::checked_sum(totals)?);
    for line in lines {
        share_out(&mut posting, line)?;
    }
    posting.finish()
}

fn share_out(posting: &mut Posting, line: &AcceptedLine) -> Result<(), LedgerError> {
    let Shares {
        village,
        supplier,
        fee,
    } = line.shares;
    posting.village_gains(&line.village, village, Some(IncomeSource::Sale), line.line_ref)?;
    if !supplier.is_zero() {
        let account = line.supplier.as_ref().ok_or(LedgerError::NoSupplier)?.payable();
        let amount_fen = supplier.checked_neg()?;
        posting.push(Entry {
            account,
            amount_fen,
            village: None,
            income_source: None,
            line_ref: line.line_ref,
        });
    }
    let (account, amount_fen) = (centre(AccountKind::CentreFee), fee.checked_neg()?);
    posting.push(Entry {
        account,
        amount_fen,
        village: None,
        income_source: None,
        line_ref: line.line_ref,
    });
    Ok(())
}

/// Claim: what was shared out is taken back; so much of it lowers what the unit owes, the rest goes to its deposit. A line's
/// `shares` are what is given back; a single part may be negative by rounding, a line's total may not.
///
/// # Errors
/// A line's total below zero, a supplier's share without a supplier, nothing given back, or parts that do not sum to it.
pub fn claim_entries(
    unit: &str,
    owes_less_fen: Fen,
    deposit_fen: Fen,
    lines: &[AcceptedLine],
) -> Result<Entries, LedgerError> {
    refuse_negative([owes_less_fen, deposit_fen])?;
    let mut posting = Posting::default();
    for line in lines {
        refuse_negative([line.shares.total()?])?;
        let taken_back = AcceptedLine {
            shares: Shares::default().checked_sub(line.shares)?,
            ..line.clone()
        };
        share_out(&mut posting, &taken_back)?;
    }
    posting.credit(UnitSide::Receivable.account(unit), owes_less_fen)?;
    posting.credit(UnitSide::Deposit.account(unit), deposit_fen)?;
    posting.finish()
}

/// Buyback: the centre's inventory from what the village is owed.
///
/// # Errors
/// A sum of zero or less.
pub fn buyback_entries(village: &str, cost_fen: Fen) -> Result<Entries, LedgerError> {
    refuse_negative([cost_fen])?;
    let mut posting = Posting::default();
    posting.debit(centre(AccountKind::CentreInventory), cost_fen);
    posting.village_gains(village, cost_fen, Some(IncomeSource::Buyback), None)?;
    posting.finish()
}

/// Resale of a bought-back lot: unit receivable to inventory at cost; the difference is gain or loss.
///
/// # Errors
/// A negative sum, or nothing at all.
pub fn buyback_resale_entries(unit: &str, price_fen: Fen, cost_fen: Fen) -> Result<Entries, LedgerError> {
    refuse_negative([price_fen, cost_fen])?;
    let mut posting = Posting::default();
    posting.debit(UnitSide::Receivable.account(unit), price_fen);
    posting.credit(centre(AccountKind::CentreInventory), cost_fen)?;
    posting.credit(
        centre(AccountKind::BuybackResult),
        price_fen.checked_sub(cost_fen)?,
    )?;
    posting.finish()
}

/// Dividend: the project pool to the villages, one entry a village.
///
/// # Errors
/// A negative sum, or nothing at all.
pub fn dividend_entries(sums: &[(String, Fen)]) -> Result<Entries, LedgerError> {
    refuse_negative(sums.iter().map(|(_, sum)| *sum))?;
    let mut posting = Posting::default();
    posting.debit(
        centre(AccountKind::ProjectPool),
        Fen::checked_sum(sums.iter().map(|(_, sum)| *sum))?,
    );
    for (village, sum) in sums {
        posting.village_gains(village, *sum, Some(IncomeSource::Dividend), None)?;
    }
    posting.finish()
}

/// Declared income of the village's own: its own books to declared income, both a memo, with evidence kept beside.
///
/// # Errors
/// A sum of zero or less, or a source that the market itself credits.
pub fn declared_income_entries(
    village: &str,
    source: IncomeSource,
    amount_fen: Fen,
) -> Result<Entries, LedgerError> {
    if !matches!(source, IncomeSource::Rent | IncomeSource::OtherDeclared) {
        return Err(LedgerError::NotDeclared(source));
    }
    refuse_negative([amount_fen])?;
    let mut posting = Posting::default();
    posting.debit(Account::of(AccountKind::VillageOwnBooks, village), amount_fen);
    posting.push(Entry {
        account: Account::of(AccountKind::DeclaredIncome, village),
        amount_fen: amount_fen.checked_neg()?,
        village: Some(village.to_owned()),
        income_source: Some(source),
        line_ref: None,
    });
    posting.finish()
}
