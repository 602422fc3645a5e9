//! The past year's books, closed month by month; the last month that has ended is left for whoever wants to try.

use crate::services::idempotency::Key;
use crate::services::{App, Error, period};
use shared::api::books::CloseIn;
use shared::domain::identity::Actor;
use shared::domain::month::Month;

/// Closes every month but the last that has ended.
pub async fn close(app: &App, finance: &Actor) -> Result<(), Error> {
    let last = Month::of(app.today()).previous();
    while let Some(month) = period::months(app, finance).await?.closable
        && month < last
    {
        period::close(app, finance, &Key::own(app.new_id()), &CloseIn { month }).await?;
    }
    Ok(())
}
