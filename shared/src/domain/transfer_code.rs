//! 转账附言码: what a unit types into the remark of its bank transfer, so that the money finds its bill. Eight characters,
//! the last of which is a check: one mistyped or two exchanged characters are always noticed.

/// The characters in the order of their values. A prime number of them, so that every weight below it can be undone; none of
/// those that are taken for one another: 0 O Q, 1 I L, 2 Z is kept as 2, 5 S as 5, 8 B as 8, 6 G as 6, U V.
const CHARACTERS: &[u8; 23] = b"23456789ACDEFHJKMNPRTXY";

/// How long a code is, check character included.
pub const LENGTH: usize = 8;

/// Characters of a text in which mistyped codes are looked for: the longest remark of a bank.
const NEAR_WITHIN: usize = 200;
/// Mistyped codes that a text is read as, at the most.
const NEAR_MAX: usize = 400;

/// A code with the right check character.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TransferCode(String);

impl TransferCode {
    /// The code of seven values, each taken modulo the number of characters: chance chooses them.
    #[must_use]
    pub fn of_values(values: [u8; LENGTH - 1]) -> Self {
        let values = values.map(|value| usize::from(value) % CHARACTERS.len());
        let mut text: String = values
            .iter()
            .map(|value| char::from(CHARACTERS[*value]))
            .collect();
        text.push(char::from(CHARACTERS[check_value(&values)]));
        Self(text)
    }

    /// A code as typed: small letters, full-width characters, spaces and hyphens are forgiven.
    #[must_use]
    pub fn parse(typed: &str) -> Option<Self> {
        let text: String = typed.chars().filter_map(meant).collect();
        Self::read(&text)
    }

    fn read(text: &str) -> Option<Self> {
        let values: Vec<usize> = text.bytes().map(value_of).collect::<Option<_>>()?;
        let (check, body) = values.split_last()?;
        (body.len() == LENGTH - 1 && check_value(body) == *check).then(|| Self(text.to_owned()))
    }

    /// Every code that stands in a text, in its order: any eight neighbouring characters of codes whose check is right.
    /// Other characters between them (spaces, hyphens) are passed over, letters of words and other digits are not.
    #[must_use]
    pub fn find_all(text: &str) -> Vec<Self> {
        let meant: Vec<char> = text.chars().filter_map(meant).collect();
        let mut found = Vec::new();
        for window in meant.windows(LENGTH) {
            let code = Self::read(&window.iter().collect::<String>());
            found.extend(code.filter(|code| !found.contains(code)));
        }
        found
    }

    /// Every code that one slip of the hand turned into what stands in a text: one character is wrong, two are exchanged,
    /// one is missing or one too many. Codes that stand there as they are are left out.
    #[must_use]
    pub fn find_near(text: &str) -> Vec<Self> {
        let meant: Vec<char> = text.chars().filter_map(meant).take(NEAR_WITHIN).collect();
        let mut near = Vec::new();
        let mut keep = |typed: &[char]| {
            let code = Self::read(&typed.iter().collect::<String>());
            near.extend(code.filter(|code| !near.contains(code)));
        };
        for typed in meant.windows(LENGTH) {
            let foreign = typed.iter().filter(|c| !is_one(**c)).count();
            // A letter or digit that no code has may stand for one; a word of Chinese does not.
            if foreign > 1 || !typed.iter().all(char::is_ascii_alphanumeric) {
                continue;
            }
            for at in 0..LENGTH {
                if foreign == 0 || !is_one(typed[at]) {
                    with_each(typed, at, at + 1, &mut keep);
                }
                if at + 1 < LENGTH && foreign == 0 {
                    let mut exchanged = typed.to_vec();
                    exchanged.swap(at, at + 1);
                    keep(&exchanged);
                }
            }
        }
        for typed in meant
            .windows(LENGTH - 1)
            .filter(|typed| typed.iter().all(|c| is_one(*c)))
        {
            for at in 0..LENGTH {
                with_each(typed, at, at, &mut keep);
            }
        }
        for typed in meant.windows(LENGTH + 1) {
            for at in 0..=LENGTH {
                keep(&[&typed[..at], &typed[at + 1..]].concat());
            }
        }
        let right = Self::find_all(text);
        near.retain(|code| !right.contains(code));
        near.truncate(NEAR_MAX);
        near
    }

    /// The code as stored: eight characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The code as shown: in two groups of four.
    #[must_use]
    pub fn format(&self) -> String {
        let (left, right) = self.0.split_at(LENGTH / 2);
        format!("{left}-{right}")
    }
}

/// What a typed character stands for; `None` for what may stand between characters.
fn meant(typed: char) -> Option<char> {
    let narrow = match typed {
        // Full-width forms lie 0xFEE0 above their own.
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(typed) - 0xFEE0).unwrap_or(typed),
        other => other,
    };
    match narrow {
        ' ' | '-' | '_' | '.' | '\u{3000}' | '\u{2013}' | '\u{2014}' | '\t' => None,
        other => Some(other.to_ascii_uppercase()),
    }
}

fn is_one(typed: char) -> bool {
    u8::try_from(typed).is_ok_and(|byte| value_of(byte).is_some())
}

/// Tries every character in place of those from `from` until `until`.
fn with_each(typed: &[char], from: usize, until: usize, keep: &mut impl FnMut(&[char])) {
    for byte in CHARACTERS {
        keep(&[&typed[..from], &[char::from(*byte)], &typed[until..]].concat());
    }
}

fn value_of(byte: u8) -> Option<usize> {
    CHARACTERS.iter().position(|c| *c == byte)
}

/// Weights 2 to 8: all different and none divisible by 23, so that one changed or two exchanged characters change it.
fn check_value(body: &[usize]) -> usize {
    let sum: usize = body.iter().zip(2..).map(|(value, weight)| value * weight).sum();
    (CHARACTERS.len() - sum % CHARACTERS.len()) % CHARACTERS.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn forgives_how_it_was_typed() {
        let code = TransferCode::of_values([0, 1, 2, 3, 4, 5, 6]);
        let shown = code.format();
        assert_eq!(shown.len(), LENGTH + 1);
        assert_eq!(TransferCode::parse(&shown.to_lowercase()), Some(code.clone()));
        let wide: String = code
            .as_str()
            .chars()
            .filter_map(|c| char::from_u32(u32::from(c) + 0xFEE0))
            .collect();
        assert_eq!(TransferCode::parse(&wide), Some(code.clone()));
        assert_eq!(TransferCode::find_all(&format!("货款 {shown},谢谢")), vec![code]);
        assert_eq!(TransferCode::parse(""), None);
    }

    proptest! {
        #[test]
        fn one_wrong_or_two_exchanged_characters_are_noticed(
            values in any::<[u8; 7]>(), at in 0_usize..8, other in 0_usize..23,
        ) {
            let code = TransferCode::of_values(values);
            prop_assert_eq!(TransferCode::parse(code.as_str()), Some(code.clone()));
            let mut wrong = code.as_str().as_bytes().to_vec();
            wrong[at] = CHARACTERS[other];
            let wrong = String::from_utf8(wrong).expect("ascii");
            prop_assert!(wrong == code.as_str() || TransferCode::parse(&wrong).is_none());
            if wrong != code.as_str() {
                let remark = format!("款{wrong}");
                prop_assert!(TransferCode::find_near(&remark).contains(&code));
            }
            let mut less = code.as_str().to_owned();
            less.remove(at);
            prop_assert!(TransferCode::find_near(&less).contains(&code));
            for at in 0..LENGTH - 1 {
                let mut exchanged = code.as_str().as_bytes().to_vec();
                exchanged.swap(at, at + 1);
                let exchanged = String::from_utf8(exchanged).expect("ascii");
                prop_assert!(exchanged == code.as_str() || TransferCode::parse(&exchanged).is_none());
            }
        }
    }
}
