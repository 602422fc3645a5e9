//! 登录: signing in and out, one-time links, one's own account.

use super::address::{Address, Asked};
use super::{Failure, Posted, Reply, Visitor};
use crate::services::session::{self, Client, Entered, SignedIn, Standing};
use crate::services::{App, Error, basket, link, password, token};
use axum::Router;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use frontend::{Flash, Form, views};
use serde::Deserialize;
use shared::api::problem::{Code, FieldCode};
use shared::api::session::{LinkPasswordIn, PasswordIn, SignInIn};
use shared::api::token::{TokenIn, TokenSecretOut};
use shared::domain::identity::Role;
use uuid::Uuid;

/// The routes of this room.
pub fn router() -> Router<App> {
    Router::new()
        .route("/sign-in", get(sign_in).post(enter))
        .route("/sign-out", post(sign_out))
        .route("/link/{secret}", get(show_link).post(use_link))
        .route("/me", get(me))
        .route("/me/password", post(change_password))
        .route("/me/role", post(switch_role))
        .route("/me/sessions/{id}/revoke", post(revoke_session))
        .route("/me/tokens", post(make_token))
        .route("/me/tokens/{id}/revoke", post(revoke_token))
}

/// Where a role begins its day.
const fn first_page(role: Role) -> &'static str {
    match role {
        Role::UnitRequester => "/",
        Role::UnitApprover | Role::UnitFinance => "/orders",
        Role::VillageLister => "/village-orders",
        Role::CentreOperator => "/board",
        Role::CentreFinance => "/finance",
        Role::TownOfficer | Role::Auditor => "/income",
        Role::Admin => "/people",
    }
}

#[derive(Deserialize)]
struct BackQuery {
    back: Option<String>,
}

async fn sign_in(visitor: Visitor, Asked(query): Asked<BackQuery>) -> Result<Response, Failure> {
    let back = query.back.unwrap_or_default();
    match (&visitor.signed_in, &visitor.half_open) {
        (Some(who), _) => Ok(visitor.go(way_on(&back, who.actor.grant.role), None)),
        (None, Some(_)) => Ok(visitor.go(&super::second_factor::address(&back), None)),
        (None, None) => Ok(sign_in_page(&visitor, &Form::default(), &back)
            .await?
            .into_response()),
    }
}

async fn sign_in_page(visitor: &Visitor, form: &Form, back: &str) -> Result<Reply, Failure> {
    let title = visitor.look.lang.t("登录", "Sign in");
    visitor
        .page(title, |cx| views::session::sign_in(cx, form, back))
        .await
}

pub(super) fn way_on(back: &str, role: Role) -> &str {
    if back.is_empty() { first_page(role) } else { back }
}

/// Takes a password out of what was typed: it is never trimmed, and never shown again.
fn take_password(posted: &mut Posted, name: &str) -> String {
    let typed = posted
        .values
        .iter()
        .find(|(n, _)| n == name)
        .map(|(_, value)| value.clone());
    posted.values.retain(|(n, _)| n != name);
    typed.unwrap_or_default()
}

async fn enter(client: Client, mut posted: Posted) -> Result<Response, Failure> {
    let back = posted.text("back");
    let input = SignInIn {
        password: take_password(&mut posted, "password"),
        sign_in_name: posted.text("sign_in_name"),
    };
    for (name, empty) in [
        ("sign_in_name", input.sign_in_name.is_empty()),
        ("password", input.password.is_empty()),
    ] {
        if empty {
            posted.wrong(name, FieldCode::Required);
        }
    }
    let app = &posted.visitor.app;
    let entered = match posted.check() {
        Ok(()) => session::sign_in(app, &input, &client).await,
        Err(error) => Err(error),
    };
    match entered {
        Ok(entered) => {
            let path = way_on(&back, entered.actor.grant.role);
            Ok(come_in(&posted.visitor, &entered, path, None).await)
        }
        Err(error) => {
            let form_error = refused(&posted, error)?;
            let page = sign_in_page(&posted.visitor, &form_error.form, &back).await?;
            Ok(form_error.answer(page))
        }
    }
}

/// A form to be shown again with its status and, where one has to wait, for how long.
pub(super) struct Refused {
    pub form: Form,
    code: Code,
    retry_after_s: Option<i64>,
}

pub(super) fn refused(posted: &Posted, error: Error) -> Result<Refused, Failure> {
    let code = error.code();
    let retry_after_s = match &error {
        Error::Refused(refusal) => refusal.retry_after_s,
        _ => None,
    };
    Ok(Refused {
        form: posted.visitor.form_of(posted, error)?,
        code,
        retry_after_s,
    })
}

impl Refused {
    pub fn answer(&self, page: Reply) -> Response {
        let mut response = page.status(self.code).into_response();
        if let Some(seconds) = self.retry_after_s {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// Hands over a new session: an earlier one of this browser ends, and its basket comes along.
async fn come_in(visitor: &Visitor, entered: &Entered, path: &str, flash: Option<Flash>) -> Response {
    let carried = match visitor.signed_in.as_ref().or(visitor.half_open.as_ref()) {
        Some(earlier) => session::sign_out(&visitor.app, earlier).await,
        None => basket::adopt(&visitor.app, &entered.actor, &visitor.secret).await,
    };
    // The person is in; what could not be carried along is no reason to shut them out.
    if let Err(error) = carried {
        crate::error::record(&error);
    }
    let half_way = super::second_factor::address(path);
    let path = if entered.standing == Standing::Open {
        path
    } else {
        &half_way
    };
    visitor.go_as(path, Some((&entered.secret, entered.max_age_s)), flash)
}

async fn sign_out(posted: Posted) -> Result<Response, Failure> {
    let visitor = &posted.visitor;
    if let Some(who) = visitor.signed_in.as_ref().or(visitor.half_open.as_ref()) {
        session::sign_out(&visitor.app, who)
            .await
            .map_err(|e| visitor.fail(e))?;
    }
    Ok(visitor.go_as("/", None, Some(Flash::SignedOut)))
}

async fn show_link(visitor: Visitor, Address(secret): Address<String>) -> Result<Reply, Failure> {
    link_page(&visitor, &secret, &Form::default()).await
}

async fn link_page(visitor: &Visitor, secret: &str, form: &Form) -> Result<Reply, Failure> {
    let whose = link::show(&visitor.app, secret)
        .await
        .map_err(|e| visitor.fail(e))?;
    let title = visitor.look.lang.t("设置密码", "Set your password");
    visitor
        .page(title, |cx| {
            views::session::link(cx, secret, &whose.name, whose.first_admin, form)
        })
        .await
}

async fn use_link(
    Address(secret): Address<String>,
    client: Client,
    mut posted: Posted,
) -> Result<Response, Failure> {
    let input = LinkPasswordIn {
        new: take_password(&mut posted, "new"),
        again: take_password(&mut posted, "again"),
        sign_in_name: posted.maybe("sign_in_name"),
        name: posted.maybe("name"),
    };
    match link::set_password(&posted.visitor.app, &secret, &input, &client).await {
        Ok(entered) => {
            let path = first_page(entered.actor.grant.role);
            Ok(come_in(&posted.visitor, &entered, path, Some(Flash::PasswordChanged)).await)
        }
        Err(error) => {
            let again = refused(&posted, error)?;
            let page = link_page(&posted.visitor, &secret, &again.form).await?;
            Ok(again.answer(page))
        }
    }
}

async fn me(visitor: Visitor) -> Result<Reply, Failure> {
    me_page(&visitor, None, &Form::default()).await
}

async fn me_page(visitor: &Visitor, made: Option<&TokenSecretOut>, form: &Form) -> Result<Reply, Failure> {
    let (app, who) = (&visitor.app, visitor.who()?);
    let sessions = session::list_own(app, who).await.map_err(|e| visitor.fail(e))?;
    let tokens = token::list_own(app, &who.actor)
        .await
        .map_err(|e| visitor.fail(e))?;
    let title = visitor.look.lang.t("我的账号", "My account");
    visitor
        .page(title, |cx| views::session::me(cx, &sessions, &tokens, made, form))
        .await
}

async fn change_password(client: Client, mut posted: Posted) -> Result<Response, Failure> {
    let input = PasswordIn {
        current: take_password(&mut posted, "current"),
        new: take_password(&mut posted, "new"),
        again: take_password(&mut posted, "again"),
    };
    let who = posted.visitor.who()?.clone();
    match password::change(&posted.visitor.app, &who, &input, &client).await {
        Ok(()) => Ok(posted.visitor.go("/me", Some(Flash::PasswordChanged))),
        Err(error) => {
            let again = refused(&posted, error)?;
            let page = me_page(&posted.visitor, None, &again.form).await?;
            Ok(again.answer(page))
        }
    }
}

async fn switch_role(posted: Posted) -> Result<Response, Failure> {
    let visitor = &posted.visitor;
    let grant_id = posted
        .text("grant")
        .parse()
        .map_err(|_| visitor.fail(Error::not_found()))?;
    let grant = session::switch_role(&visitor.app, visitor.who()?, grant_id)
        .await
        .map_err(|e| visitor.fail(e))?;
    Ok(visitor.go(first_page(grant.role), None))
}

async fn revoke_session(Address(id): Address<Uuid>, posted: Posted) -> Result<Response, Failure> {
    let visitor = &posted.visitor;
    session::revoke(&visitor.app, visitor.actor()?, id)
        .await
        .map_err(|e| visitor.fail(e))?;
    Ok(visitor.go("/me", Some(Flash::Revoked)))
}

async fn make_token(mut posted: Posted) -> Result<Response, Failure> {
    let who = posted.visitor.who()?.clone();
    match make_it(&mut posted, &who).await {
        // Shown in this answer and never again: no redirect could carry it.
        Ok(made) => Ok(me_page(&posted.visitor, Some(&made), &Form::default())
            .await?
            .into_response()),
        Err(error) => {
            let again = refused(&posted, error)?;
            let page = me_page(&posted.visitor, None, &again.form).await?;
            Ok(again.answer(page))
        }
    }
}

async fn make_it(posted: &mut Posted, who: &SignedIn) -> Result<TokenSecretOut, Error> {
    let (key, days) = (posted.key()?, posted.needed("days", FieldCode::NotANumber));
    posted.check()?;
    let input = TokenIn {
        name: posted.text("name"),
        grant_id: None,
        days: days.unwrap_or_default(),
    };
    token::create(&posted.visitor.app, who, &input, &key).await
}

async fn revoke_token(Address(id): Address<Uuid>, posted: Posted) -> Result<Response, Failure> {
    let visitor = &posted.visitor;
    token::revoke(&visitor.app, visitor.actor()?, id)
        .await
        .map_err(|e| visitor.fail(e))?;
    Ok(visitor.go("/me", Some(Flash::Revoked)))
}
