//! 货品: what a village puts on sale.

use super::body::{Body, Once, Params, PathOf, limit};
use super::caller::Caller;
use super::refused::Answer;
use crate::services::{App, offer, paging};
use axum::Json;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use shared::api::offer::{AgainIn, ListingIn, OfferChoices, OfferOut, OfferRow, ReviewIn};
use shared::api::page::Page;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_offers, create_offer))
        .routes(routes!(show_offer, update_offer))
        .routes(routes!(submit_offer))
        .routes(routes!(review_offer))
        .routes(routes!(pause_offer))
        .routes(routes!(resume_offer))
        .routes(routes!(end_offer))
        .routes(routes!(list_offer_again))
        .routes(routes!(show_offer_choices))
}

/// Which offers to list.
#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum OfferState {
    /// Waiting for the village: drafts and returned ones.
    Draft,
    /// Waiting for the centre.
    Submitted,
    /// Returned with a reason.
    Returned,
    /// On sale.
    Published,
    /// Off the shelf for a while.
    Paused,
    /// Off the shelf for good.
    Ended,
}

impl OfferState {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Submitted => "submitted",
            Self::Returned => "returned",
            Self::Published => "published",
            Self::Paused => "paused",
            Self::Ended => "ended",
        }
    }
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct OffersAsked {
    /// Only offers in this state.
    #[param(inline)]
    state: Option<OfferState>,
    /// Words to find in name, kind of produce, village or town: Chinese, Pinyin or its initials.
    #[param(max_length = 100)]
    q: Option<String>,
    /// `next` of the page before.
    after: Option<String>,
    /// Rows; 50 when left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u16>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ChoicesAsked {
    /// For the centre: a village's code, or a part of its name.
    village: Option<String>,
}

/// Offers in every state, what changed last first
///
/// A village sees its own, a town those of its villages, the centre and the auditor all.
#[utoipa::path(get, path = "/offers", params(OffersAsked),
    responses((status = 200, description = "A page of offers", body = Page<OfferRow>)))]
async fn list_offers(caller: Caller, Params(asked): Params<OffersAsked>) -> Answer<Json<Page<OfferRow>>> {
    let limit = limit(asked.limit, paging::ROWS)?;
    let wanted = (asked.state.map(OfferState::as_str), asked.q.as_deref());
    Ok(Json(
        offer::list(&caller.app, caller.actor(), wanted, asked.after.as_deref(), limit).await?,
    ))
}

/// Draft an offer, with its first lot if there is one
#[utoipa::path(post, path = "/offers", params(Once), request_body = ListingIn,
    responses((status = 201, description = "The draft", body = OfferOut)))]
async fn create_offer(
    caller: Caller,
    Once(key): Once,
    Body(listing): Body<ListingIn>,
) -> Answer<(StatusCode, Json<OfferOut>)> {
    let drafted = offer::create(&caller.app, caller.actor(), &key, listing, false).await?;
    Ok((StatusCode::CREATED, Json(drafted)))
}

/// One offer with its versions and lots
#[utoipa::path(get, path = "/offers/{id}", params(("id" = Uuid, Path, description = "The offer")),
    responses((status = 200, description = "The offer", body = OfferOut)))]
async fn show_offer(caller: Caller, PathOf(id): PathOf<Uuid>) -> Answer<Json<OfferOut>> {
    Ok(Json(offer::show(&caller.app, caller.actor(), id).await?))
}

/// Change an offer
///
/// A draft or returned version changes in place. Of what is on sale, a new version is drafted; the old one stays on the
/// shelf until the new one is published, and placed orders keep the version they bought.
#[utoipa::path(put, path = "/offers/{id}", params(("id" = Uuid, Path, description = "The offer"), Once),
    request_body = ListingIn, responses((status = 200, description = "The changed offer", body = OfferOut)))]
async fn update_offer(
    caller: Caller,
    PathOf(id): PathOf<Uuid>,
    Once(key): Once,
    Body(listing): Body<ListingIn>,
) -> Answer<Json<OfferOut>> {
    Ok(Json(
        offer::update(&caller.app, caller.actor(), &key, id, listing, false).await?,
    ))
}

/// Hand an offer in for review
#[utoipa::path(post, path = "/offers/{id}/submit", params(("id" = Uuid, Path, description = "The offer"), Once),
    responses((status = 200, description = "The submitted offer", body = OfferOut)))]
async fn submit_offer(caller: Caller, PathOf(id): PathOf<Uuid>, Once(key): Once) -> Answer<Json<OfferOut>> {
    Ok(Json(offer::submit(&caller.app, caller.actor(), &key, id).await?))
}

/// Publish or return the submitted version
#[utoipa::path(post, path = "/offers/{id}/review", params(("id" = Uuid, Path, description = "The offer"), Once),
    request_body = ReviewIn, responses((status = 200, description = "The reviewed offer", body = OfferOut)))]
async fn review_offer(
    caller: Caller,
    PathOf(id): PathOf<Uuid>,
    Once(key): Once,
    Body(review): Body<ReviewIn>,
) -> Answer<Json<OfferOut>> {
    Ok(Json(
        offer::review(&caller.app, caller.actor(), &key, id, review).await?,
    ))
}

/// Take an offer off the shelf for a while
#[utoipa::path(post, path = "/offers/{id}/pause", params(("id" = Uuid, Path, description = "The offer"), Once),
    responses((status = 200, description = "The paused offer", body = OfferOut)))]
async fn pause_offer(caller: Caller, PathOf(id): PathOf<Uuid>, Once(key): Once) -> Answer<Json<OfferOut>> {
    Ok(Json(offer::pause(&caller.app, caller.actor(), &key, id).await?))
}

/// Put a paused offer back on the shelf
#[utoipa::path(post, path = "/offers/{id}/resume", params(("id" = Uuid, Path, description = "The offer"), Once),
    responses((status = 200, description = "The offer on sale", body = OfferOut)))]
async fn resume_offer(caller: Caller, PathOf(id): PathOf<Uuid>, Once(key): Once) -> Answer<Json<OfferOut>> {
    Ok(Json(offer::resume(&caller.app, caller.actor(), &key, id).await?))
}

/// Take an offer off the shelf for good
#[utoipa::path(post, path = "/offers/{id}/end", params(("id" = Uuid, Path, description = "The offer"), Once),
    responses((status = 200, description = "The ended offer", body = OfferOut)))]
async fn end_offer(caller: Caller, PathOf(id): PathOf<Uuid>, Once(key): Once) -> Answer<Json<OfferOut>> {
    Ok(Json(offer::end(&caller.app, caller.actor(), &key, id).await?))
}

/// List a familiar product again, with a price and a new lot
///
/// What has ended becomes a new offer, handed in for review. Of what is on sale or paused the lot sells at once; only
/// another price is reviewed.
#[utoipa::path(post, path = "/offers/{id}/again", params(("id" = Uuid, Path, description = "The offer"), Once),
    request_body = AgainIn, responses((status = 200, description = "The offer, or the new one", body = OfferOut)))]
async fn list_offer_again(
    caller: Caller,
    PathOf(id): PathOf<Uuid>,
    Once(key): Once,
    Body(again): Body<AgainIn>,
) -> Answer<Json<OfferOut>> {
    Ok(Json(
        offer::again(&caller.app, caller.actor(), &key, id, again).await?,
    ))
}

/// What an offer can name: villages, produce, sellers of record, households
#[utoipa::path(get, path = "/offer-choices", params(ChoicesAsked),
    responses((status = 200, description = "The choices", body = OfferChoices)))]
async fn show_offer_choices(
    caller: Caller,
    Params(asked): Params<ChoicesAsked>,
) -> Answer<Json<OfferChoices>> {
    Ok(Json(
        offer::choices(&caller.app, caller.actor(), asked.village.as_deref()).await?,
    ))
}
