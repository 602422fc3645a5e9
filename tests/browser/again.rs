//! A village lists a familiar product again from a phone: counted in fields and taps, not in promises.

use crate::chromium::Driver;
use crate::run;
use crate::shots::Shots;
use crate::window::Window;
use serde_json::Value;
use std::io::Write as _;
use tests::picture;
use tests::running::{Folder, Running};

/// Fields that the short form has at the most.
const FIELDS_MAX: u64 = 4;

#[test]
fn a_familiar_product_in_three_taps() {
    run(again("a_familiar_product_in_three_taps", true));
}

#[test]
fn a_familiar_product_in_three_taps_without_scripts() {
    run(again("a_familiar_product_in_three_taps_without_scripts", false));
}

async fn again(name: &str, scripts: bool) {
    let market = Running::demo(None).await;
    let mut driver = Driver::start().await;
    let shots = Shots::of(name);
    let village = Window::new(driver.profile(scripts).await, market.url(), scripts, shots).await;
    village.as_wide_as(360).await;
    village.sign_in("guanchang", &market.password()).await;
    village.open("/offers").await;
    village.shoot("offers").await;
    // The first tap.
    village.press("main a[href$='/again']").await;
    let offer = village.path().await.replace("/offers/", "").replace("/again", "");
    village.shoot("again").await;
    let fields = village
        .run(
            "return document.querySelectorAll('main form.form input:not([type=hidden]), main form.form select').length",
            Vec::new(),
        )
        .await;
    assert!(
        fields.as_u64().is_some_and(|count| count <= FIELDS_MAX),
        "{fields} fields"
    );
    let empty = village
        .run(
            "return [...document.querySelectorAll('main form.form input:not([type=hidden])')]
                .filter(field => field.value === '').map(field => field.name)",
            Vec::new(),
        )
        .await;
    assert!(
        empty
            .as_array()
            .is_some_and(|names| names.iter().all(|name| name == "good_until")),
        "filled in already, but for {empty}"
    );
    let before = lots(&village, &offer).await;
    village.open(&format!("/offers/{offer}/again")).await;
    // One field is typed into, and the second tap sends it.
    village.fill("#qty", "120").await;
    village.press_words("提交上架").await;
    village.is_at("/offers/").await;
    village.shoot("listed").await;
    assert_eq!(lots(&village, &offer).await, before + 1, "it is on the shelf");
    add_photo(&village, &offer).await;
    assert_eq!(village.complaints().await, Vec::<String>::new());
    village.close().await;
}

async fn lots(village: &Window, offer: &str) -> u64 {
    village.open(&format!("/offers/{offer}")).await;
    let count = format!("return document.querySelectorAll('main a[href^=\"/offers/{offer}/lots/\"]').length");
    village.run(&count, Vec::new()).await.as_u64().expect("a count")
}

/// A photo as the phone took it: shown upright, wherever the goods are.
async fn add_photo(village: &Window, offer: &str) {
    let folder = Folder::new("again");
    let path = folder.path().join("goods.jpg");
    let mut file = std::fs::File::create(&path).expect("a file is made");
    file.write_all(&picture::sideways_jpeg(1600, 1200))
        .expect("a file is written");
    village.open(&format!("/offers/{offer}")).await;
    village.attach("#photos-file", &path).await;
    village.press_words("上传照片").await;
    village.find("#photos .photo-grid img").await;
    village.open(&format!("/goods/{offer}")).await;
    let shown: Value = village
        .run(
            "const photo = document.querySelector('.photo-strip img');
            return [photo.getAttribute('width'), photo.getAttribute('height'), photo.alt.length > 0]",
            Vec::new(),
        )
        .await;
    assert_eq!(
        shown,
        serde_json::json!(["960", "1280", true]),
        "turned upright, with its size and words"
    );
    village.shoot("on-the-shelf").await;
}
