"""What a loan really costs a year, with every fee in it."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from .due_dates import stub_period, whole_periods
from .errors import CostError
from .internal_rates import MAX_RATE, PLACES, irr, xirr
from .schedules import Schedule
from .terms import Method

STATED = Decimal("0.000001")


class CostBasis(StrEnum):
    """How a rate of one period becomes a yearly one: times the periods of a year, or with interest on interest."""

    NOMINAL = "nominal"
    EFFECTIVE = "effective"


@dataclass(frozen=True, slots=True)
class AllInCost:
    """Yearly cost of interest and fees.

    `annual_rate` = IRR × periods a year, `effective_annual_rate` = (1+IRR)^periods − 1.

    With irregular days there is no period, and both are the XIRR over actual days ÷ 365.
    """

    annual_rate: Decimal
    effective_annual_rate: Decimal
    irregular: bool = False

    def on(self, basis: CostBasis) -> Decimal:
        """The rate on one basis, to six places as it is stated to customers."""
        rate = self.annual_rate if basis is CostBasis.NOMINAL else self.effective_annual_rate
        return rate.quantize(STATED)


def all_in_cost(plan: Schedule) -> AllInCost:
    """The yearly cost of a schedule. Fees at the start reduce what is received; fees of rows are paid with them.

    Source: PBoC announcement 2021 No. 3 (principal actually outstanding, IRR). Raises `cost.proceeds_not_positive`
    if nothing is left of the loan, `cost.rate_out_of_range`.
    """
    terms = plan.terms
    proceeds_fen = terms.principal_fen - terms.start_fee_fen
    if proceeds_fen <= 0:
        raise CostError("proceeds_not_positive", "the fees at the start take the whole loan")
    fee_fen = terms.instalment_fee_fen
    payments = [p + i + fee_fen for p, i in zip(plan.principals_fen, plan.interests_fen, strict=True)]
    if is_irregular(plan):
        dated = [(terms.start_on, -proceeds_fen), *zip(plan.due_on, payments, strict=True)]
        yearly = xirr(dated)
        return AllInCost(yearly, yearly, irregular=True)
    if terms.method is Method.BULLET:
        payments = [0] * (terms.instalments - 1) + payments
    return yearly_from_periodic(irr([-proceeds_fen, *payments]), terms.every.periods_a_year)


def yearly_from_periodic(rate: Decimal, periods_a_year: Decimal) -> AllInCost:
    """Both yearly rates of a rate a period. Raises `cost.rate_out_of_range`."""
    effective = (1 + rate) ** periods_a_year - 1
    if max(effective, rate * periods_a_year) > MAX_RATE:
        raise CostError("rate_out_of_range", "the yearly cost is too large to be stated")
    return AllInCost((rate * periods_a_year).quantize(PLACES), effective.quantize(PLACES))


def is_irregular(plan: Schedule) -> bool:
    """Whether some payment is not a whole number of agreed periods from the start."""
    if plan.terms.due_on is None and stub_period(plan.terms) is not None:
        return True
    return any(not period.whole or period.pays_on != period.end_on for period in whole_periods(plan.terms))


def exceeds_cap(cost: AllInCost, cap_rate: Decimal, basis: CostBasis) -> bool:
    """Whether the yearly cost is above the cap, both as stated to customers (six places).

    Comparing stated rates keeps the fen that rounding adds from breaking a cap that the contract rate meets exactly.
    Which cap holds on a day, and on which basis, is a dated rule of the caller.
    """
    return cost.on(basis) > cap_rate.quantize(STATED)


@dataclass(frozen=True, slots=True)
class Comparison:
    """The second offer measured against the first; negative differences mean that the second is cheaper."""

    first: AllInCost
    second: AllInCost
    annual_rate_difference: Decimal
    total_cost_difference_fen: int
    first_payment_difference_fen: int

    @property
    def rate_and_total_disagree(self) -> bool:
        """Whether the offer with the lower rate costs more in total, as a longer loan does; worth telling."""
        return self.annual_rate_difference * self.total_cost_difference_fen < 0


def compare(first: Schedule, second: Schedule) -> Comparison:
    """Two offers side by side: yearly cost (effective, so that unlike periods compare), total cost, first payment."""
    costs = all_in_cost(first), all_in_cost(second)
    return Comparison(
        first=costs[0],
        second=costs[1],
        annual_rate_difference=costs[1].on(CostBasis.EFFECTIVE) - costs[0].on(CostBasis.EFFECTIVE),
        total_cost_difference_fen=_total_cost(second) - _total_cost(first),
        first_payment_difference_fen=second.instalments[0].payment_fen - first.instalments[0].payment_fen,
    )


def _total_cost(plan: Schedule) -> int:
    return plan.total_interest_fen + plan.total_fee_fen
