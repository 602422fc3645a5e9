//! Placing an order out of the basket.

use crate::components::breadcrumb::breadcrumb;
use crate::components::empty::empty;
use crate::components::field::Field;
use crate::components::form_problems::form_problems;
use crate::components::form_tokens::csrf_and_key;
use crate::components::offer_card::full_name;
use crate::context::Cx;
use crate::form::Form;
use crate::text::status::Status as _;
use crate::text::{Lang, amount};
use crate::views::basket::gain_chip;
use leptos::prelude::*;
use shared::api::approval::PolicyOut;
use shared::api::basket::{BasketLine, BasketOut, BasketVillage};
use shared::api::order::{FundType, OrderOut};
use shared::api::problem::ShortLine;
use shared::api::unit::UnitOut;
use shared::domain::approval::ApprovalPolicy;
use shared::domain::quantity::Qty;

/// Days from today to the wanted day that the form proposes: villages have time to answer and pack.
const PROPOSED_AFTER_DAYS: i32 = 2;

/// The form that places an order out of the basket.
pub fn checkout(
    cx: &Cx,
    basket: &BasketOut,
    unit: &UnitOut,
    policy: &PolicyOut,
    form: &Form,
) -> impl IntoView + use<> {
    let rule = ApprovalPolicy {
        kind: policy.kind,
        above_fen: policy.above_fen,
    };
    let asks = rule.needs(basket.total_fen);
    let body = if basket.villages.is_empty() {
        empty(
            cx,
            "basket",
            cx.t("篮子还是空的", "The basket is empty"),
            cx.t("先选几样货品再来下单。", "Choose some goods first."),
            Some((cx.t("去选货", "Choose goods"), "/goods".to_owned())),
        )
    } else {
        view! {
            {refusal(cx, basket, form)}
            {short(cx, basket, form)}
            <form class="main-side with-action" id="checkout" method="post" action="/orders">
                {csrf_and_key(cx)}
                {lines(basket)}
                <div class="card form action-main">{delivery_fields(cx, unit, form, None)}</div>
                {summary(cx, basket)}
                {place(cx, basket, asks)}
            </form>
        }
        .into_any()
    };
    view! {
        {breadcrumb(cx, &[("/basket", cx.t("篮子", "Basket"))], cx.t("下单", "Order"))}
        <header class="toolbar">
            <div class="toolbar-title"><h1>{cx.t("确认下单", "Place the order")}</h1><p>{unit.name.clone()}</p></div>
        </header>
        {body}
    }
}

/// What the order was refused for; a line's refusal names its goods.
fn refusal(cx: &Cx, basket: &BasketOut, form: &Form) -> Option<AnyView> {
    let goods: Vec<(String, String)> = all_lines(basket)
        .enumerate()
        .map(|(at, line)| (format!("lines.{at}.qty"), full_name(&line.offer)))
        .collect();
    let fields = [
        ("fund", cx.t("资金来源", "Fund")),
        ("address", cx.t("收货地址", "Address")),
        ("contact", cx.t("联系人", "Contact")),
        ("wanted_on", cx.t("要货日", "Wanted on")),
        ("note", cx.t("备注", "Note")),
    ];
    let labels: Vec<(&str, &str)> = fields
        .into_iter()
        .chain(goods.iter().map(|(name, word)| (name.as_str(), word.as_str())))
        .collect();
    form_problems(cx, form, &labels)
}

fn all_lines(basket: &BasketOut) -> impl Iterator<Item = &BasketLine> {
    basket.villages.iter().flat_map(|village| &village.lines)
}

/// Fund, door, day and note; filled in from `order` when one is changed.
pub(super) fn delivery_fields(cx: &Cx, unit: &UnitOut, form: &Form, order: Option<&OrderOut>) -> AnyView {
    let field = |name: &str, label: &'static str| Field::new(cx, form, name, label);
    let proposed = cx.today.add_days(PROPOSED_AFTER_DAYS);
    let wanted = order
        .map_or(proposed, |order| order.order.wanted_on)
        .max(cx.today)
        .to_string();
    let fund = order.map_or(FundType::Canteen, |order| order.fund);
    let address = order.map_or_else(|| unit.address.clone(), |order| order.address.clone());
    let contact = order.map(|order| order.contact.clone()).unwrap_or_default();
    let note = order.map(|order| order.note.clone()).unwrap_or_default();
    view! {
        <section class="form-section">
            {field("fund", cx.t("资金来源", "Fund")).or(form, fund.as_str()).radio_cards(funds(cx))}
        </section>
        <section class="form-section">
            <h2>{cx.t("送到哪里", "Where to")}</h2>
            <div class="form-grid">
                {field("address", cx.t("收货地址", "Address"))
                    .or(form, address)
                    .max(120)
                    .autocomplete("street-address")
                    .full()
                    .text()}
                {field("contact", cx.t("联系人和电话", "Contact and telephone"))
                    .or(form, contact)
                    .hint(cx.t("送到门口时打给谁", "whom to call at the door"))
                    .max(60)
                    .optional()
                    .text()}
                {field("wanted_on", cx.t("要货日", "Wanted on"))
                    .hint(cx.t("村里要时间答复和备货", "villages need time to answer and pack"))
                    .or(form, wanted)
                    .day()}
                {field("note", cx.t("备注", "Note")).or(form, note).max(300).optional().full().area()}
            </div>
        </section>
    }
    .into_any()
}

fn funds(cx: &Cx) -> Vec<(&'static str, &'static str, &'static str)> {
    FundType::ALL
        .into_iter()
        .map(|fund| {
            let line = match fund {
                FundType::Canteen => cx.t("单位食堂日常用", "for the unit's canteen"),
                FundType::Union => cx.t("职工福利、节日慰问", "for the staff, for holidays"),
                FundType::Budget => cx.t("纳入预留份额", "counts towards the unit's quota"),
                FundType::Other => cx.t("捐赠、个人代购等", "donations and the like"),
            };
            (fund.as_str(), fund.word(cx.lang()), line)
        })
        .collect()
}

/// The lines as hidden fields: what is shown is what is ordered.
fn lines(basket: &BasketOut) -> AnyView {
    let fields: Vec<_> = all_lines(basket)
        .enumerate()
        .map(|(at, line)| {
            view! {
                <input type="hidden" name=format!("line.{at}.offer_id") value=line.offer.id.to_string()/>
                <input type="hidden" name=format!("line.{at}.version") value=line.version_id.to_string()/>
                <input type="hidden" name=format!("line.{at}.qty") value=line.qty.0.to_string()/>
            }
        })
        .collect();
    fields.into_any()
}

fn summary(cx: &Cx, basket: &BasketOut) -> AnyView {
    let groups: Vec<_> = basket.villages.iter().map(|village| group(cx, village)).collect();
    let count = i64::try_from(basket.villages.len()).unwrap_or_default();
    let note = match cx.lang() {
        Lang::Zh => format!("会拆成 {count} 张村单，价格按现在的定死，由各村分别确认。"),
        Lang::En => {
            let parts = amount::counted(count, "village order", "village orders");
            format!("Split into {parts} at today's prices; each village confirms its own.")
        }
    };
    view! {
        <aside class="card">
            <h2>{cx.t("按村拆分", "Split by village")}</h2>
            {groups}
            <p class="hint">{note}</p>
        </aside>
    }
    .into_any()
}

fn place(cx: &Cx, basket: &BasketOut, asks: bool) -> AnyView {
    let (word, note) = if asks {
        let note = cx.t(
            "本单位规定这一单要审批：先留住库存，批准后发给各村。",
            "Your unit wants an approval for this: the stock is held, the villages hear of it once it is approved.",
        );
        (
            cx.t("提交审批并留住库存", "Ask for approval and hold the stock"),
            Some(note),
        )
    } else {
        (cx.t("下单并锁定库存", "Order and hold the stock"), None)
    };
    let note = note.map(|note| view! { <p class="sticky-note">{note}</p> });
    view! {
        <div class="sticky-action"><div class="sticky-inner">
            <p class="sticky-total"><span>{cx.t("合计", "Total")}</span><b>{amount::cny(basket.total_fen)}</b></p>
            {note}
            <button class="button primary wide">{word}</button>
        </div></div>
    }
    .into_any()
}

fn group(cx: &Cx, village: &BasketVillage) -> AnyView {
    let rows: Vec<_> = village
        .lines
        .iter()
        .map(|line| {
            let words = format!("{} {}", full_name(&line.offer), qty(cx, line, line.qty));
            view! { <li><span class="muted">{words}</span><span class="num push">{amount::cny(line.total_fen)}</span></li> }
        })
        .collect();
    view! {
        <section data-village=village.village_code.clone()>
            <p class="spread">
                <b>{format!("{} {}", village.town_name, village.village_name)}</b>
                <span class="sum">{amount::cny(village.total_fen)}</span>
            </p>
            <p>{gain_chip(cx, village)}</p>
            <ul class="lines">{rows}</ul>
        </section>
    }
    .into_any()
}

fn qty(cx: &Cx, line: &BasketLine, qty: Qty) -> String {
    amount::qty(
        cx.lang(),
        qty,
        line.offer.price_unit,
        line.offer.piece_name.as_deref(),
    )
}

/// What ran short, line by line, each with a way out.
fn short(cx: &Cx, basket: &BasketOut, form: &Form) -> Option<AnyView> {
    if form.short.is_empty() {
        return None;
    }
    let rows: Vec<_> = form
        .short
        .iter()
        .filter_map(|short| {
            let line = all_lines(basket).find(|line| line.offer.id == short.offer_id)?;
            Some(short_line(cx, line, short))
        })
        .collect();
    Some(
        view! {
            <section class="card card-flush" aria-label=cx.t("不够的货品", "What ran short")>
                <div class="card-head"><h2>{cx.t("这些货品不够了", "These have run short")}</h2></div>
                <ul class="short-lines">{rows}</ul>
            </section>
        }
        .into_any(),
    )
}

fn short_line(cx: &Cx, line: &BasketLine, short: &ShortLine) -> AnyView {
    let (asked, free) = (qty(cx, line, short.asked), qty(cx, line, short.free));
    let words = match cx.lang() {
        Lang::Zh => format!("要 {asked}，现在只剩 {free}"),
        Lang::En => format!("{asked} asked for, only {free} left"),
    };
    let can_have = best(line, short.free);
    let word = match (can_have.0, cx.lang()) {
        (0, _) => cx.t("从篮子里移除", "Take it out").to_owned(),
        (_, Lang::Zh) => format!("改成 {}", qty(cx, line, can_have)),
        (_, Lang::En) => format!("Change to {}", qty(cx, line, can_have)),
    };
    view! {
        <li class="spread" data-short=short.offer_id.to_string()>
            <div><b>{full_name(&line.offer)}</b><p class="line-short">{words}</p></div>
            // The button belongs to the order's own form: what was typed there comes along and is shown again.
            <button class="button small" form="checkout" name="fit" value=format!("{} {}", short.offer_id, can_have.0)>
                {word}
            </button>
        </li>
    }
    .into_any()
}

/// The most of what is left that may be ordered in the offer's steps; nothing when that is below its least amount.
fn best(line: &BasketLine, free: Qty) -> Qty {
    let step = line.step_qty.0.max(1);
    let most = free.0.max(0) / step * step;
    Qty(if most < line.min_qty.0 { 0 } else { most })
}
