//! The home page of the centre's finance: where the money is, how old it is, and whether the books agree with it.

use server::services::{bill, finance, settlement};
use shared::api::finance::{Agreement, FinanceOut, MoneyAge, MoneyPlace};
use shared::api::problem::Code;
use shared::domain::money::Fen;
use tests::settling::{accounts, confirm, pay, prepared, sent};
use tests::{Market, TestApp, both, receipts, refused, trade};

both![
    every_sum_is_where_it_is,
    a_day_is_reconciled_once_and_on_demand,
    what_does_not_agree_is_named,
];

fn of(out: &FinanceOut, place: MoneyPlace) -> &MoneyAge {
    out.money
        .iter()
        .find(|age| age.place == place)
        .expect("every place")
}

async fn seen(app: &TestApp, market: &Market) -> FinanceOut {
    finance::show(app, &market.finance).await.expect("may")
}

/// Village 0 is credited 27.00 yuan by the first unit.
async fn credited(app: &TestApp, market: &Market) {
    let offer = market.list(0).per_jin(300).lot(50_000).publish(app).await;
    trade::credited(app, market, &market.buyers[0], &[(&offer, 4_500)]).await;
}

async fn every_sum_is_where_it_is(app: &TestApp) {
    let market = app.market().await;
    credited(app, &market).await;
    let out = seen(app, &market).await;
    assert_eq!(
        (out.unbilled_fen, of(&out, MoneyPlace::Owed).sum_fen),
        (Fen(2_700), Fen::ZERO)
    );
    bill::issue_due(app).await.expect("bills are sent");
    app.pass_hours(24 * 40);
    let out = seen(app, &market).await;
    let owed = of(&out, MoneyPlace::Owed);
    assert_eq!(
        (owed.sum_fen, owed.count, owed.oldest_days),
        (Fen(2_700), 1, Some(40))
    );
    assert_eq!(owed.bands[2].sum_fen, Fen(2_700), "31 to 60 days old");
    let overdue = of(&out, MoneyPlace::Overdue);
    assert_eq!((overdue.sum_fen, overdue.oldest_days), (Fen(2_700), Some(10)));
    assert_eq!(overdue.bands[1].count, 1, "8 to 30 days late");
    accounts(app, &market).await;
    pay(app, &market, 0).await;
    let out = seen(app, &market).await;
    assert_eq!(of(&out, MoneyPlace::Owed).sum_fen, Fen::ZERO);
    assert_eq!(of(&out, MoneyPlace::Owed).oldest_days, None);
    let unsettled = of(&out, MoneyPlace::Unsettled);
    assert_eq!((unsettled.sum_fen, unsettled.count), (Fen(2_700), 1));
    let batch = sent(app, &market).await;
    app.pass_hours(24 * 9);
    let out = seen(app, &market).await;
    assert_eq!(of(&out, MoneyPlace::Unsettled).sum_fen, Fen::ZERO);
    let transit = of(&out, MoneyPlace::InTransit);
    assert_eq!((transit.sum_fen, transit.oldest_days), (Fen(2_700), Some(9)));
    assert_eq!(transit.bands[1].sum_fen, Fen(2_700));
    confirm(app, &market, &batch.items.items[0]).await;
    let out = seen(app, &market).await;
    assert_eq!(of(&out, MoneyPlace::InTransit).sum_fen, Fen::ZERO);
    let stranger = finance::show(app, &market.operator).await;
    assert_eq!(refused(stranger), Code::Forbidden);
}

async fn a_day_is_reconciled_once_and_on_demand(app: &TestApp) {
    let market = app.market().await;
    credited(app, &market).await;
    accounts(app, &market).await;
    assert_eq!(finance::reconcile_daily(app).await.expect("readable"), 1);
    assert_eq!(
        finance::reconcile_daily(app).await.expect("readable"),
        0,
        "once a day"
    );
    pay(app, &market, 0).await;
    prepared(app, &market).await;
    let key = app.key();
    let asked = finance::reconcile(app, &market.finance, &key).await.expect("may");
    assert!(asked.balanced, "{asked:?}");
    assert_eq!(asked.by_name.as_deref(), Some("中心财务"));
    let again = finance::reconcile(app, &market.finance, &key)
        .await
        .expect("the same");
    assert_eq!(again.at, asked.at);
    let reader = finance::reconcile(app, &market.auditor, &app.key()).await;
    assert_eq!(refused(reader), Code::Forbidden);
    app.pass_hours(24);
    assert_eq!(finance::reconcile_daily(app).await.expect("readable"), 1);
    let all = finance::reconciliations(app, &market.auditor, None, 10)
        .await
        .expect("may");
    assert_eq!(all.items.len(), 3);
    assert!(all.items.iter().all(|one| one.balanced));
    assert_eq!(app.count("notices where kind = 'books_off'").await, 0);
    let batches = settlement::list(app, &market.finance, None, None, 10)
        .await
        .expect("may");
    let out = seen(app, &market).await;
    assert_eq!(out.batches_open, i64::try_from(batches.items.len()).expect("few"));
}

async fn what_does_not_agree_is_named(app: &TestApp) {
    let market = app.market().await;
    credited(app, &market).await;
    receipts::paid(app, &market, 0, &[], Fen(500)).await;
    let damage = "update payables set amount_fen = amount_fen + 1";
    app.sql(damage, []).await;
    assert_eq!(finance::reconcile_daily(app).await.expect("readable"), 1);
    let out = seen(app, &market).await;
    let newest = out.reconciliations.first().expect("it was kept");
    assert!(!newest.balanced);
    let line = newest.lines.iter().find(|line| line.what == Agreement::Payables);
    let line = line.expect("compared");
    assert_eq!((line.ledger_fen, line.lists_fen), (Fen(2_700), Fen(2_701)));
    assert_eq!(line.off_by_fen(), Fen(-1));
    assert!(
        newest
            .wrong
            .iter()
            .any(|wrong| wrong.starts_with("payables_equal_balances"))
    );
    assert_eq!(
        app.count("notices where kind = 'books_off'").await,
        1,
        "the finance is told"
    );
    app.sql("update payables set amount_fen = amount_fen - 1", [])
        .await;
}
