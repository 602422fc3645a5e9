//! 账: transactions, and the checks over them.

use super::body::PathOf;
use super::caller::Caller;
use super::refused::Answer;
use crate::services::{App, ledger, verify};
use axum::Json;
use shared::api::ledger::{TransactionOut, VerifyOut};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(show_transaction))
        .routes(routes!(verify_books))
}

/// One ledger transaction with its entries
///
/// A village sees its own entries, a town those of its villages, the centre and the auditor all.
#[utoipa::path(get, path = "/ledger/transactions/{id}",
    params(("id" = Uuid, Path, description = "The transaction")),
    responses((status = 200, description = "The transaction", body = TransactionOut)))]
async fn show_transaction(caller: Caller, PathOf(id): PathOf<Uuid>) -> Answer<Json<TransactionOut>> {
    Ok(Json(ledger::transaction(&caller.app, caller.actor(), id).await?))
}

/// Check every invariant of the books
///
/// Reads much and changes nothing; names the first thing wrong of every check.
#[utoipa::path(get, path = "/ledger/verification",
    responses((status = 200, description = "The checks and what they found", body = VerifyOut)))]
async fn verify_books(caller: Caller) -> Answer<Json<VerifyOut>> {
    Ok(Json(verify::verify(&caller.app, caller.actor()).await?))
}
