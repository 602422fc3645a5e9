//! Somebody's browser window: goes to pages, fills forms, presses buttons, looks.

use crate::chromium::{complaints, devtools};
use crate::shots::Shots;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use fantoccini::elements::Element;
use fantoccini::{Client, Locator};
use serde_json::{Value, json};
use shared::domain::money::{Fen, parse_yuan};
use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Duration;
use tests::running::LOOK_EVERY;

/// How long anything on a page may take to show up, on a machine that is busy.
const LIMIT: Duration = Duration::from_secs(30);

/// A window.
pub struct Window {
    client: Client,
    site: String,
    scripts: bool,
    width: Cell<u32>,
    shots: Rc<Shots>,
}

impl Window {
    /// A window of a fresh profile, as wide as a desk's.
    pub async fn new(client: Client, site: String, scripts: bool, shots: Rc<Shots>) -> Self {
        let window = Self {
            client,
            site,
            scripts,
            width: Cell::new(0),
            shots,
        };
        devtools(
            &window.client,
            "Emulation.setScrollbarsHidden",
            json!({ "hidden": true }),
        )
        .await;
        window.as_wide_as(1280).await;
        window
    }

    /// What drives it.
    pub const fn client(&self) -> &Client {
        &self.client
    }

    /// The market that it looks at.
    pub fn site(&self) -> &str {
        &self.site
    }

    /// Makes it another width, as of another device.
    pub async fn as_wide_as(&self, width: u32) {
        if self.width.replace(width) == width {
            return;
        }
        self.screen(self.height()).await;
    }

    /// As high as a phone's or a desk's screen.
    fn height(&self) -> u64 {
        if self.width.get() < 600 { 780 } else { 900 }
    }

    async fn screen(&self, height: u64) {
        let screen =
            json!({ "width": self.width.get(), "height": height, "deviceScaleFactor": 1, "mobile": false });
        devtools(&self.client, "Emulation.setDeviceMetricsOverride", screen).await;
    }

    /// Goes to a page, and answers when it is alive.
    pub async fn open(&self, path: &str) {
        let url = format!("{}{path}", self.site);
        self.client
            .goto(&url)
            .await
            .unwrap_or_else(|error| panic!("{path}: {error}"));
        self.awake().await;
    }

    /// Waits until the page's islands are awake; without scripts a page that has come is alive.
    async fn awake(&self) {
        if self.scripts {
            self.find("body[data-hydrated]").await;
        }
    }

    /// The first element that this selector finds, waited for.
    pub async fn find(&self, css: &str) -> Element {
        self.locate(Locator::Css(css), css).await
    }

    async fn locate(&self, locator: Locator<'_>, what: &str) -> Element {
        match self
            .client
            .wait()
            .at_most(LIMIT)
            .every(LOOK_EVERY)
            .for_element(locator)
            .await
        {
            Ok(element) => element,
            Err(error) => panic!(
                "{what} is not on {}: {error}\n{}",
                self.path().await,
                self.words("main").await
            ),
        }
    }

    /// Whether there is such an element just now.
    pub async fn has(&self, css: &str) -> bool {
        !self.all(css).await.is_empty()
    }

    async fn all(&self, css: &str) -> Vec<Element> {
        self.client
            .find_all(Locator::Css(css))
            .await
            .expect("a page can be searched")
    }

    /// The visible text of the first such element; empty when there is none.
    pub async fn words(&self, css: &str) -> String {
        match self.all(css).await.first() {
            Some(element) => element.text().await.unwrap_or_default(),
            None => String::new(),
        }
    }

    /// An attribute of the first such element, waited for.
    ///
    /// # Panics
    /// When it has no such attribute.
    pub async fn attribute(&self, css: &str, name: &str) -> String {
        let value = self
            .find(css)
            .await
            .attr(name)
            .await
            .expect("an element can be read");
        value.unwrap_or_else(|| panic!("{css} has no {name}"))
    }

    /// Where the first link on the page leads that begins so.
    pub async fn first_link(&self, start: &str) -> Option<String> {
        let links = self.all(&format!("main a[href^='{start}']")).await;
        links.first()?.attr("href").await.expect("an element can be read")
    }

    /// What stands in a field.
    pub async fn typed(&self, css: &str) -> String {
        self.find(css)
            .await
            .prop("value")
            .await
            .expect("a field can be read")
            .unwrap_or_default()
    }

    /// A sum on the page, written like `¥1,292.00`.
    ///
    /// # Panics
    /// When there is none.
    pub async fn sum(&self, css: &str) -> Fen {
        let words = self.find(css).await.text().await.expect("an element can be read");
        fen_of(&words).unwrap_or_else(|| panic!("{css} is no sum: {words}"))
    }

    /// Waits until an element shows these words.
    pub async fn shows(&self, css: &str, words: &str) {
        let shown = async {
            while !self.words(css).await.contains(words) {
                tokio::time::sleep(LOOK_EVERY).await;
            }
        };
        if tokio::time::timeout(LIMIT, shown).await.is_err() {
            panic!(
                "{css} on {} shows “{}”, not “{words}”",
                self.path().await,
                self.words(css).await
            );
        }
    }

    /// Types into a field, over what stood there.
    pub async fn fill(&self, css: &str, text: &str) {
        let field = self.find(css).await;
        field
            .clear()
            .await
            .unwrap_or_else(|error| panic!("{css}: {error}"));
        field
            .send_keys(text)
            .await
            .unwrap_or_else(|error| panic!("{css}: {error}"));
    }

    /// Chooses a day. Pickers are typed into in the browser's own order of day and month, so the value is set.
    pub async fn fill_day(&self, css: &str, day: &str) {
        let script = "const field = document.querySelector(arguments[0]); field.value = arguments[1];";
        self.run(script, vec![json!(css), json!(day)]).await;
        assert_eq!(self.typed(css).await, day, "{css} takes a day");
    }

    /// Chooses a file.
    pub async fn attach(&self, css: &str, file: &Path) {
        let path = file.to_str().expect("the build's output has a plain name");
        let field = self.find(css).await;
        field
            .send_keys(path)
            .await
            .unwrap_or_else(|error| panic!("{css}: {error}"));
    }

    /// Fetches what a link leads to, without leaving the page; answers its status and kind.
    pub async fn fetched(&self, css: &str) -> (u64, String) {
        let href = self.attribute(css, "href").await;
        let script =
            "return fetch(arguments[0]).then(answer => [answer.status, answer.headers.get('content-type')])";
        let answer = self.run(script, vec![json!(href)]).await;
        (
            answer[0].as_u64().unwrap_or_default(),
            answer[1].as_str().unwrap_or_default().to_owned(),
        )
    }

    /// Chooses from a list.
    pub async fn choose(&self, css: &str, value: &str) {
        self.find(css)
            .await
            .select_by_value(value)
            .await
            .unwrap_or_else(|error| panic!("{css} {value}: {error}"));
    }

    /// Clicks on something that stays on the page.
    pub async fn click(&self, css: &str) {
        let element = self.find(css).await;
        self.touch(&element, css).await;
    }

    /// Brings an element to the middle of the screen, from under the bars at its edges, and clicks on it.
    async fn touch(&self, element: &Element, what: &str) {
        let shown = serde_json::to_value(element).expect("an element has an id");
        self.run("arguments[0].scrollIntoView({ block: 'center' })", vec![shown])
            .await;
        element
            .click()
            .await
            .unwrap_or_else(|error| panic!("{what}: {error}"));
    }

    /// Follows a link, or presses a button that leads to another page.
    pub async fn press(&self, css: &str) {
        let element = self.find(css).await;
        self.leave_by(element, css).await;
    }

    /// Presses the button, or follows the link, that has these words.
    pub async fn press_words(&self, words: &str) {
        let xpath = format!("//main//*[self::button or self::a][contains(normalize-space(.), '{words}')]");
        let element = self.locate(Locator::XPath(&xpath), words).await;
        self.leave_by(element, words).await;
    }

    async fn leave_by(&self, element: Element, what: &str) {
        let before = self.find("html").await;
        self.touch(&element, what).await;
        let left = async {
            while before.tag_name().await.is_ok() {
                tokio::time::sleep(LOOK_EVERY).await;
            }
        };
        if tokio::time::timeout(LIMIT, left).await.is_err() {
            panic!(
                "{what} leads nowhere from {}:\n{}",
                self.path().await,
                self.words("main").await
            );
        }
        self.find("body").await;
        self.awake().await;
    }

    /// Where it is: path and query.
    pub async fn path(&self) -> String {
        let url = self.client.current_url().await.expect("a window has an address");
        match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        }
    }

    /// Asserts that the page is at a path that begins so, and answers what follows.
    ///
    /// # Panics
    /// When it is elsewhere.
    pub async fn is_at(&self, start: &str) -> String {
        let path = self.path().await;
        match path.strip_prefix(start) {
            Some(rest) => rest.to_owned(),
            None => panic!("at {path}, not at {start}:\n{}", self.words("main").await),
        }
    }

    /// Runs a function over the page from outside; this works where the page's own scripts do not.
    ///
    /// # Panics
    /// When it fails.
    pub async fn run(&self, script: &str, arguments: Vec<Value>) -> Value {
        self.client
            .execute(script, arguments)
            .await
            .unwrap_or_else(|error| panic!("{script}: {error}"))
    }

    /// Signs in, from wherever the way to it leads.
    pub async fn sign_in(&self, name: &str, password: &str) {
        if !self.path().await.starts_with("/sign-in") {
            self.open("/sign-in").await;
        }
        self.fill("#sign_in_name", name).await;
        self.fill("#password", password).await;
        self.press(".sign-in form button").await;
        self.find("header .account").await;
    }

    /// Signs out through the account's menu.
    pub async fn sign_out(&self) {
        self.click("summary.account").await;
        self.press("form[action='/sign-out'] button").await;
        self.find("a[href='/sign-in']").await;
    }

    /// Keeps a picture of the whole page, and answers where.
    ///
    /// # Panics
    /// When it cannot be written.
    pub async fn shoot(&self, name: &str) -> PathBuf {
        // As high as the page is, so that the bars at its edges stand at its edges.
        let high = self
            .run("return document.documentElement.scrollHeight", Vec::new())
            .await;
        self.screen(high.as_u64().unwrap_or_default().max(self.height()))
            .await;
        let taken = devtools(&self.client, "Page.captureScreenshot", json!({ "format": "png" })).await;
        self.screen(self.height()).await;
        let text = taken["data"].as_str().expect("a picture is text");
        let path = self.shots.next(name, self.width.get());
        let picture = STANDARD.decode(text).expect("a picture is base64");
        std::fs::write(&path, picture).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        path
    }

    /// What the browser complained of since it was last asked.
    pub async fn complaints(&self) -> Vec<String> {
        complaints(&self.client).await
    }

    /// Forgets who is signed in, and everything else that the site keeps in cookies.
    pub async fn forget(&self) {
        self.client
            .delete_all_cookies()
            .await
            .expect("cookies can be deleted");
    }

    /// Ends it, and asserts that the browser never complained.
    ///
    /// # Panics
    /// When it did.
    pub async fn close(self) {
        let complaints = self.complaints().await;
        assert!(complaints.is_empty(), "the browser complained: {complaints:#?}");
        self.client.close().await.expect("a window can be closed");
    }
}

/// The first sum in a text.
fn fen_of(words: &str) -> Option<Fen> {
    let (_, rest) = words.split_once('¥')?;
    let digits: String = rest
        .chars()
        .take_while(|c| c.is_ascii_digit() || matches!(c, ',' | '.'))
        .collect();
    parse_yuan(&digits.replace(',', "")).ok()
}
