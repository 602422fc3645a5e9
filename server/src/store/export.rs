//! Lists as they are written to files: each one statement a page, keyset-paged, narrowed to what its reader may read.

mod lists;
mod payments;

pub use lists::of;

use super::Connection;
use super::narrow::Among;
use super::search::Named;
use sea_orm::{ConnectionTrait as _, DbErr, QueryResult, Statement, Value};
use shared::domain::rights::Action;
use uuid::Uuid;

/// What stands in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text as stored.
    Text,
    /// A count.
    Int,
    /// Yes or no, stored as 1 or 0.
    Yes,
    /// A sum in fen.
    Fen,
    /// A day.
    Day,
    /// A moment.
    At,
    /// An amount in base units; the column behind it says in what it is shown.
    Qty,
    /// `jin`, `kg`, or the name of a piece.
    Unit,
    /// The months of a season, one bit each.
    Months,
    /// A stored name that people read as a word.
    Word(Words),
    /// What a notice says; the column behind it says of what.
    Notice,
    /// Whose an account is, by name; the kind of the account stands in the column before.
    Owner,
}

/// Whose words a stored name is read in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Words {
    /// States of orders.
    Order,
    /// States of village orders.
    VillageOrder,
    /// States of acceptances.
    Acceptance,
    /// States of bills.
    Bill,
    /// What bills cover.
    Billing,
    /// States of receipts.
    Receipt,
    /// States of batches of settlements.
    Batch,
    /// States of settlements.
    Settlement,
    /// Kinds of payees.
    Payee,
    /// States of invoices.
    Invoice,
    /// Kinds of invoices.
    InvoiceKind,
    /// States of offers.
    Offer,
    /// Kinds of accounts.
    Account,
    /// Kinds of ledger transactions.
    Transaction,
    /// Sources of income.
    Source,
    /// Kinds of units.
    UnitKind,
    /// Kinds of sellers.
    Seller,
    /// Roles.
    Role,
    /// Steps on record.
    Step,
    /// Kinds of things on record.
    Object,
    /// Reasons of a variance.
    Variance,
    /// States of claims.
    Claim,
    /// Kinds of certificates.
    Certificate,
    /// How far the money of a credit has come.
    Money,
    /// What takes two administrators.
    Proposal,
    /// Kinds of long work.
    WorkKind,
    /// What long work is about.
    WorkSubject,
    /// States of long work.
    WorkState,
    /// States of payments.
    Payment,
    /// States of refunds by bank.
    RefundOrder,
    /// By what a unit paid.
    PayMethod,
}

/// A column: its heading, where it comes from, what stands in it.
#[derive(Clone, Copy, Debug)]
pub struct Column(pub &'static str, pub &'static str, pub Kind);

/// A key that pages go by.
#[derive(Clone, Copy, Debug)]
pub enum Key {
    /// A whole number.
    Int(&'static str),
    /// A text.
    Text(&'static str),
    /// An id.
    Id(&'static str),
}

/// What a filter of the address does.
#[derive(Clone, Copy, Debug)]
pub enum Filter {
    /// This text is equal to it.
    Is(&'static str),
    /// This id is equal to it.
    IdIs(&'static str),
    /// This number is equal to it.
    NumberIs(&'static str),
    /// One of these registers' rows, by the column that names them, answers it as goods answer a search.
    Found(&'static [(Named, &'static str)]),
    /// Words of goods, by the columns of the offer under this name.
    Goods(&'static str),
    /// What was done to this, in the log under this name.
    Object(&'static str),
    /// Done by this person.
    Person(&'static str),
    /// It begins like this.
    Begins(&'static str),
    /// A condition of its own, in which `?` stands for the text.
    That(&'static str),
    /// A moment in this year.
    Year(&'static str),
    /// The kinds of steps on record.
    AuditKind(&'static str),
    /// The states of the list of offers.
    OfferState,
    /// `1` for a condition in which `?` stands for today.
    Overdue(&'static str),
    /// A moment on this day or later.
    FromDay(&'static str),
    /// A moment on this day or earlier.
    UntilDay(&'static str),
    /// This day.
    OnDay(&'static str),
    /// As of an instant: `t.recorded_at`, or `t.effective_at` when the address says so beside it.
    AsOf,
    /// Which time an instant means; it narrows nothing by itself.
    AsOfBy,
}

/// A list.
#[derive(Clone, Copy, Debug)]
pub struct List {
    /// Its name, which is its file's too.
    pub title: &'static str,
    /// The right that reading it takes.
    pub action: Action,
    /// The tables.
    pub from: &'static str,
    /// The unit of a row.
    pub unit: Option<&'static str>,
    /// The village of a row.
    pub village: Option<&'static str>,
    /// For rows of several villages: what is of those whose code begins like `?`, which is a village's or a town's.
    pub of_villages: Option<&'static str>,
    /// The person of a row: only their own.
    pub person: Option<&'static str>,
    /// Whom a row is for: only what is for the reader.
    pub audience: Option<&'static str>,
    /// What narrows it always.
    pub only: &'static str,
    /// The columns.
    pub columns: &'static [Column],
    /// What pages go by.
    pub keys: &'static [Key],
    /// Whether the last comes first.
    pub falling: bool,
    /// The filters that its page knows.
    pub filters: &'static [(&'static str, Filter)],
}

/// Where conditions stand within a list's own sums.
const INSIDE: &str = "{inside}";

/// Conditions with their values.
#[derive(Clone, Debug, Default)]
pub struct Narrowed {
    text: String,
    /// Conditions within a list's own sums, where its tables say `{inside}`.
    inside: String,
    values: Vec<Value>,
}

impl Narrowed {
    /// One condition more: `?` stands for the value.
    pub fn and(&mut self, condition: &str, value: impl Into<Value>) {
        self.values.push(value.into());
        let place = format!("${}", self.values.len());
        self.text.push_str(" and ");
        self.text.push_str(&condition.replace('?', &place));
    }

    /// One condition more, within the sums of a list that has some.
    pub fn and_inside(&mut self, list: &List, condition: &str, value: impl Into<Value>) {
        if !list.from.contains(INSIDE) {
            return self.and(condition, value);
        }
        self.values.push(value.into());
        let place = format!("${}", self.values.len());
        self.inside.push_str(" and ");
        self.inside.push_str(&condition.replace('?', &place));
    }

    /// A list's tables.
    fn tables(&self, list: &List) -> String {
        list.from.replace(INSIDE, &self.inside)
    }

    /// One of these beginnings.
    pub fn begins(&mut self, column: &str, beginnings: &[&str]) {
        let any: Vec<String> = beginnings
            .iter()
            .map(|start| {
                self.values.push(format!("{}%", start.replace('_', "!_")).into());
                format!("{column} like ${} escape '!'", self.values.len())
            })
            .collect();
        self.text.push_str(&format!(" and ({})", any.join(" or ")));
    }

    /// One of these; nothing at all when there are none.
    pub fn one_of(&mut self, column: &str, values: Vec<Value>) {
        let places = super::order::placeholders(&mut self.values, values);
        self.text.push_str(&format!(" and {column} in ({places})"));
    }

    /// Rows that one of these columns names.
    pub fn among(&mut self, columns: &[(&str, Among)]) {
        let mut values = self.values.clone();
        let any: Option<Vec<String>> = columns
            .iter()
            .map(|(column, among)| among.condition(column, &mut values))
            .collect();
        // Where every row passes one of them, nothing is narrowed.
        let Some(any) = any else { return };
        self.text.push_str(&format!(" and ({})", any.join(" or ")));
        self.values = values;
    }

    /// One condition more, that puts its own values behind those that stand there.
    pub fn and_all(&mut self, condition: impl FnOnce(&mut Vec<Value>) -> Option<String>) {
        if let Some(condition) = condition(&mut self.values) {
            self.text.push_str(&format!(" and {condition}"));
        }
    }

    /// One condition more, without a value.
    pub fn and_always(&mut self, condition: &str) {
        if !condition.is_empty() {
            self.text.push_str(" and ");
            self.text.push_str(condition);
        }
    }
}

/// How many rows there are.
///
/// # Errors
/// Whatever the engine answers.
pub async fn count(connection: &Connection, list: &List, narrowed: &Narrowed) -> Result<i64, DbErr> {
    let tables = narrowed.tables(list);
    let sql = format!("select count(*) from {tables} where 1 = 1{}", narrowed.text);
    super::scalar(connection, &sql, narrowed.values.clone()).await
}

/// A page of rows behind a key.
///
/// # Errors
/// Whatever the engine answers.
pub async fn page(
    connection: &Connection,
    list: &List,
    narrowed: &Narrowed,
    after: Option<&Vec<Value>>,
    limit: i64,
) -> Result<Vec<QueryResult>, DbErr> {
    let mut values = narrowed.values.clone();
    let names: Vec<&str> = list
        .keys
        .iter()
        .map(|key| match key {
            Key::Int(name) | Key::Text(name) | Key::Id(name) => *name,
        })
        .collect();
    let behind = after.map_or_else(String::new, |after| {
        let places = super::order::placeholders(&mut values, after.iter().cloned());
        let sign = if list.falling { '<' } else { '>' };
        format!(" and ({}) {sign} ({places})", names.join(", "))
    });
    let columns: Vec<&str> = list
        .columns
        .iter()
        .map(|column| column.1)
        .chain(names.iter().copied())
        .collect();
    let direction = if list.falling { " desc" } else { "" };
    let order: Vec<String> = names.iter().map(|name| format!("{name}{direction}")).collect();
    let limit = super::order::placeholders(&mut values, [limit.into()]);
    let sql = format!(
        "select {} from {} where 1 = 1{}{behind} order by {} limit {limit}",
        columns.join(", "),
        narrowed.tables(list),
        narrowed.text,
        order.join(", ")
    );
    let statement = Statement::from_sql_and_values(connection.get_database_backend(), sql, values);
    connection.query_all_raw(statement).await
}

/// The key of a row, behind its columns.
///
/// # Errors
/// When a row has another shape than its list.
pub fn key_of(list: &List, row: &QueryResult) -> Result<Vec<Value>, DbErr> {
    (list.columns.len()..)
        .zip(list.keys)
        .map(|(at, key)| {
            Ok(match key {
                Key::Int(_) => whole(row, at)?.unwrap_or_default().into(),
                Key::Text(_) => row.try_get_by_index::<String>(at)?.into(),
                Key::Id(_) => row.try_get_by_index::<Uuid>(at)?.into(),
            })
        })
        .collect()
}

/// A key as it stands in an address.
#[must_use]
pub fn key_text(key: &[Value]) -> String {
    let parts = key.iter().map(|value| match value {
        Value::BigInt(Some(number)) => number.to_string(),
        Value::String(Some(text)) => text.clone(),
        Value::Uuid(Some(id)) => id.to_string(),
        _ => String::new(),
    });
    parts.collect::<Vec<_>>().join("~")
}

/// The key of a text in an address; `None` when it is none of ours.
#[must_use]
pub fn key_from(list: &List, text: &str) -> Option<Vec<Value>> {
    let parts: Vec<&str> = text.split('~').collect();
    if parts.len() != list.keys.len() || text.chars().any(char::is_control) {
        return None;
    }
    list.keys
        .iter()
        .zip(parts)
        .map(|(key, part)| match key {
            Key::Int(_) => part.parse::<i64>().ok().map(Value::from),
            Key::Text(_) => Some(part.into()),
            Key::Id(_) => part.parse::<Uuid>().ok().map(Value::from),
        })
        .collect()
}

/// A whole number, however wide its column is.
///
/// # Errors
/// When it is none.
pub fn whole(row: &QueryResult, at: usize) -> Result<Option<i64>, DbErr> {
    row.try_get_by_index::<Option<i64>>(at)
}
