//! 账: transactions, entries, and the checks over them.

use crate::domain::calendar::Micros;
use crate::domain::ledger::{AccountKind, IncomeSource, TransactionKind};
use crate::domain::money::Fen;
use crate::domain::month::Month;
use uuid::Uuid;

wire! {
    /// A ledger transaction with its entries, which sum to zero.
    pub struct TransactionOut {
        /// Its id, chosen by whoever caused it.
        pub id: Uuid,
        /// What kind of event.
        pub kind: TransactionKind,
        /// The document's kind, as `acceptance`.
        pub document_kind: String,
        /// The document's id.
        pub document_id: Uuid,
        /// The document's number.
        pub document_number: String,
        /// When it took effect.
        pub effective_at: Micros,
        /// When it was written.
        pub recorded_at: Micros,
        /// Who caused it.
        pub actor_name: String,
        /// The transaction that it reverses or corrects, if it does.
        pub reverses: Option<Uuid>,
        /// What that one was.
        pub corrects: Option<CorrectedOut>,
        /// Its entries.
        pub entries: Vec<EntryOut>,
        /// Who signed the document, the unit first; empty where nothing is signed.
        pub signatures: Vec<super::acceptance::Signature>,
        /// What was recorded about the document, for those who read the audit log.
        pub audit: Vec<super::audit::AuditOut>,
    }

    /// What a correction corrects.
    pub struct CorrectedOut {
        /// The document's kind.
        pub document_kind: String,
        /// The document's number.
        pub document_number: String,
        /// The month in which it took effect.
        pub month: Month,
        /// Whether that month is closed.
        pub closed: bool,
    }

    /// One entry.
    pub struct EntryOut {
        /// Its place in the transaction, 0, 1, 2 …
        pub seq: i32,
        /// The account's kind.
        pub account: AccountKind,
        /// Whose account: a unit's id, a village's code …; empty for the centre's own.
        pub owner: String,
        /// Its name; empty for the centre's own, and for a household where the reader may not know it.
        pub owner_name: String,
        /// The place of a household among its village's, for those who may not read its name.
        pub household_no: Option<i64>,
        /// Debit positive, credit negative.
        pub amount_fen: Fen,
        /// The village whose chain holds it.
        pub village_code: Option<String>,
        /// The income source, on entries that are income.
        pub source: Option<IncomeSource>,
        /// Its place in the village's chain.
        pub chain_seq: Option<i64>,
        /// Its hash in the chain, hex.
        pub hash: Option<String>,
    }

    /// What `verify` found.
    pub struct VerifyOut {
        /// Whether every check held.
        pub clean: bool,
        /// The checks, in order.
        pub checks: Vec<CheckOut>,
    }

    /// One check over the books.
    pub struct CheckOut {
        /// Its stable name, as `entries_sum_to_zero`.
        pub name: String,
        /// How many things it looked at.
        pub looked_at: i64,
        /// The first thing wrong, if anything is.
        pub wrong: Option<String>,
    }
}
