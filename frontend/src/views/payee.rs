//! 收款账户: where payees' money goes; one payee's account, to be entered, changed, checked.

use crate::components::breadcrumb::breadcrumb;
use crate::components::chip;
use crate::components::empty::empty;
use crate::components::export::export;
use crate::components::field::Field;
use crate::components::form_problems::form_problems;
use crate::components::form_tokens::csrf_and_key;
use crate::components::pager::pager;
use crate::components::pills::{Pill, pills};
use crate::context::Cx;
use crate::form::Form;
use crate::text::status::{MILLET, PERSIMMON, PINE, Status as _};
use crate::text::{amount, day};
use crate::views::settlement::who;
use leptos::prelude::*;
use shared::api::page::Page;
use shared::api::settlement::{AccountShown, PayeeAccountOut};
use shared::domain::rights::{Action, Place};
use shared::domain::settlement::PayeeKind;
use shared::domain::work::ExportList;

/// Payees with their accounts.
pub fn payees(
    cx: &Cx,
    page: &Page<PayeeAccountOut>,
    kind: PayeeKind,
    missing: bool,
) -> impl IntoView + use<> {
    let mut kinds: Vec<_> = PayeeKind::ALL
        .into_iter()
        .map(|own| Pill {
            word: own.word(cx.lang()),
            href: format!("/payees?kind={own}"),
            here: own == kind && !missing,
        })
        .collect();
    kinds.push(Pill {
        word: cx.t("缺账户或待核对", "Missing or unchecked"),
        href: format!("/payees?kind={kind}&missing=1"),
        here: missing,
    });
    let body = if page.items.is_empty() {
        empty(
            cx,
            "done",
            cx.t("这里没有要处理的", "Nothing here"),
            cx.t(
                "所列收款方的账户都录入并核对过，或者还没有登记这类收款方。",
                "Every account is entered and checked, or nobody of this kind is registered.",
            ),
            None,
        )
    } else {
        view! { {table(cx, &page.items)} {pager(cx, page.next.as_deref())} }.into_any()
    };
    view! {
        {breadcrumb(cx, &[("/settlements", cx.t("结算", "Settlements"))], cx.t("收款账户", "Accounts"))}
        <header class="toolbar">
            <div class="toolbar-title">
                <h1>{cx.t("收款账户", "Accounts")}</h1>
                <p>{cx.t("货款拨到这里。村里填的账户，中心财务核对后才用；每次改动都留记录。", "Where the money goes. What a village enters is used once the centre's finance has checked it; every change is on record.")}</p>
            </div>
            <div class="toolbar-actions">{export(cx, &[ExportList::PayeeAccounts])}</div>
        </header>
        {pills(cx.t("收款方", "Payees"), kinds)}
        {body}
    }
}

fn table(cx: &Cx, rows: &[PayeeAccountOut]) -> AnyView {
    let lines: Vec<_> = rows.iter().map(|row| line(cx, row)).collect();
    view! {
        <div class="table-wrap card card-flush">
            <table class="table">
                <thead><tr>
                    <th>{cx.t("收款方", "Payee")}</th>
                    <th>{cx.t("户名", "Account name")}</th>
                    <th>{cx.t("账号", "Account")}</th>
                    <th>{cx.t("开户行", "Bank")}</th>
                    <th>{cx.t("状态", "State")}</th>
                    <th class="n">{cx.t("未拨付", "Open")}</th>
                </tr></thead>
                <tbody>{lines}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn line(cx: &Cx, row: &PayeeAccountOut) -> AnyView {
    let href = format!("/payees/{}/{}", row.payee.payee_kind, row.payee.payee);
    let none = || "—".to_owned();
    let of = |part: fn(&AccountShown) -> &String| row.account.as_ref().map_or_else(none, |a| part(a).clone());
    view! {
        <tr>
            <td class="lead" data-label=cx.t("收款方", "Payee")><a href=href>{who(cx, &row.payee)}</a></td>
            <td data-label=cx.t("户名", "Account name")>{of(|a| &a.account_name)}</td>
            <td class="num" data-label=cx.t("账号", "Account")>{of(|a| &a.account_no)}</td>
            <td data-label=cx.t("开户行", "Bank")>{of(|a| &a.bank_name)}</td>
            <td data-label=cx.t("状态", "State")>{state(cx, row.account.as_ref())}</td>
            <td class="n sum lead-sum" data-label=cx.t("未拨付", "Open")>{amount::cny(row.open_fen)}</td>
        </tr>
    }
    .into_any()
}

fn state(cx: &Cx, account: Option<&AccountShown>) -> AnyView {
    match account {
        None => chip::toned(PERSIMMON, cx.t("未录入", "Missing")),
        Some(account) if account.checked_by_name.is_none() => {
            chip::toned(MILLET, cx.t("待核对", "To be checked"))
        }
        Some(_) => chip::toned(PINE, cx.t("已核对", "Checked")),
    }
}

/// One payee's account.
pub fn payee(cx: &Cx, out: &PayeeAccountOut, form: &Form) -> impl IntoView + use<> {
    let name = who(cx, &out.payee);
    let fields = [
        ("account_name", cx.t("户名", "Account name")),
        ("account_no", cx.t("账号", "Account")),
        ("bank_name", cx.t("开户行", "Bank")),
        ("cnaps", cx.t("联行号", "Bank code")),
    ];
    let may = cx.may(Action::PayeeAccountWrite, Place::village(&out.payee.village_code));
    view! {
        {breadcrumb(cx, &[("/settlements", cx.t("结算", "Settlements")), ("/payees", cx.t("收款账户", "Accounts"))], &name)}
        {form_problems(cx, form, &fields)}
        <header class="toolbar">
            <div class="toolbar-title row">
                <div>
                    <p class="eyebrow">{out.payee.payee_kind.word(cx.lang())}</p>
                    <h1>{name.clone()}</h1>
                    <p>{cx.t("未拨付 ", "Open ")} {amount::cny(out.open_fen)}</p>
                </div>
                {state(cx, out.account.as_ref())}
            </div>
        </header>
        {out.account.as_ref().map(|account| shown(cx, out, account))}
        {may.then(|| change(cx, out, form))}
    }
}

fn shown(cx: &Cx, out: &PayeeAccountOut, account: &AccountShown) -> AnyView {
    let action = format!("/payees/{}/{}/check", out.payee.payee_kind, out.payee.payee);
    let unchecked = account.checked_by_name.is_none();
    let check = (unchecked && cx.may(Action::PayeeAccountCheck, Place::DISTRICT)).then(|| {
        view! {
            <form method="post" action=action>
                {csrf_and_key(cx)}
                <input type="hidden" name="changed_at" value=account.changed_at.0/>
                <p>{cx.t("请对照盖章的开户证明或存折核对。", "Please compare it with the bank's letter or the passbook.")}</p>
                <button class="button primary">{cx.t("核对无误", "It is right")}</button>
            </form>
        }
    });
    let checked = match &account.checked_by_name {
        Some(name) => name.clone(),
        None => cx.t("还没有", "nobody yet").to_owned(),
    };
    let changed = format!(
        "{} {}",
        day::time(cx.lang(), account.changed_at),
        account.changed_by_name
    );
    let cnaps = (!account.cnaps.is_empty()).then(|| {
        view! { <div><dt>{cx.t("联行号", "Bank code")}</dt><dd class="num">{account.cnaps.clone()}</dd></div> }
    });
    view! {
        <section class="card">
            <dl class="key-value">
                <div><dt>{cx.t("户名", "Account name")}</dt><dd>{account.account_name.clone()}</dd></div>
                <div><dt>{cx.t("账号", "Account")}</dt><dd class="num">{account.account_no.clone()}</dd></div>
                <div><dt>{cx.t("开户行", "Bank")}</dt><dd>{account.bank_name.clone()}</dd></div>
                {cnaps}
                <div><dt>{cx.t("录入", "Entered")}</dt><dd>{changed}</dd></div>
                <div><dt>{cx.t("核对", "Checked by")}</dt><dd>{checked}</dd></div>
            </dl>
            {check}
        </section>
    }
    .into_any()
}

fn change(cx: &Cx, out: &PayeeAccountOut, form: &Form) -> AnyView {
    let account = out.account.as_ref();
    let of = |part: fn(&AccountShown) -> &String| account.map(|a| part(a).clone()).unwrap_or_default();
    let title = if account.is_some() {
        cx.t("更改账户", "Change the account")
    } else {
        cx.t("录入账户", "Enter the account")
    };
    let note = if cx.may(Action::PayeeAccountCheck, Place::DISTRICT) {
        cx.t(
            "保存前要再次验证身份，改动留记录。",
            "You prove yourself once more; the change is on record.",
        )
    } else {
        cx.t(
            "保存前要再次验证身份。绿食中心财务核对后，货款才拨到新账户。",
            "You prove yourself once more. The centre's finance checks it before money goes there.",
        )
    };
    view! {
        <form class="form card" method="post" action=format!("/payees/{}/{}", out.payee.payee_kind, out.payee.payee)>
            <h2>{title}</h2>
            <p class="hint">{note}</p>
            {csrf_and_key(cx)}
            {Field::new(cx, form, "account_name", cx.t("户名", "Account name")).or(form, of(|a| &a.account_name)).max(60).text()}
            {Field::new(cx, form, "account_no", cx.t("账号或卡号", "Account or card")).hint(cx.t("可以带空格，请整串重新输入", "Spaces are fine; please type all of it")).max(40).whole()}
            {Field::new(cx, form, "bank_name", cx.t("开户行", "Bank")).or(form, of(|a| &a.bank_name)).hint(cx.t("写到支行", "With its branch")).max(60).text()}
            {Field::new(cx, form, "cnaps", cx.t("联行号", "Bank code")).or(form, of(|a| &a.cnaps)).hint(cx.t("12 位数字，不知道可以不填", "12 digits; leave it empty if you don't know it")).max(12).optional().whole()}
            <div class="form-actions"><button class="button primary">{cx.t("保存账户", "Save the account")}</button></div>
        </form>
    }
    .into_any()
}
