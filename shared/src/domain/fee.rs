//! The centre's service fee: basis points, taken from the seller's side, never added to what the buyer pays.

use super::money::{Fen, MoneyError, mul_div_half_up};
use serde::{Deserialize, Serialize};

/// Basis points in the whole.
pub const WHOLE_BP: u16 = 10_000;

/// A fee in basis points; 0 unless the centre set another one. Frozen at placement, computed once, at acceptance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
#[cfg_attr(not(target_arch = "wasm32"), derive(utoipa::ToSchema))]
pub struct FeeRate(pub u16);

impl FeeRate {
    /// No fee.
    pub const NONE: Self = Self(0);

    /// A rate of a stored or typed number; `None` below nothing or above the whole.
    #[must_use]
    pub fn from_bp(basis_points: i64) -> Option<Self> {
        u16::try_from(basis_points)
            .ok()
            .filter(|bp| *bp <= WHOLE_BP)
            .map(Self)
    }

    /// The fee on a sum, rounded half up; never more than the sum.
    ///
    /// # Errors
    /// The result can't be held.
    pub fn of(self, total: Fen) -> Result<Fen, MoneyError> {
        mul_div_half_up(total.0, i64::from(self.0.min(WHOLE_BP)), i64::from(WHOLE_BP)).map(Fen)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_half_up_and_never_takes_more_than_there_is() {
        assert_eq!(FeeRate::default().of(Fen(129_200)), Ok(Fen(0)));
        assert_eq!(FeeRate(50).of(Fen(100)), Ok(Fen(1)));
        assert_eq!(FeeRate(49).of(Fen(100)), Ok(Fen(0)));
        assert_eq!(FeeRate(50).of(Fen(-100)), Ok(Fen(-1)));
        assert_eq!(FeeRate(u16::MAX).of(Fen(100)), Ok(Fen(100)));
        assert_eq!(FeeRate::from_bp(10_001), None);
        assert_eq!(FeeRate::from_bp(-1), None);
    }
}
