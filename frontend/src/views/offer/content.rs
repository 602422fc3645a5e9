//! What an offer says, field by field, and what a pending version would change.

use crate::context::Cx;
use crate::text::{amount, day};
use leptos::prelude::*;
use shared::api::offer::{OfferIn, OfferOut};
use shared::domain::money::Fen;
use shared::domain::share::SharePolicy;

/// The policy in plain words.
#[must_use]
pub fn share_words(cx: &Cx, offer: &OfferIn) -> String {
    let unit = amount::unit(cx.lang(), offer.price_unit, offer.piece_name.as_deref());
    match offer.share {
        SharePolicy::Whole => cx.t("全部归村集体", "All of it to the village").to_owned(),
        SharePolicy::BasisPoints(bp) => {
            let percent = Fen(i64::from(bp)).format_plain();
            let percent = percent.trim_end_matches('0').trim_end_matches('.').to_owned();
            format!("{} {percent}%", cx.t("村集体得", "To the village:"))
        }
        SharePolicy::FenPerUnit(fen) => {
            format!(
                "{} {}/{unit}",
                cx.t("村集体得", "To the village:"),
                amount::cny(Fen(fen))
            )
        }
    }
}

/// Names and values of everything an offer says.
fn rows(cx: &Cx, out: &OfferOut, offer: &OfferIn) -> Vec<(&'static str, String)> {
    let piece = offer.piece_name.as_deref();
    let qty = |qty| amount::qty(cx.lang(), qty, offer.price_unit, piece);
    let certificate = match (&offer.certificate_no, offer.certificate_until) {
        (Some(number), Some(until)) => format!(
            "{number} · {} {}",
            cx.t("有效至", "until"),
            day::long(cx.lang(), until)
        ),
        (Some(number), None) => number.clone(),
        (None, _) => String::new(),
    };
    vec![
        (cx.t("品名", "Name"), offer.name.clone()),
        (cx.t("等级", "Grade"), offer.grade.clone()),
        (cx.t("包装", "Pack"), offer.pack.clone()),
        (
            cx.t("单价", "Price"),
            amount::price(cx.lang(), offer.price_fen, offer.price_unit, piece),
        ),
        (cx.t("起订", "Least order"), qty(offer.min_qty)),
        (cx.t("加订", "In steps of"), qty(offer.step_qty)),
        (cx.t("销售主体", "Seller of record"), out.seller.name.clone()),
        (cx.t("分账", "Share"), share_words(cx, offer)),
        (cx.t("证书", "Certificate"), certificate),
        (cx.t("介绍", "Story"), offer.story.clone()),
    ]
}

/// What one version says.
pub fn content(cx: &Cx, out: &OfferOut, offer: &OfferIn) -> AnyView {
    let rows: Vec<_> = rows(cx, out, offer)
        .into_iter()
        .filter(|(_, value)| !value.trim().is_empty())
        .map(|(name, value)| view! { <div><dt>{name}</dt><dd>{value}</dd></div> })
        .collect();
    view! { <dl class="key-value">{rows}</dl> }.into_any()
}

/// What is on sale beside what is asked for; what differs stands out.
pub fn changes(cx: &Cx, out: &OfferOut, live: &OfferIn, pending: &OfferIn) -> AnyView {
    let rows: Vec<_> = rows(cx, out, live)
        .into_iter()
        .zip(rows(cx, out, pending))
        .filter(|((_, old), (_, new))| !(old.is_empty() && new.is_empty()))
        .map(|((name, old), (_, new))| {
            let changed = old != new;
            let mark =
                changed.then(|| view! { " " <span class="chip tone-millet">{cx.t("改", "changed")}</span> });
            let class = if changed { "strong" } else { "muted" };
            view! {
                <tr>
                    <td class="lead nowrap" data-label="">{name}</td>
                    <td data-label=cx.t("在售", "On sale")>{old}</td>
                    <td class=class data-label=cx.t("改为", "Asked for")>{new}{mark}</td>
                </tr>
            }
        })
        .collect();
    view! {
        <table class="table">
            <thead><tr>
                <th>{cx.t("项目", "Field")}</th>
                <th>{cx.t("在售", "On sale")}</th>
                <th>{cx.t("改为", "Asked for")}</th>
            </tr></thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}
