//! Baskets and ordering again: what is put in, what is refused, and what of a past order can be had now.

use server::services::{basket, offer, order};
use shared::api::basket::BasketLineIn;
use shared::api::problem::{Code, FieldCode};
use shared::domain::quantity::Qty;
use tests::{TestApp, both, refused, trade, wrong_fields};

both![
    keeps_what_fits_and_refuses_the_rest,
    says_what_is_no_longer_on_sale,
    orders_again_what_can_be_had,
];

async fn keeps_what_fits_and_refuses_the_rest(app: &TestApp) {
    let market = app.market().await;
    let change = |offer: &mut shared::api::offer::OfferIn| {
        (offer.min_qty, offer.step_qty) = (Qty(2000), Qty(1000));
    };
    let offer = market
        .list(0)
        .per_jin(900)
        .change(change)
        .lot(100_000)
        .publish(app)
        .await;
    let set = async |qty: i64| {
        let line = BasketLineIn {
            offer_id: offer.id,
            qty: Qty(qty),
        };
        basket::set(app, "p:test", line).await
    };
    for (qty, code) in [(1000, FieldCode::TooSmall), (2500, FieldCode::NotAStep)] {
        assert_eq!(wrong_fields(set(qty).await), [("qty".to_owned(), code)]);
    }
    set(3000).await.expect("it fits");
    set(4000).await.expect("changed, not added");
    let shown = basket::show(app, "p:test", None).await.expect("shown");
    assert_eq!((shown.count, shown.total_fen.0), (1, 8 * 900));
    set(0).await.expect("taken out");
    assert_eq!(basket::count(app, "p:test").await.expect("counted"), 0);
}

async fn says_what_is_no_longer_on_sale(app: &TestApp) {
    let market = app.market().await;
    let offer = market.list(0).lot(10_000).publish(app).await;
    let line = BasketLineIn {
        offer_id: offer.id,
        qty: Qty(1000),
    };
    basket::set(app, "p:test", line.clone()).await.expect("on sale");
    offer::pause(app, &market.listers[0], &app.key(), offer.id)
        .await
        .expect("paused");
    let shown = basket::show(app, "p:test", None).await.expect("shown");
    let held = &shown.villages[0].lines[0];
    assert_eq!((held.on_sale, shown.total_fen.0), (false, 0));
    assert_eq!(refused(basket::set(app, "p:other", line).await), Code::WrongState);
}

async fn orders_again_what_can_be_had(app: &TestApp) {
    let market = app.market().await;
    let plenty = market.list(0).lot(20_000).publish(app).await;
    let scarce = market.list(1).lot(5000).publish(app).await;
    let ended = market.list(2).lot(20_000).publish(app).await;
    let buyer = &market.buyers[0];
    let lines = [(&plenty, 4000), (&scarce, 3000), (&ended, 2000)];
    let placed = trade::place(app, buyer, &lines).await;
    offer::end(app, &market.listers[2], &app.key(), ended.id)
        .await
        .expect("ended");
    let found = order::again(app, buyer, placed.id).await.expect("their own");
    let mut lines: Vec<_> = found.lines.iter().map(|l| (l.offer_id, l.qty.0)).collect();
    lines.sort_unstable();
    let mut expected = vec![(plenty.id, 4000), (scarce.id, 2000)];
    expected.sort_unstable();
    assert_eq!(lines, expected);
    let mut missing: Vec<_> = found.missing.iter().map(|m| (m.asked.0, m.free.0)).collect();
    missing.sort_unstable();
    assert_eq!(missing, [(2000, 0), (3000, 2000)]);
    let key = basket::key_of(Some(buyer), b"any");
    order::copy_to_basket(app, buyer, placed.id, &key)
        .await
        .expect("something can be had");
    assert_eq!(basket::count(app, &key).await.expect("counted"), 2);
    let stranger = order::again(app, &market.buyers[1], placed.id).await;
    assert_eq!(refused(stranger), Code::NotFound);
    assert_eq!(
        refused(order::again(app, &market.approver, placed.id).await),
        Code::Forbidden
    );
}
