//! Lots sold ahead of their harvest: ordered for a later day, firmed up, shorted last come first, never forgotten.

use server::services::{catalogue, lot, notice, order, shortfall, village_order};
use shared::api::lot::{HarvestIn, LotIn, LotOut};
use shared::api::order::OrderOut;
use shared::api::problem::{Code, FieldCode};
use shared::api::shortfall::ChoiceIn;
use shared::api::village_order::MoveStep;
use shared::domain::notice::NoticeKind;
use shared::domain::order::OrderStatus;
use shared::domain::quantity::Qty;
use shared::domain::shortfall::ShortfallChoice;
use shared::domain::village_order::VillageOrderStatus;
use tests::{Market, Offer, Person, TestApp, both, refusal, refused, trade, wrong_fields};
use uuid::Uuid;

both![
    is_ordered_for_its_day_and_marked_as_growing,
    shorts_the_last_to_come_first,
    leaves_everything_as_it_was_when_there_is_enough,
    cannot_be_packed_before_it_is_harvested,
    is_told_of_once_when_nobody_says_a_word,
    answers_what_had_no_answer_yet,
    lets_the_unit_choose_what_to_do,
    adds_to_what_was_short_before,
];

/// Goods of which 10 kg ripen in five days, beside what is there already.
async fn growing(app: &TestApp, market: &Market, ready: Option<i64>) -> (Offer, LotOut) {
    let listing = market.list(0);
    let offer = match ready {
        Some(qty) => listing.lot(qty).publish(app).await,
        None => listing.publish(app).await,
    };
    let ahead = LotIn {
        harvested_on: app.today().add_days(5),
        good_until: None,
        qty: Qty(10_000),
    };
    let lot = lot::add(app, &market.listers[0], &app.key(), offer.id, ahead)
        .await
        .expect("listed ahead");
    assert!(lot.presale && lot.expected_on.is_some());
    (offer, lot)
}

async fn order_for(
    app: &TestApp,
    buyer: &Person,
    offer: &Offer,
    qty: i64,
    days: i32,
) -> Result<Uuid, server::services::Error> {
    let mut wanted = trade::order_of(app.today(), &[(offer, qty)]);
    wanted.wanted_on = app.today().add_days(days);
    order::place(app, buyer, &app.key(), wanted, None)
        .await
        .map(|placed| placed.id)
}

async fn harvest(app: &TestApp, market: &Market, offer: &Offer, lot: &LotOut, qty: i64) -> LotOut {
    try_harvest(app, market, offer, lot, qty)
        .await
        .expect("the harvest is said")
}

async fn try_harvest(
    app: &TestApp,
    market: &Market,
    offer: &Offer,
    lot: &LotOut,
    qty: i64,
) -> Result<LotOut, server::services::Error> {
    let said = HarvestIn {
        harvested_on: app.today(),
        good_until: Some(app.today().add_days(9)),
        qty: Qty(qty),
    };
    lot::harvest(app, &market.listers[0], &app.key(), offer.id, lot.id, said).await
}

/// Its lot as it stands: whole quantity, reserved, sold, free.
async fn stock(app: &TestApp, market: &Market, offer: &Offer, lot: &LotOut) -> [i64; 4] {
    let now = lot::show(app, &market.auditor, offer.id, lot.id)
        .await
        .expect("a lot is never lost");
    [now.qty.0, now.reserved.0, now.sold.0, now.free.0]
}

/// State of the order's first village order, confirmed amounts of its lines.
fn stands(order: &OrderOut) -> (VillageOrderStatus, Vec<Option<i64>>, i64) {
    let part = &order.village_orders[0];
    (
        part.village_order.status,
        part.lines
            .iter()
            .map(|line| line.confirmed_qty.map(|qty| qty.0))
            .collect(),
        part.village_order.confirmed_fen.0,
    )
}

async fn is_ordered_for_its_day_and_marked_as_growing(app: &TestApp) {
    let market = app.market().await;
    let (offer, lot) = growing(app, &market, Some(1_000)).await;
    let buyer = &market.buyers[0];
    let page = catalogue::page(app, None, offer.id).await.expect("on the shelf");
    assert_eq!(
        (page.card.expected_on, page.card.free),
        (None, Qty(11_000)),
        "some is there"
    );
    let early = refusal(order_for(app, buyer, &offer, 2_000, 4).await);
    assert_eq!(
        (early.fields[0].field.as_str(), early.fields[0].code),
        ("wanted_on", FieldCode::TooEarly)
    );
    let bound = early.fields[0].bound.clone().expect("it names the day");
    assert!(bound.starts_with(&app.today().add_days(5).to_string()), "{bound}");
    order_for(app, buyer, &offer, 1_000, 1)
        .await
        .expect("what is there goes at once");
    let page = catalogue::page(app, None, offer.id).await.expect("on the shelf");
    assert_eq!(page.card.expected_on, lot.expected_on, "now all of it is growing");
    let id = order_for(app, buyer, &offer, 2_000, 5)
        .await
        .expect("for its day");
    let line = &trade::show(app, &market, id).await.village_orders[0].lines[0];
    assert_eq!(
        (line.lot_code.as_str(), line.expected_on),
        (lot.code.as_str(), lot.expected_on)
    );
    assert_eq!(stock(app, &market, &offer, &lot).await, [10_000, 2_000, 0, 8_000]);
    app.pass_hours(6 * 24);
    let page = catalogue::page(app, None, offer.id).await.expect("on the shelf");
    assert_eq!(
        page.card.free,
        Qty(0),
        "past its day nothing more is sold until it is harvested"
    );
    app.assert_clean().await;
}

async fn shorts_the_last_to_come_first(app: &TestApp) {
    let market = app.market().await;
    let (offer, lot) = growing(app, &market, None).await;
    let mut orders = Vec::new();
    for (buyer, qty) in [(0, 4_000), (1, 3_000), (2, 3_000)] {
        let id = order_for(app, &market.buyers[buyer], &offer, qty, 6)
            .await
            .expect("enough");
        app.clock.advance_s(60);
        trade::confirm_all(app, &market, id).await;
        orders.push(id);
    }
    app.pass_hours(5 * 24);
    let notices = app.count("notices").await;
    let now = harvest(app, &market, &offer, &lot, 5_500).await;
    assert!(!now.presale);
    assert_eq!(
        (now.harvested_on, now.expected_on),
        (app.today(), lot.expected_on)
    );
    assert_eq!(stock(app, &market, &offer, &lot).await, [5_500, 5_500, 0, 0]);
    let mut shown = Vec::new();
    for id in &orders {
        shown.push(trade::show(app, &market, *id).await);
    }
    assert_eq!(
        stands(&shown[0]),
        (VillageOrderStatus::Confirmed, vec![Some(4_000)], 7_200)
    );
    assert_eq!(
        stands(&shown[1]),
        (VillageOrderStatus::Shorted, vec![Some(1_500)], 2_700)
    );
    assert_eq!(
        stands(&shown[2]),
        (VillageOrderStatus::Declined, vec![Some(0)], 0)
    );
    assert_eq!(
        shown[1].village_orders[0].lines[0].reason.as_deref(),
        Some("预售采收不足")
    );
    assert_eq!(
        shown[0].village_orders[0].lines[0].expected_on, None,
        "no longer growing"
    );
    assert_eq!(shown[1].order.status, OrderStatus::PartConfirmed);
    assert_eq!(
        app.count("notices").await,
        notices + 2,
        "both units that get less are told"
    );
    let twice = try_harvest(app, &market, &offer, &lot, 5_500).await;
    assert_eq!(refused(twice), Code::WrongState);
    // What is left goes its way to the credit.
    for (id, buyer) in orders.iter().zip(&market.buyers).take(2) {
        trade::deliver(app, &market, *id).await;
        let weighed = trade::as_expected(app, &market, *id).await;
        trade::accept(app, &market, buyer, *id, &weighed).await;
    }
    assert_eq!(stock(app, &market, &offer, &lot).await, [5_500, 0, 5_500, 0]);
    app.assert_clean().await;
}

async fn leaves_everything_as_it_was_when_there_is_enough(app: &TestApp) {
    let market = app.market().await;
    let (offer, lot) = growing(app, &market, None).await;
    let id = order_for(app, &market.buyers[0], &offer, 4_000, 6)
        .await
        .expect("enough");
    trade::confirm_all(app, &market, id).await;
    let notices = app.count("notices").await;
    let now = harvest(app, &market, &offer, &lot, 12_000).await;
    assert_eq!(
        (now.qty, now.reserved, now.free),
        (Qty(12_000), Qty(4_000), Qty(8_000))
    );
    let shown = trade::show(app, &market, id).await;
    assert_eq!(
        stands(&shown),
        (VillageOrderStatus::Confirmed, vec![Some(4_000)], 7_200)
    );
    assert_eq!(app.count("notices").await, notices);
    let ready = HarvestIn {
        harvested_on: app.today().add_days(1),
        good_until: None,
        qty: Qty(1),
    };
    let ahead = lot::harvest(app, &market.listers[0], &app.key(), offer.id, lot.id, ready).await;
    assert_eq!(
        wrong_fields(ahead),
        [("harvested_on".to_owned(), FieldCode::TooLate)]
    );
    app.assert_clean().await;
}

async fn cannot_be_packed_before_it_is_harvested(app: &TestApp) {
    let market = app.market().await;
    let (offer, lot) = growing(app, &market, None).await;
    let id = order_for(app, &market.buyers[0], &offer, 4_000, 6)
        .await
        .expect("enough");
    trade::confirm_all(app, &market, id).await;
    let part = trade::show(app, &market, id).await.village_orders[0]
        .village_order
        .id;
    let refused = trade::advance(app, &market.operator, MoveStep::Pack, vec![part])
        .await
        .expect("answered");
    assert_eq!((refused.moved.len(), refused.refused.len()), (0, 1));
    harvest(app, &market, &offer, &lot, 4_000).await;
    trade::deliver(app, &market, id).await;
    let shown = trade::show(app, &market, id).await;
    assert_eq!(stands(&shown).0, VillageOrderStatus::Delivered);
    app.assert_clean().await;
}

async fn is_told_of_once_when_nobody_says_a_word(app: &TestApp) {
    let market = app.market().await;
    let (_, _) = growing(app, &market, None).await;
    app.pass_hours(8 * 24);
    assert_eq!(lot::tell_overdue(app).await.expect("looked"), 0, "not yet");
    app.pass_hours(24);
    let notices = app.count("notices").await;
    assert_eq!(lot::tell_overdue(app).await.expect("looked"), 1);
    assert_eq!(lot::tell_overdue(app).await.expect("looked"), 0, "once");
    assert_eq!(
        app.count("notices").await,
        notices + 2,
        "the centre and the village"
    );
}

async fn answers_what_had_no_answer_yet(app: &TestApp) {
    let market = app.market().await;
    let (offer, lot) = growing(app, &market, None).await;
    let other = market.list(0).per_jin(500).lot(5_000).publish(app).await;
    let mut wanted = trade::order_of(app.today(), &[(&offer, 6_000), (&other, 1_000)]);
    wanted.wanted_on = app.today().add_days(6);
    let id = order::place(app, &market.buyers[0], &app.key(), wanted, None)
        .await
        .expect("enough")
        .id;
    harvest(app, &market, &offer, &lot, 2_000).await;
    let shown = trade::show(app, &market, id).await;
    let (status, amounts, sum) = stands(&shown);
    assert_eq!((status, sum), (VillageOrderStatus::Shorted, 3_600 + 1_000));
    assert_eq!(amounts.iter().flatten().sum::<i64>(), 3_000);
    let part = shown.village_orders[0].village_order.id;
    let late = village_order::answer(
        app,
        &market.listers[0],
        &app.key(),
        part,
        trade::full_answer(&shown, part),
    )
    .await;
    assert_eq!(refused(late), Code::WrongState, "it has its answer");
    assert_eq!(stock(app, &market, &offer, &lot).await, [2_000, 2_000, 0, 0]);
    app.assert_clean().await;
}

async fn lets_the_unit_choose_what_to_do(app: &TestApp) {
    let market = app.market().await;
    let (offer, lot) = growing(app, &market, None).await;
    let other = market.list(1).per_jin(800).lot(20_000).publish(app).await;
    let (buyer, late) = (&market.buyers[0], &market.buyers[1]);
    let first = order_for(app, buyer, &offer, 6_000, 6).await.expect("enough");
    trade::confirm_all(app, &market, first).await;
    app.clock.advance_s(60);
    let second = order_for(app, late, &offer, 4_000, 6).await.expect("enough");
    harvest(app, &market, &offer, &lot, 7_000).await;
    let shown = order::show(app, buyer, first).await.expect("their own");
    assert!(shown.shortfalls.is_empty(), "it was placed first and gets all");
    let shown = order::show(app, late, second).await.expect("their own");
    let short = &shown.shortfalls[0];
    assert_eq!((short.qty, short.missing_qty), (Qty(4_000), Qty(3_000)));
    assert!(short.choice.is_none() && short.cancellable);
    assert_eq!(short.suggestions[0].offer_id, other.id);
    let told = notice::list(app, late, None, 50).await.expect("their own");
    let told: Vec<NoticeKind> = told.items.iter().map(|n| n.kind).collect();
    assert_eq!(told, [NoticeKind::HarvestShort], "told once, and of the harvest");
    let choice = ChoiceIn {
        line_id: short.line_id,
        choice: ShortfallChoice::Replace,
        offer_id: Some(other.id),
        version_id: None,
        qty: Some(Qty(3_000)),
    };
    let chosen = shortfall::choose(app, late, &app.key(), second, choice).await;
    let supplement = chosen.expect("in time").supplement.expect("an order instead");
    let shown = trade::show(app, &market, second).await;
    assert_eq!(shown.shortfalls[0].supplement_id, Some(supplement.id));
    assert_eq!(other.stock(app, &market).await, [[20_000, 3_000, 0, 17_000]]);
    app.assert_clean().await;
}

async fn adds_to_what_was_short_before(app: &TestApp) {
    let market = app.market().await;
    let (offer, lot) = growing(app, &market, None).await;
    let other = market.list(1).per_jin(800).lot(20_000).publish(app).await;
    let buyer = &market.buyers[0];
    // The village shorts two orders of its own; one unit orders the rest elsewhere, the other leaves it.
    let mut orders = Vec::new();
    for replaced in [true, false] {
        let id = order_for(app, buyer, &offer, 4_000, 6).await.expect("enough");
        let shown = trade::show(app, &market, id).await;
        let part = shown.village_orders[0].village_order.id;
        let mut answer = trade::full_answer(&shown, part);
        (answer.lines[0].qty, answer.lines[0].reason) = (Qty(3_000), Some("人手不够".to_owned()));
        village_order::answer(app, &market.listers[0], &app.key(), part, answer)
            .await
            .expect("answered");
        let choice = ChoiceIn {
            line_id: shown.village_orders[0].lines[0].id,
            choice: if replaced {
                ShortfallChoice::Replace
            } else {
                ShortfallChoice::Take
            },
            offer_id: replaced.then_some(other.id),
            version_id: None,
            qty: replaced.then_some(Qty(1_000)),
        };
        shortfall::choose(app, buyer, &app.key(), id, choice)
            .await
            .expect("in time");
        app.clock.advance_s(60);
        orders.push(id);
    }
    // Of 6000 held 2500 are left: both come short again, the later one of all it has.
    harvest(app, &market, &offer, &lot, 2_500).await;
    let replaced = order::show(app, buyer, orders[0]).await.expect("their own");
    let short = &replaced.shortfalls[0];
    assert_eq!(
        (short.missing_qty, short.choice),
        (Qty(500), None),
        "what was ordered elsewhere is not missing twice"
    );
    assert!(short.supplement_id.is_some(), "the first replacement stays named");
    let taken = order::show(app, buyer, orders[1]).await.expect("their own");
    let short = &taken.shortfalls[0];
    assert_eq!((short.missing_qty, short.choice), (Qty(4_000), None), "all of it");
    assert!(!short.cancellable, "nothing is left to be taken back");
    // Whoever says nothing takes what is confirmed, and the replacement is still named.
    app.pass_hours(25);
    assert_eq!(shortfall::default_due(app).await.expect("runs"), 2);
    let after = trade::show(app, &market, orders[0]).await;
    assert_eq!(after.shortfalls[0].choice, Some(ShortfallChoice::Take));
    assert!(after.shortfalls[0].supplement_id.is_some());
    app.assert_clean().await;
}
