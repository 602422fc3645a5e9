//! Words of refunds by bank.

use super::Lang;
use super::status::{MILLET, PINE, PLAIN, Status, WATER};
use shared::domain::refund_order::RefundOrderStatus;

impl Status for RefundOrderStatus {
    fn word(self, lang: Lang) -> &'static str {
        match self {
            Self::Prepared => lang.t("待复核", "To be released"),
            Self::Released => lang.t("待付款", "To be paid"),
            Self::Sent => lang.t("已付款", "Paid"),
            Self::Cancelled => lang.t("已撤销", "Given up"),
        }
    }

    fn tone(self) -> &'static str {
        match self {
            Self::Prepared => MILLET,
            Self::Released => WATER,
            Self::Sent => PINE,
            Self::Cancelled => PLAIN,
        }
    }
}

/// A step of a refund's life.
pub(super) fn step(lang: Lang, action: &str) -> Option<&'static str> {
    Some(match action {
        "refund_order.prepare" => lang.t("填退款单", "Refund prepared"),
        "refund_order.release" => lang.t("复核退款单", "Refund released"),
        "refund_order.send" => lang.t("退款已付款", "Refund paid"),
        "refund_order.cancel" => lang.t("撤销退款单", "Refund given up"),
        _ => return None,
    })
}
