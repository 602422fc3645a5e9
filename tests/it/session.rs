//! Coming in: sign-in, sessions, passwords, one-time links, and what another site cannot do.

use axum::body::Body;
use axum::http::Method;
use server::services::{link, person, session};
use shared::api::person::PersonIn;
use shared::api::problem::Code;
use shared::domain::identity::Role;
use tests::browser::form_on;
use tests::market::{PASSWORD, grant};
use tests::{Answer, Browser, Market, TestApp, both, refused};

both![
    comes_in_and_goes_out,
    tells_nothing_about_who_exists,
    slows_down_guessing,
    leads_to_sign_in_and_back,
    never_leads_to_another_site,
    refuses_a_form_without_its_token,
    refuses_a_post_from_another_site,
    keeps_cookies_from_scripts_and_other_sites,
    ends_a_session_that_is_revoked,
    ends_a_session_that_is_idle_or_old,
    ends_other_sessions_when_the_password_changes,
    refuses_weak_passwords,
    ends_sessions_and_tokens_of_the_suspended,
    switches_between_roles,
    takes_a_one_time_link_once,
    lets_the_first_administrator_in,
    changes_nothing_by_reading,
    sends_its_headers_with_every_answer,
    shows_a_new_token_once,
];

const NEW_PASSWORD: &str = "copper lantern 71 rain";

async fn me(browser: &mut Browser) -> Answer {
    browser.get("/me").await
}

async fn comes_in_and_goes_out(app: &TestApp) {
    let market = app.market().await;
    let mut browser = app.browser();
    let entered = browser.try_sign_in(" BUYER0 ", PASSWORD).await.expect(303);
    assert_eq!(entered.header("location"), "/");
    assert!(
        me(&mut browser)
            .await
            .expect(200)
            .text()
            .contains(&market.buyers[0].person_name)
    );
    let secret = browser.cookies["session"].clone();
    let form = browser.form("/me", "/sign-out").await;
    browser.submit(&form).await.expect(303);
    assert!(!browser.cookies.contains_key("session"));
    me(&mut browser).await.expect(303);
    // The cookie, kept by somebody, opens nothing any more.
    browser.cookies.insert("session".to_owned(), secret);
    me(&mut browser).await.expect(303);
}

async fn tells_nothing_about_who_exists(app: &TestApp) {
    let market = app.market().await;
    person::suspend(app, &market.admin, market.buyers[1].person_id, true)
        .await
        .expect("suspended");
    let mut answers = Vec::new();
    for (name, password) in [
        ("buyer0", "not-the-password"),
        ("nobody-here", PASSWORD),
        ("buyer1", PASSWORD),
    ] {
        let mut browser = app.browser();
        let refused = browser.try_sign_in(name, password).await.expect(401);
        assert!(
            !refused.text().contains(password),
            "a password is never shown again"
        );
        assert!(
            form_on(&refused, "/sign-in").value("sign_in_name") == Some(name),
            "the name is kept"
        );
        answers.push(tests::html::words(&refused.text()));
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0], answers[2]);
}

async fn slows_down_guessing(app: &TestApp) {
    app.market().await;
    for _ in 0..5 {
        app.browser()
            .try_sign_in("buyer0", "wrong-password-1")
            .await
            .expect(401);
    }
    let slowed = app.browser().try_sign_in("buyer0", PASSWORD).await.expect(429);
    let wait_s: i64 = slowed.header("retry-after").parse().expect("seconds to wait");
    assert!((1..=60).contains(&wait_s), "{wait_s}");
    app.browser().sign_in("buyer1").await;
    app.clock.advance_s(wait_s);
    app.browser()
        .try_sign_in("buyer0", "wrong-password-1")
        .await
        .expect(401);
    let longer = app.browser().try_sign_in("buyer0", PASSWORD).await.expect(429);
    let longer_s: i64 = longer.header("retry-after").parse().expect("seconds to wait");
    assert!(
        longer_s > wait_s,
        "each failure waits longer: {wait_s}, {longer_s}"
    );
    app.clock.advance_s(longer_s);
    app.browser().sign_in("buyer0").await;
    // Success begins anew.
    app.browser()
        .try_sign_in("buyer0", "wrong-password-1")
        .await
        .expect(401);
    app.browser().sign_in("buyer0").await;
}

async fn leads_to_sign_in_and_back(app: &TestApp) {
    app.market().await;
    let mut browser = app.browser();
    let led = browser.get("/orders?state=placed").await.expect(303);
    assert_eq!(led.header("location"), "/sign-in?back=%2Forders%3Fstate%3Dplaced");
    let form = browser.form(led.header("location"), "/sign-in").await;
    let entered = browser
        .submit(&form.with("sign_in_name", "buyer0").with("password", PASSWORD))
        .await
        .expect(303);
    assert_eq!(entered.header("location"), "/orders?state=placed");
}

async fn never_leads_to_another_site(app: &TestApp) {
    app.market().await;
    for back in [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "\\\\evil",
    ] {
        let mut browser = app.browser();
        let form = browser.form("/sign-in", "/sign-in").await.with("back", back);
        let entered = browser
            .submit(&form.with("sign_in_name", "buyer0").with("password", PASSWORD))
            .await
            .expect(303);
        assert_eq!(entered.header("location"), "/", "{back}");
    }
}

async fn refuses_a_form_without_its_token(app: &TestApp) {
    let market = app.market().await;
    let mut browser = app.signed_in(&market.buyers[0]).await;
    let form = browser
        .form("/me", "/me/tokens")
        .await
        .with("name", "x")
        .with("days", "3");
    for wrong in [form.clone().without("csrf"), form.clone().with("csrf", "AAAA")] {
        browser.submit(&wrong).await.expect(403);
    }
    let other = app
        .signed_in(&market.buyers[1])
        .await
        .form("/me", "/me/tokens")
        .await;
    let stolen = form
        .clone()
        .with("csrf", other.value("csrf").expect("a form has a token"));
    browser.submit(&stolen).await.expect(403);
    assert_eq!(app.count("api_tokens").await, 0);
    browser.submit(&form).await.expect(200);
    assert_eq!(app.count("api_tokens").await, 1);
}

async fn refuses_a_post_from_another_site(app: &TestApp) {
    let market = app.market().await;
    let mut browser = app.signed_in(&market.buyers[0]).await;
    let form = browser
        .form("/me", "/me/tokens")
        .await
        .with("name", "x")
        .with("days", "3");
    let mut body = form_urlencoded::Serializer::new(String::new());
    let body = body.extend_pairs(&form.fields).finish();
    let kind = ("content-type", "application/x-www-form-urlencoded");
    for headers in [
        [kind, ("origin", "https://evil.example")],
        [kind, ("origin", "null")],
        [kind, ("sec-fetch-site", "cross-site")],
        [kind, ("sec-fetch-site", "same-site")],
    ] {
        let answer = browser
            .send(Method::POST, "/me/tokens", &headers, Body::from(body.clone()))
            .await;
        assert_eq!(answer.status.as_u16(), 403, "{headers:?}");
    }
    assert_eq!(app.count("api_tokens").await, 0);
}

async fn keeps_cookies_from_scripts_and_other_sites(app: &TestApp) {
    app.market().await;
    let secure = app.configured(|config| "https://market.example".clone_into(&mut config.public_url));
    for (app, prefix) in [(app, ""), (&secure, "__Host-")] {
        let mut browser = app.browser();
        let entered = browser.try_sign_in("buyer0", PASSWORD).await.expect(303);
        let cookies: Vec<&str> = entered
            .headers
            .get_all("set-cookie")
            .iter()
            .filter_map(|value| value.to_str().ok())
            .collect();
        assert!(
            cookies
                .iter()
                .any(|cookie| cookie.starts_with(&format!("{prefix}session="))),
            "{cookies:?}"
        );
        for cookie in cookies {
            for rule in ["; Path=/", "; HttpOnly", "; SameSite=Lax"] {
                assert!(cookie.contains(rule), "{cookie}");
            }
            assert_eq!(cookie.contains("; Secure"), !prefix.is_empty(), "{cookie}");
            assert!(
                cookie.starts_with(prefix) && !cookie.contains("Domain"),
                "{cookie}"
            );
        }
    }
}

async fn ends_a_session_that_is_revoked(app: &TestApp) {
    let market = app.market().await;
    let mut office = app.signed_in(&market.buyers[0]).await;
    let mut phone = app.signed_in(&market.buyers[0]).await;
    let mine = session::list_own(app, &market.buyers[0].signed_in())
        .await
        .expect("one's own sessions");
    assert_eq!(mine.len(), 2);
    let page = office.open("/me").await;
    let forms = tests::html::forms(&page.text());
    let revoke = forms
        .iter()
        .filter(|form| form.action.ends_with("/revoke"))
        .collect::<Vec<_>>();
    assert!(!revoke.is_empty(), "sessions can be ended");
    // The one that is not this browser's own.
    for form in revoke {
        if me(&mut phone).await.status == 200 && me(&mut office).await.status == 200 {
            office.submit(form).await.expect(303);
        }
    }
    assert_ne!(
        me(&mut phone).await.status == 200,
        me(&mut office).await.status == 200,
        "one of two is left"
    );
    let strangers = session::revoke(app, &market.buyers[1], mine[0].id).await;
    assert_eq!(refused(strangers), Code::NotFound);
}

async fn ends_a_session_that_is_idle_or_old(app: &TestApp) {
    let market = app.market().await;
    let mut browser = app.signed_in(&market.buyers[0]).await;
    app.clock.advance_s(session::IDLE_S - 1);
    me(&mut browser).await.expect(200);
    app.clock.advance_s(session::IDLE_S);
    me(&mut browser).await.expect(303);
    let mut busy = app.signed_in(&market.buyers[0]).await;
    let mut age_s = 0;
    while age_s + 6 * 3600 < session::MAX_AGE_S {
        app.clock.advance_s(6 * 3600);
        age_s += 6 * 3600;
        me(&mut busy).await.expect(200);
    }
    app.clock.advance_s(6 * 3600);
    me(&mut busy).await.expect(303);
}

async fn ends_other_sessions_when_the_password_changes(app: &TestApp) {
    let market = app.market().await;
    let mut office = app.signed_in(&market.buyers[0]).await;
    let mut phone = app.signed_in(&market.buyers[0]).await;
    let form = office.form("/me", "/me/password").await;
    let typed = |current: &str| {
        form.clone()
            .with("current", current)
            .with("new", NEW_PASSWORD)
            .with("again", NEW_PASSWORD)
    };
    let wrong = office.submit(&typed("not-the-password")).await;
    assert_eq!(wrong.status, 401, "{}", wrong.text());
    me(&mut phone).await.expect(200);
    office.submit(&typed(PASSWORD)).await.expect(303);
    me(&mut phone).await.expect(303);
    me(&mut office).await.expect(200);
    app.browser().try_sign_in("buyer0", PASSWORD).await.expect(401);
    app.browser()
        .try_sign_in("buyer0", NEW_PASSWORD)
        .await
        .expect(303);
}

async fn refuses_weak_passwords(app: &TestApp) {
    let market = app.market().await;
    let mut browser = app.signed_in(&market.buyers[0]).await;
    let form = browser
        .form("/me", "/me/password")
        .await
        .with("current", PASSWORD);
    for (new, again) in [
        ("", ""),
        ("short-one-1", "short-one-1"),
        ("password1234", "password1234"),
        ("qwertyuiop123", "qwertyuiop123"),
        ("buyer0buyer0", "buyer0buyer0"),
        (NEW_PASSWORD, "something else here"),
    ] {
        let refused = browser
            .submit(&form.clone().with("new", new).with("again", again))
            .await;
        assert_eq!(refused.status, 422, "{new}");
    }
    app.browser().try_sign_in("buyer0", PASSWORD).await.expect(303);
}

async fn ends_sessions_and_tokens_of_the_suspended(app: &TestApp) {
    let market = app.market().await;
    let mut browser = app.signed_in(&market.buyers[0]).await;
    let api = app.api(&market.buyers[0]).await;
    api.get("/api/v1/orders").await.expect(200);
    person::suspend(app, &market.admin, market.buyers[0].person_id, true)
        .await
        .expect("suspended");
    me(&mut browser).await.expect(303);
    api.get("/api/v1/orders")
        .await
        .expect(401)
        .refused(Code::NotSignedIn);
    app.browser().try_sign_in("buyer0", PASSWORD).await.expect(401);
    person::suspend(app, &market.admin, market.buyers[0].person_id, false)
        .await
        .expect("let in again");
    me(&mut browser).await.expect(303);
    app.browser().sign_in("buyer0").await;
    assert_eq!(
        refused(person::suspend(app, &market.admin, market.admin.person_id, true).await),
        Code::WrongState
    );
}

async fn switches_between_roles(app: &TestApp) {
    let market = app.market().await;
    let mut browser = app.signed_in(&market.both_hats).await;
    browser.get("/board").await.expect(403);
    let other = market
        .both_hats
        .acting_as(Role::CentreOperator)
        .grant
        .id
        .to_string();
    let form = browser.form("/me", "/me/role").await.with("grant", &other);
    browser.submit(&form).await.expect(303);
    browser.get("/board").await.expect(200);
    let stranger = market.operator.grant.id.to_string();
    let form = browser.form("/me", "/me/role").await.with("grant", &stranger);
    browser.submit(&form).await.expect(404);
    person::withdraw(
        app,
        &market.admin,
        market.both_hats.person_id,
        other.parse().expect("an id"),
    )
    .await
    .expect("withdrawn");
    browser.get("/board").await.expect(403);
}

/// A person just added, and the path of their link.
async fn invited(app: &TestApp, market: &Market) -> String {
    let grant = grant(Role::UnitRequester, &market.units[0], 0);
    let input = PersonIn {
        sign_in_name: "new-buyer".to_owned(),
        name: "新人".to_owned(),
        grant,
        email: None,
        phone: None,
    };
    let made = person::create(app, &market.admin, &input, &app.key()).await;
    made.expect("a person is added").link.path
}

async fn takes_a_one_time_link_once(app: &TestApp) {
    let market = app.market().await;
    let path = invited(app, &market).await;
    let mut browser = app.browser();
    for _ in 0..2 {
        assert!(
            browser.open(&path).await.text().contains("新人"),
            "looking does not use it up"
        );
    }
    let form = browser.form(&path, &path).await;
    let weak = browser
        .submit(
            &form
                .clone()
                .with("new", "password1234")
                .with("again", "password1234"),
        )
        .await;
    assert_eq!(weak.status, 422);
    let good = form.with("new", NEW_PASSWORD).with("again", NEW_PASSWORD);
    browser.submit(&good).await.expect(303);
    me(&mut browser).await.expect(200);
    let mut second = app.browser();
    second.get(&path).await.expect(410);
    let replay = second.form("/sign-in", "/sign-in").await;
    let mut replay = replay.with("new", NEW_PASSWORD).with("again", NEW_PASSWORD);
    replay.action.clone_from(&path);
    second.submit(&replay).await.expect(410);
    app.browser()
        .try_sign_in("new-buyer", NEW_PASSWORD)
        .await
        .expect(303);
    // A link that nobody opens runs out; a new one ends it at once.
    let later = person::new_link(app, &market.admin, market.buyers[0].person_id)
        .await
        .expect("a link")
        .path;
    let newer = person::new_link(app, &market.admin, market.buyers[0].person_id)
        .await
        .expect("a link")
        .path;
    app.browser().get(&later).await.expect(410);
    app.clock.advance_s(link::LIFE_S + 1);
    app.browser().get(&newer).await.expect(410);
    app.browser().get("/link/never-was").await.expect(410);
}

async fn lets_the_first_administrator_in(app: &TestApp) {
    assert!(
        !link::admin_exists(app).await.expect("can be read"),
        "there is no account to begin with"
    );
    let path = link::create_first_admin_link(app).await.expect("a link").path;
    let mut browser = app.browser();
    let form = browser
        .form(&path, &path)
        .await
        .with("new", NEW_PASSWORD)
        .with("again", NEW_PASSWORD);
    let nameless = browser.submit(&form).await;
    assert_eq!(nameless.status, 422);
    let form = form.with("sign_in_name", "First.Admin").with("name", "第一");
    browser.submit(&form).await.expect(303);
    browser.get("/people").await.expect(303);
    browser.enrol().await;
    browser.get("/people").await.expect(200);
    assert!(link::admin_exists(app).await.expect("can be read"));
    app.browser().get(&path).await.expect(410);
    let given = "select count(*) from audit_rows where action in ('person.create', 'person.grant')";
    assert_eq!(
        app.number(given, []).await,
        2,
        "who came in, and with which right, is on record"
    );
}

async fn changes_nothing_by_reading(app: &TestApp) {
    let market = app.market().await;
    let offer = market.list(0).lot(5000).publish(app).await;
    let placed = tests::trade::place(app, &market.buyers[0], &[(&offer, 500)]).await;
    let mut operator = app.signed_in(&market.operator).await;
    let paths = [
        "/sign-out".to_owned(),
        "/me/role".to_owned(),
        "/modes".to_owned(),
        format!("/offers/{}/pause", offer.id),
        format!("/orders/{}/cancel", placed.id),
        "/village-orders/move".to_owned(),
    ];
    let before = (app.count("audit_rows").await, app.count("sessions").await);
    for path in paths {
        // They lead on to a page, and have done nothing.
        let answer = operator.get(&path).await.expect(303);
        assert_ne!(answer.header("location"), path);
    }
    for path in [
        "/",
        "/goods",
        "/board",
        "/offers",
        "/village-orders",
        "/verify",
        "/income",
        "/basket",
    ] {
        operator.get(path).await;
    }
    assert_eq!(
        (app.count("audit_rows").await, app.count("sessions").await),
        before
    );
    me(&mut operator).await.expect(200);
}

async fn sends_its_headers_with_every_answer(app: &TestApp) {
    let market = app.market().await;
    let mut browser = app.signed_in(&market.buyers[0]).await;
    for path in [
        "/",
        "/me",
        "/nowhere",
        "/goods/x",
        "/api/v1/home",
        "/api/v1/nowhere",
        "/livez",
        "/api/v1/docs/",
    ] {
        let answer = browser.get(path).await;
        let policy = answer.header("content-security-policy");
        assert!(
            policy.contains("default-src 'none'") && !policy.contains("unsafe-inline"),
            "{path}: {policy}"
        );
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("x-frame-options"), "DENY", "{path}");
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
    }
    assert!(
        browser
            .get("/me")
            .await
            .header("cache-control")
            .contains("no-store")
    );
}

async fn shows_a_new_token_once(app: &TestApp) {
    let market = app.market().await;
    let mut browser = app.signed_in(&market.buyers[0]).await;
    let form = browser
        .form("/me", "/me/tokens")
        .await
        .with("name", "结算接口")
        .with("days", "30");
    let page = browser.submit(&form).await.expect(200).text();
    let at = page.find("jz_").expect("the token is shown");
    let end = page[at..].find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '-'));
    let secret = page[at..at + end.expect("something follows")].to_owned();
    app.anonymous()
        .with_token(&secret)
        .get("/api/v1/orders")
        .await
        .expect(200);
    assert!(
        !browser.open("/me").await.text().contains(&secret),
        "it is shown once"
    );
    let again = browser.submit(&form).await;
    assert!(!again.text().contains("jz_") || !again.text().contains(&secret));
    assert_eq!(
        app.count("api_tokens").await,
        1,
        "a form sent twice makes one token"
    );
    app.clock.advance_s(30 * 86_400 + 1);
    app.anonymous()
        .with_token(&secret)
        .get("/api/v1/orders")
        .await
        .refused(Code::NotSignedIn);
}
