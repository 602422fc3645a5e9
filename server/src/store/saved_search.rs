//! Searches that people keep.

use super::{Connection, Rows, Tx, exec, many, scalar};
use sea_orm::{DbErr, FromQueryResult};
use uuid::Uuid;

/// A kept search.
#[derive(FromQueryResult, Clone, Debug)]
pub struct SavedSearchRow {
    /// Its id.
    pub id: Uuid,
    /// Whose it is.
    pub person_id: Uuid,
    /// What they call it.
    pub name: String,
    /// The filters.
    pub query: String,
    /// When it was saved.
    pub created_at: i64,
    /// Up to when new offers were looked for.
    pub looked_at: i64,
}

const COLUMNS: &str = "id, person_id, name, query, created_at, looked_at";

/// A person's searches, newest first.
///
/// # Errors
/// Whatever the engine answers.
pub async fn of_person(
    connection: &Connection,
    person_id: Uuid,
    limit: i64,
) -> Result<Vec<SavedSearchRow>, DbErr> {
    let sql = format!(
        "select {COLUMNS} from saved_searches where person_id = $1 order by created_at desc, id desc limit $2"
    );
    many(connection, &sql, [person_id.into(), limit.into()]).await
}

/// How many other searches a person keeps.
///
/// # Errors
/// Whatever the engine answers.
pub async fn count_others(tx: &Tx, person_id: Uuid, query: &str) -> Result<i64, DbErr> {
    let sql = "select count(*) from saved_searches where person_id = $1 and query <> $2";
    scalar(tx, sql, [person_id.into(), query.into()]).await
}

/// Keeps a search; one with the same filters gets the new name.
///
/// # Errors
/// Whatever the engine answers.
pub async fn put(tx: &Tx, row: SavedSearchRow) -> Result<(), DbErr> {
    Rows::into(
        "saved_searches",
        &["id", "person_id", "name", "query", "created_at", "looked_at"],
    )
    .row([
        row.id.into(),
        row.person_id.into(),
        row.name.into(),
        row.query.into(),
        row.created_at.into(),
        row.looked_at.into(),
    ])
    .upsert(tx, &["person_id", "query"], &["name"])
    .await
}

/// Drops one of a person's searches; says whether it was theirs.
///
/// # Errors
/// Whatever the engine answers.
pub async fn remove(tx: &Tx, person_id: Uuid, id: Uuid) -> Result<bool, DbErr> {
    let sql = "delete from saved_searches where id = $1 and person_id = $2";
    Ok(exec(tx, sql, [id.into(), person_id.into()]).await? == 1)
}

/// Searches for which nobody has looked since, the longest waiting first.
///
/// # Errors
/// Whatever the engine answers.
pub async fn due(connection: &Connection, before: i64, limit: i64) -> Result<Vec<SavedSearchRow>, DbErr> {
    let sql =
        format!("select {COLUMNS} from saved_searches where looked_at < $1 order by looked_at, id limit $2");
    many(connection, &sql, [before.into(), limit.into()]).await
}

/// A village that a unit of a person is paired with.
#[derive(FromQueryResult, Clone, Debug)]
pub struct PairedRow {
    /// The person.
    pub person_id: Uuid,
    /// The village.
    pub village_code: String,
}

/// The villages that the units of these people are paired with today.
///
/// # Errors
/// Whatever the engine answers.
pub async fn paired_villages(
    connection: &Connection,
    people: &[Uuid],
    today: i32,
) -> Result<Vec<PairedRow>, DbErr> {
    let mut values = vec![today.into()];
    let ids = super::order::placeholders(&mut values, people.iter().map(|id| (*id).into()));
    let sql = format!(
        "select distinct g.person_id, p.village_code from grants g join pairings p on p.unit_id = g.unit_id
        where g.person_id in ({ids}) and g.withdrawn_at is null and p.from_day <= $1
            and (p.until_day is null or p.until_day >= $1)
        order by g.person_id, p.village_code"
    );
    many(connection, &sql, values).await
}

/// Notes that one has looked for this search; says whether nobody else did meanwhile.
///
/// # Errors
/// Whatever the engine answers.
pub async fn looked(tx: &Tx, row: &SavedSearchRow, now: i64) -> Result<bool, DbErr> {
    let sql = "update saved_searches set looked_at = $1 where id = $2 and looked_at = $3";
    Ok(exec(tx, sql, [now.into(), row.id.into(), row.looked_at.into()]).await? == 1)
}
