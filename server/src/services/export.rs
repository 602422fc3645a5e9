//! 导出: lists as files. Who asks sees in the file what they see on screen: the same filters, the same reach.

use super::{App, Error, fault, right};
use crate::documents::sheet::Cell;
use crate::store;
use crate::store::export::{Filter, Kind, List, Narrowed, Words, key_of, whole};
use frontend::text::status::Status;
use frontend::text::{Lang, role, step};
use sea_orm::{QueryResult, Value};
use shared::api::problem::FieldCode;
use shared::api::work::ExportIn;
use shared::domain::calendar::{Day, Micros};
use shared::domain::identity::{Actor, Role};
use shared::domain::quantity::WeightUnit;
use shared::domain::rights::Scope;
use std::str::FromStr;
use uuid::Uuid;

/// Rows read at once.
pub const PAGE: i64 = 500;
/// The most rows of a file: a workbook holds 1,048,576.
const ROWS_MAX: i64 = 1_000_000;

/// What stands in addresses of lists and narrows nothing.
const IN_EVERY_ADDRESS: [&str; 3] = ["after", "limit", "sort"];

/// Who reads a list, in which role.
#[derive(Clone, Debug)]
pub struct Reader(Actor);

impl Reader {
    /// The reader of an actor.
    #[must_use]
    pub fn of(actor: &Actor) -> Self {
        Self(actor.clone())
    }
}

/// A list with all that narrows it.
#[derive(Clone, Debug)]
pub struct Asked {
    list: &'static List,
    narrowed: Narrowed,
}

/// A page of a list.
pub struct Rows {
    /// The rows.
    pub rows: Vec<Vec<Cell>>,
    /// The key of the last one, when there may be more.
    pub next: Option<Vec<Value>>,
}

/// Reads what is asked for: the list, its filters, how far the reader's right reaches.
///
/// # Errors
/// `Forbidden`; `Invalid` for a filter that is none.
pub fn asked(app: &App, reader: &Reader, input: &ExportIn) -> Result<Asked, Error> {
    let list = store::export::of(input.list);
    let mut narrowed = Narrowed::default();
    narrowed.and_always(list.only);
    reach(list, &reader.0, &mut narrowed)?;
    for (name, value) in form_urlencoded::parse(input.query.as_bytes()) {
        let value = value.trim();
        if value.is_empty() || IN_EVERY_ADDRESS.contains(&&*name) {
            continue;
        }
        let filter = list.filters.iter().find(|(known, _)| *known == name);
        // A filter that is passed over would put into the file what is not on screen.
        let (_, filter) =
            filter.ok_or_else(|| Error::field(&format!("query.{name}"), FieldCode::NotAChoice))?;
        narrow(app.today(), *filter, &name, value, &mut narrowed)?;
    }
    let incomes = input.list == shared::domain::work::ExportList::Incomes;
    if incomes && !input.query.contains("year=") {
        // The page shows this year when it names none.
        narrowed.and("i.year = ?", i64::from(app.today().year()));
    }
    Ok(Asked { list, narrowed })
}

/// Narrows a list to where the reader's right reaches.
fn reach(list: &List, actor: &Actor, narrowed: &mut Narrowed) -> Result<(), Error> {
    if let Some(person) = list.person {
        narrowed.and(&format!("{person} = ?"), actor.person_id);
    }
    let forbidden = || Error::refused(shared::api::problem::Code::Forbidden);
    let grant = &actor.grant;
    match right::reach(actor, list.action)? {
        Scope::District => {}
        Scope::OwnUnit => {
            let unit = grant.unit_id.ok_or_else(forbidden)?;
            narrowed.and(&format!("{} = ?", list.unit.ok_or_else(forbidden)?), unit);
        }
        Scope::OwnVillage => {
            let code = grant.village_code.clone().ok_or_else(forbidden)?;
            narrowed.and(&format!("{} = ?", list.village.ok_or_else(forbidden)?), code);
        }
        Scope::OwnTown => {
            let code = grant.town_code.clone().ok_or_else(forbidden)?;
            let village = list.village.ok_or_else(forbidden)?;
            narrowed.and(&format!("substr({village}, 1, 9) = ?"), code);
        }
    }
    Ok(())
}

fn narrow(today: Day, filter: Filter, name: &str, value: &str, narrowed: &mut Narrowed) -> Result<(), Error> {
    let wrong = |code| Error::field(&format!("query.{name}"), code);
    match filter {
        Filter::Is(column) => narrowed.and(&format!("{column} = ?"), value),
        Filter::IdIs(column) => {
            let id: Uuid = value.parse().map_err(|_| wrong(FieldCode::Unknown))?;
            narrowed.and(&format!("{column} = ?"), id);
        }
        Filter::NumberIs(column) => {
            let number: i32 = value.parse().map_err(|_| wrong(FieldCode::NotANumber))?;
            narrowed.and(&format!("{column} = ?"), i64::from(number));
        }
        Filter::Has(columns) => {
            let like: Vec<String> = columns
                .iter()
                .map(|column| format!("lower({column}) like ? escape '\\'"))
                .collect();
            let pattern = store::catalogue::contains_pattern(&value.to_lowercase());
            narrowed.and(&format!("({})", like.join(" or ")), pattern);
        }
        Filter::Begins(column) => narrowed.begins(column, &[&value.to_uppercase()]),
        Filter::That(condition) => narrowed.and(condition, value),
        Filter::Year(column) => {
            let year: i32 = value.parse().map_err(|_| wrong(FieldCode::NotANumber))?;
            if !(2000..=2200).contains(&year) {
                return Err(wrong(FieldCode::NotAChoice));
            }
            let start = shared::domain::calendar::start_of_year;
            narrowed.and(&format!("{column} >= ?"), start(year).0);
            narrowed.and(&format!("{column} < ?"), start(year + 1).0);
        }
        Filter::Overdue(condition) if value == "1" => narrowed.and(condition, i64::from(today.0)),
        Filter::Overdue(_) => return Err(wrong(FieldCode::NotAChoice)),
        Filter::AuditKind(column) => {
            let kind = shared::api::audit::AuditKind::from_name(value);
            let kind = kind.ok_or_else(|| wrong(FieldCode::NotAChoice))?;
            narrowed.begins(column, kind.actions());
        }
        Filter::OfferState => match value {
            "draft" => narrowed.and_always("f.pending_status in ('draft', 'returned')"),
            "submitted" | "returned" => narrowed.and("f.pending_status = ?", value),
            _ => narrowed.and("f.status = ?", value),
        },
        Filter::FromDay(column) | Filter::UntilDay(column) => {
            let day = Day::parse(value).map_err(|_| wrong(FieldCode::NotADay))?;
            if matches!(filter, Filter::FromDay(_)) {
                narrowed.and(&format!("{column} >= ?"), day.start().0);
            } else {
                narrowed.and(&format!("{column} < ?"), day.add_days(1).start().0);
            }
        }
    }
    Ok(())
}

impl Asked {
    /// The list's name.
    #[must_use]
    pub const fn title(&self) -> &'static str {
        self.list.title
    }

    /// The headings.
    #[must_use]
    pub fn heading(&self) -> Vec<&'static str> {
        self.list.columns.iter().map(|column| column.0).collect()
    }

    /// How many rows there are.
    ///
    /// # Errors
    /// `TooLarge` for more than a workbook holds; whatever the database answers.
    pub async fn count(&self, app: &App) -> Result<i64, Error> {
        let rows = store::export::count(app.db.read(), self.list, &self.narrowed).await?;
        if rows > ROWS_MAX {
            return Err(Error::refused(shared::api::problem::Code::TooLarge));
        }
        Ok(rows)
    }

    /// The key to begin behind, as it stands in an address.
    ///
    /// # Errors
    /// `Invalid` when it is none of ours.
    pub fn key_of(&self, text: &str) -> Result<Vec<Value>, Error> {
        store::export::key_from(self.list, text).ok_or_else(|| Error::field("after", FieldCode::NotAChoice))
    }

    /// The rows behind a key.
    ///
    /// # Errors
    /// Whatever the database answers.
    pub async fn page(&self, app: &App, after: Option<&Vec<Value>>, limit: i64) -> Result<Rows, Error> {
        let found = store::export::page(app.db.read(), self.list, &self.narrowed, after, limit).await?;
        let full = i64::try_from(found.len()).map_err(fault)? == limit;
        let next = found
            .last()
            .filter(|_| full)
            .map(|row| key_of(self.list, row))
            .transpose()?;
        let rows = found
            .iter()
            .map(|row| {
                let cells = (0..).zip(self.list.columns);
                cells.map(|(at, column)| cell(row, at, column.2)).collect()
            })
            .collect::<Result<_, Error>>()?;
        Ok(Rows { rows, next })
    }
}

fn cell(row: &QueryResult, at: usize, kind: Kind) -> Result<Cell, Error> {
    let text = || row.try_get_by_index::<Option<String>>(at);
    let number = || whole(row, at);
    Ok(match kind {
        Kind::Text => text()?.map_or(Cell::Empty, Cell::Text),
        Kind::Int => number()?.map_or(Cell::Empty, Cell::Int),
        Kind::Yes => {
            // PostgreSQL answers a narrow number for a case over small numbers.
            let yes = row
                .try_get_by_index::<i32>(at)
                .map(i64::from)
                .or_else(|_| row.try_get_by_index::<i64>(at))?;
            Cell::Text(if yes == 1 { "是" } else { "否" }.to_owned())
        }
        Kind::Fen => number()?.map_or(Cell::Empty, Cell::Fen),
        Kind::Day => number()?
            .and_then(|day| i32::try_from(day).ok())
            .map_or(Cell::Empty, |day| Cell::Day(Day(day))),
        Kind::At => number()?.map_or(Cell::Empty, |at| Cell::At(Micros(at))),
        Kind::Qty => {
            let unit = row.try_get_by_index::<String>(at + 1)?;
            number()?.map_or(Cell::Empty, |amount| Cell::Decimal(amount_in(amount, &unit)))
        }
        Kind::Unit => text()?.map_or(Cell::Empty, |unit| {
            Cell::Text(match unit.as_str() {
                "jin" => "斤".to_owned(),
                "kg" => "公斤".to_owned(),
                _ => unit,
            })
        }),
        Kind::Word(words) => text()?.map_or(Cell::Empty, |name| Cell::Text(word(words, &name))),
    })
}

fn amount_in(amount: i64, unit: &str) -> String {
    let weight = match unit {
        "jin" => WeightUnit::Jin,
        "kg" => WeightUnit::Kg,
        _ => return amount.to_string(),
    };
    shared::domain::quantity::Grams(amount).format_plain(weight)
}

/// A stored name as people read it; one without a word stays as it is.
fn word(words: Words, name: &str) -> String {
    let zh = Lang::Zh;
    let found = match words {
        Words::Order => status::<shared::domain::order::OrderStatus>(name),
        Words::VillageOrder => status::<shared::domain::village_order::VillageOrderStatus>(name),
        Words::Acceptance => match name {
            "posted" => Some("已入账"),
            _ => Some("待签字"),
        },
        Words::Bill => status::<shared::domain::bill::BillStatus>(name),
        Words::Billing => status::<shared::domain::bill::Billing>(name),
        Words::Offer => status::<shared::domain::offer::OfferStatus>(name),
        Words::Payment => status::<shared::domain::payment::PaymentStatus>(name),
        Words::PayMethod => status::<shared::domain::payment::PayMethod>(name),
        Words::Account => status::<shared::domain::ledger::AccountKind>(name),
        Words::Transaction => status::<shared::domain::ledger::TransactionKind>(name),
        Words::Source => status::<shared::domain::ledger::IncomeSource>(name),
        Words::UnitKind => shared::api::unit::UnitKind::from_name(name).map(|kind| role::unit_kind(zh, kind)),
        Words::Seller => shared::api::seller::SellerKind::from_name(name)
            .map(|kind| frontend::text::work::seller_kind(zh, kind)),
        Words::Role => Role::from_name(name).map(|known| role::role(zh, known)),
        Words::Step => return step::step(zh, name).to_owned(),
        Words::Object => return step::object(zh, name).to_owned(),
        Words::Variance => {
            serde_json::from_value::<shared::api::acceptance::VarianceReason>(name.to_owned().into())
                .ok()
                .map(|reason| reason.word(zh))
        }
    };
    found.unwrap_or(name).to_owned()
}

fn status<T: Status + FromStr>(name: &str) -> Option<&'static str> {
    name.parse::<T>().ok().map(|status| status.word(Lang::Zh))
}
