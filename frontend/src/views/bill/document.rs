//! One bill: how to pay it, what stands on it, what paid it.

use super::{covers, state};
use crate::components::breadcrumb::breadcrumb;
use crate::components::chip;
use crate::components::field::Field;
use crate::components::form_problems::form_problems;
use crate::components::form_tokens::csrf_and_key;
use crate::components::paper::pdf;
use crate::components::stat::{Stat, stats};
use crate::context::Cx;
use crate::form::Form;
use crate::text::status::{PERSIMMON, PINE, Status as _};
use crate::text::{amount, day};
use crate::views::payment::pay_form;
use crate::views::refund_order::deposit_link;
use leptos::prelude::*;
use shared::api::bill::{BillLine, BillOut, BillPayment};
use shared::domain::money::Fen;
use shared::domain::rights::{Action, Place};

/// The bill.
pub fn bill(cx: &Cx, bill: &BillOut, online: bool, form: &Form) -> impl IntoView + use<> {
    let row = &bill.row;
    let figures = stats(vec![
        figure(cx.t("应付", "Sum"), row.total_fen, ""),
        figure(cx.t("售后减免", "Taken off"), row.corrected_fen, ""),
        figure(cx.t("已付", "Paid"), row.paid_fen, PINE),
        figure(
            cx.t("未付", "Open"),
            row.open_fen,
            if row.overdue_days > 0 { PERSIMMON } else { "" },
        ),
    ]);
    let number = row.number.clone();
    view! {
        {breadcrumb(cx, &[("/bills", cx.t("账单", "Bills"))], &number)}
        {form_problems(cx, form, &[("amount_fen", cx.t("金额", "Sum"))])}
        <header class="toolbar">
            <div class="toolbar-title row">
                <div>
                    <p class="eyebrow">{row.unit_name.clone()}</p>
                    <h1>{cx.t("账单 ", "Bill ")} {row.number.clone()}</h1>
                    <p>{covers(cx, row)}</p>
                </div>
                {state(cx, row)}
            </div>
            <div class="toolbar-actions">
                {cx.may_reach(Action::InvoiceRead).then(|| view! { <a class="button" href=format!("/bills/{}/invoices", row.id)>{cx.t("发票", "Invoices")}</a> })}
                {pdf(cx, format!("/bills/{}/pdf", row.id))}</div>
        </header>
        {figures}
        {how_to_pay(cx, bill)}
        {online.then(|| pay_online(cx, bill))}
        {from_deposit(cx, bill, form)}
        {deposit_link(cx, &row.unit_id.to_string(), bill.deposit_fen)}
        {lines(cx, &bill.lines)}
        {payments(cx, &bill.payments)}
    }
}

fn figure(name: &'static str, sum: Fen, tone: &'static str) -> Stat {
    Stat {
        name,
        value: amount::cny(sum),
        tone,
        href: None,
    }
}

fn how_to_pay(cx: &Cx, bill: &BillOut) -> Option<AnyView> {
    let row = &bill.row;
    if row.open_fen <= Fen::ZERO {
        let at = bill.paid_at.map(|at| day::time(cx.lang(), at));
        return Some(
            view! { <p class="notice tone-pine" role="status">{cx.t("已付清 ", "Paid ")} {at}</p> }
                .into_any(),
        );
    }
    Some(
        view! {
            <section class="card">
                <h2>{cx.t("怎样付款", "How to pay")}</h2>
                <p>{cx.t("银行转账时，把下面的附言码写进备注（大小写、空格都可以），到账后自动对上这张账单。", "Put this code into the remark of your bank transfer; spaces and small letters are fine. The money then finds this bill by itself.")}</p>
                <dl class="facts">
                    <div><dt>{cx.t("附言码", "Transfer code")}</dt><dd class="figure num">{row.transfer_code.clone()}</dd></div>
                    <div><dt>{cx.t("金额", "Sum")}</dt><dd class="figure">{amount::cny(row.open_fen)}</dd></div>
                    <div><dt>{cx.t("付款期限", "Last day to pay")}</dt><dd class="figure">{day::long(cx.lang(), row.due_on)}</dd></div>
                </dl>
            </section>
        }
        .into_any(),
    )
}

/// Paying by card, Alipay or WeChat, for who may.
fn pay_online(cx: &Cx, bill: &BillOut) -> Option<AnyView> {
    let row = &bill.row;
    if row.open_fen <= Fen::ZERO || !cx.may(Action::PaymentMake, Place::unit(row.unit_id)) {
        return None;
    }
    let records = format!("/payments?bill={}", row.id);
    Some(
        view! {
            <section class="card stack-s" id="pay-online">
                <h2>{cx.t("在线付款", "Pay online")}</h2>
                {pay_form(cx, "bill_id", &row.id.to_string(), row.open_fen)}
                <p class="small muted">{cx.t("付完马上入账；多付的留作预存款。", "It is booked at once; what is too much stays on deposit.")} " " <a href=records>{cx.t("付款记录", "Payments")}</a></p>
            </section>
        }
        .into_any(),
    )
}

/// Paying from what is on deposit, for who may.
fn from_deposit(cx: &Cx, bill: &BillOut, form: &Form) -> Option<AnyView> {
    let may = cx.may(Action::BillWrite, Place::unit(bill.row.unit_id));
    let most = bill.deposit_fen.min(bill.row.open_fen);
    if !may || most <= Fen::ZERO {
        return None;
    }
    let field = Field::new(cx, form, "amount_fen", cx.t("抵扣多少", "How much"))
        .or(form, most.format_plain())
        .hint(format!(
            "{} {}",
            cx.t("单位预存款可用", "On deposit"),
            amount::cny(bill.deposit_fen)
        ))
        .unit(cx.t("元", "yuan"))
        .decimal();
    Some(
        view! {
            <form class="form card" method="post" action=format!("/bills/{}/deposit-payments", bill.row.id)>
                {csrf_and_key(cx)}
                {field}
                <div class="form-actions"><button class="button primary">{cx.t("用预存款抵扣", "Pay from the deposit")}</button></div>
            </form>
        }
        .into_any(),
    )
}

fn lines(cx: &Cx, lines: &[BillLine]) -> AnyView {
    let rows: Vec<_> = lines.iter().map(|line| line_row(cx, line)).collect();
    view! {
        <section>
            <div class="section-head"><h2>{cx.t("账单明细", "What stands on it")}</h2></div>
            <div class="table-wrap card card-flush">
                <table class="table">
                    <thead><tr>
                        <th>{cx.t("村", "Village")}</th>
                        <th>{cx.t("货品", "Goods")}</th>
                        <th>{cx.t("订单", "Order")}</th>
                        <th>{cx.t("验收单", "Acceptance")}</th>
                        <th>{cx.t("签收", "Signed")}</th>
                        <th class="n">{cx.t("金额", "Sum")}</th>
                        <th class="n">{cx.t("减免", "Taken off")}</th>
                        <th class="n">{cx.t("已付", "Paid")}</th>
                    </tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
    }
    .into_any()
}

fn line_row(cx: &Cx, line: &BillLine) -> AnyView {
    let at = line.delivered_at.day();
    view! {
        <tr>
            <td class="lead" data-label=cx.t("村", "Village")>{format!("{} {}", line.town_name, line.village_name)}</td>
            <td data-label=cx.t("货品", "Goods")>{line.goods.clone()}</td>
            <td data-label=cx.t("订单", "Order")><a href=format!("/orders/{}", line.order_id)>{line.order_number.clone()}</a></td>
            <td data-label=cx.t("验收单", "Acceptance")><a href=format!("/acceptances/{}", line.acceptance_id)>{line.acceptance_number.clone()}</a></td>
            <td data-label=cx.t("签收", "Signed")><time datetime=at.to_string()>{day::short(cx.lang(), at)}</time></td>
            <td class="n sum lead-sum" data-label=cx.t("金额", "Sum")>{amount::cny(line.amount_fen)}</td>
            <td class="n" data-label=cx.t("减免", "Taken off")>{amount::cny(line.corrected_fen)}</td>
            <td class="n" data-label=cx.t("已付", "Paid")>{amount::cny(line.paid_fen)}</td>
        </tr>
    }
    .into_any()
}

fn payments(cx: &Cx, payments: &[BillPayment]) -> Option<AnyView> {
    if payments.is_empty() {
        return None;
    }
    let rows: Vec<_> = payments.iter().map(|payment| payment_row(cx, payment)).collect();
    Some(
        view! {
            <section>
                <div class="section-head"><h2>{cx.t("付款记录", "Payments")}</h2></div>
                <div class="table-wrap card card-flush">
                    <table class="table">
                        <thead><tr>
                            <th>{cx.t("时间", "When")}</th>
                            <th>{cx.t("方式", "How")}</th>
                            <th class="n">{cx.t("金额", "Sum")}</th>
                            <th>{cx.t("记账", "Ledger")}</th>
                        </tr></thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            </section>
        }
        .into_any(),
    )
}

fn payment_row(cx: &Cx, payment: &BillPayment) -> AnyView {
    let taken_back = payment
        .reversed_at
        .map(|_| chip::toned(PERSIMMON, cx.t("已撤回", "Taken back")));
    let ledger = if cx.may_reach(Action::LedgerRead) {
        view! { <a href=format!("/ledger/transactions/{}", payment.transaction_id)>{cx.t("看分录", "Entries")}</a> }
            .into_any()
    } else {
        "—".into_any()
    };
    view! {
        <tr>
            <td class="lead" data-label=cx.t("时间", "When")>{day::time(cx.lang(), payment.at)}</td>
            <td data-label=cx.t("方式", "How")>{payment.way.word(cx.lang())} " " {taken_back}</td>
            <td class="n sum lead-sum" data-label=cx.t("金额", "Sum")>{amount::cny(payment.amount_fen)}</td>
            <td data-label=cx.t("记账", "Ledger")>{ledger}</td>
        </tr>
    }
    .into_any()
}
