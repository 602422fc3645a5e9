//! Village orders: the village's answer, the way of the goods, and who may touch what.

use server::services::{lot, village_order};
use shared::api::problem::{Code, FieldCode};
use shared::api::village_order::{AnswerIn, MoveIn, MoveStep, VillageOrderQuery};
use shared::domain::money::Fen;
use shared::domain::order::OrderStatus;
use shared::domain::quantity::Qty;
use shared::domain::village_order::VillageOrderStatus as Status;
use tests::{TestApp, both, refused, trade, wrong_fields};
use uuid::Uuid;

both![
    says_yes_less_or_no,
    needs_a_reason_for_less,
    takes_what_is_missing_out_of_the_lot,
    answers_once,
    moves_step_by_step,
    names_those_that_cannot_move,
    belongs_to_its_village,
    says_when_the_centre_acts_for_a_village,
];

/// One order over villages 0 and 2, two lines in the first; its village orders.
async fn two_villages(app: &TestApp, market: &tests::Market) -> (Uuid, Vec<Uuid>) {
    let a = market.list(0).per_jin(900).lot(10_000).publish(app).await;
    let b = market.list(0).per_bottle(4500).lot(10).publish(app).await;
    let c = market.list(2).per_jin(500).lot(10_000).publish(app).await;
    let placed = trade::place(app, &market.buyers[0], &[(&a, 4000), (&b, 4), (&c, 1000)]).await;
    let shown = trade::show(app, market, placed.id).await;
    (
        placed.id,
        shown.village_orders.iter().map(|v| v.village_order.id).collect(),
    )
}

async fn says_yes_less_or_no(app: &TestApp) {
    let market = app.market().await;
    for (first, second, status, confirmed) in [
        (4000, 4, Status::Confirmed, 8 * 900 + 4 * 4500),
        (3900, 4, Status::Shorted, 7020 + 4 * 4500),
        (0, 1, Status::Shorted, 4500),
        (0, 0, Status::Declined, 0),
    ] {
        let (order_id, ids) = two_villages(app, &market).await;
        let shown = trade::show(app, &market, order_id).await;
        let mut answer = trade::full_answer(&shown, ids[0]);
        for (line, qty) in answer.lines.iter_mut().zip([first, second]) {
            line.reason = (Qty(qty) < line.qty).then(|| "连阴雨".to_owned());
            line.qty = Qty(qty);
        }
        village_order::answer(app, &market.listers[0], &app.key(), ids[0], answer)
            .await
            .expect("answered");
        let row = trade::show(app, &market, order_id)
            .await
            .village_orders
            .remove(0)
            .village_order;
        assert_eq!((row.status, row.confirmed_fen), (status, Fen(confirmed)));
        let answer = trade::full_answer(&shown, ids[1]);
        village_order::answer(app, &market.listers[2], &app.key(), ids[1], answer)
            .await
            .expect("answered");
        let order = trade::show(app, &market, order_id).await.order;
        let all = status == Status::Confirmed;
        assert_eq!(
            order.status,
            if all {
                OrderStatus::Confirmed
            } else {
                OrderStatus::PartConfirmed
            }
        );
    }
}

async fn needs_a_reason_for_less(app: &TestApp) {
    let market = app.market().await;
    let (order_id, ids) = two_villages(app, &market).await;
    let full = trade::full_answer(&trade::show(app, &market, order_id).await, ids[0]);
    let line_id = full.lines[0].line_id;
    let field = |name: &str| format!("line.{line_id}.{name}");
    let lister = &market.listers[0];
    let changed = |qty: i64, reason: Option<&str>| {
        let mut answer = full.clone();
        (answer.lines[0].qty, answer.lines[0].reason) = (Qty(qty), reason.map(str::to_owned));
        answer
    };
    for (answer, expected) in [
        (changed(3999, None), (field("reason"), FieldCode::ReasonNeeded)),
        (
            changed(3999, Some("  ")),
            (field("reason"), FieldCode::ReasonNeeded),
        ),
        (changed(4001, None), (field("qty"), FieldCode::TooLarge)),
        (changed(-1, Some("雨")), (field("qty"), FieldCode::TooSmall)),
        (
            changed(1, Some(&"雨".repeat(101))),
            (field("reason"), FieldCode::TooLong),
        ),
        (
            AnswerIn {
                lines: full.lines[1..].to_vec(),
            },
            (field("qty"), FieldCode::Required),
        ),
    ] {
        let wrong = wrong_fields(village_order::answer(app, lister, &app.key(), ids[0], answer).await);
        assert_eq!(wrong, [expected]);
    }
    let mut stranger = full.clone();
    stranger.lines[0].line_id = ids[1];
    let wrong = wrong_fields(village_order::answer(app, lister, &app.key(), ids[0], stranger).await);
    assert_eq!(wrong[0], (format!("line.{}.qty", ids[1]), FieldCode::Unknown));
    let row = trade::show(app, &market, order_id)
        .await
        .village_orders
        .remove(0)
        .village_order;
    assert_eq!(row.status, Status::Offered, "nothing was half answered");
}

async fn takes_what_is_missing_out_of_the_lot(app: &TestApp) {
    let market = app.market().await;
    let offer = market.list(0).lot(10_000).publish(app).await;
    let placed = trade::place(app, &market.buyers[0], &[(&offer, 6000)]).await;
    let shown = trade::show(app, &market, placed.id).await;
    let id = shown.village_orders[0].village_order.id;
    let mut answer = trade::full_answer(&shown, id);
    (answer.lines[0].qty, answer.lines[0].reason) = (Qty(2000), Some("虫害".to_owned()));
    village_order::answer(app, &market.listers[0], &app.key(), id, answer)
        .await
        .expect("answered");
    let [row] = offer.stock(app, &market).await[..] else {
        panic!("one lot")
    };
    assert_eq!(
        row,
        [6000, 2000, 0, 4000],
        "what the village does not have is offered to nobody"
    );
    let lots = lot::list(app, &market.listers[0], offer.id)
        .await
        .expect("its own lots");
    assert_eq!(lots[0].qty, Qty(6000));
}

async fn answers_once(app: &TestApp) {
    let market = app.market().await;
    let (order_id, ids) = two_villages(app, &market).await;
    let answer = trade::full_answer(&trade::show(app, &market, order_id).await, ids[0]);
    let (lister, key) = (&market.listers[0], app.key());
    for _ in 0..2 {
        village_order::answer(app, lister, &key, ids[0], answer.clone())
            .await
            .expect("the same answer again");
    }
    let again = village_order::answer(app, lister, &app.key(), ids[0], answer).await;
    assert_eq!(refused(again), Code::WrongState);
}

async fn moves_step_by_step(app: &TestApp) {
    let market = app.market().await;
    let (order_id, ids) = two_villages(app, &market).await;
    trade::confirm_all(app, &market, order_id).await;
    let status = async || {
        trade::show(app, &market, order_id)
            .await
            .village_orders
            .remove(0)
            .village_order
            .status
    };
    for (step, after) in [
        (MoveStep::Collect, Status::Confirmed),
        (MoveStep::Deliver, Status::Confirmed),
        (MoveStep::Pack, Status::Packed),
        (MoveStep::Pack, Status::Packed),
        (MoveStep::Deliver, Status::Packed),
        (MoveStep::Collect, Status::Collected),
        (MoveStep::Collect, Status::Collected),
        (MoveStep::Deliver, Status::Delivered),
        (MoveStep::Pack, Status::Delivered),
    ] {
        let moved = trade::advance(app, &market.operator, step, vec![ids[0]])
            .await
            .expect("the centre may try");
        assert_eq!(status().await, after, "{step:?}");
        assert_eq!(moved.moved.len() + moved.refused.len(), 1);
    }
    let row = trade::show(app, &market, order_id)
        .await
        .village_orders
        .remove(0)
        .village_order;
    assert_eq!(row.vehicle, "冷链 2 号车");
}

async fn names_those_that_cannot_move(app: &TestApp) {
    let market = app.market().await;
    let (first, mut ids) = two_villages(app, &market).await;
    let (_, more) = two_villages(app, &market).await;
    trade::confirm_all(app, &market, first).await;
    let unknown = app.new_id();
    ids.extend([more[0], unknown]);
    let moved = trade::advance(app, &market.operator, MoveStep::Pack, ids.clone())
        .await
        .expect("some move");
    let mut expected = vec![ids[0], ids[1]];
    expected.sort_unstable();
    assert_eq!(moved.moved, expected);
    let mut refused: Vec<_> = moved.refused.iter().map(|r| (r.id, r.status)).collect();
    refused.sort_unstable_by_key(|(id, _)| *id);
    let mut named = vec![(more[0], Some(Status::Offered)), (unknown, None)];
    named.sort_unstable_by_key(|(id, _)| *id);
    assert_eq!(refused, named);
    let none = trade::advance(app, &market.operator, MoveStep::Pack, vec![]).await;
    assert_eq!(wrong_fields(none), [("ids".to_owned(), FieldCode::Required)]);
    let vehicle = Some("车".repeat(41));
    let long = MoveIn {
        step: MoveStep::Collect,
        ids,
        vehicle,
    };
    let long = village_order::advance(app, &market.operator, &app.key(), long).await;
    assert_eq!(wrong_fields(long), [("vehicle".to_owned(), FieldCode::TooLong)]);
}

async fn belongs_to_its_village(app: &TestApp) {
    let market = app.market().await;
    let (order_id, ids) = two_villages(app, &market).await;
    let shown = trade::show(app, &market, order_id).await;
    let answer = trade::full_answer(&shown, ids[0]);
    let other = &market.listers[1];
    let tried = village_order::answer(app, other, &app.key(), ids[0], answer.clone()).await;
    assert_eq!(refused(tried), Code::NotFound);
    assert_eq!(
        refused(village_order::show(app, other, ids[0]).await),
        Code::NotFound
    );
    assert_eq!(
        refused(village_order::show(app, &market.buyers[1], ids[0]).await),
        Code::NotFound
    );
    assert_eq!(
        refused(village_order::show(app, &market.admin, ids[0]).await),
        Code::Forbidden
    );
    let tried = village_order::answer(app, &market.buyers[0], &app.key(), ids[0], answer).await;
    assert_eq!(refused(tried), Code::Forbidden);
    trade::confirm_all(app, &market, order_id).await;
    let both = trade::advance(app, &market.listers[0], MoveStep::Pack, ids.clone()).await;
    assert_eq!(refused(both), Code::NotFound, "one of them is another village's");
    trade::advance(app, &market.listers[0], MoveStep::Pack, vec![ids[0]])
        .await
        .expect("its own");
    let collect = trade::advance(app, &market.listers[0], MoveStep::Collect, vec![ids[0]]).await;
    assert_eq!(refused(collect), Code::Forbidden, "the centre collects");
    for (who, count) in [
        (&market.listers[0], 1),
        (&market.listers[1], 0),
        (&market.officers[0], 1),
        (&market.operator, 2),
    ] {
        let page = village_order::list(app, who, &VillageOrderQuery::default(), None, 50)
            .await
            .expect("each may list");
        assert_eq!(page.items.len(), count, "{}", who.sign_in_name);
    }
    for (who, count) in [(&market.buyers[0], 2), (&market.buyers[1], 0)] {
        let page = village_order::list(app, who, &VillageOrderQuery::default(), None, 50)
            .await
            .expect("units see their own");
        assert_eq!(page.items.len(), count);
    }
}

async fn says_when_the_centre_acts_for_a_village(app: &TestApp) {
    let market = app.market().await;
    let offer = market.list(5).lot(10_000).publish(app).await;
    let placed = trade::place(app, &market.buyers[0], &[(&offer, 1000)]).await;
    trade::confirm_all(app, &market, placed.id).await;
    let shown = trade::show(app, &market, placed.id).await;
    let confirmed = shown
        .timeline
        .iter()
        .find(|step| step.action == "village_order.confirm");
    let confirmed = confirmed.expect("the answer is on the timeline");
    assert_eq!(
        (confirmed.who.as_str(), confirmed.detail.as_str()),
        ("业务", "代办")
    );
    assert_eq!(confirmed.village_name.as_deref(), Some("东店子村"));
}
