//! 证书: those that run out soon.

use crate::components::breadcrumb::breadcrumb;
use crate::components::chip::toned;
use crate::components::empty::empty;
use crate::components::export::export;
use crate::components::pager::pager;
use crate::context::Cx;
use crate::text::work::certificate_kind;
use crate::text::{Lang, day, status};
use leptos::prelude::*;
use shared::api::certificate::CertificateRow;
use shared::api::page::Page;
use shared::domain::work::ExportList;

/// The list.
pub fn certificates(cx: &Cx, page: &Page<CertificateRow>) -> impl IntoView + use<> {
    let title = cx.t("快到期的证书", "Certificates that run out");
    let body = if page.items.is_empty() {
        empty(
            cx,
            "done",
            cx.t("60 天内没有证书到期", "None runs out within 60 days"),
            cx.t(
                "到期前 60 天会提醒村里换证。",
                "Villages are told 60 days before.",
            ),
            Some((cx.t("看全部货品", "See all goods"), "/offers".to_owned())),
        )
    } else {
        view! { {table(cx, &page.items)} {pager(cx, page.next.as_deref())} }.into_any()
    };
    view! {
        {breadcrumb(cx, &[("/offers", cx.t("货品", "Goods"))], title)}
        <header class="toolbar">
            <div class="toolbar-title">
                <h1>{title}</h1>
                <p>{cx.t(
                    "60 天内到期，或 30 天内刚过期的；到期次日货架上的标识自动消失。",
                    "Within 60 days, or over for 30 days at the most; the badge is gone the day after the last.",
                )}</p>
            </div>
            <div class="toolbar-actions">{export(cx, &[ExportList::Certificates])}</div>
        </header>
        {body}
    }
}

fn table(cx: &Cx, rows: &[CertificateRow]) -> AnyView {
    let lines: Vec<_> = rows.iter().map(|row| line(cx, row)).collect();
    view! {
        <section class="table-wrap card card-flush">
            <table class="table">
                <thead><tr>
                    <th>{cx.t("货品", "Goods")}</th>
                    <th>{cx.t("村", "Village")}</th>
                    <th>{cx.t("证书", "Certificate")}</th>
                    <th>{cx.t("到期日", "Last day")}</th>
                    <th>{cx.t("状态", "State")}</th>
                </tr></thead>
                <tbody>{lines}</tbody>
            </table>
        </section>
    }
    .into_any()
}

fn line(cx: &Cx, row: &CertificateRow) -> AnyView {
    let left = row.days_left;
    let chip = if left < 0 {
        toned(status::PERSIMMON, cx.t("已过期", "Over"))
    } else {
        let words = match cx.lang() {
            Lang::Zh => format!("还有 {left} 天"),
            Lang::En => format!("{left} days left"),
        };
        toned(status::MILLET, words)
    };
    let told = row
        .told
        .then(|| toned(status::PLAIN, cx.t("已提醒村里", "Village told")));
    view! {
        <tr>
            <td class="lead" data-label=cx.t("货品", "Goods")>
                <a href=format!("/offers/{}", row.offer_id)>{format!("{} {}", row.name, row.grade)}</a></td>
            <td data-label=cx.t("村", "Village")>{format!("{} {}", row.town_name, row.village_name)}</td>
            <td data-label=cx.t("证书", "Certificate")>{certificate_kind(cx.lang(), row.kind)} " " <span class="code">{row.number.clone()}</span></td>
            <td data-label=cx.t("到期日", "Last day")>
                <time datetime=row.until.to_string()>{day::long(cx.lang(), row.until)}</time></td>
            <td data-label=cx.t("状态", "State")><span class="chips">{chip} {told}</span></td>
        </tr>
    }
    .into_any()
}
