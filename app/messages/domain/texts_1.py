"""The first versions of the texts, as they were published."""

from __future__ import annotations

from collections.abc import Mapping

from app.messages.domain.words import Text, Words

FIRST: Mapping[tuple[str, int], Text] = {
    ("approved", 1): Text(
        Words("审批通过", "您的贷款申请已通过，批准金额 {amount}。请在有效期内查看费用明细并签署合同。"),
        Words("Approved", "Your application is approved for {amount}. Read the cost sheet and sign while it is valid."),
        "请查看费用明细并签署合同",
    ),
    ("declined", 1): Text(
        Words("审批结果", "您的贷款申请未通过。原因和您可以做的事，请在申请详情里查看。"),
        Words("Decision", "Your application was not approved. The reasons and what you can do are on its page."),
        "请打开申请查看结果和说明",
    ),
    ("disbursed", 1): Text(
        Words("放款成功", "贷款 {amount} 已付给收款方，今天起计息。还款计划可在借款详情里查看。"),
        Words("Paid out", "The loan of {amount} was paid to the payee; interest runs from today."),
        "已付给收款方，今天起计息",
    ),
    ("paid", 1): Text(
        Words("还款入账", "已收到您的还款 {amount} 并入账。收据可在还款记录里查看。"),
        Words("Payment booked", "Your payment of {amount} is booked. The receipt is among your repayments."),
        "还款已入账，可查看收据",
    ),
    ("payment_reversed", 1): Text(
        Words("还款已冲正", "您的一笔还款 {amount} 被退回或撤销，已按未收到处理。请尽快重新还款，有疑问请致电银行。"),
        Words("Payment taken back", "Your payment of {amount} was returned; it does not count. Please pay again."),
        "还款被退回，请尽快重新还款",
    ),
    ("waived", 1): Text(
        Words("费用减免", "经审批，您的贷款已减免 {amount}，不再要求您支付。减免后的应还金额可在借款详情里查看。"),
        Words("Amount waived", "The bank has waived {amount} of your loan. What is left is on the loan's page."),
        "已减免，剩余应还可在借款里查看",
    ),
    ("settled", 1): Text(
        Words("贷款结清", "您的一笔贷款已全部结清，不再欠款。"),
        Words("Settled", "One of your loans is settled; nothing is owed on it any more."),
        "贷款已结清，不再欠款",
    ),
    ("terms_changed", 1): Text(
        Words("借款变更", "您的一笔借款自 {effective_on} 起变更：{what}。新的还款计划可在借款详情里查看。"),
        Words("Loan changed", "From {effective_on} your loan has {what}. The new schedule is on the loan's page."),
        "借款有变更，请查看还款计划",
    ),
    ("due_soon", 1): Text(
        Words("还款提醒", "您有一期还款 {amount} 将于 {due_on} 到期。请在当天结束前还款。"),
        Words("Payment due soon", "An instalment of {amount} falls due on {due_on}. Please pay by the end of the day."),
        "请在到期日结束前还款",
    ),
    ("overdue", 1): Text(
        Words("逾期提醒", "您应于 {due_on} 归还的 {amount} 尚未到账。请尽快还款；如有困难，请联系我们商量。"),
        Words("Payment overdue", "{amount} due on {due_on} has not arrived. Please pay soon, or talk to us."),
        "请尽快还款，有困难请联系我们",
    ),
    ("appointment", 1): Text(
        Words("预约成功", "您已预约 {at} 在 {place} 办理业务，请带好身份证件。"),
        Words("Appointment", "You are expected on {at} at {place}. Please bring your ID."),
        "请带好身份证件按时到达",
    ),
    ("appointment_cancelled", 1): Text(
        Words("预约已取消", "您 {at} 在 {place} 的预约已取消，不必前往。需要改时间请联系银行。"),
        Words("Appointment cancelled", "You are not expected on {at} at {place} any more. Call us for another time."),
        "预约已取消，不必前往",
    ),
    ("debit_failed", 1): Text(
        Words("扣款未成功", "从您的银行账户扣款 {amount} 未成功，请保证账户余额充足，或者用其他方式还款。"),
        Words("Debit failed", "{amount} could not be taken from your bank account. Top it up, or repay otherwise."),
        "请保证账户余额或改用其他方式",
    ),
    ("mandate_stopped", 1): Text(
        Words("自动还款已停用", "您的银行账户已不能扣款，自动还款已停用。请更换账户，或者用其他方式还款。"),
        Words("Automatic repayment stopped", "Your bank account cannot be debited any more. Name another one."),
        "请更换账户或改用其他方式",
    ),
    ("phone_changed", 1): Text(
        Words("手机号已更换", "您的登录手机号已更换为 {phone}。如非本人操作，请立即致电银行。"),
        Words("Phone changed", "Your sign-in phone is now {phone}. If this was not you, call the bank at once."),
        "如非本人操作请立即致电银行",
    ),
}

