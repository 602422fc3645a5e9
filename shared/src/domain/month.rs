//! 月份: a civil month of Asia/Shanghai, as the books are closed by.

use super::calendar::{CalendarError, Day, Micros};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A month, as year and month in one number; `YYYY-MM` on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(
    not(target_arch = "wasm32"),
    derive(utoipa::ToSchema),
    schema(value_type = String, example = "2026-11", pattern = "^[0-9]{4}-(0[1-9]|1[0-2])$")
)]
pub struct Month(i32);

impl Month {
    /// The month of a year (1 to 9999) and a month (1 to 12).
    ///
    /// # Errors
    /// There is no such month.
    pub fn new(year: i32, month: u32) -> Result<Self, CalendarError> {
        Day::from_ymd(year, month, 1).map(Self::of)
    }

    /// The month that a day lies in.
    #[must_use]
    pub fn of(day: Day) -> Self {
        let (year, month, _) = day.ymd();
        Self(year * 100 + i32::try_from(month).expect("a month is 1 to 12"))
    }

    /// Its year.
    #[must_use]
    pub const fn year(self) -> i32 {
        self.0 / 100
    }

    /// 1 to 12.
    #[must_use]
    pub fn month(self) -> u32 {
        u32::try_from(self.0 % 100).expect("a month is 1 to 12")
    }

    /// Its first day.
    #[must_use]
    pub fn first(self) -> Day {
        Day::from_ymd(self.year(), self.month(), 1).expect("it was made of a day that exists")
    }

    /// The instant it begins in Shanghai.
    #[must_use]
    pub fn start(self) -> Micros {
        self.first().start()
    }

    /// The instant the next one begins: the first that is no longer its own.
    #[must_use]
    pub fn end(self) -> Micros {
        self.next().start()
    }

    /// The month behind it; the last one that can be told stays itself.
    #[must_use]
    pub fn next(self) -> Self {
        match (self.year(), self.month()) {
            (9999, 12) => self,
            (year, 12) => Self((year + 1) * 100 + 1),
            _ => Self(self.0 + 1),
        }
    }

    /// The month before it; the first one that can be told stays itself.
    #[must_use]
    pub fn previous(self) -> Self {
        match (self.year(), self.month()) {
            (1, 1) => self,
            (year, 1) => Self((year - 1) * 100 + 12),
            _ => Self(self.0 - 1),
        }
    }

    /// As it is stored: 202611.
    #[must_use]
    pub const fn number(self) -> i32 {
        self.0
    }

    /// The month of a stored number.
    #[must_use]
    pub fn from_number(number: i32) -> Option<Self> {
        let month = u32::try_from(number.rem_euclid(100)).ok()?;
        Self::new(number.div_euclid(100), month).ok()
    }
}

impl std::fmt::Display for Month {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}", self.year(), self.month())
    }
}

impl std::str::FromStr for Month {
    type Err = CalendarError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.len() != 7 {
            return Err(CalendarError::Malformed);
        }
        Day::parse(&format!("{text}-01")).map(Self::of)
    }
}

impl Serialize for Month {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Month {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn month(text: &str) -> Month {
        text.parse().expect("a month")
    }

    #[test]
    fn is_read_and_written_in_one_form() {
        for text in ["2026-11", "0001-01", "9999-12"] {
            assert_eq!(month(text).to_string(), text);
            assert_eq!(Month::from_number(month(text).number()), Some(month(text)));
        }
        for bad in [
            "2026-13",
            "2026-00",
            "2026-1",
            "26-11",
            "2026-11-01",
            "2026/11",
            "x",
            "",
        ] {
            assert!(bad.parse::<Month>().is_err(), "{bad}");
        }
        assert_eq!(Month::from_number(202_613), None);
    }

    #[test]
    fn ends_where_the_next_begins() {
        assert_eq!(month("2026-12").next(), month("2027-01"));
        assert_eq!(month("2027-01").previous(), month("2026-12"));
        assert_eq!(month("2026-12").end(), month("2027-01").start());
        let last = Micros(month("2026-12").end().0 - 1);
        assert_eq!(Month::of(last.day()), month("2026-12"));
        assert_eq!(Month::of(month("2026-12").start().day()), month("2026-12"));
    }
}
