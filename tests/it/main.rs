//! The market proven from outside: its use cases, its pages and its API, on both databases.

mod acceptance;
mod catalogue;
mod main_job;
mod money;
mod openapi;
mod order;
mod portable;
mod register;
mod session;
mod statement;
mod tidy;
mod verify;
mod village_order;
