//! What the program does by itself: deadlines, and throwing away what is no longer needed.

use crate::services::{App, village_order};
use crate::store;
use std::time::Duration;

/// Between two rounds.
const PAUSE: Duration = Duration::from_secs(30);

/// Runs for as long as the program does. A round that fails is recorded and tried again in the next.
pub async fn run(app: App) {
    loop {
        if let Err(error) = village_order::expire_due(&app).await {
            crate::error::record(&error);
        }
        if let Err(error) = store::tidy::old(&app.db, app.now().0).await {
            tracing::error!(%error, "old records could not be thrown away");
        }
        tokio::time::sleep(PAUSE).await;
    }
}
