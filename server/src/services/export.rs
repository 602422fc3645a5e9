//! 导出: lists as files. Who asks sees in the file what they see on screen: the same filters, the same reach.

mod computed;

use self::computed::Computed;
use super::ledger_names::{self, Owner};
use super::{App, Error, audit, certificate, fault, notice, proposal, right, search};
use crate::documents::sheet::Cell;
use crate::store::export::{Filter, Kind, List, Narrowed, Words, key_of, whole};
use crate::store::{self, DbErr};
use frontend::text::status::Status;
use frontend::text::{Lang, role, step};
use sea_orm::{QueryResult, Value};
use shared::api::books::TrialBy;
use shared::api::problem::FieldCode;
use shared::api::work::{ExportIn, ExportList, WorkKind, WorkState};
use shared::domain::calendar::{Day, Micros, SeasonMonths};
use shared::domain::certificate::CertificateKind;
use shared::domain::identity::{Actor, Role};
use shared::domain::quantity::WeightUnit;
use shared::domain::rights::Scope;
use std::collections::BTreeMap;
use std::str::FromStr;
use uuid::Uuid;

/// Rows read at once.
pub const PAGE: i64 = 500;
/// The most rows of a file: a workbook holds 1,048,576.
const ROWS_MAX: i64 = 1_000_000;

/// What stands in addresses of lists and neither narrows nor orders a file.
const IN_EVERY_ADDRESS: [&str; 2] = ["after", "limit"];
/// What orders a list that can be ordered.
const SORT: &str = "sort";

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
pub struct Asked(Source);

#[derive(Clone, Debug)]
enum Source {
    /// One statement a page.
    Listed {
        list: &'static List,
        narrowed: Narrowed,
        reader: Reader,
    },
    /// What a use case computes.
    Computed(Computed),
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
pub async fn asked(app: &App, reader: &Reader, input: &ExportIn) -> Result<Asked, Error> {
    let pairs: Vec<(String, String)> = form_urlencoded::parse(input.query.as_bytes())
        .map(|(name, value)| (name.into_owned(), value.trim().to_owned()))
        .filter(|(name, value)| !value.is_empty() && !IN_EVERY_ADDRESS.contains(&name.as_str()))
        .collect();
    let wrong = |name: &str, code| Error::field(&format!("query.{name}"), code);
    if let Some((name, _)) = pairs
        .iter()
        .find(|(_, value)| value.chars().any(char::is_control))
    {
        return Err(wrong(name, FieldCode::BadCharacters));
    }
    let Some(list) = store::export::of(input.list) else {
        return Ok(Asked(Source::Computed(Computed::of(
            &reader.0, input.list, pairs,
        )?)));
    };
    let mut narrowed = Narrowed::default();
    narrowed.and_always(list.only);
    reach(list, &reader.0, &mut narrowed)?;
    for (name, value) in pairs.iter().filter(|(name, _)| name != SORT) {
        let filter = list.filters.iter().find(|(known, _)| known == name);
        // A filter that is passed over would put into the file what is not on screen.
        let (_, filter) = filter.ok_or_else(|| wrong(name, FieldCode::NotAChoice))?;
        if matches!(filter, Filter::AsOf) {
            as_of(list, value, &input.query, &mut narrowed)?;
        } else {
            narrow(app, *filter, name, value, &mut narrowed).await?;
        }
    }
    as_the_page_does(app, input.list, &pairs, &mut narrowed);
    let reader = reader.clone();
    Ok(Asked(Source::Listed {
        list,
        narrowed,
        reader,
    }))
}

/// What a page narrows without saying so in its address.
fn as_the_page_does(app: &App, list: ExportList, pairs: &[(String, String)], narrowed: &mut Narrowed) {
    let today = app.today();
    match list {
        // The page shows this year when it names none.
        ExportList::Incomes if !pairs.iter().any(|(name, _)| name == "year") => {
            narrowed.and("i.year = ?", i64::from(today.year()));
        }
        ExportList::Certificates => {
            let (first, last) = certificate::days(today);
            narrowed.and("f.certificate_until >= ?", first.0);
            narrowed.and("f.certificate_until <= ?", last.0);
        }
        ExportList::Proposals => {
            narrowed.and("r.proposed_at > ?", proposal::since(app.now()).0);
        }
        _ => {}
    }
}

/// Narrows a list to where the reader's right reaches.
fn reach(list: &List, actor: &Actor, narrowed: &mut Narrowed) -> Result<(), Error> {
    if let Some(person) = list.person {
        narrowed.and(&format!("{person} = ?"), actor.person_id);
    }
    if let Some(audience) = list.audience {
        let own = notice::audiences(actor).map(Value::from);
        narrowed.one_of(audience, own.to_vec());
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
            match list.of_villages {
                Some(condition) => narrowed.and(condition, code),
                None => narrowed.and(&format!("{} = ?", list.village.ok_or_else(forbidden)?), code),
            }
        }
        Scope::OwnTown => {
            let code = grant.town_code.clone().ok_or_else(forbidden)?;
            if let Some(condition) = list.of_villages {
                narrowed.and(condition, code);
            } else {
                let village = list.village.ok_or_else(forbidden)?;
                narrowed.and(&format!("substr({village}, 1, 9) = ?"), code);
            }
        }
    }
    Ok(())
}

/// As of an instant, by the time that the address names beside it.
fn as_of(list: &List, at: &str, query: &str, narrowed: &mut Narrowed) -> Result<(), Error> {
    let wrong = |_| Error::field("query.at", FieldCode::NotADay);
    let Some(at) = super::books::instant(at).map_err(wrong)? else {
        return Ok(());
    };
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    let effective = pairs.any(|(name, value)| name == "by" && value == TrialBy::Effective.as_str());
    let column = if effective {
        "t.effective_at"
    } else {
        "t.recorded_at"
    };
    narrowed.and_inside(list, &format!("{column} <= ?"), at.0);
    Ok(())
}

async fn narrow(
    app: &App,
    filter: Filter,
    name: &str,
    value: &str,
    narrowed: &mut Narrowed,
) -> Result<(), Error> {
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
        Filter::Found(registers) => {
            if value.chars().count() > search::CHARS_MAX {
                return Err(wrong(FieldCode::TooLong));
            }
            let mut columns = Vec::new();
            for (register, column) in registers {
                columns.push((*column, search::among(app, *register, value).await?));
            }
            narrowed.among(&columns);
        }
        Filter::Goods(table) => {
            for word in search::each_word(app, value).await? {
                narrowed.and_all(|values| word.condition(table, values));
            }
        }
        Filter::Object(table) => {
            let objects = audit::objects_named(app, value).await?;
            narrowed.and_all(|values| Some(objects.condition(table, values)));
        }
        Filter::Person(column) => {
            narrowed.among(&[(column, audit::people_named(app, value).await?)]);
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
        Filter::Overdue(condition) if value == "1" => narrowed.and(condition, i64::from(app.today().0)),
        Filter::Overdue(_) => return Err(wrong(FieldCode::NotAChoice)),
        Filter::AuditKind(column) => {
            let kind = shared::api::audit::AuditKind::from_name(value);
            let kind = kind.ok_or_else(|| wrong(FieldCode::NotAChoice))?;
            narrowed.begins(column, kind.actions());
        }
        Filter::AsOf => {}
        Filter::AsOfBy => {
            TrialBy::from_name(value).ok_or_else(|| wrong(FieldCode::NotAChoice))?;
        }
        Filter::OfferState => match value {
            "draft" => narrowed.and_always("f.pending_status in ('draft', 'returned')"),
            "submitted" | "returned" => narrowed.and("f.pending_status = ?", value),
            _ => narrowed.and("f.status = ?", value),
        },
        Filter::FromDay(column) | Filter::UntilDay(column) | Filter::OnDay(column) => {
            let day = Day::parse(value).map_err(|_| wrong(FieldCode::NotADay))?;
            match filter {
                Filter::FromDay(_) => narrowed.and(&format!("{column} >= ?"), day.start().0),
                Filter::OnDay(_) => narrowed.and(&format!("{column} = ?"), day.0),
                _ => narrowed.and(&format!("{column} < ?"), day.add_days(1).start().0),
            }
        }
    }
    Ok(())
}

impl Asked {
    /// The list's name.
    #[must_use]
    pub fn title(&self) -> &'static str {
        match &self.0 {
            Source::Listed { list, .. } => list.title,
            Source::Computed(computed) => computed.title(),
        }
    }

    /// The headings.
    #[must_use]
    pub fn heading(&self) -> Vec<&'static str> {
        match &self.0 {
            Source::Listed { list, .. } => list.columns.iter().map(|column| column.0).collect(),
            Source::Computed(computed) => computed.heading().to_vec(),
        }
    }

    /// Tries whether it can be computed at all, so that what could never be done is refused at once.
    ///
    /// # Errors
    /// What the use case behind it answers.
    pub async fn check(&self, app: &App) -> Result<(), Error> {
        match &self.0 {
            Source::Listed { .. } => Ok(()),
            Source::Computed(computed) => computed.page(app, None).await.map(drop),
        }
    }

    /// How many rows there are; 0 when nobody knows before they are written.
    ///
    /// # Errors
    /// `TooLarge` for more than a workbook holds; whatever the database answers.
    pub async fn count(&self, app: &App) -> Result<i64, Error> {
        let Source::Listed { list, narrowed, .. } = &self.0 else {
            return Ok(0);
        };
        let rows = store::export::count(app.db.read(), list, narrowed).await?;
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
        let key = match &self.0 {
            Source::Listed { list, .. } => store::export::key_from(list, text),
            Source::Computed(_) => Some(vec![text.into()]),
        };
        key.ok_or_else(|| Error::field("after", FieldCode::NotAChoice))
    }

    /// The rows behind a key.
    ///
    /// # Errors
    /// Whatever the database answers.
    pub async fn page(&self, app: &App, after: Option<&Vec<Value>>, limit: i64) -> Result<Rows, Error> {
        let (list, narrowed, reader) = match &self.0 {
            Source::Listed {
                list,
                narrowed,
                reader,
            } => (*list, narrowed, reader),
            Source::Computed(computed) => {
                let after = after.map(|key| store::export::key_text(key));
                let (rows, next) = computed.page(app, after.as_deref()).await?;
                let next = next.map(|text| vec![text.into()]);
                return Ok(Rows { rows, next });
            }
        };
        let found = store::export::page(app.db.read(), list, narrowed, after, limit).await?;
        let full = i64::try_from(found.len()).map_err(fault)? == limit;
        let next = found
            .last()
            .filter(|_| full)
            .map(|row| key_of(list, row))
            .transpose()?;
        let owners = owners(app, reader, list, &found).await?;
        let rows = found
            .iter()
            .map(|row| {
                let cells = (0..).zip(list.columns);
                cells
                    .map(|(at, column)| match column.2 {
                        Kind::Owner => owner(row, at, &owners),
                        kind => cell(row, at, kind),
                    })
                    .collect()
            })
            .collect::<Result<_, Error>>()?;
        Ok(Rows { rows, next })
    }
}

/// The names of those whose accounts stand in these rows, as far as the reader may know them.
async fn owners(
    app: &App,
    reader: &Reader,
    list: &List,
    rows: &[QueryResult],
) -> Result<BTreeMap<String, Owner>, Error> {
    let Some(at) = list.columns.iter().position(|column| column.2 == Kind::Owner) else {
        return Ok(BTreeMap::new());
    };
    let accounts = rows.iter().map(|row| {
        let kind = row.try_get_by_index::<String>(at - 1)?;
        Ok::<_, DbErr>((kind, row.try_get_by_index::<String>(at)?))
    });
    let accounts: Vec<(String, String)> = accounts.collect::<Result<_, DbErr>>()?;
    let accounts: Vec<(&str, &str)> = (accounts.iter())
        .map(|(kind, owner)| (kind.as_str(), owner.as_str()))
        .collect();
    ledger_names::names(app, &reader.0, &accounts).await
}

fn owner(row: &QueryResult, at: usize, names: &BTreeMap<String, Owner>) -> Result<Cell, Error> {
    let owner = row.try_get_by_index::<String>(at)?;
    Ok(match names.get(&owner) {
        Some(Owner::Name(name)) => Cell::Text(name.clone()),
        Some(Owner::Household(no)) => Cell::Text(format!("低收入户 {no} 号")),
        None => Cell::Empty,
    })
}

fn cell(row: &QueryResult, at: usize, kind: Kind) -> Result<Cell, Error> {
    let text = || row.try_get_by_index::<Option<String>>(at);
    let number = || whole(row, at);
    Ok(match kind {
        Kind::Text | Kind::Owner => text()?.map_or(Cell::Empty, Cell::Text),
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
        Kind::Months => number()?
            .and_then(|months| u16::try_from(months).ok())
            .map_or(Cell::Empty, |months| Cell::Text(SeasonMonths(months).text())),
        Kind::Word(words) => text()?.map_or(Cell::Empty, |name| Cell::Text(word(words, &name))),
        Kind::Notice => {
            let subject = row.try_get_by_index::<String>(at + 1)?;
            let kind = text()?.as_deref().and_then(notice::NoticeKind::from_name);
            kind.map_or(Cell::Empty, |kind| {
                Cell::Text(frontend::text::notice::sentence(Lang::Zh, kind, &subject))
            })
        }
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
        Words::Invoice => status::<shared::domain::invoice::InvoiceStatus>(name),
        Words::InvoiceKind => status::<shared::domain::invoice::InvoiceKind>(name),
        Words::Receipt => status::<shared::domain::receipt::ReceiptStatus>(name),
        Words::Billing => status::<shared::domain::bill::Billing>(name),
        Words::Batch => status::<shared::domain::settlement::BatchStatus>(name),
        Words::Settlement => status::<shared::domain::settlement::SettlementStatus>(name),
        Words::Payee => status::<shared::domain::settlement::PayeeKind>(name),
        Words::Offer => status::<shared::domain::offer::OfferStatus>(name),
        Words::Payment => status::<shared::domain::payment::PaymentStatus>(name),
        Words::RefundOrder => status::<shared::domain::refund_order::RefundOrderStatus>(name),
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
        Words::Money => serde_json::from_value::<shared::api::income::MoneyState>(name.to_owned().into())
            .ok()
            .map(|state| state.word(zh)),
        Words::Claim => status::<shared::domain::claim::ClaimStatus>(name),
        Words::Certificate => {
            CertificateKind::from_name(name).map(|kind| frontend::text::work::certificate_kind(zh, kind))
        }
        Words::Proposal => frontend::text::work::proposal_kind(zh, name),
        Words::WorkKind => WorkKind::from_name(name).map(|kind| frontend::text::work::kind(zh, kind)),
        Words::WorkSubject => return frontend::text::work::subject(zh, name).to_owned(),
        Words::WorkState => status::<WorkState>(name),
    };
    found.unwrap_or(name).to_owned()
}

fn status<T: Status + FromStr>(name: &str) -> Option<&'static str> {
    name.parse::<T>().ok().map(|status| status.word(Lang::Zh))
}
