//! The books: one transaction, and the checks over all.

use super::address::Address;
use super::{Failure, Posted, Reply, Visitor};
use crate::services::{App, ledger, right, verify};
use axum::Router;
use axum::routing::get;
use frontend::views;
use shared::domain::rights::{Action, Place};
use uuid::Uuid;

/// The routes of this room.
pub fn router() -> Router<App> {
    Router::new()
        .route("/ledger/transactions/{id}", get(transaction))
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
