//! Long work: its queue with leases, its counts, its refused rows.

use super::{Connection, Rows, Tx, exec, many, one};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use shared::api::import::BadRow;
use uuid::Uuid;

/// Long work as stored.
#[derive(FromQueryResult, Clone, Debug)]
pub struct WorkRow {
    /// Its id.
    pub id: Uuid,
    /// What it is.
    pub kind: String,
    /// The register or list.
    pub subject: String,
    /// Who asked for it.
    pub person_id: Uuid,
    /// Their name.
    pub person_name: String,
    /// The role they asked in.
    pub grant_id: Uuid,
    /// How far it is.
    pub state: String,
    /// What an import does now.
    pub stage: String,
    /// Whether it takes all rows or none.
    pub whole: bool,
    /// What was asked, as JSON.
    pub input: String,
    /// The name of the file that came in.
    pub input_name: String,
    /// The file that came in.
    pub input_file: Option<Uuid>,
    /// The heading of that file, as JSON.
    pub heading: String,
    /// The file that came of it.
    pub result_file: Option<Uuid>,
    /// Its name.
    pub result_name: Option<String>,
    /// Rows done.
    pub done: i64,
    /// Rows in all.
    pub total: i64,
    /// New rows.
    pub created_rows: i64,
    /// Changed rows.
    pub changed_rows: i64,
    /// Rows already known.
    pub unchanged_rows: i64,
    /// Refused rows.
    pub refused_rows: i64,
    /// Why it failed.
    pub problem: Option<String>,
    /// When it was asked for.
    pub created_at: i64,
    /// When it began.
    pub started_at: Option<i64>,
    /// When it ended.
    pub ended_at: Option<i64>,
}

const COLUMNS: &str =
    "id, kind, subject, person_id, person_name, grant_id, state, stage, whole, input, input_name,
    input_file, heading, result_file, result_name, done, total, created_rows, changed_rows, unchanged_rows,
    refused_rows, problem, created_at, started_at, ended_at";

/// What a step did to the counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Rows done.
    pub done: i64,
    /// New rows.
    pub created: i64,
    /// Changed rows.
    pub changed: i64,
    /// Rows already known.
    pub unchanged: i64,
    /// Refused rows.
    pub refused: i64,
}

/// Queues new work.
///
/// # Errors
/// Whatever the engine answers.
pub async fn insert(tx: &Tx, work: &WorkRow) -> Result<(), DbErr> {
    Rows::into(
        "works",
        &[
            "id",
            "kind",
            "subject",
            "person_id",
            "person_name",
            "grant_id",
            "state",
            "stage",
            "whole",
            "input",
            "input_name",
            "input_file",
            "heading",
            "created_at",
        ],
    )
    .row([
        work.id.into(),
        work.kind.clone().into(),
        work.subject.clone().into(),
        work.person_id.into(),
        work.person_name.clone().into(),
        work.grant_id.into(),
        work.state.clone().into(),
        work.stage.clone().into(),
        work.whole.into(),
        work.input.clone().into(),
        work.input_name.clone().into(),
        work.input_file.into(),
        work.heading.clone().into(),
        work.created_at.into(),
    ])
    .insert(tx)
    .await
}

/// One piece of work.
///
/// # Errors
/// Whatever the engine answers.
pub async fn find(connection: &impl ConnectionTrait, id: Uuid) -> Result<Option<WorkRow>, DbErr> {
    one(
        connection,
        &format!("select {COLUMNS} from works where id = $1"),
        [id.into()],
    )
    .await
}

/// A person's work, newest first.
///
/// # Errors
/// Whatever the engine answers.
pub async fn of_person(
    connection: &Connection,
    person_id: Uuid,
    before: Option<(i64, Uuid)>,
    limit: i64,
) -> Result<Vec<WorkRow>, DbErr> {
    let (at, id) = before.unwrap_or((i64::MAX, Uuid::max()));
    let sql = format!(
        "select {COLUMNS} from works where person_id = $1 and (created_at, id) < ($2, $3)
        order by created_at desc, id desc limit $4"
    );
    many(
        connection,
        &sql,
        [person_id.into(), at.into(), id.into(), limit.into()],
    )
    .await
}

/// How many pieces of a person's work have not ended.
///
/// # Errors
/// Whatever the engine answers.
pub async fn open_of_person(connection: &impl ConnectionTrait, person_id: Uuid) -> Result<i64, DbErr> {
    let sql = "select count(*) from works where person_id = $1 and state in ('queued', 'running')";
    super::scalar(connection, sql, [person_id.into()]).await
}

/// Takes the oldest work that waits, or whose holder has not been heard of. Says whether there was any.
///
/// # Errors
/// Whatever the engine answers.
pub async fn claim(tx: &Tx, holder: Uuid, now: i64, lease_until: i64) -> Result<Option<WorkRow>, DbErr> {
    let sql = "update works set holder = $1, lease_until = $2, state = 'running', started_at = coalesce(started_at, $3)
        where (state = 'queued' or (state = 'running' and lease_until < $3)) and id = (
            select id from works where state = 'queued' or (state = 'running' and lease_until < $3)
            order by created_at, id limit 1)";
    if exec(tx, sql, [holder.into(), lease_until.into(), now.into()]).await? == 0 {
        return Ok(None);
    }
    let sql = format!(
        "select {COLUMNS} from works where holder = $1 and state = 'running' order by created_at limit 1"
    );
    one(tx, &sql, [holder.into()]).await
}

/// Gives back what this holder has under way, so that whoever comes next need not wait for the lease to run out.
///
/// # Errors
/// Whatever the engine answers.
pub async fn release(tx: &Tx, holder: Uuid) -> Result<(), DbErr> {
    let sql = "update works set state = 'queued', holder = null, lease_until = 0 where holder = $1 and state = 'running'";
    exec(tx, sql, [holder.into()]).await.map(drop)
}

/// Adds to the counts and renews the lease. Says whether the work is still this holder's.
///
/// # Errors
/// Whatever the engine answers.
pub async fn advance(
    tx: &Tx,
    id: Uuid,
    holder: Uuid,
    lease_until: i64,
    counts: Counts,
) -> Result<bool, DbErr> {
    let sql = "update works set lease_until = $3, done = done + $4, created_rows = created_rows + $5,
            changed_rows = changed_rows + $6, unchanged_rows = unchanged_rows + $7, refused_rows = refused_rows + $8
        where id = $1 and holder = $2 and state = 'running'";
    let values: [Value; 8] = [
        id.into(),
        holder.into(),
        lease_until.into(),
        counts.done.into(),
        counts.created.into(),
        counts.changed.into(),
        counts.unchanged.into(),
        counts.refused.into(),
    ];
    Ok(exec(tx, sql, values).await? == 1)
}

/// Sets counts to nothing, and how many rows there are in all and their heading, before a stage begins.
///
/// # Errors
/// Whatever the engine answers.
pub async fn begin_stage(tx: &Tx, id: Uuid, holder: Uuid, total: i64, heading: &str) -> Result<bool, DbErr> {
    exec(tx, "delete from work_rows where work_id = $1", [id.into()]).await?;
    let sql = "update works set done = 0, total = $3, heading = $4, created_rows = 0, changed_rows = 0,
            unchanged_rows = 0, refused_rows = 0
        where id = $1 and holder = $2 and state = 'running'";
    let values: [Value; 4] = [id.into(), holder.into(), total.into(), heading.into()];
    Ok(exec(tx, sql, values).await? == 1)
}

/// How work ended, or that it waits for somebody.
#[derive(Clone, Debug)]
pub struct Ending {
    /// The state it is in now.
    pub state: &'static str,
    /// Why it failed.
    pub problem: Option<&'static str>,
    /// The file that came of it, with its name.
    pub result: Option<(Uuid, String)>,
    /// When.
    pub at: i64,
}

/// Ends work, or lets it wait. Says whether it was still this holder's.
///
/// # Errors
/// Whatever the engine answers.
pub async fn end(tx: &Tx, id: Uuid, holder: Uuid, ending: &Ending) -> Result<bool, DbErr> {
    let sql = "update works set state = $3, problem = $4, result_file = $5, result_name = $6, ended_at = $7,
            holder = null, lease_until = 0
        where id = $1 and holder = $2 and state = 'running'";
    let values: [Value; 7] = [
        id.into(),
        holder.into(),
        ending.state.into(),
        ending.problem.map(str::to_owned).into(),
        ending.result.as_ref().map(|(file, _)| *file).into(),
        ending.result.as_ref().map(|(_, name)| name.clone()).into(),
        ending.at.into(),
    ];
    Ok(exec(tx, sql, values).await? == 1)
}

/// Stops work that waits or is under way. Says whether there was anything to stop.
///
/// # Errors
/// Whatever the engine answers.
pub async fn stop(tx: &Tx, id: Uuid, at: i64) -> Result<bool, DbErr> {
    let sql = "update works set state = 'stopped', ended_at = $2, holder = null, lease_until = 0
        where id = $1 and state in ('queued', 'running', 'waiting')";
    Ok(exec(tx, sql, [id.into(), at.into()]).await? == 1)
}

/// Queues the writing of a checked import, or what was stopped or failed once more. Says whether it was one to go on.
///
/// # Errors
/// Whatever the engine answers.
pub async fn go(tx: &Tx, id: Uuid, stage: &str, whole: bool, fresh: bool) -> Result<bool, DbErr> {
    let sql = "update works set state = 'queued', stage = $2, whole = $3, problem = null, ended_at = null,
            done = case when $4 then 0 else done end, total = case when $4 then 0 else total end
        where id = $1 and state in ('waiting', 'stopped', 'failed')";
    let values: [Value; 4] = [id.into(), stage.into(), whole.into(), fresh.into()];
    Ok(exec(tx, sql, values).await? == 1)
}

/// A refused row with what stood in it.
#[derive(Clone, Debug)]
pub struct Refused {
    /// Why.
    pub bad: BadRow,
    /// Its cells.
    pub cells: Vec<String>,
}

#[derive(FromQueryResult)]
struct RefusedRow {
    line: i64,
    column_name: String,
    value: String,
    code: String,
    bound: Option<String>,
    cells: String,
}

/// Keeps refused rows; a line that was refused before keeps its first reason.
///
/// # Errors
/// Whatever the engine answers.
pub async fn refuse(tx: &Tx, id: Uuid, refused: &[Refused]) -> Result<(), DbErr> {
    let mut rows = Rows::into(
        "work_rows",
        &[
            "work_id",
            "line",
            "column_name",
            "value",
            "code",
            "bound",
            "cells",
        ],
    );
    for one in refused {
        rows.push([
            id.into(),
            i64::try_from(one.bad.line).unwrap_or(i64::MAX).into(),
            one.bad.column.clone().into(),
            one.bad.value.clone().into(),
            code_name(one.bad.code).into(),
            one.bad.bound.clone().into(),
            serde_json::to_string(&one.cells).unwrap_or_default().into(),
        ]);
    }
    rows.upsert(tx, &["work_id", "line", "column_name"], &[]).await
}

/// The name of a reason, as on the wire.
fn code_name(code: shared::api::problem::FieldCode) -> String {
    serde_json::to_value(code)
        .ok()
        .and_then(|value| value.as_str().map(str::to_owned))
        .unwrap_or_default()
}

/// Refused rows behind a line, in file order.
///
/// # Errors
/// Whatever the engine answers.
pub async fn refused(
    connection: &Connection,
    id: Uuid,
    after: i64,
    limit: i64,
) -> Result<Vec<Refused>, DbErr> {
    let sql = "select line, column_name, value, code, bound, cells from work_rows
        where work_id = $1 and line > $2 order by line limit $3";
    let rows: Vec<RefusedRow> = many(connection, sql, [id.into(), after.into(), limit.into()]).await?;
    Ok(rows
        .into_iter()
        .map(|row| Refused {
            bad: BadRow {
                line: u64::try_from(row.line).unwrap_or_default(),
                column: row.column_name,
                value: row.value,
                code: serde_json::from_value(serde_json::Value::String(row.code))
                    .unwrap_or(shared::api::problem::FieldCode::NotAChoice),
                bound: row.bound,
                detail: String::new(),
            },
            cells: serde_json::from_str(&row.cells).unwrap_or_default(),
        })
        .collect())
}

/// Work that ended before a moment and still keeps files.
///
/// # Errors
/// Whatever the engine answers.
pub async fn ended_before(connection: &Connection, before: i64, limit: i64) -> Result<Vec<WorkRow>, DbErr> {
    let sql = format!(
        "select {COLUMNS} from works where ended_at < $1 and (input_file is not null or result_file is not null)
        order by ended_at, id limit $2"
    );
    many(connection, &sql, [before.into(), limit.into()]).await
}

/// Forgets the files and refused rows of work.
///
/// # Errors
/// Whatever the engine answers.
pub async fn forget(tx: &Tx, id: Uuid) -> Result<(), DbErr> {
    exec(tx, "delete from work_rows where work_id = $1", [id.into()]).await?;
    let sql = "update works set input_file = null, result_file = null, result_name = null where id = $1";
    exec(tx, sql, [id.into()]).await.map(drop)
}
