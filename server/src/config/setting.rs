//! Every setting: what it is called in the file and in the environment, and how it is read.

use super::{Config, LogFormat};
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr;

/// Settings while they are being read: some are made of two.
#[derive(Default)]
pub struct Draft {
    /// What is read already.
    pub config: Config,
    /// The mail server's address.
    pub smtp_url: Option<String>,
    /// The sender's address.
    pub mail_from: Option<String>,
    /// Stripe's secret key.
    pub stripe_secret_key: Option<String>,
    /// The secrets of Stripe's messages.
    pub stripe_webhook_secrets: Vec<String>,
    /// Where Stripe is reached.
    pub stripe_api_base: Option<String>,
}

/// One setting.
pub struct Setting {
    /// Its name in the settings file.
    pub key: &'static str,
    /// Its name in the environment.
    pub env: &'static str,
    /// Whether it may hold a password: it then can also be read from a file of its own, and is never repeated.
    pub secret: bool,
    /// Takes its value; a refusal completes the sentence '<setting> …'.
    pub take: fn(&mut Draft, &str) -> Result<(), String>,
}

/// Every setting.
pub const SETTINGS: &[Setting] = &[
    setting("public_url", "JIZHOU_PUBLIC_URL", |d, v| {
        put(&mut d.config.public_url, v)
    }),
    setting("host", "JIZHOU_HOST", |d, v| {
        let ip: IpAddr = parsed(v, "must be an IP address such as 0.0.0.0")?;
        d.config.listen.set_ip(ip);
        Ok(())
    }),
    setting("port", "JIZHOU_PORT", |d, v| {
        d.config
            .listen
            .set_port(parsed(v, "must be a port from 1 to 65535")?);
        Ok(())
    }),
    setting("trusted_proxies", "JIZHOU_TRUSTED_PROXIES", |d, v| {
        let networks: Result<_, ()> = v.split(',').map(|part| part.trim().parse()).collect();
        d.config.trusted_proxies = networks
            .map_err(|()| "must be addresses or networks with commas between, as 172.16.0.0/12".to_owned())?;
        Ok(())
    }),
    setting("data", "JIZHOU_DATA", |d, v| {
        d.config.data = PathBuf::from(v);
        Ok(())
    }),
    secret("database_url", "DATABASE_URL", |d, v| {
        put(&mut d.config.database_url, v)
    }),
    secret("smtp_url", "JIZHOU_SMTP_URL", |d, v| {
        d.smtp_url = Some(v.to_owned());
        Ok(())
    }),
    setting("mail_from", "JIZHOU_MAIL_FROM", |d, v| {
        d.mail_from = Some(v.to_owned());
        Ok(())
    }),
    secret("stripe_secret_key", "JIZHOU_STRIPE_SECRET_KEY", |d, v| {
        d.stripe_secret_key = Some(v.to_owned());
        Ok(())
    }),
    secret(
        "stripe_webhook_secrets",
        "JIZHOU_STRIPE_WEBHOOK_SECRETS",
        |d, v| {
            let parts = v.split([',', '\n']).map(str::trim);
            d.stripe_webhook_secrets = parts.filter(|s| !s.is_empty()).map(str::to_owned).collect();
            Ok(())
        },
    ),
    setting("stripe_api_base", "JIZHOU_STRIPE_API_BASE", |d, v| {
        let base = v.trim_end_matches('/');
        let here = ["http://127.0.0.1", "http://localhost"];
        let good = match base.strip_prefix("https://") {
            Some(host) => !host.is_empty() && !host.contains('/'),
            None => (here.iter().filter_map(|start| base.strip_prefix(start)))
                .any(|rest| rest.is_empty() || rest.strip_prefix(':').is_some_and(is_port)),
        };
        if !good {
            return Err("must be https:// and a host, or http:// on this machine itself".to_owned());
        }
        d.stripe_api_base = Some(base.to_owned());
        Ok(())
    }),
    setting("confirm_hours", "JIZHOU_CONFIRM_HOURS", |d, v| {
        d.config.confirm_hours = number(v, 1, 240)?;
        Ok(())
    }),
    setting("approval_hold_hours", "JIZHOU_APPROVAL_HOLD_HOURS", |d, v| {
        d.config.approval_hold_hours = number(v, 1, 240)?;
        Ok(())
    }),
    setting("choice_hours", "JIZHOU_CHOICE_HOURS", |d, v| {
        d.config.choice_hours = number(v, 1, 240)?;
        Ok(())
    }),
    setting("claim_hours", "JIZHOU_CLAIM_HOURS", |d, v| {
        d.config.claim_hours = number(v, 1, 720)?;
        Ok(())
    }),
    setting("claim_answer_days", "JIZHOU_CLAIM_ANSWER_DAYS", |d, v| {
        d.config.claim_answer_days = number(v, 1, 60)?;
        Ok(())
    }),
    setting("fee_bp", "JIZHOU_FEE_BP", |d, v| {
        d.config.fee_bp = number(v, 0, 3000)?;
        Ok(())
    }),
    setting("settle_advance", "JIZHOU_SETTLE_ADVANCE", |d, v| {
        d.config.settle_advance = yes_or_no(v)?;
        Ok(())
    }),
    setting("receipt_limit_yuan", "JIZHOU_RECEIPT_LIMIT_YUAN", |d, v| {
        d.config.receipt_limit_yuan = number(v, 0, 1_000_000_000)?;
        Ok(())
    }),
    secret("books_key", "JIZHOU_BOOKS_KEY", |d, v| {
        let seed = v
            .parse()
            .map_err(|()| "must be 64 hex digits (0-9, a-f)".to_owned())?;
        d.config.books_key = Some(seed);
        Ok(())
    }),
    setting("read_only", "JIZHOU_READ_ONLY", |d, v| {
        d.config.read_only = yes_or_no(v)?;
        Ok(())
    }),
    setting("metrics_listen", "JIZHOU_METRICS_LISTEN", |d, v| {
        let address: SocketAddr = parsed(v, "must be an address with a port, such as 127.0.0.1:9464")?;
        d.config.metrics_listen = Some(address);
        Ok(())
    }),
    setting("cache_pages", "JIZHOU_CACHE_PAGES", |d, v| {
        d.config.cache_pages = Some(yes_or_no(v)?);
        Ok(())
    }),
    setting("log", "JIZHOU_LOG", |d, v| {
        tracing_subscriber::EnvFilter::try_new(v)
            .map_err(|_| "must be a log filter such as info or info,server=debug".to_owned())?;
        put(&mut d.config.log, v)
    }),
    setting("log_format", "JIZHOU_LOG_FORMAT", |d, v| {
        d.config.log_format = match v {
            "auto" => LogFormat::Auto,
            "text" => LogFormat::Text,
            "json" => LogFormat::Json,
            _ => return Err("must be auto, text or json".to_owned()),
        };
        Ok(())
    }),
    setting("stop_wait_s", "JIZHOU_STOP_WAIT_S", |d, v| {
        d.config.stop_wait_s = number(v, 0, 300)?;
        Ok(())
    }),
    setting("stop_grace_s", "JIZHOU_STOP_GRACE_S", |d, v| {
        d.config.stop_grace_s = number(v, 1, 600)?;
        Ok(())
    }),
    setting("security_contact", "JIZHOU_SECURITY_CONTACT", |d, v| {
        if !(v.starts_with("mailto:") || v.starts_with("https://")) || v.chars().any(char::is_whitespace) {
            return Err("must begin with mailto: or https:// and hold no spaces".to_owned());
        }
        d.config.security_contact = Some(v.to_owned());
        Ok(())
    }),
    setting("bank_holder", "JIZHOU_BANK_HOLDER", |d, v| {
        put(&mut d.config.bank_holder, v)
    }),
    setting("bank_name", "JIZHOU_BANK_NAME", |d, v| {
        put(&mut d.config.bank_name, v)
    }),
    setting("bank_account", "JIZHOU_BANK_ACCOUNT", |d, v| {
        put(&mut d.config.bank_account, v)
    }),
];

type Take = fn(&mut Draft, &str) -> Result<(), String>;

const fn setting(key: &'static str, env: &'static str, take: Take) -> Setting {
    Setting {
        key,
        env,
        secret: false,
        take,
    }
}

const fn secret(key: &'static str, env: &'static str, take: Take) -> Setting {
    Setting {
        key,
        env,
        secret: true,
        take,
    }
}

impl Draft {
    /// The settings, once all were taken.
    ///
    /// # Errors
    /// One sentence when two of them do not go together.
    pub fn finish(self) -> anyhow::Result<Config> {
        let mut config = self.config;
        config.mail = match (self.smtp_url, self.mail_from) {
            (None, _) => None,
            (Some(_), None) => {
                anyhow::bail!(
                    "smtp_url (JIZHOU_SMTP_URL) needs mail_from (JIZHOU_MAIL_FROM), the address that mail comes from"
                )
            }
            (Some(url), Some(from)) => {
                crate::ports::mail::Mail::new(Some((&url, &from)))?;
                Some(super::MailSettings { url, from })
            }
        };
        config.stripe = match self.stripe_secret_key {
            None => None,
            Some(_) if self.stripe_webhook_secrets.is_empty() => {
                anyhow::bail!(
                    "stripe_secret_key (JIZHOU_STRIPE_SECRET_KEY) needs stripe_webhook_secrets \
                    (JIZHOU_STRIPE_WEBHOOK_SECRETS), by which Stripe's messages are known to be Stripe's"
                )
            }
            Some(secret_key) => {
                let settings = super::StripeSettings {
                    secret_key,
                    webhook_secrets: self.stripe_webhook_secrets,
                    api_base: self.stripe_api_base,
                };
                crate::ports::stripe::Stripe::new(&settings)?;
                Some(settings)
            }
        };
        config.complete()
    }
}

fn put(field: &mut String, value: &str) -> Result<(), String> {
    value.clone_into(field);
    Ok(())
}

fn parsed<T: FromStr>(value: &str, rule: &str) -> Result<T, String> {
    value.parse().map_err(|_| rule.to_owned())
}

fn is_port(text: &str) -> bool {
    text.parse::<u16>().is_ok()
}

fn number<T: FromStr + PartialOrd + std::fmt::Display + Copy>(
    value: &str,
    min: T,
    max: T,
) -> Result<T, String> {
    match value.parse::<T>() {
        Ok(number) if number >= min && number <= max => Ok(number),
        _ => Err(format!("must be a whole number from {min} to {max}")),
    }
}

fn yes_or_no(value: &str) -> Result<bool, String> {
    match value {
        "true" | "1" | "yes" | "on" => Ok(true),
        "false" | "0" | "no" | "off" => Ok(false),
        _ => Err("must be true or false".to_owned()),
    }
}
