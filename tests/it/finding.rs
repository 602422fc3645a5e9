//! Finding in full: registers by characters, sounds and codes; goods sold ahead; how many each filter would leave; and
//! what the centre says of its kinds of produce is known at once.

use server::services::{audit, catalogue, lot, offer, person, register, saved_search, village};
use shared::api::catalogue::{CatalogueOut, CatalogueQuery};
use shared::api::import::Register;
use shared::api::lot::{HarvestIn, LotIn};
use shared::api::problem::{Code, FieldCode};
use shared::api::saved_search::SavedSearchIn;
use shared::api::work::{ExportList, RowIn};
use shared::domain::identity::Actor;
use shared::domain::notice::NoticeKind;
use shared::domain::quantity::Qty;
use std::collections::BTreeMap;
use tests::market::{TOWNS, VILLAGES};
use tests::{Market, Offer, TestApp, both, refused, wrong_fields};

both![
    villages_and_units_are_found_as_they_are_typed,
    people_and_lists_for_files_are_found_in_the_same_way,
    offers_in_every_state_are_found,
    new_names_are_known_at_once,
    finds_what_is_sold_ahead,
    counts_what_each_filter_would_leave,
    a_saved_search_keeps_every_filter,
    produce_is_changed_by_the_centre,
    produce_is_checked_before_it_is_changed,
];

async fn villages(app: &TestApp, typed: &str) -> Vec<String> {
    let page = village::list(app, None, Some(typed), None, 100).await;
    let page = page.expect("villages are public");
    page.items.into_iter().map(|row| row.name).collect()
}

async fn villages_and_units_are_found_as_they_are_typed(app: &TestApp) {
    let market = app.market().await;
    for typed in [
        "官场",
        "gcc",
        "guanchang",
        "guan场",
        "出头岭官场",
        "ctl gc",
        VILLAGES[4].0,
    ] {
        assert_eq!(villages(app, typed).await, ["官场村"], "{typed}");
    }
    assert_eq!(villages(app, "zgz").await, ["南赵各庄村", "北赵各庄村"]);
    assert_eq!(villages(app, "tayaun").await, ["塔院村"], "a slip of the finger");
    assert_eq!(villages(app, "村").await.len(), VILLAGES.len());
    assert!(
        villages(app, "120119102299").await.is_empty(),
        "a code is not guessed at"
    );
    assert!(villages(app, "西瓜").await.is_empty());
    // Of a town, page by page.
    let of_town = village::list(app, Some(TOWNS[1].0), Some("zhuang"), None, 1).await;
    let first = of_town.expect("villages are public");
    assert_eq!(first.items[0].name, "南赵各庄村");
    let rest = village::list(app, Some(TOWNS[1].0), Some("zhuang"), first.next.as_deref(), 1).await;
    let rest = rest.expect("villages are public");
    assert_eq!((rest.items[0].name.as_str(), rest.next), ("北赵各庄村", None));
    let units = async |typed: &str| {
        let page = register::units(app, &market.operator, Some(typed), None, 100).await;
        let page = page.expect("the register is read");
        page.items.into_iter().map(|unit| unit.name).collect::<Vec<_>>()
    };
    assert_eq!(units("sldw1").await, ["示例单位1"]);
    assert_eq!(units("shilidanwei2").await, ["示例单位2"]);
    assert_eq!(units(&market.units[2].code.to_lowercase()).await, ["示例单位2"]);
    assert_eq!(units("单位").await.len(), 3);
    assert!(units("医院").await.is_empty());
    // Who lists for a village narrows the choice in the same way.
    let choices = offer::choices(app, &market.operator, Some("nzgz")).await;
    let choices = choices.expect("the centre lists for villages");
    assert_eq!(choices.villages.len(), 1);
    assert_eq!(choices.villages[0].name, "南赵各庄村");
}

async fn people_and_lists_for_files_are_found_in_the_same_way(app: &TestApp) {
    let market = app.market().await;
    let asked = |q: &str| person::Asked {
        q: q.to_owned(),
        role: None,
    };
    let found = async |q: &str| {
        let page = person::list(app, &market.admin, &asked(q), None, 100).await;
        let page = page.expect("people are read");
        page.items
            .into_iter()
            .map(|person| person.sign_in_name)
            .collect::<Vec<_>>()
    };
    assert_eq!(found("审计").await, ["auditor"]);
    assert_eq!(found("shenji").await, ["auditor"]);
    assert_eq!(found("sp").await, ["approver"]);
    assert_eq!(found("BUYER").await, ["buyer0", "buyer1", "buyer2"]);
    assert_eq!(found("%").await, [""; 0]);
    let table = async |list: ExportList, query: &str| {
        let table = register::table(app, &market.operator, list, query, None, 100).await;
        table.expect("the register is read").rows.len()
    };
    assert_eq!(table(ExportList::Pairings, "q=ty").await, 1, "the village");
    assert_eq!(table(ExportList::Pairings, "q=示例").await, 3, "the unit");
    assert_eq!(table(ExportList::Villages, "q=gz&town=120119102").await, 2);
    assert_eq!(table(ExportList::Villages, "q=gz&town=120119120").await, 0);
    assert_eq!(table(ExportList::Sellers, "q=gccgfjjhzs").await, 1);
    assert_eq!(table(ExportList::Units, "q=sldw").await, 3);
    let long = format!("q={}", "村".repeat(101));
    let wrong = register::table(app, &market.operator, ExportList::Villages, &long, None, 100).await;
    assert_eq!(wrong_fields(wrong), [("query.q".to_owned(), FieldCode::TooLong)]);
}

async fn offers_in_every_state_are_found(app: &TestApp) {
    let market = app.market().await;
    let ended = named(app, &market, 4, "老山香菇").await;
    offer::end(app, &market.listers[4], &app.key(), ended.id)
        .await
        .expect("ended");
    named(app, &market, 0, "新香菇").await;
    let drafted = market.list(0).change(|content| {
        (content.produce, content.name) = ("persimmon".to_owned(), "山里的果子".to_owned());
    });
    drafted.submit(app).await;
    let found = async |state: Option<&str>, q: &str| {
        let page = offer::list(app, &market.operator, (state, Some(q)), None, 50).await;
        let mut names: Vec<String> = page
            .expect("the centre reads all")
            .items
            .into_iter()
            .map(|row| row.name)
            .collect();
        names.sort();
        names
    };
    assert_eq!(found(None, "mps").await, ["山里的果子"], "its kind");
    assert_eq!(found(None, "老山").await, ["老山香菇"], "a part of its name");
    assert_eq!(found(None, "guanchang 香菇").await, ["老山香菇"], "its village");
    assert_eq!(found(Some("ended"), "香菇").await, ["老山香菇"]);
    assert_eq!(found(Some("submitted"), "官庄镇").await, ["山里的果子"]);
    assert!(found(None, "%").await.is_empty());
    let mut browser = app.signed_in(&market.operator).await;
    let page = browser.open("/offers?state=ended&q=xg").await.text();
    assert!(page.contains("老山香菇") && !page.contains("新香菇"));
    assert!(
        page.contains("href=\"/offers?state=submitted&amp;q=xg\""),
        "the words stay with every tab"
    );
    let own = offer::list(app, &market.listers[0], (None, Some("香菇")), None, 50).await;
    assert_eq!(own.expect("one's own").items.len(), 1);
}

async fn new_names_are_known_at_once(app: &TestApp) {
    let market = app.market().await;
    assert!(villages(app, "xinzhuang").await.is_empty());
    put(
        app,
        &market,
        Register::Villages,
        &[
            ("village_code", VILLAGES[1].0),
            ("village", "新庄子村"),
            ("town_code", TOWNS[0].0),
        ],
    )
    .await
    .expect("renamed");
    assert_eq!(villages(app, "xinzhuang").await, ["新庄子村"]);
    assert!(villages(app, "联合").await.is_empty());
    // A page that was kept is drawn again.
    let mut browser = app.browser();
    assert!(browser.open("/villages?q=xzz").await.text().contains("新庄子村"));
    put(
        app,
        &market,
        Register::Villages,
        &[
            ("village_code", VILLAGES[1].0),
            ("village", "联合村"),
            ("town_code", TOWNS[0].0),
        ],
    )
    .await
    .expect("renamed back");
    assert!(!browser.open("/villages?q=xzz").await.text().contains("新庄子村"));
}

async fn put(
    app: &TestApp,
    market: &Market,
    register: Register,
    values: &[(&str, &str)],
) -> Result<shared::api::work::RowOut, server::services::Error> {
    let values: BTreeMap<String, String> = values
        .iter()
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
        .collect();
    register::put_row(app, &market.operator, register, &RowIn { values }, &app.key()).await
}

async fn ask(app: &TestApp, actor: Option<&Actor>, query: &str) -> CatalogueOut {
    let pairs: Vec<(String, String)> = query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let query: CatalogueQuery = catalogue::query_of(&pairs);
    catalogue::list(app, actor, &query)
        .await
        .expect("the shelf is public")
}

async fn names(app: &TestApp, query: &str) -> Vec<String> {
    let out = ask(app, None, query).await;
    let mut names: Vec<String> = out.page.items.into_iter().map(|card| card.name).collect();
    names.sort();
    names
}

async fn named(app: &TestApp, market: &Market, village: usize, name: &str) -> Offer {
    let listing = market
        .list(village)
        .change(|content| content.name = name.to_owned());
    listing.publish(app).await
}

async fn ahead(app: &TestApp, market: &Market, offer: &Offer) -> shared::api::lot::LotOut {
    let lot = LotIn {
        harvested_on: app.today().add_days(5),
        good_until: None,
        qty: Qty(10_000),
    };
    let added = lot::add(app, market.lister(offer.village), &app.key(), offer.id, lot).await;
    added.expect("listed ahead")
}

async fn finds_what_is_sold_ahead(app: &TestApp) {
    let market = app.market().await;
    let growing = named(app, &market, 0, "春香菇").await;
    let lot = ahead(app, &market, &growing).await;
    let mut both = named(app, &market, 1, "冬香菇").await;
    both.add_lot(app, &market, 5000, None).await;
    ahead(app, &market, &both).await;
    named(app, &market, 2, "空香菇").await;
    for query in [
        "presale=1",
        "presale=1&q=香菇",
        "presale=1&stock=1",
        "presale=1&town=120119102",
    ] {
        assert_eq!(names(app, query).await, ["春香菇"], "{query}");
        assert_eq!(
            ask(app, None, query).await.total,
            None,
            "{query}: nobody counted it"
        );
    }
    assert!(names(app, "presale=1&q=冬").await.is_empty());
    // What is in the store is sold out: what is left is growing.
    tests::trade::place(app, &market.buyers[0], &[(&both, 5000)]).await;
    assert_eq!(names(app, "presale=1").await, ["冬香菇", "春香菇"]);
    let nothing = ask(app, None, "presale=1&q=空").await;
    let loosen: Vec<&str> = nothing
        .loosen
        .iter()
        .map(|loosen| loosen.filter.as_str())
        .collect();
    assert_eq!(loosen, ["q", "presale"]);
    let page = app.browser().open("/goods?presale=1").await.text();
    assert!(page.contains("预售 ×"), "it is named among what was chosen");
    // Past its day nothing more is sold of it until somebody says what was harvested.
    app.clock.advance_s(6 * 86_400);
    assert!(names(app, "presale=1").await.is_empty());
    let said = HarvestIn {
        harvested_on: app.today(),
        good_until: None,
        qty: Qty(8000),
    };
    lot::harvest(app, &market.listers[0], &app.key(), growing.id, lot.id, said)
        .await
        .expect("harvested");
    assert!(names(app, "presale=1").await.is_empty());
    assert_eq!(names(app, "stock=1").await, ["春香菇"]);
    let wrong = CatalogueQuery {
        presale: Some("yes".to_owned()),
        ..CatalogueQuery::default()
    };
    let refused = wrong_fields(catalogue::list(app, None, &wrong).await);
    assert_eq!(refused, [("presale".to_owned(), FieldCode::NotAChoice)]);
}

fn count(out: &CatalogueOut, filter: &str, value: &str) -> Option<i64> {
    let found = out.counts.iter().find(|c| c.filter == filter && c.value == value);
    found.map(|count| count.offers)
}

async fn counts_what_each_filter_would_leave(app: &TestApp) {
    let market = app.market().await;
    let until = app.today().add_days(2);
    for village in [0, 0, 1, 2] {
        let listing = market.list(village).change(|content| {
            content.certificate_no = Some("LB-21-2611020012A".to_owned());
            content.certificate_until = Some(until);
        });
        listing.publish(app).await;
    }
    let fruit = market.list(0).change(|content| {
        (content.produce, content.name) = ("persimmon".to_owned(), "磨盘柿".to_owned());
    });
    fruit.publish(app).await;
    let all = ask(app, None, "").await;
    assert_eq!(all.total, Some(5));
    assert_eq!(count(&all, "certified", "green_food"), Some(4));
    assert_eq!(count(&all, "certified", "geographical"), Some(1));
    assert_eq!(count(&all, "certified", "organic"), Some(0));
    assert_eq!(count(&all, "town", TOWNS[0].0), Some(4));
    assert_eq!(count(&all, "category", "鲜果"), Some(1));
    assert_eq!(
        count(&all, "paired", "1"),
        None,
        "the public is paired with nobody"
    );
    // The first unit is paired with the first village.
    let buyer = &market.buyers[0];
    let paired = ask(app, Some(buyer), "paired=1&certified=green_food").await;
    assert_eq!((paired.total, paired.page.items.len()), (Some(2), 2));
    assert_eq!(
        count(&paired, "certified", "geographical"),
        Some(1),
        "of the paired village"
    );
    assert_eq!(count(&paired, "paired", "1"), Some(2), "of what is certified so");
    let words = ask(app, Some(buyer), "paired=1&certified=green_food&q=xg").await;
    assert_eq!((words.total, words.page.items.len()), (Some(2), 2));
    let other = ask(app, Some(&market.buyers[1]), "paired=1&certified=green_food").await;
    assert_eq!(other.total, Some(1), "the second unit's village has one");
    let stock = ask(app, Some(buyer), "stock=1").await;
    assert_eq!((stock.total, stock.page.items.len()), (None, 0));
    // On the page, and in its address.
    let mut browser = app.signed_in(buyer).await;
    let page = browser.open("/goods?paired=1&certified=green_food").await.text();
    for words in ["共 2 件", "绿色食品(2)", "地理标志(1)", "只看结对村(2)"] {
        assert!(page.contains(words), "{words}");
    }
    assert!(
        page.contains("href=\"/goods?paired=1\""),
        "each is given up alone"
    );
    // The badge and the count are gone the day after the last.
    app.clock.set(until.add_days(1).start());
    let later = ask(app, None, "").await;
    assert_eq!(count(&later, "certified", "green_food"), Some(0));
    assert!(
        later
            .page
            .items
            .iter()
            .all(|card| card.badge != Some(shared::api::catalogue::Badge::GreenFood))
    );
}

async fn a_saved_search_keeps_every_filter(app: &TestApp) {
    let market = app.market().await;
    let buyer = &market.buyers[0];
    let save = async |name: &str, query: &str| {
        let input = SavedSearchIn {
            name: name.to_owned(),
            query: query.to_owned(),
        };
        let saved = saved_search::save(app, buyer, &app.key(), input).await;
        saved.expect("saved").path
    };
    assert_eq!(
        save(
            "全部",
            "q=xg&certified=green_food&paired=1&stock=1&presale=1&min=1&after=1_x"
        )
        .await,
        "/goods?q=xg&min=1&certified=green_food&paired=1&stock=1&presale=1"
    );
    save("结对", "paired=1").await;
    save("有货", "stock=1").await;
    save("预售", "presale=1").await;
    app.clock.advance_s(60);
    let mut stocked = named(app, &market, 0, "甲香菇").await;
    stocked.add_lot(app, &market, 5000, None).await;
    let growing = named(app, &market, 3, "乙香菇").await;
    ahead(app, &market, &growing).await;
    named(app, &market, 3, "丙香菇").await;
    app.pass_hours(25);
    saved_search::tell_of_new(app).await.expect("looked through");
    let page = server::services::notice::list(app, buyer, None, 50).await;
    let mut told: Vec<String> = page
        .expect("one's own")
        .items
        .into_iter()
        .filter(|notice| notice.kind == NoticeKind::SearchFound)
        .map(|notice| notice.subject)
        .collect();
    told.sort();
    assert_eq!(
        told,
        ["有货 · 2", "结对 · 1", "预售 · 1"],
        "what one would see there"
    );
}

async fn change_persimmon(
    app: &TestApp,
    market: &Market,
    change: &[(&str, &str)],
) -> Result<shared::api::work::RowOut, server::services::Error> {
    let mut values = vec![
        ("slug", "persimmon"),
        ("produce", "磨盘柿"),
        ("category", "鲜果"),
        ("price_unit", "公斤"),
        ("price_yuan", "1.60"),
        ("season", "10-12"),
    ];
    for (key, value) in change {
        values.retain(|(known, _)| known != key);
        values.push((key, value));
    }
    put(app, market, Register::Produce, &values).await
}

async fn produce_is_changed_by_the_centre(app: &TestApp) {
    let market = app.market().await;
    let fruit = market.list(0).change(|content| {
        (content.produce, content.name) = ("persimmon".to_owned(), "山里的果子".to_owned());
    });
    fruit.publish(app).await;
    assert!(names(app, "q=盖柿").await.is_empty());
    let done = change_persimmon(app, &market, &[("aliases", "盖柿、大盖柿，盖柿")]).await;
    let done = done.expect("changed");
    assert_eq!((done.created, done.changed), (false, true));
    for typed in ["盖柿", "dgs", "大盖柿"] {
        assert_eq!(names(app, &format!("q={typed}")).await, ["山里的果子"], "{typed}");
    }
    let produce = server::services::produce::list(app).await.expect("it is public");
    let kind = produce
        .iter()
        .find(|kind| kind.slug == "persimmon")
        .expect("known");
    assert_eq!(kind.aliases, ["盖柿", "大盖柿"]);
    assert_eq!(kind.mark, "地理标志 2008", "what was not said stays");
    // Goods on the shelf follow at once: category, season, mark.
    app.clock.advance_s(1);
    change_persimmon(
        app,
        &market,
        &[
            ("category", "山珍"),
            ("season", "3"),
            ("mark", "-"),
            ("aliases", "-"),
        ],
    )
    .await
    .expect("changed");
    assert!(names(app, "q=盖柿").await.is_empty());
    assert_eq!(names(app, "category=山珍").await, ["山里的果子"]);
    assert_eq!(names(app, "category=山珍&q=山里").await, ["山里的果子"]);
    assert!(names(app, "certified=geographical").await.is_empty());
    assert!(names(app, "certified=geographical&q=山里").await.is_empty());
    assert!(names(app, "season=1&q=山里").await.is_empty());
    // It is on record, with what it says now.
    let asked = audit::Asked {
        object: "persimmon".to_owned(),
        ..audit::Asked::default()
    };
    let rows = audit::list(app, &market.auditor, &asked, None, 10)
        .await
        .expect("read");
    assert_eq!(rows.items.len(), 2);
    assert_eq!(rows.items[0].person_name.as_deref(), Some("业务"));
    assert!(
        rows.items[0].detail.contains("类别:山珍"),
        "{}",
        rows.items[0].detail
    );
    // A new kind stands last, and goods can be listed of it.
    put(
        app,
        &market,
        Register::Produce,
        &[
            ("slug", "sea-buckthorn"),
            ("produce", "沙棘"),
            ("category", "鲜果"),
            ("price_unit", "盒"),
            ("price_yuan", "25"),
            ("season", "9-10"),
            ("mark", "有机"),
        ],
    )
    .await
    .expect("added");
    let produce = server::services::produce::list(app).await.expect("it is public");
    let last = produce.last().expect("some");
    assert_eq!(
        (last.slug.as_str(), last.piece_name.as_deref()),
        ("sea-buckthorn", Some("盒"))
    );
    let offer = market.list(1).per_bottle(2500).change(|content| {
        (content.produce, content.name) = ("sea-buckthorn".to_owned(), "山野小果".to_owned());
    });
    offer.publish(app).await;
    assert_eq!(names(app, "q=shaji").await, ["山野小果"]);
    assert_eq!(names(app, "certified=organic").await, ["山野小果"]);
    // By hand: the form shows what stands there, and who empties a field means it.
    let mut browser = app.signed_in(&market.operator).await;
    let page = browser.open("/register/produce").await.text();
    assert!(page.contains("沙棘") && page.contains("当季月份"));
    let form = browser
        .form("/register/produce/row?slug=sea-buckthorn&produce=沙棘&category=鲜果&price_unit=盒&price_yuan=25.00&season=9-10&mark=有机", "/register/produce/row")
        .await;
    let refused = browser
        .submit(&form.clone().with("season", "十月"))
        .await
        .expect(422);
    assert!(refused.text().contains("修改品种"));
    browser
        .submit(&form.with("mark", "").with("aliases", "酸刺"))
        .await
        .expect(303);
    assert!(names(app, "certified=organic").await.is_empty());
    assert_eq!(names(app, "q=suanci").await, ["山野小果"]);
}

async fn produce_is_checked_before_it_is_changed(app: &TestApp) {
    let market = app.market().await;
    for (change, field, code) in [
        (("slug", "Ä"), "slug", FieldCode::TooShort),
        (("slug", "a b"), "slug", FieldCode::BadCharacters),
        (("slug", "other-kind"), "produce", FieldCode::Taken),
        (("season", "13"), "season", FieldCode::NotAChoice),
        (("season", ""), "season", FieldCode::Required),
        (("price_yuan", "0"), "price_yuan", FieldCode::TooSmall),
        (("price_yuan", ""), "price_yuan", FieldCode::Required),
        (
            ("aliases", "这个别名实在太长了没有人会这样去叫一种柿子的吧"),
            "aliases",
            FieldCode::TooLong,
        ),
        (("category", ""), "category", FieldCode::Required),
    ] {
        let wrong = wrong_fields(change_persimmon(app, &market, &[change]).await);
        assert_eq!(wrong, [(field.to_owned(), code)], "{change:?}");
    }
    for who in [
        &market.buyers[0],
        &market.listers[0],
        &market.auditor,
        &market.finance,
    ] {
        let values = BTreeMap::from([("slug".to_owned(), "persimmon".to_owned())]);
        let row = RowIn { values };
        let tried = register::put_row(app, who, Register::Produce, &row, &app.key()).await;
        assert_eq!(refused(tried), Code::Forbidden, "{}", who.sign_in_name);
    }
}
