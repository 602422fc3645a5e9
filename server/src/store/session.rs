//! Sessions, and what a request needs to know of who sends it.

use super::{Connection, Rows, Tx, exec, many, one};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use shared::domain::calendar::Micros;
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
    /// When a second factor was given in it.
    pub second_factor_at: Option<i64>,
    /// When its person last proved themselves in it.
    pub proven_at: Option<i64>,
    /// Since when the person has a second factor.
    pub enrolled_at: Option<i64>,
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
pub async fn by_secret(
    connection: &Connection,
    secret_hash: &[u8],
    now: i64,
) -> Result<Vec<SessionGrantRow>, DbErr> {
    with_grants(connection, "sessions", "s.second_factor_at", "", secret_hash, now).await
}

/// The same for an API token.
///
/// # Errors
/// Whatever the engine answers.
pub async fn by_token(
    connection: &Connection,
    secret_hash: &[u8],
    now: i64,
) -> Result<Vec<SessionGrantRow>, DbErr> {
    with_grants(
        connection,
        "api_tokens",
        "s.created_at",
        "and s.revoked_at is null and g.id = s.grant_id",
        secret_hash,
        now,
    )
    .await
}

async fn with_grants(
    connection: &Connection,
    table: &str,
    second_factor_at: &str,
    narrowed: &str,
    secret_hash: &[u8],
    now: i64,
) -> Result<Vec<SessionGrantRow>, DbErr> {
    let sql = format!(
        "select s.id, coalesce(s.seen_at, 0) as seen_at, s.expires_at, s.grant_id as active_grant,
            {second_factor_at} as second_factor_at, s.proven_at, f.enrolled_at, p.id as person_id,
            p.sign_in_name, p.name as person_name, {GRANT_COLUMNS}
        from {table} s
        join persons p on p.id = s.person_id and not p.suspended
        left join second_factors f on f.person_id = p.id
        join grants g on g.person_id = p.id and g.withdrawn_at is null
        {GRANT_JOINS}
        where s.secret_hash = $1 and s.expires_at > $2 {narrowed}
        order by g.created_at, g.id"
    );
    let values: [Value; 2] = [secret_hash.to_vec().into(), now.into()];
    many(connection, &sql, values).await
}

/// A session to begin.
#[derive(Clone)]
pub struct NewSession {
    /// Its id.
    pub id: Uuid,
    /// The hash of its secret.
    pub secret_hash: Vec<u8>,
    /// Whose it is.
    pub person_id: Uuid,
    /// The grant it acts in.
    pub grant_id: Uuid,
    /// When it begins.
    pub created_at: Micros,
    /// When it ends at the latest.
    pub expires_at: Micros,
    /// What the browser calls itself.
    pub agent: String,
    /// When its person proved themselves in it.
    pub proven_at: Option<Micros>,
    /// The secret that an app may take over as the person's second factor.
    pub offered_secret: Vec<u8>,
}

/// Begins a session.
///
/// # Errors
/// Whatever the engine answers.
pub async fn insert(tx: &Tx, session: NewSession) -> Result<(), DbErr> {
    let columns = &[
        "id",
        "secret_hash",
        "person_id",
        "grant_id",
        "created_at",
        "seen_at",
        "expires_at",
        "agent",
        "proven_at",
        "offered_secret",
    ];
    Rows::into("sessions", columns)
        .row([
            session.id.into(),
            session.secret_hash.into(),
            session.person_id.into(),
            session.grant_id.into(),
            session.created_at.0.into(),
            session.created_at.0.into(),
            session.expires_at.0.into(),
            session.agent.into(),
            session.proven_at.map(|at| at.0).into(),
            session.offered_secret.into(),
        ])
        .insert(tx)
        .await
}

/// Notes that its person has proven themselves in a session, and whether it was by a second factor.
///
/// # Errors
/// Whatever the engine answers.
pub async fn prove(tx: &Tx, id: Uuid, now: Micros, second_factor: bool) -> Result<bool, DbErr> {
    let sql = if second_factor {
        "update sessions set proven_at = $2, second_factor_at = $2 where id = $1"
    } else {
        "update sessions set proven_at = $2 where id = $1"
    };
    Ok(exec(tx, sql, [id.into(), now.0.into()]).await? > 0)
}

#[derive(FromQueryResult)]
struct OfferedRow {
    offered_secret: Option<Vec<u8>>,
}

/// The secret that a session offers as a second factor.
///
/// # Errors
/// Whatever the engine answers.
pub async fn offered_secret(connection: &impl ConnectionTrait, id: Uuid) -> Result<Option<Vec<u8>>, DbErr> {
    let sql = "select offered_secret from sessions where id = $1";
    let row = one::<OfferedRow>(connection, sql, [id.into()]).await?;
    Ok(row.and_then(|row| row.offered_secret))
}

/// Lets a session offer another secret: the one before was taken.
///
/// # Errors
/// Whatever the engine answers.
pub async fn offer_secret(tx: &Tx, id: Uuid, secret: &[u8]) -> Result<(), DbErr> {
    let sql = "update sessions set offered_secret = $2 where id = $1";
    exec(tx, sql, [id.into(), secret.to_vec().into()]).await.map(drop)
}

/// Notes that a session was used, unless that was noted after `before`.
///
/// # Errors
/// Whatever the engine answers.
pub async fn touch(tx: &Tx, id: Uuid, now: Micros, before: Micros) -> Result<(), DbErr> {
    let sql = "update sessions set seen_at = $2 where id = $1 and seen_at < $3";
    exec(tx, sql, [id.into(), now.0.into(), before.0.into()])
        .await
        .map(drop)
}

/// A session as its owner sees it.
#[derive(FromQueryResult)]
pub struct SessionRow {
    /// Its id.
    pub id: Uuid,
    /// When it began.
    pub created_at: i64,
    /// When it was last used.
    pub seen_at: i64,
    /// When it ends at the latest.
    pub expires_at: i64,
    /// What the browser calls itself.
    pub agent: String,
}

/// A person's sessions that have not ended, newest first, 100 at the most.
///
/// # Errors
/// Whatever the engine answers.
pub async fn of_person(
    connection: &Connection,
    person_id: Uuid,
    now: Micros,
    idle_since: Micros,
) -> Result<Vec<SessionRow>, DbErr> {
    let sql = "select id, created_at, seen_at, expires_at, agent from sessions
        where person_id = $1 and expires_at > $2 and seen_at > $3 order by created_at desc, id desc limit 100";
    many(
        connection,
        sql,
        [person_id.into(), now.0.into(), idle_since.0.into()],
    )
    .await
}

/// Ends one session of a person; says whether there was one.
///
/// # Errors
/// Whatever the engine answers.
pub async fn end(tx: &Tx, person_id: Uuid, id: Uuid) -> Result<bool, DbErr> {
    let sql = "delete from sessions where id = $1 and person_id = $2";
    Ok(exec(tx, sql, [id.into(), person_id.into()]).await? > 0)
}

/// Ends every session of a person but one.
///
/// # Errors
/// Whatever the engine answers.
pub async fn end_others(tx: &Tx, person_id: Uuid, but: Option<Uuid>) -> Result<u64, DbErr> {
    let but = but.unwrap_or_default();
    exec(
        tx,
        "delete from sessions where person_id = $1 and id <> $2",
        [person_id.into(), but.into()],
    )
    .await
}

/// Lets a session act in another grant of its person; says whether the person holds it.
///
/// # Errors
/// Whatever the engine answers.
pub async fn set_grant(tx: &Tx, id: Uuid, grant_id: Uuid) -> Result<bool, DbErr> {
    let sql = "update sessions set grant_id = $2 where id = $1 and exists (select 1 from grants g
        where g.id = $2 and g.person_id = sessions.person_id and g.withdrawn_at is null)";
    Ok(exec(tx, sql, [id.into(), grant_id.into()]).await? > 0)
}
