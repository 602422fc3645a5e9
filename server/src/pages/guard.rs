//! What every page request goes through: posts come from our own pages only, and every answer carries its headers.

use super::reply::Failure;
use super::visitor::Visitor;
use crate::services::{App, Error};
use axum::extract::{FromRequestParts as _, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use shared::api::problem::Code;

/// No inline script or style exists, so none is allowed: stricter than a nonce, and pages stay cacheable.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; \
    connect-src 'self'; font-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// What people may post while the market is read-only: it changes nothing but sessions and how pages look.
const WITHOUT_WRITING: [&str; 5] = ["/sign-in", "/second-factor", "/sign-out", "/me/role", "/modes"];

/// Refuses a post that another site caused (the Origin and Sec-Fetch-Site headers tell); the form's token is checked
/// besides.
pub async fn guard(State(app): State<App>, request: Request, next: Next) -> Response {
    // No text of ours holds a NUL, and PostgreSQL cannot store one.
    if request.uri().to_string().contains("%00") {
        return refuse(&app, request, Code::Malformed).await;
    }
    let unsafe_method = !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if unsafe_method && !own_site(request.headers(), &app.config.public_url) {
        return refuse(&app, request, Code::StaleForm).await;
    }
    if unsafe_method && !writes_nothing(request.uri().path()) && app.read_only() {
        return refuse(&app, request, Code::ReadOnly).await;
    }
    next.run(request).await
}

async fn refuse(app: &App, request: Request, code: Code) -> Response {
    let (mut parts, _) = request.into_parts();
    match Visitor::from_request_parts(&mut parts, app).await {
        Ok(visitor) => visitor.fail(Error::refused(code)).into_response(),
        Err(_) => Failure::plain(frontend::Look::default(), Error::refused(code)).into_response(),
    }
}

fn writes_nothing(path: &str) -> bool {
    WITHOUT_WRITING.contains(&path) || (path.starts_with("/me/sessions/") && path.ends_with("/revoke"))
}

fn own_site(headers: &HeaderMap, public_url: &str) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    match text("origin") {
        // Very old browsers send neither; the form's token still guards.
        None => true,
        Some(origin) => {
            origin == public_url
                || origin.split_once("://").map(|(_, host)| host)
                    == headers.get(header::HOST).and_then(|h| h.to_str().ok())
        }
    }
}

/// Puts the security headers on every answer (OWASP ASVS 5.0, V3.4).
pub async fn headers(State(app): State<App>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(
        "cross-origin-opener-policy",
        HeaderValue::from_static("same-origin"),
    );
    headers.insert(
        "permissions-policy",
        HeaderValue::from_static("camera=(self), geolocation=(), microphone=()"),
    );
    if app.config.secure_cookies() {
        let value = HeaderValue::from_static("max-age=31536000; includeSubDomains");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, value);
    }
    response
}
