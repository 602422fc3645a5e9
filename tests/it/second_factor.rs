//! 两步验证: nothing but it is open before it, codes count once, and money and rights ask for proof again.

use server::services::{second_factor, step_up};
use shared::api::problem::{Code, FieldCode};
use shared::domain::identity::Role;
use tests::browser::form_on;
use tests::market::{PASSWORD, SECRET};
use tests::{Browser, Market, TestApp, both};

both![
    nothing_opens_before_the_code,
    a_new_approver_sets_it_up_first,
    a_code_counts_once,
    a_recovery_code_counts_once,
    guessing_codes_is_slowed_down,
    proof_grows_old_and_the_form_goes_on_after_it,
    a_wrong_proof_loses_nothing,
    a_token_proves_itself,
    a_token_of_one_who_lost_the_second_factor_is_refused,
    a_choice_where_the_market_is_a_demonstration,
    another_phone_ends_the_first,
    a_lost_session_leads_back_to_a_page,
];

/// Somebody in front of the second factor, and where that is.
async fn half_way(app: &TestApp, name: &str) -> (Browser, String) {
    let mut browser = app.browser();
    let entered = browser.give_password(name, PASSWORD).await.expect(303);
    let on = entered.header("location").to_owned();
    assert!(on.starts_with("/second-factor"), "{on}");
    (browser, on)
}

async fn nothing_opens_before_the_code(app: &TestApp) {
    let market = app.market().await;
    for person in [&market.approver, &market.finance, &market.auditor, &market.admin] {
        let (mut browser, on) = half_way(app, &person.sign_in_name).await;
        for path in ["/me", "/people", "/orders", "/income", "/audit", "/verify"] {
            let led = browser.get(path).await.expect(303);
            assert!(
                led.header("location").starts_with("/second-factor?back="),
                "{path}"
            );
        }
        // What everybody sees is open, without a name on it.
        assert!(!browser.open("/goods").await.text().contains(&person.person_name));
        let form = browser.form(&on, "/second-factor").await;
        let wrong = browser
            .submit(&form.clone().with("code", "000000"))
            .await
            .expect(422);
        assert!(wrong.text().contains("验证码不对"));
        browser.get("/me").await.expect(303);
        let code = browser.code().await;
        browser.submit(&form.with("code", &code)).await.expect(303);
        browser.open("/me").await;
    }
    let (mut browser, _) = half_way(app, "admin").await;
    let form = browser.form("/second-factor", "/sign-out").await;
    browser.submit(&form).await.expect(303);
    assert!(!browser.cookies.contains_key("session"));
}

async fn a_new_approver_sets_it_up_first(app: &TestApp) {
    let market = app.market().await;
    app.sql("delete from second_factors", []).await;
    let mut elsewhere = app.browser();
    elsewhere.give_password("approver", PASSWORD).await.expect(303);
    let (mut browser, on) = half_way(app, "approver").await;
    browser.get("/orders").await.expect(303);
    let (secret, code) = browser.scan(&on).await;
    assert_eq!(browser.scan(&on).await.0, secret, "looking changes nothing");
    let form = browser.form(&on, "/second-factor/enrol").await;
    browser
        .submit(&form.clone().with("code", "000000"))
        .await
        .expect(422);
    let codes = browser
        .submit(&form.clone().with("code", &code))
        .await
        .expect(200)
        .text();
    assert_eq!(codes.matches("data-recovery-code").count(), second_factor::CODES);
    browser.get("/orders").await.expect(200);
    elsewhere.get("/orders").await.expect(303);
    // The code that set it up is used; the next one counts.
    let (mut again, on) = half_way(app, "approver").await;
    let form = again.form(&on, "/second-factor").await;
    again.submit(&form.clone().with("code", &code)).await.expect(422);
    app.clock.advance_s(30);
    let next = second_factor::code_at(&secret, app.now()).expect("a secret");
    again.submit(&form.with("code", &next)).await.expect(303);
    again.open("/orders").await;
    let enrolled = "select count(*) from audit_rows where action = 'second_factor.enrol' and person_id = $1";
    assert_eq!(app.number(enrolled, [market.approver.person_id.into()]).await, 1);
}

async fn a_code_counts_once(app: &TestApp) {
    app.market().await;
    let code = second_factor::code_at(SECRET, app.now()).expect("a secret");
    let (mut first, on) = half_way(app, "auditor").await;
    let (mut second, _) = half_way(app, "auditor").await;
    let form = first.form(&on, "/second-factor").await.with("code", &code);
    let stolen = second.form(&on, "/second-factor").await.with("code", &code);
    let (one, two) = tokio::join!(first.submit(&form), second.submit(&stolen));
    let mut late_one = if one.status == 303 { second } else { first };
    let mut statuses = [one.status.as_u16(), two.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 422]);
    // One that was shown before it counts no more either, though it is within the time.
    app.clock.advance_s(30);
    let late = late_one.form(&on, "/second-factor").await.with("code", &code);
    late_one.submit(&late).await.expect(422);
    // Nor does one of two steps ago that nobody used.
    app.clock.advance_s(60);
    let old = second_factor::code_at(SECRET, app.now()).expect("a secret");
    app.clock.advance_s(60);
    let form = late_one.form(&on, "/second-factor").await.with("code", &old);
    late_one.submit(&form).await.expect(422);
}

async fn a_recovery_code_counts_once(app: &TestApp) {
    let market = app.market().await;
    let codes = second_factor::new_codes(app, &market.finance.signed_in())
        .await
        .expect("codes");
    let (mut browser, on) = half_way(app, "finance").await;
    let form = browser.form(&on, "/second-factor").await;
    let sloppy = codes[0].to_lowercase().replace('-', " ");
    browser.submit(&form.with("code", &sloppy)).await.expect(303);
    browser.open("/income").await;
    let (mut again, on) = half_way(app, "finance").await;
    let form = again.form(&on, "/second-factor").await;
    again
        .submit(&form.clone().with("code", &codes[0]))
        .await
        .expect(422);
    second_factor::new_codes(app, &market.finance.signed_in())
        .await
        .expect("new codes");
    again.submit(&form.with("code", &codes[1])).await.expect(422);
}

async fn guessing_codes_is_slowed_down(app: &TestApp) {
    app.market().await;
    let (mut browser, on) = half_way(app, "auditor").await;
    let form = browser.form(&on, "/second-factor").await;
    for guess in 0..5 {
        let guess = format!("00000{guess}");
        browser
            .submit(&form.clone().with("code", &guess))
            .await
            .expect(422);
    }
    let code = browser.code().await;
    let slowed = browser
        .submit(&form.clone().with("code", &code))
        .await
        .expect(429);
    let wait_s: i64 = slowed.header("retry-after").parse().expect("seconds to wait");
    app.clock.advance_s(wait_s);
    let code = browser.code().await;
    browser.submit(&form.with("code", &code)).await.expect(303);
}

async fn proof_grows_old_and_the_form_goes_on_after_it(app: &TestApp) {
    let market = app.market().await;
    let mut admin = app.signed_in(&market.admin).await;
    let form = admin.form("/people/new", "/people").await;
    app.clock.advance_s(step_up::HOLDS_S + 1);
    let typed = form
        .with("sign_in_name", "new-buyer")
        .with("name", "新<人>")
        .with("role", Role::UnitRequester.as_str())
        .with("unit_code", &market.units[0].code);
    let asked = admin.submit(&typed).await.expect(403);
    assert!(asked.text().contains("请再证明一次是您本人"));
    assert_eq!(
        app.number(
            "select count(*) from persons where sign_in_name = 'new-buyer'",
            []
        )
        .await,
        0
    );
    let code = admin.code().await;
    let mut proof = form_on(&asked, "/step-up").with("step_up_code", &code);
    let on = admin.submit(&proof).await.expect(307);
    assert_eq!(on.header("location"), "/people");
    // The browser posts the same form on.
    proof.action = "/people".to_owned();
    let done = admin.submit(&proof).await.expect(200).text();
    assert!(done.contains("新&lt;人&gt;") && done.contains("/link/"));
    // Sent twice, it works once.
    admin.submit(&proof).await.expect(200);
    assert_eq!(
        app.number(
            "select count(*) from persons where sign_in_name = 'new-buyer'",
            []
        )
        .await,
        1
    );
    // Where there is no second factor the password proves.
    let mut buyer = app.signed_in(&market.buyers[0]).await;
    let form = buyer
        .form("/me", "/me/tokens")
        .await
        .with("name", "x")
        .with("days", "3");
    app.clock.advance_s(step_up::HOLDS_S + 1);
    let asked = buyer.submit(&form).await.expect(403);
    let mut proof = form_on(&asked, "/step-up").with("step_up_password", PASSWORD);
    buyer.submit(&proof).await.expect(307);
    proof.action = "/me/tokens".to_owned();
    let made = buyer.submit(&proof).await.expect(200).text();
    assert!(made.contains("jz_") && !made.contains(PASSWORD));
}

async fn a_wrong_proof_loses_nothing(app: &TestApp) {
    let market = app.market().await;
    let mut buyer = app.signed_in(&market.buyers[0]).await;
    let form = buyer
        .form("/me", "/me/tokens")
        .await
        .with("name", "结算")
        .with("days", "3");
    app.clock.advance_s(step_up::HOLDS_S + 1);
    let asked = buyer.submit(&form).await.expect(403);
    let proof = form_on(&asked, "/step-up").with("step_up_password", "not-the-password");
    let refused = buyer.submit(&proof).await;
    assert_eq!(refused.status, 401);
    let kept = form_on(&refused, "/step-up");
    assert_eq!(kept.value("name"), Some("结算"));
    assert_eq!(kept.value("step_up_to"), Some("/me/tokens"));
    assert_eq!(kept.value("key"), form.value("key"));
    assert!(!refused.text().contains("not-the-password"));
    buyer
        .submit(&kept.with("step_up_password", PASSWORD))
        .await
        .expect(307);
    // It leads nowhere but to our own pages.
    let asked = form_on(&refused, "/step-up")
        .with("step_up_password", PASSWORD)
        .with("step_up_to", "//evil.example/x");
    let on = buyer.submit(&asked).await.expect(307);
    assert_eq!(on.header("location"), "/");
}

async fn a_token_proves_itself(app: &TestApp) {
    let market = app.market().await;
    let api = app.api(&market.admin).await;
    app.sql("update api_tokens set proven_at = null", []).await;
    let role = serde_json::json!({"role": "unit_finance", "unit_id": market.units[0].id});
    let path = format!("/api/v1/people/{}/grants", market.buyers[0].person_id);
    api.post(&path, &role)
        .await
        .expect(403)
        .refused(Code::StepUpNeeded);
    let wrong = serde_json::json!({"code": "123"});
    let fields = api
        .post("/api/v1/me/step-up", &wrong)
        .await
        .expect(422)
        .problem()
        .fields;
    assert_eq!(fields[0].code, FieldCode::WrongCode);
    let code = app.browser().code().await;
    let right = serde_json::json!({"code": code});
    api.post("/api/v1/me/step-up", &right).await.expect(200);
    api.post(&path, &role).await.expect(201);
    app.clock.advance_s(step_up::HOLDS_S + 1);
    let link = format!("/api/v1/people/{}/links", market.buyers[0].person_id);
    api.post(&link, &()).await.expect(403).refused(Code::StepUpNeeded);
    // Reading asks for no proof.
    api.get("/api/v1/people").await.expect(200);
}

async fn a_token_of_one_who_lost_the_second_factor_is_refused(app: &TestApp) {
    let market = app.market().await;
    let api = app.api(&market.auditor).await;
    api.get("/api/v1/orders").await.expect(200);
    app.sql("delete from second_factors", []).await;
    api.get("/api/v1/orders")
        .await
        .expect(403)
        .refused(Code::SecondFactorNeeded);
    app.api(&market.buyers[0])
        .await
        .get("/api/v1/orders")
        .await
        .expect(200);
}

async fn a_choice_where_the_market_is_a_demonstration(app: &TestApp) {
    use server::config::TwoFactor;
    app.market().await;
    let relaxed = app.configured(|config| config.two_factor = TwoFactor::Optional);
    relaxed.sql("delete from second_factors", []).await;
    let mut browser = relaxed.browser();
    let entered = browser.give_password("auditor", PASSWORD).await.expect(303);
    assert_eq!(entered.header("location"), "/income");
    browser.open("/audit").await;
    // Who chose to have one is asked for it all the same.
    let (_, code) = browser.scan("/second-factor").await;
    let form = browser.form("/second-factor", "/second-factor/enrol").await;
    browser.submit(&form.with("code", &code)).await.expect(200);
    let entered = relaxed
        .browser()
        .give_password("auditor", PASSWORD)
        .await
        .expect(303);
    assert!(entered.header("location").starts_with("/second-factor"));
}

async fn another_phone_ends_the_first(app: &TestApp) {
    let market = app.market().await;
    let mut browser = app.signed_in(&market.finance).await;
    let mut elsewhere = app.signed_in(&market.finance).await;
    let (new, code) = browser.scan("/second-factor?replace=1").await;
    assert_ne!(new, SECRET);
    let form = browser
        .form("/second-factor?replace=1", "/second-factor/enrol")
        .await;
    app.clock.advance_s(step_up::HOLDS_S + 1);
    browser
        .submit(&form.clone().with("code", &code))
        .await
        .expect(403);
    let asked = browser.submit(&form.clone().with("code", &code)).await;
    let old = browser.code().await;
    let proof = form_on(&asked, "/step-up").with("step_up_code", &old);
    browser.submit(&proof).await.expect(307);
    let code = second_factor::code_at(&new, app.now()).expect("a secret");
    browser.submit(&form.with("code", &code)).await.expect(200);
    elsewhere.get("/income").await.expect(303);
    let (mut again, on) = half_way(app, "finance").await;
    let form = again.form(&on, "/second-factor").await;
    let old = again.code().await;
    again.submit(&form.clone().with("code", &old)).await.expect(422);
    let code = second_factor::code_at(&new, app.now()).expect("a secret");
    again.submit(&form.with("code", &code)).await.expect(303);
}

async fn a_lost_session_leads_back_to_a_page(app: &TestApp) {
    let market: Market = app.market().await;
    let mut browser = app.signed_in(&market.both_hats).await;
    let other = market.both_hats.grants[1].id.to_string();
    let form = browser.form("/me", "/me/role").await.with("grant", &other);
    app.sql("delete from sessions", []).await;
    let led = browser.submit(&form).await;
    // The form's token belonged to the session that is gone.
    assert!(matches!(led.status.as_u16(), 303 | 403), "{}", led.status);
    let fresh = browser.form("/sign-in", "/sign-in").await;
    let token = fresh.value("csrf").expect("a form has a token").to_owned();
    let led = browser.submit(&form.with("csrf", &token)).await.expect(303);
    let entered = browser.form(led.header("location"), "/sign-in").await;
    let entered = browser
        .submit(
            &entered
                .with("sign_in_name", "both-hats")
                .with("password", PASSWORD),
        )
        .await
        .expect(303);
    browser.get(entered.header("location")).await.expect(200);
}
