//! 待确认: what one administrator has proposed and another has to confirm.

use crate::domain::calendar::Micros;
use crate::domain::identity::{Grant, Role};
use uuid::Uuid;

wire! {
    /// What is proposed.
    #[derive(Copy)]
    #[serde(rename_all = "snake_case")]
    pub enum ProposalKind {
        /// To give a role that takes two administrators.
        Grant,
        /// To withdraw an administrator's role.
        Withdraw,
        /// To take away the second factor of somebody who has lost it.
        ResetSecondFactor,
    }

    /// A proposal that waits for a second administrator.
    pub struct ProposalOut {
        /// Its id.
        pub id: Uuid,
        /// What is proposed.
        pub kind: ProposalKind,
        /// Whom it is about.
        pub person_id: Uuid,
        /// Their name.
        pub person_name: String,
        /// The name they sign in with.
        pub sign_in_name: String,
        /// The role to give or to withdraw.
        pub role: Option<Role>,
        /// Why.
        pub reason: String,
        /// Who proposed it; they cannot confirm it.
        pub proposed_by: Uuid,
        /// Their name.
        pub proposed_by_name: String,
        /// When; after 14 days it has lapsed.
        pub proposed_at: Micros,
    }

    /// What came of giving a role: it was given, or it waits for a second administrator.
    pub struct GrantedOut {
        /// The role, when it was given.
        pub grant: Option<Grant>,
        /// The proposal, when it waits.
        pub proposal: Option<Uuid>,
    }

    /// What came of withdrawing a role: it was withdrawn, or it waits for a second administrator.
    pub struct WithdrawnOut {
        /// Whether it was withdrawn.
        pub withdrawn: bool,
        /// The proposal, when it waits.
        pub proposal: Option<Uuid>,
    }

    /// A proposal just made.
    pub struct ProposedOut {
        /// Its id.
        pub proposal: Uuid,
    }

    /// Why something is asked for.
    pub struct ReasonIn {
        /// The reason, for the record: 1 to 200 characters.
        pub reason: String,
    }
}

impl ProposalKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Grant, Self::Withdraw, Self::ResetSecondFactor];

    /// The stable name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Grant => "grant",
            Self::Withdraw => "withdraw",
            Self::ResetSecondFactor => "reset_second_factor",
        }
    }

    /// The kind of a stored name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}
