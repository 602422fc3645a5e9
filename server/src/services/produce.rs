//! 品种: the kinds of produce.

use super::{App, Error, catalogue};
use crate::store;
use shared::api::produce::ProduceOut;

/// Every kind, in the order of the register.
///
/// # Errors
/// When the database cannot be read.
pub async fn list(app: &App) -> Result<Vec<ProduceOut>, Error> {
    store::catalogue::produce_all(app.db.read())
        .await?
        .iter()
        .map(catalogue::produce_of)
        .collect()
}
