//! 审批: what waits for the approver, and which orders need an approval.

use crate::components::breadcrumb::breadcrumb;
use crate::components::chip;
use crate::components::deadline::left;
use crate::components::empty::empty;
use crate::components::export::export;
use crate::components::field::Field;
use crate::components::form_problems::form_problems;
use crate::components::form_tokens::csrf_and_key;
use crate::components::pager::pager;
use crate::context::Cx;
use crate::form::Form;
use crate::text::{Lang, amount, day};
use leptos::prelude::*;
use shared::api::approval::PolicyOut;
use shared::api::order::OrderRow;
use shared::api::page::Page;
use shared::domain::approval::ApprovalKind;
use shared::domain::rights::{Action, Place};
use shared::domain::work::ExportList;

/// 待我审批.
pub fn approvals(cx: &Cx, page: &Page<OrderRow>, policy: &PolicyOut) -> impl IntoView + use<> {
    let body = if page.items.is_empty() {
        empty(
            cx,
            "done",
            cx.t("没有等您审批的申请", "Nothing waits for your approval"),
            match policy.kind {
                ApprovalKind::Off => cx.t(
                    "本单位下单现在不用审批；需要的话可以改规定。",
                    "Orders of your unit need no approval now; you may change that.",
                ),
                _ => cx.t(
                    "经办人提交后会在这里，也会有消息。",
                    "Requests show up here, with a notice.",
                ),
            },
            Some((cx.t("看全部订单", "See all orders"), "/orders".to_owned())),
        )
    } else {
        let cards: Vec<_> = page.items.iter().map(|row| card(cx, row)).collect();
        view! { <ul class="cols-2">{cards}</ul> {pager(cx, page.next.as_deref())} }.into_any()
    };
    view! {
        <header class="toolbar">
            <div class="toolbar-title"><h1>{cx.t("待我审批", "To approve")}</h1></div>
            <div class="toolbar-actions">
                <a class="button" href=format!("/units/{}/approval", policy.unit_id)>{cx.t("审批规定", "Policy")}</a>
                {export(cx, &[ExportList::Approvals])}
            </div>
        </header>
        <p class="muted">{words(cx, policy.kind, policy)}</p>
        {body}
    }
}

fn card(cx: &Cx, row: &OrderRow) -> AnyView {
    let until = row.hold_until.map(|at| {
        let (tone, words) = left(cx, at);
        chip::toned(tone, words)
    });
    let villages = match cx.lang() {
        Lang::Zh => format!("{} 个村", row.villages),
        Lang::En => amount::counted(row.villages, "village", "villages"),
    };
    view! {
        <li class="card">
            <div class="spread"><h2 class="title-s">{row.number.clone()}</h2>{until}</div>
            <p>
                {cx.t("经办人", "Asked by")} " " {row.requested_by.clone()} " · " {day::time(cx.lang(), row.placed_at)}
            </p>
            <div class="spread">
                <span class="muted small">
                    {cx.t("要货日", "Wanted on")} " " {day::short(cx.lang(), row.wanted_on)} " · " {villages}
                </span>
                <span class="sum">{amount::cny(row.total_fen)}</span>
            </div>
            <a class="button primary" href=format!("/orders/{}", row.id)>{cx.t("看申请并审批", "See and decide")}</a>
        </li>
    }
    .into_any()
}

/// A policy in a sentence.
fn words(cx: &Cx, kind: ApprovalKind, policy: &PolicyOut) -> String {
    match (kind, cx.lang()) {
        (ApprovalKind::Off, _) => cx
            .t("现在下单不用审批。", "Orders need no approval now.")
            .to_owned(),
        (ApprovalKind::Always, _) => cx
            .t("现在每一单都要审批。", "Every order needs an approval now.")
            .to_owned(),
        (ApprovalKind::Above, Lang::Zh) => {
            format!("现在超过 {} 的订单要审批。", amount::cny(policy.above_fen))
        }
        (ApprovalKind::Above, Lang::En) => {
            format!(
                "Orders above {} need an approval now.",
                amount::cny(policy.above_fen)
            )
        }
    }
}

/// 审批规定: which orders of a unit need an approval.
pub fn policy(cx: &Cx, policy: &PolicyOut, form: &Form) -> impl IntoView + use<> {
    let labels = [
        ("kind", cx.t("哪些订单要审批", "Which orders")),
        ("above_fen", cx.t("超过多少元", "Above how much")),
    ];
    let writes = cx.may(Action::ApprovalPolicyWrite, Place::unit(policy.unit_id));
    let body = writes.then(|| fields(cx, policy, form));
    let approvers = match cx.lang() {
        Lang::Zh => format!("有 {} 位审批人。谁提交的申请，就不能由谁审批。", policy.approvers),
        Lang::En => format!(
            "{} can approve; nobody decides over their own request.",
            amount::counted(policy.approvers, "person", "people")
        ),
    };
    let back = if cx.me.as_ref().is_some_and(|me| me.active.unit_id.is_some()) {
        ("/orders", cx.t("订单", "Orders"))
    } else {
        ("/register", cx.t("登记册", "Registers"))
    };
    view! {
        {breadcrumb(cx, &[back], cx.t("审批规定", "Approval policy"))}
        {form_problems(cx, form, &labels)}
        <header class="toolbar">
            <div class="toolbar-title">
                <p class="eyebrow">{policy.unit_name.clone()}</p>
                <h1>{cx.t("审批规定", "Approval policy")}</h1>
                <p>{words(cx, policy.kind, policy)} " " {approvers}</p>
            </div>
        </header>
        {body}
    }
}

fn fields(cx: &Cx, policy: &PolicyOut, form: &Form) -> AnyView {
    let options = vec![
        (
            ApprovalKind::Off.as_str(),
            cx.t("不用审批", "No approval"),
            cx.t("经办人下单就发给村里", "orders go to the villages at once"),
        ),
        (
            ApprovalKind::Always.as_str(),
            cx.t("每单都审批", "Every order"),
            cx.t("批准前库存先保留", "the stock is held meanwhile"),
        ),
        (
            ApprovalKind::Above.as_str(),
            cx.t("超过一定金额才审批", "Above a sum"),
            cx.t("小额直接下单", "small orders go at once"),
        ),
    ];
    let above = match policy.kind {
        ApprovalKind::Above => policy.above_fen.format_plain(),
        _ => String::new(),
    };
    let acting = cx
        .me
        .as_ref()
        .is_some_and(|me| me.active.unit_id.is_none())
        .then(|| {
            view! {
                <p class="notice tone-millet">
                    {cx.t("您在代单位设置，会记录为代办，并通知单位。", "You set this for the unit: it is recorded so, and the unit is told.")}
                </p>
            }
        });
    view! {
        <form class="form card" method="post" action=format!("/units/{}/approval", policy.unit_id)>
            {csrf_and_key(cx)}
            {acting}
            {Field::new(cx, form, "kind", cx.t("哪些订单要审批", "Which orders"))
                .or(form, policy.kind.as_str())
                .radio_cards(options)}
            {Field::new(cx, form, "above_fen", cx.t("超过多少元", "Above how much"))
                .or(form, above)
                .hint(cx.t("选第三项时填，例如 2000", "for the third choice, like 2000"))
                .unit(cx.t("元", "yuan"))
                .optional()
                .decimal()}
            <div class="form-actions"><button class="button primary">{cx.t("保存规定", "Save")}</button></div>
        </form>
    }
    .into_any()
}
