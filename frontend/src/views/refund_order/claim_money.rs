//! Where the money of a posted claim is, on the claim's page, and for finance how it goes back.

use crate::components::chip::chip;
use crate::components::form_tokens::csrf_and_key;
use crate::context::Cx;
use crate::text::amount;
use crate::text::status::Status as _;
use leptos::prelude::*;
use shared::api::refund_order::{ClaimMoneyOut, ClaimOnlineOut};
use shared::domain::rights::{Action, Place};

/// The card: what the claim took off the bill, what went to the deposit, what was given back.
pub fn claim_money(cx: &Cx, claim_id: &str, money: &ClaimMoneyOut) -> AnyView {
    let fact = |name: &'static str, value: String| view! { <div><dt>{name}</dt><dd>{value}</dd></div> };
    let off = (!money.off_fen.is_zero())
        .then(|| fact(cx.t("少付账单", "Off the bill"), amount::cny(money.off_fen)));
    let deposit = (!money.deposit_fen.is_zero()).then(|| {
        fact(
            cx.t("转入预存款", "To the deposit"),
            amount::cny(money.deposit_fen),
        )
    });
    let returned = (!money.returned_fen.is_zero()).then(|| {
        fact(
            cx.t("已退或退款中", "Given back or on its way"),
            amount::cny(money.returned_fen),
        )
    });
    let may = cx.may(Action::RefundWrite, Place::DISTRICT) && !money.left_fen.is_zero();
    let ways = may.then(|| ways(cx, claim_id, money));
    view! {
        <section class="card stack-s" id="money">
            <h2>{cx.t("钱款", "The money")}</h2>
            <dl class="key-value key-value-sums">{off} {deposit} {returned}</dl>
            {done(cx, money)}
            {ways}
        </section>
    }
    .into_any()
}

/// What was given back, one line each.
fn done(cx: &Cx, money: &ClaimMoneyOut) -> Option<AnyView> {
    let orders = money.orders.iter().map(|order| {
        view! {
            <li>
                <span><a href=format!("/refunds/{}", order.id)>{order.number.clone()}</a> " " {chip(cx.lang(), order.status)}</span>
                <span class="sum push">{amount::cny(order.amount_fen)}</span>
            </li>
        }
        .into_any()
    });
    let refunds = money.refunds.iter().map(|refund| {
        view! {
            <li>
                <span>{refund.number.clone()} " " {chip(cx.lang(), refund.status)}</span>
                <span class="sum push">{amount::cny(refund.amount_fen)}</span>
            </li>
        }
        .into_any()
    });
    let lines: Vec<_> = orders.chain(refunds).collect();
    (!lines.is_empty()).then(|| view! { <ul class="lines">{lines}</ul> }.into_any())
}

/// For finance: what was paid online goes back there, the rest by bank.
fn ways(cx: &Cx, claim_id: &str, money: &ClaimMoneyOut) -> AnyView {
    let online: Vec<_> = money
        .online
        .iter()
        .map(|payment| to_payment(cx, claim_id, payment))
        .collect();
    let bank = (!money.bank_fen.is_zero()).then(|| {
        let words = format!(
            "{} {}",
            cx.t("用银行转账退", "Give back by bank"),
            amount::cny(money.bank_fen)
        );
        view! { <p><a class="button" href=format!("/refunds/new?claim={claim_id}")>{words}</a></p> }
    });
    view! {
        <p class="small muted">{cx.t("在线付的先原路退回，其余用银行转账退；不退的留在预存款，抵下一张账单。", "What was paid online goes back there first, the rest by bank; what stays on the deposit pays the next bill.")}</p>
        {online} {bank}
    }
    .into_any()
}

fn to_payment(cx: &Cx, claim_id: &str, payment: &ClaimOnlineOut) -> AnyView {
    let by = payment.method.map_or("", |method| method.word(cx.lang()));
    let words = format!(
        "{} {}",
        cx.t("原路退回", "Give back online"),
        amount::cny(payment.amount_fen)
    );
    let sum = payment.amount_fen.format_yuan().replace(',', "");
    view! {
        <form class="row" method="post" action=format!("/payments/{}/refunds", payment.payment_id)>
            {csrf_and_key(cx)}
            <input type="hidden" name="claim_id" value=claim_id.to_owned()/>
            <input type="hidden" name="amount_fen" value=sum/>
            <input type="hidden" name="reason" value=cx.t("售后退款", "A claim's refund")/>
            <button class="button">{words}</button>
            <span class="small muted">{by} " " <a href=format!("/payments/{}", payment.payment_id)>{payment.number.clone()}</a></span>
        </form>
    }
    .into_any()
}
