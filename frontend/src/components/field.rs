//! A labelled control with its hint and, after a refusal, what to mend.

use crate::context::Cx;
use crate::form::Form;
use crate::text::{Lang, problem};
use leptos::prelude::*;

/// A field in the making: say what it is, then end with the kind of control.
#[derive(Clone, Debug)]
pub struct Field {
    lang: Lang,
    name: String,
    label: String,
    value: String,
    error: Option<String>,
    hint: Option<String>,
    unit: Option<String>,
    placeholder: Option<String>,
    autocomplete: Option<&'static str>,
    max: Option<u32>,
    optional: bool,
    full: bool,
}

impl Field {
    /// A field that shows again what was typed into it.
    #[must_use]
    pub fn new(cx: &Cx, form: &Form, name: &str, label: impl Into<String>) -> Self {
        Self {
            lang: cx.lang(),
            name: name.to_owned(),
            label: label.into(),
            value: form.value(name),
            error: refusal(cx, form, name),
            hint: None,
            unit: None,
            placeholder: None,
            autocomplete: None,
            max: None,
            optional: false,
            full: false,
        }
    }

    /// What stands in it when nothing was typed yet.
    #[must_use]
    pub fn or(mut self, form: &Form, otherwise: impl Into<String>) -> Self {
        self.value = form.value_or(&self.name, otherwise);
        self
    }

    /// A line below the label that helps to fill it in.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The unit behind the control.
    #[must_use]
    pub fn unit(mut self, unit: impl Into<String>) -> Self {
        self.unit = Some(unit.into());
        self
    }

    /// An example in an empty control.
    #[must_use]
    pub fn placeholder(mut self, example: impl Into<String>) -> Self {
        self.placeholder = Some(example.into());
        self
    }

    /// What browsers may fill in by themselves.
    #[must_use]
    pub const fn autocomplete(mut self, what: &'static str) -> Self {
        self.autocomplete = Some(what);
        self
    }

    /// At most so many characters.
    #[must_use]
    pub const fn max(mut self, characters: u32) -> Self {
        self.max = Some(characters);
        self
    }

    /// May be left empty.
    #[must_use]
    pub const fn optional(mut self) -> Self {
        self.optional = true;
        self
    }

    /// Takes a whole row of a form's grid.
    #[must_use]
    pub const fn full(mut self) -> Self {
        self.full = true;
        self
    }

    /// One line of text.
    #[must_use]
    pub fn text(self) -> AnyView {
        self.input("text", None)
    }

    /// A number with decimals, or a sum in yuan.
    #[must_use]
    pub fn decimal(self) -> AnyView {
        self.input("text", Some("decimal"))
    }

    /// A whole number.
    #[must_use]
    pub fn whole(self) -> AnyView {
        self.input("text", Some("numeric"))
    }

    /// A day.
    #[must_use]
    pub fn day(self) -> AnyView {
        self.input("date", None)
    }

    /// A password, never shown again.
    #[must_use]
    pub fn password(mut self) -> AnyView {
        self.value.clear();
        self.input("password", None)
    }

    /// Several lines of text.
    #[must_use]
    pub fn area(self) -> AnyView {
        let (described, invalid) = (self.described(), self.invalid());
        let text = escaped(&self.value);
        let control = view! {
            <textarea id=self.name.clone() name=self.name.clone() rows="4" maxlength=self.max
                placeholder=self.placeholder.clone() aria-describedby=described aria-invalid=invalid
            >{text}</textarea>
        };
        self.around(control.into_any())
    }

    /// A file; `accept` names the kinds.
    #[must_use]
    pub fn file(self, accept: &'static str) -> AnyView {
        let (described, invalid) = (self.described(), self.invalid());
        let control = view! {
            <input id=self.name.clone() name=self.name.clone() type="file" class="file" accept=accept
                aria-describedby=described aria-invalid=invalid/>
        };
        self.around(control.into_any())
    }

    /// One of these, as value and word.
    #[must_use]
    pub fn select(self, options: Vec<(String, String)>) -> AnyView {
        let (described, invalid) = (self.described(), self.invalid());
        let options: Vec<_> = options
            .into_iter()
            .map(|(value, word)| {
                let selected = value == self.value;
                view! { <option value=value selected=selected>{word}</option> }
            })
            .collect();
        let control = view! {
            <select id=self.name.clone() name=self.name.clone() aria-describedby=described aria-invalid=invalid>
                {options}
            </select>
        };
        self.around(control.into_any())
    }

    /// Cards of which one is chosen, each as value, word and a line below it.
    #[must_use]
    pub fn radio_cards(self, options: Vec<(&'static str, &'static str, &'static str)>) -> AnyView {
        let (described, invalid) = (self.described(), self.invalid());
        let cards: Vec<_> = options
            .into_iter()
            .map(|(value, word, line)| {
                let checked = value == self.value;
                view! {
                    <label class="radio-card">
                        <input type="radio" name=self.name.clone() value=value checked=checked/>
                        <span><b>{word}</b><span class="hint">{line}</span></span>
                    </label>
                }
            })
            .collect();
        let error = self.error.as_ref().map(|error| {
            view! { <p class="field-error" id=format!("{}-error", self.name)>{error.clone()}</p> }
        });
        view! {
            <fieldset class="field full" id=self.name.clone() tabindex="-1" aria-describedby=described aria-invalid=invalid>
                <legend>{self.label.clone()}</legend>
                <div class="radio-cards">{cards}</div>
                {error}
            </fieldset>
        }
        .into_any()
    }

    /// Any control: it should carry the field's name as its id.
    #[must_use]
    pub fn around(self, control: AnyView) -> AnyView {
        let class = if self.full { "field full" } else { "field" };
        let optional = self
            .optional
            .then(|| view! { <span class="optional">{self.lang.t("选填", "optional")}</span> });
        let hint = self
            .hint
            .as_ref()
            .map(|hint| view! { <p class="hint" id=format!("{}-hint", self.name)>{hint.clone()}</p> });
        let error = self.error.as_ref().map(|error| {
            view! { <p class="field-error" id=format!("{}-error", self.name)>{error.clone()}</p> }
        });
        let control = match self.unit.clone() {
            Some(unit) => {
                view! { <div class="input-unit">{control}<span class="unit">{unit}</span></div> }.into_any()
            }
            None => control,
        };
        view! {
            <div class=class>
                <label for=self.name.clone()>{self.label.clone()} " " {optional}</label>
                {hint}
                {control}
                {error}
            </div>
        }
        .into_any()
    }

    fn input(self, kind: &'static str, mode: Option<&'static str>) -> AnyView {
        let (described, invalid) = (self.described(), self.invalid());
        let control = view! {
            <input id=self.name.clone() name=self.name.clone() type=kind inputmode=mode value=self.value.clone()
                maxlength=self.max placeholder=self.placeholder.clone()
                autocomplete=self.autocomplete.unwrap_or("off")
                aria-describedby=described aria-invalid=invalid/>
        };
        self.around(control.into_any())
    }

    fn described(&self) -> Option<String> {
        let hint = self.hint.as_ref().map(|_| format!("{}-hint", self.name));
        let error = self.error.as_ref().map(|_| format!("{}-error", self.name));
        let ids: Vec<String> = hint.into_iter().chain(error).collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }

    fn invalid(&self) -> Option<&'static str> {
        self.error.is_some().then_some("true")
    }
}

/// What is wrong with a field, in the reader's language.
#[must_use]
pub fn refusal(cx: &Cx, form: &Form, name: &str) -> Option<String> {
    form.problem(name)
        .map(|p| problem::field(cx.lang(), p.code, p.bound.as_deref()))
}

/// A text as HTML. Leptos escapes every text but those inside a textarea, where what somebody typed could end it.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
