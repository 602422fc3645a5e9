//! States in words, each with the tone that colours it.

use super::Lang;
use shared::api::acceptance::{AcceptanceStatus, VarianceReason};
use shared::api::catalogue::Badge;
use shared::api::income::MoneyState;
use shared::api::order::FundType;
use shared::api::village_order::BoardKey;
use shared::domain::bill::{BillStatus, Billing, PayWay};
use shared::domain::claim::ClaimStatus;
use shared::domain::ledger::{AccountKind, IncomeSource, TransactionKind};
use shared::domain::offer::{OfferStatus, VersionStatus};
use shared::domain::order::OrderStatus;
use shared::domain::paper::PaperKind;
use shared::domain::village_order::VillageOrderStatus;

/// Done, credited, certified.
pub const PINE: &str = "tone-pine";
/// Late, short, refused.
pub const PERSIMMON: &str = "tone-persimmon";
/// Waiting.
pub const MILLET: &str = "tone-millet";
/// Settled, on its way, information.
pub const WATER: &str = "tone-water";
/// Neutral.
pub const PLAIN: &str = "tone-plain";

/// A value that people see as a word in a colour.
pub trait Status: Copy {
    /// The word.
    fn word(self, lang: Lang) -> &'static str;
    /// The class of its colour.
    fn tone(self) -> &'static str {
        PLAIN
    }
}

impl Status for OfferStatus {
    fn word(self, lang: Lang) -> &'static str {
        match self {
            Self::Draft => lang.t("草稿", "Draft"),
            Self::Submitted => lang.t("待审核", "In review"),
            Self::Published => lang.t("在售", "On sale"),
            Self::Returned => lang.t("已退回", "Returned"),
            Self::Paused => lang.t("暂停", "Paused"),
            Self::Ended => lang.t("已下架", "Ended"),
        }
    }

    fn tone(self) -> &'static str {
        match self {
            Self::Draft | Self::Ended => PLAIN,
            Self::Submitted | Self::Paused => MILLET,
            Self::Published => PINE,
            Self::Returned => PERSIMMON,
        }
    }
}

impl Status for VersionStatus {
    fn word(self, lang: Lang) -> &'static str {
        match self {
            Self::Draft => lang.t("改动未提交", "Change drafted"),
            Self::Submitted => lang.t("改动待审核", "Change in review"),
            Self::Published => lang.t("在售", "On sale"),
            Self::Returned => lang.t("改动已退回", "Change returned"),
            Self::Superseded => lang.t("旧版", "Superseded"),
        }
    }

    fn tone(self) -> &'static str {
        match self {
            Self::Draft | Self::Superseded => PLAIN,
            Self::Submitted => MILLET,
            Self::Published => PINE,
            Self::Returned => PERSIMMON,
        }
    }
}

impl Status for OrderStatus {
    fn word(self, lang: Lang) -> &'static str {
        match self {
            Self::Requested => lang.t("待审批", "Waiting for approval"),
            Self::Approved => lang.t("已批准", "Approved"),
            Self::Rejected => lang.t("未批准", "Rejected"),
            Self::Placed => lang.t("待村确认", "At the villages"),
            Self::Confirmed => lang.t("已确认", "Confirmed"),
            Self::PartConfirmed => lang.t("部分确认", "Partly confirmed"),
            Self::Delivered => lang.t("待验收", "Delivered"),
            Self::Accepted => lang.t("已验收", "Accepted"),
            Self::AcceptedWithVariance => lang.t("验收有差异", "Accepted with variance"),
            Self::Closed => lang.t("已完成", "Closed"),
            Self::Cancelled => lang.t("已取消", "Cancelled"),
        }
    }

    fn tone(self) -> &'static str {
        match self {
            Self::Requested | Self::Placed | Self::PartConfirmed | Self::AcceptedWithVariance => MILLET,
            Self::Approved | Self::Confirmed | Self::Delivered | Self::Closed => WATER,
            Self::Accepted => PINE,
            Self::Rejected => PERSIMMON,
            Self::Cancelled => PLAIN,
        }
    }
}

impl Status for VillageOrderStatus {
    fn word(self, lang: Lang) -> &'static str {
        match self {
            Self::Offered => lang.t("待确认", "To answer"),
            Self::Confirmed => lang.t("已确认", "Confirmed"),
            Self::Shorted => lang.t("部分确认", "Partly confirmed"),
            Self::Declined => lang.t("已谢绝", "Declined"),
            Self::Expired => lang.t("已过期", "Expired"),
            Self::Cancelled => lang.t("已取消", "Cancelled"),
            Self::Packed => lang.t("已备货", "Packed"),
            Self::Collected => lang.t("配送中", "On the way"),
            Self::Delivered => lang.t("待验收", "Delivered"),
            Self::Accepted => lang.t("已验收", "Accepted"),
            Self::PartRejected => lang.t("部分拒收", "Partly refused"),
            Self::Credited => lang.t("已入账", "Credited"),
            Self::Settled => lang.t("已结算", "Settled"),
        }
    }

    fn tone(self) -> &'static str {
        match self {
            Self::Offered | Self::Shorted => MILLET,
            Self::Confirmed | Self::Packed | Self::Collected | Self::Delivered | Self::Settled => WATER,
            Self::Accepted | Self::Credited => PINE,
            Self::Declined | Self::Expired | Self::PartRejected => PERSIMMON,
            Self::Cancelled => PLAIN,
        }
    }
}

impl Status for BoardKey {
    fn word(self, lang: Lang) -> &'static str {
        match self {
            Self::Waiting => lang.t("待确认", "To answer"),
            Self::Confirmed => lang.t("已确认待备货", "Confirmed, to pack"),
            Self::Packed => lang.t("待收货", "To collect"),
            Self::OnTheWay => lang.t("配送中", "On the way"),
            Self::AtTheDoor => lang.t("待验收", "At the door"),
        }
    }
}

impl Status for AcceptanceStatus {
    fn word(self, lang: Lang) -> &'static str {
        match self {
            Self::Open => lang.t("待验收", "To accept"),
            Self::Signed => lang.t("待另一方签字", "One signature"),
            Self::Posted => lang.t("已入账", "Credited"),
        }
    }

    fn tone(self) -> &'static str {
        match self {
            Self::Open => PLAIN,
            Self::Signed => MILLET,
            Self::Posted => PINE,
        }
    }
}

impl Status for ClaimStatus {
    fn word(self, lang: Lang) -> &'static str {
        match self {
            Self::Opened => lang.t("待中心答复", "Open"),
            Self::Agreed => lang.t("已同意", "Agreed"),
            Self::Refused => lang.t("未同意", "Refused"),
            Self::Posted => lang.t("已冲减", "Corrected"),
        }
    }

    fn tone(self) -> &'static str {
        match self {
            Self::Opened => MILLET,
            Self::Agreed => PINE,
            Self::Refused => PERSIMMON,
            Self::Posted => WATER,
        }
    }
}

impl Status for BillStatus {
    fn word(self, lang: Lang) -> &'static str {
        match self {
            Self::Unbilled => lang.t("未开账", "Not billed"),
            Self::Billed => lang.t("待付款", "To be paid"),
            Self::PartPaid => lang.t("部分已付", "Part paid"),
            Self::Paid => lang.t("已付清", "Paid"),
        }
    }

    fn tone(self) -> &'static str {
        match self {
            Self::Unbilled => PLAIN,
            Self::Billed | Self::PartPaid => MILLET,
            Self::Paid => PINE,
        }
    }
}

impl Status for Billing {
    fn word(self, lang: Lang) -> &'static str {
        match self {
            Self::Order => lang.t("按单开账", "By order"),
            Self::Month => lang.t("按月开账", "By month"),
        }
    }
}

impl Status for PayWay {
    fn word(self, lang: Lang) -> &'static str {
        match self {
            Self::Bank => lang.t("银行转账", "Bank transfer"),
            Self::Online => lang.t("在线支付", "Online"),
            Self::Deposit => lang.t("预存款抵扣", "From the deposit"),
        }
    }
}

impl Status for VarianceReason {
    fn word(self, lang: Lang) -> &'static str {
        match self {
            Self::Weighing => lang.t("称重差", "Weighing difference"),
            Self::Damaged => lang.t("破损", "Damaged"),
            Self::Quality => lang.t("品质不符", "Quality"),
            Self::Missing => lang.t("缺货", "Missing"),
            Self::StillToCome => lang.t("余量下次送", "The rest comes later"),
            Self::Other => lang.t("其他", "Other"),
        }
    }

    fn tone(self) -> &'static str {
        match self {
            Self::Weighing | Self::StillToCome => MILLET,
            Self::Damaged | Self::Quality | Self::Missing | Self::Other => PERSIMMON,
        }
    }
}

impl Status for MoneyState {
    fn word(self, lang: Lang) -> &'static str {
        match self {
            Self::Unpaid => lang.t("待付", "Unpaid"),
            Self::Paid => lang.t("已付", "Paid"),
            Self::Settled => lang.t("已拨付", "Settled"),
            Self::Correction => lang.t("冲减", "Correction"),
        }
    }

    fn tone(self) -> &'static str {
        match self {
            Self::Unpaid => MILLET,
            Self::Paid => PINE,
            Self::Settled => WATER,
            Self::Correction => PLAIN,
        }
    }
}

impl Status for Badge {
    fn word(self, lang: Lang) -> &'static str {
        match self {
            Self::Geographical => lang.t("地理标志", "Protected origin"),
            Self::GreenFood => lang.t("绿色食品", "Green food"),
            Self::Organic => lang.t("有机产品", "Organic"),
            Self::Paired => lang.t("结对村", "Paired village"),
            Self::Urgent => lang.t("急售", "Urgent"),
        }
    }

    fn tone(self) -> &'static str {
        match self {
            Self::Geographical | Self::GreenFood | Self::Organic => PINE,
            Self::Paired => WATER,
            Self::Urgent => PERSIMMON,
        }
    }
}

impl Status for FundType {
    fn word(self, lang: Lang) -> &'static str {
        match self {
            Self::Canteen => lang.t("食堂采购", "Canteen"),
            Self::Union => lang.t("工会福利", "Trade union welfare"),
            Self::Budget => lang.t("公务采购", "Budget"),
            Self::Other => lang.t("捐赠或其他", "Donation or other"),
        }
    }
}

impl Status for IncomeSource {
    fn word(self, lang: Lang) -> &'static str {
        match self {
            Self::Sale => lang.t("销售收入", "Sales"),
            Self::Buyback => lang.t("保底收购", "Buyback"),
            Self::Dividend => lang.t("项目分红", "Dividends"),
            Self::Rent => lang.t("租赁（自报，附凭证）", "Rent (declared)"),
            Self::OtherDeclared => lang.t("其他（自报，附凭证）", "Other (declared)"),
        }
    }

    fn tone(self) -> &'static str {
        match self {
            Self::Sale => PINE,
            Self::Buyback => PERSIMMON,
            Self::Dividend => MILLET,
            Self::Rent => PLAIN,
            Self::OtherDeclared => WATER,
        }
    }
}

impl Status for TransactionKind {
    fn word(self, lang: Lang) -> &'static str {
        match self {
            Self::Acceptance => lang.t("验收入账", "Acceptance credit"),
            Self::PrepaidApplied => lang.t("预付款抵扣", "Prepayment used"),
            Self::ReceiptImported => lang.t("银行到账", "Bank receipt"),
            Self::ReceiptMatched => lang.t("到账对上账单", "Receipt matched"),
            Self::StripePayment => lang.t("Stripe 付款", "Stripe payment"),
            Self::StripeFee => lang.t("Stripe 手续费", "Stripe fee"),
            Self::StripePayout => lang.t("Stripe 提现到银行", "Stripe payout"),
            Self::Claim => lang.t("售后冲减", "Claim"),
            Self::Refund => lang.t("退款", "Refund"),
            Self::SettlementSent => lang.t("结算已送银行", "Settlement sent"),
            Self::SettlementConfirmed => lang.t("结算已到村", "Settlement paid"),
            Self::SettlementBounced => lang.t("结算退回", "Settlement bounced"),
            Self::Buyback => lang.t("保底收购", "Buyback"),
            Self::BuybackResale => lang.t("收购品再售", "Buyback resale"),
            Self::Dividend => lang.t("项目分红", "Dividend"),
            Self::DeclaredIncome => lang.t("自营收入申报", "Declared income"),
            Self::Reversal => lang.t("冲正", "Reversal"),
        }
    }

    fn tone(self) -> &'static str {
        match self {
            Self::Acceptance
            | Self::PrepaidApplied
            | Self::ReceiptMatched
            | Self::StripePayment
            | Self::Buyback
            | Self::BuybackResale => PINE,
            Self::ReceiptImported
            | Self::StripeFee
            | Self::StripePayout
            | Self::SettlementSent
            | Self::SettlementConfirmed => WATER,
            Self::Dividend | Self::DeclaredIncome => MILLET,
            Self::Claim | Self::Refund | Self::SettlementBounced | Self::Reversal => PERSIMMON,
        }
    }
}

impl Status for PaperKind {
    fn word(self, lang: Lang) -> &'static str {
        match self {
            Self::Acceptance => lang.t("验收单", "Acceptance"),
            Self::Bill => lang.t("账单", "Bill"),
            Self::Settlement => lang.t("结算单", "Settlement"),
            Self::Certificate => lang.t("年度采购证明", "Purchase certificate"),
            Self::Income => lang.t("村集体收入对账单", "Statement of collective income"),
        }
    }
}

impl Status for AccountKind {
    fn word(self, lang: Lang) -> &'static str {
        match self {
            Self::UnitReceivable => lang.t("应收单位款", "Unit receivable"),
            Self::UnitDeposit => lang.t("单位预付款", "Unit deposit"),
            Self::VillagePayable => lang.t("应付村集体", "Village payable"),
            Self::HouseholdPayable => lang.t("应付农户", "Household payable"),
            Self::CoopPayable => lang.t("应付合作社", "Co-op payable"),
            Self::CentreFee => lang.t("中心服务费", "Centre fee"),
            Self::Bank => lang.t("银行存款", "Bank"),
            Self::Suspense => lang.t("待查款", "Suspense"),
            Self::StripeClearing => lang.t("Stripe 清算", "Stripe clearing"),
            Self::StripeFees => lang.t("Stripe 手续费", "Stripe fees"),
            Self::InTransit => lang.t("在途结算", "In transit"),
            Self::CentreInventory => lang.t("中心库存", "Centre inventory"),
            Self::BuybackResult => lang.t("收购损益", "Buyback result"),
            Self::ProjectPool => lang.t("项目收益池", "Project pool"),
            Self::VillageOwnBooks => lang.t("村自有账（备查）", "Village's own books (memo)"),
            Self::DeclaredIncome => lang.t("申报收入（备查）", "Declared income (memo)"),
        }
    }
}
