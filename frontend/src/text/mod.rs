//! Words on screen, Chinese and English side by side: neither can be written without the other.

pub mod amount;
pub mod day;
pub mod invoice;
pub mod notice;
pub mod payment;
pub mod problem;
pub mod receipt;
pub mod refund_order;
pub mod role;
mod settlement;
pub mod status;
pub mod step;
pub mod work;

/// The reader's language.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lang {
    /// 中文, the first language of the market.
    #[default]
    Zh,
    /// English.
    En,
}

impl Lang {
    /// The word in the reader's language.
    #[must_use]
    pub const fn t(self, zh: &'static str, en: &'static str) -> &'static str {
        match self {
            Self::Zh => zh,
            Self::En => en,
        }
    }

    /// What stands in `<html lang>`.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        self.t("zh-CN", "en")
    }
}
