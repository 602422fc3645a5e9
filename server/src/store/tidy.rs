//! Throwing away what is no longer needed: ended sessions, old idempotency records, abandoned baskets, old notices,
//! messages of a provider that were worked through.

use super::{Db, exec};
use sea_orm::DbErr;

const DAY_US: i64 = 86_400_000_000;

/// Throws away what has ended or was left.
///
/// # Errors
/// Whatever the engine answers.
pub async fn old(db: &Db, now: i64) -> Result<(), DbErr> {
    for (sql, before) in [
        ("delete from sessions where expires_at < $1", now),
        (
            "delete from one_time_links where expires_at < $1",
            now - 30 * DAY_US,
        ),
        ("delete from sign_in_tries where wait_until < $1", now - DAY_US),
        ("delete from idempotency_records where at < $1", now - 30 * DAY_US),
        ("delete from basket_lines where added_at < $1", now - 60 * DAY_US),
        ("delete from notices where at < $1", now - 180 * DAY_US),
        // They hold what payers told the provider of themselves.
        (
            "delete from provider_events where processed_at < $1",
            now - 90 * DAY_US,
        ),
    ] {
        exec(db.schema(), sql, [before.into()]).await?;
    }
    Ok(())
}
