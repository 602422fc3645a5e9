//! HTML doors, thin: GET asks a use case and renders a view; POST reads a form, calls a use case, redirects.

mod cookies;
mod posted;
mod reply;
mod visitor;

pub use posted::Posted;
pub use reply::{Failure, Reply, see_other};
pub use visitor::Visitor;
