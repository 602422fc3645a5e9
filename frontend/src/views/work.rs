//! 后台任务: long work, how far it is, what came of it.

use crate::components::breadcrumb::breadcrumb;
use crate::components::empty::empty;
use crate::components::export::export;
use crate::components::form_tokens::csrf_and_key;
use crate::components::pager::pager;
use crate::context::Cx;
use crate::text::status::Status as _;
use crate::text::{Lang, amount, day, problem, work as words};
use leptos::prelude::*;
use shared::api::import::BadRow;
use shared::api::page::Page;
use shared::api::work::{ExportList, WorkKind, WorkOut, WorkStage, WorkState};

/// One's own long work, newest first.
pub fn works(cx: &Cx, page: &Page<WorkOut>) -> impl IntoView + use<> {
    let body = if page.items.is_empty() {
        empty(
            cx,
            "search",
            cx.t("还没有后台任务", "No long work yet"),
            cx.t(
                "导入登记册或导出列表后，进度和文件都在这里。",
                "Imports and exports show their progress and files here.",
            ),
            None,
        )
    } else {
        let rows: Vec<_> = page.items.iter().map(|work| row(cx, work)).collect();
        view! {
            <section class="table-wrap card card-flush">
                <table class="table">
                    <thead><tr>
                        <th>{cx.t("任务", "Work")}</th>
                        <th>{cx.t("状态", "State")}</th>
                        <th class="n">{cx.t("已处理", "Done")}</th>
                        <th>{cx.t("开始", "Asked")}</th>
                        <th>{cx.t("文件", "File")}</th>
                    </tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </section>
            {pager(cx, page.next.as_deref())}
        }
        .into_any()
    };
    view! {
        <header class="toolbar">
            <div class="toolbar-title">
                <h1>{cx.t("后台任务", "Long work")}</h1>
                <p>{cx.t("可以离开，做完会提醒您；文件保留 30 天。", "You may leave; you will be told. Files are kept 30 days.")}</p>
            </div>
            <div class="toolbar-actions">{export(cx, &[ExportList::Works])}</div>
        </header>
        {body}
    }
}

/// What a piece of work is called.
fn title(cx: &Cx, work: &WorkOut) -> String {
    let what = words::subject(cx.lang(), &work.subject);
    match (work.kind, cx.lang()) {
        (WorkKind::Import, Lang::Zh) => format!("导入{what}"),
        (WorkKind::Import, Lang::En) => format!("Import {}", what.to_lowercase()),
        (WorkKind::Export, Lang::Zh) => format!("导出{what}"),
        (WorkKind::Export, Lang::En) => format!("Export {}", what.to_lowercase()),
    }
}

fn chip(cx: &Cx, state: WorkState) -> AnyView {
    view! { <span class=format!("chip {}", state.tone())>{state.word(cx.lang())}</span> }.into_any()
}

fn row(cx: &Cx, work: &WorkOut) -> AnyView {
    let file = work.result_name.clone().map(|name| {
        let saved_as = name.clone();
        view! { <a href=format!("/works/{}/result", work.id) download=saved_as>{name}</a> }
    });
    view! {
        <tr>
            <td class="lead" data-label=cx.t("任务", "Work")>
                <div><a href=format!("/works/{}", work.id)>{title(cx, work)}</a>
                <p class="small muted">{work.input_name.clone()}</p></div></td>
            <td data-label=cx.t("状态", "State")>{chip(cx, work.state)}</td>
            <td class="n" data-label=cx.t("已处理", "Done")>{amount::count(work.done)}</td>
            <td data-label=cx.t("开始", "Asked")>
                <time datetime=work.created_at.format_full()>{day::time(cx.lang(), work.created_at)}</time></td>
            <td data-label=cx.t("文件", "File")>{file}</td>
        </tr>
    }
    .into_any()
}

/// One piece of long work.
pub fn work(cx: &Cx, work: &WorkOut) -> impl IntoView + use<> {
    let name = title(cx, work);
    let crumb = breadcrumb(cx, &[("/works", cx.t("后台任务", "Long work"))], &name);
    view! {
        {crumb}
        <header class="toolbar"><div class="toolbar-title">
            <h1>{name.clone()}</h1>
            <p>{work.input_name.clone()}</p>
        </div></header>
        {card(cx, work)}
        {figures(cx, work)}
        {decision(cx, work)}
        {result(cx, work)}
        {bad_rows(cx, work)}
    }
}

fn card(cx: &Cx, work: &WorkOut) -> AnyView {
    let percent = if work.total > 0 {
        (work.done.saturating_mul(100) / work.total).clamp(0, 100)
    } else {
        i64::from(work.state == WorkState::Done) * 100
    };
    let counted = match (cx.lang(), work.total) {
        (Lang::Zh, 0) => format!("已处理 {} 行", amount::count(work.done)),
        (Lang::Zh, total) => format!(
            "已处理 {} / {} 行",
            amount::count(work.done),
            amount::count(total)
        ),
        (Lang::En, 0) => format!("{} rows", amount::count(work.done)),
        (Lang::En, total) => format!("{} of {} rows", amount::count(work.done), amount::count(total)),
    };
    let step = match (work.kind, work.stage) {
        (WorkKind::Import, WorkStage::Check) => cx.t("检查文件", "Checking the file"),
        (WorkKind::Import, WorkStage::Write) if is_statement(work) => {
            cx.t("记入待查，自动对账单", "Booking and matching")
        }
        (WorkKind::Import, WorkStage::Write) => cx.t("写入登记册", "Writing to the register"),
        (WorkKind::Export, _) => cx.t("生成文件", "Writing the file"),
    };
    let hint = work.moves().then(|| {
        view! { <p class="hint">{cx.t("可以离开此页，做完会提醒您。页面会自己刷新。", "You may leave; you will be told. This page refreshes itself.")}</p> }
    });
    let stop = (work.moves() || work.state == WorkState::Waiting).then(|| {
        view! {
            <form class="form-actions" method="post" action=format!("/works/{}/stop", work.id)>
                {csrf_and_key(cx)}
                <button class="button small danger">{cx.t("停止", "Stop")}</button>
            </form>
        }
    });
    let problem = work.problem.map(|code| {
        view! {
            <div class="notice tone-persimmon">
                <p>{problem::title(cx.lang(), code)} " · " {problem::detail(cx.lang(), code)}</p>
            </div>
        }
    });
    view! {
        <section class="card work" aria-live="polite" data-state=work.state.as_str()>
            <div class="work-head"><h2>{step}</h2>{chip(cx, work.state)}</div>
            <svg class="bar tone-pine" viewBox="0 0 100 4" preserveAspectRatio="none" role="img" aria-label=format!("{percent}%")>
                <rect class="bar-fill" width=percent.to_string() height="4"/></svg>
            <p class="work-count">{counted}</p>
            {problem}
            {hint}
            {stop}
        </section>
    }
    .into_any()
}

fn figures(cx: &Cx, work: &WorkOut) -> Option<AnyView> {
    if work.kind == WorkKind::Export {
        return None;
    }
    let would = work.stage == WorkStage::Check;
    let [created, changed, unchanged] = if is_statement(work) {
        of_statement(cx, would)
    } else {
        of_register(cx, would)
    };
    let rows = [
        (created, work.created, "stat"),
        (changed, work.changed, "stat"),
        (unchanged, work.unchanged, "stat"),
        (
            cx.t("退回", "Refused"),
            work.refused,
            if work.refused > 0 {
                "stat tone-persimmon"
            } else {
                "stat"
            },
        ),
    ];
    let rows: Vec<_> = rows
        .into_iter()
        .map(|(name, count, class)| {
            view! { <div class=class><dt>{name}</dt><dd>{amount::count(count)}</dd></div> }
        })
        .collect();
    Some(view! { <dl class="stats">{rows}</dl> }.into_any())
}

/// Whether it takes a bank statement in.
fn is_statement(work: &WorkOut) -> bool {
    work.kind == WorkKind::Import && work.subject == ExportList::Receipts.as_str()
}

fn of_register(cx: &Cx, would: bool) -> [&'static str; 3] {
    let (created, changed) = if would {
        (cx.t("将新增", "Would be new"), cx.t("将更新", "Would change"))
    } else {
        (cx.t("新增", "New"), cx.t("更新", "Changed"))
    };
    [created, changed, cx.t("没有变化", "Known already")]
}

fn of_statement(cx: &Cx, would: bool) -> [&'static str; 3] {
    let (created, changed) = if would {
        (
            cx.t("将进待查", "Would wait in suspense"),
            cx.t("将自动对上", "Would find their bill"),
        )
    } else {
        (
            cx.t("进待查", "In suspense"),
            cx.t("自动对上", "Found their bill"),
        )
    };
    [
        created,
        changed,
        cx.t("导入过的和支出", "Known already, or outgoing"),
    ]
}

/// What a person decides over a checked import, or over one that ended too early.
fn decision(cx: &Cx, work: &WorkOut) -> Option<AnyView> {
    let again = matches!(work.state, WorkState::Stopped | WorkState::Failed);
    if work.state != WorkState::Waiting && !again {
        return None;
    }
    let good = work.created + work.changed;
    let word = if again {
        cx.t("接着做", "Go on").to_owned()
    } else if good == 0 {
        cx.t("没有要写入的行，完成", "Nothing to write, finish")
            .to_owned()
    } else {
        match cx.lang() {
            Lang::Zh => format!("导入好的 {} 行", amount::count(good)),
            Lang::En => format!("Import the {} good rows", amount::count(good)),
        }
    };
    let whole = (work.state == WorkState::Waiting).then(|| {
        view! {
            <label class="check">
                <input type="checkbox" name="whole" value="1"/>
                <span>{cx.t("有一行退回就一行都不导入", "Take nothing when any row is refused")}</span>
            </label>
        }
    });
    Some(
        view! {
            <form class="form card" method="post" action=format!("/works/{}/go", work.id)>
                {csrf_and_key(cx)}
                {whole}
                <div class="form-actions"><button class="button primary">{word}</button></div>
            </form>
        }
        .into_any(),
    )
}

fn result(cx: &Cx, work: &WorkOut) -> Option<AnyView> {
    let name = work.result_name.clone()?;
    let saved_as = name.clone();
    let hint = if work.subject == "people" && work.kind == WorkKind::Import {
        cx.t(
            "表里是每个人的一次性链接，48 小时内有效，请用可靠方式交给本人，不要转发。",
            "It holds everybody's one-time link, good for 48 hours: hand each over by a safe way.",
        )
    } else {
        cx.t("文件保留 30 天。", "The file is kept for 30 days.")
    };
    Some(
        view! {
            <section class="card">
                <p><a class="button primary" href=format!("/works/{}/result", work.id) download=saved_as>
                    {cx.t("下载 ", "Download ")} {name}</a></p>
                <p class="hint">{hint}</p>
            </section>
        }
        .into_any(),
    )
}

fn bad_rows(cx: &Cx, work: &WorkOut) -> Option<AnyView> {
    if work.bad.is_empty() {
        return None;
    }
    let lines: Vec<_> = work.bad.iter().map(|row| bad_row(cx, work, row)).collect();
    Some(
        view! {
            <section class="table-wrap card card-flush">
                <div class="card-head"><h2>{cx.t("退回的行", "Refused rows")}</h2>
                    <a class="button small" href=format!("/works/{}/refused", work.id) download="">
                        {cx.t("下载退回的行，改好再导入", "Download them to mend and import again")}</a></div>
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
        .into_any(),
    )
}

fn bad_row(cx: &Cx, work: &WorkOut, row: &BadRow) -> AnyView {
    let column = work
        .register()
        .and_then(|register| register.columns().iter().find(|column| column.key == row.column))
        .map_or_else(
            || row.column.clone(),
            |column| cx.t(column.zh, column.en).to_owned(),
        );
    let why = problem::field(cx.lang(), row.code, row.bound.as_deref());
    let line = match cx.lang() {
        Lang::Zh => format!("第 {} 行", row.line),
        Lang::En => format!("Line {}", row.line),
    };
    view! {
        <tr>
            <td class="lead" data-label="">{line}</td>
            <td data-label=cx.t("列", "Column")>{column}</td>
            <td data-label=cx.t("内容", "Value")>{row.value.clone()}</td>
            <td data-label=cx.t("原因", "Reason")>{why}</td>
        </tr>
    }
    .into_any()
}
