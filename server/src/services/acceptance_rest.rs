//! 余量: what the vehicle did not have. It becomes a village order of its own, packed and waiting, that is delivered and
//! accepted in a later part; a village of which nothing came at all goes back to waiting as it is. Sums are split so
//! that village orders and lines still add up to the order.

use super::acceptance_lines::{Weighed, Weighing};
use super::village_order::total_of;
use super::{App, Error, fault, order_split, village_order};
use crate::store::order_line::LineRecord;
use crate::store::village_order::{Step, VillageOrderRecord};
use crate::store::village_order_rest::{Left, LineLeft, Moved, NewRest};
use crate::store::{self, Tx};
use shared::domain::calendar::Micros;
use shared::domain::identity::Actor;
use shared::domain::money::Fen;
use shared::domain::quantity::Qty;
use shared::domain::village_order::{VillageOrderEvent, VillageOrderStatus};
use uuid::Uuid;

/// What is still to come of a delivery, decided over plain values.
#[derive(Default)]
pub struct Rest {
    /// Village orders of which nothing came.
    waiting: Vec<VillageOrderRecord>,
    /// New village orders, each with what it is the rest of.
    new: Vec<(NewRest, VillageOrderRecord)>,
    /// Their lines of which a part came.
    lines: Vec<LineRecord>,
    /// What remains of the village orders of which a part came.
    left: Vec<Left>,
    /// What remains of lines of which a part came.
    lines_left: Vec<LineLeft>,
    /// Lines of which nothing came, with the village order they now belong to.
    moved: Vec<Moved>,
}

impl Rest {
    /// Decides what is still to come.
    ///
    /// # Errors
    /// A fault when sums cannot be held.
    pub fn of(
        app: &App,
        now: Micros,
        delivered: &[&VillageOrderRecord],
        lines: &[LineRecord],
        weighing: &Weighing,
    ) -> Result<Self, Error> {
        let mut rest = Self::default();
        for village in delivered {
            let own: Vec<(&LineRecord, &Weighed)> = lines
                .iter()
                .filter(|line| line.village_order_id == village.id)
                .filter_map(|line| Some((line, weighing.lines.iter().find(|w| w.line_id == line.id)?)))
                .collect();
            if own.iter().all(|(_, w)| w.rest() == 0) {
                continue;
            }
            if own.iter().all(|(_, w)| w.due() == 0) {
                rest.waiting.push((*village).clone());
            } else {
                rest.split(app, now, village, &own)?;
            }
        }
        Ok(rest)
    }

    /// Splits one village order into what came and what is still to come.
    fn split(
        &mut self,
        app: &App,
        now: Micros,
        village: &VillageOrderRecord,
        own: &[(&LineRecord, &Weighed)],
    ) -> Result<(), Error> {
        let id = app.new_id();
        let (mut later, mut here) = (Vec::new(), Vec::new());
        for (line, weighed) in own {
            let qty = weighed.rest();
            if qty == 0 {
                here.push((*line).clone());
                continue;
            }
            if weighed.due() == 0 {
                self.moved.push(Moved {
                    id: line.id,
                    village_order_id: id,
                });
                later.push((*line).clone());
                continue;
            }
            let total = total_of(line, Qty(qty))?.0;
            let part = LineRecord {
                id: app.new_id(),
                village_order_id: id,
                qty,
                confirmed_qty: Some(qty),
                total_fen: total,
                confirmed_fen: Some(total),
                ..(*line).clone()
            };
            let left = LineRecord {
                qty: line.qty - qty,
                confirmed_qty: Some(weighed.due()),
                total_fen: line.total_fen - total,
                confirmed_fen: Some(line.confirmed_fen.unwrap_or(line.total_fen) - total),
                ..(*line).clone()
            };
            self.lines_left.push(LineLeft::of(&left));
            self.lines.push(part.clone());
            later.push(part);
            here.push(left);
        }
        let sums = |lines: &[LineRecord]| -> Result<(i64, i64), Error> {
            let total = Fen::checked_sum(lines.iter().map(|l| Fen(l.total_fen))).map_err(fault)?;
            let confirmed = lines.iter().map(|l| Fen(l.confirmed_fen.unwrap_or(l.total_fen)));
            Ok((total.0, Fen::checked_sum(confirmed).map_err(fault)?.0))
        };
        let (total_fen, confirmed_fen) = sums(&later)?;
        let weight_g = grams(&later).min(village.weight_g);
        let part = village.part + 1;
        let rest = NewRest {
            id,
            number: number_of(&village.number, village.part, part),
            part,
            rest_of: village.id,
            goods: order_split::goods(&later)?,
            weight_g,
            total_fen,
            confirmed_fen,
            moved_at: now.0,
        };
        self.new.push((rest, village.clone()));
        let (total_fen, confirmed_fen) = sums(&here)?;
        self.left.push(Left {
            id: village.id,
            goods: order_split::goods(&here)?,
            weight_g: village.weight_g - weight_g,
            total_fen,
            confirmed_fen,
        });
        Ok(())
    }

    /// Whether nothing at all came of a village order.
    #[must_use]
    pub fn waits(&self, village_order: Uuid) -> bool {
        self.waiting.iter().any(|v| v.id == village_order)
    }

    /// Writes it, with a fixed number of statements.
    ///
    /// # Errors
    /// `Again` when a village order moved meanwhile; whatever the database answers.
    pub async fn set_apart(&self, tx: &Tx, actor: &Actor, now: Micros) -> Result<(), Error> {
        let mut entries = Vec::new();
        if !self.waiting.is_empty() {
            let from = VillageOrderStatus::Delivered;
            let to = from.next(VillageOrderEvent::TakeBack).map_err(fault)?;
            let step = |v: &VillageOrderRecord| Step {
                id: v.id,
                from: from.as_str(),
                to: to.as_str(),
            };
            let steps: Vec<Step> = self.waiting.iter().map(step).collect();
            if !store::village_order::step(tx, &steps, None, now.0).await? {
                return Err(Error::Again);
            }
            entries.extend(
                (self.waiting.iter())
                    .map(|v| village_order::entry(v, "village_order.take_back", v.number.clone())),
            );
        }
        if !self.new.is_empty() {
            store::village_order_rest::insert(tx, &self.new).await?;
            store::village_order_rest::leave(tx, &self.left).await?;
            store::village_order_rest::move_lines(tx, &self.moved).await?;
            store::village_order_rest::leave_lines(tx, &self.lines_left).await?;
            store::village_order_rest::insert_lines(tx, &self.lines).await?;
            entries.extend(self.new.iter().map(|(rest, village)| {
                let detail = format!("{} {}", rest.number, rest.goods);
                village_order::entry(village, "village_order.rest", detail)
            }));
        }
        if !entries.is_empty() {
            store::audit::insert(tx, now, Some(actor), entries).await?;
        }
        Ok(())
    }
}

fn grams(lines: &[LineRecord]) -> i64 {
    (lines.iter())
        .filter(|line| line.price_unit != "piece")
        .map(|line| line.qty)
        .sum()
}

/// The number of a rest: the first delivery's, and which one this is.
fn number_of(number: &str, part: i32, next: i32) -> String {
    let first = if part > 1 {
        number.rsplit_once('-').map_or(number, |(first, _)| first)
    } else {
        number
    };
    format!("{first}-{next}")
}

#[cfg(test)]
mod tests {
    use super::number_of;

    #[test]
    fn a_rest_is_numbered_after_the_first_delivery() {
        assert_eq!(number_of("C261121-7K3MP", 1, 2), "C261121-7K3MP-2");
        assert_eq!(number_of("C261121-7K3MP-2", 2, 3), "C261121-7K3MP-3");
    }
}
