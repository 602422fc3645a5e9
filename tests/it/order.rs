//! Orders: placed at once or not at all, split by village, prices frozen, stock never below zero.

use futures::future::join_all;
use server::services::{order, village_order};
use shared::api::order::CancelIn;
use shared::api::problem::{Code, FieldCode};
use shared::domain::money::Fen;
use shared::domain::order::OrderStatus;
use shared::domain::quantity::Qty;
use shared::domain::village_order::VillageOrderStatus;
use std::collections::BTreeSet;
use tests::{Offer, TestApp, both, refusal, refused, trade, wrong_fields};

both![
    splits_by_village_and_adds_up,
    keeps_the_price_it_was_placed_at,
    takes_lots_that_go_first_and_splits_a_line_over_them,
    answers_a_repeated_request_once,
    refuses_another_body_under_the_same_key,
    says_what_ran_short_and_places_nothing,
    refuses_amounts_off_minimum_and_step,
    refuses_a_version_that_is_no_longer_on_sale,
    refuses_what_is_not_on_sale,
    frees_the_stock_when_cancelled,
    cannot_be_cancelled_once_on_the_way,
    frees_the_stock_when_a_village_does_not_answer,
    gives_the_last_piece_to_one_of_200,
    never_oversells_under_many_buyers_at_once,
];

async fn splits_by_village_and_adds_up(app: &TestApp) {
    let market = app.market().await;
    let a = market.list(0).per_jin(333).lot(10_000).publish(app).await;
    let b = market.list(0).per_jin(777).lot(10_000).publish(app).await;
    let c = market.list(2).per_jin(1001).lot(10_000).publish(app).await;
    let d = market.list(4).per_bottle(4599).lot(10).publish(app).await;
    let lines = [(&a, 1500), (&b, 2500), (&c, 500), (&d, 3)];
    let placed = trade::place(app, &market.buyers[0], &lines).await;
    let shown = trade::show(app, &market, placed.id).await;
    let sums: Vec<i64> = shown
        .village_orders
        .iter()
        .map(|v| v.village_order.total_fen.0)
        .collect();
    assert_eq!(sums, [3 * 333 + 5 * 777, 1001, 3 * 4599]);
    assert_eq!(shown.order.total_fen, Fen(sums.iter().sum()));
    assert_eq!((placed.total_fen, placed.villages), (shown.order.total_fen, 3));
    for village in &shown.village_orders {
        let lines: i64 = village.lines.iter().map(|line| line.total_fen.0).sum();
        assert_eq!(village.village_order.total_fen.0, lines);
        assert_eq!(village.village_order.status, VillageOrderStatus::Offered);
    }
    assert_eq!(shown.order.status, OrderStatus::Placed);
}

async fn keeps_the_price_it_was_placed_at(app: &TestApp) {
    let market = app.market().await;
    let mut offer = market.list(0).per_jin(900).lot(50_000).publish(app).await;
    let placed = trade::place(app, &market.buyers[0], &[(&offer, 5000)]).await;
    offer
        .republish(app, &market, |offer| offer.price_fen = Fen(1200))
        .await;
    let shown = trade::show(app, &market, placed.id).await;
    assert_eq!(
        (shown.village_orders[0].lines[0].price_fen, shown.order.total_fen),
        (Fen(900), Fen(9000))
    );
    trade::confirm_all(app, &market, placed.id).await;
    trade::deliver(app, &market, placed.id).await;
    let weighed = trade::as_expected(app, &market, placed.id).await;
    let done = trade::accept(app, &market, &market.buyers[0], placed.id, &weighed).await;
    assert_eq!(done.acceptance.accepted_fen, Fen(9000));
    let later = trade::place(app, &market.buyers[0], &[(&offer, 5000)]).await;
    assert_eq!(later.total_fen, Fen(12_000));
}

async fn takes_lots_that_go_first_and_splits_a_line_over_them(app: &TestApp) {
    let market = app.market().await;
    let offer = market
        .list(0)
        .lot(5000)
        .lot_until(2000, 9)
        .lot_until(3000, 4)
        .publish(app)
        .await;
    let placed = trade::place(app, &market.buyers[0], &[(&offer, 4000)]).await;
    let reserved: Vec<i64> = offer.stock(app, &market).await.iter().map(|lot| lot[1]).collect();
    assert_eq!(reserved, [0, 1000, 3000]);
    let shown = trade::show(app, &market, placed.id).await;
    let lots: Vec<&str> = shown.village_orders[0]
        .lines
        .iter()
        .map(|line| line.lot_code.as_str())
        .collect();
    assert_eq!(lots, [offer.lots[2].code.as_str(), offer.lots[1].code.as_str()]);
    // What has gone bad is on no shelf.
    app.pass_hours(24 * 5);
    let short = refusal(trade::try_place(app, &market.buyers[0], &[(&offer, 6500)]).await);
    assert_eq!(short.short[0].free, Qty(6000));
}

async fn answers_a_repeated_request_once(app: &TestApp) {
    let market = app.market().await;
    let offer = market.list(0).lot(10_000).publish(app).await;
    let (key, order) = (app.key(), trade::order_of(app.today(), &[(&offer, 1000)]));
    let buyer = &market.buyers[0];
    let both = join_all((0..8).map(|_| order::place(app, buyer, &key, order.clone(), None))).await;
    let ids: BTreeSet<_> = both
        .into_iter()
        .map(|placed| placed.expect("the same answer").id)
        .collect();
    assert_eq!((ids.len(), app.count("orders").await), (1, 1));
    assert_eq!(offer.stock(app, &market).await, [[10_000, 1000, 0, 9000]]);
    // Another person's key is another key.
    order::place(app, &market.buyers[1], &key, order, None)
        .await
        .expect("keys belong to people");
    assert_eq!(app.count("orders").await, 2);
}

async fn refuses_another_body_under_the_same_key(app: &TestApp) {
    let market = app.market().await;
    let offer = market.list(0).lot(10_000).publish(app).await;
    let (key, buyer) = (app.key(), &market.buyers[0]);
    let order = trade::order_of(app.today(), &[(&offer, 1000)]);
    let placed = order::place(app, buyer, &key, order.clone(), None)
        .await
        .expect("placed");
    let mut other = order.clone();
    other.lines[0].qty = Qty(1500);
    assert_eq!(
        refused(order::place(app, buyer, &key, other, None).await),
        Code::KeyReused
    );
    let cancel = CancelIn {
        reason: "改期".to_owned(),
    };
    assert_eq!(
        refused(order::cancel(app, buyer, &key, placed.id, cancel).await),
        Code::KeyReused
    );
    assert_eq!(app.count("orders").await, 1);
}

async fn says_what_ran_short_and_places_nothing(app: &TestApp) {
    let market = app.market().await;
    let plenty = market.list(0).lot(10_000).publish(app).await;
    let scarce = market.list(1).lot(1500).publish(app).await;
    let none = market.list(2).publish(app).await;
    let lines = [(&plenty, 1000), (&scarce, 2000), (&none, 500)];
    let refusal = refusal(trade::try_place(app, &market.buyers[0], &lines).await);
    assert_eq!(refusal.code, Code::OutOfStock);
    let short: Vec<_> = refusal
        .short
        .iter()
        .map(|line| (line.offer_id, line.asked.0, line.free.0))
        .collect();
    assert_eq!(short, [(scarce.id, 2000, 1500), (none.id, 500, 0)]);
    assert!(refusal.short.iter().all(|line| line.name == "香菇 一级"));
    assert_eq!(
        app.count("orders").await + app.count("village_orders").await + app.count("order_lines").await,
        0
    );
    assert_eq!(app.count("notices").await, 0);
    assert_eq!(plenty.stock(app, &market).await, [[10_000, 0, 0, 10_000]]);
}

async fn refuses_amounts_off_minimum_and_step(app: &TestApp) {
    let market = app.market().await;
    let change =
        |offer: &mut shared::api::offer::OfferIn| (offer.min_qty, offer.step_qty) = (Qty(2000), Qty(1000));
    let offer = market.list(0).change(change).lot(100_000).publish(app).await;
    let buyer = &market.buyers[0];
    for (qty, code) in [
        (0, FieldCode::TooSmall),
        (1000, FieldCode::TooSmall),
        (2500, FieldCode::NotAStep),
    ] {
        let wrong = wrong_fields(trade::try_place(app, buyer, &[(&offer, qty)]).await);
        assert_eq!(wrong, [("lines.0.qty".to_owned(), code)], "{qty}");
    }
    let mut order = trade::order_of(app.today(), &[(&offer, 2000), (&offer, 3000)]);
    order.address = " 路 ".to_owned();
    order.wanted_on = app.today().add_days(-1);
    let wrong = wrong_fields(order::place(app, buyer, &app.key(), order, None).await);
    let fields: Vec<&str> = wrong.iter().map(|(field, _)| field.as_str()).collect();
    assert_eq!(fields, ["address", "wanted_on", "lines.1.offer_id"]);
    let empty = trade::order_of(app.today(), &[]);
    let wrong = wrong_fields(order::place(app, buyer, &app.key(), empty, None).await);
    assert_eq!(wrong, [("lines".to_owned(), FieldCode::Required)]);
}

async fn refuses_a_version_that_is_no_longer_on_sale(app: &TestApp) {
    let market = app.market().await;
    let mut offer = market.list(0).lot(10_000).publish(app).await;
    let mut order = trade::order_of(app.today(), &[(&offer, 1000)]);
    order.lines[0].version_id = Some(offer.version_id);
    offer
        .republish(app, &market, |offer| offer.price_fen = Fen(1))
        .await;
    let buyer = &market.buyers[0];
    assert_eq!(
        refused(order::place(app, buyer, &app.key(), order.clone(), None).await),
        Code::Changed
    );
    order.lines[0].version_id = Some(offer.version_id);
    let placed = order::place(app, buyer, &app.key(), order, None)
        .await
        .expect("the version on sale");
    assert_eq!(placed.total_fen, Fen(2));
}

async fn refuses_what_is_not_on_sale(app: &TestApp) {
    let market = app.market().await;
    let offer = market.list(0).lot(10_000).publish(app).await;
    let drafted = market.list(1).submit(app).await;
    let draft = Offer {
        id: drafted.id,
        ..offer.clone()
    };
    let lister = &market.listers[0];
    server::services::offer::pause(app, lister, &app.key(), offer.id)
        .await
        .expect("paused");
    for gone in [&offer, &draft] {
        let wrong = wrong_fields(trade::try_place(app, &market.buyers[0], &[(gone, 1000)]).await);
        assert_eq!(wrong, [("lines.0.offer_id".to_owned(), FieldCode::Unknown)]);
    }
    server::services::offer::resume(app, lister, &app.key(), offer.id)
        .await
        .expect("resumed");
    trade::place(app, &market.buyers[0], &[(&offer, 1000)]).await;
}

async fn frees_the_stock_when_cancelled(app: &TestApp) {
    let market = app.market().await;
    let a = market.list(0).lot(10_000).publish(app).await;
    let b = market.list(2).lot(10_000).publish(app).await;
    let buyer = &market.buyers[0];
    let placed = trade::place(app, buyer, &[(&a, 4000), (&b, 6000)]).await;
    trade::confirm_all(app, &market, placed.id).await;
    let nothing = CancelIn {
        reason: "  ".to_owned(),
    };
    let wrong = wrong_fields(order::cancel(app, buyer, &app.key(), placed.id, nothing).await);
    assert_eq!(wrong, [("reason".to_owned(), FieldCode::ReasonNeeded)]);
    let cancel = CancelIn {
        reason: "食堂改期".to_owned(),
    };
    assert_eq!(
        refused(order::cancel(app, &market.buyers[1], &app.key(), placed.id, cancel.clone()).await),
        Code::NotFound
    );
    order::cancel(app, buyer, &app.key(), placed.id, cancel.clone())
        .await
        .expect("not yet on the way");
    assert_eq!(a.stock(app, &market).await, [[10_000, 0, 0, 10_000]]);
    assert_eq!(b.stock(app, &market).await, [[10_000, 0, 0, 10_000]]);
    let shown = trade::show(app, &market, placed.id).await;
    assert_eq!(
        (shown.order.status, shown.cancellable),
        (OrderStatus::Cancelled, false)
    );
    assert!(
        shown
            .village_orders
            .iter()
            .all(|v| v.village_order.status == VillageOrderStatus::Cancelled)
    );
    assert_eq!(
        refused(order::cancel(app, buyer, &app.key(), placed.id, cancel).await),
        Code::WrongState
    );
}

async fn cannot_be_cancelled_once_on_the_way(app: &TestApp) {
    let market = app.market().await;
    let a = market.list(0).lot(10_000).publish(app).await;
    let b = market.list(2).lot(10_000).publish(app).await;
    let buyer = &market.buyers[0];
    let placed = trade::place(app, buyer, &[(&a, 4000), (&b, 6000)]).await;
    trade::confirm_all(app, &market, placed.id).await;
    let first = trade::show(app, &market, placed.id).await.village_orders[0]
        .village_order
        .id;
    use shared::api::village_order::MoveStep;
    for step in [MoveStep::Pack, MoveStep::Collect] {
        trade::advance(app, &market.operator, step, vec![first])
            .await
            .expect("moved");
    }
    let cancel = CancelIn {
        reason: "改期".to_owned(),
    };
    assert_eq!(
        refused(order::cancel(app, buyer, &app.key(), placed.id, cancel).await),
        Code::WrongState
    );
    assert_eq!(b.stock(app, &market).await, [[10_000, 6000, 0, 4000]]);
}

async fn frees_the_stock_when_a_village_does_not_answer(app: &TestApp) {
    let market = app.market().await;
    let a = market.list(0).lot(10_000).publish(app).await;
    let b = market.list(2).lot(10_000).publish(app).await;
    let placed = trade::place(app, &market.buyers[0], &[(&a, 4000), (&b, 6000)]).await;
    let shown = trade::show(app, &market, placed.id).await;
    let (first, second) = (
        shown.village_orders[0].village_order.id,
        shown.village_orders[1].village_order.id,
    );
    let answer = trade::full_answer(&shown, first);
    village_order::answer(app, &market.listers[0], &app.key(), first, answer)
        .await
        .expect("confirmed");
    app.pass_hours(36);
    assert_eq!(
        village_order::expire_due(app).await.expect("runs"),
        0,
        "the deadline itself is still in time"
    );
    app.clock.advance_s(1);
    assert_eq!(village_order::expire_due(app).await.expect("runs"), 1);
    assert_eq!(village_order::expire_due(app).await.expect("runs"), 0);
    assert_eq!(a.stock(app, &market).await, [[10_000, 4000, 0, 6000]]);
    assert_eq!(b.stock(app, &market).await, [[10_000, 0, 0, 10_000]]);
    let shown = trade::show(app, &market, placed.id).await;
    assert_eq!(shown.order.status, OrderStatus::PartConfirmed);
    let late = trade::full_answer(&shown, second);
    let answered = village_order::answer(app, &market.listers[2], &app.key(), second, late).await;
    assert_eq!(refused(answered), Code::WrongState);
    let lost = trade::place(app, &market.buyers[0], &[(&b, 500)]).await;
    app.pass_hours(37);
    village_order::expire_due(app).await.expect("runs");
    assert_eq!(
        trade::show(app, &market, lost.id).await.order.status,
        OrderStatus::Cancelled
    );
}

async fn gives_the_last_piece_to_one_of_200(app: &TestApp) {
    let market = app.market().await;
    let offer = market.list(0).per_bottle(100).lot(1).publish(app).await;
    let tries = (0..200).map(|at| {
        let (app, buyer, offer) = (app.app.clone(), market.buyers[at % 3].clone(), offer.clone());
        let order = trade::order_of(app.today(), &[(&offer, 1)]);
        let key = server::services::idempotency::Key::own(app.new_id());
        tokio::spawn(async move { order::place(&app, &buyer, &key, order, None).await })
    });
    let outcomes = join_all(tries).await;
    let mut winners = 0;
    for outcome in outcomes {
        match outcome.expect("a buyer's task ends") {
            Ok(_) => winners += 1,
            Err(error) => assert_eq!(error.code(), Code::OutOfStock, "{error}"),
        }
    }
    assert_eq!(winners, 1);
    assert_eq!(
        (app.count("orders").await, app.count("order_lines").await),
        (1, 1)
    );
    assert_eq!(offer.stock(app, &market).await, [[1, 1, 0, 0]]);
}

async fn never_oversells_under_many_buyers_at_once(app: &TestApp) {
    let market = app.market().await;
    let a = market.list(0).lot_until(7000, 3).lot(5000).publish(app).await;
    let b = market.list(1).lot(9000).publish(app).await;
    let tries = (0..60).map(|at| {
        let (app, buyer, a, b) = (
            app.app.clone(),
            market.buyers[at % 3].clone(),
            a.clone(),
            b.clone(),
        );
        let lines = if at % 2 == 0 {
            vec![(&a, 500), (&b, 1000)]
        } else {
            vec![(&b, 500), (&a, 1000)]
        };
        let order = trade::order_of(app.today(), &lines);
        let key = server::services::idempotency::Key::own(app.new_id());
        tokio::spawn(async move { order::place(&app, &buyer, &key, order, None).await })
    });
    let (mut sold_a, mut sold_b) = (0, 0);
    for (at, outcome) in join_all(tries).await.into_iter().enumerate() {
        match outcome.expect("a buyer's task ends") {
            Ok(_) => {
                (sold_a, sold_b) = if at % 2 == 0 {
                    (sold_a + 500, sold_b + 1000)
                } else {
                    (sold_a + 1000, sold_b + 500)
                }
            }
            Err(error) => assert_eq!(error.code(), Code::OutOfStock, "{error}"),
        }
    }
    let reserved = |lots: Vec<[i64; 4]>| lots.iter().map(|lot| lot[1]).sum::<i64>();
    assert_eq!(reserved(a.stock(app, &market).await), sold_a);
    assert_eq!(reserved(b.stock(app, &market).await), sold_b);
    assert!(
        sold_b > 8000 || sold_a > 11_000,
        "they stop only when something is gone: {sold_a} {sold_b}"
    );
}
