//! Who is to be reminded of what, and that they were: a reminder is told once, whoever runs the job, however often.

use super::{Rows, Tx, many};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

/// Something that somebody is to be reminded of.
#[derive(FromQueryResult, Clone, Debug)]
pub struct Due {
    /// The thing.
    pub id: Uuid,
    /// Its number.
    pub number: String,
    /// Its village, where it is a village's.
    pub village_code: Option<String>,
    /// The unit.
    pub unit_id: Uuid,
    /// Which round of it: a request has one a revision.
    pub round: i32,
}

/// Village orders without an answer whose deadline is after `now` and not later than `until`, and, with `half`, half of
/// whose time is over.
///
/// # Errors
/// Whatever the engine answers.
pub async fn unanswered(
    connection: &impl ConnectionTrait,
    kind: &str,
    now: i64,
    span: (i64, i64),
    half: bool,
) -> Result<Vec<Due>, DbErr> {
    let half = if half {
        "and $2 >= w.offered_at + (w.confirm_by - w.offered_at) / 2"
    } else {
        "and $2 <= w.confirm_by"
    };
    let sql = format!(
        "select w.id, w.number, w.village_code, w.unit_id, cast(1 as int) as round from village_orders w
        where w.status = 'offered' and w.confirm_by >= $3 and w.confirm_by < $4 {half}
            and not exists (select 1 from reminders r where r.kind = $1 and r.object_id = w.id)
        order by w.confirm_by, w.id limit 100"
    );
    let values: [Value; 4] = [kind.into(), now.into(), span.0.into(), span.1.into()];
    many(connection, &sql, values).await
}

/// Requests whose hold ends after `now` and not later than `until`.
///
/// # Errors
/// Whatever the engine answers.
pub async fn holds(
    connection: &impl ConnectionTrait,
    kind: &str,
    now: i64,
    until: i64,
) -> Result<Vec<Due>, DbErr> {
    let sql = "select o.id, o.number, cast(null as text) as village_code, o.unit_id, o.revision as round from orders o
        where o.status = 'requested' and o.hold_until >= $2 and o.hold_until <= $3
            and not exists (select 1 from reminders r where r.kind = $1 and r.object_id = o.id and r.round = o.revision)
        order by o.hold_until, o.id limit 100";
    many(connection, sql, [kind.into(), now.into(), until.into()]).await
}

/// Orders that are to be delivered on a day and were placed before `placed_before`.
///
/// # Errors
/// Whatever the engine answers.
pub async fn wanted(
    connection: &impl ConnectionTrait,
    kind: &str,
    day: i32,
    placed_before: i64,
) -> Result<Vec<Due>, DbErr> {
    let sql = "select o.id, o.number, cast(null as text) as village_code, o.unit_id, cast(1 as int) as round
        from orders o
        where o.wanted_on = $2 and o.status in ('confirmed', 'part_confirmed', 'placed') and o.placed_at < $3
            and not exists (select 1 from reminders r where r.kind = $1 and r.object_id = o.id)
        order by o.id limit 100";
    many(connection, sql, [kind.into(), day.into(), placed_before.into()]).await
}

/// Bills that are open and due not later than `until`, each with the round that is due: 0 before its last day to pay, 1 on
/// it, and one more every `every` days after it.
///
/// # Errors
/// Whatever the engine answers.
pub async fn bills(
    connection: &impl ConnectionTrait,
    kind: &str,
    today: i32,
    until: i32,
    every: i32,
) -> Result<Vec<Due>, DbErr> {
    let sql = "select id, number, cast(null as text) as village_code, unit_id, round from (
            select b.id, b.number, b.unit_id, b.due_on, cast(case when $2 < b.due_on then 0 when $2 = b.due_on then 1
                else 2 + ($2 - b.due_on) / $4 end as int) as round
            from bills b where b.paid_at is null and b.due_on <= $3) x
        where not exists (select 1 from reminders r where r.kind = $1 and r.object_id = x.id and r.round = x.round)
        order by due_on, id limit 100";
    many(
        connection,
        sql,
        [kind.into(), today.into(), until.into(), every.into()],
    )
    .await
}

/// Claims without an answer whose last day to be answered is not later than `until`, each with the round that is due: 0 before that
/// day, 1 on it, and one more every `every` days after it.
///
/// # Errors
/// Whatever the engine answers.
pub async fn claims(
    connection: &impl ConnectionTrait,
    kind: &str,
    today: i32,
    until: i32,
    every: i32,
) -> Result<Vec<Due>, DbErr> {
    let sql = "select id, number, cast(null as text) as village_code, unit_id, round from (
            select c.id, c.number, c.unit_id, c.answer_by, cast(case when $2 < c.answer_by then 0
                when $2 = c.answer_by then 1 else 2 + ($2 - c.answer_by - 1) / $4 end as int) as round
            from claims c where c.status = 'opened' and c.answer_by <= $3) x
        where not exists (select 1 from reminders r where r.kind = $1 and r.object_id = x.id and r.round = x.round)
        order by answer_by, id limit 100";
    many(
        connection,
        sql,
        [kind.into(), today.into(), until.into(), every.into()],
    )
    .await
}

/// Marks that these were told, with one statement; the one who comes second is refused by the key.
///
/// # Errors
/// Whatever the engine answers.
pub async fn told(tx: &Tx, kind: &str, at: i64, due: &[Due]) -> Result<(), DbErr> {
    let mut rows = Rows::into("reminders", &["kind", "object_id", "round", "at"]);
    for thing in due {
        rows.push([kind.into(), thing.id.into(), thing.round.into(), at.into()]);
    }
    rows.insert(tx).await
}
