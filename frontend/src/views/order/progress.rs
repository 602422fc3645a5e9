//! A village's part of an order on its way: who must act next, until when, and every step with its time.

use crate::components::chip;
use crate::components::deadline::left;
use crate::context::Cx;
use crate::text::Lang;
use crate::text::day;
use leptos::prelude::*;
use shared::api::order::{OrderVillage, ProgressKey, ProgressState, ProgressStep};
use shared::domain::village_order::{Turn, VillageOrderStatus as State};

/// The way, folded below a line that says what comes next.
pub fn progress(cx: &Cx, part: &OrderVillage) -> AnyView {
    let steps: Vec<_> = part.progress.iter().map(|step| item(cx, step)).collect();
    let due = part.due.map(|at| {
        let (tone, words) = left(cx, at);
        chip::toned(tone, words)
    });
    view! {
        <details class="fold part-progress">
            <summary><span class="row">{next_words(cx, part)} {due}</span></summary>
            <div class="fold-body"><ol class="timeline">{steps}</ol></div>
        </details>
    }
    .into_any()
}

/// Who must act next, in words.
fn next_words(cx: &Cx, part: &OrderVillage) -> &'static str {
    let status = part.village_order.status;
    match (part.turn, status) {
        (Turn::Village, State::Offered) => cx.t("等村里答复", "The village answers next"),
        (Turn::Village, _) => cx.t("等村里备货", "The village packs next"),
        (Turn::Centre, State::Packed) => cx.t("等中心收货", "The centre collects next"),
        (Turn::Centre, _) => cx.t("等中心送到", "The centre delivers next"),
        (Turn::Both, _) => cx.t("等双方过秤签字", "Both sides weigh and sign next"),
        (Turn::Nobody, State::Credited) => cx.t("已入账，等拨付到村", "Credited; to be paid to the village"),
        (Turn::Nobody, _) => cx.t("看每一步", "See every step"),
    }
}

const fn word(lang: Lang, key: ProgressKey) -> &'static str {
    match key {
        ProgressKey::Offered => lang.t("发给村里", "Sent to the village"),
        ProgressKey::Answered => lang.t("村里答复", "The village answers"),
        ProgressKey::Packed => lang.t("备好货", "Packed"),
        ProgressKey::Collected => lang.t("收货装车", "Collected"),
        ProgressKey::Delivered => lang.t("送到单位", "Delivered"),
        ProgressKey::Credited => lang.t("验收入账", "Accepted and credited"),
        ProgressKey::Cancelled => lang.t("取消", "Taken back"),
    }
}

fn item(cx: &Cx, step: &ProgressStep) -> AnyView {
    let class = match step.state {
        ProgressState::Done => Some("is-done"),
        ProgressState::Now => Some("is-now"),
        ProgressState::Bad => Some("is-bad"),
        ProgressState::ToCome => None,
    };
    let when = step.at.map(|at| {
        let who = if step.who.is_empty() {
            String::new()
        } else {
            format!(" · {}", step.who)
        };
        view! {
            <p class="timeline-when"><time datetime=at.format_full()>{day::time(cx.lang(), at)}</time>{who}</p>
        }
    });
    let detail =
        (!step.detail.is_empty()).then(|| view! { <p class="timeline-when">{step.detail.clone()}</p> });
    view! { <li class=class><p class="timeline-what">{word(cx.lang(), step.step)}</p>{when}{detail}</li> }
        .into_any()
}
