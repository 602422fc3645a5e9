//! Refunds to a unit's bank account, and what of a claim can be given back.

use super::narrow::{Narrow, beginning};
use super::{Rows, Tx, exec, many, one, scalar};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

/// A refund by bank as stored, with the names of unit and claim.
#[derive(FromQueryResult, Clone, Debug)]
pub struct RefundOrderRecord {
    /// Its id.
    pub id: Uuid,
    /// Its number.
    pub number: String,
    /// The unit.
    pub unit_id: Uuid,
    /// Its name.
    pub unit_name: String,
    /// The claim.
    pub claim_id: Option<Uuid>,
    /// Its number.
    pub claim_number: Option<String>,
    /// How much.
    pub amount_fen: i64,
    /// Where it stands.
    pub status: String,
    /// Who receives it.
    pub payee_name: String,
    /// The account.
    pub payee_account: String,
    /// The bank where it is.
    pub payee_bank: String,
    /// Why.
    pub reason: String,
    /// Who prepared it.
    pub prepared_by: Uuid,
    /// Their name.
    pub prepared_by_name: String,
    /// When.
    pub prepared_at: i64,
    /// Who released it.
    pub released_by_name: Option<String>,
    /// When.
    pub released_at: Option<i64>,
    /// The bank's own number.
    pub bank_reference: Option<String>,
    /// Who marked it as sent.
    pub sent_by_name: Option<String>,
    /// When.
    pub sent_at: Option<i64>,
    /// Why it was given up.
    pub cancel_reason: String,
    /// By whom.
    pub cancelled_by_name: Option<String>,
    /// When.
    pub cancelled_at: Option<i64>,
}

const COLUMNS: &str =
    "r.id, r.number, r.unit_id, u.name as unit_name, r.claim_id, c.number as claim_number, r.amount_fen, r.status,
    r.payee_name, r.payee_account, r.payee_bank, r.reason, r.prepared_by, r.prepared_by_name, r.prepared_at,
    r.released_by_name, r.released_at, r.bank_reference, r.sent_by_name, r.sent_at, r.cancel_reason,
    r.cancelled_by_name, r.cancelled_at";
const FROM: &str =
    "refund_orders r join aid_units u on u.id = r.unit_id left join claims c on c.id = r.claim_id";

/// A refund by its id.
///
/// # Errors
/// Whatever the engine answers.
pub async fn find(connection: &impl ConnectionTrait, id: Uuid) -> Result<Option<RefundOrderRecord>, DbErr> {
    let sql = format!("select {COLUMNS} from {FROM} where r.id = $1");
    one(connection, &sql, [id.into()]).await
}

/// The refunds of a claim, oldest first.
///
/// # Errors
/// Whatever the engine answers.
pub async fn of_claim(
    connection: &impl ConnectionTrait,
    claim_id: Uuid,
) -> Result<Vec<RefundOrderRecord>, DbErr> {
    let sql =
        format!("select {COLUMNS} from {FROM} where r.claim_id = $1 order by r.prepared_at, r.id limit 200");
    many(connection, &sql, [claim_id.into()]).await
}

/// What a list of refunds is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only this unit's.
    pub unit_id: Option<Uuid>,
    /// Only in this state.
    pub status: Option<&'static str>,
    /// Only prepared at this moment or later.
    pub from: Option<i64>,
    /// Only prepared before this moment.
    pub before: Option<i64>,
    /// Only whose number, or claim's number, begins like this.
    pub number: Option<String>,
    /// Behind this one.
    pub behind: Option<(i64, Uuid)>,
}

/// Refunds, newest first.
///
/// # Errors
/// Whatever the engine answers.
pub async fn list(
    connection: &impl ConnectionTrait,
    filter: Filter,
    limit: i64,
) -> Result<Vec<RefundOrderRecord>, DbErr> {
    let mut narrow = Narrow::default();
    narrow.only("r.unit_id = $?", filter.unit_id);
    narrow.only("r.status = $?", filter.status);
    narrow.only("r.prepared_at >= $?", filter.from);
    narrow.only("r.prepared_at < $?", filter.before);
    let number = filter.number.as_deref().map(beginning);
    narrow.only(
        "(r.number like $? escape '!' or c.number like $? escape '!')",
        number,
    );
    narrow.behind("r.prepared_at", "r.id", filter.behind);
    let limit = narrow.bind(limit);
    let sql = format!(
        "select {COLUMNS} from {FROM} where {} order by r.prepared_at desc, r.id desc limit {limit}",
        narrow.text()
    );
    many(connection, &sql, narrow.values()).await
}

/// A refund about to be prepared.
#[derive(Clone, Debug)]
pub struct NewRefundOrder {
    /// Its id.
    pub id: Uuid,
    /// Its number.
    pub number: String,
    /// The unit.
    pub unit_id: Uuid,
    /// The claim.
    pub claim_id: Option<Uuid>,
    /// How much.
    pub amount_fen: i64,
    /// Who receives it.
    pub payee_name: String,
    /// The account.
    pub payee_account: String,
    /// The bank where it is.
    pub payee_bank: String,
    /// Why.
    pub reason: String,
    /// Who prepares it, and their name.
    pub prepared_by: (Uuid, String),
    /// When.
    pub at: i64,
}

/// Prepares a refund.
///
/// # Errors
/// Whatever the engine answers.
pub async fn insert(tx: &Tx, new: NewRefundOrder) -> Result<(), DbErr> {
    let columns = &[
        "id",
        "number",
        "unit_id",
        "claim_id",
        "amount_fen",
        "status",
        "payee_name",
        "payee_account",
        "payee_bank",
        "reason",
        "prepared_by",
        "prepared_by_name",
        "prepared_at",
        "cancel_reason",
    ];
    Rows::into("refund_orders", columns)
        .row([
            new.id.into(),
            new.number.into(),
            new.unit_id.into(),
            new.claim_id.into(),
            new.amount_fen.into(),
            "prepared".into(),
            new.payee_name.into(),
            new.payee_account.into(),
            new.payee_bank.into(),
            new.reason.into(),
            new.prepared_by.0.into(),
            new.prepared_by.1.into(),
            new.at.into(),
            "".into(),
        ])
        .insert(tx)
        .await
}

/// Who moves a refund on, and when.
#[derive(Clone, Debug)]
pub struct By {
    /// Who.
    pub person_id: Uuid,
    /// Their name.
    pub name: String,
    /// When.
    pub at: i64,
}

/// Releases a refund; `false` when it was released or given up meanwhile.
///
/// # Errors
/// Whatever the engine answers.
pub async fn release(tx: &Tx, id: Uuid, by: By) -> Result<bool, DbErr> {
    let sql = "update refund_orders set status = 'released', released_by = $2, released_by_name = $3, released_at = $4
        where id = $1 and status = 'prepared' and prepared_by <> $2";
    let values = [id.into(), by.person_id.into(), by.name.into(), by.at.into()];
    Ok(exec(tx, sql, values).await? == 1)
}

/// Marks a refund as sent under the bank's number; `false` when it does not wait for that.
///
/// # Errors
/// Whatever the engine answers; a unique violation when that number is another refund's.
pub async fn sent(tx: &Tx, id: Uuid, reference: &str, transaction_id: Uuid, by: By) -> Result<bool, DbErr> {
    let sql =
        "update refund_orders set status = 'sent', bank_reference = $2, transaction_id = $3, sent_by = $4,
            sent_by_name = $5, sent_at = $6
        where id = $1 and status = 'released'";
    let values: [Value; 6] = [
        id.into(),
        reference.into(),
        transaction_id.into(),
        by.person_id.into(),
        by.name.into(),
        by.at.into(),
    ];
    Ok(exec(tx, sql, values).await? == 1)
}

/// Whether another refund was sent under this number of the bank.
///
/// # Errors
/// Whatever the engine answers.
pub async fn reference_is_known(
    connection: &impl ConnectionTrait,
    id: Uuid,
    reference: &str,
) -> Result<bool, DbErr> {
    let sql = "select count(*) from refund_orders where bank_reference = $2 and id <> $1";
    Ok(scalar(connection, sql, [id.into(), reference.into()]).await? > 0)
}

/// Gives a refund up; `false` when it was sent or given up meanwhile.
///
/// # Errors
/// Whatever the engine answers.
pub async fn cancel(tx: &Tx, id: Uuid, reason: &str, by: By) -> Result<bool, DbErr> {
    let sql = "update refund_orders set status = 'cancelled', cancel_reason = $2, cancelled_by = $3,
            cancelled_by_name = $4, cancelled_at = $5
        where id = $1 and status in ('prepared', 'released')";
    let values = [
        id.into(),
        reason.into(),
        by.person_id.into(),
        by.name.into(),
        by.at.into(),
    ];
    Ok(exec(tx, sql, values).await? == 1)
}

/// Takes a unit's deposit for the rest of the transaction: whoever else holds or spends of it waits, and sees what is left.
///
/// # Errors
/// Whatever the engine answers.
pub async fn take_deposit(tx: &Tx, unit_id: Uuid) -> Result<(), DbErr> {
    let sql = "update account_balances set balance_fen = balance_fen where account_kind = 'unit_deposit' and owner = $1";
    exec(tx, sql, [unit_id.to_string().into()]).await.map(|_| ())
}

/// What a posted claim did to what the unit owed and to its deposit.
#[derive(FromQueryResult, Clone, Copy, Debug)]
pub struct ClaimSums {
    /// What lowered what it owed.
    pub off_fen: i64,
    /// What went to its deposit.
    pub deposit_fen: i64,
    /// What of that was given back or is on its way.
    pub returned_fen: i64,
}

/// What became of a claim's sum.
///
/// # Errors
/// Whatever the engine answers.
pub async fn claim_sums(
    connection: &impl ConnectionTrait,
    claim_id: Uuid,
) -> Result<Option<ClaimSums>, DbErr> {
    let sql = "select cast(coalesce(-sum(case when e.account_kind = 'unit_receivable' then e.amount_fen else 0 end), 0)
                as bigint) as off_fen,
            cast(coalesce(-sum(case when e.account_kind = 'unit_deposit' then e.amount_fen else 0 end), 0)
                as bigint) as deposit_fen,
            cast((select coalesce(sum(r.amount_fen), 0) from refund_orders r
                    where r.claim_id = $1 and r.status <> 'cancelled')
                + (select coalesce(sum(r.amount_fen), 0) from refunds r
                    where r.claim_id = $1 and r.status <> 'failed') as bigint) as returned_fen
        from claims c join ledger_entries e on e.transaction_id = c.transaction_id
        where c.id = $1";
    one(connection, sql, [claim_id.into()]).await
}
