//! The market as a few lists of numbers. It shares no arithmetic and no life cycle with the program.

use shared::api::problem::Code;
use shared::domain::share::SharePolicy;
use std::collections::BTreeMap;
use uuid::Uuid;

/// A lot.
#[derive(Clone, Debug)]
pub struct Lot {
    pub id: Uuid,
    pub code: String,
    pub harvested_on: i32,
    pub good_until: i32,
    pub qty: i64,
    pub reserved: i64,
    pub sold: i64,
}

/// Goods on sale.
#[derive(Clone, Debug)]
pub struct Good {
    pub village: usize,
    pub price: i64,
    pub base: i64,
    pub step: i64,
    pub share: SharePolicy,
    pub lots: Vec<Lot>,
}

/// Where a village order stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stand {
    Offered,
    Answered,
    Gone,
    Packed,
    Collected,
    Delivered,
    Credited,
}

#[derive(Clone, Debug)]
pub struct Line {
    pub id: Uuid,
    pub good: usize,
    pub lot: usize,
    pub price: i64,
    pub qty: i64,
    pub confirmed: i64,
}

#[derive(Clone, Debug)]
pub struct Part {
    pub id: Uuid,
    pub village: usize,
    pub stand: Stand,
    pub confirm_by: i64,
    pub lines: Vec<Line>,
}

/// A first signature: over which amounts, and whose.
#[derive(Clone, Debug)]
pub struct Signed {
    pub amounts: BTreeMap<Uuid, i64>,
    pub unit: bool,
    pub centre: bool,
}

#[derive(Clone, Debug)]
pub struct Order {
    pub id: Uuid,
    pub unit: usize,
    pub parts: Vec<Part>,
    pub signed: Option<Signed>,
}

/// The whole market.
#[derive(Default)]
pub struct Model {
    pub goods: Vec<Good>,
    pub orders: Vec<Order>,
    pub receivable: BTreeMap<usize, i64>,
    pub village: BTreeMap<usize, i64>,
    pub supplier: i64,
    pub fee: i64,
}

/// `a × b ÷ c`, halves up.
pub fn share_of(a: i64, b: i64, c: i64) -> i64 {
    let (a, b, c) = (i128::from(a), i128::from(b), i128::from(c));
    i64::try_from((2 * a * b + c).div_euclid(2 * c)).expect("the test's sums are small")
}

impl Good {
    /// The numbers of lots that can be ordered, first to go first.
    pub fn orderable(&self, today: i32) -> Vec<usize> {
        let mut lots: Vec<usize> = (0..self.lots.len())
            .filter(|at| self.lots[*at].good_until >= today && self.free(*at) > 0)
            .collect();
        lots.sort_by_key(|at| {
            let lot = &self.lots[*at];
            (lot.good_until, lot.harvested_on, lot.id)
        });
        lots
    }

    pub fn free(&self, lot: usize) -> i64 {
        let lot = &self.lots[lot];
        lot.qty - lot.reserved - lot.sold
    }

    fn village_part(&self, net: i64, qty: i64) -> i64 {
        match self.share {
            SharePolicy::Whole => net,
            SharePolicy::BasisPoints(bp) => share_of(net, i64::from(bp), 10_000),
            SharePolicy::FenPerUnit(fen) => share_of(fen, qty, self.base).min(net),
        }
    }
}

impl Model {
    /// What placing these amounts does: refused, or lines as (good, lot, amount) in the order of villages.
    pub fn place(&mut self, wanted: &[(usize, i64)], today: i32) -> Result<Vec<(usize, usize, i64)>, Code> {
        if wanted
            .iter()
            .any(|(good, qty)| *qty < self.goods[*good].step || qty % self.goods[*good].step != 0)
        {
            return Err(Code::Invalid);
        }
        let free = |good: usize| -> i64 {
            let good = &self.goods[good];
            good.orderable(today).iter().map(|lot| good.free(*lot)).sum()
        };
        if wanted.iter().any(|(good, qty)| free(*good) < *qty) {
            return Err(Code::OutOfStock);
        }
        let mut taken = Vec::new();
        for (good, mut left) in wanted.iter().copied() {
            for lot in self.goods[good].orderable(today) {
                let part = self.goods[good].free(lot).min(left);
                if part > 0 {
                    taken.push((good, lot, part));
                    left -= part;
                }
            }
        }
        for (good, lot, qty) in &taken {
            self.goods[*good].lots[*lot].reserved += qty;
        }
        taken.sort_by_key(|(good, _, _)| self.goods[*good].village);
        Ok(taken)
    }

    /// A village's answer, line by line.
    pub fn answer(&mut self, order: usize, part: usize, amounts: &[i64], now: i64) -> Result<(), Code> {
        let part = &mut self.orders[order].parts[part];
        if part.stand != Stand::Offered || now > part.confirm_by {
            return Err(Code::WrongState);
        }
        for (line, qty) in part.lines.iter_mut().zip(amounts) {
            let lot = &mut self.goods[line.good].lots[line.lot];
            lot.qty -= line.qty - qty;
            lot.reserved -= line.qty - qty;
            line.confirmed = *qty;
        }
        part.stand = if amounts.iter().all(|qty| *qty == 0) {
            Stand::Gone
        } else {
            Stand::Answered
        };
        Ok(())
    }

    /// Moves a village order on, if it can.
    pub fn advance(&mut self, order: usize, part: usize, to: Stand) -> bool {
        let part = &mut self.orders[order].parts[part];
        let from = match to {
            Stand::Packed => Stand::Answered,
            Stand::Collected => Stand::Packed,
            _ => Stand::Collected,
        };
        let can = part.stand == from;
        if can {
            part.stand = to;
        }
        can
    }

    fn free_part(&mut self, order: usize, part: usize) {
        let part = &mut self.orders[order].parts[part];
        part.stand = Stand::Gone;
        for line in &part.lines {
            self.goods[line.good].lots[line.lot].reserved -= line.confirmed;
        }
    }

    pub fn cancel(&mut self, order: usize) -> Result<(), Code> {
        let parts = &self.orders[order].parts;
        let on_the_way =
            |stand: Stand| matches!(stand, Stand::Collected | Stand::Delivered | Stand::Credited);
        if parts.iter().all(|part| part.stand == Stand::Gone)
            || parts.iter().any(|part| on_the_way(part.stand))
        {
            return Err(Code::WrongState);
        }
        for part in 0..parts.len() {
            if self.orders[order].parts[part].stand != Stand::Gone {
                self.free_part(order, part);
            }
        }
        Ok(())
    }

    /// Village orders that nobody answered in time; says how many.
    pub fn expire(&mut self, now: i64) -> usize {
        let late = |part: &Part| part.stand == Stand::Offered && part.confirm_by < now;
        let due: Vec<(usize, usize)> = (self.orders.iter().enumerate())
            .flat_map(|(at, order)| {
                let late = order.parts.iter().enumerate().filter(|(_, part)| late(part));
                late.map(move |(part, _)| (at, part)).collect::<Vec<_>>()
            })
            .collect();
        for (order, part) in &due {
            self.free_part(*order, *part);
        }
        due.len()
    }

    /// Signs; says whether the order was credited.
    pub fn sign(
        &mut self,
        order: usize,
        by_unit: bool,
        amounts: &BTreeMap<Uuid, i64>,
        fee_bp: i64,
    ) -> Result<bool, Code> {
        let at_the_door = |part: &Part| part.stand == Stand::Delivered;
        let record = &mut self.orders[order];
        if !record.parts.iter().any(at_the_door) {
            return Err(Code::WrongState);
        }
        let posts = match &mut record.signed {
            Some(signed) if signed.amounts == *amounts => {
                let (own, other) = if by_unit {
                    (signed.unit, signed.centre)
                } else {
                    (signed.centre, signed.unit)
                };
                !own && other
            }
            _ => {
                record.signed = Some(Signed {
                    amounts: amounts.clone(),
                    unit: by_unit,
                    centre: !by_unit,
                });
                false
            }
        };
        if posts {
            record.signed = None;
            self.credit(order, amounts, fee_bp);
        }
        Ok(posts)
    }

    fn credit(&mut self, order: usize, amounts: &BTreeMap<Uuid, i64>, fee_bp: i64) {
        let order = &mut self.orders[order];
        for part in order
            .parts
            .iter_mut()
            .filter(|part| part.stand == Stand::Delivered)
        {
            part.stand = Stand::Credited;
            for line in &part.lines {
                let qty = amounts[&line.id];
                let good = &mut self.goods[line.good];
                let total = share_of(line.price, qty, good.base);
                let fee = share_of(total, fee_bp, 10_000);
                let village = good.village_part(total - fee, qty);
                *self.receivable.entry(order.unit).or_default() += total;
                *self.village.entry(part.village).or_default() += village;
                self.supplier += total - fee - village;
                self.fee += fee;
                let lot = &mut good.lots[line.lot];
                lot.reserved -= line.confirmed;
                lot.sold += qty;
                lot.qty += qty - line.confirmed;
            }
        }
    }
}
