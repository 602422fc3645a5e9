//! 售后单: disputes over acceptances.

use super::body::{Body, Once, Params, PathOf, limit};
use super::caller::Caller;
use super::refused::Answer;
use crate::services::{App, claim, paging};
use axum::Json;
use axum::http::StatusCode;
use serde::Deserialize;
use shared::api::claim::{ClaimAnswerIn, ClaimEntryIn, ClaimIn, ClaimOut, ClaimQuery, ClaimRow};
use shared::api::page::Page;
use shared::domain::claim::ClaimStatus;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_claims, open_claim))
        .routes(routes!(show_claim))
        .routes(routes!(say_in_claim))
        .routes(routes!(answer_claim))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ClaimsAsked {
    /// Only claims in this state.
    #[param(inline)]
    state: Option<ClaimStatus>,
    /// Only claims that are not answered though their last day is over.
    #[serde(default)]
    overdue: bool,
    /// Only claims over this acceptance.
    acceptance: Option<Uuid>,
    /// `next` of the page before.
    after: Option<String>,
    /// Rows; 50 when left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u16>,
}

/// Claims, newest first
///
/// A unit sees its own, a village and a town those over their goods, the centre and the auditor all.
#[utoipa::path(get, path = "/claims", params(ClaimsAsked),
    responses((status = 200, description = "A page of claims", body = Page<ClaimRow>)))]
async fn list_claims(caller: Caller, Params(asked): Params<ClaimsAsked>) -> Answer<Json<Page<ClaimRow>>> {
    let limit = limit(asked.limit, paging::ROWS)?;
    let (actor, after) = (caller.actor(), asked.after.as_deref());
    let query = ClaimQuery {
        state: asked.state,
        overdue: asked.overdue,
        acceptance_id: asked.acceptance,
    };
    Ok(Json(claim::list(&caller.app, actor, query, after, limit).await?))
}

/// Open a claim over lines of a posted acceptance
///
/// Within 48 hours of the second signature unless set otherwise. It edits nothing; the villages and the centre are told.
#[utoipa::path(post, path = "/claims", params(Once), request_body = ClaimIn,
    responses((status = 201, description = "The claim is open", body = ClaimOut)))]
async fn open_claim(
    caller: Caller,
    Once(key): Once,
    Body(input): Body<ClaimIn>,
) -> Answer<(StatusCode, Json<ClaimOut>)> {
    let claim = claim::open(&caller.app, caller.actor(), &key, input).await?;
    Ok((StatusCode::CREATED, Json(claim)))
}

/// One claim with its lines and what was said
#[utoipa::path(get, path = "/claims/{id}", params(("id" = Uuid, Path, description = "The claim")),
    responses((status = 200, description = "The claim", body = ClaimOut)))]
async fn show_claim(caller: Caller, PathOf(id): PathOf<Uuid>) -> Answer<Json<ClaimOut>> {
    Ok(Json(claim::show(&caller.app, caller.actor(), id).await?))
}

/// Say something in a claim
#[utoipa::path(post, path = "/claims/{id}/entries", params(("id" = Uuid, Path, description = "The claim"), Once),
    request_body = ClaimEntryIn, responses((status = 204, description = "It was said, the others are told")))]
async fn say_in_claim(
    caller: Caller,
    PathOf(id): PathOf<Uuid>,
    Once(key): Once,
    Body(input): Body<ClaimEntryIn>,
) -> Answer<StatusCode> {
    claim::say(&caller.app, caller.actor(), &key, id, input).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Decide a claim: agree, wholly or in part, or refuse
///
/// Never by the person who opened it.
#[utoipa::path(post, path = "/claims/{id}/answer", params(("id" = Uuid, Path, description = "The claim"), Once),
    request_body = ClaimAnswerIn, responses((status = 200, description = "The decision stands", body = ClaimOut)))]
async fn answer_claim(
    caller: Caller,
    PathOf(id): PathOf<Uuid>,
    Once(key): Once,
    Body(input): Body<ClaimAnswerIn>,
) -> Answer<Json<ClaimOut>> {
    Ok(Json(
        claim::answer(&caller.app, caller.actor(), &key, id, input).await?,
    ))
}
