//! Where a role goes day by day: the header's links, the phone's bottom bar, and what has room in neither.
//!
//! A new place is one line in its role's list of [`places`], where it belongs by how often one goes there. The first
//! three or four stand in the phone's bar, the first [`HEAD_MAX`] in the header, the others behind 更多.

use crate::context::Cx;
use crate::text::Lang;
use leptos::prelude::*;
use shared::domain::identity::Role;

/// Places that the header shows; those who buy have a search box beside them.
const HEAD_MAX: usize = 6;
const HEAD_MAX_BUYER: usize = 4;
/// Places in the phone's bar, the last of which leads to all others.
const BAR_MAX: usize = 5;

/// A place in the navigation.
#[derive(Clone, Copy)]
struct Place {
    href: &'static str,
    icon: &'static str,
    zh: &'static str,
    en: &'static str,
}

const fn place(href: &'static str, icon: &'static str, zh: &'static str, en: &'static str) -> Place {
    Place { href, icon, zh, en }
}

const HOME: Place = place("/", "home", "首页", "Home");
const GOODS: Place = place("/goods", "goods", "货品", "Goods");
const VILLAGES: Place = place("/villages", "village", "村庄", "Villages");
const TOTALS: Place = place("/totals", "income", "公开账", "Totals");
const SEASON: Place = place("/goods?season=1", "list", "应季", "In season");
const BASKET: Place = place("/basket", "basket", "篮子", "Basket");
const SIGN_IN: Place = place("/sign-in", "me", "登录", "Sign in");
const NOTICES: Place = place("/notices", "todo", "消息", "Notices");
const ME: Place = place("/me", "me", "我的账号", "My account");
const ORDERS: Place = place("/orders", "orders", "订单", "Orders");
const APPROVALS: Place = place("/approvals", "check", "待审批", "To approve");
const BILLS: Place = place("/bills", "bill", "账单", "Bills");
const RECEIPTS: Place = place("/receipts", "bill", "到账", "Receipts");
const PAYMENTS: Place = place("/payments", "bill", "在线付款", "Payments");
const REFUNDS: Place = place("/refunds", "income", "退款单", "Refunds");
const FINANCE: Place = place("/finance", "home", "财务", "Finance");
const SETTLEMENTS: Place = place("/settlements", "income", "结算", "Settlements");
const INVOICES: Place = place("/invoices", "list", "发票", "Invoices");
const ACCEPTANCES: Place = place("/acceptances", "check", "验收单", "Acceptances");
const VILLAGE_ORDERS: Place = place("/village-orders", "todo", "村单", "Village orders");
const BOARD: Place = place("/board", "board", "今日村单", "Today");
const OFFERS: Place = place("/offers", "goods", "货品", "Goods");
const MY_OFFERS: Place = place("/offers", "goods", "我的货品", "My goods");
const REVIEW: Place = place("/offers", "goods", "货品审核", "Review");
const INCOME: Place = place("/income", "income", "集体收入", "Income");
const CLAIMS: Place = place("/claims", "check", "售后", "Claims");
const EXCEPTIONS: Place = place("/exceptions", "todo", "需关注", "To watch");
const REGISTER: Place = place("/register", "list", "登记册", "Register");
const HOUSEHOLDS: Place = place("/households", "list", "低收入户", "Households");
const PRICES: Place = place("/prices", "income", "价格", "Prices");
const CERTIFICATES: Place = place("/certificates", "check", "证书", "Certificates");
const PEOPLE: Place = place("/people", "me", "人员", "People");
const TRAIL: Place = place("/audit/path", "search", "追溯", "Trail");
const AUDIT: Place = place("/audit", "search", "操作记录", "Audit log");
const VERIFY: Place = place("/verify", "check", "核账", "Verify");

/// Where a role goes, most often first.
const fn places(role: Option<Role>) -> &'static [Place] {
    match role {
        None => &[GOODS, VILLAGES, SEASON, TOTALS],
        Some(Role::UnitRequester) => &[GOODS, ORDERS, VILLAGES, CLAIMS, ACCEPTANCES, BILLS],
        Some(Role::UnitApprover) => &[APPROVALS, ORDERS, ACCEPTANCES, BILLS, GOODS, VILLAGES],
        Some(Role::UnitFinance) => &[
            BILLS,
            INVOICES,
            ORDERS,
            ACCEPTANCES,
            CLAIMS,
            PAYMENTS,
            GOODS,
            VILLAGES,
        ],
        Some(Role::VillageLister) => &[VILLAGE_ORDERS, MY_OFFERS, INCOME, SETTLEMENTS, CLAIMS, HOUSEHOLDS],
        Some(Role::CentreOperator) => &[
            BOARD,
            REVIEW,
            ORDERS,
            CLAIMS,
            INCOME,
            REGISTER,
            VILLAGE_ORDERS,
            ACCEPTANCES,
            EXCEPTIONS,
            PRICES,
            CERTIFICATES,
            HOUSEHOLDS,
        ],
        Some(Role::CentreFinance) => &[
            FINANCE,
            BILLS,
            RECEIPTS,
            SETTLEMENTS,
            INVOICES,
            INCOME,
            ORDERS,
            CLAIMS,
            REFUNDS,
            VERIFY,
            PAYMENTS,
            OFFERS,
            EXCEPTIONS,
            REGISTER,
        ],
        Some(Role::TownOfficer) => &[INCOME, EXCEPTIONS, VILLAGE_ORDERS, OFFERS, SETTLEMENTS, CLAIMS],
        Some(Role::Auditor) => &[
            INCOME,
            TRAIL,
            VERIFY,
            AUDIT,
            ORDERS,
            PEOPLE,
            ACCEPTANCES,
            CLAIMS,
            BILLS,
            RECEIPTS,
            SETTLEMENTS,
            INVOICES,
            EXCEPTIONS,
            REGISTER,
        ],
        Some(Role::Admin) => &[PEOPLE, REGISTER, AUDIT],
    }
}

/// The places of whoever reads; paying online only where it is offered.
fn places_of(cx: &Cx) -> Vec<Place> {
    let all = places(role(cx)).iter().copied();
    all.filter(|place| cx.pays_online || place.href != PAYMENTS.href)
        .collect()
}

/// What one finds behind 更多 besides the role's own places.
const EVERYBODY: [Place; 2] = [NOTICES, ME];

fn role(cx: &Cx) -> Option<Role> {
    cx.me.as_ref().map(|me| me.active.role)
}

/// Whether the reader buys, or may begin to: they have a search box and a basket.
pub fn buys(cx: &Cx) -> bool {
    role(cx).is_none_or(|role| role == Role::UnitRequester)
}

/// The header's navigation.
pub fn head(cx: &Cx) -> impl IntoView + use<> {
    let places = places_of(cx);
    let max = if buys(cx) { HEAD_MAX_BUYER } else { HEAD_MAX };
    // A menu of one place would take as much room as the place itself.
    let shown = if places.len() <= max + 1 {
        places.len()
    } else {
        max
    };
    let (shown, others) = places.split_at(shown);
    let links: Vec<_> = shown.iter().map(|place| word(cx, *place)).collect();
    let more = (!others.is_empty()).then(|| {
        let current = others
            .iter()
            .any(|place| place.is_here(&cx.path))
            .then_some("true");
        let links: Vec<_> = others.iter().map(|place| word(cx, *place)).collect();
        view! {
            <details class="menu">
                <summary aria-current=current>{cx.t("更多", "More")}</summary>
                <div class="menu-list">{links}</div>
            </details>
        }
    });
    view! { <nav class="site-nav" aria-label=cx.t("主导航", "Main")>{links}{more}</nav> }
}

/// The phone's bar: the places under the thumb, and behind the last one all others.
pub fn bottom_bar(cx: &Cx) -> impl IntoView + use<> {
    let all = &places_of(cx)[..];
    let (shown, others): (Vec<Place>, Vec<Place>) = if cx.me.is_none() {
        (vec![HOME, GOODS, VILLAGES, BASKET, SIGN_IN], Vec::new())
    } else if buys(cx) {
        (vec![HOME, all[0], all[1], BASKET], rest(all, 2))
    } else {
        let shown = all.len().min(BAR_MAX - 1);
        (all[..shown].to_vec(), rest(all, shown))
    };
    let links: Vec<_> = shown.iter().map(|place| in_bar(cx, *place)).collect();
    let more = (!others.is_empty()).then(|| more(cx, &others));
    view! { <nav class="bottom-bar" aria-label=cx.t("常用", "Shortcuts")>{links}{more}</nav> }
}

fn rest(all: &[Place], from: usize) -> Vec<Place> {
    all[from..].iter().chain(&EVERYBODY).copied().collect()
}

fn more(cx: &Cx, others: &[Place]) -> impl IntoView + use<> {
    let current = others
        .iter()
        .any(|place| place.is_here(&cx.path))
        .then_some("true");
    let links: Vec<_> = others.iter().map(|place| word(cx, *place)).collect();
    view! {
        <details class="bar-more">
            <summary aria-current=current>
                {icon(cx, "more")} <span>{cx.t("更多", "More")}</span> {new_notices(cx)}
            </summary>
            <div class="menu-list">{links}</div>
        </details>
    }
}

/// How many notices are new, where there are any.
pub fn new_notices(cx: &Cx) -> Option<impl IntoView + use<>> {
    let new = cx.notices.min(99);
    (new > 0).then(|| {
        let words = match cx.lang() {
            Lang::Zh => format!("{new} 条新消息"),
            Lang::En => format!("{new} new"),
        };
        view! { <span class="count"><span aria-hidden="true">{new}</span><span class="visually-hidden">{words}</span></span> }
    })
}

fn word(cx: &Cx, place: Place) -> impl IntoView + use<> {
    let current = place.is_here(&cx.path).then_some("page");
    let count = (place.href == NOTICES.href).then(|| new_notices(cx));
    view! { <a href=place.href aria-current=current>{cx.t(place.zh, place.en)} {count}</a> }
}

fn in_bar(cx: &Cx, place: Place) -> impl IntoView + use<> {
    let current = place.is_here(&cx.path).then_some("page");
    let count = (place.href == BASKET.href && cx.basket > 0)
        .then(|| view! { <span class="count">{cx.basket.min(99)}</span> });
    view! {
        <a href=place.href aria-current=current>
            {icon(cx, place.icon)} <span>{cx.t(place.zh, place.en)}</span> {count}
        </a>
    }
}

fn icon(cx: &Cx, name: &str) -> impl IntoView + use<> {
    let href = format!("{}#{name}", cx.asset("icons.svg"));
    view! { <svg class="icon" aria-hidden="true"><use href=href></use></svg> }
}

impl Place {
    /// Whether a page belongs to this place.
    fn is_here(self, path: &str) -> bool {
        if self.href.contains('?') || self.href == "/" {
            return path == self.href;
        }
        let bare = path.split('?').next().unwrap_or(path);
        let elsewhere = [SEASON.href, TRAIL.href].contains(&path) || bare == TRAIL.href;
        if elsewhere && self.href != TRAIL.href {
            return false;
        }
        bare == self.href
            || bare
                .strip_prefix(self.href)
                .is_some_and(|rest| rest.starts_with('/'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_belongs_to_one_place() {
        assert!(
            GOODS.is_here("/goods?q=x") && GOODS.is_here("/goods/1") && !GOODS.is_here("/goods?season=1")
        );
        assert!(SEASON.is_here("/goods?season=1") && !SEASON.is_here("/goods"));
        assert!(TRAIL.is_here("/audit/path") && !AUDIT.is_here("/audit/path") && AUDIT.is_here("/audit?q=x"));
        assert!(TRAIL.is_here("/audit/path?sum=1"));
        assert!(HOME.is_here("/") && !HOME.is_here("/goods") && !ORDERS.is_here("/orders-of-others"));
    }

    #[test]
    fn every_role_has_its_places_once() {
        for role in Role::ALL.into_iter().map(Some).chain([None]) {
            let mut seen: Vec<&str> = places(role).iter().map(|place| place.href).collect();
            let count = seen.len();
            seen.sort_unstable();
            seen.dedup();
            assert!(count > 0 && seen.len() == count, "{role:?}: {seen:?}");
        }
    }
}
