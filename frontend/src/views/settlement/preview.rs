//! A batch before it is made: who would be paid, who has to wait and why.

use super::{or_none, payees, who};
use crate::components::breadcrumb::breadcrumb;
use crate::components::chip;
use crate::components::empty::empty;
use crate::components::field::Field;
use crate::components::form_problems::form_problems;
use crate::components::form_tokens::csrf_and_key;
use crate::components::stat::{Stat, stats};
use crate::context::Cx;
use crate::form::Form;
use crate::text::status::{MILLET, PINE, Status as _};
use crate::text::{Lang, amount, day};
use leptos::prelude::*;
use shared::api::settlement::{DueRow, PreviewOut, SettlementIn};
use shared::api::town::TownOut;
use shared::domain::money::Fen;
use shared::domain::rights::{Action, Place};
use shared::domain::settlement::{LeftOut, PayeeKind};

/// Rows shown of a list.
const SHOWN: usize = 200;

/// The preview.
pub fn preview(
    cx: &Cx,
    out: &PreviewOut,
    asked: &SettlementIn,
    towns: &[TownOut],
    form: &Form,
) -> impl IntoView + use<> {
    let fields = [
        ("until", cx.t("入账截至", "Credited until")),
        ("min_fen", cx.t("起付金额", "Least sum")),
        ("town_code", cx.t("乡镇", "Town")),
    ];
    let may = cx.may(Action::SettlementWrite, Place::DISTRICT);
    let body = if out.pays.is_empty() {
        empty(
            cx,
            "income",
            cx.t("现在没有可以拨付的", "Nothing can be paid now"),
            cx.t(
                "单位付清账单、收款账户核对过的，才编进批次。看看下面没有编进来的原因。",
                "Only what units have paid goes to payees whose account is checked. See below who waits and why.",
            ),
            None,
        )
    } else {
        view! {
            {may.then(|| prepare(cx, out, asked))}
            <section>
                <div class="section-head"><h2>{cx.t("这一批拨付", "Would be paid")}</h2></div>
                {table(cx, &out.pays, false)}
            </section>
        }
        .into_any()
    };
    let left_out = (!out.left_out.is_empty()).then(|| {
        view! {
            <section>
                <div class="section-head"><h2>{cx.t("这次不拨付", "Would wait")}</h2></div>
                {table(cx, &out.left_out, true)}
            </section>
        }
    });
    view! {
        {breadcrumb(cx, &[("/settlements", cx.t("结算", "Settlements"))], cx.t("新建批次", "New batch"))}
        {form_problems(cx, form, &fields)}
        <header class="toolbar"><div class="toolbar-title">
            <h1>{cx.t("新建结算批次", "New batch")}</h1>
            <p>{cx.t("已入账、单位已付款的货款，按收款方汇总。退货和售后的冲减一并扣除。", "What is credited and paid by the unit, summed by payee, less what claims took back.")}</p>
        </div></header>
        {filter(cx, out, asked, towns, form)}
        {figures(cx, out)}
        {body}
        {left_out}
    }
}

fn filter(cx: &Cx, out: &PreviewOut, asked: &SettlementIn, towns: &[TownOut], form: &Form) -> AnyView {
    let all = || (String::new(), cx.t("全部", "All").to_owned());
    let town = Field::new(cx, form, "town_code", cx.t("乡镇", "Town"))
        .or(form, asked.town_code.clone().unwrap_or_default())
        .select(
            std::iter::once(all())
                .chain(towns.iter().map(|town| (town.code.clone(), town.name.clone())))
                .collect(),
        );
    let kind = Field::new(cx, form, "payee_kind", cx.t("收款方", "Payees"))
        .or(
            form,
            asked.payee_kind.map(|kind| kind.to_string()).unwrap_or_default(),
        )
        .select(
            std::iter::once(all())
                .chain(PayeeKind::ALL.map(|kind| (kind.to_string(), kind.word(cx.lang()).to_owned())))
                .collect(),
        );
    let until = Field::new(cx, form, "until", cx.t("入账截至", "Credited until"))
        .or(form, asked.until.unwrap_or(cx.today).to_string())
        .day();
    let least = if asked.min_fen.is_zero() {
        String::new()
    } else {
        asked.min_fen.format_plain()
    };
    let least = Field::new(cx, form, "min_fen", cx.t("起付金额", "Least sum"))
        .or(form, least)
        .unit(cx.t("元", "yuan"))
        .decimal();
    let advance = out.may_advance.then(|| {
        view! {
            <label class="check">
                <input type="checkbox" name="advance" value="1" checked=asked.advance/>
                <span>{cx.t("包括单位还没付款的，由中心垫付", "Also what units have not paid: the centre advances it")}</span>
            </label>
        }
    });
    view! {
        <form class="filter-bar card" method="get" action="/settlements/new">
            {town} {kind} {until} {least} {advance}
            <button class="button">{cx.t("重新计算", "Reckon again")}</button>
        </form>
    }
    .into_any()
}

fn figures(cx: &Cx, out: &PreviewOut) -> AnyView {
    let left = i64::try_from(out.left_out.len()).unwrap_or(i64::MAX);
    stats(vec![
        Stat {
            name: cx.t("这一批", "This batch"),
            value: amount::cny(out.total_fen),
            tone: PINE,
            href: None,
        },
        Stat {
            name: cx.t("收款方", "Payees"),
            value: payees(cx, i64::try_from(out.pays.len()).unwrap_or(i64::MAX)),
            tone: "",
            href: None,
        },
        Stat {
            name: cx.t("不拨付", "Would wait"),
            value: payees(cx, left),
            tone: if left > 0 { MILLET } else { "" },
            href: None,
        },
        Stat {
            name: cx.t("等单位付款", "Waits for units"),
            value: amount::cny(out.unpaid_fen),
            tone: "",
            href: Some("/bills".to_owned()),
        },
    ])
}

fn prepare(cx: &Cx, out: &PreviewOut, asked: &SettlementIn) -> AnyView {
    let hidden = [
        ("town_code", asked.town_code.clone().unwrap_or_default()),
        (
            "payee_kind",
            asked.payee_kind.map(|kind| kind.to_string()).unwrap_or_default(),
        ),
        ("until", asked.until.unwrap_or(cx.today).to_string()),
        ("min_fen", asked.min_fen.format_plain()),
        ("advance", if asked.advance { "1" } else { "" }.to_owned()),
        ("expect_fen", out.total_fen.0.to_string()),
    ];
    let hidden: Vec<_> = hidden
        .into_iter()
        .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
        .collect();
    let count = i64::try_from(out.pays.len()).unwrap_or(i64::MAX);
    let words = match cx.lang() {
        Lang::Zh => format!("编制批次，{} 户共 {}", count, amount::cny(out.total_fen)),
        Lang::En => format!("Prepare {} for {}", amount::cny(out.total_fen), payees(cx, count)),
    };
    view! {
        <form method="post" action="/settlements">
            {csrf_and_key(cx)}
            {hidden}
            <div class="form-actions"><button class="button primary">{words}</button></div>
            <p class="hint">{cx.t("编制后等另一位财务复核，复核前可以作废。", "Another person of the finance releases it; until then it can be discarded.")}</p>
        </form>
    }
    .into_any()
}

fn table(cx: &Cx, rows: &[DueRow], reasons: bool) -> AnyView {
    let lines: Vec<_> = rows
        .iter()
        .take(SHOWN)
        .map(|row| line(cx, row, reasons))
        .collect();
    let more = i64::try_from(rows.len().saturating_sub(SHOWN)).unwrap_or_default();
    let more = (more > 0).then(|| {
        let words = match cx.lang() {
            Lang::Zh => format!("还有 {more} 户没有列出，金额已算在内。"),
            Lang::En => format!("{more} more are not listed; their sums count."),
        };
        view! { <p class="muted">{words}</p> }
    });
    let reason = reasons.then(|| view! { <th>{cx.t("原因", "Why")}</th> });
    view! {
        <div class="table-wrap card card-flush">
            <table class="table">
                <thead><tr>
                    <th>{cx.t("收款方", "Payee")}</th>
                    {reason}
                    <th>{cx.t("收款账户", "Account")}</th>
                    <th>{cx.t("最早入账", "Oldest credit")}</th>
                    <th class="n">{cx.t("笔数", "Lines")}</th>
                    <th class="n">{cx.t("入账", "Credited")}</th>
                    <th class="n">{cx.t("冲减", "Taken back")}</th>
                    <th class="n">{cx.t("拨付", "Sum")}</th>
                </tr></thead>
                <tbody>{lines}</tbody>
            </table>
        </div>
        {more}
    }
    .into_any()
}

fn line(cx: &Cx, row: &DueRow, reasons: bool) -> AnyView {
    let at = row.oldest_at.day();
    let payee = &row.payee;
    let href = format!("/payees/{}/{}", payee.payee_kind, payee.payee);
    let account = if row.account.is_empty() {
        view! { <a href=href>{cx.t("去录入", "Enter it")}</a> }.into_any()
    } else {
        view! { <a class="num" href=href>{row.account.clone()}</a> }.into_any()
    };
    let reason = reasons.then(|| {
        let chip = row.left_out.map(|why| chip::chip(cx.lang(), why));
        let note = (row.left_out == Some(LeftOut::Negative))
            .then(|| view! { <span class="small muted">{cx.t("留到下次结算扣回", "carried into the next settlement")}</span> });
        view! { <td data-label=cx.t("原因", "Why")>{chip} " " {note}</td> }
    });
    let class = if row.amount_fen < Fen::ZERO {
        "n sum lead-sum tone-persimmon"
    } else {
        "n sum lead-sum"
    };
    view! {
        <tr>
            <td class="lead" data-label=cx.t("收款方", "Payee")>{who(cx, payee)}</td>
            {reason}
            <td data-label=cx.t("收款账户", "Account")>{account}</td>
            <td data-label=cx.t("最早入账", "Oldest credit")><time datetime=at.to_string()>{day::short(cx.lang(), at)}</time></td>
            <td class="n" data-label=cx.t("笔数", "Lines")>{row.lines}</td>
            <td class="n" data-label=cx.t("入账", "Credited")>{amount::cny(row.gained_fen)}</td>
            <td class="n" data-label=cx.t("冲减", "Taken back")>{or_none(row.back_fen)}</td>
            <td class=class data-label=cx.t("拨付", "Sum")>{amount::cny(row.amount_fen)}</td>
        </tr>
    }
    .into_any()
}
