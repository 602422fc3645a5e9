//! What filling a register from a file asks and writes: a batch at a time, never a row at a time.

use super::order::placeholders;
use super::register::{PairingRow, TownRow, UnitRow, VillageRow};
use super::{Rows, Tx, many};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use shared::api::seller::SellerKind;
use uuid::Uuid;

/// Towns of these codes.
///
/// # Errors
/// Whatever the engine answers.
pub async fn towns(connection: &impl ConnectionTrait, codes: &[&str]) -> Result<Vec<TownRow>, DbErr> {
    let mut values = Vec::new();
    let codes = placeholders(&mut values, codes.iter().map(|code| (*code).into()));
    many(
        connection,
        &format!("select code, name from towns where code in ({codes})"),
        values,
    )
    .await
}

/// Villages of these codes.
///
/// # Errors
/// Whatever the engine answers.
pub async fn villages(connection: &impl ConnectionTrait, codes: &[&str]) -> Result<Vec<VillageRow>, DbErr> {
    let mut values = Vec::new();
    let codes = placeholders(&mut values, codes.iter().map(|code| (*code).into()));
    let sql =
        format!("select code, town_code, name, aided, target_fen from villages where code in ({codes})");
    many(connection, &sql, values).await
}

/// Units of these codes.
///
/// # Errors
/// Whatever the engine answers.
pub async fn units(connection: &impl ConnectionTrait, codes: &[&str]) -> Result<Vec<UnitRow>, DbErr> {
    let mut values = Vec::new();
    let codes = placeholders(&mut values, codes.iter().map(|code| (*code).into()));
    let sql = format!(
        "select id, code, name, kind, address, terms_days, demo from aid_units where code in ({codes})"
    );
    many(connection, &sql, values).await
}

/// Pairings of these units.
///
/// # Errors
/// Whatever the engine answers.
pub async fn pairings(connection: &impl ConnectionTrait, units: &[Uuid]) -> Result<Vec<PairingRow>, DbErr> {
    let mut values = Vec::new();
    let ids = placeholders(&mut values, units.iter().map(|id| (*id).into()));
    let sql =
        format!("select unit_id, village_code, from_day, until_day from pairings where unit_id in ({ids})");
    many(connection, &sql, values).await
}

/// A household by its village and name.
#[derive(FromQueryResult, Clone, Debug, PartialEq, Eq)]
pub struct HouseholdKey {
    /// Its village.
    pub village_code: String,
    /// Its name.
    pub name: String,
}

/// Households of these villages with one of these names.
///
/// # Errors
/// Whatever the engine answers.
pub async fn households(
    connection: &impl ConnectionTrait,
    villages: &[&str],
    names: &[&str],
) -> Result<Vec<HouseholdKey>, DbErr> {
    let mut values = Vec::new();
    let codes = placeholders(&mut values, villages.iter().map(|code| (*code).into()));
    let names = placeholders(&mut values, names.iter().map(|name| (*name).into()));
    let sql = format!(
        "select village_code, name from households where village_code in ({codes}) and name in ({names})"
    );
    many(connection, &sql, values).await
}

/// Writes new households.
///
/// # Errors
/// Whatever the engine answers.
pub async fn put_households(tx: &Tx, households: &[(Uuid, HouseholdKey)]) -> Result<(), DbErr> {
    let mut rows = Rows::into("households", &["id", "village_code", "name"]);
    for (id, household) in households {
        rows.push([
            (*id).into(),
            household.village_code.clone().into(),
            household.name.clone().into(),
        ]);
    }
    rows.insert(tx).await
}

/// Somebody known already.
#[derive(FromQueryResult, Clone, Debug)]
pub struct KnownPerson {
    /// Their id.
    pub id: Uuid,
    /// The name they sign in with.
    pub sign_in_name: String,
    /// Their name.
    pub name: String,
    /// Whether they cannot sign in.
    pub suspended: bool,
    /// Whether they have chosen a password.
    pub entered: bool,
}

/// People who sign in with these names.
///
/// # Errors
/// Whatever the engine answers.
pub async fn people(connection: &impl ConnectionTrait, names: &[&str]) -> Result<Vec<KnownPerson>, DbErr> {
    let mut values = Vec::new();
    let names = placeholders(&mut values, names.iter().map(|name| (*name).into()));
    let sql = format!(
        "select id, sign_in_name, name, suspended, password_hash is not null as entered
        from persons where sign_in_name in ({names})"
    );
    many(connection, &sql, values).await
}

/// A role somebody holds, without its id.
#[derive(FromQueryResult, Clone, Debug, PartialEq, Eq)]
pub struct HeldRole {
    /// Who.
    pub person_id: Uuid,
    /// The role.
    pub role: String,
    /// For a unit role.
    pub unit_id: Option<Uuid>,
    /// For a village role.
    pub village_code: Option<String>,
    /// For a town role.
    pub town_code: Option<String>,
}

/// The roles that people hold.
///
/// # Errors
/// Whatever the engine answers.
pub async fn roles(connection: &impl ConnectionTrait, people: &[Uuid]) -> Result<Vec<HeldRole>, DbErr> {
    let mut values = Vec::new();
    let ids = placeholders(&mut values, people.iter().map(|id| (*id).into()));
    let sql = format!(
        "select person_id, role, unit_id, village_code, town_code from grants
        where withdrawn_at is null and person_id in ({ids})"
    );
    many(connection, &sql, values).await
}

/// Writes new people, who have no password until they choose one.
///
/// # Errors
/// A unique violation when a name was taken meanwhile.
pub async fn put_people(tx: &Tx, people: &[(Uuid, String, String)], now: i64) -> Result<(), DbErr> {
    let mut rows = Rows::into("persons", &["id", "sign_in_name", "name", "created_at"]);
    for (id, sign_in_name, name) in people {
        rows.push([
            (*id).into(),
            sign_in_name.clone().into(),
            name.clone().into(),
            now.into(),
        ]);
    }
    rows.insert(tx).await
}

/// Writes new roles.
///
/// # Errors
/// Whatever the engine answers.
pub async fn put_roles(tx: &Tx, roles: &[(Uuid, HeldRole)], now: i64) -> Result<(), DbErr> {
    let mut rows = Rows::into(
        "grants",
        &[
            "id",
            "person_id",
            "role",
            "unit_id",
            "village_code",
            "town_code",
            "created_at",
        ],
    );
    for (created_at, (id, role)) in (now..).zip(roles) {
        rows.push([
            (*id).into(),
            role.person_id.into(),
            role.role.clone().into(),
            role.unit_id.into(),
            role.village_code.clone().into(),
            role.town_code.clone().into(),
            created_at.into(),
        ]);
    }
    rows.insert(tx).await
}

/// An offer by what it is called where.
#[derive(FromQueryResult, Clone, Debug, PartialEq, Eq)]
pub struct OfferKey {
    /// Its village.
    pub village_code: String,
    /// Its name.
    pub name: String,
    /// Its grade.
    pub grade: String,
    /// Fen for one price unit.
    pub price_fen: i64,
}

/// Offers of these villages with one of these names, that have not ended.
///
/// # Errors
/// Whatever the engine answers.
pub async fn offers(
    connection: &impl ConnectionTrait,
    villages: &[&str],
    names: &[&str],
) -> Result<Vec<OfferKey>, DbErr> {
    let mut values = Vec::new();
    let codes = placeholders(&mut values, villages.iter().map(|code| (*code).into()));
    let names = placeholders(&mut values, names.iter().map(|name| (*name).into()));
    let sql = format!(
        "select village_code, name, grade, price_fen from offers
        where village_code in ({codes}) and name in ({names}) and status <> 'ended'"
    );
    many(connection, &sql, values).await
}

/// Ends the links of people that were not used.
///
/// # Errors
/// Whatever the engine answers.
pub async fn end_links(tx: &Tx, people: &[Uuid], now: i64) -> Result<(), DbErr> {
    let mut values = vec![now.into()];
    let ids = placeholders(&mut values, people.iter().map(|id| (*id).into()));
    let sql = format!(
        "update one_time_links set expires_at = $1 where person_id in ({ids}) and used_at is null and expires_at > $1"
    );
    super::exec(tx, &sql, values).await.map(drop)
}

/// Writes new links.
///
/// # Errors
/// Whatever the engine answers.
pub async fn put_links(tx: &Tx, links: &[super::link::NewLink]) -> Result<(), DbErr> {
    let mut rows = Rows::into(
        "one_time_links",
        &["secret_hash", "person_id", "purpose", "created_at", "expires_at"],
    );
    for link in links {
        rows.push([
            link.secret_hash.clone().into(),
            link.person_id.into(),
            link.purpose.into(),
            link.created_at.0.into(),
            link.expires_at.0.into(),
        ]);
    }
    rows.insert(tx).await
}

/// A co-op as a file says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CoopRow {
    /// Its unified social credit code.
    pub code: String,
    /// Its name on invoices.
    pub name: String,
    /// Its village.
    pub village_code: String,
}

/// A co-op as stored.
#[derive(FromQueryResult, Clone, Debug)]
pub struct StoredCoop {
    /// Its id.
    pub id: Uuid,
    /// Its unified social credit code.
    pub code: String,
    /// Its name on invoices.
    pub name: String,
    /// Its village.
    pub village_code: String,
}

impl StoredCoop {
    /// The same without its id.
    #[must_use]
    pub fn coop(self) -> CoopRow {
        CoopRow {
            code: self.code,
            name: self.name,
            village_code: self.village_code,
        }
    }
}

/// Co-ops of these codes.
///
/// # Errors
/// Whatever the engine answers.
pub async fn coops(connection: &impl ConnectionTrait, codes: &[&str]) -> Result<Vec<StoredCoop>, DbErr> {
    let mut values = Vec::new();
    let codes = placeholders(&mut values, codes.iter().map(|code| (*code).into()));
    let sql = format!(
        "select id, code, name, village_code from sellers
        where kind = 'coop' and village_code is not null and code in ({codes})"
    );
    many(connection, &sql, values).await
}

/// Writes co-ops: new ones are added, known ones renamed.
///
/// # Errors
/// A unique violation when a code became another seller's meanwhile.
pub async fn put_coops(tx: &Tx, coops: &[(Uuid, CoopRow)]) -> Result<(), DbErr> {
    let mut rows = Rows::into("sellers", &["id", "kind", "name", "village_code", "code"]);
    for (id, coop) in coops {
        rows.push([
            (*id).into(),
            SellerKind::Coop.as_str().into(),
            coop.name.clone().into(),
            coop.village_code.clone().into(),
            coop.code.clone().into(),
        ]);
    }
    rows.upsert(tx, &["id"], &["name"]).await
}

/// A kind of produce as stored.
#[derive(FromQueryResult, Clone, Debug, PartialEq, Eq)]
pub struct KindRow {
    /// Its key.
    pub slug: String,
    /// Its place in lists.
    pub position: i32,
    /// Its name.
    pub name: String,
    /// Other names, with commas between.
    pub aliases: String,
    /// Its category.
    pub category: String,
    /// How it is usually priced.
    pub price_unit: String,
    /// The name of a piece.
    pub piece_name: Option<String>,
    /// A typical price.
    pub typical_price_fen: i64,
    /// The months of its season, one bit each.
    pub season: i32,
    /// What it is known for.
    pub mark: String,
}

/// Every kind of produce.
///
/// # Errors
/// Whatever the engine answers.
pub async fn kinds(connection: &impl ConnectionTrait) -> Result<Vec<KindRow>, DbErr> {
    let sql = "select slug, position, name, aliases, category, price_unit, piece_name, typical_price_fen, season, mark
        from produce order by position, slug";
    many(connection, sql, []).await
}

/// Writes kinds of produce, and what goods on the shelf have taken over from them: the category, the season, the mark.
///
/// # Errors
/// Whatever the engine answers.
pub async fn put_kinds(tx: &Tx, kinds: &[KindRow]) -> Result<(), DbErr> {
    const COLUMNS: [&str; 10] = [
        "slug",
        "position",
        "name",
        "aliases",
        "category",
        "price_unit",
        "piece_name",
        "typical_price_fen",
        "season",
        "mark",
    ];
    let mut rows = Rows::into("produce", &COLUMNS);
    for kind in kinds {
        rows.push([
            kind.slug.clone().into(),
            kind.position.into(),
            kind.name.clone().into(),
            kind.aliases.clone().into(),
            kind.category.clone().into(),
            kind.price_unit.clone().into(),
            kind.piece_name.clone().into(),
            kind.typical_price_fen.into(),
            kind.season.into(),
            kind.mark.clone().into(),
        ]);
    }
    rows.upsert(tx, &["slug"], &COLUMNS[1..]).await?;
    let mut values = Vec::new();
    let slugs = placeholders(&mut values, kinds.iter().map(|kind| kind.slug.as_str().into()));
    let sql = format!(
        "update offers set category = (select p.category from produce p where p.slug = offers.produce),
            season = (select p.season from produce p where p.slug = offers.produce),
            mark = (select p.mark from produce p where p.slug = offers.produce)
        where produce in ({slugs}) and exists (select 1 from produce p where p.slug = offers.produce
            and (p.category <> offers.category or p.season <> offers.season or p.mark <> offers.mark))"
    );
    super::exec(tx, &sql, values).await.map(drop)
}

/// Adds a co-op; `false` when its code is another seller's.
///
/// # Errors
/// Whatever the engine answers.
pub async fn put_coop(tx: &Tx, id: Uuid, coop: &CoopRow) -> Result<bool, DbErr> {
    let taken = super::scalar(
        tx,
        "select count(*) from sellers where code = $1",
        [coop.code.clone().into()],
    )
    .await?;
    if taken > 0 {
        return Ok(false);
    }
    put_coops(tx, &[(id, coop.clone())]).await?;
    Ok(true)
}
