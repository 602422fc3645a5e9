//! 异常: what stands out over a town's villages, each by name with the way to it.

use crate::components::chip;
use crate::components::empty::empty;
use crate::components::export::export;
use crate::context::Cx;
use crate::text::{amount, day};
use leptos::prelude::*;
use shared::api::exception::{ExceptionsOut, TroubledOrder};
use shared::domain::work::ExportList;

/// Everything that stands out.
pub fn exceptions(cx: &Cx, out: &ExceptionsOut) -> impl IntoView + use<> {
    let place = out.town.as_ref().map_or_else(
        || cx.t("全区", "The district").to_owned(),
        |town| town.name.clone(),
    );
    let nothing = out.without_offers.is_empty()
        && out.late_answers.is_empty()
        && out.lost_orders.is_empty()
        && out.certificates.is_empty()
        && out.far_below.is_empty();
    let body = if nothing {
        let (title, words) = (
            cx.t("没有异常", "Nothing stands out"),
            cx.t("各村都在正常供货。", "Every village is selling as it should."),
        );
        empty(
            cx,
            "done",
            title,
            words,
            Some((cx.t("看各村收入", "To the villages"), "/income".to_owned())),
        )
    } else {
        view! { {late(cx, out)} {fallen(cx, out)} {certificates(cx, out)} {lost(cx, out)} {quiet(cx, out)} }
            .into_any()
    };
    view! {
        <header class="toolbar"><div class="toolbar-title">
            <p class="eyebrow">{place}</p>
            <h1>{cx.t("需要关注的村", "What stands out")}</h1>
        </div>
        <div class="toolbar-actions"><a class="button" href="/income">{cx.t("各村收入", "All villages")}</a>{export(cx, &[ExportList::Exceptions])}</div></header>
        {body}
    }
}

/// A list with its heading; nothing when it is empty.
fn section(cx: &Cx, title: &'static str, note: &'static str, items: Vec<AnyView>) -> Option<AnyView> {
    let count = items.len();
    let more = (count >= 100).then(|| cx.t("（只列前 100 个）", "(the first 100)"));
    (count > 0).then(|| {
        view! {
            <section class="card">
                <div class="spread"><h2>{title} " " <span class="count">{count}</span> " " <span class="small muted">{more}</span></h2><p class="small muted">{note}</p></div>
                <ul class="lines">{items}</ul>
            </section>
        }
        .into_any()
    })
}

fn village(town: &str, name: &str, code: &str) -> AnyView {
    view! { <a href=format!("/income/{code}")>{format!("{town} {name}")}</a> }.into_any()
}

fn trouble(cx: &Cx, order: &TroubledOrder) -> AnyView {
    view! {
        <li>
            <a href=format!("/village-orders/{}", order.id)>{format!("{} {}", order.town_name, order.village_name)}</a>
            <span class="muted">{order.goods.clone()}</span>
            {chip::chip(cx.lang(), order.status)}
            <time class="muted" datetime=order.confirm_by.format_full()>{day::time(cx.lang(), order.confirm_by)}</time>
            <span class="sum push">{amount::cny(order.total_fen)}</span>
        </li>
    }
    .into_any()
}

fn late(cx: &Cx, out: &ExceptionsOut) -> Option<AnyView> {
    let items = out.late_answers.iter().map(|order| trouble(cx, order)).collect();
    section(
        cx,
        cx.t("还没答复的村单", "Not answered yet"),
        cx.t(
            "已过或 6 小时内到答复期限，请打电话催一催。",
            "Due within six hours or late: call the village.",
        ),
        items,
    )
}

fn lost(cx: &Cx, out: &ExceptionsOut) -> Option<AnyView> {
    let items = out.lost_orders.iter().map(|order| trouble(cx, order)).collect();
    section(
        cx,
        cx.t("过期或谢绝的村单", "Expired or declined"),
        cx.t(
            "近 30 天，这些生意没有做成。",
            "Business lost in the last 30 days.",
        ),
        items,
    )
}

fn fallen(cx: &Cx, out: &ExceptionsOut) -> Option<AnyView> {
    let items = out
        .far_below
        .iter()
        .map(|row| {
            view! {
                <li>
                    {village(&row.town_name, &row.name, &row.code)}
                    <span class="muted">{cx.t("去年同期 ", "last year ")} {amount::cny(row.last_year_fen)}</span>
                    <span class="sum tone-persimmon push">{amount::cny(row.this_year_fen)}</span>
                </li>
            }
            .into_any()
        })
        .collect();
    section(
        cx,
        cx.t("收入远低于去年同期", "Far below last year"),
        cx.t(
            "今年至今不到去年同期的一半。",
            "Less than half of what they had by this month last year.",
        ),
        items,
    )
}

fn certificates(cx: &Cx, out: &ExceptionsOut) -> Option<AnyView> {
    let items = out
        .certificates
        .iter()
        .map(|row| {
            let tone = if row.until < cx.today { "tone-persimmon" } else { "tone-millet" };
            view! {
                <li>
                    {village(&row.town_name, &row.village_name, &row.village_code)}
                    <a href=format!("/offers/{}", row.offer_id)>{row.name.clone()}</a>
                    <span class=format!("chip {tone} push")>{cx.t("有效至 ", "until ")} {day::long(cx.lang(), row.until)}</span>
                </li>
            }
            .into_any()
        })
        .collect();
    section(
        cx,
        cx.t("绿色食品证书快到期", "Certificates running out"),
        cx.t(
            "90 天内到期；到期当天标识自动撤下。",
            "Within 90 days; the badge goes on the day.",
        ),
        items,
    )
}

fn quiet(cx: &Cx, out: &ExceptionsOut) -> Option<AnyView> {
    let items = out
        .without_offers
        .iter()
        .map(|row| {
            let last = row.last_offer_at.map_or_else(
                || cx.t("还没有上过货", "never had an offer").to_owned(),
                |at| format!("{} {}", cx.t("上次上货", "last offer"), day::long(cx.lang(), at.day())),
            );
            view! { <li>{village(&row.town_name, &row.name, &row.code)} <span class="muted push">{last}</span></li> }
                .into_any()
        })
        .collect();
    section(
        cx,
        cx.t("没有在售货品的帮扶村", "Aided villages with nothing on sale"),
        cx.t("联系驻村干部上货。", "Ask the resident cadre to list goods."),
        items,
    )
}
