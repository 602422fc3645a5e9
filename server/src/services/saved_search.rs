//! 收藏的搜索: kept by a person, and looked through once a day for what is new.

use super::catalogue::{self, query_of};
use super::idempotency::{Key, once};
use super::notice::{self, Notice, NoticeKind, To};
use super::{App, Error, right, search};
use crate::store::audit::Entry;
use crate::store::catalogue::{Filter, Reader};
use crate::store::saved_search::SavedSearchRow;
use crate::store::{self, Tx};
use futures::FutureExt as _;
use shared::api::catalogue::{CatalogueQuery, CatalogueSort};
use shared::api::problem::{FieldCode, FieldProblem};
use shared::api::saved_search::{SavedSearchIn, SavedSearchOut};
use shared::domain::calendar::Micros;
use shared::domain::identity::Actor;
use shared::domain::rights::{Action, Place};
use std::collections::HashMap;
use uuid::Uuid;

/// Searches of a person at the most.
const KEPT_MAX: i64 = 20;
/// Characters of a name at the most.
const NAME_MAX: usize = 40;
/// Characters of the filters at the most.
const QUERY_MAX: usize = 600;
/// New offers are looked for so often.
const LOOK_EVERY_US: i64 = 86_400_000_000;
/// Searches looked through in one round of the program's own work.
const LOOKED_THROUGH: i64 = 100;
/// New offers whose stock is asked for in one round.
const STOCK_ASKED: usize = 4000;

/// One's own searches, newest first.
///
/// # Errors
/// Whatever the database answers.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<SavedSearchOut>, Error> {
    right::require(actor, Action::SelfRead, Place::DISTRICT)?;
    let rows = store::saved_search::of_person(app.db.read(), actor.person_id, KEPT_MAX).await?;
    Ok(rows.into_iter().map(out_of).collect())
}

fn out_of(row: SavedSearchRow) -> SavedSearchOut {
    SavedSearchOut {
        id: row.id,
        name: row.name,
        path: format!("/goods?{}", row.query),
        query: row.query,
        created_at: Micros(row.created_at),
    }
}

/// Keeps a search; the same filters again only get the new name.
///
/// # Errors
/// `Invalid` when there is nothing to look for, a filter cannot be read, or there are too many.
pub async fn save(
    app: &App,
    actor: &Actor,
    key: &Key,
    input: SavedSearchIn,
) -> Result<SavedSearchOut, Error> {
    right::require(actor, Action::SelfWrite, Place::DISTRICT)?;
    let (name, query) = checked(app, actor, &input)?;
    let row = SavedSearchRow {
        id: app.new_id(),
        person_id: actor.person_id,
        name,
        query,
        created_at: app.now().0,
        looked_at: app.now().0,
    };
    let (kept, actor2) = (row.clone(), actor.clone());
    once(app, actor.person_id, "search.save", key, &input, move |tx| {
        let (row, actor) = (kept.clone(), actor2.clone());
        async move { keep(tx, &actor, row).await }.boxed()
    })
    .await?;
    let rows = store::saved_search::of_person(app.db.read(), actor.person_id, KEPT_MAX).await?;
    let found = rows.into_iter().find(|kept| kept.query == row.query);
    found.map(out_of).ok_or(Error::not_found())
}

async fn keep(tx: &Tx, actor: &Actor, row: SavedSearchRow) -> Result<(), Error> {
    if store::saved_search::count_others(tx, row.person_id, &row.query).await? >= KEPT_MAX {
        let problem = FieldProblem::bound("query", FieldCode::TooLarge, KEPT_MAX);
        return Err(Error::invalid(vec![problem]));
    }
    let (at, entry) = (
        Micros(row.created_at),
        entry("search.save", &row.id.to_string(), &row.query),
    );
    store::saved_search::put(tx, row).await?;
    Ok(store::audit::insert(tx, at, Some(actor), vec![entry]).await?)
}

fn entry(action: &'static str, id: &str, detail: &str) -> Entry {
    Entry {
        action,
        object_kind: "search",
        object_id: id.to_owned(),
        order_id: None,
        village_code: None,
        unit_id: None,
        detail: detail.to_owned(),
    }
}

/// The name and the filters in their usual form.
fn checked(app: &App, actor: &Actor, input: &SavedSearchIn) -> Result<(String, String), Error> {
    let mut problems = Vec::new();
    let name = input.name.trim();
    if name.is_empty() {
        problems.push(FieldProblem::new("name", FieldCode::Required));
    } else if name.chars().count() > NAME_MAX {
        problems.push(FieldProblem::bound("name", FieldCode::TooLong, NAME_MAX));
    } else if name.chars().any(char::is_control) {
        problems.push(FieldProblem::new("name", FieldCode::BadCharacters));
    }
    let asked = query_from(&input.query);
    let query = text_of(&asked);
    if input.query.chars().count() > QUERY_MAX || input.query.contains('\0') {
        problems.push(FieldProblem::bound("query", FieldCode::TooLong, QUERY_MAX));
    } else if query.is_empty() {
        problems.push(FieldProblem::new("query", FieldCode::Required));
    } else if catalogue::read(&asked, app.today(), Some(actor)).is_err() {
        problems.push(FieldProblem::new("query", FieldCode::NotAChoice));
    }
    if problems.is_empty() {
        Ok((name.to_owned(), query))
    } else {
        Err(Error::invalid(problems))
    }
}

/// The filters of an address; where a page begins is no filter.
fn query_from(text: &str) -> CatalogueQuery {
    let pairs: Vec<(String, String)> = form_urlencoded::parse(text.trim_start_matches('?').as_bytes())
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    CatalogueQuery {
        after: None,
        limit: None,
        sort: None,
        ..query_of(&pairs)
    }
}

/// The filters as they stand in an address.
fn text_of(query: &CatalogueQuery) -> String {
    let mut text = form_urlencoded::Serializer::new(String::new());
    for (name, value) in [
        ("q", &query.q),
        ("category", &query.category),
        ("town", &query.town),
        ("village", &query.village),
        ("produce", &query.produce),
        ("season", &query.season),
        ("min", &query.min),
        ("max", &query.max),
        ("certified", &query.certified),
        ("paired", &query.paired),
        ("stock", &query.stock),
        ("presale", &query.presale),
    ] {
        if let Some(value) = value {
            text.append_pair(name, value);
        }
    }
    text.finish()
}

/// Drops one of one's own searches.
///
/// # Errors
/// `NotFound` when it is not one's own.
pub async fn remove(app: &App, actor: &Actor, id: Uuid) -> Result<(), Error> {
    right::require(actor, Action::SelfWrite, Place::DISTRICT)?;
    let (now, actor) = (app.now(), actor.clone());
    app.db
        .write_quietly(move |tx| {
            let actor = actor.clone();
            async move {
                if !store::saved_search::remove(tx, actor.person_id, id).await? {
                    return Err(Error::not_found());
                }
                let entry = entry("search.drop", &id.to_string(), "");
                Ok(store::audit::insert(tx, now, Some(&actor), vec![entry]).await?)
            }
            .boxed()
        })
        .await
}

/// Tells people of new offers that answer what they look for: once a day for each search.
///
/// # Errors
/// Whatever the database answers.
pub async fn tell_of_new(app: &App) -> Result<(), Error> {
    let now = app.now();
    let rows = store::saved_search::due(app.db.read(), now.0 - LOOK_EVERY_US, LOOKED_THROUGH).await?;
    if rows.is_empty() {
        return Ok(());
    }
    let news = news_of(app, rows).await?;
    app.db
        .write_quietly(move |tx| {
            let news = news.clone();
            async move { tell(tx, now, news).await }.boxed()
        })
        .await
}

async fn tell(tx: &Tx, now: Micros, news: Vec<(SavedSearchRow, usize)>) -> Result<(), Error> {
    let mut notices = Vec::new();
    for (row, new) in news {
        // Another process may have looked meanwhile, and told.
        if store::saved_search::looked(tx, &row, now.0).await? && new > 0 {
            notices.push(Notice {
                to: To::Person(row.person_id),
                kind: NoticeKind::SearchFound,
                subject: format!("{} · {new}", row.name),
                path: format!("/goods?{}", row.query),
            });
        }
    }
    notice::tell(tx, now, notices).await
}

/// How many offers were first published since each search was looked through. The index says which; for searches that
/// ask for stock too, the database says of all of them together what can be had now.
async fn news_of(app: &App, rows: Vec<SavedSearchRow>) -> Result<Vec<(SavedSearchRow, usize)>, Error> {
    let today = app.today();
    let people: Vec<Uuid> = rows.iter().map(|row| row.person_id).collect();
    let paired = store::saved_search::paired_villages(app.db.read(), &people, today.0).await?;
    let mut found: Vec<(SavedSearchRow, Filter, Vec<Uuid>)> = Vec::new();
    for row in rows {
        let villages: Vec<String> = paired
            .iter()
            .filter(|pair| pair.person_id == row.person_id)
            .map(|pair| pair.village_code.clone())
            .collect();
        let (filter, ids) = new_of(app, &row, &villages).await?;
        found.push((row, filter, ids));
    }
    let mut asked: Vec<Uuid> = found
        .iter()
        .filter(|(_, filter, _)| filter.stock || filter.presale)
        .flat_map(|(.., ids)| ids.iter().copied())
        .collect();
    asked.sort_unstable();
    asked.dedup();
    asked.truncate(STOCK_ASKED);
    let reader = Reader {
        today: today.0,
        unit_id: None,
    };
    let cards = store::catalogue::cards_of(app.db.read(), reader, &Filter::default(), &asked).await?;
    let now: HashMap<Uuid, (bool, bool)> = cards
        .iter()
        .map(|card| {
            (
                card.id,
                (card.free > 0, card.free > 0 && card.expected_on.is_some()),
            )
        })
        .collect();
    let counted = found.into_iter().map(|(row, filter, ids)| {
        let had = |id: &Uuid| {
            let (stock, presale) = now.get(id).copied().unwrap_or_default();
            (!filter.stock || stock) && (!filter.presale || presale)
        };
        let new = ids.iter().filter(|id| had(id)).count();
        (row, new)
    });
    Ok(counted.collect())
}

/// The offers that are new to a search, as far as the index knows.
async fn new_of(app: &App, row: &SavedSearchRow, villages: &[String]) -> Result<(Filter, Vec<Uuid>), Error> {
    // It was right when it was saved; one that no longer is finds nothing.
    let Ok(mut asked) = catalogue::read_as(&query_from(&row.query), app.today(), true) else {
        return Ok((Filter::default(), Vec::new()));
    };
    asked.filter.published_after = Some(row.looked_at);
    let answer = search::find(app, asked.wanted(Some(villages)), CatalogueSort::Newest, None).await?;
    let ids = answer.found.iter().map(|found| found.id).collect();
    Ok((asked.filter, ids))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_come_back_in_their_usual_form() {
        let query = query_from("?after=1_2&town=120119102&q=%E6%9F%BF+x&sort=cheapest&limit=3&category=");
        assert_eq!(text_of(&query), "q=%E6%9F%BF+x&town=120119102");
        assert_eq!(text_of(&query_from("sort=cheapest")), "");
    }
}
