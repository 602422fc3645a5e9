//! Money given back through a provider.

use super::{Rows, Tx, exec, many, one};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

/// A refund as stored.
#[derive(FromQueryResult, Clone, Debug)]
pub struct RefundRecord {
    /// Its id.
    pub id: Uuid,
    /// Its number.
    pub number: String,
    /// The payment.
    pub payment_id: Uuid,
    /// The unit.
    pub unit_id: Uuid,
    /// How much.
    pub amount_fen: i64,
    /// Where it stands.
    pub status: String,
    /// Why.
    pub reason: String,
    /// Its name at the provider.
    pub reference: Option<String>,
    /// The ledger transaction.
    pub transaction_id: Uuid,
    /// What the provider said when it failed.
    pub trouble: String,
    /// Who asked for it.
    pub asked_by: Option<Uuid>,
    /// Their name.
    pub asked_by_name: String,
    /// When.
    pub asked_at: i64,
    /// When it ended.
    pub ended_at: Option<i64>,
    /// How often it was sent.
    pub tries: i32,
    /// The charge it is taken from.
    pub charge_ref: Option<String>,
}

const COLUMNS: &str = "r.id, r.number, r.payment_id, r.unit_id, r.amount_fen, r.status, r.reason, r.reference, r.transaction_id,
    r.trouble, r.asked_by, r.asked_by_name, r.asked_at, r.ended_at, r.tries, p.charge_ref";
const FROM: &str = "refunds r join payments p on p.id = r.payment_id";

/// A refund by its id.
///
/// # Errors
/// Whatever the engine answers.
pub async fn find(connection: &impl ConnectionTrait, id: Uuid) -> Result<Option<RefundRecord>, DbErr> {
    let sql = format!("select {COLUMNS} from {FROM} where r.id = $1");
    one(connection, &sql, [id.into()]).await
}

/// A refund by its name at a provider.
///
/// # Errors
/// Whatever the engine answers.
pub async fn by_reference(
    connection: &impl ConnectionTrait,
    provider: &str,
    reference: &str,
) -> Result<Option<RefundRecord>, DbErr> {
    let sql = format!("select {COLUMNS} from {FROM} where r.provider = $1 and r.reference = $2");
    one(connection, &sql, [provider.into(), reference.into()]).await
}

/// The refunds of a payment, oldest first.
///
/// # Errors
/// Whatever the engine answers.
pub async fn of_payment(
    connection: &impl ConnectionTrait,
    payment_id: Uuid,
) -> Result<Vec<RefundRecord>, DbErr> {
    let sql =
        format!("select {COLUMNS} from {FROM} where r.payment_id = $1 order by r.asked_at, r.id limit 200");
    many(connection, &sql, [payment_id.into()]).await
}

/// The refunds of a claim, oldest first.
///
/// # Errors
/// Whatever the engine answers.
pub async fn of_claim(connection: &impl ConnectionTrait, claim_id: Uuid) -> Result<Vec<RefundRecord>, DbErr> {
    let sql =
        format!("select {COLUMNS} from {FROM} where r.claim_id = $1 order by r.asked_at, r.id limit 200");
    many(connection, &sql, [claim_id.into()]).await
}

/// Refunds that are to be sent, and to be asked after, by now.
///
/// # Errors
/// Whatever the engine answers.
pub async fn due(
    connection: &impl ConnectionTrait,
    provider: &str,
    status: &str,
    now: i64,
    limit: i64,
) -> Result<Vec<RefundRecord>, DbErr> {
    let sql = format!(
        "select {COLUMNS} from {FROM} where r.status = $2 and r.provider = $1 and r.next_try_at <= $3
        order by r.next_try_at, r.id limit $4"
    );
    many(
        connection,
        &sql,
        [provider.into(), status.into(), now.into(), limit.into()],
    )
    .await
}

/// A refund about to be noted.
#[derive(Clone, Debug)]
pub struct NewRefund {
    /// Its id; its ledger transaction has the same.
    pub id: Uuid,
    /// Its number.
    pub number: String,
    /// The payment.
    pub payment_id: Uuid,
    /// The provider.
    pub provider: String,
    /// The unit.
    pub unit_id: Uuid,
    /// How much.
    pub amount_fen: i64,
    /// Where it stands.
    pub status: &'static str,
    /// Why.
    pub reason: String,
    /// The claim whose sum is given back.
    pub claim_id: Option<Uuid>,
    /// Its name at the provider, where it was made there.
    pub reference: Option<String>,
    /// Who asks for it; `None` when it was made at the provider.
    pub asked_by: Option<(Uuid, String)>,
    /// When.
    pub at: i64,
}

/// Notes a refund.
///
/// # Errors
/// Whatever the engine answers.
pub async fn insert(tx: &Tx, new: NewRefund) -> Result<(), DbErr> {
    let columns = &[
        "id",
        "number",
        "payment_id",
        "provider",
        "unit_id",
        "claim_id",
        "amount_fen",
        "status",
        "reason",
        "reference",
        "transaction_id",
        "trouble",
        "asked_by",
        "asked_by_name",
        "asked_at",
        "tries",
        "next_try_at",
    ];
    let (asked_by, asked_by_name) = new
        .asked_by
        .map_or((None, String::new()), |(id, name)| (Some(id), name));
    Rows::into("refunds", columns)
        .row([
            new.id.into(),
            new.number.into(),
            new.payment_id.into(),
            new.provider.into(),
            new.unit_id.into(),
            new.claim_id.into(),
            new.amount_fen.into(),
            new.status.into(),
            new.reason.into(),
            new.reference.into(),
            new.id.into(),
            "".into(),
            asked_by.into(),
            asked_by_name.into(),
            new.at.into(),
            0_i32.into(),
            new.at.into(),
        ])
        .insert(tx)
        .await
}

/// How a refund goes on.
#[derive(Clone, Debug)]
pub struct Step<'a> {
    /// The refund.
    pub id: Uuid,
    /// The state it was read in.
    pub from: &'a str,
    /// Its next state.
    pub to: &'a str,
    /// Its name at the provider.
    pub reference: Option<&'a str>,
    /// What the provider said.
    pub trouble: &'a str,
    /// When it ended.
    pub ended_at: Option<i64>,
    /// The transaction that takes it back.
    pub reversal_id: Option<Uuid>,
    /// When to ask after it.
    pub next_try_at: i64,
}

/// Moves a refund on; `false` when it has moved meanwhile.
///
/// # Errors
/// Whatever the engine answers.
pub async fn step(tx: &Tx, step: &Step<'_>) -> Result<bool, DbErr> {
    let sql =
        "update refunds set status = $3, reference = coalesce($4, reference), trouble = $5, ended_at = $6,
            reversal_id = $7, next_try_at = $8
        where id = $1 and status = $2";
    let values: [Value; 8] = [
        step.id.into(),
        step.from.into(),
        step.to.into(),
        step.reference.map(str::to_owned).into(),
        step.trouble.into(),
        step.ended_at.into(),
        step.reversal_id.into(),
        step.next_try_at.into(),
    ];
    Ok(exec(tx, sql, values).await? == 1)
}

/// A refund was tried in vain: when to try again.
///
/// # Errors
/// Whatever the engine answers.
pub async fn later(tx: &Tx, id: Uuid, trouble: &str, next_try_at: i64) -> Result<(), DbErr> {
    let sql = "update refunds set tries = tries + 1, trouble = $2, next_try_at = $3 where id = $1";
    exec(tx, sql, [id.into(), trouble.into(), next_try_at.into()])
        .await
        .map(|_| ())
}
