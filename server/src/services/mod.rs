//! Use cases: (actor, command) → result. Each checks its right and owns its one transaction.

pub mod app;
pub mod error;
pub mod idempotency;
pub mod acceptance;
pub mod acceptance_lines;
pub mod board;
pub mod ledger;
pub mod order;
pub mod order_split;
pub mod paging;
pub mod village_order;
pub mod right;
pub mod session;

pub use app::App;
pub use error::{Error, Refusal, fault};
