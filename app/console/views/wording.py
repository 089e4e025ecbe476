"""Words for states and kinds, in both languages, with the tone of their tags: the same words customers see."""

from __future__ import annotations

from collections.abc import Mapping

from app.console.views import credit_wording, debit_wording, money_wording, partner_wording, relief_wording
from app.console.views.words import Word

APPLICATION: Mapping[str, Word] = {
    "submitted": Word("go", "已提交", "submitted"),
    "deciding": Word("go", "审批中", "deciding"),
    "waiting_data": Word("hollow", "等数据", "waiting for data"),
    "approved": Word("ok", "已批准", "approved"),
    "declined": Word("bad", "这次没有批", "declined"),
    "signing": Word("go", "待签约", "signing"),
    "effective": Word("go", "放款中", "paying out"),
    "drawn": Word("ok", "已放款", "paid out"),
    "withdrawn": Word("hollow", "已撤回", "withdrawn"),
    "expired": Word("hollow", "已过期", "expired"),
    "closed": Word("hollow", "已关闭", "closed"),
}
LOAN: Mapping[str, Word] = {
    "active": Word("go", "还款中", "repaying"),
    "overdue": Word("bad", "逾期", "overdue"),
    "written_off": Word("bad", "已核销", "written off"),
    "settled": Word("ok", "已结清", "settled"),
}
INSTALMENT: Mapping[str, Word] = {
    "due": Word("hollow", "未到期", "not yet paid"),
    "due_today": Word("warn", "今天应还", "due today"),
    "overdue": Word("bad", "逾期", "overdue"),
    "paid": Word("ok", "已还", "paid"),
    "payoff": Word("ok", "提前结清", "paid off early"),
    "prepaid": Word("ok", "提前还本", "paid early in part"),
    "replaced": Word("hollow", "已替换", "replaced"),
}
REPAYMENT: Mapping[str, Word] = {
    "opened": Word("hollow", "已发起", "opened"),
    "paying": Word("go", "付款处理中", "paying"),
    "applied": Word("ok", "已入账", "booked"),
    "closed": Word("hollow", "已取消", "cancelled"),
    "reversed": Word("bad", "已冲正", "taken back"),
}
NOTICE: Mapping[str, Word] = {
    "credited": Word("ok", "已入账", "credited"),
    "duplicate": Word("hollow", "重复，没有再记", "duplicate, not counted again"),
    "suspense": Word("warn", "待查", "in suspense"),
    "refund": Word("ok", "退款已更新", "refund updated"),
    "unmatched": Word("warn", "退款不是本行发起", "refund not decided here"),
    "ignored": Word("hollow", "与入账无关", "no effect"),
    "refused": Word("bad", "已拒绝", "refused"),
}
TRANSFER: Mapping[str, Word] = {
    "requested": Word("go", "待发送", "to be sent"),
    "sent": Word("go", "银行处理中", "with the bank"),
    "succeeded": Word("ok", "已到账", "arrived"),
    "failed": Word("bad", "没有转成", "failed"),
    "held": Word("warn", "停住待查", "held"),
}
WEBHOOK: Mapping[str, Word] = {
    "delivered": Word("ok", "已送达", "delivered"),
    "answered": Word("warn", "对方没有收下", "not accepted"),
    "timeout": Word("warn", "对方没有及时回答", "timed out"),
    "unreachable": Word("warn", "连不上", "unreachable"),
    "tls": Word("bad", "证书不对", "certificate wrong"),
    "broken": Word("warn", "回答不完整", "broken answer"),
    "blocked": Word("bad", "地址不许访问", "address not allowed"),
}
CUSTOMER: Mapping[str, Word] = {
    "phone": Word("hollow", "仅手机号", "phone only"),
    "identified": Word("ok", "已实名", "identified"),
}
CLASS_CHANGE: Mapping[str, Word] = {
    "confirmed": Word("ok", "已上调", "confirmed"),
    "rejected": Word("hollow", "没有同意", "rejected"),
}
BUSINESS_DAY: Mapping[str, Word] = {
    "open": Word("hollow", "未结", "open"),
    "closing": Word("go", "日终中", "closing"),
    "closed": Word("ok", "已结", "closed"),
}
TABLES = {
    "business_day": BUSINESS_DAY,
    "class_change": CLASS_CHANGE,
    "application": APPLICATION,
    "loan": LOAN,
    "instalment": INSTALMENT,
    "repayment": REPAYMENT,
    "notice": NOTICE,
    "transfer": TRANSFER,
    "webhook": WEBHOOK,
    "customer": CUSTOMER,
    **money_wording.TABLES,
    **credit_wording.TABLES,
    **debit_wording.TABLES,
    **partner_wording.TABLES,
}

PHRASES: Mapping[str, tuple[str, str]] = {
    "reviewer": ("审批岗", "Reviewer"),
    "finance": ("财务岗", "Finance"),
    "operations": ("运营岗", "Operations"),
    "admin": ("管理岗", "Administrator"),
    "equal_instalment": ("等额本息", "equal instalments"),
    "equal_principal": ("等额本金", "equal principal"),
    "interest_only": ("先息后本", "interest only"),
    "bullet": ("一次性还本付息", "bullet"),
    "instalment": ("还一期", "one instalment"),
    "due": ("还到期款", "what is due"),
    "payoff": ("提前结清", "early pay-off"),
    "prepayment": ("提前还部分本金", "part prepayment"),
    "class_1": ("正常", "normal"),
    "class_2": ("关注", "special mention"),
    "class_3": ("次级", "substandard"),
    "class_4": ("可疑", "doubtful"),
    "class_5": ("损失", "loss"),
    "staff.reason_needed": ("写清理由（4 到 200 个字）。", "Say why, in 4 to 200 characters."),
    "loan_class.proposal_over": ("这一条已经有结论，没有再改。", "This was decided before; nothing changed."),
    "loan_class.proposal_unknown": ("没有这一条。", "There is no such proposal."),
    "legal_rep": ("法定代表人", "legal representative"),
    "handler": ("经办人", "handler"),
    "registry": ("企业登记信息", "company register"),
    "bureau": ("征信机构", "credit bureau"),
    "tax": ("税务和发票", "tax and invoices"),
    "asked": ("没有回答", "no answer yet"),
    "answered": ("已回答", "answered"),
    "nothing": ("查无此户", "knows no such subject"),
    "privacy_terms": ("个人信息处理规则", "Privacy and terms"),
    "identity_check": ("身份核验", "Identity check"),
    "bureau_query": ("征信查询", "Credit record"),
    "tax_data": ("涉税信息", "Tax records"),
    "invoice_data": ("发票与收款", "Invoices and receipts"),
    "name": ("姓名", "Name"),
    "phone": ("手机号码", "Phone"),
    "id_no": ("身份证号码", "ID number"),
    "mini": ("小程序", "mini-program"),
    "h5": ("公众号网页", "WeChat page"),
    "lpr": ("LPR 一年期", "LPR 1 year"),
    "product": ("产品加点", "product"),
    "grade": ("评级加点", "grade"),
    "term": ("期限加点", "term"),
    "returning": ("老客户优惠", "returning customer"),
    "floor": ("产品下限", "product floor"),
    "cap": ("产品上限", "product cap"),
    "goods": ("采购货物", "goods"),
    "materials": ("采购原料", "materials"),
    "equipment": ("购买设备", "equipment"),
    "working_capital": ("日常周转", "working capital"),
    "database": ("数据库", "Database"),
    "migrations": ("数据库版本", "Database version"),
    "worker": ("后台任务", "Worker"),
    "roles": ("数据库权限", "Database roles"),
    "redis": ("缓存", "Cache"),
    "transfer_sent": ("放款划出", "transfer sent"),
    "transfer_returned": ("放款退回", "transfer returned"),
    "loan_disbursed": ("贷款发放", "loan paid out"),
    "loan_repriced": ("补作重定价", "repriced late"),
    "repayment_reversal": ("还款冲正", "repayment taken back"),
    "repayment_redivided": ("还款重新分配", "repayments divided anew"),
    "repayment": ("还款入账", "repayment"),
    "payment_unmatched": ("来款待查", "unmatched payment"),
    "end_of_day": ("日终计提", "end of day"),
    "waiver": ("减免", "waiver"),
    "write_off": ("贷款核销", "write-off"),
    "recovery": ("收回已核销贷款", "recovery"),
    "recovery_reversal": ("收回已核销贷款冲正", "recovery taken back"),
    "loss_provided": ("计提贷款损失准备", "allowance for losses"),
    "loss_released": ("转回贷款损失准备", "allowance released"),
    "submit": ("提交", "submitted"),
    "collect": ("开始取数", "collecting data"),
    "source_down": ("数据源没有回答", "source down"),
    "sources_back": ("数据源恢复", "sources back"),
    "approve": ("批准", "approved"),
    "decline": ("没有批", "declined"),
    "prepare_signing": ("生成合同", "contract prepared"),
    "contract_signed": ("合同签署", "contract signed"),
    "draw": ("放款完成", "paid out"),
    "draw_fails": ("放款没有成功", "pay-out failed"),
    "withdraw": ("客户撤回", "withdrawn"),
    "expire": ("过期", "expired"),
    # what became of a payment notice, and why
    "notice_matched": ("金额、付款人和订单都对上", "amount, payer and order fit"),
    "notice_other_merchant": ("不是本商户的款", "another merchant's money"),
    "notice_not_success": ("还没有付成", "not paid yet"),
    "notice_other_currency": ("不是人民币", "not in CNY"),
    "notice_order_unknown": ("没有这个订单", "no such order"),
    "notice_other_app": ("不是本应用发起的", "started in another app"),
    "notice_amount_differs": ("金额和订单不一样", "the amount is not the order's"),
    "notice_refunded": ("在商户平台上退过款", "refunded elsewhere"),
    "notice_payer_paid_less": ("客户用了优惠，实付不足", "the payer paid less, by a coupon"),
    "notice_other_payer": ("付款人不是客户本人", "somebody else paid"),
    "notice_paid_after_close": ("订单关闭后才付", "paid after the order was closed"),
    "notice_paid_twice": ("同一订单付了两次", "the order was paid twice"),
    "notice_headers": ("缺签名信息", "signature headers are missing"),
    "notice_timestamp": ("时间戳过旧", "its time stamp is too old"),
    "notice_serial": ("证书序号不认识", "unknown certificate serial"),
    "notice_signature": ("验签没有通过", "the signature is wrong"),
    "notice_decrypt": ("解密没有成功", "it could not be decrypted"),
    "notice_shape": ("内容格式不对", "its content is malformed"),
}


def word(kind: str, status: str) -> Word:
    """The tag of a status; an unknown one is shown as it is stored rather than hidden."""
    return TABLES[kind].get(status, Word("plain", status, status))


def phrase(key: str) -> tuple[str, str]:
    """What a stored word is called; an unknown one is shown as it is."""
    others = (money_wording, credit_wording, debit_wording, relief_wording, partner_wording)
    tables = (PHRASES, *(one.PHRASES for one in others))
    return next((known[key] for known in tables if key in known), (key, key))
