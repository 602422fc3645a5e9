//! 账簿: the trial balance, closed months, and a village's public journal.

use super::body::{Body, Once, Params, PathOf, limit};
use super::caller::{Caller, MaybeCaller};
use super::refused::Answer;
use crate::download;
use crate::services::books::AsOf;
use crate::services::{App, books, journal, paging, period, seal};
use axum::Json;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use shared::api::books::{
    AccountRow, CloseIn, JournalOut, LedgerAccountOut, MonthOut, MonthRow, MonthsOut, TrialBy, TrialOut,
};
use shared::api::page::Page;
use shared::domain::calendar::Micros;
use shared::domain::ledger::AccountKind;
use shared::domain::month::Month;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(show_trial_balance))
        .routes(routes!(list_accounts))
        .routes(routes!(show_account))
        .routes(routes!(list_months, close_month))
        .routes(routes!(show_month))
        .routes(routes!(show_month_head))
        .routes(routes!(show_book_keys))
        .routes(routes!(show_journal))
        .routes(routes!(show_journal_file))
        .routes(routes!(show_full_journal_file))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct TrialAsked {
    /// Up to this instant, itself included, in UTC microseconds; all there is when left out.
    at: Option<i64>,
    /// Which time is meant; `recorded` when left out.
    #[param(inline)]
    by: Option<TrialBy>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct AccountsAsked {
    /// Up to this instant, itself included, in UTC microseconds; all there is when left out.
    at: Option<i64>,
    /// Which time is meant; `recorded` when left out.
    #[param(inline)]
    by: Option<TrialBy>,
    /// `next` of the page before.
    after: Option<String>,
    /// Rows; 50 when left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u16>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct AccountAsked {
    /// Whose: a unit's id, a village's code …; left out for the centre's own.
    #[param(max_length = 40)]
    owner: Option<String>,
    /// Up to this instant, itself included, in UTC microseconds; all there is when left out.
    at: Option<i64>,
    /// Which time is meant; `recorded` when left out.
    #[param(inline)]
    by: Option<TrialBy>,
    /// `next` of the page before.
    after: Option<String>,
    /// Entries; 50 when left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u16>,
}

fn as_of(at: Option<i64>, by: Option<TrialBy>) -> AsOf {
    AsOf {
        at: at.map(Micros),
        by: by.unwrap_or(TrialBy::Recorded),
    }
}

/// The trial balance as of an instant
#[utoipa::path(get, path = "/books/trial", params(TrialAsked),
    responses((status = 200, description = "Every kind of account", body = TrialOut)))]
async fn show_trial_balance(caller: Caller, Params(asked): Params<TrialAsked>) -> Answer<Json<TrialOut>> {
    let as_of = as_of(asked.at, asked.by);
    Ok(Json(books::trial(&caller.app, caller.actor(), as_of).await?))
}

/// The accounts of a kind as of an instant
#[utoipa::path(get, path = "/books/accounts/{kind}",
    params(("kind" = inline(AccountKind), Path, description = "The kind of account"), AccountsAsked),
    responses((status = 200, description = "A page of accounts", body = Page<AccountRow>)))]
async fn list_accounts(
    caller: Caller,
    PathOf(kind): PathOf<AccountKind>,
    Params(asked): Params<AccountsAsked>,
) -> Answer<Json<Page<AccountRow>>> {
    let limit = limit(asked.limit, paging::ROWS)?;
    let (as_of, after) = (as_of(asked.at, asked.by), asked.after.as_deref());
    Ok(Json(
        books::accounts(&caller.app, caller.actor(), kind, as_of, after, limit).await?,
    ))
}

/// One account with its entries, the newest first
#[utoipa::path(get, path = "/books/accounts/{kind}/entries",
    params(("kind" = inline(AccountKind), Path, description = "The kind of account"), AccountAsked),
    responses((status = 200, description = "The account and a page of entries", body = LedgerAccountOut)))]
async fn show_account(
    caller: Caller,
    PathOf(kind): PathOf<AccountKind>,
    Params(asked): Params<AccountAsked>,
) -> Answer<Json<LedgerAccountOut>> {
    let limit = limit(asked.limit, paging::ROWS)?;
    let account = (kind, asked.owner.as_deref().unwrap_or_default());
    let (as_of, after) = (as_of(asked.at, asked.by), asked.after.as_deref());
    Ok(Json(
        books::account(&caller.app, caller.actor(), account, as_of, after, limit).await?,
    ))
}

/// The months of the books, open and closed
#[utoipa::path(get, path = "/books/months",
    responses((status = 200, description = "The months, the newest first", body = MonthsOut)))]
async fn list_months(caller: Caller) -> Answer<Json<MonthsOut>> {
    Ok(Json(period::months(&caller.app, caller.actor()).await?))
}

/// Close a month
///
/// The first that is open, once it has ended and all checks of the books hold. Afterwards nothing can take effect in it
/// (`period_closed`): corrections are posted to the open month and name the old document. Prove yourself first
/// (`POST /me/step-up`).
#[utoipa::path(post, path = "/books/months", params(Once), request_body = CloseIn,
    responses((status = 201, description = "The closed month with its signature", body = MonthRow)))]
async fn close_month(
    caller: Caller,
    Once(key): Once,
    Body(input): Body<CloseIn>,
) -> Answer<(StatusCode, Json<MonthRow>)> {
    let closed = period::close(&caller.app, caller.actor(), &key, &input).await?;
    Ok((StatusCode::CREATED, Json(closed)))
}

/// One month with its sums, and what was corrected of it later
#[utoipa::path(get, path = "/books/months/{month}",
    params(("month" = inline(Month), Path, description = "The month, as 2026-11")),
    responses((status = 200, description = "The month", body = MonthOut)))]
async fn show_month(caller: Caller, PathOf(month): PathOf<Month>) -> Answer<Json<MonthOut>> {
    Ok(Json(period::month(&caller.app, caller.actor(), month).await?))
}

/// What a closed month says of itself, signed
///
/// Text, one form only: the month's sums, and every village's journal by its length, hash and sums; then the key's name and
/// its Ed25519 signature over all before the line `key`. `jizhou verify --head` reads it.
#[utoipa::path(get, path = "/books/heads/{month}",
    params(("month" = inline(Month), Path, description = "The month, as 2026-11")),
    responses((status = 200, description = "The signed text", body = String, content_type = "text/plain")))]
async fn show_month_head(caller: MaybeCaller, PathOf(month): PathOf<Month>) -> Answer<Response> {
    let text = period::head_file(&caller.app, month).await?;
    Ok(download::text(&format!("jizhou-books-{month}.txt"), text))
}

/// The public keys that sign closed months
#[utoipa::path(get, path = "/books/keys",
    responses((status = 200, description = "Comments and keys in PEM", body = String, content_type = "text/plain")))]
async fn show_book_keys(caller: MaybeCaller) -> Answer<Response> {
    Ok(download::text(
        "jizhou-books-keys.txt",
        seal::keys_text(&caller.app).await?,
    ))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct JournalAsked {
    /// `next` of the page before.
    after: Option<String>,
    /// Entries; 50 when left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u16>,
}

/// A village's journal, as everybody may see it
#[utoipa::path(get, path = "/villages/{code}/journal",
    params(("code" = String, Path, description = "The 12-digit code"), JournalAsked),
    responses((status = 200, description = "Sums, and a page of entries, the newest first", body = JournalOut)))]
async fn show_journal(
    caller: MaybeCaller,
    PathOf(code): PathOf<String>,
    Params(asked): Params<JournalAsked>,
) -> Answer<Json<JournalOut>> {
    let limit = limit(asked.limit, paging::ROWS)?;
    let after = asked.after.as_deref();
    Ok(Json(journal::show(&caller.app, &code, after, limit).await?))
}

/// A village's whole journal as a file that anybody can check
///
/// JSON lines, the oldest entry first. `jizhou verify --file` follows them on any machine.
#[utoipa::path(get, path = "/villages/{code}/journal/file",
    params(("code" = String, Path, description = "The 12-digit code")),
    responses((status = 200, description = "The file", body = String, content_type = "application/x-ndjson")))]
async fn show_journal_file(caller: MaybeCaller, PathOf(code): PathOf<String>) -> Answer<Response> {
    Ok(download::statement(journal::statement(&caller.app, &code).await?))
}

/// The same file with all that the seals of its entries cover
///
/// A village has its own, a town those of its villages, the centre and the auditor all.
#[utoipa::path(get, path = "/villages/{code}/journal/full-file",
    params(("code" = String, Path, description = "The 12-digit code")),
    responses((status = 200, description = "The file", body = String, content_type = "application/x-ndjson")))]
async fn show_full_journal_file(caller: Caller, PathOf(code): PathOf<String>) -> Answer<Response> {
    let file = journal::full_statement(&caller.app, caller.actor(), &code).await?;
    Ok(download::statement(file))
}
