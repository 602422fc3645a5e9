//! Approvals: a unit's policy, and what is decided over requests.

use super::{Tx, exec, many, one};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

/// A unit's policy.
#[derive(FromQueryResult, Clone, Debug)]
pub struct PolicyRow {
    /// The unit's name.
    pub unit_name: String,
    /// Which orders.
    pub approval: String,
    /// From more than this on.
    pub approval_above_fen: i64,
    /// People who can approve.
    pub approvers: i64,
}

/// A unit's policy, and how many people can approve.
///
/// # Errors
/// Whatever the engine answers.
pub async fn policy(connection: &impl ConnectionTrait, unit_id: Uuid) -> Result<Option<PolicyRow>, DbErr> {
    let sql = "select u.name as unit_name, u.approval, u.approval_above_fen,
            (select count(distinct g.person_id) from grants g join persons p on p.id = g.person_id
                where g.unit_id = u.id and g.role = 'unit_approver' and g.withdrawn_at is null
                    and not p.suspended) as approvers
        from aid_units u where u.id = $1";
    one(connection, sql, [unit_id.into()]).await
}

/// Writes a unit's policy.
///
/// # Errors
/// Whatever the engine answers.
pub async fn set_policy(tx: &Tx, unit_id: Uuid, kind: &str, above_fen: i64) -> Result<bool, DbErr> {
    let sql = "update aid_units set approval = $2, approval_above_fen = $3 where id = $1";
    let values: [Value; 3] = [unit_id.into(), kind.into(), above_fen.into()];
    Ok(exec(tx, sql, values).await? == 1)
}

/// A decision over a request.
#[derive(Clone, Debug)]
pub struct Decision {
    /// The order.
    pub order_id: Uuid,
    /// The revision that was seen.
    pub revision: i32,
    /// The new state.
    pub status: &'static str,
    /// Who.
    pub by: Uuid,
    /// Their name.
    pub by_name: String,
    /// When.
    pub at: i64,
    /// Why.
    pub note: String,
}

/// Writes a decision; `false` when the request is no longer the one that was seen.
///
/// # Errors
/// Whatever the engine answers.
pub async fn decide(tx: &Tx, decision: Decision) -> Result<bool, DbErr> {
    let sql = "update orders set status = $3, decided_by = $4, decided_by_name = $5, decided_at = $6,
            decision_note = $7, hold_until = null, changed_at = $6
        where id = $1 and revision = $2 and status = 'requested' and requested_by <> $4 and hold_until >= $6";
    let values: [Value; 7] = [
        decision.order_id.into(),
        decision.revision.into(),
        decision.status.into(),
        decision.by.into(),
        decision.by_name.into(),
        decision.at.into(),
        decision.note.into(),
    ];
    Ok(exec(tx, sql, values).await? == 1)
}

/// A request as it is asked anew.
#[derive(Clone, Debug)]
pub struct Revision {
    /// The order.
    pub order_id: Uuid,
    /// The revision that it was.
    pub from: i32,
    /// The fund type.
    pub fund: &'static str,
    /// Where to.
    pub address: String,
    /// Whom to call.
    pub contact: String,
    /// Wanted on.
    pub wanted_on: i32,
    /// The note.
    pub note: String,
    /// How many villages.
    pub villages: i32,
    /// The sum.
    pub total_fen: i64,
    /// Until when the stock is held.
    pub hold_until: i64,
    /// When.
    pub at: i64,
}

/// Writes a new revision over the order, and keeps what stood there; `false` when it is no longer the one that was changed.
///
/// # Errors
/// Whatever the engine answers.
pub async fn revise(tx: &Tx, revision: Revision) -> Result<bool, DbErr> {
    let keep = "insert into request_revisions (order_id, revision, fund, address, contact, wanted_on, note, replaced_at,
            decided_by_name, decided_at, decision_note)
        select id, revision, fund, address, contact, wanted_on, note, cast($3 as bigint), decided_by_name, decided_at,
            decision_note
        from orders where id = $1 and revision = $2 and status in ('requested', 'rejected')";
    let kept: [Value; 3] = [revision.order_id.into(), revision.from.into(), revision.at.into()];
    if exec(tx, keep, kept).await? != 1 {
        return Ok(false);
    }
    let sql =
        "update orders set revision = $2 + 1, status = 'requested', fund = $3, address = $4, contact = $5,
            wanted_on = $6, note = $7, villages = $8, total_fen = $9, hold_until = $10, changed_at = $11,
            decided_by = null, decided_by_name = null, decided_at = null, decision_note = null
        where id = $1 and revision = $2 and status in ('requested', 'rejected')";
    let values: [Value; 11] = [
        revision.order_id.into(),
        revision.from.into(),
        revision.fund.into(),
        revision.address.into(),
        revision.contact.into(),
        revision.wanted_on.into(),
        revision.note.into(),
        revision.villages.into(),
        revision.total_fen.into(),
        revision.hold_until.into(),
        revision.at.into(),
    ];
    Ok(exec(tx, sql, values).await? == 1)
}

/// An earlier revision of a request.
#[derive(FromQueryResult, Clone, Debug)]
pub struct KeptRow {
    /// Its number.
    pub revision: i32,
    /// The fund type.
    pub fund: String,
    /// Where to.
    pub address: String,
    /// Whom to call.
    pub contact: String,
    /// Wanted on.
    pub wanted_on: i32,
    /// The note.
    pub note: String,
    /// When the next revision took its place.
    pub replaced_at: i64,
    /// Who decided over it.
    pub decided_by_name: Option<String>,
    /// When.
    pub decided_at: Option<i64>,
    /// Why.
    pub decision_note: Option<String>,
}

/// The revisions of a request before the present one, oldest first.
///
/// # Errors
/// Whatever the engine answers.
pub async fn kept(
    connection: &impl ConnectionTrait,
    order_id: Uuid,
    limit: i64,
) -> Result<Vec<KeptRow>, DbErr> {
    let sql =
        "select revision, fund, address, contact, wanted_on, note, replaced_at, decided_by_name, decided_at,
            decision_note
        from request_revisions where order_id = $1 order by revision limit $2";
    many(connection, sql, [order_id.into(), limit.into()]).await
}

/// A request whose hold has ended.
#[derive(FromQueryResult, Clone, Debug)]
pub struct HeldRow {
    /// The order.
    pub id: Uuid,
    /// Its number.
    pub number: String,
    /// The unit.
    pub unit_id: Uuid,
    /// Who asked.
    pub requested_by: Uuid,
    /// Its revision.
    pub revision: i32,
}

/// Requests that nobody decided while their stock was held, the oldest first.
///
/// # Errors
/// Whatever the engine answers.
pub async fn overdue(connection: &impl ConnectionTrait, now: i64, limit: i64) -> Result<Vec<HeldRow>, DbErr> {
    let sql = "select id, number, unit_id, requested_by, revision from orders
        where status = 'requested' and hold_until < $1 order by hold_until, id limit $2";
    many(connection, sql, [now.into(), limit.into()]).await
}

/// Cancels a request whose hold has ended; `false` when it was decided or changed meanwhile.
///
/// # Errors
/// Whatever the engine answers.
pub async fn expire(tx: &Tx, held: &HeldRow, now: i64) -> Result<bool, DbErr> {
    let sql = "update orders set status = 'cancelled', changed_at = $3
        where id = $1 and revision = $2 and status = 'requested' and hold_until < $3";
    let values: [Value; 3] = [held.id.into(), held.revision.into(), now.into()];
    Ok(exec(tx, sql, values).await? == 1)
}
