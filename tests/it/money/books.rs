//! Looks at what is stored: every lot, every village order and its lines, and every account stand as the model says.

use super::model::Ask;
use super::world::World;
use sea_orm::{FromQueryResult, Value};
use server::store;
use std::collections::BTreeMap;
use tests::market::VILLAGES;
use uuid::Uuid;

#[derive(FromQueryResult)]
struct StoredLot {
    id: Uuid,
    qty: i64,
    reserved: i64,
    sold: i64,
}

#[derive(FromQueryResult)]
struct StoredOrder {
    id: Uuid,
    status: String,
    total_fen: i64,
}

#[derive(FromQueryResult)]
struct StoredPart {
    line: Uuid,
    part: Uuid,
    status: String,
    qty: i64,
    confirmed: i64,
    total_fen: i64,
    accepted_qty: Option<i64>,
    accepted_fen: Option<i64>,
}

#[derive(FromQueryResult)]
struct StoredBalance {
    account_kind: String,
    owner: String,
    balance_fen: i64,
}

#[derive(FromQueryResult)]
struct StoredIncome {
    village_code: String,
    fen: i64,
}

/// A line with its village order and where that stands, amounts ordered, promised and accepted, sums.
type Stands = (Uuid, String, [i64; 3], Option<(i64, i64)>);

impl World<'_> {
    /// Everything of this sequence stands as the model says.
    pub async fn check_goods(&self) {
        self.check_lots().await;
        if self.first_order < self.model.orders.len() {
            self.check_orders().await;
            self.check_lines().await;
        }
    }

    async fn check_lots(&self) {
        let mut expected = BTreeMap::new();
        for lot in self.model.goods[self.first_good..]
            .iter()
            .flat_map(|good| &good.lots)
        {
            expected.insert(lot.id, [lot.qty, lot.reserved, lot.sold]);
        }
        let offers = self.offers[self.first_good..].iter().map(|offer| offer.id);
        let sql = "select id, qty, reserved, sold from lots where offer_id in";
        let stored: Vec<StoredLot> = self.stored(sql, offers).await;
        let stored = stored
            .into_iter()
            .map(|lot| (lot.id, [lot.qty, lot.reserved, lot.sold]));
        assert_eq!(
            expected,
            stored.collect(),
            "the model's lots and the stored ones: quantity, reserved, sold"
        );
    }

    async fn check_orders(&self) {
        let ids = self.model.orders[self.first_order..].iter().map(|order| order.id);
        let sql = "select id, status, total_fen from orders where id in";
        let stored: Vec<StoredOrder> = self.stored(sql, ids).await;
        let stored: BTreeMap<Uuid, StoredOrder> = stored.into_iter().map(|order| (order.id, order)).collect();
        for order in &self.model.orders[self.first_order..] {
            let found = &stored[&order.id];
            let expected = match &order.request {
                _ if order.is_over() => Some("cancelled"),
                Some(request) if request.ask == Ask::Waits => Some("requested"),
                Some(request) if request.ask == Ask::Rejected => Some("rejected"),
                _ => None,
            };
            let at_rest = ["cancelled", "requested", "rejected"].contains(&found.status.as_str());
            assert_eq!(
                at_rest.then_some(found.status.as_str()),
                expected,
                "an order is {} and stands like this: {order:#?}",
                found.status
            );
            assert_eq!(found.total_fen, order.total, "what an order comes to: {order:#?}");
        }
    }

    async fn check_lines(&self) {
        let mut expected = BTreeMap::<Uuid, Stands>::new();
        for part in self.model.orders[self.first_order..]
            .iter()
            .flat_map(|order| &order.parts)
        {
            for line in &part.lines {
                let amounts = [line.qty, line.confirmed, line.total];
                let stands = (part.id, part.stand.name().to_owned(), amounts, line.accepted);
                expected.insert(line.id, stands);
            }
        }
        let ids = self.model.orders[self.first_order..].iter().map(|order| order.id);
        let sql = "select l.id as line, w.id as part, w.status, l.qty, coalesce(l.confirmed_qty, l.qty) as confirmed,
                l.total_fen, l.accepted_qty, l.accepted_fen
            from order_lines l join village_orders w on w.id = l.village_order_id where w.order_id in";
        let stored: Vec<StoredPart> = self.stored(sql, ids).await;
        let stands = |line: StoredPart| {
            let amounts = [line.qty, line.confirmed, line.total_fen];
            (
                line.line,
                (
                    line.part,
                    line.status,
                    amounts,
                    line.accepted_qty.zip(line.accepted_fen),
                ),
            )
        };
        let stored: BTreeMap<Uuid, Stands> = stored.into_iter().map(stands).collect();
        assert_eq!(
            expected, stored,
            "the model's lines and the stored ones: village order, where it stands, [ordered, promised, sum], accepted"
        );
    }

    /// Every account stands as the model says, and there is no other.
    pub async fn check_money(&self) {
        let sql = "select account_kind, owner, balance_fen from account_balances where balance_fen <> 0";
        let stored: Vec<StoredBalance> = store::many(self.app.db.schema(), sql, [])
            .await
            .expect("balances are read");
        let stored: BTreeMap<(String, String), i64> = (stored.into_iter())
            .map(|row| ((row.account_kind, row.owner), row.balance_fen))
            .collect();
        let expected: BTreeMap<(String, String), i64> = (self.model.books.iter())
            .filter(|(_, fen)| **fen != 0)
            .map(|((kind, owner), fen)| (((*kind).to_owned(), owner.clone()), *fen))
            .collect();
        assert_eq!(expected, stored, "the model's accounts and the stored ones");
        let sql = "select village_code, cast(sum(amount_fen) as bigint) as fen from village_incomes group by village_code";
        let stored: Vec<StoredIncome> = store::many(self.app.db.schema(), sql, [])
            .await
            .expect("incomes are read");
        let stored: BTreeMap<String, i64> = (stored.into_iter())
            .map(|row| (row.village_code, row.fen))
            .filter(|(_, fen)| *fen != 0)
            .collect();
        let expected: BTreeMap<String, i64> = (self.model.earned.iter())
            .filter(|(_, fen)| **fen != 0)
            .map(|(village, fen)| (VILLAGES[*village].0.to_owned(), *fen))
            .collect();
        assert_eq!(
            expected, stored,
            "what the model's villages earned, and the stored sums"
        );
    }

    async fn stored<T: FromQueryResult>(&self, sql: &str, ids: impl Iterator<Item = Uuid>) -> Vec<T> {
        let ids: Vec<Value> = ids.map(Value::from).collect();
        let places: Vec<String> = (1..=ids.len()).map(|at| format!("${at}")).collect();
        let sql = format!("{sql} ({})", places.join(", "));
        store::many(self.app.db.schema(), &sql, ids)
            .await
            .expect("rows are read")
    }
}
