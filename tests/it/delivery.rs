//! Deliveries in parts: what the vehicle did not have comes later, is signed for again, and nothing is lost or doubled.

use server::services::{acceptance, verify, village_order, village_order_close};
use shared::api::acceptance::{AcceptanceStatus, SignIn, VarianceReason};
use shared::api::problem::{Code, FieldCode};
use shared::api::village_order::{CloseShortIn, MoveStep};
use shared::domain::money::Fen;
use shared::domain::order::OrderStatus;
use shared::domain::quantity::Qty;
use shared::domain::village_order::VillageOrderStatus as State;
use tests::{Market, Offer, TestApp, both, refused, trade, wrong_fields};
use uuid::Uuid;

both![
    accepts_one_line_in_two_goes,
    leaves_a_village_that_did_not_come_waiting,
    hands_over_lines_of_which_nothing_came,
    ends_what_will_not_come,
    refuses_to_sign_for_nothing,
    what_the_village_had_nothing_of_is_nothing_to_sign_for,
];

async fn clean(app: &TestApp) {
    let found = verify::run(app).await.expect("the books can be read");
    let wrong: Vec<_> = found
        .checks
        .iter()
        .filter(|check| check.wrong.is_some())
        .collect();
    assert!(found.clean, "{wrong:?}");
}

fn still(lines: &mut SignIn, at: usize, qty: i64) {
    lines.lines[at].qty = Qty(qty);
    lines.lines[at].reason = Some(VarianceReason::StillToCome);
}

async fn two_lines(app: &TestApp, market: &Market) -> (Offer, Offer, Uuid) {
    let first = market.list(0).per_jin(333).lot(50_000).publish(app).await;
    let second = market.list(2).per_jin(500).lot(50_000).publish(app).await;
    let lines = [(&first, 10_500), (&second, 5_000)];
    let order = trade::delivered(app, market, &market.buyers[0], &lines).await;
    (first, second, order)
}

async fn rest_of(app: &TestApp, market: &Market, order: Uuid) -> Vec<(Uuid, i32, State, i64)> {
    let shown = trade::show(app, market, order).await;
    let total: i64 = shown
        .village_orders
        .iter()
        .map(|v| v.village_order.total_fen.0)
        .sum();
    assert_eq!(
        total, shown.order.total_fen.0,
        "village orders add up to the order"
    );
    let mut parts: Vec<_> = (shown.village_orders.iter())
        .map(|v| (v.village_order.id, v.village_order.part, v.village_order.status))
        .map(|(id, part, status)| (id, part, status, 0))
        .collect();
    for (part, v) in parts.iter_mut().zip(&shown.village_orders) {
        part.3 = v.lines.iter().map(|l| l.qty.0).sum();
    }
    parts
}

async fn accepts_one_line_in_two_goes(app: &TestApp) {
    let market = app.market().await;
    let (_, _, order) = two_lines(app, &market).await;
    let buyer = &market.buyers[0];
    let mut lines = trade::as_expected(app, &market, order).await;
    let at = (lines.lines.iter())
        .position(|l| l.qty == Qty(10_500))
        .expect("the long line");
    still(&mut lines, at, 7_250);
    let first = trade::accept(app, &market, buyer, order, &lines).await.acceptance;
    assert_eq!(first.part, 1);
    assert!(
        first.number.expect("numbered").ends_with("-1"),
        "the number ends in the part"
    );
    // 7250 g at 3.33 a jin is 48.285, the other line 50.00.
    assert_eq!(first.accepted_fen, Fen(4829 + 5000));
    clean(app).await;
    let parts = rest_of(app, &market, order).await;
    let (rest, ..) = *parts.iter().find(|(_, part, ..)| *part == 2).expect("the rest");
    assert!(parts.contains(&(rest, 2, State::Packed, 3_250)), "{parts:?}");
    for step in [MoveStep::Collect, MoveStep::Deliver] {
        trade::advance(app, &market.operator, step, vec![rest])
            .await
            .expect("it comes");
    }
    let lines = trade::as_expected(app, &market, order).await;
    assert_eq!(lines.lines.len(), 1, "only the rest is weighed");
    let second = trade::accept(app, &market, buyer, order, &lines).await.acceptance;
    assert_eq!((second.part, second.accepted_fen), (2, Fen(2165)));
    assert_eq!(
        app.count("ledger_transactions").await,
        2,
        "each part posts its own"
    );
    clean(app).await;
    let shown = trade::show(app, &market, order).await;
    assert_eq!(
        shown.order.status,
        OrderStatus::Accepted,
        "in parts, and as ordered"
    );
    assert_eq!(shown.order.accepted_fen, Some(Fen(4829 + 5000 + 2165)));
    assert_eq!(shown.parts.len(), 2);
    let again = acceptance::show(app, &market.auditor, first.id.expect("posted")).await;
    let again = again.expect("the first part stays readable");
    assert_eq!(
        (again.status, again.accepted_fen),
        (AcceptanceStatus::Posted, Fen(9829))
    );
}

async fn leaves_a_village_that_did_not_come_waiting(app: &TestApp) {
    let market = app.market().await;
    let (_, _, order) = two_lines(app, &market).await;
    let mut lines = trade::as_expected(app, &market, order).await;
    let at = (lines.lines.iter())
        .position(|l| l.qty == Qty(5_000))
        .expect("the short line");
    still(&mut lines, at, 0);
    trade::accept(app, &market, &market.buyers[0], order, &lines).await;
    clean(app).await;
    let states: Vec<State> = rest_of(app, &market, order).await.iter().map(|p| p.2).collect();
    assert!(
        states.contains(&State::Packed) && states.contains(&State::Credited),
        "{states:?}"
    );
    assert_eq!(states.len(), 2, "it is the same village order that waits");
}

async fn hands_over_lines_of_which_nothing_came(app: &TestApp) {
    let market = app.market().await;
    let first = market.list(0).per_jin(900).lot(50_000).publish(app).await;
    let second = market.list(0).per_bottle(4500).lot(100).publish(app).await;
    let buyer = &market.buyers[0];
    let order = trade::delivered(app, &market, buyer, &[(&first, 5_000), (&second, 4)]).await;
    let mut lines = trade::as_expected(app, &market, order).await;
    let at = (lines.lines.iter())
        .position(|l| l.qty == Qty(4))
        .expect("the pieces");
    still(&mut lines, at, 0);
    trade::accept(app, &market, buyer, order, &lines).await;
    clean(app).await;
    let parts = rest_of(app, &market, order).await;
    let (rest, ..) = *parts.iter().find(|p| p.1 == 2).expect("the rest");
    for step in [MoveStep::Collect, MoveStep::Deliver] {
        trade::advance(app, &market.operator, step, vec![rest])
            .await
            .expect("it comes");
    }
    let lines = trade::as_expected(app, &market, order).await;
    let done = trade::accept(app, &market, buyer, order, &lines).await.acceptance;
    assert_eq!(done.accepted_fen, Fen(18_000));
    clean(app).await;
}

async fn ends_what_will_not_come(app: &TestApp) {
    let market = app.market().await;
    let (_, _, order) = two_lines(app, &market).await;
    let mut lines = trade::as_expected(app, &market, order).await;
    still(&mut lines, 0, 1_000);
    trade::accept(app, &market, &market.buyers[0], order, &lines).await;
    let parts = rest_of(app, &market, order).await;
    let (rest, ..) = *parts.iter().find(|p| p.1 == 2).expect("the rest");
    let end = async |who: &tests::Person, reason: &str| {
        let reason = reason.to_owned();
        village_order_close::close_short(app, who, &app.key(), rest, CloseShortIn { reason }).await
    };
    assert_eq!(refused(end(&market.buyers[0], "霜冻").await), Code::Forbidden);
    assert_eq!(
        wrong_fields(end(&market.operator, " ").await),
        vec![("reason".to_owned(), FieldCode::ReasonNeeded)]
    );
    end(&market.operator, "霜冻").await.expect("the centre ends it");
    assert_eq!(refused(end(&market.operator, "霜冻").await), Code::WrongState);
    clean(app).await;
    let shown = trade::show(app, &market, order).await;
    assert_eq!(shown.order.status, OrderStatus::AcceptedWithVariance);
    assert_eq!(
        app.count("notices where kind = 'village_order_closed_short'")
            .await,
        2
    );
}

async fn refuses_to_sign_for_nothing(app: &TestApp) {
    let market = app.market().await;
    let (_, _, order) = two_lines(app, &market).await;
    let mut lines = trade::as_expected(app, &market, order).await;
    still(&mut lines, 0, 0);
    still(&mut lines, 1, 0);
    let refusal = trade::sign(app, &market.buyers[0], order, &lines).await;
    assert!(
        wrong_fields(refusal)
            .iter()
            .all(|(_, code)| *code == FieldCode::NotAChoice)
    );
    let mut lines = trade::as_expected(app, &market, order).await;
    let more = lines.lines[0].qty.0 + 100;
    still(&mut lines, 0, more);
    assert_eq!(
        wrong_fields(trade::sign(app, &market.buyers[0], order, &lines).await).len(),
        1
    );
}

async fn what_the_village_had_nothing_of_is_nothing_to_sign_for(app: &TestApp) {
    let market = app.market().await;
    let there = market.list(0).lot(50_000).publish(app).await;
    let not_there = market.list(0).lot(50_000).publish(app).await;
    let buyer = &market.buyers[0];
    let order = trade::place(app, buyer, &[(&there, 5_000), (&not_there, 1_000)])
        .await
        .id;
    let shown = trade::show(app, &market, order).await;
    let village_order = shown.village_orders[0].village_order.id;
    let mut answer = trade::full_answer(&shown, village_order);
    let none = answer.lines.iter_mut().find(|line| line.qty == Qty(1_000));
    let none = none.expect("the short line");
    (none.qty, none.reason) = (Qty(0), Some("虫害".to_owned()));
    let none = none.line_id;
    village_order::answer(app, &market.listers[0], &app.key(), village_order, answer)
        .await
        .expect("the village has one of both");
    trade::deliver(app, &market, order).await;
    let mut lines = trade::as_expected(app, &market, order).await;
    let late = usize::from(lines.lines[0].line_id == none);
    still(&mut lines, late, 0);
    let wrong = wrong_fields(trade::sign(app, buyer, order, &lines).await);
    let field = format!("line.{}.reason", lines.lines[late].line_id);
    assert_eq!(wrong, [(field, FieldCode::NotAChoice)]);
    clean(app).await;
}
