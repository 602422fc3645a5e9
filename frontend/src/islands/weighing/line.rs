//! A line on the scale: what is typed, how it differs, and what it comes to.

use crate::text::status::{MILLET, PERSIMMON, PINE, Status};
use crate::text::{Lang, amount};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use shared::api::acceptance::VarianceReason;
use shared::domain::money::Fen;
use shared::domain::price::{Price, PriceUnit, line_total};
use shared::domain::quantity::Qty;
use std::sync::Arc;

/// A line as the scale's reader sees it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct WeighLine {
    /// The order line.
    pub id: String,
    /// Village and goods.
    pub title: String,
    /// Price and lot.
    pub note: String,
    /// Fen for one price unit.
    pub price_fen: Fen,
    /// What the price is for.
    pub price_unit: PriceUnit,
    /// The name of a piece.
    pub piece_name: Option<String>,
    /// What the village confirmed.
    pub expected: Qty,
    /// What stands in the field at first.
    pub typed: String,
    /// The unit it stands there in.
    pub unit: PriceUnit,
    /// The stored name of the reason, or nothing.
    pub reason: String,
    /// The remark.
    pub remark: String,
    /// A photo that was stored before.
    pub photo_id: Option<String>,
    /// What was wrong with the amount.
    pub error: Option<String>,
    /// What was wrong with the reason.
    pub reason_error: Option<String>,
}

/// A line's fields while somebody types.
#[derive(Clone)]
pub struct LineState {
    /// What is weighed.
    pub line: Arc<WeighLine>,
    /// What is typed.
    pub typed: RwSignal<String>,
    /// The unit it is typed in.
    pub unit: RwSignal<PriceUnit>,
    /// The reason's stored name.
    pub reason: RwSignal<String>,
    /// Whether there is a photo.
    pub photo: RwSignal<bool>,
    /// Whether the fold with the reason stands open.
    pub open: RwSignal<bool>,
}

impl LineState {
    /// The fields as they stand at first.
    #[must_use]
    pub fn new(line: WeighLine) -> Self {
        Self {
            typed: RwSignal::new(line.typed.clone()),
            unit: RwSignal::new(line.unit),
            reason: RwSignal::new(line.reason.clone()),
            photo: RwSignal::new(line.photo_id.is_some()),
            open: RwSignal::new(line.reason_error.is_some()),
            line: Arc::new(line),
        }
    }

    /// The amount as typed, if it is one.
    #[must_use]
    pub fn qty(&self) -> Option<Qty> {
        self.unit.get().parse_qty(&self.typed.get()).ok()
    }

    /// The sum of the amount.
    #[must_use]
    pub fn sum(&self) -> Option<Fen> {
        let price = Price {
            fen: self.line.price_fen,
            unit: self.line.price_unit,
        };
        line_total(price, self.qty()?).ok()
    }

    /// Whether it is another amount than expected.
    #[must_use]
    pub fn differs(&self) -> bool {
        self.qty() != Some(self.line.expected)
    }

    /// Whether the difference still lacks its reason.
    #[must_use]
    pub fn unexplained(&self) -> bool {
        self.differs() && self.reason.get().is_empty()
    }
}

/// The sum of lines that all have one.
#[must_use]
pub fn total(states: &[LineState]) -> Option<Fen> {
    let sums: Option<Vec<Fen>> = states.iter().map(LineState::sum).collect();
    Fen::checked_sum(sums?).ok()
}

/// The chip of a line: its tone and its words.
#[must_use]
pub fn variance(lang: Lang, state: &LineState) -> (&'static str, String) {
    let Some(qty) = state.qty() else {
        return (
            PERSIMMON,
            lang.t("请写数字，例如 12.5", "Write a number, like 12.5")
                .to_owned(),
        );
    };
    let reason = VarianceReason::from_name(&state.reason.get());
    let (tone, words) = difference(lang, &state.line, qty, state.unit.get(), reason);
    let words = if state.photo.get() {
        format!("{words} · {}", lang.t("已拍照", "photo"))
    } else {
        words
    };
    (tone, words)
}

/// How the amount differs from the expected one, in words: `少 1.6 斤 · −0.6%`, `1 瓶破损`.
#[must_use]
pub fn difference(
    lang: Lang,
    line: &WeighLine,
    qty: Qty,
    unit: PriceUnit,
    reason: Option<VarianceReason>,
) -> (&'static str, String) {
    let Ok(more) = qty.checked_sub(line.expected) else {
        return (PERSIMMON, String::new());
    };
    if more.0 == 0 {
        return (PINE, lang.t("与订单一致", "As ordered").to_owned());
    }
    let by = amount::qty(
        lang,
        Qty(more.0.saturating_abs()),
        unit,
        line.piece_name.as_deref(),
    );
    let tone = match reason {
        None | Some(VarianceReason::Weighing) if line.price_unit != PriceUnit::Piece => MILLET,
        _ => PERSIMMON,
    };
    if more.0 < 0 && line.price_unit == PriceUnit::Piece {
        let why = reason.map_or_else(|| lang.t("拒收", "refused"), |r| r.word(lang));
        return (tone, format!("{by}{}{why}", lang.t("", " ")));
    }
    let word = if more.0 < 0 {
        lang.t("少", "Short by")
    } else {
        lang.t("多", "Over by")
    };
    let share = percent(more.0, line.expected.0)
        .map(|share| format!(" · {share}"))
        .unwrap_or_default();
    let why = match reason {
        Some(r) if r != VarianceReason::Weighing => format!(" · {}", r.word(lang)),
        _ => String::new(),
    };
    (tone, format!("{word} {by}{share}{why}"))
}

/// A part in per cent with one decimal and its sign: `−0.6%`.
fn percent(part: i64, whole: i64) -> Option<String> {
    if whole <= 0 {
        return None;
    }
    let (part, whole) = (i128::from(part), i128::from(whole));
    let permille = (part.abs() * 1000 + whole / 2) / whole;
    let sign = if part < 0 { "−" } else { "+" };
    Some(format!("{sign}{}.{}%", permille / 10, permille % 10))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(unit: PriceUnit, expected: i64) -> WeighLine {
        WeighLine {
            id: "1".into(),
            title: String::new(),
            note: String::new(),
            price_fen: Fen(500),
            price_unit: unit,
            piece_name: Some("瓶".into()),
            expected: Qty(expected),
            typed: String::new(),
            unit,
            reason: String::new(),
            remark: String::new(),
            photo_id: None,
            error: None,
            reason_error: None,
        }
    }

    #[test]
    fn tells_differences_as_the_picture_does() {
        let weight = line(PriceUnit::Jin, 130_000);
        let say = |qty, reason| difference(Lang::Zh, &weight, Qty(qty), PriceUnit::Jin, reason);
        assert_eq!(say(129_200, None), (MILLET, "少 1.6 斤 · −0.6%".to_owned()));
        assert_eq!(say(130_000, None), (PINE, "与订单一致".to_owned()));
        assert_eq!(
            say(130_500, Some(VarianceReason::Quality)),
            (PERSIMMON, "多 1 斤 · +0.4% · 品质不符".to_owned())
        );
        let pieces = line(PriceUnit::Piece, 24);
        assert_eq!(
            difference(
                Lang::Zh,
                &pieces,
                Qty(23),
                PriceUnit::Piece,
                Some(VarianceReason::Damaged)
            ),
            (PERSIMMON, "1 瓶破损".to_owned())
        );
        assert_eq!(percent(1, 0), None);
    }
}
