//! 售后: disputing what was accepted, within a settable time after both signatures. It edits nothing; what is agreed is
//! kept beside the acceptance, for the correction that is posted from it.

mod post;
mod remind;

pub use remind::remind;

use super::idempotency::{Key, once};
use super::notice::{Notice, NoticeKind, To, tell};
use super::{App, Error, fault, paging, refund_order, right, village_order};
use crate::ports::ids;
use crate::store::acceptance::{AcceptanceLineRecord, AcceptanceRecord};
use crate::store::audit::Entry;
use crate::store::claim::{ClaimLineRecord, ClaimRecord, Decision, EntryRecord, Filter, NewEntry, NewLine};
use crate::store::order_line::LineRecord;
use crate::store::{self, Tx};
use futures::FutureExt as _;
use shared::api::acceptance::VarianceReason;
use shared::api::claim::{
    ClaimAnswerIn, ClaimEntryIn, ClaimEntryOut, ClaimIn, ClaimLineIn, ClaimLineOut, ClaimOut, ClaimQuery,
    ClaimRow,
};
use shared::api::page::Page;
use shared::api::problem::{Code, FieldCode, FieldProblem};
use shared::domain::calendar::{Day, Micros};
use shared::domain::claim::{ClaimEvent, ClaimStatus};
use shared::domain::identity::{Actor, Role};
use shared::domain::money::Fen;
use shared::domain::price::Price;
use shared::domain::quantity::Qty;
use shared::domain::refund::refund_of_line;
use shared::domain::rights::{Action, Place, Scope};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use uuid::Uuid;

/// Characters of a text at the most.
const WORDS_MAX: usize = 500;
/// Lines of a claim at the most.
const LINES_MAX: usize = 100;

/// Claims that the actor may see, newest first.
///
/// # Errors
/// `Forbidden`; `Invalid` for a bad `after`.
pub async fn list(
    app: &App,
    actor: &Actor,
    query: ClaimQuery,
    after: Option<&str>,
    limit: i64,
) -> Result<Page<ClaimRow>, Error> {
    let scope = right::reach(actor, Action::ClaimRead)?;
    let (grant, today) = (&actor.grant, app.today());
    let village_prefix = match scope {
        Scope::OwnVillage => grant.village_code.clone(),
        Scope::OwnTown => grant.town_code.clone(),
        Scope::OwnUnit | Scope::District => None,
    };
    let filter = Filter {
        unit_id: grant.unit_id.filter(|_| scope == Scope::OwnUnit),
        village_prefix,
        status: query.state.map(ClaimStatus::as_str),
        overdue_on: query.overdue.then_some(today.0),
        acceptance_id: query.acceptance_id,
        before: paging::read(after)?,
    };
    let limit = paging::limit(limit);
    let rows = store::claim::list(app.db.read(), &filter, limit + 1).await?;
    paging::page(
        rows,
        limit,
        |row| (row.opened_at, row.id),
        |row| row_of(row, today),
    )
}

/// A claim with its lines and what was said. A village and a town see their own lines.
///
/// # Errors
/// `NotFound` when there is none or it is not the actor's to see.
pub async fn show(app: &App, actor: &Actor, id: Uuid) -> Result<ClaimOut, Error> {
    let read = app.db.read();
    let (record, lines) = seen(read, actor, Action::ClaimRead, id).await?;
    let entries = store::claim::entries(read, id).await?;
    Ok(ClaimOut {
        row: row_of(&record, app.today())?,
        money: refund_order::of_claim(app, actor, id).await?,
        order_id: record.order_id,
        opened_by_name: record.opened_by_name,
        answered_by_name: record.answered_by_name,
        answer: record.answer,
        lines: lines.iter().map(line_of).collect::<Result<_, _>>()?,
        entries: entries.iter().map(entry_of).collect::<Result<_, _>>()?,
    })
}

/// Until when an acceptance can be disputed; `None` when it is not posted.
#[must_use]
pub fn open_until(app: &App, posted_at: Option<Micros>) -> Option<Micros> {
    posted_at.map(|at| at.plus_hours(app.config.claim_hours))
}

/// Opens a claim, for the unit or by the centre.
///
/// # Errors
/// `WrongState` before the second signature and after the time is over; `Invalid` naming lines; `NotFound`, `Forbidden`.
pub async fn open(app: &App, actor: &Actor, key: &Key, input: ClaimIn) -> Result<ClaimOut, Error> {
    let record = store::acceptance::find(app.db.read(), input.acceptance_id).await?;
    let record = record.ok_or(Error::not_found())?;
    right::require(actor, Action::ClaimOpen, Place::unit(record.unit_id))?;
    words_checked(&input.words, 2)?;
    let job = Arc::new((app.clone(), actor.clone(), record, input.clone()));
    let id: Uuid = once(app, actor.person_id, "claim.open", key, &input, move |tx| {
        let job = Arc::clone(&job);
        async move { open_in(tx, &job.0, &job.1, &job.2, &job.3).await }.boxed()
    })
    .await?;
    show(app, actor, id).await
}

async fn open_in(
    tx: &Tx,
    app: &App,
    actor: &Actor,
    acceptance: &AcceptanceRecord,
    input: &ClaimIn,
) -> Result<Uuid, Error> {
    let now = app.now();
    // Two claims over one acceptance meet here, so that together they never ask for more than there is.
    store::order::touch(tx, &[acceptance.order_id], now.0).await?;
    let until = open_until(app, acceptance.posted_at.map(Micros)).ok_or_else(Error::wrong_state)?;
    if now > until {
        return Err(Error::wrong_state());
    }
    let accepted = store::acceptance::lines(tx, acceptance.id).await?;
    let owners: BTreeSet<Uuid> = accepted.iter().map(|l| l.village_order_id).collect();
    let owners: Vec<Uuid> = owners.into_iter().collect();
    let lines = store::order_line::of_village_orders(tx, &owners).await?;
    let claimed = store::claim::claimed(tx, acceptance.id).await?;
    let claimed: BTreeMap<Uuid, (i64, i64)> = claimed
        .into_iter()
        .map(|c| (c.line_id, (c.qty, c.sum_fen)))
        .collect();
    let lines = asked_lines(input, &accepted, &lines, &claimed)?;
    let asked = Fen::checked_sum(lines.iter().map(|l| Fen(l.asked_fen))).map_err(fault)?;
    let claim = ClaimRecord {
        id: app.new_id(),
        number: ids::document_number('S', now.day()),
        acceptance_id: acceptance.id,
        acceptance_number: acceptance.number.clone(),
        order_id: acceptance.order_id,
        unit_id: acceptance.unit_id,
        unit_name: String::new(),
        status: ClaimStatus::Opened.as_str().to_owned(),
        asked_fen: asked.0,
        agreed_fen: None,
        answer: String::new(),
        opened_by: actor.person_id,
        opened_by_name: actor.person_name.clone(),
        opened_at: now.0,
        answer_by: now.day().add_days(app.config.claim_answer_days).0,
        answered_by_name: None,
        answered_at: None,
    };
    store::claim::insert(tx, &claim, &lines).await?;
    let words = input.words.trim().to_owned();
    store::claim::say(tx, said(app, actor, &claim, now, words, None)).await?;
    let villages: BTreeSet<String> = lines.iter().map(|l| l.village_code.clone()).collect();
    tell(tx, now, told(&claim, &villages, NoticeKind::ClaimOpened, actor)).await?;
    record(tx, now, actor, &claim, "claim.open", asked.format_cny()).await?;
    Ok(claim.id)
}

/// Checks every disputed line and computes its sum.
fn asked_lines(
    input: &ClaimIn,
    accepted: &[AcceptanceLineRecord],
    lines: &[LineRecord],
    claimed: &BTreeMap<Uuid, (i64, i64)>,
) -> Result<Vec<NewLine>, Error> {
    if input.lines.is_empty() {
        return Err(Error::field("lines", FieldCode::Required));
    }
    if input.lines.len() > LINES_MAX {
        let problem = FieldProblem::bound("lines", FieldCode::TooLarge, LINES_MAX);
        return Err(Error::invalid(vec![problem]));
    }
    let (mut asked, mut problems, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
    for given in &input.lines {
        let stored = accepted.iter().find(|l| l.line_id == given.line_id);
        let line = lines.iter().find(|l| l.id == given.line_id);
        let (Some(stored), Some(line), true) = (stored, line, seen.insert(given.line_id)) else {
            let field = format!("line.{}.qty", given.line_id);
            problems.push(FieldProblem::new(field, FieldCode::Unknown));
            continue;
        };
        let before = claimed.get(&given.line_id).copied().unwrap_or_default();
        match asked_of(given, stored, line, before)? {
            Ok(line) => asked.push(line),
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() {
        Ok(asked)
    } else {
        Err(Error::invalid(problems))
    }
}

/// What is asked of one line, after what was claimed of it `before`: an amount and a sum.
fn asked_of(
    given: &ClaimLineIn,
    stored: &AcceptanceLineRecord,
    line: &LineRecord,
    before: (i64, i64),
) -> Result<Result<NewLine, FieldProblem>, Error> {
    let field = |name: &str| format!("line.{}.{name}", line.id);
    let unit = village_order::price_unit_of(&line.price_unit)?;
    let (left_qty, left_fen) = (stored.qty - before.0, stored.total_fen - before.1);
    let too_large_qty = |most: i64| {
        let bound = unit.format_qty(Qty(most.max(0)), line.piece_name.as_deref());
        FieldProblem::bound(field("qty"), FieldCode::TooLarge, bound)
    };
    let too_large_sum = || {
        FieldProblem::bound(
            field("asked_fen"),
            FieldCode::TooLarge,
            Fen(left_fen.max(0)).format_yuan(),
        )
    };
    let (qty, asked_fen) = match (given.qty.filter(|q| q.0 != 0), given.asked_fen) {
        (Some(qty), _) if qty.0 < 0 => {
            return Ok(Err(FieldProblem::bound(field("qty"), FieldCode::TooSmall, 0)));
        }
        (Some(qty), _) if qty.0 > left_qty => return Ok(Err(too_large_qty(left_qty))),
        (Some(qty), _) => {
            let price = Price {
                fen: Fen(line.price_fen),
                unit,
            };
            // Telescoping: however it is sliced, all claims of a line together give back exactly what it cost.
            let refund = refund_of_line(price, Fen(stored.total_fen), Fen(before.1), Qty(left_qty - qty.0));
            match refund {
                Ok(sum) => (qty.0, sum.0),
                Err(_) => return Ok(Err(too_large_qty(left_qty))),
            }
        }
        (None, Some(sum)) if sum.0 > left_fen => return Ok(Err(too_large_sum())),
        (None, Some(sum)) => (0, sum.0),
        (None, None) => return Ok(Err(FieldProblem::new(field("qty"), FieldCode::Required))),
    };
    if asked_fen <= 0 {
        return Ok(Err(FieldProblem::bound(
            field("asked_fen"),
            FieldCode::TooSmall,
            "0.01",
        )));
    }
    if asked_fen > left_fen {
        return Ok(Err(too_large_sum()));
    }
    Ok(Ok(NewLine {
        line_id: line.id,
        village_code: stored.village_code.clone(),
        qty,
        asked_fen,
        reason: given.reason.as_str(),
        photo_id: given.photo_id,
    }))
}

/// Says something in a claim's conversation.
///
/// # Errors
/// `Invalid` for an empty or too long text; `NotFound`, `Forbidden`.
pub async fn say(app: &App, actor: &Actor, key: &Key, id: Uuid, input: ClaimEntryIn) -> Result<(), Error> {
    let (claim, lines) = seen(app.db.read(), actor, Action::ClaimTalk, id).await?;
    words_checked(&input.words, 1)?;
    let villages = villages_of(&lines);
    let body = (id, input.clone());
    let job = Arc::new((app.clone(), actor.clone(), claim, input, villages));
    once(app, actor.person_id, "claim.say", key, &body, move |tx| {
        let job = Arc::clone(&job);
        async move {
            let (app, actor, claim, input, villages) = &*job;
            let now = app.now();
            let words = input.words.trim().to_owned();
            store::claim::say(tx, said(app, actor, claim, now, words, input.photo_id)).await?;
            tell(tx, now, told(claim, villages, NoticeKind::ClaimSaid, actor)).await?;
            record(tx, now, actor, claim, "claim.say", String::new()).await
        }
        .boxed()
    })
    .await
}

/// The centre's decision; never by who opened the claim.
///
/// # Errors
/// `WrongState` when it is decided; `SamePerson`; `Invalid` naming lines; `NotFound`, `Forbidden`.
pub async fn answer(
    app: &App,
    actor: &Actor,
    key: &Key,
    id: Uuid,
    input: ClaimAnswerIn,
) -> Result<ClaimOut, Error> {
    let (claim, lines) = seen(app.db.read(), actor, Action::ClaimAnswer, id).await?;
    if claim.opened_by == actor.person_id {
        return Err(Error::refused(Code::SamePerson));
    }
    words_checked(&input.words, 2)?;
    let agreed = agreed_lines(&input, &lines)?;
    let body = (id, input.clone());
    let job = Arc::new((app.clone(), actor.clone(), claim, input, agreed, lines));
    let () = once(app, actor.person_id, "claim.answer", key, &body, move |tx| {
        let job = Arc::clone(&job);
        async move {
            let (app, actor, claim, input, agreed, lines) = &*job;
            answer_in(tx, app, actor, claim, input, agreed, lines).await
        }
        .boxed()
    })
    .await?;
    show(app, actor, id).await
}

async fn answer_in(
    tx: &Tx,
    app: &App,
    actor: &Actor,
    claim: &ClaimRecord,
    input: &ClaimAnswerIn,
    agreed: &[(Uuid, i64)],
    lines: &[ClaimLineRecord],
) -> Result<(), Error> {
    let now = app.now();
    let villages = &villages_of(lines);
    let (event, kind, action) = if input.agree {
        (ClaimEvent::Agree, NoticeKind::ClaimAgreed, "claim.agree")
    } else {
        (ClaimEvent::Refuse, NoticeKind::ClaimRefused, "claim.refuse")
    };
    let mut status = ClaimStatus::Opened.next(event).map_err(fault)?;
    let sum = Fen::checked_sum(agreed.iter().map(|(_, sum)| Fen(*sum))).map_err(fault)?;
    // What is agreed is posted in the same transaction; agreeing to nothing posts nothing.
    if input.agree && sum > Fen::ZERO {
        status = status.next(ClaimEvent::Post).map_err(fault)?;
    }
    let decision = Decision {
        id: claim.id,
        status: status.as_str(),
        agreed_fen: sum.0,
        words: input.words.trim().to_owned(),
        person_id: actor.person_id,
        person_name: actor.person_name.clone(),
        at: now.0,
        lines: agreed.to_vec(),
    };
    if !store::claim::decide(tx, &decision).await? {
        return Err(Error::wrong_state());
    }
    if status == ClaimStatus::Posted {
        post::post(tx, now, actor, claim, lines, agreed).await?;
    }
    tell(tx, now, told(claim, villages, kind, actor)).await?;
    record(tx, now, actor, claim, action, sum.format_cny()).await
}

/// What is agreed of every line; nothing at all when the claim is refused.
fn agreed_lines(input: &ClaimAnswerIn, lines: &[ClaimLineRecord]) -> Result<Vec<(Uuid, i64)>, Error> {
    if !input.agree {
        return Ok(lines.iter().map(|line| (line.line_id, 0)).collect());
    }
    let mut problems = Vec::new();
    let field = |id: Uuid| format!("line.{id}.agreed_fen");
    if let Some(stranger) = (input.lines.iter()).find(|g| !lines.iter().any(|l| l.line_id == g.line_id)) {
        problems.push(FieldProblem::new(field(stranger.line_id), FieldCode::Unknown));
    }
    let mut agreed = Vec::new();
    for line in lines {
        let given = input.lines.iter().find(|g| g.line_id == line.line_id);
        let sum = given.map_or(line.asked_fen, |g| g.agreed_fen.0);
        if sum < 0 {
            problems.push(FieldProblem::bound(field(line.line_id), FieldCode::TooSmall, 0));
        } else if sum > line.asked_fen {
            let bound = Fen(line.asked_fen).format_yuan();
            problems.push(FieldProblem::bound(
                field(line.line_id),
                FieldCode::TooLarge,
                bound,
            ));
        }
        agreed.push((line.line_id, sum));
    }
    if problems.is_empty() {
        Ok(agreed)
    } else {
        Err(Error::invalid(problems))
    }
}

/// The claim with the lines that the actor may see; one without any is not theirs.
async fn seen(
    read: &impl sea_orm::ConnectionTrait,
    actor: &Actor,
    action: Action,
    id: Uuid,
) -> Result<(ClaimRecord, Vec<ClaimLineRecord>), Error> {
    let scope = right::reach(actor, action)?;
    let record = store::claim::find(read, id).await?.ok_or(Error::not_found())?;
    let mut lines = store::claim::lines(read, id).await?;
    if matches!(scope, Scope::OwnVillage | Scope::OwnTown) {
        lines.retain(|line| actor.may(action, Place::village(&line.village_code)));
        if lines.is_empty() {
            return Err(Error::not_found());
        }
    } else {
        right::require(actor, action, Place::unit(record.unit_id))?;
    }
    Ok((record, lines))
}

fn villages_of(lines: &[ClaimLineRecord]) -> BTreeSet<String> {
    lines.iter().map(|line| line.village_code.clone()).collect()
}

fn words_checked(words: &str, least: usize) -> Result<(), Error> {
    let count = words.trim().chars().count();
    if count == 0 {
        Err(Error::field("words", FieldCode::Required))
    } else if count < least {
        Err(Error::invalid(vec![FieldProblem::bound(
            "words",
            FieldCode::TooShort,
            least,
        )]))
    } else if count > WORDS_MAX {
        Err(Error::invalid(vec![FieldProblem::bound(
            "words",
            FieldCode::TooLong,
            WORDS_MAX,
        )]))
    } else {
        Ok(())
    }
}

fn said(
    app: &App,
    actor: &Actor,
    claim: &ClaimRecord,
    now: Micros,
    words: String,
    photo_id: Option<Uuid>,
) -> NewEntry {
    NewEntry {
        id: app.new_id(),
        claim_id: claim.id,
        at: now.0,
        person_id: actor.person_id,
        person_name: actor.person_name.clone(),
        role: actor.grant.role.as_str(),
        words,
        photo_id,
    }
}

/// Everybody whom a claim concerns, but the side that speaks.
fn told(claim: &ClaimRecord, villages: &BTreeSet<String>, kind: NoticeKind, actor: &Actor) -> Vec<Notice> {
    let mut to: Vec<To> = (villages.iter())
        .filter(|code| actor.grant.village_code.as_ref() != Some(code))
        .map(|code| To::Village(code.clone()))
        .collect();
    if actor.grant.unit_id.is_none() {
        to.push(To::Unit(claim.unit_id, Role::UnitRequester));
    }
    if actor.grant.role != Role::CentreOperator || claim.opened_by == actor.person_id {
        to.push(To::Role(Role::CentreOperator));
    }
    let notice = |to| Notice {
        to,
        kind,
        subject: claim.number.clone(),
        path: format!("/claims/{}", claim.id),
    };
    to.into_iter().map(notice).collect()
}

async fn record(
    tx: &Tx,
    now: Micros,
    actor: &Actor,
    claim: &ClaimRecord,
    action: &'static str,
    detail: String,
) -> Result<(), Error> {
    let entry = Entry {
        action,
        object_kind: "claim",
        object_id: claim.id.to_string(),
        order_id: Some(claim.order_id),
        unit_id: Some(claim.unit_id),
        detail: format!("{} {detail}", claim.number).trim().to_owned(),
        village_code: None,
    };
    Ok(store::audit::insert(tx, now, Some(actor), vec![entry]).await?)
}

fn row_of(record: &ClaimRecord, today: Day) -> Result<ClaimRow, Error> {
    let status = ClaimStatus::from_name(&record.status).ok_or_else(|| fault("stored state of a claim"))?;
    let answer_by = Day(record.answer_by);
    Ok(ClaimRow {
        id: record.id,
        number: record.number.clone(),
        acceptance_id: record.acceptance_id,
        acceptance_number: record.acceptance_number.clone(),
        unit_id: record.unit_id,
        unit_name: record.unit_name.clone(),
        status,
        answer_by,
        overdue: status.is_overdue(answer_by, today),
        asked_fen: Fen(record.asked_fen),
        agreed_fen: record.agreed_fen.map(Fen),
        opened_at: Micros(record.opened_at),
        answered_at: record.answered_at.map(Micros),
    })
}

fn line_of(line: &ClaimLineRecord) -> Result<ClaimLineOut, Error> {
    Ok(ClaimLineOut {
        line_id: line.line_id,
        village_code: line.village_code.clone(),
        village_name: line.village_name.clone(),
        name: line.name.clone(),
        lot_code: line.lot_code.clone(),
        price_unit: village_order::price_unit_of(&line.price_unit)?,
        piece_name: line.piece_name.clone(),
        accepted_qty: Qty(line.accepted_qty),
        accepted_fen: Fen(line.accepted_fen),
        qty: Qty(line.qty),
        asked_fen: Fen(line.asked_fen),
        agreed_fen: line.agreed_fen.map(Fen),
        reason: VarianceReason::from_name(&line.reason).ok_or_else(|| fault("stored reason of a claim"))?,
        photo_id: line.photo_id,
    })
}

fn entry_of(entry: &EntryRecord) -> Result<ClaimEntryOut, Error> {
    Ok(ClaimEntryOut {
        at: Micros(entry.at),
        person_name: entry.person_name.clone(),
        role: Role::from_name(&entry.role).ok_or_else(|| fault("stored role"))?,
        words: entry.words.clone(),
        photo_id: entry.photo_id,
    })
}
