"""How principal and interest divide over the periods, one function a method."""

from itertools import repeat

from . import annuities
from .period_interest import PeriodInterest
from .rounding import Rounding, divide
from .terms import Method, Terms

Columns = tuple[list[int], list[int]]
"""Principal and interest of each row, in fen."""


def repay(terms: Terms, interest: PeriodInterest) -> Columns:
    """Principal and interest of each whole period under the terms' method and grace.

    During grace for principal only interest is due, and the principal comes back over what is left. Interest that
    falls into its own grace is due with the first instalment after it; nothing is charged on it.
    """
    grace = terms.principal_grace
    principal_fen, rounding = terms.principal_fen, terms.rounding
    if terms.method is Method.EQUAL_INSTALMENT:
        rest = interest._replace(numerators=interest.numerators[grace:]) if grace else interest
        columns = equal_instalment(principal_fen, rest, rounding, terms.smoothing, terms.instalment_step_fen)
        if grace:
            before = [divide(principal_fen * n, interest.denominator, rounding) for n in interest.numerators[:grace]]
            columns = [0] * grace + columns[0], before + columns[1]
    else:
        principals = planned_principals(terms, grace)
        columns = principals, interests_on(terms, principals, interest)
    return postponed(columns, terms.interest_grace) if terms.interest_grace else columns


def planned_principals(terms: Terms, grace: int) -> list[int]:
    """Principal of each period where it does not depend on interest."""
    periods = terms.instalments
    if terms.method is Method.BULLET:
        return [terms.principal_fen]
    if terms.method is Method.INTEREST_ONLY:
        return [0] * (periods - 1) + [terms.principal_fen]
    if terms.principal_plan_fen is not None:
        return list(terms.principal_plan_fen)
    step_fen = terms.instalment_step_fen
    return [0] * grace + equal_principals(terms.principal_fen, periods - grace, terms.rounding, step_fen)


def equal_principals(principal_fen: int, periods: int, rounding: Rounding, step_fen: int = 1) -> list[int]:
    """P ÷ n each, rounded to the step; the last one takes the rest. Rounding up never takes more than there is."""
    each = divide(principal_fen, periods * step_fen, rounding) * step_fen
    if each * (periods - 1) <= principal_fen:
        return [each] * (periods - 1) + [principal_fen - each * (periods - 1)]
    full = principal_fen // each
    return ([each] * full + [principal_fen - each * full] + [0] * periods)[:periods]


def interests_on(terms: Terms, principals: list[int], interest: PeriodInterest) -> list[int]:
    """Interest of each period on what is still owed, or with the flat method on what was once lent."""
    balance, flat = terms.principal_fen, terms.method is Method.FLAT
    interests = []
    for principal, numerator in zip(principals, interest.numerators, strict=True):
        interests.append(divide(balance * numerator, interest.denominator, terms.rounding))
        if not flat:
            balance -= principal
    return interests


def equal_instalment(
    principal_fen: int, interest: PeriodInterest, rounding: Rounding, smoothing: bool, step_fen: int = 1
) -> Columns:
    """Equal instalments; the last one differs by what rounding has left, unless smoothing spreads it.

    A is worked out exactly (`annuities`) and rounded once; interest is rounded once a period.
    """
    numerators, denominator, uniform = interest
    if uniform:
        exact = annuities.uniform_ratio(numerators[0], denominator, len(numerators))
    else:
        exact = annuities.ratio(numerators, denominator)
    amount = annuities.instalment(principal_fen, exact, rounding, step_fen)
    columns = amortise(principal_fen, amount, interest, rounding)
    return smoothed(principal_fen, amount, columns, interest, rounding, step_fen) if smoothing else columns


def amortise(principal_fen: int, amount: int, interest: PeriodInterest, rounding: Rounding) -> Columns:
    """Divide a given instalment into interest and principal until the last period, which takes what is left.

    An instalment that does not cover its interest still pays it in full, so that interest is never added to
    principal; one that is more than what is owed is cut to it.
    """
    if interest.uniform and rounding is Rounding.HALF_UP:
        principals, interests, balance = _amortise_uniform(principal_fen, amount, interest)
        if balance > 0 and principals[0] >= 0:
            return principals, interests
    principals, interests, balance = [], [], principal_fen
    for numerator in interest.numerators:
        due = divide(balance * numerator, interest.denominator, rounding)
        principal = min(max(amount - due, 0), balance)
        balance -= principal
        principals.append(principal)
        interests.append(due)
    principals[-1] += balance
    return principals, interests


def _amortise_uniform(principal_fen: int, amount: int, interest: PeriodInterest) -> tuple[list[int], list[int], int]:
    """The same for equal periods and half-up rounding, without guards: the caller looks at the balance before the last
    instalment. It only ever falls, so it is positive throughout if it is positive there."""
    numerators, denominator, _ = interest
    twice, divisor = 2 * numerators[0], 2 * denominator
    interests: list[int] = []
    balance = principal_fen
    add = interests.append
    for _ in repeat(None, len(numerators) - 1):
        due = (balance * twice + denominator) // divisor
        balance += due - amount
        add(due)
    principals = [amount - due for due in interests]
    add((balance * twice + denominator) // divisor)
    principals.append(balance)
    return principals, interests, balance


def smoothed(
    principal_fen: int, amount: int, columns: Columns, interest: PeriodInterest, rounding: Rounding, step_fen: int = 1
) -> Columns:
    """Move the instalment while that brings the last one nearer to the others, three rounds at most.

    If the last differs by more than n/2 steps, the instalment moves by difference ÷ n. Convention of the public lending
    platform whose schedules are among the tests.
    """
    periods = len(interest.numerators)
    gap = columns[0][-1] + columns[1][-1] - amount
    for _ in range(3):
        if 2 * abs(gap) <= periods * step_fen:
            break
        moved = amount + divide(gap, periods * step_fen, rounding) * step_fen
        candidate = amortise(principal_fen, moved, interest, rounding)
        moved_gap = candidate[0][-1] + candidate[1][-1] - moved
        if abs(moved_gap) >= abs(gap):
            break
        amount, columns, gap = moved, candidate, moved_gap
    return columns


def postponed(columns: Columns, interest_grace: int) -> Columns:
    """Collect the interest of the grace periods with the first instalment after them."""
    principals, interests = columns
    due = sum(interests[: interest_grace + 1])
    return principals, [0] * interest_grace + [due] + interests[interest_grace + 1 :]
