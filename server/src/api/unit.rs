//! 帮扶单位.

use super::body::{Body, Once, Params, PathOf, limit};
use super::caller::Caller;
use super::refused::Answer;
use crate::services::{App, approval, paging, register};
use axum::Json;
use axum::http::StatusCode;
use serde::Deserialize;
use shared::api::approval::{PolicyIn, PolicyOut};
use shared::api::page::Page;
use shared::api::unit::UnitOut;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_units))
        .routes(routes!(show_unit))
        .routes(routes!(show_policy, set_policy))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct UnitsAsked {
    /// A part of the name or code, up to 60 characters.
    q: Option<String>,
    /// `next` of the page before.
    after: Option<String>,
    /// Rows; 50 when left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u16>,
}

/// Aid units by code
#[utoipa::path(get, path = "/units", params(UnitsAsked),
    responses((status = 200, description = "A page of units", body = Page<UnitOut>)))]
async fn list_units(caller: Caller, Params(asked): Params<UnitsAsked>) -> Answer<Json<Page<UnitOut>>> {
    let limit = limit(asked.limit, paging::ROWS)?;
    let (q, after) = (asked.q.as_deref(), asked.after.as_deref());
    Ok(Json(
        register::units(&caller.app, caller.actor(), q, after, limit).await?,
    ))
}

/// One unit
///
/// A unit's own people see their unit; the centre, the auditor and the administrator see all.
#[utoipa::path(get, path = "/units/{id}", params(("id" = Uuid, Path, description = "The unit")),
    responses((status = 200, description = "The unit", body = UnitOut)))]
async fn show_unit(caller: Caller, PathOf(id): PathOf<Uuid>) -> Answer<Json<UnitOut>> {
    Ok(Json(register::unit(&caller.app, caller.actor(), id).await?))
}

/// Which orders of a unit need an approval
#[utoipa::path(get, path = "/units/{id}/approval-policy", params(("id" = Uuid, Path, description = "The unit")),
    responses((status = 200, description = "The policy", body = PolicyOut)))]
async fn show_policy(caller: Caller, PathOf(id): PathOf<Uuid>) -> Answer<Json<PolicyOut>> {
    Ok(Json(approval::policy(&caller.app, caller.actor(), id).await?))
}

/// Say which orders of a unit need an approval
///
/// The unit's approver, or the centre for it. Nothing may need an approval that nobody could give.
#[utoipa::path(put, path = "/units/{id}/approval-policy", params(("id" = Uuid, Path, description = "The unit"), Once),
    request_body = PolicyIn, responses((status = 204, description = "The policy is set")))]
async fn set_policy(
    caller: Caller,
    PathOf(id): PathOf<Uuid>,
    Once(key): Once,
    Body(input): Body<PolicyIn>,
) -> Answer<StatusCode> {
    approval::set_policy(&caller.app, caller.actor(), &key, id, input).await?;
    Ok(StatusCode::NO_CONTENT)
}
