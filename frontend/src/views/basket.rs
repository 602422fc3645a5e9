//! 篮子: what a buyer means to order, by village.

use crate::components::chip::square;
use crate::components::empty::empty;
use crate::components::form_problems::form_problems;
use crate::components::form_tokens::csrf;
use crate::components::lots_table::growing;
use crate::components::offer_card::full_name;
use crate::components::photo::thumb;
use crate::components::produce_picture::tint;
use crate::context::Cx;
use crate::form::Form;
use crate::text::{Lang, amount, problem, status};
use leptos::prelude::*;
use shared::api::basket::{BasketLine, BasketOut, BasketVillage};
use shared::api::order::AgainMissing;
use shared::domain::identity::Role;
use shared::domain::money::Fen;
use shared::domain::price::{Price, line_total};

/// The basket.
pub fn basket(cx: &Cx, out: &BasketOut, form: &Form, missing: &[AgainMissing]) -> impl IntoView + use<> {
    let missing = not_again(cx, missing);
    let body = if out.villages.is_empty() {
        empty(
            cx,
            "basket",
            cx.t("篮子还是空的", "The basket is empty"),
            cx.t("去看看这个月应季的货品吧。", "Have a look at what is in season."),
            Some((cx.t("去选货", "Choose goods"), "/goods".to_owned())),
        )
    } else {
        let groups: Vec<_> = out
            .villages
            .iter()
            .map(|village| group(cx, village, form))
            .collect();
        view! {
            {form_problems(cx, form, &[("qty", cx.t("数量", "Amount"))])}
            <div class="main-side with-action">
                <div class="stack action-main">{groups}</div>
                {summary(cx, out)}
                {next_step(cx, out)}
            </div>
        }
        .into_any()
    };
    view! {
        <header class="toolbar">
            <div class="toolbar-title"><h1>{cx.t("篮子", "Basket")}</h1>{counted(cx, out)}</div>
        </header>
        {missing}
        {body}
    }
}

/// What of a past order cannot be had again as it was.
fn not_again(cx: &Cx, missing: &[AgainMissing]) -> Option<AnyView> {
    if missing.is_empty() {
        return None;
    }
    let items: Vec<_> = missing
        .iter()
        .map(|line| {
            let qty = |qty| amount::qty(cx.lang(), qty, line.price_unit, line.piece_name.as_deref());
            let words = match (line.free.0, cx.lang()) {
                (0, Lang::Zh) => format!("{}：现在买不到", line.name),
                (0, Lang::En) => format!("{}: cannot be had now", line.name),
                (_, Lang::Zh) => format!(
                    "{}：上次 {}，现在只有 {}",
                    line.name,
                    qty(line.asked),
                    qty(line.free)
                ),
                (_, Lang::En) => format!(
                    "{}: {} then, only {} now",
                    line.name,
                    qty(line.asked),
                    qty(line.free)
                ),
            };
            view! { <li>{words}</li> }
        })
        .collect();
    Some(
        view! {
            <div class="notice tone-millet" role="status">
                <p>{cx.t("上次订单里的货品已放进篮子，除了：", "What was in the past order is in the basket, except:")}</p>
                <ul>{items}</ul>
            </div>
        }
        .into_any(),
    )
}

fn counted(cx: &Cx, out: &BasketOut) -> Option<AnyView> {
    let (lines, villages) = (out.count, out.villages.len());
    let words = match cx.lang() {
        Lang::Zh => format!("{lines} 件货品，来自 {villages} 个村"),
        Lang::En => {
            let goods = amount::counted(lines, "offer", "offers");
            format!(
                "{goods} of {}",
                amount::counted(i64::try_from(villages).unwrap_or_default(), "village", "villages")
            )
        }
    };
    (villages > 0).then(|| view! { <p>{words}</p> }.into_any())
}

/// What the lines of a village add to its collective income; whether it is exact, or may differ by a fen.
#[must_use]
pub fn village_gain(village: &BasketVillage) -> (Fen, bool) {
    let part = |line: &BasketLine| {
        line_total(
            Price {
                fen: line.offer.village_fen,
                unit: line.offer.price_unit,
            },
            line.qty,
        )
        .unwrap_or_default()
    };
    let exact = village
        .lines
        .iter()
        .all(|line| line.offer.village_fen == line.offer.price_fen);
    (
        Fen::checked_sum(village.lines.iter().map(part)).unwrap_or_default(),
        exact,
    )
}

/// The gain of a village as a chip.
pub fn gain_chip(cx: &Cx, village: &BasketVillage) -> AnyView {
    let (gain, exact) = village_gain(village);
    let word = if exact {
        cx.t("村集体", "Village")
    } else {
        cx.t("村集体约", "Village about")
    };
    square(status::PINE, format!("{word} {}", amount::signed(gain)))
}

fn group(cx: &Cx, village: &BasketVillage, form: &Form) -> AnyView {
    let lines: Vec<_> = village
        .lines
        .iter()
        .map(|line| basket_line(cx, line, form))
        .collect();
    view! {
        <section class="card card-flush village-group" data-village=village.village_code.clone()>
            <header class="group-head">
                <h2>
                    <a href=format!("/villages/{}", village.village_code)>
                        {format!("{} {}", village.town_name, village.village_name)}
                    </a>
                </h2>
                {gain_chip(cx, village)}
            </header>
            <ul>{lines}</ul>
        </section>
    }
    .into_any()
}

fn basket_line(cx: &Cx, line: &BasketLine, form: &Form) -> AnyView {
    let offer = &line.offer;
    let (id, piece) = (offer.id.to_string(), offer.piece_name.as_deref());
    let lang = cx.lang();
    let words = match lang {
        Lang::Zh => format!(
            "{} · 起订 {}",
            amount::price(lang, offer.price_fen, offer.price_unit, piece),
            amount::qty(lang, line.min_qty, offer.price_unit, piece)
        ),
        Lang::En => format!(
            "{} · from {}",
            amount::price(lang, offer.price_fen, offer.price_unit, piece),
            amount::qty(lang, line.min_qty, offer.price_unit, piece)
        ),
    };
    view! {
        <li class="basket-line" data-offer=offer.id.to_string()>
            <div class=format!("line-picture {}", tint(&offer.produce))>
                {thumb(cx, offer.cover.as_ref(), &offer.produce, 56)}
            </div>
            <div class="line-words">
                <h3><a href=format!("/goods/{id}")>{full_name(offer)}</a></h3>
                <p>{words}</p>
                {growing(cx, offer.expected_on)}
            </div>
            {change(cx, line, form)}
            <p class="line-sum sum">{amount::cny(line.total_fen)}</p>
            {take_out(cx, &id, &full_name(offer))}
            {line_problem(cx, line, form)}
        </li>
    }
    .into_any()
}

fn change(cx: &Cx, line: &BasketLine, form: &Form) -> AnyView {
    let offer = &line.offer;
    let id = offer.id.to_string();
    let here = form.value("offer_id") == id;
    let shown = offer.price_unit.format_qty_plain(line.qty);
    let typed = if here { form.value_or("qty", shown) } else { shown };
    let label = format!("{} {}", full_name(offer), cx.t("数量", "amount"));
    let invalid = (here && form.problem("qty").is_some()).then_some("true");
    let field = if here {
        "qty".to_owned()
    } else {
        format!("qty-{id}")
    };
    view! {
        <form class="line-amount" method="post" action="/basket">
            {csrf(cx)}
            <input type="hidden" name="offer_id" value=id/>
            <input type="hidden" name="unit" value=offer.price_unit.as_str()/>
            <input type="hidden" name="back" value="/basket"/>
            <span class="input-unit">
                <input id=field name="qty" inputmode="decimal" autocomplete="off" value=typed aria-label=label aria-invalid=invalid/>
                <span class="unit">{amount::unit(cx.lang(), offer.price_unit, offer.piece_name.as_deref())}</span>
            </span>
            <button class="button small">{cx.t("更新", "Update")}</button>
        </form>
    }
    .into_any()
}

fn take_out(cx: &Cx, id: &str, name: &str) -> AnyView {
    let label = format!("{} {name}", cx.t("移除", "Take out"));
    view! {
        <form class="line-remove" method="post" action="/basket">
            {csrf(cx)}
            <input type="hidden" name="offer_id" value=id.to_owned()/>
            <input type="hidden" name="qty" value="0"/>
            <input type="hidden" name="back" value="/basket"/>
            <button class="button quiet small" aria-label=label>{cx.t("移除", "Remove")}</button>
        </form>
    }
    .into_any()
}

/// What keeps a line from being ordered, in words.
fn line_problem(cx: &Cx, line: &BasketLine, form: &Form) -> Option<AnyView> {
    let offer = &line.offer;
    let refused = (form.value("offer_id") == offer.id.to_string())
        .then(|| form.problem("qty"))
        .flatten();
    let words = if let Some(found) = refused {
        problem::field(cx.lang(), found.code, found.bound.as_deref())
    } else if !line.on_sale {
        cx.t("已下架，请移除", "No longer on sale; please remove it")
            .to_owned()
    } else if offer.free < line.qty {
        let left = amount::qty(
            cx.lang(),
            offer.free,
            offer.price_unit,
            offer.piece_name.as_deref(),
        );
        match cx.lang() {
            Lang::Zh => format!("只剩 {left}，请改数量"),
            Lang::En => format!("Only {left} left; please change the amount"),
        }
    } else {
        return None;
    };
    Some(view! { <p class="line-short">{words}</p> }.into_any())
}

/// What the basket comes to: sums by village, with what each gains.
fn summary(cx: &Cx, out: &BasketOut) -> AnyView {
    let rows: Vec<_> = out
        .villages
        .iter()
        .map(|village| {
            view! {
                <div>
                    <dt>
                        <p>{format!("{} {}", village.town_name, village.village_name)}</p>
                        {gain_chip(cx, village)}
                    </dt>
                    <dd>{amount::cny(village.total_fen)}</dd>
                </div>
            }
        })
        .collect();
    view! {
        <aside class="card">
            <h2>{cx.t("按村合计", "By village")}</h2>
            <dl class="key-value key-value-sums">{rows}</dl>
            {gained(cx, out)}
        </aside>
    }
    .into_any()
}

/// What the whole basket adds to collective incomes: another figure than its sum.
fn gained(cx: &Cx, out: &BasketOut) -> AnyView {
    let gains: Vec<_> = out.villages.iter().map(village_gain).collect();
    let total = Fen::checked_sum(gains.iter().map(|(gain, _)| *gain)).unwrap_or_default();
    let about = if gains.iter().all(|(_, exact)| *exact) {
        ""
    } else {
        cx.t("约", "about ")
    };
    let words = match cx.lang() {
        Lang::Zh => format!("验收后为 {} 个村集体增收{about} ", gains.len()),
        Lang::En => format!(
            "Once accepted, the collectives of {} villages gain {about}",
            gains.len()
        ),
    };
    view! { <p class="village-gain">{words}<b>{amount::signed(total)}</b></p> }.into_any()
}

fn next_step(cx: &Cx, out: &BasketOut) -> AnyView {
    let off_sale = out
        .villages
        .iter()
        .flat_map(|village| &village.lines)
        .any(|line| !line.on_sale);
    let role = cx.me.as_ref().map(|me| me.active.role);
    let step = match role {
        _ if off_sale => {
            let words = cx.t("请先移除已下架的货品。", "Take out what is no longer on sale first.");
            view! { <p class="notice tone-persimmon">{words}</p> }.into_any()
        }
        Some(Role::UnitRequester) => {
            view! { <a class="button primary wide" href="/orders/new">{cx.t("去下单", "Go on to order")}</a> }.into_any()
        }
        None => view! {
            <p class="sticky-note">{cx.t("登录后篮子里的货品都还在。", "What is in the basket stays through sign-in.")}</p>
            <a class="button primary wide" href="/sign-in?back=/orders/new">{cx.t("登录后下单", "Sign in to order")}</a>
        }
        .into_any(),
        Some(_) => {
            let words = super::offer_page::only_buyers(cx);
            view! { <p class="notice tone-millet">{words}</p> }.into_any()
        }
    };
    view! {
        <div class="sticky-action"><div class="sticky-inner">
            <p class="sticky-total"><span>{cx.t("合计", "Total")}</span><b>{amount::cny(out.total_fen)}</b></p>
            {step}
        </div></div>
    }
    .into_any()
}
