//! 导入: what came of a register file.

wire! {
    /// How full the registers are.
    pub struct RegisterCounts {
        /// Towns.
        pub towns: i64,
        /// Villages.
        pub villages: i64,
        /// Aided villages among them.
        pub aided: i64,
        /// Aid units.
        pub units: i64,
        /// Pairings that last.
        pub pairings: i64,
    }

    /// Which register a file fills.
    #[derive(Copy)]
    #[serde(rename_all = "snake_case")]
    pub enum Register {
        /// Columns `town_code,town`.
        Towns,
        /// Columns `village_code,village,town_code`, optional `aided`, `target_yuan`.
        Villages,
        /// Columns `unit_code,unit,kind`, optional `address`, `terms_days`, `demo`.
        Units,
        /// Columns `unit_code,village_code,from`, optional `until`.
        Pairings,
    }

    /// What an import did. A bad row never blocks the good ones.
    pub struct ImportOut {
        /// Rows read, without the heading.
        pub rows: u32,
        /// Rows that made something new.
        pub created: u32,
        /// Rows that changed something.
        pub updated: u32,
        /// Rows that said what is already known.
        pub unchanged: u32,
        /// Rows that were refused, in file order.
        pub bad: Vec<BadRow>,
    }

    /// A refused row.
    pub struct BadRow {
        /// The line in the file, counting the heading as line 1.
        pub line: u64,
        /// The column at fault, where one is.
        pub column: String,
        /// What stood there.
        pub value: String,
        /// Why.
        pub code: super::problem::FieldCode,
        /// The bound that was broken, where there is one, as text.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub bound: Option<String>,
        /// The reason in the reader's language.
        #[serde(default)]
        pub detail: String,
    }
}

impl Register {
    /// Every register, in the order in which they must be filled.
    pub const ALL: [Self; 4] = [Self::Towns, Self::Villages, Self::Units, Self::Pairings];

    /// The stable name, as in the path.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Towns => "towns",
            Self::Villages => "villages",
            Self::Units => "units",
            Self::Pairings => "pairings",
        }
    }

    /// The register of a path segment.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.as_str() == name)
    }
}
