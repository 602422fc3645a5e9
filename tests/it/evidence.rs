//! From any sum to its documents and signatures: the accepted lines behind it, and the way there by links alone.

use server::services::{evidence, income, totals};
use shared::api::evidence::EvidenceQuery;
use shared::api::income::OverviewQuery;
use shared::api::problem::{Code, FieldCode};
use shared::domain::money::Fen;
use tests::html::tags;
use tests::market::VILLAGES;
use tests::{Browser, Market, TestApp, both, refused, trade, wrong_fields};

both![
    lines_come_to_the_sum_they_stand_behind,
    villages_are_found_by_their_tenth,
    every_sum_leads_to_signatures,
];

/// Two villages' goods credited in one acceptance.
async fn sold(app: &TestApp) -> Market {
    let market = app.market().await;
    let a = market.list(0).per_jin(900).lot(90_000).publish(app).await;
    let b = market.list(2).per_bottle(4500).lot(90).publish(app).await;
    trade::credited(app, &market, &market.buyers[0], &[(&a, 5_000), (&b, 2)]).await;
    trade::credited(app, &market, &market.buyers[1], &[(&a, 1_000)]).await;
    market
}

async fn lines_come_to_the_sum_they_stand_behind(app: &TestApp) {
    let market = sold(app).await;
    let public = totals::totals(app, None).await.expect("everybody reads");
    let month = app.today().month();
    let of = async |query: EvidenceQuery| {
        let found = evidence::lines(app, &market.auditor, &query, None, 50).await;
        let out = found.expect("the auditor reads");
        let sum: i64 = out.page.items.iter().map(|line| line.total_fen.0).sum();
        assert_eq!(out.total_fen, Fen(sum), "{query:?}: the sum is that of its lines");
        assert_eq!(
            out.lines,
            i64::try_from(out.page.items.len()).expect("few"),
            "{query:?}"
        );
        assert!(
            out.page
                .items
                .iter()
                .all(|line| !line.unit_person_name.is_empty() && !line.centre_person_name.is_empty())
        );
        (out.total_fen.0, out.lines)
    };
    let all = of(EvidenceQuery::default()).await;
    assert_eq!(all, (9000 + 9000 + 1800, 3));
    assert_eq!(Fen(all.0), public.turnover_fen);
    let by = |change: fn(&mut EvidenceQuery)| {
        let mut query = EvidenceQuery::default();
        change(&mut query);
        query
    };
    let honey = of(by(|q| q.category = Some("副食".to_owned()))).await;
    let category = public.categories.iter().find(|c| c.name == "副食").expect("sold");
    assert_eq!((honey, category.turnover_fen), ((9000, 1), Fen(9000)));
    let this = of(EvidenceQuery {
        month: Some(month),
        ..EvidenceQuery::default()
    })
    .await;
    assert_eq!(this, all);
    let other = of(EvidenceQuery {
        month: Some(if month == 1 { 2 } else { 1 }),
        ..EvidenceQuery::default()
    })
    .await;
    assert_eq!(other, (0, 0));
    assert_eq!(
        of(by(|q| q.village = Some(VILLAGES[0].0.to_owned()))).await,
        (10_800, 2)
    );
    assert_eq!(
        of(by(|q| q.town = Some(VILLAGES[2].0[..9].to_owned()))).await,
        (9000, 1)
    );
    let unit = EvidenceQuery {
        unit: Some(market.units[1].id),
        ..EvidenceQuery::default()
    };
    assert_eq!(of(unit).await, (1800, 1));
    // Page by page none is shown twice or left out.
    let (mut seen, mut after) = (Vec::new(), None::<String>);
    loop {
        let query = EvidenceQuery::default();
        let page = evidence::lines(app, &market.auditor, &query, after.as_deref(), 1).await;
        let page = page.expect("the auditor reads").page;
        seen.extend(page.items.iter().map(|line| line.line_id));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), 3);
    let wrong = EvidenceQuery {
        month: Some(13),
        ..EvidenceQuery::default()
    };
    let wrong = evidence::lines(app, &market.auditor, &wrong, None, 50).await;
    assert_eq!(wrong_fields(wrong), [("month".to_owned(), FieldCode::NotAChoice)]);
    for who in [
        &market.buyers[0],
        &market.listers[0],
        &market.officers[0],
        &market.operator,
    ] {
        let tried = evidence::lines(app, who, &EvidenceQuery::default(), None, 50).await;
        assert_eq!(refused(tried), Code::Forbidden, "{}", who.sign_in_name);
    }
}

async fn villages_are_found_by_their_tenth(app: &TestApp) {
    let market = sold(app).await;
    app.sql(
        "update villages set target_fen = 18000 where code = $1",
        [VILLAGES[0].0.into()],
    )
    .await;
    app.sql(
        "update villages set target_fen = 9000 where code = $1",
        [VILLAGES[2].0.into()],
    )
    .await;
    let of = async |tenth: Option<u32>, without: bool| {
        let query = OverviewQuery {
            tenth,
            without,
            ..OverviewQuery::default()
        };
        income::overview_of(app, &market.auditor, &query, None, 50)
            .await
            .expect("the auditor reads")
    };
    let all = of(None, false).await;
    for (tenth, count) in (0..).zip(&all.distribution) {
        let found = of(Some(tenth), false).await;
        assert_eq!(
            i64::try_from(found.page.items.len()).expect("few"),
            *count,
            "{tenth}"
        );
        assert_eq!(
            found.credited_fen, all.credited_fen,
            "the sums are of all of them"
        );
    }
    let reached = of(Some(10), false).await;
    assert_eq!(reached.page.items[0].village.code, VILLAGES[2].0);
    let sixth = of(Some(6), false).await;
    assert_eq!(sixth.page.items[0].village.code, VILLAGES[0].0, "108 of 180 yuan");
    let without = of(None, true).await;
    assert_eq!(
        i64::try_from(without.page.items.len()).expect("few"),
        all.spread.without
    );
}

/// The first link of a page that begins with one of these.
async fn follow(browser: &mut Browser, page: &str, to: &str) -> String {
    let answer = browser.open(page).await;
    let links: Vec<String> = tags(&answer.text())
        .into_iter()
        .filter(|tag| tag.name == "a")
        .filter_map(|tag| tag.attribute("href").map(str::to_owned))
        .collect();
    let found = links.iter().find(|href| href.starts_with(to));
    let href = found.unwrap_or_else(|| panic!("{page} has no link to {to}: {links:?}"));
    href.split('#').next().unwrap_or_default().to_owned()
}

async fn every_sum_leads_to_signatures(app: &TestApp) {
    let market = sold(app).await;
    let mut browser = app.signed_in(&market.auditor).await;
    let order = trade::show(app, &market, {
        let rows = server::services::order::list(
            app,
            &market.auditor,
            &shared::api::order::OrderQuery::default(),
            None,
            5,
        )
        .await
        .expect("the auditor reads");
        rows.items[0].id
    })
    .await;
    let order = format!("/orders/{}", order.order.id);
    // Each way begins at a page with sums and ends at the document with both names.
    for way in [
        vec!["/income", "/income/", "/ledger/transactions/", "/acceptances/"],
        vec![
            "/income",
            "/income/",
            "/ledger/transactions/",
            "/audit/path?number=",
            "/acceptances/",
        ],
        vec!["/totals", "/audit/lines?year=", "/acceptances/"],
        vec!["/totals", "/income?year=", "/income/", "/acceptances/"],
        vec![order.as_str(), "/audit/path?number=D", "/acceptances/"],
        vec![order.as_str(), "/audit/path?number=C", "/acceptances/"],
        vec!["/audit/lines", "/ledger/transactions/", "/acceptances/"],
        vec!["/", "/totals", "/audit/lines?year=", "/acceptances/"],
    ] {
        let mut at = way[0].to_owned();
        for to in &way[1..] {
            at = follow(&mut browser, &at, to).await;
        }
        let text = tests::html::words(&browser.open(&at).await.text());
        assert!(
            text.contains("采购") && text.contains("配送") && text.contains('✓'),
            "{way:?}: {text}"
        );
    }
    // Nobody else is led to pages that are not theirs.
    let mut buyer = app.signed_in(&market.buyers[0]).await;
    for page in ["/totals", order.as_str()] {
        let answer = buyer.get(page).await;
        assert!(!answer.text().contains("/audit/"), "{page}");
    }
}
