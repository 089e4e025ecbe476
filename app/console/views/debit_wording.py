"""Words of debits, their files, what did not fit and what to do about it, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from app.console.views.words import Word

BATCH: Mapping[str, Word] = {
    "made": Word("go", "待发送", "to be sent"),
    "sent": Word("go", "等结果", "waiting for results"),
    "done": Word("ok", "全部有结果", "all results are here"),
    "held": Word("bad", "停住待查", "held"),
}
DEBIT: Mapping[str, Word] = {
    "requested": Word("hollow", "待入文件", "in no file yet"),
    "filed": Word("go", "银行处理中", "with the bank"),
    "withdrawn": Word("hollow", "已放弃", "given up"),
    "succeeded": Word("ok", "已扣到", "collected"),
    "failed": Word("warn", "没有扣到", "not collected"),
    "returned": Word("bad", "被退回", "returned"),
}
MANDATE: Mapping[str, Word] = {
    "checking": Word("hollow", "核对中", "being checked"),
    "refused": Word("hollow", "核对没有通过", "check failed"),
    "checked": Word("hollow", "待客户确认", "to be confirmed"),
    "active": Word("ok", "有效", "in force"),
    "suspended": Word("bad", "账户不能扣款", "account unusable"),
    "revoked": Word("hollow", "已终止", "ended"),
    "replaced": Word("hollow", "已换账户", "replaced"),
}
FINDING: Mapping[str, Word] = {
    "unknown_line": Word("bad", "不是我们要扣的", "not asked for"),
    "failed_after_success": Word("bad", "先成功后失败", "failed after success"),
    "no_amount": Word("bad", "成功但没有金额", "success without a sum"),
    "returned_unknown": Word("bad", "退回对不上", "a return that fits nothing"),
    "return_not_booked": Word("bad", "退回没有入账", "return not booked"),
    "order_unknown": Word("warn", "没有这个订单", "order unknown"),
    "amount_differs": Word("warn", "金额不同", "amount differs"),
    "paid_after_close": Word("warn", "关单后到账", "paid after close"),
    "paid_twice": Word("warn", "重复扣款", "taken twice"),
    "refunded": Word("warn", "对方显示已退款", "shown as refunded"),
}
TABLES = {"debit_batch": BATCH, "debit": DEBIT, "mandate": MANDATE, "debit_finding": FINDING}

SUSPENSE = ("钱在待查来款里：核对后退回，或核销到借款。", "The money is in suspense: give it back or match it there.")
PHRASES: Mapping[str, tuple[str, str]] = {
    "balance.too_low": ("余额不足", "not enough money"),
    "account.closed": ("账户已销户", "the account was closed"),
    "account.unknown": ("没有这个账户", "no such account"),
    "account.frozen": ("账户被冻结", "the account is frozen"),
    "mandate.unknown": ("付款行没有登记授权", "the bank knows no mandate"),
    "ended_customer": ("客户停止", "by the customer"),
    "ended_another_account": ("换了账户", "another account"),
    "ended_consent_withdrawn": ("授权收回", "consent withdrawn"),
    "ended_account.closed": ("账户已销户", "account closed"),
    "ended_account.unknown": ("没有这个账户", "no such account"),
    "ended_account.frozen": ("账户被冻结", "account frozen"),
    "ended_mandate.unknown": ("付款行没有登记授权", "the bank knows no mandate"),
    "fix_unknown_line": (
        "核心系统多扣了一笔：钱在待查来款里，请核心系统说明，再退给付款人。",
        "The core bank took what we never asked for: the money is in suspense. Ask the core bank, give it back.",
    ),
    "fix_failed_after_success": (
        "这笔已经入账，核心系统又说没有扣到。请核心系统出具说明；真的没有扣到，就在还款页冲正。",
        "It is booked, and the core bank now says it failed. Ask the core bank; if nothing came, take it back.",
    ),
    "fix_no_amount": (
        "结果里没有金额，没有入账。请核心系统重出这个文件的结果。",
        "The result has no sum, nothing was booked. Ask the core bank for the results of this file again.",
    ),
    "fix_returned_unknown": (
        "退回的流水或金额和扣到的不一样，没有动账。请和核心系统核对这笔的流水号。",
        "Serial or sum of the return are not those of the debit; nothing was moved. Compare them with the core bank.",
    ),
    "fix_return_not_booked": (
        "钱已退给付款人，但还款还在借款上，系统每 10 分钟再试。打开还款看为什么不能自动冲正，由人处理。",
        "The money went back but still stands on the loan; it is tried every ten minutes. The repayment says why.",
    ),
    "fix_order_unknown": SUSPENSE,
    "fix_amount_differs": SUSPENSE,
    "fix_paid_after_close": SUSPENSE,
    "fix_paid_twice": SUSPENSE,
    "fix_refunded": SUSPENSE,
    "direct_debit": ("自动还款", "Direct debit"),
    "partner_sharing": ("告知合作方", "Sharing with a partner"),
}
