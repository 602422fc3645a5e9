//! Long work: imports looked at, decided and written; killed and gone on with; exports as their reader may read.

use server::services::work::{self, Outcome, run_next, run_steps};
use shared::api::import::Register;
use shared::api::problem::{Code, FieldCode};
use shared::api::work::{ExportIn, ExportList, FileFormat, WorkOut, WorkState};
use std::io::Cursor;
use tests::market::{TOWNS, VILLAGES, unit_code};
use tests::{Market, Person, TestApp, both, refused};
use uuid::Uuid;

both![
    looks_first_and_writes_when_told,
    takes_all_or_nothing,
    goes_on_where_another_died,
    refuses_overlapping_pairings_by_name,
    invites_people_and_gives_no_password,
    lists_offers_for_review_once,
    gives_refused_rows_back_to_mend,
    takes_fifty_thousand_rows,
    writes_what_the_reader_may_read,
    is_ones_own,
    forgets_files_after_thirty_days,
    stops_when_told,
];

async fn check(app: &TestApp, who: &Person, register: Register, text: &str) -> WorkOut {
    let bytes = text.as_bytes().to_vec();
    let queued = work::import(app, who, register, "表.csv", bytes, &app.key())
        .await
        .expect("a table is taken in");
    assert_eq!(queued.state, WorkState::Queued);
    run(app).await;
    show(app, who, queued.id).await
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

async fn go(app: &TestApp, who: &Person, id: Uuid, whole: bool) -> WorkOut {
    work::go(app, who, id, whole, &app.key())
        .await
        .expect("it waits for this");
    run(app).await;
    show(app, who, id).await
}

fn counts(work: &WorkOut) -> (i64, i64, i64, i64, i64) {
    (
        work.total,
        work.created,
        work.changed,
        work.unchanged,
        work.refused,
    )
}

/// A list as its reader gets it, in both forms; its heading first.
pub(crate) async fn export(app: &TestApp, who: &Person, list: ExportList, query: &str) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    for format in FileFormat::ALL {
        let input = ExportIn {
            list,
            format,
            query: query.to_owned(),
        };
        let queued = work::export(app, who, &input, &app.key())
            .await
            .expect("may be read");
        run(app).await;
        let done = show(app, who, queued.id).await;
        assert_eq!(done.state, WorkState::Done, "{list}: {:?}", done.problem);
        let file = work::result(app, who, queued.id)
            .await
            .expect("a file came of it");
        let bytes = file.read().await.expect("it is kept");
        found.push(match format {
            FileFormat::Xlsx => workbook(&bytes),
            FileFormat::Csv => text(&bytes),
        });
    }
    // Asking for a file is itself on record, and told.
    let grows = usize::from(matches!(
        list,
        ExportList::Audit | ExportList::Works | ExportList::Notices
    ));
    let more = found[1].len() - found[0].len();
    let same = more == grows || (!query.is_empty() && more == 0);
    assert!(same, "{list} {query}: both forms have the same rows: {found:?}");
    assert_eq!(
        found[0][0], found[1][0],
        "{list}: both forms have the same heading"
    );
    for row in &found[1][1..] {
        for cell in row {
            assert!(
                !cell.starts_with(['=', '+', '@']),
                "{list}: {cell} would be a formula"
            );
        }
    }
    found.remove(1)
}

fn text(bytes: &[u8]) -> Vec<Vec<String>> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").expect("its mark");
    csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(bytes)
        .records()
        .map(|row| row.expect("a row").iter().map(str::to_owned).collect())
        .collect()
}

fn workbook(bytes: &[u8]) -> Vec<Vec<String>> {
    use calamine::Reader as _;
    let mut book: calamine::Xlsx<_> = calamine::Xlsx::new(Cursor::new(bytes)).expect("a workbook");
    let range = book.worksheet_range_at(0).expect("a sheet").expect("a sheet");
    range
        .rows()
        .map(|row| row.iter().map(ToString::to_string).collect())
        .collect()
}

async fn looks_first_and_writes_when_told(app: &TestApp) {
    let market = app.market().await;
    let before = app.count("villages").await;
    let file = format!(
        "村名称,村代码,乡镇代码,帮扶村\n新一村,{0}301,{0},是\n新二村,１２０１１９１０２３０２,{0},否\n坏村,{0}30,{0},\n塔院村,{1},{0},1\n塔院新村,{2},{0},1\n",
        TOWNS[0].0, VILLAGES[0].0, VILLAGES[1].0
    );
    let looked = check(app, &market.operator, Register::Villages, &file).await;
    assert_eq!(looked.state, WorkState::Waiting);
    assert_eq!(counts(&looked), (5, 2, 1, 1, 1));
    assert_eq!(
        looked
            .bad
            .iter()
            .map(|bad| (bad.line, bad.column.as_str(), bad.code))
            .collect::<Vec<_>>(),
        [(4, "village_code", FieldCode::TooShort)]
    );
    assert_eq!(app.count("villages").await, before, "looking writes nothing");
    let done = go(app, &market.operator, looked.id, false).await;
    assert_eq!(done.state, WorkState::Done);
    assert_eq!(counts(&done), (5, 2, 1, 1, 1));
    assert_eq!(app.count("villages").await, before + 2);
    let again = check(app, &market.operator, Register::Villages, &file).await;
    assert_eq!(
        counts(&again),
        (5, 0, 0, 4, 1),
        "the same file again changes nothing"
    );
    let told = server::services::notice::list(app, &market.operator, None, 50)
        .await
        .expect("notices");
    assert!(
        told.items
            .iter()
            .any(|notice| notice.path == format!("/works/{}", done.id))
    );
}

async fn takes_all_or_nothing(app: &TestApp) {
    let market = app.market().await;
    let before = app.count("towns").await;
    let bad = check(
        app,
        &market.admin,
        Register::Towns,
        "town_code,town\n120119001,甲\n12,乙\n",
    )
    .await;
    let outcome = work::go(app, &market.admin, bad.id, true, &app.key()).await;
    assert_eq!(refused(outcome), Code::WrongState);
    let good = check(
        app,
        &market.admin,
        Register::Towns,
        "town_code,town\n120119001,甲\n120119002,乙\n",
    )
    .await;
    let done = go(app, &market.admin, good.id, true).await;
    assert_eq!((done.state, done.created), (WorkState::Done, 2));
    assert_eq!(app.count("towns").await, before + 2);
}

/// So many villages of the first town.
fn many_villages(rows: usize) -> String {
    let mut file = String::from("village_code,village,town_code\n");
    for at in 0..rows {
        let town = 120_119_500 + at / 900;
        file.push_str(&format!("{town}{:03},村{at},{town}\n", at % 900));
    }
    file
}

fn many_towns(rows: usize) -> String {
    let mut file = String::from("town_code,town\n");
    for at in 0..rows {
        file.push_str(&format!("{},镇{at}\n", 120_119_500 + at));
    }
    file
}

async fn goes_on_where_another_died(app: &TestApp) {
    let market = app.market().await;
    tests::market::import(app, Register::Towns, &many_towns(3)).await;
    let before = app.count("villages").await;
    let looked = check(app, &market.operator, Register::Villages, &many_villages(2200)).await;
    work::go(app, &market.operator, looked.id, false, &app.key())
        .await
        .expect("it waits");
    let (one, other) = (app.new_id(), app.new_id());
    let left = run_steps(app, one, 2).await.expect("two steps");
    assert_eq!(left, Outcome::Left, "the first one dies");
    assert_eq!(app.count("villages").await, before + 1000);
    assert_eq!(
        run_next(app, other).await.expect("looks"),
        Outcome::Nothing,
        "it is still leased"
    );
    app.clock.advance_s(31);
    assert_eq!(run_next(app, other).await.expect("goes on"), Outcome::Ended);
    let done = show(app, &market.operator, looked.id).await;
    assert_eq!(
        (done.state, counts(&done)),
        (WorkState::Done, (2200, 2200, 0, 0, 0))
    );
    assert_eq!(app.count("villages").await, before + 2200, "each once");
}

async fn refuses_overlapping_pairings_by_name(app: &TestApp) {
    let market = app.market().await;
    let (unit, village) = (&market.units[0].code, VILLAGES[0].0);
    let file = format!(
        "unit_code,village_code,from,until\n{unit},{village},2026-06-01,\n{unit},{other},2024-01-01,2024-12-31\n{unit},{other},2024-12-31,\n{unit},{village},2025/1/1,2025年12月31日\n",
        other = VILLAGES[1].0
    );
    let looked = check(app, &market.operator, Register::Pairings, &file).await;
    assert_eq!(counts(&looked), (4, 2, 0, 0, 2));
    let first = &looked.bad[0];
    assert_eq!((first.line, first.code), (2, FieldCode::Overlaps));
    let bound = first.bound.clone().unwrap_or_default();
    assert!(
        bound.contains("示例单位0") && bound.contains("塔院村") && bound.contains("2026-01-01"),
        "{bound}"
    );
    assert_eq!((looked.bad[1].line, looked.bad[1].code), (4, FieldCode::Overlaps));
}

async fn invites_people_and_gives_no_password(app: &TestApp) {
    let market = app.market().await;
    let file = format!(
        "登录名,姓名,身份,单位代码,村代码\nli.one,李一,村供货员,,{}\nwang.two,王二,采购经办人,{},\nzhang.three,张三,系统管理员,,\nli.one,李一,村供货员,,{}\n",
        VILLAGES[5].0,
        unit_code(0),
        VILLAGES[4].0
    );
    let looked = check(app, &market.admin, Register::People, &file).await;
    assert_eq!(counts(&looked), (4, 2, 1, 0, 1), "{:?}", looked.bad);
    assert_eq!(looked.bad[0].column, "role", "great roles are given one by one");
    let done = go(app, &market.admin, looked.id, false).await;
    assert_eq!(done.state, WorkState::Done, "{:?}", done.problem);
    let with = app
        .number("select count(*) from persons where password_hash is not null and sign_in_name in ('li.one', 'wang.two')", [])
        .await;
    assert_eq!(with, 0, "nobody got a password");
    let links = work::result(app, &market.admin, done.id)
        .await
        .expect("the links");
    let rows = workbook(&links.read().await.expect("it is kept"));
    assert_eq!(rows.len(), 3, "{rows:?}");
    let secret = rows[1][2].rsplit('/').next().expect("a link").to_owned();
    let who = server::services::link::show(app, &secret)
        .await
        .expect("the link works");
    assert_eq!(who.name, "李一");
    let again = check(app, &market.admin, Register::People, &file).await;
    assert_eq!(counts(&again), (4, 0, 0, 3, 1));
    let operator = work::import(
        app,
        &market.operator,
        Register::People,
        "x",
        file.into_bytes(),
        &app.key(),
    )
    .await;
    assert_eq!(refused(operator), Code::Forbidden);
}

async fn lists_offers_for_review_once(app: &TestApp) {
    let market = app.market().await;
    let file = format!(
        "村代码,品种,货品名称,等级,单价(元),计价单位,起订量,递增量,采收日期,批次数量\n{0},香菇,鲜香菇,一级,9.00,斤,10,1,{1},500\n{0},蜂蜜,荆花蜜,,45,瓶,1,1,,\n{0},没有的,东西,,1,斤,1,1,,\n",
        VILLAGES[0].0,
        app.today()
    );
    let looked = check(app, &market.operator, Register::Offers, &file).await;
    assert_eq!(counts(&looked), (3, 2, 0, 0, 1), "{:?}", looked.bad);
    let done = go(app, &market.operator, looked.id, false).await;
    assert_eq!(
        (done.state, counts(&done)),
        (WorkState::Done, (3, 2, 0, 0, 1)),
        "{:?}",
        done.bad
    );
    assert_eq!(app.count("offers").await, 2);
    let waiting = app
        .number(
            "select count(*) from offers where pending_status = 'submitted'",
            [],
        )
        .await;
    assert_eq!((waiting, app.count("lots").await), (2, 1));
    let again = check(app, &market.operator, Register::Offers, &file).await;
    assert_eq!(counts(&again), (3, 0, 0, 2, 1));
}

async fn gives_refused_rows_back_to_mend(app: &TestApp) {
    let market = app.market().await;
    let looked = check(
        app,
        &market.operator,
        Register::Towns,
        "乡镇代码,乡镇名称\n120119001,甲\n12011900,=乙\n",
    )
    .await;
    let file = work::refused(app, &market.operator, looked.id, |bad| format!("{:?}", bad.code))
        .await
        .expect("a row was refused");
    let bytes = file.read().await.expect("it is kept");
    let rows = workbook(&bytes);
    assert_eq!(rows[0], ["乡镇代码", "乡镇名称", "退回原因"]);
    assert_eq!(rows[1], ["12011900", "=乙", "TooShort"]);
    // As it came, with its reasons, it is read again.
    let back = work::import(
        app,
        &market.operator,
        Register::Towns,
        "退回.xlsx",
        bytes,
        &app.key(),
    )
    .await;
    let back = back.expect("our own workbook");
    run(app).await;
    assert_eq!(
        counts(&show(app, &market.operator, back.id).await),
        (1, 0, 0, 0, 1)
    );
    let template = work::template(&market.operator, Register::Towns).expect("may fill it");
    let back = work::import(
        app,
        &market.operator,
        Register::Towns,
        "模板.xlsx",
        template.read().await.expect("it is made"),
        &app.key(),
    )
    .await;
    run(app).await;
    let shown = show(app, &market.operator, back.expect("our own workbook").id).await;
    assert_eq!(
        (shown.total, shown.refused),
        (1, 0),
        "the example of a template is a good row"
    );
}

#[expect(
    clippy::disallowed_methods,
    reason = "how long it takes is printed, not asserted"
)]
async fn takes_fifty_thousand_rows(app: &TestApp) {
    let market = app.market().await;
    tests::market::import(app, Register::Towns, &many_towns(56)).await;
    let begun = std::time::Instant::now();
    let looked = check(app, &market.operator, Register::Villages, &many_villages(50_000)).await;
    assert_eq!(counts(&looked), (50_000, 50_000, 0, 0, 0));
    let looking = begun.elapsed();
    let done = go(app, &market.operator, looked.id, false).await;
    assert_eq!((done.state, done.created), (WorkState::Done, 50_000));
    println!(
        "50,000 rows: looked at in {looking:?}, written in {:?}",
        begun.elapsed() - looking
    );
}

async fn writes_what_the_reader_may_read(app: &TestApp) {
    let market = app.market().await;
    let offer = market.list(0).lot(100_000).publish(app).await;
    let (mine, others) = (&market.buyers[0], &market.buyers[1]);
    tests::trade::credited(app, &market, mine, &[(&offer, 1000)]).await;
    tests::trade::place(app, others, &[(&offer, 500)]).await;
    assert_eq!(
        export(app, mine, ExportList::Orders, "").await.len(),
        2,
        "one's own unit's, and the heading"
    );
    assert_eq!(
        export(app, &market.auditor, ExportList::Orders, "").await.len(),
        3
    );
    assert_eq!(
        export(app, &market.auditor, ExportList::Orders, "state=placed&after=x")
            .await
            .len(),
        2
    );
    assert_eq!(
        export(app, &market.listers[0], ExportList::VillageOrders, "")
            .await
            .len(),
        3
    );
    assert_eq!(
        export(app, &market.listers[2], ExportList::VillageOrders, "")
            .await
            .len(),
        1
    );
    assert_eq!(
        export(app, &market.officers[0], ExportList::VillageOrders, "")
            .await
            .len(),
        3
    );
    assert_eq!(
        export(app, &market.officers[1], ExportList::VillageOrders, "")
            .await
            .len(),
        1
    );
    let auditor = &market.auditor;
    for list in ExportList::ALL {
        let rows = export(app, auditor, list, "").await;
        assert!(rows[0].len() > 1, "{list}");
    }
    let lines = export(app, auditor, ExportList::AcceptanceLines, "").await;
    let place = |name: &str| lines[0].iter().position(|head| head == name).expect("a column");
    assert_eq!(lines[1][place("实收数量")], "2", "1000 g are 2 斤");
    assert_eq!(lines[1][place("实收金额(元)")], "18.00");
    let forbidden = |list| ExportIn {
        list,
        format: FileFormat::Csv,
        query: String::new(),
    };
    for (who, list) in [
        (mine, ExportList::Audit),
        (mine, ExportList::Households),
        (&market.officers[0], ExportList::Households),
        (&market.admin, ExportList::Orders),
    ] {
        let outcome = work::export(app, who, &forbidden(list), &app.key()).await;
        assert_eq!(refused(outcome), Code::Forbidden, "{list}");
    }
}

async fn is_ones_own(app: &TestApp) {
    let market = app.market().await;
    let looked = check(app, &market.admin, Register::Towns, "town_code,town\n12,乙\n").await;
    let other: &Person = &market.operator;
    assert_eq!(refused(work::show(app, other, looked.id).await), Code::NotFound);
    assert_eq!(refused(work::stop(app, other, looked.id).await), Code::NotFound);
    assert_eq!(
        refused(work::go(app, other, looked.id, false, &app.key()).await),
        Code::NotFound
    );
    assert_eq!(refused(work::result(app, other, looked.id).await), Code::NotFound);
    assert_eq!(
        refused(work::refused(app, other, looked.id, |_| String::new()).await),
        Code::NotFound
    );
    let rows = export(app, &market.admin, ExportList::Works, "").await;
    assert_eq!(rows.len(), 4, "the import, and the exports themselves: {rows:?}");
    // Who lost the role they asked in no longer gets what they asked for.
    let queued = work::export(
        app,
        other,
        &ExportIn {
            list: ExportList::Units,
            format: FileFormat::Csv,
            query: String::new(),
        },
        &app.key(),
    )
    .await
    .expect("may be read");
    run(app).await;
    work::result(app, other, queued.id).await.expect("a file");
    app.sql(
        "update grants set withdrawn_at = 1 where id = $1",
        [other.grant.id.into()],
    )
    .await;
    assert_eq!(refused(work::result(app, other, queued.id).await), Code::NotFound);
}

async fn forgets_files_after_thirty_days(app: &TestApp) {
    let market = app.market().await;
    let looked = check(
        app,
        &market.admin,
        Register::Towns,
        "town_code,town\n120119001,甲\n1,x\n",
    )
    .await;
    let done = go(app, &market.admin, looked.id, false).await;
    app.pass_hours(24 * 29);
    work::tidy(app).await.expect("tidied");
    assert_eq!(app.count("work_rows").await, 1);
    app.pass_hours(48);
    work::tidy(app).await.expect("tidied");
    assert_eq!(app.count("work_rows").await, 0);
    let kept = app
        .number("select count(*) from works where input_file is not null", [])
        .await;
    assert_eq!(kept, 0);
    assert_eq!(
        show(app, &market.admin, done.id).await.state,
        WorkState::Done,
        "that it was done is not forgotten"
    );
}

async fn stops_when_told(app: &TestApp) {
    let market: Market = app.market().await;
    tests::market::import(app, Register::Towns, &many_towns(3)).await;
    let looked = check(app, &market.operator, Register::Villages, &many_villages(1500)).await;
    work::go(app, &market.operator, looked.id, false, &app.key())
        .await
        .expect("it waits");
    assert_eq!(
        run_steps(app, app.holders[0], 1).await.expect("a step"),
        Outcome::Left
    );
    let stopped = work::stop(app, &market.operator, looked.id)
        .await
        .expect("under way");
    assert_eq!((stopped.state, stopped.done), (WorkState::Stopped, 500));
    app.clock.advance_s(60);
    assert_eq!(
        run_next(app, app.holders[1]).await.expect("looks"),
        Outcome::Nothing
    );
    let done = go(app, &market.operator, looked.id, false).await;
    assert_eq!((done.state, done.created), (WorkState::Done, 1500));
}
