//! Giving money back.

use super::{Till, cost};
use server::services::Error;
use server::services::payment::refund;
use shared::api::payment::{PaymentStatus, RefundIn, RefundOut, RefundStatus};
use shared::api::problem::{Code, FieldCode};
use shared::domain::money::Fen;
use tests::stripe_fake::{Method, Trip};
use tests::{Person, TestApp, both, refused, trade, wrong_fields};
use uuid::Uuid;

both![
    is_given_back_in_parts_and_whole,
    is_given_back_once_whatever_is_told,
    comes_back_when_it_could_not_be_given,
    may_be_given_back_at_the_provider,
    is_never_more_than_there_is,
    of_another_order_stays,
];

async fn ask(till: &Till, who: &Person, payment: Uuid, fen: i64) -> Result<RefundOut, Error> {
    let input = RefundIn {
        amount_fen: Fen(fen),
        reason: "订单取消".to_owned(),
        claim_id: None,
    };
    refund::ask(&till.app, who, &till.app.key(), payment, input).await
}

async fn paid(till: &mut Till, grams: i64) -> Uuid {
    let (begun, session) = till.begun(grams).await;
    till.fake.pay(&session, Method::Alipay);
    till.hear().await;
    begun.row.id
}

async fn is_given_back_in_parts_and_whole(app: &TestApp) {
    let mut till = Till::open(app).await;
    let id = paid(&mut till, 10_000).await;
    let whole = cost(10_000).0;
    let part = ask(&till, &till.market.finance, id, 1_000).await.expect("a part");
    assert_eq!(part.status, RefundStatus::Asked);
    assert_eq!(
        till.balance("unit_deposit", Some(0)).await,
        1_000 - whole,
        "booked at once"
    );
    till.hear().await;
    let shown = till.shown(id).await;
    assert_eq!(
        (shown.row.status, shown.row.refunded_fen),
        (PaymentStatus::Paid, Fen(1_000))
    );
    assert_eq!(shown.refunds[0].status, RefundStatus::Succeeded);
    assert_eq!(shown.refundable_fen, Some(Fen(whole - 1_000)));
    let most = ask(&till, &till.market.finance, id, whole - 999).await;
    assert_eq!(
        wrong_fields(most),
        [("amount_fen".to_owned(), FieldCode::TooLarge)]
    );
    ask(&till, &till.market.finance, id, whole - 1_000)
        .await
        .expect("the rest");
    till.hear().await;
    assert_eq!(till.status(id).await, PaymentStatus::Refunded);
    assert_eq!(till.balance("unit_deposit", Some(0)).await, 0);
    assert_eq!(till.posted("refund").await, 2);
    let gone = ask(&till, &till.market.finance, id, 1).await;
    assert_eq!(
        wrong_fields(gone),
        [("amount_fen".to_owned(), FieldCode::TooLarge)]
    );
}

async fn is_given_back_once_whatever_is_told(app: &TestApp) {
    let mut till = Till::open(app).await;
    let id = paid(&mut till, 10_000).await;
    ask(&till, &till.market.finance, id, 2_500)
        .await
        .expect("a refund");
    // Its answer is lost, and it is sent again under its own name.
    till.fake.trip([Trip::LoseTheAnswer]);
    till.work().await;
    assert_eq!(till.fake.refunds().len(), 1);
    assert_eq!(till.shown(id).await.refunds[0].status, RefundStatus::Asked);
    till.courier.copies = 20;
    till.hear().await;
    assert_eq!(
        till.shown(id).await.refunds[0].status,
        RefundStatus::Succeeded,
        "known by its message"
    );
    till.app.clock.advance_s(3600);
    till.work().await;
    till.hear().await;
    assert_eq!(till.fake.refunds().len(), 1);
    assert_eq!(till.posted("refund").await, 1);
    assert_eq!(
        till.balance("unit_deposit", Some(0)).await,
        2_500 - cost(10_000).0
    );
}

async fn comes_back_when_it_could_not_be_given(app: &TestApp) {
    let mut till = Till::open(app).await;
    till.fake.refunds_are_slow();
    let id = paid(&mut till, 10_000).await;
    ask(&till, &till.market.finance, id, 2_500)
        .await
        .expect("a refund");
    till.hear().await;
    assert_eq!(till.shown(id).await.refunds[0].status, RefundStatus::Pending);
    let reference = till.fake.refunds().remove(0);
    till.fake.end_refund(&reference, true);
    till.hear().await;
    assert_eq!(till.shown(id).await.refunds[0].status, RefundStatus::Succeeded);
    // Days later the bank sends it back.
    till.fake.end_refund(&reference, false);
    till.courier.copies = 5;
    till.hear().await;
    let shown = till.shown(id).await;
    assert_eq!(shown.refunds[0].status, RefundStatus::Failed);
    assert_eq!(shown.refunds[0].trouble, "insufficient_funds");
    assert_eq!(
        (shown.row.refunded_fen, shown.row.status),
        (Fen(0), PaymentStatus::Paid)
    );
    assert_eq!(till.posted("reversal").await, 1);
    assert_eq!(till.balance("unit_deposit", Some(0)).await, -cost(10_000).0);
    assert_eq!(app.count("notices where kind = 'refund_failed'").await, 1);
    till.sweep().await;
    till.agrees().await;
}

async fn may_be_given_back_at_the_provider(app: &TestApp) {
    let mut till = Till::open(app).await;
    let (begun, session) = till.begun(10_000).await;
    till.fake.pay(&session, Method::Card);
    till.hear().await;
    till.fake.refund_by_hand(&session, 3_000);
    till.courier.copies = 7;
    till.hear().await;
    till.hear().await;
    let shown = till.shown(begun.row.id).await;
    assert_eq!(shown.row.refunded_fen, Fen(3_000));
    assert_eq!(shown.refunds.len(), 1);
    assert_eq!(shown.refunds[0].asked_by_name, "");
    assert_eq!(shown.row.trouble, "refunded_elsewhere");
    assert_eq!(till.posted("refund").await, 1);
    assert_eq!(app.count("notices where kind = 'payment_trouble'").await, 1);
    till.sweep().await;
    till.agrees().await;
}

async fn is_never_more_than_there_is(app: &TestApp) {
    let mut till = Till::open(app).await;
    let id = paid(&mut till, 10_000).await;
    for (who, code) in [
        (&till.market.unit_finance, Code::Forbidden),
        (&till.market.buyers[0], Code::Forbidden),
        (&till.market.auditor, Code::Forbidden),
        (&till.market.admin, Code::Forbidden),
    ] {
        assert_eq!(refused(ask(&till, who, id, 100).await), code);
    }
    let mut unproven = till.market.finance.clone();
    unproven.actor.proven_at = None;
    assert_eq!(refused(ask(&till, &unproven, id, 100).await), Code::StepUpNeeded);
    for fen in [0, -5] {
        let wrong = wrong_fields(ask(&till, &till.market.finance, id, fen).await);
        assert_eq!(wrong, [("amount_fen".to_owned(), FieldCode::TooSmall)]);
    }
    // Ten at once, each of a fifth: five have it.
    let fifth = cost(10_000).0 / 5;
    let asked = (0..10).map(|_| ask(&till, &till.market.finance, id, fifth));
    let done = futures::future::join_all(asked).await;
    assert_eq!(done.iter().filter(|d| d.is_ok()).count(), 5);
    let (begun, _) = till.begun(1_000).await;
    assert_eq!(
        refused(ask(&till, &till.market.finance, begun.row.id, 1).await),
        Code::WrongState
    );
    till.work().await;
    assert_eq!(till.balance("unit_deposit", Some(0)).await, 0);
    assert_eq!(till.fake.refunds().len(), 5);
}

async fn of_another_order_stays(app: &TestApp) {
    let mut till = Till::open(app).await;
    let first = paid(&mut till, 10_000).await;
    let second = paid(&mut till, 4_000).await;
    // The first order's bill takes what was paid ahead for it.
    deliver(&till, first).await;
    let spent = ask(&till, &till.market.finance, first, 100).await;
    assert_eq!(
        wrong_fields(spent),
        [("amount_fen".to_owned(), FieldCode::TooLarge)],
        "what is left waits for the second order"
    );
    ask(&till, &till.market.finance, second, cost(4_000).0)
        .await
        .expect("its own payment's");
}

/// The order of a payment is delivered, accepted as ordered, and billed.
pub async fn deliver(till: &Till, payment: Uuid) {
    let order = till
        .shown(payment)
        .await
        .row
        .order_id
        .expect("an order is paid ahead");
    trade::confirm_all(&till.app, &till.market, order).await;
    trade::deliver(&till.app, &till.market, order).await;
    let weighed = trade::as_expected(&till.app, &till.market, order).await;
    trade::accept(&till.app, &till.market, till.buyer(), order, &weighed).await;
    trade::bill_of(&till.app, &till.market, 0).await;
}
