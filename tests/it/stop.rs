//! Stopping: what is under way ends well, and nothing keeps the program from ending in time.

use futures::FutureExt as _;
use server::serve::serve_on;
use server::services::Error;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tests::app::PUBLIC_URL;
use tests::{TestApp, both};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, oneshot};
use tokio::task::JoinHandle;

both![lets_a_request_that_is_under_way_end, ends_in_time_whatever_hangs];

/// Longer than any stop may take with one second of grace, on a machine that is busy.
const PATIENCE: Duration = Duration::from_secs(60);

/// A program that serves, and how it is told to stop.
struct Serving {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    ended: JoinHandle<anyhow::Result<()>>,
}

async fn serve(app: &TestApp) -> Serving {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .await
        .expect("a free port");
    let address = listener.local_addr().expect("an address");
    let (stop, stopped) = oneshot::channel();
    let program = serve_on(app.app.clone(), listener, async {
        // Dropping the other end is a word too.
        let _ = stopped.await;
    });
    Serving {
        address,
        stop,
        ended: tokio::spawn(program),
    }
}

/// A form of which half the body is sent.
async fn half_a_form(address: SocketAddr) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.expect("the program listens");
    let head = format!(
        "POST /sign-in HTTP/1.1\r\nHost: market\r\nOrigin: {PUBLIC_URL}\r\nSec-Fetch-Site: same-origin\r\n\
        Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 14\r\nConnection: close\r\n\r\nsign_in"
    );
    stream.write_all(head.as_bytes()).await.expect("sent");
    stream
}

/// Waits until the program has taken the connection before: those behind it are answered then.
async fn is_served(address: SocketAddr) {
    let mut stream = TcpStream::connect(address).await.expect("the program listens");
    let asked = "GET /livez HTTP/1.1\r\nHost: market\r\nConnection: close\r\n\r\n";
    stream.write_all(asked.as_bytes()).await.expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

async fn lets_a_request_that_is_under_way_end(app: &TestApp) {
    let app = app.configured(|config| config.stop_grace_s = 600);
    let program = serve(&app).await;
    let mut slow = half_a_form(program.address).await;
    is_served(program.address).await;
    program.stop.send(()).expect("the program listens");
    // No new ones are taken once it has heard.
    tokio::time::timeout(PATIENCE, async {
        while TcpStream::connect(program.address).await.is_ok() {
            tokio::task::yield_now().await;
        }
    })
    .await
    .expect("it takes no new requests");
    slow.write_all(b"_name=a").await.expect("sent");
    let mut answer = String::new();
    slow.read_to_string(&mut answer).await.expect("an answer");
    assert!(
        answer.starts_with("HTTP/1.1 4") && answer.contains("</html>"),
        "{answer}"
    );
    let ended = tokio::time::timeout(PATIENCE, program.ended).await;
    ended
        .expect("it need not wait for its grace to end")
        .expect("it ends well")
        .expect("it ends well");
}

async fn ends_in_time_whatever_hangs(app: &TestApp) {
    let app = app.configured(|config| config.stop_grace_s = 1);
    let program = serve(&app).await;
    let _slow = half_a_form(program.address).await;
    is_served(program.address).await;
    // A change that waits for a database that does not answer.
    let (begun, answers) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (waiting, db) = ((Arc::clone(&begun), Arc::clone(&answers)), app.db.clone());
    let change = tokio::spawn(async move {
        db.write(move |_| {
            let (begun, answers) = waiting.clone();
            async move {
                begun.notify_one();
                answers.notified().await;
                Ok::<(), Error>(())
            }
            .boxed()
        })
        .await
    });
    begun.notified().await;
    program.stop.send(()).expect("the program listens");
    let ended = tokio::time::timeout(PATIENCE, program.ended).await;
    ended
        .expect("it ends in time")
        .expect("it ends well")
        .expect("it ends well");
    answers.notify_one();
    change.await.expect("a task ends").expect("it was only slow");
}
