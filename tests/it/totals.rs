//! What everybody may see, where a year ends, what stands out, and the way from a number to the request.

use server::services::{exception, income, totals, trail};
use server::store;
use shared::api::problem::Code;
use shared::domain::calendar::{Day, start_of_year};
use shared::domain::money::Fen;
use tests::market::VILLAGES;
use tests::{Market, TestApp, both, refused, trade};

/// All turnover as it is kept.
const TURNOVER: &str = "select cast(coalesce(sum(turnover_fen), 0) as bigint) from market_months";

both![
    ends_a_year_at_midnight_in_shanghai,
    sums_the_year_for_everybody,
    names_what_stands_out,
    follows_any_number_to_the_request,
];

async fn ends_a_year_at_midnight_in_shanghai(app: &TestApp) {
    let market = app.market().await;
    let offer = market.list(0).per_jin(1000).lot(50_000).publish(app).await;
    let buyer = &market.buyers[0];
    let next = app.today().year() + 1;
    let mut orders = Vec::new();
    for _ in 0..2 {
        orders.push(trade::delivered(app, &market, buyer, &[(&offer, 1_000)]).await);
    }
    // One second before the year ends, and at its first moment: in UTC both are the afternoon of 31 December.
    for (order, at) in orders
        .iter()
        .zip([start_of_year(next).plus_us(-1), start_of_year(next)])
    {
        app.clock.set(at);
        let lines = trade::as_expected(app, &market, *order).await;
        trade::accept(app, &market, buyer, *order, &lines).await;
    }
    for (year, month) in [(next - 1, 12), (next, 1)] {
        let asked = (Some(year), Some(month));
        let earned = income::of_month(app, &market.auditor, VILLAGES[0].0, asked, None, 50).await;
        let earned = earned.expect("the auditor reads");
        assert_eq!(earned.total_fen, Fen(2000), "{year}");
        let at = usize::try_from(month - 1).expect("a month");
        assert_eq!(earned.months[at], Fen(2000), "{year}-{month}");
        assert_eq!(earned.statement.items.len(), 1, "{year}-{month}");
        let day = earned.statement.items[0].day;
        assert_eq!(
            day,
            Day::from_ymd(year, month, if month == 12 { 31 } else { 1 }).expect("a day")
        );
        let out = totals::totals(app, Some(year)).await.expect("everybody reads");
        assert_eq!(
            (out.turnover_fen, out.credited_fen),
            (Fen(2000), Fen(2000)),
            "{year}"
        );
        assert_eq!(out.months[at].turnover_fen, Fen(2000), "{year}-{month}");
    }
    let wrong = income::of_month(app, &market.auditor, VILLAGES[0].0, (None, Some(13)), None, 50).await;
    assert_eq!(refused(wrong), Code::Invalid);
}

async fn sums_the_year_for_everybody(app: &TestApp) {
    let market = app.market().await;
    let (mushroom, honey) = sold(app, &market).await;
    let out = totals::totals(app, None).await.expect("everybody reads");
    assert_eq!(out.turnover_fen, Fen(mushroom + honey));
    assert_eq!(
        out.credited_fen,
        Fen(mushroom + honey),
        "all of it is the villages'"
    );
    assert_eq!(out.villages.len(), VILLAGES.len());
    let town = out
        .towns
        .iter()
        .find(|t| t.code == VILLAGES[0].0[..9])
        .expect("the town");
    assert_eq!(
        (town.villages, town.earning, town.credited_fen),
        (2, 1, Fen(mushroom))
    );
    let before = app.number(TURNOVER, []).await;
    store::totals::refill(&app.db).await.expect("filled again");
    assert_eq!(app.number(TURNOVER, []).await, before);
    let again = totals::totals(app, None).await.expect("everybody reads");
    assert_eq!(
        again, out,
        "filling from the documents gives what was added one by one"
    );
    let used = server::store::statements();
    totals::totals(app, None).await.expect("everybody reads");
    let used = server::store::statements() - used;
    assert!(used <= 5, "{used} statements");
}

/// Two sales in two towns; their sums.
async fn sold(app: &TestApp, market: &Market) -> (i64, i64) {
    let first = market.list(0).per_jin(900).lot(50_000).publish(app).await;
    let second = market.list(2).per_bottle(4500).lot(100).publish(app).await;
    trade::credited(app, market, &market.buyers[0], &[(&first, 5_000)]).await;
    trade::credited(app, market, &market.buyers[1], &[(&second, 2)]).await;
    (9000, 9000)
}

async fn names_what_stands_out(app: &TestApp) {
    let market = app.market().await;
    let offer = market.list(0).per_jin(900).lot(50_000).publish(app).await;
    trade::place(app, &market.buyers[0], &[(&offer, 1_000)]).await;
    app.clock.advance_s((app.config.confirm_hours - 1) * 3600);
    let own = exception::exceptions(app, &market.officers[0], None)
        .await
        .expect("its town");
    assert_eq!(own.late_answers.len(), 1, "due within six hours");
    let quiet: Vec<&str> = own.without_offers.iter().map(|v| v.code.as_str()).collect();
    assert_eq!(quiet, [VILLAGES[1].0], "the other aided village of the town");
    let other = exception::exceptions(app, &market.officers[1], None)
        .await
        .expect("its town");
    assert!(other.late_answers.is_empty());
    let not_its = exception::exceptions(app, &market.officers[0], Some(&VILLAGES[2].0[..9])).await;
    assert_eq!(refused(not_its), Code::NotFound);
    let all = exception::exceptions(app, &market.auditor, None)
        .await
        .expect("the district");
    assert_eq!(all.without_offers.len(), 4);
    assert_eq!(
        refused(exception::exceptions(app, &market.buyers[0], None).await),
        Code::Forbidden
    );
}

async fn follows_any_number_to_the_request(app: &TestApp) {
    let market = app.market().await;
    let offer = market.list(0).per_jin(900).lot(50_000).publish(app).await;
    let posted = trade::credited(app, &market, &market.buyers[0], &[(&offer, 5_000)])
        .await
        .acceptance;
    let shown = trade::show(app, &market, posted.order_id).await;
    let numbers = [
        posted.number.clone().expect("numbered"),
        posted.order_number.clone(),
        shown.village_orders[0].village_order.number.clone(),
        posted.lines[0].lot_code.clone(),
        posted.transaction_id.expect("posted").to_string(),
    ];
    for number in &numbers {
        let found = trail::follow(app, &market.auditor, number)
            .await
            .expect("the auditor follows");
        assert_eq!(found.rows.len(), 1, "{number}");
        let row = &found.rows[0];
        assert_eq!(
            row.entry.as_ref().expect("credited").amount_fen,
            Fen(9000),
            "{number}"
        );
        let signed = row.acceptance.as_ref().expect("accepted");
        assert!(signed.unit_person_name.is_some() && signed.centre_person_name.is_some());
        assert_eq!(row.order.requested_by_name, "采购0");
    }
    let nothing = trail::follow(app, &market.auditor, "D990101-22222")
        .await
        .expect("no such number");
    assert!(nothing.rows.is_empty());
    assert_eq!(
        refused(trail::follow(app, &market.buyers[0], "x").await),
        Code::Forbidden
    );
    let lister = trail::follow(app, &market.listers[0], "x").await;
    assert_eq!(refused(lister), Code::Forbidden);
}
