//! 年度采购证明: what a unit bought of villages in a year: accepted, and of that paid.

use super::{Body, ISSUER, Paper, yuan};
use shared::domain::money::{Fen, MoneyError};
use shared::domain::price::PriceUnit;
use shared::domain::quantity::Qty;

/// What a certificate says.
#[derive(Clone, Debug)]
pub struct CertificateFacts {
    /// The unit.
    pub unit_name: String,
    /// Its code in the register.
    pub unit_code: String,
    /// The year.
    pub year: i32,
    /// By village, in the order of their codes.
    pub villages: Vec<VillageSum>,
    /// By produce.
    pub produce: Vec<ProduceSum>,
}

/// What was bought of one village.
#[derive(Clone, Debug)]
pub struct VillageSum {
    /// Its town.
    pub town: String,
    /// Its name.
    pub village: String,
    /// Accepted.
    pub accepted_fen: Fen,
    /// Of that, paid.
    pub paid_fen: Fen,
}

/// What was bought of one kind of produce, in one unit of amount.
#[derive(Clone, Debug)]
pub struct ProduceSum {
    /// Its name.
    pub produce: String,
    /// How much.
    pub qty: Qty,
    /// What it is counted in.
    pub unit: PriceUnit,
    /// The name of a piece.
    pub piece_name: Option<String>,
    /// Accepted.
    pub accepted_fen: Fen,
    /// Of that, paid.
    pub paid_fen: Fen,
}

/// The certificate.
///
/// # Errors
/// Its sums cannot be held.
pub fn certificate(facts: CertificateFacts) -> Result<Paper, MoneyError> {
    let accepted = Fen::checked_sum(facts.villages.iter().map(|row| row.accepted_fen))?;
    let paid = Fen::checked_sum(facts.villages.iter().map(|row| row.paid_fen))?;
    let sums = ["合计".to_owned(), String::new(), yuan(accepted), yuan(paid)];
    let villages: Vec<[String; 4]> = facts
        .villages
        .into_iter()
        .map(|row| [row.town, row.village, yuan(row.accepted_fen), yuan(row.paid_fen)])
        .collect();
    let produce = facts
        .produce
        .into_iter()
        .map(|row| {
            let qty = row.unit.format_qty(row.qty, row.piece_name.as_deref());
            [row.produce, qty, yuan(row.accepted_fen), yuan(row.paid_fen)]
        })
        .collect();
    Ok(Paper {
        kind: "年度采购证明".to_owned(),
        title: facts.unit_name,
        issuer: ISSUER,
        dated: None,
        facts: vec![
            ("统一社会信用代码", facts.unit_code),
            ("年度", format!("{0}年1月1日至{0}年12月31日", facts.year)),
            ("供货村", format!("{} 个", villages.len())),
        ],
        sum_of: "已验收采购额",
        sum: accepted.format_cny(),
        upper: accepted.to_chinese_upper(),
        more: vec![("其中已付款", paid.format_cny())],
        body: Body::Certificate {
            villages,
            village_sums: vec![sums.clone()],
            produce,
            produce_sums: vec![sums],
            places: ["区绿食中心（盖章）", "经办人", "日期"],
        },
        notes: vec![
            "按双方签字验收的日期归入年度，金额为实收金额，已扣除谈定的售后。".to_owned(),
            "年度预留份额只计同时满足已验收、已付款、已由采购单位评价三项的采购；本证明列出前两项，不代替份额核定。"
                .to_owned(),
        ],
    })
}
