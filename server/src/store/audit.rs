//! The audit log: written in the same transaction as what it records.

use super::{Connection, Rows, Tx, many};
use sea_orm::{DbErr, FromQueryResult, Value};
use shared::domain::calendar::Micros;
use shared::domain::identity::Actor;
use uuid::Uuid;

/// What is recorded.
#[derive(Clone, Debug, Default)]
pub struct Entry {
    /// What was done, as `order.place`.
    pub action: &'static str,
    /// The kind of thing.
    pub object_kind: &'static str,
    /// Its id or number.
    pub object_id: String,
    /// The order it belongs to, for timelines.
    pub order_id: Option<Uuid>,
    /// The village it belongs to.
    pub village_code: Option<String>,
    /// The unit it belongs to.
    pub unit_id: Option<Uuid>,
    /// What else is worth knowing; never a secret, never a household's name.
    pub detail: String,
}

/// Records what an actor (or, with `None`, the program itself) did: one statement for all entries.
///
/// # Errors
/// Whatever the engine answers.
pub async fn insert(tx: &Tx, at: Micros, actor: Option<&Actor>, entries: Vec<Entry>) -> Result<(), DbErr> {
    let mut rows = Rows::into(
        "audit_rows",
        &[
            "id",
            "at",
            "person_id",
            "person_name",
            "role",
            "action",
            "object_kind",
            "object_id",
            "order_id",
            "village_code",
            "unit_id",
            "detail",
        ],
    );
    for entry in entries {
        rows.push([
            crate::ports::ids::new_id(at).into(),
            at.0.into(),
            actor.map(|a| a.person_id).into(),
            actor.map(|a| a.person_name.clone()).into(),
            actor.map_or("system", |a| a.grant.role.as_str()).into(),
            entry.action.into(),
            entry.object_kind.into(),
            entry.object_id.into(),
            entry.order_id.into(),
            entry.village_code.into(),
            entry.unit_id.into(),
            entry.detail.into(),
        ]);
    }
    rows.insert(tx).await
}

/// An audit row as stored.
#[derive(FromQueryResult)]
pub struct AuditRow {
    /// Its id.
    pub id: Uuid,
    /// When.
    pub at: i64,
    /// Who.
    pub person_name: Option<String>,
    /// In which role.
    pub role: String,
    /// What was done.
    pub action: String,
    /// The kind of thing.
    pub object_kind: String,
    /// Its id or number.
    pub object_id: String,
    /// Which village.
    pub village_code: Option<String>,
    /// What else.
    pub detail: String,
}

/// Everything recorded for one order, oldest first, 200 rows at the most.
///
/// # Errors
/// Whatever the engine answers.
pub async fn of_order(connection: &Connection, order_id: Uuid) -> Result<Vec<AuditRow>, DbErr> {
    let sql = "select id, at, person_name, role, action, object_kind, object_id, village_code, detail
        from audit_rows where order_id = $1 order by at, id limit 200";
    many(connection, sql, [order_id.into()]).await
}

/// The newest rows before `(at, id)`, optionally of one thing.
///
/// # Errors
/// Whatever the engine answers.
pub async fn newest(
    connection: &Connection,
    before: Option<(i64, Uuid)>,
    object_id: Option<&str>,
    limit: i64,
) -> Result<Vec<AuditRow>, DbErr> {
    let (at, id) = before.unwrap_or((i64::MAX, Uuid::max()));
    let mut values: Vec<Value> = vec![at.into(), id.into(), limit.into()];
    let narrowed = object_id.map_or("", |object| {
        values.push(object.into());
        "and object_id = $4"
    });
    let sql = format!(
        "select id, at, person_name, role, action, object_kind, object_id, village_code, detail
        from audit_rows where (at, id) < ($1, $2) {narrowed} order by at desc, id desc limit $3"
    );
    many(connection, &sql, values).await
}
