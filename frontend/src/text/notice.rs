//! Notices in words.

use super::Lang;
use shared::domain::notice::NoticeKind;

/// What a notice says of its thing.
#[must_use]
pub fn sentence(lang: Lang, kind: NoticeKind, subject: &str) -> String {
    let words = match kind {
        NoticeKind::VillageOrderOffered => lang.t("有新的村单,请确认:", "A new village order to confirm: "),
        NoticeKind::General => "",
    };
    format!("{words}{subject}")
}
