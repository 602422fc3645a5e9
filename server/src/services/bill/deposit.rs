//! Paying a bill from what the unit has on deposit.

use super::super::idempotency::{Key, once};
use super::super::{App, Error, fault, ledger, right};
use super::pay::{Payment, pay};
use crate::ports::ids;
use crate::store;
use crate::store::audit::Entry;
use futures::FutureExt as _;
use shared::api::bill::{BillOut, DepositPaymentIn};
use shared::api::problem::{FieldCode, FieldProblem};
use shared::domain::bill::PayWay;
use shared::domain::identity::Actor;
use shared::domain::ledger::{AccountKind, TransactionKind, prepaid_entries};
use shared::domain::money::Fen;
use shared::domain::rights::{Action, Place};
use std::sync::Arc;
use uuid::Uuid;

/// What a unit has on deposit and holds for no prepaid order.
pub(super) async fn free(connection: &impl sea_orm::ConnectionTrait, unit_id: Uuid) -> Result<Fen, Error> {
    let owner = unit_id.to_string();
    let balance = store::ledger::balance(connection, AccountKind::UnitDeposit.as_str(), &owner).await?;
    let held = store::prepayment::held(connection, unit_id).await?;
    // A deposit is what the market owes: a credit.
    Ok(Fen((-balance - held).max(0)))
}

/// Pays a bill from the unit's deposit.
///
/// # Errors
/// `Invalid` for more than there is; `MoreThanOpen`; `NotFound`, `Forbidden`.
pub async fn pay_from_deposit(
    app: &App,
    actor: &Actor,
    key: &Key,
    id: Uuid,
    input: DepositPaymentIn,
) -> Result<BillOut, Error> {
    right::reach(actor, Action::BillWrite)?;
    let bill = store::bill::find(app.db.read(), id)
        .await?
        .ok_or(Error::not_found())?;
    right::require(actor, Action::BillWrite, Place::unit(bill.unit_id))?;
    if input.amount_fen <= Fen::ZERO {
        return Err(Error::invalid(vec![FieldProblem::bound(
            "amount_fen",
            FieldCode::TooSmall,
            "0.01",
        )]));
    }
    let body = (id, input.clone());
    let job = Arc::new((app.clone(), actor.clone(), bill, input.amount_fen));
    let () = once(
        app,
        actor.person_id,
        "bill.pay_from_deposit",
        key,
        &body,
        move |tx| {
            let job = Arc::clone(&job);
            async move {
                let (app, actor, bill, amount) = &*job;
                let now = app.now();
                let transaction_id = ids::new_id(now);
                let posting = ledger::Posting {
                    id: transaction_id,
                    kind: TransactionKind::PrepaidApplied,
                    document_kind: "bill",
                    document_id: bill.id,
                    document_number: bill.number.clone(),
                    effective_at: now,
                    actor: Some((actor.person_id, actor.person_name.clone())),
                    reverses: None,
                    entries: prepaid_entries(&bill.unit_id.to_string(), *amount).map_err(fault)?,
                };
                // Posted first: whoever else takes from this deposit waits for its balance and then sees what is left.
                ledger::post(tx, now, &posting).await?;
                let left = free_after(tx, bill.unit_id).await?;
                if left < 0 {
                    let there = Fen(left).checked_add(*amount).map_err(fault)?;
                    let problem = FieldProblem::bound(
                        "amount_fen",
                        FieldCode::TooLarge,
                        there.max(Fen::ZERO).format_yuan(),
                    );
                    return Err(Error::invalid(vec![problem]));
                }
                let payment = Payment {
                    bill_id: bill.id,
                    amount_fen: *amount,
                    way: PayWay::Deposit,
                    source_id: bill.unit_id,
                    transaction_id,
                };
                pay(tx, now, &payment).await?;
                let entry = Entry {
                    action: "bill.pay_from_deposit",
                    object_kind: "bill",
                    object_id: bill.id.to_string(),
                    unit_id: Some(bill.unit_id),
                    detail: format!("{} {}", bill.number, amount.format_cny()),
                    ..Entry::default()
                };
                Ok(store::audit::insert(tx, now, Some(actor), vec![entry]).await?)
            }
            .boxed()
        },
    )
    .await?;
    super::show(app, actor, id).await
}

/// What of the deposit is free now; below zero when more was taken than there was.
async fn free_after(tx: &store::Tx, unit_id: Uuid) -> Result<i64, Error> {
    let owner = unit_id.to_string();
    let balance = store::ledger::balance(tx, AccountKind::UnitDeposit.as_str(), &owner).await?;
    Ok(-balance - store::prepayment::held(tx, unit_id).await?)
}
