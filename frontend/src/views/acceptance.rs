//! 验收: weighing and signing, and the document it leaves.

mod document;
mod list;
mod weigh;

pub use document::document;
pub use list::acceptances;
pub use weigh::weigh;

use crate::context::Cx;
use crate::islands::weighing::SignatureBox;
use shared::api::acceptance::{AcceptanceOut, Signature};
use shared::domain::rights::{Action, Place};
use std::collections::BTreeSet;

/// Which side of the door the reader stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    /// The unit's.
    Unit,
    /// The centre's.
    Centre,
}

impl Side {
    /// The reader's side, if it may sign.
    fn of(cx: &Cx, acceptance: &AcceptanceOut) -> Option<Self> {
        if cx.may(Action::AcceptanceSignUnit, Place::unit(acceptance.unit_id)) {
            Some(Self::Unit)
        } else if cx.may(Action::AcceptanceSignCentre, Place::DISTRICT) {
            Some(Self::Centre)
        } else {
            None
        }
    }

    const fn signature(self, acceptance: &AcceptanceOut) -> Option<&Signature> {
        match self {
            Self::Unit => acceptance.unit_signature.as_ref(),
            Self::Centre => acceptance.centre_signature.as_ref(),
        }
    }

    const fn other(self) -> Self {
        match self {
            Self::Unit => Self::Centre,
            Self::Centre => Self::Unit,
        }
    }

    const fn word(self, cx: &Cx) -> &'static str {
        match self {
            Self::Unit => cx.t("单位", "the unit"),
            Self::Centre => cx.t("中心", "the centre"),
        }
    }
}

/// The two boxes: who has signed, and who is still to.
fn signatures(cx: &Cx, acceptance: &AcceptanceOut, mine: Option<Side>) -> Vec<SignatureBox> {
    [Side::Unit, Side::Centre]
        .into_iter()
        .map(|side| {
            let title = match side {
                Side::Unit => cx.t("单位验收人", "For the unit"),
                Side::Centre => cx.t("中心配送员", "For the centre"),
            };
            let (who, signed) = match side.signature(acceptance) {
                Some(signature) => (
                    format!("{} ✓ {}", signature.name, signature.at.format_time()),
                    true,
                ),
                None if mine == Some(side) => (cx.t("待您签字", "Waiting for you").to_owned(), false),
                None => (
                    cx.t("待签，换人登录", "To sign, signed in as themselves")
                        .to_owned(),
                    false,
                ),
            };
            SignatureBox {
                side: title.to_owned(),
                who,
                signed,
            }
        })
        .collect()
}

/// How many villages the goods come from.
fn villages(acceptance: &AcceptanceOut) -> usize {
    acceptance
        .lines
        .iter()
        .map(|line| line.village_code.as_str())
        .collect::<BTreeSet<_>>()
        .len()
}

/// `3 个村`.
fn villages_words(cx: &Cx, acceptance: &AcceptanceOut) -> String {
    match (cx.lang(), villages(acceptance)) {
        (crate::text::Lang::Zh, n) => format!("{n} 个村"),
        (crate::text::Lang::En, 1) => "1 village".to_owned(),
        (crate::text::Lang::En, n) => format!("{n} villages"),
    }
}
