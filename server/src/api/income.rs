//! 集体收入.

use super::body::{Params, PathOf, limit};
use super::caller::Caller;
use super::refused::Answer;
use crate::services::{App, exception, income, paging};
use axum::Json;
use serde::Deserialize;
use shared::api::exception::ExceptionsOut;
use shared::api::income::{IncomeOut, MoneyState, OverviewOut, OverviewQuery, StatementQuery};
use shared::domain::ledger::IncomeSource;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_incomes))
        .routes(routes!(show_village_income))
        .routes(routes!(list_exceptions))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct OverviewAsked {
    /// Only villages of this town: its 9-digit code.
    town: Option<String>,
    /// The year; this one when left out.
    year: Option<i32>,
    /// Only villages in this tenth of their target, 0 to 9; 10 for those that have reached it.
    #[param(minimum = 0, maximum = 10)]
    tenth: Option<u32>,
    /// Only aided villages that have earned nothing yet.
    #[serde(default)]
    without: bool,
    /// `next` of the page before.
    after: Option<String>,
    /// Villages; 50 when left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u16>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct IncomeAsked {
    /// The year; this one when left out.
    year: Option<i32>,
    /// Only this month's statement lines, 1 to 12.
    #[param(minimum = 1, maximum = 12)]
    month: Option<u32>,
    /// Only statement lines whose money has come this far.
    #[param(inline)]
    money: Option<MoneyState>,
    /// Only statement lines of this source.
    #[param(inline)]
    source: Option<IncomeSource>,
    /// `next` of the statement's page before.
    after: Option<String>,
    /// Statement lines; 50 when left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u16>,
}

/// Income over many villages, each with its own line
///
/// A town sees its villages, the centre and the auditor all or one town's.
#[utoipa::path(get, path = "/income", params(OverviewAsked),
    responses((status = 200, description = "Sums, distribution and a page of villages", body = OverviewOut)))]
async fn list_incomes(caller: Caller, Params(asked): Params<OverviewAsked>) -> Answer<Json<OverviewOut>> {
    let limit = limit(asked.limit, paging::ROWS)?;
    let query = OverviewQuery {
        year: asked.year,
        town: asked.town,
        tenth: asked.tenth,
        without: asked.without,
    };
    let after = asked.after.as_deref();
    Ok(Json(
        income::overview_of(&caller.app, caller.actor(), &query, after, limit).await?,
    ))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ExceptionsAsked {
    /// Only villages of this town: its 9-digit code.
    town: Option<String>,
}

/// What stands out over the villages
///
/// A town sees its villages, the centre and the auditor all or one town's.
#[utoipa::path(get, path = "/exceptions", params(ExceptionsAsked),
    responses((status = 200, description = "Five lists, each village by name", body = ExceptionsOut)))]
async fn list_exceptions(
    caller: Caller,
    Params(asked): Params<ExceptionsAsked>,
) -> Answer<Json<ExceptionsOut>> {
    Ok(Json(
        exception::exceptions(&caller.app, caller.actor(), asked.town.as_deref()).await?,
    ))
}

/// One village's collective income of a year, with its statement
#[utoipa::path(get, path = "/villages/{code}/income",
    params(("code" = String, Path, description = "The 12-digit code"), IncomeAsked),
    responses((status = 200, description = "Sources, months, statement and chain head", body = IncomeOut)))]
async fn show_village_income(
    caller: Caller,
    PathOf(code): PathOf<String>,
    Params(asked): Params<IncomeAsked>,
) -> Answer<Json<IncomeOut>> {
    let limit = limit(asked.limit, income::LINES)?;
    let query = StatementQuery {
        year: asked.year,
        month: asked.month,
        money: asked.money,
        source: asked.source,
    };
    let after = asked.after.as_deref();
    Ok(Json(
        income::narrowed(&caller.app, caller.actor(), &code, &query, after, limit).await?,
    ))
}
