//! Taking a document away as PDF.

use crate::context::Cx;
use leptos::prelude::*;

/// The button that downloads a document.
pub fn pdf(cx: &Cx, href: String) -> AnyView {
    view! { <a class="button no-print" href=href download="">{cx.t("下载 PDF", "Download PDF")}</a> }
        .into_any()
}

/// A unit's purchase certificates, this year's and those of the two before.
pub fn certificates(cx: &Cx) -> Option<AnyView> {
    let unit = cx.me.as_ref()?.active.unit_id?;
    let this = cx.today.year();
    let years: Vec<_> = (this - 2..=this)
        .rev()
        .map(|year| {
            let href = format!("/units/{unit}/certificate?year={year}");
            view! { <a href=href download="">{year} " " {cx.t("年 PDF", "PDF")}</a> }
        })
        .collect();
    Some(
        view! {
            <details class="menu no-print">
                <summary class="button">{cx.t("年度采购证明", "Purchase certificate")}</summary>
                <div class="menu-list">{years}</div>
            </details>
        }
        .into_any(),
    )
}
