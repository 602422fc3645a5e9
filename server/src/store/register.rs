//! The registers: towns, villages, units, pairings, sellers of record, produce.

use super::narrow::Among;
use super::{Connection, Rows, Tx, exec, many, one};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use shared::api::seller::SellerKind;
use shared::domain::calendar::Day;
use uuid::Uuid;

/// The one seller 'centre', the same in every market.
pub const CENTRE_SELLER: Uuid = Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001);

/// A town as stored.
#[derive(FromQueryResult, Clone, Debug, PartialEq, Eq)]
pub struct TownRow {
    /// 9-digit code.
    pub code: String,
    /// Its name.
    pub name: String,
}

/// A village as stored.
#[derive(FromQueryResult, Clone, Debug, PartialEq, Eq)]
pub struct VillageRow {
    /// 12-digit code.
    pub code: String,
    /// Its town.
    pub town_code: String,
    /// Its name.
    pub name: String,
    /// Whether it is aided.
    pub aided: bool,
    /// Its target for a year.
    pub target_fen: i64,
}

/// A unit as stored.
#[derive(FromQueryResult, Clone, Debug, PartialEq, Eq)]
pub struct UnitRow {
    /// Its id.
    pub id: Uuid,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: String,
    /// Its address.
    pub address: String,
    /// Days to payment.
    pub terms_days: i32,
    /// Whether it is invented.
    pub demo: bool,
}

/// A pairing as stored.
#[derive(FromQueryResult, Clone, Debug, PartialEq, Eq)]
pub struct PairingRow {
    /// The unit.
    pub unit_id: Uuid,
    /// The village.
    pub village_code: String,
    /// From this day.
    pub from_day: i32,
    /// Up to and with this day.
    pub until_day: Option<i32>,
}

/// Every town.
///
/// # Errors
/// Whatever the engine answers.
pub async fn towns(connection: &impl ConnectionTrait) -> Result<Vec<TownRow>, DbErr> {
    many(connection, "select code, name from towns", []).await
}

/// Every village.
///
/// # Errors
/// Whatever the engine answers.
pub async fn villages(connection: &impl ConnectionTrait) -> Result<Vec<VillageRow>, DbErr> {
    many(
        connection,
        "select code, town_code, name, aided, target_fen from villages",
        [],
    )
    .await
}

const UNIT_COLUMNS: &str = "id, code, name, kind, address, terms_days, demo";

/// Every unit.
///
/// # Errors
/// Whatever the engine answers.
pub async fn units(connection: &impl ConnectionTrait) -> Result<Vec<UnitRow>, DbErr> {
    many(connection, &format!("select {UNIT_COLUMNS} from aid_units"), []).await
}

/// Every pairing.
///
/// # Errors
/// Whatever the engine answers.
pub async fn pairings(connection: &impl ConnectionTrait) -> Result<Vec<PairingRow>, DbErr> {
    many(
        connection,
        "select unit_id, village_code, from_day, until_day from pairings",
        [],
    )
    .await
}

/// Writes towns: new ones are added, known ones changed.
///
/// # Errors
/// Whatever the engine answers.
pub async fn put_towns(tx: &Tx, towns: Vec<TownRow>) -> Result<(), DbErr> {
    let mut rows = Rows::into("towns", &["code", "name"]);
    for town in towns {
        rows.push([town.code.into(), town.name.into()]);
    }
    rows.upsert(tx, &["code"], &["name"]).await
}

/// Writes villages: new ones are added, known ones changed.
///
/// # Errors
/// Whatever the engine answers.
pub async fn put_villages(tx: &Tx, villages: Vec<VillageRow>) -> Result<(), DbErr> {
    let mut rows = Rows::into("villages", &["code", "town_code", "name", "aided", "target_fen"]);
    for village in villages {
        rows.push([
            village.code.into(),
            village.town_code.into(),
            village.name.into(),
            village.aided.into(),
            village.target_fen.into(),
        ]);
    }
    rows.upsert(tx, &["code"], &["town_code", "name", "aided", "target_fen"])
        .await
}

/// Writes units: new ones are added, known ones changed.
///
/// # Errors
/// Whatever the engine answers.
pub async fn put_units(tx: &Tx, units: Vec<UnitRow>) -> Result<(), DbErr> {
    let mut rows = Rows::into(
        "aid_units",
        &["id", "code", "name", "kind", "address", "terms_days", "demo"],
    );
    for unit in units {
        rows.push([
            unit.id.into(),
            unit.code.into(),
            unit.name.into(),
            unit.kind.into(),
            unit.address.into(),
            unit.terms_days.into(),
            unit.demo.into(),
        ]);
    }
    rows.upsert(tx, &["code"], &["name", "kind", "address", "terms_days", "demo"])
        .await
}

/// Writes pairings: new ones are added, known ones changed.
///
/// # Errors
/// Whatever the engine answers.
pub async fn put_pairings(tx: &Tx, pairings: Vec<PairingRow>) -> Result<(), DbErr> {
    let mut rows = Rows::into("pairings", &["unit_id", "village_code", "from_day", "until_day"]);
    for pairing in pairings {
        rows.push([
            pairing.unit_id.into(),
            pairing.village_code.into(),
            pairing.from_day.into(),
            pairing.until_day.into(),
        ]);
    }
    rows.upsert(tx, &["unit_id", "village_code", "from_day"], &["until_day"])
        .await
}

/// Adds the seller of record of new villages, and of the centre where it is missing.
///
/// # Errors
/// Whatever the engine answers.
pub async fn put_sellers(tx: &Tx, collectives: Vec<(Uuid, String, String)>) -> Result<(), DbErr> {
    let mut rows = Rows::into("sellers", &["id", "kind", "name", "village_code"]).row([
        CENTRE_SELLER.into(),
        SellerKind::Centre.as_str().into(),
        "蓟州区绿食中心".into(),
        None::<String>.into(),
    ]);
    for (id, village_code, name) in collectives {
        rows.push([
            id.into(),
            SellerKind::VillageCollective.as_str().into(),
            name.into(),
            village_code.into(),
        ]);
    }
    rows.upsert(tx, &["id"], &[]).await
}

/// Names the collectives of villages that were renamed after them.
///
/// # Errors
/// Whatever the engine answers.
pub async fn rename_collectives(tx: &Tx, suffix: &str) -> Result<(), DbErr> {
    let sql =
        "update sellers set name = (select v.name || $1 from villages v where v.code = sellers.village_code)
        where kind = 'village_collective' and village_code is not null
            and name <> (select v.name || $1 from villages v where v.code = sellers.village_code)";
    exec(tx, sql, [suffix.into()]).await.map(drop)
}

/// Keeps the pairings of these units to this transaction: whoever changes some of the same waits, and then sees what was
/// written here. Two pairings that overlap can so never be written side by side.
///
/// # Errors
/// Whatever the engine answers.
pub async fn hold_units(tx: &Tx, codes: &[&str]) -> Result<(), DbErr> {
    let mut values = Vec::new();
    let codes = super::order::placeholders(&mut values, codes.iter().map(|code| (*code).into()));
    let sql = format!("update aid_units set terms_days = terms_days where code in ({codes})");
    exec(tx, &sql, values).await.map(drop)
}

/// How full the registers are.
#[derive(FromQueryResult)]
pub struct CountsRow {
    /// Towns.
    pub towns: i64,
    /// Villages.
    pub villages: i64,
    /// Aided villages.
    pub aided: i64,
    /// Units.
    pub units: i64,
    /// Pairings that last.
    pub pairings: i64,
}

/// How full the registers are today.
///
/// # Errors
/// Whatever the engine answers.
pub async fn counts(connection: &Connection, today: Day) -> Result<Option<CountsRow>, DbErr> {
    let sql = "select (select count(*) from towns) as towns, (select count(*) from villages) as villages,
        (select count(*) from villages where aided) as aided, (select count(*) from aid_units) as units,
        (select count(*) from pairings where from_day <= $1 and (until_day is null or until_day >= $1)) as pairings";
    one(connection, sql, [today.0.into()]).await
}

/// Units by code, those behind `after`, of these.
///
/// # Errors
/// Whatever the engine answers.
pub async fn list_units(
    connection: &Connection,
    among: &Among,
    after: &str,
    limit: i64,
) -> Result<Vec<UnitRow>, DbErr> {
    let mut values: Vec<Value> = vec![after.into(), limit.into()];
    let narrowed = among.condition("code", &mut values);
    let narrowed = narrowed.map_or_else(String::new, |condition| format!(" and {condition}"));
    let sql =
        format!("select {UNIT_COLUMNS} from aid_units where code > $1{narrowed} order by code limit $2");
    many(connection, &sql, values).await
}

/// A unit.
///
/// # Errors
/// Whatever the engine answers.
pub async fn unit(connection: &impl ConnectionTrait, id: Uuid) -> Result<Option<UnitRow>, DbErr> {
    one(
        connection,
        &format!("select {UNIT_COLUMNS} from aid_units where id = $1"),
        [id.into()],
    )
    .await
}

/// The unit of a code.
///
/// # Errors
/// Whatever the engine answers.
pub async fn unit_by_code(connection: &impl ConnectionTrait, code: &str) -> Result<Option<UnitRow>, DbErr> {
    one(
        connection,
        &format!("select {UNIT_COLUMNS} from aid_units where code = $1"),
        [code.into()],
    )
    .await
}

/// A pairing with its names.
#[derive(FromQueryResult)]
pub struct NamedPairingRow {
    /// The unit.
    pub unit_id: Uuid,
    /// Its name.
    pub unit_name: String,
    /// The village.
    pub village_code: String,
    /// Its name.
    pub village_name: String,
    /// From this day.
    pub from_day: i32,
    /// Up to and with this day.
    pub until_day: Option<i32>,
}

/// Pairings by village, unit and day, those behind `after`, optionally of one village or one unit.
///
/// # Errors
/// Whatever the engine answers.
pub async fn list_pairings(
    connection: &Connection,
    village: Option<&str>,
    unit: Option<Uuid>,
    after: (&str, Uuid, i32),
    limit: i64,
) -> Result<Vec<NamedPairingRow>, DbErr> {
    let mut values: Vec<Value> = vec![after.0.into(), after.1.into(), after.2.into(), limit.into()];
    let mut narrowed = String::new();
    if let Some(code) = village {
        values.push(code.into());
        narrowed.push_str(&format!(" and p.village_code = ${}", values.len()));
    }
    if let Some(id) = unit {
        values.push(id.into());
        narrowed.push_str(&format!(" and p.unit_id = ${}", values.len()));
    }
    let sql = format!(
        "select p.unit_id, u.name as unit_name, p.village_code, v.name as village_name, p.from_day, p.until_day
        from pairings p join aid_units u on u.id = p.unit_id join villages v on v.code = p.village_code
        where (p.village_code, p.unit_id, p.from_day) > ($1, $2, $3){narrowed}
        order by p.village_code, p.unit_id, p.from_day limit $4"
    );
    many(connection, &sql, values).await
}
