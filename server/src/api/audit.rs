//! 操作记录.

use super::body::{Params, limit};
use super::caller::Caller;
use super::refused::Answer;
use crate::services::{App, audit, paging};
use axum::Json;
use serde::Deserialize;
use shared::api::audit::{AuditKind, AuditOut};
use shared::api::page::Page;
use shared::domain::calendar::Day;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes.
pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_audit))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct AuditAsked {
    /// Only what this person did: their id, sign-in name or name.
    #[param(max_length = 80)]
    person: Option<String>,
    /// Only what was done to this thing: its id or number, or a person's sign-in name.
    #[param(max_length = 80)]
    object: Option<String>,
    /// Only this kind of thing.
    #[param(inline)]
    kind: Option<AuditKind>,
    /// On this day or later (Asia/Shanghai).
    from: Option<Day>,
    /// On this day or earlier.
    until: Option<Day>,
    /// `next` of the page before.
    after: Option<String>,
    /// Rows; 50 when left out.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<u16>,
}

/// Who did what to which thing, newest first
#[utoipa::path(get, path = "/audit", params(AuditAsked),
    responses((status = 200, description = "A page of the log", body = Page<AuditOut>)))]
async fn list_audit(caller: Caller, Params(asked): Params<AuditAsked>) -> Answer<Json<Page<AuditOut>>> {
    let limit = limit(asked.limit, paging::ROWS)?;
    let wanted = audit::Asked {
        person: asked.person.unwrap_or_default(),
        object: asked.object.unwrap_or_default(),
        kind: asked.kind,
        from: asked.from,
        until: asked.until,
    };
    let after = asked.after.as_deref();
    Ok(Json(
        audit::list(&caller.app, caller.actor(), &wanted, after, limit).await?,
    ))
}
