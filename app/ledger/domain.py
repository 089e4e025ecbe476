"""The chart of accounts and the journal templates, each of which sums to zero for all amounts by construction.

A template names, for every line, an account, a side and the symbol of an amount. The sum of a journal is
Σ side × amount, so a template balances for all amounts exactly when each symbol's sides sum to zero: that is checked
once, when the module is loaded, and not by trying samples.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

DEBIT, CREDIT = 1, -1


class Account(StrEnum):
    """Accounts of the general ledger that this system keeps; a bank maps them to its own chart."""

    LOAN_PRINCIPAL = "loan_principal"
    BANK_SETTLEMENT = "bank_settlement"
    TRANSFERS_IN_TRANSIT = "transfers_in_transit"
    WECHAT_PAY_CLEARING = "wechat_pay_clearing"
    INTEREST_INCOME = "interest_income"
    PENALTY_INCOME = "penalty_income"
    FEE_INCOME = "fee_income"
    CUSTOMER_CREDIT = "customer_credit"
    SUSPENSE = "suspense"


class TemplateUnbalanced(ValueError):
    """A template whose sides do not cancel for every symbol."""


class AmountsWrong(ValueError):
    """Amounts that do not fit the template: missing, unknown or negative symbols, or all of them zero."""


@dataclass(frozen=True)
class Line:
    """One line of a template: debit or credit an account by the amount of a symbol."""

    side: int
    account: Account
    symbol: str


@dataclass(frozen=True)
class Template:
    """A kind of journal. Raises TemplateUnbalanced when it could ever not sum to zero."""

    name: str
    memo: str
    lines: tuple[Line, ...]

    def __post_init__(self) -> None:
        sums: Counter[str] = Counter()
        for line in self.lines:
            sums[line.symbol] += line.side
        wrong = sorted(symbol for symbol, total in sums.items() if total)
        if wrong:
            raise TemplateUnbalanced(f"template {self.name} does not balance in {', '.join(wrong)}")

    def entries(self, amounts_fen: Mapping[str, int]) -> list[tuple[Account, int]]:
        """One signed sum an account (debit positive), zeros left out. Raises AmountsWrong."""
        symbols = {line.symbol for line in self.lines}
        if set(amounts_fen) != symbols or any(amount < 0 for amount in amounts_fen.values()):
            raise AmountsWrong(f"template {self.name} takes amounts ≥ 0 for {', '.join(sorted(symbols))}")
        sums: dict[Account, int] = {}
        for line in self.lines:
            sums[line.account] = sums.get(line.account, 0) + line.side * amounts_fen[line.symbol]
        entries = [(account, amount) for account, amount in sums.items() if amount]
        if not entries:
            raise AmountsWrong(f"template {self.name} with nothing to post")
        return entries


def _move(name: str, memo: str, debit: Account, credit: Account) -> Template:
    return Template(name, memo, (Line(DEBIT, debit, "amount"), Line(CREDIT, credit, "amount")))


def _repayment() -> Template:
    parts = {
        "principal": Account.LOAN_PRINCIPAL,
        "interest": Account.INTEREST_INCOME,
        "penalty": Account.PENALTY_INCOME,
        "fee": Account.FEE_INCOME,
        "overpaid": Account.CUSTOMER_CREDIT,
    }
    received = (Line(DEBIT, Account.WECHAT_PAY_CLEARING, symbol) for symbol in parts)
    applied = (Line(CREDIT, account, symbol) for symbol, account in parts.items())
    # interest that an early pay-off gives back, because the days it was charged for were not used
    returned = (
        Line(DEBIT, Account.INTEREST_INCOME, "interest_returned"),
        Line(CREDIT, Account.WECHAT_PAY_CLEARING, "interest_returned"),
    )
    return Template("repayment", "还款入账", (*received, *applied, *returned))


TEMPLATES: Mapping[str, Template] = {
    template.name: template
    for template in (
        _move("transfer_sent", "放款划出", Account.TRANSFERS_IN_TRANSIT, Account.BANK_SETTLEMENT),
        _move("transfer_returned", "放款退回", Account.BANK_SETTLEMENT, Account.TRANSFERS_IN_TRANSIT),
        _move("loan_disbursed", "贷款发放", Account.LOAN_PRINCIPAL, Account.TRANSFERS_IN_TRANSIT),
        _move("payment_unmatched", "来款待查", Account.WECHAT_PAY_CLEARING, Account.SUSPENSE),
        _repayment(),
    )
}
