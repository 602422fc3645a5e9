//! 开账方式: whether a unit is billed by order or by month.

use crate::components::breadcrumb::breadcrumb;
use crate::components::field::Field;
use crate::components::form_problems::form_problems;
use crate::components::form_tokens::csrf_and_key;
use crate::context::Cx;
use crate::form::Form;
use crate::text::Lang;
use crate::text::status::Status as _;
use leptos::prelude::*;
use shared::api::bill::BillingOut;
use shared::domain::bill::Billing;
use shared::domain::rights::{Action, Place};

/// How a unit is billed.
pub fn billing(cx: &Cx, billing: &BillingOut, form: &Form) -> impl IntoView + use<> {
    let label = cx.t("开账方式", "Billing");
    let terms = match cx.lang() {
        Lang::Zh => format!("付款期限：交货后 {} 天。", billing.terms_days),
        Lang::En => format!("To be paid within {} days after delivery.", billing.terms_days),
    };
    let writes = cx.may(Action::BillingWrite, Place::unit(billing.unit_id));
    let body = if writes {
        let options = vec![
            (
                Billing::Order.as_str(),
                Billing::Order.word(cx.lang()),
                cx.t(
                    "每张订单验收完就开一张",
                    "one bill once an order is wholly accepted",
                ),
            ),
            (
                Billing::Month.as_str(),
                Billing::Month.word(cx.lang()),
                cx.t(
                    "每月 1 日把上月验收的开成一张",
                    "one bill on the 1st for all of the month before",
                ),
            ),
        ];
        view! {
            <form class="form card" method="post" action=format!("/units/{}/billing", billing.unit_id)>
                {csrf_and_key(cx)}
                {Field::new(cx, form, "billing", label).or(form, billing.billing.as_str()).radio_cards(options)}
                <div class="form-actions"><button class="button primary">{cx.t("保存", "Save")}</button></div>
            </form>
        }
        .into_any()
    } else {
        view! { <p class="card">{billing.billing.word(cx.lang())}</p> }.into_any()
    };
    view! {
        {breadcrumb(cx, &[("/bills", cx.t("账单", "Bills"))], label)}
        {form_problems(cx, form, &[("billing", label)])}
        <header class="toolbar"><div class="toolbar-title">
            <p class="eyebrow">{billing.unit_name.clone()}</p>
            <h1>{label}</h1>
            <p>{terms}</p>
        </div></header>
        {body}
    }
}
