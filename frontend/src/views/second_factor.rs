//! 两步验证: setting up an authenticator, giving its code, recovery codes, and proving oneself again.

use crate::components::field::Field;
use crate::components::form_problems::form_problems;
use crate::components::form_tokens::{csrf, csrf_and_key};
use crate::context::Cx;
use crate::form::Form;
use crate::islands::print::PrintButton;
use crate::text::{Lang, day};
use leptos::prelude::*;
use shared::api::person::MeOut;
use shared::api::second_factor::SecondFactorOut;

fn labels(cx: &Cx) -> [(&'static str, &'static str); 2] {
    [
        ("code", cx.t("验证码", "Code")),
        ("password", cx.t("密码", "Password")),
    ]
}

fn code_field(cx: &Cx, form: &Form, name: &str, hint: &'static str) -> AnyView {
    // A code is never shown again.
    let mut empty = Form {
        values: Vec::new(),
        ..form.clone()
    };
    for problem in &mut empty.problems {
        if problem.field == "code" {
            name.clone_into(&mut problem.field);
        }
    }
    Field::new(cx, &empty, name, cx.t("验证码", "Code"))
        .hint(hint)
        .max(20)
        .autocomplete("one-time-code")
        .text()
}

const fn either(cx: &Cx) -> &'static str {
    cx.t(
        "验证器里的 6 位数字；手机不在身边就填一个恢复码",
        "6 digits of your authenticator app, or a recovery code",
    )
}

/// Giving a code after the password.
pub fn enter(cx: &Cx, me: &MeOut, form: &Form, back: &str) -> impl IntoView + use<> {
    let greeting = match cx.lang() {
        Lang::Zh => format!("{}，您好。密码正确，请再填验证码。", me.name),
        Lang::En => format!("Hello {}. The password is right; now the code.", me.name),
    };
    let body = view! {
        <p class="muted">{greeting}</p>
        {form_problems(cx, form, &labels(cx))}
        <form class="form" method="post" action="/second-factor">
            {csrf(cx)}
            <input type="hidden" name="back" value=back.to_owned()/>
            {code_field(cx, form, "code", either(cx))}
            <button class="button primary wide">{cx.t("继续", "Continue")}</button>
        </form>
        <p class="hint">{cx.t(
            "手机和恢复码都丢了？请联系管理员，由两位管理员一起为您重置。",
            "Lost both phone and recovery codes? Two administrators together can reset it for you.",
        )}</p>
        {leave(cx)}
    };
    door(cx, cx.t("两步验证", "Second factor"), body.into_any())
}

fn leave(cx: &Cx) -> AnyView {
    view! {
        <form method="post" action="/sign-out">
            {csrf(cx)}
            <button class="button quiet wide">{cx.t("退出登录", "Sign out")}</button>
        </form>
    }
    .into_any()
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

/// A second factor on offer.
#[derive(Clone, Copy, Debug)]
pub struct Offer<'a> {
    /// The QR code, as the data of an SVG path.
    pub qr_path: &'a str,
    /// Its size in modules.
    pub qr_size: u32,
    /// The secret to type, in groups.
    pub typed: &'a str,
    /// Whether the role asks for it.
    pub must: bool,
    /// Where to go on to.
    pub back: &'a str,
}

/// Setting up an authenticator.
pub fn enrol(cx: &Cx, offer: &Offer<'_>, form: &Form) -> impl IntoView + use<> {
    let why = if offer.must {
        cx.t(
            "您的身份能审批、管钱、看全部或给人授权，所以除密码外还要手机上的验证码。只需绑定一次。",
            "Your role approves, moves money, sees everything or gives rights: besides the password it needs a code from your phone. You set it up once.",
        )
    } else {
        cx.t(
            "绑定后，登录和改动钱款、权限时除密码外还要手机上的验证码。",
            "Once set up, signing in and changing money or rights also need a code from your phone.",
        )
    };
    let skip = offer.must.then(|| leave(cx));
    let size = offer.qr_size;
    view! {
        <header class="toolbar"><div class="toolbar-title">
            <h1>{cx.t("绑定验证器", "Set up your authenticator")}</h1>
            <p>{why}</p>
        </div></header>
        {form_problems(cx, form, &labels(cx))}
        <div class="cols-2">
            <section class="card stack">
                <h2>{cx.t("1. 用验证器扫码", "1. Scan with your authenticator")}</h2>
                <p>{cx.t(
                    "在手机上打开任一款“验证器”（如微软或谷歌身份验证器、腾讯身份验证器小程序），选“添加账号”，扫这个码：",
                    "Open any authenticator app on your phone, choose to add an account, and scan this:",
                )}</p>
                <svg class="second-factor-qr" width="220" height="220" viewBox=format!("0 0 {size} {size}") role="img"
                    aria-label=cx.t("验证器要扫的二维码", "QR code for the authenticator") shape-rendering="crispEdges">
                    <rect width=size height=size fill="#fff"></rect>
                    <path d=offer.qr_path.to_owned() fill="#000"></path>
                </svg>
                <details>
                    <summary>{cx.t("扫不了？手动输入", "Can't scan? Type it")}</summary>
                    <p>{cx.t("选“输入密钥”，类型选“基于时间”，填：", "Choose to enter a key, time-based, and type:")}</p>
                    <p><code class="secret" data-second-factor="">{offer.typed.to_owned()}</code></p>
                </details>
            </section>
            <section class="card stack">
                <h2>{cx.t("2. 填上显示的数字", "2. Type the digits it shows")}</h2>
                <form class="form" method="post" action="/second-factor/enrol">
                    {csrf(cx)}
                    <input type="hidden" name="back" value=offer.back.to_owned()/>
                    {code_field(cx, form, "code", cx.t("6 位，半分钟换一次", "6 digits, new every half minute"))}
                    <button class="button primary wide">{cx.t("完成绑定", "Finish")}</button>
                </form>
                {skip}
            </section>
        </div>
    }
}

/// One's second factor as it stands.
pub fn state(cx: &Cx, state: &SecondFactorOut, form: &Form) -> impl IntoView + use<> {
    let since = state
        .enrolled_at
        .map(|at| day::time(cx.lang(), at))
        .unwrap_or_default();
    let left = match cx.lang() {
        Lang::Zh => format!("还剩 {} 个没用过的恢复码", state.codes_left),
        Lang::En => format!("{} recovery codes are left", state.codes_left),
    };
    let tone = if state.codes_left < 3 {
        "chip tone-persimmon"
    } else {
        "chip tone-pine"
    };
    view! {
        <header class="toolbar"><div class="toolbar-title">
            <h1>{cx.t("两步验证", "Second factor")}</h1>
            <p>{cx.t("已绑定验证器，自 ", "An authenticator is set up since ")} {since}</p>
        </div></header>
        {form_problems(cx, form, &labels(cx))}
        <section class="card stack">
            <div class="row"><h2>{cx.t("恢复码", "Recovery codes")}</h2><span class=tone>{left}</span></div>
            <p>{cx.t(
                "手机不在身边时，一个恢复码顶一次验证码。重新生成后，以前的全部作废。",
                "Without your phone, each recovery code stands in for a code once. Making new ones ends the old.",
            )}</p>
            <form method="post" action="/second-factor/codes">
                {csrf_and_key(cx)}
                <button class="button">{cx.t("重新生成恢复码", "Make new codes")}</button>
            </form>
        </section>
        <section class="card stack">
            <h2>{cx.t("换手机", "Another phone")}</h2>
            <p>{cx.t(
                "在新手机上绑定后，旧手机上的验证码马上失效，其他设备都会退出。",
                "Once the new phone is set up, the old one's codes end at once and other devices are signed out.",
            )}</p>
            <p><a class="button" href="/second-factor?replace=1&back=/second-factor">{cx.t("换一部手机绑定", "Set up another phone")}</a></p>
        </section>
        <p class="card-foot"><a href="/me">{cx.t("‹ 回我的账号", "‹ Back to my account")}</a></p>
    }
}

/// The recovery codes, shown this once, to print and keep.
pub fn codes(cx: &Cx, codes: &[String], sign_in_name: &str, on: &str) -> impl IntoView + use<> {
    let rows: Vec<_> = codes
        .iter()
        .map(|code| view! { <li><code class="secret" data-recovery-code="">{code.clone()}</code></li> })
        .collect();
    view! {
        <main class="page" id="main">
            <div class="wrap-narrow spread no-print">
                <PrintButton word=cx.t("打印", "Print").to_owned() class="button".to_owned()/>
                <noscript><p class="hint">{cx.t("请用浏览器菜单里的“打印”。", "Use your browser's menu to print.")}</p></noscript>
                <a class="button primary" href=on.to_owned()>{cx.t("已收好，继续", "I have kept them, continue")}</a>
            </div>
            <article class="sheet">
                <header class="sheet-head"><div>
                    <h1>{cx.t("恢复码", "Recovery codes")}</h1>
                    <p>{cx.t("蓟州帮扶集市 · 登录名 ", "Jizhou Market · sign-in name ")} <span class="code">{sign_in_name.to_owned()}</span></p>
                </div></header>
                <p class="strong">{cx.t("只显示这一次。请打印或抄下，锁在抽屉里，不要存在手机里。", "Shown this once. Print or copy them and lock them away, not on the phone.")}</p>
                <ol class="recovery-codes">{rows}</ol>
                <p class="small muted">{cx.t(
                    "手机不在身边时，用一个恢复码代替验证码；每个只能用一次，用过请划掉。",
                    "Without your phone, type one of these in place of a code. Each works once: cross it out.",
                )}</p>
            </article>
        </main>
    }
}

/// What was about to be done when one had to prove oneself.
#[derive(Clone, Copy, Debug)]
pub struct Again<'a> {
    /// Where the form was going.
    pub to: &'a str,
    /// The page that it stood on.
    pub page: &'a str,
    /// What was typed into it.
    pub fields: &'a [(String, String)],
    /// Whether files came along, which have to be chosen again.
    pub files: bool,
}

/// Proving oneself again; what was typed goes along and is done next.
pub fn step_up(cx: &Cx, again: &Again<'_>, form: &Form) -> impl IntoView + use<> {
    let with_code = cx.me.as_ref().is_some_and(|me| me.second_factor);
    let kept: Vec<_> = again
        .fields
        .iter()
        .map(|(name, value)| view! { <input type="hidden" name=name.clone() value=value.clone()/> })
        .collect();
    let proof = if with_code {
        code_field(cx, form, "step_up_code", either(cx))
    } else {
        Field::new(
            cx,
            &Form::default(),
            "step_up_password",
            cx.t("您的密码", "Your password"),
        )
        .autocomplete("current-password")
        .password()
    };
    let files = again.files.then(|| {
        view! {
            <input type="hidden" name="step_up_files" value="1"/>
            <p class="hint">{cx.t("验证后会回到刚才的页面，请重新选择文件再提交。", "You will come back to the page before: choose the files again there.")}</p>
        }
    });
    let body = view! {
        <p class="muted">{cx.t(
            "这一步会改动钱款或权限。验证后马上继续，填过的内容都在；十分钟内不再问。",
            "This changes money or rights. It goes on right after, with all you typed, and you are not asked again for ten minutes.",
        )}</p>
        {form_problems(cx, form, &[("code", cx.t("验证码", "Code"))])}
        <form class="form" method="post" action="/step-up">
            {csrf(cx)}
            {kept}
            <input type="hidden" name="step_up_to" value=again.to.to_owned()/>
            <input type="hidden" name="step_up_page" value=again.page.to_owned()/>
            {files}
            {proof}
            <button class="button primary wide">{cx.t("验证并继续", "Prove and go on")}</button>
        </form>
        <p><a class="button quiet wide" href=again.page.to_owned()>{cx.t("不做了，回上一页", "Leave it, go back")}</a></p>
    };
    door(
        cx,
        cx.t("请再证明一次是您本人", "Please prove again that it is you"),
        body.into_any(),
    )
}
