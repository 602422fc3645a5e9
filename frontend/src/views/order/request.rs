//! What is asked for while an order is not placed: its lines, its revisions, and the approver's decision.

use super::order_price_words;
use crate::components::chip;
use crate::components::field::Field;
use crate::components::form_tokens::csrf_and_key;
use crate::components::produce_picture::{picture, tint};
use crate::context::Cx;
use crate::form::Form;
use crate::text::status::{MILLET, PERSIMMON, PINE};
use crate::text::{Lang, amount, day};
use leptos::prelude::*;
use shared::api::order::{OrderOut, RequestLineOut, RevisionOut};
use shared::domain::order::OrderStatus;

/// What was decided, or until when it is to be.
pub fn standing(cx: &Cx, out: &OrderOut) -> Option<AnyView> {
    if let Some(until) = out.order.hold_until {
        let words = match cx.lang() {
            Lang::Zh => format!(
                "等本单位审批人审批，库存保留到 {}。批准后才发给各村，价格按提交时的。",
                day::time(Lang::Zh, until)
            ),
            Lang::En => format!(
                "Waits for your unit's approver; the stock is held until {}. Villages hear of it once it is approved; prices are those of the request.",
                day::time(Lang::En, until)
            ),
        };
        return Some(view! { <div class="notice tone-millet"><p>{words}</p></div> }.into_any());
    }
    let decision = out.decision.as_ref()?;
    let (tone, word) = if decision.approved {
        (PINE, cx.t("批准", "approved"))
    } else {
        (PERSIMMON, cx.t("没有批准", "did not approve"))
    };
    let note = if decision.note.is_empty() {
        String::new()
    } else {
        format!("{}{}", cx.t("：", ": "), decision.note)
    };
    let words = format!(
        "{} {} {word}{note}",
        decision.by,
        day::time(cx.lang(), decision.at)
    );
    Some(view! { <div class=format!("notice {tone}")><p>{words}</p></div> }.into_any())
}

/// The lines asked for, while nothing of them is placed.
pub fn asked(cx: &Cx, out: &OrderOut) -> Option<AnyView> {
    let newest = out.requests.first().filter(|_| out.village_orders.is_empty())?;
    Some(lines(cx, newest, out.order.status))
}

fn lines(cx: &Cx, revision: &RevisionOut, status: OrderStatus) -> AnyView {
    let open = matches!(status, OrderStatus::Requested | OrderStatus::Rejected);
    let mut villages: Vec<(&str, &str, Vec<&RequestLineOut>)> = Vec::new();
    for line in &revision.lines {
        match villages
            .last_mut()
            .filter(|(code, ..)| *code == line.village_code)
        {
            Some((_, _, own)) => own.push(line),
            None => villages.push((&line.village_code, &line.village_name, vec![line])),
        }
    }
    let groups: Vec<_> = villages
        .into_iter()
        .map(|(code, name, own)| {
            let own: Vec<_> = own.into_iter().map(|line| line_item(cx, line, open)).collect();
            view! {
                <section class="card card-flush village-group" data-village=code.to_owned()>
                    <header class="group-head">
                        <h2>{name.to_owned()}</h2>
                        <span class="small muted">{super::revision::title(cx.lang(), revision)}</span>
                    </header>
                    <ul>{own}</ul>
                </section>
            }
        })
        .collect();
    view! { <div class="stack">{groups}</div> }.into_any()
}

fn line_item(cx: &Cx, line: &RequestLineOut, open: bool) -> AnyView {
    let gone = (open && !line.on_sale).then(|| {
        view! {
            <p class="line-short">{cx.t("已下架或过了保质期，要改单", "No longer on sale or expired; the request must be changed")}</p>
        }
    });
    let piece = line.piece_name.as_deref();
    view! {
        <li class="basket-line">
            <div class=format!("line-picture {}", tint(&line.produce))>
                <img src=picture(cx, &line.produce) alt="" width="56" height="56"/>
            </div>
            <div class="line-words">
                <h3><a href=format!("/goods/{}", line.offer_id)>{line.name.clone()}</a></h3>
                <p>{order_price_words(cx, line.price_fen, line.price_unit, piece, &line.lot_code)}</p>
            </div>
            <div class="line-amount">{amount::qty(cx.lang(), line.qty, line.price_unit, piece)}</div>
            <p class="line-sum sum">{amount::cny(line.total_fen)}</p>
            {gone}
        </li>
    }
    .into_any()
}

/// The approver's two buttons.
pub fn decide(cx: &Cx, out: &OrderOut, form: &Form) -> Option<AnyView> {
    if !out.decidable {
        return None;
    }
    let action = format!("/orders/{}/decision", out.order.id);
    let open = form.problem("note").is_some();
    let reason = Field::new(cx, form, "note", cx.t("不批准的原因", "Why not"))
        .hint(cx.t(
            "经办人会看到，可以改后再提交。",
            "Whoever asked sees it and may change the request.",
        ))
        .max(200)
        .text();
    let revision = out.revision.to_string();
    Some(
        view! {
            <section class="card action-main">
                <h2>{cx.t("审批", "Decide")}</h2>
                <p class="spread">
                    <span>{cx.t("申请人", "Asked by")} " " {out.order.requested_by.clone()}</span>
                    {chip::toned(MILLET, amount::cny(out.order.total_fen))}
                </p>
                {super::revision::since_last(cx, out)}
                <form method="post" action=action.clone()>
                    {csrf_and_key(cx)}
                    <input type="hidden" name="revision" value=revision.clone()/>
                    <button class="button primary wide" name="decision" value="approve">
                        {cx.t("批准并发给各村", "Approve and send to the villages")}
                    </button>
                </form>
                <details class="fold" open=open>
                    <summary>{cx.t("不批准", "Do not approve")}</summary>
                    <form class="fold-body form" method="post" action=action>
                        {csrf_and_key(cx)}
                        <input type="hidden" name="revision" value=revision/>
                        {reason}
                        <div class="form-actions">
                            <button class="button danger" name="decision" value="reject">
                                {cx.t("退回给经办人", "Send back")}
                            </button>
                        </div>
                    </form>
                </details>
            </section>
        }
        .into_any(),
    )
}
