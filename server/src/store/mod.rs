//! Every query. Nothing outside this room names a table.
//!
//! Functions that change take the transaction (`Tx`) that a use case runs in; functions that read take any connection.

pub mod audit;
mod connect;
pub mod idempotency;
mod query;
pub mod session;
mod write;

pub use connect::{Connection, connect};
pub use query::{Rows, exec, many, one, scalar};
pub use sea_orm::DbErr;
pub use write::{Db, Tx, is_retryable, is_unavailable, is_unique};
