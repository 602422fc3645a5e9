//! The listing form: typed in yuan and price units, read into fen and base units, and back.

use crate::pages::Posted;
use crate::services::Error;
use frontend::Form;
use shared::api::lot::LotIn;
use shared::api::offer::{ListingIn, OfferIn};
use shared::api::problem::{Code, FieldCode};
use shared::domain::calendar::Day;
use shared::domain::money::{Fen, parse_yuan};
use shared::domain::price::PriceUnit;
use shared::domain::quantity::Qty;
use shared::domain::share::SharePolicy;

/// Reads the form.
///
/// # Errors
/// `Invalid` naming, by the form's own names, every field that cannot be read.
pub fn read(posted: &mut Posted) -> Result<ListingIn, Error> {
    let unit: Option<PriceUnit> = posted.needed("price_unit", FieldCode::NotAChoice);
    let price_fen = posted.yuan("price");
    let (min_qty, step_qty) = (
        needed_qty(posted, "min_qty", unit),
        needed_qty(posted, "step_qty", unit),
    );
    let share = share(posted);
    let seller_id = posted.parsed("seller_id", FieldCode::Unknown);
    let household_id = posted.parsed("household_id", FieldCode::Unknown);
    let certificate_until = posted.day("certificate_until");
    let lot = lot(posted, unit);
    posted.check()?;
    let unread = Error::refused(Code::Invalid);
    let (Some(price_unit), Some(price_fen), Some(min_qty), Some(step_qty), Some(share)) =
        (unit, price_fen, min_qty, step_qty, share)
    else {
        return Err(unread);
    };
    let offer = OfferIn {
        village_code: posted.text("village_code"),
        produce: posted.text("produce"),
        name: posted.text("name"),
        grade: posted.text("grade"),
        pack: posted.text("pack"),
        price_fen,
        price_unit,
        piece_name: posted.maybe("piece_name"),
        min_qty,
        step_qty,
        seller_id,
        share,
        household_id,
        certificate_no: posted.maybe("certificate_no"),
        certificate_until,
        story: posted.text("story"),
    };
    Ok(ListingIn { offer, lot })
}

/// An amount that must be there, typed in a unit; without a unit only its absence can be told.
pub fn needed_qty(posted: &mut Posted, name: &str, unit: Option<PriceUnit>) -> Option<Qty> {
    let Some(typed) = posted.maybe(name) else {
        posted.wrong(name, FieldCode::Required);
        return None;
    };
    let qty = unit?.parse_qty(&typed).ok();
    if qty.is_none() {
        posted.wrong(name, FieldCode::NotANumber);
    }
    qty
}

/// A day that must be there.
pub fn needed_day(posted: &mut Posted, name: &str) -> Option<Day> {
    if posted.maybe(name).is_none() {
        posted.wrong(name, FieldCode::Required);
        return None;
    }
    posted.day(name)
}

fn share(posted: &mut Posted) -> Option<SharePolicy> {
    match posted.text("share_kind").as_str() {
        "" | "whole" => Some(SharePolicy::Whole),
        "basis_points" => match percent_bp(&posted.text("share_percent")) {
            Some(bp) => Some(SharePolicy::BasisPoints(bp)),
            None => {
                posted.wrong("share_percent", FieldCode::NotANumber);
                None
            }
        },
        "fen_per_unit" => posted
            .yuan("share_yuan")
            .map(|sum| SharePolicy::FenPerUnit(sum.0)),
        _ => {
            posted.wrong("share_kind", FieldCode::NotAChoice);
            None
        }
    }
}

/// Percent with two decimals at most are whole basis points, as yuan are whole fen.
fn percent_bp(typed: &str) -> Option<u16> {
    let number = typed.trim().trim_end_matches(['%', '％']);
    parse_yuan(number)
        .ok()
        .and_then(|hundredths| u16::try_from(hundredths.0).ok())
}

/// The lot that came along: there is one when its amount was typed.
fn lot(posted: &mut Posted, unit: Option<PriceUnit>) -> Option<LotIn> {
    posted.maybe("lot_qty")?;
    let qty = needed_qty(posted, "lot_qty", unit);
    let harvested_on = needed_day(posted, "harvested_on");
    let good_until = posted.day("good_until");
    Some(LotIn {
        harvested_on: harvested_on?,
        good_until,
        qty: qty?,
    })
}

/// The same refusal with the names that the form has for the fields.
pub fn as_typed(error: Error, posted: &Posted) -> Error {
    let Error::Refused(mut refusal) = error else {
        return error;
    };
    let per_unit = posted.text("share_kind") == "fen_per_unit";
    for problem in &mut refusal.fields {
        problem.field = form_name(&problem.field, per_unit);
    }
    Error::Refused(refusal)
}

fn form_name(field: &str, per_unit: bool) -> String {
    let name = match field {
        "offer.price_fen" => "price",
        "offer.share" if per_unit => "share_yuan",
        "offer.share" => "share_percent",
        "lot.qty" => "lot_qty",
        other => other
            .strip_prefix("offer.")
            .or_else(|| other.strip_prefix("lot."))
            .unwrap_or(other),
    };
    name.to_owned()
}

/// The form filled with what is stored.
pub fn filled(offer: &OfferIn) -> Form {
    let qty = |qty| offer.price_unit.format_qty_plain(qty);
    let (percent, yuan) = match offer.share {
        SharePolicy::Whole => (String::new(), String::new()),
        SharePolicy::BasisPoints(bp) => (Fen(i64::from(bp)).format_plain(), String::new()),
        SharePolicy::FenPerUnit(fen) => (String::new(), Fen(fen).format_plain()),
    };
    Form::filled([
        ("village_code", offer.village_code.clone()),
        ("produce", offer.produce.clone()),
        ("name", offer.name.clone()),
        ("grade", offer.grade.clone()),
        ("pack", offer.pack.clone()),
        ("price", offer.price_fen.format_plain()),
        ("price_unit", offer.price_unit.as_str().to_owned()),
        ("piece_name", offer.piece_name.clone().unwrap_or_default()),
        ("min_qty", qty(offer.min_qty)),
        ("step_qty", qty(offer.step_qty)),
        (
            "seller_id",
            offer.seller_id.map(|id| id.to_string()).unwrap_or_default(),
        ),
        ("share_kind", offer.share.to_parts().0.to_owned()),
        ("share_percent", percent),
        ("share_yuan", yuan),
        (
            "household_id",
            offer.household_id.map(|id| id.to_string()).unwrap_or_default(),
        ),
        ("certificate_no", offer.certificate_no.clone().unwrap_or_default()),
        (
            "certificate_until",
            offer
                .certificate_until
                .map(|day| day.to_string())
                .unwrap_or_default(),
        ),
        ("story", offer.story.clone()),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percents_are_whole_basis_points() {
        assert_eq!(percent_bp("12.5"), Some(1250));
        assert_eq!(percent_bp("100％"), Some(10_000));
        assert_eq!(percent_bp("12.345"), None);
        assert_eq!(percent_bp("-1"), None);
        assert_eq!(percent_bp(""), None);
    }

    #[test]
    fn refusals_name_the_fields_of_the_form() {
        for (field, per_unit, name) in [
            ("offer.price_fen", false, "price"),
            ("offer.share", false, "share_percent"),
            ("offer.share", true, "share_yuan"),
            ("offer.name", false, "name"),
            ("lot.qty", false, "lot_qty"),
            ("lot.harvested_on", false, "harvested_on"),
            ("idempotency_key", false, "idempotency_key"),
        ] {
            assert_eq!(form_name(field, per_unit), name);
        }
    }
}
