//! The islands as WebAssembly, with the JavaScript that loads them.

use std::path::Path;

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

use crate::{process, repository};

const TARGET: &str = "wasm32-unknown-unknown";

/// What a browser loads to run the islands.
pub struct Islands {
    /// The JavaScript module that starts and calls the WebAssembly.
    pub script: String,
    /// The WebAssembly itself.
    pub wasm: Vec<u8>,
}

/// Compiles the islands; the target is added when the toolchain lacks it.
pub fn build(release: bool) -> Result<Islands> {
    ensure_target()?;
    let profile = if release { "wasm" } else { "wasm-dev" };
    // A folder of its own: a native build running beside it holds the lock of the usual one.
    let folder = repository().join("target/wasm");
    let mut cargo = process::cargo()?;
    cargo.args([
        "build",
        "--package",
        "hydrate",
        "--lib",
        "--target",
        TARGET,
        "--profile",
        profile,
    ]);
    cargo.arg("--target-dir").arg(&folder);
    process::run(&mut cargo, "Building the islands")?;
    bind(&folder.join(TARGET).join(profile).join("hydrate.wasm"), release)
}

fn ensure_target() -> Result<()> {
    let print = ["--print", "target-libdir", "--target", TARGET];
    let has_target = || process::output("rustc", &print).is_some_and(|folder| Path::new(&folder).is_dir());
    if has_target() {
        return Ok(());
    }
    let Some(rustup) = process::find("rustup") else {
        bail!(
            "This Rust lacks the target {TARGET} and rustup is missing: install Rust from https://rustup.rs and try again."
        );
    };
    println!("Adding the target {TARGET}.");
    let mut command = process::bound(&rustup, "TERM");
    command.args(["target", "add", TARGET]).current_dir(repository());
    process::run(&mut command, "Adding the WebAssembly target")
}

fn bind(compiled: &Path, release: bool) -> Result<Islands> {
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(compiled)
        .out_name("islands")
        .typescript(false)
        .omit_default_module_path(true);
    // Names make a panic readable while developing; readers of a release need not download them.
    bindgen
        .remove_name_section(release)
        .remove_producers_section(true);
    bindgen
        .web(true)
        .context("The islands cannot be bound for the web")?;
    let mut output = bindgen
        .generate_output()
        .context("The islands cannot be bound for the web")?;
    let has_snippets = output.snippets().values().any(|snippets| !snippets.is_empty());
    if has_snippets || !output.local_modules().is_empty() {
        bail!(
            "An island brings JavaScript of its own, which the asset build does not carry: use web-sys instead."
        );
    }
    Ok(Islands {
        script: output.js().to_owned(),
        wasm: output.wasm_mut().emit_wasm(),
    })
}
