//! Days and instants. Stored instants are UTC microseconds; every day, month and year of a report is one of
//! Asia/Shanghai, which has kept UTC+8 without summer time since 1991.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

const DAY_US: i64 = 86_400_000_000;
const HOUR_US: i64 = 3_600_000_000;
const MINUTE_US: i64 = 60_000_000;
const SHANGHAI_US: i64 = 8 * HOUR_US;

/// An instant: microseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
#[cfg_attr(not(target_arch = "wasm32"), derive(utoipa::ToSchema))]
pub struct Micros(pub i64);

/// A civil day in Shanghai, as days since 1970-01-01; `YYYY-MM-DD` on the wire.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(
    not(target_arch = "wasm32"),
    derive(utoipa::ToSchema),
    schema(value_type = String, format = Date, example = "2026-11-21")
)]
pub struct Day(pub i32);

/// Why a day could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// Not of the form `YYYY-MM-DD`.
    #[error("a day is written as YYYY-MM-DD")]
    Malformed,
    /// The month has no such day, or the year no such month.
    #[error("there is no such day")]
    NoSuchDay,
    /// Months are 1 to 12, as `9-10` or `11-3`.
    #[error("months are written as 9-10, 11-3 or 10")]
    NoSuchMonth,
}

/// A day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Weekday {
    /// 星期一.
    Monday,
    /// 星期二.
    Tuesday,
    /// 星期三.
    Wednesday,
    /// 星期四.
    Thursday,
    /// 星期五.
    Friday,
    /// 星期六.
    Saturday,
    /// 星期日.
    Sunday,
}

impl Day {
    /// The first day that can be told: 0001-01-01.
    pub const MIN: Self = Self(-719_162);
    /// The last day that can be told: 9999-12-31.
    pub const MAX: Self = Self(2_932_896);

    /// The day of a year, month and day of the month.
    ///
    /// # Errors
    /// There is no such day, or the year is not 1 to 9999.
    pub fn from_ymd(year: i32, month: u32, day: u32) -> Result<Self, CalendarError> {
        if !(1..=9999).contains(&year)
            || !(1..=12).contains(&month)
            || day < 1
            || day > days_in_month(year, month)
        {
            return Err(CalendarError::NoSuchDay);
        }
        Ok(Self(days_from_civil(
            i64::from(year),
            i64::from(month),
            i64::from(day),
        )))
    }

    /// Its year, month and day of the month.
    #[must_use]
    pub fn ymd(self) -> (i32, u32, u32) {
        civil_from_days(self.0)
    }

    /// Its year.
    #[must_use]
    pub fn year(self) -> i32 {
        self.ymd().0
    }

    /// Its month, 1 to 12.
    #[must_use]
    pub fn month(self) -> u32 {
        self.ymd().1
    }

    /// Reads `YYYY-MM-DD`.
    ///
    /// # Errors
    /// Another form, or no such day.
    pub fn parse(text: &str) -> Result<Self, CalendarError> {
        let bytes = text.as_bytes();
        let digits_only = bytes.iter().enumerate().all(|(i, b)| {
            if i == 4 || i == 7 {
                *b == b'-'
            } else {
                b.is_ascii_digit()
            }
        });
        if bytes.len() != 10 || !digits_only {
            return Err(CalendarError::Malformed);
        }
        let number = |range: std::ops::Range<usize>| -> Result<u32, CalendarError> {
            text.get(range)
                .and_then(|part| part.parse().ok())
                .ok_or(CalendarError::Malformed)
        };
        let year = i32::try_from(number(0..4)?).map_err(|_| CalendarError::Malformed)?;
        Self::from_ymd(year, number(5..7)?, number(8..10)?)
    }

    /// The day so many days later (or earlier), kept within what can be told.
    #[must_use]
    pub fn add_days(self, days: i32) -> Self {
        Self(self.0.saturating_add(days)).clamp(Self::MIN, Self::MAX)
    }

    /// The same day so many years later; 29 February becomes the 28th where there is none.
    #[must_use]
    pub fn add_years(self, years: i32) -> Self {
        let (year, month, day) = self.ymd();
        let year = year.saturating_add(years).clamp(1, 9999);
        Self::from_ymd(year, month, day.min(days_in_month(year, month))).unwrap_or(self)
    }

    /// Days from another day to this one.
    #[must_use]
    pub fn days_since(self, earlier: Self) -> i64 {
        i64::from(self.0) - i64::from(earlier.0)
    }

    /// Its day of the week.
    #[must_use]
    pub fn weekday(self) -> Weekday {
        // 1970-01-01 was a Thursday.
        match (i64::from(self.0) + 3).rem_euclid(7) {
            0 => Weekday::Monday,
            1 => Weekday::Tuesday,
            2 => Weekday::Wednesday,
            3 => Weekday::Thursday,
            4 => Weekday::Friday,
            5 => Weekday::Saturday,
            _ => Weekday::Sunday,
        }
    }

    /// The instant it begins in Shanghai.
    #[must_use]
    pub const fn start(self) -> Micros {
        Micros((self.0 as i64).saturating_mul(DAY_US).saturating_sub(SHANGHAI_US))
    }

    /// For tables: `11-21`.
    #[must_use]
    pub fn format_short(self) -> String {
        let (_, month, day) = self.ymd();
        format!("{month:02}-{day:02}")
    }

    /// For documents: `2026年11月21日`.
    #[must_use]
    pub fn format_long(self) -> String {
        let (year, month, day) = self.ymd();
        format!("{year}年{month}月{day}日")
    }
}

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (year, month, day) = self.ymd();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl std::str::FromStr for Day {
    type Err = CalendarError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

impl Micros {
    /// The instant so many microseconds later, kept within what can be held.
    #[must_use]
    pub const fn plus_us(self, us: i64) -> Self {
        Self(self.0.saturating_add(us))
    }

    /// The instant so many minutes later.
    #[must_use]
    pub const fn plus_minutes(self, minutes: i64) -> Self {
        self.plus_us(minutes.saturating_mul(MINUTE_US))
    }

    /// The instant so many hours later.
    #[must_use]
    pub const fn plus_hours(self, hours: i64) -> Self {
        self.plus_us(hours.saturating_mul(HOUR_US))
    }

    /// The instant so many days of 24 hours later.
    #[must_use]
    pub const fn plus_days(self, days: i64) -> Self {
        self.plus_us(days.saturating_mul(DAY_US))
    }

    /// The Shanghai day it lies in.
    #[must_use]
    pub fn day(self) -> Day {
        day_of(self)
    }

    /// The Shanghai time of day: `10:42`.
    #[must_use]
    pub fn format_time(self) -> String {
        let (hours, minutes, _) = self.time_of_day();
        format!("{hours:02}:{minutes:02}")
    }

    /// For tables: `11-21 10:42`.
    #[must_use]
    pub fn format_day_time(self) -> String {
        format!("{} {}", self.day().format_short(), self.format_time())
    }

    /// For records: `2026-11-21 10:42:07`.
    #[must_use]
    pub fn format_full(self) -> String {
        let (_, _, seconds) = self.time_of_day();
        format!("{} {}:{seconds:02}", self.day(), self.format_time())
    }

    fn time_of_day(self) -> (i64, i64, i64) {
        let us = self.0.saturating_add(SHANGHAI_US).rem_euclid(DAY_US);
        (us / HOUR_US, us % HOUR_US / MINUTE_US, us % MINUTE_US / 1_000_000)
    }
}

/// The Shanghai day of an instant.
#[must_use]
pub fn day_of(at: Micros) -> Day {
    let days = at.0.saturating_add(SHANGHAI_US).div_euclid(DAY_US);
    i32::try_from(days)
        .map_or(if days < 0 { Day::MIN } else { Day::MAX }, Day)
        .clamp(Day::MIN, Day::MAX)
}

/// The Shanghai year of an instant.
#[must_use]
pub fn year_of(at: Micros) -> i32 {
    day_of(at).year()
}

/// The Shanghai month of an instant, 1 to 12.
#[must_use]
pub fn month_of(at: Micros) -> u32 {
    day_of(at).month()
}

/// The instant a year begins in Shanghai; the year is kept within 1 to 9999.
#[must_use]
pub fn start_of_year(year: i32) -> Micros {
    Day(days_from_civil(i64::from(year.clamp(1, 9999)), 1, 1)).start()
}

/// Days in a month.
#[must_use]
pub const fn days_in_month(year: i32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Days since 1970-01-01 of a Gregorian date, by eras of 400 years whose years begin in March.
fn days_from_civil(year: i64, month: i64, day: i64) -> i32 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    i32::try_from(era * 146_097 + day_of_era - 719_468).expect("years 1 to 9999 are a few million days")
}

fn civil_from_days(days: i32) -> (i32, u32, u32) {
    let days = i64::from(days) + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = (march_month + 2) % 12 + 1;
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    (
        i32::try_from(year).expect("an i32 of days is less than six million years"),
        u32::try_from(month).expect("a month is 1 to 12"),
        u32::try_from(day).expect("a day is 1 to 31"),
    )
}

/// The months in which a kind of produce is in season: bit 0 is January.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
#[cfg_attr(not(target_arch = "wasm32"), derive(utoipa::ToSchema))]
pub struct SeasonMonths(pub u16);

impl SeasonMonths {
    /// All year.
    pub const ALL_YEAR: Self = Self(0x0FFF);

    /// Reads `9-10`, `11-3` (over the turn of the year), `1-12` or `10`; several parted by commas.
    ///
    /// # Errors
    /// A month that is none, or another form.
    pub fn parse(text: &str) -> Result<Self, CalendarError> {
        text.split([',', '，', '、']).try_fold(Self(0), |mask, part| {
            let (from, until) = part.split_once(['-', '–', '－']).unwrap_or((part, part));
            let (from, until) = (parse_month(from)?, parse_month(until)?);
            let months = (until + 12 - from) % 12;
            Ok(Self(
                (0..=months).fold(mask.0, |bits, step| bits | 1 << ((from - 1 + step) % 12)),
            ))
        })
    }

    /// As it is read back: `9-10`, `11-3`, `1-12`, `3, 9-10`.
    #[must_use]
    pub fn text(self) -> String {
        if self == Self::ALL_YEAR {
            return "1-12".to_owned();
        }
        // A run begins where the month before is out of season; the last may go on over the turn of the year.
        let before = |month: u32| if month == 1 { 12 } else { month - 1 };
        let starts = self.months().filter(|month| !self.contains(before(*month)));
        let runs: Vec<String> = starts
            .map(|from| {
                let mut until = from;
                while self.contains(until % 12 + 1) {
                    until = until % 12 + 1;
                }
                if from == until {
                    from.to_string()
                } else {
                    format!("{from}-{until}")
                }
            })
            .collect();
        runs.join(", ")
    }

    /// Whether a month (1 to 12) is in season.
    #[must_use]
    pub const fn contains(self, month: u32) -> bool {
        matches!(month, 1..=12) && self.0 >> (month - 1) & 1 == 1
    }

    /// The months in season, January first.
    pub fn months(self) -> impl Iterator<Item = u32> {
        (1..=12).filter(move |month| self.contains(*month))
    }
}

fn parse_month(text: &str) -> Result<u16, CalendarError> {
    let month = text.trim().parse().map_err(|_| CalendarError::NoSuchMonth)?;
    if (1..=12).contains(&month) {
        Ok(month)
    } else {
        Err(CalendarError::NoSuchMonth)
    }
}
