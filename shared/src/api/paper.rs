//! 单据: what anybody may know of a document that was issued. No person, no household, no buyer.

use crate::domain::calendar::Day;
use crate::domain::money::Fen;
use crate::domain::paper::PaperKind;

wire! {
    /// A document that was issued, as its code confirms it.
    pub struct IssuedOut {
        /// The code on it, 16 characters.
        pub code: String,
        /// What kind of document.
        pub kind: PaperKind,
        /// Its number.
        pub number: String,
        /// Its sum.
        pub sum_fen: Fen,
        /// The day on which it was issued.
        pub issued_on: Day,
        /// The number of the document that has taken its place, when one has.
        pub superseded_by: Option<String>,
    }
}
