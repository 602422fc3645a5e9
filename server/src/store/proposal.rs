//! What one administrator has proposed and another has to confirm.

use super::{Connection, Rows, Tx, exec, many, one};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use shared::domain::calendar::Micros;
use shared::domain::identity::Actor;
use uuid::Uuid;

/// A proposal to make.
#[derive(Clone)]
pub struct NewProposal {
    /// Its id.
    pub id: Uuid,
    /// What is proposed.
    pub kind: &'static str,
    /// Whom it is about.
    pub person_id: Uuid,
    /// The grant to withdraw.
    pub grant_id: Option<Uuid>,
    /// The role to give or to withdraw.
    pub role: Option<&'static str>,
    /// Why.
    pub reason: String,
    /// When.
    pub proposed_at: Micros,
}

/// Makes a proposal.
///
/// # Errors
/// Whatever the engine answers.
pub async fn insert(tx: &Tx, by: &Actor, proposal: NewProposal) -> Result<(), DbErr> {
    let columns = &[
        "id",
        "kind",
        "person_id",
        "grant_id",
        "role",
        "reason",
        "proposed_by",
        "proposed_by_name",
        "proposed_at",
    ];
    Rows::into("proposals", columns)
        .row([
            proposal.id.into(),
            proposal.kind.into(),
            proposal.person_id.into(),
            proposal.grant_id.into(),
            proposal.role.into(),
            proposal.reason.into(),
            by.person_id.into(),
            by.person_name.clone().into(),
            proposal.proposed_at.0.into(),
        ])
        .insert(tx)
        .await
}

/// A proposal that nobody has decided yet.
#[derive(FromQueryResult, Clone)]
pub struct ProposalRow {
    /// Its id.
    pub id: Uuid,
    /// What is proposed.
    pub kind: String,
    /// Whom it is about.
    pub person_id: Uuid,
    /// Their name.
    pub person_name: String,
    /// The name they sign in with.
    pub sign_in_name: String,
    /// The grant to withdraw.
    pub grant_id: Option<Uuid>,
    /// The role.
    pub role: Option<String>,
    /// Why.
    pub reason: String,
    /// Who proposed it.
    pub proposed_by: Uuid,
    /// Their name.
    pub proposed_by_name: String,
    /// When.
    pub proposed_at: i64,
}

const OPEN: &str =
    "select r.id, r.kind, r.person_id, p.name as person_name, p.sign_in_name, r.grant_id, r.role, r.reason,
        r.proposed_by, r.proposed_by_name, r.proposed_at
    from proposals r join persons p on p.id = r.person_id
    where r.decided_at is null and r.proposed_at > $1";

/// Proposals since a moment that nobody has decided, oldest first, 100 at the most.
///
/// # Errors
/// Whatever the engine answers.
pub async fn open(connection: &Connection, since: Micros) -> Result<Vec<ProposalRow>, DbErr> {
    let sql = format!("{OPEN} order by r.proposed_at, r.id limit 100");
    many(connection, &sql, [since.0.into()]).await
}

/// A proposal since a moment that nobody has decided.
///
/// # Errors
/// Whatever the engine answers.
pub async fn open_one(
    connection: &impl ConnectionTrait,
    id: Uuid,
    since: Micros,
) -> Result<Option<ProposalRow>, DbErr> {
    let sql = format!("{OPEN} and r.id = $2");
    one(connection, &sql, [since.0.into(), id.into()]).await
}

/// Open proposals about a person.
///
/// # Errors
/// Whatever the engine answers.
pub async fn open_of_person(
    connection: &impl ConnectionTrait,
    person_id: Uuid,
    since: Micros,
) -> Result<Vec<ProposalRow>, DbErr> {
    let sql = format!("{OPEN} and r.person_id = $2 order by r.proposed_at, r.id limit 20");
    many(connection, &sql, [since.0.into(), person_id.into()]).await
}

/// Decides a proposal; says whether it was still open.
///
/// # Errors
/// Whatever the engine answers.
pub async fn decide(
    tx: &Tx,
    by: &Actor,
    id: Uuid,
    outcome: &'static str,
    now: Micros,
) -> Result<bool, DbErr> {
    let sql = "update proposals set decided_by = $2, decided_by_name = $3, decided_at = $4, outcome = $5
        where id = $1 and decided_at is null";
    let values = [
        id.into(),
        by.person_id.into(),
        by.person_name.clone().into(),
        now.0.into(),
        outcome.into(),
    ];
    Ok(exec(tx, sql, values).await? > 0)
}
