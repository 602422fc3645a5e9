//! Receipts in words.

use super::Lang;
use super::status::{MILLET, PERSIMMON, PINE, PLAIN, Status, WATER};
use shared::domain::receipt::statement::StatementField;
use shared::domain::receipt::suggest::Reason;
use shared::domain::receipt::{MatchState, ReceiptStatus};

impl Status for ReceiptStatus {
    fn word(self, lang: Lang) -> &'static str {
        match self {
            Self::Imported => lang.t("刚导入", "Just imported"),
            Self::Matched => lang.t("自动对上", "Matched"),
            Self::Suspense => lang.t("待查", "In suspense"),
            Self::MatchedByHand => lang.t("待复核", "To confirm"),
            Self::Confirmed => lang.t("已复核", "Confirmed"),
            Self::Posted => lang.t("已入账", "Posted"),
            Self::TakingBack => lang.t("撤销待复核", "To be taken back"),
            Self::Payout => lang.t("平台划款", "Provider's payout"),
        }
    }

    fn tone(self) -> &'static str {
        match self {
            Self::Imported | Self::Payout => PLAIN,
            Self::Suspense | Self::TakingBack => PERSIMMON,
            Self::MatchedByHand => MILLET,
            Self::Matched | Self::Confirmed => WATER,
            Self::Posted => PINE,
        }
    }
}

impl Status for MatchState {
    fn word(self, lang: Lang) -> &'static str {
        match self {
            Self::Proposed => lang.t("待复核", "To confirm"),
            Self::Refused => lang.t("未同意", "Refused"),
            Self::Posted => lang.t("已入账", "Posted"),
            Self::AskedBack => lang.t("撤销待复核", "To be taken back"),
            Self::TakenBack => lang.t("已撤销", "Taken back"),
        }
    }

    fn tone(self) -> &'static str {
        match self {
            Self::Proposed => MILLET,
            Self::Refused | Self::TakenBack => PLAIN,
            Self::Posted => PINE,
            Self::AskedBack => PERSIMMON,
        }
    }
}

impl Status for Reason {
    fn word(self, lang: Lang) -> &'static str {
        match self {
            Self::Code => lang.t("附言码对得上", "Code agrees"),
            Self::CodeTypo => lang.t("附言码差一个字", "Code with a typo"),
            Self::PayerAccount => lang.t("这个账号付过款", "Paid from this account before"),
            Self::PayerName => lang.t("户名就是单位名", "Payer has the unit's name"),
            Self::SameSum => lang.t("金额相同", "Same sum"),
            Self::SumOfBills => lang.t("几张账单合计正好", "Several bills come to it"),
            Self::PartPayment => lang.t("不够付清", "Part payment"),
            Self::Overpayment => lang.t("多付，余款转预存款", "More than is open"),
            Self::OverLimit => lang.t("超过限额", "Over the limit"),
        }
    }

    fn tone(self) -> &'static str {
        match self {
            Self::Code | Self::SameSum | Self::SumOfBills => PINE,
            Self::CodeTypo | Self::PartPayment | Self::Overpayment | Self::OverLimit => MILLET,
            Self::PayerAccount | Self::PayerName => WATER,
        }
    }
}

/// What a column of a bank statement can be, in a word.
#[must_use]
pub const fn field(lang: Lang, field: StatementField) -> &'static str {
    match field {
        StatementField::Reference => lang.t("交易流水号", "Bank's number"),
        StatementField::Day => lang.t("交易日期", "Day"),
        StatementField::Time => lang.t("交易时间", "Time"),
        StatementField::Income => lang.t("收入金额（贷方）", "Income"),
        StatementField::Outgoing => lang.t("支出金额（借方）", "Outgoing"),
        StatementField::Direction => lang.t("收支标志", "Direction"),
        StatementField::PayerName => lang.t("对方户名", "Payer's name"),
        StatementField::PayerAccount => lang.t("对方账号", "Payer's account"),
        StatementField::Remark => lang.t("附言", "Remark"),
        StatementField::Purpose => lang.t("摘要或用途", "Purpose"),
    }
}

/// How to choose the column of a field; empty where its name says all.
#[must_use]
pub const fn field_hint(lang: Lang, field: StatementField) -> &'static str {
    match field {
        StatementField::Reference => lang.t(
            "银行给每笔交易的唯一编号；重复导入靠它认出来",
            "the bank's own number of a row: a row that comes twice is known by it",
        ),
        StatementField::Time => lang.t(
            "日期列里已有时间就不用选",
            "only when it stands apart from the day",
        ),
        StatementField::Income => lang.t(
            "只有一列“交易金额”时选它，再选收支标志",
            "with one column of amounts choose it, and the direction below",
        ),
        StatementField::Remark => lang.t("单位写的附言码在这里找", "the transfer code is looked for here"),
        StatementField::Purpose => lang.t("这里也会找附言码", "and here too"),
        _ => "",
    }
}
