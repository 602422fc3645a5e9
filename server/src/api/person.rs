//! 人员: people and their roles.

use super::body::{Body, Once, Params, PathOf, limit};
use super::caller::Caller;
use super::refused::Answer;
use crate::services::{App, paging, person};
use axum::Json;
use axum::http::StatusCode;
use serde::Deserialize;
use shared::api::page::Page;
use shared::api::person::{GrantIn, LinkOut, NewPersonOut, PersonIn, PersonOut};
use shared::domain::identity::Grant;
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
        .routes(routes!(create_link))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct PeopleAsked {
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
    Ok(Json(
        person::list(&caller.app, caller.actor(), asked.after.as_deref(), limit).await?,
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
#[utoipa::path(post, path = "/people/{id}/grants", params(("id" = Uuid, Path, description = "The person"), Once),
    request_body = GrantIn, responses((status = 201, description = "The role", body = Grant)))]
async fn grant_role(
    caller: Caller,
    PathOf(id): PathOf<Uuid>,
    Once(key): Once,
    Body(input): Body<GrantIn>,
) -> Answer<(StatusCode, Json<Grant>)> {
    let granted = person::grant(&caller.app, caller.actor(), id, &input, &key).await?;
    Ok((StatusCode::CREATED, Json(granted)))
}

/// Withdraw a role, at once
#[utoipa::path(delete, path = "/people/{id}/grants/{grant}",
    params(("id" = Uuid, Path, description = "The person"), ("grant" = Uuid, Path, description = "The role's grant")),
    responses((status = 204, description = "The role is withdrawn")))]
async fn withdraw_role(caller: Caller, PathOf((id, grant)): PathOf<(Uuid, Uuid)>) -> Answer<StatusCode> {
    person::withdraw(&caller.app, caller.actor(), id, grant).await?;
    Ok(StatusCode::NO_CONTENT)
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
