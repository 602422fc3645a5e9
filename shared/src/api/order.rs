//! 订单: one purchase by one unit, split by village.

use super::village_order::{OrderLineOut, VillageOrderRow};
use crate::domain::calendar::{Day, Micros};
use crate::domain::money::Fen;
use crate::domain::order::OrderStatus;
use crate::domain::quantity::Qty;
use uuid::Uuid;

wire! {
    /// An order that was placed.
    pub struct PlacedOut {
        /// Its id.
        pub id: Uuid,
        /// Its number.
        pub number: String,
        /// Its sum.
        pub total_fen: Fen,
        /// How many villages.
        pub villages: i64,
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
        /// Who ordered.
        pub requested_by: String,
        /// Its village orders, in village order.
        pub village_orders: Vec<OrderVillage>,
        /// What happened, oldest first.
        pub timeline: Vec<TimelineStep>,
        /// Whether it can still be cancelled.
        pub cancellable: bool,
        /// The acceptance under way or posted, if any.
        pub acceptance_id: Option<Uuid>,
        /// Whether goods stand delivered and wait to be weighed.
        pub acceptable: bool,
    }

    /// One village's part of an order.
    pub struct OrderVillage {
        /// The village order.
        pub village_order: VillageOrderRow,
        /// Its lines.
        pub lines: Vec<OrderLineOut>,
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
