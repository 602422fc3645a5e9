//! The amount on an offer's page: a field that works as it is, and tells the sum while one types.
#![allow(
    missing_docs,
    reason = "the island macro makes a props type that cannot carry a sentence"
)]

use crate::text::{Lang, amount};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use shared::domain::money::Fen;
use shared::domain::price::{Price, PriceUnit, line_total};
use shared::domain::quantity::Qty;

/// What the field must know of the offer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// The reader's language.
    pub lang: Lang,
    /// Fen for one price unit.
    pub price_fen: Fen,
    /// What the price is for.
    pub price_unit: PriceUnit,
    /// The name of a piece.
    pub piece_name: Option<String>,
    /// What one price unit adds to the village's collective income.
    pub village_fen: Fen,
    /// The least one may order, in base units.
    pub min_qty: Qty,
    /// The step, in base units.
    pub step_qty: Qty,
    /// What can still be ordered, in base units.
    pub free: Qty,
}

/// What is typed, read and judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// The sums of a good amount: the amount in the price unit, the total, what the village gains.
    Sum(String, String, String),
    /// What to mend.
    Mend(String),
}

impl Terms {
    /// What a typed amount comes to, or what is wrong with it.
    #[must_use]
    pub fn tell(&self, typed: &str, unit: PriceUnit) -> Told {
        let lang = self.lang;
        let Ok(qty) = unit.parse_qty(typed) else {
            return Told::Mend(
                lang.t("请写数字，例如 12.5", "Write a number, like 12.5")
                    .to_owned(),
            );
        };
        if qty < self.min_qty {
            return Told::Mend(format!(
                "{} {}",
                self.words(self.min_qty),
                lang.t("起订", "is the least")
            ));
        }
        if self.step_qty.0 > 0 && qty.0 % self.step_qty.0 != 0 {
            let step = self.words(self.step_qty);
            return Told::Mend(match lang {
                Lang::Zh => format!("请按 {step} 的倍数填写"),
                Lang::En => format!("In steps of {step}"),
            });
        }
        if qty > self.free {
            return Told::Mend(format!(
                "{} {}",
                lang.t("现在只剩", "Only left:"),
                self.words(self.free)
            ));
        }
        let sum = |fen| {
            line_total(
                Price {
                    fen,
                    unit: self.price_unit,
                },
                qty,
            )
        };
        match (sum(self.price_fen), sum(self.village_fen)) {
            (Ok(total), Ok(village)) => {
                // Rounded for each price unit, a share may differ by a fen from what is posted; a whole one can't.
                let exact = self.village_fen == self.price_fen;
                let word = if exact {
                    lang.t("村集体", "village")
                } else {
                    lang.t("村集体约", "village about")
                };
                Told::Sum(
                    self.words(qty),
                    amount::cny(total),
                    format!("{word} {}", amount::signed(village)),
                )
            }
            _ => Told::Mend(lang.t("数量太大", "Too much").to_owned()),
        }
    }

    /// The typed amount one step up or down, within what can be ordered.
    #[must_use]
    pub fn step(&self, typed: &str, unit: PriceUnit, up: bool) -> String {
        let now = unit.parse_qty(typed).unwrap_or_default().0;
        let step = self.step_qty.0.max(1);
        let next = if up {
            now.saturating_add(step)
        } else {
            now.saturating_sub(step)
        };
        unit.format_qty_plain(Qty(next.min(self.free.0).max(self.min_qty.0)))
    }

    fn words(&self, qty: Qty) -> String {
        amount::qty(self.lang, qty, self.price_unit, self.piece_name.as_deref())
    }
}

/// The amount's field with its unit. `typed` and `unit` are what stands in it at first.
#[island]
pub fn Amount(terms: Terms, typed: String, unit: PriceUnit, invalid: bool) -> impl IntoView {
    let lang = terms.lang;
    let (text, set_text) = signal(typed.clone());
    let (chosen, set_chosen) = signal(unit);
    let (awake, set_awake) = signal(false);
    Effect::new(move || set_awake.set(true));
    let terms = StoredValue::new(terms);
    let told = Memo::new(move |_| terms.with_value(|t| t.tell(&text.read(), chosen.get())));
    let turn = move |up| {
        set_text.update(|text| *text = terms.with_value(|t| t.step(text, chosen.get_untracked(), up)));
    };
    let asleep = move || !awake.get();
    view! {
        <div class="row">
            <div class="stepper">
                <button type="button" hidden=asleep aria-label=lang.t("减", "Less") on:click=move |_| turn(false)>"−"</button>
                <input id="qty" name="qty" inputmode="decimal" autocomplete="off" value=typed
                    aria-describedby="qty-hint qty-error" aria-invalid=invalid.then_some("true")
                    prop:value=move || text.get()
                    on:input=move |event| set_text.set(event_target_value(&event))/>
                <button type="button" hidden=asleep aria-label=lang.t("加", "More") on:click=move |_| turn(true)>"+"</button>
            </div>
            {units(terms, unit, set_chosen)}
        </div>
        <p class="small" role="status" aria-live="polite">{move || awake.get().then(|| said(lang, told.get()))}</p>
    }
}

fn units(terms: StoredValue<Terms>, unit: PriceUnit, set_chosen: WriteSignal<PriceUnit>) -> AnyView {
    let (lang, price_unit, piece_name) = terms.with_value(|t| (t.lang, t.price_unit, t.piece_name.clone()));
    if price_unit == PriceUnit::Piece {
        let word = amount::unit(lang, price_unit, piece_name.as_deref());
        return view! { <span>{word}</span> }.into_any();
    }
    let choices: Vec<_> = [PriceUnit::Jin, PriceUnit::Kg]
        .into_iter()
        .map(|choice| {
            view! {
                <label>
                    <input type="radio" name="unit" value=choice.as_str() checked=choice == unit
                        on:change=move |_| set_chosen.set(choice)/>
                    <span>{amount::unit(lang, choice, None)}</span>
                </label>
            }
        })
        .collect();
    view! {
        <fieldset class="segmented">
            <legend class="visually-hidden">{lang.t("单位", "Unit")}</legend>
            {choices}
        </fieldset>
    }
    .into_any()
}

fn said(lang: Lang, told: Told) -> AnyView {
    match told {
        Told::Sum(qty, total, village) => view! {
            <span>{format!("{qty} · {} ", lang.t("合计", "total"))}<b class="sum">{total}</b></span>
            " · " <b class="sum tone-pine">{village}</b>
        }
        .into_any(),
        Told::Mend(words) => view! { <span class="field-error">{words}</span> }.into_any(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms() -> Terms {
        Terms {
            lang: Lang::Zh,
            price_fen: Fen(500),
            price_unit: PriceUnit::Jin,
            piece_name: None,
            village_fen: Fen(450),
            min_qty: Qty(5000),
            step_qty: Qty(2500),
            free: Qty(50_000),
        }
    }

    #[test]
    fn tells_the_sum_of_a_good_amount() {
        let sum = Told::Sum("20 斤".into(), "¥100.00".into(), "村集体约 +¥90.00".into());
        assert_eq!(terms().tell("20", PriceUnit::Jin), sum);
        assert_eq!(terms().tell("10", PriceUnit::Kg), sum);
    }

    #[test]
    fn says_what_to_mend() {
        for typed in ["", "abc", "5", "12", "200"] {
            assert!(
                matches!(terms().tell(typed, PriceUnit::Jin), Told::Mend(_)),
                "{typed}"
            );
        }
    }

    #[test]
    fn steps_within_what_can_be_ordered() {
        assert_eq!(terms().step("10", PriceUnit::Jin, true), "15");
        assert_eq!(terms().step("10", PriceUnit::Jin, false), "10");
        assert_eq!(terms().step("100", PriceUnit::Jin, true), "100");
        assert_eq!(terms().step("5", PriceUnit::Kg, true), "7.5");
    }
}
