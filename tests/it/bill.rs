//! Bills: sent once, for orders or months, paid oldest first, taken back exactly; what is paid is released to the villages.

use server::services::{bill, income, receipt, verify};
use shared::api::bill::{BillingIn, DepositPaymentIn};
use shared::api::problem::{Code, FieldCode};
use shared::api::receipt::{ConfirmIn, TakeBackIn};
use shared::domain::bill::{BillStatus, Billing, PayWay};
use shared::domain::calendar::Day;
use shared::domain::money::Fen;
use shared::domain::transfer_code::TransferCode;
use tests::app::first_day;
use tests::market::VILLAGES;
use tests::{Market, TestApp, both, receipts, refused, trade, wrong_fields};
use uuid::Uuid;

both![
    an_order_is_billed_once_it_is_whole,
    a_month_is_billed_on_its_end,
    is_paid_oldest_first_and_taken_back_exactly,
    is_paid_from_the_deposit_and_no_more,
    reminds_a_week_before_on_the_day_and_after,
    an_account_adds_up,
];

/// Two villages' goods for the first unit: the sums of both.
async fn two_villages(app: &TestApp, market: &Market) -> [Fen; 2] {
    let one = market.list(0).per_jin(300).lot(50_000).publish(app).await;
    let two = market.list(2).per_jin(500).lot(50_000).publish(app).await;
    trade::credited(app, market, &market.buyers[0], &[(&one, 5_000), (&two, 1_000)]).await;
    [Fen(3_000), Fen(1_000)]
}

async fn an_order_is_billed_once_it_is_whole(app: &TestApp) {
    let market = app.market().await;
    let offer = market.list(0).per_jin(300).lot(50_000).publish(app).await;
    trade::delivered(app, &market, &market.buyers[0], &[(&offer, 1_000)]).await;
    assert_eq!(
        bill::issue_due(app).await.expect("readable"),
        0,
        "nothing is signed for"
    );
    let sums = two_villages(app, &market).await;
    let bill = trade::bill_of(app, &market, 0).await;
    assert_eq!(bill.row.total_fen, sums[0].checked_add(sums[1]).expect("fits"));
    assert_eq!((bill.row.status, bill.lines.len()), (BillStatus::Billed, 2));
    assert!(TransferCode::parse(&bill.row.transfer_code).is_some());
    assert_eq!(bill.row.due_on, app.today().add_days(30), "a public body's terms");
    assert_eq!(
        bill::issue_due(app).await.expect("readable"),
        0,
        "nothing is billed twice"
    );
    let again = bill::issue(app, &market.finance, &app.key()).await.expect("may");
    assert_eq!(again.issued, 0);
    assert_eq!(app.count("notices where kind = 'bill_issued'").await, 1);
    assert!(verify::run(app).await.expect("readable").clean);
}

async fn a_month_is_billed_on_its_end(app: &TestApp) {
    let market = app.market().await;
    let monthly = BillingIn {
        billing: Billing::Month,
    };
    let unit = market.units[0].id;
    let stranger = bill::set_billing(app, &market.buyers[1], &app.key(), unit, monthly.clone()).await;
    assert_eq!(refused(stranger), Code::Forbidden);
    bill::set_billing(app, &market.unit_finance, &app.key(), unit, monthly)
        .await
        .expect("the unit's finance says so");
    two_villages(app, &market).await;
    two_villages(app, &market).await;
    assert_eq!(
        bill::issue_due(app).await.expect("readable"),
        0,
        "the month is not over"
    );
    let (_, _, date) = app.today().ymd();
    app.pass_hours(24 * (31 - i64::from(date)) + 48);
    assert_eq!(bill::issue_due(app).await.expect("readable"), 1);
    let bill = trade::bill_of(app, &market, 0).await;
    assert_eq!(bill.lines.len(), 4);
    assert_eq!(bill.row.total_fen, Fen(8_000));
    assert_eq!(bill.row.month.map(Day::month), Some(first_day().month()));
    assert!(verify::run(app).await.expect("readable").clean);
}

/// More than is open, past the rooms that would never ask for it.
async fn overpay(app: &TestApp, bill_id: Uuid, amount: Fen) -> Result<(), server::services::Error> {
    let inner = app.app.clone();
    app.db
        .write(move |tx| {
            let app = inner.clone();
            Box::pin(async move {
                let payment = bill::Payment {
                    bill_id,
                    amount_fen: amount,
                    way: PayWay::Bank,
                    source_id: app.new_id(),
                    transaction_id: app.new_id(),
                };
                bill::pay(tx, app.now(), &payment).await
            })
        })
        .await
}

async fn is_paid_oldest_first_and_taken_back_exactly(app: &TestApp) {
    let market = app.market().await;
    let sums = two_villages(app, &market).await;
    let made = trade::bill_of(app, &market, 0).await;
    let first = Fen::checked_sum(made.lines.first().map(|line| line.amount_fen)).expect("fits");
    assert!(sums.contains(&first));
    receipts::paid(app, &market, 0, &[(made.row.id, first)], Fen::ZERO).await;
    let part = bill::show(app, &market.finance, made.row.id)
        .await
        .expect("there");
    assert_eq!(part.row.status, BillStatus::PartPaid);
    assert_eq!(part.lines[0].paid_fen, first);
    assert_eq!(part.lines[1].paid_fen, Fen::ZERO);
    let paid_village = &part.lines[0].village_code;
    for (code, name) in VILLAGES.iter().map(|v| (v.0, v.1)) {
        let shown = income::income(app, &market.auditor, code, None, None, 10)
            .await
            .expect("there");
        let wanted = if code == paid_village { first } else { Fen::ZERO };
        assert_eq!(shown.paid_fen, wanted, "{name}");
    }
    assert!(verify::run(app).await.expect("readable").clean);
    let too_much = overpay(app, made.row.id, Fen(4_000)).await;
    assert_eq!(refused(too_much), Code::MoreThanOpen);
    let rest = part.row.open_fen;
    let last = receipts::paid(app, &market, 0, &[(made.row.id, rest)], Fen::ZERO).await;
    let paid = bill::show(app, &market.finance, made.row.id)
        .await
        .expect("there");
    assert_eq!((paid.row.status, paid.payments.len()), (BillStatus::Paid, 2));
    take_back(app, &market, last.row.id).await;
    let back = bill::show(app, &market.finance, made.row.id)
        .await
        .expect("there");
    assert_eq!((back.row.status, back.row.open_fen), (BillStatus::PartPaid, rest));
    assert_eq!(back.lines[1].paid_fen, Fen::ZERO);
    assert!(verify::run(app).await.expect("readable").clean);
}

/// Two people take back what a receipt paid.
async fn take_back(app: &TestApp, market: &Market, receipt_id: Uuid) {
    let shown = receipt::show(app, &market.finance, receipt_id)
        .await
        .expect("there");
    let match_id = shown.matches[0].id;
    let asked = TakeBackIn {
        match_id,
        reason: "对错了".to_owned(),
    };
    receipt::ask_back(app, &market.finance, &app.key(), receipt_id, asked)
        .await
        .expect("it is posted");
    let second = &market.second_finance;
    receipt::confirm(app, second, &app.key(), receipt_id, ConfirmIn { match_id })
        .await
        .expect("it is taken back");
}

async fn is_paid_from_the_deposit_and_no_more(app: &TestApp) {
    let market = app.market().await;
    two_villages(app, &market).await;
    let made = trade::bill_of(app, &market, 0).await;
    let give = |amount| DepositPaymentIn {
        amount_fen: Fen(amount),
    };
    let nothing = bill::pay_from_deposit(app, &market.finance, &app.key(), made.row.id, give(100)).await;
    assert_eq!(
        wrong_fields(nothing),
        vec![("amount_fen".to_owned(), FieldCode::TooLarge)]
    );
    assert_eq!(app.count("ledger_transactions").await, 1, "nothing was posted");
    receipts::paid(app, &market, 0, &[], Fen(1_500)).await;
    let shown = bill::show(app, &market.finance, made.row.id)
        .await
        .expect("there");
    assert_eq!(shown.deposit_fen, Fen(1_500));
    let more = bill::pay_from_deposit(app, &market.finance, &app.key(), made.row.id, give(1_501)).await;
    assert_eq!(wrong_fields(more)[0].1, FieldCode::TooLarge);
    let keys = [app.key(), app.key()];
    let (one, two) = tokio::join!(
        bill::pay_from_deposit(app, &market.finance, &keys[0], made.row.id, give(1_000)),
        bill::pay_from_deposit(app, &market.finance, &keys[1], made.row.id, give(1_000)),
    );
    assert_eq!(
        [&one, &two].iter().filter(|done| done.is_ok()).count(),
        1,
        "one deposit, once"
    );
    let shown = bill::show(app, &market.finance, made.row.id)
        .await
        .expect("there");
    assert_eq!((shown.deposit_fen, shown.row.paid_fen), (Fen(500), Fen(1_000)));
    assert!(verify::run(app).await.expect("readable").clean);
}

async fn reminds_a_week_before_on_the_day_and_after(app: &TestApp) {
    let market = app.market().await;
    two_villages(app, &market).await;
    trade::bill_of(app, &market, 0).await;
    // Days since it was sent, due after 30, and how many reminders were told by then.
    for (day, told) in [(22, 0), (23, 1), (29, 1), (30, 2), (31, 3), (43, 3), (44, 4)] {
        let now = app.today().days_since(first_day());
        app.pass_hours(24 * (day - now));
        bill::remind(app).await.expect("readable");
        bill::remind(app).await.expect("readable");
        let sent = app
            .count("notices where kind in ('bill_due', 'bill_overdue')")
            .await;
        assert_eq!(sent, told, "after {day} days");
    }
}

async fn an_account_adds_up(app: &TestApp) {
    let market = app.market().await;
    two_villages(app, &market).await;
    let made = trade::bill_of(app, &market, 0).await;
    receipts::paid(app, &market, 0, &[(made.row.id, Fen(700))], Fen::ZERO).await;
    receipts::paid(app, &market, 0, &[], Fen(50)).await;
    two_villages(app, &market).await;
    let unit = market.units[0].id;
    let whole = bill::statement(app, &market.unit_finance, unit, None, 50)
        .await
        .expect("own");
    assert_eq!((whole.owed_fen, whole.deposit_fen), (Fen(7_300), Fen(50)));
    assert_eq!((whole.unbilled_fen, whole.overdue_fen), (Fen(4_000), Fen::ZERO));
    assert_eq!(whole.lines.items[0].balance_fen, Fen(7_250));
    let sum = Fen::checked_sum(whole.lines.items.iter().map(|line| line.amount_fen));
    assert_eq!(sum, Ok(Fen(7_250)));
    let first = bill::statement(app, &market.finance, unit, None, 2)
        .await
        .expect("all");
    let next = first.lines.next.as_deref();
    let second = bill::statement(app, &market.finance, unit, next, 2)
        .await
        .expect("all");
    let paged: Vec<_> = first
        .lines
        .items
        .iter()
        .chain(&second.lines.items)
        .cloned()
        .collect();
    assert_eq!(paged, whole.lines.items, "pages go on where they ended");
    let stranger = bill::statement(app, &market.buyers[1], unit, None, 2).await;
    assert_eq!(refused(stranger), Code::NotFound);
}
