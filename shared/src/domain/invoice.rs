//! 发票: VAT invoices of a bill, one for each seller of record. They are issued outside; here stands what was asked for, what
//! was issued, what the unit has received, and what was taken back by a red-letter invoice.

use super::money::{Fen, MoneyError, mul_div_half_up};
use super::unit_code::{self, UnitCodeError};

named! {
    /// Where an invoice stands.
    pub enum InvoiceStatus {
        /// 待开票: the unit asked for it.
        Requested = "requested",
        /// 已开票.
        Issued = "issued",
        /// 已收票: the unit has it.
        Received = "received",
        /// 已红冲: a red-letter invoice took it back.
        RedLettered = "red_lettered",
        /// 已取消 before it was issued.
        Cancelled = "cancelled",
    }
}

named! {
    /// What happens to an invoice.
    pub enum InvoiceEvent {
        /// The seller of record issues it.
        Issue = "issue",
        /// The unit receives it.
        Receive = "receive",
        /// A red-letter invoice takes it back.
        RedLetter = "red_letter",
        /// It is no longer wanted.
        Cancel = "cancel",
    }
}

steps! { "invoice": InvoiceStatus, InvoiceEvent {
    Requested => Issue => Issued,
    Requested => Cancel => Cancelled,
    Issued => Receive => Received,
    Issued | Received => RedLetter => RedLettered,
} }

named! {
    /// What kind of invoice.
    pub enum InvoiceKind {
        /// 普通发票.
        Ordinary = "ordinary",
        /// 增值税专用发票, by which the buyer deducts the tax.
        Special = "special",
    }
}

/// The rates of VAT in basis points: exempt or zero, 1 % and 3 % of small taxpayers, 6 %, 9 % of farm produce, 13 %.
pub const RATES_BP: [i32; 6] = [0, 100, 300, 600, 900, 1300];

/// The tax within a sum.
///
/// # Errors
/// It can't be held.
pub fn tax_within(amount_fen: Fen, rate_bp: i32) -> Result<Fen, MoneyError> {
    let rate = i64::from(rate_bp);
    mul_div_half_up(amount_fen.0, rate, 10_000 + rate).map(Fen)
}

/// Why a taxpayer's number is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TaxNumberError {
    /// Neither 15, 18 nor 20 characters, or other characters than digits and capitals.
    #[error("a taxpayer's number has 15, 18 or 20 digits and capitals")]
    Form,
    /// The last character does not go with the others.
    #[error("the check character of the taxpayer's number is wrong")]
    Check,
}

/// A taxpayer's number as typed: small letters and spaces are forgiven. One of 18 characters is a unified social credit code.
///
/// # Errors
/// What is wrong with it.
pub fn tax_number(typed: &str) -> Result<String, TaxNumberError> {
    let number: String = typed
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| c.to_ascii_uppercase())
        .collect();
    if !number
        .bytes()
        .all(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
    {
        return Err(TaxNumberError::Form);
    }
    match number.len() {
        15 | 20 => Ok(number),
        18 => match unit_code::check(&number) {
            Ok(()) => Ok(number),
            Err(UnitCodeError::Check) => Err(TaxNumberError::Check),
            Err(_) => Err(TaxNumberError::Form),
        },
        _ => Err(TaxNumberError::Form),
    }
}

/// An invoice's number as typed: 20 digits of a digital one, 8 of an older one, or its code and number together.
#[must_use]
pub fn invoice_number(typed: &str) -> Option<String> {
    let number: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    let good = matches!(number.len(), 8 | 18 | 20) && number.bytes().all(|b| b.is_ascii_digit());
    good.then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tax_is_taken_out_of_the_sum() {
        assert_eq!(tax_within(Fen(10_900), 900), Ok(Fen(900)));
        assert_eq!(tax_within(Fen(10_000), 900), Ok(Fen(826)));
        assert_eq!(tax_within(Fen(-10_900), 900), Ok(Fen(-900)));
        assert_eq!(tax_within(Fen(10_900), 0), Ok(Fen(0)));
    }

    #[test]
    fn numbers_are_checked() {
        assert_eq!(
            tax_number("9135 0100m000100y43").as_deref(),
            Ok("91350100M000100Y43")
        );
        assert_eq!(tax_number("91350100M000100Y44"), Err(TaxNumberError::Check));
        assert_eq!(tax_number("123456789012345").as_deref(), Ok("123456789012345"));
        for wrong in ["", "1234", "12345678901234é"] {
            assert_eq!(tax_number(wrong), Err(TaxNumberError::Form), "{wrong}");
        }
        assert_eq!(
            invoice_number("2612 0000 0000 1234 5678").as_deref(),
            Some("26120000000012345678")
        );
        assert_eq!(invoice_number("123"), None);
    }
}
