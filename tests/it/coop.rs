//! Co-ops as sellers of record: made by hand or from a file, named in offers, owed their part of what is accepted.

use server::services::work::{self, Outcome, run_next};
use server::services::{ledger, offer, register};
use shared::api::import::Register;
use shared::api::offer::{OfferOut, ReviewIn};
use shared::api::problem::FieldCode;
use shared::api::seller::SellerKind;
use shared::api::work::{CoopIn, WorkOut, WorkState};
use shared::domain::ledger::AccountKind;
use shared::domain::money::Fen;
use shared::domain::share::SharePolicy;
use tests::market::{VILLAGES, import, unit_code};
use tests::{Market, Offer, Person, TestApp, both, trade, wrong_fields};
use uuid::Uuid;

both![
    is_made_by_hand_and_chosen_in_the_form,
    comes_from_a_file_and_is_renamed_by_it,
    is_named_in_a_file_of_offers_and_paid,
];

async fn is_made_by_hand_and_chosen_in_the_form(app: &TestApp) {
    let market = app.market().await;
    let mut centre = app.signed_in(&market.operator).await;
    let code = unit_code(40);
    let form = centre
        .form("/register/sellers/row", "/register/sellers/row")
        .await
        .with("seller", "塔院香菇专业合作社")
        .with("village_code", VILLAGES[0].0);
    let refused = centre
        .submit(&form.clone().with("seller_code", &code.replace('T', "U")))
        .await
        .expect(422);
    assert!(refused.text().contains("添加合作社") && refused.text().contains("塔院香菇专业合作社"));
    centre.submit(&form.with("seller_code", &code)).await.expect(303);
    let table = centre.open("/register/sellers?q=tyxg").await.text();
    assert!(table.contains(&code) && table.contains("塔院香菇专业合作社"));
    // The village that it belongs to may name it; the collective stands there once.
    let mut lister = app.signed_in(&market.listers[0]).await;
    let page = lister.open("/offers/new").await.text();
    assert_eq!(page.matches("塔院香菇专业合作社 · 合作社").count(), 1);
    assert_eq!(page.matches("塔院村股份经济合作社").count(), 0);
    let other = app
        .signed_in(&market.listers[1])
        .await
        .open("/offers/new")
        .await
        .text();
    assert!(!other.contains("塔院香菇专业合作社"));
    // The same code twice is one co-op.
    let twice = CoopIn {
        name: "另一个".to_owned(),
        village_code: VILLAGES[0].0.to_owned(),
        code,
    };
    let refused = register::add_coop(app, &market.operator, &twice, &app.key()).await;
    assert_eq!(wrong_fields(refused), [("code".to_owned(), FieldCode::Taken)]);
}

async fn comes_from_a_file_and_is_renamed_by_it(app: &TestApp) {
    let market = app.market().await;
    let file = |name: &str, village: &str| {
        format!(
            "统一社会信用代码,名称,村代码\n{},{name},{village}\n",
            unit_code(41)
        )
    };
    let done = import(app, Register::Sellers, &file("官场果品合作社", VILLAGES[4].0)).await;
    assert_eq!(
        (done.created, done.updated, done.bad.len()),
        (1, 0, 0),
        "{:?}",
        done.bad
    );
    let again = import(app, Register::Sellers, &file("官场果品合作社", VILLAGES[4].0)).await;
    assert_eq!((again.created, again.unchanged), (0, 1));
    let before = coop(app, &market, 4).await;
    let renamed = import(
        app,
        Register::Sellers,
        &file("官场果品农民专业合作社", VILLAGES[4].0),
    )
    .await;
    assert_eq!((renamed.created, renamed.updated), (0, 1));
    let after = coop(app, &market, 4).await;
    assert_eq!((before.0, after.1.as_str()), (after.0, "官场果品农民专业合作社"));
    let moved = import(
        app,
        Register::Sellers,
        &file("官场果品农民专业合作社", VILLAGES[0].0),
    )
    .await;
    assert_eq!(
        (moved.bad[0].column.as_str(), moved.bad[0].code),
        ("village_code", FieldCode::NotAChoice)
    );
    let nowhere = import(
        app,
        Register::Sellers,
        &file("无村合作社", "120119999999").replace(&unit_code(41), &unit_code(42)),
    )
    .await;
    assert_eq!(nowhere.bad[0].code, FieldCode::Unknown);
}

/// The co-op of a village: its id and name.
async fn coop(app: &TestApp, market: &Market, village: usize) -> (Uuid, String) {
    let choices = offer::choices(app, &market.operator, Some(VILLAGES[village].0)).await;
    let sellers = choices.expect("the centre lists for villages").sellers;
    let found = sellers.into_iter().find(|seller| seller.kind == SellerKind::Coop);
    let found = found.expect("the village has one");
    (found.id, found.name)
}

async fn taken_in(app: &TestApp, who: &Person, text: &str) -> WorkOut {
    let bytes = text.as_bytes().to_vec();
    let queued = work::import(app, who, Register::Offers, "货品.csv", bytes, &app.key()).await;
    let id = queued.expect("a table is taken in").id;
    let run = async || {
        let done = run_next(app, app.holders[0])
            .await
            .expect("the database is there");
        assert_eq!(done, Outcome::Ended);
        work::show(app, who, id).await.expect("one's own work")
    };
    let looked = run().await;
    if looked.refused == looked.total {
        return looked;
    }
    work::go(app, who, id, false, &app.key())
        .await
        .expect("it waits for this");
    run().await
}

async fn published(app: &TestApp, market: &Market, drafted: &OfferOut) -> Offer {
    let review = ReviewIn {
        version_id: drafted.pending.as_ref().expect("handed in").id,
        publish: true,
        reason: None,
    };
    let shown = offer::review(app, &market.driver, &app.key(), drafted.id, review).await;
    let live = shown
        .expect("the other operator publishes")
        .live
        .expect("on sale");
    Offer {
        id: drafted.id,
        version_id: live.id,
        village: 0,
        content: live.content,
        lots: Vec::new(),
    }
}

async fn is_named_in_a_file_of_offers_and_paid(app: &TestApp) {
    let market = app.market().await;
    let code = unit_code(43);
    let coops = format!(
        "seller_code,seller,village_code\n{code},塔院合作社,{}\n",
        VILLAGES[0].0
    );
    assert_eq!(import(app, Register::Sellers, &coops).await.created, 1);
    let (id, _) = coop(app, &market, 0).await;
    let row = |village: usize, code: &str, percent: &str| {
        format!(
            "村代码,品种,货品名称,单价(元),计价单位,销售主体信用代码,村集体比例(%),采收日期,批次数量\n\
            {},香菇,鲜香菇,9.00,斤,{code},{percent},{},100\n",
            VILLAGES[village].0,
            app.today()
        )
    };
    for (text, column, problem) in [
        (row(1, &code, "30"), "seller_code", FieldCode::Unknown),
        (row(0, "", "30"), "seller_code", FieldCode::Required),
        (row(0, &code, "101"), "village_percent", FieldCode::TooLarge),
        (row(0, &code, "三成"), "village_percent", FieldCode::NotANumber),
    ] {
        let refused = taken_in(app, &market.operator, &text).await;
        let bad = refused.bad.first().expect("the row is refused");
        assert_eq!((bad.column.as_str(), bad.code), (column, problem), "{text}");
    }
    let done = taken_in(app, &market.operator, &row(0, &code, "30")).await;
    assert_eq!((done.state, done.created), (WorkState::Done, 1), "{:?}", done.bad);
    let waiting = offer::list(app, &market.operator, (Some("submitted"), None), None, 10).await;
    let waiting = waiting.expect("the centre reviews").items;
    let drafted = offer::show(app, &market.operator, waiting[0].id)
        .await
        .expect("it is there");
    assert_eq!((drafted.seller.id, drafted.seller.kind), (id, SellerKind::Coop));
    let offer = published(app, &market, &drafted).await;
    assert_eq!(offer.content.share, SharePolicy::BasisPoints(3000));
    let page = app.browser().open(&format!("/goods/{}", offer.id)).await.text();
    assert!(page.contains("塔院合作社"), "who sells stands on the page");
    let done = trade::credited(app, &market, &market.buyers[0], &[(&offer, 5000)]).await;
    let transaction = done.acceptance.transaction_id.expect("credited");
    let posted = ledger::transaction(app, &market.auditor, transaction)
        .await
        .expect("read");
    let of = |kind: AccountKind| {
        let entry = posted.entries.iter().find(|entry| entry.account == kind);
        entry.map(|entry| (entry.owner.clone(), entry.amount_fen))
    };
    // 10 斤 at 9 yuan: the village 30 %, the co-op the rest.
    assert_eq!(
        of(AccountKind::VillagePayable),
        Some((VILLAGES[0].0.to_owned(), Fen(-2700)))
    );
    assert_eq!(of(AccountKind::CoopPayable), Some((id.to_string(), Fen(-6300))));
}
