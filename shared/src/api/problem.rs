//! Refusals: RFC 9457 problem documents with stable codes. A code is never renamed.

use crate::domain::quantity::Qty;
use uuid::Uuid;

wire! {
    /// What a refused request answers (`application/problem+json`).
    pub struct Problem {
        /// A URI naming the kind of problem: `/problems/<code>`.
        #[serde(rename = "type")]
        pub kind: String,
        /// A short sentence in the reader's language.
        pub title: String,
        /// The HTTP status.
        pub status: u16,
        /// The stable code.
        pub code: Code,
        /// How to mend it, in the reader's language.
        pub detail: String,
        /// The fields that were refused, each with its reason.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub fields: Vec<FieldProblem>,
        /// The order lines that ran short, each with what is still there.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        pub short: Vec<ShortLine>,
    }

    /// A field that was refused.
    pub struct FieldProblem {
        /// The field's name; rows of a list as `lines.2.qty`.
        pub field: String,
        /// The stable reason.
        pub code: FieldCode,
        /// The bound that was broken, where there is one, as text.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub bound: Option<String>,
        /// The reason in the reader's language; filled in where the answer is written.
        #[serde(default)]
        pub detail: String,
    }

    /// An order line that asked for more than there is.
    pub struct ShortLine {
        /// The offer.
        pub offer_id: Uuid,
        /// Its name.
        pub name: String,
        /// What was asked for.
        pub asked: Qty,
        /// What is still there.
        pub free: Qty,
    }

    /// Why a request was refused.
    #[derive(Copy)]
    #[serde(rename_all = "snake_case")]
    pub enum Code {
        /// Nobody is signed in, or the session has ended.
        NotSignedIn,
        /// The active role may not do this.
        Forbidden,
        /// There is no such thing, or it is not yours to see.
        NotFound,
        /// Fields are wrong; see `fields`.
        Invalid,
        /// The body could not be read at all.
        Malformed,
        /// More was asked for than there is; see `short`.
        OutOfStock,
        /// The thing is no longer in a state that allows this.
        WrongState,
        /// Somebody changed it since it was read.
        Changed,
        /// Something with this key exists already.
        Duplicate,
        /// The same idempotency key came with another body.
        KeyReused,
        /// The idempotency key is missing.
        KeyMissing,
        /// The two signatures must come from two different people.
        SamePerson,
        /// The person's role needs a second factor, and none is enrolled or none was given yet.
        SecondFactorNeeded,
        /// Money or rights are about to change: prove yourself again first (`POST /api/v1/me/step-up`).
        StepUpNeeded,
        /// One's own request: somebody else decides.
        OwnRequest,
        /// The sign-in name or password is not right.
        WrongCredentials,
        /// Too many tries; wait.
        TooManyTries,
        /// The form's token is missing or old.
        StaleForm,
        /// The one-time link was used or has run out.
        LinkExpired,
        /// The file or body is too large.
        TooLarge,
        /// The file is not of an accepted kind.
        UnsupportedFile,
        /// The method is not allowed here.
        MethodNotAllowed,
        /// The month in which it would take effect is closed: post to the open one and name the old document.
        PeriodClosed,
        /// The books do not prove themselves: nothing is closed before `GET /api/v1/ledger/verification` is clean.
        BooksWrong,
        /// The provider of payments did not take it.
        PaymentRefused,
        /// The provider of payments does not answer just now.
        PaymentAway,
        /// The database cannot be reached just now.
        Unavailable,
        /// The sum is more than what is still to be paid.
        MoreThanOpen,
        /// The unit has used the deposit that would be taken back.
        DepositUsed,
        /// The market is being maintained: one can read, and change nothing. Try again later.
        ReadOnly,
        /// Our fault; it was recorded.
        Internal,
    }

    /// Why a field was refused.
    #[derive(Copy)]
    #[serde(rename_all = "snake_case")]
    pub enum FieldCode {
        /// It is empty.
        Required,
        /// It is longer than `bound` characters.
        TooLong,
        /// It is shorter than `bound` characters.
        TooShort,
        /// It is not a number as written on screen.
        NotANumber,
        /// It is below `bound`.
        TooSmall,
        /// It is above `bound`.
        TooLarge,
        /// It is not a multiple of the step `bound`.
        NotAStep,
        /// It is not a day, as 2026-11-21.
        NotADay,
        /// The day is too early.
        TooEarly,
        /// The day is too late.
        TooLate,
        /// Nothing has this key.
        Unknown,
        /// It is not one of the values listed.
        NotAChoice,
        /// Something else has it already.
        Taken,
        /// The password is one of the common ones.
        CommonPassword,
        /// The two passwords differ.
        NotTheSame,
        /// It has characters that are not allowed here.
        BadCharacters,
        /// It belongs to another unit or village.
        NotYours,
        /// A reason is needed here.
        ReasonNeeded,
        /// The code is wrong, has run out or was used.
        WrongCode,
        /// `bound` is no longer on sale, or its lot has expired.
        Gone,
        /// The unit has nobody in the role that this needs.
        NobodyThere,
        /// Its check character does not go with the rest: something was mistyped.
        WrongCheck,
        /// Its days overlap those of `bound`.
        Overlaps,
        /// It has the form of no certificate's number.
        NotACertificate,
    }
}

impl Code {
    /// The stable name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotSignedIn => "not_signed_in",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not_found",
            Self::Invalid => "invalid",
            Self::Malformed => "malformed",
            Self::OutOfStock => "out_of_stock",
            Self::WrongState => "wrong_state",
            Self::Changed => "changed",
            Self::Duplicate => "duplicate",
            Self::KeyReused => "key_reused",
            Self::KeyMissing => "key_missing",
            Self::SamePerson => "same_person",
            Self::SecondFactorNeeded => "second_factor_needed",
            Self::StepUpNeeded => "step_up_needed",
            Self::OwnRequest => "own_request",
            Self::WrongCredentials => "wrong_credentials",
            Self::TooManyTries => "too_many_tries",
            Self::StaleForm => "stale_form",
            Self::LinkExpired => "link_expired",
            Self::TooLarge => "too_large",
            Self::UnsupportedFile => "unsupported_file",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::MoreThanOpen => "more_than_open",
            Self::DepositUsed => "deposit_used",
            Self::PeriodClosed => "period_closed",
            Self::BooksWrong => "books_wrong",
            Self::PaymentRefused => "payment_refused",
            Self::PaymentAway => "payment_away",
            Self::Unavailable => "unavailable",
            Self::ReadOnly => "read_only",
            Self::Internal => "internal",
        }
    }

    /// The HTTP status that goes with it.
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::NotSignedIn | Self::WrongCredentials => 401,
            Self::Forbidden
            | Self::StaleForm
            | Self::SamePerson
            | Self::SecondFactorNeeded
            | Self::OwnRequest
            | Self::StepUpNeeded => 403,
            Self::NotFound => 404,
            Self::MethodNotAllowed => 405,
            Self::OutOfStock
            | Self::WrongState
            | Self::Changed
            | Self::Duplicate
            | Self::KeyReused
            | Self::MoreThanOpen
            | Self::DepositUsed
            | Self::PeriodClosed
            | Self::BooksWrong => 409,
            Self::PaymentRefused => 409,
            Self::LinkExpired => 410,
            Self::TooLarge => 413,
            Self::UnsupportedFile => 415,
            Self::Invalid => 422,
            Self::Malformed | Self::KeyMissing => 400,
            Self::TooManyTries => 429,
            Self::Internal => 500,
            Self::Unavailable | Self::PaymentAway | Self::ReadOnly => 503,
        }
    }
}

impl FieldProblem {
    /// A refusal without a bound.
    #[must_use]
    pub fn new(field: impl Into<String>, code: FieldCode) -> Self {
        Self {
            field: field.into(),
            code,
            bound: None,
            detail: String::new(),
        }
    }

    /// A refusal that names the bound that was broken.
    #[must_use]
    pub fn bound(field: impl Into<String>, code: FieldCode, bound: impl std::fmt::Display) -> Self {
        Self {
            field: field.into(),
            code,
            bound: Some(bound.to_string()),
            detail: String::new(),
        }
    }
}
