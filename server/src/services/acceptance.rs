//! 验收: weighing and signing. The first signature keeps the lines; the second, by another person of the other side
//! over the same lines, posts the credit in the same transaction. Nothing is edited after that.

use super::acceptance_lines::{self, Weighed, Weighing};
use super::acceptance_rest;
use super::acceptance_shown::{Head, out, status_of};
use super::idempotency::{Key, once};
use super::{App, Error, fault, filter, ledger, order, paging, payable, right};
use crate::ports::ids;
use crate::store::acceptance::{AcceptanceLineRecord, AcceptanceRecord, Filter, NewSignature, Side};
use crate::store::audit::Entry;
use crate::store::order_line::{AcceptedLine, LineRecord};
use crate::store::stock::Change;
use crate::store::totals::Sold;
use crate::store::village_order::{Credited, VillageOrderRecord};
use crate::store::{self, Tx};
use futures::FutureExt as _;
use serde::{Deserialize, Serialize};
use shared::api::acceptance::{
    AcceptanceOut, AcceptanceQuery, AcceptanceRow, AcceptanceStatus, SignIn, SignOut,
};
use shared::api::order::AcceptancePart;
use shared::api::page::Page;
use shared::api::problem::Code;
use shared::domain::calendar::Micros;
use shared::domain::identity::{Actor, Role};
use shared::domain::ledger::{TransactionKind, acceptance_entries};
use shared::domain::money::Fen;
use shared::domain::rights::{Action, Place, Scope};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use uuid::Uuid;

/// What is to be weighed of an order now, with what was weighed and signed so far; the posted acceptance when nothing
/// waits at the door.
///
/// # Errors
/// `NotFound` when there is no such order, it is not the actor's, or nothing of it was delivered.
pub async fn of_order(app: &App, actor: &Actor, order_id: Uuid) -> Result<AcceptanceOut, Error> {
    let read = app.db.read();
    let order = store::order::find(read, order_id)
        .await?
        .ok_or(Error::not_found())?;
    right::require(actor, Action::AcceptanceRead, Place::unit(order.unit_id))?;
    let acceptances = store::acceptance::of_order(read, order_id).await?;
    let open = acceptances.iter().find(|a| a.status == "signed");
    let villages = store::village_order::of_order(read, order_id).await?;
    let delivered: Vec<&VillageOrderRecord> = villages.iter().filter(|v| v.status == "delivered").collect();
    if delivered.is_empty() {
        let last = acceptances.last().ok_or(Error::not_found())?;
        return show(app, actor, last.id).await;
    }
    let ids: Vec<Uuid> = delivered.iter().map(|v| v.id).collect();
    let lines = store::order_line::of_village_orders(read, &ids).await?;
    let weighed = match open {
        Some(open) => store::acceptance::lines(read, open.id).await?,
        None => Vec::new(),
    };
    let order_head = Head {
        id: order.id,
        number: order.number,
        unit_id: order.unit_id,
        unit_name: order.unit_name,
    };
    out(open, order_head, &delivered, &lines, &weighed)
}

/// An acceptance by its id. A village or town sees only its own lines.
///
/// # Errors
/// `NotFound` when there is none or the actor may not see it.
pub async fn show(app: &App, actor: &Actor, id: Uuid) -> Result<AcceptanceOut, Error> {
    let read = app.db.read();
    let record = store::acceptance::find(read, id)
        .await?
        .ok_or(Error::not_found())?;
    let scope = right::reach(actor, Action::AcceptanceRead)?;
    let mut weighed = store::acceptance::lines(read, id).await?;
    if matches!(scope, Scope::OwnVillage | Scope::OwnTown) {
        weighed.retain(|line| actor.may(Action::AcceptanceRead, Place::village(&line.village_code)));
        if weighed.is_empty() {
            return Err(Error::not_found());
        }
    } else {
        right::require(actor, Action::AcceptanceRead, Place::unit(record.unit_id))?;
    }
    let ids: BTreeSet<Uuid> = weighed.iter().map(|line| line.village_order_id).collect();
    let ids: Vec<Uuid> = ids.into_iter().collect();
    let villages = store::village_order::by_ids(read, &ids).await?;
    let lines = store::order_line::of_village_orders(read, &ids).await?;
    let head = Head {
        id: record.order_id,
        number: record.order_number.clone(),
        unit_id: record.unit_id,
        unit_name: record.unit_name.clone(),
    };
    out(
        Some(&record),
        head,
        &villages.iter().collect::<Vec<_>>(),
        &lines,
        &weighed,
    )
}

/// Acceptances that the actor may see, newest first.
///
/// # Errors
/// `Forbidden`, also for villages and towns, which find theirs through their statement; `Invalid` for a bad `after` or filter.
pub async fn list(
    app: &App,
    actor: &Actor,
    query: &AcceptanceQuery,
    after: Option<&str>,
    limit: i64,
) -> Result<Page<AcceptanceRow>, Error> {
    let unit_id = match right::reach(actor, Action::AcceptanceRead)? {
        Scope::District => None,
        Scope::OwnUnit => actor.grant.unit_id,
        Scope::OwnVillage | Scope::OwnTown => return Err(Error::refused(Code::Forbidden)),
    };
    let chosen = filter::read(query.from, query.until, None, query.number.as_deref())?;
    let filter = Filter {
        unit_id,
        status: query.state.map(AcceptanceStatus::as_str),
        from: chosen.from,
        until: chosen.until,
        number: chosen.number,
        number_begins: chosen.number_begins,
        before: paging::read(after)?,
    };
    let limit = paging::limit(limit);
    let rows = store::acceptance::list(app.db.read(), &filter, limit + 1).await?;
    paging::page(
        rows,
        limit,
        |row| (row.created_at, row.id),
        |row| {
            Ok(AcceptanceRow {
                id: row.id,
                number: row.number.clone(),
                order_id: row.order_id,
                order_number: row.order_number.clone(),
                unit_name: row.unit_name.clone(),
                status: status_of(&row.status),
                expected_fen: Fen(row.expected_fen),
                accepted_fen: Fen(row.accepted_fen),
                created_at: Micros(row.created_at),
                posted_at: row.posted_at.map(Micros),
            })
        },
    )
}

/// Every delivery of an order that was weighed, in order.
pub(super) async fn parts_of_order(app: &App, order_id: Uuid) -> Result<Vec<AcceptancePart>, Error> {
    let records = store::acceptance::of_order(app.db.read(), order_id).await?;
    Ok(records
        .into_iter()
        .map(|record| AcceptancePart {
            id: record.id,
            number: record.number,
            part: record.part,
            status: status_of(&record.status),
            accepted_fen: Fen(record.accepted_fen),
            posted_at: record.posted_at.map(Micros),
        })
        .collect())
}

/// What signing did, kept for a repeated request.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Signed {
    id: Uuid,
    voided_other: bool,
}

/// Signs for the actor's side over these lines.
///
/// # Errors
/// `Invalid` naming lines; `WrongState` when nothing of the order waits at the door; `SamePerson` when the other side
/// was signed by the same person; `Forbidden`, `NotFound`.
pub async fn sign(
    app: &App,
    actor: &Actor,
    key: &Key,
    order_id: Uuid,
    sign: SignIn,
) -> Result<SignOut, Error> {
    let order = store::order::find(app.db.read(), order_id)
        .await?
        .ok_or(Error::not_found())?;
    let (side, action) = match actor.grant.role {
        Role::CentreOperator => (Side::Centre, Action::AcceptanceSignCentre),
        _ => (Side::Unit, Action::AcceptanceSignUnit),
    };
    right::require(actor, action, Place::unit(order.unit_id))?;
    let job = Arc::new(Signing {
        app: app.clone(),
        actor: actor.clone(),
        side,
        order_id,
        unit_id: order.unit_id,
        sign,
    });
    let body = (order_id, job.sign.clone());
    let signed: Signed = once(app, actor.person_id, "acceptance.sign", key, &body, move |tx| {
        let job = Arc::clone(&job);
        async move { job.run(tx).await }.boxed()
    })
    .await?;
    Ok(SignOut {
        acceptance: show(app, actor, signed.id).await?,
        voided_other: signed.voided_other,
    })
}

/// What stands at the door: the weighing, and what it was of.
struct AtDoor<'d> {
    weighing: &'d Weighing,
    delivered: &'d [&'d VillageOrderRecord],
    lines: &'d [LineRecord],
    /// Something of the order was accepted otherwise than expected, now or in an earlier part.
    variance: bool,
}

struct Signing {
    app: App,
    actor: Actor,
    side: Side,
    order_id: Uuid,
    unit_id: Uuid,
    sign: SignIn,
}

impl Signing {
    async fn run(&self, tx: &Tx) -> Result<Signed, Error> {
        let now = self.app.now();
        store::order::touch(tx, &[self.order_id], now.0).await?;
        let villages = store::village_order::of_order(tx, self.order_id).await?;
        let delivered: Vec<&VillageOrderRecord> =
            villages.iter().filter(|v| v.status == "delivered").collect();
        if delivered.is_empty() {
            return Err(Error::wrong_state());
        }
        let ids: Vec<Uuid> = delivered.iter().map(|v| v.id).collect();
        let lines = store::order_line::of_village_orders(tx, &ids).await?;
        let weighing = acceptance_lines::weigh(&lines, &delivered, &self.sign)?;
        let acceptances = store::acceptance::of_order(tx, self.order_id).await?;
        let open = acceptances.iter().find(|a| a.status == "signed");
        match open {
            None => self.begin(tx, now, &weighing, acceptances.len()).await,
            Some(open) if open.lines_hash == weighing.hash => {
                let earlier = acceptances
                    .iter()
                    .any(|a| a.status == "posted" && a.accepted_fen != a.expected_fen);
                let variance = earlier || weighing.varies();
                let at_door = AtDoor {
                    weighing: &weighing,
                    delivered: &delivered,
                    lines: &lines,
                    variance,
                };
                self.second(tx, now, open, &at_door).await
            }
            Some(open) => self.change(tx, now, open, &weighing).await,
        }
    }

    fn signature(&self, now: Micros) -> NewSignature {
        NewSignature {
            side: self.side,
            person_id: self.actor.person_id,
            name: self.actor.person_name.clone(),
            at: now.0,
        }
    }

    /// Nobody has signed this delivery yet.
    async fn begin(
        &self,
        tx: &Tx,
        now: Micros,
        weighing: &Weighing,
        earlier: usize,
    ) -> Result<Signed, Error> {
        let record = AcceptanceRecord {
            id: self.app.new_id(),
            number: format!("{}-{}", ids::document_number('Y', now.day()), earlier + 1),
            order_id: self.order_id,
            order_number: String::new(),
            part: i32::try_from(earlier + 1).map_err(fault)?,
            unit_id: self.unit_id,
            unit_name: String::new(),
            status: "signed".to_owned(),
            lines_hash: weighing.hash.clone(),
            unit_person_id: None,
            unit_person_name: None,
            unit_signed_at: None,
            centre_person_id: None,
            centre_person_name: None,
            centre_signed_at: None,
            expected_fen: weighing.expected_fen.0,
            accepted_fen: weighing.accepted_fen.0,
            transaction_id: None,
            created_at: now.0,
            posted_at: None,
        };
        store::acceptance::insert(tx, &record, &self.signature(now)).await?;
        store::acceptance::insert_lines(tx, &line_records(record.id, weighing)).await?;
        self.audit(tx, now, record.id, "acceptance.sign", &record.number, weighing)
            .await?;
        Ok(Signed {
            id: record.id,
            voided_other: false,
        })
    }

    /// Other lines than those that were signed: the earlier signature is void.
    async fn change(
        &self,
        tx: &Tx,
        now: Micros,
        open: &AcceptanceRecord,
        weighing: &Weighing,
    ) -> Result<Signed, Error> {
        let changed = AcceptanceRecord {
            lines_hash: weighing.hash.clone(),
            expected_fen: weighing.expected_fen.0,
            accepted_fen: weighing.accepted_fen.0,
            ..open.clone()
        };
        if !store::acceptance::reopen(tx, &changed, &open.lines_hash).await? {
            return Err(Error::Again);
        }
        store::acceptance::insert_lines(tx, &line_records(open.id, weighing)).await?;
        if !store::acceptance::sign(tx, open.id, &self.signature(now)).await? {
            return Err(Error::Again);
        }
        self.audit(tx, now, open.id, "acceptance.change", &open.number, weighing)
            .await?;
        let other = match self.side {
            Side::Unit => open.centre_person_id,
            Side::Centre => open.unit_person_id,
        };
        Ok(Signed {
            id: open.id,
            voided_other: other.is_some(),
        })
    }

    /// The same lines: the second signature posts; a side's own second time changes nothing.
    async fn second(
        &self,
        tx: &Tx,
        now: Micros,
        open: &AcceptanceRecord,
        at_door: &AtDoor<'_>,
    ) -> Result<Signed, Error> {
        let (own, other) = match self.side {
            Side::Unit => (open.unit_person_id, open.centre_person_id),
            Side::Centre => (open.centre_person_id, open.unit_person_id),
        };
        if own.is_some() {
            return Ok(Signed {
                id: open.id,
                voided_other: false,
            });
        }
        if other == Some(self.actor.person_id) {
            return Err(Error::refused(Code::SamePerson));
        }
        if !store::acceptance::sign(tx, open.id, &self.signature(now)).await? {
            return Err(Error::Again);
        }
        self.credit(tx, now, open, at_door).await?;
        Ok(Signed {
            id: open.id,
            voided_other: false,
        })
    }

    async fn credit(
        &self,
        tx: &Tx,
        now: Micros,
        open: &AcceptanceRecord,
        at_door: &AtDoor<'_>,
    ) -> Result<(), Error> {
        let weighing = at_door.weighing;
        // Everything refused: there is nothing to credit, and no empty transaction is written.
        let transaction_id = (weighing.accepted_fen > Fen::ZERO).then(|| self.app.new_id());
        if !store::acceptance::post(tx, open.id, transaction_id, &weighing.hash, now.0).await? {
            return Err(Error::Again);
        }
        let rest = acceptance_rest::Rest::of(&self.app, now, at_door.delivered, at_door.lines, weighing)?;
        let came: Vec<&VillageOrderRecord> = (at_door.delivered.iter().copied())
            .filter(|v| !rest.waits(v.id))
            .collect();
        let credited = credited_sums(weighing, &came)?;
        if !store::village_order::credit(tx, &credited, open.id, now.0).await? {
            return Err(Error::Again);
        }
        rest.set_apart(tx, &self.actor, now).await?;
        let accepted: Vec<AcceptedLine> = weighing
            .lines
            .iter()
            .filter(|w| w.due() > 0)
            .map(|w| AcceptedLine {
                id: w.line_id,
                qty: w.qty,
                total_fen: w.total_fen.0,
            })
            .collect();
        store::order_line::accept(tx, &accepted).await?;
        order::derive(tx, &[self.order_id], at_door.variance).await?;
        self.audit(tx, now, open.id, "acceptance.post", &open.number, weighing)
            .await?;
        if let Some(id) = transaction_id {
            let posting = ledger::Posting {
                id,
                kind: TransactionKind::Acceptance,
                document_kind: "acceptance",
                document_id: open.id,
                document_number: open.number.clone(),
                effective_at: now,
                actor: Some((self.actor.person_id, self.actor.person_name.clone())),
                reverses: None,
                entries: acceptance_entries(&self.unit_id.to_string(), &weighing.ledger_lines())
                    .map_err(fault)?,
            };
            ledger::post(tx, now, &posting).await?;
            self.owe(tx, now, open, id, weighing).await?;
        }
        let day = now.day();
        let month = i32::try_from(day.month()).map_err(fault)?;
        store::totals::add(tx, day.year(), month, &by_produce(weighing, at_door.lines)?).await?;
        if store::stock::change(tx, &sold(weighing, at_door.lines)).await? {
            Ok(())
        } else {
            Err(fault("reserved stock was not there to be sold"))
        }
    }

    /// What everybody gained is theirs to be paid.
    async fn owe(
        &self,
        tx: &Tx,
        now: Micros,
        open: &AcceptanceRecord,
        transaction_id: Uuid,
        weighing: &Weighing,
    ) -> Result<(), Error> {
        let source = payable::Source {
            id: open.id,
            kind: "acceptance",
            number: open.number.clone(),
            transaction_id,
            order_id: Some(self.order_id),
            unit_id: Some(self.unit_id),
        };
        payable::credit(tx, now, &source, &weighing.parts()).await
    }

    async fn audit(
        &self,
        tx: &Tx,
        now: Micros,
        id: Uuid,
        action: &'static str,
        number: &str,
        weighing: &Weighing,
    ) -> Result<(), Error> {
        let detail = format!("{number} {}", weighing.accepted_fen.format_cny());
        let entry = Entry {
            action,
            object_kind: "acceptance",
            object_id: id.to_string(),
            order_id: Some(self.order_id),
            unit_id: Some(self.unit_id),
            detail,
            village_code: None,
        };
        Ok(store::audit::insert(tx, now, Some(&self.actor), vec![entry]).await?)
    }
}

/// The accepted sum of every village order.
fn credited_sums(weighing: &Weighing, delivered: &[&VillageOrderRecord]) -> Result<Vec<Credited>, Error> {
    delivered
        .iter()
        .map(|v| {
            let own = weighing
                .lines
                .iter()
                .filter(|w| w.village_order_id == v.id)
                .map(|w| w.total_fen);
            Ok(Credited {
                id: v.id,
                accepted_fen: Fen::checked_sum(own).map_err(fault)?.0,
            })
        })
        .collect()
}

/// What each kind of produce adds to the market's month.
fn by_produce<'l>(weighing: &Weighing, lines: &'l [LineRecord]) -> Result<BTreeMap<&'l str, Sold>, Error> {
    let produce: BTreeMap<Uuid, &str> = lines.iter().map(|l| (l.id, l.produce.as_str())).collect();
    let mut sums = BTreeMap::<&str, Sold>::new();
    for line in weighing.lines.iter().filter(|line| line.total_fen > Fen::ZERO) {
        let slug = produce
            .get(&line.line_id)
            .ok_or_else(|| fault("a weighed line's produce"))?;
        let sum = sums.entry(slug).or_default();
        let plus = |sum: i64, more: Fen| Fen(sum).checked_add(more).map(|sum| sum.0).map_err(fault);
        sum.turnover_fen = plus(sum.turnover_fen, line.total_fen)?;
        sum.income_fen = plus(sum.income_fen, line.shares.village)?;
        sum.credits += 1;
    }
    Ok(sums)
}

/// What leaves the reserve: accepted goods are sold, and the lot's quantity follows the scale, so that what is free
/// stays what it was.
fn sold(weighing: &Weighing, lines: &[LineRecord]) -> Vec<Change> {
    let lots: BTreeMap<Uuid, Uuid> = lines.iter().map(|line| (line.id, line.lot_id)).collect();
    weighing
        .lines
        .iter()
        .filter_map(|w| {
            let lot_id = *lots.get(&w.line_id)?;
            Some(Change {
                lot_id,
                reserved: -w.due(),
                sold: w.qty,
                qty: w.qty - w.due(),
            })
        })
        .collect()
}

fn line_records(acceptance_id: Uuid, weighing: &Weighing) -> Vec<AcceptanceLineRecord> {
    weighing
        .lines
        .iter()
        .map(|w: &Weighed| AcceptanceLineRecord {
            acceptance_id,
            line_id: w.line_id,
            village_order_id: w.village_order_id,
            village_code: w.village_code.clone(),
            qty: w.qty,
            total_fen: w.total_fen.0,
            village_fen: w.shares.village.0,
            supplier_fen: w.shares.supplier.0,
            fee_fen: w.shares.fee.0,
            reason: w.reason.map(|r| r.as_str().to_owned()),
            remark: w.remark.clone(),
            photo_id: w.photo_id,
        })
        .collect()
}
