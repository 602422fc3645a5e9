//! Following a number: one statement, narrowed by what kind of number it is.

use super::many;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

/// What the number names.
#[derive(Clone, Debug)]
pub enum Sought {
    /// An order.
    Order(String),
    /// A village order.
    VillageOrder(String),
    /// An acceptance.
    Acceptance(String),
    /// A claim.
    Claim(String),
    /// A ledger transaction.
    Transaction(Uuid),
    /// A lot's trace code.
    Lot(String),
}

/// A line of goods with everything around it.
#[derive(FromQueryResult, Clone, Debug)]
pub struct TrailRecord {
    /// The village.
    pub village_code: String,
    /// Its name.
    pub village_name: String,
    /// Its town's name.
    pub town_name: String,
    /// The goods.
    pub name: String,
    /// The lot's trace code.
    pub lot_code: String,
    /// Fen for one price unit.
    pub price_fen: i64,
    /// What the price is for.
    pub price_unit: String,
    /// The name of a piece.
    pub piece_name: Option<String>,
    /// Ordered.
    pub qty: i64,
    /// Confirmed.
    pub confirmed_qty: i64,
    /// The transaction.
    pub transaction_id: Option<Uuid>,
    /// The village's entry.
    pub amount_fen: Option<i64>,
    /// Its place in the chain.
    pub chain_seq: Option<i64>,
    /// Its hash.
    pub hash: Option<Vec<u8>>,
    /// The acceptance.
    pub acceptance_id: Option<Uuid>,
    /// Its number.
    pub acceptance_number: Option<String>,
    /// Accepted.
    pub accepted_qty: Option<i64>,
    /// Its sum.
    pub total_fen: Option<i64>,
    /// The village's part.
    pub village_fen: Option<i64>,
    /// Who signed for the unit.
    pub unit_person_name: Option<String>,
    /// When.
    pub unit_signed_at: Option<i64>,
    /// Who signed for the centre.
    pub centre_person_name: Option<String>,
    /// When.
    pub centre_signed_at: Option<i64>,
    /// The village order.
    pub village_order_id: Uuid,
    /// Its number.
    pub village_order_number: String,
    /// Its state.
    pub village_order_status: String,
    /// The order.
    pub order_id: Uuid,
    /// Its number.
    pub order_number: String,
    /// Its state.
    pub order_status: String,
    /// The unit.
    pub unit_name: String,
    /// Who asked.
    pub requested_by_name: String,
    /// When.
    pub placed_at: i64,
}

/// Everything behind a number, `limit` lines at the most.
///
/// # Errors
/// Whatever the engine answers.
pub async fn follow(
    connection: &impl ConnectionTrait,
    sought: &Sought,
    limit: i64,
) -> Result<Vec<TrailRecord>, DbErr> {
    let (condition, value): (&str, Value) = match sought {
        Sought::Order(number) => ("o.number = $1", number.clone().into()),
        Sought::VillageOrder(number) => ("w.number = $1", number.clone().into()),
        Sought::Acceptance(number) => (
            "a.number = $1 and l.id in (select line_id from acceptance_lines
                where acceptance_id = (select id from acceptances where number = $1))",
            number.clone().into(),
        ),
        Sought::Claim(number) => (
            "a.id = (select acceptance_id from claims where number = $1) and l.id in (select line_id from claim_lines
                where claim_id = (select id from claims where number = $1))",
            number.clone().into(),
        ),
        Sought::Transaction(id) => (
            "a.transaction_id = $1 and l.id in (select line_id from ledger_entries where transaction_id = $1)",
            (*id).into(),
        ),
        Sought::Lot(code) => ("l.lot_id = (select id from lots where code = $1)", code.clone().into()),
    };
    let sql = format!(
        "select l.village_code, v.name as village_name, t.name as town_name, l.name, l.lot_code, l.price_fen,
            l.price_unit, l.piece_name, l.qty, coalesce(l.confirmed_qty, l.qty) as confirmed_qty,
            a.transaction_id, e.amount_fen, e.chain_seq, e.hash, a.id as acceptance_id, a.number as acceptance_number,
            x.qty as accepted_qty, x.total_fen, x.village_fen, a.unit_person_name, a.unit_signed_at,
            a.centre_person_name, a.centre_signed_at, w.id as village_order_id, w.number as village_order_number,
            w.status as village_order_status, o.id as order_id, o.number as order_number, o.status as order_status,
            u.name as unit_name, o.requested_by_name, o.placed_at
        from order_lines l
        join village_orders w on w.id = l.village_order_id
        join orders o on o.id = l.order_id
        join aid_units u on u.id = l.unit_id
        join villages v on v.code = l.village_code
        join towns t on t.code = v.town_code
        left join acceptance_lines x on x.line_id = l.id
        left join acceptances a on a.id = x.acceptance_id
        left join ledger_entries e on e.transaction_id = a.transaction_id and e.line_id = l.id
            and e.account_kind = 'village_payable'
        where {condition} order by o.placed_at desc, o.id, l.village_code, l.position, l.id limit $2"
    );
    many(connection, &sql, [value, limit.into()]).await
}
