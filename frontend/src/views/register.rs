//! 登记册: how full the registers are, each as a table, filling them from files or row by row.

use crate::components::breadcrumb::breadcrumb;
use crate::components::empty::empty;
use crate::components::export::export;
use crate::components::field::Field;
use crate::components::form_problems::form_problems;
use crate::components::form_tokens::csrf_and_key;
use crate::components::pager::{encode, pager};
use crate::components::stat::{Stat, stats};
use crate::context::Cx;
use crate::form::Form;
use crate::text::{Lang, amount, work as words};
use leptos::prelude::*;
use shared::api::import::{Register, RegisterCounts};
use shared::api::town::TownOut;
use shared::api::work::{ExportList, TableOut};
use shared::domain::rights::{Action, Place};

/// The lists that stand under the registers, in the order of their tabs.
const TABS: [ExportList; 7] = [
    ExportList::Towns,
    ExportList::Villages,
    ExportList::Units,
    ExportList::Pairings,
    ExportList::Households,
    ExportList::Sellers,
    ExportList::Produce,
];

/// The registers: counts, the files to import.
pub fn register(cx: &Cx, counts: &RegisterCounts, form: &Form) -> impl IntoView + use<> {
    let imports = cx
        .may(Action::RegisterWrite, Place::DISTRICT)
        .then(|| imports(cx, form));
    view! {
        <header class="toolbar"><div class="toolbar-title"><h1>{cx.t("登记册", "Registers")}</h1></div>
            <div class="toolbar-actions"><a class="button" href="/works">{cx.t("后台任务", "Long work")}</a></div></header>
        {form_problems(cx, form, &[("file", cx.t("文件", "File"))])}
        {tabs(cx, None)}
        {figures(cx, counts)}
        {imports}
    }
}

fn tabs(cx: &Cx, current: Option<ExportList>) -> AnyView {
    let links: Vec<_> = TABS
        .into_iter()
        .filter(|list| *list != ExportList::Households || cx.may(Action::HouseholdRead, Place::DISTRICT))
        .map(|list| {
            let here = (current == Some(list)).then_some("page");
            view! { <a href=address(list) aria-current=here>{words::list(cx.lang(), list)}</a> }
        })
        .collect();
    let first = current.is_none().then_some("page");
    view! {
        <nav class="tabs" aria-label=cx.t("登记册", "Registers")>
            <a href="/register" aria-current=first>{cx.t("概览", "Overview")}</a>{links}
        </nav>
    }
    .into_any()
}

fn address(list: ExportList) -> String {
    if list == ExportList::Households {
        "/households".to_owned()
    } else {
        format!("/register/{}", list.as_str())
    }
}

fn figures(cx: &Cx, counts: &RegisterCounts) -> AnyView {
    let stat = |name, value, list: ExportList| Stat {
        name,
        value: amount::count(value),
        tone: "",
        href: Some(address(list)),
    };
    let mut villages = stat(cx.t("村", "Villages"), counts.villages, ExportList::Villages);
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
    stats(vec![
        stat(cx.t("乡镇", "Towns"), counts.towns, ExportList::Towns),
        villages,
        stat(cx.t("帮扶单位", "Aid units"), counts.units, ExportList::Units),
        stat(cx.t("结对", "Pairings"), counts.pairings, ExportList::Pairings),
    ])
}

/// The registers that the reader may fill from a file.
fn fillable(cx: &Cx) -> impl Iterator<Item = Register> + use<> {
    let people = cx.may(Action::PeopleWrite, Place::DISTRICT);
    let goods = cx.may(Action::OfferReview, Place::DISTRICT);
    Register::ALL.into_iter().filter(move |register| match register {
        Register::People => people,
        Register::Households | Register::Offers => goods,
        _ => true,
    })
}

fn imports(cx: &Cx, form: &Form) -> AnyView {
    let cards: Vec<_> = fillable(cx)
        .map(|register| import_card(cx, form, register))
        .collect();
    view! {
        <section class="stack">
            <div class="section-head">
                <h2>{cx.t("导入", "Import")}</h2>
                <p class="muted">{cx.t(
                    "Excel 或 CSV，最多 5 万行。先检查、看清结果，再决定导入；同一文件再导一次不会重复。",
                    "Excel or CSV, up to 50,000 rows. It is checked first; you decide over what was found. Importing twice changes nothing.",
                )}</p>
            </div>
            <div class="cols-2">{cards}</div>
        </section>
    }
    .into_any()
}

fn import_card(cx: &Cx, form: &Form, register: Register) -> AnyView {
    let word = words::register(cx.lang(), register);
    let id = format!("file-{}", register.as_str());
    let chosen = form.value("register") == register.as_str();
    // Only the form that was sent shows its refusal.
    let error = chosen
        .then(|| crate::components::field::refusal(cx, form, "file"))
        .flatten();
    let columns: Vec<&str> = register
        .columns()
        .iter()
        .filter(|column| column.needed)
        .map(|column| cx.t(column.zh, column.en))
        .collect();
    view! {
        <form class="card" method="post" enctype="multipart/form-data" action=format!("/register/{}", register.as_str())>
            {csrf_and_key(cx)}
            <input type="hidden" name="register" value=register.as_str()/>
            <h3>{word}</h3>
            <p class="small muted">{cx.t("要有的列：", "Columns: ")} {columns.join(cx.t("、", ", "))}</p>
            <p><a href=format!("/register/{}/template", register.as_str()) download=format!("{}.xlsx", register.as_str())>
                {cx.t("下载模板", "Download the template")}</a></p>
            <div class="field">
                <label for=id.clone()>{cx.t("Excel 或 CSV 文件", "Excel or CSV file")}</label>
                <input id=id name="file" type="file" class="file" required=true
                    accept=".xlsx,.csv,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
                    aria-invalid=error.is_some().then_some("true")/>
                {error.map(|words| view! { <p class="field-error">{words}</p> })}
            </div>
            <button class="button">{cx.t("检查文件", "Check the file")}</button>
        </form>
    }
    .into_any()
}

/// What is seen of a register.
pub struct Seen<'s> {
    /// Which.
    pub list: ExportList,
    /// The rows.
    pub table: &'s TableOut,
    /// The towns to choose from.
    pub towns: &'s [TownOut],
    /// Units whose policy of approval the reader may change, by their code.
    pub approvals: &'s [(String, String)],
}

/// One register as a table, with its filters.
pub fn table(cx: &Cx, seen: &Seen<'_>, form: &Form) -> impl IntoView + use<> {
    let list = seen.list;
    let name = words::list(cx.lang(), list);
    let reads = cx.may(Action::RegisterRead, Place::DISTRICT);
    let add = row_register(cx, list).map(|slug| {
        view! { <a class="button primary" href=format!("/register/{slug}/row")>{cx.t("添加", "Add")}</a> }
    });
    let rows: Vec<_> = seen
        .table
        .rows
        .iter()
        .map(|cells| row(cx, seen, &seen.table.heading, cells))
        .collect();
    let body = if rows.is_empty() {
        empty(
            cx,
            "search",
            cx.t("没有找到", "Nothing found"),
            cx.t("换个条件试试，或先导入。", "Try another filter, or import first."),
            Some((cx.t("看全部", "See all"), address(list))),
        )
    } else {
        let heads: Vec<_> = seen
            .table
            .heading
            .iter()
            .map(|name| view! { <th>{heading(cx, name)}</th> })
            .collect();
        let act = changeable(cx, list)
            .is_some()
            .then(|| view! { <th><span class="visually-hidden">{cx.t("操作", "Change")}</span></th> });
        view! {
            <section class="table-wrap card card-flush">
                <table class="table"><thead><tr>{heads}{act}</tr></thead><tbody>{rows}</tbody></table>
            </section>
            {pager(cx, seen.table.next.as_deref())}
        }
        .into_any()
    };
    view! {
        <header class="toolbar">
            <div class="toolbar-title"><h1>{name}</h1>{secret(cx, list)}</div>
            <div class="toolbar-actions">{add}{export(cx, &[list])}</div>
        </header>
        {reads.then(|| tabs(cx, Some(list)))}
        {filters(cx, seen, form)}
        {body}
    }
}

fn secret(cx: &Cx, list: ExportList) -> Option<AnyView> {
    (list == ExportList::Households).then(|| {
        view! { <p>{cx.t("只有本村和绿食中心能看到，任何公开页面都不显示。", "Only the village itself and the centre see this; no public page shows it.")}</p> }
            .into_any()
    })
}

/// The register whose rows the reader may add or change one by one.
fn row_register(cx: &Cx, list: ExportList) -> Option<&'static str> {
    let writes = cx.may(Action::RegisterWrite, Place::DISTRICT);
    let goods = cx.may(Action::OfferReview, Place::DISTRICT);
    match list {
        ExportList::Towns
        | ExportList::Villages
        | ExportList::Units
        | ExportList::Pairings
        | ExportList::Sellers
        | ExportList::Produce
            if writes =>
        {
            Some(list.as_str())
        }
        ExportList::Households if writes && goods => Some("households"),
        _ => None,
    }
}

/// The register whose rows the reader may change where they stand: a household has nothing to change.
fn changeable(cx: &Cx, list: ExportList) -> Option<Register> {
    row_register(cx, list)
        .and_then(Register::from_name)
        .filter(|register| *register != Register::Households)
}

fn filters(cx: &Cx, seen: &Seen<'_>, form: &Form) -> Option<AnyView> {
    if matches!(seen.list, ExportList::Towns | ExportList::Produce) {
        return None;
    }
    let of_towns = !matches!(seen.list, ExportList::Units) && !seen.towns.is_empty();
    let towns = of_towns.then(|| {
        let any = (String::new(), cx.t("全部乡镇", "All towns").to_owned());
        let choices = std::iter::once(any)
            .chain(
                seen.towns
                    .iter()
                    .map(|town| (town.code.clone(), town.name.clone())),
            )
            .collect();
        Field::new(cx, form, "town", cx.t("乡镇", "Town")).select(choices)
    });
    let word = match seen.list {
        ExportList::Units => cx.t("单位名称或代码", "Unit's name or code"),
        ExportList::Pairings => cx.t("单位或村的名称", "Unit or village"),
        ExportList::Sellers => cx.t("名称或信用代码", "Name or code"),
        ExportList::Households => cx.t("户主或村", "Household or village"),
        _ => cx.t("村名称或代码", "Village's name or code"),
    };
    Some(
        view! {
            <form class="filter-bar card" method="get" action=address(seen.list)>
                {Field::new(cx, form, "q", word).text()}
                {towns}
                <button class="button primary">{cx.t("查找", "Search")}</button>
            </form>
        }
        .into_any(),
    )
}

/// A heading in the reader's language.
fn heading(cx: &Cx, zh: &str) -> String {
    const OTHERS: [(&str, &str); 9] = [
        ("村数", "Villages"),
        ("乡镇", "Town"),
        ("村", "Village"),
        ("单位", "Unit"),
        ("名称", "Name"),
        ("统一社会信用代码", "Credit code"),
        ("类别", "Kind"),
        ("计价单位", "Price unit"),
        ("户主", "Household"),
    ];
    if cx.lang() == Lang::Zh {
        return zh.to_owned();
    }
    OTHERS
        .into_iter()
        .find(|(word, _)| *word == zh)
        .map(|(_, en)| en)
        .or_else(|| {
            let columns = Register::ALL.into_iter().flat_map(Register::columns);
            columns
                .into_iter()
                .find(|column| column.zh == zh)
                .map(|column| column.en)
        })
        .unwrap_or(zh)
        .to_owned()
}

fn row(cx: &Cx, seen: &Seen<'_>, heads: &[String], cells: &[String]) -> AnyView {
    let list = seen.list;
    let shown: Vec<_> = cells
        .iter()
        .zip(heads)
        .enumerate()
        .map(|(at, (cell, head))| {
            let class = if at == 1 { "lead" } else { "" };
            view! { <td class=class data-label=heading(cx, head)>{cell.clone()}</td> }
        })
        .collect();
    let act = changeable(cx, list).map(|register| {
        let first = cells.first().cloned().unwrap_or_default();
        // Collectives and the centre are sellers by themselves: only what has a key here is changed here.
        let links = (!first.is_empty()).then(|| links(cx, seen, (heads, cells), register, &first));
        view! { <td class="actions" data-label="">{links}</td> }
    });
    view! { <tr>{shown}{act}</tr> }.into_any()
}

/// What may be done with a row.
fn links(
    cx: &Cx,
    seen: &Seen<'_>,
    (heads, cells): (&[String], &[String]),
    register: Register,
    first: &str,
) -> AnyView {
    let values: Vec<String> = register
        .columns()
        .iter()
        .filter_map(|column| {
            let at = heads.iter().position(|head| head == column.zh)?;
            Some(format!("{}={}", column.key, encode(cells.get(at)?)))
        })
        .collect();
    let approval = seen.approvals.iter().find(|(code, _)| code == first).map(|(_, id)| {
        view! { <a class="button small quiet" href=format!("/units/{id}/approval")>{cx.t("审批规定", "Approval policy")}</a> }
    });
    let certificate = seen.approvals.iter().find(|(code, _)| code == first).map(|(_, id)| {
        let href = format!("/units/{id}/certificate?year={}", cx.today.year());
        view! { <a class="button small quiet" href=href download="">{cx.t("年度采购证明", "Purchase certificate")}</a> }
    });
    let history = cx.may(Action::AuditRead, Place::DISTRICT).then(|| {
        view! { <a class="button small quiet" href=format!("/audit?object={}", encode(first))>{cx.t("记录", "History")}</a> }
    });
    view! {
        <a class="button small" href=format!("/register/{}/row?{}", register.as_str(), values.join("&"))>
            {cx.t("修改", "Change")}</a>
        {approval}
        {certificate}
        {history}
    }
    .into_any()
}

/// How many columns, from the first on, say which row it is: they stay when it is changed.
const fn keys(register: Register) -> usize {
    match register {
        Register::Pairings => 3,
        Register::Households => 2,
        _ => 1,
    }
}

/// One row to add or change, by the columns of its file. What says which row it is cannot be changed.
pub fn row_form(cx: &Cx, register: Register, known: bool, form: &Form) -> impl IntoView + use<> {
    let (lang, columns) = (cx.lang(), register.columns());
    let name = words::register(lang, register);
    let title = match (known, lang) {
        (true, Lang::Zh) => format!("修改{name}"),
        (true, Lang::En) => format!("Change: {}", name.to_lowercase()),
        (false, Lang::Zh) => format!("添加{name}"),
        (false, Lang::En) => format!("Add: {}", name.to_lowercase()),
    };
    let labels: Vec<(&str, &str)> = columns
        .iter()
        .map(|column| (column.key, cx.t(column.zh, column.en)))
        .collect();
    let (keys, rest) = columns.split_at(if known { keys(register) } else { 0 });
    let fixed: Vec<_> = keys
        .iter()
        .map(|column| {
            let value = form.value(column.key);
            view! {
                <div><dt>{cx.t(column.zh, column.en)}</dt><dd>{value.clone()}
                    <input type="hidden" name=column.key value=value/></dd></div>
            }
        })
        .collect();
    let fixed = known.then(|| {
        view! { <dl class="key-value">{fixed}</dl><input type="hidden" name="known" value="1"/> }
    });
    let fields: Vec<_> = rest
        .iter()
        .map(|column| {
            let field = Field::new(cx, form, column.key, cx.t(column.zh, column.en))
                .hint(cx.t(column.note, words::note(column.key)));
            if column.needed {
                field.text()
            } else {
                field.optional().text()
            }
        })
        .collect();
    let slug = register.as_str();
    let back = ExportList::from_name(slug).map_or_else(|| "/register".to_owned(), address);
    view! {
        {breadcrumb(cx, &[("/register", cx.t("登记册", "Registers"))], &title)}
        <header class="toolbar"><div class="toolbar-title"><h1>{title.clone()}</h1></div></header>
        {form_problems(cx, form, &labels)}
        <form class="form card" method="post" action=format!("/register/{slug}/row")>
            {csrf_and_key(cx)}
            {fixed}
            <div class="form-grid">{fields}</div>
            <div class="form-actions">
                <button class="button primary">{cx.t("保存", "Save")}</button>
                <a class="button" href=back>{cx.t("不保存", "Cancel")}</a>
            </div>
        </form>
    }
}
