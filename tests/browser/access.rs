//! Every page as those meet it who see badly, hear it read, use no mouse, or read English: axe finds nothing in any
//! mode or language, targets are large enough for a thumb, paper has no menus on it, English is complete.

mod axe;
mod english;
mod eye;

use crate::chromium::Driver;
use crate::pages::{LOOKS, go};
use crate::run;
use crate::shots::Shots;
use crate::window::Window;
use std::collections::{BTreeMap, BTreeSet};
use tests::running::Running;

/// The phone and the desk.
const PHONE: u32 = 360;
const DESK: u32 = 1280;

/// What is wrong, and on which pages.
#[derive(Default)]
pub struct Faults(BTreeMap<String, Vec<String>>);

impl Faults {
    /// Notes what is wrong with a page.
    pub fn note(&mut self, page: &str, found: Vec<String>) {
        for fault in found {
            self.0.entry(fault).or_default().push(page.to_owned());
        }
    }

    /// Nothing is wrong.
    ///
    /// # Panics
    /// When something is: what, on how many pages, and on which to begin with.
    pub fn none(self) {
        let lines: Vec<String> = (self.0.iter())
            .map(|(fault, pages)| {
                let first = pages.iter().take(3).cloned().collect::<Vec<_>>().join(" | ");
                format!("{fault}\n    on {} pages: {first}", pages.len())
            })
            .collect();
        assert!(lines.is_empty(), "{} faults:\n{}", lines.len(), lines.join("\n"));
    }
}

#[test]
fn axe_finds_nothing_in_any_mode_or_language() {
    run(every_page());
}

async fn every_page() {
    let market = Running::demo(None).await;
    let mut driver = Driver::start().await;
    let shots = Shots::of("axe_finds_nothing");
    let window = Window::new(driver.profile(true).await, market.url(), true, shots).await;
    window.prepare(&axe::script()).await;
    window.open("/villages").await;
    axe::assert_awake(&window).await;
    let words = english::words();
    let mut faults = Faults::default();
    let mut seen = BTreeSet::new();
    for (name, pages) in LOOKS {
        window.forget().await;
        if !name.is_empty() {
            window.open("/sign-in").await;
            window.sign_in(name, &market.password()).await;
        }
        for page in pages {
            let who = format!("{name} {page}");
            window.wear("zh.light.normal.normal").await;
            window.as_wide_as(PHONE).await;
            if let Err(fault) = go(&window, page).await {
                faults.note(&who, vec![fault]);
                continue;
            }
            let here = window.path().await;
            faults.note(&who, axe::everything(&window).await);
            faults.note(&who, eye::targets(&window).await);
            // Another role's view of a page has the same colours and sizes.
            let is_new = seen.insert(*page);
            for mode in eye::MODES.iter().filter(|_| is_new) {
                eye::turn(&window, mode).await;
                faults.note(&format!("{who} {mode:?}"), axe::colours(&window).await);
                faults.note(&format!("{who} {mode:?}"), eye::fits(&window).await);
            }
            window.wear("en.light.normal.normal").await;
            window.as_wide_as(DESK).await;
            window.open(&here).await;
            let who = format!("{who} in English");
            if is_new {
                faults.note(&who, axe::everything(&window).await);
            }
            faults.note(&who, english::untranslated(&window, &words).await);
            faults.note(&who, eye::paper(&window).await);
        }
    }
    faults.none();
    window.close().await;
}

#[test]
fn a_mode_is_nothing_but_a_mark_on_the_page() {
    run(marks());
}

/// The walk above turns modes on the page itself. That is right as long as this is all that the server does.
async fn marks() {
    let market = Running::demo(None).await;
    let client = reqwest::Client::new();
    let page = async |look: &str| -> String {
        let request = client.get(format!("{}/villages", market.url()));
        let answer = request.header("cookie", format!("look={look}")).send().await;
        answer
            .expect("the market answers")
            .text()
            .await
            .expect("a page is text")
    };
    let after_head = |page: &str| -> String {
        let (_, body) = page.split_once("<main").expect("a page has a main part");
        body.split("</main>").next().unwrap_or_default().to_owned()
    };
    let first = page("zh.light.normal.normal").await;
    for look in [
        "zh.dark.normal.normal",
        "zh.light.large.normal",
        "zh.light.normal.high",
    ] {
        let turned = page(look).await;
        assert_ne!(
            first.split_once("<head"),
            turned.split_once("<head"),
            "{look} marks the page"
        );
        assert_eq!(
            after_head(&first),
            after_head(&turned),
            "{look} leaves the page's content"
        );
    }
}
