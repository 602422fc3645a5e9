//! What came short, and the unit's choices: take what is confirmed, order the rest elsewhere, take the part back.

use crate::components::chip;
use crate::components::deadline::left;
use crate::components::form_tokens::csrf;
use crate::context::Cx;
use crate::text::{Lang, amount, day};
use leptos::prelude::*;
use shared::api::order::OrderOut;
use shared::api::shortfall::{ShortfallOut, SuggestionOut};
use shared::domain::rights::{Action, Place};
use shared::domain::shortfall::ShortfallChoice;

/// Everything of an order that came short.
pub fn shortfalls(cx: &Cx, out: &OrderOut) -> Option<AnyView> {
    if out.shortfalls.is_empty() {
        return None;
    }
    let chooses = cx.may(Action::OrderWrite, Place::unit(out.order.unit_id));
    let items: Vec<_> = out
        .shortfalls
        .iter()
        .map(|short| item(cx, out, short, chooses))
        .collect();
    Some(
        view! {
            <section class="card" id="choices">
                <h2>{cx.t("有村供不上，怎么办", "What came short")}</h2>
                <ul class="stack">{items}</ul>
            </section>
        }
        .into_any(),
    )
}

fn item(cx: &Cx, out: &OrderOut, short: &ShortfallOut, chooses: bool) -> AnyView {
    let piece = short.piece_name.as_deref();
    let qty = |qty| amount::qty(cx.lang(), qty, short.price_unit, piece);
    let words = match cx.lang() {
        Lang::Zh => format!("订 {}，少 {}", qty(short.qty), qty(short.missing_qty)),
        Lang::En => format!("{} ordered, {} missing", qty(short.qty), qty(short.missing_qty)),
    };
    let open = short.choice.is_none() && short.decide_by >= cx.now;
    let state = if open {
        let (tone, words) = left(cx, short.decide_by);
        chip::toned(tone, words).into_any()
    } else {
        chosen(cx, short)
    };
    let earlier = short.supplement_id.filter(|_| open).map(|id| {
        view! { <p class="small"><a href=format!("/orders/{id}")>{cx.t("先前已补过一单", "Ordered elsewhere before")}</a></p> }
    });
    let choices = (open && chooses).then(|| choices(cx, out, short));
    let until = (open && chooses).then(|| {
        let at = day::time(cx.lang(), short.decide_by);
        let words = match cx.lang() {
            Lang::Zh if nothing_comes(short) => format!("请在 {at} 前选；到时没选，就不补了。"),
            Lang::Zh => format!("请在 {at} 前选；到时没选，就按村里确认的量。"),
            Lang::En => format!("Choose until {at}; after that you take what is confirmed."),
        };
        view! { <p class="hint">{words}</p> }
    });
    view! {
        <li class="stack" data-short=short.line_id.to_string()>
            <div class="spread">
                <div><b>{format!("{} · {}", short.village_name, short.name)}</b><p class="line-short">{words}</p></div>
                {state}
            </div>
            {earlier}
            {until}
            {choices}
        </li>
    }
    .into_any()
}

/// Whether nothing at all of the line will come.
fn nothing_comes(short: &ShortfallOut) -> bool {
    short.missing_qty >= short.qty
}

/// What was chosen, by whom.
fn chosen(cx: &Cx, short: &ShortfallOut) -> AnyView {
    let word = match short.choice {
        Some(ShortfallChoice::Take) | None if nothing_comes(short) => cx.t("不补了", "Went without"),
        Some(ShortfallChoice::Take) | None => cx.t("按确认的量", "Took what was confirmed"),
        Some(ShortfallChoice::Replace) => cx.t("换了别村的货", "Ordered elsewhere"),
        Some(ShortfallChoice::Cancel) => cx.t("取消了这个村", "Took the part back"),
    };
    let who = if short.chosen_by.is_empty() {
        cx.t("到期自动", "by the deadline").to_owned()
    } else {
        short.chosen_by.clone()
    };
    let link = short.supplement_id.map(|id| {
        view! { " " <a href=format!("/orders/{id}")>{cx.t("看补单", "See that order")}</a> }
    });
    view! { <span class="muted small">{word} " · " {who} {link}</span> }.into_any()
}

fn choices(cx: &Cx, out: &OrderOut, short: &ShortfallOut) -> AnyView {
    let suggestions: Vec<_> = short
        .suggestions
        .iter()
        .enumerate()
        .map(|(at, offer)| replace(cx, out, short, offer, at))
        .collect();
    let none = short.suggestions.is_empty().then(|| {
        view! { <p class="hint">{cx.t("别的村现在没有同类货品。", "No other village has the like just now.")}</p> }
    });
    let take = if nothing_comes(short) {
        cx.t("不补了", "Go without")
    } else {
        cx.t("就按确认的量", "Take what is confirmed")
    };
    let cancel = short.cancellable.then(|| {
        view! {
            <button class="button quiet small" name="choice" value=ShortfallChoice::Cancel.as_str()>
                {cx.t("取消这个村的全部货", "Take this village's whole part back")}
            </button>
        }
    });
    view! {
        {suggestions}
        {none}
        <form class="button-row" method="post" action=format!("/orders/{}/choices", out.order.id)>
            {csrf(cx)}
            {key(cx, short, 9)}
            <input type="hidden" name="line_id" value=short.line_id.to_string()/>
            <button class="button" name="choice" value=ShortfallChoice::Take.as_str()>
                {take}
            </button>
            {cancel}
        </form>
    }
    .into_any()
}

/// Every form of the page has a key of its own: each may be sent.
fn key(cx: &Cx, short: &ShortfallOut, at: usize) -> AnyView {
    let key = format!("{}-{}-{at}", cx.key, short.line_id.simple());
    view! { <input type="hidden" name="key" value=key/> }.into_any()
}

fn replace(cx: &Cx, out: &OrderOut, short: &ShortfallOut, offer: &SuggestionOut, at: usize) -> AnyView {
    let piece = offer.piece_name.as_deref();
    let label = format!("{} {} {}", offer.village_name, offer.name, cx.t("数量", "amount"));
    let price = amount::price(cx.lang(), offer.price_fen, offer.price_unit, piece);
    let id = format!("qty-{}-{at}", short.line_id);
    view! {
        <form class="spread" method="post" action=format!("/orders/{}/choices", out.order.id)>
            {csrf(cx)}
            {key(cx, short, at)}
            <input type="hidden" name="line_id" value=short.line_id.to_string()/>
            <input type="hidden" name="choice" value=ShortfallChoice::Replace.as_str()/>
            <input type="hidden" name="offer_id" value=offer.offer_id.to_string()/>
            <input type="hidden" name="version_id" value=offer.version_id.to_string()/>
            <input type="hidden" name="unit" value=offer.price_unit.as_str()/>
            <div>
                <a href=format!("/goods/{}", offer.offer_id)>{offer.name.clone()}</a>
                <p class="small muted">{format!("{} {} · {price}", offer.town_name, offer.village_name)}</p>
            </div>
            <div class="row">
                <span class="input-unit">
                    <input id=id name="qty" inputmode="decimal" autocomplete="off" aria-label=label
                        value=offer.price_unit.format_qty_plain(offer.qty)/>
                    <span class="unit">{amount::unit(cx.lang(), offer.price_unit, piece)}</span>
                </span>
                <button class="button small">{cx.t("换这家补上", "Order this instead")}</button>
            </div>
        </form>
    }
    .into_any()
}
