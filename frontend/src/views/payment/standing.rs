//! How the books stand with the provider, for finance and auditors.

use crate::components::form_tokens::csrf_and_key;
use crate::context::Cx;
use crate::text::amount;
use crate::text::status::Status as _;
use leptos::prelude::*;
use shared::api::payment::{MovementOut, PaymentStandingOut};
use shared::domain::rights::{Action, Place};

/// The card above the list.
pub fn standing(cx: &Cx, out: &PaymentStandingOut) -> AnyView {
    let fact = |name: &'static str, value: String| view! { <div><dt>{name}</dt><dd>{value}</dd></div> };
    let waits = |name: &'static str, count: i64| (count > 0).then(|| fact(name, count.to_string()));
    let swept = out
        .swept_at
        .map_or_else(|| cx.t("还没有", "not yet").to_owned(), |at| at.format_day_time());
    let calm = out.movements_unclear == 0;
    let sentence = match (&out.provider, out.clearing_fen.is_zero(), calm) {
        (None, _, _) => cx.t(
            "没有设置支付平台：单位看不到在线付款。",
            "No provider is configured: units are not offered it.",
        ),
        (_, _, false) => cx.t(
            "平台上有账本没有收录的变动，请核对。",
            "Something moved at the provider that the books do not take. Please look.",
        ),
        (_, true, true) => cx.t(
            "清算账户为零：平台收的钱都已付到银行。",
            "The clearing account is zero: everything was paid out.",
        ),
        (_, false, true) => cx.t(
            "平台还有钱没有付到银行；付清后这里为零。",
            "The provider still holds money; once it is paid out this is zero.",
        ),
    };
    view! {
        <section class="card stack-s">
            <div class="spread">
                <h2>{cx.t("与支付平台对账", "Standing with the provider")}</h2>
                {sweep(cx, out)}
            </div>
            <p role="status">{sentence}</p>
            <dl class="key-value key-value-sums">
                {fact(cx.t("平台清算余额", "In clearing"), amount::cny(out.clearing_fen))}
                {fact(cx.t("累计手续费", "Fees so far"), amount::cny(out.fees_fen))}
                {waits(cx.t("待付款", "To be paid"), out.open)}
                {waits(cx.t("退款中", "Refunds on their way"), out.refunds_open)}
                {waits(cx.t("待处理的平台消息", "Messages to be worked through"), out.events_waiting)}
                {waits(cx.t("待对上的变动", "Movements not matched yet"), out.movements_waiting)}
                {waits(cx.t("需核对的变动", "Movements to look at"), out.movements_unclear)}
                {fact(cx.t("上次核对", "Last asked"), swept)}
            </dl>
            {(!out.unclear.is_empty()).then(|| unclear(cx, &out.unclear))}
        </section>
    }
    .into_any()
}

fn sweep(cx: &Cx, out: &PaymentStandingOut) -> Option<AnyView> {
    if out.provider.is_none() || !cx.may(Action::PaymentSweep, Place::DISTRICT) {
        return None;
    }
    Some(
        view! {
            <form method="post" action="/payments/sweep">
                {csrf_and_key(cx)}
                <button class="button">{cx.t("现在与平台核对", "Ask the provider now")}</button>
            </form>
        }
        .into_any(),
    )
}

fn unclear(cx: &Cx, moved: &[MovementOut]) -> AnyView {
    let rows: Vec<_> = moved
        .iter()
        .map(|m| {
            let said = format!(
                "{} · {} · {}",
                m.kind.word(cx.lang()),
                m.moved_at.format_day_time(),
                m.currency.to_uppercase()
            );
            view! {
                <li>
                    <div class="stack-s"><span>{m.reference.clone()}</span><span class="small muted">{said}</span></div>
                    <span class="sum push">{amount::cny(m.amount_fen)}</span>
                </li>
            }
        })
        .collect();
    view! { <h3>{cx.t("需核对的变动", "Movements to look at")}</h3><ul class="lines">{rows}</ul> }.into_any()
}
