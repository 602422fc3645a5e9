//! What a row of each register says, and which rows say something new.

use super::sheet::Cells;
use crate::store::fill::CoopRow;
use shared::api::problem::FieldCode;
use shared::api::unit::UnitKind;
use shared::domain::calendar::{Day, SeasonMonths};
use shared::domain::identity::{Bound, Role};
use shared::domain::price::PriceUnit;
use shared::domain::unit_code::{self, UnitCodeError};

/// The longest name of a town or village, in characters.
const MAX_NAME: usize = 40;
/// The longest name of a unit, in characters.
const MAX_UNIT_NAME: usize = 80;
/// The longest address, in characters.
const MAX_ADDRESS: usize = 200;

/// A row of the towns.
#[derive(Clone, Debug)]
pub struct Town {
    pub code: String,
    pub name: String,
}

/// A row of the villages; what it does not say stays as it is.
#[derive(Clone, Debug)]
pub struct Village {
    pub code: String,
    pub name: String,
    pub town_code: String,
    pub aided: Option<bool>,
    pub target_fen: Option<i64>,
}

/// A row of the units; what it does not say stays as it is.
#[derive(Clone, Debug)]
pub struct Unit {
    pub code: String,
    pub name: String,
    pub kind: UnitKind,
    pub address: Option<String>,
    pub terms_days: Option<i32>,
    pub demo: Option<bool>,
}

/// A row of the pairings.
#[derive(Clone, Debug)]
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
    credit_code(cells, "unit_code")
}

/// A unified social credit code, with its check character.
fn credit_code(cells: &mut Cells<'_>, column: &'static str) -> Option<String> {
    if cells.cell(column).is_empty() {
        cells.refuse(column, FieldCode::Required, None);
        return None;
    }
    let code = cells.narrow(column).to_uppercase();
    match unit_code::check(&code) {
        Ok(()) => return Some(code),
        Err(UnitCodeError::Length) => {
            let side = if code.chars().count() < unit_code::LENGTH {
                FieldCode::TooShort
            } else {
                FieldCode::TooLong
            };
            cells.refuse(column, side, Some(unit_code::LENGTH.to_string()));
        }
        Err(UnitCodeError::Character) => cells.refuse(column, FieldCode::BadCharacters, None),
        Err(UnitCodeError::Check) => cells.refuse(column, FieldCode::WrongCheck, None),
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
    if cells.cell("from").is_empty() {
        cells.refuse("from", FieldCode::Required, None);
    }
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

/// A row of the households.
#[derive(Clone, Debug)]
pub struct Household {
    pub village_code: String,
    pub name: String,
}

/// A row of the people, with one role.
#[derive(Clone, Debug)]
pub struct Person {
    pub sign_in_name: String,
    pub name: String,
    pub role: Role,
    pub unit_code: Option<String>,
    pub village_code: Option<String>,
    pub town_code: Option<String>,
}

pub fn household(cells: &mut Cells<'_>) -> Option<Household> {
    let (village_code, name) = (cells.digits("village_code", 12), cells.text("household", 30));
    Some(Household {
        village_code: village_code?,
        name: name?,
    })
}

/// A co-op.
pub fn coop(cells: &mut Cells<'_>) -> Option<CoopRow> {
    let code = credit_code(cells, "seller_code");
    let name = cells.text("seller", MAX_UNIT_NAME);
    let village_code = cells.digits("village_code", 12);
    Some(CoopRow {
        code: code?,
        name: name?,
        village_code: village_code?,
    })
}

/// A row of the kinds of produce; what it does not say stays as it is.
#[derive(Clone, Debug)]
pub struct Kind {
    pub slug: String,
    pub name: String,
    pub aliases: Option<String>,
    pub category: String,
    pub price_unit: PriceUnit,
    pub piece_name: Option<String>,
    pub price_fen: i64,
    pub season: SeasonMonths,
    pub mark: Option<String>,
}

/// What empties a cell that would stay as it is when it is left out.
const EMPTIES: &str = "-";
/// The longest other name of a kind of produce, in characters, and how many it may have.
const ALIAS_MAX: usize = 20;
const ALIASES_MAX: usize = 30;

pub fn kind(cells: &mut Cells<'_>) -> Option<Kind> {
    let slug = slug(cells);
    let (name, category) = (cells.text("produce", 20), cells.text("category", 10));
    let aliases = aliases(cells);
    let (price_unit, piece_name) = price_unit(cells)?;
    let price_fen = cells.yuan("price_yuan");
    if cells.cell("price_yuan").is_empty() {
        cells.refuse("price_yuan", FieldCode::Required, None);
    }
    let season = season(cells);
    let mark = cells.maybe_text("mark", 20).map(emptied);
    Some(Kind {
        slug: slug?,
        name: name?,
        aliases,
        category: category?,
        price_unit,
        piece_name,
        price_fen: price_fen?,
        season: season?,
        mark,
    })
}

fn emptied(text: String) -> String {
    if text == EMPTIES { String::new() } else { text }
}

fn slug(cells: &mut Cells<'_>) -> Option<String> {
    let slug = cells.narrow("slug").to_lowercase();
    let good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    match slug.chars().count() {
        0 => cells.refuse("slug", FieldCode::Required, None),
        1 => cells.refuse("slug", FieldCode::TooShort, Some("2".to_owned())),
        2..=40 if slug.chars().all(good) && !slug.starts_with('-') => return Some(slug),
        2..=40 => cells.refuse("slug", FieldCode::BadCharacters, None),
        _ => cells.refuse("slug", FieldCode::TooLong, Some("40".to_owned())),
    }
    None
}

/// Other names as they are stored, with commas between; `None` when nothing was said.
fn aliases(cells: &mut Cells<'_>) -> Option<String> {
    let text = cells
        .maybe_text("aliases", ALIASES_MAX * (ALIAS_MAX + 1))
        .map(emptied)?;
    let mut names: Vec<&str> = Vec::new();
    for name in text.split([',', '，', '、', ';', '；']).map(str::trim) {
        if !name.is_empty() && !names.contains(&name) {
            names.push(name);
        }
    }
    if names.iter().any(|name| name.chars().count() > ALIAS_MAX) {
        cells.refuse("aliases", FieldCode::TooLong, Some(ALIAS_MAX.to_string()));
    } else if names.len() > ALIASES_MAX {
        cells.refuse("aliases", FieldCode::TooLarge, Some(ALIASES_MAX.to_string()));
    }
    Some(names.join(","))
}

/// A price unit as people write it, with the name of a piece.
pub fn price_unit(cells: &mut Cells<'_>) -> Option<(PriceUnit, Option<String>)> {
    let unit = cells.text("price_unit", 4)?;
    Some(match unit.to_lowercase().as_str() {
        "斤" | "jin" => (PriceUnit::Jin, None),
        "公斤" | "千克" | "kg" => (PriceUnit::Kg, None),
        _ => (PriceUnit::Piece, Some(unit)),
    })
}

fn season(cells: &mut Cells<'_>) -> Option<SeasonMonths> {
    let text = cells.narrow("season").replace('月', "");
    if text.is_empty() {
        cells.refuse("season", FieldCode::Required, None);
        return None;
    }
    let season = SeasonMonths::parse(&text).ok();
    if season.is_none() {
        cells.refuse("season", FieldCode::NotAChoice, None);
    }
    season
}

/// The roles that a file may give; the others take a second person, one by one.
const ROLES: [(&str, Role); 6] = [
    ("采购经办人", Role::UnitRequester),
    ("审批人", Role::UnitApprover),
    ("单位财务", Role::UnitFinance),
    ("村供货员", Role::VillageLister),
    ("绿食中心业务员", Role::CentreOperator),
    ("乡镇干部", Role::TownOfficer),
];

pub fn person(cells: &mut Cells<'_>) -> Option<Person> {
    let sign_in_name = cells.narrow("sign_in_name").to_lowercase();
    if let Some(problem) = crate::services::person::sign_in_name_problem(&sign_in_name) {
        cells.refuse("sign_in_name", problem.code, problem.bound);
    }
    let name = cells.text("person", 40);
    let typed = cells.text("role", MAX_NAME)?;
    let role = ROLES
        .into_iter()
        .find(|(word, role)| *word == typed || role.as_str() == typed);
    let Some((_, role)) = role else {
        cells.refuse("role", FieldCode::NotAChoice, None);
        return None;
    };
    let (mut unit, mut village, mut town) = (None, None, None);
    match role.bound_to() {
        Bound::Unit => unit = Some(unit_code(cells)?),
        Bound::Village => village = Some(cells.digits("village_code", 12)?),
        Bound::Town => town = Some(cells.digits("town_code", 9)?),
        Bound::District => {}
    }
    Some(Person {
        sign_in_name,
        name: name?,
        role,
        unit_code: unit,
        village_code: village,
        town_code: town,
    })
}
