//! 结对: which unit helps which village.

use crate::domain::calendar::Day;
use uuid::Uuid;

wire! {
    /// A pairing.
    pub struct PairingOut {
        /// The unit.
        pub unit_id: Uuid,
        /// Its name.
        pub unit_name: String,
        /// The village's code.
        pub village_code: String,
        /// The village's name.
        pub village_name: String,
        /// From this day.
        pub from_day: Day,
        /// Up to and with this day; `None` while it lasts.
        pub until_day: Option<Day>,
    }
}
