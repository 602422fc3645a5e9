//! A refusal as a page.

use crate::context::Cx;
use crate::text::problem;
use leptos::prelude::*;
use shared::api::problem::Code;

/// What went wrong and what to do now.
pub fn problem(cx: &Cx, code: Code) -> impl IntoView + use<> {
    view! {
        <section class="empty card">
            <img src=cx.asset("empty/search.svg") alt="" width="120" height="120"/>
            <h1>{problem::title(cx.lang(), code)}</h1>
            <p>{problem::detail(cx.lang(), code)}</p>
            <p class="button-row"><a class="button primary" href="/">{cx.t("回首页", "To the home page")}</a></p>
        </section>
    }
}
