//! What the market tells search engines about its public pages.

use super::{App, Error};
use crate::store;
use shared::domain::calendar::{Day, Micros};

/// Offers that are told: a sitemap may have 50,000 addresses, the newest few thousand are what somebody looks for.
const OFFERS: i64 = 5000;
/// Villages that are told: the district has 949.
const VILLAGES: i64 = 2000;

/// A public address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its path.
    pub path: String,
    /// The day on which it last changed, where that is known.
    pub changed_on: Option<Day>,
}

/// Every public page that somebody may look for, bounded.
///
/// # Errors
/// When the database cannot be read.
pub async fn places(app: &App) -> Result<Vec<Place>, Error> {
    let fixed = ["/", "/goods", "/villages"].map(|path| Place {
        path: path.to_owned(),
        changed_on: None,
    });
    let mut places = Vec::from(fixed);
    for code in store::site::villages(app.db.read(), VILLAGES).await? {
        places.push(Place {
            path: format!("/villages/{code}"),
            changed_on: None,
        });
    }
    for offer in store::site::offers(app.db.read(), OFFERS).await? {
        places.push(Place {
            path: format!("/goods/{}", offer.id),
            changed_on: Some(Micros(offer.changed_at).day()),
        });
    }
    Ok(places)
}
