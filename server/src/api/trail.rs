//! 追溯: following a number, and the accepted lines behind a sum.

use super::body::{Params, limit};
use super::caller::Caller;
use super::refused::Answer;
use crate::services::{App, evidence, paging, trail};
use axum::Json;
use serde::Deserialize;
use shared::api::evidence::{EvidenceOut, EvidenceQuery};
use shared::api::trail::TrailOut;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(follow_number))
        .routes(routes!(list_accepted_lines))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct TrailAsked {
    /// The number of an order, village order, acceptance or claim, a transaction's id, or a lot's code.
    #[serde(default)]
    number: String,
}

/// Follow a number from the fen to the request
#[utoipa::path(get, path = "/trail", params(TrailAsked),
    responses((status = 200, description = "Every line behind the number", body = TrailOut)))]
async fn follow_number(caller: Caller, Params(asked): Params<TrailAsked>) -> Answer<Json<TrailOut>> {
    Ok(Json(
        trail::follow(&caller.app, caller.actor(), &asked.number).await?,
    ))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct EvidenceAsked {
    /// The year in which they were posted; this one when left out.
    year: Option<i32>,
    /// Only this month's, 1 to 12.
    #[param(minimum = 1, maximum = 12)]
    month: Option<u32>,
    /// Only produce of this category.
    category: Option<String>,
    /// Only villages of this town: its 9-digit code.
    town: Option<String>,
    /// Only this village: its 12-digit code.
    village: Option<String>,
    /// Only this unit.
    unit: Option<Uuid>,
    /// `next` of the page before.
    after: Option<String>,
    /// Lines; 50 when left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u16>,
}

/// The accepted lines behind a sum, each with its document and its signatures
#[utoipa::path(get, path = "/accepted-lines", params(EvidenceAsked),
    responses((status = 200, description = "What all of them come to, and a page of them", body = EvidenceOut)))]
async fn list_accepted_lines(
    caller: Caller,
    Params(asked): Params<EvidenceAsked>,
) -> Answer<Json<EvidenceOut>> {
    let limit = limit(asked.limit, paging::ROWS)?;
    let query = EvidenceQuery {
        year: asked.year,
        month: asked.month,
        category: asked.category,
        town: asked.town,
        village: asked.village,
        unit: asked.unit,
    };
    let after = asked.after.as_deref();
    Ok(Json(
        evidence::lines(&caller.app, caller.actor(), &query, after, limit).await?,
    ))
}
