//! 财务首页: where the market's money is just now, how old it is, and whether the books agree with it.

use crate::domain::calendar::{Day, Micros};
use crate::domain::money::Fen;

wire! {
    /// Money of one age.
    pub struct AgeBand {
        /// At least so many days old.
        pub from_days: i32,
        /// At most so many; `None` without an end.
        pub until_days: Option<i32>,
        /// How much, in fen.
        pub sum_fen: Fen,
        /// How many things.
        pub count: i64,
    }

    /// Which money.
    #[derive(Copy)]
    #[serde(rename_all = "snake_case")]
    pub enum MoneyPlace {
        /// Billed and not paid.
        Owed,
        /// Of that, past the last day to pay.
        Overdue,
        /// Came to the bank, and nobody knows yet what it pays.
        Suspense,
        /// Sent to payees, and not answered by the bank.
        InTransit,
        /// Paid by units, and not sent to payees.
        Unsettled,
        /// Paid online, and not paid out to the bank.
        Clearing,
    }

    /// A sum with its age.
    pub struct MoneyAge {
        /// Which money.
        pub place: MoneyPlace,
        /// How much, in fen.
        pub sum_fen: Fen,
        /// How many bills, receipts, payees ….
        pub count: i64,
        /// The age of the oldest, in days; `None` when there is nothing.
        pub oldest_days: Option<i64>,
        /// By age, youngest first.
        pub bands: Vec<AgeBand>,
    }

    /// One comparison of a reconciliation.
    pub struct AgreementOut {
        /// What is compared.
        pub what: Agreement,
        /// What the ledger says, in fen.
        pub ledger_fen: Fen,
        /// What the lists behind it come to, in fen.
        pub lists_fen: Fen,
    }

    /// What a reconciliation compares.
    #[derive(Copy)]
    #[serde(rename_all = "snake_case")]
    pub enum Agreement {
        /// What units owe: open bills, and what is accepted and not billed.
        Receivable,
        /// What is on deposit: never less than what is held for prepaid orders.
        Deposit,
        /// What villages, households and co-ops are owed: payables that were not sent.
        Payables,
        /// What is on its way to payees: settlements that were sent and not answered.
        InTransit,
        /// What was paid to payees: settlements that were answered.
        Settled,
        /// All accounts together: nothing.
        Total,
    }

    /// A reconciliation.
    pub struct ReconciliationOut {
        /// Its day.
        pub day: Day,
        /// When it was made.
        pub at: Micros,
        /// Who asked for it; `None` for the program's own of every day.
        pub by_name: Option<String>,
        /// Whether everything agrees.
        pub balanced: bool,
        /// Every comparison.
        pub lines: Vec<AgreementOut>,
        /// What the checks of the books found, if anything: the first of each.
        pub wrong: Vec<String>,
    }

    /// Where the money is.
    pub struct FinanceOut {
        /// Each kind of money with its age.
        pub money: Vec<MoneyAge>,
        /// Accepted and not billed yet, in fen.
        pub unbilled_fen: Fen,
        /// Batches that wait for somebody's release.
        pub batches_open: i64,
        /// Accounts that nobody has checked.
        pub accounts_unchecked: i64,
        /// The newest reconciliations, newest first.
        pub reconciliations: Vec<ReconciliationOut>,
    }
}

impl MoneyPlace {
    /// Every place, in the order in which money goes through them.
    pub const ALL: [Self; 6] = [
        Self::Owed,
        Self::Overdue,
        Self::Suspense,
        Self::Clearing,
        Self::Unsettled,
        Self::InTransit,
    ];
}

impl AgreementOut {
    /// What the two differ by.
    #[must_use]
    pub fn off_by_fen(&self) -> Fen {
        Fen(self.ledger_fen.0.saturating_sub(self.lists_fen.0))
    }
}
