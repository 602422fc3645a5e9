//! Lists of the books.

use super::BASE;
use crate::store::export::{Column, Filter, Key, Kind, List, Words};
use shared::domain::rights::Action;

pub(super) const INCOMES: List = List {
    title: "集体收入",
    action: Action::IncomeRead,
    from: "village_incomes i join villages v on v.code = i.village_code join towns t on t.code = v.town_code",
    village: Some("i.village_code"),
    columns: &[
        Column("乡镇", "t.name", Kind::Text),
        Column("村", "v.name", Kind::Text),
        Column("村代码", "i.village_code", Kind::Text),
        Column("年", "cast(i.year as bigint)", Kind::Int),
        Column("月", "cast(i.month as bigint)", Kind::Int),
        Column("来源", "i.income_source", Kind::Word(Words::Source)),
        Column("入账(元)", "i.amount_fen", Kind::Fen),
        Column("笔数", "i.entries", Kind::Int),
        Column("年度目标(元)", "v.target_fen", Kind::Fen),
    ],
    keys: &[
        Key::Text("i.village_code"),
        Key::Int("cast(i.year as bigint)"),
        Key::Int("cast(i.month as bigint)"),
        Key::Text("i.income_source"),
    ],
    falling: false,
    filters: &[
        ("year", Filter::NumberIs("i.year")),
        ("town", Filter::Is("v.town_code")),
    ],
    ..BASE
};

pub(super) const LEDGER_ENTRIES: List = List {
    title: "账本分录",
    action: Action::LedgerRead,
    from: "ledger_entries e join ledger_transactions t on t.id = e.transaction_id
        left join villages v on v.code = e.village_code",
    village: Some("e.village_code"),
    columns: &[
        Column("记账时间", "t.recorded_at", Kind::At),
        Column("生效时间", "t.effective_at", Kind::At),
        Column("业务", "t.kind", Kind::Word(Words::Transaction)),
        Column("凭证", "t.document_number", Kind::Text),
        Column("序号", "cast(e.seq as bigint)", Kind::Int),
        Column("科目", "e.account_kind", Kind::Word(Words::Account)),
        Column("对象", "e.owner", Kind::Owner),
        Column("村", "v.name", Kind::Text),
        Column("村代码", "e.village_code", Kind::Text),
        Column("收入来源", "e.income_source", Kind::Word(Words::Source)),
        Column("金额(元)", "e.amount_fen", Kind::Fen),
        Column("记账人", "t.actor_name", Kind::Text),
    ],
    keys: &[
        Key::Int("t.recorded_at"),
        Key::Id("e.transaction_id"),
        Key::Int("cast(e.seq as bigint)"),
    ],
    filters: &[
        ("year", Filter::Year("t.effective_at")),
        ("town", Filter::Is("substr(e.village_code, 1, 9)")),
        ("account", Filter::Is("e.account_kind")),
        ("owner", Filter::Is("e.owner")),
        ("at", Filter::AsOf),
        ("by", Filter::AsOfBy),
    ],
    ..BASE
};

pub(super) const TRIAL_BALANCE: List = List {
    title: "试算平衡表",
    action: Action::BooksRead,
    from: "(select e.account_kind,
            cast(sum(case when e.amount_fen > 0 then e.amount_fen else 0 end) as bigint) as debit_fen,
            cast(sum(case when e.amount_fen < 0 then -e.amount_fen else 0 end) as bigint) as credit_fen,
            cast(sum(e.amount_fen) as bigint) as balance_fen, count(*) as entries
        from ledger_entries e join ledger_transactions t on t.id = e.transaction_id where 1 = 1{inside}
        group by e.account_kind) s",
    columns: &[
        Column("科目", "s.account_kind", Kind::Word(Words::Account)),
        Column("借方(元)", "s.debit_fen", Kind::Fen),
        Column("贷方(元)", "s.credit_fen", Kind::Fen),
        Column("余额(元)", "s.balance_fen", Kind::Fen),
        Column("分录数", "s.entries", Kind::Int),
    ],
    keys: &[Key::Text("s.account_kind")],
    falling: false,
    filters: &[("at", Filter::AsOf), ("by", Filter::AsOfBy)],
    ..BASE
};

pub(super) const ACCOUNT_BALANCES: List = List {
    title: "科目余额表",
    action: Action::BooksRead,
    from: "(select e.account_kind, e.owner,
            cast(sum(case when e.amount_fen > 0 then e.amount_fen else 0 end) as bigint) as debit_fen,
            cast(sum(case when e.amount_fen < 0 then -e.amount_fen else 0 end) as bigint) as credit_fen,
            cast(sum(e.amount_fen) as bigint) as balance_fen, count(*) as entries
        from ledger_entries e join ledger_transactions t on t.id = e.transaction_id where 1 = 1{inside}
        group by e.account_kind, e.owner) s",
    columns: &[
        Column("科目", "s.account_kind", Kind::Word(Words::Account)),
        Column("对象", "s.owner", Kind::Owner),
        Column("对象代码", "s.owner", Kind::Text),
        Column("借方(元)", "s.debit_fen", Kind::Fen),
        Column("贷方(元)", "s.credit_fen", Kind::Fen),
        Column("余额(元)", "s.balance_fen", Kind::Fen),
        Column("分录数", "s.entries", Kind::Int),
    ],
    keys: &[Key::Text("s.account_kind"), Key::Text("s.owner")],
    falling: false,
    filters: &[
        ("account", Filter::Is("s.account_kind")),
        ("at", Filter::AsOf),
        ("by", Filter::AsOfBy),
    ],
    ..BASE
};

pub(super) const MONTHS: List = List {
    title: "月结",
    action: Action::BooksRead,
    from: "period_closes p",
    columns: &[
        Column("月份", "cast(p.month as bigint)", Kind::Int),
        Column("结账时间", "p.closed_at", Kind::At),
        Column("结账人", "p.closed_by_name", Kind::Text),
        Column("分录数", "p.entries", Kind::Int),
        Column("发生额(元)", "p.moved_fen", Kind::Fen),
        Column("余额表指纹", "p.trial_hash", Kind::Text),
        Column("公钥", "p.key_id", Kind::Text),
    ],
    keys: &[Key::Int("cast(p.month as bigint)")],
    ..BASE
};
