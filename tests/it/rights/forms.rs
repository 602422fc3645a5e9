//! Forms that only rights can stand in the way of.

use super::things::Things;
use tests::Market;
use tests::market::PASSWORD;

/// What is filled into the form of a page.
pub fn fields(market: &Market, things: &Things, template: &str) -> Vec<(String, String)> {
    let line = |id: uuid::Uuid, part: &str| format!("line.{id}.{part}");
    let offer = things.offer.id.to_string();
    let content = &things.offer.content;
    let pairs: Vec<(String, String)> = match template {
        "/acceptances/{id}/claim" => vec![
            (line(things.accepted_line, "asked_fen"), "0.10".into()),
            (line(things.accepted_line, "reason"), "quality".into()),
            ("words".into(), "有破损".into()),
        ],
        "/claims/{id}/answer" => vec![
            ("agree".into(), "0".into()),
            ("answer".into(), "照片看不清".into()),
        ],
        "/claims/{id}/entries" => vec![("words".into(), "请看照片".into())],
        "/village-orders/{id}/close-short" => vec![("reason".into(), "霜冻".into())],
        "/exports" => vec![("file".into(), "villages.csv".into())],
        "/basket" => vec![
            ("offer_id".into(), offer),
            ("qty".into(), "2".into()),
            ("unit".into(), "jin".into()),
        ],
        "/link/{secret}" => vec![
            ("new".into(), "a lantern in plum rain".into()),
            ("again".into(), "a lantern in plum rain".into()),
        ],
        "/me/password" => vec![
            ("current".into(), PASSWORD.into()),
            ("new".into(), "short".into()),
        ],
        "/me/role" => vec![("grant".into(), market.buyers[2].grant.id.to_string())],
        "/me/searches" => vec![("name".into(), "柿子".into()), ("query".into(), "q=柿".into())],
        "/me/tokens" => vec![("name".into(), "x".into()), ("days".into(), "3".into())],
        "/modes" => vec![("turn".into(), "size".into()), ("back".into(), "/goods".into())],
        "/offers" | "/offers/{id}" => vec![
            ("village_code".into(), content.village_code.clone()),
            ("produce".into(), content.produce.clone()),
            ("name".into(), content.name.clone()),
            ("price".into(), "9.00".into()),
            ("price_unit".into(), "jin".into()),
            ("min_qty".into(), "1".into()),
            ("step_qty".into(), "1".into()),
            ("share_kind".into(), "whole".into()),
        ],
        "/offers/{id}/review" => vec![
            ("version_id".into(), things.pending.to_string()),
            ("publish".into(), "1".into()),
        ],
        "/offers/{id}/lots" => vec![
            ("harvested_on".into(), "2026-11-23".into()),
            ("qty".into(), "10".into()),
        ],
        "/offers/{id}/again" => vec![
            ("price".into(), "9.00".into()),
            ("qty".into(), "10".into()),
            ("harvested_on".into(), "2026-11-23".into()),
        ],
        "/offers/{id}/lots/{lot}/change" => vec![
            ("direction".into(), "more".into()),
            ("change_qty".into(), "10".into()),
        ],
        "/offers/{id}/lots/{lot}/harvest" => vec![
            ("qty".into(), "10".into()),
            ("harvested_on".into(), "2026-11-23".into()),
        ],
        "/offers/{id}/photos/{photo}/move" => vec![("to".into(), "cover".into())],
        "/orders" => vec![
            ("fund".into(), "canteen".into()),
            ("address".into(), "蓟州区示例路 1 号".into()),
            ("wanted_on".into(), "2026-11-25".into()),
            ("line.0.offer_id".into(), offer),
            ("line.0.qty".into(), "500".into()),
        ],
        "/orders/{id}/decision" => vec![
            ("decision".into(), "approve".into()),
            ("revision".into(), "1".into()),
        ],
        "/orders/{id}/choices" => vec![
            ("line_id".into(), things.order_line.to_string()),
            ("choice".into(), "take".into()),
        ],
        "/orders/{id}/edit" => vec![
            ("fund".into(), "canteen".into()),
            ("address".into(), "蓟州区示例路 1 号".into()),
            ("wanted_on".into(), "2026-11-25".into()),
            ("line.0.offer_id".into(), offer),
            ("line.0.unit".into(), "jin".into()),
            ("line.0.qty".into(), "2".into()),
        ],
        "/units/{id}/approval" => vec![("kind".into(), "off".into())],
        "/orders/{id}/cancel" => vec![("reason".into(), "改期".into())],
        "/orders/{id}/acceptance" => {
            vec![
                (line(things.door_line, "qty"), "4".into()),
                (line(things.door_line, "unit"), "jin".into()),
            ]
        }
        "/payments" => vec![("order_id".into(), things.to_pay.to_string())],
        "/payments/{id}/refunds" => vec![
            ("amount_fen".into(), "0.10".into()),
            ("reason".into(), "少送了".into()),
        ],
        "/people" => vec![
            ("sign_in_name".into(), "one-more".into()),
            ("name".into(), "又一人".into()),
            ("role".into(), "auditor".into()),
        ],
        "/people/{id}/grants" => vec![("role".into(), "auditor".into())],
        "/people/{id}/contact" => vec![("email".into(), "x@example.org".into())],
        "/people/{id}/second-factor/reset" => vec![("reason".into(), "丢了手机".into())],
        "/people/{id}/suspend" => vec![("suspended".into(), "0".into())],
        "/sign-in" => vec![
            ("sign_in_name".into(), "nobody-here".into()),
            ("password".into(), "wrong-password-1".into()),
        ],
        "/village-orders/move" => vec![
            ("step".into(), "pack".into()),
            ("ids".into(), things.village_order.to_string()),
        ],
        "/village-orders/{id}/answer" => vec![(line(things.order_line, "qty"), "6".into())],
        _ => Vec::new(),
    };
    pairs
}
