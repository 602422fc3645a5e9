//! Villages: the list and a village's public page.

use super::address::{Address, Asked};
use super::listing::ROWS;
use super::{Failure, Reply, Visitor};
use crate::services::{App, village};
use axum::Router;
use axum::routing::get;
use frontend::text::Lang;
use frontend::views;
use serde::Deserialize;

/// The routes of this room.
pub fn router() -> Router<App> {
    Router::new()
        .route("/villages", get(list))
        .route("/villages/{code}", get(show))
}

/// What a list's address says.
#[derive(Deserialize)]
struct ListQuery {
    town: Option<String>,
    q: Option<String>,
    after: Option<String>,
}

async fn list(visitor: Visitor, Asked(query): Asked<ListQuery>) -> Result<Reply, Failure> {
    let app = &visitor.app;
    let town = query
        .town
        .as_deref()
        .map(str::trim)
        .filter(|town| !town.is_empty());
    let q = query.q.as_deref().map(str::trim).unwrap_or_default();
    let found = village::list(app, town, Some(q), query.after.as_deref(), ROWS).await;
    let page = found.map_err(|e| visitor.fail(e))?;
    let towns = village::towns(app).await.map_err(|e| visitor.fail(e))?;
    let title = visitor.look.lang.t("帮扶村", "Villages");
    visitor
        .page(title, |cx| views::village::villages(cx, &towns, town, q, &page))
        .await
}

async fn show(visitor: Visitor, Address(code): Address<String>) -> Result<Reply, Failure> {
    let village = village::show(&visitor.app, &code)
        .await
        .map_err(|e| visitor.fail(e))?;
    let (row, year) = (&village.village, village.year);
    let sum = row.credited_fen.format_cny();
    let about = match visitor.look.lang {
        Lang::Zh => format!(
            "{} {}:{year} 年村集体收入已入账 {sum}，在售货品 {} 种。",
            row.town_name, row.name, row.offers
        ),
        Lang::En => format!(
            "{} {}: {sum} credited to the village in {year}, {} goods on sale.",
            row.town_name, row.name, row.offers
        ),
    };
    let visitor = visitor.about(about);
    visitor
        .page(&village.village.name, |cx| views::village::village(cx, &village))
        .await
}
