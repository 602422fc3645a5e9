//! Who acts: a person in one of the roles that were granted to them.

use crate::domain::calendar::Micros;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What a person may be in the market (domain.md, 'People').
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(not(target_arch = "wasm32"), derive(utoipa::ToSchema))]
pub enum Role {
    /// 采购经办人: orders and accepts for a unit.
    UnitRequester,
    /// 审批人: approves purchase requests of a unit, never their own.
    UnitApprover,
    /// 财务: bills and payments of a unit.
    UnitFinance,
    /// 村供货员 / 驻村干部: lists goods, confirms and packs for a village.
    VillageLister,
    /// 绿食中心业务员: reviews, splits, moves, weighs.
    CentreOperator,
    /// 绿食中心财务: receipts, settlement, corrections.
    CentreFinance,
    /// 乡镇 / 区直牵头单位: reads its own villages.
    TownOfficer,
    /// 监督审计: reads everything.
    Auditor,
    /// 系统管理员: people and settings; never money.
    Admin,
}

impl Role {
    /// Every role, in the order of domain.md.
    pub const ALL: [Self; 9] = [
        Self::UnitRequester,
        Self::UnitApprover,
        Self::UnitFinance,
        Self::VillageLister,
        Self::CentreOperator,
        Self::CentreFinance,
        Self::TownOfficer,
        Self::Auditor,
        Self::Admin,
    ];

    /// The stable name, as stored and on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::UnitRequester => "unit_requester",
            Self::UnitApprover => "unit_approver",
            Self::UnitFinance => "unit_finance",
            Self::VillageLister => "village_lister",
            Self::CentreOperator => "centre_operator",
            Self::CentreFinance => "centre_finance",
            Self::TownOfficer => "town_officer",
            Self::Auditor => "auditor",
            Self::Admin => "admin",
        }
    }

    /// The role of a stored name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.as_str() == name)
    }

    /// Whether whoever holds this role must prove themselves by a second factor besides the password: those who
    /// approve or move money, read everything, or give rights.
    #[must_use]
    pub const fn needs_second_factor(self) -> bool {
        matches!(
            self,
            Self::UnitApprover | Self::UnitFinance | Self::CentreFinance | Self::Auditor | Self::Admin
        )
    }

    /// Whether giving this role takes two administrators.
    #[must_use]
    pub const fn needs_two_administrators(self) -> bool {
        matches!(self, Self::CentreFinance | Self::Auditor | Self::Admin)
    }

    /// What a grant of this role must name.
    #[must_use]
    pub const fn bound_to(self) -> Bound {
        match self {
            Self::UnitRequester | Self::UnitApprover | Self::UnitFinance => Bound::Unit,
            Self::VillageLister => Bound::Village,
            Self::TownOfficer => Bound::Town,
            Self::CentreOperator | Self::CentreFinance | Self::Auditor | Self::Admin => Bound::District,
        }
    }
}

/// What a role is bound to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// One aid unit.
    Unit,
    /// One village.
    Village,
    /// One town.
    Town,
    /// The whole district.
    District,
}

/// A role given to a person, with the unit, village or town it is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(utoipa::ToSchema))]
pub struct Grant {
    /// The grant's own id; a session names it to say which role is active.
    pub id: Uuid,
    /// The role.
    pub role: Role,
    /// The unit of a unit role.
    pub unit_id: Option<Uuid>,
    /// The 12-digit code of a village role.
    pub village_code: Option<String>,
    /// The 9-digit code of a town role.
    pub town_code: Option<String>,
    /// What the header shows beside the role: the unit's, village's or town's name.
    pub place_name: String,
}

/// A signed-in person in one of their roles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The person.
    pub person_id: Uuid,
    /// Their name, for audit rows and signatures.
    pub person_name: String,
    /// The role they act in now.
    pub grant: Grant,
    /// When they last proved that it is they, by code or password, in this session or with this token.
    pub proven_at: Option<Micros>,
}

impl Actor {
    /// The proof of the program itself, which loads registers and the demonstration: it never grows old.
    pub const ITSELF: Option<Micros> = Some(Micros(i64::MAX));
}
