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
}

/// Every town, village and kind of produce with its names: a thousand rows.
///
/// # Errors
/// Whatever the engine answers.
pub async fn names(connection: &Connection) -> Result<Vec<NameRow>, DbErr> {
    let sql = "select 'town' as kind, code as key, name, '' as aliases from towns
        union all select 'village', code, name, '' from villages
        union all select 'produce', slug, name, aliases from produce";
    many(connection, sql, []).await
}
