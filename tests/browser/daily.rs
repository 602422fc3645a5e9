//! Every role's way through a day, on a phone: by the bar at the thumb and the links on the pages, with scripts and
//! without, to where the work is; and every form reached, and left again, by keyboard alone.

use crate::chromium::Driver;
use crate::run;
use crate::shots::Shots;
use crate::window::Window;
use std::collections::BTreeSet;
use tests::running::Running;

/// A phone.
const PHONE: u32 = 360;

/// Who goes, and which links they follow one after the other; `/` begins again at the first page.
const DAYS: [(&str, &[&str]); 10] = [
    ("", &["/", "/goods", "/goods/0", "/", "/villages", "/villages/1"]),
    (
        "caigou",
        &["/", "/goods", "/goods/0", "/orders", "/orders/0", "/me"],
    ),
    ("shenpi", &["/", "/orders", "/orders/0"]),
    ("caiwu", &["/", "/orders", "/orders/0"]),
    (
        "guanchang",
        &[
            "/village-orders",
            "/village-orders/0",
            "/offers",
            "/offers/0",
            "/income",
            "/acceptances/0",
        ],
    ),
    (
        "zhongxin",
        &[
            "/board",
            "/orders/0",
            "/offers",
            "/offers/0",
            "/orders",
            "/orders/0",
        ],
    ),
    (
        "zhongxincaiwu",
        &["/income", "/income/1", "/orders", "/orders/0", "/verify"],
    ),
    (
        "chutouling",
        &["/income", "/income/1", "/acceptances/0", "/village-orders"],
    ),
    (
        "shenji",
        &["/income", "/income/1", "/acceptances/0", "/verify", "/audit"],
    ),
    ("guanli", &["/people", "/people/0", "/register", "/audit"]),
];

#[test]
fn every_role_goes_its_way_on_a_phone() {
    run(every_role(true));
}

#[test]
fn every_role_goes_its_way_on_a_phone_without_scripts() {
    run(every_role(false));
}

async fn every_role(scripts: bool) {
    let market = Running::demo(None).await;
    let mut driver = Driver::start().await;
    let shots = Shots::of(if scripts { "daily" } else { "daily_without_scripts" });
    let window = Window::new(driver.profile(scripts).await, market.url(), scripts, shots).await;
    window.as_wide_as(PHONE).await;
    for (name, day) in DAYS {
        window.forget().await;
        window.open("/").await;
        if !name.is_empty() {
            window.press(".bottom-bar a[href='/sign-in']").await;
            window.sign_in(name, &market.password()).await;
        }
        for place in day {
            follow(&window, name, place).await;
        }
    }
    window.close().await;
}

/// By the bar at the bottom, by the menu behind its last place, by the first such link on the page, or by the brand.
async fn follow(window: &Window, name: &str, place: &str) {
    let bar = format!(".bottom-bar > a[href='{place}']");
    let more = format!(".bar-more a[href='{place}']");
    let link = format!("main a[href^='{place}']");
    let before = window.path().await;
    // A phone job has no bar: one goes back from it first.
    if window.has(".task-back").await && !window.has(&link).await {
        window.press(".task-back").await;
    }
    if window.has(&bar).await {
        window.press(&bar).await;
    } else if window.has(&more).await {
        window.click(".bar-more > summary").await;
        window.press(&more).await;
    } else if window.has(&link).await {
        window.press(&link).await;
    } else {
        assert_eq!(place, "/", "{name}: no way from {before} to {place}");
        window.press(".brand").await;
    }
    let here = window.path().await;
    assert!(
        here.starts_with(place),
        "{name}: from {before} to {place}, and came to {here}"
    );
    assert!(
        !window.words("h1").await.is_empty(),
        "{name}: {here} has a heading"
    );
    window
        .shoot(&format!(
            "{}-{}",
            if name.is_empty() { "anybody" } else { name },
            place.replace('/', "_")
        ))
        .await;
}

/// What has the focus: a name for it, whether one can see that it has, and whether it lies on the screen.
const FOCUS: &str = r"
    const element = document.activeElement;
    if (!element || element === document.body) return ['', true, true];
    const all = [...document.querySelectorAll('*')];
    const marks = look => ['outlineStyle', 'outlineWidth', 'boxShadow', 'borderColor'].map(name => look[name]).join(' ');
    const seen = [element, element.parentElement, element.nextElementSibling, element.closest('form, label, article, li')].filter(Boolean)
        .some(one => { const look = getComputedStyle(one); return look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) >= 2; });
    const box = element.getBoundingClientRect(), label = element.closest('label')?.getBoundingClientRect() ?? box;
    const on = [box, label].some(one => one.bottom > 0 && one.top < innerHeight && one.right > 0 && one.left < innerWidth);
    const name = all.indexOf(element) + ' ' + element.tagName + ' ' + (element.name || element.getAttribute('href') || element.textContent.trim().slice(0, 20));
    return [name, seen, on];
";

/// What the keyboard should reach. Of radio buttons with one name it reaches one.
const REACHABLE: &str = r"
    const all = [...document.querySelectorAll('*')], groups = new Set();
    return [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex=\x220\x22]')]
        .filter(element => !element.disabled && element.checkVisibility({ visibilityProperty: true }) && element.tabIndex >= 0)
        .filter(element => element.type !== 'radio' || !groups.has(element.name) && groups.add(element.name))
        .map(element => all.indexOf(element) + ' ' + element.tagName + ' ' + (element.name || element.getAttribute('href') || element.textContent.trim().slice(0, 20)));
";

/// Pages with a form, and who fills it.
const FORMS: [(&str, &[&str]); 4] = [
    ("", &["/sign-in", "/goods", "/"]),
    ("caigou", &["/basket", "/me"]),
    ("guanchang", &["/offers/new"]),
    ("guanli", &["/people/new", "/register"]),
];

#[test]
fn everything_is_reached_by_keyboard_and_nothing_holds_it() {
    run(by_keyboard());
}

async fn by_keyboard() {
    let market = Running::demo(None).await;
    let mut driver = Driver::start().await;
    let shots = Shots::of("by_keyboard");
    let window = Window::new(driver.profile(true).await, market.url(), true, shots).await;
    let mut faults = BTreeSet::new();
    for (name, pages) in FORMS {
        window.forget().await;
        if !name.is_empty() {
            window.open("/sign-in").await;
            window.sign_in_by_keyboard(name, &market.password()).await;
        }
        for page in pages {
            window.open(page).await;
            faults.extend(tabbed(&window, page).await);
        }
    }
    assert!(
        faults.is_empty(),
        "{}",
        faults.into_iter().collect::<Vec<_>>().join("\n")
    );
    window.close().await;
}

/// Goes through a page by the tab key, from its first stop until it comes round.
async fn tabbed(window: &Window, page: &str) -> Vec<String> {
    let expected = window.run(REACHABLE, Vec::new()).await;
    let mut left: Vec<String> = serde_json::from_value(expected).expect("names");
    let (mut faults, mut last) = (Vec::new(), String::new());
    for step in 0..left.len() * 2 + 10 {
        window.tab().await;
        let found = window.run(FOCUS, Vec::new()).await;
        let (name, seen, on): (String, bool, bool) =
            serde_json::from_value(found).expect("what has the focus");
        if step == 0 && !name.contains("#main") {
            faults.push(format!(
                "{page}: the first stop is {name}, not the way to the content"
            ));
        }
        if name.is_empty() {
            break;
        }
        if !seen {
            faults.push(format!("{page}: one cannot see that {name} has the focus"));
        }
        if !on {
            faults.push(format!("{page}: {name} has the focus and is off the screen"));
        }
        // Days and times have several stops inside; anything else that stays is a trap.
        if name == last && !name.contains(" INPUT ") {
            faults.push(format!("{page}: {name} holds the focus"));
            break;
        }
        left.retain(|stop| *stop != name);
        last = name;
    }
    faults.extend(
        left.into_iter()
            .take(5)
            .map(|stop| format!("{page}: the keyboard does not reach {stop}")),
    );
    faults
}

impl Window {
    /// Presses the tab key, wherever the focus is.
    async fn tab(&self) {
        self.key("Tab", 9).await;
    }

    async fn key(&self, name: &str, code: u32) {
        for kind in ["keyDown", "keyUp"] {
            let mut event =
                serde_json::json!({ "type": kind, "key": name, "code": name, "windowsVirtualKeyCode": code });
            if name == "Enter" && kind == "keyDown" {
                event["text"] = serde_json::json!("\r");
            }
            crate::chromium::devtools(self.client(), "Input.dispatchKeyEvent", event).await;
        }
    }

    /// Signs in without touching the mouse.
    async fn sign_in_by_keyboard(&self, name: &str, password: &str) {
        self.run("document.querySelector('#sign_in_name').focus()", Vec::new())
            .await;
        self.fill("#sign_in_name", name).await;
        self.tab().await;
        self.fill("#password", password).await;
        self.key("Enter", 13).await;
        self.find("header .account").await;
    }
}
