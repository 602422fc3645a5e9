//! What people see: views are functions of plain values; only the islands run in a browser.

pub mod components;
pub mod context;
pub mod foreign;
pub mod form;
pub mod islands;
mod navigation;
pub mod shell;
pub mod text;
pub mod views;

pub use context::{Cx, Flash, Look, Mode};
pub use form::Form;
