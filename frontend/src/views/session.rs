//! 登录: signing in, setting a password, one's own account.

use crate::components::chip::toned;
use crate::components::field::Field;
use crate::components::form_problems::form_problems;
use crate::components::form_tokens::{csrf, csrf_and_key};
use crate::context::Cx;
use crate::form::Form;
use crate::text::{Lang, day, role, status};
use leptos::prelude::*;
use shared::api::person::MeOut;
use shared::api::session::SessionOut;
use shared::api::token::{TokenOut, TokenSecretOut};
use shared::domain::identity::Grant;

/// Days that a new token lives, unless another number is typed.
const TOKEN_DAYS: &str = "90";

/// The sign-in page.
pub fn sign_in(cx: &Cx, form: &Form, back: &str) -> impl IntoView + use<> {
    let fields = view! {
        {csrf(cx)}
        <input type="hidden" name="back" value=back.to_owned()/>
        {Field::new(cx, form, "sign_in_name", cx.t("登录名", "Name to sign in with")).autocomplete("username").text()}
        {Field::new(cx, form, "password", cx.t("密码", "Password")).autocomplete("current-password").password()}
        <button class="button primary wide">{cx.t("登录", "Sign in")}</button>
    };
    let body = view! {
        {form_problems(cx, form, &password_labels(cx))}
        <form class="form" method="post" action="/sign-in">{fields}</form>
        <p class="hint">
            {cx.t(
                "没有账号，或忘了密码？请联系区绿食中心的管理员，会给您一个一次性链接。",
                "No account, or a lost password? Ask the administrator at the green-food centre for a one-time link.",
            )}
        </p>
    };
    door(cx, cx.t("登录", "Sign in"), body.into_any())
}

/// Setting a password through a one-time link; the first administrator also chooses a name.
pub fn link(cx: &Cx, secret: &str, name: &str, first: bool, form: &Form) -> impl IntoView + use<> {
    let names = first.then(|| {
        view! {
            {Field::new(cx, form, "sign_in_name", cx.t("登录名", "Name to sign in with"))
                .hint(cx.t("3 到 40 个小写字母、数字或 . - _", "3 to 40 of a-z, 0-9, '.', '-', '_'"))
                .max(40)
                .autocomplete("username")
                .text()}
            {Field::new(cx, form, "name", cx.t("姓名", "Your name"))
                .hint(cx.t("签字和记录里显示的名字", "as signatures and records show it"))
                .max(40)
                .autocomplete("name")
                .text()}
        }
    });
    let greeting = match (first, cx.lang()) {
        (true, _) => cx
            .t(
                "您是这里的第一位管理员。",
                "You are the first administrator here.",
            )
            .to_owned(),
        (false, Lang::Zh) => format!("{name}，您好。请设一个只有您知道的密码。"),
        (false, Lang::En) => format!("Hello {name}. Choose a password that only you know."),
    };
    let body = view! {
        <p class="muted">{greeting}</p>
        {form_problems(cx, form, &password_labels(cx))}
        <form class="form" method="post" action=format!("/link/{secret}")>
            {csrf(cx)}
            {names}
            {new_password(cx, form)}
            <button class="button primary wide">{cx.t("设好密码并登录", "Set it and sign in")}</button>
        </form>
    };
    door(cx, cx.t("设置密码", "Set your password"), body.into_any())
}

fn door(cx: &Cx, title: &'static str, body: AnyView) -> AnyView {
    view! {
        <div class="sign-in">
            <div class="sign-in-card card">
                <img src=cx.asset("logo.svg") alt="" width="44" height="44"/>
                <h1>{title}</h1>
                {body}
            </div>
        </div>
    }
    .into_any()
}

fn new_password(cx: &Cx, form: &Form) -> AnyView {
    view! {
        {Field::new(cx, form, "new", cx.t("新密码", "New password"))
            .hint(cx.t("12 到 128 个字符，一句话最好记", "12 to 128 characters; a sentence is easy to keep in mind"))
            .max(128)
            .autocomplete("new-password")
            .password()}
        {Field::new(cx, form, "again", cx.t("再写一次", "Once more")).max(128).autocomplete("new-password").password()}
    }
    .into_any()
}

fn password_labels(cx: &Cx) -> [(&'static str, &'static str); 8] {
    [
        ("sign_in_name", cx.t("登录名", "Name to sign in with")),
        ("password", cx.t("密码", "Password")),
        ("name", cx.t("名称", "Name")),
        ("current", cx.t("现在的密码", "Present password")),
        ("new", cx.t("新密码", "New password")),
        ("again", cx.t("再写一次", "Once more")),
        ("days", cx.t("天数", "Days")),
        ("grant", cx.t("身份", "Role")),
    ]
}

/// One's own account.
pub fn me(
    cx: &Cx,
    sessions: &[SessionOut],
    tokens: &[TokenOut],
    made: Option<&TokenSecretOut>,
    form: &Form,
) -> impl IntoView + use<> {
    let profile = cx.me.as_ref().map(|me| profile(cx, me));
    view! {
        {form_problems(cx, form, &password_labels(cx))}
        {made.map(|made| secret(cx, made))}
        {profile}
        <div class="main-side">
            <div class="stack">{session_list(cx, sessions)} {token_list(cx, tokens)}</div>
            <div class="stack">{change_password(cx, form)} {new_token(cx, form)}</div>
        </div>
    }
}

fn profile(cx: &Cx, me: &MeOut) -> AnyView {
    let grants: Vec<_> = me.grants.iter().map(|grant| grant_row(cx, me, grant)).collect();
    view! {
        <header class="toolbar">
            <div class="toolbar-title">
                <p class="eyebrow">{me.sign_in_name.clone()}</p>
                <h1>{me.name.clone()}</h1>
            </div>
            <form class="toolbar-actions" method="post" action="/sign-out">
                {csrf(cx)}
                <button class="button">{cx.t("退出登录", "Sign out")}</button>
            </form>
        </header>
        <section class="card">
            <h2>{cx.t("我的身份", "My roles")}</h2>
            <ul class="lines">{grants}</ul>
        </section>
        {second_factor(cx, me)}
    }
    .into_any()
}

fn second_factor(cx: &Cx, me: &MeOut) -> AnyView {
    let (tone, word, way) = if me.second_factor {
        (
            "chip tone-pine",
            cx.t("已绑定", "Set up"),
            cx.t("恢复码和换手机", "Recovery codes, another phone"),
        )
    } else {
        (
            "chip tone-millet",
            cx.t("未绑定", "Not set up"),
            cx.t("绑定验证器", "Set it up"),
        )
    };
    view! {
        <section class="card spread">
            <div class="row"><h2>{cx.t("两步验证", "Second factor")}</h2><span class=tone>{word}</span></div>
            <a class="button small" href="/second-factor?back=/me">{way}</a>
        </section>
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

fn grant_row(cx: &Cx, me: &MeOut, grant: &Grant) -> AnyView {
    let action = if grant.id == me.active.id {
        view! { <span class="push">{toned(status::PINE, cx.t("正在使用", "In use"))}</span> }.into_any()
    } else {
        view! {
            <form class="push" method="post" action="/me/role">
                {csrf(cx)}
                <input type="hidden" name="grant" value=grant.id.to_string()/>
                <button class="button small">{cx.t("切换", "Switch")}</button>
            </form>
        }
        .into_any()
    };
    view! { <li><span>{grant_words(cx, grant)}</span>{action}</li> }.into_any()
}

fn secret(cx: &Cx, made: &TokenSecretOut) -> AnyView {
    view! {
        <section class="notice tone-pine" role="status">
            <h2>{format!("{} {}", cx.t("新令牌", "New token"), made.token.name)}</h2>
            <p>{cx.t("只显示这一次，请现在抄到用它的地方：", "Shown this once only: copy it to where it is used, now:")}</p>
            <p><code class="secret" data-secret="">{made.secret.clone()}</code></p>
        </section>
    }
    .into_any()
}

fn session_list(cx: &Cx, sessions: &[SessionOut]) -> AnyView {
    let rows: Vec<_> = sessions.iter().map(|session| session_row(cx, session)).collect();
    view! {
        <section class="table-wrap card card-flush">
            <div class="card-head">
                <h2>{cx.t("登录的设备", "Signed-in devices")}</h2>
                <p class="muted">{cx.t("不认识的请撤销，并更换密码", "revoke what you do not know, and change the password")}</p>
            </div>
            <table class="table table-dense">
                <thead><tr>
                    <th>{cx.t("设备", "Device")}</th>
                    <th>{cx.t("登录", "Since")}</th>
                    <th>{cx.t("最近使用", "Last used")}</th>
                    <th><span class="visually-hidden">{cx.t("操作", "Actions")}</span></th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
    }
    .into_any()
}

fn session_row(cx: &Cx, session: &SessionOut) -> AnyView {
    let action = if session.current {
        toned(status::PINE, cx.t("本机", "This one"))
    } else {
        revoke(cx, format!("/me/sessions/{}/revoke", session.id))
    };
    let agent = if session.agent.is_empty() {
        cx.t("未知设备", "unknown").to_owned()
    } else {
        session.agent.clone()
    };
    view! {
        <tr>
            <td class="lead" data-label=cx.t("设备", "Device")>{agent}</td>
            <td data-label=cx.t("登录", "Since")><time>{day::time(cx.lang(), session.created_at)}</time></td>
            <td data-label=cx.t("最近使用", "Last used")><time>{day::time(cx.lang(), session.seen_at)}</time></td>
            <td class="actions" data-label="">{action}</td>
        </tr>
    }
    .into_any()
}

fn revoke(cx: &Cx, action: String) -> AnyView {
    view! {
        <form method="post" action=action>
            {csrf(cx)}
            <button class="button danger small">{cx.t("撤销", "Revoke")}</button>
        </form>
    }
    .into_any()
}

fn token_list(cx: &Cx, tokens: &[TokenOut]) -> AnyView {
    let rows: Vec<_> = tokens.iter().map(|token| token_row(cx, token)).collect();
    let table = if rows.is_empty() {
        view! {
            <p class="card-body muted">{cx.t("还没有令牌。程序要读写数据时才需要。", "No tokens yet. Only programs need one.")}</p>
        }
        .into_any()
    } else {
        view! {
            <table class="table table-dense">
                <thead><tr>
                    <th>{cx.t("用途", "For")}</th>
                    <th>{cx.t("身份", "Role")}</th>
                    <th>{cx.t("到期", "Ends")}</th>
                    <th>{cx.t("最近使用", "Last used")}</th>
                    <th><span class="visually-hidden">{cx.t("操作", "Actions")}</span></th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        }
        .into_any()
    };
    view! {
        <section class="table-wrap card card-flush">
            <div class="card-head">
                <h2>{cx.t("接口令牌", "API tokens")}</h2>
                <p class="muted"><a href="/api/v1/docs/">{cx.t("接口说明", "API documents")}</a></p>
            </div>
            {table}
        </section>
    }
    .into_any()
}

fn token_row(cx: &Cx, token: &TokenOut) -> AnyView {
    let seen = token
        .seen_at
        .map_or_else(|| cx.t("从未", "never").to_owned(), |at| day::time(cx.lang(), at));
    view! {
        <tr>
            <td class="lead" data-label=cx.t("用途", "For")>{token.name.clone()}</td>
            <td data-label=cx.t("身份", "Role")>{grant_words(cx, &token.grant)}</td>
            <td data-label=cx.t("到期", "Ends")><time>{token.expires_at.day().to_string()}</time></td>
            <td data-label=cx.t("最近使用", "Last used")>{seen}</td>
            <td class="actions" data-label="">{revoke(cx, format!("/me/tokens/{}/revoke", token.id))}</td>
        </tr>
    }
    .into_any()
}

fn change_password(cx: &Cx, form: &Form) -> AnyView {
    view! {
        <section class="card">
            <h2>{cx.t("更换密码", "Change the password")}</h2>
            <form class="form" method="post" action="/me/password">
                {csrf(cx)}
                {Field::new(cx, form, "current", cx.t("现在的密码", "Present password"))
                    .autocomplete("current-password")
                    .password()}
                {new_password(cx, form)}
                <button class="button primary">{cx.t("更换密码", "Change the password")}</button>
            </form>
        </section>
    }
    .into_any()
}

fn new_token(cx: &Cx, form: &Form) -> AnyView {
    view! {
        <section class="card">
            <h2>{cx.t("新建令牌", "New token")}</h2>
            <form class="form" method="post" action="/me/tokens">
                {csrf_and_key(cx)}
                {Field::new(cx, form, "name", cx.t("用途", "For"))
                    .hint(cx.t("例如 食堂系统", "as: the canteen's system"))
                    .max(40)
                    .text()}
                {Field::new(cx, form, "days", cx.t("多少天后到期", "Days until it ends"))
                    .hint(cx.t("1 到 365 天", "1 to 365"))
                    .or(form, TOKEN_DAYS)
                    .unit(cx.t("天", "days"))
                    .whole()}
                <button class="button">{cx.t("新建令牌", "Make the token")}</button>
            </form>
        </section>
    }
    .into_any()
}
