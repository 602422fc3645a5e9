//! 批次: what becomes of orders when a lot that was sold ahead turns out smaller.

use super::quantity::Qty;

/// Takes a shortfall from what orders hold: `held` in the order in which they were placed, the last one loses first.
/// Answers what each loses.
///
/// # Errors
/// What is still missing when all of them lose everything.
pub fn shorten(held: &[Qty], shortfall: Qty) -> Result<Vec<Qty>, Qty> {
    let mut missing = shortfall.0.max(0);
    let mut lost: Vec<Qty> = held
        .iter()
        .rev()
        .map(|qty| {
            let part = qty.0.max(0).min(missing);
            missing -= part;
            Qty(part)
        })
        .collect();
    lost.reverse();
    if missing > 0 { Err(Qty(missing)) } else { Ok(lost) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lost(held: &[i64], shortfall: i64) -> Result<Vec<i64>, i64> {
        let held: Vec<Qty> = held.iter().copied().map(Qty).collect();
        shorten(&held, Qty(shortfall))
            .map(|lost| lost.into_iter().map(|qty| qty.0).collect())
            .map_err(|missing| missing.0)
    }

    #[test]
    fn the_last_to_come_is_shorted_first() {
        assert_eq!(lost(&[10, 20, 30], 0), Ok(vec![0, 0, 0]));
        assert_eq!(lost(&[10, 20, 30], 5), Ok(vec![0, 0, 5]));
        assert_eq!(lost(&[10, 20, 30], 35), Ok(vec![0, 5, 30]));
        assert_eq!(lost(&[10, 20, 30], 60), Ok(vec![10, 20, 30]));
        assert_eq!(lost(&[10, 20, 30], -7), Ok(vec![0, 0, 0]));
        assert_eq!(lost(&[], 0), Ok(vec![]));
    }

    #[test]
    fn what_no_order_holds_cannot_be_taken() {
        assert_eq!(lost(&[10, 20, 30], 61), Err(1));
        assert_eq!(lost(&[], 4), Err(4));
    }
}
