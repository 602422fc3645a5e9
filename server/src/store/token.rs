//! API tokens: only the hash of a token's secret is stored.

use super::session::{GRANT_COLUMNS, GRANT_JOINS};
use super::{Connection, Rows, Tx, exec, many};
use sea_orm::{DbErr, FromQueryResult};
use shared::domain::calendar::Micros;
use uuid::Uuid;

/// A token to make.
#[derive(Clone)]
pub struct NewToken {
    /// Its id.
    pub id: Uuid,
    /// The hash of its secret.
    pub secret_hash: Vec<u8>,
    /// Whose it is.
    pub person_id: Uuid,
    /// The grant it acts in.
    pub grant_id: Uuid,
    /// What it is for.
    pub name: String,
    /// When it was made.
    pub created_at: Micros,
    /// When it ends.
    pub expires_at: Micros,
}

/// Makes a token.
///
/// # Errors
/// Whatever the engine answers.
pub async fn insert(tx: &Tx, token: NewToken) -> Result<(), DbErr> {
    let columns = &[
        "id",
        "secret_hash",
        "person_id",
        "grant_id",
        "name",
        "created_at",
        "expires_at",
    ];
    Rows::into("api_tokens", columns)
        .row([
            token.id.into(),
            token.secret_hash.into(),
            token.person_id.into(),
            token.grant_id.into(),
            token.name.into(),
            token.created_at.0.into(),
            token.expires_at.0.into(),
        ])
        .insert(tx)
        .await
}

/// A token with its grant.
#[derive(FromQueryResult)]
pub struct TokenRow {
    /// Its id.
    pub id: Uuid,
    /// What it is for.
    pub name: String,
    /// When it was made.
    pub created_at: i64,
    /// When it ends.
    pub expires_at: i64,
    /// When it was last used.
    pub seen_at: Option<i64>,
    /// The grant.
    pub grant_id: Uuid,
    /// Its role.
    pub role: String,
    /// Its unit.
    pub unit_id: Option<Uuid>,
    /// Its village.
    pub village_code: Option<String>,
    /// Its town.
    pub town_code: Option<String>,
    /// The name of unit, village or town.
    pub place_name: Option<String>,
}

/// A person's tokens that can still be used, newest first, 100 at the most.
///
/// # Errors
/// Whatever the engine answers.
pub async fn of_person(
    connection: &Connection,
    person_id: Uuid,
    now: Micros,
) -> Result<Vec<TokenRow>, DbErr> {
    let sql = format!(
        "select k.id, k.name, k.created_at, k.expires_at, k.seen_at, {GRANT_COLUMNS}
        from api_tokens k join grants g on g.id = k.grant_id {GRANT_JOINS}
        where k.person_id = $1 and k.revoked_at is null and k.expires_at > $2 and g.withdrawn_at is null
        order by k.created_at desc, k.id desc limit 100"
    );
    many(connection, &sql, [person_id.into(), now.0.into()]).await
}

/// Ends a token of a person; says whether there was one.
///
/// # Errors
/// Whatever the engine answers.
pub async fn revoke(tx: &Tx, person_id: Uuid, id: Uuid, now: Micros) -> Result<bool, DbErr> {
    let sql = "update api_tokens set revoked_at = $3 where id = $1 and person_id = $2 and revoked_at is null";
    Ok(exec(tx, sql, [id.into(), person_id.into(), now.0.into()]).await? > 0)
}

/// Ends every token of a person; says how many there were.
///
/// # Errors
/// Whatever the engine answers.
pub async fn revoke_all(tx: &Tx, person_id: Uuid, now: Micros) -> Result<u64, DbErr> {
    let sql = "update api_tokens set revoked_at = $2 where person_id = $1 and revoked_at is null";
    exec(tx, sql, [person_id.into(), now.0.into()]).await
}

/// Notes that the holder of a token has proven themselves.
///
/// # Errors
/// Whatever the engine answers.
pub async fn prove(tx: &Tx, id: Uuid, now: Micros) -> Result<bool, DbErr> {
    let sql = "update api_tokens set proven_at = $2 where id = $1 and revoked_at is null";
    Ok(exec(tx, sql, [id.into(), now.0.into()]).await? > 0)
}

/// Notes that a token was used, unless that was noted after `before`.
///
/// # Errors
/// Whatever the engine answers.
pub async fn touch(tx: &Tx, id: Uuid, now: Micros, before: Micros) -> Result<(), DbErr> {
    let sql = "update api_tokens set seen_at = $2 where id = $1 and (seen_at is null or seen_at < $3)";
    exec(tx, sql, [id.into(), now.0.into(), before.0.into()])
        .await
        .map(drop)
}
