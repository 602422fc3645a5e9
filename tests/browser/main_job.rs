//! A village lists goods, the centre publishes them, a unit orders from three villages, two people sign at the door, and
//! every village has its income to the fen.

mod books;
mod delivery;
mod goods;
mod weighing;

use crate::chromium::Driver;
use crate::run;
use crate::shots::Shots;
use crate::window::Window;
use shared::api::catalogue::{CatalogueOut, OfferCard, OfferPage};
use shared::domain::money::Fen;
use shared::domain::price::{Price, PriceUnit, line_total};
use shared::domain::quantity::Qty;
use tests::running::Running;

/// What the village lists: 8.51 yuan a jin, so that sums have odd fen.
const PRICE: Price = Price {
    fen: Fen(851),
    unit: PriceUnit::Jin,
};
/// What it is called.
const NAME: &str = "头茬香菇";
/// How much of it is ordered: 20.5 斤.
const ORDERED: Qty = Qty(10_250);
/// How much of it the scale shows: 20.1 斤.
const WEIGHED: Qty = Qty(10_050);
/// The village of the person who lists.
const VILLAGE: &str = "120119120214";

#[test]
fn main_job_with_scripts() {
    run(main_job("main_job_with_scripts", true));
}

#[test]
fn main_job_without_scripts() {
    run(main_job("main_job_without_scripts", false));
}

/// Three windows on one market.
struct Job {
    village: Window,
    centre: Window,
    buyer: Window,
    password: String,
    scripts: bool,
}

/// A village's part of the order.
struct Part {
    id: String,
    own: bool,
}

async fn main_job(name: &str, scripts: bool) {
    let market = Running::demo(None).await;
    let mut driver = Driver::start().await;
    let shots = Shots::of(name);
    let mut windows = Vec::new();
    for _ in 0..3 {
        windows.push(
            Window::new(
                driver.profile(scripts).await,
                market.url(),
                scripts,
                shots.clone(),
            )
            .await,
        );
    }
    let [village, centre, buyer] = windows
        .try_into()
        .unwrap_or_else(|_| unreachable!("three were opened"));
    let job = Job {
        village,
        centre,
        buyer,
        password: market.password(),
        scripts,
    };

    let offer = job.list().await;
    job.publish(&offer).await;
    let others = others(&market.url()).await;
    job.fill_basket(&offer, &others).await;
    let order = job.order(&others).await;
    let parts = job.parts(&order).await;
    let before = job.credited_before().await;
    job.answer(&parts).await;
    job.deliver(&parts).await;
    let accepted = job.weigh(&order, &others).await;
    let document = job.countersign(&order).await;
    job.see_income(&document, before, accepted).await;
    job.see_order(&order, &document).await;
    job.audit(&document).await;
    for window in [job.village, job.centre, job.buyer] {
        window.close().await;
    }
    market.assert_clean().await;
}

/// Goods of two other villages that can be ordered now: one by weight, one by the piece.
async fn others(site: &str) -> [OfferPage; 2] {
    let client = reqwest::Client::new();
    let read = async |path: String| {
        let answer = client
            .get(format!("{site}/api/v1/{path}"))
            .send()
            .await
            .expect("the market answers");
        answer.error_for_status().expect("the shelf is public")
    };
    let shelf: CatalogueOut = read("catalogue?limit=100".to_owned())
        .await
        .json()
        .await
        .expect("a page of cards");
    let pick = |unit: PriceUnit, not: &[&str]| -> OfferCard {
        // A hundred kilograms, or fifty pieces.
        let enough = if unit == PriceUnit::Piece { 50 } else { 100_000 };
        let good = |card: &&OfferCard| {
            card.price_unit == unit && card.free.0 > enough && !not.contains(&card.village_code.as_str())
        };
        shelf
            .page
            .items
            .iter()
            .find(good)
            .cloned()
            .expect("the demonstration has such goods on the shelf")
    };
    let own = shelf
        .page
        .items
        .iter()
        .find(|card| card.name == NAME)
        .expect("the new goods are on the shelf");
    let by_weight = pick(PriceUnit::Jin, &[&own.village_code]);
    let by_piece = pick(PriceUnit::Piece, &[&own.village_code, &by_weight.village_code]);
    let mut pages = Vec::new();
    for card in [by_weight, by_piece] {
        pages.push(
            read(format!("catalogue/{}", card.id))
                .await
                .json()
                .await
                .expect("an offer's page"),
        );
    }
    pages
        .try_into()
        .unwrap_or_else(|_| unreachable!("two were picked"))
}

/// How much of another village's goods is ordered: a little more than the least.
fn ordered(offer: &OfferPage) -> Qty {
    Qty(offer.min_qty.0 + 2 * offer.step_qty.0)
}

/// What so much of the village's goods comes to.
fn own_sum(qty: Qty) -> Fen {
    line_total(PRICE, qty).expect("a small sum")
}

/// What so much of another village's goods comes to.
fn sum_of(offer: &OfferPage, qty: Qty) -> Fen {
    let (fen, unit) = (offer.card.price_fen, offer.card.price_unit);
    line_total(Price { fen, unit }, qty).expect("a small sum")
}
