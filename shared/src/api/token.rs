//! 接口令牌: bearer tokens of the JSON API, each bound to one of its owner's roles.

use crate::domain::calendar::Micros;
use crate::domain::identity::Grant;
use uuid::Uuid;

wire! {
    /// A token to make.
    pub struct TokenIn {
        /// What it is for.
        pub name: String,
        /// The role it acts in; the active one when left out.
        #[serde(default)]
        pub grant_id: Option<Uuid>,
        /// Days until it ends, 1 to 365.
        pub days: i32,
    }

    /// A token without its secret.
    pub struct TokenOut {
        /// Its id.
        pub id: Uuid,
        /// What it is for.
        pub name: String,
        /// The role it acts in.
        pub grant: Grant,
        /// When it was made.
        pub created_at: Micros,
        /// When it ends.
        pub expires_at: Micros,
        /// When it was last used.
        pub seen_at: Option<Micros>,
    }

    /// A token just made: the secret is shown this once.
    pub struct TokenSecretOut {
        /// The token.
        pub token: TokenOut,
        /// What goes behind `Authorization: Bearer`.
        pub secret: String,
    }
}
