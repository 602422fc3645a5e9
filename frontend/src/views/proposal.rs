//! 待确认: what one administrator has proposed and another has to confirm.

use crate::components::breadcrumb::breadcrumb;
use crate::components::empty::empty;
use crate::components::export::export;
use crate::components::form_tokens::csrf_and_key;
use crate::context::Cx;
use crate::text::{day, role};
use leptos::prelude::*;
use shared::api::proposal::{ProposalKind, ProposalOut};
use shared::domain::rights::{Action, Place};
use shared::domain::work::ExportList;

/// What waits for a second administrator.
pub fn proposals(cx: &Cx, waiting: &[ProposalOut]) -> impl IntoView + use<> {
    let body = if waiting.is_empty() {
        empty(
            cx,
            "done",
            cx.t("没有等确认的事", "Nothing waits"),
            cx.t(
                "授予管理员、审计、中心财务，收回管理员，重置两步验证，都要两位管理员。",
                "Giving administrator, auditor or centre finance, withdrawing an administrator and resetting a second factor take two.",
            ),
            Some((cx.t("看人员", "See the people"), "/people".to_owned())),
        )
    } else {
        let cards: Vec<_> = waiting.iter().map(|proposal| card(cx, proposal)).collect();
        view! { <div class="stack">{cards}</div> }.into_any()
    };
    let title = cx.t("等第二位管理员确认", "Waiting for a second administrator");
    view! {
        {breadcrumb(cx, &[("/people", cx.t("人员", "People"))], title)}
        <header class="toolbar"><div class="toolbar-title">
            <h1>{title}</h1>
            <p>{cx.t("提出的人自己不能确认；14 天没人确认就作废。", "Who proposed cannot confirm; after 14 days it lapses.")}</p>
        </div>
        <div class="toolbar-actions">{export(cx, &[ExportList::Proposals])}</div></header>
        {body}
    }
}

fn what(cx: &Cx, proposal: &ProposalOut) -> String {
    let word = match proposal.kind {
        ProposalKind::Grant => cx.t("授予身份：", "Give the role: "),
        ProposalKind::Withdraw => cx.t("收回身份：", "Withdraw the role: "),
        ProposalKind::ResetSecondFactor => cx.t("重置两步验证", "Reset the second factor"),
    };
    let role = proposal.role.map_or("", |known| role::role(cx.lang(), known));
    format!("{word}{role}")
}

fn card(cx: &Cx, proposal: &ProposalOut) -> AnyView {
    let me = cx.me.as_ref().map(|me| me.person_id);
    let own = me == Some(proposal.proposed_by);
    let gains = me == Some(proposal.person_id) && proposal.kind != ProposalKind::Withdraw;
    let writes = cx.may(Action::PeopleWrite, Place::DISTRICT);
    let form = |verb: &'static str, class: &'static str, word: &'static str| {
        view! {
            <form method="post" action=format!("/people/proposals/{}/{verb}", proposal.id)>
                {csrf_and_key(cx)}
                <button class=class>{word}</button>
            </form>
        }
    };
    let confirm =
        (writes && !own && !gains).then(|| form("confirm", "button primary", cx.t("确认", "Confirm")));
    let decline = writes.then(|| {
        let word = if own {
            cx.t("撤回", "Take back")
        } else {
            cx.t("不同意", "Decline")
        };
        form("decline", "button", word)
    });
    let note = (writes && own).then(|| {
        view! { <p class="hint">{cx.t("您提出的，要由另一位管理员确认。", "You proposed it; another administrator confirms it.")}</p> }
    });
    let reason = (!proposal.reason.is_empty())
        .then(|| view! { <p>{cx.t("原因：", "Reason: ")} {proposal.reason.clone()}</p> });
    view! {
        <section class="card stack">
            <div class="spread">
                <h2>{what(cx, proposal)}</h2>
                <span class="chip tone-millet">{cx.t("待确认", "Waits")}</span>
            </div>
            <p>
                <a href=format!("/people/{}", proposal.person_id)>{proposal.person_name.clone()}</a>
                " " <span class="code muted">{proposal.sign_in_name.clone()}</span>
            </p>
            {reason}
            <p class="small muted">
                {proposal.proposed_by_name.clone()} " "
                <time datetime=proposal.proposed_at.format_full()>{day::time(cx.lang(), proposal.proposed_at)}</time>
                {cx.t(" 提出", " proposed it")}
            </p>
            {note}
            <div class="button-row">{confirm}{decline}</div>
        </section>
    }
    .into_any()
}
