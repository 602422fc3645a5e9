//! One run of schemathesis for one person.

use serde_json::Value;
use std::fmt::Write as _;
use std::process::Command;
use tests::entrance;
use tests::running::{Folder, Running, setting};

/// What every answer is held against.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,response_headers_conformance";

/// Ends the asker's own token: what follows would be refused.
const ENDS_IT_ALL: &str = "/api/v1/tokens/{id}";

/// What came of it.
pub struct Tried {
    /// Requests.
    pub cases: usize,
    /// Requests that went through.
    pub through: usize,
    /// Whether every answer was within the document.
    pub passed: bool,
    /// What schemathesis said.
    pub said: String,
}

/// Things that exist, by the beginning of the paths that name them: half of the requests ask for these.
pub type Things = Vec<(String, String)>;

/// Finds one of everything that the demonstration market has.
pub async fn things(market: &Running) -> Things {
    let password = market.password();
    let client = reqwest::Client::new();
    let mut found = Things::new();
    let lists: [(&str, &str, &str, &[&str]); 7] = [
        ("zhongxin", "orders", "id", &["orders"]),
        ("zhongxin", "village-orders", "id", &["village-orders"]),
        ("zhongxin", "offers", "id", &["offers", "catalogue"]),
        ("zhongxin", "acceptances", "id", &["acceptances"]),
        ("zhongxin", "villages", "code", &["villages"]),
        ("zhongxin", "units", "id", &["units"]),
        ("guanli", "people", "id", &["people"]),
    ];
    let mut token = (String::new(), String::new());
    for (name, list, key, paths) in lists {
        if token.0 != name {
            token = (
                name.to_owned(),
                entrance::token(&market.url(), name, &password).await,
            );
        }
        let answer = client
            .get(format!("{}/api/v1/{list}?limit=3", market.url()))
            .bearer_auth(&token.1)
            .send()
            .await
            .expect("the market answers");
        let body: Value = answer.json().await.expect("a list is JSON");
        let items = body["items"]
            .as_array()
            .or(body.as_array())
            .cloned()
            .unwrap_or_default();
        let last = items
            .last()
            .unwrap_or_else(|| panic!("the demonstration has no {list}: {body}"));
        let value = last[key].as_str().expect("things have a key");
        found.extend(
            paths
                .iter()
                .map(|path| (format!("/api/v1/{path}/{{{key}}}"), value.to_owned())),
        );
    }
    found
}

/// Tries everything, first with whatever comes, then with things that exist; answers what came of both runs together.
/// `at_the_edges` walks every limit of the document too, some 40 cases an operation.
pub async fn tries(
    site: &str,
    token: &str,
    things: &Things,
    at_the_edges: bool,
    cases: usize,
    seed: u32,
) -> Tried {
    let examples = (cases / 200).max(2);
    let mut all = Tried {
        cases: 0,
        through: 0,
        passed: true,
        said: String::new(),
    };
    for (things, seed) in [(Things::new(), seed), (things.clone(), seed.wrapping_add(1))] {
        let mut arguments = vec!["--exclude-path".to_owned(), ENDS_IT_ALL.to_owned()];
        let phases = if things.is_empty() && at_the_edges {
            "coverage,fuzzing"
        } else {
            "examples,fuzzing"
        };
        arguments.extend(["--phases", phases, "--max-examples"].map(str::to_owned));
        arguments.push(examples.to_string());
        let one = once(site, token, &things, arguments, seed).await;
        all = Tried {
            cases: all.cases + one.cases,
            through: all.through + one.through,
            passed: all.passed && one.passed,
            said: all.said + &one.said,
        };
    }
    all
}

async fn once(site: &str, token: &str, things: &Things, arguments: Vec<String>, seed: u32) -> Tried {
    let program = setting("SCHEMATHESIS")
        .expect("SCHEMATHESIS is missing: `cargo xtask test --only api` installs what the test needs");
    let folder = Folder::new("schemathesis");
    let (config, report) = (
        folder.path().join("schemathesis.toml"),
        folder.path().join("report.ndjson"),
    );
    std::fs::write(&config, configuration(token, things)).expect("a folder of the test's own can be written");
    let mut command = Command::new(program);
    command
        .arg("--config-file")
        .arg(&config)
        .args(["run", &format!("{site}/api/v1/openapi.json"), "--checks", CHECKS])
        .args([
            "--continue-on-failure",
            "--no-shrink",
            "--warnings",
            "off",
            "--seed",
            &seed.to_string(),
        ])
        .args(arguments)
        .args(["--report", "ndjson", "--report-ndjson-path"])
        .arg(&report)
        .current_dir(folder.path())
        .env("NO_COLOR", "1")
        .env("PYTHONDONTWRITEBYTECODE", "1");
    let output = tokio::task::spawn_blocking(move || command.output()).await;
    let output = output
        .expect("nobody cancels it")
        .expect("schemathesis can be started");
    let said = [output.stdout, output.stderr]
        .map(|text| String::from_utf8_lossy(&text).into_owned())
        .concat();
    let report = std::fs::read_to_string(report).unwrap_or_default();
    let answered = |status: &str| report.matches(&format!("\"status_code\":{status}")).count();
    Tried {
        cases: generated(&said).unwrap_or_else(|| panic!("schemathesis did not finish:\n{said}")),
        through: ["200", "201", "202", "204"].map(answered).iter().sum(),
        passed: output.status.success(),
        said,
    }
}

fn configuration(token: &str, things: &Things) -> String {
    let mut text = String::new();
    let mut write = |line: &str| writeln!(text, "{line}").expect("a string takes text");
    if !token.is_empty() {
        write(&format!("headers = {{ Authorization = \"Bearer {token}\" }}"));
    }
    for (path, value) in things {
        let (start, name) = path.split_once('{').expect("the path names a thing");
        let name = name.trim_end_matches('}');
        write("[[operations]]");
        write(&format!("include-path-regex = \"^{start}[{{]{name}[}}]\""));
        write(&format!("parameters = {{ \"path.{name}\" = \"{value}\" }}"));
    }
    text
}

/// How many cases schemathesis says that it made, as in `2527 generated, 2527 passed`.
fn generated(said: &str) -> Option<usize> {
    let (before, _) = said.split_once(" generated")?;
    before.rsplit(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}
