//! Cookies: the session, the anonymous visitor, the look, and the message of the step before.

use axum::http::{HeaderMap, HeaderValue, header};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use frontend::text::Lang;
use frontend::{Look, Mode};

/// A cookie's plain name; `__Host-` goes before it where cookies are secure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Name {
    /// The session's secret.
    Session,
    /// A random value that ties a basket and form tokens to a browser before sign-in.
    Visitor,
    /// Language, mode, size, contrast.
    Look,
    /// The message of the step before.
    Flash,
}

impl Name {
    fn full(self, secure: bool) -> &'static str {
        match (self, secure) {
            (Self::Session, true) => "__Host-session",
            (Self::Session, false) => "session",
            (Self::Visitor, true) => "__Host-visitor",
            (Self::Visitor, false) => "visitor",
            (Self::Look, true) => "__Host-look",
            (Self::Look, false) => "look",
            (Self::Flash, true) => "__Host-flash",
            (Self::Flash, false) => "flash",
        }
    }
}

/// The value of a cookie.
#[must_use]
pub fn read(headers: &HeaderMap, name: Name, secure: bool) -> Option<&str> {
    let full = name.full(secure);
    headers
        .get_all(header::COOKIE)
        .into_iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(n, _)| *n == full)
        .map(|(_, value)| value)
}

/// A `Set-Cookie` value: HttpOnly, SameSite=Lax, the whole site, `Secure` where cookies are secure.
#[must_use]
pub fn set(name: Name, value: &str, max_age_s: i64, secure: bool) -> HeaderValue {
    let full = name.full(secure);
    let secure = if secure { "; Secure" } else { "" };
    let text = format!("{full}={value}; Path=/; Max-Age={max_age_s}; HttpOnly; SameSite=Lax{secure}");
    HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static("bad=; Max-Age=0"))
}

/// 32 bytes as cookie text.
#[must_use]
pub fn encode_secret(secret: &[u8]) -> String {
    encode_bytes(secret)
}

/// Bytes as text that a cookie or a field may hold.
#[must_use]
pub fn encode_bytes(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// That text as bytes.
#[must_use]
pub fn decode_bytes(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// Cookie text as 32 bytes.
#[must_use]
pub fn decode_secret(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD
        .decode(text)
        .ok()
        .filter(|secret| secret.len() == 32)
}

/// The look of a cookie, as `zh.light.normal.normal`; anything unknown is the first look.
#[must_use]
pub fn look_of(text: &str) -> Look {
    let mut parts = text.split('.');
    Look {
        lang: if parts.next() == Some("en") {
            Lang::En
        } else {
            Lang::Zh
        },
        mode: match parts.next() {
            Some("dark") => Mode::Dark,
            Some("auto") => Mode::Auto,
            _ => Mode::Light,
        },
        large: parts.next() == Some("large"),
        contrast: parts.next() == Some("high"),
    }
}

/// A look as cookie text.
#[must_use]
pub fn look_text(look: Look) -> String {
    let lang = look.lang.t("zh", "en");
    let mode = match look.mode {
        Mode::Light => "light",
        Mode::Dark => "dark",
        Mode::Auto => "auto",
    };
    let size = if look.large { "large" } else { "normal" };
    let contrast = if look.contrast { "high" } else { "normal" };
    format!("{lang}.{mode}.{size}.{contrast}")
}
