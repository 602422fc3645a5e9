//! One offer for its village and the centre: versions, review, lots, and taking it off the shelf.

use super::content::{changes, content};
use super::list::again_word;
use super::lots::lots;
use super::photos::photos;
use crate::components::breadcrumb::breadcrumb;
use crate::components::chip;
use crate::components::field::Field;
use crate::components::form_problems::form_problems;
use crate::components::form_tokens::csrf_and_key;
use crate::components::photo::thumb;
use crate::components::produce_picture::tint;
use crate::components::timeline::timeline;
use crate::context::Cx;
use crate::form::Form;
use crate::text::day;
use crate::views::price::of_offer;
use leptos::prelude::*;
use shared::api::offer::{OfferIn, OfferOut, OfferVersionOut};
use shared::domain::offer::{OfferStatus, VersionStatus};
use shared::domain::rights::{Action, Place};

/// One offer with its versions and lots.
pub fn offer(cx: &Cx, out: &OfferOut, form: &Form) -> impl IntoView + use<> {
    let writes = cx.may(Action::OfferWrite, Place::village(&out.village.code));
    let reviews = cx.may(Action::OfferReview, Place::village(&out.village.code));
    let shown = out.live.as_ref().or(out.pending.as_ref());
    let name = shown.map(|version| name_of(&version.content)).unwrap_or_default();
    let stock = shown.map(|version| {
        let may_add = writes && out.status != OfferStatus::Ended;
        lots(cx, out, &version.content, form, may_add)
    });
    let labels = [
        ("qty", cx.t("数量", "Amount")),
        ("harvested_on", cx.t("采收日", "Harvested on")),
        ("good_until", cx.t("保质到", "Good until")),
        ("reason", cx.t("退回原因", "Reason")),
        ("photos", cx.t("照片", "Photos")),
    ];
    view! {
        {breadcrumb(cx, &[("/offers", cx.t("货品", "Goods"))], &name)}
        {toolbar(cx, out, &name, writes)}
        {form_problems(cx, form, &labels)}
        <div class="main-side">
            <div class="stack">
                {out.pending.as_ref().map(|pending| pending_card(cx, out, pending))}
                {stock}
                {photos(cx, out, form, writes && out.status != OfferStatus::Ended)}
                {of_offer(cx, &out.prices, shown.and_then(|v| v.content.piece_name.as_deref()))}
            </div>
            <div class="stack">
                {out.pending.as_ref().filter(|p| reviews && p.status == VersionStatus::Submitted).map(|p| review(cx, out, p, form))}
                {out.pending.as_ref().filter(|p| writes && p.status.editable()).map(|_| hand_in(cx, out))}
                {live_card(cx, out)}
                {writes.then(|| shelf(cx, out))}
                {history(cx, out)}
            </div>
        </div>
    }
}

fn history(cx: &Cx, out: &OfferOut) -> AnyView {
    view! {
        <section class="card">
            <h2>{cx.t("记录", "What happened")}</h2>
            {timeline(cx, &out.history)}
        </section>
    }
    .into_any()
}

fn name_of(content: &OfferIn) -> String {
    format!("{} {}", content.name, content.grade).trim().to_owned()
}

fn toolbar(cx: &Cx, out: &OfferOut, name: &str, writes: bool) -> AnyView {
    let edit = (writes && out.status != OfferStatus::Ended).then(|| {
        view! { <a class="button" href=format!("/offers/{}/edit", out.id)>{cx.t("修改", "Change")}</a> }
    });
    let again = (writes && out.status != OfferStatus::Submitted).then(|| {
        let word = again_word(cx, out.status);
        view! { <a class="button" href=format!("/offers/{}/again", out.id)>{word}</a> }
    });
    let public = out.status.on_sale().then(|| {
        view! { <a class="button" href=format!("/goods/{}", out.id)>{cx.t("看货架上的样子", "See it on the shelf")}</a> }
    });
    view! {
        <header class="toolbar">
            <div class="toolbar-title row">
                <span class=format!("goods-picture goods-picture-l {}", tint(&out.produce.slug))>
                    {thumb(cx, out.photos.first().map(|photo| &photo.card), &out.produce.slug, 56)}
                </span>
                <div>
                    <p class="eyebrow">{format!("{} {}", out.village.town_name, out.village.name)}</p>
                    <div class="row"><h1>{name.to_owned()}</h1>{chip::chip(cx.lang(), out.status)}</div>
                </div>
            </div>
            <div class="toolbar-actions">{public}{edit}{again}</div>
        </header>
    }
    .into_any()
}

/// The version that is written or reviewed, next to what is on sale.
fn pending_card(cx: &Cx, out: &OfferOut, pending: &OfferVersionOut) -> AnyView {
    let body = match &out.live {
        Some(live) => changes(cx, out, &live.content, &pending.content),
        None => view! { <div class="card-body">{content(cx, out, &pending.content)}</div> }.into_any(),
    };
    let title = if out.live.is_some() {
        cx.t("想改成这样", "The change")
    } else {
        cx.t("货品内容", "What it says")
    };
    let returned = pending
        .reason
        .clone()
        .filter(|_| pending.status == VersionStatus::Returned)
        .map(|reason| {
            view! { <p class="notice tone-persimmon">{cx.t("中心退回：", "Returned: ")}{reason}</p> }
        });
    let by = pending
        .submitted_by
        .clone()
        .map(|name| format!("{} {name} · ", cx.t("提交人", "By")));
    view! {
        {returned}
        <section class="table-wrap card card-flush">
            <div class="card-head">
                <h2>{title}</h2>
                {out.live.as_ref().map(|_| chip::chip(cx.lang(), pending.status))}
                <p class="muted">{by}{day::time(cx.lang(), pending.created_at)}</p>
            </div>
            {body}
        </section>
    }
    .into_any()
}

/// Submitting what is written, for the village.
fn hand_in(cx: &Cx, out: &OfferOut) -> AnyView {
    view! {
        <form class="card card-quiet" method="post" action=format!("/offers/{}/submit", out.id)>
            {csrf_and_key(cx)}
            <h2>{cx.t("提交审核", "Submit for review")}</h2>
            <p>{cx.t("写好了就提交，中心审核通过后上架。", "Submit it when it is ready; after review it goes on sale.")}</p>
            <button class="button primary wide">{cx.t("提交审核", "Submit for review")}</button>
            <a class="button" href=format!("/offers/{}/edit", out.id)>{cx.t("继续修改", "Go on writing")}</a>
        </form>
    }
    .into_any()
}

/// Publish or return, for the centre.
fn review(cx: &Cx, out: &OfferOut, pending: &OfferVersionOut, form: &Form) -> AnyView {
    let action = format!("/offers/{}/review", out.id);
    let refused = form.problem("reason").is_some();
    view! {
        <section class="card card-quiet">
            <h2>{cx.t("审核", "Review")}</h2>
            <form method="post" action=action.clone()>
                {csrf_and_key(cx)}
                <input type="hidden" name="version_id" value=pending.id.to_string()/>
                <input type="hidden" name="publish" value="1"/>
                <button class="button primary wide">{cx.t("通过并上架", "Publish")}</button>
            </form>
            <details class="fold" open=refused>
                <summary>{cx.t("退回修改", "Return it")}</summary>
                <form class="fold-body" method="post" action=action>
                    {csrf_and_key(cx)}
                    <input type="hidden" name="version_id" value=pending.id.to_string()/>
                    <input type="hidden" name="publish" value="0"/>
                    {Field::new(cx, form, "reason", cx.t("退回原因", "Reason"))
                        .hint(cx.t("写清哪里要改，村里会看到", "Say what to mend; the village reads it"))
                        .max(200)
                        .area()}
                    <div class="form-actions"><button class="button danger">{cx.t("退回给村里", "Return to the village")}</button></div>
                </form>
            </details>
        </section>
    }
    .into_any()
}

fn live_card(cx: &Cx, out: &OfferOut) -> Option<AnyView> {
    // A pending change already shows what is on sale beside it.
    let live = out.live.as_ref().filter(|_| out.pending.is_none())?;
    let number = format!("{} {}", cx.t("第", "Version"), live.number);
    let number = match cx.lang() {
        crate::text::Lang::Zh => format!("{number} 版"),
        crate::text::Lang::En => number,
    };
    Some(
        view! {
            <section class="card">
                <div class="spread"><h2>{cx.t("在售内容", "On sale")}</h2><span class="chip tone-plain">{number}</span></div>
                {content(cx, out, &live.content)}
            </section>
        }
        .into_any(),
    )
}

/// Off the shelf for a while, back, or for good.
fn shelf(cx: &Cx, out: &OfferOut) -> Option<AnyView> {
    let button = |step: &str, class: &'static str, word: &'static str| {
        view! {
            <form method="post" action=format!("/offers/{}/{step}", out.id)>
                {csrf_and_key(cx)}
                <button class=class>{word}</button>
            </form>
        }
        .into_any()
    };
    let turn = match out.status {
        OfferStatus::Published => button("pause", "button", cx.t("暂停销售", "Pause")),
        OfferStatus::Paused => button("resume", "button primary", cx.t("恢复销售", "Resume")),
        _ => return None,
    };
    Some(
        view! {
            <section class="card">
                <h2>{cx.t("上下架", "On and off the shelf")}</h2>
                <p class="hint">{cx.t("已下的订单照常进行。", "Orders already placed go on as they are.")}</p>
                {turn}
                <details class="fold">
                    <summary>{cx.t("永久下架", "End it for good")}</summary>
                    <div class="fold-body">
                        <p>{cx.t("下架后不能恢复，要卖就再上架一件新的。", "It cannot come back; list it anew to sell it again.")}</p>
                        {button("end", "button danger", cx.t("下架", "End"))}
                    </div>
                </details>
            </section>
        }
        .into_any(),
    )
}
