//! Printed documents: clean A4, or a roll of 80 mm. The order, the delivery note and the acceptance slip; the packing
//! slip stands with its village order.

mod acceptance;
mod delivery_note;
mod order;

pub use acceptance::acceptance;
pub use delivery_note::{delivery_note, travels};
pub use order::order;

use crate::components::pager::with;
use crate::context::Cx;
use crate::islands::print::PrintButton;
use leptos::prelude::*;

/// What a sheet of paper needs besides its document.
#[derive(Clone, Debug)]
pub struct Paper {
    /// For a roll of 80 mm instead of A4.
    pub roll: bool,
    /// The data of an SVG path over a square of `qr_size` modules, quiet zone included.
    pub qr_path: String,
    /// The square's side in modules.
    pub qr_size: u32,
    /// Where the code leads.
    pub url: String,
    /// Where the page came from.
    pub back: String,
}

/// The head of a document.
pub(crate) struct Head {
    /// What it is: 送货单.
    pub kind: &'static str,
    /// Whom it is between.
    pub title: String,
    /// Its number.
    pub number: String,
    /// Its day, in words.
    pub day: String,
}

/// A document as a page: its buttons, which are not printed, and the sheet.
pub(crate) fn page(cx: &Cx, paper: &Paper, head: Head, body: AnyView) -> impl IntoView + use<> {
    let (other, word) = if paper.roll {
        (None, cx.t("换成 A4", "A4 instead"))
    } else {
        (Some("80"), cx.t("换成 80 毫米小票", "80 mm roll instead"))
    };
    let class = if paper.roll { "sheet sheet-80" } else { "sheet" };
    view! {
        <main class="page" id="main">
            <div class="wrap-narrow spread no-print">
                <a class="button quiet" href=paper.back.clone()>{cx.t("‹ 返回", "‹ Back")}</a>
                <span class="row">
                    <a class="button" href=with(&cx.path, "paper", other)>{word}</a>
                    <PrintButton word=cx.t("打印", "Print").to_owned() class="button primary".to_owned()/>
                </span>
                <noscript><p class="hint">{cx.t("请用浏览器菜单里的“打印”。", "Use your browser's menu to print.")}</p></noscript>
            </div>
            <article class=class>
                <header class="sheet-head">
                    <div>
                        <p class="sheet-kind">{head.kind}</p>
                        <h1>{head.title}</h1>
                        <p class="sheet-number">{head.number.clone()}</p>
                        <p>{head.day}</p>
                    </div>
                    <div class="sheet-code">{qr(cx, paper)}<p>{head.number}</p></div>
                </header>
                {body}
            </article>
        </main>
    }
}

fn qr(cx: &Cx, paper: &Paper) -> AnyView {
    let size = paper.qr_size;
    view! {
        <svg viewBox=format!("0 0 {size} {size}") role="img" aria-label=cx.t("二维码", "QR code")
            shape-rendering="crispEdges">
            <rect width=size height=size fill="#fff"></rect>
            <path d=paper.qr_path.clone() fill="#000"></path>
        </svg>
    }
    .into_any()
}

/// Facts of a document; what is empty is left out.
pub(crate) fn facts(facts: Vec<(&'static str, String)>) -> AnyView {
    let rows: Vec<_> = facts
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| view! { <div><dt>{name}</dt><dd>{value}</dd></div> })
        .collect();
    view! { <dl class="key-value">{rows}</dl> }.into_any()
}

/// Places for signatures.
pub(crate) fn signs(names: &[&'static str]) -> AnyView {
    let places: Vec<_> = names.iter().map(|name| view! { <p>{*name}</p> }).collect();
    view! { <footer class="sheet-sign">{places}</footer> }.into_any()
}
