//! 登记册: how full the registers are, and filling them from files.

use super::body::{Body, FILE_BYTES_MAX, Once, Params, PathOf, Upload, limit};
use super::caller::Caller;
use super::refused::{Answer, Refused};
use crate::services::{App, paging, register};
use axum::Json;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use frontend::text::{Lang, problem};
use serde::Deserialize;
use shared::api::import::{BadRow, ImportOut, Register, RegisterCounts};
use shared::api::problem::Code;
use shared::api::seller::SellerOut;
use shared::api::work::{CoopIn, ExportList, RowIn, RowOut, TableOut};
use utoipa::IntoParams;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt as _};
use utoipa_axum::routes;

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(show_registers))
        .routes(routes!(show_register_table))
        .routes(routes!(put_register_row))
        .routes(routes!(list_households))
        .routes(routes!(add_coop))
        .routes(routes!(import_register).layer(DefaultBodyLimit::max(FILE_BYTES_MAX + 1)))
}

/// How full the registers are
#[utoipa::path(get, path = "/registers",
    responses((status = 200, description = "The counts", body = RegisterCounts)))]
async fn show_registers(caller: Caller) -> Answer<Json<RegisterCounts>> {
    Ok(Json(register::counts(&caller.app, caller.actor()).await?))
}

/// Fill a register from a small file at once
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
    if register == Register::Offers {
        return Err(Refused::code(Code::WrongState));
    }
    let mut done = register::import(&caller.app, caller.actor(), register, upload.bytes, &key).await?;
    done.bad = done.bad.into_iter().map(|row| worded(row, caller.lang)).collect();
    Ok(Json(done))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct RowsAsked {
    /// Only those of this town: its 9-digit code.
    town: Option<String>,
    /// Only those of this village: its 12-digit code.
    village: Option<String>,
    /// A part of a name or code.
    q: Option<String>,
    /// `next` of the page before.
    after: Option<String>,
    /// Rows; 50 when left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u16>,
}

impl RowsAsked {
    fn query(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, value) in [("town", &self.town), ("village", &self.village), ("q", &self.q)] {
            if let Some(value) = value {
                query.append_pair(name, value);
            }
        }
        query.finish()
    }
}

/// A register as a table, as its file has it
///
/// Households have a route of their own; people and offers have theirs.
#[utoipa::path(get, path = "/registers/{register}",
    params(("register" = inline(Register), Path, description = "Which register"), RowsAsked),
    responses((status = 200, description = "A page of rows", body = TableOut)))]
async fn show_register_table(
    caller: Caller,
    PathOf(register): PathOf<Register>,
    Params(asked): Params<RowsAsked>,
) -> Answer<Json<TableOut>> {
    let list = match register {
        Register::Towns => ExportList::Towns,
        Register::Villages => ExportList::Villages,
        Register::Units => ExportList::Units,
        Register::Pairings => ExportList::Pairings,
        Register::Sellers => ExportList::Sellers,
        Register::Produce => ExportList::Produce,
        Register::Households | Register::People | Register::Offers => {
            return Err(Refused::code(Code::NotFound));
        }
    };
    let limit = limit(asked.limit, paging::ROWS)?;
    let (query, after) = (asked.query(), asked.after.as_deref());
    Ok(Json(
        register::table(&caller.app, caller.actor(), list, &query, after, limit).await?,
    ))
}

/// Registered low-income households
///
/// A village's own for its people, all for the centre and the auditor; nobody else ever sees them.
#[utoipa::path(get, path = "/households", params(RowsAsked),
    responses((status = 200, description = "A page of rows", body = TableOut)))]
async fn list_households(caller: Caller, Params(asked): Params<RowsAsked>) -> Answer<Json<TableOut>> {
    let limit = limit(asked.limit, paging::ROWS)?;
    let (query, after) = (asked.query(), asked.after.as_deref());
    let list = ExportList::Households;
    Ok(Json(
        register::table(&caller.app, caller.actor(), list, &query, after, limit).await?,
    ))
}

/// Add or change one row of a register
///
/// Values go by the keys of the register's columns; a column that is left out stays as it is.
#[utoipa::path(put, path = "/registers/{register}/rows",
    params(("register" = inline(Register), Path, description = "Which register"), Once),
    request_body = RowIn, responses((status = 200, description = "What came of it", body = RowOut)))]
async fn put_register_row(
    caller: Caller,
    PathOf(register): PathOf<Register>,
    Once(key): Once,
    Body(input): Body<RowIn>,
) -> Answer<Json<RowOut>> {
    Ok(Json(
        register::put_row(&caller.app, caller.actor(), register, &input, &key).await?,
    ))
}

/// Add a village's co-op as a seller of record
#[utoipa::path(post, path = "/sellers", params(Once), request_body = CoopIn,
    responses((status = 201, description = "The seller", body = SellerOut)))]
async fn add_coop(
    caller: Caller,
    Once(key): Once,
    Body(input): Body<CoopIn>,
) -> Answer<(StatusCode, Json<SellerOut>)> {
    let added = register::add_coop(&caller.app, caller.actor(), &input, &key).await?;
    Ok((StatusCode::CREATED, Json(added)))
}

fn worded(row: BadRow, lang: Lang) -> BadRow {
    BadRow {
        detail: problem::field(lang, row.code, row.bound.as_deref()),
        ..row
    }
}
