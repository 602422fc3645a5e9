//! The one neutral error of the use cases; `crate::error` turns it into HTTP.

use crate::store::DbErr;
use shared::api::problem::{Code, FieldCode, FieldProblem, ShortLine};

/// What a use case answers when it does not do what was asked.
#[derive(Debug)]
pub enum Error {
    /// The request was refused; nothing was changed.
    Refused(Refusal),
    /// The database answered with an error; nothing was changed.
    Database(DbErr),
    /// Two writers met; the use case is run again by the write helper and sees what the other left.
    Again,
    /// Something that should not happen; nothing was changed.
    Fault(anyhow::Error),
}

/// A refusal with all that a person needs to mend it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The stable code.
    pub code: Code,
    /// The fields at fault.
    pub fields: Vec<FieldProblem>,
    /// The lines that ran short.
    pub short: Vec<ShortLine>,
    /// Seconds to wait, for `TooManyTries`.
    pub retry_after_s: Option<i64>,
}

impl Error {
    /// A refusal with a code alone.
    #[must_use]
    pub const fn refused(code: Code) -> Self {
        Self::Refused(Refusal {
            code,
            fields: Vec::new(),
            short: Vec::new(),
            retry_after_s: None,
        })
    }

    /// A refusal because of fields.
    #[must_use]
    pub const fn invalid(fields: Vec<FieldProblem>) -> Self {
        Self::Refused(Refusal {
            code: Code::Invalid,
            fields,
            short: Vec::new(),
            retry_after_s: None,
        })
    }

    /// A refusal because of one field.
    #[must_use]
    pub fn field(field: &str, code: FieldCode) -> Self {
        Self::invalid(vec![FieldProblem::new(field, code)])
    }

    /// A refusal because lines ran short.
    #[must_use]
    pub const fn short(short: Vec<ShortLine>) -> Self {
        Self::Refused(Refusal {
            code: Code::OutOfStock,
            fields: Vec::new(),
            short,
            retry_after_s: None,
        })
    }

    /// There is no such thing, or it is not the actor's to see.
    #[must_use]
    pub const fn not_found() -> Self {
        Self::refused(Code::NotFound)
    }

    /// The thing is in a state that does not allow this.
    #[must_use]
    pub const fn wrong_state() -> Self {
        Self::refused(Code::WrongState)
    }

    /// The stable code that the reader gets.
    #[must_use]
    pub fn code(&self) -> Code {
        match self {
            Self::Refused(refusal) => refusal.code,
            Self::Database(error) if crate::store::is_unavailable(error) => Code::Unavailable,
            Self::Again => Code::Changed,
            Self::Database(_) | Self::Fault(_) => Code::Internal,
        }
    }
}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        Self::Database(error)
    }
}

impl From<anyhow::Error> for Error {
    fn from(error: anyhow::Error) -> Self {
        Self::Fault(error)
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Refused(refusal) => write!(f, "refused: {}", refusal.code.as_str()),
            Self::Database(error) => write!(f, "database: {error}"),
            Self::Again => write!(f, "two writers met too often"),
            Self::Fault(error) => write!(f, "fault: {error:#}"),
        }
    }
}

impl std::error::Error for Error {}

/// A fault of ours: an invariant that did not hold, told with what was being done.
pub fn fault(what: impl std::fmt::Display) -> Error {
    Error::Fault(anyhow::anyhow!("{what}"))
}
