//! Settings, from the environment and the command line; read once at start.

use std::path::PathBuf;

/// Settings of the running program.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where SQLite's file and stored photos are.
    pub data: PathBuf,
    /// `sqlite:PATH` or `postgres://…`.
    pub database_url: String,
    /// The address to listen on.
    pub listen: std::net::SocketAddr,
    /// How the outside reaches the program, without a slash at the end: `https://market.example`.
    pub public_url: String,
    /// Hours a village has to answer a village order (domain.md, 'Rules from practice': 24 to 48).
    pub confirm_hours: i64,
    /// The centre's service fee in basis points, frozen at placement (domain.md, money rule 4: 0 by default).
    pub fee_bp: i32,
    /// The mail server and the sender's address; `None` sends no mail.
    pub mail: Option<MailSettings>,
}

/// How mail is sent. Its `Debug` keeps the password out of logs.
#[derive(Clone)]
pub struct MailSettings {
    /// `smtps://user:password@host:465` or `smtp://host:587?tls=required`.
    pub url: String,
    /// The sender's address.
    pub from: String,
}

impl std::fmt::Debug for MailSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MailSettings")
            .field("from", &self.from)
            .finish_non_exhaustive()
    }
}

impl Config {
    /// Settings from the environment, with what the command line said.
    ///
    /// # Errors
    /// One sentence naming the setting that is wrong and how to mend it.
    pub fn from_environment(data: PathBuf, port: u16) -> anyhow::Result<Self> {
        let database_url = variable("DATABASE_URL")
            .unwrap_or_else(|| format!("sqlite:{}", data.join("market.sqlite").display()));
        let host = variable("JIZHOU_HOST").unwrap_or_else(|| "127.0.0.1".to_owned());
        let ip: std::net::IpAddr = host.parse().map_err(|_| {
            anyhow::anyhow!("JIZHOU_HOST must be an IP address such as 0.0.0.0; it is '{host}'")
        })?;
        let public_url = variable("JIZHOU_PUBLIC_URL").unwrap_or_else(|| format!("http://{host}:{port}"));
        let config = Self {
            data,
            database_url,
            listen: std::net::SocketAddr::new(ip, port),
            public_url: public_url.trim_end_matches('/').to_owned(),
            confirm_hours: number("JIZHOU_CONFIRM_HOURS", 36, 1, 240)?,
            fee_bp: i32::try_from(number("JIZHOU_FEE_BP", 0, 0, 3000)?).unwrap_or(0),
            mail: mail()?,
        };
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> anyhow::Result<()> {
        let loopback = ["http://127.0.0.1", "http://localhost", "http://[::1]"];
        if !self.secure_cookies() && !loopback.iter().any(|start| self.public_url.starts_with(start)) {
            anyhow::bail!(
                "JIZHOU_PUBLIC_URL must begin with https:// (plain http only on this machine itself); it is '{}'",
                self.public_url
            );
        }
        Ok(())
    }

    /// Whether cookies are `Secure` and carry the `__Host-` prefix: always, but for plain http on loopback.
    #[must_use]
    pub fn secure_cookies(&self) -> bool {
        self.public_url.starts_with("https://")
    }
}

fn mail() -> anyhow::Result<Option<MailSettings>> {
    let Some(url) = variable("JIZHOU_SMTP_URL") else {
        return Ok(None);
    };
    let Some(from) = variable("JIZHOU_MAIL_FROM") else {
        anyhow::bail!("JIZHOU_SMTP_URL needs JIZHOU_MAIL_FROM, the address that mail comes from");
    };
    crate::ports::mail::Mail::new(Some((&url, &from)))?;
    Ok(Some(MailSettings { url, from }))
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads the environment"
)]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.trim().is_empty())
}

fn number(name: &str, otherwise: i64, min: i64, max: i64) -> anyhow::Result<i64> {
    let Some(text) = variable(name) else {
        return Ok(otherwise);
    };
    match text.trim().parse::<i64>() {
        Ok(value) if (min..=max).contains(&value) => Ok(value),
        _ => anyhow::bail!("{name} must be a whole number from {min} to {max}; it is '{text}'"),
    }
}
