//! Use cases: (actor, command) → result. Each checks its right and owns its one transaction.

pub mod acceptance;
pub mod acceptance_lines;
pub mod app;
pub mod basket;
pub mod board;
pub mod catalogue;
pub mod error;
pub mod home;
pub mod idempotency;
pub mod income;
pub mod ledger;
pub mod lot;
pub mod offer;
pub mod order;
pub mod order_split;
pub mod paging;
pub mod right;
pub mod session;
pub mod unit;
pub mod verify;
pub mod village;
pub mod village_order;

pub use app::App;
pub use error::{Error, Refusal, fault};
