//! Weighing lines that reckon as one types: variance and sum of every line, and the total that will be signed.
//!
//! Without scripts the same fields are posted as typed, with the unit that the radio names.

#![expect(
    missing_docs,
    reason = "the island macro makes a public type for the properties without a word on it"
)]

mod line;

pub use line::{WeighLine, difference};

use crate::text::status::Status;
use crate::text::{Lang, amount};
use leptos::html;
use leptos::prelude::*;
use line::{LineState, total, variance};
use serde::{Deserialize, Serialize};
use shared::api::acceptance::VarianceReason;
use shared::domain::money::Fen;
use shared::domain::price::PriceUnit;
use std::sync::Arc;

/// A box of the two that are signed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SignatureBox {
    /// Which side.
    pub side: String,
    /// Who has signed and when, or what is still to come.
    pub who: String,
    /// Whether it is signed.
    pub signed: bool,
}

/// The lines, the two signatures and the action with the total.
#[island]
pub fn Weighing(
    /// The reader's language.
    lang: Lang,
    /// The lines.
    lines: Vec<WeighLine>,
    /// What the villages confirmed, in all.
    expected_fen: Fen,
    /// Both sides' boxes.
    signatures: Vec<SignatureBox>,
    /// What signing does, as the button's words.
    button: String,
) -> impl IntoView {
    let states: Vec<LineState> = lines.into_iter().map(LineState::new).collect();
    let items: Vec<_> = states.iter().map(|state| line_item(lang, state)).collect();
    let for_total = states.clone();
    view! {
        <ol class="weighing card card-flush">{items}</ol>
        {signature_boxes(&signatures)}
        <div class="sticky-action"><div class="sticky-inner">
            <p class="sticky-total">
                <span>{lang.t("实收合计", "Accepted in all")}</span>
                <b aria-live="polite">
                    {move || total(&for_total).map_or_else(|| "—".to_owned(), Fen::format_cny)}
                </b>
            </p>
            <p class="sticky-note">{move || note(lang, &states, expected_fen)}</p>
            <button class="button primary wide">{button}</button>
        </div></div>
    }
}

/// The boxes of the two who sign.
pub fn signature_boxes(boxes: &[SignatureBox]) -> AnyView {
    let boxes: Vec<_> = boxes
        .iter()
        .map(|one| {
            let class = if one.signed { "signature is-signed" } else { "signature" };
            view! { <div class=class><p>{one.side.clone()}</p><p class="signature-who">{one.who.clone()}</p></div> }
        })
        .collect();
    view! { <div class="signatures card">{boxes}</div> }.into_any()
}

/// What the total is, next to what was expected.
fn note(lang: Lang, states: &[LineState], expected: Fen) -> String {
    let Some(sum) = total(states) else {
        return lang
            .t("有一行的数量还没有写对", "One amount is not a number yet")
            .to_owned();
    };
    let ordered = format!("{} {}", lang.t("订单", "Ordered"), expected.format_cny());
    let Ok(difference) = sum.checked_sub(expected) else {
        return ordered;
    };
    if !states.iter().any(LineState::differs) {
        return format!("{ordered}{}", lang.t("，与订单一致", ", as ordered"));
    }
    let explained = if states.iter().any(LineState::unexplained) {
        lang.t("请选原因", "please give the reasons")
    } else {
        lang.t("已列明原因", "reasons given")
    };
    format!(
        "{ordered}{} {} {explained}",
        lang.t("，差额", ", difference"),
        difference.format_cny()
    )
}

fn line_item(lang: Lang, state: &LineState) -> AnyView {
    let line = Arc::clone(&state.line);
    let (for_expected, for_sum) = (state.clone(), state.clone());
    let expected = move || {
        let line = &for_expected.line;
        amount::qty(
            lang,
            line.expected,
            for_expected.unit.get(),
            line.piece_name.as_deref(),
        )
    };
    let sum = move || for_sum.sum().map_or_else(|| "—".to_owned(), Fen::format_cny);
    let error = line.error.clone().map(|words| {
        view! { <p class="field-error" id=format!("line.{}.error", line.id)>{words}</p> }
    });
    view! {
        <li class="weigh-line" data-line=line.id.clone()>
            <div class="weigh-head">
                <div><h2>{line.title.clone()}</h2><p>{line.note.clone()}</p></div>
                <span class="chip chip-big tone-water">{expected}</span>
            </div>
            {entry(lang, state)}
            {error}
            <div class="weigh-result">{variance_chip(lang, state)} <output class="sum">{sum}</output></div>
            {why(lang, state)}
        </li>
    }
    .into_any()
}

/// The number and its unit.
fn entry(lang: Lang, state: &LineState) -> AnyView {
    let line = Arc::clone(&state.line);
    let (typed, unit, for_open) = (state.typed, state.unit, state.clone());
    let field = NodeRef::<html::Input>::new();
    // What was typed before the island woke is kept: the field leads, the signal follows.
    Effect::new(move |_| {
        if let Some(input) = field.get() {
            typed.set(input.value());
        }
    });
    let name = format!("line.{}.qty", line.id);
    let label = format!("{} {}", line.title, lang.t("实收", "accepted"));
    let choice = match line.price_unit {
        PriceUnit::Piece => refused(lang, state),
        PriceUnit::Jin | PriceUnit::Kg => {
            let turn = move |to: PriceUnit| {
                let from = unit.get_untracked();
                if let (Ok(qty), Some(input)) =
                    (from.parse_qty(&typed.get_untracked()), field.get_untracked())
                {
                    let converted = to.format_qty_plain(qty);
                    input.set_value(&converted);
                    typed.set(converted);
                }
                unit.set(to);
            };
            unit_choice(lang, &line, turn)
        }
    };
    view! {
        <div class="weigh-entry">
            <input class="weigh-number" node_ref=field id=name.clone() name=name inputmode="decimal" autocomplete="off"
                value=line.typed.clone() aria-label=label aria-invalid=line.error.as_ref().map(|_| "true")
                aria-describedby=line.error.as_ref().map(|_| format!("line.{}.error", line.id))
                on:input=move |event| {
                    typed.set(event_target_value(&event));
                    // A difference asks for its reason; the fold is opened for it, and never shut again under one's thumb.
                    if for_open.unexplained() {
                        for_open.open.set(true);
                    }
                }/>
            {choice}
        </div>
    }
    .into_any()
}

/// 斤 or kg: with scripts, turning it converts the number.
fn unit_choice(lang: Lang, line: &WeighLine, turn: impl Fn(PriceUnit) + Copy + 'static) -> AnyView {
    let choices: Vec<_> = [PriceUnit::Jin, PriceUnit::Kg]
        .into_iter()
        .map(|unit| {
            view! {
                <label>
                    <input type="radio" name=format!("line.{}.unit", line.id) value=unit.as_str()
                        checked=unit == line.unit on:change=move |_| turn(unit)/>
                    <span>{amount::unit(lang, unit, None)}</span>
                </label>
            }
        })
        .collect();
    view! {
        <fieldset class="segmented weigh-unit">
            <legend class="visually-hidden">{lang.t("称重单位", "Unit")}</legend>
            {choices}
        </fieldset>
    }
    .into_any()
}

/// How many pieces go back.
fn refused(lang: Lang, state: &LineState) -> AnyView {
    let (id, state) = (state.line.id.clone(), state.clone());
    let words = move || match state
        .qty()
        .and_then(|qty| state.line.expected.checked_sub(qty).ok())
    {
        Some(back) if back.0 > 0 => format!("{} {}", lang.t("拒收", "Refused"), back.0),
        _ => amount::unit(lang, PriceUnit::Piece, state.line.piece_name.as_deref()),
    };
    view! {
        <input type="hidden" name=format!("line.{id}.unit") value="piece"/>
        <span class="unit-toggle">{words}</span>
    }
    .into_any()
}

fn variance_chip(lang: Lang, state: &LineState) -> AnyView {
    let (for_class, for_words) = (state.clone(), state.clone());
    view! {
        <span class=move || format!("chip chip-big {}", variance(lang, &for_class).0)>
            {move || variance(lang, &for_words).1}
        </span>
    }
    .into_any()
}

/// Why it differs: reason, remark and photo.
fn why(lang: Lang, state: &LineState) -> AnyView {
    let line = Arc::clone(&state.line);
    let (reason, photo, open) = (state.reason, state.photo, state.open);
    let chosen = move || {
        VarianceReason::from_name(&reason.get())
            .map(|r| format!(" · {}", r.word(lang)))
            .unwrap_or_default()
    };
    let refused = line.reason_error.is_some();
    let options: Vec<_> = VarianceReason::ALL
        .into_iter()
        .map(
            |r| view! { <option value=r.as_str() selected=line.reason == r.as_str()>{r.word(lang)}</option> },
        )
        .collect();
    let error = line
        .reason_error
        .clone()
        .map(|words| view! { <p class="field-error">{words}</p> });
    let kept = line.photo_id.clone().map(|id| {
        view! {
            <input type="hidden" name=format!("line.{}.photo_id", line.id) value=id/>
            <p class="hint">{lang.t("已有一张照片，再选会换掉它。", "There is a photo; choosing another replaces it.")}</p>
        }
    });
    let name = |part: &str| format!("line.{}.{part}", line.id);
    view! {
        <details class="weigh-reason" open=move || open.get()>
            <summary>{lang.t("原因与照片", "Reason and photo")} {chosen}</summary>
            <div class="form-grid">
                <div class="field">
                    <label for=name("reason")>{lang.t("原因", "Reason")}</label>
                    <select id=name("reason") name=name("reason") on:change=move |event| reason.set(event_target_value(&event))
                        aria-invalid=refused.then_some("true")>
                        <option value="">{lang.t("请选择", "Choose")}</option>
                        {options}
                    </select>
                    {error}
                </div>
                <div class="field">
                    <label for=name("remark")>{lang.t("说明", "Remark")} " " <span class="optional">{lang.t("选填", "optional")}</span></label>
                    <input id=name("remark") name=name("remark") maxlength="200" autocomplete="off" value=line.remark.clone()/>
                </div>
                <div class="field full">
                    <label for=name("photo")>{lang.t("照片", "Photo")} " " <span class="optional">{lang.t("选填", "optional")}</span></label>
                    <input id=name("photo") name=name("photo") type="file" class="file" accept="image/jpeg,image/png,image/webp"
                        on:change=move |event| photo.set(!event_target_value(&event).is_empty())/>
                    {kept}
                </div>
            </div>
        </details>
    }
    .into_any()
}
