//! 两步验证: setting it up, giving a code, and proving oneself again before money or rights change.

use super::address::Asked;
use super::session::{refused, way_on};
use super::visitor::Replay;
use super::{Failure, Posted, Reply, Visitor, see_other};
use crate::services::session::{Client, SignedIn, Standing};
use crate::services::{App, second_factor, step_up};
use axum::Router;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use frontend::shell::Frame;
use frontend::{Flash, Form, views};
use serde::Deserialize;
use shared::api::problem::Code;
use shared::api::second_factor::StepUpIn;

/// The routes of this room.
pub fn router() -> Router<App> {
    Router::new()
        .route("/second-factor", get(show).post(enter))
        .route("/second-factor/enrol", post(enrol))
        .route("/second-factor/codes", post(codes))
        .route("/step-up", post(prove))
}

/// Where a second factor is given, and where it leads on to.
pub fn address(back: &str) -> String {
    format!("/second-factor?back={}", super::posted::encode(back))
}

#[derive(Deserialize)]
struct Query {
    back: Option<String>,
    /// Whether an earlier second factor is to be replaced.
    replace: Option<String>,
}

async fn show(visitor: Visitor, Asked(query): Asked<Query>) -> Result<Reply, Failure> {
    let back = query.back.unwrap_or_default();
    page(&visitor, &Form::default(), &back, query.replace.is_some()).await
}

async fn page(visitor: &Visitor, form: &Form, back: &str, replace: bool) -> Result<Reply, Failure> {
    let who = visitor.who_came()?;
    let title = visitor.look.lang.t("两步验证", "Second factor");
    let enrolling = who.standing == Standing::NeedsEnrolment
        || (who.standing == Standing::Open && (replace || !who.me.second_factor));
    if enrolling {
        return enrol_page(visitor, who, form, back).await;
    }
    if who.standing == Standing::NeedsCode {
        return visitor
            .page(title, |cx| views::second_factor::enter(cx, &who.me, form, back))
            .await;
    }
    let state = second_factor::show(&visitor.app, who)
        .await
        .map_err(|e| visitor.fail(e))?;
    visitor
        .page(title, |cx| views::second_factor::state(cx, &state, form))
        .await
}

async fn enrol_page(visitor: &Visitor, who: &SignedIn, form: &Form, back: &str) -> Result<Reply, Failure> {
    let offered = second_factor::offered(&visitor.app, who)
        .await
        .map_err(|e| visitor.fail(e))?;
    let (qr_path, qr_size) = super::sheet::qr_path(&offered.url).map_err(|e| visitor.fail(e))?;
    let title = visitor.look.lang.t("绑定验证器", "Set up your authenticator");
    let must = who.standing == Standing::NeedsEnrolment;
    visitor
        .page(title, |cx| {
            let sheet = views::second_factor::Offer {
                qr_path: &qr_path,
                qr_size,
                typed: &offered.typed,
                must,
                back,
            };
            views::second_factor::enrol(cx, &sheet, form)
        })
        .await
}

async fn enter(client: Client, posted: Posted) -> Result<Response, Failure> {
    let back = posted.text("back");
    let who = posted.visitor.who_came()?.clone();
    let input = StepUpIn {
        code: Some(posted.text("code")),
        password: None,
    };
    match step_up::prove(&posted.visitor.app, &who, &input, &client).await {
        Ok(_) => Ok(posted.visitor.go(way_on(&back, who.actor.grant.role), None)),
        Err(error) => {
            let again = refused(&posted, error)?;
            let page = page(&posted.visitor, &again.form, &back, false).await?;
            Ok(again.answer(page))
        }
    }
}

async fn enrol(client: Client, posted: Posted) -> Result<Response, Failure> {
    let back = posted.text("back");
    let who = posted.visitor.who_came()?.clone();
    match second_factor::enrol(&posted.visitor.app, &who, &posted.text("code"), &client).await {
        Ok(codes) => {
            let on = way_on(&back, who.actor.grant.role).to_owned();
            Ok(codes_page(&posted.visitor, &codes, &on).await?.into_response())
        }
        Err(error) => {
            let again = refused(&posted, error)?;
            let page = page(&posted.visitor, &again.form, &back, true).await?;
            Ok(again.answer(page))
        }
    }
}

async fn codes(posted: Posted) -> Result<Reply, Failure> {
    let visitor = &posted.visitor;
    let codes = second_factor::new_codes(&visitor.app, visitor.who()?)
        .await
        .map_err(|e| visitor.fail(e))?;
    codes_page(visitor, &codes, "/me").await
}

/// Shown in this answer and never again: no redirect could carry them.
async fn codes_page(visitor: &Visitor, codes: &[String], on: &str) -> Result<Reply, Failure> {
    let name = visitor.who_came()?.me.sign_in_name.clone();
    let title = visitor.look.lang.t("恢复码", "Recovery codes");
    visitor
        .framed(Frame::Sheet, title, |cx| {
            views::second_factor::codes(cx, codes, &name, on)
        })
        .await
}

/// Asks who posted something to prove themselves first; their form is kept, and posted again by the same answer.
pub fn ask_again(visitor: &Visitor, form: &Form) -> Reply {
    let kept = visitor.replay.clone().unwrap_or(Replay {
        to: visitor.page.clone(),
        fields: Vec::new(),
        files: false,
    });
    let cx = visitor.context_with(0, 0);
    let title = visitor
        .look
        .lang
        .t("请再证明一次是您本人", "Please prove again that it is you");
    let html = frontend::shell::page(&cx, Frame::Full, title, |cx| {
        let again = views::second_factor::Again {
            to: &kept.to,
            page: &visitor.page,
            fields: &kept.fields,
            files: kept.files || visitor.replay.is_none(),
        };
        views::second_factor::step_up(cx, &again, form)
    });
    Reply::page(visitor, html).status(Code::StepUpNeeded)
}

async fn prove(client: Client, mut posted: Posted) -> Result<Response, Failure> {
    let to = posted.text("step_up_to");
    let input = StepUpIn {
        code: posted.maybe("step_up_code"),
        password: posted
            .values
            .iter()
            .find(|(name, _)| name == "step_up_password")
            .map(|(_, typed)| typed.clone()),
    };
    let who = posted.visitor.who()?.clone();
    let page = posted.text("step_up_page");
    if let Err(error) = step_up::prove(&posted.visitor.app, &who, &input, &client).await {
        posted.values.retain(|(name, _)| !name.starts_with("step_up_"));
        let again = refused(&posted, error)?;
        if let Some(replay) = &mut posted.visitor.replay {
            replay.to = to;
        }
        posted.visitor.page = page;
        return Ok(again.answer(ask_again(&posted.visitor, &again.form)));
    }
    // Files are not kept, so their form has to be filled in again.
    if posted.maybe("step_up_files").is_some() {
        return Ok(posted.visitor.go(&page, Some(Flash::Proven)));
    }
    let mut on = see_other(&to);
    // The browser posts the same form again, to where it was going; what is ours in it is left aside there.
    *on.status_mut() = StatusCode::TEMPORARY_REDIRECT;
    Ok(on)
}
