//! The demonstration market: the district's real towns and villages, invented units, and a past year made by calling
//! the use cases under a clock that is set.

mod books;
pub mod bulk;
mod cast;
mod chance;
mod goods;
mod invoices;
mod receipts;
mod register;
mod settlements;
mod year;

use crate::config::TwoFactor;
use crate::ports::clock::SetClock;
use crate::ports::ids;
use crate::services::{App, Error, village};
use crate::store;
use std::path::PathBuf;
use std::sync::Arc;

/// Days that lie behind the demonstration.
const DAYS: i64 = 365;

/// Loads the demonstration when the database is empty; prints the sign-in names either way.
///
/// # Errors
/// One sentence when an earlier load was cut off; else what a use case refused.
pub async fn load_when_new(app: &App) -> anyhow::Result<()> {
    if marker(app).exists() {
        anyhow::bail!(
            "loading the demonstration was cut off: delete {} and start again",
            app.config.data.display()
        );
    }
    if village::towns(app).await?.is_empty() {
        load(app).await?;
    }
    if let Ok(text) = std::fs::read_to_string(sign_in_file(app)) {
        println!("{text}");
    }
    Ok(())
}

/// The same program for a demonstration that was loaded into its data folder: second factors are then everybody's choice,
/// for its passwords are no secrets. Over any other data the program stays as strict as it was.
#[must_use]
pub fn relaxed(app: &App) -> App {
    let mut config = app.config.clone();
    if sign_in_file(app).exists() {
        config.two_factor = TwoFactor::Optional;
    }
    App::new(
        app.db.clone(),
        Arc::clone(&app.clock),
        Arc::clone(&app.files),
        config,
    )
}

/// Loads the demonstration into an empty database.
///
/// # Errors
/// What a use case refused.
pub async fn load(app: &App) -> anyhow::Result<()> {
    if !village::towns(app).await?.is_empty() {
        anyhow::bail!("the database is not empty: the demonstration is only loaded into a new one");
    }
    println!("Loading the demonstration market …");
    std::fs::create_dir_all(&app.config.data)?;
    std::fs::write(marker(app), "The demonstration is being loaded.\n")?;
    store::relax(&app.db, true).await?;
    let password = ids::clear_text(12).to_lowercase();
    fill(app, &password).await?;
    store::relax(&app.db, false).await?;
    std::fs::write(sign_in_file(app), cast::sign_in_text(&password))?;
    std::fs::remove_file(marker(app))?;
    Ok(())
}

async fn fill(app: &App, password: &str) -> Result<(), Error> {
    let now = app.now();
    let clock = Arc::new(SetClock::at(now.plus_days(-DAYS - 10)));
    let past = App::new(
        app.db.clone(),
        Arc::clone(&clock) as _,
        Arc::clone(&app.files),
        app.config.clone(),
    );
    let mut chance = chance::Chance::new(20_260_901);
    register::load(&past).await?;
    let cast = cast::load(&past, password).await?;
    let goods = goods::load(&past, &clock, &cast, &mut chance).await?;
    year::run(&past, &clock, now, &cast, goods, &mut chance).await?;
    books::close(app, &cast.finance).await
}

fn marker(app: &App) -> PathBuf {
    app.config.data.join("demo-loading.txt")
}

fn sign_in_file(app: &App) -> PathBuf {
    app.config.data.join("demo-sign-in.txt")
}
