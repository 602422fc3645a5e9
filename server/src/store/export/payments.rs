//! The lists of payments through a provider and of refunds by bank.

use super::lists::BASE;
use super::{Column, Filter, Key, Kind, List, Words};
use shared::domain::rights::Action;

/// Payments.
pub const PAYMENTS: List = List {
    title: "在线付款",
    action: Action::PaymentRead,
    from: "payments p join aid_units u on u.id = p.unit_id",
    unit: Some("p.unit_id"),
    columns: &[
        Column("付款号", "p.number", Kind::Text),
        Column("单位", "u.name", Kind::Text),
        Column("单位代码", "u.code", Kind::Text),
        Column("账单或订单号", "p.about_number", Kind::Text),
        Column("状态", "p.status", Kind::Word(Words::Payment)),
        Column("付款方式", "p.method", Kind::Word(Words::PayMethod)),
        Column("金额(元)", "p.amount_fen", Kind::Fen),
        Column("已退(元)", "p.refunded_fen", Kind::Fen),
        Column("平台手续费(元)", "p.fee_fen", Kind::Fen),
        Column("发起人", "p.asked_by_name", Kind::Text),
        Column("发起时间", "p.created_at", Kind::At),
        Column("到账时间", "p.paid_at", Kind::At),
        Column("平台付款单号", "p.charge_ref", Kind::Text),
    ],
    keys: &[Key::Int("p.created_at"), Key::Id("p.id")],
    filters: &[
        ("state", Filter::Is("p.status")),
        ("method", Filter::Is("p.method")),
        ("from", Filter::FromDay("p.created_at")),
        ("until", Filter::UntilDay("p.created_at")),
        (
            "number",
            Filter::That("(p.number like upper(?) || '%' or p.about_number like upper(?) || '%')"),
        ),
        ("bill", Filter::IdIs("p.bill_id")),
        ("order", Filter::IdIs("p.order_id")),
    ],
    ..BASE
};

/// Refunds by bank. The account is left out: who sends the money sees it on the refund's page.
pub const REFUND_ORDERS: List = List {
    title: "退款单",
    action: Action::RefundRead,
    from: "refund_orders r join aid_units u on u.id = r.unit_id left join claims c on c.id = r.claim_id",
    unit: Some("r.unit_id"),
    columns: &[
        Column("退款单号", "r.number", Kind::Text),
        Column("单位", "u.name", Kind::Text),
        Column("单位代码", "u.code", Kind::Text),
        Column("售后单号", "c.number", Kind::Text),
        Column("状态", "r.status", Kind::Word(Words::RefundOrder)),
        Column("金额(元)", "r.amount_fen", Kind::Fen),
        Column("原因", "r.reason", Kind::Text),
        Column("收款户名", "r.payee_name", Kind::Text),
        Column("开户行", "r.payee_bank", Kind::Text),
        Column("填单人", "r.prepared_by_name", Kind::Text),
        Column("填单时间", "r.prepared_at", Kind::At),
        Column("复核人", "r.released_by_name", Kind::Text),
        Column("复核时间", "r.released_at", Kind::At),
        Column("银行流水号", "r.bank_reference", Kind::Text),
        Column("付款时间", "r.sent_at", Kind::At),
        Column("撤销原因", "r.cancel_reason", Kind::Text),
    ],
    keys: &[Key::Int("r.prepared_at"), Key::Id("r.id")],
    filters: &[
        ("state", Filter::Is("r.status")),
        ("unit", Filter::IdIs("r.unit_id")),
        ("from", Filter::FromDay("r.prepared_at")),
        ("until", Filter::UntilDay("r.prepared_at")),
        (
            "number",
            Filter::That("(r.number like upper(?) || '%' or c.number like upper(?) || '%')"),
        ),
    ],
    ..BASE
};
