//! How many offers each choice of a filter would leave, beside the other filters that are on: counted in one walk over the
//! index, and kept for as long as the index stays as it is.

use super::State;
use super::dictionary::index;
use super::segment::{Field, Row, Segment, WordHits, score};
use super::words::Word;
use crate::store::catalogue::{Filter, Mark};
use shared::api::catalogue::FilterCount;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use uuid::Uuid;

/// So many counts are kept; then it begins anew.
const KEPT_MAX: usize = 256;

/// What was asked: words, filters, the villages of the reader's unit, the day.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Question {
    /// The words.
    pub words: Vec<Word>,
    /// The filters.
    pub filter: Filter,
    /// The villages that the reader's unit is paired with; `None` for readers without one.
    pub villages: Option<Vec<String>>,
    /// The day.
    pub today: i32,
}

/// What was counted over one state of the index.
#[derive(Default)]
pub struct Counted(Mutex<HashMap<Question, Arc<Counts>>>);

/// Offers under all filters, and under each choice of one filter beside the others.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Under all filters.
    pub total: i64,
    categories: BTreeMap<String, i64>,
    towns: BTreeMap<String, i64>,
    marks: [i64; Mark::ALL.len()],
    season: i64,
    paired: Option<i64>,
}

/// A filter that a row may fail alone, and be counted for its choices still.
#[derive(Clone, Copy)]
enum Facet {
    Category = 1,
    Town = 2,
    Mark = 4,
    Season = 8,
    Paired = 16,
}

impl State {
    /// The counts of a question, kept or counted now.
    pub(super) fn counts(&self, question: &Question, month: i32) -> Arc<Counts> {
        let kept = || self.counted.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = kept().get(question) {
            return Arc::clone(known);
        }
        let mut counts = Counts {
            paired: question.villages.as_ref().map(|_| 0),
            ..Counts::default()
        };
        let plans = self.plans(&question.words);
        for ((segment, dead), plan) in self.segments().into_iter().zip(&plans) {
            walk(segment, plan, question, month, dead, &mut counts);
        }
        let counts = Arc::new(counts);
        let mut kept = kept();
        if kept.len() >= KEPT_MAX {
            kept.clear();
        }
        kept.insert(question.clone(), Arc::clone(&counts));
        counts
    }
}

fn walk(
    segment: &Segment,
    plan: &[WordHits],
    question: &Question,
    month: i32,
    dead: &HashSet<Uuid>,
    counts: &mut Counts,
) {
    let (filter, today) = (&question.filter, question.today);
    // What is counted for each of its choices is looked at here; the rest must pass as ever.
    let rest = Filter {
        category: None,
        town: None,
        mark: None,
        season_bit: None,
        ..filter.clone()
    };
    let Some(passing) = segment.passing(&rest, None, today) else {
        return;
    };
    let wanted = |field: Field, text: &Option<String>| {
        text.as_ref()
            .map(|text| segment.fields[field as usize].find(text))
    };
    let (category, town) = (
        wanted(Field::Category, &filter.category),
        wanted(Field::Town, &filter.town),
    );
    let villages = question.villages.as_ref().map(|codes| segment.villages(codes));
    let marked = Mark::ALL.map(|mark| segment.marked(mark));
    let zeros = |field: Field| vec![0_i64; segment.fields[field as usize].len()];
    let (mut categories, mut towns) = (zeros(Field::Category), zeros(Field::Town));
    for row in &segment.rows {
        if !passing.passes(row) || !answers(row, plan) || dead.contains(&row.id) {
            continue;
        }
        let key = |field: Field| row.keys[field as usize];
        let marks = [0, 1, 2].map(|at| row.bears(Mark::ALL[at], &marked[at], today));
        let of_pair = villages
            .as_ref()
            .is_some_and(|keys| keys.contains(&key(Field::Village)));
        let fails = [
            (
                Facet::Category,
                category.is_none_or(|wanted| wanted == Some(key(Field::Category))),
            ),
            (
                Facet::Town,
                town.is_none_or(|wanted| wanted == Some(key(Field::Town))),
            ),
            (
                Facet::Mark,
                filter
                    .mark
                    .is_none_or(|mark| Mark::ALL.iter().zip(marks).any(|(m, bears)| *m == mark && bears)),
            ),
            (
                Facet::Season,
                filter.season_bit.is_none_or(|bit| row.season & bit != 0),
            ),
            (Facet::Paired, !filter.paired || of_pair),
        ]
        .into_iter()
        .filter(|(_, passes)| !passes)
        .fold(0_u8, |fails, (facet, _)| fails | facet as u8);
        let but_for = |facet: Facet| i64::from(fails & !(facet as u8) == 0);
        counts.total += i64::from(fails == 0);
        categories[index(key(Field::Category))] += but_for(Facet::Category);
        towns[index(key(Field::Town))] += but_for(Facet::Town);
        for (count, bears) in counts.marks.iter_mut().zip(marks) {
            *count += but_for(Facet::Mark) * i64::from(bears);
        }
        counts.season += but_for(Facet::Season) * i64::from(row.season & month != 0);
        if let Some(count) = &mut counts.paired {
            *count += but_for(Facet::Paired) * i64::from(of_pair);
        }
    }
    for (field, found, all) in [
        (Field::Category, categories, &mut counts.categories),
        (Field::Town, towns, &mut counts.towns),
    ] {
        let keys = (0..).map(|at| segment.fields[field as usize].key(at).to_owned());
        for (key, offers) in keys.zip(found).filter(|(_, offers)| *offers > 0) {
            *all.entry(key).or_default() += offers;
        }
    }
}

fn answers(row: &Row, plan: &[WordHits]) -> bool {
    plan.iter().all(|hits| score(row, hits) > 0)
}

impl Counts {
    /// As they are sent: a filter, a choice of it, how many there are.
    #[must_use]
    pub fn listed(&self) -> Vec<FilterCount> {
        let count = |filter: &str, value: &str, offers: i64| FilterCount {
            filter: filter.to_owned(),
            value: value.to_owned(),
            offers,
        };
        let mut all = Vec::new();
        all.extend(
            self.categories
                .iter()
                .map(|(name, n)| count("category", name, *n)),
        );
        all.extend(self.towns.iter().map(|(code, n)| count("town", code, *n)));
        all.extend(
            Mark::ALL
                .iter()
                .zip(self.marks)
                .map(|(mark, n)| count("certified", mark.name(), n)),
        );
        all.push(count("season", "1", self.season));
        all.extend(self.paired.map(|n| count("paired", "1", n)));
        all
    }
}
