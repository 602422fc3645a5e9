//! The command line of the Jizhou market.

use clap::{Parser, Subcommand};
use server::command::books::{self, Files, KeyTurn};
use server::command::read_only::Turn;
use server::command::{self, backup, doctor};
use server::config::{Config, Given, Loaded};
use server::services::{App, link, seal};
use server::store;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Parser)]
#[command(name = "jizhou", version, about = "The Jizhou consumption-assistance market")]
struct Arguments {
    /// The settings file [default: /etc/jizhou/jizhou.toml, where there is one; JIZHOU_CONFIG].
    #[arg(long, global = true)]
    config: Option<PathBuf>,
    /// Where SQLite's file and photos are [default: data; JIZHOU_DATA].
    #[arg(long, global = true)]
    data: Option<PathBuf>,
    /// The port to listen on [default: 3000; JIZHOU_PORT].
    #[arg(long, global = true)]
    port: Option<u16>,
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
    /// Add a big made-up past to a demonstration market, for measuring.
    #[command(hide = true)]
    Fill {
        /// Offers on sale.
        #[arg(long, default_value_t = 100_000)]
        offers: i64,
        /// Accepted orders.
        #[arg(long, default_value_t = 1_000_000)]
        orders: i64,
    },
    /// Print a one-time link for the first administrator.
    Admin,
    /// Check every invariant of the books; ends with 1 when something is wrong. With files it needs no database.
    Verify {
        /// Instead: a village's journal, as downloaded from its page.
        #[arg(long)]
        file: Option<PathBuf>,
        /// The signed head of a month (`/books/heads/<month>`), to compare the journal with.
        #[arg(long)]
        head: Option<PathBuf>,
        /// The public keys (`/books/keys`) that the head's signature is checked by.
        #[arg(long, requires = "head")]
        key: Option<PathBuf>,
    },
    /// The key that signs closed months of the books.
    BooksKey {
        /// What to do.
        #[arg(value_enum)]
        turn: KeyTurn,
    },
    /// Take a backup while the market goes on, and read it again to be sure of it.
    Backup {
        /// A new file, or a folder in which it is named after the time.
        #[arg(long, default_value = ".")]
        to: PathBuf,
        /// With a folder: keep so many of the newest, and remove the older ones.
        #[arg(long)]
        keep: Option<usize>,
        /// Take none: check this one from its beginning to its end.
        #[arg(long, conflicts_with_all = ["to", "keep"])]
        check: Option<PathBuf>,
    },
    /// Restore a backup of either engine into the empty database and data folder of the settings.
    Restore {
        /// The backup.
        file: PathBuf,
        /// Check the books afterwards; ends with 1 when something is wrong.
        #[arg(long)]
        verify: bool,
        /// Only try it: restore into a database that is thrown away, and check the books.
        #[arg(long)]
        drill: bool,
    },
    /// Let people look and change nothing, without stopping the program.
    ReadOnly {
        /// Which way.
        #[arg(value_enum)]
        turn: Turn,
    },
    /// Print the OpenAPI document.
    Openapi,
    /// Check everything that the market stands on, and say what to mend.
    Doctor {
        /// As JSON, for programs.
        #[arg(long)]
        json: bool,
        /// Only ask the program that serves here whether it is ready.
        #[arg(long)]
        ready: bool,
    },
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            return refuse(&anyhow::anyhow!(
                "the program could not start its threads: {error}"
            ));
        }
    };
    let code = match runtime.block_on(run(arguments)) {
        Ok(code) => code,
        Err(error) => refuse(&error),
    };
    // A thread that hashes or draws for a request that was cut off is not waited for.
    runtime.shutdown_background();
    code
}

fn refuse(error: &anyhow::Error) -> ExitCode {
    eprintln!("jizhou: {error:#}");
    ExitCode::FAILURE
}

async fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let given = Given {
        config: arguments.config,
        data: arguments.data,
        port: arguments.port,
    };
    let loaded = Config::load(&given);
    match arguments.command {
        Command::Openapi => {
            print!("{}", server::api::openapi_text());
            Ok(ExitCode::SUCCESS)
        }
        Command::Verify { file, head, key } if file.is_some() || head.is_some() => {
            books::check(&Files { file, head, key })
        }
        Command::Backup {
            check: Some(file), ..
        } => backup::check(&file),
        Command::Restore {
            file, drill: true, ..
        } => backup::drill(&file).await,
        Command::Doctor { ready: true, .. } => doctor::ready(&loaded?.config).await,
        Command::Doctor { json, .. } => doctor::examine(loaded, json).await,
        command => with_settings(command, loaded?, given).await,
    }
}

async fn with_settings(command: Command, loaded: Loaded, given: Given) -> anyhow::Result<ExitCode> {
    let config = loaded.config.clone();
    server::log::init(&config)?;
    match command {
        Command::Backup { to, keep, .. } => backup::take(&config, &to, keep).await,
        Command::Restore { file, verify, .. } => backup::restore(&config, &file, verify).await,
        Command::ReadOnly { turn } => {
            command::read_only::turn(&config.data, turn)?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Serve { demo } => {
            for (name, nearest) in &loaded.unknown {
                tracing::warn!("the variable {name} means nothing: did you mean {nearest}?");
            }
            // SQLite has one writer; several programs can share a PostgreSQL and its photos.
            let alone = config.database_url.starts_with("sqlite:");
            let _in_use = command::claim(&config.data, alone)?;
            serve(migrated(config).await?, demo, given).await
        }
        Command::Migrate => {
            seal::set_up(&migrated(config).await?).await?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Seed => {
            server::demo::load(&migrated(config).await?).await?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Fill { offers, orders } => {
            server::demo::bulk::fill(&migrated(config).await?, offers, orders).await?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Admin => {
            let app = migrated(config).await?;
            let path = link::create_first_admin_link(&app).await?.path;
            println!("{}{path}", app.config.public_url);
            Ok(ExitCode::SUCCESS)
        }
        Command::Verify { .. } => backup::verify(&migrated(config).await?).await,
        Command::BooksKey { turn } => books::key(&migrated(config).await?, turn).await,
        Command::Openapi | Command::Doctor { .. } => Ok(ExitCode::SUCCESS),
    }
}

async fn migrated(config: Config) -> anyhow::Result<App> {
    let db = store::connect(&config.database_url).await?;
    store::migrate(&db).await.map_err(|error| {
        anyhow::anyhow!(
            "the schema could not be brought up to date ({error}): is the database of a newer program?"
        )
    })?;
    Ok(backup::app(db, config))
}

async fn serve(mut app: App, demo: bool, given: Given) -> anyhow::Result<ExitCode> {
    if demo {
        server::demo::load_when_new(&app).await?;
        app = server::demo::relaxed(&app);
    }
    if !app.read_only() {
        seal::set_up(&app).await?;
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
    server::serve::serve(app, given).await
}
