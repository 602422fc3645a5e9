//! 银行账户: where a payee's money goes. A number that was mistyped is mostly caught here, before a bank sends the money back.

/// The fewest digits of an account.
pub const DIGITS_MIN: usize = 8;
/// The most.
pub const DIGITS_MAX: usize = 30;
/// Digits of a bank's code in the national payment system (人行联行号, CNAPS).
pub const CNAPS_DIGITS: usize = 12;

/// Why a text is no account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AccountError {
    /// Nothing was typed.
    #[error("no account was given")]
    Empty,
    /// Something else than digits.
    #[error("an account has digits only")]
    Character,
    /// Too few digits.
    #[error("an account has at least {DIGITS_MIN} digits")]
    TooShort,
    /// Too many digits.
    #[error("an account has at most {DIGITS_MAX} digits")]
    TooLong,
    /// The last digit of a card does not go with the others: something was mistyped.
    #[error("the check digit of the card is wrong")]
    Check,
}

/// The number of an account as banks take it, from what was typed: spaces and hyphens between its digits are left out.
/// A bank card (16 to 19 digits that begin with 62) must have the right check digit; accounts of bodies have none.
///
/// # Errors
/// What is wrong with it.
pub fn number(typed: &str) -> Result<String, AccountError> {
    let digits: String = typed
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .collect();
    if digits.is_empty() {
        return Err(AccountError::Empty);
    }
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(AccountError::Character);
    }
    if digits.len() < DIGITS_MIN {
        return Err(AccountError::TooShort);
    }
    if digits.len() > DIGITS_MAX {
        return Err(AccountError::TooLong);
    }
    if is_card(&digits) && !passes_luhn(&digits) {
        return Err(AccountError::Check);
    }
    Ok(digits)
}

/// Whether it is the number of a bank card.
fn is_card(digits: &str) -> bool {
    (16..=19).contains(&digits.len()) && digits.starts_with("62")
}

/// The check of card numbers (ISO/IEC 7812-1, annex B): every second digit from the right counts twice.
fn passes_luhn(digits: &str) -> bool {
    let sum: u32 = (digits.bytes().rev().zip(0_u32..))
        .map(|(byte, at)| {
            let digit = u32::from(byte - b'0') << (at % 2);
            if digit > 9 { digit - 9 } else { digit }
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Whether a text can be a bank's code in the national payment system.
#[must_use]
pub fn is_cnaps(text: &str) -> bool {
    text.len() == CNAPS_DIGITS && text.bytes().all(|b| b.is_ascii_digit())
}

/// An account as those see it who do not pay it: its last four digits.
#[must_use]
pub fn masked(number: &str) -> String {
    let last = number.len().saturating_sub(4);
    format!("**** {}", number.get(last..).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cards_are_checked_and_accounts_of_bodies_are_not() {
        assert_eq!(
            number(" 6222 0212 3456 7890 128 ").as_deref(),
            Ok("6222021234567890128")
        );
        assert_eq!(number("6222021234567890123"), Err(AccountError::Check));
        // Two digits next to one another were swapped.
        assert_eq!(number("6222021234567890218"), Err(AccountError::Check));
        assert_eq!(
            number("0302-0412-0930-0123-456").as_deref(),
            Ok("0302041209300123456")
        );
        for (typed, error) in [
            ("", AccountError::Empty),
            (" - ", AccountError::Empty),
            ("12345678a", AccountError::Character),
            ("１２３４５６７８", AccountError::Character),
            ("1234567", AccountError::TooShort),
            ("1234567890123456789012345678901", AccountError::TooLong),
        ] {
            assert_eq!(number(typed), Err(error), "{typed}");
        }
    }

    #[test]
    fn only_the_end_of_an_account_is_shown() {
        assert_eq!(masked("6222021234567890128"), "**** 0128");
        assert_eq!(masked("12"), "**** 12");
    }

    #[test]
    fn a_code_of_a_bank_has_twelve_digits() {
        assert!(is_cnaps("102110001234"));
        assert!(!is_cnaps("10211000123") && !is_cnaps("10211000123x"));
    }
}
