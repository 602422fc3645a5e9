//! What waits for a second person, what was decided, and taking a match back.

use super::board::Room;
use super::one::bills;
use crate::components::chip;
use crate::components::field::Field;
use crate::components::form_tokens::csrf_and_key;
use crate::context::Cx;
use crate::form::Form;
use crate::text::{Lang, day};
use leptos::prelude::*;
use shared::api::receipt::{MatchOut, ReceiptOut};
use shared::domain::receipt::MatchState;
use shared::domain::rights::{Action, Place};

/// What stands at the receipt now: to be confirmed, posted, or to be taken back.
pub(super) fn waiting(cx: &Cx, room: Room, receipt: &ReceiptOut, form: &Form) -> Option<AnyView> {
    let standing = |one: &&MatchOut| {
        matches!(
            one.state,
            MatchState::Proposed | MatchState::Posted | MatchState::AskedBack
        )
    };
    let one = receipt.matches.iter().find(standing)?;
    let writes = cx.may(Action::ReceiptWrite, Place::DISTRICT);
    let title = match one.state {
        MatchState::Proposed => cx.t("等第二位财务复核", "Waits for a second person"),
        MatchState::AskedBack => cx.t(
            "有人要撤销，等第二位财务复核",
            "To be taken back: waits for a second person",
        ),
        _ => cx.t("付的是", "It pays"),
    };
    let decision = writes.then(|| match one.state {
        MatchState::Proposed | MatchState::AskedBack => decision(cx, room, receipt, one, form),
        _ => take_back(cx, room, receipt, one, form),
    });
    Some(
        view! {
            <section class="card">
                <div class="spread"><h2>{title}</h2>{chip::chip(cx.lang(), one.state)}</div>
                <p><b>{one.unit_name.clone()}</b></p>
                {bills(cx, &one.bills, one.deposit_fen)}
                {said(cx, one)}
                {decision}
            </section>
        }
        .into_any(),
    )
}

/// Who said what, when.
fn said(cx: &Cx, one: &MatchOut) -> AnyView {
    let fact = |name: &'static str, value: String| view! { <div><dt>{name}</dt><dd>{value}</dd></div> };
    let who = |name: &str, at| format!("{name} {}", day::time(cx.lang(), at));
    let how = if one.automatic && one.over_limit {
        cx.t(
            "附言码和金额对得上，但超过限额",
            "Code and sum agree, but it is over the limit",
        )
    } else if one.automatic {
        cx.t(
            "附言码和金额对得上，自动入账",
            "Code and sum agreed: posted by itself",
        )
    } else {
        cx.t("人工匹配", "Said by hand")
    };
    let first = (!one.automatic || one.over_limit).then(|| {
        fact(
            cx.t("第一人", "First"),
            who(&one.proposed_by_name, one.proposed_at),
        )
    });
    let second = one
        .decided_by_name
        .as_ref()
        .zip(one.decided_at)
        .map(|(name, at)| fact(cx.t("第二人", "Second"), who(name, at)));
    let note = (!one.note.is_empty()).then(|| fact(cx.t("说明", "Note"), one.note.clone()));
    let reason = one
        .reason
        .clone()
        .map(|reason| fact(cx.t("不同意的原因", "Why not"), reason));
    let asked = one
        .asked_back_by_name
        .as_ref()
        .zip(one.asked_back_at)
        .filter(|_| matches!(one.state, MatchState::AskedBack | MatchState::TakenBack))
        .map(|(name, at)| {
            let why = one.asked_back_reason.clone().unwrap_or_default();
            fact(
                cx.t("要撤销", "To be taken back"),
                format!("{} · {why}", who(name, at)),
            )
        });
    let taken = one
        .taken_back_by_name
        .as_ref()
        .zip(one.taken_back_at)
        .map(|(name, at)| fact(cx.t("同意撤销", "Taken back"), who(name, at)));
    let ledger = ledger(cx, one);
    view! {
        <dl class="key-value">{fact(cx.t("怎么对上的", "How"), how.to_owned())} {first} {second} {note} {reason} {asked} {taken} {ledger}</dl>
    }
    .into_any()
}

fn ledger(cx: &Cx, one: &MatchOut) -> Option<AnyView> {
    let links: Vec<_> = [
        (one.transaction_id, cx.t("入账", "Posted")),
        (one.reversed_by, cx.t("冲正", "Reversed")),
    ]
    .into_iter()
    .filter_map(|(id, word)| {
        let id = id?;
        Some(view! { <a href=format!("/ledger/transactions/{id}")>{word}</a> " " })
    })
    .collect();
    let shown = !links.is_empty() && cx.may_reach(Action::LedgerRead);
    shown.then(|| view! { <div><dt>{cx.t("分录", "Ledger")}</dt><dd>{links}</dd></div> }.into_any())
}

/// The second person's word; whoever said it first may only take it back.
fn decision(cx: &Cx, room: Room, receipt: &ReceiptOut, one: &MatchOut, form: &Form) -> AnyView {
    let id = receipt.row.id;
    let back = one.state == MatchState::AskedBack;
    let first = if back {
        one.asked_back_by
    } else {
        Some(one.proposed_by)
    };
    let own = cx.me.as_ref().is_some_and(|me| Some(me.person_id) == first);
    let yes = if back {
        cx.t("同意撤销，冲回待查", "Take it back")
    } else {
        cx.t("复核通过，入账", "Confirm and post")
    };
    let confirm = (!own).then(|| {
        view! {
            <form method="post" action=format!("/receipts/{id}/confirm")>
                {csrf_and_key(cx)} {room.field()}
                <input type="hidden" name="match_id" value=one.id.to_string()/>
                <p class="button-row"><button class="button primary">{yes}</button></p>
            </form>
        }
    });
    let note = own.then(|| {
        view! { <p class="notice tone-millet">{cx.t("这是您提出的，须由另一位财务用自己的账号复核。", "You have said so: another person of the centre's finance decides.")}</p> }
    });
    let no = match (own, back) {
        (true, _) => cx.t("收回", "Withdraw"),
        (false, true) => cx.t("不撤销", "Leave it as it is"),
        (false, false) => cx.t("不同意，退回待查", "Refuse: back to suspense"),
    };
    let open = form.problem("reason").is_some();
    view! {
        {note}
        {confirm}
        <details class="fold" open=open>
            <summary>{no}</summary>
            <div class="fold-body">
                <form class="form" method="post" action=format!("/receipts/{id}/refuse")>
                    {csrf_and_key(cx)} {room.field()}
                    <input type="hidden" name="match_id" value=one.id.to_string()/>
                    {Field::new(cx, form, "reason", cx.t("原因", "Reason")).max(200).text()}
                    <div class="form-actions"><button class="button danger">{no}</button></div>
                </form>
            </div>
        </details>
    }
    .into_any()
}

fn take_back(cx: &Cx, room: Room, receipt: &ReceiptOut, one: &MatchOut, form: &Form) -> AnyView {
    let word = cx.t("对错了，要撤销", "It was wrong: take it back");
    let open = form.problem("reason").is_some();
    view! {
        <details class="fold" open=open>
            <summary>{word}</summary>
            <div class="fold-body">
                <form class="form" method="post" action=format!("/receipts/{}/take-back", receipt.row.id)>
                    {csrf_and_key(cx)} {room.field()}
                    <input type="hidden" name="match_id" value=one.id.to_string()/>
                    {Field::new(cx, form, "reason", cx.t("原因", "Reason"))
                        .hint(cx.t("第二位财务同意后，另记一笔冲正；原来的分录不改", "once a second person agrees, a reversal is posted; what was posted stays"))
                        .max(200).text()}
                    <div class="form-actions"><button class="button danger">{cx.t("申请撤销，交复核", "Ask a second person to take it back")}</button></div>
                </form>
            </div>
        </details>
    }
    .into_any()
}

/// What was said before and does not stand any more.
pub(super) fn history(cx: &Cx, receipt: &ReceiptOut) -> Option<AnyView> {
    let gone: Vec<_> = receipt
        .matches
        .iter()
        .filter(|one| matches!(one.state, MatchState::Refused | MatchState::TakenBack))
        .map(|one| {
            view! {
                <li>
                    <div class="spread"><b>{one.unit_name.clone()}</b>{chip::chip(cx.lang(), one.state)}</div>
                    {bills(cx, &one.bills, one.deposit_fen)}
                    {said(cx, one)}
                </li>
            }
        })
        .collect();
    let title = match cx.lang() {
        Lang::Zh => format!("以前的匹配（{}）", gone.len()),
        Lang::En => format!("Earlier matches ({})", gone.len()),
    };
    (!gone.is_empty()).then(|| {
        view! {
            <details class="fold"><summary>{title}</summary><div class="fold-body"><ul class="stack">{gone}</ul></div></details>
        }
        .into_any()
    })
}
