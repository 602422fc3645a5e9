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

    /// Adds a condition whose values are bound already.
    pub fn always(&mut self, condition: &str) {
        self.wheres.push(condition.to_owned());
    }

    /// Only what is behind a key, newest first.
    pub fn behind(&mut self, at: &str, id: &str, key: Option<(i64, Uuid)>) {
        if let Some((key_at, key_id)) = key {
            let (key_at, key_id) = (self.bind(key_at), self.bind(key_id));
            self.wheres.push(format!("({at}, {id}) < ({key_at}, {key_id})"));
        }
    }

    /// Only what comes behind this one in a list that begins with the oldest.
    pub fn beyond(&mut self, at: &str, id: &str, key: Option<(i64, Uuid)>) {
        if let Some((key_at, key_id)) = key {
            let (key_at, key_id) = (self.bind(key_at), self.bind(key_id));
            self.wheres.push(format!("({at}, {id}) > ({key_at}, {key_id})"));
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

/// Rows of a register by their keys.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Among {
    /// Every row.
    #[default]
    All,
    /// These alone.
    In(Vec<Value>),
    /// All but these.
    NotIn(Vec<Value>),
}

impl Among {
    /// The condition on a column that is never null, its values put behind those that stand there; `None` when every row
    /// passes. Lists are filled up to a few lengths by their last key, so that there are few statements to prepare.
    #[must_use]
    pub fn condition(&self, column: &str, values: &mut Vec<Value>) -> Option<String> {
        let (word, keys) = match self {
            Self::All => return None,
            Self::In(keys) => ("in", keys),
            Self::NotIn(keys) => ("not in", keys),
        };
        let Some(last) = keys.last() else {
            return (word == "in").then(|| "1 = 0".to_owned());
        };
        let more = keys.len().next_power_of_two() - keys.len();
        let all = keys
            .iter()
            .cloned()
            .chain(std::iter::repeat_n(last.clone(), more));
        let places = super::order::placeholders(values, all);
        Some(format!("{column} {word} ({places})"))
    }
}

/// What one word says of goods in every state: their village, their kind, or a part of their name.
#[derive(Clone, Debug, PartialEq)]
pub struct GoodsWord {
    /// Villages that answer it, by code.
    pub villages: Among,
    /// Kinds of produce that answer it, by key.
    pub produce: Among,
    /// The word, small.
    pub text: String,
}

impl GoodsWord {
    /// The condition on an offer's columns, its values put behind those that stand there; `None` when every offer passes.
    #[must_use]
    pub fn condition(&self, table: &str, values: &mut Vec<Value>) -> Option<String> {
        if [&self.villages, &self.produce].contains(&&Among::All) {
            return None;
        }
        let village = self.villages.condition(&format!("{table}village_code"), values)?;
        let produce = self.produce.condition(&format!("{table}produce"), values)?;
        let name = super::order::placeholders(values, [format!("%{}", beginning(&self.text)).into()]);
        Some(format!(
            "({village} or {produce} or lower({table}name) like {name} escape '!')"
        ))
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
    fn rows_are_named_by_the_shorter_list() {
        let condition = |among: &Among| {
            let mut values = vec![Value::from(1)];
            let text = among.condition("v.code", &mut values);
            (text, values.len())
        };
        let keys = |keys: &[&str]| keys.iter().map(|key| Value::from(*key)).collect::<Vec<_>>();
        assert_eq!(condition(&Among::All), (None, 1));
        assert_eq!(condition(&Among::In(Vec::new())), (Some("1 = 0".to_owned()), 1));
        assert_eq!(condition(&Among::NotIn(Vec::new())), (None, 1));
        assert_eq!(
            condition(&Among::In(keys(&["a", "b", "c"]))),
            (Some("v.code in ($2, $3, $4, $5)".to_owned()), 5)
        );
        assert_eq!(
            condition(&Among::NotIn(keys(&["a"]))),
            (Some("v.code not in ($2)".to_owned()), 2)
        );
    }

    #[test]
    fn what_means_something_to_like_is_taken_as_it_is() {
        assert_eq!(beginning("50%_!"), "50!%!_!!%");
    }
}
