//! 验收单: weighing and signing.

use super::body::{Body, Once, Params, PathOf, limit};
use super::caller::Caller;
use super::refused::Answer;
use crate::services::{App, acceptance, paging};
use axum::Json;
use serde::Deserialize;
use shared::api::acceptance::{
    AcceptanceOut, AcceptanceQuery, AcceptanceRow, AcceptanceStatus, SignIn, SignOut,
};
use shared::api::page::Page;
use shared::domain::calendar::Day;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(show_order_acceptance))
        .routes(routes!(sign_acceptance))
        .routes(routes!(list_acceptances))
        .routes(routes!(show_acceptance))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct AcceptancesAsked {
    /// Only acceptances in this state.
    #[param(inline)]
    state: Option<AcceptanceStatus>,
    /// Posted, or else begun, on this day or later.
    #[param(inline)]
    from: Option<Day>,
    /// Posted, or else begun, on this day or earlier.
    #[param(inline)]
    until: Option<Day>,
    /// Only acceptances whose number begins with this.
    #[param(max_length = 20)]
    number: Option<String>,
    /// `next` of the page before.
    after: Option<String>,
    /// Rows; 50 when left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u16>,
}

/// What is to be weighed of an order now
///
/// The posted acceptance when nothing waits at the door.
#[utoipa::path(get, path = "/orders/{id}/acceptance", params(("id" = Uuid, Path, description = "The order")),
    responses((status = 200, description = "The lines to weigh, or the acceptance", body = AcceptanceOut)))]
async fn show_order_acceptance(caller: Caller, PathOf(id): PathOf<Uuid>) -> Answer<Json<AcceptanceOut>> {
    Ok(Json(acceptance::of_order(&caller.app, caller.actor(), id).await?))
}

/// Sign for one's side over the weighed lines
///
/// The first signature stores the lines. The second, by another person of the other side over the same lines, posts the
/// credit to every village in the same transaction. Other lines void the first signature.
#[utoipa::path(post, path = "/orders/{id}/acceptance/signatures",
    params(("id" = Uuid, Path, description = "The order"), Once), request_body = SignIn,
    responses((status = 200, description = "The acceptance as it stands now", body = SignOut)))]
async fn sign_acceptance(
    caller: Caller,
    PathOf(id): PathOf<Uuid>,
    Once(key): Once,
    Body(input): Body<SignIn>,
) -> Answer<Json<SignOut>> {
    Ok(Json(
        acceptance::sign(&caller.app, caller.actor(), &key, id, input).await?,
    ))
}

/// Acceptances, newest first
///
/// A unit sees its own, the centre and the auditor all; a village finds its own through its statement.
#[utoipa::path(get, path = "/acceptances", params(AcceptancesAsked),
    responses((status = 200, description = "A page of acceptances", body = Page<AcceptanceRow>)))]
async fn list_acceptances(
    caller: Caller,
    Params(asked): Params<AcceptancesAsked>,
) -> Answer<Json<Page<AcceptanceRow>>> {
    let limit = limit(asked.limit, paging::ROWS)?;
    let query = AcceptanceQuery {
        state: asked.state,
        from: asked.from,
        until: asked.until,
        number: asked.number,
    };
    let after = asked.after.as_deref();
    Ok(Json(
        acceptance::list(&caller.app, caller.actor(), &query, after, limit).await?,
    ))
}

/// One acceptance with its lines and signatures
///
/// A village and a town see the lines of their villages only.
#[utoipa::path(get, path = "/acceptances/{id}", params(("id" = Uuid, Path, description = "The acceptance")),
    responses((status = 200, description = "The acceptance", body = AcceptanceOut)))]
async fn show_acceptance(caller: Caller, PathOf(id): PathOf<Uuid>) -> Answer<Json<AcceptanceOut>> {
    Ok(Json(acceptance::show(&caller.app, caller.actor(), id).await?))
}
