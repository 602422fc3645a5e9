//! Finding offers by what people type: an index in memory, the same over both databases by construction. It says which
//! offers answer and in what order; what is shown of them (price, stock, whether they are on sale at all) is read from the
//! database for the rows of a page.

mod count;
mod dictionary;
mod fresh;
mod register;
mod segment;
mod sound;
mod suggest;
mod words;

pub use count::Counts;
pub use fresh::{Index, renamed, warm};
pub use register::{among, each_word};
pub use segment::Found;
pub use suggest::suggest;
pub use words::Word;

use super::{App, Error};
use crate::store::catalogue::Filter;
use fresh::State;
use segment::{Segment, WordHits};
use shared::api::catalogue::CatalogueSort;
use std::cmp::Ordering;
use std::collections::HashSet;
use std::sync::Arc;
use uuid::Uuid;

/// Characters of a search at the most.
pub const CHARS_MAX: usize = 100;
/// So many of those found are put in order: what a page may have to look through.
pub const LOOKED_AT: usize = 4700;
/// A score stands above the moment of publication in one number: moments need 52 bits until the year 2112.
const SCORE_SHIFT: u32 = 52;

/// The words of a query; none when it says nothing.
#[must_use]
pub fn words_of(query: &str) -> Vec<Word> {
    words::words(query)
}

/// What was found, best first.
#[derive(Debug, Default)]
pub struct Answer {
    /// The offers, at most [`LOOKED_AT`] of them.
    pub found: Vec<Found>,
    /// Whether there are more behind them.
    pub more: bool,
}

/// What is wanted of the index.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'w> {
    /// Words that must all be answered.
    pub words: &'w [Word],
    /// What else must hold, as far as the index knows: not what depends on stock.
    pub filter: &'w Filter,
    /// The villages that the reader's unit is paired with, for the filter that asks for them.
    pub villages: Option<&'w [String]>,
}

/// Offers that answer, behind the key of the last one before.
///
/// # Errors
/// When the database cannot be read to bring the index up to date.
pub async fn find(
    app: &App,
    wanted: Wanted<'_>,
    sort: CatalogueSort,
    after: Option<(i64, Uuid)>,
) -> Result<Answer, Error> {
    let state = fresh::current(app).await?;
    Ok(state.find(wanted, app.today().0, sort, after))
}

/// How many offers answer each of these.
///
/// # Errors
/// When the database cannot be read to bring the index up to date.
pub async fn counts(app: &App, asked: &[Wanted<'_>]) -> Result<Vec<usize>, Error> {
    let state = fresh::current(app).await?;
    let today = app.today().0;
    Ok(asked
        .iter()
        .map(|wanted| state.all(*wanted, today).len())
        .collect())
}

/// How many offers answer, and how many would under each choice of each filter beside the others.
///
/// # Errors
/// When the database cannot be read to bring the index up to date.
pub async fn choices(app: &App, wanted: Wanted<'_>, month: i32) -> Result<Arc<Counts>, Error> {
    let state = fresh::current(app).await?;
    let question = count::Question {
        words: wanted.words.to_vec(),
        // What depends on stock is not counted: the same question with and without it.
        filter: Filter {
            stock: false,
            presale: false,
            ..wanted.filter.clone()
        },
        villages: wanted.villages.map(<[String]>::to_vec),
        today: app.today().0,
    };
    Ok(state.counts(&question, month))
}

/// What the village and the kind of produce of a filter are called, where there are such.
///
/// # Errors
/// When the database cannot be read to bring the index up to date.
pub async fn names_of(app: &App, filter: &Filter) -> Result<(Option<String>, Option<String>), Error> {
    let state = fresh::current(app).await?;
    let village = filter.village.as_ref().and_then(|code| state.village_name(code));
    let produce = filter.produce.as_ref().and_then(|slug| state.produce_name(slug));
    Ok((village, produce))
}

/// The number that a page's rows are ordered by: with it and the id, the next page begins behind them.
#[must_use]
pub const fn key(found: &Found, sort: CatalogueSort) -> i64 {
    match sort {
        // A score is at most 640 and a moment positive: the sum stays within 62 bits.
        CatalogueSort::Best => ((found.score as i64) << SCORE_SHIFT) | found.published_at,
        CatalogueSort::Newest => found.published_at,
        CatalogueSort::Cheapest | CatalogueSort::Dearest => found.rank_fen,
    }
}

/// Which of two keys comes first.
fn order(sort: CatalogueSort, a: (i64, Uuid), b: (i64, Uuid)) -> Ordering {
    match sort {
        CatalogueSort::Cheapest => a.cmp(&b),
        CatalogueSort::Best | CatalogueSort::Newest | CatalogueSort::Dearest => b.cmp(&a),
    }
}

impl State {
    fn find(
        &self,
        wanted: Wanted<'_>,
        today: i32,
        sort: CatalogueSort,
        after: Option<(i64, Uuid)>,
    ) -> Answer {
        let mut found = self.all(wanted, today);
        let place = |found: &Found| (key(found, sort), found.id);
        if let Some(after) = after {
            found.retain(|found| order(sort, after, place(found)) == Ordering::Less);
        }
        let more = found.len() > LOOKED_AT;
        if more {
            found.select_nth_unstable_by(LOOKED_AT, |a, b| order(sort, place(a), place(b)));
            found.truncate(LOOKED_AT);
        }
        found.sort_unstable_by(|a, b| order(sort, place(a), place(b)));
        Answer { found, more }
    }

    /// Everything that answers, in no order.
    fn all(&self, wanted: Wanted<'_>, today: i32) -> Vec<Found> {
        let plans = self.plans(wanted.words);
        let mut found = Vec::new();
        for ((segment, dead), plan) in self.segments().into_iter().zip(&plans) {
            segment.find(plan, (wanted.filter, wanted.villages), today, dead, &mut found);
        }
        found
    }

    /// What must hit, in each segment. A word that no offer answers as it was typed is taken apart into its characters,
    /// which must then all be there; letters are read with slips of the finger in them.
    fn plans(&self, words: &[Word]) -> [Vec<WordHits>; 2] {
        let segments = self.segments();
        let mut plans = [Vec::new(), Vec::new()];
        let mut add = |hits: [WordHits; 2]| {
            for (plan, hits) in plans.iter_mut().zip(hits) {
                plan.push(hits);
            }
        };
        for word in words {
            let hits = segments.map(|(segment, _)| segment.hits(word));
            let found = segments
                .iter()
                .zip(&hits)
                .any(|((segment, dead), hits)| segment.answers(hits, dead));
            match word {
                Word::Han(text) if !found && text.chars().count() > 1 => {
                    let mut seen = HashSet::new();
                    for c in text.chars().filter(|c| seen.insert(*c)) {
                        let character = Word::Han(c.to_string());
                        add(segments.map(|(segment, _)| segment.hits(&character)));
                    }
                }
                Word::Latin(_) if !found && word.letters().is_some() => {
                    let letters = word.letters().unwrap_or_default();
                    add(segments.map(|(segment, _)| segment.near_hits(&letters)));
                }
                _ => add(hits),
            }
        }
        plans
    }

    fn segments(&self) -> [(&Segment, &HashSet<Uuid>); 2] {
        [(&self.base, &self.dead), (&self.recent, &self.none)]
    }
}

#[cfg(test)]
#[path = "search/tests.rs"]
mod tests;
