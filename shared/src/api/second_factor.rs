//! 两步验证: the second factor besides the password, and proving oneself again before money or rights change.

use crate::domain::calendar::Micros;

wire! {
    /// One's own second factor.
    pub struct SecondFactorOut {
        /// Whether one of one's roles needs it.
        pub required: bool,
        /// Since when there is one.
        pub enrolled_at: Option<Micros>,
        /// Recovery codes that were not used yet.
        pub codes_left: i64,
    }

    /// Proving oneself: a code of the app or a recovery code; the password where there is no second factor.
    pub struct StepUpIn {
        /// Six digits of the app, or a recovery code.
        #[serde(default)]
        pub code: Option<String>,
        /// The password, for people without a second factor.
        #[serde(default)]
        pub password: Option<String>,
    }

    /// Until when the proof holds.
    pub struct StepUpOut {
        /// Until when money and rights can be changed without proving oneself again.
        pub until: Micros,
    }
}
