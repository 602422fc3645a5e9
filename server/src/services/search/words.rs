//! What somebody typed, as the words that must be found.

/// Words of a search at the most; what follows is left out.
const WORDS_MAX: usize = 8;

/// A word to find.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Word {
    /// Chinese characters.
    Han(String),
    /// Anything else: letters, digits, signs.
    Latin(String),
}

impl Word {
    /// As typed, in the form in which texts are searched.
    pub fn text(&self) -> &str {
        match self {
            Self::Han(text) | Self::Latin(text) => text,
        }
    }

    /// The letters and digits that may spell a sound; `None` for Chinese and for what holds other signs.
    pub fn letters(&self) -> Option<String> {
        let Self::Latin(text) = self else { return None };
        // 西安 is spelled xi'an.
        let letters: String = text.chars().filter(|c| !matches!(c, '\'' | '’')).collect();
        let good = !letters.is_empty() && letters.bytes().all(|b| b.is_ascii_alphanumeric());
        good.then_some(letters)
    }
}

/// Whether it is a Chinese character.
pub const fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}' | '〇')
}

/// A text in the form in which it is searched: full-width signs as the usual ones, letters small.
pub fn normal(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
            '\u{3000}' | '\n' | '\r' | '\t' => ' ',
            c => c,
        })
        .flat_map(char::to_lowercase)
        .collect()
}

/// The words of a query: split at spaces, at commas, and where the script changes.
pub fn words(query: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let query = normal(query);
    let apart = |c: char| c.is_whitespace() || matches!(c, ',' | '、' | '。');
    for part in query.split(apart).filter(|part| !part.is_empty()) {
        let mut rest = part;
        while let Some(first) = rest.chars().next() {
            let han = is_han(first);
            let end = rest.find(|c| is_han(c) != han).unwrap_or(rest.len());
            let (text, behind) = rest.split_at(end);
            let word = if han {
                Word::Han(text.to_owned())
            } else {
                Word::Latin(text.to_owned())
            };
            if !words.contains(&word) {
                words.push(word);
            }
            rest = behind;
        }
    }
    words.truncate(WORDS_MAX);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(query: &str) -> Vec<String> {
        words(query).iter().map(|word| word.text().to_owned()).collect()
    }

    #[test]
    fn a_query_is_split_at_spaces_and_where_the_script_changes() {
        assert_eq!(typed(" 官庄　柿子 "), ["官庄", "柿子"]);
        assert_eq!(typed("pan山柿子"), ["pan", "山柿子"]);
        assert_eq!(typed("ＭＰＳ，100%"), ["mps", "100%"]);
        assert_eq!(typed("柿 柿 柿"), ["柿"]);
        assert!(typed(" 、, ").is_empty());
        assert_eq!(typed("a b c d e f g h i j").len(), WORDS_MAX);
    }

    #[test]
    fn letters_may_spell_a_sound() {
        assert_eq!(Word::Latin("xi'an".into()).letters().as_deref(), Some("xian"));
        assert_eq!(Word::Latin("100%".into()).letters(), None);
        assert_eq!(Word::Han("柿".into()).letters(), None);
    }
}
