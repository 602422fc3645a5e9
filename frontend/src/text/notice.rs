//! Notices in words.

use super::{Lang, role, step};
use shared::domain::identity::Role;
use shared::domain::notice::NoticeKind;

/// What a notice says of its thing.
#[must_use]
pub fn sentence(lang: Lang, kind: NoticeKind, subject: &str) -> String {
    let subject = match kind {
        NoticeKind::ActedFor => step::step(lang, subject),
        _ => Role::from_name(subject).map_or(subject, |known| role::role(lang, known)),
    };
    let words = match kind {
        NoticeKind::ProposalWaits => lang.t("等第二位管理员确认：", "Waits for a second administrator: "),
        NoticeKind::RoleGranted => lang.t("您有了新的身份：", "You have a new role: "),
        NoticeKind::RoleWithdrawn => lang.t("您的身份已收回：", "A role of yours was withdrawn: "),
        NoticeKind::SecondFactorReset => lang.t(
            "您的两步验证已由两位管理员重置，请重新绑定",
            "Two administrators have reset your second factor; please set it up again",
        ),
        NoticeKind::ContactChanged => lang.t(
            "管理员改了您的邮箱或电话",
            "An administrator changed your e-mail or telephone number",
        ),
        NoticeKind::ActedFor => lang.t("绿食中心代本村办理：", "The centre has acted for your village: "),
        NoticeKind::VillageOrderOffered => lang.t("有新的村单，请确认：", "A new village order to confirm: "),
        NoticeKind::HarvestShort => lang.t(
            "预售采收不足，请选怎么办：",
            "The harvest fell short; please choose: ",
        ),
        NoticeKind::HarvestOverdue => lang.t(
            "预售到期，还没确定采收：",
            "A harvest was due and is not confirmed: ",
        ),
        NoticeKind::CertificateRunsOut => lang.t("证书快到期，请换新证：", "A certificate runs out soon: "),
        NoticeKind::VillageOrderExpired => lang.t(
            "村单过期未答复，库存已释放：",
            "A village order was not answered in time; its stock is free: ",
        ),
        NoticeKind::VillageOrderCancelled => lang.t("单位取消了：", "The unit took back: "),
        NoticeKind::VillageOrderHalf => lang.t(
            "答复时间已过半，请尽快答复村单：",
            "Half the time is over; please answer village order ",
        ),
        NoticeKind::VillageOrderLast => lang.t(
            "不到 4 小时就过期，请马上答复村单：",
            "Less than 4 hours left to answer village order ",
        ),
        NoticeKind::OrderRequested => lang.t("有采购申请等您审批：", "A request waits for your approval: "),
        NoticeKind::OrderApproved => lang.t("审批通过，已发给各村：", "Approved and sent to the villages: "),
        NoticeKind::OrderRejected => lang.t(
            "审批未通过，可以改后再提交：",
            "Not approved; you may change and resubmit ",
        ),
        NoticeKind::HoldEnding => lang.t(
            "库存保留快到期，请尽快审批：",
            "The hold on its stock ends soon; please decide over ",
        ),
        NoticeKind::HoldEnded => lang.t(
            "到期没有审批，申请已取消，库存已释放：",
            "Not decided in time; cancelled, its stock is free: ",
        ),
        NoticeKind::OrderShort => lang.t(
            "有村供不上，请选怎么办：",
            "A village delivers less; please choose: ",
        ),
        NoticeKind::OrderTomorrow => lang.t("明天送货，请安排收货：", "To be delivered tomorrow: "),
        NoticeKind::ApprovalPolicyChanged => {
            lang.t("本单位采购审批改为：", "Your unit's approvals changed to: ")
        }
        NoticeKind::SearchFound => lang.t("您收藏的搜索有新货：", "New goods for your saved search: "),
        NoticeKind::VillageOrderClosedShort => lang.t(
            "余下的货不再送，按缺货结束：",
            "What was left will not come; ended short: ",
        ),
        NoticeKind::ClaimOpened => lang.t("有新的售后单：", "A new claim: "),
        NoticeKind::ClaimSaid => lang.t("售后单有新的说明：", "Something was said in claim "),
        NoticeKind::ClaimAgreed => lang.t("中心同意了售后单：", "The centre agreed to claim "),
        NoticeKind::ClaimRefused => lang.t("中心没有同意售后单：", "The centre refused claim "),
        NoticeKind::ClaimDue => lang.t("售后单快到答复期限：", "A claim is to be answered soon: "),
        NoticeKind::ClaimOverdue => {
            lang.t("售后单超过期限还没有答复：", "A claim was not answered in time: ")
        }
        NoticeKind::RefundPrepared => lang.t("有退款单等您复核：", "A refund waits for its release: "),
        NoticeKind::RefundSent => lang.t("退款已转到单位账户：", "A refund was paid to your account: "),
        NoticeKind::PaymentPaid => lang.t("在线付款已到账：", "A payment has come: "),
        NoticeKind::RefundFailed => lang.t(
            "退款没有退成，金额已回到单位预付款：",
            "A refund could not be made; the sum is back on the deposit: ",
        ),
        NoticeKind::PaymentTrouble => lang.t("在线付款需要人工核对：", "A payment needs a person's look: "),
        NoticeKind::WorkDone => lang.t("后台任务已完成：", "Done: "),
        NoticeKind::WorkWaiting => lang.t("文件已检查完，请决定是否导入：", "Checked, please decide: "),
        NoticeKind::WorkFailed => lang.t("后台任务没有完成：", "Could not be done: "),
        NoticeKind::BillIssued => lang.t("新账单已开出：", "A new bill: "),
        NoticeKind::BillDue => lang.t("账单快到付款期限，请安排付款：", "A bill is to be paid soon: "),
        NoticeKind::BillOverdue => lang.t("账单已过付款期限，请尽快付款：", "A bill is overdue: "),
        NoticeKind::SettlementWaits => lang.t(
            "结算批次等您复核：",
            "A settlement batch waits for your release: ",
        ),
        NoticeKind::SettlementPaid => lang.t("结算款已到账：", "A settlement has arrived: "),
        NoticeKind::SettlementBounced => lang.t(
            "结算款被银行退回，请核对收款账户：",
            "The bank sent a settlement back; please check the account: ",
        ),
        NoticeKind::BooksOff => lang.t("账不平，请查：", "The books do not agree; please look: "),
        NoticeKind::AccountEntered => lang.t(
            "收款账户有改动，请核对：",
            "An account was entered; please check it: ",
        ),
        NoticeKind::BillPaid => lang.t("收到账单付款：", "A payment came for bill "),
        NoticeKind::BillUnpaid => lang.t("账单的一笔付款已撤销：", "A payment was taken back of bill "),
        NoticeKind::ReceiptWaits => lang.t(
            "有到账等第二位财务复核：",
            "A receipt waits for a second person: ",
        ),
        NoticeKind::InvoiceAsked => lang.t("单位申请开票，账单：", "A unit asks for invoices of bill "),
        NoticeKind::InvoiceIssued => lang.t("发票已开，请查收：", "An invoice was issued: "),
        NoticeKind::InvoiceTakenBack => lang.t("有发票已红冲，红字发票：", "An invoice was taken back by "),
        NoticeKind::General => "",
    };
    format!("{words}{subject}")
}
