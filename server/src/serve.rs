//! Listening, and stopping without cutting anybody off.

use crate::config::{Config, Given};
use crate::services::App;
use crate::{log, meter};
use axum::serve::ListenerExt as _;
use sd_notify::NotifyState;
use std::process::ExitCode;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

/// How long jobs, and then changes, may take to end at the most once no request is served any more.
const LAST_STEP: Duration = Duration::from_secs(5);

/// Serves until SIGINT or SIGTERM, then lets what is under way end; a second signal ends the program at once. SIGHUP
/// reads the log filter again.
///
/// # Errors
/// One sentence when a port is taken or an address cannot be used.
pub async fn serve(app: App, given: Given) -> anyhow::Result<ExitCode> {
    let listener = bind(app.config.listen, "port or JIZHOU_HOST").await?;
    if let Some(address) = app.config.metrics_listen {
        let listener = bind(address, "metrics_listen").await?;
        meter::install()?;
        tokio::spawn(meter::serve(app.clone(), listener));
    }
    let (stopping, forced) = (app.clone(), watch_hangup(given));
    let watching = tokio::spawn(forced);
    let stop = async move {
        stop_signal().await;
        tracing::info!("told to stop: what is under way may end");
        stopping.stop.cancel();
        tokio::spawn(end_at_second_signal());
        tell(NotifyState::Stopping);
        // Whoever watches /readyz turns new requests away meanwhile; those that still come are served.
        tokio::time::sleep(Duration::from_secs(stopping.config.stop_wait_s)).await;
    };
    tracing::info!(listen = %app.config.listen, url = app.config.public_url, version = env!("CARGO_PKG_VERSION"), "serving");
    tell(NotifyState::Ready);
    let served = serve_on(app, listener, stop).await;
    watching.abort();
    tracing::info!("stopped");
    served.map(|()| ExitCode::SUCCESS)
}

async fn bind(address: std::net::SocketAddr, setting: &str) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address)
        .await
        .map_err(|error| match error.kind() {
            std::io::ErrorKind::AddrInUse => anyhow::anyhow!(
                "port {} is taken: stop what uses it, or choose another with --port ({setting})",
                address.port()
            ),
            _ => {
                anyhow::anyhow!("cannot listen on {address} ({error}): choose another address with {setting}")
            }
        })
}

/// Serves on a listener until `stop` ends.
///
/// # Errors
/// When the listener fails.
pub async fn serve_on(
    app: App,
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> anyhow::Result<()> {
    // Without TCP_NODELAY a page waits 40 ms for an acknowledgement of its first part.
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "TCP_NODELAY could not be set");
        }
    });
    let mut jobs = tokio::spawn(crate::jobs::run(app.clone()));
    tokio::spawn(crate::services::search::warm(app.clone()));
    let (stopping, stopped) = tokio::sync::oneshot::channel::<()>();
    let router = crate::build(app.clone());
    let service = router.into_make_service_with_connect_info::<std::net::SocketAddr>();
    let (at_stop, grace) = (app.clone(), Duration::from_secs(app.config.stop_grace_s));
    let graceful = axum::serve(listener, service).with_graceful_shutdown(async move {
        stop.await;
        at_stop.stop.cancel();
        // Nobody listens when the server ended by itself.
        let _ = stopping.send(());
    });
    let deadline = async {
        let _ = stopped.await;
        tokio::time::sleep(grace).await;
        tracing::warn!("some requests did not end in time and were cut off");
    };
    tokio::select! {
        ended = graceful.into_future() => ended?,
        () = deadline => {}
    }
    app.stop.cancel();
    // A job ends at its next safe point; one that does not is left to the database, which keeps whole steps only.
    let last_step = LAST_STEP.min(grace);
    if tokio::time::timeout(last_step, &mut jobs).await.is_err() {
        jobs.abort();
    }
    // A database that no longer answers must not keep the program from ending: what it did not commit it gives up.
    if tokio::time::timeout(last_step, app.db.settle()).await.is_err() {
        tracing::warn!("some changes did not end in time: each is whole or absent");
    }
    Ok(())
}

/// Tells the service manager, where there is one.
fn tell(state: NotifyState<'_>) {
    if let Err(error) = sd_notify::notify(&[state]) {
        tracing::debug!(%error, "the service manager was not told");
    }
}

async fn watch_hangup(given: Given) {
    let Ok(mut hangup) = signal(SignalKind::hangup()) else {
        return;
    };
    while hangup.recv().await.is_some() {
        match Config::load(&given).and_then(|loaded| log::change(&loaded.config.log).map(|()| loaded)) {
            Ok(loaded) => tracing::info!(filter = loaded.config.log, "the log filter was read again"),
            Err(error) => tracing::error!("the settings were not read again: {error:#}"),
        }
    }
}

/// Whoever asks twice is in a hurry: the database keeps whole steps only.
async fn end_at_second_signal() {
    stop_signal().await;
    tracing::warn!("told to stop a second time: ending at once");
    std::process::exit(130);
}

async fn stop_signal() {
    let terminate = async {
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminate => {}
    }
}
