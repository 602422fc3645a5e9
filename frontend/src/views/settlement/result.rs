//! A result file of the bank: how it is read, and what every row comes to, before anything counts.

use crate::components::breadcrumb::breadcrumb;
use crate::components::chip;
use crate::components::field::Field;
use crate::components::form_problems::form_problems;
use crate::components::form_tokens::csrf_and_key;
use crate::components::stat::{Stat, stats};
use crate::context::Cx;
use crate::form::Form;
use crate::text::Lang;
use crate::text::status::{PERSIMMON, PINE};
use leptos::prelude::*;
use shared::api::settlement::{ResultRow, UploadOut};
use shared::domain::rights::{Action, Place};

/// The file.
pub fn result(cx: &Cx, out: &UploadOut, form: &Form) -> impl IntoView + use<> {
    let batch = format!("/settlements/{}", out.batch_id);
    let names = names(cx);
    let may = cx.may(Action::SettlementWrite, Place::DISTRICT);
    let whole = out.layout.is_whole();
    let unread = (!whole).then(|| {
        view! {
            <p class="notice tone-millet" role="status">
                {cx.t("认不出这家银行的列名，请先指明金额、结果，以及业务编号或账号在哪一列。", "These headings are not known: say first which columns hold the sum, the outcome, and our reference or the account.")}
            </p>
        }
    });
    view! {
        {breadcrumb(cx, &[("/settlements", cx.t("结算", "Settlements")), (&batch, &out.batch_number)], cx.t("回盘文件", "Result file"))}
        {form_problems(cx, form, &names)}
        <header class="toolbar"><div class="toolbar-title">
            <h1>{cx.t("核对回盘文件", "Check the result file")}</h1>
            <p>{out.row.name.clone()}</p>
        </div></header>
        {unread}
        {whole.then(|| figures(cx, out))}
        {(may && whole).then(|| apply(cx, out))}
        {may.then(|| layout(cx, out, form, whole))}
        {whole.then(|| rows(cx, out))}
    }
}

const fn names(cx: &Cx) -> [(&'static str, &'static str); 7] {
    [
        ("reference", cx.t("业务编号", "Our reference")),
        ("account", cx.t("收款账号", "Account")),
        ("amount", cx.t("金额", "Sum")),
        ("outcome", cx.t("处理结果", "Outcome")),
        ("reason", cx.t("退回原因", "Reason")),
        ("paid_words", cx.t("表示到账的字样", "Words for: arrived")),
        ("bounced_words", cx.t("表示退回的字样", "Words for: sent back")),
    ]
}

fn figures(cx: &Cx, out: &UploadOut) -> AnyView {
    let figure = |name, count: i64, tone| Stat {
        name,
        value: count.to_string(),
        tone,
        href: None,
    };
    stats(vec![
        figure(cx.t("到账", "Arrived"), out.confirms, PINE),
        figure(
            cx.t("退回", "Sent back"),
            out.bounces,
            if out.bounces > 0 { PERSIMMON } else { "" },
        ),
        figure(cx.t("已登记过", "Known already"), out.same, ""),
        figure(
            cx.t("有问题的行", "Rows refused"),
            out.refused,
            if out.refused > 0 { PERSIMMON } else { "" },
        ),
    ])
}

fn apply(cx: &Cx, out: &UploadOut) -> AnyView {
    let news = out.confirms + out.bounces;
    if news == 0 {
        return view! {
            <p class="notice" role="status">{cx.t("这份文件里没有还没登记的结果。", "The file says nothing that is not known already.")}</p>
        }
        .into_any();
    }
    let words = match cx.lang() {
        Lang::Zh => format!("登记 {} 户到账、{} 户退回", out.confirms, out.bounces),
        Lang::En => format!("Keep {} arrived and {} sent back", out.confirms, out.bounces),
    };
    let rest = (out.refused > 0).then(|| {
        view! { <p class="hint">{cx.t("有问题的行不登记，改好文件后可以再导入，已登记的不会重复。", "Refused rows are left out; mend the file and bring it again, nothing counts twice.")}</p> }
    });
    view! {
        <form method="post" action=format!("/settlements/{}/results/{}/apply", out.batch_id, out.row.id)>
            {csrf_and_key(cx)}
            <div class="form-actions"><button class="button primary">{words}</button></div>
            {rest}
        </form>
    }
    .into_any()
}

fn layout(cx: &Cx, out: &UploadOut, form: &Form, whole: bool) -> AnyView {
    let columns: Vec<(String, String)> =
        std::iter::once((String::new(), cx.t("没有这一列", "Not there").to_owned()))
            .chain(out.heading.iter().enumerate().map(|(at, name)| {
                let shown = if name.is_empty() {
                    format!("{} {}", cx.t("第", "Column"), at + 1)
                } else {
                    name.clone()
                };
                (at.to_string(), shown)
            }))
            .collect();
    let chosen = [
        out.layout.reference,
        out.layout.account,
        out.layout.amount,
        out.layout.outcome,
        out.layout.reason,
    ];
    let names = names(cx);
    let selects: Vec<_> = names
        .iter()
        .zip(chosen)
        .map(|((name, label), at)| {
            Field::new(cx, form, name, *label)
                .or(form, at.map(|at| at.to_string()).unwrap_or_default())
                .select(columns.clone())
        })
        .collect();
    let words = |at: usize, words: &[String]| {
        let (name, label) = names[at];
        Field::new(cx, form, name, label)
            .or(form, words.join(cx.t("、", ", ")))
            .hint(cx.t("几种说法用顿号或逗号隔开", "Several, with commas between"))
            .max(200)
            .text()
    };
    view! {
        <details class="fold" open=!whole || !form.problems.is_empty()>
            <summary>{cx.t("列和字样", "Columns and words")}</summary>
            <form class="form fold-body" method="post" action=format!("/settlements/{}/results/{}", out.batch_id, out.row.id)>
                {csrf_and_key(cx)}
                <p class="hint">{cx.t("同样表头的文件下次照此读取。", "Files with the same headings are read like this from now on.")}</p>
                {selects}
                {words(5, &out.layout.paid_words)}
                {words(6, &out.layout.bounced_words)}
                <div class="form-actions"><button class="button">{cx.t("照此读取", "Read it like this")}</button></div>
            </form>
        </details>
    }
    .into_any()
}

fn rows(cx: &Cx, out: &UploadOut) -> AnyView {
    let heading: Vec<_> = out
        .heading
        .iter()
        .map(|name| view! { <th>{name.clone()}</th> })
        .collect();
    let lines: Vec<_> = out.rows.iter().map(|row| line(cx, out, row)).collect();
    view! {
        <div class="table-wrap card card-flush">
            <table class="table">
                <thead><tr>
                    <th>{cx.t("行", "Row")}</th>
                    <th>{cx.t("判定", "Verdict")}</th>
                    <th>{cx.t("收款方", "Payee")}</th>
                    {heading}
                </tr></thead>
                <tbody>{lines}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn line(cx: &Cx, out: &UploadOut, row: &ResultRow) -> AnyView {
    let cells: Vec<_> = out
        .heading
        .iter()
        .enumerate()
        .map(|(at, name)| {
            let text = row.cells.get(at).cloned().unwrap_or_default();
            view! { <td data-label=name.clone()>{text}</td> }
        })
        .collect();
    let payee = if row.payee_name.is_empty() {
        "—".to_owned()
    } else {
        row.payee_name.clone()
    };
    view! {
        <tr>
            <td class="lead" data-label=cx.t("行", "Row")>{row.line}</td>
            <td data-label=cx.t("判定", "Verdict")>{chip::chip(cx.lang(), row.verdict)}</td>
            <td data-label=cx.t("收款方", "Payee")>{payee}</td>
            {cells}
        </tr>
    }
    .into_any()
}
