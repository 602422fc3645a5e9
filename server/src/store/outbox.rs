//! The outbox: what is to be told to somebody, committed together with its cause.

use super::{Rows, Tx};
use sea_orm::DbErr;
use shared::domain::calendar::Micros;

/// Something to tell.
pub struct Message {
    /// What about, as `village_order.offered`.
    pub topic: &'static str,
    /// What, as JSON.
    pub payload: String,
}

/// Puts messages into the outbox with one statement.
///
/// # Errors
/// Whatever the engine answers.
pub async fn insert(tx: &Tx, at: Micros, messages: Vec<Message>) -> Result<(), DbErr> {
    let mut rows = Rows::into("outbox", &["id", "at", "topic", "payload"]);
    for message in messages {
        rows.push([
            crate::ports::ids::new_id(at).into(),
            at.0.into(),
            message.topic.into(),
            message.payload.into(),
        ]);
    }
    rows.insert(tx).await
}
