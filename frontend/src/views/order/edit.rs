//! Changing a request before it is asked for again.

use super::checkout::delivery_fields;
use crate::components::breadcrumb::breadcrumb;
use crate::components::field::refusal;
use crate::components::form_problems::form_problems;
use crate::components::form_tokens::csrf_and_key;
use crate::context::Cx;
use crate::form::Form;
use crate::text::{Lang, amount};
use leptos::prelude::*;
use shared::api::order::{OrderOut, RequestLineOut};
use shared::api::unit::UnitOut;
use shared::domain::price::PriceUnit;
use shared::domain::quantity::Qty;

/// A line of the form: lots of the same offer are one line.
struct Line {
    offer_id: String,
    name: String,
    village: String,
    price_unit: PriceUnit,
    piece_name: Option<String>,
    qty: Qty,
    on_sale: bool,
}

fn lines_of(out: &OrderOut) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let asked: &[RequestLineOut] = out.requests.first().map_or(&[], |revision| &revision.lines);
    for line in asked {
        match lines.iter_mut().find(|l| l.offer_id == line.offer_id.to_string()) {
            Some(same) => same.qty = Qty(same.qty.0.saturating_add(line.qty.0)),
            None => lines.push(Line {
                offer_id: line.offer_id.to_string(),
                name: line.name.clone(),
                village: line.village_name.clone(),
                price_unit: line.price_unit,
                piece_name: line.piece_name.clone(),
                qty: line.qty,
                on_sale: line.on_sale,
            }),
        }
    }
    lines
}

/// 改单: the request as it is, to be changed.
pub fn edit(cx: &Cx, out: &OrderOut, unit: &UnitOut, form: &Form) -> impl IntoView + use<> {
    let asked = lines_of(out);
    let goods: Vec<(String, String)> = asked
        .iter()
        .enumerate()
        .map(|(at, line)| (format!("line.{at}.qty"), line.name.clone()))
        .chain(
            asked
                .iter()
                .enumerate()
                .map(|(at, line)| (format!("lines.{at}.qty"), line.name.clone())),
        )
        .collect();
    let labels: Vec<(&str, &str)> = goods
        .iter()
        .map(|(name, word)| (name.as_str(), word.as_str()))
        .collect();
    let rows: Vec<_> = asked
        .iter()
        .enumerate()
        .map(|(at, line)| row(cx, form, at, line))
        .collect();
    let short = short(cx, form);
    let basket = (cx.basket > 0).then(|| {
        let words = match cx.lang() {
            Lang::Zh => format!("把篮子里的 {} 件货品一起加进来", cx.basket),
            Lang::En => format!(
                "Add the {} in my basket",
                amount::counted(cx.basket, "offer", "offers")
            ),
        };
        view! {
            <p><label class="row"><input type="checkbox" name="add_basket" value="1"/> {words}</label></p>
        }
    });
    let title = format!("{} {}", cx.t("改单", "Change"), out.order.number);
    view! {
        {breadcrumb(
            cx,
            &[("/orders", cx.t("订单", "Orders")), (&format!("/orders/{}", out.order.id), &out.order.number)],
            cx.t("改单", "Change"),
        )}
        {form_problems(cx, form, &labels)}
        {short}
        <header class="toolbar">
            <div class="toolbar-title">
                <h1>{title}</h1>
                <p>{cx.t("改好后重新提交审批；单号不变，原来的版本留着可查。", "Asks for approval again under the same number; earlier revisions are kept.")}</p>
            </div>
        </header>
        <form class="form card" method="post" action=format!("/orders/{}/edit", out.order.id)>
            {csrf_and_key(cx)}
            <section class="form-section">
                <h2>{cx.t("货品", "Goods")}</h2>
                <p class="hint">{cx.t("不要的填 0。要加别的货品，先放进篮子。", "Write 0 for what you no longer want. To add goods, put them into the basket first.")}</p>
                <div class="form-grid">{rows}</div>
                {basket}
            </section>
            {delivery_fields(cx, unit, form, Some(out))}
            <div class="form-actions">
                <button class="button primary">{cx.t("重新提交审批", "Ask for approval again")}</button>
                <a class="button" href=format!("/orders/{}", out.order.id)>{cx.t("不改了", "Leave as it is")}</a>
            </div>
        </form>
    }
}

fn row(cx: &Cx, form: &Form, at: usize, line: &Line) -> AnyView {
    let name = format!("line.{at}.qty");
    let error = refusal(cx, form, &name).or_else(|| refusal(cx, form, &format!("lines.{at}.qty")));
    let shown = form.value_or(&name, line.price_unit.format_qty_plain(line.qty));
    let invalid = error.is_some().then_some("true");
    let gone = (!line.on_sale).then(|| {
        view! { <p class="line-short">{cx.t("已下架或过了保质期，请填 0", "No longer on sale or expired; write 0")}</p> }
    });
    let piece = line.piece_name.as_deref();
    view! {
        <div class="field">
            <label for=name.clone()>{format!("{} · {}", line.village, line.name)}</label>
            <input type="hidden" name=format!("line.{at}.offer_id") value=line.offer_id.clone()/>
            <input type="hidden" name=format!("line.{at}.unit") value=line.price_unit.as_str()/>
            <span class="input-unit">
                <input id=name.clone() name=name inputmode="decimal" autocomplete="off" value=shown aria-invalid=invalid/>
                <span class="unit">{amount::unit(cx.lang(), line.price_unit, piece)}</span>
            </span>
            {error.map(|error| view! { <p class="field-error">{error}</p> })}
            {gone}
        </div>
    }
    .into_any()
}

/// What ran short of the lines as they were typed.
fn short(cx: &Cx, form: &Form) -> Option<AnyView> {
    if form.short.is_empty() {
        return None;
    }
    let names: Vec<String> = form.short.iter().map(|line| line.name.clone()).collect();
    let words = format!(
        "{}{}",
        cx.t("不够的货品：", "Short of: "),
        names.join(cx.t("、", ", "))
    );
    Some(view! { <p class="notice tone-persimmon">{words}</p> }.into_any())
}
