//! 在线付款: the list, one payment with what was given back, and the button that begins one.

mod standing;

use crate::components::breadcrumb::breadcrumb;
use crate::components::chip::chip;
use crate::components::empty::empty;
use crate::components::export::export;
use crate::components::field::Field;
use crate::components::form_problems::form_problems;
use crate::components::form_tokens::csrf_and_key;
use crate::components::list_filter::{Shown, list_filter};
use crate::components::pager::pager;
use crate::components::pills::state_pills;
use crate::context::Cx;
use crate::form::Form;
use crate::text::status::Status as _;
use crate::text::{Lang, amount, day, payment as words};
use leptos::prelude::*;
use shared::api::page::Page;
use shared::api::payment::{
    PayAheadOut, PaymentOut, PaymentRow, PaymentStandingOut, PaymentStatus, RefundOut,
};
use shared::domain::money::Fen;
use shared::domain::rights::{Action, Place};
use shared::domain::work::ExportList;

/// What a payer reads on the button.
fn pay_words(cx: &Cx, sum: Fen) -> String {
    let words = cx.t("用银行卡、支付宝或微信支付", "Pay by card, Alipay or WeChat");
    format!("{words} {}", amount::cny(sum))
}

/// The form that begins a payment: of a bill (`bill_id`) or an order (`order_id`).
pub fn pay_form(cx: &Cx, field: &'static str, id: &str, sum: Fen) -> AnyView {
    view! {
        <form method="post" action="/payments">
            {csrf_and_key(cx)}
            <input type="hidden" name=field value=id.to_owned()/>
            <button class="button primary wide">{pay_words(cx, sum)}</button>
        </form>
    }
    .into_any()
}

/// Paying an order ahead, on the order's page.
pub fn pay_ahead(cx: &Cx, order_id: &str, ahead: &PayAheadOut) -> Option<AnyView> {
    if ahead.open_fen.is_zero() && ahead.paid_fen.is_zero() {
        return None;
    }
    let paid = (!ahead.paid_fen.is_zero()).then(|| {
        view! { <div><dt>{cx.t("已预付", "Paid ahead")}</dt><dd>{amount::cny(ahead.paid_fen)}</dd></div> }
    });
    let button = (!ahead.open_fen.is_zero()).then(|| pay_form(cx, "order_id", order_id, ahead.open_fen));
    let note = cx.t(
        "验收后按实收抵扣，多付的留作本单位预付款，可以退回。",
        "Used for what is accepted; the rest stays on your unit's deposit and can be given back.",
    );
    Some(
        view! {
            <section class="card stack-s" id="pay-ahead">
                <h2>{cx.t("在线预付", "Pay ahead")}</h2>
                <dl class="key-value key-value-sums">
                    {paid}
                    <div><dt>{cx.t("可以预付", "Can be paid")}</dt><dd>{amount::cny(ahead.open_fen)}</dd></div>
                </dl>
                {button}
                <p class="small muted">{note} " " <a href=format!("/payments?order={order_id}")>{cx.t("付款记录", "Payments")}</a></p>
            </section>
        }
        .into_any(),
    )
}

/// Payments, newest first.
pub fn payments(
    cx: &Cx,
    page: &Page<PaymentRow>,
    standing: Option<&PaymentStandingOut>,
    state: Option<PaymentStatus>,
    shown: &Shown,
) -> impl IntoView + use<> {
    let states = [
        PaymentStatus::Open,
        PaymentStatus::Paid,
        PaymentStatus::Refunded,
        PaymentStatus::Expired,
        PaymentStatus::Failed,
    ];
    let body = if page.items.is_empty() {
        empty(
            cx,
            "income",
            cx.t("没有在线付款", "No payments"),
            cx.t(
                "在账单或订单上点“用银行卡、支付宝或微信支付”，付款就在这里。",
                "Begin one from a bill or an order; it then stands here.",
            ),
            None,
        )
    } else {
        view! { {table(cx, &page.items)} {pager(cx, page.next.as_deref())} }.into_any()
    };
    view! {
        <header class="toolbar">
            <div class="toolbar-title">
                <h1>{cx.t("在线付款", "Payments")}</h1>
                <p>{cx.t("银行卡、支付宝、微信支付的每一笔，和退回的钱。", "What came by card, Alipay and WeChat, and what was given back.")}</p>
            </div>
            <div class="toolbar-actions">{export(cx, &[ExportList::Payments])}</div>
        </header>
        {standing.map(|standing| standing::standing(cx, standing))}
        {state_pills(cx, "/payments", &states, state, Vec::new())}
        {list_filter(cx, "/payments", shown, false)}
        {body}
    }
}

fn table(cx: &Cx, rows: &[PaymentRow]) -> AnyView {
    let lines: Vec<_> = rows.iter().map(|row| list_row(cx, row)).collect();
    view! {
        <div class="table-wrap card card-flush">
            <table class="table">
                <thead><tr>
                    <th>{cx.t("付款", "Payment")}</th>
                    <th>{cx.t("单位", "Unit")}</th>
                    <th>{cx.t("为", "For")}</th>
                    <th>{cx.t("发起", "Begun")}</th>
                    <th>{cx.t("方式", "By")}</th>
                    <th>{cx.t("状态", "State")}</th>
                    <th class="n">{cx.t("已退", "Given back")}</th>
                    <th class="n">{cx.t("金额", "Sum")}</th>
                </tr></thead>
                <tbody>{lines}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn list_row(cx: &Cx, row: &PaymentRow) -> AnyView {
    let at = row.created_at.day();
    let method = row.method.map_or("—", |method| method.word(cx.lang()));
    let refunded = match row.refunded_fen {
        sum if sum.is_zero() => "—".to_owned(),
        sum => amount::cny(sum),
    };
    let trouble = (!row.trouble.is_empty())
        .then(|| view! { " " <span class="chip tone-persimmon">{cx.t("待核对", "Look")}</span> });
    view! {
        <tr>
            <td class="lead" data-label=cx.t("付款", "Payment")><a href=format!("/payments/{}", row.id)>{row.number.clone()}</a></td>
            <td data-label=cx.t("单位", "Unit")>{row.unit_name.clone()}</td>
            <td data-label=cx.t("为", "For")>{about(cx, row)}</td>
            <td data-label=cx.t("发起", "Begun")><time datetime=at.to_string()>{day::short(cx.lang(), at)}</time></td>
            <td data-label=cx.t("方式", "By")>{method}</td>
            <td data-label=cx.t("状态", "State")>{chip(cx.lang(), row.status)} {trouble}</td>
            <td class="n" data-label=cx.t("已退", "Given back")>{refunded}</td>
            <td class="n sum lead-sum" data-label=cx.t("金额", "Sum")>{amount::cny(row.amount_fen)}</td>
        </tr>
    }
    .into_any()
}

/// The bill or order that a payment is for.
fn about(cx: &Cx, row: &PaymentRow) -> AnyView {
    let (word, href) = match (row.bill_id, row.order_id) {
        (Some(id), _) => (cx.t("账单", "Bill"), format!("/bills/{id}")),
        (None, Some(id)) => (cx.t("订单", "Order"), format!("/orders/{id}")),
        (None, None) => return row.about_number.clone().into_any(),
    };
    view! { {word} " " <a href=href>{row.about_number.clone()}</a> }.into_any()
}

/// One payment. `waits` while the payer has come back and the money is not seen yet.
pub fn payment(cx: &Cx, out: &PaymentOut, waits: bool, form: &Form) -> impl IntoView + use<> {
    let row = &out.row;
    let labels = [
        ("amount_fen", cx.t("退款金额", "Sum")),
        ("reason", cx.t("退款原因", "Why")),
    ];
    let trouble = (!row.trouble.is_empty()).then(|| {
        view! { <p class="notice tone-persimmon" role="status">{words::trouble(cx.lang(), &row.trouble).to_owned()}</p> }
    });
    view! {
        {breadcrumb(cx, &[("/payments", cx.t("在线付款", "Payments"))], &row.number)}
        {form_problems(cx, form, &labels)}
        <header class="toolbar">
            <div class="toolbar-title">
                <p class="eyebrow">{row.unit_name.clone()}</p>
                <div class="row"><h1>{cx.t("付款 ", "Payment ")} {row.number.clone()}</h1> {chip(cx.lang(), row.status)}</div>
            </div>
        </header>
        <div class="main-side">
            <div class="stack">
                {trouble}
                {now(cx, out, waits)}
                {(!out.refunds.is_empty()).then(|| refunds(cx, &out.refunds))}
                {give_back(cx, out, form)}
            </div>
            <div class="stack">{facts(cx, out)}</div>
        </div>
    }
}

/// Where the payment stands, in a sentence, with what can be done now.
fn now(cx: &Cx, out: &PaymentOut, waits: bool) -> AnyView {
    let row = &out.row;
    let sentence = match row.status {
        PaymentStatus::Created => cx.t(
            "还没有连上支付平台。请点下面的按钮再试一次，不会重复扣款。",
            "The provider has not answered yet. Try again below; nothing is taken twice.",
        ),
        PaymentStatus::Open if waits => cx.t(
            "正在向支付平台确认，本页会自己更新。已经付过的，请不要再付。",
            "The provider is being asked; this page renews itself. If you have paid, do not pay again.",
        ),
        PaymentStatus::Open => cx.t(
            "请在支付平台的页面上付款，可以用银行卡、支付宝或微信支付。",
            "Pay on the provider's page, by card, Alipay or WeChat.",
        ),
        PaymentStatus::Paid => cx.t(
            "钱已到账，已记入账本。",
            "The money has come and is in the books.",
        ),
        PaymentStatus::Expired => cx.t(
            "没有在限时内付款，这笔付款已关闭。需要时请重新发起。",
            "Nobody paid in time; it is closed. Begin again when you want to.",
        ),
        PaymentStatus::Failed => cx.t(
            "这次没有付成，没有扣款。请重新发起，或改用银行转账。",
            "It was not paid and nothing was taken. Begin again, or pay by bank transfer.",
        ),
        PaymentStatus::Refunded => cx.t(
            "这笔钱已全部退回原来的付款方式。",
            "All of it was given back the way it came.",
        ),
    };
    let pay = out.url.clone().map(|url| {
        let until = match cx.lang() {
            Lang::Zh => format!("{} 前有效。付完会回到这里。", out.expires_at.format_day_time()),
            Lang::En => format!("Until {}. You will come back here.", out.expires_at.format_day_time()),
        };
        view! {
            <p><a class="button primary wide" id="pay" href=url rel="noreferrer">{pay_words(cx, row.amount_fen)}</a></p>
            <p class="small muted">{until}</p>
        }
    });
    view! {
        <section class="card stack-s">
            <p class="title-l sum">{amount::cny(row.amount_fen)}</p>
            <p role="status">{sentence}</p>
            {pay}
            {check(cx, row)}
        </section>
    }
    .into_any()
}

/// Asking the provider, as long as there is something to ask; beginning anew, where it came to nothing.
fn check(cx: &Cx, row: &PaymentRow) -> Option<AnyView> {
    let place = Place::unit(row.unit_id);
    if row.status == PaymentStatus::Open {
        let word = cx.t("查询付款结果", "Ask whether it was paid");
        return Some(
            view! {
                <form method="post" action=format!("/payments/{}/check", row.id)>
                    {csrf_and_key(cx)}
                    <button class="button">{word}</button>
                </form>
            }
            .into_any(),
        );
    }
    let word = match row.status {
        PaymentStatus::Created => cx.t("继续付款", "Go on paying"),
        PaymentStatus::Expired | PaymentStatus::Failed => cx.t("重新付款", "Pay anew"),
        _ => return None,
    };
    let (field, id, may) = match (row.bill_id, row.order_id) {
        (Some(id), _) => ("bill_id", id, cx.may(Action::PaymentMake, place)),
        (None, Some(id)) => ("order_id", id, cx.may(Action::PaymentPrepay, place)),
        (None, None) => return None,
    };
    may.then(|| {
        view! {
            <form method="post" action="/payments">
                {csrf_and_key(cx)}
                <input type="hidden" name=field value=id.to_string()/>
                <button class="button primary">{word}</button>
            </form>
        }
        .into_any()
    })
}

fn facts(cx: &Cx, out: &PaymentOut) -> AnyView {
    let row = &out.row;
    let fact = |name: &'static str, value: AnyView| view! { <div><dt>{name}</dt><dd>{value}</dd></div> };
    let begun = format!("{} {}", row.asked_by_name, row.created_at.format_day_time());
    let method = row
        .method
        .map(|method| fact(cx.t("付款方式", "By"), method.word(cx.lang()).into_any()));
    let paid = row
        .paid_at
        .map(|at| fact(cx.t("到账", "Came"), at.format_day_time().into_any()));
    let fee = row
        .fee_fen
        .filter(|_| cx.may(Action::PaymentBooks, Place::DISTRICT))
        .map(|fee| {
            fact(
                cx.t("平台手续费", "The provider's fee"),
                amount::cny(fee).into_any(),
            )
        });
    let books = out
        .transaction_id
        .filter(|_| cx.may(Action::LedgerRead, Place::DISTRICT))
        .map(|id| {
            let link = view! { <a href=format!("/ledger/transactions/{id}")>{cx.t("看分录", "See the entries")}</a> };
            fact(cx.t("账本", "Books"), link.into_any())
        });
    view! {
        <section class="card">
            <dl class="key-value">
                {fact(cx.t("为", "For"), about(cx, row))}
                {fact(cx.t("发起", "Begun"), begun.into_any())}
                {method} {paid} {fee} {books}
            </dl>
        </section>
    }
    .into_any()
}

fn refunds(cx: &Cx, refunds: &[RefundOut]) -> AnyView {
    let rows: Vec<_> = refunds
        .iter()
        .map(|refund| {
            let who = match refund.asked_by_name.as_str() {
                "" => cx.t("支付平台后台", "at the provider").to_owned(),
                name => name.to_owned(),
            };
            let said = format!("{} · {who} {}", refund.reason, refund.asked_at.format_day_time());
            let failed = (!refund.trouble.is_empty()).then(|| {
                view! { <p class="small line-short">{cx.t("平台答复：", "The provider says: ")} {refund.trouble.clone()}</p> }
            });
            view! {
                <li>
                    <div class="stack-s"><span>{refund.number.clone()} " " {chip(cx.lang(), refund.status)}</span>
                        <span class="small muted">{said}</span> {failed}</div>
                    <span class="sum push">{amount::cny(refund.amount_fen)}</span>
                </li>
            }
        })
        .collect();
    view! { <section class="card"><h2>{cx.t("退款", "Given back")}</h2><ul class="lines">{rows}</ul></section> }
        .into_any()
}

/// Giving money back, for the centre's finance.
fn give_back(cx: &Cx, out: &PaymentOut, form: &Form) -> Option<AnyView> {
    let most = out.refundable_fen?;
    if most.is_zero() {
        let note = cx.t(
            "单位预付款里没有可退的钱：付掉账单的部分要先有售后冲减，才能退。",
            "Nothing of it is on the unit's deposit: what has paid a bill can be given back once a claim has corrected it.",
        );
        return Some(view! { <p class="small muted">{note}</p> }.into_any());
    }
    let hint = match cx.lang() {
        Lang::Zh => format!("最多 {}，按原付款方式退回。", amount::cny(most)),
        Lang::En => format!("{} at the most, the way it came.", amount::cny(most)),
    };
    let sum = Field::new(cx, form, "amount_fen", cx.t("退款金额", "Sum"))
        .unit(cx.t("元", "yuan"))
        .hint(hint)
        .decimal();
    let reason = Field::new(cx, form, "reason", cx.t("退款原因", "Why"))
        .hint(cx.t("会留在操作记录里。", "It stays on record."))
        .max(200)
        .text();
    let open = form.code.is_some();
    Some(
        view! {
            <details class="fold" open=open>
                <summary>{cx.t("退款", "Give money back")}</summary>
                <div class="fold-body">
                    <form class="form" method="post" action=format!("/payments/{}/refunds", out.row.id)>
                        {csrf_and_key(cx)}
                        {sum} {reason}
                        <div class="form-actions"><button class="button danger">{cx.t("退回原付款方式", "Give it back")}</button></div>
                    </form>
                </div>
            </details>
        }
        .into_any(),
    )
}
