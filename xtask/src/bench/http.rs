//! A small HTTP/1.1 client over one kept-alive connection: it costs little CPU, so that it hardly takes any from the
//! program that is measured beside it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result, bail};

const PATIENCE: Duration = Duration::from_secs(30);
/// More than any answer of the program: a length that is larger was read wrongly.
const BODY_BYTES_MAX: usize = 64 << 20;

/// One connection, with the cookies that it was given.
pub struct Connection {
    stream: BufReader<TcpStream>,
    cookies: BTreeMap<String, String>,
}

/// What is asked.
#[derive(Clone, Copy, Default)]
pub struct Request<'r> {
    /// Where.
    pub path: &'r str,
    /// The bearer token.
    pub token: Option<&'r str>,
    /// The idempotency key.
    pub key: Option<&'r str>,
    /// Content type and body: a request that has them is a POST.
    pub body: Option<(&'r str, &'r str)>,
}

/// What came back.
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The body as it was sent.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The same answer, when it has this status.
    pub fn expect(self, status: u16) -> Result<Self> {
        if self.status != status {
            let text: String = self.text().chars().take(400).collect();
            bail!("the program answered {} instead of {status}: {text}", self.status);
        }
        Ok(self)
    }
}

impl Connection {
    /// Opens a connection to this machine.
    pub fn open(port: u16) -> Result<Self> {
        let stream =
            TcpStream::connect((Ipv4Addr::LOCALHOST, port)).context("the program cannot be reached")?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(Self {
            stream: BufReader::with_capacity(64 << 10, stream),
            cookies: BTreeMap::new(),
        })
    }

    /// The cookies that it was given.
    pub fn cookies(&self) -> BTreeMap<String, String> {
        self.cookies.clone()
    }

    /// The same connection as another browser of the same person.
    pub fn with_cookies(mut self, cookies: &BTreeMap<String, String>) -> Self {
        self.cookies.clone_from(cookies);
        self
    }

    /// Asks and reads the whole answer.
    pub fn send(&mut self, request: Request<'_>) -> Result<Answer> {
        let text = self.text_of(request);
        self.stream
            .get_mut()
            .write_all(text.as_bytes())
            .context("the request could not be sent")?;
        self.read_answer().context("the answer could not be read")
    }

    fn text_of(&self, request: Request<'_>) -> String {
        let method = if request.body.is_some() { "POST" } else { "GET" };
        let mut text = format!("{method} {} HTTP/1.1\r\nHost: 127.0.0.1\r\n", request.path);
        let mut header = |name: &str, value: &str| {
            // Writing into a text cannot fail.
            let _ = write!(text, "{name}: {value}\r\n");
        };
        if let Some(token) = request.token {
            header("Authorization", &format!("Bearer {token}"));
        }
        if let Some(key) = request.key {
            header("Idempotency-Key", key);
        }
        if !self.cookies.is_empty() {
            let pairs: Vec<String> = self.cookies.iter().map(|(n, v)| format!("{n}={v}")).collect();
            header("Cookie", &pairs.join("; "));
        }
        let body = request.body.map_or("", |(kind, body)| {
            header("Content-Type", kind);
            header("Content-Length", &body.len().to_string());
            body
        });
        text + "\r\n" + body
    }

    fn read_answer(&mut self) -> Result<Answer> {
        let first = self.line()?;
        let status = first
            .split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok())
            .with_context(|| format!("'{first}' is no status line"))?;
        let (mut length, mut chunked) = (0, false);
        loop {
            let line = self.line()?;
            let Some((name, value)) = line.split_once(':') else {
                break;
            };
            let value = value.trim();
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = value.parse().context("a length that is no number")?,
                "transfer-encoding" => chunked = value.eq_ignore_ascii_case("chunked"),
                "set-cookie" => self.keep_cookie(value),
                _ => {}
            }
        }
        let mut body = Vec::new();
        if chunked {
            self.read_chunks(&mut body)?;
        } else {
            self.read_bytes(length, &mut body)?;
        }
        Ok(Answer { status, body })
    }

    fn read_chunks(&mut self, body: &mut Vec<u8>) -> Result<()> {
        loop {
            let line = self.line()?;
            let size = line.split(';').next().unwrap_or_default();
            let size = usize::from_str_radix(size.trim(), 16).context("a chunk without a size")?;
            self.read_bytes(size, body)?;
            self.line()?;
            if size == 0 {
                return Ok(());
            }
        }
    }

    fn read_bytes(&mut self, count: usize, body: &mut Vec<u8>) -> Result<()> {
        let begin = body.len();
        if count > BODY_BYTES_MAX {
            bail!("an answer of {count} bytes");
        }
        body.resize(begin + count, 0);
        self.stream.read_exact(&mut body[begin..])?;
        Ok(())
    }

    /// A line without its end; the empty line that ends the head is empty.
    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        if self.stream.read_line(&mut line)? == 0 {
            bail!("the program closed the connection");
        }
        line.truncate(line.trim_end().len());
        Ok(line)
    }

    fn keep_cookie(&mut self, value: &str) {
        let pair = value.split(';').next().unwrap_or_default();
        if let Some((name, value)) = pair.split_once('=') {
            self.cookies
                .insert(name.trim().to_owned(), value.trim().to_owned());
        }
    }
}

/// Names and values as a form sends them.
pub fn form(pairs: &[(&str, &str)]) -> String {
    let encoded: Vec<String> = pairs
        .iter()
        .map(|(name, value)| format!("{name}={}", encode(value)))
        .collect();
    encoded.join("&")
}

fn encode(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    #[test]
    fn forms_are_encoded() {
        assert_eq!(form(&[("a", "x y"), ("b", "桃&=")]), "a=x%20y&b=%E6%A1%83%26%3D");
    }

    #[test]
    fn answers_are_read_one_after_the_other_over_one_connection() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let server = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("a connection");
            let answers = "HTTP/1.1 201 Created\r\nset-cookie: v=1; Path=/\r\ncontent-length: 5\r\n\r\nhello\
                HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
            stream.write_all(answers.as_bytes()).expect("the other end reads");
        });
        let mut connection = Connection::open(port).expect("a server listens");
        let first = connection.send(Request::default()).expect("an answer");
        assert_eq!((first.status, first.text().as_str()), (201, "hello"));
        let text = connection.text_of(Request {
            path: "/",
            ..Request::default()
        });
        assert!(text.contains("Cookie: v=1\r\n"), "{text}");
        let second = connection.read_answer().expect("another answer");
        assert_eq!((second.status, second.text().as_str()), (200, "abcde"));
        server.join().expect("the server ends");
    }
}
