//! Sessions, grants and tokens, as far as a request needs them.

use super::{Connection, many};
use sea_orm::{DbErr, FromQueryResult, Value};
use uuid::Uuid;

/// A session (or token) with one of its person's grants: one row a grant.
#[derive(FromQueryResult, Clone)]
pub struct SessionGrantRow {
    /// The session's or token's id.
    pub id: Uuid,
    /// When it was last used.
    pub seen_at: i64,
    /// When it ends.
    pub expires_at: i64,
    /// The grant it acts in.
    pub active_grant: Uuid,
    /// The person.
    pub person_id: Uuid,
    /// The name they sign in with.
    pub sign_in_name: String,
    /// Their name.
    pub person_name: String,
    /// The grant of this row.
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

/// What every query over grants selects of a grant and its place.
pub const GRANT_COLUMNS: &str = "g.id as grant_id, g.role, g.unit_id, g.village_code, g.town_code,
    coalesce(u.name, v.name, t.name) as place_name";

/// The joins that `GRANT_COLUMNS` needs.
pub const GRANT_JOINS: &str = "left join aid_units u on u.id = g.unit_id
    left join villages v on v.code = g.village_code left join towns t on t.code = g.town_code";

/// The session of a secret with all grants of its person; empty when there is none or the person is suspended.
///
/// # Errors
/// Whatever the engine answers.
pub async fn by_secret(connection: &Connection, secret_hash: &[u8], now: i64) -> Result<Vec<SessionGrantRow>, DbErr> {
    with_grants(connection, "sessions", "", secret_hash, now).await
}

/// The same for an API token.
///
/// # Errors
/// Whatever the engine answers.
pub async fn by_token(connection: &Connection, secret_hash: &[u8], now: i64) -> Result<Vec<SessionGrantRow>, DbErr> {
    with_grants(connection, "api_tokens", "and s.revoked_at is null and g.id = s.grant_id", secret_hash, now).await
}

async fn with_grants(
    connection: &Connection,
    table: &str,
    narrowed: &str,
    secret_hash: &[u8],
    now: i64,
) -> Result<Vec<SessionGrantRow>, DbErr> {
    let sql = format!(
        "select s.id, coalesce(s.seen_at, 0) as seen_at, s.expires_at, s.grant_id as active_grant, p.id as person_id,
            p.sign_in_name, p.name as person_name, {GRANT_COLUMNS}
        from {table} s
        join persons p on p.id = s.person_id and not p.suspended
        join grants g on g.person_id = p.id and g.withdrawn_at is null
        {GRANT_JOINS}
        where s.secret_hash = $1 and s.expires_at > $2 {narrowed}
        order by g.created_at, g.id"
    );
    let values: [Value; 2] = [secret_hash.to_vec().into(), now.into()];
    many(connection, &sql, values).await
}
