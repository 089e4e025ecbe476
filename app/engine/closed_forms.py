"""Textbook functions of level payments, and the yearly cost as US and EU rules state it.

Signs follow spreadsheets: money received is positive, money paid negative. Payments and parts are Decimal of 28 digits.
"""

from collections.abc import Sequence
from decimal import Decimal

from .errors import CostError
from .internal_rates import Flow, as_decimal, solve

ONE = Decimal(1)


def payment(
    rate: Decimal, periods: int, present: Decimal, future: Decimal = Decimal(0), begin: bool = False
) -> Decimal:
    """PMT: −(pv·(1+r)^n + fv) · r ÷ ((1+r)^n − 1), ÷ (1+r) when paid at the beginning; −(pv + fv) ÷ n without interest.

    Raises `cost.periods_out_of_range`.
    """
    _check_periods(periods)
    if not rate:
        return -(present + future) / periods
    growth = (ONE + rate) ** periods
    amount = -(present * growth + future) * rate / (growth - ONE)
    return amount / (ONE + rate) if begin else amount


def balance(rate: Decimal, periods: int, amount: Decimal, present: Decimal, begin: bool = False) -> Decimal:
    """FV: what is left after some payments, −(pv·(1+r)^n + pmt·((1+r)^n − 1) ÷ r)."""
    growth = (ONE + rate) ** periods
    paid = amount * periods if not rate else amount * (growth - ONE) / rate * (ONE + rate if begin else ONE)
    return -(present * growth + paid)


def interest_part(rate: Decimal, period: int, periods: int, present: Decimal, begin: bool = False) -> Decimal:
    """IPMT: the interest in one payment, the balance before it × r; discounted, and none in the first, at beginnings.

    Raises `cost.periods_out_of_range` for a period outside 1 to n.
    """
    _check_periods(periods)
    if not 1 <= period <= periods:
        raise CostError("periods_out_of_range", "the period must be between 1 and the number of periods")
    if begin and period == 1:
        return Decimal(0)
    amount = payment(rate, periods, present, begin=begin)
    before = balance(rate, period - 1, amount, present, begin) * rate
    return before / (ONE + rate) if begin else before


def principal_part(rate: Decimal, period: int, periods: int, present: Decimal, begin: bool = False) -> Decimal:
    """PPMT: the payment less its interest."""
    interest = interest_part(rate, period, periods, present, begin)
    return payment(rate, periods, present, begin=begin) - interest


def cumulative_principal(rate: Decimal, periods: int, present: Decimal, first: int, last: int) -> Decimal:
    """CUMPRINC: the principal in the payments from one period to another."""
    return sum((principal_part(rate, period, periods, present) for period in range(first, last + 1)), Decimal(0))


def number_of_periods(rate: Decimal, amount: Decimal, present: Decimal) -> Decimal:
    """NPER: −ln(1 + pv·r ÷ pmt) ÷ ln(1+r), or −pv ÷ pmt without interest. Raises `cost.never_repaid`."""
    if not amount:
        raise CostError("never_repaid", "a payment of nothing repays nothing")
    if not rate:
        return -present / amount
    left = ONE + present * rate / amount
    if left <= 0:
        raise CostError("never_repaid", "the payment does not cover the interest")
    return -left.ln() / (ONE + rate).ln()


def periodic_rate(periods: int, amount: Decimal, present: Decimal, future: Decimal = Decimal(0)) -> Decimal:
    """RATE: the rate a period of a level payment. Raises `cost.rate_undefined`, `cost.periods_out_of_range`."""
    _check_periods(periods)
    flows = [present, *[amount] * periods]
    flows[-1] += future
    return as_decimal(solve([(time, float(flow)) for time, flow in enumerate(flows)]))


def us_annual_rate(
    advance: float, payments: Sequence[float], whole_periods: int, odd_fraction: float, periods_a_year: int
) -> Decimal:
    """Annual percentage rate by the actuarial method of Regulation Z, Appendix J (12 CFR 1026), as a fraction of 1.

    Σ P_j ÷ ((1 + f·i)(1+i)^t_j) = A, with t whole unit-periods and a fraction f of one before the first payment; the
    yearly rate is i × unit-periods a year. Interest over the fraction is simple, so this is solved by bisection.
    """

    def worth(rate: float) -> float:
        odd = 1 + odd_fraction * rate
        return sum(paid / (odd * (1 + rate) ** (whole_periods + place)) for place, paid in enumerate(payments))

    if not payments or sum(payments) < advance or advance <= 0:
        raise CostError("rate_undefined", "the payments do not repay the advance")
    low, high = 0.0, 1.0
    while worth(high) > advance:
        low, high = high, high * 2
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if worth(middle) > advance else (low, middle)
    return as_decimal(low * periods_a_year)


def eu_annual_rate(drawdowns: Sequence[Flow], payments: Sequence[Flow]) -> Decimal:
    """Annual percentage rate of charge of the EU directives, as a fraction of 1; times are in years.

    Σ C_k·(1+X)^−t_k = Σ D_l·(1+X)^−s_l (Directive 87/102/EEC as amended, Annex II).
    """
    return as_decimal(solve(sorted([*((time, -amount) for time, amount in drawdowns), *payments])))


def _check_periods(periods: int) -> None:
    if periods < 1:
        raise CostError("periods_out_of_range", "there must be at least one period")
