//! 货架: what the public sees and searches.

use super::lot::LotOut;
use super::photo::{PhotoOut, PictureOut};
use super::price::PricePoint;
use super::produce::ProduceOut;
use super::village::{PublicCredit, VillageRow};
use crate::domain::calendar::{Day, SeasonMonths};
use crate::domain::certificate::CertificateKind;
use crate::domain::money::Fen;
use crate::domain::price::PriceUnit;
use crate::domain::quantity::Qty;
use uuid::Uuid;

wire! {
    /// An offer on the shelf.
    pub struct OfferCard {
        /// Its id.
        pub id: Uuid,
        /// The produce's key, which names its picture.
        pub produce: String,
        /// The name on the shelf.
        pub name: String,
        /// The grade.
        pub grade: String,
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
        /// What one price unit adds to the village's collective income.
        pub village_fen: Fen,
        /// The months it is in season.
        pub season: SeasonMonths,
        /// The badge, if one holds today.
        pub badge: Option<Badge>,
        /// What can still be ordered.
        pub free: Qty,
        /// 预售: the first expected harvest, when all that can be ordered is still growing.
        pub expected_on: Option<Day>,
        /// The cover photo, if there is one.
        pub cover: Option<PictureOut>,
    }

    /// A badge on a card: always a word beside the colour.
    #[derive(Copy)]
    #[serde(rename_all = "snake_case")]
    pub enum Badge {
        /// 地理标志.
        Geographical,
        /// 绿色食品, certificate valid today.
        GreenFood,
        /// 有机产品, certificate valid today.
        Organic,
        /// 结对村: the reader's unit is paired with the village.
        Paired,
        /// 急售: the best lot's last day is near.
        Urgent,
    }

    /// An offer's public page.
    pub struct OfferPage {
        /// The card.
        pub card: OfferCard,
        /// The version a buyer would buy now.
        pub version_id: Uuid,
        /// The produce.
        pub produce: ProduceOut,
        /// The village with its progress.
        pub village: VillageRow,
        /// The seller of record's name.
        pub seller_name: String,
        /// How it is packed.
        pub pack: String,
        /// A few sentences about it.
        pub story: String,
        /// The least one may order, in base units.
        pub min_qty: Qty,
        /// The step, in base units.
        pub step_qty: Qty,
        /// What is certified, while it holds.
        pub certificate_kind: Option<CertificateKind>,
        /// The certificate's number, while it holds.
        pub certificate_no: Option<String>,
        /// Its last day.
        pub certificate_until: Option<Day>,
        /// Lots that can be ordered, first to go first.
        pub lots: Vec<LotOut>,
        /// Its photos, the cover first.
        pub photos: Vec<PhotoOut>,
        /// Every price it had, oldest first.
        pub prices: Vec<PricePoint>,
        /// Others from the same village.
        pub others: Vec<OfferCard>,
    }

    /// What a reader asks of the catalogue; every filter lives in the URL.
    #[derive(Default)]
    #[cfg_attr(not(target_arch = "wasm32"), derive(utoipa::IntoParams), into_params(parameter_in = Query))]
    pub struct CatalogueQuery {
        /// Words to find in name, produce with its other names, grade, village, town or category: Chinese, Pinyin, its
        /// initials, or a mixture; letters may have a slip in them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub q: Option<String>,
        /// A category.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub category: Option<String>,
        /// A town's code.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub town: Option<String>,
        /// A village's code.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub village: Option<String>,
        /// A kind of produce.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub produce: Option<String>,
        /// `1`: only what is in season this month.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub season: Option<String>,
        /// Lowest price for one price unit, in yuan as typed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub min: Option<String>,
        /// Highest price for one price unit, in yuan as typed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub max: Option<String>,
        /// Only what is certified so today: `green_food`, `organic` or `geographical`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub certified: Option<String>,
        /// `1`: only goods of villages that the reader's unit is paired with.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub paired: Option<String>,
        /// `1`: only what can be ordered now.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub stock: Option<String>,
        /// `1`: only what is sold ahead: all that can be ordered of it is still growing.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub presale: Option<String>,
        /// The order; when left out, the best answers first where there are words to find, else newest first.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(not(target_arch = "wasm32"), param(inline))]
        pub sort: Option<CatalogueSort>,
        /// The key of the page to begin behind.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub after: Option<String>,
        /// Rows, 1 to 100; 24 when left out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(not(target_arch = "wasm32"), param(minimum = 1, maximum = 100))]
        pub limit: Option<u16>,
    }

    /// How the catalogue is sorted.
    #[derive(Copy)]
    #[serde(rename_all = "snake_case")]
    pub enum CatalogueSort {
        /// Best answers first: those in the name, then in the kind of produce, grade, village, town; then newest first.
        /// Without words to find, newest first.
        Best,
        /// Newest first.
        Newest,
        /// Cheapest first, by fen per base unit.
        Cheapest,
        /// Dearest first.
        Dearest,
    }

    /// The catalogue page: cards and the choices of its filters.
    pub struct CatalogueOut {
        /// The cards.
        pub page: super::page::Page<OfferCard>,
        /// How many goods there are in all under these filters; `None` under `stock` and `presale`, which only a page of
        /// goods is asked for.
        pub total: Option<i64>,
        /// How many goods each choice of a filter would leave beside the other filters, before what depends on stock.
        pub counts: Vec<FilterCount>,
        /// The name of the village that was asked for.
        pub village_name: Option<String>,
        /// The name of the kind of produce that was asked for.
        pub produce_name: Option<String>,
        /// Categories that have offers.
        pub categories: Vec<String>,
        /// Towns that have offers, as code and name.
        pub towns: Vec<super::town::TownOut>,
        /// When nothing was found: filters without which there would be something.
        pub loosen: Vec<Loosen>,
    }

    /// How many goods a choice of a filter would leave.
    pub struct FilterCount {
        /// The filter's name in the address, as `certified`.
        pub filter: String,
        /// The choice, as `green_food`.
        pub value: String,
        /// How many goods.
        pub offers: i64,
    }

    /// A filter that could be given up.
    pub struct Loosen {
        /// Its name in the address, as `town`.
        pub filter: String,
        /// How many goods there would be without it, before what depends on stock.
        pub offers: i64,
    }

    /// What was typed so far.
    #[cfg_attr(not(target_arch = "wasm32"), derive(utoipa::IntoParams), into_params(parameter_in = Query))]
    pub struct Typed {
        /// The beginning of what one looks for.
        #[cfg_attr(not(target_arch = "wasm32"), param(max_length = 100))]
        pub q: String,
    }

    /// What one may mean by what was typed so far.
    pub struct Suggestion {
        /// What it is.
        pub kind: SuggestionKind,
        /// It in words.
        pub text: String,
        /// Where its goods are, on the market's pages.
        pub path: String,
        /// How many goods there are.
        pub offers: i64,
    }

    /// What a suggestion is.
    #[derive(Copy)]
    #[serde(rename_all = "snake_case")]
    pub enum SuggestionKind {
        /// A name on the shelf.
        Name,
        /// A kind of produce.
        Produce,
        /// A village.
        Village,
        /// A town.
        Town,
        /// A category.
        Category,
    }

    /// The home page.
    pub struct HomeOut {
        /// The year of the figures.
        pub year: i32,
        /// Collective income credited this year over all villages.
        pub credited_fen: Fen,
        /// Units that bought this year.
        pub units: i64,
        /// Villages that earned this year.
        pub villages: i64,
        /// Categories that have offers.
        pub categories: Vec<String>,
        /// In season this month.
        pub in_season: Vec<OfferCard>,
        /// Latest credits.
        pub credits: Vec<PublicCredit>,
        /// Villages nearest to their target without having reached it.
        pub near_target: Vec<VillageRow>,
    }
}
