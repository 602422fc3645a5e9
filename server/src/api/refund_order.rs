//! 退款单: money given back to a unit by bank transfer.

use super::body::{Body, Once, Params, PathOf, limit};
use super::caller::Caller;
use super::refused::Answer;
use crate::services::{App, paging, refund_order};
use axum::Json;
use axum::http::StatusCode;
use serde::Deserialize;
use shared::api::page::Page;
use shared::api::refund_order::{
    RefundCancelIn, RefundOrderIn, RefundOrderOut, RefundOrderQuery, RefundOrderRow, RefundOrderStatus,
    RefundSentIn,
};
use shared::domain::calendar::Day;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_refunds, prepare_refund))
        .routes(routes!(show_refund))
        .routes(routes!(release_refund))
        .routes(routes!(send_refund))
        .routes(routes!(cancel_refund))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct RefundsAsked {
    /// Only refunds in this state.
    #[param(inline)]
    state: Option<RefundOrderStatus>,
    /// Only refunds prepared on this day or later.
    from: Option<Day>,
    /// Only refunds prepared on this day or earlier.
    until: Option<Day>,
    /// Only refunds whose number, or whose claim's number, begins like this.
    number: Option<String>,
    /// Only refunds of this unit.
    unit: Option<Uuid>,
    /// `next` of the page before.
    after: Option<String>,
    /// Rows; 50 when left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u16>,
}

/// Refunds by bank, newest first
///
/// A unit sees its own, the centre's finance and the auditor all. What was given back online stands with its payment.
#[utoipa::path(get, path = "/refunds", params(RefundsAsked),
    responses((status = 200, description = "A page of refunds", body = Page<RefundOrderRow>)))]
async fn list_refunds(
    caller: Caller,
    Params(asked): Params<RefundsAsked>,
) -> Answer<Json<Page<RefundOrderRow>>> {
    let limit = limit(asked.limit, paging::ROWS)?;
    let query = RefundOrderQuery {
        state: asked.state,
        from: asked.from,
        until: asked.until,
        number: asked.number,
        unit_id: asked.unit,
    };
    let after = asked.after.as_deref();
    Ok(Json(
        refund_order::list(&caller.app, caller.actor(), &query, after, limit).await?,
    ))
}

/// Prepare a refund by bank
///
/// The sum is held on the unit's deposit until the refund is sent or given up. Another person of the centre's finance releases it.
#[utoipa::path(post, path = "/refunds", params(Once), request_body = RefundOrderIn,
    responses((status = 201, description = "The refund waits for its release", body = RefundOrderOut)))]
async fn prepare_refund(
    caller: Caller,
    Once(key): Once,
    Body(input): Body<RefundOrderIn>,
) -> Answer<(StatusCode, Json<RefundOrderOut>)> {
    let made = refund_order::prepare(&caller.app, caller.actor(), &key, input).await?;
    Ok((StatusCode::CREATED, Json(made)))
}

/// One refund by bank
///
/// Who does not send it sees the last four digits of the account.
#[utoipa::path(get, path = "/refunds/{id}", params(("id" = Uuid, Path, description = "The refund")),
    responses((status = 200, description = "The refund", body = RefundOrderOut)))]
async fn show_refund(caller: Caller, PathOf(id): PathOf<Uuid>) -> Answer<Json<RefundOrderOut>> {
    Ok(Json(refund_order::show(&caller.app, caller.actor(), id).await?))
}

/// Release a refund by bank
///
/// Never by the person who prepared it, and only with a proof not older than ten minutes.
#[utoipa::path(post, path = "/refunds/{id}/release", params(("id" = Uuid, Path, description = "The refund"), Once),
    responses((status = 200, description = "It can be sent", body = RefundOrderOut)))]
async fn release_refund(
    caller: Caller,
    PathOf(id): PathOf<Uuid>,
    Once(key): Once,
) -> Answer<Json<RefundOrderOut>> {
    Ok(Json(
        refund_order::release(&caller.app, caller.actor(), &key, id).await?,
    ))
}

/// Say that the bank has taken a refund
///
/// It is booked under the number that the bank gave the transfer; the unit is told.
#[utoipa::path(post, path = "/refunds/{id}/send", params(("id" = Uuid, Path, description = "The refund"), Once),
    request_body = RefundSentIn, responses((status = 200, description = "It is booked", body = RefundOrderOut)))]
async fn send_refund(
    caller: Caller,
    PathOf(id): PathOf<Uuid>,
    Once(key): Once,
    Body(input): Body<RefundSentIn>,
) -> Answer<Json<RefundOrderOut>> {
    Ok(Json(
        refund_order::send(&caller.app, caller.actor(), &key, id, input).await?,
    ))
}

/// Give a refund up before it was sent
#[utoipa::path(post, path = "/refunds/{id}/cancel", params(("id" = Uuid, Path, description = "The refund"), Once),
    request_body = RefundCancelIn, responses((status = 200, description = "The sum is free again", body = RefundOrderOut)))]
async fn cancel_refund(
    caller: Caller,
    PathOf(id): PathOf<Uuid>,
    Once(key): Once,
    Body(input): Body<RefundCancelIn>,
) -> Answer<Json<RefundOrderOut>> {
    Ok(Json(
        refund_order::cancel(&caller.app, caller.actor(), &key, id, input).await?,
    ))
}
