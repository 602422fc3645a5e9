//! Claims, their lines and what was said.

use super::order::placeholders;
use super::{Rows, Tx, exec, many, one};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

/// A claim as stored, with the unit's name.
#[derive(FromQueryResult, Clone, Debug)]
pub struct ClaimRecord {
    /// Its id.
    pub id: Uuid,
    /// Its number.
    pub number: String,
    /// The acceptance.
    pub acceptance_id: Uuid,
    /// Its number.
    pub acceptance_number: String,
    /// The order.
    pub order_id: Uuid,
    /// The unit.
    pub unit_id: Uuid,
    /// The unit's name.
    pub unit_name: String,
    /// Its state.
    pub status: String,
    /// The sum asked for.
    pub asked_fen: i64,
    /// The sum agreed to.
    pub agreed_fen: Option<i64>,
    /// The decision in words.
    pub answer: String,
    /// Who opened it.
    pub opened_by: Uuid,
    /// Their name.
    pub opened_by_name: String,
    /// When.
    pub opened_at: i64,
    /// The last day for the centre to answer.
    pub answer_by: i32,
    /// Who decided.
    pub answered_by_name: Option<String>,
    /// When.
    pub answered_at: Option<i64>,
}

const COLUMNS: &str = "c.id, c.number, c.acceptance_id, c.acceptance_number, c.order_id, c.unit_id, u.name as unit_name,
    c.status, c.asked_fen, c.agreed_fen, c.answer, c.opened_by, c.opened_by_name, c.opened_at, c.answer_by, c.answered_by_name,
    c.answered_at";

/// A claim by its id.
///
/// # Errors
/// Whatever the engine answers.
pub async fn find(connection: &impl ConnectionTrait, id: Uuid) -> Result<Option<ClaimRecord>, DbErr> {
    let sql = format!("select {COLUMNS} from claims c join aid_units u on u.id = c.unit_id where c.id = $1");
    one(connection, &sql, [id.into()]).await
}

/// What a list of claims is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only this unit's.
    pub unit_id: Option<Uuid>,
    /// Only those that dispute goods of villages whose code begins like this: a village's or a town's.
    pub village_prefix: Option<String>,
    /// Only in this state.
    pub status: Option<&'static str>,
    /// Only those that are not answered and should have been before this day.
    pub overdue_on: Option<i32>,
    /// Only over this acceptance.
    pub acceptance_id: Option<Uuid>,
    /// Behind this one.
    pub before: Option<(i64, Uuid)>,
}

/// Claims, newest first.
///
/// # Errors
/// Whatever the engine answers.
pub async fn list(
    connection: &impl ConnectionTrait,
    filter: &Filter,
    limit: i64,
) -> Result<Vec<ClaimRecord>, DbErr> {
    let (at, id) = filter.before.unwrap_or((i64::MAX, Uuid::max()));
    let mut values: Vec<Value> = vec![at.into(), id.into(), limit.into()];
    let mut wheres = String::new();
    if let Some(unit) = filter.unit_id {
        let unit = placeholders(&mut values, [unit.into()]);
        wheres.push_str(&format!(" and c.unit_id = {unit}"));
    }
    if let Some(status) = filter.status {
        let status = placeholders(&mut values, [status.into()]);
        wheres.push_str(&format!(" and c.status = {status}"));
    }
    if let Some(today) = filter.overdue_on {
        let today = placeholders(&mut values, [today.into()]);
        wheres.push_str(&format!(" and c.status = 'opened' and c.answer_by < {today}"));
    }
    if let Some(acceptance) = filter.acceptance_id {
        let acceptance = placeholders(&mut values, [acceptance.into()]);
        wheres.push_str(&format!(" and c.acceptance_id = {acceptance}"));
    }
    if let Some(prefix) = &filter.village_prefix {
        // Codes are digits: everything that begins so lies between the prefix and the prefix with a colon.
        let from = placeholders(&mut values, [prefix.clone().into()]);
        let to = placeholders(&mut values, [format!("{prefix}:").into()]);
        wheres.push_str(&format!(
            " and exists (select 1 from claim_lines l where l.claim_id = c.id
                and l.village_code >= {from} and l.village_code < {to})"
        ));
    }
    // The page is cut first: names are then looked up for its rows only, whatever order of joins an engine prefers.
    let sql = format!(
        "select {COLUMNS} from (select * from claims c where (c.opened_at, c.id) < ($1, $2){wheres}
            order by c.opened_at desc, c.id desc limit $3) c
        join aid_units u on u.id = c.unit_id order by c.opened_at desc, c.id desc"
    );
    many(connection, &sql, values).await
}

/// How many claims are not answered and should have been before a day.
///
/// # Errors
/// Whatever the engine answers.
pub async fn overdue(connection: &impl ConnectionTrait, today: i32) -> Result<i64, DbErr> {
    let sql = "select count(*) from claims where status = 'opened' and answer_by < $1";
    super::scalar(connection, sql, [today.into()]).await
}

/// A line of a claim with what was accepted.
#[derive(FromQueryResult, Clone, Debug)]
pub struct ClaimLineRecord {
    /// The order line.
    pub line_id: Uuid,
    /// The village.
    pub village_code: String,
    /// Its name.
    pub village_name: String,
    /// The goods.
    pub name: String,
    /// The lot's trace code.
    pub lot_code: String,
    /// What the price is for.
    pub price_unit: String,
    /// The name of a piece.
    pub piece_name: Option<String>,
    /// Accepted.
    pub accepted_qty: i64,
    /// Its sum.
    pub accepted_fen: i64,
    /// How much is to be taken back.
    pub qty: i64,
    /// The sum asked for.
    pub asked_fen: i64,
    /// The sum agreed to.
    pub agreed_fen: Option<i64>,
    /// Why.
    pub reason: String,
    /// A photo.
    pub photo_id: Option<Uuid>,
}

/// The lines of a claim.
///
/// # Errors
/// Whatever the engine answers.
pub async fn lines(connection: &impl ConnectionTrait, id: Uuid) -> Result<Vec<ClaimLineRecord>, DbErr> {
    let sql = "select l.line_id, l.village_code, v.name as village_name, o.name, o.lot_code, o.price_unit, o.piece_name,
            a.qty as accepted_qty, a.total_fen as accepted_fen, l.qty, l.asked_fen, l.agreed_fen, l.reason, l.photo_id
        from claim_lines l join claims c on c.id = l.claim_id
        join order_lines o on o.id = l.line_id
        join acceptance_lines a on a.acceptance_id = c.acceptance_id and a.line_id = l.line_id
        join villages v on v.code = l.village_code
        where l.claim_id = $1 order by l.village_code, o.position, l.line_id";
    many(connection, sql, [id.into()]).await
}

/// What is claimed of a line already: asked for and not yet decided, or agreed to.
#[derive(FromQueryResult, Clone, Debug)]
pub struct ClaimedRow {
    /// The line.
    pub line_id: Uuid,
    /// How much.
    pub qty: i64,
    /// The sum.
    pub sum_fen: i64,
}

/// What is claimed already of an acceptance's lines, refused claims left out.
///
/// # Errors
/// Whatever the engine answers.
pub async fn claimed(
    connection: &impl ConnectionTrait,
    acceptance_id: Uuid,
) -> Result<Vec<ClaimedRow>, DbErr> {
    let sql = "select l.line_id, cast(coalesce(sum(l.qty), 0) as bigint) as qty,
            cast(coalesce(sum(coalesce(l.agreed_fen, l.asked_fen)), 0) as bigint) as sum_fen
        from claims c join claim_lines l on l.claim_id = c.id
        where c.acceptance_id = $1 and c.status <> 'refused' group by l.line_id";
    many(connection, sql, [acceptance_id.into()]).await
}

/// Something said, as stored.
#[derive(FromQueryResult, Clone, Debug)]
pub struct EntryRecord {
    /// When.
    pub at: i64,
    /// Who.
    pub person_name: String,
    /// In which role.
    pub role: String,
    /// What.
    pub words: String,
    /// A photo.
    pub photo_id: Option<Uuid>,
}

/// What was said in a claim, oldest first, 200 at the most.
///
/// # Errors
/// Whatever the engine answers.
pub async fn entries(connection: &impl ConnectionTrait, id: Uuid) -> Result<Vec<EntryRecord>, DbErr> {
    let sql = "select at, person_name, role, words, photo_id from claim_entries where claim_id = $1
        order by at, id limit 200";
    many(connection, sql, [id.into()]).await
}

/// A line about to be disputed.
#[derive(Clone, Debug)]
pub struct NewLine {
    /// The order line.
    pub line_id: Uuid,
    /// The village.
    pub village_code: String,
    /// How much is to be taken back.
    pub qty: i64,
    /// The sum asked for.
    pub asked_fen: i64,
    /// Why.
    pub reason: &'static str,
    /// A photo.
    pub photo_id: Option<Uuid>,
}

/// Opens a claim with its lines.
///
/// # Errors
/// Whatever the engine answers.
pub async fn insert(tx: &Tx, claim: &ClaimRecord, lines: &[NewLine]) -> Result<(), DbErr> {
    Rows::into(
        "claims",
        &[
            "id",
            "number",
            "acceptance_id",
            "acceptance_number",
            "order_id",
            "unit_id",
            "status",
            "asked_fen",
            "answer",
            "opened_by",
            "opened_by_name",
            "opened_at",
            "answer_by",
        ],
    )
    .row([
        claim.id.into(),
        claim.number.clone().into(),
        claim.acceptance_id.into(),
        claim.acceptance_number.clone().into(),
        claim.order_id.into(),
        claim.unit_id.into(),
        claim.status.clone().into(),
        claim.asked_fen.into(),
        "".into(),
        claim.opened_by.into(),
        claim.opened_by_name.clone().into(),
        claim.opened_at.into(),
        claim.answer_by.into(),
    ])
    .insert(tx)
    .await?;
    let mut rows = Rows::into(
        "claim_lines",
        &[
            "claim_id",
            "line_id",
            "village_code",
            "qty",
            "asked_fen",
            "reason",
            "photo_id",
        ],
    );
    for line in lines {
        rows.push([
            claim.id.into(),
            line.line_id.into(),
            line.village_code.clone().into(),
            line.qty.into(),
            line.asked_fen.into(),
            line.reason.into(),
            line.photo_id.into(),
        ]);
    }
    rows.insert(tx).await
}

/// Something about to be said.
#[derive(Clone, Debug)]
pub struct NewEntry {
    /// Its id.
    pub id: Uuid,
    /// The claim.
    pub claim_id: Uuid,
    /// When.
    pub at: i64,
    /// Who.
    pub person_id: Uuid,
    /// Their name.
    pub person_name: String,
    /// In which role.
    pub role: &'static str,
    /// What.
    pub words: String,
    /// A photo.
    pub photo_id: Option<Uuid>,
}

/// Says something.
///
/// # Errors
/// Whatever the engine answers.
pub async fn say(tx: &Tx, entry: NewEntry) -> Result<(), DbErr> {
    let columns = &[
        "id",
        "claim_id",
        "at",
        "person_id",
        "person_name",
        "role",
        "words",
        "photo_id",
    ];
    Rows::into("claim_entries", columns)
        .row([
            entry.id.into(),
            entry.claim_id.into(),
            entry.at.into(),
            entry.person_id.into(),
            entry.person_name.into(),
            entry.role.into(),
            entry.words.into(),
            entry.photo_id.into(),
        ])
        .insert(tx)
        .await
}

/// A decision about to be written.
#[derive(Clone, Debug)]
pub struct Decision {
    /// The claim.
    pub id: Uuid,
    /// Its next state.
    pub status: &'static str,
    /// The sum agreed to.
    pub agreed_fen: i64,
    /// Why.
    pub words: String,
    /// Who.
    pub person_id: Uuid,
    /// Their name.
    pub person_name: String,
    /// When.
    pub at: i64,
    /// The sum agreed to, line by line.
    pub lines: Vec<(Uuid, i64)>,
}

/// Writes a decision; `false` when the claim is no longer open.
///
/// # Errors
/// Whatever the engine answers.
pub async fn decide(tx: &Tx, decision: &Decision) -> Result<bool, DbErr> {
    let sql = "update claims set status = $2, agreed_fen = $3, answer = $4, answered_by = $5, answered_by_name = $6,
            answered_at = $7
        where id = $1 and status = 'opened'";
    let values: [Value; 7] = [
        decision.id.into(),
        decision.status.into(),
        decision.agreed_fen.into(),
        decision.words.clone().into(),
        decision.person_id.into(),
        decision.person_name.clone().into(),
        decision.at.into(),
    ];
    if exec(tx, sql, values).await? != 1 {
        return Ok(false);
    }
    let mut values: Vec<Value> = vec![decision.id.into()];
    let mut sums = String::new();
    for (line, sum) in &decision.lines {
        let line = placeholders(&mut values, [(*line).into()]);
        let sum = placeholders(&mut values, [(*sum).into()]);
        sums.push_str(&format!(" when {line} then cast({sum} as bigint)"));
    }
    let sql = format!("update claim_lines set agreed_fen = case line_id{sums} end where claim_id = $1");
    Ok(exec(tx, &sql, values).await? == decision.lines.len() as u64)
}

/// What claims took back of a line before, share by share.
#[derive(FromQueryResult, Clone, Debug)]
pub struct PostedShares {
    /// The line.
    pub line_id: Uuid,
    /// How much of it was taken back as goods.
    pub qty: i64,
    /// The village's part.
    pub village_fen: i64,
    /// The supplier's part.
    pub supplier_fen: i64,
    /// The centre's part.
    pub fee_fen: i64,
}

/// What posted claims took back of an acceptance's lines.
///
/// # Errors
/// Whatever the engine answers.
pub async fn posted_shares(
    connection: &impl ConnectionTrait,
    acceptance_id: Uuid,
) -> Result<Vec<PostedShares>, DbErr> {
    let sql = "select l.line_id,
            cast(sum(case when l.agreed_fen = l.asked_fen then l.qty else 0 end) as bigint) as qty,
            cast(sum(l.village_fen) as bigint) as village_fen, cast(sum(l.supplier_fen) as bigint) as supplier_fen,
            cast(sum(l.fee_fen) as bigint) as fee_fen
        from claims c join claim_lines l on l.claim_id = c.id
        where c.acceptance_id = $1 and c.status = 'posted' and l.village_fen is not null group by l.line_id";
    many(connection, sql, [acceptance_id.into()]).await
}

/// What a claim takes back of a line, share by share.
#[derive(Clone, Copy, Debug)]
pub struct Posted {
    /// The line.
    pub line_id: Uuid,
    /// The village's part.
    pub village_fen: i64,
    /// The supplier's part.
    pub supplier_fen: i64,
    /// The centre's part.
    pub fee_fen: i64,
}

/// Keeps with a claim what it posted.
///
/// # Errors
/// Whatever the engine answers.
pub async fn post(tx: &Tx, id: Uuid, transaction_id: Uuid, lines: &[Posted]) -> Result<(), DbErr> {
    let sql = "update claims set transaction_id = $2 where id = $1";
    exec(tx, sql, [id.into(), transaction_id.into()]).await?;
    let mut values: Vec<Value> = vec![id.into()];
    let mut cases = [String::new(), String::new(), String::new()];
    let mut ids = Vec::with_capacity(lines.len());
    for line in lines {
        let line_id = placeholders(&mut values, [line.line_id.into()]);
        for (case, sum) in cases
            .iter_mut()
            .zip([line.village_fen, line.supplier_fen, line.fee_fen])
        {
            let sum = placeholders(&mut values, [sum.into()]);
            case.push_str(&format!(" when {line_id} then cast({sum} as bigint)"));
        }
        ids.push(line_id);
    }
    let [village, supplier, fee] = cases;
    let sql = format!(
        "update claim_lines set village_fen = case line_id{village} end, supplier_fen = case line_id{supplier} end,
            fee_fen = case line_id{fee} end
        where claim_id = $1 and line_id in ({})",
        ids.join(", ")
    );
    exec(tx, &sql, values).await.map(|_| ())
}
