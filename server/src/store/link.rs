//! One-time links: only the hash of a link's secret is stored.

use super::{Rows, Tx, exec, one};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use shared::domain::calendar::Micros;
use uuid::Uuid;

/// A link to make.
#[derive(Clone)]
pub struct NewLink {
    /// The hash of its secret.
    pub secret_hash: Vec<u8>,
    /// Whose it is; `None` for the first administrator, who does not exist yet.
    pub person_id: Option<Uuid>,
    /// What it is for.
    pub purpose: &'static str,
    /// When it was made.
    pub created_at: Micros,
    /// When it runs out.
    pub expires_at: Micros,
}

/// Makes a link.
///
/// # Errors
/// Whatever the engine answers.
pub async fn insert(tx: &Tx, link: NewLink) -> Result<(), DbErr> {
    Rows::into(
        "one_time_links",
        &["secret_hash", "person_id", "purpose", "created_at", "expires_at"],
    )
    .row([
        link.secret_hash.into(),
        link.person_id.into(),
        link.purpose.into(),
        link.created_at.0.into(),
        link.expires_at.0.into(),
    ])
    .insert(tx)
    .await
}

/// A link that can still be used.
#[derive(FromQueryResult)]
pub struct LinkRow {
    /// Whose it is.
    pub person_id: Option<Uuid>,
    /// The name they sign in with.
    pub sign_in_name: Option<String>,
    /// Their name.
    pub name: Option<String>,
}

/// The link of a secret, while it can be used and its person is not suspended.
///
/// # Errors
/// Whatever the engine answers.
pub async fn live(
    connection: &impl ConnectionTrait,
    secret_hash: &[u8],
    now: Micros,
) -> Result<Option<LinkRow>, DbErr> {
    let sql = "select l.person_id, p.sign_in_name, p.name from one_time_links l
        left join persons p on p.id = l.person_id
        where l.secret_hash = $1 and l.used_at is null and l.expires_at > $2
            and (l.person_id is null or not p.suspended)";
    one(connection, sql, [secret_hash.to_vec().into(), now.0.into()]).await
}

/// Uses a link up; says whether it could still be used.
///
/// # Errors
/// Whatever the engine answers.
pub async fn spend(tx: &Tx, secret_hash: &[u8], now: Micros) -> Result<bool, DbErr> {
    let sql = "update one_time_links set used_at = $2 where secret_hash = $1 and used_at is null and expires_at > $2";
    Ok(exec(tx, sql, [secret_hash.to_vec().into(), now.0.into()]).await? > 0)
}

/// Ends every unused link of a person, so that only the newest one opens.
///
/// # Errors
/// Whatever the engine answers.
pub async fn end_of_person(tx: &Tx, person_id: Uuid, now: Micros) -> Result<u64, DbErr> {
    let sql = "update one_time_links set used_at = $2 where person_id = $1 and used_at is null";
    exec(tx, sql, [person_id.into(), now.0.into()]).await
}

/// Ends every unused link that belongs to no person yet.
///
/// # Errors
/// Whatever the engine answers.
pub async fn end_of_nobody(tx: &Tx, now: Micros) -> Result<u64, DbErr> {
    let sql = "update one_time_links set used_at = $1 where person_id is null and used_at is null";
    exec(tx, sql, [now.0.into()]).await
}
