//! The listing form: short, in groups, made for a phone.

use crate::components::acting::acting_for;
use crate::components::breadcrumb::breadcrumb;
use crate::components::field::{Field, refusal};
use crate::components::form_problems::form_problems;
use crate::components::form_tokens::csrf_and_key;
use crate::context::Cx;
use crate::form::Form;
use crate::text::work::seller_kind;
use crate::text::{Lang, amount};
use leptos::prelude::*;
use shared::api::offer::{OfferChoices, OfferOut};
use shared::api::seller::SellerKind;
use shared::domain::price::PriceUnit;
use shared::domain::rights::{Action, Place};
use std::collections::BTreeMap;

/// Drafting or changing an offer.
pub fn edit(cx: &Cx, offer: Option<&OfferOut>, choices: &OfferChoices, form: &Form) -> impl IntoView + use<> {
    let (title, action) = match offer {
        None => (cx.t("上架新货品", "Put goods on sale"), "/offers".to_owned()),
        Some(offer) => (
            cx.t("修改货品", "Change the goods"),
            format!("/offers/{}", offer.id),
        ),
    };
    let on_sale = offer.is_some_and(|offer| offer.live.is_some());
    let note = on_sale.then(|| {
        view! {
            <p class="notice tone-water">{cx.t(
                "改动要重新审核；审核期间按原价继续卖，已下的订单不变。",
                "A change is reviewed again; until then it sells as before, and placed orders keep what they bought.",
            )}</p>
        }
    });
    let first_lot = offer.is_none_or(|offer| offer.lots.is_empty());
    view! {
        {breadcrumb(cx, &[("/offers", cx.t("货品", "Goods"))], title)}
        <header class="toolbar"><div class="toolbar-title"><h1>{title}</h1></div></header>
        {acting_for(cx, offer.map_or("", |offer| offer.village.name.as_str()))}
        {form_problems(cx, form, &labels(cx))}
        {note}
        {offer.is_none().then(|| find_village(cx, choices)).flatten()}
        <form class="form card" method="post" action=action>
            {csrf_and_key(cx)}
            {what(cx, offer, choices, form)}
            {price(cx, form)}
            {first_lot.then(|| lot(cx, form))}
            {share(cx, choices, form)}
            {certificate(cx, form)}
            <div class="form-actions">
                <button class="button primary" name="submit" value="1">{cx.t("提交审核", "Submit for review")}</button>
                <button class="button" name="submit" value="0">{cx.t("存草稿", "Save as draft")}</button>
            </div>
        </form>
    }
}

/// For the centre, which may list for any village: the choices follow the name that is looked for.
fn find_village(cx: &Cx, choices: &OfferChoices) -> Option<AnyView> {
    let district = cx.may(Action::OfferReview, Place::DISTRICT);
    district.then(|| {
        let found = match cx.lang() {
            Lang::Zh => format!("下面的“村”里有 {} 个可选。", choices.villages.len()),
            Lang::En => format!("{} villages to choose from below.", choices.villages.len()),
        };
        view! {
            <form class="filter-bar card" method="get" action="/offers/new">
                <div class="field">
                    <label for="village">{cx.t("代哪个村上架", "List for which village")}</label>
                    <p class="hint" id="village-hint">{found}</p>
                    <input id="village" name="village" autocomplete="off" aria-describedby="village-hint"
                        placeholder=cx.t("村名或 12 位代码", "name or 12-digit code")/>
                </div>
                <button class="button">{cx.t("找村", "Find")}</button>
            </form>
        }
        .into_any()
    })
}

fn labels(cx: &Cx) -> [(&'static str, &'static str); 18] {
    [
        ("village_code", cx.t("村", "Village")),
        ("produce", cx.t("品种", "Kind")),
        ("name", cx.t("品名", "Name")),
        ("grade", cx.t("等级", "Grade")),
        ("pack", cx.t("包装", "Pack")),
        ("price", cx.t("单价", "Price")),
        ("piece_name", cx.t("按件的叫法", "Piece")),
        ("min_qty", cx.t("起订", "Least order")),
        ("step_qty", cx.t("每次加", "In steps of")),
        ("seller_id", cx.t("销售主体", "Seller of record")),
        ("share_percent", cx.t("村集体比例", "Village's part")),
        ("share_yuan", cx.t("村集体每份得", "Village's sum")),
        ("household_id", cx.t("供货户", "Household")),
        ("certificate_no", cx.t("证书编号", "Certificate")),
        ("certificate_until", cx.t("证书有效至", "Certificate until")),
        ("lot_qty", cx.t("这批有多少", "Amount")),
        ("harvested_on", cx.t("采收日", "Harvested on")),
        ("good_until", cx.t("保质到", "Good until")),
    ]
}

/// Which village, which produce, and what it is called.
fn what(cx: &Cx, offer: Option<&OfferOut>, choices: &OfferChoices, form: &Form) -> AnyView {
    view! {
        <section class="form-section">
            <h2>{cx.t("卖什么", "What")}</h2>
            <div class="form-grid">
                {village(cx, offer, choices, form)}
                {produce(cx, choices, form)}
                {Field::new(cx, form, "name", cx.t("品名", "Name"))
                    .placeholder(cx.t("鲜香菇", "Fresh shiitake")).max(40).text()}
                {Field::new(cx, form, "grade", cx.t("等级", "Grade"))
                    .placeholder(cx.t("一级、80#", "First, 80#")).max(20).optional().text()}
                {Field::new(cx, form, "pack", cx.t("包装", "Pack"))
                    .placeholder(cx.t("5 斤纸箱", "2.5 kg box")).max(40).optional().text()}
            </div>
        </section>
    }
    .into_any()
}

fn village(cx: &Cx, offer: Option<&OfferOut>, choices: &OfferChoices, form: &Form) -> AnyView {
    let label = cx.t("村", "Village");
    let only = offer
        .map(|offer| &offer.village)
        .or(match choices.villages.as_slice() {
            [one] => Some(one),
            _ => None,
        });
    if let Some(village) = only {
        return view! { <input type="hidden" name="village_code" value=village.code.clone()/> }.into_any();
    }
    let field = Field::new(cx, form, "village_code", label).full();
    if choices.villages.is_empty() {
        return field
            .hint(cx.t("12 位村代码", "The village's 12-digit code"))
            .max(12)
            .whole();
    }
    let villages = choices
        .villages
        .iter()
        .map(|v| (v.code.clone(), format!("{} {}", v.town_name, v.name)));
    field.select(
        std::iter::once((String::new(), cx.t("请选择", "Choose").to_owned()))
            .chain(villages)
            .collect(),
    )
}

/// Kinds of produce, by category.
fn produce(cx: &Cx, choices: &OfferChoices, form: &Form) -> AnyView {
    let chosen = form.value("produce");
    let mut categories: BTreeMap<&str, Vec<AnyView>> = BTreeMap::new();
    for kind in &choices.produce {
        let option = view! { <option value=kind.slug.clone() selected=kind.slug == chosen>{kind.name.clone()}</option> };
        categories
            .entry(&kind.category)
            .or_default()
            .push(option.into_any());
    }
    let groups: Vec<_> = categories
        .into_iter()
        .map(|(category, options)| view! { <optgroup label=category.to_owned()>{options}</optgroup> })
        .collect();
    let invalid = form.problem("produce").is_some().then_some("true");
    let control = view! {
        <select id="produce" name="produce" required=true aria-invalid=invalid>
            <option value="">{cx.t("请选择", "Choose")}</option>
            {groups}
        </select>
    };
    Field::new(cx, form, "produce", cx.t("品种", "Kind")).around(control.into_any())
}

fn price(cx: &Cx, form: &Form) -> AnyView {
    let unit = PriceUnit::from_name(&form.value("price_unit")).unwrap_or(PriceUnit::Jin);
    let units: Vec<_> = [PriceUnit::Jin, PriceUnit::Kg, PriceUnit::Piece]
        .into_iter()
        .map(|choice| {
            let word = match choice {
                PriceUnit::Piece => cx.t("元/件", "yuan / piece").to_owned(),
                weight => format!(
                    "{}{}",
                    cx.t("元/", "yuan / "),
                    amount::unit(cx.lang(), weight, None)
                ),
            };
            view! { <option value=choice.as_str() selected=choice == unit>{word}</option> }
        })
        .collect();
    let invalid = form.problem("price").is_some().then_some("true");
    let control = view! {
        <div class="input-unit">
            <input id="price" name="price" inputmode="decimal" autocomplete="off" value=form.value("price")
                placeholder="5.00" aria-invalid=invalid aria-describedby="price-hint"/>
            <select class="unit" name="price_unit" aria-label=cx.t("计价单位", "Price unit")>{units}</select>
        </div>
    };
    view! {
        <section class="form-section">
            <h2>{cx.t("价格", "Price")}</h2>
            <div class="form-grid">
                {Field::new(cx, form, "price", cx.t("单价", "Price"))
                    .hint(cx.t("单位付的价，元", "What the unit pays, in yuan"))
                    .around(control.into_any())}
                {piece(cx, form)}
                {Field::new(cx, form, "min_qty", cx.t("起订", "Least order")).or(form, "10")
                    .hint(cx.t("按计价单位填，例如 10 斤就填 10", "In the price unit: 10 for 10 jin")).decimal()}
                {Field::new(cx, form, "step_qty", cx.t("每次加", "In steps of")).or(form, "1")
                    .hint(cx.t("订多少要是它的整数倍", "Orders are multiples of it")).decimal()}
            </div>
        </section>
    }
    .into_any()
}

fn piece(cx: &Cx, form: &Form) -> AnyView {
    let names: Vec<_> = ["箱", "盒", "瓶", "袋", "个", "对"]
        .into_iter()
        .map(|name| view! { <option value=name></option> })
        .collect();
    let invalid = form.problem("piece_name").is_some().then_some("true");
    let control = view! {
        <input id="piece_name" name="piece_name" list="pieces" maxlength="4" autocomplete="off"
            value=form.value("piece_name") placeholder=cx.t("箱、盒、瓶", "箱 case, 盒 box, 瓶 bottle") aria-invalid=invalid/>
        <datalist id="pieces">{names}</datalist>
    };
    Field::new(cx, form, "piece_name", cx.t("按件的叫法", "What a piece is"))
        .hint(cx.t("按件卖才填", "Only for goods sold by the piece"))
        .optional()
        .around(control.into_any())
}

fn lot(cx: &Cx, form: &Form) -> AnyView {
    view! {
        <section class="form-section">
            <h2>{cx.t("第一批货", "The first lot")}</h2>
            <p class="hint">{cx.t("现在没有货可以不填，以后再加。", "Leave it empty if there is none yet.")}</p>
            <div class="form-grid">
                {Field::new(cx, form, "lot_qty", cx.t("这批有多少", "Amount"))
                    .hint(cx.t("按计价单位填", "In the price unit")).optional().decimal()}
                {Field::new(cx, form, "harvested_on", cx.t("采收日", "Harvested on"))
                    .hint(cx.t("还没采收就填预计的日子", "Or the day it is expected")).optional().day()}
                {Field::new(cx, form, "good_until", cx.t("保质到", "Good until")).optional().day()}
            </div>
        </section>
    }
    .into_any()
}

/// Who gets what of the sum; the common case needs no touch.
fn share(cx: &Cx, choices: &OfferChoices, form: &Form) -> AnyView {
    let kind = form.value_or("share_kind", "whole");
    let fields = [
        "share_percent",
        "share_yuan",
        "household_id",
        "seller_id",
        "share_kind",
    ];
    let open = kind != "whole" || fields.iter().any(|name| form.problem(name).is_some());
    let card = |value: &'static str, word: &'static str, hint: &'static str| {
        view! {
            <label class="radio-card">
                <input type="radio" name="share_kind" value=value checked=kind == value/>
                <span><b>{word}</b><span class="hint">{hint}</span></span>
            </label>
        }
    };
    let nobody = (String::new(), cx.t("没有", "None").to_owned());
    let households = std::iter::once(nobody)
        .chain(
            choices
                .households
                .iter()
                .map(|h| (h.id.to_string(), h.name.clone())),
        )
        .collect();
    let collective = (
        String::new(),
        cx.t("本村集体经济合作社", "The village's collective").to_owned(),
    );
    // The collective is what is meant when nothing is chosen.
    let others = choices
        .sellers
        .iter()
        .filter(|seller| seller.kind != SellerKind::VillageCollective)
        .map(|seller| {
            let kind = seller_kind(cx.lang(), seller.kind);
            (seller.id.to_string(), format!("{} · {kind}", seller.name))
        });
    let sellers = std::iter::once(collective).chain(others).collect();
    let error = refusal(cx, form, "share_kind").map(|words| view! { <p class="field-error">{words}</p> });
    view! {
        <details class="fold" open=open>
            <summary>{cx.t("货款归谁 · 默认全部归村集体", "Who gets the money · the village by default")}</summary>
            <div class="fold-body">
                <fieldset class="field">
                    <legend>{cx.t("村集体得多少", "The village's part")}</legend>
                    <div class="radio-cards">
                        {card("whole", cx.t("全部归村集体", "All of it"), cx.t("村集体自己种的货", "Goods of the collective's own"))}
                        {card("basis_points", cx.t("按比例", "A percentage"), cx.t("其余归供货户或合作社", "The rest goes to the household or co-op"))}
                        {card("fen_per_unit", cx.t("每份固定一笔", "A fixed sum a unit"), cx.t("例如每斤 0.50 元，其余归供货户", "Like ¥0.50 a jin; the rest goes to the household"))}
                    </div>
                    {error}
                </fieldset>
                <div class="form-grid">
                    {Field::new(cx, form, "share_percent", cx.t("村集体比例", "Village's percentage"))
                        .hint(cx.t("选“按比例”才填", "For a percentage")).unit("%").optional().decimal()}
                    {Field::new(cx, form, "share_yuan", cx.t("村集体每份得", "Village's sum a unit"))
                        .hint(cx.t("选“每份固定一笔”才填", "For a fixed sum")).unit(cx.t("元", "yuan")).optional().decimal()}
                    {Field::new(cx, form, "household_id", cx.t("供货户", "Supplying household"))
                        .hint(cx.t("只有村里和中心看得到", "Only the village and the centre see it")).optional().select(households)}
                    {Field::new(cx, form, "seller_id", cx.t("销售主体", "Seller of record"))
                        .hint(cx.t("发票由它开；选合作社时，请在上面写清村集体得多少", "It writes the invoices; for a co-op, say above what the village gets"))
                        .optional().select(sellers)}
                </div>
            </div>
        </details>
    }
    .into_any()
}

fn certificate(cx: &Cx, form: &Form) -> AnyView {
    let fields = ["certificate_no", "certificate_until", "story"];
    let open = fields
        .iter()
        .any(|name| !form.value(name).is_empty() || form.problem(name).is_some());
    view! {
        <details class="fold" open=open>
            <summary>{cx.t("证书与介绍 · 选填", "Certificate and story · optional")}</summary>
            <div class="fold-body">
                <div class="form-grid">
                    {Field::new(cx, form, "certificate_no", cx.t("证书编号", "Certificate number"))
                        .placeholder("LB-15-22010200001A").max(40).optional().text()}
                    {Field::new(cx, form, "certificate_until", cx.t("有效至", "Valid until")).optional().day()}
                </div>
                {Field::new(cx, form, "story", cx.t("介绍", "Story"))
                    .hint(cx.t("几句话：怎么种的、有什么好", "A few sentences: how it is grown, what is good about it"))
                    .max(600).optional().area()}
            </div>
        </details>
    }
    .into_any()
}
