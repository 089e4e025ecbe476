"""What every paper says of its loan: who owes it, under which contract, on which terms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.contracts import queries as contracts
from app.credit import queries as credit
from app.customers import queries as customers
from app.kernel.money import format_yuan
from app.loans.models import Loan
from app.loans.papers.blocks import Both, chinese_day, facts, percent
from app.loans.papers.standing import Terms

METHODS: dict[str, Both] = {
    "equal_instalment": ("等额本息", "equal instalments"),
    "equal_principal": ("等额本金", "equal principal"),
    "interest_only": ("先息后本", "interest only, principal at maturity"),
    "bullet": ("一次性还本付息", "all at maturity"),
    "custom": ("约定还款计划", "agreed plan"),
}
KINDS: dict[str, Both] = {
    "disbursement": ("贷款发放", "Disbursement"),
    "instalment": ("按期还款", "Instalment"),
    "due": ("归还到期款项", "What was due"),
    "prepayment": ("提前还部分本金", "Part prepayment"),
    "payoff": ("提前结清", "Pay-off"),
    "reversal": ("还款冲正", "Reversal"),
    "waiver": ("减免", "Waiver"),
}
MODES: dict[str, Both] = {
    "lower_instalment": ("每期少还", "lower instalments"),
    "shorter_term": ("提前还完", "a shorter term"),
}
STATES: dict[str, Both] = {
    "active": ("正常还款中", "being repaid"),
    "overdue": ("已逾期", "overdue"),
    "written_off": ("已核销，债务仍在", "written off by the bank, still owed"),
    "settled": ("已结清", "settled"),
}


def kind_name(kind: str) -> str:
    """What a movement is called in Chinese; one that papers do not know yet stands under its own name."""
    return KINDS.get(kind, (kind, kind))[0]


def still_owed(loan: Loan) -> tuple[str, ...]:
    """What a write-off means for who owes, in plain words; nothing for a loan that is not written off, or settled."""
    if loan.status != "written_off" or loan.written_off_on is None:
        return ()
    return written_off_words(loan.written_off_on)


def written_off_words(on: date) -> tuple[str, str]:
    """That the bank's book has changed, and nothing for who owes."""
    return (
        f"本行已于 {chinese_day(on)}将本笔贷款核销，转入表外管理。核销不是免除：债务照旧，"
        "收到的每一笔还款都如数抵减你的欠款。",
        "The Bank has moved this debt off its main books (write-off). It is not forgiven: it is owed as before, and "
        "every payment counts in full against it.",
    )


@dataclass(frozen=True)
class Subject:
    """The parties and names of one loan."""

    loan_no: str
    contract_no: str
    borrower: str
    uscc: str
    product: Both


def subjects(session: Session, loans: Sequence[Loan]) -> dict[UUID, Subject]:
    """By loan, read from the capabilities that know: three statements for any number of loans."""
    products = credit.product_names(session, {loan.application_id for loan in loans})
    numbers = contracts.contract_numbers(session, {loan.contract_id for loan in loans})
    borrowers = customers.enterprises(session, {loan.enterprise_id for loan in loans})
    return {
        loan.id: Subject(
            loan_no=loan.loan_no,
            contract_no=numbers[loan.contract_id],
            borrower=borrowers[loan.enterprise_id].name,
            uscc=borrowers[loan.enterprise_id].uscc,
            product=(products[loan.application_id].zh, products[loan.application_id].en),
        )
        for loan in loans
    }


def loan_facts(found: Subject, loan: Loan, terms: Terms) -> dict[str, Any]:
    """The block with which statement and schedule begin; `terms` as they are on the paper's day."""
    return facts(
        (("借款人", "Borrower"), found.borrower),
        (("统一社会信用代码", "Credit code"), found.uscc),
        (("借据编号", "Loan no."), found.loan_no),
        (("合同编号", "Contract no."), found.contract_no),
        (("产品", "Product"), found.product[0]),
        (("借款金额", "Amount"), f"{format_yuan(loan.principal_fen)} 元"),
        (("年利率（单利）", "Annual rate"), percent(terms.annual_rate)),
        (("还款方式", "Repayment"), f"{METHODS[terms.method][0]}，{terms.term_months} 个月"),
        (("放款日", "Disbursed on"), chinese_day(loan.start_on)),
        (("状态", "Status"), STATES[terms.state][0]),
    )
