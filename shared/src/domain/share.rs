//! What part of a sale is the village's: a policy frozen on the offer version. The parts sum to the line exactly.

use super::fee::{FeeRate, WHOLE_BP};
use super::money::{Fen, MoneyError, mul_div_half_up};
use super::price::PriceUnit;
use super::quantity::Qty;
use serde::{Deserialize, Serialize};

/// The village's part of the net sum (the line less the centre's fee); the rest is the household's or the co-op's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", content = "value", rename_all = "snake_case")]
#[cfg_attr(not(target_arch = "wasm32"), derive(utoipa::ToSchema))]
pub enum SharePolicy {
    /// All of it.
    #[default]
    Whole,
    /// So many ten-thousandths of it.
    BasisPoints(u16),
    /// So many fen for every price unit, at most all of it.
    FenPerUnit(i64),
}

impl SharePolicy {
    /// The stored form: the kind's name and its number.
    #[must_use]
    pub const fn to_parts(self) -> (&'static str, i64) {
        match self {
            Self::Whole => ("whole", 0),
            Self::BasisPoints(bp) => ("basis_points", bp as i64),
            Self::FenPerUnit(fen) => ("fen_per_unit", fen),
        }
    }

    /// The policy of a stored form; `None` when it is none, or no valid one.
    #[must_use]
    pub fn from_parts(kind: &str, value: i64) -> Option<Self> {
        let policy = match kind {
            "whole" => Self::Whole,
            "basis_points" => Self::BasisPoints(u16::try_from(value).ok()?),
            "fen_per_unit" => Self::FenPerUnit(value),
            _ => return None,
        };
        policy.is_valid().then_some(policy)
    }

    /// At most the whole, at least nothing.
    #[must_use]
    pub const fn is_valid(self) -> bool {
        match self {
            Self::Whole => true,
            Self::BasisPoints(bp) => bp <= WHOLE_BP,
            Self::FenPerUnit(fen) => fen >= 0,
        }
    }

    /// Whether somebody beside the village may get a part, who must then be named.
    #[must_use]
    pub const fn needs_supplier(self) -> bool {
        match self {
            Self::Whole => false,
            Self::BasisPoints(bp) => bp < WHOLE_BP,
            Self::FenPerUnit(_) => true,
        }
    }
}

/// Who gets what of a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(utoipa::ToSchema))]
pub struct Shares {
    /// The village's.
    pub village: Fen,
    /// The household's or the co-op's.
    pub supplier: Fen,
    /// The centre's fee.
    pub fee: Fen,
}

impl Shares {
    /// The line they are the parts of.
    ///
    /// # Errors
    /// The sum can't be held.
    pub fn total(self) -> Result<Fen, MoneyError> {
        Fen::checked_sum([self.village, self.supplier, self.fee])
    }

    /// Part by part less another: what a correction takes back.
    ///
    /// # Errors
    /// A part can't be held.
    pub fn checked_sub(self, other: Self) -> Result<Self, MoneyError> {
        Ok(Self {
            village: self.village.checked_sub(other.village)?,
            supplier: self.supplier.checked_sub(other.supplier)?,
            fee: self.fee.checked_sub(other.fee)?,
        })
    }
}

/// Splits a line's total: the fee first, from the seller's side; then the village's share of the net; the rest is the supplier's.
///
/// # Errors
/// A negative total or amount, or a part that can't be held.
pub fn split_line(
    policy: SharePolicy,
    line_total: Fen,
    qty: Qty,
    price_unit: PriceUnit,
    fee: FeeRate,
) -> Result<Shares, MoneyError> {
    if line_total.0 < 0 || qty.0 < 0 {
        return Err(MoneyError::Negative);
    }
    let fee = fee.of(line_total)?;
    let net = line_total.checked_sub(fee)?;
    let wanted = match policy {
        SharePolicy::Whole => net,
        SharePolicy::BasisPoints(bp) => Fen(mul_div_half_up(net.0, i64::from(bp), i64::from(WHOLE_BP))?),
        SharePolicy::FenPerUnit(fen) => per_unit(fen, qty, price_unit, net),
    };
    let village = wanted.clamp(Fen::ZERO, net);
    Ok(Shares {
        village,
        supplier: net.checked_sub(village)?,
        fee,
    })
}

/// What cannot even be held is more than the net in any case.
fn per_unit(fen: i64, qty: Qty, price_unit: PriceUnit, net: Fen) -> Fen {
    mul_div_half_up(fen.max(0), qty.0, price_unit.base_units()).map_or(net, Fen)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_by_every_policy() {
        let split = |policy, fee| {
            split_line(policy, Fen(10_001), Qty(5000), PriceUnit::Jin, FeeRate(fee)).expect("splits")
        };
        let shares = |village, supplier, fee| Shares {
            village: Fen(village),
            supplier: Fen(supplier),
            fee: Fen(fee),
        };
        assert_eq!(split(SharePolicy::Whole, 0), shares(10_001, 0, 0));
        assert_eq!(split(SharePolicy::Whole, 100), shares(9901, 0, 100));
        assert_eq!(split(SharePolicy::BasisPoints(5000), 0), shares(5001, 5000, 0));
        assert_eq!(split(SharePolicy::FenPerUnit(30), 100), shares(300, 9601, 100));
        assert_eq!(split(SharePolicy::FenPerUnit(i64::MAX), 0), shares(10_001, 0, 0));
    }

    #[test]
    fn has_one_stored_and_one_wire_form() {
        for policy in [
            SharePolicy::Whole,
            SharePolicy::BasisPoints(2500),
            SharePolicy::FenPerUnit(30),
        ] {
            let (kind, value) = policy.to_parts();
            assert_eq!(SharePolicy::from_parts(kind, value), Some(policy));
        }
        assert_eq!(SharePolicy::from_parts("basis_points", 10_001), None);
        assert_eq!(SharePolicy::from_parts("fen_per_unit", -1), None);
        let json = serde_json::to_string(&SharePolicy::BasisPoints(2500)).expect("serialises");
        assert_eq!(json, r#"{"kind":"basis_points","value":2500}"#);
        assert_eq!(
            serde_json::to_string(&SharePolicy::Whole).expect("serialises"),
            r#"{"kind":"whole"}"#
        );
    }
}
