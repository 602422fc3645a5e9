//! The market in Chromium: the main job by three people in three profiles, and every page at two widths.
//!
//! Pictures of every step stay in `target/browser-shots/<test>/`.

mod access;
mod again;
mod chromium;
mod daily;
mod main_job;
mod pages;
mod phones;
mod shots;
mod window;

/// Runs one test.
fn run(test: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("the machine has threads");
    runtime.block_on(test);
}
