//! 在线付款: paying bills and orders through a provider.

use super::body::{Body, Once, Params, PathOf, limit};
use super::caller::Caller;
use super::refused::Answer;
use crate::services::{App, paging, payment};
use axum::Json;
use axum::http::StatusCode;
use serde::Deserialize;
use shared::api::page::Page;
use shared::api::payment::{
    PayIn, PayMethod, PaymentOut, PaymentQuery, PaymentRow, PaymentStandingOut, PaymentStatus, RefundIn,
    RefundOut,
};
use shared::domain::calendar::Day;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_payments, begin_payment))
        .routes(routes!(payment_standing))
        .routes(routes!(sweep_payments))
        .routes(routes!(show_payment))
        .routes(routes!(check_payment))
        .routes(routes!(refund_payment))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct PaymentsAsked {
    /// Only payments in this state.
    #[param(inline)]
    state: Option<PaymentStatus>,
    /// Only payments by this.
    #[param(inline)]
    method: Option<PayMethod>,
    /// Only payments begun on this day or later.
    from: Option<Day>,
    /// Only payments begun on this day or earlier.
    until: Option<Day>,
    /// Only payments whose number, or whose bill's or order's number, begins like this.
    number: Option<String>,
    /// Only payments of this bill.
    bill: Option<Uuid>,
    /// Only payments of this order.
    order: Option<Uuid>,
    /// `next` of the page before.
    after: Option<String>,
    /// Rows; 50 when left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u16>,
}

/// Payments, newest first
///
/// A unit sees its own, the centre's finance and the auditor all.
#[utoipa::path(get, path = "/payments", params(PaymentsAsked),
    responses((status = 200, description = "A page of payments", body = Page<PaymentRow>)))]
async fn list_payments(
    caller: Caller,
    Params(asked): Params<PaymentsAsked>,
) -> Answer<Json<Page<PaymentRow>>> {
    let limit = limit(asked.limit, paging::ROWS)?;
    let query = PaymentQuery {
        state: asked.state,
        method: asked.method,
        from: asked.from,
        until: asked.until,
        number: asked.number,
        bill_id: asked.bill,
        order_id: asked.order,
    };
    let after = asked.after.as_deref();
    Ok(Json(
        payment::list(&caller.app, caller.actor(), &query, after, limit).await?,
    ))
}

/// Begin to pay a bill or an order
///
/// The answer names the provider's page to pay on. While a payment of the same bill or order can still come, it is that one.
#[utoipa::path(post, path = "/payments", params(Once), request_body = PayIn,
    responses((status = 201, description = "The payment with its page", body = PaymentOut)))]
async fn begin_payment(
    caller: Caller,
    Once(key): Once,
    Body(input): Body<PayIn>,
) -> Answer<(StatusCode, Json<PaymentOut>)> {
    let begun = payment::begin(&caller.app, caller.actor(), &key, input).await?;
    Ok((StatusCode::CREATED, Json(begun)))
}

/// How the books stand with the provider
#[utoipa::path(get, path = "/payments/standing",
    responses((status = 200, description = "Sums and what waits", body = PaymentStandingOut)))]
async fn payment_standing(caller: Caller) -> Answer<Json<PaymentStandingOut>> {
    Ok(Json(payment::standing(&caller.app, caller.actor()).await?))
}

/// Ask the provider for everything that no message told
///
/// It is asked every night by itself. It is done in the background: see the standing for when it was.
#[utoipa::path(post, path = "/payments/sweep", params(Once),
    responses((status = 202, description = "It will be asked at once", body = PaymentStandingOut)))]
async fn sweep_payments(caller: Caller, Once(key): Once) -> Answer<(StatusCode, Json<PaymentStandingOut>)> {
    let standing = payment::sweep::ask_for_all(&caller.app, caller.actor(), &key).await?;
    Ok((StatusCode::ACCEPTED, Json(standing)))
}

/// One payment with its refunds
#[utoipa::path(get, path = "/payments/{id}", params(("id" = Uuid, Path, description = "The payment")),
    responses((status = 200, description = "The payment", body = PaymentOut)))]
async fn show_payment(caller: Caller, PathOf(id): PathOf<Uuid>) -> Answer<Json<PaymentOut>> {
    Ok(Json(payment::show(&caller.app, caller.actor(), id).await?))
}

/// Ask the provider how one payment stands
#[utoipa::path(post, path = "/payments/{id}/check", params(("id" = Uuid, Path, description = "The payment")),
    responses((status = 200, description = "The payment as it stands there", body = PaymentOut)))]
async fn check_payment(caller: Caller, PathOf(id): PathOf<Uuid>) -> Answer<Json<PaymentOut>> {
    Ok(Json(payment::check(&caller.app, caller.actor(), id).await?))
}

/// Give money back the way it came
///
/// At the most what is left of the payment and free on the unit's deposit. It is sent in the background.
#[utoipa::path(post, path = "/payments/{id}/refunds", params(("id" = Uuid, Path, description = "The payment"), Once),
    request_body = RefundIn, responses((status = 201, description = "The refund is noted", body = RefundOut)))]
async fn refund_payment(
    caller: Caller,
    PathOf(id): PathOf<Uuid>,
    Once(key): Once,
    Body(input): Body<RefundIn>,
) -> Answer<(StatusCode, Json<RefundOut>)> {
    let refund = payment::refund::ask(&caller.app, caller.actor(), &key, id, input).await?;
    Ok((StatusCode::CREATED, Json(refund)))
}
