//! 乡镇: a township-level division.

wire! {
    /// A town.
    pub struct TownOut {
        /// 9-digit official code.
        pub code: String,
        /// Its name.
        pub name: String,
        /// How many villages it has.
        pub villages: i64,
    }
}
