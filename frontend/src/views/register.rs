//! 登记册: how full the registers are, and filling them from files.

use crate::components::empty::empty;
use crate::components::field::Field;
use crate::components::form_problems::form_problems;
use crate::components::form_tokens::csrf_and_key;
use crate::components::pager::pager;
use crate::components::stat::{Stat, stats};
use crate::context::Cx;
use crate::form::Form;
use crate::text::{Lang, amount, problem, role};
use leptos::prelude::*;
use shared::api::import::{BadRow, ImportOut, Register, RegisterCounts};
use shared::api::page::Page;
use shared::api::unit::UnitOut;
use shared::domain::rights::{Action, Place};

/// The registers: counts, what the last import did, four files to import, and the units.
pub fn register(
    cx: &Cx,
    counts: &RegisterCounts,
    units: &Page<UnitOut>,
    form: &Form,
    import: Option<&ImportOut>,
) -> impl IntoView + use<> {
    let done = import.map(|import| outcome(cx, import));
    let imports = cx
        .may(Action::RegisterWrite, Place::DISTRICT)
        .then(|| imports(cx, form));
    view! {
        <header class="toolbar"><div class="toolbar-title"><h1>{cx.t("登记册", "Registers")}</h1></div></header>
        {form_problems(cx, form, &[("file", cx.t("文件", "File"))])}
        {done}
        {figures(cx, counts)}
        {imports}
        {the_units(cx, units, form)}
    }
}

fn figures(cx: &Cx, counts: &RegisterCounts) -> AnyView {
    let stat = |name, value| Stat {
        name,
        value: amount::count(value),
        tone: "",
        href: None,
    };
    let mut villages = stat(cx.t("村", "Villages"), counts.villages);
    villages.value = match cx.lang() {
        Lang::Zh => format!(
            "{} · 帮扶 {}",
            amount::count(counts.villages),
            amount::count(counts.aided)
        ),
        Lang::En => format!(
            "{} · {} aided",
            amount::count(counts.villages),
            amount::count(counts.aided)
        ),
    };
    villages.href = Some("/villages".to_owned());
    stats(vec![
        stat(cx.t("乡镇", "Towns"), counts.towns),
        villages,
        stat(cx.t("帮扶单位", "Aid units"), counts.units),
        stat(cx.t("结对", "Pairings"), counts.pairings),
    ])
}

fn register_word(cx: &Cx, register: Register) -> &'static str {
    match register {
        Register::Towns => cx.t("乡镇", "Towns"),
        Register::Villages => cx.t("村庄", "Villages"),
        Register::Units => cx.t("帮扶单位", "Aid units"),
        Register::Pairings => cx.t("结对关系", "Pairings"),
    }
}

/// The columns of a register's file, with an example row.
const fn columns(register: Register) -> (&'static str, &'static str) {
    match register {
        Register::Towns => ("town_code,town", "120119120,出头岭镇"),
        Register::Villages => (
            "village_code,village,town_code,aided,target_yuan",
            "120119120214,官场村,120119120,1,200000",
        ),
        Register::Units => (
            "unit_code,unit,kind,address,terms_days",
            "12120119MB0000001X,示例医院,hospital,渔阳镇人民西大街 8 号,30",
        ),
        Register::Pairings => (
            "unit_code,village_code,from,until",
            "12120119MB0000001X,120119120214,2026-01-01,",
        ),
    }
}

fn imports(cx: &Cx, form: &Form) -> AnyView {
    let cards: Vec<_> = Register::ALL
        .into_iter()
        .map(|register| import_card(cx, form, register))
        .collect();
    view! {
        <section class="stack">
            <div class="section-head">
                <h2>{cx.t("导入", "Import")}</h2>
                <p class="muted">{cx.t(
                    "CSV 文件,按从左到右的顺序导入;有错的行会指出来,不影响其他行;同一文件再导一次不会重复。",
                    "CSV files, in this order. Bad rows are named and do not stop the others; importing twice changes nothing.",
                )}</p>
            </div>
            <div class="cols-2">{cards}</div>
        </section>
    }
    .into_any()
}

fn import_card(cx: &Cx, form: &Form, register: Register) -> AnyView {
    let (names, example) = columns(register);
    let word = register_word(cx, register);
    let id = format!("file-{}", register.as_str());
    let chosen = form.value("register") == register.as_str();
    // Only the form that was sent shows its refusal.
    let error = chosen
        .then(|| crate::components::field::refusal(cx, form, "file"))
        .flatten();
    let button = match cx.lang() {
        Lang::Zh => format!("导入{word}"),
        Lang::En => format!("Import {}", word.to_lowercase()),
    };
    view! {
        <form class="card" method="post" enctype="multipart/form-data" action=format!("/register/{}", register.as_str())>
            {csrf_and_key(cx)}
            <input type="hidden" name="register" value=register.as_str()/>
            <h3>{word}</h3>
            <dl class="key-value">
                <div><dt>{cx.t("表头", "Columns")}</dt><dd class="code small">{names}</dd></div>
                <div><dt>{cx.t("例", "Example")}</dt><dd class="code small">{example}</dd></div>
            </dl>
            <div class="field">
                <label for=id.clone()>{cx.t("CSV 文件", "CSV file")}</label>
                <input id=id name="file" type="file" class="file" accept=".csv,text/csv" required=true
                    aria-invalid=error.is_some().then_some("true")/>
                {error.map(|words| view! { <p class="field-error">{words}</p> })}
            </div>
            <button class="button">{button}</button>
        </form>
    }
    .into_any()
}

/// What an import did, with every refused row.
fn outcome(cx: &Cx, import: &ImportOut) -> AnyView {
    let class = if import.bad.is_empty() {
        "notice tone-pine"
    } else {
        "notice tone-millet"
    };
    let words = match cx.lang() {
        Lang::Zh => format!(
            "读了 {} 行:新增 {},更新 {},没有变化 {},有误 {}。",
            import.rows,
            import.created,
            import.updated,
            import.unchanged,
            import.bad.len()
        ),
        Lang::En => format!(
            "{} rows read: {} new, {} changed, {} known already, {} bad.",
            import.rows,
            import.created,
            import.updated,
            import.unchanged,
            import.bad.len()
        ),
    };
    let bad = (!import.bad.is_empty()).then(|| bad_rows(cx, &import.bad));
    view! { <p class=class role="status">{words}</p> {bad} }.into_any()
}

fn bad_rows(cx: &Cx, rows: &[BadRow]) -> AnyView {
    let lines: Vec<_> = rows
        .iter()
        .map(|row| {
            let why = if row.detail.is_empty() {
                problem::field(cx.lang(), row.code, row.bound.as_deref())
            } else {
                row.detail.clone()
            };
            view! {
                <tr>
                    <td class="lead" data-label="">{cx.t("第 ", "Line ")} {row.line.to_string()} {cx.t(" 行", "")}</td>
                    <td data-label=cx.t("列", "Column")><span class="code">{row.column.clone()}</span></td>
                    <td data-label=cx.t("内容", "Value")>{row.value.clone()}</td>
                    <td data-label=cx.t("原因", "Reason")>{why}</td>
                </tr>
            }
        })
        .collect();
    view! {
        <section class="table-wrap card card-flush">
            <div class="card-head"><h2>{cx.t("有误的行", "Bad rows")}</h2></div>
            <table class="table table-dense">
                <thead><tr>
                    <th>{cx.t("行", "Line")}</th>
                    <th>{cx.t("列", "Column")}</th>
                    <th>{cx.t("内容", "Value")}</th>
                    <th>{cx.t("原因", "Reason")}</th>
                </tr></thead>
                <tbody>{lines}</tbody>
            </table>
        </section>
    }
    .into_any()
}

fn the_units(cx: &Cx, units: &Page<UnitOut>, form: &Form) -> AnyView {
    let search = view! {
        <form class="filter-bar card" method="get" action="/register">
            {Field::new(cx, form, "q", cx.t("单位名称或代码", "Unit's name or code")).text()}
            <button class="button primary">{cx.t("查找", "Search")}</button>
        </form>
    };
    let body = if units.items.is_empty() {
        empty(
            cx,
            "search",
            cx.t("没有找到单位", "No units found"),
            cx.t(
                "换个名称试试,或先导入帮扶单位。",
                "Try another name, or import the units.",
            ),
            None,
        )
    } else {
        let rows: Vec<_> = units.items.iter().map(|unit| unit_row(cx, unit)).collect();
        view! {
            <section class="table-wrap card card-flush">
                <table class="table">
                    <thead><tr>
                        <th>{cx.t("单位", "Unit")}</th>
                        <th>{cx.t("代码", "Code")}</th>
                        <th>{cx.t("类别", "Kind")}</th>
                        <th>{cx.t("地址", "Address")}</th>
                        <th class="n">{cx.t("账期", "Terms")}</th>
                    </tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </section>
            {pager(cx, units.next.as_deref())}
        }
        .into_any()
    };
    view! {
        <section class="stack">
            <div class="section-head"><h2>{cx.t("帮扶单位", "Aid units")}</h2></div>
            {search}
            {body}
        </section>
    }
    .into_any()
}

fn unit_row(cx: &Cx, unit: &UnitOut) -> AnyView {
    let approval = cx
        .may(Action::ApprovalPolicyWrite, Place::unit(unit.id))
        .then(|| view! { <p class="small"><a href=format!("/units/{}/approval", unit.id)>{cx.t("审批规定", "Approval policy")}</a></p> });
    let demo = unit
        .demo
        .then(|| view! { " " <span class="chip tone-plain">{cx.t("示例", "Invented")}</span> });
    let days = match cx.lang() {
        Lang::Zh => format!("{} 天", unit.terms_days),
        Lang::En => format!("{} days", unit.terms_days),
    };
    view! {
        <tr>
            <td class="lead" data-label=cx.t("单位", "Unit")><div>{unit.name.clone()}{demo}{approval}</div></td>
            <td data-label=cx.t("代码", "Code")><span class="code">{unit.code.clone()}</span></td>
            <td data-label=cx.t("类别", "Kind")>{role::unit_kind(cx.lang(), unit.kind)}</td>
            <td data-label=cx.t("地址", "Address")>{unit.address.clone()}</td>
            <td class="n" data-label=cx.t("账期", "Terms")>{days}</td>
        </tr>
    }
    .into_any()
}
