"""The chart of accounts and the journal templates, each of which sums to zero for all amounts by construction.

A template names, for every line, an account, a side and the symbol of an amount. The sum of a journal is
Σ side × amount, so a template balances for all amounts exactly when each symbol's sides sum to zero: that is checked
once, when the module is loaded, and not by trying samples.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from app.kernel.clock import CHINA
from app.kernel.errors import Conflict, Unprocessable
from app.ledger.domain.accounts import Account

__all__ = [
    "CREDIT", "DEBIT", "EARNED", "PARTS", "TEMPLATES", "Account", "AmountsWrong", "DayClosed", "DayMissing",
    "DayNotOver", "Line", "PeriodWrong", "Template", "TemplateUnbalanced", "cut_off_at",
]  # fmt: skip
DEBIT, CREDIT = 1, -1


class PeriodWrong(Unprocessable):
    """The days run backwards, or the last one has not come yet."""

    code = "ledger.period_wrong"


class DayNotOver(Conflict):
    """The day cannot be closed before it has ended in China."""

    code = "business_day.not_over"


class DayClosed(Conflict):
    """The day is closed for good."""

    code = "business_day.closed"


class DayMissing(Conflict):
    """Days are closed in their order; the context names the first that is open."""

    code = "business_day.missing"


def cut_off_at(day: date) -> datetime:
    """When a business day ends: midnight in China."""
    return datetime.combine(day + timedelta(days=1), time.min, CHINA)


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


def _earned(kind: str, receivable: Account, income: Account) -> tuple[Line, ...]:
    """What time and payments move between earned, received and income, of interest or of penalty.

    `<kind>_accrued` is income that grows, `<kind>_unaccrued` income that is taken back; `<kind>_ahead` is money
    received before it was earned, `<kind>_ahead_used` the same once it is earned. Cash comes in by the receivable.
    """
    ahead = Account.INTEREST_PAID_AHEAD
    moves = {
        "accrued": (receivable, income),
        "unaccrued": (income, receivable),
        "ahead": (receivable, ahead),
        "ahead_used": (ahead, receivable),
    }
    return tuple(
        line
        for move, (debit, credit) in moves.items()
        for line in (Line(DEBIT, debit, f"{kind}_{move}"), Line(CREDIT, credit, f"{kind}_{move}"))
    )


def _pair(debit: Account, credit: Account, symbol: str) -> tuple[Line, Line]:
    return Line(DEBIT, debit, symbol), Line(CREDIT, credit, symbol)


EARNED = (
    *_earned("interest", Account.INTEREST_RECEIVABLE, Account.INTEREST_INCOME),
    *_earned("penalty", Account.PENALTY_RECEIVABLE, Account.PENALTY_INCOME),
    *_pair(Account.OFF_BALANCE_INTEREST, Account.OFF_BALANCE_CONTRA, "off_balance_in"),
    *_pair(Account.OFF_BALANCE_CONTRA, Account.OFF_BALANCE_INTEREST, "off_balance_out"),
)

# What of a loan was lost for good, and what is still claimed of a loan that was written off.
_CLAIMED = (
    *_pair(Account.WRITTEN_OFF_CLAIMS, Account.OFF_BALANCE_CONTRA, "claims_in"),
    *_pair(Account.OFF_BALANCE_CONTRA, Account.WRITTEN_OFF_CLAIMS, "claims_out"),
)
_LOST = tuple(
    line
    for name, account in (
        ("principal", Account.LOAN_PRINCIPAL),
        ("interest", Account.INTEREST_RECEIVABLE),
        ("penalty", Account.PENALTY_RECEIVABLE),
    )
    for line in (
        *_pair(Account.LOAN_LOSS_ALLOWANCE, account, f"lost_{name}_more"),
        *_pair(account, Account.LOAN_LOSS_ALLOWANCE, f"lost_{name}_less"),
    )
)


def _repayment() -> Template:
    parts = {
        "principal": Account.LOAN_PRINCIPAL,
        "interest": Account.INTEREST_RECEIVABLE,
        "penalty": Account.PENALTY_RECEIVABLE,
        "fee": Account.FEE_INCOME,
        "overpaid": Account.CUSTOMER_CREDIT,
    }
    received = (
        line for symbol, account in parts.items() for line in _pair(Account.WECHAT_PAY_CLEARING, account, symbol)
    )
    # interest that an early pay-off gives back, because the days it was charged for were not used
    returned = _pair(Account.INTEREST_RECEIVABLE, Account.WECHAT_PAY_CLEARING, "interest_returned")
    return Template("repayment", "还款入账", (*received, *returned, *EARNED))


PARTS = {
    "principal": Account.LOAN_PRINCIPAL,
    "interest": Account.INTEREST_RECEIVABLE,
    "penalty": Account.PENALTY_RECEIVABLE,
    "overpaid": Account.CUSTOMER_CREDIT,
}


def _repayment_reversal() -> Template:
    """The journal of a repayment the other way round, with what its absence moves between earned and received."""
    cash = Account.WECHAT_PAY_CLEARING
    given_back = (line for symbol, account in PARTS.items() for line in _pair(account, cash, symbol))
    returned = _pair(cash, Account.INTEREST_RECEIVABLE, "interest_returned")
    return Template("repayment_reversal", "还款冲正", (*given_back, *returned, *EARNED))


def _redivided(name: str, memo: str, earned: tuple[Line, ...] = ()) -> Template:
    """Payments that stay and are divided differently: each part more or less, the cash in sum untouched; and what that
    moves between earned and received, where no payment of its own says it."""
    cash = Account.WECHAT_PAY_CLEARING
    more = (line for symbol, account in PARTS.items() for line in _pair(cash, account, f"{symbol}_more"))
    less = (line for symbol, account in PARTS.items() for line in _pair(account, cash, f"{symbol}_less"))
    recovered = (
        *_pair(cash, Account.RECOVERIES, "recovered_more"),
        *_pair(Account.RECOVERIES, cash, "recovered_less"),
    )
    return Template(name, memo, (*more, *less, *recovered, *_CLAIMED, *_LOST, *earned))


def _recovery(name: str, memo: str, *, back: bool) -> Template:
    """Money for a loan written off, or its reversal: all of it is regained, and principal claimed no longer."""
    cash, gained = Account.WECHAT_PAY_CLEARING, Account.RECOVERIES
    moves = [(cash, gained, symbol) for symbol in ("principal", "interest", "penalty")]
    moves += [(gained, cash, "interest_returned"), (cash, Account.CUSTOMER_CREDIT, "overpaid")]
    moves += [(Account.OFF_BALANCE_CONTRA, Account.WRITTEN_OFF_CLAIMS, "principal")]
    turned = ((credit, debit, symbol) if back else (debit, credit, symbol) for debit, credit, symbol in moves)
    return Template(name, memo, (*(line for move in turned for line in _pair(*move)), *EARNED))


TEMPLATES: Mapping[str, Template] = {
    template.name: template
    for template in (
        _move("transfer_sent", "放款划出", Account.TRANSFERS_IN_TRANSIT, Account.BANK_SETTLEMENT),
        _move("transfer_returned", "放款退回", Account.BANK_SETTLEMENT, Account.TRANSFERS_IN_TRANSIT),
        _move("loan_disbursed", "贷款发放", Account.LOAN_PRINCIPAL, Account.TRANSFERS_IN_TRANSIT),
        _move("payment_unmatched", "来款待查", Account.WECHAT_PAY_CLEARING, Account.SUSPENSE),
        _move("suspense_matched", "待查来款核销", Account.SUSPENSE, Account.WECHAT_PAY_CLEARING),
        _move("refund_from_suspense", "待查来款退回", Account.SUSPENSE, Account.REFUNDS_IN_TRANSIT),
        _move("refund_from_credit", "多付款退回", Account.CUSTOMER_CREDIT, Account.REFUNDS_IN_TRANSIT),
        _move("refund_paid", "退款到账", Account.REFUNDS_IN_TRANSIT, Account.WECHAT_PAY_CLEARING),
        _move("refund_to_own_account", "退款退到本行账户", Account.BANK_SETTLEMENT, Account.WECHAT_PAY_CLEARING),
        _move("refund_back_to_suspense", "退款未成，转回待查", Account.REFUNDS_IN_TRANSIT, Account.SUSPENSE),
        _move("refund_back_to_credit", "退款未成，转回多付款", Account.REFUNDS_IN_TRANSIT, Account.CUSTOMER_CREDIT),
        # repayments and suspense stand on one clearing account, whichever way the money came: this moves a debit off it
        _move("debit_collected", "扣款归集", Account.BANK_SETTLEMENT, Account.WECHAT_PAY_CLEARING),
        _move("debit_returned", "扣款退回", Account.WECHAT_PAY_CLEARING, Account.BANK_SETTLEMENT),
        _move("partner_claim", "应收合作方退货款", Account.PARTNER_CLAIMS, Account.WECHAT_PAY_CLEARING),
        _move("partner_claim_paid", "合作方退货款到账", Account.WECHAT_PAY_CLEARING, Account.PARTNER_CLAIMS),
        _move("channel_fee", "渠道手续费", Account.CHANNEL_FEES, Account.WECHAT_PAY_CLEARING),
        _move("channel_fee_returned", "渠道手续费退回", Account.WECHAT_PAY_CLEARING, Account.CHANNEL_FEES),
        _move("channel_withdrawal", "渠道提现", Account.BANK_SETTLEMENT, Account.WECHAT_PAY_CLEARING),
        _move("bill_surplus", "账单长款", Account.WECHAT_PAY_CLEARING, Account.RECONCILIATION_DIFFERENCES),
        _move("bill_shortfall", "账单短款", Account.RECONCILIATION_DIFFERENCES, Account.WECHAT_PAY_CLEARING),
        _move("statement_surplus", "流水长款", Account.BANK_SETTLEMENT, Account.RECONCILIATION_DIFFERENCES),
        _move("statement_shortfall", "流水短款", Account.RECONCILIATION_DIFFERENCES, Account.BANK_SETTLEMENT),
        _repayment(),
        _repayment_reversal(),
        _redivided("repayment_redivided", "还款重新分配"),
        _redivided("loan_repriced", "补作重定价", EARNED),
        Template("end_of_day", "日终计提", EARNED),
        _move("loss_provided", "计提贷款损失准备", Account.LOAN_LOSSES, Account.LOAN_LOSS_ALLOWANCE),
        _move("loss_released", "转回贷款损失准备", Account.LOAN_LOSS_ALLOWANCE, Account.LOAN_LOSSES),
        Template("waiver", "减免", (*EARNED, *_CLAIMED, *_LOST)),
        Template("write_off", "贷款核销", (*EARNED, *_CLAIMED, *_LOST)),
        _recovery("recovery", "收回已核销贷款", back=False),
        _recovery("recovery_reversal", "收回已核销贷款冲正", back=True),
    )
}
