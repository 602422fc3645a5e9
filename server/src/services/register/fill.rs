//! Filling a register from rows, a batch at a time: each row is new, changed, known already, or refused with its reason.

mod people;
mod produce;
mod sellers;

use super::offers::{self, Listed};
use super::plan::{Plan, known_by, plan};
use super::rows;
use super::sheet::{Cells, Heading, bad_row};
use crate::documents::sheet::Raw;
use crate::services::{App, Error};
use crate::store::fill::{CoopRow, HeldRole, HouseholdKey, KindRow};
use crate::store::register::{PairingRow, TownRow, UnitRow, VillageRow};
use crate::store::work::Counts;
use crate::store::{self, Tx};
use sea_orm::ConnectionTrait;
use shared::api::import::{BadRow, Register};
use shared::api::problem::FieldCode;
use shared::api::unit::UnitKind;
use shared::domain::calendar::{Day, Micros};
use shared::domain::identity::Actor;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use uuid::Uuid;

/// The target of a village whose file names none: 200,000 yuan of collective income a year.
const TARGET_FEN: i64 = 20_000_000;
/// What stands behind a village's name in the name of its collective.
pub const COLLECTIVE: &str = "股份经济合作社";

/// From and until when a unit helps a village, as days.
pub type Helped = Vec<(i32, Option<i32>)>;

/// What a file has said so far, and the days of pairings in it.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// Keys of rows with what the rows said.
    pub keys: HashMap<String, u64>,
    /// Days of the file's pairings, by unit and village.
    pub days: HashMap<(Uuid, String), Helped>,
}

impl Seen {
    /// Adds what a batch said.
    pub fn add(&mut self, more: Self) {
        self.keys.extend(more.keys);
        for (key, days) in more.days {
            self.days.entry(key).or_default().extend(days);
        }
    }
}

/// What came of a batch, and what it is to write.
pub struct Batch {
    /// How many rows were which.
    pub counts: Counts,
    /// The refused ones.
    pub bad: Vec<BadRow>,
    /// What the batch adds to what was seen.
    pub seen: Seen,
    writes: Writes,
}

enum Writes {
    Towns(Vec<TownRow>),
    Villages(Vec<VillageRow>, Vec<(Uuid, String, String)>, bool),
    Units(Vec<UnitRow>),
    Pairings(Vec<PairingRow>),
    Households(Vec<(Uuid, HouseholdKey)>),
    Sellers(Vec<(Uuid, CoopRow)>),
    Produce(Vec<KindRow>),
    People(Vec<(Uuid, String, String)>, Vec<(Uuid, HeldRole)>),
    Offers(Vec<Listed>),
}

/// Who fills which register, from a file with which heading.
#[derive(Clone)]
pub struct Filling {
    /// The register.
    pub register: Register,
    /// Where its columns stand.
    pub heading: Arc<Heading>,
    /// Now.
    pub now: Micros,
    /// Today.
    pub today: Day,
}

/// Good rows with their lines.
pub type Good<R> = Vec<(u64, R)>;

impl Filling {
    /// Reads the rows of a batch: good ones, and why others are refused.
    fn parsed<R>(
        &self,
        rows: &[Raw],
        row_of: impl Fn(&mut Cells<'_>) -> Option<R>,
    ) -> (Good<R>, Vec<BadRow>) {
        let (mut good, mut bad) = (Vec::new(), Vec::new());
        for raw in rows {
            let mut cells = Cells::new(&self.heading, raw);
            let row = row_of(&mut cells);
            match (cells.problem, row) {
                (Some(problem), _) => bad.push(problem),
                (None, Some(row)) => good.push((raw.line, row)),
                (None, None) => bad.push(bad_row(raw.line, "", "", FieldCode::Required, None)),
            }
        }
        (good, bad)
    }

    /// Makes whoever would change rows that belong to those of this batch wait until it is written.
    ///
    /// # Errors
    /// Whatever the database answers.
    pub async fn hold(&self, tx: &Tx, rows: &[Raw]) -> Result<(), Error> {
        if self.register == Register::Pairings {
            let (good, _) = self.parsed(rows, rows::pairing);
            let codes: Vec<&str> = good.iter().map(|(_, row)| row.unit_code.as_str()).collect();
            store::register::hold_units(tx, &codes).await?;
        }
        Ok(())
    }

    /// Decides over a batch, with a fixed number of statements. Nothing is written.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn decide(
        &self,
        connection: &impl ConnectionTrait,
        rows: &[Raw],
        seen: &Seen,
    ) -> Result<Batch, Error> {
        match self.register {
            Register::Towns => self.towns(connection, rows, seen).await,
            Register::Villages => self.villages(connection, rows, seen).await,
            Register::Units => self.units(connection, rows, seen).await,
            Register::Pairings => self.pairings(connection, rows, seen).await,
            Register::Households => self.households(connection, rows, seen).await,
            Register::Sellers => self.sellers(connection, rows, seen).await,
            Register::Produce => self.produce(connection, rows, seen).await,
            Register::People => self.people(connection, rows, seen).await,
            Register::Offers => {
                let (good, bad) = self.parsed(rows, offers::row);
                let (plan, listed) = offers::decide(connection, good, seen, self.today).await?;
                Ok(settled(rows, plan, bad, |_| Writes::Offers(listed)))
            }
        }
    }

    async fn towns(
        &self,
        connection: &impl ConnectionTrait,
        rows: &[Raw],
        seen: &Seen,
    ) -> Result<Batch, Error> {
        let (good, bad) = self.parsed(rows, rows::town);
        let codes: Vec<&str> = good.iter().map(|(_, town)| town.code.as_str()).collect();
        let known = store::fill::towns(connection, &codes).await?;
        let complete = |row: &rows::Town, _: Option<&TownRow>| {
            Ok(TownRow {
                code: row.code.clone(),
                name: row.name.clone(),
            })
        };
        let plan = plan(
            &good,
            "town_code",
            &known_by(known, |town| town.code.clone()),
            seen,
            |row| Ok(row.code.clone()),
            complete,
        );
        Ok(settled(rows, plan, bad, |plan| Writes::Towns(plan.all())))
    }

    async fn villages(
        &self,
        connection: &impl ConnectionTrait,
        rows: &[Raw],
        seen: &Seen,
    ) -> Result<Batch, Error> {
        let (good, bad) = self.parsed(rows, rows::village);
        let codes: Vec<&str> = good.iter().map(|(_, row)| row.code.as_str()).collect();
        let town_codes: HashSet<&str> = good.iter().map(|(_, row)| row.town_code.as_str()).collect();
        let town_codes: Vec<&str> = town_codes.into_iter().collect();
        let towns: HashSet<String> = store::fill::towns(connection, &town_codes)
            .await?
            .into_iter()
            .map(|town| town.code)
            .collect();
        let known = known_by(store::fill::villages(connection, &codes).await?, |v| {
            v.code.clone()
        });
        let complete = |row: &rows::Village, before: Option<&VillageRow>| {
            if !towns.contains(&row.town_code) {
                return Err(unknown("town_code", &row.town_code));
            }
            Ok(VillageRow {
                code: row.code.clone(),
                town_code: row.town_code.clone(),
                name: row.name.clone(),
                aided: row.aided.unwrap_or_else(|| before.is_some_and(|v| v.aided)),
                target_fen: row
                    .target_fen
                    .unwrap_or_else(|| before.map_or(TARGET_FEN, |v| v.target_fen)),
            })
        };
        let key = |row: &rows::Village| Ok(row.code.clone());
        let plan = plan(&good, "village_code", &known, seen, key, complete);
        Ok(settled(rows, plan, bad, |plan| {
            let collectives = plan.new.iter().map(|village| {
                let id = crate::ports::ids::new_id(self.now);
                (id, village.code.clone(), format!("{}{COLLECTIVE}", village.name))
            });
            let (collectives, renamed) = (collectives.collect(), !plan.changed.is_empty());
            Writes::Villages(plan.all(), collectives, renamed)
        }))
    }

    async fn units(
        &self,
        connection: &impl ConnectionTrait,
        rows: &[Raw],
        seen: &Seen,
    ) -> Result<Batch, Error> {
        let (good, bad) = self.parsed(rows, rows::unit);
        let codes: Vec<&str> = good.iter().map(|(_, row)| row.code.as_str()).collect();
        let known = known_by(store::fill::units(connection, &codes).await?, |u| u.code.clone());
        let complete = |row: &rows::Unit, before: Option<&UnitRow>| {
            // Public bodies pay within 30 days of delivery, firms within 60.
            let usual_days = if row.kind == UnitKind::StateFirm { 60 } else { 30 };
            Ok(UnitRow {
                id: before.map_or_else(|| crate::ports::ids::new_id(self.now), |u| u.id),
                code: row.code.clone(),
                name: row.name.clone(),
                kind: row.kind.as_str().to_owned(),
                address: row
                    .address
                    .clone()
                    .or_else(|| before.map(|u| u.address.clone()))
                    .unwrap_or_default(),
                terms_days: row
                    .terms_days
                    .unwrap_or_else(|| before.map_or(usual_days, |u| u.terms_days)),
                demo: row.demo.unwrap_or_else(|| before.is_some_and(|u| u.demo)),
            })
        };
        let key = |row: &rows::Unit| Ok(row.code.clone());
        let plan = plan(&good, "unit_code", &known, seen, key, complete);
        Ok(settled(rows, plan, bad, |plan| Writes::Units(plan.all())))
    }

    async fn pairings(
        &self,
        connection: &impl ConnectionTrait,
        rows: &[Raw],
        seen: &Seen,
    ) -> Result<Batch, Error> {
        let (good, bad) = self.parsed(rows, rows::pairing);
        let codes: Vec<&str> = good.iter().map(|(_, row)| row.unit_code.as_str()).collect();
        let units = store::fill::units(connection, &codes).await?;
        let codes: Vec<&str> = good.iter().map(|(_, row)| row.village_code.as_str()).collect();
        let villages = known_by(store::fill::villages(connection, &codes).await?, |v| {
            v.code.clone()
        });
        let ids: Vec<Uuid> = units.iter().map(|unit| unit.id).collect();
        let stored = store::fill::pairings(connection, &ids).await?;
        let units = known_by(units, |unit| unit.code.clone());
        let full = |row: &rows::Pairing| {
            let unit = units
                .get(&row.unit_code)
                .ok_or_else(|| unknown("unit_code", &row.unit_code))?;
            if !villages.contains_key(&row.village_code) {
                return Err(unknown("village_code", &row.village_code));
            }
            Ok(PairingRow {
                unit_id: unit.id,
                village_code: row.village_code.clone(),
                from_day: row.from_day.0,
                until_day: row.until_day.map(|day| day.0),
            })
        };
        let days = std::cell::RefCell::new(known_days(&stored, seen));
        let added = std::cell::RefCell::new(Seen::default());
        let known = known_by(stored, pairing_key);
        let complete = |row: &rows::Pairing, _: Option<&PairingRow>| {
            let pairing = full(row)?;
            let key = (pairing.unit_id, pairing.village_code.clone());
            let mine = (pairing.from_day, pairing.until_day);
            let mut days = days.borrow_mut();
            let others = days.entry(key.clone()).or_default();
            if let Some(other) = others
                .iter()
                .find(|other| other.0 != mine.0 && overlap(**other, mine))
            {
                let names = (units.get(&row.unit_code), villages.get(&row.village_code));
                let named = format!(
                    "{} · {} {}{}",
                    names.0.map_or("", |unit| unit.name.as_str()),
                    names.1.map_or("", |village| village.name.as_str()),
                    Day(other.0),
                    other
                        .1
                        .map_or_else(|| " 起".to_owned(), |until| format!(" – {}", Day(until))),
                );
                let from = row.from_day.to_string();
                return Err(("from", from, FieldCode::Overlaps, Some(named)));
            }
            others.retain(|other| other.0 != mine.0);
            others.push(mine);
            added.borrow_mut().days.entry(key).or_default().push(mine);
            Ok(pairing)
        };
        let key = |row: &rows::Pairing| full(row).map(|full| pairing_key(&full));
        let plan = plan(&good, "from", &known, seen, key, complete);
        let mut batch = settled(rows, plan, bad, |plan| Writes::Pairings(plan.all()));
        batch.seen.add(added.into_inner());
        Ok(batch)
    }

    async fn households(
        &self,
        connection: &impl ConnectionTrait,
        rows: &[Raw],
        seen: &Seen,
    ) -> Result<Batch, Error> {
        let (good, bad) = self.parsed(rows, rows::household);
        let codes: Vec<&str> = good.iter().map(|(_, row)| row.village_code.as_str()).collect();
        let names: Vec<&str> = good.iter().map(|(_, row)| row.name.as_str()).collect();
        let villages = known_by(store::fill::villages(connection, &codes).await?, |v| {
            v.code.clone()
        });
        let stored = store::fill::households(connection, &codes, &names).await?;
        let key_of = |village: &str, name: &str| format!("{village} {name}");
        let known = known_by(stored, |row| key_of(&row.village_code, &row.name));
        let complete = |row: &rows::Household, _: Option<&HouseholdKey>| {
            if !villages.contains_key(&row.village_code) {
                return Err(unknown("village_code", &row.village_code));
            }
            Ok(HouseholdKey {
                village_code: row.village_code.clone(),
                name: row.name.clone(),
            })
        };
        let key = |row: &rows::Household| Ok(key_of(&row.village_code, &row.name));
        let plan = plan(&good, "household", &known, seen, key, complete);
        Ok(settled(rows, plan, bad, |plan| {
            let with_id = |row| (crate::ports::ids::new_id(self.now), row);
            Writes::Households(plan.all().into_iter().map(with_id).collect())
        }))
    }
}

fn unknown(column: &'static str, value: &str) -> super::plan::Refusal {
    (column, value.to_owned(), FieldCode::Unknown, None)
}

fn pairing_key(row: &PairingRow) -> String {
    format!("{} {} {}", row.unit_id, row.village_code, row.from_day)
}

type Days = HashMap<(Uuid, String), Vec<(i32, Option<i32>)>>;

/// The days of pairings that are stored or stood in the file before: what the file says of a first day goes before
/// what is stored.
fn known_days(stored: &[PairingRow], seen: &Seen) -> Days {
    let mut days = seen.days.clone();
    for row in stored {
        let of_pair = days.entry((row.unit_id, row.village_code.clone())).or_default();
        if !of_pair.iter().any(|(from, _)| *from == row.from_day) {
            of_pair.push((row.from_day, row.until_day));
        }
    }
    days
}

fn overlap(one: (i32, Option<i32>), other: (i32, Option<i32>)) -> bool {
    one.0 <= other.1.unwrap_or(i32::MAX) && other.0 <= one.1.unwrap_or(i32::MAX)
}

fn count(rows: usize) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}

fn settled<T>(
    rows: &[Raw],
    mut plan: Plan<T>,
    mut bad: Vec<BadRow>,
    writes: impl FnOnce(Plan<T>) -> Writes,
) -> Batch {
    bad.append(&mut plan.bad);
    bad.sort_by_key(|row| row.line);
    Batch {
        counts: Counts {
            done: count(rows.len()),
            created: count(plan.new.len()),
            changed: count(plan.changed.len()),
            unchanged: plan.unchanged,
            refused: count(bad.len()),
        },
        bad,
        seen: Seen {
            keys: std::mem::take(&mut plan.seen),
            days: HashMap::new(),
        },
        writes: writes(plan),
    }
}

impl Batch {
    /// Writes what was decided, with a fixed number of statements, and puts what people must be able to look up on
    /// record. Offers are not written here: each has a life of its own.
    ///
    /// # Errors
    /// Whatever the database answers.
    pub async fn write(self, tx: &Tx, now: Micros, by: &Actor) -> Result<(), Error> {
        match self.writes {
            Writes::Towns(rows) => store::register::put_towns(tx, rows).await?,
            Writes::Villages(rows, collectives, renamed) => {
                store::register::put_villages(tx, rows).await?;
                store::register::put_sellers(tx, collectives).await?;
                if renamed {
                    store::register::rename_collectives(tx, COLLECTIVE).await?;
                }
            }
            Writes::Units(rows) => store::register::put_units(tx, rows).await?,
            Writes::Pairings(rows) => store::register::put_pairings(tx, rows).await?,
            Writes::Households(rows) => store::fill::put_households(tx, &rows).await?,
            Writes::Sellers(coops) => store::fill::put_coops(tx, &coops).await?,
            Writes::Produce(kinds) => store::fill::put_kinds(tx, &kinds).await?,
            Writes::People(people, roles) => {
                let entries = people::rights_given(&people, &roles);
                store::fill::put_people(tx, &people, now.0).await?;
                store::fill::put_roles(tx, &roles, now.0).await?;
                store::audit::insert(tx, now, Some(by), entries).await?;
            }
            Writes::Offers(_) => {}
        }
        Ok(())
    }

    /// Lists what was decided to be listed: each offer once, by a key of its own. Answers what was refused after all.
    ///
    /// # Errors
    /// Whatever the database answers.
    pub async fn list(&self, app: &App, by: &Actor, work_id: Uuid) -> Result<Vec<BadRow>, Error> {
        match &self.writes {
            Writes::Offers(listed) => offers::list(app, by, work_id, listed).await,
            _ => Ok(Vec::new()),
        }
    }
}
