"""The receipt of a payment: what came in, how it was used, what is left."""

from __future__ import annotations

from typing import Any

from app.engine.uppercase import uppercase
from app.kernel.clock import CHINA
from app.kernel.money import format_yuan
from app.loans import domain
from app.loans.models import Loan, Repayment
from app.loans.papers import blocks
from app.loans.papers.blocks import Both, Column, number_column, yuan
from app.loans.papers.statements import Movement
from app.loans.papers.subjects import MODES, Subject, kind_name, written_off_words
from app.payments.queries import OrderView
from config.settings import Bank

_COLUMNS = (
    Column("用途", "Used for"),
    Column("说明", "In English", share=2),
    number_column("金额（元）", "CNY"),
)


def check_booked(repayment: Repayment) -> None:
    """Raises NoReceipt before the payment is booked."""
    if repayment.status != "applied" or repayment.paid_at is None:
        raise domain.NoReceipt("The payment is not booked yet.", status=repayment.status)


def paper(
    repayment: Repayment, loan: Loan, found: Subject, used: Movement, order: OrderView | None, bank: Bank
) -> dict[str, Any]:
    """The receipt in words. `used` is the payment's line in the loan's movements; money without an order of its own was
    brought in at a counter or by transfer, or by the merchant."""
    assert repayment.paid_at is not None
    received_fen = used.received_fen
    parts = [
        blocks.amount(("本行收到", "Received"), received_fen, uppercase(received_fen)),
        blocks.facts(
            (("借款人", "Borrower"), found.borrower),
            (("收款时间", "Received at"), f"{repayment.paid_at.astimezone(CHINA):%Y-%m-%d %H:%M:%S}"),
            (("借据编号", "Loan no."), loan.loan_no),
            (("合同编号", "Contract no."), found.contract_no),
            (("还款种类", "Kind"), _kind(repayment)),
            (("付款方式", "Paid by"), _way(repayment, order)),
            (("支付单号", "Order no."), order.out_trade_no if order else "—"),
            (("还后剩余本金", "Principal left"), f"{format_yuan(used.balance_fen)} 元"),
        ),
        blocks.table(
            ("款项用途（元）", "How it was used, CNY"),
            _COLUMNS,
            [(name[0], name[1], yuan(fen)) for name, fen in _uses(used, repayment.interest_returned_fen or 0)],
            ("合计", "Total", yuan(received_fen)),
        ),
        blocks.notes(
            *(written_off_words(loan.written_off_on) if repayment.recovered and loan.written_off_on else ()),
            "本回单由系统根据入账记录生成。“多付款”是超过应还金额的部分，存在你的名下，可以退回。",
            "Made from the Bank's books. What was paid beyond what was owed is your credit and can be refunded.",
        ),
    ]
    return blocks.paper(("还款回单", "Repayment receipt"), repayment.receipt_no, used.on, bank, parts)


def _way(repayment: Repayment, order: OrderView | None) -> str:
    if order:
        return "银行账户扣款 Direct debit" if order.pay_by == "bank_account" else "微信支付 WeChat Pay"
    return "商户退货退款 Merchant" if repayment.paid_by == "merchant" else "柜面或转账 Counter or transfer"


def _kind(repayment: Repayment) -> str:
    name = kind_name(repayment.kind)
    if repayment.mode:
        return f"{name}（{MODES[repayment.mode][0]}）"
    return f"{name}（第 {repayment.instalment_number} 期）" if repayment.instalment_number else name


def _uses(used: Movement, returned_fen: int) -> list[tuple[Both, int]]:
    every: list[tuple[Both, int]] = [
        (("本金", "Principal"), used.principal_fen),
        (("利息", "Interest"), used.interest_fen + returned_fen),
        (("退回未用天数的利息", "Interest returned for days not used"), -returned_fen),
        (("罚息及费用", "Penalty interest and charges"), used.charges_fen),
        (("多付款", "Credit"), used.credit_fen),
    ]
    return [(name, fen) for name, fen in every if fen]
