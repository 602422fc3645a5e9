//! Compressing answers, in one place. What must not be guessed from its size is masked before it comes here (the token
//! of forms), so that compressing beside what a stranger typed gives nothing away.

use axum::body::{Body, HttpBody as _};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write as _;

/// Smaller answers fit into a packet or two as they are.
const BYTES_MIN: u64 = 1024;
/// Larger ones are downloads: they are sent as they are.
const BYTES_MAX: u64 = 8 * 1024 * 1024;
/// How hard Brotli tries for what is compressed once and sent often.
const BROTLI_QUALITY: i32 = 5;

/// Compresses answers of text that are not compressed yet, quickly: each is sent once.
pub async fn answers(request: Request, next: Next) -> Response {
    let wanted = accepts(request.headers(), "gzip");
    let response = next.run(request).await;
    if !is_text(response.headers()) || response.headers().contains_key(header::CONTENT_ENCODING) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    vary(&mut parts.headers, "accept-encoding");
    let known = body.size_hint().exact();
    let fits = known.is_some_and(|bytes| (BYTES_MIN..=BYTES_MAX).contains(&bytes));
    if !wanted || !fits {
        return Response::from_parts(parts, body);
    }
    let Ok(bytes) = axum::body::to_bytes(body, usize::MAX).await else {
        // A body of known length stands in memory and can be read.
        return Response::from_parts(parts, Body::empty());
    };
    let Some(small) = gzip(&bytes) else {
        return Response::from_parts(parts, Body::from(bytes));
    };
    parts.headers.remove(header::CONTENT_LENGTH);
    parts
        .headers
        .insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    Response::from_parts(parts, Body::from(small))
}

fn is_text(headers: &HeaderMap) -> bool {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    kind.starts_with("text/")
        || kind.starts_with("application/json")
        || kind.starts_with("application/problem+json")
        || kind.starts_with("image/svg")
}

/// Names a header that the answer depends on, beside those named already.
pub fn vary(headers: &mut HeaderMap, name: &'static str) {
    let named = headers
        .get_all(header::VARY)
        .into_iter()
        .filter_map(|value| value.to_str().ok())
        .any(|value| {
            value
                .split(',')
                .any(|part| part.trim().eq_ignore_ascii_case(name))
        });
    if !named {
        headers.append(header::VARY, HeaderValue::from_static(name));
    }
}

/// Whether the reader takes this encoding.
#[must_use]
pub fn accepts(headers: &HeaderMap, encoding: &str) -> bool {
    headers
        .get_all(header::ACCEPT_ENCODING)
        .into_iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|part| {
            let (name, weight) = part.split_once(';').unwrap_or((part, ""));
            let refused = weight
                .trim()
                .strip_prefix("q=")
                .is_some_and(|q| q.chars().all(|digit| matches!(digit, '0' | '.')));
            name.trim().eq_ignore_ascii_case(encoding) && !refused
        })
}

/// The bytes as `Content-Encoding: gzip`.
#[must_use]
pub fn gzip(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 4), Compression::fast());
    encoder.write_all(bytes).ok()?;
    encoder.finish().ok()
}

/// The bytes as `Content-Encoding: br`.
#[must_use]
pub fn brotli(bytes: &[u8]) -> Option<Vec<u8>> {
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: BROTLI_QUALITY,
        lgwin: 20,
        size_hint: bytes.len(),
        ..Default::default()
    };
    let mut small = Vec::with_capacity(bytes.len() / 4);
    brotli::BrotliCompress(&mut &bytes[..], &mut small, &parameters).ok()?;
    Some(small)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_read_with_their_weights() {
        let mut headers = HeaderMap::new();
        assert!(!accepts(&headers, "gzip"));
        headers.insert(
            header::ACCEPT_ENCODING,
            HeaderValue::from_static("br;q=0, GZIP;q=0.5"),
        );
        assert!(accepts(&headers, "gzip") && !accepts(&headers, "br"));
        headers.insert(
            header::ACCEPT_ENCODING,
            HeaderValue::from_static("gzip;q=0.000, br"),
        );
        assert!(!accepts(&headers, "gzip") && accepts(&headers, "br"));
    }

    #[test]
    fn a_header_is_named_once() {
        let mut headers = HeaderMap::new();
        vary(&mut headers, "cookie");
        vary(&mut headers, "accept-encoding");
        vary(&mut headers, "cookie");
        assert_eq!(headers.get_all(header::VARY).iter().count(), 2);
    }
}
