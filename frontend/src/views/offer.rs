//! 货品 as its village and the centre work on it.

mod again;
mod content;
mod edit;
mod list;
mod lots;
mod manage;
mod photos;

pub use super::offer_page::offer_page;
pub use again::again;
pub use edit::edit;
pub use list::offers;
pub use manage::offer;
