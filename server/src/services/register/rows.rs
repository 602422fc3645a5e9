//! What a row of each register says, and which rows say something new.

use super::sheet::{Cells, bad_row};
use shared::api::import::BadRow;
use shared::api::problem::FieldCode;
use shared::api::unit::UnitKind;
use shared::domain::calendar::Day;
use shared::domain::unit_code::{self, UnitCodeError};
use std::collections::HashMap;

/// The longest name of a town or village, in characters.
const MAX_NAME: usize = 40;
/// The longest name of a unit, in characters.
const MAX_UNIT_NAME: usize = 80;
/// The longest address, in characters.
const MAX_ADDRESS: usize = 200;

/// A row of the towns.
#[derive(Clone)]
pub struct Town {
    pub code: String,
    pub name: String,
}

/// A row of the villages; what it does not say stays as it is.
#[derive(Clone)]
pub struct Village {
    pub code: String,
    pub name: String,
    pub town_code: String,
    pub aided: Option<bool>,
    pub target_fen: Option<i64>,
}

/// A row of the units; what it does not say stays as it is.
#[derive(Clone)]
pub struct Unit {
    pub code: String,
    pub name: String,
    pub kind: UnitKind,
    pub address: Option<String>,
    pub terms_days: Option<i32>,
    pub demo: Option<bool>,
}

/// A row of the pairings.
#[derive(Clone)]
pub struct Pairing {
    pub unit_code: String,
    pub village_code: String,
    pub from_day: Day,
    pub until_day: Option<Day>,
}

pub fn town(cells: &mut Cells<'_>) -> Option<Town> {
    let (code, name) = (cells.digits("town_code", 9), cells.text("town", MAX_NAME));
    Some(Town {
        code: code?,
        name: name?,
    })
}

pub fn village(cells: &mut Cells<'_>) -> Option<Village> {
    let (code, name) = (cells.digits("village_code", 12), cells.text("village", MAX_NAME));
    let (town_code, aided) = (cells.digits("town_code", 9), cells.yes_or_no("aided"));
    let target_fen = cells.yuan("target_yuan");
    let (code, town_code) = (code?, town_code?);
    // Rights over a town's villages go by the code: a village whose code says another town would be read by both.
    if !code.starts_with(&town_code) {
        cells.refuse("town_code", FieldCode::NotAChoice, None);
    }
    Some(Village {
        code,
        name: name?,
        town_code,
        aided,
        target_fen,
    })
}

pub fn unit(cells: &mut Cells<'_>) -> Option<Unit> {
    let code = unit_code(cells);
    let name = cells.text("unit", MAX_UNIT_NAME);
    let kind = unit_kind(cells);
    let address = cells.maybe_text("address", MAX_ADDRESS);
    let (terms_days, demo) = (cells.whole("terms_days", 1, 60), cells.yes_or_no("demo"));
    Some(Unit {
        code: code?,
        name: name?,
        kind: kind?,
        address,
        terms_days,
        demo,
    })
}

fn unit_code(cells: &mut Cells<'_>) -> Option<String> {
    let code = cells.text("unit_code", 40)?.to_uppercase();
    match unit_code::check(&code) {
        Ok(()) => return Some(code),
        Err(UnitCodeError::Length) => {
            let side = if code.chars().count() < unit_code::LENGTH {
                FieldCode::TooShort
            } else {
                FieldCode::TooLong
            };
            cells.refuse("unit_code", side, Some(unit_code::LENGTH.to_string()));
        }
        Err(UnitCodeError::Character) => cells.refuse("unit_code", FieldCode::BadCharacters, None),
        Err(UnitCodeError::Check) => cells.refuse("unit_code", FieldCode::WrongCheck, None),
    }
    None
}

fn unit_kind(cells: &mut Cells<'_>) -> Option<UnitKind> {
    let text = cells.text("kind", MAX_NAME)?;
    let kind = match text.as_str() {
        "机关" => Some(UnitKind::Government),
        "国企" => Some(UnitKind::StateFirm),
        "医院" => Some(UnitKind::Hospital),
        "学校" => Some(UnitKind::School),
        "其他" => Some(UnitKind::Other),
        name => UnitKind::from_name(name),
    };
    if kind.is_none() {
        cells.refuse("kind", FieldCode::NotAChoice, None);
    }
    kind
}

pub fn pairing(cells: &mut Cells<'_>) -> Option<Pairing> {
    let (unit_code, village_code) = (unit_code(cells), cells.digits("village_code", 12));
    cells.text("from", MAX_NAME)?;
    let (from_day, until_day) = (cells.maybe_day("from"), cells.maybe_day("until"));
    let from_day = from_day?;
    if until_day.is_some_and(|until| until < from_day) {
        cells.refuse("until", FieldCode::TooEarly, Some(from_day.to_string()));
    }
    Some(Pairing {
        unit_code: unit_code?,
        village_code: village_code?,
        from_day,
        until_day,
    })
}

/// What is to be written.
pub struct Plan<T> {
    pub new: Vec<T>,
    pub changed: Vec<T>,
    pub unchanged: u32,
    pub bad: Vec<BadRow>,
}

/// A cell that names what is not in the registers: its column and what stands there.
pub type UnknownCell = (&'static str, String);

/// Sorts rows into new, changed and known ones. `complete` fills in what a row does not say from what is known. A row
/// whose key came before in the same file says the same again, or is refused under `column`.
pub fn plan<R, T: Clone + PartialEq>(
    rows: &[(u64, R)],
    column: &str,
    known: Vec<T>,
    key: impl Fn(&T) -> String,
    row_key: impl Fn(&R) -> Result<String, UnknownCell>,
    complete: impl Fn(&R, Option<&T>) -> Result<T, UnknownCell>,
) -> Plan<T> {
    let mut plan = Plan {
        new: Vec::new(),
        changed: Vec::new(),
        unchanged: 0,
        bad: Vec::new(),
    };
    let known: HashMap<String, T> = known.into_iter().map(|row| (key(&row), row)).collect();
    let mut seen: HashMap<String, T> = HashMap::new();
    for (line, row) in rows {
        let read = row_key(row).and_then(|key| {
            let before = seen.get(&key).or_else(|| known.get(&key));
            complete(row, before).map(|full| (before.is_some(), before == Some(&full), key, full))
        });
        match read {
            Err((column, value)) => plan
                .bad
                .push(bad_row(*line, column, &value, FieldCode::Unknown, None)),
            Ok((_, true, key, full)) => {
                plan.unchanged += 1;
                seen.insert(key, full);
            }
            Ok((_, false, key, _)) if seen.contains_key(&key) => {
                plan.bad
                    .push(bad_row(*line, column, &key, FieldCode::Taken, None));
            }
            Ok((is_known, false, key, full)) => {
                if is_known {
                    &mut plan.changed
                } else {
                    &mut plan.new
                }
                .push(full.clone());
                seen.insert(key, full);
            }
        }
    }
    plan
}
