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

/// Years that an organic certificate runs (有机产品认证实施规则: 证书有效期最长为 12 个月).
pub const ORGANIC_YEARS: i32 = 1;

impl CertificateKind {
    /// Years that it runs; a geographical indication is registered for good.
    #[must_use]
    pub const fn years(self) -> Option<i32> {
        match self {
            Self::GreenFood => Some(GREEN_FOOD_YEARS),
            Self::Organic => Some(ORGANIC_YEARS),
            Self::GeographicalIndication => None,
        }
    }
}

/// Why a certificate's number is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CertificateError {
    /// The form of no kind of certificate.
    #[error("a number looks like LB-15-1901270033A, GF120119190033, 123OP1900001 or AGI01234")]
    Malformed,
    /// The year and month in it are none.
    #[error("the year and month in the number are not possible")]
    NoSuchMonth,
}

/// Reads a certificate's number: what it certifies, and its usual form (ASCII, capitals).
///
/// # Errors
/// The form of no kind, or an impossible month.
pub fn certificate_number(typed: &str) -> Result<(CertificateKind, String), CertificateError> {
    let text = usual(typed);
    if text.starts_with("AGI") {
        return geographical_number(&text).map(|number| (CertificateKind::GeographicalIndication, number));
    }
    if text.contains("OP") {
        return organic_number(&text).map(|number| (CertificateKind::Organic, number));
    }
    green_food_number(&text).map(|number| (CertificateKind::GreenFood, number))
}

/// ASCII, capitals, without blanks.
fn usual(typed: &str) -> String {
    typed
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| match c {
            '－' | '–' | '—' | '−' => '-',
            other => super::money::to_half_width(other),
        })
        .map(|c| c.to_ascii_uppercase())
        .collect()
}

/// Checks an organic certificate's number and gives its usual form.
///
/// 有机产品认证证书编号规则 (CNCA, annex of 有机产品认证实施规则, 公告 2019 年第 21 号, revised 2022): the certifier's
/// running number of three or four digits (an older foreign one: `F` and two), `OP`, two digits of the year, five of the
/// running number; a sub-certificate adds `-` and its number.
///
/// # Errors
/// Another form.
pub fn organic_number(typed: &str) -> Result<String, CertificateError> {
    let text = usual(typed);
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    let (certifier, rest) = text.split_once("OP").ok_or(CertificateError::Malformed)?;
    let foreign = certifier
        .strip_prefix('F')
        .is_some_and(|code| code.len() == 2 && digits(code));
    let known = foreign || (matches!(certifier.len(), 3 | 4) && digits(certifier));
    let (number, sub) = match rest.split_once('-') {
        Some((number, sub)) => (number, Some(sub)),
        None => (rest, None),
    };
    let sub_fits = sub.is_none_or(|sub| sub.len() <= 3 && digits(sub));
    if known && number.len() == 7 && digits(number) && sub_fits {
        Ok(text)
    } else {
        Err(CertificateError::Malformed)
    }
}

/// Checks the number of an agricultural geographical indication and gives its usual form.
///
/// The ministry of agriculture numbers registrations `AGI` and five digits; its notices (as 农业部公告第 1813 号) name the
/// quality specification `AGI2012-02-869`: year, batch of the year, running number of three to five digits.
///
/// # Errors
/// Another form.
pub fn geographical_number(typed: &str) -> Result<String, CertificateError> {
    let text = usual(typed);
    let rest = text.strip_prefix("AGI").ok_or(CertificateError::Malformed)?;
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    let parts: Vec<&str> = rest.split('-').collect();
    let fits = match parts.as_slice() {
        [number] => number.len() == 5 && digits(number),
        [year, batch, number] => {
            year.len() == 4
                && batch.len() == 2
                && (3..=5).contains(&number.len())
                && [year, batch, number].into_iter().all(|part| digits(part))
        }
        _ => false,
    };
    if fits {
        Ok(text)
    } else {
        Err(CertificateError::Malformed)
    }
}

/// Checks a green-food number and gives its usual form (ASCII, capitals).
///
/// The China Green Food Development Centre numbers products `LB-CC-YYMMPPNNNNA`: category, year and month of the licence,
/// province, running number of four or five digits, grade `A` or `AA`; since 1 August 2009 an enterprise carries `GF` and
/// twelve digits on its packs: six of the county's division code, two of the year, four of the running number.
///
/// # Errors
/// Another form, or an impossible month.
pub fn green_food_number(typed: &str) -> Result<String, CertificateError> {
    let text = usual(typed);
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
    fn knows_every_kind_by_its_number() {
        use CertificateKind::{GeographicalIndication, GreenFood, Organic};
        for (typed, kind, number) in [
            ("LB-15-19012700330A", GreenFood, "LB-15-19012700330A"),
            ("GF120119190033", GreenFood, "GF120119190033"),
            ("123op2300001", Organic, "123OP2300001"),
            ("0123OP2300001-2", Organic, "0123OP2300001-2"),
            ("F01OP1900001", Organic, "F01OP1900001"),
            ("AGI 01234", GeographicalIndication, "AGI01234"),
            ("AGI2012－02－869", GeographicalIndication, "AGI2012-02-869"),
        ] {
            assert_eq!(
                certificate_number(typed),
                Ok((kind, number.to_owned())),
                "{typed}"
            );
        }
        for typed in [
            "12OP2300001",
            "123OP230001",
            "123OP23000010",
            "123OP2300001-",
            "123OP2300001-1234",
            "F1OP1900001",
            "AGI1234",
            "AGI012345",
            "AGI2012-2-869",
            "AGI2012-02-86",
            "AGI2012-02-869-1",
            "有机",
            "",
        ] {
            assert_eq!(
                certificate_number(typed),
                Err(CertificateError::Malformed),
                "{typed}"
            );
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
