//! Keyset pages: back to the first, on to the next.

use crate::context::Cx;
use leptos::prelude::*;

/// The pager below a list; nothing when the list is whole. It keeps every other part of the address.
pub fn pager(cx: &Cx, next: Option<&str>) -> Option<AnyView> {
    let on_later_page = cx.path.contains("?after=") || cx.path.contains("&after=");
    let first = on_later_page.then(|| {
        view! { <a class="button small" href=with(&cx.path, "after", None)>{cx.t("回到第一页", "First page")}</a> }
    });
    let next = next.map(|key| {
        view! { <a class="button small push" rel="next" href=with(&cx.path, "after", Some(key))>{cx.t("下一页", "Next page")}</a> }
    });
    // A phone's list is long: the filter is one touch away from its end.
    let top = view! { <a class="button small quiet only-phone" href="#main">{cx.t("回到筛选", "Up to the filter")}</a> };
    (first.is_some() || next.is_some()).then(|| {
        view! { <nav class="pager" aria-label=cx.t("翻页", "Pages")>{first}{top}{next}</nav> }.into_any()
    })
}

/// An address with one part of its query set, or left out.
#[must_use]
pub fn with(path: &str, name: &str, value: Option<&str>) -> String {
    let (bare, query) = path.split_once('?').unwrap_or((path, ""));
    let set = value.map(|value| format!("{name}={}", encode(value)));
    let parts: Vec<String> = query
        .split('&')
        .filter(|part| !part.is_empty() && part.split('=').next() != Some(name))
        .map(str::to_owned)
        .chain(set)
        .collect();
    if parts.is_empty() {
        bare.to_owned()
    } else {
        format!("{bare}?{}", parts.join("&"))
    }
}

/// A value as it stands in an address.
#[must_use]
pub fn encode(value: &str) -> String {
    use std::fmt::Write as _;
    let mut text = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            text.push(char::from(byte));
        } else {
            write!(text, "%{byte:02X}").expect("a String takes every write");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_one_part_of_an_address() {
        assert_eq!(
            with("/goods?q=%E6%9F%BF&after=x", "after", Some("a b")),
            "/goods?q=%E6%9F%BF&after=a%20b"
        );
        assert_eq!(with("/goods?after=x", "after", None), "/goods");
        assert_eq!(with("/goods", "season", Some("1")), "/goods?season=1");
    }
}
