//! 验收单: the document that both sides signed.

use super::weigh::weigh_line;
use super::{signatures, villages_words};
use crate::components::breadcrumb::breadcrumb;
use crate::components::chip;
use crate::components::paper::pdf;
use crate::components::photo::proof;
use crate::context::Cx;
use crate::islands::weighing::{difference, signature_boxes};
use crate::text::{amount, day};
use leptos::prelude::*;
use shared::api::acceptance::{AcceptanceLineOut, AcceptanceOut, AcceptanceStatus};
use shared::domain::money::Fen;
use shared::domain::rights::{Action, Place};

/// 验收单 as a page of its own.
pub fn document(cx: &Cx, acceptance: &AcceptanceOut) -> impl IntoView + use<> {
    let number = acceptance
        .number
        .clone()
        .unwrap_or_else(|| acceptance.order_number.clone());
    view! {
        {breadcrumb(cx, &[("/acceptances", cx.t("验收单", "Acceptances"))], &number)}
        {posted(cx, acceptance)}
    }
}

/// The document's body; it also stands where the weighing was.
pub(super) fn posted(cx: &Cx, acceptance: &AcceptanceOut) -> AnyView {
    let boxes = signatures(cx, acceptance, None);
    view! {
        {toolbar(cx, acceptance)}
        <div class="cols-2">
            {facts(cx, acceptance)}
            <div class="stack">
                <section class="card">
                    <p class="muted small">{cx.t("实收合计", "Accepted in all")}</p>
                    <p class="price price-big">{amount::cny(acceptance.accepted_fen)}</p>
                    <p class="title-s">{acceptance.accepted_fen.to_chinese_upper()}</p>
                </section>
                {signature_boxes(&boxes)}
            </div>
        </div>
        {lines(cx, acceptance)}
        {onward(cx, acceptance)}
    }
    .into_any()
}

fn toolbar(cx: &Cx, acceptance: &AcceptanceOut) -> AnyView {
    let number = acceptance.number.clone().unwrap_or_default();
    let again = (acceptance.status != AcceptanceStatus::Posted).then(|| {
        view! {
            <a class="button primary" href=format!("/orders/{}/acceptance", acceptance.order_id)>
                {cx.t("去签字", "Sign")}
            </a>
        }
    });
    let claim = (acceptance.id)
        .filter(|_| acceptance.status == AcceptanceStatus::Posted)
        .filter(|_| cx.may(Action::ClaimOpen, Place::unit(acceptance.unit_id)))
        .map(|id| {
            view! { <a class="button" href=format!("/acceptances/{id}/claim")>{cx.t("提出售后", "Open a claim")}</a> }
        });
    view! {
        <header class="toolbar">
            <div class="toolbar-title">
                <p class="eyebrow">{acceptance.unit_name.clone()}</p>
                <div class="row">
                    <h1>{cx.t("验收单 ", "Acceptance ")} {number}</h1>
                    {chip::chip(cx.lang(), acceptance.status)}
                </div>
            </div>
            <div class="toolbar-actions">
                {claim}
                {acceptance.id.filter(|_| acceptance.status == AcceptanceStatus::Posted)
                    .map(|id| pdf(cx, format!("/acceptances/{id}/pdf")))}
                {acceptance.id.map(|id| view! {
                    <a class="button" href=format!("/acceptances/{id}/sheet")>{cx.t("打印验收单", "Print")}</a>
                })}
                {again}
            </div>
        </header>
    }
    .into_any()
}

fn facts(cx: &Cx, acceptance: &AcceptanceOut) -> AnyView {
    let fact = |name: &'static str, value: AnyView| view! { <div><dt>{name}</dt><dd>{value}</dd></div> };
    let order = if cx.may(Action::OrderRead, Place::unit(acceptance.unit_id)) {
        view! { <a href=format!("/orders/{}", acceptance.order_id)>{acceptance.order_number.clone()}</a> }
            .into_any()
    } else {
        acceptance.order_number.clone().into_any()
    };
    let posted = acceptance.posted_at.map(|at| {
        let words = format!("{} {}", day::long(cx.lang(), at.day()), at.format_time());
        fact(cx.t("入账时间", "Credited at"), words.into_any())
    });
    let vehicle = (!acceptance.vehicle.is_empty())
        .then(|| fact(cx.t("车辆", "Vehicle"), acceptance.vehicle.clone().into_any()));
    view! {
        <section class="card">
            <dl class="key-value">
                {fact(cx.t("收货单位", "Unit"), acceptance.unit_name.clone().into_any())}
                {fact(cx.t("订单", "Order"), order)}
                {fact(cx.t("供货", "From"), villages_words(cx, acceptance).into_any())}
                {fact(cx.t("第几次送货", "Delivery"), acceptance.part.to_string().into_any())}
                {vehicle}
                {posted}
            </dl>
        </section>
    }
    .into_any()
}

fn lines(cx: &Cx, acceptance: &AcceptanceOut) -> AnyView {
    let rows: Vec<_> = acceptance.lines.iter().map(|line| line_row(cx, line)).collect();
    let village = Fen::checked_sum(acceptance.lines.iter().map(|line| line.village_fen)).unwrap_or(Fen::ZERO);
    view! {
        <section class="table-wrap card card-flush">
            <div class="card-head">
                <h2>{cx.t("明细", "Lines")}</h2>
                <p class="muted">{cx.t("村集体入账是各村从这一行得到的集体收入", "The village's share is its collective income from the line")}</p>
            </div>
            <table class="table">
                <thead><tr>
                    <th>{cx.t("货品", "Goods")}</th>
                    <th>{cx.t("村", "Village")}</th>
                    <th class="n">{cx.t("单价", "Price")}</th>
                    <th class="n">{cx.t("应收", "Expected")}</th>
                    <th class="n">{cx.t("实收", "Accepted")}</th>
                    <th class="n">{cx.t("金额", "Sum")}</th>
                    <th class="n">{cx.t("村集体入账", "Village's share")}</th>
                </tr></thead>
                <tbody>{rows}</tbody>
                <tfoot><tr>
                    <td colspan="5" data-label="">{cx.t("合计", "Total")}</td>
                    <td class="n sum" data-label=cx.t("金额", "Sum")>{amount::cny(acceptance.accepted_fen)}</td>
                    <td class="n sum" data-label=cx.t("村集体入账", "Village's share")>{amount::cny(village)}</td>
                </tr></tfoot>
            </table>
        </section>
    }
    .into_any()
}

fn line_row(cx: &Cx, line: &AcceptanceLineOut) -> AnyView {
    let piece = line.piece_name.as_deref();
    let qty = |qty| amount::qty(cx.lang(), qty, line.price_unit, piece);
    let variance = (line.accepted_qty != line.expected_qty).then(|| {
        let (tone, words) = difference(
            cx.lang(),
            &weigh_line(cx, line),
            line.accepted_qty,
            line.price_unit,
            line.reason,
        );
        chip::toned(tone, words)
    });
    let photo = line.photo_id.map(|id| proof(cx, &id.to_string()));
    let remark =
        (!line.remark.is_empty()).then(|| view! { <p class="small muted">{line.remark.clone()}</p> });
    let village = if cx.may(Action::IncomeRead, Place::village(&line.village_code)) {
        view! { <a href=format!("/income/{}", line.village_code)>{line.village_name.clone()}</a> }.into_any()
    } else {
        line.village_name.clone().into_any()
    };
    view! {
        <tr>
            <td class="lead" data-label=""><div>
                {line.name.clone()} " " {variance} {photo}
                <p class="small muted">{cx.t("批次", "Lot")} " " {line.lot_code.clone()}</p>
                {remark}
            </div></td>
            <td data-label=cx.t("村", "Village")>{village}</td>
            <td class="n" data-label=cx.t("单价", "Price")>{amount::price(cx.lang(), line.price_fen, line.price_unit, piece)}</td>
            <td class="n" data-label=cx.t("应收", "Expected")>{qty(line.expected_qty)}</td>
            <td class="n" data-label=cx.t("实收", "Accepted")>{qty(line.accepted_qty)}</td>
            <td class="n sum lead-sum" data-label=cx.t("金额", "Sum")>{amount::cny(line.accepted_fen)}</td>
            <td class="n sum" data-label=cx.t("村集体入账", "Village's share")>{amount::cny(line.village_fen)}</td>
        </tr>
    }
    .into_any()
}

/// The way on to the books.
fn onward(cx: &Cx, acceptance: &AcceptanceOut) -> Option<AnyView> {
    let transaction = acceptance.transaction_id?;
    cx.may(Action::LedgerRead, Place::DISTRICT).then(|| {
        view! {
            <p class="no-print">
                <a href=format!("/ledger/transactions/{transaction}")>
                    {cx.t("看这张验收单记的账 →", "See what it posted to the ledger →")}
                </a>
            </p>
        }
        .into_any()
    })
}
