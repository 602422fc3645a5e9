//! 收藏的搜索: what one looks for again and again.

use crate::components::empty::empty;
use crate::components::export::export;
use crate::components::field::Field;
use crate::components::form_problems::form_problems;
use crate::components::form_tokens::{csrf, csrf_and_key};
use crate::context::Cx;
use crate::form::Form;
use crate::text::day;
use leptos::prelude::*;
use shared::api::saved_search::SavedSearchOut;
use shared::domain::work::ExportList;

/// The reader's searches; after a refusal, the form with what was typed.
pub fn saved_searches(cx: &Cx, searches: &[SavedSearchOut], form: &Form) -> impl IntoView + use<> {
    let again = (!form.values.is_empty()).then(|| save_form(cx, form, &form.value("query"), ""));
    let list = if searches.is_empty() {
        empty(
            cx,
            "search",
            cx.t("还没有收藏的搜索", "No saved searches yet"),
            cx.t(
                "在货品页选好条件，点“收藏这次搜索”；有新货上架时，每天告诉您一次。",
                "Choose filters among the goods and save the search; once a day you are told of new goods.",
            ),
            Some((cx.t("去选条件", "Choose filters"), "/goods".to_owned())),
        )
    } else {
        let rows: Vec<_> = searches.iter().map(|one| row(cx, one)).collect();
        view! { <section class="card"><ul class="lines">{rows}</ul></section> }.into_any()
    };
    view! {
        <header class="toolbar">
            <div class="toolbar-title"><h1>{cx.t("收藏的搜索", "Saved searches")}</h1></div>
            <div class="toolbar-actions">{export(cx, &[ExportList::SavedSearches])}</div>
        </header>
        {form_problems(cx, form, &[("name", cx.t("名称", "Name")), ("query", cx.t("条件", "Filters"))])}
        {again}
        {list}
    }
}

fn row(cx: &Cx, one: &SavedSearchOut) -> AnyView {
    let label = format!("{} {}", cx.t("删除", "Delete"), one.name);
    view! {
        <li>
            <a href=one.path.clone()>{one.name.clone()}</a>
            <time class="muted push" datetime=one.created_at.format_full()>{day::time(cx.lang(), one.created_at)}</time>
            <form method="post" action=format!("/me/searches/{}/drop", one.id)>
                {csrf(cx)}
                <button class="button small" aria-label=label>{cx.t("删除", "Delete")}</button>
            </form>
        </li>
    }
    .into_any()
}

/// The form that keeps a search under a name.
pub fn save_form(cx: &Cx, form: &Form, query: &str, name: &str) -> AnyView {
    view! {
        <form class="card filter-bar no-print" method="post" action="/me/searches">
            {csrf_and_key(cx)}
            <input type="hidden" name="query" value=query.to_owned()/>
            {Field::new(cx, form, "name", cx.t("给这次搜索起个名字", "Name this search")).or(form, name).max(40).text()}
            <button class="button">{cx.t("收藏这次搜索", "Save this search")}</button>
        </form>
    }
    .into_any()
}
