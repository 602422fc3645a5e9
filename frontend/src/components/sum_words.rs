//! A sum in 大写, as documents need it below its figure.

use crate::context::Cx;
use leptos::prelude::*;
use shared::domain::money::Fen;

/// `大写 壹仟贰佰玖拾贰元整`, on an English page too: it is what a bank reads.
pub fn sum_words(cx: &Cx, sum: Fen) -> AnyView {
    view! {
        <p class="sum-words">
            <span>{cx.t("大写", "In words")}</span>
            <span>{sum.to_chinese_upper()}</span>
        </p>
    }
    .into_any()
}
