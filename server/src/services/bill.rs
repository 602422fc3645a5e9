//! 账单: what units owe for what they accepted. Sent by the program on its day, paid in whole or part, shown with every
//! village order that stands on it.

mod account;
mod deposit;
mod issue;
mod pay;
mod remind;

pub use account::statement;
pub use deposit::pay_from_deposit;
pub use issue::{issue, issue_due};
pub use pay::{Correction, Payment, correct, pay, take_back};
pub use remind::remind;

use super::idempotency::{Key, once};
use super::{App, Error, fault, paging, right};
use crate::store;
use crate::store::audit::Entry;
use crate::store::bill::{BillRecord, Filter, ItemRecord};
use crate::store::bill_payment::PaymentRecord;
use futures::FutureExt as _;
use shared::api::bill::{BillLine, BillOut, BillPayment, BillQuery, BillRow, BillingIn, BillingOut};
use shared::api::page::Page;
use shared::domain::bill::{BillStatus, Billing, PayWay};
use shared::domain::calendar::{Day, Micros};
use shared::domain::identity::{Actor, Role};
use shared::domain::money::Fen;
use shared::domain::rights::{Action, Place, Scope};
use shared::domain::transfer_code::TransferCode;
use std::sync::Arc;
use uuid::Uuid;

/// Village orders on a bill at the most.
pub const ITEMS_MAX: i64 = 2000;
/// Payments shown of a bill.
const PAYMENTS_SHOWN: i64 = 200;

/// Bills that the actor may see, newest first.
///
/// # Errors
/// `Forbidden`; `Invalid` for a bad `after`.
pub async fn list(
    app: &App,
    actor: &Actor,
    query: &BillQuery,
    after: Option<&str>,
    limit: i64,
) -> Result<Page<BillRow>, Error> {
    let scope = right::reach(actor, Action::BillRead)?;
    let today = app.today();
    let own = actor.grant.unit_id.filter(|_| scope == Scope::OwnUnit);
    let filter = Filter {
        unit_id: own.or(query.unit_id),
        status: query.status.map(BillStatus::as_str),
        overdue_on: query.overdue.then_some(today.0),
        number: query.number.as_deref().map(number_of),
    };
    let limit = paging::limit(limit);
    let rows = store::bill::list(app.db.read(), &filter, paging::read(after)?, limit + 1).await?;
    paging::page(
        rows,
        limit,
        |row| (row.issued_at, row.id),
        |row| row_of(row, today),
    )
}

/// A number as typed, or the transfer code that was meant.
fn number_of(typed: &str) -> String {
    TransferCode::parse(typed).map_or_else(|| typed.trim().to_uppercase(), |code| code.as_str().to_owned())
}

/// One bill with its lines and payments.
///
/// # Errors
/// `NotFound`, `Forbidden`.
pub async fn show(app: &App, actor: &Actor, id: Uuid) -> Result<BillOut, Error> {
    let read = app.db.read();
    right::reach(actor, Action::BillRead)?;
    let record = store::bill::find(read, id).await?.ok_or(Error::not_found())?;
    right::require(actor, Action::BillRead, Place::unit(record.unit_id))?;
    let items = store::bill::items(read, id, ITEMS_MAX).await?;
    let payments = store::bill_payment::of_bill(read, id, PAYMENTS_SHOWN).await?;
    Ok(BillOut {
        row: row_of(&record, app.today())?,
        paid_at: record.paid_at.map(Micros),
        lines: items.iter().map(line_of).collect(),
        payments: payments.iter().map(payment_of).collect::<Result<_, _>>()?,
        deposit_fen: deposit::free(read, record.unit_id).await?,
    })
}

/// How a unit is billed.
///
/// # Errors
/// `NotFound`, `Forbidden`.
pub async fn billing(app: &App, actor: &Actor, unit_id: Uuid) -> Result<BillingOut, Error> {
    right::require(actor, Action::BillRead, Place::unit(unit_id))?;
    let row = store::unit::billing(app.db.read(), unit_id)
        .await?
        .ok_or(Error::not_found())?;
    Ok(BillingOut {
        unit_id,
        unit_name: row.name,
        billing: Billing::from_name(&row.billing).ok_or_else(|| fault("stored billing"))?,
        terms_days: row.terms_days,
    })
}

/// Says what a unit's bills cover from now on; what was billed stays as it is.
///
/// # Errors
/// `NotFound`, `Forbidden`.
pub async fn set_billing(
    app: &App,
    actor: &Actor,
    key: &Key,
    unit_id: Uuid,
    input: BillingIn,
) -> Result<(), Error> {
    right::require(actor, Action::BillingWrite, Place::unit(unit_id))?;
    let body = (unit_id, input.clone());
    let job = Arc::new((app.clone(), actor.clone(), input));
    once(app, actor.person_id, "unit.billing", key, &body, move |tx| {
        let job = Arc::clone(&job);
        async move {
            let (app, actor, input) = &*job;
            if !store::unit::set_billing(tx, unit_id, input.billing.as_str()).await? {
                return Err(Error::not_found());
            }
            let words = match input.billing {
                Billing::Order => "按单开账",
                Billing::Month => "按月开账",
            };
            let own = actor.grant.role == Role::UnitFinance;
            let entry = Entry {
                action: "unit.billing",
                object_kind: "unit",
                object_id: unit_id.to_string(),
                unit_id: Some(unit_id),
                detail: if own {
                    words.to_owned()
                } else {
                    format!("代办 {words}")
                },
                ..Entry::default()
            };
            Ok(store::audit::insert(tx, app.now(), Some(actor), vec![entry]).await?)
        }
        .boxed()
    })
    .await
}

/// A bill as lists show it.
///
/// # Errors
/// A fault when what is stored has no meaning.
pub fn row_of(record: &BillRecord, today: Day) -> Result<BillRow, Error> {
    let status = BillStatus::from_name(&record.status).ok_or_else(|| fault("stored state of a bill"))?;
    let due_on = Day(record.due_on);
    let overdue_days = if status.is_overdue(due_on, today) {
        today.days_since(due_on)
    } else {
        0
    };
    Ok(BillRow {
        id: record.id,
        number: record.number.clone(),
        transfer_code: TransferCode::parse(&record.transfer_code)
            .map_or_else(|| record.transfer_code.clone(), |code| code.format()),
        unit_id: record.unit_id,
        unit_name: record.unit_name.clone(),
        billing: Billing::from_name(&record.kind).ok_or_else(|| fault("stored kind of a bill"))?,
        order_number: record.order_number.clone(),
        month: record.month_day.map(Day),
        status,
        issued_at: Micros(record.issued_at),
        due_on,
        overdue_days,
        items: record.items,
        total_fen: Fen(record.total_fen),
        corrected_fen: Fen(record.corrected_fen),
        paid_fen: Fen(record.paid_fen),
        open_fen: Fen(record.total_fen - record.corrected_fen - record.paid_fen),
    })
}

fn line_of(item: &ItemRecord) -> BillLine {
    BillLine {
        village_order_id: item.village_order_id,
        village_order_number: item.village_order_number.clone(),
        village_code: item.village_code.clone(),
        village_name: item.village_name.clone(),
        town_name: item.town_name.clone(),
        order_id: item.order_id,
        order_number: item.order_number.clone(),
        acceptance_id: item.acceptance_id,
        acceptance_number: item.acceptance_number.clone(),
        goods: item.goods.clone(),
        delivered_at: Micros(item.delivered_at),
        amount_fen: Fen(item.amount_fen),
        corrected_fen: Fen(item.corrected_fen),
        paid_fen: Fen(item.paid_fen),
    }
}

fn payment_of(payment: &PaymentRecord) -> Result<BillPayment, Error> {
    Ok(BillPayment {
        id: payment.id,
        way: PayWay::from_name(&payment.way).ok_or_else(|| fault("stored way of a payment"))?,
        amount_fen: Fen(payment.amount_fen),
        at: Micros(payment.at),
        transaction_id: payment.transaction_id,
        source_id: payment.source_id,
        reversed_at: payment.reversed_at.map(Micros),
    })
}
