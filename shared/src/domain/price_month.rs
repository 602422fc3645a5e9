//! 价格走势: what was asked for a kind of produce in each month, over many offers.

use super::calendar::Day;
use super::money::Fen;
use std::collections::{BTreeMap, BTreeSet};

/// A price that was on sale for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Whose: a village's code.
    pub village_code: String,
    /// Which offer.
    pub offer: u128,
    /// For a kg or a piece.
    pub rank_fen: Fen,
    /// From this day on.
    pub from: Day,
    /// Until this day, itself included; `None` while it still is.
    pub until: Option<Day>,
}

/// What a month came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Month {
    /// Its first day.
    pub first: Day,
    /// Offers on sale in it.
    pub offers: usize,
    /// Villages that they are of.
    pub villages: usize,
    /// The lowest price.
    pub min_fen: Fen,
    /// The one in the middle; of two, the lower, so that it is a price that was asked.
    pub median_fen: Fen,
    /// The highest.
    pub max_fen: Fen,
}

/// The months from `first` to `last`; an offer counts in a month with the last price that it had in it. Months without
/// an offer are left out.
#[must_use]
pub fn months(asked: &[Asked], first: Day, last: Day) -> Vec<Month> {
    let mut found = Vec::new();
    let mut begin = first_of_month(first);
    while begin <= last {
        let next = first_of_month(begin.add_days(31));
        if let Some(month) = month(asked, begin, next.add_days(-1).min(last)) {
            found.push(month);
        }
        if next <= begin {
            break;
        }
        begin = next;
    }
    found
}

fn month(asked: &[Asked], first: Day, last: Day) -> Option<Month> {
    let mut offers = BTreeMap::<u128, &Asked>::new();
    for one in asked
        .iter()
        .filter(|one| one.from <= last && one.until.is_none_or(|until| until >= first))
    {
        let kept = offers.entry(one.offer).or_insert(one);
        if one.from >= kept.from {
            *kept = one;
        }
    }
    let mut prices: Vec<Fen> = offers.values().map(|one| one.rank_fen).collect();
    prices.sort_unstable();
    let villages: BTreeSet<&str> = offers.values().map(|one| one.village_code.as_str()).collect();
    Some(Month {
        first,
        offers: prices.len(),
        villages: villages.len(),
        min_fen: *prices.first()?,
        median_fen: *prices.get((prices.len() - 1) / 2)?,
        max_fen: *prices.last()?,
    })
}

fn first_of_month(day: Day) -> Day {
    let (_, _, of_month) = day.ymd();
    day.add_days(1 - i32::try_from(of_month).unwrap_or(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).expect("a day")
    }

    fn asked(offer: u128, village: &str, fen: i64, from: &str, until: Option<&str>) -> Asked {
        Asked {
            village_code: village.to_owned(),
            offer,
            rank_fen: Fen(fen),
            from: day(from),
            until: until.map(day),
        }
    }

    #[test]
    fn a_month_knows_its_lowest_middle_and_highest_price() {
        let all = [
            asked(1, "a", 100, "2026-01-10", Some("2026-02-09")),
            asked(1, "a", 140, "2026-02-10", None),
            asked(2, "a", 120, "2026-02-28", None),
            asked(3, "b", 300, "2025-12-01", Some("2026-01-31")),
        ];
        let found = months(&all, day("2025-12-15"), day("2026-03-05"));
        let rows: Vec<_> = found
            .iter()
            .map(|m| {
                (
                    m.first.to_string(),
                    m.offers,
                    m.villages,
                    m.min_fen.0,
                    m.median_fen.0,
                    m.max_fen.0,
                )
            })
            .collect();
        assert_eq!(
            rows,
            [
                ("2025-12-01".to_owned(), 1, 1, 300, 300, 300),
                ("2026-01-01".to_owned(), 2, 2, 100, 100, 300),
                ("2026-02-01".to_owned(), 2, 1, 120, 120, 140),
                ("2026-03-01".to_owned(), 2, 1, 120, 120, 140),
            ]
        );
    }

    #[test]
    fn months_without_an_offer_are_left_out() {
        let all = [asked(1, "a", 100, "2026-01-10", Some("2026-01-20"))];
        assert_eq!(months(&all, day("2026-01-01"), day("2026-06-30")).len(), 1);
        assert!(months(&[], day("2026-01-01"), day("2026-06-30")).is_empty());
    }
}
