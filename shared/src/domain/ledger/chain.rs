//! A village's journal as a hash chain: every link's hash covers the one before it, so a changed, missing or moved byte is
//! found and its place named.

use super::{Account, IncomeSource, TransactionKind};
use crate::domain::calendar::Micros;
use crate::domain::money::Fen;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// What the first link of a chain follows.
pub const GENESIS: [u8; 32] = [0; 32];

/// Names the canonical form; another form would be another name.
const FORM: &[u8] = b"jizhou village journal 1";

/// The length that stands for a field without a value; no field is ever that long.
const ABSENT: [u8; 4] = u32::MAX.to_be_bytes();

/// A canonical form in the making: every field as its length (4 bytes, big-endian) and its bytes.
pub(super) struct Canonical(Vec<u8>);

impl Canonical {
    /// Begins with the form's name.
    pub(super) fn of(form: &[u8]) -> Self {
        let mut canonical = Self(Vec::with_capacity(400));
        canonical.field(Some(form));
        canonical
    }

    /// One field more; what is absent has a length that no field has, and no bytes.
    pub(super) fn field(&mut self, content: Option<&[u8]>) {
        match content {
            Some(content) => {
                let length = u32::try_from(content.len()).expect("a field of a journal is far below 4 GB");
                self.0.extend_from_slice(&length.to_be_bytes());
                self.0.extend_from_slice(content);
            }
            None => self.0.extend_from_slice(&ABSENT),
        }
    }

    /// The form.
    pub(super) fn bytes(self) -> Vec<u8> {
        self.0
    }
}

/// One entry of a village's journal, with everything that the transaction says about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainEntry {
    /// The village's 12-digit code.
    pub village_code: String,
    /// Its place: 1, 2, 3 …
    pub seq: i64,
    /// The ledger transaction.
    pub transaction_id: Uuid,
    /// Its number within the transaction.
    pub entry_seq: i64,
    /// The account.
    pub account: Account,
    /// A debit is positive, a credit negative.
    pub amount_fen: Fen,
    /// The kind of collective income.
    pub income_source: Option<IncomeSource>,
    /// The order line behind it.
    pub line_ref: Option<Uuid>,
    /// When it took effect.
    pub effective_at: Micros,
    /// When it was recorded.
    pub recorded_at: Micros,
    /// What kind of event.
    pub kind: TransactionKind,
    /// The kind of the document behind it.
    pub document_kind: String,
    /// The document's id.
    pub document_id: Uuid,
    /// The document's number.
    pub document_number: String,
    /// Who caused it; `None` for the program itself.
    pub actor_id: Option<Uuid>,
    /// Their name at that time.
    pub actor_name: String,
    /// The transaction it takes back.
    pub reverses: Option<Uuid>,
}

impl ChainEntry {
    /// The canonical form: the form's name and then every field in the order of the struct, each as its length (4 bytes, big-endian)
    /// and its bytes. Numbers are 8 bytes, big-endian; ids their 16 bytes; names as stored; what is absent has
    /// the length 0xFFFFFFFF and no bytes. Length before content: no two journals share a form.
    #[must_use]
    pub fn canonical_bytes(&self) -> Vec<u8> {
        let mut form = Canonical::of(FORM);
        form.field(Some(self.village_code.as_bytes()));
        form.field(Some(&self.seq.to_be_bytes()));
        form.field(Some(self.transaction_id.as_bytes()));
        form.field(Some(&self.entry_seq.to_be_bytes()));
        form.field(Some(self.account.kind.as_str().as_bytes()));
        form.field(Some(self.account.owner.as_bytes()));
        form.field(Some(&self.amount_fen.0.to_be_bytes()));
        form.field(self.income_source.map(|s| s.as_str().as_bytes()));
        form.field(self.line_ref.as_ref().map(|id| id.as_bytes().as_slice()));
        form.field(Some(&self.effective_at.0.to_be_bytes()));
        form.field(Some(&self.recorded_at.0.to_be_bytes()));
        form.field(Some(self.kind.as_str().as_bytes()));
        form.field(Some(self.document_kind.as_bytes()));
        form.field(Some(self.document_id.as_bytes()));
        form.field(Some(self.document_number.as_bytes()));
        form.field(self.actor_id.as_ref().map(|id| id.as_bytes().as_slice()));
        form.field(Some(self.actor_name.as_bytes()));
        form.field(self.reverses.as_ref().map(|id| id.as_bytes().as_slice()));
        form.bytes()
    }

    /// Its hash behind the link before it.
    #[must_use]
    pub fn hash(&self, prev: [u8; 32]) -> [u8; 32] {
        chain_hash(prev, &self.canonical_bytes())
    }
}

/// The hash of a link: SHA-256 over the hash before it and the canonical form.
#[must_use]
pub fn chain_hash(prev: [u8; 32], canonical: &[u8]) -> [u8; 32] {
    Sha256::new()
        .chain_update(prev)
        .chain_update(canonical)
        .finalize()
        .into()
}

/// A link as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainLink {
    /// The entry.
    pub entry: ChainEntry,
    /// The hash that it says it follows.
    pub prev: [u8; 32],
    /// The hash that it says it has.
    pub hash: [u8; 32],
}

/// Where a chain breaks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the journal of village {village_code} breaks at entry {seq}")]
pub struct ChainBreak {
    /// Whose journal.
    pub village_code: String,
    /// The first place that is not as it was written: a changed entry's own, or a missing one's.
    pub seq: i64,
}

/// Follows a village's journal from its first link and gives the hash of its last ([`GENESIS`] when it is empty). Whether the end is
/// missing shows by comparing that hash with the chain's stored head.
///
/// # Errors
/// The first place where a link is changed, missing, doubled, moved or of another village.
pub fn verify_chain(links: impl IntoIterator<Item = ChainLink>) -> Result<[u8; 32], ChainBreak> {
    let mut prev = GENESIS;
    let mut expected_seq: i64 = 1;
    let mut village_code: Option<String> = None;
    for link in links {
        let village = village_code.get_or_insert_with(|| link.entry.village_code.clone());
        let whole = link.entry.seq == expected_seq
            && link.entry.village_code == *village
            && link.prev == prev
            && link.hash == link.entry.hash(prev);
        if !whole {
            return Err(ChainBreak {
                village_code: village.clone(),
                seq: expected_seq,
            });
        }
        prev = link.hash;
        expected_seq = expected_seq.saturating_add(1);
    }
    Ok(prev)
}
