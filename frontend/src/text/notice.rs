//! Notices in words.

use super::Lang;
use shared::domain::notice::NoticeKind;

/// What a notice says of its thing.
#[must_use]
pub fn sentence(lang: Lang, kind: NoticeKind, subject: &str) -> String {
    let words = match kind {
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
