//! Keeping the index right. Whenever this process has committed something, and at most every ten seconds for what other
//! processes commit, the offers that have changed are read again; a search waits for that, so it knows every change that
//! was answered before it began.

use super::count::Counted;
use super::register::Registers;
use super::segment::{Names, Segment};
use crate::services::{App, Error, fault};
use crate::store;
use crate::store::search::{ChangedOffer, OfferFacts, ROWS};
use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use tokio::sync::Mutex;
use uuid::Uuid;

/// How long what other processes wrote, and new names of villages and produce, may go unseen.
const LOOK_EVERY_US: i64 = 10_000_000;
/// A change carries the moment at which its use case began, and is committed at most so much later.
const COMMIT_WITHIN_US: i64 = 60_000_000;
/// Everything is read anew so often, whatever the changes said.
const REBUILD_EVERY_US: i64 = 600_000_000;
/// Recent changes that are kept beside the rest, before all of it is packed again.
const RECENT_MAX: usize = 512;

/// The index of one program.
#[derive(Default)]
pub struct Index {
    state: RwLock<Option<Arc<State>>>,
    /// One brings it up to date, the others wait.
    gate: Mutex<()>,
    /// The names of registers.
    pub(super) registers: Registers,
    /// How often this process has changed names.
    changes: AtomicU64,
}

impl Index {
    /// How often this process has changed names.
    pub(super) fn changes(&self) -> u64 {
        self.changes.load(Ordering::SeqCst)
    }
}

/// Says that names were changed and committed: whoever searches from now on finds them by the new ones. What was drawn
/// between the commit and this is drawn again.
pub fn renamed(app: &App) {
    app.search.changes.fetch_add(1, Ordering::SeqCst);
    app.db.changed();
}

/// The index as of one moment; it never changes.
pub struct State {
    /// Most offers.
    pub(super) base: Arc<Segment>,
    /// Those of them that have changed since.
    pub(super) dead: Arc<HashSet<Uuid>>,
    /// What these are now, and new ones.
    pub(super) recent: Arc<Segment>,
    /// Nothing is dead among the recent ones.
    pub(super) none: HashSet<Uuid>,
    /// What was counted over it.
    pub(super) counted: Arc<Counted>,
    names: Arc<Names>,
    /// The database's generation when it was last read.
    generation: u64,
    /// When that was.
    read_at: i64,
    /// When everything was read.
    built_at: i64,
    /// When names were read.
    named_at: i64,
    /// How often this process had changed names by then.
    changes: u64,
}

/// Whether so much time has passed, or the clock went back.
const fn due(since: i64, now: i64, every_us: i64) -> bool {
    now < since || now - since >= every_us
}

impl State {
    fn is_fresh(&self, generation: u64, now: i64) -> bool {
        self.generation == generation && !due(self.read_at, now, LOOK_EVERY_US)
    }

    /// A kind of produce's name.
    pub(super) fn produce_name(&self, slug: &str) -> Option<String> {
        self.names.produce.get(slug)?.first().cloned()
    }

    /// A village's name with its town's.
    pub(super) fn village_name(&self, code: &str) -> Option<String> {
        let town = self.town_name(code.get(..9)?)?;
        Some(format!("{town} {}", self.names.villages.get(code)?))
    }

    /// A town's name.
    pub(super) fn town_name(&self, code: &str) -> Option<String> {
        self.names.towns.get(code).cloned()
    }

    /// An index of these offers that nothing else is known of.
    #[cfg(test)]
    pub(super) fn of(base: Segment, names: Arc<Names>) -> Self {
        Self {
            base: Arc::new(base),
            dead: Arc::default(),
            recent: Arc::default(),
            none: HashSet::new(),
            counted: Arc::default(),
            names,
            generation: 0,
            read_at: 0,
            built_at: 0,
            named_at: 0,
            changes: 0,
        }
    }

    /// How many offers it knows.
    pub(super) fn len(&self) -> usize {
        self.base.len() - self.dead.len() + self.recent.len()
    }
}

/// Builds the index before anybody asks for it.
pub async fn warm(app: App) {
    match current(&app).await {
        Ok(state) => tracing::debug!(offers = state.len(), "the index of offers is built"),
        Err(error) => crate::error::record(&error),
    }
}

/// The index, up to date.
pub(super) async fn current(app: &App) -> Result<Arc<State>, Error> {
    let index = &app.search;
    let known = || {
        let state = index.state.read().unwrap_or_else(PoisonError::into_inner);
        state.clone()
    };
    let is_fresh = |state: &Arc<State>| state.is_fresh(app.db.generation(), app.now().0);
    if let Some(state) = known().filter(is_fresh) {
        return Ok(state);
    }
    let _gate = index.gate.lock().await;
    let state = match known() {
        Some(state) if is_fresh(&state) => return Ok(state),
        Some(state) if due(state.built_at, app.now().0, REBUILD_EVERY_US) => built(app).await?,
        Some(state) => refreshed(app, state).await?,
        None => built(app).await?,
    };
    let state = Arc::new(state);
    *index.state.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&state));
    Ok(state)
}

/// Everything read from the database.
async fn built(app: &App) -> Result<State, Error> {
    // Before anything is read: what is committed from now on will be read again.
    let (generation, now, changes) = (app.db.generation(), app.now().0, app.search.changes());
    let names = Arc::new(names(app).await?);
    let mut facts: Vec<OfferFacts> = Vec::new();
    loop {
        let after = facts.last().map_or_else(Uuid::nil, |last| last.id);
        let rows = store::search::on_sale(app.db.read(), after).await?;
        let last = rows.len() < ROWS;
        facts.extend(rows);
        if last {
            break;
        }
    }
    let base = packed(facts, Arc::clone(&names)).await?;
    Ok(State {
        base,
        dead: Arc::default(),
        recent: Arc::default(),
        none: HashSet::new(),
        counted: Arc::default(),
        names,
        generation,
        read_at: now,
        built_at: now,
        named_at: now,
        changes,
    })
}

async fn packed(facts: Vec<OfferFacts>, names: Arc<Names>) -> Result<Arc<Segment>, Error> {
    let packing = tokio::task::spawn_blocking(move || Arc::new(Segment::new(&facts, &names)));
    packing.await.map_err(fault)
}

async fn names(app: &App) -> Result<Names, Error> {
    let mut names = Names::default();
    for row in store::search::names(app.db.read()).await? {
        match row.kind.as_str() {
            "town" => drop(names.towns.insert(row.key, row.name)),
            "village" => drop(names.villages.insert(row.key, row.name)),
            _ => {
                names.copied.insert(row.key.clone(), row.copied);
                let others = row
                    .aliases
                    .split(',')
                    .map(str::trim)
                    .filter(|alias| !alias.is_empty());
                let texts = std::iter::once(row.name.as_str())
                    .chain(others)
                    .map(str::to_owned);
                names.produce.insert(row.key, texts.collect());
            }
        }
    }
    Ok(names)
}

/// The index with what has changed since it was last read.
async fn refreshed(app: &App, old: Arc<State>) -> Result<State, Error> {
    let (generation, now, changes) = (app.db.generation(), app.now().0, app.search.changes());
    let mut named_at = old.named_at;
    if old.changes != changes || due(old.named_at, now, LOOK_EVERY_US) {
        if names(app).await? != *old.names {
            return built(app).await;
        }
        named_at = now;
    }
    let changed = changed(app, old.read_at.min(now) - COMMIT_WITHIN_US).await?;
    let mut recent: HashMap<Uuid, OfferFacts> = old
        .recent
        .all_facts(&old.none)
        .into_iter()
        .map(|facts| (facts.id, facts))
        .collect();
    let mut dead: HashSet<Uuid> = (*old.dead).clone();
    let mut moved = false;
    for offer in changed {
        moved |= apply(&old, &mut dead, &mut recent, offer);
    }
    let (mut base, mut packed_recent) = (Arc::clone(&old.base), Arc::clone(&old.recent));
    let recent: Vec<OfferFacts> = recent.into_values().collect();
    if moved && (recent.len() > RECENT_MAX || dead.len() > RECENT_MAX) {
        let mut all = old.base.all_facts(&dead);
        all.extend(recent);
        base = packed(all, Arc::clone(&old.names)).await?;
        packed_recent = Arc::default();
        dead.clear();
    } else if moved {
        packed_recent = Arc::new(Segment::new(&recent, &old.names));
    }
    Ok(State {
        base,
        dead: Arc::new(dead),
        recent: packed_recent,
        none: HashSet::new(),
        counted: if moved {
            Arc::default()
        } else {
            Arc::clone(&old.counted)
        },
        names: Arc::clone(&old.names),
        generation,
        read_at: now,
        built_at: old.built_at,
        named_at,
        changes,
    })
}

/// Takes one change in; says whether it was news.
fn apply(
    old: &State,
    dead: &mut HashSet<Uuid>,
    recent: &mut HashMap<Uuid, OfferFacts>,
    offer: ChangedOffer,
) -> bool {
    let id = offer.facts.id;
    let in_base = old.base.facts(id).filter(|_| !dead.contains(&id));
    let known = recent.get(&id).or(in_base.as_ref());
    let now = (offer.status == "published").then_some(offer.facts);
    if known == now.as_ref() {
        return false;
    }
    if in_base.is_some() {
        dead.insert(id);
    }
    match now {
        Some(facts) => drop(recent.insert(id, facts)),
        None => drop(recent.remove(&id)),
    }
    true
}

async fn changed(app: &App, since: i64) -> Result<Vec<ChangedOffer>, Error> {
    let mut all: Vec<ChangedOffer> = Vec::new();
    let mut after = (since, Uuid::nil());
    loop {
        let rows = store::search::changed(app.db.read(), after).await?;
        let last = rows.len() < ROWS;
        if let Some(row) = rows.last() {
            after = (row.changed_at, row.facts.id);
        }
        all.extend(rows);
        if last {
            return Ok(all);
        }
    }
}
