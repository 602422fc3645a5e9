//! Every query. Nothing outside this room names a table.
//!
//! Functions that change take the transaction (`Tx`) that a use case runs in; functions that read take any connection.

pub mod acceptance;
pub mod approval;
pub mod audit;
pub mod basket;
pub mod bulk;
pub mod catalogue;
pub mod certificate;
mod connect;
pub mod dump;
pub mod file;
pub mod gauge;
pub mod household;
pub mod idempotency;
pub mod income;
pub mod ledger;
pub mod link;
pub mod lot;
pub mod narrow;
pub mod notice;
pub mod offer;
pub mod order;
pub mod order_line;
pub mod person;
pub mod photo;
pub mod price;
pub mod proposal;
mod query;
pub mod register;
pub mod reminder;
pub mod request_line;
pub mod saved_search;
pub mod search;
pub mod second_factor;
pub mod session;
pub mod shortfall;
pub mod sign_in_try;
pub mod site;
pub mod stock;
pub mod tidy;
pub mod token;
pub mod trace;
pub mod unit;
pub mod verify;
pub mod village;
pub mod village_order;
mod write;

pub use connect::{Connection, connect, migrate, migrate_by, ping, relax, steps, version};
pub use query::{Rows, exec, many, one, scalar, statements};
pub use sea_orm::DbErr;
pub use write::{Db, Load, Tx, is_retryable, is_unavailable, is_unique};
