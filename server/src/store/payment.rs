//! Payments through a provider.

use super::narrow::{Narrow, beginning};
use super::{Rows, Tx, exec, many, one};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

/// A payment as stored, with the unit's name.
#[derive(FromQueryResult, Clone, Debug)]
pub struct PaymentRecord {
    /// Its id.
    pub id: Uuid,
    /// Its number.
    pub number: String,
    /// The provider.
    pub provider: String,
    /// The unit.
    pub unit_id: Uuid,
    /// Its name.
    pub unit_name: String,
    /// The bill.
    pub bill_id: Option<Uuid>,
    /// The order.
    pub order_id: Option<Uuid>,
    /// The bill's or order's number.
    pub about_number: String,
    /// The sum.
    pub amount_fen: i64,
    /// By what it was paid.
    pub method: Option<String>,
    /// Where it stands.
    pub status: String,
    /// The checkout there.
    pub session_ref: Option<String>,
    /// The charge there.
    pub charge_ref: Option<String>,
    /// Where to pay.
    pub url: Option<String>,
    /// Until when.
    pub expires_at: i64,
    /// What was given back, or is about to be.
    pub refunded_fen: i64,
    /// What the provider took.
    pub fee_fen: Option<i64>,
    /// The ledger transaction.
    pub transaction_id: Option<Uuid>,
    /// What a person must look at.
    pub trouble: String,
    /// Who began it.
    pub asked_by: Uuid,
    /// Their name.
    pub asked_by_name: String,
    /// When.
    pub created_at: i64,
    /// When the money came.
    pub paid_at: Option<i64>,
}

const COLUMNS: &str =
    "p.id, p.number, p.provider, p.unit_id, u.name as unit_name, p.bill_id, p.order_id, p.about_number,
    p.amount_fen, p.method, p.status, p.session_ref, p.charge_ref, p.url, p.expires_at, p.refunded_fen,
    p.fee_fen, p.transaction_id, p.trouble, p.asked_by, p.asked_by_name, p.created_at, p.paid_at";
const FROM: &str = "payments p join aid_units u on u.id = p.unit_id";

async fn found(
    connection: &impl ConnectionTrait,
    only: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<Option<PaymentRecord>, DbErr> {
    let sql = format!("select {COLUMNS} from {FROM} where {only}");
    one(connection, &sql, values).await
}

/// A payment by its id.
///
/// # Errors
/// Whatever the engine answers.
pub async fn find(connection: &impl ConnectionTrait, id: Uuid) -> Result<Option<PaymentRecord>, DbErr> {
    found(connection, "p.id = $1", [id.into()]).await
}

/// The payment of a bill or order that can still come.
///
/// # Errors
/// Whatever the engine answers.
pub async fn open_for(
    connection: &impl ConnectionTrait,
    about: Uuid,
) -> Result<Option<PaymentRecord>, DbErr> {
    found(connection, "p.open_for = $1", [about.into()]).await
}

/// A payment by its checkout at a provider.
///
/// # Errors
/// Whatever the engine answers.
pub async fn by_checkout(
    connection: &impl ConnectionTrait,
    provider: &str,
    reference: &str,
) -> Result<Option<PaymentRecord>, DbErr> {
    let values = [provider.into(), reference.into()];
    found(connection, "p.provider = $1 and p.session_ref = $2", values).await
}

/// A payment by its charge at a provider.
///
/// # Errors
/// Whatever the engine answers.
pub async fn by_charge(
    connection: &impl ConnectionTrait,
    provider: &str,
    reference: &str,
) -> Result<Option<PaymentRecord>, DbErr> {
    let values = [provider.into(), reference.into()];
    found(connection, "p.provider = $1 and p.charge_ref = $2", values).await
}

/// A payment by what movements at the provider name.
///
/// # Errors
/// Whatever the engine answers.
pub async fn by_source(
    connection: &impl ConnectionTrait,
    provider: &str,
    reference: &str,
) -> Result<Option<PaymentRecord>, DbErr> {
    let values = [provider.into(), reference.into()];
    found(connection, "p.provider = $1 and p.source_ref = $2", values).await
}

/// Payments that have come for what a claim is about: its order's, and those of the bills that its goods stand on.
///
/// # Errors
/// Whatever the engine answers.
pub async fn behind_claim(
    connection: &impl ConnectionTrait,
    claim_id: Uuid,
    order_id: Uuid,
    limit: i64,
) -> Result<Vec<PaymentRecord>, DbErr> {
    let sql = format!(
        "select {COLUMNS} from {FROM} where p.status in ('paid', 'refunded') and (p.order_id = $2 or p.bill_id in (
            select w.bill_id from claim_lines c join order_lines l on l.id = c.line_id
                join village_orders w on w.id = l.village_order_id
            where c.claim_id = $1 and w.bill_id is not null))
        order by p.created_at, p.id limit $3"
    );
    many(connection, &sql, [claim_id.into(), order_id.into(), limit.into()]).await
}

/// Payments that can still come, oldest first.
///
/// # Errors
/// Whatever the engine answers.
pub async fn open(
    connection: &impl ConnectionTrait,
    provider: &str,
    after: Option<(i64, Uuid)>,
    limit: i64,
) -> Result<Vec<PaymentRecord>, DbErr> {
    let (at, id) = after.unwrap_or((i64::MIN, Uuid::nil()));
    let sql = format!(
        "select {COLUMNS} from {FROM} where p.open_for is not null and p.provider = $1
            and (p.created_at, p.id) > ($2, $3) order by p.created_at, p.id limit $4"
    );
    many(
        connection,
        &sql,
        [provider.into(), at.into(), id.into(), limit.into()],
    )
    .await
}

/// A payment about to be begun.
#[derive(Clone, Debug)]
pub struct NewPayment {
    /// Its id.
    pub id: Uuid,
    /// Its number.
    pub number: String,
    /// The provider.
    pub provider: &'static str,
    /// The unit.
    pub unit_id: Uuid,
    /// The bill.
    pub bill_id: Option<Uuid>,
    /// The order.
    pub order_id: Option<Uuid>,
    /// Its number.
    pub about_number: String,
    /// The sum.
    pub amount_fen: i64,
    /// Until when it can be paid.
    pub expires_at: i64,
    /// Who begins it.
    pub asked_by: Uuid,
    /// Their name.
    pub asked_by_name: String,
    /// When.
    pub created_at: i64,
}

/// Begins a payment.
///
/// # Errors
/// Whatever the engine answers; a unique violation when another of the same bill or order can still come.
pub async fn insert(tx: &Tx, new: &NewPayment) -> Result<(), DbErr> {
    let columns = &[
        "id",
        "number",
        "provider",
        "unit_id",
        "bill_id",
        "order_id",
        "about_number",
        "amount_fen",
        "status",
        "open_for",
        "expires_at",
        "refunded_fen",
        "trouble",
        "asked_by",
        "asked_by_name",
        "created_at",
    ];
    Rows::into("payments", columns)
        .row([
            new.id.into(),
            new.number.clone().into(),
            new.provider.into(),
            new.unit_id.into(),
            new.bill_id.into(),
            new.order_id.into(),
            new.about_number.clone().into(),
            new.amount_fen.into(),
            "created".into(),
            new.bill_id.or(new.order_id).into(),
            new.expires_at.into(),
            0_i64.into(),
            "".into(),
            new.asked_by.into(),
            new.asked_by_name.clone().into(),
            new.created_at.into(),
        ])
        .insert(tx)
        .await
}

/// Notes the page that a payment can be paid on.
///
/// # Errors
/// Whatever the engine answers.
pub async fn opened(tx: &Tx, id: Uuid, reference: &str, url: &str) -> Result<bool, DbErr> {
    let sql = "update payments set status = 'open', session_ref = $2, url = $3
        where id = $1 and status in ('created', 'open') and (session_ref is null or session_ref = $2)";
    Ok(exec(tx, sql, [id.into(), reference.into(), url.into()]).await? == 1)
}

/// How the money came.
#[derive(Clone, Debug)]
pub struct Came {
    /// The payment.
    pub id: Uuid,
    /// The checkout there.
    pub session_ref: String,
    /// The charge there.
    pub charge_ref: Option<String>,
    /// What movements name.
    pub source_ref: Option<String>,
    /// By what.
    pub method: Option<&'static str>,
    /// When.
    pub at: i64,
}

/// The money has come; `false` when that was known already.
///
/// # Errors
/// Whatever the engine answers.
pub async fn paid(tx: &Tx, came: &Came) -> Result<bool, DbErr> {
    let sql = "update payments set status = 'paid', open_for = null, session_ref = $2, charge_ref = $3, source_ref = $4,
            method = $5, transaction_id = $1, paid_at = $6, ended_at = $6, trouble = ''
        where id = $1 and status in ('created', 'open', 'expired', 'failed')
            and (session_ref is null or session_ref = $2)";
    let values: [Value; 6] = [
        came.id.into(),
        came.session_ref.clone().into(),
        came.charge_ref.clone().into(),
        came.source_ref.clone().into(),
        came.method.into(),
        came.at.into(),
    ];
    Ok(exec(tx, sql, values).await? == 1)
}

/// A payment ends without money; `false` when it has ended already.
///
/// # Errors
/// Whatever the engine answers.
pub async fn end(tx: &Tx, id: Uuid, status: &str, trouble: &str, at: i64) -> Result<bool, DbErr> {
    let sql = "update payments set status = $2, open_for = null, trouble = $3, ended_at = $4
        where id = $1 and status in ('created', 'open')";
    let values = [id.into(), status.into(), trouble.into(), at.into()];
    Ok(exec(tx, sql, values).await? == 1)
}

/// Marks what a person must look at; `false` when it is marked so already.
///
/// # Errors
/// Whatever the engine answers.
pub async fn mark(tx: &Tx, id: Uuid, trouble: &str) -> Result<bool, DbErr> {
    let sql = "update payments set trouble = $2 where id = $1 and trouble <> $2";
    Ok(exec(tx, sql, [id.into(), trouble.into()]).await? == 1)
}

/// Notes what the provider took of a payment.
///
/// # Errors
/// Whatever the engine answers.
pub async fn fee(tx: &Tx, id: Uuid, fee_fen: i64) -> Result<(), DbErr> {
    let sql = "update payments set fee_fen = $2 where id = $1";
    exec(tx, sql, [id.into(), fee_fen.into()]).await.map(|_| ())
}

/// Takes a sum of a payment for a refund; `false` when there is not so much left of it.
///
/// # Errors
/// Whatever the engine answers.
pub async fn take_back(tx: &Tx, id: Uuid, amount_fen: i64) -> Result<bool, DbErr> {
    let sql = "update payments set refunded_fen = refunded_fen + $2
        where id = $1 and status in ('paid', 'refunded') and refunded_fen + $2 <= amount_fen";
    Ok(exec(tx, sql, [id.into(), amount_fen.into()]).await? == 1)
}

/// Gives a sum back to a payment whose refund failed.
///
/// # Errors
/// Whatever the engine answers.
pub async fn give_again(tx: &Tx, id: Uuid, amount_fen: i64) -> Result<(), DbErr> {
    let sql = "update payments set refunded_fen = refunded_fen - $2, status = 'paid' where id = $1";
    exec(tx, sql, [id.into(), amount_fen.into()]).await.map(|_| ())
}

/// A payment of which everything was given back is refunded.
///
/// # Errors
/// Whatever the engine answers.
pub async fn refunded(tx: &Tx, id: Uuid) -> Result<(), DbErr> {
    let sql = "update payments set status = 'refunded' where id = $1 and status = 'paid' and refunded_fen = amount_fen
        and not exists (select 1 from refunds r where r.payment_id = payments.id and r.status in ('asked', 'pending'))";
    exec(tx, sql, [id.into()]).await.map(|_| ())
}

/// What a list of payments is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only this unit's.
    pub unit_id: Option<Uuid>,
    /// Only in this state.
    pub status: Option<&'static str>,
    /// Only paid by this.
    pub method: Option<&'static str>,
    /// Only begun at this moment or later.
    pub from: Option<i64>,
    /// Only begun before this moment.
    pub before: Option<i64>,
    /// Only whose number, or bill's or order's number, begins like this.
    pub number: Option<String>,
    /// Only of this bill.
    pub bill_id: Option<Uuid>,
    /// Only of this order.
    pub order_id: Option<Uuid>,
    /// Behind this one.
    pub behind: Option<(i64, Uuid)>,
}

/// Payments, newest first.
///
/// # Errors
/// Whatever the engine answers.
pub async fn list(
    connection: &impl ConnectionTrait,
    filter: Filter,
    limit: i64,
) -> Result<Vec<PaymentRecord>, DbErr> {
    let mut narrow = Narrow::default();
    narrow.only("p.unit_id = $?", filter.unit_id);
    narrow.only("p.status = $?", filter.status);
    narrow.only("p.method = $?", filter.method);
    narrow.only("p.created_at >= $?", filter.from);
    narrow.only("p.created_at < $?", filter.before);
    let number = filter.number.as_deref().map(beginning);
    narrow.only(
        "(p.number like $? escape '!' or p.about_number like $? escape '!')",
        number,
    );
    narrow.only("p.bill_id = $?", filter.bill_id);
    narrow.only("p.order_id = $?", filter.order_id);
    narrow.behind("p.created_at", "p.id", filter.behind);
    let limit = narrow.bind(limit);
    let sql = format!(
        "select {COLUMNS} from {FROM} where {} order by p.created_at desc, p.id desc limit {limit}",
        narrow.text()
    );
    many(connection, &sql, narrow.values()).await
}

/// What an order comes to as it stands, and what was paid ahead of it.
#[derive(FromQueryResult, Clone, Debug)]
pub struct OrderToPay {
    /// Its number.
    pub number: String,
    /// The unit.
    pub unit_id: Uuid,
    /// Where it stands.
    pub status: String,
    /// What it comes to, without what will not come.
    pub total_fen: i64,
    /// What was paid ahead and not given back.
    pub paid_fen: i64,
}

/// An order as something to be paid ahead.
///
/// # Errors
/// Whatever the engine answers.
pub async fn order_to_pay(connection: &impl ConnectionTrait, id: Uuid) -> Result<Option<OrderToPay>, DbErr> {
    let sql = "select o.number, o.unit_id, o.status,
            cast(coalesce((select sum(case when w.status = 'offered' then w.total_fen
                    when w.status in ('declined', 'expired', 'cancelled') then 0 else w.confirmed_fen end)
                from village_orders w where w.order_id = o.id), 0) as bigint) as total_fen,
            cast(coalesce((select sum(p.amount_fen - p.refunded_fen)
                from payments p where p.order_id = o.id and p.status in ('paid', 'refunded')), 0) as bigint) as paid_fen
        from orders o where o.id = $1";
    one(connection, sql, [id.into()]).await
}
