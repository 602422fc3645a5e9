//! Certificates: green food, organic, geographical indication. A badge disappears the day its certificate expires.

use super::calendar::Day;

named! {
    /// What is certified.
    pub enum CertificateKind {
        /// 绿色食品.
        GreenFood = "green_food",
        /// 有机产品.
        Organic = "organic",
        /// 农产品地理标志.
        GeographicalIndication = "geographical_indication",
    }
}

/// Years that a green-food certificate runs.
pub const GREEN_FOOD_YEARS: i32 = 3;

/// Why a certificate's number is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CertificateError {
    /// Neither a product number nor an enterprise code.
    #[error("a green-food number looks like LB-15-1901270033A or GF120119190033")]
    Malformed,
    /// The year and month in it are none.
    #[error("the year and month in the number are not possible")]
    NoSuchMonth,
}

/// Checks a green-food number and gives its usual form (ASCII, capitals).
///
/// The China Green Food Development Centre numbers products `LB-CC-YYMMPPNNNNA`: category, year and month of the licence,
/// province, running number of four or five digits, grade `A` or `AA`; since 2009 an enterprise carries
/// `GF` and twelve digits: six of the county's division code, two of the year, four of the running number.
///
/// # Errors
/// Another form, or an impossible month.
pub fn green_food_number(typed: &str) -> Result<String, CertificateError> {
    let text: String = typed
        .trim()
        .chars()
        .map(|c| match c {
            '－' | '–' | '—' | '−' => '-',
            other => super::money::to_half_width(other),
        })
        .map(|c| c.to_ascii_uppercase())
        .collect();
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    if let Some(code) = text.strip_prefix("GF") {
        return if code.len() == 12 && digits(code) {
            Ok(text)
        } else {
            Err(CertificateError::Malformed)
        };
    }
    let (category, number) = text
        .strip_prefix("LB-")
        .and_then(|rest| rest.split_once('-'))
        .ok_or(CertificateError::Malformed)?;
    let grade = number.trim_start_matches(|c: char| c.is_ascii_digit());
    let number = number.strip_suffix(grade).unwrap_or(number);
    if !matches!(grade, "A" | "AA")
        || category.len() != 2
        || !digits(category)
        || !matches!(number.len(), 10 | 11)
    {
        return Err(CertificateError::Malformed);
    }
    match number.get(2..4).and_then(|month| month.parse().ok()) {
        Some(1..=12) => Ok(text),
        _ => Err(CertificateError::NoSuchMonth),
    }
}

/// The last day of a green-food certificate that runs from a day.
#[must_use]
pub fn green_food_until(from: Day) -> Day {
    from.add_years(GREEN_FOOD_YEARS).add_days(-1)
}

/// Whether a certificate holds on a day: from its first day to its last, both included.
#[must_use]
pub fn valid_on(from: Option<Day>, until: Day, day: Day) -> bool {
    from.is_none_or(|from| from <= day) && day <= until
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_a_green_food_number() {
        for number in [
            "LB-15-19012700330A",
            "LB-50-1703081720A",
            "LB-01-1211021234AA",
            "GF120119190033",
        ] {
            assert_eq!(green_food_number(number).as_deref(), Ok(number));
        }
        assert_eq!(
            green_food_number(" lb－15－1901270033a "),
            Ok("LB-15-1901270033A".to_owned())
        );
        for (number, error) in [
            ("", CertificateError::Malformed),
            ("LB-15-1901270033", CertificateError::Malformed),
            ("LB-15-1901270033B", CertificateError::Malformed),
            ("LB-1-1901270033A", CertificateError::Malformed),
            ("LB-15-190127003A", CertificateError::Malformed),
            ("GF12011919003", CertificateError::Malformed),
            ("XX-15-1901270033A", CertificateError::Malformed),
            ("LB-15-1913270033A", CertificateError::NoSuchMonth),
            ("LB-15-1900270033A", CertificateError::NoSuchMonth),
        ] {
            assert_eq!(green_food_number(number), Err(error), "{number}");
        }
    }

    #[test]
    fn the_badge_is_gone_the_day_after_the_last() {
        let day = |text| Day::parse(text).expect("a day");
        let until = green_food_until(day("2024-02-29"));
        assert_eq!(until, day("2027-02-27"));
        assert!(valid_on(None, until, until));
        assert!(!valid_on(None, until, until.add_days(1)));
        assert!(!valid_on(Some(day("2024-02-29")), until, day("2024-02-28")));
    }
}
