//! Pills above a list: all of it, each state, and what else it can be narrowed to.

use crate::context::Cx;
use crate::text::status::Status;
use leptos::prelude::*;
use std::fmt::Display;

/// A way to narrow a list, besides its states.
#[derive(Clone, Debug)]
pub struct Pill {
    /// What people read.
    pub word: &'static str,
    /// The list, narrowed so.
    pub href: String,
    /// Whether it is narrowed so.
    pub here: bool,
}

/// The pills of a list at `path` whose states are asked for by `?state=`; `more` stands behind them.
pub fn state_pills<S: Status + PartialEq + Display>(
    cx: &Cx,
    path: &str,
    states: &[S],
    state: Option<S>,
    more: Vec<Pill>,
) -> AnyView {
    let by_state = !more.iter().any(|pill| pill.here);
    let all = Pill {
        word: cx.t("全部", "All"),
        href: path.to_owned(),
        here: by_state && state.is_none(),
    };
    let states = states.iter().map(|own| Pill {
        word: own.word(cx.lang()),
        href: format!("{path}?state={own}"),
        here: by_state && state == Some(*own),
    });
    let all = std::iter::once(all).chain(states).chain(more).collect();
    pills(cx.t("进度", "State"), all)
}

/// Pills; `label` says what they choose.
pub fn pills(label: &'static str, pills: Vec<Pill>) -> AnyView {
    let pills: Vec<_> = pills
        .into_iter()
        .map(|pill| {
            view! { <a class="pill" href=pill.href aria-current=pill.here.then_some("true")>{pill.word}</a> }
        })
        .collect();
    view! { <nav class="pills" aria-label=label>{pills}</nav> }.into_any()
}
