//! What a form remembers: what was typed, and what was wrong with it.

use shared::api::problem::{Code, FieldProblem, ShortLine};

/// A form as it is shown: empty at first, filled again after a refusal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Form {
    /// Names and values as typed, in order; a name may come several times.
    pub values: Vec<(String, String)>,
    /// The fields that were refused.
    pub problems: Vec<FieldProblem>,
    /// The refusal as a whole.
    pub code: Option<Code>,
    /// Lines that ran short.
    pub short: Vec<ShortLine>,
}

impl Form {
    /// A form filled with these values.
    #[must_use]
    pub fn filled(values: impl IntoIterator<Item = (&'static str, String)>) -> Self {
        Self {
            values: values.into_iter().map(|(n, v)| (n.to_owned(), v)).collect(),
            ..Self::default()
        }
    }

    /// What was typed into a field; empty when nothing was.
    #[must_use]
    pub fn value(&self, name: &str) -> String {
        self.values
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, v)| v.clone())
            .unwrap_or_default()
    }

    /// What was typed, or else this.
    #[must_use]
    pub fn value_or(&self, name: &str, otherwise: impl Into<String>) -> String {
        self.values
            .iter()
            .find(|(n, _)| n == name)
            .map_or_else(|| otherwise.into(), |(_, v)| v.clone())
    }

    /// What is wrong with a field, if anything.
    #[must_use]
    pub fn problem(&self, name: &str) -> Option<&FieldProblem> {
        self.problems.iter().find(|p| p.field == name)
    }
}
