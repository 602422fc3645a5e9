//! 低收入户: a registered household under a village. Never shown to the public.

use uuid::Uuid;

wire! {
    /// A household as its village and the centre see it.
    pub struct HouseholdOut {
        /// Its id.
        pub id: Uuid,
        /// Its village.
        pub village_code: String,
        /// Its name in the village's register.
        pub name: String,
    }
}
