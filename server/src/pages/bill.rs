//! Bills: the list, one with its lines, a unit's statement of account, how a unit is billed.

use super::address::{Address, Asked};
use super::listing::ROWS;
use super::{Failure, Posted, Reply, Visitor};
use crate::services::{App, Error, bill, payment, right};
use axum::Router;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use frontend::{Flash, Form, views};
use serde::Deserialize;
use shared::api::bill::{BillQuery, BillingIn, DepositPaymentIn};
use shared::api::problem::{Code, FieldCode};
use shared::domain::bill::{BillStatus, Billing};
use shared::domain::identity::Actor;
use shared::domain::rights::Action;
use uuid::Uuid;

/// The routes of this room.
pub fn router() -> Router<App> {
    Router::new()
        .route("/bills", get(list))
        .route("/bills/issue", post(issue))
        .route("/bills/{id}", get(show))
        .route("/bills/{id}/deposit-payments", post(pay))
        .route("/account", get(own_account))
        .route("/units/{id}/account", get(account))
        .route("/units/{id}/billing", get(billing).post(set_billing))
}

#[derive(Deserialize)]
struct ListQuery {
    state: Option<String>,
    overdue: Option<String>,
    unit: Option<String>,
    number: Option<String>,
    after: Option<String>,
}

async fn list(visitor: Visitor, Asked(query): Asked<ListQuery>) -> Result<Reply, Failure> {
    let filled = |text: Option<String>| text.map(|t| t.trim().to_owned()).filter(|t| !t.is_empty());
    let asked = BillQuery {
        unit_id: query.unit.and_then(|id| id.parse().ok()),
        status: query.state.as_deref().and_then(BillStatus::from_name),
        overdue: query.overdue.is_some_and(|text| text == "1"),
        number: filled(query.number),
    };
    let found = bill::list(
        &visitor.app,
        visitor.actor()?,
        &asked,
        query.after.as_deref(),
        ROWS,
    )
    .await;
    let bills = found.map_err(|e| visitor.fail(e))?;
    let title = visitor.look.lang.t("账单", "Bills");
    visitor
        .page(title, |cx| views::bill::bills(cx, &bills, &asked))
        .await
}

async fn issue(posted: Posted) -> Result<Response, Failure> {
    let visitor = &posted.visitor;
    let actor = visitor.actor()?;
    let key = posted.key().map_err(|e| visitor.fail(e))?;
    let done = bill::issue(&visitor.app, actor, &key).await;
    done.map_err(|e| visitor.fail(e))?;
    Ok(visitor.go("/bills", Some(Flash::Saved)))
}

async fn show(visitor: Visitor, Address(id): Address<Uuid>) -> Result<Reply, Failure> {
    show_page(&visitor, id, &Form::default()).await
}

async fn show_page(visitor: &Visitor, id: Uuid, form: &Form) -> Result<Reply, Failure> {
    let found = bill::show(&visitor.app, visitor.actor()?, id).await;
    let bill = found.map_err(|e| visitor.fail(e))?;
    let title = format!("{} {}", visitor.look.lang.t("账单", "Bill"), bill.row.number);
    visitor
        .page(&title, |cx| {
            views::bill::bill(cx, &bill, payment::offered(&visitor.app), form)
        })
        .await
}

async fn pay(Address(id): Address<Uuid>, mut posted: Posted) -> Result<Response, Failure> {
    let actor = posted.visitor.actor()?.clone();
    let done = pay_it(&mut posted, &actor, id).await;
    let visitor = &posted.visitor;
    match done {
        Ok(()) => Ok(visitor.go(&format!("/bills/{id}"), Some(Flash::Saved))),
        Err(error) if error.code() == Code::Forbidden => Err(visitor.fail(error)),
        Err(error) => {
            let code = error.code();
            let form = visitor.form_of(&posted, error)?;
            Ok(show_page(visitor, id, &form).await?.status(code).into_response())
        }
    }
}

async fn pay_it(posted: &mut Posted, actor: &Actor, id: Uuid) -> Result<(), Error> {
    let key = posted.key()?;
    let amount = posted.yuan("amount_fen");
    posted.check()?;
    let amount_fen = amount.ok_or(Error::field("amount_fen", FieldCode::Required))?;
    let input = DepositPaymentIn { amount_fen };
    bill::pay_from_deposit(&posted.visitor.app, actor, &key, id, input)
        .await
        .map(|_| ())
}

#[derive(Deserialize)]
struct AfterQuery {
    after: Option<String>,
}

async fn own_account(visitor: Visitor, Asked(query): Asked<AfterQuery>) -> Result<Reply, Failure> {
    let actor = visitor.actor()?;
    right::reach(actor, Action::BillRead).map_err(|e| visitor.fail(e))?;
    let unit_id = actor.grant.unit_id;
    let id = unit_id.ok_or_else(|| visitor.fail(Error::not_found()))?;
    account_page(&visitor, id, query.after.as_deref()).await
}

async fn account(
    visitor: Visitor,
    Address(id): Address<Uuid>,
    Asked(query): Asked<AfterQuery>,
) -> Result<Reply, Failure> {
    account_page(&visitor, id, query.after.as_deref()).await
}

async fn account_page(visitor: &Visitor, id: Uuid, after: Option<&str>) -> Result<Reply, Failure> {
    let found = bill::statement(&visitor.app, visitor.actor()?, id, after, ROWS).await;
    let account = found.map_err(|e| visitor.fail(e))?;
    let title = visitor.look.lang.t("往来对账单", "Statement of account");
    visitor.page(title, |cx| views::bill::account(cx, &account)).await
}

async fn billing(visitor: Visitor, Address(id): Address<Uuid>) -> Result<Reply, Failure> {
    billing_page(&visitor, id, &Form::default()).await
}

async fn billing_page(visitor: &Visitor, id: Uuid, form: &Form) -> Result<Reply, Failure> {
    let found = bill::billing(&visitor.app, visitor.actor()?, id).await;
    let billing = found.map_err(|e| visitor.fail(e))?;
    let title = visitor.look.lang.t("开账方式", "Billing");
    visitor
        .page(title, |cx| views::bill::billing(cx, &billing, form))
        .await
}

async fn set_billing(Address(id): Address<Uuid>, mut posted: Posted) -> Result<Response, Failure> {
    let actor = posted.visitor.actor()?.clone();
    let done = set_it(&mut posted, &actor, id).await;
    let visitor = &posted.visitor;
    match done {
        Ok(()) => Ok(visitor.go(&format!("/units/{id}/billing"), Some(Flash::Saved))),
        Err(error) => {
            let code = error.code();
            let form = visitor.form_of(&posted, error)?;
            Ok(billing_page(visitor, id, &form)
                .await?
                .status(code)
                .into_response())
        }
    }
}

async fn set_it(posted: &mut Posted, actor: &Actor, id: Uuid) -> Result<(), Error> {
    let key = posted.key()?;
    let billing = Billing::from_name(&posted.text("billing"));
    if billing.is_none() {
        posted.wrong("billing", FieldCode::NotAChoice);
    }
    posted.check()?;
    let billing = billing.ok_or(Error::refused(Code::Invalid))?;
    bill::set_billing(&posted.visitor.app, actor, &key, id, BillingIn { billing }).await
}
