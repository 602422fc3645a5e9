//! Offers on sale, each as the texts and facts by which it is found, packed side by side.

use super::dictionary::{Dictionary, Hits, index};
use super::words::Word;
use crate::store::catalogue::{Filter, Mark};
use crate::store::search::OfferFacts;
use std::collections::{BTreeMap, HashMap, HashSet};
use uuid::Uuid;

/// Fields by which an offer is found, the most telling one first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// The name on the shelf.
    Name,
    /// The kind of produce, by its name and the others that it goes by.
    Produce,
    /// The grade.
    Grade,
    /// The village.
    Village,
    /// The town.
    Town,
    /// The category.
    Category,
}

/// How many fields there are.
const FIELDS: usize = 6;

impl Field {
    const ALL: [Self; FIELDS] = [
        Self::Name,
        Self::Produce,
        Self::Grade,
        Self::Village,
        Self::Town,
        Self::Category,
    ];

    /// What an answer in this field is worth: more than any answer in the next.
    const fn weight(self) -> u16 {
        match self {
            Self::Name => 600,
            Self::Produce => 500,
            Self::Grade => 400,
            Self::Village => 300,
            Self::Town => 200,
            Self::Category => 100,
        }
    }
}

/// What codes and keys are called.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// Each kind of produce: its name, then the others that it goes by.
    pub produce: HashMap<String, Vec<String>>,
    /// Villages by code.
    pub villages: BTreeMap<String, String>,
    /// Towns by code.
    pub towns: BTreeMap<String, String>,
    /// What offers take over from each kind of produce, in a word: with another word, they are read anew.
    pub copied: BTreeMap<String, String>,
}

/// One offer.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// Its id.
    pub(super) id: Uuid,
    /// Its key in the dictionary of each field.
    pub(super) keys: [u32; FIELDS],
    /// The months of its season, one bit each.
    pub(super) season: i32,
    mark: u32,
    price_fen: i64,
    rank_fen: i64,
    published_at: i64,
    certified: Option<Mark>,
    certificate_until: Option<i32>,
}

impl Row {
    /// Whether it bears a mark today: by its own certificate, or as its produce is known. `marked` says of each text of a
    /// mark whether it says this one.
    pub(super) fn bears(&self, mark: Mark, marked: &[bool], today: i32) -> bool {
        let certified =
            self.certified == Some(mark) && self.certificate_until.is_none_or(|until| until >= today);
        certified || marked[index(self.mark)]
    }
}

/// An offer that answers a search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// The offer.
    pub id: Uuid,
    /// How well it answers, up to 640.
    pub score: u16,
    /// When it was first published.
    pub published_at: i64,
    /// Fen for a kg or a piece.
    pub rank_fen: i64,
}

/// Many offers.
#[derive(Debug, Default)]
pub struct Segment {
    /// By id.
    pub(super) rows: Vec<Row>,
    /// The dictionary of each field.
    pub(super) fields: [Dictionary; FIELDS],
    marks: Vec<Box<str>>,
}

/// A word's hits in every field.
pub type WordHits = [Hits; FIELDS];

impl Segment {
    /// The segment of these offers, whose ids are distinct.
    pub fn new(facts: &[OfferFacts], names: &Names) -> Self {
        let mut keys: [Keys<'_>; FIELDS] = Default::default();
        let mut marks = Keys::default();
        let mut rows: Vec<Row> = facts
            .iter()
            .map(|offer| Row {
                id: offer.id,
                keys: Field::ALL.map(|field| keys[field as usize].number(key_of(offer, field))),
                mark: marks.number(&offer.mark),
                price_fen: offer.price_fen,
                rank_fen: offer.rank_fen,
                published_at: offer.published_at,
                season: offer.season,
                certified: offer.certificate_kind.as_deref().and_then(Mark::of_kind),
                certificate_until: offer.certificate_until,
            })
            .collect();
        rows.sort_unstable_by_key(|row| row.id);
        let dictionary = |field: Field| {
            Dictionary::new(
                keys[field as usize]
                    .all
                    .iter()
                    .map(|key| (*key, texts_of(names, field, key))),
            )
        };
        Self {
            rows,
            fields: Field::ALL.map(dictionary),
            marks: marks.all.iter().map(|mark| (*mark).into()).collect(),
        }
    }

    /// How many offers it holds.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// An offer as it was put in.
    pub fn facts(&self, id: Uuid) -> Option<OfferFacts> {
        let at = self.rows.binary_search_by_key(&id, |row| row.id).ok()?;
        Some(self.facts_of(&self.rows[at]))
    }

    /// Every offer but those that are dead.
    pub fn all_facts(&self, dead: &HashSet<Uuid>) -> Vec<OfferFacts> {
        let living = self.rows.iter().filter(|row| !dead.contains(&row.id));
        living.map(|row| self.facts_of(row)).collect()
    }

    fn facts_of(&self, row: &Row) -> OfferFacts {
        let key = |field: Field| {
            self.fields[field as usize]
                .key(row.keys[field as usize])
                .to_owned()
        };
        OfferFacts {
            id: row.id,
            name: key(Field::Name),
            grade: key(Field::Grade),
            category: key(Field::Category),
            produce: key(Field::Produce),
            village_code: key(Field::Village),
            town_code: key(Field::Town),
            price_fen: row.price_fen,
            rank_fen: row.rank_fen,
            published_at: row.published_at,
            season: row.season,
            certificate_kind: row.certified.map(|mark| mark.kind().to_owned()),
            certificate_until: row.certificate_until,
            mark: self.marks[index(row.mark)].to_string(),
        }
    }

    /// How each field's texts answer a word.
    pub fn hits(&self, word: &Word) -> WordHits {
        Field::ALL.map(|field| self.fields[field as usize].hits(word))
    }

    /// How each field's texts answer letters with slips in them.
    pub fn near_hits(&self, letters: &str) -> WordHits {
        Field::ALL.map(|field| self.fields[field as usize].near_hits(letters))
    }

    /// Whether any living offer answers a word.
    pub fn answers(&self, hits: &WordHits, dead: &HashSet<Uuid>) -> bool {
        let some = Field::ALL
            .iter()
            .any(|field| hits[*field as usize].iter().any(|hit| *hit > 0));
        some && self
            .rows
            .iter()
            .any(|row| score(row, hits) > 0 && !dead.contains(&row.id))
    }

    /// The living offers that answer every word and pass the filter.
    pub fn find(
        &self,
        words: &[WordHits],
        (filter, villages): (&Filter, Option<&[String]>),
        today: i32,
        dead: &HashSet<Uuid>,
        found: &mut Vec<Found>,
    ) {
        let Some(passing) = self.passing(filter, villages, today) else {
            return;
        };
        'rows: for row in self.rows.iter().filter(|row| passing.passes(row)) {
            let mut sum = 0;
            for hits in words {
                let score = score(row, hits);
                if score == 0 {
                    continue 'rows;
                }
                sum += usize::from(score);
            }
            if dead.contains(&row.id) {
                continue;
            }
            let score = sum / words.len().max(1);
            found.push(Found {
                id: row.id,
                score: u16::try_from(score).unwrap_or(u16::MAX),
                published_at: row.published_at,
                rank_fen: row.rank_fen,
            });
        }
    }

    /// Adds up the keys that answer one word: how well, and how many living offers have them.
    pub fn count_keys(
        &self,
        hits: &WordHits,
        dead: &HashSet<Uuid>,
        counts: &mut HashMap<(Field, String), (u16, i64)>,
    ) {
        let mut of: [HashMap<u32, i64>; FIELDS] = Default::default();
        for row in self
            .rows
            .iter()
            .filter(|row| score(row, hits) > 0 && !dead.contains(&row.id))
        {
            for field in Field::ALL {
                let key = row.keys[field as usize];
                if hits[field as usize][index(key)] > 0 {
                    *of[field as usize].entry(key).or_default() += 1;
                }
            }
        }
        for field in Field::ALL {
            for (key, offers) in &of[field as usize] {
                let score = field.weight() + hits[field as usize][index(*key)];
                let name = self.fields[field as usize].key(*key).to_owned();
                let entry = counts.entry((field, name)).or_insert((score, 0));
                entry.1 += offers;
            }
        }
    }

    /// The name of a living offer that was found.
    pub fn name(&self, id: Uuid) -> Option<&str> {
        let at = self.rows.binary_search_by_key(&id, |row| row.id).ok()?;
        Some(self.fields[Field::Name as usize].key(self.rows[at].keys[Field::Name as usize]))
    }

    /// The filter in this segment's numbers; `None` when nothing can pass it. The villages of the reader's unit, where
    /// they are known, are asked for when the filter says so.
    pub(super) fn passing<'f>(
        &self,
        filter: &'f Filter,
        villages: Option<&[String]>,
        today: i32,
    ) -> Option<Passing<'f>> {
        let mut keys = [None; FIELDS];
        for (field, wanted) in [
            (Field::Category, &filter.category),
            (Field::Town, &filter.town),
            (Field::Village, &filter.village),
            (Field::Produce, &filter.produce),
        ] {
            if let Some(wanted) = wanted {
                keys[field as usize] = Some(self.fields[field as usize].find(wanted)?);
            }
        }
        Some(Passing {
            filter,
            keys,
            marked: filter.mark.map(|mark| (mark, self.marked(mark))),
            villages: villages
                .filter(|_| filter.paired)
                .map(|codes| self.villages(codes)),
            today,
        })
    }

    /// Of each text of a mark, whether it says this one.
    pub(super) fn marked(&self, mark: Mark) -> Vec<bool> {
        self.marks.iter().map(|text| text.contains(mark.word())).collect()
    }

    /// These villages in this segment's numbers; those without an offer have none.
    pub(super) fn villages(&self, codes: &[String]) -> HashSet<u32> {
        let villages = &self.fields[Field::Village as usize];
        codes.iter().filter_map(|code| villages.find(code)).collect()
    }
}

/// A filter in the numbers of one segment.
pub(super) struct Passing<'f> {
    filter: &'f Filter,
    keys: [Option<u32>; FIELDS],
    /// The wanted mark, and which texts say it.
    marked: Option<(Mark, Vec<bool>)>,
    villages: Option<HashSet<u32>>,
    today: i32,
}

impl Passing<'_> {
    /// Whether an offer passes.
    pub(super) fn passes(&self, row: &Row) -> bool {
        let filter = self.filter;
        let keys = self
            .keys
            .iter()
            .zip(row.keys)
            .all(|(wanted, key)| wanted.is_none_or(|wanted| wanted == key));
        let (marked, villages) = (self.marked.as_ref(), self.villages.as_ref());
        keys && filter.season_bit.is_none_or(|bit| row.season & bit != 0)
            && filter.min_fen.is_none_or(|fen| row.price_fen >= fen)
            && filter.max_fen.is_none_or(|fen| row.price_fen <= fen)
            && filter.published_after.is_none_or(|at| row.published_at > at)
            && marked.is_none_or(|(mark, texts)| row.bears(*mark, texts, self.today))
            && villages.is_none_or(|keys| keys.contains(&row.keys[Field::Village as usize]))
    }
}

/// How well an offer answers a word: by the field that tells most.
pub(super) fn score(row: &Row, hits: &WordHits) -> u16 {
    let best = Field::ALL.iter().find_map(|field| {
        let hit = hits[*field as usize][index(row.keys[*field as usize])];
        (hit > 0).then(|| field.weight() + hit)
    });
    best.unwrap_or(0)
}

/// Texts and the number that each got.
#[derive(Default)]
struct Keys<'t> {
    of: HashMap<&'t str, u32>,
    all: Vec<&'t str>,
}

impl<'t> Keys<'t> {
    fn number(&mut self, key: &'t str) -> u32 {
        *self.of.entry(key).or_insert_with(|| {
            self.all.push(key);
            u32::try_from(self.all.len() - 1).expect("fewer offers than four thousand million")
        })
    }
}

fn key_of(offer: &OfferFacts, field: Field) -> &str {
    match field {
        Field::Name => &offer.name,
        Field::Produce => &offer.produce,
        Field::Grade => &offer.grade,
        Field::Village => &offer.village_code,
        Field::Town => &offer.town_code,
        Field::Category => &offer.category,
    }
}

/// What a key of a field is called.
fn texts_of<'n>(names: &'n Names, field: Field, key: &'n str) -> Vec<&'n str> {
    match field {
        Field::Name | Field::Grade | Field::Category => vec![key],
        Field::Produce => names
            .produce
            .get(key)
            .map_or_else(|| vec![key], |texts| texts.iter().map(String::as_str).collect()),
        Field::Village => names.villages.get(key).map(String::as_str).into_iter().collect(),
        Field::Town => names.towns.get(key).map(String::as_str).into_iter().collect(),
    }
}
