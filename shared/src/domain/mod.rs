//! The rules: values in, a decision out. No clock, no chance, no input or output.

pub mod identity;
pub mod rights;
