//! A payout stands in the bank's statement too, and is in the books once.

use super::Till;
use shared::domain::money::Fen;
use tests::receipts::{Row, arrive};
use tests::stripe_fake::Method;
use tests::{TestApp, both};

both![payouts_stand_in_the_statement_once];

async fn payouts_stand_in_the_statement_once(app: &TestApp) {
    let mut till = Till::open(app).await;
    let (_, session) = till.begun(10_000).await;
    till.fake.pay(&session, Method::Card);
    till.hear().await;
    let sum = till.fake.balance();
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
