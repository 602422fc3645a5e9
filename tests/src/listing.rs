//! Putting goods on sale through the real use cases: listed, handed in, reviewed, published, with lots.

use crate::market::{Market, VILLAGES};
use crate::{Person, TestApp};
use server::services::{household, lot, offer};
use shared::api::lot::{LotIn, LotOut};
use shared::api::offer::{ListingIn, OfferIn, OfferOut, ReviewIn};
use shared::domain::calendar::Day;
use shared::domain::money::Fen;
use shared::domain::price::PriceUnit;
use shared::domain::quantity::Qty;
use shared::domain::share::SharePolicy;
use uuid::Uuid;

/// Goods on their way to the shelf.
#[must_use]
pub struct Listing<'m> {
    market: &'m Market,
    village: usize,
    offer: OfferIn,
    lots: Vec<(i64, Option<i32>)>,
    household: Option<&'static str>,
}

/// Goods on the shelf.
#[derive(Clone, Debug)]
pub struct Offer {
    /// The offer.
    pub id: Uuid,
    /// The version on sale.
    pub version_id: Uuid,
    /// The number of its village.
    pub village: usize,
    /// What it says.
    pub content: OfferIn,
    /// Its lots, in the order in which they were added.
    pub lots: Vec<LotOut>,
}

impl<'m> Listing<'m> {
    pub(crate) fn new(market: &'m Market, village: usize) -> Self {
        let offer = OfferIn {
            village_code: VILLAGES[village].0.to_owned(),
            produce: "shiitake".to_owned(),
            name: "香菇".to_owned(),
            grade: "一级".to_owned(),
            pack: "5 斤纸箱".to_owned(),
            price_fen: Fen(900),
            price_unit: PriceUnit::Jin,
            piece_name: None,
            min_qty: Qty(500),
            step_qty: Qty(500),
            seller_id: None,
            share: SharePolicy::Whole,
            household_id: None,
            certificate_no: None,
            certificate_until: None,
            story: String::new(),
        };
        Self {
            market,
            village,
            offer,
            lots: Vec::new(),
            household: None,
        }
    }

    /// At this price for a 斤.
    pub fn per_jin(self, fen: i64) -> Self {
        self.change(|offer| offer.price_fen = Fen(fen))
    }

    /// At this price for a bottle, from one bottle on.
    pub fn per_bottle(self, fen: i64) -> Self {
        self.change(|offer| {
            (offer.price_fen, offer.price_unit) = (Fen(fen), PriceUnit::Piece);
            (offer.produce, offer.name) = ("honey".to_owned(), "蜂蜜".to_owned());
            offer.piece_name = Some("瓶".to_owned());
            (offer.min_qty, offer.step_qty) = (Qty(1), Qty(1));
        })
    }

    /// Under this share policy; a named household gets the rest.
    pub fn shared_with(mut self, household: &'static str, share: SharePolicy) -> Self {
        self.household = Some(household);
        self.change(|offer| offer.share = share)
    }

    /// With anything else said differently.
    pub fn change(mut self, change: impl FnOnce(&mut OfferIn)) -> Self {
        change(&mut self.offer);
        self
    }

    /// With a lot of so many base units.
    pub fn lot(self, qty: i64) -> Self {
        self.lot_until(qty, None)
    }

    /// With a lot that is good for so many more days.
    pub fn lot_until(mut self, qty: i64, days: impl Into<Option<i32>>) -> Self {
        self.lots.push((qty, days.into()));
        self
    }

    /// What would be sent in.
    #[must_use]
    pub fn content(&self) -> OfferIn {
        self.offer.clone()
    }

    /// Drafts it and hands it in.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn submit(mut self, app: &TestApp) -> OfferOut {
        let lister = self.market.lister(self.village);
        if let Some(name) = self.household {
            let made = household::add(app, lister, &app.key(), &self.offer.village_code, name).await;
            self.offer.household_id = Some(made.expect("the village may register a household").id);
        }
        let listing = ListingIn {
            offer: self.offer,
            lot: None,
        };
        offer::create(app, lister, &app.key(), listing, true)
            .await
            .expect("the listing is good")
    }

    /// Puts it on sale.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn publish(self, app: &TestApp) -> Offer {
        let (market, village, lots) = (self.market, self.village, self.lots.clone());
        let drafted = self.submit(app).await;
        let shown = publish_pending(app, market, village, &drafted).await;
        let live = shown.live.expect("a published offer has a live version");
        let mut offer = Offer {
            id: shown.id,
            version_id: live.id,
            village,
            content: live.content,
            lots: Vec::new(),
        };
        for (qty, days) in lots {
            offer.add_lot(app, market, qty, days).await;
        }
        offer
    }
}

/// The centre publishes what waits for review.
async fn publish_pending(app: &TestApp, market: &Market, village: usize, drafted: &OfferOut) -> OfferOut {
    let version_id = drafted
        .pending
        .as_ref()
        .expect("a submitted offer has a pending version")
        .id;
    let reviewer = reviewer(market, village);
    let review = ReviewIn {
        version_id,
        publish: true,
        reason: None,
    };
    offer::review(app, reviewer, &app.key(), drafted.id, review)
        .await
        .expect("the centre may publish")
}

/// Nobody reviews what they submitted.
fn reviewer(market: &Market, village: usize) -> &Person {
    if market.lister(village).person_id == market.operator.person_id {
        &market.driver
    } else {
        &market.operator
    }
}

impl Offer {
    /// Adds a lot harvested today.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn add_lot(&mut self, app: &TestApp, market: &Market, qty: i64, days: Option<i32>) {
        let today: Day = app.today();
        let lot = LotIn {
            harvested_on: today,
            good_until: days.map(|days| today.add_days(days)),
            qty: Qty(qty),
        };
        let added = lot::add(app, market.lister(self.village), &app.key(), self.id, lot).await;
        self.lots.push(added.expect("the lot is good"));
    }

    /// Has a changed version reviewed and published.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn republish(&mut self, app: &TestApp, market: &Market, change: impl FnOnce(&mut OfferIn)) {
        change(&mut self.content);
        let lister = market.lister(self.village);
        let listing = ListingIn {
            offer: self.content.clone(),
            lot: None,
        };
        let drafted = offer::update(app, lister, &app.key(), self.id, listing, true).await;
        let shown = publish_pending(app, market, self.village, &drafted.expect("the change is good")).await;
        self.version_id = shown.live.expect("a published offer has a live version").id;
    }

    /// Its lots as they stand now: whole quantity, reserved, sold, free, in the order in which they were added.
    ///
    /// # Panics
    /// When they cannot be read.
    pub async fn stock(&self, app: &TestApp, market: &Market) -> Vec<[i64; 4]> {
        let now = lot::list(app, &market.auditor, self.id)
            .await
            .expect("the auditor reads lots");
        let row = |lot: &LotOut| {
            let found = now
                .iter()
                .find(|row| row.id == lot.id)
                .expect("a lot is never lost");
            [found.qty.0, found.reserved.0, found.sold.0, found.free.0]
        };
        self.lots.iter().map(row).collect()
    }
}
