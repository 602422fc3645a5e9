//! 验收单: what was received, weighed and signed by two different people.

use crate::domain::calendar::{Day, Micros};
use crate::domain::money::Fen;
use crate::domain::price::PriceUnit;
use crate::domain::quantity::Qty;
use uuid::Uuid;

wire! {
    /// An acceptance in a list.
    pub struct AcceptanceRow {
        /// Its id.
        pub id: Uuid,
        /// Its number.
        pub number: String,
        /// The order.
        pub order_id: Uuid,
        /// The order's number.
        pub order_number: String,
        /// The unit's name.
        pub unit_name: String,
        /// Where it stands.
        pub status: AcceptanceStatus,
        /// The sum as confirmed by the villages.
        pub expected_fen: Fen,
        /// The sum as accepted.
        pub accepted_fen: Fen,
        /// When it was first signed.
        pub created_at: Micros,
        /// When it was posted.
        pub posted_at: Option<Micros>,
    }

    /// Weighing and signing. The first signature stores the lines; the second, by the other side, over the same
    /// lines, posts the credit. Other lines than the stored ones void the first signature.
    pub struct SignIn {
        /// Every delivered line of the order.
        pub lines: Vec<AcceptLineIn>,
    }

    /// What was received of one line.
    pub struct AcceptLineIn {
        /// The order line.
        pub line_id: Uuid,
        /// Accepted, in base units (grams or pieces).
        pub qty: Qty,
        /// Why less (or more) was accepted; needed when goods were refused.
        #[serde(default)]
        pub reason: Option<VarianceReason>,
        /// A remark, up to 200 characters.
        #[serde(default)]
        pub remark: String,
        /// A photo of what was refused.
        #[serde(default)]
        pub photo_id: Option<Uuid>,
    }

    /// Why the accepted amount differs.
    #[derive(Copy)]
    #[serde(rename_all = "snake_case")]
    pub enum VarianceReason {
        /// 称重差: the scale says otherwise.
        Weighing,
        /// 破损.
        Damaged,
        /// 品质不符.
        Quality,
        /// 缺货.
        Missing,
        /// 余量待送: the vehicle had only a part; the rest comes with a later delivery and is accepted then.
        StillToCome,
        /// 其他, with a remark.
        Other,
    }

    /// What is to be weighed, or was.
    pub struct AcceptanceOut {
        /// Its id, once somebody signed.
        pub id: Option<Uuid>,
        /// Its number, once somebody signed.
        pub number: Option<String>,
        /// Where it stands.
        pub status: AcceptanceStatus,
        /// Which delivery of the order, 1, 2, 3 …
        pub part: i32,
        /// The order.
        pub order_id: Uuid,
        /// The order's number.
        pub order_number: String,
        /// The unit.
        pub unit_id: Uuid,
        /// The unit's name.
        pub unit_name: String,
        /// The vehicle.
        pub vehicle: String,
        /// Its lines, by village.
        pub lines: Vec<AcceptanceLineOut>,
        /// The unit's signature.
        pub unit_signature: Option<Signature>,
        /// The centre's signature.
        pub centre_signature: Option<Signature>,
        /// The sum as confirmed by the villages.
        pub expected_fen: Fen,
        /// The sum as accepted.
        pub accepted_fen: Fen,
        /// The ledger transaction that it caused.
        pub transaction_id: Option<Uuid>,
        /// When it was posted.
        pub posted_at: Option<Micros>,
    }

    /// What narrows a list of acceptances; everything left out narrows nothing.
    #[derive(Default)]
    pub struct AcceptanceQuery {
        /// Only acceptances in this state.
        pub state: Option<AcceptanceStatus>,
        /// Posted, or else begun, on this day or later.
        pub from: Option<Day>,
        /// Posted, or else begun, on this day or earlier.
        pub until: Option<Day>,
        /// Only acceptances whose number begins with this.
        pub number: Option<String>,
    }

    /// Where an acceptance stands.
    #[derive(Copy)]
    #[serde(rename_all = "snake_case")]
    pub enum AcceptanceStatus {
        /// Nobody has signed.
        Open,
        /// One side has signed.
        Signed,
        /// Both have signed; the credit is posted; nothing is edited any more.
        Posted,
    }

    /// A line of an acceptance.
    pub struct AcceptanceLineOut {
        /// The order line.
        pub line_id: Uuid,
        /// The village order.
        pub village_order_id: Uuid,
        /// The village's code.
        pub village_code: String,
        /// The village's name.
        pub village_name: String,
        /// The produce's key.
        pub produce: String,
        /// The goods with their grade.
        pub name: String,
        /// The lot's trace code.
        pub lot_code: String,
        /// Fen for one price unit.
        pub price_fen: Fen,
        /// What the price is for.
        pub price_unit: PriceUnit,
        /// The name of a piece.
        pub piece_name: Option<String>,
        /// Expected: what the village confirmed, in base units.
        pub expected_qty: Qty,
        /// Accepted; equal to expected until somebody weighs.
        pub accepted_qty: Qty,
        /// The sum of the accepted amount.
        pub accepted_fen: Fen,
        /// The sum of the expected amount.
        pub expected_fen: Fen,
        /// The village's part of it.
        pub village_fen: Fen,
        /// The reason of a difference.
        pub reason: Option<VarianceReason>,
        /// The remark.
        pub remark: String,
        /// The photo.
        pub photo_id: Option<Uuid>,
    }

    /// A signature: somebody signed in as themselves.
    pub struct Signature {
        /// The person.
        pub person_id: Uuid,
        /// Their name.
        pub name: String,
        /// When.
        pub at: Micros,
    }

    /// What signing did.
    pub struct SignOut {
        /// The acceptance as it stands now.
        pub acceptance: AcceptanceOut,
        /// The lines differed, so the other side's earlier signature is void and they must sign again.
        pub voided_other: bool,
    }
}

impl VarianceReason {
    /// Every reason.
    pub const ALL: [Self; 6] = [
        Self::Weighing,
        Self::Damaged,
        Self::Quality,
        Self::Missing,
        Self::StillToCome,
        Self::Other,
    ];

    /// The stable name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Weighing => "weighing",
            Self::Damaged => "damaged",
            Self::Quality => "quality",
            Self::Missing => "missing",
            Self::StillToCome => "still_to_come",
            Self::Other => "other",
        }
    }

    /// The reason of a stored name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.as_str() == name)
    }
}

impl AcceptanceStatus {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::Open, Self::Signed, Self::Posted];

    /// The stable name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Signed => "signed",
            Self::Posted => "posted",
        }
    }

    /// The state of a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }
}
