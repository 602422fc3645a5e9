//! 到账匹配: what waits on one side, what it may pay on the other; after each the next one stands there.

use super::one::{facts, problems, steps};
use super::{Chosen, payer, state};
use crate::components::empty::empty;
use crate::components::pills::{Pill, pills};
use crate::context::Cx;
use crate::form::Form;
use crate::text::{Lang, amount, day};
use leptos::prelude::*;
use shared::api::receipt::{ReceiptOut, ReceiptRow, ReceiptSums};
use std::fmt::Display;

/// Where a receipt is worked on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Room {
    /// On its own page.
    Own,
    /// On the board, among those of which nobody has said what they pay.
    Suspense,
    /// On the board, among those that wait for a second person.
    Waits,
}

impl Room {
    /// The room that a form names.
    #[must_use]
    pub fn named(name: &str) -> Self {
        match name {
            "suspense" => Self::Suspense,
            "waits" => Self::Waits,
            _ => Self::Own,
        }
    }

    /// The side of the board that has something.
    pub(super) const fn first(sums: &ReceiptSums) -> Self {
        if sums.suspense > 0 {
            Self::Suspense
        } else {
            Self::Waits
        }
    }

    /// Its address; a receipt's own page has one for each.
    pub(super) const fn path(self) -> &'static str {
        match self {
            Self::Own => "/receipts",
            Self::Suspense => "/receipts/board",
            Self::Waits => "/receipts/board?waits=1",
        }
    }

    /// Where one goes after something was done: on a board to what comes next.
    #[must_use]
    pub fn back(self, id: impl Display) -> String {
        match self {
            Self::Own => format!("/receipts/{id}"),
            board => board.path().to_owned(),
        }
    }

    /// A receipt in this room.
    fn at(self, id: impl Display) -> String {
        match self {
            Self::Own => format!("/receipts/{id}"),
            Self::Suspense => format!("/receipts/board?receipt={id}"),
            Self::Waits => format!("/receipts/board?waits=1&receipt={id}"),
        }
    }

    /// The same with a unit chosen.
    pub(super) fn choosing(self, id: impl Display, unit: impl Display) -> String {
        let joined = if self == Self::Own { '?' } else { '&' };
        format!("{}{joined}unit={unit}#by-hand", self.at(id))
    }

    /// What a search for a unit is sent to.
    pub(super) fn search(self, id: impl Display) -> String {
        match self {
            Self::Own => format!("/receipts/{id}#by-hand"),
            Self::Suspense | Self::Waits => "/receipts/board#by-hand".to_owned(),
        }
    }

    /// What a search says besides.
    pub(super) fn asked(self, id: impl Display) -> Option<AnyView> {
        let receipt = view! { <input type="hidden" name="receipt" value=id.to_string()/> };
        match self {
            Self::Own => None,
            Self::Suspense => Some(receipt.into_any()),
            Self::Waits => Some(view! { <input type="hidden" name="waits" value="1"/> {receipt} }.into_any()),
        }
    }

    /// What a form says of where it stands.
    pub(super) fn field(self) -> Option<AnyView> {
        let name = match self {
            Self::Own => return None,
            Self::Suspense => "suspense",
            Self::Waits => "waits",
        };
        Some(view! { <input type="hidden" name="room" value=name/> }.into_any())
    }
}

/// What is seen of the board.
pub struct Board<'s> {
    /// Which side of it.
    pub room: Room,
    /// What waits, the oldest first.
    pub waiting: &'s [ReceiptRow],
    /// How much waits in all.
    pub sums: &'s ReceiptSums,
    /// The one that is worked on.
    pub shown: Option<&'s ReceiptOut>,
    /// Whether somebody chose it; a phone shows either the list or one receipt.
    pub opened: bool,
    /// What is chosen by hand.
    pub chosen: &'s Chosen,
}

/// The board.
pub fn board(cx: &Cx, seen: &Board<'_>, form: &Form) -> impl IntoView + use<> {
    let side = |room: Room, word: &'static str| Pill {
        word,
        href: room.path().to_owned(),
        here: seen.room == room,
    };
    let sides = vec![
        side(Room::Suspense, cx.t("待查", "In suspense")),
        side(Room::Waits, cx.t("待复核", "To confirm")),
    ];
    let body = match seen.shown {
        Some(shown) => both_sides(cx, seen, shown, form),
        None => empty(
            cx,
            "bill",
            cx.t("都对上了", "Nothing waits here"),
            cx.t(
                "这里没有等着匹配的到账。",
                "Every receipt on this side has found its bills.",
            ),
            Some((cx.t("看全部到账", "See all receipts"), "/receipts".to_owned())),
        ),
    };
    view! {
        <header class="toolbar">
            <div class="toolbar-title">
                <h1>{cx.t("到账匹配", "Match receipts")}</h1>
                <p>{cx.t("先看等着的到账，再选它付的账单；办完一笔自动到下一笔。", "See what waits, choose the bills it pays; after each comes the next.")}</p>
            </div>
            <div class="toolbar-actions"><a class="button" href="/receipts">{cx.t("全部到账", "All receipts")}</a></div>
        </header>
        {pills(cx.t("进度", "State"), sides)}
        {problems(cx, form)}
        {body}
    }
}

fn both_sides(cx: &Cx, seen: &Board<'_>, shown: &ReceiptOut, form: &Form) -> AnyView {
    let cards: Vec<_> = seen
        .waiting
        .iter()
        .map(|row| card(cx, seen.room, row, row.id == shown.row.id))
        .collect();
    let row = &shown.row;
    let all = match seen.room {
        Room::Waits => seen.sums.waiting,
        Room::Own | Room::Suspense => seen.sums.suspense,
    };
    let more = (all > i64::try_from(seen.waiting.len()).unwrap_or(all)).then(|| {
        view! { <p class="muted small">{cx.t("先列最早的；办完这些，后面的自动排上来。", "The oldest come first; as these are done, the rest moves up.")}</p> }
    });
    let class = if seen.opened {
        "match-board opened"
    } else {
        "match-board"
    };
    let name = payer(cx, row);
    view! {
        <div class=class>
            <section class="match-side match-waiting" aria-labelledby="waiting">
                <header class="board-head"><h2 id="waiting">{cx.t("等着的到账", "Waiting")}</h2><span class="count">{amount::count(all)}</span></header>
                <ul class="match-list">{cards}</ul>
                {more}
            </section>
            <section class="match-work stack" aria-labelledby="receipt">
                <p class="match-back"><a href=seen.room.path()>{cx.t("← 回到等着的到账", "← Back to what waits")}</a></p>
                <header class="spread">
                    <div class="row"><h2 id="receipt">{name}</h2> {state(cx, row)}</div>
                    <p class="figure">{amount::cny(row.amount_fen)}</p>
                </header>
                {steps(cx, seen.room, shown, seen.chosen, form)}
                {facts(cx, shown)}
            </section>
        </div>
    }
    .into_any()
}

fn card(cx: &Cx, room: Room, row: &ReceiptRow, here: bool) -> AnyView {
    let at = row.booked_at.day();
    let remark = (!row.remark.is_empty()).then(|| match cx.lang() {
        Lang::Zh => format!(" · 附言 {}", row.remark),
        Lang::En => format!(" · {}", row.remark),
    });
    view! {
        <li><a class="match-card" href=room.at(row.id) aria-current=here.then_some("true")>
            <span class="match-head"><b>{payer(cx, row)}</b><span class="sum">{amount::cny(row.amount_fen)}</span></span>
            <span class="match-note"><time datetime=at.to_string()>{day::short(cx.lang(), at)}</time> {remark}</span>
        </a></li>
    }
    .into_any()
}
