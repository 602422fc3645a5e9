//! 财务首页: each kind of money with its age and the way to its list, and whether the books agree with what stands behind them.

use crate::components::ageing::{Age, ageing};
use crate::components::breadcrumb::breadcrumb;
use crate::components::chip;
use crate::components::empty::empty;
use crate::components::export::export;
use crate::components::form_tokens::csrf_and_key;
use crate::components::pager::pager;
use crate::components::stat::{Stat, linked, stats};
use crate::context::Cx;
use crate::text::status::{MILLET, PERSIMMON, PINE, WATER};
use crate::text::{Lang, amount, day};
use leptos::prelude::*;
use shared::api::finance::{
    AgeBand, Agreement, AgreementOut, FinanceOut, MoneyAge, MoneyPlace, ReconciliationOut,
};
use shared::api::page::Page;
use shared::domain::money::Fen;
use shared::domain::rights::{Action, Place};
use shared::domain::work::ExportList;

/// The page.
pub fn finance(cx: &Cx, out: &FinanceOut) -> impl IntoView + use<> {
    let tiles: Vec<_> = out.money.iter().map(|age| tile(cx, age)).collect();
    let ages: Vec<_> = out.money.iter().filter_map(|age| ages(cx, age)).collect();
    let by_age = (!ages.is_empty()).then(|| {
        view! {
            <section class="stack">
                <div class="section-head"><h2>{cx.t("账龄", "By age")}</h2></div>
                <div class="cols-3">{ages}</div>
            </section>
        }
    });
    view! {
        <header class="toolbar">
            <div class="toolbar-title">
                <h1>{cx.t("财务", "Finance")}</h1>
                <p>{day::long(cx.lang(), cx.today)}</p>
            </div>
            <div class="toolbar-actions">{run(cx)}</div>
        </header>
        {state(cx, out)}
        <dl class="stats stats-money">{tiles}</dl>
        {waiting(cx, out)}
        {by_age}
        <section>
            <div class="section-head">
                <h2>{cx.t("每日对账", "Reconciliations")}</h2>
                <a class="push" href="/finance/reconciliations">{cx.t("看全部", "All of them")}</a>
            </div>
            {out.reconciliations.first().map(|newest| agreements(cx, newest))}
        </section>
    }
}

fn run(cx: &Cx) -> Option<AnyView> {
    cx.may(Action::Reconcile, Place::DISTRICT).then(|| {
        view! {
            <form method="post" action="/finance/reconciliations">
                {csrf_and_key(cx)}
                <button class="button">{cx.t("现在对账", "Reconcile now")}</button>
            </form>
        }
        .into_any()
    })
}

/// Whether the books agree, in a sentence.
fn state(cx: &Cx, out: &FinanceOut) -> AnyView {
    match out.reconciliations.first() {
        None => view! {
            <p class="notice tone-millet" role="status">{cx.t("今天还没有对账，系统每天会自动对一次。", "Not reconciled yet today; the program does it once a day.")}</p>
        }
        .into_any(),
        Some(newest) => {
            let at = day::time(cx.lang(), newest.at);
            if newest.balanced {
                view! {
                    <p class="notice tone-pine" role="status">
                        <b>{cx.t("账平", "Balanced")}</b> " · "
                        {cx.t("账簿与账单、应付、结算逐项相符", "the books agree with bills, payables and settlements")} " · " {at}
                    </p>
                }
                .into_any()
            } else {
                let wrong = off(cx, newest);
                view! {
                    <section class="notice tone-persimmon" role="alert">
                        <p><b>{cx.t("账不平", "Not balanced")}</b> " · " {at}</p>
                        <ul>{wrong}</ul>
                        <p><a href="/verify">{cx.t("去核账", "To the checks")}</a></p>
                    </section>
                }
                .into_any()
            }
        }
    }
}

/// What does not agree, by how much.
fn off(cx: &Cx, newest: &ReconciliationOut) -> Vec<AnyView> {
    let lines = newest
        .lines
        .iter()
        .filter(|line| line.ledger_fen != line.lists_fen)
        .map(|line| {
            let (name, _) = named(cx, line.what);
            let words = match cx.lang() {
                Lang::Zh => format!(
                    "{name}：账上 {}，应为 {}，相差 {}",
                    amount::cny(line.ledger_fen),
                    amount::cny(line.lists_fen),
                    amount::cny(line.off_by_fen())
                ),
                Lang::En => format!(
                    "{name}: {} on the books, {} by its list, off by {}",
                    amount::cny(line.ledger_fen),
                    amount::cny(line.lists_fen),
                    amount::cny(line.off_by_fen())
                ),
            };
            view! { <li>{words}</li> }.into_any()
        });
    let checks = newest
        .wrong
        .iter()
        .map(|wrong| view! { <li><code>{wrong.clone()}</code></li> }.into_any());
    lines.chain(checks).collect()
}

fn waiting(cx: &Cx, out: &FinanceOut) -> AnyView {
    let count = |name, count: i64, href: &str| Stat {
        name,
        value: amount::count(count),
        tone: if count > 0 { MILLET } else { "" },
        href: Some(href.to_owned()),
    };
    stats(vec![
        count(
            cx.t("待复核的批次", "Batches to release"),
            out.batches_open,
            "/settlements?state=open",
        ),
        count(
            cx.t("待核对的账户", "Accounts to check"),
            out.accounts_unchecked,
            "/payees?missing=1",
        ),
        Stat {
            name: cx.t("已验收未开账", "Accepted, not billed"),
            value: amount::cny(out.unbilled_fen),
            tone: "",
            href: Some("/bills".to_owned()),
        },
    ])
}

/// A kind of money: its name, what it is, its tone, its list.
fn place(cx: &Cx, place: MoneyPlace) -> (&'static str, &'static str, &'static str, &'static str) {
    match place {
        MoneyPlace::Owed => (
            cx.t("单位应付", "Owed by units"),
            cx.t("已开账、还没付清的账单", "billed and not paid"),
            "",
            "/bills",
        ),
        MoneyPlace::Overdue => (
            cx.t("逾期", "Overdue"),
            cx.t("过了付款期限的账单", "past the last day to pay"),
            PERSIMMON,
            "/bills?overdue=1",
        ),
        MoneyPlace::Suspense => (
            cx.t("待查款", "In suspense"),
            cx.t(
                "到了银行，还不知道付的是哪张账单",
                "came to the bank; nobody knows yet for what",
            ),
            MILLET,
            "/receipts?state=suspense",
        ),
        MoneyPlace::Clearing => (
            cx.t("在线清算", "In clearing"),
            cx.t(
                "在线付了，还没有划到银行",
                "paid online, not paid out to the bank",
            ),
            WATER,
            "/payments",
        ),
        MoneyPlace::Unsettled => (
            cx.t("待拨付", "Unsettled"),
            cx.t(
                "单位已付，还没有送银行拨给村里",
                "paid by units, not sent to the villages",
            ),
            MILLET,
            "/settlements/new",
        ),
        MoneyPlace::InTransit => (
            cx.t("在途", "In transit"),
            cx.t("已送银行，还没有回音", "at the bank, not answered"),
            WATER,
            "/settlements?state=sent",
        ),
    }
}

/// A kind of money as a tile: how much, how many, how old.
fn tile(cx: &Cx, age: &MoneyAge) -> AnyView {
    let (name, what, tone, href) = place(cx, age.place);
    let nothing = age.sum_fen.is_zero();
    let oldest = age.oldest_days.filter(|_| !nothing);
    let oldest = oldest.map(|days| match cx.lang() {
        Lang::Zh => format!(" · 最久 {days} 天"),
        Lang::En => format!(" · oldest {}", amount::counted(days, "day", "days")),
    });
    let count = counted(cx, age.place, age.count);
    let tone = if nothing { "" } else { tone };
    view! {
        <div class=format!("stat {tone}")>
            <dt>{name}</dt>
            <dd>{linked(Some(href.to_owned()), amount::cny(age.sum_fen))}</dd>
            <dd class="figure-note">{count} {oldest}</dd>
            <dd class="figure-note">{what}</dd>
        </div>
    }
    .into_any()
}

/// How old a kind of money is, where there is any.
fn ages(cx: &Cx, age: &MoneyAge) -> Option<AnyView> {
    if age.sum_fen.is_zero() {
        return None;
    }
    let (name, ..) = place(cx, age.place);
    let ages: Vec<Age> = (age.bands.iter())
        .zip([PINE, WATER, MILLET, PERSIMMON])
        .filter(|(band, _)| band.count > 0)
        .map(|(band, tone)| Age {
            name: band_name(cx, age.place, band),
            note: counted(cx, age.place, band.count),
            sum: band.sum_fen,
            tone,
            href: None,
        })
        .collect();
    Some(view! { <section class="card ageing"><h3>{name}</h3>{ageing(cx, &ages)}</section> }.into_any())
}

fn counted(cx: &Cx, place: MoneyPlace, count: i64) -> String {
    let (zh, one, many) = match place {
        MoneyPlace::Owed | MoneyPlace::Overdue => ("张账单", "bill", "bills"),
        MoneyPlace::Suspense => ("笔到账", "receipt", "receipts"),
        MoneyPlace::Clearing => ("笔付款", "payment", "payments"),
        MoneyPlace::Unsettled => ("户", "payee", "payees"),
        MoneyPlace::InTransit => ("笔转账", "transfer", "transfers"),
    };
    match cx.lang() {
        Lang::Zh => format!("{count} {zh}"),
        Lang::En => amount::counted(count, one, many),
    }
}

fn band_name(cx: &Cx, place: MoneyPlace, band: &AgeBand) -> String {
    let late = place == MoneyPlace::Overdue;
    match (cx.lang(), band.until_days) {
        (Lang::Zh, Some(until)) => format!(
            "{}{} 至 {until} 天",
            if late { "逾期 " } else { "" },
            band.from_days
        ),
        (Lang::Zh, None) => format!("{}{} 天以上", if late { "逾期 " } else { "" }, band.from_days),
        (Lang::En, Some(until)) => format!("{} to {until} days", band.from_days),
        (Lang::En, None) => format!("{} days and more", band.from_days),
    }
}

/// What a comparison is called on either side.
fn named(cx: &Cx, what: Agreement) -> (&'static str, &'static str) {
    match what {
        Agreement::Receivable => (
            cx.t("应收单位款", "Receivable"),
            cx.t("未付账单和未开账的验收", "open bills and what is not billed"),
        ),
        Agreement::Deposit => (
            cx.t("单位预付款", "Deposits"),
            cx.t("为预付订单留着的", "what is held for prepaid orders"),
        ),
        Agreement::Payables => (
            cx.t("应付村、户、合作社", "Payables"),
            cx.t("还没有送银行的应付明细", "payables that were not sent"),
        ),
        Agreement::InTransit => (
            cx.t("在途结算", "In transit"),
            cx.t("已送银行、没有回音的结算", "settlements at the bank"),
        ),
        Agreement::Settled => (
            cx.t("银行付出的结算款", "Paid out"),
            cx.t("已到账的结算", "settlements that arrived"),
        ),
        Agreement::Total => (
            cx.t("全部科目合计", "All accounts"),
            cx.t("借贷相抵为零", "nothing: debits equal credits"),
        ),
    }
}

fn agreements(cx: &Cx, newest: &ReconciliationOut) -> AnyView {
    let rows: Vec<_> = newest.lines.iter().map(|line| agreement(cx, line)).collect();
    view! {
        <div class="table-wrap card card-flush">
            <table class="table">
                <thead><tr>
                    <th>{cx.t("项目", "What")}</th>
                    <th>{cx.t("对照", "Held against")}</th>
                    <th class="n">{cx.t("账上", "On the books")}</th>
                    <th class="n">{cx.t("明细合计", "By its list")}</th>
                    <th class="n">{cx.t("差额", "Off by")}</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn agreement(cx: &Cx, line: &AgreementOut) -> AnyView {
    let (name, against) = named(cx, line.what);
    let off = line.off_by_fen();
    let off = if off == Fen::ZERO {
        chip::toned(PINE, cx.t("相符", "agrees"))
    } else {
        chip::toned(PERSIMMON, amount::cny(off))
    };
    view! {
        <tr>
            <td class="lead" data-label=cx.t("项目", "What")>{name}</td>
            <td data-label=cx.t("对照", "Held against")>{against}</td>
            <td class="n" data-label=cx.t("账上", "On the books")>{amount::cny(line.ledger_fen)}</td>
            <td class="n" data-label=cx.t("明细合计", "By its list")>{amount::cny(line.lists_fen)}</td>
            <td class="n lead-sum" data-label=cx.t("差额", "Off by")>{off}</td>
        </tr>
    }
    .into_any()
}

/// All reconciliations, newest first.
pub fn reconciliations(cx: &Cx, page: &Page<ReconciliationOut>) -> impl IntoView + use<> {
    let body = if page.items.is_empty() {
        empty(
            cx,
            "done",
            cx.t("还没有对账", "Not reconciled yet"),
            cx.t(
                "系统每天自动对账一次，结果留在这里。",
                "The program reconciles once a day; what it finds is kept here.",
            ),
            None,
        )
    } else {
        let rows: Vec<_> = page.items.iter().map(|one| row(cx, one)).collect();
        view! {
            <div class="table-wrap card card-flush">
                <table class="table">
                    <thead><tr>
                        <th>{cx.t("日期", "Day")}</th>
                        <th>{cx.t("结果", "Result")}</th>
                        <th>{cx.t("时间", "When")}</th>
                        <th>{cx.t("谁", "By")}</th>
                        <th>{cx.t("不符之处", "What does not agree")}</th>
                    </tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            {pager(cx, page.next.as_deref())}
        }
        .into_any()
    };
    view! {
        {breadcrumb(cx, &[("/finance", cx.t("财务", "Finance"))], cx.t("每日对账", "Reconciliations"))}
        <header class="toolbar">
            <div class="toolbar-title"><h1>{cx.t("每日对账", "Reconciliations")}</h1></div>
            <div class="toolbar-actions">{run(cx)} {export(cx, &[ExportList::Reconciliations])}</div>
        </header>
        {body}
    }
}

fn row(cx: &Cx, one: &ReconciliationOut) -> AnyView {
    let result = if one.balanced {
        chip::toned(PINE, cx.t("账平", "Balanced"))
    } else {
        chip::toned(PERSIMMON, cx.t("账不平", "Not balanced"))
    };
    let who = one
        .by_name
        .clone()
        .unwrap_or_else(|| cx.t("系统", "The program").to_owned());
    let wrong = if one.balanced {
        "—".into_any()
    } else {
        view! { <ul>{off(cx, one)}</ul> }.into_any()
    };
    view! {
        <tr>
            <td class="lead" data-label=cx.t("日期", "Day")>{day::short(cx.lang(), one.day)}</td>
            <td data-label=cx.t("结果", "Result")>{result}</td>
            <td data-label=cx.t("时间", "When")>{day::time(cx.lang(), one.at)}</td>
            <td data-label=cx.t("谁", "By")>{who}</td>
            <td data-label=cx.t("不符之处", "What does not agree")>{wrong}</td>
        </tr>
    }
    .into_any()
}
