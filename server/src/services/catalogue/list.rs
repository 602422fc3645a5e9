//! The shelf narrowed by filters and by words.

use super::{card_of, choices, reader, season_bit};
use crate::services::search::{self, Found, Wanted, Word};
use crate::services::{App, Error, paging};
use crate::store;
use crate::store::catalogue::{CardRow, Filter, Mark, Reader};
use shared::api::catalogue::{CatalogueOut, CatalogueQuery, CatalogueSort, Loosen, OfferCard};
use shared::api::page::Page;
use shared::api::problem::{FieldCode, FieldProblem};
use shared::domain::calendar::Day;
use shared::domain::identity::Actor;
use shared::domain::money::parse_yuan;
use std::collections::HashMap;
use uuid::Uuid;

/// Cards of a page when nothing else is asked for.
const CARDS: i64 = 24;
/// So many of those found are looked at with one statement, then with the next, where the filter wants stock or pairings:
/// the database alone knows them, and nearly always the first is enough.
const LOOKS: [usize; 3] = [120, 600, 3980];

/// What a reader asks of the shelf, read.
#[derive(Debug)]
pub(in crate::services) struct Asked {
    /// Words to find.
    pub words: Vec<Word>,
    /// What narrows the shelf.
    pub filter: Filter,
    /// The order.
    pub sort: CatalogueSort,
    /// The key to begin behind.
    pub after: Option<(i64, Uuid)>,
}

impl Asked {
    /// The same for the index.
    pub(in crate::services) fn wanted<'w>(&'w self, villages: Option<&'w [String]>) -> Wanted<'w> {
        Wanted {
            words: &self.words,
            filter: &self.filter,
            villages,
        }
    }
}

/// A page of offers on sale, with the choices of the filters and how many offers each would leave.
///
/// # Errors
/// `Invalid` naming the filter that cannot be read.
pub async fn list(app: &App, actor: Option<&Actor>, query: &CatalogueQuery) -> Result<CatalogueOut, Error> {
    let today = app.today();
    let asked = read(query, today, actor)?;
    let limit = paging::limit(query.limit.map_or(CARDS, i64::from));
    let reader = reader(today, actor);
    let villages = match reader.unit_id {
        Some(unit) => Some(store::catalogue::paired_villages(app.db.read(), unit, today.0).await?),
        None => None,
    };
    let villages = villages.as_deref();
    let page = if asked.words.is_empty() && !is_for_the_index(&asked) {
        shelf(app, reader, &asked, limit).await?
    } else {
        found(app, reader, asked.wanted(villages), &asked, limit).await?
    };
    let counts = search::choices(app, asked.wanted(villages), season_bit(today)).await?;
    let (village_name, produce_name) = search::names_of(app, &asked.filter).await?;
    // How many are in stock, only the database could count, one by one.
    let known = !asked.filter.stock && !asked.filter.presale;
    let nothing = page.items.is_empty() && page.next.is_none() && asked.after.is_none();
    let loosen = if nothing {
        loosen(app, query, asked, villages).await?
    } else {
        Vec::new()
    };
    let (categories, towns) = choices(app).await?;
    Ok(CatalogueOut {
        page,
        total: known.then_some(counts.total),
        counts: counts.listed(),
        village_name,
        produce_name,
        categories,
        towns,
        loosen,
    })
}

/// Whether nothing but the index in memory answers quickly: what the database keeps in order is the whole shelf, and one
/// category's, town's or village's by age. For anything else it would look through all that is on sale, when little of it
/// passes. Pairings lead to few villages at once.
fn is_for_the_index(asked: &Asked) -> bool {
    let filter = &asked.filter;
    let by_age = matches!(asked.sort, CatalogueSort::Best | CatalogueSort::Newest);
    let parts = [&filter.category, &filter.town, &filter.village];
    let parts = parts.into_iter().filter(|part| part.is_some()).count();
    let narrows = filter.produce.is_some()
        || filter.season_bit.is_some()
        || filter.mark.is_some()
        || filter.min_fen.is_some()
        || filter.max_fen.is_some();
    !filter.paired && (narrows || parts > 1 || (parts == 1 && !by_age))
}

/// Without words, the database knows it all.
async fn shelf(app: &App, reader: Reader, asked: &Asked, limit: i64) -> Result<Page<OfferCard>, Error> {
    let (sort, db) = (asked.sort, app.db.read());
    let rows = store::catalogue::cards(db, reader, &asked.filter, sort, asked.after, limit + 1).await?;
    paging::page(
        rows,
        limit,
        |row| (sort_key(row, sort), row.id),
        |row| card_of(row, Day(reader.today)),
    )
}

const fn sort_key(row: &CardRow, sort: CatalogueSort) -> i64 {
    match sort {
        CatalogueSort::Best | CatalogueSort::Newest => row.published_at,
        CatalogueSort::Cheapest | CatalogueSort::Dearest => row.rank_fen,
    }
}

/// The index says which offers and in what order; the database says what they are now, and whether they are
/// still on sale and pass the filter. A page ends where it is full; the next begins behind the last one that was looked
/// at, so that none is shown twice or left out.
async fn found(
    app: &App,
    reader: Reader,
    wanted: Wanted<'_>,
    asked: &Asked,
    limit: i64,
) -> Result<Page<OfferCard>, Error> {
    let answer = search::find(app, wanted, asked.sort, asked.after).await?;
    let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut shown: Vec<(Found, CardRow)> = Vec::new();
    let mut looked_at = 0;
    let is_sure = !asked.filter.stock && !asked.filter.paired;
    for look in is_sure.then_some(wanted + 1).into_iter().chain(LOOKS) {
        let rest = &answer.found[looked_at..];
        let part = &rest[..look.min(rest.len())];
        if part.is_empty() || shown.len() > wanted {
            break;
        }
        let ids: Vec<Uuid> = part.iter().map(|found| found.id).collect();
        let rows = store::catalogue::cards_of(app.db.read(), reader, &asked.filter, &ids).await?;
        let mut rows: HashMap<Uuid, CardRow> = rows.into_iter().map(|row| (row.id, row)).collect();
        shown.extend(
            part.iter()
                .filter_map(|found| Some((*found, rows.remove(&found.id)?))),
        );
        looked_at += part.len();
    }
    let last = if shown.len() > wanted {
        shown.truncate(wanted);
        shown.last().map(|(found, _)| found)
    } else if looked_at < answer.found.len() || answer.more {
        answer.found[..looked_at].last()
    } else {
        None
    };
    Ok(Page {
        next: last.map(|found| format!("{}_{}", search::key(found, asked.sort), found.id)),
        items: shown
            .iter()
            .map(|(_, row)| card_of(row, Day(reader.today)))
            .collect::<Result<_, _>>()?,
    })
}

/// Which of the filters stand in the way, each given up alone.
async fn loosen(
    app: &App,
    query: &CatalogueQuery,
    asked: Asked,
    villages: Option<&[String]>,
) -> Result<Vec<Loosen>, Error> {
    let Asked { words, filter, .. } = asked;
    let without = |change: fn(&mut Filter)| {
        let mut filter = filter.clone();
        change(&mut filter);
        (words.clone(), filter)
    };
    let mut tried: Vec<(&str, (Vec<Word>, Filter))> = Vec::new();
    if !words.is_empty() {
        tried.push(("q", (Vec::new(), filter.clone())));
    }
    type Loosened = (&'static str, bool, fn(&mut Filter));
    let filters: [Loosened; 11] = [
        ("category", filter.category.is_some(), |f| f.category = None),
        ("town", filter.town.is_some(), |f| f.town = None),
        ("village", filter.village.is_some(), |f| f.village = None),
        ("produce", filter.produce.is_some(), |f| f.produce = None),
        ("season", filter.season_bit.is_some(), |f| f.season_bit = None),
        ("min", filter.min_fen.is_some(), |f| f.min_fen = None),
        ("max", filter.max_fen.is_some(), |f| f.max_fen = None),
        ("certified", filter.mark.is_some(), |f| f.mark = None),
        ("paired", filter.paired, |f| f.paired = false),
        ("stock", filter.stock, |f| f.stock = false),
        ("presale", filter.presale, |f| f.presale = false),
    ];
    tried.extend(
        filters
            .into_iter()
            .filter(|(_, chosen, _)| *chosen)
            .map(|(name, _, change)| (name, without(change))),
    );
    let (names, asked): (Vec<&str>, Vec<_>) = tried.into_iter().unzip();
    // Alone, it has nothing that could be given up for anything but the whole shelf.
    if names.len() < 2 && query.q.is_none() {
        return Ok(Vec::new());
    }
    let wanted: Vec<Wanted<'_>> = asked
        .iter()
        .map(|(words, filter)| Wanted {
            words,
            filter,
            villages,
        })
        .collect();
    let counts = search::counts(app, &wanted).await?;
    let found = names.into_iter().zip(counts).filter(|(_, count)| *count > 0);
    Ok(found
        .map(|(name, count)| Loosen {
            filter: name.to_owned(),
            offers: i64::try_from(count).unwrap_or(i64::MAX),
        })
        .collect())
}

/// The query of an address, as its pairs.
#[must_use]
pub fn query_of(pairs: &[(String, String)]) -> CatalogueQuery {
    let value = |name: &str| {
        let found = pairs
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, value)| value.trim().to_owned());
        found.filter(|value| !value.is_empty())
    };
    CatalogueQuery {
        q: value("q"),
        category: value("category"),
        town: value("town"),
        village: value("village"),
        produce: value("produce"),
        season: value("season"),
        min: value("min"),
        max: value("max"),
        certified: value("certified"),
        paired: value("paired"),
        stock: value("stock"),
        presale: value("presale"),
        sort: value("sort").and_then(|sort| match sort.as_str() {
            "best" => Some(CatalogueSort::Best),
            "newest" => Some(CatalogueSort::Newest),
            "cheapest" => Some(CatalogueSort::Cheapest),
            "dearest" => Some(CatalogueSort::Dearest),
            _ => None,
        }),
        after: value("after"),
        limit: value("limit").and_then(|limit| limit.parse().ok()),
    }
}

fn chosen(value: &Option<String>) -> Option<String> {
    value
        .as_deref()
        .map(str::trim)
        .filter(|v| !v.is_empty())
        .map(str::to_owned)
}

/// Reads what is asked.
///
/// # Errors
/// `Invalid` naming every filter that cannot be read.
pub(in crate::services) fn read(
    query: &CatalogueQuery,
    today: Day,
    actor: Option<&Actor>,
) -> Result<Asked, Error> {
    read_as(
        query,
        today,
        actor.is_some_and(|actor| actor.grant.unit_id.is_some()),
    )
}

/// The same for a reader of a unit, which has paired villages, or of none.
///
/// # Errors
/// `Invalid` naming every filter that cannot be read.
pub(in crate::services) fn read_as(
    query: &CatalogueQuery,
    today: Day,
    of_unit: bool,
) -> Result<Asked, Error> {
    let mut problems = Vec::new();
    let mut price = |field: &str, typed: &Option<String>| {
        let read = chosen(typed).map(|text| parse_yuan(&text).ok().filter(|sum| sum.0 >= 0))?;
        if read.is_none() {
            problems.push(FieldProblem::new(field, FieldCode::NotANumber));
        }
        read.map(|sum| sum.0)
    };
    let (min_fen, max_fen) = (price("min", &query.min), price("max", &query.max));
    let q = chosen(&query.q).unwrap_or_default();
    if q.chars().count() > search::CHARS_MAX {
        problems.push(FieldProblem::bound("q", FieldCode::TooLong, search::CHARS_MAX));
    }
    let mut switch = |field: &str, typed: &Option<String>| {
        let typed = chosen(typed);
        if typed.as_deref().is_some_and(|typed| typed != "1") {
            problems.push(FieldProblem::new(field, FieldCode::NotAChoice));
        }
        typed.is_some()
    };
    let (season, paired, stock, presale) = (
        switch("season", &query.season),
        switch("paired", &query.paired),
        switch("stock", &query.stock),
        switch("presale", &query.presale),
    );
    if paired && !of_unit {
        problems.push(FieldProblem::new("paired", FieldCode::NotAChoice));
    }
    let certified = chosen(&query.certified);
    let mark = certified.as_deref().and_then(mark_of);
    if certified.is_some() && mark.is_none() {
        problems.push(FieldProblem::new("certified", FieldCode::NotAChoice));
    }
    let after = paging::read(query.after.as_deref()).unwrap_or_else(|_| {
        problems.push(FieldProblem::new("after", FieldCode::NotAChoice));
        None
    });
    if !problems.is_empty() {
        return Err(Error::invalid(problems));
    }
    let words = search::words_of(&q);
    let usual = if words.is_empty() {
        CatalogueSort::Newest
    } else {
        CatalogueSort::Best
    };
    let filter = Filter {
        category: chosen(&query.category),
        town: chosen(&query.town),
        village: chosen(&query.village),
        produce: chosen(&query.produce),
        season_bit: season.then(|| season_bit(today)),
        min_fen,
        max_fen,
        mark,
        paired,
        stock,
        presale,
        published_after: None,
    };
    Ok(Asked {
        words,
        filter,
        sort: query.sort.unwrap_or(usual),
        after,
    })
}

fn mark_of(name: &str) -> Option<Mark> {
    Mark::ALL.into_iter().find(|mark| mark.name() == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_are_read_as_typed() {
        let today = Day::parse("2026-10-05").expect("a day");
        let query = CatalogueQuery {
            q: Some(" 官庄  LB ".into()),
            town: Some(String::new()),
            season: Some("1".into()),
            min: Some("１.5".into()),
            certified: Some("green_food".into()),
            ..CatalogueQuery::default()
        };
        let asked = read(&query, today, None).expect("reads");
        assert_eq!(asked.words, [Word::Han("官庄".into()), Word::Latin("lb".into())]);
        assert_eq!(asked.sort, CatalogueSort::Best);
        let filter = asked.filter;
        assert_eq!(
            (filter.town, filter.season_bit, filter.min_fen, filter.mark),
            (None, Some(512), Some(150), Some(Mark::GreenFood))
        );
    }

    #[test]
    fn every_filter_that_cannot_be_read_is_named() {
        let query = CatalogueQuery {
            q: Some("柿".repeat(101)),
            season: Some("yes".into()),
            min: Some("便宜".into()),
            max: Some("-1".into()),
            certified: Some("gold".into()),
            paired: Some("1".into()),
            stock: Some("2".into()),
            presale: Some("yes".into()),
            after: Some("x".into()),
            ..CatalogueQuery::default()
        };
        let Err(Error::Refused(refusal)) = read(&query, Day(1), None) else {
            panic!("is refused")
        };
        let fields: Vec<&str> = refusal.fields.iter().map(|f| f.field.as_str()).collect();
        assert_eq!(
            fields,
            [
                "min",
                "max",
                "q",
                "season",
                "stock",
                "presale",
                "paired",
                "certified",
                "after"
            ]
        );
    }

    #[test]
    fn an_address_is_read_as_the_form_writes_it() {
        let pairs = [
            ("q", "柿"),
            ("category", " "),
            ("sort", "cheapest"),
            ("limit", "many"),
        ];
        let query = query_of(&pairs.map(|(name, value)| (name.to_owned(), value.to_owned())));
        assert_eq!(query.q.as_deref(), Some("柿"));
        assert_eq!((query.category, query.limit), (None, None));
        assert_eq!(query.sort, Some(CatalogueSort::Cheapest));
    }
}
