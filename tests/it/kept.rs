//! Public pages are kept between changes, and never show what was true before the last answered write.

use axum::body::Body;
use axum::http::Method;
use futures::future::join_all;
use server::services::{App, order};
use server::store;
use shared::domain::money::Fen;
use std::io::Read as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};
use tests::market::VILLAGES;
use tests::{Answer, Browser, TestApp, both_alone, trade};

both_alone![
    asks_the_database_nothing_for_a_kept_page,
    shows_stock_and_price_at_once,
    shows_stock_at_once_while_many_order,
    forgets_when_the_day_ends,
    keeps_nothing_of_one_browser,
    lets_a_form_of_everybody_do_only_what_it_may,
    says_that_nothing_changed,
    compresses_what_is_sent,
    draws_anew_when_switched_off,
];

/// How much a public offer page says is to be had, in grams.
fn free_g(page: &Answer) -> i64 {
    let text = page.text();
    let (_, behind) = text.split_once("现货 ").expect("the page says what is to be had");
    let number: String = behind
        .chars()
        .take_while(|c| *c != ' ')
        .filter(|c| *c != ',')
        .collect();
    let (whole, part) = number.split_once('.').unwrap_or((&number, "0"));
    let tenths: i64 = format!("{whole}{part}").parse().expect("a number of 斤");
    tenths * 50
}

async fn look(app: &TestApp, path: &str) -> Answer {
    app.browser().open(path).await
}

async fn shows_stock_and_price_at_once(app: &TestApp) {
    let market = app.market().await;
    let mut offer = market.list(0).per_jin(900).lot(50_000).publish(app).await;
    let path = format!("/goods/{}", offer.id);
    let village = format!("/villages/{}", VILLAGES[0].0);
    for _ in 0..2 {
        assert_eq!(free_g(&look(app, &path).await), 50_000);
        for list in ["/", "/goods", "/goods?q=香菇", village.as_str()] {
            assert!(look(app, list).await.text().contains("¥9.00"), "{list}");
        }
    }
    trade::place(app, &market.buyers[0], &[(&offer, 5_000)]).await;
    assert_eq!(free_g(&look(app, &path).await), 45_000);
    offer
        .republish(app, &market, |content| content.price_fen = Fen(950))
        .await;
    for list in [path.as_str(), "/", "/goods", "/goods?q=香菇", village.as_str()] {
        let text = look(app, list).await.text();
        // The offer's own page tells what it cost before.
        let old = list != path && text.contains("¥9.00");
        assert!(text.contains("¥9.50") && !old, "{list}");
    }
    server::services::offer::pause(app, &market.listers[0], &app.key(), offer.id)
        .await
        .expect("paused");
    assert_eq!(app.browser().get(&path).await.status.as_u16(), 404);
    assert!(!look(app, "/goods").await.text().contains("¥9.50"));
}

/// What has been answered must show; what has not begun must not.
async fn shows_stock_at_once_while_many_order(app: &TestApp) {
    const ORDERS: i64 = 12;
    const EACH_G: i64 = 1000;
    let market = app.market().await;
    let offer = market.list(0).per_jin(900).lot(100_000).publish(app).await;
    let path = Arc::new(format!("/goods/{}", offer.id));
    let (begun, answered) = (Arc::new(AtomicI64::new(0)), Arc::new(AtomicI64::new(0)));
    let writing = Arc::new(AtomicBool::new(true));
    let writers: Vec<_> = (0..3)
        .map(|at| {
            let (app, buyer): (App, _) = (app.app.clone(), market.buyers[at].clone());
            let (begun, answered) = (Arc::clone(&begun), Arc::clone(&answered));
            let wanted = trade::order_of(app.today(), &[(&offer, EACH_G)]);
            tokio::spawn(async move {
                for _ in 0..ORDERS {
                    begun.fetch_add(1, Ordering::SeqCst);
                    let key = server::services::idempotency::Key::own(app.new_id());
                    order::place(&app, &buyer, &key, wanted.clone(), None)
                        .await
                        .expect("there is enough");
                    answered.fetch_add(1, Ordering::SeqCst);
                    tokio::task::yield_now().await;
                }
            })
        })
        .collect();
    let looked = Arc::new(AtomicUsize::new(0));
    let readers: Vec<_> = (0..3)
        .map(|_| {
            let (mut browser, path): (Browser, _) = (app.browser(), Arc::clone(&path));
            let (begun, answered) = (Arc::clone(&begun), Arc::clone(&answered));
            let (looked, writing) = (Arc::clone(&looked), Arc::clone(&writing));
            tokio::spawn(async move {
                while writing.load(Ordering::SeqCst) {
                    browser.cookies.clear();
                    let surely = answered.load(Ordering::SeqCst);
                    let shown = free_g(&browser.open(&path).await);
                    let possibly = begun.load(Ordering::SeqCst);
                    let gone = (100_000 - shown) / EACH_G;
                    assert!(
                        surely <= gone && gone <= possibly,
                        "{surely} were answered, {possibly} had begun, the page shows {gone}"
                    );
                    looked.fetch_add(1, Ordering::SeqCst);
                    // A kept page is there without waiting: the writers must have their turn too.
                    tokio::task::yield_now().await;
                }
            })
        })
        .collect();
    let written = join_all(writers).await;
    writing.store(false, Ordering::SeqCst);
    for task in written.into_iter().chain(join_all(readers).await) {
        task.expect("a task ends well");
    }
    assert!(looked.load(Ordering::SeqCst) > 0);
    assert_eq!(free_g(&look(app, &path).await), 100_000 - 3 * ORDERS * EACH_G);
}

async fn forgets_when_the_day_ends(app: &TestApp) {
    let market = app.market().await;
    let offer = market
        .list(0)
        .lot_until(5_000, 0)
        .lot_until(3_000, 9)
        .publish(app)
        .await;
    let path = format!("/goods/{}", offer.id);
    assert_eq!(free_g(&look(app, &path).await), 8_000);
    app.clock.set(app.today().add_days(1).start());
    assert_eq!(
        free_g(&look(app, &path).await),
        3_000,
        "what has gone bad is not shown"
    );
}

async fn asks_the_database_nothing_for_a_kept_page(app: &TestApp) {
    let market = app.market().await;
    let offer = market.list(0).lot(5_000).publish(app).await;
    let offer_page = format!("/goods/{}", offer.id);
    let paths = [
        "/",
        "/goods",
        "/goods?q=xiangg&sort=cheapest",
        &offer_page,
        "/villages",
    ];
    for path in paths {
        look(app, path).await;
    }
    // Somebody signs in and looks round meanwhile: that is nothing public.
    app.signed_in(&market.operator).await.open("/goods").await;
    for path in paths {
        let before = store::statements();
        look(app, path).await;
        assert_eq!(store::statements() - before, 0, "{path}");
    }
    trade::place(app, &market.buyers[0], &[(&offer, 500)]).await;
    let before = store::statements();
    look(app, &offer_page).await;
    assert!(store::statements() > before, "an order is public: less is left");
}

async fn keeps_nothing_of_one_browser(app: &TestApp) {
    let market = app.market().await;
    let offer = market.list(0).lot(5_000).publish(app).await;
    let path = format!("/goods/{}", offer.id);
    let page = look(app, &path).await;
    assert_eq!(
        page.header("set-cookie"),
        "",
        "everybody's page gives nobody a cookie"
    );
    // Every part of the look is a page of its own.
    let looks = [
        "en.light.normal.normal",
        "zh.dark.normal.normal",
        "zh.light.large.normal",
        "zh.light.normal.high",
    ];
    for words in looks {
        let mut browser = app.browser();
        browser.cookies.insert("look".to_owned(), words.to_owned());
        assert_ne!(browser.open(&path).await.text(), page.text(), "{words}");
    }
    // A basket shows to its own browser alone.
    let mut buyer = app.browser();
    let form = buyer.form(&path, "/basket").await;
    let added = buyer.submit(&form.with("qty", "2")).await.expect(303);
    assert_eq!(added.header("location"), path);
    assert!(buyer.open(&path).await.text().contains("data-flash=\"added\""));
    assert!(
        buyer
            .open("/goods")
            .await
            .text()
            .contains("<span class=\"count\">1")
    );
    assert!(
        !look(app, "/goods")
            .await
            .text()
            .contains("<span class=\"count\">1")
    );
    assert!(!look(app, &path).await.text().contains("data-flash"));
    // So does a name.
    let mut person = app.signed_in(&market.buyers[0]).await;
    assert!(person.open(&path).await.text().contains("/sign-out"));
    assert!(!look(app, &path).await.text().contains("/sign-out"));
}

async fn lets_a_form_of_everybody_do_only_what_it_may(app: &TestApp) {
    let market = app.market().await;
    let mut browser = app.browser();
    let form = browser.form("/goods", "/modes").await.with("turn", "dark");
    let (token, fields) = (
        form.value("csrf").expect("a token").to_owned(),
        form.fields.clone(),
    );
    browser.submit(&form).await.expect(303);
    assert!(browser.open("/goods").await.text().contains("data-mode=\"dark\""));
    // Not without the browser's word that our own site sent it.
    let mut body = form_urlencoded::Serializer::new(String::new());
    body.extend_pairs(&fields);
    let kind = [("content-type", "application/x-www-form-urlencoded")];
    let sent = browser
        .send(Method::POST, "/modes", &kind, Body::from(body.finish()))
        .await;
    assert_eq!(sent.status.as_u16(), 403, "{}", sent.text());
    // Not for signing in, and not for who has signed in.
    let mut stranger = app.browser();
    let enter = stranger.form("/sign-in", "/sign-in").await;
    let enter = enter
        .with("sign_in_name", &market.admin.sign_in_name)
        .with("password", tests::market::PASSWORD);
    stranger
        .submit(&enter.clone().with("csrf", &token))
        .await
        .expect(403);
    let mut person = app.signed_in(&market.buyers[0]).await;
    let own = person.form("/goods", "/modes").await.with("turn", "dark");
    person.submit(&own.clone().with("csrf", &token)).await.expect(403);
    person.submit(&own).await.expect(303);
}

async fn says_that_nothing_changed(app: &TestApp) {
    let market = app.market().await;
    market.list(0).publish(app).await;
    let first = look(app, "/goods").await;
    let tag = first.header("etag").to_owned();
    assert!(tag.starts_with("W/\""), "{tag}");
    assert_eq!(first.header("cache-control"), "private, no-cache");
    let asked = [("if-none-match", tag.as_str())];
    let again = app
        .browser()
        .send(Method::GET, "/goods", &asked, Body::empty())
        .await;
    assert_eq!((again.status.as_u16(), again.body.len()), (304, 0));
    assert!(
        again.header("vary").contains("cookie"),
        "{}",
        again.header("vary")
    );
    market.list(1).publish(app).await;
    let again = app
        .browser()
        .send(Method::GET, "/goods", &asked, Body::empty())
        .await;
    assert_eq!(again.status.as_u16(), 200);
    // Who signs in is not told that the page is still the same.
    let mut person = app.signed_in(&market.buyers[0]).await;
    let asked = [("if-none-match", again.header("etag"))];
    let own = person
        .send(Method::GET, "/goods", &asked, Body::empty())
        .await
        .expect(200);
    assert_eq!(
        (own.header("etag"), own.header("cache-control")),
        ("", "private, no-store")
    );
}

async fn compresses_what_is_sent(app: &TestApp) {
    let market = app.market().await;
    for village in 0..3 {
        market.list(village).publish(app).await;
    }
    let plain = look(app, "/goods").await;
    let ask = async |browser: &mut Browser, path: &str, accepted: &str| {
        let headers = [("accept-encoding", accepted)];
        browser
            .send(Method::GET, path, &headers, Body::empty())
            .await
            .expect(200)
    };
    for _ in 0..2 {
        let small = ask(&mut app.browser(), "/goods", "gzip, br").await;
        assert_eq!(small.header("content-encoding"), "br");
        assert!(
            small.body.len() * 3 < plain.body.len(),
            "{} bytes",
            small.body.len()
        );
        let mut text = Vec::new();
        brotli::BrotliDecompress(&mut small.body.as_slice(), &mut text).expect("it is Brotli");
        assert_eq!(text, plain.body);
        let small = ask(&mut app.browser(), "/goods", "gzip").await;
        assert_eq!(gunzip(&small), plain.body);
    }
    // A page of one's own and the API are compressed too, as they are sent.
    let mut person = app.signed_in(&market.operator).await;
    let own = ask(&mut person, "/board", "gzip, br").await;
    assert!(String::from_utf8(gunzip(&own)).expect("text").contains("</html>"));
    let json = ask(&mut app.browser(), "/api/v1/catalogue", "gzip").await;
    assert!(gunzip(&json).starts_with(b"{"));
    let sent = ask(&mut app.browser(), "/livez", "gzip").await;
    assert_eq!(
        sent.header("content-encoding"),
        "",
        "a few bytes are sent as they are"
    );
}

fn gunzip(answer: &Answer) -> Vec<u8> {
    assert_eq!(answer.header("content-encoding"), "gzip", "{}", answer.asked);
    let mut bytes = Vec::new();
    flate2::read::GzDecoder::new(answer.body.as_slice())
        .read_to_end(&mut bytes)
        .expect("it is gzip");
    bytes
}

async fn draws_anew_when_switched_off(app: &TestApp) {
    let market = app.market().await;
    market.list(0).per_jin(900).publish(app).await;
    let other = app.configured(|config| config.cache_pages = Some(false));
    assert!(look(&other, "/goods").await.text().contains("¥9.00"));
    // Another process writes: this one cannot know.
    let schema = app.db.schema();
    store::exec(schema, "update offers set price_fen = 800", [])
        .await
        .expect("changed");
    assert!(look(&other, "/goods").await.text().contains("¥8.00"));
}
