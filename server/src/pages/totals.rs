//! The public page of totals.

use super::address::Asked;
use super::{Failure, Reply, Visitor};
use crate::services::{App, totals};
use axum::Router;
use axum::routing::get;
use frontend::views;
use serde::Deserialize;

/// The routes of this room.
pub fn router() -> Router<App> {
    Router::new().route("/totals", get(show))
}

#[derive(Deserialize)]
struct TotalsQuery {
    year: Option<i32>,
    q: Option<String>,
}

async fn show(visitor: Visitor, Asked(query): Asked<TotalsQuery>) -> Result<Reply, Failure> {
    let found = totals::totals(&visitor.app, query.year).await;
    let out = found.map_err(|e| visitor.fail(e))?;
    let sought = query.q.as_deref().map(str::trim).unwrap_or_default();
    let title = visitor.look.lang.t("公开账", "Public totals");
    visitor
        .page(title, |cx| views::totals::totals(cx, &out, sought))
        .await
}
