//! The market proven from outside: its use cases, its pages and its API, on both databases.

mod acceptance;
mod main_job;
mod money;
mod order;
mod statement;
mod village_order;
