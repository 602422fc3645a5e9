//! Narrowing a list: conditions that are there only when they were asked for.

use sea_orm::Value;
use uuid::Uuid;

/// The conditions of a list and their values, in the order of their placeholders.
#[derive(Default)]
pub struct Narrow {
    wheres: Vec<String>,
    values: Vec<Value>,
}

impl Narrow {
    /// A value's placeholder.
    pub fn bind(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("${}", self.values.len())
    }

    /// Adds a condition when there is a value; every `$?` in it stands for the value.
    pub fn only<V: Into<Value>>(&mut self, condition: &str, value: Option<V>) {
        if let Some(value) = value {
            let placeholder = self.bind(value);
            self.wheres.push(condition.replace("$?", &placeholder));
        }
    }

    /// Only what is behind a key, newest first.
    pub fn behind(&mut self, at: &str, id: &str, key: Option<(i64, Uuid)>) {
        if let Some((key_at, key_id)) = key {
            let (key_at, key_id) = (self.bind(key_at), self.bind(key_id));
            self.wheres.push(format!("({at}, {id}) < ({key_at}, {key_id})"));
        }
    }

    /// Only what begins like this. The two bounds lead through the column's index, whatever the language that an engine
    /// sorts by; they suit numbers of documents, which are made of digits, capitals and hyphens.
    pub fn begins(&mut self, column: &str, beginning: Option<&str>) {
        if let Some(text) = beginning {
            let (from, to) = (self.bind(text), self.bind(format!("{text}zzzzzzzz")));
            let like = self.bind(self::beginning(text));
            self.wheres.push(format!(
                "{column} >= {from} and {column} <= {to} and {column} like {like} escape '!'"
            ));
        }
    }

    /// All conditions as one.
    #[must_use]
    pub fn text(&self) -> String {
        if self.wheres.is_empty() {
            "1 = 1".to_owned()
        } else {
            self.wheres.join(" and ")
        }
    }

    /// The values.
    #[must_use]
    pub fn values(self) -> Vec<Value> {
        self.values
    }
}

/// A text as the beginning of what `like … escape '!'` finds.
#[must_use]
pub fn beginning(text: &str) -> String {
    let escaped = text.replace('!', "!!").replace('%', "!%").replace('_', "!_");
    format!("{escaped}%")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_asked_for_narrows() {
        let mut narrow = Narrow::default();
        assert_eq!(narrow.text(), "1 = 1");
        narrow.only("a = $?", None::<i64>);
        narrow.only("(b = $? or c = $?)", Some(3_i64));
        narrow.behind("at", "id", Some((7, Uuid::nil())));
        assert_eq!(narrow.text(), "(b = $1 or c = $1) and (at, id) < ($2, $3)");
        narrow.begins("d", None);
        narrow.begins("d", Some("D26"));
        assert!(
            narrow
                .text()
                .ends_with("d >= $4 and d <= $5 and d like $6 escape '!'")
        );
        assert_eq!(narrow.bind(9_i64), "$7");
        assert_eq!(narrow.values().len(), 7);
    }

    #[test]
    fn what_means_something_to_like_is_taken_as_it_is() {
        assert_eq!(beginning("50%_!"), "50!%!_!!%");
    }
}
