//! Taking a bank statement in: which account, the file, and once for each heading which column is which.

use crate::components::breadcrumb::breadcrumb;
use crate::components::empty::empty;
use crate::components::field::Field;
use crate::components::form_problems::form_problems;
use crate::components::form_tokens::csrf_and_key;
use crate::context::Cx;
use crate::form::Form;
use crate::text::{Lang, amount, day, receipt as words};
use leptos::prelude::*;
use shared::api::receipt::{BankAccountOut, StatementOut};
use shared::domain::receipt::statement::StatementField;

/// The accounts and the file.
pub fn import(cx: &Cx, accounts: &[BankAccountOut], form: &Form) -> impl IntoView + use<> {
    let labels = [
        ("file", cx.t("流水文件", "File")),
        ("account", cx.t("收款账户", "Account")),
        ("name", cx.t("名称", "Name")),
        ("bank", cx.t("开户行", "Bank")),
        ("account_no", cx.t("账号", "Number")),
    ];
    let title = cx.t("导入银行流水", "Take a statement in");
    let upload = if accounts.is_empty() {
        empty(
            cx,
            "bill",
            cx.t("先添加收款账户", "Add an account first"),
            cx.t(
                "每个账户的流水分开导入，同一笔不会记两次。",
                "Statements are taken in account by account, so that nothing is booked twice.",
            ),
            None,
        )
    } else {
        upload(cx, accounts, form)
    };
    view! {
        {breadcrumb(cx, &[("/receipts", cx.t("银行到账", "Bank receipts"))], title)}
        {form_problems(cx, form, &labels)}
        <header class="toolbar"><div class="toolbar-title">
            <h1>{title}</h1>
            <p>{cx.t(
                "Excel 或 CSV（UTF-8、GBK 都行），最多 5 万行。先检查、看清结果，再决定导入；导过的流水再导一次不会重复。",
                "Excel or CSV (UTF-8 or GBK), up to 50,000 rows. It is checked first, then you decide; what was taken in before is left alone.",
            )}</p>
        </div></header>
        {upload}
        {add_account(cx, accounts, form)}
    }
}

fn upload(cx: &Cx, accounts: &[BankAccountOut], form: &Form) -> AnyView {
    let options = accounts
        .iter()
        .map(|account| {
            let newest = account.newest_on.map(|on| match cx.lang() {
                Lang::Zh => format!(" · 已导到 {}", day::short(Lang::Zh, on)),
                Lang::En => format!(" · until {}", day::short(Lang::En, on)),
            });
            let word = format!(
                "{} · {} {}{}",
                account.name,
                account.bank,
                tail(&account.account_no),
                newest.unwrap_or_default()
            );
            (account.id.to_string(), word)
        })
        .collect();
    view! {
        <form class="form card" method="post" action="/receipts/import" enctype="multipart/form-data">
            {csrf_and_key(cx)}
            {Field::new(cx, form, "account", cx.t("收款账户", "Account")).select(options)}
            {Field::new(cx, form, "file", cx.t("从网银下载的流水", "The bank's file"))
                .file(".xlsx,.csv,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")}
            <div class="form-actions"><button class="button primary">{cx.t("上传，看列对不对", "Upload and name the columns")}</button></div>
        </form>
    }
    .into_any()
}

/// The last digits of an account's number: enough to tell one's own apart.
fn tail(account_no: &str) -> String {
    let from = account_no.len().saturating_sub(4);
    format!("…{}", account_no.get(from..).unwrap_or_default())
}

fn add_account(cx: &Cx, accounts: &[BankAccountOut], form: &Form) -> AnyView {
    let open = accounts.is_empty()
        || ["name", "bank", "account_no"]
            .into_iter()
            .any(|name| form.problem(name).is_some());
    view! {
        <details class="fold" open=open>
            <summary>{cx.t("添加收款账户", "Add an account")}</summary>
            <div class="fold-body">
                <form class="form" method="post" action="/receipts/accounts">
                    {csrf_and_key(cx)}
                    {Field::new(cx, form, "name", cx.t("名称", "Name")).placeholder(cx.t("例如：农行货款收款户", "e.g. Payments, ABC")).max(40).text()}
                    {Field::new(cx, form, "bank", cx.t("开户行", "Bank")).placeholder(cx.t("某银行某支行", "Example Bank")).max(60).text()}
                    {Field::new(cx, form, "account_no", cx.t("账号", "Number")).max(60).whole()}
                    <div class="form-actions"><button class="button">{cx.t("添加账户", "Add the account")}</button></div>
                </form>
            </div>
        </details>
    }
    .into_any()
}

/// Which column is which.
pub fn statement(cx: &Cx, statement: &StatementOut, form: &Form) -> impl IntoView + use<> {
    let title = cx.t("每一列是什么", "Which column is which");
    let labels: Vec<(&str, &str)> = StatementField::ALL
        .into_iter()
        .map(|field| (field.as_str(), words::field(cx.lang(), field)))
        .collect();
    let said = if statement.known {
        cx.t(
            "这种表头以前对应过，核对一下就行。",
            "This heading was read before: a look is enough.",
        )
    } else {
        cx.t(
            "第一次见到这种表头，请核对；以后同样的表头自动认出。",
            "A new heading: please look it over. It is remembered.",
        )
    };
    let rows: Vec<_> = StatementField::ALL
        .into_iter()
        .map(|field| choice(cx, statement, field, form))
        .collect();
    let counted = match cx.lang() {
        Lang::Zh => format!(
            "{} · 表头在第 {} 行 · {} 行",
            statement.file_name,
            statement.heading_line,
            amount::count(statement.total)
        ),
        Lang::En => format!(
            "{} · heading on line {} · {} rows",
            statement.file_name,
            statement.heading_line,
            amount::count(statement.total)
        ),
    };
    let checked = statement.work_id.map(|id| {
        view! { <a class="button" href=format!("/works/{id}")>{cx.t("看上次检查", "See the last check")}</a> }
    });
    view! {
        {breadcrumb(cx, &[("/receipts", cx.t("银行到账", "Bank receipts")), ("/receipts/import", cx.t("导入银行流水", "Take a statement in"))], title)}
        {form_problems(cx, form, &labels)}
        <header class="toolbar"><div class="toolbar-title">
            <p class="eyebrow">{counted}</p>
            <h1>{title}</h1>
            <p>{said}</p>
        </div><div class="toolbar-actions">{checked}</div></header>
        <form class="form card" method="post" action=format!("/receipts/statements/{}", statement.id)>
            {csrf_and_key(cx)}
            <ul class="mapping">{rows}</ul>
            <div class="form-actions"><button class="button primary">{cx.t("检查流水", "Check the rows")}</button></div>
        </form>
        {samples(cx, statement)}
    }
}

fn choice(cx: &Cx, statement: &StatementOut, field: StatementField, form: &Form) -> AnyView {
    let name = field.as_str();
    let guessed = statement
        .columns
        .iter()
        .find(|column| column.field == field)
        .map(|column| column.column.to_string());
    let chosen = form.value_or(name, guessed.unwrap_or_default());
    let options: Vec<_> = statement
        .heading
        .iter()
        .enumerate()
        .map(|(at, head)| {
            let value = at.to_string();
            let selected = value == chosen;
            let word = if head.is_empty() {
                match cx.lang() {
                    Lang::Zh => format!("第 {} 列", at + 1),
                    Lang::En => format!("Column {}", at + 1),
                }
            } else {
                head.clone()
            };
            view! { <option value=value selected=selected>{word}</option> }
        })
        .collect();
    let hint = words::field_hint(cx.lang(), field);
    let hint = (!hint.is_empty()).then(|| view! { <p class="hint" id=format!("{name}-hint")>{hint}</p> });
    let described = hint.is_some().then(|| format!("{name}-hint"));
    let optional =
        (!field.needed()).then(|| view! { " " <span class="optional">{cx.t("选填", "optional")}</span> });
    let error = crate::components::field::refusal(cx, form, name);
    let invalid = error.is_some().then_some("true");
    let error = error.map(|words| view! { <p class="field-error">{words}</p> });
    view! {
        <li class="field">
            <div><label for=name>{words::field(cx.lang(), field)} {optional}</label>{hint}{error}</div>
            <select id=name name=name aria-invalid=invalid aria-describedby=described>
                <option value="">{cx.t("没有这一列", "No such column")}</option>
                {options}
            </select>
        </li>
    }
    .into_any()
}

fn samples(cx: &Cx, statement: &StatementOut) -> AnyView {
    let label = |at: usize| statement.heading.get(at).cloned().unwrap_or_default();
    let heads: Vec<_> = statement
        .heading
        .iter()
        .map(|head| view! { <th>{head.clone()}</th> })
        .collect();
    let rows: Vec<_> = statement
        .samples
        .iter()
        .map(|row| {
            let cells: Vec<_> = (0..statement.heading.len())
                .map(|at| {
                    let text = row.get(at).cloned().unwrap_or_default();
                    view! { <td data-label=label(at)>{text}</td> }
                })
                .collect();
            view! { <tr>{cells}</tr> }
        })
        .collect();
    view! {
        <section class="table-wrap card card-flush">
            <div class="card-head"><h2>{cx.t("文件前几行", "The first rows")}</h2></div>
            <table class="table table-dense"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>
        </section>
    }
    .into_any()
}
