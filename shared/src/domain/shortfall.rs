//! 缺货: a village delivers less than was ordered, and the unit chooses what to do about it.

use super::quantity::Qty;
use super::village_order::VillageOrderStatus;

/// How long a unit has to choose, unless set otherwise; then it takes what is confirmed.
pub const DEFAULT_CHOICE_H: i64 = 24;

named! {
    /// What a unit does about a line that came short.
    pub enum ShortfallChoice {
        /// 按确认的量: take what the village confirmed, or go without.
        Take = "take",
        /// 换货: order the rest from another village.
        Replace = "replace",
        /// 取消: take the village's whole part back, before it is packed.
        Cancel = "cancel",
    }
}

impl ShortfallChoice {
    /// Whether this can be chosen while the village order stands like this.
    #[must_use]
    pub const fn possible(self, status: VillageOrderStatus) -> bool {
        match self {
            Self::Take | Self::Replace => true,
            Self::Cancel => matches!(status, VillageOrderStatus::Shorted),
        }
    }
}

/// What is missing of a line after something more was lost of it. What was missing before and was ordered elsewhere is
/// missing no longer; everything else still is.
#[must_use]
pub fn missing_now(lost: Qty, before: Option<(Qty, Option<ShortfallChoice>)>) -> Qty {
    match before {
        Some((missing, choice)) if choice != Some(ShortfallChoice::Replace) => {
            Qty(lost.0.saturating_add(missing.0))
        }
        _ => lost,
    }
}

/// The amount to order in place of what is missing: the least one in the offer's steps that covers it, or else the
/// most there is; `None` when that is below the offer's least amount.
#[must_use]
pub fn fitting(missing: Qty, min: Qty, step: Qty, free: Qty) -> Option<Qty> {
    let step = step.0.max(1);
    let whole_steps = |qty: i64| qty.checked_add(step - 1).map(|q| q / step * step);
    let least = whole_steps(min.0.max(1))?;
    let most = free.0.max(0) / step * step;
    let wanted = whole_steps(missing.0.max(1))?.max(least);
    (most >= least).then_some(Qty(wanted.min(most)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_replaces_fits_the_offer() {
        let fit =
            |missing, min, step, free| fitting(Qty(missing), Qty(min), Qty(step), Qty(free)).map(|q| q.0);
        assert_eq!(fit(1500, 500, 500, 9000), Some(1500));
        assert_eq!(fit(1600, 500, 500, 9000), Some(2000), "whole steps that cover it");
        assert_eq!(
            fit(100, 5000, 500, 9000),
            Some(5000),
            "never below the least amount"
        );
        assert_eq!(fit(8000, 500, 500, 3200), Some(3000), "never more than there is");
        assert_eq!(fit(100, 5000, 500, 4999), None);
        assert_eq!(fit(1, 1, 0, i64::MAX), Some(1), "a step of nothing is one");
        assert_eq!(
            fit(i64::MAX, 1, 2, 10),
            None,
            "an absurd amount is nobody's order"
        );
    }

    #[test]
    fn what_was_replaced_is_not_missing_twice() {
        let lost = Qty(300);
        let with = |choice| missing_now(lost, Some((Qty(1000), choice)));
        assert_eq!(missing_now(lost, None), lost);
        assert_eq!(with(None), Qty(1300), "nobody has chosen yet");
        assert_eq!(with(Some(ShortfallChoice::Take)), Qty(1300));
        assert_eq!(with(Some(ShortfallChoice::Replace)), lost);
    }

    #[test]
    fn a_part_is_taken_back_only_before_it_is_packed() {
        for status in VillageOrderStatus::ALL {
            assert_eq!(
                ShortfallChoice::Cancel.possible(status),
                status == VillageOrderStatus::Shorted
            );
            assert!(ShortfallChoice::Take.possible(status));
        }
    }
}
