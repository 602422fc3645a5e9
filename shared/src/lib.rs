//! What the market knows without asking anybody: its rules (`domain`) and the values that cross the wire (`api`).

pub mod api;
pub mod domain;
