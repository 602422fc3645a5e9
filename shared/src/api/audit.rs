//! 操作记录: who did what to which thing, when.

use crate::domain::calendar::Micros;
use uuid::Uuid;

wire! {
    /// One audit row.
    pub struct AuditOut {
        /// Its id.
        pub id: Uuid,
        /// When.
        pub at: Micros,
        /// Who; `None` for the program's own jobs.
        pub person_name: Option<String>,
        /// Their id.
        pub person_id: Option<Uuid>,
        /// In which role.
        pub role: String,
        /// What was done, as `order.place`.
        pub action: String,
        /// The kind of thing, as `order`.
        pub object_kind: String,
        /// Its id or number.
        pub object_id: String,
        /// Its name, where it is a person.
        pub object_name: Option<String>,
        /// The village it belongs to.
        pub village_code: Option<String>,
        /// What else is worth knowing, as text.
        pub detail: String,
    }

    /// What the log can be narrowed to.
    #[derive(Copy)]
    #[serde(rename_all = "snake_case")]
    pub enum AuditKind {
        /// People, their roles, second factors, passwords and tokens.
        Rights,
        /// Signing in and out, and proving oneself.
        SignIn,
        /// Orders and their approval.
        Order,
        /// Villages' parts of orders.
        VillageOrder,
        /// Weighing and signing.
        Acceptance,
        /// Offers, lots, certificates, households.
        Goods,
        /// Registers, files, long work.
        Register,
        /// Ledger, bills, receipts, settlements, claims.
        Money,
    }
}

impl AuditKind {
    /// Every kind.
    pub const ALL: [Self; 8] = [
        Self::Rights,
        Self::SignIn,
        Self::Order,
        Self::VillageOrder,
        Self::Acceptance,
        Self::Goods,
        Self::Register,
        Self::Money,
    ];

    /// The stable name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rights => "rights",
            Self::SignIn => "sign_in",
            Self::Order => "order",
            Self::VillageOrder => "village_order",
            Self::Acceptance => "acceptance",
            Self::Goods => "goods",
            Self::Register => "register",
            Self::Money => "money",
        }
    }

    /// The kind of a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// What the actions of this kind begin with.
    #[must_use]
    pub const fn actions(self) -> &'static [&'static str] {
        match self {
            Self::Rights => &[
                "person.",
                "second_factor.",
                "password.",
                "token.",
                "session.switch_role",
            ],
            Self::SignIn => &["session."],
            Self::Order => &["order."],
            Self::VillageOrder => &["village_order."],
            Self::Acceptance => &["acceptance."],
            Self::Goods => &["offer.", "lot.", "household.", "certificate.", "photo."],
            Self::Register => &[
                "register.",
                "file.",
                "import.",
                "export.",
                "job.",
                "work.",
                "seller.",
            ],
            Self::Money => &[
                "ledger.",
                "books.",
                "bill.",
                "receipt.",
                "invoice.",
                "settlement.",
                "claim.",
                "payment.",
                "refund.",
                "refund_order.",
                "dividend.",
                "paper.",
            ],
        }
    }
}
