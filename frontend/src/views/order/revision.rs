//! 改单记录: what a request said in each of its revisions, what was changed from one to the next, and why.

use crate::context::Cx;
use crate::text::status::Status as _;
use crate::text::{Lang, amount, day};
use leptos::prelude::*;
use shared::api::approval::DecisionOut;
use shared::api::order::{OrderOut, RequestHead, RequestLineOut, RevisionOut};
use shared::domain::money::Fen;
use shared::domain::price::PriceUnit;
use shared::domain::quantity::Qty;

/// Every revision, the newest first, each with what it changed; nothing for a request that was never changed.
pub fn history(cx: &Cx, out: &OrderOut) -> Option<AnyView> {
    if out.requests.len() < 2 {
        return None;
    }
    let items: Vec<_> = out
        .requests
        .iter()
        .enumerate()
        .map(|(at, revision)| item(cx, revision, out.requests.get(at + 1)))
        .collect();
    Some(
        view! {
            <section class="card" id="revisions">
                <h2>{cx.t("改单记录", "What was changed")}</h2>
                <ol class="timeline">{items}</ol>
            </section>
        }
        .into_any(),
    )
}

/// What the newest revision changed, for the one who decides over it.
pub fn since_last(cx: &Cx, out: &OrderOut) -> Option<AnyView> {
    let (newest, before) = (out.requests.first()?, out.requests.get(1)?);
    let title = match cx.lang() {
        Lang::Zh => format!("这是第 {} 版，和上一版比：", newest.revision),
        Lang::En => format!("Revision {}; compared with the one before:", newest.revision),
    };
    Some(
        view! { <div class="notice tone-water"><p>{title}</p>{changed(cx, before, newest)}</div> }.into_any(),
    )
}

fn changed(cx: &Cx, before: &RevisionOut, after: &RevisionOut) -> AnyView {
    let mut words = changes(cx.lang(), before, after);
    if words.is_empty() {
        words.push(
            cx.t("没有改动，原样再提交", "Nothing changed, asked again")
                .to_owned(),
        );
    }
    let rows: Vec<_> = words
        .into_iter()
        .map(|words| view! { <li>{words}</li> })
        .collect();
    view! { <ul class="changes">{rows}</ul> }.into_any()
}

/// A revision's name: `第 2 版`.
pub fn title(lang: Lang, revision: &RevisionOut) -> String {
    match lang {
        Lang::Zh => format!("第 {} 版", revision.revision),
        Lang::En => format!("Revision {}", revision.revision),
    }
}

fn item(cx: &Cx, revision: &RevisionOut, before: Option<&RevisionOut>) -> AnyView {
    let at = revision.asked_at.map(|at| {
        view! { " · " <time datetime=at.format_full()>{day::time(cx.lang(), at)}</time> }
    });
    let changes = before.map(|before| changed(cx, before, revision));
    let decision = revision.decision.as_ref().map(|decision| sent_back(cx, decision));
    let class = if revision.decision.is_some() {
        "is-bad"
    } else {
        "is-done"
    };
    view! {
        <li class=class>
            <p class="timeline-what">{title(cx.lang(), revision)} " · " <span class="sum">{amount::cny(revision.total_fen)}</span></p>
            <p class="timeline-when">{day_words(cx, revision)} {at}</p>
            {changes}
            {decision}
            {whole(cx, revision)}
        </li>
    }
    .into_any()
}

fn day_words(cx: &Cx, revision: &RevisionOut) -> Option<String> {
    let head = revision.head.as_ref()?;
    Some(format!(
        "{} {}",
        cx.t("要货日", "Wanted on"),
        day::short(cx.lang(), head.wanted_on)
    ))
}

fn sent_back(cx: &Cx, decision: &DecisionOut) -> AnyView {
    let words = format!(
        "{} {} {}{}",
        decision.by,
        day::time(cx.lang(), decision.at),
        cx.t("没有批准：", "did not approve: "),
        decision.note
    );
    view! { <p class="line-short">{words}</p> }.into_any()
}

/// Everything that a revision says.
fn whole(cx: &Cx, revision: &RevisionOut) -> AnyView {
    let lines: Vec<_> = revision
        .lines
        .iter()
        .map(|line| {
            let qty = amount::qty(cx.lang(), line.qty, line.price_unit, line.piece_name.as_deref());
            view! {
                <li>
                    <span class="muted">{format!("{} {} {qty}", line.village_name, line.name)}</span>
                    <span class="num push">{amount::cny(line.total_fen)}</span>
                </li>
            }
        })
        .collect();
    let head = revision.head.as_ref().map(|head| head_words(cx, head));
    view! {
        <details class="twin">
            <summary>{cx.t("看这一版的全部内容", "See all of it")}</summary>
            {head}
            <ul class="lines">{lines}</ul>
        </details>
    }
    .into_any()
}

fn head_words(cx: &Cx, head: &RequestHead) -> AnyView {
    let rows: Vec<_> = facts(cx.lang(), head)
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| view! { <div><dt>{name}</dt><dd>{value}</dd></div> })
        .collect();
    view! { <dl class="key-value">{rows}</dl> }.into_any()
}

/// What a revision says besides its lines, in words.
fn facts(lang: Lang, head: &RequestHead) -> [(&'static str, String); 5] {
    [
        (lang.t("要货日", "Wanted on"), day::long(lang, head.wanted_on)),
        (lang.t("收货地址", "Address"), head.address.clone()),
        (lang.t("联系人", "Contact"), head.contact.clone()),
        (lang.t("资金", "Fund"), head.fund.word(lang).to_owned()),
        (lang.t("备注", "Note"), head.note.clone()),
    ]
}

/// Goods of an offer in a revision: its lots are one line.
struct Goods<'r> {
    line: &'r RequestLineOut,
    qty: Qty,
}

fn goods(revision: &RevisionOut) -> Vec<Goods<'_>> {
    let mut goods: Vec<Goods<'_>> = Vec::new();
    for line in &revision.lines {
        match goods.iter_mut().find(|own| own.line.offer_id == line.offer_id) {
            Some(same) => same.qty = Qty(same.qty.0.saturating_add(line.qty.0)),
            None => goods.push(Goods { line, qty: line.qty }),
        }
    }
    goods
}

/// What was changed from one revision to the next, a sentence each.
fn changes(lang: Lang, before: &RevisionOut, after: &RevisionOut) -> Vec<String> {
    let (old, new) = (goods(before), goods(after));
    let mut words = Vec::new();
    for own in &new {
        let name = format!("{} {}", own.line.village_name, own.line.name);
        match old.iter().find(|was| was.line.offer_id == own.line.offer_id) {
            None => words.push(format!("{} {name} {}", lang.t("加了", "Added"), qty(lang, own))),
            Some(was) if was.qty != own.qty => {
                words.push(from_to(lang, &name, &qty(lang, was), &qty(lang, own)));
            }
            Some(_) => {}
        }
        if let Some(was) = old.iter().find(|was| was.line.offer_id == own.line.offer_id)
            && price(was) != price(own)
        {
            let name = format!("{name} {}", lang.t("单价", "price"));
            let [from, to] = [was, own].map(|goods| {
                let line = goods.line;
                amount::price(lang, line.price_fen, line.price_unit, line.piece_name.as_deref())
            });
            words.push(from_to(lang, &name, &from, &to));
        }
    }
    for was in &old {
        if !new.iter().any(|own| own.line.offer_id == was.line.offer_id) {
            let name = format!("{} {}", was.line.village_name, was.line.name);
            words.push(format!(
                "{} {name} {}",
                lang.t("去掉", "Left out"),
                qty(lang, was)
            ));
        }
    }
    if let (Some(was), Some(own)) = (&before.head, &after.head) {
        for ((name, from), (_, to)) in facts(lang, was).into_iter().zip(facts(lang, own)) {
            if from != to {
                words.push(from_to(lang, name, &from, &to));
            }
        }
    }
    words
}

fn price(goods: &Goods<'_>) -> (Fen, PriceUnit) {
    (goods.line.price_fen, goods.line.price_unit)
}

fn qty(lang: Lang, goods: &Goods<'_>) -> String {
    let line = goods.line;
    amount::qty(lang, goods.qty, line.price_unit, line.piece_name.as_deref())
}

fn from_to(lang: Lang, name: &str, from: &str, to: &str) -> String {
    let or_nothing = |text: &str| match text {
        "" => lang.t("空", "nothing").to_owned(),
        text => text.to_owned(),
    };
    format!(
        "{name}{}{} → {}",
        lang.t("：", ": "),
        or_nothing(from),
        or_nothing(to)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::api::order::FundType;
    use shared::domain::calendar::Day;

    fn line(offer: &str, name: &str, price: i64, qty: i64) -> RequestLineOut {
        RequestLineOut {
            offer_id: offer.parse().expect("an id"),
            village_code: String::new(),
            village_name: "官场村".to_owned(),
            produce: String::new(),
            name: name.to_owned(),
            lot_code: String::new(),
            price_fen: Fen(price),
            price_unit: PriceUnit::Jin,
            piece_name: None,
            qty: Qty(qty),
            total_fen: Fen(0),
            on_sale: true,
        }
    }

    fn revision(day: i32, note: &str, lines: Vec<RequestLineOut>) -> RevisionOut {
        RevisionOut {
            revision: 1,
            total_fen: Fen(0),
            asked_at: None,
            head: Some(RequestHead {
                fund: FundType::Canteen,
                address: "食堂后门".to_owned(),
                contact: String::new(),
                wanted_on: Day(day),
                note: note.to_owned(),
            }),
            decision: None,
            lines,
        }
    }

    #[test]
    fn says_what_was_changed_and_nothing_else() {
        let ids = [
            "00000000-0000-0000-0000-00000000000a",
            "00000000-0000-0000-0000-00000000000b",
        ];
        let other = "00000000-0000-0000-0000-00000000000c";
        let before = revision(
            20_000,
            "",
            // Two lots of one offer are one line.
            vec![
                line(ids[0], "香菇", 900, 4000),
                line(ids[0], "香菇", 900, 1000),
                line(ids[1], "板栗", 1000, 500),
            ],
        );
        let after = revision(
            20_001,
            "走北门",
            vec![line(ids[0], "香菇", 950, 2500), line(other, "山楂", 300, 500)],
        );
        assert!(changes(Lang::Zh, &before, &before).is_empty());
        let words = changes(Lang::Zh, &before, &after);
        assert_eq!(words.len(), 6, "{words:?}");
        assert_eq!(words[0], "官场村 香菇：10 斤 → 5 斤");
        assert_eq!(words[1], "官场村 香菇 单价：¥9.00/斤 → ¥9.50/斤");
        assert_eq!(words[2], "加了 官场村 山楂 1 斤");
        assert_eq!(words[3], "去掉 官场村 板栗 1 斤");
        assert!(words[4].starts_with("要货日："), "{}", words[4]);
        assert_eq!(words[5], "备注：空 → 走北门");
        let unknown = RevisionOut { head: None, ..after };
        assert_eq!(
            changes(Lang::Zh, &before, &unknown).len(),
            4,
            "what was not kept is not compared"
        );
    }
}
