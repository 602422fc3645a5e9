//! Stock of lots: taken and given back, several lots in one statement, never below zero.

use super::{Tx, exec};
use sea_orm::{DbErr, Value};
use uuid::Uuid;

/// How one lot changes, in base units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// The lot.
    pub lot_id: Uuid,
    /// Added to what is held for orders.
    pub reserved: i64,
    /// Added to what was sold.
    pub sold: i64,
    /// Added to the lot's whole quantity: goods that turned out to be missing, or more on the scale.
    pub qty: i64,
}

/// Changes lots with one statement. Says whether every lot could be changed: `reserved`, `sold` and what is free
/// (`qty - reserved - sold`) all stay at zero or more. If not, the caller gives up its transaction.
///
/// # Errors
/// Whatever the engine answers.
pub async fn change(tx: &Tx, changes: &[Change]) -> Result<bool, DbErr> {
    let changes = merged(changes);
    if changes.is_empty() {
        return Ok(true);
    }
    let mut values: Vec<Value> = Vec::with_capacity(changes.len() * 4);
    let (mut reserved, mut sold, mut qty, mut ids) =
        (String::new(), String::new(), String::new(), Vec::new());
    for change in &changes {
        let id = bind(&mut values, change.lot_id.into());
        for (arms, amount) in [
            (&mut reserved, change.reserved),
            (&mut sold, change.sold),
            (&mut qty, change.qty),
        ] {
            let amount = bind(&mut values, amount.into());
            arms.push_str(&format!(" when {id} then cast({amount} as bigint)"));
        }
        ids.push(id);
    }
    let (reserved, sold, qty) = (
        format!("(case id{reserved} end)"),
        format!("(case id{sold} end)"),
        format!("(case id{qty} end)"),
    );
    let sql = format!(
        "update lots set reserved = reserved + {reserved}, sold = sold + {sold}, qty = qty + {qty}
        where id in ({}) and reserved + {reserved} >= 0 and sold + {sold} >= 0
            and reserved + {reserved} + sold + {sold} <= qty + {qty}",
        ids.join(", ")
    );
    Ok(exec(tx, &sql, values).await? == changes.len() as u64)
}

fn bind(values: &mut Vec<Value>, value: Value) -> String {
    values.push(value);
    format!("${}", values.len())
}

/// One change a lot, in id order: writers that meet take their locks in the same order.
fn merged(changes: &[Change]) -> Vec<Change> {
    let mut by_lot = std::collections::BTreeMap::<Uuid, Change>::new();
    for change in changes {
        let sum = by_lot.entry(change.lot_id).or_insert(Change {
            reserved: 0,
            sold: 0,
            qty: 0,
            ..*change
        });
        sum.reserved += change.reserved;
        sum.sold += change.sold;
        sum.qty += change.qty;
    }
    by_lot
        .into_values()
        .filter(|c| c.reserved != 0 || c.sold != 0 || c.qty != 0)
        .collect()
}
