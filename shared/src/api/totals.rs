//! 公开账: the market's totals of a year as everybody may see them. No unit, no person, no household.

use super::village::{PublicCredit, VillageRow};
use crate::domain::money::Fen;

wire! {
    /// The market's totals of a year.
    pub struct TotalsOut {
        /// The year (Asia/Shanghai).
        pub year: i32,
        /// What was bought and accepted. It is not income: part of it is other people's.
        pub turnover_fen: Fen,
        /// Collective income credited to the villages.
        pub credited_fen: Fen,
        /// Of that, paid by the units.
        pub paid_fen: Fen,
        /// Of that, settled to the villages.
        pub settled_fen: Fen,
        /// January to December.
        pub months: Vec<MonthTotal>,
        /// By category, most first.
        pub categories: Vec<CategoryTotal>,
        /// By town, in the order of their codes.
        pub towns: Vec<TownTotal>,
        /// The latest credits.
        pub credits: Vec<PublicCredit>,
        /// Every village's progress, by town, most first.
        pub villages: Vec<VillageRow>,
    }

    /// A month.
    pub struct MonthTotal {
        /// 1 to 12.
        pub month: u32,
        /// What was bought and accepted.
        pub turnover_fen: Fen,
        /// Collective income credited.
        pub credited_fen: Fen,
    }

    /// A category of goods.
    pub struct CategoryTotal {
        /// Its name.
        pub name: String,
        /// What was bought and accepted.
        pub turnover_fen: Fen,
        /// Collective income from it.
        pub credited_fen: Fen,
    }

    /// A town.
    pub struct TownTotal {
        /// Its 9-digit code.
        pub code: String,
        /// Its name.
        pub name: String,
        /// How many villages it has.
        pub villages: i64,
        /// How many of them earned this year.
        pub earning: i64,
        /// How many have reached their target.
        pub met: i64,
        /// Collective income credited.
        pub credited_fen: Fen,
    }
}
