//! Listening, and stopping without cutting anybody off.

use crate::services::App;
use axum::serve::ListenerExt as _;
use std::time::Duration;
use tokio::net::TcpListener;

/// How long requests under way may take to end after the signal to stop.
const GRACE: Duration = Duration::from_secs(20);

/// Serves until SIGINT or SIGTERM, then lets what is under way end.
///
/// # Errors
/// One sentence when the port is taken or the address cannot be used.
pub async fn serve(app: App) -> anyhow::Result<()> {
    let address = app.config.listen;
    let listener = TcpListener::bind(address)
        .await
        .map_err(|error| match error.kind() {
            std::io::ErrorKind::AddrInUse => {
                anyhow::anyhow!(
                    "port {} is taken: stop what uses it, or choose another with --port",
                    address.port()
                )
            }
            _ => anyhow::anyhow!(
                "cannot listen on {address} ({error}): choose another address with JIZHOU_HOST or --port"
            ),
        })?;
    serve_on(app, listener, stop_signal()).await
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
    let jobs = tokio::spawn(crate::jobs::run(app.clone()));
    let (stopping, stopped) = tokio::sync::oneshot::channel::<()>();
    let router = crate::build(app.clone());
    let service = router.into_make_service_with_connect_info::<std::net::SocketAddr>();
    let graceful = axum::serve(listener, service).with_graceful_shutdown(async move {
        stop.await;
        // Nobody listens when the server ended by itself.
        let _ = stopping.send(());
    });
    let deadline = async {
        let _ = stopped.await;
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        ended = graceful.into_future() => ended?,
        () = deadline => tracing::warn!("some requests did not end in time and were cut off"),
    }
    jobs.abort();
    app.db.settle().await;
    Ok(())
}

async fn stop_signal() {
    let interrupt = tokio::signal::ctrl_c();
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = interrupt => {}
        () = terminate => {}
    }
}
