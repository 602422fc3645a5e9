//! The Jizhou market: pages and a JSON API over one set of use cases.

pub mod api;
pub mod assets;
pub mod backup;
pub mod command;
pub mod compress;
pub mod config;
pub mod demo;
pub mod documents;
mod download;
pub mod error;
pub mod health;
pub mod jobs;
pub mod log;
pub mod meter;
pub mod pages;
pub mod ports;
pub mod serve;
pub mod services;
pub mod store;

use axum::Router;
use axum::routing::get;
use services::App;

/// The whole program as one router.
pub fn build(app: App) -> Router {
    let keeper = pages::Keeper::new(app.clone());
    let pages = pages::router()
        .layer(axum::middleware::from_fn_with_state(keeper, pages::keep))
        .layer(axum::middleware::from_fn_with_state(app.clone(), pages::guard));
    Router::new()
        .merge(pages)
        .nest("/api/v1", api::router(&app))
        .route("/assets/{*name}", get(assets::serve))
        .route("/livez", get(health::live))
        .route("/readyz", get(health::ready))
        .layer(axum::middleware::from_fn(compress::answers))
        .layer(axum::middleware::from_fn_with_state(app.clone(), pages::headers))
        .layer(tower_http::catch_panic::CatchPanicLayer::new())
        .layer(axum::middleware::from_fn(meter::request))
        .with_state(app)
}
