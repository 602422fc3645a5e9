//! One payee's settlement: the sum, what the bank did, and every line back to its slip.

use super::who;
use crate::components::breadcrumb::breadcrumb;
use crate::components::chip;
use crate::components::field::Field;
use crate::components::form_problems::form_problems;
use crate::components::form_tokens::csrf_and_key;
use crate::components::paper::pdf;
use crate::components::stat::{Stat, stats};
use crate::context::Cx;
use crate::form::Form;
use crate::text::status::PERSIMMON;
use crate::text::{amount, day, step};
use leptos::prelude::*;
use shared::api::settlement::{ItemLine, ItemOut};
use shared::domain::money::Fen;
use shared::domain::rights::{Action, Place};
use shared::domain::settlement::SettlementStatus;

/// The settlement.
pub fn item(cx: &Cx, out: &ItemOut, form: &Form) -> impl IntoView + use<> {
    let row = &out.row;
    let reference = row.reference.clone();
    let batch = format!("/settlements/{}", row.batch_id);
    let title = cx.t("结算", "Settlements");
    let mut way = vec![("/settlements", title)];
    if cx.may_reach(Action::SettlementBatch) {
        way.push((&batch, &out.batch_number));
    }
    let printed = !matches!(row.status, SettlementStatus::Open | SettlementStatus::Locked);
    let gained = Fen(row.amount_fen.0 - row.back_fen.0);
    let figure = |name, sum, tone| Stat {
        name,
        value: amount::cny(sum),
        tone,
        href: None,
    };
    let figures = if row.back_fen.is_zero() {
        stats(vec![figure(cx.t("本次拨付", "Paid"), row.amount_fen, "")])
    } else {
        stats(vec![
            figure(cx.t("入账", "Credited"), gained, ""),
            figure(cx.t("冲减", "Taken back"), row.back_fen, PERSIMMON),
            figure(cx.t("本次拨付", "Paid"), row.amount_fen, ""),
        ])
    };
    view! {
        {breadcrumb(cx, &way, &reference)}
        {form_problems(cx, form, &[("reason", cx.t("退回原因", "Reason")), ("on", cx.t("日期", "Day"))])}
        <header class="toolbar">
            <div class="toolbar-title row">
                <div>
                    <p class="eyebrow">{cx.t("结算单 ", "Settlement ")} {row.reference.clone()}</p>
                    <h1>{who(cx, &row.payee)}</h1>
                    <p>{day::long(cx.lang(), row.prepared_at.day())}</p>
                </div>
                {chip::chip(cx.lang(), row.status)}
            </div>
            <div class="toolbar-actions">{printed.then(|| pdf(cx, format!("/settlements/items/{}/pdf", row.id)))}</div>
        </header>
        {figures}
        {bounced(cx, out)}
        {answer(cx, out, form)}
        {account(cx, out)}
        {lines(cx, &out.lines)}
    }
}

/// What to do about money that came back.
fn bounced(cx: &Cx, out: &ItemOut) -> Option<AnyView> {
    if out.row.status != SettlementStatus::Bounced {
        return None;
    }
    let payee = &out.row.payee;
    let place = Place::village(&payee.village_code);
    let href = format!("/payees/{}/{}", payee.payee_kind, payee.payee);
    let mend = cx.may(Action::PayeeAccountWrite, place).then(
        || view! { <p><a class="button" href=href>{cx.t("核对收款账户", "Check the account")}</a></p> },
    );
    Some(
        view! {
            <section class="notice tone-persimmon" role="status">
                <p>
                    {cx.t("银行退回：", "The bank sent it back: ")} {out.row.reason.clone()} {cx.t("。", ".")} " "
                    {cx.t("这笔钱仍记在应付里，账户核对后编进下一批。", "It is owed as before, and goes into the next batch once the account is right.")}
                </p>
                {mend}
            </section>
        }
        .into_any(),
    )
}

/// What the bank did, told by hand.
fn answer(cx: &Cx, out: &ItemOut, form: &Form) -> Option<AnyView> {
    let may = cx.may(Action::SettlementWrite, Place::DISTRICT);
    if out.row.status != SettlementStatus::Sent || !may {
        return None;
    }
    let action = format!("/settlements/items/{}/answer", out.row.id);
    let on = Field::new(cx, form, "on", cx.t("银行处理日期", "The bank's day"))
        .or(form, cx.today.to_string())
        .day();
    let reason = Field::new(cx, form, "reason", cx.t("退回原因", "Reason"))
        .hint(cx.t(
            "只在退回时填，照银行的原话",
            "Only when it came back, in the bank's words",
        ))
        .max(100)
        .optional()
        .text();
    Some(
        view! {
            <form class="form card" method="post" action=action>
                <h2>{cx.t("登记银行结果", "What the bank did")}</h2>
                {csrf_and_key(cx)}
                {on}
                {reason}
                <div class="form-actions">
                    <button class="button primary" name="paid" value="1">{cx.t("已到账", "It arrived")}</button>
                    <button class="button" name="paid" value="0">{cx.t("银行退回", "It came back")}</button>
                </div>
            </form>
        }
        .into_any(),
    )
}

fn account(cx: &Cx, out: &ItemOut) -> AnyView {
    let row = &out.row;
    let decided = row.decided_at.map(|at| {
        view! { <div><dt>{cx.t("银行处理", "The bank's day")}</dt><dd>{day::time(cx.lang(), at)}</dd></div> }
    });
    view! {
        <section class="card">
            <dl class="key-value">
                <div><dt>{cx.t("收款户名", "Account name")}</dt><dd>{row.account_name.clone()}</dd></div>
                <div><dt>{cx.t("账号", "Account")}</dt><dd class="num">{row.account_no.clone()}</dd></div>
                <div><dt>{cx.t("开户行", "Bank")}</dt><dd>{row.bank_name.clone()}</dd></div>
                {decided}
            </dl>
        </section>
    }
    .into_any()
}

fn lines(cx: &Cx, lines: &[ItemLine]) -> AnyView {
    let rows: Vec<_> = lines.iter().map(|line| line_row(cx, line)).collect();
    view! {
        <section>
            <div class="section-head"><h2>{cx.t("每一笔的来历", "What it is for")}</h2></div>
            <div class="table-wrap card card-flush">
                <table class="table">
                    <thead><tr>
                        <th>{cx.t("凭证", "Document")}</th>
                        <th>{cx.t("日期", "Day")}</th>
                        <th>{cx.t("事项", "What")}</th>
                        <th>{cx.t("采购单位", "Unit")}</th>
                        <th class="n">{cx.t("金额", "Sum")}</th>
                    </tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
    }
    .into_any()
}

fn line_row(cx: &Cx, line: &ItemLine) -> AnyView {
    let at = line.at.day();
    let words = format!(
        "{} {}",
        step::object(cx.lang(), &line.source_kind),
        line.source_number
    );
    let document = match line.source_kind.as_str() {
        "acceptance" => view! { <a href=format!("/acceptances/{}", line.source_id)>{words}</a> }.into_any(),
        "claim" => view! { <a href=format!("/claims/{}", line.source_id)>{words}</a> }.into_any(),
        _ => words.into_any(),
    };
    let what = if line.why.is_empty() {
        line.goods.clone().into_any()
    } else {
        let before = (!line.paid_before.is_empty()).then(|| {
            view! { <span class="small muted">{cx.t("原已随 ", "paid before with ")} {line.paid_before.clone()} {cx.t(" 拨付，这次扣回", "; taken off now")}</span> }
        });
        view! { {line.goods.clone()} {cx.t(" 售后冲减：", " claim: ")} {line.why.clone()} " " {before} }
            .into_any()
    };
    let class = if line.amount_fen < Fen::ZERO {
        "n sum lead-sum tone-persimmon"
    } else {
        "n sum lead-sum"
    };
    view! {
        <tr>
            <td class="lead" data-label=cx.t("凭证", "Document")>{document}</td>
            <td data-label=cx.t("日期", "Day")><time datetime=at.to_string()>{day::short(cx.lang(), at)}</time></td>
            <td data-label=cx.t("事项", "What")>{what}</td>
            <td data-label=cx.t("采购单位", "Unit")>{line.unit_name.clone()}</td>
            <td class=class data-label=cx.t("金额", "Sum")>{amount::cny(line.amount_fen)}</td>
        </tr>
    }
    .into_any()
}
