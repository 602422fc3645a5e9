//! Notices and how far each reader has read.

use super::order::placeholders;
use super::{Connection, Rows, Tx, many};
use sea_orm::{DbErr, FromQueryResult};
use shared::domain::calendar::Micros;
use shared::domain::identity::Role;
use shared::domain::notice::To;
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

/// A notice that no mail told yet.
#[derive(FromQueryResult, Clone, Debug)]
pub struct Unmailed {
    /// Its id.
    pub id: Uuid,
    /// Who reads it.
    pub audience: String,
    /// What about.
    pub kind: String,
    /// The thing.
    pub subject: String,
    /// Where to go.
    pub path: String,
}

/// Claims the oldest notices after `since` that were not mailed, as mailed at `now`; `None` when another process claimed
/// some of them meanwhile.
///
/// # Errors
/// Whatever the engine answers.
pub async fn claim(tx: &Tx, now: i64, since: i64, limit: i64) -> Result<Option<Vec<Unmailed>>, DbErr> {
    let sql = "select id, audience, kind, subject, path from notices
        where mailed_at is null and at > $1 order by at, id limit $2";
    let found: Vec<Unmailed> = many(tx, sql, [since.into(), limit.into()]).await?;
    if found.is_empty() {
        return Ok(Some(found));
    }
    let mut values = vec![now.into()];
    let ids = placeholders(&mut values, found.iter().map(|notice| notice.id.into()));
    let sql = format!("update notices set mailed_at = $1 where mailed_at is null and id in ({ids})");
    let claimed = super::exec(tx, &sql, values).await?;
    Ok((claimed == found.len() as u64).then_some(found))
}

/// Gives claimed notices back, to be mailed in another round.
///
/// # Errors
/// Whatever the engine answers.
pub async fn unclaim(tx: &Tx, ids: &[Uuid]) -> Result<(), DbErr> {
    let mut values = Vec::new();
    let ids = placeholders(&mut values, ids.iter().map(|id| (*id).into()));
    let sql = format!("update notices set mailed_at = null where id in ({ids})");
    super::exec(tx, &sql, values).await.map(|_| ())
}

/// Somebody with an address, in one of their roles.
#[derive(FromQueryResult, Clone, Debug)]
pub struct ReaderRow {
    /// The person.
    pub person_id: Uuid,
    /// Their address.
    pub email: String,
    /// The role.
    pub role: String,
    /// Its unit.
    pub unit_id: Option<Uuid>,
    /// Its village.
    pub village_code: Option<String>,
}

impl ReaderRow {
    /// The audiences that they belong to in this role.
    #[must_use]
    pub fn audiences(&self) -> Vec<String> {
        let mut audiences = vec![To::Person(self.person_id).audience()];
        let Some(role) = Role::from_name(&self.role) else {
            return audiences;
        };
        audiences.push(
            match (self.unit_id, &self.village_code) {
                (Some(unit_id), _) => To::Unit(unit_id, role),
                (None, Some(code)) => To::Village(code.clone()),
                (None, None) => To::Role(role),
            }
            .audience(),
        );
        audiences
    }
}

/// Who reads these notices and has an address: a superset, to be narrowed by `audiences`.
///
/// # Errors
/// Whatever the engine answers.
pub async fn readers(connection: &Connection, notices: &[Unmailed]) -> Result<Vec<ReaderRow>, DbErr> {
    let (mut people, mut units, mut villages, mut roles) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for notice in notices {
        let mut parts = notice.audience.splitn(3, ':');
        let (kind, key) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        match kind {
            "person" => people.extend(key.parse::<Uuid>()),
            "unit" => units.extend(key.parse::<Uuid>()),
            "village" => villages.push(key.to_owned()),
            _ => roles.push(key.to_owned()),
        }
    }
    let mut values = Vec::new();
    // An empty list of values is no SQL: nobody has the id of zeros or the empty name.
    people.push(Uuid::nil());
    units.push(Uuid::nil());
    villages.push(String::new());
    roles.push(String::new());
    let people = placeholders(&mut values, people.into_iter().map(Into::into));
    let units = placeholders(&mut values, units.into_iter().map(Into::into));
    let villages = placeholders(&mut values, villages.into_iter().map(Into::into));
    let roles = placeholders(&mut values, roles.into_iter().map(Into::into));
    let sql = format!(
        "select p.id as person_id, p.email, g.role, g.unit_id, g.village_code
        from persons p join grants g on g.person_id = p.id and g.withdrawn_at is null
        where p.email is not null and not p.suspended and (p.id in ({people}) or g.unit_id in ({units})
            or g.village_code in ({villages}) or (g.unit_id is null and g.village_code is null and g.role in ({roles})))"
    );
    many(connection, &sql, values).await
}
