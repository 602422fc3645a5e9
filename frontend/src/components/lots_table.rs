//! Lots as the public sees them: what can be ordered, or what is growing.

use crate::components::chip::toned;
use crate::context::Cx;
use crate::text::{Lang, amount, day, status};
use leptos::prelude::*;
use shared::api::lot::LotOut;
use shared::domain::calendar::Day;
use shared::domain::price::PriceUnit;

/// The chip of what is sold ahead of its harvest.
pub fn ahead(cx: &Cx, lot: &LotOut) -> Option<AnyView> {
    (lot.presale || lot.harvested_on > cx.today)
        .then(|| toned(status::MILLET, cx.t("预售 · 预计采收", "Ahead · expected")))
}

/// The mark of goods that are bought ahead of their harvest.
pub fn growing(cx: &Cx, expected_on: Option<Day>) -> Option<AnyView> {
    let expected = day::short(cx.lang(), expected_on?);
    let words = match cx.lang() {
        Lang::Zh => format!("预售 · 预计 {expected} 采收"),
        Lang::En => format!("Ahead · harvest expected {expected}"),
    };
    Some(view! { <p><span class="chip tone-millet">{words}</span></p> }.into_any())
}

/// The table of lots with what can be ordered of each; every trace code leads to its story.
pub fn lots_table(cx: &Cx, lots: &[LotOut], unit: PriceUnit, piece: Option<&str>) -> AnyView {
    if lots.is_empty() {
        return view! {
            <p class="card-body muted">{cx.t("现在没有可订的批次。", "No lot can be ordered just now.")}</p>
        }
        .into_any();
    }
    let rows: Vec<_> = lots
        .iter()
        .map(|lot| {
            let until = match lot.good_until {
                Some(until) => {
                    view! { <time datetime=until.to_string()>{day::short(cx.lang(), until)}</time> }.into_any()
                }
                None => view! { <span class="muted">{cx.t("耐存", "keeps well")}</span> }.into_any(),
            };
            view! {
                <tr>
                    <td class="lead" data-label=cx.t("溯源码", "Trace code")>
                        <a class="code" href=format!("/t/{}", lot.code)>{lot.code.clone()}</a>
                    </td>
                    <td data-label=cx.t("采收", "Harvest")>
                        <span class="chips">
                            <time datetime=lot.harvested_on.to_string()>{day::short(cx.lang(), lot.harvested_on)}</time>
                            {ahead(cx, lot)}
                        </span>
                    </td>
                    <td data-label=cx.t("最佳至", "Best until")>{until}</td>
                    <td class="n sum lead-sum" data-label=cx.t("可订", "Can be ordered")>
                        {amount::qty(cx.lang(), lot.free, unit, piece)}
                    </td>
                </tr>
            }
        })
        .collect();
    view! {
        <table class="table">
            <thead><tr>
                <th>{cx.t("溯源码", "Trace code")}</th>
                <th>{cx.t("采收", "Harvest")}</th>
                <th>{cx.t("最佳至", "Best until")}</th>
                <th class="n">{cx.t("可订", "Can be ordered")}</th>
            </tr></thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}
