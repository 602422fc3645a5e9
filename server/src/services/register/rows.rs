//! What a row of each register says, and which rows say something new.

use super::sheet::Cells;
use shared::api::problem::FieldCode;
use shared::api::unit::UnitKind;
use shared::domain::calendar::Day;
use shared::domain::identity::{Bound, Role};
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
    if cells.cell("unit_code").is_empty() {
        cells.refuse("unit_code", FieldCode::Required, None);
        return None;
    }
    let code = cells.narrow("unit_code").to_uppercase();
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
