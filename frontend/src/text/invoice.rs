//! Invoices in words.

use super::Lang;
use super::status::{MILLET, PERSIMMON, PINE, PLAIN, Status, WATER};
use shared::domain::invoice::{InvoiceKind, InvoiceStatus};

impl Status for InvoiceStatus {
    fn word(self, lang: Lang) -> &'static str {
        match self {
            Self::Requested => lang.t("待开票", "To be issued"),
            Self::Issued => lang.t("已开票", "Issued"),
            Self::Received => lang.t("已收票", "Received"),
            Self::RedLettered => lang.t("已红冲", "Red-lettered"),
            Self::Cancelled => lang.t("已取消", "Cancelled"),
        }
    }

    fn tone(self) -> &'static str {
        match self {
            Self::Requested => MILLET,
            Self::Issued => WATER,
            Self::Received => PINE,
            Self::RedLettered => PERSIMMON,
            Self::Cancelled => PLAIN,
        }
    }
}

impl Status for InvoiceKind {
    fn word(self, lang: Lang) -> &'static str {
        match self {
            Self::Ordinary => lang.t("普通发票", "Ordinary"),
            Self::Special => lang.t("专用发票", "Special"),
        }
    }
}

/// A rate as people read it.
#[must_use]
pub fn rate(lang: Lang, exempt: bool, rate_bp: i32) -> String {
    if exempt {
        lang.t("免税", "exempt").to_owned()
    } else {
        format!("{}%", rate_bp / 100)
    }
}
