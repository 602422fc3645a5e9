//! What the public may know of a lot.

use server::services::{certificate, lot, offer, price, trace};
use shared::api::lot::{HarvestIn, LotIn};
use shared::api::offer::{ListingIn, ReviewIn};
use shared::api::problem::Code;
use shared::api::trace::TraceKind;
use shared::domain::money::Fen;
use shared::domain::quantity::Qty;
use shared::domain::share::SharePolicy;
use tests::{Market, Offer, TestApp, both, refused, trade};

both![
    tells_the_way_and_no_name,
    stays_when_the_goods_are_gone,
    tells_villages_of_certificates_once,
    remembers_every_price,
];

async fn tells_the_way_and_no_name(app: &TestApp) {
    let market = app.market().await;
    let offer = market
        .list(0)
        .shared_with("赵大娘家", SharePolicy::BasisPoints(6_000))
        .change(|offer| {
            offer.certificate_no = Some("123OP2600001".to_owned());
            offer.certificate_until = Some(app.today().add_days(3));
        })
        .lot(10_000)
        .publish(app)
        .await;
    trade::credited(app, &market, &market.buyers[0], &[(&offer, 2_000)]).await;
    app.pass_hours(24);
    trade::delivered(app, &market, &market.buyers[1], &[(&offer, 1_000)]).await;
    let code = offer.lots[0].code.clone();
    let told = trace::show(app, &code.to_lowercase()).await.expect("public");
    let kinds: Vec<TraceKind> = told.journey.iter().map(|step| step.kind).collect();
    assert_eq!(
        kinds,
        [
            TraceKind::Reviewed,
            TraceKind::Harvested,
            TraceKind::Packed,
            TraceKind::Collected,
            TraceKind::Delivered
        ]
    );
    let delivered = &told.journey[4];
    assert_eq!(delivered.until.days_since(delivered.from), 1, "two deliveries");
    assert_eq!(told.certificate_no.as_deref(), Some("123OP2600001"));
    assert_eq!(told.village_fen, Fen(540));
    let wire = serde_json::to_string(&told).expect("a wire value is JSON");
    let page = app.browser().get(&format!("/t/{code}")).await;
    assert_eq!(page.status.as_u16(), 200);
    let words = tests::html::words(&page.text());
    for name in ["赵大娘", "示例单位", "采购0", "供货0", "业务", "配送"] {
        assert!(
            !wire.contains(name) && !words.contains(name),
            "{name} is nobody's business"
        );
    }
    assert!(
        words.contains("每卖出 1 斤，¥5.40 计入塔院村的村集体收入。"),
        "{words}"
    );
    assert_eq!(refused(trace::show(app, "P0000-NONE").await), Code::NotFound);
}

async fn stays_when_the_goods_are_gone(app: &TestApp) {
    let market = app.market().await;
    let offer = market.list(0).lot(1_000).publish(app).await;
    trade::credited(app, &market, &market.buyers[0], &[(&offer, 1_000)]).await;
    offer::end(app, &market.listers[0], &app.key(), offer.id)
        .await
        .expect("ended");
    let told = trace::show(app, &offer.lots[0].code).await.expect("still public");
    assert!(!told.on_sale);
    // What never was on sale has no public story.
    let drafted = market.list(0).submit(app).await;
    let add = LotIn {
        harvested_on: app.today(),
        good_until: None,
        qty: Qty(500),
    };
    let hidden = lot::add(app, &market.listers[0], &app.key(), drafted.id, add)
        .await
        .expect("added");
    assert_eq!(refused(trace::show(app, &hidden.code).await), Code::NotFound);
    let said = HarvestIn {
        harvested_on: app.today(),
        good_until: None,
        qty: Qty(500),
    };
    let no_presale = lot::harvest(app, &market.listers[0], &app.key(), drafted.id, hidden.id, said).await;
    assert_eq!(refused(no_presale), Code::WrongState);
}

async fn certified(app: &TestApp, market: &Market, village: usize, days: i32) -> Offer {
    let listing = market.list(village).change(|offer| {
        offer.certificate_no = Some("GF120119260001".to_owned());
        offer.certificate_until = Some(app.today().add_days(days));
    });
    listing.publish(app).await
}

async fn tells_villages_of_certificates_once(app: &TestApp) {
    let market = app.market().await;
    let soon = certified(app, &market, 0, 60).await;
    let later = certified(app, &market, 1, 61).await;
    let notices = app.count("notices").await;
    assert_eq!(certificate::tell(app).await.expect("looked"), 1);
    assert_eq!(certificate::tell(app).await.expect("looked"), 0, "once");
    assert_eq!(app.count("notices").await, notices + 1);
    let rows = certificate::list(app, &market.operator, None, 50)
        .await
        .expect("the centre sees all")
        .items;
    let seen: Vec<_> = rows
        .iter()
        .map(|row| (row.offer_id, row.days_left, row.told))
        .collect();
    assert_eq!(seen, [(soon.id, 60, true)]);
    app.pass_hours(24);
    assert_eq!(certificate::tell(app).await.expect("looked"), 1);
    let rows = certificate::list(app, &market.listers[1], None, 50)
        .await
        .expect("a village sees its own")
        .items;
    assert_eq!(
        rows.iter().map(|row| row.offer_id).collect::<Vec<_>>(),
        [later.id]
    );
    assert_eq!(
        refused(certificate::list(app, &market.buyers[0], None, 50).await),
        Code::Forbidden
    );
}

async fn remembers_every_price(app: &TestApp) {
    let market = app.market().await;
    let offer = market.list(0).per_jin(900).publish(app).await;
    market.list(2).per_jin(700).publish(app).await;
    app.pass_hours(24 * 40);
    let content = shared::api::offer::OfferIn {
        price_fen: Fen(1_000),
        ..offer.content.clone()
    };
    let changed = offer::update(
        app,
        &market.listers[0],
        &app.key(),
        offer.id,
        ListingIn {
            offer: content,
            lot: None,
        },
        true,
    )
    .await
    .expect("changed");
    let review = ReviewIn {
        version_id: changed.pending.expect("it waits for review").id,
        publish: true,
        reason: None,
    };
    let shown = offer::review(app, &market.operator, &app.key(), offer.id, review)
        .await
        .expect("published");
    let prices: Vec<i64> = shown.prices.iter().map(|point| point.price_fen.0).collect();
    assert_eq!(prices, [900, 1_000]);
    let months = price::months_of(app, &market.operator, "shiitake")
        .await
        .expect("the centre sees prices")
        .months;
    let first = months.first().expect("a month");
    let last = months.last().expect("a month");
    // For a kg, as every price of a weight.
    assert_eq!(
        (first.min_fen, first.max_fen, first.villages),
        (Fen(1_400), Fen(1_800), 2)
    );
    assert_eq!(
        (last.min_fen, last.max_fen, last.offers),
        (Fen(1_400), Fen(2_000), 2)
    );
    assert_eq!(
        refused(price::months_of(app, &market.operator, "no-such").await),
        Code::NotFound
    );
}
