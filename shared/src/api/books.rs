//! 账簿: the trial balance, closed months, and a village's public journal.

use crate::domain::calendar::{Day, Micros};
use crate::domain::ledger::{AccountKind, IncomeSource, TransactionKind};
use crate::domain::money::Fen;
use crate::domain::month::Month;
use uuid::Uuid;

pub use crate::domain::books::TrialBy;

wire! {
    /// The trial balance: every kind of account, as of an instant.
    pub struct TrialOut {
        /// Up to this instant, itself included; `None` for all there is.
        pub at: Option<Micros>,
        /// Which time is meant.
        pub by: TrialBy,
        /// The kinds of accounts, those never touched too.
        pub kinds: Vec<TrialRow>,
        /// Everything debited.
        pub debit_fen: Fen,
        /// Everything credited.
        pub credit_fen: Fen,
        /// Whether the two are equal.
        pub balanced: bool,
    }

    /// A kind of account.
    pub struct TrialRow {
        /// The kind.
        pub account: AccountKind,
        /// Debited.
        pub debit_fen: Fen,
        /// Credited.
        pub credit_fen: Fen,
        /// Debit without credit.
        pub balance_fen: Fen,
    }

    /// One account.
    pub struct AccountRow {
        /// Its kind.
        pub account: AccountKind,
        /// Whose: a unit's id, a village's code …; empty for the centre's own.
        pub owner: String,
        /// Its name; empty for the centre's own.
        pub owner_name: String,
        /// Debited.
        pub debit_fen: Fen,
        /// Credited.
        pub credit_fen: Fen,
        /// Debit without credit.
        pub balance_fen: Fen,
    }

    /// One account with a page of its entries.
    pub struct LedgerAccountOut {
        /// The account.
        pub account: AccountRow,
        /// Its entries, the newest first.
        pub entries: crate::api::page::Page<AccountEntryRow>,
    }

    /// One entry of an account.
    pub struct AccountEntryRow {
        /// The transaction.
        pub transaction_id: Uuid,
        /// The entry's place in it.
        pub seq: i32,
        /// What kind of event.
        pub kind: TransactionKind,
        /// When it took effect.
        pub effective_at: Micros,
        /// When it was written.
        pub recorded_at: Micros,
        /// The document's kind.
        pub document_kind: String,
        /// The document's number.
        pub document_number: String,
        /// Debit positive, credit negative.
        pub amount_fen: Fen,
    }

    /// The months of the books, the newest first.
    pub struct MonthsOut {
        /// The months, from this one back to the first.
        pub months: Vec<MonthRow>,
        /// The one that is closed next; `None` while that one has not ended.
        pub closable: Option<Month>,
    }

    /// A month of the books.
    pub struct MonthRow {
        /// The month.
        pub month: Month,
        /// How it was closed; `None` while it is open.
        pub closed: Option<MonthClosed>,
    }

    /// How a month was closed.
    pub struct MonthClosed {
        /// When.
        pub closed_at: Micros,
        /// By whom.
        pub closed_by_name: String,
        /// Entries that took effect in it.
        pub entries: i64,
        /// What was debited in it, which is what was credited.
        pub moved_fen: Fen,
        /// The hash of the published text, hex.
        pub text_hash: String,
        /// The hash of the trial balance at its end, account by account, hex.
        pub trial_hash: String,
        /// The name of the key that signed it.
        pub key_id: String,
        /// The Ed25519 signature over the text, hex.
        pub signature: String,
    }

    /// One month with its sums.
    pub struct MonthOut {
        /// The month.
        pub row: MonthRow,
        /// Whether it can be closed now.
        pub closable: bool,
        /// For every kind of account what moved in it; of an open month, so far.
        pub kinds: Vec<MonthKindRow>,
        /// Corrections that name a document of this month and were posted to a later one, the newest first; 100 at the most.
        pub corrections: Vec<CorrectionRow>,
    }

    /// A kind of account over a month.
    pub struct MonthKindRow {
        /// The kind.
        pub account: AccountKind,
        /// Debited in the month.
        pub debit_fen: Fen,
        /// Credited in the month.
        pub credit_fen: Fen,
        /// Debit without credit at its end; of an open month, so far.
        pub balance_fen: Fen,
    }

    /// A correction of something that a closed month has.
    pub struct CorrectionRow {
        /// The transaction that corrects.
        pub transaction_id: Uuid,
        /// What kind of event.
        pub kind: TransactionKind,
        /// When it took effect.
        pub effective_at: Micros,
        /// Its document's kind.
        pub document_kind: String,
        /// Its document's number.
        pub document_number: String,
        /// What it debits, which is what it credits.
        pub moved_fen: Fen,
        /// The transaction that it corrects.
        pub corrects: Uuid,
        /// The number of that one's document.
        pub corrects_number: String,
    }

    /// A month to close.
    pub struct CloseIn {
        /// The month: the first that is still open, once it has ended.
        pub month: Month,
    }

    /// A village's journal as everybody may see it.
    pub struct JournalOut {
        /// The village's code.
        pub village_code: String,
        /// Its name.
        pub village_name: String,
        /// Its town's name.
        pub town_name: String,
        /// Entries so far.
        pub length: i64,
        /// The hash of the last one, hex; empty when there is none.
        pub head: String,
        /// All collective income.
        pub income_fen: Fen,
        /// What the market still owes the village.
        pub owed_fen: Fen,
        /// The last month whose signed head vouches for the journal; `None` before the first close.
        pub published: Option<Month>,
        /// A page of entries, the newest first.
        pub links: crate::api::page::Page<JournalLink>,
    }

    /// One entry of a public journal.
    pub struct JournalLink {
        /// Its place: 1, 2, 3 …
        pub seq: i64,
        /// The day on which it took effect.
        pub day: Day,
        /// What kind of event.
        pub kind: TransactionKind,
        /// The kind of collective income, where it is income.
        pub source: Option<IncomeSource>,
        /// What the village gained, or (negative) gave.
        pub gain_fen: Fen,
        /// The hash of the full entry, hex.
        pub sealed: String,
        /// Its hash in the public chain, hex.
        pub hash: String,
    }
}
