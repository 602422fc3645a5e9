//! What the address of a list says: the same words for every list.

use frontend::components::list_filter::Shown;
use serde::Deserialize;
use shared::domain::calendar::Day;

/// Rows of a page: as many as one scrolls through on a phone.
pub const ROWS: i64 = 24;

/// The parts of a list's address. A form sends every field, also the empty ones.
#[derive(Deserialize, Clone, Debug, Default)]
pub struct Listing {
    state: Option<String>,
    from: Option<String>,
    until: Option<String>,
    village: Option<String>,
    number: Option<String>,
    q: Option<String>,
    after: Option<String>,
}

impl Listing {
    /// The state, if it is one; an unreadable one narrows nothing.
    pub fn state<T>(&self, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        self.state.as_deref().and_then(read)
    }

    /// The state as it stands in the address.
    pub fn state_text(&self) -> Option<&str> {
        self.state.as_deref().filter(|state| !state.is_empty())
    }

    /// The first day.
    pub fn from(&self) -> Option<Day> {
        day(self.from.as_deref())
    }

    /// The last day.
    pub fn until(&self) -> Option<Day> {
        day(self.until.as_deref())
    }

    /// A village's code or name.
    pub fn village(&self) -> Option<String> {
        filled(self.village.as_deref())
    }

    /// The beginning of a number.
    pub fn number(&self) -> Option<String> {
        filled(self.number.as_deref())
    }

    /// Words to find.
    pub fn words(&self) -> Option<String> {
        filled(self.q.as_deref())
    }

    /// The key to go on behind.
    pub fn after(&self) -> Option<&str> {
        self.after.as_deref()
    }

    /// What the filter form shows again.
    pub fn shown(&self) -> Shown {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        Shown {
            state: text(&self.state),
            from: text(&self.from),
            until: text(&self.until),
            village: text(&self.village),
            number: text(&self.number),
        }
    }
}

fn day(text: Option<&str>) -> Option<Day> {
    text.and_then(|text| Day::parse(text.trim()).ok())
}

fn filled(text: Option<&str>) -> Option<String> {
    text.map(str::trim)
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_fields_narrow_nothing() {
        let listing = Listing {
            from: Some(String::new()),
            village: Some("  ".into()),
            number: Some(" D26 ".into()),
            ..Listing::default()
        };
        assert_eq!((listing.from(), listing.village()), (None, None));
        assert_eq!(listing.number().as_deref(), Some("D26"));
    }
}
