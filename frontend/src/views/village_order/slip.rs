//! 装箱单: what lies in the boxes, for paper.

use crate::context::Cx;
use crate::islands::print::PrintButton;
use crate::text::{amount, day};
use leptos::prelude::*;
use shared::api::village_order::{OrderLineOut, VillageOrderOut};

/// The packing slip. `qr_path` is the data of an SVG path over a square of `qr_size` modules, quiet zone included; it leads to `url`.
pub fn slip(
    cx: &Cx,
    order: &VillageOrderOut,
    qr_path: &str,
    qr_size: u32,
    url: &str,
) -> impl IntoView + use<> {
    view! {
        <main class="page" id="main">
            <div class="wrap-narrow spread no-print">
                <a class="button quiet" href=format!("/village-orders/{}", order.row.id)>{cx.t("‹ 回村单", "‹ Back")}</a>
                <PrintButton word=cx.t("打印", "Print").to_owned() class="button primary".to_owned()/>
                <noscript><p class="hint">{cx.t("请用浏览器菜单里的“打印”。", "Use your browser's menu to print.")}</p></noscript>
            </div>
            {sheet(cx, order, qr_path, qr_size, url)}
        </main>
    }
}

fn sheet(cx: &Cx, order: &VillageOrderOut, qr_path: &str, qr_size: u32, url: &str) -> AnyView {
    let row = &order.row;
    let kept: Vec<&OrderLineOut> = order
        .lines
        .iter()
        .filter(|line| line.confirmed_qty.unwrap_or(line.qty).0 > 0)
        .collect();
    let lines: Vec<_> = kept.iter().map(|line| line_row(cx, line)).collect();
    view! {
        <article class="sheet">
            <header class="sheet-head">
                <div>
                    <p class="sheet-kind">{cx.t("装箱单", "Packing slip")}</p>
                    <h1>{format!("{} → {}", row.village_name, row.unit_name)}</h1>
                    <p class="sheet-number">{row.number.clone()}</p>
                    <p>{cx.t("要货日", "Wanted on")} " " {day::long(cx.lang(), row.wanted_on)}</p>
                </div>
                <div class="sheet-code">{qr(cx, qr_path, qr_size)}<p>{row.number.clone()}</p></div>
            </header>
            {facts(cx, order)}
            <table class="sheet-table">
                <thead><tr>
                    <th>{cx.t("货品", "Goods")}</th>
                    <th>{cx.t("溯源码", "Trace code")}</th>
                    <th class="n">{cx.t("数量", "Amount")}</th>
                    <th>{cx.t("复称", "Weighed")}</th>
                </tr></thead>
                <tbody>{lines}</tbody>
            </table>
            <footer class="sheet-sign">
                <p>{cx.t("村里备货人", "Packed by")}</p>
                <p>{cx.t("中心收货人", "Collected by")}</p>
                <p>{cx.t("日期", "Date")}</p>
            </footer>
            <p class="sheet-note">
                {cx.t("贴在箱外。扫码看这张村单:", "Stick it on the box. The code leads to this village order: ")}
                <span class="code">{url.to_owned()}</span>
            </p>
        </article>
    }
    .into_any()
}

fn qr(cx: &Cx, path: &str, size: u32) -> AnyView {
    view! {
        <svg viewBox=format!("0 0 {size} {size}") role="img" aria-label=cx.t("二维码", "QR code")
            shape-rendering="crispEdges">
            <rect width=size height=size fill="#fff"></rect>
            <path d=path.to_owned() fill="#000"></path>
        </svg>
    }
    .into_any()
}

fn facts(cx: &Cx, order: &VillageOrderOut) -> AnyView {
    let row = &order.row;
    let fact = |name: &'static str, value: String| {
        (!value.is_empty()).then(|| view! { <div><dt>{name}</dt><dd>{value}</dd></div> })
    };
    view! {
        <dl class="key-value">
            {fact(cx.t("供货村", "From"), format!("{} {}", row.town_name, row.village_name))}
            {fact(cx.t("收货单位", "To"), row.unit_name.clone())}
            {fact(cx.t("地址", "Address"), order.address.clone())}
            {fact(cx.t("联系人", "Contact"), order.contact.clone())}
            {fact(cx.t("订单", "Order"), row.order_number.clone())}
            {fact(cx.t("车辆", "Vehicle"), row.vehicle.clone())}
            {fact(cx.t("备注", "Note"), order.note.clone())}
        </dl>
    }
    .into_any()
}

fn line_row(cx: &Cx, line: &OrderLineOut) -> AnyView {
    let qty = line.confirmed_qty.unwrap_or(line.qty);
    view! {
        <tr>
            <td><strong>{line.name.clone()}</strong></td>
            <td class="code">{line.lot_code.clone()}</td>
            <td class="n"><strong>{amount::qty(cx.lang(), qty, line.price_unit, line.piece_name.as_deref())}</strong></td>
            <td></td>
        </tr>
    }
    .into_any()
}
