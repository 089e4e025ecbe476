"""What the bank declares about a loan: what settles it today, and that it is settled."""

from __future__ import annotations

from datetime import date
from typing import Any

from app.engine.uppercase import uppercase
from app.kernel.money import format_yuan
from app.loans import domain
from app.loans.models import Loan
from app.loans.papers import blocks
from app.loans.papers.blocks import Both, chinese_day
from app.loans.papers.statement_papers import content_number
from app.loans.papers.subjects import Subject, still_owed
from config.settings import Bank

SEAL: Both = ("电子签章", "electronically sealed (PAdES)")


def pay_off_letter(loan: Loan, found: Subject, quote: domain.PayOff, bank: Bank) -> dict[str, Any]:
    """What settles the loan on the day of the quote, valid to the end of that day."""
    day, total = chinese_day(quote.valid_on), format_yuan(quote.total_fen)
    body = {
        "addressee": found.borrower,
        "paragraphs": [
            f"下列贷款如在 {day}当天结清，应付人民币 {total} 元（大写：{uppercase(quote.total_fen)}）。",
            *still_owed(loan)[:1],
        ],
        "rows": [
            *_names(loan, found),
            _row(("剩余本金", "Principal"), _yuan(quote.principal_fen)),
            _row(("截至当日的利息", "Interest to the day"), _yuan(quote.interest_fen)),
            *([_row(("罚息", "Penalty interest"), _yuan(quote.penalty_fen))] if quote.penalty_fen else []),
            _row(("合计", "Total"), _yuan(quote.total_fen), strong=True),
        ],
        "closing": [
            f"以上金额在 {day} 24 时前有效，过后利息会变，请重新索取。{_saved(quote)}",
            *(["付清以上金额后，本笔贷款即告结清，可以开具结清证明。"] if still_owed(loan) else []),
        ],
        "english": [
            f"CNY {total} settles loan {loan.loan_no} on {quote.valid_on}. Valid until 24:00 on that day (China). "
            "No fee is charged for early repayment.",
            *still_owed(loan)[1:],
        ],
        "made_on": day,
        "seal": None,
    }
    number = content_number(f"JF-{quote.valid_on:%Y%m%d}", body)
    return blocks.paper(("结清金额告知函", "Pay-off letter"), number, quote.valid_on, bank) | body


def _saved(quote: domain.PayOff) -> str:
    if quote.interest_saved_fen <= 0:
        return "本行不收提前还款费用。"
    return f"与按计划还款相比，当天结清少付利息 {format_yuan(quote.interest_saved_fen)} 元；本行不收提前还款费用。"


def settlement_certificate(
    loan: Loan, found: Subject, *, settled_on: date, made_on: date, number: str, bank: Bank, waived_fen: int = 0
) -> dict[str, Any]:
    """That nothing is owed under the loan any more; to be sealed. What the bank gave up of it is said, and that a claim
    it had written off is at an end."""
    body = {
        "addressee": None,
        "paragraphs": [
            f"兹证明：{found.borrower}在本行的下列贷款，本金、利息及其他应付款项已于 {chinese_day(settled_on)}"
            f"{_how_settled(waived_fen)}，贷款已经结清。",
            *([_claim_over(loan.written_off_on)] if loan.written_off_on else []),
        ],
        "rows": [
            _row(("借款人", "Borrower"), found.borrower),
            _row(("统一社会信用代码", "Unified social credit code"), found.uscc),
            *_names(loan, found),
            _row(("借款金额", "Amount lent"), _yuan(loan.principal_fen), strong=True),
            _row(("大写", "In words"), uppercase(loan.principal_fen)),
            _row(("放款日", "Disbursed on"), chinese_day(loan.start_on)),
            _row(("结清日", "Settled on"), chinese_day(settled_on), strong=True),
        ],
        "closing": ["特此证明。"],
        "english": [
            "This is to certify that the loan named above, with all interest and charges, was "
            f"{'settled, a part of it waived,' if waived_fen else 'repaid in full'} on {settled_on}.",
            "本证明以 PDF 文件中的数字签名为准，可用 PDF 阅读器查看签名人和时间戳；打印件可凭编号向本行核实。",
            "The digital signature in the PDF file counts; a print can be verified with the Bank by its number.",
        ],
        "made_on": chinese_day(made_on),
        "seal": blocks.words(SEAL),
    }
    return blocks.paper(("结清证明", "Certificate of settlement"), number, made_on, bank) | body


def _how_settled(waived_fen: int) -> str:
    return f"全部结清（其中经本行减免 {format_yuan(waived_fen)} 元）" if waived_fen else "全部还清"


def _claim_over(written_off_on: date) -> str:
    return f"本笔贷款曾于 {chinese_day(written_off_on)}核销，现已结清，本行对其不再有任何债权。"


def _names(loan: Loan, found: Subject) -> list[dict[str, Any]]:
    return [
        _row(("借据编号", "Loan no."), loan.loan_no),
        _row(("合同编号", "Contract no."), found.contract_no),
    ]


def _row(name: Both, value: str, *, strong: bool = False) -> dict[str, Any]:
    return {**blocks.words(name), "value": value, "strong": strong}


def _yuan(fen: int) -> str:
    return f"{format_yuan(fen)} 元"
