//! The provider of payments: sends the refunds that are noted, works through its messages as they come, and asks it every night for
//! what it did not tell.

use crate::services::App;
use crate::services::payment::{event, refund, sweep};
use std::time::Duration;

/// How long to wait for the bell before looking by itself: another process may have kept a message.
const PAUSE: Duration = Duration::from_secs(10);

/// Runs until the program is told to stop.
pub async fn run(app: &App) {
    if app.payments.is_none() {
        return;
    }
    while !app.stop.is_cancelled() {
        if !app.read_only() {
            let good = round(app).await;
            crate::meter::job_ended("payments", good);
        }
        tokio::select! {
            () = app.payment_bell.notified() => {}
            () = tokio::time::sleep(PAUSE) => {}
            () = app.stop.cancelled() => return,
        }
    }
}

/// One round; what could not be done is recorded and tried again.
pub async fn round(app: &App) -> bool {
    let mut good = true;
    for done in [
        refund::send_due(app).await,
        event::work_through(app).await.map(|_| ()),
        sweep::when_due(app).await,
    ] {
        if let Err(error) = done {
            crate::error::record(&error);
            good = false;
        }
    }
    good
}
