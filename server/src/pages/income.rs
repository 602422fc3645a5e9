//! Collective income: one village's, and over many.

use super::address::{Address, Asked};
use super::listing::ROWS;
use super::{Failure, Reply, Visitor, see_other};
use crate::services::{App, exception, income, village};
use axum::Router;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use frontend::views;
use serde::Deserialize;
use shared::api::income::{MoneyState, OverviewQuery, StatementQuery};
use shared::domain::identity::Role;
use shared::domain::ledger::IncomeSource;

/// Villages of a page.
const VILLAGES: i64 = 2 * ROWS;

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
    money: Option<String>,
    source: Option<String>,
    tenth: Option<u32>,
    without: Option<String>,
    after: Option<String>,
}

async fn overview(visitor: Visitor, Asked(query): Asked<IncomeQuery>) -> Result<Response, Failure> {
    let actor = visitor.actor()?;
    if actor.grant.role == Role::VillageLister
        && let Some(own) = &actor.grant.village_code
    {
        return Ok(see_other(&format!("/income/{own}")));
    }
    let asked = OverviewQuery {
        year: query.year,
        town: query.town.filter(|code| !code.is_empty()),
        tenth: query.tenth,
        without: query.without.as_deref() == Some("1"),
    };
    let after = query.after.as_deref();
    let found = income::overview_of(&visitor.app, actor, &asked, after, VILLAGES).await;
    let out = found.map_err(|e| visitor.fail(e))?;
    let towns = match actor.grant.role {
        Role::TownOfficer => Vec::new(),
        _ => village::towns(&visitor.app).await.map_err(|e| visitor.fail(e))?,
    };
    let title = visitor.look.lang.t("集体收入", "Collective income");
    Ok(visitor
        .page(title, |cx| views::income::overview(cx, &out, &asked, &towns))
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
    let asked = StatementQuery {
        year: query.year,
        month: query.month,
        money: query.money.as_deref().and_then(MoneyState::from_name),
        source: query.source.as_deref().and_then(IncomeSource::from_name),
    };
    let actor = visitor.actor()?;
    let found = income::narrowed(&visitor.app, actor, &village, &asked, after, ROWS).await;
    let out = found.map_err(|e| visitor.fail(e))?;
    let title = format!(
        "{} {}",
        out.village.name,
        visitor.look.lang.t("集体收入", "collective income")
    );
    visitor.page(&title, |cx| views::income::income(cx, &out)).await
}
