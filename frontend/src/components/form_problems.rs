//! What was wrong with a form as a whole, with links to the fields.

use crate::context::Cx;
use crate::form::Form;
use crate::text::problem;
use leptos::prelude::*;
use shared::api::problem::Code;

/// The notice above a refused form; nothing before a refusal. `labels` names fields by what people see beside them.
pub fn form_problems(cx: &Cx, form: &Form, labels: &[(&str, &str)]) -> Option<AnyView> {
    let code = form
        .code
        .or_else(|| (!form.problems.is_empty()).then_some(Code::Invalid))?;
    let fields: Vec<_> = form
        .problems
        .iter()
        .map(|p| {
            let label = labels
                .iter()
                .find(|(name, _)| *name == p.field)
                .map_or("", |(_, label)| *label);
            let words = problem::field(cx.lang(), p.code, p.bound.as_deref());
            let words = if label.is_empty() {
                words
            } else {
                format!("{label}: {words}")
            };
            view! { <li><a href=format!("#{}", p.field)>{words}</a></li> }
        })
        .collect();
    let list = (!fields.is_empty()).then(|| view! { <ul>{fields}</ul> });
    Some(
        view! {
            <div class="notice tone-persimmon" role="alert" id="errors" tabindex="-1">
                <h2>{problem::title(cx.lang(), code)}</h2>
                <p>{problem::detail(cx.lang(), code)}</p>
                {list}
            </div>
        }
        .into_any(),
    )
}
