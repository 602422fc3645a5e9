//! Notices in words.

use super::{Lang, role, step};
use shared::domain::identity::Role;
use shared::domain::notice::NoticeKind;

/// What a notice says of its thing.
#[must_use]
pub fn sentence(lang: Lang, kind: NoticeKind, subject: &str) -> String {
    let subject = match kind {
        NoticeKind::ActedFor => step::step(lang, subject),
        _ => Role::from_name(subject).map_or(subject, |known| role::role(lang, known)),
    };
    let words = match kind {
        NoticeKind::ProposalWaits => lang.t("等第二位管理员确认:", "Waits for a second administrator: "),
        NoticeKind::RoleGranted => lang.t("您有了新的身份:", "You have a new role: "),
        NoticeKind::RoleWithdrawn => lang.t("您的身份已收回:", "A role of yours was withdrawn: "),
        NoticeKind::SecondFactorReset => lang.t(
            "您的两步验证已由两位管理员重置,请重新绑定",
            "Two administrators have reset your second factor; please set it up again",
        ),
        NoticeKind::ContactChanged => lang.t(
            "管理员改了您的邮箱或电话",
            "An administrator changed your e-mail or telephone number",
        ),
        NoticeKind::ActedFor => lang.t("绿食中心代本村办理:", "The centre has acted for your village: "),
        NoticeKind::VillageOrderOffered => lang.t("有新的村单,请确认:", "A new village order to confirm: "),
        NoticeKind::HarvestShort => lang.t(
            "预售采收不足,订单少送:",
            "The harvest fell short, an order gets less: ",
        ),
        NoticeKind::HarvestOverdue => lang.t(
            "预售到期,还没确定采收:",
            "A harvest was due and is not confirmed: ",
        ),
        NoticeKind::CertificateRunsOut => lang.t("证书快到期,请换新证:", "A certificate runs out soon: "),
        NoticeKind::General => "",
    };
    format!("{words}{subject}")
}
