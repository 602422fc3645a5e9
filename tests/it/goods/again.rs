//! Listing a familiar product again.

use server::services::{offer, photo};
use shared::api::lot::LotIn;
use shared::api::offer::{AgainIn, OfferOut};
use shared::api::problem::{Code, FieldCode};
use shared::domain::money::Fen;
use shared::domain::offer::{OfferStatus, VersionStatus};
use shared::domain::quantity::Qty;
use tests::{Market, TestApp, both, picture, refused, wrong_fields};
use uuid::Uuid;

both![
    makes_a_new_offer_of_one_that_has_ended,
    adds_a_lot_to_what_is_on_sale,
    reviews_another_price_while_the_old_one_sells,
    names_what_is_wrong_by_the_short_forms_fields,
];

async fn again(
    app: &TestApp,
    market: &Market,
    id: Uuid,
    price_fen: i64,
) -> Result<OfferOut, server::services::Error> {
    let again = AgainIn {
        price_fen: Fen(price_fen),
        lot: LotIn {
            harvested_on: app.today(),
            good_until: None,
            qty: Qty(5_000),
        },
    };
    offer::again(app, &market.listers[0], &app.key(), id, again).await
}

async fn makes_a_new_offer_of_one_that_has_ended(app: &TestApp) {
    let market = app.market().await;
    let lister = &market.listers[0];
    let old = market
        .list(0)
        .change(|offer| {
            offer.certificate_no = Some("GF120119260001".to_owned());
            offer.certificate_until = Some(app.today().add_days(10));
            offer.story = "老品种".to_owned();
        })
        .lot(1_000)
        .publish(app)
        .await;
    photo::add(app, lister, &app.key(), old.id, vec![picture::png(40, 30).into()])
        .await
        .expect("a photo");
    offer::end(app, lister, &app.key(), old.id).await.expect("ended");
    app.pass_hours(24 * 300);
    let new = again(app, &market, old.id, 950).await.expect("listed again");
    assert_ne!(new.id, old.id);
    assert_eq!(
        (new.status, new.photos.len(), new.lots.len()),
        (OfferStatus::Submitted, 1, 1)
    );
    let content = new.pending.expect("it waits for review").content;
    assert_eq!((content.price_fen, content.story.as_str()), (Fen(950), "老品种"));
    assert_eq!(
        (content.certificate_no, content.certificate_until),
        (None, None),
        "the certificate has run out"
    );
    assert_eq!(refused(again(app, &market, new.id, 950).await), Code::WrongState);
}

async fn adds_a_lot_to_what_is_on_sale(app: &TestApp) {
    let market = app.market().await;
    let old = market.list(0).lot(1_000).publish(app).await;
    let more = again(app, &market, old.id, 900).await.expect("more of it");
    assert_eq!(
        (more.id, more.status, more.lots.len()),
        (old.id, OfferStatus::Published, 2)
    );
    assert!(more.pending.is_none(), "nothing to review");
    offer::pause(app, &market.listers[0], &app.key(), old.id)
        .await
        .expect("paused");
    let back = again(app, &market, old.id, 900).await.expect("and back");
    assert_eq!((back.status, back.lots.len()), (OfferStatus::Published, 3));
    let stranger = AgainIn {
        price_fen: Fen(900),
        lot: LotIn {
            harvested_on: app.today(),
            good_until: None,
            qty: Qty(1),
        },
    };
    let stranger = offer::again(app, &market.listers[1], &app.key(), old.id, stranger).await;
    assert_eq!(refused(stranger), Code::NotFound);
}

async fn reviews_another_price_while_the_old_one_sells(app: &TestApp) {
    let market = app.market().await;
    let old = market.list(0).lot(1_000).publish(app).await;
    let changed = again(app, &market, old.id, 1_000)
        .await
        .expect("at another price");
    assert_eq!((changed.id, changed.lots.len()), (old.id, 2));
    assert_eq!(changed.live.expect("still on sale").content.price_fen, Fen(900));
    let pending = changed.pending.expect("the new price waits");
    assert_eq!(
        (pending.status, pending.content.price_fen),
        (VersionStatus::Submitted, Fen(1_000))
    );
}

async fn names_what_is_wrong_by_the_short_forms_fields(app: &TestApp) {
    let market = app.market().await;
    let old = market.list(0).lot(1_000).publish(app).await;
    let wrong = AgainIn {
        price_fen: Fen(0),
        lot: LotIn {
            harvested_on: app.today(),
            good_until: Some(app.today().add_days(-1)),
            qty: Qty(0),
        },
    };
    let wrong = offer::again(app, &market.listers[0], &app.key(), old.id, wrong).await;
    assert_eq!(
        wrong_fields(wrong),
        [
            ("price_fen".to_owned(), FieldCode::TooSmall),
            ("lot.qty".to_owned(), FieldCode::TooSmall),
            ("lot.good_until".to_owned(), FieldCode::TooEarly)
        ]
    );
}
