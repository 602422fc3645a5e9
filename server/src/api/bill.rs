//! 账单: what units owe, what is paid of it, their statements of account.

use super::body::{Body, Once, Params, PathOf, limit};
use super::caller::Caller;
use super::refused::Answer;
use crate::services::{App, bill, paging};
use axum::Json;
use axum::http::StatusCode;
use serde::Deserialize;
use shared::api::bill::{
    BillOut, BillQuery, BillRow, BillingIn, BillingOut, BillsIssuedOut, DepositPaymentIn, UnitAccountOut,
};
use shared::api::page::Page;
use shared::domain::bill::BillStatus;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_bills))
        .routes(routes!(issue_bills))
        .routes(routes!(show_bill))
        .routes(routes!(pay_bill_from_deposit))
        .routes(routes!(show_billing, set_billing))
        .routes(routes!(show_account))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct BillsAsked {
    /// Only bills of this unit; a unit's own people always get their own.
    unit: Option<Uuid>,
    /// Only bills in this state.
    #[param(inline)]
    state: Option<BillStatus>,
    /// Only open bills past their last day to pay.
    #[serde(default)]
    overdue: bool,
    /// Only the bill of this number or transfer code.
    #[param(max_length = 20)]
    number: Option<String>,
    /// `next` of the page before.
    after: Option<String>,
    /// Rows; 50 when left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u16>,
}

/// Bills, newest first
///
/// A unit sees its own, the centre's finance and the auditor all.
#[utoipa::path(get, path = "/bills", params(BillsAsked),
    responses((status = 200, description = "A page of bills", body = Page<BillRow>)))]
async fn list_bills(caller: Caller, Params(asked): Params<BillsAsked>) -> Answer<Json<Page<BillRow>>> {
    let limit = limit(asked.limit, paging::ROWS)?;
    let query = BillQuery {
        unit_id: asked.unit,
        status: asked.state,
        overdue: asked.overdue,
        number: asked.number,
    };
    let after = asked.after.as_deref();
    Ok(Json(
        bill::list(&caller.app, caller.actor(), &query, after, limit).await?,
    ))
}

/// Send the bills that are due now
///
/// The program sends them by itself; this only saves the wait. Nothing is billed twice.
#[utoipa::path(post, path = "/bills/issue", params(Once),
    responses((status = 200, description = "How many were sent", body = BillsIssuedOut)))]
async fn issue_bills(caller: Caller, Once(key): Once) -> Answer<Json<BillsIssuedOut>> {
    Ok(Json(bill::issue(&caller.app, caller.actor(), &key).await?))
}

/// One bill with what stands on it and what paid it
#[utoipa::path(get, path = "/bills/{id}", params(("id" = Uuid, Path, description = "The bill")),
    responses((status = 200, description = "The bill", body = BillOut)))]
async fn show_bill(caller: Caller, PathOf(id): PathOf<Uuid>) -> Answer<Json<BillOut>> {
    Ok(Json(bill::show(&caller.app, caller.actor(), id).await?))
}

/// Pay a bill from what its unit has on deposit
///
/// At most what is open, and at most what is on deposit and held for no prepaid order.
#[utoipa::path(post, path = "/bills/{id}/deposit-payments", params(("id" = Uuid, Path, description = "The bill"), Once),
    request_body = DepositPaymentIn, responses((status = 200, description = "The bill as it is now", body = BillOut)))]
async fn pay_bill_from_deposit(
    caller: Caller,
    PathOf(id): PathOf<Uuid>,
    Once(key): Once,
    Body(input): Body<DepositPaymentIn>,
) -> Answer<Json<BillOut>> {
    Ok(Json(
        bill::pay_from_deposit(&caller.app, caller.actor(), &key, id, input).await?,
    ))
}

/// How a unit is billed
#[utoipa::path(get, path = "/units/{id}/billing", params(("id" = Uuid, Path, description = "The unit")),
    responses((status = 200, description = "By order or by month, and its terms", body = BillingOut)))]
async fn show_billing(caller: Caller, PathOf(id): PathOf<Uuid>) -> Answer<Json<BillingOut>> {
    Ok(Json(bill::billing(&caller.app, caller.actor(), id).await?))
}

/// Say how a unit is billed from now on
///
/// The unit's finance, or the centre's for it. What was billed stays as it is.
#[utoipa::path(put, path = "/units/{id}/billing", params(("id" = Uuid, Path, description = "The unit"), Once),
    request_body = BillingIn, responses((status = 204, description = "It is set")))]
async fn set_billing(
    caller: Caller,
    PathOf(id): PathOf<Uuid>,
    Once(key): Once,
    Body(input): Body<BillingIn>,
) -> Answer<StatusCode> {
    bill::set_billing(&caller.app, caller.actor(), &key, id, input).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct AccountAsked {
    /// `lines.next` of the page before.
    after: Option<String>,
    /// Lines; 50 when left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u16>,
}

/// A unit's statement of account
///
/// Every transaction that changed what it owes or what it has on deposit, newest first, with the balance after each.
#[utoipa::path(get, path = "/units/{id}/account", params(("id" = Uuid, Path, description = "The unit"), AccountAsked),
    responses((status = 200, description = "The statement", body = UnitAccountOut)))]
async fn show_account(
    caller: Caller,
    PathOf(id): PathOf<Uuid>,
    Params(asked): Params<AccountAsked>,
) -> Answer<Json<UnitAccountOut>> {
    let limit = limit(asked.limit, paging::ROWS)?;
    let after = asked.after.as_deref();
    Ok(Json(
        bill::statement(&caller.app, caller.actor(), id, after, limit).await?,
    ))
}
