//! Whoever is suspended, and whoever has given no second factor yet, meets the same closed doors everywhere.

use super::pages::{Needs, all_pages};
use super::things::traces;
use axum::body::Body;
use axum::http::Method;
use server::api::rights::RIGHTS;
use server::services::person;
use shared::api::problem::Code;
use tests::api::new_key;
use tests::market::PASSWORD;
use tests::{TestApp, both};
use uuid::Uuid;

both![
    the_suspended_meet_closed_doors_in_the_api,
    the_suspended_and_the_half_signed_in_meet_closed_pages,
];

/// A path with something in every gap.
fn filled(path: &str) -> String {
    let mut filled = String::new();
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').expect("a gap ends");
        filled.push_str(before);
        match name {
            // What these are is no secret: one that there is not is not found before anybody is asked for a name.
            "register" => filled.push_str("towns"),
            "month" => filled.push_str("2026-10"),
            "kind" => filled.push_str("village_payable"),
            _ => filled.push_str(&Uuid::nil().to_string()),
        }
        rest = after;
    }
    filled + rest
}

async fn the_suspended_meet_closed_doors_in_the_api(app: &TestApp) {
    let market = app.market().await;
    let gone = [
        &market.buyers[1],
        &market.listers[1],
        &market.driver,
        &market.auditor,
        &market.officers[1],
    ];
    let mut apis = Vec::new();
    for person in gone {
        apis.push((person, app.api(person).await));
    }
    for person in gone {
        person::suspend(app, &market.admin, person.person_id, true)
            .await
            .expect("suspended");
    }
    let before = traces(app).await;
    for (method, path, needed) in RIGHTS {
        for (person, api) in apis.iter().filter(|_| !needed.is_empty()) {
            let verb: Method = method.parse().expect("a method");
            let key = new_key();
            let headers = [
                ("idempotency-key", key.as_str()),
                ("content-type", "application/json"),
            ];
            let answer = api.send(verb, &filled(path), &headers, Body::from("{}")).await;
            let who = &person.sign_in_name;
            assert_eq!(
                answer.status.as_u16(),
                401,
                "{who}: {method} {path}: {}",
                answer.text()
            );
            assert_eq!(answer.problem().code, Code::NotSignedIn, "{who}: {method} {path}");
        }
    }
    assert_eq!(traces(app).await, before, "who is suspended changes nothing");
}

async fn the_suspended_and_the_half_signed_in_meet_closed_pages(app: &TestApp) {
    let market = app.market().await;
    let mut suspended = app.signed_in(&market.driver).await;
    person::suspend(app, &market.admin, market.driver.person_id, true)
        .await
        .expect("suspended");
    let mut half = app.browser();
    half.give_password(&market.auditor.sign_in_name, PASSWORD)
        .await
        .expect(303);
    let before = traces(app).await;
    for (method, path, needs) in all_pages() {
        // The second factor's own pages are where the half signed in belong.
        if !matches!(needs, Needs::One(_)) || path.starts_with("/second-factor") {
            continue;
        }
        for (who, browser, way) in [
            ("suspended", &mut suspended, "/sign-in"),
            ("half signed in", &mut half, "/second-factor"),
        ] {
            let verb: Method = method.parse().expect("a method");
            let origin = browser.origin().to_owned();
            let headers = [
                ("origin", origin.as_str()),
                ("content-type", "application/x-www-form-urlencoded"),
            ];
            let answer = browser.send(verb, &filled(path), &headers, Body::empty()).await;
            let status = answer.status.as_u16();
            let led = status == 303 && answer.header("location").starts_with(way);
            let refused = *method == "POST" && (400..500).contains(&status);
            assert!(
                led || refused,
                "{who}: {method} {path} answers {status}: {}",
                answer.text()
            );
        }
    }
    assert_eq!(traces(app).await, before, "neither changes anything");
}
