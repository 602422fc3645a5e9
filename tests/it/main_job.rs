//! The main job, from a listing to the village's income, through the use cases.

use server::services::{catalogue, income, ledger};
use shared::api::income::MoneyState;
use shared::domain::ledger::AccountKind;
use shared::domain::money::Fen;
use shared::domain::order::OrderStatus;
use shared::domain::village_order::VillageOrderStatus;
use tests::market::VILLAGES;
use tests::{TestApp, both, trade};

both![runs_from_the_listing_to_the_income];

async fn runs_from_the_listing_to_the_income(app: &TestApp) {
    let market = app.market().await;
    let mushrooms = market.list(0).per_jin(850).lot(100_000).publish(app).await;
    let honey = market.list(4).per_bottle(4500).lot(20).publish(app).await;
    let page = catalogue::page(app, None, mushrooms.id)
        .await
        .expect("what was published is on the shelf");
    assert_eq!((page.card.village_fen, page.card.free.0), (Fen(850), 100_000));

    let buyer = &market.buyers[0];
    let placed = trade::place(app, buyer, &[(&mushrooms, 25_000), (&honey, 4)]).await;
    assert_eq!((placed.villages, placed.total_fen), (2, Fen(50 * 850 + 4 * 4500)));
    assert_eq!(
        mushrooms.stock(app, &market).await,
        [[100_000, 25_000, 0, 75_000]]
    );

    app.pass_hours(2);
    trade::confirm_all(app, &market, placed.id).await;
    assert_eq!(
        trade::show(app, &market, placed.id).await.order.status,
        OrderStatus::Confirmed
    );
    trade::deliver(app, &market, placed.id).await;
    let weighed = trade::as_expected(app, &market, placed.id).await;
    let done = trade::accept(app, &market, buyer, placed.id, &weighed)
        .await
        .acceptance;

    let shown = trade::show(app, &market, placed.id).await;
    assert_eq!(
        (shown.order.status, shown.order.accepted_fen),
        (OrderStatus::Accepted, Some(placed.total_fen))
    );
    assert!(
        shown
            .village_orders
            .iter()
            .all(|v| v.village_order.status == VillageOrderStatus::Credited)
    );
    assert_eq!(
        mushrooms.stock(app, &market).await,
        [[100_000, 0, 25_000, 75_000]]
    );

    for (village, expected) in [(0, 50 * 850), (4, 4 * 4500)] {
        let lister = &market.listers[village];
        let earned = income::income(app, lister, VILLAGES[village].0, None, None, 50)
            .await
            .expect("its own income");
        assert_eq!(
            (earned.credited_fen, earned.paid_fen, earned.settled_fen),
            (Fen(expected), Fen(0), Fen(0))
        );
        assert_eq!(earned.months.iter().map(|month| month.0).sum::<i64>(), expected);
        let [line] = earned.statement.items.as_slice() else {
            panic!("one line: {:?}", earned.statement)
        };
        assert_eq!((line.amount_fen, line.state), (Fen(expected), MoneyState::Unpaid));
        assert_eq!(
            (Some(line.document_id), Some(line.transaction_id)),
            (done.id, done.transaction_id)
        );
    }
    let transaction = done.transaction_id.expect("a credit was posted");
    let posted = ledger::transaction(app, &market.auditor, transaction)
        .await
        .expect("the auditor reads it");
    let receivable = posted
        .entries
        .iter()
        .find(|entry| entry.account == AccountKind::UnitReceivable);
    assert_eq!(receivable.map(|entry| entry.amount_fen), Some(placed.total_fen));
    assert_eq!(
        posted.entries.iter().map(|entry| entry.amount_fen.0).sum::<i64>(),
        0
    );
}
