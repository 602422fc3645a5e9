//! One receipt: what the bank says of it, what it pays, what it may pay, and choosing by hand.

use super::board::Room;
use super::decide::{history, waiting};
use super::{or_dash, payer, state};
use crate::components::breadcrumb::breadcrumb;
use crate::components::chip;
use crate::components::field::Field;
use crate::components::form_problems::form_problems;
use crate::components::form_tokens::csrf_and_key;
use crate::context::Cx;
use crate::form::Form;
use crate::text::status::Status as _;
use crate::text::{amount, day};
use leptos::prelude::*;
use shared::api::receipt::{MatchBill, MatchSuggestionOut, ReceiptOut};
use shared::api::unit::UnitOut;
use shared::domain::money::Fen;
use shared::domain::receipt::ReceiptStatus;
use shared::domain::rights::{Action, Place};

/// What is chosen by hand.
#[derive(Default)]
pub struct Chosen {
    /// What was searched for.
    pub q: String,
    /// The units that answer.
    pub units: Vec<UnitOut>,
    /// The unit that was chosen, with its open bills; what the receipt would pay of each stands beside it.
    pub unit: Option<(UnitOut, Vec<MatchBill>)>,
}

/// The receipt.
pub fn receipt(cx: &Cx, receipt: &ReceiptOut, chosen: &Chosen, form: &Form) -> impl IntoView + use<> {
    let row = &receipt.row;
    let name = payer(cx, row);
    view! {
        {breadcrumb(cx, &[("/receipts", cx.t("银行到账", "Bank receipts"))], &name)}
        {problems(cx, form)}
        <header class="toolbar">
            <div class="toolbar-title">
                <p class="eyebrow">{row.account_name.clone()}</p>
                <div class="row"><h1>{name.clone()}</h1> {state(cx, row)}</div>
                <p class="figure">{amount::cny(row.amount_fen)}</p>
            </div>
        </header>
        <div class="main-side">
            <div class="stack">{steps(cx, Room::Own, receipt, chosen, form)}</div>
            <div class="stack">{facts(cx, receipt)}</div>
        </div>
    }
}

/// What is wrong with what was sent.
pub(super) fn problems(cx: &Cx, form: &Form) -> impl IntoView + use<> {
    let labels = [
        ("reason", cx.t("原因", "Reason")),
        ("deposit_fen", cx.t("转入预存款", "To the deposit")),
        ("note", cx.t("说明", "Note")),
        ("unit_id", cx.t("单位", "Unit")),
    ];
    form_problems(cx, form, &labels)
}

/// What can be done with it, and what was done.
pub(super) fn steps(cx: &Cx, room: Room, receipt: &ReceiptOut, chosen: &Chosen, form: &Form) -> AnyView {
    let open = receipt.row.status == ReceiptStatus::Suspense && cx.may(Action::ReceiptWrite, Place::DISTRICT);
    let payout = (receipt.row.status == ReceiptStatus::Payout).then(|| {
        view! {
            <section class="card">
                <h2>{cx.t("支付平台的划款", "A payout of the provider of payments")}</h2>
                <p>{cx.t("这不是单位付的款：平台告知后已移出待查，由划款入账。", "This is no unit's money: it left suspense when the provider told of it, and is booked as the payout.")}</p>
                <p><a href="/payments">{cx.t("看线上收款和划款", "Payments and payouts")}</a></p>
            </section>
        }
    });
    view! {
        {payout}
        {waiting(cx, room, receipt, form)}
        {open.then(|| suggestions(cx, room, receipt))}
        {open.then(|| by_hand(cx, room, receipt, chosen, form))}
        {history(cx, receipt)}
    }
    .into_any()
}

pub(super) fn facts(cx: &Cx, receipt: &ReceiptOut) -> AnyView {
    let row = &receipt.row;
    let fact = |name: &'static str, value: String| view! { <div><dt>{name}</dt><dd>{value}</dd></div> };
    let ledger = cx.may_reach(Action::LedgerRead).then(|| {
        view! { <div><dt>{cx.t("入账分录", "Ledger")}</dt>
            <dd><a href=format!("/ledger/transactions/{}", receipt.transaction_id)>{cx.t("银行存款 → 待查款", "Bank to suspense")}</a></dd></div> }
    });
    view! {
        <section class="card">
            <h2>{cx.t("银行流水", "What the bank says")}</h2>
            <dl class="key-value">
                {fact(cx.t("流水号", "Number"), row.bank_reference.clone())}
                {fact(cx.t("入账时间", "Booked"), row.booked_at.format_full())}
                {fact(cx.t("对方户名", "Payer"), or_dash(&row.payer_name))}
                {fact(cx.t("对方账号", "Payer's account"), or_dash(&row.payer_account))}
                {fact(cx.t("附言", "Remark"), or_dash(&row.remark))}
                {fact(cx.t("导入", "Taken in"), day::time(cx.lang(), row.imported_at))}
                {ledger}
            </dl>
        </section>
    }
    .into_any()
}

fn suggestions(cx: &Cx, room: Room, receipt: &ReceiptOut) -> AnyView {
    let cards: Vec<_> = receipt
        .suggestions
        .iter()
        .enumerate()
        .map(|(at, one)| suggestion(cx, room, receipt, one, at == 0))
        .collect();
    let body = if cards.is_empty() {
        view! { <p class="muted">{cx.t("附言、户名、账号、金额都没有找到可能的账单，请按单位选。", "Neither code, name, account nor sum leads to a bill: choose by unit.")}</p> }
            .into_any()
    } else {
        view! { <ul class="match-list">{cards}</ul> }.into_any()
    };
    view! {
        <section class="card">
            <h2>{cx.t("可能付的是", "It may pay")}</h2>
            {body}
        </section>
    }
    .into_any()
}

fn suggestion(
    cx: &Cx,
    room: Room,
    receipt: &ReceiptOut,
    one: &MatchSuggestionOut,
    likeliest: bool,
) -> AnyView {
    let reasons: Vec<_> = one
        .reasons
        .iter()
        .map(|reason| view! { {chip::toned(reason.tone(), reason.word(cx.lang()))} " " })
        .collect();
    let hidden: Vec<_> = one
        .bills
        .iter()
        .enumerate()
        .map(|(at, bill)| {
            view! {
                <input type="hidden" name=format!("bills.{at}.bill_id") value=bill.bill_id.to_string()/>
                <input type="hidden" name=format!("bills.{at}.amount_fen") value=bill.amount_fen.format_plain()/>
            }
        })
        .collect();
    view! {
        <li><div class="match-card"><span class="match-words">
            <span class="match-head"><b>{one.unit_name.clone()}</b></span>
            <span class="chips">{reasons}</span>
            {bills(cx, &one.bills, one.deposit_fen)}
            <form method="post" action=format!("/receipts/{}/matches", receipt.row.id)>
                {csrf_and_key(cx)} {room.field()}
                <input type="hidden" name="unit_id" value=one.unit_id.to_string()/>
                {hidden}
                <input type="hidden" name="deposit_fen" value=one.deposit_fen.format_plain()/>
                <button class=if likeliest { "button primary" } else { "button" }>{cx.t("就付这些，交复核", "It pays this: to a second person")}</button>
            </form>
        </span></div></li>
    }
    .into_any()
}

/// Bills with what is paid of each, and what goes to the deposit.
pub(super) fn bills(cx: &Cx, bills: &[MatchBill], deposit_fen: Fen) -> AnyView {
    let lines: Vec<_> = bills
        .iter()
        .map(|bill| {
            let open = (bill.open_fen > bill.amount_fen).then(|| {
                view! { <span class="muted small">{cx.t("未付 ", "open ")} {amount::cny(bill.open_fen)}</span> }
            });
            view! {
                <li><a href=format!("/bills/{}", bill.bill_id)>{cx.t("账单 ", "Bill ")} {bill.number.clone()}</a> {open}
                    <span class="sum push">{amount::cny(bill.amount_fen)}</span></li>
            }
        })
        .collect();
    let deposit = (deposit_fen > Fen::ZERO).then(|| {
        view! { <li><span>{cx.t("转入单位预存款", "To the unit's deposit")}</span><span class="sum push">{amount::cny(deposit_fen)}</span></li> }
    });
    view! { <ul class="lines">{lines}{deposit}</ul> }.into_any()
}

fn by_hand(cx: &Cx, room: Room, receipt: &ReceiptOut, chosen: &Chosen, form: &Form) -> AnyView {
    let id = receipt.row.id;
    let units: Vec<_> = chosen
        .units
        .iter()
        .map(|unit| {
            view! { <li><a href=room.choosing(id, unit.id)>{unit.name.clone()}</a>
            <span class="muted small push">{unit.code.clone()}</span></li> }
        })
        .collect();
    let none = (!chosen.q.is_empty() && units.is_empty())
        .then(|| view! { <p class="muted">{cx.t("没有找到这个单位。", "No such unit.")}</p> });
    let found = (!units.is_empty()).then(|| view! { <ul class="lines">{units}</ul> });
    let pay = chosen
        .unit
        .as_ref()
        .map(|(unit, open)| pay_form(cx, room, receipt, unit, open, form));
    view! {
        <section class="card" id="by-hand">
            <h2>{cx.t("自己选", "Choose by hand")}</h2>
            <form class="row" method="get" action=room.search(id)>
                {room.asked(id)}
                <div class="field"><label for="q">{cx.t("是哪个单位付的", "Which unit paid")}</label>
                    <input id="q" name="q" maxlength="40" autocomplete="off" value=chosen.q.clone()
                        placeholder=cx.t("单位名称或代码", "Name or code")/></div>
                <button class="button">{cx.t("找单位", "Find")}</button>
            </form>
            {none} {found} {pay}
        </section>
    }
    .into_any()
}

fn pay_form(
    cx: &Cx,
    room: Room,
    receipt: &ReceiptOut,
    unit: &UnitOut,
    open: &[MatchBill],
    form: &Form,
) -> AnyView {
    let lines: Vec<_> = open
        .iter()
        .enumerate()
        .map(|(at, bill)| {
            let label = format!("{} {}", cx.t("账单", "Bill"), bill.number);
            let paid = if bill.amount_fen.is_zero() {
                String::new()
            } else {
                bill.amount_fen.format_plain()
            };
            view! {
                <input type="hidden" name=format!("bills.{at}.bill_id") value=bill.bill_id.to_string()/>
                {Field::new(cx, form, &format!("bills.{at}.amount_fen"), label)
                    .or(form, paid)
                    .hint(format!("{} {}", cx.t("未付", "Open"), amount::cny(bill.open_fen)))
                    .unit(cx.t("元", "yuan"))
                    .optional()
                    .decimal()}
            }
        })
        .collect();
    let paid = Fen::checked_sum(open.iter().map(|bill| bill.amount_fen)).unwrap_or_default();
    let rest = receipt.row.amount_fen.checked_sub(paid).unwrap_or_default();
    let none = open.is_empty().then(|| {
        view! { <p class="muted full">{cx.t("这个单位没有未付的账单，可以全部转入预存款。", "It has no open bill: all of it may go to its deposit.")}</p> }
    });
    view! {
        <form class="form" method="post" action=format!("/receipts/{}/matches", receipt.row.id)>
            {csrf_and_key(cx)} {room.field()}
            <input type="hidden" name="unit_id" value=unit.id.to_string()/>
            <h3>{unit.name.clone()}</h3>
            {none}
            {lines}
            {Field::new(cx, form, "deposit_fen", cx.t("转入预存款", "To the deposit"))
                .or(form, rest.format_plain())
                .hint(cx.t("各账单加上它，要正好等于到账金额", "bills and this come to the receipt's sum"))
                .unit(cx.t("元", "yuan"))
                .decimal()}
            {Field::new(cx, form, "note", cx.t("说明", "Note")).max(200).optional().text()}
            <div class="form-actions"><button class="button primary">{cx.t("提出，交第二人复核", "Propose to a second person")}</button></div>
        </form>
    }
    .into_any()
}
