//! 证书: those that run out soon.

use super::address::Asked;
use super::listing::ROWS;
use super::{Failure, Reply, Visitor};
use crate::services::{App, certificate};
use axum::Router;
use axum::routing::get;
use frontend::views;
use serde::Deserialize;

/// The routes of this room.
pub fn router() -> Router<App> {
    Router::new().route("/certificates", get(list))
}

#[derive(Deserialize)]
struct ListQuery {
    after: Option<String>,
}

async fn list(visitor: Visitor, Asked(query): Asked<ListQuery>) -> Result<Reply, Failure> {
    let found = certificate::list(&visitor.app, visitor.actor()?, query.after.as_deref(), ROWS).await;
    let page = found.map_err(|e| visitor.fail(e))?;
    let title = visitor.look.lang.t("快到期的证书", "Certificates that run out");
    visitor
        .page(title, |cx| views::certificate::certificates(cx, &page))
        .await
}
