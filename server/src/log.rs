//! The log: one line a request, with the route's template and never its address, for an address can hold a secret.

use crate::config::{Config, LogFormat};
use std::io::IsTerminal as _;
use std::sync::OnceLock;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Registry, reload};

/// How the filter of the running program is changed.
static FILTER: OnceLock<reload::Handle<EnvFilter, Registry>> = OnceLock::new();

/// Begins to log to standard error, as the settings say.
///
/// # Errors
/// When the filter cannot be read, or this process logs already.
pub fn init(config: &Config) -> anyhow::Result<()> {
    let (filter, handle) = reload::Layer::new(EnvFilter::try_new(&config.log)?);
    let json = match config.log_format {
        LogFormat::Json => true,
        LogFormat::Text => false,
        LogFormat::Auto => !std::io::stderr().is_terminal(),
    };
    let registry = tracing_subscriber::registry().with(filter);
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    if json {
        registry.with(lines.json().flatten_event(true)).try_init()?;
    } else {
        registry.with(lines.compact()).try_init()?;
    }
    // Only the first log of a process can be changed later; there is no second.
    let _ = FILTER.set(handle);
    Ok(())
}

/// Changes what is logged, while the program runs.
///
/// # Errors
/// When the filter cannot be read.
pub fn change(filter: &str) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(filter)?;
    if let Some(handle) = FILTER.get() {
        handle.reload(filter)?;
    }
    Ok(())
}
