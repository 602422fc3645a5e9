//! The search box: a form that works as it is, and says what one may mean while one types.
#![allow(
    missing_docs,
    reason = "the island macro makes a props type that cannot carry a sentence"
)]

use crate::components::address::encode;
use crate::text::Lang;
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use leptos::wasm_bindgen::closure::Closure;
use leptos::wasm_bindgen::{JsCast as _, JsValue};
use leptos::web_sys::js_sys::{Function, Reflect};
use leptos::{ev, html};
use shared::api::catalogue::{Suggestion, SuggestionKind};
use std::time::Duration;

/// How long one must pause before anything is asked for.
const PAUSE: Duration = Duration::from_millis(160);
const LIST: &str = "search-suggestions";

/// What the box shows; copies share it.
#[derive(Clone, Copy)]
struct Combo {
    lang: Lang,
    field: NodeRef<html::Input>,
    found: RwSignal<Vec<Suggestion>>,
    open: RwSignal<bool>,
    /// The suggestion that the arrows stand on.
    at: RwSignal<Option<usize>>,
    /// Counts what was asked for: a late answer to an earlier question is dropped.
    asked: StoredValue<u32>,
    timer: StoredValue<Option<TimeoutHandle>>,
}

/// The box. `typed` is what stands in it at first.
#[island]
pub fn SearchBox(lang: Lang, typed: String) -> impl IntoView {
    let this = Combo {
        lang,
        field: NodeRef::new(),
        found: RwSignal::new(Vec::new()),
        open: RwSignal::new(false),
        at: RwSignal::new(None),
        asked: StoredValue::new(0),
        timer: StoredValue::new(None),
    };
    let awake = RwSignal::new(false);
    Effect::new(move || awake.set(true));
    view! {
        <div class="search-box">
            <form class="search" role="search" action="/goods">
                {this.input(typed, awake)}
                <button>{lang.t("搜货品", "Search")}</button>
            </form>
            {this.list()}
            <p class="visually-hidden" role="status">{move || this.shown().then(|| this.counted())}</p>
        </div>
    }
}

impl Combo {
    fn shown(self) -> bool {
        self.open.get() && !self.found.read().is_empty()
    }

    fn input(self, typed: String, awake: RwSignal<bool>) -> AnyView {
        let lang = self.lang;
        let expanded = move || awake.get().then(|| if self.shown() { "true" } else { "false" });
        let on = move || {
            let at = self.at.get().filter(|_| self.shown());
            at.map(|at| format!("{LIST}-{at}"))
        };
        view! {
            <input type="search" name="q" value=typed node_ref=self.field aria-label=lang.t("搜货品", "Search goods")
                placeholder=lang.t("磨盘柿、香菇、下营镇…", "persimmon, shiitake …") autocomplete="off" maxlength="100"
                role=move || awake.get().then_some("combobox")
                aria-autocomplete=move || awake.get().then_some("list")
                aria-controls=move || awake.get().then_some(LIST)
                aria-expanded=expanded aria-activedescendant=on
                on:input=move |_| self.wait() on:keydown=move |event| self.pressed(&event)
                on:blur=move |_| self.open.set(false) on:focus=move |_| self.open.set(true)/>
        }
        .into_any()
    }

    fn list(self) -> AnyView {
        let options = move || {
            let all = self.found.get().into_iter().enumerate();
            all.map(|(at, one)| self.option(at, one)).collect::<Vec<_>>()
        };
        view! {
            <div class="suggestions" role="listbox" id=LIST aria-label=self.lang.t("您要找的也许是", "You may mean")
                hidden=move || !self.shown() on:mousedown=move |event| event.prevent_default()>
                {options}
            </div>
        }
        .into_any()
    }

    fn option(self, at: usize, one: Suggestion) -> AnyView {
        let here = move || self.at.get() == Some(at);
        let kind = match one.kind {
            SuggestionKind::Name => self.lang.t("货品", "goods"),
            SuggestionKind::Produce => self.lang.t("品种", "kind"),
            SuggestionKind::Village => self.lang.t("村", "village"),
            SuggestionKind::Town => self.lang.t("乡镇", "town"),
            SuggestionKind::Category => self.lang.t("分类", "category"),
        };
        let count = match self.lang {
            Lang::Zh => format!("{kind} · {} 件", one.offers),
            Lang::En => format!("{kind} · {}", one.offers),
        };
        view! {
            <a role="option" tabindex="-1" id=format!("{LIST}-{at}") href=one.path
                aria-selected=move || if here() { "true" } else { "false" }>
                <span>{one.text}</span> <span class="muted small">{count}</span>
            </a>
        }
        .into_any()
    }

    fn counted(self) -> String {
        let count = self.found.read().len();
        match self.lang {
            Lang::Zh => format!("有 {count} 条建议，用上下键选择"),
            Lang::En => format!("{count} suggestions, choose with the arrow keys"),
        }
    }

    /// Asks once typing has paused.
    fn wait(self) {
        self.at.set(None);
        self.open.set(true);
        if let Some(timer) = self.timer.get_value() {
            timer.clear();
        }
        let timer = set_timeout_with_handle(move || self.ask(), PAUSE);
        self.timer.set_value(timer.ok());
    }

    fn ask(self) {
        let typed = self
            .field
            .get_untracked()
            .map(|input| input.value())
            .unwrap_or_default();
        let number = self.asked.get_value().wrapping_add(1);
        self.asked.set_value(number);
        if typed.trim().is_empty() {
            self.found.set(Vec::new());
            return;
        }
        fetch_text(
            &format!("/api/v1/catalogue/suggestions?q={}", encode(&typed)),
            move |text| {
                if self.asked.get_value() == number {
                    self.found.set(serde_json::from_str(&text).unwrap_or_default());
                }
            },
        );
    }

    fn pressed(self, event: &ev::KeyboardEvent) {
        let count = self.found.with_untracked(Vec::len);
        if count == 0 {
            return;
        }
        let at = self.at.get_untracked();
        match event.key().as_str() {
            "ArrowDown" => self.go_to(event, Some(at.map_or(0, |at| (at + 1) % count))),
            "ArrowUp" => self.go_to(event, Some(at.map_or(count - 1, |at| (at + count - 1) % count))),
            "Escape" if self.open.get_untracked() => {
                event.prevent_default();
                self.open.set(false);
                self.at.set(None);
            }
            "Enter" if self.open.get_untracked() => {
                let path = at.and_then(|at| self.found.with_untracked(|all| Some(all.get(at)?.path.clone())));
                if let Some(path) = path {
                    event.prevent_default();
                    // Where the browser cannot go, nothing can be done about it.
                    let _ = location().set_href(&path);
                }
            }
            _ => {}
        }
    }

    fn go_to(self, event: &ev::KeyboardEvent, at: Option<usize>) {
        event.prevent_default();
        self.open.set(true);
        self.at.set(at);
    }
}

/// Fetches a text and hands it on; whatever goes wrong, nothing is suggested.
fn fetch_text(path: &str, done: impl FnOnce(String) + 'static) {
    let window: JsValue = window().into();
    let Some(answer) = call(&window, "fetch", &path.into()) else {
        return;
    };
    let read = Closure::once_into_js(move |response: JsValue| {
        let Some(text) = call(&response, "text", &JsValue::UNDEFINED) else {
            return;
        };
        let end = Closure::once_into_js(move |text: JsValue| done(text.as_string().unwrap_or_default()));
        call(&text, "then", &end);
    });
    call(&answer, "then", &read);
}

fn call(object: &JsValue, method: &str, value: &JsValue) -> Option<JsValue> {
    let method: Function = Reflect::get(object, &method.into()).ok()?.dyn_into().ok()?;
    method.call1(object, value).ok()
}
