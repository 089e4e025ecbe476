"""What terms must fulfil before anything is calculated; each refusal has its own code."""

from datetime import date, datetime
from decimal import Decimal

from .errors import ScheduleError
from .rounding import Rounding
from .terms import DayCount, Every, FeeAt, FirstPeriod, HolidayRule, Method, Terms, Unit

MAX_PRINCIPAL_FEN = 10**12
MAX_INSTALMENTS = 600
MAX_RATE_PLACES = 12
MAX_PERIOD_COUNT = 3660
MAX_STEP_FEN = 100_000


def check(terms: Terms) -> None:
    """Refuse terms that have no schedule: types first, then bounds, then what must fit together.

    Raises `ScheduleError` with the code of the first rule that is broken.
    """
    _check_kinds(terms)
    if not is_integer(terms.principal_fen):
        raise ScheduleError("principal_not_integer", "principal_fen must be an integer number of fen")
    if not 1 <= terms.principal_fen <= MAX_PRINCIPAL_FEN:
        raise ScheduleError("principal_out_of_range", "principal_fen must be between 1 and 10^12")
    if not is_integer(terms.instalments):
        raise ScheduleError("instalments_not_integer", "instalments must be an integer")
    if not 1 <= terms.instalments <= MAX_INSTALMENTS:
        raise ScheduleError("instalments_out_of_range", "there must be between 1 and 600 instalments")
    check_rate(terms.annual_rate)
    if not is_day(terms.start_on):
        raise ScheduleError("start_not_a_date", "start_on must be a date without time")
    if not is_integer(terms.every.count) or not 1 <= terms.every.count <= MAX_PERIOD_COUNT:
        raise ScheduleError("period_out_of_range", "every.count must be an integer between 1 and 3660")
    if terms.fees:
        _check_fees(terms)
    if terms.due_on is not None:
        _check_due_days(terms.due_on, terms)
    if terms.anchor_day is not None and not (is_integer(terms.anchor_day) and 1 <= terms.anchor_day <= 31):
        raise ScheduleError("anchor_day_out_of_range", "anchor_day must be between 1 and 31")
    if not is_integer(terms.instalment_step_fen) or not 1 <= terms.instalment_step_fen <= MAX_STEP_FEN:
        raise ScheduleError("step_out_of_range", "instalment_step_fen must be an integer between 1 and 100,000 fen")
    if terms.principal_grace or terms.interest_grace:
        _check_grace(terms)
    if terms.method is Method.CUSTOM or terms.principal_plan_fen is not None:
        _check_plan(terms)


def _check_kinds(terms: Terms) -> None:
    """A plain string in place of an enumeration would be taken for another method, so it is refused."""
    every = terms.every
    if (
        terms.method.__class__ is not Method
        or terms.day_count.__class__ is not DayCount
        or terms.rounding.__class__ is not Rounding
        or terms.first_period.__class__ is not FirstPeriod
        or terms.holidays.__class__ is not HolidayRule
        or every.__class__ is not Every
        or every.unit.__class__ is not Unit
    ):
        raise ScheduleError("choice_unknown", "a choice is not one of its enumeration")


def check_rate(annual_rate: Decimal) -> None:
    """Refuse a yearly rate that is not a finite Decimal between 0 and 1 with at most 12 places."""
    if not isinstance(annual_rate, Decimal) or not annual_rate.is_finite():
        raise ScheduleError("rate_not_decimal", "annual_rate must be a finite decimal")
    if not 0 <= annual_rate <= 1:
        raise ScheduleError("rate_out_of_range", "annual_rate must be between 0 and 1")
    exponent = annual_rate.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -MAX_RATE_PLACES:
        raise ScheduleError("rate_too_precise", "annual_rate may have at most 12 decimal places")


def is_integer(value: object) -> bool:
    """Whether the value is an int and not a bool (True would pass for 1)."""
    return isinstance(value, int) and not isinstance(value, bool)


def is_day(value: object) -> bool:
    """Whether the value is a date without a time."""
    return isinstance(value, date) and not isinstance(value, datetime)


def _check_fees(terms: Terms) -> None:
    for fee in terms.fees:
        if fee.at.__class__ is not FeeAt:
            raise ScheduleError("choice_unknown", "a fee needs to say when it is taken")
        if not is_integer(fee.amount_fen):
            raise ScheduleError("fee_not_integer", "a fee must be an integer number of fen")
        if not 0 <= fee.amount_fen <= MAX_PRINCIPAL_FEN:
            raise ScheduleError("fee_out_of_range", "a fee must be between 0 and 10^12 fen")


def _check_due_days(due_on: tuple[date, ...], terms: Terms) -> None:
    if len(due_on) != terms.instalments:
        raise ScheduleError("due_on_count", "due_on must hold one day for each instalment")
    before_on = terms.start_on
    for position, day in enumerate(due_on):
        if not is_day(day):
            raise ScheduleError("due_on_not_a_date", "due_on must hold dates without time", position=position)
        if day <= before_on:
            reason = "due_on_not_ascending" if position else "due_on_before_start"
            raise ScheduleError(reason, "each due day must be later than the day before it", position=position)
        before_on = day


def _check_grace(terms: Terms) -> None:
    for grace in (terms.principal_grace, terms.interest_grace):
        if not is_integer(grace) or not 0 <= grace < terms.instalments:
            raise ScheduleError("grace_out_of_range", "grace must leave at least one instalment")
    repaid_at_end = terms.method in (Method.BULLET, Method.INTEREST_ONLY, Method.CUSTOM)
    if (terms.principal_grace and repaid_at_end) or (terms.interest_grace and terms.method is Method.BULLET):
        raise ScheduleError("grace_mismatch", "this method has no instalments that a grace could put off")


def _check_plan(terms: Terms) -> None:
    plan = terms.principal_plan_fen
    if terms.method is not Method.CUSTOM or plan is None:
        raise ScheduleError("plan_mismatch", "a principal plan belongs to the custom method, and only to it")
    if len(plan) != terms.instalments:
        raise ScheduleError("plan_count", "the plan must hold one amount for each instalment")
    if not all(is_integer(amount) and amount >= 0 for amount in plan):
        raise ScheduleError("plan_amount_out_of_range", "planned amounts must be integers of at least 0 fen")
    if sum(plan) != terms.principal_fen:
        raise ScheduleError("plan_sum", "the planned amounts must add up to the principal")
