//! What comes short: the unit is told, chooses within its time, and takes what is confirmed otherwise.

use server::services::{notice, order, shortfall, village_order, village_order_close};
use shared::api::order::CancelIn;
use shared::api::problem::{Code, FieldCode};
use shared::api::shortfall::{ChoiceIn, ShortfallOut};
use shared::api::village_order::CloseShortIn;
use shared::domain::money::Fen;
use shared::domain::notice::NoticeKind;
use shared::domain::order::OrderStatus;
use shared::domain::quantity::Qty;
use shared::domain::shortfall::ShortfallChoice;
use shared::domain::village_order::VillageOrderStatus;
use tests::{Market, Offer, Person, TestApp, both, refused, trade, wrong_fields};
use uuid::Uuid;

both![
    the_deadline_takes_what_is_confirmed,
    orders_the_rest_from_another_village,
    takes_the_part_back_before_it_is_packed,
    what_was_declined_or_expired_can_be_replaced,
    belongs_to_the_unit,
    what_the_centre_ends_short_can_be_replaced,
    ends_with_the_order,
];

/// Village 0 confirms 1000 of the 4000 ordered; the order, and what came short of it.
async fn shorted(app: &TestApp, market: &Market, offer: &Offer) -> (Uuid, ShortfallOut) {
    let placed = trade::place(app, &market.buyers[0], &[(offer, 4000)]).await;
    let shown = trade::show(app, market, placed.id).await;
    let id = shown.village_orders[0].village_order.id;
    let mut answer = trade::full_answer(&shown, id);
    (answer.lines[0].qty, answer.lines[0].reason) = (Qty(1000), Some("连阴雨".to_owned()));
    village_order::answer(app, &market.listers[0], &app.key(), id, answer)
        .await
        .expect("answered");
    (placed.id, short_of(app, &market.buyers[0], placed.id).await)
}

async fn short_of(app: &TestApp, who: &Person, order_id: Uuid) -> ShortfallOut {
    let mut shown = order::show(app, who, order_id).await.expect("their own");
    assert_eq!(shown.shortfalls.len(), 1);
    shown.shortfalls.remove(0)
}

fn plain(short: &ShortfallOut, choice: ShortfallChoice) -> ChoiceIn {
    ChoiceIn {
        line_id: short.line_id,
        choice,
        offer_id: None,
        version_id: None,
        qty: None,
    }
}

async fn the_deadline_takes_what_is_confirmed(app: &TestApp) {
    let market = app.market().await;
    let offer = market.list(0).lot(10_000).publish(app).await;
    let (order_id, short) = shorted(app, &market, &offer).await;
    assert_eq!((short.qty, short.missing_qty), (Qty(4000), Qty(3000)));
    assert!(short.cancellable && short.choice.is_none());
    let told = notice::list(app, &market.buyers[0], None, 50)
        .await
        .expect("their own");
    let told: Vec<_> = told
        .items
        .iter()
        .filter(|n| n.kind == NoticeKind::OrderShort)
        .collect();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].path, format!("/orders/{order_id}"));
    app.pass_hours(24);
    assert_eq!(shortfall::default_due(app).await.expect("runs"), 0);
    app.clock.advance_s(1);
    let late = plain(&short, ShortfallChoice::Take);
    let late = shortfall::choose(app, &market.buyers[0], &app.key(), order_id, late).await;
    assert_eq!(refused(late), Code::WrongState);
    assert_eq!(shortfall::default_due(app).await.expect("runs"), 1);
    assert_eq!(shortfall::default_due(app).await.expect("runs"), 0);
    let after = short_of(app, &market.buyers[0], order_id).await;
    assert_eq!(
        (after.choice, after.chosen_by.as_str()),
        (Some(ShortfallChoice::Take), "")
    );
    let shown = trade::show(app, &market, order_id).await;
    assert_eq!(shown.order.status, OrderStatus::PartConfirmed);
}

async fn orders_the_rest_from_another_village(app: &TestApp) {
    let market = app.market().await;
    let offer = market.list(0).per_jin(900).lot(10_000).publish(app).await;
    let dear = market.list(1).per_jin(1100).lot(10_000).publish(app).await;
    let cheap = market.list(2).per_jin(800).lot(2500).publish(app).await;
    market.list(3).per_bottle(4500).lot(50).publish(app).await;
    let (order_id, short) = shorted(app, &market, &offer).await;
    let offered: Vec<_> = short.suggestions.iter().map(|s| (s.offer_id, s.qty.0)).collect();
    assert_eq!(
        offered,
        [(cheap.id, 2500), (dear.id, 3000)],
        "the cheapest first, never the same village, as much as there is"
    );
    let choice = ChoiceIn {
        offer_id: Some(dear.id),
        version_id: Some(short.suggestions[1].version_id),
        qty: Some(Qty(3000)),
        ..plain(&short, ShortfallChoice::Replace)
    };
    let (buyer, key) = (&market.buyers[0], app.key());
    let chosen = shortfall::choose(app, buyer, &key, order_id, choice.clone())
        .await
        .expect("there is enough");
    let again = shortfall::choose(app, buyer, &key, order_id, choice.clone())
        .await
        .expect("the same answer again");
    assert_eq!(chosen, again);
    let placed = chosen.supplement.expect("an order was placed instead");
    assert_eq!(placed.total_fen, Fen(6600));
    let shown = trade::show(app, &market, placed.id).await;
    let first = trade::show(app, &market, order_id).await;
    assert_eq!(shown.supplements, Some(order_id));
    assert_eq!(
        (shown.address, shown.order.wanted_on),
        (first.address, first.order.wanted_on)
    );
    assert_eq!(first.shortfalls[0].supplement_id, Some(placed.id));
    assert_eq!(dear.stock(app, &market).await, [[10_000, 3000, 0, 7000]]);
    let twice = shortfall::choose(app, buyer, &app.key(), order_id, choice).await;
    assert_eq!(refused(twice), Code::WrongState, "one choice a line");
    assert_eq!(app.count("orders").await, 2);
}

async fn takes_the_part_back_before_it_is_packed(app: &TestApp) {
    let market = app.market().await;
    let offer = market.list(0).lot(10_000).publish(app).await;
    let buyer = &market.buyers[0];
    let (first, short) = shorted(app, &market, &offer).await;
    let back = plain(&short, ShortfallChoice::Cancel);
    shortfall::choose(app, buyer, &app.key(), first, back)
        .await
        .expect("it is not packed");
    let shown = trade::show(app, &market, first).await;
    assert_eq!(
        shown.village_orders[0].village_order.status,
        VillageOrderStatus::Cancelled
    );
    assert_eq!(
        shown.order.status,
        OrderStatus::Cancelled,
        "nothing is left of it"
    );
    assert_eq!(
        offer.stock(app, &market).await,
        [[7000, 0, 0, 7000]],
        "what was confirmed is free again"
    );
    let (second, short) = shorted(app, &market, &offer).await;
    let packed = trade::show(app, &market, second).await.village_orders[0]
        .village_order
        .id;
    trade::advance(
        app,
        &market.listers[0],
        shared::api::village_order::MoveStep::Pack,
        vec![packed],
    )
    .await
    .expect("packed");
    let late = shortfall::choose(
        app,
        buyer,
        &app.key(),
        second,
        plain(&short, ShortfallChoice::Cancel),
    )
    .await;
    assert_eq!(refused(late), Code::WrongState);
    let take = plain(&short, ShortfallChoice::Take);
    shortfall::choose(app, buyer, &app.key(), second, take)
        .await
        .expect("what is packed is taken");
}

async fn what_was_declined_or_expired_can_be_replaced(app: &TestApp) {
    let market = app.market().await;
    let offer = market.list(0).lot(10_000).publish(app).await;
    let other = market.list(1).lot(10_000).publish(app).await;
    let placed = trade::place(app, &market.buyers[0], &[(&offer, 4000)]).await;
    app.pass_hours(37);
    village_order::expire_due(app).await.expect("runs");
    let short = short_of(app, &market.buyers[0], placed.id).await;
    assert_eq!((short.missing_qty, short.cancellable), (Qty(4000), false));
    let found = short.suggestions.first().expect("another village has the like");
    assert_eq!(found.offer_id, other.id);
    let choice = ChoiceIn {
        offer_id: Some(other.id),
        qty: Some(found.qty),
        ..plain(&short, ShortfallChoice::Replace)
    };
    let chosen = shortfall::choose(app, &market.buyers[0], &app.key(), placed.id, choice).await;
    let supplement = chosen.expect("in time").supplement.expect("placed");
    let shown = trade::show(app, &market, supplement.id).await;
    assert_eq!(shown.order.wanted_on, app.today(), "the day had passed");
}

async fn belongs_to_the_unit(app: &TestApp) {
    let market = app.market().await;
    let offer = market.list(0).lot(10_000).publish(app).await;
    let (order_id, short) = shorted(app, &market, &offer).await;
    let take = || plain(&short, ShortfallChoice::Take);
    for (who, code) in [
        (&market.buyers[1], Code::NotFound),
        (&market.approver, Code::Forbidden),
        (&market.listers[0], Code::Forbidden),
        (&market.operator, Code::Forbidden),
    ] {
        let tried = shortfall::choose(app, who, &app.key(), order_id, take()).await;
        assert_eq!(refused(tried), code, "{}", who.sign_in_name);
    }
    let unknown = ChoiceIn {
        line_id: app.new_id(),
        ..take()
    };
    let tried = shortfall::choose(app, &market.buyers[0], &app.key(), order_id, unknown).await;
    assert_eq!(wrong_fields(tried), [("line_id".to_owned(), FieldCode::Unknown)]);
}

async fn what_the_centre_ends_short_can_be_replaced(app: &TestApp) {
    let market = app.market().await;
    let offer = market.list(0).lot(10_000).publish(app).await;
    let other = market.list(1).lot(10_000).publish(app).await;
    let placed = trade::place(app, &market.buyers[0], &[(&offer, 4000)]).await;
    trade::confirm_all(app, &market, placed.id).await;
    let part = trade::show(app, &market, placed.id).await.village_orders[0]
        .village_order
        .id;
    let frost = CloseShortIn {
        reason: "霜冻".to_owned(),
    };
    village_order_close::close_short(app, &market.operator, &app.key(), part, frost)
        .await
        .expect("it was not on the way");
    let short = short_of(app, &market.buyers[0], placed.id).await;
    assert_eq!((short.missing_qty, short.cancellable), (Qty(4000), false));
    let told = notice::list(app, &market.buyers[0], None, 50)
        .await
        .expect("their own");
    assert_eq!(told.items[0].kind, NoticeKind::VillageOrderClosedShort);
    assert_eq!(told.items[0].path, format!("/orders/{}", placed.id));
    let choice = ChoiceIn {
        offer_id: Some(other.id),
        qty: Some(Qty(4000)),
        ..plain(&short, ShortfallChoice::Replace)
    };
    let chosen = shortfall::choose(app, &market.buyers[0], &app.key(), placed.id, choice).await;
    assert!(chosen.expect("in time").supplement.is_some());
    app.assert_clean().await;
}

async fn ends_with_the_order(app: &TestApp) {
    let market = app.market().await;
    let offer = market.list(0).lot(10_000).publish(app).await;
    let (order_id, short) = shorted(app, &market, &offer).await;
    let reason = CancelIn {
        reason: "不要了".to_owned(),
    };
    order::cancel(app, &market.buyers[0], &app.key(), order_id, reason)
        .await
        .expect("nothing is on the way");
    let after = short_of(app, &market.buyers[0], order_id).await;
    assert_eq!(after.choice, Some(ShortfallChoice::Cancel));
    assert_eq!(after.chosen_by, market.buyers[0].person_name);
    let late = plain(&short, ShortfallChoice::Take);
    let late = shortfall::choose(app, &market.buyers[0], &app.key(), order_id, late).await;
    assert_eq!(refused(late), Code::WrongState);
    app.pass_hours(25);
    assert_eq!(shortfall::default_due(app).await.expect("runs"), 0);
    app.assert_clean().await;
}
