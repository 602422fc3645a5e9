//! `jizhou verify --file` and `jizhou books-key`: what needs no running market.

use crate::ports::signing;
use crate::services::{App, seal};
use anyhow::{Context as _, bail};
use shared::domain::books::{JournalCheck, LINE_BYTES_MAX, MonthHead, SignedHead, Whole};
use shared::domain::hex::hex;
use shared::domain::money::Fen;
use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// A file of heads or keys is never larger: every village of a district has one line.
const TEXT_BYTES_MAX: u64 = 16 * 1024 * 1024;

/// What is checked, and against what.
#[derive(Clone, Debug)]
pub struct Files {
    /// A village's journal.
    pub file: Option<PathBuf>,
    /// A month's signed head.
    pub head: Option<PathBuf>,
    /// The public keys that may have signed it.
    pub key: Option<PathBuf>,
}

/// Checks a journal's file, and a month's head, without any database: says that all is whole, or names the first place
/// that is not.
///
/// # Errors
/// One sentence when a file cannot be read, or is not whole.
pub fn check(files: &Files) -> anyhow::Result<ExitCode> {
    let head = match &files.head {
        Some(path) => Some(signed_head(path, files.key.as_deref())?),
        None if files.key.is_some() => bail!("--key goes with --head: the key has signed the head"),
        None => None,
    };
    if let Some(path) = &files.file {
        let whole = journal(path, head)?;
        println!("{}", words(path, &whole));
    }
    Ok(ExitCode::SUCCESS)
}

/// Reads a month's head, and checks its signature by the keys that are given.
fn signed_head(path: &Path, keys: Option<&Path>) -> anyhow::Result<MonthHead> {
    let text = read(path)?;
    let signed = SignedHead::parse(&text).with_context(|| format!("{} is no whole head", path.display()))?;
    let shown = path.display();
    let Some(keys) = keys else {
        println!(
            "{shown}: the head of {}, whole; its signature was NOT checked: name the public keys with --key",
            signed.head.month
        );
        return Ok(signed.head);
    };
    let known = seal::public_keys(&read(keys)?);
    if known.is_empty() {
        bail!("{} holds no public key", keys.display());
    }
    let Some(key) = known.iter().find(|key| seal::id_of(key) == signed.key_id) else {
        bail!(
            "{} has no key {}, which signed {shown}",
            keys.display(),
            signed.key_id
        );
    };
    if !seal::has_signed(key, &signed.text, &signed.signature) {
        bail!(
            "{shown} was changed: the key {} has not signed this text",
            signed.key_id
        );
    }
    println!(
        "{shown}: whole. The head of {}, closed {} +0800, signed by the key {}",
        signed.head.month,
        signed.head.closed_at.format_full(),
        signed.key_id
    );
    Ok(signed.head)
}

fn read(path: &Path) -> anyhow::Result<String> {
    let unreadable = || format!("{} cannot be read", path.display());
    let file = File::open(path).with_context(unreadable)?;
    let mut bytes = Vec::new();
    file.take(TEXT_BYTES_MAX + 1)
        .read_to_end(&mut bytes)
        .with_context(unreadable)?;
    if bytes.len() as u64 > TEXT_BYTES_MAX {
        bail!("{} is larger than any that is published", path.display());
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(text),
        Err(error) => {
            let good = &error.as_bytes()[..error.utf8_error().valid_up_to()];
            let line = good.split(|byte| *byte == b'\n').count();
            bail!("{} was changed: line {line} is no text", path.display())
        }
    }
}

/// Follows a journal's file, line by line.
///
/// # Errors
/// One sentence that names the first place that is not as it was written.
pub fn journal(path: &Path, head: Option<MonthHead>) -> anyhow::Result<Whole> {
    let unreadable = || format!("{} cannot be read", path.display());
    let mut lines = BufReader::new(File::open(path).with_context(unreadable)?);
    let mut check = JournalCheck::new(head);
    let mut line = Vec::new();
    loop {
        line.clear();
        // One byte more than any line has: a longer one is then not as it would be written.
        let most = u64::try_from(LINE_BYTES_MAX + 1)?;
        let read = lines.by_ref().take(most).read_until(b'\n', &mut line);
        if read.with_context(unreadable)? == 0 {
            break;
        }
        let followed = check.line(&line);
        followed.map_err(|flaw| anyhow::anyhow!("{} is NOT whole: {flaw}", path.display()))?;
    }
    let whole = check.finish();
    whole.map_err(|flaw| anyhow::anyhow!("{} is NOT whole: {flaw}", path.display()))
}

fn words(path: &Path, whole: &Whole) -> String {
    let sum = Fen::format_cny;
    let mut words = format!(
        "{}: whole. Village {}, {} entries, collective income {}, still owed to the village {}; last hash {}",
        path.display(),
        whole.village,
        whole.entries,
        sum(whole.income_fen),
        sum(whole.owed_fen),
        hex(&whole.head)
    );
    if whole.full {
        words.push_str("\nEvery entry came with its document and is what its seal covers.");
    }
    match whole.published {
        Some((month, until)) => {
            words.push_str(&format!(
                "\nThe entries up to {until} are those of the published head of {month}"
            ));
            if until < whole.entries {
                let later = whole.entries - until;
                words.push_str(&format!(
                    "; {later} came later and hang on to them, and no head that was given vouches for those"
                ));
            }
            words.push('.');
        }
        None => words.push_str(
            "\nNothing vouches that this is the journal that was published: name a month's head with --head.",
        ),
    }
    words
}

/// What is asked of the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum KeyTurn {
    /// Say which key is in use, and where its secret half is.
    Show,
    /// Put a new one in its place; what the old one signed can still be checked.
    Rotate,
}

/// Shows the key that signs closed months, or puts a new one in its place. A running program notices at its next close.
///
/// # Errors
/// One sentence when it cannot be read or written.
pub async fn key(app: &App, turn: KeyTurn) -> anyhow::Result<ExitCode> {
    let key = match turn {
        KeyTurn::Show => seal::key(&app.config).await?,
        KeyTurn::Rotate => seal::Key::of(&signing::rotate(&app.config)?),
    };
    seal::publish(app, &key).await?;
    match (turn, app.config.books_key.is_some()) {
        (KeyTurn::Rotate, _) => println!("A new key signs from now on: publish its name, {}.", key.id()),
        (KeyTurn::Show, true) => println!("The key {} is given by the setting books_key.", key.id()),
        (KeyTurn::Show, false) => {
            println!(
                "The key {} is kept in {}.",
                key.id(),
                signing::path(&app.config).display()
            );
        }
    }
    print!("{}", seal::pem(&key.public()));
    Ok(ExitCode::SUCCESS)
}
