//! 消息: what somebody should know.

use crate::domain::calendar::Micros;
use crate::domain::notice::NoticeKind;
use uuid::Uuid;

wire! {
    /// A notice.
    pub struct NoticeOut {
        /// Its id.
        pub id: Uuid,
        /// When.
        pub at: Micros,
        /// What about.
        pub kind: NoticeKind,
        /// The thing: its number or name.
        pub subject: String,
        /// Where to go, as a path of the market.
        pub path: String,
        /// Whether it came since the reader last looked.
        pub new: bool,
    }
}
