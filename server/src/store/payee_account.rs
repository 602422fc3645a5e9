//! Where payees' money goes, and who the payees are: villages, households, co-ops.

use super::order::placeholders;
use super::{Rows, Tx, exec, many, one};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use shared::domain::settlement::PayeeKind;
use uuid::Uuid;

/// A payee.
#[derive(FromQueryResult, Clone, Debug)]
pub struct PayeeRow {
    /// The village's code; of households and co-ops empty, `id` then says who.
    pub code: String,
    /// The household or co-op.
    pub id: Option<Uuid>,
    /// The name.
    pub name: String,
    /// The village.
    pub village_code: String,
    /// Its name.
    pub village_name: String,
    /// Its town's name.
    pub town_name: String,
}

impl PayeeRow {
    /// The payee as payables name it.
    #[must_use]
    pub fn key(&self) -> String {
        self.id.map_or_else(|| self.code.clone(), |id| id.to_string())
    }
}

/// The tables of one kind of payee under the name `x`, and its columns.
const fn tables(kind: PayeeKind) -> (&'static str, &'static str) {
    match kind {
        PayeeKind::Village => (
            "villages x join villages v on v.code = x.code join towns t on t.code = v.town_code",
            "x.code, cast(null as uuid) as id, x.name, v.code as village_code, v.name as village_name, t.name as town_name",
        ),
        PayeeKind::Household => (
            "households x join villages v on v.code = x.village_code join towns t on t.code = v.town_code",
            "'' as code, x.id, x.name, v.code as village_code, v.name as village_name, t.name as town_name",
        ),
        PayeeKind::Coop => (
            "sellers x join villages v on v.code = x.village_code join towns t on t.code = v.town_code",
            "'' as code, x.id, x.name, v.code as village_code, v.name as village_name, t.name as town_name",
        ),
    }
}

/// Payees of one kind by their keys as payables name them.
///
/// # Errors
/// Whatever the engine answers.
pub async fn payees(
    connection: &impl ConnectionTrait,
    kind: PayeeKind,
    keys: &[&str],
) -> Result<Vec<PayeeRow>, DbErr> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let (from, columns) = tables(kind);
    let mut values: Vec<Value> = Vec::new();
    let key = if kind == PayeeKind::Village {
        "x.code"
    } else {
        "x.id"
    };
    let wanted: Vec<Value> = keys
        .iter()
        .filter_map(|text| match kind {
            PayeeKind::Village => Some((*text).into()),
            PayeeKind::Household | PayeeKind::Coop => text.parse::<Uuid>().ok().map(Into::into),
        })
        .collect();
    let places = placeholders(&mut values, wanted);
    let sql = format!("select {columns} from {from} where {key} in ({places})");
    many(connection, &sql, values).await
}

/// Whose payees are listed.
#[derive(Clone, Debug)]
pub struct Filter {
    /// Of this kind.
    pub kind: PayeeKind,
    /// Only of this village.
    pub village: Option<String>,
    /// Only of villages of this town.
    pub town: Option<String>,
    /// Only payees without an account, or with one that nobody has checked.
    pub missing: bool,
}

/// Payees behind a key (`village_code`, and the id of a household or co-op), village by village.
///
/// # Errors
/// Whatever the engine answers.
pub async fn list(
    connection: &impl ConnectionTrait,
    filter: &Filter,
    after: Option<(String, Uuid)>,
    limit: i64,
) -> Result<Vec<PayeeRow>, DbErr> {
    let (from, columns) = tables(filter.kind);
    let by_id = filter.kind != PayeeKind::Village;
    let mut narrow = super::narrow::Narrow::default();
    narrow.only("v.code = $?", filter.village.clone());
    narrow.only("v.town_code = $?", filter.town.clone());
    if filter.kind == PayeeKind::Coop {
        narrow.only("x.kind = $?", Some("coop"));
    }
    if filter.missing {
        let joined = if by_id {
            "a.payee_id = x.id"
        } else {
            "a.payee = x.code"
        };
        narrow.only(
            &format!(
                "not exists (select 1 from payee_accounts a where a.payee_kind = $? and {joined}
                    and a.checked_at is not null)"
            ),
            Some(filter.kind.as_str()),
        );
    }
    if let Some((village, id)) = after {
        let village = narrow.bind(village);
        if by_id {
            let id = narrow.bind(id);
            narrow.always(&format!("(v.code, x.id) > ({village}, {id})"));
        } else {
            narrow.always(&format!("v.code > {village}"));
        }
    }
    let limit = narrow.bind(limit);
    let order = if by_id { "v.code, x.id" } else { "v.code" };
    let sql = format!(
        "select {columns} from {from} where {} order by {order} limit {limit}",
        narrow.text()
    );
    many(connection, &sql, narrow.values()).await
}

/// A payee's account.
#[derive(FromQueryResult, Clone, Debug)]
pub struct AccountRecord {
    /// What kind of payee.
    pub payee_kind: String,
    /// Who.
    pub payee: String,
    /// Whose account.
    pub account_name: String,
    /// Which.
    pub account_no: String,
    /// At which bank.
    pub bank_name: String,
    /// The bank's code.
    pub cnaps: String,
    /// Who entered it.
    pub changed_by_name: String,
    /// When.
    pub changed_at: i64,
    /// Who of the centre checked it.
    pub checked_by_name: Option<String>,
}

const ACCOUNT: &str = "payee_kind, payee, account_name, account_no, bank_name, cnaps, changed_by_name, changed_at, checked_by_name";

/// The accounts of payees of one kind.
///
/// # Errors
/// Whatever the engine answers.
pub async fn of_payees(
    connection: &impl ConnectionTrait,
    kind: PayeeKind,
    payees: &[&str],
) -> Result<Vec<AccountRecord>, DbErr> {
    if payees.is_empty() {
        return Ok(Vec::new());
    }
    let mut values: Vec<Value> = vec![kind.as_str().into()];
    let places = placeholders(&mut values, payees.iter().map(|payee| (*payee).into()));
    let sql = format!("select {ACCOUNT} from payee_accounts where payee_kind = $1 and payee in ({places})");
    many(connection, &sql, values).await
}

/// One payee's account.
///
/// # Errors
/// Whatever the engine answers.
pub async fn find(
    connection: &impl ConnectionTrait,
    kind: PayeeKind,
    payee: &str,
) -> Result<Option<AccountRecord>, DbErr> {
    let sql = format!("select {ACCOUNT} from payee_accounts where payee_kind = $1 and payee = $2");
    one(connection, &sql, [kind.as_str().into(), payee.into()]).await
}

/// An account as it is written.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// Whose.
    pub kind: PayeeKind,
    /// Who.
    pub payee: PayeeRow,
    /// Whose account.
    pub account_name: String,
    /// Which.
    pub account_no: String,
    /// At which bank.
    pub bank_name: String,
    /// The bank's code.
    pub cnaps: String,
    /// Who enters it.
    pub by: (Uuid, String),
    /// Whether whoever enters it has checked it thereby.
    pub checked: bool,
    /// When.
    pub at: i64,
}

/// Keeps a payee's account in the place of the one before.
///
/// # Errors
/// Whatever the engine answers.
pub async fn put(tx: &Tx, new: NewAccount) -> Result<(), DbErr> {
    const COLUMNS: &[&str] = &[
        "payee_kind",
        "payee",
        "payee_id",
        "village_code",
        "account_name",
        "account_no",
        "bank_name",
        "cnaps",
        "changed_by",
        "changed_by_name",
        "changed_at",
        "checked_by",
        "checked_by_name",
        "checked_at",
    ];
    let (id, name) = new.by;
    let checked = new.checked;
    Rows::into("payee_accounts", COLUMNS)
        .row([
            new.kind.as_str().into(),
            new.payee.key().into(),
            new.payee.id.into(),
            new.payee.village_code.clone().into(),
            new.account_name.into(),
            new.account_no.into(),
            new.bank_name.into(),
            new.cnaps.into(),
            id.into(),
            name.clone().into(),
            new.at.into(),
            checked.then_some(id).into(),
            checked.then_some(name).into(),
            checked.then_some(new.at).into(),
        ])
        .upsert(tx, &["payee_kind", "payee"], &COLUMNS[2..])
        .await
}

/// Says that somebody of the centre has checked an account as it was entered at `changed_at`; `false` when it was changed
/// since, or checked before.
///
/// # Errors
/// Whatever the engine answers.
pub async fn check(
    tx: &Tx,
    kind: PayeeKind,
    payee: &str,
    changed_at: i64,
    by: (Uuid, &str),
    at: i64,
) -> Result<bool, DbErr> {
    let sql = "update payee_accounts set checked_by = $4, checked_by_name = $5, checked_at = $6
        where payee_kind = $1 and payee = $2 and changed_at = $3 and checked_at is null";
    let values: [Value; 6] = [
        kind.as_str().into(),
        payee.into(),
        changed_at.into(),
        by.0.into(),
        by.1.into(),
        at.into(),
    ];
    Ok(exec(tx, sql, values).await? == 1)
}

/// What is owed to a payee and in no batch.
#[derive(FromQueryResult, Clone, Debug)]
pub struct OpenRow {
    /// The payee.
    pub payee: String,
    /// How much.
    pub open_fen: i64,
}

/// What is owed to payees of one kind and in no batch.
///
/// # Errors
/// Whatever the engine answers.
pub async fn open(
    connection: &impl ConnectionTrait,
    kind: PayeeKind,
    payees: &[&str],
) -> Result<Vec<OpenRow>, DbErr> {
    if payees.is_empty() {
        return Ok(Vec::new());
    }
    let mut values: Vec<Value> = vec![kind.as_str().into()];
    let places = placeholders(&mut values, payees.iter().map(|payee| (*payee).into()));
    let sql = format!(
        "select payee, cast(sum(amount_fen) as bigint) as open_fen from payables
        where payee_kind = $1 and payee in ({places}) and settlement_item_id is null group by payee"
    );
    many(connection, &sql, values).await
}
