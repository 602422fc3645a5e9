//! 银行到账: bank accounts, statements, receipts and what they pay.

use super::body::{Body, FILE_BYTES_MAX, Once, Params, PathOf, Upload, limit};
use super::caller::Caller;
use super::refused::{Answer, Refused};
use crate::services::{App, paging, receipt};
use axum::Json;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use serde::Deserialize;
use shared::api::page::Page;
use shared::api::problem::Code;
use shared::api::receipt::{
    BankAccountIn, BankAccountOut, ConfirmIn, MatchIn, ReceiptOut, ReceiptQuery, ReceiptRow, ReceiptSums,
    RefuseIn, StatementLayoutIn, StatementOut, TakeBackIn,
};
use shared::domain::calendar::Day;
use shared::domain::receipt::ReceiptStatus;
use utoipa::IntoParams;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt as _};
use utoipa_axum::routes;
use uuid::Uuid;

/// A workbook.
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_bank_accounts, add_bank_account))
        .routes(routes!(upload_bank_statement).layer(DefaultBodyLimit::max(FILE_BYTES_MAX + 1)))
        .routes(routes!(show_bank_statement))
        .routes(routes!(check_bank_statement))
        .routes(routes!(list_receipts))
        .routes(routes!(show_receipt_sums))
        .routes(routes!(show_receipt))
        .routes(routes!(match_receipt))
        .routes(routes!(confirm_receipt))
        .routes(routes!(refuse_receipt))
        .routes(routes!(take_receipt_back))
}

/// The centre's bank accounts
#[utoipa::path(get, path = "/bank-accounts",
    responses((status = 200, description = "The accounts, by name", body = Vec<BankAccountOut>)))]
async fn list_bank_accounts(caller: Caller) -> Answer<Json<Vec<BankAccountOut>>> {
    Ok(Json(receipt::accounts(&caller.app, caller.actor()).await?))
}

/// Add a bank account
#[utoipa::path(post, path = "/bank-accounts", params(Once), request_body = BankAccountIn,
    responses((status = 201, description = "The account", body = BankAccountOut)))]
async fn add_bank_account(
    caller: Caller,
    Once(key): Once,
    Body(input): Body<BankAccountIn>,
) -> Answer<(StatusCode, Json<BankAccountOut>)> {
    let added = receipt::add_account(&caller.app, caller.actor(), &key, &input).await?;
    Ok((StatusCode::CREATED, Json(added)))
}

/// Take a bank statement in
///
/// CSV in UTF-8 or GBK, or XLSX, up to 50,000 rows; the heading is looked for among the first 20 lines. Nothing is booked:
/// say which column is which (`…/check`), wait for the check (`/works/{id}`), then let it be written (`/works/{id}/go`).
#[utoipa::path(post, path = "/bank-accounts/{id}/statements", params(("id" = Uuid, Path, description = "The account"), Once),
    request_body(content((String = "text/csv"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))),
    responses((status = 201, description = "The statement with what its columns seem to be", body = StatementOut)))]
async fn upload_bank_statement(
    caller: Caller,
    PathOf(id): PathOf<Uuid>,
    Once(key): Once,
    upload: Upload,
) -> Answer<(StatusCode, Json<StatementOut>)> {
    if !matches!(upload.kind.as_str(), "text/csv" | XLSX) {
        return Err(Refused::code(Code::UnsupportedFile));
    }
    let bytes = upload.bytes.to_vec();
    let taken = receipt::upload(&caller.app, caller.actor(), &key, id, bytes).await?;
    Ok((StatusCode::CREATED, Json(taken)))
}

/// A bank statement that was taken in
#[utoipa::path(get, path = "/bank-statements/{id}", params(("id" = Uuid, Path, description = "The statement")),
    responses((status = 200, description = "The statement", body = StatementOut)))]
async fn show_bank_statement(caller: Caller, PathOf(id): PathOf<Uuid>) -> Answer<Json<StatementOut>> {
    Ok(Json(receipt::statement(&caller.app, caller.actor(), id).await?))
}

/// Say which column is which, and check every row
///
/// It is remembered for every statement with the same heading. The check is long work: see `work_id`.
#[utoipa::path(post, path = "/bank-statements/{id}/check",
    params(("id" = Uuid, Path, description = "The statement"), Once), request_body = StatementLayoutIn,
    responses((status = 200, description = "The statement with its check", body = StatementOut)))]
async fn check_bank_statement(
    caller: Caller,
    PathOf(id): PathOf<Uuid>,
    Once(key): Once,
    Body(input): Body<StatementLayoutIn>,
) -> Answer<Json<StatementOut>> {
    Ok(Json(
        receipt::check(&caller.app, caller.actor(), &key, id, &input).await?,
    ))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ReceiptsAsked {
    /// Only receipts in this state.
    #[param(inline)]
    state: Option<ReceiptStatus>,
    /// Only those that wait for a second person.
    #[serde(default)]
    waits: bool,
    /// Only on this bank account.
    account: Option<Uuid>,
    /// Only of this unit.
    unit: Option<Uuid>,
    /// Booked on this day or later.
    from: Option<Day>,
    /// Booked on this day or earlier.
    until: Option<Day>,
    /// In the payer's name, or the bank's number, or the payer's account.
    #[param(max_length = 60)]
    q: Option<String>,
    /// The oldest first, to work along what waits.
    #[serde(default)]
    oldest_first: bool,
    /// `next` of the page before.
    after: Option<String>,
    /// Rows; 50 when left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u16>,
}

/// Bank receipts, newest first, or the oldest first
#[utoipa::path(get, path = "/receipts", params(ReceiptsAsked),
    responses((status = 200, description = "A page of receipts", body = Page<ReceiptRow>)))]
async fn list_receipts(
    caller: Caller,
    Params(asked): Params<ReceiptsAsked>,
) -> Answer<Json<Page<ReceiptRow>>> {
    let limit = limit(asked.limit, paging::ROWS)?;
    let query = ReceiptQuery {
        status: asked.state,
        waits: asked.waits,
        account_id: asked.account,
        unit_id: asked.unit,
        from: asked.from,
        until: asked.until,
        text: asked.q,
        oldest_first: asked.oldest_first,
    };
    let after = asked.after.as_deref();
    Ok(Json(
        receipt::list(&caller.app, caller.actor(), &query, after, limit).await?,
    ))
}

/// What lies in suspense and what waits for a second person
#[utoipa::path(get, path = "/receipts/sums",
    responses((status = 200, description = "Counts, sums and the oldest day", body = ReceiptSums)))]
async fn show_receipt_sums(caller: Caller) -> Answer<Json<ReceiptSums>> {
    Ok(Json(receipt::sums(&caller.app, caller.actor()).await?))
}

/// One bank receipt with what it pays, or may pay
#[utoipa::path(get, path = "/receipts/{id}", params(("id" = Uuid, Path, description = "The receipt")),
    responses((status = 200, description = "The receipt", body = ReceiptOut)))]
async fn show_receipt(caller: Caller, PathOf(id): PathOf<Uuid>) -> Answer<Json<ReceiptOut>> {
    Ok(Json(receipt::show(&caller.app, caller.actor(), id).await?))
}

/// Say what a receipt in suspense pays
///
/// The sums come to the receipt's own. A second person of the centre's finance then confirms or refuses it.
#[utoipa::path(post, path = "/receipts/{id}/matches", params(("id" = Uuid, Path, description = "The receipt"), Once),
    request_body = MatchIn, responses((status = 200, description = "The receipt as it is now", body = ReceiptOut)))]
async fn match_receipt(
    caller: Caller,
    PathOf(id): PathOf<Uuid>,
    Once(key): Once,
    Body(input): Body<MatchIn>,
) -> Answer<Json<ReceiptOut>> {
    Ok(Json(
        receipt::propose(&caller.app, caller.actor(), &key, id, input).await?,
    ))
}

/// Confirm what another person said: it is posted
///
/// A match is posted, or, when somebody wants one taken back, reversed. Prove yourself first (`POST /me/step-up`).
#[utoipa::path(post, path = "/receipts/{id}/confirm", params(("id" = Uuid, Path, description = "The receipt"), Once),
    request_body = ConfirmIn, responses((status = 200, description = "The receipt as it is now", body = ReceiptOut)))]
async fn confirm_receipt(
    caller: Caller,
    PathOf(id): PathOf<Uuid>,
    Once(key): Once,
    Body(input): Body<ConfirmIn>,
) -> Answer<Json<ReceiptOut>> {
    Ok(Json(
        receipt::confirm(&caller.app, caller.actor(), &key, id, input).await?,
    ))
}

/// Refuse what another person said, or take one's own word back
#[utoipa::path(post, path = "/receipts/{id}/refuse", params(("id" = Uuid, Path, description = "The receipt"), Once),
    request_body = RefuseIn, responses((status = 200, description = "The receipt as it is now", body = ReceiptOut)))]
async fn refuse_receipt(
    caller: Caller,
    PathOf(id): PathOf<Uuid>,
    Once(key): Once,
    Body(input): Body<RefuseIn>,
) -> Answer<Json<ReceiptOut>> {
    Ok(Json(
        receipt::refuse(&caller.app, caller.actor(), &key, id, input).await?,
    ))
}

/// Ask that a posted match be taken back
///
/// A second person then confirms (a reversal is posted in the open month) or refuses it.
#[utoipa::path(post, path = "/receipts/{id}/take-back", params(("id" = Uuid, Path, description = "The receipt"), Once),
    request_body = TakeBackIn, responses((status = 200, description = "The receipt as it is now", body = ReceiptOut)))]
async fn take_receipt_back(
    caller: Caller,
    PathOf(id): PathOf<Uuid>,
    Once(key): Once,
    Body(input): Body<TakeBackIn>,
) -> Answer<Json<ReceiptOut>> {
    Ok(Json(
        receipt::ask_back(&caller.app, caller.actor(), &key, id, input).await?,
    ))
}
