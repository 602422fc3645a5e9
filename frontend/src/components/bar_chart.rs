//! Columns side by side, with a table of the same numbers below.

use super::stat::linked;
use leptos::prelude::*;

/// One column.
#[derive(Clone, Debug)]
pub struct Bar {
    /// Its name, and the part of it that a phone leaves out.
    pub name: (String, &'static str),
    /// Its height in any unit; below zero counts as zero.
    pub value: i64,
    /// The figure above it, short.
    pub short: String,
    /// The figure in the table.
    pub exact: String,
    /// The one to look at.
    pub now: bool,
    /// Where its figure in the table leads, if anywhere.
    pub href: Option<String>,
}

/// Words of a chart.
#[derive(Clone, Debug)]
pub struct ChartWords {
    /// What the chart says, for those who do not see it.
    pub message: String,
    /// Opens the table.
    pub open: &'static str,
    /// Headings of the table.
    pub heads: (&'static str, &'static str),
}

/// Hundredths of a per cent, written as per cent.
fn percent(hundredths: i64) -> String {
    format!("{}.{:02}%", hundredths / 100, hundredths % 100)
}

/// The chart with its table.
pub fn bar_chart(bars: &[Bar], words: ChartWords) -> AnyView {
    let count = i64::try_from(bars.len()).unwrap_or(i64::MAX).max(1);
    let top = bars.iter().map(|bar| bar.value).max().unwrap_or(0).max(1);
    let columns: Vec<_> = bars
        .iter()
        .zip(0..)
        .map(|(bar, place)| column(bar, place, count, top))
        .collect();
    let rows: Vec<_> = bars
        .iter()
        .map(|bar| {
            let name = format!("{}{}", bar.name.0, bar.name.1);
            let exact = linked(bar.href.clone(), bar.exact.clone());
            view! {
                <tr>
                    <td class="lead" data-label=words.heads.0>{name}</td>
                    <td class="n sum lead-sum" data-label=words.heads.1>{exact}</td>
                </tr>
            }
        })
        .collect();
    view! {
        <figure class="chart">
            <svg class="month-chart" role="img" aria-label=words.message>{columns}</svg>
            <details class="twin">
                <summary>{words.open}</summary>
                <table class="table table-dense">
                    <thead><tr><th>{words.heads.0}</th><th class="n">{words.heads.1}</th></tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </details>
        </figure>
    }
    .into_any()
}

fn column(bar: &Bar, place: i64, count: i64, top: i64) -> AnyView {
    const FLOOR: i64 = 8600;
    const HIGHEST: i64 = 7000;
    let value = bar.value.max(0);
    let middle = (2 * place + 1) * 5000 / count;
    let half = (10_000 / count * 35 / 100).min(290);
    let height = i64::try_from(i128::from(value) * i128::from(HIGHEST) / i128::from(top)).unwrap_or(HIGHEST);
    // A sliver stays visible, so that little is not taken for nothing.
    let height = if value > 0 { height.max(80) } else { 0 };
    let class = match (bar.now, value == top) {
        (true, _) => Some("is-now"),
        (false, true) => Some("is-top"),
        (false, false) => None,
    };
    let figure = (value > 0).then(|| {
        view! { <text class="month-sum" x=percent(middle) y=percent(FLOOR - height - 250)>{bar.short.clone()}</text> }
    });
    let rect = (height > 0).then(|| {
        view! { <rect x=percent(middle - half) y=percent(FLOOR - height) width=percent(2 * half) height=percent(height) rx="3"></rect> }
    });
    view! {
        <g class=class>
            {rect}
            {figure}
            <text class="month-name" x=percent(middle) y="97%">{bar.name.0.clone()}<tspan>{bar.name.1}</tspan></text>
        </g>
    }
    .into_any()
}
