//! Lists around orders: what waits for an approval, claims, certificates, a village's statement.

use super::super::{Column, Filter, Key, Kind, List, Words};
use super::BASE;
use shared::domain::rights::Action;

pub(super) const APPROVALS: List = List {
    title: "待审批",
    action: Action::OrderRead,
    from: "orders o join aid_units u on u.id = o.unit_id",
    unit: Some("o.unit_id"),
    only: "o.status = 'requested'",
    columns: &[
        Column("订单号", "o.number", Kind::Text),
        Column("单位", "u.name", Kind::Text),
        Column("经办人", "o.requested_by_name", Kind::Text),
        Column("提交时间", "o.placed_at", Kind::At),
        Column("版次", "cast(o.revision as bigint)", Kind::Int),
        Column("库存保留到", "o.hold_until", Kind::At),
        Column("要货日期", "cast(o.wanted_on as bigint)", Kind::Day),
        Column("村数", "cast(o.villages as bigint)", Kind::Int),
        Column("金额(元)", "o.total_fen", Kind::Fen),
        Column("收货地址", "o.address", Kind::Text),
        Column("备注", "o.note", Kind::Text),
    ],
    keys: &[Key::Int("o.placed_at"), Key::Id("o.id")],
    ..BASE
};

/// A village or a town reads the claims that dispute goods of its own.
const CLAIM_OF_VILLAGES: &str = "exists (select 1 from claim_lines x
    where x.claim_id = c.id and substr(x.village_code, 1, length(?)) = ?)";

pub(super) const CLAIMS: List = List {
    title: "售后单",
    action: Action::ClaimRead,
    from: "claims c join aid_units u on u.id = c.unit_id join orders o on o.id = c.order_id",
    unit: Some("c.unit_id"),
    of_villages: Some(CLAIM_OF_VILLAGES),
    columns: &[
        Column("售后单号", "c.number", Kind::Text),
        Column("验收单号", "c.acceptance_number", Kind::Text),
        Column("订单号", "o.number", Kind::Text),
        Column("单位", "u.name", Kind::Text),
        Column("状态", "c.status", Kind::Word(Words::Claim)),
        Column("提出人", "c.opened_by_name", Kind::Text),
        Column("提出时间", "c.opened_at", Kind::At),
        Column("答复期限", "cast(c.answer_by as bigint)", Kind::Day),
        Column("要求(元)", "c.asked_fen", Kind::Fen),
        Column("同意(元)", "c.agreed_fen", Kind::Fen),
        Column("决定人", "c.answered_by_name", Kind::Text),
        Column("决定时间", "c.answered_at", Kind::At),
        Column("理由", "c.answer", Kind::Text),
    ],
    keys: &[Key::Int("c.opened_at"), Key::Id("c.id")],
    filters: &[
        ("state", Filter::Is("c.status")),
        (
            "overdue",
            Filter::Overdue("c.status = 'opened' and c.answer_by < ?"),
        ),
    ],
    ..BASE
};

pub(super) const CLAIM_LINES: List = List {
    title: "售后明细",
    action: Action::ClaimRead,
    from: "claim_lines cl join claims c on c.id = cl.claim_id join order_lines l on l.id = cl.line_id
        join aid_units u on u.id = c.unit_id join villages v on v.code = cl.village_code",
    unit: Some("c.unit_id"),
    village: Some("cl.village_code"),
    columns: &[
        Column("售后单号", "c.number", Kind::Text),
        Column("单位", "u.name", Kind::Text),
        Column("村", "v.name", Kind::Text),
        Column("村代码", "cl.village_code", Kind::Text),
        Column("货品", "l.name", Kind::Text),
        Column("批次", "l.lot_code", Kind::Text),
        Column("原因", "cl.reason", Kind::Word(Words::Variance)),
        Column("要退数量", "cl.qty", Kind::Qty),
        Column("单位", "coalesce(l.piece_name, l.price_unit)", Kind::Unit),
        Column("要求(元)", "cl.asked_fen", Kind::Fen),
        Column("同意(元)", "cl.agreed_fen", Kind::Fen),
        Column("状态", "c.status", Kind::Word(Words::Claim)),
        Column("提出时间", "c.opened_at", Kind::At),
    ],
    keys: &[
        Key::Int("c.opened_at"),
        Key::Id("cl.claim_id"),
        Key::Id("cl.line_id"),
    ],
    filters: &[("state", Filter::Is("c.status"))],
    ..BASE
};

pub(super) const CERTIFICATES: List = List {
    title: "快到期的证书",
    action: Action::OfferRead,
    from: "offers f join offer_versions s on s.id = f.live_version join villages v on v.code = f.village_code
        join towns t on t.code = v.town_code",
    village: Some("f.village_code"),
    only: "f.status in ('published', 'paused') and f.certificate_until is not null",
    columns: &[
        Column("货品", "f.name", Kind::Text),
        Column("等级", "f.grade", Kind::Text),
        Column("乡镇", "t.name", Kind::Text),
        Column("村", "v.name", Kind::Text),
        Column("村代码", "f.village_code", Kind::Text),
        Column(
            "证书",
            "coalesce(f.certificate_kind, 'green_food')",
            Kind::Word(Words::Certificate),
        ),
        Column("证书编号", "s.certificate_no", Kind::Text),
        Column("到期日", "cast(f.certificate_until as bigint)", Kind::Day),
        Column(
            "已提醒村里",
            "case when f.certificate_told = f.certificate_until then 1 else 0 end",
            Kind::Yes,
        ),
        Column("状态", "f.status", Kind::Word(Words::Offer)),
    ],
    keys: &[Key::Int("cast(f.certificate_until as bigint)"), Key::Id("f.id")],
    falling: false,
    ..BASE
};

/// How far the money of a line has come; what is settled was paid.
const MONEY: &str = "((? = 'correction' and e.amount_fen > 0) or (e.amount_fen < 0 and (
    (? = 'unpaid' and p.paid_at is null and p.settled_at is null)
    or (? = 'paid' and p.paid_at is not null) or (? = 'settled' and p.settled_at is not null))))";

pub(super) const STATEMENT: List = List {
    title: "收入明细",
    action: Action::IncomeRead,
    from: "ledger_entries e join ledger_transactions t on t.id = e.transaction_id
        join villages v on v.code = e.village_code
        left join order_lines l on l.id = e.line_id
        left join payables p on p.village_code = e.village_code and p.source_id = t.document_id
            and p.subject_id = l.village_order_id and p.payee_kind = 'village' and p.payee = e.village_code
        left join aid_units u on u.id = l.unit_id
        left join acceptance_lines a on a.line_id = e.line_id and a.acceptance_id = t.document_id",
    village: Some("e.village_code"),
    only: "e.chain_seq is not null",
    columns: &[
        Column("村", "v.name", Kind::Text),
        Column("村代码", "e.village_code", Kind::Text),
        Column("账链节号", "e.chain_seq", Kind::Int),
        Column("生效时间", "t.effective_at", Kind::At),
        Column("业务", "t.kind", Kind::Word(Words::Transaction)),
        Column("货品", "l.name", Kind::Text),
        Column("采购单位", "u.name", Kind::Text),
        Column("实收数量", "a.qty", Kind::Qty),
        Column("单位", "coalesce(l.piece_name, l.price_unit, '')", Kind::Unit),
        Column("单价(元)", "l.price_fen", Kind::Fen),
        Column("村集体入账(元)", "0 - e.amount_fen", Kind::Fen),
        Column(
            "到账",
            "case when e.amount_fen > 0 then 'correction' when p.settled_at is not null then 'settled'
                when p.paid_at is not null then 'paid' else 'unpaid' end",
            Kind::Word(Words::Money),
        ),
        Column("凭证", "t.document_number", Kind::Text),
        Column("凭证类别", "t.document_kind", Kind::Word(Words::Object)),
    ],
    keys: &[Key::Text("e.village_code"), Key::Int("e.chain_seq")],
    filters: &[
        ("village", Filter::Is("e.village_code")),
        ("source", Filter::Is("e.income_source")),
        ("money", Filter::That(MONEY)),
        ("from", Filter::FromDay("t.effective_at")),
        ("until", Filter::UntilDay("t.effective_at")),
    ],
    ..BASE
};
