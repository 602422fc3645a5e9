//! 价格走势: what villages ask for a kind of produce, month by month.

use super::address::Asked;
use super::{Failure, Reply, Visitor};
use crate::services::{App, price, produce};
use axum::Router;
use axum::routing::get;
use frontend::views;
use serde::Deserialize;

/// The routes of this room.
pub fn router() -> Router<App> {
    Router::new().route("/prices", get(show))
}

/// Which kind of produce.
#[derive(Deserialize)]
struct PricesQuery {
    produce: Option<String>,
}

async fn show(visitor: Visitor, Asked(query): Asked<PricesQuery>) -> Result<Reply, Failure> {
    let (app, actor) = (&visitor.app, visitor.actor()?);
    let kinds = produce::list(app).await.map_err(|e| visitor.fail(e))?;
    let first = kinds.first().map(|kind| kind.slug.clone());
    let chosen = query
        .produce
        .filter(|slug| !slug.is_empty())
        .or(first)
        .unwrap_or_default();
    let found = price::months_of(app, actor, &chosen).await;
    let months = found.map_err(|e| visitor.fail(e))?;
    let title = format!("{} {}", visitor.look.lang.t("价格走势", "Prices"), months.name);
    visitor
        .page(&title, |cx| views::price::prices(cx, &kinds, &months))
        .await
}
