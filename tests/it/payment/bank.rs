//! A payout stands in the bank's statement too, and is in the books once.

use super::Till;
use shared::domain::money::Fen;
use shared::domain::receipt::ReceiptStatus;
use tests::receipts::{Row, arrive, receipt};
use tests::stripe_fake::Method;
use tests::{TestApp, both};

both![
    payouts_stand_in_the_statement_once,
    payouts_that_the_bank_shows_first_leave_suspense,
];

/// A unit has paid by card; what the provider holds of it.
async fn paid_by_card(app: &TestApp) -> (Till, i64) {
    let mut till = Till::open(app).await;
    let (_, session) = till.begun(10_000).await;
    till.fake.pay(&session, Method::Card);
    till.hear().await;
    let sum = till.fake.balance();
    (till, sum)
}

async fn payouts_stand_in_the_statement_once(app: &TestApp) {
    let (mut till, sum) = paid_by_card(app).await;
    let payout = till.fake.pay_out();
    till.hear().await;
    // The bank is a little faster than the provider's last message.
    let row = Row::new("PO-77001", Fen(sum), "结算款").from("STRIPE PAYMENTS", "");
    let like_it = Row::new("PO-77002", Fen(sum), "货款").from("某单位", "6222020012345678");
    arrive(&till.app, &till.market, &[row.clone(), like_it.clone()]).await;
    assert_eq!(app.count("receipts").await, 1, "only what is not the payout");
    till.fake.end_payout(&payout, true);
    till.hear().await;
    let bank = till.balance("bank", None).await;
    assert_eq!(bank, 2 * sum, "the payout once, and the unit's money");
    assert_eq!(till.balance("stripe_clearing", None).await, 0);
    // The same statement again changes nothing.
    arrive(&till.app, &till.market, &[row, like_it]).await;
    assert_eq!(
        (app.count("receipts").await, till.balance("bank", None).await),
        (1, bank)
    );
    // The next one of the same sum is another.
    let next = Row::new("PO-77003", Fen(sum), "STRIPE");
    arrive(&till.app, &till.market, &[next]).await;
    assert_eq!(app.count("receipts").await, 2, "there is no payout for it");
}

/// The bank's row came before anybody had told of the payout: it lay in suspense, and leaves it when the provider tells.
async fn payouts_that_the_bank_shows_first_leave_suspense(app: &TestApp) {
    let (mut till, sum) = paid_by_card(app).await;
    let row = Row::new("PO-88001", Fen(sum), "结算款").from("STRIPE PAYMENTS", "");
    let like_it = Row::new("PO-88002", Fen(sum), "货款").from("某单位", "6222020012345678");
    let later = Row::new("PO-88003", Fen(sum + 1), "STRIPE");
    let twin = Row::new("PO-88004", Fen(sum), "STRIPE");
    let rows = [row, like_it, later, twin];
    arrive(&till.app, &till.market, &rows).await;
    assert_eq!(till.balance("suspense", None).await, -(4 * sum + 1));
    let payout = till.fake.pay_out();
    till.hear().await;
    let status = async |reference: &str| receipt(&till.app, &till.market, reference).await.row.status;
    for other in ["PO-88002", "PO-88003"] {
        let left = status(other).await;
        assert_eq!(left, ReceiptStatus::Suspense, "{other} is no payout of this sum");
    }
    // Nobody can tell which of two rows that are alike it is; it is one of them.
    let mut twins = [status("PO-88001").await, status("PO-88004").await];
    twins.sort_unstable_by_key(|status| status.as_str());
    assert_eq!(twins, [ReceiptStatus::Payout, ReceiptStatus::Suspense]);
    till.fake.end_payout(&payout, true);
    till.hear().await;
    assert_eq!(
        till.balance("suspense", None).await,
        -(3 * sum + 1),
        "one row a payout"
    );
    assert_eq!(
        till.balance("bank", None).await,
        4 * sum + 1,
        "every row of the bank once"
    );
    assert_eq!(till.balance("stripe_clearing", None).await, 0);
    // Told and imported again, nothing moves.
    let posted = app.count("ledger_transactions").await;
    till.sweep().await;
    arrive(&till.app, &till.market, &rows).await;
    assert_eq!(app.count("ledger_transactions").await, posted);
    app.assert_clean().await;
}
