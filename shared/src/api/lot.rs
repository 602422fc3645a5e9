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
        /// 预售: not harvested yet; `harvested_on` is the expected day.
        pub presale: bool,
        /// The day that was promised when it was listed ahead of its harvest, if it was.
        pub expected_on: Option<Day>,
    }

    /// 补货 or 撤货: more of a lot, or unsold stock withdrawn from it.
    pub struct LotChangeIn {
        /// How much more (or, below zero, less), in base units. Never below what is held and sold.
        pub by: Qty,
        /// Why; needed to withdraw.
        #[serde(default)]
        pub reason: String,
    }

    /// 确定采收: what a lot that was sold ahead really is. What orders hold beyond it is shorted, the last to come first.
    pub struct HarvestIn {
        /// Harvested on this day.
        pub harvested_on: Day,
        /// Good until this day.
        #[serde(default)]
        pub good_until: Option<Day>,
        /// How much there is in all, sold and held together, in base units; 0 when the harvest failed.
        pub qty: Qty,
    }
}
