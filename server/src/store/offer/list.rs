//! The village's and the centre's list of offers.

use crate::store::lot::SELLS;
use crate::store::narrow::GoodsWord;
use crate::store::order::placeholders;
use crate::store::{Connection, many};
use sea_orm::{DbErr, FromQueryResult, Value};
use uuid::Uuid;

/// An offer in a list.
#[derive(FromQueryResult, Clone, Debug)]
pub struct OfferListRow {
    /// Its id.
    pub id: Uuid,
    /// Where it stands.
    pub status: String,
    /// Where the pending version stands.
    pub pending_status: Option<String>,
    /// The produce.
    pub produce: String,
    /// The name on the shelf.
    pub name: String,
    /// The grade.
    pub grade: String,
    /// The cover photo.
    pub cover_id: Option<Uuid>,
    /// Its width.
    pub cover_width: Option<i32>,
    /// Its height.
    pub cover_height: Option<i32>,
    /// The village.
    pub village_code: String,
    /// Its name.
    pub village_name: String,
    /// The town's name.
    pub town_name: String,
    /// Fen for one price unit.
    pub price_fen: i64,
    /// What the price is for.
    pub price_unit: String,
    /// The name of a piece.
    pub piece_name: Option<String>,
    /// What can still be ordered.
    pub free: i64,
    /// What is held for orders.
    pub reserved: i64,
    /// What was sold.
    pub sold: i64,
    /// When it last changed.
    pub changed_at: i64,
}

/// A state that a list is narrowed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State<'a> {
    /// Where the offer itself stands.
    Offer(&'a str),
    /// Where its pending version stands.
    Pending(&'a str),
    /// The village has to do something: a draft, or a returned version.
    WithVillage,
}

/// What narrows a list of offers.
#[derive(Clone, Debug, Default)]
pub struct Filter<'a> {
    /// One village.
    pub village: Option<&'a str>,
    /// The villages of one town.
    pub town: Option<&'a str>,
    /// One state.
    pub state: Option<State<'a>>,
    /// Words that must all be answered.
    pub words: Vec<GoodsWord>,
}

/// Offers, what changed last first, behind the key of the last one of the page before.
///
/// # Errors
/// Whatever the engine answers.
pub async fn list(
    connection: &Connection,
    filter: &Filter<'_>,
    today: i32,
    before: Option<(i64, Uuid)>,
    limit: i64,
) -> Result<Vec<OfferListRow>, DbErr> {
    let (at, id) = before.unwrap_or((i64::MAX, Uuid::max()));
    let mut values: Vec<Value> = vec![today.into(), at.into(), id.into(), limit.into()];
    let mut conditions = String::new();
    let state = match filter.state {
        None => ("status", None),
        Some(State::Offer(state)) => ("status", Some(state)),
        Some(State::Pending(state)) => ("pending_status", Some(state)),
        Some(State::WithVillage) => {
            conditions.push_str(" and pending_status in ('draft', 'returned')");
            ("status", None)
        }
    };
    for (column, value) in [
        ("village_code", filter.village),
        ("town_code", filter.town),
        state,
    ] {
        if let Some(value) = value {
            conditions.push_str(&format!(
                " and {column} = {}",
                placeholders(&mut values, [value.into()])
            ));
        }
    }
    for word in &filter.words {
        if let Some(condition) = word.condition("", &mut values) {
            conditions.push_str(&format!(" and {condition}"));
        }
    }
    // The page is cut first, so that lots are summed for its rows only.
    let sql = format!(
        "select o.id, o.status, o.pending_status, o.produce, o.name, o.grade, o.cover_id, o.cover_width,
            o.cover_height, o.village_code, v.name as village_name,
            t.name as town_name, o.price_fen, o.price_unit, o.piece_name, o.changed_at,
            (select cast(coalesce(sum(l.qty - l.reserved - l.sold), 0) as bigint) from lots l
                where l.offer_id = o.id and {SELLS}) as free,
            (select cast(coalesce(sum(l.reserved), 0) as bigint) from lots l where l.offer_id = o.id) as reserved,
            (select cast(coalesce(sum(l.sold), 0) as bigint) from lots l where l.offer_id = o.id) as sold
        from (select * from offers where (changed_at, id) < ($2, $3){conditions}
            order by changed_at desc, id desc limit $4) o
        join villages v on v.code = o.village_code join towns t on t.code = o.town_code
        order by o.changed_at desc, o.id desc"
    );
    many(connection, &sql, values).await
}
