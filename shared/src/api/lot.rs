//! 批次: a dated quantity of an offer.

use crate::domain::calendar::Day;
use crate::domain::quantity::Qty;
use uuid::Uuid;

wire! {
    /// A lot to add.
    pub struct LotIn {
        /// Harvested on this day, or expected on it when it lies ahead.
        pub harvested_on: Day,
        /// Good until this day.
        #[serde(default)]
        pub good_until: Option<Day>,
        /// How much there is, in base units (grams or pieces).
        pub qty: Qty,
    }

    /// A lot with its stock. `reserved + sold + free = qty`, always.
    pub struct LotOut {
        /// Its id.
        pub id: Uuid,
        /// The trace code printed on packing slips.
        pub code: String,
        /// Harvested or expected on.
        pub harvested_on: Day,
        /// Good until.
        pub good_until: Option<Day>,
        /// All of it, in base units.
        pub qty: Qty,
        /// Held for orders not yet accepted.
        pub reserved: Qty,
        /// Accepted.
        pub sold: Qty,
        /// What can still be ordered.
        pub free: Qty,
    }
}
