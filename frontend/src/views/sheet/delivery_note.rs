//! 送货单: what the vehicle brings to a door, village by village.

use super::{Head, Paper, facts, page, signs};
use crate::context::Cx;
use crate::text::{amount, day};
use leptos::prelude::*;
use shared::api::order::{OrderOut, OrderVillage};
use shared::domain::village_order::VillageOrderStatus as State;

/// What is packed, on the way or at the door, and not yet signed for.
#[must_use]
pub const fn travels(status: State) -> bool {
    matches!(
        status,
        State::Confirmed | State::Shorted | State::Packed | State::Collected | State::Delivered
    )
}

/// The note that travels with the goods of one order. What was signed for or came to nothing is not on it.
pub fn delivery_note(cx: &Cx, out: &OrderOut, paper: &Paper) -> impl IntoView + use<> {
    let row = &out.order;
    let parts: Vec<&OrderVillage> = out
        .village_orders
        .iter()
        .filter(|part| travels(part.village_order.status))
        .collect();
    let mut vehicles: Vec<&str> = parts
        .iter()
        .map(|part| part.village_order.vehicle.as_str())
        .filter(|vehicle| !vehicle.is_empty())
        .collect();
    vehicles.dedup();
    let head = Head {
        kind: cx.t("送货单", "Delivery note"),
        title: row.unit_name.clone(),
        number: row.number.clone(),
        day: format!(
            "{} {}",
            cx.t("要货日", "Wanted on"),
            day::long(cx.lang(), row.wanted_on)
        ),
    };
    let table = if parts.is_empty() {
        let words = cx.t(
            "这张订单现在没有要送的货。",
            "Nothing of this order is to be delivered just now.",
        );
        view! { <p>{words}</p> }.into_any()
    } else {
        let rows: Vec<_> = parts.iter().flat_map(|part| part_rows(cx, part)).collect();
        view! {
            <table class="sheet-table">
                <thead><tr>
                    <th>{cx.t("货品", "Goods")}</th>
                    <th class="not-80">{cx.t("村", "Village")}</th>
                    <th class="not-80">{cx.t("溯源码", "Trace code")}</th>
                    <th class="n">{cx.t("应送", "To deliver")}</th>
                    <th>{cx.t("实收", "Received")}</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        }
        .into_any()
    };
    let body = view! {
        {facts(vec![
            (cx.t("地址", "Address"), out.address.clone()),
            (cx.t("联系人", "Contact"), out.contact.clone()),
            (cx.t("车辆", "Vehicle"), vehicles.join(" · ")),
            (cx.t("备注", "Note"), out.note.clone()),
        ])}
        {table}
        {signs(&[cx.t("配送员", "Delivered by"), cx.t("单位收货人", "Received by"), cx.t("日期", "Date")])}
        <p class="sheet-note">{cx.t("到门口扫码，双方过秤签字。", "At the door: scan the code, weigh and sign.")}</p>
    };
    page(cx, paper, head, body.into_any())
}

fn part_rows(cx: &Cx, part: &OrderVillage) -> Vec<AnyView> {
    part.lines
        .iter()
        .filter(|line| line.confirmed_qty.unwrap_or(line.qty).0 > 0)
        .map(|line| {
            let qty = line.confirmed_qty.unwrap_or(line.qty);
            let village = part.village_order.village_name.clone();
            let below = format!("{village} · {}", line.lot_code);
            view! {
                <tr>
                    <td><strong>{line.name.clone()}</strong><p class="only-80">{below}</p></td>
                    <td class="not-80">{village}</td>
                    <td class="code not-80">{line.lot_code.clone()}</td>
                    <td class="n">{amount::qty(cx.lang(), qty, line.price_unit, line.piece_name.as_deref())}</td>
                    <td></td>
                </tr>
            }
            .into_any()
        })
        .collect()
}
