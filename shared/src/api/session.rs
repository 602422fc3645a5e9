//! 登录: sessions and passwords.

use crate::domain::calendar::Micros;
use uuid::Uuid;

wire! {
    /// Signing in.
    pub struct SignInIn {
        /// The sign-in name.
        pub sign_in_name: String,
        /// The password.
        pub password: String,
    }

    /// One of a person's own sessions.
    pub struct SessionOut {
        /// Its id (not its secret).
        pub id: Uuid,
        /// When it began.
        pub created_at: Micros,
        /// When it was last used.
        pub seen_at: Micros,
        /// When it ends at the latest.
        pub expires_at: Micros,
        /// What the browser calls itself, shortened.
        pub agent: String,
        /// Whether this is the session asking.
        pub current: bool,
    }

    /// Changing one's own password.
    pub struct PasswordIn {
        /// The present one.
        pub current: String,
        /// The new one: 12 to 128 characters, none of the common ones.
        pub new: String,
        /// The new one again.
        pub again: String,
    }

    /// Setting a password through a one-time link.
    pub struct LinkPasswordIn {
        /// The new one: 12 to 128 characters, none of the common ones.
        pub new: String,
        /// The new one again.
        pub again: String,
        /// For the first administrator's link: the name to sign in with.
        #[serde(default)]
        pub sign_in_name: Option<String>,
        /// For the first administrator's link: the name as others see it.
        #[serde(default)]
        pub name: Option<String>,
    }
}
