//! The interactive parts: the only code a browser downloads.

pub mod print;

pub mod amount;
pub mod search;
pub mod weighing;
