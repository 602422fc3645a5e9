//! A past year of orders, through the same use cases that people call.

use super::cast::Cast;
use super::chance::Chance;
use super::goods::{Good, list_ahead, lister, stock};
use crate::ports::clock::SetClock;
use crate::services::idempotency::Key;
use crate::services::{App, Error, acceptance, approval, bill, claim, fault, order, village_order};
use shared::api::acceptance::{AcceptLineIn, AcceptanceQuery, SignIn, VarianceReason};
use shared::api::approval::{DecisionIn, PolicyIn};
use shared::api::claim::{ClaimAnswerIn, ClaimIn, ClaimLineIn};
use shared::api::order::{CancelIn, FundType, OrderIn, OrderLineIn};
use shared::api::problem::Code;
use shared::api::village_order::{AnswerIn, AnswerLineIn, MoveIn, MoveStep};
use shared::domain::approval::ApprovalKind;
use shared::domain::calendar::{Day, Micros};
use shared::domain::identity::Actor;
use shared::domain::money::Fen;
use shared::domain::price::PriceUnit;
use shared::domain::quantity::Qty;
use std::collections::BTreeSet;
use uuid::Uuid;

/// Days from the beginning to yesterday.
const DAYS: i32 = 365;
/// How far an order came: everything.
const ALL: u8 = 6;
/// How often a canteen chooses something else when what it wants is sold out.
const CHOICES: usize = 12;
/// The buyers whose sign-in names are printed: the first ones of the cast.
const NAMED_BUYERS: usize = 3;

/// Runs the year up to now; the orders of the last days stand somewhere on their way.
pub async fn run(
    app: &App,
    clock: &SetClock,
    now: Micros,
    cast: &Cast,
    mut goods: Vec<Good>,
    chance: &mut Chance,
) -> Result<(), Error> {
    let first = now.day().add_days(-DAYS);
    let account = super::receipts::account(app, cast).await?;
    for at in 0..DAYS - 1 {
        let today = first.add_days(at);
        clock.set(today.start().plus_hours(7));
        stock(app, cast, &mut goods, today, chance).await?;
        let (_, _, day) = today.ymd();
        if day % 5 == 0 {
            bill::issue_due(app).await?;
        }
        if day == 16 {
            super::receipts::monthly(app, cast, account, chance).await?;
        }
        if chance.percent(62) {
            let story = Story {
                app,
                clock,
                cast,
                today,
                parted: false,
            };
            let stage = if chance.percent(3) { 0 } else { ALL };
            let buyer = story.buyer(chance);
            story.order(&mut goods, chance, stage, buyer).await?;
        }
    }
    // Yesterday and this morning: something in every column of the board.
    let last = now.day().add_days(-1);
    clock.set(last.start().plus_hours(7));
    stock(app, cast, &mut goods, last, chance).await?;
    let mut before = 0;
    for (at, stage) in [1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, ALL, ALL]
        .into_iter()
        .enumerate()
    {
        let story = Story {
            app,
            clock,
            cast,
            today: last,
            // One of them came in two goes.
            parted: at == 11,
        };
        clock.set(last.start().plus_hours(9).plus_minutes(chance.between(0, 240)));
        // Whoever tries it as the first buyer has an order of their own in every state.
        let first = cast.buyers.first().filter(|_| stage != before);
        let buyer = first.unwrap_or_else(|| story.buyer(chance));
        before = stage;
        story.order(&mut goods, chance, stage, buyer).await?;
    }
    let story = Story {
        app,
        clock,
        cast,
        today: now.day(),
        parted: false,
    };
    // One claim the centre has agreed to: it is posted. Another one is open.
    if let Some(buyer) = cast.buyers.first()
        && let Some(id) = dispute(app, buyer).await?
    {
        let answer = ClaimAnswerIn {
            agree: true,
            lines: Vec::new(),
            words: "看过照片，压伤属实。".to_owned(),
        };
        claim::answer(app, &cast.operator, &Key::own(app.new_id()), id, answer).await?;
        dispute(app, buyer).await?;
    }
    bill::issue_due(app).await?;
    super::receipts::load(app, cast, account, chance).await?;
    super::settlements::load(app, cast).await?;
    super::invoices::load(app, cast).await?;
    clock.set(now.plus_hours(-6));
    story.requests(&mut goods, chance).await?;
    list_ahead(app, cast, &goods).await
}

/// A buyer disputes a little of what they accepted last; the claim, if there was anything.
async fn dispute(app: &App, buyer: &Actor) -> Result<Option<Uuid>, Error> {
    let newest = acceptance::list(app, buyer, &AcceptanceQuery::default(), None, 5).await?;
    let Some(posted) = newest.items.iter().find(|row| row.posted_at.is_some()) else {
        return Ok(None);
    };
    let shown = acceptance::show(app, buyer, posted.id).await?;
    let Some(line) = shown.lines.iter().max_by_key(|line| line.accepted_fen) else {
        return Ok(None);
    };
    let input = ClaimIn {
        acceptance_id: posted.id,
        lines: vec![ClaimLineIn {
            line_id: line.line_id,
            qty: None,
            asked_fen: Some(Fen((line.accepted_fen.0 / 20).max(1))),
            reason: VarianceReason::Quality,
            photo_id: None,
        }],
        words: "开箱后发现底层有几斤压伤，货还在冷库，请来看。".to_owned(),
    };
    match claim::open(app, buyer, &Key::own(app.new_id()), input).await {
        Ok(opened) => Ok(Some(opened.row.id)),
        // What they accepted last is too long ago.
        Err(error) if error.code() == Code::WrongState => Ok(None),
        Err(error) => Err(error),
    }
}

struct Story<'s> {
    app: &'s App,
    clock: &'s SetClock,
    cast: &'s Cast,
    today: Day,
    /// Of the first line only a half was on the vehicle.
    parted: bool,
}

impl<'s> Story<'s> {
    /// Who orders: often one of those whose names are given to whoever wants to try.
    fn buyer(&self, chance: &mut Chance) -> &'s Actor {
        let named = &self.cast.buyers[..NAMED_BUYERS.min(self.cast.buyers.len())];
        if chance.percent(40) {
            chance.pick(named)
        } else {
            chance.pick_early(&self.cast.buyers)
        }
    }

    /// Two requests that wait for the first unit's approver, one that was sent back, and the policy as it is now.
    async fn requests(&self, goods: &mut [Good], chance: &mut Chance) -> Result<(), Error> {
        let (Some(buyer), approver) = (self.cast.buyers.first(), &self.cast.approver) else {
            return Ok(());
        };
        let unit_id = buyer
            .grant
            .unit_id
            .ok_or_else(|| fault("a buyer without a unit"))?;
        let policy = |kind, above_fen| PolicyIn { kind, above_fen };
        let always = policy(ApprovalKind::Always, Fen::ZERO);
        approval::set_policy(self.app, approver, &self.key(), unit_id, always).await?;
        for sent_back in [true, false, false] {
            self.clock.advance_s(chance.between(600, 2400));
            let Some(id) = self.place(goods, chance, buyer).await? else {
                continue;
            };
            if sent_back {
                let decision = DecisionIn {
                    approve: false,
                    revision: 1,
                    note: "本月食堂预算已用完八成，请减一半".to_owned(),
                };
                order::decide(self.app, approver, &self.key(), id, decision).await?;
            }
        }
        let above = policy(ApprovalKind::Above, Fen(2_000_000));
        approval::set_policy(self.app, approver, &self.key(), unit_id, above).await
    }

    /// One order as far as `stage`: 0 cancelled, 1 placed, 2 confirmed, 3 packed, 4 collected, 5 delivered, 6 credited.
    async fn order(
        &self,
        goods: &mut [Good],
        chance: &mut Chance,
        stage: u8,
        buyer: &Actor,
    ) -> Result<(), Error> {
        if stage == ALL {
            self.clock.set(
                self.today
                    .start()
                    .plus_hours(8)
                    .plus_minutes(chance.between(0, 90)),
            );
        }
        let Some(id) = self.place(goods, chance, buyer).await? else {
            return Ok(());
        };
        if stage == 0 {
            let cancel = CancelIn {
                reason: "食堂改期".to_owned(),
            };
            return order::cancel(self.app, buyer, &self.key(), id, cancel).await;
        }
        if stage == 1 {
            return Ok(());
        }
        self.clock.advance_s(chance.between(1800, 7200));
        self.answer(id, chance).await?;
        for (least, step, vehicle) in [
            (3, MoveStep::Pack, None),
            (4, MoveStep::Collect, Some("冷链 2 号车")),
            (5, MoveStep::Deliver, None),
        ] {
            if stage >= least {
                self.clock.advance_s(chance.between(1200, 4800));
                self.advance(id, step, vehicle).await?;
            }
        }
        if stage == ALL {
            self.clock.advance_s(chance.between(600, 2400));
            self.accept(id, buyer, chance).await?;
        }
        Ok(())
    }

    fn key(&self) -> Key {
        Key::own(self.app.new_id())
    }

    /// An order of a few goods that can be had; when a choice is sold out, another one.
    async fn place(
        &self,
        goods: &mut [Good],
        chance: &mut Chance,
        buyer: &Actor,
    ) -> Result<Option<Uuid>, Error> {
        for _ in 0..CHOICES {
            if let Some(id) = self.place_some(goods, chance, buyer).await? {
                return Ok(Some(id));
            }
        }
        Ok(None)
    }

    async fn place_some(
        &self,
        goods: &mut [Good],
        chance: &mut Chance,
        buyer: &Actor,
    ) -> Result<Option<Uuid>, Error> {
        let mut chosen = BTreeSet::new();
        let mut lines = Vec::new();
        let wanted = chance.between(1, 4);
        for _ in 0..30 {
            if i64::try_from(lines.len()).unwrap_or(0) >= wanted {
                break;
            }
            let good = chance.pick_early(&*goods);
            let fresh = good.stocked.is_some() && good.season.contains(self.today.month());
            if fresh && chosen.insert(good.offer_id) {
                let qty = good
                    .amount_for(chance.between(80_000, 420_000))
                    .max(good.step * 2);
                lines.push(OrderLineIn {
                    offer_id: good.offer_id,
                    version_id: None,
                    qty: Qty(qty),
                });
            }
        }
        // And a little from a village that has not sold yet: a canteen helps more than those it knows.
        let unsold = goods.iter_mut().find(|good| {
            let fresh = good.stocked.is_some() && good.season.contains(self.today.month());
            !good.sold && fresh && !chosen.contains(&good.offer_id)
        });
        if let Some(good) = unsold {
            good.sold = true;
            let qty = good
                .amount_for(chance.between(60_000, 300_000))
                .max(good.step * 2);
            lines.push(OrderLineIn {
                offer_id: good.offer_id,
                version_id: None,
                qty: Qty(qty),
            });
        }
        if lines.is_empty() {
            return Ok(None);
        }
        let fund = *chance.pick(&[FundType::Canteen, FundType::Canteen, FundType::Union]);
        let order = OrderIn {
            fund,
            address: "天津市蓟州区示例路食堂后门".to_owned(),
            contact: format!("{} 13800000000", buyer.person_name),
            wanted_on: self.today.add_days(1),
            note: String::new(),
            lines,
        };
        match order::place(self.app, buyer, &self.key(), order, None).await {
            Ok(placed) => Ok(Some(placed.id)),
            Err(error) if error.code() == Code::OutOfStock => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn answer(&self, id: Uuid, chance: &mut Chance) -> Result<(), Error> {
        let shown = order::show(self.app, &self.cast.operator, id).await?;
        for village in &shown.village_orders {
            let short = chance.percent(4);
            let lines = village
                .lines
                .iter()
                .enumerate()
                .map(|(at, line)| {
                    let less = short && at == 0 && line.qty.0 > 2;
                    AnswerLineIn {
                        line_id: line.id,
                        qty: if less { Qty(line.qty.0 / 2) } else { line.qty },
                        reason: less.then(|| "连阴雨，采收不足".to_owned()),
                    }
                })
                .collect();
            let who = lister(self.cast, &village.village_order.village_code);
            let answer = AnswerIn { lines };
            village_order::answer(self.app, who, &self.key(), village.village_order.id, answer).await?;
        }
        Ok(())
    }

    async fn advance(&self, id: Uuid, step: MoveStep, vehicle: Option<&str>) -> Result<(), Error> {
        let shown = order::show(self.app, &self.cast.operator, id).await?;
        let ids = shown.village_orders.iter().map(|v| v.village_order.id).collect();
        let step = MoveIn {
            step,
            ids,
            vehicle: vehicle.map(str::to_owned),
        };
        village_order::advance(self.app, &self.cast.operator, &self.key(), step)
            .await
            .map(|_| ())
    }

    async fn accept(&self, id: Uuid, buyer: &Actor, chance: &mut Chance) -> Result<(), Error> {
        let shown = match acceptance::of_order(self.app, buyer, id).await {
            Ok(shown) => shown,
            // Nothing was delivered.
            Err(error) if error.code() == Code::NotFound => return Ok(()),
            Err(error) => return Err(error),
        };
        let lines: Vec<AcceptLineIn> = shown
            .lines
            .iter()
            .enumerate()
            .map(|(at, line)| {
                let (qty, reason) = if self.parted && at == 0 && line.expected_qty.0 > 1 {
                    (line.expected_qty.0 / 2, Some(VarianceReason::StillToCome))
                } else {
                    self.weighed(line.expected_qty.0, line.price_unit, chance)
                };
                AcceptLineIn {
                    line_id: line.line_id,
                    qty: Qty(qty),
                    reason,
                    remark: String::new(),
                    photo_id: None,
                }
            })
            .collect();
        let sign = SignIn { lines };
        acceptance::sign(self.app, buyer, &self.key(), id, sign.clone()).await?;
        self.clock.advance_s(chance.between(60, 600));
        let done = acceptance::sign(self.app, &self.cast.driver, &self.key(), id, sign).await?;
        if done.acceptance.posted_at.is_none() {
            Err(fault("two signatures did not post"))
        } else {
            Ok(())
        }
    }

    fn weighed(&self, expected: i64, unit: PriceUnit, chance: &mut Chance) -> (i64, Option<VarianceReason>) {
        if unit == PriceUnit::Piece {
            let damaged = chance.percent(6) && expected > 1;
            return if damaged {
                (expected - 1, Some(VarianceReason::Damaged))
            } else {
                (expected, None)
            };
        }
        if chance.percent(70) {
            return (expected, None);
        }
        // The scale reads to 100 g and differs by less than a hundredth.
        let off = chance.between(1, 9) * expected / 1000 / 100 * 100;
        (expected - off, None)
    }
}
