//! Which rows of a file say something new.

use super::fill::{Good, Seen};
use super::sheet::bad_row;
use shared::api::import::BadRow;
use shared::api::problem::FieldCode;
use std::collections::HashMap;
use std::fmt::Debug;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

/// Why a row is refused: the column, what stands there, the reason, the bound.
pub type Refusal = (&'static str, String, FieldCode, Option<String>);

/// What is to be written.
pub struct Plan<T> {
    /// New rows.
    pub new: Vec<T>,
    /// Rows that change something.
    pub changed: Vec<T>,
    /// How many say what is already known.
    pub unchanged: i64,
    /// Refused rows.
    pub bad: Vec<BadRow>,
    /// Keys of these rows with what they said.
    pub seen: HashMap<String, u64>,
}

impl<T> Plan<T> {
    /// New and changed rows.
    pub fn all(self) -> Vec<T> {
        self.new.into_iter().chain(self.changed).collect()
    }
}

/// Rows by their key.
pub fn known_by<T>(rows: Vec<T>, key: impl Fn(&T) -> String) -> HashMap<String, T> {
    rows.into_iter().map(|row| (key(&row), row)).collect()
}

/// What a row says, in short.
pub fn hash_of(row: &impl Debug) -> u64 {
    let mut hasher = DefaultHasher::new();
    format!("{row:?}").hash(&mut hasher);
    hasher.finish()
}

/// Sorts rows into new, changed and known ones. `complete` fills in what a row does not say from what is known. A row
/// whose key came before in the same file says the same again, or is refused under `column`.
pub fn plan<R: Debug, T: PartialEq>(
    rows: &Good<R>,
    column: &'static str,
    known: &HashMap<String, T>,
    seen: &Seen,
    row_key: impl Fn(&R) -> Result<String, Refusal>,
    complete: impl Fn(&R, Option<&T>) -> Result<T, Refusal>,
) -> Plan<T> {
    let mut plan = Plan {
        new: Vec::new(),
        changed: Vec::new(),
        unchanged: 0,
        bad: Vec::new(),
        seen: HashMap::new(),
    };
    for (line, row) in rows {
        let mut refuse = |(column, value, code, bound): Refusal| {
            plan.bad.push(bad_row(*line, column, &value, code, bound));
        };
        let key = match row_key(row) {
            Ok(key) => key,
            Err(refusal) => {
                refuse(refusal);
                continue;
            }
        };
        let says = hash_of(row);
        match plan.seen.get(&key).or_else(|| seen.keys.get(&key)) {
            Some(said) if *said == says => {
                plan.unchanged += 1;
                continue;
            }
            Some(_) => {
                refuse((column, key, FieldCode::Taken, None));
                continue;
            }
            None => {}
        }
        let before = known.get(&key);
        match complete(row, before) {
            Err(refusal) => {
                refuse(refusal);
                continue;
            }
            Ok(full) if before == Some(&full) => plan.unchanged += 1,
            Ok(full) if before.is_some() => plan.changed.push(full),
            Ok(full) => plan.new.push(full),
        }
        plan.seen.insert(key, says);
    }
    plan
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan_of(rows: &[(u64, (&str, &str))], known: &[(&str, &str)]) -> Plan<(String, String)> {
        let own = |row: &(&str, &str)| (row.0.to_owned(), row.1.to_owned());
        let rows: Good<(String, String)> = rows.iter().map(|(line, row)| (*line, own(row))).collect();
        let known = known_by(known.iter().map(own).collect(), |row| row.0.clone());
        plan(
            &rows,
            "code",
            &known,
            &Seen::default(),
            |row| Ok(row.0.clone()),
            |row, _| Ok(row.clone()),
        )
    }

    #[test]
    fn the_same_row_again_is_unchanged_and_another_is_refused() {
        let found = plan_of(&[(2, ("1", "甲")), (3, ("1", "甲")), (4, ("1", "乙"))], &[]);
        assert_eq!((found.new.len(), found.changed.len(), found.unchanged), (1, 0, 1));
        assert_eq!(
            found.bad.first().map(|bad| (bad.line, bad.code)),
            Some((4, FieldCode::Taken))
        );
        let found = plan_of(&[(2, ("1", "甲"))], &[("1", "甲")]);
        assert_eq!((found.new.len(), found.changed.len(), found.unchanged), (0, 0, 1));
        let found = plan_of(&[(2, ("1", "乙"))], &[("1", "甲")]);
        assert_eq!((found.new.len(), found.changed.len(), found.unchanged), (0, 1, 0));
    }
}
