//! One walk along every village's chains, its own and the public one, from the first entry to the last.

use super::{chain_entry, check};
use crate::services::{Error, fault};
use crate::store;
use crate::store::ledger::ChainRow;
use crate::store::verify::LinkRow;
use shared::api::ledger::CheckOut;
use shared::domain::books::VillageHead;
use shared::domain::calendar::Micros;
use shared::domain::ledger::{GENESIS, PublicLink};
use shared::domain::month::Month;
use std::collections::BTreeMap;

/// Links read at once.
const LINKS: i64 = 5000;

/// A village's income of a year, month and source.
type IncomeKey = (String, i32, i32, String);

/// What a closed month says of a village's journal, by village and length.
pub(super) type Wanted = BTreeMap<(String, i64), Vec<(Month, VillageHead)>>;

/// How far a village's chains are followed, and what they came to.
#[derive(Clone, Debug)]
struct Ends {
    length: i64,
    hash: Vec<u8>,
    public: Vec<u8>,
    income: i128,
    owed: i128,
    /// Income by the month in which it took effect.
    months: BTreeMap<Month, i128>,
}

impl Ends {
    fn new() -> Self {
        Self {
            length: 0,
            hash: GENESIS.to_vec(),
            public: GENESIS.to_vec(),
            income: 0,
            owed: 0,
            months: BTreeMap::new(),
        }
    }

    /// One link more.
    fn add(&mut self, link: &LinkRow, public: Option<&PublicLink>) {
        self.length = link.chain_seq;
        self.hash.clone_from(&link.hash);
        self.public = link.public_hash.clone().unwrap_or_default();
        if let Some(public) = public {
            let income = i128::from(public.income_fen().0);
            self.income += income;
            self.owed += i128::from(public.owed_fen().0);
            *self.months.entry(Month::of(public.day)).or_default() += income;
        }
    }

    /// Whether a closed month says the same of it.
    fn are(&self, month: Month, said: &VillageHead) -> bool {
        let in_month = self.months.get(&month).copied().unwrap_or_default();
        let sums = [said.income_fen, said.owed_fen, said.month_income_fen].map(|fen| i128::from(fen.0));
        self.public == said.head && sums == [self.income, self.owed, in_month]
    }
}

/// What the walk found.
#[derive(Default)]
pub(super) struct Walk {
    looked_at: i64,
    wanted: Wanted,
    ends: BTreeMap<String, Ends>,
    /// The first link that does not hold.
    broken: Option<String>,
    /// The first link of a public chain that does not hold.
    public_broken: Option<String>,
    /// The first closed month that says otherwise.
    unlike: Option<String>,
    /// Income as the entries tell it.
    incomes: BTreeMap<IncomeKey, i128>,
}

impl Walk {
    /// Walks every village's chains from their beginning to their end.
    pub(super) async fn over(tx: &store::Tx, wanted: Wanted) -> Result<Self, Error> {
        let mut walk = Self {
            wanted,
            ..Self::default()
        };
        // A month that was closed before a village had any entry says so.
        walk.begin_empty();
        let (mut village, mut seq) = (String::new(), 0);
        loop {
            let links = store::verify::links(tx, &village, seq, LINKS).await?;
            let Some(last) = links.last() else { return Ok(walk) };
            (village, seq) = (last.village_code.clone(), last.chain_seq);
            for link in &links {
                walk.step(link)?;
            }
        }
    }

    fn begin_empty(&mut self) {
        let empty = self.wanted.iter().filter(|((_, length), _)| *length == 0);
        let unlike = empty
            .flat_map(|((village, _), heads)| heads.iter().map(move |head| (village, head)))
            .find(|(village, (_, head))| *head != VillageHead::empty((*village).clone()));
        self.unlike =
            unlike.map(|(village, (month, _))| format!("{month}: village {village} without an entry"));
    }

    fn step(&mut self, link: &LinkRow) -> Result<(), Error> {
        self.looked_at += 1;
        let code = &link.village_code;
        let mut ends = self.ends.remove(code).unwrap_or_else(Ends::new);
        if self.broken.is_none() {
            self.broken = broken(link, ends.length, &ends.hash);
        }
        let public = public_link(link);
        if self.public_broken.is_none() {
            self.public_broken = public_broken(link, public.as_ref(), &ends.public);
        }
        if let Some(source) = &link.income_source {
            let day = Micros(link.effective_at).day();
            let month = i32::try_from(day.month()).map_err(fault)?;
            let sum = (self.incomes)
                .entry((code.clone(), day.year(), month, source.clone()))
                .or_default();
            *sum -= i128::from(link.amount_fen);
        }
        ends.add(link, public.as_ref());
        self.compare(&ends, link);
        self.ends.insert(code.clone(), ends);
        Ok(())
    }

    /// Compares the chain so far with what closed months say of it.
    fn compare(&mut self, ends: &Ends, link: &LinkRow) {
        let key = (link.village_code.clone(), link.chain_seq);
        let Some(said) = self.wanted.remove(&key) else {
            return;
        };
        let unlike = said.iter().find(|(month, head)| !ends.are(*month, head));
        if self.unlike.is_none()
            && let Some((month, _)) = unlike
        {
            let (village, seq) = key;
            self.unlike = Some(format!(
                "{month}: village {village} up to entry {seq} is not what was signed"
            ));
        }
    }

    /// The first village that is not what a closed month says of it.
    pub(super) fn unlike_published(&self) -> Option<String> {
        self.unlike.clone().or_else(|| {
            let missing = self.wanted.iter().find(|((_, length), _)| *length > 0)?;
            let ((village, length), heads) = missing;
            let month = heads.first()?.0;
            Some(format!("{month}: village {village} has no entry {length}"))
        })
    }

    /// Compares the cached incomes, by year and month, with what the entries say.
    pub(super) async fn incomes(&self, tx: &store::Tx) -> Result<CheckOut, Error> {
        let rows = store::verify::incomes(tx).await?;
        let looked_at = i64::try_from(rows.len()).map_err(fault)?;
        let cached: BTreeMap<IncomeKey, i128> = rows
            .into_iter()
            .map(|row| {
                let key = (row.village_code, row.year, row.month, row.income_source);
                (key, i128::from(row.amount_fen))
            })
            .collect();
        let differs = cached.keys().chain(self.incomes.keys()).find_map(|key| {
            let (stored, wanted) = (cached.get(key).unwrap_or(&0), self.incomes.get(key).unwrap_or(&0));
            (stored != wanted).then_some((key, stored, wanted))
        });
        let wrong = differs.map(|((village, year, month, source), stored, wanted)| {
            format!("{village} {year}-{month:02} {source}: {stored} where {wanted} should be")
        });
        Ok(check("incomes_equal_entries", looked_at, wrong))
    }

    /// Every chain holds from link to link, and its head is its last entry: the village's own, and the public one.
    pub(super) async fn chains(&self, tx: &store::Tx) -> Result<(CheckOut, CheckOut), Error> {
        let heads = store::verify::heads(tx).await?;
        let astray = |holds: fn(&ChainRow, &Ends) -> bool| {
            let astray = heads.iter().find(|head| {
                let ends = self.ends.get(&head.village_code);
                !ends.is_some_and(|ends| ends.length == head.length && holds(head, ends))
            });
            astray.map(|head| {
                let village = &head.village_code;
                format!("village {village}: the head is not the last entry's hash")
            })
        };
        let own = self
            .broken
            .clone()
            .or_else(|| astray(|head, ends| head.head == ends.hash));
        let public = (self.public_broken.clone())
            .or_else(|| astray(|head, ends| head.public_head.as_ref() == Some(&ends.public)));
        Ok((
            check("chains_whole", self.looked_at, own),
            check("public_chains_whole", self.looked_at, public),
        ))
    }
}

/// The first thing wrong with one village's journal.
pub(super) async fn one(tx: &store::Tx, village: &str) -> Result<Option<String>, Error> {
    let mut ends = Ends::new();
    loop {
        let span = (ends.length, i64::MAX);
        let links = store::journal::onward(tx, village, span, LINKS).await?;
        if links.is_empty() {
            break;
        }
        for link in &links {
            let public = public_link(link);
            let wrong = broken(link, ends.length, &ends.hash)
                .or_else(|| public_broken(link, public.as_ref(), &ends.public));
            if wrong.is_some() {
                return Ok(wrong);
            }
            ends.add(link, public.as_ref());
        }
    }
    let head = store::ledger::chains(tx, &[village]).await?.into_iter().next();
    let (length, head, public_head) = match head {
        Some(row) => (row.length, row.head, row.public_head.unwrap_or_default()),
        None => (0, GENESIS.to_vec(), GENESIS.to_vec()),
    };
    if length != ends.length {
        let first = length.min(ends.length) + 1;
        let what = if length > ends.length {
            "is missing"
        } else {
            "is not in the head"
        };
        return Ok(Some(format!("village {village}: entry {first} {what}")));
    }
    Ok((head != ends.hash || public_head != ends.public)
        .then(|| format!("village {village}: the head is not the hash of entry {length}")))
}

fn place(link: &LinkRow) -> String {
    format!(
        "village {} entry {} ({})",
        link.village_code, link.chain_seq, link.document_number
    )
}

fn broken(link: &LinkRow, at: i64, prev: &[u8]) -> Option<String> {
    let place = place(link);
    if link.chain_seq != at + 1 {
        return Some(format!("{place}: entry {} is missing before it", at + 1));
    }
    if link.prev_hash != prev {
        return Some(format!("{place}: does not follow the entry before it"));
    }
    let entry = match chain_entry(link) {
        Ok(entry) => entry,
        Err(what) => return Some(format!("{place}: {what}")),
    };
    let whole = <[u8; 32]>::try_from(prev).is_ok_and(|prev| entry.hash(prev).as_slice() == link.hash);
    (!whole).then(|| format!("{place}: its content is not what was hashed"))
}

/// What everybody may know of a stored entry; `None` when that means nothing.
fn public_link(link: &LinkRow) -> Option<PublicLink> {
    let sealed = <[u8; 32]>::try_from(link.hash.as_slice()).ok()?;
    PublicLink::of(&chain_entry(link).ok()?, sealed).ok()
}

fn public_broken(link: &LinkRow, public: Option<&PublicLink>, prev: &[u8]) -> Option<String> {
    let hash = public
        .zip(<[u8; 32]>::try_from(prev).ok())
        .map(|(public, prev)| public.hash(&link.village_code, prev));
    let whole = hash.is_some_and(|hash| Some(hash.as_slice()) == link.public_hash.as_deref());
    (!whole).then(|| format!("{}: its public hash is not that of its content", place(link)))
}
