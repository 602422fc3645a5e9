//! 收款账户: where payees' money goes. A village says it for itself and its households, the centre's finance for everybody; what a
//! village said is used once the centre has checked it. All of it stands on record, and takes a fresh proof of who one is.

use super::idempotency::{Key, once};
use super::notice::{self, Notice, NoticeKind, To};
use super::settlement::payee_of;
use super::{App, Error, fault, paging, right, step_up};
use crate::store;
use crate::store::audit::Entry;
use crate::store::payee_account::{AccountRecord, Filter, NewAccount, PayeeRow};
use futures::FutureExt as _;
use shared::api::page::Page;
use shared::api::problem::{FieldCode, FieldProblem};
use shared::api::settlement::{AccountShown, PayeeAccountIn, PayeeAccountOut};
use shared::domain::bank_account::{self, AccountError, masked};
use shared::domain::calendar::Micros;
use shared::domain::identity::{Actor, Role};
use shared::domain::money::Fen;
use shared::domain::rights::{Action, Place, Scope};
use shared::domain::settlement::PayeeKind;
use std::collections::BTreeMap;
use std::sync::Arc;
use uuid::Uuid;

/// What narrows a list of payees.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// What kind; villages when left out.
    pub kind: Option<PayeeKind>,
    /// Only of this town.
    pub town: Option<String>,
    /// Only those without a checked account.
    pub missing: bool,
}

/// Payees with their accounts, village by village.
///
/// # Errors
/// `Forbidden`; `Invalid` for a bad `after`.
pub async fn list(
    app: &App,
    actor: &Actor,
    asked: &Asked,
    after: Option<&str>,
    limit: i64,
) -> Result<Page<PayeeAccountOut>, Error> {
    let own = match right::reach(actor, Action::PayeeAccountRead)? {
        Scope::OwnVillage => Some(actor.grant.village_code.clone().unwrap_or_default()),
        _ => None,
    };
    let kind = asked.kind.unwrap_or(PayeeKind::Village);
    let filter = Filter {
        kind,
        village: own,
        town: asked.town.clone(),
        missing: asked.missing,
    };
    let limit = paging::limit(limit);
    let read = app.db.read();
    let mut rows = store::payee_account::list(read, &filter, read_key(after)?, limit + 1).await?;
    let more = i64::try_from(rows.len()).map_err(fault)? > limit;
    rows.truncate(usize::try_from(limit).map_err(fault)?);
    let next = rows
        .last()
        .filter(|_| more)
        .map(|row| format!("{}_{}", row.village_code, row.id.unwrap_or_default()));
    let keys: Vec<String> = rows.iter().map(PayeeRow::key).collect();
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    let accounts: BTreeMap<String, AccountRecord> = store::payee_account::of_payees(read, kind, &keys)
        .await?
        .into_iter()
        .map(|account| (account.payee.clone(), account))
        .collect();
    let open: BTreeMap<String, i64> = store::payee_account::open(read, kind, &keys)
        .await?
        .into_iter()
        .map(|row| (row.payee, row.open_fen))
        .collect();
    let items = rows
        .iter()
        .map(|row| {
            let key = row.key();
            let sum = open.get(&key).copied().unwrap_or_default();
            out_of(actor, kind, row, accounts.get(&key), sum)
        })
        .collect();
    Ok(Page { items, next })
}

fn read_key(after: Option<&str>) -> Result<Option<(String, Uuid)>, Error> {
    let Some(text) = after.filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    text.split_once('_')
        .and_then(|(village, id)| Some((village.to_owned(), id.parse().ok()?)))
        .map(Some)
        .ok_or_else(|| Error::field("after", FieldCode::NotAChoice))
}

/// One payee with its account.
///
/// # Errors
/// `NotFound`, `Forbidden`.
pub async fn show(app: &App, actor: &Actor, kind: PayeeKind, payee: &str) -> Result<PayeeAccountOut, Error> {
    right::reach(actor, Action::PayeeAccountRead)?;
    let row = payee_row(app, kind, payee).await?;
    right::require(actor, Action::PayeeAccountRead, Place::village(&row.village_code))?;
    let read = app.db.read();
    let account = store::payee_account::find(read, kind, payee).await?;
    let open = store::payee_account::open(read, kind, &[payee]).await?;
    let open = open.first().map_or(0, |row| row.open_fen);
    Ok(out_of(actor, kind, &row, account.as_ref(), open))
}

async fn payee_row(app: &App, kind: PayeeKind, payee: &str) -> Result<PayeeRow, Error> {
    let mut rows = store::payee_account::payees(app.db.read(), kind, &[payee]).await?;
    rows.pop().ok_or_else(Error::not_found)
}

fn out_of(
    actor: &Actor,
    kind: PayeeKind,
    row: &PayeeRow,
    account: Option<&AccountRecord>,
    open_fen: i64,
) -> PayeeAccountOut {
    let whole = actor.may(Action::PayeeAccountCheck, Place::DISTRICT);
    let account = account.map(|account| AccountShown {
        account_name: account.account_name.clone(),
        account_no: if whole {
            account.account_no.clone()
        } else {
            masked(&account.account_no)
        },
        bank_name: account.bank_name.clone(),
        cnaps: account.cnaps.clone(),
        changed_by_name: account.changed_by_name.clone(),
        changed_at: Micros(account.changed_at),
        checked_by_name: account.checked_by_name.clone(),
    });
    PayeeAccountOut {
        payee: payee_of(kind, row),
        account,
        open_fen: Fen(open_fen),
    }
}

/// Says where a payee's money goes.
///
/// # Errors
/// `NotFound`, `Forbidden`; `StepUpNeeded`; `Invalid`; `KeyReused`.
pub async fn put(
    app: &App,
    actor: &Actor,
    key: &Key,
    (kind, payee): (PayeeKind, &str),
    input: PayeeAccountIn,
) -> Result<PayeeAccountOut, Error> {
    right::reach(actor, Action::PayeeAccountWrite)?;
    let row = payee_row(app, kind, payee).await?;
    right::require(
        actor,
        Action::PayeeAccountWrite,
        Place::village(&row.village_code),
    )?;
    step_up::require_recent(app, actor)?;
    let input = checked(&input)?;
    let checks = actor.may(Action::PayeeAccountCheck, Place::DISTRICT);
    let body = (kind, payee.to_owned(), input.clone());
    let job = Arc::new((app.clone(), actor.clone(), row, input));
    let () = once(
        app,
        actor.person_id,
        "settlement.account",
        key,
        &body,
        move |tx| {
            let job = Arc::clone(&job);
            async move {
                let (app, actor, row, input) = &*job;
                let now = app.now();
                let new = NewAccount {
                    kind,
                    payee: row.clone(),
                    account_name: input.account_name.clone(),
                    account_no: input.account_no.clone(),
                    bank_name: input.bank_name.clone(),
                    cnaps: input.cnaps.clone(),
                    by: (actor.person_id, actor.person_name.clone()),
                    checked: checks,
                    at: now.0,
                };
                store::payee_account::put(tx, new).await?;
                // Never a household's name, and never all of an account.
                let detail = format!("{} {}", masked(&input.account_no), input.bank_name);
                let entry = entry("settlement.account", kind, row, detail);
                store::audit::insert(tx, now, Some(actor), vec![entry]).await?;
                if checks {
                    return Ok(());
                }
                let told = Notice {
                    to: To::Role(Role::CentreFinance),
                    kind: NoticeKind::AccountEntered,
                    subject: format!("{}{}", row.town_name, row.village_name),
                    path: format!("/payees/{kind}/{}", row.key()),
                };
                notice::tell(tx, now, vec![told]).await
            }
            .boxed()
        },
    )
    .await?;
    show(app, actor, kind, payee).await
}

fn entry(action: &'static str, kind: PayeeKind, row: &PayeeRow, detail: String) -> Entry {
    Entry {
        action,
        object_kind: "payee",
        object_id: format!("{kind}/{}", row.key()),
        village_code: Some(row.village_code.clone()),
        detail,
        ..Entry::default()
    }
}

/// Says that an account, as it was entered at `changed_at`, was checked: from now on it can be paid to.
///
/// # Errors
/// `NotFound`, `Forbidden`; `StepUpNeeded`; `WrongState` when it was checked before; `Changed` when it was entered anew.
pub async fn check(
    app: &App,
    actor: &Actor,
    key: &Key,
    (kind, payee): (PayeeKind, &str),
    changed_at: Micros,
) -> Result<PayeeAccountOut, Error> {
    right::require(actor, Action::PayeeAccountCheck, Place::DISTRICT)?;
    let row = payee_row(app, kind, payee).await?;
    step_up::require_recent(app, actor)?;
    let account = store::payee_account::find(app.db.read(), kind, payee)
        .await?
        .ok_or_else(Error::not_found)?;
    let body = (kind, payee.to_owned(), changed_at);
    let job = Arc::new((app.clone(), actor.clone(), row, account));
    let () = once(
        app,
        actor.person_id,
        "settlement.account_checked",
        key,
        &body,
        move |tx| {
            let job = Arc::clone(&job);
            async move {
                let (app, actor, row, account) = &*job;
                let now = app.now();
                let by = (actor.person_id, actor.person_name.as_str());
                let key = row.key();
                if !store::payee_account::check(tx, kind, &key, changed_at.0, by, now.0).await? {
                    return Err(Error::wrong_state());
                }
                let detail = masked(&account.account_no);
                let entry = entry("settlement.account_checked", kind, row, detail);
                Ok(store::audit::insert(tx, now, Some(actor), vec![entry]).await?)
            }
            .boxed()
        },
    )
    .await?;
    show(app, actor, kind, payee).await
}

/// What was typed, as it is kept.
fn checked(input: &PayeeAccountIn) -> Result<PayeeAccountIn, Error> {
    let mut problems = Vec::new();
    let mut text = |field: &str, typed: &str, least: usize, most: usize| {
        let clean = typed.trim().to_owned();
        let length = clean.chars().count();
        if length == 0 {
            problems.push(FieldProblem::new(field, FieldCode::Required));
        } else if length < least {
            problems.push(FieldProblem::bound(field, FieldCode::TooShort, least));
        } else if length > most {
            problems.push(FieldProblem::bound(field, FieldCode::TooLong, most));
        } else if clean.chars().any(char::is_control) {
            problems.push(FieldProblem::new(field, FieldCode::BadCharacters));
        }
        clean
    };
    let account_name = text("account_name", &input.account_name, 2, 60);
    let bank_name = text("bank_name", &input.bank_name, 4, 60);
    let cnaps = input.cnaps.trim().to_owned();
    if !cnaps.is_empty() && !bank_account::is_cnaps(&cnaps) {
        problems.push(FieldProblem::bound(
            "cnaps",
            FieldCode::NotANumber,
            bank_account::CNAPS_DIGITS,
        ));
    }
    let account_no = match bank_account::number(&input.account_no) {
        Ok(number) => number,
        Err(error) => {
            let problem = |code| FieldProblem::new("account_no", code);
            let bound = |code, bound: usize| FieldProblem::bound("account_no", code, bound);
            problems.push(match error {
                AccountError::Empty => problem(FieldCode::Required),
                AccountError::Character => problem(FieldCode::NotANumber),
                AccountError::TooShort => bound(FieldCode::TooShort, bank_account::DIGITS_MIN),
                AccountError::TooLong => bound(FieldCode::TooLong, bank_account::DIGITS_MAX),
                AccountError::Check => problem(FieldCode::WrongCheck),
            });
            String::new()
        }
    };
    if problems.is_empty() {
        Ok(PayeeAccountIn {
            account_name,
            account_no,
            bank_name,
            cnaps,
        })
    } else {
        Err(Error::invalid(problems))
    }
}
