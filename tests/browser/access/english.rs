//! No Chinese of the program's own on an English page; names, and whatever people wrote, stay as they are and say that
//! they are Chinese.

use crate::window::Window;
use serde_json::json;
use std::collections::BTreeSet;
use tests::source::{files_under, parts};

/// Words that stand on English pages on purpose: the way back to Chinese.
const ON_PURPOSE: [&str; 1] = ["中文"];

const LOOK: &str = r"
    const whole = new Set(arguments[0]), within = arguments[1], han = /\p{Script=Han}/u, found = new Set();
    const own = text => {
        const said = text.trim();
        return han.test(said) && (whole.has(said) || within.some(part => said.includes(part)));
    };
    const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const holder = node.parentElement;
        if (holder.closest('script, style')) continue;
        if (own(node.data)) found.add('Chinese on an English page: ' + node.data.trim().slice(0, 60));
        if (han.test(node.data) && !holder.closest('[lang|=zh], title, option, textarea, svg, leptos-island'))
            found.add('Chinese that does not say so: ' + node.data.trim().slice(0, 60));
    }
    for (const element of document.querySelectorAll('[aria-label], [placeholder], [title], [alt]'))
        for (const name of ['aria-label', 'placeholder', 'title', 'alt'])
            if (own(element.getAttribute(name) ?? '')) found.add(`Chinese ${name} on an English page: ` + element.getAttribute(name));
    return [...found].slice(0, 8);
";

/// The program's own Chinese: words that are a text by themselves, and parts of sentences.
pub struct Words {
    whole: Vec<String>,
    within: Vec<String>,
}

/// Reads the program's own Chinese from its source.
pub fn words() -> Words {
    let (mut whole, mut within) = (BTreeSet::new(), BTreeSet::new());
    for folder in ["frontend/src", "server/src/pages"] {
        for file in files_under(folder, "rs") {
            let code = file.text.split("#[cfg(test)]").next().unwrap_or_default();
            for text in chinese(code) {
                for part in text.split(['{', '}']).map(str::trim) {
                    let han = part.chars().filter(|c| is_han(*c)).count();
                    if han >= 5 {
                        within.insert(part.to_owned());
                    } else if han >= 2 && part == text {
                        whole.insert(part.to_owned());
                    }
                }
            }
        }
    }
    for word in ON_PURPOSE {
        whole.remove(word);
    }
    Words {
        whole: whole.into_iter().collect(),
        within: within.into_iter().collect(),
    }
}

/// The first of the two texts of every `.t("中文", "English")`, and every text that stands after `Lang::Zh =>`.
fn chinese(code: &str) -> Vec<String> {
    let parts = parts(code);
    let pieces: Vec<&str> = parts.code.split("\"\"").collect();
    let mut found = Vec::new();
    for (before, (_, text)) in pieces.iter().zip(&parts.strings) {
        let before = before.trim_end();
        let chosen = before.ends_with(".t(")
            || before.ends_with("Lang::Zh => format!(")
            || before.ends_with("Lang::Zh =>");
        if chosen && text.chars().any(is_han) {
            found.push(text.clone());
        }
    }
    found
}

fn is_han(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

/// What is not English on an English page.
pub async fn untranslated(window: &Window, words: &Words) -> Vec<String> {
    let found = window
        .run(LOOK, vec![json!(words.whole), json!(words.within)])
        .await;
    serde_json::from_value(found).expect("sentences")
}
