//! Where the heading of a bank's file stands: banks write other lines above it.

/// Rows at the beginning of a file among which its heading is looked for.
pub const WITHIN: usize = 20;

/// The row, among the first of a file, of which most is known; the first of those that are equal.
#[must_use]
pub fn at(rows: &[Vec<String>], known: impl Fn(&[String]) -> usize) -> usize {
    let best = rows
        .iter()
        .take(WITHIN)
        .enumerate()
        .max_by_key(|(at, row)| (known(row), std::cmp::Reverse(*at)));
    best.map_or(0, |(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_above_it_are_passed_over() {
        let rows = ["a|b", "sum|day|who", "1|2|3"].map(|row| row.split('|').map(str::to_owned).collect());
        let known = |row: &[String]| {
            row.iter()
                .filter(|cell| ["sum", "day"].contains(&cell.as_str()))
                .count()
        };
        assert_eq!(at(&rows, known), 1);
        assert_eq!(at(&rows, |_| 0), 0, "nothing is known: the first");
        assert_eq!(at(&[], known), 0);
    }
}
