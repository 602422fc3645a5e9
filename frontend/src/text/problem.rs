//! Refusals in words: each says how to mend it.

use super::Lang;
use shared::api::problem::{Code, FieldCode};

/// A short sentence for a refusal.
#[must_use]
pub const fn title(lang: Lang, code: Code) -> &'static str {
    match code {
        Code::NotSignedIn => lang.t("请先登录", "Please sign in"),
        Code::Forbidden => lang.t("您当前的身份不能这样做", "Your present role may not do this"),
        Code::NotFound => lang.t("没有找到", "Not found"),
        Code::Invalid => lang.t("有几处需要修改", "Some fields need a change"),
        Code::Malformed => lang.t("没有读懂提交的内容", "The request could not be read"),
        Code::OutOfStock => lang.t("有货品不够了", "Some goods have run short"),
        Code::WrongState => lang.t("现在不能这样做了", "This can no longer be done"),
        Code::Changed => lang.t("内容刚被改过", "It has just been changed"),
        Code::Duplicate => lang.t("已经有了", "It exists already"),
        Code::KeyReused => lang.t(
            "这张表已经提交过别的内容",
            "This form was already sent with other content",
        ),
        Code::KeyMissing => lang.t("缺少防重复提交的编号", "The idempotency key is missing"),
        Code::SamePerson => lang.t("两个签字必须是两个人", "The two signatures must be two people's"),
        Code::SecondFactorNeeded => lang.t("还需要两步验证", "A second factor is needed"),
        Code::StepUpNeeded => lang.t("请再证明一次是您本人", "Please prove again that it is you"),
        Code::OwnRequest => lang.t("不能审批自己的申请", "Nobody approves their own request"),
        Code::WrongCredentials => lang.t("登录名或密码不对", "The name or password is not right"),
        Code::TooManyTries => lang.t("试得太多了，请稍等", "Too many tries, please wait"),
        Code::StaleForm => lang.t("页面放得太久了", "The page has been open too long"),
        Code::LinkExpired => lang.t("链接已用过或已过期", "The link was used or has run out"),
        Code::TooLarge => lang.t("文件太大", "The file is too large"),
        Code::UnsupportedFile => lang.t("不支持这种文件", "This kind of file is not supported"),
        Code::MethodNotAllowed => lang.t("这里不能这样访问", "This method is not allowed here"),
        Code::MoreThanOpen => lang.t("金额超过了未付部分", "The sum is more than is open"),
        Code::DepositUsed => lang.t("预存款已经用掉", "The deposit has been used"),
        Code::PeriodClosed => lang.t("这个月已经结账", "That month is closed"),
        Code::BooksWrong => lang.t(
            "账没有核平，不能结账",
            "The books do not hold, so nothing is closed",
        ),
        Code::PaymentRefused => lang.t("支付平台没有接受", "The payment provider did not take it"),
        Code::PaymentAway => lang.t("支付平台暂时连不上", "The payment provider does not answer"),
        Code::Unavailable => lang.t("系统正在恢复", "The system is recovering"),
        Code::ReadOnly => lang.t(
            "系统维护中，暂时只能查看",
            "Under maintenance: look, but change nothing",
        ),
        Code::Internal => lang.t("系统出错了", "Something went wrong on our side"),
    }
}

/// How to mend it.
#[must_use]
pub const fn detail(lang: Lang, code: Code) -> &'static str {
    match code {
        Code::NotSignedIn => lang.t(
            "登录后会回到这一页。",
            "After signing in you will come back here.",
        ),
        Code::Forbidden => lang.t(
            "如果您有别的身份，请在右上角切换；否则请联系管理员。",
            "Switch to another of your roles at the top right, or ask the administrator.",
        ),
        Code::NotFound => lang.t(
            "它可能已下架，或不属于您。请从列表重新打开。",
            "It may have ended, or is not yours. Open it from the list again.",
        ),
        Code::Invalid => lang.t(
            "请按红字修改后再提交，已填的内容都在。",
            "Mend the marked fields and send again; nothing you typed is lost.",
        ),
        Code::Malformed => lang.t("请刷新页面后重新提交。", "Reload the page and send it again."),
        Code::OutOfStock => lang.t(
            "请按剩余数量修改后再下单，没有任何一行被下单。",
            "Change the amounts to what is left and order again; nothing was ordered.",
        ),
        Code::WrongState => lang.t("请刷新看最新进度。", "Reload to see how far it is."),
        Code::Changed => lang.t(
            "请看过新的内容后再提交一次。",
            "Look at the new content, then send again.",
        ),
        Code::Duplicate => lang.t("请打开已有的那一个。", "Open the one that exists."),
        Code::KeyReused => lang.t("请重新打开页面再提交。", "Open the page again, then send."),
        Code::KeyMissing => lang.t(
            "请求头里带上 Idempotency-Key，每次操作一个新值。",
            "Send an Idempotency-Key header, a new value for each operation.",
        ),
        Code::SamePerson => lang.t(
            "请由另一方的人用自己的账号签字。",
            "Somebody of the other side must sign in as themselves.",
        ),
        Code::SecondFactorNeeded => lang.t(
            "请登录网页，在“两步验证”里绑定验证器后再用。",
            "Sign in on the web and set up your authenticator app first.",
        ),
        Code::StepUpNeeded => lang.t(
            "改动钱款或权限之前，要在十分钟内验证过身份。接口请先调用 POST /api/v1/me/step-up。",
            "Before money or rights change, prove yourself within ten minutes; by the API with POST /api/v1/me/step-up.",
        ),
        Code::OwnRequest => lang.t(
            "请由本单位另一位审批人审批。",
            "Another approver of the unit decides.",
        ),
        Code::WrongCredentials => lang.t(
            "请检查后再试；忘记密码请联系管理员要一次性链接。",
            "Check and try again; for a lost password ask the administrator for a one-time link.",
        ),
        Code::TooManyTries => lang.t("请过一会儿再试。", "Try again in a little while."),
        Code::StaleForm => lang.t("请刷新页面后再提交一次。", "Reload the page and send it again."),
        Code::LinkExpired => lang.t(
            "请向管理员要一个新的链接。",
            "Ask the administrator for a new one.",
        ),
        Code::TooLarge => lang.t("请选小一些的文件再上传。", "Choose a smaller file."),
        Code::UnsupportedFile => lang.t(
            "照片请用 JPG、PNG 或 WebP，登记册请用 XLSX 或 CSV。",
            "Use JPG, PNG or WebP for photos, XLSX or CSV for registers.",
        ),
        Code::MethodNotAllowed => lang.t("请从页面上的按钮进入。", "Use the buttons of the page."),
        Code::MoreThanOpen => lang.t(
            "请刷新看最新的未付金额，按它修改后再提交。",
            "Reload to see what is still open, and change the sum to it.",
        ),
        Code::DepositUsed => lang.t(
            "这笔到账转入的预存款已抵扣账单或退回，请先撤回那些付款。",
            "What went to the deposit has paid bills or was given back: take those payments back first.",
        ),
        Code::PeriodClosed => lang.t(
            "已结账的月份不再改动：请记到当前月份，并写明原凭证。",
            "A closed month stays as it is: post to the open month and name the old document.",
        ),
        Code::BooksWrong => lang.t(
            "请先到“核账”看哪一项不对，停止付款并联系审计。",
            "See under Verify which check fails, stop payments and call the auditor.",
        ),
        Code::PaymentRefused => lang.t(
            "没有扣款。请改用银行转账，或联系绿食中心。",
            "Nothing was taken. Pay by bank transfer, or call the centre.",
        ),
        Code::PaymentAway => lang.t(
            "没有重复扣款。请一分钟后再点一次。",
            "Nothing is taken twice. Try again in a minute.",
        ),
        Code::Unavailable => lang.t(
            "您的内容没有丢，请一分钟后再试。",
            "Nothing is lost; try again in a minute.",
        ),
        Code::ReadOnly => lang.t(
            "没有改动任何数据。请过一会儿再提交。",
            "Nothing was changed. Send it again in a while.",
        ),
        Code::Internal => lang.t(
            "已经记录下来，没有改动任何数据。请稍后再试。",
            "It was recorded and no data was changed. Try again later.",
        ),
    }
}

/// A field's refusal, with the bound that was broken.
#[must_use]
pub fn field(lang: Lang, code: FieldCode, bound: Option<&str>) -> String {
    let b = bound.unwrap_or_default();
    match (code, lang) {
        (FieldCode::Required, _) => lang.t("请填写", "Please fill this in").into(),
        (FieldCode::TooLong, Lang::Zh) => format!("最多 {b} 个字"),
        (FieldCode::TooLong, Lang::En) => format!("{b} characters at the most"),
        (FieldCode::TooShort, Lang::Zh) => format!("至少 {b} 个字"),
        (FieldCode::TooShort, Lang::En) => format!("{b} characters at the least"),
        (FieldCode::NotANumber, _) => lang.t("请写数字，例如 12.5", "Write a number, like 12.5").into(),
        (FieldCode::TooSmall, Lang::Zh) => format!("不能小于 {b}"),
        (FieldCode::TooSmall, Lang::En) => format!("Not below {b}"),
        (FieldCode::TooLarge, Lang::Zh) => format!("不能大于 {b}"),
        (FieldCode::TooLarge, Lang::En) => format!("Not above {b}"),
        (FieldCode::NotAStep, Lang::Zh) => format!("请按 {b} 的倍数填写"),
        (FieldCode::NotAStep, Lang::En) => format!("In steps of {b}"),
        (FieldCode::NotADay, _) => lang
            .t("请写日期，例如 2026-11-21", "Write a day, like 2026-11-21")
            .into(),
        (FieldCode::TooEarly, Lang::Zh) => format!("不能早于 {b}"),
        (FieldCode::TooEarly, Lang::En) => format!("Not before {b}"),
        (FieldCode::TooLate, Lang::Zh) => format!("不能晚于 {b}"),
        (FieldCode::TooLate, Lang::En) => format!("Not after {b}"),
        (FieldCode::Unknown, _) => lang
            .t("没有这一项，请检查", "There is no such thing; please check")
            .into(),
        (FieldCode::NotAChoice, _) => lang.t("请从给出的选项里选", "Choose one of those listed").into(),
        (FieldCode::Taken, _) => lang
            .t("已被使用，请换一个", "Taken already; choose another")
            .into(),
        (FieldCode::CommonPassword, _) => lang
            .t("这个密码太常见，请换一个", "Too common a password; choose another")
            .into(),
        (FieldCode::NotTheSame, _) => lang.t("两次填写的不一样", "The two are not the same").into(),
        (FieldCode::BadCharacters, _) => lang
            .t("有不能用的字符", "Some characters cannot be used here")
            .into(),
        (FieldCode::NotYours, _) => lang.t("不属于您的单位或村", "Not of your unit or village").into(),
        (FieldCode::WrongCode, _) => lang
            .t(
                "验证码不对、已过时或已用过，请用最新的一个",
                "The code is wrong, old or used; take the newest one",
            )
            .into(),
        (FieldCode::WrongCheck, _) => lang
            .t(
                "校验码不对，请逐位核对",
                "The check character is wrong; compare it character by character",
            )
            .into(),
        (FieldCode::Gone, Lang::Zh) => format!("{b}已下架或已过保质期，请退回改单"),
        (FieldCode::Gone, Lang::En) => {
            format!("{b} is no longer on sale or has expired; send the request back")
        }
        (FieldCode::NobodyThere, _) => lang
            .t(
                "单位还没有审批人，请先请管理员授予审批人身份",
                "The unit has no approver yet; ask the administrator to grant the role first",
            )
            .into(),
        (FieldCode::Overlaps, Lang::Zh) => format!("与已有的时间重叠：{b}"),
        (FieldCode::Overlaps, Lang::En) => format!("Overlaps {b}"),
        (FieldCode::NotACertificate, _) => lang
            .t(
                "请照证书抄写，例如 LB-15-2201020001A、GF120119220001、123OP2200001、AGI01234",
                "Copy it from the certificate, like LB-15-2201020001A, GF120119220001, 123OP2200001, AGI01234",
            )
            .into(),
        (FieldCode::ReasonNeeded, _) => lang.t("请写明原因", "Please give the reason").into(),
    }
}
