//! A village lists goods, the centre publishes them, a unit orders from three villages, two people sign at the door, and
//! every village has its income to the fen.

use crate::chromium::Driver;
use crate::run;
use crate::window::{Shots, Window};
use shared::api::catalogue::{CatalogueOut, OfferCard, OfferPage};
use shared::domain::money::Fen;
use shared::domain::price::{Price, PriceUnit, line_total};
use shared::domain::quantity::Qty;
use tests::running::{Running, today};

/// What the village lists: 8.51 yuan a jin, so that sums have odd fen.
const PRICE: Price = Price {
    fen: Fen(851),
    unit: PriceUnit::Jin,
};
const NAME: &str = "头茬香菇";

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

impl Job {
    /// The village lists a new product with its first lot, and hands it in; answers the offer's id.
    async fn list(&self) -> String {
        let village = &self.village;
        village.sign_in("guanchang", &self.password).await;
        village.open("/offers").await;
        village.shoot("village-goods").await;
        village.open("/offers/new").await;
        village.choose("#produce", "shiitake").await;
        village.fill("#name", NAME).await;
        village.fill("#grade", "一级").await;
        village.fill("#pack", "5 斤纸箱").await;
        village.fill("#price", "8.51").await;
        village.fill("#min_qty", "10").await;
        village.fill("#step_qty", "0.5").await;
        village.fill("#lot_qty", "300").await;
        village.fill_day("#harvested_on", &today().to_string()).await;
        village.shoot("village-lists").await;
        village.press("button[name='submit'][value='1']").await;
        let offer = village.is_at("/offers/").await;
        village.shows("main", "待审核").await;
        village.shoot("village-handed-in").await;
        offer
    }

    /// The centre reviews it and puts it on the shelf.
    async fn publish(&self, offer: &str) {
        let centre = &self.centre;
        centre.sign_in("zhongxin", &self.password).await;
        centre.open("/offers?state=submitted").await;
        centre.shoot("centre-reviews").await;
        centre.press(&format!("a[href='/offers/{offer}']")).await;
        centre.shows("main", NAME).await;
        centre.shoot("centre-reviews-one").await;
        centre.press_words("通过并上架").await;
        centre.shows(".toolbar", "在售").await;
    }

    /// The buyer, not signed in yet, finds the goods and fills the basket.
    async fn fill_basket(&self, offer: &str, others: &[OfferPage; 2]) {
        let buyer = &self.buyer;
        buyer.open("/").await;
        buyer.shoot("home").await;
        buyer.fill("header input[name='q']", "头茬").await;
        buyer.press("header .search button").await;
        buyer.is_at("/goods?").await;
        buyer.shoot("buyer-searches").await;
        buyer.press(&format!("a[href='/goods/{offer}']")).await;
        buyer.fill("#qty", "20.5").await;
        if self.scripts {
            let sum = line_total(PRICE, Qty(10_250)).expect("a small sum").format_cny();
            buyer.shows(".buy-box", &sum).await;
        }
        buyer.shoot("buyer-offer").await;
        buyer.press_words("放进篮子").await;
        for other in others {
            let (id, card) = (other.card.id, &other.card);
            buyer.open(&format!("/goods?village={}", card.village_code)).await;
            buyer.press(&format!("a[href='/goods/{id}']")).await;
            buyer
                .fill("#qty", &card.price_unit.format_qty_plain(ordered(other)))
                .await;
            buyer.press_words("放进篮子").await;
        }
        buyer.open("/basket").await;
        buyer.shoot("buyer-basket-signed-out").await;
        assert_eq!(
            self.villages_shown("data-village").await,
            3,
            "the basket is grouped by village"
        );
    }

    async fn villages_shown(&self, attribute: &str) -> u64 {
        let script = format!("return document.querySelectorAll('main [{attribute}]').length");
        self.buyer
            .run(&script, Vec::new())
            .await
            .as_u64()
            .expect("a count")
    }

    /// Signs in, finds the basket as it was, and orders; answers the order's id.
    async fn order(&self, others: &[OfferPage; 2]) -> String {
        let buyer = &self.buyer;
        let total = buyer.sum(".sticky-total b").await;
        buyer.press_words("登录后下单").await;
        buyer.is_at("/sign-in").await;
        buyer.shoot("buyer-signs-in").await;
        buyer.sign_in("caigou", &self.password).await;
        buyer.is_at("/orders/new").await;
        assert_eq!(
            self.villages_shown("data-village").await,
            3,
            "the basket survives sign-in"
        );
        assert_eq!(buyer.sum(".sticky-total b").await, total, "and its sum with it");
        buyer.fill("#contact", "李明 13800000000").await;
        buyer.fill("#note", "周三早上七点前送到").await;
        buyer.as_wide_as(360).await;
        buyer.shoot("buyer-orders").await;
        buyer.as_wide_as(1280).await;
        buyer.shoot("buyer-orders").await;
        buyer.press_words("下单并锁定库存").await;
        let order = buyer.is_at("/orders/").await;
        buyer.shoot("buyer-ordered").await;
        let expected = [line_total(PRICE, Qty(10_250))]
            .into_iter()
            .chain(others.iter().map(|o| {
                line_total(
                    Price {
                        fen: o.card.price_fen,
                        unit: o.card.price_unit,
                    },
                    ordered(o),
                )
            }))
            .map(|sum| sum.expect("a small sum").0)
            .sum::<i64>();
        assert_eq!(total, Fen(expected), "the sum is that of the lines");
        order.split('?').next().unwrap_or_default().to_owned()
    }

    /// The village orders that the order was split into.
    async fn parts(&self, order: &str) -> Vec<Part> {
        let centre = &self.centre;
        centre.open(&format!("/orders/{order}")).await;
        centre.shoot("centre-order").await;
        let script = "return [...document.querySelectorAll('main [data-village]')].map(part => \
            [part.dataset.village, part.querySelector('h2 a').getAttribute('href').split('/').pop()])";
        let found = centre.run(script, Vec::new()).await;
        let own = self.village.attribute("a[href^='/village-orders']", "href").await;
        assert_eq!(
            own, "/village-orders",
            "the village goes to its village orders from anywhere"
        );
        let parts: Vec<Part> = found
            .as_array()
            .into_iter()
            .flatten()
            .map(|pair| Part {
                id: pair[1].as_str().unwrap_or_default().to_owned(),
                own: pair[0].as_str() == Some(VILLAGE),
            })
            .collect();
        assert_eq!(
            (parts.len(), parts.iter().filter(|part| part.own).count()),
            (3, 1)
        );
        parts
    }

    /// The village confirms its own part; the centre answers for the villages that did not.
    async fn answer(&self, parts: &[Part]) {
        for part in parts {
            let window = if part.own { &self.village } else { &self.centre };
            if part.own {
                window.as_wide_as(360).await;
                window.open("/village-orders").await;
                window.shoot("village-orders").await;
                window
                    .press(&format!("a[href='/village-orders/{}']", part.id))
                    .await;
            } else {
                window.open(&format!("/village-orders/{}", part.id)).await;
            }
            window.shoot("answers").await;
            window.press_words("全部确认供货").await;
            window.shows("main", "已确认").await;
            let by_centre = window.words("main").await.contains("代办");
            assert_eq!(
                by_centre, !part.own,
                "what the centre does for a village is on record as that"
            );
        }
        let own = parts
            .iter()
            .find(|part| part.own)
            .expect("one part is the village's own");
        self.village
            .open(&format!("/village-orders/{}/slip", own.id))
            .await;
        self.village.shoot("packing-slip").await;
        self.village.open(&format!("/village-orders/{}", own.id)).await;
        self.village.press_words("已备好货").await;
        self.village.shoot("village-packed").await;
    }

    /// The day board: pack for the others, load all, deliver all.
    async fn deliver(&self, parts: &[Part]) {
        let board = &self.centre;
        board.open("/board").await;
        board.shoot("board").await;
        let steps = [
            ("confirmed", "packed"),
            ("packed", "on-the-way"),
            ("on-the-way", "at-the-door"),
        ];
        for (from, to) in steps {
            for part in parts.iter().filter(|part| !(part.own && from == "confirmed")) {
                board
                    .click(&format!("#col-{from} input[name='ids'][value='{}']", part.id))
                    .await;
            }
            if from == "packed" {
                board.fill(&format!("#vehicle-{from}"), "冷链 2 号车").await;
            }
            board.press(&format!("#move-{from} button")).await;
            for part in parts {
                board
                    .find(&format!("#col-{to} a[href='/village-orders/{}']", part.id))
                    .await;
            }
            board.shoot(&format!("board-{to}")).await;
        }
    }

    /// The buyer weighs on the phone: the village's goods a little short, one piece refused, the rest as ordered. Answers
    /// what the village's goods come to.
    async fn weigh(&self, order: &str, others: &[OfferPage; 2]) -> Fen {
        let buyer = &self.buyer;
        buyer.as_wide_as(360).await;
        buyer.open(&format!("/orders/{order}/acceptance")).await;
        buyer.shoot("weighing").await;
        let own = self.line_of(NAME).await;
        let pieces = self.line_of(&others[1].card.name).await;
        let field = |line: &str, part: &str| format!("[name='line.{line}.{part}']");
        let short = line_total(PRICE, Qty(10_050)).expect("a small sum");
        buyer.fill(&field(&own, "qty"), "20.1").await;
        if self.scripts {
            buyer
                .shows(&format!("[data-line='{own}'] output"), &short.format_cny())
                .await;
            buyer
                .shows(&format!("[data-line='{own}'] .weigh-result"), "少 0.4 斤")
                .await;
            self.convert(&own).await;
        }
        self.explain(&own, "weighing").await;
        let one_less = ordered(&others[1]).0 - 1;
        buyer.fill(&field(&pieces, "qty"), &one_less.to_string()).await;
        self.explain(&pieces, "damaged").await;
        let rest: i64 = [(&others[0], ordered(&others[0])), (&others[1], Qty(one_less))]
            .into_iter()
            .map(|(o, qty)| {
                line_total(
                    Price {
                        fen: o.card.price_fen,
                        unit: o.card.price_unit,
                    },
                    qty,
                )
                .expect("a sum")
                .0
            })
            .sum();
        let total = Fen(short.0 + rest);
        if self.scripts {
            buyer.shows(".sticky-total b", &total.format_cny()).await;
        }
        buyer.shoot("weighed").await;
        buyer.press("form.weighing-form button.primary").await;
        buyer.shows("main", "您已签字").await;
        assert_eq!(
            buyer.sum(".sticky-total b").await,
            total,
            "what was signed is what was typed"
        );
        buyer.shoot("unit-signed").await;
        short
    }

    /// The line on the weighing page that has these words.
    async fn line_of(&self, words: &str) -> String {
        let script = "const line = [...document.querySelectorAll('[data-line]')] \
            .find(line => line.textContent.includes(arguments[0])); return line ? line.dataset.line : ''";
        let found = self.buyer.run(script, vec![words.into()]).await;
        let id = found.as_str().unwrap_or_default().to_owned();
        assert!(!id.is_empty(), "{words} is to be weighed");
        id
    }

    /// Turns a line to kilograms and back: the number follows, the sum stays.
    async fn convert(&self, line: &str) {
        let buyer = &self.buyer;
        let qty = format!("[name='line.{line}.qty']");
        let sum = buyer.words(&format!("[data-line='{line}'] output")).await;
        for (unit, shown) in [("jin", "20.1"), ("kg", "10.05")] {
            let label = format!("[data-line='{line}'] label:has(input[value='{unit}'])");
            buyer.click(&label).await;
            assert_eq!(buyer.typed(&qty).await, shown, "the number follows its unit");
            assert_eq!(
                buyer.words(&format!("[data-line='{line}'] output")).await,
                sum,
                "the sum does not"
            );
        }
    }

    async fn explain(&self, line: &str, reason: &str) {
        let open = format!("[data-line='{line}'] details.weigh-reason[open]");
        if !self.buyer.has(&open).await {
            self.buyer.click(&format!("[data-line='{line}'] summary")).await;
        }
        self.buyer
            .choose(&format!("[name='line.{line}.reason']"), reason)
            .await;
    }

    /// The centre's person signs the same on another phone; answers the document's address.
    async fn countersign(&self, order: &str) -> String {
        let centre = &self.centre;
        centre.as_wide_as(360).await;
        centre.open("/board").await;
        centre.shoot("board").await;
        centre
            .press(&format!("#col-at-the-door a[href='/orders/{order}/acceptance']"))
            .await;
        centre.shoot("centre-signs").await;
        centre.press_words("签字并入账").await;
        centre.is_at("/acceptances/").await;
        centre.shoot("credited").await;
        centre.as_wide_as(1280).await;
        centre.shoot("credited").await;
        centre.path().await
    }

    /// What the village had before.
    async fn credited_before(&self) -> Fen {
        self.village.open("/income").await;
        self.village.sum(".money-three .figure").await
    }

    /// The village sees what it earned, to the fen, and by which document.
    async fn see_income(&self, document: &str, before: Fen, accepted: Fen) {
        let village = &self.village;
        village.open("/income").await;
        village.shoot("village-income").await;
        village.as_wide_as(1280).await;
        village.shoot("village-income").await;
        assert_eq!(
            village.sum(".money-three .figure").await,
            Fen(before.0 + accepted.0),
            "credited to the fen"
        );
        let link = format!("table a[href='{document}']");
        let script = "return document.querySelector(arguments[0]).closest('tr').textContent";
        let row = village.run(script, vec![link.clone().into()]).await;
        let row = row.as_str().unwrap_or_default();
        assert!(
            row.contains(&accepted.format_yuan()) && row.contains(NAME),
            "the statement's line: {row}"
        );
        village.press(&link).await;
        village.is_at(document).await;
        village.shows("main", &accepted.format_cny()).await;
        village.shoot("village-document").await;
    }

    /// The unit sees its order accepted, with the difference.
    async fn see_order(&self, order: &str, document: &str) {
        let buyer = &self.buyer;
        buyer.open(&format!("/orders/{order}")).await;
        buyer.shoot("order-accepted").await;
        buyer.shows("main", "验收").await;
        buyer
            .find(&format!(
                "a[href='{document}'], a[href='/orders/{order}/acceptance']"
            ))
            .await;
        buyer.open("/orders").await;
        buyer.shoot("orders").await;
    }

    /// The auditor finds the books clean, and goes from the document to its ledger transaction.
    async fn audit(&self, document: &str) {
        let auditor = &self.centre;
        auditor.sign_out().await;
        auditor.sign_in("shenji", &self.password).await;
        auditor.open("/verify").await;
        auditor.press_words("开始核对").await;
        auditor.shoot("verified").await;
        assert!(
            auditor.words("[role='status']").await.contains("核对无误"),
            "{}",
            auditor.words("main").await
        );
        auditor.open(document).await;
        auditor.press("a[href^='/ledger/transactions/']").await;
        auditor.shoot("ledger-transaction").await;
    }
}

/// The village of the person who lists.
const VILLAGE: &str = "120119120214";
