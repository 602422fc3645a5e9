//! The lists of settlements: batches, payees' parts, the lines behind them, payees' accounts.

use super::super::{Column, Filter, Key, Kind, List, Words};
use super::BASE;
use shared::domain::rights::Action;

pub(super) const SETTLEMENTS: List = List {
    title: "结算批次",
    action: Action::SettlementBatch,
    from: "settlement_batches b",
    columns: &[
        Column("批次号", "b.number", Kind::Text),
        Column("状态", "b.status", Kind::Word(Words::Batch)),
        Column("含垫付", "case when b.advance then 1 else 0 end", Kind::Yes),
        Column("入账截至", "cast(b.until_day as bigint)", Kind::Day),
        Column("户数", "b.items", Kind::Int),
        Column("金额(元)", "b.total_fen", Kind::Fen),
        Column("已到账户数", "b.confirmed_items", Kind::Int),
        Column("已到账(元)", "b.confirmed_fen", Kind::Fen),
        Column("退回户数", "b.bounced_items", Kind::Int),
        Column("退回(元)", "b.bounced_fen", Kind::Fen),
        Column("编制人", "b.prepared_by_name", Kind::Text),
        Column("编制时间", "b.prepared_at", Kind::At),
        Column("复核人", "b.released_by_name", Kind::Text),
        Column("复核时间", "b.released_at", Kind::At),
        Column("送银行时间", "b.sent_at", Kind::At),
        Column("办结时间", "b.done_at", Kind::At),
    ],
    keys: &[Key::Int("b.prepared_at"), Key::Id("b.id")],
    filters: &[("state", Filter::Is("b.status"))],
    ..BASE
};

/// What of them villages and towns see: nothing that nobody has released, and no town a household's.
const OWN: &str = "(substr(i.village_code, 1, length(?)) = ? and i.status <> 'open'
    and (i.payee_kind <> 'household' or length(?) = 12))";

pub(super) const SETTLEMENT_ITEMS: List = List {
    title: "结算单",
    action: Action::SettlementRead,
    from: "settlement_items i join settlement_batches b on b.id = i.batch_id join villages v on v.code = i.village_code
        join towns t on t.code = v.town_code",
    of_villages: Some(OWN),
    columns: &[
        Column("结算单号", "i.reference", Kind::Text),
        Column("批次号", "b.number", Kind::Text),
        Column("收款方类别", "i.payee_kind", Kind::Word(Words::Payee)),
        Column("收款方", "i.payee_name", Kind::Text),
        Column("乡镇", "t.name", Kind::Text),
        Column("村", "v.name", Kind::Text),
        Column("村编码", "i.village_code", Kind::Text),
        Column("笔数", "i.lines", Kind::Int),
        Column("冲减(元)", "i.back_fen", Kind::Fen),
        Column("金额(元)", "i.amount_fen", Kind::Fen),
        Column("户名", "i.account_name", Kind::Text),
        Column("账号后四位", "substr(i.account_no, length(i.account_no) - 3)", Kind::Text),
        Column("开户行", "i.bank_name", Kind::Text),
        Column("状态", "i.status", Kind::Word(Words::Settlement)),
        Column("银行原因", "i.reason", Kind::Text),
        Column("编制时间", "i.prepared_at", Kind::At),
        Column("银行处理时间", "i.decided_at", Kind::At),
    ],
    keys: &[Key::Int("i.prepared_at"), Key::Id("i.id")],
    filters: &[
        ("state", Filter::Is("i.status")),
        ("batch", Filter::IdIs("i.batch_id")),
    ],
    ..BASE
};

pub(super) const SETTLEMENT_LINES: List = List {
    title: "结算明细",
    action: Action::SettlementRead,
    from: "settlement_lines l join settlement_items i on i.id = l.item_id
        join payables p on p.village_code = l.village_code and p.source_id = l.source_id and p.subject_id = l.subject_id
            and p.payee_kind = i.payee_kind and p.payee = i.payee
        join villages v on v.code = l.village_code left join village_orders w on w.id = l.subject_id
        left join aid_units u on u.id = p.unit_id left join claims c on c.id = l.source_id",
    of_villages: Some(OWN),
    columns: &[
        Column("结算单号", "i.reference", Kind::Text),
        Column("收款方类别", "i.payee_kind", Kind::Word(Words::Payee)),
        Column("收款方", "i.payee_name", Kind::Text),
        Column("村", "v.name", Kind::Text),
        Column("单据", "p.source_kind", Kind::Word(Words::Object)),
        Column("单据号", "p.source_number", Kind::Text),
        Column("入账时间", "p.credited_at", Kind::At),
        Column("货品", "w.goods", Kind::Text),
        Column("采购单位", "u.name", Kind::Text),
        Column("冲减原因", "c.answer", Kind::Text),
        Column("金额(元)", "l.amount_fen", Kind::Fen),
        Column("状态", "i.status", Kind::Word(Words::Settlement)),
    ],
    keys: &[
        Key::Int("i.prepared_at"),
        Key::Id("i.id"),
        Key::Text("l.village_code"),
        Key::Id("l.source_id"),
        Key::Id("l.subject_id"),
    ],
    filters: &[
        ("state", Filter::Is("i.status")),
        ("batch", Filter::IdIs("i.batch_id")),
    ],
    ..BASE
};

pub(super) const PAYEE_ACCOUNTS: List = List {
    title: "收款账户",
    action: Action::PayeeAccountRead,
    from: "payee_accounts a join villages v on v.code = a.village_code join towns t on t.code = v.town_code
        left join households h on h.id = a.payee_id left join sellers s on s.id = a.payee_id",
    village: Some("a.village_code"),
    columns: &[
        Column("收款方类别", "a.payee_kind", Kind::Word(Words::Payee)),
        Column(
            "收款方",
            "case a.payee_kind when 'village' then v.name else coalesce(h.name, s.name) end",
            Kind::Text,
        ),
        Column("乡镇", "t.name", Kind::Text),
        Column("村", "v.name", Kind::Text),
        Column("村编码", "a.village_code", Kind::Text),
        Column("户名", "a.account_name", Kind::Text),
        Column(
            "账号后四位",
            "substr(a.account_no, length(a.account_no) - 3)",
            Kind::Text,
        ),
        Column("开户行", "a.bank_name", Kind::Text),
        Column("联行号", "a.cnaps", Kind::Text),
        Column("录入人", "a.changed_by_name", Kind::Text),
        Column("录入时间", "a.changed_at", Kind::At),
        Column("核对人", "a.checked_by_name", Kind::Text),
        Column("核对时间", "a.checked_at", Kind::At),
    ],
    keys: &[
        Key::Text("a.village_code"),
        Key::Text("a.payee_kind"),
        Key::Text("a.payee"),
    ],
    falling: false,
    filters: &[
        ("kind", Filter::Is("a.payee_kind")),
        ("missing", Filter::That("(a.checked_at is null and ? = '1')")),
    ],
    ..BASE
};

pub(super) const RECONCILIATIONS: List = List {
    title: "每日对账",
    action: Action::BooksRead,
    from: "reconciliations r",
    columns: &[
        Column("日期", "cast(r.day as bigint)", Kind::Day),
        Column("账平", "case when r.balanced then 1 else 0 end", Kind::Yes),
        Column("时间", "r.at", Kind::At),
        Column("谁", "coalesce(r.by_name, '系统')", Kind::Text),
        Column("明细", "r.lines", Kind::Text),
    ],
    keys: &[Key::Int("cast(r.day as bigint)"), Key::Int("r.at")],
    ..BASE
};
