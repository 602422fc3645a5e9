//! Splitting a sum that can't be divided evenly: largest remainder, so that the parts sum to the whole exactly.

use super::money::Fen;

/// Why a sum could not be split.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SplitError {
    /// Nobody to split it among.
    #[error("there is nobody to split the sum among")]
    Nobody,
    /// No weight is above zero, so no part can be told from another.
    #[error("all weights are zero")]
    NoWeight,
    /// The same code twice: ties could not be decided.
    #[error("the same code appears twice")]
    SameCode,
}

/// Splits a sum by weights. Every part is within one fen of its exact share; the fen that are left over go to the largest
/// remainders, ties to the first. A negative sum is split like the same positive one, with the other sign.
///
/// # Errors
/// No weights, or none above zero.
pub fn largest_remainder(total: Fen, weights: &[u64]) -> Result<Vec<Fen>, SplitError> {
    if weights.is_empty() {
        return Err(SplitError::Nobody);
    }
    let sum: u128 = weights.iter().map(|w| u128::from(*w)).sum();
    if sum == 0 {
        return Err(SplitError::NoWeight);
    }
    let magnitude = u128::from(total.0.unsigned_abs());
    let exact: Vec<(u128, u128)> = weights
        .iter()
        .map(|w| magnitude * u128::from(*w))
        .map(|product| (product / sum, product % sum))
        .collect();
    let handed_out: u128 = exact.iter().map(|(whole, _)| whole).sum();
    let left_over =
        usize::try_from(magnitude - handed_out).expect("fewer fen are left over than there are parts");
    let mut by_remainder: Vec<usize> = (0..weights.len()).collect();
    // The sort is stable: equal remainders stay in the order in which they came.
    by_remainder.sort_by_key(|i| std::cmp::Reverse(exact[*i].1));
    let mut parts: Vec<u128> = exact.iter().map(|(whole, _)| *whole).collect();
    for i in by_remainder.into_iter().take(left_over) {
        parts[i] += 1;
    }
    Ok(parts.into_iter().map(|part| signed(part, total.0 < 0)).collect())
}

fn signed(magnitude: u128, negative: bool) -> Fen {
    let magnitude = i128::try_from(magnitude).expect("a part is at most the whole");
    Fen(i64::try_from(if negative { -magnitude } else { magnitude }).expect("a part is at most the whole"))
}

/// Splits a sum by weights of named parts, ties by code. The answer is in the order of the question and does not depend on it.
///
/// # Errors
/// No parts, no weight above zero, or the same code twice.
pub fn split_by_code(total: Fen, parts: &[(&str, u64)]) -> Result<Vec<Fen>, SplitError> {
    let mut order: Vec<usize> = (0..parts.len()).collect();
    order.sort_by_key(|i| parts[*i].0);
    if order.windows(2).any(|pair| parts[pair[0]].0 == parts[pair[1]].0) {
        return Err(SplitError::SameCode);
    }
    let weights: Vec<u64> = order.iter().map(|i| parts[*i].1).collect();
    let sums = largest_remainder(total, &weights)?;
    let mut answer = vec![Fen::ZERO; parts.len()];
    for (i, sum) in order.into_iter().zip(sums) {
        answer[i] = sum;
    }
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_gets_what_nobody_has_a_larger_claim_to() {
        assert_eq!(
            largest_remainder(Fen(100), &[1, 1, 1]),
            Ok(vec![Fen(34), Fen(33), Fen(33)])
        );
        assert_eq!(
            largest_remainder(Fen(-100), &[1, 1, 1]),
            Ok(vec![Fen(-34), Fen(-33), Fen(-33)])
        );
        assert_eq!(
            largest_remainder(Fen(2), &[0, 5, 3]),
            Ok(vec![Fen(0), Fen(1), Fen(1)])
        );
        assert_eq!(largest_remainder(Fen(i64::MIN), &[1]), Ok(vec![Fen(i64::MIN)]));
        assert_eq!(largest_remainder(Fen(1), &[]), Err(SplitError::Nobody));
        assert_eq!(largest_remainder(Fen(1), &[0, 0]), Err(SplitError::NoWeight));
    }

    #[test]
    fn codes_decide_ties() {
        assert_eq!(
            split_by_code(Fen(1), &[("120119120214", 1), ("120119103202", 1)]),
            Ok(vec![Fen(0), Fen(1)])
        );
        assert_eq!(
            split_by_code(Fen(1), &[("a", 1), ("a", 1)]),
            Err(SplitError::SameCode)
        );
    }
}
