//! The entry a browser loads: links every island and starts the reactive runtime that they share.
#![cfg(target_arch = "wasm32")]

// Islands are exports that nothing here calls: naming the crate keeps them in the linked file.
use frontend as _;
use wasm_bindgen::prelude::wasm_bindgen;

/// Readies the page for its islands; `boot.js` then brings each one to life and says when all are.
#[wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
