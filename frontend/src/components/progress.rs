//! Progress to a target: bars and a ring.

use crate::context::Cx;
use leptos::prelude::*;
use shared::domain::money::Fen;

/// Tenths of a per cent that a part is of a whole; 0 when there is no whole.
#[must_use]
pub fn permille(part: Fen, whole: Fen) -> i64 {
    if whole.0 <= 0 {
        return 0;
    }
    let permille = i128::from(part.0.max(0)) * 1000 / i128::from(whole.0);
    i64::try_from(permille).unwrap_or(i64::MAX)
}

/// `88%`: whole per cents, rounded down, so that 100 % is said only when it is reached.
#[must_use]
pub fn percent(part: Fen, whole: Fen) -> String {
    format!("{}%", permille(part, whole) / 10)
}

/// A bar, filled to the part; a target that is passed fills it.
pub fn bar(part: Fen, whole: Fen, tone: &'static str) -> AnyView {
    view! {
        <svg class=format!("bar {tone}") viewBox="0 0 100 4" preserveAspectRatio="none" role="img"
            aria-label=percent(part, whole)>
            <rect class="bar-fill" width=tenths(permille(part, whole).min(1000)) height="4"/>
        </svg>
    }
    .into_any()
}

/// A ring to the target: its parts in their tones, the sum in the middle.
pub fn ring(cx: &Cx, parts: &[(&'static str, Fen)], target: Fen, note: String) -> AnyView {
    let total = Fen::checked_sum(parts.iter().map(|(_, sum)| *sum)).unwrap_or(Fen::ZERO);
    let mut filled = 0;
    let circles: Vec<_> = parts
        .iter()
        .filter(|(_, sum)| sum.0 > 0)
        .map(|(tone, sum)| {
            let part = permille(*sum, target).min(1000 - filled);
            let offset = format!("-{}", tenths(filled));
            filled += part;
            view! {
                <circle class=format!("ring-part {tone}") cx="60" cy="60" r="53.5" pathLength="100"
                    stroke-dasharray=format!("{} 100", tenths(part)) stroke-dashoffset=offset/>
            }
        })
        .collect();
    let label = format!("{}{}{note}", percent(total, target), cx.t("，", ", "));
    view! {
        <figure class="ring">
            <svg viewBox="0 0 120 120" role="img" aria-label=label>
                <g transform="rotate(-90 60 60)">
                    <circle class="ring-track" cx="60" cy="60" r="53.5"/>
                    {circles}
                </g>
            </svg>
            <figcaption><b>{percent(total, target)}</b><span>{note}</span></figcaption>
        </figure>
    }
    .into_any()
}

/// The target in words: `年度目标 20 万元`.
#[must_use]
pub fn target_words(cx: &Cx, target: Fen) -> String {
    const TEN_THOUSAND_YUAN: i64 = 1_000_000;
    if target.0 > 0 && target.0 % TEN_THOUSAND_YUAN == 0 && cx.lang() == crate::text::Lang::Zh {
        return format!("年度目标 {} 万元", target.0 / TEN_THOUSAND_YUAN);
    }
    format!(
        "{} {}",
        cx.t("年度目标", "target for the year"),
        crate::text::amount::round_cny(target)
    )
}

/// Thousandths, or tenths of a per cent, as per cent: `63.8`.
pub(super) fn tenths(value: i64) -> String {
    if value % 10 == 0 {
        (value / 10).to_string()
    } else {
        format!("{}.{}", value / 10, value % 10)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_a_hundred_only_when_it_is_reached() {
        assert_eq!(percent(Fen(19_999_999), Fen(20_000_000)), "99%");
        assert_eq!(percent(Fen(20_000_000), Fen(20_000_000)), "100%");
        assert_eq!(percent(Fen(-5), Fen(20_000_000)), "0%");
        assert_eq!(percent(Fen(5), Fen(0)), "0%");
        assert_eq!(tenths(638), "63.8");
    }
}
