//! 代办: the banner over what the centre does for a village.

use crate::context::Cx;
use crate::text::Lang;
use leptos::prelude::*;
use shared::domain::identity::Role;

/// Says that the reader acts for a village, when they do: they work at the centre.
pub fn acting_for(cx: &Cx, village: &str) -> Option<AnyView> {
    let centre = cx
        .me
        .as_ref()
        .is_some_and(|me| me.active.role == Role::CentreOperator);
    if !centre {
        return None;
    }
    let words = match (cx.lang(), village.is_empty()) {
        (Lang::Zh, true) => "您在代村里办理（村里没有账号或一时办不了时）。".to_owned(),
        (Lang::Zh, false) => format!("您在代{village}办理（村里没有账号或一时办不了时）。"),
        (Lang::En, true) => "You act for the village, which has no account or cannot just now.".to_owned(),
        (Lang::En, false) => format!("You act for {village}, which has no account or cannot just now."),
    };
    Some(
        view! {
            <p class="notice tone-millet" data-acting="">
                <strong>{words}</strong> " "
                {cx.t(
                    "会记为“代办”；村里有账号的人会收到消息。",
                    "It is recorded as such, and the village's people with accounts are told.",
                )}
            </p>
        }
        .into_any(),
    )
}
