//! 溯源: what anybody may know of a lot. No person, no household, no unit.

use super::photo::PictureOut;
use crate::domain::calendar::Day;
use crate::domain::money::Fen;
use crate::domain::price::PriceUnit;

wire! {
    /// A lot's public story.
    pub struct TraceOut {
        /// The trace code.
        pub code: String,
        /// The name on the shelf, as it was.
        pub name: String,
        /// The grade, as it was.
        pub grade: String,
        /// The produce's key, which names its picture.
        pub produce: String,
        /// The produce's name.
        pub produce_name: String,
        /// The village's code.
        pub village_code: String,
        /// The village's name.
        pub village_name: String,
        /// The town's name.
        pub town_name: String,
        /// A photo of the goods, if there is one.
        pub cover: Option<PictureOut>,
        /// Harvested on, or expected on while `presale` holds.
        pub harvested_on: Day,
        /// Good until.
        pub good_until: Option<Day>,
        /// Not harvested yet.
        pub presale: bool,
        /// The certificate that held when it was harvested.
        pub certificate_no: Option<String>,
        /// That certificate's last day.
        pub certificate_until: Option<Day>,
        /// What one price unit adds to the village's collective income.
        pub village_fen: Fen,
        /// What the price is for.
        pub price_unit: PriceUnit,
        /// The name of a piece.
        pub piece_name: Option<String>,
        /// Where its offer can be seen while it is on sale.
        pub on_sale: bool,
        /// The offer.
        pub offer_id: uuid::Uuid,
        /// Its way, in order of time.
        pub journey: Vec<TraceStep>,
    }

    /// A part of a lot's way, by day.
    pub struct TraceStep {
        /// What happened.
        pub kind: TraceKind,
        /// The first day.
        pub from: Day,
        /// The last day, when it happened on several.
        pub until: Day,
    }

    /// What happens to a lot.
    #[derive(Copy, PartialOrd, Ord)]
    #[serde(rename_all = "snake_case")]
    pub enum TraceKind {
        /// 审核: the centre reviewed the goods.
        Reviewed,
        /// 采收.
        Harvested,
        /// 预计采收.
        Expected,
        /// 备货: packed in the village.
        Packed,
        /// 装车: collected by the centre.
        Collected,
        /// 送达.
        Delivered,
    }
}
