//! 操作记录: who did what to which thing, when.

use crate::components::empty::empty;
use crate::components::export::export;
use crate::components::field::Field;
use crate::components::form_problems::form_problems;
use crate::components::pager::pager;
use crate::context::Cx;
use crate::form::Form;
use crate::text::{day, role, step};
use leptos::prelude::*;
use shared::api::audit::{AuditKind, AuditOut};
use shared::api::page::Page;
use shared::domain::identity::Role;
use shared::domain::work::ExportList;

/// The log, newest first, with its search.
pub fn audit(cx: &Cx, page: &Page<AuditOut>, form: &Form) -> impl IntoView + use<> {
    let narrowed = form.values.iter().any(|(_, value)| !value.is_empty());
    let body = if page.items.is_empty() {
        empty(
            cx,
            "search",
            cx.t("没有找到记录", "No records found"),
            cx.t(
                "请检查姓名、编号和日期，或清除条件看全部。",
                "Check name, number and days, or clear the search.",
            ),
            Some((cx.t("看全部", "See all"), "/audit".to_owned())),
        )
    } else {
        view! { {table(cx, &page.items)} {pager(cx, page.next.as_deref())} }.into_any()
    };
    view! {
        <header class="toolbar"><div class="toolbar-title">
            <h1>{cx.t("操作记录", "Audit log")}</h1>
            <p>{cx.t("只增不改；每一步都记下是谁、以什么身份、何时做的。", "Only ever added to: who did what, in which role, when.")}</p>
        </div>
        <div class="toolbar-actions">{export(cx, &[ExportList::Audit])}</div></header>
        {form_problems(cx, form, &labels(cx))}
        {search(cx, form, narrowed)}
        {body}
    }
}

fn labels(cx: &Cx) -> [(&'static str, &'static str); 5] {
    [
        ("person", cx.t("谁做的", "Done by")),
        ("object", cx.t("对象", "Done to")),
        ("kind", cx.t("哪一类", "Kind")),
        ("from", cx.t("从哪天", "From")),
        ("until", cx.t("到哪天", "Until")),
    ]
}

fn search(cx: &Cx, form: &Form, narrowed: bool) -> AnyView {
    let [(_, person), (_, object), (_, kind), (_, from), (_, until)] = labels(cx);
    let kinds = std::iter::once((String::new(), cx.t("全部", "All").to_owned()))
        .chain(AuditKind::ALL.into_iter().map(|known| {
            (
                known.as_str().to_owned(),
                step::audit_kind(cx.lang(), known).to_owned(),
            )
        }))
        .collect();
    let clear = narrowed.then(|| view! { <a class="button quiet" href="/audit">{cx.t("清除", "Clear")}</a> });
    view! {
        <form class="filter-bar card" method="get" action="/audit">
            {Field::new(cx, form, "person", person).placeholder(cx.t("姓名或登录名", "name or sign-in name")).max(80).text()}
            {Field::new(cx, form, "object", object)
                .placeholder(cx.t("单号、代码，或某人的名字", "number, code, or a person's name"))
                .max(80)
                .text()}
            {Field::new(cx, form, "kind", kind).select(kinds)}
            {Field::new(cx, form, "from", from).day()}
            {Field::new(cx, form, "until", until).day()}
            <button class="button primary">{cx.t("查找", "Search")}</button>
            {clear}
        </form>
    }
    .into_any()
}

fn table(cx: &Cx, rows: &[AuditOut]) -> AnyView {
    let lines: Vec<_> = rows.iter().map(|row| line(cx, row)).collect();
    view! {
        <section class="table-wrap card card-flush">
            <table class="table table-dense">
                <thead><tr>
                    <th>{cx.t("时间", "When")}</th>
                    <th>{cx.t("做了什么", "What")}</th>
                    <th>{cx.t("谁", "Who")}</th>
                    <th>{cx.t("对象", "Object")}</th>
                    <th>{cx.t("说明", "Detail")}</th>
                </tr></thead>
                <tbody>{lines}</tbody>
            </table>
        </section>
    }
    .into_any()
}

fn line(cx: &Cx, row: &AuditOut) -> AnyView {
    let who = row
        .person_name
        .clone()
        .unwrap_or_else(|| cx.t("系统", "The system").to_owned());
    let as_role = Role::from_name(&row.role).map_or_else(
        || row.role.clone(),
        |known| role::role(cx.lang(), known).to_owned(),
    );
    let as_role = (!as_role.is_empty() && row.person_name.is_some())
        .then(|| view! { <p class="small muted">{as_role}</p> });
    let (class, named) = match &row.object_name {
        Some(name) => ("", name.clone()),
        None => ("code", short(&row.object_id)),
    };
    let href = format!(
        "/audit?object={}",
        crate::components::pager::encode(&row.object_id)
    );
    view! {
        <tr>
            <td data-label=cx.t("时间", "When")>
                <time datetime=row.at.format_full() title=row.at.format_full()>{day::time(cx.lang(), row.at)}</time></td>
            <td class="lead" data-label=cx.t("做了什么", "What")>{step::step(cx.lang(), &row.action).to_owned()}</td>
            <td data-label=cx.t("谁", "Who")><div>{who}{as_role}</div></td>
            <td data-label=cx.t("对象", "Object")>
                {step::object(cx.lang(), &row.object_kind).to_owned()} " "
                <a class=class href=href>{named}</a></td>
            <td data-label=cx.t("说明", "Detail")>{step::detail(cx.lang(), &row.detail)}</td>
        </tr>
    }
    .into_any()
}

/// The end of a long id, which is the part that differs.
fn short(id: &str) -> String {
    match id.char_indices().rev().nth(11) {
        Some((at, _)) if id.len() > 20 => format!("…{}", id.get(at..).unwrap_or(id)),
        _ => id.to_owned(),
    }
}
