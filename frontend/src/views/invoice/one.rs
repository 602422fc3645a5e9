//! One invoice, with what can happen to it.

use super::{state, sum, unties};
use crate::components::breadcrumb::breadcrumb;
use crate::components::field::Field;
use crate::components::form_problems::form_problems;
use crate::components::form_tokens::csrf_and_key;
use crate::context::Cx;
use crate::form::Form;
use crate::text::status::Status as _;
use crate::text::{amount, day, invoice as words};
use leptos::prelude::*;
use shared::api::invoice::InvoiceOut;
use shared::domain::invoice::{InvoiceStatus, RATES_BP};
use shared::domain::rights::{Action, Place};

/// The invoice.
pub fn invoice(cx: &Cx, invoice: &InvoiceOut, form: &Form) -> impl IntoView + use<> {
    let row = &invoice.row;
    let labels = [
        ("invoice_no", cx.t("发票号码", "Number")),
        ("issued_on", cx.t("开票日期", "Day")),
        ("rate_bp", cx.t("税率", "Rate")),
        ("amount_fen", cx.t("金额", "Sum")),
        ("reason", cx.t("原因", "Reason")),
        ("file", cx.t("发票文件", "File")),
    ];
    let name = row
        .invoice_no
        .clone()
        .unwrap_or_else(|| cx.t("申请中的发票", "Asked for").to_owned());
    let untied = unties(row).then(|| {
        view! { <p class="notice tone-millet" role="status">{cx.t("售后冲减后，这张发票与账单不符：未开的请取消后重新申请，已开的请红冲后重开。", "A claim has lowered the bill since: cancel it and ask anew, or red-letter it.")}</p> }
    });
    view! {
        {breadcrumb(cx, &[("/invoices", cx.t("发票", "Invoices"))], &name)}
        {form_problems(cx, form, &labels)}
        <header class="toolbar">
            <div class="toolbar-title">
                <p class="eyebrow">{row.seller_name.clone()}</p>
                <div class="row"><h1>{name.clone()}</h1> <span>{state(cx, row)}</span></div>
                <p class="figure">{sum(row.amount_fen)}</p>
            </div>
        </header>
        {untied}
        <div class="main-side">
            <div class="stack">{actions(cx, invoice, form)}</div>
            <div class="stack">{facts(cx, invoice)}</div>
        </div>
    }
}

fn facts(cx: &Cx, invoice: &InvoiceOut) -> AnyView {
    let row = &invoice.row;
    let fact = |name: &'static str, value: AnyView| view! { <div><dt>{name}</dt><dd>{value}</dd></div> };
    let text = |name, value: String| fact(name, value.into_any());
    let bill = view! { <a href=format!("/bills/{}/invoices", row.bill_id)>{row.bill_number.clone()}</a> };
    let issued = row
        .issued_on
        .map(|on| text(cx.t("开票日期", "Issued"), day::long(cx.lang(), on)));
    let tax = format!(
        "{} · {}",
        words::rate(cx.lang(), row.exempt, row.rate_bp),
        amount::cny(row.tax_fen)
    );
    let received = invoice
        .received_by_name
        .as_ref()
        .zip(invoice.received_at)
        .map(|(name, at)| {
            text(
                cx.t("收票", "Received"),
                format!("{name} {}", day::time(cx.lang(), at)),
            )
        });
    let other = row.red_of.or(invoice.red_id).map(|id| {
        let name = if row.red_of.is_some() {
            cx.t("冲的是", "Takes back")
        } else {
            cx.t("红字发票", "Red-letter invoice")
        };
        let number = invoice.other_no.clone().unwrap_or_default();
        fact(
            name,
            view! { <a href=format!("/invoices/{id}")>{number}</a> }.into_any(),
        )
    });
    let reason = invoice
        .reason
        .clone()
        .map(|reason| text(cx.t("原因", "Reason"), reason));
    let file = invoice.file_mime.as_ref().map(|_| {
        let link = view! { <a href=format!("/invoices/{}/file", row.id) download="">{cx.t("下载发票", "Download")}</a> };
        fact(cx.t("发票文件", "File"), link.into_any())
    });
    view! {
        <section class="card"><dl class="key-value">
            {text(cx.t("发票抬头", "Title"), invoice.title.clone())}
            {text(cx.t("纳税人识别号", "Taxpayer's number"), invoice.tax_no.clone())}
            {text(cx.t("销售方", "Seller"), row.seller_name.clone())}
            {text(cx.t("种类", "Kind"), row.kind.word(cx.lang()).to_owned())}
            {text(cx.t("税", "Tax"), tax)}
            {fact(cx.t("账单", "Bill"), bill.into_any())}
            {text(cx.t("申请", "Asked for"), format!("{} {}", invoice.requested_by_name, day::time(cx.lang(), row.requested_at)))}
            {issued} {received} {other} {reason} {file}
        </dl></section>
    }
    .into_any()
}

fn actions(cx: &Cx, invoice: &InvoiceOut, form: &Form) -> AnyView {
    let row = &invoice.row;
    let writes = cx.may(Action::InvoiceWrite, Place::unit(row.unit_id));
    let asks = cx.may(Action::InvoiceAsk, Place::unit(row.unit_id));
    let own = row.red_of.is_none();
    let issued = matches!(row.status, InvoiceStatus::Issued | InvoiceStatus::Received);
    let parts = [
        (writes && row.status == InvoiceStatus::Requested).then(|| issue(cx, invoice, form)),
        (asks && own && row.status == InvoiceStatus::Issued).then(|| receive(cx, invoice)),
        (writes && row.status != InvoiceStatus::Requested && row.status != InvoiceStatus::Cancelled)
            .then(|| attach(cx, invoice, form)),
        (writes && own && issued).then(|| red_letter(cx, invoice, form)),
        (asks && row.status == InvoiceStatus::Requested).then(|| cancel(cx, invoice, form)),
    ];
    let parts: Vec<AnyView> = parts.into_iter().flatten().collect();
    if parts.is_empty() {
        view! { <p class="muted">{cx.t("现在没有要办的。", "Nothing to be done now.")}</p> }.into_any()
    } else {
        parts.into_any()
    }
}

fn issue(cx: &Cx, invoice: &InvoiceOut, form: &Form) -> AnyView {
    let row = &invoice.row;
    let rates = RATES_BP
        .iter()
        .map(|rate| (rate.to_string(), words::rate(cx.lang(), false, *rate)))
        .collect();
    let rate = if row.exempt {
        view! { <p class="muted">{cx.t("销售方是村集体或合作社，卖自产农产品，免税。", "The seller is a village collective or co-op selling its own produce: exempt.")}</p> }
            .into_any()
    } else {
        Field::new(cx, form, "rate_bp", cx.t("税率", "Rate"))
            .or(form, "900")
            .select(rates)
    };
    view! {
        <form class="form card" method="post" action=format!("/invoices/{}/issue", row.id)>
            {csrf_and_key(cx)}
            <h2>{cx.t("登记已开的发票", "It was issued")}</h2>
            {Field::new(cx, form, "invoice_no", cx.t("发票号码", "Number"))
                .hint(cx.t("数电票 20 位；旧票 8 位，或代码加号码 18、20 位", "20 digits; older ones 8, or code and number together"))
                .max(30).whole()}
            {Field::new(cx, form, "issued_on", cx.t("开票日期", "Day")).or(form, cx.today.to_string()).day()}
            {rate}
            <div class="form-actions"><button class="button primary">{cx.t("登记开票", "Note it as issued")}</button></div>
        </form>
    }
    .into_any()
}

fn receive(cx: &Cx, invoice: &InvoiceOut) -> AnyView {
    view! {
        <form class="card" method="post" action=format!("/invoices/{}/receive", invoice.row.id)>
            {csrf_and_key(cx)}
            <h2>{cx.t("收到发票了吗", "Has the unit received it")}</h2>
            <p class="button-row"><button class="button primary">{cx.t("确认收票", "Yes, received")}</button></p>
        </form>
    }
    .into_any()
}

fn attach(cx: &Cx, invoice: &InvoiceOut, form: &Form) -> AnyView {
    let word = if invoice.file_mime.is_some() {
        cx.t("换一个文件", "Replace the file")
    } else {
        cx.t("上传发票文件", "Keep its file")
    };
    view! {
        <form class="form card" method="post" action=format!("/invoices/{}/file", invoice.row.id) enctype="multipart/form-data">
            {csrf_and_key(cx)}
            {Field::new(cx, form, "file", word)
                .hint(cx.t("PDF、OFD、XML 或照片，最大 8 MB", "PDF, OFD, XML or a photo, 8 MB at the most"))
                .file(".pdf,.ofd,.xml,image/jpeg,image/png,image/webp")}
            <div class="form-actions"><button class="button">{cx.t("上传", "Upload")}</button></div>
        </form>
    }
    .into_any()
}

fn red_letter(cx: &Cx, invoice: &InvoiceOut, form: &Form) -> AnyView {
    let open = form.problem("reason").is_some() || form.problem("invoice_no").is_some();
    view! {
        <details class="fold" open=open>
            <summary>{cx.t("红冲这张发票", "Take it back by a red-letter invoice")}</summary>
            <div class="fold-body">
                <form class="form" method="post" action=format!("/invoices/{}/red-letter", invoice.row.id)>
                    {csrf_and_key(cx)}
                    {Field::new(cx, form, "invoice_no", cx.t("红字发票号码", "Its number")).max(30).whole()}
                    {Field::new(cx, form, "issued_on", cx.t("红字发票日期", "Its day")).or(form, cx.today.to_string()).day()}
                    {Field::new(cx, form, "reason", cx.t("原因", "Reason")).max(200).text()}
                    <div class="form-actions"><button class="button danger">{cx.t("登记红冲", "Note it as taken back")}</button></div>
                </form>
            </div>
        </details>
    }
    .into_any()
}

fn cancel(cx: &Cx, invoice: &InvoiceOut, form: &Form) -> AnyView {
    let open = form.problem("reason").is_some();
    view! {
        <details class="fold" open=open>
            <summary>{cx.t("不开了", "It is no longer wanted")}</summary>
            <div class="fold-body">
                <form class="form" method="post" action=format!("/invoices/{}/cancel", invoice.row.id)>
                    {csrf_and_key(cx)}
                    {Field::new(cx, form, "reason", cx.t("原因", "Reason")).max(200).text()}
                    <div class="form-actions"><button class="button danger">{cx.t("取消申请", "Cancel")}</button></div>
                </form>
            </div>
        </details>
    }
    .into_any()
}
