//! Fees, payouts, the nightly sweep: what the provider holds is what the books say.

use super::{Till, begin, cost};
use server::services::{Error, bill, payment};
use shared::api::bill::{BillOut, DepositPaymentIn};
use shared::api::payment::{PayIn, PaymentOut, PaymentStatus, RefundIn};
use shared::api::problem::{Code, FieldCode};
use shared::domain::bill::BillStatus;
use shared::domain::money::Fen;
use shared::domain::quantity::Qty;
use tests::stripe_fake::{Method, Trip};
use tests::{Person, TestApp, both, refused, trade, wrong_fields};
use uuid::Uuid;

both![
    come_to_zero_after_a_payout,
    take_back_a_payout_that_bounced,
    find_by_sweeping_what_no_message_told,
    leave_to_people_what_they_do_not_know,
    take_the_sum_to_the_fen,
    know_one_open_payment_an_order,
    keep_one_unit_from_anothers,
    offer_nothing_without_keys,
    pay_a_bill,
    put_on_deposit_what_a_bill_no_longer_needs,
    use_what_was_paid_ahead,
];

async fn pay(till: &mut Till, grams: i64, method: Method) -> Uuid {
    let (begun, session) = till.begun(grams).await;
    till.fake.pay(&session, method);
    begun.row.id
}

async fn come_to_zero_after_a_payout(app: &TestApp) {
    let mut till = Till::open(app).await;
    let first = pay(&mut till, 10_000, Method::Card).await;
    pay(&mut till, 7_500, Method::Alipay).await;
    pay(&mut till, 123_500, Method::WechatPay).await;
    till.hear().await;
    let input = RefundIn {
        amount_fen: Fen(1_234),
        reason: "少送了".to_owned(),
        claim_id: None,
    };
    let key = till.app.key();
    let asked = payment::refund::ask(&till.app, &till.market.finance, &key, first, input).await;
    asked.expect("a refund");
    till.hear().await;
    till.fake.take_fee(500);
    let payout = till.fake.pay_out();
    till.hear().await;
    assert_eq!(app.count("provider_payouts where status = 'in_transit'").await, 1);
    till.agrees_but(payout_sum(&till).await).await;
    till.app.clock.advance_s(86_400);
    till.fake.end_payout(&payout, true);
    till.courier.copies = 9;
    till.hear().await;
    assert_eq!(till.fake.balance(), 0);
    till.agrees().await;
    let came = cost(10_000).0 + cost(7_500).0 + cost(123_500).0 - 1_234;
    assert_eq!(till.balance("bank", None).await, came - till.fake.fees());
    assert_eq!(till.posted("stripe_payout").await, 1);
    assert_eq!(
        till.shown(first).await.row.fee_fen,
        Some(Fen(cost(10_000).0 * 34 / 1000 + 1 + 235))
    );
    let standing = payment::standing(&till.app, &till.market.auditor).await;
    let standing = standing.expect("the auditor reads it");
    assert_eq!((standing.clearing_fen, standing.movements_unclear), (Fen(0), 0));
    assert_eq!((standing.movements_waiting, standing.events_waiting), (0, 0));
}

async fn payout_sum(till: &Till) -> i64 {
    let sql = "select sum(amount_fen) from provider_payouts";
    till.app
        .number(
            &sql.replace("sum(amount_fen)", "cast(sum(amount_fen) as bigint)"),
            [],
        )
        .await
}

impl Till {
    /// The provider has sent this much, and the bank does not have it yet.
    async fn agrees_but(&self, under_way: i64) {
        assert_eq!(
            self.balance("stripe_clearing", None).await,
            self.fake.balance() + under_way
        );
        assert_eq!(self.balance("stripe_fees", None).await, self.fake.fees());
    }
}

async fn take_back_a_payout_that_bounced(app: &TestApp) {
    let mut till = Till::open(app).await;
    pay(&mut till, 10_000, Method::Card).await;
    till.hear().await;
    let payout = till.fake.pay_out();
    till.fake.end_payout(&payout, true);
    till.hear().await;
    assert!(till.balance("bank", None).await > 0);
    till.fake.end_payout(&payout, false);
    // Told that it was paid once more, after it came back.
    till.courier.copies = 6;
    till.hear().await;
    till.agrees().await;
    assert_eq!(till.balance("bank", None).await, 0);
    assert_eq!(till.posted("reversal").await, 1);
    let next = till.fake.pay_out();
    till.fake.end_payout(&next, true);
    till.hear().await;
    assert_eq!(till.balance("stripe_clearing", None).await, 0);
    till.agrees().await;
}

async fn find_by_sweeping_what_no_message_told(app: &TestApp) {
    let mut till = Till::open(app).await;
    till.courier.lost = 100;
    let paid = pay(&mut till, 10_000, Method::Card).await;
    let (out, out_session) = till.begun(1_000).await;
    till.fake.run_out(&out_session);
    // One whose page nobody here knows, paid.
    let order = till.order(1_500).await;
    till.fake.trip([Trip::LoseTheAnswer]);
    assert_eq!(
        refused(begin(&till.app, till.buyer(), order).await),
        Code::PaymentAway
    );
    let lost = till.fake.open_session();
    till.fake.pay(&lost, Method::Alipay);
    till.fake.refund_by_hand(&lost, 300);
    // One that the provider never heard of.
    let order = till.order(2_000).await;
    till.fake.trip([Trip::Broken]);
    assert_eq!(
        refused(begin(&till.app, till.buyer(), order).await),
        Code::PaymentAway
    );
    let payout = till.fake.pay_out();
    till.fake.end_payout(&payout, true);
    till.hear().await;
    assert_eq!(app.count("provider_events").await, 0);
    till.app.pass_hours(2);
    till.sweep().await;
    assert_eq!(till.status(paid).await, PaymentStatus::Paid);
    assert_eq!(till.status(out.row.id).await, PaymentStatus::Expired);
    assert_eq!(app.count("payments where status = 'paid'").await, 2);
    assert_eq!(
        app.count("payments where status = 'failed' and trouble = 'answer_lost'")
            .await,
        1
    );
    assert_eq!(
        app.count("refunds where status = 'succeeded' and amount_fen = 300")
            .await,
        1
    );
    till.agrees().await;
    assert_eq!(till.balance("stripe_clearing", None).await, 0);
    // By night by itself, and again only the next night.
    let asked = till.fake.requests().len();
    assert!(server::jobs::payment::round(&till.app).await);
    assert_eq!(
        till.fake.requests().len(),
        asked,
        "nothing is asked before it is time"
    );
    till.app.pass_hours(24);
    assert!(server::jobs::payment::round(&till.app).await);
    assert!(till.fake.requests().len() > asked);
    till.agrees().await;
    // While it is away, the sweep is tried again a quarter of an hour later.
    till.app.pass_hours(24);
    till.fake.trip([Trip::Broken; 2]);
    assert!(!server::jobs::payment::round(&till.app).await);
    till.app.clock.advance_s(901);
    assert!(server::jobs::payment::round(&till.app).await);
}

async fn leave_to_people_what_they_do_not_know(app: &TestApp) {
    let mut till = Till::open(app).await;
    pay(&mut till, 10_000, Method::Card).await;
    till.fake.pay_elsewhere(55_500);
    till.fake.dispute(2_000);
    till.hear().await;
    till.sweep().await;
    let standing = payment::standing(&till.app, &till.market.finance)
        .await
        .expect("finance reads it");
    assert_eq!(standing.unclear.len(), 1, "the dispute");
    assert_eq!(standing.unclear[0].amount_fen, Fen(-2_000));
    assert_eq!(
        standing.movements_waiting, 1,
        "the other shop's payment may still turn out to be ours"
    );
    till.app.pass_hours(73);
    till.sweep().await;
    let standing = payment::standing(&till.app, &till.market.finance)
        .await
        .expect("finance reads it");
    assert_eq!((standing.movements_unclear, standing.movements_waiting), (2, 0));
    assert_eq!(
        app.count("notices where kind = 'payment_trouble'").await,
        2,
        "each is told once"
    );
    assert_eq!(
        standing.clearing_fen.0 + standing.fees_fen.0,
        cost(10_000).0,
        "only what is ours is booked"
    );
}

async fn take_the_sum_to_the_fen(app: &TestApp) {
    let mut till = Till::open(app).await;
    for grams in [500, 1_500, 99_500] {
        let (begun, session) = till.begun(grams).await;
        assert_eq!(begun.row.amount_fen, cost(grams));
        till.fake.pay(&session, Method::Card);
    }
    till.hear().await;
    let sum = cost(500).0 + cost(1_500).0 + cost(99_500).0;
    assert_eq!(till.balance("unit_deposit", Some(0)).await, -sum);
    assert_eq!(till.fake.balance() + till.fake.fees(), sum);
    // More than the provider takes at once: said before anything is asked of it, and the bank is named.
    let offer = till
        .market
        .list(2)
        .per_jin(1_000_000)
        .lot(500_000)
        .publish(&till.app)
        .await;
    let dear = trade::place(&till.app, till.buyer(), &[(&offer, 50_500)]).await;
    let refusal = begin(&till.app, till.buyer(), dear.id).await;
    assert_eq!(refused(refusal), Code::PaymentRefused);
    assert_eq!(
        app.count("payments where status = 'failed' and trouble = 'provider_refused'")
            .await,
        1
    );
}

async fn know_one_open_payment_an_order(app: &TestApp) {
    let till = Till::open(app).await;
    let order = till.order(10_000).await;
    let many = (0..6).map(|_| begin(&till.app, till.buyer(), order));
    let begun = futures::future::join_all(many).await;
    let ids: Vec<Uuid> = begun.into_iter().map(|b| b.expect("begun").row.id).collect();
    assert!(ids.windows(2).all(|two| two[0] == two[1]), "{ids:?}");
    assert_eq!((app.count("payments").await, till.fake.sessions()), (1, 1));
    // The order comes to less: the page of the old sum is closed.
    let shown = trade::show(&till.app, &till.market, order).await;
    let part = &shown.village_orders[0];
    let mut answer = trade::full_answer(&shown, part.village_order.id);
    (answer.lines[0].qty, answer.lines[0].reason) = (Qty(6_000), Some("减产".to_owned()));
    let lister = &till.market.listers[0];
    let key = till.app.key();
    server::services::village_order::answer(&till.app, lister, &key, part.village_order.id, answer)
        .await
        .expect("the village answers");
    let less = till.begin(order).await;
    assert_eq!(less.row.amount_fen, cost(6_000));
    assert_eq!(
        (till.status(ids[0]).await, till.fake.sessions()),
        (PaymentStatus::Expired, 2)
    );
    // Paid on the way out, it counts; what is left to pay is nothing.
    let session = till.fake.open_session();
    till.fake.pay(&session, Method::Card);
    assert_eq!(till.begin(order).await.row.id, less.row.id);
    till.app.clock.advance_s(7_000);
    let again = begin(&till.app, till.buyer(), order).await;
    assert_eq!(
        refused(again),
        Code::WrongState,
        "closing the page has shown that it was paid"
    );
    assert_eq!(till.status(less.row.id).await, PaymentStatus::Paid);
    // A second payment for what is still open of a larger order is another.
    assert_eq!(till.balance("unit_deposit", Some(0)).await, -cost(6_000).0);
}

async fn keep_one_unit_from_anothers(app: &TestApp) {
    let mut till = Till::open(app).await;
    let order = till.order(1_000).await;
    for (who, code) in [
        (&till.market.buyers[1], Code::NotFound),
        (&till.market.approver, Code::Forbidden),
        (&till.market.finance, Code::Forbidden),
        (&till.market.operator, Code::Forbidden),
        (&till.market.admin, Code::Forbidden),
    ] {
        assert_eq!(refused(begin(&till.app, who, order).await), code);
    }
    let by_finance = begin(&till.app, &till.market.unit_finance, order)
        .await
        .expect("of its unit");
    let session = till.fake.open_session();
    till.fake.pay(&session, Method::Card);
    till.hear().await;
    let id = by_finance.row.id;
    for who in [
        &till.market.buyers[0],
        &till.market.unit_finance,
        &till.market.finance,
        &till.market.auditor,
    ] {
        payment::show(&till.app, who, id)
            .await
            .expect("it is theirs to see");
    }
    let other = payment::show(&till.app, &till.market.buyers[1], id).await;
    assert_eq!(refused(other), Code::NotFound);
    let nothing = payment::list(&till.app, &till.market.buyers[1], &Default::default(), None, 10).await;
    assert!(nothing.expect("a list of one's own").items.is_empty());
    assert_eq!(
        refused(payment::check(&till.app, &till.market.buyers[1], id).await),
        Code::NotFound
    );
    let neither = PayIn {
        bill_id: None,
        order_id: None,
    };
    let key = till.app.key();
    let refusal = payment::begin(&till.app, till.buyer(), &key, neither).await;
    assert_eq!(
        wrong_fields(refusal),
        [("bill_id".to_owned(), FieldCode::Required)]
    );
}

async fn offer_nothing_without_keys(app: &TestApp) {
    let market = app.market().await;
    let offer = market.list(0).lot(100_000).publish(app).await;
    let order = trade::place(app, &market.buyers[0], &[(&offer, 1_000)]).await.id;
    assert_eq!(
        refused(begin(app, &market.buyers[0], order).await),
        Code::NotFound
    );
    let mut browser = app.signed_in(&market.buyers[0]).await;
    let page = browser.get(&format!("/orders/{order}")).await;
    assert!(!page.text().contains("/payments"), "nothing is offered");
    let key = app.key();
    let sweep = payment::sweep::ask_for_all(app, &market.finance, &key).await;
    assert_eq!(refused(sweep), Code::NotFound);
    let standing = payment::standing(app, &market.finance)
        .await
        .expect("finance reads it");
    assert_eq!(standing.provider, None);
}

/// A bill of so many grams, delivered and accepted.
async fn billed(till: &Till, grams: i64) -> BillOut {
    let buyer = till.buyer();
    trade::credited(&till.app, &till.market, buyer, &[(&till.offer, grams)]).await;
    trade::bill_of(&till.app, &till.market, 0).await
}

async fn begin_bill(till: &Till, who: &Person, bill: Uuid) -> Result<PaymentOut, Error> {
    let input = PayIn {
        bill_id: Some(bill),
        order_id: None,
    };
    payment::begin(&till.app, who, &till.app.key(), input).await
}

async fn pay_a_bill(app: &TestApp) {
    let mut till = Till::open(app).await;
    let bill = billed(&till, 10_000).await;
    let payer = &till.market.unit_finance;
    for (who, code) in [
        (&till.market.buyers[0], Code::Forbidden),
        (&till.market.buyers[1], Code::Forbidden),
        (&till.market.finance, Code::Forbidden),
    ] {
        assert_eq!(refused(begin_bill(&till, who, bill.row.id).await), code);
    }
    let begun = begin_bill(&till, payer, bill.row.id)
        .await
        .expect("it can be paid");
    assert_eq!(begun.row.amount_fen, bill.row.open_fen);
    let session = till.fake.open_session();
    till.fake.pay(&session, Method::Card);
    till.courier.copies = 12;
    till.hear().await;
    let paid = bill::show(&till.app, &till.market.unit_finance, bill.row.id)
        .await
        .expect("its own");
    assert_eq!((paid.row.status, paid.row.open_fen), (BillStatus::Paid, Fen(0)));
    assert_eq!(paid.payments.len(), 1, "one effect");
    assert_eq!(till.balance("unit_receivable", Some(0)).await, 0);
    assert_eq!(till.balance("unit_deposit", Some(0)).await, 0);
    assert_eq!(till.balance("stripe_clearing", None).await, bill.row.total_fen.0);
    let again = begin_bill(&till, &till.market.unit_finance, bill.row.id).await;
    assert_eq!(refused(again), Code::WrongState, "nothing is open of it");
    // What has paid a bill is no deposit: a claim would have to free it first.
    let input = RefundIn {
        amount_fen: Fen(1),
        reason: "误付".to_owned(),
        claim_id: None,
    };
    let key = till.app.key();
    let refund = payment::refund::ask(&till.app, &till.market.finance, &key, begun.row.id, input).await;
    assert_eq!(
        wrong_fields(refund),
        [("amount_fen".to_owned(), FieldCode::TooLarge)]
    );
}

async fn put_on_deposit_what_a_bill_no_longer_needs(app: &TestApp) {
    let mut till = Till::open(app).await;
    let bill = billed(&till, 10_000).await;
    let begun = begin_bill(&till, &till.market.unit_finance, bill.row.id)
        .await
        .expect("it can be paid");
    let session = till.fake.open_session();
    // Meanwhile a part of it is paid from what was paid ahead for an order that is cancelled.
    let (ahead, other) = {
        let order = till.order(3_000).await;
        let ahead = till.begin(order).await;
        let names: Vec<String> = till.fake.open_sessions();
        let other = names
            .into_iter()
            .find(|name| *name != session)
            .expect("a second page");
        (ahead, other)
    };
    till.fake.pay(&other, Method::Card);
    till.hear().await;
    let order = ahead.row.order_id.expect("it is an order's");
    let cancel = shared::api::order::CancelIn {
        reason: "改期".to_owned(),
    };
    let key = till.app.key();
    server::services::order::cancel(&till.app, till.buyer(), &key, order, cancel)
        .await
        .expect("nothing has left a village");
    let input = DepositPaymentIn {
        amount_fen: cost(3_000),
    };
    let key = till.app.key();
    bill::pay_from_deposit(&till.app, &till.market.finance, &key, bill.row.id, input)
        .await
        .expect("what a cancelled order leaves is free");
    till.fake.pay(&session, Method::WechatPay);
    till.hear().await;
    assert_eq!(till.status(begun.row.id).await, PaymentStatus::Paid);
    let paid = bill::show(&till.app, &till.market.finance, bill.row.id)
        .await
        .expect("finance sees it");
    assert_eq!(paid.row.status, BillStatus::Paid);
    assert_eq!(till.balance("unit_receivable", Some(0)).await, 0);
    assert_eq!(
        till.balance("unit_deposit", Some(0)).await,
        -cost(3_000).0,
        "the surplus"
    );
    // And goes back the way it came.
    let input = RefundIn {
        amount_fen: cost(3_000),
        reason: "多付".to_owned(),
        claim_id: None,
    };
    let key = till.app.key();
    payment::refund::ask(&till.app, &till.market.finance, &key, begun.row.id, input)
        .await
        .expect("the surplus is free");
    till.hear().await;
    assert_eq!(till.balance("unit_deposit", Some(0)).await, 0);
}

async fn use_what_was_paid_ahead(app: &TestApp) {
    let mut till = Till::open(app).await;
    let paid = pay(&mut till, 10_000, Method::Card).await;
    till.hear().await;
    super::money_back::deliver(&till, paid).await;
    assert_eq!(
        till.balance("unit_receivable", Some(0)).await,
        0,
        "the bill is paid as it is sent"
    );
    assert_eq!(till.balance("unit_deposit", Some(0)).await, 0);
    let bill = trade::bill_of(&till.app, &till.market, 0).await;
    assert_eq!(bill.row.status, BillStatus::Paid);
}
