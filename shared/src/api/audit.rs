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
        /// In which role.
        pub role: String,
        /// What was done, as `order.place`.
        pub action: String,
        /// The kind of thing, as `order`.
        pub object_kind: String,
        /// Its id or number.
        pub object_id: String,
        /// What else is worth knowing, as text.
        pub detail: String,
    }
}
