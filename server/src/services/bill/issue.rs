//! Sending bills: for every order that is wholly accepted, or once a month for all that was delivered in it. The program
//! does it by itself; whoever runs it, however often, nothing is billed twice.

use super::super::idempotency::{Key, once};
use super::super::notice::{self, Notice, NoticeKind, To};
use super::super::{App, Error, fault, ledger, right};
use super::ITEMS_MAX;
use super::pay::{Payment, pay};
use crate::ports::ids;
use crate::store::audit::Entry;
use crate::store::bill::{Billable, NewBill};
use crate::store::{self, Tx};
use futures::FutureExt as _;
use shared::api::bill::BillsIssuedOut;
use shared::domain::bill::{BillStatus, Billing, PayWay, due_on};
use shared::domain::calendar::{Day, Micros};
use shared::domain::identity::{Actor, Role};
use shared::domain::ledger::{TransactionKind, prepaid_entries};
use shared::domain::money::Fen;
use shared::domain::rights::{Action, Place};
use uuid::Uuid;

/// Sends whatever is due now, for somebody who may.
///
/// # Errors
/// `Forbidden`; whatever the database answers.
pub async fn issue(app: &App, actor: &Actor, key: &Key) -> Result<BillsIssuedOut, Error> {
    right::require(actor, Action::BillWrite, Place::DISTRICT)?;
    let job = (app.clone(), actor.clone());
    let issued = once(app, actor.person_id, "bill.issue", key, &(), move |tx| {
        let (app, actor) = job.clone();
        async move {
            let issued = issue_in(tx, &app).await?;
            let entry = Entry {
                action: "bill.issue_now",
                object_kind: "bill",
                detail: issued.to_string(),
                ..Entry::default()
            };
            store::audit::insert(tx, app.now(), Some(&actor), vec![entry]).await?;
            Ok(issued)
        }
        .boxed()
    })
    .await?;
    Ok(BillsIssuedOut { issued })
}

/// Sends whatever is due now; the program calls it every round. Says how many bills were sent.
///
/// # Errors
/// Whatever the database answers.
pub async fn issue_due(app: &App) -> Result<i64, Error> {
    let mut issued = 0;
    loop {
        // Most rounds find nothing: they cost a reader, and no turn of the writer.
        let found = store::bill::billable(app.db.read(), month_start(app.now()).0, 1).await?;
        if found.is_empty() {
            return Ok(issued);
        }
        let app2 = app.clone();
        let sent = app
            .db
            .write(move |tx| {
                let app = app2.clone();
                async move { issue_in(tx, &app).await }.boxed()
            })
            .await?;
        issued += sent;
        if sent == 0 {
            return Ok(issued);
        }
    }
}

/// The first moment of this month.
fn month_start(now: Micros) -> Micros {
    let (_, _, date) = now.day().ymd();
    now.day().add_days(1 - i32::try_from(date).unwrap_or(1)).start()
}

async fn issue_in(tx: &Tx, app: &App) -> Result<i64, Error> {
    let now = app.now();
    let before = month_start(now);
    let rows = store::bill::billable(tx, before.0, ITEMS_MAX).await?;
    let full = i64::try_from(rows.len()).map_err(fault)? >= ITEMS_MAX;
    let groups = groups(rows, full);
    let mut notices = Vec::new();
    let mut entries = Vec::new();
    for group in &groups {
        let bill = bill_of(now, before, group)?;
        if !store::bill::insert(tx, &bill).await? {
            return Err(Error::Again);
        }
        // A claim that was posted since the sums were read is in them only now that the village orders are taken.
        let ids: Vec<Uuid> = group.iter().map(|row| row.id).collect();
        if store::bill::corrected(tx, &ids).await? != bill.corrected_fen {
            return Err(Error::Again);
        }
        entries.push(Entry {
            action: "bill.issue",
            object_kind: "bill",
            object_id: bill.id.to_string(),
            order_id: bill.order.as_ref().map(|(id, _)| *id),
            unit_id: Some(bill.unit_id),
            detail: format!("{} {}", bill.number, Fen(bill.total_fen).format_cny()),
            village_code: None,
        });
        notices.push(Notice {
            to: To::Unit(bill.unit_id, Role::UnitFinance),
            kind: NoticeKind::BillIssued,
            subject: bill.number.clone(),
            path: format!("/bills/{}", bill.id),
        });
        if let Some((order_id, _)) = bill
            .order
            .as_ref()
            .filter(|_| group.iter().any(|row| row.prepaid))
        {
            apply_prepaid(tx, now, &bill, *order_id).await?;
        }
    }
    store::audit::insert(tx, now, None, entries).await?;
    notice::tell(tx, now, notices).await?;
    i64::try_from(groups.len()).map_err(fault)
}

/// A unit, and the order of a bill for one.
type Group = (Uuid, Option<Uuid>);

/// What goes on one bill: an order, or a unit's month. When more was found than is read at once, the last unit may not be
/// whole: it waits for the next round, unless it is the only one.
fn groups(rows: Vec<Billable>, full: bool) -> Vec<Vec<Billable>> {
    let last_unit = rows.last().map(|row| row.unit_id);
    let only = rows.first().map(|row| row.unit_id) == last_unit;
    let mut groups: Vec<(Group, Vec<Billable>)> = Vec::new();
    for row in rows {
        if full && !only && Some(row.unit_id) == last_unit {
            continue;
        }
        let by_order = row.prepaid || row.billing == Billing::Order.as_str();
        let key = (row.unit_id, by_order.then_some(row.order_id));
        match groups.iter_mut().find(|(known, _)| *known == key) {
            Some((_, group)) => group.push(row),
            None => groups.push((key, vec![row])),
        }
    }
    groups.into_iter().map(|(_, group)| group).collect()
}

fn bill_of(now: Micros, before: Micros, group: &[Billable]) -> Result<NewBill, Error> {
    let (Some(first), Some(last)) = (group.first(), group.last()) else {
        return Err(fault("a bill of nothing"));
    };
    let by_order = first.prepaid || first.billing == Billing::Order.as_str();
    let sum =
        |of: fn(&Billable) -> i64| Fen::checked_sum(group.iter().map(|row| Fen(of(row)))).map_err(fault);
    let total = sum(|row| row.accepted_fen)?;
    let corrected = sum(|row| row.corrected_fen)?;
    let open = total.checked_sub(corrected).map_err(fault)?;
    let due = due_on(
        Micros(first.moved_at).day(),
        Micros(last.moved_at).day(),
        first.terms_days,
    );
    let month: Day = before.plus_days(-1).day();
    let (_, _, date) = month.ymd();
    let month_day = month.add_days(1 - i32::try_from(date).map_err(fault)?);
    Ok(NewBill {
        id: ids::new_id(now),
        number: ids::document_number('Z', now.day()),
        transfer_code: ids::transfer_code().as_str().to_owned(),
        unit_id: first.unit_id,
        kind: if by_order { Billing::Order } else { Billing::Month }.as_str(),
        order: by_order.then(|| (first.order_id, first.order_number.clone())),
        month_day: (!by_order).then_some(month_day.0),
        status: BillStatus::of_sums(corrected, open).as_str(),
        issued_at: now.0,
        due_on: due.0,
        total_fen: total.0,
        corrected_fen: corrected.0,
        items: group.to_vec(),
    })
}

/// What was paid ahead for the order pays its bill; what the bill does not need is free again.
async fn apply_prepaid(tx: &Tx, now: Micros, bill: &NewBill, order_id: Uuid) -> Result<(), Error> {
    let Some(ahead) = store::prepayment::find(tx, order_id).await? else {
        return Ok(());
    };
    let open = bill.total_fen - bill.corrected_fen;
    let amount = open.min(ahead.held_fen());
    if !store::prepayment::apply_and_free(tx, order_id, amount).await? {
        return Err(Error::Again);
    }
    if amount <= 0 {
        return Ok(());
    }
    let transaction_id = ids::new_id(now);
    let posting = ledger::Posting {
        id: transaction_id,
        kind: TransactionKind::PrepaidApplied,
        document_kind: "bill",
        document_id: bill.id,
        document_number: bill.number.clone(),
        effective_at: now,
        actor: None,
        reverses: None,
        entries: prepaid_entries(&bill.unit_id.to_string(), Fen(amount)).map_err(fault)?,
    };
    ledger::post(tx, now, &posting).await?;
    let payment = Payment {
        bill_id: bill.id,
        amount_fen: Fen(amount),
        way: PayWay::Deposit,
        source_id: order_id,
        transaction_id,
    };
    pay(tx, now, &payment).await
}
