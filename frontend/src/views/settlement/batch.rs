//! One batch: where it stands, what is to be done next, its files, its payees.

use super::{done_by, items_table, payees};
use crate::components::breadcrumb::breadcrumb;
use crate::components::chip;
use crate::components::export::export_of;
use crate::components::field::Field;
use crate::components::form_problems::form_problems;
use crate::components::form_tokens::csrf_and_key;
use crate::components::pager::pager;
use crate::components::stat::{Stat, stats};
use crate::context::Cx;
use crate::form::Form;
use crate::text::status::{PERSIMMON, PINE, WATER};
use crate::text::{amount, day};
use leptos::prelude::*;
use shared::api::settlement::{BatchOut, UploadRow};
use shared::domain::money::Fen;
use shared::domain::rights::{Action, Place};
use shared::domain::settlement::BatchStatus;
use shared::domain::work::{ExportList, FileFormat};

/// The batch.
pub fn batch(cx: &Cx, out: &BatchOut, form: &Form) -> impl IntoView + use<> {
    let row = &out.row;
    let number = row.number.clone();
    let fields = [("on", cx.t("日期", "Day")), ("file", cx.t("文件", "File"))];
    let advance = row
        .advance
        .then(|| view! { " · " {cx.t("含中心垫付", "with advances of the centre")} });
    view! {
        {breadcrumb(cx, &[("/settlements", cx.t("结算", "Settlements"))], &number)}
        {form_problems(cx, form, &fields)}
        <header class="toolbar">
            <div class="toolbar-title row">
                <div>
                    <h1>{cx.t("结算批次 ", "Batch ")} {row.number.clone()}</h1>
                    <p>{payees(cx, row.items)} " · " {amount::cny(row.total_fen)} {advance}</p>
                </div>
                {chip::chip(cx.lang(), row.status)}
            </div>
            <div class="toolbar-actions">
                {export_of(cx, &[ExportList::SettlementItems, ExportList::SettlementLines], format!("batch={}", row.id))}
            </div>
        </header>
        {figures(cx, out)}
        {next(cx, out, form)}
        {facts(cx, out)}
        {uploads(cx, out)}
        <section id="items">
            <div class="section-head"><h2>{cx.t("收款明细", "Payees")}</h2></div>
            {items_table(cx, &out.items.items, true)}
            {pager(cx, out.items.next.as_deref())}
        </section>
    }
}

fn figures(cx: &Cx, out: &BatchOut) -> AnyView {
    let row = &out.row;
    let way = if row.status == BatchStatus::Sent {
        Fen(row.total_fen.0 - row.confirmed_fen.0 - row.bounced_fen.0)
    } else {
        Fen::ZERO
    };
    let figure = |name, sum, tone| Stat {
        name,
        value: amount::cny(sum),
        tone,
        href: None,
    };
    stats(vec![
        figure(cx.t("合计", "Total"), row.total_fen, ""),
        figure(cx.t("在途", "On the way"), way, WATER),
        figure(cx.t("已到账", "Arrived"), row.confirmed_fen, PINE),
        figure(
            cx.t("已退回", "Sent back"),
            row.bounced_fen,
            if row.bounced_items > 0 { PERSIMMON } else { "" },
        ),
    ])
}

/// What is to be done next, for who may do it.
fn next(cx: &Cx, out: &BatchOut, form: &Form) -> Option<AnyView> {
    if !cx.may(Action::SettlementWrite, Place::DISTRICT) {
        return None;
    }
    match out.row.status {
        BatchStatus::Open => Some(waits(cx, out)),
        BatchStatus::Locked => Some(to_send(cx, out, form)),
        BatchStatus::Sent => Some(to_answer(cx, out, form)),
        BatchStatus::Done | BatchStatus::Discarded => None,
    }
}

fn waits(cx: &Cx, out: &BatchOut) -> AnyView {
    let id = out.row.id;
    let words = if out.own {
        cx.t(
            "您编制的批次要由另一位财务复核。请通知同事，或作废后重编。",
            "You prepared this batch: another person of the finance releases it. Tell a colleague, or discard it and prepare it anew.",
        )
    } else {
        cx.t(
            "请核对金额和收款账户。复核后生成银行文件，批次不能再改。",
            "Please check sums and accounts. The bank's file is made at the release; the batch cannot change any more.",
        )
    };
    let release = (!out.own).then(|| {
        view! {
            <form method="post" action=format!("/settlements/{id}/release")>
                {csrf_and_key(cx)}
                <button class="button primary">{cx.t("复核放行", "Release")}</button>
            </form>
        }
    });
    view! {
        <section class="card">
            <h2>{cx.t("等待复核", "Waiting for its release")}</h2>
            <p>{words}</p>
            <div class="button-row">
                {release}
                <form method="post" action=format!("/settlements/{id}/discard")>
                    {csrf_and_key(cx)}
                    <button class="button">{cx.t("作废批次", "Discard")}</button>
                </form>
            </div>
        </section>
    }
    .into_any()
}

fn to_send(cx: &Cx, out: &BatchOut, form: &Form) -> AnyView {
    let id = out.row.id;
    let on = Field::new(cx, form, "on", cx.t("送银行日期", "Sent on"))
        .or(form, cx.today.to_string())
        .day();
    view! {
        <section class="card">
            <h2>{cx.t("送银行", "To the bank")}</h2>
            <p>{cx.t("下载批量付款文件，在网银上传；银行受理后回来登记。", "Download the file, upload it at the bank, and come back once the bank has it.")}</p>
            <div class="button-row">{files(cx, out)}</div>
            <form class="form" method="post" action=format!("/settlements/{id}/send")>
                {csrf_and_key(cx)}
                {on}
                <div class="form-actions"><button class="button primary">{cx.t("登记已送银行", "The bank has it")}</button></div>
            </form>
        </section>
    }
    .into_any()
}

fn files(cx: &Cx, out: &BatchOut) -> Vec<AnyView> {
    out.files
        .iter()
        .map(|file| {
            let word = match file.format {
                FileFormat::Xlsx => cx.t("下载 Excel 文件", "Download for Excel"),
                FileFormat::Csv => cx.t("下载 CSV 文件", "Download CSV"),
            };
            let href = format!("/settlements/{}/files/{}", out.row.id, file.format);
            view! { <a class="button" href=href download="">{word}</a> }.into_any()
        })
        .collect()
}

fn to_answer(cx: &Cx, out: &BatchOut, form: &Form) -> AnyView {
    let id = out.row.id;
    let file = Field::new(cx, form, "file", cx.t("银行回盘文件", "The bank's result file"))
        .hint(cx.t(
            "Excel 或 CSV。先逐行核对，看过再入账；没有文件也可以点进每一户登记。",
            "Excel or CSV. It is checked row by row first; without a file, open each payee below.",
        ))
        .file(".xlsx,.csv,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
    view! {
        <form class="form card" method="post" enctype="multipart/form-data" action=format!("/settlements/{id}/results")>
            <h2>{cx.t("登记银行结果", "What the bank did")}</h2>
            {csrf_and_key(cx)}
            {file}
            <div class="form-actions"><button class="button primary">{cx.t("核对回盘文件", "Check the file")}</button></div>
        </form>
    }
    .into_any()
}

fn facts(cx: &Cx, out: &BatchOut) -> AnyView {
    let row = &out.row;
    let mut facts = vec![
        (
            cx.t("编制", "Prepared"),
            done_by(cx, Some(row.prepared_at), Some(&row.prepared_by_name)),
        ),
        (
            cx.t("复核", "Released"),
            done_by(cx, row.released_at, row.released_by_name.as_deref()),
        ),
        (cx.t("送银行", "Sent"), done_by(cx, row.sent_at, None)),
        (cx.t("办结", "Done"), done_by(cx, row.done_at, None)),
    ];
    if let Some(until) = out.filter.until {
        facts.push((cx.t("入账截至", "Credited until"), day::long(cx.lang(), until)));
    }
    let facts: Vec<_> = facts
        .into_iter()
        .map(|(name, value)| view! { <div><dt>{name}</dt><dd>{value}</dd></div> })
        .collect();
    let ledger = out.transaction_id.map(|id| {
        view! { <p><a href=format!("/ledger/transactions/{id}")>{cx.t("看送银行的分录", "Entries of its sending")}</a></p> }
    });
    let hashes: Vec<_> = out
        .files
        .iter()
        .map(|file| {
            view! {
                <li>
                    {file.name.clone()} " · " {cx.t("指纹", "fingerprint")} " "
                    <span class="code">{file.sha256.clone()}</span>
                </li>
            }
        })
        .collect();
    let kept = (!hashes.is_empty()).then(|| {
        view! {
            <details class="fold">
                <summary>{cx.t("银行文件", "Files for the bank")}</summary>
                <div class="fold-body">
                <div class="button-row">{cx.may(Action::SettlementWrite, Place::DISTRICT).then(|| files(cx, out))}</div>
                <ul class="lines small">{hashes}</ul>
                </div>
            </details>
        }
    });
    view! { <section class="card"><dl class="key-value">{facts}</dl>{ledger}{kept}</section> }.into_any()
}

fn uploads(cx: &Cx, out: &BatchOut) -> Option<AnyView> {
    if out.uploads.is_empty() {
        return None;
    }
    let rows: Vec<_> = out
        .uploads
        .iter()
        .map(|upload| upload_line(cx, out, upload))
        .collect();
    Some(
        view! {
            <section>
                <div class="section-head"><h2>{cx.t("回盘文件", "Result files")}</h2></div>
                <div class="card"><ul class="lines">{rows}</ul></div>
            </section>
        }
        .into_any(),
    )
}

fn upload_line(cx: &Cx, out: &BatchOut, upload: &UploadRow) -> AnyView {
    let href = format!("/settlements/{}/results/{}", out.row.id, upload.id);
    let state = match upload.applied_at {
        Some(_) => chip::toned(PINE, cx.t("已入账", "Applied")),
        None => chip::toned(crate::text::status::MILLET, cx.t("待核对", "To be checked")),
    };
    let said = format!("{} {}", day::time(cx.lang(), upload.at), upload.by_name);
    view! {
        <li>
            <a href=href>{upload.name.clone()}</a>
            <span class="muted">{said}</span>
            <span class="push">{state}</span>
        </li>
    }
    .into_any()
}
