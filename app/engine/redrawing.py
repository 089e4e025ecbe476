"""Drawing up the rest of a schedule anew when something about a loan changes during its life."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from . import plans
from .period_interest import of_shares
from .positions import Position, row_lengths
from .rounding import divide
from .schedules import Schedule
from .terms import Fee, FeeAt, FirstPeriod, Method, Terms


def redraw(terms: Terms, lengths: tuple[Fraction, ...], carried: Fraction = Fraction(0)) -> Schedule:
    """A schedule whose periods have the given lengths in years; `carried` is interest earned before, due with its first
    row."""
    shares = [Fraction(terms.annual_rate) * length for length in lengths]
    shares[0] += carried / terms.principal_fen
    return Schedule(terms, *plans.repay(terms, of_shares(shares)), lengths, carried)


def remaining_lengths(plan: Schedule, now: Position) -> tuple[Fraction, ...]:
    """The periods not yet due: what is left of the running one, then the agreed ones."""
    return (now.period_left, *row_lengths(plan)[now.rows_due + 1 :])


def remaining_terms(plan: Schedule, now: Position, balance_fen: int) -> Terms:
    """Terms that describe what is left: the days that remain, no fee at the start, the rest of any grace."""
    terms, due_on = plan.terms, plan.due_on[now.rows_due :]
    rows_before = len(plan.principals_fen) - (1 if terms.method is Method.BULLET else terms.instalments)
    stub_ahead = 1 if rows_before > now.rows_due else 0
    passed = now.rows_due - rows_before
    puts_off = terms.method in (Method.EQUAL_INSTALMENT, Method.EQUAL_PRINCIPAL)
    scaled = None
    if terms.principal_plan_fen is not None:
        scaled = scale(plan.principals_fen[now.rows_due :], balance_fen)
    return replace(
        terms,
        principal_fen=balance_fen,
        instalments=len(due_on),
        start_on=now.on,
        due_on=tuple(due_on),
        fees=tuple(Fee(FeeAt.INSTALMENT, fee.amount_fen) for fee in terms.fees if fee.at is FeeAt.INSTALMENT),
        anchor_day=None,
        first_period=FirstPeriod.SHORT,
        principal_plan_fen=scaled,
        principal_grace=max(0, terms.principal_grace - passed if terms.principal_grace else stub_ahead) * puts_off,
        interest_grace=max(0, terms.interest_grace - passed) if terms.interest_grace else 0,
    )


def scale(principals_fen: Sequence[int], balance_fen: int) -> tuple[int, ...]:
    """A plan in the same proportions for another principal; sums are rounded, so that nothing is lost."""
    total, reached, scaled, given = sum(principals_fen), 0, [], 0
    for principal in principals_fen:
        reached += principal
        upto = divide(reached * balance_fen, total)
        scaled.append(upto - given)
        given = upto
    return tuple(scaled)
