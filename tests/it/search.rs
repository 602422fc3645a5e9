//! Finding goods by what people type: what the index knows, how soon, and that pages of what was found are whole.

use server::services::{catalogue, offer, register, search};
use server::store;
use shared::api::catalogue::{CatalogueOut, CatalogueQuery, CatalogueSort, SuggestionKind};
use shared::api::import::Register;
use shared::domain::identity::Actor;
use std::collections::BTreeSet;
use tests::market::{TOWNS, VILLAGES};
use tests::{Market, TestApp, both_alone, trade, wrong_fields};
use uuid::Uuid;

both_alone![
    finds_sounds_other_names_and_slips,
    knows_every_change_that_was_answered,
    learns_what_other_processes_wrote,
    pages_of_what_was_found_are_whole,
    filters_by_certificate_stock_and_pairing,
    says_what_to_give_up,
    suggests_while_one_types,
    asks_a_few_statements,
];

async fn ask(app: &TestApp, actor: Option<&Actor>, change: impl FnOnce(&mut CatalogueQuery)) -> CatalogueOut {
    let mut query = CatalogueQuery {
        limit: Some(100),
        ..CatalogueQuery::default()
    };
    change(&mut query);
    catalogue::list(app, actor, &query)
        .await
        .expect("the shelf is public")
}

async fn found(app: &TestApp, q: &str) -> Vec<Uuid> {
    let out = ask(app, None, |query| query.q = Some(q.to_owned())).await;
    out.page.items.iter().map(|card| card.id).collect()
}

async fn named(app: &TestApp, market: &Market, village: usize, produce: &str, name: &str) -> Uuid {
    let listing = market.list(village).lot(50_000).change(|content| {
        (content.produce, content.name) = (produce.to_owned(), name.to_owned());
    });
    listing.publish(app).await.id
}

async fn finds_sounds_other_names_and_slips(app: &TestApp) {
    let market = app.market().await;
    let fruit = named(app, &market, 4, "persimmon", "盘山磨盘柿").await;
    let honey = named(app, &market, 2, "honey", "荆条蜜").await;
    for (typed, expected) in [
        ("psmps", fruit),
        ("mopanshi", fruit),
        ("pan山柿", fruit),
        ("persimmon", fruit),
        ("persimon", fruit),
        ("gcc", fruit),
        ("出头岭盘山柿", fruit),
        ("jtm", honey),
        ("jintiaomi", honey),
        ("xwtz 蜜", honey),
        ("ＪＴＭ", honey),
    ] {
        assert_eq!(found(app, typed).await, [expected], "{typed}");
    }
    assert!(found(app, "西瓜").await.is_empty());
}

async fn knows_every_change_that_was_answered(app: &TestApp) {
    let market = app.market().await;
    let mut mushrooms = market.list(0).lot(5000).publish(app).await;
    assert_eq!(found(app, "香菇").await, [mushrooms.id]);
    let late = named(app, &market, 1, "apple", "雪苹果").await;
    assert_eq!(found(app, "雪苹果").await, [late]);
    let lister = &market.listers[1];
    offer::pause(app, lister, &app.key(), late).await.expect("paused");
    assert!(found(app, "雪苹果").await.is_empty());
    offer::resume(app, lister, &app.key(), late)
        .await
        .expect("resumed");
    assert_eq!(found(app, "xpg").await, [late]);
    mushrooms
        .republish(app, &market, |content| content.name = "林下花菇".to_owned())
        .await;
    assert_eq!(found(app, "林下").await, [mushrooms.id]);
    assert!(found(app, "鲜香菇").await.is_empty());
    offer::end(app, lister, &app.key(), late).await.expect("ended");
    assert!(found(app, "xpg").await.is_empty());
}

async fn learns_what_other_processes_wrote(app: &TestApp) {
    let market = app.market().await;
    let id = named(app, &market, 1, "apple", "雪苹果").await;
    assert_eq!(found(app, "雪苹果").await, [id]);
    let schema = app.db.schema();
    let sql = "update offers set name = $1, changed_at = $2 where id = $3";
    let values = ["冰苹果".into(), app.now().0.into(), id.into()];
    store::exec(schema, sql, values).await.expect("changed");
    app.clock.advance_s(10);
    assert_eq!(found(app, "冰苹果").await, [id]);
    // A village's new name is known as soon.
    assert!(found(app, "新庄子").await.is_empty());
    let file = format!(
        "village_code,village,town_code\n{},新庄子村,{}\n",
        VILLAGES[1].0, TOWNS[0].0
    );
    let done = register::import(
        app,
        &market.operator,
        Register::Villages,
        file.into_bytes(),
        &app.key(),
    )
    .await;
    assert!(done.expect("imported").bad.is_empty());
    app.clock.advance_s(10);
    assert_eq!(found(app, "新庄子").await, [id]);
    // And everything is read anew after a while, even what carried no mark of a change.
    let sql = "update offers set name = '霜苹果', changed_at = 1 where id = $1";
    store::exec(schema, sql, [id.into()]).await.expect("changed");
    app.clock.advance_s(600);
    assert_eq!(found(app, "霜苹果").await, [id]);
}

async fn pages_of_what_was_found_are_whole(app: &TestApp) {
    let market = app.market().await;
    let (mut all, mut stocked) = (BTreeSet::new(), BTreeSet::new());
    for at in 0..30 {
        // Answers in the name, in the kind, and in the village; many of the same moment and price.
        let name = ["磨盘柿", "冻果", "柿饼"][at % 3];
        let listing = market
            .list(at % 5)
            .per_jin(100 + 100 * i64::try_from(at % 4).expect("small"));
        let mut listing = listing.change(|content| {
            (content.produce, content.name) = ("persimmon".to_owned(), name.to_owned());
        });
        if at % 2 == 0 {
            listing = listing.lot(1000);
        }
        let id = listing.publish(app).await.id;
        all.insert(id);
        if at % 2 == 0 {
            stocked.insert(id);
        }
        if at % 7 == 0 {
            app.clock.advance_s(1);
        }
    }
    named(app, &market, 3, "honey", "枣花蜜").await;
    for sort in [
        None,
        Some(CatalogueSort::Best),
        Some(CatalogueSort::Newest),
        Some(CatalogueSort::Cheapest),
        Some(CatalogueSort::Dearest),
    ] {
        for (limit, stock) in [(1, false), (7, false), (7, true), (100, true)] {
            let (mut walked, mut after) = (Vec::new(), None);
            loop {
                let out = ask(app, None, |query| {
                    (query.q, query.sort) = (Some("柿".to_owned()), sort);
                    (query.limit, query.after) = (Some(limit), after.take());
                    query.stock = stock.then(|| "1".to_owned());
                })
                .await;
                walked.extend(out.page.items.iter().map(|card| card.id));
                after = out.page.next;
                if after.is_none() {
                    break;
                }
                assert!(walked.len() < 100, "paging ends");
            }
            let set: BTreeSet<Uuid> = walked.iter().copied().collect();
            assert_eq!(walked.len(), set.len(), "{sort:?} by {limit}: none twice");
            assert_eq!(&set, if stock { &stocked } else { &all }, "{sort:?} by {limit}");
        }
    }
    // Names first, the newest of them first.
    let out = ask(app, None, |query| query.q = Some("柿".to_owned())).await;
    let named: Vec<bool> = out
        .page
        .items
        .iter()
        .map(|card| card.name.contains('柿'))
        .collect();
    assert!(
        named[..20].iter().all(|named| *named) && !named[20..].iter().any(|named| *named),
        "{named:?}"
    );
}

async fn filters_by_certificate_stock_and_pairing(app: &TestApp) {
    let market = app.market().await;
    let until = app.today().add_days(2);
    let certified = market.list(0).lot(1000).change(|content| {
        content.certificate_no = Some("LB-21-2611020012A".to_owned());
        content.certificate_until = Some(until);
    });
    let certified = certified.publish(app).await;
    let known = named(app, &market, 2, "persimmon", "磨盘柿").await;
    let sold_out = market.list(3).publish(app).await.id;
    let ids = async |actor: Option<&Actor>, words: bool, change: fn(&mut CatalogueQuery)| {
        let out = ask(app, actor, |query| {
            query.q = words.then(|| "村".to_owned());
            change(query);
        });
        let found: BTreeSet<Uuid> = out.await.page.items.iter().map(|card| card.id).collect();
        found
    };
    for words in [false, true] {
        let green = ids(None, words, |q| q.certified = Some("green_food".into())).await;
        assert_eq!(green, BTreeSet::from([certified.id]));
        let place = ids(None, words, |q| q.certified = Some("geographical".into())).await;
        assert_eq!(place, BTreeSet::from([known]));
        let stock = ids(None, words, |q| q.stock = Some("1".into())).await;
        assert_eq!(stock, BTreeSet::from([certified.id, known]));
        // The first unit is paired with the first village.
        let paired = ids(Some(&market.buyers[0]), words, |q| q.paired = Some("1".into())).await;
        assert!(
            paired.contains(&certified.id) && !paired.contains(&sold_out),
            "{paired:?}"
        );
    }
    let query = CatalogueQuery {
        paired: Some("1".to_owned()),
        ..CatalogueQuery::default()
    };
    let wrong = wrong_fields(catalogue::list(app, None, &query).await);
    assert_eq!(wrong[0].0, "paired", "the public is paired with nobody");
    // The certificate's day ends.
    app.clock.set(until.add_days(1).start());
    assert!(
        ids(None, false, |q| q.certified = Some("green_food".into()))
            .await
            .is_empty()
    );
    assert!(
        ids(None, true, |q| q.certified = Some("green_food".into()))
            .await
            .is_empty()
    );
    trade::place(app, &market.buyers[0], &[(&certified, 1000)]).await;
    assert_eq!(
        ids(None, true, |q| q.stock = Some("1".into())).await,
        BTreeSet::from([known])
    );
}

async fn says_what_to_give_up(app: &TestApp) {
    let market = app.market().await;
    named(app, &market, 2, "persimmon", "磨盘柿").await;
    named(app, &market, 0, "shiitake", "鲜香菇").await;
    let out = ask(app, None, |query| {
        query.q = Some("柿".to_owned());
        query.town = Some(TOWNS[0].0.to_owned());
        query.stock = Some("1".to_owned());
    })
    .await;
    let loosen: Vec<(&str, i64)> = out.loosen.iter().map(|l| (l.filter.as_str(), l.offers)).collect();
    assert_eq!(loosen, [("q", 1), ("town", 1)]);
    let page = app
        .browser()
        .open(&format!("/goods?q=%E6%9F%BF&town={}", TOWNS[0].0))
        .await;
    assert!(
        page.text().contains("href=\"/goods?q=%E6%9F%BF\""),
        "a way on without the town"
    );
    assert!(ask(app, None, |_| {}).await.loosen.is_empty());
}

async fn suggests_while_one_types(app: &TestApp) {
    let market = app.market().await;
    for village in [0, 1, 4] {
        named(app, &market, village, "persimmon", "盘山磨盘柿").await;
    }
    named(app, &market, 4, "shiitake", "鲜香菇").await;
    let suggested = async |typed: &str| {
        let found = search::suggest(app, typed).await.expect("suggested");
        let texts: Vec<(SuggestionKind, String, i64)> =
            found.into_iter().map(|s| (s.kind, s.text, s.offers)).collect();
        texts
    };
    use SuggestionKind::{Name, Produce, Town, Village};
    assert_eq!(
        suggested("mps").await,
        [
            (Name, "盘山磨盘柿".to_owned(), 3),
            (Produce, "磨盘柿".to_owned(), 3)
        ]
    );
    assert_eq!(
        suggested("官").await,
        [
            (Village, "出头岭镇 官场村".to_owned(), 2),
            (Town, "官庄镇".to_owned(), 2)
        ]
    );
    assert_eq!(suggested("官场 柿").await, [(Name, "盘山磨盘柿".to_owned(), 1)]);
    assert!(suggested(" ").await.is_empty() && suggested("西瓜").await.is_empty());
    assert_eq!(
        wrong_fields(search::suggest(app, &"柿".repeat(101)).await)[0].0,
        "q"
    );
    let answer = app
        .anonymous()
        .get("/api/v1/catalogue/suggestions?q=官场")
        .await
        .expect(200);
    assert!(
        answer
            .text()
            .contains(&format!("\"/goods?village={}\"", VILLAGES[4].0)),
        "{}",
        answer.text()
    );
    let wrong = app.anonymous().get("/api/v1/catalogue/suggestions").await;
    assert_eq!(wrong.status.as_u16(), 422, "{}", wrong.text());
}

async fn asks_a_few_statements(app: &TestApp) {
    let other = app.configured(|config| config.cache_pages = Some(false));
    let market = app.market().await;
    for village in 0..5 {
        named(app, &market, village, "persimmon", "磨盘柿").await;
    }
    let cost = async |path: &str| {
        let before = store::statements();
        other.browser().open(path).await;
        store::statements() - before
    };
    cost("/goods?q=柿").await;
    assert!(cost("/goods").await <= 2);
    assert!(cost("/goods?q=柿").await <= 2);
    assert!(cost("/goods?q=mps&stock=1&sort=cheapest").await <= 2);
    app.db.changed();
    assert!(
        cost("/goods?q=柿").await <= 3,
        "what has changed is asked for with one statement"
    );
}
