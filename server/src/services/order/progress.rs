//! A village order's way, step by step: what has happened and who did it, what is due, what is still to come.

use crate::store::audit::AuditRow;
use crate::store::village_order::VillageOrderRecord;
use shared::api::order::{ProgressKey, ProgressState, ProgressStep};
use shared::domain::calendar::{Day, Micros};
use shared::domain::village_order::VillageOrderStatus as Status;

/// The steps in the order of the goods' way, each with what records it.
const STEPS: [(ProgressKey, &[&str]); 6] = [
    (ProgressKey::Offered, &[]),
    (
        ProgressKey::Answered,
        &[
            "village_order.confirm",
            "village_order.short",
            "village_order.decline",
            "village_order.expire",
        ],
    ),
    (ProgressKey::Packed, &["village_order.pack"]),
    (ProgressKey::Collected, &["village_order.collect"]),
    (ProgressKey::Delivered, &["village_order.deliver"]),
    (ProgressKey::Credited, &["acceptance.post"]),
];

/// How many of the steps lie behind a village order.
const fn done(status: Status) -> usize {
    match status {
        Status::Offered => 1,
        Status::Confirmed | Status::Shorted | Status::Declined | Status::Expired | Status::Cancelled => 2,
        Status::Packed => 3,
        Status::Collected => 4,
        Status::Delivered => 5,
        Status::Accepted | Status::PartRejected | Status::Credited | Status::Settled => 6,
    }
}

/// The way of one village order; `happened` is everything recorded for its order, oldest first.
pub(super) fn of(record: &VillageOrderRecord, status: Status, happened: &[AuditRow]) -> Vec<ProgressStep> {
    let own = record.id.to_string();
    let acceptance = record.acceptance_id.map(|id| id.to_string());
    let found = |actions: &[&str]| {
        happened.iter().rev().find(|row| {
            actions.contains(&row.action.as_str())
                && (row.object_id == own || Some(&row.object_id) == acceptance.as_ref())
        })
    };
    let mut steps = Vec::new();
    for (at, (step, actions)) in STEPS.into_iter().enumerate() {
        let row = found(actions);
        let ended = matches!(status, Status::Declined | Status::Expired);
        let state = if step == ProgressKey::Answered && ended {
            ProgressState::Bad
        } else if at < done(status) {
            ProgressState::Done
        } else if at == done(status) {
            ProgressState::Now
        } else {
            ProgressState::ToCome
        };
        // A part that was taken back before the village had answered was never answered.
        if status == Status::Cancelled && step != ProgressKey::Offered && row.is_none() {
            continue;
        }
        if ended && at > 1 {
            continue;
        }
        let offered = (step == ProgressKey::Offered).then_some(Micros(record.offered_at));
        steps.push(ProgressStep {
            step,
            state: if status == Status::Cancelled {
                ProgressState::Done
            } else {
                state
            },
            at: row.map(|row| Micros(row.at)).or(offered),
            who: row.and_then(|row| row.person_name.clone()).unwrap_or_default(),
            detail: row.map(|row| row.detail.clone()).unwrap_or_default(),
        });
    }
    if status == Status::Cancelled {
        let row = found(&["village_order.cancel"])
            .or_else(|| happened.iter().rev().find(|row| row.action == "order.cancel"));
        steps.push(ProgressStep {
            step: ProgressKey::Cancelled,
            state: ProgressState::Bad,
            at: Some(Micros(record.moved_at)),
            who: row.and_then(|row| row.person_name.clone()).unwrap_or_default(),
            detail: row.map(|row| row.detail.clone()).unwrap_or_default(),
        });
    }
    steps
}

/// Until when the one whose turn it is must act: the answer by its deadline, the goods by the end of the wanted day.
pub(super) fn due(record: &VillageOrderRecord, status: Status) -> Option<Micros> {
    match status {
        Status::Offered => Some(Micros(record.confirm_by)),
        Status::Confirmed | Status::Shorted | Status::Packed | Status::Collected => {
            Some(Day(record.wanted_on).add_days(1).start())
        }
        _ => None,
    }
}
