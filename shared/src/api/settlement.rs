//! 结算: batches that pay villages, households and co-ops, what stands in them, and where the money goes.

use super::page::Page;
use crate::domain::calendar::{Day, Micros};
use crate::domain::money::Fen;
use crate::domain::settlement::result::{Layout, RowVerdict};
use crate::domain::settlement::{BatchStatus, LeftOut, PayeeKind, SettlementStatus};
use uuid::Uuid;

wire! {
    /// What a batch shall pay.
    #[derive(Default)]
    pub struct SettlementIn {
        /// Only what came through villages of this town (9-digit code).
        #[serde(default)]
        pub town_code: Option<String>,
        /// Only payees of this kind.
        #[serde(default)]
        pub payee_kind: Option<PayeeKind>,
        /// Only what was credited on this day or before; today when left out.
        #[serde(default)]
        pub until: Option<Day>,
        /// Payees with less, in fen, wait for a later batch.
        #[serde(default)]
        pub min_fen: Fen,
        /// Also what the unit has not paid yet: the centre advances it, where the settings allow.
        #[serde(default)]
        pub advance: bool,
        /// What the preview came to, in fen: when it is something else by now, nothing is prepared.
        #[serde(default)]
        pub expect_fen: Option<Fen>,
    }

    /// Somebody to be paid.
    pub struct PayeeOut {
        /// What kind.
        pub payee_kind: PayeeKind,
        /// The village's code, the household's or seller's id.
        pub payee: String,
        /// The name.
        pub name: String,
        /// The village it belongs to.
        pub village_code: String,
        /// That village's name.
        pub village_name: String,
        /// Its town's.
        pub town_name: String,
    }

    /// A payee with what it is owed.
    pub struct DueRow {
        /// Who.
        pub payee: PayeeOut,
        /// Lines that the sum is made of.
        pub lines: i64,
        /// What it gained, in fen.
        pub gained_fen: Fen,
        /// What is taken back of it, in fen, not above zero: claims after it was paid, for one.
        pub back_fen: Fen,
        /// What is left, in fen.
        pub amount_fen: Fen,
        /// When the oldest line was credited.
        pub oldest_at: Micros,
        /// Where it would be paid to, in part; empty when no account is known.
        pub account: String,
        /// When that account was changed last.
        pub account_changed_at: Option<Micros>,
        /// Why it is not paid; `None` when it is.
        pub left_out: Option<LeftOut>,
    }

    /// What a batch would pay now.
    pub struct PreviewOut {
        /// Who would be paid, village by village.
        pub pays: Vec<DueRow>,
        /// Who would not, with the reason.
        pub left_out: Vec<DueRow>,
        /// What would be paid, in fen.
        pub total_fen: Fen,
        /// Credited, but not paid by the unit yet, in fen: it waits.
        pub unpaid_fen: Fen,
        /// Lines of that.
        pub unpaid_lines: i64,
        /// Whether the settings let the centre advance.
        pub may_advance: bool,
    }

    /// A batch.
    pub struct BatchRow {
        /// Its id.
        pub id: Uuid,
        /// Its number.
        pub number: String,
        /// Where it stands.
        pub status: BatchStatus,
        /// Whether it advances what units have not paid.
        pub advance: bool,
        /// Payees.
        pub items: i64,
        /// What it pays, in fen.
        pub total_fen: Fen,
        /// Of that, what has arrived, in fen.
        pub confirmed_fen: Fen,
        /// Payees that have it.
        pub confirmed_items: i64,
        /// Of that, what the bank sent back, in fen.
        pub bounced_fen: Fen,
        /// Payees of whom it did.
        pub bounced_items: i64,
        /// Who prepared it.
        pub prepared_by_name: String,
        /// When.
        pub prepared_at: Micros,
        /// Who released it, once somebody has.
        pub released_by_name: Option<String>,
        /// When.
        pub released_at: Option<Micros>,
        /// When it went to the bank.
        pub sent_at: Option<Micros>,
        /// When the bank had answered for everybody.
        pub done_at: Option<Micros>,
    }

    /// A file for the bank, the same however often it is fetched.
    pub struct BatchFile {
        /// `csv` or `xlsx`.
        pub format: crate::domain::work::FileFormat,
        /// Its name.
        pub name: String,
        /// Its SHA-256, in hex.
        pub sha256: String,
        /// Its size in bytes.
        pub bytes: i64,
    }

    /// A result file of the bank, as it lies with its batch.
    pub struct UploadRow {
        /// Its id.
        pub id: Uuid,
        /// Its name.
        pub name: String,
        /// Rows.
        pub rows: i64,
        /// Who brought it.
        pub by_name: String,
        /// When.
        pub at: Micros,
        /// When it was applied last.
        pub applied_at: Option<Micros>,
    }

    /// A batch with its payees.
    pub struct BatchOut {
        /// The batch.
        pub row: BatchRow,
        /// What narrowed it.
        pub filter: SettlementIn,
        /// Its payees, in the order of the file for the bank.
        pub items: Page<ItemRow>,
        /// The files for the bank, once it is released.
        pub files: Vec<BatchFile>,
        /// What the bank sent.
        pub uploads: Vec<UploadRow>,
        /// The ledger transaction of its sending.
        pub transaction_id: Option<Uuid>,
        /// Whether the reader may release it: nobody releases what they prepared.
        pub own: bool,
    }

    /// A payee in a batch.
    pub struct ItemRow {
        /// Its id.
        pub id: Uuid,
        /// The batch.
        pub batch_id: Uuid,
        /// Its number with the batch's: what the bank's file calls it.
        pub reference: String,
        /// Who.
        pub payee: PayeeOut,
        /// What is paid, in fen.
        pub amount_fen: Fen,
        /// Of that, what is taken back, in fen, not above zero.
        pub back_fen: Fen,
        /// Lines.
        pub lines: i64,
        /// Where it stands.
        pub status: SettlementStatus,
        /// What the bank said when it sent the money back.
        pub reason: String,
        /// Whose account.
        pub account_name: String,
        /// The account; only the centre's finance sees all of it.
        pub account_no: String,
        /// At which bank.
        pub bank_name: String,
        /// The day of the batch.
        pub prepared_at: Micros,
        /// When the bank answered.
        pub decided_at: Option<Micros>,
    }

    /// A line of what is paid.
    pub struct ItemLine {
        /// When it was credited, or taken back.
        pub at: Micros,
        /// The document's kind, as the ledger names documents.
        pub source_kind: String,
        /// The document.
        pub source_id: Uuid,
        /// Its number.
        pub source_number: String,
        /// The village.
        pub village_name: String,
        /// The goods.
        pub goods: String,
        /// The buying unit.
        pub unit_name: String,
        /// Why it was taken back, in the words of the claim; empty otherwise.
        pub why: String,
        /// The number of the settlement that had paid what is taken back; empty otherwise.
        pub paid_before: String,
        /// The sum, in fen; what is taken back is negative.
        pub amount_fen: Fen,
    }

    /// A payee's part of a batch, line by line.
    pub struct ItemOut {
        /// The payee's part.
        pub row: ItemRow,
        /// The batch's number.
        pub batch_number: String,
        /// What it is made of, oldest first.
        pub lines: Vec<ItemLine>,
    }

    /// The batch went to the bank.
    pub struct SendIn {
        /// On this day; today when left out.
        #[serde(default)]
        pub on: Option<Day>,
    }

    /// What the bank did with one transfer.
    pub struct ItemAnswerIn {
        /// Whether the payee has the money.
        pub paid: bool,
        /// The bank's reason, 2 to 100 characters, where it sent the money back.
        #[serde(default)]
        pub reason: String,
        /// On this day; today when left out.
        #[serde(default)]
        pub on: Option<Day>,
    }

    /// A row of a result file, judged.
    pub struct ResultRow {
        /// Its line in the file, counting the heading as line 1.
        pub line: u64,
        /// What stands in it.
        pub cells: Vec<String>,
        /// What it comes to.
        pub verdict: RowVerdict,
        /// Of whom it speaks.
        pub payee_name: String,
    }

    /// A result file as it would be, or was, applied.
    pub struct UploadOut {
        /// The file.
        pub row: UploadRow,
        /// Its batch.
        pub batch_id: Uuid,
        /// The batch's number.
        pub batch_number: String,
        /// Its headings.
        pub heading: Vec<String>,
        /// How it is read: as for the last file with these headings, or as the headings tell.
        pub layout: Layout,
        /// Rows that say that the money arrived.
        pub confirms: i64,
        /// Rows that say that it came back.
        pub bounces: i64,
        /// Rows that say what is known.
        pub same: i64,
        /// Rows that are refused.
        pub refused: i64,
        /// The rows, the refused ones first; at most 500.
        pub rows: Vec<ResultRow>,
    }

    /// How a result file is read.
    pub struct ResultLayoutIn {
        /// The columns and words.
        pub layout: Layout,
    }

    /// Where a payee's money goes.
    pub struct PayeeAccountIn {
        /// Whose account, as the bank has it, 2 to 60 characters.
        pub account_name: String,
        /// The number; spaces and hyphens are left out.
        pub account_no: String,
        /// The bank with its branch, 4 to 60 characters.
        pub bank_name: String,
        /// The bank's 12-digit code (人行联行号); may be left empty.
        #[serde(default)]
        pub cnaps: String,
    }

    /// An account was checked.
    pub struct AccountCheckIn {
        /// When it was entered, as it was shown: what was entered since then is not checked by it.
        pub changed_at: Micros,
    }

    /// A payee's account.
    pub struct AccountShown {
        /// Whose, as the bank has it.
        pub account_name: String,
        /// The number; only the centre's finance sees all of it.
        pub account_no: String,
        /// The bank.
        pub bank_name: String,
        /// The bank's code.
        pub cnaps: String,
        /// Who entered it.
        pub changed_by_name: String,
        /// When.
        pub changed_at: Micros,
        /// Who of the centre's finance checked it; nobody has yet when it is empty.
        pub checked_by_name: Option<String>,
    }

    /// A payee with its account.
    pub struct PayeeAccountOut {
        /// Who.
        pub payee: PayeeOut,
        /// The account, if one is known.
        pub account: Option<AccountShown>,
        /// What is owed and in no batch, in fen.
        pub open_fen: Fen,
    }
}
