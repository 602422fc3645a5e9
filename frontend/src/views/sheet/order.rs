//! 订单 on paper.

use super::{Head, Paper, facts, page};
use crate::components::sum_words::sum_words;
use crate::context::Cx;
use crate::text::status::Status as _;
use crate::text::{amount, day};
use leptos::prelude::*;
use shared::api::order::OrderOut;
use shared::domain::money::Fen;
use shared::domain::price::PriceUnit;
use shared::domain::quantity::Qty;

/// A line as it is printed.
struct Line<'o> {
    name: &'o str,
    village: &'o str,
    price_fen: Fen,
    price_unit: PriceUnit,
    piece_name: Option<&'o str>,
    qty: Qty,
    total_fen: Fen,
}

/// The order as it was placed, or as it is asked for.
pub fn order(cx: &Cx, out: &OrderOut, paper: &Paper) -> impl IntoView + use<> {
    let row = &out.order;
    let lines: Vec<_> = lines_of(out).iter().map(|line| line_row(cx, line)).collect();
    let head = Head {
        kind: cx.t("订单", "Order"),
        title: row.unit_name.clone(),
        number: row.number.clone(),
        day: format!(
            "{} · {}",
            day::long(cx.lang(), row.placed_at.day()),
            row.status.word(cx.lang())
        ),
    };
    let decision = out.decision.as_ref().map_or_else(String::new, |decision| {
        let word = if decision.approved {
            cx.t("批准", "approved")
        } else {
            cx.t("未批准", "not approved")
        };
        format!("{} {word} {}", decision.by, day::time(cx.lang(), decision.at))
    });
    let body = view! {
        {facts(vec![
            (cx.t("收货地址", "Address"), out.address.clone()),
            (cx.t("联系人", "Contact"), out.contact.clone()),
            (cx.t("要货日", "Wanted on"), day::long(cx.lang(), row.wanted_on)),
            (cx.t("资金", "Fund"), out.fund.word(cx.lang()).to_owned()),
            (cx.t("经办人", "Ordered by"), row.requested_by.clone()),
            (cx.t("审批", "Approval"), decision),
            (cx.t("备注", "Note"), out.note.clone()),
        ])}
        <table class="sheet-table">
            <thead><tr>
                <th>{cx.t("货品", "Goods")}</th>
                <th class="not-80">{cx.t("村", "Village")}</th>
                <th class="n not-80">{cx.t("单价", "Price")}</th>
                <th class="n">{cx.t("数量", "Amount")}</th>
                <th class="n">{cx.t("金额", "Sum")}</th>
            </tr></thead>
            <tbody>{lines}</tbody>
        </table>
        <p class="sheet-total"><span>{cx.t("合计", "Total")}</span> <b>{amount::cny(row.total_fen)}</b></p>
        {sum_words(cx, row.total_fen)}
        <p class="sheet-note">{cx.t("金额按下单时的价格；结算以双方签字的验收单为准。", "Prices are those of the order; what is paid follows the signed acceptance.")}</p>
    };
    page(cx, paper, head, body.into_any())
}

fn lines_of(out: &OrderOut) -> Vec<Line<'_>> {
    if out.village_orders.is_empty() {
        let asked = out.requests.first().map_or(&[][..], |revision| &revision.lines);
        return asked
            .iter()
            .map(|line| Line {
                name: &line.name,
                village: &line.village_name,
                price_fen: line.price_fen,
                price_unit: line.price_unit,
                piece_name: line.piece_name.as_deref(),
                qty: line.qty,
                total_fen: line.total_fen,
            })
            .collect();
    }
    out.village_orders
        .iter()
        .flat_map(|part| {
            part.lines.iter().map(|line| Line {
                name: &line.name,
                village: &part.village_order.village_name,
                price_fen: line.price_fen,
                price_unit: line.price_unit,
                piece_name: line.piece_name.as_deref(),
                qty: line.qty,
                total_fen: line.total_fen,
            })
        })
        .collect()
}

fn line_row(cx: &Cx, line: &Line<'_>) -> AnyView {
    let price = amount::price(cx.lang(), line.price_fen, line.price_unit, line.piece_name);
    let below = format!("{} · {price}", line.village);
    view! {
        <tr>
            <td><strong>{line.name.to_owned()}</strong><p class="only-80">{below}</p></td>
            <td class="not-80">{line.village.to_owned()}</td>
            <td class="n not-80">{price}</td>
            <td class="n">{amount::qty(cx.lang(), line.qty, line.price_unit, line.piece_name)}</td>
            <td class="n">{amount::cny(line.total_fen)}</td>
        </tr>
    }
    .into_any()
}
