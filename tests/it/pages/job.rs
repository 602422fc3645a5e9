//! The main job by forms alone, as a phone with scripts off sends them.

use shared::domain::money::Fen;
use tests::browser::{form_on, forms_on};
use tests::html::words;
use tests::market::VILLAGES;
use tests::{Answer, Browser, TestApp, both};

both![runs_the_main_job_by_forms, weighs_less_and_signs_again];

/// Follows a redirect to its page.
async fn follow(browser: &mut Browser, answer: &Answer) -> Answer {
    assert_eq!(answer.status, 303, "{}", words(&answer.text()));
    browser.open(answer.header("location")).await
}

/// Lists 香菇 for 9 yuan a 斤 with 200 斤 and has it published; the offer's path.
async fn listed(lister: &mut Browser, operator: &mut Browser) -> String {
    let form = lister.form("/offers/new", "/offers").await;
    let form = form
        .with("produce", "shiitake")
        .with("name", "香菇")
        .with("grade", "一级")
        .with("price", "9.00")
        .with("price_unit", "jin")
        .with("min_qty", "2")
        .with("step_qty", "0.5")
        .with("share_kind", "whole")
        .with("harvested_on", "2026-11-22")
        .with("good_until", "2026-12-22")
        .with("lot_qty", "200")
        .with("submit", "1");
    let sent = lister.submit(&form).await;
    let path = sent.header("location").to_owned();
    assert!(
        path.starts_with("/offers/"),
        "{} {}",
        sent.status,
        words(&sent.text())
    );
    let page = operator.open(&path).await;
    let reviews = forms_on(&page, &format!("{path}/review"));
    let publish = reviews
        .iter()
        .find(|form| form.value("publish") == Some("1"))
        .expect("the centre may publish");
    operator.submit(publish).await.expect(303);
    path
}

/// Orders through basket and checkout; the order's path.
async fn ordered(buyer: &mut Browser, offer: &str, qty: &str) -> String {
    let goods = offer.replace("/offers/", "/goods/");
    let form = buyer.form(&goods, "/basket").await;
    buyer.submit(&form.with("qty", qty)).await.expect(303);
    let form = buyer.form("/orders/new", "/orders").await;
    let form = form
        .with("fund", "canteen")
        .with("address", "蓟州区示例路 1 号")
        .with("wanted_on", "2026-11-24");
    let placed = buyer.submit(&form).await.expect(303);
    placed.header("location").to_owned()
}

/// The village says yes to everything and packs; the centre brings it to the door.
async fn brought(lister: &mut Browser, operator: &mut Browser) {
    let list = lister.open("/village-orders").await.text();
    let tags = tests::html::tags(&list);
    let links = tags.iter().filter_map(|tag| tag.attribute("href"));
    let path = links
        .into_iter()
        .find(|href| href.len() == "/village-orders/".len() + 36)
        .expect("a village order");
    let page = lister.open(path).await;
    let answer = form_on(&page, &format!("{path}/answer"));
    follow(lister, &lister.clone().submit(&answer).await).await;
    let moves = async |browser: &mut Browser, page: &str, step: &str| {
        let page = browser.open(page).await;
        let forms = forms_on(&page, "/village-orders/move");
        let id = path.rsplit('/').next().expect("an id");
        let form = forms
            .iter()
            .find(|form| form.value("step").is_none_or(|found| found == step));
        let form = form.unwrap_or_else(|| panic!("no form for {step}")).clone();
        let form = form.with("step", step).with("ids", id);
        browser.submit(&form).await.expect(303);
    };
    moves(lister, path, "pack").await;
    lister.open(&format!("{path}/slip")).await;
    moves(operator, "/board", "collect").await;
    moves(operator, "/board", "deliver").await;
}

pub(crate) async fn runs_the_main_job_by_forms(app: &TestApp) {
    let market = app.market().await;
    let mut lister = app.signed_in(&market.listers[0]).await;
    let mut operator = app.signed_in(&market.operator).await;
    let mut buyer = app.signed_in(&market.buyers[0]).await;
    let offer = listed(&mut lister, &mut operator).await;
    let order = ordered(&mut buyer, &offer, "50").await;
    assert!(words(&buyer.open(&order).await.text()).contains("450.00"));
    brought(&mut lister, &mut operator).await;
    let scale = format!("{order}/acceptance");
    let form = buyer.form(&scale, &scale).await;
    let signed = buyer.submit(&form).await;
    follow(&mut buyer, &signed).await;
    let form = operator.form(&scale, &scale).await;
    let posted = operator.submit(&form).await;
    let document = follow(&mut operator, &posted).await;
    assert!(
        posted.header("location").starts_with("/acceptances/"),
        "{}",
        posted.header("location")
    );
    let text = words(&document.text());
    assert!(
        text.contains("450.00") && text.contains("肆佰伍拾元整"),
        "the sum in words: {text}"
    );
    let income = words(&lister.open(&format!("/income/{}", VILLAGES[0].0)).await.text());
    assert!(income.contains("450.00"), "{income}");
    let paths = lister.open(&format!("/income/{}", VILLAGES[0].0)).await.text();
    let tags = tests::html::tags(&paths);
    let href = tags
        .iter()
        .filter_map(|tag| tag.attribute("href"))
        .find(|href| href.starts_with("/acceptances/"));
    let own = lister.open(href.expect("a line leads to its document")).await;
    assert!(words(&own.text()).contains("450.00"));
}

async fn weighs_less_and_signs_again(app: &TestApp) {
    let market = app.market().await;
    let mut lister = app.signed_in(&market.listers[0]).await;
    let mut operator = app.signed_in(&market.operator).await;
    let mut buyer = app.signed_in(&market.buyers[0]).await;
    let offer = listed(&mut lister, &mut operator).await;
    let order = ordered(&mut buyer, &offer, "50").await;
    brought(&mut lister, &mut operator).await;
    let scale = format!("{order}/acceptance");
    let form = buyer.form(&scale, &scale).await;
    let qty = form
        .fields
        .iter()
        .find(|(name, _)| name.ends_with(".qty"))
        .expect("a line to weigh")
        .0
        .clone();
    let reason = qty.replace(".qty", ".reason");
    // A tenth less without a reason is refused; what was typed is still there.
    let refused = buyer.submit(&form.clone().with(&qty, "45")).await.expect(422);
    let again = form_on(&refused, &scale);
    assert_eq!(again.value(&qty), Some("45"));
    let much = buyer.submit(&form.clone().with(&qty, "一些")).await.expect(422);
    assert_eq!(form_on(&much, &scale).value(&qty), Some("一些"));
    let less = again.with(&reason, "quality");
    let signed = buyer.submit(&less).await;
    follow(&mut buyer, &signed).await;
    // The centre weighs otherwise: the unit's signature is void, and it is told so.
    let form = operator.form(&scale, &scale).await;
    let other = operator
        .submit(&form.with(&qty, "46").with(&reason, "quality"))
        .await;
    let told = follow(&mut operator, &other).await;
    assert!(
        told.text().contains("signed-voided") || words(&told.text()).contains("作废"),
        "{}",
        words(&told.text())
    );
    let form = buyer.form(&scale, &scale).await;
    assert_eq!(
        form.value(&qty),
        Some("46"),
        "the unit sees what the centre weighed"
    );
    let posted = buyer.submit(&form).await;
    let text = words(&follow(&mut buyer, &posted).await.text());
    assert!(text.contains(&Fen(46 * 900).format_cny()), "{text}");
}
