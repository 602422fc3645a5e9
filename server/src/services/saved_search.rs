//! 收藏的搜索: kept by a person, and looked through once a day for what is new.

use super::catalogue::{self, query_of};
use super::idempotency::{Key, once};
use super::notice::{self, Notice, NoticeKind, To};
use super::{App, Error, right, search};
use crate::store::audit::Entry;
use crate::store::saved_search::SavedSearchRow;
use crate::store::{self, Tx};
use futures::FutureExt as _;
use shared::api::catalogue::{CatalogueQuery, CatalogueSort};
use shared::api::problem::{FieldCode, FieldProblem};
use shared::api::saved_search::{SavedSearchIn, SavedSearchOut};
use shared::domain::calendar::Micros;
use shared::domain::identity::Actor;
use shared::domain::rights::{Action, Place};
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
    let mut news = Vec::new();
    for row in rows {
        let new = count_new(app, &row).await?;
        news.push((row, new));
    }
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

/// How many offers were first published since the search was looked through, as far as the index knows: pairings and
/// stock are seen when one goes there.
async fn count_new(app: &App, row: &SavedSearchRow) -> Result<usize, Error> {
    let query = CatalogueQuery {
        paired: None,
        ..query_from(&row.query)
    };
    let Ok(mut asked) = catalogue::read(&query, app.today(), None) else {
        return Ok(0);
    };
    asked.filter.published_after = Some(row.looked_at);
    let answer = search::find(app, &asked.words, &asked.filter, CatalogueSort::Newest, None).await?;
    Ok(answer.found.len())
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
