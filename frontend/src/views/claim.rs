//! 售后: opening a claim over an acceptance, the list, one claim with what was said and decided.

use crate::components::breadcrumb::breadcrumb;
use crate::components::chip;
use crate::components::empty::empty;
use crate::components::export::export;
use crate::components::field::Field;
use crate::components::form_problems::form_problems;
use crate::components::form_tokens::csrf_and_key;
use crate::components::pager::pager;
use crate::components::photo::proof;
use crate::components::pills::{Pill, state_pills};
use crate::context::Cx;
use crate::form::Form;
use crate::text::status::Status as _;
use crate::text::{Lang, amount, day, role};
use crate::views::refund_order::claim_money;
use leptos::prelude::*;
use shared::api::acceptance::{AcceptanceLineOut, AcceptanceOut, VarianceReason};
use shared::api::claim::{ClaimEntryOut, ClaimLineOut, ClaimOut, ClaimQuery, ClaimRow};
use shared::api::page::Page;
use shared::domain::calendar::Micros;
use shared::domain::claim::ClaimStatus;
use shared::domain::rights::{Action, Place};
use shared::domain::work::ExportList;

/// The claims, newest first.
pub fn claims(cx: &Cx, page: &Page<ClaimRow>, query: &ClaimQuery) -> impl IntoView + use<> {
    let (state, overdue) = (query.state, query.overdue);
    let states = [
        ClaimStatus::Opened,
        ClaimStatus::Agreed,
        ClaimStatus::Posted,
        ClaimStatus::Refused,
    ];
    let late = Pill {
        word: cx.t("超期未答复", "Late"),
        href: "/claims?overdue=1".to_owned(),
        here: overdue,
    };
    let body = if page.items.is_empty() {
        empty(
            cx,
            "orders",
            cx.t("没有售后单", "No claims"),
            cx.t(
                "验收入账后发现问题，在验收单上点“提出售后”。",
                "Whoever finds something wrong after the credit opens one from the acceptance.",
            ),
            cx.may_reach(Action::OrderRead)
                .then(|| (cx.t("看验收单", "To the acceptances"), "/acceptances".to_owned())),
        )
    } else {
        view! { {table(cx, &page.items)} {pager(cx, page.next.as_deref())} }.into_any()
    };
    view! {
        <header class="toolbar"><div class="toolbar-title">
            <h1>{cx.t("售后", "Claims")}</h1>
            <p>{cx.t("对已入账货品的异议：不改验收单，谈定后另记一笔冲减。", "Disputes over credited goods: the acceptance stays, what is agreed is corrected beside it.")}</p>
        </div>
        <div class="toolbar-actions">{export(cx, &[ExportList::Claims, ExportList::ClaimLines])}</div></header>
        {state_pills(cx, "/claims", &states, state, vec![late])}
        {body}
    }
}

fn table(cx: &Cx, rows: &[ClaimRow]) -> AnyView {
    let lines: Vec<_> = rows.iter().map(|row| list_row(cx, row)).collect();
    view! {
        <div class="table-wrap card card-flush">
            <table class="table">
                <thead><tr>
                    <th>{cx.t("售后单", "Claim")}</th>
                    <th>{cx.t("单位", "Unit")}</th>
                    <th>{cx.t("验收单", "Acceptance")}</th>
                    <th>{cx.t("提出", "Opened")}</th>
                    <th>{cx.t("进度", "State")}</th>
                    <th class="n">{cx.t("要求", "Asked")}</th>
                    <th class="n">{cx.t("同意", "Agreed")}</th>
                </tr></thead>
                <tbody>{lines}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn list_row(cx: &Cx, row: &ClaimRow) -> AnyView {
    let at = row.opened_at.day();
    view! {
        <tr>
            <td class="lead" data-label=cx.t("售后单", "Claim")><a href=format!("/claims/{}", row.id)>{row.number.clone()}</a></td>
            <td data-label=cx.t("单位", "Unit")>{row.unit_name.clone()}</td>
            <td data-label=cx.t("验收单", "Acceptance")>{row.acceptance_number.clone()}</td>
            <td data-label=cx.t("提出", "Opened")><time datetime=at.to_string()>{day::short(cx.lang(), at)}</time></td>
            <td data-label=cx.t("进度", "State")>{chip::chip(cx.lang(), row.status)} {late(cx, row)}</td>
            <td class="n sum lead-sum" data-label=cx.t("要求", "Asked")>{amount::cny(row.asked_fen)}</td>
            <td class="n" data-label=cx.t("同意", "Agreed")>{row.agreed_fen.map_or_else(|| "—".to_owned(), amount::cny)}</td>
        </tr>
    }
    .into_any()
}

/// That nobody has answered in time.
fn late(cx: &Cx, row: &ClaimRow) -> Option<AnyView> {
    row.overdue.then(|| {
        view! { " " <span class="chip tone-persimmon">{cx.t("超期未答复", "Late")}</span> }.into_any()
    })
}

/// Opening a claim: what is wrong, line by line.
pub fn open(
    cx: &Cx,
    acceptance: &AcceptanceOut,
    until: Option<Micros>,
    form: &Form,
) -> impl IntoView + use<> {
    let number = acceptance.number.clone().unwrap_or_default();
    let back = acceptance
        .id
        .map(|id| format!("/acceptances/{id}"))
        .unwrap_or_default();
    let over = until.is_none_or(|until| cx.now > until);
    let body = if over {
        let words = cx.t(
            "提出售后的时间已过，或验收还没有双方签字。有问题请联系绿食中心。",
            "The time for claims is over, or the acceptance is not signed by both yet. Please call the centre.",
        );
        view! {
            <p class="notice tone-millet" role="status">{words}</p>
            <p><a class="button" href=back.clone()>{cx.t("回到验收单", "Back to the acceptance")}</a></p>
        }
        .into_any()
    } else {
        open_form(cx, acceptance, form)
    };
    let note = until.filter(|_| !over).map(|until| match cx.lang() {
        Lang::Zh => format!("{} 前可以提出。只填有问题的货品。", until.format_day_time()),
        Lang::En => format!("Until {}. Fill in only what is wrong.", until.format_day_time()),
    });
    view! {
        {breadcrumb(cx, &[("/acceptances", cx.t("验收单", "Acceptances")), (&back, &number)], cx.t("提出售后", "Open a claim"))}
        <header class="toolbar"><div class="toolbar-title"><h1>{cx.t("提出售后", "Open a claim")}</h1><p>{note}</p></div></header>
        {form_problems(cx, form, &[("words", cx.t("情况说明", "What happened")), ("lines", cx.t("有问题的货品", "Lines"))])}
        {body}
    }
}

fn open_form(cx: &Cx, acceptance: &AcceptanceOut, form: &Form) -> AnyView {
    let lines: Vec<_> = acceptance
        .lines
        .iter()
        .map(|line| open_line(cx, line, form))
        .collect();
    let words = Field::new(cx, form, "words", cx.t("情况说明", "What happened"))
        .hint(cx.t(
            "何时发现、有多少、现在货在哪里。",
            "When it was found, how much, where the goods are now.",
        ))
        .max(500)
        .full()
        .area();
    view! {
        <form class="stack" method="post" action=cx.path.clone() enctype="multipart/form-data">
            {csrf_and_key(cx)}
            {lines}
            <section class="card form">{words}</section>
            <p class="button-row"><button class="button primary">{cx.t("提出售后，告知村和中心", "Open the claim")}</button></p>
        </form>
    }
    .into_any()
}

fn open_line(cx: &Cx, line: &AcceptanceLineOut, form: &Form) -> AnyView {
    let name = |part: &str| format!("line.{}.{part}", line.line_id);
    let piece = line.piece_name.as_deref();
    let unit = amount::unit(cx.lang(), line.price_unit, piece);
    let accepted = amount::qty(cx.lang(), line.accepted_qty, line.price_unit, piece);
    let reasons = [
        VarianceReason::Quality,
        VarianceReason::Damaged,
        VarianceReason::Missing,
        VarianceReason::Other,
    ];
    let options = std::iter::once((String::new(), cx.t("请选择", "Choose").to_owned()))
        .chain(reasons.map(|r| (r.as_str().to_owned(), r.word(cx.lang()).to_owned())))
        .collect();
    let qty = Field::new(cx, form, &name("qty"), cx.t("要退的数量", "To be taken back"))
        .unit(unit)
        .optional()
        .decimal();
    let sum = Field::new(cx, form, &name("asked_fen"), cx.t("或者减价", "Or a sum off"))
        .unit(cx.t("元", "yuan"))
        .optional()
        .decimal();
    let reason = Field::new(cx, form, &name("reason"), cx.t("原因", "Reason"))
        .optional()
        .select(options);
    let photo = Field::new(cx, form, &name("photo"), cx.t("照片", "Photo"))
        .optional()
        .file("image/jpeg,image/png,image/webp");
    view! {
        <section class="card">
            <div class="spread">
                <h2>{format!("{} · {}", line.village_name, line.name)}</h2>
                <span class="chip tone-water">{cx.t("实收 ", "accepted ")} {accepted}</span>
            </div>
            <div class="form">{qty} {sum} {reason} {photo}</div>
        </section>
    }
    .into_any()
}

/// One claim: what is disputed, what was said, the decision.
pub fn claim(cx: &Cx, claim: &ClaimOut, form: &Form) -> impl IntoView + use<> {
    let row = &claim.row;
    let open = row.status == ClaimStatus::Opened;
    let answers = open && cx.may(Action::ClaimAnswer, Place::DISTRICT);
    let talks = cx.may_reach(Action::ClaimTalk);
    let labels = [
        ("words", cx.t("说明", "Words")),
        ("answer", cx.t("决定的理由", "Reason")),
    ];
    view! {
        {breadcrumb(cx, &[("/claims", cx.t("售后", "Claims"))], &row.number)}
        {form_problems(cx, form, &labels)}
        <header class="toolbar">
            <div class="toolbar-title">
                <p class="eyebrow">{row.unit_name.clone()}</p>
                <div class="row"><h1>{cx.t("售后单 ", "Claim ")} {row.number.clone()}</h1> {chip::chip(cx.lang(), row.status)} {late(cx, row)}</div>
            </div>
        </header>
        <div class="main-side">
            <div class="stack">
                {lines(cx, claim)}
                {conversation(cx, &claim.entries)}
                {talks.then(|| say(cx, row, form))}
                {answers.then(|| decide(cx, claim, form))}
            </div>
            <div class="stack">{facts(cx, claim)} {claim.money.as_ref().map(|money| claim_money(cx, &row.id.to_string(), money))}</div>
        </div>
    }
}

fn facts(cx: &Cx, claim: &ClaimOut) -> AnyView {
    let row = &claim.row;
    let fact = |name: &'static str, value: AnyView| view! { <div><dt>{name}</dt><dd>{value}</dd></div> };
    let acceptance =
        view! { <a href=format!("/acceptances/{}", row.acceptance_id)>{row.acceptance_number.clone()}</a> };
    let opened = format!("{} {}", claim.opened_by_name, row.opened_at.format_day_time());
    let answered = row.answered_at.map(|at| {
        let who = claim.answered_by_name.clone().unwrap_or_default();
        fact(
            cx.t("决定", "Decided"),
            format!("{who} {}", at.format_day_time()).into_any(),
        )
    });
    let agreed = row
        .agreed_fen
        .map(|sum| fact(cx.t("同意", "Agreed"), amount::cny(sum).into_any()));
    let answer =
        (!claim.answer.is_empty()).then(|| fact(cx.t("理由", "Reason"), claim.answer.clone().into_any()));
    let until = (row.status == ClaimStatus::Opened).then(|| {
        let words = match (cx.lang(), row.overdue) {
            (Lang::Zh, false) => format!("{} 前", row.answer_by.format_long()),
            (Lang::Zh, true) => format!(
                "{}，已超期，已告知中心财务和监督审计",
                row.answer_by.format_long()
            ),
            (Lang::En, false) => format!("by {}", row.answer_by),
            (Lang::En, true) => format!(
                "{}: late; the centre's finance and the auditor are told",
                row.answer_by
            ),
        };
        fact(cx.t("答复期限", "To be answered"), words.into_any())
    });
    let note = (row.status == ClaimStatus::Agreed).then(|| {
        view! { <p class="small muted">{cx.t("同意的金额由中心财务另记一笔冲减；原验收单和账目不改。", "The agreed sum is corrected by a transaction of its own; the acceptance and its entries stay.")}</p> }
    });
    view! {
        <section class="card">
            <dl class="key-value">
                {fact(cx.t("验收单", "Acceptance"), acceptance.into_any())}
                {fact(cx.t("提出", "Opened"), opened.into_any())}
                {fact(cx.t("要求", "Asked"), amount::cny(row.asked_fen).into_any())}
                {until} {answered} {agreed} {answer}
            </dl>
            {note}
        </section>
    }
    .into_any()
}

fn lines(cx: &Cx, claim: &ClaimOut) -> AnyView {
    let rows: Vec<_> = claim.lines.iter().map(|line| line_row(cx, line)).collect();
    view! {
        <section class="table-wrap card card-flush">
            <div class="card-head"><h2>{cx.t("有问题的货品", "What is disputed")}</h2></div>
            <table class="table">
                <thead><tr>
                    <th>{cx.t("货品", "Goods")}</th>
                    <th>{cx.t("村", "Village")}</th>
                    <th class="n">{cx.t("实收", "Accepted")}</th>
                    <th class="n">{cx.t("要退", "Back")}</th>
                    <th class="n">{cx.t("要求", "Asked")}</th>
                    <th class="n">{cx.t("同意", "Agreed")}</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
    }
    .into_any()
}

fn line_row(cx: &Cx, line: &ClaimLineOut) -> AnyView {
    let qty = |qty| amount::qty(cx.lang(), qty, line.price_unit, line.piece_name.as_deref());
    let back = if line.qty.0 == 0 {
        cx.t("减价", "a sum off").to_owned()
    } else {
        qty(line.qty)
    };
    view! {
        <tr>
            <td class="lead" data-label=""><div>
                {line.name.clone()} " " {chip::toned(line.reason.tone(), line.reason.word(cx.lang()))} {line.photo_id.map(|id| proof(cx, &id.to_string()))}
                <p class="small muted">{cx.t("批次", "Lot")} " " {line.lot_code.clone()}</p>
            </div></td>
            <td data-label=cx.t("村", "Village")>{line.village_name.clone()}</td>
            <td class="n" data-label=cx.t("实收", "Accepted")>{qty(line.accepted_qty)}</td>
            <td class="n" data-label=cx.t("要退", "Back")>{back}</td>
            <td class="n sum lead-sum" data-label=cx.t("要求", "Asked")>{amount::cny(line.asked_fen)}</td>
            <td class="n sum" data-label=cx.t("同意", "Agreed")>{line.agreed_fen.map_or_else(|| "—".to_owned(), amount::cny)}</td>
        </tr>
    }
    .into_any()
}

fn conversation(cx: &Cx, entries: &[ClaimEntryOut]) -> AnyView {
    let items: Vec<_> = entries
        .iter()
        .map(|entry| {
            let who = format!(
                "{} · {} · {}",
                entry.at.format_day_time(),
                entry.person_name,
                role::role(cx.lang(), entry.role)
            );
            view! {
                <li class="is-done">
                    <p class="timeline-what">{entry.words.clone()} {entry.photo_id.map(|id| proof(cx, &id.to_string()))}</p>
                    <p class="timeline-when">{who}</p>
                </li>
            }
        })
        .collect();
    view! {
        <section class="card"><h2>{cx.t("沟通", "What was said")}</h2><ol class="timeline">{items}</ol></section>
    }
    .into_any()
}

fn say(cx: &Cx, row: &ClaimRow, form: &Form) -> AnyView {
    let words = Field::new(cx, form, "words", cx.t("说明", "Words"))
        .max(500)
        .full()
        .area();
    let photo = Field::new(cx, form, "photo", cx.t("照片", "Photo"))
        .optional()
        .file("image/jpeg,image/png,image/webp");
    view! {
        <details class="fold" open=form.problem("words").is_some()>
            <summary>{cx.t("补充说明或照片", "Say something or add a photo")}</summary>
            <div class="fold-body">
                <form class="form" method="post" action=format!("/claims/{}/entries", row.id) enctype="multipart/form-data">
                    {csrf_and_key(cx)} {words} {photo}
                    <p class="button-row full"><button class="button">{cx.t("发送", "Send")}</button></p>
                </form>
            </div>
        </details>
    }
    .into_any()
}

fn decide(cx: &Cx, claim: &ClaimOut, form: &Form) -> AnyView {
    let sums: Vec<_> = claim
        .lines
        .iter()
        .map(|line| {
            let name = format!("line.{}.agreed_fen", line.line_id);
            let label = format!("{} {}", line.village_name, line.name);
            Field::new(cx, form, &name, label)
                .or(form, line.asked_fen.format_yuan().replace(',', ""))
                .unit(cx.t("元", "yuan"))
                .decimal()
        })
        .collect();
    let reason = Field::new(cx, form, "answer", cx.t("决定的理由", "Reason for the decision"))
        .max(500)
        .full()
        .area();
    view! {
        <section class="card">
            <h2>{cx.t("中心的决定", "The centre's decision")}</h2>
            <form class="form" method="post" action=format!("/claims/{}/answer", claim.row.id)>
                {csrf_and_key(cx)} {sums} {reason}
                <p class="button-row full">
                    <button class="button primary" name="agree" value="1">{cx.t("按上面的金额同意", "Agree to these sums")}</button>
                    <button class="button danger" name="agree" value="0">{cx.t("不同意", "Refuse")}</button>
                </p>
            </form>
        </section>
    }
    .into_any()
}
