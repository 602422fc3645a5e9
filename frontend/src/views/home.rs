//! 首页: what the market is, what is in season, what has just been credited.

use crate::components::address::address;
use crate::components::offer_card::offers_grid;
use crate::components::progress::bar;
use crate::context::Cx;
use crate::text::{Lang, amount, day, status};
use leptos::prelude::*;
use shared::api::catalogue::HomeOut;
use shared::api::village::{PublicCredit, VillageRow};

/// The public home page.
pub fn home(cx: &Cx, out: &HomeOut) -> impl IntoView + use<> {
    view! {
        {hero(cx, out)}
        <div class="page wrap">
            {in_season(cx, out)}
            <div class="cols-2">
                {near_target(cx, &out.near_target)}
                {how_it_works(cx)}
            </div>
        </div>
    }
}

fn hero(cx: &Cx, out: &HomeOut) -> AnyView {
    let title = match cx.lang() {
        Lang::Zh => view! { "买蓟州好货，"<br/>"每一分都记到村集体账上" }.into_any(),
        Lang::En => view! { "Good produce of Jizhou,"<br/>"every fen on the village's books" }.into_any(),
    };
    view! {
        <section class="hero">
            <img class="hero-hills" src=cx.asset("hero-mountains.svg") alt=""/>
            <div class="wrap hero-inner">
                <div class="hero-words">
                    <h1>{title}</h1>
                    <p class="hero-lead">
                        {cx.t(
                            "帮扶单位下单，绿食中心验货配送，过秤签字后当日入账，人人可查。",
                            "Aid units order, the green-food centre checks and delivers; weighed, signed and credited the same day, for everybody to see.",
                        )}
                    </p>
                    {figures(cx, out)}
                    <p class="button-row">
                        <a class="button primary" href="/goods">{cx.t("去选货", "Choose goods")}</a>
                        <a class="button" href="/totals">{cx.t("看公开账", "See the totals")}</a>
                    </p>
                </div>
                {latest_credits(cx, &out.credits)}
            </div>
        </section>
    }
    .into_any()
}

fn figures(cx: &Cx, out: &HomeOut) -> AnyView {
    let gained = match cx.lang() {
        Lang::Zh => format!("{} 年村集体增收", out.year),
        Lang::En => format!("collective income in {}", out.year),
    };
    view! {
        <dl class="hero-figures">
            <div><dd><a href="/totals">{amount::cny(out.credited_fen)}</a></dd><dt>{gained}</dt></div>
            <div><dd>{amount::count(out.units)}</dd><dt>{cx.t("采购单位", "buying units")}</dt></div>
            <div><dd><a href="/totals#towns">{amount::count(out.villages)}</a></dd><dt>{cx.t("受益村", "villages that earned")}</dt></div>
        </dl>
    }
    .into_any()
}

fn latest_credits(cx: &Cx, credits: &[PublicCredit]) -> AnyView {
    let rows: Vec<_> = credits
        .iter()
        .take(5)
        .map(|credit| credit_row(cx, credit))
        .collect();
    let list = if rows.is_empty() {
        view! {
            <p class="muted">
                {cx.t("还没有入账。第一笔验收签字后就会出现在这里。", "Nothing credited yet. The first signed acceptance will show here.")}
            </p>
        }
        .into_any()
    } else {
        view! { <ul class="lines">{rows}</ul> }.into_any()
    };
    view! {
        <section class="card hero-card">
            <h2>{cx.t("刚刚入账", "Just credited")}</h2>
            {list}
            <p class="card-foot"><a href="/totals#villages">{cx.t("看各村进度 →", "How far the villages are →")}</a></p>
        </section>
    }
    .into_any()
}

fn credit_row(cx: &Cx, credit: &PublicCredit) -> AnyView {
    let qty = amount::qty(
        cx.lang(),
        credit.qty,
        credit.price_unit,
        credit.piece_name.as_deref(),
    );
    view! {
        <li>
            <a href=format!("/villages/{}", credit.village_code)>{format!("{}{}", credit.town_name, credit.village_name)}</a>
            <span class="muted">{format!("{} {qty}", credit.goods)}</span>
            <span class="sum tone-pine push">{amount::signed(credit.amount_fen)}</span>
        </li>
    }
    .into_any()
}

fn in_season(cx: &Cx, out: &HomeOut) -> AnyView {
    let pills: Vec<_> = out
        .categories
        .iter()
        .map(|category| {
            let href = address("/goods", &[("category", Some(category))]);
            view! { <a class="pill" href=href>{category.clone()}</a> }
        })
        .collect();
    let month = day::month(cx.lang(), cx.today.month());
    let title = match cx.lang() {
        Lang::Zh => format!("{month}应季"),
        Lang::En => format!("In season in {month}"),
    };
    let cards = if out.in_season.is_empty() {
        view! {
            <p class="card card-quiet">
                {cx.t("这个月还没有应季货品上架，看看全部货品吧。", "Nothing in season is on sale this month; have a look at all goods.")}
            </p>
        }
        .into_any()
    } else {
        offers_grid(cx, &out.in_season)
    };
    view! {
        <nav class="pills" aria-label=cx.t("分类", "Categories")>
            <a class="pill" href="/goods" aria-current="true">{cx.t("全部", "All")}</a>
            {pills}
        </nav>
        <section class="stack">
            <div class="section-head">
                <h2>{title}</h2>
                <a class="push" href="/goods?season=1">{cx.t("看全部应季", "All in season")}</a>
            </div>
            {cards}
        </section>
    }
    .into_any()
}

fn near_target(cx: &Cx, villages: &[VillageRow]) -> AnyView {
    let rows: Vec<_> = villages
        .iter()
        .filter_map(|village| {
            let missing = village
                .target_fen
                .checked_sub(village.credited_fen)
                .ok()
                .filter(|m| m.0 > 0)?;
            Some(view! {
                <li>
                    <a href=format!("/villages/{}", village.code)>{village.name.clone()}</a>
                    {bar(village.credited_fen, village.target_fen, status::PINE)}
                    <span class="bars-note">{cx.t("差 ", "")} {amount::round_cny(missing)} {cx.t("", " to go")}</span>
                </li>
            })
        })
        .collect();
    let list = if rows.is_empty() {
        view! {
            <p class="muted">{cx.t("今年还没有村接近目标。", "No village is near its target yet this year.")}</p>
        }
        .into_any()
    } else {
        view! { <ul class="bars">{rows}</ul> }.into_any()
    };
    view! {
        <section class="card">
            <h2>{cx.t("离 20 万目标还差的村", "Villages nearest to 200,000 yuan")}</h2>
            {list}
        </section>
    }
    .into_any()
}

fn how_it_works(cx: &Cx) -> AnyView {
    view! {
        <section class="card">
            <h2>{cx.t("一笔钱怎么到村里", "How the money reaches the village")}</h2>
            <ol class="steps">
                <li>
                    <h3>{cx.t("下单即分村", "Split by village at once")}</h3>
                    <p>{cx.t("一张订单按村拆开，库存当场锁定，价格当场定死。", "One order is split by village; stock is held and prices are frozen on the spot.")}</p>
                </li>
                <li>
                    <h3>{cx.t("过秤双签", "Weighed, signed by two")}</h3>
                    <p>{cx.t("单位与中心各一人签字，按实收斤两结算，差额写明。", "One of the unit and one of the centre sign; what was weighed counts, differences are explained.")}</p>
                </li>
                <li>
                    <h3>{cx.t("当日入账", "Credited the same day")}</h3>
                    <p>{cx.t("入账、单位付款、拨付到村三个数并排可查，精确到分。", "Credited, paid and settled stand side by side, exact to the fen.")}</p>
                </li>
            </ol>
        </section>
    }
    .into_any()
}
