//! 单据 on paper: what each document says, worded and formatted to the last character; the templates only place it.

mod acceptance;
mod bill;
mod certificate;
mod income;
mod settlement;

pub use acceptance::acceptance;
pub use bill::{BillFacts, BillLine, bill};
pub use certificate::{CertificateFacts, ProduceSum, VillageSum, certificate};
pub use income::{IncomeFacts, IncomeLine, income};
pub use settlement::{SettlementFacts, SettlementLine, settlement};

use serde::Serialize;
use shared::domain::calendar::Day;
use shared::domain::money::Fen;

/// Who issues every document.
const ISSUER: &str = "蓟州区绿食中心";

/// What stands where there is nothing.
const NONE: &str = "—";

/// A fact: its name, and what it is. An empty one is left out.
pub type Fact = (&'static str, String);

/// What a document says. Its hash is over exactly this; its number, code and day of issue are stamped on it.
#[derive(Clone, Debug, Serialize)]
pub struct Paper {
    kind: String,
    title: String,
    issuer: &'static str,
    /// Its own day; a document without one is dated by its issue.
    dated: Option<String>,
    facts: Vec<Fact>,
    sum_of: &'static str,
    sum: String,
    upper: String,
    /// Sums that lead to it, or stand beside it.
    more: Vec<Fact>,
    #[serde(flatten)]
    body: Body,
    notes: Vec<String>,
}

/// What only one kind of document has.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
enum Body {
    Acceptance {
        lines: Vec<acceptance::Line>,
        villages: Vec<[String; 4]>,
        signs: Vec<[String; 3]>,
    },
    Bill {
        lines: Vec<[String; 5]>,
        bank: Vec<Fact>,
        transfer_code: String,
    },
    Settlement {
        lines: Vec<[String; 5]>,
        places: [&'static str; 3],
    },
    Certificate {
        villages: Vec<[String; 4]>,
        village_sums: Vec<[String; 4]>,
        produce: Vec<[String; 4]>,
        produce_sums: Vec<[String; 4]>,
        places: [&'static str; 3],
    },
    Income {
        sources: Vec<[String; 5]>,
        sums: Vec<[String; 5]>,
        lines: Vec<[String; 7]>,
        places: [&'static str; 3],
    },
}

/// What is stamped on a document when it is issued.
#[derive(Clone, Debug)]
pub struct Stamp {
    /// Its number.
    pub number: String,
    /// Its code, as people read it.
    pub code: String,
    /// Where its code leads.
    pub link: String,
    /// That as a picture (SVG).
    pub qr: String,
    /// The day of its issue.
    pub issued_on: Day,
}

/// A document as it is printed.
#[derive(Serialize)]
pub struct Stamped {
    #[serde(flatten)]
    paper: Paper,
    number: String,
    day: String,
    code: String,
    link: String,
    qr: String,
}

impl Paper {
    /// The template that places it.
    #[must_use]
    pub const fn template(&self) -> &'static str {
        match self.body {
            Body::Acceptance { .. } => "acceptance",
            Body::Bill { .. } => "bill",
            Body::Settlement { .. } => "settlement",
            Body::Certificate { .. } => "certificate",
            Body::Income { .. } => "income",
        }
    }

    /// The name of its file.
    #[must_use]
    pub fn file_name(&self, number: &str) -> String {
        format!("{}-{number}.pdf", self.kind)
    }

    /// As it is printed.
    #[must_use]
    pub fn stamped(self, stamp: Stamp) -> Stamped {
        let issued = || format!("出具日期　{}", stamp.issued_on.format_long());
        Stamped {
            day: self.dated.clone().unwrap_or_else(issued),
            paper: self,
            number: stamp.number,
            code: stamp.code,
            link: stamp.link,
            qr: stamp.qr,
        }
    }
}

fn yuan(sum: Fen) -> String {
    sum.format_yuan()
}

/// A sum in a column where nothing is a stroke.
fn yuan_or_none(sum: Option<Fen>) -> String {
    sum.map_or_else(|| NONE.to_owned(), Fen::format_yuan)
}
