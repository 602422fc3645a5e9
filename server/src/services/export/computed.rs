//! Lists that are not one statement: what a use case computes, written as its page shows it.

use super::super::catalogue::{self, query_of};
use super::super::{App, Error, exception, fault, income, price, produce, right, totals, trail};
use crate::documents::sheet::Cell;
use frontend::components::progress::permille;
use frontend::text::status::Status as _;
use frontend::text::{Lang, work as words};
use shared::api::catalogue::OfferCard;
use shared::api::exception::{ExceptionsOut, TroubledOrder};
use shared::api::income::OverviewQuery;
use shared::api::problem::FieldCode;
use shared::api::trail::TrailRow;
use shared::api::village::VillageRow;
use shared::domain::calendar::Micros;
use shared::domain::identity::Actor;
use shared::domain::money::Fen;
use shared::domain::price::PriceUnit;
use shared::domain::quantity::Qty;
use shared::domain::rights::Action;
use shared::domain::work::ExportList;

/// Rows of a page, with the key of the next one.
type Page = (Vec<Vec<Cell>>, Option<String>);

/// Rows that a use case is asked for at once.
const AT_ONCE: i64 = 100;

/// The filters of the shelf.
const OF_GOODS: &[&str] = &[
    "q",
    "category",
    "town",
    "village",
    "produce",
    "season",
    "min",
    "max",
    "certified",
    "paired",
    "stock",
    super::SORT,
];
const GOODS: &[&str] = &[
    "货品",
    "等级",
    "乡镇",
    "村",
    "村代码",
    "单价(元)",
    "计价单位",
    "村集体每单位(元)",
    "可售",
    "单位",
    "标志",
    "预计采收",
];
const PROGRESS: &[&str] = &[
    "乡镇",
    "村",
    "村代码",
    "帮扶村",
    "年度目标(元)",
    "已入账(元)",
    "完成(%)",
    "单位已付(元)",
    "已拨付(元)",
    "验收单",
];
const TOTALS: &[&str] = &[
    "乡镇",
    "村",
    "村代码",
    "帮扶村",
    "年度目标(元)",
    "村集体收入(元)",
    "完成(%)",
];
const EXCEPTIONS: &[&str] = &[
    "类别",
    "乡镇",
    "村",
    "村代码",
    "单据或货品",
    "状态",
    "日期",
    "金额(元)",
    "去年同期(元)",
];
const PRICES: &[&str] = &[
    "月份",
    "最低(元)",
    "居中(元)",
    "最高(元)",
    "计价单位",
    "村数",
    "货品数",
];
const TRAIL: &[&str] = &[
    "村",
    "村代码",
    "货品",
    "批次",
    "入账(元)",
    "账目编号",
    "账链节号",
    "指纹",
    "验收单号",
    "实收数量",
    "计价单位",
    "实收金额(元)",
    "单位签字人",
    "单位签字时间",
    "中心签字人",
    "中心签字时间",
    "村单号",
    "订单号",
    "采购单位",
    "申请人",
    "下单时间",
];

/// A computed list, who reads it, and what narrows it.
#[derive(Clone, Debug)]
pub(super) struct Computed {
    list: ExportList,
    heading: &'static [&'static str],
    actor: Actor,
    pairs: Vec<(String, String)>,
}

impl Computed {
    /// Reads what is asked for.
    ///
    /// # Errors
    /// `Forbidden`; `Invalid` for a filter that the list's page does not know.
    pub fn of(actor: &Actor, list: ExportList, pairs: Vec<(String, String)>) -> Result<Self, Error> {
        let (action, known, heading): (Action, &[&str], _) = match list {
            ExportList::Goods => (Action::SelfRead, OF_GOODS, GOODS),
            ExportList::Progress => (
                Action::IncomeOverview,
                &["year", "town", "tenth", "without"],
                PROGRESS,
            ),
            ExportList::Exceptions => (Action::IncomeOverview, &["town"], EXCEPTIONS),
            ExportList::Totals => (Action::SelfRead, &["year", "q"], TOTALS),
            ExportList::Prices => (Action::OfferRead, &["produce"], PRICES),
            ExportList::Trail => (Action::LedgerVerify, &["number"], TRAIL),
            _ => return Err(fault(format!("'{}' is one statement", list.as_str()))),
        };
        right::reach(actor, action)?;
        let stranger = pairs.iter().find(|(name, _)| !known.contains(&name.as_str()));
        if let Some((name, _)) = stranger {
            return Err(Error::field(&format!("query.{name}"), FieldCode::NotAChoice));
        }
        Ok(Self {
            list,
            heading,
            actor: actor.clone(),
            pairs,
        })
    }

    /// The list's name.
    pub const fn title(&self) -> &'static str {
        words::list(Lang::Zh, self.list)
    }

    /// The headings.
    pub const fn heading(&self) -> &'static [&'static str] {
        self.heading
    }

    fn value(&self, name: &str) -> Option<&str> {
        let found = self.pairs.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    fn year(&self) -> Result<Option<i32>, Error> {
        let wrong = |_| Error::field("query.year", FieldCode::NotANumber);
        self.value("year")
            .map(|text| text.parse().map_err(wrong))
            .transpose()
    }

    /// The rows behind a key.
    ///
    /// # Errors
    /// What the use case answers.
    pub async fn page(&self, app: &App, after: Option<&str>) -> Result<Page, Error> {
        match self.list {
            ExportList::Goods => self.goods(app, after).await,
            ExportList::Progress => self.progress(app, after).await,
            ExportList::Totals => self.totals(app).await,
            ExportList::Exceptions => {
                let found = exception::exceptions(app, &self.actor, self.value("town")).await?;
                Ok((exceptions(&found), None))
            }
            ExportList::Prices => self.prices(app).await,
            _ => {
                let number = self.value("number").unwrap_or_default();
                let found = trail::follow(app, &self.actor, number).await?;
                Ok((found.rows.iter().map(trail_row).collect(), None))
            }
        }
    }

    async fn goods(&self, app: &App, after: Option<&str>) -> Result<Page, Error> {
        let mut query = query_of(&self.pairs);
        query.after = after.map(str::to_owned);
        query.limit = u16::try_from(AT_ONCE).ok();
        let found = catalogue::list(app, Some(&self.actor), &query).await?;
        Ok((found.page.items.iter().map(good_row).collect(), found.page.next))
    }

    async fn progress(&self, app: &App, after: Option<&str>) -> Result<Page, Error> {
        let wrong = |_| Error::field("query.tenth", FieldCode::NotANumber);
        let query = OverviewQuery {
            year: self.year()?,
            town: self.value("town").map(str::to_owned),
            tenth: (self.value("tenth"))
                .map(|text| text.parse().map_err(wrong))
                .transpose()?,
            without: self.value("without") == Some("1"),
        };
        let found = income::overview_of(app, &self.actor, &query, after, AT_ONCE).await?;
        let rows = found.page.items.iter().map(|row| {
            let mut cells = village_cells(&row.village);
            cells.extend([
                Cell::Fen(row.paid_fen.0),
                Cell::Fen(row.settled_fen.0),
                Cell::Int(row.acceptances),
            ]);
            cells
        });
        Ok((rows.collect(), found.page.next))
    }

    async fn totals(&self, app: &App) -> Result<Page, Error> {
        let found = totals::totals(app, self.year()?).await?;
        let sought = self.value("q").unwrap_or_default();
        let shown =
            |village: &&VillageRow| village.name.contains(sought) || village.town_name.contains(sought);
        let rows = found.villages.iter().filter(shown).map(village_cells);
        Ok((rows.collect(), None))
    }

    async fn prices(&self, app: &App) -> Result<Page, Error> {
        let slug = match self.value("produce") {
            Some(slug) => slug.to_owned(),
            // The page shows the first kind when it names none.
            None => match produce::list(app).await?.into_iter().next() {
                Some(kind) => kind.slug,
                None => return Ok((Vec::new(), None)),
            },
        };
        let found = price::months_of(app, &self.actor, &slug).await?;
        let unit = unit_cell(found.price_unit, found.piece_name.as_deref());
        let rows = found.months.iter().rev().map(|month| {
            let (year, of_year, _) = month.month.ymd();
            vec![
                Cell::Text(format!("{year}-{of_year:02}")),
                Cell::Fen(month.min_fen.0),
                Cell::Fen(month.median_fen.0),
                Cell::Fen(month.max_fen.0),
                unit.clone(),
                Cell::Int(month.villages),
                Cell::Int(month.offers),
            ]
        });
        Ok((rows.collect(), None))
    }
}

fn text(value: &str) -> Cell {
    if value.is_empty() {
        Cell::Empty
    } else {
        Cell::Text(value.to_owned())
    }
}

fn at(value: Option<Micros>) -> Cell {
    value.map_or(Cell::Empty, Cell::At)
}

fn unit_cell(unit: PriceUnit, piece: Option<&str>) -> Cell {
    text(unit.symbol(piece))
}

fn qty_cell(qty: Qty, unit: PriceUnit) -> Cell {
    Cell::Decimal(unit.format_qty_plain(qty))
}

/// What both tables of villages begin with.
fn village_cells(village: &VillageRow) -> Vec<Cell> {
    let done = permille(village.credited_fen, village.target_fen);
    vec![
        text(&village.town_name),
        text(&village.name),
        text(&village.code),
        text(if village.aided { "是" } else { "否" }),
        Cell::Fen(village.target_fen.0),
        Cell::Fen(village.credited_fen.0),
        Cell::Decimal(format!("{}.{}", done / 10, done % 10)),
    ]
}

fn good_row(card: &OfferCard) -> Vec<Cell> {
    let unit = unit_cell(card.price_unit, card.piece_name.as_deref());
    vec![
        text(&card.name),
        text(&card.grade),
        text(&card.town_name),
        text(&card.village_name),
        text(&card.village_code),
        Cell::Fen(card.price_fen.0),
        unit.clone(),
        Cell::Fen(card.village_fen.0),
        qty_cell(card.free, card.price_unit),
        unit,
        card.badge.map_or(Cell::Empty, |badge| text(badge.word(Lang::Zh))),
        card.expected_on.map_or(Cell::Empty, Cell::Day),
    ]
}

/// A line of what stands out: its kind, the village, and what there is to say.
struct Standing<'s> {
    kind: &'static str,
    village: [&'s str; 3],
    thing: &'s str,
    state: &'static str,
    day: Cell,
    sums: [Option<Fen>; 2],
}

impl Standing<'_> {
    fn cells(self) -> Vec<Cell> {
        let [town, village, code] = self.village;
        let mut cells = vec![
            text(self.kind),
            text(town),
            text(village),
            text(code),
            text(self.thing),
            text(self.state),
            self.day,
        ];
        cells.extend(
            self.sums
                .map(|sum| sum.map_or(Cell::Empty, |sum| Cell::Fen(sum.0))),
        );
        cells
    }
}

fn troubled(kind: &'static str, order: &TroubledOrder) -> Vec<Cell> {
    Standing {
        kind,
        village: [&order.town_name, &order.village_name, &order.village_code],
        thing: &order.number,
        state: order.status.word(Lang::Zh),
        day: Cell::At(order.confirm_by),
        sums: [Some(order.total_fen), None],
    }
    .cells()
}

/// Everything that stands out, in the order of the page.
fn exceptions(out: &ExceptionsOut) -> Vec<Vec<Cell>> {
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    rows.extend(
        out.late_answers
            .iter()
            .map(|order| troubled("还没答复的村单", order)),
    );
    rows.extend(out.far_below.iter().map(|row| {
        Standing {
            kind: "收入远低于去年同期",
            village: [&row.town_name, &row.name, &row.code],
            thing: "",
            state: "",
            day: Cell::Empty,
            sums: [Some(row.this_year_fen), Some(row.last_year_fen)],
        }
        .cells()
    }));
    rows.extend(out.certificates.iter().map(|row| {
        Standing {
            kind: "绿色食品证书快到期",
            village: [&row.town_name, &row.village_name, &row.village_code],
            thing: &row.name,
            state: "",
            day: Cell::Day(row.until),
            sums: [None, None],
        }
        .cells()
    }));
    rows.extend(
        out.lost_orders
            .iter()
            .map(|order| troubled("过期或谢绝的村单", order)),
    );
    rows.extend(out.without_offers.iter().map(|row| {
        Standing {
            kind: "没有在售货品的帮扶村",
            village: [&row.town_name, &row.name, &row.code],
            thing: "",
            state: "",
            day: at(row.last_offer_at),
            sums: [None, None],
        }
        .cells()
    }));
    rows
}

fn trail_row(row: &TrailRow) -> Vec<Cell> {
    let (entry, weighed) = (row.entry.as_ref(), row.acceptance.as_ref());
    let signer = |name: Option<&String>| name.map_or(Cell::Empty, |name| text(name));
    vec![
        text(&row.village_name),
        text(&row.village_code),
        text(&row.name),
        text(&row.lot_code),
        entry.map_or(Cell::Empty, |e| Cell::Fen(e.amount_fen.0)),
        entry.map_or(Cell::Empty, |e| Cell::Text(e.transaction_id.to_string())),
        entry.map_or(Cell::Empty, |e| Cell::Int(e.chain_seq)),
        entry.map_or(Cell::Empty, |e| text(&e.hash)),
        weighed.map_or(Cell::Empty, |a| text(&a.number)),
        weighed.map_or(Cell::Empty, |a| qty_cell(a.qty, row.price_unit)),
        unit_cell(row.price_unit, row.piece_name.as_deref()),
        weighed.map_or(Cell::Empty, |a| Cell::Fen(a.total_fen.0)),
        signer(weighed.and_then(|a| a.unit_person_name.as_ref())),
        at(weighed.and_then(|a| a.unit_signed_at)),
        signer(weighed.and_then(|a| a.centre_person_name.as_ref())),
        at(weighed.and_then(|a| a.centre_signed_at)),
        text(&row.village_order.number),
        text(&row.order.number),
        text(&row.order.unit_name),
        text(&row.order.requested_by_name),
        Cell::At(row.order.placed_at),
    ]
}
