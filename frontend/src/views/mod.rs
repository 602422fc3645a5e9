//! Pages as functions of plain values; they run on the server only.

pub mod problem;
