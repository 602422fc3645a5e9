//! Addresses that are no pages: those that are only posted to, and those of the API that lead nowhere.

use crate::rights::pages::all_pages;
use axum::body::Body;
use axum::http::Method;
use shared::api::problem::Code;
use shared::domain::identity::Role;
use tests::market::PASSWORD;
use tests::{TestApp, both};

both![
    what_is_only_posted_to_leads_to_its_page,
    comes_back_to_a_page_after_a_lost_session,
    the_api_answers_in_its_own_form_everywhere,
];

async fn what_is_only_posted_to_leads_to_its_page(app: &TestApp) {
    let mut browser = app.browser();
    let gets: Vec<&str> = all_pages()
        .filter(|(method, ..)| *method == "GET")
        .map(|(_, path, _)| *path)
        .collect();
    let only_posted = all_pages().filter(|(method, path, _)| *method == "POST" && !gets.contains(path));
    for (_, template, _) in only_posted {
        // Every part between braces is a number of its own, so that it is found again in the answer.
        let mut path = (*template).to_owned();
        let mut parts = Vec::new();
        while let (Some(from), Some(until)) = (path.find('{'), path.find('}')) {
            let id = uuid::Uuid::from_u128(parts.len() as u128 + 1).to_string();
            parts.push((path[from..=until].to_owned(), id.clone()));
            path.replace_range(from..=until, &id);
        }
        for method in [Method::GET, Method::HEAD] {
            let answer = browser.send(method, &path, &[], Body::empty()).await.expect(303);
            let mut on = answer.header("location").to_owned();
            for (name, id) in &parts {
                on = on.replace(id.as_str(), name);
            }
            assert!(
                gets.contains(&on.as_str()),
                "{template} leads to {on}, which is no page"
            );
        }
    }
    let put = browser
        .send(
            Method::PUT,
            "/orders",
            &[("origin", "http://127.0.0.1:3000")],
            Body::empty(),
        )
        .await;
    assert_eq!(put.status.as_u16(), 405);
    assert!(put.text().contains("这里不能这样访问"), "{}", put.text());
}

async fn comes_back_to_a_page_after_a_lost_session(app: &TestApp) {
    let market = app.market().await;
    let mut admin = app.signed_in(&market.admin).await;
    let person = format!("/people/{}", market.buyers[0].person_id);
    let action = format!("{person}/grants");
    // A refused form stands at the address that it was posted to.
    let form = admin
        .form(&person, &action)
        .await
        .with("role", Role::VillageLister.as_str());
    admin.submit(&form).await.expect(422);
    admin.cookies.remove("session");
    let (origin, referer) = ("http://127.0.0.1:3000", format!("http://127.0.0.1:3000{action}"));
    let headers = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("origin", origin),
        ("referer", referer.as_str()),
    ];
    let lost = admin
        .send(Method::POST, &action, &headers, Body::from("csrf=x"))
        .await;
    // Without a session the form's token is nobody's; the page to come back to is kept either way.
    assert!(matches!(lost.status.as_u16(), 303 | 403), "{}", lost.status);
    let sign_in = format!("/sign-in?back={}", action.replace('/', "%2F"));
    let form = admin
        .form(&sign_in, "/sign-in")
        .await
        .with("sign_in_name", "admin")
        .with("password", PASSWORD);
    let half = admin.submit(&form).await.expect(303);
    let form = admin.form(half.header("location"), "/second-factor").await;
    let code = admin.code().await;
    let entered = admin.submit(&form.with("code", &code)).await.expect(303);
    assert_eq!(entered.header("location"), action);
    let back = admin.get(&action).await.expect(303);
    assert_eq!(back.header("location"), person);
    admin.open(&person).await;
}

async fn the_api_answers_in_its_own_form_everywhere(app: &TestApp) {
    let api = app.anonymous();
    for path in [
        "/api",
        "/api/",
        "/api/v1",
        "/api/v1/",
        "/api/v1/nothing",
        "/api/v1/orders/",
        "/api/v2/orders",
    ] {
        let answer = api.get(path).await.expect(404);
        assert_eq!(
            answer.header("content-type"),
            "application/problem+json",
            "{path}"
        );
        answer.refused(Code::NotFound);
    }
    let answer = api.post("/api/v1/", &()).await.expect(404);
    assert_eq!(answer.header("content-type"), "application/problem+json");
    let english = api.in_language("en").get("/api/v1/").await.text();
    assert!(
        english.contains("\"title\":\"") && english.is_ascii(),
        "{english}"
    );
}
