//! Goods: drafted, handed in, reviewed by somebody else, changed by a new version, paused, resumed, ended.

use server::services::{catalogue, lot, offer};
use shared::api::lot::LotIn;
use shared::api::offer::{ListingIn, OfferIn, ReviewIn};
use shared::api::problem::{Code, FieldCode};
use shared::domain::money::Fen;
use shared::domain::offer::{OfferStatus, VersionStatus};
use shared::domain::price::PriceUnit;
use shared::domain::quantity::Qty;
use shared::domain::share::SharePolicy;
use tests::{TestApp, both, refused, wrong_fields};
use uuid::Uuid;

both![
    goes_from_draft_to_shelf,
    comes_back_with_a_reason_and_goes_in_again,
    is_reviewed_by_somebody_else,
    keeps_the_old_version_on_the_shelf_while_the_new_one_is_reviewed,
    pauses_resumes_and_ends,
    names_every_field_at_fault,
    belongs_to_its_village,
    says_what_a_unit_of_it_brings_the_village,
];

const fn review_of(version_id: Uuid, publish: bool) -> ReviewIn {
    ReviewIn {
        version_id,
        publish,
        reason: None,
    }
}

async fn goes_from_draft_to_shelf(app: &TestApp) {
    let market = app.market().await;
    let (lister, listing) = (
        &market.listers[0],
        ListingIn {
            offer: market.list(0).content(),
            lot: None,
        },
    );
    let key = app.key();
    let drafted = offer::create(app, lister, &key, listing.clone(), false)
        .await
        .expect("drafted");
    let again = offer::create(app, lister, &key, listing, false)
        .await
        .expect("the stored answer");
    assert_eq!((drafted.id, app.count("offers").await), (again.id, 1));
    let pending = drafted.pending.expect("a draft is pending");
    assert_eq!(
        (drafted.status, pending.status, pending.number),
        (OfferStatus::Draft, VersionStatus::Draft, 1)
    );
    let review = offer::review(
        app,
        &market.operator,
        &app.key(),
        drafted.id,
        review_of(pending.id, true),
    )
    .await;
    assert_eq!(refused(review), Code::WrongState, "a draft is nobody's to review");
    let submitted = offer::submit(app, lister, &app.key(), drafted.id)
        .await
        .expect("handed in");
    assert_eq!(submitted.status, OfferStatus::Submitted);
    assert_eq!(
        refused(offer::submit(app, lister, &app.key(), drafted.id).await),
        Code::WrongState
    );
    let review = review_of(pending.id, true);
    let shown = offer::review(app, &market.operator, &app.key(), drafted.id, review.clone())
        .await
        .expect("published");
    assert_eq!(
        (shown.status, shown.live.map(|v| v.id)),
        (OfferStatus::Published, Some(pending.id))
    );
    let twice = offer::review(app, &market.operator, &app.key(), drafted.id, review).await;
    assert_eq!(refused(twice), Code::Changed);
}

async fn comes_back_with_a_reason_and_goes_in_again(app: &TestApp) {
    let market = app.market().await;
    let drafted = market.list(0).submit(app).await;
    let version = drafted.pending.expect("it waits for review").id;
    let wrong = offer::review(
        app,
        &market.operator,
        &app.key(),
        drafted.id,
        review_of(version, false),
    )
    .await;
    assert_eq!(
        wrong_fields(wrong),
        [("reason".to_owned(), FieldCode::ReasonNeeded)]
    );
    let back = ReviewIn {
        version_id: version,
        publish: false,
        reason: Some("照片不清".to_owned()),
    };
    let shown = offer::review(app, &market.operator, &app.key(), drafted.id, back)
        .await
        .expect("returned");
    let pending = shown.pending.expect("it is with the village again");
    assert_eq!(
        (shown.status, pending.reason.as_deref()),
        (OfferStatus::Returned, Some("照片不清"))
    );
    let mut content = pending.content;
    content.grade = "二级".to_owned();
    let listing = ListingIn {
        offer: content,
        lot: None,
    };
    let mended = offer::update(app, &market.listers[0], &app.key(), drafted.id, listing, true).await;
    let pending = mended.expect("mended").pending.expect("handed in again");
    assert_eq!((pending.status, pending.number), (VersionStatus::Submitted, 1));
    let shown = offer::review(
        app,
        &market.operator,
        &app.key(),
        drafted.id,
        review_of(pending.id, true),
    )
    .await;
    assert_eq!(shown.expect("published").status, OfferStatus::Published);
}

async fn is_reviewed_by_somebody_else(app: &TestApp) {
    let market = app.market().await;
    let drafted = market.list(5).submit(app).await;
    let version = drafted.pending.expect("it waits for review").id;
    let own = offer::review(
        app,
        &market.operator,
        &app.key(),
        drafted.id,
        review_of(version, true),
    )
    .await;
    assert_eq!(refused(own), Code::SamePerson);
    for who in [
        &market.listers[0],
        &market.finance,
        &market.auditor,
        &market.admin,
    ] {
        let tried = offer::review(app, who, &app.key(), drafted.id, review_of(version, true)).await;
        assert_eq!(refused(tried), Code::Forbidden, "{}", who.sign_in_name);
    }
    offer::review(
        app,
        &market.driver,
        &app.key(),
        drafted.id,
        review_of(version, true),
    )
    .await
    .expect("published");
}

async fn keeps_the_old_version_on_the_shelf_while_the_new_one_is_reviewed(app: &TestApp) {
    let market = app.market().await;
    let offer = market.list(0).per_jin(900).lot(9000).publish(app).await;
    let price = async || {
        catalogue::page(app, None, offer.id)
            .await
            .expect("on the shelf")
            .card
            .price_fen
    };
    let mut content = offer.content.clone();
    content.price_fen = Fen(1200);
    let listing = ListingIn {
        offer: content,
        lot: None,
    };
    let changed = offer::update(app, &market.listers[0], &app.key(), offer.id, listing, true)
        .await
        .expect("changed");
    assert_eq!(
        (changed.status, price().await),
        (OfferStatus::Published, Fen(900))
    );
    let pending = changed.pending.expect("it waits for review");
    assert_eq!(pending.number, 2);
    offer::review(
        app,
        &market.operator,
        &app.key(),
        offer.id,
        review_of(pending.id, true),
    )
    .await
    .expect("published");
    assert_eq!(price().await, Fen(1200));
    // What orders and lots are counted in stays.
    let mut pieces = offer.content.clone();
    (pieces.price_unit, pieces.piece_name) = (PriceUnit::Piece, Some("箱".to_owned()));
    pieces.produce = "honey".to_owned();
    let listing = ListingIn {
        offer: pieces,
        lot: None,
    };
    let wrong =
        wrong_fields(offer::update(app, &market.listers[0], &app.key(), offer.id, listing, true).await);
    let fields: Vec<&str> = wrong.iter().map(|(field, _)| field.as_str()).collect();
    assert_eq!(fields, ["offer.price_unit", "offer.produce"]);
}

async fn pauses_resumes_and_ends(app: &TestApp) {
    let market = app.market().await;
    let made = market.list(0).lot(9000).publish(app).await;
    let lister = &market.listers[0];
    assert_eq!(
        refused(offer::resume(app, lister, &app.key(), made.id).await),
        Code::WrongState
    );
    let paused = offer::pause(app, lister, &app.key(), made.id)
        .await
        .expect("paused");
    assert_eq!(paused.status, OfferStatus::Paused);
    assert_eq!(
        refused(offer::pause(app, lister, &app.key(), made.id).await),
        Code::WrongState
    );
    offer::resume(app, lister, &app.key(), made.id)
        .await
        .expect("resumed");
    let ended = offer::end(app, lister, &app.key(), made.id).await.expect("ended");
    assert_eq!(ended.status, OfferStatus::Ended);
    for again in [
        offer::end(app, lister, &app.key(), made.id).await,
        offer::resume(app, lister, &app.key(), made.id).await,
    ] {
        assert_eq!(refused(again), Code::WrongState);
    }
    let lot = LotIn {
        harvested_on: app.today(),
        good_until: None,
        qty: Qty(1),
    };
    assert_eq!(
        refused(lot::add(app, lister, &app.key(), made.id, lot).await),
        Code::WrongState
    );
    let listing = ListingIn {
        offer: made.content.clone(),
        lot: None,
    };
    assert_eq!(
        refused(offer::update(app, lister, &app.key(), made.id, listing, true).await),
        Code::WrongState
    );
}

/// A field, what is wrong with it, and the change that makes it so.
type WrongField<'c> = (&'static str, FieldCode, &'c dyn Fn(&mut OfferIn));

async fn names_every_field_at_fault(app: &TestApp) {
    let market = app.market().await;
    let lister = &market.listers[0];
    let wrong = async |change: &dyn Fn(&mut OfferIn)| {
        let mut content = market.list(0).content();
        change(&mut content);
        let listing = ListingIn {
            offer: content,
            lot: None,
        };
        wrong_fields(offer::create(app, lister, &app.key(), listing, true).await)
    };
    let stranger = app.new_id();
    let cases: [WrongField<'_>; 10] = [
        ("offer.name", FieldCode::Required, &|o| o.name = " ".to_owned()),
        ("offer.name", FieldCode::TooLong, &|o| o.name = "长".repeat(41)),
        ("offer.price_fen", FieldCode::TooSmall, &|o| o.price_fen = Fen(0)),
        ("offer.min_qty", FieldCode::NotAStep, &|o| o.min_qty = Qty(750)),
        ("offer.step_qty", FieldCode::TooSmall, &|o| o.step_qty = Qty(0)),
        ("offer.piece_name", FieldCode::Required, &|o| {
            o.price_unit = PriceUnit::Piece;
        }),
        ("offer.household_id", FieldCode::Required, &|o| {
            o.share = SharePolicy::BasisPoints(5000);
        }),
        ("offer.household_id", FieldCode::NotYours, &|o| {
            o.household_id = Some(stranger);
        }),
        ("offer.seller_id", FieldCode::NotYours, &|o| {
            o.seller_id = Some(stranger);
        }),
        ("offer.certificate_until", FieldCode::Required, &|o| {
            o.certificate_no = Some("LB-21-2611020012A".to_owned());
        }),
    ];
    for (field, code, change) in cases {
        assert_eq!(wrong(change).await, [(field.to_owned(), code)]);
    }
    let many = wrong(&|o| (o.name, o.price_fen, o.min_qty) = (String::new(), Fen(-1), Qty(0))).await;
    assert_eq!(many.len(), 3, "all at once: {many:?}");
    assert_eq!(app.count("offers").await, 0);
}

async fn belongs_to_its_village(app: &TestApp) {
    let market = app.market().await;
    let made = market.list(0).lot(9000).publish(app).await;
    let other = &market.listers[1];
    let listing = ListingIn {
        offer: made.content.clone(),
        lot: None,
    };
    assert_eq!(
        refused(offer::create(app, other, &app.key(), listing.clone(), true).await),
        Code::NotFound
    );
    assert_eq!(
        refused(offer::update(app, other, &app.key(), made.id, listing, true).await),
        Code::NotFound
    );
    assert_eq!(
        refused(offer::pause(app, other, &app.key(), made.id).await),
        Code::NotFound
    );
    assert_eq!(refused(offer::show(app, other, made.id).await), Code::NotFound);
    let lot = LotIn {
        harvested_on: app.today(),
        good_until: None,
        qty: Qty(1),
    };
    assert_eq!(
        refused(lot::add(app, other, &app.key(), made.id, lot).await),
        Code::NotFound
    );
    for (who, count) in [
        (&market.listers[0], 1),
        (other, 0),
        (&market.officers[0], 1),
        (&market.officers[1], 0),
    ] {
        let page = offer::list(app, who, (None, None), None, 50)
            .await
            .expect("each sees their own");
        assert_eq!(page.items.len(), count, "{}", who.sign_in_name);
    }
}

async fn says_what_a_unit_of_it_brings_the_village(app: &TestApp) {
    let app = &app.configured(|config| config.fee_bp = 100);
    let market = app.market().await;
    let whole = market.list(0).per_jin(1000).publish(app).await;
    let part = market
        .list(0)
        .per_jin(1000)
        .shared_with("王家", SharePolicy::BasisPoints(3000))
        .publish(app)
        .await;
    let fixed = market
        .list(0)
        .per_jin(1000)
        .shared_with("李家", SharePolicy::FenPerUnit(120))
        .publish(app)
        .await;
    for (offer, fen) in [(whole, 990), (part, 297), (fixed, 120)] {
        let page = catalogue::page(app, None, offer.id).await.expect("on the shelf");
        assert_eq!(page.card.village_fen, Fen(fen));
    }
}
