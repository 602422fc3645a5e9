//! 人员: people and the roles they hold.

use crate::components::breadcrumb::breadcrumb;
use crate::components::empty::empty;
use crate::components::export::export;
use crate::components::field::Field;
use crate::components::form_problems::form_problems;
use crate::components::form_tokens::csrf_and_key;
use crate::components::pager::pager;
use crate::context::Cx;
use crate::form::Form;
use crate::text::{day, role};
use leptos::prelude::*;
use shared::api::page::Page;
use shared::api::person::{LinkOut, PersonOut};
use shared::api::town::TownOut;
use shared::api::unit::UnitOut;
use shared::domain::identity::{Grant, Role};
use shared::domain::rights::{Action, Place};
use shared::domain::work::ExportList;

/// The people.
pub fn people(
    cx: &Cx,
    page: &Page<PersonOut>,
    q: &str,
    asked: Option<Role>,
    waiting: usize,
) -> impl IntoView + use<> {
    let narrowed = !q.is_empty() || asked.is_some();
    let add = cx.may(Action::PeopleWrite, Place::DISTRICT).then(|| {
        view! { <a class="button primary" href="/people/new">{cx.t("添加人员", "Add a person")}</a> }
    });
    let waits = (waiting > 0).then(|| {
        view! {
            <a class="button" href="/people/proposals">
                {cx.t("等第二位确认 ", "Waiting for a second ")} <span class="count">{waiting}</span>
            </a>
        }
    });
    let body = if page.items.is_empty() && narrowed {
        empty(
            cx,
            "search",
            cx.t("没有找到这样的人", "Nobody like this"),
            cx.t(
                "请换个名字，或清除条件。",
                "Try another name, or clear the filter.",
            ),
            Some((cx.t("看全部", "See all"), "/people".to_owned())),
        )
    } else if page.items.is_empty() {
        empty(
            cx,
            "people",
            cx.t("还没有人员", "No people yet"),
            cx.t(
                "添加后会得到一个一次性链接，发给本人设置密码。",
                "Adding one gives a one-time link, with which they set their password.",
            ),
            Some((cx.t("添加人员", "Add a person"), "/people/new".to_owned())),
        )
    } else {
        view! { {table(cx, &page.items)} {pager(cx, page.next.as_deref())} }.into_any()
    };
    view! {
        <header class="toolbar">
            <div class="toolbar-title"><h1>{cx.t("人员", "People")}</h1></div>
            <div class="toolbar-actions">{waits}{add}{export(cx, &[ExportList::People])}</div>
        </header>
        {filter(cx, q, asked)}
        {body}
    }
}

fn filter(cx: &Cx, q: &str, asked: Option<Role>) -> AnyView {
    let roles: Vec<_> = Role::ALL
        .into_iter()
        .map(|known| {
            let selected = asked == Some(known);
            view! { <option value=known.as_str() selected=selected>{role::role(cx.lang(), known)}</option> }
        })
        .collect();
    let clear = (!q.is_empty() || asked.is_some())
        .then(|| view! { <a class="button quiet" href="/people">{cx.t("清除", "Clear")}</a> });
    view! {
        <form class="filter-bar card" method="get" action="/people">
            <div class="field">
                <label for="q">{cx.t("姓名或登录名", "Name or sign-in name")}</label>
                <input id="q" name="q" value=q.to_owned() maxlength="40" autocomplete="off"/>
            </div>
            <div class="field">
                <label for="role">{cx.t("身份", "Role")}</label>
                <select id="role" name="role"><option value="">{cx.t("全部", "All")}</option>{roles}</select>
            </div>
            <button class="button primary">{cx.t("筛选", "Filter")}</button>
            {clear}
        </form>
    }
    .into_any()
}

fn table(cx: &Cx, people: &[PersonOut]) -> AnyView {
    let rows: Vec<_> = people.iter().map(|person| row(cx, person)).collect();
    view! {
        <section class="table-wrap card card-flush">
            <table class="table">
                <thead><tr>
                    <th>{cx.t("姓名", "Name")}</th>
                    <th>{cx.t("登录名", "Sign-in name")}</th>
                    <th>{cx.t("身份", "Roles")}</th>
                    <th>{cx.t("状态", "State")}</th>
                    <th>{cx.t("添加于", "Added")}</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
    }
    .into_any()
}

fn row(cx: &Cx, person: &PersonOut) -> AnyView {
    let grants: Vec<_> = person
        .grants
        .iter()
        .map(|grant| view! { <li class="chip tone-water">{grant_words(cx, grant)}</li> })
        .collect();
    view! {
        <tr>
            <td class="lead" data-label=cx.t("姓名", "Name")>
                <a href=format!("/people/{}", person.id)>{person.name.clone()}</a></td>
            <td data-label=cx.t("登录名", "Sign-in name")><span class="code">{person.sign_in_name.clone()}</span></td>
            <td data-label=cx.t("身份", "Roles")><ul class="chips">{grants}</ul></td>
            <td data-label=cx.t("状态", "State")><div class="chips">{state(cx, person)}{factor(cx, person)}</div></td>
            <td data-label=cx.t("添加于", "Added")>
                <time datetime=person.created_at.format_full()>{day::short(cx.lang(), person.created_at.day())}</time></td>
        </tr>
    }
    .into_any()
}

fn grant_words(cx: &Cx, grant: &Grant) -> String {
    let word = role::role(cx.lang(), grant.role);
    if grant.place_name.is_empty() {
        word.to_owned()
    } else {
        format!("{} · {word}", grant.place_name)
    }
}

fn factor(cx: &Cx, person: &PersonOut) -> Option<AnyView> {
    let needs = person.grants.iter().any(|grant| grant.role.needs_second_factor());
    match (person.second_factor_at.is_some(), needs) {
        (true, _) => Some(
            view! { <span class="chip tone-plain">{cx.t("两步验证", "Second factor")}</span> }.into_any(),
        ),
        (false, true) => Some(
            view! { <span class="chip tone-millet">{cx.t("未绑定验证器", "No second factor yet")}</span> }
                .into_any(),
        ),
        (false, false) => None,
    }
}

fn state(cx: &Cx, person: &PersonOut) -> AnyView {
    if !person.suspended && !person.has_password {
        return view! { <span class="chip tone-millet">{cx.t("已邀请", "Invited")}</span> }.into_any();
    }
    if person.suspended {
        view! { <span class="chip tone-persimmon">{cx.t("已停用", "Suspended")}</span> }.into_any()
    } else {
        view! { <span class="chip tone-pine">{cx.t("正常", "Active")}</span> }.into_any()
    }
}

/// The fields of a role: which, and for whom.
fn grant_fields(cx: &Cx, form: &Form, units: &[UnitOut], towns: &[TownOut]) -> AnyView {
    let roles = Role::ALL
        .into_iter()
        .map(|r| (r.as_str().to_owned(), role::role(cx.lang(), r).to_owned()))
        .collect();
    let nobody = || (String::new(), cx.t("不选", "None").to_owned());
    let unit_choices: Vec<(String, String)> = std::iter::once(nobody())
        .chain(units.iter().map(|u| (u.code.clone(), u.name.clone())))
        .collect();
    let town_choices: Vec<(String, String)> = std::iter::once(nobody())
        .chain(towns.iter().map(|t| (t.code.clone(), t.name.clone())))
        .collect();
    let unit = Field::new(cx, form, "unit_code", cx.t("单位", "Unit"))
        .hint(cx.t("采购经办人、审批人、单位财务要填", "For a unit's roles"))
        .optional();
    let unit = if units.is_empty() {
        unit.placeholder(cx.t("统一社会信用代码", "Unit code")).text()
    } else {
        unit.select(unit_choices)
    };
    let town = Field::new(cx, form, "town_code", cx.t("乡镇", "Town"))
        .hint(cx.t("乡镇干部要填", "For a town's role"))
        .optional();
    let town = if towns.is_empty() {
        town.placeholder(cx.t("9 位乡镇代码", "9-digit code")).whole()
    } else {
        town.select(town_choices)
    };
    view! {
        {Field::new(cx, form, "role", cx.t("身份", "Role")).or(form, Role::UnitRequester.as_str()).select(roles)}
        {unit}
        {Field::new(cx, form, "village_code", cx.t("村", "Village"))
            .hint(cx.t("村供货员要填", "For a village's role"))
            .placeholder(cx.t("12 位村代码", "12-digit code"))
            .optional()
            .whole()}
        {town}
    }
    .into_any()
}

fn contact_fields(cx: &Cx, form: &Form) -> AnyView {
    view! {
        {Field::new(cx, form, "email", cx.t("邮箱", "E-mail"))
            .hint(cx.t("填了就把链接和通知也发到这里", "links and notices are sent there too"))
            .max(120)
            .optional()
            .text()}
        {Field::new(cx, form, "phone", cx.t("电话", "Telephone")).max(30).optional().text()}
    }
    .into_any()
}

fn labels(cx: &Cx) -> [(&'static str, &'static str); 8] {
    [
        ("email", cx.t("邮箱", "E-mail")),
        ("phone", cx.t("电话", "Telephone")),
        ("sign_in_name", cx.t("登录名", "Sign-in name")),
        ("name", cx.t("姓名", "Name")),
        ("role", cx.t("身份", "Role")),
        ("unit_code", cx.t("单位", "Unit")),
        ("village_code", cx.t("村", "Village")),
        ("town_code", cx.t("乡镇", "Town")),
    ]
}

/// Adding a person: they choose their password themselves, through a link.
pub fn new_person(cx: &Cx, form: &Form, units: &[UnitOut], towns: &[TownOut]) -> impl IntoView + use<> {
    view! {
        {breadcrumb(cx, &[("/people", cx.t("人员", "People"))], cx.t("添加人员", "Add a person"))}
        <header class="toolbar"><div class="toolbar-title">
            <h1>{cx.t("添加人员", "Add a person")}</h1>
            <p>{cx.t("添加后会得到一个一次性链接，发给本人，由本人设置密码。", "You will get a one-time link for them; they set their own password with it.")}</p>
        </div></header>
        {form_problems(cx, form, &labels(cx))}
        <form class="form card" method="post" action="/people">
            {csrf_and_key(cx)}
            <div class="form-grid">
                {Field::new(cx, form, "name", cx.t("姓名", "Name")).max(40).text()}
                {Field::new(cx, form, "sign_in_name", cx.t("登录名", "Sign-in name"))
                    .hint(cx.t("3 到 40 个小写字母、数字或 . - _", "3 to 40 of a-z, 0-9, . - _"))
                    .max(40)
                    .text()}
                {contact_fields(cx, form)}
                {grant_fields(cx, form, units, towns)}
            </div>
            <div class="form-actions">
                <button class="button primary">{cx.t("添加并生成链接", "Add and make the link")}</button>
                <a class="button" href="/people">{cx.t("不添加", "Cancel")}</a>
            </div>
        </form>
    }
}

/// One person; the one-time link is shown once.
pub fn person(cx: &Cx, person: &PersonOut, link: Option<&LinkOut>, form: &Form) -> impl IntoView + use<> {
    let writes = cx.may(Action::PeopleWrite, Place::DISTRICT);
    let grants: Vec<_> = person
        .grants
        .iter()
        .map(|grant| grant_line(cx, person, grant, writes))
        .collect();
    let nothing = person
        .grants
        .is_empty()
        .then(|| view! { <p class="muted">{cx.t("没有任何身份，不能登录。", "No role, so no access.")}</p> });
    let changes = writes.then(|| changes(cx, person, form));
    view! {
        {breadcrumb(cx, &[("/people", cx.t("人员", "People"))], &person.name)}
        <header class="toolbar"><div class="toolbar-title">
            <p class="eyebrow code">{person.sign_in_name.clone()}</p>
            <div class="row"><h1>{person.name.clone()}</h1>{state(cx, person)}{factor(cx, person)}</div>
        </div></header>
        {link.map(|link| one_time_link(cx, link))}
        {link.is_none().then(|| unused_link(cx, person, writes)).flatten()}
        {form_problems(cx, form, &labels(cx))}
        <section class="card">
            <h2>{cx.t("身份", "Roles")}</h2>
            <ul class="lines">{grants}</ul>
            {nothing}
        </section>
        {changes}
        <p class="card-foot">
            <a href=format!("/audit?object={}", person.id)>{cx.t("看此人的操作记录 →", "See the audit log of this person →")}</a>
        </p>
    }
}

fn one_time_link(cx: &Cx, link: &LinkOut) -> AnyView {
    let until = day::time(cx.lang(), link.expires_at);
    let mailed = link.mailed_to.clone().map(|to| {
        view! { <p>{cx.t("已同时发到邮箱 ", "It was mailed too, to ")} <span class="code">{to}</span></p> }
    });
    view! {
        <section class="notice tone-water" role="status">
            <h2>{cx.t("一次性链接，只显示这一次", "One-time link, shown this once")}</h2>
            <p>{cx.t("请复制后当面或用可靠方式交给本人。有效期至 ", "Copy it and hand it over by a safe way. It works until ")} {until}</p>
            <p><input type="text" readonly=true value=link.path.clone() aria-label=cx.t("一次性链接", "One-time link")/></p>
            {mailed}
        </section>
    }
    .into_any()
}

/// A link that is still out: who holds it can set the password.
fn unused_link(cx: &Cx, person: &PersonOut, writes: bool) -> Option<AnyView> {
    let until = day::time(cx.lang(), person.link_until?);
    let revoke = writes.then(|| {
        view! {
            <form method="post" action=format!("/people/{}/link/revoke", person.id)>
                {csrf_and_key(cx)}
                <button class="button small danger">{cx.t("作废链接", "End the link")}</button>
            </form>
        }
    });
    Some(
        view! {
            <section class="notice tone-millet spread">
                <p>{cx.t("有一个一次性链接还没用，有效期至 ", "A one-time link is not used yet; it works until ")} {until}</p>
                {revoke}
            </section>
        }
        .into_any(),
    )
}

fn grant_line(cx: &Cx, person: &PersonOut, grant: &Grant, writes: bool) -> AnyView {
    let withdraw = writes.then(|| {
        view! {
            <form class="push" method="post" action=format!("/people/{}/grants/{}/withdraw", person.id, grant.id)>
                {csrf_and_key(cx)}
                <button class="button small danger">{cx.t("收回", "Withdraw")}</button>
            </form>
        }
    });
    view! { <li><span class="strong">{grant_words(cx, grant)}</span>{withdraw}</li> }.into_any()
}

fn changes(cx: &Cx, person: &PersonOut, form: &Form) -> AnyView {
    let open = form.code.is_some() || !form.problems.is_empty();
    let access = if person.suspended {
        let_in_again(cx, person)
    } else {
        access(cx, person)
    };
    view! {
        <details class="fold" open=open>
            <summary>{cx.t("再给一个身份", "Give another role")}</summary>
            <form class="fold-body" method="post" action=format!("/people/{}/grants", person.id)>
                {csrf_and_key(cx)}
                <div class="form-grid">{grant_fields(cx, form, &[], &[])}</div>
                <div class="form-actions"><button class="button primary">{cx.t("授予身份", "Give the role")}</button></div>
            </form>
        </details>
        {access}
    }
    .into_any()
}

/// For one who can sign in: a new link when the password is lost, and suspending.
fn access(cx: &Cx, person: &PersonOut) -> AnyView {
    let contact = Form::filled([
        ("email", person.email.clone().unwrap_or_default()),
        ("phone", person.phone.clone().unwrap_or_default()),
    ]);
    let reset = person
        .second_factor_at
        .is_some()
        .then(|| reset_second_factor(cx, person));
    view! {
        <details class="fold">
            <summary>{cx.t("邮箱和电话", "E-mail and telephone")}</summary>
            <form class="fold-body" method="post" action=format!("/people/{}/contact", person.id)>
                {csrf_and_key(cx)}
                <div class="form-grid">{contact_fields(cx, &contact)}</div>
                <div class="form-actions"><button class="button">{cx.t("保存", "Save")}</button></div>
            </form>
        </details>
        {reset}
        <details class="fold">
            <summary>{cx.t("重新生成一次性链接", "Make a new one-time link")}</summary>
            <form class="fold-body" method="post" action=format!("/people/{}/link", person.id)>
                {csrf_and_key(cx)}
                <p>{cx.t("忘记密码时用。以前的链接马上失效，由本人设置新密码。", "For a lost password. Earlier links end at once; they set the new password themselves.")}</p>
                <div class="form-actions"><button class="button">{cx.t("生成链接", "Make the link")}</button></div>
            </form>
        </details>
        <details class="fold">
            <summary>{cx.t("停用此账号", "Suspend this account")}</summary>
            <form class="fold-body" method="post" action=format!("/people/{}/suspend", person.id)>
                {csrf_and_key(cx)}
                <p>{cx.t("停用后马上退出所有登录，不能再登录。", "Every session ends at once, and they can no longer sign in.")}</p>
                <div class="form-actions"><button class="button danger">{cx.t("停用账号", "Suspend")}</button></div>
            </form>
        </details>
    }
    .into_any()
}

fn reset_second_factor(cx: &Cx, person: &PersonOut) -> AnyView {
    view! {
        <details class="fold">
            <summary>{cx.t("重置两步验证（手机丢了）", "Reset the second factor (lost phone)")}</summary>
            <form class="fold-body" method="post" action=format!("/people/{}/second-factor/reset", person.id)>
                {csrf_and_key(cx)}
                <p>{cx.t(
                    "先当面或打电话确认是本人。另一位管理员确认后，此人所有登录和令牌都作废，下次登录重新绑定。",
                    "Make sure in person or by telephone that it is they. Once another administrator confirms it, every session and token of theirs ends and they set it up anew.",
                )}</p>
                {Field::new(cx, &Form::default(), "reason", cx.t("原因", "Reason")).max(200).text()}
                <div class="form-actions"><button class="button danger">{cx.t("提出重置", "Propose the reset")}</button></div>
            </form>
        </details>
    }
    .into_any()
}

fn let_in_again(cx: &Cx, person: &PersonOut) -> AnyView {
    view! {
        <form method="post" action=format!("/people/{}/suspend", person.id)>
            {csrf_and_key(cx)}
            <input type="hidden" name="suspended" value="0"/>
            <div class="form-actions"><button class="button">{cx.t("恢复账号", "Let them in again")}</button></div>
        </form>
    }
    .into_any()
}
