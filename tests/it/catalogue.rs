//! The shelf: filters, order, paging, badges and words to find.

use server::services::{catalogue, offer};
use shared::api::catalogue::{Badge, CatalogueQuery, CatalogueSort, OfferCard};
use shared::api::problem::FieldCode;
use shared::domain::price::PriceUnit;
use shared::domain::quantity::Qty;
use std::collections::BTreeSet;
use tests::market::{TOWNS, VILLAGES};
use tests::{Listing, Market, TestApp, both, trade, wrong_fields};
use uuid::Uuid;

both![
    narrows_by_every_filter,
    finds_by_one_character_and_by_many_words,
    walks_every_offer_once_in_each_order,
    takes_a_badge_away_on_its_day,
    shows_the_paired_village_to_its_unit,
    shows_what_is_free,
    hides_what_is_not_on_sale,
    refuses_filters_that_cannot_be_read,
];

async fn cards(app: &TestApp, change: impl FnOnce(&mut CatalogueQuery)) -> Vec<OfferCard> {
    let mut query = CatalogueQuery {
        limit: Some(100),
        ..CatalogueQuery::default()
    };
    change(&mut query);
    catalogue::list(app, None, &query)
        .await
        .expect("the shelf is public")
        .page
        .items
}

fn ids(cards: &[OfferCard]) -> BTreeSet<Uuid> {
    cards.iter().map(|card| card.id).collect()
}

fn persimmons(listing: Listing<'_>) -> Listing<'_> {
    listing.change(|offer| {
        (offer.produce, offer.name) = ("persimmon".to_owned(), "磨盘柿".to_owned());
        offer.price_unit = PriceUnit::Kg;
    })
}

async fn narrows_by_every_filter(app: &TestApp) {
    let market = app.market().await;
    let mushrooms = market.list(0).per_jin(900).publish(app).await.id;
    let honey = market.list(2).per_bottle(4500).publish(app).await.id;
    let fruit = persimmons(market.list(4))
        .change(|offer| offer.price_fen.0 = 160)
        .publish(app)
        .await
        .id;
    let all = catalogue::list(app, None, &CatalogueQuery::default())
        .await
        .expect("public");
    assert_eq!(ids(&all.page.items), BTreeSet::from([mushrooms, honey, fruit]));
    assert_eq!(
        all.categories.iter().map(String::as_str).collect::<BTreeSet<_>>(),
        BTreeSet::from(["副食", "食用菌", "鲜果"])
    );
    assert_eq!(
        all.towns
            .iter()
            .map(|town| town.code.as_str())
            .collect::<Vec<_>>(),
        TOWNS.map(|(code, _)| code)
    );
    let text = |text: &str| Some(text.to_owned());
    let found = cards(app, |q| q.category = text("鲜果")).await;
    assert_eq!(ids(&found), BTreeSet::from([fruit]));
    let found = cards(app, |q| q.town = text(TOWNS[1].0)).await;
    assert_eq!(ids(&found), BTreeSet::from([honey]));
    let found = cards(app, |q| q.village = text(VILLAGES[0].0)).await;
    assert_eq!(ids(&found), BTreeSet::from([mushrooms]));
    let found = cards(app, |q| q.produce = text("persimmon")).await;
    assert_eq!(ids(&found), BTreeSet::from([fruit]));
    let found = cards(app, |q| q.season = text("1")).await;
    assert_eq!(
        ids(&found),
        BTreeSet::from([mushrooms, fruit]),
        "honey is not of November"
    );
    let found = cards(app, |q| (q.min, q.max) = (text("1.60"), text(" 9 "))).await;
    assert_eq!(ids(&found), BTreeSet::from([mushrooms, fruit]));
    let found = cards(app, |q| (q.town, q.category) = (text(TOWNS[1].0), text("鲜果"))).await;
    assert!(found.is_empty(), "filters hold together");
    let found = cards(app, |q| q.category = text(" ")).await;
    assert_eq!(found.len(), 3, "an empty filter is none");
}

async fn finds_by_one_character_and_by_many_words(app: &TestApp) {
    let market = app.market().await;
    let mushrooms = market.list(0).publish(app).await.id;
    let fruit = persimmons(market.list(4)).change(|offer| offer.grade = "Grade A 100%".to_owned());
    let fruit = fruit.publish(app).await.id;
    for (words, expected) in [
        ("菇", vec![mushrooms]),
        ("柿", vec![fruit]),
        ("磨盘柿", vec![fruit]),
        ("官庄", vec![mushrooms]),
        ("官场", vec![fruit]),
        ("塔院 香菇", vec![mushrooms]),
        ("塔院 磨盘柿", vec![]),
        ("grade a", vec![fruit]),
        ("GRADE", vec![fruit]),
        ("100%", vec![fruit]),
        ("%", vec![fruit]),
        ("_", vec![]),
        ("鲜果", vec![fruit]),
        ("'; drop table offers; --", vec![]),
        ("  ", vec![mushrooms, fruit]),
    ] {
        let found = cards(app, |q| q.q = Some(words.to_owned())).await;
        assert_eq!(ids(&found), expected.into_iter().collect(), "{words}");
    }
}

async fn walk(app: &TestApp, sort: CatalogueSort, limit: u16) -> Vec<OfferCard> {
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let query = CatalogueQuery {
            sort: Some(sort),
            limit: Some(limit),
            after,
            ..CatalogueQuery::default()
        };
        let page = catalogue::list(app, None, &query).await.expect("public").page;
        assert!(page.items.len() <= usize::from(limit));
        found.extend(page.items);
        after = page.next;
        if after.is_none() {
            return found;
        }
        assert!(found.len() < 1000, "paging ends");
    }
}

async fn walks_every_offer_once_in_each_order(app: &TestApp) {
    let market = app.market().await;
    let mut made = BTreeSet::new();
    for at in 0..23 {
        // Many with the same price and the same moment of publication.
        let listing = market
            .list(at % 5)
            .per_jin(100 * (1 + i64::try_from(at % 4).expect("small")));
        made.insert(listing.publish(app).await.id);
        if at % 3 == 0 {
            app.clock.advance_s(1);
        }
    }
    let kg = persimmons(market.list(1)).change(|offer| offer.price_fen.0 = 500);
    made.insert(kg.publish(app).await.id);
    for sort in [
        CatalogueSort::Newest,
        CatalogueSort::Cheapest,
        CatalogueSort::Dearest,
    ] {
        for limit in [1, 5, 24, 100] {
            let walked = walk(app, sort, limit).await;
            assert_eq!(walked.len(), made.len(), "{sort:?} by {limit}");
            assert_eq!(ids(&walked), made, "{sort:?} by {limit}");
        }
    }
    // Five yuan a kg stands between 200 and 300 fen a 斤.
    let prices: Vec<i64> = walk(app, CatalogueSort::Cheapest, 7)
        .await
        .iter()
        .map(per_kg)
        .collect();
    assert!(prices.is_sorted(), "{prices:?}");
    let mut dearest: Vec<i64> = walk(app, CatalogueSort::Dearest, 7)
        .await
        .iter()
        .map(per_kg)
        .collect();
    dearest.reverse();
    assert!(dearest.is_sorted(), "{dearest:?}");
}

fn per_kg(card: &OfferCard) -> i64 {
    card.price_fen.0 * if card.price_unit == PriceUnit::Jin { 2 } else { 1 }
}

async fn badge(app: &TestApp, id: Uuid) -> Option<Badge> {
    catalogue::page(app, None, id)
        .await
        .expect("on the shelf")
        .card
        .badge
}

async fn takes_a_badge_away_on_its_day(app: &TestApp) {
    let market = app.market().await;
    let until = app.today().add_days(2);
    let certified = market.list(0).change(|offer| {
        offer.certificate_no = Some("LB-21-2611020012A".to_owned());
        offer.certificate_until = Some(until);
    });
    let certified = certified.publish(app).await.id;
    assert_eq!(badge(app, certified).await, Some(Badge::GreenFood));
    let shown = catalogue::page(app, None, certified).await.expect("on the shelf");
    assert_eq!(shown.certificate_until, Some(until));
    assert!(shown.certificate_no.is_some());
    // It holds to the end of its last day in Shanghai, and not a second longer.
    app.clock.set(until.add_days(1).start().plus_us(-1));
    assert_eq!(badge(app, certified).await, Some(Badge::GreenFood));
    app.clock.set(until.add_days(1).start());
    assert_eq!(badge(app, certified).await, None);
    let shown = catalogue::page(app, None, certified).await.expect("on the shelf");
    assert_eq!((shown.certificate_no, shown.certificate_until), (None, None));
    let urgent = market.list(1).lot_until(5000, 3).publish(app).await;
    let later = market.list(1).lot_until(5000, 4).publish(app).await;
    assert_eq!(
        (badge(app, urgent.id).await, badge(app, later.id).await),
        (Some(Badge::Urgent), None)
    );
    let place = persimmons(market.list(1)).publish(app).await;
    assert_eq!(badge(app, place.id).await, Some(Badge::Geographical));
}

async fn shows_the_paired_village_to_its_unit(app: &TestApp) {
    let market = app.market().await;
    let offer = market.list(0).publish(app).await;
    let seen = async |market: &Market, unit: usize| {
        let page = catalogue::page(app, Some(&market.buyers[unit]), offer.id)
            .await
            .expect("on the shelf");
        page.card.badge
    };
    assert_eq!(seen(&market, 0).await, Some(Badge::Paired));
    assert_eq!(seen(&market, 1).await, None);
}

async fn shows_what_is_free(app: &TestApp) {
    let market = app.market().await;
    let offer = market
        .list(0)
        .lot_until(5000, 1)
        .lot_until(3000, 9)
        .publish(app)
        .await;
    let free = async || {
        catalogue::page(app, None, offer.id)
            .await
            .expect("on the shelf")
            .card
            .free
    };
    assert_eq!(free().await, Qty(8000));
    trade::place(app, &market.buyers[0], &[(&offer, 2000)]).await;
    assert_eq!(free().await, Qty(6000));
    app.clock.set(app.today().add_days(2).start());
    assert_eq!(free().await, Qty(3000), "what has gone bad is not sold");
}

async fn hides_what_is_not_on_sale(app: &TestApp) {
    let market = app.market().await;
    let drafted = market.list(0).submit(app).await.id;
    let paused = market.list(0).publish(app).await.id;
    let ended = market.list(0).publish(app).await.id;
    let lister = &market.listers[0];
    offer::pause(app, lister, &app.key(), paused)
        .await
        .expect("paused");
    offer::end(app, lister, &app.key(), ended).await.expect("ended");
    assert!(cards(app, |_| {}).await.is_empty());
    for id in [drafted, paused, ended, app.new_id()] {
        assert!(catalogue::page(app, None, id).await.is_err());
    }
    offer::resume(app, lister, &app.key(), paused)
        .await
        .expect("resumed");
    assert_eq!(ids(&cards(app, |_| {}).await), BTreeSet::from([paused]));
}

async fn refuses_filters_that_cannot_be_read(app: &TestApp) {
    let query = CatalogueQuery {
        min: Some("cheap".to_owned()),
        max: Some("-1".to_owned()),
        season: Some("yes".to_owned()),
        q: Some("长".repeat(101)),
        ..CatalogueQuery::default()
    };
    let wrong = wrong_fields(catalogue::list(app, None, &query).await);
    let fields: BTreeSet<&str> = wrong.iter().map(|(field, _)| field.as_str()).collect();
    assert_eq!(fields, BTreeSet::from(["min", "max", "season", "q"]));
    let query = CatalogueQuery {
        after: Some("x".to_owned()),
        ..CatalogueQuery::default()
    };
    let wrong = wrong_fields(catalogue::list(app, None, &query).await);
    assert_eq!(wrong, [("after".to_owned(), FieldCode::NotAChoice)]);
}
