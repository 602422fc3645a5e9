//! The village's answer: all of it by one touch, or line by line with reasons.

use crate::components::acting::acting_for;
use crate::components::field::refusal;
use crate::components::form_problems::form_problems;
use crate::components::form_tokens::csrf_and_key;
use crate::context::Cx;
use crate::form::Form;
use crate::text::amount;
use leptos::prelude::*;
use shared::api::village_order::{OrderLineOut, VillageOrderOut};

/// Reasons that villages give, in the words that are kept.
const REASONS: [(&str, &str); 5] = [
    ("采收不足", "Harvest fell short"),
    ("品质达不到要求", "Quality is not good enough"),
    ("天气原因", "Weather"),
    ("已另售完", "Sold elsewhere"),
    ("人手不够", "Too few hands"),
];

/// The two ways to answer.
pub fn answer(cx: &Cx, order: &VillageOrderOut, form: &Form) -> AnyView {
    let lines: Vec<_> = order.lines.iter().map(|line| line_item(cx, line)).collect();
    let all: Vec<_> = order
        .lines
        .iter()
        .map(|line| {
            let qty = line.price_unit.format_qty_plain(line.qty);
            view! { <input type="hidden" name=format!("line.{}.qty", line.id) value=qty/> }
        })
        .collect();
    let sum = amount::cny(order.row.total_fen);
    let labels = labels(cx, order);
    let labels: Vec<(&str, &str)> = labels
        .iter()
        .map(|(name, words)| (name.as_str(), words.as_str()))
        .collect();
    view! {
        {acting_for(cx, &order.row.village_name)}
        {form_problems(cx, form, &labels)}
        <form class="card" method="post" action=format!("/village-orders/{}/answer", order.row.id)>
            {csrf_and_key(cx)}
            {all}
            <h2>{cx.t("这些货能供上吗？", "Can you deliver this?")}</h2>
            <ul class="lines">{lines}</ul>
            <button class="button primary wide">{cx.t("全部确认供货", "Confirm all")} " · " {sum}</button>
        </form>
        {in_part(cx, order, form)}
    }
    .into_any()
}

/// The fields by the goods they are about.
fn labels(cx: &Cx, order: &VillageOrderOut) -> Vec<(String, String)> {
    order
        .lines
        .iter()
        .flat_map(|line| {
            [
                (
                    format!("line.{}.qty", line.id),
                    format!("{} · {}", line.name, cx.t("能供", "Can deliver")),
                ),
                (
                    format!("line.{}.reason", line.id),
                    format!("{} · {}", line.name, cx.t("原因", "Reason")),
                ),
            ]
        })
        .collect()
}

fn line_item(cx: &Cx, line: &OrderLineOut) -> AnyView {
    let piece = line.piece_name.as_deref();
    view! {
        <li>
            <span class="strong">{line.name.clone()}</span>
            <span class="muted">
                {amount::qty(cx.lang(), line.qty, line.price_unit, piece)} " × "
                {amount::price(cx.lang(), line.price_fen, line.price_unit, piece)}
            </span>
            <span class="sum push">{amount::cny(line.total_fen)}</span>
        </li>
    }
    .into_any()
}

fn in_part(cx: &Cx, order: &VillageOrderOut, form: &Form) -> AnyView {
    let open = form.code.is_some() || !form.problems.is_empty();
    let lines: Vec<_> = order.lines.iter().map(|line| part_line(cx, line, form)).collect();
    view! {
        <details class="fold" open=open>
            <summary>{cx.t("货不够，逐项填写", "Not all of it: answer line by line")}</summary>
            <form class="fold-body" method="post" action=format!("/village-orders/{}/answer", order.row.id)>
                {csrf_and_key(cx)}
                <p class="hint">{cx.t(
                    "写能供的数量和原因；一点都没有就写 0，全部写 0 就是谢绝这张村单。少供的库存会马上放回货架。",
                    "Write what you can deliver and why; 0 for nothing. All 0 declines the village order. What you cannot deliver goes back on the shelf.",
                )}</p>
                {lines}
                <div class="form-actions"><button class="button">{cx.t("按以上数量答复", "Answer with these amounts")}</button></div>
            </form>
        </details>
    }
    .into_any()
}

fn part_line(cx: &Cx, line: &OrderLineOut, form: &Form) -> AnyView {
    let piece = line.piece_name.as_deref();
    let (qty_name, reason_name) = (
        format!("line.{}.qty", line.id),
        format!("line.{}.reason", line.id),
    );
    let qty = form.value_or(&qty_name, line.price_unit.format_qty_plain(line.qty));
    let qty_error = refusal(cx, form, &qty_name);
    let reason_error = refusal(cx, form, &reason_name);
    let invalid = |error: &Option<String>| error.is_some().then_some("true");
    let (qty_invalid, reason_invalid) = (invalid(&qty_error), invalid(&reason_error));
    let error = |words: Option<String>| words.map(|words| view! { <p class="field-error">{words}</p> });
    view! {
        <fieldset class="form-grid">
            <legend class="strong">
                {line.name.clone()} " · " {cx.t("下单", "ordered")} " "
                {amount::qty(cx.lang(), line.qty, line.price_unit, piece)}
            </legend>
            <div class="field">
                <label for=qty_name.clone()>{cx.t("能供", "Can deliver")}</label>
                <div class="input-unit">
                    <input id=qty_name.clone() name=qty_name inputmode="decimal" autocomplete="off" value=qty
                        aria-invalid=qty_invalid/>
                    <span class="unit">{amount::unit(cx.lang(), line.price_unit, piece)}</span>
                </div>
                {error(qty_error)}
            </div>
            <div class="field">
                <label for=reason_name.clone()>
                    {cx.t("原因", "Reason")} " " <span class="optional">{cx.t("少供时必选", "when less")}</span>
                </label>
                {reasons(cx, &reason_name, form, reason_invalid)}
                {error(reason_error)}
            </div>
        </fieldset>
    }
    .into_any()
}

fn reasons(cx: &Cx, name: &str, form: &Form, invalid: Option<&'static str>) -> AnyView {
    let typed = form.value(name);
    let options: Vec<_> = REASONS
        .iter()
        .map(|(zh, en)| {
            let word = cx.t(zh, en);
            view! { <option value=*zh selected=typed == *zh>{word}</option> }
        })
        .collect();
    view! {
        <select id=name.to_owned() name=name.to_owned() aria-invalid=invalid>
            <option value="">{cx.t("请选择", "Choose")}</option>
            {options}
        </select>
    }
    .into_any()
}
