//! What villages put on sale, reviewed and published by the centre.

use super::cast::Cast;
use super::chance::Chance;
use super::register::{Grown, NAMED, aided, grown, village_codes};
use crate::ports::clock::SetClock;
use crate::services::idempotency::Key;
use crate::services::{App, Error, fault, household, lot, offer};
use shared::api::lot::LotIn;
use shared::api::offer::{ListingIn, OfferIn, ReviewIn};
use shared::domain::calendar::{Day, SeasonMonths};
use shared::domain::identity::Actor;
use shared::domain::money::Fen;
use shared::domain::price::PriceUnit;
use shared::domain::quantity::Qty;
use shared::domain::share::SharePolicy;
use uuid::Uuid;

/// Villages outside a produce's own town that sell a little of it.
const ELSEWHERE: usize = 6;

/// An offer that can be bought in the demonstration.
pub struct Good {
    /// The offer.
    pub offer_id: Uuid,
    /// Its village.
    pub village_code: String,
    /// When it is harvested.
    pub season: SeasonMonths,
    /// Its price.
    pub price_fen: i64,
    /// What the price is for.
    pub price_unit: PriceUnit,
    /// The step of an order, in base units.
    pub step: i64,
    /// The month of the last lot, so that one a month is added.
    pub stocked: Option<(i32, u32)>,
    /// A village that sells now and then, a quarter's harvest at a time.
    pub small: bool,
    /// It was in an order.
    pub sold: bool,
}

impl Good {
    /// An amount that costs about so many fen, in whole steps.
    pub fn amount_for(&self, fen: i64) -> i64 {
        let wanted = fen.saturating_mul(self.price_unit.base_units()) / self.price_fen.max(1);
        (wanted / self.step).max(1) * self.step
    }
}

const GRADES: [&str; 3] = ["一级", "二级", "精品"];
const STORIES: [&str; 4] = [
    "村里统一采收，当天分级装箱。",
    "山地种植，昼夜温差大，不催熟。",
    "合作社统一管理，批次可追溯。",
    "老品种，口感好，产量不大。",
];

/// Drafts, submits and publishes the offers of every kind of produce in a few villages of its town.
pub async fn load(app: &App, clock: &SetClock, cast: &Cast, chance: &mut Chance) -> Result<Vec<Good>, Error> {
    let mut goods = Vec::new();
    for grown in grown()? {
        for village in growers(&grown, chance) {
            goods.push(publish(app, cast, chance, &grown, &village).await?);
            clock.advance_s(600);
        }
    }
    elsewhere(app, cast, chance, &mut goods).await?;
    // The named villages sell more than one thing.
    let extra = [
        (NAMED[0], "bailing-mushroom"),
        (NAMED[1], "grains"),
        (NAMED[1], "chilli"),
        (NAMED[2], "blueberry"),
    ];
    for (village, slug) in extra {
        if let Some(kind) = grown()?.into_iter().find(|g| g.produce.slug == slug) {
            goods.push(publish(app, cast, chance, &kind, village).await?);
        }
    }
    // Named villages first: they are picked more often and can be looked at in detail.
    goods.sort_by_key(|good| !NAMED.contains(&good.village_code.as_str()));
    Ok(goods)
}

/// Villages that sell nothing yet get a little of something, spread evenly over the district.
async fn elsewhere(app: &App, cast: &Cast, chance: &mut Chance, goods: &mut Vec<Good>) -> Result<(), Error> {
    let codes = village_codes();
    let quiet: Vec<&str> = (codes.iter().enumerate())
        .filter(|(at, code)| aided(*at, code, codes.len()))
        .map(|(_, code)| *code)
        .filter(|code| !goods.iter().any(|good| good.village_code == **code))
        .collect();
    let kinds = grown()?;
    let wanted = kinds.len() * ELSEWHERE;
    for (at, kind) in (0..wanted).zip(kinds.iter().cycle()) {
        let Some(village) = quiet.get(at * quiet.len() / wanted) else {
            break;
        };
        let good = publish(app, cast, chance, kind, village).await?;
        goods.push(Good { small: true, ..good });
    }
    Ok(())
}

fn growers(grown: &Grown, chance: &mut Chance) -> Vec<String> {
    let codes = village_codes();
    let of_town: Vec<&str> = codes
        .iter()
        .enumerate()
        .filter(|(at, code)| code.starts_with(&grown.town_code) && aided(*at, code, codes.len()))
        .map(|(_, code)| *code)
        .collect();
    let mut chosen: Vec<String> = of_town
        .iter()
        .filter(|code| NAMED.contains(code))
        .map(|code| (*code).to_owned())
        .collect();
    for _ in 0..40 {
        if chosen.len() >= 5 || of_town.is_empty() {
            break;
        }
        let code = (*chance.pick(&of_town)).to_owned();
        if !chosen.contains(&code) {
            chosen.push(code);
        }
    }
    chosen
}

async fn publish(
    app: &App,
    cast: &Cast,
    chance: &mut Chance,
    grown: &Grown,
    village: &str,
) -> Result<Good, Error> {
    let produce = &grown.produce;
    let lister = lister(cast, village);
    let key = || Key::own(app.new_id());
    let price_fen = (produce.typical_price_fen.0 * chance.between(95, 110) / 100).max(1);
    let step = if produce.price_unit == PriceUnit::Piece {
        1
    } else {
        5 * produce.price_unit.base_units()
    };
    let household_id = if chance.percent(20) {
        let name = format!("演示户{:02}", chance.between(1, 60));
        Some(household::add(app, lister, &key(), village, &name).await?.id)
    } else {
        None
    };
    let share = if household_id.is_some() {
        SharePolicy::BasisPoints(9000)
    } else {
        SharePolicy::Whole
    };
    let (certificate_no, certificate_until) = certificate(app.today(), village, &produce.slug);
    let offer = OfferIn {
        village_code: village.to_owned(),
        produce: produce.slug.clone(),
        name: produce.name.clone(),
        grade: (*chance.pick(&GRADES)).to_owned(),
        pack: String::new(),
        price_fen: Fen(price_fen),
        price_unit: produce.price_unit,
        piece_name: produce.piece_name.clone(),
        min_qty: Qty(step * 2),
        step_qty: Qty(step),
        seller_id: None,
        share,
        household_id,
        certificate_no,
        certificate_until,
        story: (*chance.pick(&STORIES)).to_owned(),
    };
    let drafted = offer::create(app, lister, &key(), ListingIn { offer, lot: None }, true).await?;
    let version_id = drafted
        .pending
        .as_ref()
        .map(|v| v.id)
        .ok_or_else(|| fault("a submitted offer has a version"))?;
    let review = ReviewIn {
        version_id,
        publish: true,
        reason: None,
    };
    let reviewer = if lister.person_id == cast.operator.person_id {
        &cast.driver
    } else {
        &cast.operator
    };
    offer::review(app, reviewer, &key(), drafted.id, review).await?;
    Ok(Good {
        offer_id: drafted.id,
        village_code: village.to_owned(),
        season: produce.season,
        price_fen,
        price_unit: produce.price_unit,
        step,
        stocked: None,
        small: false,
        sold: false,
    })
}

/// Every fourth offer is certified; some of the certificates run out about now.
fn certificate(today: Day, village: &str, slug: &str) -> (Option<String>, Option<Day>) {
    let sum: u32 = village.bytes().chain(slug.bytes()).map(u32::from).sum();
    if !sum.is_multiple_of(4) {
        return (None, None);
    }
    let days = i32::try_from(390 + sum * 7 % 600).unwrap_or(700);
    let year = today.year() % 100;
    (
        Some(format!("GF120119{year:02}{:04}", sum % 10_000)),
        Some(today.add_days(days)),
    )
}

/// Lists the next harvest of a few goods ahead, beside what is there.
pub async fn list_ahead(app: &App, cast: &Cast, goods: &[Good]) -> Result<(), Error> {
    let today = app.today();
    let in_season = goods
        .iter()
        .filter(|good| good.stocked.is_some() && good.season.contains(today.month()));
    for (good, days) in in_season.zip([6, 9, 14, 20]) {
        let lot = LotIn {
            harvested_on: today.add_days(days),
            good_until: Some(today.add_days(days + 60)),
            qty: Qty(good.amount_for(2_000_000)),
        };
        let lister = lister(cast, &good.village_code);
        lot::add(app, lister, &Key::own(app.new_id()), good.offer_id, lot).await?;
    }
    Ok(())
}

/// Who lists for a village: its own person, or the centre for a village without an account.
pub fn lister<'c>(cast: &'c Cast, village: &str) -> &'c Actor {
    cast.villages
        .iter()
        .find(|(code, _)| code == village)
        .map_or(&cast.operator, |(_, actor)| actor)
}

fn whole(month: u32) -> i32 {
    i32::try_from(month).unwrap_or_default()
}

/// Adds this month's lots of what is in season.
pub async fn stock(
    app: &App,
    cast: &Cast,
    goods: &mut [Good],
    today: Day,
    chance: &mut Chance,
) -> Result<(), Error> {
    let month = (today.year(), today.month());
    let due = |good: &Good| match good.stocked {
        None => true,
        Some((year, last)) if good.small => (month.0 - year) * 12 + whole(month.1) - whole(last) >= 3,
        Some(last) => last != month,
    };
    for good in goods
        .iter_mut()
        .filter(|good| good.season.contains(month.1) && due(good))
    {
        good.stocked = Some(month);
        let (worth, keeps) = if good.small {
            (chance.between(400_000, 1_500_000), 95)
        } else {
            (chance.between(3_000_000, 6_000_000), chance.between(35, 150))
        };
        let qty = good.amount_for(worth);
        let keeps = i32::try_from(keeps).map_err(fault)?;
        let lot = LotIn {
            harvested_on: today,
            good_until: Some(today.add_days(keeps)),
            qty: Qty(qty),
        };
        lot::add(
            app,
            lister(cast, &good.village_code),
            &Key::own(app.new_id()),
            good.offer_id,
            lot,
        )
        .await?;
    }
    Ok(())
}
