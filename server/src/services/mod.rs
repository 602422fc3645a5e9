//! Use cases: (actor, command) → result. Each checks its right and owns its one transaction.

pub mod acceptance;
mod acceptance_lines;
mod agent;
pub mod app;
pub mod audit;
pub mod basket;
pub mod board;
pub mod catalogue;
mod common_password;
pub mod enrol;
pub mod error;
pub mod file;
pub mod home;
pub mod household;
pub mod idempotency;
pub mod income;
pub mod ledger;
pub mod link;
pub mod lot;
pub mod offer;
pub mod order;
mod order_split;
pub mod paging;
pub mod password;
pub mod person;
pub mod produce;
pub mod register;
pub mod right;
pub mod session;
pub mod throttle;
pub mod token;
pub mod verify;
pub mod village;
pub mod village_order;

pub use app::App;
pub use error::{Error, Refusal, fault};
