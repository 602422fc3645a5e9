//! How pressing a village order is, in a chip.

use crate::context::Cx;
use crate::text::status::{MILLET, PERSIMMON, PLAIN, WATER};
use crate::text::{Lang, day};
use shared::api::village_order::VillageOrderRow;
use shared::domain::calendar::{Day, Micros};
use shared::domain::village_order::VillageOrderStatus as State;

const MINUTE_US: i64 = 60_000_000;
const HOUR_MIN: i64 = 60;
const DAY_MIN: i64 = 24 * HOUR_MIN;
/// With less than this left, waiting becomes pressing.
const PRESSING_MIN: i64 = 4 * HOUR_MIN;

/// A length of time, rounded down to its largest unit: `2 小时`.
#[must_use]
pub fn span(lang: Lang, minutes: i64) -> String {
    let (number, zh, en) = match minutes {
        m if m < HOUR_MIN => (m, "分钟", "min"),
        m if m < 2 * DAY_MIN => (m / HOUR_MIN, "小时", "h"),
        m => (m / DAY_MIN, "天", "d"),
    };
    format!("{number} {}", lang.t(zh, en))
}

/// The tone and the words: `剩 2 小时`, `明天要货`, `已到 3 小时`.
#[must_use]
pub fn deadline(cx: &Cx, row: &VillageOrderRow) -> (&'static str, String) {
    match row.status {
        State::Offered => to_answer(cx, row),
        State::Confirmed | State::Shorted | State::Packed => wanted(cx, row.wanted_on),
        State::Collected if row.vehicle.is_empty() => (WATER, cx.t("在路上", "On the way").to_owned()),
        State::Collected => (PLAIN, row.vehicle.clone()),
        State::Delivered => arrived(cx, row),
        _ => (PLAIN, day::time(cx.lang(), row.moved_at)),
    }
}

/// How long it is until a moment: `剩 2 小时`, and its tone.
#[must_use]
pub fn left(cx: &Cx, at: Micros) -> (&'static str, String) {
    let left_min = (at.0 - cx.now.0) / MINUTE_US;
    if left_min <= 0 {
        return (PERSIMMON, cx.t("已过期限", "Past its deadline").to_owned());
    }
    let tone = if left_min < PRESSING_MIN { PERSIMMON } else { PLAIN };
    let words = match cx.lang() {
        Lang::Zh => format!("剩 {}", span(Lang::Zh, left_min)),
        Lang::En => format!("{} left", span(Lang::En, left_min)),
    };
    (tone, words)
}

fn to_answer(cx: &Cx, row: &VillageOrderRow) -> (&'static str, String) {
    let left_min = (row.confirm_by.0 - cx.now.0) / MINUTE_US;
    if left_min <= 0 {
        return (PERSIMMON, cx.t("已过答复期限", "Past its deadline").to_owned());
    }
    let tone = if left_min < PRESSING_MIN { PERSIMMON } else { PLAIN };
    let words = match cx.lang() {
        Lang::Zh => format!("剩 {}", span(Lang::Zh, left_min)),
        Lang::En => format!("{} left", span(Lang::En, left_min)),
    };
    (tone, words)
}

fn wanted(cx: &Cx, wanted_on: Day) -> (&'static str, String) {
    match wanted_on.days_since(cx.today) {
        ..0 => (
            PERSIMMON,
            format!(
                "{} {}",
                day::short(cx.lang(), wanted_on),
                cx.t("要货，已迟", "wanted, late")
            ),
        ),
        0 => (MILLET, cx.t("今天要货", "Wanted today").to_owned()),
        1 => (PLAIN, cx.t("明天要货", "Wanted tomorrow").to_owned()),
        _ => (
            PLAIN,
            format!("{} {}", day::short(cx.lang(), wanted_on), cx.t("要货", "wanted")),
        ),
    }
}

fn arrived(cx: &Cx, row: &VillageOrderRow) -> (&'static str, String) {
    let since_min = (cx.now.0 - row.moved_at.0) / MINUTE_US;
    let tone = if row.late { PERSIMMON } else { PLAIN };
    if since_min < 30 {
        return (tone, cx.t("刚到", "Just arrived").to_owned());
    }
    let words = match cx.lang() {
        Lang::Zh => format!("已到 {}", span(Lang::Zh, since_min)),
        Lang::En => format!("There for {}", span(Lang::En, since_min)),
    };
    (tone, words)
}
