//! Where nothing is.

use super::{Failure, Visitor};
use crate::services::Error;

/// The page of an address that leads nowhere.
pub async fn show(visitor: Visitor) -> Failure {
    visitor.fail(Error::not_found())
}
