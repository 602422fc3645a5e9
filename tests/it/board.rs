//! The centre's day board, and narrowing the lists of orders and village orders.

use server::services::{board, order, village_order};
use shared::api::order::OrderQuery;
use shared::api::problem::{Code, FieldCode};
use shared::api::village_order::VillageOrderQuery;
use shared::domain::order::OrderStatus;
use tests::market::VILLAGES;
use tests::{TestApp, both, refused, trade, wrong_fields};

both![
    shows_what_is_on_its_way_or_wanted_on_a_day,
    lists_are_narrowed_by_what_was_asked,
];

async fn shows_what_is_on_its_way_or_wanted_on_a_day(app: &TestApp) {
    let market = app.market().await;
    let offer = market.list(0).lot(50_000).publish(app).await;
    let buyer = &market.buyers[0];
    trade::place(app, buyer, &[(&offer, 1000)]).await;
    let mut later = trade::order_of(app.today(), &[(&offer, 2000)]);
    later.wanted_on = app.today().add_days(5);
    order::place(app, buyer, &app.key(), later, None)
        .await
        .expect("placed");
    let today = board::board(app, &market.operator, None)
        .await
        .expect("the centre's");
    assert_eq!((today.total, today.waiting, today.due_g.0), (2, 2, 0));
    let day = app.today().add_days(5);
    let then = board::board(app, &market.operator, Some(day))
        .await
        .expect("the centre's");
    assert_eq!((then.total, then.due_g.0), (1, 2000));
    let api = app.api(&market.operator).await;
    let answer = api.get(&format!("/api/v1/board?day={day}")).await.expect(200);
    assert_eq!(answer.json::<shared::api::village_order::BoardOut>().total, 1);
    app.pass_hours(37);
    let late = board::board(app, &market.operator, None)
        .await
        .expect("the centre's");
    assert_eq!(late.late, 2);
    assert_eq!(refused(board::board(app, buyer, None).await), Code::Forbidden);
}

async fn lists_are_narrowed_by_what_was_asked(app: &TestApp) {
    let market = app.market().await;
    let a = market.list(0).lot(50_000).publish(app).await;
    let b = market.list(2).lot(50_000).publish(app).await;
    let buyer = &market.buyers[0];
    let first = trade::place(app, buyer, &[(&a, 1000)]).await;
    app.pass_hours(48);
    let second = trade::place(app, buyer, &[(&a, 1000), (&b, 1000)]).await;
    trade::confirm_all(app, &market, second.id).await;
    let list = async |query: OrderQuery| -> Vec<String> {
        let page = order::list(app, &market.operator, &query, None, 50).await;
        page.expect("the centre's")
            .items
            .into_iter()
            .map(|row| row.number)
            .collect()
    };
    let all = || OrderQuery::default();
    let (one, two) = (first.number.clone(), second.number.clone());
    assert_eq!(list(all()).await, [two.clone(), one.clone()]);
    for (query, expected) in [
        (
            OrderQuery {
                state: Some(OrderStatus::Placed),
                ..all()
            },
            vec![&one],
        ),
        (
            OrderQuery {
                from: Some(app.today()),
                ..all()
            },
            vec![&two],
        ),
        (
            OrderQuery {
                until: Some(app.today().add_days(-1)),
                ..all()
            },
            vec![&one],
        ),
        (
            OrderQuery {
                village: Some(VILLAGES[2].0.to_owned()),
                ..all()
            },
            vec![&two],
        ),
        (
            OrderQuery {
                village: Some("塔院".to_owned()),
                ..all()
            },
            vec![&two, &one],
        ),
        (
            OrderQuery {
                number: Some(one.to_lowercase()),
                ..all()
            },
            vec![&one],
        ),
        (
            OrderQuery {
                number: Some(two[..9].to_owned()),
                ..all()
            },
            vec![&two],
        ),
        (
            OrderQuery {
                number: Some("%".to_owned()),
                ..all()
            },
            vec![],
        ),
    ] {
        assert_eq!(
            list(query.clone()).await.iter().collect::<Vec<_>>(),
            expected,
            "{query:?}"
        );
    }
    let backwards = OrderQuery {
        from: Some(app.today()),
        until: Some(app.today().add_days(-1)),
        ..all()
    };
    let wrong = wrong_fields(order::list(app, &market.operator, &backwards, None, 50).await);
    assert_eq!(wrong, [("until".to_owned(), FieldCode::TooEarly)]);
    let query = VillageOrderQuery {
        village: Some("南赵各庄村".to_owned()),
        ..VillageOrderQuery::default()
    };
    let found = village_order::list(app, &market.operator, &query, None, 50)
        .await
        .expect("all");
    assert_eq!(found.items.len(), 1);
    let own = village_order::list(app, &market.listers[0], &query, None, 50)
        .await
        .expect("own");
    assert!(
        own.items.is_empty(),
        "a filter opens nothing that is not one's own"
    );
}
