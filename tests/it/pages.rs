//! The pages as people meet them without scripts: each role's own, forms that keep what was typed, uploads that are refused.

pub(crate) mod job;
mod upload;

use axum::body::Body;
use axum::http::Method;
use std::collections::BTreeSet;
use tests::browser::form_on;
use tests::html::{tags, words};
use tests::market::VILLAGES;
use tests::{Browser, Market, Offer, TestApp, both, trade};

both![
    shows_the_public_what_is_public,
    shows_everybody_their_day,
    leads_everybody_to_their_places,
    tells_nothing_of_households_and_people_to_the_public,
    keeps_what_was_typed_in_an_order,
    keeps_what_was_typed_in_a_listing,
    sends_a_form_twice_and_orders_once,
    carries_the_basket_through_sign_in,
    answers_bad_addresses_with_a_page,
    speaks_english_and_keeps_its_look,
    shows_texts_as_texts,
];

/// A market with something to see on every page: a credit, and orders on their way.
async fn filled(app: &TestApp) -> (Market, Offer) {
    let market = app.market().await;
    let a = market.list(0).per_jin(900).lot(90_000).publish(app).await;
    let b = market.list(2).per_bottle(4500).lot(50).publish(app).await;
    trade::credited(app, &market, &market.buyers[0], &[(&a, 10_000), (&b, 4)]).await;
    trade::delivered(app, &market, &market.buyers[0], &[(&a, 5000)]).await;
    trade::place(app, &market.buyers[1], &[(&a, 2500), (&b, 2)]).await;
    market.list(1).per_jin(700).submit(app).await;
    (market, a)
}

async fn shows_the_public_what_is_public(app: &TestApp) {
    let (_, offer) = filled(app).await;
    let mut browser = app.browser();
    for (path, expected) in [
        ("/".to_owned(), vec!["香菇", "塔院村", "360.00"]),
        ("/goods".to_owned(), vec!["香菇", "蜂蜜", "9.00", "45.00"]),
        ("/goods?q=蜂".to_owned(), vec!["蜂蜜"]),
        (
            format!("/goods/{}", offer.id),
            vec!["香菇", "一级", "9.00", "塔院村"],
        ),
        ("/villages".to_owned(), vec!["塔院村", "官庄镇"]),
        (format!("/villages/{}", VILLAGES[0].0), vec!["塔院村", "180.00"]),
        ("/basket".to_owned(), vec!["篮子"]),
        ("/sign-in".to_owned(), vec!["登录"]),
    ] {
        let text = words(&browser.open(&path).await.text());
        for expected in expected {
            assert!(text.contains(expected), "{path} shows {expected}: {text}");
        }
    }
    assert!(!words(&browser.open("/goods?q=蜂").await.text()).contains("香菇 一级"));
}

async fn shows_everybody_their_day(app: &TestApp) {
    let (market, _) = filled(app).await;
    // What they do now stands above all that was done to fill the market.
    app.clock.advance_s(60);
    let own = format!("/income/{}", VILLAGES[0].0);
    let day = [
        (&market.buyers[0], "/orders", vec!["示例单位0", "90.00"]),
        (&market.buyers[0], "/acceptances", vec!["360.00"]),
        (&market.buyers[0], "/me", vec!["采购0", "示例单位0"]),
        (&market.approver, "/orders", vec!["90.00"]),
        (&market.listers[0], "/village-orders", vec!["香菇", "示例单位1"]),
        (&market.listers[0], "/offers", vec!["香菇"]),
        (&market.listers[0], "/offers/new", vec!["塔院村"]),
        (&market.listers[0], own.as_str(), vec!["塔院村", "180.00"]),
        (&market.operator, "/board", vec!["待确认", "示例单位1"]),
        (&market.operator, "/offers?state=submitted", vec!["联合村"]),
        (&market.operator, "/register/units", vec!["示例单位0"]),
        (&market.finance, "/income", vec!["塔院村", "180.00"]),
        (&market.officers[0], "/income", vec!["塔院村"]),
        (&market.auditor, "/verify", vec!["核账"]),
        (&market.auditor, "/audit", vec!["采购0"]),
        (&market.admin, "/people", vec!["采购0", "buyer0"]),
        (&market.admin, "/people/new", vec!["官庄镇"]),
    ];
    for (person, path, expected) in day {
        let mut browser = app.signed_in(person).await;
        let text = words(&browser.open(path).await.text());
        for expected in expected {
            assert!(
                text.contains(expected),
                "{path} shows {} {expected}: {text}",
                person.sign_in_name
            );
        }
    }
    // A town sees its own villages, and no other town's.
    let mut officer = app.signed_in(&market.officers[0]).await;
    assert!(!words(&officer.open("/income").await.text()).contains("南赵各庄村"));
    // The way home of a role is a page it may see.
    for person in market.one_of_each() {
        let mut browser = app.browser();
        let entered = browser
            .try_sign_in(&person.sign_in_name, tests::market::PASSWORD)
            .await
            .expect(303);
        let mut answer = browser.get(entered.header("location")).await;
        if answer.status == 303 {
            answer = browser.get(answer.header("location")).await;
        }
        answer.expect(200);
    }
}

async fn leads_everybody_to_their_places(app: &TestApp) {
    let market = app.market().await;
    for person in market.one_of_each() {
        let mut browser = app.browser();
        browser.sign_in(&person.sign_in_name).await;
        let page = browser.open("/me").await.text();
        let (head, rest) = page.split_once("<main").expect("a page has a main part");
        let (_, foot) = rest.rsplit_once("</main>").expect("that ends");
        let places: BTreeSet<String> = (tags(head).iter().chain(&tags(foot)))
            .filter(|tag| tag.name == "a")
            .filter_map(|tag| tag.attribute("href").filter(|href| href.starts_with('/')))
            .map(str::to_owned)
            .collect();
        assert!(places.len() > 8, "{}: {places:?}", person.sign_in_name);
        for place in places {
            // A lister's income is that of their village: the place leads on to it.
            let answer = browser.get(&place).await;
            if answer.status.as_u16() == 303 {
                let on = answer.header("location").to_owned();
                browser.open(&on).await;
            } else {
                assert_eq!(answer.status.as_u16(), 200, "{}: {place}", person.sign_in_name);
            }
        }
    }
}

async fn tells_nothing_of_households_and_people_to_the_public(app: &TestApp) {
    use shared::domain::share::SharePolicy;
    let market = app.market().await;
    let listing = market
        .list(0)
        .shared_with("赵铁柱家", SharePolicy::BasisPoints(9000));
    let offer = listing.lot(9000).publish(app).await;
    trade::credited(app, &market, &market.buyers[0], &[(&offer, 1000)]).await;
    let private = ["赵铁柱", "13800000000", "采购0", "供货0", "业务", "李明"];
    let mut browser = app.browser();
    for path in [
        "/",
        "/goods",
        &format!("/goods/{}", offer.id),
        "/villages",
        &format!("/villages/{}", VILLAGES[0].0),
    ] {
        let text = browser.open(path).await.text();
        for name in private {
            assert!(!text.contains(name), "{path} tells {name}");
        }
    }
    let api = app.anonymous();
    for path in [
        "home",
        "catalogue",
        &format!("catalogue/{}", offer.id),
        "villages",
        &format!("villages/{}", VILLAGES[0].0),
    ] {
        let text = api.get(&format!("/api/v1/{path}")).await.expect(200).text();
        for name in private {
            assert!(!text.contains(name), "{path} tells {name}");
        }
    }
}

/// Puts goods into the basket through the offer's page.
async fn fill_basket(browser: &mut Browser, offer: &Offer, qty: &str) {
    let form = browser.form(&format!("/goods/{}", offer.id), "/basket").await;
    browser.submit(&form.with("qty", qty)).await.expect(303);
}

async fn keeps_what_was_typed_in_an_order(app: &TestApp) {
    let market = app.market().await;
    let offer = market.list(0).lot(9000).publish(app).await;
    let mut browser = app.signed_in(&market.buyers[0]).await;
    fill_basket(&mut browser, &offer, "4").await;
    let form = browser.form("/orders/new", "/orders").await;
    let typed = form
        .with("fund", "union")
        .with("address", "路")
        .with("contact", "王明 139")
        .with("note", "请走后门");
    let refused = browser
        .submit(&typed.with("wanted_on", "2026-11-20"))
        .await
        .expect(422);
    let again = form_on(&refused, "/orders");
    for (name, value) in [
        ("fund", "union"),
        ("address", "路"),
        ("contact", "王明 139"),
        ("note", "请走后门"),
        ("wanted_on", "2026-11-20"),
    ] {
        assert_eq!(again.value(name), Some(value), "{name} is still there");
    }
    assert!(
        refused.text().contains("aria-invalid"),
        "the fields at fault are marked"
    );
    let mended = again
        .with("address", "蓟州区示例路 1 号")
        .with("wanted_on", "2026-11-25");
    let placed = browser.submit(&mended).await.expect(303);
    let order = words(&browser.open(placed.header("location")).await.text());
    assert!(order.contains("36.00") && order.contains("请走后门"), "{order}");
    assert!(
        !words(&browser.open("/basket").await.text()).contains("塔院村"),
        "the basket is empty"
    );
    // What ran short is said on the same page, with what is left.
    fill_basket(&mut browser, &offer, "10").await;
    let form = browser.form("/orders/new", "/orders").await;
    trade::place(app, &market.buyers[1], &[(&offer, 4000)]).await;
    let form = form
        .with("fund", "canteen")
        .with("address", "蓟州区示例路 1 号")
        .with("wanted_on", "2026-11-25");
    let short = browser.submit(&form).await.expect(409);
    assert!(words(&short.text()).contains("6 斤"), "{}", words(&short.text()));
    assert_eq!(app.count("orders").await, 2);
}

async fn keeps_what_was_typed_in_a_listing(app: &TestApp) {
    let market = app.market().await;
    let mut browser = app.signed_in(&market.listers[0]).await;
    let form = browser.form("/offers/new", "/offers").await;
    let typed = form
        .with("produce", "chestnut")
        .with("name", "油栗")
        .with("price", "十块")
        .with("price_unit", "jin")
        .with("min_qty", "5")
        .with("step_qty", "2")
        .with("share_kind", "whole")
        .with("story", "山上的 <b>老树</b>");
    let refused = browser.submit(&typed).await.expect(422);
    let again = form_on(&refused, "/offers");
    for (name, value) in [
        ("name", "油栗"),
        ("price", "十块"),
        ("min_qty", "5"),
        ("produce", "chestnut"),
    ] {
        assert_eq!(again.value(name), Some(value), "{name} is still there");
    }
    assert!(!refused.text().contains("<b>老树</b>"), "text stays text");
    assert_eq!(app.count("offers").await, 0);
    let off_step = browser.submit(&again.with("price", "10.5")).await.expect(422);
    let good = form_on(&off_step, "/offers")
        .with("min_qty", "4")
        .with("submit", "1");
    browser.submit(&good).await.expect(303);
    assert_eq!(app.number("select price_fen from offer_versions", []).await, 1050);
    assert_eq!(app.number("select min_qty from offer_versions", []).await, 2000);
}

async fn sends_a_form_twice_and_orders_once(app: &TestApp) {
    let market = app.market().await;
    let offer = market.list(0).lot(9000).publish(app).await;
    let mut browser = app.signed_in(&market.buyers[0]).await;
    fill_basket(&mut browser, &offer, "4").await;
    let form = browser.form("/orders/new", "/orders").await;
    let form = form
        .with("fund", "canteen")
        .with("address", "蓟州区示例路 1 号")
        .with("wanted_on", "2026-11-25");
    let first = browser.submit(&form).await.expect(303);
    let second = browser.submit(&form).await.expect(303);
    assert_eq!(first.header("location"), second.header("location"));
    assert_eq!(app.count("orders").await, 1);
}

async fn carries_the_basket_through_sign_in(app: &TestApp) {
    let market = app.market().await;
    let offer = market.list(0).lot(9000).publish(app).await;
    let mut browser = app.browser();
    fill_basket(&mut browser, &offer, "4").await;
    assert!(words(&browser.open("/basket").await.text()).contains("36.00"));
    assert!(
        !words(&app.browser().open("/basket").await.text()).contains("36.00"),
        "another browser's is another"
    );
    browser.sign_in(&market.buyers[0].sign_in_name).await;
    assert!(words(&browser.open("/basket").await.text()).contains("36.00"));
    let mut phone = app.signed_in(&market.buyers[0]).await;
    assert!(
        words(&phone.open("/basket").await.text()).contains("36.00"),
        "a person's basket is on all their devices"
    );
}

async fn answers_bad_addresses_with_a_page(app: &TestApp) {
    let market = app.market().await;
    let mut browser = app.signed_in(&market.operator).await;
    for path in [
        "/nowhere",
        "/goods/not-an-id",
        "/villages/x",
        "/orders/not-an-id",
        "/orders/not-an-id/acceptance",
        "/acceptances/not-an-id",
        "/village-orders/not-an-id",
        "/village-orders/not-an-id/slip",
        "/offers/not-an-id",
        "/offers/not-an-id/edit",
        "/ledger/transactions/not-an-id",
        "/files/not-an-id",
        "/income/x",
    ] {
        let answer = browser.get(path).await;
        assert_eq!(answer.status, 404, "{path}: {}", answer.text());
        assert!(
            answer.text().contains("没有找到") && answer.text().contains("<html"),
            "{path}: {}",
            answer.text()
        );
    }
    for path in [
        "/income?year=abc",
        "/orders?state=nonsense",
        "/orders?after=x",
        "/goods?limit=many",
        "/goods?after=%00",
        "/audit?after=x",
        "/villages?after=%27",
        "/goods?q=%FF",
        "/orders?after=1&after=2",
        "/village-orders?after=x",
        "/board?day=x",
    ] {
        let answer = browser.get(path).await;
        let status = answer.status.as_u16();
        assert!(
            matches!(status, 200 | 400 | 404 | 422) || (status == 403 && path.starts_with("/audit")),
            "{path}: {status}"
        );
        assert!(
            answer.text().contains("<html"),
            "{path}: a page, not {}",
            answer.text()
        );
    }
}

async fn speaks_english_and_keeps_its_look(app: &TestApp) {
    let (market, offer) = filled(app).await;
    let mut browser = app.browser();
    for turn in ["lang", "dark", "size", "contrast"] {
        let form = browser
            .form("/goods", "/modes")
            .await
            .with("turn", turn)
            .with("back", "/goods");
        assert_eq!(
            browser.submit(&form).await.expect(303).header("location"),
            "/goods"
        );
    }
    let page = browser.open("/goods").await.text();
    assert!(page.contains("lang=\"en\""), "{}", &page[..page.len().min(400)]);
    browser.sign_in(&market.operator.sign_in_name).await;
    for path in [
        "/",
        "/goods",
        &format!("/goods/{}", offer.id),
        "/board",
        "/offers",
        "/village-orders",
        "/income",
        "/register",
        "/register/villages",
        "/register/units/row",
        "/households",
        "/works",
        "/me",
    ] {
        let text = browser.open(path).await.text();
        assert!(text.contains("lang=\"en\""), "{path}");
        for chinese in ["登录", "退出", "篮子", "订单", "没有", "全部", "提交", "确认"] {
            assert!(!words(&text).contains(chinese), "{path} still says {chinese}");
        }
    }
    let missing = browser.get("/nowhere").await.expect(404).text();
    assert!(missing.contains("Not found"), "{missing}");
}

async fn shows_texts_as_texts(app: &TestApp) {
    let market = app.market().await;
    let evil = "<script>alert(1)</script>";
    let offer = market.list(0).change(|offer| {
        offer.name = "<i>x</i>\"'&".to_owned();
        offer.story = evil.to_owned();
    });
    let offer = offer.lot(9000).publish(app).await;
    let mut order = trade::order_of(app.today(), &[(&offer, 1000)]);
    order.note = format!("{evil}<img src=x onerror=alert(1)>");
    order.contact = "\"><b>".to_owned();
    let placed = server::services::order::place(app, &market.buyers[0], &app.key(), order, None)
        .await
        .expect("placed");
    let village_order = trade::show(app, &market, placed.id).await.village_orders[0]
        .village_order
        .id;
    let mut browser = app.signed_in(&market.operator).await;
    for path in [
        "/goods".to_owned(),
        format!("/goods/{}", offer.id),
        format!("/goods?q={}", "%3Cscript%3Ealert(1)%3C/script%3E"),
        format!("/offers/{}", offer.id),
        format!("/offers/{}/edit", offer.id),
        format!("/orders/{}", placed.id),
        format!("/village-orders/{village_order}"),
        format!("/village-orders/{village_order}/slip"),
        "/board".to_owned(),
        "/sign-in?back=%22%3E%3Cscript%3E".to_owned(),
    ] {
        let answer = browser.get(&path).await;
        let text = answer.text();
        for raw in [evil, "<i>x</i>", "<img src=x", "\"><b>", "\"><script>"] {
            assert!(!text.contains(raw), "{path} lets {raw} through");
        }
        assert!(
            !text.contains(" style=\""),
            "{path}: the policy forbids inline styles"
        );
        assert!(
            !has_inline_script(&text),
            "{path}: the policy forbids inline scripts"
        );
    }
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let answer = app
        .browser()
        .send(Method::POST, "/sign-in", &form, Body::from("sign_in_name=x"))
        .await;
    assert_eq!(answer.status, 403, "a form that was never shown carries no token");
}

fn has_inline_script(text: &str) -> bool {
    tests::html::tags(text).iter().any(|tag| {
        let inline = tag.name == "script" && tag.attribute("src").is_none() && !tag.text.trim().is_empty();
        inline || tag.attributes.iter().any(|(name, _)| name.starts_with("on"))
    })
}
