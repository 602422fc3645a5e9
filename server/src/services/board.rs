//! The centre's day board.

use super::{App, Error, right, village_order};
use crate::store;
use crate::store::village_order::BoardDay;
use shared::api::village_order::{BoardColumn, BoardKey, BoardOut, VillageOrderRow};
use shared::domain::calendar::Day;
use shared::domain::identity::Actor;
use shared::domain::money::Fen;
use shared::domain::quantity::Qty;
use shared::domain::rights::{Action, Place};
use shared::domain::village_order::VillageOrderStatus as Status;

/// Cards a state on the board at the most; the counts are of all.
const CARDS: i64 = 60;

const COLUMNS: [(BoardKey, &[Status]); 5] = [
    (BoardKey::Waiting, &[Status::Offered]),
    (BoardKey::Confirmed, &[Status::Confirmed, Status::Shorted]),
    (BoardKey::Packed, &[Status::Packed]),
    (BoardKey::OnTheWay, &[Status::Collected]),
    (BoardKey::AtTheDoor, &[Status::Delivered]),
];

/// The day as the centre sees it: everything that is somewhere between a village and a door; with another `day`
/// than today, what is wanted on that day.
///
/// # Errors
/// `Forbidden`.
pub async fn board(app: &App, actor: &Actor, day: Option<Day>) -> Result<BoardOut, Error> {
    right::require(actor, Action::BoardRead, Place::DISTRICT)?;
    let now = app.now();
    let read = app.db.read();
    let day = day.unwrap_or_else(|| now.day());
    let shown = BoardDay {
        day: day.0,
        only: day != now.day(),
    };
    let counts = store::village_order::counts(read, village_order::lateness(now), shown).await?;
    let records = store::village_order::board(read, shown, CARDS).await?;
    let (from, until) = (day.start(), day.add_days(1).start());
    let credited = store::village_order::credited_between(read, from.0, until.0).await?;
    let rows = records
        .iter()
        .map(|r| village_order::row_of(r, now))
        .collect::<Result<Vec<_>, _>>()?;
    let count_of = |statuses: &[Status]| -> i64 {
        counts
            .iter()
            .filter(|c| statuses.iter().any(|s| s.as_str() == c.status))
            .map(|c| c.count)
            .sum()
    };
    let columns = COLUMNS
        .iter()
        .map(|(key, statuses)| {
            let of_column = |row: &&VillageOrderRow| statuses.contains(&row.status);
            let mut rows: Vec<VillageOrderRow> = rows.iter().filter(of_column).cloned().collect();
            // Late ones first, then in the order of their deadlines.
            rows.sort_by_key(|row| (!row.late, row.confirm_by));
            BoardColumn {
                key: *key,
                count: count_of(statuses),
                rows,
            }
        })
        .collect();
    Ok(BoardOut {
        claims_overdue: store::claim::overdue(read, now.day().0).await?,
        day,
        total: counts.iter().map(|c| c.count).sum(),
        waiting: count_of(&[Status::Offered]),
        late: counts.iter().map(|c| c.late).sum(),
        due_g: Qty(counts.iter().map(|c| c.due_g).sum()),
        credited_fen: Fen(credited),
        columns,
    })
}
