//! The document for people: a viewer from the program itself. Its scripts and styles are files of ours, so that it works
//! under the same content security policy as every page.

use super::document::BASE;
use super::refused::{Answer, Refused};
use crate::services::{App, fault};
use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::get;
use shared::api::problem::Code;
use std::sync::{Arc, LazyLock};
use utoipa_swagger_ui::Config;

static CONFIG: LazyLock<Arc<Config<'static>>> = LazyLock::new(|| {
    let config = Config::new([format!("{BASE}/openapi.json")])
        .validator_url("none")
        .display_operation_id(true)
        .use_base_layout();
    Arc::new(config)
});

static DOCUMENT: LazyLock<String> = LazyLock::new(super::openapi_text);

/// The document and its viewer.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/openapi.json", get(document))
        .route(
            "/docs",
            get(|| async { Redirect::permanent(&format!("{BASE}/docs/")) }),
        )
        .route("/docs/", get(|| async { file("index.html") }))
        .route(
            "/docs/{*file}",
            get(|Path(name): Path<String>| async move { file(&name) }),
        )
}

async fn document() -> Response {
    (
        [
            (header::CONTENT_TYPE, "application/json"),
            (header::CACHE_CONTROL, "public, max-age=300"),
        ],
        DOCUMENT.as_str(),
    )
        .into_response()
}

fn file(name: &str) -> Answer<Response> {
    let found = utoipa_swagger_ui::serve(name, Arc::clone(&CONFIG));
    let file = found.map_err(|error| fault(format!("the viewer's '{name}': {error}")))?;
    let file = file.ok_or_else(|| Refused::code(Code::NotFound))?;
    let kind = HeaderValue::from_str(&file.content_type).map_err(fault)?;
    let mut response = file.bytes.into_owned().into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, kind);
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("public, max-age=3600"),
    );
    Ok(response)
}
