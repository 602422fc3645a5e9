//! Sums, prices and amounts as people read them.

use super::Lang;
use shared::domain::money::{Fen, group_thousands};
use shared::domain::price::PriceUnit;
use shared::domain::quantity::Qty;

/// A sum: `¥1,292.00`, `−¥8.00`.
#[must_use]
pub fn cny(sum: Fen) -> String {
    sum.format_cny()
}

/// A gain or loss with its sign: `+¥1,300.00`, `−¥8.00`.
#[must_use]
pub fn signed(sum: Fen) -> String {
    if sum.0 > 0 {
        format!("+{}", sum.format_cny())
    } else {
        sum.format_cny()
    }
}

/// A round sum without decimals where it has none: `¥24,000`, `¥24,000.50`.
#[must_use]
pub fn round_cny(sum: Fen) -> String {
    let text = sum.format_cny();
    text.strip_suffix(".00")
        .map_or_else(|| text.clone(), str::to_owned)
}

/// The word behind a number: `斤`, `kg`, `盒`; `jin`, `kg`, `box`.
#[must_use]
pub fn unit(lang: Lang, unit: PriceUnit, piece_name: Option<&str>) -> String {
    match (lang, unit) {
        (Lang::Zh, _) => unit.symbol(piece_name).to_owned(),
        (Lang::En, PriceUnit::Jin) => "jin".to_owned(),
        (Lang::En, PriceUnit::Kg) => "kg".to_owned(),
        (Lang::En, PriceUnit::Piece) => piece(piece_name.unwrap_or_default()).to_owned(),
    }
}

/// An amount with its unit: `258.4 斤`, `12 盒`.
#[must_use]
pub fn qty(lang: Lang, amount: Qty, price_unit: PriceUnit, piece_name: Option<&str>) -> String {
    match lang {
        Lang::Zh => price_unit.format_qty(amount, piece_name),
        Lang::En => {
            let text = price_unit.format_qty(amount, None);
            let number = text.split_once(' ').map_or(text.as_str(), |(number, _)| number);
            format!("{number} {}", unit(lang, price_unit, piece_name))
        }
    }
}

/// A price: `¥5.00/斤`.
#[must_use]
pub fn price(lang: Lang, sum: Fen, price_unit: PriceUnit, piece_name: Option<&str>) -> String {
    format!("{}/{}", sum.format_cny(), unit(lang, price_unit, piece_name))
}

/// A weight in large: `3.2 吨` from a tonne up, `320 kg` below.
#[must_use]
pub fn weight(lang: Lang, grams: Qty) -> String {
    const TONNE_G: i64 = 1_000_000;
    if grams.0 >= TONNE_G {
        let tenths = grams.0 / (TONNE_G / 10);
        let number = match tenths % 10 {
            0 => count(tenths / 10),
            decimal => format!("{}.{decimal}", count(tenths / 10)),
        };
        return format!("{number} {}", lang.t("吨", "t"));
    }
    PriceUnit::Kg.format_qty(grams, None)
}

/// A count with its thousands apart.
#[must_use]
pub fn count(number: i64) -> String {
    let minus = if number < 0 { "−" } else { "" };
    format!("{minus}{}", group_thousands(number.unsigned_abs()))
}

/// A count with its noun, in English: `1 village`, `3 villages`.
#[must_use]
pub fn counted(number: i64, one: &str, many: &str) -> String {
    format!("{} {}", count(number), if number == 1 { one } else { many })
}

/// The English word of a piece; names that are no common ones stay as the village wrote them.
fn piece(name: &str) -> &str {
    match name {
        "" | "件" | "个" | "只" | "条" => "piece",
        "箱" => "case",
        "盒" => "box",
        "瓶" => "bottle",
        "罐" => "jar",
        "袋" => "bag",
        "对" => "pair",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speaks_both_languages() {
        assert_eq!(qty(Lang::Zh, Qty(129_200), PriceUnit::Jin, None), "258.4 斤");
        assert_eq!(qty(Lang::En, Qty(129_200), PriceUnit::Jin, None), "258.4 jin");
        assert_eq!(qty(Lang::En, Qty(12), PriceUnit::Piece, Some("盒")), "12 box");
        assert_eq!(price(Lang::Zh, Fen(500), PriceUnit::Jin, None), "¥5.00/斤");
        assert_eq!(signed(Fen(130_000)), "+¥1,300.00");
        assert_eq!(signed(Fen(-800)), "−¥8.00");
        assert_eq!(round_cny(Fen(2_400_000)), "¥24,000");
        assert_eq!(weight(Lang::Zh, Qty(2_150_000)), "2.1 吨");
    }
}
