//! What narrows the lists of orders and of village orders: read once, for both.

use super::Error;
use shared::api::problem::{FieldCode, FieldProblem};
use shared::domain::calendar::Day;

/// The length of a whole document number, as `D261121-7K3MP`.
const NUMBER_CHARS: usize = 13;

/// A filter as the store wants it.
pub struct Chosen {
    /// From this moment on.
    pub from: Option<i64>,
    /// Before this moment.
    pub until: Option<i64>,
    /// Only this village's: its code, or its name with or without 村.
    pub village: Option<String>,
    /// Only this number.
    pub number: Option<String>,
    /// Only numbers that begin like this.
    pub number_begins: Option<String>,
}

/// Reads days, a village and a number; what is empty narrows nothing.
///
/// # Errors
/// `Invalid` naming what cannot be read.
pub fn read(
    from: Option<Day>,
    until: Option<Day>,
    village: Option<&str>,
    number: Option<&str>,
) -> Result<Chosen, Error> {
    let village = village.map(str::trim).filter(|text| !text.is_empty());
    if village.is_some_and(|text| text.chars().count() > 30) {
        return Err(Error::invalid(vec![FieldProblem::bound(
            "village",
            FieldCode::TooLong,
            30,
        )]));
    }
    if village.is_some_and(|text| text.chars().any(char::is_control)) {
        return Err(Error::field("village", FieldCode::BadCharacters));
    }
    if let (Some(first), Some(last)) = (from, until)
        && last < first
    {
        return Err(Error::invalid(vec![FieldProblem::bound(
            "until",
            FieldCode::TooEarly,
            first,
        )]));
    }
    let number = number
        .map(|text| text.trim().to_uppercase())
        .filter(|text| !text.is_empty());
    if let Some(number) = &number {
        if number.chars().count() > 20 {
            return Err(Error::invalid(vec![FieldProblem::bound(
                "number",
                FieldCode::TooLong,
                20,
            )]));
        }
        if number.chars().any(char::is_control) {
            return Err(Error::field("number", FieldCode::BadCharacters));
        }
    }
    let whole = number
        .as_ref()
        .is_some_and(|text| text.chars().count() >= NUMBER_CHARS);
    Ok(Chosen {
        from: from.map(|day| day.start().0),
        until: until.map(|day| day.add_days(1).start().0),
        village: village.map(str::to_owned),
        number_begins: number.clone().filter(|_| !whole),
        number: number.filter(|_| whole),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_empty_narrows_nothing() {
        let chosen = read(None, None, Some(" "), Some("")).expect("nothing is asked");
        assert!(chosen.village.is_none() && chosen.number.is_none() && chosen.number_begins.is_none());
    }

    #[test]
    fn a_whole_number_is_looked_up_and_a_part_begins_it() {
        let whole = read(None, None, None, Some("d261121-7k3mp")).expect("a number");
        assert_eq!(
            (whole.number.as_deref(), whole.number_begins),
            (Some("D261121-7K3MP"), None)
        );
        let part = read(None, None, None, Some("d2611_")).expect("a part of one");
        assert_eq!(
            (part.number, part.number_begins.as_deref()),
            (None, Some("D2611_"))
        );
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let (first, last) = (Day(20_000), Day(19_999));
        assert!(read(Some(first), Some(last), None, None).is_err());
        assert!(read(None, None, Some(&"村".repeat(31)), None).is_err());
        assert!(read(None, None, Some("官\u{7}场"), None).is_err());
        assert!(read(None, None, None, Some("D261121-7K3MP-999999999")).is_err());
    }
}
