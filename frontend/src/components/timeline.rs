//! What happened to a thing, oldest first.

use crate::context::Cx;
use crate::text::{day, step};
use leptos::prelude::*;
use shared::api::order::TimelineStep;

/// The steps that have happened.
pub fn timeline(cx: &Cx, steps: &[TimelineStep]) -> AnyView {
    let items: Vec<_> = steps.iter().map(|step| item(cx, step)).collect();
    view! { <ol class="timeline">{items}</ol> }.into_any()
}

fn item(cx: &Cx, happened: &TimelineStep) -> AnyView {
    let bad = [
        "decline",
        "expire",
        "expire_hold",
        "cancel",
        "cancel_short",
        "reject",
        "return",
        "void",
    ]
    .iter()
    .any(|word| happened.action.ends_with(word));
    let class = if bad { "is-bad" } else { "is-done" };
    let who = if happened.who.is_empty() {
        cx.t("系统", "The system").to_owned()
    } else {
        happened.who.clone()
    };
    let village = happened
        .village_name
        .clone()
        .map(|name| view! { <span class="chip tone-plain">{name}</span> });
    let detail = (!happened.detail.is_empty())
        .then(|| view! { <p class="timeline-when">{happened.detail.clone()}</p> });
    view! {
        <li class=class>
            <p class="timeline-what">{step::step(cx.lang(), &happened.action).to_owned()} " " {village}</p>
            <p class="timeline-when">
                <time datetime=happened.at.format_full()>{day::time(cx.lang(), happened.at)}</time> " · " {who}
            </p>
            {detail}
        </li>
    }
    .into_any()
}
