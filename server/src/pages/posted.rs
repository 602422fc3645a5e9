//! A posted form: its fields as typed, its uploads, its token checked.

use super::form_token;
use super::reply::Failure;
use super::visitor::{Replay, Visitor};
use crate::services::idempotency::Key;
use crate::services::{App, Error};
use axum::extract::{FromRequest, FromRequestParts as _, Multipart, Request};
use axum::http::header;
use axum::http::request::Parts;
use shared::api::problem::{Code, FieldCode, FieldProblem};
use shared::domain::calendar::Day;
use shared::domain::money::Fen;
use std::str::FromStr;

/// The largest form without files.
const FORM_MAX_BYTES: usize = 512 * 1024;
/// The most fields of a form.
const FIELDS_MAX: usize = 2000;

/// Fields that hold passwords: nothing shows them again.
const NEVER_KEPT: [&str; 4] = ["password", "current", "new", "again"];

/// A posted form whose token was right.
pub struct Posted {
    /// Names and values as typed, without the token and the key.
    pub values: Vec<(String, String)>,
    /// Uploaded files with their field's name; empty ones are left out.
    pub files: Vec<(String, bytes::Bytes)>,
    /// The visitor who posted.
    pub visitor: Visitor,
    key: String,
    problems: Vec<FieldProblem>,
    file_names: Vec<(String, String)>,
}

impl FromRequest<App> for Posted {
    type Rejection = Failure;

    async fn from_request(request: Request, app: &App) -> Result<Self, Failure> {
        let (mut parts, body) = request.into_parts();
        let to = parts
            .uri
            .path_and_query()
            .map_or_else(|| "/".to_owned(), ToString::to_string);
        let mut visitor = Visitor::from_request_parts(&mut parts, app).await?;
        let multipart = parts
            .headers
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|kind| kind.starts_with("multipart/form-data"));
        let from_everybody = may_come_from_everybody(&parts);
        let request = Request::from_parts(parts, body);
        let read = if multipart {
            read_multipart(request, app).await
        } else {
            read_urlencoded(request).await
        };
        let Read {
            mut values,
            files,
            file_names,
        } = read.map_err(|code| visitor.fail(Error::refused(code)))?;
        if values
            .iter()
            .any(|(name, value)| name.contains('\0') || value.contains('\0'))
        {
            return Err(visitor.fail(Error::refused(Code::Malformed)));
        }
        let token = take(&mut values, "csrf");
        let own = form_token::opens(&token, &visitor.secret);
        let everybodys = from_everybody && is_everybodys(&token, &visitor);
        if !own && !everybodys {
            return Err(visitor.fail(Error::refused(Code::StaleForm)));
        }
        let key = take(&mut values, "key");
        let keyed = values
            .iter()
            .filter(|(name, _)| !NEVER_KEPT.contains(&name.as_str()) && !name.starts_with("step_up_"));
        visitor.replay = Some(Replay {
            to,
            fields: keyed
                .cloned()
                .chain((!key.is_empty()).then(|| ("key".to_owned(), key.clone())))
                .collect(),
            files: !files.is_empty(),
        });
        Ok(Self {
            values,
            files,
            visitor,
            key,
            problems: Vec::new(),
            file_names,
        })
    }
}

/// Whether the form may have stood on a page that is drawn for everybody: it then turns the look or fills a basket, and
/// the browser must say itself that our own site sent it (the guard has read what it says).
fn may_come_from_everybody(parts: &Parts) -> bool {
    matches!(parts.uri.path(), "/modes" | "/basket")
        && (parts.headers.contains_key(header::ORIGIN) || parts.headers.contains_key("sec-fetch-site"))
}

fn is_everybodys(token: &str, visitor: &Visitor) -> bool {
    visitor.signed_in.is_none() && token == form_token::of_everybody(&visitor.app.config.public_url)
}

/// A form's fields, its files, and what their owners call those.
#[derive(Default)]
struct Read {
    values: Vec<(String, String)>,
    files: Vec<(String, bytes::Bytes)>,
    file_names: Vec<(String, String)>,
}

async fn read_urlencoded(request: Request) -> Result<Read, Code> {
    let body = axum::body::to_bytes(request.into_body(), FORM_MAX_BYTES)
        .await
        .map_err(|_| Code::TooLarge)?;
    let values: Vec<(String, String)> = serde_urlencoded_pairs(&body)?;
    if values.len() > FIELDS_MAX {
        Err(Code::TooLarge)
    } else {
        Ok(Read {
            values,
            ..Read::default()
        })
    }
}

fn serde_urlencoded_pairs(body: &[u8]) -> Result<Vec<(String, String)>, Code> {
    let text = std::str::from_utf8(body).map_err(|_| Code::Malformed)?;
    Ok(url_pairs(text))
}

/// The pairs of a form-encoded text.
#[must_use]
pub fn url_pairs(text: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(text.as_bytes())
        .map(|(n, v)| (n.into_owned(), v.into_owned()))
        .collect()
}

/// A text as one form-encoded value.
#[must_use]
pub fn encode(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

async fn read_multipart(request: Request, app: &App) -> Result<Read, Code> {
    let mut multipart = Multipart::from_request(request, app)
        .await
        .map_err(|_| Code::Malformed)?;
    let mut read = Read::default();
    while let Some(field) = multipart
        .next_field()
        .await
        .map_err(|e| too_large_or_malformed(&e))?
    {
        if read.values.len() + read.files.len() >= FIELDS_MAX {
            return Err(Code::TooLarge);
        }
        let name = field.name().unwrap_or_default().to_owned();
        let file_name = field.file_name().map(str::to_owned);
        let bytes = field.bytes().await.map_err(|e| too_large_or_malformed(&e))?;
        match file_name {
            None => {
                let text = String::from_utf8(bytes.to_vec()).map_err(|_| Code::Malformed)?;
                read.values.push((name, text));
            }
            Some(_) if bytes.is_empty() => {}
            Some(file_name) => {
                read.file_names.push((name.clone(), file_name));
                read.files.push((name, bytes));
            }
        }
    }
    Ok(read)
}

fn too_large_or_malformed(error: &axum::extract::multipart::MultipartError) -> Code {
    if error.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE {
        Code::TooLarge
    } else {
        Code::Malformed
    }
}

fn take(values: &mut Vec<(String, String)>, name: &str) -> String {
    match values.iter().position(|(n, _)| n == name) {
        Some(at) => values.remove(at).1,
        None => String::new(),
    }
}

impl Posted {
    /// The form's idempotency key.
    ///
    /// # Errors
    /// `Invalid` when the form carries none.
    pub fn key(&self) -> Result<Key, Error> {
        Key::parse(&self.key)
    }

    /// What was typed, trimmed; empty when the field is missing.
    #[must_use]
    pub fn text(&self, name: &str) -> String {
        self.values
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, v)| v.trim().to_owned())
            .unwrap_or_default()
    }

    /// What was typed, trimmed; `None` when empty or missing.
    #[must_use]
    pub fn maybe(&self, name: &str) -> Option<String> {
        Some(self.text(name)).filter(|text| !text.is_empty())
    }

    /// Every value of a repeated field.
    pub fn all<'p>(&'p self, name: &'p str) -> impl Iterator<Item = &'p str> {
        self.values
            .iter()
            .filter(move |(n, _)| n == name)
            .map(|(_, v)| v.trim())
    }

    /// The uploaded file of a field.
    #[must_use]
    pub fn file(&self, name: &str) -> Option<&bytes::Bytes> {
        self.files.iter().find(|(n, _)| n == name).map(|(_, bytes)| bytes)
    }

    /// What the uploaded file of a field is called where it came from.
    #[must_use]
    pub fn file_name(&self, name: &str) -> Option<&str> {
        self.file_names
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, called)| called.as_str())
    }

    /// The middle parts of names like `line.<middle>.qty`, each once, in order.
    #[must_use]
    pub fn rows(&self, prefix: &str) -> Vec<String> {
        let mut rows: Vec<String> = Vec::new();
        for (name, _) in &self.values {
            let middle = name
                .strip_prefix(prefix)
                .and_then(|n| n.strip_prefix('.'))
                .and_then(|n| n.rsplit_once('.'));
            if let Some((middle, _)) = middle
                && !rows.iter().any(|row| row == middle)
            {
                rows.push(middle.to_owned());
            }
        }
        rows
    }

    /// Notes a field that could not be read; `check` then refuses them all together.
    pub fn wrong(&mut self, field: impl Into<String>, code: FieldCode) {
        self.problems.push(FieldProblem::new(field, code));
    }

    /// A value of any type that is written as text; notes the field when it is not one.
    pub fn parsed<T: FromStr>(&mut self, name: &str, code: FieldCode) -> Option<T> {
        let text = self.maybe(name)?;
        let value = text.parse().ok();
        if value.is_none() {
            self.wrong(name, code);
        }
        value
    }

    /// A value that must be there; notes the field when it is missing or not one.
    pub fn needed<T: FromStr>(&mut self, name: &str, code: FieldCode) -> Option<T> {
        if self.maybe(name).is_none() {
            self.wrong(name, FieldCode::Required);
            return None;
        }
        self.parsed(name, code)
    }

    /// A day.
    pub fn day(&mut self, name: &str) -> Option<Day> {
        let text = self.maybe(name)?;
        let day = Day::parse(&text).ok();
        if day.is_none() {
            self.wrong(name, FieldCode::NotADay);
        }
        day
    }

    /// A sum typed in yuan; notes the field when it is missing or not one.
    pub fn yuan(&mut self, name: &str) -> Option<Fen> {
        let Some(text) = self.maybe(name) else {
            self.wrong(name, FieldCode::Required);
            return None;
        };
        let sum = shared::domain::money::parse_yuan(&text).ok();
        if sum.is_none() {
            self.wrong(name, FieldCode::NotANumber);
        }
        sum
    }

    /// Refuses when a field could not be read.
    ///
    /// # Errors
    /// `Invalid` with every field noted.
    pub fn check(&self) -> Result<(), Error> {
        if self.problems.is_empty() {
            Ok(())
        } else {
            Err(Error::invalid(self.problems.clone()))
        }
    }
}
