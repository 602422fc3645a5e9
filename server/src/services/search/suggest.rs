//! What one may mean, while one types.

use super::segment::Field;
use super::{CHARS_MAX, State, Wanted, fresh, words};
use crate::services::{App, Error};
use crate::store::catalogue::Filter;
use shared::api::catalogue::{Suggestion, SuggestionKind};
use shared::api::problem::{FieldCode, FieldProblem};
use std::collections::{HashMap, HashSet};

/// Suggestions at the most.
const SUGGESTIONS: usize = 8;

/// Names, kinds, villages, towns and categories that answer what was typed so far, best first.
///
/// # Errors
/// `Invalid` when it is too long.
pub async fn suggest(app: &App, typed: &str) -> Result<Vec<Suggestion>, Error> {
    if typed.chars().count() > CHARS_MAX {
        let problem = FieldProblem::bound("q", FieldCode::TooLong, CHARS_MAX);
        return Err(Error::invalid(vec![problem]));
    }
    let words = words::words(typed);
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let state = fresh::current(app).await?;
    let mut all = match words.as_slice() {
        [_] => state.keys(&words),
        _ => Vec::new(),
    };
    if all.is_empty() {
        all = state.names(&words, app.today().0);
    }
    let mut seen = HashSet::new();
    all.retain(|suggestion| seen.insert(suggestion.text.clone()));
    all.truncate(SUGGESTIONS);
    Ok(all)
}

impl State {
    /// The texts of every field that answer one word.
    fn keys(&self, words: &[words::Word]) -> Vec<Suggestion> {
        let mut counts: HashMap<(Field, String), (u16, i64)> = HashMap::new();
        for ((segment, dead), plan) in self.segments().into_iter().zip(&self.plans(words)) {
            // A word that was taken apart is answered by whole offers alone.
            let [hits] = plan.as_slice() else {
                return Vec::new();
            };
            segment.count_keys(hits, dead, &mut counts);
        }
        let mut all: Vec<((Field, String), (u16, i64))> = counts.into_iter().collect();
        all.sort_unstable_by(|(a, (a_score, a_offers)), (b, (b_score, b_offers))| {
            (b_score, b_offers, a).cmp(&(a_score, a_offers, b))
        });
        all.into_iter()
            .filter_map(|((field, key), (_, offers))| self.suggestion(field, key, offers))
            .collect()
    }

    /// The names of the offers that answer several words.
    fn names(&self, words: &[words::Word], today: i32) -> Vec<Suggestion> {
        let mut counts: HashMap<&str, (u16, i64)> = HashMap::new();
        let wanted = Wanted {
            words,
            filter: &Filter::default(),
            villages: None,
        };
        for found in self.all(wanted, today) {
            let name = self
                .segments()
                .into_iter()
                .find_map(|(segment, dead)| segment.name(found.id).filter(|_| !dead.contains(&found.id)));
            if let Some(name) = name {
                let entry = counts.entry(name).or_insert((0, 0));
                *entry = (entry.0.max(found.score), entry.1 + 1);
            }
        }
        let mut all: Vec<(&str, (u16, i64))> = counts.into_iter().collect();
        all.sort_unstable_by(|(a, a_worth), (b, b_worth)| (b_worth, a).cmp(&(a_worth, b)));
        all.truncate(SUGGESTIONS);
        all.into_iter()
            .filter_map(|(name, (_, offers))| self.suggestion(Field::Name, name.to_owned(), offers))
            .collect()
    }

    fn suggestion(&self, field: Field, key: String, offers: i64) -> Option<Suggestion> {
        let (kind, text, parameter, value) = match field {
            Field::Name => (SuggestionKind::Name, key.clone(), "q", key),
            Field::Produce => {
                let name = self.produce_name(&key)?;
                (SuggestionKind::Produce, name, "produce", key)
            }
            Field::Village => {
                let name = self.village_name(&key)?;
                (SuggestionKind::Village, name, "village", key)
            }
            Field::Town => {
                let name = self.town_name(&key)?;
                (SuggestionKind::Town, name, "town", key)
            }
            Field::Category => (SuggestionKind::Category, key.clone(), "category", key),
            // A grade alone is nothing to look for.
            Field::Grade => return None,
        };
        Some(Suggestion {
            kind,
            text,
            path: format!(
                "/goods?{parameter}={}",
                form_urlencoded::byte_serialize(value.as_bytes()).collect::<String>()
            ),
            offers,
        })
    }
}
