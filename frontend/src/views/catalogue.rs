//! 货架: the catalogue with its filters. Every filter lives in the address, so that a view can be shared and works
//! without scripts.

use crate::components::address::address;
use crate::components::empty::empty;
use crate::components::export::export;
use crate::components::field::Field;
use crate::components::offer_card::offers_grid;
use crate::components::pager::pager;
use crate::context::Cx;
use crate::form::Form;
use crate::text::{Lang, amount, day};
use crate::views::saved_search::save_form;
use leptos::prelude::*;
use shared::api::catalogue::{CatalogueOut, CatalogueQuery, CatalogueSort};
use shared::domain::work::ExportList;

/// The catalogue page.
pub fn catalogue(cx: &Cx, query: &CatalogueQuery, out: &CatalogueOut, form: &Form) -> impl IntoView + use<> {
    let chosen = chosen(cx, query, out);
    view! {
        <header class="toolbar">
            <div class="toolbar-title">
                <h1>{title(cx, query)}</h1>
                <p>{found(cx, out)}</p>
            </div>
            <div class="toolbar-actions">{export(cx, &[ExportList::Goods])}</div>
        </header>
        {categories(cx, query, out)}
        {filters(cx, query, out, form, chosen.len())}
        {chips(cx, chosen)}
        {save(cx, query, form)}
        {results(cx, query, out)}
    }
}

/// Keeps what one looks for, for those who have signed in.
fn save(cx: &Cx, query: &CatalogueQuery, form: &Form) -> Option<AnyView> {
    let page = address("/goods", &pairs(query));
    let (_, filters) = page.split_once('?').filter(|_| cx.me.is_some())?;
    Some(save_form(cx, form, filters, &title(cx, query)))
}

fn title(cx: &Cx, query: &CatalogueQuery) -> String {
    if let Some(q) = query.q.as_deref().filter(|q| !q.is_empty()) {
        return match cx.lang() {
            Lang::Zh => format!("“{q}”的货品"),
            Lang::En => format!("Goods for “{q}”"),
        };
    }
    if query.season.is_some() {
        let month = day::month(cx.lang(), cx.today.month());
        return match cx.lang() {
            Lang::Zh => format!("{month}应季"),
            Lang::En => format!("In season in {month}"),
        };
    }
    query
        .category
        .clone()
        .unwrap_or_else(|| cx.t("全部货品", "All goods").to_owned())
}

fn found(cx: &Cx, out: &CatalogueOut) -> String {
    let count = out.page.items.len();
    if count == 0 {
        return cx.t("没有找到", "Nothing found").to_owned();
    }
    match (out.total, out.page.next.is_some(), cx.lang()) {
        (Some(total), _, Lang::Zh) => format!("共 {} 件", amount::count(total)),
        (Some(total), _, Lang::En) => format!("{} in all", amount::count(total)),
        (None, false, Lang::Zh) => format!("本页 {count} 件，已是全部"),
        (None, false, Lang::En) => format!("{count} on this page, no more after it"),
        (None, true, Lang::Zh) => format!("本页 {count} 件，后面还有"),
        (None, true, Lang::En) => format!("{count} on this page, more follow"),
    }
}

/// How many goods a choice would leave; nothing is said where only the database could count them.
fn left(out: &CatalogueOut, filter: &str, value: &str) -> Option<i64> {
    out.total?;
    let count = out
        .counts
        .iter()
        .find(|count| count.filter == filter && count.value == value);
    Some(count.map_or(0, |count| count.offers))
}

/// A choice with how many goods it would leave.
fn counted(cx: &Cx, word: &str, left: Option<i64>) -> String {
    match (left, cx.lang()) {
        (None, _) => word.to_owned(),
        (Some(n), Lang::Zh) => format!("{word}({})", amount::count(n)),
        (Some(n), Lang::En) => format!("{word} ({})", amount::count(n)),
    }
}

/// The address of the same catalogue with one filter changed; paging begins anew.
fn with(query: &CatalogueQuery, name: &str, value: Option<&str>) -> String {
    let pairs: Vec<(&str, Option<&str>)> = pairs(query)
        .into_iter()
        .map(|(n, old)| (n, if n == name { value } else { old }))
        .collect();
    address("/goods", &pairs)
}

fn pairs(query: &CatalogueQuery) -> Vec<(&'static str, Option<&str>)> {
    vec![
        ("q", query.q.as_deref()),
        ("category", query.category.as_deref()),
        ("town", query.town.as_deref()),
        ("village", query.village.as_deref()),
        ("produce", query.produce.as_deref()),
        ("season", query.season.as_deref()),
        ("min", query.min.as_deref()),
        ("max", query.max.as_deref()),
        ("certified", query.certified.as_deref()),
        ("paired", query.paired.as_deref()),
        ("stock", query.stock.as_deref()),
        ("presale", query.presale.as_deref()),
        ("sort", query.sort.map(sort_name)),
        ("after", None),
    ]
}

const fn sort_name(sort: CatalogueSort) -> &'static str {
    match sort {
        CatalogueSort::Best => "best",
        CatalogueSort::Newest => "newest",
        CatalogueSort::Cheapest => "cheapest",
        CatalogueSort::Dearest => "dearest",
    }
}

fn categories(cx: &Cx, query: &CatalogueQuery, out: &CatalogueOut) -> AnyView {
    let current = query.category.as_deref();
    let pills: Vec<_> = out
        .categories
        .iter()
        .map(|category| {
            let here = (current == Some(category)).then_some("true");
            view! { <a class="pill" href=with(query, "category", Some(category)) aria-current=here>{category.clone()}</a> }
        })
        .collect();
    let all = current.is_none().then_some("true");
    view! {
        <nav class="pills" aria-label=cx.t("分类", "Categories")>
            <a class="pill" href=with(query, "category", None) aria-current=all>{cx.t("全部", "All")}</a>
            {pills}
        </nav>
    }
    .into_any()
}

fn filters(cx: &Cx, query: &CatalogueQuery, out: &CatalogueOut, form: &Form, count: usize) -> AnyView {
    let towns = std::iter::once((String::new(), cx.t("全部乡镇", "All towns").to_owned()))
        .chain(out.towns.iter().map(|town| {
            (
                town.code.clone(),
                counted(cx, &town.name, left(out, "town", &town.code)),
            )
        }))
        .collect();
    let best = query.q.as_ref().map(|_| ("best", cx.t("最相关", "Best match")));
    let usual = if query.q.is_some() {
        CatalogueSort::Best
    } else {
        CatalogueSort::Newest
    };
    let sorts = [
        ("newest", cx.t("最新上架", "Newest")),
        ("cheapest", cx.t("价格从低到高", "Cheapest")),
        ("dearest", cx.t("价格从高到低", "Dearest")),
    ];
    let sorts = best
        .into_iter()
        .chain(sorts)
        .map(|(name, word)| (name.to_owned(), word.to_owned()))
        .collect();
    let kept: Vec<_> = ["category", "village", "produce"]
        .into_iter()
        .filter_map(|name| pairs(query).into_iter().find(|(n, _)| *n == name))
        .filter_map(|(name, value)| value.map(|v| (name, v.to_owned())))
        .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
        .collect();
    let price = |name: &str, label: &'static str, typed: Option<&str>| {
        Field::new(cx, form, name, label)
            .or(form, typed.unwrap_or_default())
            .unit(cx.t("元", "yuan"))
            .decimal()
    };
    let certified = std::iter::once((String::new(), cx.t("不限", "Any").to_owned()))
        .chain(CERTIFIED.map(|name| {
            let word = counted(cx, &certified_word(cx, name), left(out, "certified", name));
            (name.to_owned(), word)
        }))
        .collect();
    let fields = view! {
        {kept}
        {Field::new(cx, form, "q", cx.t("找什么", "Words")).or(form, query.q.clone().unwrap_or_default())
            .placeholder(cx.t("货品、村、乡镇", "goods, village, town")).max(100).text()}
        {Field::new(cx, form, "town", cx.t("乡镇", "Town")).or(form, query.town.clone().unwrap_or_default()).select(towns)}
        {price("min", cx.t("单价不低于", "Price from"), query.min.as_deref())}
        {price("max", cx.t("单价不高于", "Price to"), query.max.as_deref())}
        {Field::new(cx, form, "sort", cx.t("排序", "Order"))
            .or(form, sort_name(query.sort.unwrap_or(usual)))
            .select(sorts)}
        {Field::new(cx, form, "certified", cx.t("认证", "Certified")).or(form, query.certified.clone().unwrap_or_default())
            .select(certified)}
        {ticks(cx, query, out)}
        <button class="button primary">{cx.t("筛选", "Filter")}</button>
        <a class="button quiet" href="/goods">{cx.t("清除", "Clear")}</a>
    };
    let word = match count {
        0 => cx.t("筛选与排序", "Filter and sort").to_owned(),
        n => format!("{} · {n}", cx.t("筛选与排序", "Filter and sort")),
    };
    let open = count > 0 || !form.problems.is_empty();
    view! {
        <details class="filter-fold" open=open>
            <summary class="button">{word}</summary>
            <form class="filter-bar card" method="get" action="/goods">{fields}</form>
        </details>
    }
    .into_any()
}

/// What an offer can be certified as.
const CERTIFIED: [&str; 3] = ["green_food", "organic", "geographical"];

fn certified_word(cx: &Cx, name: &str) -> String {
    match name {
        "green_food" => cx.t("绿色食品", "Green food"),
        "organic" => cx.t("有机产品", "Organic"),
        "geographical" => cx.t("地理标志", "Protected origin"),
        _ => cx.t("认证", "Certified"),
    }
    .to_owned()
}

/// What is ticked or not: season, stock, what is sold ahead, and the villages of the reader's own unit.
fn ticks(cx: &Cx, query: &CatalogueQuery, out: &CatalogueOut) -> AnyView {
    let of_unit = cx.me.as_ref().is_some_and(|me| me.active.unit_id.is_some());
    let season = counted(cx, cx.t("只看应季", "In season only"), left(out, "season", "1"));
    let paired = counted(
        cx,
        cx.t("只看结对村", "Paired villages only"),
        left(out, "paired", "1"),
    );
    let stock = cx.t("只看有货", "In stock only").to_owned();
    let presale = cx.t("只看预售", "Sold ahead only").to_owned();
    let all = [
        ("season", season, query.season.is_some(), true),
        ("stock", stock, query.stock.is_some(), true),
        ("presale", presale, query.presale.is_some(), true),
        ("paired", paired, query.paired.is_some(), of_unit),
    ];
    all.into_iter()
        .filter(|(.., offered)| *offered)
        .map(|(name, word, checked, _)| {
            view! {
                <label class="check"><input type="checkbox" name=name value="1" checked=checked/><span>{word}</span></label>
            }
        })
        .collect::<Vec<_>>()
        .into_any()
}

/// What is chosen beside the category: the word, and the address without it.
fn chosen(cx: &Cx, query: &CatalogueQuery, out: &CatalogueOut) -> Vec<(String, String)> {
    let town = |code: &str| {
        out.towns
            .iter()
            .find(|town| town.code == code)
            .map_or_else(|| code.to_owned(), |town| town.name.clone())
    };
    // Nothing is shown by its key.
    let village = |_: &String| {
        let name = out.village_name.clone();
        name.unwrap_or_else(|| cx.t("一个村", "one village").to_owned())
    };
    let produce = |_: &String| {
        let name = out.produce_name.clone();
        name.unwrap_or_else(|| cx.t("一个品种", "one kind").to_owned())
    };
    let from = cx.t("不低于", "from");
    let to = cx.t("不高于", "to");
    [
        ("q", query.q.clone().map(|q| format!("“{q}”"))),
        ("town", query.town.as_deref().map(town)),
        ("village", query.village.as_ref().map(village)),
        ("produce", query.produce.as_ref().map(produce)),
        (
            "season",
            query
                .season
                .as_ref()
                .map(|_| cx.t("应季", "In season").to_owned()),
        ),
        (
            "certified",
            query.certified.as_deref().map(|name| certified_word(cx, name)),
        ),
        (
            "stock",
            query.stock.as_ref().map(|_| cx.t("有货", "In stock").to_owned()),
        ),
        (
            "presale",
            query
                .presale
                .as_ref()
                .map(|_| cx.t("预售", "Sold ahead").to_owned()),
        ),
        (
            "paired",
            query
                .paired
                .as_ref()
                .map(|_| cx.t("结对村", "Paired villages").to_owned()),
        ),
        ("min", query.min.as_ref().map(|min| format!("{from} ¥{min}"))),
        ("max", query.max.as_ref().map(|max| format!("{to} ¥{max}"))),
    ]
    .into_iter()
    .filter_map(|(name, word)| word.map(|word| (word, with(query, name, None))))
    .collect()
}

fn chips(cx: &Cx, chosen: Vec<(String, String)>) -> Option<AnyView> {
    if chosen.is_empty() {
        return None;
    }
    let items: Vec<_> = chosen
        .into_iter()
        .map(|(word, href)| {
            let label = format!("{} {word}", cx.t("去掉条件", "Drop"));
            view! { <li><a class="chip tone-pine" href=href aria-label=label>{format!("{word} ×")}</a></li> }
        })
        .collect();
    Some(view! { <ul class="chips" aria-label=cx.t("已选条件", "Chosen filters")>{items}</ul> }.into_any())
}

/// What could be given up so that something is found.
fn loosen(cx: &Cx, query: &CatalogueQuery, out: &CatalogueOut) -> Option<AnyView> {
    let words: Vec<(String, String)> = out
        .loosen
        .iter()
        .filter_map(|loosen| {
            let href = with(query, &loosen.filter, None);
            let (word, _) = chosen(cx, query, out)
                .into_iter()
                .find(|(_, without)| *without == href)
                .or_else(|| {
                    let category = query.category.clone().filter(|_| loosen.filter == "category")?;
                    Some((category, href.clone()))
                })?;
            let words = match cx.lang() {
                Lang::Zh => format!("不限“{}”：{} 件", word.trim_matches(['“', '”']), loosen.offers),
                Lang::En => format!("without “{}”: {}", word.trim_matches(['“', '”']), loosen.offers),
            };
            Some((words, href))
        })
        .collect();
    if words.is_empty() {
        return None;
    }
    let links: Vec<_> = words
        .into_iter()
        .map(|(words, href)| view! { <a class="button" href=href>{words}</a> })
        .collect();
    Some(
        view! {
            <section class="card stack-s">
                <h2 class="title-s">{cx.t("放宽一个条件试试", "Give up one condition")}</h2>
                <div class="button-row">{links}</div>
            </section>
        }
        .into_any(),
    )
}

fn results(cx: &Cx, query: &CatalogueQuery, out: &CatalogueOut) -> AnyView {
    if out.page.items.is_empty() {
        let nothing = empty(
            cx,
            "search",
            cx.t("没有找到这样的货品", "No goods like that"),
            cx.t(
                "换个词，或放宽价格、乡镇再看看。",
                "Try another word, or a wider price or town.",
            ),
            Some((cx.t("看全部货品", "See all goods"), "/goods".to_owned())),
        );
        return view! { {loosen(cx, query, out)} {nothing} {pager(cx, out.page.next.as_deref())} }.into_any();
    }
    view! {
        <section>
            <h2 class="visually-hidden">{cx.t("结果", "Results")}</h2>
            {offers_grid(cx, &out.page.items)}
        </section>
        {pager(cx, out.page.next.as_deref())}
    }
    .into_any()
}
