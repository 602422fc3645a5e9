//! Read-only: people can look and sign in, and nothing else is changed.

use server::command::read_only::{Turn, turn};
use shared::api::problem::Code;
use tests::browser::form_on;
use tests::{TestApp, both, trade};

both![
    refuses_every_write_and_lets_people_look,
    is_noticed_while_the_program_runs
];

async fn refuses_every_write_and_lets_people_look(app: &TestApp) {
    let market = app.market().await;
    let offer = market.list(0).per_jin(900).lot(50_000).publish(app).await;
    trade::place(app, &market.buyers[0], &[(&offer, 500)]).await;
    let frozen = app.configured(|config| config.read_only = true);

    let mut buyer = frozen.signed_in(&market.buyers[0]).await;
    let page = buyer.open(&format!("/goods/{}", offer.id)).await;
    assert!(
        page.text().contains("系统维护中"),
        "the page says why nothing can be done"
    );
    let form = form_on(&page, "/basket");
    let refused = buyer.submit(&form.with("qty", "5")).await;
    assert_eq!(refused.status.as_u16(), 503);
    assert!(refused.text().contains("没有改动任何数据"));
    assert_eq!(refused.header("retry-after"), "60");
    assert_eq!(app.count("basket_lines").await, 0);

    let audit = app.count("audit_rows").await;
    let api = frozen.api(&market.buyers[0]).await;
    for path in ["/api/v1/orders", "/api/v1/tokens"] {
        let answer = api.post(path, &serde_json::json!({})).await;
        answer.refused(Code::ReadOnly);
        assert_eq!(answer.header("retry-after"), "60", "{path}");
    }
    api.get("/api/v1/orders").await.expect(200);
    assert_eq!(
        app.count("audit_rows").await - audit,
        1,
        "a token was made behind the door, and nothing else was changed"
    );
    let mut modes = frozen.browser();
    let form = modes.form("/", "/modes").await;
    assert_eq!(
        modes.submit(&form.with("turn", "dark")).await.status.as_u16(),
        303
    );
}

async fn is_noticed_while_the_program_runs(app: &TestApp) {
    let market = app.market().await;
    let data = app.app.config.data.clone();
    let mut lister = app.signed_in(market.lister(0)).await;
    turn(&data, Turn::On).expect("the folder can be written");
    assert!(lister.open("/offers").await.text().contains("系统维护中"));
    turn(&data, Turn::Off).expect("the folder can be written");
    turn(&data, Turn::Off).expect("twice does no harm");
    assert!(!lister.open("/offers").await.text().contains("系统维护中"));
}
