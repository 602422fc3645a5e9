//! 货品 as its village and the centre work on it.

mod content;
mod edit;
mod list;
mod lots;
mod manage;

pub use super::offer_page::offer_page;
pub use edit::edit;
pub use list::offers;
pub use manage::offer;
