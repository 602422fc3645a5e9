//! SQL that every engine we run on, and distributed PostgreSQL, understands alike.

use tests::source::{files_under, parts};

/// What the store and the migrations may not say, and why not.
const BANNED: [(&str, &str); 17] = [
    (
        "offset",
        "pages are found by their key: counting rows past costs more with every page",
    ),
    ("advisory", "advisory locks do not reach over machines"),
    ("pg_", "what only PostgreSQL has"),
    ("listen", "notifications do not reach over machines"),
    ("notify", "notifications do not reach over machines"),
    (
        "nextval",
        "sequences are a bottleneck; ids are made by the program",
    ),
    (
        "serial",
        "sequences are a bottleneck; ids are made by the program",
    ),
    (
        "bigserial",
        "sequences are a bottleneck; ids are made by the program",
    ),
    ("autoincrement", "ids are made by the program"),
    ("exclude", "exclusion constraints are PostgreSQL's alone"),
    ("deferrable", "constraints hold at every statement"),
    ("trigger", "what changes data is read in the program"),
    (
        "for update",
        "silently dropped on SQLite: conditional updates are the guard",
    ),
    (
        "for share",
        "silently dropped on SQLite: conditional updates are the guard",
    ),
    ("now()", "time comes from the clock of the program"),
    ("current_timestamp", "time comes from the clock of the program"),
    (
        "returning",
        "PostgreSQL and SQLite do not order what comes back alike",
    ),
];

#[test]
fn sql_is_portable() {
    let mut found = Vec::new();
    for file in files_under("server/src/store", "rs")
        .into_iter()
        .chain(files_under("migrations/src", "rs"))
    {
        for (line, text) in parts(&file.text).strings {
            let text = text.to_lowercase();
            for (word, why) in BANNED.iter().filter(|(word, _)| says(&text, word)) {
                found.push(format!("{}:{line}: '{word}': {why}", file.path));
            }
            if looks_like_sql(&text) && text.contains("::") {
                found.push(format!(
                    "{}:{line}: '::' is PostgreSQL's alone: cast(x as bigint)",
                    file.path
                ));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

fn looks_like_sql(text: &str) -> bool {
    [
        "select", "insert", "update", "delete", "create", "where", "join", "case",
    ]
    .iter()
    .any(|word| says(text, word))
}

/// Whether a text says a word, not as a part of a longer one.
fn says(text: &str, word: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let behind = text[at + word.len()..]
            .chars()
            .next()
            .filter(|_| word.ends_with(part) && !word.ends_with('_'));
        !before.is_some_and(part) && !behind.is_some_and(part)
    })
}

#[test]
fn the_check_itself_sees_words() {
    assert!(
        says("select 1 offset 3", "offset") && !says("the offsets", "offset") && says("pg_sleep(1)", "pg_")
    );
}
