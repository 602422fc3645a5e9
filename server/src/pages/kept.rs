//! Public pages look alike for everybody who is not signed in and has no basket: each is drawn and compressed once,
//! and kept until something was written that a public page may show, or the day ends.
//!
//! A kept page is never older than what the writer was told: the generation of the database is read before anything else
//! is read for a page, and steps on after a commit, before its writer hears of it.

use super::cookies::{self, Name};
use crate::compress;
use crate::services::App;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use frontend::Look;
use sha2::{Digest as _, Sha256};
use shared::domain::calendar::Day;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

/// What is kept at the most, all pages with their compressed forms.
const BYTES_MAX: usize = 64 * 1024 * 1024;
/// A longer address is nobody's bookmark.
const ADDRESS_MAX: usize = 1024;
/// The largest page that is kept.
const PAGE_MAX: usize = 4 * 1024 * 1024;

/// Marks a request whose page is drawn for everybody: without a name, a basket, or a browser's own secret.
#[derive(Clone, Copy, Debug)]
pub struct ForEverybody;

/// The kept pages of this program.
#[derive(Clone)]
pub struct Keeper {
    app: App,
    shelf: Arc<RwLock<Shelf>>,
    uses: Arc<AtomicU64>,
}

/// What was drawn in one generation on one day.
struct Shelf {
    generation: u64,
    day: Day,
    bytes: usize,
    pages: HashMap<String, Arc<Page>>,
}

struct Page {
    html: Bytes,
    tag: HeaderValue,
    brotli: OnceLock<Bytes>,
    gzip: OnceLock<Bytes>,
    /// Counts up: who was asked for last has the highest.
    used: AtomicU64,
}

impl Keeper {
    /// Nothing kept yet.
    #[must_use]
    pub fn new(app: App) -> Self {
        let shelf = Shelf {
            generation: 0,
            day: Day(0),
            bytes: 0,
            pages: HashMap::new(),
        };
        Self {
            app,
            shelf: Arc::new(RwLock::new(shelf)),
            uses: Arc::default(),
        }
    }

    fn find(&self, key: &str, generation: u64, day: Day) -> Option<Arc<Page>> {
        let shelf = self.shelf.read().unwrap_or_else(PoisonError::into_inner);
        let page = shelf
            .pages
            .get(key)
            .filter(|_| (shelf.generation, shelf.day) == (generation, day))?;
        // Whoever counts higher was asked for later; two at once may take either order.
        let now = self.uses.fetch_add(1, Ordering::Relaxed);
        page.used.fetch_max(now, Ordering::Relaxed);
        Some(Arc::clone(page))
    }

    fn put(&self, key: String, generation: u64, day: Day, page: &Arc<Page>) {
        let mut shelf = self.shelf.write().unwrap_or_else(PoisonError::into_inner);
        if shelf.generation > generation {
            // Something was written while this page was drawn.
            return;
        }
        if (shelf.generation, shelf.day) != (generation, day) {
            (shelf.generation, shelf.day, shelf.bytes) = (generation, day, 0);
            shelf.pages.clear();
        }
        shelf.bytes += page.cost(&key);
        if let Some(old) = shelf.pages.insert(key.clone(), Arc::clone(page)) {
            shelf.bytes -= old.cost(&key);
        }
        if shelf.bytes > BYTES_MAX {
            shelf.make_room();
        }
    }
}

impl Shelf {
    /// Drops the pages that were not asked for longest, a quarter of all bytes at once.
    fn make_room(&mut self) {
        let mut oldest: Vec<(u64, String)> = self
            .pages
            .iter()
            .map(|(key, page)| (page.used.load(Ordering::Relaxed), key.clone()))
            .collect();
        oldest.sort_unstable();
        for (_, key) in oldest {
            if self.bytes <= BYTES_MAX / 4 * 3 {
                break;
            }
            if let Some(page) = self.pages.remove(&key) {
                self.bytes -= page.cost(&key);
            }
        }
    }
}

impl Page {
    fn new(html: Bytes) -> Self {
        let hash = Sha256::digest(&html);
        let tag = hash[..12]
            .iter()
            .fold("W/\"".to_owned(), |text, byte| format!("{text}{byte:02x}"));
        Self {
            tag: HeaderValue::from_str(&(tag + "\"")).expect("digits and quotes may stand in a header"),
            html,
            brotli: OnceLock::new(),
            gzip: OnceLock::new(),
            used: AtomicU64::new(0),
        }
    }

    /// Bytes that keeping it takes, both compressed forms estimated.
    fn cost(&self, key: &str) -> usize {
        self.html.len() + self.html.len() / 2 + key.len() + 512
    }

    /// The page as this reader takes it, or that it has not changed.
    fn answer(&self, asked: &HeaderMap) -> Response {
        let known = asked
            .get_all(header::IF_NONE_MATCH)
            .into_iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .any(|tag| tag.trim().as_bytes() == self.tag.as_bytes());
        let mut response = if known {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            let (encoding, bytes) = self.encoded(asked);
            let mut response = Body::from(bytes).into_response();
            let headers = response.headers_mut();
            headers.insert(
                header::CONTENT_TYPE,
                HeaderValue::from_static("text/html; charset=utf-8"),
            );
            if let Some(encoding) = encoding {
                headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
            }
            response
        };
        let headers = response.headers_mut();
        headers.insert(header::ETAG, self.tag.clone());
        // A browser may keep it, and asks before it shows it again; caches between must not.
        headers.insert(
            header::CACHE_CONTROL,
            HeaderValue::from_static("private, no-cache"),
        );
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding, cookie"));
        response
    }

    fn encoded(&self, asked: &HeaderMap) -> (Option<&'static str>, Bytes) {
        let once = |cell: &OnceLock<Bytes>, small: fn(&[u8]) -> Option<Vec<u8>>| {
            cell.get_or_init(|| small(&self.html).map_or_else(|| self.html.clone(), Bytes::from))
                .clone()
        };
        if compress::accepts(asked, "br") {
            (Some("br"), once(&self.brotli, compress::brotli))
        } else if compress::accepts(asked, "gzip") {
            (Some("gzip"), once(&self.gzip, compress::gzip))
        } else {
            (None, self.html.clone())
        }
    }
}

/// Answers with a kept page, or has it drawn and keeps it.
pub async fn keep(State(keeper): State<Keeper>, mut request: Request, next: Next) -> Response {
    let app = &keeper.app;
    // While nothing may be changed, every page says so: none of them is worth keeping.
    let key = key_of(&request, app.config.secure_cookies()).filter(|_| !app.read_only());
    let Some(key) = key else {
        return next.run(request).await;
    };
    // Before anything else is read for the page.
    let (generation, today) = (app.db.generation(), app.today());
    let on = app.config.keeps_pages();
    if on && let Some(page) = keeper.find(&key, generation, today) {
        metrics::counter!("jizhou_kept_pages_total", "found" => "yes").increment(1);
        return page.answer(request.headers());
    }
    metrics::counter!("jizhou_kept_pages_total", "found" => "no").increment(1);
    request.extensions_mut().insert(ForEverybody);
    let asked = request.headers().clone();
    let response = next.run(request).await;
    if response.status() != StatusCode::OK || response.headers().contains_key(header::SET_COOKIE) {
        return response;
    }
    let (parts, body) = response.into_parts();
    let Ok(html) = axum::body::to_bytes(body, PAGE_MAX).await else {
        tracing::error!("a public page is too large to be kept");
        return Response::from_parts(parts, Body::empty());
    };
    let page = Arc::new(Page::new(html));
    if on {
        keeper.put(key, generation, today, &page);
    }
    page.answer(&asked)
}

/// What a page that everybody sees alike depends on: its address and the look; `None` for every other request.
fn key_of(request: &Request, secure: bool) -> Option<String> {
    let address = request.uri().path_and_query()?.as_str();
    if request.method() != Method::GET || address.len() > ADDRESS_MAX || !is_public(request.uri().path()) {
        return None;
    }
    let headers = request.headers();
    let own = [Name::Session, Name::Visitor, Name::Flash];
    if own
        .into_iter()
        .any(|name| cookies::read(headers, name, secure).is_some())
    {
        return None;
    }
    let look: Look = cookies::read(headers, Name::Look, secure)
        .map(cookies::look_of)
        .unwrap_or_default();
    Some(format!("{} {address}", cookies::look_text(look)))
}

fn is_public(path: &str) -> bool {
    let mut parts = path.trim_start_matches('/').splitn(3, '/');
    matches!(
        (parts.next(), parts.next(), parts.next()),
        (Some("" | "goods" | "villages" | "totals"), None, None)
            | (Some("goods" | "villages" | "t"), Some(_), None)
            | (Some("villages"), Some(_), Some("journal"))
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_public_pages_are_kept() {
        for path in [
            "/",
            "/goods",
            "/goods/x",
            "/villages",
            "/villages/120119102201",
            "/villages/120119102201/journal",
            "/t/C7",
        ] {
            assert!(is_public(path), "{path}");
        }
        for path in [
            "/basket",
            "/orders/1",
            "/goods/x/photos",
            "/villages/120119102201/journal/file",
            "/sign-in",
            "/me",
            "/link/x",
        ] {
            assert!(!is_public(path), "{path}");
        }
    }

    #[test]
    fn a_browser_with_something_of_its_own_gets_its_own_page() {
        let asked = |cookie: &str| {
            let request = Request::builder()
                .uri("/goods?q=x")
                .header(header::COOKIE, cookie)
                .body(Body::empty())
                .expect("a request");
            key_of(&request, false)
        };
        assert_eq!(
            asked("look=en.dark.large.high").as_deref(),
            Some("en.dark.large.high /goods?q=x")
        );
        assert_eq!(
            asked("look=nonsense").as_deref(),
            Some("zh.light.normal.normal /goods?q=x")
        );
        for cookie in ["session=x", "visitor=x", "flash=saved"] {
            assert_eq!(asked(cookie), None, "{cookie}");
        }
    }
}
