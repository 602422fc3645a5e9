//! Bank receipts: taken in once, matched by themselves where code and sum agree, and by two people otherwise.

mod board;
mod import;
mod two;

use server::services::{bill, receipt};
use shared::api::bill::BillOut;
use shared::domain::bill::BillStatus;
use shared::domain::ledger::AccountKind;
use shared::domain::money::Fen;
use shared::domain::receipt::ReceiptStatus;
use shared::domain::receipt::suggest::Reason;
use shared::domain::transfer_code::TransferCode;
use tests::receipts::{Row, arrive, receipt as shown};
use tests::{Market, TestApp, both, trade};

both![
    code_and_exact_sum_pay_a_bill,
    what_does_not_agree_waits,
    a_mistyped_code_is_suggested,
    a_payer_is_known_again,
    one_bill_is_paid_once,
    a_sum_over_the_limit_takes_two,
];

/// A market with a bill of 40 yuan for its first unit.
pub async fn billed(app: &TestApp) -> (Market, BillOut) {
    let market = app.market().await;
    let bill = more(app, &market, 0).await;
    (market, bill)
}

/// One bill more, for a unit.
pub async fn more(app: &TestApp, market: &Market, unit: usize) -> BillOut {
    // No two bills are sent at the same moment.
    app.clock.advance_s(60);
    let offer = market.list(0).per_jin(400).lot(50_000).publish(app).await;
    trade::credited(app, market, &market.buyers[unit], &[(&offer, 5_000)]).await;
    let bill = trade::bill_of(app, market, unit).await;
    assert_eq!(bill.row.total_fen, Fen(4_000));
    bill
}

/// What lies in suspense, by the ledger.
pub async fn suspense(app: &TestApp) -> i64 {
    let sql = "select -balance_fen from account_balances where account_kind = $1";
    app.number(sql, [AccountKind::Suspense.as_str().into()]).await
}

pub async fn status(app: &TestApp, market: &Market, reference: &str) -> ReceiptStatus {
    shown(app, market, reference).await.row.status
}

/// A code with its third character mistyped.
fn mistyped(code: &str) -> String {
    let mut typed = TransferCode::parse(code).expect("a code").as_str().to_owned();
    let wrong = if typed.as_bytes()[2] == b'A' { "C" } else { "A" };
    typed.replace_range(2..3, wrong);
    typed
}

async fn code_and_exact_sum_pay_a_bill(app: &TestApp) {
    let (market, made) = billed(app).await;
    // Anywhere in the remark, in any case, with spaces.
    let remark = format!(
        "货款 {} 谢谢",
        made.row.transfer_code.to_lowercase().replace('-', " ")
    );
    let counts = arrive(app, &market, &[Row::new("A1", Fen(4_000), &remark)]).await;
    assert_eq!((counts.created, counts.changed), (0, 1));
    let came = shown(app, &market, "A1").await;
    assert_eq!(came.row.status, ReceiptStatus::Posted);
    assert!(came.matches[0].automatic && came.matches[0].bills[0].bill_id == made.row.id);
    let paid = bill::show(app, &market.finance, made.row.id)
        .await
        .expect("there");
    assert_eq!(
        (paid.row.status, paid.row.open_fen),
        (BillStatus::Paid, Fen::ZERO)
    );
    assert_eq!(suspense(app).await, 0);
    assert_eq!(
        app.count("notices where kind = 'bill_paid'").await,
        1,
        "the unit is told"
    );
    assert_eq!(app.count("audit_rows where action = 'receipt.match'").await, 1);
    app.assert_clean().await;
}

async fn what_does_not_agree_waits(app: &TestApp) {
    let (market, made) = billed(app).await;
    let code = &made.row.transfer_code;
    let rows = [
        Row::new("A1", Fen(3_999), code),
        Row::new("A2", Fen(4_000), "货款"),
        Row::new("A3", Fen(4_000), &mistyped(code)),
    ];
    let counts = arrive(app, &market, &rows).await;
    assert_eq!((counts.created, counts.changed), (3, 0));
    for reference in ["A1", "A2", "A3"] {
        assert_eq!(status(app, &market, reference).await, ReceiptStatus::Suspense);
    }
    assert_eq!(suspense(app).await, 11_999);
    let sums = receipt::sums(app, &market.auditor).await.expect("may read");
    assert_eq!((sums.suspense, sums.suspense_fen), (3, Fen(11_999)));
    let unpaid = bill::show(app, &market.finance, made.row.id)
        .await
        .expect("there");
    assert_eq!(unpaid.row.paid_fen, Fen::ZERO);
}

async fn a_mistyped_code_is_suggested(app: &TestApp) {
    let (market, made) = billed(app).await;
    let row = Row::new("A1", Fen(4_000), &mistyped(&made.row.transfer_code));
    arrive(app, &market, &[row]).await;
    let first = shown(app, &market, "A1").await.suggestions.remove(0);
    assert_eq!(first.reasons, [Reason::CodeTypo, Reason::SameSum]);
    assert_eq!(
        (first.bills[0].bill_id, first.bills[0].amount_fen),
        (made.row.id, Fen(4_000))
    );
}

async fn a_payer_is_known_again(app: &TestApp) {
    let (market, first) = billed(app).await;
    let second = more(app, &market, 0).await;
    let by_name = Row::new("A1", Fen(8_000), "货款").from(&market.units[0].name, "6222 0011");
    arrive(app, &market, &[by_name]).await;
    let suggested = shown(app, &market, "A1").await.suggestions.remove(0);
    assert_eq!(suggested.reasons, [Reason::PayerName, Reason::SumOfBills]);
    assert_eq!(suggested.bills.len(), 2);
    // The account is remembered from what was paid with a code.
    let row = Row::new("A2", Fen(4_000), &first.row.transfer_code).from("某某学校", "999-88");
    arrive(app, &market, &[row]).await;
    let by_account = Row::new("A3", Fen(1_000), "").from("某某学校", "99988");
    arrive(app, &market, &[by_account]).await;
    let suggested = shown(app, &market, "A3").await.suggestions.remove(0);
    assert_eq!(suggested.reasons, [Reason::PayerAccount, Reason::PartPayment]);
    assert_eq!(suggested.bills[0].bill_id, second.row.id);
}

async fn one_bill_is_paid_once(app: &TestApp) {
    let (market, made) = billed(app).await;
    let code = &made.row.transfer_code;
    let rows = [Row::new("A1", Fen(4_000), code), Row::new("A2", Fen(4_000), code)];
    let counts = arrive(app, &market, &rows).await;
    assert_eq!((counts.created, counts.changed), (1, 1));
    arrive(app, &market, &[Row::new("A3", Fen(4_000), code)]).await;
    let mut found = Vec::new();
    for reference in ["A1", "A2", "A3"] {
        found.push(status(app, &market, reference).await);
    }
    found.sort_unstable();
    use ReceiptStatus::{Posted, Suspense};
    assert_eq!(found, [Suspense, Suspense, Posted]);
    assert_eq!(suspense(app).await, 8_000);
}

async fn a_sum_over_the_limit_takes_two(app: &TestApp) {
    let (market, made) = billed(app).await;
    let strict = app.configured(|config| config.receipt_limit_yuan = 39);
    let row = Row::new("A1", Fen(4_000), &made.row.transfer_code);
    let counts = arrive(&strict, &market, std::slice::from_ref(&row)).await;
    assert_eq!((counts.created, counts.changed), (1, 0));
    let came = shown(app, &market, "A1").await;
    assert_eq!(came.row.status, ReceiptStatus::MatchedByHand);
    assert!(came.matches[0].automatic && came.matches[0].over_limit);
    assert_eq!(
        came.matches[0].proposed_by, market.finance.person_id,
        "who took it in is the first"
    );
    assert_eq!(suspense(app).await, 4_000);
}
