//! Paying in the browser, without scripts.

use super::Till;
use shared::api::payment::{PaymentStatus, RefundStatus};
use shared::api::work::ExportList;
use tests::stripe_fake::Method;
use tests::{TestApp, both, html};

both![
    lead_to_the_provider_and_back,
    let_finance_give_money_back,
    list_what_came,
    serve_the_same_by_api,
];

async fn lead_to_the_provider_and_back(app: &TestApp) {
    let mut till = Till::open(app).await;
    let order = till.order(10_000).await;
    let mut browser = till.app.signed_in(till.buyer()).await;
    let page = format!("/orders/{order}");
    let words = html::words(&browser.get(&page).await.text());
    assert!(words.contains("用银行卡、支付宝或微信支付 ¥66.60"), "{words}");
    let form = browser.form(&page, "/payments").await;
    let sent = browser.submit(&form).await;
    assert_eq!(sent.status.as_u16(), 303);
    let there = sent.header("location").to_owned();
    assert!(
        there.starts_with("/payments/") && there.ends_with("?go=1"),
        "{there}"
    );
    let leads = browser.get(&there).await;
    let session = till.fake.open_session();
    let on = leads.header("refresh").to_owned();
    assert!(
        on.starts_with("0; url=http://127.0.0.1:") && on.ends_with(&format!("/c/pay/{session}")),
        "{on}"
    );
    let own = there.trim_end_matches("?go=1").to_owned();
    assert_eq!(
        browser.get(&own).await.headers.get("refresh"),
        None,
        "who looks later stays"
    );
    // Sent twice, the form leads to the same.
    assert_eq!(browser.submit(&form).await.header("location"), there);
    till.fake.pay(&session, Method::WechatPay);
    let back = browser.get(&format!("{own}?back=1")).await;
    assert_eq!(
        back.header("refresh"),
        format!("3; url={own}?back=2"),
        "the true state is not known yet"
    );
    assert!(html::words(&back.text()).contains("正在向支付平台确认"));
    assert_eq!(
        browser
            .get(&format!("{own}?back=20"))
            .await
            .headers
            .get("refresh"),
        None,
        "not for ever"
    );
    let ask = browser.form(&own, &format!("{own}/check")).await;
    assert_eq!(
        browser.submit(&ask).await.header("location"),
        own,
        "asked by hand"
    );
    let after = browser.get(&format!("{own}?back=3")).await;
    assert_eq!(after.headers.get("refresh"), None);
    let words = html::words(&after.text());
    assert!(
        words.contains("钱已到账") && words.contains("微信支付"),
        "{words}"
    );
    let words = html::words(&browser.get(&page).await.text());
    assert!(
        words.contains("已预付 ¥66.60") && !words.contains("用银行卡"),
        "{words}"
    );
    till.hear().await;
    assert_eq!(till.posted("stripe_payment").await, 1);
}

async fn let_finance_give_money_back(app: &TestApp) {
    let mut till = Till::open(app).await;
    let (begun, session) = till.begun(10_000).await;
    till.fake.pay(&session, Method::Card);
    till.hear().await;
    let own = format!("/payments/{}", begun.row.id);
    let mut browser = till.app.signed_in(&till.market.finance).await;
    let form = browser
        .form(&own, &format!("{own}/refunds"))
        .await
        .with("reason", "订单取消");
    let refused = browser.submit(&form.clone().with("amount_fen", "66.61")).await;
    assert_eq!(refused.status.as_u16(), 422);
    assert!(
        html::words(&refused.text()).contains("66.60"),
        "the most is named"
    );
    let done = browser.submit(&form.with("amount_fen", "16.60")).await;
    assert_eq!(
        (done.status.as_u16(), done.header("location")),
        (303, own.as_str())
    );
    till.hear().await;
    let shown = till.shown(begun.row.id).await;
    assert_eq!(shown.refunds[0].status, RefundStatus::Succeeded);
    let words = html::words(&browser.get(&own).await.text());
    assert!(words.contains("已退回") && words.contains("订单取消"), "{words}");
    let mut unit = till.app.signed_in(&till.market.unit_finance).await;
    let page = unit.get(&own).await.text();
    assert!(
        !page.contains("/refunds") && !html::words(&page).contains("手续费"),
        "not for the unit"
    );
}

async fn list_what_came(app: &TestApp) {
    let mut till = Till::open(app).await;
    let (paid, session) = till.begun(10_000).await;
    till.fake.pay(&session, Method::Card);
    till.hear().await;
    let (open, _) = till.begun(2_000).await;
    let mut browser = till.app.signed_in(&till.market.auditor).await;
    let all = html::words(&browser.get("/payments").await.text());
    assert!(all.contains(&paid.row.number) && all.contains(&open.row.number) && all.contains("平台清算余额"));
    let some = html::words(&browser.get("/payments?state=paid").await.text());
    assert!(some.contains(&paid.row.number) && !some.contains(&open.row.number));
    let by_number = format!("/payments?number={}", open.row.about_number.to_lowercase());
    let some = html::words(&browser.get(&by_number).await.text());
    assert!(!some.contains(&paid.row.number) && some.contains(&open.row.number));
    assert!(
        browser
            .get("/payments")
            .await
            .text()
            .contains(&format!("{}.csv", ExportList::Payments.as_str()))
    );
    let mut finance = till.app.signed_in(&till.market.finance).await;
    let form = finance.form("/payments", "/payments/sweep").await;
    assert_eq!(finance.submit(&form).await.header("location"), "/payments");
    assert_eq!(app.count("audit_rows where action = 'payment.sweep'").await, 1);
}

async fn serve_the_same_by_api(app: &TestApp) {
    let mut till = Till::open(app).await;
    let order = till.order(10_000).await;
    let buyer = till.app.api(till.buyer()).await;
    let body = serde_json::json!({"order_id": order});
    let begun = buyer.post_keyed("/api/v1/payments", "k1", &body).await;
    let begun = begun.expect(201).json::<shared::api::payment::PaymentOut>();
    assert!(begun.url.is_some());
    let again = buyer.post_keyed("/api/v1/payments", "k1", &body).await;
    assert_eq!(
        again.expect(201).json::<shared::api::payment::PaymentOut>(),
        begun
    );
    let session = till.fake.open_session();
    till.fake.pay(&session, Method::Alipay);
    till.hear().await;
    let own = format!("/api/v1/payments/{}", begun.row.id);
    let shown = buyer
        .get(&own)
        .await
        .expect(200)
        .json::<shared::api::payment::PaymentOut>();
    assert_eq!(
        (shown.row.status, shown.url, shown.refundable_fen),
        (PaymentStatus::Paid, None, None)
    );
    let finance = till.app.api(&till.market.finance).await;
    let refund = serde_json::json!({"amount_fen": 660, "reason": "少送了"});
    finance.post(&format!("{own}/refunds"), &refund).await.expect(201);
    buyer.post(&format!("{own}/refunds"), &refund).await.expect(403);
    till.work().await;
    finance
        .post("/api/v1/payments/sweep", &serde_json::json!({}))
        .await
        .expect(202);
    buyer
        .post("/api/v1/payments/sweep", &serde_json::json!({}))
        .await
        .expect(403);
    let standing = finance.get("/api/v1/payments/standing").await.expect(200);
    let standing = standing.json::<shared::api::payment::PaymentStandingOut>();
    assert_eq!(standing.clearing_fen.0, 6_660 - 660);
    buyer.get("/api/v1/payments/standing").await.expect(403);
}
