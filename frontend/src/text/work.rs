//! Long work in words.

use super::Lang;
use super::status::{MILLET, PERSIMMON, PINE, PLAIN, Status, WATER};
use shared::api::import::Register;
use shared::api::seller::SellerKind;
use shared::domain::certificate::CertificateKind;
use shared::domain::work::{ExportList, WorkKind, WorkState};

/// A register in a word.
#[must_use]
pub const fn register(lang: Lang, register: Register) -> &'static str {
    match register {
        Register::Towns => lang.t("乡镇", "Towns"),
        Register::Villages => lang.t("村庄", "Villages"),
        Register::Units => lang.t("帮扶单位", "Aid units"),
        Register::Pairings => lang.t("结对关系", "Pairings"),
        Register::Households => lang.t("低收入户", "Households"),
        Register::Sellers => lang.t("合作社", "Co-ops"),
        Register::Produce => lang.t("品种", "Produce"),
        Register::People => lang.t("人员", "People"),
        Register::Offers => lang.t("货品", "Goods"),
    }
}

/// A list in a word.
#[must_use]
pub const fn list(lang: Lang, list: ExportList) -> &'static str {
    match list {
        ExportList::Orders => lang.t("订单", "Orders"),
        ExportList::OrderLines => lang.t("订单明细", "Order lines"),
        ExportList::VillageOrders => lang.t("村单", "Village orders"),
        ExportList::Acceptances => lang.t("验收单", "Acceptances"),
        ExportList::AcceptanceLines => lang.t("验收明细", "Acceptance lines"),
        ExportList::Bills => lang.t("账单", "Bills"),
        ExportList::Invoices => lang.t("发票", "Invoices"),
        ExportList::Receipts => lang.t("银行到账", "Bank receipts"),
        ExportList::Settlements => lang.t("结算批次", "Settlement batches"),
        ExportList::SettlementItems => lang.t("结算单", "Settlements"),
        ExportList::SettlementLines => lang.t("结算明细", "Settlement lines"),
        ExportList::Reconciliations => lang.t("每日对账", "Reconciliations"),
        ExportList::PayeeAccounts => lang.t("收款账户", "Accounts"),
        ExportList::Offers => lang.t("货品", "Goods"),
        ExportList::Lots => lang.t("批次", "Lots"),
        ExportList::Incomes => lang.t("集体收入", "Collective income"),
        ExportList::RefundOrders => lang.t("退款单", "Refunds"),
        ExportList::Payments => lang.t("在线付款", "Payments"),
        ExportList::LedgerEntries => lang.t("账本分录", "Ledger entries"),
        ExportList::TrialBalance => lang.t("试算平衡表", "Trial balance"),
        ExportList::AccountBalances => lang.t("科目余额表", "Account balances"),
        ExportList::Months => lang.t("月结", "Closed months"),
        ExportList::Towns => lang.t("乡镇", "Towns"),
        ExportList::Villages => lang.t("村庄", "Villages"),
        ExportList::Units => lang.t("帮扶单位", "Aid units"),
        ExportList::Pairings => lang.t("结对关系", "Pairings"),
        ExportList::Households => lang.t("低收入户", "Households"),
        ExportList::Sellers => lang.t("销售主体", "Sellers"),
        ExportList::Produce => lang.t("品种", "Produce"),
        ExportList::People => lang.t("人员", "People"),
        ExportList::Audit => lang.t("操作记录", "Audit log"),
        ExportList::Works => lang.t("后台任务", "Long work"),
        ExportList::Approvals => lang.t("待审批", "To approve"),
        ExportList::Claims => lang.t("售后单", "Claims"),
        ExportList::ClaimLines => lang.t("售后明细", "Claim lines"),
        ExportList::Certificates => lang.t("证书", "Certificates"),
        ExportList::Statement => lang.t("收入明细", "Statement"),
        ExportList::Proposals => lang.t("待确认事项", "Proposals"),
        ExportList::Notices => lang.t("消息", "Notices"),
        ExportList::SavedSearches => lang.t("收藏的搜索", "Saved searches"),
        ExportList::Goods => lang.t("在售货品", "Goods on sale"),
        ExportList::Progress => lang.t("各村进度", "Villages' progress"),
        ExportList::Totals => lang.t("公开账", "Public totals"),
        ExportList::Exceptions => lang.t("需要关注的村", "What stands out"),
        ExportList::Prices => lang.t("价格走势", "Prices"),
        ExportList::Trail => lang.t("追溯", "Trail"),
    }
}

/// What a piece of work is about, by the stored name of its register or list.
#[must_use]
pub fn subject(lang: Lang, name: &str) -> &str {
    ExportList::from_name(name)
        .map(|known| list(lang, known))
        .or_else(|| Register::from_name(name).map(|known| register(lang, known)))
        .unwrap_or(name)
}

/// A kind of long work in a word.
#[must_use]
pub const fn kind(lang: Lang, kind: WorkKind) -> &'static str {
    match kind {
        WorkKind::Import => lang.t("导入", "Import"),
        WorkKind::Export => lang.t("导出", "Export"),
    }
}

/// What is certified, in a word.
#[must_use]
pub const fn certificate_kind(lang: Lang, kind: CertificateKind) -> &'static str {
    match kind {
        CertificateKind::GreenFood => lang.t("绿色食品", "Green food"),
        CertificateKind::Organic => lang.t("有机产品", "Organic"),
        CertificateKind::GeographicalIndication => lang.t("地理标志", "Protected origin"),
    }
}

/// What takes two administrators, by its stored name.
#[must_use]
pub fn proposal_kind(lang: Lang, name: &str) -> Option<&'static str> {
    match name {
        "grant" => Some(lang.t("授予身份", "Give the role")),
        "withdraw" => Some(lang.t("收回身份", "Withdraw the role")),
        "reset_second_factor" => Some(lang.t("重置两步验证", "Reset the second factor")),
        _ => None,
    }
}

/// A kind of seller in a word.
#[must_use]
pub const fn seller_kind(lang: Lang, kind: SellerKind) -> &'static str {
    match kind {
        SellerKind::VillageCollective => lang.t("村集体", "Village collective"),
        SellerKind::Coop => lang.t("合作社", "Co-op"),
        SellerKind::Centre => lang.t("绿食中心", "The centre"),
    }
}

impl Status for WorkState {
    fn word(self, lang: Lang) -> &'static str {
        match self {
            Self::Queued => lang.t("排队中", "Queued"),
            Self::Running => lang.t("进行中", "Under way"),
            Self::Waiting => lang.t("待您决定", "Your decision"),
            Self::Done => lang.t("已完成", "Done"),
            Self::Failed => lang.t("没有完成", "Failed"),
            Self::Stopped => lang.t("已停止", "Stopped"),
        }
    }

    fn tone(self) -> &'static str {
        match self {
            Self::Queued => PLAIN,
            Self::Running => WATER,
            Self::Waiting => MILLET,
            Self::Done => PINE,
            Self::Failed | Self::Stopped => PERSIMMON,
        }
    }
}

/// How to fill in a column of a register, in English; the Chinese stands with the column itself.
#[must_use]
pub const fn note(key: &str) -> &'static str {
    match key.as_bytes() {
        b"town_code" => "9 digits",
        b"village_code" => "12 digits; the first 9 are the town's code",
        b"unit_code" | b"seller_code" => "18 characters; the last one is checked",
        b"town" | b"village" | b"person" => "up to 40 characters",
        b"unit" | b"seller" => "up to 80 characters",
        b"kind" => "government, state_firm, hospital, school or other",
        b"address" => "where goods go, up to 200 characters",
        b"terms_days" => "1 to 60; 60 for firms and 30 for others when left empty",
        b"aided" | b"demo" => "yes or no",
        b"target_yuan" => "200000 for a new village when left empty",
        b"from" => "like 2026-01-01",
        b"until" => "the last day; empty while it lasts",
        b"household" => "as the village's register has it, up to 30 characters",
        b"slug" => "2 to 40 small letters, digits or -; it stays",
        b"produce" => "up to 20 characters",
        b"aliases" => "with commas between; goods are found by them too",
        b"category" => "as on the shelf, up to 10 characters",
        b"price_unit" => "jin, kg, or the name of a piece",
        b"price_yuan" => "yuan for one price unit",
        b"season" => "like 9-10; 11-3 over the new year; 1-12 for all year",
        b"mark" => "地理标志, 绿色食品 or 有机 make it found by that certificate",
        _ => "",
    }
}
