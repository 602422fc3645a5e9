//! The lists of money: what units owe and what paid it.

use super::super::{Column, Filter, Key, Kind, List, Words};
use super::BASE;
use shared::domain::rights::Action;

pub(super) const BILLS: List = List {
    title: "账单",
    action: Action::BillRead,
    from: "bills b join aid_units u on u.id = b.unit_id",
    unit: Some("b.unit_id"),
    columns: &[
        Column("账单号", "b.number", Kind::Text),
        Column("附言码", "b.transfer_code", Kind::Text),
        Column("单位", "u.name", Kind::Text),
        Column("单位代码", "u.code", Kind::Text),
        Column("开账方式", "b.kind", Kind::Word(Words::Billing)),
        Column("订单号", "b.order_number", Kind::Text),
        Column("账期首日", "cast(b.month_day as bigint)", Kind::Day),
        Column("状态", "b.status", Kind::Word(Words::Bill)),
        Column("开账时间", "b.issued_at", Kind::At),
        Column("付款期限", "cast(b.due_on as bigint)", Kind::Day),
        Column("村单数", "cast(b.items as bigint)", Kind::Int),
        Column("应付(元)", "b.total_fen", Kind::Fen),
        Column("售后减免(元)", "b.corrected_fen", Kind::Fen),
        Column("已付(元)", "b.paid_fen", Kind::Fen),
        Column(
            "未付(元)",
            "b.total_fen - b.corrected_fen - b.paid_fen",
            Kind::Fen,
        ),
        Column("付清时间", "b.paid_at", Kind::At),
    ],
    keys: &[Key::Int("b.issued_at"), Key::Id("b.id")],
    filters: &[
        ("state", Filter::Is("b.status")),
        ("unit", Filter::IdIs("b.unit_id")),
        ("number", Filter::Begins("b.number")),
        ("overdue", Filter::Overdue("b.paid_at is null and b.due_on < ?")),
    ],
    ..BASE
};

/// Receipts that wait for a second person; `?` is `1`.
const RECEIPTS_WAIT: &str = "(r.status in ('matched_by_hand', 'taking_back') and ? = '1')";

pub(super) const RECEIPTS: List = List {
    title: "银行到账",
    action: Action::ReceiptRead,
    from: "receipts r join bank_accounts a on a.id = r.account_id left join aid_units u on u.id = r.unit_id
        left join receipt_matches m on m.id = r.match_id",
    columns: &[
        Column("银行流水号", "r.bank_reference", Kind::Text),
        Column("收款账户", "a.name", Kind::Text),
        Column("入账时间", "r.booked_at", Kind::At),
        Column("对方户名", "r.payer_name", Kind::Text),
        Column("对方账号", "r.payer_account", Kind::Text),
        Column("附言", "r.remark", Kind::Text),
        Column("金额(元)", "r.amount_fen", Kind::Fen),
        Column("状态", "r.status", Kind::Word(Words::Receipt)),
        Column("单位", "u.name", Kind::Text),
        Column("付账单(元)", "m.paid_fen", Kind::Fen),
        Column("转预存款(元)", "m.deposit_fen", Kind::Fen),
        Column("匹配人", "m.proposed_by_name", Kind::Text),
        Column("复核人", "m.decided_by_name", Kind::Text),
        Column("导入时间", "r.imported_at", Kind::At),
    ],
    keys: &[Key::Int("r.booked_at"), Key::Id("r.id")],
    filters: &[
        ("state", Filter::Is("r.status")),
        ("waits", Filter::That(RECEIPTS_WAIT)),
        ("account", Filter::IdIs("r.account_id")),
        ("unit", Filter::IdIs("r.unit_id")),
        ("from", Filter::FromDay("r.booked_at")),
        ("until", Filter::UntilDay("r.booked_at")),
        ("q", Filter::That(crate::store::receipt::NAMED)),
    ],
    ..BASE
};

/// Invoices whose sum is no longer that of the bill; `?` is `1`.
const INVOICES_UNTIED: &str = "(n.red_of is null and n.status in ('requested', 'issued', 'received') and ? = '1'
    and n.amount_fen <> (select cast(coalesce(sum(i.amount_fen - i.corrected_fen), 0) as bigint) from bill_items i
        join village_orders w on w.id = i.village_order_id where i.bill_id = n.bill_id and w.seller_id = n.seller_id))";

pub(super) const INVOICES: List = List {
    title: "发票",
    action: Action::InvoiceRead,
    from: "invoices n join bills b on b.id = n.bill_id join aid_units u on u.id = n.unit_id
        join sellers s on s.id = n.seller_id left join invoices o on o.id = n.red_of",
    unit: Some("n.unit_id"),
    columns: &[
        Column("发票号码", "n.invoice_no", Kind::Text),
        Column("状态", "n.status", Kind::Word(Words::Invoice)),
        Column("种类", "n.kind", Kind::Word(Words::InvoiceKind)),
        Column("销售方", "s.name", Kind::Text),
        Column("销售方类型", "s.kind", Kind::Word(Words::Seller)),
        Column("购买方", "u.name", Kind::Text),
        Column("发票抬头", "n.title", Kind::Text),
        Column("纳税人识别号", "n.tax_no", Kind::Text),
        Column("账单号", "b.number", Kind::Text),
        Column("开票日期", "cast(n.issued_on as bigint)", Kind::Day),
        Column("免税", "case when n.exempt then 1 else 0 end", Kind::Yes),
        Column("税率(万分之)", "cast(n.rate_bp as bigint)", Kind::Int),
        Column("价税合计(元)", "n.amount_fen", Kind::Fen),
        Column("税额(元)", "n.tax_fen", Kind::Fen),
        Column("冲销的发票", "o.invoice_no", Kind::Text),
        Column("申请人", "n.requested_by_name", Kind::Text),
        Column("申请时间", "n.requested_at", Kind::At),
        Column("收票时间", "n.received_at", Kind::At),
    ],
    keys: &[Key::Int("n.requested_at"), Key::Id("n.id")],
    filters: &[
        ("state", Filter::Is("n.status")),
        ("unit", Filter::IdIs("n.unit_id")),
        ("number", Filter::Is("n.invoice_no")),
        ("untied", Filter::That(INVOICES_UNTIED)),
    ],
    ..BASE
};
