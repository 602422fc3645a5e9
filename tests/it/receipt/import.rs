//! Statements: looked at first, each row once, whatever the bank's file looks like.

use super::{billed, suspense};
use server::documents::sheet::{Cell, Writer};
use server::services::work::{self, Outcome, run_next, run_steps};
use server::services::{period, receipt};
use server::store;
use shared::api::books::CloseIn;
use shared::api::problem::{Code, FieldCode};
use shared::api::receipt::{ReceiptQuery, StatementOut};
use shared::api::work::{WorkOut, WorkState};
use shared::domain::money::Fen;
use shared::domain::work::FileFormat;
use tests::receipts::{HEADING, Row, account, arrive, layout, receipt as shown, statement};
use tests::{Market, Person, TestApp, both, refused, wrong_fields};
use uuid::Uuid;

both![
    is_looked_at_first_and_taken_in_once,
    a_heading_is_remembered,
    every_kind_of_file_says_the_same,
    bad_rows_are_named_and_block_nothing,
    goes_on_where_another_died,
    takes_fifty_thousand_rows,
    a_closed_month_stays_closed,
    an_account_has_its_number_alone,
];

async fn upload(app: &TestApp, market: &Market, bytes: Vec<u8>) -> StatementOut {
    let account = account(app, market).await;
    receipt::upload(app, &market.finance, &app.key(), account, bytes)
        .await
        .expect("a table is taken in")
}

async fn check(app: &TestApp, who: &Person, id: Uuid) -> WorkOut {
    let asked = receipt::check(app, who, &app.key(), id, &layout())
        .await
        .expect("the columns are there");
    run(app).await;
    show(app, who, asked.work_id.expect("it was queued")).await
}

async fn run(app: &TestApp) {
    let done = run_next(app, app.holders[0])
        .await
        .expect("the database is there");
    assert_eq!(done, Outcome::Ended);
}

async fn show(app: &TestApp, who: &Person, id: Uuid) -> WorkOut {
    work::show(app, who, id).await.expect("one's own work")
}

async fn go(app: &TestApp, who: &Person, id: Uuid) -> WorkOut {
    work::go(app, who, id, false, &app.key())
        .await
        .expect("it waits for this");
    run(app).await;
    show(app, who, id).await
}

fn counts(work: &WorkOut) -> (i64, i64, i64, i64) {
    (work.created, work.changed, work.unchanged, work.refused)
}

async fn is_looked_at_first_and_taken_in_once(app: &TestApp) {
    let (market, made) = billed(app).await;
    let rows = [
        Row::new("A1", Fen(4_000), &made.row.transfer_code),
        Row::new("A2", Fen(700), "不知道"),
    ];
    let mut text = statement(app, &rows);
    text.push_str(&format!("{},A3,,500.00,退款,,\n", app.today()));
    for round in 0..2 {
        let taken = upload(app, &market, text.clone().into_bytes()).await;
        assert_eq!((taken.total, taken.known), (3, round > 0));
        let looked = check(app, &market.finance, taken.id).await;
        assert_eq!(looked.state, WorkState::Waiting);
        let wanted = [(1, 1, 1, 0), (0, 0, 3, 0)][round];
        assert_eq!(counts(&looked), wanted);
        assert_eq!(
            app.count("receipts").await,
            2 * i64::from(round > 0),
            "a look writes nothing"
        );
        let before = app.count("ledger_transactions").await;
        let written = go(app, &market.finance, looked.id).await;
        assert_eq!((written.state, counts(&written)), (WorkState::Done, wanted));
        let posted = app.count("ledger_transactions").await - before;
        assert_eq!(posted, [3, 0][round], "two receipts and one match, once");
    }
    assert_eq!(suspense(app).await, 700);
    assert_eq!(app.count("audit_rows where action = 'receipt.import'").await, 2);
    let stranger = receipt::statement(app, &market.operator, Uuid::nil()).await;
    assert_eq!(refused(stranger), Code::Forbidden);
}

async fn a_heading_is_remembered(app: &TestApp) {
    let (market, _) = billed(app).await;
    // Columns that no guess could make out.
    let text = format!("a,b,c,d,e,f,g\n{},A1,7.00,,甲,1,\n", app.today());
    let first = upload(app, &market, text.clone().into_bytes()).await;
    assert!(!first.known);
    let mut missing = layout();
    missing.columns.truncate(2);
    let asked = receipt::check(app, &market.finance, &app.key(), first.id, &missing).await;
    assert_eq!(wrong_fields(asked), [("income".to_owned(), FieldCode::Required)]);
    let mut beyond = layout();
    beyond.columns[0].column = 7;
    let asked = receipt::check(app, &market.finance, &app.key(), first.id, &beyond).await;
    assert_eq!(wrong_fields(asked)[0].1, FieldCode::NotAChoice);
    check(app, &market.finance, first.id).await;
    let again = upload(app, &market, text.into_bytes()).await;
    assert!(again.known);
    let mut columns = again.columns;
    columns.sort_by_key(|one| one.column);
    assert_eq!(columns, layout().columns);
}

async fn every_kind_of_file_says_the_same(app: &TestApp) {
    let (market, _) = billed(app).await;
    let text = statement(app, &[Row::new("A1", Fen(1_234), "蓟州区").from("示例医院", "1")]);
    let above = format!("账号,0200 1234\n起止日期,2026-11\n{text}");
    let (gbk, ..) = encoding_rs::GB18030.encode(&above);
    let mut writer = Writer::new(FileFormat::Xlsx, "流水", &["账户明细"]).expect("a book");
    for line in text.lines() {
        let cells: Vec<Cell> = line.split(',').map(|cell| Cell::Text(cell.to_owned())).collect();
        writer.row(&cells).expect("a row");
    }
    let book = writer.finish().expect("a book");
    for (at, bytes) in [
        text.clone().into_bytes(),
        above.clone().into_bytes(),
        gbk.into_owned(),
        book,
    ]
    .into_iter()
    .enumerate()
    {
        let taken = upload(app, &market, bytes).await;
        assert_eq!(taken.heading, HEADING.split(',').collect::<Vec<_>>(), "file {at}");
        assert_eq!(
            (taken.total, taken.heading_line),
            (1, [1, 3, 3, 2][at]),
            "file {at}"
        );
        let looked = check(app, &market.finance, taken.id).await;
        assert_eq!(counts(&looked), (1, 0, 0, 0), "file {at}");
    }
    let broken = vec![0_u8, 1, 2];
    let account = account(app, &market).await;
    let taken = receipt::upload(app, &market.finance, &app.key(), account, broken).await;
    assert_eq!(refused(taken), Code::UnsupportedFile);
}

async fn bad_rows_are_named_and_block_nothing(app: &TestApp) {
    let (market, _) = billed(app).await;
    arrive(app, &market, &[Row::new("A1", Fen(100), "")]).await;
    let today = app.today();
    let text = format!(
        "{HEADING}\n{today},A2,5.00,,,,\n{today},,6.00,,,,\nnever,A3,7.00,,,,\n{today},A1,9.00,,,,\n{today},A2,5.00,,,,\n{},A4,8.00,,,,\n",
        today.add_days(1)
    );
    let taken = upload(app, &market, text.into_bytes()).await;
    let looked = check(app, &market.finance, taken.id).await;
    assert_eq!(counts(&looked), (1, 0, 1, 4));
    let said: Vec<_> = looked
        .bad
        .iter()
        .map(|bad| (bad.line, bad.column.as_str(), bad.code))
        .collect();
    assert_eq!(
        said,
        [
            (3, "流水号", FieldCode::Required),
            (4, "交易日期", FieldCode::NotADay),
            (5, "流水号", FieldCode::Taken),
            (7, "交易日期", FieldCode::TooLate),
        ]
    );
    assert_eq!(counts(&go(app, &market.finance, looked.id).await), (1, 0, 1, 4));
    assert_eq!(suspense(app).await, 600);
}

/// Many receipts of which nothing is known.
fn many(app: &TestApp, count: usize) -> String {
    let rows: Vec<Row> = (0..count)
        .map(|at| {
            Row::new(
                &format!("N{at:06}"),
                Fen(100 + i64::try_from(at).expect("small")),
                "货款",
            )
        })
        .collect();
    statement(app, &rows)
}

async fn goes_on_where_another_died(app: &TestApp) {
    let (market, made) = billed(app).await;
    let mut text = many(app, 1_200);
    text.push_str(&format!(
        "{},Z1,40.00,,,,{}\n",
        app.today(),
        made.row.transfer_code
    ));
    let taken = upload(app, &market, text.into_bytes()).await;
    let looked = check(app, &market.finance, taken.id).await;
    assert_eq!(counts(&looked), (1_200, 1, 0, 0));
    work::go(app, &market.finance, looked.id, false, &app.key())
        .await
        .expect("it waits for this");
    let left = run_steps(app, app.holders[0], 1)
        .await
        .expect("the database is there");
    assert_eq!(left, Outcome::Left);
    assert_eq!(app.count("receipts").await, 500);
    // The lease runs out, and another process goes on.
    app.clock.advance_s(60);
    let done = run_next(app, app.holders[1])
        .await
        .expect("the database is there");
    assert_eq!(done, Outcome::Ended);
    assert_eq!(
        counts(&show(app, &market.finance, looked.id).await),
        (1_200, 1, 0, 0)
    );
    assert_eq!(app.count("receipts").await, 1_201);
    assert_eq!(app.count("receipts where status = 'posted'").await, 1);
}

async fn takes_fifty_thousand_rows(app: &TestApp) {
    let (market, _) = billed(app).await;
    let taken = upload(app, &market, many(app, 50_000).into_bytes()).await;
    let before = store::statements();
    let looked = check(app, &market.finance, taken.id).await;
    let looked_sql = store::statements() - before;
    assert_eq!(counts(&looked), (50_000, 0, 0, 0));
    let before = store::statements();
    let written = go(app, &market.finance, looked.id).await;
    let written_sql = store::statements() - before;
    println!("50,000 rows: looked at by {looked_sql} statements, written by {written_sql}");
    assert_eq!(counts(&written), (50_000, 0, 0, 0));
    assert!(written_sql < 2_000, "no statement a row: {written_sql}");
    let page = receipt::list(app, &market.auditor, &ReceiptQuery::default(), None, 50)
        .await
        .expect("may read");
    assert_eq!(page.items.len(), 50);
}

async fn a_closed_month_stays_closed(app: &TestApp) {
    let (market, _) = billed(app).await;
    let late = statement(app, &[Row::new("A1", Fen(500), "")]);
    let (_, _, date) = app.today().ymd();
    app.pass_hours(24 * (31 - i64::from(date)));
    let month = "2026-11".parse().expect("a month");
    period::close(app, &market.finance, &app.key(), &CloseIn { month })
        .await
        .expect("it is over");
    let account = account(app, &market).await;
    receipt::take_in(app, &market.finance, account, &layout(), late.as_bytes())
        .await
        .expect("it is taken in");
    let came = shown(app, &market, "A1").await;
    assert_eq!(came.row.booked_at.day().month(), 11, "the bank's day stays");
    let sql = "select effective_at from ledger_transactions where id = $1";
    let effective = app.number(sql, [came.transaction_id.into()]).await;
    assert_eq!(effective, app.now().0, "it takes effect in the open month");
}

async fn an_account_has_its_number_alone(app: &TestApp) {
    let market = app.market().await;
    account(app, &market).await;
    let input = shared::api::receipt::BankAccountIn {
        name: "又一个".to_owned(),
        bank: "示例银行".to_owned(),
        account_no: "020012345678".to_owned(),
    };
    let again = receipt::add_account(app, &market.finance, &app.key(), &input).await;
    assert_eq!(wrong_fields(again), [("account_no".to_owned(), FieldCode::Taken)]);
    let none = shared::api::receipt::BankAccountIn {
        account_no: "abc".to_owned(),
        ..input
    };
    let none = receipt::add_account(app, &market.finance, &app.key(), &none).await;
    assert_eq!(
        wrong_fields(none),
        [("account_no".to_owned(), FieldCode::BadCharacters)]
    );
}
