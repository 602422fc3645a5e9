//! 退款单: the list, preparing a refund to a unit's bank account, releasing it, marking it as sent; and where a claim's money is.

mod claim_money;

pub use claim_money::claim_money;

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
use crate::text::{Lang, amount, day};
use leptos::prelude::*;
use shared::api::page::Page;
use shared::api::refund_order::{RefundOrderOut, RefundOrderRow, RefundOrderStatus};
use shared::domain::money::Fen;
use shared::domain::rights::{Action, Place};
use shared::domain::work::ExportList;

/// Refunds by bank, newest first.
pub fn refunds(
    cx: &Cx,
    page: &Page<RefundOrderRow>,
    state: Option<RefundOrderStatus>,
    shown: &Shown,
) -> impl IntoView + use<> {
    let body = if page.items.is_empty() {
        empty(
            cx,
            "income",
            cx.t("没有退款单", "No refunds"),
            cx.t(
                "售后入账后，在售后单上退款；单位的预存款在账单里退。",
                "Refund a claim from its page once it is posted, and a unit's deposit from its bill.",
            ),
            Some((cx.t("看售后单", "To the claims"), "/claims".to_owned())),
        )
    } else {
        view! { {table(cx, &page.items)} {pager(cx, page.next.as_deref())} }.into_any()
    };
    view! {
        <header class="toolbar">
            <div class="toolbar-title">
                <h1>{cx.t("退款单", "Refunds")}</h1>
                <p>{cx.t("银行转账退款：一人填单，另一人复核，银行受理后入账。", "By bank transfer: one prepares, another releases, and it is booked when the bank has taken it.")}</p>
            </div>
            <div class="toolbar-actions">{export(cx, &[ExportList::RefundOrders])}</div>
        </header>
        {state_pills(cx, "/refunds", &RefundOrderStatus::ALL, state, Vec::new())}
        {list_filter(cx, "/refunds", shown, false)}
        {body}
    }
}

fn table(cx: &Cx, rows: &[RefundOrderRow]) -> AnyView {
    let lines: Vec<_> = rows.iter().map(|row| list_row(cx, row)).collect();
    view! {
        <div class="table-wrap card card-flush">
            <table class="table">
                <thead><tr>
                    <th>{cx.t("退款单", "Refund")}</th>
                    <th>{cx.t("单位", "Unit")}</th>
                    <th>{cx.t("售后单", "Claim")}</th>
                    <th>{cx.t("填单", "Prepared")}</th>
                    <th>{cx.t("进度", "State")}</th>
                    <th class="n">{cx.t("金额", "Sum")}</th>
                </tr></thead>
                <tbody>{lines}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn list_row(cx: &Cx, row: &RefundOrderRow) -> AnyView {
    let at = row.prepared_at.day();
    view! {
        <tr>
            <td class="lead" data-label=cx.t("退款单", "Refund")><a href=format!("/refunds/{}", row.id)>{row.number.clone()}</a></td>
            <td data-label=cx.t("单位", "Unit")>{row.unit_name.clone()}</td>
            <td data-label=cx.t("售后单", "Claim")>{of_claim(row)}</td>
            <td data-label=cx.t("填单", "Prepared")><time datetime=at.to_string()>{day::short(cx.lang(), at)}</time></td>
            <td data-label=cx.t("进度", "State")>{chip(cx.lang(), row.status)}</td>
            <td class="n sum lead-sum" data-label=cx.t("金额", "Sum")>{amount::cny(row.amount_fen)}</td>
        </tr>
    }
    .into_any()
}

fn of_claim(row: &RefundOrderRow) -> AnyView {
    match (row.claim_id, &row.claim_number) {
        (Some(id), Some(number)) => view! { <a href=format!("/claims/{id}")>{number.clone()}</a> }.into_any(),
        _ => "—".into_any(),
    }
}

/// What a refund is prepared for.
#[derive(Clone, Debug)]
pub struct About {
    /// The unit.
    pub unit_id: String,
    /// Its name.
    pub unit_name: String,
    /// The claim and its number; `None` for what else is on deposit.
    pub claim: Option<(String, String)>,
    /// The most that can be given back.
    pub most_fen: Fen,
}

/// The form that prepares a refund.
pub fn prepare(cx: &Cx, about: &About, form: &Form) -> impl IntoView + use<> {
    let labels = LABELS.map(|(name, zh, en)| (name, cx.t(zh, en)));
    let source = match &about.claim {
        Some((id, number)) => {
            let link = view! { <a href=format!("/claims/{id}")>{number.clone()}</a> };
            view! { {cx.t("售后单 ", "Claim ")} {link} }.into_any()
        }
        None => cx.t("单位预存款", "The unit's deposit").into_any(),
    };
    let body = if about.most_fen.is_zero() {
        let words = cx.t(
            "现在没有可以用银行转账退的钱：可能已退完、已转去付下一张账单，或应从原在线付款退回。",
            "Nothing can go back by bank now: it was given back, has paid the next bill, or goes back to its online payment.",
        );
        view! { <p class="notice tone-millet" role="status">{words}</p> }.into_any()
    } else {
        prepare_form(cx, about, form)
    };
    view! {
        {breadcrumb(cx, &[("/refunds", cx.t("退款单", "Refunds"))], cx.t("新退款单", "A new refund"))}
        {form_problems(cx, form, &labels)}
        <header class="toolbar"><div class="toolbar-title">
            <p class="eyebrow">{about.unit_name.clone()}</p>
            <h1>{cx.t("银行转账退款", "Refund by bank")}</h1>
            <p>{source} " · " {cx.t("最多可退 ", "at the most ")} {amount::cny(about.most_fen)}</p>
        </div></header>
        {body}
    }
}

const LABELS: [(&str, &str, &str); 5] = [
    ("amount_fen", "退款金额", "Sum"),
    ("payee_name", "收款户名", "Payee"),
    ("payee_account", "收款账号", "Account"),
    ("payee_bank", "开户行", "Bank"),
    ("reason", "退款原因", "Why"),
];

fn prepare_form(cx: &Cx, about: &About, form: &Form) -> AnyView {
    let field = |at: usize| {
        let (name, zh, en) = LABELS[at];
        Field::new(cx, form, name, cx.t(zh, en))
    };
    let sum = field(0)
        .or(form, about.most_fen.format_yuan().replace(',', ""))
        .unit(cx.t("元", "yuan"))
        .decimal();
    let name = field(1).or(form, about.unit_name.clone()).max(80).text();
    let account = field(2).hint(cx.t("8 到 30 位数字。", "8 to 30 digits.")).whole();
    let bank = field(3)
        .hint(cx.t("写到支行。", "With its branch."))
        .max(80)
        .text();
    let reason = field(4).max(200).full().area();
    let claim = about
        .claim
        .as_ref()
        .map(|(id, _)| view! { <input type="hidden" name="claim_id" value=id.clone()/> });
    view! {
        <section class="card">
            <form class="form" method="post" action="/refunds">
                {csrf_and_key(cx)}
                <input type="hidden" name="unit_id" value=about.unit_id.clone()/>
                {claim} {sum} {name} {account} {bank} {reason}
                <p class="small muted full">{cx.t("提交后这笔钱先留住，由另一位财务复核后再付。", "The sum is then held; another person of finance releases it.")}</p>
                <p class="button-row full"><button class="button primary">{cx.t("提交复核", "Send for release")}</button></p>
            </form>
        </section>
    }
    .into_any()
}

/// One refund; `own` for who prepared it.
pub fn refund(cx: &Cx, out: &RefundOrderOut, own: bool, form: &Form) -> impl IntoView + use<> {
    let row = &out.row;
    let labels = [
        ("bank_reference", cx.t("银行流水号", "The bank's number")),
        ("reason", cx.t("撤销原因", "Why")),
    ];
    view! {
        {breadcrumb(cx, &[("/refunds", cx.t("退款单", "Refunds"))], &row.number)}
        {form_problems(cx, form, &labels)}
        <header class="toolbar">
            <div class="toolbar-title">
                <p class="eyebrow">{row.unit_name.clone()}</p>
                <div class="row"><h1>{cx.t("退款单 ", "Refund ")} {row.number.clone()}</h1> {chip(cx.lang(), row.status)}</div>
            </div>
        </header>
        <div class="main-side">
            <div class="stack">{now(cx, out, own, form)} {give_up(cx, out, form)}</div>
            <div class="stack">{facts(cx, out)}</div>
        </div>
    }
}

/// Where the refund stands, with what can be done now.
fn now(cx: &Cx, out: &RefundOrderOut, own: bool, form: &Form) -> AnyView {
    let row = &out.row;
    let sentence = match row.status {
        RefundOrderStatus::Prepared if own => cx.t(
            "已提交，等另一位财务复核。自己填的单，自己不能复核。",
            "It waits for another person of finance: nobody releases what they prepared.",
        ),
        RefundOrderStatus::Prepared => cx.t("已提交，等财务复核。", "It waits for its release."),
        RefundOrderStatus::Released => cx.t(
            "已复核。在银行付款后，填上银行流水号入账。",
            "Released. Pay it at the bank, then enter the bank's number.",
        ),
        RefundOrderStatus::Sent => cx.t("已付款，已入账。", "Paid and booked."),
        RefundOrderStatus::Cancelled => cx.t(
            "已撤销，这笔钱仍在单位预存款里。",
            "Given up; the sum is on the unit's deposit.",
        ),
    };
    let release =
        (row.status == RefundOrderStatus::Prepared && !own && cx.may(Action::RefundRelease, Place::DISTRICT))
            .then(|| {
                view! {
                    <form method="post" action=format!("/refunds/{}/release", row.id)>
                        {csrf_and_key(cx)}
                        <button class="button primary">{cx.t("核对无误，同意付款", "Release it")}</button>
                    </form>
                }
            });
    let send = (row.status == RefundOrderStatus::Released && cx.may(Action::RefundWrite, Place::DISTRICT))
        .then(|| {
            let reference =
                Field::new(cx, form, "bank_reference", cx.t("银行流水号", "The bank's number"))
                    .hint(cx.t("见银行回单。", "From the bank's slip."))
                    .max(64)
                    .text();
            view! {
                <form class="form" method="post" action=format!("/refunds/{}/send", row.id)>
                    {csrf_and_key(cx)} {reference}
                    <p class="button-row full"><button class="button primary">{cx.t("已付款，入账", "It is paid: book it")}</button></p>
                </form>
            }
        });
    view! {
        <section class="card stack-s">
            <p class="title-l sum">{amount::cny(row.amount_fen)}</p>
            <p role="status">{sentence}</p>
            {release} {send}
        </section>
    }
    .into_any()
}

fn give_up(cx: &Cx, out: &RefundOrderOut, form: &Form) -> Option<AnyView> {
    let row = &out.row;
    let open = matches!(
        row.status,
        RefundOrderStatus::Prepared | RefundOrderStatus::Released
    );
    if !open || !cx.may(Action::RefundWrite, Place::DISTRICT) {
        return None;
    }
    let reason = Field::new(cx, form, "reason", cx.t("撤销原因", "Why"))
        .max(200)
        .text();
    Some(
        view! {
            <details class="fold" open=form.problem("reason").is_some()>
                <summary>{cx.t("不退了", "Give it up")}</summary>
                <div class="fold-body">
                    <form class="form" method="post" action=format!("/refunds/{}/cancel", row.id)>
                        {csrf_and_key(cx)} {reason}
                        <p class="button-row full"><button class="button danger">{cx.t("撤销退款单", "Give it up")}</button></p>
                    </form>
                </div>
            </details>
        }
        .into_any(),
    )
}

fn facts(cx: &Cx, out: &RefundOrderOut) -> AnyView {
    let row = &out.row;
    let fact = |name: &'static str, value: AnyView| view! { <div><dt>{name}</dt><dd>{value}</dd></div> };
    let who = |name: &str, at: Option<shared::domain::calendar::Micros>| match at {
        Some(at) => format!("{name} {}", at.format_day_time()),
        None => name.to_owned(),
    };
    let step = |word: &'static str, name: &Option<String>, at| {
        name.as_ref().map(|name| fact(word, who(name, at).into_any()))
    };
    let claim = row
        .claim_id
        .is_some()
        .then(|| fact(cx.t("售后单", "Claim"), of_claim(row)));
    let reference = out
        .bank_reference
        .clone()
        .map(|number| fact(cx.t("银行流水号", "The bank's number"), number.into_any()));
    let why = (!out.cancel_reason.is_empty()).then(|| {
        fact(
            cx.t("撤销原因", "Given up because"),
            out.cancel_reason.clone().into_any(),
        )
    });
    let books = (row.status == RefundOrderStatus::Sent && cx.may(Action::LedgerRead, Place::DISTRICT)).then(
        || {
            let link = view! { <a href=format!("/ledger/transactions/{}", row.id)>{cx.t("看分录", "See the entries")}</a> };
            fact(cx.t("账本", "Books"), link.into_any())
        },
    );
    view! {
        <section class="card">
            <dl class="key-value">
                {claim}
                {fact(cx.t("收款户名", "Payee"), out.payee_name.clone().into_any())}
                {fact(cx.t("收款账号", "Account"), out.payee_account.clone().into_any())}
                {fact(cx.t("开户行", "Bank"), out.payee_bank.clone().into_any())}
                {fact(cx.t("原因", "Why"), row.reason.clone().into_any())}
                {fact(cx.t("填单", "Prepared"), who(&row.prepared_by_name, Some(row.prepared_at)).into_any())}
                {step(cx.t("复核", "Released"), &out.released_by_name, out.released_at)}
                {reference}
                {step(cx.t("付款", "Sent"), &out.sent_by_name, row.sent_at)}
                {step(cx.t("撤销", "Given up"), &out.cancelled_by_name, out.cancelled_at)}
                {why} {books}
            </dl>
        </section>
    }
    .into_any()
}

/// Where one goes to give back what a unit has on deposit, for who may: at the foot of a bill.
pub fn deposit_link(cx: &Cx, unit_id: &str, deposit: Fen) -> Option<AnyView> {
    if deposit <= Fen::ZERO || !cx.may(Action::RefundWrite, Place::DISTRICT) {
        return None;
    }
    let words = match cx.lang() {
        Lang::Zh => format!("把预存款 {} 退回银行账户", amount::cny(deposit)),
        Lang::En => format!("Give the deposit of {} back by bank", amount::cny(deposit)),
    };
    Some(view! { <p class="small"><a href=format!("/refunds/new?unit={unit_id}")>{words}</a></p> }.into_any())
}
