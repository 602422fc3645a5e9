//! Writes the views of the running side, with made-up values, as files to look at:
//! `cargo run -p frontend --example gallery_run -- <folder>`.

mod books;
mod goods;
mod people;

use frontend::context::{Cx, Look};
use frontend::shell::{Assets, Frame, page};
use serde::de::DeserializeOwned;
use shared::api::person::MeOut;
use shared::domain::calendar::{Day, Micros};
use shared::domain::identity::{Grant, Role};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::{env, fs, io};

static ASSETS: LazyLock<Assets> = LazyLock::new(Assets::default);

/// A made-up id.
pub fn id<T: DeserializeOwned>(number: u32) -> T {
    let text = format!("\"01930000-0000-7000-8000-{number:012}\"");
    serde_json::from_str(&text).expect("twelve digits make the end of an id")
}

/// The day on which everything here happens.
pub fn today() -> Day {
    Day::from_ymd(2026, 11, 23).expect("November has a 23rd")
}

/// So many minutes from now.
pub fn at(minutes: i64) -> Micros {
    today().start().plus_hours(10).plus_minutes(minutes)
}

/// What a view knows, for somebody in a role.
pub fn cx(role: Role, place: &str, path: &str) -> Cx {
    let grant = Grant {
        id: id(1),
        role,
        unit_id: (role == Role::UnitRequester).then(|| id(2)),
        village_code: (role == Role::VillageLister).then(|| "120119120214".to_owned()),
        town_code: (role == Role::TownOfficer).then(|| "120119120".to_owned()),
        place_name: place.to_owned(),
    };
    Cx {
        look: Look::default(),
        path: path.to_owned(),
        csrf: "token".to_owned(),
        key: "key".to_owned(),
        now: at(0),
        today: today(),
        me: Some(MeOut {
            person_id: id(3),
            sign_in_name: "li".to_owned(),
            name: "李某某".to_owned(),
            active: grant.clone(),
            grants: vec![grant],
        }),
        basket: 0,
        flash: None,
        assets: &ASSETS,
    }
}

/// Where pages are written.
pub struct Gallery {
    folder: PathBuf,
}

impl Gallery {
    /// Writes one page, in Chinese and in English.
    pub fn write<V: leptos::IntoView>(
        &self,
        name: &str,
        cx: &Cx,
        frame: Frame,
        view: impl Fn(&Cx) -> V,
    ) -> io::Result<()> {
        for (lang, end) in [(frontend::text::Lang::Zh, ""), (frontend::text::Lang::En, "-en")] {
            let mut cx = cx.clone();
            cx.look.lang = lang;
            fs::write(
                self.folder.join(format!("{name}{end}.html")),
                page(&cx, frame, name, &view),
            )?;
        }
        Ok(())
    }
}

fn main() -> io::Result<()> {
    let folder = env::args()
        .nth(1)
        .map_or_else(|| PathBuf::from("gallery"), PathBuf::from);
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let assets = folder.join("assets");
    fs::create_dir_all(&assets)?;
    let style = root.join("style");
    let mut css = String::new();
    for file in fs::read_to_string(style.join("order.txt"))?.split_whitespace() {
        css.push_str(&fs::read_to_string(style.join(file))?);
    }
    fs::write(assets.join("market.css"), css)?;
    copy(&root.join("art"), &assets)?;
    let gallery = Gallery { folder };
    goods::write(&gallery)?;
    books::write(&gallery)?;
    people::write(&gallery)
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
