//! What every view knows about the reader.

use crate::text::Lang;
use shared::api::person::MeOut;
use shared::domain::calendar::{Day, Micros};
use shared::domain::rights::{Action, Place, allows};

/// How the reader wants pages to look; kept in a cookie.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// The language.
    pub lang: Lang,
    /// Light, dark, or as the device says.
    pub mode: Mode,
    /// 适老化: large type and plain layout.
    pub large: bool,
    /// High contrast.
    pub contrast: bool,
}

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// Light, the first look of the market.
    #[default]
    Light,
    /// Dark.
    Dark,
    /// As the device says.
    Auto,
}

/// What a view needs besides its own values. Views ask nothing else of the world: no clock, no locale, no chance.
#[derive(Clone, Debug)]
pub struct Cx {
    /// How the page looks.
    pub look: Look,
    /// The path and query of the page, to come back to.
    pub path: String,
    /// The token that every form carries.
    pub csrf: String,
    /// A fresh idempotency key for the page's form.
    pub key: String,
    /// Now.
    pub now: Micros,
    /// Today in Asia/Shanghai.
    pub today: Day,
    /// Who is signed in.
    pub me: Option<MeOut>,
    /// Lines in the basket.
    pub basket: i64,
    /// Notices since the reader last looked, 100 at the most.
    pub notices: i64,
    /// A message from the step before, shown once.
    pub flash: Option<Flash>,
    /// How the outside reaches the market, without a slash at the end.
    pub public_url: String,
    /// What the page is about, for those who link to it; the market's own sentence when nothing is said.
    pub about: Option<String>,
    /// Whether the market only lets people read just now.
    pub read_only: bool,
    /// Whether units can pay through a provider.
    pub pays_online: bool,
    /// Where built assets are.
    pub assets: &'static crate::shell::Assets,
}

/// A message shown once after a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flash {
    /// Saved.
    Saved,
    /// Submitted for review.
    Submitted,
    /// Published.
    Published,
    /// Returned to the village.
    Returned,
    /// Put into the basket.
    Added,
    /// The order is placed.
    Placed,
    /// The order waits for its approval.
    Requested,
    /// The request is approved and at the villages.
    Approved,
    /// The request is rejected.
    Rejected,
    /// Cancelled.
    Cancelled,
    /// The village has answered.
    Answered,
    /// Goods moved on.
    Moved,
    /// Some goods could not move on.
    MovedPartly,
    /// Signed; the other side still has to.
    Signed,
    /// Signed, and the other side's earlier signature is void.
    SignedVoided,
    /// Signed by both and credited.
    Credited,
    /// Signed out.
    SignedOut,
    /// The password is changed.
    PasswordChanged,
    /// A session or token is revoked.
    Revoked,
    /// Imported.
    Imported,
    /// They have proven themselves; the form is to be sent again.
    Proven,
    /// Proposed: a second administrator has to confirm it.
    Proposed,
}

impl Flash {
    /// Every message.
    pub const ALL: [Self; 22] = [
        Self::Saved,
        Self::Submitted,
        Self::Published,
        Self::Returned,
        Self::Added,
        Self::Placed,
        Self::Requested,
        Self::Approved,
        Self::Rejected,
        Self::Cancelled,
        Self::Answered,
        Self::Moved,
        Self::MovedPartly,
        Self::Signed,
        Self::SignedVoided,
        Self::Credited,
        Self::SignedOut,
        Self::PasswordChanged,
        Self::Revoked,
        Self::Imported,
        Self::Proven,
        Self::Proposed,
    ];

    /// The name that the cookie carries.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Saved => "saved",
            Self::Submitted => "submitted",
            Self::Published => "published",
            Self::Returned => "returned",
            Self::Added => "added",
            Self::Placed => "placed",
            Self::Requested => "requested",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
            Self::Cancelled => "cancelled",
            Self::Answered => "answered",
            Self::Moved => "moved",
            Self::MovedPartly => "moved_partly",
            Self::Signed => "signed",
            Self::SignedVoided => "signed_voided",
            Self::Credited => "credited",
            Self::SignedOut => "signed_out",
            Self::PasswordChanged => "password_changed",
            Self::Revoked => "revoked",
            Self::Imported => "imported",
            Self::Proven => "proven",
            Self::Proposed => "proposed",
        }
    }

    /// The message of a cookie.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|f| f.as_str() == name)
    }

    /// Whether it is good news.
    #[must_use]
    pub const fn good(self) -> bool {
        !matches!(self, Self::MovedPartly | Self::SignedVoided)
    }

    /// The message in words.
    #[must_use]
    pub const fn text(self, lang: Lang) -> &'static str {
        match self {
            Self::Saved => lang.t("已保存", "Saved"),
            Self::Submitted => lang.t(
                "已提交，绿食中心会尽快审核",
                "Submitted; the centre will review it soon",
            ),
            Self::Published => lang.t("已上架", "Published"),
            Self::Returned => lang.t("已退回给村里", "Returned to the village"),
            Self::Added => lang.t("已放进篮子", "Put into the basket"),
            Self::Placed => lang.t(
                "下单成功，库存已锁定，正在等各村确认",
                "Ordered. Stock is held; the villages will confirm",
            ),
            Self::Requested => lang.t(
                "已提交审批，库存先为您留着",
                "Sent for approval; the stock is held for you",
            ),
            Self::Approved => lang.t("已批准，订单已发给各村", "Approved; the villages have it"),
            Self::Rejected => lang.t("已退回给经办人，库存已释放", "Sent back; the stock is free again"),
            Self::Cancelled => lang.t("已取消，库存已释放", "Cancelled; the stock is free again"),
            Self::Answered => lang.t("已答复", "Answered"),
            Self::Moved => lang.t("进度已更新", "Moved on"),
            Self::MovedPartly => lang.t(
                "有几单没能更新，请看它们现在的进度",
                "Some could not move on; see where they stand",
            ),
            Self::Signed => lang.t(
                "您已签字，等另一方签字后入账",
                "You have signed; the other side signs next",
            ),
            Self::SignedVoided => lang.t(
                "您改了数量并签字，另一方原来的签字作废，请对方重新签字",
                "You changed the amounts and signed; the other side must sign again",
            ),
            Self::Credited => lang.t(
                "双方已签字，已入账到村",
                "Both have signed; the villages are credited",
            ),
            Self::SignedOut => lang.t("已退出登录", "Signed out"),
            Self::PasswordChanged => lang.t(
                "密码已更换，其他设备都已退出",
                "Password changed; other devices are signed out",
            ),
            Self::Revoked => lang.t("已撤销", "Revoked"),
            Self::Imported => lang.t("已导入", "Imported"),
            Self::Proposed => lang.t(
                "已提出，等另一位管理员确认后生效",
                "Proposed; it takes effect once another administrator confirms it",
            ),
            Self::Proven => lang.t("已验证，请再提交一次", "Proven; please send it again"),
        }
    }
}

impl Cx {
    /// The word in the reader's language.
    #[must_use]
    pub const fn t(&self, zh: &'static str, en: &'static str) -> &'static str {
        self.look.lang.t(zh, en)
    }

    /// The reader's language.
    #[must_use]
    pub const fn lang(&self) -> Lang {
        self.look.lang
    }

    /// Whether the reader, in the active role, may do this there: decides which buttons are shown, never what is allowed.
    #[must_use]
    pub fn may(&self, action: Action, place: Place<'_>) -> bool {
        self.me
            .as_ref()
            .is_some_and(|me| allows(&me.active, action, place))
    }

    /// Whether the reader could do this after switching to another of their roles.
    #[must_use]
    pub fn could(&self, action: Action) -> bool {
        let allowed = |role| shared::domain::rights::scope(role, action).is_some();
        self.me
            .as_ref()
            .is_some_and(|me| me.grants.iter().any(|grant| allowed(grant.role)))
    }

    /// Whether the reader, in the active role, may do this anywhere at all.
    #[must_use]
    pub fn may_reach(&self, action: Action) -> bool {
        self.me
            .as_ref()
            .is_some_and(|me| shared::domain::rights::scope(me.active.role, action).is_some())
    }

    /// The address of a built asset, as `produce/apple.svg`.
    #[must_use]
    pub fn asset(&self, name: &str) -> String {
        self.assets.url(name)
    }
}
