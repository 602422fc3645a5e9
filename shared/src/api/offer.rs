//! 货品: what a village puts on sale.

use super::lot::{LotIn, LotOut};
use super::order::TimelineStep;
use super::photo::{PhotoOut, PictureOut};
use super::price::PricePoint;
use super::produce::ProduceOut;
use super::seller::SellerOut;
use super::village::VillageRow;
use crate::domain::calendar::{Day, Micros};
use crate::domain::money::Fen;
use crate::domain::offer::{OfferStatus, VersionStatus};
use crate::domain::price::PriceUnit;
use crate::domain::quantity::Qty;
use crate::domain::share::SharePolicy;
use uuid::Uuid;

wire! {
    /// What the listing form lets one choose from.
    pub struct OfferChoices {
        /// Villages that the actor may list for (1,000 at most; the centre may narrow them).
        pub villages: Vec<VillageRow>,
        /// Kinds of produce.
        pub produce: Vec<ProduceOut>,
        /// The centre and, once one village is chosen, its sellers of record.
        pub sellers: Vec<SellerOut>,
        /// Households of the village, once one is chosen.
        pub households: Vec<super::household::HouseholdOut>,
    }

    /// An offer to draft, or a change to one. A change to a published offer is a new version that is reviewed again.
    pub struct OfferIn {
        /// The village that sells.
        pub village_code: String,
        /// The kind of produce.
        pub produce: String,
        /// The name on the shelf, 2 to 40 characters.
        pub name: String,
        /// The grade, as 一级 or 80#; may be empty.
        #[serde(default)]
        pub grade: String,
        /// How it is packed, as '5 斤纸箱'; may be empty.
        #[serde(default)]
        pub pack: String,
        /// Fen for one price unit.
        pub price_fen: Fen,
        /// What the price is for.
        pub price_unit: PriceUnit,
        /// The name of a piece (箱, 盒, 瓶, 个, 对); needed when priced by the piece.
        #[serde(default)]
        pub piece_name: Option<String>,
        /// The least one may order, in base units (grams or pieces).
        pub min_qty: Qty,
        /// Orders go up in steps of this, in base units.
        pub step_qty: Qty,
        /// The seller of record; the village's collective when left out.
        #[serde(default)]
        pub seller_id: Option<Uuid>,
        /// What part of the net sum is the village's.
        pub share: SharePolicy,
        /// The household that supplies through the village and gets the rest.
        #[serde(default)]
        pub household_id: Option<Uuid>,
        /// The number of a certificate (green food, organic, geographical indication), if there is one.
        #[serde(default)]
        pub certificate_no: Option<String>,
        /// The certificate's last day; a geographical indication runs on without one.
        #[serde(default)]
        pub certificate_until: Option<Day>,
        /// A few sentences about it; may be empty.
        #[serde(default)]
        pub story: String,
    }

    /// One version of an offer: what a buyer buys is frozen here.
    pub struct OfferVersionOut {
        /// Its id.
        pub id: Uuid,
        /// 1, 2, 3 …
        pub number: i32,
        /// Where it stands.
        pub status: VersionStatus,
        /// Its content.
        pub content: OfferIn,
        /// Why it was returned, if it was.
        pub reason: Option<String>,
        /// Who submitted it.
        pub submitted_by: Option<String>,
        /// When it was made.
        pub created_at: Micros,
        /// When it was published or returned.
        pub reviewed_at: Option<Micros>,
    }

    /// An offer as its village and the centre see it.
    pub struct OfferOut {
        /// Its id.
        pub id: Uuid,
        /// Where it stands.
        pub status: OfferStatus,
        /// The village.
        pub village: VillageRow,
        /// The produce.
        pub produce: ProduceOut,
        /// The seller of record.
        pub seller: SellerOut,
        /// The version on sale, if one is.
        pub live: Option<OfferVersionOut>,
        /// The version being drafted or reviewed, if one is.
        pub pending: Option<OfferVersionOut>,
        /// Its lots, earliest harvest first.
        pub lots: Vec<LotOut>,
        /// Its photos, the cover first.
        pub photos: Vec<PhotoOut>,
        /// Every price it had, oldest first.
        pub prices: Vec<PricePoint>,
        /// What happened to it, newest first (50 steps at the most).
        pub history: Vec<TimelineStep>,
    }

    /// An offer in the village's or the centre's list.
    pub struct OfferRow {
        /// Its id.
        pub id: Uuid,
        /// Where it stands.
        pub status: OfferStatus,
        /// Where the pending version stands, if there is one.
        pub pending: Option<VersionStatus>,
        /// The produce's key.
        pub produce: String,
        /// The name on the shelf.
        pub name: String,
        /// The grade.
        pub grade: String,
        /// The cover photo, if there is one.
        pub cover: Option<PictureOut>,
        /// The village's code.
        pub village_code: String,
        /// The village's name.
        pub village_name: String,
        /// The town's name.
        pub town_name: String,
        /// Fen for one price unit.
        pub price_fen: Fen,
        /// What the price is for.
        pub price_unit: PriceUnit,
        /// The name of a piece.
        pub piece_name: Option<String>,
        /// What can still be ordered, over all lots.
        pub free: Qty,
        /// What is held for orders.
        pub reserved: Qty,
        /// What was sold.
        pub sold: Qty,
        /// When it last changed.
        pub changed_at: Micros,
    }

    /// Publishing or returning the submitted version.
    pub struct ReviewIn {
        /// The version reviewed: another one is refused as changed.
        pub version_id: Uuid,
        /// `true` publishes, `false` returns.
        pub publish: bool,
        /// Needed to return.
        #[serde(default)]
        pub reason: Option<String>,
    }

    /// 再上一次: a familiar product listed anew; everything else is as it was.
    pub struct AgainIn {
        /// Fen for one price unit.
        pub price_fen: Fen,
        /// The new lot.
        pub lot: LotIn,
    }

    /// An offer together with its first lot, as the listing form sends it.
    pub struct ListingIn {
        /// The offer.
        pub offer: OfferIn,
        /// The first lot, if there is one already.
        #[serde(default)]
        pub lot: Option<LotIn>,
    }
}
