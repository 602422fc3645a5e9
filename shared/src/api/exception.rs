//! 异常: what a town or the district should look at, each village by name.

use crate::domain::calendar::{Day, Micros};
use crate::domain::money::Fen;
use crate::domain::village_order::VillageOrderStatus;
use uuid::Uuid;

wire! {
    /// Everything that stands out over a town's villages or the district's. Each list has 100 rows at the most.
    pub struct ExceptionsOut {
        /// The town it is narrowed to, if it is.
        pub town: Option<super::town::TownOut>,
        /// Aided villages that have nothing on sale.
        pub without_offers: Vec<QuietVillage>,
        /// Village orders not answered yet whose deadline has passed or is near.
        pub late_answers: Vec<TroubledOrder>,
        /// Village orders of the last 30 days that expired or were declined.
        pub lost_orders: Vec<TroubledOrder>,
        /// Certificates of goods on sale that run out within 90 days, or have.
        pub certificates: Vec<EndingCertificate>,
        /// Villages that earned less than half of what they had earned by the end of this month last year.
        pub far_below: Vec<FallenVillage>,
    }

    /// A village with nothing on sale.
    pub struct QuietVillage {
        /// Its code.
        pub code: String,
        /// Its name.
        pub name: String,
        /// Its town's name.
        pub town_name: String,
        /// When an offer of it last changed; nothing when it never had one.
        pub last_offer_at: Option<Micros>,
    }

    /// A village order that did not go well.
    pub struct TroubledOrder {
        /// The village order.
        pub id: Uuid,
        /// Its number.
        pub number: String,
        /// The village's code.
        pub village_code: String,
        /// Its name.
        pub village_name: String,
        /// Its town's name.
        pub town_name: String,
        /// The goods in a few words.
        pub goods: String,
        /// Where it stands.
        pub status: VillageOrderStatus,
        /// The village had to answer until then.
        pub confirm_by: Micros,
        /// Its sum.
        pub total_fen: Fen,
    }

    /// A certificate that runs out.
    pub struct EndingCertificate {
        /// The offer.
        pub offer_id: Uuid,
        /// The goods.
        pub name: String,
        /// The village's code.
        pub village_code: String,
        /// Its name.
        pub village_name: String,
        /// Its town's name.
        pub town_name: String,
        /// The last day.
        pub until: Day,
    }

    /// A village whose income fell.
    pub struct FallenVillage {
        /// Its code.
        pub code: String,
        /// Its name.
        pub name: String,
        /// Its town's name.
        pub town_name: String,
        /// Until now this year.
        pub this_year_fen: Fen,
        /// Until the end of this month last year.
        pub last_year_fen: Fen,
    }
}
