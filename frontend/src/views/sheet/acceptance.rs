//! 验收单 on paper.

use super::{Head, Paper, facts, page};
use crate::components::sum_words::sum_words;
use crate::context::Cx;
use crate::text::{amount, day};
use leptos::prelude::*;
use shared::api::acceptance::{AcceptanceLineOut, AcceptanceOut, Signature};

/// What was received, weighed and signed.
pub fn acceptance(cx: &Cx, out: &AcceptanceOut, paper: &Paper) -> impl IntoView + use<> {
    let lines: Vec<_> = out.lines.iter().map(|line| line_row(cx, line)).collect();
    let signed = |signature: &Option<Signature>| {
        signature.as_ref().map_or_else(
            || cx.t("待签", "not signed").to_owned(),
            |s| format!("{} {}", s.name, day::time(cx.lang(), s.at)),
        )
    };
    let day_words = out.posted_at.map_or_else(
        || cx.t("还没有入账", "Not credited yet").to_owned(),
        |at| format!("{} {}", cx.t("入账", "Credited"), day::long(cx.lang(), at.day())),
    );
    let head = Head {
        kind: cx.t("验收单", "Acceptance"),
        title: out.unit_name.clone(),
        number: out.number.clone().unwrap_or_else(|| out.order_number.clone()),
        day: day_words,
    };
    let body = view! {
        {facts(vec![
            (cx.t("订单", "Order"), out.order_number.clone()),
            (cx.t("车辆", "Vehicle"), out.vehicle.clone()),
            (cx.t("单位验收人", "For the unit"), signed(&out.unit_signature)),
            (cx.t("中心配送员", "For the centre"), signed(&out.centre_signature)),
        ])}
        <table class="sheet-table">
            <thead><tr>
                <th>{cx.t("货品", "Goods")}</th>
                <th class="not-80">{cx.t("村", "Village")}</th>
                <th class="n not-80">{cx.t("单价", "Price")}</th>
                <th class="n not-80">{cx.t("应收", "Expected")}</th>
                <th class="n">{cx.t("实收", "Accepted")}</th>
                <th class="n">{cx.t("金额", "Sum")}</th>
            </tr></thead>
            <tbody>{lines}</tbody>
        </table>
        <p class="sheet-total"><span>{cx.t("实收合计", "Accepted in all")}</span> <b>{amount::cny(out.accepted_fen)}</b></p>
        {sum_words(cx, out.accepted_fen)}
        <p class="sheet-note">{cx.t("扫码核对这张验收单。", "The code leads to this acceptance.")}</p>
    };
    page(cx, paper, head, body.into_any())
}

fn line_row(cx: &Cx, line: &AcceptanceLineOut) -> AnyView {
    let piece = line.piece_name.as_deref();
    let qty = |qty| amount::qty(cx.lang(), qty, line.price_unit, piece);
    let price = amount::price(cx.lang(), line.price_fen, line.price_unit, piece);
    let below = format!("{} · {price}", line.village_name);
    let remark = (!line.remark.is_empty()).then(|| view! { <p>{line.remark.clone()}</p> });
    view! {
        <tr>
            <td>
                <strong>{line.name.clone()}</strong>
                <p class="code">{line.lot_code.clone()}</p>
                <p class="only-80">{below}</p>
                {remark}
            </td>
            <td class="not-80">{line.village_name.clone()}</td>
            <td class="n not-80">{price}</td>
            <td class="n not-80">{qty(line.expected_qty)}</td>
            <td class="n">{qty(line.accepted_qty)}</td>
            <td class="n">{amount::cny(line.accepted_fen)}</td>
        </tr>
    }
    .into_any()
}
