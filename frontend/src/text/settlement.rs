//! Settlements in words.

use super::Lang;
use super::status::{MILLET, PERSIMMON, PINE, PLAIN, Status, WATER};
use shared::domain::settlement::result::RowVerdict;
use shared::domain::settlement::{BatchStatus, LeftOut, PayeeKind, SettlementStatus};

impl Status for SettlementStatus {
    fn word(self, lang: Lang) -> &'static str {
        match self {
            Self::Open => lang.t("待复核", "To be released"),
            Self::Locked => lang.t("待送银行", "To be sent"),
            Self::Sent => lang.t("已送银行", "At the bank"),
            Self::Confirmed => lang.t("已到账", "Arrived"),
            Self::Bounced => lang.t("银行退回", "Sent back"),
        }
    }

    fn tone(self) -> &'static str {
        match self {
            Self::Open | Self::Locked => MILLET,
            Self::Sent => WATER,
            Self::Confirmed => PINE,
            Self::Bounced => PERSIMMON,
        }
    }
}

impl Status for BatchStatus {
    fn word(self, lang: Lang) -> &'static str {
        match self {
            Self::Open => lang.t("待复核", "To be released"),
            Self::Locked => lang.t("待送银行", "To be sent"),
            Self::Sent => lang.t("已送银行", "At the bank"),
            Self::Done => lang.t("已办结", "Done"),
            Self::Discarded => lang.t("已作废", "Discarded"),
        }
    }

    fn tone(self) -> &'static str {
        match self {
            Self::Open | Self::Locked => MILLET,
            Self::Sent => WATER,
            Self::Done => PINE,
            Self::Discarded => PLAIN,
        }
    }
}

impl Status for PayeeKind {
    fn word(self, lang: Lang) -> &'static str {
        match self {
            Self::Village => lang.t("村集体", "Village"),
            Self::Household => lang.t("低收入户", "Household"),
            Self::Coop => lang.t("合作社", "Co-op"),
        }
    }
}

impl Status for LeftOut {
    fn word(self, lang: Lang) -> &'static str {
        match self {
            Self::NoAccount => lang.t("没有收款账户", "No account"),
            Self::AccountUnchecked => lang.t("账户待核对", "Account unchecked"),
            Self::Negative => lang.t("冲减大于入账", "More taken back than owed"),
            Self::BelowMinimum => lang.t("不到起付金额", "Below the least sum"),
            Self::NoRoom => lang.t("本批已满", "The batch is full"),
        }
    }

    fn tone(self) -> &'static str {
        match self {
            Self::NoAccount | Self::Negative => PERSIMMON,
            Self::AccountUnchecked => MILLET,
            Self::BelowMinimum | Self::NoRoom => PLAIN,
        }
    }
}

impl Status for RowVerdict {
    fn word(self, lang: Lang) -> &'static str {
        match self {
            Self::Confirm => lang.t("到账", "Arrived"),
            Self::Bounce => lang.t("退回", "Sent back"),
            Self::Same => lang.t("已登记过", "Known already"),
            Self::NoPayee => lang.t("批次里没有这一户", "No such payee in the batch"),
            Self::Ambiguous => lang.t("账号对应多户，请填业务编号", "Several payees; give the reference"),
            Self::WrongSum => lang.t("金额不符", "Not the payee's sum"),
            Self::NoOutcome => lang.t("看不懂处理结果", "Unknown outcome"),
            Self::Twice => lang.t("同一户出现两次", "The payee comes twice"),
            Self::Contradicts => lang.t("与已登记的相反", "The opposite of what is known"),
        }
    }

    fn tone(self) -> &'static str {
        match self {
            Self::Confirm => PINE,
            Self::Bounce => MILLET,
            Self::Same => PLAIN,
            _ => PERSIMMON,
        }
    }
}
