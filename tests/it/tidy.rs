//! The laws of the house (ARCHITECTURE.md), kept by reading its sources.

use std::collections::BTreeSet;
use std::process::Command;
use tests::source::{SourceFile, files_under, parts, repository};

const CRATES: [&str; 6] = ["shared", "frontend", "migrations", "server", "tests", "xtask"];
const LINES_MAX: usize = 600;

/// Every Rust file of the repository.
fn rust() -> Vec<SourceFile> {
    CRATES
        .iter()
        .flat_map(|folder| files_under(folder, "rs"))
        .collect()
}

fn under(folder: &str) -> Vec<SourceFile> {
    files_under(folder, "rs")
}

/// Says every place at once: whoever broke a law mends all of it in one go.
#[track_caller]
fn assert_none(law: &str, found: &[String]) {
    assert!(found.is_empty(), "{law}\n{}", found.join("\n"));
}

/// Places where code (comments and texts aside) names one of these words.
fn naming(files: &[SourceFile], words: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for file in files {
        let code = parts(&file.text).code;
        for (at, line) in code.lines().enumerate() {
            for word in words.iter().filter(|word| has_word(line, word)) {
                found.push(format!("{}:{}: {word}", file.path, at + 1));
            }
        }
    }
    found
}

/// Whether a text has this word, not as a part of a longer one.
fn has_word(text: &str, word: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back().filter(|_| word.starts_with(part));
        let behind = text[at + word.len()..]
            .chars()
            .next()
            .filter(|_| word.ends_with(part));
        !before.is_some_and(part) && !behind.is_some_and(part)
    })
}

#[test]
fn doors_know_no_database() {
    let doors: Vec<SourceFile> = ["server/src/api", "server/src/pages"]
        .into_iter()
        .flat_map(under)
        .collect();
    assert_none(
        "`api` and `pages` ask services",
        &naming(&doors, &["store::", "store", "sea_orm", "sqlx"]),
    );
}

#[test]
fn services_know_no_http() {
    let words = ["axum", "http", "tower", "leptos", "StatusCode"];
    assert_none(
        "`services` answer values, not HTTP",
        &naming(&under("server/src/services"), &words),
    );
}

#[test]
fn sql_stands_in_the_store() {
    let mut found = Vec::new();
    let outside = |file: &SourceFile| !file.path.starts_with("server/src/store/");
    let files = under("server/src")
        .into_iter()
        .chain(under("shared/src"))
        .chain(under("frontend/src"));
    for file in files.filter(outside) {
        for (line, text) in parts(&file.text).strings {
            if is_sql(&text) {
                found.push(format!("{}:{line}: {text}", file.path));
            }
        }
    }
    assert_none("SQL text stands in `store` and `migrations` alone", &found);
}

fn is_sql(text: &str) -> bool {
    let text = text.trim_start().to_lowercase();
    let begins = [
        "select ",
        "insert into ",
        "delete from ",
        "create table ",
        "create index ",
        "drop table ",
        "with ",
    ];
    (begins.iter().any(|word| text.starts_with(word)) && text.contains(' '))
        && (text.contains(" from ")
            || text.contains(" values")
            || text.contains("table ")
            || text.contains("into "))
        || (text.starts_with("update ") && text.contains(" set "))
        || text.starts_with("pragma ")
}

#[test]
fn the_frontend_is_the_same_for_browser_and_server() {
    let found: Vec<String> = naming(&under("frontend/src"), &["cfg", "cfg_attr"]);
    let found: Vec<String> = found.into_iter().filter(|place| !is_test_gate(place)).collect();
    assert_none("`cfg` chooses only in `frontend/hydrate`", &found);
}

/// `#[cfg(test)]` chooses nothing that anybody runs.
fn is_test_gate(place: &str) -> bool {
    let mut parts = place.split(':');
    let (path, line) = (
        parts.next().unwrap_or_default(),
        parts.next().and_then(|at| at.parse::<usize>().ok()),
    );
    let text = std::fs::read_to_string(repository().join(path)).unwrap_or_default();
    let line = line.and_then(|at| text.lines().nth(at - 1)).unwrap_or_default();
    line.trim() == "#[cfg(test)]"
}

#[test]
fn shapes_of_the_api_have_names_of_their_own() {
    let mut seen = std::collections::BTreeMap::<String, String>::new();
    let mut found = Vec::new();
    for file in under("shared/src/api") {
        for line in parts(&file.text).code.lines() {
            let mut words = line.split_whitespace();
            if words.next() != Some("pub") || !matches!(words.next(), Some("struct" | "enum")) {
                continue;
            }
            let name: String = words
                .next()
                .unwrap_or_default()
                .chars()
                .take_while(|c| c.is_alphanumeric())
                .collect();
            if let Some(first) = seen.insert(name.clone(), file.path.clone()) {
                found.push(format!("{name}: {first} and {}", file.path));
            }
        }
    }
    assert!(seen.len() > 100, "only {} shapes were found", seen.len());
    assert_none(
        "the API's document knows a shape by its bare name, and the later of two wins",
        &found,
    );
}

#[test]
fn money_knows_no_floating_point() {
    let files: Vec<SourceFile> = [
        "shared/src",
        "server/src/services",
        "server/src/store",
        "migrations/src",
    ]
    .into_iter()
    .flat_map(under)
    .collect();
    assert_none(
        "sums and weights are whole numbers",
        &naming(&files, &["f32", "f64"]),
    );
}

#[test]
fn nothing_is_unwrapped() {
    assert_none(
        "`expect(\"why it holds\")` says why",
        &naming(&rust(), &[".unwrap()", "unwrap_unchecked"]),
    );
}

#[test]
fn no_leftover_lands() {
    let mut found = Vec::new();
    let files = rust().into_iter().chain(files_under("frontend", "css"));
    for file in files.filter(|file| !file.path.ends_with("it/tidy.rs")) {
        for (at, line) in file.text.lines().enumerate() {
            let words = ["TODO", "FIXME", "XXX", "HACK", "todo!", "dbg!", "unimplemented!"];
            if words.iter().any(|word| has_word(line, word)) {
                found.push(format!("{}:{}: {}", file.path, at + 1, line.trim()));
            }
        }
    }
    assert_none("what is not done is not in the code", &found);
}

#[test]
fn names_say_what_a_file_is_for() {
    let banned = ["utils", "util", "helpers", "helper", "common", "misc"];
    let named = |file: &SourceFile| {
        let stem = file
            .path
            .rsplit('/')
            .next()
            .unwrap_or_default()
            .trim_end_matches(".rs")
            .to_owned();
        banned.contains(&stem.as_str()) || file.path.split('/').any(|folder| banned.contains(&folder))
    };
    let found: Vec<String> = rust().into_iter().filter(named).map(|file| file.path).collect();
    assert_none("no file is called after nothing in particular", &found);
}

#[test]
fn files_stay_readable() {
    let mut found = Vec::new();
    let files = rust().into_iter().chain(files_under("frontend", "css"));
    for file in files {
        let lines = file.text.lines().count();
        if lines > LINES_MAX {
            found.push(format!("{}: {lines} lines", file.path));
        }
    }
    assert_none("a file has at most 600 lines", &found);
}

#[test]
fn exceptions_say_why() {
    let mut found = Vec::new();
    for file in rust() {
        let code = parts(&file.text).code;
        for (at, _) in code
            .match_indices("#[expect(")
            .chain(code.match_indices("#[allow("))
        {
            found.extend(without_reason(&file, &code, at));
        }
        for (at, _) in code
            .match_indices("#![expect(")
            .chain(code.match_indices("#![allow("))
        {
            found.extend(without_reason(&file, &code, at));
        }
    }
    assert_none("every lint that is let through says why", &found);
}

fn without_reason(file: &SourceFile, code: &str, at: usize) -> Option<String> {
    let inside = &code[at..];
    let end = inside.find(")]").unwrap_or(inside.len());
    let line = code[..at].matches('\n').count() + 1;
    (!inside[..end].contains("reason")).then(|| format!("{}:{line}", file.path))
}

#[test]
fn browsers_download_no_server() {
    let cargo = option_env!("CARGO").unwrap_or("cargo");
    let mut tree = Command::new(cargo);
    tree.args([
        "tree",
        "--target",
        "wasm32-unknown-unknown",
        "--package",
        "hydrate",
        "--edges",
        "normal",
    ]);
    tree.args(["--prefix", "none", "--format", "{p}", "--offline"])
        .current_dir(repository());
    let answer = tree.output().expect("cargo can be run");
    assert!(
        answer.status.success(),
        "{}",
        String::from_utf8_lossy(&answer.stderr)
    );
    let text = String::from_utf8_lossy(&answer.stdout);
    let names: BTreeSet<&str> = text
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert!(
        names.contains("frontend") && names.contains("shared"),
        "{names:?}"
    );
    for banned in [
        "tokio",
        "sea-orm",
        "sqlx",
        "axum",
        "utoipa",
        "server",
        "migrations",
        "hyper",
        "leptos_axum",
    ] {
        assert!(!names.contains(banned), "{banned} would be sent to every browser");
    }
}
