//! Keyset paging: the key of the last row leads to the next page, at the same cost however far one has gone.

use super::Error;
use shared::api::page::Page;
use shared::api::problem::FieldCode;
use uuid::Uuid;

/// Rows of a page when nothing else is asked for.
pub const ROWS: i64 = 50;

/// A limit as asked for, brought into 1 to 100.
#[must_use]
pub const fn limit(asked: i64) -> i64 {
    if asked < 1 {
        1
    } else if asked > 100 {
        100
    } else {
        asked
    }
}

/// The key to begin behind, as `micros_uuid`.
///
/// # Errors
/// `Invalid` when it is not one that we gave out.
pub fn read(after: Option<&str>) -> Result<Option<(i64, Uuid)>, Error> {
    let Some(text) = after.filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    let parts = text
        .split_once('_')
        .and_then(|(at, id)| Some((at.parse().ok()?, id.parse().ok()?)));
    parts
        .map(Some)
        .ok_or_else(|| Error::field("after", FieldCode::NotAChoice))
}

/// A page of rows that were read with one more than `limit`.
///
/// # Errors
/// What turning a row into its wire form answers.
pub fn page<R, T>(
    mut rows: Vec<R>,
    limit: i64,
    key: impl Fn(&R) -> (i64, Uuid),
    out: impl Fn(&R) -> Result<T, Error>,
) -> Result<Page<T>, Error> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(|row| {
        let (at, id) = key(row);
        format!("{at}_{id}")
    });
    Ok(Page {
        items: rows.iter().map(out).collect::<Result<_, _>>()?,
        next,
    })
}
