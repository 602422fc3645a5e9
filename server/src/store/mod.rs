//! Every query. Nothing outside this room names a table.
//!
//! Functions that change take the transaction (`Tx`) that a use case runs in; functions that read take any connection.

pub mod audit;
pub mod basket;
pub mod catalogue;
mod connect;
pub mod idempotency;
pub mod lot;
pub mod offer;
pub mod acceptance;
pub mod ledger;
pub mod order;
pub mod outbox;
pub mod stock;
pub mod village_order;
mod query;
pub mod session;
pub mod village;
mod write;

pub use connect::{Connection, connect};
pub use query::{Rows, exec, many, one, scalar};
pub use sea_orm::DbErr;
pub use write::{Db, Tx, is_retryable, is_unavailable, is_unique};
