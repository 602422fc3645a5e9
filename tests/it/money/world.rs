//! The program and the model side by side: every operation is done by both, and both must say the same.

use super::model::{Ask, Lot, Model, Plea, Stand};
use super::{
    Done, approval, claim, deadlines, goods, harvest, invoice, ordering, receipt, settlement, shortfall,
    signing, village,
};
use rand::RngExt as _;
use rand::rngs::StdRng;
use sea_orm::FromQueryResult;
use server::services::Error;
use server::store;
use shared::api::problem::Code;
use tests::{Market, Offer, Person, TestApp};
use uuid::Uuid;

/// What every room says must have happened in a run.
pub fn must_happen() -> impl Iterator<Item = &'static str> {
    [
        goods::MUST_HAPPEN,
        harvest::MUST_HAPPEN,
        ordering::MUST_HAPPEN,
        approval::MUST_HAPPEN,
        village::MUST_HAPPEN,
        shortfall::MUST_HAPPEN,
        signing::MUST_HAPPEN,
        claim::MUST_HAPPEN,
        receipt::MUST_HAPPEN,
        settlement::MUST_HAPPEN,
        invoice::MUST_HAPPEN,
        deadlines::MUST_HAPPEN,
    ]
    .into_iter()
    .flatten()
    .copied()
}

/// A line of a stored village order.
#[derive(FromQueryResult)]
pub struct StoredLine {
    pub part: Uuid,
    pub rest_of: Option<Uuid>,
    pub village_code: String,
    pub confirm_by: i64,
    pub line: Uuid,
    pub lot_id: Uuid,
    pub lot_code: String,
    pub qty: i64,
    pub total_fen: i64,
}

/// Something under way that can be brought a step further.
enum Matter {
    Request(usize),
    Part(usize, usize),
    Short(usize),
    Claim(usize, usize),
}

pub struct World<'a> {
    pub app: &'a TestApp,
    pub market: Market,
    /// Releases what the market's finance has prepared, and the other way round.
    pub second: Person,
    pub offers: Vec<Offer>,
    pub model: Model,
    /// Goods, orders, what came short and acceptances of earlier sequences are left alone.
    pub first_good: usize,
    pub first_order: usize,
    pub first_short: usize,
    pub first_paper: usize,
    pub first_money: usize,
    done: Done,
    all: Vec<&'static str>,
}

impl<'a> World<'a> {
    pub async fn new(app: &'a TestApp) -> Self {
        let market = app.market().await;
        let second = market.second_finance.clone();
        let model = Model {
            fee_bp: i64::from(app.config.fee_bp),
            units: market.units.iter().map(|unit| unit.id).collect(),
            ..Model::default()
        };
        Self {
            app,
            market,
            second,
            offers: Vec::new(),
            model,
            first_good: 0,
            first_order: 0,
            first_short: 0,
            first_paper: 0,
            first_money: 0,
            done: Done::new(),
            all: Vec::new(),
        }
    }

    /// A new morning with new goods, for a new sequence.
    pub async fn begin(&mut self, chance: &mut StdRng) {
        let tomorrow = self.app.today().add_days(1).start().plus_hours(9);
        self.app.clock.set(tomorrow);
        self.first_good = self.offers.len();
        self.first_order = self.model.orders.len();
        self.first_short = self.model.shorts.len();
        self.first_paper = self.model.papers.len();
        self.first_money = self.model.moneys.len();
        self.stock_up(chance).await;
        self.change_policy(chance).await;
    }

    /// Nobody does anything any more, until every time that somebody had is over.
    pub async fn end(&mut self) {
        for hours in [9 * 24, 25] {
            self.let_pass(hours).await;
        }
        assert!(
            !self
                .matters()
                .iter()
                .any(|matter| matches!(matter, Matter::Request(_) | Matter::Short(_))),
            "what has a time comes to an end"
        );
    }

    /// One operation. The rooms, each with its share of a hundred; a new one is a line here and in `must_happen`.
    pub async fn operate(&mut self, chance: &mut StdRng) {
        // No two things have the same moment, so that a seed replays.
        self.app.clock.advance_s(1);
        // Once something was accepted there is money to move: it gets its share of what is left of the sequence.
        let has_money = self.model.papers.len() > self.first_paper;
        let moves_money = has_money && chance.random_range(0..2) == 0;
        let name = match chance.random_range(0..100_u32) {
            way if moves_money => match way {
                0..45 => receipt::operate(self, chance).await,
                45..65 => invoice::operate(self, chance).await,
                65..88 => settlement::operate(self, chance).await,
                _ => claim::operate(self, chance).await,
            },
            0..18 => ordering::operate(self, chance).await,
            18..63 => self.progress(chance).await,
            63..65 => receipt::operate(self, chance).await,
            65..67 => settlement::operate(self, chance).await,
            67..68 => invoice::operate(self, chance).await,
            68..72 => approval::operate(self, chance).await,
            72..78 => village::operate(self, chance).await,
            78..81 => signing::operate(self, chance).await,
            81..84 => shortfall::operate(self, chance).await,
            84..89 => claim::operate(self, chance).await,
            89..93 => goods::operate(self, chance).await,
            93..97 => harvest::operate(self, chance).await,
            _ => deadlines::operate(self, chance).await,
        };
        self.all.push(name);
        self.count(name, 1);
    }

    /// Notes that something happened.
    pub fn count(&mut self, name: &'static str, times: usize) {
        if times > 0 {
            *self.done.entry(name).or_default() += u32::try_from(times).expect("a small number");
        }
    }

    /// What was done how often, and all of it in its order.
    pub fn done(self) -> (Done, Vec<&'static str>) {
        (self.done, self.all)
    }

    /// The next step of one of the first things that are under way.
    async fn progress(&mut self, chance: &mut StdRng) -> &'static str {
        let open = self.matters();
        if open.is_empty() {
            return ordering::operate(self, chance).await;
        }
        let mut early = open.len() - 1;
        for _ in 0..3 {
            early = early.min(chance.random_range(0..open.len()));
        }
        match open[early] {
            Matter::Request(_) if chance.random_range(0..5) == 0 => self.ask_again(chance).await,
            Matter::Request(order) => self.decide(chance, order).await,
            Matter::Short(short) => self.choose(chance, short).await,
            Matter::Claim(paper, claim) => self.answer_claim(chance, paper, claim).await,
            Matter::Part(order, part) => match self.model.orders[order].parts[part].stand {
                Stand::Offered => self.answer(chance, order, part).await,
                Stand::Delivered => self.sign(chance, order).await,
                _ => match self.growing_lot(order, part) {
                    Some((good, lot)) => self.harvest(chance, good, lot).await,
                    None => self.advance_all(order, part).await,
                },
            },
        }
    }

    fn matters(&self) -> Vec<Matter> {
        let mut open = Vec::new();
        for (at, order) in self.model.orders.iter().enumerate().skip(self.first_order) {
            if order
                .request
                .as_ref()
                .is_some_and(|request| request.ask == Ask::Waits)
            {
                open.push(Matter::Request(at));
            }
            for (part, p) in order.parts.iter().enumerate() {
                if !p.stand.is_gone() && !matches!(p.stand, Stand::Credited | Stand::Settled) {
                    open.push(Matter::Part(at, part));
                }
            }
        }
        for (at, short) in self.model.shorts.iter().enumerate().skip(self.first_short) {
            if !short.chosen {
                open.push(Matter::Short(at));
            }
        }
        for (at, paper) in self.model.papers.iter().enumerate().skip(self.first_paper) {
            for (number, claim) in paper.claims.iter().enumerate() {
                if claim.plea == Plea::Opened {
                    open.push(Matter::Claim(at, number));
                }
            }
        }
        open
    }

    /// Village orders of this sequence: order, part, where it stands.
    pub fn parts(&self) -> Vec<(usize, usize, Stand)> {
        let mut parts = Vec::new();
        for (at, order) in self.model.orders.iter().enumerate().skip(self.first_order) {
            parts.extend(
                order
                    .parts
                    .iter()
                    .enumerate()
                    .map(|(part, p)| (at, part, p.stand)),
            );
        }
        parts
    }

    /// A village order: mostly one that stands as wished, now and then one for which it must be refused.
    pub fn pick_part(&self, chance: &mut StdRng, wished: impl Fn(Stand) -> bool) -> Option<(usize, usize)> {
        let all = self.parts();
        let fitting: Vec<_> = all.iter().filter(|(_, _, stand)| wished(*stand)).collect();
        let from: Vec<_> = if fitting.is_empty() || chance.random_range(0..8) == 0 {
            all.iter().collect()
        } else {
            fitting
        };
        let (order, part, _) = pick(chance, &from)?;
        Some((*order, *part))
    }

    /// One of the orders of this sequence.
    pub fn pick_order(&self, chance: &mut StdRng) -> Option<usize> {
        let orders: Vec<usize> = (self.first_order..self.model.orders.len()).collect();
        pick(chance, &orders).copied()
    }

    /// One of the goods of this sequence.
    pub fn pick_good(&self, chance: &mut StdRng) -> usize {
        chance.random_range(self.first_good..self.offers.len())
    }

    /// Who orders for a unit.
    pub fn buyer(&self, unit: usize) -> &Person {
        &self.market.buyers[unit]
    }

    /// Today, as the model reckons it.
    pub fn today(&self) -> i32 {
        self.app.today().0
    }

    /// The stored village orders of an order with their lines.
    pub async fn stored_lines(&self, order: Uuid) -> Vec<StoredLine> {
        let sql = "select w.id as part, w.rest_of, w.village_code, w.confirm_by, l.id as line, l.lot_id, l.lot_code,
                l.qty, l.total_fen
            from village_orders w join order_lines l on l.village_order_id = w.id
            where w.order_id = $1 order by w.village_code, w.part, w.id, l.position, l.id";
        store::many(self.app.db.schema(), sql, [order.into()])
            .await
            .expect("lines are read")
    }
}

/// Any one of these.
pub fn pick<'t, T>(chance: &mut StdRng, from: &'t [T]) -> Option<&'t T> {
    if from.is_empty() {
        return None;
    }
    Some(&from[chance.random_range(0..from.len())])
}

/// Asks, and now and then asks the same once more: the answer is the same, and nothing more is done.
pub async fn now_and_then_twice<T: PartialEq + std::fmt::Debug>(
    chance: &mut StdRng,
    ask: impl AsyncFn() -> Result<T, Error>,
) -> Result<T, Error> {
    let again = chance.random_range(0..3) == 0;
    let first = ask().await?;
    if again {
        let second = ask().await.expect("what was done once is answered again");
        assert_eq!(first, second);
    }
    Ok(first)
}

/// The code of what was refused.
pub fn code<T>(outcome: &Result<T, Error>) -> Option<Code> {
    outcome.as_ref().err().map(Error::code)
}

/// A lot as the program tells of it.
pub fn lot_of(lot: &shared::api::lot::LotOut) -> Lot {
    Lot {
        id: lot.id,
        code: lot.code.clone(),
        harvested_on: lot.harvested_on.0,
        good_until: lot.good_until.map(|day| day.0),
        expected_on: lot.expected_on.filter(|_| lot.presale).map(|day| day.0),
        qty: lot.qty.0,
        reserved: lot.reserved.0,
        sold: lot.sold.0,
    }
}
