//! What use cases cost in SQL statements: a fixed number, however much is in them.

use server::services::{approval, catalogue, income, order};
use server::store;
use shared::api::approval::{DecisionIn, PolicyIn};
use shared::api::catalogue::CatalogueQuery;
use shared::domain::approval::ApprovalKind;
use shared::domain::money::Fen;
use tests::{Market, Offer, TestApp, both_alone, trade};

both_alone![
    an_order_costs_the_same_for_3_lines_and_for_30,
    a_catalogue_page_costs_three,
    an_overview_costs_one,
    a_posting_costs_nine,
];

/// Offers over all villages, as many as an order can have lines here.
async fn shelf(app: &TestApp, market: &Market, count: usize) -> Vec<Offer> {
    let mut offers = Vec::new();
    for at in 0..count {
        offers.push(
            market
                .list(at % 5)
                .per_jin(900 + 7 * i64::try_from(at).expect("small"))
                .lot(90_000)
                .publish(app)
                .await,
        );
    }
    offers
}

async fn an_order_costs_the_same_for_3_lines_and_for_30(app: &TestApp) {
    let market = app.market().await;
    let offers = shelf(app, &market, 30).await;
    for kind in [ApprovalKind::Off, ApprovalKind::Always] {
        order_costs(app, &market, &offers, kind).await;
    }
}

/// What an order costs, placed at once or asked for and then approved.
async fn order_costs(app: &TestApp, market: &Market, offers: &[Offer], kind: ApprovalKind) {
    let policy = PolicyIn {
        kind,
        above_fen: Fen::ZERO,
    };
    approval::set_policy(app, &market.approver, &app.key(), market.units[0].id, policy)
        .await
        .expect("the unit has an approver");
    let mut costs = Vec::new();
    for count in [3, 30] {
        let lines: Vec<(&Offer, i64)> = offers.iter().take(count).map(|offer| (offer, 500)).collect();
        let before = store::statements();
        let placed = trade::place(app, &market.buyers[0], &lines).await;
        let asked = store::statements() - before;
        if placed.requested {
            let decision = DecisionIn {
                approve: true,
                revision: 1,
                note: String::new(),
            };
            order::decide(app, &market.approver, &app.key(), placed.id, decision)
                .await
                .expect("approved");
        }
        costs.push((asked, store::statements() - before - asked));
    }
    assert_eq!(costs[0], costs[1], "lines cost no statements");
    let (asked, decided) = costs[0];
    assert!(
        (5..=10).contains(&asked) && decided <= 10,
        "{costs:?}: with BEGIN and COMMIT at most twelve"
    );
}

async fn a_catalogue_page_costs_three(app: &TestApp) {
    let market = app.market().await;
    shelf(app, &market, 30).await;
    // The first one builds the index of what is on sale.
    catalogue::list(app, None, &CatalogueQuery::default())
        .await
        .expect("the shelf is public");
    let before = store::statements();
    let page = catalogue::list(app, None, &CatalogueQuery::default())
        .await
        .expect("the shelf is public");
    assert_eq!(page.page.items.len(), 24);
    assert!(
        store::statements() - before <= 3,
        "{}",
        store::statements() - before
    );
}

async fn an_overview_costs_one(app: &TestApp) {
    let market = app.market().await;
    let offers = shelf(app, &market, 2).await;
    trade::credited(
        app,
        &market,
        &market.buyers[0],
        &[(&offers[0], 1000), (&offers[1], 500)],
    )
    .await;
    let before = store::statements();
    let all = income::overview(app, &market.auditor, None, None, None, 50)
        .await
        .expect("the auditor may");
    assert_eq!(store::statements() - before, 1);
    assert_eq!(
        all.page.items.iter().filter(|row| row.acceptances == 1).count(),
        2
    );
}

async fn a_posting_costs_nine(app: &TestApp) {
    app.market().await;
    for round in 0..3 {
        let before = store::statements();
        crate::books::post(app, crate::books::rent(app, 0, app.now(), 1000 + round))
            .await
            .expect("an open month");
        let cost = store::statements() - before;
        // Found nothing yet, the chain taken and read, the transaction, its entries, the chain moved, balances (which ask
        // whether the month is open), incomes of the month and of the year.
        assert_eq!(cost, 9, "round {round}");
    }
}
