//! Weights and counts: whole grams, whole pieces.

use super::money::{group_thousands, strip_grouping, to_half_width};
use serde::{Deserialize, Serialize};

/// A weight in grams.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
#[cfg_attr(not(target_arch = "wasm32"), derive(utoipa::ToSchema))]
pub struct Grams(pub i64);

/// An amount in base units: grams of what is sold by weight, pieces of what is not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
#[cfg_attr(not(target_arch = "wasm32"), derive(utoipa::ToSchema))]
pub struct Qty(pub i64);

/// Why an amount could not be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QuantityError {
    /// Larger than what can be held.
    #[error("the amount is too large")]
    Overflow,
    /// Nothing was typed.
    #[error("no amount was given")]
    Empty,
    /// What was typed is no amount.
    #[error("this is not an amount")]
    NotANumber,
    /// Not whole grams, or not whole pieces.
    #[error("the amount is finer than a whole gram or a whole piece")]
    TooPrecise,
}

named! {
    /// How goods are counted.
    pub enum Measure {
        /// In grams.
        Weight = "weight",
        /// In whole pieces.
        Piece = "piece",
    }
}

named! {
    /// What people name a weight in.
    pub enum WeightUnit {
        /// 斤, 500 g.
        Jin = "jin",
        /// kg, 1000 g.
        Kg = "kg",
    }
}

impl WeightUnit {
    /// Its grams.
    #[must_use]
    pub const fn grams(self) -> i64 {
        match self {
            Self::Jin => 500,
            Self::Kg => 1000,
        }
    }

    /// How it is written behind a number.
    #[must_use]
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Jin => "斤",
            Self::Kg => "kg",
        }
    }
}

impl Qty {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// The sum of two.
    ///
    /// # Errors
    /// The result can't be held.
    pub const fn checked_add(self, other: Self) -> Result<Self, QuantityError> {
        match self.0.checked_add(other.0) {
            Some(qty) => Ok(Self(qty)),
            None => Err(QuantityError::Overflow),
        }
    }

    /// The difference of two.
    ///
    /// # Errors
    /// The result can't be held.
    pub const fn checked_sub(self, other: Self) -> Result<Self, QuantityError> {
        match self.0.checked_sub(other.0) {
            Some(qty) => Ok(Self(qty)),
            None => Err(QuantityError::Overflow),
        }
    }

    /// The sum of many.
    ///
    /// # Errors
    /// The result can't be held.
    pub fn checked_sum(amounts: impl IntoIterator<Item = Self>) -> Result<Self, QuantityError> {
        amounts.into_iter().try_fold(Self::ZERO, Self::checked_add)
    }
}

impl Grams {
    /// `258.4 斤`, `400 kg`: as many decimals as it has, at most three.
    #[must_use]
    pub fn format(self, unit: WeightUnit) -> String {
        format!("{} {}", self.format_number(unit), unit.symbol())
    }

    /// The number of [`Self::format`] alone.
    #[must_use]
    pub fn format_number(self, unit: WeightUnit) -> String {
        let (whole, decimals) = self.decimal_parts(unit);
        format!(
            "{}{}{decimals}",
            if self.0 < 0 { "−" } else { "" },
            group_thousands(whole)
        )
    }

    /// The value of an input field: `1258.4`, with nothing between the digits.
    #[must_use]
    pub fn format_plain(self, unit: WeightUnit) -> String {
        let (whole, decimals) = self.decimal_parts(unit);
        format!("{}{whole}{decimals}", if self.0 < 0 { "-" } else { "" })
    }

    fn decimal_parts(self, unit: WeightUnit) -> (u64, String) {
        let grams = self.0.unsigned_abs();
        let unit_g = unit.grams().unsigned_abs();
        // 1000 / unit is 2 or 1: a gram is a whole number of thousandths of either unit.
        let thousandths = grams % unit_g * (1000 / unit_g);
        let decimals = match thousandths {
            0 => String::new(),
            t => format!(".{t:03}").trim_end_matches('0').to_owned(),
        };
        (grams / unit_g, decimals)
    }
}

/// Reads a weight as people type it, exactly: `258.4` 斤 is 129,200 g; what is no whole gram is refused.
///
/// # Errors
/// Nothing typed, not a number, finer than a gram, or too large.
pub fn parse_weight_g(typed: &str, unit: WeightUnit) -> Result<Grams, QuantityError> {
    let text = half_width(typed);
    let text = ["斤", "kg", "公斤", "千克"]
        .iter()
        .find_map(|s| text.strip_suffix(s))
        .unwrap_or(&text);
    if text.len() < half_width(typed).len() && !half_width(typed).ends_with(unit.symbol()) {
        return Err(QuantityError::NotANumber);
    }
    parse_scaled(text, unit.grams()).map(Grams)
}

/// Reads a count of pieces as people type it.
///
/// # Errors
/// Nothing typed, not a number, not whole, or too large.
pub fn parse_pieces(typed: &str) -> Result<Qty, QuantityError> {
    parse_scaled(&half_width(typed), 1).map(Qty)
}

fn half_width(typed: &str) -> String {
    typed
        .trim()
        .chars()
        .map(to_half_width)
        .filter(|c| !c.is_whitespace())
        .collect()
}

/// A decimal times a whole factor, exactly or not at all.
fn parse_scaled(text: &str, factor: i64) -> Result<i64, QuantityError> {
    if text.is_empty() {
        return Err(QuantityError::Empty);
    }
    let (whole, decimals) = text.split_once('.').map_or((text, "0"), |(w, d)| (w, d));
    let whole = strip_grouping(whole).ok_or(QuantityError::NotANumber)?;
    if decimals.is_empty() || !decimals.bytes().all(|b| b.is_ascii_digit()) {
        return Err(QuantityError::NotANumber);
    }
    let decimals = decimals.trim_end_matches('0');
    // A third of a gram's thousandth is no weight: nine decimals keep the arithmetic far from any limit.
    if decimals.len() > 9 {
        return Err(QuantityError::TooPrecise);
    }
    let whole: i128 = whole.parse().map_err(|_| QuantityError::Overflow)?;
    let scaled_whole = whole
        .checked_mul(i128::from(factor))
        .ok_or(QuantityError::Overflow)?;
    let mut fraction: i128 = i128::from(factor);
    if decimals.is_empty() {
        fraction = 0;
    } else {
        fraction *= decimals.parse::<i128>().map_err(|_| QuantityError::NotANumber)?;
        for _ in 0..decimals.len() {
            if fraction % 10 != 0 {
                return Err(QuantityError::TooPrecise);
            }
            fraction /= 10;
        }
    }
    let total = scaled_whole
        .checked_add(fraction)
        .ok_or(QuantityError::Overflow)?;
    i64::try_from(total).map_err(|_| QuantityError::Overflow)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_weights_without_idle_zeros() {
        assert_eq!(Grams(129_200).format(WeightUnit::Jin), "258.4 斤");
        assert_eq!(Grams(400_000).format(WeightUnit::Kg), "400 kg");
        assert_eq!(Grams(1).format(WeightUnit::Jin), "0.002 斤");
        assert_eq!(Grams(6_000_250).format(WeightUnit::Jin), "12,000.5 斤");
        assert_eq!(Grams(-500).format(WeightUnit::Jin), "−1 斤");
        assert_eq!(Grams(629_200).format_plain(WeightUnit::Jin), "1258.4");
    }

    #[test]
    fn reads_weights_exactly() {
        assert_eq!(parse_weight_g("258.4", WeightUnit::Jin), Ok(Grams(129_200)));
        assert_eq!(parse_weight_g("０．００２", WeightUnit::Jin), Ok(Grams(1)));
        assert_eq!(parse_weight_g("1,200 kg", WeightUnit::Kg), Ok(Grams(1_200_000)));
        assert_eq!(parse_weight_g("3斤", WeightUnit::Jin), Ok(Grams(1500)));
        assert_eq!(parse_weight_g("0.500000000000", WeightUnit::Kg), Ok(Grams(500)));
    }

    #[test]
    fn refuses_what_is_no_weight() {
        use QuantityError::{Empty, NotANumber, Overflow, TooPrecise};
        for (typed, error) in [
            ("", Empty),
            ("0.001", TooPrecise),
            ("1.00000000001", TooPrecise),
            ("-1", NotANumber),
            ("1.", NotANumber),
            ("3kg", NotANumber),
            ("三", NotANumber),
            ("99999999999999999999", Overflow),
        ] {
            assert_eq!(parse_weight_g(typed, WeightUnit::Jin), Err(error), "{typed}");
        }
        assert_eq!(parse_pieces("1.5"), Err(TooPrecise));
        assert_eq!(parse_pieces("12"), Ok(Qty(12)));
    }
}
