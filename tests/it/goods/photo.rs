//! Photos of an offer.

use server::services::{catalogue, offer, photo};
use shared::api::photo::{PhotoOrderIn, PhotoOut};
use shared::api::problem::{Code, FieldCode};
use tests::{Market, Offer, TestApp, both, picture, refused, wrong_fields};
use uuid::Uuid;

both![
    are_kept_small_upright_and_without_the_cameras_data,
    stand_in_order_and_the_first_is_the_cover,
    are_for_few_eyes_until_the_goods_are_on_sale,
    are_six_at_the_most_and_pictures_all,
];

async fn add(app: &TestApp, market: &Market, offer: Uuid, files: Vec<Vec<u8>>) -> Vec<PhotoOut> {
    let files = files.into_iter().map(Into::into).collect();
    photo::add(app, &market.listers[0], &app.key(), offer, files)
        .await
        .expect("good pictures")
}

async fn on_sale(app: &TestApp, market: &Market) -> Offer {
    market.list(0).lot(10_000).publish(app).await
}

async fn are_kept_small_upright_and_without_the_cameras_data(app: &TestApp) {
    let market = app.market().await;
    let offer = on_sale(app, &market).await;
    let photos = add(app, &market, offer.id, vec![picture::sideways_jpeg(1600, 800)]).await;
    let (card, page) = (&photos[0].card, &photos[0].page);
    assert_eq!((card.width, card.height), (240, 480), "upright");
    assert_eq!((page.width, page.height), (640, 1280));
    let answer = app.browser().get(&format!("/photos/{}", page.id)).await;
    assert_eq!(answer.status.as_u16(), 200);
    assert_eq!(
        answer.header("cache-control"),
        "public, max-age=31536000, immutable"
    );
    assert_eq!(answer.header("content-type"), "image/jpeg");
    let bytes: &[u8] = &answer.body;
    assert!(!bytes.windows(4).any(|four| four == b"Exif"), "no camera's data");
    assert!(
        !bytes.windows(3).any(|three| three == b"GPS"),
        "nobody learns where"
    );
    let shown = image::load_from_memory(bytes).expect("a picture").to_rgb8();
    let (top, bottom) = (shown.get_pixel(320, 100).0, shown.get_pixel(320, 1180).0);
    assert!(
        top[0] > 150 && bottom[2] > 150,
        "turned to the right: {top:?} {bottom:?}"
    );
    let again = add(app, &market, offer.id, vec![picture::sideways_jpeg(1600, 800)]).await;
    assert_eq!(again[1].page.id, page.id, "the same picture has the same address");
    assert_eq!(app.wrong().await, Vec::<String>::new());
}

async fn stand_in_order_and_the_first_is_the_cover(app: &TestApp) {
    let market = app.market().await;
    let offer = on_sale(app, &market).await;
    let files = vec![picture::png(40, 30), picture::png(50, 30), picture::png(60, 30)];
    app.clock.advance_s(60);
    let photos = add(app, &market, offer.id, files).await;
    let ids: Vec<Uuid> = photos.iter().map(|photo| photo.id).collect();
    let cover = async || {
        let page = catalogue::page(app, None, offer.id).await.expect("on the shelf");
        page.card.cover.map(|cover| cover.width)
    };
    assert_eq!(cover().await, Some(40));
    let lister = &market.listers[0];
    let order = PhotoOrderIn {
        ids: vec![ids[2], ids[0], ids[1]],
    };
    app.clock.advance_s(60);
    photo::arrange(app, lister, &app.key(), offer.id, order)
        .await
        .expect("put in order");
    assert_eq!(cover().await, Some(60));
    for wrong in [vec![ids[0]], vec![ids[0], ids[0], ids[1]], vec![]] {
        let refusal = photo::arrange(app, lister, &app.key(), offer.id, PhotoOrderIn { ids: wrong }).await;
        assert_eq!(wrong_fields(refusal), [("ids".to_owned(), FieldCode::NotAChoice)]);
    }
    app.clock.advance_s(60);
    let left = photo::remove(app, lister, &app.key(), offer.id, ids[2])
        .await
        .expect("removed");
    assert_eq!(left.len(), 2);
    assert_eq!(cover().await, Some(40));
    let gone = app.browser().get(&format!("/photos/{}", photos[2].card.id)).await;
    assert_eq!(gone.status.as_u16(), 404, "what is removed is not served");
    let twice = photo::remove(app, lister, &app.key(), offer.id, ids[2]).await;
    assert_eq!(refused(twice), Code::WrongState);
    let stranger = photo::remove(app, &market.listers[1], &app.key(), offer.id, ids[0]).await;
    assert_eq!(refused(stranger), Code::NotFound);
    let shown = offer::show(app, lister, offer.id)
        .await
        .expect("its village sees it");
    let actions: Vec<&str> = shown
        .history
        .iter()
        .map(|step| step.action.as_str())
        .take(3)
        .collect();
    assert_eq!(actions, ["photo.remove", "photo.arrange", "photo.add"]);
}

async fn are_for_few_eyes_until_the_goods_are_on_sale(app: &TestApp) {
    let market = app.market().await;
    let drafted = market.list(0).submit(app).await;
    let photos = add(app, &market, drafted.id, vec![picture::png(40, 30)]).await;
    let path = format!("/photos/{}", photos[0].card.id);
    assert_eq!(app.browser().get(&path).await.status.as_u16(), 404);
    let mut stranger = app.signed_in(&market.listers[1]).await;
    assert_eq!(stranger.get(&path).await.status.as_u16(), 404);
    let mut operator = app.signed_in(&market.operator).await;
    let seen = operator.get(&path).await;
    assert_eq!(seen.status.as_u16(), 200);
    assert!(seen.header("cache-control").starts_with("private"));
}

async fn are_six_at_the_most_and_pictures_all(app: &TestApp) {
    let market = app.market().await;
    let offer = on_sale(app, &market).await;
    let lister = &market.listers[0];
    let files = |count: u32| (0..count).map(|at| picture::png(30 + at, 30).into()).collect();
    let (before, key) = (app.count("offer_photos").await, app.key());
    photo::add(app, lister, &key, offer.id, files(4))
        .await
        .expect("four");
    photo::add(app, lister, &key, offer.id, files(4))
        .await
        .expect("the stored answer");
    assert_eq!(app.count("offer_photos").await, before + 4);
    let seventh = photo::add(app, lister, &app.key(), offer.id, files(3)).await;
    assert_eq!(
        wrong_fields(seventh),
        [("photos".to_owned(), FieldCode::TooLarge)]
    );
    let none = photo::add(app, lister, &app.key(), offer.id, Vec::new()).await;
    assert_eq!(wrong_fields(none), [("photos".to_owned(), FieldCode::Required)]);
    let mixed = vec![picture::png(20, 20).into(), b"no picture".to_vec().into()];
    let mixed = photo::add(app, lister, &app.key(), offer.id, mixed).await;
    assert_eq!(refused(mixed), Code::UnsupportedFile);
    let long = vec![picture::png(30_000, 1).into()];
    let long = photo::add(app, lister, &app.key(), offer.id, long).await;
    assert_eq!(refused(long), Code::TooLarge);
    assert_eq!(
        app.count("offer_photos").await,
        before + 4,
        "nothing is half saved"
    );
}
