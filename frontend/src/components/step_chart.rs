//! Lines that hold until they step: prices over time. The numbers stand in a table below, which the caller gives.

use leptos::prelude::*;

/// A line.
#[derive(Clone, Debug)]
pub struct Steps {
    /// Its colour, as a tone.
    pub tone: &'static str,
    /// Its name in the key; empty for a line alone.
    pub name: &'static str,
    /// From where on (in any unit) it has which height; in order.
    pub points: Vec<(i64, i64)>,
}

/// Words of a chart.
#[derive(Clone, Debug)]
pub struct StepWords {
    /// What the chart says, for those who do not see it.
    pub message: String,
    /// Opens the table.
    pub open: &'static str,
    /// The highest and the lowest value, as written at the side.
    pub bounds: (String, String),
    /// The first and the last time, as written below.
    pub ends: (String, String),
}

/// Hundredths of a per cent, written as per cent.
fn percent(hundredths: i64) -> String {
    format!("{}.{:02}%", hundredths / 100, hundredths % 100)
}

/// Where a value lies between two others, in hundredths of a per cent of the way from `from` to `to`.
fn between(value: i64, (least, most): (i64, i64), (from, to): (i64, i64)) -> i64 {
    let whole = i128::from(most) - i128::from(least);
    if whole <= 0 {
        return i64::midpoint(from, to);
    }
    let part = (i128::from(value) - i128::from(least)) * (i128::from(to) - i128::from(from)) / whole;
    i64::try_from(i128::from(from) + part).unwrap_or(from)
}

/// The chart until `end`, with the table of its numbers.
pub fn step_chart(lines: &[Steps], end: i64, words: StepWords, table: AnyView) -> AnyView {
    const WIDE: (i64, i64) = (200, 9800);
    const HIGH: (i64, i64) = (8000, 1400);
    let all = || lines.iter().flat_map(|line| line.points.iter());
    let times = (all().map(|(at, _)| *at).min().unwrap_or(0), end);
    let values = (
        all().map(|(_, value)| *value).min().unwrap_or(0),
        all().map(|(_, value)| *value).max().unwrap_or(0),
    );
    let drawn: Vec<_> = lines
        .iter()
        .map(|line| {
            let mut parts = Vec::new();
            for (at, (from, value)) in line.points.iter().enumerate() {
                let until = line.points.get(at + 1);
                let (x1, x2) = (
                    between(*from, times, WIDE),
                    between(until.map_or(end, |(next, _)| *next), times, WIDE),
                );
                let y = between(*value, values, HIGH);
                parts.push((x1, y, x2, y));
                if let Some((_, next)) = until {
                    parts.push((x2, y, x2, between(*next, values, HIGH)));
                }
            }
            let parts: Vec<_> = parts
                .into_iter()
                .map(|(x1, y1, x2, y2)| {
                    view! { <line x1=percent(x1) y1=percent(y1) x2=percent(x2) y2=percent(y2)></line> }
                })
                .collect();
            view! { <g class=format!("step-line {}", line.tone)>{parts}</g> }
        })
        .collect();
    let key: Vec<_> = lines
        .iter()
        .filter(|line| !line.name.is_empty())
        .map(|line| view! { <li><i class=format!("dot {}", line.tone)></i> " " {line.name}</li> })
        .collect();
    let key = (!key.is_empty()).then(|| view! { <ul class="chart-key">{key}</ul> });
    let same = values.0 == values.1;
    let lowest = (!same).then(|| view! { <text class="step-bound" x="2%" y="93%">{words.bounds.1}</text> });
    view! {
        <figure class="chart">
            {key}
            <svg class="step-chart" role="img" aria-label=words.message>
                {drawn}
                <text class="step-bound" x="2%" y="10%">{words.bounds.0}</text>
                {lowest}
            </svg>
            <p class="chart-ends"><span>{words.ends.0}</span><span>{words.ends.1}</span></p>
            <details class="twin"><summary>{words.open}</summary>{table}</details>
        </figure>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_lie_between_their_bounds() {
        assert_eq!(between(5, (0, 10), (0, 10_000)), 5_000);
        assert_eq!(between(0, (0, 10), (8_000, 1_400)), 8_000);
        assert_eq!(between(10, (0, 10), (8_000, 1_400)), 1_400);
        assert_eq!(between(7, (7, 7), (8_000, 1_400)), 4_700);
        assert_eq!(between(i64::MAX, (0, i64::MAX), (200, 9_800)), 9_800);
        assert_eq!(percent(4_705), "47.05%");
    }
}
