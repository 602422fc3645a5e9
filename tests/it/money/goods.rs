//! Goods: put on sale, more of them or less, at another price, off the shelf for a while.

use super::model::{Good, Model};
use super::world::{World, code, lot_of, now_and_then_twice};
use rand::RngExt as _;
use rand::rngs::StdRng;
use server::services::{lot, offer};
use shared::api::lot::{LotChangeIn, LotIn};
use shared::api::problem::Code;
use shared::domain::money::Fen;
use shared::domain::price::PriceUnit;
use shared::domain::quantity::Qty;
use shared::domain::share::SharePolicy;

pub const MUST_HAPPEN: &[&str] = &[
    "add a lot",
    "change a price",
    "change a lot",
    "be refused a change of a lot",
    "take off the shelf",
    "put back on the shelf",
];

/// Goods of a sequence: at home in these villages.
const VILLAGES: [usize; 5] = [0, 0, 2, 4, 1];

pub async fn operate(world: &mut World<'_>, chance: &mut StdRng) -> &'static str {
    let off = (world.first_good..world.offers.len()).find(|at| !world.model.goods[*at].on_sale);
    if let Some(off) = off.filter(|_| chance.random_range(0..2) == 0) {
        return world.turn_shelf(off).await;
    }
    let at = world.pick_good(chance);
    if !world.model.goods[at].on_sale {
        return world.turn_shelf(at).await;
    }
    match chance.random_range(0..10) {
        _ if world.model.goods[at].lots.is_empty() => world.add_lot(at, chance).await,
        0..4 => world.add_lot(at, chance).await,
        4..6 => world.reprice(at, chance).await,
        6..9 => world.change_lot(at, chance).await,
        _ => world.turn_shelf(at).await,
    }
}

impl Model {
    /// More of a lot, or less: never less than is held and sold.
    fn change_lot(&mut self, good: usize, lot: usize, by: i64) -> Result<(), Code> {
        let lot = &mut self.goods[good].lots[lot];
        if by == 0 || lot.free() + by < 0 {
            return Err(Code::Invalid);
        }
        lot.qty += by;
        Ok(())
    }
}

impl World<'_> {
    /// New goods for a new sequence.
    pub async fn stock_up(&mut self, chance: &mut StdRng) {
        for (at, village) in VILLAGES.into_iter().enumerate() {
            let price = chance.random_range(1..3000);
            let share = match at {
                1 => SharePolicy::BasisPoints(chance.random_range(0..10_000)),
                2 => SharePolicy::FenPerUnit(chance.random_range(0..=price)),
                _ => SharePolicy::Whole,
            };
            let mut listing = self.market.list(village);
            listing = if at == 3 {
                listing.per_bottle(price)
            } else {
                listing.per_jin(price)
            };
            if share.needs_supplier() {
                listing = listing.shared_with("王家", share);
            }
            let step = if at == 3 { 1 } else { 100 };
            let listing = listing.change(|offer| (offer.min_qty, offer.step_qty) = (Qty(step), Qty(step)));
            let offer = listing.publish(self.app).await;
            self.model.goods.push(Good {
                village,
                price,
                base: if offer.content.price_unit == PriceUnit::Piece {
                    1
                } else {
                    500
                },
                step,
                share,
                household: offer.content.household_id,
                on_sale: true,
                lots: Vec::new(),
            });
            self.offers.push(offer);
            for _ in 0..chance.random_range(0..3) {
                self.app.clock.advance_s(1);
                self.add_lot(self.offers.len() - 1, chance).await;
            }
            if chance.random_range(0..2) == 0 {
                self.app.clock.advance_s(1);
                self.sell_ahead(self.offers.len() - 1, chance).await;
            }
        }
    }

    async fn add_lot(&mut self, at: usize, chance: &mut StdRng) -> &'static str {
        let today = self.app.today();
        let lot = LotIn {
            harvested_on: today,
            good_until: Some(today.add_days(chance.random_range(1..12))),
            qty: Qty(chance.random_range(10..80) * self.model.goods[at].step),
        };
        self.add(at, chance, lot).await;
        "add a lot"
    }

    /// Adds a lot to goods.
    pub async fn add(&mut self, at: usize, chance: &mut StdRng, input: LotIn) {
        let (offer, key) = (&self.offers[at], self.app.key());
        let lister = self.market.lister(offer.village);
        let ask = async || lot::add(self.app, lister, &key, offer.id, input.clone()).await;
        let added = now_and_then_twice(chance, ask).await.expect("the lot is good");
        self.model.goods[at].lots.push(lot_of(&added));
        self.offers[at].lots.push(added);
    }

    async fn reprice(&mut self, at: usize, chance: &mut StdRng) -> &'static str {
        let mut price = chance.random_range(1..3000);
        if let SharePolicy::FenPerUnit(fen) = self.model.goods[at].share {
            price = price.max(fen);
        }
        self.offers[at]
            .republish(self.app, &self.market, |offer| offer.price_fen = Fen(price))
            .await;
        self.model.goods[at].price = price;
        "change a price"
    }

    async fn change_lot(&mut self, at: usize, chance: &mut StdRng) -> &'static str {
        let number = chance.random_range(0..self.model.goods[at].lots.len());
        let by = chance.random_range(-30..30) * self.model.goods[at].step;
        let (offer, key) = (&self.offers[at], self.app.key());
        let change = LotChangeIn {
            by: Qty(by),
            reason: "虫害".to_owned(),
        };
        let lister = self.market.lister(offer.village);
        let lot = self.model.goods[at].lots[number].id;
        let ask = async || lot::change(self.app, lister, &key, offer.id, lot, change.clone()).await;
        let changed = now_and_then_twice(chance, ask).await;
        let expected = self.model.change_lot(at, number, by);
        assert_eq!(
            code(&changed),
            expected.err(),
            "{by} of {:?}",
            self.model.goods[at].lots[number]
        );
        if changed.is_ok() {
            "change a lot"
        } else {
            "be refused a change of a lot"
        }
    }

    async fn turn_shelf(&mut self, at: usize) -> &'static str {
        let (offer, key) = (&self.offers[at], self.app.key());
        let lister = self.market.lister(offer.village);
        let good = &mut self.model.goods[at];
        good.on_sale = !good.on_sale;
        if good.on_sale {
            offer::resume(self.app, lister, &key, offer.id)
                .await
                .expect("it was paused");
            "put back on the shelf"
        } else {
            offer::pause(self.app, lister, &key, offer.id)
                .await
                .expect("it was on sale");
            "take off the shelf"
        }
    }
}
