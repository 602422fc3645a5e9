//! The invoices of a bill: what each seller of record has to invoice, and asking for what is missing.

use super::table;
use crate::components::breadcrumb::breadcrumb;
use crate::components::chip;
use crate::components::field::Field;
use crate::components::form_problems::form_problems;
use crate::components::form_tokens::csrf_and_key;
use crate::context::Cx;
use crate::form::Form;
use crate::text::status::{MILLET, PINE, Status as _};
use crate::text::{amount, work};
use leptos::prelude::*;
use shared::api::invoice::{BillInvoicesOut, SellerToInvoice};
use shared::domain::invoice::InvoiceKind;
use shared::domain::money::Fen;
use shared::domain::rights::{Action, Place};

/// The invoices of a bill.
pub fn of_bill(cx: &Cx, bill: &BillInvoicesOut, form: &Form) -> impl IntoView + use<> {
    let labels = [
        ("title", cx.t("发票抬头", "Title")),
        ("tax_no", cx.t("纳税人识别号", "Taxpayer's number")),
        ("kind", cx.t("发票种类", "Kind")),
    ];
    let path = format!("/bills/{}", bill.bill_id);
    let missing = bill
        .sellers
        .iter()
        .any(|seller| seller.billed_fen > Fen::ZERO && seller.invoiced_fen <= Fen::ZERO);
    let may = cx.may(Action::InvoiceAsk, Place::unit(bill.unit_id));
    let asks = (missing && may).then(|| ask(cx, bill, form));
    let invoices = (!bill.invoices.is_empty()).then(|| table(cx, &bill.invoices));
    view! {
        {breadcrumb(cx, &[("/bills", cx.t("账单", "Bills")), (&path, &bill.bill_number)], cx.t("发票", "Invoices"))}
        {form_problems(cx, form, &labels)}
        <header class="toolbar"><div class="toolbar-title">
            <p class="eyebrow">{cx.t("账单 ", "Bill ")} {bill.bill_number.clone()}</p>
            <h1>{cx.t("发票", "Invoices")}</h1>
        </div></header>
        {sellers(cx, &bill.sellers)}
        {asks}
        {invoices}
    }
}

fn sellers(cx: &Cx, sellers: &[SellerToInvoice]) -> AnyView {
    let rows: Vec<_> = sellers.iter().map(|seller| seller_row(cx, seller)).collect();
    view! {
        <section class="table-wrap card card-flush">
            <div class="card-head"><h2>{cx.t("各销售主体", "Sellers of record")}</h2></div>
            <table class="table">
                <thead><tr>
                    <th>{cx.t("销售方", "Seller")}</th>
                    <th>{cx.t("类型", "Kind")}</th>
                    <th>{cx.t("税", "Tax")}</th>
                    <th>{cx.t("进度", "State")}</th>
                    <th class="n">{cx.t("应开", "To invoice")}</th>
                    <th class="n">{cx.t("已申请或已开", "Invoiced")}</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
    }
    .into_any()
}

fn seller_row(cx: &Cx, seller: &SellerToInvoice) -> AnyView {
    let tax = if seller.exempt {
        cx.t("自产农产品免税", "own produce, exempt")
    } else {
        cx.t("应税", "taxed")
    };
    let state = if seller.invoiced_fen == seller.billed_fen {
        chip::toned(PINE, cx.t("金额相符", "sums agree"))
    } else if seller.invoiced_fen.is_zero() {
        chip::toned(MILLET, cx.t("未申请", "not asked for"))
    } else {
        chip::toned(MILLET, cx.t("与账单不符", "not the bill's sum"))
    };
    view! {
        <tr>
            <td class="lead" data-label=cx.t("销售方", "Seller")>{seller.seller_name.clone()}</td>
            <td data-label=cx.t("类型", "Kind")>{work::seller_kind(cx.lang(), seller.seller_kind)}</td>
            <td data-label=cx.t("税", "Tax")>{tax}</td>
            <td data-label=cx.t("进度", "State")>{state}</td>
            <td class="n sum lead-sum" data-label=cx.t("应开", "To invoice")>{amount::cny(seller.billed_fen)}</td>
            <td class="n" data-label=cx.t("已申请或已开", "Invoiced")>{amount::cny(seller.invoiced_fen)}</td>
        </tr>
    }
    .into_any()
}

fn ask(cx: &Cx, bill: &BillInvoicesOut, form: &Form) -> AnyView {
    let kinds = vec![
        (
            InvoiceKind::Ordinary.as_str(),
            InvoiceKind::Ordinary.word(cx.lang()),
            cx.t("机关、学校等一般选它", "for public bodies and schools"),
        ),
        (
            InvoiceKind::Special.as_str(),
            InvoiceKind::Special.word(cx.lang()),
            cx.t(
                "一般纳税人抵扣用；免税的只能开普通发票",
                "to deduct the tax; what is exempt has ordinary ones alone",
            ),
        ),
    ];
    view! {
        <form class="form card" method="post" action=format!("/bills/{}/invoices", bill.bill_id)>
            {csrf_and_key(cx)}
            <h2>{cx.t("申请开票", "Ask for invoices")}</h2>
            {Field::new(cx, form, "title", cx.t("发票抬头", "Title")).or(form, bill.title.clone()).max(100).text()}
            {Field::new(cx, form, "tax_no", cx.t("纳税人识别号", "Taxpayer's number"))
                .or(form, bill.tax_no.clone())
                .hint(cx.t("登记册里的统一社会信用代码，可改", "the code in the register; it may be changed"))
                .max(30).text()}
            {Field::new(cx, form, "kind", cx.t("发票种类", "Kind")).or(form, InvoiceKind::Ordinary.as_str()).radio_cards(kinds)}
            <div class="form-actions"><button class="button primary">{cx.t("申请，每个销售方一张", "Ask: one of every seller")}</button></div>
        </form>
    }
    .into_any()
}
