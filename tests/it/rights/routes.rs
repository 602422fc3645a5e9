//! The lists that the doors are walked by are the program's own routes, read from its source: a route that nobody
//! declared fails here, wherever it was written and whatever it answers to.

use super::pages::all_pages;
use server::api::rights::RIGHTS;
use std::collections::BTreeSet;
use tests::source::{SourceFile, files_under, parts};

/// Routes that are neither a page nor a door of the API: nobody's data, for anybody.
const MACHINERY: [(&str, &str); 8] = [
    ("server/src/api/viewer.rs", "GET /docs"),
    ("server/src/api/viewer.rs", "GET /docs/"),
    ("server/src/api/viewer.rs", "GET /docs/{*file}"),
    ("server/src/api/viewer.rs", "GET /openapi.json"),
    ("server/src/lib.rs", "GET /assets/{*name}"),
    ("server/src/lib.rs", "GET /livez"),
    ("server/src/lib.rs", "GET /readyz"),
    // On a port of its own, where one is set.
    ("server/src/meter.rs", "GET /metrics"),
];

const METHODS: [(&str, &str); 4] = [
    ("get(", "GET"),
    ("post(", "POST"),
    ("put(", "PUT"),
    ("delete(", "DELETE"),
];

/// Ways to make a route that the reading below would not see.
const UNSEEN: [&str; 9] = [
    "any(",
    "patch(",
    "head(",
    "options(",
    "trace(",
    "connect(",
    "on(",
    "any_service(",
    "MethodRouter",
];

#[test]
fn every_route_is_declared() {
    let (mut pages, mut machinery, mut doors) = (BTreeSet::new(), BTreeSet::new(), 0);
    for file in files_under("server/src", "rs") {
        let in_pages = file.path.starts_with("server/src/pages/");
        for route in routes(&file) {
            if in_pages {
                pages.insert(route);
            } else {
                machinery.insert(format!("{route} of {}", file.path));
            }
        }
        doors += doors_of(&file);
    }
    let declared: BTreeSet<String> = all_pages()
        .map(|(method, path, _)| format!("{method} {path}"))
        .collect();
    alike(&pages, &declared, "pages.rs or the list of its room");
    let declared = MACHINERY.map(|(file, route)| format!("{route} of {file}"));
    alike(&machinery, &BTreeSet::from(declared), "MACHINERY");
    assert_eq!(doors, RIGHTS.len(), "handlers of the API and its table of rights");
}

/// The program's routes are those that a list names.
fn alike(routes: &BTreeSet<String>, declared: &BTreeSet<String>, list: &str) {
    let new: Vec<&String> = routes.difference(declared).collect();
    let gone: Vec<&String> = declared.difference(routes).collect();
    assert!(new.is_empty(), "declare in {list} who may come through {new:?}");
    assert!(
        gone.is_empty(),
        "{list} names what is no route any more: {gone:?}"
    );
}

/// The routes that a file declares by `.route(`; any other way to make one is refused here.
fn routes(file: &SourceFile) -> Vec<String> {
    let parts = parts(&file.text);
    let mut strings = parts.strings.iter();
    let mut found = Vec::new();
    let (mut rest, mut seen) = (parts.code.as_str(), 0);
    while let Some(at) = rest.find("\"\"") {
        let before = &rest[..at];
        let path = strings.next().map(|(_, text)| text.clone()).unwrap_or_default();
        rest = &rest[at + 2..];
        if !before.trim_end().ends_with(".route(") {
            continue;
        }
        seen += 1;
        let handlers = &rest[..end_of_call(rest)];
        // What answers everybody that there is nothing is no door.
        if handlers
            .trim_matches([',', ' ', ')'])
            .ends_with("any(refused::nowhere")
        {
            continue;
        }
        let methods = METHODS.iter().filter(|(call, _)| calls(handlers, call));
        let routes: Vec<String> = methods.map(|(_, method)| format!("{method} {path}")).collect();
        let unseen = UNSEEN.iter().find(|call| calls(handlers, call));
        assert!(
            unseen.is_none() && !routes.is_empty(),
            "{}: {path} is routed by {handlers}: use get, post, put or delete, so that its rights are tested",
            file.path
        );
        found.extend(routes);
    }
    let all = parts.code.matches(".route(").count();
    assert_eq!(
        seen, all,
        "{}: a route's path is written where it is routed",
        file.path
    );
    for other in [".route_service(", ".nest_service(", ".fallback_service("] {
        assert!(
            !parts.code.contains(other),
            "{}: {other} hides a route from this test",
            file.path
        );
    }
    found
}

/// Handlers of the API that a file declares by `routes!(…)`.
fn doors_of(file: &SourceFile) -> usize {
    let code = parts(&file.text).code;
    let lists = code.split("routes!(").skip(1);
    lists
        .map(|list| {
            list[..end_of_call(list)]
                .split(',')
                .filter(|name| !name.trim().is_empty())
                .count()
        })
        .sum()
}

/// Whether a call stands in the code, not as the end of a longer name.
fn calls(code: &str, call: &str) -> bool {
    code.match_indices(call).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || c == '_')
    })
}

/// Where the parenthesis closes that was open before.
fn end_of_call(text: &str) -> usize {
    let mut depth = 1;
    for (at, c) in text.char_indices() {
        depth += match c {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        if depth == 0 {
            return at;
        }
    }
    text.len()
}
