//! Use cases: (actor, command) → result. Each checks its right and owns its one transaction.

pub mod app;
pub mod error;
pub mod idempotency;
pub mod right;
pub mod session;

pub use app::App;
pub use error::{Error, Refusal, fault};
