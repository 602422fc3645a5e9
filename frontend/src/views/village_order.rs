//! 村单: the list, one village order, and its packing slip.

mod answer;
mod list;
mod slip;

pub use list::village_orders;
pub use slip::slip;

use crate::components::breadcrumb::breadcrumb;
use crate::components::chip;
use crate::components::deadline::deadline;
use crate::components::field::Field;
use crate::components::form_problems::form_problems;
use crate::components::form_tokens::csrf_and_key;
use crate::components::lots_table::growing;
use crate::components::timeline::timeline;
use crate::context::Cx;
use crate::form::Form;
use crate::text::{Lang, amount, day};
use leptos::prelude::*;
use shared::api::village_order::{OrderLineOut, VillageOrderOut, VillageOrderRow};
use shared::domain::money::Fen;
use shared::domain::price::{Price, line_total};
use shared::domain::rights::{Action, Place};
use shared::domain::village_order::VillageOrderStatus as State;

/// One village order: its lines, what can be done with it now, and what has happened.
pub fn village_order(cx: &Cx, order: &VillageOrderOut, form: &Form) -> impl IntoView + use<> {
    let row = &order.row;
    let answering = row.status == State::Offered && may_answer(cx, row);
    let body = if answering {
        answer::answer(cx, order, form)
    } else {
        lines(cx, order)
    };
    let refusal = if answering {
        None
    } else {
        form_problems(cx, form, &[])
    };
    view! {
        {breadcrumb(cx, &[("/village-orders", cx.t("村单", "Village orders"))], &row.number)}
        {toolbar(cx, row)}
        {refusal}
        <div class="main-side">
            <div class="stack">{body} {next_step(cx, row)} {close_short(cx, row, form)}</div>
            <div class="stack">
                {facts(cx, order)}
                <section class="card">
                    <h2>{cx.t("进展", "What happened")}</h2>
                    {timeline(cx, &order.timeline)}
                </section>
            </div>
        </div>
    }
}

fn place_of(row: &VillageOrderRow) -> Place<'_> {
    Place::village(&row.village_code).and_unit(row.unit_id)
}

fn may_answer(cx: &Cx, row: &VillageOrderRow) -> bool {
    cx.may(Action::VillageOrderAnswer, place_of(row))
}

fn toolbar(cx: &Cx, row: &VillageOrderRow) -> AnyView {
    let pressing = matches!(
        row.status,
        State::Offered
            | State::Confirmed
            | State::Shorted
            | State::Packed
            | State::Collected
            | State::Delivered
    );
    let (tone, words) = deadline(cx, row);
    let slip = slip_ready(row.status).then(|| {
        view! {
            <a class="button" href=format!("/village-orders/{}/slip", row.id)>
                {cx.t("打印装箱单", "Packing slip")}
            </a>
        }
    });
    view! {
        <header class="toolbar">
            <div class="toolbar-title">
                <p class="eyebrow">{format!("{} {}", row.town_name, row.village_name)}</p>
                <div class="row">
                    <h1>{row.unit_name.clone()}</h1>
                    {chip::chip(cx.lang(), row.status)}
                    {part(cx, row)}
                    {pressing.then(|| chip::toned(tone, words))}
                </div>
            </div>
            <div class="toolbar-actions">{slip}</div>
        </header>
    }
    .into_any()
}

/// Says that it is the rest of an earlier delivery.
fn part(cx: &Cx, row: &VillageOrderRow) -> Option<AnyView> {
    let words = match cx.lang() {
        Lang::Zh => format!("第 {} 次送货的余量", row.part),
        Lang::En => format!("rest, delivery {}", row.part),
    };
    (row.part > 1).then(|| chip::toned(crate::text::status::WATER, words))
}

const fn slip_ready(status: State) -> bool {
    matches!(
        status,
        State::Confirmed | State::Shorted | State::Packed | State::Collected
    )
}

/// The lines as they stand.
fn lines(cx: &Cx, order: &VillageOrderOut) -> AnyView {
    let answered = order.lines.iter().any(|line| line.confirmed_qty.is_some());
    let accepted = order.lines.iter().any(|line| line.accepted_qty.is_some());
    let rows: Vec<_> = order
        .lines
        .iter()
        .map(|line| line_row(cx, line, answered, accepted))
        .collect();
    let confirmed = answered.then(|| view! { <th class="n">{cx.t("村确认", "Confirmed")}</th> });
    let received = accepted.then(|| view! { <th class="n">{cx.t("实收", "Accepted")}</th> });
    view! {
        <section class="table-wrap card card-flush">
            <div class="card-head"><h2>{cx.t("货品", "Goods")}</h2></div>
            <table class="table">
                <thead><tr>
                    <th>{cx.t("货品", "Goods")}</th>
                    <th class="n">{cx.t("单价", "Price")}</th>
                    <th class="n">{cx.t("下单", "Ordered")}</th>
                    {confirmed}
                    {received}
                    <th class="n">{cx.t("金额", "Sum")}</th>
                </tr></thead>
                <tbody>{rows}</tbody>
                <tfoot>{total_row(cx, &order.row, answered, accepted)}</tfoot>
            </table>
        </section>
    }
    .into_any()
}

fn line_row(cx: &Cx, line: &OrderLineOut, answered: bool, accepted: bool) -> AnyView {
    let piece = line.piece_name.as_deref();
    let qty = |amount| amount::qty(cx.lang(), amount, line.price_unit, piece);
    let cell = |label: &'static str, amount: Option<shared::domain::quantity::Qty>| {
        let class = if amount.is_some_and(|a| a < line.qty) {
            "n sum-minus"
        } else {
            "n"
        };
        let words = amount.map_or_else(|| "—".to_owned(), qty);
        view! { <td class=class data-label=label>{words}</td> }
    };
    let confirmed = answered.then(|| cell(cx.t("村确认", "Confirmed"), line.confirmed_qty));
    let received = accepted.then(|| cell(cx.t("实收", "Accepted"), line.accepted_qty));
    let reason = line.reason.clone().filter(|r| !r.is_empty()).map(|reason| {
        view! { <p class="small muted">{reason}</p> }
    });
    view! {
        <tr>
            <td class="lead" data-label=""><div>
                {line.name.clone()}
                <p class="small muted">{cx.t("批次", "Lot")} " " {line.lot_code.clone()}</p>
                {growing(cx, line.expected_on)}
                {reason}
            </div></td>
            <td class="n" data-label=cx.t("单价", "Price")>
                {amount::price(cx.lang(), line.price_fen, line.price_unit, piece)}</td>
            <td class="n" data-label=cx.t("下单", "Ordered")>{qty(line.qty)}</td>
            {confirmed}
            {received}
            <td class="n sum lead-sum" data-label=cx.t("金额", "Sum")>
                {amount::cny(line_sum(line))}</td>
        </tr>
    }
    .into_any()
}

/// The line's sum as it stands: accepted, else confirmed, else ordered.
fn line_sum(line: &OrderLineOut) -> Fen {
    let confirmed = line.confirmed_qty.and_then(|qty| {
        line_total(
            Price {
                fen: line.price_fen,
                unit: line.price_unit,
            },
            qty,
        )
        .ok()
    });
    line.accepted_fen.or(confirmed).unwrap_or(line.total_fen)
}

fn total_row(cx: &Cx, row: &VillageOrderRow, answered: bool, accepted: bool) -> AnyView {
    let span = 3 + i32::from(answered) + i32::from(accepted);
    let (word, sum) = match (row.accepted_fen, answered) {
        (Some(sum), _) => (cx.t("实收合计", "Accepted"), sum),
        (None, true) => (cx.t("确认合计", "Confirmed"), row.confirmed_fen),
        (None, false) => (cx.t("合计", "Total"), row.total_fen),
    };
    view! {
        <tr>
            <td colspan=span data-label="">{word}</td>
            <td class="n sum" data-label="">{amount::cny(sum)}</td>
        </tr>
    }
    .into_any()
}

fn facts(cx: &Cx, order: &VillageOrderOut) -> AnyView {
    let row = &order.row;
    let fact = |name: &'static str, value: String| {
        (!value.is_empty()).then(|| view! { <div><dt>{name}</dt><dd>{value}</dd></div> })
    };
    let wanted = day::long(cx.lang(), row.wanted_on);
    let number = if cx.may(Action::OrderRead, Place::unit(row.unit_id)) {
        view! { <a href=format!("/orders/{}", row.order_id)>{row.order_number.clone()}</a> }.into_any()
    } else {
        row.order_number.clone().into_any()
    };
    let acceptance = order.acceptance_id.map(|id| {
        let link = view! { <a href=format!("/acceptances/{id}")>{cx.t("看双方签字的验收单", "What both sides signed")}</a> };
        view! { <div><dt>{cx.t("验收单", "Acceptance")}</dt><dd>{link}</dd></div> }
    });
    view! {
        <section class="card">
            <h2>{cx.t("送到哪里", "Where it goes")}</h2>
            <dl class="key-value">
                {fact(cx.t("单位", "Unit"), row.unit_name.clone())}
                {fact(cx.t("地址", "Address"), order.address.clone())}
                {fact(cx.t("联系人", "Contact"), order.contact.clone())}
                {fact(cx.t("要货日", "Wanted on"), wanted)}
                {fact(cx.t("备注", "Note"), order.note.clone())}
                {fact(cx.t("车辆", "Vehicle"), row.vehicle.clone())}
                <div><dt>{cx.t("订单", "Order")}</dt><dd>{number}</dd></div>
                {acceptance}
            </dl>
        </section>
    }
    .into_any()
}

/// The one thing to do next, for whoever may.
fn next_step(cx: &Cx, row: &VillageOrderRow) -> Option<AnyView> {
    let moves = cx.may(Action::VillageOrderMove, place_of(row));
    match row.status {
        State::Confirmed | State::Shorted if may_answer(cx, row) => {
            let hint = cx.t(
                "装好箱、贴好装箱单后点这里，中心就来收货。",
                "Once packed and labelled, tell the centre to collect.",
            );
            Some(step_form(
                cx,
                row,
                "pack",
                cx.t("已备好货", "Packed"),
                hint,
                false,
            ))
        }
        State::Packed if moves => {
            let hint = cx.t("货上车后点这里。", "Once it is on the vehicle.");
            Some(step_form(
                cx,
                row,
                "collect",
                cx.t("已收货装车", "Loaded"),
                hint,
                true,
            ))
        }
        State::Collected if moves => {
            let hint = cx.t("货到单位门口后点这里。", "Once it stands at the unit's door.");
            Some(step_form(
                cx,
                row,
                "deliver",
                cx.t("已送达", "Delivered"),
                hint,
                false,
            ))
        }
        State::Delivered if may_sign(cx, row) => Some(
            view! {
                <section class="card card-quiet">
                    <p>{cx.t("货已送到，等双方过秤签字。", "Delivered; both sides weigh and sign next.")}</p>
                    <p class="button-row">
                        <a class="button primary" href=format!("/orders/{}/acceptance", row.order_id)>
                            {cx.t("去验收", "Accept")}
                        </a>
                    </p>
                </section>
            }
            .into_any(),
        ),
        _ => None,
    }
}

/// Ending it short, for the centre, folded away.
fn close_short(cx: &Cx, row: &VillageOrderRow, form: &Form) -> Option<AnyView> {
    let open = matches!(row.status, State::Confirmed | State::Shorted | State::Packed);
    if !open || !cx.may(Action::VillageOrderMove, place_of(row)) {
        return None;
    }
    let reason = Field::new(cx, form, "reason", cx.t("原因", "Reason"))
        .hint(cx.t("村里和单位都会看到。", "The village and the unit will read it."))
        .max(100)
        .text();
    Some(
        view! {
            <details class="fold" open=form.problem("reason").is_some()>
                <summary>{cx.t("不再送了，按缺货结束", "It will not come: end it short")}</summary>
                <form class="fold-body stack" method="post" action=format!("/village-orders/{}/close-short", row.id)>
                    {csrf_and_key(cx)}
                    {reason}
                    <p class="button-row"><button class="button danger">{cx.t("按缺货结束", "End it short")}</button></p>
                </form>
            </details>
        }
        .into_any(),
    )
}

fn may_sign(cx: &Cx, row: &VillageOrderRow) -> bool {
    cx.may(Action::AcceptanceSignCentre, Place::DISTRICT)
        || cx.may(Action::AcceptanceSignUnit, Place::unit(row.unit_id))
}

fn step_form(
    cx: &Cx,
    row: &VillageOrderRow,
    step: &'static str,
    word: &'static str,
    hint: &'static str,
    vehicle: bool,
) -> AnyView {
    let vehicle = vehicle.then(|| {
        view! {
            <div class="field">
                <label for="vehicle">{cx.t("车辆或线路", "Vehicle or route")}</label>
                <input id="vehicle" name="vehicle" required=true maxlength="40" autocomplete="off"
                    placeholder=cx.t("北线 2 号车", "North 2")/>
            </div>
        }
    });
    view! {
        <form class="card card-quiet" method="post" action="/village-orders/move">
            {csrf_and_key(cx)}
            <input type="hidden" name="step" value=step/>
            <input type="hidden" name="ids" value=row.id.to_string()/>
            <input type="hidden" name="back" value=format!("/village-orders/{}", row.id)/>
            <p>{hint}</p>
            {vehicle}
            <p class="button-row"><button class="button primary">{word}</button></p>
        </form>
    }
    .into_any()
}

/// The sum that counts at this point of the way.
pub(crate) fn sum_of(row: &VillageOrderRow) -> Fen {
    match row.status {
        State::Offered | State::Declined | State::Expired | State::Cancelled => row.total_fen,
        _ => row.accepted_fen.unwrap_or(row.confirmed_fen),
    }
}
