//! What an address says: its ids, what stands behind its question mark, and where the request comes from.

use super::reply::Failure;
use super::visitor::Visitor;
use crate::config::Network;
use crate::services::session::Client;
use crate::services::{App, Error};
use axum::extract::{ConnectInfo, FromRequestParts, Path, Query};
use axum::http::header;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;
use shared::api::problem::Code;
use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};

/// The parts of an address; one that cannot be read leads to the page 'not found' like any other that leads nowhere.
pub struct Address<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<App> for Address<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        if let Ok(Path(value)) = Path::<T>::from_request_parts(parts, app).await {
            return Ok(Self(value));
        }
        let visitor = Visitor::from_request_parts(parts, app).await?;
        Err(visitor.fail(Error::not_found()))
    }
}

/// What is asked behind the question mark; what cannot be read is refused on a page.
pub struct Asked<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<App> for Asked<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        if let Ok(Query(value)) = Query::<T>::try_from_uri(&parts.uri) {
            return Ok(Self(value));
        }
        let visitor = Visitor::from_request_parts(parts, app).await?;
        Err(visitor.fail(Error::refused(Code::Malformed)))
    }
}

impl FromRequestParts<App> for Client {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let text = |name| {
            parts
                .headers
                .get(name)
                .and_then(|value| value.to_str().ok())
                .unwrap_or_default()
        };
        let peer = parts
            .extensions
            .get::<ConnectInfo<SocketAddr>>()
            .map(|info| info.0.ip());
        let address = peer.map(|peer| behind(peer, text("x-forwarded-for"), &app.config.trusted_proxies));
        Ok(Self {
            agent: text(header::USER_AGENT.as_str()).to_owned(),
            address,
        })
    }
}

/// The address of the browser: a proxy on this machine, or one that the settings name, says in the last place whom it
/// speaks for; nobody else is believed.
fn behind(peer: IpAddr, forwarded: &str, trusted: &[Network]) -> IpAddr {
    let last = forwarded
        .rsplit(',')
        .next()
        .and_then(|text| text.trim().parse().ok());
    if peer.to_canonical().is_loopback() || trusted.iter().any(|network| network.contains(peer)) {
        last.unwrap_or(peer)
    } else {
        peer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_proxy_on_this_machine_or_a_named_one_is_believed() {
        let trusted: [Network; 1] = ["172.16.0.0/12".parse().expect("a network")];
        let of = |peer: &str, forwarded| {
            behind(peer.parse().expect("an address"), forwarded, &trusted).to_string()
        };
        assert_eq!(of("172.17.0.1", "10.9.8.7"), "10.9.8.7");
        assert_eq!(of("127.0.0.1", "1.2.3.4, 10.9.8.7"), "10.9.8.7");
        assert_eq!(of("::ffff:127.0.0.1", "10.9.8.7"), "10.9.8.7");
        assert_eq!(of("127.0.0.1", "nonsense"), "127.0.0.1");
        assert_eq!(of("8.8.8.8", "1.2.3.4"), "8.8.8.8");
    }
}
