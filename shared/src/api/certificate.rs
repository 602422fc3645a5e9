//! 证书: those that run out soon.

use crate::domain::calendar::Day;
use crate::domain::certificate::CertificateKind;
use crate::domain::offer::OfferStatus;
use uuid::Uuid;

wire! {
    /// An offer whose certificate runs out within the days asked for, or has run out.
    pub struct CertificateRow {
        /// The offer.
        pub offer_id: Uuid,
        /// Where the offer stands.
        pub status: OfferStatus,
        /// The name on the shelf.
        pub name: String,
        /// The grade.
        pub grade: String,
        /// The village's code.
        pub village_code: String,
        /// The village's name.
        pub village_name: String,
        /// The town's name.
        pub town_name: String,
        /// What is certified.
        pub kind: CertificateKind,
        /// The certificate's number.
        pub number: String,
        /// Its last day.
        pub until: Day,
        /// Days left; below zero once it has run out.
        pub days_left: i64,
        /// Whether the village was told of this date.
        pub told: bool,
    }
}
