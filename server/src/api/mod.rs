//! The JSON API under `/api/v1`: thin doors over the same use cases that the pages ask.

mod acceptance;
mod audit;
mod bill;
mod board;
mod body;
mod books;
mod caller;
mod catalogue;
mod certificate;
mod claim;
mod document;
mod file;
mod finance;
mod home;
mod household;
mod income;
mod invoice;
mod ledger;
mod lot;
mod me;
mod notice;
mod offer;
mod order;
mod pairing;
mod paper;
mod payee;
mod payment;
mod person;
mod photo;
mod price;
mod produce;
mod receipt;
mod refund_order;
mod refused;
mod register;
pub mod rights;
mod saved_search;
mod session;
mod settlement;
mod token;
mod totals;
mod town;
mod trace;
mod trail;
mod unit;
mod viewer;
mod village;
mod village_order;
mod webhook;
mod work;

use crate::services::App;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::any;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;

/// The API's routes, to be nested at `/api/v1`.
pub fn router(app: &App) -> Router<App> {
    let (doors, _) = doors().split_for_parts();
    doors
        .merge(viewer::routes())
        .fallback(refused::nowhere)
        .method_not_allowed_fallback(refused::wrong_method)
        .layer(DefaultBodyLimit::max(body::JSON_BYTES_MAX))
        .layer(axum::middleware::from_fn_with_state(
            app.clone(),
            refused::writes_when_read_only,
        ))
        .layer(axum::middleware::from_fn(refused::answers))
}

/// Everything else under `/api`, to be merged beside the routes: whoever mistypes an address is answered in the API's
/// own form too, and not by a page.
pub fn elsewhere() -> Router<App> {
    Router::new()
        .route("/api", any(refused::nowhere))
        .route("/api/", any(refused::nowhere))
        .route("/api/{*rest}", any(refused::nowhere))
        .route("/api/v1/", any(refused::nowhere))
        .layer(axum::middleware::from_fn(refused::answers))
}

/// The OpenAPI document.
#[must_use]
pub fn openapi() -> OpenApi {
    let (_, mut document) = OpenApiRouter::with_openapi(document::head())
        .nest(document::BASE, doors())
        .split_for_parts();
    document::complete(&mut document);
    document
}

/// The document as it is committed beside the code: indented JSON in a stable order, with a line end.
#[must_use]
pub fn openapi_text() -> String {
    let text = serde_json::to_string_pretty(&openapi()).expect("the document is plain data");
    text + "\n"
}

fn doors() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(me::routes())
        .merge(home::routes())
        .merge(totals::routes())
        .merge(catalogue::routes())
        .merge(town::routes())
        .merge(village::routes())
        .merge(household::routes())
        .merge(produce::routes())
        .merge(offer::routes())
        .merge(lot::routes())
        .merge(photo::routes())
        .merge(trace::routes())
        .merge(price::routes())
        .merge(certificate::routes())
        .merge(order::routes())
        .merge(village_order::routes())
        .merge(board::routes())
        .merge(acceptance::routes())
        .merge(claim::routes())
        .merge(bill::routes())
        .merge(receipt::routes())
        .merge(payment::routes())
        .merge(refund_order::routes())
        .merge(webhook::routes())
        .merge(finance::routes())
        .merge(settlement::routes())
        .merge(payee::routes())
        .merge(invoice::routes())
        .merge(file::routes())
        .merge(income::routes())
        .merge(ledger::routes())
        .merge(books::routes())
        .merge(paper::routes())
        .merge(trail::routes())
        .merge(register::routes())
        .merge(unit::routes())
        .merge(pairing::routes())
        .merge(person::routes())
        .merge(token::routes())
        .merge(saved_search::routes())
        .merge(session::routes())
        .merge(audit::routes())
        .merge(work::routes())
        .merge(notice::routes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_route_names_its_right_and_every_right_its_route() {
        let mut document = openapi();
        let mut routes = BTreeSet::new();
        for (path, item) in &mut document.paths.paths {
            for (method, operation) in document::operations(item) {
                routes.insert(format!("{method} {path}"));
                assert!(operation.summary.is_some(), "{method} {path} has no summary");
                assert!(
                    operation.operation_id.is_some(),
                    "{method} {path} has no operation id"
                );
            }
        }
        let rights: BTreeSet<String> = rights::RIGHTS
            .iter()
            .map(|(method, path, _)| format!("{method} {path}"))
            .collect();
        assert_eq!(routes, rights);
        assert_eq!(rights.len(), rights::RIGHTS.len(), "a route is declared twice");
    }
}
