"""Words of reconciliation, refunds and decisions about money, in both languages, with the tone of their tags."""

from __future__ import annotations

from collections.abc import Mapping

from app.console.views.words import Word

DIFFERENCE: Mapping[str, Word] = {
    "missing_here": Word("bad", "我方没有", "missing here"),
    "missing_there": Word("bad", "对方没有", "missing there"),
    "amount": Word("bad", "金额不同", "amount differs"),
    "duplicate": Word("warn", "重复", "duplicate"),
    "cut_off": Word("go", "跨日", "other day"),
    "state": Word("warn", "状态不同", "state differs"),
    "fee": Word("warn", "手续费不同", "fee differs"),
    "foreign_merchant": Word("bad", "不是本商户", "foreign merchant"),
    "truncated": Word("bad", "文件不全", "truncated file"),
    "wrong_totals": Word("bad", "合计不对", "wrong totals"),
    "reissued": Word("warn", "账单重出", "re-issued"),
    "refund_missing": Word("bad", "缺退款", "refund missing"),
    "unknown": Word("warn", "看不懂的行", "unknown row"),
}
SETTLED: Mapping[str, Word] = {
    "open": Word("warn", "待处理", "open"),
    "explained": Word("ok", "已说明", "explained"),
    "corrected": Word("ok", "已更正", "corrected"),
    "gone": Word("hollow", "已自行消除", "gone by itself"),
}
DAY: Mapping[str, Word] = {
    "explained": Word("ok", "全部对上", "explained"),
    "differences": Word("warn", "有差异", "differences"),
    "waiting": Word("hollow", "等账单", "waiting for the bill"),
}
PROPOSAL: Mapping[str, Word] = {
    "proposed": Word("go", "待复核", "to be decided"),
    "approved": Word("ok", "已同意", "approved"),
    "rejected": Word("hollow", "没有同意", "rejected"),
}
REFUND: Mapping[str, Word] = {
    "requested": Word("go", "待发出", "to be sent"),
    "processing": Word("go", "退款处理中", "processing"),
    "succeeded": Word("ok", "已退回", "refunded"),
    "abnormal": Word("bad", "退不到原账户", "cannot reach the account"),
    "closed": Word("bad", "退款关闭", "closed"),
    "refused": Word("bad", "微信没有受理", "refused"),
}
TABLES = {"difference": DIFFERENCE, "settled": SETTLED, "day": DAY, "proposal": PROPOSAL, "refund": REFUND}

PHRASES: Mapping[str, tuple[str, str]] = {
    "wechat_trade": ("微信交易账单", "WeChat trade bill"),
    "wechat_funds": ("微信资金账单", "WeChat fund-flow bill"),
    "core_bank": ("核心系统流水", "Core-bank statement"),
    "do_refund": ("原路退回", "refund"),
    "do_match": ("核销到借款", "match to a loan"),
    "do_release": ("原号重发", "send again under its number"),
    "do_give_up": ("确认没有转成", "end as not paid"),
    "do_ask": ("再问一次对方", "ask the other side again"),
    "do_correct": ("按对方记账", "post what they say"),
    "do_accept": ("说明并关闭", "explain and close"),
    "do_outside_refund": ("登记商户平台退款", "book a refund made outside"),
    "do_fetch": ("重新取账单", "fetch the bill again"),
    "do_reverse_bounced": ("冲正：扣款被退回", "take back: the debit bounced"),
    "do_reverse_chargeback": ("冲正：付款人拒付", "take back: the payer disputed it"),
    "do_wrong_loan": ("冲正并记到另一笔借款", "take back and book on another loan"),
    "in_order_unknown": ("没有这个订单", "order unknown"),
    "in_other_app": ("应用不同", "other app"),
    "in_amount_differs": ("金额不同", "amount differs"),
    "in_refunded": ("对方显示已退款", "shown as refunded"),
    "in_payer_paid_less": ("付款人实付较少", "payer paid less"),
    "in_other_payer": ("付款人不同", "other payer"),
    "in_paid_after_close": ("关单后到账", "paid after close"),
    "in_paid_twice": ("重复付款", "paid twice"),
    "proposal.own": ("自己提的不能自己定，请另一位同事复核。", "Somebody else has to decide what you proposed."),
    "proposal.not_your_role": ("你的岗位不能做这一步。", "Your role does not do this."),
    "proposal.already_open": ("这一笔已有待复核的处理，先定那一件。", "Something is proposed for this already."),
    "proposal.impossible": ("这样处理不了这一笔，请核对金额和借据号。", "Not possible: check sum and loan number."),
    "proposal.reason_missing": ("写清楚理由，4 到 200 个字。", "Say why, in 4 to 200 characters."),
    "proposal.unknown": ("没有找到这件处理。", "There is no such proposal."),
    "difference.closed": ("这条差异已经处理了。", "This difference is settled."),
    "refund.too_large": ("金额超过还能退的部分。", "More than what is left."),
    "payment.not_in_suspense": ("这笔款不在待查里。", "This payment is not in suspense."),
    "loan.credit_too_small": ("客户的多付款没有这么多。", "The customer has less credit."),
    "state.not_allowed_now": ("状态已经变了，请重新看一下。", "Its state has changed: look again."),
    "reversal.not_booked": ("这笔还款没有入账，不能冲正。", "This payment is not booked."),
    "reversal.already_reversed": ("这笔还款已经冲正过。", "This payment was taken back before."),
    "reversal.credit_gone": ("多付的钱已退给客户，不能冲正，请人工处理。", "What was overpaid has gone back already."),
    "reversal.day_being_closed": ("正在日终，几分钟后再试。", "A day is being closed; try again in a few minutes."),
    "loan.history_not_rebuildable": (
        "这笔借款改过条件或数字，不能自动重算，请人工处理。",
        "This loan was changed in a way that cannot be replayed; correct it by hand.",
    ),
    "loan.unknown": ("没有这个借据号。", "There is no such loan."),
    # as the other side's files and notices write it
    "SUCCESS": ("成功", "succeeded"),
    "REFUND": ("有退款", "refunded"),
    "REVOKED": ("已撤销", "revoked"),
    "PROCESSING": ("处理中", "processing"),
    "ABNORMAL": ("异常", "abnormal"),
    "CLOSED": ("已关闭", "closed"),
    "FAILED": ("没有成功", "failed"),
    "booked": ("已记账", "booked"),
    "in": ("进", "in"),
    "out": ("出", "out"),
    "fee": ("手续费", "fee"),
    "TRANSACTION.SUCCESS": ("支付成功", "payment succeeded"),
    "REFUND.SUCCESS": ("退款成功", "refund succeeded"),
    "REFUND.ABNORMAL": ("退款异常", "refund abnormal"),
    "REFUND.CLOSED": ("退款关闭", "refund closed"),
}
