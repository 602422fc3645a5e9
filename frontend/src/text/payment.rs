//! Payments in words.

use super::Lang;
use super::status::{MILLET, PERSIMMON, PINE, PLAIN, Status, WATER};
use shared::domain::payment::{MovementKind, PayMethod, PaymentStatus, RefundStatus};

impl Status for PaymentStatus {
    fn word(self, lang: Lang) -> &'static str {
        match self {
            Self::Created => lang.t("准备中", "Being prepared"),
            Self::Open => lang.t("待付款", "To be paid"),
            Self::Paid => lang.t("已付款", "Paid"),
            Self::Expired => lang.t("已过期", "Ran out"),
            Self::Failed => lang.t("未成功", "Not made"),
            Self::Refunded => lang.t("已全额退款", "Refunded"),
        }
    }

    fn tone(self) -> &'static str {
        match self {
            Self::Created | Self::Open => MILLET,
            Self::Paid => PINE,
            Self::Expired => PLAIN,
            Self::Failed => PERSIMMON,
            Self::Refunded => WATER,
        }
    }
}

impl Status for RefundStatus {
    fn word(self, lang: Lang) -> &'static str {
        match self {
            Self::Asked => lang.t("已登记", "Noted"),
            Self::Pending => lang.t("退款中", "On its way"),
            Self::Succeeded => lang.t("已退回", "Given back"),
            Self::Failed => lang.t("未退成", "Not made"),
        }
    }

    fn tone(self) -> &'static str {
        match self {
            Self::Asked | Self::Pending => MILLET,
            Self::Succeeded => PINE,
            Self::Failed => PERSIMMON,
        }
    }
}

impl Status for PayMethod {
    fn word(self, lang: Lang) -> &'static str {
        match self {
            Self::Card => lang.t("银行卡", "Card"),
            Self::Alipay => lang.t("支付宝", "Alipay"),
            Self::WechatPay => lang.t("微信支付", "WeChat Pay"),
            Self::Other => lang.t("其他", "Other"),
        }
    }
}

impl Status for MovementKind {
    fn word(self, lang: Lang) -> &'static str {
        match self {
            Self::Payment => lang.t("收款", "Payment"),
            Self::Refund => lang.t("退款", "Refund"),
            Self::RefundFailure => lang.t("退款退回", "Refund came back"),
            Self::Fee => lang.t("平台手续费", "Fee"),
            Self::Payout => lang.t("付到银行", "Payout"),
            Self::PayoutFailure => lang.t("付款被银行退回", "Payout came back"),
            Self::Other => lang.t("其他（如拒付争议）", "Other, as a dispute"),
        }
    }
}

/// What a person must look at, by its stable word.
#[must_use]
pub fn trouble(lang: Lang, word: &str) -> &str {
    match word {
        "amount_differs" => lang.t(
            "平台收到的金额与本单不同，没有入账，请财务核对。",
            "The provider took another sum than this; nothing was booked. Finance must look.",
        ),
        "paid_twice" => lang.t(
            "平台上有同一笔付款的两次到账，第二次没有入账，请财务核对。",
            "The provider took this payment twice; the second is not booked. Finance must look.",
        ),
        "refunded_elsewhere" => lang.t(
            "在平台后台退过款，已按事实入账。",
            "Money was given back at the provider itself; it is booked as it happened.",
        ),
        "provider_refused" => lang.t(
            "支付平台没有接受这笔付款。请改用银行转账，或联系绿食中心。",
            "The provider did not take it. Pay by bank transfer, or call the centre.",
        ),
        "answer_lost" => lang.t(
            "没有连上支付平台，这次没有付款。请重新发起。",
            "The provider could not be reached; nothing was paid. Please begin again.",
        ),
        word => word,
    }
}

/// A step of a payment's life.
pub(super) fn step(lang: Lang, action: &str) -> Option<&'static str> {
    Some(match action {
        "payment.begin" => lang.t("发起在线付款", "Payment begun"),
        "payment.paid" => lang.t("在线付款到账", "Payment came"),
        "payment.expired" => lang.t("在线付款过期", "Payment ran out"),
        "payment.failed" => lang.t("在线付款未成功", "Payment not made"),
        "payment.trouble" => lang.t("在线付款待核对", "Payment to be looked at"),
        "payment.payout" => lang.t("支付平台付款到银行", "Payout to the bank"),
        "payment.payout_failed" => lang.t("支付平台付款被银行退回", "Payout came back"),
        "payment.sweep" => lang.t("与支付平台核对", "Asked the provider"),
        "payment.check" => lang.t("查询付款结果", "Asked whether it was paid"),
        "payment.apply" => lang.t("预付款抵扣", "Prepayment used"),
        "refund.ask" => lang.t("登记退款", "Refund noted"),
        "refund.done" => lang.t("退款已退回", "Refund made"),
        "refund.failed" => lang.t("退款未退成", "Refund not made"),
        "refund.elsewhere" => lang.t("平台后台退款", "Refund made at the provider"),
        _ => return None,
    })
}
