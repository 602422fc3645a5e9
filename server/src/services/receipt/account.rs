//! The centre's accounts at banks.

use super::super::idempotency::{Key, once};
use super::super::{App, Error, right};
use super::check_text;
use crate::store;
use crate::store::audit::Entry;
use crate::store::bank::AccountRow;
use futures::FutureExt as _;
use shared::api::problem::FieldCode;
use shared::api::receipt::{BankAccountIn, BankAccountOut};
use shared::domain::calendar::Micros;
use shared::domain::identity::Actor;
use shared::domain::receipt::statement::account_digits;
use shared::domain::rights::{Action, Place};
use std::sync::Arc;

/// Accounts at the most.
const ACCOUNTS_MAX: i64 = 100;
/// The longest name of an account and of its bank.
const NAME_MAX: usize = 40;
const BANK_MAX: usize = 60;

/// The centre's accounts, by name.
///
/// # Errors
/// `Forbidden`.
pub async fn accounts(app: &App, actor: &Actor) -> Result<Vec<BankAccountOut>, Error> {
    right::require(actor, Action::ReceiptRead, Place::DISTRICT)?;
    let rows = store::bank::accounts(app.db.read(), ACCOUNTS_MAX).await?;
    Ok(rows.iter().map(out).collect())
}

pub(super) fn out(row: &AccountRow) -> BankAccountOut {
    BankAccountOut {
        id: row.id,
        name: row.name.clone(),
        bank: row.bank.clone(),
        account_no: row.account_no.clone(),
        newest_on: row.newest_at.map(|at| Micros(at).day()),
    }
}

/// Adds an account of the centre's.
///
/// # Errors
/// `Forbidden`; `Invalid` for a name or number that is none, or a number that is known; `KeyReused`.
pub async fn add_account(
    app: &App,
    actor: &Actor,
    key: &Key,
    input: &BankAccountIn,
) -> Result<BankAccountOut, Error> {
    right::require(actor, Action::ReceiptWrite, Place::DISTRICT)?;
    for (field, text, most) in [("name", &input.name, NAME_MAX), ("bank", &input.bank, BANK_MAX)] {
        if text.trim().is_empty() {
            return Err(Error::field(field, FieldCode::Required));
        }
        check_text(field, text.trim(), most)?;
    }
    let account_no = account_digits(&input.account_no);
    if !(6..=40).contains(&account_no.len()) || !account_no.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Error::field("account_no", FieldCode::BadCharacters));
    }
    let row = AccountRow {
        id: app.new_id(),
        name: input.name.trim().to_owned(),
        bank: input.bank.trim().to_owned(),
        account_no,
        newest_at: None,
    };
    let job = Arc::new((actor.clone(), row, app.now()));
    let id = once(app, actor.person_id, "receipt.account", key, input, move |tx| {
        let job = Arc::clone(&job);
        async move {
            let (actor, row, now) = &*job;
            if store::bank::has_number(tx, &row.account_no).await? {
                return Err(Error::field("account_no", FieldCode::Taken));
            }
            store::bank::insert_account(tx, row, now.0).await?;
            let entry = Entry {
                action: "receipt.account",
                object_kind: "bank_account",
                object_id: row.id.to_string(),
                detail: format!("{} {}", row.bank, row.account_no),
                ..Entry::default()
            };
            store::audit::insert(tx, *now, Some(actor), vec![entry]).await?;
            Ok(row.id)
        }
        .boxed()
    })
    .await?;
    let row = store::bank::account(app.db.read(), id)
        .await?
        .ok_or_else(Error::not_found)?;
    Ok(out(&row))
}
