//! Documents for paper: A4, or with `?paper=80` a roll of 80 mm.

use super::address::{Address, Asked};
use super::{Failure, Reply, Visitor};
use crate::documents::qr;
use crate::services::{App, Error, acceptance, fault, order};
use axum::Router;
use axum::routing::get;
use frontend::shell::Frame;
use frontend::views;
use frontend::views::sheet::Paper;
use serde::Deserialize;
use uuid::Uuid;

/// The routes of this room.
pub fn router() -> Router<App> {
    Router::new()
        .route("/orders/{id}/sheet", get(show_order))
        .route("/orders/{id}/delivery-note", get(show_delivery_note))
        .route("/acceptances/{id}/sheet", get(show_acceptance))
}

/// Which paper.
#[derive(Deserialize)]
pub struct PaperAsked {
    paper: Option<String>,
}

impl PaperAsked {
    /// The paper for a thing at this path, whose code leads to `leads_to`.
    ///
    /// # Errors
    /// A fault when the address is too long for a code.
    pub fn of(&self, visitor: &Visitor, back: String, leads_to: &str) -> Result<Paper, Failure> {
        let url = format!("{}{leads_to}", visitor.app.config.public_url);
        let (qr_path, qr_size) = qr_path(&url).map_err(|e| visitor.fail(e))?;
        Ok(Paper {
            roll: self.paper.as_deref() == Some("80"),
            qr_path,
            qr_size,
            url,
            back,
        })
    }
}

async fn show_order(
    visitor: Visitor,
    Address(id): Address<Uuid>,
    Asked(asked): Asked<PaperAsked>,
) -> Result<Reply, Failure> {
    let found = order::show(&visitor.app, visitor.actor()?, id).await;
    let out = found.map_err(|e| visitor.fail(e))?;
    let path = format!("/orders/{id}");
    let paper = asked.of(&visitor, path.clone(), &path)?;
    let title = format!("{} {}", visitor.look.lang.t("订单", "Order"), out.order.number);
    visitor
        .framed(Frame::Sheet, &title, |cx| views::sheet::order(cx, &out, &paper))
        .await
}

async fn show_delivery_note(
    visitor: Visitor,
    Address(id): Address<Uuid>,
    Asked(asked): Asked<PaperAsked>,
) -> Result<Reply, Failure> {
    let found = order::show(&visitor.app, visitor.actor()?, id).await;
    let out = found.map_err(|e| visitor.fail(e))?;
    let paper = asked.of(
        &visitor,
        format!("/orders/{id}"),
        &format!("/orders/{id}/acceptance"),
    )?;
    let word = visitor.look.lang.t("送货单", "Delivery note");
    let title = format!("{word} {}", out.order.number);
    visitor
        .framed(Frame::Sheet, &title, |cx| {
            views::sheet::delivery_note(cx, &out, &paper)
        })
        .await
}

async fn show_acceptance(
    visitor: Visitor,
    Address(id): Address<Uuid>,
    Asked(asked): Asked<PaperAsked>,
) -> Result<Reply, Failure> {
    let found = acceptance::show(&visitor.app, visitor.actor()?, id).await;
    let out = found.map_err(|e| visitor.fail(e))?;
    let path = format!("/acceptances/{id}");
    let paper = asked.of(&visitor, path.clone(), &path)?;
    let word = visitor.look.lang.t("验收单", "Acceptance");
    let title = format!("{word} {}", out.number.clone().unwrap_or_default());
    visitor
        .framed(Frame::Sheet, &title, |cx| {
            views::sheet::acceptance(cx, &out, &paper)
        })
        .await
}

/// A text's QR code as SVG path data, one unit a module, and its size in modules.
///
/// # Errors
/// A fault when the text is too long for a code.
pub fn qr_path(text: &str) -> Result<(String, u32), Error> {
    let (path, size) = qr::path(text).map_err(fault)?;
    Ok((path, u32::try_from(size).map_err(fault)?))
}
