//! The market as a few lists of numbers. It shares no arithmetic and no life cycle with the program. What an operation
//! does to them stands in the file of its room.

use super::settlement::Settling;
use shared::domain::share::SharePolicy;
use std::collections::BTreeMap;
use tests::market::VILLAGES;
use uuid::Uuid;

/// A lot.
#[derive(Clone, Debug)]
pub struct Lot {
    pub id: Uuid,
    pub code: String,
    pub harvested_on: i32,
    pub good_until: Option<i32>,
    /// The day that was promised, as long as it grows.
    pub expected_on: Option<i32>,
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
    pub household: Option<Uuid>,
    pub on_sale: bool,
    pub lots: Vec<Lot>,
}

/// Where a village order stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stand {
    Offered,
    Confirmed,
    Shorted,
    Declined,
    Expired,
    Cancelled,
    Packed,
    Collected,
    Delivered,
    Credited,
    Settled,
}

#[derive(Clone, Debug)]
pub struct Line {
    pub id: Uuid,
    pub good: usize,
    pub lot: usize,
    pub price: i64,
    pub qty: i64,
    pub confirmed: i64,
    pub total: i64,
    /// Amount and sum.
    pub accepted: Option<(i64, i64)>,
}

#[derive(Clone, Debug)]
pub struct Part {
    pub id: Uuid,
    pub village: usize,
    pub stand: Stand,
    pub offered_at: i64,
    pub confirm_by: i64,
    /// The part of which it is what came later.
    pub rest_of: Option<Uuid>,
    pub lines: Vec<Line>,
}

/// What was taken from a lot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    pub good: usize,
    pub lot: usize,
    pub qty: i64,
    pub price: i64,
}

/// Where a request stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    Waits,
    Granted,
    Rejected,
    Over,
}

/// An order that somebody else must agree to.
#[derive(Clone, Debug)]
pub struct Request {
    pub ask: Ask,
    pub revision: i32,
    pub until: i64,
    pub lines: Vec<Taken>,
}

/// What the scale said of a line, and whether more of it comes later.
pub type Weighed = BTreeMap<Uuid, (i64, bool)>;

/// Who signed over which amounts.
#[derive(Clone, Debug)]
pub struct Signed {
    pub weighed: Weighed,
    pub unit: Option<Uuid>,
    pub centre: Option<Uuid>,
}

#[derive(Clone, Debug)]
pub struct Order {
    pub id: Uuid,
    pub unit: usize,
    pub wanted_on: i32,
    pub total: i64,
    pub request: Option<Request>,
    pub parts: Vec<Part>,
    pub signed: Option<Signed>,
}

/// A line that came short, and whether somebody has chosen what to do.
#[derive(Clone, Debug)]
pub struct Short {
    pub order: usize,
    pub part: Uuid,
    pub line: Uuid,
    pub missing: i64,
    pub decide_by: i64,
    pub chosen: bool,
    pub replaced: bool,
}

/// A line of an acceptance.
#[derive(Clone, Debug)]
pub struct PaperLine {
    pub id: Uuid,
    pub good: usize,
    pub price: i64,
    pub qty: i64,
    pub total: i64,
    /// What of it was not taken back: the amount, and what everybody has of it.
    pub kept: i64,
    pub held: Shares,
}

/// Who has what of a sum.
#[derive(Clone, Copy, Debug)]
pub struct Shares {
    pub village: i64,
    pub household: i64,
    pub fee: i64,
}

/// Where a claim stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plea {
    Opened,
    Agreed,
    Refused,
}

/// What is claimed of a line: amount, sum asked, sum agreed.
#[derive(Clone, Debug)]
pub struct ClaimLine {
    pub line: Uuid,
    pub qty: i64,
    pub asked: i64,
    pub agreed: Option<i64>,
}

#[derive(Clone, Debug)]
pub struct Claim {
    pub id: Uuid,
    pub by: Uuid,
    pub plea: Plea,
    pub lines: Vec<ClaimLine>,
}

/// An acceptance that both sides have signed.
#[derive(Clone, Debug)]
pub struct Paper {
    pub id: Uuid,
    pub order: usize,
    pub at: i64,
    pub lines: Vec<PaperLine>,
    pub claims: Vec<Claim>,
}

/// The whole market.
#[derive(Default)]
pub struct Model {
    pub goods: Vec<Good>,
    pub orders: Vec<Order>,
    pub shorts: Vec<Short>,
    pub papers: Vec<Paper>,
    pub bills: Vec<super::receipt::Bill>,
    pub moneys: Vec<super::receipt::Money>,
    pub invoices: Vec<super::invoice::Invoice>,
    /// By unit: orders of more than this need somebody's yes.
    pub needs_yes_above: [Option<i64>; 3],
    /// The centre's fee, in ten-thousandths.
    pub fee_bp: i64,
    /// The program's ids of the units.
    pub units: Vec<Uuid>,
    /// Every account by kind and owner. What somebody owes is above zero, what somebody is owed below.
    pub books: BTreeMap<(&'static str, String), i64>,
    /// What every village earned.
    pub earned: BTreeMap<usize, i64>,
    /// Who is still to be paid, and the batches that do.
    pub settling: Settling,
}

/// `a × b ÷ c`, halves up.
pub fn share_of(a: i64, b: i64, c: i64) -> i64 {
    let (a, b, c) = (i128::from(a), i128::from(b), i128::from(c));
    i64::try_from((2 * a * b + c).div_euclid(2 * c)).expect("the test's sums are small")
}

impl Lot {
    pub fn free(&self) -> i64 {
        self.qty - self.reserved - self.sold
    }

    /// Whether it can be ordered on a day.
    pub fn sells(&self, today: i32) -> bool {
        self.good_until.is_none_or(|until| until >= today) && self.expected_on.is_none_or(|day| day >= today)
    }
}

impl Good {
    /// What an amount costs.
    pub fn cost(&self, price: i64, qty: i64) -> i64 {
        share_of(price, qty, self.base)
    }

    /// Who gets what of a sum for an amount: the fee first, then the village its part, and the household the rest.
    pub fn shares(&self, total: i64, qty: i64, fee_bp: i64) -> Shares {
        let fee = share_of(total, fee_bp, 10_000);
        let net = total - fee;
        let village = match self.share {
            SharePolicy::Whole => net,
            SharePolicy::BasisPoints(bp) => share_of(net, i64::from(bp), 10_000),
            SharePolicy::FenPerUnit(fen) => share_of(fen, qty, self.base).min(net),
        };
        Shares {
            village,
            household: net - village,
            fee,
        }
    }
}

impl Stand {
    /// What the program calls it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Offered => "offered",
            Self::Confirmed => "confirmed",
            Self::Shorted => "shorted",
            Self::Declined => "declined",
            Self::Expired => "expired",
            Self::Cancelled => "cancelled",
            Self::Packed => "packed",
            Self::Collected => "collected",
            Self::Delivered => "delivered",
            Self::Credited => "credited",
            Self::Settled => "settled",
        }
    }

    /// No goods come of it.
    pub const fn is_gone(self) -> bool {
        matches!(self, Self::Declined | Self::Expired | Self::Cancelled)
    }

    /// The village has said what it has, and not packed it yet.
    pub const fn is_answered(self) -> bool {
        matches!(self, Self::Confirmed | Self::Shorted)
    }
}

impl Order {
    /// No goods come of it, nor will.
    pub fn is_over(&self) -> bool {
        match &self.request {
            Some(request) if request.ask != Ask::Granted => request.ask == Ask::Over,
            _ => self.parts.iter().all(|part| part.stand.is_gone()),
        }
    }
}

impl Model {
    /// Ends a part without goods: what was held for it is free again.
    pub fn free_part(&mut self, order: usize, part: usize, stand: Stand) {
        let part = &mut self.orders[order].parts[part];
        part.stand = stand;
        for line in &part.lines {
            self.goods[line.good].lots[line.lot].reserved -= line.confirmed;
        }
    }

    /// A unit owes more, and everybody is owed their share of it; with `sign` -1 it is all taken back.
    pub fn owe(&mut self, unit: usize, part: Uuid, good: usize, shares: Shares, sign: i64) {
        let (village, household) = (self.goods[good].village, self.goods[good].household);
        let total = shares.village + shares.household + shares.fee;
        self.book("unit_receivable", self.units[unit], sign * total);
        self.book("village_payable", VILLAGES[village].0, -sign * shares.village);
        self.book(
            "household_payable",
            household.unwrap_or_default(),
            -sign * shares.household,
        );
        self.book("centre_fee", "", -sign * shares.fee);
        self.due(
            part,
            ("village_payable", VILLAGES[village].0.to_owned()),
            sign * shares.village,
        );
        let household = household.unwrap_or_default().to_string();
        self.due(part, ("household_payable", household), sign * shares.household);
        *self.earned.entry(village).or_default() += sign * shares.village;
    }

    /// Adds to an account.
    pub fn book(&mut self, kind: &'static str, owner: impl ToString, fen: i64) {
        *self.books.entry((kind, owner.to_string())).or_default() += fen;
    }
}
