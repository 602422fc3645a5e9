//! 登记册: how full the registers are, and filling them from files.

use super::body::{FILE_BYTES_MAX, Once, PathOf, Upload};
use super::caller::Caller;
use super::refused::{Answer, Refused};
use crate::services::{App, register};
use axum::Json;
use axum::extract::DefaultBodyLimit;
use frontend::text::{Lang, problem};
use shared::api::import::{BadRow, ImportOut, Register, RegisterCounts};
use shared::api::problem::Code;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt as _};
use utoipa_axum::routes;

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(show_registers))
        .routes(routes!(import_register).layer(DefaultBodyLimit::max(FILE_BYTES_MAX + 1)))
}

/// How full the registers are
#[utoipa::path(get, path = "/registers",
    responses((status = 200, description = "The counts", body = RegisterCounts)))]
async fn show_registers(caller: Caller) -> Answer<Json<RegisterCounts>> {
    Ok(Json(register::counts(&caller.app, caller.actor()).await?))
}

/// Fill a register from a CSV file
///
/// UTF-8 or GBK, up to 10 MiB and 50,000 rows, with a heading. A bad row never blocks the good ones: each is named with
/// its line and reason. The same file twice changes nothing.
#[utoipa::path(post, path = "/registers/{register}/imports",
    params(("register" = inline(Register), Path, description = "Which register"), Once),
    request_body(content = String, content_type = "text/csv",
        example = "town_code,town\n120119102,下营镇\n"),
    responses((status = 200, description = "What the import did", body = ImportOut)))]
async fn import_register(
    caller: Caller,
    PathOf(register): PathOf<Register>,
    Once(key): Once,
    upload: Upload,
) -> Answer<Json<ImportOut>> {
    if upload.kind != "text/csv" {
        return Err(Refused::code(Code::UnsupportedFile));
    }
    let mut done = register::import(&caller.app, caller.actor(), register, upload.bytes, &key).await?;
    done.bad = done.bad.into_iter().map(|row| worded(row, caller.lang)).collect();
    Ok(Json(done))
}

fn worded(row: BadRow, lang: Lang) -> BadRow {
    BadRow {
        detail: problem::field(lang, row.code, row.bound.as_deref()),
        ..row
    }
}
