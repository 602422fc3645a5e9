//! A close and postings at once: whatever is in a closed month was in it when it was signed.

use super::close::{close, go_to};
use super::{credited, month, post, rent};
use futures::FutureExt as _;
use futures::future::join_all;
use server::services::{Error, ledger, period};
use server::store;
use shared::api::problem::Code;
use shared::domain::calendar::Micros;
use std::sync::{Arc, Mutex};
use tests::{Engine, TestApp, both, refused};
use tokio::sync::oneshot;

both![
    waits_for_a_posting_under_way,
    lets_no_posting_in_behind_it,
    closes_among_many_postings,
];

/// Waits until somebody waits for a lock, or the task has ended.
async fn until_it_waits<T>(app: &TestApp, task: &tokio::task::JoinHandle<T>) {
    if app.engine == Engine::Sqlite {
        // One writer: whoever comes second stands in its queue.
        return;
    }
    let waiting = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
    while app.number(waiting, []).await == 0 && !task.is_finished() {
        tokio::task::yield_now().await;
    }
}

/// A use case that has done its work and is told when to end: its half is to be told.
struct Gate {
    reached: Mutex<Option<oneshot::Sender<()>>>,
    go: Mutex<Option<oneshot::Receiver<()>>>,
}

impl Gate {
    fn new() -> (Arc<Self>, oneshot::Receiver<()>, oneshot::Sender<()>) {
        let ((reached, seen), (open, go)) = (oneshot::channel(), oneshot::channel());
        let gate = Self {
            reached: Mutex::new(Some(reached)),
            go: Mutex::new(Some(go)),
        };
        (Arc::new(gate), seen, open)
    }

    async fn pass(&self) {
        let reached = self.reached.lock().expect("nobody panics here").take();
        let go = self.go.lock().expect("nobody panics here").take();
        if let (Some(reached), Some(go)) = (reached, go) {
            reached.send(()).expect("the test waits for it");
            go.await.expect("the test opens it");
        }
    }
}

async fn waits_for_a_posting_under_way(app: &TestApp) {
    let market = credited(app).await;
    go_to(app, "2026-12-01");
    let last = Micros(month("2026-11").end().0 - 1);
    let (gate, reached, open) = Gate::new();
    let (posting, now, program) = (Arc::new(rent(app, 1, last, 4_200)), app.now(), app.app.clone());
    let under_way = tokio::spawn(async move {
        program
            .db
            .write(move |tx| {
                let (gate, posting) = (Arc::clone(&gate), Arc::clone(&posting));
                async move {
                    ledger::post(tx, now, &posting).await?;
                    gate.pass().await;
                    Ok::<_, Error>(())
                }
                .boxed()
            })
            .await
    });
    reached.await.expect("it posts");
    let (program, finance, key) = (app.app.clone(), market.finance.actor.clone(), app.key());
    let input = shared::api::books::CloseIn {
        month: month("2026-11"),
    };
    let closing = tokio::spawn(async move { period::close(&program, &finance, &key, &input).await });
    until_it_waits(app, &closing).await;
    assert!(!closing.is_finished(), "a close must wait for what is under way");
    open.send(()).expect("it waits");
    under_way
        .await
        .expect("a task ends")
        .expect("November was open when it was posted");
    let closed = closing.await.expect("a task ends").expect("it has ended");
    assert_eq!(
        closed.closed.expect("closed").entries,
        5 + 2,
        "what was under way is in it"
    );
}

async fn lets_no_posting_in_behind_it(app: &TestApp) {
    credited(app).await;
    go_to(app, "2026-12-01");
    let until = month("2026-11").end().0;
    let (gate, reached, open) = Gate::new();
    let program = app.app.clone();
    let closing = tokio::spawn(async move {
        program
            .db
            .write(move |tx| {
                let gate = Arc::clone(&gate);
                async move {
                    assert!(store::period::close_until(tx, 0, until).await?);
                    gate.pass().await;
                    Ok::<_, Error>(())
                }
                .boxed()
            })
            .await
    });
    reached.await.expect("it closes");
    let (program, late) = (app.app.clone(), rent(app, 1, Micros(until - 1), 4_200));
    let posting = tokio::spawn(async move { post(&program, late).await });
    until_it_waits(app, &posting).await;
    assert!(
        !posting.is_finished(),
        "a posting must wait for a close under way"
    );
    open.send(()).expect("it waits");
    closing.await.expect("a task ends").expect("closed");
    assert_eq!(refused(posting.await.expect("a task ends")), Code::PeriodClosed);
    app.sql("update books set closed_until = 0", []).await;
}

async fn closes_among_many_postings(app: &TestApp) {
    let market = credited(app).await;
    let (mut posted, mut late) = (0, 0);
    for (text, first) in [
        ("2026-11", "2026-12-01"),
        ("2026-12", "2027-01-01"),
        ("2027-01", "2027-02-01"),
    ] {
        go_to(app, first);
        let end = month(text).end();
        let mut tasks = Vec::new();
        for at in 0..24 {
            // Every third belongs to the month that is being closed, the others to the open one.
            let effective = if at % 3 == 0 {
                Micros(end.0 - 1 - at)
            } else {
                Micros(end.0 + at)
            };
            let village = usize::try_from(at % 5).expect("small");
            let (program, posting) = (app.app.clone(), rent(app, village, effective, 100 + at));
            tasks.push(tokio::spawn(async move {
                (at % 3 == 0, post(&program, posting).await)
            }));
        }
        let (_, done) = tokio::join!(
            async { close(app, &market.finance, text).await.expect("it has ended") },
            join_all(tasks)
        );
        for task in done {
            match task.expect("a task ends") {
                (_, Ok(())) => posted += 1,
                (true, Err(error)) if error.code() == Code::PeriodClosed => late += 1,
                (of_month, Err(error)) => panic!("of the closed month: {of_month}; {error}"),
            }
        }
        // Recomputes every closed month from its entries: what slipped in behind a close would show.
        app.assert_clean().await;
    }
    println!("{posted} posted, {late} came too late");
    assert_eq!(posted + late, 72);
}
