//! The lists themselves. Days and small counts are cast to `bigint`, so that every number is read in one way.

mod books;
mod money;
mod people;
mod settlement;
mod trade;

use super::payments::{PAYMENTS, REFUND_ORDERS};
use super::{Column, Filter, Key, Kind, List, Named, Words};
use books::{ACCOUNT_BALANCES, INCOMES, LEDGER_ENTRIES, MONTHS, TRIAL_BALANCE};
use shared::domain::rights::Action;
use shared::domain::work::ExportList;

/// The list of a name; `None` for one that is computed.
#[must_use]
pub const fn of(list: ExportList) -> Option<&'static List> {
    Some(match list {
        ExportList::Orders => &ORDERS,
        ExportList::OrderLines => &ORDER_LINES,
        ExportList::VillageOrders => &VILLAGE_ORDERS,
        ExportList::Acceptances => &ACCEPTANCES,
        ExportList::AcceptanceLines => &ACCEPTANCE_LINES,
        ExportList::Bills => &money::BILLS,
        ExportList::Receipts => &money::RECEIPTS,
        ExportList::Settlements => &settlement::SETTLEMENTS,
        ExportList::SettlementItems => &settlement::SETTLEMENT_ITEMS,
        ExportList::SettlementLines => &settlement::SETTLEMENT_LINES,
        ExportList::Reconciliations => &settlement::RECONCILIATIONS,
        ExportList::PayeeAccounts => &settlement::PAYEE_ACCOUNTS,
        ExportList::Invoices => &money::INVOICES,
        ExportList::Offers => &OFFERS,
        ExportList::Lots => &LOTS,
        ExportList::Incomes => &INCOMES,
        ExportList::Payments => &PAYMENTS,
        ExportList::RefundOrders => &REFUND_ORDERS,
        ExportList::LedgerEntries => &LEDGER_ENTRIES,
        ExportList::TrialBalance => &TRIAL_BALANCE,
        ExportList::AccountBalances => &ACCOUNT_BALANCES,
        ExportList::Months => &MONTHS,
        ExportList::Towns => &TOWNS,
        ExportList::Villages => &VILLAGES,
        ExportList::Units => &UNITS,
        ExportList::Pairings => &PAIRINGS,
        ExportList::Households => &HOUSEHOLDS,
        ExportList::Sellers => &SELLERS,
        ExportList::Produce => &PRODUCE,
        ExportList::People => &people::PEOPLE,
        ExportList::Audit => &people::AUDIT,
        ExportList::Works => &people::WORKS,
        ExportList::Approvals => &trade::APPROVALS,
        ExportList::Claims => &trade::CLAIMS,
        ExportList::ClaimLines => &trade::CLAIM_LINES,
        ExportList::Certificates => &trade::CERTIFICATES,
        ExportList::Statement => &trade::STATEMENT,
        ExportList::Proposals => &people::PROPOSALS,
        ExportList::Notices => &people::NOTICES,
        ExportList::SavedSearches => &people::SAVED_SEARCHES,
        // These are not one statement: services/export/computed.rs writes them.
        ExportList::Goods
        | ExportList::Progress
        | ExportList::Totals
        | ExportList::Exceptions
        | ExportList::Prices
        | ExportList::Trail => return None,
    })
}

/// What a list is unless it says otherwise.
pub(super) const BASE: List = List {
    title: "",
    action: Action::SelfRead,
    from: "",
    unit: None,
    village: None,
    of_villages: None,
    person: None,
    audience: None,
    only: "",
    columns: &[],
    keys: &[],
    falling: true,
    filters: &[],
};

/// Orders with a part of a village, and requests that ask for one.
const WITH_VILLAGE: &str =
    "o.id in (select w.order_id from village_orders w join villages x on x.code = w.village_code
            where x.code = ? or x.name = ? or x.name = ? || '村'
        union all select r.order_id from request_lines r join villages x on x.code = r.village_code
            where x.code = ? or x.name = ? or x.name = ? || '村')";
/// What stands on the centre's board.
const ON_BOARD: &str = "vo.status in ('offered', 'confirmed', 'shorted', 'packed', 'collected', 'delivered')
    and ? = '1'";

const ORDERS: List = List {
    title: "订单",
    action: Action::OrderRead,
    from: "orders o join aid_units u on u.id = o.unit_id",
    unit: Some("o.unit_id"),
    columns: &[
        Column("订单号", "o.number", Kind::Text),
        Column("单位", "u.name", Kind::Text),
        Column("单位代码", "u.code", Kind::Text),
        Column("状态", "o.status", Kind::Word(Words::Order)),
        Column("下单时间", "o.placed_at", Kind::At),
        Column("要货日期", "cast(o.wanted_on as bigint)", Kind::Day),
        Column("村数", "cast(o.villages as bigint)", Kind::Int),
        Column("订单金额(元)", "o.total_fen", Kind::Fen),
        Column("实收金额(元)", "o.accepted_fen", Kind::Fen),
        Column("经办人", "o.requested_by_name", Kind::Text),
        Column("收货地址", "o.address", Kind::Text),
        Column("备注", "o.note", Kind::Text),
    ],
    keys: &[Key::Int("o.placed_at"), Key::Id("o.id")],
    filters: &[
        ("state", Filter::Is("o.status")),
        ("from", Filter::FromDay("o.placed_at")),
        ("until", Filter::UntilDay("o.placed_at")),
        ("number", Filter::Begins("o.number")),
        ("village", Filter::That(WITH_VILLAGE)),
    ],
    ..BASE
};

const ORDER_LINES: List = List {
    title: "订单明细",
    action: Action::OrderRead,
    from: "order_lines l join orders o on o.id = l.order_id join aid_units u on u.id = o.unit_id
        join village_orders vo on vo.id = l.village_order_id join villages v on v.code = l.village_code
        join towns t on t.code = v.town_code",
    unit: Some("l.unit_id"),
    village: Some("l.village_code"),
    columns: &[
        Column("订单号", "o.number", Kind::Text),
        Column("村单号", "vo.number", Kind::Text),
        Column("单位", "u.name", Kind::Text),
        Column("乡镇", "t.name", Kind::Text),
        Column("村", "v.name", Kind::Text),
        Column("村代码", "l.village_code", Kind::Text),
        Column("货品", "l.name", Kind::Text),
        Column("批次", "l.lot_code", Kind::Text),
        Column("单价(元)", "l.price_fen", Kind::Fen),
        Column("订购数量", "l.qty", Kind::Qty),
        Column("单位", "coalesce(l.piece_name, l.price_unit)", Kind::Unit),
        Column("确认数量", "l.confirmed_qty", Kind::Qty),
        Column("单位", "coalesce(l.piece_name, l.price_unit)", Kind::Unit),
        Column("实收数量", "l.accepted_qty", Kind::Qty),
        Column("单位", "coalesce(l.piece_name, l.price_unit)", Kind::Unit),
        Column("订购金额(元)", "l.total_fen", Kind::Fen),
        Column("实收金额(元)", "l.accepted_fen", Kind::Fen),
        Column("下单时间", "o.placed_at", Kind::At),
    ],
    keys: &[Key::Int("o.placed_at"), Key::Id("l.id")],
    filters: &[
        ("state", Filter::Is("o.status")),
        ("from", Filter::FromDay("o.placed_at")),
        ("until", Filter::UntilDay("o.placed_at")),
        ("number", Filter::Begins("o.number")),
        ("village", Filter::That(WITH_VILLAGE)),
    ],
    ..BASE
};

const VILLAGE_ORDERS: List = List {
    title: "村单",
    action: Action::VillageOrderRead,
    from: "village_orders vo join villages v on v.code = vo.village_code join towns t on t.code = v.town_code
        join aid_units u on u.id = vo.unit_id",
    unit: Some("vo.unit_id"),
    village: Some("vo.village_code"),
    columns: &[
        Column("村单号", "vo.number", Kind::Text),
        Column("订单号", "vo.order_number", Kind::Text),
        Column("单位", "u.name", Kind::Text),
        Column("乡镇", "t.name", Kind::Text),
        Column("村", "v.name", Kind::Text),
        Column("村代码", "vo.village_code", Kind::Text),
        Column("状态", "vo.status", Kind::Word(Words::VillageOrder)),
        Column("发给村里", "vo.offered_at", Kind::At),
        Column("答复期限", "vo.confirm_by", Kind::At),
        Column("要货日期", "cast(vo.wanted_on as bigint)", Kind::Day),
        Column("货品", "vo.goods", Kind::Text),
        Column("金额(元)", "vo.total_fen", Kind::Fen),
        Column("确认金额(元)", "vo.confirmed_fen", Kind::Fen),
        Column("实收金额(元)", "vo.accepted_fen", Kind::Fen),
        Column("车辆", "vo.vehicle", Kind::Text),
    ],
    keys: &[Key::Int("vo.offered_at"), Key::Id("vo.id")],
    filters: &[
        ("state", Filter::Is("vo.status")),
        ("from", Filter::FromDay("vo.offered_at")),
        ("until", Filter::UntilDay("vo.offered_at")),
        ("number", Filter::Begins("vo.number")),
        (
            "village",
            Filter::That("(v.code = ? or v.name = ? or v.name = ? || '村')"),
        ),
        ("board", Filter::That(ON_BOARD)),
        ("day", Filter::OnDay("vo.wanted_on")),
    ],
    ..BASE
};

const ACCEPTANCES: List = List {
    title: "验收单",
    action: Action::OrderRead,
    from: "acceptances a join orders o on o.id = a.order_id join aid_units u on u.id = a.unit_id",
    unit: Some("a.unit_id"),
    columns: &[
        Column("验收单号", "a.number", Kind::Text),
        Column("订单号", "o.number", Kind::Text),
        Column("单位", "u.name", Kind::Text),
        Column("状态", "a.status", Kind::Word(Words::Acceptance)),
        Column("应收金额(元)", "a.expected_fen", Kind::Fen),
        Column("实收金额(元)", "a.accepted_fen", Kind::Fen),
        Column("单位签字人", "a.unit_person_name", Kind::Text),
        Column("中心签字人", "a.centre_person_name", Kind::Text),
        Column("建立时间", "a.created_at", Kind::At),
        Column("入账时间", "a.posted_at", Kind::At),
    ],
    keys: &[Key::Int("a.created_at"), Key::Id("a.id")],
    filters: &[
        ("state", Filter::Is("a.status")),
        ("from", Filter::FromDay("coalesce(a.posted_at, a.created_at)")),
        ("until", Filter::UntilDay("coalesce(a.posted_at, a.created_at)")),
        ("number", Filter::Begins("a.number")),
    ],
    ..BASE
};

const ACCEPTANCE_LINES: List = List {
    title: "验收明细",
    action: Action::AcceptanceRead,
    from: "acceptance_lines al join acceptances a on a.id = al.acceptance_id
        join order_lines l on l.id = al.line_id join orders o on o.id = a.order_id
        join aid_units u on u.id = a.unit_id join villages v on v.code = al.village_code",
    unit: Some("a.unit_id"),
    village: Some("al.village_code"),
    columns: &[
        Column("验收单号", "a.number", Kind::Text),
        Column("订单号", "o.number", Kind::Text),
        Column("单位", "u.name", Kind::Text),
        Column("村", "v.name", Kind::Text),
        Column("村代码", "al.village_code", Kind::Text),
        Column("货品", "l.name", Kind::Text),
        Column("批次", "l.lot_code", Kind::Text),
        Column("单价(元)", "l.price_fen", Kind::Fen),
        Column("实收数量", "al.qty", Kind::Qty),
        Column("单位", "coalesce(l.piece_name, l.price_unit)", Kind::Unit),
        Column("实收金额(元)", "al.total_fen", Kind::Fen),
        Column("村集体(元)", "al.village_fen", Kind::Fen),
        Column("供货方(元)", "al.supplier_fen", Kind::Fen),
        Column("服务费(元)", "al.fee_fen", Kind::Fen),
        Column("差异原因", "al.reason", Kind::Word(Words::Variance)),
        Column("备注", "al.remark", Kind::Text),
        Column("入账时间", "a.posted_at", Kind::At),
    ],
    keys: &[
        Key::Int("a.created_at"),
        Key::Id("al.acceptance_id"),
        Key::Id("al.line_id"),
    ],
    filters: &[
        ("state", Filter::Is("a.status")),
        ("from", Filter::FromDay("coalesce(a.posted_at, a.created_at)")),
        ("until", Filter::UntilDay("coalesce(a.posted_at, a.created_at)")),
        ("number", Filter::Begins("a.number")),
        (
            "category",
            Filter::That("l.produce in (select p.slug from produce p where p.category = ?)"),
        ),
        ("town", Filter::Is("v.town_code")),
        ("village", Filter::Is("al.village_code")),
        ("unit", Filter::IdIs("a.unit_id")),
    ],
    ..BASE
};

const OFFERS: List = List {
    title: "货品",
    action: Action::OfferRead,
    from: "offers f join villages v on v.code = f.village_code join towns t on t.code = f.town_code",
    village: Some("f.village_code"),
    columns: &[
        Column("货品", "f.name", Kind::Text),
        Column("等级", "f.grade", Kind::Text),
        Column("乡镇", "t.name", Kind::Text),
        Column("村", "v.name", Kind::Text),
        Column("村代码", "f.village_code", Kind::Text),
        Column("类别", "f.category", Kind::Text),
        Column("状态", "f.status", Kind::Word(Words::Offer)),
        Column("单价(元)", "f.price_fen", Kind::Fen),
        Column("计价单位", "coalesce(f.piece_name, f.price_unit)", Kind::Unit),
        Column("村集体每单位(元)", "f.village_fen", Kind::Fen),
        Column("证书到期", "cast(f.certificate_until as bigint)", Kind::Day),
        Column("首次上架", "nullif(f.published_at, 0)", Kind::At),
        Column("最近变动", "f.changed_at", Kind::At),
    ],
    keys: &[Key::Int("f.changed_at"), Key::Id("f.id")],
    filters: &[("state", Filter::OfferState), ("q", Filter::Goods("f."))],
    ..BASE
};

const LOTS: List = List {
    title: "批次",
    action: Action::OfferRead,
    from: "lots l join offers f on f.id = l.offer_id join villages v on v.code = l.village_code",
    village: Some("l.village_code"),
    columns: &[
        Column("批次", "l.code", Kind::Text),
        Column("货品", "f.name", Kind::Text),
        Column("村", "v.name", Kind::Text),
        Column("村代码", "l.village_code", Kind::Text),
        Column("采收日期", "cast(l.harvested_on as bigint)", Kind::Day),
        Column("保质到", "cast(l.good_until as bigint)", Kind::Day),
        Column("数量", "l.qty", Kind::Qty),
        Column("单位", "coalesce(f.piece_name, f.price_unit)", Kind::Unit),
        Column("已订", "l.reserved", Kind::Qty),
        Column("单位", "coalesce(f.piece_name, f.price_unit)", Kind::Unit),
        Column("已售", "l.sold", Kind::Qty),
        Column("单位", "coalesce(f.piece_name, f.price_unit)", Kind::Unit),
        Column("登记时间", "l.created_at", Kind::At),
    ],
    keys: &[Key::Int("l.created_at"), Key::Id("l.id")],
    filters: &[("state", Filter::OfferState), ("q", Filter::Goods("f."))],
    ..BASE
};

const TOWNS: List = List {
    title: "乡镇",
    from: "towns t",
    columns: &[
        Column("乡镇代码", "t.code", Kind::Text),
        Column("乡镇名称", "t.name", Kind::Text),
        Column(
            "村数",
            "(select count(*) from villages v where v.town_code = t.code)",
            Kind::Int,
        ),
    ],
    keys: &[Key::Text("t.code")],
    falling: false,
    ..BASE
};

const VILLAGES: List = List {
    title: "村庄",
    from: "villages v join towns t on t.code = v.town_code",
    columns: &[
        Column("村代码", "v.code", Kind::Text),
        Column("村名称", "v.name", Kind::Text),
        Column("乡镇代码", "v.town_code", Kind::Text),
        Column("乡镇", "t.name", Kind::Text),
        Column("帮扶村", "case when v.aided then 1 else 0 end", Kind::Yes),
        Column("年度目标(元)", "v.target_fen", Kind::Fen),
    ],
    keys: &[Key::Text("v.code")],
    falling: false,
    filters: &[
        ("town", Filter::Is("v.town_code")),
        ("q", Filter::Found(&[(Named::Villages, "v.code")])),
    ],
    ..BASE
};

const UNITS: List = List {
    title: "帮扶单位",
    action: Action::RegisterRead,
    from: "aid_units u",
    columns: &[
        Column("单位代码", "u.code", Kind::Text),
        Column("单位名称", "u.name", Kind::Text),
        Column("类别", "u.kind", Kind::Word(Words::UnitKind)),
        Column("地址", "u.address", Kind::Text),
        Column("账期(天)", "cast(u.terms_days as bigint)", Kind::Int),
        Column("示例单位", "case when u.demo then 1 else 0 end", Kind::Yes),
    ],
    keys: &[Key::Text("u.code")],
    falling: false,
    filters: &[
        ("q", Filter::Found(&[(Named::Units, "u.code")])),
        ("kind", Filter::Is("u.kind")),
    ],
    ..BASE
};

const PAIRINGS: List = List {
    title: "结对",
    action: Action::RegisterRead,
    from: "pairings p join aid_units u on u.id = p.unit_id join villages v on v.code = p.village_code",
    columns: &[
        Column("单位代码", "u.code", Kind::Text),
        Column("单位", "u.name", Kind::Text),
        Column("村代码", "p.village_code", Kind::Text),
        Column("村", "v.name", Kind::Text),
        Column("开始日期", "cast(p.from_day as bigint)", Kind::Day),
        Column("结束日期", "cast(p.until_day as bigint)", Kind::Day),
    ],
    keys: &[
        Key::Text("p.village_code"),
        Key::Id("p.unit_id"),
        Key::Int("cast(p.from_day as bigint)"),
    ],
    falling: false,
    filters: &[
        ("village", Filter::Is("p.village_code")),
        ("unit", Filter::IdIs("p.unit_id")),
        ("town", Filter::Is("v.town_code")),
        (
            "q",
            Filter::Found(&[(Named::Units, "u.code"), (Named::Villages, "p.village_code")]),
        ),
    ],
    ..BASE
};

const HOUSEHOLDS: List = List {
    title: "低收入户",
    action: Action::HouseholdRead,
    from: "households h join villages v on v.code = h.village_code join towns t on t.code = v.town_code",
    village: Some("h.village_code"),
    columns: &[
        Column("村代码", "h.village_code", Kind::Text),
        Column("户主", "h.name", Kind::Text),
        Column("乡镇", "t.name", Kind::Text),
        Column("村", "v.name", Kind::Text),
    ],
    keys: &[Key::Text("h.village_code"), Key::Id("h.id")],
    falling: false,
    filters: &[
        ("village", Filter::Is("h.village_code")),
        ("town", Filter::Is("v.town_code")),
        ("q", Filter::Found(&[(Named::Households, "h.id")])),
    ],
    ..BASE
};

const SELLERS: List = List {
    title: "销售主体",
    action: Action::RegisterRead,
    from: "sellers s left join villages v on v.code = s.village_code",
    columns: &[
        Column("统一社会信用代码", "s.code", Kind::Text),
        Column("名称", "s.name", Kind::Text),
        Column("类别", "s.kind", Kind::Word(Words::Seller)),
        Column("村代码", "s.village_code", Kind::Text),
        Column("村", "v.name", Kind::Text),
    ],
    keys: &[Key::Text("coalesce(s.village_code, '')"), Key::Id("s.id")],
    falling: false,
    filters: &[
        ("kind", Filter::Is("s.kind")),
        ("town", Filter::Is("v.town_code")),
        ("q", Filter::Found(&[(Named::Sellers, "s.id")])),
    ],
    ..BASE
};

const PRODUCE: List = List {
    title: "品种",
    from: "produce p",
    columns: &[
        Column("代号", "p.slug", Kind::Text),
        Column("品种", "p.name", Kind::Text),
        Column("别名", "replace(p.aliases, ',', '、')", Kind::Text),
        Column("类别", "p.category", Kind::Text),
        Column("计价单位", "coalesce(p.piece_name, p.price_unit)", Kind::Unit),
        Column("参考价(元)", "p.typical_price_fen", Kind::Fen),
        Column("当季月份", "cast(p.season as bigint)", Kind::Months),
        Column("标志", "p.mark", Kind::Text),
    ],
    keys: &[Key::Int("cast(p.position as bigint)"), Key::Text("p.slug")],
    falling: false,
    ..BASE
};
