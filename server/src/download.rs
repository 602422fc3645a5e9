//! Files that are sent: while they are written, or as one text.

use crate::services::journal::Statement;
use crate::services::work::{Content, FileOut};
use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use futures::StreamExt as _;
use shared::domain::work::FileFormat;
use tokio::io::AsyncReadExt as _;

/// JSON lines.
pub const LINES: &str = "application/x-ndjson";

/// A statement, sent while it is written. A fault half-way breaks the answer off: its last line is missing then.
pub fn statement(file: Statement) -> Response {
    let lines = file.lines.inspect(|line| {
        if let Err(error) = line {
            crate::error::record(error);
        }
    });
    let mut response = Body::from_stream(lines).into_response();
    named(&mut response, LINES, "attachment", &file.name);
    response
}

/// Bytes read at once.
const PART: usize = 64 * 1024;

/// What stands in a file, sent in bounded memory.
fn content(content: Content) -> Response {
    let (file, length) = match content {
        Content::Bytes(bytes) => return bytes.into_response(),
        Content::Stored(file, length) => (file, length),
    };
    let parts = futures::stream::try_unfold(file, |mut file| async move {
        let mut part = vec![0; PART];
        let read = file.read(&mut part).await?;
        part.truncate(read);
        Ok::<_, std::io::Error>((read > 0).then_some((part, file)))
    });
    let mut response = Body::from_stream(parts).into_response();
    response
        .headers_mut()
        .insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    response
}

/// A text that is shown, and kept under this name.
pub fn text(name: &str, text: String) -> Response {
    let mut response = text.into_response();
    named(&mut response, "text/plain; charset=utf-8", "inline", name);
    response
}

/// Names are letters, digits, dashes and dots.
fn named(response: &mut Response, kind: &'static str, how: &str, name: &str) {
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Ok(value) = HeaderValue::from_str(&format!("{how}; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
}

/// What a PDF is called among media types.
pub const PDF: &str = "application/pdf";

/// What a table is called among media types.
#[must_use]
pub const fn of_format(format: FileFormat) -> &'static str {
    match format {
        FileFormat::Csv => "text/csv; charset=utf-8",
        FileFormat::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }
}

/// A PDF or a table to keep, from memory.
pub fn attachment(kind: &str, name: &str, bytes: Vec<u8>) -> Response {
    let name = name.to_owned();
    let content = Content::Bytes(bytes);
    file(kind, FileOut { name, content })
}

/// A table to keep: what it is called among media types follows from its name.
pub fn table(table: FileOut) -> Response {
    let format = if table.name.ends_with(".csv") {
        FileFormat::Csv
    } else {
        FileFormat::Xlsx
    };
    file(of_format(format), table)
}

/// A file to keep. Its name goes by RFC 5987; who does not read that gets a plain one with the same ending.
pub fn file(kind: &str, file: FileOut) -> Response {
    let encoded: String = form_urlencoded::byte_serialize(file.name.as_bytes())
        .collect::<String>()
        .replace('+', "%20");
    let ending = file.name.rsplit('.').next().unwrap_or_default();
    let disposition = format!("attachment; filename=\"file.{ending}\"; filename*=UTF-8''{encoded}");
    let mut response = content(file.content);
    let headers = response.headers_mut();
    for (header, value) in [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_DISPOSITION, disposition.as_str()),
    ] {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(header, value);
        }
    }
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("private, no-store"),
    );
    response
}
