//! 财务首页: where the money is, and whether the books agree with it.

use super::body::{Once, Params, limit};
use super::caller::Caller;
use super::refused::Answer;
use crate::services::{App, finance, paging};
use axum::Json;
use serde::Deserialize;
use shared::api::finance::{FinanceOut, ReconciliationOut};
use shared::api::page::Page;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(show_finance))
        .routes(routes!(list_reconciliations, reconcile_now))
}

/// Where the money is, each kind of it by age
#[utoipa::path(get, path = "/finance",
    responses((status = 200, description = "Sums, counts, ages; the newest reconciliations", body = FinanceOut)))]
async fn show_finance(caller: Caller) -> Answer<Json<FinanceOut>> {
    Ok(Json(finance::show(&caller.app, caller.actor()).await?))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ReconciliationsAsked {
    /// `next` of the page before.
    after: Option<String>,
    /// Rows; 50 when left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u16>,
}

/// Reconciliations, newest first
///
/// The program makes one every day.
#[utoipa::path(get, path = "/finance/reconciliations", params(ReconciliationsAsked),
    responses((status = 200, description = "A page of reconciliations", body = Page<ReconciliationOut>)))]
async fn list_reconciliations(
    caller: Caller,
    Params(asked): Params<ReconciliationsAsked>,
) -> Answer<Json<Page<ReconciliationOut>>> {
    let limit = limit(asked.limit, paging::ROWS)?;
    let after = asked.after.as_deref();
    Ok(Json(
        finance::reconciliations(&caller.app, caller.actor(), after, limit).await?,
    ))
}

/// Hold the books against what stands behind them now
#[utoipa::path(post, path = "/finance/reconciliations", params(Once),
    responses((status = 200, description = "What was found", body = ReconciliationOut)))]
async fn reconcile_now(caller: Caller, Once(key): Once) -> Answer<Json<ReconciliationOut>> {
    Ok(Json(finance::reconcile(&caller.app, caller.actor(), &key).await?))
}
