//! Taking a list away as a file, with the filters that are on.

use crate::components::form_tokens::csrf_and_key;
use crate::context::Cx;
use crate::text::work as words;
use leptos::prelude::*;
use shared::domain::work::{ExportList, FileFormat};

/// The button that writes lists to files: what is seen, as far as the reader may see it.
pub fn export(cx: &Cx, lists: &[ExportList]) -> Option<AnyView> {
    let query = cx.path.split_once('?').map_or("", |(_, query)| query);
    export_of(cx, lists, query.to_owned())
}

/// The same for a page whose address does not say by itself what is seen: `query` says it.
pub fn export_of(cx: &Cx, lists: &[ExportList], query: String) -> Option<AnyView> {
    cx.me.as_ref()?;
    let buttons: Vec<_> = lists
        .iter()
        .flat_map(|list| FileFormat::ALL.map(|format| (*list, format)))
        .map(|(list, format)| {
            let form = match format {
                FileFormat::Xlsx => "Excel",
                FileFormat::Csv => "CSV",
            };
            let file = format!("{}.{}", list.as_str(), format.as_str());
            view! { <button name="file" value=file>{words::list(cx.lang(), list)} " · " {form}</button> }
        })
        .collect();
    Some(
        view! {
            <details class="menu no-print">
                <summary class="button">{cx.t("导出", "Export")}</summary>
                <form class="menu-list" method="post" action="/exports">
                    {csrf_and_key(cx)}
                    <input type="hidden" name="query" value=query/>
                    {buttons}
                </form>
            </details>
        }
        .into_any(),
    )
}
