//! The command line of the Jizhou market.

use clap::{Parser, Subcommand};
use server::config::Config;
use server::ports::clock::SystemClock;
use server::ports::files::Folder;
use server::services::{App, link, verify};
use server::store;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

#[derive(Parser)]
#[command(name = "jizhou", version, about = "The Jizhou consumption-assistance market")]
struct Arguments {
    /// Where SQLite's file and photos are.
    #[arg(long, global = true, default_value = "data", env = "JIZHOU_DATA")]
    data: PathBuf,
    /// The port to listen on.
    #[arg(long, global = true, default_value_t = 3000, env = "JIZHOU_PORT")]
    port: u16,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Bring the schema up to date and serve.
    Serve {
        /// Load the demonstration market when the database is new, and print the sign-in names.
        #[arg(long)]
        demo: bool,
    },
    /// Bring the schema up to date.
    Migrate,
    /// Load the demonstration market into a new database.
    Seed,
    /// Print a one-time link for the first administrator.
    Admin,
    /// Check every invariant of the books; ends with 1 when something is wrong.
    Verify,
    /// Print the OpenAPI document.
    Openapi,
    /// Check configuration, database and assets, and say what to mend.
    Doctor,
}

fn main() -> ExitCode {
    let filter = tracing_subscriber::EnvFilter::try_from_env("JIZHOU_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info,sqlx=warn,sea_orm=warn"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .compact()
        .init();
    let arguments = Arguments::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            return refuse(&anyhow::anyhow!(
                "the program could not start its threads: {error}"
            ));
        }
    };
    match runtime.block_on(run(arguments)) {
        Ok(code) => code,
        Err(error) => refuse(&error),
    }
}

fn refuse(error: &anyhow::Error) -> ExitCode {
    eprintln!("jizhou: {error:#}");
    ExitCode::FAILURE
}

async fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    if matches!(arguments.command, Command::Openapi) {
        print!("{}", server::api::openapi_text());
        return Ok(ExitCode::SUCCESS);
    }
    let config = Config::from_environment(arguments.data, arguments.port)?;
    let db = store::connect(&config.database_url).await?;
    store::migrate(&db).await.map_err(|error| {
        anyhow::anyhow!(
            "the schema could not be brought up to date ({error}): is the database of a newer program?"
        )
    })?;
    let files = Arc::new(Folder(config.data.join("files")));
    let app = App::new(db, Arc::new(SystemClock), files, config);
    match arguments.command {
        Command::Serve { demo } => serve(app, demo).await,
        Command::Seed => {
            server::demo::load(&app).await?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Admin => {
            println!(
                "{}{}",
                app.config.public_url,
                link::create_first_admin_link(&app).await?.path
            );
            Ok(ExitCode::SUCCESS)
        }
        Command::Verify => print_verify(&app).await,
        Command::Doctor => doctor(&app).await,
        Command::Migrate | Command::Openapi => Ok(ExitCode::SUCCESS),
    }
}

async fn serve(app: App, demo: bool) -> anyhow::Result<ExitCode> {
    if demo {
        server::demo::load_when_new(&app).await?;
    }
    if !server::assets::present() {
        tracing::warn!("built without assets: pages will look bare; build with `cargo xtask assets` first");
    }
    println!("{}", app.config.public_url);
    if !link::admin_exists(&app).await? {
        let path = link::create_first_admin_link(&app).await?.path;
        println!(
            "No administrator yet. Open once, within 48 hours: {}{path}",
            app.config.public_url
        );
    }
    server::serve::serve(app).await?;
    Ok(ExitCode::SUCCESS)
}

async fn print_verify(app: &App) -> anyhow::Result<ExitCode> {
    let result = verify::run(app).await?;
    for check in &result.checks {
        match &check.wrong {
            None => println!("ok    {} ({})", check.name, check.looked_at),
            Some(wrong) => println!("WRONG {}: {wrong}", check.name),
        }
    }
    Ok(if result.clean {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

async fn doctor(app: &App) -> anyhow::Result<ExitCode> {
    store::ping(&app.db).await?;
    println!(
        "ok    configuration: {} on {}",
        app.config.public_url, app.config.listen
    );
    println!("ok    database answers and its schema is up to date");
    let assets = server::assets::present();
    println!(
        "{} assets",
        if assets {
            "ok   "
        } else {
            "WRONG no: build with `cargo xtask assets` first;"
        }
    );
    Ok(if assets {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
