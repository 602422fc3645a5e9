//! How characters are spelled in Pinyin, and whether typed letters spell a text.

use super::words::is_han;
use pinyin::ToPinyinMulti as _;
use std::collections::HashMap;

/// Readings of a character at the most; the rest are those of the classics.
const READINGS_MAX: usize = 2;
/// Letters of a word that are looked at; a search has at most a hundred characters.
const LETTERS_MAX: usize = 100;
/// Letters and digits spell themselves.
const SELVES: &str = "abcdefghijklmnopqrstuvwxyz0123456789";

/// The spellings of every character that occurs in a set of texts.
#[derive(Debug, Default)]
pub struct Sounds {
    of: HashMap<char, u16>,
    readings: Vec<Vec<&'static str>>,
    /// The letters with which a character may begin, one bit each.
    firsts: Vec<u64>,
}

impl Sounds {
    /// The number of a character's spelling; `None` for one that is not spelled.
    pub fn number(&mut self, c: char) -> Option<u16> {
        if let Some(known) = self.of.get(&c) {
            return Some(*known);
        }
        let readings = readings_of(c);
        if readings.is_empty() {
            return None;
        }
        let number = u16::try_from(self.readings.len()).ok()?;
        let firsts = readings
            .iter()
            .filter_map(|r| r.bytes().next())
            .map(bit)
            .fold(0, |a, b| a | b);
        self.readings.push(readings);
        self.firsts.push(firsts);
        self.of.insert(c, number);
        Some(number)
    }

    /// The usual spelling of a text's characters.
    pub fn usual(&self, text: &[u16]) -> impl Iterator<Item = &'static str> {
        text.iter()
            .filter_map(|at| self.readings.get(usize::from(*at))?.first().copied())
    }

    /// Where in a text a word's letters spell it: `Some(true)` from its first character on, `Some(false)` from a later
    /// one. Each character is spelled whole, by its first letter, or by the sign of its initial (zh, ch, sh); the last
    /// one may be cut anywhere.
    pub fn spelled(&self, text: &[u16], letters: &[u8]) -> Option<bool> {
        let letters = &letters[..letters.len().min(LETTERS_MAX)];
        let first = bit(*letters.first()?);
        let begins = |at: &u16| self.firsts.get(usize::from(*at)).is_some_and(|f| f & first != 0);
        let mut starts = text
            .iter()
            .enumerate()
            .filter(|(_, at)| begins(at))
            .map(|(start, _)| start)
            .peekable();
        if starts.peek() == Some(&0) && self.runs(text, letters) {
            return Some(true);
        }
        // One letter inside a word is no beginning of anything.
        if letters.len() < 2 {
            return None;
        }
        starts
            .filter(|start| *start > 0)
            .any(|start| self.runs(&text[start..], letters))
            .then_some(false)
    }

    /// Whether the letters spell the beginning of a text: walks all ways of spelling at once, as a set of the lengths
    /// that are spelled so far.
    fn runs(&self, text: &[u16], letters: &[u8]) -> bool {
        let mut reached: u128 = 1;
        for at in text {
            let mut next: u128 = 0;
            let readings = self.readings.get(usize::from(*at)).map_or(&[][..], Vec::as_slice);
            for from in (0..letters.len()).filter(|from| reached >> from & 1 == 1) {
                for reading in readings {
                    let rest = &letters[from..];
                    let sound = reading.as_bytes();
                    if sound.starts_with(rest) {
                        return true;
                    }
                    if rest.starts_with(sound) {
                        next |= 1 << (from + sound.len());
                    }
                    if rest[0] == sound[0] {
                        next |= 1 << (from + 1);
                        if matches!(sound.get(..2), Some(b"zh" | b"ch" | b"sh")) && rest.get(1) == Some(&b'h')
                        {
                            next |= 1 << (from + 2);
                        }
                    }
                }
            }
            if next >> letters.len() & 1 == 1 {
                return true;
            }
            if next == 0 {
                return false;
            }
            reached = next;
        }
        false
    }
}

fn bit(byte: u8) -> u64 {
    match byte {
        b'a'..=b'z' => 1 << (byte - b'a'),
        b'0'..=b'9' => 1 << (26 + byte - b'0'),
        _ => 0,
    }
}

fn readings_of(c: char) -> Vec<&'static str> {
    if let Some(at) = SELVES.find(c) {
        return vec![&SELVES[at..=at]];
    }
    if !is_han(c) {
        return Vec::new();
    }
    let mut readings: Vec<&'static str> = Vec::new();
    let common = c.to_pinyin_multi().into_iter().flatten().take(READINGS_MAX);
    for reading in common {
        // ü is typed as v.
        let plain = match reading.plain() {
            "lü" => "lv",
            "nü" => "nv",
            "lüe" => "lve",
            "nüe" => "nve",
            plain => plain,
        };
        if plain.is_ascii() && !plain.is_empty() && !readings.contains(&plain) {
            readings.push(plain);
        }
    }
    readings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spelled(text: &str, letters: &str) -> Option<bool> {
        let mut sounds = Sounds::default();
        let text: Vec<u16> = text.chars().filter_map(|c| sounds.number(c)).collect();
        sounds.spelled(&text, letters.as_bytes())
    }

    #[test]
    fn initials_whole_sounds_and_both_together_spell_a_name() {
        for letters in [
            "m", "mp", "mps", "mopanshi", "mopans", "mpanshi", "mopsh", "mpsh", "mopansh", "mop",
        ] {
            assert_eq!(spelled("磨盘柿", letters), Some(true), "{letters}");
        }
        for letters in ["ps", "panshi", "shi", "pansh"] {
            assert_eq!(spelled("磨盘柿", letters), Some(false), "{letters}");
        }
        for letters in ["s", "p", "anshi", "ms", "mpsz", "mopanshii", "opan"] {
            assert_eq!(spelled("磨盘柿", letters), None, "{letters}");
        }
    }

    #[test]
    fn characters_with_several_readings_are_found_by_each() {
        for letters in ["chongqing", "zhongqing", "cq", "zq"] {
            assert_eq!(spelled("重庆", letters), Some(true), "{letters}");
        }
        assert_eq!(spelled("绿茶", "lvcha"), Some(true));
    }

    #[test]
    fn letters_and_digits_in_a_name_spell_themselves() {
        assert_eq!(spelled("a级2号", "aji2hao"), Some(true));
        assert_eq!(spelled("a级2号", "aj2h"), Some(true));
    }

    #[test]
    fn a_long_word_against_a_long_name_ends_soon() {
        let name = "安".repeat(40);
        assert_eq!(spelled(&name, &"an".repeat(50)), None);
        assert_eq!(spelled(&name, &"a".repeat(100)), None);
        assert_eq!(spelled(&name, &"an".repeat(40)), Some(true));
    }
}
