//! The steps of the main job, each by the person whose step it is.

use crate::{Market, Offer, Person, TestApp};
use server::services::{Error, acceptance, bill, order, village_order};
use shared::api::acceptance::{AcceptLineIn, SignIn, SignOut};
use shared::api::bill::{BillOut, BillQuery};
use shared::api::order::{FundType, OrderIn, OrderLineIn, OrderOut, PlacedOut};
use shared::api::village_order::{AnswerIn, AnswerLineIn, MoveIn, MoveOut, MoveStep};
use shared::domain::calendar::Day;
use shared::domain::quantity::Qty;
use uuid::Uuid;

/// An order of these goods, wanted tomorrow.
#[must_use]
pub fn order_of(today: Day, lines: &[(&Offer, i64)]) -> OrderIn {
    OrderIn {
        fund: FundType::Canteen,
        address: "蓟州区示例路 1 号食堂后门".to_owned(),
        contact: "李明 13800000000".to_owned(),
        wanted_on: today.add_days(1),
        note: String::new(),
        lines: lines
            .iter()
            .map(|(offer, qty)| OrderLineIn {
                offer_id: offer.id,
                version_id: None,
                qty: Qty(*qty),
            })
            .collect(),
    }
}

/// Places an order.
///
/// # Errors
/// What the use case answers.
pub async fn try_place(app: &TestApp, buyer: &Person, lines: &[(&Offer, i64)]) -> Result<PlacedOut, Error> {
    order::place(app, buyer, &app.key(), order_of(app.today(), lines), None).await
}

/// Places an order that must succeed.
///
/// # Panics
/// When it is refused.
pub async fn place(app: &TestApp, buyer: &Person, lines: &[(&Offer, i64)]) -> PlacedOut {
    try_place(app, buyer, lines).await.expect("the order is placed")
}

/// An order as the auditor sees it.
///
/// # Panics
/// When there is none.
pub async fn show(app: &TestApp, market: &Market, id: Uuid) -> OrderOut {
    order::show(app, &market.auditor, id)
        .await
        .expect("the auditor reads orders")
}

/// The answer that says yes to everything of a village order, changed where asked.
#[must_use]
pub fn full_answer(order: &OrderOut, village_order: Uuid) -> AnswerIn {
    let found = order
        .village_orders
        .iter()
        .find(|v| v.village_order.id == village_order);
    let lines = found.map(|v| v.lines.as_slice()).unwrap_or_default();
    let line = |line: &shared::api::village_order::OrderLineOut| AnswerLineIn {
        line_id: line.id,
        qty: line.qty,
        reason: None,
    };
    AnswerIn {
        lines: lines.iter().map(line).collect(),
    }
}

/// Every village confirms all of its part.
///
/// # Panics
/// When one is refused.
pub async fn confirm_all(app: &TestApp, market: &Market, order_id: Uuid) {
    let shown = show(app, market, order_id).await;
    for village in &shown.village_orders {
        let id = village.village_order.id;
        let lister = market.lister(market.village_at(&village.village_order.village_code));
        let answer = full_answer(&shown, id);
        village_order::answer(app, lister, &app.key(), id, answer)
            .await
            .expect("the village confirms");
    }
}

/// Moves village orders, as the centre.
///
/// # Errors
/// What the use case answers.
pub async fn advance(app: &TestApp, who: &Person, step: MoveStep, ids: Vec<Uuid>) -> Result<MoveOut, Error> {
    let vehicle = (step == MoveStep::Collect).then(|| "冷链 2 号车".to_owned());
    village_order::advance(app, who, &app.key(), MoveIn { step, ids, vehicle }).await
}

/// Packs, collects and delivers whatever of an order still moves.
///
/// # Panics
/// When a step is refused.
pub async fn deliver(app: &TestApp, market: &Market, order_id: Uuid) {
    let shown = show(app, market, order_id).await;
    let ids: Vec<Uuid> = shown.village_orders.iter().map(|v| v.village_order.id).collect();
    for step in [MoveStep::Pack, MoveStep::Collect, MoveStep::Deliver] {
        advance(app, &market.operator, step, ids.clone())
            .await
            .expect("the centre moves goods");
    }
}

/// An order that stands confirmed and delivered at the door.
pub async fn delivered(app: &TestApp, market: &Market, buyer: &Person, lines: &[(&Offer, i64)]) -> Uuid {
    let placed = place(app, buyer, lines).await;
    confirm_all(app, market, placed.id).await;
    deliver(app, market, placed.id).await;
    placed.id
}

/// What is to be weighed, taken as expected.
///
/// # Panics
/// When nothing waits at the door.
pub async fn as_expected(app: &TestApp, market: &Market, order_id: Uuid) -> SignIn {
    let open = acceptance::of_order(app, &market.auditor, order_id)
        .await
        .expect("something waits at the door");
    let line = |line: &shared::api::acceptance::AcceptanceLineOut| AcceptLineIn {
        line_id: line.line_id,
        qty: line.expected_qty,
        reason: None,
        remark: String::new(),
        photo_id: None,
    };
    SignIn {
        lines: open.lines.iter().map(line).collect(),
    }
}

/// Signs for one's side.
///
/// # Errors
/// What the use case answers.
pub async fn sign(app: &TestApp, who: &Person, order_id: Uuid, lines: &SignIn) -> Result<SignOut, Error> {
    acceptance::sign(app, who, &app.key(), order_id, lines.clone()).await
}

/// Both sides sign these lines; what was posted.
///
/// # Panics
/// When a signature is refused, or two of them do not post.
pub async fn accept(
    app: &TestApp,
    market: &Market,
    buyer: &Person,
    order_id: Uuid,
    lines: &SignIn,
) -> SignOut {
    let first = sign(app, buyer, order_id, lines).await.expect("the unit signs");
    assert_eq!(first.acceptance.posted_at, None, "one signature posts nothing");
    let second = sign(app, &market.driver, order_id, lines)
        .await
        .expect("the centre signs");
    assert!(second.acceptance.posted_at.is_some(), "two signatures post");
    second
}

/// An order all the way to its credit, everything as ordered.
pub async fn credited(app: &TestApp, market: &Market, buyer: &Person, lines: &[(&Offer, i64)]) -> SignOut {
    let order_id = delivered(app, market, buyer, lines).await;
    let weighed = as_expected(app, market, order_id).await;
    accept(app, market, buyer, order_id, &weighed).await
}

/// The newest bill of a unit, sent if it was not yet.
///
/// # Panics
/// When it has none.
pub async fn bill_of(app: &TestApp, market: &Market, unit: usize) -> BillOut {
    bill::issue_due(app).await.expect("bills are sent");
    let query = BillQuery {
        unit_id: Some(market.units[unit].id),
        ..BillQuery::default()
    };
    let bills = bill::list(app, &market.finance, &query, None, 1)
        .await
        .expect("the centre's finance reads bills");
    let newest = bills.items.first().expect("the unit has a bill").id;
    bill::show(app, &market.finance, newest)
        .await
        .expect("it is there")
}
