//! Requests as the fake reads them: flat names with brackets, of which it must know every one.

use super::shown::refusal;
use serde_json::Value;
use std::collections::BTreeMap;

/// A refusal: status and body.
pub type Refused = (u16, Value);

/// The parameters of a request.
pub struct Asked(Vec<(String, String)>);

impl Asked {
    /// Reads them; whatever is not among `known` is refused. In a known name `[]` stands for a place in a list and `[*]` for any key.
    pub fn read(encoded: &[u8], known: &[&str]) -> Result<Self, Refused> {
        let pairs: Vec<(String, String)> = form_urlencoded::parse(encoded).into_owned().collect();
        for (at, (name, _)) in pairs.iter().enumerate() {
            if !known.iter().any(|known| is(name, known)) {
                let message = format!("Received unknown parameter: {name}");
                return Err(bad(Some("parameter_unknown"), &message, Some(name)));
            }
            if pairs[..at].iter().any(|(earlier, _)| earlier == name) {
                return Err(bad(None, &format!("{name} was sent twice"), Some(name)));
            }
        }
        Ok(Self(pairs))
    }

    /// A value.
    pub fn text(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| known == name);
        found
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }

    /// A value that must be there.
    pub fn needed(&self, name: &str) -> Result<&str, Refused> {
        self.text(name).ok_or_else(|| {
            let message = format!("Missing required param: {name}.");
            bad(Some("parameter_missing"), &message, Some(name))
        })
    }

    /// A whole number.
    pub fn number(&self, name: &str) -> Result<Option<i64>, Refused> {
        let Some(text) = self.text(name) else {
            return Ok(None);
        };
        text.parse().map(Some).map_err(|_| {
            let message = format!("Invalid integer: {text}");
            bad(Some("parameter_invalid_integer"), &message, Some(name))
        })
    }

    /// The values of a list.
    pub fn list(&self, name: &str) -> Vec<String> {
        let of_list = |known: &&(String, String)| is(&known.0, &format!("{name}[]"));
        self.0
            .iter()
            .filter(of_list)
            .map(|(_, value)| value.clone())
            .collect()
    }

    /// The values of a map.
    pub fn map(&self, name: &str) -> BTreeMap<String, String> {
        let start = format!("{name}[");
        let key = |known: &str| Some(known.strip_prefix(&start)?.strip_suffix(']')?.to_owned());
        self.0
            .iter()
            .filter_map(|(known, value)| Some((key(known)?, value.clone())))
            .collect()
    }
}

/// Whether a name is of a known form.
fn is(name: &str, known: &str) -> bool {
    let split = |text: &str| -> Vec<String> {
        text.split('[')
            .map(|p| p.trim_end_matches(']').to_owned())
            .collect()
    };
    let (name, known) = (split(name), split(known));
    name.len() == known.len()
        && name
            .iter()
            .zip(&known)
            .enumerate()
            .all(|(at, (part, form))| match form.as_str() {
                "" if at > 0 => part.is_empty() || part.bytes().all(|b| b.is_ascii_digit()),
                "*" => !part.is_empty(),
                form => part == form,
            })
}

/// A bad request.
pub fn bad(code: Option<&str>, message: &str, param: Option<&str>) -> Refused {
    (400, refusal("invalid_request_error", code, message, param))
}

/// There is no such thing.
pub fn missing(what: &str, id: &str) -> Refused {
    let message = format!("No such {what}: '{id}'");
    (
        404,
        refusal(
            "invalid_request_error",
            Some("resource_missing"),
            &message,
            Some("id"),
        ),
    )
}
