//! The audit log: written in the same transaction as what it records.

use super::narrow::Among;
use super::notice::NewNotice;
use super::order::placeholders;
use super::{Connection, Rows, Tx, many};
use sea_orm::{DbErr, FromQueryResult, Value};
use shared::domain::calendar::Micros;
use shared::domain::identity::Actor;
use shared::domain::notice::{NoticeKind, To};
use uuid::Uuid;

/// What the detail begins with when the centre has acted for a village.
const ACTED_FOR: &str = "代办";

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
    let told = acted_for(&entries);
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
    rows.insert(tx).await?;
    super::notice::insert(tx, at, told).await
}

/// Whom to tell that somebody has acted for them: the people of the villages, where they have accounts. It stands here so
/// that no way of acting for a village can forget it: what is recorded as such is told.
fn acted_for(entries: &[Entry]) -> Vec<NewNotice> {
    let mut told: Vec<NewNotice> = Vec::new();
    for entry in entries.iter().filter(|entry| entry.detail.starts_with(ACTED_FOR)) {
        let Some(village) = &entry.village_code else {
            continue;
        };
        let path = match entry.object_kind {
            "village_order" => format!("/village-orders/{}", entry.object_id),
            "offer" => format!("/offers/{}", entry.object_id),
            // A household has no page of its own.
            "household" => "/households".to_owned(),
            _ => continue,
        };
        told.push(NewNotice {
            audience: To::Village(village.clone()).audience(),
            kind: NoticeKind::ActedFor.as_str(),
            subject: entry.action.to_owned(),
            path,
        });
    }
    told
}

/// An audit row as stored.
#[derive(FromQueryResult)]
pub struct AuditRow {
    /// Its id.
    pub id: Uuid,
    /// When.
    pub at: i64,
    /// Who.
    pub person_id: Option<Uuid>,
    /// Their name.
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

const COLUMNS: &str =
    "id, at, person_id, person_name, role, action, object_kind, object_id, village_code, detail";

/// Everything recorded for one order, oldest first, 200 rows at the most.
///
/// # Errors
/// Whatever the engine answers.
pub async fn of_order(connection: &Connection, order_id: Uuid) -> Result<Vec<AuditRow>, DbErr> {
    let sql = format!("select {COLUMNS} from audit_rows where order_id = $1 order by at, id limit 200");
    many(connection, &sql, [order_id.into()]).await
}

/// What the log is narrowed to; what is empty does not narrow.
#[derive(Default)]
pub struct Narrowed {
    /// Done by these people.
    pub people: Among,
    /// Done to one of these.
    pub objects: Option<Objects>,
    /// Actions that begin with one of these.
    pub actions: &'static [&'static str],
    /// Not before.
    pub from: Option<Micros>,
    /// Before.
    pub until: Option<Micros>,
}

/// Things of the log.
#[derive(Clone, Debug, Default)]
pub struct Objects {
    /// Ids, numbers and codes as they stand on record.
    pub ids: Vec<String>,
    /// Orders: what was done to their parts belongs to them.
    pub orders: Vec<Uuid>,
}

impl Objects {
    /// The condition on the log's rows under this name, its values put behind those that stand there.
    #[must_use]
    pub fn condition(&self, table: &str, values: &mut Vec<Value>) -> String {
        let ids = placeholders(values, self.ids.iter().map(|id| id.as_str().into()));
        let by_id = format!("{table}.object_id in ({ids})");
        if self.orders.is_empty() {
            return by_id;
        }
        let orders = placeholders(values, self.orders.iter().map(|id| (*id).into()));
        format!("({by_id} or {table}.order_id in ({orders}))")
    }
}

/// A thing that a number or code names.
#[derive(FromQueryResult)]
pub struct NumberedRow {
    /// Its id.
    pub id: Uuid,
    /// 1 for an order.
    pub is_order: i64,
}

/// What has this document number, trace code or unit's code: an order, a village order, an acceptance, a claim, a lot's
/// offer, a unit.
///
/// # Errors
/// Whatever the engine answers.
pub async fn numbered(connection: &Connection, number: &str) -> Result<Vec<NumberedRow>, DbErr> {
    let sql = "select id, cast(1 as bigint) as is_order from orders where number = $1
        union all select id, cast(0 as bigint) from village_orders where number = $1
        union all select id, cast(0 as bigint) from acceptances where number = $1
        union all select id, cast(0 as bigint) from claims where number = $1
        union all select offer_id, cast(0 as bigint) from lots where code = $1
        union all select id, cast(0 as bigint) from aid_units where code = $1";
    many(connection, sql, [number.into()]).await
}

/// The newest rows before `(at, id)`, narrowed.
///
/// # Errors
/// Whatever the engine answers.
pub async fn newest(
    connection: &Connection,
    before: Option<(i64, Uuid)>,
    narrowed: &Narrowed,
    limit: i64,
) -> Result<Vec<AuditRow>, DbErr> {
    let (at, id) = before.unwrap_or((i64::MAX, Uuid::max()));
    let mut values: Vec<Value> = vec![at.into(), id.into(), limit.into()];
    let mut sql = format!("select {COLUMNS} from audit_rows a where (at, id) < ($1, $2)");
    if let Some(condition) = narrowed.people.condition("a.person_id", &mut values) {
        sql.push_str(&format!(" and {condition}"));
    }
    if let Some(objects) = &narrowed.objects {
        sql.push_str(&format!(" and {}", objects.condition("a", &mut values)));
    }
    let mut place = |value: Value| {
        values.push(value);
        format!("${}", values.len())
    };
    let actions: Vec<String> = narrowed
        .actions
        .iter()
        .map(|start| {
            let like = format!("{}%", start.replace('_', "!_"));
            format!("action like {} escape '!'", place(like.into()))
        })
        .collect();
    if !actions.is_empty() {
        sql.push_str(&format!(" and ({})", actions.join(" or ")));
    }
    for (test, moment) in [("at >=", narrowed.from), ("at <", narrowed.until)] {
        if let Some(moment) = moment {
            sql.push_str(&format!(" and {test} {}", place(moment.0.into())));
        }
    }
    sql.push_str(" order by at desc, id desc limit $3");
    many(connection, &sql, values).await
}
