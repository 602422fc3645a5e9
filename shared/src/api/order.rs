//! 订单: one purchase by one unit, split by village.

use super::approval::DecisionOut;
use super::shortfall::ShortfallOut;
use super::village_order::{OrderLineOut, VillageOrderRow};
use crate::domain::calendar::{Day, Micros};
use crate::domain::money::Fen;
use crate::domain::order::OrderStatus;
use crate::domain::price::PriceUnit;
use crate::domain::quantity::Qty;
use crate::domain::village_order::Turn;
use uuid::Uuid;

wire! {
    /// What narrows a list of orders; everything left out narrows nothing.
    #[derive(Default)]
    pub struct OrderQuery {
        /// Only orders in this state.
        pub state: Option<OrderStatus>,
        /// Placed on this day or later.
        pub from: Option<Day>,
        /// Placed on this day or earlier.
        pub until: Option<Day>,
        /// Only orders that a village of this 12-digit code or name has a part of.
        pub village: Option<String>,
        /// Only orders whose number begins with this.
        pub number: Option<String>,
    }

    /// An order that was placed, or that waits for its approval.
    pub struct PlacedOut {
        /// Its id.
        pub id: Uuid,
        /// Its number.
        pub number: String,
        /// Its sum.
        pub total_fen: Fen,
        /// How many villages.
        pub villages: i64,
        /// It waits for an approval; its stock is held.
        #[serde(default)]
        pub requested: bool,
    }

    /// An order to place.
    pub struct OrderIn {
        /// Out of which money it is paid.
        pub fund: FundType,
        /// Where to deliver, 4 to 120 characters.
        pub address: String,
        /// Whom to call at the door, up to 60 characters.
        #[serde(default)]
        pub contact: String,
        /// Wanted on this day, today or later.
        pub wanted_on: Day,
        /// A note to the centre, up to 300 characters.
        #[serde(default)]
        pub note: String,
        /// 1 to 200 lines, each offer once.
        pub lines: Vec<OrderLineIn>,
    }

    /// A line of an order to place.
    pub struct OrderLineIn {
        /// The offer.
        pub offer_id: Uuid,
        /// The version the buyer saw: if another is on sale now, the order is refused as changed. `None` takes the live one.
        #[serde(default)]
        pub version_id: Option<Uuid>,
        /// How much, in base units (grams or pieces).
        pub qty: Qty,
    }

    /// Out of which money a unit pays.
    #[derive(Copy)]
    #[serde(rename_all = "snake_case")]
    pub enum FundType {
        /// 食堂采购.
        Canteen,
        /// 工会福利.
        Union,
        /// 公务采购 (预算).
        Budget,
        /// 捐赠或其他.
        Other,
    }

    /// An order in a list.
    pub struct OrderRow {
        /// Its id.
        pub id: Uuid,
        /// Its number.
        pub number: String,
        /// The unit.
        pub unit_id: Uuid,
        /// The unit's name.
        pub unit_name: String,
        /// Where it stands.
        pub status: OrderStatus,
        /// When it was placed.
        pub placed_at: Micros,
        /// Wanted on.
        pub wanted_on: Day,
        /// How many villages.
        pub villages: i64,
        /// The sum as ordered.
        pub total_fen: Fen,
        /// The sum as accepted, once it is.
        pub accepted_fen: Option<Fen>,
        /// Who ordered.
        pub requested_by: String,
        /// Until when the stock is held for an approval, while one is waited for.
        pub hold_until: Option<Micros>,
    }

    /// An order with everything in it.
    pub struct OrderOut {
        /// Its row.
        pub order: OrderRow,
        /// Out of which money.
        pub fund: FundType,
        /// Where to.
        pub address: String,
        /// Whom to call.
        pub contact: String,
        /// The note.
        pub note: String,
        /// Which revision of the request this is, from 1.
        pub revision: i32,
        /// What the approver decided.
        pub decision: Option<DecisionOut>,
        /// What is asked for, while it is not placed: the lines of every revision, newest first.
        pub requests: Vec<RevisionOut>,
        /// Whether the reader may change it and ask again.
        pub editable: bool,
        /// Whether the reader may approve or reject it.
        pub decidable: bool,
        /// The order that this one supplements.
        pub supplements: Option<Uuid>,
        /// Lines that came short, with what was chosen or can be.
        pub shortfalls: Vec<ShortfallOut>,
        /// Its village orders, in village order.
        pub village_orders: Vec<OrderVillage>,
        /// What happened, oldest first.
        pub timeline: Vec<TimelineStep>,
        /// Whether it can still be cancelled.
        pub cancellable: bool,
        /// The acceptance under way or posted, if any.
        pub acceptance_id: Option<Uuid>,
        /// Every delivery that was weighed, in order.
        pub parts: Vec<AcceptancePart>,
        /// Whether goods stand delivered and wait to be weighed.
        pub acceptable: bool,
    }

    /// One delivery of an order with its own two signatures.
    pub struct AcceptancePart {
        /// The acceptance.
        pub id: Uuid,
        /// Its number.
        pub number: String,
        /// 1, 2, 3 …
        pub part: i32,
        /// Where it stands.
        pub status: super::acceptance::AcceptanceStatus,
        /// The sum accepted.
        pub accepted_fen: Fen,
        /// When it was posted.
        pub posted_at: Option<Micros>,
    }

    /// One village's part of an order.
    pub struct OrderVillage {
        /// The village order.
        pub village_order: VillageOrderRow,
        /// Its lines.
        pub lines: Vec<OrderLineOut>,
        /// Its way, from the offer to the credit: what has happened, what is due, what is still to come.
        pub progress: Vec<ProgressStep>,
        /// Who must act next.
        pub turn: Turn,
        /// Until when, where there is a deadline.
        pub due: Option<Micros>,
    }

    /// A step of a village order's way.
    pub struct ProgressStep {
        /// Which step.
        pub step: ProgressKey,
        /// Where it stands.
        pub state: ProgressState,
        /// When it happened.
        pub at: Option<Micros>,
        /// Who did it; empty for the program itself.
        pub who: String,
        /// A reason or remark.
        pub detail: String,
    }

    /// The steps of a village order's way.
    #[derive(Copy)]
    #[serde(rename_all = "snake_case")]
    pub enum ProgressKey {
        /// 发给村里.
        Offered,
        /// 村里答复.
        Answered,
        /// 备货.
        Packed,
        /// 收货装车.
        Collected,
        /// 送达.
        Delivered,
        /// 验收入账.
        Credited,
        /// 取消: only where it was.
        Cancelled,
    }

    /// Where a step stands.
    #[derive(Copy)]
    #[serde(rename_all = "snake_case")]
    pub enum ProgressState {
        /// It has happened.
        Done,
        /// It is what happens next.
        Now,
        /// It ended the way: declined, expired, cancelled.
        Bad,
        /// It comes later.
        ToCome,
    }

    /// A revision of a request.
    pub struct RevisionOut {
        /// Its number, from 1.
        pub revision: i32,
        /// Its sum.
        pub total_fen: Fen,
        /// When it was asked for.
        pub asked_at: Option<Micros>,
        /// Where to, when and for whom; nothing where that was not kept.
        pub head: Option<RequestHead>,
        /// What was decided over it before it was changed.
        pub decision: Option<DecisionOut>,
        /// Its lines.
        pub lines: Vec<RequestLineOut>,
    }

    /// What a revision of a request says besides its lines.
    pub struct RequestHead {
        /// Out of which money.
        pub fund: FundType,
        /// Where to.
        pub address: String,
        /// Whom to call.
        pub contact: String,
        /// Wanted on.
        pub wanted_on: Day,
        /// The note.
        pub note: String,
    }

    /// A line of a request. Its stock is held, its price frozen.
    pub struct RequestLineOut {
        /// The offer.
        pub offer_id: Uuid,
        /// The village's code.
        pub village_code: String,
        /// The village's name.
        pub village_name: String,
        /// The produce's key.
        pub produce: String,
        /// The name with its grade.
        pub name: String,
        /// The lot's trace code.
        pub lot_code: String,
        /// Fen for one price unit, frozen.
        pub price_fen: Fen,
        /// What the price is for.
        pub price_unit: PriceUnit,
        /// The name of a piece.
        pub piece_name: Option<String>,
        /// How much, in base units.
        pub qty: Qty,
        /// Its sum.
        pub total_fen: Fen,
        /// Whether it could be placed now: its offer is on sale and its lot has not expired.
        pub on_sale: bool,
    }

    /// What of a past order can be ordered again.
    pub struct AgainOut {
        /// Lines ready to be ordered, with the version on sale now.
        pub lines: Vec<OrderLineIn>,
        /// What cannot, or not as much.
        pub missing: Vec<AgainMissing>,
    }

    /// Something of a past order that cannot be had again as it was.
    pub struct AgainMissing {
        /// The goods.
        pub name: String,
        /// What the price is for.
        pub price_unit: PriceUnit,
        /// The name of a piece.
        pub piece_name: Option<String>,
        /// As much as was ordered then.
        pub asked: Qty,
        /// As much as can be had now; 0 when it is no longer on sale.
        pub free: Qty,
    }

    /// Something that happened.
    pub struct TimelineStep {
        /// When.
        pub at: Micros,
        /// What, as `order.place`.
        pub action: String,
        /// Who; empty for the program itself.
        pub who: String,
        /// Which village, where one.
        pub village_name: Option<String>,
        /// A reason or remark.
        pub detail: String,
    }

    /// Cancelling an order.
    pub struct CancelIn {
        /// Why, up to 200 characters.
        pub reason: String,
    }
}

impl FundType {
    /// Every fund type.
    pub const ALL: [Self; 4] = [Self::Canteen, Self::Union, Self::Budget, Self::Other];

    /// The stable name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Canteen => "canteen",
            Self::Union => "union",
            Self::Budget => "budget",
            Self::Other => "other",
        }
    }

    /// The fund type of a stored name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.as_str() == name)
    }
}
