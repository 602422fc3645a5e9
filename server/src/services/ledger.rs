//! 账: posting, once and for ever, and reading what was posted.

use super::ledger_names::{self, Owner};
use super::{App, Error, fault, right};
use crate::store::ledger::{Added, EntryRow, IncomeKey, NewHead, TransactionRow};
use crate::store::{self, Tx};
use sha2::{Digest as _, Sha256};
use shared::api::acceptance::Signature;
use shared::api::ledger::{CorrectedOut, EntryOut, TransactionOut};
use shared::api::problem::Code;
use shared::domain::calendar::Micros;
pub use shared::domain::hex::hex;
use shared::domain::identity::Actor;
use shared::domain::ledger::{
    AccountKind, ChainEntry, Entries, Entry, GENESIS, IncomeSource, PublicLink, TransactionKind,
};
use shared::domain::money::Fen;
use shared::domain::month::Month;
use shared::domain::rights::{Action, Place, Scope};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Rows of the audit log that are shown beside a transaction.
const DOCUMENT_ROWS: i64 = 20;

/// What is posted. `entries` is proven to sum to zero by its type.
pub struct Posting {
    /// The transaction's id, chosen by whoever causes it: the same id and body a second time changes nothing.
    pub id: Uuid,
    /// What kind of event.
    pub kind: TransactionKind,
    /// The document's kind.
    pub document_kind: &'static str,
    /// The document.
    pub document_id: Uuid,
    /// The document's number.
    pub document_number: String,
    /// When it takes effect; never in a closed month ([`super::period::open_at`]).
    pub effective_at: Micros,
    /// Who causes it; `None` for the program itself.
    pub actor: Option<(Uuid, String)>,
    /// The transaction that it reverses, or corrects in part: a correction of a closed month names the old document by it.
    pub reverses: Option<Uuid>,
    /// The entries.
    pub entries: Entries,
}

/// Posts within the caller's transaction: entries, chain links, balances and incomes together, with a fixed number of
/// statements.
///
/// # Errors
/// `KeyReused` when the id was posted with another body; `PeriodClosed` when it would take effect in a closed month;
/// `Again` when a village's chain moved meanwhile.
pub async fn post(tx: &Tx, now: Micros, posting: &Posting) -> Result<(), Error> {
    let body_hash = body_hash(posting);
    if let Some(earlier) = store::ledger::find(tx, posting.id).await? {
        return if earlier.body_hash == body_hash {
            Ok(())
        } else {
            Err(Error::refused(Code::KeyReused))
        };
    }
    let (rows, heads) = chained(tx, now, posting).await?;
    store::ledger::insert(tx, vec![transaction_row(posting, now, body_hash)], rows).await?;
    if !store::ledger::move_chains(tx, &heads).await? {
        return Err(Error::Again);
    }
    let sums = balances(std::slice::from_ref(posting))?;
    if !store::ledger::add_balances(tx, &sums, posting.effective_at.0).await? {
        return Err(Error::refused(Code::PeriodClosed));
    }
    store::ledger::add_incomes(tx, &incomes(posting)?).await?;
    Ok(())
}

/// Posts many at once that touch no village, each with an id that was never posted: three statements, however many they are.
///
/// # Errors
/// A fault when one of them touches a village; `PeriodClosed` when one would take effect in a closed month.
pub async fn post_all(tx: &Tx, now: Micros, postings: &[Posting]) -> Result<(), Error> {
    let Some(first) = postings.iter().map(|posting| posting.effective_at.0).min() else {
        return Ok(());
    };
    let (mut transactions, mut entries) = (Vec::with_capacity(postings.len()), Vec::new());
    for posting in postings {
        if posting
            .entries
            .as_slice()
            .iter()
            .any(|entry| entry.village.is_some())
        {
            return Err(fault("what touches a village is posted by itself"));
        }
        let (rows, _) = chained(tx, now, posting).await?;
        entries.extend(rows);
        transactions.push(transaction_row(posting, now, body_hash(posting)));
    }
    store::ledger::insert(tx, transactions, entries).await?;
    if store::ledger::add_balances(tx, &balances(postings)?, first).await? {
        Ok(())
    } else {
        Err(Error::refused(Code::PeriodClosed))
    }
}

fn transaction_row(posting: &Posting, now: Micros, body_hash: Vec<u8>) -> TransactionRow {
    let (actor_id, actor_name) = posting.actor.clone().unzip();
    TransactionRow {
        id: posting.id,
        kind: posting.kind.as_str().to_owned(),
        document_kind: posting.document_kind.to_owned(),
        document_id: posting.document_id,
        document_number: posting.document_number.clone(),
        effective_at: posting.effective_at.0,
        recorded_at: now.0,
        actor_id,
        actor_name: actor_name.unwrap_or_default(),
        reverses: posting.reverses,
        body_hash,
    }
}

/// The entries as rows, each of a village linked to the one before it in that village's chain.
async fn chained(tx: &Tx, now: Micros, posting: &Posting) -> Result<(Vec<EntryRow>, Vec<NewHead>), Error> {
    let entries = posting.entries.as_slice();
    let mut villages: Vec<&str> = entries.iter().filter_map(|e| e.village.as_deref()).collect();
    villages.sort_unstable();
    villages.dedup();
    let mut heads = BTreeMap::<String, NewHead>::new();
    for code in &villages {
        let head = NewHead {
            village_code: (*code).to_owned(),
            was: 0,
            length: 0,
            head: GENESIS.to_vec(),
            public_head: GENESIS.to_vec(),
        };
        heads.insert((*code).to_owned(), head);
    }
    if !villages.is_empty() {
        store::ledger::take_chains(tx, &villages).await?;
        for row in store::ledger::chains(tx, &villages).await? {
            let head = NewHead {
                village_code: row.village_code.clone(),
                was: row.length,
                length: row.length,
                head: row.head,
                public_head: row
                    .public_head
                    .ok_or_else(|| fault("a village's public chain was never begun"))?,
            };
            heads.insert(row.village_code, head);
        }
    }
    let mut rows = Vec::with_capacity(entries.len());
    for (seq, entry) in entries.iter().enumerate() {
        let seq = i32::try_from(seq).map_err(fault)?;
        let mut row = EntryRow {
            transaction_id: posting.id,
            seq,
            account_kind: entry.account.kind.as_str().to_owned(),
            owner: entry.account.owner.clone(),
            amount_fen: entry.amount_fen.0,
            village_code: entry.village.clone(),
            income_source: entry.income_source.map(|s| s.as_str().to_owned()),
            line_id: entry.line_ref,
            chain_seq: None,
            prev_hash: None,
            hash: None,
            public_hash: None,
        };
        if let Some(head) = entry.village.as_ref().and_then(|code| heads.get_mut(code)) {
            let prev = hash_of(&head.head)?;
            head.length += 1;
            let full = chain_entry(posting, now, entry, seq, head);
            let hash = full.hash(prev);
            let link = PublicLink::of(&full, hash).map_err(fault)?;
            let public = link.hash(&head.village_code, hash_of(&head.public_head)?);
            row.chain_seq = Some(head.length);
            row.prev_hash = Some(prev.to_vec());
            row.hash = Some(hash.to_vec());
            row.public_hash = Some(public.to_vec());
            head.head = hash.to_vec();
            head.public_head = public.to_vec();
        }
        rows.push(row);
    }
    Ok((rows, heads.into_values().collect()))
}

fn chain_entry(posting: &Posting, now: Micros, entry: &Entry, seq: i32, head: &NewHead) -> ChainEntry {
    ChainEntry {
        village_code: head.village_code.clone(),
        seq: head.length,
        transaction_id: posting.id,
        entry_seq: i64::from(seq),
        account: entry.account.clone(),
        amount_fen: entry.amount_fen,
        income_source: entry.income_source,
        line_ref: entry.line_ref,
        effective_at: posting.effective_at,
        recorded_at: now,
        kind: posting.kind,
        document_kind: posting.document_kind.to_owned(),
        document_id: posting.document_id,
        document_number: posting.document_number.clone(),
        actor_id: posting.actor.as_ref().map(|(id, _)| *id),
        actor_name: posting
            .actor
            .as_ref()
            .map(|(_, name)| name.clone())
            .unwrap_or_default(),
        reverses: posting.reverses,
    }
}

/// A stored hash as 32 bytes.
pub(super) fn hash_of(stored: &[u8]) -> Result<[u8; 32], Error> {
    stored
        .try_into()
        .map_err(|_| fault("a stored hash is not 32 bytes"))
}

fn balances(postings: &[Posting]) -> Result<BTreeMap<(String, String), Added>, Error> {
    let mut sums = BTreeMap::<_, Added>::new();
    for entry in postings.iter().flat_map(|posting| posting.entries.as_slice()) {
        let key = (
            entry.account.kind.as_str().to_owned(),
            entry.account.owner.clone(),
        );
        let added = sums.entry(key).or_default();
        let amount = entry.amount_fen.0;
        let sum = if amount > 0 {
            &mut added.debit_fen
        } else {
            &mut added.credit_fen
        };
        *sum = sum
            .checked_add(amount.checked_abs().ok_or_else(|| fault("a balance overflows"))?)
            .ok_or_else(|| fault("a balance overflows"))?;
    }
    Ok(sums)
}

fn incomes(posting: &Posting) -> Result<BTreeMap<IncomeKey, (i64, i64)>, Error> {
    let day = posting.effective_at.day();
    let mut sums = BTreeMap::new();
    for entry in posting.entries.as_slice() {
        let (Some(village), Some(source)) = (&entry.village, entry.income_source) else {
            continue;
        };
        let key = IncomeKey {
            village_code: village.clone(),
            year: day.year(),
            month: i32::try_from(day.month()).map_err(fault)?,
            source: source.as_str(),
        };
        let (sum, entries): &mut (i64, i64) = sums.entry(key).or_insert((0, 0));
        let gained = entry.income_fen().map_err(fault)?;
        *sum = sum
            .checked_add(gained.0)
            .ok_or_else(|| fault("an income overflows"))?;
        *entries += 1;
    }
    Ok(sums)
}

/// What was asked to be posted, apart from when it was written.
fn body_hash(posting: &Posting) -> Vec<u8> {
    let mut hasher = Sha256::new();
    for part in [
        posting.kind.as_str(),
        posting.document_kind,
        &posting.document_number,
    ] {
        hasher.update(part.as_bytes());
        hasher.update([0]);
    }
    hasher.update(posting.document_id.as_bytes());
    hasher.update(posting.effective_at.0.to_be_bytes());
    hasher.update(posting.reverses.unwrap_or_default().as_bytes());
    for entry in posting.entries.as_slice() {
        hasher.update(entry.account.kind.as_str().as_bytes());
        hasher.update([0]);
        hasher.update(entry.account.owner.as_bytes());
        hasher.update(entry.amount_fen.0.to_be_bytes());
        hasher.update(entry.line_ref.unwrap_or_default().as_bytes());
    }
    hasher.finalize().to_vec()
}

/// A transaction with its entries. A village sees those that touch its own chain, and in them only its own entries
/// and the centre's; a town those of its villages.
///
/// # Errors
/// `NotFound` when there is none or the actor may not see it; a fault when the stored entries do not sum to zero.
pub async fn transaction(app: &App, actor: &Actor, id: Uuid) -> Result<TransactionOut, Error> {
    let scope = right::reach(actor, Action::LedgerRead)?;
    let read = app.db.read();
    let row = store::ledger::find(read, id).await?.ok_or(Error::not_found())?;
    let mut entries = store::ledger::entries(read, id).await?;
    if entries.iter().map(|e| i128::from(e.amount_fen)).sum::<i128>() != 0 {
        return Err(fault(format!(
            "the entries of transaction {id} do not sum to zero"
        )));
    }
    if scope != Scope::District {
        let own = |code: &str| actor.may(Action::LedgerRead, Place::village(code));
        entries.retain(|e| e.village_code.as_deref().is_some_and(own));
        if entries.is_empty() {
            return Err(Error::not_found());
        }
    }
    let accounts: Vec<(&str, &str)> = (entries.iter())
        .map(|entry| (entry.account_kind.as_str(), entry.owner.as_str()))
        .collect();
    let names = ledger_names::names(app, actor, &accounts).await?;
    let corrects = corrected(read, row.reverses).await?;
    let signatures = signatures(read, &row).await?;
    let audit = match right::reach(actor, Action::AuditRead) {
        Ok(_) => {
            let about = super::audit::Asked {
                object: row.document_id.to_string(),
                ..Default::default()
            };
            super::audit::list(app, actor, &about, None, DOCUMENT_ROWS)
                .await?
                .items
        }
        Err(_) => Vec::new(),
    };
    Ok(TransactionOut {
        id: row.id,
        kind: TransactionKind::from_name(&row.kind).ok_or_else(|| fault("stored transaction kind"))?,
        document_kind: row.document_kind,
        document_id: row.document_id,
        document_number: row.document_number,
        signatures,
        audit,
        effective_at: Micros(row.effective_at),
        recorded_at: Micros(row.recorded_at),
        actor_name: row.actor_name,
        reverses: row.reverses,
        corrects,
        entries: (entries.iter())
            .map(|entry| entry_of(entry, &names))
            .collect::<Result<_, _>>()?,
    })
}

/// What a correction corrects.
async fn corrected(
    read: &impl sea_orm::ConnectionTrait,
    reverses: Option<Uuid>,
) -> Result<Option<CorrectedOut>, Error> {
    let Some(id) = reverses else { return Ok(None) };
    let Some(row) = store::ledger::find(read, id).await? else {
        return Ok(None);
    };
    Ok(Some(CorrectedOut {
        document_kind: row.document_kind,
        document_number: row.document_number,
        month: Month::of(Micros(row.effective_at).day()),
        closed: store::period::closed_until(read).await? > row.effective_at,
    }))
}

/// Who signed the document, the unit first.
async fn signatures(
    read: &impl sea_orm::ConnectionTrait,
    row: &TransactionRow,
) -> Result<Vec<Signature>, Error> {
    if row.document_kind != "acceptance" {
        return Ok(Vec::new());
    }
    let Some(signed) = store::acceptance::find(read, row.document_id).await? else {
        return Ok(Vec::new());
    };
    let of = |id: Option<Uuid>, name: Option<String>, at: Option<i64>| {
        Some(Signature {
            person_id: id?,
            name: name?,
            at: Micros(at?),
        })
    };
    let unit = of(
        signed.unit_person_id,
        signed.unit_person_name,
        signed.unit_signed_at,
    );
    let centre = of(
        signed.centre_person_id,
        signed.centre_person_name,
        signed.centre_signed_at,
    );
    Ok([unit, centre].into_iter().flatten().collect())
}

fn entry_of(row: &EntryRow, names: &BTreeMap<String, Owner>) -> Result<EntryOut, Error> {
    Ok(EntryOut {
        seq: row.seq,
        account: AccountKind::from_name(&row.account_kind).ok_or_else(|| fault("stored account kind"))?,
        owner: row.owner.clone(),
        owner_name: match names.get(&row.owner) {
            Some(Owner::Name(name)) => name.clone(),
            _ => String::new(),
        },
        household_no: match names.get(&row.owner) {
            Some(Owner::Household(place)) => Some(*place),
            _ => None,
        },
        amount_fen: Fen(row.amount_fen),
        village_code: row.village_code.clone(),
        source: row.income_source.as_deref().and_then(IncomeSource::from_name),
        chain_seq: row.chain_seq,
        hash: row.hash.as_deref().map(hex),
    })
}
