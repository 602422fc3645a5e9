//! 审批: which orders of a unit need an approval.

use super::idempotency::{Key, once};
use super::notice::{self, Notice, NoticeKind, To};
use super::{App, Error, fault, right, step_up};
use crate::store::audit::Entry;
use crate::store::{self, Tx};
use futures::FutureExt as _;
use shared::api::approval::{PolicyIn, PolicyOut};
use shared::api::problem::FieldCode;
use shared::domain::approval::ApprovalKind;
use shared::domain::identity::{Actor, Role};
use shared::domain::money::Fen;
use shared::domain::rights::{Action, Place};
use std::sync::Arc;
use uuid::Uuid;

/// A unit's policy: for its own people, and for those who read all orders.
///
/// # Errors
/// `Forbidden`, `NotFound`.
pub async fn policy(app: &App, actor: &Actor, unit_id: Uuid) -> Result<PolicyOut, Error> {
    right::require(actor, Action::OrderRead, Place::unit(unit_id))?;
    read(app.db.read(), unit_id).await
}

async fn read(connection: &impl sea_orm::ConnectionTrait, unit_id: Uuid) -> Result<PolicyOut, Error> {
    let row = store::approval::policy(connection, unit_id)
        .await?
        .ok_or(Error::not_found())?;
    Ok(PolicyOut {
        unit_id,
        unit_name: row.unit_name,
        kind: ApprovalKind::from_name(&row.approval).ok_or_else(|| fault("stored approval policy"))?,
        above_fen: Fen(row.approval_above_fen),
        approvers: row.approvers,
    })
}

/// Sets a unit's policy: its approver, or the centre for it. What was asked for before is decided as it was asked.
///
/// # Errors
/// `Invalid` for a sum that is none, or when nobody of the unit could approve; `StepUpNeeded`; `Forbidden`, `NotFound`.
pub async fn set_policy(
    app: &App,
    actor: &Actor,
    key: &Key,
    unit_id: Uuid,
    policy: PolicyIn,
) -> Result<(), Error> {
    right::require(actor, Action::ApprovalPolicyWrite, Place::unit(unit_id))?;
    step_up::require_recent(app, actor)?;
    let fits = match policy.kind {
        ApprovalKind::Above => policy.above_fen > Fen::ZERO,
        ApprovalKind::Off | ApprovalKind::Always => policy.above_fen >= Fen::ZERO,
    };
    if !fits {
        return Err(Error::field("above_fen", FieldCode::NotANumber));
    }
    let body = (unit_id, policy.clone());
    let job = Arc::new((app.clone(), actor.clone(), unit_id, policy));
    once(
        app,
        actor.person_id,
        "unit.approval_policy",
        key,
        &body,
        move |tx| {
            let job = Arc::clone(&job);
            async move { set_in(tx, &job.0, &job.1, job.2, &job.3).await }.boxed()
        },
    )
    .await
}

async fn set_in(tx: &Tx, app: &App, actor: &Actor, unit_id: Uuid, policy: &PolicyIn) -> Result<(), Error> {
    let now = app.now();
    let before = read(tx, unit_id).await?;
    if policy.kind != ApprovalKind::Off && before.approvers == 0 {
        return Err(Error::field("kind", FieldCode::NobodyThere));
    }
    let above = match policy.kind {
        ApprovalKind::Above => policy.above_fen,
        ApprovalKind::Off | ApprovalKind::Always => Fen::ZERO,
    };
    store::approval::set_policy(tx, unit_id, policy.kind.as_str(), above.0).await?;
    let words = |kind: ApprovalKind, above: Fen| match kind {
        ApprovalKind::Off => "不审批".to_owned(),
        ApprovalKind::Always => "每单审批".to_owned(),
        ApprovalKind::Above => format!("超过 {} 审批", above.format_cny()),
    };
    let change = format!(
        "{} → {}",
        words(before.kind, before.above_fen),
        words(policy.kind, above)
    );
    let centre = actor.grant.role == Role::CentreOperator;
    let detail = if centre {
        format!("代办 {change}")
    } else {
        change
    };
    let entry = Entry {
        action: "unit.approval_policy",
        object_kind: "unit",
        object_id: unit_id.to_string(),
        unit_id: Some(unit_id),
        detail,
        ..Entry::default()
    };
    store::audit::insert(tx, now, Some(actor), vec![entry]).await?;
    let told = [Role::UnitApprover, Role::UnitRequester].map(|role| Notice {
        to: To::Unit(unit_id, role),
        kind: NoticeKind::ApprovalPolicyChanged,
        subject: words(policy.kind, above),
        path: "/orders".to_owned(),
    });
    notice::tell(tx, now, told.into()).await
}
