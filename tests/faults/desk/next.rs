//! What a desk does next: a new order, or the next step of one.

use super::{Desk, Means, Who, Write};
use crate::caller::Gone;
use rand::RngExt as _;
use serde_json::{Value, json};
use shared::api::acceptance::AcceptanceOut;
use shared::api::order::{OrderOut, OrderVillage};
use shared::domain::quantity::Qty;
use shared::domain::village_order::VillageOrderStatus as Status;
use std::collections::BTreeMap;
use uuid::Uuid;

impl Desk {
    /// A new order of one to three goods.
    pub(super) fn order(&mut self) -> Write {
        let mut chosen = BTreeMap::new();
        for _ in 0..self.chance.random_range(1..=3) {
            let good = self.goods[self.chance.random_range(0..self.goods.len())];
            chosen.insert(good.offer_id, good.qty);
        }
        let lines: Vec<Value> = chosen
            .iter()
            .map(|(id, qty)| json!({ "offer_id": id, "qty": qty }))
            .collect();
        let body = json!({
            "fund": "canteen",
            "address": "蓟州区示例路 1 号食堂后门",
            "contact": "李明 13800000000",
            "wanted_on": tests::running::today().add_days(2),
            "lines": lines,
        });
        self.write(Who::Buyer, "/orders".to_owned(), body, Means::Placed)
    }

    /// The next step of an order, as it stands now.
    pub(super) async fn onward(&mut self, id: Uuid) -> Result<Option<Write>, Gone> {
        let order: OrderOut = self.operator.read(&format!("/orders/{id}")).await?;
        if let Some(part) = order
            .village_orders
            .iter()
            .find(|part| part.village_order.status == Status::Offered)
        {
            return Ok(Some(self.answer(id, part)));
        }
        let standing = |status: &[Status]| -> Vec<Uuid> {
            let rows = order.village_orders.iter().map(|part| &part.village_order);
            rows.filter(|row| status.contains(&row.status))
                .map(|row| row.id)
                .collect()
        };
        let steps: [(&[Status], &str, u8); 3] = [
            (&[Status::Confirmed, Status::Shorted], "pack", 2),
            (&[Status::Packed], "collect", 3),
            (&[Status::Collected], "deliver", 4),
        ];
        for (from, step, reached) in steps {
            let ids = standing(from);
            if !ids.is_empty() {
                let body = json!({ "step": step, "ids": ids, "vehicle": (step == "collect").then_some("冷链 2 号车") });
                let path = "/village-orders/move".to_owned();
                return Ok(Some(self.write(
                    Who::Operator,
                    path,
                    body,
                    Means::Reached(id, ids, reached),
                )));
            }
        }
        if standing(&[Status::Delivered]).is_empty() {
            return Ok(None);
        }
        self.sign(id).await.map(Some)
    }

    /// The village's answer by the centre: all of it, or now and then half of a line.
    fn answer(&mut self, order: Uuid, part: &OrderVillage) -> Write {
        let less = self.chance.random_ratio(1, 6);
        let lines: Vec<Value> = part
            .lines
            .iter()
            .enumerate()
            .map(|(at, line)| {
                let short = less && at == 0 && line.qty.0 > 1;
                let qty = if short { Qty(line.qty.0 / 2) } else { line.qty };
                json!({ "line_id": line.id, "qty": qty, "reason": short.then_some("采收不足") })
            })
            .collect();
        let id = part.village_order.id;
        let path = format!("/village-orders/{id}/answer");
        self.write(
            Who::Operator,
            path,
            json!({ "lines": lines }),
            Means::Reached(order, vec![id], 1),
        )
    }

    /// The signature that is missing, over what was expected.
    async fn sign(&mut self, id: Uuid) -> Result<Write, Gone> {
        let open: AcceptanceOut = self.operator.read(&format!("/orders/{id}/acceptance")).await?;
        let who = if open.unit_signature.is_none() {
            Who::Buyer
        } else {
            Who::Operator
        };
        let lines: Vec<Value> = open
            .lines
            .iter()
            .map(|line| json!({ "line_id": line.line_id, "qty": line.expected_qty }))
            .collect();
        let path = format!("/orders/{id}/acceptance/signatures");
        Ok(self.write(who, path, json!({ "lines": lines }), Means::Signed(id)))
    }
}
