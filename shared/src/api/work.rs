//! 后台任务: long work that one can leave and come back to.

use super::import::{BadRow, Register};
use crate::domain::calendar::Micros;
use uuid::Uuid;

pub use crate::domain::work::{ExportList, FileFormat, WorkKind, WorkStage, WorkState};

wire! {
    /// A list to write to a file.
    pub struct ExportIn {
        /// The list.
        pub list: ExportList,
        /// The form of the file.
        pub format: FileFormat,
        /// The filters of the list as they stand in its address, as `state=placed`; empty for all of it.
        #[serde(default)]
        pub query: String,
    }

    /// A decision over a checked import.
    pub struct WorkGoIn {
        /// Take nothing at all when a row is refused.
        #[serde(default)]
        pub whole: bool,
    }

    /// A register as a table, as its file has it.
    pub struct TableOut {
        /// The headings.
        pub heading: Vec<String>,
        /// The rows, as people read them.
        pub rows: Vec<Vec<String>>,
        /// The key of the next page; `None` on the last.
        pub next: Option<String>,
    }

    /// One row of a register: values by the keys of its columns.
    pub struct RowIn {
        /// The values; a column that is left out stays as it is.
        pub values: std::collections::BTreeMap<String, String>,
    }

    /// What came of one row.
    pub struct RowOut {
        /// Whether it is new.
        pub created: bool,
        /// Whether it changed something that was known.
        pub changed: bool,
    }

    /// A co-op that sells.
    pub struct CoopIn {
        /// Its name on invoices, up to 80 characters.
        pub name: String,
        /// Its village: the 12-digit code.
        pub village_code: String,
        /// Its unified social credit code.
        pub code: String,
    }

    /// A piece of long work.
    pub struct WorkOut {
        /// Its id.
        pub id: Uuid,
        /// What it is.
        pub kind: WorkKind,
        /// The register or list.
        pub subject: String,
        /// How far it is.
        pub state: WorkState,
        /// What an import does now.
        pub stage: WorkStage,
        /// Whether it takes all rows or none.
        pub whole: bool,
        /// The name of the file that came in; empty for an export.
        pub input_name: String,
        /// Rows done.
        pub done: i64,
        /// Rows in all; 0 while nobody knows.
        pub total: i64,
        /// Rows that made something new, or would.
        pub created: i64,
        /// Rows that changed something, or would.
        pub changed: i64,
        /// Rows that said what is already known.
        pub unchanged: i64,
        /// Rows that were refused.
        pub refused: i64,
        /// Why it failed, as a code of a problem.
        pub problem: Option<super::problem::Code>,
        /// The name of the file that came of it, while it is kept.
        pub result_name: Option<String>,
        /// Who asked for it.
        pub person_name: String,
        /// When it was asked for.
        pub created_at: Micros,
        /// When it began.
        pub started_at: Option<Micros>,
        /// When it ended.
        pub ended_at: Option<Micros>,
        /// The first refused rows, in file order; all of them are in the file of refused rows.
        #[serde(default)]
        pub bad: Vec<BadRow>,
    }
}

impl WorkOut {
    /// Whether it goes on by itself.
    #[must_use]
    pub const fn moves(&self) -> bool {
        matches!(self.state, WorkState::Queued | WorkState::Running)
    }

    /// The register of an import.
    #[must_use]
    pub fn register(&self) -> Option<Register> {
        (self.kind == WorkKind::Import)
            .then(|| Register::from_name(&self.subject))
            .flatten()
    }

    /// The list of an export.
    #[must_use]
    pub fn list(&self) -> Option<ExportList> {
        (self.kind == WorkKind::Export)
            .then(|| ExportList::from_name(&self.subject))
            .flatten()
    }
}
