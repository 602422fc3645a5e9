//! 人员: people and the roles they hold.

use super::address::{Address, Asked};
use super::listing::ROWS;
use super::{Failure, Posted, Reply, Visitor};
use crate::services::{App, Error, person, proposal, register, right, village};
use axum::Router;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use frontend::{Flash, Form, views};
use serde::Deserialize;
use shared::api::person::{ContactIn, GrantIn, LinkOut, NewPersonOut, PersonIn};
use shared::api::problem::{Code, FieldCode};
use shared::domain::identity::{Actor, Bound, Role};
use shared::domain::rights::{Action, Place};
use uuid::Uuid;

/// The routes of this room.
pub fn router() -> Router<App> {
    Router::new()
        .route("/people", get(list).post(create))
        .route("/people/new", get(new))
        .route("/people/{id}", get(show))
        .route("/people/{id}/grants", post(grant))
        .route("/people/{id}/grants/{grant}/withdraw", post(withdraw))
        .route("/people/{id}/contact", post(contact))
        .route("/people/{id}/link", post(link))
        .route("/people/{id}/link/revoke", post(revoke_links))
        .route("/people/{id}/second-factor/reset", post(reset_second_factor))
        .route("/people/proposals", get(proposals))
        .route("/people/proposals/{proposal}/confirm", post(confirm))
        .route("/people/proposals/{proposal}/decline", post(decline))
        .route("/people/{id}/suspend", post(suspend))
}

#[derive(Deserialize)]
struct ListQuery {
    q: Option<String>,
    role: Option<String>,
    after: Option<String>,
}

async fn list(visitor: Visitor, Asked(query): Asked<ListQuery>) -> Result<Reply, Failure> {
    let (app, actor) = (&visitor.app, visitor.actor()?);
    let asked = person::Asked {
        q: query.q.unwrap_or_default().trim().to_owned(),
        role: query.role.as_deref().and_then(Role::from_name),
    };
    let found = person::list(app, actor, &asked, query.after.as_deref(), ROWS).await;
    let people = found.map_err(|e| visitor.fail(e))?;
    let waiting = proposal::list(app, actor)
        .await
        .map_err(|e| visitor.fail(e))?
        .len();
    let title = visitor.look.lang.t("人员", "People");
    visitor
        .page(title, |cx| {
            views::person::people(cx, &people, &asked.q, asked.role, waiting)
        })
        .await
}

async fn new(visitor: Visitor) -> Result<Reply, Failure> {
    new_page(&visitor, &Form::default()).await
}

async fn new_page(visitor: &Visitor, form: &Form) -> Result<Reply, Failure> {
    let (app, actor) = (&visitor.app, visitor.actor()?);
    right::require(actor, Action::PeopleWrite, Place::DISTRICT).map_err(|e| visitor.fail(e))?;
    let units = register::unit_choices(app, actor)
        .await
        .map_err(|e| visitor.fail(e))?;
    let towns = village::towns(app).await.map_err(|e| visitor.fail(e))?;
    let title = visitor.look.lang.t("添加人员", "Add a person");
    visitor
        .page(title, |cx| views::person::new_person(cx, form, &units, &towns))
        .await
}

async fn create(mut posted: Posted) -> Result<Response, Failure> {
    let actor = posted.visitor.actor()?.clone();
    match create_it(&mut posted, &actor).await {
        // The link is shown in this answer and never again: no redirect could carry it.
        Ok(made) => {
            let page = person_page(
                &posted.visitor,
                made.person.id,
                Some(&made.link),
                &Form::default(),
            )
            .await?;
            Ok(page.into_response())
        }
        Err(error) => {
            let code = error.code();
            let form = form_of(&posted, error)?;
            Ok(new_page(&posted.visitor, &form)
                .await?
                .status(code)
                .into_response())
        }
    }
}

async fn create_it(posted: &mut Posted, actor: &Actor) -> Result<NewPersonOut, Error> {
    let key = posted.key()?;
    let grant = grant_in(posted, actor).await?;
    let input = PersonIn {
        sign_in_name: posted.text("sign_in_name"),
        name: posted.text("name"),
        grant,
        email: posted.maybe("email"),
        phone: posted.maybe("phone"),
    };
    person::create(&posted.visitor.app, actor, &input, &key).await
}

/// The role of a form, where units are named by their code.
async fn grant_in(posted: &mut Posted, actor: &Actor) -> Result<GrantIn, Error> {
    let role = posted.maybe("role").and_then(|name| Role::from_name(&name));
    if role.is_none() {
        posted.wrong("role", FieldCode::NotAChoice);
    }
    let mut unit_id = None;
    let code = posted
        .maybe("unit_code")
        .filter(|_| role.is_some_and(|role| role.bound_to() == Bound::Unit));
    if let Some(code) = code {
        match register::unit_by_code(&posted.visitor.app, actor, first_word(&code)).await {
            Ok(unit) => unit_id = Some(unit.id),
            Err(error) if error.code() == Code::NotFound => posted.wrong("unit_code", FieldCode::Unknown),
            Err(error) => return Err(error),
        }
    }
    posted.check()?;
    let code_of = |field: &str| posted.maybe(field).map(|typed| first_word(&typed).to_owned());
    let (village_code, town_code) = (code_of("village_code"), code_of("town_code"));
    Ok(GrantIn {
        role: role.ok_or_else(Error::not_found)?,
        unit_id,
        village_code,
        town_code,
    })
}

/// The code of a choice that shows its name too, as `120119100201 东北隅村`.
fn first_word(typed: &str) -> &str {
    typed.split_whitespace().next().unwrap_or_default()
}

/// The refusal in the words of the form, where the role's fields stand beside the person's.
fn form_of(posted: &Posted, error: Error) -> Result<Form, Failure> {
    let mut form = posted.visitor.form_of(posted, error)?;
    for problem in &mut form.problems {
        let field = problem.field.strip_prefix("grant.").unwrap_or(&problem.field);
        problem.field = if field == "unit_id" {
            "unit_code".to_owned()
        } else {
            field.to_owned()
        };
    }
    Ok(form)
}

async fn show(visitor: Visitor, Address(id): Address<Uuid>) -> Result<Reply, Failure> {
    person_page(&visitor, id, None, &Form::default()).await
}

async fn person_page(
    visitor: &Visitor,
    id: Uuid,
    link: Option<&LinkOut>,
    form: &Form,
) -> Result<Reply, Failure> {
    let person = person::show(&visitor.app, visitor.actor()?, id)
        .await
        .map_err(|e| visitor.fail(e))?;
    // Whoever shows the link copies it whole.
    let whole = link.map(|link| LinkOut {
        path: format!("{}{}", visitor.app.config.public_url, link.path),
        expires_at: link.expires_at,
        mailed_to: link.mailed_to.clone(),
    });
    visitor
        .page(&person.name, |cx| {
            views::person::person(cx, &person, whole.as_ref(), form)
        })
        .await
}

async fn grant(Address(id): Address<Uuid>, mut posted: Posted) -> Result<Response, Failure> {
    let actor = posted.visitor.actor()?.clone();
    let granted = match (posted.key(), grant_in(&mut posted, &actor).await) {
        (Ok(key), Ok(input)) => person::grant(&posted.visitor.app, &actor, id, &input, &key).await,
        (Err(error), _) | (_, Err(error)) => Err(error),
    };
    match granted {
        Ok(done) => {
            let flash = saved_or_proposed(done.proposal);
            Ok(posted.visitor.go(&format!("/people/{id}"), Some(flash)))
        }
        Err(error) => {
            let code = error.code();
            let form = form_of(&posted, error)?;
            Ok(person_page(&posted.visitor, id, None, &form)
                .await?
                .status(code)
                .into_response())
        }
    }
}

async fn withdraw(Address((id, grant)): Address<(Uuid, Uuid)>, posted: Posted) -> Result<Response, Failure> {
    let visitor = &posted.visitor;
    let done = person::withdraw(&visitor.app, visitor.actor()?, id, grant)
        .await
        .map_err(|e| visitor.fail(e))?;
    Ok(visitor.go(&format!("/people/{id}"), Some(saved_or_proposed(done.proposal))))
}

async fn link(Address(id): Address<Uuid>, posted: Posted) -> Result<Reply, Failure> {
    let visitor = &posted.visitor;
    let link = person::new_link(&visitor.app, visitor.actor()?, id)
        .await
        .map_err(|e| visitor.fail(e))?;
    person_page(visitor, id, Some(&link), &Form::default()).await
}

/// Suspends, or with `suspended` = 0 lets in again.
async fn suspend(Address(id): Address<Uuid>, posted: Posted) -> Result<Response, Failure> {
    let visitor = &posted.visitor;
    let suspended = posted.text("suspended") != "0";
    person::suspend(&visitor.app, visitor.actor()?, id, suspended)
        .await
        .map_err(|e| visitor.fail(e))?;
    Ok(visitor.go(&format!("/people/{id}"), Some(Flash::Saved)))
}

const fn saved_or_proposed(proposal: Option<Uuid>) -> Flash {
    if proposal.is_some() {
        Flash::Proposed
    } else {
        Flash::Saved
    }
}

async fn contact(Address(id): Address<Uuid>, posted: Posted) -> Result<Response, Failure> {
    let input = ContactIn {
        email: posted.maybe("email"),
        phone: posted.maybe("phone"),
    };
    let visitor = &posted.visitor;
    match person::set_contact(&visitor.app, visitor.actor()?, id, &input).await {
        Ok(()) => Ok(visitor.go(&format!("/people/{id}"), Some(Flash::Saved))),
        Err(error) => shown_again(&posted, id, error).await,
    }
}

async fn shown_again(posted: &Posted, id: Uuid, error: Error) -> Result<Response, Failure> {
    let code = error.code();
    let form = form_of(posted, error)?;
    let page = person_page(&posted.visitor, id, None, &form).await?;
    Ok(page.status(code).into_response())
}

async fn revoke_links(Address(id): Address<Uuid>, posted: Posted) -> Result<Response, Failure> {
    let visitor = &posted.visitor;
    match person::revoke_links(&visitor.app, visitor.actor()?, id).await {
        Ok(()) => Ok(visitor.go(&format!("/people/{id}"), Some(Flash::Revoked))),
        // Used or run out meanwhile: either way none is left.
        Err(error) if error.code() == Code::NotFound => {
            Ok(visitor.go(&format!("/people/{id}"), Some(Flash::Revoked)))
        }
        Err(error) => Err(visitor.fail(error)),
    }
}

async fn reset_second_factor(Address(id): Address<Uuid>, posted: Posted) -> Result<Response, Failure> {
    let visitor = &posted.visitor;
    let reason = posted.text("reason");
    match proposal::reset_second_factor(&visitor.app, visitor.actor()?, id, &reason).await {
        Ok(_) => Ok(visitor.go(&format!("/people/{id}"), Some(Flash::Proposed))),
        Err(error) => shown_again(&posted, id, error).await,
    }
}

async fn proposals(visitor: Visitor) -> Result<Reply, Failure> {
    let waiting = proposal::list(&visitor.app, visitor.actor()?)
        .await
        .map_err(|e| visitor.fail(e))?;
    let title = visitor
        .look
        .lang
        .t("等第二位管理员确认", "Waiting for a second administrator");
    visitor
        .page(title, |cx| views::proposal::proposals(cx, &waiting))
        .await
}

async fn confirm(Address(id): Address<Uuid>, posted: Posted) -> Result<Response, Failure> {
    let visitor = &posted.visitor;
    proposal::confirm(&visitor.app, visitor.actor()?, id)
        .await
        .map_err(|e| visitor.fail(e))?;
    Ok(visitor.go("/people/proposals", Some(Flash::Saved)))
}

async fn decline(Address(id): Address<Uuid>, posted: Posted) -> Result<Response, Failure> {
    let visitor = &posted.visitor;
    proposal::decline(&visitor.app, visitor.actor()?, id)
        .await
        .map_err(|e| visitor.fail(e))?;
    Ok(visitor.go("/people/proposals", Some(Flash::Revoked)))
}
