//! What a page looks like: in every mode, under a thumb, on paper.

use crate::chromium::devtools;
use crate::window::Window;
use serde_json::json;

/// A mode: light or dark, size, contrast.
#[derive(Debug)]
pub struct Mode {
    light: &'static str,
    size: &'static str,
    contrast: &'static str,
}

/// Every mode but the first, as people meet them; the last is all of them together.
pub const MODES: [Mode; 4] = [
    Mode {
        light: "dark",
        size: "",
        contrast: "",
    },
    Mode {
        light: "light",
        size: "",
        contrast: "high",
    },
    Mode {
        light: "light",
        size: "large",
        contrast: "",
    },
    Mode {
        light: "dark",
        size: "large",
        contrast: "high",
    },
];

const TURN: &str = r"
    const root = document.documentElement, [light, size, contrast] = arguments;
    root.dataset.mode = light;
    for (const [name, value] of [['size', size], ['contrast', contrast]])
        if (value) root.dataset[name] = value; else delete root.dataset[name];
";

const FITS: &str = r"
    const root = document.documentElement, over = root.scrollWidth - root.clientWidth;
    if (over <= 0) return [];
    const beyond = [...document.querySelectorAll('body *')]
        .filter(element => element.checkVisibility() && element.getBoundingClientRect().right > root.clientWidth + 1)
        .slice(0, 3).map(element => element.tagName.toLowerCase() + '.' + element.className);
    return ['too wide for a phone: ' + beyond.join(' ')];
";

/// What a thumb presses by itself. A word inside a sentence is no such thing, and a label presses for its box.
const TARGETS: &str = r"
    const found = new Set();
    const pressed = 'main button, main select, main textarea, main input:not([type=hidden]), main summary, main a.button, nav a, header summary, header button, footer button';
    for (const element of document.querySelectorAll(pressed)) {
        if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
        const box = element.matches('[type=checkbox], [type=radio], [type=file]') && element.closest('label') || element;
        const { width, height } = box.getBoundingClientRect();
        if (width < 2 || height < 2) continue;
        if (height < 43.5 || width < 43.5)
            found.add(`too small for a thumb: ${element.tagName.toLowerCase()}.${element.className} in ${element.parentElement.className || element.parentElement.tagName}`);
    }
    return [...found].slice(0, 8);
";

const PAPER: &str = r"
    const chrome = '.site-header, .site-footer, .bottom-bar, .skip-link, .sticky-action, .filter-bar, .pager, main button, main .button';
    const seen = [...document.querySelectorAll(chrome)].filter(element => element.checkVisibility());
    return [...new Set(seen.map(element => `on paper: ${element.tagName.toLowerCase()}.${element.className}`))].slice(0, 5);
";

/// Turns the page to a mode, as its cookie would.
pub async fn turn(window: &Window, mode: &Mode) {
    let marks = [mode.light, mode.size, mode.contrast].map(|mark| json!(mark));
    window.run(TURN, marks.to_vec()).await;
}

/// Whether a page is too wide.
pub async fn fits(window: &Window) -> Vec<String> {
    sentences(window, FITS).await
}

/// What is too small for a thumb.
pub async fn targets(window: &Window) -> Vec<String> {
    sentences(window, TARGETS).await
}

/// What has no business on paper.
pub async fn paper(window: &Window) -> Vec<String> {
    window.on(json!({ "media": "print" })).await;
    let found = sentences(window, PAPER).await;
    window.on(json!({ "media": "" })).await;
    found
}

async fn sentences(window: &Window, script: &str) -> Vec<String> {
    let found = window.run(script, Vec::new()).await;
    serde_json::from_value(found).expect("sentences")
}

impl Window {
    /// Shows the page as on another medium, or to people with other wishes.
    pub async fn on(&self, medium: serde_json::Value) {
        devtools(self.client(), "Emulation.setEmulatedMedia", medium).await;
    }

    /// Runs a script in every page before its own.
    pub async fn prepare(&self, script: &str) {
        devtools(
            self.client(),
            "Page.addScriptToEvaluateOnNewDocument",
            json!({ "source": script }),
        )
        .await;
    }

    /// Chooses a look, as its cookie says it: `zh.light.normal.normal`.
    pub async fn wear(&self, look: &str) {
        let cookie = json!({ "name": "look", "value": look, "url": self.site() });
        devtools(self.client(), "Network.setCookie", cookie).await;
    }
}
