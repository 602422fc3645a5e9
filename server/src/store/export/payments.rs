//! The list of payments through a provider.

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
