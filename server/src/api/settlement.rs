//! 结算: batches, their payees, the bank's files, and where payees' money goes.

use super::body::{Body, Once, Params, PathOf, Upload, limit};
use super::caller::Caller;
use super::refused::Answer;
use crate::download;
use crate::services::{App, paging, paper, settlement as settlements};
use axum::Json;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use shared::api::page::Page;
use shared::api::settlement::{
    BatchOut, BatchRow, ItemAnswerIn, ItemOut, ItemRow, PreviewOut, ResultLayoutIn, SendIn, SettlementIn,
    UploadOut,
};
use shared::domain::calendar::Day;
use shared::domain::money::Fen;
use shared::domain::settlement::{BatchStatus, PayeeKind, SettlementStatus};
use shared::domain::work::FileFormat;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_settlements, prepare_settlement))
        .routes(routes!(preview_settlement))
        .routes(routes!(show_settlement))
        .routes(routes!(discard_settlement))
        .routes(routes!(release_settlement))
        .routes(routes!(send_settlement))
        .routes(routes!(show_settlement_file))
        .routes(routes!(bring_settlement_results))
        .routes(routes!(show_settlement_results))
        .routes(routes!(read_settlement_results))
        .routes(routes!(apply_settlement_results))
        .routes(routes!(list_settlement_items))
        .routes(routes!(show_settlement_item))
        .routes(routes!(print_settlement_item))
        .routes(routes!(answer_settlement_item))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct BatchesAsked {
    /// Only batches in this state.
    #[param(inline)]
    state: Option<BatchStatus>,
    /// `next` of the page before.
    after: Option<String>,
    /// Rows; 50 when left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u16>,
}

/// Batches of settlements, newest first
#[utoipa::path(get, path = "/settlements", params(BatchesAsked),
    responses((status = 200, description = "A page of batches", body = Page<BatchRow>)))]
async fn list_settlements(
    caller: Caller,
    Params(asked): Params<BatchesAsked>,
) -> Answer<Json<Page<BatchRow>>> {
    let limit = limit(asked.limit, paging::ROWS)?;
    let after = asked.after.as_deref();
    Ok(Json(
        settlements::list(&caller.app, caller.actor(), asked.state, after, limit).await?,
    ))
}

/// Prepare a batch
///
/// Whoever is owed something and has a checked account, with every line behind the sum. No line is ever in two batches.
/// Another person of the centre's finance has to release it.
#[utoipa::path(post, path = "/settlements", params(Once), request_body = SettlementIn,
    responses((status = 201, description = "The batch", body = BatchOut)))]
async fn prepare_settlement(
    caller: Caller,
    Once(key): Once,
    Body(input): Body<SettlementIn>,
) -> Answer<(StatusCode, Json<BatchOut>)> {
    let made = settlements::prepare(&caller.app, caller.actor(), &key, input).await?;
    Ok((StatusCode::CREATED, Json(made)))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct PreviewAsked {
    /// Only what came through villages of this town (9-digit code).
    #[param(max_length = 9)]
    town: Option<String>,
    /// Only payees of this kind.
    #[param(inline)]
    kind: Option<PayeeKind>,
    /// Only what was credited on this day or before; today when left out.
    until: Option<Day>,
    /// Payees with less, in fen, wait.
    #[serde(default)]
    #[param(value_type = i64, minimum = 0)]
    min_fen: i64,
    /// Also what the unit has not paid, where the settings allow it.
    #[serde(default)]
    advance: bool,
}

/// What a batch would pay now, and who would have to wait and why
#[utoipa::path(get, path = "/settlements/preview", params(PreviewAsked),
    responses((status = 200, description = "Payees with their sums", body = PreviewOut)))]
async fn preview_settlement(caller: Caller, Params(asked): Params<PreviewAsked>) -> Answer<Json<PreviewOut>> {
    let input = SettlementIn {
        town_code: asked.town,
        payee_kind: asked.kind,
        until: asked.until,
        min_fen: Fen(asked.min_fen),
        advance: asked.advance,
        expect_fen: None,
    };
    Ok(Json(
        settlements::preview(&caller.app, caller.actor(), &input).await?,
    ))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ItemsOfBatchAsked {
    /// `items.next` of the page before.
    after: Option<String>,
    /// Payees; 50 when left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u16>,
}

/// One batch with its payees
#[utoipa::path(get, path = "/settlements/{id}", params(("id" = Uuid, Path, description = "The batch"), ItemsOfBatchAsked),
    responses((status = 200, description = "The batch", body = BatchOut)))]
async fn show_settlement(
    caller: Caller,
    PathOf(id): PathOf<Uuid>,
    Params(asked): Params<ItemsOfBatchAsked>,
) -> Answer<Json<BatchOut>> {
    let limit = limit(asked.limit, paging::ROWS)?;
    let after = asked.after.as_deref();
    Ok(Json(
        settlements::show(&caller.app, caller.actor(), id, after, limit).await?,
    ))
}

/// Discard a batch that nobody has released
#[utoipa::path(post, path = "/settlements/{id}/discard", params(("id" = Uuid, Path, description = "The batch"), Once),
    responses((status = 200, description = "The batch", body = BatchOut)))]
async fn discard_settlement(
    caller: Caller,
    PathOf(id): PathOf<Uuid>,
    Once(key): Once,
) -> Answer<Json<BatchOut>> {
    Ok(Json(
        settlements::discard(&caller.app, caller.actor(), &key, id).await?,
    ))
}

/// Release a batch that somebody else has prepared
///
/// Takes a proof of who one is within the last ten minutes. The files for the bank are made, and never change.
#[utoipa::path(post, path = "/settlements/{id}/release", params(("id" = Uuid, Path, description = "The batch"), Once),
    responses((status = 200, description = "The batch", body = BatchOut)))]
async fn release_settlement(
    caller: Caller,
    PathOf(id): PathOf<Uuid>,
    Once(key): Once,
) -> Answer<Json<BatchOut>> {
    Ok(Json(
        settlements::release(&caller.app, caller.actor(), &key, id).await?,
    ))
}

/// Tell that the bank has the batch
///
/// What it pays is on its way from then on. A day in a closed month is posted today, and the record names it.
#[utoipa::path(post, path = "/settlements/{id}/send", params(("id" = Uuid, Path, description = "The batch"), Once),
    request_body = SendIn, responses((status = 200, description = "The batch", body = BatchOut)))]
async fn send_settlement(
    caller: Caller,
    PathOf(id): PathOf<Uuid>,
    Once(key): Once,
    Body(input): Body<SendIn>,
) -> Answer<Json<BatchOut>> {
    Ok(Json(
        settlements::send(&caller.app, caller.actor(), &key, id, input).await?,
    ))
}

/// The file of a released batch for the bank
#[utoipa::path(get, path = "/settlements/{id}/files/{format}",
    params(("id" = Uuid, Path, description = "The batch"), ("format" = inline(FileFormat), Path, description = "Its form")),
    responses((status = 200, description = "The file, the same bytes every time", content(
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (String = "text/csv")))))]
async fn show_settlement_file(
    caller: Caller,
    PathOf((id, format)): PathOf<(Uuid, FileFormat)>,
) -> Answer<Response> {
    let file = settlements::file(&caller.app, caller.actor(), id, format).await?;
    Ok(download::attachment(
        download::of_format(format),
        &file.name,
        file.bytes,
    ))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ResultsAsked {
    /// The file's name.
    #[serde(default)]
    #[param(max_length = 80)]
    name: String,
}

/// Bring the bank's result file
///
/// XLSX, or CSV in UTF-8 or GB18030, up to 5,000 rows. It is looked at row by row; nothing is applied. The same file
/// twice is one.
#[utoipa::path(post, path = "/settlements/{id}/results",
    params(("id" = Uuid, Path, description = "The batch"), ResultsAsked, Once),
    request_body(content((String = "text/csv"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))),
    responses((status = 201, description = "The file as it would be applied", body = UploadOut)))]
async fn bring_settlement_results(
    caller: Caller,
    PathOf(id): PathOf<Uuid>,
    Params(asked): Params<ResultsAsked>,
    Once(key): Once,
    upload: Upload,
) -> Answer<(StatusCode, Json<UploadOut>)> {
    let bytes = upload.bytes.to_vec();
    let out = settlements::upload(&caller.app, caller.actor(), &key, id, &asked.name, bytes).await?;
    Ok((StatusCode::CREATED, Json(out)))
}

/// A result file as it would be applied now
#[utoipa::path(get, path = "/settlements/{id}/results/{file}",
    params(("id" = Uuid, Path, description = "The batch"), ("file" = Uuid, Path, description = "The result file")),
    responses((status = 200, description = "The file", body = UploadOut)))]
async fn show_settlement_results(
    caller: Caller,
    PathOf((id, file)): PathOf<(Uuid, Uuid)>,
) -> Answer<Json<UploadOut>> {
    Ok(Json(
        settlements::show_upload(&caller.app, caller.actor(), id, file).await?,
    ))
}

/// Say how a result file, and every later one with the same headings, is read
#[utoipa::path(put, path = "/settlements/{id}/results/{file}/layout",
    params(("id" = Uuid, Path, description = "The batch"), ("file" = Uuid, Path, description = "The result file"), Once),
    request_body = ResultLayoutIn, responses((status = 200, description = "The file, read so", body = UploadOut)))]
async fn read_settlement_results(
    caller: Caller,
    PathOf(ids): PathOf<(Uuid, Uuid)>,
    Once(key): Once,
    Body(input): Body<ResultLayoutIn>,
) -> Answer<Json<UploadOut>> {
    Ok(Json(
        settlements::read_as(&caller.app, caller.actor(), &key, ids, input).await?,
    ))
}

/// Apply a result file
///
/// Every row that names a payee, its sum and a known outcome counts; the others are left with their reasons. The same
/// rows a second time change nothing.
#[utoipa::path(post, path = "/settlements/{id}/results/{file}/apply",
    params(("id" = Uuid, Path, description = "The batch"), ("file" = Uuid, Path, description = "The result file"), Once),
    responses((status = 200, description = "The file as it stands now", body = UploadOut)))]
async fn apply_settlement_results(
    caller: Caller,
    PathOf((id, file)): PathOf<(Uuid, Uuid)>,
    Once(key): Once,
) -> Answer<Json<UploadOut>> {
    Ok(Json(
        settlements::apply(&caller.app, caller.actor(), &key, id, file).await?,
    ))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ItemsAsked {
    /// Only those in this state.
    #[param(inline)]
    state: Option<SettlementStatus>,
    /// `next` of the page before.
    after: Option<String>,
    /// Rows; 50 when left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u16>,
}

/// Settlements payee by payee, newest first
///
/// A village sees its own, and those of its households and co-ops; a town those of its villages, and no household's.
#[utoipa::path(get, path = "/settlement-items", params(ItemsAsked),
    responses((status = 200, description = "A page of settlements", body = Page<ItemRow>)))]
async fn list_settlement_items(
    caller: Caller,
    Params(asked): Params<ItemsAsked>,
) -> Answer<Json<Page<ItemRow>>> {
    let limit = limit(asked.limit, paging::ROWS)?;
    let after = asked.after.as_deref();
    Ok(Json(
        settlements::items(&caller.app, caller.actor(), asked.state, after, limit).await?,
    ))
}

/// One payee's settlement with every line behind its sum
#[utoipa::path(get, path = "/settlement-items/{id}", params(("id" = Uuid, Path, description = "The settlement")),
    responses((status = 200, description = "The settlement", body = ItemOut)))]
async fn show_settlement_item(caller: Caller, PathOf(id): PathOf<Uuid>) -> Answer<Json<ItemOut>> {
    Ok(Json(
        settlements::show_item(&caller.app, caller.actor(), id).await?,
    ))
}

/// A settlement statement as PDF
#[utoipa::path(get, path = "/settlement-items/{id}/pdf", params(("id" = Uuid, Path, description = "The settlement")),
    responses((status = 200, description = "The document, in Chinese", body = Vec<u8>, content_type = "application/pdf")))]
async fn print_settlement_item(caller: Caller, PathOf(id): PathOf<Uuid>) -> Answer<Response> {
    let pdf = paper::settlement(&caller.app, caller.actor(), id).await?;
    Ok(download::attachment(download::PDF, &pdf.name, pdf.bytes))
}

/// Keep what the bank did with one transfer
///
/// What it sent back is owed again, and can go into the next batch.
#[utoipa::path(post, path = "/settlement-items/{id}/answer",
    params(("id" = Uuid, Path, description = "The settlement"), Once), request_body = ItemAnswerIn,
    responses((status = 200, description = "The settlement", body = ItemOut)))]
async fn answer_settlement_item(
    caller: Caller,
    PathOf(id): PathOf<Uuid>,
    Once(key): Once,
    Body(input): Body<ItemAnswerIn>,
) -> Answer<Json<ItemOut>> {
    Ok(Json(
        settlements::answer(&caller.app, caller.actor(), &key, id, input).await?,
    ))
}
