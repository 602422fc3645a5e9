//! What browsers, phones and search engines ask of every site: its icons under their usual names, its manifest, what may
//! be searched, and whom to tell of a weakness.

use super::{Failure, Visitor};
use crate::services::{App, site};
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use shared::domain::calendar::Micros;
use std::fmt::Write as _;

/// A year, in microseconds: security.txt must say until when it holds (RFC 9116).
const YEAR_US: i64 = 365 * 86_400_000_000;

/// The routes of this room.
pub fn router() -> Router<App> {
    Router::new()
        .route("/favicon.ico", get(favicon))
        .route("/apple-touch-icon.png", get(touch_icon))
        .route("/site.webmanifest", get(manifest))
        .route("/robots.txt", get(robots))
        .route("/sitemap.xml", get(sitemap))
        .route("/.well-known/security.txt", get(security))
}

// Pages name their icons by hashed names; these are asked for by their usual ones.
const FAVICON: &[u8] = include_bytes!("../../../frontend/art/favicon.ico");
const TOUCH_ICON: &[u8] = include_bytes!("../../../frontend/art/apple-touch-icon.png");

async fn favicon() -> Response {
    text("image/x-icon", FAVICON, "public, max-age=86400")
}

async fn touch_icon() -> Response {
    text("image/png", TOUCH_ICON, "public, max-age=86400")
}

fn text(kind: &'static str, body: impl Into<Vec<u8>>, kept: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CACHE_CONTROL, HeaderValue::from_static(kept)),
    ];
    (headers, body.into()).into_response()
}

async fn manifest() -> Response {
    let assets = crate::assets::manifest();
    let icon = |name: &str, size: &str, purpose: &str| serde_json::json!({ "src": assets.url(name), "sizes": size, "type": "image/png", "purpose": purpose });
    let manifest = serde_json::json!({
        "name": "蓟州帮扶集市",
        "short_name": "蓟州集市",
        "description": "蓟州区帮扶农产品集市：每一分都记到村集体账上",
        "lang": "zh-CN",
        "dir": "ltr",
        "id": "/",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#f7f5ef",
        "theme_color": "#1e6b4a",
        "icons": [
            { "src": assets.url("favicon.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any" },
            icon("icon-192.png", "192x192", "any"),
            icon("icon-512.png", "512x512", "any"),
            icon("icon-maskable.png", "512x512", "maskable"),
        ],
        "shortcuts": [
            { "name": "货品", "url": "/goods" },
            { "name": "订单", "url": "/orders" },
            { "name": "村单", "url": "/village-orders" },
        ],
    });
    text(
        "application/manifest+json; charset=utf-8",
        manifest.to_string(),
        "public, max-age=3600",
    )
}

/// The public pages are for everybody; what needs a sign-in, or answers endlessly many addresses, is for nobody's index.
async fn robots(State(app): State<App>) -> Response {
    let body = format!(
        "User-agent: *\nDisallow: /api/\nDisallow: /basket\nDisallow: /sign-in\nDisallow: /link/\nDisallow: /d/\nDisallow: /me\nDisallow: /files/\nDisallow: /goods?\nDisallow: /villages?\n\nSitemap: {}/sitemap.xml\n",
        app.config.public_url
    );
    text("text/plain; charset=utf-8", body, "public, max-age=86400")
}

async fn sitemap(visitor: Visitor) -> Result<Response, Failure> {
    let app = &visitor.app;
    let places = site::places(app).await.map_err(|error| visitor.fail(error))?;
    let mut body = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    for place in places {
        // Paths of ours hold letters, digits and dashes only, and need no escaping; the site's own address may.
        let address = app.config.public_url.replace('&', "&amp;");
        let changed = place.changed_on.map(|day| {
            let (year, month, day) = day.ymd();
            format!("<lastmod>{year}-{month:02}-{day:02}</lastmod>")
        });
        // Writing into a text cannot fail.
        let _ = writeln!(
            body,
            "<url><loc>{address}{}</loc>{}</url>",
            place.path,
            changed.unwrap_or_default()
        );
    }
    body.push_str("</urlset>\n");
    Ok(text(
        "application/xml; charset=utf-8",
        body,
        "public, max-age=3600",
    ))
}

async fn security(State(app): State<App>) -> Response {
    let Some(contact) = &app.config.security_contact else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let (year, month, day) = Micros(app.now().0 + YEAR_US).day().ymd();
    let body = format!(
        "Contact: {contact}\nExpires: {year}-{month:02}-{day:02}T00:00:00Z\nPreferred-Languages: zh, en\nCanonical: {}/.well-known/security.txt\n",
        app.config.public_url
    );
    text("text/plain; charset=utf-8", body, "public, max-age=86400")
}
