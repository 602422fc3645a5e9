//! The shelf: what the public sees of offers that are on sale.

use super::lot::{EXPECTED, SELLS};
use super::order::placeholders;
use super::{Connection, many, one};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use shared::api::catalogue::CatalogueSort;
use shared::domain::certificate::CertificateKind;
use std::sync::LazyLock;
use uuid::Uuid;

/// Who looks at the shelf, and when.
#[derive(Clone, Copy, Debug)]
pub struct Reader {
    /// Today, as a day number.
    pub today: i32,
    /// The reader's unit, whose paired villages are marked.
    pub unit_id: Option<Uuid>,
}

impl Reader {
    /// The two values that [`CARD_COLUMNS`] needs as `$1` and `$2`.
    #[must_use]
    pub fn values(self) -> Vec<Value> {
        // Nobody's unit has the id of all zeros. A null would be a plan of its own.
        vec![self.today.into(), self.unit_id.unwrap_or_default().into()]
    }
}

/// An offer as a card shows it.
#[derive(FromQueryResult, Clone, Debug)]
pub struct CardRow {
    /// Its id.
    pub id: Uuid,
    /// The produce's key.
    pub produce: String,
    /// The name on the shelf.
    pub name: String,
    /// The grade.
    pub grade: String,
    /// The village.
    pub village_code: String,
    /// The village's name.
    pub village_name: String,
    /// The town's name.
    pub town_name: String,
    /// Fen for one price unit.
    pub price_fen: i64,
    /// What the price is for.
    pub price_unit: String,
    /// The name of a piece.
    pub piece_name: Option<String>,
    /// What one price unit adds to the village's income.
    pub village_fen: i64,
    /// The months of its season, one bit each.
    pub season: i32,
    /// What is certified.
    pub certificate_kind: Option<String>,
    /// The certificate's last day; none for a geographical indication.
    pub certificate_until: Option<i32>,
    /// The mark that the produce is known for.
    pub mark: String,
    /// Fen for a kg or a piece, to sort by.
    pub rank_fen: i64,
    /// When it was first published.
    pub published_at: i64,
    /// What can still be ordered.
    pub free: i64,
    /// The last day of the lot that must go first.
    pub best_until: Option<i32>,
    /// The first expected harvest, when all that is free is still growing.
    pub expected_on: Option<i32>,
    /// The cover photo.
    pub cover_id: Option<Uuid>,
    /// Its width.
    pub cover_width: Option<i32>,
    /// Its height.
    pub cover_height: Option<i32>,
    /// Whether the reader's unit is paired with the village.
    pub paired: bool,
}

/// What a card needs of offer `o`, village `v` and town `t`; `$1` is today, `$2` the reader's unit.
pub(super) static CARD_COLUMNS: LazyLock<String> = LazyLock::new(|| {
    format!(
        "o.id, o.produce, o.name, o.grade, o.village_code, v.name as village_name, t.name as town_name, o.price_fen,
    o.price_unit, o.piece_name, o.village_fen, o.season, o.certificate_kind, o.certificate_until, o.mark, o.rank_fen,
    o.published_at, o.cover_id, o.cover_width, o.cover_height,
    (select cast(coalesce(sum(l.qty - l.reserved - l.sold), 0) as bigint) from lots l
        where l.offer_id = o.id and {SELLS}) as free,
    (select min(l.good_until) from lots l
        where l.offer_id = o.id and l.good_until >= $1 and l.qty - l.reserved - l.sold > 0) as best_until,
    (select case when count(*) = count({EXPECTED}) then min(l.expected_on) end from lots l
        where l.offer_id = o.id and {SELLS} and l.qty - l.reserved - l.sold > 0) as expected_on,
    exists (select 1 from pairings p where p.unit_id = $2 and p.village_code = o.village_code
        and p.from_day <= $1 and (p.until_day is null or p.until_day >= $1)) as paired"
    )
});

/// What a buyer's line needs besides the card, of offer `o`, live version `s` and seller `e`.
pub(super) const SHELF_COLUMNS: &str = "o.status, s.id as version_id, s.pack, s.story, s.min_qty, s.step_qty,
    s.certificate_no, e.name as seller_name";

/// The joins that [`CARD_COLUMNS`] and [`SHELF_COLUMNS`] need.
pub(super) const SHELF_JOINS: &str =
    "join villages v on v.code = o.village_code join towns t on t.code = o.town_code
    join offer_versions s on s.id = o.live_version join sellers e on e.id = s.seller_id";

/// An offer with its live version, whether it is on sale or was.
#[derive(FromQueryResult, Clone, Debug)]
pub struct ShelfRow {
    /// The card.
    #[sea_orm(nested)]
    pub card: CardRow,
    /// Where the offer stands.
    pub status: String,
    /// The live version.
    pub version_id: Uuid,
    /// How it is packed.
    pub pack: String,
    /// A few sentences.
    pub story: String,
    /// The least one may order.
    pub min_qty: i64,
    /// The step.
    pub step_qty: i64,
    /// The certificate's number.
    pub certificate_no: Option<String>,
    /// The seller of record's name.
    pub seller_name: String,
}

/// What narrows the shelf.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Filter {
    /// A category.
    pub category: Option<String>,
    /// A town's code.
    pub town: Option<String>,
    /// A village's code.
    pub village: Option<String>,
    /// A kind of produce.
    pub produce: Option<String>,
    /// One bit: the month that must be in season.
    pub season_bit: Option<i32>,
    /// The lowest price of a price unit.
    pub min_fen: Option<i64>,
    /// The highest price of a price unit.
    pub max_fen: Option<i64>,
    /// What must be certified today.
    pub mark: Option<Mark>,
    /// Only villages that the reader's unit is paired with.
    pub paired: bool,
    /// Only what can be ordered.
    pub stock: bool,
    /// Only what is sold ahead: all that can be ordered of it is still growing.
    pub presale: bool,
    /// Only what was first published after this moment.
    pub published_after: Option<i64>,
}

/// What an offer can be certified as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mark {
    /// 绿色食品: by its own certificate, or what the produce is known for.
    GreenFood,
    /// 有机产品: by its certificate.
    Organic,
    /// 地理标志: by a registration, or what the produce is known for.
    Geographical,
}

impl Mark {
    /// Every mark.
    pub const ALL: [Self; 3] = [Self::GreenFood, Self::Organic, Self::Geographical];

    /// The name that it has in an address.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::GreenFood => "green_food",
            Self::Organic => "organic",
            Self::Geographical => "geographical",
        }
    }

    /// How a produce's mark says it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::GreenFood => "绿色食品",
            Self::Organic => "有机",
            Self::Geographical => "地理标志",
        }
    }

    /// The kind of certificate that says it.
    #[must_use]
    pub const fn kind(self) -> &'static str {
        match self {
            Self::GreenFood => CertificateKind::GreenFood.as_str(),
            Self::Organic => CertificateKind::Organic.as_str(),
            Self::Geographical => CertificateKind::GeographicalIndication.as_str(),
        }
    }

    /// What a kind of certificate says.
    #[must_use]
    pub fn of_kind(kind: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mark| mark.kind() == kind)
    }
}

/// Offers on sale, behind the key of the last one of the page before (its sort value and id).
///
/// # Errors
/// Whatever the engine answers.
pub async fn cards(
    connection: &Connection,
    reader: Reader,
    filter: &Filter,
    sort: CatalogueSort,
    after: Option<(i64, Uuid)>,
    limit: i64,
) -> Result<Vec<CardRow>, DbErr> {
    let mut values = reader.values();
    let mut conditions = conditions(filter, &mut values);
    let (column, direction, beyond) = match sort {
        CatalogueSort::Newest | CatalogueSort::Best => ("published_at", "desc", "<"),
        CatalogueSort::Cheapest => ("rank_fen", "asc", ">"),
        CatalogueSort::Dearest => ("rank_fen", "desc", "<"),
    };
    if let Some((key, id)) = after {
        let key = placeholders(&mut values, [key.into(), id.into()]);
        conditions.push_str(&format!(" and ({column}, id) {beyond} ({key})"));
    }
    // The page is cut first, so that lots and pairings are looked up for its rows only. The limit stands in the text:
    // PostgreSQL then sees that one plan does for all values and stops planning anew each time.
    let cards = CARD_COLUMNS.as_str();
    let sql = format!(
        "select {cards}
        from (select * from offers where status = 'published'{conditions}
            order by {column} {direction}, id {direction} limit {limit}) o
        join villages v on v.code = o.village_code join towns t on t.code = o.town_code
        order by o.{column} {direction}, o.id {direction}"
    );
    many(connection, &sql, values).await
}

/// Those of these offers that are on sale and pass the filter, in no order.
///
/// # Errors
/// Whatever the engine answers.
pub async fn cards_of(
    connection: &Connection,
    reader: Reader,
    filter: &Filter,
    offers: &[Uuid],
) -> Result<Vec<CardRow>, DbErr> {
    let mut values = reader.values();
    let conditions = conditions(filter, &mut values);
    let ids = placeholders(&mut values, offers.iter().map(|id| (*id).into()));
    let cards = CARD_COLUMNS.as_str();
    let sql = format!(
        "select {cards} from (select * from offers where id in ({ids}) and status = 'published'{conditions}) o
        join villages v on v.code = o.village_code join towns t on t.code = o.town_code"
    );
    many(connection, &sql, values).await
}

/// Conditions on `offers`; `$1` is today, `$2` the reader's unit.
fn conditions(filter: &Filter, values: &mut Vec<Value>) -> String {
    let mut text = String::new();
    let mut add = |before: &str, value: Value, behind: &str| {
        let place = placeholders(values, [value]);
        text.push_str(&format!(" and {before} {place}{behind}"));
    };
    for (column, value) in [
        ("category =", &filter.category),
        ("town_code =", &filter.town),
        ("village_code =", &filter.village),
        ("produce =", &filter.produce),
    ] {
        if let Some(value) = value {
            add(column, value.as_str().into(), "");
        }
    }
    if let Some(bit) = filter.season_bit {
        add("(season &", bit.into(), ") <> 0");
    }
    if let Some(fen) = filter.min_fen {
        add("price_fen >=", fen.into(), "");
    }
    if let Some(fen) = filter.max_fen {
        add("price_fen <=", fen.into(), "");
    }
    if let Some(at) = filter.published_after {
        add("published_at >", at.into(), "");
    }
    if let Some(mark) = filter.mark {
        let by_certificate = format!(
            " or (certificate_kind = '{}' and (certificate_until is null or certificate_until >= $1)))",
            mark.kind()
        );
        add(
            "(mark like",
            contains_pattern(mark.word()).into(),
            &by_certificate,
        );
    }
    if filter.paired {
        text.push_str(
            " and village_code in (select p.village_code from pairings p where p.unit_id = $2 and p.from_day <= $1
                and (p.until_day is null or p.until_day >= $1))",
        );
    }
    if filter.stock {
        text.push_str(&format!(
            " and exists (select 1 from lots l where l.offer_id = offers.id and l.qty - l.reserved - l.sold > 0
                and {SELLS})"
        ));
    }
    if filter.presale {
        // The first half is a look into the index of what is expected: few offers, however many there are in all.
        text.push_str(&format!(
            " and offers.id in (select l.offer_id from lots l where l.firmed_at is null and l.expected_on >= $1
                and (l.good_until is null or l.good_until >= $1) and l.qty - l.reserved - l.sold > 0)
            and not exists (select 1 from lots l where l.offer_id = offers.id and l.qty - l.reserved - l.sold > 0
                and {SELLS} and {EXPECTED} is null)"
        ));
    }
    text
}

/// The villages that a unit is paired with today, by code.
///
/// # Errors
/// Whatever the engine answers.
pub async fn paired_villages(
    connection: &Connection,
    unit_id: Uuid,
    today: i32,
) -> Result<Vec<String>, DbErr> {
    #[derive(FromQueryResult)]
    struct Paired {
        village_code: String,
    }
    let sql = "select distinct village_code from pairings
        where unit_id = $1 and from_day <= $2 and (until_day is null or until_day >= $2) order by village_code";
    let rows: Vec<Paired> = many(connection, sql, [unit_id.into(), today.into()]).await?;
    Ok(rows.into_iter().map(|row| row.village_code).collect())
}

/// A `like` pattern for a text that contains the word, whatever signs the word has.
#[must_use]
pub fn contains_pattern(word: &str) -> String {
    let mut pattern = String::with_capacity(word.len() + 2);
    pattern.push('%');
    for sign in word.chars() {
        if matches!(sign, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(sign);
    }
    pattern.push('%');
    pattern
}

/// These offers with their live versions, in one statement; those that never were on sale are left out.
///
/// # Errors
/// Whatever the engine answers.
pub async fn shelf(
    connection: &impl ConnectionTrait,
    reader: Reader,
    offers: &[Uuid],
) -> Result<Vec<ShelfRow>, DbErr> {
    let mut values = reader.values();
    let ids = placeholders(&mut values, offers.iter().map(|id| (*id).into()));
    let cards = CARD_COLUMNS.as_str();
    let sql = format!(
        "select {cards}, {SHELF_COLUMNS} from offers o {SHELF_JOINS} where o.id in ({ids}) order by o.id"
    );
    many(connection, &sql, values).await
}

/// A choice of the catalogue's filters.
#[derive(FromQueryResult, Clone, Debug)]
pub struct ChoiceRow {
    /// A town's code; `None` for a category.
    pub code: Option<String>,
    /// The town's name or the category.
    pub name: String,
    /// How many villages a town has.
    pub villages: i64,
}

/// Categories, then towns, that have offers on sale: from one that is on the shelf to the next by looks into an index,
/// however many offers there are. Asked for each town or category, PostgreSQL would rather read all offers.
///
/// # Errors
/// Whatever the engine answers.
pub async fn choices(connection: &Connection) -> Result<Vec<ChoiceRow>, DbErr> {
    let sql = "with recursive shelf_category (name) as (
            select min(o.category) from offers o where o.status = 'published'
            union all
            select (select min(o.category) from offers o where o.status = 'published' and o.category > c.name)
            from shelf_category c where c.name is not null
        ), shelf_town (code) as (
            select min(o.town_code) from offers o where o.status = 'published'
            union all
            select (select min(o.town_code) from offers o where o.status = 'published' and o.town_code > t.code)
            from shelf_town t where t.code is not null
        )
        select code, name, villages from (
            select cast(null as text) as code, p.category as name, cast(0 as bigint) as villages,
                cast(min(p.position) as bigint) as place
            from produce p where p.category in (select c.name from shelf_category c)
            group by p.category
            union all
            select t.code, t.name, (select count(*) from villages v where v.town_code = t.code), cast(100000 as bigint)
            from towns t where t.code in (select s.code from shelf_town s)
        ) choices order by place, code";
    many(connection, sql, []).await
}

/// A kind of produce as stored.
#[derive(FromQueryResult, Clone, Debug)]
pub struct ProduceRow {
    /// Its key.
    pub slug: String,
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
    /// The months of its season.
    pub season: i32,
    /// What it is known for.
    pub mark: String,
}

const PRODUCE_COLUMNS: &str =
    "slug, name, aliases, category, price_unit, piece_name, typical_price_fen, season, mark";

/// Every kind of produce.
///
/// # Errors
/// Whatever the engine answers.
pub async fn produce_all(connection: &impl ConnectionTrait) -> Result<Vec<ProduceRow>, DbErr> {
    many(
        connection,
        &format!("select {PRODUCE_COLUMNS} from produce order by position, slug"),
        [],
    )
    .await
}

/// One kind of produce.
///
/// # Errors
/// Whatever the engine answers.
pub async fn produce(connection: &impl ConnectionTrait, slug: &str) -> Result<Option<ProduceRow>, DbErr> {
    one(
        connection,
        &format!("select {PRODUCE_COLUMNS} from produce where slug = $1"),
        [slug.into()],
    )
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_of_a_pattern_stand_for_themselves() {
        assert_eq!(contains_pattern("100%_\\柿"), "%100\\%\\_\\\\柿%");
    }

    #[test]
    fn filters_take_their_places_behind_the_reader() {
        let filter = Filter {
            mark: Some(Mark::GreenFood),
            town: Some("120119102".into()),
            season_bit: Some(512),
            max_fen: Some(500),
            ..Filter::default()
        };
        let mut values = Reader {
            today: 1,
            unit_id: None,
        }
        .values();
        let text = conditions(&filter, &mut values);
        assert_eq!(
            text,
            " and town_code = $3 and (season & $4) <> 0 and price_fen <= $5 and (mark like $6 or \
             (certificate_kind = 'green_food' and (certificate_until is null or certificate_until >= $1)))"
        );
        assert_eq!(values.len(), 6);
    }
}
