//! 集体收入: what a village earned, from whom, and by which document.

use super::village::VillageRow;
use crate::domain::calendar::Day;
use crate::domain::ledger::{IncomeSource, TransactionKind};
use crate::domain::money::Fen;
use crate::domain::price::PriceUnit;
use crate::domain::quantity::Qty;
use uuid::Uuid;

wire! {
    /// What narrows a village's statement; everything left out narrows nothing, but the year, which is this one.
    #[derive(Default)]
    pub struct StatementQuery {
        /// The year.
        pub year: Option<i32>,
        /// Only this month's lines, 1 to 12.
        pub month: Option<u32>,
        /// Only lines whose money has come this far. What is settled was paid, and counts there too.
        pub money: Option<MoneyState>,
        /// Only lines of this source.
        pub source: Option<IncomeSource>,
    }

    /// What narrows the villages of an overview; its sums are of all of them.
    #[derive(Default)]
    pub struct OverviewQuery {
        /// The year; this one when left out.
        pub year: Option<i32>,
        /// Only villages of this town.
        pub town: Option<String>,
        /// Only villages in this tenth of their target, 0 to 9; 10 for those that have reached it.
        pub tenth: Option<u32>,
        /// Only aided villages that have earned nothing yet.
        pub without: bool,
    }

    /// A village's collective income of a year.
    pub struct IncomeOut {
        /// The village.
        pub village: VillageRow,
        /// The year (Asia/Shanghai).
        pub year: i32,
        /// Years that have entries, newest first.
        pub years: Vec<i32>,
        /// Income by source; together `total_fen`.
        pub sources: Vec<SourceSum>,
        /// All of it that the target counts.
        pub total_fen: Fen,
        /// Credited by signed acceptances and other credits of the year.
        pub credited_fen: Fen,
        /// Of that, paid by the units.
        pub paid_fen: Fen,
        /// Of that, settled to the village.
        pub settled_fen: Fen,
        /// How many acceptances stand behind it.
        pub acceptances: i64,
        /// January to December.
        pub months: Vec<Fen>,
        /// The month that the statement is narrowed to, if it is.
        pub month: Option<u32>,
        /// How far the money of its lines has come, if it is narrowed to that.
        pub money: Option<MoneyState>,
        /// The source it is narrowed to, if it is.
        pub source: Option<IncomeSource>,
        /// What all lines of the statement, narrowed like this, come to.
        pub statement_fen: Fen,
        /// The newest statement lines.
        pub statement: super::page::Page<StatementLine>,
        /// How many links the village's chain has, and the hash of the last, in hex.
        pub chain: ChainHead,
    }

    /// Income from one source.
    pub struct SourceSum {
        /// The source.
        pub source: IncomeSource,
        /// Its sum.
        pub amount_fen: Fen,
    }

    /// The head of a village's hash chain.
    pub struct ChainHead {
        /// How many entries.
        pub length: i64,
        /// SHA-256 of the last, 64 hex digits; empty when there is none.
        pub hash: String,
    }

    /// One line of a village's statement.
    pub struct StatementLine {
        /// Its place in the village's chain, 1, 2, 3 …
        pub seq: i64,
        /// The ledger transaction.
        pub transaction_id: Uuid,
        /// What kind of event.
        pub kind: TransactionKind,
        /// The day it took effect.
        pub day: Day,
        /// The goods, or another title.
        pub title: String,
        /// The unit that bought, where one did.
        pub unit_name: Option<String>,
        /// The accepted amount, in base units.
        pub qty: Option<Qty>,
        /// Fen for one price unit.
        pub price_fen: Option<Fen>,
        /// What the price is for.
        pub price_unit: Option<PriceUnit>,
        /// The name of a piece.
        pub piece_name: Option<String>,
        /// What the village gained (or lost, when negative).
        pub amount_fen: Fen,
        /// How far its money has come.
        pub state: MoneyState,
        /// The document's kind, as `acceptance`.
        pub document_kind: String,
        /// The document's id.
        pub document_id: Uuid,
        /// The document's number.
        pub document_number: String,
    }

    /// How far the money of a credit has come.
    #[derive(Copy)]
    #[serde(rename_all = "snake_case")]
    pub enum MoneyState {
        /// 待付: the unit has not paid.
        Unpaid,
        /// 已付: the unit has paid.
        Paid,
        /// 已拨付: the village has it.
        Settled,
        /// 冲减: a correction.
        Correction,
    }

    /// Income over many villages: every village's own line, no averages in their place.
    pub struct OverviewOut {
        /// The year.
        pub year: i32,
        /// The town it is narrowed to, if it is.
        pub town: Option<super::town::TownOut>,
        /// The sum over the villages.
        pub credited_fen: Fen,
        /// Of that, paid.
        pub paid_fen: Fen,
        /// Of that, settled.
        pub settled_fen: Fen,
        /// How many villages are in each tenth of the target: 0-10 %, …, 90-100 %, reached.
        pub distribution: Vec<i64>,
        /// How the villages' incomes are spread.
        pub spread: Spread,
        /// The villages.
        pub page: super::page::Page<OverviewRow>,
    }

    /// How the incomes of aided villages, and of others that earned, are spread: each is a village's own sum.
    pub struct Spread {
        /// How many villages are counted.
        pub villages: i64,
        /// How many of them earned nothing yet.
        pub without: i64,
        /// A quarter earned this or less.
        pub lower_fen: Fen,
        /// Half earned this or less.
        pub median_fen: Fen,
        /// Three quarters earned this or less.
        pub upper_fen: Fen,
        /// The most.
        pub most_fen: Fen,
    }

    /// A village's line of the overview.
    pub struct OverviewRow {
        /// The village.
        pub village: VillageRow,
        /// Credited this year.
        pub credited_fen: Fen,
        /// Of that, paid.
        pub paid_fen: Fen,
        /// Of that, settled.
        pub settled_fen: Fen,
        /// How many acceptances.
        pub acceptances: i64,
    }
}

impl MoneyState {
    /// Every state, in the order of the money's way.
    pub const ALL: [Self; 4] = [Self::Unpaid, Self::Paid, Self::Settled, Self::Correction];

    /// The stable name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unpaid => "unpaid",
            Self::Paid => "paid",
            Self::Settled => "settled",
            Self::Correction => "correction",
        }
    }

    /// The state of a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }
}
