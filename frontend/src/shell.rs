//! The page frame: header, modes, footer; where its links lead is in `navigation`.

use crate::context::{Cx, Mode};
use crate::foreign;
use crate::islands::search::SearchBox;
use crate::navigation;
use crate::text::{self, Lang};
use leptos::prelude::*;
use std::collections::BTreeMap;

/// Built assets: a logical name's hashed file, so that browsers may keep it for ever.
#[derive(Debug, Default)]
pub struct Assets {
    /// Logical name → file name.
    pub files: BTreeMap<String, String>,
}

impl Assets {
    /// The address of an asset.
    #[must_use]
    pub fn url(&self, name: &str) -> String {
        format!("/assets/{}", self.files.get(name).map_or(name, String::as_str))
    }
}

/// How the frame is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frame {
    /// With header, footer and the phone's bottom bar.
    Full,
    /// The same, and the view fills the whole width by itself.
    Wide,
    /// A job on the phone: the view brings its own task bar.
    Task,
    /// A sheet for paper.
    Sheet,
}

/// A whole page as text.
#[must_use]
pub fn page<V: IntoView>(cx: &Cx, frame: Frame, title: &str, main: impl FnOnce(&Cx) -> V) -> String {
    // Nothing here is asynchronous, so islands need no shared data, no stream, no inline script and no nonce.
    let owner = Owner::new_root(None);
    let html = owner.with(|| whole(cx, frame, title, main(cx).into_any()).to_html());
    match cx.lang() {
        Lang::Zh => format!("<!DOCTYPE html>{html}"),
        Lang::En => format!("<!DOCTYPE html>{}", foreign::marked(&html)),
    }
}

fn whole(cx: &Cx, frame: Frame, title: &str, main: AnyView) -> impl IntoView + use<> {
    let lang = cx.lang();
    let mode = match cx.look.mode {
        Mode::Light => "light",
        Mode::Dark => "dark",
        Mode::Auto => "auto",
    };
    let name = lang.t("蓟州帮扶集市", "Jizhou Market");
    let whole_title = format!("{title} · {name}");
    let head = view! {
        <head>
            <meta charset="utf-8"/>
            <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"/>
            <title>{whole_title}</title>
            {preview(cx, title)}
            <link rel="stylesheet" href=cx.asset("market.css")/>
            <link rel="icon" type="image/svg+xml" href=cx.asset("favicon.svg")/>
            <link rel="apple-touch-icon" href=cx.asset("apple-touch-icon.png")/>
            <link rel="manifest" href="/site.webmanifest"/>
            <meta name="theme-color" content="#1e6b4a"/>
            <meta name="islands" content=cx.asset("islands.js") data-wasm=cx.asset("islands.wasm")/>
            <script type="module" src=cx.asset("boot.js")></script>
        </head>
    };
    let body = match frame {
        Frame::Full => full(cx, "page wrap", main).into_any(),
        Frame::Wide => full(cx, "home", main).into_any(),
        Frame::Task | Frame::Sheet => main,
    };
    view! {
        <html
            lang=lang.tag()
            data-mode=mode
            data-size=cx.look.large.then_some("large")
            data-contrast=cx.look.contrast.then_some("high")
        >
            {head}
            <body>{body}</body>
        </html>
    }
}

fn open_graph(property: &'static str, content: impl Into<String>) -> AnyView {
    leptos::html::meta()
        .attr("property", property)
        .content(content.into())
        .into_any()
}

/// What a link to the page looks like where somebody sends it on. Pages of people who are signed in are theirs alone.
fn preview(cx: &Cx, title: &str) -> Option<impl IntoView + use<>> {
    if cx.me.is_some() || cx.path.starts_with("/link/") {
        return None;
    }
    let about = cx.about.clone().unwrap_or_else(|| {
        cx.t(
            "蓟州各村的好农产品，单位一单买齐；过秤签字，每一分都记到村集体账上。",
            "Good produce from Jizhou's villages in one order; weighed, signed, and every fen on the village's account.",
        )
        .to_owned()
    });
    let (path, picture) = (cx.path.split('?').next().unwrap_or("/"), cx.asset("social.png"));
    let (address, picture) = (
        format!("{}{path}", cx.public_url),
        format!("{}{picture}", cx.public_url),
    );
    let (name, locale) = (cx.t("蓟州帮扶集市", "Jizhou Market"), cx.t("zh_CN", "en_GB"));
    Some(view! {
        <meta name="description" content=about.clone()/>
        {open_graph("og:type", "website")}
        {open_graph("og:site_name", name)}
        {open_graph("og:locale", locale)}
        {open_graph("og:title", title.to_owned())}
        {open_graph("og:description", about)}
        {open_graph("og:url", address)}
        {open_graph("og:image", picture)}
        {open_graph("og:image:width", "1200")}
        {open_graph("og:image:height", "630")}
        <meta name="twitter:card" content="summary_large_image"/>
    })
}

fn full(cx: &Cx, class: &'static str, main: AnyView) -> impl IntoView + use<> {
    view! {
        <a class="skip-link" href="#main">{cx.t("跳到正文", "Skip to content")}</a>
        {header(cx).into_any()}
        {read_only(cx)}
        {flash(cx)}
        <main class=class id="main">{main}</main>
        {footer(cx).into_any()}
        {navigation::bottom_bar(cx).into_any()}
    }
}

fn read_only(cx: &Cx) -> Option<impl IntoView + use<>> {
    cx.read_only.then(|| {
        view! {
            <div class="flash wrap">
                <p class="notice tone-millet" role="status">{cx.t(
                    "系统维护中：现在只能查看，暂时不能提交。请稍后再来。",
                    "Maintenance: for now you can look at everything and change nothing. Please come back later.",
                )}</p>
            </div>
        }
    })
}

fn flash(cx: &Cx) -> Option<impl IntoView + use<>> {
    let flash = cx.flash?;
    let tone = if flash.good() {
        "notice tone-pine"
    } else {
        "notice tone-millet"
    };
    Some(view! {
        <div class="flash wrap">
            <p class=tone role="status" data-flash=flash.as_str()>{flash.text(cx.lang())}</p>
        </div>
    })
}

fn header(cx: &Cx) -> impl IntoView + use<> {
    let buys = navigation::buys(cx);
    let search = buys.then(|| search(cx));
    let basket = buys.then(|| {
        let count = (cx.basket > 0).then(|| view! { <span class="count">{cx.basket}</span> });
        view! { <a class="tool" href="/basket">{cx.t("篮子", "Basket")} " " {count}</a> }
    });
    view! {
        <header class="site-header"><div class="wrap site-bar">
            <a class="brand" href="/">
                <img src=cx.asset("logo.svg") alt="" width="34" height="34"/>
                <span>{cx.t("蓟州帮扶集市", "Jizhou Market")}</span>
            </a>
            {search}
            {navigation::head(cx).into_any()}
            <div class="site-tools">{modes(cx).into_any()} {notices(cx)} {account(cx)} {basket}</div>
        </div></header>
    }
}

/// The way to what the reader should know.
fn notices(cx: &Cx) -> Option<impl IntoView + use<>> {
    cx.me.as_ref()?;
    Some(
        view! { <a class="tool" href="/notices">{cx.t("消息", "Notices")} " " {navigation::new_notices(cx)}</a> },
    )
}

fn search(cx: &Cx) -> AnyView {
    // Other lists have words of their own.
    let typed = match cx.path.split_once('?') {
        Some(("/goods", _)) => query_value(&cx.path, "q"),
        _ => String::new(),
    };
    view! { <SearchBox lang=cx.lang() typed=typed/> }.into_any()
}

/// What the mode switches say: each names what it turns to.
fn mode_words(cx: &Cx) -> [(&'static str, &'static str); 4] {
    let large = if cx.look.large {
        cx.t("普通版", "Normal type")
    } else {
        cx.t("大字版", "Large type")
    };
    let dark = if cx.look.mode == Mode::Dark {
        cx.t("浅色", "Light")
    } else {
        cx.t("深色", "Dark")
    };
    let contrast = if cx.look.contrast {
        cx.t("普通对比", "Normal contrast")
    } else {
        cx.t("高对比", "High contrast")
    };
    let language = match cx.lang() {
        Lang::Zh => "English",
        Lang::En => "中文",
    };
    [
        ("size", large),
        ("dark", dark),
        ("contrast", contrast),
        ("lang", language),
    ]
}

fn modes(cx: &Cx) -> impl IntoView + use<> {
    let [(size, large), others @ ..] = mode_words(cx);
    let others: Vec<_> = others
        .into_iter()
        .map(|(turn, word)| view! { <button name="turn" value=turn>{word}</button> })
        .collect();
    view! {
        <form method="post" action="/modes">
            {mode_fields(cx)}
            <button class="tool" name="turn" value=size>{large}</button>
        </form>
        <details class="menu">
            <summary class="tool">{cx.t("显示", "View")}</summary>
            <form class="menu-list" method="post" action="/modes">
                {mode_fields(cx)}
                {others}
            </form>
        </details>
    }
}

fn mode_fields(cx: &Cx) -> impl IntoView + use<> {
    view! {
        <input type="hidden" name="csrf" value=cx.csrf.clone()/>
        <input type="hidden" name="back" value=cx.path.clone()/>
    }
}

fn account(cx: &Cx) -> AnyView {
    let Some(me) = &cx.me else {
        return view! { <a class="tool" href="/sign-in">{cx.t("登录", "Sign in")}</a> }.into_any();
    };
    let place = if me.active.place_name.is_empty() {
        me.name.clone()
    } else {
        me.active.place_name.clone()
    };
    let label = format!("{place} · {}", text::role::role(cx.lang(), me.active.role));
    let others: Vec<_> = me
        .grants
        .iter()
        .filter(|grant| grant.id != me.active.id)
        .map(|grant| {
            let label = format!("{} {}", grant.place_name, text::role::role(cx.lang(), grant.role));
            view! { <button name="grant" value=grant.id.to_string()>{cx.t("切换到 ", "Switch to ")} {label}</button> }
        })
        .collect();
    let switch = (!others.is_empty()).then(|| {
        view! {
            <form method="post" action="/me/role">
                <input type="hidden" name="csrf" value=cx.csrf.clone()/>
                {others}
            </form>
        }
    });
    view! {
        <details class="menu">
            <summary class="account">{label}</summary>
            <div class="menu-list">
                <a href="/me">{format!("{} · {}", me.name, cx.t("我的账号", "My account"))}</a>
                <a href="/me/searches">{cx.t("收藏的搜索", "Saved searches")}</a>
                <a href="/works">{cx.t("后台任务", "Long work")}</a>
                {switch}
                <form method="post" action="/sign-out">
                    <input type="hidden" name="csrf" value=cx.csrf.clone()/>
                    <button>{cx.t("退出登录", "Sign out")}</button>
                </form>
            </div>
        </details>
    }
    .into_any()
}

fn footer(cx: &Cx) -> impl IntoView + use<> {
    // The header has no room for these on a phone.
    let turns: Vec<_> = mode_words(cx)
        .into_iter()
        .map(|(turn, word)| view! { <button class="link-button" name="turn" value=turn>{word}</button> })
        .collect();
    view! {
        <footer class="site-footer"><div class="wrap">
            <p>{cx.t("蓟州区绿食中心 · 每一分都记到村集体账上", "Jizhou green-food centre · every fen on the village's account")}</p>
            <form class="footer-nav" method="post" action="/modes" aria-label=cx.t("显示", "View")>
                {mode_fields(cx)}
                {turns}
            </form>
            <nav class="footer-nav" aria-label=cx.t("页脚", "Footer")>
                <a href="/villages">{cx.t("村庄", "Villages")}</a>
                <a href="/totals">{cx.t("公开账", "Totals")}</a>
                <a href="/d">{cx.t("核对单据", "Check a document")}</a>
                <a href="/api/v1/docs/">{cx.t("开放接口", "API")}</a>
            </nav>
        </div></footer>
    }
}

fn query_value(path: &str, name: &str) -> String {
    let Some((_, query)) = path.split_once('?') else {
        return String::new();
    };
    query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .find(|(n, _)| *n == name)
        .map(|(_, value)| decode(value))
        .unwrap_or_default()
}

/// A form-encoded value as text.
fn decode(value: &str) -> String {
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => {
                let hex = [rest.next().unwrap_or(b'2'), rest.next().unwrap_or(b'0')];
                let text = std::str::from_utf8(&hex).unwrap_or("20");
                bytes.push(u8::from_str_radix(text, 16).unwrap_or(b' '));
            }
            byte => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
