//! The program and the model side by side: every operation is done by both, and both must say the same.

use super::model::{Good, Line, Lot, Model, Order, Part, Stand};
use rand::RngExt as _;
use rand::rngs::StdRng;
use sea_orm::FromQueryResult;
use server::services::idempotency::Key;
use server::services::{Error, acceptance, order, village_order};
use server::store;
use shared::api::acceptance::{AcceptLineIn, SignIn, VarianceReason};
use shared::api::order::{CancelIn, OrderIn};
use shared::api::problem::Code;
use shared::api::village_order::{AnswerIn, AnswerLineIn, MoveStep};
use shared::domain::money::Fen;
use shared::domain::price::PriceUnit;
use shared::domain::quantity::Qty;
use shared::domain::share::SharePolicy;
use std::collections::{BTreeMap, BTreeSet};
use tests::market::VILLAGES;
use tests::{Market, Offer, TestApp, trade};
use uuid::Uuid;

#[derive(FromQueryResult)]
struct StoredLot {
    id: Uuid,
    qty: i64,
    reserved: i64,
    sold: i64,
}

pub struct World<'a> {
    app: &'a TestApp,
    market: Market,
    offers: Vec<Offer>,
    model: Model,
    /// Goods and orders of earlier sequences are left alone.
    first_good: usize,
    first_order: usize,
    done: BTreeMap<&'static str, u32>,
}

impl<'a> World<'a> {
    pub async fn new(app: &'a TestApp) -> Self {
        let market = app.market().await;
        let (offers, model, done) = (Vec::new(), Model::default(), BTreeMap::new());
        Self {
            app,
            market,
            offers,
            model,
            first_good: 0,
            first_order: 0,
            done,
        }
    }

    /// New goods for a new sequence.
    pub async fn stock_up(&mut self, chance: &mut StdRng) {
        (self.first_good, self.first_order) = (self.offers.len(), self.model.orders.len());
        for at in 0..5 {
            let village = [0, 0, 2, 4, 1][at];
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
            let base = if offer.content.price_unit == PriceUnit::Piece {
                1
            } else {
                500
            };
            self.model.goods.push(Good {
                village,
                price,
                base,
                step,
                share,
                lots: Vec::new(),
            });
            self.offers.push(offer);
            for _ in 0..chance.random_range(1..3) {
                self.add_lot(self.offers.len() - 1, chance).await;
            }
        }
    }

    async fn add_lot(&mut self, at: usize, chance: &mut StdRng) {
        let (qty, days) = (
            chance.random_range(1..60) * self.model.goods[at].step,
            chance.random_range(1..12),
        );
        self.offers[at]
            .add_lot(self.app, &self.market, qty, Some(days))
            .await;
        let added = self.offers[at].lots.last().expect("just added");
        self.model.goods[at].lots.push(Lot {
            id: added.id,
            code: added.code.clone(),
            harvested_on: added.harvested_on.0,
            good_until: added.good_until.expect("just said").0,
            qty,
            reserved: 0,
            sold: 0,
        });
    }

    pub async fn operate(&mut self, choice: u32, chance: &mut StdRng) {
        let name = match choice {
            0..22 => self.place(chance).await,
            22..68 => self.progress(chance).await,
            68..73 => self.answer_any(chance).await,
            73..80 => self.move_any(chance).await,
            80..84 => self.sign_any(chance).await,
            84..88 => self.cancel(chance).await,
            88..93 => self.expire(chance).await,
            93..96 => self.reprice(chance).await,
            _ => {
                self.add_lot(chance.random_range(self.first_good..self.offers.len()), chance)
                    .await;
                "add a lot"
            }
        };
        *self.done.entry(name).or_default() += 1;
    }

    async fn place(&mut self, chance: &mut StdRng) -> &'static str {
        let mut wanted = BTreeMap::new();
        for _ in 0..chance.random_range(1..5) {
            let good = chance.random_range(self.first_good..self.offers.len());
            let steps = if chance.random_range(0..12) == 0 {
                80
            } else {
                chance.random_range(0..15)
            };
            wanted.insert(good, steps * self.model.goods[good].step);
        }
        let mut wanted: Vec<(usize, i64)> = wanted.into_iter().collect();
        if chance.random_range(0..2) == 0 {
            wanted.reverse();
        }
        let unit = chance.random_range(0..3);
        let lines: Vec<(&Offer, i64)> = wanted
            .iter()
            .map(|(good, qty)| (&self.offers[*good], *qty))
            .collect();
        let order: OrderIn = trade::order_of(self.app.today(), &lines);
        let (buyer, key) = (&self.market.buyers[unit], self.app.key());
        let placed = order::place(self.app, buyer, &key, order.clone(), None).await;
        match (self.model.place(&wanted, self.app.today().0), placed) {
            (Err(expected), Err(error)) => {
                assert_eq!(error.code(), expected, "{error} for {wanted:?}");
                "be refused an order"
            }
            (Ok(taken), Ok(placed)) => {
                let again = order::place(self.app, buyer, &key, order, None)
                    .await
                    .expect("the stored answer");
                assert_eq!(again, placed);
                self.note_order(placed.id, unit, &taken).await;
                "place"
            }
            (expected, placed) => {
                panic!("the model says {expected:?}, the program {placed:?} for {wanted:?}")
            }
        }
    }

    /// Compares the order with what the model took, and notes it.
    async fn note_order(&mut self, id: Uuid, unit: usize, taken: &[(usize, usize, i64)]) {
        let shown = trade::show(self.app, &self.market, id).await;
        let mut taken = taken.iter();
        let mut parts = Vec::new();
        let mut total = 0;
        for village in &shown.village_orders {
            let mut lines = Vec::new();
            for line in &village.lines {
                let (good, lot, qty) = taken.next().copied().expect("no line more than the model's");
                let (stored, price) = (&self.model.goods[good], self.model.goods[good].price);
                assert_eq!(line.offer_id, self.offers[good].id);
                assert_eq!(
                    (line.lot_code.as_str(), line.qty.0),
                    (stored.lots[lot].code.as_str(), qty)
                );
                let sum = super::model::share_of(price, qty, stored.base);
                assert_eq!(line.total_fen.0, sum);
                total += sum;
                lines.push(Line {
                    id: line.id,
                    good,
                    lot,
                    price,
                    qty,
                    confirmed: qty,
                });
            }
            let row = &village.village_order;
            let number = self.market.village_at(&row.village_code);
            let (id, confirm_by) = (row.id, row.confirm_by.0);
            parts.push(Part {
                id,
                village: number,
                stand: Stand::Offered,
                confirm_by,
                lines,
            });
        }
        assert_eq!((taken.next(), shown.order.total_fen.0), (None, total));
        self.model.orders.push(Order {
            id,
            unit,
            parts,
            signed: None,
        });
    }

    fn pick_part(&self, chance: &mut StdRng, wished: Stand) -> Option<(usize, usize)> {
        let all = self.parts();
        let fitting: Vec<_> = all.iter().filter(|(_, _, stand)| *stand == wished).collect();
        // Mostly what can be done, now and then what must be refused.
        let from: Vec<_> = if fitting.is_empty() || chance.random_range(0..8) == 0 {
            all.iter().collect()
        } else {
            fitting
        };
        if from.is_empty() {
            return None;
        }
        let (order, part, _) = from[chance.random_range(0..from.len())];
        Some((*order, *part))
    }

    /// The next step of one of the first village orders that are still under way.
    async fn progress(&mut self, chance: &mut StdRng) -> &'static str {
        let open: Vec<(usize, usize, Stand)> = self.parts();
        let open: Vec<_> = open
            .into_iter()
            .filter(|(_, _, stand)| !matches!(stand, Stand::Gone | Stand::Credited))
            .collect();
        if open.is_empty() {
            return self.place(chance).await;
        }
        let early = chance
            .random_range(0..open.len())
            .min(chance.random_range(0..open.len()));
        let (order, part, stand) = open[early];
        match stand {
            Stand::Offered => self.answer(chance, order, part).await,
            Stand::Delivered => self.sign(chance, order).await,
            _ => self.advance(stand, BTreeSet::from([(order, part)])).await,
        }
    }

    fn parts(&self) -> Vec<(usize, usize, Stand)> {
        (self.model.orders.iter().enumerate())
            .skip(self.first_order)
            .flat_map(|(at, order)| {
                order
                    .parts
                    .iter()
                    .enumerate()
                    .map(move |(part, p)| (at, part, p.stand))
            })
            .collect()
    }

    async fn answer_any(&mut self, chance: &mut StdRng) -> &'static str {
        match self.pick_part(chance, Stand::Offered) {
            Some((order, part)) => self.answer(chance, order, part).await,
            None => "find nothing to answer",
        }
    }

    async fn move_any(&mut self, chance: &mut StdRng) -> &'static str {
        let from = [Stand::Answered, Stand::Packed, Stand::Collected][chance.random_range(0..3)];
        let mut chosen = BTreeSet::new();
        for _ in 0..chance.random_range(1..5) {
            chosen.extend(self.pick_part(chance, from));
        }
        self.advance(from, chosen).await
    }

    async fn sign_any(&mut self, chance: &mut StdRng) -> &'static str {
        match self.pick_part(chance, Stand::Delivered) {
            Some((order, _)) => self.sign(chance, order).await,
            None => "find nothing to sign",
        }
    }

    async fn answer(&mut self, chance: &mut StdRng, order: usize, part: usize) -> &'static str {
        let chosen = self.model.orders[order].parts[part].clone();
        let mood = chance.random_range(0..10);
        let amounts: Vec<i64> = chosen
            .lines
            .iter()
            .map(|line| match mood {
                0 => 0,
                1..4 => chance.random_range(0..=line.qty),
                _ => line.qty,
            })
            .collect();
        let lines = chosen.lines.iter().zip(&amounts).map(|(line, qty)| AnswerLineIn {
            line_id: line.id,
            qty: Qty(*qty),
            reason: (*qty < line.qty).then(|| "雨".to_owned()),
        });
        let answer = AnswerIn {
            lines: lines.collect(),
        };
        let lister = self.market.lister(chosen.village);
        let answered = village_order::answer(self.app, lister, &self.app.key(), chosen.id, answer).await;
        let expected = self.model.answer(order, part, &amounts, self.app.now().0);
        assert_eq!(code(answered), expected.err());
        "answer"
    }

    async fn advance(&mut self, from: Stand, chosen: BTreeSet<(usize, usize)>) -> &'static str {
        let (step, to) = match from {
            Stand::Answered => (MoveStep::Pack, Stand::Packed),
            Stand::Packed => (MoveStep::Collect, Stand::Collected),
            _ => (MoveStep::Deliver, Stand::Delivered),
        };
        if chosen.is_empty() {
            return "find nothing to move";
        }
        let ids = chosen
            .iter()
            .map(|(order, part)| self.model.orders[*order].parts[*part].id)
            .collect();
        let moved = trade::advance(self.app, &self.market.operator, step, ids)
            .await
            .expect("the centre may try");
        let moved: BTreeSet<Uuid> = moved.moved.into_iter().collect();
        for (order, part) in chosen {
            let id = self.model.orders[order].parts[part].id;
            assert_eq!(
                moved.contains(&id),
                self.model.advance(order, part, to),
                "{step:?} of {id}"
            );
        }
        "move"
    }

    async fn sign(&mut self, chance: &mut StdRng, at: usize) -> &'static str {
        let order = self.model.orders[at].clone();
        let same = order.signed.as_ref().filter(|_| chance.random_range(0..4) > 0);
        let mut lines = Vec::new();
        for line in order
            .parts
            .iter()
            .filter(|part| part.stand == Stand::Delivered)
            .flat_map(|part| &part.lines)
        {
            let signed = same.and_then(|signed| signed.amounts.get(&line.id).copied());
            let qty =
                signed.unwrap_or_else(|| weighed(line.confirmed, self.model.goods[line.good].base, chance));
            let reason = (qty != line.confirmed).then_some(VarianceReason::Quality);
            let (line_id, qty) = (line.id, Qty(qty));
            lines.push(AcceptLineIn {
                line_id,
                qty,
                reason,
                remark: String::new(),
                photo_id: None,
            });
        }
        let amounts: BTreeMap<Uuid, i64> = lines.iter().map(|line| (line.line_id, line.qty.0)).collect();
        let mut by_unit = chance.random_range(0..2) == 0;
        if let Some(signed) = same.filter(|_| chance.random_range(0..5) > 0) {
            by_unit = signed.centre;
        }
        let who = if by_unit {
            &self.market.buyers[order.unit]
        } else {
            &self.market.operator
        };
        let key = self.app.key();
        let signed = self.sign_twice(who, &key, order.id, &SignIn { lines }).await;
        match (
            self.model
                .sign(at, by_unit, &amounts, i64::from(self.app.config.fee_bp)),
            signed,
        ) {
            (Ok(posts), Ok(posted)) => {
                assert_eq!(posts, posted);
                if posts { "credit" } else { "sign" }
            }
            (Err(expected), Err(error)) => {
                assert_eq!(error.code(), expected, "{error}");
                "be refused a signature"
            }
            (expected, signed) => panic!("the model says {expected:?}, the program {signed:?}"),
        }
    }

    /// The same request twice: the second one is answered and changes nothing.
    async fn sign_twice(
        &self,
        who: &tests::Person,
        key: &Key,
        order: Uuid,
        lines: &SignIn,
    ) -> Result<bool, Error> {
        let first = acceptance::sign(self.app, who, key, order, lines.clone()).await?;
        let again = acceptance::sign(self.app, who, key, order, lines.clone()).await?;
        assert_eq!(first, again);
        Ok(first.acceptance.posted_at.is_some())
    }

    async fn cancel(&mut self, chance: &mut StdRng) -> &'static str {
        if self.first_order == self.model.orders.len() {
            return "find nothing to cancel";
        }
        let at = chance.random_range(self.first_order..self.model.orders.len());
        let (id, unit) = (self.model.orders[at].id, self.model.orders[at].unit);
        let cancel = CancelIn {
            reason: "改期".to_owned(),
        };
        let cancelled = order::cancel(self.app, &self.market.buyers[unit], &self.app.key(), id, cancel).await;
        assert_eq!(code(cancelled), self.model.cancel(at).err());
        "cancel"
    }

    async fn expire(&mut self, chance: &mut StdRng) -> &'static str {
        self.app.pass_hours(chance.random_range(1..30));
        let expired = village_order::expire_due(self.app).await.expect("the job runs");
        assert_eq!(expired, self.model.expire(self.app.now().0));
        "let time pass"
    }

    async fn reprice(&mut self, chance: &mut StdRng) -> &'static str {
        let at = chance.random_range(self.first_good..self.offers.len());
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

    /// Every lot of this sequence stands as the model says.
    pub async fn check_stock(&self) {
        let mut expected = BTreeMap::new();
        for lot in self.model.goods[self.first_good..]
            .iter()
            .flat_map(|good| &good.lots)
        {
            expected.insert(lot.id, [lot.qty, lot.reserved, lot.sold]);
        }
        let ids: Vec<String> = (1..=self.offers.len() - self.first_good)
            .map(|at| format!("${at}"))
            .collect();
        let sql = format!(
            "select id, qty, reserved, sold from lots where offer_id in ({})",
            ids.join(", ")
        );
        let ids = self.offers[self.first_good..].iter().map(|offer| offer.id.into());
        let stored: Vec<StoredLot> = store::many(self.app.db.schema(), &sql, ids)
            .await
            .expect("lots are read");
        let stored = stored
            .into_iter()
            .map(|lot| (lot.id, [lot.qty, lot.reserved, lot.sold]))
            .collect();
        assert_eq!(
            expected, stored,
            "the model's lots and the stored ones: quantity, reserved, sold"
        );
    }

    /// Every sum stands as the model says.
    pub async fn check_money(&self) {
        let balance = async |kind: &str, owner: String| {
            let sql = "select balance_fen from account_balances where account_kind = $1 and owner = $2";
            self.app.number(sql, [kind.into(), owner.into()]).await
        };
        for (at, unit) in self.market.units.iter().enumerate() {
            let owed = balance("unit_receivable", unit.id.to_string()).await;
            assert_eq!(
                owed,
                self.model.receivable.get(&at).copied().unwrap_or_default(),
                "unit {at} owes"
            );
        }
        for (at, (code, _)) in VILLAGES.iter().enumerate() {
            let expected = self.model.village.get(&at).copied().unwrap_or_default();
            assert_eq!(
                -balance("village_payable", (*code).to_owned()).await,
                expected,
                "village {at} is owed"
            );
            let sql = "select cast(sum(amount_fen) as bigint) from village_incomes where village_code = $1";
            assert_eq!(
                self.app.number(sql, [(*code).into()]).await,
                expected,
                "village {at} earned"
            );
        }
        assert_eq!(
            -balance("centre_fee", String::new()).await,
            self.model.fee,
            "the centre's fee"
        );
        let sql = "select cast(sum(balance_fen) as bigint) from account_balances where account_kind = 'household_payable'";
        assert_eq!(
            -self.app.number(sql, []).await,
            self.model.supplier,
            "households are owed"
        );
    }

    /// What was done how often.
    pub fn done(self) -> BTreeMap<&'static str, u32> {
        self.done
    }
}

/// What the scale says of what was expected: mostly the same, at most a fifth more.
fn weighed(expected: i64, base: i64, chance: &mut StdRng) -> i64 {
    let most = if base == 1 {
        expected
    } else {
        expected + expected / 5
    };
    match chance.random_range(0..6) {
        0 => chance.random_range(0..=most),
        1 => 0,
        _ => expected,
    }
}

fn code<T: std::fmt::Debug>(outcome: Result<T, Error>) -> Option<Code> {
    outcome.err().map(|error| error.code())
}
