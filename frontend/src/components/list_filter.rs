//! What narrows the lists of orders and of village orders: days, a village, a number.

use crate::context::Cx;
use leptos::prelude::*;

/// What the form shows again, as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// The state that the tabs chose.
    pub state: String,
    /// The first day.
    pub from: String,
    /// The last day.
    pub until: String,
    /// A village's code or name.
    pub village: String,
    /// The beginning of a number.
    pub number: String,
}

impl Shown {
    /// How many of the form's fields narrow the list.
    fn count(&self) -> usize {
        [&self.from, &self.until, &self.village, &self.number]
            .into_iter()
            .filter(|text| !text.trim().is_empty())
            .count()
    }

    /// Whether anything at all narrows the list.
    #[must_use]
    pub fn any(&self) -> bool {
        self.count() > 0 || !self.state.is_empty()
    }
}

/// The form. `action` is the list's address; `village` is left out for who has only one.
pub fn list_filter(cx: &Cx, action: &'static str, shown: &Shown, village: bool) -> AnyView {
    let all = if shown.state.is_empty() {
        action.to_owned()
    } else {
        format!("{action}?state={}", shown.state)
    };
    let state = (!shown.state.is_empty())
        .then(|| view! { <input type="hidden" name="state" value=shown.state.clone()/> });
    let village = village.then(|| input(cx.t("村", "Village"), "village", "text", &shown.village));
    let fields = view! {
        {state}
        {input(cx.t("从", "From"), "from", "date", &shown.from)}
        {input(cx.t("到", "Until"), "until", "date", &shown.until)}
        {village}
        {input(cx.t("单号", "Number"), "number", "text", &shown.number)}
    };
    fold(cx, action, shown.count(), all, fields.into_any())
}

/// Fields that narrow a list, folded away on a phone until `count` of them do; `all` is the list without them.
pub fn fold(cx: &Cx, action: &'static str, count: usize, all: String, fields: AnyView) -> AnyView {
    let number = (count > 0).then(|| view! { " · " {count} });
    let clear = (count > 0).then(|| view! { <a class="button quiet" href=all>{cx.t("清除", "Clear")}</a> });
    view! {
        <details class="filter-fold" open={count > 0}>
            <summary class="button">{cx.t("筛选", "Filter")}{number}</summary>
            <form class="filter-bar card" method="get" action=action>
                {fields}
                <button class="button primary">{cx.t("筛选", "Filter")}</button>
                {clear}
            </form>
        </details>
    }
    .into_any()
}

/// A field of such a form.
pub fn input(label: &'static str, name: &'static str, kind: &'static str, value: &str) -> AnyView {
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <input id=name name=name type=kind value=value.to_owned() autocomplete="off" maxlength="60"/>
        </div>
    }
    .into_any()
}
