//! 人员: people and the roles they hold.

use crate::domain::calendar::Micros;
use crate::domain::identity::{Grant, Role};
use uuid::Uuid;

wire! {
    /// A new person. They choose their own password through a one-time link.
    pub struct PersonIn {
        /// The name they sign in with: 3 to 40 of a-z, 0-9, '.', '-', '_'.
        pub sign_in_name: String,
        /// Their name as others see it.
        pub name: String,
        /// Their first role.
        pub grant: GrantIn,
        /// Where mail reaches them; one-time links and notices are sent there too.
        #[serde(default)]
        pub email: Option<String>,
        /// Their telephone number.
        #[serde(default)]
        pub phone: Option<String>,
    }

    /// A role to give.
    pub struct GrantIn {
        /// The role.
        pub role: Role,
        /// For a unit role.
        #[serde(default)]
        pub unit_id: Option<Uuid>,
        /// For a village role.
        #[serde(default)]
        pub village_code: Option<String>,
        /// For a town role.
        #[serde(default)]
        pub town_code: Option<String>,
    }

    /// A person with their roles.
    pub struct PersonOut {
        /// Their id.
        pub id: Uuid,
        /// The name they sign in with.
        pub sign_in_name: String,
        /// Their name as others see it.
        pub name: String,
        /// Suspended people cannot sign in.
        pub suspended: bool,
        /// When they were added.
        pub created_at: Micros,
        /// Where mail reaches them.
        pub email: Option<String>,
        /// Their telephone number.
        pub phone: Option<String>,
        /// Whether they have set a password: before that they were invited.
        pub has_password: bool,
        /// Since when they have a second factor.
        pub second_factor_at: Option<Micros>,
        /// Until when a one-time link of theirs that was not used works.
        pub link_until: Option<Micros>,
        /// Their roles.
        pub grants: Vec<Grant>,
    }

    /// A one-time link, shown once to the person who made it.
    pub struct LinkOut {
        /// The path to open, with its secret.
        pub path: String,
        /// When it runs out.
        pub expires_at: Micros,
        /// The address that it was mailed to, where a mail server took it.
        pub mailed_to: Option<String>,
    }

    /// A person just added, with the link through which they choose their password.
    pub struct NewPersonOut {
        /// The person.
        pub person: PersonOut,
        /// The link to hand to them; it is shown this once.
        pub link: LinkOut,
        /// The proposal, when their role waits for a second administrator.
        pub proposal: Option<Uuid>,
    }

    /// How a person is reached.
    pub struct ContactIn {
        /// Where mail reaches them.
        #[serde(default)]
        pub email: Option<String>,
        /// Their telephone number.
        #[serde(default)]
        pub phone: Option<String>,
    }

    /// Who is signed in, for the page header and `/api/v1/me`.
    pub struct MeOut {
        /// The person.
        pub person_id: Uuid,
        /// The name they sign in with.
        pub sign_in_name: String,
        /// Their name.
        pub name: String,
        /// The role they act in now.
        pub active: Grant,
        /// Every role they hold.
        pub grants: Vec<Grant>,
        /// Whether they have a second factor: an app that shows codes.
        pub second_factor: bool,
    }
}
