//! Days and times as people read them.

use super::Lang;
use shared::domain::calendar::{Day, Micros};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

const MONTHS_ZH: [&str; 12] = [
    "一月",
    "二月",
    "三月",
    "四月",
    "五月",
    "六月",
    "七月",
    "八月",
    "九月",
    "十月",
    "十一月",
    "十二月",
];

/// A month's full name: `十一月`, `November`.
#[must_use]
pub fn month(lang: Lang, month: u32) -> &'static str {
    let names = match lang {
        Lang::Zh => &MONTHS_ZH,
        Lang::En => &MONTHS,
    };
    usize::try_from(month)
        .ok()
        .and_then(|m| m.checked_sub(1))
        .and_then(|m| names.get(m))
        .copied()
        .unwrap_or_default()
}

/// For tables and lists: `11-21`, `21 Nov`.
#[must_use]
pub fn short(lang: Lang, day: Day) -> String {
    match lang {
        Lang::Zh => day.format_short(),
        Lang::En => {
            let (_, m, d) = day.ymd();
            format!("{d} {}", month(lang, m).get(..3).unwrap_or_default())
        }
    }
}

/// For documents: `2026年11月21日`, `21 November 2026`.
#[must_use]
pub fn long(lang: Lang, day: Day) -> String {
    match lang {
        Lang::Zh => day.format_long(),
        Lang::En => {
            let (y, m, d) = day.ymd();
            format!("{d} {} {y}", month(lang, m))
        }
    }
}

/// An instant in a list: `11-21 10:42`, `21 Nov 10:42`.
#[must_use]
pub fn time(lang: Lang, at: Micros) -> String {
    format!("{} {}", short(lang, at.day()), at.format_time())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speaks_both_languages() {
        let day = Day::from_ymd(2026, 11, 21).expect("there is such a day");
        assert_eq!(short(Lang::Zh, day), "11-21");
        assert_eq!(short(Lang::En, day), "21 Nov");
        assert_eq!(long(Lang::Zh, day), "2026年11月21日");
        assert_eq!(long(Lang::En, day), "21 November 2026");
        assert_eq!(month(Lang::Zh, 11), "十一月");
    }
}
