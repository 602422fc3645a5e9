//! 缺货: a village delivers less than was ordered. The unit is told, and chooses line by line what to do about it; at
//! the deadline it takes what is confirmed.

use super::idempotency::{Claim, Key};
use super::notice::{self, Notice, NoticeKind, To};
use super::order::{self, Placement};
use super::village_order::{price_unit_of, status_of};
use super::{App, Error, fault, right};
use crate::store::audit::Entry;
use crate::store::order::OrderRecord;
use crate::store::order_line::LineRecord;
use crate::store::shortfall::{Chosen, NewShortfall, ShortfallRow, SimilarRow};
use crate::store::stock::Change;
use crate::store::village_order::{Step, VillageOrderRecord};
use crate::store::{self, Tx};
use futures::FutureExt as _;
use shared::api::order::{FundType, OrderIn, OrderLineIn};
use shared::api::problem::FieldCode;
use shared::api::shortfall::{ChoiceIn, ChoiceOut, ShortfallOut, SuggestionOut};
use shared::domain::calendar::{Day, Micros};
use shared::domain::identity::{Actor, Role};
use shared::domain::money::Fen;
use shared::domain::price::{Price, line_total};
use shared::domain::quantity::Qty;
use shared::domain::rights::{Action, Place};
use shared::domain::shortfall::{ShortfallChoice, fitting, missing_now};
use shared::domain::village_order::{VillageOrderEvent, VillageOrderStatus};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use uuid::Uuid;

/// Suggestions a line at the most.
const SUGGESTIONS: usize = 3;
/// Similar offers that are looked at for one order at the most.
const SIMILAR_MAX: i64 = 120;

/// Opens what came short of these village orders, and tells the unit why. `lost` says what a line loses by it.
pub(super) async fn open(
    tx: &Tx,
    app: &App,
    why: NoticeKind,
    records: &[&VillageOrderRecord],
    lines: &[LineRecord],
    lost: impl Fn(&LineRecord) -> i64,
) -> Result<(), Error> {
    let now = app.now();
    let losing: Vec<&LineRecord> = lines.iter().filter(|line| lost(line) > 0).collect();
    if losing.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = losing.iter().map(|line| line.id).collect();
    let mut before = BTreeMap::new();
    for row in store::shortfall::of_lines(tx, &ids).await? {
        let choice = row.choice.as_deref().map(choice_of).transpose()?;
        before.insert(row.line_id, (Qty(row.missing_qty), choice));
    }
    let short: Vec<NewShortfall> = losing
        .into_iter()
        .map(|line| NewShortfall {
            line_id: line.id,
            village_order_id: line.village_order_id,
            order_id: line.order_id,
            unit_id: line.unit_id,
            village_code: line.village_code.clone(),
            missing_qty: missing_now(Qty(lost(line)), before.get(&line.id).copied()).0,
        })
        .collect();
    let parts: BTreeSet<Uuid> = short.iter().map(|s| s.village_order_id).collect();
    let told = records
        .iter()
        .filter(|record| parts.contains(&record.id))
        .map(|record| Notice {
            to: To::Unit(record.unit_id, Role::UnitRequester),
            kind: why,
            subject: format!("{} {}", record.order_number, record.village_name),
            path: format!("/orders/{}", record.order_id),
        });
    let told: Vec<Notice> = told.collect();
    let decide_by = now.plus_hours(app.config.choice_hours);
    store::shortfall::open(tx, now.0, decide_by.0, short).await?;
    notice::tell(tx, now, told).await
}

/// What came short of an order. While something is to be chosen, and the reader may choose, with similar goods of
/// other villages.
pub(super) async fn of_order(
    app: &App,
    actor: &Actor,
    order: &OrderRecord,
) -> Result<Vec<ShortfallOut>, Error> {
    let read = app.db.read();
    let rows = store::shortfall::of_order(read, order.id).await?;
    let chooses = actor.may(Action::OrderWrite, Place::unit(order.unit_id));
    let now = app.now();
    let open = |row: &ShortfallRow| row.choice.is_none() && row.decide_by >= now.0;
    let produce: BTreeSet<String> = rows
        .iter()
        .filter(|row| chooses && open(row))
        .map(|row| row.produce.clone())
        .collect();
    let similar = if produce.is_empty() {
        Vec::new()
    } else {
        let produce: Vec<String> = produce.into_iter().collect();
        store::shortfall::similar(read, &produce, app.today().0, SIMILAR_MAX).await?
    };
    rows.iter()
        .map(|row| out_of(row, if open(row) { &similar } else { &[] }))
        .collect()
}

fn out_of(row: &ShortfallRow, similar: &[SimilarRow]) -> Result<ShortfallOut, Error> {
    let status = status_of(&row.village_order_status)?;
    let price_unit = price_unit_of(&row.price_unit)?;
    let mut suggestions = Vec::new();
    for offer in similar
        .iter()
        .filter(|offer| offer.produce == row.produce && offer.village_code != row.village_code)
    {
        let unit = price_unit_of(&offer.price_unit)?;
        if unit.measure() != price_unit.measure() || suggestions.len() == SUGGESTIONS {
            continue;
        }
        if let Some(qty) = fitting(
            Qty(row.missing_qty),
            Qty(offer.min_qty),
            Qty(offer.step_qty),
            Qty(offer.free),
        ) {
            suggestions.push(suggestion(offer, qty)?);
        }
    }
    Ok(ShortfallOut {
        line_id: row.line_id,
        village_order_id: row.village_order_id,
        village_name: row.village_name.clone(),
        name: row.name.clone(),
        price_unit,
        piece_name: row.piece_name.clone(),
        qty: Qty(row.qty),
        missing_qty: Qty(row.missing_qty),
        decide_by: Micros(row.decide_by),
        choice: row.choice.as_deref().map(choice_of).transpose()?,
        chosen_by: row.chosen_by_name.clone().unwrap_or_default(),
        supplement_id: row.supplement_id,
        cancellable: row.choice.is_none() && ShortfallChoice::Cancel.possible(status),
        suggestions,
    })
}

fn suggestion(offer: &SimilarRow, qty: Qty) -> Result<SuggestionOut, Error> {
    let price = Price {
        fen: Fen(offer.price_fen),
        unit: price_unit_of(&offer.price_unit)?,
    };
    Ok(SuggestionOut {
        offer_id: offer.offer_id,
        version_id: offer.version_id,
        name: format!("{} {}", offer.name, offer.grade).trim().to_owned(),
        village_name: offer.village_name.clone(),
        town_name: offer.town_name.clone(),
        price_fen: price.fen,
        price_unit: price.unit,
        piece_name: offer.piece_name.clone(),
        qty,
        free: Qty(offer.free),
        total_fen: line_total(price, qty).map_err(fault)?,
    })
}

fn choice_of(stored: &str) -> Result<ShortfallChoice, Error> {
    ShortfallChoice::from_name(stored).ok_or_else(|| fault(format!("stored choice '{stored}'")))
}

/// Chooses what to do about a line that came short.
///
/// # Errors
/// `WrongState` when it was chosen, the deadline has passed, or the part is packed and can't be taken back; for a
/// replacement whatever placing an order answers; `NotFound`, `Forbidden`.
pub async fn choose(
    app: &App,
    actor: &Actor,
    key: &Key,
    order_id: Uuid,
    choice: ChoiceIn,
) -> Result<ChoiceOut, Error> {
    let order = store::order::find(app.db.read(), order_id)
        .await?
        .ok_or(Error::not_found())?;
    right::require(actor, Action::OrderWrite, Place::unit(order.unit_id))?;
    let supplement = match choice.choice {
        ShortfallChoice::Replace => Some(supplement_of(app, actor, &order, &choice)?),
        ShortfallChoice::Take | ShortfallChoice::Cancel => None,
    };
    let claim = Claim::new(actor.person_id, "order.choose", key, &(order_id, &choice))?;
    let job = Arc::new(Choosing {
        app: app.clone(),
        actor: actor.clone(),
        order,
        choice,
        supplement,
        claim,
    });
    app.db
        .write(move |tx| {
            let job = Arc::clone(&job);
            async move { job.run(tx).await }.boxed()
        })
        .await
}

/// The order that replaces what is missing: the same unit, door and day, or today when that day has passed.
fn supplement_of(
    app: &App,
    actor: &Actor,
    order: &OrderRecord,
    choice: &ChoiceIn,
) -> Result<Placement, Error> {
    let needed = |field: &str| Error::field(field, FieldCode::Required);
    let line = OrderLineIn {
        offer_id: choice.offer_id.ok_or_else(|| needed("offer_id"))?,
        version_id: choice.version_id,
        qty: choice.qty.ok_or_else(|| needed("qty"))?,
    };
    let asked = OrderIn {
        fund: FundType::from_name(&order.fund).ok_or_else(|| fault("stored fund type is unknown"))?,
        address: order.address.clone(),
        contact: order.contact.clone(),
        wanted_on: Day(order.wanted_on).max(app.today()),
        note: order.note.clone(),
        lines: vec![line],
    };
    order::check(&asked, app.today())?;
    Ok(Placement {
        app: app.clone(),
        actor: actor.clone(),
        unit_id: order.unit_id,
        order: asked,
        supplements: Some(order.id),
    })
}

struct Choosing {
    app: App,
    actor: Actor,
    order: OrderRecord,
    choice: ChoiceIn,
    supplement: Option<Placement>,
    claim: Claim,
}

impl Choosing {
    async fn run(&self, tx: &Tx) -> Result<ChoiceOut, Error> {
        if let Some(earlier) = self.claim.earlier(tx).await? {
            return Ok(earlier);
        }
        let now = self.app.now();
        store::order::touch(tx, &[self.order.id], now.0).await?;
        let rows = store::shortfall::of_order(tx, self.order.id).await?;
        let row = rows
            .iter()
            .find(|row| row.line_id == self.choice.line_id)
            .ok_or_else(|| Error::field("line_id", FieldCode::Unknown))?;
        let status = status_of(&row.village_order_status)?;
        if row.choice.is_some() || row.decide_by < now.0 || !self.choice.choice.possible(status) {
            return Err(Error::wrong_state());
        }
        let (supplement, stock) = match self.choice.choice {
            ShortfallChoice::Take => (None, Vec::new()),
            ShortfallChoice::Cancel => (None, self.take_back(tx, row, status).await?),
            ShortfallChoice::Replace => {
                let placement = self.supplement.as_ref();
                let placement = placement.ok_or_else(|| fault("a replacement without an order"))?;
                let (placed, stock) = placement.effect(tx).await?;
                (Some(placed), stock)
            }
        };
        // Taking a part back decides over all of its lines.
        let lines: Vec<Uuid> = match self.choice.choice {
            ShortfallChoice::Cancel => rows
                .iter()
                .filter(|other| other.village_order_id == row.village_order_id && other.choice.is_none())
                .map(|other| other.line_id)
                .collect(),
            ShortfallChoice::Take | ShortfallChoice::Replace => vec![row.line_id],
        };
        let chosen = Chosen {
            choice: self.choice.choice.as_str(),
            at: now.0,
            by: Some((self.actor.person_id, self.actor.person_name.clone())),
            supplement_id: supplement.as_ref().map(|placed| placed.id),
        };
        if store::shortfall::choose(tx, &lines, &chosen).await? != lines.len() as u64 {
            return Err(Error::Again);
        }
        let detail = supplement.as_ref().map(|placed| placed.number.clone());
        let entry = entry(row, self.choice.choice, detail.unwrap_or_default());
        store::audit::insert(tx, now, Some(&self.actor), vec![entry]).await?;
        let out = ChoiceOut { supplement };
        self.claim.record(tx, &out, now).await?;
        if store::stock::change(tx, &stock).await? {
            Ok(out)
        } else {
            Err(Error::Again)
        }
    }

    /// Takes the village's whole part back; what it had confirmed is free again.
    async fn take_back(
        &self,
        tx: &Tx,
        row: &ShortfallRow,
        status: VillageOrderStatus,
    ) -> Result<Vec<Change>, Error> {
        let now = self.app.now();
        let to = status
            .next(VillageOrderEvent::Cancel)
            .map_err(|_| Error::wrong_state())?;
        let step = Step {
            id: row.village_order_id,
            from: status.as_str(),
            to: to.as_str(),
        };
        if !store::village_order::step(tx, &[step], None, now.0).await? {
            return Err(Error::Again);
        }
        order::derive(tx, &[self.order.id], false).await?;
        let lines = store::order_line::of_village_orders(tx, &[row.village_order_id]).await?;
        let told = Notice {
            to: To::Village(row.village_code.clone()),
            kind: NoticeKind::VillageOrderCancelled,
            subject: row.order_number.clone(),
            path: format!("/village-orders/{}", row.village_order_id),
        };
        let cancelled = Entry {
            action: "village_order.cancel",
            object_kind: "village_order",
            object_id: row.village_order_id.to_string(),
            order_id: Some(row.order_id),
            village_code: Some(row.village_code.clone()),
            unit_id: Some(row.unit_id),
            ..Entry::default()
        };
        store::audit::insert(tx, now, Some(&self.actor), vec![cancelled]).await?;
        notice::tell(tx, now, vec![told]).await?;
        Ok(order::held(&lines))
    }
}

fn entry(row: &ShortfallRow, choice: ShortfallChoice, detail: String) -> Entry {
    Entry {
        action: match choice {
            ShortfallChoice::Take => "order.take_short",
            ShortfallChoice::Replace => "order.replace_short",
            ShortfallChoice::Cancel => "order.cancel_short",
        },
        object_kind: "order",
        object_id: row.order_id.to_string(),
        order_id: Some(row.order_id),
        village_code: Some(row.village_code.clone()),
        unit_id: Some(row.unit_id),
        detail: format!("{} {detail}", row.name).trim().to_owned(),
    }
}

/// Takes what is confirmed of everything that should have been chosen by now. Says how many lines it found; the
/// program runs it every minute.
///
/// # Errors
/// Whatever the database answers.
pub async fn default_due(app: &App) -> Result<usize, Error> {
    if store::shortfall::overdue(app.db.read(), app.now().0, 1)
        .await?
        .is_empty()
    {
        return Ok(0);
    }
    let app = app.clone();
    let db = app.db.clone();
    db.write(move |tx| {
        let app = app.clone();
        async move { default_in(tx, &app).await }.boxed()
    })
    .await
}

async fn default_in(tx: &Tx, app: &App) -> Result<usize, Error> {
    let now = app.now();
    let due = store::shortfall::overdue(tx, now.0, 100).await?;
    let lines: Vec<Uuid> = due.iter().map(|row| row.line_id).collect();
    let chosen = Chosen {
        choice: ShortfallChoice::Take.as_str(),
        at: now.0,
        by: None,
        supplement_id: None,
    };
    // What somebody chose meanwhile stays as they chose.
    if store::shortfall::choose(tx, &lines, &chosen).await? != lines.len() as u64 {
        return Err(Error::Again);
    }
    let entries = due
        .iter()
        .map(|row| entry(row, ShortfallChoice::Take, "到期按确认的量".to_owned()));
    store::audit::insert(tx, now, None, entries.collect()).await?;
    Ok(due.len())
}
