//! 装箱单: what lies in the boxes, for paper.

use crate::context::Cx;
use crate::text::{amount, day};
use crate::views::sheet::{Head, Paper, facts, page, signs};
use leptos::prelude::*;
use shared::api::village_order::{OrderLineOut, VillageOrderOut};

/// The packing slip; its code leads to the village order.
pub fn slip(cx: &Cx, order: &VillageOrderOut, paper: &Paper) -> impl IntoView + use<> {
    let row = &order.row;
    let lines: Vec<_> = order
        .lines
        .iter()
        .filter(|line| line.confirmed_qty.unwrap_or(line.qty).0 > 0)
        .map(|line| line_row(cx, line))
        .collect();
    let head = Head {
        kind: cx.t("装箱单", "Packing slip"),
        title: format!("{} → {}", row.village_name, row.unit_name),
        number: row.number.clone(),
        day: format!(
            "{} {}",
            cx.t("要货日", "Wanted on"),
            day::long(cx.lang(), row.wanted_on)
        ),
    };
    let body = view! {
        {facts(vec![
            (cx.t("供货村", "From"), format!("{} {}", row.town_name, row.village_name)),
            (cx.t("收货单位", "To"), row.unit_name.clone()),
            (cx.t("地址", "Address"), order.address.clone()),
            (cx.t("联系人", "Contact"), order.contact.clone()),
            (cx.t("订单", "Order"), row.order_number.clone()),
            (cx.t("车辆", "Vehicle"), row.vehicle.clone()),
            (cx.t("备注", "Note"), order.note.clone()),
        ])}
        <table class="sheet-table">
            <thead><tr>
                <th>{cx.t("货品", "Goods")}</th>
                <th class="not-80">{cx.t("溯源码", "Trace code")}</th>
                <th class="n">{cx.t("数量", "Amount")}</th>
                <th>{cx.t("复称", "Weighed")}</th>
            </tr></thead>
            <tbody>{lines}</tbody>
        </table>
        {signs(&[cx.t("村里备货人", "Packed by"), cx.t("中心收货人", "Collected by"), cx.t("日期", "Date")])}
        <p class="sheet-note">
            {cx.t("贴在箱外。扫码看这张村单：", "Stick it on the box. The code leads to this village order: ")}
            <span class="code">{paper.url.clone()}</span>
        </p>
    };
    page(cx, paper, head, body.into_any())
}

fn line_row(cx: &Cx, line: &OrderLineOut) -> AnyView {
    let qty = line.confirmed_qty.unwrap_or(line.qty);
    view! {
        <tr>
            <td><strong>{line.name.clone()}</strong><p class="code only-80">{line.lot_code.clone()}</p></td>
            <td class="code not-80">{line.lot_code.clone()}</td>
            <td class="n"><strong>{amount::qty(cx.lang(), qty, line.price_unit, line.piece_name.as_deref())}</strong></td>
            <td></td>
        </tr>
    }
    .into_any()
}
