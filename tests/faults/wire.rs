//! The wire between the program and its PostgreSQL. It can be cut when a COMMIT has gone through and its reply has not: the
//! program then does not know what became of it.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What a transaction is ended by, as it goes over the wire.
const COMMIT: &[u8] = b"COMMIT\0";
/// The most that is carried at once.
const PIECE: usize = 64 * 1024;

/// The wire.
pub struct Wire {
    port: u16,
    cuts: Arc<Cuts>,
    carrying: JoinHandle<()>,
}

/// How many replies are to be lost still, and how many were.
#[derive(Default)]
struct Cuts {
    wanted: AtomicUsize,
    made: AtomicUsize,
}

impl Wire {
    /// A wire to a server on this port of this machine.
    ///
    /// # Panics
    /// When the machine has no free port.
    pub async fn lay(to: u16) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0))
            .await
            .expect("a free port is found");
        let port = listener.local_addr().expect("it has an address").port();
        let cuts = Arc::<Cuts>::default();
        let shared = Arc::clone(&cuts);
        let carrying = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let cuts = Arc::clone(&shared);
                // A connection that breaks is what this is for: the program notices by itself.
                tokio::spawn(async move { drop(carry(client, to, &cuts).await) });
            }
        });
        Self { port, cuts, carrying }
    }

    /// Where programs reach the server.
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// From now on the replies to so many COMMITs are lost, each with its connection.
    pub fn lose_replies(&self, wanted: usize) {
        self.cuts.wanted.store(wanted, Ordering::SeqCst);
    }

    /// How many were.
    pub fn lost(&self) -> usize {
        self.cuts.made.load(Ordering::SeqCst)
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.carrying.abort();
    }
}

async fn carry(mut client: TcpStream, to: u16, cuts: &Cuts) -> io::Result<()> {
    let mut server = TcpStream::connect(("127.0.0.1", to)).await?;
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let (mut asked, mut told) = (vec![0; PIECE], vec![0; PIECE]);
    loop {
        tokio::select! {
            read = client.read(&mut asked) => {
                let piece = piece(&asked, read?)?;
                server.write_all(piece).await?;
                if piece.windows(COMMIT.len()).any(|part| part == COMMIT) && cuts.take() {
                    // It is done once the server says so; nobody hears it.
                    piece_of(&mut server, &mut told).await?;
                    cuts.made.fetch_add(1, Ordering::SeqCst);
                    return Ok(());
                }
            }
            read = server.read(&mut told) => client.write_all(piece(&told, read?)?).await?,
        }
    }
}

/// What was read; nothing is the end.
fn piece(buffer: &[u8], read: usize) -> io::Result<&[u8]> {
    match buffer.get(..read) {
        Some(piece) if !piece.is_empty() => Ok(piece),
        _ => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}

async fn piece_of(from: &mut TcpStream, buffer: &mut [u8]) -> io::Result<()> {
    let read = from.read(buffer).await?;
    piece(buffer, read).map(drop)
}

impl Cuts {
    /// Whether this reply is one of those that are to be lost.
    fn take(&self) -> bool {
        let less = |wanted: usize| wanted.checked_sub(1);
        self.wanted
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, less)
            .is_ok()
    }
}
