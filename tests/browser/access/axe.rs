//! axe-core, the judge of pages: every rule of WCAG 2.2 A and AA, and its best practices.

use crate::window::Window;
use serde_json::{Value, json};
use tests::running::setting;

/// Every rule.
const RULES: [&str; 7] = [
    "wcag2a",
    "wcag2aa",
    "wcag21a",
    "wcag21aa",
    "wcag22a",
    "wcag22aa",
    "best-practice",
];

/// Asks axe, and answers what it found: the rule, what it says, and the element.
const ASK: &str = r"
    return axe.run(document, { runOnly: arguments[0], resultTypes: ['violations'], elementRef: false })
        .then(found => found.violations.flatMap(rule => rule.nodes.slice(0, 3).map(node =>
            rule.id + ': ' + node.target.join(' ') + ' · ' + [...node.any, ...node.all, ...node.none]
                .map(check => check.message).join('; ').slice(0, 240))));
";

/// axe itself.
///
/// # Panics
/// When the test run has not brought it.
pub fn script() -> String {
    let path = setting("AXE")
        .expect("AXE is missing: `cargo xtask test --only browser` installs what the test needs");
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Damages the page in three ways: an axe that finds nothing here looks at nothing.
///
/// # Panics
/// When it misses one.
pub async fn assert_awake(window: &Window) {
    let damage = r#"
        document.documentElement.lang = '';
        const main = document.querySelector('main'), faint = document.createElement('p'), picture = new Image(9, 9);
        faint.textContent = 'Hardly anybody can read this sentence.';
        faint.style.color = '#eee';
        faint.style.backgroundColor = '#fff';
        picture.src = 'data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg"/>';
        main.prepend(faint, picture);
    "#;
    window.run(damage, Vec::new()).await;
    let found = everything(window).await;
    for rule in ["html-has-lang", "image-alt", "color-contrast"] {
        assert!(
            found.iter().any(|fault| fault.starts_with(rule)),
            "axe misses {rule}: {found:?}"
        );
    }
}

/// What any rule finds.
pub async fn everything(window: &Window) -> Vec<String> {
    ask(window, json!({ "type": "tag", "values": RULES })).await
}

/// What those rules find that look at colours and sizes: nothing else differs between modes.
pub async fn colours(window: &Window) -> Vec<String> {
    let rules = ["color-contrast", "link-in-text-block", "target-size"];
    ask(window, json!({ "type": "rule", "values": rules })).await
}

async fn ask(window: &Window, rules: Value) -> Vec<String> {
    let found = window.run(ASK, vec![rules]).await;
    serde_json::from_value(found).expect("axe answers with sentences")
}
