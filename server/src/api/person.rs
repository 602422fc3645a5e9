//! 人员: people and their roles.

use super::body::{Body, Once, Params, PathOf, limit};
use super::caller::Caller;
use super::refused::Answer;
use crate::services::{App, paging, person, proposal};
use axum::Json;
use axum::http::StatusCode;
use serde::Deserialize;
use shared::api::page::Page;
use shared::api::person::{ContactIn, GrantIn, LinkOut, NewPersonOut, PersonIn, PersonOut};
use shared::api::proposal::{GrantedOut, ProposalOut, ProposedOut, ReasonIn, WithdrawnOut};
use shared::domain::identity::Role;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_people, create_person))
        .routes(routes!(show_person))
        .routes(routes!(grant_role))
        .routes(routes!(withdraw_role))
        .routes(routes!(suspend_person, readmit_person))
        .routes(routes!(create_link, revoke_links))
        .routes(routes!(set_contact))
        .routes(routes!(reset_second_factor))
        .routes(routes!(list_proposals))
        .routes(routes!(confirm_proposal))
        .routes(routes!(decline_proposal))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct PeopleAsked {
    /// Part of their name or sign-in name.
    #[param(max_length = 40)]
    q: Option<String>,
    /// A role that they hold.
    #[param(inline)]
    role: Option<Role>,
    /// `next` of the page before.
    after: Option<String>,
    /// Rows; 50 when left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u16>,
}

/// People with their roles, by sign-in name
#[utoipa::path(get, path = "/people", params(PeopleAsked),
    responses((status = 200, description = "A page of people", body = Page<PersonOut>)))]
async fn list_people(caller: Caller, Params(asked): Params<PeopleAsked>) -> Answer<Json<Page<PersonOut>>> {
    let limit = limit(asked.limit, paging::ROWS)?;
    let wanted = person::Asked {
        q: asked.q.unwrap_or_default(),
        role: asked.role,
    };
    let after = asked.after.as_deref();
    Ok(Json(
        person::list(&caller.app, caller.actor(), &wanted, after, limit).await?,
    ))
}

/// Add a person with a first role
///
/// Answers a one-time link, shown this once, through which they choose their own password.
#[utoipa::path(post, path = "/people", params(Once), request_body = PersonIn,
    responses((status = 201, description = "The person and their link", body = NewPersonOut)))]
async fn create_person(
    caller: Caller,
    Once(key): Once,
    Body(input): Body<PersonIn>,
) -> Answer<(StatusCode, Json<NewPersonOut>)> {
    let added = person::create(&caller.app, caller.actor(), &input, &key).await?;
    Ok((StatusCode::CREATED, Json(added)))
}

/// One person with their roles
#[utoipa::path(get, path = "/people/{id}", params(("id" = Uuid, Path, description = "The person")),
    responses((status = 200, description = "The person", body = PersonOut)))]
async fn show_person(caller: Caller, PathOf(id): PathOf<Uuid>) -> Answer<Json<PersonOut>> {
    Ok(Json(person::show(&caller.app, caller.actor(), id).await?))
}

/// Give a person one role more
///
/// `centre_finance`, `auditor` and `admin` wait until a second administrator confirms them.
#[utoipa::path(post, path = "/people/{id}/grants", params(("id" = Uuid, Path, description = "The person"), Once),
    request_body = GrantIn, responses((status = 201, description = "The role", body = GrantedOut)))]
async fn grant_role(
    caller: Caller,
    PathOf(id): PathOf<Uuid>,
    Once(key): Once,
    Body(input): Body<GrantIn>,
) -> Answer<(StatusCode, Json<GrantedOut>)> {
    let granted = person::grant(&caller.app, caller.actor(), id, &input, &key).await?;
    Ok((StatusCode::CREATED, Json(granted)))
}

/// Withdraw a role, at once
///
/// An administrator's role waits until a second administrator confirms it; the last one's stays.
#[utoipa::path(delete, path = "/people/{id}/grants/{grant}",
    params(("id" = Uuid, Path, description = "The person"), ("grant" = Uuid, Path, description = "The role's grant")),
    responses((status = 200, description = "Whether the role is withdrawn, or waits", body = WithdrawnOut)))]
async fn withdraw_role(
    caller: Caller,
    PathOf((id, grant)): PathOf<(Uuid, Uuid)>,
) -> Answer<Json<WithdrawnOut>> {
    Ok(Json(
        person::withdraw(&caller.app, caller.actor(), id, grant).await?,
    ))
}

/// Suspend a person: their sessions end, their tokens stop
#[utoipa::path(put, path = "/people/{id}/suspension", params(("id" = Uuid, Path, description = "The person")),
    responses((status = 204, description = "The person is suspended")))]
async fn suspend_person(caller: Caller, PathOf(id): PathOf<Uuid>) -> Answer<StatusCode> {
    person::suspend(&caller.app, caller.actor(), id, true).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Let a suspended person in again
#[utoipa::path(delete, path = "/people/{id}/suspension", params(("id" = Uuid, Path, description = "The person")),
    responses((status = 204, description = "The person may sign in again")))]
async fn readmit_person(caller: Caller, PathOf(id): PathOf<Uuid>) -> Answer<StatusCode> {
    person::suspend(&caller.app, caller.actor(), id, false).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Make a new one-time link for a person's password
///
/// Earlier links of theirs end. The link is shown this once.
#[utoipa::path(post, path = "/people/{id}/links", params(("id" = Uuid, Path, description = "The person")),
    responses((status = 201, description = "The link", body = LinkOut)))]
async fn create_link(caller: Caller, PathOf(id): PathOf<Uuid>) -> Answer<(StatusCode, Json<LinkOut>)> {
    Ok((
        StatusCode::CREATED,
        Json(person::new_link(&caller.app, caller.actor(), id).await?),
    ))
}

/// End every one-time link of a person that was not used
#[utoipa::path(delete, path = "/people/{id}/links", params(("id" = Uuid, Path, description = "The person")),
    responses((status = 204, description = "The links have ended")))]
async fn revoke_links(caller: Caller, PathOf(id): PathOf<Uuid>) -> Answer<StatusCode> {
    person::revoke_links(&caller.app, caller.actor(), id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Change how a person is reached
#[utoipa::path(put, path = "/people/{id}/contact", params(("id" = Uuid, Path, description = "The person")),
    request_body = ContactIn, responses((status = 204, description = "Saved")))]
async fn set_contact(
    caller: Caller,
    PathOf(id): PathOf<Uuid>,
    Body(input): Body<ContactIn>,
) -> Answer<StatusCode> {
    person::set_contact(&caller.app, caller.actor(), id, &input).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Propose to take away a lost second factor
///
/// A second administrator confirms it; then every session and token of the person ends, and they set it up anew.
#[utoipa::path(post, path = "/people/{id}/second-factor/reset",
    params(("id" = Uuid, Path, description = "The person")), request_body = ReasonIn,
    responses((status = 201, description = "The proposal", body = ProposedOut)))]
async fn reset_second_factor(
    caller: Caller,
    PathOf(id): PathOf<Uuid>,
    Body(input): Body<ReasonIn>,
) -> Answer<(StatusCode, Json<ProposedOut>)> {
    let made = proposal::reset_second_factor(&caller.app, caller.actor(), id, &input.reason).await?;
    Ok((StatusCode::CREATED, Json(ProposedOut { proposal: made })))
}

/// What waits for a second administrator, oldest first
#[utoipa::path(get, path = "/people/proposals",
    responses((status = 200, description = "The proposals", body = [ProposalOut])))]
async fn list_proposals(caller: Caller) -> Answer<Json<Vec<ProposalOut>>> {
    Ok(Json(proposal::list(&caller.app, caller.actor()).await?))
}

/// Confirm what another administrator has proposed
#[utoipa::path(post, path = "/people/proposals/{id}/confirm",
    params(("id" = Uuid, Path, description = "The proposal")),
    responses((status = 204, description = "It is done")))]
async fn confirm_proposal(caller: Caller, PathOf(id): PathOf<Uuid>) -> Answer<StatusCode> {
    proposal::confirm(&caller.app, caller.actor(), id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Decline a proposal, or take back one's own
#[utoipa::path(post, path = "/people/proposals/{id}/decline",
    params(("id" = Uuid, Path, description = "The proposal")),
    responses((status = 204, description = "It is declined")))]
async fn decline_proposal(caller: Caller, PathOf(id): PathOf<Uuid>) -> Answer<StatusCode> {
    proposal::decline(&caller.app, caller.actor(), id).await?;
    Ok(StatusCode::NO_CONTENT)
}
