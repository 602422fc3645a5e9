//! Files that people send: pictures that are none, bombs, files too large; each refused clearly, nothing half saved.

use crate::rights::PIXEL;
use axum::body::Body;
use axum::http::Method;
use shared::api::problem::Code;
use tests::browser::{ChosenFile, form_on};
use tests::html::words;
use tests::{TestApp, both, trade};

/// A PNG of 69 bytes that says it is a picture of 30,000 by 30,000 pixels.
const BOMB: [u8; 69] = [
    137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72, 68, 82, 0, 0, 117, 48, 0, 0, 117, 48, 8, 2, 0, 0,
    0, 233, 69, 111, 237, 0, 0, 0, 12, 73, 68, 65, 84, 120, 156, 99, 96, 160, 12, 0, 0, 0, 64, 0, 1, 183, 52,
    124, 239, 0, 0, 0, 0, 73, 69, 78, 68, 174, 66, 96, 130,
];

both![
    refuses_pictures_that_are_none,
    keeps_a_good_photo_without_the_cameras_data,
    refuses_register_files_that_are_none,
    refuses_forms_without_end,
];

fn bad_pictures() -> Vec<(&'static str, Vec<u8>, Code)> {
    let mut cut = PIXEL.to_vec();
    cut.truncate(45);
    vec![
        (
            "a header that claims 30,000 pixels",
            BOMB.to_vec(),
            Code::TooLarge,
        ),
        (
            "a text called .jpg",
            "这不是照片".repeat(99).into_bytes(),
            Code::UnsupportedFile,
        ),
        ("a picture cut off", cut, Code::UnsupportedFile),
        ("only a beginning", PIXEL[..8].to_vec(), Code::UnsupportedFile),
        (
            "a GIF",
            b"GIF89a\x01\x00\x01\x00\x00\x00\x00;".to_vec(),
            Code::UnsupportedFile,
        ),
        (
            "a page",
            b"<html><script>alert(1)</script></html>".to_vec(),
            Code::UnsupportedFile,
        ),
        (
            "a drawing with scripts",
            b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>".to_vec(),
            Code::UnsupportedFile,
        ),
        (
            "nine megabytes",
            [PIXEL.to_vec(), vec![0; 9 << 20]].concat(),
            Code::TooLarge,
        ),
    ]
}

async fn refuses_pictures_that_are_none(app: &TestApp) {
    let market = app.market().await;
    let offer = market.list(0).lot(9000).publish(app).await;
    let order = trade::delivered(app, &market, &market.buyers[0], &[(&offer, 2000)]).await;
    let api = app.api(&market.buyers[0]).await;
    let mut browser = app.signed_in(&market.buyers[0]).await;
    let scale = format!("/orders/{order}/acceptance");
    let form = browser.form(&scale, &scale).await;
    let photo = form
        .files
        .first()
        .expect("a refused line can have a photo")
        .clone();
    let qty = photo.replace(".photo", ".qty");
    let typed = form
        .with(&qty, "3")
        .with(&photo.replace(".photo", ".reason"), "damaged");
    for (what, bytes, code) in bad_pictures() {
        let answer = api.upload("/api/v1/files", "image/jpeg", bytes.clone()).await;
        assert_eq!(answer.problem().code, code, "{what}");
        let file = ChosenFile {
            field: &photo,
            name: "photo.jpg",
            kind: "image/jpeg",
            bytes: &bytes,
        };
        let answer = browser.submit_with(&typed, &[file]).await;
        let status = answer.status.as_u16();
        assert!(
            matches!(status, 413 | 415 | 422),
            "{what}: {status} {}",
            words(&answer.text())
        );
        let again = form_on(&answer, &scale);
        assert_eq!(
            again.value(&qty),
            Some("3"),
            "{what}: what was weighed is still there"
        );
    }
    assert_eq!((app.count("files").await, app.count("acceptances").await), (0, 0));
}

async fn keeps_a_good_photo_without_the_cameras_data(app: &TestApp) {
    let market = app.market().await;
    let offer = market.list(0).lot(9000).publish(app).await;
    let order = trade::delivered(app, &market, &market.buyers[0], &[(&offer, 2000)]).await;
    let mut browser = app.signed_in(&market.buyers[0]).await;
    let scale = format!("/orders/{order}/acceptance");
    let form = browser.form(&scale, &scale).await;
    let photo = form
        .files
        .first()
        .expect("a refused line can have a photo")
        .clone();
    let typed = form
        .with(&photo.replace(".photo", ".qty"), "3")
        .with(&photo.replace(".photo", ".reason"), "damaged");
    let file = ChosenFile {
        field: &photo,
        name: "p.png",
        kind: "image/png",
        bytes: &PIXEL,
    };
    let signed = browser.submit_with(&typed, &[file]).await;
    assert_eq!(signed.status, 303, "{}", words(&signed.text()));
    let page = browser.open(&scale).await.text();
    let at = page.find("/files/").expect("the photo is shown beside its line");
    let path = page[at..at + "/files/".len() + 36].to_owned();
    let kept = browser.get(&path).await.expect(200);
    assert_eq!(
        (kept.header("content-type"), kept.header("x-content-type-options")),
        ("image/jpeg", "nosniff")
    );
    assert!(kept.body.starts_with(b"\xFF\xD8\xFF"), "it was drawn anew");
    let stranger = app.browser().get(&path).await;
    assert_eq!(stranger.status, 303, "photos are for those who are signed in");
}

async fn refuses_register_files_that_are_none(app: &TestApp) {
    let market = app.market().await;
    let mut browser = app.signed_in(&market.admin).await;
    let form = browser.form("/register", "/register/towns").await;
    let field = form.files.first().expect("a file can be chosen").clone();
    for (what, bytes, expected) in [
        ("a spreadsheet", b"PK\x03\x04 and so on".to_vec(), vec![415, 422]),
        ("eleven megabytes", vec![b'x'; 11 << 20], vec![413]),
        ("zeroes", vec![0; 1000], vec![415, 422]),
    ] {
        let file = ChosenFile {
            field: &field,
            name: "towns.csv",
            kind: "text/csv",
            bytes: &bytes,
        };
        let answer = browser.submit_with(&form, &[file]).await;
        assert!(
            expected.contains(&answer.status.as_u16()),
            "{what}: {} {}",
            answer.status,
            words(&answer.text())
        );
        assert!(answer.text().contains("<html"), "{what} is refused on a page");
    }
    let none = browser.submit_with(&form, &[]).await.expect(422);
    assert!(none.text().contains("<html"));
    let rows = "town_code,town\n120119102,官庄镇\nx,坏\n".as_bytes();
    let file = ChosenFile {
        field: &field,
        name: "towns.csv",
        kind: "text/csv",
        bytes: rows,
    };
    let fresh = browser.form("/register", "/register/towns").await;
    let queued = browser.submit_with(&fresh, &[file]).await.expect(303);
    let path = queued.header("location").to_owned();
    let waiting = browser.get(&path).await;
    assert_eq!(
        waiting.header("refresh"),
        "2",
        "the page refreshes itself while the work goes on"
    );
    let done = server::services::work::run_next(app, app.holders[0]).await;
    done.expect("the file is looked at");
    let done = words(&browser.open(&path).await.text());
    assert!(
        done.contains("乡镇代码") && done.contains("第 3 行"),
        "the bad row is named with its line: {done}"
    );
}

async fn refuses_forms_without_end(app: &TestApp) {
    let market = app.market().await;
    let mut browser = app.signed_in(&market.buyers[0]).await;
    let form = browser.form("/me", "/me/tokens").await;
    let origin = browser.origin().to_owned();
    let kind = ("content-type", "application/x-www-form-urlencoded");
    let token = form.value("csrf").expect("a token").to_owned();
    for body in [
        format!("csrf={token}&name={}", "x".repeat(2 << 20)),
        format!("csrf={token}{}", "&a=b".repeat(5000)),
        "%FF%FE=%FF&csrf".to_owned(),
        "=".repeat(1000),
    ] {
        let answer = browser
            .send(
                Method::POST,
                "/me/tokens",
                &[kind, ("origin", &origin)],
                Body::from(body),
            )
            .await;
        assert!((400..500).contains(&answer.status.as_u16()), "{}", answer.status);
        assert!(answer.text().contains("<html"), "a page, not {}", answer.text());
    }
    let broken = ("content-type", "multipart/form-data; boundary=x");
    for body in [
        "",
        "--x",
        "--x\r\ncontent-disposition: form-data; name=\"csrf\"\r\n\r\n",
        "no boundary at all",
    ] {
        let answer = browser
            .send(
                Method::POST,
                "/me/tokens",
                &[broken, ("origin", &origin)],
                Body::from(body),
            )
            .await;
        assert!(
            (400..500).contains(&answer.status.as_u16()),
            "{body}: {}",
            answer.status
        );
    }
    assert_eq!(app.count("api_tokens").await, 0);
}
