//! What browsers download besides pages: embedded in the program, compressed when it was built.

use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use frontend::shell::Assets;
use std::sync::OnceLock;

#[derive(rust_embed::RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../assets-built"]
#[allow_missing = true]
struct Built;

/// The names of built assets.
pub fn manifest() -> &'static Assets {
    static MANIFEST: OnceLock<Assets> = OnceLock::new();
    MANIFEST.get_or_init(|| {
        let files = Built::get("manifest.json").and_then(|file| serde_json::from_slice(&file.data).ok());
        Assets {
            files: files.unwrap_or_default(),
        }
    })
}

/// Whether the program was built with its assets.
#[must_use]
pub fn present() -> bool {
    !manifest().files.is_empty()
}

/// `GET /assets/{*name}`: a hashed file never changes and may be kept for ever.
pub async fn serve(Path(name): Path<String>, headers: HeaderMap) -> Response {
    let accepts = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    for (encoding, ending) in [("br", ".br"), ("gzip", ".gz")] {
        if accepts.contains(encoding)
            && let Some(file) = Built::get(&format!("{name}{ending}"))
        {
            let mut response = answer(&name, file.data.into_owned());
            response
                .headers_mut()
                .insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
            return response;
        }
    }
    match Built::get(&name) {
        Some(file) => answer(&name, file.data.into_owned()),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn kind_of(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("ico") => "image/x-icon",
        Some("json") => "application/json",
        Some("png") => "image/png",
        Some("jpg") => "image/jpeg",
        Some("webp") => "image/webp",
        _ => "application/octet-stream",
    }
}

fn answer(name: &str, bytes: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind_of(name))),
        (
            header::CACHE_CONTROL,
            HeaderValue::from_static("public, max-age=31536000, immutable"),
        ),
        (header::VARY, HeaderValue::from_static("accept-encoding")),
    ];
    (headers, bytes).into_response()
}
