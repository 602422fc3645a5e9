//! Steps of a thing's life in words, for timelines and the audit list.

use super::{Lang, payment, refund_order, role};
use shared::api::audit::AuditKind;
use shared::domain::identity::Role;

/// What happened: `order.place` → 下单. A step that has no word of its own is shown as it is.
#[must_use]
pub fn step(lang: Lang, action: &str) -> &str {
    order(lang, action)
        .or_else(|| village_order(lang, action))
        .or_else(|| money(lang, action))
        .or_else(|| offer(lang, action))
        .or_else(|| payment::step(lang, action))
        .or_else(|| refund_order::step(lang, action))
        .or_else(|| person(lang, action))
        .unwrap_or(action)
}

fn order(lang: Lang, action: &str) -> Option<&'static str> {
    Some(match action {
        "order.place" => lang.t("下单", "Ordered"),
        "order.cancel" => lang.t("取消订单", "Cancelled"),
        "order.request" => lang.t("提交审批", "Asked for approval"),
        "order.revise" => lang.t("改单再提交", "Changed and asked again"),
        "order.expire_hold" => lang.t("到期没有审批，库存已释放", "Not decided in time; stock freed"),
        "order.take_short" => lang.t("缺货按确认的量", "Took what was confirmed"),
        "order.replace_short" => lang.t("缺货换了别村的货", "Ordered from another village instead"),
        "order.cancel_short" => lang.t("缺货取消这个村", "Took the village's part back"),
        "unit.approval_policy" => lang.t("改审批规定", "Approval policy changed"),
        "order.approve" => lang.t("审批通过", "Approved"),
        "order.reject" => lang.t("审批未通过", "Rejected"),
        "acceptance.sign" => lang.t("验收签字", "Signed the acceptance"),
        "acceptance.change" => lang.t(
            "改数量，原签字作废",
            "Changed the amounts; the earlier signature is void",
        ),
        "claim.open" => lang.t("提出售后", "Claim opened"),
        "claim.say" => lang.t("售后补充说明", "Said in a claim"),
        "claim.agree" => lang.t("同意售后", "Claim agreed"),
        "claim.overdue" => lang.t("售后超期未答复", "Claim late"),
        "claim.refuse" => lang.t("未同意售后", "Claim refused"),
        "acceptance.void" => lang.t("原签字作废", "Earlier signature void"),
        "acceptance.post" => lang.t("双方签字，入账到村", "Both signed, villages credited"),
        _ => return None,
    })
}

fn money(lang: Lang, action: &str) -> Option<&'static str> {
    Some(match action {
        "bill.issue" => lang.t("开出账单", "Bill sent"),
        "bill.issue_now" => lang.t("手动开账", "Sent due bills"),
        "bill.pay_from_deposit" => lang.t("用预存款抵扣账单", "Bill paid from the deposit"),
        "unit.billing" => lang.t("改开账方式", "Billing changed"),
        "receipt.account" => lang.t("添加收款账户", "Bank account added"),
        "receipt.upload" => lang.t("上传银行流水", "Bank statement taken in"),
        "receipt.check" => lang.t("检查银行流水", "Bank statement checked"),
        "receipt.import" => lang.t("导入银行流水", "Bank statement imported"),
        "receipt.match" => lang.t("到账自动对上账单", "Receipt matched by itself"),
        "receipt.propose" => lang.t("说明到账付的是什么，待复核", "Said what a receipt pays"),
        "receipt.confirm" => lang.t("复核到账，入账", "Match confirmed and posted"),
        "receipt.refuse" => lang.t("复核不同意或撤回", "Match refused or withdrawn"),
        "receipt.ask_back" => lang.t("申请撤销到账匹配", "Asked to take a match back"),
        "receipt.payout" => lang.t("认出是支付平台划款，移出待查", "Known as a provider's payout"),
        "receipt.take_back" => lang.t("复核撤销，冲回待查", "Match reversed"),
        "books.reconcile" => lang.t("对账", "Reconciled"),
        "settlement.prepare" => lang.t("编制结算批次", "Batch prepared"),
        "settlement.discard" => lang.t("作废结算批次", "Batch discarded"),
        "settlement.release" => lang.t("复核放行结算批次", "Batch released"),
        "settlement.send" => lang.t("结算批次送银行", "Batch sent"),
        "settlement.confirm" => lang.t("结算款到账", "Settlement arrived"),
        "settlement.bounce" => lang.t("结算款被退回", "Settlement sent back"),
        "settlement.answer" => lang.t("登记银行结果", "The bank's answer kept"),
        "settlement.upload" => lang.t("导入回盘文件", "Result file brought"),
        "settlement.layout" => lang.t("改回盘文件列对应", "Result file's columns changed"),
        "settlement.results" => lang.t("登记回盘文件", "Result file applied"),
        "settlement.account" => lang.t("改收款账户", "Account changed"),
        "settlement.account_checked" => lang.t("核对收款账户", "Account checked"),
        "invoice.ask" => lang.t("申请开票", "Invoices asked for"),
        "invoice.issue" => lang.t("登记开票", "Invoice issued"),
        "invoice.receive" => lang.t("确认收票", "Invoice received"),
        "invoice.cancel" => lang.t("取消开票申请", "Invoice cancelled"),
        "invoice.red_letter" => lang.t("登记红冲", "Invoice taken back"),
        "invoice.file" => lang.t("上传发票文件", "Invoice file kept"),
        "claim.post" => lang.t("售后冲减入账", "Claim posted"),
        _ => return None,
    })
}

fn village_order(lang: Lang, action: &str) -> Option<&'static str> {
    Some(match action {
        "village_order.offer" => lang.t("发给村里", "Sent to the village"),
        "village_order.answer" => lang.t("村里已答复", "The village answered"),
        "village_order.confirm" => lang.t("村里全部确认", "Confirmed in full"),
        "village_order.short" => lang.t("村里部分确认", "Confirmed in part"),
        "village_order.decline" => lang.t("村里谢绝", "Declined by the village"),
        "village_order.expire" => lang.t("过期未答复，库存已释放", "No answer in time; stock freed"),
        "village_order.cancel" => lang.t("村单取消", "Village order cancelled"),
        "village_order.pack" => lang.t("备好货", "Packed"),
        "village_order.collect" => lang.t("收货装车", "Collected"),
        "village_order.deliver" => lang.t("送到单位", "Delivered"),
        "village_order.accept" => lang.t("验收", "Accepted"),
        "village_order.rest" => lang.t(
            "余量另成一单，下次送",
            "The rest comes later, as an order of its own",
        ),
        "village_order.take_back" => {
            lang.t("这次没到，等下次送", "Did not come this time; waits for the next")
        }
        "village_order.close_short" => lang.t("余量不再送，按缺货结束", "Ended short by the centre"),
        "village_order.credit" => lang.t("入账到村", "Credited"),
        "village_order.settle" => lang.t("拨付到村", "Settled"),
        _ => return None,
    })
}

fn offer(lang: Lang, action: &str) -> Option<&'static str> {
    Some(match action {
        "offer.draft" | "offer.create" => lang.t("存草稿", "Drafted"),
        "offer.change" | "offer.revise" => lang.t("修改货品", "Changed"),
        "offer.submit" => lang.t("提交审核", "Submitted for review"),
        "offer.publish" => lang.t("审核通过，上架", "Published"),
        "offer.return" => lang.t("退回修改", "Returned"),
        "offer.pause" => lang.t("暂停销售", "Paused"),
        "offer.resume" => lang.t("恢复销售", "Resumed"),
        "offer.end" => lang.t("下架", "Ended"),
        "lot.add" | "lot.create" => lang.t("新增批次", "Lot added"),
        "lot.restock" => lang.t("补货", "Stock added"),
        "lot.withdraw" => lang.t("撤下未售", "Unsold stock withdrawn"),
        "lot.harvest" => lang.t("确定采收", "Harvest confirmed"),
        "lot.overdue" => lang.t("预售到期未确定", "Harvest due, not confirmed"),
        "certificate.tell" => lang.t("提醒换证", "Told of the certificate"),
        "photo.add" => lang.t("加照片", "Photos added"),
        "photo.arrange" => lang.t("调整照片顺序", "Photos put in order"),
        "photo.remove" => lang.t("移除照片", "Photo removed"),
        "household.add" => lang.t("登记供货户", "Household added"),
        "file.store" => lang.t("上传照片", "Photo stored"),
        "register.row" => lang.t("修改登记册", "Register changed"),
        "seller.add" => lang.t("登记合作社", "Co-op added"),
        "work.import" => lang.t("上传登记册文件", "Register file taken in"),
        "work.export" => lang.t("导出列表", "List exported"),
        "work.go" => lang.t("决定导入", "Import decided"),
        "work.stop" => lang.t("停止后台任务", "Long work stopped"),
        "register.import" => lang.t("导入登记册", "Register imported"),
        "register.towns" => lang.t("导入乡镇", "Towns imported"),
        "register.villages" => lang.t("导入村庄", "Villages imported"),
        "register.units" => lang.t("导入单位", "Units imported"),
        "register.pairings" => lang.t("导入结对", "Pairings imported"),
        "books.close" => lang.t("月结", "Month closed"),
        "paper.issue" => lang.t("出具单据", "Document issued"),
        "ledger.verify" => lang.t("核对账本", "Books verified"),
        _ => return None,
    })
}

fn person(lang: Lang, action: &str) -> Option<&'static str> {
    Some(match action {
        "person.create" | "person.add" => lang.t("添加人员", "Person added"),
        "person.grant" => lang.t("授予身份", "Role granted"),
        "person.propose" => lang.t("提出，等第二人确认", "Proposed, to be confirmed by another"),
        "person.confirm" => lang.t("确认他人提出的事", "Confirmed what another proposed"),
        "person.decline" => lang.t("不同意或撤回", "Declined or taken back"),
        "person.contact" => lang.t("改邮箱或电话", "Contact changed"),
        "person.link_revoke" => lang.t("作废一次性链接", "One-time link ended"),
        "second_factor.enrol" => lang.t("绑定验证器", "Second factor set up"),
        "second_factor.codes" => lang.t("重新生成恢复码", "New recovery codes"),
        "second_factor.reset" => lang.t("重置两步验证", "Second factor reset"),
        "session.prove" => lang.t("验证身份", "Proved themselves"),
        "person.withdraw" => lang.t("收回身份", "Role withdrawn"),
        "person.suspend" => lang.t("停用账号", "Suspended"),
        "person.resume" | "person.unsuspend" => lang.t("恢复账号", "Reinstated"),
        "person.link" | "person.first_admin_link" => lang.t("发一次性链接", "One-time link made"),
        "person.password" | "session.password" | "password.change" => lang.t("更换密码", "Password changed"),
        "password.set_by_link" => lang.t("用链接设置密码", "Password set by link"),
        "session.switch_role" => lang.t("切换身份", "Role switched"),
        "session.sign_in" => lang.t("登录", "Signed in"),
        "session.sign_out" => lang.t("退出登录", "Signed out"),
        "session.refused" => lang.t("登录被拒", "Sign-in refused"),
        "session.revoke" => lang.t("撤销登录", "Session revoked"),
        "search.save" => lang.t("收藏搜索", "Search saved"),
        "search.drop" => lang.t("删除收藏的搜索", "Saved search dropped"),
        "token.create" => lang.t("新建令牌", "Token made"),
        "token.revoke" => lang.t("撤销令牌", "Token revoked"),
        _ => return None,
    })
}

/// A kind of the audit search in words.
#[must_use]
pub const fn audit_kind(lang: Lang, kind: AuditKind) -> &'static str {
    match kind {
        AuditKind::Rights => lang.t("人员和权限", "People and rights"),
        AuditKind::SignIn => lang.t("登录和验证", "Signing in"),
        AuditKind::Order => lang.t("订单和审批", "Orders"),
        AuditKind::VillageOrder => lang.t("村单", "Village orders"),
        AuditKind::Acceptance => lang.t("验收", "Acceptance"),
        AuditKind::Goods => lang.t("货品", "Goods"),
        AuditKind::Register => lang.t("登记册和文件", "Registers and files"),
        AuditKind::Money => lang.t("账和钱", "Ledger and money"),
    }
}

/// What else is on record of a step, its stable words in the reader's language.
#[must_use]
pub fn detail(lang: Lang, stored: &str) -> String {
    let word = |token: &str| -> String {
        let known = match token {
            "sole_administrator" => lang.t("（当时仅有一位管理员）", "(the only administrator then)"),
            "recovery_code" => lang.t("用恢复码", "by recovery code"),
            "invite" => lang.t("邀请", "invitation"),
            "reset" => lang.t("重设密码", "password reset"),
            "grant" => lang.t("授予", "give"),
            "withdraw" => lang.t("收回", "withdraw"),
            "reset_second_factor" => lang.t("重置两步验证", "reset the second factor"),
            "到期按确认的量" => lang.t("到期按确认的量", "as confirmed, when time was up"),
            "代办" => lang.t("代村里办理", "for the village"),
            other => {
                return Role::from_name(other)
                    .map_or(other, |known| role::role(lang, known))
                    .to_owned();
            }
        };
        known.to_owned()
    };
    stored.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// The kind of thing in a word: `order` → 订单.
#[must_use]
pub fn object(lang: Lang, kind: &str) -> &str {
    match kind {
        "order" => lang.t("订单", "Order"),
        "village_order" => lang.t("村单", "Village order"),
        "unit" => lang.t("单位", "Unit"),
        "acceptance" => lang.t("验收单", "Acceptance"),
        "offer" => lang.t("货品", "Offer"),
        "lot" => lang.t("批次", "Lot"),
        "person" => lang.t("人员", "Person"),
        "grant" => lang.t("身份", "Role"),
        "session" => lang.t("登录", "Session"),
        "search" => lang.t("收藏的搜索", "Saved search"),
        "token" => lang.t("令牌", "Token"),
        "register" => lang.t("登记册", "Register"),
        "towns" => lang.t("乡镇", "Town"),
        "villages" => lang.t("村庄", "Village"),
        "units" => lang.t("帮扶单位", "Aid unit"),
        "pairings" => lang.t("结对", "Pairing"),
        "households" => lang.t("低收入户", "Household"),
        "seller" | "sellers" => lang.t("合作社", "Co-op"),
        "produce" => lang.t("品种", "Produce"),
        "work" => lang.t("后台任务", "Long work"),
        "household" => lang.t("供货户", "Household"),
        "file" => lang.t("照片", "Photo"),
        "claim" => lang.t("售后单", "Claim"),
        "dividend" => lang.t("分红单", "Dividend"),
        "declared_income" => lang.t("申报单", "Declaration"),
        "settlement" => lang.t("结算单", "Settlement"),
        "day" => lang.t("日期", "Day"),
        "payee" => lang.t("收款账户", "Account"),
        "bill" => lang.t("账单", "Bill"),
        "month" => lang.t("月份", "Month"),
        "bank_account" => lang.t("收款账户", "Bank account"),
        "bank_statement" => lang.t("银行流水", "Bank statement"),
        "invoice" => lang.t("发票", "Invoice"),
        "receipt" => lang.t("到账", "Receipt"),
        "paper" => lang.t("单据", "Document"),
        "payment" => lang.t("在线付款", "Payment"),
        "refund_order" => lang.t("退款单", "Refund"),
        "payout" => lang.t("支付平台付款", "Payout"),
        "provider" => lang.t("支付平台", "Payment provider"),
        other => other,
    }
}
