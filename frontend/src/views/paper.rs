//! 单据: what the code on a document confirms, for whoever holds the paper.

use crate::components::chip::toned;
use crate::components::field::Field;
use crate::context::Cx;
use crate::form::Form;
use crate::text::status::Status as _;
use crate::text::{Lang, amount, day, status};
use leptos::prelude::*;
use shared::api::paper::IssuedOut;
use shared::domain::paper::show_code;

/// Where somebody types the code of a paper in their hand; `missing` when there is no document with the code typed.
pub fn check(cx: &Cx, form: &Form, missing: bool) -> impl IntoView + use<> {
    let missing = missing.then(|| {
        view! {
            <p class="notice tone-persimmon" role="alert">{cx.t(
                "没有这个核验码的单据。请对照纸质单据再输一次；仍然没有，就不是本集市出具的。",
                "No document has this code. Type it again as it stands on the paper; if there is still none, the paper is not ours.",
            )}</p>
        }
    });
    let word = cx.t("单据上的核验码", "The code on the document");
    view! {
        <article class="trace stack">
            <header><h1>{cx.t("核对单据", "Check a document")}</h1></header>
            <p>{cx.t(
                "集市出具的验收单、账单、结算单、采购证明和收入对账单，页脚都有 16 位核验码，也可以直接扫右上角的码。",
                "Every document of the market carries a code of 16 characters at its foot, and the same to be scanned at its head.",
            )}</p>
            {missing}
            <form class="filter-bar card" method="get" action="/d">
                {Field::new(cx, form, "code", word).placeholder("7K3M-PQ4R-XW2H-9TBC").max(40).autocomplete("off").text()}
                <button class="button primary">{cx.t("核对", "Check")}</button>
            </form>
        </article>
    }
}

/// A document that was issued: its number and sum, to be compared with the paper.
pub fn issued(cx: &Cx, out: &IssuedOut) -> impl IntoView + use<> {
    let (tone, word) = match out.superseded_by {
        None => (status::PINE, cx.t("有效", "It holds")),
        Some(_) => (status::PERSIMMON, cx.t("已被替代", "Superseded")),
    };
    let replaced = out.superseded_by.as_ref().map(|number| {
        let words = match cx.lang() {
            Lang::Zh if *number == out.number => {
                "同一编号的单据已重新出具，请以新出具的为准，并扫新单据上的码。".to_owned()
            }
            Lang::Zh => format!("这份单据已由 {number} 替代，请以新单据为准。"),
            Lang::En if *number == out.number => {
                "A newer document has been issued under the same number; go by that one, and scan its code."
                    .to_owned()
            }
            Lang::En => format!("Document {number} has taken its place; go by that one."),
        };
        view! { <p class="notice tone-persimmon" role="status">{words}</p> }
    });
    let fact = |name: &'static str, value: AnyView| view! { <div><dt>{name}</dt><dd>{value}</dd></div> };
    let issued_on = view! {
        <time datetime=out.issued_on.to_string()>{day::long(cx.lang(), out.issued_on)}</time>
    };
    view! {
        <article class="trace stack">
            <header>
                <p class="eyebrow">{cx.t("单据核对", "Document check")}</p>
                <h1>{out.kind.word(cx.lang())} " " {out.number.clone()}</h1>
                <p class="chips">{toned(tone, word)}</p>
            </header>
            {replaced}
            <section class="card">
                <p class="muted small">{cx.t("金额", "Sum")}</p>
                <p class="price price-big">{amount::cny(out.sum_fen)}</p>
                <p class="title-s" lang="zh-CN">{out.sum_fen.to_chinese_upper()}</p>
                <dl class="key-value">
                    {fact(cx.t("单据", "Document"), out.kind.word(cx.lang()).into_any())}
                    {fact(cx.t("编号", "Number"), view! { <span class="code">{out.number.clone()}</span> }.into_any())}
                    {fact(cx.t("出具日期", "Issued on"), issued_on.into_any())}
                    {fact(cx.t("核验码", "Code"), view! { <span class="code">{show_code(&out.code)}</span> }.into_any())}
                </dl>
            </section>
            <p>{cx.t(
                "请把编号、金额和核验码同手里的纸质单据逐一对照；有一处不同，就不是本集市出具的。",
                "Compare number, sum and code with the paper in your hand; if one differs, the paper is not ours.",
            )}</p>
            <p class="hint">{cx.t(
                "这里不显示任何个人、农户或单位的信息。",
                "No person, household or unit is named here.",
            )}</p>
        </article>
    }
}
