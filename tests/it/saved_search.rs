//! Saved searches: one's own alone, and once a day a word of what is new.

use server::services::{notice, saved_search};
use shared::api::problem::{Code, FieldCode};
use shared::api::saved_search::SavedSearchIn;
use shared::domain::notice::NoticeKind;
use tests::{TestApp, both, refused, wrong_fields};

both![keeps_ones_own, tells_of_new_goods_once_a_day];

fn input(name: &str, query: &str) -> SavedSearchIn {
    SavedSearchIn {
        name: name.to_owned(),
        query: query.to_owned(),
    }
}

async fn keeps_ones_own(app: &TestApp) {
    let market = app.market().await;
    let (buyer, other) = (&market.buyers[0], &market.buyers[1]);
    let save =
        async |name: &str, query: &str| saved_search::save(app, buyer, &app.key(), input(name, query)).await;
    let first = save(" 柿子 ", "after=1_2&q=%E6%9F%BF&sort=newest")
        .await
        .expect("saved");
    assert_eq!(
        (first.name.as_str(), first.path.as_str()),
        ("柿子", "/goods?q=%E6%9F%BF")
    );
    let again = save("山上的柿子", "q=%E6%9F%BF").await.expect("saved");
    assert_eq!(
        (again.id, again.name.as_str()),
        (first.id, "山上的柿子"),
        "the same filters are one search"
    );
    save("结对村", "paired=1")
        .await
        .expect("a unit has paired villages");
    assert_eq!(saved_search::list(app, buyer).await.expect("one's own").len(), 2);
    assert!(
        saved_search::list(app, other)
            .await
            .expect("one's own")
            .is_empty()
    );
    assert_eq!(
        refused(saved_search::remove(app, other, first.id).await),
        Code::NotFound
    );
    assert_eq!(
        wrong_fields(save("", "q=x").await),
        [("name".to_owned(), FieldCode::Required)]
    );
    assert_eq!(
        wrong_fields(save("x", "sort=newest").await),
        [("query".to_owned(), FieldCode::Required)]
    );
    assert_eq!(
        wrong_fields(save("x", "min=cheap").await),
        [("query".to_owned(), FieldCode::NotAChoice)]
    );
    for at in 0..18 {
        save("更多", &format!("q={at}")).await.expect("up to twenty");
    }
    assert_eq!(
        wrong_fields(save("太多", "q=more").await),
        [("query".to_owned(), FieldCode::TooLarge)]
    );
    saved_search::remove(app, buyer, first.id).await.expect("dropped");
    save("又有地方", "q=more").await.expect("there is room again");
    // On a page as by hand.
    let mut browser = app.signed_in(buyer).await;
    let form = browser
        .form("/goods?q=honey", "/me/searches")
        .await
        .with("name", "");
    let refused = browser.submit(&form).await.expect(422);
    assert!(
        refused.text().contains("value=\"q=honey\""),
        "what was chosen is kept"
    );
}

async fn tells_of_new_goods_once_a_day(app: &TestApp) {
    let market = app.market().await;
    let buyer = &market.buyers[0];
    market.list(0).publish(app).await;
    saved_search::save(app, buyer, &app.key(), input("香菇", "q=xg"))
        .await
        .expect("saved");
    let told = async || {
        saved_search::tell_of_new(app).await.expect("looked through");
        let page = notice::list(app, buyer, None, 50).await.expect("one's own");
        let found = page
            .items
            .into_iter()
            .filter(|notice| notice.kind == NoticeKind::SearchFound);
        found
            .map(|notice| (notice.subject, notice.path))
            .collect::<Vec<_>>()
    };
    assert!(told().await.is_empty(), "what was there before is not new");
    app.clock.advance_s(60);
    market.list(1).publish(app).await;
    assert!(told().await.is_empty(), "once a day");
    app.pass_hours(24);
    let news = [("香菇 · 1".to_owned(), "/goods?q=xg".to_owned())];
    assert_eq!(told().await, news);
    assert_eq!(told().await, news, "and not twice");
    app.pass_hours(25);
    assert_eq!(told().await, news, "nothing new, nothing told");
}
