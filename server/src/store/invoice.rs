//! Invoices of bills, and what each seller of record has to invoice.

use super::narrow::Narrow;
use super::{Rows, Tx, exec, many, one};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

/// An invoice as stored, with names.
#[derive(FromQueryResult, Clone, Debug)]
pub struct InvoiceRecord {
    /// Its id.
    pub id: Uuid,
    /// The bill.
    pub bill_id: Uuid,
    /// The bill's number.
    pub bill_number: String,
    /// The unit.
    pub unit_id: Uuid,
    /// The unit's name.
    pub unit_name: String,
    /// The seller of record.
    pub seller_id: Uuid,
    /// What the seller is.
    pub seller_kind: String,
    /// The seller's name.
    pub seller_name: String,
    /// Where it stands.
    pub status: String,
    /// What kind.
    pub kind: String,
    /// Whether no tax is due.
    pub exempt: bool,
    /// To whom it is made out.
    pub title: String,
    /// The taxpayer's number.
    pub tax_no: String,
    /// The sum.
    pub amount_fen: i64,
    /// The tax within it.
    pub tax_fen: i64,
    /// The rate.
    pub rate_bp: i32,
    /// What of the bill the seller has to invoice now.
    pub billed_fen: i64,
    /// Its number.
    pub invoice_no: Option<String>,
    /// Its day.
    pub issued_on: Option<i32>,
    /// When it was asked for.
    pub requested_at: i64,
    /// Who asked.
    pub requested_by_name: String,
    /// Who noted that it was issued.
    pub issued_by_name: Option<String>,
    /// Who noted that the unit has it.
    pub received_by_name: Option<String>,
    /// When.
    pub received_at: Option<i64>,
    /// Why it is gone.
    pub reason: Option<String>,
    /// The invoice that a red-letter one takes back.
    pub red_of: Option<Uuid>,
    /// The red-letter invoice that took it back.
    pub red_id: Option<Uuid>,
    /// The number of the other one.
    pub other_no: Option<String>,
    /// Its file.
    pub file_id: Option<Uuid>,
    /// The file's kind.
    pub file_mime: Option<String>,
}

/// What of a bill a seller of record has to invoice: `n` is an invoice.
const BILLED: &str = "(select cast(coalesce(sum(i.amount_fen - i.corrected_fen), 0) as bigint) from bill_items i
    join village_orders w on w.id = i.village_order_id where i.bill_id = n.bill_id and w.seller_id = n.seller_id)";

fn columns() -> String {
    format!(
        "n.id, n.bill_id, b.number as bill_number, n.unit_id, u.name as unit_name, n.seller_id, s.kind as seller_kind,
        s.name as seller_name, n.status, n.kind, n.exempt, n.title, n.tax_no, n.amount_fen, n.tax_fen, n.rate_bp,
        {BILLED} as billed_fen, n.invoice_no, n.issued_on, n.requested_at, n.requested_by_name, n.issued_by_name,
        n.received_by_name, n.received_at, n.reason, n.red_of, r.id as red_id,
        coalesce(r.invoice_no, o.invoice_no) as other_no, n.file_id, n.file_mime"
    )
}

const NAMES: &str = "join bills b on b.id = n.bill_id join aid_units u on u.id = n.unit_id
    join sellers s on s.id = n.seller_id left join invoices r on r.red_of = n.id left join invoices o on o.id = n.red_of";

/// An invoice by its id.
///
/// # Errors
/// Whatever the engine answers.
pub async fn find(connection: &impl ConnectionTrait, id: Uuid) -> Result<Option<InvoiceRecord>, DbErr> {
    let sql = format!("select {} from invoices n {NAMES} where n.id = $1", columns());
    one(connection, &sql, [id.into()]).await
}

/// What narrows a list of invoices.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only in this state.
    pub status: Option<&'static str>,
    /// Only of this unit.
    pub unit_id: Option<Uuid>,
    /// Only of this bill.
    pub bill_id: Option<Uuid>,
    /// Only with this number.
    pub number: Option<String>,
    /// Only issued ones whose sum is no longer that of the bill.
    pub untied: bool,
}

/// Issued invoices whose sum is no longer that of the bill: a condition on `n`.
#[must_use]
pub fn untied() -> String {
    format!(
        "n.red_of is null and n.status in ('requested', 'issued', 'received') and n.amount_fen <> {BILLED}"
    )
}

/// Invoices, newest first.
///
/// # Errors
/// Whatever the engine answers.
pub async fn list(
    connection: &impl ConnectionTrait,
    filter: &Filter,
    before: Option<(i64, Uuid)>,
    limit: i64,
) -> Result<Vec<InvoiceRecord>, DbErr> {
    let mut narrow = Narrow::default();
    narrow.only("n.status = $?", filter.status);
    narrow.only("n.unit_id = $?", filter.unit_id);
    narrow.only("n.bill_id = $?", filter.bill_id);
    narrow.only("n.invoice_no = $?", filter.number.clone());
    narrow.behind("n.requested_at", "n.id", before);
    let limit = narrow.bind(limit);
    let tied = if filter.untied {
        untied()
    } else {
        "1 = 1".to_owned()
    };
    let sql = format!(
        "select {} from (select * from invoices n where {} and {tied} order by n.requested_at desc, n.id desc
            limit {limit}) n
        {NAMES} order by n.requested_at desc, n.id desc",
        columns(),
        narrow.text()
    );
    many(connection, &sql, narrow.values()).await
}

/// What a seller of record has to invoice of a bill.
#[derive(FromQueryResult, Clone, Debug)]
pub struct SellerRecord {
    /// The seller.
    pub seller_id: Uuid,
    /// What it is.
    pub seller_kind: String,
    /// Its name.
    pub seller_name: String,
    /// Its part of the bill, less what claims took off.
    pub billed_fen: i64,
    /// What stands on its invoices.
    pub invoiced_fen: i64,
    /// How many of them stand.
    pub standing: i64,
}

/// The sellers of record of a bill, by name.
///
/// # Errors
/// Whatever the engine answers.
pub async fn sellers(connection: &impl ConnectionTrait, bill_id: Uuid) -> Result<Vec<SellerRecord>, DbErr> {
    let sql = "select s.id as seller_id, s.kind as seller_kind, s.name as seller_name, x.billed_fen,
            cast(coalesce((select sum(n.amount_fen) from invoices n where n.bill_id = $1 and n.seller_id = s.id
                and n.status <> 'cancelled'), 0) as bigint) as invoiced_fen,
            (select count(*) from invoices n where n.bill_id = $1 and n.seller_id = s.id and n.red_of is null
                and n.status in ('requested', 'issued', 'received')) as standing
        from (select w.seller_id, cast(sum(i.amount_fen - i.corrected_fen) as bigint) as billed_fen
            from bill_items i join village_orders w on w.id = i.village_order_id
            where i.bill_id = $1 group by w.seller_id) x
        join sellers s on s.id = x.seller_id order by s.name, s.id";
    many(connection, sql, [bill_id.into()]).await
}

/// An invoice as it is written.
#[derive(Clone, Debug)]
pub struct NewInvoice {
    /// Its id.
    pub id: Uuid,
    /// The bill.
    pub bill_id: Uuid,
    /// The unit.
    pub unit_id: Uuid,
    /// The seller of record.
    pub seller_id: Uuid,
    /// Where it stands.
    pub status: &'static str,
    /// What kind.
    pub kind: String,
    /// Whether no tax is due.
    pub exempt: bool,
    /// To whom it is made out.
    pub title: String,
    /// The taxpayer's number.
    pub tax_no: String,
    /// The sum.
    pub amount_fen: i64,
    /// The tax within it.
    pub tax_fen: i64,
    /// The rate.
    pub rate_bp: i32,
    /// Its number and day, of one that is issued already.
    pub issued: Option<(String, i32)>,
    /// When.
    pub at: i64,
    /// Who, with their name.
    pub by: (Uuid, String),
    /// Why it takes another one back.
    pub reason: Option<String>,
    /// The invoice that it takes back.
    pub red_of: Option<Uuid>,
}

/// Writes invoices.
///
/// # Errors
/// Whatever the engine answers; a unique violation when one of them stands already.
pub async fn insert(tx: &Tx, invoices: Vec<NewInvoice>) -> Result<(), DbErr> {
    let mut rows = Rows::into(
        "invoices",
        &[
            "id",
            "bill_id",
            "unit_id",
            "seller_id",
            "status",
            "kind",
            "exempt",
            "title",
            "tax_no",
            "amount_fen",
            "tax_fen",
            "rate_bp",
            "invoice_no",
            "issued_on",
            "requested_at",
            "requested_by",
            "requested_by_name",
            "issued_by_name",
            "reason",
            "red_of",
        ],
    );
    for new in invoices {
        let issued_by = new.issued.is_some().then(|| new.by.1.clone());
        let (number, day) = new.issued.unzip();
        rows.push([
            new.id.into(),
            new.bill_id.into(),
            new.unit_id.into(),
            new.seller_id.into(),
            new.status.into(),
            new.kind.into(),
            new.exempt.into(),
            new.title.into(),
            new.tax_no.into(),
            new.amount_fen.into(),
            new.tax_fen.into(),
            new.rate_bp.into(),
            number.into(),
            day.into(),
            new.at.into(),
            new.by.0.into(),
            new.by.1.into(),
            issued_by.into(),
            new.reason.into(),
            new.red_of.into(),
        ]);
    }
    rows.insert(tx).await
}

/// Whether an invoice has this number.
///
/// # Errors
/// Whatever the engine answers.
pub async fn has_number(connection: &impl ConnectionTrait, number: &str) -> Result<bool, DbErr> {
    let sql = "select count(*) from invoices where invoice_no = $1";
    Ok(super::scalar(connection, sql, [number.into()]).await? > 0)
}

/// What is known of an invoice once it is issued.
#[derive(Clone, Debug)]
pub struct Issued {
    /// Its number.
    pub invoice_no: String,
    /// Its day.
    pub issued_on: i32,
    /// The rate.
    pub rate_bp: i32,
    /// The tax within the sum.
    pub tax_fen: i64,
    /// Who noted it.
    pub by_name: String,
}

/// Notes that an invoice was issued; `false` when it no longer waits for it.
///
/// # Errors
/// Whatever the engine answers.
pub async fn issue(tx: &Tx, id: Uuid, issued: &Issued) -> Result<bool, DbErr> {
    let sql =
        "update invoices set status = 'issued', invoice_no = $2, issued_on = $3, rate_bp = $4, tax_fen = $5,
            issued_by_name = $6
        where id = $1 and status = 'requested'";
    let values: [Value; 6] = [
        id.into(),
        issued.invoice_no.clone().into(),
        issued.issued_on.into(),
        issued.rate_bp.into(),
        issued.tax_fen.into(),
        issued.by_name.clone().into(),
    ];
    Ok(exec(tx, sql, values).await? == 1)
}

/// Notes that the unit has an invoice; `false` when it is not issued, or was received before.
///
/// # Errors
/// Whatever the engine answers.
pub async fn receive(tx: &Tx, id: Uuid, by_name: &str, at: i64) -> Result<bool, DbErr> {
    let sql = "update invoices set status = 'received', received_by_name = $2, received_at = $3
        where id = $1 and status = 'issued' and red_of is null";
    Ok(exec(tx, sql, [id.into(), by_name.into(), at.into()]).await? == 1)
}

/// Ends an invoice: cancelled before it was issued, or taken back after; `false` when it does not stand there.
///
/// # Errors
/// Whatever the engine answers.
pub async fn end(tx: &Tx, id: Uuid, from: &str, to: &str, reason: &str) -> Result<bool, DbErr> {
    let sql = "update invoices set status = $3, reason = $4 where id = $1 and status = $2";
    let values: [Value; 4] = [id.into(), from.into(), to.into(), reason.into()];
    Ok(exec(tx, sql, values).await? == 1)
}

/// Notes an invoice's file; another one takes its place.
///
/// # Errors
/// Whatever the engine answers.
pub async fn set_file(tx: &Tx, id: Uuid, file_id: Uuid, mime: &str) -> Result<(), DbErr> {
    let sql = "update invoices set file_id = $2, file_mime = $3 where id = $1";
    exec(tx, sql, [id.into(), file_id.into(), mime.into()])
        .await
        .map(drop)
}
