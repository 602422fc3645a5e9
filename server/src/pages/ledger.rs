//! The books: one transaction, and the checks over all.

use super::address::{Address, Asked};
use super::listing::ROWS;
use super::{Failure, Posted, Reply, Visitor};
use crate::services::{App, evidence, ledger, produce, right, trail, verify, village};
use axum::Router;
use axum::routing::get;
use frontend::views;
use serde::Deserialize;
use shared::api::evidence::EvidenceQuery;
use shared::domain::rights::{Action, Place};
use std::collections::BTreeSet;
use uuid::Uuid;

/// The routes of this room.
pub fn router() -> Router<App> {
    Router::new()
        .route("/ledger/transactions/{id}", get(transaction))
        .route("/audit/path", get(follow))
        .route("/audit/lines", get(lines))
        .route("/verify", get(verify_form).post(verify_now))
}

async fn transaction(visitor: Visitor, Address(id): Address<Uuid>) -> Result<Reply, Failure> {
    let found = ledger::transaction(&visitor.app, visitor.actor()?, id).await;
    let transaction = found.map_err(|e| visitor.fail(e))?;
    let title = visitor.look.lang.t("账务凭证", "Ledger transaction");
    visitor
        .page(title, |cx| views::ledger::transaction(cx, &transaction))
        .await
}

#[derive(Deserialize)]
struct TrailQuery {
    number: Option<String>,
}

async fn follow(visitor: Visitor, Asked(query): Asked<TrailQuery>) -> Result<Reply, Failure> {
    let number = query.number.unwrap_or_default();
    let found = trail::follow(&visitor.app, visitor.actor()?, &number).await;
    let out = found.map_err(|e| visitor.fail(e))?;
    let title = visitor.look.lang.t("凭号追溯", "Follow a number");
    visitor.page(title, |cx| views::trail::trail(cx, &out)).await
}

#[derive(Deserialize)]
struct LinesQuery {
    year: Option<i32>,
    month: Option<u32>,
    category: Option<String>,
    town: Option<String>,
    village: Option<String>,
    unit: Option<Uuid>,
    after: Option<String>,
}

async fn lines(visitor: Visitor, Asked(asked): Asked<LinesQuery>) -> Result<Reply, Failure> {
    let query = EvidenceQuery {
        year: asked.year,
        month: asked.month,
        category: asked.category,
        town: asked.town,
        village: asked.village,
        unit: asked.unit,
    };
    let (app, actor) = (&visitor.app, visitor.actor()?);
    let found = evidence::lines(app, actor, &query, asked.after.as_deref(), ROWS).await;
    let out = found.map_err(|e| visitor.fail(e))?;
    let kinds = produce::list(app).await.map_err(|e| visitor.fail(e))?;
    let categories: BTreeSet<String> = kinds.into_iter().map(|kind| kind.category).collect();
    let categories: Vec<String> = categories.into_iter().collect();
    let towns = village::towns(app).await.map_err(|e| visitor.fail(e))?;
    let title = visitor.look.lang.t("金额依据", "Behind a sum");
    visitor
        .page(title, |cx| {
            views::evidence::lines(cx, &out, &query, &categories, &towns)
        })
        .await
}

async fn verify_form(visitor: Visitor) -> Result<Reply, Failure> {
    right::require(visitor.actor()?, Action::LedgerVerify, Place::DISTRICT).map_err(|e| visitor.fail(e))?;
    visitor
        .page(visitor.look.lang.t("核账", "Verify"), |cx| {
            views::ledger::verify(cx, None)
        })
        .await
}

async fn verify_now(posted: Posted) -> Result<Reply, Failure> {
    let visitor = &posted.visitor;
    let result = verify::verify(&visitor.app, visitor.actor()?)
        .await
        .map_err(|e| visitor.fail(e))?;
    visitor
        .page(visitor.look.lang.t("核账", "Verify"), |cx| {
            views::ledger::verify(cx, Some(&result))
        })
        .await
}
