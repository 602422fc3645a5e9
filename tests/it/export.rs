//! Every list as a file: the same rows as on its page, for the same reader, narrowed by the same filters.

use crate::work::export;
use server::services::{acceptance, approval, claim, income, notice, work};
use shared::api::acceptance::{AcceptanceQuery, AcceptanceStatus, VarianceReason};
use shared::api::approval::PolicyIn;
use shared::api::claim::{ClaimIn, ClaimLineIn};
use shared::api::income::{MoneyState, StatementQuery};
use shared::api::problem::{Code, FieldCode};
use shared::api::work::{ExportIn, ExportList, FileFormat};
use shared::domain::approval::ApprovalKind;
use shared::domain::money::Fen;
use shared::domain::notice::NoticeKind;
use tests::market::VILLAGES;
use tests::{Market, Offer, TestApp, both, refused, trade, wrong_fields};

both![
    orders_of_a_village_have_its_requests,
    claims_reach_as_far_as_their_reader,
    people_and_the_log_are_narrowed_as_on_screen,
    a_statement_comes_to_its_figure,
    acceptances_are_narrowed,
    everybody_gets_their_own,
    what_is_computed_is_written_too,
    a_filter_that_is_none_is_refused,
];

/// The place of a column.
fn column(rows: &[Vec<String>], name: &str) -> usize {
    let found = rows[0].iter().position(|head| head == name);
    found.unwrap_or_else(|| panic!("{name} in {:?}", rows[0]))
}

/// What stands in a column, the heading left out.
fn cells(rows: &[Vec<String>], name: &str) -> Vec<String> {
    let at = column(rows, name);
    rows[1..].iter().map(|row| row[at].clone()).collect()
}

async fn two_villages(app: &TestApp) -> (Market, Offer, Offer) {
    let market = app.market().await;
    let a = market.list(0).per_jin(900).lot(90_000).publish(app).await;
    let b = market.list(2).per_bottle(4500).lot(90).publish(app).await;
    (market, a, b)
}

async fn orders_of_a_village_have_its_requests(app: &TestApp) {
    let (market, a, b) = two_villages(app).await;
    trade::place(app, &market.buyers[1], &[(&a, 1000)]).await;
    trade::place(app, &market.buyers[1], &[(&b, 1)]).await;
    let always = PolicyIn {
        kind: ApprovalKind::Always,
        above_fen: Fen::ZERO,
    };
    approval::set_policy(app, &market.approver, &app.key(), market.units[0].id, always)
        .await
        .expect("the unit has an approver");
    let asked = trade::place(app, &market.buyers[0], &[(&a, 2000)]).await;
    for village in [VILLAGES[0].0, VILLAGES[0].1, "塔院"] {
        let rows = export(
            app,
            &market.auditor,
            ExportList::Orders,
            &format!("village={village}"),
        )
        .await;
        assert_eq!(rows.len(), 3, "{village}: an order and a request: {rows:?}");
        assert!(cells(&rows, "订单号").contains(&asked.number));
    }
    let waiting = export(app, &market.approver, ExportList::Approvals, "").await;
    assert_eq!(cells(&waiting, "订单号"), std::slice::from_ref(&asked.number));
    assert_eq!(
        export(app, &market.buyers[1], ExportList::Approvals, "")
            .await
            .len(),
        1,
        "another unit's"
    );
}

async fn claims_reach_as_far_as_their_reader(app: &TestApp) {
    let (market, a, b) = two_villages(app).await;
    let buyer = &market.buyers[0];
    let accepted = trade::credited(app, &market, buyer, &[(&a, 10_000), (&b, 4)])
        .await
        .acceptance;
    let own = accepted
        .lines
        .iter()
        .find(|line| line.village_code == VILLAGES[0].0)
        .expect("the first village's line");
    let input = ClaimIn {
        acceptance_id: accepted.id.expect("posted"),
        lines: vec![ClaimLineIn {
            line_id: own.line_id,
            qty: None,
            asked_fen: Some(Fen(500)),
            reason: VarianceReason::Quality,
            photo_id: None,
        }],
        words: "箱底有烂的".to_owned(),
    };
    let made = claim::open(app, buyer, &app.key(), input).await.expect("in time");
    for (who, count) in [
        (buyer, 1),
        (&market.buyers[1], 0),
        (&market.listers[0], 1),
        (&market.listers[2], 0),
        (&market.officers[0], 1),
        (&market.officers[1], 0),
        (&market.auditor, 1),
    ] {
        let shown = claim::list(app, who, Default::default(), None, 50)
            .await
            .expect("may be read");
        assert_eq!(shown.items.len(), count, "{}", who.sign_in_name);
        for list in [ExportList::Claims, ExportList::ClaimLines] {
            let rows = export(app, who, list, "state=opened").await;
            assert_eq!(rows.len() - 1, count, "{list} of {}", who.sign_in_name);
            assert_eq!(export(app, who, list, "state=agreed").await.len(), 1);
        }
    }
    let rows = export(app, buyer, ExportList::Claims, "").await;
    assert_eq!(cells(&rows, "售后单号"), [made.row.number]);
    assert_eq!(cells(&rows, "状态"), ["待中心答复"]);
    assert_eq!(cells(&rows, "要求(元)"), ["5.00"]);
}

async fn people_and_the_log_are_narrowed_as_on_screen(app: &TestApp) {
    let market = app.market().await;
    let admin = &market.admin;
    let rows = export(app, admin, ExportList::People, "role=auditor").await;
    assert_eq!(cells(&rows, "登录名"), ["auditor"]);
    let rows = export(app, admin, ExportList::People, "q=LISTER&role=").await;
    assert_eq!(rows.len(), 6, "five of them, in whatever case they are typed");
    let rows = export(app, admin, ExportList::People, "role=unit_requester&q=both-hats").await;
    assert_eq!(rows.len(), 3, "all roles of whoever has this one");
    let offer = market.list(0).lot(9_000).publish(app).await;
    let placed = trade::place(app, &market.buyers[0], &[(&offer, 1000)]).await;
    for person in [
        "buyer0",
        "BUYER0",
        "采购0",
        &market.buyers[0].person_id.to_string(),
    ] {
        let rows = export(
            app,
            &market.auditor,
            ExportList::Audit,
            &format!("person={person}&kind=order"),
        )
        .await;
        assert_eq!(rows.len(), 2, "{person}: {rows:?}");
        assert_eq!(cells(&rows, "谁"), ["采购0"]);
    }
    let rows = export(
        app,
        &market.auditor,
        ExportList::Audit,
        &format!("object={}", placed.id),
    )
    .await;
    assert_eq!(rows.len(), 2);
    let nobody = export(app, &market.auditor, ExportList::Audit, "person=nobody-here").await;
    assert_eq!(nobody.len(), 1, "nobody has that name: nothing was done by them");
}

async fn a_statement_comes_to_its_figure(app: &TestApp) {
    let (market, a, b) = two_villages(app).await;
    for qty in [1000, 2500] {
        trade::credited(app, &market, &market.buyers[0], &[(&a, qty), (&b, 1)]).await;
    }
    app.sql(
        "update payables set paid_at = 1 where village_code = $1 and amount_fen = 1800",
        [VILLAGES[0].0.into()],
    )
    .await;
    for sums in ["village_moneys", "village_years"] {
        let sql = format!("update {sums} set paid_fen = 1800 where village_code = $1");
        app.sql(&sql, [VILLAGES[0].0.into()]).await;
    }
    let of = |money: Option<MoneyState>| StatementQuery {
        money,
        ..StatementQuery::default()
    };
    for (money, sum, lines) in [
        (None, 1800 + 4500, 2),
        (Some(MoneyState::Paid), 1800, 1),
        (Some(MoneyState::Unpaid), 4500, 1),
        (Some(MoneyState::Settled), 0, 0),
    ] {
        let shown = income::narrowed(app, &market.listers[0], VILLAGES[0].0, &of(money), None, 50)
            .await
            .expect("their own");
        assert_eq!(
            (shown.statement_fen, shown.statement.items.len()),
            (Fen(sum), lines),
            "{money:?}"
        );
        let year = app.today().year();
        let mut query = format!("village={}&from={year}-01-01&until={year}-12-31", VILLAGES[0].0);
        if let Some(money) = money {
            query.push_str(&format!("&money={}", money.as_str()));
        }
        let rows = export(app, &market.listers[0], ExportList::Statement, &query).await;
        assert_eq!(rows.len() - 1, lines, "{money:?}");
    }
    let foreign = format!("village={}", VILLAGES[2].0);
    let rows = export(app, &market.listers[0], ExportList::Statement, &foreign).await;
    assert_eq!(rows.len(), 1, "another village's");
    let rows = export(app, &market.officers[1], ExportList::Statement, &foreign).await;
    assert_eq!(rows.len(), 3, "the town's own village");
    assert_eq!(cells(&rows, "到账"), ["待付", "待付"]);
}

async fn acceptances_are_narrowed(app: &TestApp) {
    let (market, a, _) = two_villages(app).await;
    let buyer = &market.buyers[0];
    let posted = trade::credited(app, &market, buyer, &[(&a, 1000)])
        .await
        .acceptance;
    let open = trade::delivered(app, &market, buyer, &[(&a, 500)]).await;
    let weighed = trade::as_expected(app, &market, open).await;
    trade::sign(app, buyer, open, &weighed)
        .await
        .expect("the unit signs");
    let number = posted.number.expect("posted");
    let today = app.today();
    let yesterday = today.add_days(-1);
    let of = |state| AcceptanceQuery {
        state,
        ..AcceptanceQuery::default()
    };
    for (query, address, count) in [
        (AcceptanceQuery::default(), String::new(), 2),
        (of(Some(AcceptanceStatus::Posted)), "state=posted".to_owned(), 1),
        (of(Some(AcceptanceStatus::Signed)), "state=signed".to_owned(), 1),
        (
            AcceptanceQuery {
                number: Some(number.clone()),
                ..AcceptanceQuery::default()
            },
            format!("number={number}"),
            1,
        ),
        (
            AcceptanceQuery {
                from: Some(today),
                until: Some(today),
                ..AcceptanceQuery::default()
            },
            format!("from={today}&until={today}"),
            2,
        ),
        (
            AcceptanceQuery {
                until: Some(yesterday),
                ..AcceptanceQuery::default()
            },
            format!("until={yesterday}"),
            0,
        ),
    ] {
        let shown = acceptance::list(app, buyer, &query, None, 50)
            .await
            .expect("their own");
        assert_eq!(shown.items.len(), count, "{address}");
        for list in [ExportList::Acceptances, ExportList::AcceptanceLines] {
            let rows = export(app, buyer, list, &address).await;
            assert_eq!(rows.len() - 1, count, "{list}: {address}");
        }
    }
}

async fn everybody_gets_their_own(app: &TestApp) {
    let (market, a, _) = two_villages(app).await;
    trade::place(app, &market.buyers[0], &[(&a, 1000)]).await;
    let told = notice::list(app, &market.listers[0], None, 50)
        .await
        .expect("their own");
    assert_eq!(told.items.len(), 1);
    let rows = export(app, &market.listers[0], ExportList::Notices, "").await;
    // The second form is asked for after the first was told of.
    assert_eq!(rows.len(), 3, "{rows:?}");
    let sentences = cells(&rows, "消息");
    let offered = sentences
        .iter()
        .filter(|words| words.starts_with("有新的村单，请确认："));
    assert_eq!(offered.count(), 1, "{sentences:?}");
    assert_eq!(told.items[0].kind, NoticeKind::VillageOrderOffered);
    assert_eq!(
        export(app, &market.listers[1], ExportList::Notices, "")
            .await
            .len(),
        2,
        "their own file alone"
    );
}

async fn what_is_computed_is_written_too(app: &TestApp) {
    let (market, a, b) = two_villages(app).await;
    let posted = trade::credited(app, &market, &market.buyers[0], &[(&a, 1000), (&b, 2)])
        .await
        .acceptance;
    let auditor = &market.auditor;
    let rows = export(app, auditor, ExportList::Progress, "").await;
    assert_eq!(rows.len() - 1, VILLAGES.len());
    assert_eq!(
        cells(&rows, "已入账(元)")[..2],
        ["90.00", "18.00"],
        "the most first"
    );
    let town = export(app, &market.officers[0], ExportList::Progress, "").await;
    assert_eq!(town.len(), 3, "the town's own villages");
    let none = export(app, auditor, ExportList::Progress, "without=1").await;
    assert_eq!(none.len() - 1, 3, "aided and nothing earned");
    let tenth = export(app, auditor, ExportList::Progress, "tenth=0").await;
    assert_eq!(tenth.len() - 1, 5, "the aided ones, and whoever earned");
    let rows = export(app, &market.buyers[1], ExportList::Totals, "q=塔院").await;
    assert_eq!(cells(&rows, "村"), ["塔院村"], "what everybody may see");
    let rows = export(app, &market.buyers[1], ExportList::Goods, "q=蜂蜜&sort=cheapest").await;
    assert_eq!(cells(&rows, "货品"), ["蜂蜜"]);
    let rows = export(
        app,
        auditor,
        ExportList::Trail,
        &format!("number={}", posted.order_number),
    )
    .await;
    assert_eq!(rows.len(), 3);
    assert!(cells(&rows, "单位签字人").iter().all(|name| name == "采购0"));
    let rows = export(app, auditor, ExportList::Prices, "produce=shiitake").await;
    assert_eq!(
        cells(&rows, "居中(元)"),
        ["18.00"],
        "nine for a jin are eighteen for a kg"
    );
    let rows = export(app, &market.officers[0], ExportList::Exceptions, "").await;
    assert_eq!(cells(&rows, "村"), [VILLAGES[1].1], "nothing on sale");
    let foreign = ExportIn {
        list: ExportList::Exceptions,
        format: FileFormat::Csv,
        query: format!("town={}", &VILLAGES[2].0[..9]),
    };
    let tried = work::export(app, &market.officers[0], &foreign, &app.key()).await;
    assert_eq!(refused(tried), Code::NotFound, "refused when it is asked for");
}

async fn a_filter_that_is_none_is_refused(app: &TestApp) {
    let market = app.market().await;
    for (list, query, field, code) in [
        (
            ExportList::Orders,
            "colour=red",
            "query.colour",
            FieldCode::NotAChoice,
        ),
        (
            ExportList::Goods,
            "colour=red",
            "query.colour",
            FieldCode::NotAChoice,
        ),
        (
            ExportList::Progress,
            "year=soon",
            "query.year",
            FieldCode::NotANumber,
        ),
        (
            ExportList::Orders,
            "number=%00",
            "query.number",
            FieldCode::BadCharacters,
        ),
        (
            ExportList::Audit,
            "from=tomorrow",
            "query.from",
            FieldCode::NotADay,
        ),
    ] {
        let input = ExportIn {
            list,
            format: FileFormat::Csv,
            query: query.to_owned(),
        };
        let tried = work::export(app, &market.auditor, &input, &app.key()).await;
        assert_eq!(wrong_fields(tried), [(field.to_owned(), code)], "{list} {query}");
    }
    for (who, list) in [
        (&market.buyers[0], ExportList::Exceptions),
        (&market.buyers[0], ExportList::Trail),
        (&market.listers[0], ExportList::Progress),
        (&market.buyers[0], ExportList::Prices),
        (&market.operator, ExportList::Proposals),
    ] {
        let input = ExportIn {
            list,
            format: FileFormat::Csv,
            query: String::new(),
        };
        let tried = work::export(app, who, &input, &app.key()).await;
        assert_eq!(refused(tried), Code::Forbidden, "{list}");
    }
}
