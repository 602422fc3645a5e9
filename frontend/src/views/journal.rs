//! 账链: a village's journal for everybody, every entry with the hash that ties it to the one before.

use crate::components::breadcrumb::breadcrumb;
use crate::components::chip::chip;
use crate::components::empty::empty;
use crate::components::pager::pager;
use crate::components::stat::{Stat, stats};
use crate::context::Cx;
use crate::text::status::Status as _;
use crate::text::{Lang, amount, day};
use leptos::prelude::*;
use shared::api::books::{JournalLink, JournalOut};
use shared::domain::rights::{Action, Place};

/// A village's public journal.
pub fn journal(cx: &Cx, out: &JournalOut) -> impl IntoView + use<> {
    let code = &out.village_code;
    let village = format!("/villages/{code}");
    let way = [
        ("/villages", cx.t("村庄", "Villages")),
        (village.as_str(), out.village_name.as_str()),
    ];
    let title = match cx.lang() {
        Lang::Zh => format!("{}账链", out.village_name),
        Lang::En => format!("{}: public journal", out.village_name),
    };
    let full = cx.may(Action::LedgerRead, Place::village(code)).then(|| {
        view! {
            <a class="button" href=format!("{village}/journal/full-file")>{cx.t("下载含凭证的文件", "File with documents")}</a>
        }
    });
    view! {
        {breadcrumb(cx, &way, cx.t("账链", "Journal"))}
        <header class="toolbar">
            <div class="toolbar-title">
                <p class="eyebrow">{format!("{} · {code}", out.town_name)}</p>
                <h1>{title}</h1>
                <p>{cx.t(
                    "村集体的每一笔账，一环扣一环；改动任何一笔，后面的指纹就对不上。这里没有任何个人信息。",
                    "Every entry of the village, each tied to the one before: change one and the fingerprints behind it no longer fit. Nobody's personal data is here.",
                )}</p>
            </div>
            <div class="toolbar-actions">
                {full}
                <a class="button primary" href=format!("{village}/journal/file")>{cx.t("下载账链文件", "Download the file")}</a>
            </div>
        </header>
        {figures(cx, out)}
        {links(cx, out)}
        {check_it(cx, out)}
    }
}

fn figures(cx: &Cx, out: &JournalOut) -> AnyView {
    let stat = |name, value| Stat {
        name,
        value,
        tone: "",
        href: None,
    };
    stats(vec![
        stat(
            cx.t("累计集体收入", "Collective income"),
            amount::cny(out.income_fen),
        ),
        stat(
            cx.t("还应付给村里", "Still owed to the village"),
            amount::cny(out.owed_fen),
        ),
        stat(cx.t("分录", "Entries"), amount::count(out.length)),
    ])
}

fn links(cx: &Cx, out: &JournalOut) -> AnyView {
    if out.links.items.is_empty() {
        return empty(
            cx,
            "income",
            cx.t("还没有入账", "Nothing credited yet"),
            cx.t(
                "货送到单位、双方签字后，第一笔就记在这里。",
                "The first entry stands here once goods are delivered and signed for.",
            ),
            Some((cx.t("看全部村庄", "See all villages"), "/villages".to_owned())),
        );
    }
    let rows: Vec<_> = out.links.items.iter().map(|link| row(cx, link)).collect();
    view! {
        <section class="table-wrap card card-flush">
            <table class="table">
                <thead><tr>
                    <th class="n">{cx.t("序号", "No.")}</th>
                    <th>{cx.t("日期", "Day")}</th>
                    <th>{cx.t("业务", "Event")}</th>
                    <th class="n">{cx.t("村集体增减", "Village gains")}</th>
                    <th>{cx.t("指纹", "Fingerprint")}</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
        {pager(cx, out.links.next.as_deref())}
    }
    .into_any()
}

fn row(cx: &Cx, link: &JournalLink) -> AnyView {
    let class = if link.gain_fen.0 < 0 {
        "n sum lead-sum sum-minus"
    } else {
        "n sum lead-sum"
    };
    let source = link.source.map(|source| {
        view! { <p class="small muted">{source.word(cx.lang())}</p> }
    });
    let short = link.hash.get(..12).unwrap_or(&link.hash).to_owned();
    view! {
        <tr>
            <td class="n lead" data-label=cx.t("序号", "No.")>{format!("#{}", link.seq)}</td>
            <td data-label=cx.t("日期", "Day")>
                <time datetime=link.day.to_string()>{day::long(cx.lang(), link.day)}</time></td>
            <td data-label=cx.t("业务", "Event")><div>{chip(cx.lang(), link.kind)}{source}</div></td>
            <td class=class data-label=cx.t("村集体增减", "Village gains")>{link.gain_fen.format_yuan()}</td>
            <td data-label=cx.t("指纹", "Fingerprint")>
                <details class="twin">
                    <summary class="code">{format!("{short}…")}</summary>
                    <p class="code small">{link.hash.clone()}</p>
                    <p class="small muted">{cx.t("完整分录的封签：", "Seal of the full entry: ")}
                        <span class="code">{link.sealed.clone()}</span></p>
                </details>
            </td>
        </tr>
    }
    .into_any()
}

/// The end of the chain, what was published of it, and how anybody checks it.
fn check_it(cx: &Cx, out: &JournalOut) -> AnyView {
    let head = (out.length > 0).then(|| {
        view! {
            <p>{cx.t("最后一笔的指纹：", "Fingerprint of the last entry: ")} <span class="code">{out.head.clone()}</span></p>
        }
    });
    let published = out.published.map(|month| {
        let words = match cx.lang() {
            Lang::Zh => format!("{month} 已签章公布："),
            Lang::En => format!("{month} is signed and published: "),
        };
        view! {
            <p>{words}
                <a href=format!("/books/heads/{month}")>{cx.t("账头", "signed head")}</a> " · "
                <a href="/books/keys">{cx.t("验签公钥", "public keys")}</a></p>
        }
    });
    view! {
        <section class="card">
            <h2>{cx.t("自己核对", "Check it yourself")}</h2>
            {head}
            {published}
            <p>{cx.t("下载文件后，在任何一台电脑上（不用联网）运行：", "Download the files and run, on any machine and without a network:")}</p>
            <p class="code">{format!("jizhou verify --file jizhou-journal-{}.jsonl --head head.txt --key keys.txt", out.village_code)}</p>
            <p class="muted">{cx.t(
                "账链完整就说“whole”，否则指出第一处被改、缺少或重复的分录。",
                "It says 'whole', or names the first entry that is changed, missing or doubled.",
            )}</p>
        </section>
    }
    .into_any()
}
