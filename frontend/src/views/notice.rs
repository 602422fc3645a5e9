//! 消息: what the reader should know, newest first.

use crate::components::empty::empty;
use crate::components::export::export;
use crate::components::form_tokens::csrf;
use crate::components::pager::pager;
use crate::context::Cx;
use crate::text::{day, notice};
use leptos::prelude::*;
use shared::api::notice::NoticeOut;
use shared::api::page::Page;
use shared::domain::work::ExportList;

/// The notices of the reader.
pub fn notices(cx: &Cx, page: &Page<NoticeOut>) -> impl IntoView + use<> {
    let body = if page.items.is_empty() {
        empty(
            cx,
            "notice",
            cx.t("还没有消息", "No notices yet"),
            cx.t(
                "有新的村单、审批、到货或结果时，会在这里告诉您。",
                "New orders, approvals, deliveries and results are told here.",
            ),
            Some((cx.t("回首页", "To the home page"), "/".to_owned())),
        )
    } else {
        let rows: Vec<_> = page.items.iter().map(|item| row(cx, item)).collect();
        view! { <section class="card"><ul class="lines">{rows}</ul></section> {pager(cx, page.next.as_deref())} }.into_any()
    };
    let unread = page.items.iter().any(|item| item.new).then(|| {
        view! {
            <form method="post" action="/notices">
                {csrf(cx)}
                <button class="button">{cx.t("全部标为已读", "Mark all as read")}</button>
            </form>
        }
    });
    view! {
        <header class="toolbar">
            <div class="toolbar-title"><h1>{cx.t("消息", "Notices")}</h1></div>
            <div class="toolbar-actions">{unread}{export(cx, &[ExportList::Notices])}</div>
        </header>
        {body}
    }
}

fn row(cx: &Cx, item: &NoticeOut) -> AnyView {
    let new = item
        .new
        .then(|| view! { <span class="chip tone-persimmon">{cx.t("新", "New")}</span> });
    view! {
        <li>
            <a href=item.path.clone()>{notice::sentence(cx.lang(), item.kind, &item.subject)}</a>
            {new}
            <time class="muted push" datetime=item.at.format_full()>{day::time(cx.lang(), item.at)}</time>
        </li>
    }
    .into_any()
}
