//! Chinese on an English page says that it is Chinese, so that a screen reader reads a village's name as it is spoken.
//!
//! Names and whatever people wrote stay in Chinese wherever they are shown; marking them here, in the finished page,
//! keeps every view free of it.

use std::fmt::Write as _;

/// Where text is not the page's to mark: no element can stand in it, or the browser will compare it with its own.
const LEFT_ALONE: [&str; 8] = [
    "head",
    "script",
    "style",
    "textarea",
    "option",
    "svg",
    "leptos-island",
    "noscript",
];

/// The page with its Chinese marked.
#[must_use]
pub fn marked(page: &str) -> String {
    let mut out = String::with_capacity(page.len() + page.len() / 16);
    let mut rest = page;
    // The element that is left alone just now, and how deep in others of its name.
    let mut alone: Option<(&str, usize)> = None;
    while let Some(at) = rest.find('<') {
        let (text, tag) = rest.split_at(at);
        push_text(&mut out, text, alone.is_some());
        let end = tag.find('>').map_or(tag.len(), |end| end + 1);
        let (tag, after) = tag.split_at(end);
        out.push_str(tag);
        alone = after_tag(alone, tag);
        rest = after;
    }
    push_text(&mut out, rest, alone.is_some());
    out
}

fn after_tag<'p>(alone: Option<(&'p str, usize)>, tag: &'p str) -> Option<(&'p str, usize)> {
    let closes = tag.starts_with("</");
    let name = tag.trim_start_matches(['<', '/']);
    let name = &name[..name
        .find(|c: char| c.is_whitespace() || c == '>' || c == '/')
        .unwrap_or(name.len())];
    match alone {
        Some((own, 0)) if closes && own == name => None,
        Some((own, depth)) if closes && own == name => Some((own, depth - 1)),
        Some((own, depth)) if own == name && !tag.ends_with("/>") => Some((own, depth + 1)),
        Some(own) => Some(own),
        None if !closes && LEFT_ALONE.contains(&name) && !tag.ends_with("/>") => Some((name, 0)),
        None => None,
    }
}

fn push_text(out: &mut String, text: &str, alone: bool) {
    let mut rest = text;
    while !alone && let Some(start) = rest.find(is_han) {
        let (before, run) = rest.split_at(start);
        // A run goes on over digits and signs, up to the next Latin letter or reference, and ends with its last Han.
        let limit = run
            .find(|c: char| c.is_ascii_alphabetic() || c == '&')
            .unwrap_or(run.len());
        let last = run[..limit].rfind(is_han).unwrap_or(0);
        let end = run[last..].chars().next().map_or(limit, |c| last + c.len_utf8());
        write!(out, "{before}<span lang=\"zh\">{}</span>", &run[..end]).expect("a string takes text");
        rest = &run[end..];
    }
    out.push_str(rest);
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_that_they_are_chinese() {
        assert_eq!(
            marked("<p title=\"村\">More from 李四后村 &amp; 王 1 号 (演示) today</p>"),
            "<p title=\"村\">More from <span lang=\"zh\">李四后村</span> &amp; <span lang=\"zh\">王 1 号 (演示</span>) today</p>"
        );
    }

    #[test]
    fn what_holds_no_elements_is_left_alone() {
        for page in [
            "<head><title>村</title></head>",
            "<select><option value=\"1\">村</option></select>",
            "<textarea name=\"n\">村</textarea>",
            "<svg><g><text>村</text></g></svg>",
            "<leptos-island><div><leptos-island>村</leptos-island>村</div></leptos-island>",
            "<p>plain</p>",
            "no tag",
            "<p",
        ] {
            assert_eq!(marked(page), page);
        }
        let after = marked("<svg><use href=\"#x\"></use></svg>村");
        assert!(after.ends_with("<span lang=\"zh\">村</span>"), "{after}");
    }
}
