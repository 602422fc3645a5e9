//! Registers by what people type: villages, units, sellers, households and people are found as goods are, by characters,
//! sounds, initials and codes, the same over both databases. Which of them answer is known here; what is shown of them, and
//! whether the reader may see them, the database says.

use super::dictionary::{Dictionary, Hits, Quality};
use super::words::{Word, words};
use super::{App, Error};
use crate::services::fault;
use crate::store;
use crate::store::narrow::{Among, GoodsWord};
use crate::store::search::{Named, NamedRow};
use sea_orm::Value;
use shared::api::problem::FieldCode;
use std::collections::HashSet;
use std::sync::{Arc, PoisonError, RwLock};
use tokio::sync::Mutex;
use uuid::Uuid;

/// How long what other processes wrote may go unseen.
const LOOK_EVERY_US: i64 = 10_000_000;
/// The longest list of rows that is handed to the database: both engines take twice as many values.
const ROWS_MAX: usize = 15_000;

/// The names of every register.
#[derive(Default)]
pub(super) struct Registers {
    states: [RwLock<Option<Arc<State>>>; Named::ALL.len()],
    /// One reads a register, the others wait.
    gates: [Mutex<()>; Named::ALL.len()],
}

/// The names of one register as of one moment.
struct State {
    dictionary: Dictionary,
    /// Whether its keys are ids.
    by_id: bool,
    /// How often this process had changed names by then.
    changes: u64,
    read_at: i64,
}

/// The rows of a register that answer every word of what was typed into the field `q`.
///
/// # Errors
/// `Invalid` when so many answer that more must be typed; whatever the database answers.
pub async fn among(app: &App, register: Named, typed: &str) -> Result<Among, Error> {
    bounded(app, register, &words(typed), true).await
}

async fn bounded(app: &App, register: Named, words: &[Word], guess: bool) -> Result<Among, Error> {
    if words.is_empty() {
        return Ok(Among::All);
    }
    let among = current(app, register).await?.among(words, guess);
    match &among {
        Among::In(keys) | Among::NotIn(keys) if keys.len() > ROWS_MAX => {
            Err(Error::field("q", FieldCode::TooShort))
        }
        _ => Ok(among),
    }
}

/// For each word of what was typed into `q`: the villages and the kinds of produce that answer it, and the word as it is.
/// Offers in every state are found by them; those on sale by the index of the shelf.
///
/// # Errors
/// As [`among`].
pub async fn each_word(app: &App, typed: &str) -> Result<Vec<GoodsWord>, Error> {
    let mut all = Vec::new();
    for word in words(typed) {
        // Nothing is guessed: what is no village may well be a kind of produce.
        let word = std::slice::from_ref(&word);
        all.push(GoodsWord {
            villages: bounded(app, Named::Villages, word, false).await?,
            produce: bounded(app, Named::Produce, word, false).await?,
            text: word[0].text().to_owned(),
        });
    }
    Ok(all)
}

async fn current(app: &App, register: Named) -> Result<Arc<State>, Error> {
    let registers = &app.search.registers;
    let known = || {
        let state = registers.states[register as usize]
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        state.clone().filter(|state| {
            let (now, changes) = (app.now().0, app.search.changes());
            state.changes == changes && (0..LOOK_EVERY_US).contains(&(now - state.read_at))
        })
    };
    if let Some(state) = known() {
        return Ok(state);
    }
    let _gate = registers.gates[register as usize].lock().await;
    if let Some(state) = known() {
        return Ok(state);
    }
    // Before anything is read: what is changed from now on will be read again.
    let (changes, read_at) = (app.search.changes(), app.now().0);
    let rows = store::search::named(app.db.read(), register).await?;
    let packing = tokio::task::spawn_blocking(move || State {
        dictionary: dictionary(&rows),
        by_id: register.by_id(),
        changes,
        read_at,
    });
    let state = Arc::new(packing.await.map_err(fault)?);
    *registers.states[register as usize]
        .write()
        .unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&state));
    Ok(state)
}

fn dictionary(rows: &[NamedRow]) -> Dictionary {
    let entries = rows.iter().map(|row| {
        let names = row.whole.split(',').map(str::trim);
        let texts = [row.name.as_str(), row.code.as_str()].into_iter().chain(names);
        (row.key.as_str(), texts.filter(|text| !text.is_empty()).collect())
    });
    Dictionary::new(entries)
}

impl State {
    fn among(&self, words: &[Word], guess: bool) -> Among {
        let hits: Vec<Hits> = words.iter().flat_map(|word| self.hits(word, guess)).collect();
        let answers = |at: usize| hits.iter().all(|hits| hits[at] > 0);
        let (yes, no): (Vec<usize>, Vec<usize>) = (0..self.dictionary.len()).partition(|at| answers(*at));
        let keys = |rows: Vec<usize>| {
            let keys = rows.into_iter().filter_map(|at| u32::try_from(at).ok());
            keys.filter_map(|at| self.value(self.dictionary.key(at)))
                .collect()
        };
        match (yes.len(), no.len()) {
            (_, 0) => Among::All,
            (some, others) if some <= others => Among::In(keys(yes)),
            // The shorter list says the same.
            _ => Among::NotIn(keys(no)),
        }
    }

    fn value(&self, key: &str) -> Option<Value> {
        if self.by_id {
            key.parse::<Uuid>().ok().map(Value::from)
        } else {
            Some(key.into())
        }
    }

    /// What must all be hit for one word: the word as typed; where nothing answers it and one may guess, its characters,
    /// or its letters with slips of the finger in them. A code is never guessed at.
    fn hits(&self, word: &Word, guess: bool) -> Vec<Hits> {
        let hits = self.dictionary.hits(word);
        if !guess || hits.iter().any(|quality: &Quality| *quality > 0) {
            return vec![hits];
        }
        match word {
            Word::Han(text) if text.chars().count() > 1 => {
                let mut seen = HashSet::new();
                let characters = text.chars().filter(|c| seen.insert(*c));
                characters
                    .map(|c| self.dictionary.hits(&Word::Han(c.to_string())))
                    .collect()
            }
            Word::Latin(_) => match word.letters() {
                Some(letters) if letters.bytes().all(|b| b.is_ascii_alphabetic()) => {
                    vec![self.dictionary.near_hits(&letters)]
                }
                _ => vec![hits],
            },
            Word::Han(_) => vec![hits],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn among(typed: &str) -> Among {
        let row = |key: &str, town: &str, name: &str| NamedRow {
            key: key.to_owned(),
            name: name.to_owned(),
            whole: format!("{town}{name}"),
            code: key.to_owned(),
        };
        let rows = [
            row("120119120201", "出头岭镇", "官场村"),
            row("120119120214", "出头岭镇", "李四侯村"),
            row("120119102201", "官庄镇", "塔院村"),
            row("120119111201", "下窝头镇", "南赵各庄村"),
            row("120119111202", "下窝头镇", "北赵各庄村"),
        ];
        let state = State {
            dictionary: dictionary(&rows),
            by_id: false,
            changes: 0,
            read_at: 0,
        };
        state.among(&words(typed), true)
    }

    fn keys(keys: &[&str]) -> Vec<Value> {
        keys.iter().map(|key| Value::from(*key)).collect()
    }

    #[test]
    fn a_village_is_found_as_people_type_it() {
        for typed in [
            "官场",
            "gcc",
            "guanchang",
            "guan场",
            "guanchnag",
            "出头岭官场",
            "ctl gc",
            "120119120201",
        ] {
            assert_eq!(among(typed), Among::In(keys(&["120119120201"])), "{typed}");
        }
        assert_eq!(
            among("出头岭"),
            Among::In(keys(&["120119120201", "120119120214"]))
        );
        assert_eq!(
            among("12011911"),
            Among::In(keys(&["120119111201", "120119111202"]))
        );
        for nothing in ["西瓜", "120119120299", "zzz"] {
            assert_eq!(among(nothing), Among::In(Vec::new()), "{nothing}");
        }
    }

    #[test]
    fn most_of_a_register_is_said_by_what_is_left_out() {
        assert_eq!(among("村"), Among::All);
        let others = keys(&["120119120201", "120119120214"]);
        assert_eq!(among("庄 村"), Among::NotIn(others));
    }
}
