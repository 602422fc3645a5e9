//! 再上一次: a familiar product, listed anew with a short form.

use super::listing::{needed_day, needed_qty};
use super::{content_of, name_of, saved};
use crate::pages::address::Address;
use crate::pages::{Failure, Posted, Reply, Visitor};
use crate::services::{Error, offer};
use axum::response::{IntoResponse as _, Response};
use frontend::{Form, views};
use shared::api::lot::LotIn;
use shared::api::offer::{AgainIn, OfferOut};
use shared::api::problem::Code;
use shared::domain::identity::Actor;
use uuid::Uuid;

/// The short form.
pub async fn form(visitor: Visitor, Address(id): Address<Uuid>) -> Result<Reply, Failure> {
    form_page(&visitor, id, &Form::default()).await
}

async fn form_page(visitor: &Visitor, id: Uuid, form: &Form) -> Result<Reply, Failure> {
    let out = offer::to_list_again(&visitor.app, visitor.actor()?, id)
        .await
        .map_err(|e| visitor.fail(e))?;
    let content = content_of(&out).ok_or_else(|| visitor.fail(Error::wrong_state()))?;
    let title = format!(
        "{} {}",
        visitor.look.lang.t("再上一次", "List again"),
        name_of(&out)
    );
    visitor
        .page(&title, |cx| views::offer::again(cx, &out, content, form))
        .await
}

/// The form as it comes back.
pub async fn list(Address(id): Address<Uuid>, mut posted: Posted) -> Result<Response, Failure> {
    let actor = posted.visitor.actor()?.clone();
    let listed = list_it(&mut posted, &actor, id).await;
    let visitor = &posted.visitor;
    match listed {
        Ok(out) => Ok(visitor.go(&format!("/offers/{}", out.id), Some(saved(out.pending.is_some())))),
        Err(error) => {
            let code = error.code();
            let form = visitor.form_of(&posted, as_typed(error))?;
            Ok(form_page(visitor, id, &form).await?.status(code).into_response())
        }
    }
}

async fn list_it(posted: &mut Posted, actor: &Actor, id: Uuid) -> Result<OfferOut, Error> {
    let key = posted.key()?;
    let app = posted.visitor.app.clone();
    let before = offer::show(&app, actor, id).await?;
    let unit = content_of(&before).ok_or(Error::wrong_state())?.price_unit;
    let price_fen = posted.yuan("price");
    let qty = needed_qty(posted, "qty", Some(unit));
    let harvested_on = needed_day(posted, "harvested_on");
    let good_until = posted.day("good_until");
    posted.check()?;
    let (Some(price_fen), Some(qty), Some(harvested_on)) = (price_fen, qty, harvested_on) else {
        return Err(Error::refused(Code::Invalid));
    };
    let lot = LotIn {
        harvested_on,
        good_until,
        qty,
    };
    offer::again(&app, actor, &key, id, AgainIn { price_fen, lot }).await
}

/// The names that the form has for the fields.
fn as_typed(error: Error) -> Error {
    let Error::Refused(mut refusal) = error else {
        return error;
    };
    for problem in &mut refusal.fields {
        let name = match problem.field.as_str() {
            "price_fen" => "price".to_owned(),
            other => other.strip_prefix("lot.").unwrap_or(other).to_owned(),
        };
        problem.field = name;
    }
    Error::Refused(refusal)
}
