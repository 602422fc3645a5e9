//! People and the roles they hold.

use super::narrow::Among;
use super::session::{GRANT_COLUMNS, GRANT_JOINS};
use super::{Connection, Rows, Tx, exec, many, one, scalar};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use shared::domain::calendar::Micros;
use shared::domain::identity::Grant;
use uuid::Uuid;

/// A person as stored.
#[derive(FromQueryResult, Clone)]
pub struct PersonRow {
    /// Their id.
    pub id: Uuid,
    /// The name they sign in with.
    pub sign_in_name: String,
    /// Their name.
    pub name: String,
    /// The hash of their password, once they have set one.
    pub password_hash: Option<String>,
    /// Whether they are suspended.
    pub suspended: bool,
    /// When they were added.
    pub created_at: i64,
    /// Where mail reaches them.
    pub email: Option<String>,
    /// Their telephone number.
    pub phone: Option<String>,
}

const COLUMNS: &str = "id, sign_in_name, name, password_hash, suspended, created_at, email, phone";

/// The person who signs in with this name.
///
/// # Errors
/// Whatever the engine answers.
pub async fn by_name(
    connection: &impl ConnectionTrait,
    sign_in_name: &str,
) -> Result<Option<PersonRow>, DbErr> {
    one(
        connection,
        &format!("select {COLUMNS} from persons where sign_in_name = $1"),
        [sign_in_name.into()],
    )
    .await
}

/// A person.
///
/// # Errors
/// Whatever the engine answers.
pub async fn by_id(connection: &impl ConnectionTrait, id: Uuid) -> Result<Option<PersonRow>, DbErr> {
    one(
        connection,
        &format!("select {COLUMNS} from persons where id = $1"),
        [id.into()],
    )
    .await
}

/// People by the name they sign in with, those behind `after`; of these people, and of those who hold `role` where it is
/// not empty.
///
/// # Errors
/// Whatever the engine answers.
pub async fn list(
    connection: &Connection,
    among: &Among,
    role: &str,
    after: &str,
    limit: i64,
) -> Result<Vec<PersonRow>, DbErr> {
    let mut values: Vec<Value> = vec![after.into(), limit.into(), role.into()];
    let narrowed = among.condition("id", &mut values);
    let narrowed = narrowed.map_or_else(String::new, |condition| format!(" and {condition}"));
    let sql = format!(
        "select {COLUMNS} from persons where sign_in_name > $1
            and ($3 = '' or exists (select 1 from grants g
                where g.person_id = persons.id and g.withdrawn_at is null and g.role = $3)){narrowed}
        order by sign_in_name limit $2"
    );
    many(connection, &sql, values).await
}

/// What stands beside a person.
#[derive(FromQueryResult)]
pub struct MarksRow {
    /// The person.
    pub id: Uuid,
    /// Since when they have a second factor.
    pub enrolled_at: Option<i64>,
    /// Until when an unused link of theirs works.
    pub link_until: Option<i64>,
}

/// What stands beside these people.
///
/// # Errors
/// Whatever the engine answers.
pub async fn marks_of(
    connection: &impl ConnectionTrait,
    people: &[Uuid],
    now: Micros,
) -> Result<Vec<MarksRow>, DbErr> {
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let places: Vec<String> = (2..people.len() + 2).map(|n| format!("${n}")).collect();
    let sql = format!(
        "select p.id, f.enrolled_at, (select max(l.expires_at) from one_time_links l
            where l.person_id = p.id and l.used_at is null and l.expires_at > $1) as link_until
        from persons p left join second_factors f on f.person_id = p.id where p.id in ({})",
        places.join(", ")
    );
    let values = std::iter::once(Value::from(now.0)).chain(people.iter().map(|id| Value::from(*id)));
    many(connection, &sql, values).await
}

/// Changes how a person is reached; says whether there is one.
///
/// # Errors
/// Whatever the engine answers.
pub async fn set_contact(
    tx: &Tx,
    id: Uuid,
    email: Option<String>,
    phone: Option<String>,
) -> Result<bool, DbErr> {
    let sql = "update persons set email = $2, phone = $3 where id = $1";
    Ok(exec(tx, sql, [id.into(), email.into(), phone.into()]).await? > 0)
}

/// How many people besides this one hold an administrator's role, suspended or not: whoever suspends the others is not
/// alone for that.
///
/// # Errors
/// Whatever the engine answers.
pub async fn administrators(connection: &impl ConnectionTrait, besides: Uuid) -> Result<i64, DbErr> {
    let sql = "select count(distinct g.person_id) from grants g
        where g.role = 'admin' and g.withdrawn_at is null and g.person_id <> $1";
    scalar(connection, sql, [besides.into()]).await
}

/// A grant of a person.
#[derive(FromQueryResult, Clone)]
pub struct PersonGrantRow {
    /// The person.
    pub person_id: Uuid,
    /// The grant.
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

/// The roles that people hold now, oldest first.
///
/// # Errors
/// Whatever the engine answers.
pub async fn grants_of(
    connection: &impl ConnectionTrait,
    people: &[Uuid],
) -> Result<Vec<PersonGrantRow>, DbErr> {
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let places: Vec<String> = (1..=people.len()).map(|n| format!("${n}")).collect();
    let sql = format!(
        "select g.person_id, {GRANT_COLUMNS} from grants g {GRANT_JOINS}
        where g.withdrawn_at is null and g.person_id in ({}) order by g.created_at, g.id",
        places.join(", ")
    );
    many(connection, &sql, people.iter().map(|id| Value::from(*id))).await
}

/// Adds people; a sign-in name that exists is an error.
///
/// # Errors
/// Whatever the engine answers.
pub async fn insert(tx: &Tx, people: Vec<PersonRow>) -> Result<(), DbErr> {
    let columns = &[
        "id",
        "sign_in_name",
        "name",
        "password_hash",
        "suspended",
        "created_at",
        "email",
        "phone",
    ];
    let mut rows = Rows::into("persons", columns);
    for person in people {
        rows.push([
            person.id.into(),
            person.sign_in_name.into(),
            person.name.into(),
            person.password_hash.into(),
            person.suspended.into(),
            person.created_at.into(),
            person.email.into(),
            person.phone.into(),
        ]);
    }
    rows.insert(tx).await
}

/// Gives roles to people; those given first are the older ones.
///
/// # Errors
/// Whatever the engine answers.
pub async fn insert_grants(tx: &Tx, grants: Vec<(Uuid, Grant)>, now: Micros) -> Result<(), DbErr> {
    let columns = &[
        "id",
        "person_id",
        "role",
        "unit_id",
        "village_code",
        "town_code",
        "created_at",
    ];
    let mut rows = Rows::into("grants", columns);
    for (created_at, (person_id, grant)) in (now.0..).zip(grants) {
        rows.push([
            grant.id.into(),
            person_id.into(),
            grant.role.as_str().into(),
            grant.unit_id.into(),
            grant.village_code.into(),
            grant.town_code.into(),
            created_at.into(),
        ]);
    }
    rows.insert(tx).await
}

/// Takes a role from a person; says whether they held it.
///
/// # Errors
/// Whatever the engine answers.
pub async fn withdraw_grant(tx: &Tx, person_id: Uuid, grant_id: Uuid, now: Micros) -> Result<bool, DbErr> {
    let sql = "update grants set withdrawn_at = $3 where id = $1 and person_id = $2 and withdrawn_at is null";
    Ok(exec(tx, sql, [grant_id.into(), person_id.into(), now.0.into()]).await? > 0)
}

/// Suspends a person or lets them in again; says whether that changed anything.
///
/// # Errors
/// Whatever the engine answers.
pub async fn set_suspended(tx: &Tx, id: Uuid, suspended: bool) -> Result<bool, DbErr> {
    let sql = "update persons set suspended = $2 where id = $1 and suspended <> $2";
    Ok(exec(tx, sql, [id.into(), suspended.into()]).await? > 0)
}

/// Sets a person's password.
///
/// # Errors
/// Whatever the engine answers.
pub async fn set_password(tx: &Tx, id: Uuid, password_hash: &str) -> Result<(), DbErr> {
    exec(
        tx,
        "update persons set password_hash = $2 where id = $1",
        [id.into(), password_hash.into()],
    )
    .await
    .map(drop)
}

/// How many people can act as administrators now.
///
/// # Errors
/// Whatever the engine answers.
pub async fn admins(connection: &impl ConnectionTrait) -> Result<i64, DbErr> {
    let sql = "select count(*) from grants g join persons p on p.id = g.person_id
        where g.role = 'admin' and g.withdrawn_at is null and not p.suspended and p.password_hash is not null";
    scalar(connection, sql, []).await
}

#[derive(FromQueryResult)]
struct NamedRow {
    id: Uuid,
    name: String,
}

/// The names of these people.
///
/// # Errors
/// Whatever the engine answers.
pub async fn names_of(
    connection: &impl ConnectionTrait,
    people: &[Uuid],
) -> Result<Vec<(Uuid, String)>, DbErr> {
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let places: Vec<String> = (1..=people.len()).map(|n| format!("${n}")).collect();
    let sql = format!("select id, name from persons where id in ({})", places.join(", "));
    let rows: Vec<NamedRow> = many(connection, &sql, people.iter().map(|id| Value::from(*id))).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
}

#[derive(FromQueryResult)]
struct NameRow {
    name: String,
}

/// The name of the unit, village or town of a grant, where there is one by its key.
///
/// # Errors
/// Whatever the engine answers.
pub async fn place_name(connection: &impl ConnectionTrait, grant: &Grant) -> Result<Option<String>, DbErr> {
    let (sql, key): (&str, Value) = if let Some(unit_id) = grant.unit_id {
        ("select name from aid_units where id = $1", unit_id.into())
    } else if let Some(code) = &grant.village_code {
        ("select name from villages where code = $1", code.clone().into())
    } else if let Some(code) = &grant.town_code {
        ("select name from towns where code = $1", code.clone().into())
    } else {
        return Ok(Some(String::new()));
    };
    Ok(one::<NameRow>(connection, sql, [key]).await?.map(|row| row.name))
}
