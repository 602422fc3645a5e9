//! 账单: what a unit owes for what it has accepted, what is paid of it, and its statement of account.

use crate::api::page::Page;
use crate::domain::bill::{BillStatus, Billing, PayWay};
use crate::domain::calendar::{Day, Micros};
use crate::domain::ledger::{AccountKind, TransactionKind};
use crate::domain::money::Fen;
use uuid::Uuid;

wire! {
    /// A bill in a list.
    pub struct BillRow {
        /// Its id.
        pub id: Uuid,
        /// Its number.
        pub number: String,
        /// What is typed into the remark of a bank transfer, as `7KHM-3PXA`.
        pub transfer_code: String,
        /// The unit.
        pub unit_id: Uuid,
        /// Its name.
        pub unit_name: String,
        /// For one order or for a month.
        pub billing: Billing,
        /// The order's number, of a bill for one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub order_number: Option<String>,
        /// The first day of the month, of a bill for one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub month: Option<Day>,
        /// Its state.
        pub status: BillStatus,
        /// When it was sent.
        pub issued_at: Micros,
        /// The last day to pay.
        pub due_on: Day,
        /// Days past the last day to pay while something is open; 0 otherwise.
        pub overdue_days: i64,
        /// How many village orders stand on it.
        pub items: i32,
        /// The sum of what was accepted.
        pub total_fen: Fen,
        /// What claims took off.
        pub corrected_fen: Fen,
        /// What is paid.
        pub paid_fen: Fen,
        /// What is still to be paid.
        pub open_fen: Fen,
    }

    /// A bill.
    pub struct BillOut {
        /// What lists show of it.
        #[serde(flatten)]
        pub row: BillRow,
        /// When the rest was paid.
        pub paid_at: Option<Micros>,
        /// What stands on it, in the order in which payments pay it; 2,000 at the most.
        pub lines: Vec<BillLine>,
        /// What paid it, newest first; 200 at the most.
        pub payments: Vec<BillPayment>,
        /// What the unit has on deposit and could pay with, held for no prepaid order.
        pub deposit_fen: Fen,
    }

    /// A village order on a bill.
    pub struct BillLine {
        /// The village order.
        pub village_order_id: Uuid,
        /// Its number.
        pub village_order_number: String,
        /// The village.
        pub village_code: String,
        /// Its name.
        pub village_name: String,
        /// Its town's name.
        pub town_name: String,
        /// The order.
        pub order_id: Uuid,
        /// Its number.
        pub order_number: String,
        /// The acceptance.
        pub acceptance_id: Uuid,
        /// Its number.
        pub acceptance_number: String,
        /// What it is, in short.
        pub goods: String,
        /// When it was signed for.
        pub delivered_at: Micros,
        /// What was accepted.
        pub amount_fen: Fen,
        /// What claims took off.
        pub corrected_fen: Fen,
        /// What is paid.
        pub paid_fen: Fen,
    }

    /// A payment of a bill.
    pub struct BillPayment {
        /// Its id.
        pub id: Uuid,
        /// How.
        pub way: PayWay,
        /// The sum.
        pub amount_fen: Fen,
        /// When.
        pub at: Micros,
        /// The ledger transaction.
        pub transaction_id: Uuid,
        /// The bank receipt's match, online payment or deposit it came from.
        pub source_id: Uuid,
        /// When it was taken back.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub reversed_at: Option<Micros>,
    }

    /// Which bills are asked for.
    #[derive(Default)]
    pub struct BillQuery {
        /// Only of this unit; a unit's own people always get their own.
        #[serde(default)]
        pub unit_id: Option<Uuid>,
        /// Only in this state.
        #[serde(default)]
        pub status: Option<BillStatus>,
        /// Only open ones past their last day to pay.
        #[serde(default)]
        pub overdue: bool,
        /// Only with this number or transfer code.
        #[serde(default)]
        pub number: Option<String>,
    }

    /// Pays a bill from what the unit has on deposit.
    pub struct DepositPaymentIn {
        /// The sum, at most what is open and what is on deposit.
        pub amount_fen: Fen,
    }

    /// What sending bills brought.
    pub struct BillsIssuedOut {
        /// How many were sent.
        pub issued: i64,
    }

    /// What a unit's bills cover.
    pub struct BillingIn {
        /// One for every order, or one a month.
        pub billing: Billing,
    }

    /// How a unit is billed.
    pub struct BillingOut {
        /// The unit.
        pub unit_id: Uuid,
        /// Its name.
        pub unit_name: String,
        /// What its bills cover.
        pub billing: Billing,
        /// Days to pay after delivery, 1 to 60.
        pub terms_days: i32,
    }

    /// A unit's statement of account: what it owes and what it paid, newest first.
    pub struct UnitAccountOut {
        /// The unit.
        pub unit_id: Uuid,
        /// Its name.
        pub unit_name: String,
        /// What it owes now for what it accepted; billed or not.
        pub owed_fen: Fen,
        /// What of it is past its last day to pay.
        pub overdue_fen: Fen,
        /// What of it stands on no bill yet.
        pub unbilled_fen: Fen,
        /// What it has on deposit.
        pub deposit_fen: Fen,
        /// The lines.
        pub lines: Page<AccountLine>,
    }

    /// A line of a statement of account.
    pub struct AccountLine {
        /// The ledger transaction.
        pub transaction_id: Uuid,
        /// What kind of event.
        pub kind: TransactionKind,
        /// What the unit owes, or its deposit.
        pub account: AccountKind,
        /// When it took effect.
        pub at: Micros,
        /// The document's kind.
        pub document_kind: String,
        /// The document.
        pub document_id: Uuid,
        /// Its number.
        pub document_number: String,
        /// What it adds to what the unit owes, less what it has on deposit.
        pub amount_fen: Fen,
        /// What the unit owed less its deposit after it.
        pub balance_fen: Fen,
    }
}
