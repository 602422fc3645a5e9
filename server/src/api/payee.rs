//! 收款账户: where payees' money goes.

use super::body::{Body, Once, Params, PathOf, limit};
use super::caller::Caller;
use super::refused::Answer;
use crate::services::{App, paging, payee_account};
use axum::Json;
use serde::Deserialize;
use shared::api::page::Page;
use shared::api::settlement::{AccountCheckIn, PayeeAccountIn, PayeeAccountOut};
use shared::domain::settlement::PayeeKind;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_payees))
        .routes(routes!(show_payee))
        .routes(routes!(set_payee_account))
        .routes(routes!(check_payee_account))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct PayeesAsked {
    /// Payees of this kind; villages when left out.
    #[param(inline)]
    kind: Option<PayeeKind>,
    /// Only of this town (9-digit code).
    #[param(max_length = 9)]
    town: Option<String>,
    /// Only those without an account that the centre has checked.
    #[serde(default)]
    missing: bool,
    /// `next` of the page before.
    after: Option<String>,
    /// Rows; 50 when left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u16>,
}

/// Payees with their accounts, village by village
///
/// Only the centre's finance sees all of a number, others its last four digits.
#[utoipa::path(get, path = "/payees", params(PayeesAsked),
    responses((status = 200, description = "A page of payees", body = Page<PayeeAccountOut>)))]
async fn list_payees(
    caller: Caller,
    Params(asked): Params<PayeesAsked>,
) -> Answer<Json<Page<PayeeAccountOut>>> {
    let limit = limit(asked.limit, paging::ROWS)?;
    let narrowed = payee_account::Asked {
        kind: asked.kind,
        town: asked.town,
        missing: asked.missing,
    };
    let after = asked.after.as_deref();
    Ok(Json(
        payee_account::list(&caller.app, caller.actor(), &narrowed, after, limit).await?,
    ))
}

/// One payee with its account
#[utoipa::path(get, path = "/payees/{kind}/{payee}",
    params(("kind" = inline(PayeeKind), Path, description = "What kind"),
        ("payee" = String, Path, description = "The village's code, the household's or seller's id")),
    responses((status = 200, description = "The payee", body = PayeeAccountOut)))]
async fn show_payee(
    caller: Caller,
    PathOf((kind, payee)): PathOf<(PayeeKind, String)>,
) -> Answer<Json<PayeeAccountOut>> {
    Ok(Json(
        payee_account::show(&caller.app, caller.actor(), kind, &payee).await?,
    ))
}

/// Say where a payee's money goes
///
/// Takes a proof of who one is within the last ten minutes. What a village says of itself or its households is used once
/// the centre's finance has checked it.
#[utoipa::path(put, path = "/payees/{kind}/{payee}/account",
    params(("kind" = inline(PayeeKind), Path, description = "What kind"),
        ("payee" = String, Path, description = "The village's code, the household's or seller's id"), Once),
    request_body = PayeeAccountIn, responses((status = 200, description = "The payee", body = PayeeAccountOut)))]
async fn set_payee_account(
    caller: Caller,
    PathOf((kind, payee)): PathOf<(PayeeKind, String)>,
    Once(key): Once,
    Body(input): Body<PayeeAccountIn>,
) -> Answer<Json<PayeeAccountOut>> {
    let whose = (kind, payee.as_str());
    Ok(Json(
        payee_account::put(&caller.app, caller.actor(), &key, whose, input).await?,
    ))
}

/// Say that a payee's account was checked
#[utoipa::path(post, path = "/payees/{kind}/{payee}/account/check",
    params(("kind" = inline(PayeeKind), Path, description = "What kind"),
        ("payee" = String, Path, description = "The village's code, the household's or seller's id"), Once),
    request_body = AccountCheckIn, responses((status = 200, description = "The payee", body = PayeeAccountOut)))]
async fn check_payee_account(
    caller: Caller,
    PathOf((kind, payee)): PathOf<(PayeeKind, String)>,
    Once(key): Once,
    Body(input): Body<AccountCheckIn>,
) -> Answer<Json<PayeeAccountOut>> {
    let whose = (kind, payee.as_str());
    Ok(Json(
        payee_account::check(&caller.app, caller.actor(), &key, whose, input.changed_at).await?,
    ))
}
