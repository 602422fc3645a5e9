//! Roles in words.

use super::Lang;
use shared::api::unit::UnitKind;
use shared::domain::identity::Role;

/// A role's name.
#[must_use]
pub const fn role(lang: Lang, role: Role) -> &'static str {
    match role {
        Role::UnitRequester => lang.t("采购经办人", "Buyer"),
        Role::UnitApprover => lang.t("审批人", "Approver"),
        Role::UnitFinance => lang.t("单位财务", "Unit finance"),
        Role::VillageLister => lang.t("村供货员", "Village lister"),
        Role::CentreOperator => lang.t("绿食中心业务员", "Centre operator"),
        Role::CentreFinance => lang.t("绿食中心财务", "Centre finance"),
        Role::TownOfficer => lang.t("乡镇干部", "Town officer"),
        Role::Auditor => lang.t("监督审计", "Auditor"),
        Role::Admin => lang.t("系统管理员", "Administrator"),
    }
}

/// A unit kind's name.
#[must_use]
pub const fn unit_kind(lang: Lang, kind: UnitKind) -> &'static str {
    match kind {
        UnitKind::Government => lang.t("机关", "Government"),
        UnitKind::StateFirm => lang.t("国企", "State firm"),
        UnitKind::Hospital => lang.t("医院", "Hospital"),
        UnitKind::School => lang.t("学校", "School"),
        UnitKind::Other => lang.t("其他", "Other"),
    }
}
