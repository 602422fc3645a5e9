//! 后台任务: imports and exports that one can leave and come back to.

use super::body::{Body, FILE_BYTES_MAX, Once, Params, PathOf, Upload, limit};
use super::caller::Caller;
use super::refused::{Answer, Refused};
use crate::services::{App, paging, work};
use axum::Json;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use shared::api::import::Register;
use shared::api::page::Page;
use shared::api::problem::Code;
use shared::api::work::{ExportIn, WorkGoIn, WorkOut};
use utoipa::IntoParams;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt as _};
use utoipa_axum::routes;
use uuid::Uuid;

/// A workbook.
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_works))
        .routes(routes!(show_work))
        .routes(routes!(go_on_with_work))
        .routes(routes!(stop_work))
        .routes(routes!(show_work_result))
        .routes(routes!(show_work_refused))
        .routes(routes!(export_list))
        .routes(routes!(check_register_file).layer(DefaultBodyLimit::max(FILE_BYTES_MAX + 1)))
        .routes(routes!(show_register_template))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct WorksAsked {
    /// `next` of the page before.
    after: Option<String>,
    /// Rows; 50 when left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u16>,
}

/// One's own long work, newest first
#[utoipa::path(get, path = "/works", params(WorksAsked),
    responses((status = 200, description = "A page of work", body = Page<WorkOut>)))]
async fn list_works(caller: Caller, Params(asked): Params<WorksAsked>) -> Answer<Json<Page<WorkOut>>> {
    let limit = limit(asked.limit, paging::ROWS)?;
    Ok(Json(
        work::list(&caller.app, caller.actor(), asked.after.as_deref(), limit).await?,
    ))
}

/// How far one's own long work is
///
/// Ask again every few seconds while `state` is `queued` or `running`. A checked import is `waiting` for `…/go`.
#[utoipa::path(get, path = "/works/{id}", params(("id" = Uuid, Path, description = "The work")),
    responses((status = 200, description = "The work", body = WorkOut)))]
async fn show_work(caller: Caller, PathOf(id): PathOf<Uuid>) -> Answer<Json<WorkOut>> {
    let found = work::show(&caller.app, caller.actor(), id).await?;
    Ok(Json(worded(found, &caller)))
}

/// Write a checked import, or go on with what was stopped
#[utoipa::path(post, path = "/works/{id}/go", params(("id" = Uuid, Path, description = "The work"), Once),
    request_body = WorkGoIn, responses((status = 200, description = "The work", body = WorkOut)))]
async fn go_on_with_work(
    caller: Caller,
    PathOf(id): PathOf<Uuid>,
    Once(key): Once,
    Body(input): Body<WorkGoIn>,
) -> Answer<Json<WorkOut>> {
    let done = work::go(&caller.app, caller.actor(), id, input.whole, &key).await?;
    Ok(Json(worded(done, &caller)))
}

/// Stop one's own long work
///
/// What is written stays; it can be gone on with.
#[utoipa::path(post, path = "/works/{id}/stop", params(("id" = Uuid, Path, description = "The work")),
    responses((status = 200, description = "The work", body = WorkOut)))]
async fn stop_work(caller: Caller, PathOf(id): PathOf<Uuid>) -> Answer<Json<WorkOut>> {
    let done = work::stop(&caller.app, caller.actor(), id).await?;
    Ok(Json(worded(done, &caller)))
}

/// The file that came of one's own work
#[utoipa::path(get, path = "/works/{id}/result", params(("id" = Uuid, Path, description = "The work")),
    responses((status = 200, description = "The file, a workbook or a table of text as was asked for", content(
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (String = "text/csv")))))]
async fn show_work_result(caller: Caller, PathOf(id): PathOf<Uuid>) -> Answer<Response> {
    Ok(crate::download::table(
        work::result(&caller.app, caller.actor(), id).await?,
    ))
}

/// The refused rows of an import, to mend and import again
#[utoipa::path(get, path = "/works/{id}/refused", params(("id" = Uuid, Path, description = "The work")),
    responses((status = 200, description = "A workbook with the reasons in its last column", body = Vec<u8>,
        content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))]
async fn show_work_refused(caller: Caller, PathOf(id): PathOf<Uuid>) -> Answer<Response> {
    let words = |bad: &_| crate::error::words_of(bad, caller.lang);
    Ok(crate::download::table(
        work::refused(&caller.app, caller.actor(), id, words).await?,
    ))
}

/// Write a list to a file
///
/// With the filters of the list and as far as the caller may read it.
#[utoipa::path(post, path = "/exports", params(Once), request_body = ExportIn,
    responses((status = 201, description = "The work", body = WorkOut)))]
async fn export_list(
    caller: Caller,
    Once(key): Once,
    Body(input): Body<ExportIn>,
) -> Answer<(StatusCode, Json<WorkOut>)> {
    let queued = work::export(&caller.app, caller.actor(), &input, &key).await?;
    Ok((StatusCode::CREATED, Json(queued)))
}

/// Check a register's file
///
/// XLSX, or CSV in UTF-8 or GB18030, up to 10 MiB and 50,000 rows. Nothing is written before `POST /works/{id}/go`.
#[utoipa::path(post, path = "/registers/{register}/works",
    params(("register" = inline(Register), Path, description = "Which register"), Once),
    request_body(content((String = "text/csv"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))),
    responses((status = 201, description = "The work", body = WorkOut)))]
async fn check_register_file(
    caller: Caller,
    PathOf(register): PathOf<Register>,
    Once(key): Once,
    upload: Upload,
) -> Answer<(StatusCode, Json<WorkOut>)> {
    if !matches!(upload.kind.as_str(), "text/csv" | XLSX) {
        return Err(Refused::code(Code::UnsupportedFile));
    }
    let bytes = upload.bytes.to_vec();
    let queued = work::import(
        &caller.app,
        caller.actor(),
        register,
        register.as_str(),
        bytes,
        &key,
    )
    .await?;
    Ok((StatusCode::CREATED, Json(queued)))
}

/// A workbook to fill in
#[utoipa::path(get, path = "/registers/{register}/template",
    params(("register" = inline(Register), Path, description = "Which register")),
    responses((status = 200, description = "The workbook", body = Vec<u8>,
        content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))]
async fn show_register_template(caller: Caller, PathOf(register): PathOf<Register>) -> Answer<Response> {
    Ok(crate::download::table(work::template(caller.actor(), register)?))
}

fn worded(mut work: WorkOut, caller: &Caller) -> WorkOut {
    for bad in &mut work.bad {
        bad.detail = crate::error::words_of(bad, caller.lang);
    }
    work
}
