//! 单据: documents to print and keep. Each is issued once for what it says: the same content is the same document with the
//! same code, other content takes the place of what was issued before.

mod billed;
mod issue;
mod purchase;
mod settled;
mod statement;

pub use billed::bill;
pub use issue::{PdfOut, show};
pub use purchase::certificate;
pub use settled::settlement;
pub use statement::income;

use super::{App, Error, acceptance, fault, right};
use crate::documents::paper;
use issue::{Draft, Numbered, issue};
use shared::api::acceptance::AcceptanceStatus;
use shared::domain::identity::Actor;
use shared::domain::paper::PaperKind;
use shared::domain::rights::{Action, Scope};
use uuid::Uuid;

/// 验收单 as PDF. A village and a town get the lines of their villages, as a document of its own.
///
/// # Errors
/// As `acceptance::show`; `NotFound` before both have signed; `ReadOnly` for one that was not issued before.
pub async fn acceptance(app: &App, actor: &Actor, id: Uuid) -> Result<PdfOut, Error> {
    let out = acceptance::show(app, actor, id).await?;
    if out.status != AcceptanceStatus::Posted {
        return Err(Error::not_found());
    }
    let (part, whose) = match right::reach(actor, Action::AcceptanceRead)? {
        Scope::OwnVillage => (Some("本村"), actor.grant.village_code.as_deref()),
        Scope::OwnTown => (Some("本镇"), actor.grant.town_code.as_deref()),
        Scope::OwnUnit | Scope::District => (None, None),
    };
    let draft = Draft {
        kind: PaperKind::Acceptance,
        subject: format!("acceptance/{id}/{}", whose.unwrap_or_default()),
        number: Numbered::Is(out.number.clone().unwrap_or_default()),
        sum_fen: out.accepted_fen,
        unit_id: Some(out.unit_id),
        village_code: actor.grant.village_code.clone(),
        paper: paper::acceptance(&out, part).map_err(fault)?,
    };
    issue(app, actor, draft).await
}
