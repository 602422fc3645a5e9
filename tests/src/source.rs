//! The repository's own files, for tests about the code.

use std::path::{Path, PathBuf};

/// A file of the repository.
pub struct SourceFile {
    /// Its path from the repository's top, with `/`.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// The repository's top folder.
#[must_use]
pub fn repository() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests
        .parent()
        .expect("this crate lies in the repository")
        .to_owned()
}

/// Every file with this extension under a folder of the repository, in order.
///
/// # Panics
/// When the folder cannot be read.
#[must_use]
pub fn files_under(folder: &str, extension: &str) -> Vec<SourceFile> {
    let top = repository();
    let mut paths = Vec::new();
    collect(&top.join(folder), extension, &mut paths);
    paths.sort();
    let read = |path: PathBuf| SourceFile {
        text: std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())),
        path: path
            .strip_prefix(&top)
            .unwrap_or(&path)
            .to_string_lossy()
            .replace('\\', "/"),
    };
    paths.into_iter().map(read).collect()
}

fn collect(folder: &Path, extension: &str, paths: &mut Vec<PathBuf>) {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            if path.file_name().is_some_and(|name| name != "target") {
                collect(&path, extension, paths);
            }
        } else if path.extension().is_some_and(|found| found == extension) {
            paths.push(path);
        }
    }
}

/// A Rust file taken apart: code without comments and texts, and the texts alone. Lines stay where they were.
pub struct Parts {
    /// The code; comments and the insides of string literals are blank.
    pub code: String,
    /// The string literals, each with the line on which it begins.
    pub strings: Vec<(usize, String)>,
}

/// Takes a Rust file apart.
#[must_use]
pub fn parts(text: &str) -> Parts {
    let mut parts = Parts {
        code: String::with_capacity(text.len()),
        strings: Vec::new(),
    };
    let (mut rest, mut line) = (text, 1);
    while let Some(first) = rest.chars().next() {
        let (taken, string) = token(rest, first);
        let piece = &rest[..taken];
        if let Some(inside) = string {
            parts.strings.push((line, inside.to_owned()));
            parts.code.push_str("\"\"");
            parts.code.push_str(&"\n".repeat(piece.matches('\n').count()));
        } else if piece.starts_with("//") || piece.starts_with("/*") {
            parts.code.push_str(&"\n".repeat(piece.matches('\n').count()));
        } else {
            parts.code.push_str(piece);
        }
        line += piece.matches('\n').count();
        rest = &rest[taken..];
    }
    parts
}

/// How long the first token is, and what stands in it when it is a string literal.
fn token(text: &str, first: char) -> (usize, Option<&str>) {
    if text.starts_with("//") {
        return (text.find('\n').unwrap_or(text.len()), None);
    }
    if text.starts_with("/*") {
        return (text.find("*/").map_or(text.len(), |end| end + 2), None);
    }
    if first == '"' {
        let end = end_of_string(&text[1..]);
        return (end + 2, Some(&text[1..=end]));
    }
    if first == 'r'
        && let Some(raw) = raw_string(text)
    {
        return raw;
    }
    if first == '\'' {
        return (character(text), None);
    }
    if first.is_alphanumeric() || first == '_' {
        // A whole word at once, so that an `r` at its end begins no raw string.
        let end = text
            .find(|c: char| !c.is_alphanumeric() && c != '_')
            .unwrap_or(text.len());
        let raw_follows = matches!(&text[..end], "r" | "br");
        return (if raw_follows { 1 } else { end }, None);
    }
    (first.len_utf8(), None)
}

fn end_of_string(inside: &str) -> usize {
    let mut escaped = false;
    for (at, c) in inside.char_indices() {
        match (escaped, c) {
            (false, '"') => return at,
            (false, '\\') => escaped = true,
            _ => escaped = false,
        }
    }
    inside.len().saturating_sub(1)
}

fn raw_string(text: &str) -> Option<(usize, Option<&str>)> {
    let hashes = text[1..].bytes().take_while(|b| *b == b'#').count();
    let open = 1 + hashes;
    if text.as_bytes().get(open) != Some(&b'"') {
        return None;
    }
    let close = format!("\"{}", "#".repeat(hashes));
    let end = text[open + 1..].find(&close)? + open + 1;
    Some((end + close.len(), Some(&text[open + 1..end])))
}

/// A character literal, or only the quote of a lifetime.
fn character(text: &str) -> usize {
    let mut chars = text.char_indices().skip(1);
    match chars.next() {
        Some((_, '\\')) => text[2..]
            .find('\'')
            .map_or(1, |end| end + 3)
            .max(4)
            .min(text.len()),
        Some(_) => match chars.next() {
            Some((at, '\'')) => at + 1,
            _ => 1,
        },
        None => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_texts_are_told_from_code() {
        let text = "let a = \"x // \\\" y\"; // unwrap()\n/* f64\n */ let b = r#\"select \"q\"\"#; let c = '\"'; let d = '\\''; fn e<'a>() {}\n";
        let parts = parts(text);
        assert_eq!(
            parts.strings,
            [(1, "x // \\\" y".to_owned()), (3, "select \"q\"".to_owned())]
        );
        assert!(
            !parts.code.contains("unwrap") && !parts.code.contains("f64") && !parts.code.contains("select")
        );
        assert!(
            parts.code.contains("let c = '\"'; let d = '\\''; fn e<'a>() {}"),
            "{}",
            parts.code
        );
        assert_eq!(parts.code.matches('\n').count(), text.matches('\n').count());
    }
}
