//! Days there and back, and against what is known of the calendar.

use proptest::prelude::*;
use shared::domain::calendar::{
    CalendarError, Day, Micros, SeasonMonths, Weekday, day_of, days_in_month, month_of, start_of_year,
    year_of,
};

fn day(text: &str) -> Day {
    Day::parse(text).expect("a day")
}

#[test]
fn every_day_of_five_centuries_follows_the_one_before() {
    let (mut year, mut month, mut of_month) = (1700, 1, 1);
    let mut expected = day("1700-01-01");
    while year < 2200 {
        let this = Day::from_ymd(year, month, of_month).expect("a day");
        assert_eq!(this, expected);
        assert_eq!(this.ymd(), (year, month, of_month));
        expected = expected.add_days(1);
        of_month += 1;
        if of_month > days_in_month(year, month) {
            (of_month, month) = (1, month + 1);
        }
        if month > 12 {
            (month, year) = (1, year + 1);
        }
    }
}

#[test]
fn known_days() {
    assert_eq!(day("1970-01-01"), Day(0));
    assert_eq!(day("2000-02-29"), Day(11_016));
    assert_eq!(day("0001-01-01"), Day::MIN);
    assert_eq!(day("9999-12-31"), Day::MAX);
    assert_eq!(day("2026-11-21").weekday(), Weekday::Saturday);
    assert_eq!(day("1969-12-31").weekday(), Weekday::Wednesday);
    assert_eq!(day("2026-11-21").format_short(), "11-21");
    assert_eq!(day("2026-01-05").format_long(), "2026年1月5日");
    assert_eq!(day("2024-02-29").add_years(3), day("2027-02-28"));
    assert_eq!(Day::MAX.add_days(1), Day::MAX);
    assert_eq!(
        serde_json::to_string(&day("2026-11-21")).expect("serialises"),
        "\"2026-11-21\""
    );
}

#[test]
fn shanghai_is_eight_hours_ahead() {
    // 2026-11-21T02:42:07Z is 10:42:07 in Shanghai.
    let at = Micros(1_795_228_927_000_000);
    assert_eq!(at.format_time(), "10:42");
    assert_eq!(at.format_day_time(), "11-21 10:42");
    assert_eq!(at.format_full(), "2026-11-21 10:42:07");
    assert_eq!(day("2026-11-21").start(), Micros(1_795_190_400_000_000));
    let new_year = start_of_year(2027);
    assert_eq!((year_of(new_year), month_of(new_year)), (2027, 1));
    assert_eq!(
        (year_of(new_year.plus_us(-1)), month_of(new_year.plus_us(-1))),
        (2026, 12)
    );
}

#[test]
fn what_is_no_day_is_refused() {
    for (text, error) in [
        ("", CalendarError::Malformed),
        ("2026-1-1", CalendarError::Malformed),
        ("2026/01/01", CalendarError::Malformed),
        ("+026-01-01", CalendarError::Malformed),
        ("2026-01-01T00", CalendarError::Malformed),
        ("２026-01-1", CalendarError::Malformed),
        ("2026-02-29", CalendarError::NoSuchDay),
        ("1900-02-29", CalendarError::NoSuchDay),
        ("2026-13-01", CalendarError::NoSuchDay),
        ("2026-00-01", CalendarError::NoSuchDay),
        ("2026-04-31", CalendarError::NoSuchDay),
        ("0000-01-01", CalendarError::NoSuchDay),
    ] {
        assert_eq!(Day::parse(text), Err(error), "{text}");
    }
}

#[test]
fn seasons_wrap_over_the_new_year() {
    let months = |text: &str| SeasonMonths::parse(text).map(|s| s.months().collect::<Vec<_>>());
    assert_eq!(months("9-10"), Ok(vec![9, 10]));
    assert_eq!(months("11-3"), Ok(vec![1, 2, 3, 11, 12]));
    assert_eq!(months("10"), Ok(vec![10]));
    assert_eq!(months("5、9-10"), Ok(vec![5, 9, 10]));
    assert_eq!(SeasonMonths::parse("1-12"), Ok(SeasonMonths::ALL_YEAR));
    for bad in ["", "0", "13", "9-", "-3", "a-b", "1-2-3"] {
        assert_eq!(SeasonMonths::parse(bad), Err(CalendarError::NoSuchMonth), "{bad}");
    }
    assert!(!SeasonMonths::ALL_YEAR.contains(0) && !SeasonMonths::ALL_YEAR.contains(13));
}

proptest! {
    #[test]
    fn days_come_back(days in Day::MIN.0..=Day::MAX.0) {
        let day = Day(days);
        let (year, month, of_month) = day.ymd();
        prop_assert_eq!(Day::from_ymd(year, month, of_month), Ok(day));
        prop_assert_eq!(Day::parse(&day.to_string()), Ok(day));
        let json = serde_json::to_string(&day).expect("serialises");
        prop_assert_eq!(serde_json::from_str::<Day>(&json).expect("reads"), day);
        prop_assert_eq!(day.add_days(7).days_since(day) == 7, day <= Day(Day::MAX.0 - 7));
    }

    #[test]
    fn an_instant_lies_in_its_day(days in (Day::MIN.0 + 1)..Day::MAX.0, us in 0_i64..86_400_000_000) {
        let day = Day(days);
        prop_assert_eq!(day_of(day.start().plus_us(us)), day);
        prop_assert_eq!(day_of(day.start().plus_us(-1)), day.add_days(-1));
    }

    #[test]
    fn any_instant_and_any_day_can_be_told(us: i64, days: i32) {
        let at = Micros(us);
        let _ = (at.format_full(), at.day().weekday(), year_of(at), Day(days).ymd(), Day(days).add_days(days), Day(days).start());
    }

    #[test]
    fn a_year_begins_on_its_first_day(year in 2_i32..9999) {
        prop_assert_eq!(day_of(start_of_year(year)), Day::from_ymd(year, 1, 1).expect("a day"));
        prop_assert_eq!(year_of(start_of_year(year).plus_us(-1)), year - 1);
    }

    #[test]
    fn a_season_holds_its_ends(from in 1_u32..=12, until in 1_u32..=12) {
        let season = SeasonMonths::parse(&format!("{from}-{until}")).expect("months");
        prop_assert!(season.contains(from) && season.contains(until));
        let expected = if from <= until { until - from + 1 } else { 13 - from + until };
        prop_assert_eq!(season.0.count_ones(), expected);
    }

    #[test]
    fn whatever_is_typed_is_read_or_refused(typed in "\\PC{0,14}") {
        let _ = (Day::parse(&typed), SeasonMonths::parse(&typed));
    }
}

#[test]
fn every_season_is_written_as_it_is_read() {
    for months in 1..=SeasonMonths::ALL_YEAR.0 {
        let season = SeasonMonths(months);
        assert_eq!(
            SeasonMonths::parse(&season.text()),
            Ok(season),
            "{}",
            season.text()
        );
    }
    let written = |text: &str| SeasonMonths::parse(text).expect("months").text();
    assert_eq!(written("9,10"), "9-10");
    assert_eq!(written("12,1,2,3,11"), "11-3");
    assert_eq!(written("3，9-10"), "3, 9-10");
    assert_eq!(written("1-12"), "1-12");
}
