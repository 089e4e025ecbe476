"""The cost sheet (综合融资成本明示表) as values: every item and who charges it, the yearly cost, and worked examples.

Source of its parts: 金规〔2026〕2号 and PBoC announcement 2021 No. 3 as described in press; the method of the yearly
cost is versioned, because its official formula could not be checked.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from .costs import AllInCost, all_in_cost
from .errors import CostError
from .overdue import PenaltyRule, penalty_interest
from .prepayment import NO_FEE, PrepaymentFee, payoff_quote
from .schedules import Schedule, schedule
from .terms import Fee, FeeAt, Terms

COST_METHOD = "irr_times_periods/1"
IRREGULAR_COST_METHOD = "xirr_365/1"


class Bearer(StrEnum):
    """Who pays an item in the end; what the lender bears is shown but is no cost to the borrower."""

    BORROWER = "borrower"
    LENDER = "lender"


@dataclass(frozen=True, slots=True)
class CostItem:
    """A charge besides interest: what it is called, who charges it, who bears it, when and how much.

    A `contingent` item falls due only if something happens (default, early repayment) and is not part of the cost of
    normal performance.
    """

    name: str
    charged_by: str
    at: FeeAt
    amount_fen: int
    borne_by: Bearer = Bearer.BORROWER
    contingent: bool = False


@dataclass(frozen=True, slots=True)
class EarlyExample:
    """What settling the loan on a day would cost."""

    on: date
    pay_off_fen: int
    fee_fen: int
    interest_saved_fen: int


@dataclass(frozen=True, slots=True)
class LateExample:
    """What paying one instalment so many days late would cost on top of it."""

    days: int
    instalment_fen: int
    penalty_interest_fen: int
    compound_interest_fen: int


@dataclass(frozen=True, slots=True)
class CostSheet:
    """Everything a borrower must see before signing; `no_other_charges` is part of the promise."""

    principal_fen: int
    received_fen: int
    total_interest_fen: int
    total_charges_fen: int
    total_to_pay_fen: int
    items: tuple[CostItem, ...]
    cost: AllInCost
    cost_method: str
    early: tuple[EarlyExample, ...]
    late: tuple[LateExample, ...]
    no_other_charges: bool = True


def cost_sheet(
    terms: Terms,
    items: Sequence[CostItem] = (),
    penalty: PenaltyRule | None = None,
    fee: PrepaymentFee = NO_FEE,
    late_days: Sequence[int] = (30, 90),
) -> CostSheet:
    """The sheet for terms and the items charged besides interest (the terms themselves then carry no fees).

    Early repayment is shown after a quarter, half and three quarters of the rows, on their due days; lateness for the
    first row with principal. Raises `cost.fees_twice`, and what `schedule` and `all_in_cost` raise.
    """
    if terms.fees:
        raise CostError("fees_twice", "charges are given as items of the sheet, not as fees of the terms")
    borne = [item for item in items if item.borne_by is Bearer.BORROWER and not item.contingent]
    plan = schedule(replace(terms, fees=tuple(Fee(item.at, item.amount_fen) for item in borne)))
    cost = all_in_cost(plan)
    return CostSheet(
        principal_fen=terms.principal_fen,
        received_fen=terms.principal_fen - plan.terms.start_fee_fen,
        total_interest_fen=plan.total_interest_fen,
        total_charges_fen=plan.total_fee_fen,
        total_to_pay_fen=terms.principal_fen + plan.total_interest_fen + plan.total_fee_fen,
        items=tuple(items),
        cost=cost,
        cost_method=IRREGULAR_COST_METHOD if cost.irregular else COST_METHOD,
        early=_early_examples(plan, fee),
        late=tuple(_late_example(plan, penalty or PenaltyRule(), days) for days in late_days),
    )


def _early_examples(plan: Schedule, fee: PrepaymentFee) -> tuple[EarlyExample, ...]:
    rows = plan.instalments
    places = sorted({len(rows) * quarter // 4 for quarter in (1, 2, 3)} - {0, len(rows)})
    examples = []
    for place in places:
        on, paid_fen = rows[place - 1].due_on, sum(row.payment_fen for row in rows[:place])
        quote = payoff_quote(plan, on, paid_fen, fee)
        examples.append(EarlyExample(on, quote.total_fen, quote.fee_fen, quote.interest_saved_fen))
    return tuple(examples)


def _late_example(plan: Schedule, rule: PenaltyRule, days: int) -> LateExample:
    row = next(row for row in plan.instalments if row.principal_fen)
    on, rate = row.due_on + timedelta(days=days), plan.terms.annual_rate
    compound = penalty_interest(row.interest_fen, rate, row.due_on, on, rule) if rule.compound else 0
    return LateExample(
        days=days,
        instalment_fen=row.payment_fen,
        penalty_interest_fen=penalty_interest(row.principal_fen, rate, row.due_on, on, rule),
        compound_interest_fen=compound,
    )
