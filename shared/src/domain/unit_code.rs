//! 统一社会信用代码: the unified social credit code of a body (GB 32100-2015).

/// The characters of a code in the order of their values: no I, O, S, V, Z, which are taken for others.
const CHARACTERS: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
/// The weight of each of the first 17 characters: powers of three, modulo 31.
const WEIGHTS: [u32; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
/// How long a code is.
pub const LENGTH: usize = 18;

/// Why a text is not a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnitCodeError {
    /// Not 18 characters.
    #[error("a unit code has 18 characters")]
    Length,
    /// A character that no code has, or a letter where the region's digits stand.
    #[error("a unit code has digits and capitals without I, O, S, V, Z")]
    Character,
    /// The last character does not go with the others: something was mistyped.
    #[error("the check character of the unit code is wrong")]
    Check,
}

/// Whether `code` is a unified social credit code with the right check character.
///
/// # Errors
/// What is wrong with it.
pub fn check(code: &str) -> Result<(), UnitCodeError> {
    if code.chars().count() != LENGTH {
        return Err(UnitCodeError::Length);
    }
    let (body, last) = code
        .split_at_checked(LENGTH - 1)
        .ok_or(UnitCodeError::Character)?;
    let expected = check_character(body).ok_or(UnitCodeError::Character)?;
    let last = last.chars().next().ok_or(UnitCodeError::Length)?;
    if !u8::try_from(last).is_ok_and(|c| CHARACTERS.contains(&c)) {
        return Err(UnitCodeError::Character);
    }
    if last == expected {
        Ok(())
    } else {
        Err(UnitCodeError::Check)
    }
}

/// The check character of the first 17 characters; `None` when they cannot begin a code.
#[must_use]
pub fn check_character(body: &str) -> Option<char> {
    let bytes = body.as_bytes();
    // Characters 3 to 8 are the region's code: digits only.
    if bytes.len() != LENGTH - 1 || !bytes.get(2..8)?.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let mut sum = 0;
    for (byte, weight) in bytes.iter().zip(WEIGHTS) {
        let value = CHARACTERS.iter().position(|c| c == byte)?;
        sum += u32::try_from(value).ok()? * weight;
    }
    let place = usize::try_from((31 - sum % 31) % 31).ok()?;
    CHARACTERS.get(place).map(|c| char::from(*c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_codes_are_right() {
        for code in ["91350100M000100Y43", "91330100799655058B", "91110000802100433B"] {
            assert_eq!(check(code), Ok(()), "{code}");
        }
    }

    #[test]
    fn every_single_slip_is_found() {
        let code = "91350100M000100Y43";
        for place in 0..LENGTH {
            for other in CHARACTERS.iter().map(|c| char::from(*c)) {
                let slipped: String = code
                    .chars()
                    .enumerate()
                    .map(|(at, c)| if at == place { other } else { c })
                    .collect();
                assert_eq!(check(&slipped).is_ok(), slipped == code, "{slipped}");
            }
        }
    }

    #[test]
    fn other_texts_are_refused_with_their_reason() {
        assert_eq!(check(""), Err(UnitCodeError::Length));
        assert_eq!(check("91350100M000100Y4"), Err(UnitCodeError::Length));
        assert_eq!(check("91350100M000100Y433"), Err(UnitCodeError::Length));
        assert_eq!(check("91350100M000100Y4O"), Err(UnitCodeError::Character));
        assert_eq!(check("9135A100M000100Y43"), Err(UnitCodeError::Character));
        assert_eq!(check("91350100M000100Y4三"), Err(UnitCodeError::Character));
        assert_eq!(
            check("一二三四五六七八九十一二三四五六七八"),
            Err(UnitCodeError::Character)
        );
        assert_eq!(check("91350100M000100Y44"), Err(UnitCodeError::Check));
    }

    #[test]
    fn a_code_can_be_completed() {
        let body = "12120119MB1Q00001";
        let last = check_character(body).expect("these characters can begin a code");
        assert_eq!(check(&format!("{body}{last}")), Ok(()));
    }
}
