//! Collective income: one village's, and over many.

use super::address::{Address, Asked};
use super::{Failure, Reply, Visitor, see_other};
use crate::services::{App, exception, income, village};
use axum::Router;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use frontend::views;
use serde::Deserialize;
use shared::domain::identity::Role;

/// The routes of this room.
pub fn router() -> Router<App> {
    Router::new()
        .route("/exceptions", get(exceptions))
        .route("/income", get(overview))
        .route("/income/{village}", get(show))
}

#[derive(Deserialize)]
struct IncomeQuery {
    year: Option<i32>,
    month: Option<u32>,
    town: Option<String>,
    after: Option<String>,
}

async fn overview(visitor: Visitor, Asked(query): Asked<IncomeQuery>) -> Result<Response, Failure> {
    let actor = visitor.actor()?;
    if actor.grant.role == Role::VillageLister
        && let Some(own) = &actor.grant.village_code
    {
        return Ok(see_other(&format!("/income/{own}")));
    }
    let town = query.town.as_deref().filter(|code| !code.is_empty());
    let after = query.after.as_deref();
    let found = income::overview(&visitor.app, actor, town, query.year, after, 100).await;
    let out = found.map_err(|e| visitor.fail(e))?;
    let towns = match actor.grant.role {
        Role::TownOfficer => Vec::new(),
        _ => village::towns(&visitor.app).await.map_err(|e| visitor.fail(e))?,
    };
    let title = visitor.look.lang.t("集体收入", "Collective income");
    Ok(visitor
        .page(title, |cx| views::income::overview(cx, &out, &towns))
        .await?
        .into_response())
}

async fn exceptions(visitor: Visitor, Asked(query): Asked<IncomeQuery>) -> Result<Reply, Failure> {
    let town = query.town.as_deref().filter(|code| !code.is_empty());
    let found = exception::exceptions(&visitor.app, visitor.actor()?, town).await;
    let out = found.map_err(|e| visitor.fail(e))?;
    let title = visitor.look.lang.t("需要关注的村", "What stands out");
    visitor
        .page(title, |cx| views::exception::exceptions(cx, &out))
        .await
}

async fn show(
    visitor: Visitor,
    Address(village): Address<String>,
    Asked(query): Asked<IncomeQuery>,
) -> Result<Reply, Failure> {
    let after = query.after.as_deref();
    let found = income::of_month(
        &visitor.app,
        visitor.actor()?,
        &village,
        (query.year, query.month),
        after,
        income::LINES,
    )
    .await;
    let out = found.map_err(|e| visitor.fail(e))?;
    let title = format!(
        "{} {}",
        out.village.name,
        visitor.look.lang.t("集体收入", "collective income")
    );
    visitor.page(&title, |cx| views::income::income(cx, &out)).await
}
