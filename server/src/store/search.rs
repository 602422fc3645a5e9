//! What the index of offers on sale is made of.

use super::{Connection, many};
use sea_orm::{DbErr, FromQueryResult};
use uuid::Uuid;

/// Rows read at once.
pub const ROWS: usize = 5000;

/// An offer as it is found.
#[derive(FromQueryResult, Clone, Debug, PartialEq, Eq)]
pub struct OfferFacts {
    /// Its id.
    pub id: Uuid,
    /// The name on the shelf.
    pub name: String,
    /// The grade.
    pub grade: String,
    /// The category.
    pub category: String,
    /// The produce's key.
    pub produce: String,
    /// The village.
    pub village_code: String,
    /// Its town.
    pub town_code: String,
    /// Fen for one price unit.
    pub price_fen: i64,
    /// Fen for a kg or a piece.
    pub rank_fen: i64,
    /// When it was first published.
    pub published_at: i64,
    /// The months of its season.
    pub season: i32,
    /// What is certified.
    pub certificate_kind: Option<String>,
    /// The certificate's last day.
    pub certificate_until: Option<i32>,
    /// The mark that the produce is known for.
    pub mark: String,
}

/// An offer that has changed.
#[derive(FromQueryResult, Clone, Debug)]
pub struct ChangedOffer {
    /// What it is found by now.
    #[sea_orm(nested)]
    pub facts: OfferFacts,
    /// Where it stands.
    pub status: String,
    /// When it changed.
    pub changed_at: i64,
}

const FACTS: &str =
    "id, name, grade, category, produce, village_code, town_code, price_fen, rank_fen, published_at, season,
    certificate_kind, certificate_until, mark";

/// Offers on sale, behind the last one of those read before.
///
/// # Errors
/// Whatever the engine answers.
pub async fn on_sale(connection: &Connection, after: Uuid) -> Result<Vec<OfferFacts>, DbErr> {
    let sql =
        format!("select {FACTS} from offers where status = 'published' and id > $1 order by id limit {ROWS}");
    many(connection, &sql, [after.into()]).await
}

/// Offers that have changed since, in the order of their change, behind the last one of those read before.
///
/// # Errors
/// Whatever the engine answers.
pub async fn changed(connection: &Connection, after: (i64, Uuid)) -> Result<Vec<ChangedOffer>, DbErr> {
    let sql = format!(
        "select {FACTS}, status, changed_at from offers where (changed_at, id) > ($1, $2)
        order by changed_at, id limit {ROWS}"
    );
    many(connection, &sql, [after.0.into(), after.1.into()]).await
}

/// A register whose rows are found by their names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named {
    /// Villages, by code.
    Villages,
    /// Units, by code.
    Units,
    /// Sellers of record, by id.
    Sellers,
    /// Registered households, by id.
    Households,
    /// People, by id.
    People,
    /// Kinds of produce, by key.
    Produce,
}

impl Named {
    /// Every one.
    pub const ALL: [Self; 6] = [
        Self::Villages,
        Self::Units,
        Self::Sellers,
        Self::Households,
        Self::People,
        Self::Produce,
    ];

    /// Whether its keys are ids.
    #[must_use]
    pub const fn by_id(self) -> bool {
        matches!(self, Self::Sellers | Self::Households | Self::People)
    }
}

/// What a row of a register is found by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedRow {
    /// Its code or id.
    pub key: String,
    /// Its name.
    pub name: String,
    /// Its name with its town's or village's before it, or its other names; empty where there are none.
    pub whole: String,
    /// Its code, or the name that a person signs in with.
    pub code: String,
}

/// The names of a register.
///
/// # Errors
/// Whatever the engine answers.
pub async fn named(connection: &Connection, register: Named) -> Result<Vec<NamedRow>, DbErr> {
    #[derive(FromQueryResult)]
    struct ByCode {
        key: String,
        name: String,
        whole: String,
        code: String,
    }
    #[derive(FromQueryResult)]
    struct ById {
        key: Uuid,
        name: String,
        whole: String,
        code: String,
    }
    let sql = match register {
        Named::Villages => {
            "select v.code as key, v.name, t.name || v.name as whole, v.code
            from villages v join towns t on t.code = v.town_code order by v.code"
        }
        Named::Units => "select code as key, name, '' as whole, code from aid_units order by code",
        Named::Sellers => {
            "select s.id as key, s.name, coalesce(t.name || v.name, '') as whole, coalesce(s.code, '') as code
            from sellers s left join villages v on v.code = s.village_code left join towns t on t.code = v.town_code
            order by s.id"
        }
        Named::Households => {
            "select h.id as key, h.name, t.name || v.name as whole, h.village_code as code
            from households h join villages v on v.code = h.village_code join towns t on t.code = v.town_code
            order by h.id"
        }
        Named::People => "select id as key, name, '' as whole, sign_in_name as code from persons order by id",
        Named::Produce => "select slug as key, name, aliases as whole, category as code from produce order by slug",
    };
    if register.by_id() {
        let rows: Vec<ById> = many(connection, sql, []).await?;
        let row = |row: ById| NamedRow {
            key: row.key.to_string(),
            name: row.name,
            whole: row.whole,
            code: row.code,
        };
        return Ok(rows.into_iter().map(row).collect());
    }
    let rows: Vec<ByCode> = many(connection, sql, []).await?;
    let row = |row: ByCode| NamedRow {
        key: row.key,
        name: row.name,
        whole: row.whole,
        code: row.code,
    };
    Ok(rows.into_iter().map(row).collect())
}

/// What a code or key is called.
#[derive(FromQueryResult, Clone, Debug)]
pub struct NameRow {
    /// `town`, `village` or `produce`.
    pub kind: String,
    /// The code or key.
    pub key: String,
    /// The name.
    pub name: String,
    /// The other names of a kind of produce, with commas between.
    pub aliases: String,
    /// What offers take over from a kind of produce: its category, season and mark.
    pub copied: String,
}

/// Every town, village and kind of produce with its names: a thousand rows.
///
/// # Errors
/// Whatever the engine answers.
pub async fn names(connection: &Connection) -> Result<Vec<NameRow>, DbErr> {
    let sql = "select 'town' as kind, code as key, name, '' as aliases, '' as copied from towns
        union all select 'village', code, name, '', '' from villages
        union all select 'produce', slug, name, aliases, category || ' ' || cast(season as text) || ' ' || mark
            from produce";
    many(connection, sql, []).await
}
