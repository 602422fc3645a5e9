//! Files that nobody in their right mind would send: pictures, tables and forms damaged at random, far too large, or
//! made to burst. Every answer is a refusal or a result, in time, and what is refused leaves nothing behind.
//!
//! `FUZZ_SEED` replays, `FUZZ_FILES` asks for more.

mod bombs;
mod money;

use crate::rights::PIXEL;
use axum::body::Body;
use axum::http::Method;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use std::time::Duration;
use tests::running::setting;
use tests::{Answer, Api, Market, TestApp, both};

both![
    bears_damaged_pictures,
    bears_damaged_tables,
    bears_damaged_workbooks,
    bears_damaged_forms,
    bears_files_that_end_too_soon,
    bears_bombs,
];

/// Damaged files of each kind.
const FILES: u32 = 150;

/// No file may keep the program busy for longer than this, on a machine that is busy itself.
const LIMIT: Duration = Duration::from_secs(20);

fn chance() -> StdRng {
    let given = setting("FUZZ_SEED").map(|text| text.parse().expect("FUZZ_SEED is a number"));
    let seed: u64 = given.unwrap_or_else(rand::random);
    println!("FUZZ_SEED={seed}");
    StdRng::seed_from_u64(seed)
}

fn files() -> u32 {
    setting("FUZZ_FILES").map_or(FILES, |text| text.parse().expect("FUZZ_FILES is a number"))
}

/// The bytes with something wrong: some turned over, cut off, doubled, or put elsewhere.
fn damaged(bytes: &[u8], chance: &mut StdRng) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..chance.random_range(1..6) {
        if bytes.is_empty() {
            break;
        }
        let at = chance.random_range(0..bytes.len());
        match chance.random_range(0..6) {
            0 => bytes[at] ^= 1 << chance.random_range(0..8),
            1 => bytes.truncate(at),
            2 => bytes.insert(at, chance.random()),
            3 => {
                let part = bytes[at..].to_vec();
                bytes.extend(part);
            }
            4 => bytes[at] = [0, 0xff, b'"', b',', b'\n', 0x7f][chance.random_range(0..6)],
            _ => {
                let more = chance.random_range(1..3000);
                bytes.splice(at..at, std::iter::repeat_n(b'9', more));
            }
        }
    }
    bytes
}

/// Sends a file, and says what came back.
async fn send(api: &Api, path: &str, kind: &str, bytes: Vec<u8>, what: &str) -> Answer {
    let answered = tokio::time::timeout(LIMIT, api.upload(path, kind, bytes)).await;
    let answer = answered.unwrap_or_else(|_| panic!("{what} keeps the program busy"));
    let status = answer.status.as_u16();
    assert!(status < 500, "{what}: {status} {}", answer.text());
    if status >= 400 {
        // A refusal that can be read, with its code.
        let _ = answer.problem();
    }
    answer
}

/// Sends a file for a register through one of its two doors. The small one takes whatever calls itself text, and looks.
async fn send_table(
    api: &Api,
    (register, small): (&str, bool),
    kind: &str,
    bytes: Vec<u8>,
    what: &str,
) -> Answer {
    if small {
        let path = format!("/api/v1/registers/{register}/imports");
        return send(api, &path, "text/csv", bytes, what).await;
    }
    let path = format!("/api/v1/registers/{register}/works");
    send(api, &path, kind, bytes, what).await
}

async fn bears_damaged_pictures(app: &TestApp) {
    let market = app.market().await;
    let api = app.api(&market.buyers[0]).await;
    let mut chance = chance();
    let pictures = bombs::pictures();
    for at in 0..files() {
        let (kind, whole) = &pictures[chance.random_range(0..pictures.len())];
        let before = app.count("files").await;
        let what = format!("picture {at} of kind {kind}");
        let answer = send(&api, "/api/v1/files", kind, damaged(whole, &mut chance), &what).await;
        let kept = app.count("files").await - before;
        assert_eq!(
            kept,
            i64::from(answer.status.is_success()),
            "{what}: what is refused is not kept"
        );
    }
    send(&api, "/api/v1/files", "image/png", PIXEL.to_vec(), "a good one")
        .await
        .expect(201);
}

async fn bears_damaged_tables(app: &TestApp) {
    let market = app.market().await;
    let api = app.api(&market.operator).await;
    let mut chance = chance();
    for at in 0..files() {
        let (register, whole) = bombs::TABLES[chance.random_range(0..bombs::TABLES.len())];
        let bytes = damaged(whole.as_bytes(), &mut chance);
        let what = format!(
            "table {at} of {register}: {}",
            String::from_utf8_lossy(&bytes)
                .chars()
                .take(300)
                .collect::<String>()
        );
        send(
            &api,
            &format!("/api/v1/registers/{register}/imports"),
            "text/csv",
            bytes,
            &what,
        )
        .await;
    }
}

/// The file itself damaged, or one of the files inside it.
async fn bears_damaged_workbooks(app: &TestApp) {
    let market = app.market().await;
    let api = app.api(&market.operator).await;
    let mut chance = chance();
    let mut read = 0;
    for at in 0..files() {
        let (register, table) = bombs::TABLES[chance.random_range(0..bombs::TABLES.len())];
        let whole = bombs::workbook_of(table);
        let bytes = if chance.random_range(0..3) == 0 {
            damaged(&whole, &mut chance)
        } else {
            bombs::with_a_member_changed(&whole, chance.random_range(0..20), |bytes| {
                damaged(bytes, &mut chance)
            })
        };
        let what = format!("workbook {at} of {register}");
        let answer = send_table(&api, (register, at % 2 == 0), bombs::XLSX, bytes, &what).await;
        read += u32::from(answer.status.is_success());
    }
    assert!(read < files(), "what is damaged beyond reading is refused");
    let good = bombs::workbook_of(bombs::TABLES[0].1);
    send_table(&api, ("towns", true), bombs::XLSX, good, "a good one")
        .await
        .expect(200);
}

/// Cut off anywhere, as by a line that breaks.
async fn bears_files_that_end_too_soon(app: &TestApp) {
    const CUTS: usize = 24;
    let market = app.market().await;
    let (lister, operator) = (app.api(&market.listers[0]).await, app.api(&market.operator).await);
    let doors = doors_for_pictures(app, &market).await;
    for (kind, whole) in bombs::pictures() {
        for cut in 0..CUTS {
            let bytes = whole[..whole.len() * cut / CUTS].to_vec();
            let what = format!("{kind} cut off at {} of {}", bytes.len(), whole.len());
            let before = kept(app).await;
            let answer = send(&lister, &doors[cut % doors.len()], kind, bytes, &what).await;
            assert!(
                answer.status.is_success() || kept(app).await == before,
                "{what}: what is refused is not kept"
            );
        }
    }
    let (register, table) = bombs::TABLES[0];
    for (kind, whole) in [
        ("text/csv", table.as_bytes().to_vec()),
        (bombs::XLSX, bombs::workbook_of(table)),
    ] {
        for cut in 0..CUTS {
            let bytes = whole[..whole.len() * cut / CUTS].to_vec();
            let what = format!("{kind} cut off at {} of {}", bytes.len(), whole.len());
            let answer = send_table(&operator, (register, cut % 2 == 0), kind, bytes, &what).await;
            let refused = answer.status.is_client_error();
            assert!(
                refused || kind != bombs::XLSX || cut == 0,
                "{what}: half a workbook is none"
            );
        }
    }
}

/// Every door of the API that takes a picture.
async fn doors_for_pictures(app: &TestApp, market: &Market) -> [String; 2] {
    let offer = market.list(0).publish(app).await;
    [
        "/api/v1/files".to_owned(),
        format!("/api/v1/offers/{}/photos", offer.id),
    ]
}

/// Pictures that are kept.
async fn kept(app: &TestApp) -> i64 {
    app.count("files").await + app.count("offer_photos").await
}

async fn bears_damaged_forms(app: &TestApp) {
    let market = app.market().await;
    let mut browser = app.signed_in(&market.operator).await;
    let form = browser.form("/register", "/register/towns").await;
    let (token, origin) = (
        form.value("csrf").expect("a token").to_owned(),
        browser.origin().to_owned(),
    );
    let field = form.files.first().expect("a file can be chosen");
    let whole = format!(
        "--b\r\ncontent-disposition: form-data; name=\"csrf\"\r\n\r\n{token}\r\n--b\r\ncontent-disposition: form-data; name=\"{field}\"; filename=\"a.csv\"\r\ncontent-type: text/csv\r\n\r\ntown_code,town\n120119102,官庄镇\n\r\n--b--\r\n"
    );
    let mut chance = chance();
    for at in 0..files() {
        let body = damaged(whole.as_bytes(), &mut chance);
        let headers = [
            ("content-type", "multipart/form-data; boundary=b"),
            ("origin", origin.as_str()),
        ];
        let what = format!(
            "form {at}: {}",
            String::from_utf8_lossy(&body)
                .chars()
                .take(900)
                .collect::<String>()
        );
        let sent = browser.send(Method::POST, "/register/towns", &headers, Body::from(body));
        let answer = tokio::time::timeout(LIMIT, sent)
            .await
            .unwrap_or_else(|_| panic!("{what} keeps the program busy"));
        assert!(
            answer.status.as_u16() < 500,
            "{what}: {} {}",
            answer.status,
            answer.text()
        );
    }
}

async fn bears_bombs(app: &TestApp) {
    let market = app.market().await;
    let (lister, operator) = (app.api(&market.listers[0]).await, app.api(&market.operator).await);
    let doors = doors_for_pictures(app, &market).await;
    for (what, kind, bytes) in bombs::for_pictures() {
        for door in &doors {
            let answer = send(&lister, door, kind, bytes.clone(), what).await;
            assert!(
                answer.status.is_client_error(),
                "{what} at {door}: {}",
                answer.status
            );
        }
    }
    assert_eq!(kept(app).await, 0);
    let (towns, villages) = (app.count("towns").await, app.count("villages").await);
    for (what, kind, refused, bytes) in bombs::for_registers() {
        for small in [true, false] {
            let answer = send_table(&operator, ("towns", small), kind, bytes.clone(), what).await;
            assert!(
                answer.status.is_client_error() || !refused,
                "{what}, small {small}: {}",
                answer.status
            );
        }
    }
    assert_eq!(
        (app.count("towns").await, app.count("villages").await),
        (towns, villages)
    );
}
