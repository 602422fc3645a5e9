//! 收藏的搜索: what one looks for again and again.

use crate::domain::calendar::Micros;
use uuid::Uuid;

wire! {
    /// A search to keep.
    pub struct SavedSearchIn {
        /// What one calls it, up to 40 characters.
        pub name: String,
        /// The filters as they stand in the address of the catalogue, as `q=柿&town=120119102`.
        pub query: String,
    }

    /// A search that is kept.
    pub struct SavedSearchOut {
        /// Its id.
        pub id: Uuid,
        /// What one calls it.
        pub name: String,
        /// The filters, in their usual order.
        pub query: String,
        /// The catalogue's page.
        pub path: String,
        /// When it was saved.
        pub created_at: Micros,
    }
}
