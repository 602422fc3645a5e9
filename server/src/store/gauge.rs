//! The few numbers that metrics ask of the database itself.

use super::{Db, one};
use sea_orm::{DbErr, FromQueryResult};

/// What there is just now.
#[derive(FromQueryResult, Default)]
pub struct Gauges {
    /// Sessions that have not ended.
    pub sessions: i64,
    /// Since when the oldest notice waits to be mailed.
    pub unmailed_since: Option<i64>,
}

/// Reads them with one statement.
///
/// # Errors
/// Whatever the engine answers.
pub async fn read(db: &Db, now: i64) -> Result<Gauges, DbErr> {
    let sql = "select (select count(*) from sessions where expires_at > $1) as sessions,
        (select min(at) from notices where mailed_at is null) as unmailed_since";
    Ok(one(db.read(), sql, [now.into()]).await?.unwrap_or_default())
}
