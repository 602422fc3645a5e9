//! Long work in words.

use super::Lang;
use super::status::{MILLET, PERSIMMON, PINE, PLAIN, Status, WATER};
use shared::api::import::Register;
use shared::api::seller::SellerKind;
use shared::domain::work::{ExportList, WorkState};

/// A register in a word.
#[must_use]
pub const fn register(lang: Lang, register: Register) -> &'static str {
    match register {
        Register::Towns => lang.t("乡镇", "Towns"),
        Register::Villages => lang.t("村庄", "Villages"),
        Register::Units => lang.t("帮扶单位", "Aid units"),
        Register::Pairings => lang.t("结对关系", "Pairings"),
        Register::Households => lang.t("低收入户", "Households"),
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
        ExportList::Offers => lang.t("货品", "Goods"),
        ExportList::Lots => lang.t("批次", "Lots"),
        ExportList::Incomes => lang.t("集体收入", "Collective income"),
        ExportList::Payments => lang.t("在线付款", "Payments"),
        ExportList::LedgerEntries => lang.t("账本分录", "Ledger entries"),
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
