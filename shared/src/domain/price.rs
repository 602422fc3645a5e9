//! Prices: fen for one price unit. A line is rounded once, never per unit.

use super::money::{Fen, MoneyError, group_thousands, mul_div_half_up};
use super::quantity::{Grams, Measure, Qty, QuantityError, WeightUnit, parse_pieces, parse_weight_g};
use serde::{Deserialize, Serialize};

named! {
    /// What a price is for. How a piece is called (箱, 盒, 瓶, 个, 对) stands beside it.
    pub enum PriceUnit {
        /// 斤.
        Jin = "jin",
        /// kg.
        Kg = "kg",
        /// A piece.
        Piece = "piece",
    }
}

impl PriceUnit {
    /// Base units in one: 500 g, 1000 g, or one piece.
    #[must_use]
    pub const fn base_units(self) -> i64 {
        match self {
            Self::Jin => 500,
            Self::Kg => 1000,
            Self::Piece => 1,
        }
    }

    /// How goods with such a price are counted.
    #[must_use]
    pub const fn measure(self) -> Measure {
        match self {
            Self::Jin | Self::Kg => Measure::Weight,
            Self::Piece => Measure::Piece,
        }
    }

    /// The unit that weights are typed and shown in; `None` for pieces.
    #[must_use]
    pub const fn weight_unit(self) -> Option<WeightUnit> {
        match self {
            Self::Jin => Some(WeightUnit::Jin),
            Self::Kg => Some(WeightUnit::Kg),
            Self::Piece => None,
        }
    }

    /// The word behind a number: `斤`, `kg`, or the name of the piece.
    #[must_use]
    pub fn symbol(self, piece_name: Option<&str>) -> &str {
        match self.weight_unit() {
            Some(unit) => unit.symbol(),
            None => piece_name.unwrap_or("件"),
        }
    }

    /// An amount as people read it: `258.4 斤`, `12 盒`.
    #[must_use]
    pub fn format_qty(self, qty: Qty, piece_name: Option<&str>) -> String {
        match self.weight_unit() {
            Some(unit) => Grams(qty.0).format(unit),
            None => {
                let minus = if qty.0 < 0 { "−" } else { "" };
                format!(
                    "{minus}{} {}",
                    group_thousands(qty.0.unsigned_abs()),
                    self.symbol(piece_name)
                )
            }
        }
    }

    /// The value of an input field for an amount: `258.4`, `12`.
    #[must_use]
    pub fn format_qty_plain(self, qty: Qty) -> String {
        self.weight_unit()
            .map_or_else(|| qty.0.to_string(), |unit| Grams(qty.0).format_plain(unit))
    }

    /// Reads an amount as people type it, in this unit.
    ///
    /// # Errors
    /// Nothing typed, not a number, not whole grams or pieces, or too large.
    pub fn parse_qty(self, typed: &str) -> Result<Qty, QuantityError> {
        match self.weight_unit() {
            Some(unit) => parse_weight_g(typed, unit).map(|grams| Qty(grams.0)),
            None => parse_pieces(typed),
        }
    }
}

/// Fen for one price unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(utoipa::ToSchema))]
pub struct Price {
    /// The sum for one unit.
    pub fen: Fen,
    /// The unit.
    pub unit: PriceUnit,
}

/// The total of a line: price × amount ÷ price unit, rounded half up, once.
///
/// # Errors
/// A negative price or amount, or a total that can't be held.
pub fn line_total(price: Price, qty: Qty) -> Result<Fen, MoneyError> {
    if price.fen.0 < 0 || qty.0 < 0 {
        return Err(MoneyError::Negative);
    }
    mul_div_half_up(price.fen.0, qty.0, price.unit.base_units()).map(Fen)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn totals_a_line_once() {
        let jin = |fen| Price {
            fen: Fen(fen),
            unit: PriceUnit::Jin,
        };
        assert_eq!(line_total(jin(500), Qty(129_200)), Ok(Fen(129_200)));
        assert_eq!(line_total(jin(1), Qty(249)), Ok(Fen(0)));
        assert_eq!(line_total(jin(1), Qty(250)), Ok(Fen(1)));
        assert_eq!(
            line_total(
                Price {
                    fen: Fen(3000),
                    unit: PriceUnit::Piece
                },
                Qty(7)
            ),
            Ok(Fen(21_000))
        );
        assert_eq!(line_total(jin(-1), Qty(1)), Err(MoneyError::Negative));
        assert_eq!(
            line_total(jin(i64::MAX), Qty(i64::MAX)),
            Err(MoneyError::Overflow)
        );
    }

    #[test]
    fn speaks_of_amounts_in_the_price_unit() {
        assert_eq!(PriceUnit::Piece.format_qty(Qty(1200), Some("盒")), "1,200 盒");
        assert_eq!(PriceUnit::Jin.format_qty(Qty(250), None), "0.5 斤");
        assert_eq!(PriceUnit::Jin.parse_qty("0.5"), Ok(Qty(250)));
        assert_eq!(PriceUnit::Piece.parse_qty("0.5"), Err(QuantityError::TooPrecise));
        assert_eq!(PriceUnit::Kg.as_str().parse(), Ok(PriceUnit::Kg));
    }
}
