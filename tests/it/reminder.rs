//! Reminders: each in its time, each once.

use server::services::{approval, notice, order, reminder};
use shared::api::approval::PolicyIn;
use shared::domain::approval::ApprovalKind;
use shared::domain::money::Fen;
use shared::domain::notice::NoticeKind;
use tests::{Person, TestApp, both, trade};

both![
    a_village_is_reminded_twice,
    approvers_are_reminded_once_a_revision,
    a_unit_is_reminded_on_the_day_before,
];

async fn told(app: &TestApp, who: &Person, kind: NoticeKind) -> usize {
    let page = notice::list(app, who, None, 100).await.expect("their own");
    page.items.iter().filter(|n| n.kind == kind).count()
}

async fn remind(app: &TestApp) -> usize {
    reminder::remind(app).await.expect("the job runs")
}

async fn a_village_is_reminded_twice(app: &TestApp) {
    let market = app.market().await;
    let offer = market.list(0).lot(10_000).publish(app).await;
    let placed = trade::place(app, &market.buyers[0], &[(&offer, 1000)]).await;
    let lister = &market.listers[0];
    app.pass_hours(17);
    remind(app).await;
    assert_eq!(
        told(app, lister, NoticeKind::VillageOrderHalf).await,
        0,
        "half of 36 hours are 18"
    );
    app.pass_hours(1);
    for _ in 0..3 {
        remind(app).await;
    }
    assert_eq!(told(app, lister, NoticeKind::VillageOrderHalf).await, 1);
    assert_eq!(told(app, lister, NoticeKind::VillageOrderLast).await, 0);
    app.pass_hours(14);
    for _ in 0..3 {
        remind(app).await;
    }
    assert_eq!(told(app, lister, NoticeKind::VillageOrderLast).await, 1);
    assert_eq!(told(app, lister, NoticeKind::VillageOrderHalf).await, 1);
    trade::confirm_all(app, &market, placed.id).await;
    app.pass_hours(3);
    remind(app).await;
    assert_eq!(
        told(app, lister, NoticeKind::VillageOrderLast).await,
        1,
        "who has answered is left alone"
    );
}

async fn approvers_are_reminded_once_a_revision(app: &TestApp) {
    let market = app.market().await;
    let offer = market.list(0).lot(10_000).publish(app).await;
    let policy = PolicyIn {
        kind: ApprovalKind::Always,
        above_fen: Fen::ZERO,
    };
    approval::set_policy(app, &market.approver, &app.key(), market.units[0].id, policy)
        .await
        .expect("set");
    let asked = trade::place(app, &market.buyers[0], &[(&offer, 1000)]).await;
    assert_eq!(told(app, &market.approver, NoticeKind::OrderRequested).await, 1);
    app.pass_hours(39);
    assert_eq!(remind(app).await, 0);
    app.pass_hours(1);
    assert_eq!((remind(app).await, remind(app).await), (1, 0));
    assert_eq!(told(app, &market.approver, NoticeKind::HoldEnding).await, 1);
    let changed = trade::order_of(app.today(), &[(&offer, 2000)]);
    order::revise(app, &market.buyers[0], &app.key(), asked.id, changed)
        .await
        .expect("asked again");
    assert_eq!(remind(app).await, 0, "its hold begins anew");
    app.pass_hours(41);
    assert_eq!((remind(app).await, remind(app).await), (1, 0));
    assert_eq!(told(app, &market.approver, NoticeKind::HoldEnding).await, 2);
}

async fn a_unit_is_reminded_on_the_day_before(app: &TestApp) {
    let market = app.market().await;
    let offer = market.list(0).lot(10_000).publish(app).await;
    let mut order = trade::order_of(app.today(), &[(&offer, 1000)]);
    order.wanted_on = app.today().add_days(3);
    order::place(app, &market.buyers[0], &app.key(), order, None)
        .await
        .expect("placed");
    // Who orders for tomorrow knows it.
    trade::place(app, &market.buyers[0], &[(&offer, 1000)]).await;
    let buyer = &market.buyers[0];
    app.pass_hours(24);
    remind(app).await;
    assert_eq!(told(app, buyer, NoticeKind::OrderTomorrow).await, 0);
    app.pass_hours(24);
    for _ in 0..3 {
        remind(app).await;
    }
    assert_eq!(told(app, buyer, NoticeKind::OrderTomorrow).await, 1);
    assert_eq!(told(app, &market.buyers[1], NoticeKind::OrderTomorrow).await, 0);
}
