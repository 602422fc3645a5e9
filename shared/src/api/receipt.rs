//! 银行到账: bank accounts, statements and how they are read, receipts and what they pay.

use crate::domain::calendar::{Day, Micros};
use crate::domain::money::Fen;
use crate::domain::receipt::statement::StatementField;
use crate::domain::receipt::suggest::Reason;
use crate::domain::receipt::{MatchState, ReceiptStatus};
use uuid::Uuid;

wire! {
    /// An account of the centre's at a bank.
    pub struct BankAccountOut {
        /// Its id.
        pub id: Uuid,
        /// What the centre calls it.
        pub name: String,
        /// The bank.
        pub bank: String,
        /// Its number, digits alone.
        pub account_no: String,
        /// The day of its newest receipt.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub newest_on: Option<Day>,
    }

    /// A new account of the centre's.
    pub struct BankAccountIn {
        /// What the centre calls it, up to 40 characters.
        pub name: String,
        /// The bank, up to 60 characters.
        pub bank: String,
        /// Its number: 6 to 40 digits; spaces are left out.
        pub account_no: String,
    }

    /// A bank statement that was taken in, before its columns are known or after.
    pub struct StatementOut {
        /// Its id.
        pub id: Uuid,
        /// The account.
        pub account: BankAccountOut,
        /// The file's name.
        pub file_name: String,
        /// The line that its heading stands on.
        pub heading_line: i64,
        /// The heading.
        pub heading: Vec<String>,
        /// The first rows below it.
        pub samples: Vec<Vec<String>>,
        /// Rows below the heading.
        pub total: i64,
        /// Which column is which: as this heading was read before, or as it seems.
        pub columns: Vec<ColumnOf>,
        /// Whether this heading was read before.
        pub known: bool,
        /// The check, once it was asked for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub work_id: Option<Uuid>,
    }

    /// What a column of a statement is.
    pub struct ColumnOf {
        /// What.
        pub field: StatementField,
        /// Which column, counted from 0.
        pub column: u16,
    }

    /// Which column of a statement is which.
    pub struct StatementLayoutIn {
        /// The columns, each field once.
        pub columns: Vec<ColumnOf>,
    }

    /// A receipt in a list.
    pub struct ReceiptRow {
        /// Its id.
        pub id: Uuid,
        /// The bank's number of it.
        pub bank_reference: String,
        /// The account that it came to.
        pub account_id: Uuid,
        /// The account's name.
        pub account_name: String,
        /// When the bank booked it.
        pub booked_at: Micros,
        /// From whom.
        pub payer_name: String,
        /// From which account.
        pub payer_account: String,
        /// What was written with it.
        pub remark: String,
        /// How much.
        pub amount_fen: Fen,
        /// Where it stands.
        pub status: ReceiptStatus,
        /// Days since the bank booked it while nobody has said what it pays, or a second person has to decide; 0 otherwise.
        pub age_days: i64,
        /// The unit whose bills it pays, or is said to.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub unit_id: Option<Uuid>,
        /// Its name.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub unit_name: Option<String>,
        /// When it was taken in.
        pub imported_at: Micros,
    }

    /// A receipt.
    pub struct ReceiptOut {
        /// What lists show of it.
        #[serde(flatten)]
        pub row: ReceiptRow,
        /// The ledger transaction that booked it to suspense.
        pub transaction_id: Uuid,
        /// What it pays, was said to pay or paid once, newest first; 50 at the most.
        pub matches: Vec<MatchOut>,
        /// What it may pay, the likeliest first, while nobody has said.
        pub suggestions: Vec<MatchSuggestionOut>,
    }

    /// What a receipt pays.
    pub struct MatchOut {
        /// Its id.
        pub id: Uuid,
        /// Where it stands.
        pub state: MatchState,
        /// Whether code and sum agreed, so that nobody had to look.
        pub automatic: bool,
        /// Whether it waits for a second person because of its sum.
        pub over_limit: bool,
        /// The unit.
        pub unit_id: Uuid,
        /// Its name.
        pub unit_name: String,
        /// The bills.
        pub bills: Vec<MatchBill>,
        /// What goes to the unit's deposit.
        pub deposit_fen: Fen,
        /// What whoever said so wrote with it.
        pub note: String,
        /// Who said so.
        pub proposed_by: Uuid,
        /// Their name.
        pub proposed_by_name: String,
        /// When.
        pub proposed_at: Micros,
        /// Who confirmed or refused it.
        pub decided_by_name: Option<String>,
        /// When.
        pub decided_at: Option<Micros>,
        /// Why it was refused.
        pub reason: Option<String>,
        /// The ledger transaction.
        pub transaction_id: Option<Uuid>,
        /// Who wants it taken back.
        pub asked_back_by: Option<Uuid>,
        /// Their name.
        pub asked_back_by_name: Option<String>,
        /// When.
        pub asked_back_at: Option<Micros>,
        /// Why.
        pub asked_back_reason: Option<String>,
        /// Who agreed that it is taken back.
        pub taken_back_by_name: Option<String>,
        /// When.
        pub taken_back_at: Option<Micros>,
        /// The ledger transaction that took it back.
        pub reversed_by: Option<Uuid>,
    }

    /// A bill that a receipt pays.
    pub struct MatchBill {
        /// The bill.
        pub bill_id: Uuid,
        /// Its number.
        pub number: String,
        /// What is paid of it.
        pub amount_fen: Fen,
        /// What is open of it now.
        pub open_fen: Fen,
    }

    /// What a receipt may pay.
    pub struct MatchSuggestionOut {
        /// The unit.
        pub unit_id: Uuid,
        /// Its name.
        pub unit_name: String,
        /// The bills.
        pub bills: Vec<MatchBill>,
        /// What would go to the unit's deposit.
        pub deposit_fen: Fen,
        /// Why, the strongest reason first.
        pub reasons: Vec<Reason>,
    }

    /// What a person says that a receipt pays. The sums come to the receipt's own.
    pub struct MatchIn {
        /// The unit.
        pub unit_id: Uuid,
        /// Its bills, 50 at the most; none when all of it is the unit's deposit.
        pub bills: Vec<MatchBillIn>,
        /// What goes to the unit's deposit.
        pub deposit_fen: Fen,
        /// Why, up to 200 characters.
        #[serde(default)]
        pub note: String,
    }

    /// A bill that a receipt is said to pay.
    pub struct MatchBillIn {
        /// The bill.
        pub bill_id: Uuid,
        /// What is paid of it.
        pub amount_fen: Fen,
    }

    /// The second person's yes, over what they have seen.
    pub struct ConfirmIn {
        /// The match.
        pub match_id: Uuid,
    }

    /// The second person's no, over what they have seen.
    pub struct RefuseIn {
        /// The match.
        pub match_id: Uuid,
        /// Why, up to 200 characters.
        pub reason: String,
    }

    /// Somebody wants a posted match taken back.
    pub struct TakeBackIn {
        /// The match.
        pub match_id: Uuid,
        /// Why, up to 200 characters.
        pub reason: String,
    }

    /// Which receipts are asked for.
    #[derive(Default)]
    pub struct ReceiptQuery {
        /// Only in this state.
        #[serde(default)]
        pub status: Option<ReceiptStatus>,
        /// Only those that wait for a second person.
        #[serde(default)]
        pub waits: bool,
        /// Only on this account.
        #[serde(default)]
        pub account_id: Option<Uuid>,
        /// Only of this unit.
        #[serde(default)]
        pub unit_id: Option<Uuid>,
        /// Booked on this day or later.
        #[serde(default)]
        pub from: Option<Day>,
        /// Booked on this day or earlier.
        #[serde(default)]
        pub until: Option<Day>,
        /// Only with this in the payer's name, or with this number of the bank's or payer's account.
        #[serde(default)]
        pub text: Option<String>,
        /// The oldest first.
        #[serde(default)]
        pub oldest_first: bool,
    }

    /// What waits, and since when.
    pub struct ReceiptSums {
        /// Nobody knows what it pays: how many.
        pub suspense: i64,
        /// Their sum.
        pub suspense_fen: Fen,
        /// The day of the oldest.
        pub oldest_on: Option<Day>,
        /// Waits for a second person: how many.
        pub waiting: i64,
        /// Their sum.
        pub waiting_fen: Fen,
    }
}

impl StatementLayoutIn {
    /// A statement whose columns are these fields, from the first on.
    #[must_use]
    pub fn in_order(fields: impl IntoIterator<Item = StatementField>) -> Self {
        let columns = (0..)
            .zip(fields)
            .map(|(column, field)| ColumnOf { field, column });
        Self {
            columns: columns.collect(),
        }
    }
}
