//! Credited, paid by the unit, settled to the village: three figures that always stand side by side.

use super::stat::linked;
use crate::context::Cx;
use crate::text::amount;
use leptos::prelude::*;
use shared::domain::money::Fen;

/// The three figures with a line below each, and the way to what stands behind them.
pub fn money_three(cx: &Cx, sums: [Fen; 3], notes: [String; 3], hrefs: [Option<String>; 3]) -> AnyView {
    let [credited, paid, settled] = sums.map(amount::cny);
    let [credited_href, paid_href, settled_href] = hrefs;
    let [credited_note, paid_note, settled_note] = notes;
    view! {
        <dl class="money-three card card-flush">
            <div>
                <dt>{cx.t("已入账", "Credited")}</dt>
                <dd class="figure">{linked(credited_href, credited)}</dd>
                <dd class="figure-note">{credited_note}</dd>
            </div>
            <div class="is-paid">
                <dt>{cx.t("单位已付", "Paid by units")}</dt>
                <dd class="figure">{linked(paid_href, paid)}</dd>
                <dd class="figure-note">{paid_note}</dd>
            </div>
            <div class="is-settled">
                <dt>{cx.t("已拨付到村", "Settled to the village")}</dt>
                <dd class="figure">{linked(settled_href, settled)}</dd>
                <dd class="figure-note">{settled_note}</dd>
            </div>
        </dl>
    }
    .into_any()
}
