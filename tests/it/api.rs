//! The JSON API as an integrator meets it: refusals that can be read, requests that can be repeated.

use axum::body::Body;
use axum::http::Method;
use serde_json::{Value, json};
use shared::api::order::PlacedOut;
use shared::api::page::Page;
use shared::api::problem::{Code, FieldCode};
use tests::market::{PASSWORD, VILLAGES};
use tests::{Api, Offer, TestApp, both, trade};

both![
    runs_the_main_job,
    words_a_refusal_in_the_readers_language,
    names_the_field_at_fault,
    refuses_what_cannot_be_read,
    needs_an_idempotency_key,
    repeats_the_first_answer,
    knows_its_paths_and_methods,
    knows_its_callers,
    stays_within_its_bounds,
    pages_through_every_list,
    survives_absurd_numbers_and_texts,
    says_that_it_lives,
];

fn order(offer: &Offer, qty: i64) -> Value {
    json!({
        "fund": "canteen", "address": "蓟州区示例路 1 号", "wanted_on": "2026-11-24",
        "lines": [{"offer_id": offer.id, "qty": qty}],
    })
}

async fn runs_the_main_job(app: &TestApp) {
    let market = app.market().await;
    let lister = app.api(&market.listers[0]).await;
    let centre = app.api(&market.operator).await;
    let unit = app.api(&market.buyers[0]).await;
    let listing = json!({
        "offer": market.list(0).per_jin(900).content(),
        "lot": {"harvested_on": "2026-11-22", "good_until": "2026-12-20", "qty": 50_000},
    });
    let drafted: Value = lister.post("/api/v1/offers", &listing).await.expect(201).json();
    let offer = format!("/api/v1/offers/{}", drafted["id"].as_str().expect("an id"));
    lister
        .post(&format!("{offer}/submit"), &json!({}))
        .await
        .expect(200);
    let review = json!({"version_id": drafted["pending"]["id"], "publish": true});
    let published: Value = centre
        .post(&format!("{offer}/review"), &review)
        .await
        .expect(200)
        .json();
    assert_eq!(published["status"], "published");
    let shelf: Value = app
        .anonymous()
        .get("/api/v1/catalogue?q=香菇")
        .await
        .expect(200)
        .json();
    assert_eq!(shelf["page"]["items"][0]["id"], drafted["id"]);

    let order = json!({
        "fund": "union", "address": "蓟州区示例路 1 号", "wanted_on": "2026-11-24",
        "lines": [{"offer_id": drafted["id"], "version_id": published["live"]["id"], "qty": 10_000}],
    });
    let placed: PlacedOut = unit.post("/api/v1/orders", &order).await.expect(201).json();
    let path = format!("/api/v1/orders/{}", placed.id);
    let shown: Value = unit.get(&path).await.expect(200).json();
    let part = &shown["village_orders"][0];
    let id = part["village_order"]["id"].as_str().expect("an id");
    let line = part["lines"][0]["id"].as_str().expect("an id");
    let answer = json!({"lines": [{"line_id": line, "qty": 10_000}]});
    lister
        .post(&format!("/api/v1/village-orders/{id}/answer"), &answer)
        .await
        .expect(204);
    for (who, step) in [(&lister, "pack"), (&centre, "collect"), (&centre, "deliver")] {
        let step = json!({"step": step, "ids": [id], "vehicle": "冷链 2 号车"});
        let moved: Value = who
            .post("/api/v1/village-orders/move", &step)
            .await
            .expect(200)
            .json();
        assert_eq!(moved["moved"], json!([id]));
    }
    let weighed = json!({"lines": [{"line_id": line, "qty": 9800}]});
    unit.post(&format!("{path}/acceptance/signatures"), &weighed)
        .await
        .expect(200);
    let done: Value = centre
        .post(&format!("{path}/acceptance/signatures"), &weighed)
        .await
        .expect(200)
        .json();
    assert_eq!(
        (&done["acceptance"]["status"], &done["acceptance"]["accepted_fen"]),
        (&json!("posted"), &json!(17_640))
    );
    let income: Value = lister
        .get(&format!("/api/v1/villages/{}/income", VILLAGES[0].0))
        .await
        .expect(200)
        .json();
    assert_eq!(income["credited_fen"], 17_640);
    let auditor = app.api(&market.auditor).await;
    let transaction = done["acceptance"]["transaction_id"].as_str().expect("credited");
    auditor
        .get(&format!("/api/v1/ledger/transactions/{transaction}"))
        .await
        .expect(200);
    let verified: Value = auditor
        .get("/api/v1/ledger/verification")
        .await
        .expect(200)
        .json();
    assert_eq!(verified["clean"], true);
    let rows: Value = auditor.get("/api/v1/audit").await.expect(200).json();
    assert!(
        rows["items"].as_array().is_some_and(|rows| rows.len() >= 8),
        "every step is on record"
    );
}

async fn words_a_refusal_in_the_readers_language(app: &TestApp) {
    let chinese = app.anonymous().get("/api/v1/orders").await.expect(401);
    let english = app
        .anonymous()
        .in_language("en-GB, zh;q=0.3")
        .get("/api/v1/orders")
        .await
        .expect(401);
    let (chinese_problem, english_problem) = (chinese.problem(), english.problem());
    assert_eq!(chinese_problem.kind, "/problems/not_signed_in");
    assert_eq!(chinese_problem.code, english_problem.code);
    assert!(!chinese_problem.title.is_ascii() && english_problem.title.is_ascii());
    assert_eq!(
        (
            chinese.header("content-language"),
            english.header("content-language")
        ),
        ("zh-CN", "en")
    );
    assert_eq!(chinese.header("www-authenticate"), "Bearer");
    assert_eq!(chinese.header("cache-control"), "no-store");
}

async fn names_the_field_at_fault(app: &TestApp) {
    let market = app.market().await;
    let offer = market.list(0).lot(5000).publish(app).await;
    let unit = app.api(&market.buyers[0]).await;
    let good = order(&offer, 1000);
    let with = |name: &str, value: Value| {
        let mut order = good.clone();
        order[name] = value;
        order
    };
    for (body, field, code) in [
        (with("address", json!("")), "address", FieldCode::Required),
        (
            with("wanted_on", json!("2026-02-30")),
            "wanted_on",
            FieldCode::NotADay,
        ),
        (
            with("wanted_on", json!("2026-11-22")),
            "wanted_on",
            FieldCode::TooEarly,
        ),
        (with("fund", json!("gift")), "fund", FieldCode::NotAChoice),
        (with("lines", json!([])), "lines", FieldCode::Required),
        (
            with("lines", json!([{"offer_id": offer.id}])),
            "lines.0.qty",
            FieldCode::Required,
        ),
        (
            with("lines", json!([{"offer_id": offer.id, "qty": "much"}])),
            "lines.0.qty",
            FieldCode::NotANumber,
        ),
        (
            with("lines", json!([{"offer_id": offer.id, "qty": 1.5}])),
            "lines.0.qty",
            FieldCode::NotANumber,
        ),
        (
            with("lines", json!([{"offer_id": app.new_id(), "qty": 500}])),
            "lines.0.offer_id",
            FieldCode::Unknown,
        ),
    ] {
        let problem = unit.post("/api/v1/orders", &body).await.expect(422).problem();
        let named: Vec<(&str, FieldCode)> = problem
            .fields
            .iter()
            .map(|f| (f.field.as_str(), f.code))
            .collect();
        assert_eq!(named, [(field, code)], "{body}");
        assert!(
            problem.fields.iter().all(|field| !field.detail.is_empty()),
            "{problem:?}"
        );
    }
    let short = unit
        .post("/api/v1/orders", &order(&offer, 6000))
        .await
        .expect(409)
        .problem();
    assert_eq!((short.code, short.short[0].free.0), (Code::OutOfStock, 5000));
    assert_eq!(app.count("orders").await, 0);
}

async fn refuses_what_cannot_be_read(app: &TestApp) {
    let market = app.market().await;
    let unit = app.api(&market.buyers[0]).await;
    let post = async |kind: &str, body: &[u8]| {
        let headers = [("content-type", kind), ("idempotency-key", "k")];
        unit.send(
            Method::POST,
            "/api/v1/orders",
            &headers,
            Body::from(body.to_vec()),
        )
        .await
    };
    let json = "application/json";
    for body in [
        "",
        "{",
        "[",
        "nul",
        "\"x\"",
        "{\"fund\":}",
        "\u{feff}{}",
        "{\"address\":\"\\u0000\"}",
    ] {
        let answer = post(json, body.as_bytes()).await;
        assert!(
            matches!(answer.status.as_u16(), 400 | 422),
            "{body}: {}",
            answer.text()
        );
        assert!(
            matches!(answer.problem().code, Code::Malformed | Code::Invalid),
            "{body}"
        );
    }
    post(json, b"\xff\xfe{}")
        .await
        .expect(400)
        .refused(Code::Malformed);
    let deep = "[".repeat(100_000);
    post(json, deep.as_bytes())
        .await
        .expect(400)
        .refused(Code::Malformed);
    post("text/plain", b"{}")
        .await
        .expect(415)
        .refused(Code::UnsupportedFile);
    post("application/x-www-form-urlencoded", b"fund=canteen")
        .await
        .expect(415)
        .refused(Code::UnsupportedFile);
    let large = format!("{{\"note\": \"{}\"}}", "x".repeat(2 << 20));
    post(json, large.as_bytes())
        .await
        .expect(413)
        .refused(Code::TooLarge);
}

async fn needs_an_idempotency_key(app: &TestApp) {
    let market = app.market().await;
    let offer = market.list(0).lot(5000).publish(app).await;
    let unit = app.api(&market.buyers[0]).await;
    let body = order(&offer, 500).to_string();
    let headers = [("content-type", "application/json")];
    let answer = unit
        .send(Method::POST, "/api/v1/orders", &headers, Body::from(body))
        .await;
    answer.expect(400).refused(Code::KeyMissing);
    for key in ["", " ", "has a space", &"k".repeat(81), "tab\tkey"] {
        let answer = unit.post_keyed("/api/v1/orders", key, &order(&offer, 500)).await;
        assert!(
            matches!(answer.status.as_u16(), 400 | 422),
            "'{key}': {}",
            answer.text()
        );
    }
    assert_eq!(app.count("orders").await, 0);
}

async fn repeats_the_first_answer(app: &TestApp) {
    let market = app.market().await;
    let offer = market.list(0).lot(5000).publish(app).await;
    let unit = app.api(&market.buyers[0]).await;
    let first = unit
        .post_keyed("/api/v1/orders", "order-1", &order(&offer, 500))
        .await
        .expect(201);
    let again = unit
        .post_keyed("/api/v1/orders", "order-1", &order(&offer, 500))
        .await
        .expect(201);
    assert_eq!(first.text(), again.text());
    let other = unit
        .post_keyed("/api/v1/orders", "order-1", &order(&offer, 1000))
        .await;
    other.expect(409).refused(Code::KeyReused);
    assert_eq!(app.count("orders").await, 1);
    // What was refused was not done: the same key may be tried again.
    unit.post_keyed("/api/v1/orders", "order-2", &order(&offer, 9000))
        .await
        .expect(409)
        .refused(Code::OutOfStock);
    let mut more = offer.clone();
    more.add_lot(app, &market, 50_000, None).await;
    unit.post_keyed("/api/v1/orders", "order-2", &order(&offer, 9000))
        .await
        .expect(201);
}

async fn knows_its_paths_and_methods(app: &TestApp) {
    let market = app.market().await;
    let unit = app.api(&market.buyers[0]).await;
    for path in [
        "/api/v1/nowhere",
        "/api/v1/orders/not-an-id",
        "/api/v1/orders/%00",
        "/api/v1/villages/x",
    ] {
        unit.get(path).await.expect(404).refused(Code::NotFound);
    }
    let answer = unit.delete("/api/v1/orders").await.expect(405);
    answer.refused(Code::MethodNotAllowed);
    assert!(
        answer.header("allow").contains("GET") && answer.header("allow").contains("POST"),
        "{}",
        answer.header("allow")
    );
    let head = unit
        .send(Method::HEAD, "/api/v1/orders", &[], Body::empty())
        .await
        .expect(200);
    assert!(head.body.is_empty());
}

async fn knows_its_callers(app: &TestApp) {
    let market = app.market().await;
    let api = app.api(&market.buyers[0]).await;
    for token in ["", "jz_", "jz_wrong", "nonsense", &"jz_x".repeat(100)] {
        app.anonymous()
            .with_token(token)
            .get("/api/v1/orders")
            .await
            .expect(401)
            .refused(Code::NotSignedIn);
        // A bad token is refused even where none is needed.
        app.anonymous()
            .with_token(token)
            .get("/api/v1/home")
            .await
            .expect(401)
            .refused(Code::NotSignedIn);
    }
    // A browser's cookie opens no door here: another site could send it.
    let mut browser = app.signed_in(&market.buyers[0]).await;
    browser
        .get("/api/v1/orders")
        .await
        .expect(401)
        .refused(Code::NotSignedIn);
    let tokens: Value = api.get("/api/v1/tokens").await.expect(200).json();
    let id = tokens[0]["id"].as_str().expect("its own token");
    let stranger = app.api(&market.buyers[1]).await;
    stranger
        .delete(&format!("/api/v1/tokens/{id}"))
        .await
        .expect(404)
        .refused(Code::NotFound);
    api.delete(&format!("/api/v1/tokens/{id}")).await.expect(204);
    api.get("/api/v1/orders")
        .await
        .expect(401)
        .refused(Code::NotSignedIn);
    assert!(!api.token().expect("a token").contains(PASSWORD));
}

async fn stays_within_its_bounds(app: &TestApp) {
    let market = app.market().await;
    let auditor = app.api(&market.auditor).await;
    for path in [
        "orders",
        "offers",
        "village-orders",
        "acceptances",
        "audit",
        "people",
        "units",
        "pairings",
        "villages",
        "catalogue",
    ] {
        for limit in ["0", "101", "-1", "many", "99999999999999999999"] {
            let answer = auditor.get(&format!("/api/v1/{path}?limit={limit}")).await;
            // The shelf brings a limit into its bounds.
            let status = answer.status.as_u16();
            assert!(
                status == 422 || (path == "catalogue" && status == 200),
                "{path} {limit}: {status} {}",
                answer.text()
            );
        }
        for after in [
            "x",
            "1_2",
            "%27",
            "%00",
            "99999999999999999999_0199b0a0-0000-7000-8000-000000000000",
        ] {
            let answer = auditor.get(&format!("/api/v1/{path}?after={after}")).await;
            let status = answer.status.as_u16();
            assert!(
                matches!(status, 200 | 400 | 422),
                "{path} {after}: {status} {}",
                answer.text()
            );
        }
    }
    auditor.get("/api/v1/orders?state=nonsense").await.expect(422);
    auditor.get("/api/v1/income?year=1").await.expect(422);
}

async fn pages_through_every_list(app: &TestApp) {
    let market = app.market().await;
    let a = market.list(0).lot(90_000).publish(app).await;
    let b = market.list(2).lot(90_000).publish(app).await;
    for at in 0..5 {
        trade::credited(app, &market, &market.buyers[at % 3], &[(&a, 500), (&b, 1000)]).await;
    }
    let auditor = app.api(&market.auditor).await;
    for path in [
        "orders",
        "offers",
        "village-orders",
        "acceptances",
        "audit",
        "people",
        "units",
        "pairings",
        "villages",
    ] {
        let all: Page<Value> = auditor
            .get(&format!("/api/v1/{path}?limit=100"))
            .await
            .expect(200)
            .json();
        assert!(all.items.len() >= 2, "{path} has something to page through");
        let walked = walk(&auditor, path).await;
        let shown = all.items.len();
        assert_eq!(
            walked[..shown],
            all.items[..],
            "{path}: every row once, in the same order"
        );
        assert!(all.next.is_some() || walked.len() == shown, "{path}");
    }
}

async fn walk(api: &Api, path: &str) -> Vec<Value> {
    let (mut found, mut after) = (Vec::new(), String::new());
    loop {
        let page: Page<Value> = api
            .get(&format!("/api/v1/{path}?limit=2{after}"))
            .await
            .expect(200)
            .json();
        assert!(page.items.len() <= 2);
        found.extend(page.items);
        let Some(next) = page.next else { return found };
        after = format!("&after={next}");
        assert!(found.len() < 2000, "{path}: paging ends");
    }
}

async fn survives_absurd_numbers_and_texts(app: &TestApp) {
    let market = app.market().await;
    let offer = market.list(0).lot(5000).publish(app).await;
    let unit = app.api(&market.buyers[0]).await;
    let lister = app.api(&market.listers[0]).await;
    for qty in [0, -1, i64::MIN, i64::MAX, i64::MAX - 500] {
        let status = unit
            .post("/api/v1/orders", &order(&offer, qty))
            .await
            .status
            .as_u16();
        assert!(matches!(status, 409 | 422), "{qty}: {status}");
    }
    for (name, value) in [
        ("price_fen", json!(i64::MAX)),
        ("price_fen", json!(-1)),
        ("min_qty", json!(i64::MAX)),
        ("step_qty", json!(0)),
        ("name", json!("长".repeat(5000))),
        ("name", json!("\u{202e}\u{7}")),
        ("story", json!("<script>alert(1)</script>".repeat(1000))),
        ("certificate_until", json!("9999-12-31")),
        ("share", json!({"kind": "basis_points", "value": 10_001})),
        ("share", json!({"kind": "fen_per_unit", "value": -1})),
        ("village_code", json!("120119102202")),
        ("produce", json!("'; drop table offers; --")),
    ] {
        let mut listing = json!({"offer": market.list(0).content()});
        listing["offer"][name] = value.clone();
        let status = lister.post("/api/v1/offers", &listing).await.status.as_u16();
        assert!(matches!(status, 404 | 422), "{name} {value}: {status}");
    }
    for qty in [0, i64::MAX] {
        let lot = json!({"harvested_on": "2026-11-23", "qty": qty});
        lister
            .post(&format!("/api/v1/offers/{}/lots", offer.id), &lot)
            .await
            .expect(422);
    }
    for day in ["0000-00-00", "9999-99-99", "2026-11-23T00:00:00Z", "tomorrow", ""] {
        let lot = json!({"harvested_on": day, "qty": 5});
        lister
            .post(&format!("/api/v1/offers/{}/lots", offer.id), &lot)
            .await
            .expect(422);
    }
}

async fn says_that_it_lives(app: &TestApp) {
    app.anonymous().get("/livez").await.expect(200);
    app.anonymous().get("/readyz").await.expect(200);
}
