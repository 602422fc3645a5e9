//! The offers of a village, or those the centre reviews.

use crate::components::address::address;
use crate::components::chip;
use crate::components::empty::empty;
use crate::components::export::export;
use crate::components::pager::pager;
use crate::components::photo::thumb;
use crate::components::produce_picture::tint;
use crate::context::Cx;
use crate::text::{amount, day};
use leptos::prelude::*;
use shared::api::offer::OfferRow;
use shared::api::page::Page;
use shared::domain::identity::Role;
use shared::domain::offer::OfferStatus;
use shared::domain::work::ExportList;

/// The offers, by state.
pub fn offers(cx: &Cx, page: &Page<OfferRow>, state: Option<&str>, q: &str) -> impl IntoView + use<> {
    let role = cx.me.as_ref().map(|me| me.active.role);
    let (title, new) = match role {
        Some(Role::VillageLister) => (cx.t("我的货品", "My goods"), true),
        Some(Role::CentreOperator) => (cx.t("货品审核", "Goods to review"), true),
        _ => (cx.t("货品", "Goods"), false),
    };
    let new = new.then(|| {
        let word = if role == Some(Role::VillageLister) {
            cx.t("上架新货品", "Put goods on sale")
        } else {
            cx.t("代村上架", "List for a village")
        };
        view! { <a class="button primary" href="/offers/new">{word}</a> }
    });
    let body = if page.items.is_empty() {
        none(cx, state, q, role)
    } else {
        view! { {table(cx, &page.items, role)} {pager(cx, page.next.as_deref())} }.into_any()
    };
    view! {
        <header class="toolbar">
            <div class="toolbar-title"><h1>{title}</h1></div>
            <div class="toolbar-actions">
                <a class="button quiet" href="/certificates">{cx.t("证书到期", "Certificates")}</a>
                <a class="button quiet" href="/prices">{cx.t("价格走势", "Prices")}</a>
                {new}
                {export(cx, &[ExportList::Offers, ExportList::Lots])}
            </div>
        </header>
        {tabs(cx, state, q)}
        {search(cx, state, q)}
        {body}
    }
}

/// Who lists goods.
fn writes(role: Option<Role>) -> bool {
    matches!(role, Some(Role::VillageLister | Role::CentreOperator))
}

/// What listing it again is called: what is on sale gets more stock.
pub(super) fn again_word(cx: &Cx, status: OfferStatus) -> &'static str {
    if status.on_sale() {
        cx.t("补一批", "Add stock")
    } else {
        cx.t("再上一次", "List again")
    }
}

/// The address of the list in a state; the words that are looked for stay.
fn address_of(state: Option<&str>, q: &str) -> String {
    address(
        "/offers",
        &[("state", state), ("q", Some(q).filter(|q| !q.is_empty()))],
    )
}

fn tabs(cx: &Cx, state: Option<&str>, q: &str) -> AnyView {
    let tabs: Vec<_> = [
        (None, cx.t("全部", "All")),
        (Some("submitted"), cx.t("待审核", "In review")),
        (Some("published"), cx.t("在售", "On sale")),
        (Some("draft"), cx.t("草稿", "Drafts")),
        (Some("paused"), cx.t("暂停", "Paused")),
        (Some("ended"), cx.t("已下架", "Ended")),
    ]
    .into_iter()
    .map(|(tab, word)| {
        let href = address_of(tab, q);
        view! { <a href=href aria-current=(tab == state).then_some("page")>{word}</a> }
    })
    .collect();
    view! { <nav class="tabs" aria-label=cx.t("货品状态", "States")>{tabs}</nav> }.into_any()
}

fn search(cx: &Cx, state: Option<&str>, q: &str) -> AnyView {
    let state = state.map(|state| view! { <input type="hidden" name="state" value=state.to_owned()/> });
    let clear = (!q.is_empty()).then(|| {
        view! { <a class="button quiet" href=address_of(None, "")>{cx.t("清除", "Clear")}</a> }
    });
    view! {
        <form class="filter-bar card" method="get" action="/offers">
            {state}
            <div class="field">
                <label for="q">{cx.t("找货品", "Find goods")}</label>
                <input id="q" name="q" type="search" value=q.to_owned() maxlength="100" autocomplete="off"
                    placeholder=cx.t("名称、品种、村或乡镇", "name, kind, village or town")/>
            </div>
            <button class="button primary">{cx.t("查找", "Find")}</button>
            {clear}
        </form>
    }
    .into_any()
}

fn none(cx: &Cx, state: Option<&str>, q: &str, role: Option<Role>) -> AnyView {
    if !q.is_empty() {
        return empty(
            cx,
            "search",
            cx.t("没有找到这样的货品", "No goods like that"),
            cx.t(
                "换个词，或换一个状态看看。",
                "Try another word, or another state.",
            ),
            Some((cx.t("看全部", "See all"), "/offers".to_owned())),
        );
    }
    match (state, role) {
        (Some("submitted"), Some(Role::CentreOperator)) => empty(
            cx,
            "search",
            cx.t("都审完了", "All reviewed"),
            cx.t(
                "村里提交新货品后，会出现在这里。",
                "What villages submit shows up here.",
            ),
            None,
        ),
        (None, Some(Role::VillageLister)) => empty(
            cx,
            "basket",
            cx.t("还没有货品", "No goods yet"),
            cx.t(
                "填品种、价格和数量，中心审核后就能卖。",
                "Fill in kind, price and amount; after the centre's review it is on sale.",
            ),
            Some((cx.t("上架新货品", "Put goods on sale"), "/offers/new".to_owned())),
        ),
        _ => empty(
            cx,
            "search",
            cx.t("这里没有货品", "No goods here"),
            cx.t("换一个状态看看。", "Look under another state."),
            Some((cx.t("看全部", "See all"), "/offers".to_owned())),
        ),
    }
}

fn table(cx: &Cx, rows: &[OfferRow], role: Option<Role>) -> AnyView {
    let villages = role != Some(Role::VillageLister);
    let lines: Vec<_> = rows.iter().map(|row| line(cx, row, role)).collect();
    let village = villages.then(|| view! { <th>{cx.t("村", "Village")}</th> });
    let last = writes(role)
        .then(|| view! { <th><span class="visually-hidden">{cx.t("操作", "Actions")}</span></th> });
    view! {
        <section class="table-wrap card card-flush">
            <table class="table">
                <thead><tr>
                    <th>{cx.t("货品", "Goods")}</th>
                    {village}
                    <th class="n">{cx.t("单价", "Price")}</th>
                    <th class="n">{cx.t("可售", "Free")}</th>
                    <th class="n">{cx.t("已订", "Held")}</th>
                    <th class="n">{cx.t("已售", "Sold")}</th>
                    <th>{cx.t("状态", "State")}</th>
                    <th>{cx.t("更新", "Changed")}</th>
                    {last}
                </tr></thead>
                <tbody>{lines}</tbody>
            </table>
        </section>
    }
    .into_any()
}

fn line(cx: &Cx, row: &OfferRow, role: Option<Role>) -> AnyView {
    let villages = role != Some(Role::VillageLister);
    let piece = row.piece_name.as_deref();
    let qty = |qty| amount::qty(cx.lang(), qty, row.price_unit, piece);
    let village = villages.then(|| {
        view! { <td data-label=cx.t("村", "Village")>{format!("{} {}", row.town_name, row.village_name)}</td> }
    });
    let again = writes(role).then(|| {
        let link = (row.status != OfferStatus::Submitted).then(|| {
            view! { <a class="button small" href=format!("/offers/{}/again", row.id)>{again_word(cx, row.status)}</a> }
        });
        view! { <td data-label="">{link}</td> }
    });
    let pending = row
        .pending
        .map(|pending| chip::chip(cx.lang(), pending))
        .filter(|_| row.status.on_sale());
    view! {
        <tr>
            <td class="lead" data-label=cx.t("货品", "Goods")>
                <span class="goods-cell">
                    <span class=format!("goods-picture {}", tint(&row.produce))>
                        {thumb(cx, row.cover.as_ref(), &row.produce, 32)}
                    </span>
                    <a href=format!("/offers/{}", row.id)>{format!("{} {}", row.name, row.grade)}</a>
                </span></td>
            {village}
            <td class="n sum lead-sum" data-label=cx.t("单价", "Price")>{amount::price(cx.lang(), row.price_fen, row.price_unit, piece)}</td>
            <td class="n" data-label=cx.t("可售", "Free")>{qty(row.free)}</td>
            <td class="n" data-label=cx.t("已订", "Held")>{qty(row.reserved)}</td>
            <td class="n" data-label=cx.t("已售", "Sold")>{qty(row.sold)}</td>
            <td data-label=cx.t("状态", "State")><span class="chips">{chip::chip(cx.lang(), row.status)}{pending}</span></td>
            <td data-label=cx.t("更新", "Changed")>
                <time datetime=row.changed_at.format_full()>{day::short(cx.lang(), row.changed_at.day())}</time></td>
            {again}
        </tr>
    }
    .into_any()
}
