//! The basket.

use super::address::Asked;
use super::{Failure, Posted, Reply, Visitor, catalogue};
use crate::services::{self, App, Error, basket, order};
use axum::Router;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use frontend::{Flash, Form, views};
use serde::Deserialize;
use shared::api::basket::BasketLineIn;
use shared::api::order::AgainMissing;
use shared::api::problem::FieldCode;
use shared::domain::price::PriceUnit;
use shared::domain::quantity::{Qty, QuantityError};
use uuid::Uuid;

/// The routes of this room.
pub fn router() -> Router<App> {
    Router::new().route("/basket", get(show).post(set))
}

/// Which past order was put into the basket again.
#[derive(Deserialize)]
struct BasketQuery {
    again: Option<Uuid>,
}

async fn show(visitor: Visitor, Asked(query): Asked<BasketQuery>) -> Result<Reply, Failure> {
    let missing = match query.again {
        Some(id) => {
            let found = order::again(&visitor.app, visitor.actor()?, id).await;
            found.map_err(|e| visitor.fail(e))?.missing
        }
        None => Vec::new(),
    };
    page(&visitor, &Form::default(), &missing).await
}

async fn basket_page(visitor: &Visitor, form: &Form) -> Result<Reply, Failure> {
    page(visitor, form, &[]).await
}

async fn page(visitor: &Visitor, form: &Form, missing: &[AgainMissing]) -> Result<Reply, Failure> {
    let shown = basket::show(&visitor.app, &visitor.basket_key(), visitor.maybe_actor()).await;
    let out = shown.map_err(|e| visitor.fail(e))?;
    let title = visitor.look.lang.t("篮子", "Basket");
    visitor
        .page(title, |cx| views::basket::basket(cx, &out, form, missing))
        .await
}

async fn set(mut posted: Posted) -> Result<Response, Failure> {
    let back = posted.maybe("back").unwrap_or_else(|| "/basket".to_owned());
    let done = set_it(&mut posted).await;
    let visitor = &posted.visitor;
    match done {
        Ok(()) => {
            let flash = if back.starts_with("/basket") {
                Flash::Saved
            } else {
                Flash::Added
            };
            Ok(visitor.go(&back, Some(flash)))
        }
        Err(error) => {
            let code = error.code();
            let form = visitor.form_of(&posted, error)?;
            // The page that the form was on is shown again, and comes back to itself.
            let mut visitor = visitor.clone();
            let on_goods = back
                .strip_prefix("/goods/")
                .and_then(|rest| rest.get(..36)?.parse::<Uuid>().ok());
            let page = if let Some(id) = on_goods {
                visitor.path = back;
                catalogue::offer_page(&visitor, id, &form).await?
            } else {
                visitor.path = "/basket".to_owned();
                basket_page(&visitor, &form).await?
            };
            Ok(page.status(code).into_response())
        }
    }
}

async fn set_it(posted: &mut Posted) -> Result<(), Error> {
    let offer_id: Option<Uuid> = posted.needed("offer_id", FieldCode::Unknown);
    let typed = posted.text("qty");
    if typed.is_empty() {
        posted.wrong("qty", FieldCode::Required);
    }
    posted.check()?;
    let offer_id = offer_id.ok_or(Error::not_found())?;
    let app = &posted.visitor.app;
    // What is taken out may no longer be on sale, in whatever unit.
    let qty = if typed == "0" {
        Qty::ZERO
    } else {
        let unit = services::catalogue::price_unit(app, offer_id).await?;
        read_qty(&typed, unit, &posted.text("unit"))
            .map_err(|_| Error::field("qty", FieldCode::NotANumber))?
    };
    basket::set(app, &posted.visitor.basket_key(), BasketLineIn { offer_id, qty }).await
}

/// An amount as typed: in the unit chosen beside it, where that is one for such goods, else in the price's own.
fn read_qty(typed: &str, price_unit: PriceUnit, chosen: &str) -> Result<Qty, QuantityError> {
    let chosen = PriceUnit::from_name(chosen).filter(|unit| unit.measure() == price_unit.measure());
    chosen.unwrap_or(price_unit).parse_qty(typed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_in_the_unit_beside_them() {
        assert_eq!(read_qty("2.5", PriceUnit::Jin, ""), Ok(Qty(1250)));
        assert_eq!(read_qty("2.5", PriceUnit::Jin, "kg"), Ok(Qty(2500)));
        assert_eq!(read_qty("3", PriceUnit::Piece, "kg"), Ok(Qty(3)));
        assert_eq!(read_qty("3", PriceUnit::Kg, "piece"), Ok(Qty(3000)));
        assert!(read_qty("半斤", PriceUnit::Jin, "jin").is_err());
    }
}
