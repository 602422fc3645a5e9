//! The distinct texts of one field, and how well each of them answers a word. A hundred thousand offers share a few
//! thousand names, nine hundred villages and a handful of kinds: a word is compared with each text once.

use super::sound::Sounds;
use super::words::{Word, normal};
use memchr::memmem;
use std::collections::HashSet;

/// How well a text answers a word; 0 is not at all.
pub type Quality = u16;
/// The text is the word.
const SAME: Quality = 40;
/// The text begins with the word.
const BEGINS: Quality = 30;
/// The word stands in the text.
const INSIDE: Quality = 20;
/// The letters spell the text from its beginning.
const SPELLED: Quality = 12;
/// The letters spell a part of it.
const SPELLED_INSIDE: Quality = 8;
/// The letters nearly spell it.
const NEARLY: Quality = 2;

/// The texts of one field.
#[derive(Debug, Default)]
pub struct Dictionary {
    /// What rows name: a name itself, a code, a key.
    keys: Vec<Box<str>>,
    /// All texts, each on a line of its own.
    texts: String,
    /// Where each text begins; the end comes last.
    starts: Vec<u32>,
    /// The key of each text: a kind of produce has several.
    owners: Vec<u32>,
    /// The spelling of each text, and where it begins.
    spellings: Vec<u16>,
    spelling_starts: Vec<u32>,
    sounds: Sounds,
}

/// How well each key of a dictionary answers a word.
pub type Hits = Vec<Quality>;

impl Dictionary {
    /// The dictionary of these keys with their texts, in this order.
    pub fn new<'t>(entries: impl IntoIterator<Item = (&'t str, Vec<&'t str>)>) -> Self {
        let mut new = Self::default();
        for (key, texts) in entries {
            let owner = number(new.keys.len());
            new.keys.push(key.into());
            for text in texts {
                new.push(owner, &normal(text));
            }
        }
        new.starts.push(number(new.texts.len()));
        new.spelling_starts.push(number(new.spellings.len()));
        new
    }

    fn push(&mut self, owner: u32, text: &str) {
        self.starts.push(number(self.texts.len()));
        self.spelling_starts.push(number(self.spellings.len()));
        self.owners.push(owner);
        for c in text.chars() {
            self.spellings.extend(self.sounds.number(c));
        }
        self.texts.push_str(text);
        self.texts.push('\n');
    }

    /// How many keys it has.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// A key by its number.
    pub fn key(&self, at: u32) -> &str {
        self.keys.get(index(at)).map_or("", |key| key)
    }

    /// The number of a key.
    pub fn find(&self, key: &str) -> Option<u32> {
        self.keys.iter().position(|known| &**known == key).map(number)
    }

    fn spelling(&self, text: usize) -> &[u16] {
        &self.spellings[index(self.spelling_starts[text])..index(self.spelling_starts[text + 1])]
    }

    /// How well each key answers a word as it was typed.
    pub fn hits(&self, word: &Word) -> Hits {
        let mut hits = vec![0; self.keys.len()];
        self.standing(word.text(), &mut hits);
        if let Some(letters) = word.letters() {
            for (text, owner) in self.owners.iter().enumerate() {
                let quality = match self.sounds.spelled(self.spelling(text), letters.as_bytes()) {
                    Some(true) => SPELLED,
                    Some(false) => SPELLED_INSIDE,
                    None => continue,
                };
                raise(&mut hits, *owner, quality);
            }
        }
        hits
    }

    /// Texts in which a word stands as it is.
    fn standing(&self, word: &str, hits: &mut Hits) {
        let mut text = 0;
        for at in memmem::find_iter(self.texts.as_bytes(), word) {
            text += self.starts[text..].partition_point(|start| index(*start) <= at) - 1;
            let (start, end) = (index(self.starts[text]), index(self.starts[text + 1]) - 1);
            let quality = match (at == start, at + word.len() == end) {
                (true, true) => SAME,
                (true, false) => BEGINS,
                // A letter or two stand inside every other word, and mean none of them.
                _ if word.len() < 3
                    && word.starts_with(|c: char| c.is_ascii_alphabetic())
                    && self.texts.as_bytes()[at - 1].is_ascii_alphanumeric() =>
                {
                    continue;
                }
                _ => INSIDE,
            };
            raise(hits, self.owners[text], quality);
        }
    }

    /// How well each key answers letters with a slip of the finger in them: one letter wrong, missing, too many or
    /// swapped from four letters on, two from eight on.
    pub fn near_hits(&self, letters: &str) -> Hits {
        let mut hits = vec![0; self.keys.len()];
        let slips = match letters.len() {
            0..4 => return hits,
            4..8 => 1,
            _ => 2,
        };
        let mut near = Near::new(letters, slips);
        for (text, owner) in self.owners.iter().enumerate() {
            if hits[index(*owner)] == 0 && self.is_near(text, &mut near) {
                hits[index(*owner)] = NEARLY;
            }
        }
        hits
    }

    fn is_near(&self, text: usize, near: &mut Near<'_>) -> bool {
        let written = &self.texts[index(self.starts[text])..index(self.starts[text + 1])];
        let mut tokens = written
            .split(|c: char| !c.is_ascii_alphanumeric())
            .filter(|token| token.len() >= 3);
        if tokens.any(|token| near.is(token)) {
            return true;
        }
        // What is spelled from any character on, as far as the word is long.
        let spelling = self.spelling(text);
        (0..spelling.len()).any(|from| {
            let mut spelled = String::new();
            for sound in self.sounds.usual(&spelling[from..]) {
                spelled.push_str(sound);
                if spelled.len() > near.longest() {
                    return false;
                }
                if near.is(&spelled) {
                    return true;
                }
            }
            false
        })
    }
}

/// Letters with slips in them.
struct Near<'w> {
    letters: &'w str,
    slips: usize,
    /// What was found not to be near.
    not: HashSet<String>,
}

impl<'w> Near<'w> {
    fn new(letters: &'w str, slips: usize) -> Self {
        let not = HashSet::new();
        Self { letters, slips, not }
    }

    const fn longest(&self) -> usize {
        self.letters.len() + self.slips
    }

    fn is(&mut self, spelled: &str) -> bool {
        if spelled.len().abs_diff(self.letters.len()) > self.slips || self.not.contains(spelled) {
            return false;
        }
        let near = strsim::osa_distance(self.letters, spelled) <= self.slips;
        if !near {
            self.not.insert(spelled.to_owned());
        }
        near
    }
}

fn raise(hits: &mut Hits, owner: u32, quality: Quality) {
    let hit = &mut hits[index(owner)];
    *hit = quality.max(*hit);
}

/// A place in a dictionary. Four thousand million bytes of names are more than any district has.
fn number(at: usize) -> u32 {
    u32::try_from(at).expect("a dictionary is smaller than 4 GiB")
}

/// The same as an index.
pub fn index(at: u32) -> usize {
    usize::try_from(at).expect("a machine of 32 bits or more")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::services::search::words::words;

    fn dictionary() -> Dictionary {
        Dictionary::new([
            ("persimmon", vec!["磨盘柿", "大盖柿", "persimmon"]),
            ("walnut", vec!["黄花山核桃", "山核桃", "walnut"]),
            ("hand-walnut", vec!["麻核桃", "文玩核桃"]),
            ("shiitake", vec!["香菇", "shiitake"]),
        ])
    }

    fn hits(word: &str) -> Hits {
        let word = words(word).pop().expect("a word");
        dictionary().hits(&word)
    }

    #[test]
    fn a_key_answers_by_the_best_of_its_texts() {
        assert_eq!(hits("柿"), [INSIDE, 0, 0, 0]);
        assert_eq!(hits("大盖柿"), [SAME, 0, 0, 0]);
        assert_eq!(hits("核桃"), [0, INSIDE, INSIDE, 0]);
        assert_eq!(hits("山核"), [0, BEGINS, 0, 0]);
        assert_eq!(hits("het"), [0, SPELLED_INSIDE, SPELLED_INSIDE, 0]);
        assert_eq!(hits("xg"), [0, 0, 0, SPELLED]);
        assert_eq!(hits("walnut"), [0, SAME, 0, 0]);
        assert_eq!(hits("没有"), [0, 0, 0, 0]);
    }

    #[test]
    fn slips_of_the_finger_are_forgiven() {
        let near = |letters: &str| dictionary().near_hits(letters);
        assert_eq!(near("shitake"), [0, 0, 0, NEARLY]);
        assert_eq!(near("walnit"), [0, NEARLY, 0, 0]);
        assert_eq!(near("xiangug"), [0, 0, 0, NEARLY]);
        assert_eq!(near("persimmmom"), [NEARLY, 0, 0, 0]);
        assert_eq!(near("xan"), [0, 0, 0, 0], "too short to guess");
        assert_eq!(near("orange"), [0, 0, 0, 0]);
    }

    #[test]
    fn a_word_never_spans_two_texts() {
        let all = Dictionary::new([("a", vec!["磨盘"]), ("b", vec!["柿子"])]);
        assert_eq!(all.hits(&Word::Han("盘柿".into())), [0, 0]);
        assert_eq!(all.key(1), "b");
        assert_eq!(all.find("b"), Some(1));
        assert!(Dictionary::new([]).hits(&Word::Han("柿".into())).is_empty());
    }
}
