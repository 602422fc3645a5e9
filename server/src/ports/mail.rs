//! Mail, where an SMTP server is configured.

use lettre::message::Mailbox;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};
use std::time::Duration;

/// How long one mail may take.
const TIMEOUT: Duration = Duration::from_secs(20);

/// A mail to send.
#[derive(Clone, Debug)]
pub struct Letter {
    /// The address it goes to.
    pub to: String,
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub text: String,
}

/// Sends letters; without a configured server it says so and sends none.
#[derive(Clone)]
pub struct Mail(Option<Sender>);

#[derive(Clone)]
struct Sender {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

/// Why a letter did not go.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// No server is configured.
    #[error("no mail server is configured")]
    NotConfigured,
    /// The address is none.
    #[error("the address or text of the letter is malformed: {0}")]
    Malformed(String),
    /// The server did not take it.
    #[error("the mail server did not take the letter: {0}")]
    Refused(String),
}

impl Mail {
    /// Mail through the server of this URL (`smtps://user:password@host:465`, `smtp://host:587?tls=required`), from this
    /// address. `None` for a market that sends no mail.
    ///
    /// # Errors
    /// One sentence when the URL or the address cannot be read. It never holds the password.
    pub fn new(settings: Option<(&str, &str)>) -> anyhow::Result<Self> {
        let Some((url, from)) = settings else {
            return Ok(Self(None));
        };
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
            .map_err(|_| {
                anyhow::anyhow!("the SMTP URL cannot be read; write smtps://user:password@host:465")
            })?
            .timeout(Some(TIMEOUT))
            .build();
        let from = from
            .parse()
            .map_err(|_| anyhow::anyhow!("the sender must be a mail address; it is '{from}'"))?;
        Ok(Self(Some(Sender { transport, from })))
    }

    /// Whether a server is configured.
    #[must_use]
    pub const fn configured(&self) -> bool {
        self.0.is_some()
    }

    /// Whether the configured server answers.
    ///
    /// # Errors
    /// `NotConfigured`, or what the server said.
    pub async fn check(&self) -> Result<(), MailError> {
        let sender = self.0.as_ref().ok_or(MailError::NotConfigured)?;
        match sender.transport.test_connection().await {
            Ok(true) => Ok(()),
            Ok(false) => Err(MailError::Refused("it closed the connection".to_owned())),
            Err(error) => Err(MailError::Refused(error.to_string())),
        }
    }

    /// Sends a letter and waits until the server has taken it.
    ///
    /// # Errors
    /// Why it did not go.
    pub async fn send(&self, letter: Letter) -> Result<(), MailError> {
        let sender = self.0.as_ref().ok_or(MailError::NotConfigured)?;
        let to: Mailbox = letter
            .to
            .parse()
            .map_err(|error: lettre::address::AddressError| MailError::Malformed(error.to_string()))?;
        let message = Message::builder()
            .from(sender.from.clone())
            .to(to)
            .subject(letter.subject)
            .header(lettre::message::header::ContentType::TEXT_PLAIN)
            .body(letter.text)
            .map_err(|error| MailError::Malformed(error.to_string()))?;
        let sent = sender.transport.send(message).await;
        sent.map(|_| ())
            .map_err(|error| MailError::Refused(error.to_string()))
    }
}
