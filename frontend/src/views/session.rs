//! 登录: signing in, setting a password, one's own account.

use crate::context::Cx;
use crate::form::Form;
use leptos::prelude::*;
use shared::api::session::SessionOut;
use shared::api::token::{TokenOut, TokenSecretOut};

/// The sign-in page.
pub fn sign_in(_cx: &Cx, _form: &Form, _back: &str) -> impl IntoView + use<> {}

/// Setting a password through a one-time link; the first administrator also gives a name.
pub fn link(_cx: &Cx, _secret: &str, _name: &str, _first: bool, _form: &Form) -> impl IntoView + use<> {}

/// One's own account.
pub fn me(
    _cx: &Cx,
    _sessions: &[SessionOut],
    _tokens: &[TokenOut],
    _made: Option<&TokenSecretOut>,
    _form: &Form,
) -> impl IntoView + use<> {
}
