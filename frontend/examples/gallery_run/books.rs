//! The books: income of a village, income of many, a transaction, the checks.

use crate::{Gallery, at, cx, id, today};
use frontend::shell::Frame;
use frontend::views::{income, ledger};
use shared::api::income::{
    ChainHead, IncomeOut, MoneyState, OverviewOut, OverviewRow, SourceSum, StatementLine,
};
use shared::api::ledger::{CheckOut, EntryOut, TransactionOut, VerifyOut};
use shared::api::page::Page;
use shared::api::town::TownOut;
use shared::api::village::VillageRow;
use shared::domain::identity::Role;
use shared::domain::ledger::{AccountKind, IncomeSource, TransactionKind};
use shared::domain::money::Fen;
use shared::domain::price::PriceUnit;
use shared::domain::quantity::Qty;
use std::io;

/// A village.
pub fn village(code: &str, name: &str, credited: i64) -> VillageRow {
    VillageRow {
        code: code.to_owned(),
        name: name.to_owned(),
        town_code: "120119120".to_owned(),
        town_name: "出头岭镇".to_owned(),
        aided: true,
        target_fen: Fen(20_000_000),
        credited_fen: Fen(credited),
        offers: 3,
    }
}

fn line(n: i64, days: i32, title: &str, unit: &str, qty: i64, state: MoneyState) -> StatementLine {
    StatementLine {
        seq: n,
        transaction_id: id(700),
        kind: TransactionKind::Acceptance,
        day: today().add_days(-days),
        title: title.to_owned(),
        unit_name: Some(unit.to_owned()),
        qty: Some(Qty(qty)),
        price_fen: Some(Fen(500)),
        price_unit: Some(PriceUnit::Jin),
        piece_name: None,
        amount_fen: Fen(qty),
        state,
        document_kind: if qty < 0 { "claim" } else { "acceptance" }.to_owned(),
        document_id: id(600),
        document_number: format!("Y11{:02}-0{n}", 23 - days),
    }
}

fn the_income() -> IncomeOut {
    let months = [
        4_200, 2_100, 6_800, 9_500, 8_100, 11_200, 12_400, 10_900, 14_800, 19_600, 28_040, 0,
    ];
    IncomeOut {
        village: village("120119120214", "官场村", 17_600_000),
        year: 2026,
        years: vec![2026, 2025],
        sources: [
            (IncomeSource::Sale, 12_764_000),
            (IncomeSource::Dividend, 3_500_000),
            (IncomeSource::OtherDeclared, 1_336_000),
        ]
        .map(|(source, fen)| SourceSum {
            source,
            amount_fen: Fen(fen),
        })
        .to_vec(),
        total_fen: Fen(17_600_000),
        credited_fen: Fen(12_764_000),
        paid_fen: Fen(10_321_000),
        settled_fen: Fen(9_680_000),
        acceptances: 47,
        months: months.map(|yuan| Fen(yuan * 100)).to_vec(),
        statement: Page {
            items: vec![
                line(7, 2, "香菇 一级", "示例医院", 129_200, MoneyState::Unpaid),
                line(6, 5, "白灵菇", "示例中学", 60_000, MoneyState::Settled),
                line(
                    5,
                    8,
                    "香菇 · 退差 1.6 斤",
                    "示例医院",
                    -800,
                    MoneyState::Correction,
                ),
                line(4, 11, "香菇 一级", "示例机关食堂", 250_000, MoneyState::Paid),
            ],
            next: Some("k".to_owned()),
        },
        chain: ChainHead {
            length: 63,
            hash: "9f2c".repeat(16),
        },
    }
}

fn the_overview() -> OverviewOut {
    let rows = [
        ("官场村", 17_600_000),
        ("中峪村", 20_480_000),
        ("东店子村", 3_120_000),
        ("西梁各庄村", 0),
    ];
    OverviewOut {
        year: 2026,
        town: None,
        credited_fen: Fen(341_280_650),
        paid_fen: Fen(302_000_000),
        settled_fen: Fen(281_000_000),
        distribution: vec![92, 60, 41, 35, 28, 20, 14, 9, 6, 4, 6],
        page: Page {
            items: rows
                .iter()
                .enumerate()
                .map(|(n, (name, fen))| OverviewRow {
                    village: village(&format!("12011912021{n}"), name, *fen),
                    credited_fen: Fen(*fen),
                    paid_fen: Fen(fen / 10 * 8),
                    settled_fen: Fen(fen / 10 * 7),
                    acceptances: fen / 400_000,
                })
                .collect(),
            next: Some("k".to_owned()),
        },
    }
}

fn the_transaction() -> TransactionOut {
    let entry = |seq, account, owner: &str, fen, village: Option<&str>| EntryOut {
        seq,
        account,
        owner: owner.to_owned(),
        amount_fen: Fen(fen),
        village_code: village.map(str::to_owned),
        source: village.map(|_| IncomeSource::Sale),
        chain_seq: village.map(|_| 63),
        hash: village.map(|_| "9f2c".repeat(16)),
    };
    TransactionOut {
        id: id(700),
        kind: TransactionKind::Acceptance,
        document_kind: "acceptance".to_owned(),
        document_id: id(600),
        effective_at: at(47),
        recorded_at: at(47),
        actor_name: "孙某某".to_owned(),
        reverses: None,
        entries: vec![
            entry(0, AccountKind::UnitReceivable, "示例医院", 409_700, None),
            entry(
                1,
                AccountKind::VillagePayable,
                "120119120214",
                -129_200,
                Some("120119120214"),
            ),
            entry(
                2,
                AccountKind::VillagePayable,
                "120119108001",
                -200_000,
                Some("120119108001"),
            ),
            entry(
                3,
                AccountKind::VillagePayable,
                "120119201001",
                -60_500,
                Some("120119201001"),
            ),
            entry(4, AccountKind::HouseholdPayable, "017", -20_000, None),
        ],
    }
}

/// Writes the pages.
pub fn write(gallery: &Gallery) -> io::Result<()> {
    let village = |path| cx(Role::VillageLister, "出头岭镇 官场村", path);
    let auditor = |path| cx(Role::Auditor, "全区", path);
    gallery.write("income", &village("/income/120119120214"), Frame::Full, |cx| {
        income::income(cx, &the_income())
    })?;
    let towns: Vec<TownOut> = ["出头岭镇", "官庄镇"]
        .iter()
        .enumerate()
        .map(|(n, name)| TownOut {
            code: format!("12011912{n}"),
            name: (*name).to_owned(),
            villages: 30,
        })
        .collect();
    gallery.write("overview", &auditor("/income"), Frame::Full, |cx| {
        income::overview(cx, &the_overview(), &towns)
    })?;
    gallery.write(
        "transaction",
        &auditor("/ledger/transactions/x"),
        Frame::Full,
        |cx| ledger::transaction(cx, &the_transaction()),
    )?;
    let check = |name: &str, wrong: Option<&str>| CheckOut {
        name: name.to_owned(),
        looked_at: 12_408,
        wrong: wrong.map(str::to_owned),
    };
    let result = VerifyOut {
        clean: false,
        checks: vec![
            check("entries_sum_to_zero", None),
            check("balances_match_entries", None),
            check("chains_whole", Some("120119120214 #41: hash differs")),
        ],
    };
    gallery.write("verify", &auditor("/verify"), Frame::Full, |cx| {
        ledger::verify(cx, Some(&result))
    })
}
