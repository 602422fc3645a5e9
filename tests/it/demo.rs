//! The demonstration market: loaded by calling the use cases, so it is the longest test of all of them.

use server::services::verify;
use shared::domain::calendar::Day;
use tests::{Engine, TestApp, both, run};

both![fills_a_market_with_a_true_year];

/// The year that has passed is another one every day: other goods are in season, months and years end in it elsewhere.
const DAYS: [(i32, u32, u32); 5] = [
    (2026, 12, 1),
    (2027, 1, 1),
    (2027, 3, 31),
    (2027, 7, 16),
    (2028, 2, 29),
];

#[test]
fn fills_a_market_on_whatever_day() {
    for (year, month, day) in DAYS {
        run(Engine::Sqlite, async |app| {
            let day = Day::from_ymd(year, month, day).expect("a day of the calendar");
            println!("{day}");
            app.clock.set(day.start().plus_hours(9));
            fills_a_market_with_a_true_year(app).await;
        });
    }
}

async fn fills_a_market_with_a_true_year(app: &TestApp) {
    server::demo::load(app)
        .await
        .expect("the demonstration loads into a new database");
    for (table, count) in [
        ("towns", 28),
        ("villages", 949),
        ("aid_units", 135),
        ("produce", 17),
    ] {
        assert_eq!(app.count(table).await, count, "{table}");
    }
    assert_eq!(
        app.number("select count(*) from villages where aided", []).await,
        315
    );
    let units = app
        .number(
            "select count(*) from aid_units where demo and name like '%示例%'",
            [],
        )
        .await;
    assert_eq!(units, 135, "invented units say so");
    for table in [
        "offers",
        "lots",
        "orders",
        "acceptances",
        "ledger_transactions",
        "pairings",
        "village_incomes",
    ] {
        assert!(app.count(table).await > 10, "{table}");
    }
    assert_eq!(app.count("claims").await, 2, "one is agreed to, one is open");
    // Something stands in every column of the centre's board.
    for status in [
        "offered",
        "confirmed",
        "packed",
        "collected",
        "delivered",
        "credited",
    ] {
        let sql = "select count(*) from village_orders where status = $1";
        assert!(app.number(sql, [status.into()]).await > 0, "{status}");
    }
    let found = verify::run(app).await.expect("the books can be read");
    // Nobody pays online in the demonstration: no provider stands behind it.
    let online = [
        "payments_equal_ledger",
        "refund_orders_equal_ledger",
        "refunds_equal_ledger_and_payments",
    ];
    for check in &found.checks {
        assert!(check.wrong.is_none(), "{check:?}");
        assert_eq!(
            check.looked_at > 0,
            !online.contains(&check.name.as_str()),
            "{check:?}"
        );
    }
    assert!(
        server::demo::load(app).await.is_err(),
        "a market that is not empty is left alone"
    );
    assert!(app.config.data.join("demo-sign-in.txt").is_file());
}
