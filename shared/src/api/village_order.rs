//! 村单: a village's part of an order, and the centre's day board over them.

use crate::domain::calendar::{Day, Micros};
use crate::domain::money::Fen;
use crate::domain::price::PriceUnit;
use crate::domain::quantity::Qty;
use crate::domain::village_order::VillageOrderStatus;
use uuid::Uuid;

wire! {
    /// What narrows a list of village orders; everything left out narrows nothing.
    #[derive(Default)]
    pub struct VillageOrderQuery {
        /// Only village orders in this state.
        pub state: Option<VillageOrderStatus>,
        /// Offered on this day or later.
        pub from: Option<Day>,
        /// Offered on this day or earlier.
        pub until: Option<Day>,
        /// Only those of the village of this 12-digit code or name.
        pub village: Option<String>,
        /// Only those whose number begins with this.
        pub number: Option<String>,
    }

    /// Why what is still to come of a village order will not come any more.
    pub struct CloseShortIn {
        /// The reason, 2 to 100 characters; the village and the unit read it.
        pub reason: String,
    }

    /// A village order in a list or on the board.
    pub struct VillageOrderRow {
        /// Its id.
        pub id: Uuid,
        /// Its number.
        pub number: String,
        /// Which delivery of the village's goods, 1, 2, 3 …: above 1 it is the rest of an earlier one.
        pub part: i32,
        /// The order it is part of.
        pub order_id: Uuid,
        /// The order's number.
        pub order_number: String,
        /// The unit.
        pub unit_id: Uuid,
        /// The unit's name.
        pub unit_name: String,
        /// The village's code.
        pub village_code: String,
        /// The village's name.
        pub village_name: String,
        /// The town's name.
        pub town_name: String,
        /// Where it stands.
        pub status: VillageOrderStatus,
        /// When it was offered to the village.
        pub offered_at: Micros,
        /// The village must answer until then.
        pub confirm_by: Micros,
        /// When it last moved.
        pub moved_at: Micros,
        /// Wanted on.
        pub wanted_on: Day,
        /// The goods in a few words, as '香菇 260 斤 · 白灵菇 40 斤'.
        pub goods: String,
        /// Its weight, pieces left out, in grams.
        pub weight_g: Qty,
        /// The sum as ordered.
        pub total_fen: Fen,
        /// The sum of what the village confirmed.
        pub confirmed_fen: Fen,
        /// The sum accepted, once it is.
        pub accepted_fen: Option<Fen>,
        /// Past a deadline, as of when the list was read.
        pub late: bool,
        /// The vehicle or route, once collected.
        pub vehicle: String,
    }

    /// A line of a village order.
    pub struct OrderLineOut {
        /// Its id.
        pub id: Uuid,
        /// The offer.
        pub offer_id: Uuid,
        /// The produce's key.
        pub produce: String,
        /// The name as bought, with its grade.
        pub name: String,
        /// The lot's trace code.
        pub lot_code: String,
        /// Fen for one price unit, frozen.
        pub price_fen: Fen,
        /// What the price is for.
        pub price_unit: PriceUnit,
        /// The name of a piece.
        pub piece_name: Option<String>,
        /// Ordered, in base units.
        pub qty: Qty,
        /// Confirmed by the village, once it answered.
        pub confirmed_qty: Option<Qty>,
        /// Accepted, once it is.
        pub accepted_qty: Option<Qty>,
        /// The sum as ordered.
        pub total_fen: Fen,
        /// The sum accepted, once it is.
        pub accepted_fen: Option<Fen>,
        /// Why it was shorted or declined.
        pub reason: Option<String>,
        /// 预售: the expected harvest, as long as the goods are still growing.
        pub expected_on: Option<Day>,
    }

    /// A village order with everything in it.
    pub struct VillageOrderOut {
        /// Its row.
        pub row: VillageOrderRow,
        /// Its lines.
        pub lines: Vec<OrderLineOut>,
        /// Where it goes.
        pub address: String,
        /// Whom to call.
        pub contact: String,
        /// The buyer's note.
        pub note: String,
        /// The acceptance that credited it, once it is.
        pub acceptance_id: Option<Uuid>,
        /// What happened, oldest first.
        pub timeline: Vec<super::order::TimelineStep>,
    }

    /// A village's answer: every line, with what it can deliver. All in full confirms, all nothing declines, anything else shorts.
    pub struct AnswerIn {
        /// Every line of the village order.
        pub lines: Vec<AnswerLineIn>,
    }

    /// The answer to one line.
    pub struct AnswerLineIn {
        /// The line.
        pub line_id: Uuid,
        /// What the village can deliver, 0 to what was ordered, in base units.
        pub qty: Qty,
        /// Needed when it is less than ordered.
        #[serde(default)]
        pub reason: Option<String>,
    }

    /// Moving village orders of one kind together: packed, collected or delivered.
    pub struct MoveIn {
        /// What happens to them.
        pub step: MoveStep,
        /// 1 to 200 village orders.
        pub ids: Vec<Uuid>,
        /// The vehicle or route, when they are collected; up to 40 characters.
        #[serde(default)]
        pub vehicle: Option<String>,
    }

    /// A step of the goods.
    #[derive(Copy)]
    #[serde(rename_all = "snake_case")]
    pub enum MoveStep {
        /// The village has packed.
        Pack,
        /// The centre has it on the vehicle.
        Collect,
        /// It stands at the unit's door.
        Deliver,
    }

    /// What a move did, village order by village order.
    pub struct MoveOut {
        /// Those that moved.
        pub moved: Vec<Uuid>,
        /// Those that could not, and where they stand.
        pub refused: Vec<MoveRefusal>,
    }

    /// A village order that could not move.
    pub struct MoveRefusal {
        /// Which.
        pub id: Uuid,
        /// Where it stands now.
        pub status: Option<VillageOrderStatus>,
    }

    /// The centre's day.
    pub struct BoardOut {
        /// Claims that nobody has answered though their last day is over.
        pub claims_overdue: i64,
        /// The day.
        pub day: Day,
        /// Village orders that are somewhere on the board.
        pub total: i64,
        /// Waiting for the village's answer.
        pub waiting: i64,
        /// Past a deadline.
        pub late: i64,
        /// Grams that are wanted today.
        pub due_g: Qty,
        /// Credited today.
        pub credited_fen: Fen,
        /// The columns, in the order of the goods' way.
        pub columns: Vec<BoardColumn>,
    }

    /// A column of the board.
    pub struct BoardColumn {
        /// The states it holds: offered; confirmed and shorted; packed; collected; delivered.
        pub key: BoardKey,
        /// How many there are in all.
        pub count: i64,
        /// The most urgent ones, 60 at most.
        pub rows: Vec<VillageOrderRow>,
    }

    /// A column's key.
    #[derive(Copy)]
    #[serde(rename_all = "snake_case")]
    pub enum BoardKey {
        /// 待确认.
        Waiting,
        /// 已确认待备货.
        Confirmed,
        /// 待收货.
        Packed,
        /// 配送中.
        OnTheWay,
        /// 待验收.
        AtTheDoor,
    }
}
