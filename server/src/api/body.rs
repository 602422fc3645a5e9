//! What comes in: bodies, queries, path values and idempotency keys, refused field by field.

use super::refused::Refused;
use crate::services::Error;
use crate::services::idempotency::Key;
use axum::extract::rejection::{BytesRejection, JsonRejection};
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::header;
use axum::http::request::Parts;
use axum::response::IntoResponse as _;
use bytes::Bytes;
use serde::de::DeserializeOwned;
use shared::api::problem::{Code, FieldCode, FieldProblem};
use std::error::Error as _;
use utoipa::openapi::Required;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, Type};

/// Most bytes of a JSON body.
pub const JSON_BYTES_MAX: usize = 1 << 20;
/// Most bytes of a file.
pub const FILE_BYTES_MAX: usize = 10 << 20;

/// A JSON body.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Refused;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refused> {
        let json = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .is_some_and(is_json);
        if !json {
            return Err(Refused::code(Code::UnsupportedFile));
        }
        let bytes = bytes_of(Bytes::from_request(request, state).await)?;
        // Text with a zero character is text to nobody, and PostgreSQL cannot hold it.
        if bytes.windows(6).any(|six| six == b"\\u0000") {
            return Err(Refused::code(Code::Malformed));
        }
        axum::Json::from_bytes(&bytes)
            .map(|axum::Json(value)| Self(value))
            .map_err(|refused| of_json(&refused).into())
    }
}

fn is_json(content_type: &str) -> bool {
    let kind = content_type.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/json")
}

/// A body as it came: a file.
pub struct Upload {
    /// What it says it is, without parameters and in lower case.
    pub kind: String,
    /// Its bytes.
    pub bytes: Bytes,
}

impl<S: Send + Sync> FromRequest<S> for Upload {
    type Rejection = Refused;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refused> {
        let value = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok());
        let kind = value
            .and_then(|value| value.split(';').next())
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase();
        Ok(Self {
            kind,
            bytes: bytes_of(Bytes::from_request(request, state).await)?,
        })
    }
}

fn bytes_of(read: Result<Bytes, BytesRejection>) -> Result<Bytes, Refused> {
    read.map_err(|refused| {
        let too_large = refused.into_response().status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE;
        Refused::code(if too_large {
            Code::TooLarge
        } else {
            Code::Malformed
        })
    })
}

fn of_json(refused: &JsonRejection) -> Error {
    match refused {
        JsonRejection::JsonDataError(error) => error
            .source()
            .and_then(|cause| field_of(&cause.to_string()))
            .unwrap_or(Error::refused(Code::Malformed)),
        _ => Error::refused(Code::Malformed),
    }
}

/// The values of a query string.
pub struct Params<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Params<T> {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refused> {
        if parts.uri.query().is_some_and(|query| query.contains("%00")) {
            return Err(Refused::code(Code::Malformed));
        }
        Query::try_from_uri(&parts.uri)
            .map(|Query(values)| Self(values))
            .map_err(|refused| {
                let error = refused.source().and_then(|cause| field_of(&cause.to_string()));
                error.unwrap_or(Error::refused(Code::Malformed)).into()
            })
    }
}

/// The values of a path. One that cannot be read names nothing.
pub struct PathOf<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for PathOf<T> {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refused> {
        if parts.uri.path().contains("%00") {
            return Err(Refused::code(Code::NotFound));
        }
        let read = Path::from_request_parts(parts, state).await;
        read.map(|Path(value)| Self(value))
            .map_err(|_| Refused::code(Code::NotFound))
    }
}

/// The idempotency key that every request needs which creates or moves something.
pub struct Once(pub Key);

impl<S: Send + Sync> FromRequestParts<S> for Once {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refused> {
        let value = parts
            .headers
            .get("idempotency-key")
            .ok_or_else(|| Refused::code(Code::KeyMissing))?;
        let text = String::from_utf8_lossy(value.as_bytes());
        Ok(Self(Key::parse(&text)?))
    }
}

impl utoipa::IntoParams for Once {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let text = ObjectBuilder::new()
            .schema_type(Type::String)
            .min_length(Some(1))
            .max_length(Some(80))
            .pattern(Some("^[!-~]+$"))
            .build();
        let key = ParameterBuilder::new()
            .name("Idempotency-Key")
            .parameter_in(ParameterIn::Header)
            .required(Required::True)
            .description(Some(
                "Your name for this operation. The same key and body again get the first answer; nothing is done twice.",
            ))
            .schema(Some(text));
        vec![key.build()]
    }
}

/// How many rows a page of a list has.
///
/// # Errors
/// `Invalid` outside 1 to 100.
pub fn limit(asked: Option<u16>, otherwise: i64) -> Result<i64, Refused> {
    let problem = match asked {
        None => return Ok(otherwise),
        Some(limit @ 1..=100) => return Ok(i64::from(limit)),
        Some(0) => FieldProblem::bound("limit", FieldCode::TooSmall, 1),
        Some(_) => FieldProblem::bound("limit", FieldCode::TooLarge, 100),
    };
    Err(Error::invalid(vec![problem]).into())
}

/// The refusal behind a reader's sentence, as `lines[0].qty: invalid type: string "x", expected i64 at line 1 column 9`.
fn field_of(sentence: &str) -> Option<Error> {
    let (path, reason) = match sentence.split_once(": ") {
        Some((path, reason)) if is_path(path) => (path, reason),
        _ => ("", sentence),
    };
    let path = path.replace('[', ".").replace(']', "");
    if let Some(missing) = quoted_behind(reason, "missing field `") {
        let field = if path.is_empty() || path == "." {
            missing.to_owned()
        } else {
            format!("{path}.{missing}")
        };
        return Some(Error::field(&field, FieldCode::Required));
    }
    if path.is_empty() || path == "." {
        return None;
    }
    Some(Error::field(path.trim_start_matches('.'), code_of(reason)))
}

fn is_path(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'[' | b']' | b'?'))
}

fn quoted_behind<'a>(text: &'a str, start: &str) -> Option<&'a str> {
    text.strip_prefix(start).and_then(|rest| rest.split('`').next())
}

fn code_of(reason: &str) -> FieldCode {
    const NUMBERS: [&str; 12] = [
        "i8", "u8", "i16", "u16", "i32", "u32", "i64", "u64", "usize", "digit", "integer", "number",
    ];
    let word = |name: &str| {
        reason
            .split(|c: char| !c.is_ascii_alphanumeric())
            .any(|word| word == name)
    };
    if reason.starts_with("unknown variant") {
        FieldCode::NotAChoice
    } else if reason.contains("YYYY-MM-DD") || reason.contains("no such day") {
        FieldCode::NotADay
    } else if NUMBERS.iter().any(|name| word(name)) {
        FieldCode::NotANumber
    } else if reason.contains("null") {
        FieldCode::Required
    } else {
        FieldCode::BadCharacters
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::services::Refusal;
    use shared::api::lot::LotIn;
    use shared::api::order::OrderIn;

    fn refused<T: DeserializeOwned>(json: &str) -> Refusal {
        let Err(rejection) = axum::Json::<T>::from_bytes(json.as_bytes()) else {
            panic!("{json} was read")
        };
        match of_json(&rejection) {
            Error::Refused(refusal) => refusal,
            other => panic!("{other}"),
        }
    }

    fn field<T: DeserializeOwned>(json: &str) -> (String, FieldCode) {
        let refusal = refused::<T>(json);
        assert_eq!(refusal.code, Code::Invalid, "{json}");
        let problem = refusal.fields.first().expect("an invalid body names a field");
        (problem.field.clone(), problem.code)
    }

    #[test]
    fn a_bad_body_names_its_field() {
        let named = |field: &str, code| (field.to_owned(), code);
        assert_eq!(
            field::<LotIn>(r#"{"qty": 1}"#),
            named("harvested_on", FieldCode::Required)
        );
        assert_eq!(
            field::<LotIn>(r#"{"harvested_on": "x", "qty": 1}"#),
            named("harvested_on", FieldCode::NotADay)
        );
        assert_eq!(
            field::<LotIn>(r#"{"harvested_on": 3, "qty": 1}"#).0,
            "harvested_on"
        );
        assert_eq!(
            field::<LotIn>(r#"{"harvested_on": "2026-11-21", "qty": "1"}"#),
            named("qty", FieldCode::NotANumber)
        );
        let order = |fund: &str, line: &str| {
            format!(r#"{{"fund": "{fund}", "address": "a", "wanted_on": "2026-11-21", "lines": [{line}]}}"#)
        };
        let line = r#"{"offer_id": "0199b0a0-0000-7000-8000-000000000000", "qty": 1.5}"#;
        assert_eq!(
            field::<OrderIn>(&order("canteen", line)),
            named("lines.0.qty", FieldCode::NotANumber)
        );
        assert_eq!(
            field::<OrderIn>(&order("gift", "")),
            named("fund", FieldCode::NotAChoice)
        );
        let line = r#"{"offer_id": "0199b0a0-0000-7000-8000-000000000000"}"#;
        assert_eq!(
            field::<OrderIn>(&order("canteen", line)),
            named("lines.0.qty", FieldCode::Required)
        );
        let line = r#"{"offer_id": "x", "qty": 1}"#;
        assert_eq!(
            field::<OrderIn>(&order("canteen", line)),
            named("lines.0.offer_id", FieldCode::BadCharacters)
        );
    }

    #[test]
    fn what_is_no_json_at_all_is_malformed() {
        for json in ["", "{", "[]x", "3", "null"] {
            assert_eq!(refused::<LotIn>(json).code, Code::Malformed, "{json}");
        }
    }

    #[test]
    fn a_bad_query_names_its_field() {
        #[derive(Debug, serde::Deserialize)]
        struct Asked {
            #[serde(rename = "limit")]
            _limit: Option<u16>,
        }
        let uri = "/x?limit=many".parse().expect("a path is a URI");
        let refused = Query::<Asked>::try_from_uri(&uri).expect_err("no number");
        let error = refused
            .source()
            .and_then(|cause| field_of(&cause.to_string()))
            .expect("a field");
        let Error::Refused(refusal) = error else {
            panic!("{error}")
        };
        assert_eq!(
            refusal.fields,
            vec![FieldProblem::new("limit", FieldCode::NotANumber)]
        );
    }
}
