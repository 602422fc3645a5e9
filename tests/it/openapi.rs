//! The OpenAPI document that is kept beside the code is the one that the program serves.
//!
//! `UPDATE_OPENAPI=1 cargo nextest run -p tests --test it openapi` writes it anew.

use server::api::rights::RIGHTS;
use std::collections::BTreeSet;
use tests::source::repository;
use tests::{TestApp, both};

both![is_served_as_it_is_kept];

async fn is_served_as_it_is_kept(app: &TestApp) {
    let served = app.anonymous().get("/api/v1/openapi.json").await.expect(200);
    assert_eq!(served.text(), server::api::openapi_text());
    app.anonymous().get("/api/v1/docs/").await.expect(200);
}

#[test]
fn the_kept_document_is_up_to_date() {
    let path = repository().join("openapi.json");
    let now = server::api::openapi_text();
    #[expect(
        clippy::disallowed_methods,
        reason = "tests have no configuration of their own"
    )]
    let update = std::env::var("UPDATE_OPENAPI").is_ok_and(|value| value == "1");
    if update {
        std::fs::write(&path, &now).expect("the document can be written");
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    let differs = kept.lines().zip(now.lines()).position(|(kept, now)| kept != now);
    let line = differs.unwrap_or_else(|| kept.lines().count().min(now.lines().count())) + 1;
    assert!(
        kept == now,
        "openapi.json is old from line {line} on: UPDATE_OPENAPI=1 with this test writes it anew"
    );
}

#[test]
fn every_operation_names_its_right() {
    let document: serde_json::Value = serde_json::from_str(&server::api::openapi_text()).expect("JSON");
    let paths = document["paths"].as_object().expect("the document has paths");
    let mut operations = BTreeSet::new();
    for (path, item) in paths {
        for (method, operation) in item.as_object().expect("a path has operations") {
            operations.insert(format!("{} {path}", method.to_uppercase()));
            assert!(
                operation["responses"]["500"].is_object(),
                "{method} {path} tells its refusals"
            );
        }
    }
    let declared: BTreeSet<String> = RIGHTS
        .iter()
        .map(|(method, path, _)| format!("{method} {path}"))
        .collect();
    assert_eq!(operations, declared);
}
