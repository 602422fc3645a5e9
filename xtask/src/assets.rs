//! What browsers download: styles, pictures and islands under names that change with their content.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

use crate::compress::{self, Effort};
use crate::{process, repository, wasm};

const MANIFEST: &str = "manifest.json";
const STAMP: &str = ".stamp";

/// Files of these kinds shrink when compressed; pictures of other kinds are compressed already.
const COMPRESSIBLE: &[&str] = &["css", "ico", "js", "json", "svg", "wasm", "webmanifest"];
const ART: &[&str] = &["ico", "jpg", "png", "svg", "webmanifest", "webp", "woff2"];

/// The sources that decide what the assets are, this program among them.
const INPUTS: &[&str] = &["Cargo.toml", "Cargo.lock", "shared", "frontend", "xtask/src"];

/// Builds `assets-built/`, unless it already holds what the sources say.
pub fn build(release: bool) -> Result<()> {
    let _lock = lock()?;
    let output = repository().join("assets-built");
    let stamp = stamp(release)?;
    if is_current(&output, &stamp) {
        println!("The assets are up to date.");
        return Ok(());
    }
    let islands = wasm::build(release)?;
    let effort = if release { Effort::Best } else { Effort::Quick };
    let mut folder = Folder::new(output, effort);
    add_art(&mut folder)?;
    let style = style(&folder.names)?;
    folder.add("market.css", style.as_bytes())?;
    folder.add("islands.wasm", &islands.wasm)?;
    folder.add("islands.js", islands.script.as_bytes())?;
    let boot = boot(&folder.names)?;
    folder.add("boot.js", boot.as_bytes())?;
    folder.finish(&stamp)
}

/// One build at a time: two would remove each other's files.
fn lock() -> Result<File> {
    let path = repository().join("target/assets.lock");
    fs::create_dir_all(path.parent().expect("the lock lies in a folder"))
        .context("target/ cannot be made")?;
    let file = File::create(&path).with_context(|| format!("{} cannot be written", path.display()))?;
    file.lock()
        .with_context(|| format!("{} cannot be locked", path.display()))?;
    Ok(file)
}

/// A hash over every source file and its name.
fn stamp(release: bool) -> Result<String> {
    let top = repository();
    let mut hash = Sha256::new();
    hash.update([u8::from(release)]);
    for input in INPUTS {
        let path = top.join(input);
        let files = if path.is_dir() {
            files_below(&path)?
        } else {
            vec![path]
        };
        for file in files {
            let bytes = fs::read(&file).with_context(|| format!("{} cannot be read", file.display()))?;
            hash.update(file.to_string_lossy().as_bytes());
            hash.update([0]);
            hash.update(Sha256::digest(&bytes));
        }
    }
    Ok(hex(&hash.finalize()))
}

fn is_current(output: &Path, stamp: &str) -> bool {
    if fs::read_to_string(output.join(STAMP)).ok().as_deref() != Some(stamp) {
        return false;
    }
    let manifest = fs::read(output.join(MANIFEST)).ok();
    let names: Option<BTreeMap<String, String>> =
        manifest.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    names.is_some_and(|names| names.values().all(|name| output.join(name).is_file()))
}

fn add_art(folder: &mut Folder) -> Result<()> {
    let art = repository().join("frontend/art");
    for path in files_below(&art)? {
        if extension(&path).is_some_and(|extension| ART.contains(&extension)) {
            let name = path
                .strip_prefix(&art)
                .expect("it was found below the folder")
                .to_string_lossy()
                .into_owned();
            let bytes = fs::read(&path).with_context(|| format!("{} cannot be read", path.display()))?;
            folder.add(&name, &bytes)?;
        }
    }
    Ok(())
}

/// All style sheets as one, in the order that `order.txt` gives; it must name each of them.
fn style(art: &BTreeMap<String, String>) -> Result<String> {
    let folder = repository().join("frontend/style");
    let order =
        fs::read_to_string(folder.join("order.txt")).context("frontend/style/order.txt cannot be read")?;
    let named: Vec<&str> = order
        .lines()
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .collect();
    for path in files_below(&folder)? {
        let name = path
            .strip_prefix(&folder)
            .expect("it was found below the folder")
            .to_string_lossy();
        if extension(&path) == Some("css") && !named.contains(&&*name) {
            bail!("frontend/style/order.txt does not name {name}: add it where it belongs.");
        }
    }
    let mut style = String::new();
    for name in named {
        let sheet = fs::read_to_string(folder.join(name))
            .with_context(|| format!("frontend/style/{name}, named in order.txt, cannot be read"))?;
        style.push_str(&without_comments(&sheet));
        style.push('\n');
    }
    // A sheet names a picture by its place in the sources.
    for (logical, hashed) in art {
        style = style.replace(&format!("../art/{logical}"), hashed);
    }
    Ok(style)
}

/// The comments are contracts for those who write pages; readers of pages need not download them.
fn without_comments(sheet: &str) -> String {
    let mut kept = String::new();
    let mut rest = sheet;
    while let Some((before, after)) = rest.split_once("/*") {
        kept.push_str(before);
        rest = after.split_once("*/").map_or("", |(_, after)| after);
    }
    kept.push_str(rest);
    kept.lines()
        .map(str::trim_end)
        .filter(|line| !line.is_empty())
        .collect::<Vec<_>>()
        .join("\n")
}

/// The script that starts the islands, with the names that this build gave them.
fn boot(names: &BTreeMap<String, String>) -> Result<String> {
    let path = repository().join("frontend/hydrate/boot.js");
    let mut script =
        fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))?;
    for logical in ["islands.js", "islands.wasm"] {
        let quoted = format!("\"./{logical}\"");
        if !script.contains(&quoted) {
            bail!("frontend/hydrate/boot.js does not load {quoted}.");
        }
        script = script.replace(&quoted, &format!("\"./{}\"", names[logical]));
    }
    Ok(script)
}

/// The output folder while it is being filled; the old files serve until the new ones are complete.
struct Folder {
    path: PathBuf,
    effort: Effort,
    names: BTreeMap<String, String>,
    files: BTreeSet<PathBuf>,
}

impl Folder {
    fn new(path: PathBuf, effort: Effort) -> Self {
        Self {
            path,
            effort,
            names: BTreeMap::new(),
            files: BTreeSet::new(),
        }
    }

    fn add(&mut self, logical: &str, bytes: &[u8]) -> Result<()> {
        process::check_interrupted()?;
        let digest = hex(&Sha256::digest(bytes));
        let (stem, extension) = logical.rsplit_once('.').expect("every asset has an extension");
        let name = format!("{stem}.{}.{extension}", &digest[..8]);
        self.write(&name, bytes)?;
        if COMPRESSIBLE.contains(&extension) {
            let brotli = compress::brotli(bytes, self.effort)?;
            if bytes.len() > 20_000 {
                println!("{logical}: {} bytes, {} compressed", bytes.len(), brotli.len());
            }
            self.write(&format!("{name}.br"), &brotli)?;
            self.write(&format!("{name}.gz"), &compress::gzip(bytes, self.effort)?)?;
        }
        self.names.insert(logical.to_owned(), name);
        Ok(())
    }

    fn write(&mut self, name: &str, bytes: &[u8]) -> Result<()> {
        let path = self.path.join(name);
        let temporary = self.path.join(format!("{name}.new"));
        fs::create_dir_all(path.parent().expect("the name lies in the folder"))
            .and_then(|()| fs::write(&temporary, bytes))
            .and_then(|()| fs::rename(&temporary, &path))
            .with_context(|| format!("{} cannot be written", path.display()))?;
        self.files.insert(path);
        Ok(())
    }

    /// Publishes the manifest, then removes what it no longer names.
    fn finish(mut self, stamp: &str) -> Result<()> {
        let manifest = serde_json::to_string_pretty(&self.names).context("The manifest cannot be written")?;
        self.write(MANIFEST, manifest.as_bytes())?;
        self.write(STAMP, stamp.as_bytes())?;
        for old in files_below(&self.path)?
            .iter()
            .filter(|path| !self.files.contains(*path))
        {
            fs::remove_file(old).with_context(|| format!("{} cannot be removed", old.display()))?;
        }
        println!("{} assets are in {}.", self.names.len(), self.path.display());
        Ok(())
    }
}

fn extension(path: &Path) -> Option<&str> {
    path.extension().and_then(|extension| extension.to_str())
}

/// Every file below a folder, sorted by name so that the order never depends on the disk.
pub fn files_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let unreadable = || format!("{} cannot be read", folder.display());
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).with_context(unreadable)? {
        let path = entry.with_context(unreadable)?.path();
        if path.is_dir() {
            files.extend(files_below(&path)?);
        } else {
            files.push(path);
        }
    }
    files.sort_unstable();
    Ok(files)
}

/// Bytes in hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
