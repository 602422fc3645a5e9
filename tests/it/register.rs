//! Register files: bad rows are named, good ones kept, and twice is as good as once.

use server::services::{register, village};
use shared::api::import::{ImportOut, Register};
use shared::api::problem::{Code, FieldCode};
use tests::market::{TOWNS, VILLAGES, import, loader, unit_code};
use tests::{TestApp, both, refused};

both![
    keeps_good_rows_and_names_bad_ones,
    changes_nothing_when_imported_twice,
    updates_what_a_file_says_differently,
    reads_what_offices_send,
    refuses_what_is_no_table,
    answers_a_repeated_request_once,
    takes_the_whole_district,
    needs_the_right,
];

fn bad(out: &ImportOut) -> Vec<(u64, &str, &str, FieldCode)> {
    out.bad
        .iter()
        .map(|row| (row.line, row.column.as_str(), row.value.as_str(), row.code))
        .collect()
}

fn counts(out: &ImportOut) -> (u32, u32, u32, u32, usize) {
    (out.rows, out.created, out.updated, out.unchanged, out.bad.len())
}

async fn keeps_good_rows_and_names_bad_ones(app: &TestApp) {
    let out = import(
        app,
        Register::Towns,
        "town_code,town\n120119102,官庄镇\n12011,短镇\n120119103,\n120119104,马伸桥镇\n",
    )
    .await;
    assert_eq!(counts(&out), (4, 2, 0, 0, 2));
    assert_eq!(
        bad(&out),
        [
            (3, "town_code", "12011", FieldCode::TooShort),
            (4, "town", "", FieldCode::Required)
        ]
    );
    let villages = "village_code,village,town_code,aided\n\
        120119102201,塔院村,120119102,1\n\
        120119102202,联合村,120119104,1\n\
        120119999201,无镇村,120119999,1\n\
        120119102203,东村,120119102,maybe\n\
        120119102201,另一村,120119102,1\n\
        120119104201,西村,120119104,\n";
    let out = import(app, Register::Villages, villages).await;
    assert_eq!(counts(&out), (6, 2, 0, 0, 4));
    assert_eq!(
        bad(&out),
        [
            (3, "town_code", "120119104", FieldCode::NotAChoice),
            (4, "town_code", "120119999", FieldCode::Unknown),
            (5, "aided", "maybe", FieldCode::NotAChoice),
            (6, "village_code", "120119102201", FieldCode::Taken),
        ]
    );
    let good = unit_code(7);
    let mut wrong = good.clone();
    wrong.replace_range(15..16, if &wrong[15..16] == "7" { "8" } else { "7" });
    let units = format!(
        "unit_code,unit,kind\n{good},示例医院,医院\n{wrong},打错,医院\n{},某校,大学\n",
        unit_code(8)
    );
    let out = import(app, Register::Units, &units).await;
    assert_eq!(counts(&out), (3, 1, 0, 0, 2));
    assert_eq!(
        bad(&out),
        [
            (3, "unit_code", wrong.as_str(), FieldCode::WrongCheck),
            (4, "kind", "大学", FieldCode::NotAChoice),
        ]
    );
    let pairings = format!(
        "unit_code,village_code,from,until\n{good},120119102201,2026-01-01,\n{good},120119102299,2026-01-01,\n\
        {},120119102201,2026-01-01,\n{good},120119104201,2026-13-01,\n{good},120119104201,2026-05-01,2026-04-01\n",
        unit_code(9)
    );
    let out = import(app, Register::Pairings, &pairings).await;
    assert_eq!(counts(&out), (5, 1, 0, 0, 4));
    let columns: Vec<&str> = out.bad.iter().map(|row| row.column.as_str()).collect();
    assert_eq!(columns, ["village_code", "unit_code", "from", "until"]);
}

async fn changes_nothing_when_imported_twice(app: &TestApp) {
    let market = app.market().await;
    let read = async || {
        let mut all = Vec::new();
        for table in ["towns", "villages", "aid_units", "pairings", "sellers"] {
            all.push(app.count(table).await);
        }
        all
    };
    let before = read().await;
    let files = [
        (
            Register::Towns,
            format!("town_code,town\n{},{}\n", TOWNS[0].0, TOWNS[0].1),
        ),
        (
            Register::Villages,
            format!(
                "village_code,village,town_code,aided\n{},{},{},1\n",
                VILLAGES[0].0, VILLAGES[0].1, TOWNS[0].0
            ),
        ),
        (
            Register::Units,
            format!(
                "unit_code,unit,kind\n{},{},hospital\n",
                market.units[0].code, market.units[0].name
            ),
        ),
        (
            Register::Pairings,
            format!(
                "unit_code,village_code,from\n{},{},2026-01-01\n",
                market.units[0].code, VILLAGES[0].0
            ),
        ),
    ];
    for (register, text) in files {
        let out = import(app, register, &text).await;
        assert_eq!(counts(&out), (1, 0, 0, 1, 0), "{}", register.as_str());
    }
    assert_eq!(read().await, before);
    let unit = register::unit(app, &market.auditor, market.units[0].id)
        .await
        .expect("still there");
    assert_eq!(unit, market.units[0]);
}

async fn updates_what_a_file_says_differently(app: &TestApp) {
    let market = app.market().await;
    let text = format!(
        "village_code,village,town_code,target_yuan\n{},塔院新村,{},\"250,000\"\n",
        VILLAGES[0].0, TOWNS[0].0
    );
    let out = import(app, Register::Villages, &text).await;
    assert_eq!(counts(&out), (1, 0, 1, 0, 0));
    let shown = village::show(app, VILLAGES[0].0)
        .await
        .expect("a public page")
        .village;
    assert_eq!(
        (shown.name.as_str(), shown.target_fen.0, shown.aided),
        ("塔院新村", 25_000_000, true)
    );
    let offer = market.list(0).publish(app).await;
    let page = server::services::catalogue::page(app, None, offer.id)
        .await
        .expect("on the shelf");
    assert_eq!(
        page.seller_name, "塔院新村股份经济合作社",
        "the collective is called after its village"
    );
}

async fn reads_what_offices_send(app: &TestApp) {
    let send = async |bytes: Vec<u8>| {
        register::import(app, &loader(), Register::Towns, bytes, &app.key())
            .await
            .expect("a table of text")
    };
    let mark = [
        b"\xEF\xBB\xBF".as_slice(),
        "town_code,town\r\n120119102,官庄镇\r\n".as_bytes(),
    ]
    .concat();
    assert_eq!(counts(&send(mark).await), (1, 1, 0, 0, 0));
    // 马伸桥镇 as GBK.
    let gbk = [
        b"town_code,town\n120119104,".as_slice(),
        &[0xC2, 0xED, 0xC9, 0xEC, 0xC7, 0xC5, 0xD5, 0xF2],
        b"\n\n",
    ]
    .concat();
    assert_eq!(counts(&send(gbk).await), (1, 1, 0, 0, 0));
    let names = village::towns(app).await.expect("towns are public");
    assert!(names.iter().any(|town| town.name == "马伸桥镇"), "{names:?}");
    let other_order = "town,extra,town_code\n 官庄镇 ,x, 120119102\n";
    assert_eq!(
        counts(&send(other_order.as_bytes().to_vec()).await),
        (1, 0, 0, 1, 0)
    );
    let headless = send(b"120119105,x\n".to_vec()).await;
    assert_eq!(
        bad(&headless),
        [
            (1, "town_code", "", FieldCode::Required),
            (1, "town", "", FieldCode::Required)
        ]
    );
}

async fn refuses_what_is_no_table(app: &TestApp) {
    let send =
        async |bytes: Vec<u8>| register::import(app, &loader(), Register::Towns, bytes, &app.key()).await;
    assert_eq!(
        refused(send(b"PK\x03\x04 a spreadsheet".to_vec()).await),
        Code::UnsupportedFile
    );
    assert_eq!(
        refused(send(vec![0xFF, 0xFE, 0x41, 0x00]).await),
        Code::UnsupportedFile
    );
    assert_eq!(refused(send(vec![b'x'; 11 << 20]).await), Code::TooLarge);
    let rows = "120119102,x\n".repeat(50_001);
    assert_eq!(
        refused(send(format!("town_code,town\n{rows}").into_bytes()).await),
        Code::TooLarge
    );
    assert_eq!(app.count("towns").await, 0);
    let empty = send(Vec::new())
        .await
        .expect("an empty file is a table without a heading");
    assert_eq!((empty.rows, empty.bad.len()), (0, 2));
}

async fn answers_a_repeated_request_once(app: &TestApp) {
    let key = app.key();
    let send = async |text: &str| {
        register::import(
            app,
            &loader(),
            Register::Towns,
            text.to_owned().into_bytes(),
            &key,
        )
        .await
    };
    let text = "town_code,town\n120119102,官庄镇\n";
    let first = send(text).await.expect("imported");
    assert_eq!(send(text).await.expect("the stored answer"), first);
    assert_eq!(
        refused(send("town_code,town\n120119103,x\n").await),
        Code::KeyReused
    );
}

async fn takes_the_whole_district(app: &TestApp) {
    let data = tests::source::repository().join("server/src/demo/data");
    let read = |name: &str| std::fs::read_to_string(data.join(name)).expect("the district's own registers");
    let towns = import(app, Register::Towns, &read("towns.csv")).await;
    assert_eq!(counts(&towns), (28, 28, 0, 0, 0));
    let villages = import(app, Register::Villages, &read("villages.csv")).await;
    assert_eq!(counts(&villages), (949, 949, 0, 0, 0));
    let again = import(app, Register::Villages, &read("villages.csv")).await;
    assert_eq!(counts(&again), (949, 0, 0, 949, 0));
    assert_eq!(
        (app.count("villages").await, app.count("sellers").await),
        (949, 949 + centre_sellers(app).await)
    );
}

async fn centre_sellers(app: &TestApp) -> i64 {
    app.number("select count(*) from sellers where village_code is null", [])
        .await
}

async fn needs_the_right(app: &TestApp) {
    let market = app.market().await;
    for who in market.one_of_each() {
        let may = [&market.admin, &market.operator]
            .iter()
            .any(|known| known.person_id == who.person_id);
        let text = b"town_code,town\n120119102,x\n".to_vec();
        let done = register::import(app, who, Register::Towns, text, &app.key()).await;
        if may {
            assert_eq!(done.expect("may").rows, 1, "{}", who.sign_in_name);
        } else {
            assert_eq!(refused(done), Code::Forbidden, "{}", who.sign_in_name);
        }
    }
}
