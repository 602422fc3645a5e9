//! Money: whole fen. Arithmetic is checked, no float ever holds a sum.

use serde::{Deserialize, Serialize};

/// A sum in fen. Negative sums are corrections and, in the ledger, credits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
#[cfg_attr(not(target_arch = "wasm32"), derive(utoipa::ToSchema))]
pub struct Fen(pub i64);

/// Why a sum could not be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Larger than what can be held.
    #[error("the sum is too large")]
    Overflow,
    /// Below zero where only zero and more makes sense.
    #[error("the sum must not be negative")]
    Negative,
    /// Nothing was typed.
    #[error("no sum was given")]
    Empty,
    /// What was typed is no sum.
    #[error("this is not a sum of money")]
    NotANumber,
    /// A part of a fen.
    #[error("a sum has at most two decimals")]
    TooPrecise,
}

impl Fen {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// The sum of two.
    ///
    /// # Errors
    /// The result can't be held.
    pub const fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        match self.0.checked_add(other.0) {
            Some(fen) => Ok(Self(fen)),
            None => Err(MoneyError::Overflow),
        }
    }

    /// The difference of two.
    ///
    /// # Errors
    /// The result can't be held.
    pub const fn checked_sub(self, other: Self) -> Result<Self, MoneyError> {
        match self.0.checked_sub(other.0) {
            Some(fen) => Ok(Self(fen)),
            None => Err(MoneyError::Overflow),
        }
    }

    /// The same sum with the other sign.
    ///
    /// # Errors
    /// The result can't be held.
    pub const fn checked_neg(self) -> Result<Self, MoneyError> {
        match self.0.checked_neg() {
            Some(fen) => Ok(Self(fen)),
            None => Err(MoneyError::Overflow),
        }
    }

    /// The sum of many.
    ///
    /// # Errors
    /// The result can't be held.
    pub fn checked_sum(sums: impl IntoIterator<Item = Self>) -> Result<Self, MoneyError> {
        sums.into_iter().try_fold(Self::ZERO, Self::checked_add)
    }

    /// Whether it is nothing.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Yuan with two decimals and thousands apart: `1,292.00`, `−8.00` with a true minus.
    #[must_use]
    pub fn format_yuan(self) -> String {
        let (yuan, cents) = self.yuan_and_cents();
        format!("{}{}.{cents:02}", self.minus(), group_thousands(yuan))
    }

    /// As [`Self::format_yuan`], with the currency sign: `¥1,292.00`, `−¥8.00`.
    #[must_use]
    pub fn format_cny(self) -> String {
        let (yuan, cents) = self.yuan_and_cents();
        format!("{}¥{}.{cents:02}", self.minus(), group_thousands(yuan))
    }

    /// The value of an input field: `1292.00`, with a plain minus and nothing between the digits.
    #[must_use]
    pub fn format_plain(self) -> String {
        let (yuan, cents) = self.yuan_and_cents();
        format!("{}{yuan}.{cents:02}", if self.0 < 0 { "-" } else { "" })
    }

    /// 大写, as bills and certificates need it: `壹仟贰佰玖拾贰元整`. The zeros follow the People's Bank's rules for
    /// filling in payment slips (支付结算办法, appendix 1); where those leave a choice, 零 is written after 万 and
    /// left out before 角, and 整 follows 元 only.
    #[must_use]
    pub fn to_chinese_upper(self) -> String {
        let (yuan, cents) = self.yuan_and_cents();
        let mut text = String::new();
        if self.0 < 0 {
            text.push('负');
        }
        if yuan > 0 || cents == 0 {
            text.push_str(&if yuan == 0 {
                "零".to_owned()
            } else {
                upper_whole(yuan)
            });
            text.push('元');
        }
        push_cents(&mut text, yuan > 0, cents);
        text
    }

    fn minus(self) -> &'static str {
        if self.0 < 0 { "−" } else { "" }
    }

    const fn yuan_and_cents(self) -> (u64, u64) {
        let fen = self.0.unsigned_abs();
        (fen / 100, fen % 100)
    }
}

impl std::fmt::Display for Fen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.format_plain())
    }
}

/// Digits with a comma before every third: `1,292`.
#[must_use]
pub fn group_thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `a × b ÷ divisor`, a half counting as up, away from zero: a correction then cancels to the fen what it corrects.
///
/// # Errors
/// The result can't be held; a divisor of zero or less is an overflow too.
pub fn mul_div_half_up(a: i64, b: i64, divisor: i64) -> Result<i64, MoneyError> {
    if divisor <= 0 {
        return Err(MoneyError::Overflow);
    }
    // A product of two i64 is at most 2^126 away from zero: doubled and with the divisor added it still fits.
    let product = i128::from(a) * i128::from(b);
    let divisor = u128::from(divisor.unsigned_abs());
    let magnitude = (product.unsigned_abs() * 2 + divisor) / (divisor * 2);
    let magnitude = i128::try_from(magnitude).map_err(|_| MoneyError::Overflow)?;
    i64::try_from(magnitude * product.signum()).map_err(|_| MoneyError::Overflow)
}

/// Reads a sum in yuan as people type it: `12`, `12.3`, `¥1,292.00`, `１２．３０`, with `元` or without.
///
/// # Errors
/// Nothing typed, not a number, more than two decimals, or too large.
pub fn parse_yuan(typed: &str) -> Result<Fen, MoneyError> {
    let text: String = typed
        .trim()
        .chars()
        .map(to_half_width)
        .filter(|c| !c.is_whitespace())
        .collect();
    if text.is_empty() {
        return Err(MoneyError::Empty);
    }
    let (negative, text) = strip_sign(&text);
    let text = text.strip_prefix('¥').unwrap_or(text);
    let text = text.strip_suffix('元').unwrap_or(text);
    let (whole, decimals) = text.split_once('.').map_or((text, None), |(w, d)| (w, Some(d)));
    let whole = strip_grouping(whole).ok_or(MoneyError::NotANumber)?;
    let decimals = decimals.unwrap_or("0");
    if decimals.is_empty() || !decimals.bytes().all(|b| b.is_ascii_digit()) {
        return Err(MoneyError::NotANumber);
    }
    if decimals.len() > 2 {
        return Err(MoneyError::TooPrecise);
    }
    let fen: i64 = format!("{whole}{decimals:0<2}")
        .parse()
        .map_err(|_| MoneyError::Overflow)?;
    Ok(Fen(if negative { -fen } else { fen }))
}

/// The ASCII form of the full-width digits and signs that Chinese keyboards give.
pub(crate) fn to_half_width(c: char) -> char {
    match c {
        '０'..='９' | '．' | '，' | '－' | '＋' => {
            char::from_u32(u32::from(c) - 0xFEE0).expect("full-width forms lie 0xFEE0 above ASCII")
        }
        '−' => '-',
        '￥' => '¥',
        other => other,
    }
}

fn strip_sign(text: &str) -> (bool, &str) {
    text.strip_prefix('-').map_or((false, text), |rest| (true, rest))
}

/// Digits without their commas; commas are taken only where thousands are parted, so that `1,29` is not read as 129.
pub(crate) fn strip_grouping(whole: &str) -> Option<String> {
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    let rest: Vec<&str> = groups.collect();
    let grouped = rest.is_empty() || first.len() <= 3;
    if !digits(first) || !grouped || !rest.iter().all(|g| g.len() == 3 && digits(g)) {
        return None;
    }
    Some(whole.replace(',', ""))
}

const UPPER_DIGITS: [char; 10] = ['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'];

fn upper_digit(digit: u64) -> char {
    usize::try_from(digit % 10)
        .ok()
        .and_then(|i| UPPER_DIGITS.get(i))
        .copied()
        .expect("a digit is below ten")
}

fn upper_whole(number: u64) -> String {
    for (unit, name) in [(100_000_000, '亿'), (10_000, '万')] {
        if number >= unit {
            let (high, low) = (number / unit, number % unit);
            let mut text = upper_whole(high);
            text.push(name);
            if low > 0 {
                if low < unit / 10 || high.is_multiple_of(10) {
                    text.push('零');
                }
                text.push_str(&upper_whole(low));
            }
            return text;
        }
    }
    upper_below_ten_thousand(number)
}

fn upper_below_ten_thousand(number: u64) -> String {
    let mut text = String::new();
    let mut zero_waits = false;
    for (unit, name) in [(1000, Some('仟')), (100, Some('佰')), (10, Some('拾')), (1, None)] {
        let digit = number / unit % 10;
        if digit == 0 {
            zero_waits = !text.is_empty();
            continue;
        }
        if zero_waits {
            text.push('零');
            zero_waits = false;
        }
        text.push(upper_digit(digit));
        text.extend(name);
    }
    text
}

fn push_cents(text: &mut String, after_yuan: bool, cents: u64) {
    let (jiao, fen) = (cents / 10, cents % 10);
    if cents == 0 {
        text.push('整');
        return;
    }
    if jiao > 0 {
        text.push(upper_digit(jiao));
        text.push('角');
    } else if after_yuan {
        text.push('零');
    }
    if fen > 0 {
        text.push(upper_digit(fen));
        text.push('分');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_for_reading() {
        assert_eq!(Fen(129_200).format_yuan(), "1,292.00");
        assert_eq!(Fen(-800).format_yuan(), "−8.00");
        assert_eq!(Fen(5).format_cny(), "¥0.05");
        assert_eq!(Fen(-123_456_789).format_cny(), "−¥1,234,567.89");
        assert_eq!(Fen(-123_450).format_plain(), "-1234.50");
        assert_eq!(Fen(i64::MIN).format_yuan(), "−92,233,720,368,547,758.08");
    }

    #[test]
    fn reads_what_people_type() {
        for (typed, fen) in [
            ("12", 1200),
            ("12.3", 1230),
            ("12.30", 1230),
            (" ¥1,292.00 ", 129_200),
            ("￥１２．３０", 1230),
            ("1，292元", 129_200),
            ("-8", -800),
            ("−8.00", -800),
            ("0.05", 5),
            ("007", 700),
        ] {
            assert_eq!(parse_yuan(typed), Ok(Fen(fen)), "{typed}");
        }
    }

    #[test]
    fn refuses_what_is_no_sum() {
        use MoneyError::{Empty, NotANumber, Overflow, TooPrecise};
        for (typed, error) in [
            ("", Empty),
            (" 　", Empty),
            ("abc", NotANumber),
            ("12.", NotANumber),
            (".5", NotANumber),
            ("1.2.3", NotANumber),
            ("1,29", NotANumber),
            ("1234,567", NotANumber),
            ("--8", NotANumber),
            ("1e3", NotANumber),
            ("¥", NotANumber),
            ("12.345", TooPrecise),
            ("92233720368547758.08", Overflow),
            ("999999999999999999999", Overflow),
        ] {
            assert_eq!(parse_yuan(typed), Err(error), "{typed}");
        }
    }

    #[test]
    fn half_counts_as_up_away_from_zero() {
        assert_eq!(mul_div_half_up(1, 250, 500), Ok(1));
        assert_eq!(mul_div_half_up(1, 249, 500), Ok(0));
        assert_eq!(mul_div_half_up(-1, 250, 500), Ok(-1));
        assert_eq!(mul_div_half_up(i64::MAX, i64::MAX, 1), Err(MoneyError::Overflow));
        assert_eq!(mul_div_half_up(1, 1, 0), Err(MoneyError::Overflow));
        assert_eq!(
            mul_div_half_up(i64::MIN, i64::MIN, i64::MAX),
            Err(MoneyError::Overflow)
        );
    }
}
