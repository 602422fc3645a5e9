//! The home page of the centre's finance.

use super::address::Asked;
use super::listing::ROWS;
use super::{Failure, Posted, Reply, Visitor};
use crate::services::{App, finance};
use axum::Router;
use axum::response::Response;
use axum::routing::get;
use frontend::{Flash, views};
use serde::Deserialize;

/// The routes of this room.
pub fn router() -> Router<App> {
    Router::new()
        .route("/finance", get(show))
        .route("/finance/reconciliations", get(list).post(reconcile))
}

async fn show(visitor: Visitor) -> Result<Reply, Failure> {
    let found = finance::show(&visitor.app, visitor.actor()?).await;
    let out = found.map_err(|e| visitor.fail(e))?;
    let title = visitor.look.lang.t("财务", "Finance");
    visitor.page(title, |cx| views::finance::finance(cx, &out)).await
}

#[derive(Deserialize)]
struct ListQuery {
    after: Option<String>,
}

async fn list(visitor: Visitor, Asked(query): Asked<ListQuery>) -> Result<Reply, Failure> {
    let after = query.after.as_deref();
    let found = finance::reconciliations(&visitor.app, visitor.actor()?, after, ROWS).await;
    let page = found.map_err(|e| visitor.fail(e))?;
    let title = visitor.look.lang.t("每日对账", "Reconciliations");
    visitor
        .page(title, |cx| views::finance::reconciliations(cx, &page))
        .await
}

async fn reconcile(posted: Posted) -> Result<Response, Failure> {
    let visitor = &posted.visitor;
    let actor = visitor.actor()?;
    let key = posted.key().map_err(|e| visitor.fail(e))?;
    let done = finance::reconcile(&visitor.app, actor, &key).await;
    done.map_err(|e| visitor.fail(e))?;
    Ok(visitor.go("/finance", Some(Flash::Saved)))
}
