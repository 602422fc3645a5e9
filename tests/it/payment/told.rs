//! What the provider tells: twice, late, in any order, by others in its name, in forms that nobody knows.

use super::{Till, begin, cost};
use axum::http::StatusCode;
use serde_json::json;
use server::services::payment::{self, event};
use shared::api::payment::{PayMethod, PaymentStatus};
use shared::api::problem::Code;
use tests::stripe_fake::{Letter, Method, SECRET_KEY, Trip, WEBHOOK_SECRET, sign};
use tests::{TestApp, both, refused};
use uuid::Uuid;

both![
    has_one_effect_a_payment_under_2000_deliveries,
    is_known_by_its_signature,
    is_harmless_when_nobody_knows_it,
    may_come_before_the_answer_that_it_is_about,
    outlives_the_process_that_kept_it,
    is_tried_again_while_the_provider_is_away,
    may_say_that_the_money_comes_later,
    may_be_about_another_shop,
];

async fn has_one_effect_a_payment_under_2000_deliveries(app: &TestApp) {
    let mut till = Till::open(app).await;
    let methods = [Method::Card, Method::Alipay, Method::WechatPay];
    let (mut payments, mut sum) = (Vec::new(), 0);
    for at in 0..12_i64 {
        let (begun, session) = till.begun(10_000 + at * 500).await;
        till.fake
            .pay(&session, methods[usize::try_from(at % 3).expect("small")]);
        payments.push((begun.row.id, begun.row.amount_fen));
        sum += begun.row.amount_fen.0;
    }
    let (late, late_session) = till.begun(3_000).await;
    till.fake.run_out(&late_session);
    till.courier.copies = 200;
    till.courier.delayed = 20;
    // Another process over the same database works beside this one.
    let beside = app.configured(|config| config.stripe = Some(till.fake.settings()));
    let mut delivered = 0;
    loop {
        let letters = till.courier.round(&till.fake);
        if letters.is_empty() {
            break;
        }
        delivered += letters.len();
        for some in letters.chunks(150) {
            let carry = async {
                for letter in some {
                    assert_eq!(letter.deliver(&till.app.router).await, StatusCode::OK);
                }
            };
            let (_, one, other) = futures::join!(
                carry,
                event::work_through(&till.app),
                event::work_through(&beside)
            );
            one.expect("worked through");
            other.expect("worked through");
        }
    }
    assert!(delivered >= 2000, "{delivered} letters are too few: more copies");
    till.work().await;
    println!("{delivered} deliveries of {} messages", till.fake.events().len());
    assert_eq!(app.count("provider_events where processed_at is null").await, 0);
    assert_eq!(
        app.count("provider_events").await,
        i64::try_from(till.fake.events().len()).expect("few"),
        "every message is kept once"
    );
    assert_eq!(till.posted("stripe_payment").await, 12);
    assert_eq!(till.balance("stripe_clearing", None).await, sum);
    assert_eq!(till.balance("unit_deposit", Some(0)).await, -sum);
    for (id, amount) in &payments {
        let shown = till.shown(*id).await;
        assert_eq!(
            (shown.row.status, shown.row.amount_fen),
            (PaymentStatus::Paid, *amount)
        );
        assert_eq!(
            shown.transaction_id,
            Some(*id),
            "the ledger's transaction has the payment's own id"
        );
    }
    assert_eq!(app.count("notices where kind = 'payment_paid'").await, 12);
    assert_eq!(app.count("audit_rows where action = 'payment.paid'").await, 12);
    assert_eq!(till.status(late.row.id).await, PaymentStatus::Expired);
    assert_eq!(
        till.shown(payments[1].0).await.row.method,
        Some(PayMethod::Alipay)
    );
}

async fn is_known_by_its_signature(app: &TestApp) {
    let till = Till::open(app).await;
    let (begun, session) = till.begun(1_000).await;
    till.fake.pay(&session, Method::Card);
    let body = till.fake.events().pop().expect("it was paid");
    let now = till.fake.now();
    let letter = |signature: String| Letter {
        signature,
        body: body.clone(),
    };
    let right = sign(&body, now, &[WEBHOOK_SECRET]);
    let other_hex = right.replace("v1=", "v1=00");
    for forged in [
        String::new(),
        sign(&body, now, &["whsec_of_somebody"]),
        sign(b"{}", now, &[WEBHOOK_SECRET]),
        right.replace(&format!("t={now}"), &format!("t={}", now + 1)),
        right.replace("v1=", "v0="),
        other_hex,
        sign(&body, now - 301, &[WEBHOOK_SECRET]),
        sign(&body, now + 301, &[WEBHOOK_SECRET]),
    ] {
        let status = letter(forged.clone()).deliver(&till.app.router).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{forged}");
    }
    assert_eq!(
        app.count("provider_events").await,
        0,
        "what is forged is not kept"
    );
    assert_eq!(till.status(begun.row.id).await, PaymentStatus::Open);
    // While a secret is being changed both sign, and either of ours is enough.
    let changed = app.configured(|config| {
        let mut stripe = till.fake.settings();
        stripe.webhook_secrets = vec!["whsec_second".to_owned(), WEBHOOK_SECRET.to_owned()];
        config.stripe = Some(stripe);
    });
    for signed in [
        sign(&body, now, &["whsec_of_another", WEBHOOK_SECRET]),
        sign(&body, now, &["whsec_second", "whsec_of_another"]),
        sign(&body, now - 299, &["whsec_second"]),
    ] {
        assert_eq!(letter(signed).deliver(&changed.router).await, StatusCode::OK);
    }
    assert_eq!(
        app.count("provider_events").await,
        1,
        "the same message is kept once"
    );
    let shown = format!("{:?}", changed.config);
    assert!(
        !shown.contains(WEBHOOK_SECRET) && !shown.contains(SECRET_KEY),
        "{shown}"
    );
    // A key that is not taken is said, and not shown.
    let wrong = app.configured(|config| {
        let mut stripe = till.fake.settings();
        stripe.secret_key = "sk_live_of_nobody".to_owned();
        config.stripe = Some(stripe);
    });
    let provider = wrong.payments.as_ref().expect("it is configured");
    let said = provider.check().await.expect_err("the key is wrong").to_string();
    assert!(said.contains("401") && !said.contains("sk_live"), "{said}");
    // Without keys nothing of it is there.
    let bare = app.configured(|config| config.stripe = None);
    assert_eq!(letter(right).deliver(&bare.router).await, StatusCode::NOT_FOUND);
}

async fn is_harmless_when_nobody_knows_it(app: &TestApp) {
    let mut till = Till::open(app).await;
    let (begun, session) = till.begun(1_000).await;
    till.fake
        .say("v3.moon.phase", json!({"object": "moon", "id": "mo_1"}));
    till.fake
        .say("customer.created", json!({"object": "customer", "id": "cus_1"}));
    till.fake.say(
        "checkout.session.completed",
        json!({"object": "checkout.session", "id": "cs_of_nobody"}),
    );
    till.fake.say(
        "charge.updated",
        json!({"object": "charge", "id": "ch_1", "payment_intent": "pi_of_nobody"}),
    );
    till.fake.say("x", json!(null));
    // What it says of the thing itself is never believed.
    let lie =
        json!({"object": "checkout.session", "id": session, "payment_status": "paid", "amount_total": 1});
    till.fake.say("checkout.session.completed", lie);
    till.hear().await;
    assert_eq!(till.status(begun.row.id).await, PaymentStatus::Open);
    assert_eq!(till.posted("stripe_payment").await, 0);
    till.fake.speak("2011-01-01");
    till.fake.pay(&session, Method::WechatPay);
    till.hear().await;
    assert_eq!(till.status(begun.row.id).await, PaymentStatus::Paid);
    assert_eq!(app.count("provider_events where processed_at is null").await, 0);
    assert_eq!(
        app.count("provider_events where api_version = '2011-01-01'")
            .await,
        3
    );
}

async fn may_come_before_the_answer_that_it_is_about(app: &TestApp) {
    let mut till = Till::open(app).await;
    let order = till.order(2_000).await;
    // The provider opens its page, and the answer is lost: nobody here knows the page's name.
    till.fake.trip([Trip::LoseTheAnswer]);
    assert_eq!(
        refused(begin(&till.app, till.buyer(), order).await),
        Code::PaymentAway
    );
    let session = till.fake.open_session();
    till.fake.pay(&session, Method::Card);
    till.hear().await;
    let page = payment::list(&till.app, &till.market.finance, &Default::default(), None, 10).await;
    let rows = page.expect("finance lists").items;
    assert_eq!(rows.len(), 1);
    assert_eq!(
        (rows[0].status, rows[0].amount_fen),
        (PaymentStatus::Paid, cost(2_000))
    );
    // Had it not been paid, asking again would have got the same page.
    let order = till.order(2_500).await;
    till.fake.trip([Trip::LoseTheAnswer]);
    assert_eq!(
        refused(begin(&till.app, till.buyer(), order).await),
        Code::PaymentAway
    );
    let (lost, sessions) = (till.fake.open_session(), till.fake.sessions());
    let begun = till.begin(order).await;
    assert_eq!(till.fake.sessions(), sessions, "no second page was opened");
    assert!(begun.url.expect("it can be paid").ends_with(&lost));
    till.agrees_in_clearing().await;
}

impl Till {
    /// The fees apart, which nobody has heard of yet.
    async fn agrees_in_clearing(&self) {
        let gross = self.fake.balance() + self.fake.fees();
        assert_eq!(self.balance("stripe_clearing", None).await, gross);
    }
}

async fn outlives_the_process_that_kept_it(app: &TestApp) {
    let mut till = Till::open(app).await;
    let (begun, session) = till.begun(1_500).await;
    till.fake.pay(&session, Method::Alipay);
    till.courier.carry(&till.fake, &till.app.router).await;
    assert_eq!(
        till.status(begun.row.id).await,
        PaymentStatus::Open,
        "kept, not worked through"
    );
    let next = app.configured(|config| config.stripe = Some(till.fake.settings()));
    let worked = event::work_through(&next).await.expect("the next process works");
    assert_eq!(worked, 3);
    assert_eq!(till.status(begun.row.id).await, PaymentStatus::Paid);
    // One that took messages and died gives them back when its time is over.
    let (begun, session) = till.begun(2_000).await;
    till.fake.pay(&session, Method::Alipay);
    till.courier.carry(&till.fake, &till.app.router).await;
    let taken = "update provider_events set holder = $1, next_try_at = $2 where processed_at is null";
    let until = till.app.now().0 + 60_000_000;
    till.app.sql(taken, [Uuid::nil().into(), until.into()]).await;
    assert_eq!(event::work_through(&next).await.expect("it looks"), 0);
    till.app.clock.advance_s(61);
    assert_eq!(event::work_through(&next).await.expect("it looks again"), 3);
    assert_eq!(till.status(begun.row.id).await, PaymentStatus::Paid);
}

async fn is_tried_again_while_the_provider_is_away(app: &TestApp) {
    let mut till = Till::open(app).await;
    let (begun, session) = till.begun(1_500).await;
    till.fake.pay(&session, Method::Card);
    // The three messages are about two things; each question is asked twice.
    till.fake
        .trip([Trip::Broken, Trip::TooMany, Trip::Broken, Trip::Broken]);
    till.hear().await;
    assert_eq!(till.status(begun.row.id).await, PaymentStatus::Open);
    assert_eq!(app.count("provider_events where processed_at is null").await, 3);
    till.work().await;
    assert_eq!(
        till.status(begun.row.id).await,
        PaymentStatus::Open,
        "not at once"
    );
    till.app.clock.advance_s(60);
    till.work().await;
    assert_eq!(till.status(begun.row.id).await, PaymentStatus::Paid);
    assert_eq!(app.count("provider_events where processed_at is null").await, 0);
}

async fn may_say_that_the_money_comes_later(app: &TestApp) {
    let mut till = Till::open(app).await;
    for comes in [true, false] {
        let (begun, session) = till.begun(1_500).await;
        till.fake.pay_slowly(&session);
        till.hear().await;
        assert_eq!(till.status(begun.row.id).await, PaymentStatus::Open, "on its way");
        till.fake.arrive(&session, comes);
        till.hear().await;
        let expected = if comes {
            PaymentStatus::Paid
        } else {
            PaymentStatus::Failed
        };
        assert_eq!(till.status(begun.row.id).await, expected);
    }
    assert_eq!(till.balance("unit_deposit", Some(0)).await, -cost(1_500).0);
}

async fn may_be_about_another_shop(app: &TestApp) {
    let mut till = Till::open(app).await;
    till.fake.pay_elsewhere(77_700);
    till.hear().await;
    assert_eq!(app.count("provider_events where processed_at is null").await, 0);
    assert_eq!(till.posted("stripe_payment").await, 0);
    assert_eq!(till.balance("stripe_clearing", None).await, 0);
}
