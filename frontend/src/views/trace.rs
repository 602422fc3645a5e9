//! 溯源: a lot's story for whoever holds its box.

use crate::components::chip::toned;
use crate::components::photo::cover;
use crate::components::produce_picture::tint;
use crate::context::Cx;
use crate::text::{Lang, amount, day, status};
use leptos::prelude::*;
use shared::api::trace::{TraceKind, TraceOut, TraceStep};

/// A lot's public story.
pub fn trace(cx: &Cx, out: &TraceOut) -> impl IntoView + use<> {
    let name = format!("{} {}", out.name, out.grade).trim().to_owned();
    let place = format!("{} {}", out.town_name, out.village_name);
    let ahead = out.presale.then(|| {
        toned(
            status::MILLET,
            cx.t("预售 · 还没采收", "Ahead · not harvested yet"),
        )
    });
    let certified = out
        .certificate_no
        .as_ref()
        .map(|_| toned(status::PINE, cx.t("采收时证书有效", "Certified when harvested")));
    let buy = out.on_sale.then(|| {
        view! {
            <a class="button primary wide" href=format!("/goods/{}", out.offer_id)>{cx.t("去货架订这件货", "Order it")}</a>
        }
    });
    view! {
        <article class="trace stack">
            <header class="trace-head">
                <div class=format!("trace-picture {}", tint(&out.produce))>{cover(cx, out.cover.as_ref(), &out.produce)}</div>
                <div>
                    <p class="eyebrow">{cx.t("溯源码", "Trace code")} " " <span class="code">{out.code.clone()}</span></p>
                    <h1>{name}</h1>
                    <p><a href=format!("/villages/{}", out.village_code)>{place}</a></p>
                    <p class="chips">{ahead} {certified}</p>
                </div>
            </header>
            <p class="village-gain">{gain(cx, out)}</p>
            <section class="card">
                <h2>{cx.t("这批货的来路", "The way of this lot")}</h2>
                {journey(cx, &out.journey)}
            </section>
            {facts(cx, out)}
            {buy}
            <p class="hint">{cx.t(
                "这里不显示任何个人、农户或单位的信息。",
                "No person, household or unit is named here.",
            )}</p>
        </article>
    }
}

fn gain(cx: &Cx, out: &TraceOut) -> String {
    let unit = amount::unit(cx.lang(), out.price_unit, out.piece_name.as_deref());
    let sum = amount::cny(out.village_fen);
    match cx.lang() {
        Lang::Zh => format!("每卖出 1 {unit}，{} 计入{}的村集体收入。", sum, out.village_name),
        Lang::En => format!(
            "Of every {unit} sold, {sum} go to the collective income of {}.",
            out.village_name
        ),
    }
}

fn journey(cx: &Cx, steps: &[TraceStep]) -> AnyView {
    let items: Vec<_> = steps
        .iter()
        .map(|step| {
            let word = match step.kind {
                TraceKind::Reviewed => cx.t("区绿食中心审核", "Reviewed by the district centre"),
                TraceKind::Harvested => cx.t("采收", "Harvested"),
                TraceKind::Expected => cx.t("预计采收", "Expected harvest"),
                TraceKind::Packed => cx.t("村里备货装箱", "Packed in the village"),
                TraceKind::Collected => cx.t("中心收货装车", "Collected by the centre"),
                TraceKind::Delivered => cx.t("送到订货单位", "Delivered"),
            };
            let class = if step.kind == TraceKind::Expected { "is-now" } else { "is-done" };
            let last = (step.until != step.from).then(|| {
                view! { " " {cx.t("至", "to")} " " <time datetime=step.until.to_string()>{day::long(cx.lang(), step.until)}</time> }
            });
            view! {
                <li class=class>
                    <p class="timeline-what">{word}</p>
                    <p class="timeline-when"><time datetime=step.from.to_string()>{day::long(cx.lang(), step.from)}</time>{last}</p>
                </li>
            }
        })
        .collect();
    view! { <ol class="timeline">{items}</ol> }.into_any()
}

fn facts(cx: &Cx, out: &TraceOut) -> AnyView {
    let row = |name: &'static str, value: String| {
        (!value.is_empty()).then(|| view! { <div><dt>{name}</dt><dd>{value}</dd></div> })
    };
    let certificate = match (&out.certificate_no, out.certificate_until) {
        (Some(number), Some(until)) => {
            format!(
                "{number} · {} {}",
                cx.t("有效至", "until"),
                day::long(cx.lang(), until)
            )
        }
        (Some(number), None) => number.clone(),
        (None, _) => String::new(),
    };
    let until = out
        .good_until
        .map(|until| day::long(cx.lang(), until))
        .unwrap_or_default();
    view! {
        <section class="card">
            <h2>{cx.t("这批货", "This lot")}</h2>
            <dl class="key-value">
                {row(cx.t("品种", "Kind"), out.produce_name.clone())}
                {row(cx.t("等级", "Grade"), out.grade.clone())}
                {row(cx.t("最佳至", "Best until"), until)}
                {row(cx.t("证书", "Certificate"), certificate)}
            </dl>
        </section>
    }
    .into_any()
}
