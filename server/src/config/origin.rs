//! Where settings come from: the command line before the environment, the environment before the file.

use super::setting::{Draft, SETTINGS, Setting};
use super::{Config, DEFAULT_FILE};
use anyhow::{Context as _, bail};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What the command line says about settings.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// The settings file.
    pub config: Option<PathBuf>,
    /// The data folder.
    pub data: Option<PathBuf>,
    /// The port.
    pub port: Option<u16>,
}

/// Settings, and what `doctor` wants to know of where they came from.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The settings.
    pub config: Config,
    /// The settings file, where there is one.
    pub file: Option<PathBuf>,
    /// Files that hold passwords: nobody else should be able to read them.
    pub secret_files: Vec<PathBuf>,
    /// Variables of the environment that begin like ours and mean nothing, each with the nearest that does.
    pub unknown: Vec<(String, &'static str)>,
}

/// Variables of our own that are no settings: which file to read, and which program the tests start.
const OTHERS: [&str; 2] = ["JIZHOU_CONFIG", "JIZHOU_BIN"];

/// The variables of this process that could be meant for us.
pub(super) fn environment() -> BTreeMap<String, String> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .filter(|(name, _)| name.starts_with("JIZHOU_") || name.starts_with("DATABASE_URL"))
        .filter(|(_, value)| !value.trim().is_empty())
        .collect()
}

/// Reads every setting.
pub(super) fn load(given: &Given, environment: &BTreeMap<String, String>) -> anyhow::Result<Loaded> {
    let file = settings_file(given, environment)?;
    let written = match &file {
        Some(path) => read_file(path)?,
        None => BTreeMap::new(),
    };
    let mut reader = Reader {
        draft: Draft::default(),
        secret_files: Vec::new(),
    };
    for setting in SETTINGS {
        let named = file.as_ref().map(|path| format!("{}: ", path.display()));
        let in_file = reader.take(
            setting,
            setting.key,
            "_file",
            &written,
            named.as_deref().unwrap_or_default(),
        )?;
        if let (true, true, Some(path)) = (in_file, setting.secret, &file)
            && !reader.secret_files.contains(path)
        {
            reader.secret_files.push(path.clone());
        }
        reader.take(setting, setting.env, "_FILE", environment, "")?;
    }
    if let Some(data) = &given.data {
        reader.draft.config.data.clone_from(data);
    }
    if let Some(port) = given.port {
        reader.draft.config.listen.set_port(port);
    }
    Ok(Loaded {
        config: reader.draft.finish()?,
        file,
        secret_files: reader.secret_files,
        unknown: unknown(environment),
    })
}

struct Reader {
    draft: Draft,
    secret_files: Vec<PathBuf>,
}

impl Reader {
    /// Takes one setting from one place, by value or (a secret) by the file that holds it; says whether its value
    /// stood in the place itself.
    fn take(
        &mut self,
        setting: &Setting,
        name: &str,
        suffix: &str,
        place: &BTreeMap<String, String>,
        before: &str,
    ) -> anyhow::Result<bool> {
        let by_file = format!("{name}{suffix}");
        let path = place.get(&by_file).filter(|_| setting.secret);
        let (value, shown) = match (place.get(name), path) {
            (None, None) => return Ok(false),
            (Some(_), Some(_)) => bail!("{before}{name} and {by_file} are both set: keep one of them"),
            (Some(value), None) => (value.trim().to_owned(), name),
            (None, Some(path)) => {
                let text = std::fs::read_to_string(path.trim())
                    .with_context(|| format!("{before}{by_file} names {path}, which cannot be read"))?;
                self.secret_files.push(PathBuf::from(path.trim()));
                (text.trim().to_owned(), by_file.as_str())
            }
        };
        (setting.take)(&mut self.draft, &value).map_err(|rule| match setting.secret {
            true => anyhow::anyhow!("{before}{shown} {rule}"),
            false => anyhow::anyhow!("{before}{shown} {rule}; it is '{value}'"),
        })?;
        Ok(path.is_none())
    }
}

fn settings_file(given: &Given, environment: &BTreeMap<String, String>) -> anyhow::Result<Option<PathBuf>> {
    let named = given
        .config
        .clone()
        .or_else(|| environment.get("JIZHOU_CONFIG").map(PathBuf::from));
    match named {
        Some(path) if path.is_file() => Ok(Some(path)),
        Some(path) => bail!(
            "there is no settings file {}: write one, or name another with --config",
            path.display()
        ),
        None => Ok(Some(PathBuf::from(DEFAULT_FILE)).filter(|path| path.is_file())),
    }
}

fn read_file(path: &Path) -> anyhow::Result<BTreeMap<String, String>> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("the settings file {} cannot be read", path.display()))?;
    let table: toml::Table = text
        .parse()
        .map_err(|error: toml::de::Error| anyhow::anyhow!("{}: {}", path.display(), error.message()))
        .with_context(|| format!("the settings file {} is not TOML", path.display()))?;
    let mut values = BTreeMap::new();
    for (key, value) in table {
        if !is_key(&key) {
            bail!(
                "{}: there is no setting '{key}'; did you mean '{}'?",
                path.display(),
                nearest(&key, keys())
            );
        }
        let value = match value {
            toml::Value::String(text) => text,
            toml::Value::Integer(number) => number.to_string(),
            toml::Value::Boolean(flag) => flag.to_string(),
            _ => bail!(
                "{}: {key} must be a text, a whole number, true or false",
                path.display()
            ),
        };
        values.insert(key, value);
    }
    Ok(values)
}

fn is_key(key: &str) -> bool {
    SETTINGS.iter().any(|setting| {
        key == setting.key || (setting.secret && key.strip_suffix("_file") == Some(setting.key))
    })
}

fn keys() -> impl Iterator<Item = &'static str> {
    SETTINGS.iter().map(|setting| setting.key)
}

/// Of some names the one that is most like another.
fn nearest(name: &str, names: impl Iterator<Item = &'static str>) -> &'static str {
    names
        .min_by_key(|other| strsim::damerau_levenshtein(name, other))
        .unwrap_or_default()
}

fn unknown(environment: &BTreeMap<String, String>) -> Vec<(String, &'static str)> {
    let known = |name: &str| {
        OTHERS.contains(&name)
            || !name.starts_with("JIZHOU_")
            || SETTINGS
                .iter()
                .any(|s| name == s.env || (s.secret && name.strip_suffix("_FILE") == Some(s.env)))
    };
    environment
        .keys()
        .filter(|name| !known(name))
        .map(|name| {
            (
                name.clone(),
                nearest(name, SETTINGS.iter().map(|setting| setting.env)),
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variables(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs
            .iter()
            .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
            .collect()
    }

    fn with_file(text: &str, pairs: &[(&str, &str)]) -> anyhow::Result<Loaded> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("jizhou.toml");
        std::fs::write(&path, text)?;
        let given = Given {
            config: Some(path),
            ..Given::default()
        };
        load(&given, &variables(pairs))
    }

    fn refused(loaded: anyhow::Result<Loaded>) -> String {
        format!("{:#}", loaded.expect_err("must be refused"))
    }

    #[test]
    fn the_environment_wins_over_the_file_and_the_command_line_over_both() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("jizhou.toml");
        std::fs::write(&path, "port = 4000\nfee_bp = 120\nconfirm_hours = 24\n").expect("written");
        let given = Given {
            config: Some(path),
            data: None,
            port: Some(6000),
        };
        let environment = variables(&[("JIZHOU_PORT", "5000"), ("JIZHOU_CONFIRM_HOURS", "48")]);
        let config = load(&given, &environment).expect("good settings").config;
        assert_eq!(config.listen.port(), 6000);
        assert_eq!(config.confirm_hours, 48);
        assert_eq!(config.fee_bp, 120);
        assert_eq!(config.public_url, "http://127.0.0.1:6000");
        assert_eq!(config.database_url, "sqlite:data/market.sqlite");
    }

    #[test]
    fn a_mistyped_key_is_named_with_the_nearest() {
        let said = refused(with_file("pubic_url = 'https://a.example'", &[]));
        assert!(
            said.contains("'pubic_url'") && said.contains("'public_url'"),
            "{said}"
        );
        let loaded = load(
            &Given::default(),
            &variables(&[("JIZHOU_FEE", "3"), ("JIZHOU_CONFIG_X", "1")]),
        );
        let unknown = loaded.expect("unknown variables are only told").unknown;
        assert_eq!(unknown[1], ("JIZHOU_FEE".to_owned(), "JIZHOU_FEE_BP"));
    }

    #[test]
    fn a_wrong_value_is_named_with_its_place_and_a_secret_is_never_repeated() {
        let said = refused(with_file("fee_bp = 4000", &[]));
        assert!(
            said.contains("jizhou.toml: fee_bp must be a whole number from 0 to 3000; it is '4000'"),
            "{said}"
        );
        let said = refused(with_file("", &[("JIZHOU_HOST", "market")]));
        assert!(said.starts_with("JIZHOU_HOST must be an IP address"), "{said}");
        let said = refused(with_file(
            "smtp_url = 'nothing://user:hunter2hunter2@x'\nmail_from = 'a@b.example'",
            &[],
        ));
        assert!(!said.contains("hunter2"), "{said}");
        let said = refused(with_file("public_url = 'http://market.example'", &[]));
        assert!(said.contains("https://"), "{said}");
        let said = refused(with_file("[smtp]\nhost = 'x'", &[]));
        assert!(said.contains("'smtp'"), "{said}");
    }

    #[test]
    fn a_secret_can_stand_in_a_file_of_its_own() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("database_url");
        std::fs::write(&path, "postgres://jizhou:long-password@db/jizhou\n").expect("written");
        let by_file = [("DATABASE_URL_FILE", path.to_str().expect("a plain path"))];
        let loaded = with_file("", &by_file).expect("good settings");
        assert_eq!(
            loaded.config.database_url,
            "postgres://jizhou:long-password@db/jizhou"
        );
        assert_eq!(loaded.secret_files, std::slice::from_ref(&path));
        assert!(!format!("{loaded:?}").contains("long-password"));
        let both = [by_file[0], ("DATABASE_URL", "sqlite:x")];
        assert!(refused(with_file("", &both)).contains("both set"));
        let missing = [("DATABASE_URL_FILE", "/nowhere/at/all")];
        assert!(refused(with_file("", &missing)).contains("cannot be read"));
    }

    #[test]
    fn the_documented_file_names_every_setting_with_its_default() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy/jizhou.toml");
        let text = std::fs::read_to_string(path).expect("the documented settings are there");
        for setting in SETTINGS {
            assert!(
                text.lines().any(|line| line
                    .trim_start_matches(['#', ' '])
                    .starts_with(&format!("{} = ", setting.key))),
                "deploy/jizhou.toml says nothing of {}",
                setting.key
            );
        }
        // `#key = value` stands for a default, `# key = value` for an example.
        let defaults: String = text
            .lines()
            .filter_map(|line| line.strip_prefix('#'))
            .filter(|line| !line.starts_with([' ', '#']) && line.contains(" = "))
            .map(|line| format!("{line}\n"))
            .collect();
        let written = with_file(&defaults, &[])
            .expect("the defaults are good settings")
            .config;
        let bare = load(&Given::default(), &BTreeMap::new())
            .expect("no settings are good settings")
            .config;
        assert!(
            written == bare,
            "the documented defaults are not those of the program:\n{defaults}"
        );
    }
}
