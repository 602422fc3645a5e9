//! The lots of an offer with their stock, and adding one.

use crate::components::field::Field;
use crate::components::form_tokens::csrf_and_key;
use crate::context::Cx;
use crate::form::Form;
use crate::text::{amount, day};
use leptos::prelude::*;
use shared::api::lot::LotOut;
use shared::api::offer::{OfferIn, OfferOut};
use shared::domain::calendar::Day;

/// The lots, and the form for another when the reader may add one.
pub fn lots(cx: &Cx, out: &OfferOut, content: &OfferIn, form: &Form, may_add: bool) -> AnyView {
    let rows: Vec<_> = out.lots.iter().map(|lot| row(cx, out, lot, content)).collect();
    let table = if rows.is_empty() {
        view! { <p class="card-head muted">{cx.t("还没有批次，加一批才能卖。", "No lots yet; add one to have something to sell.")}</p> }
            .into_any()
    } else {
        view! {
            <table class="table">
                <thead><tr>
                    <th>{cx.t("批次", "Lot")}</th>
                    <th>{cx.t("采收", "Harvest")}</th>
                    <th>{cx.t("保质到", "Good until")}</th>
                    <th class="n">{cx.t("总量", "All")}</th>
                    <th class="n">{cx.t("已订", "Held")}</th>
                    <th class="n">{cx.t("已售", "Sold")}</th>
                    <th class="n">{cx.t("可售", "Free")}</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        }
        .into_any()
    };
    view! {
        <section class="table-wrap card card-flush">
            <div class="card-head"><h2>{cx.t("批次与库存", "Lots and stock")}</h2></div>
            {table}
        </section>
        {may_add.then(|| add(cx, out, content, form))}
    }
    .into_any()
}

fn row(cx: &Cx, out: &OfferOut, lot: &LotOut, content: &OfferIn) -> AnyView {
    let href = format!("/offers/{}/lots/{}", out.id, lot.id);
    let qty = |qty| amount::qty(cx.lang(), qty, content.price_unit, content.piece_name.as_deref());
    let date = |day: Day| view! { <time datetime=day.to_string()>{day::short(cx.lang(), day)}</time> };
    let due = lot.presale && lot.harvested_on <= cx.today;
    let ahead = lot.presale.then(|| {
        let word = if due {
            cx.t("预售 · 待确定采收", "Ahead · confirm the harvest")
        } else {
            cx.t("预售", "Ahead")
        };
        view! { " " <span class="chip tone-millet">{word}</span> }
    });
    let over = lot.good_until.is_some_and(|until| until < cx.today);
    let over = over.then(|| view! { " " <span class="chip tone-persimmon">{cx.t("已过期", "Over")}</span> });
    view! {
        <tr>
            <td class="lead" data-label=cx.t("批次", "Lot")><a class="code" href=href>{lot.code.clone()}</a></td>
            <td data-label=cx.t("采收", "Harvest")>{date(lot.harvested_on)}{ahead}</td>
            <td data-label=cx.t("保质到", "Good until")>{lot.good_until.map(date)}{over}</td>
            <td class="n" data-label=cx.t("总量", "All")>{qty(lot.qty)}</td>
            <td class="n" data-label=cx.t("已订", "Held")>{qty(lot.reserved)}</td>
            <td class="n" data-label=cx.t("已售", "Sold")>{qty(lot.sold)}</td>
            <td class="n sum lead-sum" data-label=cx.t("可售", "Free")>{qty(lot.free)}</td>
        </tr>
    }
    .into_any()
}

fn add(cx: &Cx, out: &OfferOut, content: &OfferIn, form: &Form) -> AnyView {
    let refused = ["harvested_on", "good_until", "qty"]
        .iter()
        .any(|name| form.problem(name).is_some());
    let unit = amount::unit(cx.lang(), content.price_unit, content.piece_name.as_deref());
    view! {
        <details class="fold" open=refused>
            <summary>{cx.t("加一批货", "Add a lot")}</summary>
            <form class="fold-body" method="post" action=format!("/offers/{}/lots", out.id)>
                {csrf_and_key(cx)}
                <div class="form-grid">
                    {Field::new(cx, form, "qty", cx.t("数量", "Amount")).unit(unit).decimal()}
                    {Field::new(cx, form, "harvested_on", cx.t("采收日", "Harvested on"))
                        .or(form, cx.today.to_string())
                        .hint(cx.t("还没采收就填预计的日子", "Or the day it is expected"))
                        .day()}
                    {Field::new(cx, form, "good_until", cx.t("保质到", "Good until")).optional().day()}
                </div>
                <div class="form-actions"><button class="button primary">{cx.t("加这一批", "Add the lot")}</button></div>
            </form>
        </details>
    }
    .into_any()
}
