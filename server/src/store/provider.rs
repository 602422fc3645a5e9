//! What a provider of payments told and moved.

use super::{Rows, Tx, exec, many, one};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

/// A message about to be kept.
#[derive(Clone, Debug)]
pub struct NewEvent {
    /// Our id of it.
    pub id: Uuid,
    /// The provider.
    pub provider: &'static str,
    /// Its name there.
    pub event_id: String,
    /// Its kind.
    pub kind: String,
    /// The version of its form.
    pub api_version: String,
    /// When it came.
    pub at: i64,
    /// Its bytes.
    pub raw: Vec<u8>,
}

/// Keeps a message; one that is kept already stays as it came first.
///
/// # Errors
/// Whatever the engine answers.
pub async fn keep(tx: &Tx, new: NewEvent) -> Result<(), DbErr> {
    let columns = &[
        "id",
        "provider",
        "event_id",
        "kind",
        "api_version",
        "received_at",
        "raw",
        "outcome",
        "tries",
        "next_try_at",
    ];
    Rows::into("provider_events", columns)
        .row([
            new.id.into(),
            new.provider.into(),
            new.event_id.into(),
            new.kind.into(),
            new.api_version.into(),
            new.at.into(),
            new.raw.into(),
            "".into(),
            0_i32.into(),
            new.at.into(),
        ])
        .upsert(tx, &["provider", "event_id"], &[])
        .await
}

/// A message to be worked through.
#[derive(FromQueryResult, Clone, Debug)]
pub struct EventRow {
    /// Our id of it.
    pub id: Uuid,
    /// How often it was tried.
    pub tries: i32,
    /// Its bytes.
    pub raw: Vec<u8>,
}

/// Takes messages that are to be worked through by now, so that nobody else takes them until then.
///
/// # Errors
/// Whatever the engine answers.
pub async fn take(
    tx: &Tx,
    provider: &str,
    holder: Uuid,
    now: i64,
    until: i64,
    limit: i64,
) -> Result<Vec<EventRow>, DbErr> {
    let sql = "update provider_events set holder = $2, next_try_at = $4, tries = tries + 1
        where processed_at is null and next_try_at <= $3 and id in (
            select id from provider_events where processed_at is null and next_try_at <= $3 and provider = $1
            order by next_try_at, id limit $5)";
    let values: [Value; 5] = [
        provider.into(),
        holder.into(),
        now.into(),
        until.into(),
        limit.into(),
    ];
    if exec(tx, sql, values).await? == 0 {
        return Ok(Vec::new());
    }
    let sql = "select id, tries, raw from provider_events where processed_at is null and holder = $1
        and next_try_at = $2 order by received_at, id";
    many(tx, sql, [holder.into(), until.into()]).await
}

fn ids(values: &mut Vec<Value>, events: &[Uuid]) -> String {
    super::order::placeholders(values, events.iter().map(|id| (*id).into()))
}

/// Messages are worked through.
///
/// # Errors
/// Whatever the engine answers.
pub async fn done(tx: &Tx, events: &[Uuid], outcome: &str, at: i64) -> Result<(), DbErr> {
    let mut values: Vec<Value> = vec![outcome.into(), at.into()];
    let events = ids(&mut values, events);
    let sql = format!(
        "update provider_events set processed_at = $2, outcome = $1, holder = null where id in ({events})"
    );
    exec(tx, &sql, values).await.map(|_| ())
}

/// Messages could not be worked through: when to try again.
///
/// # Errors
/// Whatever the engine answers.
pub async fn later(tx: &Tx, events: &[Uuid], outcome: &str, next_try_at: i64) -> Result<(), DbErr> {
    let mut values: Vec<Value> = vec![outcome.into(), next_try_at.into()];
    let events = ids(&mut values, events);
    let sql = format!(
        "update provider_events set next_try_at = $2, outcome = $1, holder = null where id in ({events})"
    );
    exec(tx, &sql, values).await.map(|_| ())
}

/// A payout as stored.
#[derive(FromQueryResult, Clone, Debug)]
pub struct PayoutRecord {
    /// Our id of it; the ledger transaction that books it has the same.
    pub id: Uuid,
    /// Its name at the provider.
    pub reference: String,
    /// How much.
    pub amount_fen: i64,
    /// In which currency.
    pub currency: String,
    /// Where it stands.
    pub status: String,
    /// The ledger transaction.
    pub transaction_id: Option<Uuid>,
    /// The transaction that takes it back.
    pub reversal_id: Option<Uuid>,
}

const PAYOUT: &str = "id, reference, amount_fen, currency, status, transaction_id, reversal_id";

/// A payout by its name at a provider.
///
/// # Errors
/// Whatever the engine answers.
pub async fn payout(
    connection: &impl ConnectionTrait,
    provider: &str,
    reference: &str,
) -> Result<Option<PayoutRecord>, DbErr> {
    let sql = format!("select {PAYOUT} from provider_payouts where provider = $1 and reference = $2");
    one(connection, &sql, [provider.into(), reference.into()]).await
}

/// Payouts that have not reached an end, oldest first.
///
/// # Errors
/// Whatever the engine answers.
pub async fn payouts_under_way(
    connection: &impl ConnectionTrait,
    provider: &str,
    limit: i64,
) -> Result<Vec<PayoutRecord>, DbErr> {
    let sql = format!(
        "select {PAYOUT} from provider_payouts where provider = $1 and status in ('pending', 'in_transit')
        order by arrives_at, id limit $2"
    );
    many(connection, &sql, [provider.into(), limit.into()]).await
}

/// A payout about to be noted.
#[derive(Clone, Debug)]
pub struct NewPayout<'a> {
    /// Our id of it.
    pub id: Uuid,
    /// The provider.
    pub provider: &'a str,
    /// Its name there.
    pub reference: &'a str,
    /// How much.
    pub amount_fen: i64,
    /// In which currency.
    pub currency: &'a str,
    /// When it is at the bank.
    pub arrives_at: i64,
}

/// Notes a payout that is not known yet.
///
/// # Errors
/// Whatever the engine answers; a unique violation when it was noted meanwhile.
pub async fn insert_payout(tx: &Tx, new: &NewPayout<'_>) -> Result<(), DbErr> {
    let columns = &[
        "id",
        "provider",
        "reference",
        "amount_fen",
        "currency",
        "status",
        "arrives_at",
    ];
    Rows::into("provider_payouts", columns)
        .row([
            new.id.into(),
            new.provider.into(),
            new.reference.into(),
            new.amount_fen.into(),
            new.currency.into(),
            "pending".into(),
            new.arrives_at.into(),
        ])
        .insert(tx)
        .await
}

/// Moves a payout on; `false` when it has moved meanwhile.
///
/// # Errors
/// Whatever the engine answers.
pub async fn step_payout(
    tx: &Tx,
    was: &PayoutRecord,
    status: &str,
    transaction_id: Option<Uuid>,
    reversal_id: Option<Uuid>,
) -> Result<bool, DbErr> {
    let sql = "update provider_payouts set status = $3, transaction_id = $4, reversal_id = $5
        where id = $1 and status = $2";
    let values: [Value; 5] = [
        was.id.into(),
        was.status.clone().into(),
        status.into(),
        transaction_id.into(),
        reversal_id.into(),
    ];
    Ok(exec(tx, sql, values).await? == 1)
}

/// A movement as stored.
#[derive(FromQueryResult, Clone, Debug)]
pub struct MovementRecord {
    /// Our id of it; the ledger transaction that books its fee has the same.
    pub id: Uuid,
    /// Its name at the provider.
    pub reference: String,
    /// What it was.
    pub kind: String,
    /// What caused it.
    pub source_ref: Option<String>,
    /// What came or went.
    pub amount_fen: i64,
    /// The fee.
    pub fee_fen: i64,
    /// In which currency.
    pub currency: String,
    /// When.
    pub moved_at: i64,
    /// What the books made of it.
    pub outcome: String,
}

const MOVEMENT: &str = "id, reference, kind, source_ref, amount_fen, fee_fen, currency, moved_at, outcome";

/// Notes movements; those that are known already stay as they are.
///
/// # Errors
/// Whatever the engine answers.
pub async fn keep_movements(tx: &Tx, provider: &str, rows: &[MovementRecord]) -> Result<(), DbErr> {
    let columns = &[
        "id",
        "provider",
        "reference",
        "kind",
        "source_ref",
        "amount_fen",
        "fee_fen",
        "currency",
        "moved_at",
        "outcome",
    ];
    let mut new = Rows::into("provider_movements", columns);
    for row in rows {
        new.push([
            row.id.into(),
            provider.into(),
            row.reference.clone().into(),
            row.kind.clone().into(),
            row.source_ref.clone().into(),
            row.amount_fen.into(),
            row.fee_fen.into(),
            row.currency.clone().into(),
            row.moved_at.into(),
            row.outcome.clone().into(),
        ]);
    }
    new.upsert(tx, &["provider", "reference"], &[]).await
}

/// Movements that wait for the books, oldest first.
///
/// # Errors
/// Whatever the engine answers.
pub async fn movements_waiting(
    connection: &impl ConnectionTrait,
    provider: &str,
    after: Option<(i64, Uuid)>,
    limit: i64,
) -> Result<Vec<MovementRecord>, DbErr> {
    let (at, id) = after.unwrap_or((i64::MIN, Uuid::nil()));
    let sql = format!(
        "select {MOVEMENT} from provider_movements where outcome = 'waiting' and provider = $1
            and (moved_at, id) > ($2, $3) order by moved_at, id limit $4"
    );
    many(
        connection,
        &sql,
        [provider.into(), at.into(), id.into(), limit.into()],
    )
    .await
}

/// Movements that people must look at, newest first.
///
/// # Errors
/// Whatever the engine answers.
pub async fn movements_unclear(
    connection: &impl ConnectionTrait,
    limit: i64,
) -> Result<Vec<MovementRecord>, DbErr> {
    let sql = format!(
        "select {MOVEMENT} from provider_movements where outcome = 'unclear'
        order by moved_at desc, id desc limit $1"
    );
    many(connection, &sql, [limit.into()]).await
}

/// Notes what the books made of a movement; `false` when somebody else did.
///
/// # Errors
/// Whatever the engine answers.
pub async fn movement_done(
    tx: &Tx,
    id: Uuid,
    outcome: &str,
    transaction_id: Option<Uuid>,
) -> Result<bool, DbErr> {
    let sql = "update provider_movements set outcome = $2, transaction_id = $3 where id = $1 and outcome = 'waiting'";
    Ok(exec(tx, sql, [id.into(), outcome.into(), transaction_id.into()]).await? == 1)
}

/// When a provider was asked for everything, and will be.
#[derive(FromQueryResult, Clone, Debug)]
pub struct SweepRecord {
    /// When next.
    pub next_at: i64,
    /// Everything until then was seen.
    pub swept_until: i64,
    /// When last to the end.
    pub swept_at: Option<i64>,
}

/// When a provider was asked for everything.
///
/// # Errors
/// Whatever the engine answers.
pub async fn sweep(connection: &impl ConnectionTrait, provider: &str) -> Result<Option<SweepRecord>, DbErr> {
    let sql = "select next_at, swept_until, swept_at from provider_sweeps where provider = $1";
    one(connection, sql, [provider.into()]).await
}

/// Notes when to ask for everything first; what is noted stays.
///
/// # Errors
/// Whatever the engine answers.
pub async fn begin_sweeps(tx: &Tx, provider: &str, next_at: i64, swept_until: i64) -> Result<(), DbErr> {
    Rows::into("provider_sweeps", &["provider", "next_at", "swept_until"])
        .row([provider.into(), next_at.into(), swept_until.into()])
        .upsert(tx, &["provider"], &[])
        .await
}

/// Moves the next time; `false` when it is not yet due (by `due`) or somebody else has taken it.
///
/// # Errors
/// Whatever the engine answers.
pub async fn take_sweep(tx: &Tx, provider: &str, due: i64, next_at: i64) -> Result<bool, DbErr> {
    let sql = "update provider_sweeps set next_at = $3 where provider = $1 and next_at <= $2";
    Ok(exec(tx, sql, [provider.into(), due.into(), next_at.into()]).await? == 1)
}

/// Everything until `until` was seen.
///
/// # Errors
/// Whatever the engine answers.
pub async fn swept(tx: &Tx, provider: &str, until: i64, at: i64, next_at: i64) -> Result<(), DbErr> {
    let sql = "update provider_sweeps set swept_until = $2, swept_at = $3, next_at = $4 where provider = $1";
    exec(
        tx,
        sql,
        [provider.into(), until.into(), at.into(), next_at.into()],
    )
    .await
    .map(|_| ())
}

/// How the books stand with the provider.
#[derive(FromQueryResult, Clone, Debug, Default)]
pub struct Standing {
    /// What the provider holds of our money.
    pub clearing_fen: i64,
    /// What it has kept.
    pub fees_fen: i64,
    /// Payments that can still come.
    pub open: i64,
    /// Refunds on their way.
    pub refunds_open: i64,
    /// Messages to be worked through.
    pub events_waiting: i64,
    /// Movements whose cause is not known yet.
    pub movements_waiting: i64,
    /// Movements that people must look at.
    pub movements_unclear: i64,
}

/// How the books stand with the provider.
///
/// # Errors
/// Whatever the engine answers.
pub async fn standing(connection: &impl ConnectionTrait) -> Result<Standing, DbErr> {
    let sql = "select
        cast(coalesce((select balance_fen from account_balances where account_kind = 'stripe_clearing' and owner = ''), 0)
            as bigint) as clearing_fen,
        cast(coalesce((select balance_fen from account_balances where account_kind = 'stripe_fees' and owner = ''), 0)
            as bigint) as fees_fen,
        (select count(*) from payments where open_for is not null) as open,
        (select count(*) from refunds where status in ('asked', 'pending')) as refunds_open,
        (select count(*) from provider_events where processed_at is null) as events_waiting,
        (select count(*) from provider_movements where outcome = 'waiting') as movements_waiting,
        (select count(*) from provider_movements where outcome = 'unclear') as movements_unclear";
    Ok(one(connection, sql, []).await?.unwrap_or_default())
}

/// A payout as the row of a bank's statement that it may be.
#[derive(FromQueryResult, Clone, Debug)]
pub struct AtBankRecord {
    /// Its id.
    pub id: Uuid,
    /// The provider.
    pub provider: String,
    /// How much.
    pub amount_fen: i64,
    /// When it is said to be at the bank.
    pub arrives_at: i64,
    /// The bank's number of the row that it is, once that was seen.
    pub bank_reference: Option<String>,
}

/// Payouts that were seen in no statement yet, and those that are the rows of these numbers of a bank.
///
/// # Errors
/// Whatever the engine answers.
pub async fn at_bank(
    connection: &impl ConnectionTrait,
    currency: &str,
    references: &[&str],
    limit: i64,
) -> Result<Vec<AtBankRecord>, DbErr> {
    let mut values: Vec<Value> = vec![currency.into(), limit.into()];
    let known = super::order::placeholders(&mut values, references.iter().map(|r| (*r).into()));
    let sql = format!(
        "select id, provider, amount_fen, arrives_at, bank_reference from provider_payouts
        where currency = $1 and amount_fen > 0
            and ((bank_reference is null and status in ('pending', 'in_transit', 'paid'))
                or bank_reference in ({known}))
        order by arrives_at desc, id desc limit $2"
    );
    many(connection, &sql, values).await
}

/// Notes which rows of a bank's statement payouts are, with one statement; `false` when one of them is a row already.
///
/// # Errors
/// Whatever the engine answers.
pub async fn seen_at_bank(tx: &Tx, payouts: &[(Uuid, String)]) -> Result<bool, DbErr> {
    let (mut values, mut cases, mut ids) = (Vec::new(), String::new(), Vec::new());
    for (id, reference) in payouts {
        let id = super::order::placeholders(&mut values, [(*id).into()]);
        let reference = super::order::placeholders(&mut values, [reference.clone().into()]);
        cases.push_str(&format!(" when {id} then cast({reference} as text)"));
        ids.push(id);
    }
    let sql = format!(
        "update provider_payouts set bank_reference = case id{cases} end
        where bank_reference is null and id in ({})",
        ids.join(", ")
    );
    Ok(exec(tx, &sql, values).await? == payouts.len() as u64)
}
