//! What the program does by itself: deadlines, and throwing away what is no longer needed.

pub mod notice_mail;
pub mod payment;

use crate::services::{
    App, bill, certificate, claim, finance, lot, order, receipt, reminder, saved_search, shortfall,
    village_order, work,
};
use crate::store;
use std::time::Duration;

/// Between two rounds.
const PAUSE: Duration = Duration::from_secs(30);

/// Runs until the program is told to stop. A round that fails is recorded and tried again in the next; none begins
/// while the market is read-only.
pub async fn run(app: App) {
    let [one, other] = app.holders;
    tokio::join!(
        rounds(&app),
        work::run(&app, one),
        work::run(&app, other),
        payment::run(&app)
    );
    // Whoever comes next need not wait until the lease runs out.
    if let Err(error) = work::release(&app).await {
        crate::error::record(&error);
    }
}

async fn rounds(app: &App) {
    loop {
        if !app.read_only() {
            round(app).await;
        }
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => {}
            () = app.stop.cancelled() => return,
        }
    }
}

async fn round(app: &App) {
    let mut good = true;
    for done in [
        village_order::expire_due(app).await,
        order::expire_holds(app).await,
        shortfall::default_due(app).await,
        reminder::remind(app).await,
        bill::remind(app).await,
        receipt::match_imported(app).await,
        claim::remind(app).await,
    ] {
        if let Err(error) = done {
            crate::error::record(&error);
            good = false;
        }
    }
    if let Err(error) = notice_mail::mail_due(app).await {
        crate::error::record(&error);
        good = false;
    }
    if let Err(error) = bill::issue_due(app).await {
        crate::error::record(&error);
        good = false;
    }
    if let Err(error) = finance::reconcile_daily(app).await {
        crate::error::record(&error);
        good = false;
    }
    for told in [
        lot::tell_overdue(app).await,
        certificate::tell(app).await,
        work::tidy(app).await.map(|()| 0),
    ] {
        if let Err(error) = told {
            crate::error::record(&error);
            good = false;
        }
    }
    if let Err(error) = saved_search::tell_of_new(app).await {
        crate::error::record(&error);
        good = false;
    }
    if app.stop.is_cancelled() {
        return;
    }
    if let Err(error) = store::tidy::old(&app.db, app.now().0).await {
        tracing::error!(%error, "old records could not be thrown away");
        good = false;
    }
    crate::meter::job_ended("round", good);
}
