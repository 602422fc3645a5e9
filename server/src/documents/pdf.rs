//! PDF: a template and its data, laid out by Typst. Nothing is read but what the program carries: templates, two fonts,
//! and the data that is given; the same data gives the same bytes.

use serde::Serialize;
use shared::domain::calendar::Day;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, LazyLock};
use tokio::sync::Semaphore;
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt as _, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

/// Pages of a document at the most.
const PAGES_MAX: usize = 200;

/// What stands for a character that the fonts do not have, as printers do it.
const MISSING: char = '〓';

/// Laying out takes all of a core: so many at once and no more.
static SETTING: LazyLock<Arc<Semaphore>> = LazyLock::new(|| Arc::new(Semaphore::new(2)));

/// Templates by their file name. `layout.typ` is what they share.
const TEMPLATES: [(&str, &str); 6] = [
    ("layout.typ", include_str!("pdf/layout.typ")),
    ("acceptance.typ", include_str!("pdf/acceptance.typ")),
    ("bill.typ", include_str!("pdf/bill.typ")),
    ("settlement.typ", include_str!("pdf/settlement.typ")),
    ("certificate.typ", include_str!("pdf/certificate.typ")),
    ("income.typ", include_str!("pdf/income.typ")),
];

/// The fonts: text, and headings. How they were made stands in `assets/fonts/README.md`.
const FONTS: [&[u8]; 2] = [
    include_bytes!("../../assets/fonts/JizhouSans-Regular.otf"),
    include_bytes!("../../assets/fonts/JizhouSerif-Bold.otf"),
];

/// Why there is no document.
#[derive(Debug, thiserror::Error)]
pub enum PdfError {
    /// It would have more pages than anybody prints.
    #[error("the document would have {0} pages")]
    TooLong(usize),
    /// A template and its data do not go together, or Typst failed.
    #[error("the document cannot be laid out: {0}")]
    Broken(String),
}

/// A document to be laid out.
pub struct Job<D> {
    /// The template, as `acceptance`.
    pub template: &'static str,
    /// What it says.
    pub data: D,
    /// What tells it from all others, for the PDF's own identifier.
    pub ident: String,
    /// Its day, for the PDF's own properties.
    pub day: Day,
}

/// Lays a document out, in a thread for heavy work.
///
/// # Errors
/// `TooLong`; `Broken` for a fault of ours.
pub async fn render<D: Serialize + Send + 'static>(job: Job<D>) -> Result<Vec<u8>, PdfError> {
    let broken = |what: &dyn std::fmt::Display| PdfError::Broken(what.to_string());
    let permit = Arc::clone(&SETTING)
        .acquire_owned()
        .await
        .map_err(|closed| broken(&closed))?;
    let work = tokio::task::spawn_blocking(move || {
        let _permit = permit;
        laid_out(&job)
    });
    work.await.unwrap_or_else(|panicked| Err(broken(&panicked)))
}

/// Whether the fonts have this character.
#[must_use]
pub fn prints(c: char) -> bool {
    HOUSE.characters.contains(&c)
}

/// What does not change between documents; made when the first one is asked for.
static HOUSE: LazyLock<House> = LazyLock::new(House::open);

struct House {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    /// What every font has.
    characters: HashSet<char>,
    sources: HashMap<FileId, Source>,
    data: FileId,
}

impl House {
    fn open() -> Self {
        let fonts: Vec<Font> = FONTS
            .into_iter()
            .flat_map(|font| Font::iter(Bytes::new(font)))
            .collect();
        let mut characters: Option<HashSet<char>> = None;
        for font in &fonts {
            let has: HashSet<char> = font.info().coverage.iter().filter_map(char::from_u32).collect();
            characters = Some(characters.map_or_else(|| has.clone(), |all| &all & &has));
        }
        let sources = TEMPLATES
            .into_iter()
            .map(|(name, text)| (file_id(name), Source::new(file_id(name), text.to_owned())))
            .collect();
        Self {
            library: LazyHash::new(Library::default()),
            book: LazyHash::new(FontBook::from_fonts(&fonts)),
            fonts,
            characters: characters.unwrap_or_default(),
            sources,
            data: file_id("data.json"),
        }
    }
}

fn file_id(name: &str) -> FileId {
    let path = VirtualPath::new(name).expect("a plain file name is a path");
    RootedPath::new(VirtualRoot::Project, path).intern()
}

/// What Typst may see while it lays out one document.
struct Desk {
    main: FileId,
    data: Bytes,
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &HOUSE.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &HOUSE.book
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        HOUSE.sources.get(&id).cloned().ok_or(FileError::AccessDenied)
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == HOUSE.data {
            Ok(self.data.clone())
        } else {
            Err(FileError::AccessDenied)
        }
    }

    fn font(&self, index: usize) -> Option<Font> {
        HOUSE.fonts.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        // A document's day comes with its data.
        None
    }
}

fn laid_out<D: Serialize>(job: &Job<D>) -> Result<Vec<u8>, PdfError> {
    let json = serde_json::to_string(&job.data).map_err(|error| PdfError::Broken(error.to_string()))?;
    let printable: String = json
        .chars()
        .map(|c| if c.is_ascii() || prints(c) { c } else { MISSING })
        .collect();
    let desk = Desk {
        main: file_id(&format!("{}.typ", job.template)),
        data: Bytes::from_string(printable),
    };
    let made = typst::compile::<PagedDocument>(&desk)
        .output
        .map_err(|errors| broken(&errors))
        .and_then(|document| match document.pages().len() {
            pages if pages > PAGES_MAX => Err(PdfError::TooLong(pages)),
            _ => typst_pdf::pdf(&document, &options(job)?).map_err(|errors| broken(&errors)),
        });
    // What the layout remembered is of no use to the next document: other data.
    typst::comemo::evict(KEPT_ROUNDS);
    made
}

/// Rounds for which what was computed is kept: the templates' own parts come again in the next one.
const KEPT_ROUNDS: usize = 1;

fn options<D>(job: &Job<D>) -> Result<PdfOptions, PdfError> {
    let (year, month, day) = job.day.ymd();
    let small = |number: u32| u8::try_from(number).ok();
    let date = small(month)
        .zip(small(day))
        .and_then(|(month, day)| Datetime::from_ymd_hms(year, month, day, 0, 0, 0));
    // Archives take PDF/A; whoever cannot see the page has it read by its tags.
    let standards = PdfStandards::new(&[PdfStandard::A_2a, PdfStandard::Ua_1])
        .map_err(|error| PdfError::Broken(error.message().to_string()))?;
    Ok(PdfOptions {
        ident: Smart::Custom(job.ident.clone()),
        creator: Smart::Custom(None),
        timestamp: date.map(Timestamp::new_utc),
        standards,
        ..PdfOptions::default()
    })
}

fn broken(errors: &[SourceDiagnostic]) -> PdfError {
    let messages: Vec<String> = errors.iter().map(|error| error.message.to_string()).collect();
    PdfError::Broken(messages.join("; "))
}
