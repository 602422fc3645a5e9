//! Notices and how far each reader has read.

use super::{Connection, Rows, Tx, many};
use sea_orm::{DbErr, FromQueryResult};
use shared::domain::calendar::Micros;
use uuid::Uuid;

/// A notice to store.
pub struct NewNotice {
    /// Who reads it: `To::audience`.
    pub audience: String,
    /// What about.
    pub kind: &'static str,
    /// The thing's number or name.
    pub subject: String,
    /// Where to go.
    pub path: String,
}

/// A stored notice.
#[derive(FromQueryResult)]
pub struct NoticeRow {
    /// Its id.
    pub id: Uuid,
    /// When.
    pub at: i64,
    /// What about.
    pub kind: String,
    /// The thing.
    pub subject: String,
    /// Where to go.
    pub path: String,
}

/// What the page's frame counts.
#[derive(FromQueryResult)]
pub struct Counts {
    /// Lines in the basket.
    pub basket: i64,
    /// Notices since the reader last looked, 100 at the most.
    pub notices: i64,
}

/// Stores notices with one statement.
///
/// # Errors
/// Whatever the engine answers.
pub async fn insert(tx: &Tx, at: Micros, notices: Vec<NewNotice>) -> Result<(), DbErr> {
    let mut rows = Rows::into("notices", &["id", "at", "audience", "kind", "subject", "path"]);
    for notice in notices {
        rows.push([
            crate::ports::ids::new_id(at).into(),
            at.0.into(),
            notice.audience.into(),
            notice.kind.into(),
            notice.subject.into(),
            notice.path.into(),
        ]);
    }
    rows.insert(tx).await
}

/// Notices of two audiences before `(at, id)`, newest first.
///
/// # Errors
/// Whatever the engine answers.
pub async fn newest(
    connection: &Connection,
    audiences: [String; 2],
    before: Option<(i64, Uuid)>,
    limit: i64,
) -> Result<Vec<NoticeRow>, DbErr> {
    let (at, id) = before.unwrap_or((i64::MAX, Uuid::max()));
    let [person, office] = audiences;
    let sql = "select id, at, kind, subject, path from notices
        where audience in ($1, $2) and (at, id) < ($3, $4) order by at desc, id desc limit $5";
    let values = [person.into(), office.into(), at.into(), id.into(), limit.into()];
    many(connection, sql, values).await
}

/// How many lines a basket has and how many notices are unread, in one statement.
///
/// # Errors
/// Whatever the engine answers.
pub async fn counts(
    connection: &Connection,
    basket_key: &str,
    audiences: [String; 2],
    grant_id: Uuid,
) -> Result<Option<Counts>, DbErr> {
    let [person, office] = audiences;
    let sql = "select (select count(*) from basket_lines where basket_key = $1) as basket,
        (select count(*) from (select 1 from notices where audience in ($2, $3)
            and at > coalesce((select seen_at from notice_reads where grant_id = $4), 0) limit 100) unread) as notices";
    let values = [basket_key.into(), person.into(), office.into(), grant_id.into()];
    super::one(connection, sql, values).await
}

/// Until when the reader has read.
///
/// # Errors
/// Whatever the engine answers.
pub async fn seen_at(connection: &Connection, grant_id: Uuid) -> Result<i64, DbErr> {
    let sql = "select seen_at from notice_reads where grant_id = $1";
    super::scalar(connection, sql, [grant_id.into()]).await
}

/// The reader has read everything until now.
///
/// # Errors
/// Whatever the engine answers.
pub async fn seen(tx: &Tx, grant_id: Uuid, now: i64) -> Result<(), DbErr> {
    let row = Rows::into("notice_reads", &["grant_id", "seen_at"]).row([grant_id.into(), now.into()]);
    row.upsert(tx, &["grant_id"], &["seen_at"]).await
}
