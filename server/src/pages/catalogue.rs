//! The catalogue and the public page of an offer.

use super::posted::url_pairs;
use super::{Failure, Reply, Visitor};
use crate::services::{App, Error, Refusal, catalogue};
use axum::Router;
use axum::extract::{Path, RawQuery};
use axum::routing::get;
use frontend::{Form, views};
use shared::api::catalogue::CatalogueQuery;
use shared::api::problem::Code;
use uuid::Uuid;

/// The routes of this room.
pub fn router() -> Router<App> {
    Router::new()
        .route("/goods", get(list))
        .route("/goods/{id}", get(show))
}

async fn list(visitor: Visitor, RawQuery(raw): RawQuery) -> Result<Reply, Failure> {
    let pairs = url_pairs(raw.as_deref().unwrap_or_default());
    let query = catalogue::query_of(&pairs);
    let form = Form {
        values: pairs,
        ..Form::default()
    };
    match catalogue::list(&visitor.app, visitor.maybe_actor(), &query).await {
        Ok(out) => {
            let title = visitor.look.lang.t("货品", "Goods");
            visitor
                .page(title, |cx| views::catalogue::catalogue(cx, &query, &out, &form))
                .await
        }
        Err(Error::Refused(refusal)) if refusal.code == Code::Invalid => {
            mended(&visitor, query, form, refusal).await
        }
        Err(error) => Err(visitor.fail(error)),
    }
}

/// The catalogue without the filters that could not be read, each of them named with what was typed.
async fn mended(
    visitor: &Visitor,
    query: CatalogueQuery,
    mut form: Form,
    refusal: Refusal,
) -> Result<Reply, Failure> {
    let query = without(query, |name| {
        refusal.fields.iter().any(|problem| problem.field == name)
    });
    let listed = catalogue::list(&visitor.app, visitor.maybe_actor(), &query).await;
    let out = listed.map_err(|e| visitor.fail(e))?;
    form.problems = crate::error::fields_in(&refusal.fields, visitor.look.lang);
    form.code = Some(refusal.code);
    let title = visitor.look.lang.t("货品", "Goods");
    let page = visitor
        .page(title, |cx| views::catalogue::catalogue(cx, &query, &out, &form))
        .await?;
    Ok(page.status(Code::Invalid))
}

fn without(query: CatalogueQuery, wrong: impl Fn(&str) -> bool) -> CatalogueQuery {
    CatalogueQuery {
        q: query.q.filter(|_| !wrong("q")),
        season: query.season.filter(|_| !wrong("season")),
        min: query.min.filter(|_| !wrong("min")),
        max: query.max.filter(|_| !wrong("max")),
        certified: query.certified.filter(|_| !wrong("certified")),
        paired: query.paired.filter(|_| !wrong("paired")),
        stock: query.stock.filter(|_| !wrong("stock")),
        presale: query.presale.filter(|_| !wrong("presale")),
        after: query.after.filter(|_| !wrong("after")),
        ..query
    }
}

async fn show(visitor: Visitor, Path(id): Path<String>) -> Result<Reply, Failure> {
    // An address that was mistyped is a page that does not exist, not a malformed request.
    let id = id.parse().map_err(|_| visitor.fail(Error::not_found()))?;
    offer_page(&visitor, id, &Form::default()).await
}

/// An offer's public page, with the form to put it into the basket.
pub(super) async fn offer_page(visitor: &Visitor, id: Uuid, form: &Form) -> Result<Reply, Failure> {
    let found = catalogue::page(&visitor.app, visitor.maybe_actor(), id).await;
    let page = found.map_err(|e| visitor.fail(e))?;
    let card = &page.card;
    let price = frontend::text::amount::price(
        visitor.look.lang,
        card.price_fen,
        card.price_unit,
        card.piece_name.as_deref(),
    );
    let about = format!(
        "{} {} · {} {} · {price}",
        card.name, card.grade, card.town_name, card.village_name
    );
    let visitor = visitor.clone().about(about);
    visitor
        .page(&page.card.name, |cx| {
            views::offer_page::offer_page(cx, &page, form)
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_not_be_read_is_left_out() {
        let pairs = url_pairs("q=%E6%9F%BF&category=&sort=cheapest&min=+1.5&limit=many&after=x");
        let query = catalogue::query_of(&pairs);
        let mended = without(query, |name| name == "after");
        assert_eq!((mended.after, mended.q.as_deref()), (None, Some("柿")));
    }
}
