//! Weighing at the door, made for one thumb.

use super::document::posted;
use super::{Side, signatures, villages_words};
use crate::components::field::refusal;
use crate::components::form_problems::form_problems;
use crate::components::form_tokens::csrf_and_key;
use crate::components::pager::with;
use crate::context::Cx;
use crate::form::Form;
use crate::islands::weighing::{WeighLine, Weighing, difference, signature_boxes};
use crate::text::status::Status as _;
use crate::text::{Lang, amount};
use leptos::prelude::*;
use shared::api::acceptance::{AcceptanceLineOut, AcceptanceOut, AcceptanceStatus};
use shared::domain::price::PriceUnit;

/// What the page is for just now.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Task {
    /// Type what the scale says, and sign.
    Weigh(Side),
    /// Read what the other side signed, and sign the same.
    Confirm(Side),
    /// Wait for the other side.
    Wait(Side),
    /// Only look.
    Look,
}

/// Weighing and signing; once both have signed, the document.
pub fn weigh(cx: &Cx, acceptance: &AcceptanceOut, form: &Form) -> impl IntoView + use<> {
    let body = if acceptance.status == AcceptanceStatus::Posted {
        posted(cx, acceptance)
    } else {
        match task(cx, acceptance, form) {
            Task::Weigh(side) => weighing(cx, acceptance, form, side),
            Task::Confirm(side) => confirming(cx, acceptance, form, side),
            Task::Wait(side) => waiting(cx, acceptance, side),
            Task::Look => looking(cx, acceptance),
        }
    };
    view! {
        <a class="skip-link" href="#main">{cx.t("跳到正文", "Skip to content")}</a>
        {task_bar(cx, acceptance)}
        <main class="page wrap-narrow" id="main">{notice(cx)} {body}</main>
    }
}

fn task(cx: &Cx, acceptance: &AcceptanceOut, form: &Form) -> Task {
    let Some(side) = Side::of(cx, acceptance) else {
        return Task::Look;
    };
    let changing = cx.path.contains("change=1") || !form.problems.is_empty();
    let (mine, theirs) = (
        side.signature(acceptance).is_some(),
        side.other().signature(acceptance).is_some(),
    );
    match (mine, theirs) {
        _ if changing => Task::Weigh(side),
        (true, _) => Task::Wait(side),
        (false, true) => Task::Confirm(side),
        (false, false) => Task::Weigh(side),
    }
}

fn notice(cx: &Cx) -> Option<AnyView> {
    let flash = cx.flash?;
    let tone = if flash.good() {
        "notice tone-pine"
    } else {
        "notice tone-millet"
    };
    Some(
        view! { <p class=tone role="status" data-flash=flash.as_str()>{flash.text(cx.lang())}</p> }
            .into_any(),
    )
}

fn task_bar(cx: &Cx, acceptance: &AcceptanceOut) -> AnyView {
    let back = match Side::of(cx, acceptance) {
        Some(Side::Centre) => "/board".to_owned(),
        _ => format!("/orders/{}", acceptance.order_id),
    };
    let vehicle = if acceptance.vehicle.is_empty() {
        String::new()
    } else {
        format!(" · {} {}", cx.t("车", "Vehicle"), acceptance.vehicle)
    };
    let words = format!(
        "{} · {}{vehicle}",
        acceptance.unit_name,
        villages_words(cx, acceptance)
    );
    view! {
        <header class="task-bar no-print">
            <a class="task-back" href=back aria-label=cx.t("返回", "Back")>"‹"</a>
            <div>
                <h1>{cx.t("验收 · 订单 ", "Acceptance · order ")} {acceptance.order_number.clone()}</h1>
                <p>{words}</p>
            </div>
        </header>
    }
    .into_any()
}

/// The form with the island: every line to be typed.
fn weighing(cx: &Cx, acceptance: &AcceptanceOut, form: &Form, side: Side) -> AnyView {
    let lines: Vec<WeighLine> = acceptance
        .lines
        .iter()
        .map(|line| refilled(cx, form, weigh_line(cx, line)))
        .collect();
    let voids = side.other().signature(acceptance).is_some();
    let button = match (voids, cx.lang()) {
        (true, _) => cx.t("改数量并签字", "Change the amounts and sign").to_owned(),
        (false, Lang::Zh) => format!("签字，等{}签字", side.other().word(cx)),
        (false, Lang::En) => format!("Sign; {} signs next", side.other().word(cx)),
    };
    let warning = voids.then(|| {
        view! { <p class="notice tone-millet">{void_words(cx, side)}</p> }
    });
    let boxes = signatures(cx, acceptance, Some(side));
    let labels: Vec<(String, String)> = lines
        .iter()
        .flat_map(|line| {
            ["qty", "reason", "remark", "photo"]
                .map(|part| (format!("line.{}.{part}", line.id), line.title.clone()))
        })
        .collect();
    let labels: Vec<(&str, &str)> = labels
        .iter()
        .map(|(name, words)| (name.as_str(), words.as_str()))
        .collect();
    view! {
        {form_problems(cx, form, &labels)}
        {warning}
        <form class="weighing-form" method="post" action=cx.path.clone() enctype="multipart/form-data">
            {csrf_and_key(cx)}
            <Weighing lang=cx.lang() lines=lines expected_fen=acceptance.expected_fen signatures=boxes button=button/>
        </form>
    }
    .into_any()
}

fn void_words(cx: &Cx, side: Side) -> String {
    let other = side.other().word(cx);
    match cx.lang() {
        Lang::Zh => format!("{other}已按原数量签过字。您改了数量，对方的签字就作废，要请对方重新签字。"),
        Lang::En => format!(
            "{other} has signed the amounts as they stand. If you change them, that signature is void and they must sign again."
        ),
    }
}

/// A stored line, ready to be typed over.
pub(super) fn weigh_line(cx: &Cx, line: &AcceptanceLineOut) -> WeighLine {
    let price = amount::price(
        cx.lang(),
        line.price_fen,
        line.price_unit,
        line.piece_name.as_deref(),
    );
    let lot = if line.lot_code.is_empty() {
        String::new()
    } else {
        format!(" · {} {}", cx.t("批次", "Lot"), line.lot_code)
    };
    WeighLine {
        id: line.line_id.to_string(),
        title: format!("{} · {}", line.village_name, line.name),
        note: format!("{price}{lot}"),
        price_fen: line.price_fen,
        price_unit: line.price_unit,
        piece_name: line.piece_name.clone(),
        expected: line.expected_qty,
        typed: line.price_unit.format_qty_plain(line.accepted_qty),
        unit: line.price_unit,
        reason: line.reason.map(|r| r.as_str().to_owned()).unwrap_or_default(),
        remark: line.remark.clone(),
        photo_id: line.photo_id.map(|id| id.to_string()),
        error: None,
        reason_error: None,
    }
}

/// The line with what was typed before the form was refused.
fn refilled(cx: &Cx, form: &Form, line: WeighLine) -> WeighLine {
    let name = |part: &str| format!("line.{}.{part}", line.id);
    let photo = form.value_or(&name("photo_id"), line.photo_id.clone().unwrap_or_default());
    WeighLine {
        typed: form.value_or(&name("qty"), line.typed.clone()),
        unit: PriceUnit::from_name(&form.value(&name("unit"))).unwrap_or(line.unit),
        reason: form.value_or(&name("reason"), line.reason.clone()),
        remark: form.value_or(&name("remark"), line.remark.clone()),
        photo_id: (!photo.is_empty()).then_some(photo),
        error: refusal(cx, form, &name("qty")),
        reason_error: refusal(cx, form, &name("reason"))
            .or_else(|| refusal(cx, form, &name("remark")))
            .or_else(|| refusal(cx, form, &name("photo"))),
        ..line
    }
}

/// What the other side signed, to be signed as it stands.
fn confirming(cx: &Cx, acceptance: &AcceptanceOut, form: &Form, side: Side) -> AnyView {
    let hidden: Vec<_> = acceptance.lines.iter().map(hidden_line).collect();
    let boxes = signatures(cx, acceptance, Some(side));
    let button = match cx.lang() {
        Lang::Zh => format!("签字并入账到 {}", villages_words(cx, acceptance)),
        Lang::En => format!("Sign and credit {}", villages_words(cx, acceptance)),
    };
    view! {
        {form_problems(cx, form, &[])}
        {read_lines(cx, acceptance)}
        {signature_boxes(&boxes)}
        {change(cx, side, true)}
        <form class="weighing-form" method="post" action=cx.path.clone() enctype="multipart/form-data">
            {csrf_and_key(cx)}
            {hidden}
            <div class="sticky-action"><div class="sticky-inner">
                {totals(cx, acceptance)}
                <button class="button primary wide">{button}</button>
            </div></div>
        </form>
    }
    .into_any()
}

/// The stored line as fields, so that signing it needs no typing.
fn hidden_line(line: &AcceptanceLineOut) -> AnyView {
    let name = |part: &str| format!("line.{}.{part}", line.line_id);
    let photo = line
        .photo_id
        .map(|id| view! { <input type="hidden" name=name("photo_id") value=id.to_string()/> });
    view! {
        <input type="hidden" name=name("qty") value=line.price_unit.format_qty_plain(line.accepted_qty)/>
        <input type="hidden" name=name("unit") value=line.price_unit.as_str()/>
        <input type="hidden" name=name("reason") value=line.reason.map_or("", |r| r.as_str())/>
        <input type="hidden" name=name("remark") value=line.remark.clone()/>
        {photo}
    }
    .into_any()
}

fn change(cx: &Cx, side: Side, voids: bool) -> AnyView {
    let words = if voids {
        void_words(cx, side)
    } else {
        cx.t("改了数量要重新签字。", "After a change you sign again.")
            .to_owned()
    };
    let href = with(&cx.path, "change", Some("1"));
    view! {
        <details class="fold">
            <summary>{cx.t("数量不对？", "Are the amounts wrong?")}</summary>
            <div class="fold-body">
                <p>{words}</p>
                <p><a class="button" href=href>{cx.t("修改数量", "Change the amounts")}</a></p>
            </div>
        </details>
    }
    .into_any()
}

fn waiting(cx: &Cx, acceptance: &AcceptanceOut, side: Side) -> AnyView {
    let words = match cx.lang() {
        Lang::Zh => format!(
            "您已签字。请{}的人用自己的账号打开这张订单签字，签完就入账到村。",
            side.other().word(cx)
        ),
        Lang::En => format!(
            "You have signed. {} signs next, signed in as themselves; then the villages are credited.",
            side.other().word(cx)
        ),
    };
    let boxes = signatures(cx, acceptance, Some(side));
    view! {
        <p class="notice tone-water">{words}</p>
        {read_lines(cx, acceptance)}
        {signature_boxes(&boxes)}
        {change(cx, side, false)}
        <div class="sticky-action"><div class="sticky-inner">{totals(cx, acceptance)}</div></div>
    }
    .into_any()
}

fn looking(cx: &Cx, acceptance: &AcceptanceOut) -> AnyView {
    let boxes = signatures(cx, acceptance, None);
    view! {
        <p class="notice tone-water">
            {cx.t("由单位经办人和中心配送员两个人签字。", "The unit's buyer and the centre's carrier sign this.")}
        </p>
        {read_lines(cx, acceptance)}
        {signature_boxes(&boxes)}
        <div class="sticky-action"><div class="sticky-inner">{totals(cx, acceptance)}</div></div>
    }
    .into_any()
}

fn totals(cx: &Cx, acceptance: &AcceptanceOut) -> AnyView {
    let ordered = format!(
        "{} {}",
        cx.t("订单", "Ordered"),
        amount::cny(acceptance.expected_fen)
    );
    let note = match acceptance.accepted_fen.checked_sub(acceptance.expected_fen) {
        Ok(difference) if !difference.is_zero() => {
            format!(
                "{ordered}{} {}",
                cx.t("，差额", ", difference"),
                amount::cny(difference)
            )
        }
        _ => format!("{ordered}{}", cx.t("，与订单一致", ", as ordered")),
    };
    view! {
        <p class="sticky-total">
            <span>{cx.t("实收合计", "Accepted in all")}</span><b>{amount::cny(acceptance.accepted_fen)}</b>
        </p>
        <p class="sticky-note">{note}</p>
    }
    .into_any()
}

/// The lines as signed, not to be typed over.
fn read_lines(cx: &Cx, acceptance: &AcceptanceOut) -> AnyView {
    let items: Vec<_> = acceptance.lines.iter().map(|line| read_line(cx, line)).collect();
    view! { <ol class="weighing card card-flush">{items}</ol> }.into_any()
}

fn read_line(cx: &Cx, line: &AcceptanceLineOut) -> AnyView {
    let typed = weigh_line(cx, line);
    let (tone, words) = difference(cx.lang(), &typed, line.accepted_qty, line.price_unit, line.reason);
    let qty = |qty| amount::qty(cx.lang(), qty, line.price_unit, line.piece_name.as_deref());
    let photo = line.photo_id.map(|id| {
        view! { <a class="chip chip-big tone-water" href=format!("/files/{id}")>{cx.t("看照片", "Photo")}</a> }
    });
    let remark =
        (!line.remark.is_empty()).then(|| view! { <p class="small muted">{line.remark.clone()}</p> });
    let reason = line
        .reason
        .map(|r| view! { <p class="visually-hidden">{r.word(cx.lang())}</p> });
    view! {
        <li class="weigh-line">
            <div class="weigh-head">
                <div><h2>{typed.title.clone()}</h2><p>{typed.note.clone()}</p></div>
                <span class="chip chip-big tone-water">{qty(line.expected_qty)}</span>
            </div>
            <p class="weigh-read"><span class="muted">{cx.t("实收", "Accepted")}</span> <b>{qty(line.accepted_qty)}</b></p>
            <div class="weigh-result">
                <span class=format!("chip chip-big {tone}")>{words}</span>
                {photo}
                <span class="sum">{amount::cny(line.accepted_fen)}</span>
            </div>
            {reason}
            {remark}
        </li>
    }
    .into_any()
}
