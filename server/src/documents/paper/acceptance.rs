//! 验收单: what was weighed and signed, line by line, and what it credited to each village.

use super::{Body, ISSUER, NONE, Paper, yuan};
use frontend::text::Lang;
use frontend::text::status::Status as _;
use serde::Serialize;
use shared::api::acceptance::{AcceptanceLineOut, AcceptanceOut, Signature};
use shared::domain::money::{Fen, MoneyError};
use shared::domain::quantity::Qty;
use std::collections::BTreeMap;

/// A weighed line.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    name: String,
    lot: String,
    village: String,
    price: String,
    expected: String,
    accepted: String,
    variance: String,
    /// Why, in words; empty without a difference.
    reason: String,
    sum: String,
}

/// The acceptance slip; `part` says whose part of it this is when it is not the whole, as `本村`.
///
/// # Errors
/// Its sums cannot be held.
pub fn acceptance(out: &AcceptanceOut, part: Option<&str>) -> Result<Paper, MoneyError> {
    let variance = out.accepted_fen.checked_sub(out.expected_fen)?;
    let credited = Fen::checked_sum(out.lines.iter().map(|line| line.village_fen))?;
    let posted = out.posted_at.map_or_else(String::new, |at| {
        format!("{} {}", at.day().format_long(), at.format_time())
    });
    let dated = out
        .posted_at
        .map(|at| format!("验收日期　{}", at.day().format_long()));
    Ok(Paper {
        kind: part.map_or_else(|| "验收单".to_owned(), |part| format!("验收单（{part}部分）")),
        title: out.unit_name.clone(),
        issuer: ISSUER,
        dated,
        facts: vec![
            ("订单", format!("{}（第 {} 次送货）", out.order_number, out.part)),
            ("车辆", out.vehicle.clone()),
            ("入账时间", posted),
            (
                "账务流水号",
                out.transaction_id.map(|id| id.to_string()).unwrap_or_default(),
            ),
        ],
        sum_of: "实收合计",
        sum: out.accepted_fen.format_cny(),
        upper: out.accepted_fen.to_chinese_upper(),
        more: vec![
            ("应收合计", out.expected_fen.format_cny()),
            ("差额", signed(variance)),
            ("其中计入村集体收入", credited.format_cny()),
        ],
        body: Body::Acceptance {
            lines: out.lines.iter().map(line).collect(),
            villages: villages(&out.lines)?,
            signs: vec![
                sign("收货单位", out.unit_signature.as_ref()),
                sign("区绿食中心", out.centre_signature.as_ref()),
            ],
        },
        notes: vec![
            "双方对同样的过秤数签字后入账；入账后不再改动，事后的更正另立凭证。".to_owned(),
            "每行金额按实收数量计算一次，四舍五入到分。".to_owned(),
        ],
    })
}

fn line(line: &AcceptanceLineOut) -> Line {
    let piece = line.piece_name.as_deref();
    let qty = |qty| line.price_unit.format_qty(qty, piece);
    let differs = line.accepted_qty != line.expected_qty;
    let difference = Qty(line.accepted_qty.0.saturating_sub(line.expected_qty.0));
    let plus = if difference.0 > 0 { "+" } else { "" };
    let why = line.reason.map(|reason| reason.word(Lang::Zh).to_owned());
    let words: Vec<String> = why
        .into_iter()
        .chain(Some(line.remark.clone()).filter(|remark| !remark.is_empty()))
        .collect();
    Line {
        name: line.name.clone(),
        lot: line.lot_code.clone(),
        village: line.village_name.clone(),
        price: format!(
            "{}/{}",
            line.price_fen.format_cny(),
            line.price_unit.symbol(piece)
        ),
        expected: qty(line.expected_qty),
        accepted: qty(line.accepted_qty),
        variance: if differs {
            format!("{plus}{}", qty(difference))
        } else {
            NONE.to_owned()
        },
        reason: words.join("，"),
        sum: yuan(line.accepted_fen),
    }
}

/// What each village is credited with, in the order of the lines.
fn villages(lines: &[AcceptanceLineOut]) -> Result<Vec<[String; 4]>, MoneyError> {
    struct Village<'l> {
        name: &'l str,
        lines: usize,
        sum_fen: Fen,
        credited_fen: Fen,
    }
    let mut found = BTreeMap::<&str, Village<'_>>::new();
    for line in lines {
        let village = found.entry(&line.village_code).or_insert_with(|| Village {
            name: &line.village_name,
            lines: 0,
            sum_fen: Fen::ZERO,
            credited_fen: Fen::ZERO,
        });
        village.lines += 1;
        village.sum_fen = village.sum_fen.checked_add(line.accepted_fen)?;
        village.credited_fen = village.credited_fen.checked_add(line.village_fen)?;
    }
    let row = |village: &Village<'_>| {
        [
            village.name.to_owned(),
            village.lines.to_string(),
            yuan(village.sum_fen),
            yuan(village.credited_fen),
        ]
    };
    Ok(found.values().map(row).collect())
}

fn sign(side: &str, signature: Option<&Signature>) -> [String; 3] {
    let (name, at) = signature.map_or_else(
        || ("（未签）".to_owned(), String::new()),
        |signature| {
            let (day, time) = (signature.at.day().format_long(), signature.at.format_time());
            (signature.name.clone(), format!("{day} {time}"))
        },
    );
    [side.to_owned(), name, at]
}

fn signed(sum: Fen) -> String {
    let plus = if sum > Fen::ZERO { "+" } else { "" };
    format!("{plus}{}", sum.format_cny())
}
